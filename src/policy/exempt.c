/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exceptions are asked only about findings that would act, so a review that
 * is clean pays nothing for them.
 */
#include "policy/exempt.h"

#include "base/attr.h"
#include "kube/image_ref.h"
#include "kube/object.h"
#include "policy/compile.h"

struct match_doc {
    struct strings namespaces;
    bool cluster_scoped;
    struct strings names;
    struct label_selector labels;
    struct strings images;
};
struct spec_doc {
    struct records policies;
    struct match_doc match;
    struct sv reason, owner;
    struct date expires;
};
struct exception_doc {
    struct sv api_version, kind;
    struct compile_meta metadata;
    struct spec_doc spec;
};

static const struct field policy_fields[] = {
    FIELD(struct exception_policy, name, "name", FIELD_STRING, .required = true, .not_empty = true,
          .help = "name of a policy"),
    FIELD(struct exception_policy, rules, "rules", FIELD_STRINGS, .not_empty = true,
          .help = "names of its rules; absent means all of them"),
    FIELD_END,
};
static const struct field match_fields[] = {
    FIELD(struct match_doc, namespaces, "namespaces", FIELD_STRINGS, .not_empty = true,
          .help = "literal names of namespaces"),
    FIELD(struct match_doc, cluster_scoped, "clusterScoped", FIELD_BOOL,
          .help = "true: for objects that have no namespace, instead of `namespaces`"),
    FIELD(struct match_doc, names, "names", FIELD_STRINGS, .not_empty = true,
          .help = "globs of object names, or of generateName"),
    FIELD(struct match_doc, labels, "labels", FIELD_RECORD, .fields = label_selector_fields,
          .help = "narrows names or images further"),
    FIELD(struct match_doc, images, "images", FIELD_STRINGS, .not_empty = true,
          .help = "image references; lifts only findings about containers with one of these images"),
    FIELD_END,
};
static const struct field spec_fields[] = {
    FIELD(struct spec_doc, policies, "policies", FIELD_RECORDS, .fields = policy_fields, .required = true,
          .not_empty = true, .item_size = sizeof(struct exception_policy), .help = "what it lifts"),
    FIELD(struct spec_doc, match, "match", FIELD_RECORD, .fields = match_fields, .required = true,
          .help = "for whom: a namespace, and names or images"),
    FIELD(struct spec_doc, reason, "reason", FIELD_STRING, .required = true, .not_empty = true,
          .help = "why, such as the number of a POA&M item"),
    FIELD(struct spec_doc, owner, "owner", FIELD_STRING, .required = true, .not_empty = true,
          .help = "who answers for it"),
    FIELD(struct spec_doc, expires, "expires", FIELD_DATE, .required = true,
          .help = "the last day it counts, UTC; 366 days ahead at most"),
    FIELD_END,
};
const struct field exempt_fields[] = {
    FIELD(struct exception_doc, api_version, "apiVersion", FIELD_STRING, .required = true,
          .help = FIPSGATE_API_VERSION),
    FIELD(struct exception_doc, kind, "kind", FIELD_STRING, .required = true, .help = "FipsException"),
    FIELD(struct exception_doc, metadata, "metadata", FIELD_RECORD, .fields = compile_meta_fields, .required = true,
          .help = "name, labels, annotations"),
    FIELD(struct exception_doc, spec, "spec", FIELD_RECORD, .fields = spec_fields, .required = true,
          .help = "what it lifts, for whom, why and until when"),
    FIELD_END,
};

static bool is_all_stars(struct sv glob)
{
    for (size_t i = 0; i < glob.n; i++)
        if (glob.p[i] != '*')
            return false;
    return true;
}

