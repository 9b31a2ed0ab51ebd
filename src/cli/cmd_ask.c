/* SPDX-License-Identifier: Apache-2.0 */
/* One review at a time goes to a webhook that runs; what it answers is told,
 * and held against what was expected of it. */
#include "base/file.h"
#include "cli/certs.h"
#include "cli/cmd.h"
#include "json/doc.h"

enum { CA_MAX = 1 << 20, REVIEW_MAX = 16 << 20, OUTPUT_MAX = 1 << 20 };

enum expected { ASK_ANYTHING, ASK_ALLOWED, ASK_DENIED };
static const char *const expected_names[] = {
    [ASK_ANYTHING] = "anything", [ASK_ALLOWED] = "allowed", [ASK_DENIED] = "denied", NULL
};

struct ask_options {
    struct certs_crypto crypto;
    const char *url, *ca;
    enum expected expect;
    uint64_t timeout_ms;
};

static const struct opt options[] = {
    OPT(struct ask_options, url, "url", OPT_TEXT, .value = "URL", .help = "https://HOST[:PORT]/PATH of the webhook"),
    OPT(struct ask_options, ca, "ca", OPT_TEXT, .value = "FILE",
        .help = "the CA of its certificate, PEM; not given: the CAs of this machine"),
    OPT(struct ask_options, expect, "expect", OPT_ENUM, .names = expected_names, .standard = "anything",
        .help = "what the answer must be, or the exit code is 1"),
    OPT(struct ask_options, timeout_ms, "timeout", OPT_DURATION, .value = "TIME", .standard = "10s",
        .help = "for one answer"),
    CERTS_CRYPTO_OPTIONS(struct ask_options),
    OPT_END,
};

/* "https://host:8443/validate" is a server and a path. */
static bool split_url(const char *url, struct client_target *target, struct sv *path, struct err *e)
{
    static const char scheme[] = "https://";
    struct sv whole = sv_from(url ? url : ""), host;

    if (!sv_starts_with(whole, SV(scheme)))
        return err_set(e, ERR_INPUT, "--url must be https://HOST[:PORT]/PATH");
    host = (struct sv){ whole.p + strlen(scheme), whole.n - strlen(scheme) };
    path->p = host.n ? memchr(host.p, '/', host.n) : NULL;
    if (!path->p || path->p == host.p)
        return err_set(e, ERR_INPUT, "--url names no path, such as /validate");
    path->n = (size_t)(whole.p + whole.n - path->p);
    target->server = (struct sv){ whole.p, whole.n - path->n };
    target->from = SV("--url");
    return true;
}

static void tell_warnings(const struct json *response, struct buf *out)
{
    for (struct value_iter it = value_iter(value_get(response, SV("warnings"))); value_next(&it);) {
        buf_add(out, SV("warning: "));
        buf_add(out, value_string(it.value));
        buf_add_char(out, '\n');
    }
}

/* False: this is no answer of an admission webhook. */
static bool tell_answer(const struct json *root, const char *file, struct buf *out, bool *allowed)
{
    const struct json *response = value_get(root, SV("response"));
    const struct json *status = value_get(response, SV("status"));
    struct sv message = value_string(value_get(status, SV("message")));

    if (!value_get(response, SV("allowed")))
        return false;
    *allowed = value_is_true(value_get(response, SV("allowed")));
    buf_printf(out, "%s: %s%s\n", file, *allowed ? "allowed" : "denied",
               value_get(response, SV("patch")) ? ", with a patch" : "");
    if (message.n) {
        buf_add(out, message);
        buf_add_char(out, '\n');
    }
    tell_warnings(response, out);
    return true;
}

static bool ask_one(const struct ask_options *o, struct client *client, struct sv path, const char *file,
                    struct buf *out, bool *as_expected, struct err *e)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(CERTS_MEMORY);
    struct client_request request = { .method = "POST", .path = path, .content_type = "application/json" };
    struct client_answer answer = { 0 };
    const struct json *root;
    bool allowed = false;

    if (!file_read(file, REVIEW_MAX, &a, &request.body, e)) {
        e->code = ERR_INPUT;
        return false;
    }
    if (!client_send(client, &request, &a, &answer, e))
        return false;
    if (answer.status != 200)
        return err_set(e, ERR_INPUT, "%s: the answer is HTTP %ld: %.*s", file, answer.status, SV_ARG(answer.body));
    root = doc_parse(answer.body, &a, e);
    if (!root)
        return err_wrap(e, "%s: the answer", file);
    if (!tell_answer(root, file, out, &allowed))
        return err_set(e, ERR_INPUT, "%s: the answer is no AdmissionReview; is the URL a webhook's?", file);
    if (o->expect != ASK_ANYTHING && allowed != (o->expect == ASK_ALLOWED)) {
        buf_printf(out, "%s: expected to be %s\n", file, expected_names[o->expect]);
        *as_expected = false;
    }
    return true;
}

static bool ask_all(const struct ask_options *o, const struct opt_values *files, struct buf *out, bool *as_expected,
                    struct err *e)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(CERTS_MEMORY);
    CLEANUP(client_freep) struct client *client = NULL;
    struct client_target target = { 0 };
    struct sv path = { 0 };

    if (!split_url(o->url, &target, &path, e))
        return false;
    if (!files->count)
        return err_set(e, ERR_INPUT, "which review? Name a file with an AdmissionReview");
    if ((o->ca && !file_read(o->ca, CA_MAX, &a, &target.ca, e)) || !certs_start(&o->crypto, e))
        return false;
    client = client_new(&target, o->timeout_ms, e);
    if (!client)
        return false;
    for (size_t i = 0; i < files->count; i++)
        if (!ask_one(o, client, path, files->items[i], out, as_expected, e))
            return false;
    return true;
}

static enum exit_code run(char *const argv[])
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    CLEANUP(buf_fini) struct buf out = BUF_INIT(OUTPUT_MAX);
    struct opt_values files = { 0 };
    struct ask_options o = { 0 };
    struct err e = { 0 };
    bool as_expected = true;
    enum exit_code shown;

    if (!opt_parse(options, argv, &a, &o, &files, &e))
        return certs_failed(&e);
    if (!ask_all(&o, &files, &out, &as_expected, &e)) {
        cmd_show(&out);
        return certs_failed(&e);
    }
    shown = cmd_show(&out);
    return shown == EXIT_CLEAN && !as_expected ? EXIT_DENIED : shown;
}

static const struct cmd_example examples[] = {
    { "fipsgate ask --url https://fipsgate.fipsgate-system.svc/validate --ca ca.crt review.json",
      "tells what the webhook says of a review" },
    { "fipsgate ask --url https://localhost:8443/validate --ca tls.crt --expect denied bad.json",
      "is content when it is denied" },
    { NULL, NULL },
};

const struct cmd cmd_ask = {
    .name = "ask",
    .arguments = " FILE...",
    .summary = "post reviews to a webhook that runs, and tell its answers",
    .about = "Posts each file, an AdmissionReview, as an API server would, and prints the answer: allowed or denied, "
             "the message, the warnings. `helm test` of the chart is made of it.",
    .denied = "an answer was not the one that --expect names",
    .examples = examples,
    .options = options,
    .run = run,
};
