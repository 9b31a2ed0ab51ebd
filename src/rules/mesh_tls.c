/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Istio: whether traffic between services is under TLS, and under which, as far
 * as its resources say it. A mode that is not set is the protocol's zero, which
 * for some messages means no TLS at all.
 */
#include "rules/rules.h"
#include "rules/tls_kind.h"

struct config {
    struct rule_head head;
    struct strings suites, versions;
    enum outcome plaintext, passthrough, defaults;

    struct tls_options options;
};

static const struct field fields[] = {
    RULE_HEAD_FIELDS(struct config),
    FIELD(struct config, suites, "suites", FIELD_STRINGS, .not_empty = true,
          .help = "cipher suites a Gateway may offer; default the fact set @tls-suites"),
    FIELD(struct config, versions, "versions", FIELD_STRINGS, .not_empty = true,
          .help = "TLS versions a Gateway may begin with; default the fact set @tls-versions"),
    FIELD(struct config, plaintext, "plaintext", FIELD_ENUM, .names = values_outcomes,
          .help = "what a Gateway's server without TLS is; default warn"),
    FIELD(struct config, passthrough, "passthrough", FIELD_ENUM, .names = values_outcomes,
          .help = "what a Gateway's server is that passes TLS on; default unknown"),
    FIELD(struct config, defaults, "defaults", FIELD_ENUM, .names = values_outcomes,
          .help = "what is left to the mesh's own settings is, such as a version that is not set; default unknown"),
    FIELD_END,
};

#define FROM_MESH "the mode is left to the namespace and the mesh"
static const struct tls_word peer_modes[] = {
    { SV_INIT("STRICT"), TLS_FINE, NULL },
    { SV_INIT("PERMISSIVE"), TLS_WRONG, "plaintext is accepted beside mutual TLS" },
    { SV_INIT("DISABLE"), TLS_WRONG, "mutual TLS is switched off" },
    { SV_INIT("UNSET"), TLS_DEFAULT, NULL },
    { .word = { NULL, 0 } },
};
/* A port that says nothing does what the workload does. */
static const struct tls_word peer_port_modes[] = {
    { SV_INIT("STRICT"), TLS_FINE, NULL },
    { SV_INIT("PERMISSIVE"), TLS_WRONG, "this port accepts plaintext beside mutual TLS" },
    { SV_INIT("DISABLE"), TLS_WRONG, "mutual TLS is switched off on this port" },
    { SV_INIT("UNSET"), TLS_SILENT, NULL },
    { .word = { NULL, 0 } },
};
static const struct tls_setting peer_settings[] = {
    { .path = SV_INIT("/spec/mtls/mode"),
      .words = peer_modes,
      .lack = FROM_MESH,
      .wanted = "STRICT",
      .fix = "set the mode to STRICT" },
    { .path = SV_INIT("/spec/portLevelMtls/*/mode"),
      .words = peer_port_modes,
      .absent = TLS_SILENT,
      .orphan = TLS_SILENT,
      .none = TLS_SILENT,
      .wanted = "STRICT",
      .fix = "set the mode to STRICT" },
    { .path = { NULL, 0 } },
};

static const struct tls_word client_modes[] = {
    { SV_INIT("ISTIO_MUTUAL"), TLS_FINE, NULL },
    { SV_INIT("MUTUAL"), TLS_FINE, NULL },
    { SV_INIT("SIMPLE"), TLS_FINE, NULL },
    { SV_INIT("DISABLE"), TLS_WRONG, "TLS to this host is switched off" },
    { .word = { NULL, 0 } },
};
/* Settings of a port replace those of the host whole; a subset inherits what it
 * does not say. */
#define CLIENT(the_path, without, no_list, says)                                                                       \
    {                                                                                                                  \
        .path = SV_INIT(the_path), .words = client_modes, .absent = TLS_WRONG, .orphan = (without), .none = (no_list), \
        .lack = (says), .bare = "tls without a mode switches TLS to this host off",                                    \
        .wanted = "ISTIO_MUTUAL, MUTUAL or SIMPLE", .fix = "set the mode to ISTIO_MUTUAL"                              \
    }
static const struct tls_setting destination_settings[] = {
    CLIENT("/spec/trafficPolicy/tls/mode", TLS_DEFAULT, TLS_SILENT, "no TLS mode: it is left to the mesh"),
    CLIENT("/spec/trafficPolicy/portLevelSettings/*/tls/mode", TLS_DEFAULT, TLS_SILENT,
           "this port has settings of its own without a TLS mode: it is left to the mesh"),
    CLIENT("/spec/subsets/*/trafficPolicy/tls/mode", TLS_SILENT, TLS_SILENT, NULL),
    CLIENT("/spec/subsets/*/trafficPolicy/portLevelSettings/*/tls/mode", TLS_DEFAULT, TLS_SILENT,
           "this port has settings of its own without a TLS mode: it is left to the mesh"),
    { .path = { NULL, 0 } },
};

