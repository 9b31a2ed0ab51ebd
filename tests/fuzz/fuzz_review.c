/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an AdmissionReview, judged at every stage by the set
 * aws-govcloud with the facts of the sample site. */
#include "fuzz/judge.h"
#include "fuzz/sets.h"

enum { MEMORY = 1 << 30 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(MEMORY);
    const struct basis basis = sets_basis(sets_sample());

    judge_shipped(&basis, fuzz_input(data, size), &a);
    return 0;
}
