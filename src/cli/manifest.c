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

bool manifest_is_list(const struct json *object)
{
    return value_string(value_get(object, SV("kind"))).n && value_is(value_get(object, SV("items")), VALUE_ARRAY);
}

struct gvk manifest_gvk(const struct manifest_item *item)
{
    struct sv version = value_string(value_get(item->object, SV("apiVersion")));
    struct sv kind = value_string(value_get(item->object, SV("kind")));
    struct gvk gvk = version.n ? gvk_from(version, kind) : item->list_of;

    gvk.kind = kind.n ? kind : item->list_of.kind;
    return gvk;
}

/* Of "apiVersion" and "kind" the one that is not said, or not in words. */
static bool refuse_type(const struct manifest_item *item, bool has_version, struct err *e)
{
    struct sv key = has_version ? SV("kind") : SV("apiVersion");
    const struct json *value = value_get(item->object, key);
    struct pointer at = pointer_key(item->at, key);

    if (value_is_nothing(value) || value_is(value, VALUE_STRING))
        return record_error(item->doc, item->at, e, "a manifest says what it is: `%.*s` is missing", SV_ARG(key));
    return record_error(item->doc, &at, e, "a manifest says what it is: `%.*s` is %s, wanted a string", SV_ARG(key),
                        value_type_name(value_type(value)));
}

/* kubectl takes the items of a List for objects. */
static bool is_broken_list(const struct manifest_item *item, const struct gvk *gvk)
{
    return !gvk->group.n && sv_eq(gvk->kind, SV("List")) && !value_is_nothing(value_get(item->object, SV("items")));
}

static bool read_type(const struct manifest_item *item, struct subject *out, struct err *e)
{
    const struct json *object = item->object;
    struct pointer items = pointer_key(item->at, SV("items"));

    out->gvk = manifest_gvk(item);
    if (!value_is(object, VALUE_OBJECT))
        return record_error(item->doc, item->at, e, "a manifest is a mapping, not %s",
                            value_type_name(value_type(object)));
    if (!out->gvk.version.n || !out->gvk.kind.n)
        return refuse_type(item, out->gvk.version.n > 0, e);
    if (manifest_is_list(object))
        return record_error(item->doc, item->at, e, "a %.*s holds several objects, one is wanted",
                            SV_ARG(out->gvk.kind));
    if (is_broken_list(item, &out->gvk))
        return record_error(item->doc, &items, e, "the `items` of a List are %s, wanted an array",
                            value_type_name(value_type(value_get(object, SV("items")))));
    return true;
}

/* The one it names; else, where the kind has one, the given one. */
struct sv manifest_namespace(const struct manifest_item *item, const struct manifest_context *context)
{
    struct gvk gvk = manifest_gvk(item);
    const struct kind *kind = kind_find(gvk.group, gvk.kind);
    struct sv named = value_string(pointer_get(item->object, SV("/metadata/namespace")));

    if (kind && kind->cluster_scoped)
        return (struct sv){ NULL, 0 };
    if (named.n || !kind)
        return named;
    return context->namespace.n ? context->namespace : SV(MANIFEST_NAMESPACE);
}

static bool read_namespace(const struct manifest_item *item, const struct manifest_context *context,
                           struct subject *out, struct err *e)
{
    const struct kind *kind = kind_find(out->gvk.group, out->gvk.kind);
    struct pointer at = pointer_text(item->at, SV("/metadata/namespace"));
    const struct json *named = pointer_get(item->object, SV("/metadata/namespace"));

    if (!(kind && kind->cluster_scoped) && !value_is_nothing(named) && !value_is(named, VALUE_STRING))
        return record_error(item->doc, &at, e, "`namespace` is %s, not a string; put it in quotes",
                            value_type_name(value_type(named)));
    out->namespace = manifest_namespace(item, context);
    return true;
}

