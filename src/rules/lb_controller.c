/* SPDX-License-Identifier: Apache-2.0 */
/* The rows. Where a controller's own configuration decides, an Ingress cannot
 * tell, and the row says unknown. */
#include "rules/lb_controller.h"

const char *const lb_controller_names[] = { "alb", "nginx", "nginx-inc", "agic", "gke", "contour", "traefik", NULL };

static const struct lb_controller controllers[] = {
    [LB_ALB] = { .name = "alb",
                 .spec = SV_INIT("ingress.k8s.aws/alb"),
                 .annotation = SV_INIT("alb.ingress.kubernetes.io/ssl-policy"),
                 .reading = READ_POLICY,
                 .when_absent = OUTCOME_VIOLATION,
                 .tls_signs = { SV_INIT("alb.ingress.kubernetes.io/certificate-arn") } },
    [LB_NGINX] = { .name = "nginx",
                   .spec = SV_INIT("k8s.io/ingress-nginx"),
                   .annotation = SV_INIT("nginx.ingress.kubernetes.io/ssl-ciphers"),
                   .reading = READ_CIPHERS,
                   .absent = "TLS versions and ciphers are in the controller's ConfigMap",
                   .snippets = { SV_INIT("nginx.ingress.kubernetes.io/server-snippet"),
                                 SV_INIT("nginx.ingress.kubernetes.io/configuration-snippet") } },
    [LB_NGINX_INC] = { .name = "nginx-inc",
                       .spec = SV_INIT("nginx.org/ingress-controller"),
                       .annotation = SV_INIT("nginx.org/ssl-ciphers"),
                       .reading = READ_CIPHERS,
                       .absent = "TLS versions and ciphers are in the controller's ConfigMap",
                       .snippets = { SV_INIT("nginx.org/server-snippets") } },
    [LB_AGIC] = { .name = "agic",
                  .spec = SV_INIT("azure/application-gateway"),
                  .annotation = SV_INIT("appgw.ingress.kubernetes.io/appgw-ssl-profile"),
                  .reading = READ_NAME,
                  .absent = "the Application Gateway's own TLS policy applies",
                  .tls_signs = { SV_INIT("appgw.ingress.kubernetes.io/appgw-ssl-certificate") } },
    [LB_GKE] = { .name = "gke",
                 .annotation = SV_INIT("networking.gke.io/v1beta1.FrontendConfig"),
                 .reading = READ_NAME,
                 .when_absent = OUTCOME_VIOLATION,
                 .absent = "without a FrontendConfig the load balancer offers TLS 1.0",
                 .tls_signs = { SV_INIT("ingress.gcp.kubernetes.io/pre-shared-cert"),
                                SV_INIT("networking.gke.io/managed-certificates") } },
    [LB_CONTOUR] = { .name = "contour",
                     .spec = SV_INIT("projectcontour.io/ingress-controller"),
                     .annotation = SV_INIT("projectcontour.io/tls-minimum-protocol-version"),
                     .old_annotation = SV_INIT("contour.heptio.com/tls-minimum-protocol-version"),
                     .reading = READ_VERSION,
                     .absent = "the least TLS version is in Contour's configuration" },
    [LB_TRAEFIK] = { .name = "traefik",
                     .spec = SV_INIT("traefik.io/ingress-controller"),
                     .annotation = SV_INIT("traefik.ingress.kubernetes.io/router.tls.options"),
                     .reading = READ_NAME,
                     .absent = "the TLSOption `default`, or Traefik's own defaults, apply",
                     .tls_signs = { SV_INIT("traefik.ingress.kubernetes.io/router.tls"),
                                    SV_INIT("traefik.ingress.kubernetes.io/router.tls.certresolver") } },
};

/* The names that the controllers' own charts and documentation use. */
static const struct {
    struct sv class;
    enum lb_controller_id id;
} classes[] = {
    { SV_INIT("alb"), LB_ALB },
    { SV_INIT("azure-application-gateway"), LB_AGIC },
    { SV_INIT("azure/application-gateway"), LB_AGIC },
    { SV_INIT("contour"), LB_CONTOUR },
    { SV_INIT("gce"), LB_GKE },
    { SV_INIT("gce-internal"), LB_GKE },
    { SV_INIT("nginx"), LB_NGINX },
    { SV_INIT("traefik"), LB_TRAEFIK },
};

const struct lb_controller *lb_controller_at(enum lb_controller_id id)
{
    return &controllers[id];
}

const struct lb_controller *lb_controller_of_class(struct sv class)
{
    for (size_t i = 0; i < ARRAY_LEN(classes); i++)
        if (sv_eq(classes[i].class, class))
            return &controllers[classes[i].id];
    return NULL;
}

const struct lb_controller *lb_controller_of_spec(struct sv controller)
{
    for (size_t i = 0; controller.n > 0 && i < ARRAY_LEN(controllers); i++)
        if (sv_eq(controllers[i].spec, controller))
            return &controllers[i];
    return NULL;
}
