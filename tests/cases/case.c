/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a case directory. Paths in `review` are relative to the directory,
 * those in `policies` and `facts` to the source tree. */
#include "cases/case.h"
#include "base/file.h"
#include "json/doc.h"

enum { FILE_MAX = 64 << 20, SOURCES_MAX = 16 };

/* The namespaces that `serve` never locks out by default. */
static const struct sv never_deny[] = { SV_INIT("kube-system"), SV_INIT("kube-node-lease") };

struct sources {
    const char *items[SOURCES_MAX];
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
        out->items[out->count++] =
            sv_starts_with(line, SV("builtin:")) ? arena_cstr(a, line) : path_in(SOURCE_DIR, line, a);
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

static bool load_policies(struct test_case *c, struct arena *a, struct err *e)
{
    struct sources policies = { .count = 0 }, facts = { .count = 0 };

    if (!read_sources(c->dir, "policies", "policy.yaml", a, &policies, e) ||
        !read_sources(c->dir, "facts", "facts.yaml", a, &facts, e))
        return false;
    if (policies.count == 0)
        return err_set(e, ERR_INPUT, "neither policy.yaml nor `policies`");
    c->set = policy_set_load(&(struct policy_sources){ .policies = policies.items,
                                                       .policy_count = policies.count,
                                                       .facts = facts.items,
                                                       .fact_count = facts.count },
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

static bool load_review(struct test_case *c, struct arena *a, struct err *e)
{
    struct sv shared;
    struct err not_json = { .code = ERR_NONE };

    if (!has_file(c->dir, "review", a)) {
        if (!read_in(c->dir, "review.json", a, &c->body, e))
            return false;
    } else if (!read_in(c->dir, "review", a, &shared, e) ||
               !file_read(path_in(c->dir, sv_cut(&shared, '\n'), a), FILE_MAX, a, &c->body, e)) {
        return false;
    }
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
