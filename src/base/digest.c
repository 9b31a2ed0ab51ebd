/* SPDX-License-Identifier: Apache-2.0 */
/* The one place outside net/ that sees OpenSSL. */
#include "base/digest.h"
#include <openssl/evp.h>
#include <stdint.h>

static void free_ctx(EVP_MD_CTX **ctx)
{
    EVP_MD_CTX_free(*ctx);
}

static void free_md(EVP_MD **md)
{
    EVP_MD_free(*md);
}

static bool add_piece(EVP_MD_CTX *ctx, struct sv piece)
{
    unsigned char length[8];

    for (size_t i = 0; i < sizeof(length); i++)
        length[i] = (unsigned char)((uint64_t)piece.n >> (56 - 8 * i));
    return EVP_DigestUpdate(ctx, length, sizeof(length)) == 1 &&
           (piece.n == 0 || EVP_DigestUpdate(ctx, piece.p, piece.n) == 1);
}

bool digest_hex(const struct sv *pieces, size_t count, char out[DIGEST_HEX + 1], struct err *e)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char sum[DIGEST_HEX / 2];
    CLEANUP(free_md) EVP_MD *md = EVP_MD_fetch(NULL, "SHA256", NULL);
    CLEANUP(free_ctx) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = md && ctx && EVP_DigestInit_ex2(ctx, md, NULL) == 1;

    for (size_t i = 0; ok && i < count; i++)
        ok = add_piece(ctx, pieces[i]);
    if (!ok || EVP_DigestFinal_ex(ctx, sum, NULL) != 1)
        return err_set(e, ERR_TLS, "no SHA-256 from OpenSSL");
    for (size_t i = 0; i < sizeof(sum); i++) {
        out[2 * i] = digits[sum[i] >> 4];
        out[2 * i + 1] = digits[sum[i] & 15];
    }
    out[DIGEST_HEX] = '\0';
    return true;
}