static const struct tls_word auto_floor[] = {
    { SV_INIT("TLS_AUTO"), TLS_DEFAULT, NULL },
    { .word = { NULL, 0 } },
};
static const struct tls_word auto_ceiling[] = {
    { SV_INIT("TLS_AUTO"), TLS_SILENT, NULL },
    { .word = { NULL, 0 } },
};
static const struct tls_setting server_settings[] = {
    { .path = SV_INIT("/tls/minProtocolVersion"),
      .reading = TLS_FLOOR,
      .words = auto_floor,
      .lack = "the least TLS version is left to the proxy's own default",
      .wanted = "TLSV1_2 or TLSV1_3",
      .fix = "set minProtocolVersion to TLSV1_2" },
    { .path = SV_INIT("/tls/maxProtocolVersion"), .reading = TLS_CEILING, .words = auto_ceiling, .absent = TLS_SILENT },
    { .path = SV_INIT("/tls/cipherSuites/*"),
      .reading = TLS_SUITES,
      .lack = "the cipher suites are left to the proxy's own default",
      .wanted = "a list of allowed suites",
      .fix = "list allowed suites in cipherSuites" },
    { .path = { NULL, 0 } },
};

/* How Istio reads a port's protocol: letter case does not matter. */
static const struct {
    struct sv protocol;
    bool is_http; /* TLS settings count for nothing but the redirect */
    enum tls_meaning without_tls;
} protocols[] = {
    { SV_INIT("GRPC"), true, TLS_PLAINTEXT },       { SV_INIT("GRPC-WEB"), true, TLS_PLAINTEXT },
    { SV_INIT("HTTP"), true, TLS_PLAINTEXT },       { SV_INIT("HTTP2"), true, TLS_PLAINTEXT },
    { SV_INIT("HTTP_PROXY"), true, TLS_PLAINTEXT }, { SV_INIT("TCP"), false, TLS_PASSTHROUGH },
};

static enum tls_meaning end_of_server(const struct json *server, struct sv *at)
{
    struct sv protocol = value_string(pointer_get(server, SV("/port/protocol")));
    const struct json *tls = value_get(server, SV("tls"));
    struct sv mode = value_string(value_get(tls, SV("mode")));

    *at = SV("/port/protocol");
    for (size_t i = 0; i < ARRAY_LEN(protocols); i++) {
        if (!sv_eq_nocase(protocols[i].protocol, protocol))
            continue;
        if (protocols[i].is_http && value_is_true(value_get(tls, SV("httpsRedirect"))))
            return TLS_SILENT;
        if (protocols[i].is_http || value_is_nothing(tls))
            return protocols[i].without_tls;
    }
    *at = value_is_nothing(tls) ? SV("/tls") : SV("/tls/mode");
    if (value_is_nothing(tls))
        return TLS_PLAINTEXT;
    if (mode.n == 0 || sv_eq(mode, SV("PASSTHROUGH")) || sv_eq(mode, SV("AUTO_PASSTHROUGH")))
        return TLS_PASSTHROUGH;
    return TLS_FINE;
}

static const struct tls_kind kinds[] = {
    { .group = SV_INIT("security.istio.io"),
      .kind = SV_INIT("PeerAuthentication"),
      .each = SV_INIT(""),
      .settings = peer_settings },
    { .group = SV_INIT("networking.istio.io"),
      .kind = SV_INIT("DestinationRule"),
      .each = SV_INIT(""),
      .settings = destination_settings },
    { .group = SV_INIT("networking.istio.io"),
      .kind = SV_INIT("Gateway"),
      .each = SV_INIT("/spec/servers/*"),
      .name = SV_INIT("/port/name"),
      .none = TLS_SILENT,
      .end = end_of_server,
      .settings = server_settings },
};

static void set_defaults(void *config)
{
    static const struct sv suites[] = { SV_INIT("@tls-suites") }, versions[] = { SV_INIT("@tls-versions") };
    struct config *c = config;

    c->suites = (struct strings){ suites, ARRAY_LEN(suites) };
    c->versions = (struct strings){ versions, ARRAY_LEN(versions) };
    c->plaintext = OUTCOME_WARN;
}

static bool compile(const struct rule_build *b, void *config, struct err *e)
{
    struct config *c = config;
    struct tls_options *o = &c->options;
    const struct pointer suites_at = pointer_key(b->at, SV("suites")), versions_at = pointer_key(b->at, SV("versions"));

    tls_kind_defaults(o);
    o->outcomes[TLS_DEFAULT] = c->defaults;
    o->outcomes[TLS_PLAINTEXT] = c->plaintext;
    o->outcomes[TLS_PASSTHROUGH] = c->passthrough;
    if (!values_compile(b, &versions_at, &c->versions, &o->sets[TLS_FLOOR], e))
        return false;
    o->sets[TLS_CEILING] = o->sets[TLS_FLOOR];
    return values_compile(b, &suites_at, &c->suites, &o->sets[TLS_SUITES], e);
}

static void check(const struct target *t, const void *config, struct findings *out)
{
    const struct config *c = config;
    const struct tls_kind *row;

    for (size_t i = 0; (row = tls_kind_next(kinds, ARRAY_LEN(kinds), t, &i));)
        tls_kind_check(row, &c->options, t, out);
}

const struct rule rule_mesh_tls = {
    .id = "mesh-tls",
    .layer = "service-to-service",
    .severity = SEVERITY_HIGH,
    .families = FAMILY_MESH,
    .what = "Istio's resources ask for mutual TLS, and its gateways for FIPS versions and suites",
    .why = "traffic between services is encrypted only where the mesh insists on it, and with what its proxies offer",
    .fix = "set mutual TLS to STRICT, TLS modes to ISTIO_MUTUAL, and name versions and suites of gateways",
    .example = "name: mesh\n"
               "type: mesh-tls\n"
               "suites: [\"@tls-suites\"]\n"
               "passthrough: warn\n",
    .fields = fields,
    .config_size = sizeof(struct config),
    .defaults = set_defaults,
    .compile = compile,
    .check = check,
};
