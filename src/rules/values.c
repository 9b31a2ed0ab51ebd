/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resolves what a rule's option allows against the facts, once, and answers
 * what a row means at a level. Rules that match by pattern walk the rows
 * themselves.
 */
#include "rules/values.h"

const char *const values_outcomes[] = { "unknown", "pass", "warn", "violation", NULL };

static bool is_reference(struct sv text)
{
    return text.n > 1 && text.p[0] == '@';
}

static bool is_site(struct sv name)
{
    return sv_starts_with(name, SV("site-"));
}

static void record_missing(struct missing_sites *missing, struct sv name)
{
    for (size_t i = 0; i < missing->count; i++)
        if (sv_eq(missing->names[i], name))
            return;
    if (missing->count < ARRAY_LEN(missing->names))
        missing->names[missing->count++] = name;
}

static bool unknown_set(const struct rule_build *b, const struct pointer *at, struct sv name, struct err *e)
{
    size_t count = facts_count(b->facts);
    struct sv *names = arena_array(b->arena, count, struct sv);
    struct sv hint = { NULL, 0 };

    if (!names)
        return err_nomem(e);
    for (size_t i = 0; i < count; i++)
        names[i] = facts_at(b->facts, i)->name;
    hint = record_hint(name, names, count, b->arena);
    return record_error(b->doc, at, e, "no fact set is called `%.*s`%.*s", SV_ARG(name), SV_ARG(hint));
}

/* True with *set == NULL: a site set that nobody supplied. */
static bool find_set(const struct rule_build *b, const struct pointer *at, struct sv name, const struct fact_set **set,
                     struct err *e)
{
    *set = facts_find(b->facts, name);
    if (*set)
        return true;
    if (!is_site(name))
        return unknown_set(b, at, name, e);
    record_missing(b->missing, name);
    return true;
}

/* How many rows one item of the list stands for. */
static bool count_rows(const struct rule_build *b, const struct pointer *at, struct sv item, size_t *count,
                       struct err *e)
{
    const struct fact_set *set = NULL;

    if (item.n == 0 || sv_eq(item, SV("@")))
        return record_error(b->doc, at, e, "an empty %s", item.n ? "set name" : "value");
    *count = 1;
    if (!is_reference(item))
        return true;
    if (!find_set(b, at, sv_skip(item, 1), &set, e))
        return false;
    *count = set ? set->count : 0;
    return true;
}

/* The operator's own word counts as much as the best fact. */
static struct fact *literal(struct arena *a, struct sv value)
{
    struct fact *row = arena_new(a, struct fact);

    if (row)
        *row = (struct fact){ .value = value,
                              .verdict = FACT_STRICT,
                              .sure = SURE_A,
                              .source = SV("policy"),
                              .encryption = ENCRYPTION_ALWAYS };
    return row;
}

static bool add_rows(const struct rule_build *b, struct sv item, struct values *out, struct err *e)
{
    const struct fact_set *set;

    if (!is_reference(item)) {
        const struct fact *row = literal(b->arena, item);

        out->rows[out->count++] = row;
        return row || err_nomem(e);
    }
    set = facts_find(b->facts, sv_skip(item, 1));
    if (!set)
        out->is_incomplete = true;
    for (size_t i = 0; set && i < set->count; i++)
        out->rows[out->count++] = &set->rows[i];
    return true;
}

/* Of two rows with one value the better comes first, and is the one found. */
static int compare_rows(const void *left, const void *right)
{
    const struct fact *a = *(const struct fact *const *)left;
    const struct fact *b = *(const struct fact *const *)right;
    int order = sv_cmp(a->value, b->value);

    if (order == 0)
        order = (int)b->verdict - (int)a->verdict;
    if (order == 0)
        order = (int)b->sure - (int)a->sure;
    return order;
}

/* Lists are for a person, and a person reads a few. */
enum { A_FEW = 4 };

