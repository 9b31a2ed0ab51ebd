/* SPDX-License-Identifier: Apache-2.0 */
/* A CA and a certificate as files, where there is no cluster to keep them. */
#include "cli/certs.h"
#include "cli/cmd_certs.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct make_options {
    struct certs_crypto crypto;
    struct opt_values dns;
    uint64_t leaf_life_ms, ca_life_ms;
};

static const struct opt options[] = {
    OPT(struct make_options, dns, "dns", OPT_TEXTS, .value = "NAME", .standard = "localhost",
        .help = "a DNS name or an address that the certificate is for"),
    OPT(struct make_options, leaf_life_ms, "leaf-life", OPT_DURATION, .value = "TIME", .standard = "720h",
        .help = "for how long the serving certificate is made"),
    OPT(struct make_options, ca_life_ms, "ca-life", OPT_DURATION, .value = "TIME", .standard = "8760h",
        .help = "for how long the CA is made"),
    CERTS_CRYPTO_OPTIONS(struct make_options),
    OPT_END,
};

/* A file to be written. */
struct output {
    const char *name;
    struct sv text;
    mode_t mode;
};

static bool write_all(int fd, struct sv text)
{
    while (text.n > 0) {
        ssize_t n = write(fd, text.p, text.n);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        text = sv_skip(text, (size_t)n);
    }
    return true;
}

/* Never over what is there: it may be the only copy of a key. */
static bool write_file(const char *dir, const struct output *o, struct arena *a, struct err *e)
{
    const char *path = arena_printf(a, "%s/%s", dir, o->name).p;
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, o->mode) : -1;
    bool ok = fd >= 0 && write_all(fd, o->text);
    int why = errno;

    if (!path)
        return arena_error(a, e);
    if (fd >= 0 && close(fd) < 0 && ok) {
        why = errno;
        ok = false;
    }
    return ok || err_set(e, ERR_IO, "write `%s`: %s", path, strerror(why));
}

static bool make(const struct make_options *o, struct arena *a, struct issued *ca, struct issued *leaf, struct err *e)
{
    struct sv *names = arena_array(a, o->dns.count, struct sv);
    int64_t now = certs_now();
    struct issue_request request = { .names = names,
                                     .name_count = o->dns.count,
                                     .term = { now, (int64_t)(o->leaf_life_ms / 1000) } };

    for (size_t i = 0; names && i < o->dns.count; i++)
        names[i] = sv_from(o->dns.items[i]);
    if (!names)
        return arena_error(a, e);
    if (!issue_ca(SV("fipsgate CA"), (struct issue_term){ now, (int64_t)(o->ca_life_ms / 1000) }, a, ca, e))
        return false;
    request.ca = *ca;
    return issue_leaf(&request, a, leaf, e);
}

static bool write_all_files(const char *dir, const struct issued *ca, const struct issued *leaf, struct arena *a,
                            struct err *e)
{
    const struct output outputs[] = {
        { "ca.key", ca->key, 0600 },
        { "ca.crt", ca->cert, 0644 },
        { "tls.key", leaf->key, 0600 },
        { "tls.crt", leaf->cert, 0644 },
    };

    if (mkdir(dir, 0755) < 0 && errno != EEXIST)
        return err_set(e, ERR_IO, "make the directory `%s`: %s", dir, strerror(errno));
    for (size_t i = 0; i < ARRAY_LEN(outputs); i++)
        if (!write_file(dir, &outputs[i], a, e))
            return false;
    return true;
}

static bool run_all(const struct make_options *o, const struct opt_values *operands, struct arena *a, struct err *e)
{
    struct issued ca = { 0 }, leaf = { 0 };

    if (operands->count != 1)
        return err_set(e, ERR_INPUT, "name one directory: fipsgate certs make DIR");
    return certs_start(&o->crypto, e) && make(o, a, &ca, &leaf, e) &&
           write_all_files(operands->items[0], &ca, &leaf, a, e);
}

static enum exit_code run(char *const argv[])
{
    CLEANUP(arena_wipe) struct arena a = ARENA_INIT(CERTS_MEMORY);
    struct make_options o = { 0 };
    struct opt_values operands = { 0 };
    struct err e = { 0 };

    if (opt_parse(options, argv, &a, &o, &operands, &e) && run_all(&o, &operands, &a, &e))
        return EXIT_CLEAN;
    return certs_failed(&e);
}

static const struct cmd_example examples[] = {
    { "fipsgate certs make certs --dns localhost --dns 127.0.0.1", "four files in the directory certs" },
    { NULL, NULL },
};

const struct cmd cmd_certs_make = {
    .name = "make",
    .arguments = " DIR",
    .summary = "make a CA and a serving certificate as files",
    .about = "Writes ca.crt, ca.key, tls.crt and tls.key into DIR, and never over a file that is there. ECDSA on "
             "P-256 with SHA-256, made inside the FIPS provider.",
    .examples = examples,
    .options = options,
    .run = run,
};
