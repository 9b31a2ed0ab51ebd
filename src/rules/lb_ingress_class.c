/* SPDX-License-Identifier: Apache-2.0 */
/* Only the ALB's controller reads TLS settings from the parameters of a class. */
#include "rules/lb_ingress_class.h"

#define DEFAULT_CLASS "ingressclass.kubernetes.io/is-default-class"

/* False: parameters are named that nobody can see. */
static bool find_params(const struct inventory *inv, const struct json *named, const struct json **out)
{
    struct sv group = value_string(value_get(named, SV("apiGroup")));
    struct sv kind = value_string(value_get(named, SV("kind")));
    struct sv name = value_string(value_get(named, SV("name")));
    const struct json *params;

    *out = NULL;
    if (value_is_nothing(named))
        return true;
    params = inventory_find(inv, group, kind, name);
    *out = value_get(params, SV("spec"));
    return params && sv_eq(group, SV("elbv2.k8s.aws")) && sv_eq(kind, SV("IngressClassParams"));
}

struct lb_ingress_class lb_ingress_class_find(const struct inventory *inv, struct sv name)
{
    const struct sv group = SV("networking.k8s.io"), kind = SV("IngressClass");
    const struct json *class = name.p ? inventory_find(inv, group, kind, name)
                                      : inventory_default(inv, group, kind, SV(DEFAULT_CLASS), (struct sv){ NULL, 0 });
    const struct json *spec = value_get(class, SV("spec"));
    struct lb_ingress_class out = { .is_looked_up = true };

    out.controller = lb_controller_of_spec(value_string(value_get(spec, SV("controller"))));
    if (out.controller && out.controller->reading == READ_POLICY &&
        !find_params(inv, value_get(spec, SV("parameters")), &out.params))
        out.controller = NULL;
    return out;
}

struct sv lb_ingress_class_policy(const struct json *params)
{
    return value_string(value_get(params, SV("sslPolicy")));
}

bool lb_ingress_class_listens(const struct json *params, struct sv protocol)
{
    for (struct value_iter it = value_iter(value_get(params, SV("listeners"))); value_next(&it);)
        if (sv_eq(value_string(value_get(it.value, SV("protocol"))), protocol))
            return true;
    return false;
}

bool lb_ingress_class_has_certificate(const struct json *params)
{
    return value_size(value_get(params, SV("certificateArn"))) > 0;
}

bool lb_ingress_class_redirects(const struct json *params)
{
    return value_string(value_get(params, SV("sslRedirectPort"))).n > 0;
}
