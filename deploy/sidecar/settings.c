/* SPDX-License-Identifier: Apache-2.0 */
/* Ports and lists of host:port are checked by the functions that check the
 * annotations of pods: what the webhook lets through, the proxy takes. */
#include "sidecar/settings.h"
#include "base/text.h"
#include "rules/sidecar_parameter.h"
#include "sidecar/upstream.h"
#include <arpa/inet.h>

enum { SECONDS_MAX = 3600, NAME_MAX_LENGTH = 253, PATH_MAX_LENGTH = 200 };

/* Why `value` is not of the type; NULL: it is. */
typedef const char *fault_fn(struct sv value);

struct type {
    const char *name, *wanted;
    fault_fn *fault;
};

struct setting {
    const char *name;
    size_t offset;
    const struct type *type;
    const char *fallback, *help;
};

static const char *port_fault(struct sv value)
{
    return sidecar_parameter_fault(SIDECAR_PORT, value);
}

static const char *hostports_fault(struct sv value)
{
    return value.n == 0 ? NULL : sidecar_parameter_fault(SIDECAR_HOSTPORTS, value);
}

static bool is_name(struct sv name)
{
    if (name.n == 0 || name.n > NAME_MAX_LENGTH)
        return false;
    while (name.p)
        if (!sidecar_parameter_is_label(sv_cut(&name, '.')))
            return false;
    return true;
}

static const char *names_fault(struct sv value)
{
    for (struct sv rest = value; value.n > 0 && rest.p;) {
        struct sv name = sv_cut(&rest, ',');

        if (name.n > 0 && !is_name(name))
            return "an entry is not a DNS name (lower case, RFC 1123)";
    }
    return NULL;
}

static const char *one_of(struct sv value, const char *const *words)
{
    for (; *words; words++)
        if (sv_eq(value, sv_from(*words)))
            return NULL;
    return "there is no such choice";
}

static const char *protocol_fault(struct sv value)
{
    static const char *const words[] = { "tcp", "http", "grpc", NULL };

    return one_of(value, words);
}

static const char *clients_fault(struct sv value)
{
    static const char *const words[] = { "any", "verified", NULL };

    return one_of(value, words);
}

static const char *log_fault(struct sv value)
{
    static const char *const words[] = { "warnings", "connections", NULL };

    return one_of(value, words);
}

static const char *seconds_fault(struct sv value)
{
    size_t seconds = 0;

    return text_to_size(value, &seconds) && seconds <= SECONDS_MAX && (value.n == 1 || value.p[0] != '0')
               ? NULL
               : "it is not a number from 0 to 3600";
}

static const char *address_fault(struct sv value)
{
    char text[INET6_ADDRSTRLEN] = { 0 };
    struct in6_addr address;

    if (value.n == 0)
        return NULL;
    if (value.n >= sizeof(text))
        return "it is not an IP address";
    memcpy(text, value.p, value.n);
    return inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1
               ? NULL
               : "it is not an IP address";
}

/* Characters that mean themselves to haproxy, whatever stands around them. */
static const char *path_fault(struct sv value)
{
    static const struct sv fine = SV_INIT("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-");

    if (value.n == 0 || value.n > PATH_MAX_LENGTH || value.p[0] != '/')
        return "it is not an absolute path of at most 200 characters";
    for (size_t i = 0; i < value.n; i++)
        if (sv_find(fine, value.p[i]) == fine.n)
            return "it has a character other than letters, digits and `/._-`";
    return NULL;
}

static const struct type port = { "port", "a port, 1 to 65535", port_fault };
static const struct type hostports = { "hostports", "host:port[,host:port...], 32 at most, or nothing",
                                       hostports_fault };
static const struct type names = { "names", "DNS names, separated by commas, one for each upstream", names_fault };
static const struct type protocol = { "tcp|http|grpc", "tcp, http or grpc", protocol_fault };
static const struct type clients = { "any|verified", "any or verified", clients_fault };
static const struct type log_level = { "warnings|connections", "warnings or connections", log_fault };
static const struct type seconds = { "seconds", "seconds, 0 to 3600", seconds_fault };
static const struct type address = { "address", "an IPv4 or IPv6 address, or nothing", address_fault };
static const struct type path = { "path", "an absolute path", path_fault };

#define SETTING(field) offsetof(struct settings, field)

