/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Policy documents: refused at a place, or a set that judges reviews of every
 * family of kinds without losing its head.
 */
#include "fuzz/judge.h"
#include "fuzz/sets.h"
#include "policy/compile.h"

enum { MEMORY = 64 << 20, POLICIES_MAX = 16 };

static void judge_all(const struct policy_set *set)
{
    const struct basis basis = sets_basis(set);

    for (size_t i = 0; i < sets_review_count(); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(MEMORY);

        judge_review(&basis, sets_review(i), &a);
    }
}

static void compile_all(struct policy_set *set, const struct yaml_doc *docs)
{
    static struct policy policies[POLICIES_MAX];
    struct err e = { .code = ERR_NONE };

    for (; docs && set->policy_count < POLICIES_MAX; docs = docs->next) {
        struct policy *p = &policies[set->policy_count];

        if (!compile_policy(set, docs, p, &e)) {
            fuzz_check_place(&e, "policy.yaml", &set->arena);
            return;
        }
        FUZZ_CHECK(p->rule_count > 0 && p->families != 0 && p->name.n > 0, "a policy without rules or name");
        set->policy_count++;
    }
    set->policies = policies;
    if (set->policy_count > 0)
        judge_all(set);
}

static void set_fini(struct policy_set *set)
{
    arena_fini(&set->arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(set_fini)
    struct policy_set set = { .arena = ARENA_INIT(MEMORY), .facts = sets_sample()->facts, .name = SV_INIT("fuzz") };
    struct yaml_doc *docs = NULL;
    struct err e = { .code = ERR_NONE };

    if (yaml_read(SV("policy.yaml"), fuzz_input(data, size), &set.arena, &docs, &e))
        compile_all(&set, docs);
    else
        fuzz_check_place(&e, "policy.yaml", &set.arena);
    return 0;
}
