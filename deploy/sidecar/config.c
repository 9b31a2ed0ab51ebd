/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever stands in a setting has been checked against its type, so it can
 * be written as it is: no type lets a space, a quote, `#`, `$` or a line end
 * through. What may be negotiated is fixed here, and in openssl.cnf once more
 * (configure.sh), which also holds for the groups that haproxy 2.6 cannot name
 * towards servers.
 */
#include "sidecar/config.h"
#include "base/attr.h"
#include "net/cpus.h"
#include <sys/socket.h>
#include <unistd.h>

enum { THREADS_MAX = 4 };

/* For "%.*s": all of it, for nothing here may be cut. */
#define WHOLE(s) (int)(s).n, ((s).p ? (s).p : "")

#define SUITES_12                                                                                                      \
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:"                         \
    "ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=2"
#define SUITES_13 "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256"

static const struct protocol {
    struct sv word;
    const char *mode, *bind_alpn, *server_alpn, *more; /* more: for `defaults` */
} protocols[] = {
    { SV_INIT("tcp"), "tcp", "", "", "    option tcplog\n" },
    { SV_INIT("http"), "http", " alpn h2,http/1.1", " alpn http/1.1",
      "    option httplog\n    timeout http-request 10s\n    timeout http-keep-alive 60s\n    option forwardfor\n" },
    { SV_INIT("grpc"), "tcp", " alpn h2", " alpn h2", "    option tcplog\n" },
};

static const struct protocol *protocol_of(const struct settings *s)
{
    size_t i = 0;

    while (i + 1 < ARRAY_LEN(protocols) && !sv_eq(protocols[i].word, s->protocol))
        i++;
    return &protocols[i];
}

static void add_global(const struct settings *s, struct buf *out)
{
    const struct protocol *p = protocol_of(s);
    size_t cpus = cpus_available();

    buf_printf(out,
               "global\n"
               "    log stdout format raw daemon %s\n"
               "    maxconn 4096\n"
               "    nbthread %zu\n"
               "    mworker-max-reloads 16\n"
               "    ssl-load-extra-del-ext\n"
               "    ssl-load-extra-files key\n"
               "    ssl-default-bind-ciphers " SUITES_12 "\n"
               "    ssl-default-bind-ciphersuites " SUITES_13 "\n"
               "    ssl-default-bind-curves P-256:P-384\n"
               "    ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets\n"
               "    ssl-default-server-ciphers " SUITES_12 "\n"
               "    ssl-default-server-ciphersuites " SUITES_13 "\n"
               "    ssl-default-server-options ssl-min-ver TLSv1.2 no-tls-tickets\n"
               "    ssl-server-verify required\n\n",
               sv_eq(s->log, SV("connections")) ? "info" : "notice", cpus < THREADS_MAX ? cpus : THREADS_MAX);
    buf_printf(out,
               "defaults\n"
               "    mode %s\n"
               "    log global\n"
               "    option dontlog-normal\n"
               "    option clitcpka\n"
               "    option srvtcpka\n"
               "    retries 2\n"
               "    timeout connect 5s\n"
               "    timeout client 1h\n"
               "    timeout server 1h\n"
               "    timeout client-fin 30s\n"
               "    timeout server-fin 30s\n"
               "%s\n",
               p->mode, p->more);
}

/* Where others reach us: both families where the kernel has both. */
static void add_bind(const struct settings *s, struct sv port, struct buf *out)
{
    bool is_v6 = sv_find(s->address, ':') < s->address.n;
    int probe = s->address.n == 0 ? socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;

    if (s->address.n > 0)
        buf_printf(out, "    bind %s%.*s:%.*s", is_v6 ? "ipv6@" : "ipv4@", WHOLE(s->address), WHOLE(port));
    else
        buf_printf(out, "    bind %s:%.*s%s", probe < 0 ? "*" : "::", WHOLE(port), probe < 0 ? "" : " v4v6");
    if (probe >= 0)
        close(probe);
}

static void add_inbound(const struct settings *s, struct buf *out)
{
    buf_add(out, SV("frontend inbound\n"));
    add_bind(s, s->listen_port, out);
    buf_printf(out, " ssl crt %.*s/tls.crt%s", WHOLE(s->tls_dir), protocol_of(s)->bind_alpn);
    if (sv_eq(s->clients, SV("verified")))
        buf_printf(out, " verify required ca-file %.*s/ca.crt", WHOLE(s->tls_dir));
    buf_printf(out,
               "\n    default_backend app\n\n"
               "backend app\n"
               "    server app 127.0.0.1:%.*s\n\n",
               WHOLE(s->app_port));
}

/* The certificate is ours, for a server that asks for one. */
static void add_upstream(const struct settings *s, const struct upstream *u, size_t index, struct buf *out)
{
    bool is_v6 = strchr(u->address, ':');

    buf_printf(out,
               "# %.*s:%.*s\n"
               "frontend to-upstream-%zu\n"
               "    bind 127.0.0.1:%zu\n"
               "    default_backend upstream-%zu\n\n"
               "backend upstream-%zu\n",
               WHOLE(u->host), WHOLE(u->port), index + 1, settings_number(s->upstream_port) + index, index + 1,
               index + 1);
    if (u->address[0])
        buf_printf(out,
                   "    server upstream %s%s:%.*s ssl verify required ca-file %.*s/ca.crt crt %.*s/tls.crt"
                   " sni str(%.*s) verifyhost %.*s%s\n",
                   is_v6 ? "ipv6@" : "ipv4@", u->address, WHOLE(u->port), WHOLE(s->tls_dir), WHOLE(s->tls_dir),
                   WHOLE(u->name), WHOLE(u->name), protocol_of(s)->server_alpn);
    buf_add_char(out, '\n');
}

static void add_metrics(const struct settings *s, struct buf *out)
{
    buf_add(out, SV("frontend metrics\n"
                    "    mode http\n"));
    add_bind(s, s->metrics_port, out);
    buf_add(out, SV("\n"
                    "    option httplog\n"
                    "    timeout client 10s\n"
                    "    option httplog\n    timeout http-request 10s\n"
                    "    timeout http-keep-alive 10s\n"
                    "    http-request use-service prometheus-exporter if { path /metrics }\n"
                    "    http-request return status 503 content-type text/plain string stopping if"
                    " { path /readyz } { stopping }\n"
                    "    http-request return status 200 content-type text/plain string ok if"
                    " { path /livez /readyz }\n"
                    "    http-request deny deny_status 404\n"));
}

void config_write(const struct settings *s, const struct upstreams *all, struct buf *out)
{
    add_global(s, out);
    add_inbound(s, out);
    for (size_t i = 0; i < all->count; i++)
        add_upstream(s, &all->list[i], i, out);
    add_metrics(s, out);
}