static void add_name(struct buf *text, size_t nth, struct sv name)
{
    if (nth < A_FEW)
        buf_printf(text, "%s%.*s", nth ? ", " : "", SV_ARG(name));
}

static bool describe(const struct rule_build *b, const struct strings *list, struct values *out, struct err *e)
{
    struct buf wanted = BUF_IN(b->arena), missing = BUF_IN(b->arena);
    size_t missing_count = 0;

    for (size_t i = 0; i < list->count; i++) {
        const struct sv item = list->items[i];

        add_name(&wanted, i, item);
        if (is_reference(item) && !facts_find(b->facts, sv_skip(item, 1)))
            add_name(&missing, missing_count++, sv_skip(item, 1));
    }
    if (list->count > A_FEW)
        buf_printf(&wanted, " and %zu more", list->count - A_FEW);
    out->wanted = buf_sv(&wanted);
    out->missing = buf_sv(&missing);
    return (buf_ok(&wanted) && buf_ok(&missing)) || err_nomem(e);
}

bool values_compile(const struct rule_build *b, const struct pointer *at, const struct strings *list,
                    struct values *out, struct err *e)
{
    size_t total = 0;

    *out = (struct values){ 0 };
    for (size_t i = 0; i < list->count; i++) {
        const struct pointer item_at = pointer_index(at, i);
        size_t count = 0;

        if (!count_rows(b, &item_at, list->items[i], &count, e))
            return false;
        total += count;
    }
    out->rows = arena_array(b->arena, total, const struct fact *);
    if (!out->rows)
        return err_nomem(e);
    for (size_t i = 0; i < list->count; i++)
        if (!add_rows(b, list->items[i], out, e))
            return false;
    if (out->count)
        qsort(out->rows, out->count, sizeof(*out->rows), compare_rows);
    return describe(b, list, out, e);
}

const struct fact *values_find(const struct values *v, struct sv value)
{
    size_t low = 0, high = v->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (sv_cmp(v->rows[middle]->value, value) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < v->count && sv_eq(v->rows[low]->value, value) ? v->rows[low] : NULL;
}

enum opinion values_opinion(const struct fact *row, enum level level)
{
    enum fact_verdict needed = level == LEVEL_STRICT ? FACT_STRICT : FACT_ALLOW;

    if (!row)
        return OPINION_DENY;
    if (row->verdict >= needed)
        return OPINION_PASS;
    return row->verdict == FACT_WARN || row->sure == SURE_C ? OPINION_WARN : OPINION_DENY;
}

struct finding *values_outcome(struct findings *out, enum outcome outcome, const struct pointer *at, struct sv subject)
{
    struct finding *f;

    if (outcome == OUTCOME_PASS) {
        findings_pass(out, at, subject);
        return NULL;
    }
    f = findings_add(out, outcome == OUTCOME_UNKNOWN ? FINDING_UNKNOWN : FINDING_VIOLATION, at);
    f->warn_only = outcome == OUTCOME_WARN;
    f->subject = subject;
    return f;
}

bool values_single(const struct rule_build *b, const struct pointer *at, struct sv text, struct sv *out, struct err *e)
{
    const struct fact_set *set = NULL;
    struct sv name = sv_skip(text, 1);

    *out = (struct sv){ NULL, 0 };
    if (text.n == 0)
        return record_error(b->doc, at, e, "an empty value");
    if (text.p[0] != '@') {
        *out = text;
        return true;
    }
    if (!find_set(b, at, name, &set, e))
        return false;
    if (!is_site(name))
        return record_error(b->doc, at, e, "one value is wanted: only a site set (`@site-...`) can give it");
    for (size_t i = 0; set && !out->p && i < set->count; i++)
        if (set->rows[i].verdict >= FACT_ALLOW)
            *out = set->rows[i].value;
    if (!out->p)
        record_missing(b->missing, name);
    return true;
}
