/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a case directory, file by file. */
#include "cli/case.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/manifest.h"
#include "json/doc.h"
#include <limits.h>

enum { FILE_MAX = 64 << 20, SOURCES_MAX = 16 };

/* The namespaces that `serve` never locks out by default. */
static const struct sv never_deny[] = { SV_INIT("kube-system"), SV_INIT("kube-node-lease") };

struct sources {
    const char *items[SOURCES_MAX + 1]; /* and the case's own */
    size_t count;
};

static const char *path_in(const char *dir, struct sv name, struct arena *a)
{
    return arena_printf(a, "%s/%.*s%c", dir, (int)name.n, name.p, '\0').p;
}

static bool has_file(const char *dir, const char *name, struct arena *a)
{
    return file_type(path_in(dir, sv_from(name), a)) == FILE_PLAIN;
}

static bool read_in(const char *dir, const char *name, struct arena *a, struct sv *out, struct err *e)
{
    return file_read(path_in(dir, sv_from(name), a), FILE_MAX, a, out, e);
}

/* The lines of a file, without line ends and empty ones. */
static bool read_lines(const char *dir, const char *name, struct arena *a, struct sources *out, struct err *e)
{
    struct sv text, line;

    if (!read_in(dir, name, a, &text, e))
        return false;
    while (text.p) {
        line = sv_trim(sv_cut(&text, '\n'));
        if (line.n == 0)
            continue;
        if (out->count == SOURCES_MAX)
            return err_set(e, ERR_LIMIT, "%s/%s: more than %d lines", dir, name, SOURCES_MAX);
        out->items[out->count++] = sv_starts_with(line, SV("builtin:")) ? arena_cstr(a, line) : path_in(dir, line, a);
    }
    return true;
}

/* `list` is a file of sources, `own` the case's own document; either or both. */
static bool read_sources(const char *dir, const char *list, const char *own, struct arena *a, struct sources *out,
                         struct err *e)
{
    if (has_file(dir, list, a) && !read_lines(dir, list, a, out, e))
        return false;
    if (has_file(dir, own, a))
        out->items[out->count++] = path_in(dir, sv_from(own), a);
    return true;
}

/* <set>/cases/<what>/: asked of the file system, because `.` is a path, too. */
static bool stands_in_a_set(const char *dir, struct arena *a)
{
    char parent[PATH_MAX];

    return realpath(path_in(dir, SV(".."), a), parent) && sv_ends_with(sv_from(parent), SV("/cases"));
}

static void default_to_set(const char *dir, struct arena *a, struct sources *policies, struct sources *facts)
{
    static const char *const sites[] = { "../site.yaml", "../../../sample-site.yaml" };

    policies->items[policies->count++] = path_in(dir, SV("../.."), a);
    for (size_t i = 0; i < ARRAY_LEN(sites) && facts->count == 0; i++)
        if (has_file(dir, sites[i], a))
            facts->items[facts->count++] = path_in(dir, sv_from(sites[i]), a);
}

/* The first line of a file, if there is such a file. */
static bool read_word(const char *dir, const char *name, struct arena *a, struct sv *out, struct err *e)
{
    struct sv text;

    if (!has_file(dir, name, a))
        return true;
    if (!read_in(dir, name, a, &text, e))
        return false;
    *out = sv_trim(sv_cut(&text, '\n'));
    return (out->n > 0 && text_is_utf8(*out)) || err_set(e, ERR_INPUT, "%s: one line of text is wanted", name);
}

/* As --max-mode of `serve` and `check`. */
static bool read_max_mode(const char *dir, struct arena *a, enum max_mode *out, struct err *e)
{
    struct sv word = sv_from(policy_max_modes[*out]);

    if (!read_word(dir, "max-mode", a, &word, e))
        return false;
    for (int i = 0; policy_max_modes[i]; i++) {
        *out = (enum max_mode)i;
        if (sv_eq(word, sv_from(policy_max_modes[i])))
            return true;
    }
    return err_set(e, ERR_INPUT, "max-mode: `%.*s` is not enforce, warn or audit", SV_ARG(word));
}