static bool check_scope(const struct yaml_doc *doc, const struct pointer *at, const struct match_doc *m, struct err *e)
{
    struct pointer namespaces = pointer_key(at, SV("namespaces"));
    struct pointer names = pointer_key(at, SV("names"));

    if (m->cluster_scoped == (m->namespaces.count > 0))
        return record_error(doc, at, e,
                            "an exception names its `namespaces`, or has `clusterScoped: true`: one of both");
    if (m->names.count == 0 && m->images.count == 0)
        return record_error(doc, at, e, "an exception needs `names` or `images`; labels alone are anybody's to set");
    for (size_t i = 0; i < m->namespaces.count; i++) {
        struct pointer item = pointer_index(&namespaces, i);

        if (sv_find(m->namespaces.items[i], '*') < m->namespaces.items[i].n)
            return record_error(doc, &item, e, "`%.*s`: the namespaces of an exception are named literally",
                                SV_ARG(m->namespaces.items[i]));
    }
    for (size_t i = 0; i < m->names.count; i++) {
        struct pointer item = pointer_index(&names, i);

        if (is_all_stars(m->names.items[i]))
            return record_error(doc, &item, e, "`%.*s` names everything; name what the exception is for",
                                SV_ARG(m->names.items[i]));
    }
    return compile_globs(doc, at, SV("names"), &m->names, e);
}

/* Kept as the runtime will read them, so that spelling neither widens nor narrows. */
static bool normalise_images(struct policy_set *set, const struct yaml_doc *doc, const struct pointer *at,
                             const struct strings *written, struct strings *out, struct err *e)
{
    struct pointer list = pointer_key(at, SV("images"));
    struct sv *items = arena_array(&set->arena, written->count + 1, struct sv);

    if (!items)
        return err_nomem(e);
    for (size_t i = 0; i < written->count; i++) {
        struct pointer item = pointer_index(&list, i);
        struct image_ref ref;
        struct err why = { .code = ERR_NONE };

        if (!image_ref_parse(written->items[i], &set->arena, &ref, &why))
            return record_error(doc, &item, e, "%s", why.msg);
        items[i] = image_ref_print(&ref, &set->arena);
        if (!items[i].p)
            return err_nomem(e);
    }
    *out = (struct strings){ items, written->count };
    return true;
}

bool exempt_compile(struct policy_set *set, const struct yaml_doc *doc, struct exception *out, struct err *e)
{
    struct pointer root = POINTER_ROOT;
    struct pointer match_at = pointer_text(&root, SV("/spec/match"));
    struct exception_doc d = { .kind = { NULL, 0 } };

    if (!record_read(doc, &root, doc->root, exempt_fields, &set->arena, &d, e))
        return false;
    *out = (struct exception){
        .name = d.metadata.name,
        .file = doc->file,
        .policies = d.spec.policies,
        .namespaces = d.spec.match.namespaces,
        .cluster_scoped = d.spec.match.cluster_scoped,
        .names = d.spec.match.names,
        .labels = d.spec.match.labels,
        .reason = d.spec.reason,
        .owner = d.spec.owner,
        .expires = d.spec.expires,
        .doc = doc,
    };
    return compile_name(doc, d.metadata.name, e) && check_scope(doc, &match_at, &d.spec.match, e) &&
           label_selector_check(&d.spec.match.labels, doc, &match_at, e) &&
           normalise_images(set, doc, &match_at, &d.spec.match.images, &out->images, e);
}

static const struct policy *find_policy(const struct policy_set *set, struct sv name)
{
    for (size_t i = 0; i < set->policy_count; i++)
        if (sv_eq(set->policies[i].name, name))
            return &set->policies[i];
    return NULL;
}

static bool has_rule(const struct policy *p, struct sv name)
{
    for (size_t i = 0; i < p->rule_count; i++)
        if (sv_eq(p->rules[i].name, name))
            return true;
    return false;
}

static bool names(const struct strings *list, struct sv name)
{
    for (size_t i = 0; i < list->count; i++)
        if (sv_eq(list->items[i], name))
            return true;
    return false;
}

