/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates with names of every kind against what was asked for. */
#include "base/attr.h"
#include "net/client_name.h"
#include "support/check.h"

#include <openssl/x509v3.h>

static X509 *make_cert(const char *common_name, const char *alternatives)
{
    X509 *cert = X509_new();
    X509V3_CTX ctx;
    X509_EXTENSION *extension;

    assert_non_null(cert);
    if (common_name)
        X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_UTF8, (const unsigned char *)common_name,
                                   -1, -1, 0);
    if (!alternatives)
        return cert;
    X509V3_set_ctx(&ctx, cert, cert, NULL, NULL, 0);
    extension = X509V3_EXT_nconf_nid(NULL, &ctx, NID_subject_alt_name, alternatives);
    assert_non_null(extension);
    assert_int_equal(X509_add_ext(cert, extension, -1), 1);
    X509_EXTENSION_free(extension);
    return cert;
}

static const struct {
    const char *common_name, *alternatives, *wanted;
    bool found;
} rows[] = {
    { NULL, NULL, "kube-apiserver", false },
    { "", NULL, "kube-apiserver", false },
    { "system:kube-apiserver", NULL, "system:kube-apiserver", true },
    { "system:kube-apiserver2", NULL, "system:kube-apiserver", false },
    { "system:kube-apiserve", NULL, "system:kube-apiserver", false },
    { "System:kube-apiserver", NULL, "system:kube-apiserver", false },
    { "api.example.gov", "DNS:other.example.gov", "api.example.gov", false }, /* names win over the common name */
    { "api.example.gov", "RID:1.2.3.4", "api.example.gov", true },            /* unless of no kind that counts */
    { "x", "DNS:api.example.gov", "api.example.gov", true },
    { "x", "DNS:API.example.gov", "api.example.gov", true },
    { "x", "DNS:a.example.gov,DNS:api.example.gov", "api.example.gov", true },
    { "x", "DNS:*.example.gov", "api.example.gov", false },
    { "x", "DNS:api.example.gov.evil.example", "api.example.gov", false },
    { "x", "email:ops@example.gov", "ops@example.gov", true },
    { "x", "URI:spiffe://example.gov/ns/kube-system/sa/api", "spiffe://example.gov/ns/kube-system/sa/api", true },
    { "x", "URI:spiffe://example.gov/ns/KUBE-system/sa/api", "spiffe://example.gov/ns/kube-system/sa/api", false },
    { "x", "IP:10.0.0.1", "10.0.0.1", true },
    { "x", "IP:10.0.0.1", "10.0.0.10", false },
    { "x", "IP:fd00::1", "fd00::1", true },
};

static void finds_the_name_that_was_asked_for(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *const names[] = { "somebody-else", rows[i].wanted };
        X509 *cert = make_cert(rows[i].common_name, rows[i].alternatives);

        if (client_name_is_among(cert, names, ARRAY_LEN(names)) != rows[i].found)
            fail_msg("row %zu: CN=%s, %s", i, rows[i].common_name ? rows[i].common_name : "none",
                     rows[i].alternatives ? rows[i].alternatives : "no alternatives");
        X509_free(cert);
    }
}

/* What a reader of C strings would take for ours is longer than ours. */
static void a_name_with_a_zero_byte_is_another(void **state UNUSED)
{
    static const unsigned char evil[] = "api.example.gov\0.evil.example";
    const char *const names[] = { "api.example.gov" };
    X509 *cert = make_cert(NULL, NULL);

    X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_UTF8, evil, (int)sizeof(evil) - 1, -1, 0);
    assert_false(client_name_is_among(cert, names, 1));
    X509_free(cert);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_name_that_was_asked_for),
        cmocka_unit_test(a_name_with_a_zero_byte_is_another),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
