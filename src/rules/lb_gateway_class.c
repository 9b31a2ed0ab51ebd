/* SPDX-License-Identifier: Apache-2.0 */
/* The rows. Where another object decides, a listener cannot tell, and the row
 * says which object that is. */
#include "rules/lb_gateway_class.h"

enum { AWS, AZURE, CILIUM, CONTOUR, ENVOY, GKE, ISTIO, NGINX, TRAEFIK, CONTROLLERS };
const char *const lb_gateway_class_controllers[] = { "aws", "azure", "cilium", "contour", "envoy-gateway",
                                                     "gke", "istio", "nginx",  "traefik", NULL };

#define ELSEWHERE(where, what_to_do)                                                                                   \
    {                                                                                                                  \
        .path = SV_INIT("/tls/options"), .lack = (where), .wanted = "a least TLS version and suites that can be read", \
        .fix = (what_to_do)                                                                                            \
    }
#define SETTINGS_END                                                                                                   \
    {                                                                                                                  \
        .path = { NULL, 0 }                                                                                            \
    }

static const struct tls_setting aws[] = { ELSEWHERE("the TLS policy is in a LoadBalancerConfiguration, if at all",
                                                    "name a policy in the LoadBalancerConfiguration"),
                                          SETTINGS_END };
static const struct tls_setting azure[] = { ELSEWHERE("the TLS policy is in a FrontendTLSPolicy, if at all",
                                                      "name a policy in a FrontendTLSPolicy"),
                                            SETTINGS_END };
static const struct tls_setting cilium[] = { ELSEWHERE("TLS versions and suites are the proxy's own defaults",
                                                       "see to the defaults of Cilium's proxy"),
                                             SETTINGS_END };
static const struct tls_setting contour[] = { ELSEWHERE("TLS versions and suites are in Contour's configuration",
                                                        "set them in Contour's configuration"),
                                              SETTINGS_END };
static const struct tls_setting envoy[] = { ELSEWHERE("TLS versions and suites are in a ClientTrafficPolicy, if at all",
                                                      "set them in a ClientTrafficPolicy"),
                                            SETTINGS_END };
static const struct tls_setting gke[] = {
    ELSEWHERE("the TLS policy is in a GCPGatewayPolicy, if at all", "name a policy in a GCPGatewayPolicy"), SETTINGS_END
};
static const struct tls_setting istio[] = {
    ELSEWHERE("the least TLS version is the mesh's own setting", "set it for the mesh"),
    { .path = SV_INIT("/tls/options/gateway.istio.io~1tls-cipher-suites"),
      .reading = TLS_SUITES,
      .lack = "the cipher suites are left to the proxy's own default",
      .wanted = "a list of allowed suites",
      .fix = "list allowed suites in the option gateway.istio.io/tls-cipher-suites" },
    SETTINGS_END,
};
static const struct tls_setting nginx[] = {
    { .path = SV_INIT("/tls/options/nginx.org~1ssl-protocols"),
      .reading = TLS_FLOOR,
      .lack = "the TLS versions are left to nginx's own default",
      .wanted = "TLSv1.2 TLSv1.3",
      .fix = "name the versions in the option nginx.org/ssl-protocols" },
    { .path = SV_INIT("/tls/options/nginx.org~1ssl-ciphers"),
      .reading = TLS_SUITES,
      .lack = "the cipher suites are left to nginx's own default",
      .wanted = "a list of allowed suites",
      .fix = "list allowed suites in the option nginx.org/ssl-ciphers" },
    SETTINGS_END,
};
static const struct tls_setting traefik[] = { ELSEWHERE("the TLSOption `default`, or Traefik's own defaults, apply",
                                                        "set versions and suites in the TLSOption `default`"),
                                              SETTINGS_END };
static const struct tls_setting unknown[] = {
    ELSEWHERE("the policy does not know which controller serves this gateway class",
              "add the class to the rule's `classes`"),
    SETTINGS_END,
};

static const struct tls_setting *const settings[CONTROLLERS] = {
    [AWS] = aws, [AZURE] = azure, [CILIUM] = cilium, [CONTOUR] = contour, [ENVOY] = envoy,
    [GKE] = gke, [ISTIO] = istio, [NGINX] = nginx,   [TRAEFIK] = traefik,
};

/* The names that the controllers' own charts and documentation use. */
static const struct {
    struct sv class;
    int controller;
} classes[] = {
    { SV_INIT("azure-alb-external"), AZURE },
    { SV_INIT("cilium"), CILIUM },
    { SV_INIT("contour"), CONTOUR },
    { SV_INIT("eg"), ENVOY },
    { SV_INIT("gke-l7-global-external-managed"), GKE },
    { SV_INIT("gke-l7-global-external-managed-mc"), GKE },
    { SV_INIT("gke-l7-gxlb"), GKE },
    { SV_INIT("gke-l7-gxlb-mc"), GKE },
    { SV_INIT("gke-l7-regional-external-managed"), GKE },
    { SV_INIT("gke-l7-regional-external-managed-mc"), GKE },
    { SV_INIT("gke-l7-rilb"), GKE },
    { SV_INIT("gke-l7-rilb-mc"), GKE },
    { SV_INIT("istio"), ISTIO },
    { SV_INIT("nginx"), NGINX },
    { SV_INIT("traefik"), TRAEFIK },
};

const struct tls_setting *lb_gateway_class_settings(int controller)
{
    return controller >= 0 && controller < CONTROLLERS ? settings[controller] : unknown;
}

int lb_gateway_class_find(struct sv class)
{
    for (size_t i = 0; i < ARRAY_LEN(classes); i++)
        if (sv_eq(classes[i].class, class))
            return classes[i].controller;
    return -1;
}
