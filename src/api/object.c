/* SPDX-License-Identifier: Apache-2.0 */
/* One request each; what a status means stands in a table. */
#include "api/object.h"
#include "base/text.h"
#include "json/doc.h"

enum { NAME_MAX_BYTES = 253, SAID_MAX = 240 };

const struct object_kind object_secret = { "/api/v1", "secrets", "Secret", true };
const struct object_kind object_validating_webhooks = { "/apis/admissionregistration.k8s.io/v1",
                                                        "validatingwebhookconfigurations",
                                                        "ValidatingWebhookConfiguration", false };
const struct object_kind object_mutating_webhooks = { "/apis/admissionregistration.k8s.io/v1",
                                                      "mutatingwebhookconfigurations", "MutatingWebhookConfiguration",
                                                      false };

struct verb {
    const char *name, *method, *content_type; /* as RBAC calls it */
    bool is_on_list;                          /* the path ends before the name */
    bool has_tests;                           /* 422 says that one of them failed */
};

static const struct verb get = { .name = "get", .method = "GET" };
static const struct verb create = { "create", "POST", "application/json", .is_on_list = true };
static const struct verb replace = { .name = "update", .method = "PUT", .content_type = "application/json" };
static const struct verb patch = { "patch", "PATCH", "application/json-patch+json", .has_tests = true };
static const struct verb delete = { .name = "delete", .method = "DELETE" };

/* A row with `to` counts for all from `status` to it; the first that fits. */
static const struct {
    long status, to;
    enum object_outcome outcome;
    enum err_code fault;
    const char *remedy;
} meanings[] = {
    { 401, 0, OBJECT_FAILED, ERR_INPUT, "the server does not take our token or client certificate: renew it" },
    { 403, 0, OBJECT_FAILED, ERR_INPUT, "grant that verb on that resource to this account" },
    { 404, 0, OBJECT_ABSENT, ERR_INPUT, "there is no such object: see its name and namespace" },
    { 409, 0, OBJECT_CONFLICT, ERR_IO, "somebody else changed it: try again" },
    { 413, 0, OBJECT_FAILED, ERR_LIMIT, "the object is too large for the server" },
    { 422, 0, OBJECT_FAILED, ERR_INPUT, "the server does not take the object: see what it says" },
    { 429, 0, OBJECT_BUSY, ERR_IO, "the server has too much to do: try again" },
    { 300, 399, OBJECT_FAILED, ERR_INPUT, "redirects are not followed: give the server's own address" },
    { 400, 499, OBJECT_FAILED, ERR_INPUT, "is this an API server of Kubernetes 1.28 or later?" },
    { 500, 599, OBJECT_BUSY, ERR_IO, "try again, and see the server's log" },
    { 0, 999, OBJECT_FAILED, ERR_INPUT, "is this an API server?" },
};

/* An RFC 1123 subdomain, so that it is a segment of a path as it is. */
static bool is_name(struct sv s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool is_inside = i > 0 && i + 1 < s.n;

        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && !((c == '-' || c == '.') && is_inside))
            return false;
    }
    return s.n > 0 && s.n <= NAME_MAX_BYTES;
}

static bool add_name(struct buf *path, struct sv name, struct arena *a, struct err *e)
{
    struct sv shown = text_printable(a, name.p ? name : SV(""), SAID_MAX);

    buf_add(path, name);
    return is_name(name) || err_set(e, ERR_INPUT, "`%.*s` is not the name of an object or a namespace", SV_ARG(shown));
}

static bool path_of(const struct object_ref *ref, bool is_list, struct arena *a, struct sv *out, struct err *e)
{
    struct buf path = BUF_IN(a);

    buf_add(&path, sv_from(ref->kind->api));
    if (ref->kind->is_namespaced) {
        buf_add(&path, SV("/namespaces/"));
        if (!add_name(&path, ref->name_space, a, e))
            return false;
    }
    buf_printf(&path, "/%s", ref->kind->plural);
    if (!is_list) {
        buf_add_char(&path, '/');
        if (!add_name(&path, ref->name, a, e))
            return false;
    }
    *out = buf_sv(&path);
    return buf_ok(&path) || arena_error(a, e);
}

/* One request. */
struct call {
    struct client *client;
    const struct verb *verb;
    const struct object_ref *ref;
    struct sv body; /* absent: none */
    struct arena *arena;
};

/* The Status's message; absent: it is none. */
static struct sv said(const struct client_answer *answer, struct arena *a)
{
    struct err ignored = { 0 };
    const struct json *root = doc_parse(answer->body, a, &ignored);
    struct sv message = value_string(value_get(root, SV("message")));

