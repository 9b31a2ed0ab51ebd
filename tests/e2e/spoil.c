/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded into the server (LD_PRELOAD): when the file $SPOIL_WHEN appears, the
 * FIPS module runs its self test again and one answer of it is spoilt, as the
 * validation of a module does it. What follows is the module's own error state;
 * the server knows nothing of this. */
#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <openssl/self_test.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

static int spoil(const OSSL_PARAM params[], void *arg)
{
    const OSSL_PARAM *phase = OSSL_PARAM_locate_const(params, OSSL_PROV_PARAM_SELF_TEST_PHASE);

    (void)arg;
    return !phase || strcmp(phase->data, OSSL_SELF_TEST_PHASE_CORRUPT) != 0;
}

static int test_fips(OSSL_PROVIDER *provider, void *arg)
{
    (void)arg;
    if (strcmp(OSSL_PROVIDER_get0_name(provider), "fips") == 0)
        OSSL_PROVIDER_self_test(provider);
    return 1;
}

static void *wait_and_spoil(void *path)
{
    const struct timespec moment = { 0, 10000000 };

    while (access(path, F_OK) < 0)
        nanosleep(&moment, NULL);
    OSSL_SELF_TEST_set_callback(NULL, spoil, NULL);
    OSSL_PROVIDER_do_all(NULL, test_fips, NULL);
    return NULL;
}

/* Signals are the server's: a thread that takes one it has blocked would hide it. */
__attribute__((constructor)) static void start(void)
{
    char *path = getenv("SPOIL_WHEN");
    sigset_t all, before;
    pthread_t thread;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (path && pthread_create(&thread, NULL, wait_and_spoil, path) == 0)
        pthread_detach(thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}