static bool load_policies(struct test_case *c, struct arena *a, struct err *e)
{
    struct sources policies = { .count = 0 }, facts = { .count = 0 };
    enum max_mode max_mode = MAX_MODE_ENFORCE;

    if (!read_sources(c->dir, "policies", "policy.yaml", a, &policies, e) ||
        !read_sources(c->dir, "facts", "facts.yaml", a, &facts, e) || !read_max_mode(c->dir, a, &max_mode, e))
        return false;
    if (policies.count == 0 && stands_in_a_set(c->dir, a))
        default_to_set(c->dir, a, &policies, &facts);
    if (policies.count == 0)
        return err_set(e, ERR_INPUT, "neither policy.yaml nor `policies`, and not the case of a policy set");
    c->set = policy_set_load(&(struct policy_sources){ .policies = policies.items,
                                                       .policy_count = policies.count,
                                                       .facts = facts.items,
                                                       .fact_count = facts.count,
                                                       .max_mode = max_mode },
                             e);
    c->basis.policies = c->set;
    return c->set != NULL;
}

static bool load_today(struct test_case *c, struct arena *a, struct err *e)
{
    struct sv text, day;

    if (!read_in(c->dir, "today", a, &text, e))
        return false;
    day = sv_cut(&text, '\n');
    return date_parse(day, &c->basis.today) || err_set(e, ERR_INPUT, "today: `%.*s` is no date", SV_ARG(day));
}

static bool read_document(const char *dir, const char *name, struct arena *a, struct yaml_doc **out, struct err *e)
{
    struct sv text, path = sv_from(path_in(dir, sv_from(name), a));

    if (!read_in(dir, name, a, &text, e) || !yaml_read(path, text, a, out, e))
        return false;
    if (!*out || (*out)->next)
        return err_set(e, ERR_INPUT, "%.*s: one document is wanted, there %s", SV_ARG(path),
                       *out ? "are more" : "is none");
    return true;
}

static bool load_manifest(struct test_case *c, struct arena *a, struct err *e)
{
    struct manifest_context context = { .operation = OP_CREATE };
    struct sv operation = SV("CREATE");
    struct yaml_doc *doc, *old = NULL;

    if (!read_document(c->dir, "manifest.yaml", a, &doc, e) || !read_word(c->dir, "operation", a, &operation, e) ||
        !read_word(c->dir, "user", a, &context.user, e) || !read_word(c->dir, "namespace", a, &context.namespace, e))
        return false;
    if (has_file(c->dir, "old.yaml", a) && !read_document(c->dir, "old.yaml", a, &old, e))
        return false;
    if (!request_operation_parse(operation, &context.operation) || context.operation == OP_CONNECT)
        return err_set(e, ERR_INPUT, "operation: `%.*s` is not CREATE, UPDATE or DELETE", SV_ARG(operation));
    if (old && context.operation != OP_UPDATE)
        return err_set(e, ERR_INPUT, "old.yaml goes with operation UPDATE only");
    context.old = old;
    return manifest_review(doc, &context, a, &c->body, e);
}

static bool load_body(struct test_case *c, struct arena *a, struct err *e)
{
    struct sv shared;

    if (has_file(c->dir, "manifest.yaml", a))
        return load_manifest(c, a, e);
    if (!has_file(c->dir, "review", a))
        return read_in(c->dir, "review.json", a, &c->body, e);
    return read_in(c->dir, "review", a, &shared, e) &&
           file_read(path_in(c->dir, sv_cut(&shared, '\n'), a), FILE_MAX, a, &c->body, e);
}

static bool load_review(struct test_case *c, struct arena *a, struct err *e)
{
    struct err not_json = { .code = ERR_NONE };

    if (!load_body(c, a, e))
        return false;
    c->review = doc_parse(c->body, a, &not_json);
    return true;
}

static bool load_want(struct test_case *c, struct arena *a, struct err *e)
{
    struct sv text;

    if (!has_file(c->dir, "want.json", a))
        return true;
    if (!read_in(c->dir, "want.json", a, &text, e))
        return false;
    c->want = doc_parse(text, a, e);
    return c->want || err_wrap(e, "want.json");
}

bool case_load(struct test_case *c, const char *dir, struct arena *a, struct err *e)
{
    *c = (struct test_case){ .dir = dir, .basis.never_deny = { never_deny, ARRAY_LEN(never_deny) } };
    return load_review(c, a, e) && load_today(c, a, e) && load_want(c, a, e) && load_policies(c, a, e);
}

void case_free(struct test_case *c)
{
    policy_set_free(c->set);
}
