/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the members of an AdmissionReview one after the other; what does not
 * apply is left out, as the API server leaves it out. */
#include "cli/manifest.h"
#include "kube/kind.h"
#include "yaml/record.h"

/* What the review says of the object. */
struct subject {
    struct gvk gvk;
    struct sv name, namespace; /* absent: none */
};

static bool read_type(const struct yaml_doc *doc, struct subject *out, struct err *e)
{
    struct pointer root = POINTER_ROOT;
    struct sv version = value_string(value_get(doc->root, SV("apiVersion")));
    struct sv kind = value_string(value_get(doc->root, SV("kind")));

    if (!value_is(doc->root, VALUE_OBJECT))
        return record_error(doc, &root, e, "a manifest is a mapping, not %s", value_type_name(value_type(doc->root)));
    if (!version.n || !kind.n)
        return record_error(doc, &root, e, "a manifest says what it is: `%s` is missing",
                            version.n ? "kind" : "apiVersion");
    if (value_is(value_get(doc->root, SV("items")), VALUE_ARRAY) && sv_ends_with(kind, SV("List")))
        return record_error(doc, &root, e, "a %.*s holds several objects, one is wanted", SV_ARG(kind));
    out->gvk = gvk_from(version, kind);
    return true;
}

/* The one it names; else, where the kind has one, the given one. */
static bool read_namespace(const struct yaml_doc *doc, struct sv given, const struct kind *kind, struct subject *out,
                           struct err *e)
{
    struct pointer root = POINTER_ROOT, at = pointer_text(&root, SV("/metadata/namespace"));
    const struct json *named = pointer_get(doc->root, SV("/metadata/namespace"));

    if (kind && kind->cluster_scoped)
        return true;
    if (!value_is_nothing(named) && !value_is(named, VALUE_STRING))
        return record_error(doc, &at, e, "`namespace` is %s, not a string; put it in quotes",
                            value_type_name(value_type(named)));
    out->namespace = value_string(named);
    if (!out->namespace.n && kind)
        out->namespace = given.n ? given : SV(MANIFEST_NAMESPACE);
    return true;
}

static bool read_subject(const struct yaml_doc *doc, struct sv namespace, struct subject *out, struct err *e)
{
    *out = (struct subject){ .name = value_string(pointer_get(doc->root, SV("/metadata/name"))) };
    return read_type(doc, out, e) && read_namespace(doc, namespace, kind_find(out->gvk.group, out->gvk.kind), out, e);
}

static void add_string(struct buf *out, const char *key, struct sv value)
{
    buf_printf(out, ",\"%s\":", key);
    value_print_string(out, value);
}

/* As kubectl guesses it: the server's discovery would know. */
static void add_resource(struct buf *out, struct sv kind)
{
    bool is_sibilant = sv_ends_with(kind, SV("s")) || sv_ends_with(kind, SV("x"));
    bool is_y = sv_ends_with(kind, SV("y")) && kind.n > 1 && !strchr("aeiou", kind.p[kind.n - 2]);
    struct buf plural = BUF_INIT(1 << 10);

    for (size_t i = 0; i + is_y < kind.n; i++)
        buf_add_char(&plural, (char)(kind.p[i] >= 'A' && kind.p[i] <= 'Z' ? kind.p[i] + 'a' - 'A' : kind.p[i]));
    buf_add(&plural, is_y ? SV("ies") : is_sibilant ? SV("es") : SV("s"));
    add_string(out, "resource", buf_sv(&plural));
    buf_fini(&plural);
}

static void add_metadata(struct buf *out, const struct json *metadata, struct sv namespace)
{
    const char *between = "";

    buf_add_char(out, '{');
    for (struct value_iter it = value_iter(metadata); value_next(&it);) {
        if (sv_eq(it.key, SV("namespace")))
            continue;
        buf_add(out, sv_from(between));
        value_print_string(out, it.key);
        buf_add_char(out, ':');
        value_print(out, it.value);
        between = ",";
    }
    buf_printf(out, "%s\"namespace\":", between);
    value_print_string(out, namespace);
    buf_add_char(out, '}');
}

/* The object as the server holds it when it asks: with its namespace. */
static void add_object(struct buf *out, const char *key, const struct json *object, struct sv namespace)
{
    const struct json *metadata = value_get(object, SV("metadata"));
    bool is_filled = namespace.p && (value_is_nothing(metadata) || value_is(metadata, VALUE_OBJECT));
    const char *between = "";

    buf_printf(out, ",\"%s\":{", key);
    for (struct value_iter it = value_iter(object); value_next(&it);) {
        if (is_filled && sv_eq(it.key, SV("metadata")))
            continue;
        buf_add(out, sv_from(between));
        value_print_string(out, it.key);
        buf_add_char(out, ':');
        value_print(out, it.value);
        between = ",";
    }
    if (is_filled) {
        buf_printf(out, "%s\"metadata\":", between);
        add_metadata(out, metadata, namespace);
    }
    buf_add_char(out, '}');
}

static void add_request(struct buf *out, const struct yaml_doc *doc, const struct subject *s,
                        const struct manifest_context *c)
{
    const struct yaml_doc *old = c->old ? c->old : doc;

    buf_add(out, SV("{\"uid\":\"" MANIFEST_UID "\",\"kind\":{\"group\":"));
    value_print_string(out, s->gvk.group);
    add_string(out, "version", s->gvk.version);
    add_string(out, "kind", s->gvk.kind);
    buf_add(out, SV("},\"resource\":{\"group\":"));
    value_print_string(out, s->gvk.group);
    add_string(out, "version", s->gvk.version);
    add_resource(out, s->gvk.kind);
    buf_add_char(out, '}');
    if (s->name.n)
        add_string(out, "name", s->name);
    if (s->namespace.n)
        add_string(out, "namespace", s->namespace);
    add_string(out, "operation", sv_from(request_operation_name(c->operation)));
    buf_add(out, SV(",\"userInfo\":{\"username\":"));
    value_print_string(out, c->user.n ? c->user : SV(MANIFEST_USER));
    buf_add_char(out, '}');
    if (c->operation != OP_DELETE)
        add_object(out, "object", doc->root, s->namespace);
    if (c->operation == OP_UPDATE || c->operation == OP_DELETE)
        add_object(out, "oldObject", old->root, s->namespace);
    buf_add(out, SV(",\"dryRun\":false}"));
}

bool manifest_review(const struct yaml_doc *doc, const struct manifest_context *context, struct arena *a,
                     struct sv *out, struct err *e)
{
    struct buf text = BUF_IN(a);
    struct subject subject, old;

    if (!read_subject(doc, context->namespace, &subject, e) ||
        (context->old && !read_subject(context->old, context->namespace, &old, e)))
        return false;
    buf_add(&text, SV("{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":"));
    add_request(&text, doc, &subject, context);
    buf_add_char(&text, '}');
    *out = buf_sv(&text);
    return buf_ok(&text) || arena_error(a, e);
}
