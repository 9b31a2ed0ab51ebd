/* SPDX-License-Identifier: Apache-2.0 */
/* Loaded at first use and never freed: a fuzzer begins once. */
#include "fuzz/sets.h"
#include "base/file.h"
#include "fuzz/fuzz.h"

enum { REVIEW_MAX = 1 << 20 };

static const char *const review_files[] = {
    SOURCE_DIR "/tests/fixtures/pod-mixed-images-create.json",
    SOURCE_DIR "/tests/fixtures/deployment-api-update.json",
    SOURCE_DIR "/tests/fixtures/service-public-create.json",
    SOURCE_DIR "/tests/fixtures/ingress-edge-create.json",
    SOURCE_DIR "/tests/fixtures/persistentvolumeclaim-default-class-create.json",
    SOURCE_DIR "/tests/fixtures/storageclass-gp2-create.json",
};
static struct sv reviews[ARRAY_LEN(review_files)];

const struct policy_set *sets_sample(void)
{
    static const char *const policies[] = { "builtin:aws-govcloud" };
    static const char *const facts[] = { SOURCE_DIR "/policies/sample-site.yaml" };
    static const struct policy_sources sources = {
        .policies = policies, .policy_count = 1, .facts = facts, .fact_count = 1
    };
    static struct policy_set *set;
    struct err e = { .code = ERR_NONE };

    if (!set)
        set = policy_set_load(&sources, &e);
    FUZZ_CHECK(set, "%s", e.msg);
    return set;
}

struct basis sets_basis(const struct policy_set *set)
{
    return (struct basis){ .policies = set, .today = { 2026, 11, 22 } };
}

size_t sets_review_count(void)
{
    return ARRAY_LEN(reviews);
}

struct sv sets_review(size_t index)
{
    static struct arena kept = ARENA_INIT(REVIEW_MAX * 2);
    struct err e = { .code = ERR_NONE };

    if (!reviews[index].p)
        FUZZ_CHECK(file_read(review_files[index], REVIEW_MAX, &kept, &reviews[index], &e), "%s", e.msg);
    return reviews[index];
}
