/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Load, look, test, prove. `fips=yes` alone proves nothing: it only steers
 * look-ups. So nothing but the two providers may be there, and look-ups of
 * what is not approved must come back empty.
 */
#include "net/fips.h"
#include "base/attr.h"
#include "base/file.h"
#include "net/openssl_error.h"
#include <openssl/conf.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/provider.h>

#define REMEDY "write a configuration with deploy/fips-config.sh DIR and pass --openssl-conf DIR/openssl.cnf"

/* What OSSL_PROVIDER_do_all() found. */
struct census_of_providers {
    OSSL_PROVIDER *fips;
    bool has_base;
    const char *stranger;
};

static int look_at(OSSL_PROVIDER *provider, void *arg)
{
    struct census_of_providers *seen = arg;
    const char *name = OSSL_PROVIDER_get0_name(provider);

    if (strcmp(name, "fips") == 0)
        seen->fips = provider;
    else if (strcmp(name, "base") == 0)
        seen->has_base = true;
    else
        seen->stranger = name;
    return 1;
}

/* Without this OpenSSL would read whatever OPENSSL_CONF or the system's
 * openssl.cnf say, on its first use. */
static bool prevent_automatic_configuration(struct err *e)
{
    return OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) == 1 ||
           err_set(e, ERR_TLS, "OpenSSL does not start: %s", openssl_error_take());
}

static bool load(const char *conf, struct err *e)
{
    if (!conf || !*conf)
        return err_set(e, ERR_INPUT, "FIPS is required, and no OpenSSL configuration is given: " REMEDY);
    if (file_type(conf) != FILE_PLAIN)
        return err_set(e, ERR_INPUT, "FIPS is required, and there is no file `%s`: " REMEDY, conf);
    if (OSSL_LIB_CTX_load_config(NULL, conf) != 1)
        return err_set(e, ERR_TLS, "FIPS is required, and `%s` does not load: %s; " REMEDY, conf, openssl_error_take());
    return true;
}

/* The configuration is loaded without the errors of the providers in it: load
 * once more by name, to hear them. */
static bool explain_absence(const char *conf, struct err *e)
{
    openssl_error_take();
    if (OSSL_PROVIDER_load(NULL, "fips"))
        return err_set(e, ERR_TLS, "FIPS is required, and `%s` does not activate the provider `fips`: " REMEDY, conf);
    return err_set(e, ERR_TLS,
                   "FIPS is required, and the provider `fips` does not load: %s; fips.so must be in %s or where "
                   "OPENSSL_MODULES says (Debian: package openssl-provider-fips), and `%s` be written for it by "
                   "deploy/fips-config.sh",
                   openssl_error_take(), OPENSSL_info(OPENSSL_INFO_MODULES_DIR), conf);
}

static bool look(const char *conf, OSSL_PROVIDER **fips, struct err *e)
{
    struct census_of_providers seen = { 0 };

    OSSL_PROVIDER_do_all(NULL, look_at, &seen);
    if (!seen.fips)
        return explain_absence(conf, e);
    if (!seen.has_base)
        return err_set(e, ERR_TLS, "FIPS is required, and `%s` does not activate the provider `base`: " REMEDY, conf);
    if (seen.stranger)
        return err_set(e, ERR_TLS, "FIPS is required, and `%s` also activates the provider `%s`: take it out", conf,
                       seen.stranger);
    *fips = seen.fips;
    return true;
}

static void describe(OSSL_PROVIDER *provider, struct fips_status *status)
{
    OSSL_PARAM params[] = {
        OSSL_PARAM_DEFN(OSSL_PROV_PARAM_NAME, OSSL_PARAM_UTF8_PTR, &status->name, 0),
        OSSL_PARAM_DEFN(OSSL_PROV_PARAM_VERSION, OSSL_PARAM_UTF8_PTR, &status->version, 0),
        OSSL_PARAM_DEFN(OSSL_PROV_PARAM_BUILDINFO, OSSL_PARAM_UTF8_PTR, &status->build, 0),
        OSSL_PARAM_END,
    };

    OSSL_PROVIDER_get_params(provider, params);
    status->name = status->name ? status->name : "unnamed";
    status->version = status->version ? status->version : "unknown";
    status->build = status->build ? status->build : "unknown";
}

