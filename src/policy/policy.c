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
#include "policy/exempt.h"

enum {
    SET_MAX_MEMORY = 256 << 20,
    FILE_MAX = 4 << 20,
    ORIGIN_SHIPPED = 0,
    ORIGIN_OPERATOR = 1,
};

static const char builtin_prefix[] = "builtin:";
const char *const policy_max_modes[] = {
    [MAX_MODE_ENFORCE] = "enforce", [MAX_MODE_WARN] = "warn", [MAX_MODE_AUDIT] = "audit", NULL
};
static const enum mode most[] = {
    [MAX_MODE_ENFORCE] = MODE_ENFORCE, [MAX_MODE_WARN] = MODE_WARN, [MAX_MODE_AUDIT] = MODE_AUDIT
};
static const char *const suffixes[] = { ".yaml", ".yml", ".json" };

/* One text that was read, with its documents. */
struct source {
    struct sv path, text;
    struct yaml_doc *docs;
    int origin;
    bool facts_only; /* given with --facts */
    struct source *next;
};

enum document { DOCUMENT_POLICY, DOCUMENT_EXCEPTION, DOCUMENT_FACTS, DOCUMENT_COUNT };
static const struct sv document_kinds[DOCUMENT_COUNT] = {
    [DOCUMENT_POLICY] = SV_INIT("FipsPolicy"),
    [DOCUMENT_EXCEPTION] = SV_INIT("FipsException"),
    [DOCUMENT_FACTS] = SV_INIT("FipsFacts"),
};

struct loader {
    struct policy_set *set;
    struct source *first, **last;
    size_t source_count, counts[DOCUMENT_COUNT];
    struct policy *policies; /* of the set, while it is being filled */
    struct exception *exceptions;
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

static enum document document_of(const struct yaml_doc *doc)
{
    struct sv kind = value_string(value_get(doc->root, SV("kind")));
    size_t i = 0;

    while (i < DOCUMENT_COUNT && !sv_eq(kind, document_kinds[i]))
        i++;
    return (enum document)i;
}

/* What a document is, and whether it may stand where it does. */
static bool check_document(struct loader *l, const struct source *s, const struct yaml_doc *doc, struct err *e)
{
    struct pointer root = POINTER_ROOT;
    struct pointer version_at = pointer_key(&root, SV("apiVersion")), kind_at = pointer_key(&root, SV("kind"));
    struct sv version = value_string(value_get(doc->root, SV("apiVersion")));
    struct sv kind = value_string(value_get(doc->root, SV("kind")));
    enum document document = document_of(doc);

    if (!value_is(doc->root, VALUE_OBJECT))
        return record_error(doc, &root, e, "a policy document is a mapping, not %s",
                            value_type_name(value_type(doc->root)));
    if (!sv_eq(version, SV(FIPSGATE_API_VERSION)))
        return record_error(doc, &version_at, e, "apiVersion is `%.*s`, wanted `" FIPSGATE_API_VERSION "`",
                            SV_ARG(version));
    if (document == DOCUMENT_COUNT) {
        struct sv hint = record_hint(kind, document_kinds, DOCUMENT_COUNT, &l->set->arena);
        return record_error(doc, &kind_at, e, "unknown kind `%.*s`%.*s", SV_ARG(kind), SV_ARG(hint));
    }
    if (document != DOCUMENT_FACTS && s->facts_only)
        return record_error(doc, &kind_at, e, "a %.*s is given with --policies, not with --facts", SV_ARG(kind));
    l->counts[document]++;
    return true;
}

static bool check_documents(struct loader *l, struct err *e)
{
    for (const struct source *s = l->first; s; s = s->next)
        for (const struct yaml_doc *doc = s->docs; doc; doc = doc->next)
            if (!check_document(l, s, doc, e))
                return false;
    return true;
}

/* Calls `take` with every document of one kind, in the order they were read. */
typedef bool take_document(struct loader *l, const struct source *s, const struct yaml_doc *doc, struct err *e);

static bool each_document(struct loader *l, enum document kind, take_document *take, struct err *e)
{
    for (const struct source *s = l->first; s; s = s->next)
        for (const struct yaml_doc *doc = s->docs; doc; doc = doc->next)
            if (document_of(doc) == kind && !take(l, s, doc, e))
                return false;
    return true;
}

static bool take_facts(struct loader *l, const struct source *s, const struct yaml_doc *doc, struct err *e)
{
    return facts_add(l->set->facts, doc, s->origin, &l->set->arena, e);
}

static bool defined_twice(const struct yaml_doc *doc, struct sv name, struct sv file, struct err *e)
{
    struct pointer root = POINTER_ROOT;
    struct pointer at = pointer_text(&root, SV("/metadata/name"));
    struct sv kind = value_string(value_get(doc->root, SV("kind")));

    return record_error(doc, &at, e, "%.*s `%.*s` is already defined in %.*s", SV_ARG(kind), SV_ARG(name),
                        SV_ARG(file));
}

/* Keeps the list sorted by name, so that no answer depends on file order. */
static bool take_policy(struct loader *l, const struct source *s UNUSED, const struct yaml_doc *doc, struct err *e)
{
    struct policy_set *set = l->set;
    struct policy *list = l->policies;
    size_t at = set->policy_count;
    struct policy p;

    if (!compile_policy(set, doc, &p, e))
        return false;
    while (at > 0 && sv_cmp(list[at - 1].name, p.name) > 0)
        at--;
    if (at > 0 && sv_eq(list[at - 1].name, p.name))
        return defined_twice(doc, p.name, list[at - 1].file, e);
    memmove(&list[at + 1], &list[at], (set->policy_count - at) * sizeof(*list));
    list[at] = p;
    set->policy_count++;
    set->rule_count += p.rule_count;
    return true;
}

static bool take_exception(struct loader *l, const struct source *s UNUSED, const struct yaml_doc *doc, struct err *e)
{
    struct policy_set *set = l->set;
    struct exception *x = &l->exceptions[set->exception_count];

    if (!exempt_compile(set, doc, x, e) || !exempt_resolve(set, x, e))
        return false;
    for (size_t i = 0; i < set->exception_count; i++)
        if (sv_eq(l->exceptions[i].name, x->name))
            return defined_twice(doc, x->name, l->exceptions[i].file, e);
    set->exception_count++;
    return true;
}

static bool compile_sources(struct loader *l, struct err *e)
{
    struct policy_set *set = l->set;

    set->facts = facts_new(&set->arena);
    set->policies = l->policies = arena_array(&set->arena, l->counts[DOCUMENT_POLICY] + 1, struct policy);
    set->exceptions = l->exceptions = arena_array(&set->arena, l->counts[DOCUMENT_EXCEPTION] + 1, struct exception);
    if (!set->facts || !set->policies || !set->exceptions)
        return err_nomem(e);
    if (!each_document(l, DOCUMENT_FACTS, take_facts, e) || !each_document(l, DOCUMENT_POLICY, take_policy, e) ||
        !each_document(l, DOCUMENT_EXCEPTION, take_exception, e))
        return false;
    return set->policy_count ? true : err_set(e, ERR_INPUT, "no FipsPolicy in `%.*s`", SV_ARG(set->name));
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
    set->max_mode = most[sources->max_mode];
    if (!read_sources(&l, sources, e) || !check_documents(&l, e) || !compile_sources(&l, e) || !hash_sources(&l, e))
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