bool exempt_resolve(const struct policy_set *set, const struct exception *x, struct err *e)
{
    struct pointer root = POINTER_ROOT;
    struct pointer list = pointer_text(&root, SV("/spec/policies"));
    const struct exception_policy *wanted = x->policies.items;

    for (size_t i = 0; i < x->policies.count; i++) {
        const struct policy *p = find_policy(set, wanted[i].name);
        struct pointer item = pointer_index(&list, i);
        struct pointer rules = pointer_key(&item, SV("rules"));

        if (!p)
            return record_error(x->doc, &item, e, "there is no policy `%.*s`", SV_ARG(wanted[i].name));
        for (size_t k = 0; k < wanted[i].rules.count; k++) {
            struct pointer rule = pointer_index(&rules, k);

            if (!has_rule(p, wanted[i].rules.items[k]))
                return record_error(x->doc, &rule, e, "policy `%.*s` has no rule `%.*s`", SV_ARG(p->name),
                                    SV_ARG(wanted[i].rules.items[k]));
        }
    }
    return true;
}

bool exempt_counts(const struct exception *x, struct date today)
{
    return date_compare(today, x->expires) <= 0 && date_days(x->expires) - date_days(today) <= EXEMPT_MAX_DAYS;
}

static bool lifts_rule(const struct exception *x, const struct policy *p, const struct compiled_rule *r)
{
    const struct exception_policy *list = x->policies.items;

    for (size_t i = 0; i < x->policies.count; i++)
        if (sv_eq(list[i].name, p->name) && (list[i].rules.count == 0 || names(&list[i].rules, r->name)))
            return true;
    return false;
}

static bool is_in_scope(const struct exception *x, const struct target *t)
{
    struct sv ns = t->request->namespace;
    struct sv name = t->request->name.p ? t->request->name : object_name(t->object);

    if (t->kind->cluster_scoped || !ns.p ? !x->cluster_scoped : !names(&x->namespaces, ns))
        return false;
    if (!label_selector_matches(&x->labels, object_labels(t->object)))
        return false;
    for (size_t i = 0; i < x->names.count; i++)
        if (sv_glob(x->names.items[i], name))
            return true;
    return x->names.count == 0;
}

/* The image of a finding as exceptions may name it, read once for all of them.
 * A digest says which image it is; the tag beside it says nothing. */
struct image_names {
    struct sv whole, bare; /* bare: by its digest alone; absent without one */
};

static struct image_names names_of(struct sv image, struct arena *a)
{
    struct image_names n = { .whole = { NULL, 0 } };
    struct image_ref ref;
    struct err why = { .code = ERR_NONE };

    if (!image.p || !image_ref_parse(image, a, &ref, &why))
        return n;
    n.whole = image_ref_print(&ref, a);
    if (!ref.digest.p)
        return n;
    ref.tag = (struct sv){ NULL, 0 };
    n.bare = image_ref_print(&ref, a);
    return n;
}

static bool covers_image(const struct exception *x, const struct image_names *n)
{
    if (x->images.count == 0)
        return true;
    return (n->whole.p && names(&x->images, n->whole)) || (n->bare.p && names(&x->images, n->bare));
}

const struct exception *exempt_find(const struct policy_set *set, const struct policy *p, const struct compiled_rule *r,
                                    const struct finding *f, const struct target *t, struct arena *a,
                                    const struct exception **expired)
{
    struct image_names image = { .whole = { NULL, 0 } };
    bool is_read = false;

    *expired = NULL;
    for (size_t i = 0; i < set->exception_count; i++) {
        const struct exception *x = &set->exceptions[i];

        if (!lifts_rule(x, p, r) || !is_in_scope(x, t))
            continue;
        if (x->images.count > 0 && !is_read) {
            image = names_of(f->image, a);
            is_read = true;
        }
        if (!covers_image(x, &image))
            continue;
        if (exempt_counts(x, t->today))
            return x;
        *expired = x;
    }
    return NULL;
}
