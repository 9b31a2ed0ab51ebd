/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decoding is a table of the request's fields, each with the type it must have;
 * what an absent one means stands beside it.
 */
#include "admission/review.h"

#include "json/doc.h"

/* A UUID has 36; the API server sends nothing else. */
enum { UID_MAX = 128 };

static const char review_prefix[] =
    "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"";

enum presence { OPTIONAL, REQUIRED };

static bool is_uid(struct sv s)
{
    if (s.n == 0 || s.n > UID_MAX)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];

        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-'))
            return false;
    }
    return true;
}

struct sv review_uid_of_prefix(struct sv prefix)
{
    struct sv rest = sv_skip(prefix, sizeof(review_prefix) - 1);
    struct sv uid;

    if (!sv_starts_with(prefix, SV(review_prefix)))
        return (struct sv){ NULL, 0 };
    uid = sv_cut(&rest, '"');
    return rest.p && is_uid(uid) ? uid : (struct sv){ NULL, 0 };
}

/* A string member; absent, null and "" are one and the same to the API. */
static bool string_member(const struct json *object, const char *parent, struct sv key, enum presence presence,
                          struct sv *out, struct err *e)
{
    const struct json *v = value_get(object, key);

    if (value_is_nothing(v) && presence == OPTIONAL)
        return true;
    if (!value_is(v, VALUE_STRING))
        return err_set(e, ERR_INPUT, "`%s.%.*s` is %s, wanted a string", parent, SV_ARG(key),
                       value_type_name(value_type(v)));
    *out = value_string(v);
    if (out->n == 0)
        *out = (struct sv){ NULL, 0 };
    return true;
}

static bool decode_kind(struct request *r, const struct json *kind, struct err *e)
{
    const char *at = "request.kind";

    if (!value_is(kind, VALUE_OBJECT))
        return err_set(e, ERR_INPUT, "`%s` is %s, wanted group, version and kind", at,
                       value_type_name(value_type(kind)));
    if (!string_member(kind, at, SV("group"), OPTIONAL, &r->gvk.group, e) ||
        !string_member(kind, at, SV("version"), REQUIRED, &r->gvk.version, e) ||
        !string_member(kind, at, SV("kind"), REQUIRED, &r->gvk.kind, e))
        return false;
    if (!r->gvk.kind.p)
        return err_set(e, ERR_INPUT, "`%s.kind` is empty", at);
    return true;
}

static bool decode_operation(struct request *r, const struct json *request, struct err *e)
{
    struct sv text = { NULL, 0 };

    if (!string_member(request, "request", SV("operation"), REQUIRED, &text, e))
        return false;
    if (!request_operation_parse(text, &r->operation))
        return err_set(e, ERR_INPUT, "`request.operation` is `%.*s`, wanted CREATE, UPDATE, DELETE or CONNECT",
                       SV_ARG(text));
    return true;
}

static bool decode_user(struct request *r, const struct json *user, struct err *e)
{
    if (!value_is_nothing(user) && !value_is(user, VALUE_OBJECT))
        return err_set(e, ERR_INPUT, "`request.userInfo` is %s, wanted an object", value_type_name(value_type(user)));
    r->groups = value_get(user, SV("groups"));
    return string_member(user, "request.userInfo", SV("username"), OPTIONAL, &r->user, e);
}

/* Judged as what the request says it is, so the object must say the same. */
static bool same_kind(const struct request *r, const struct json *object, const char *name, struct err *e)
{
    struct sv kind = value_string(value_get(object, SV("kind")));
    struct sv version = value_string(value_get(object, SV("apiVersion")));
    struct gvk gvk = gvk_from(version, kind);

    if ((!kind.p || sv_eq(kind, r->gvk.kind)) && (!version.p || sv_eq(gvk.group, r->gvk.group)))
        return true;
    return err_set(e, ERR_INPUT, "`request.%s` is a %.*s of %.*s, but `request.kind` says %.*s", name, SV_ARG(kind),
                   SV_ARG(version), SV_ARG(r->gvk.kind));
}

static bool decode_object(const struct request *r, const struct json *request, struct sv key, const struct json **out,
                          struct err *e)
{
    const struct json *v = value_get(request, key);

