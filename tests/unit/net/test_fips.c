/* SPDX-License-Identifier: Apache-2.0 */
/* A module that fails a test of its own is noticed. Here it is made to fail one
 * as its validation does: the callback of a self test spoils an answer. What it
 * refuses to start with is tests/e2e/tls.sh's. */
#include "net/fips.h"

#include "support/check.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <openssl/self_test.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[] = "/tmp/fipsgate-fips-XXXXXX";
static char conf[sizeof(dir) + 16];
static struct fips_status status;

static bool run(char *const argv[])
{
    int ended = -1;
    pid_t pid;

    return posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) == 0 && waitpid(pid, &ended, 0) == pid && ended == 0;
}

static int set_up(void **state)
{
    char script[] = SOURCE_DIR "/deploy/fips-config.sh";
    char *const argv[] = { script, dir, NULL };

    (void)state;
    if (!mkdtemp(dir) || !run(argv))
        return -1;
    snprintf(conf, sizeof(conf), "%s/openssl.cnf", dir);
    return 0;
}

static int tear_down(void **state)
{
    char program[] = "rm", flag[] = "-r";
    char *const argv[] = { program, flag, dir, NULL };

    (void)state;
    return run(argv) ? 0 : -1;
}

/* Returning 0 in this phase spoils the answer that is about to be compared. */
static int spoil(const OSSL_PARAM params[], void *arg)
{
    const OSSL_PARAM *phase = OSSL_PARAM_locate_const(params, OSSL_PROV_PARAM_SELF_TEST_PHASE);

    (void)arg;
    return !phase || strcmp(phase->data, OSSL_SELF_TEST_PHASE_CORRUPT) != 0;
}

static void nothing_is_said_of_a_provider_that_was_never_asked_for(void **state)
{
    const struct fips_status none = { 0 };

    (void)state;
    assert_true(fips_is_running(&none));
}

static void a_proved_provider_runs(void **state)
{
    struct err e = { 0 };

    (void)state;
    if (!fips_require(conf, &status, &e))
        fail_msg("%s", e.msg);
    assert_true(status.is_active);
    assert_string_equal(status.self_test, "passed");
    assert_true(*status.name && *status.version && *status.build);
    for (int i = 0; i < 3; i++)
        assert_true(fips_is_running(&status));
    assert_int_equal(ERR_peek_error(), 0);
}

static void one_that_fails_a_test_of_its_own_does_not(void **state)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_MD *sha = EVP_MD_fetch(NULL, "SHA2-256", NULL);

    (void)state;
    assert_int_equal(EVP_DigestInit_ex2(ctx, sha, NULL), 1);
    OSSL_SELF_TEST_set_callback(NULL, spoil, NULL);
    assert_int_equal(OSSL_PROVIDER_self_test(status.provider), 0);
    OSSL_SELF_TEST_set_callback(NULL, NULL, NULL);
    ERR_clear_error();
    for (int i = 0; i < 3; i++)
        assert_false(fips_is_running(&status));
    assert_int_equal(ERR_peek_error(), 0);
    /* It is as dead as it says. */
    assert_int_equal(EVP_DigestInit_ex2(ctx, sha, NULL), 0);
    EVP_MD_free(sha);
    EVP_MD_CTX_free(ctx);
    ERR_clear_error();
}

static void it_never_recovers(void **state)
{
    (void)state;
    assert_int_equal(OSSL_PROVIDER_self_test(status.provider), 0);
    ERR_clear_error();
    assert_false(fips_is_running(&status));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_said_of_a_provider_that_was_never_asked_for),
        cmocka_unit_test(a_proved_provider_runs),
        cmocka_unit_test(one_that_fails_a_test_of_its_own_does_not),
        cmocka_unit_test(it_never_recovers),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
