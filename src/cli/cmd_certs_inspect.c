/* SPDX-License-Identifier: Apache-2.0 */
/* Looks where certificates are: files, servers, and the Secrets and webhook configurations of a cluster. */
#include "base/base64.h"
#include "base/file.h"
#include "cli/ca_bundle.h"
#include "cli/certs.h"
#include "cli/cmd_certs.h"
#include "cli/inspection.h"

enum { OUTPUT_MAX = 4 << 20 };

struct inspect_options {
    struct certs_crypto crypto;
    struct certs_access access;
    const char *secret, *webhooks, *service, *ca, *name;
};

#define INSPECT(member, name, type, ...) OPT(struct inspect_options, member, name, type, __VA_ARGS__)

static const struct opt options[] = {
    INSPECT(secret, "secret", OPT_TEXT, .value = "NAME", .help = "look at that Secret of a cluster, whoever made it"),
    INSPECT(webhooks, "webhooks", OPT_TEXT, .value = "NAME",
            .help = "look at the caBundles of the webhook configurations of that name"),
    INSPECT(service, "service", OPT_TEXT, .value = "NAME",
            .help = "call that Service (from inside the cluster), as the API server does"),
    INSPECT(ca, "ca", OPT_TEXT, .value = "FILE",
            .help =
                "CAs, PEM, by which servers are judged; not given: ca.crt of the Secret, else those of this machine"),
    INSPECT(name, "name", OPT_TEXT, .value = "NAME",
            .help = "what a server's certificate must be for; not given: the name it is called by"),
    CERTS_ACCESS_OPTIONS(struct inspect_options),
    CERTS_CRYPTO_OPTIONS(struct inspect_options),
    OPT_END,
};

/* What is looked at, and by what. */
struct look {
    const struct inspect_options *options;
    struct inspection report;
    struct client_target target;
    struct sv name_space, ca;
};

static bool inspect_secret(struct look *l, struct client *c, struct err *e)
{
    const struct object_ref ref = { &object_secret, l->name_space, sv_from(l->options->secret) };
    static const char *const keys[] = { "tls.crt", "ca.crt" };
    struct object_reply reply = { 0 };

    if (object_get(c, &ref, l->report.arena, &reply, e) != OBJECT_DONE)
        return false;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        struct sv text = value_string(value_get(value_get(reply.root, SV("data")), sv_from(keys[i]))), pem;
        struct sv from = arena_printf(l->report.arena, "Secret %s, %s", l->options->secret, keys[i]);

        if (!text.n || !from.p)
            continue;
        if (!base64_read(text, l->report.arena, &pem, e))
            return false;
        inspection_pem(&l->report, from.p, pem);
        if (i == 1 && !l->ca.p)
            l->ca = pem;
    }
    return true;
}

static bool inspect_webhooks(struct look *l, struct client *c, struct err *e)
{
    struct ca_bundle bundle;
    struct ca_bundle_iter it = { .bundle = &bundle };

    if (ca_bundle_read(c, sv_from(l->options->webhooks), l->report.arena, &bundle, e) != OBJECT_DONE)
        return false;
    while (ca_bundle_next(&it, l->report.arena)) {
        struct sv from = arena_printf(l->report.arena, "%s %s, webhook %zu, caBundle",
                                      bundle.refs[it.configuration].kind->kind, l->options->webhooks, it.webhook);

        if (!from.p)
            return arena_error(l->report.arena, e);
        inspection_pem(&l->report, from.p, it.pem);
    }
    return true;
}

static bool inspect_cluster(struct look *l, struct err *e)
{
    CLEANUP(client_freep) struct client *c = NULL;
    const struct inspect_options *o = l->options;

    if (!o->secret && !o->webhooks && !o->service)
        return true;
    if (!certs_target(&o->access, l->report.arena, &l->target, e) ||
        !certs_namespace(&o->access, &l->target, &l->name_space, e))
        return false;
    c = client_new(&l->target, o->access.timeout_ms, e);
    return c && (!o->secret || inspect_secret(l, c, e)) && (!o->webhooks || inspect_webhooks(l, c, e));
}