    if (value_is_nothing(v))
        return true;
    if (!value_is(v, VALUE_OBJECT))
        return err_set(e, ERR_INPUT, "`request.%.*s` is %s, wanted an object", SV_ARG(key),
                       value_type_name(value_type(v)));
    *out = v;
    return r->operation == OP_CONNECT || same_kind(r, v, key.p, e);
}

static bool decode_request(struct request *r, const struct json *request, struct err *e)
{
    const struct json *resource = value_get(request, SV("resource"));
    const struct json *dry_run = value_get(request, SV("dryRun"));

    if (!value_is_nothing(resource) && !value_is(resource, VALUE_OBJECT))
        return err_set(e, ERR_INPUT, "`request.resource` is %s, wanted group, version and resource",
                       value_type_name(value_type(resource)));
    if (!value_is_nothing(dry_run) && !value_is(dry_run, VALUE_BOOL))
        return err_set(e, ERR_INPUT, "`request.dryRun` is %s, wanted true or false",
                       value_type_name(value_type(dry_run)));
    r->dry_run = value_is_true(dry_run);
    return decode_operation(r, request, e) && decode_kind(r, value_get(request, SV("kind")), e) &&
           string_member(resource, "request.resource", SV("resource"), OPTIONAL, &r->resource, e) &&
           string_member(request, "request", SV("subResource"), OPTIONAL, &r->subresource, e) &&
           string_member(request, "request", SV("name"), OPTIONAL, &r->name, e) &&
           string_member(request, "request", SV("namespace"), OPTIONAL, &r->namespace, e) &&
           decode_user(r, value_get(request, SV("userInfo")), e) &&
           decode_object(r, request, SV("object"), &r->object, e) &&
           decode_object(r, request, SV("oldObject"), &r->old_object, e);
}

/* Who speaks, in what words. Anything else is not for us, with or without a uid. */
static bool check_envelope(const struct json *root, struct err *e)
{
    struct sv kind = { NULL, 0 }, version = { NULL, 0 };

    if (!value_is(root, VALUE_OBJECT))
        return err_set(e, ERR_INPUT, "the body is %s, wanted an AdmissionReview", value_type_name(value_type(root)));
    if (!string_member(root, "AdmissionReview", SV("kind"), REQUIRED, &kind, e) ||
        !string_member(root, "AdmissionReview", SV("apiVersion"), REQUIRED, &version, e))
        return false;
    if (!sv_eq(kind, SV("AdmissionReview")))
        return err_set(e, ERR_INPUT, "the body is a `%.*s`, wanted an AdmissionReview", SV_ARG(kind));
    if (!sv_eq(version, SV("admission.k8s.io/v1")))
        return err_set(e, ERR_INPUT,
                       "apiVersion is `%.*s`, wanted `admission.k8s.io/v1`: list v1 in the webhook "
                       "configuration's admissionReviewVersions",
                       SV_ARG(version));
    if (!value_is(value_get(root, SV("request")), VALUE_OBJECT))
        return err_set(e, ERR_INPUT, "`request` is %s, wanted an object",
                       value_type_name(value_type(value_get(root, SV("request")))));
    return true;
}

static bool decode_uid(struct request *r, const struct json *request, struct err *e)
{
    struct sv uid = { NULL, 0 };

    if (!string_member(request, "request", SV("uid"), REQUIRED, &uid, e))
        return false;
    if (!is_uid(uid))
        return err_set(e, ERR_INPUT, "`request.uid` is not a UID: 1 to %d letters, digits and hyphens", UID_MAX);
    r->uid = uid;
    return true;
}

bool review_decode(struct request *r, struct sv body, struct arena *a, struct err *e)
{
    const struct json *root = NULL;
    const struct json *request = NULL;

    *r = (struct request){ .operation = OP_CREATE };
    root = doc_parse(body, a, e);
    if (!root) {
        if (e->code != ERR_SYNTAX)
            r->uid = review_uid_of_prefix(body);
        return false;
    }
    if (!check_envelope(root, e))
        return false;
    request = value_get(root, SV("request"));
    return decode_uid(r, request, e) && decode_request(r, request, e);
}
