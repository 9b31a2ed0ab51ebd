/* SPDX-License-Identifier: Apache-2.0 */
/* The options of a rotation, and its report: one line for each thing it keeps. */
#include "base/text.h"
#include "cli/certs.h"
#include "cli/cmd_certs.h"
#include "cli/rotate.h"

enum { OUTPUT_MAX = 16 << 10, PARTS_MAX = 1000 };

struct rotate_options {
    struct certs_crypto crypto;
    struct certs_access access;
    const char *service, *secret, *ca_secret, *webhooks, *renew_at;
    struct opt_values dns;
    uint64_t leaf_life_ms, ca_life_ms;
};

#define ROTATE(member, name, type, ...) OPT(struct rotate_options, member, name, type, __VA_ARGS__)

static const struct opt options[] = {
    ROTATE(service, "service", OPT_TEXT, .value = "NAME",
           .help = "the webhook's Service: it serves as NAME.NAMESPACE.svc"),
    ROTATE(dns, "dns", OPT_TEXTS, .value = "NAME",
           .help = "another DNS name or address that it is called by, such as that of a webhook's url"),
    ROTATE(secret, "secret", OPT_TEXT, .value = "NAME", .help = "the Secret that the webhook serves with"),
    ROTATE(ca_secret, "ca-secret", OPT_TEXT, .value = "NAME",
           .help = "the Secret of the CA, which the webhook's pods do not mount"),
    ROTATE(webhooks, "webhooks", OPT_TEXT, .value = "NAME",
           .help =
               "the ValidatingWebhookConfiguration and the MutatingWebhookConfiguration of that name get the caBundle"),
    ROTATE(renew_at, "renew-at", OPT_TEXT, .value = "PART", .standard = "2/3",
           .help = "which part of its life a certificate lives before it is renewed"),
    ROTATE(leaf_life_ms, "leaf-life", OPT_DURATION, .value = "TIME", .standard = "720h",
           .help = "for how long a serving certificate is made"),
    ROTATE(ca_life_ms, "ca-life", OPT_DURATION, .value = "TIME", .standard = "8760h",
           .help = "for how long a CA is made"),
    CERTS_ACCESS_OPTIONS(struct rotate_options),
    CERTS_CRYPTO_OPTIONS(struct rotate_options),
    OPT_END,
};

static bool need(const char *value, const char *option, struct err *e)
{
    return (value && *value) || err_set(e, ERR_INPUT, "--%s is missing", option);
}

/* "2/3" */
static bool read_part(const char *text, struct rotation_settings *out, struct err *e)
{
    struct sv rest = sv_from(text), part = sv_cut(&rest, '/');
    size_t n = 0, of = 0;

    if (!text_to_size(part, &n) || !rest.p || !text_to_size(rest, &of) || !n || n >= of || of > PARTS_MAX)
        return err_set(e, ERR_INPUT, "--renew-at: `%s` is no part of a life, such as 2/3", text);
    out->renew_part = (unsigned)n;
    out->renew_whole = (unsigned)of;
    return true;
}

static bool read_settings(const struct rotate_options *o, struct rotation_settings *out, struct err *e)
{
    out->leaf_life = (int64_t)(o->leaf_life_ms / 1000);
    out->ca_life = (int64_t)(o->ca_life_ms / 1000);
    if (out->leaf_life < 1 || out->ca_life < 1)
        return err_set(e, ERR_INPUT, "a certificate lives for a second at least: --leaf-life and --ca-life");
    if (out->leaf_life > out->ca_life)
        return err_set(e, ERR_INPUT, "--leaf-life is longer than --ca-life: no certificate outlives its CA");
    return read_part(o->renew_at, out, e);
}

static bool list_names(const struct rotate_options *o, struct sv name_space, struct arena *a, struct rotate_config *out,
                       struct err *e)
{
    struct sv *names = arena_array(a, o->dns.count + 1, struct sv);

    if (!names)
        return arena_error(a, e);
    names[0] = arena_printf(a, "%s.%.*s.svc", o->service, SV_ARG(name_space));
    for (size_t i = 0; i < o->dns.count; i++)
        names[i + 1] = sv_from(o->dns.items[i]);
    out->names = names;
    out->name_count = o->dns.count + 1;
    return names[0].p || arena_error(a, e);
}

