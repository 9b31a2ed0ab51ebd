/* SPDX-License-Identifier: Apache-2.0 */
/* Looks at the FIPS provider exactly as `serve` does, but goes on without it.
 * One list of facts, printed in two ways. */
#include "cli/cmd_version.h"
#include "base/attr.h"
#include "cli/cmd.h"
#include "http/server.h"
#include "yaml/node.h"
#include "json/doc.h"
#include "json/value.h"
#include <jansson.h>

enum { ROWS = 12, TEXT_MAX = 16 << 10 };

struct row {
    const char *key, *name, *value; /* key: in JSON; name: for people */
};

struct version_options {
    const char *openssl_conf;
    enum { OUTPUT_TEXT, OUTPUT_JSON } output;
};

static const char *const outputs[] = { "text", "json", NULL };

static const struct opt options[] = {
    OPT(struct version_options, openssl_conf, "openssl-conf", OPT_TEXT, .value = "FILE",
        .standard = "/etc/fipsgate/openssl.cnf", .help = "OpenSSL configuration that activates the FIPS provider"),
    OPT(struct version_options, output, "output", OPT_ENUM, .names = outputs, .standard = "text",
        .help = "for people, or one line of JSON"),
    OPT_END,
};

const char *cmd_version_own(void)
{
    return FIPSGATE_VERSION;
}

static void collect(struct row rows[ROWS], const struct fips_status *fips, const char *problem)
{
    const struct row all[] = {
        { "version", "fipsgate", cmd_version_own() },
        { "compiler", "compiler", __VERSION__ },
        { "openssl", "OpenSSL", fips_openssl() },
        { "libmicrohttpd", "libmicrohttpd", server_library() },
        { "yyjson", "yyjson", doc_library() },
        { "jansson", "jansson", jansson_version_str() },
        { "libyaml", "libyaml", node_library() },
        { "fipsProvider", "FIPS provider", fips->name },
        { "fipsVersion", "FIPS version", fips->version },
        { "fipsBuild", "FIPS build", fips->build },
        { "fipsSelfTest", "FIPS self test", fips->self_test },
        { "fipsStatus", "FIPS status", *problem ? problem : fips_note(fips) },
    };

    _Static_assert(ARRAY_LEN(all) == ROWS, "every row is printed");
    memcpy(rows, all, sizeof(all));
}

static void print_text(struct buf *out, const struct fips_status *fips, const char *problem)
{
    struct row rows[ROWS];

    collect(rows, fips, problem);
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].value && *rows[i].value)
            buf_printf(out, "%-15s %s\n", rows[i].name, rows[i].value);
}

void cmd_version_json(struct buf *out, const struct fips_status *fips, const char *problem)
{
    struct row rows[ROWS];

    collect(rows, fips, problem);
    buf_printf(out, "{\"fipsActive\":%s", fips->is_active ? "true" : "false");
    for (size_t i = 0; i < ROWS; i++) {
        if (!rows[i].value || !*rows[i].value)
            continue;
        buf_printf(out, ",\"%s\":", rows[i].key);
        value_print_string(out, sv_from(rows[i].value));
    }
    buf_add_char(out, '}');
}

static enum exit_code run(char *const argv[])
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(256 << 10);
    CLEANUP(buf_fini) struct buf out = BUF_INIT(TEXT_MAX);
    struct version_options o = { 0 };
    struct fips_status fips = { 0 };
    struct err e = { 0 }, problem = { 0 };

    if (!opt_parse(options, argv, &a, &o, NULL, &e)) {
        cmd_complain("%s", e.msg);
        return EXIT_USAGE;
    }
    if (fips_require(o.openssl_conf, &fips, &problem))
        problem.msg[0] = '\0';
    if (o.output == OUTPUT_JSON)
        cmd_version_json(&out, &fips, problem.msg);
    else
        print_text(&out, &fips, problem.msg);
    if (o.output == OUTPUT_JSON)
        buf_add_char(&out, '\n');
    return cmd_show(&out);
}

const struct cmd cmd_version = {
    .name = "version",
    .arguments = "",
    .summary = "print version, linked libraries and the state of the FIPS provider",
    .about = "Looks at the FIPS provider exactly as serve does, but goes on without it.",
    .options = options,
    .run = run,
};
