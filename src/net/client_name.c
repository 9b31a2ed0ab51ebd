/* SPDX-License-Identifier: Apache-2.0 */
/* Every name becomes text first, so that one comparison serves all kinds. */
#include "net/client_name.h"
#include "base/sv.h"
#include <arpa/inet.h>
#include <openssl/x509v3.h>

enum { NAME_MAX_BYTES = 256 };

struct allowed {
    const char *const *names;
    size_t count;
};

static bool is_among(struct sv text, const struct allowed *a, bool has_case)
{
    for (size_t i = 0; i < a->count; i++) {
        struct sv name = sv_from(a->names[i]);

        if (has_case ? sv_eq(name, text) : sv_eq_nocase(name, text))
            return true;
    }
    return false;
}

/* A NUL inside makes a name longer than any of ours, so it is equal to none. */
static struct sv text_of(const ASN1_STRING *s)
{
    return (struct sv){ (const char *)ASN1_STRING_get0_data(s), (size_t)ASN1_STRING_length(s) };
}

static bool address_is_among(const ASN1_OCTET_STRING *address, const struct allowed *a)
{
    char text[INET6_ADDRSTRLEN];
    int family = ASN1_STRING_length(address) == 4 ? AF_INET : AF_INET6;

    if (family == AF_INET6 && ASN1_STRING_length(address) != 16)
        return false;
    return inet_ntop(family, ASN1_STRING_get0_data(address), text, sizeof(text)) && is_among(sv_from(text), a, false);
}

/* Whether the name is of a kind that counts; *found: and one of those allowed. */
static bool judge_name(const GENERAL_NAME *name, const struct allowed *a, bool *found)
{
    switch (name->type) {
    case GEN_DNS:
        *found = *found || is_among(text_of(name->d.dNSName), a, false);
        return true;
    case GEN_EMAIL:
        *found = *found || is_among(text_of(name->d.rfc822Name), a, false);
        return true;
    case GEN_URI:
        *found = *found || is_among(text_of(name->d.uniformResourceIdentifier), a, true);
        return true;
    case GEN_IPADD:
        *found = *found || address_is_among(name->d.iPAddress, a);
        return true;
    default:
        return false;
    }
}

/* Of several the last is the most specific one. */
static bool common_name_is_among(const X509 *cert, const struct allowed *a)
{
    const X509_NAME *subject = X509_get_subject_name(cert);
    unsigned char *utf8 = NULL;
    int last = -1, n;
    bool found;

    for (int i = -1; (i = X509_NAME_get_index_by_NID(subject, NID_commonName, i)) >= 0;)
        last = i;
    if (last < 0)
        return false;
    n = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, last)));
    found = n > 0 && n < NAME_MAX_BYTES && is_among((struct sv){ (const char *)utf8, (size_t)n }, a, true);
    OPENSSL_free(utf8);
    return found;
}

bool client_name_is_among(const X509 *cert, const char *const *names, size_t count)
{
    const struct allowed a = { names, count };
    GENERAL_NAMES *alternatives = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
    bool found = false, has_any = false;

    for (int i = 0; i < sk_GENERAL_NAME_num(alternatives); i++)
        has_any = judge_name(sk_GENERAL_NAME_value(alternatives, i), &a, &found) || has_any;
    GENERAL_NAMES_free(alternatives);
    return has_any ? found : common_name_is_among(cert, &a);
}