static const struct setting table[] = {
    { "FIPS_PROXY_APP_PORT", SETTING(app_port), &port, "8080", "where the application listens, on 127.0.0.1" },
    { "FIPS_PROXY_LISTEN_PORT", SETTING(listen_port), &port, "8443", "where others reach it, with TLS" },
    { "FIPS_PROXY_METRICS_PORT", SETTING(metrics_port), &port, "8405", "/metrics, /livez and /readyz, plain HTTP" },
    { "FIPS_PROXY_UPSTREAMS", SETTING(upstreams), &hostports, "", "whom the application calls, with TLS" },
    { "FIPS_PROXY_UPSTREAM_PORT", SETTING(upstream_port), &port, "19001",
      "where it calls the first of them, on 127.0.0.1; each further one has the next port" },
    { "FIPS_PROXY_UPSTREAM_NAMES", SETTING(upstream_names), &names, "",
      "the names in their certificates, in the same order; an empty one is the host itself" },
    { "FIPS_PROXY_PROTOCOL", SETTING(protocol), &protocol, "tcp",
      "tcp passes bytes; http reads HTTP and ends idle connections at once when it stops; grpc is tcp with ALPN h2" },
    { "FIPS_PROXY_CLIENTS", SETTING(clients), &clients, "any", "verified: only with a certificate that ca.crt signed" },
    { "FIPS_PROXY_ADDRESS", SETTING(address), &address, "", "where to listen; nothing: everywhere" },
    { "FIPS_PROXY_LOG", SETTING(log), &log_level, "warnings",
      "connections: a line also for each that did not end well, refused handshakes among them" },
    { "FIPS_PROXY_DRAIN_SECONDS", SETTING(drain_seconds), &seconds, "3",
      "how long new connections are taken after SIGTERM" },
    { "FIPS_PROXY_STOP_SECONDS", SETTING(stop_seconds), &seconds, "20",
      "how long open connections may then take; what is left is cut" },
    { "FIPS_PROXY_TLS_DIR", SETTING(tls_dir), &path, "/etc/fips-proxy/tls", "tls.crt, tls.key and ca.crt" },
};

static struct sv *field_of(struct settings *s, const struct setting *row)
{
    return (struct sv *)(void *)((char *)s + row->offset);
}

static bool read_row(struct settings *s, const struct setting *row, struct arena *a, struct err *e)
{
    struct sv value = sv_from(getenv(row->name));
    const char *fault;

    if (!value.p)
        value = sv_from(row->fallback);
    *field_of(s, row) = value;
    fault = row->type->fault(value);
    return !fault || err_set(e, ERR_INPUT, "%s is `%.*s`: %s; wanted %s", row->name,
                             SV_ARG(text_printable(a, value, 100)), fault, row->type->wanted);
}

unsigned settings_number(struct sv text)
{
    size_t number = 0;

    return text_to_size(text, &number) ? (unsigned)number : 0;
}

static size_t count_of(struct sv list)
{
    size_t count = 0;

    for (struct sv rest = list; list.n > 0 && rest.p; count++)
        sv_cut(&rest, ',');
    return count;
}

/* One port cannot have two listeners; the application's is one of them. */
static bool check_ports(const struct settings *s, struct err *e)
{
    const struct sv own[] = { s->app_port, s->listen_port, s->metrics_port };
    static const char *const of[] = { "FIPS_PROXY_APP_PORT", "FIPS_PROXY_LISTEN_PORT", "FIPS_PROXY_METRICS_PORT" };
    unsigned first = settings_number(s->upstream_port), count = (unsigned)count_of(s->upstreams);

    for (size_t i = 0; i < ARRAY_LEN(own); i++) {
        unsigned number = settings_number(own[i]);

        for (size_t j = 0; j < i; j++)
            if (sv_eq(own[i], own[j]))
                return err_set(e, ERR_INPUT, "%s and %s are both %u", of[j], of[i], number);
        if (number >= first && number - first < count)
            return err_set(e, ERR_INPUT, "%s is %u, where FIPS_PROXY_UPSTREAM_PORT %u has upstream %u", of[i], number,
                           first, number - first + 1);
    }
    return first + count <= 65536 ||
           err_set(e, ERR_INPUT, "FIPS_PROXY_UPSTREAM_PORT is %u: %u upstreams do not fit below 65536", first, count);
}

bool settings_read(struct settings *s, struct arena *a, struct err *e)
{
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        if (!read_row(s, &table[i], a, e))
            return false;
    if (count_of(s->upstream_names) > count_of(s->upstreams))
        return err_set(e, ERR_INPUT, "FIPS_PROXY_UPSTREAM_NAMES has %zu entries, and there are %zu upstreams",
                       count_of(s->upstream_names), count_of(s->upstreams));
    return check_ports(s, e);
}

void settings_describe(struct buf *out)
{
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        buf_printf(out, "%s\t%s\t%s\t%s\n", table[i].name, table[i].type->name, table[i].fallback, table[i].help);
}
