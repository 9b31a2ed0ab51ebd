/* SPDX-License-Identifier: Apache-2.0 */
/* FipsFacts documents: refused at a place, or sets that are found by name and
 * hold each value once. */
#include "facts/facts.h"
#include "fuzz/fuzz.h"

enum { MEMORY = 32 << 20, ROWS_MAX = 64 };

static void check_set(const struct facts *f, const struct fact_set *set)
{
    FUZZ_CHECK(facts_find(f, set->name) == set, "`%.*s` is not found by its name", SV_ARG(set->name));
    for (size_t i = 0; i < set->count && i < ROWS_MAX; i++) {
        const struct fact *row = &set->rows[i];

        FUZZ_CHECK(row->verdict <= FACT_STRICT && row->sure <= SURE_A, "a row without a verdict");
        FUZZ_CHECK(row->value.n > 0 && row->source.n > 0 && row->as_of.year > 0, "a row without value or source");
        for (size_t k = 0; k < i; k++)
            FUZZ_CHECK(!sv_eq(row->value, set->rows[k].value), "`%.*s` twice", SV_ARG(row->value));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(MEMORY);
    struct yaml_doc *docs = NULL;
    struct err e = { .code = ERR_NONE };
    struct facts *f = facts_new(&a);

    FUZZ_CHECK(f, "no facts");
    if (!yaml_read(SV("facts.yaml"), fuzz_input(data, size), &a, &docs, &e)) {
        fuzz_check_place(&e, "facts.yaml", &a);
        return 0;
    }
    for (const struct yaml_doc *doc = docs; doc; doc = doc->next) {
        size_t before = facts_count(f);

        if (!facts_add(f, doc, (int)(doc->index & 1), &a, &e)) {
            fuzz_check_place(&e, "facts.yaml", &a);
            break;
        }
        FUZZ_CHECK(facts_count(f) <= before + 1, "more than one set of one document");
    }
    for (size_t i = 0; i < facts_count(f); i++)
        check_set(f, facts_at(f, i));
    return 0;
}