static void call(struct look *l, const char *host, const char *port)
{
    const struct inspect_options *o = l->options;
    const struct dial_config config = {
        .host = host, .port = port, .name = o->name ? o->name : host, .ca = l->ca, .timeout_ms = o->access.timeout_ms
    };

    inspection_call(&l->report, &config);
}

static bool inspect_service(struct look *l, struct err *e)
{
    struct sv host;

    if (!l->options->service)
        return true;
    host = arena_printf(l->report.arena, "%s.%.*s.svc", l->options->service, SV_ARG(l->name_space));
    if (!host.p)
        return arena_error(l->report.arena, e);
    call(l, host.p, "443");
    return true;
}

/* A file that is there is a file; what reads HOST:PORT is a server. */
static bool inspect_operand(struct look *l, const char *operand, struct err *e)
{
    struct arena *a = l->report.arena;
    struct sv text = sv_from(operand), host;
    size_t colon = sv_find_last(text, ':');
    const char *name;

    if (file_type(operand) != FILE_ABSENT || colon == text.n) {
        struct sv pem;

        if (!certs_file(operand, a, &pem, e))
            return false;
        inspection_pem(&l->report, operand, pem);
        return true;
    }
    host = (struct sv){ text.p, colon };
    if (sv_starts_with(host, SV("[")) && sv_ends_with(host, SV("]")))
        host = (struct sv){ host.p + 1, host.n - 2 };
    name = arena_cstr(a, host);
    if (!name)
        return arena_error(a, e);
    call(l, name, operand + colon + 1);
    return true;
}

static bool inspect(struct look *l, const struct opt_values *operands, struct err *e)
{
    const struct inspect_options *o = l->options;

    if (!operands->count && !o->secret && !o->webhooks && !o->service)
        return err_set(e, ERR_INPUT, "name what to look at: FILE, HOST:PORT, --secret, --webhooks or --service");
    if (!certs_start(&o->crypto, e) || (o->ca && !certs_file(o->ca, l->report.arena, &l->ca, e)) ||
        !inspect_cluster(l, e) || !inspect_service(l, e))
        return false;
    for (size_t i = 0; i < operands->count; i++)
        if (!inspect_operand(l, operands->items[i], e))
            return false;
    return true;
}

static enum exit_code run(char *const argv[])
{
    CLEANUP(arena_wipe) struct arena a = ARENA_INIT(CERTS_MEMORY);
    CLEANUP(buf_fini) struct buf out = BUF_INIT(OUTPUT_MAX);
    struct inspect_options o = { 0 };
    struct look l = { .options = &o, .report = { .now = certs_now(), .arena = &a, .out = &out } };
    struct opt_values operands = { 0 };
    struct err e = { 0 };
    enum exit_code shown;

    if (!opt_parse(options, argv, &a, &o, &operands, &e))
        return certs_failed(&e);
    if (!inspect(&l, &operands, &e)) {
        if (out.len)
            cmd_show(&out);
        return certs_failed(&e);
    }
    shown = cmd_show(&out);
    return shown == EXIT_CLEAN && l.report.wrong ? EXIT_DENIED : shown;
}

static const struct cmd_example examples[] = {
    { "fipsgate certs inspect tls.crt", "shows what is in a file" },
    { "fipsgate certs inspect --ca ca.crt localhost:8443",
      "shows what a server serves, and whether its clients trust it" },
    { "fipsgate certs inspect --namespace fipsgate-system --secret fipsgate-tls --webhooks fipsgate --service fipsgate",
      "shows all of an installation" },
    { NULL, NULL },
};

const struct cmd cmd_certs_inspect = {
    .name = "inspect",
    .arguments = " [FILE|HOST:PORT...]",
    .summary = "show certificates, when they end and whether they are trusted",
    .about = "Shows subject, issuer, names, life and key of each certificate in files, in a Secret, in the caBundles "
             "of webhook configurations and on servers, which it calls as an API server would.",
    .denied = "when something is wrong: a certificate has ended, a server does not answer or is not trusted.",
    .examples = examples,
    .options = options,
    .run = run,
};
