/* SPDX-License-Identifier: Apache-2.0 */
/* Before fipsgate goes: first what would have API servers ask for it. */
#include "cli/ca_bundle.h"
#include "cli/certs.h"
#include "cli/cmd_certs.h"

struct remove_options {
    struct certs_crypto crypto;
    struct certs_access access;
    const char *webhooks;
};

static const struct opt options[] = {
    OPT(struct remove_options, webhooks, "webhooks", OPT_TEXT, .value = "NAME",
        .help = "the ValidatingWebhookConfiguration and the MutatingWebhookConfiguration of that name are deleted"),
    CERTS_ACCESS_OPTIONS(struct remove_options),
    CERTS_CRYPTO_OPTIONS(struct remove_options),
    OPT_END,
};

static bool delete_until_done(const struct remove_options *o, struct client *client, size_t *deleted, struct err *e)
{
    struct certs_patience patience = certs_patience(&o->access);

    for (;;) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(CERTS_MEMORY);
        enum object_outcome outcome = ca_bundle_delete(client, sv_from(o->webhooks), &a, deleted, e);

        if (outcome == OBJECT_DONE)
            return true;
        if (outcome == OBJECT_FAILED || !certs_try_again(&patience))
            return false;
    }
}

static bool run_all(const struct remove_options *o, struct arena *a, size_t *deleted, struct err *e)
{
    CLEANUP(client_freep) struct client *client = NULL;
    struct client_target target = { 0 };

    if (!o->webhooks || !*o->webhooks)
        return err_set(e, ERR_INPUT, "--webhooks is missing");
    if (!certs_start(&o->crypto, e) || !certs_target(&o->access, a, &target, e))
        return false;
    client = client_new(&target, o->access.timeout_ms, e);
    return client && delete_until_done(o, client, deleted, e);
}

static enum exit_code run(char *const argv[])
{
    CLEANUP(arena_wipe) struct arena a = ARENA_INIT(CERTS_MEMORY);
    CLEANUP(buf_fini) struct buf out = BUF_INIT(1 << 10);
    struct remove_options o = { 0 };
    struct err e = { 0 };
    size_t deleted = 0;

    if (!opt_parse(options, argv, &a, &o, NULL, &e) || !run_all(&o, &a, &deleted, &e))
        return certs_failed(&e);
    buf_printf(&out, "%zu webhook configurations deleted%s\n", deleted, deleted ? "" : ": there was none");
    return cmd_show(&out);
}

static const struct cmd_example examples[] = {
    { "fipsgate certs remove --webhooks fipsgate", "before its Deployment is deleted" },
    { NULL, NULL },
};

const struct cmd cmd_certs_remove = {
    .name = "remove",
    .arguments = "",
    .summary = "delete the webhook configurations, before fipsgate is deleted",
    .about = "While a webhook configuration is there, API servers ask the webhook, and refuse what it cannot answer. "
             "So they go first. What is not there is fine.",
    .examples = examples,
    .options = options,
    .run = run,
};