static bool read_subject(const struct manifest_item *item, const struct manifest_context *context, struct subject *out,
                         struct err *e)
{
    *out = (struct subject){ .name = value_string(pointer_get(item->object, SV("/metadata/name"))) };
    return read_type(item, out, e) && read_namespace(item, context, out, e);
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

/* Of the object as it was nothing is known but which one it is. */
static void add_bare_object(struct buf *out, const char *key, const struct subject *s)
{
    buf_printf(out, ",\"%s\":{\"metadata\":{\"name\":", key);
    value_print_string(out, s->name);
    if (s->namespace.n)
        add_string(out, "namespace", s->namespace);
    buf_add(out, SV("}}"));
}

static void add_objects(struct buf *out, const struct manifest_item *item, const struct subject *s,
                        const struct manifest_context *c)
{
    const struct json *old = c->old ? c->old->root : item->object;

    if (c->operation != OP_DELETE)
        add_object(out, "object", item->object, s->namespace);
    if (c->operation == OP_UPDATE && c->is_all_new && !c->old)
        add_bare_object(out, "oldObject", s);
    else if (c->operation == OP_UPDATE || c->operation == OP_DELETE)
        add_object(out, "oldObject", old, s->namespace);
}

static void add_request(struct buf *out, const struct manifest_item *item, const struct subject *s,
                        const struct manifest_context *c)
{
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
    add_objects(out, item, s, c);
    buf_add(out, SV(",\"dryRun\":false}"));
}

static struct manifest_item item_of(const struct yaml_doc *doc, const struct pointer *root)
{
    return (struct manifest_item){ .doc = doc, .at = root, .object = doc->root };
}

bool manifest_ask(const struct manifest_item *item, const struct manifest_context *context, struct arena *a,
                  struct sv *out, struct err *e)
{
    struct buf text = BUF_IN(a);
    struct subject subject;

    if (!read_subject(item, context, &subject, e))
        return false;
    buf_add(&text, SV("{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":"));
    add_request(&text, item, &subject, context);
    buf_add_char(&text, '}');
    *out = buf_sv(&text);
    return buf_ok(&text) || arena_error(a, e);
}

bool manifest_review(const struct yaml_doc *doc, const struct manifest_context *context, struct arena *a,
                     struct sv *out, struct err *e)
{
    struct pointer root = POINTER_ROOT;
    struct manifest_item item = item_of(doc, &root), old;
    struct subject ignored;

    if (context->old) {
        old = item_of(context->old, &root);
        if (!read_subject(&old, context, &ignored, e))
            return false;
    }
    return manifest_ask(&item, context, a, out, e);
}

/* What the items of a list are when they do not say it. */
static struct gvk list_of(const struct manifest_item *item)
{
    static const struct sv list = SV_INIT("List");
    struct gvk gvk = manifest_gvk(item);

    if (!sv_ends_with(gvk.kind, list) || gvk.kind.n == list.n)
        return (struct gvk){ .kind = { NULL, 0 } };
    gvk.kind.n -= list.n;
    return gvk;
}

/* Recurses into lists of lists, as deep as documents are nested. */
static bool each(const struct manifest_item *item, manifest_visit *visit, void *context, struct err *e)
{
    struct pointer items = pointer_key(item->at, SV("items"));
    struct gvk gvk;

    if (!manifest_is_list(item->object))
        return visit(context, item, e);
    gvk = list_of(item);
    for (struct value_iter it = value_iter(value_get(item->object, SV("items"))); value_next(&it);) {
        struct pointer at = pointer_index(&items, it.index);
        struct manifest_item one = { .doc = item->doc, .at = &at, .object = it.value, .list_of = gvk };

        if (!each(&one, visit, context, e))
            return false;
    }
    return true;
}

bool manifest_each(const struct yaml_doc *doc, manifest_visit *visit, void *context, struct err *e)
{
    struct pointer root = POINTER_ROOT;
    struct manifest_item item = item_of(doc, &root);

    return each(&item, visit, context, e);
}
