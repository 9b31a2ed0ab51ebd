/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the FIPS provider costs beside OpenSSL's own: one AES block, one record
 * of AES-GCM as TLS makes them, and the server's half of a TLS 1.3 handshake,
 * in nanoseconds of processor time. One provider a run:
 *
 *     bench_crypto OPENSSL-CONF|off CERT KEY      a line each: NAME NANOSECONDS
 */
#include "net/fips.h"
#include "net/tls.h"
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <time.h>

enum { BATCHES = 31, RECORD_MAX = 16 << 10, IV = 12, AAD = 13 };

struct bench {
    EVP_CIPHER_CTX *block, *record;
    SSL_CTX *server, *client;
    size_t bytes; /* of a record */
    double taken; /* by the server, of the handshakes of a batch */
    unsigned char in[RECORD_MAX], out[RECORD_MAX + EVP_MAX_BLOCK_LENGTH];
};

static double now_ns(void)
{
    struct timespec t = { 0 };

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static bool encrypt_block(struct bench *b)
{
    int n = 0;

    return EVP_EncryptUpdate(b->block, b->out, &n, b->in, 16) == 1 && n == 16;
}

static bool seal_record(struct bench *b)
{
    static unsigned char iv[IV], tag[16];
    int n = 0;

    iv[0]++;
    return EVP_EncryptInit_ex2(b->record, NULL, NULL, iv, NULL) == 1 &&
           EVP_EncryptUpdate(b->record, NULL, &n, b->in, AAD) == 1 &&
           EVP_EncryptUpdate(b->record, b->out, &n, b->in, (int)b->bytes) == 1 &&
           EVP_EncryptFinal_ex(b->record, b->out + n, &n) == 1 &&
           EVP_CIPHER_CTX_ctrl(b->record, EVP_CTRL_AEAD_GET_TAG, sizeof(tag), tag) == 1;
}

static bool shake_hands(struct bench *b)
{
    SSL *server = SSL_new(b->server), *client = SSL_new(b->client);
    BIO *near = NULL, *far = NULL;
    bool ok = server && client && BIO_new_bio_pair(&near, 0, &far, 0) == 1;

    if (ok) {
        SSL_set_bio(server, near, near);
        SSL_set_bio(client, far, far);
        SSL_set_accept_state(server);
        SSL_set_connect_state(client);
    }
    for (int i = 0; ok && i < 10 && !(SSL_is_init_finished(server) && SSL_is_init_finished(client)); i++) {
        double start;

        SSL_do_handshake(client);
        start = now_ns();
        SSL_do_handshake(server);
        b->taken += now_ns() - start;
    }
    ok = ok && SSL_is_init_finished(server);
    SSL_free(server);
    SSL_free(client);
    return ok;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

/* The median of the batches. */
static bool measure(struct bench *b, const char *name, size_t batch, bool (*run)(struct bench *b))
{
    double batches[BATCHES];

    for (size_t i = 0; i < BATCHES; i++) {
        double start = now_ns();

        b->taken = 0;
        for (size_t j = 0; j < batch; j++)
            if (!run(b))
                return false;
        batches[i] = (b->taken > 0 ? b->taken : now_ns() - start) / (double)batch;
    }
    qsort(batches, BATCHES, sizeof(batches[0]), compare);
    printf("%s %.0f\n", name, batches[BATCHES / 2]);
    return true;
}

static EVP_CIPHER_CTX *cipher(const char *name)
{
    static const unsigned char key[32] = { 1, 2, 3 }, iv[16];
    EVP_CIPHER *c = EVP_CIPHER_fetch(NULL, name, NULL);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();

    if (c && ctx && EVP_EncryptInit_ex2(ctx, c, key, iv, NULL) == 1) {
        EVP_CIPHER_free(c);
        return ctx;
    }
    EVP_CIPHER_free(c);
    EVP_CIPHER_CTX_free(ctx);
    return NULL;
}

static bool set_up(struct bench *b, char **args, struct err *e)
{
    struct tls_files files = { .cert = args[2], .key = args[3] };
    struct fips_status status = { 0 };

    if (strcmp(args[1], "off") == 0 ? !fips_off(&status, e) : !fips_require(args[1], &status, e))
        return false;
    b->server = tls_context_new(&files, e);
    b->client = SSL_CTX_new(TLS_client_method());
    b->block = cipher("AES-128-ECB");
    b->record = cipher("AES-256-GCM");
    return b->server && b->client && b->block && b->record;
}

static bool run(struct bench *b)
{
    if (!measure(b, "block", 20000, encrypt_block))
        return false;
    b->bytes = 1 << 10;
    if (!measure(b, "record-1k", 5000, seal_record))
        return false;
    b->bytes = RECORD_MAX;
    return measure(b, "record-16k", 1000, seal_record) && measure(b, "handshake", 30, shake_hands);
}

int main(int count, char **args)
{
    static struct bench b;
    struct err e = { .code = ERR_NONE };
    bool ok;

    if (count != 4) {
        fprintf(stderr, "usage: bench_crypto OPENSSL-CONF|off CERT KEY\n");
        return 2;
    }
    ok = set_up(&b, args, &e) && run(&b);
    if (!ok)
        fprintf(stderr, "bench_crypto: %s\n", e.msg);
    EVP_CIPHER_CTX_free(b.block);
    EVP_CIPHER_CTX_free(b.record);
    SSL_CTX_free(b.server);
    SSL_CTX_free(b.client);
    return ok ? 0 : 1;
}
