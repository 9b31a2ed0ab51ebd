/* SPDX-License-Identifier: Apache-2.0 */
/* Asks as the API server will ask, until there is an answer. */
#include "cli/certs.h"
#include "cli/cmd_certs.h"
#include "cli/tls_secret.h"
#include "json/doc.h"

enum { OUTPUT_MAX = 64 << 10 };

struct wait_options {
    struct certs_crypto crypto;
    struct certs_access access;
    const char *service, *ca, *secret;
};

static const struct opt options[] = {
    OPT(struct wait_options, service, "service", OPT_TEXT, .value = "URL",
        .help =
            "https://HOST[:PORT], the webhook, asked for a review; or http://HOST:PORT, its probes, asked for /readyz"),
    OPT(struct wait_options, ca, "ca", OPT_TEXT, .value = "FILE", .help = "the CA of the webhook's certificate, PEM"),
    OPT(struct wait_options, secret, "secret", OPT_TEXT, .value = "NAME",
        .help = "or the Secret that the webhook serves with, whose ca.crt it is"),
    CERTS_ACCESS_OPTIONS(struct wait_options),
    CERTS_CRYPTO_OPTIONS(struct wait_options),
    OPT_END,
};

/* Of a kind that no rule knows, so that every policy allows it. */
static const char review[] =
    "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":{\"uid\":\"fipsgate-certs-wait\","
    "\"kind\":{\"group\":\"fipsgate.io\",\"version\":\"v1alpha1\",\"kind\":\"Wait\"},"
    "\"resource\":{\"group\":\"fipsgate.io\",\"version\":\"v1alpha1\",\"resource\":\"waits\"},"
    "\"name\":\"wait\",\"operation\":\"CREATE\",\"userInfo\":{\"username\":\"fipsgate\"},"
    "\"object\":{\"apiVersion\":\"fipsgate.io/v1alpha1\",\"kind\":\"Wait\",\"metadata\":{\"name\":\"wait\"}},"
    "\"oldObject\":null,\"dryRun\":true,\"options\":null}}";

/* 503 and the like come from a server that is about to be there. */
static bool check_answer(const struct client_answer *answer, bool is_plain, struct arena *a, struct err *e)
{
    struct err ignored = { 0 };
    const struct json *root;

    if (answer->status != 200)
        return err_set(e, ERR_IO, "it answers %ld%s", answer->status, is_plain ? " at /readyz: not ready yet" : "");
    if (is_plain)
        return true;
    root = doc_parse(answer->body, a, &ignored);
    return value_is_true(value_get(value_get(root, SV("response")), SV("allowed"))) ||
           err_set(e, ERR_INPUT, "it answers, and not as fipsgate: is the URL right?");
}

static bool ask(const struct client_target *target, uint64_t timeout_ms, struct err *e)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(CERTS_MEMORY);
    CLEANUP(client_freep) struct client *client = client_new(target, timeout_ms, e);
    bool is_plain = sv_starts_with(target->server, SV("http://"));
    const struct client_request probe = { .method = "GET", .path = SV("/readyz") };
    const struct client_request webhook = {
        .method = "POST", .path = SV("/validate/enforce"), .content_type = "application/json", .body = SV(review)
    };
    struct client_answer answer = { 0 };

    return client && client_send(client, is_plain ? &probe : &webhook, &a, &answer, e) &&
           check_answer(&answer, is_plain, &a, e);
}

static bool ca_of_secret(const struct wait_options *o, struct arena *a, struct sv *out, struct err *e)
{
    CLEANUP(client_freep) struct client *client = NULL;
    struct client_target api = { 0 };
    struct tls_secret s = { .role = "serving" };

    if (!certs_target(&o->access, a, &api, e) || !certs_namespace(&o->access, &api, &s.ref.name_space, e))
        return false;
    client = client_new(&api, o->access.timeout_ms, e);
    s.ref.kind = &object_secret;
    s.ref.name = sv_from(o->secret);
    if (!client || tls_secret_read(client, &s, a, e) != OBJECT_DONE)
        return false;
    *out = s.ca;
    return s.ca.p || err_set(e, ERR_IO, "the Secret `%s` has no ca.crt yet, or is not fipsgate's", o->secret);
}

/* The CA is read each time: it may come, and change, while we wait. */
static bool find_target(const struct wait_options *o, struct arena *a, struct client_target *out, struct err *e)
{
    out->server = sv_from(o->service);
    out->from = SV("--service");
    out->may_be_plain = true;
    while (sv_ends_with(out->server, SV("/")))
        out->server.n--;
    if (sv_starts_with(out->server, SV("http://")))
        return true;
    if (o->ca)
        return certs_file(o->ca, a, &out->ca, e);
    return !o->secret || ca_of_secret(o, a, &out->ca, e);
}

static bool wait_until_ready(const struct wait_options *o, struct err *e)
{
    struct certs_patience patience = certs_patience(&o->access);

    for (;;) {
        CLEANUP(arena_wipe) struct arena a = ARENA_INIT(CERTS_MEMORY);
        struct client_target target = { 0 };

        if (find_target(o, &a, &target, e) && ask(&target, o->access.timeout_ms, e))
            return true;
        if (!certs_try_again(&patience))
            return err_wrap(e, "%s is not ready", o->service);
    }
}

static enum exit_code run(char *const argv[])
{
    CLEANUP(arena_wipe) struct arena a = ARENA_INIT(CERTS_MEMORY);
    CLEANUP(buf_fini) struct buf out = BUF_INIT(OUTPUT_MAX);
    struct wait_options o = { 0 };
    struct err e = { 0 };

    if (!opt_parse(options, argv, &a, &o, NULL, &e))
        return certs_failed(&e);
    if (!o.service ||
        (!sv_starts_with(sv_from(o.service), SV("https://")) && !sv_starts_with(sv_from(o.service), SV("http://")))) {
        err_set(&e, ERR_INPUT, "--service must be https://HOST[:PORT] or http://HOST[:PORT]");
        return certs_failed(&e);
    }
    if (certs_start(&o.crypto, &e) && wait_until_ready(&o, &e)) {
        buf_printf(&out, "%s is ready\n", o.service);
        return cmd_show(&out);
    }
    cmd_complain("%s", e.msg);
    return EXIT_FAILED;
}

static const struct cmd_example examples[] = {
    { "fipsgate certs wait --service https://fipsgate.fipsgate-system.svc --secret fipsgate-tls",
      "returns when the webhook answers a review" },
    { NULL, NULL },
};

const struct cmd cmd_certs_wait = {
    .name = "wait",
    .arguments = "",
    .summary = "wait until the webhook answers",
    .about = "On a first install, before the webhook configurations are made: until the Service answers a review as "
             "it will have to, with a certificate of its CA. --patience says how long; then it exits with 3.",
    .examples = examples,
    .options = options,
    .run = run,
};
