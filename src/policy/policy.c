/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loads a policy set: embedded facts first, then the operator's, then the
 * policies compiled against both. All or nothing.
 */
#include "policy/policy.h"

#include "base/attr.h"
#include "base/buf.h"
#include "base/file.h"
#include "policy/compile.h"
#include "policy/embedded.h"

enum {
    SET_MAX_MEMORY = 256 << 20,
    FILE_MAX = 4 << 20,
    ORIGIN_SHIPPED = 0,
    ORIGIN_OPERATOR = 1,
};

static const char builtin_prefix[] = "builtin:";
static const char *const suffixes[] = { ".yaml", ".yml", ".json" };

/* One text that was read, with its documents. */
struct source {
    struct sv path, text;
    struct yaml_doc *docs;
    int origin;
    bool facts_only; /* given with --facts */
    struct source *next;
};

struct loader {
    struct policy_set *set;
    struct source *first, **last;
    size_t source_count, policy_count;
};

static bool add_source(struct loader *l, struct source what, struct err *e)
{
    struct source *s = arena_new(&l->set->arena, struct source);

    if (!s)
        return err_nomem(e);
    *s = what;
    *l->last = s;
    l->last = &s->next;
    l->source_count++;
    return yaml_read(s->path, s->text, &l->set->arena, &s->docs, e);
}

static bool add_embedded(struct loader *l, struct sv set, size_t *added, struct err *e)
{
    *added = 0;
    for (size_t i = 0; i < embedded_count; i++) {
        const struct embedded_file *f = &embedded_files[i];

        if (!sv_eq(f->set, set))
            continue;
        if (!add_source(l, (struct source){ .path = f->path, .text = f->text, .origin = ORIGIN_SHIPPED }, e))
            return false;
        ++*added;
    }
    return true;
}

static bool add_file(struct loader *l, const char *path, bool facts_only, struct err *e)
{
    struct source s = { .origin = ORIGIN_OPERATOR, .facts_only = facts_only };

    s.path = arena_copy(&l->set->arena, sv_from(path));
    return file_read(path, FILE_MAX, &l->set->arena, &s.text, e) && add_source(l, s, e);
}

static bool add_path(struct loader *l, const char *path, bool facts_only, struct err *e)
{
    struct file_names names = { NULL, 0 };

    if (file_type(path) != FILE_DIRECTORY)
        return add_file(l, path, facts_only, e);
    if (!file_list(path, suffixes, ARRAY_LEN(suffixes), &l->set->arena, &names, e))
        return false;
    if (names.count == 0)
        return err_set(e, ERR_INPUT, "no *.yaml, *.yml or *.json file in `%s`", path);
    for (size_t i = 0; i < names.count; i++)
        if (!add_file(l, names.items[i], facts_only, e))
            return false;
    return true;
}

static bool unknown_builtin(struct sv name, struct arena *a, struct err *e)
{
    struct buf known = BUF_IN(a);

    for (size_t i = 0; i < embedded_count; i++) {
        struct sv set = embedded_files[i].set;

        if (sv_eq(set, SV("facts")) || (i && sv_eq(set, embedded_files[i - 1].set)))
            continue;
        buf_printf(&known, " builtin:%.*s", SV_ARG(set));
    }
    return err_set(e, ERR_INPUT, "no embedded policy set `%.*s`; there are:%.*s", SV_ARG(name), SV_ARG(buf_sv(&known)));
}

static bool add_policies(struct loader *l, const char *argument, struct err *e)
{
    struct sv name = sv_from(argument);
    size_t added = 0;

    if (!sv_starts_with(name, SV(builtin_prefix)))
        return add_path(l, argument, false, e);
    name = sv_skip(name, sizeof(builtin_prefix) - 1);
    if (sv_eq(name, SV("facts")))
        return unknown_builtin(name, &l->set->arena, e);
    if (!add_embedded(l, name, &added, e))
        return false;
    return added ? true : unknown_builtin(name, &l->set->arena, e);
}

static bool read_sources(struct loader *l, const struct policy_sources *from, struct err *e)
{
    size_t facts = 0;

    if (!add_embedded(l, SV("facts"), &facts, e))
        return false;
    for (size_t i = 0; i < from->fact_count; i++)
        if (!add_path(l, from->facts[i], true, e))
            return false;
    for (size_t i = 0; i < from->policy_count; i++)
        if (!add_policies(l, from->policies[i], e))
            return false;
    return true;
}

/* What a document is, and whether it may stand where it does. */
static bool check_document(struct loader *l, const struct source *s, const struct yaml_doc *doc, bool *is_policy,
                           struct err *e)
{
    static const struct sv kinds[] = { SV_INIT("FipsPolicy"), SV_INIT("FipsFacts") };
    struct pointer root = POINTER_ROOT;
    struct pointer version_at = pointer_key(&root, SV("apiVersion")), kind_at = pointer_key(&root, SV("kind"));
    struct sv version = value_string(value_get(doc->root, SV("apiVersion")));
    struct sv kind = value_string(value_get(doc->root, SV("kind")));
    struct sv hint;