    if (!sv_eq(value_string(value_get(root, SV("kind"))), SV("Status")) || !message.p)
        return (struct sv){ NULL, 0 };
    return text_printable(a, message, SAID_MAX);
}

static enum object_outcome judge(const struct call *call, const struct client_answer *answer, struct err *e)
{
    long status = answer->status;
    struct sv message = said(answer, call->arena);
    size_t i = 0;

    while (status != meanings[i].status && !(status >= meanings[i].status && status <= meanings[i].to))
        i++;
    if (message.p)
        err_set(e, meanings[i].fault, "%ld: %.*s; %s", status, (int)message.n, message.p, meanings[i].remedy);
    else
        err_set(e, meanings[i].fault, "%ld, and no Kubernetes Status (%.*s); %s", status,
                SV_ARG(answer->content_type.n ? answer->content_type : SV("no content type")), meanings[i].remedy);
    /* A 404 without a Status is another server's. */
    if (call->verb->has_tests && status == 422)
        return OBJECT_CONFLICT;
    return meanings[i].outcome == OBJECT_ABSENT && !message.p ? OBJECT_FAILED : meanings[i].outcome;
}

/* Who is not there now may be later. */
static enum object_outcome unanswered(const struct err *e)
{
    return e->code == ERR_IO ? OBJECT_BUSY : OBJECT_FAILED;
}

static enum object_outcome ask(const struct call *call, struct client_answer *answer, struct err *e)
{
    const struct verb *v = call->verb;
    struct client_request r = { .method = v->method, .content_type = v->content_type, .body = call->body };

    if (!path_of(call->ref, v->is_on_list, call->arena, &r.path, e))
        return OBJECT_FAILED;
    if (!client_send(call->client, &r, call->arena, answer, e))
        return unanswered(e);
    return answer->status >= 200 && answer->status <= 299 ? OBJECT_DONE : judge(call, answer, e);
}

/* "get secrets `ns/name` at https://host:6443: ..." */
static enum object_outcome place(const struct call *call, enum object_outcome outcome, struct err *e)
{
    const struct object_ref *ref = call->ref;

    if (outcome != OBJECT_DONE)
        err_wrap(e, "%s %s `%.*s%s%.*s` at %.*s", call->verb->name, ref->kind->plural, SV_ARG(ref->name_space),
                 ref->kind->is_namespaced ? "/" : "", SV_ARG(ref->name), SV_ARG(client_target(call->client)->server));
    return outcome;
}

static enum object_outcome read_object(const struct call *call, const struct client_answer *answer,
                                       struct object_reply *out, struct err *e)
{
    const char *kind = call->ref->kind->kind;

    out->date = answer->date;
    out->root = doc_parse(answer->body, call->arena, e);
    if (!out->root) {
        err_wrap(e, "the answer cannot be read, is this an API server?");
        return OBJECT_FAILED;
    }
    if (sv_eq(value_string(value_get(out->root, SV("kind"))), sv_from(kind)))
        return OBJECT_DONE;
    err_set(e, ERR_INPUT, "the answer is no %s; is this an API server?", kind);
    return OBJECT_FAILED;
}

enum object_outcome object_get(struct client *c, const struct object_ref *ref, struct arena *a,
                               struct object_reply *out, struct err *e)
{
    const struct call call = { c, &get, ref, { NULL, 0 }, a };
    struct client_answer answer = { 0 };
    enum object_outcome outcome = ask(&call, &answer, e);

    *out = (struct object_reply){ 0 };
    if (outcome == OBJECT_DONE)
        outcome = read_object(&call, &answer, out, e);
    return place(&call, outcome, e);
}

static enum object_outcome tell(const struct call *call, struct err *e)
{
    struct client_answer answer = { 0 };

    return place(call, ask(call, &answer, e), e);
}

enum object_outcome object_create(struct client *c, const struct object_ref *ref, struct sv body, struct arena *a,
                                  struct err *e)
{
    return tell(&(const struct call){ c, &create, ref, body, a }, e);
}

enum object_outcome object_replace(struct client *c, const struct object_ref *ref, struct sv body, struct arena *a,
                                   struct err *e)
{
    return tell(&(const struct call){ c, &replace, ref, body, a }, e);
}

enum object_outcome object_patch(struct client *c, const struct object_ref *ref, struct sv body, struct arena *a,
                                 struct err *e)
{
    return tell(&(const struct call){ c, &patch, ref, body, a }, e);
}

enum object_outcome object_delete(struct client *c, const struct object_ref *ref, struct arena *a, struct err *e)
{
    return tell(&(const struct call){ c, &delete, ref, { NULL, 0 }, a }, e);
}
