/* SPDX-License-Identifier: Apache-2.0 */
/* Looks at the FIPS provider exactly as `serve` does, but goes on without it.
 * One list of facts, printed in two ways. */
#include "cli/cmd_version.h"
#include "api/client.h"
#include "base/attr.h"
#include "cli/cmd.h"
#include "cli/fips_note.h"
#include "http/server.h"
#include "policy/policy.h"
#include "yaml/node.h"
#include "json/doc.h"
#include "json/value.h"
#include <jansson.h>

enum { ROWS = 15, TEXT_MAX = 16 << 10 };

struct row {
    const char *key, *name; /* in JSON; for people */
    struct sv value;
};

struct version_options {
    const char *openssl_conf;
    struct opt_values facts;
    enum { OUTPUT_TEXT, OUTPUT_JSON } output;
};

static const char *const outputs[] = { "text", "json", NULL };

static const struct opt options[] = {
    OPT(struct version_options, openssl_conf, "openssl-conf", OPT_TEXT, .value = "FILE",
        .standard = "/etc/fipsgate/openssl.cnf", .help = "OpenSSL configuration that activates the FIPS provider"),
    OPT(struct version_options, facts, "facts", OPT_TEXTS, .value = "PATH",
        .help = "newer facts than those shipped: what certificate the provider has"),
    OPT(struct version_options, output, "output", OPT_ENUM, .names = outputs, .standard = "text",
        .help = "for people, or one line of JSON"),
    OPT_END,
};

const char *cmd_version_own(void)
{
    return FIPSGATE_VERSION;
}

static void say_status(struct buf *out, const struct fips_status *fips, const struct facts *facts, const char *problem)
{
    if (*problem)
        buf_add(out, sv_from(problem));
    else
        fips_note_print(out, fips, facts);
}

static void collect(struct row rows[ROWS], const struct fips_status *fips, const struct facts *facts, struct sv status)
{
    struct cmvp_standing standing = fips_note_standing(fips, facts);
    const struct row all[] = {
        { "version", "fipsgate", sv_from(cmd_version_own()) },
        { "compiler", "compiler", SV(__VERSION__) },
        { "openssl", "OpenSSL", sv_from(fips_openssl()) },
        { "libmicrohttpd", "libmicrohttpd", sv_from(server_library()) },
        { "yyjson", "yyjson", sv_from(doc_library()) },
        { "jansson", "jansson", sv_from(jansson_version_str()) },
        { "libyaml", "libyaml", sv_from(node_library()) },
        { "libcurl", "libcurl", sv_from(client_library()) },
        { "fipsProvider", "FIPS provider", sv_from(fips->name) },
        { "fipsVersion", "FIPS version", sv_from(fips->version) },
        { "fipsBuild", "FIPS build", sv_from(fips->build) },
        { "fipsSelfTest", "FIPS self test", sv_from(fips->self_test) },
        { "fipsCertificate", "FIPS certificate", cmvp_number(&standing) },
        { "fipsCertificateStatus", "FIPS cert status", sv_from(cmvp_status_name(standing.status)) },
        { "fipsStatus", "FIPS status", status },
    };

    _Static_assert(ARRAY_LEN(all) == ROWS, "every row is printed");
    memcpy(rows, all, sizeof(all));
}

static void print_text(struct buf *out, const struct fips_status *fips, const struct facts *facts, const char *problem)
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT(TEXT_MAX);
    struct row rows[ROWS];

    say_status(&note, fips, facts, problem);
    collect(rows, fips, facts, buf_sv(&note));
    for (size_t i = 0; i < ROWS; i++) {
        if (!rows[i].value.n)
            continue;
        buf_printf(out, "%-16s ", rows[i].name);
        buf_add(out, rows[i].value);
        buf_add_char(out, '\n');
    }
}

void cmd_version_json(struct buf *out, const struct fips_status *fips, const struct facts *facts, const char *problem)
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT(TEXT_MAX);
    struct row rows[ROWS];

    say_status(&note, fips, facts, problem);
    collect(rows, fips, facts, buf_sv(&note));
    buf_printf(out, "{\"fipsActive\":%s", fips->is_active && fips_is_running(fips) ? "true" : "false");
    for (size_t i = 0; i < ROWS; i++) {
        if (!rows[i].value.n)
            continue;
        buf_printf(out, ",\"%s\":", rows[i].key);
        value_print_string(out, rows[i].value);
    }
    buf_add_char(out, '}');
}

static enum exit_code show(const struct version_options *o, const struct fips_status *fips, const struct facts *facts,
                           const char *problem)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(TEXT_MAX);

    if (o->output == OUTPUT_JSON) {
        cmd_version_json(&out, fips, facts, problem);
        buf_add_char(&out, '\n');
    } else {
        print_text(&out, fips, facts, problem);
    }
    return cmd_show(&out);
}

/* Those shipped, and those given. */
static struct policy_set *load_facts(const struct version_options *o, struct err *e)
{
    static const char *const any[] = { "builtin:baseline" };

    return policy_set_load(
        &(struct policy_sources){
            .policies = any, .policy_count = 1, .facts = o->facts.items, .fact_count = o->facts.count },
        e);
}

static enum exit_code run(char *const argv[])
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(256 << 10);
    CLEANUP(policy_set_freep) struct policy_set *set = NULL;
    struct version_options o = { 0 };
    struct fips_status fips = { 0 };
    struct err e = { 0 }, problem = { 0 };

    if (!opt_parse(options, argv, &a, &o, NULL, &e)) {
        cmd_complain("%s", e.msg);
        return EXIT_USAGE;
    }
    /* First, as in serve; and without it there is nothing to look up. */
    if (!fips_require(o.openssl_conf, &fips, &problem))
        return show(&o, &fips, NULL, problem.msg);
    set = load_facts(&o, &e);
    if (set)
        return show(&o, &fips, set->facts, "");
    cmd_complain("%s", e.msg);
    return EXIT_USAGE;
}

const struct cmd cmd_version = {
    .name = "version",
    .arguments = "",
    .summary = "print version, linked libraries and the state of the FIPS provider",
    .about = "Looks at the FIPS provider exactly as serve does, but goes on without it.",
    .options = options,
    .run = run,
};
