/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fips-proxy: starts haproxy as the sidecar that speaks TLS for a pod, inside
 * the FIPS provider or not at all. The order is the point: settings, proof of
 * the provider here, proof of it in haproxy, and only then a socket.
 *
 *     exit 2: a setting or a file is wrong     3: there is no FIPS provider that proves itself
 *     else haproxy's own, 0 after SIGTERM
 */
#include "net/fips.h"
#include "sidecar/haproxy.h"

enum { EXIT_SETTING = 2, EXIT_FIPS = 3 };

static int print(const struct buf *text)
{
    bool ok = buf_ok(text) && fwrite(text->p, 1, text->len, stdout) == text->len && fflush(stdout) == 0;

    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int help(void)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(1 << 16);

    buf_add(&text, SV("fips-proxy            runs haproxy as the environment says\n"
                      "fips-proxy --config   prints haproxy's configuration\n"
                      "fips-proxy --help     prints this: name, type, default and meaning of each variable\n\n"));
    settings_describe(&text);
    return print(&text);
}

static int refuse(int status, const struct err *e)
{
    fprintf(stderr, "fips-proxy: %s\n", e->msg);
    return status;
}

static int show(const struct settings *s, struct upstreams *all)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(1 << 18);
    struct err e = { 0 };

    if (!upstream_watch(all, &e))
        return refuse(EXIT_FAILURE, &e);
    config_write(s, all, &text);
    return print(&text);
}

static void tell(const struct settings *s, const struct upstreams *all, const struct fips_status *fips)
{
    printf("fips-proxy: %s %s in %s: self test passed, haproxy uses it (a FIPS provider is not by itself a "
           "CMVP-validated build)\n"
           "fips-proxy: TLS on port %.*s for 127.0.0.1:%.*s, metrics on port %.*s\n",
           fips->name, fips->version, fips_openssl(), SV_ARG(s->listen_port), SV_ARG(s->app_port),
           SV_ARG(s->metrics_port));
    for (size_t i = 0; i < all->count; i++)
        printf("fips-proxy: 127.0.0.1:%zu for %.*s:%.*s, verified as %.*s\n", settings_number(s->upstream_port) + i,
               SV_ARG(all->list[i].host), SV_ARG(all->list[i].port), SV_ARG(all->list[i].name));
    fflush(stdout);
}

int main(int argc, char **argv)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 16);
    bool wants_config = argc == 2 && strcmp(argv[1], "--config") == 0;
    static struct upstreams all;
    struct fips_status fips;
    struct settings s = { 0 };
    struct err e = { 0 };
    int status = 0;

    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return help();
    if (argc > 1 && !wants_config) {
        err_set(&e, ERR_INPUT, "settings come by the environment, not by arguments; see fips-proxy --help");
        return refuse(EXIT_SETTING, &e);
    }
    if (!settings_read(&s, &a, &e) || !upstream_parse(&s, &all, &e))
        return refuse(EXIT_SETTING, &e);
    if (wants_config)
        return show(&s, &all);
    if (!fips_require(getenv("OPENSSL_CONF"), &fips, &e) || !haproxy_prove(&e))
        return refuse(EXIT_FIPS, &e);
    tell(&s, &all, &fips);
    return haproxy_run(&s, &all, &status, &e) ? status : refuse(EXIT_FAILURE, &e);
}