static bool configure(const struct rotate_options *o, const struct client_target *target, struct arena *a,
                      struct rotate_config *out, struct err *e)
{
    if (!need(o->service, "service", e) || !need(o->secret, "secret", e) || !need(o->ca_secret, "ca-secret", e) ||
        !need(o->webhooks, "webhooks", e) || !read_settings(o, &out->settings, e) ||
        !certs_namespace(&o->access, target, &out->name_space, e))
        return false;
    out->secret = sv_from(o->secret);
    out->ca_secret = sv_from(o->ca_secret);
    out->webhooks = sv_from(o->webhooks);
    if (sv_eq(out->secret, out->ca_secret))
        return err_set(e, ERR_INPUT,
                       "--secret and --ca-secret are the same: the webhook's pods must not see the CA's key");
    return list_names(o, out->name_space, a, out, e);
}

static void print_life(struct buf *out, const char *what, enum rotation_reason reason, struct rotation_span span)
{
    buf_printf(out, "%-12s %s", what, reason == ROTATION_KEEP ? "kept" : "made, because ");
    if (reason != ROTATION_KEEP)
        buf_add(out, sv_from(rotation_reason_text(reason)));
    buf_add(out, SV("; ends "));
    certs_print_time(out, span.ends);
    buf_add_char(out, '\n');
}

static void print(struct buf *out, const struct rotate_result *r)
{
    const struct rotation_plan *plan = &r->plan;

    print_life(out, "CA", plan->ca, r->ca);
    print_life(out, "certificate", plan->leaf_waits ? ROTATION_KEEP : plan->leaf, r->leaf);
    if (plan->leaf_waits)
        buf_printf(out, "%-12s is renewed by the next run: its CA has to be published first\n", "");
    buf_printf(out, "%-12s %zu CA%s published", "caBundle", r->bundle_cas, r->bundle_cas == 1 ? "" : "s");
    if (!r->has_webhooks)
        buf_add(out, SV("; there are no webhook configurations yet: run it again when there are\n"));
    else
        buf_printf(out, ", %zu webhooks changed\n", r->webhooks_written);
}

/* A conflict is no failure: what is decided anew on what somebody else has done is as good. */
static bool rotate_until_done(const struct rotate_options *o, const struct rotate_config *config,
                              struct rotate_result *result, struct err *e)
{
    struct certs_patience patience = certs_patience(&o->access);

    for (;;) {
        CLEANUP(arena_wipe) struct arena a = ARENA_INIT(CERTS_MEMORY);
        enum object_outcome outcome = rotate(config, certs_now(), &a, result, e);

        if (outcome == OBJECT_DONE)
            return true;
        if (outcome == OBJECT_FAILED || !certs_try_again(&patience))
            return false;
    }
}

static bool run_all(const struct rotate_options *o, struct arena *a, struct buf *out, struct err *e)
{
    CLEANUP(client_freep) struct client *client = NULL;
    struct client_target target = { 0 };
    struct rotate_config config = { 0 };
    struct rotate_result result = { 0 };

    if (!certs_start(&o->crypto, e) || !certs_target(&o->access, a, &target, e) ||
        !configure(o, &target, a, &config, e))
        return false;
    client = client_new(&target, o->access.timeout_ms, e);
    config.client = client;
    if (!client || !rotate_until_done(o, &config, &result, e))
        return false;
    print(out, &result);
    return true;
}

static enum exit_code run(char *const argv[])
{
    CLEANUP(arena_wipe) struct arena a = ARENA_INIT(CERTS_MEMORY);
    CLEANUP(buf_fini) struct buf out = BUF_INIT(OUTPUT_MAX);
    struct rotate_options o = { 0 };
    struct err e = { 0 };

    if (opt_parse(options, argv, &a, &o, NULL, &e) && run_all(&o, &a, &out, &e))
        return cmd_show(&out);
    return certs_failed(&e);
}

static const struct cmd_example examples[] = {
    { "fipsgate certs rotate --namespace fipsgate-system --service fipsgate --secret fipsgate-tls --ca-secret "
      "fipsgate-ca "
      "--webhooks fipsgate",
      "makes what is missing, renews what has lived for two thirds of its life" },
    { NULL, NULL },
};

const struct cmd cmd_certs_rotate = {
    .name = "rotate",
    .arguments = "",
    .summary = "make and renew certificate, CA and caBundle in a cluster",
    .about = "Makes what is missing and renews what has lived long enough: the CA, the certificate that the webhook "
             "serves with, and the caBundle of its webhook configurations. A new CA is published before it signs, and "
             "an old one until it ends, so that nobody notices. Changes nothing where there is nothing to do; two "
             "runs at once are as good as one.",
    .examples = examples,
    .options = options,
    .run = run,
};