static bool is_running(OSSL_PROVIDER *fips)
{
    int running = 0;
    OSSL_PARAM params[] = {
        OSSL_PARAM_DEFN(OSSL_PROV_PARAM_STATUS, OSSL_PARAM_INTEGER, &running, sizeof(running)),
        OSSL_PARAM_END,
    };

    return OSSL_PROVIDER_get_params(fips, params) == 1 && running == 1;
}

static bool test(OSSL_PROVIDER *fips, struct fips_status *status, struct err *e)
{
    status->self_test = "failed";
    if (OSSL_PROVIDER_self_test(fips) != 1 || !is_running(fips))
        return err_set(e, ERR_TLS, "FIPS is required, and the self test of `%s` %s fails: %s; reinstall the module",
                       status->name, status->version, openssl_error_take());
    status->self_test = "passed";
    return true;
}

static bool can_fetch_digest(const char *name)
{
    EVP_MD *md = EVP_MD_fetch(NULL, name, NULL);

    EVP_MD_free(md);
    return md != NULL;
}

static bool can_fetch_cipher(const char *name)
{
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);

    EVP_CIPHER_free(cipher);
    return cipher != NULL;
}

static bool prove(struct err *e)
{
    const char *wrong = NULL;

    if (EVP_default_properties_enable_fips(NULL, 1) != 1 || EVP_default_properties_is_fips_enabled(NULL) != 1)
        return err_set(e, ERR_TLS, "FIPS is required, and `fips=yes` cannot be made the default: %s",
                       openssl_error_take());
    if (can_fetch_digest("MD5"))
        wrong = "MD5 can be fetched";
    else if (can_fetch_cipher("ChaCha20-Poly1305"))
        wrong = "ChaCha20-Poly1305 can be fetched";
    else if (!can_fetch_digest("SHA2-256"))
        wrong = "SHA-256 cannot be fetched";
    openssl_error_take();
    return !wrong || err_set(e, ERR_TLS, "FIPS is required, and the proof fails: %s; " REMEDY, wrong);
}

bool fips_require(const char *conf, struct fips_status *status, struct err *e)
{
    OSSL_PROVIDER *fips = NULL;

    *status = (struct fips_status){ .name = "", .version = "", .build = "", .self_test = "not run" };
    if (!prevent_automatic_configuration(e) || !load(conf, e) || !look(conf, &fips, e))
        return false;
    status->provider = fips;
    describe(fips, status);
    if (!test(fips, status, e) || !prove(e))
        return false;
    status->is_active = true;
    return true;
}

bool fips_off(struct fips_status *status, struct err *e)
{
    *status = (struct fips_status){ .name = "", .version = "", .build = "", .self_test = "not run" };
    if (!prevent_automatic_configuration(e))
        return false;
    /* Nothing else was loaded, so it is there when asked for; a reference of our own would have to be given back. */
    return OSSL_PROVIDER_available(NULL, "default") == 1 ||
           err_set(e, ERR_TLS, "OpenSSL's default provider does not load: %s", openssl_error_take());
}

/* A module in its error state says so in OpenSSL's queue each time it is asked,
 * where whoever asked is about to look for an error of his own. */
bool fips_is_running(const struct fips_status *status)
{
    bool running = true;

    if (!status->is_active)
        return true;
    ERR_set_mark();
    running = is_running(status->provider);
    ERR_pop_to_mark();
    return running;
}

const char *fips_openssl(void)
{
    return OpenSSL_version(OPENSSL_VERSION);
}
