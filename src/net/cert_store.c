/* SPDX-License-Identifier: Apache-2.0 */
/* What the files say is remembered as a digest, so that a reload that was asked
 * for by something else changes nothing. The key needs none: one that does not
 * belong to the certificate is refused, one that does is the same key. */
#include "net/cert_store.h"
#include "base/digest.h"
#include "base/file.h"
#include <openssl/ssl.h>
#include <pthread.h>

enum { FILES_MAX = 1 << 20 };

struct cert_store {
    pthread_mutex_t lock; /* for what is below it */
    SSL_CTX *ctx;
    struct cert_store_life life;
    const struct tls_files *files; /* this and the rest: of who reloads only */
    char digest[DIGEST_HEX + 1];   /* of certificate and CA */
};

/* Of what is there now, before it is used: what changes in between is another
 * change. A file that cannot be read is an error for who uses it. */
static bool take_digest(const struct tls_files *files, char out[DIGEST_HEX + 1], struct err *e)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(4 * FILES_MAX);
    const char *const paths[] = { files->cert, files->client_ca };
    struct sv texts[ARRAY_LEN(paths)] = { { NULL, 0 } };
    struct err ignored = { 0 };

    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        if (paths[i] && !file_read(paths[i], FILES_MAX, &a, &texts[i], &ignored))
            texts[i] = SV("");
    return digest_hex(texts, ARRAY_LEN(texts), out, e);
}

struct cert_store *cert_store_new(const struct tls_files *files, struct err *e)
{
    struct cert_store *s = calloc(1, sizeof(*s));

    if (!s) {
        err_nomem(e);
        return NULL;
    }
    pthread_mutex_init(&s->lock, NULL);
    s->files = files;
    if (cert_store_reload(s, e) == CERT_STORE_REPLACED)
        return s;
    cert_store_free(s);
    return NULL;
}

void cert_store_free(struct cert_store *s)
{
    if (!s)
        return;
    SSL_CTX_free(s->ctx);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

SSL_CTX *cert_store_context(struct cert_store *s)
{
    SSL_CTX *ctx;

    pthread_mutex_lock(&s->lock);
    ctx = s->ctx;
    SSL_CTX_up_ref(ctx);
    pthread_mutex_unlock(&s->lock);
    return ctx;
}

enum cert_store_outcome cert_store_reload(struct cert_store *s, struct err *e)
{
    char digest[DIGEST_HEX + 1];
    struct cert_store_life life;
    SSL_CTX *next, *old;

    next = take_digest(s->files, digest, e) ? tls_context_new(s->files, e) : NULL;
    if (!next)
        return CERT_STORE_FAILED;
    if (s->ctx && strcmp(digest, s->digest) == 0) {
        SSL_CTX_free(next);
        return CERT_STORE_SAME;
    }
    tls_context_life(next, &life.not_before, &life.not_after);
    pthread_mutex_lock(&s->lock);
    old = s->ctx;
    s->ctx = next;
    s->life = life;
    pthread_mutex_unlock(&s->lock);
    SSL_CTX_free(old);
    memcpy(s->digest, digest, sizeof(digest));
    return CERT_STORE_REPLACED;
}

struct cert_store_life cert_store_life(struct cert_store *s)
{
    struct cert_store_life life;

    pthread_mutex_lock(&s->lock);
    life = s->life;
    pthread_mutex_unlock(&s->lock);
    return life;
}