    if (!value_is(doc->root, VALUE_OBJECT))
        return record_error(doc, &root, e, "a policy document is a mapping, not %s",
                            value_type_name(value_type(doc->root)));
    if (!sv_eq(version, SV(FIPSGATE_API_VERSION)))
        return record_error(doc, &version_at, e, "apiVersion is `%.*s`, wanted `" FIPSGATE_API_VERSION "`",
                            SV_ARG(version));
    *is_policy = sv_eq(kind, kinds[0]);
    if (!*is_policy && !sv_eq(kind, kinds[1])) {
        hint = record_hint(kind, kinds, ARRAY_LEN(kinds), &l->set->arena);
        return record_error(doc, &kind_at, e, "unknown kind `%.*s`%.*s", SV_ARG(kind), SV_ARG(hint));
    }
    if (*is_policy && s->facts_only)
        return record_error(doc, &kind_at, e, "a FipsPolicy is given with --policies, not with --facts");
    l->policy_count += *is_policy;
    return true;
}

static bool collect_facts(struct loader *l, struct err *e)
{
    if (!(l->set->facts = facts_new(&l->set->arena)))
        return err_nomem(e);
    for (const struct source *s = l->first; s; s = s->next)
        for (const struct yaml_doc *doc = s->docs; doc; doc = doc->next) {
            bool is_policy = false;

            if (!check_document(l, s, doc, &is_policy, e))
                return false;
            if (!is_policy && !facts_add(l->set->facts, doc, s->origin, &l->set->arena, e))
                return false;
        }
    return true;
}

/* Keeps the list sorted by name, so that no answer depends on file order. */
static bool insert_policy(struct policy *list, size_t count, const struct policy *p, const struct yaml_doc *doc,
                          struct err *e)
{
    struct pointer root = POINTER_ROOT, meta = pointer_key(&root, SV("metadata"));
    struct pointer name_at = pointer_key(&meta, SV("name"));
    size_t at = count;

    while (at > 0 && sv_cmp(list[at - 1].name, p->name) > 0)
        at--;
    if (at > 0 && sv_eq(list[at - 1].name, p->name))
        return record_error(doc, &name_at, e, "policy `%.*s` is already defined in %.*s", SV_ARG(p->name),
                            SV_ARG(list[at - 1].file));
    memmove(&list[at + 1], &list[at], (count - at) * sizeof(*list));
    list[at] = *p;
    return true;
}

static bool compile_policies(struct loader *l, struct err *e)
{
    struct policy_set *set = l->set;
    struct policy *list = arena_array(&set->arena, l->policy_count + 1, struct policy);

    if (!list)
        return err_nomem(e);
    for (const struct source *s = l->first; s; s = s->next)
        for (const struct yaml_doc *doc = s->docs; doc; doc = doc->next) {
            struct policy p;

            if (!sv_eq(value_string(value_get(doc->root, SV("kind"))), SV("FipsPolicy")))
                continue;
            if (!compile_policy(set, doc, &p, e) || !insert_policy(list, set->policy_count, &p, doc, e))
                return false;
            set->policy_count++;
            set->rule_count += p.rule_count;
        }
    set->policies = list;
    if (set->policy_count == 0)
        return err_set(e, ERR_INPUT, "no FipsPolicy in `%.*s`", SV_ARG(set->name));
    return true;
}

static bool hash_sources(struct loader *l, struct err *e)
{
    struct sv *pieces = arena_array(&l->set->arena, 2 * l->source_count + 1, struct sv);
    size_t n = 0;

    if (!pieces)
        return err_nomem(e);
    for (const struct source *s = l->first; s; s = s->next) {
        pieces[n++] = s->path;
        pieces[n++] = s->text;
    }
    return digest_hex(pieces, n, l->set->hash, e);
}

static struct sv set_name(const struct policy_sources *from, struct arena *a)
{
    struct buf name = BUF_IN(a);

    for (size_t i = 0; i < from->policy_count; i++)
        buf_printf(&name, "%s%s", i ? "," : "", from->policies[i]);
    return buf_sv(&name);
}

struct policy_set *policy_set_load(const struct policy_sources *sources, struct err *e)
{
    CLEANUP(policy_set_freep) struct policy_set *set = calloc(1, sizeof(*set));
    struct loader l = { .set = set, .last = &l.first };
    struct policy_set *loaded = NULL;

    if (!set) {
        (void)err_nomem(e);
        return NULL;
    }
    set->arena = (struct arena)ARENA_INIT(SET_MAX_MEMORY);
    set->name = set_name(sources, &set->arena);
    if (!read_sources(&l, sources, e) || !collect_facts(&l, e) || !compile_policies(&l, e) || !hash_sources(&l, e))
        return NULL;
    loaded = set;
    set = NULL;
    return loaded;
}

void policy_set_free(struct policy_set *set)
{
    if (!set)
        return;
    arena_fini(&set->arena);
    free(set);
}

void policy_set_freep(struct policy_set **set)
{
    policy_set_free(*set);
}
