/* SPDX-License-Identifier: Apache-2.0 */
/* Policy sets from text, by way of a real file. */
#include "support/policies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <unistd.h>

static void cut_directory(struct err *e, const char *dir)
{
    size_t n = strlen(dir) + 1;

    for (char *at = strstr(e->msg, dir); at; at = strstr(at, dir))
        memmove(at, at + n, strlen(at + n) + 1);
}

struct policy_set *policies_load(const char *yaml, struct err *e)
{
    char dir[] = "/tmp/fipsgate-test-XXXXXX";
    char path[sizeof(dir) + 16];
    const char *paths[] = { path };
    struct policy_sources sources = { .policies = paths, .policy_count = 1 };
    struct policy_set *set = NULL;
    FILE *f = NULL;

    assert_non_null(mkdtemp(dir));
    assert_true(snprintf(path, sizeof(path), "%s/policy.yaml", dir) > 0);
    f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(yaml, f) >= 0);
    assert_int_equal(fclose(f), 0);
    set = policy_set_load(&sources, e);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(dir), 0);
    if (!set)
        cut_directory(e, dir);
    return set;
}

struct policy_set *policies_from(const char *yaml)
{
    struct err e = { .code = ERR_NONE };
    struct policy_set *set = policies_load(yaml, &e);

    if (!set)
        fail_msg("%s", e.msg);
    return set;
}
