/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FipsException documents: refused at a place, or exceptions that lift findings
 * only where the document says so, and never add one.
 */
#include "fuzz/judge.h"
#include "fuzz/sets.h"
#include "policy/exempt.h"

enum { MEMORY = 32 << 20, EXCEPTIONS_MAX = 16 };

static bool names(const struct json *list, struct sv name)
{
    for (struct value_iter it = value_iter(list); value_next(&it);)
        if (sv_eq(value_string(it.value), name))
            return true;
    return false;
}

static bool names_rule(const struct json *policies, const struct judgement *j)
{
    for (struct value_iter it = value_iter(policies); value_next(&it);) {
        const struct json *rules = value_get(it.value, SV("rules"));

        if (sv_eq(value_string(value_get(it.value, SV("name"))), j->policy) &&
            (value_is_nothing(rules) || names(rules, j->rule_name)))
            return true;
    }
    return false;
}

/* Read again from the document, without what exempt.c made of it. */
static void check_scope(const struct judgement *j, const struct request *r, const struct date today)
{
    const struct json *spec = value_get(j->exception->doc->root, SV("spec"));
    const struct json *match = value_get(spec, SV("match"));
    struct date expires = { 0, 0, 0 };

    FUZZ_CHECK(names_rule(value_get(spec, SV("policies")), j), "it does not name %.*s", SV_ARG(j->rule_name));
    FUZZ_CHECK(r->namespace.p ? names(value_get(match, SV("namespaces")), r->namespace)
                              : value_is_true(value_get(match, SV("clusterScoped"))),
               "it does not name the namespace %.*s", SV_ARG(r->namespace));
    FUZZ_CHECK(value_size(value_get(match, SV("names"))) + value_size(value_get(match, SV("images"))) > 0,
               "it names neither names nor images");
    FUZZ_CHECK(date_parse(value_string(value_get(spec, SV("expires"))), &expires) &&
                   date_days(expires) >= date_days(today) && date_days(expires) - date_days(today) <= EXEMPT_MAX_DAYS,
               "its day is past, or too far");
    FUZZ_CHECK(value_string(value_get(spec, SV("reason"))).n > 0 && value_string(value_get(spec, SV("owner"))).n > 0,
               "nobody answers for it");
}

static void check_verdicts(const struct policy_set *set, struct sv body)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(MEMORY);
    const struct basis without = sets_basis(sets_sample()), with = sets_basis(set);
    struct judge_answer before, after;

    judge_ask(&before, &without, STAGE_VALIDATE, body, &a);
    judge_ask(&after, &with, STAGE_VALIDATE, body, &a);
    FUZZ_CHECK(after.record.verdict.denied <= before.record.verdict.denied, "an exception denies");
    for (size_t i = 0; i < after.record.verdict.judgement_count; i++) {
        const struct judgement *j = &after.record.verdict.judgements[i];

        FUZZ_CHECK(j->result != RESULT_EXCEPTED || j->exception, "excepted by nobody");
        if (j->result == RESULT_EXCEPTED)
            check_scope(j, &after.record.request, with.today);
    }
}

static void compile_all(struct policy_set *set, const struct yaml_doc *docs)
{
    static struct exception exceptions[EXCEPTIONS_MAX];
    struct err e = { .code = ERR_NONE };

    set->exceptions = exceptions;
    for (; docs && set->exception_count < EXCEPTIONS_MAX; docs = docs->next) {
        struct exception *x = &exceptions[set->exception_count];

        if (!exempt_compile(set, docs, x, &e) || !exempt_resolve(set, x, &e)) {
            fuzz_check_place(&e, "exception.yaml", &set->arena);
            return;
        }
        set->exception_count++;
    }
    for (size_t i = 0; set->exception_count > 0 && i < sets_review_count(); i++)
        check_verdicts(set, sets_review(i));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct policy_set set = *sets_sample();
    struct yaml_doc *docs = NULL;
    struct err e = { .code = ERR_NONE };

    set.arena = (struct arena)ARENA_INIT(MEMORY);
    if (yaml_read(SV("exception.yaml"), fuzz_input(data, size), &set.arena, &docs, &e))
        compile_all(&set, docs);
    else
        fuzz_check_place(&e, "exception.yaml", &set.arena);
    arena_fini(&set.arena);
    return 0;
}
