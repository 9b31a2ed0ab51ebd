/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every pod has the FIPS proxy beside it, as the template says it. Where the
 * container stands is judged here, what it says in sidecar_compare, and how it
 * gets in is sidecar_inject.
 */
#include "rules/rules.h"
#include "rules/sidecar_compare.h"
#include "rules/sidecar_inject.h"
#include "rules/sidecar_render.h"

/* Where containers called like the sidecar stand. */
struct sighting {
    size_t proper;    /* in containers or initContainers */
    size_t ephemeral; /* in ephemeralContainers */
};

static struct finding *misplaced(const struct sidecar_config *c, const struct container *k, struct findings *out)
{
    const struct pointer at = pointer_key(&k->at, SV("name"));
    struct finding *f = findings_add(out, FINDING_VIOLATION, &at);

    f->subject = c->name;
    f->field = k->list_name;
    f->found = c->name;
    f->wanted = findings_printf(out, "`%.*s` in `%s` only", SV_ARG(c->name),
                                c->inject == SIDECAR_NATIVE ? "initContainers" : "containers");
    return f;
}

static void judge_ephemeral(const struct sidecar_config *c, const struct container *k, struct findings *out)
{
    struct finding *f = misplaced(c, k, out);

    f->message = findings_printf(out, "an ephemeral container is called `%.*s`, as the sidecar is", SV_ARG(c->name));
    f->fix = SV("give the ephemeral container another name");
}

static void judge_native(const struct sidecar_config *c, const struct container *k, struct findings *out)
{
    const struct pointer at = pointer_key(&k->at, SV("restartPolicy"));
    struct sv policy = value_string(value_get(k->value, SV("restartPolicy")));
    struct finding *f;

    if (k->list != LIST_INIT_CONTAINERS || sv_eq(policy, SV("Always")))
        return;
    f = findings_add(out, FINDING_VIOLATION, &at);
    f->subject = c->name;
    f->field = SV("restartPolicy");
    f->found = policy;
    f->wanted = SV("Always");
    f->message = findings_printf(out, "init container `%.*s` ends before the pod begins its work", SV_ARG(c->name));
    f->fix = SV("set restartPolicy: Always");
}

/* An ordinary container runs beside the others unless it is told not to. */
static void judge_ordinary(const struct sidecar_config *c, const struct container *k, struct findings *out)
{
    const struct pointer at = pointer_key(&k->at, SV("restartPolicy"));
    struct sv policy = value_string(value_get(k->value, SV("restartPolicy")));
    struct finding *f;

    if (k->list != LIST_CONTAINERS || !policy.p || sv_eq(policy, SV("Always")))
        return;
    f = findings_add(out, FINDING_VIOLATION, &at);
    f->subject = c->name;
    f->field = SV("restartPolicy");
    f->found = policy;
    f->wanted = SV("Always");
    f->message = findings_printf(out, "sidecar `%.*s` is not started again when it ends", SV_ARG(c->name));
    f->fix = SV("remove restartPolicy from the sidecar");
}

static void judge_place(const struct sidecar_config *c, const struct target *t, const struct container *k,
                        struct findings *out)
{
    enum sidecar_form form = k->list == LIST_INIT_CONTAINERS ? SIDECAR_NATIVE : SIDECAR_CONTAINER;
    struct finding *f;

    if (form == SIDECAR_CONTAINER && sidecar_inject_is_job(t)) {
        f = misplaced(c, k, out);
        f->message = SV("a Job's pod does not finish beside an ordinary sidecar");
        f->fix = SV("make it an init container with restartPolicy: Always");
    } else if (!(c->accepted & 1u << form)) {
        f = misplaced(c, k, out);
        f->message = findings_printf(out, "sidecar `%.*s` stands in `%.*s`, which the policy does not accept",
                                     SV_ARG(c->name), SV_ARG(k->list_name));
        f->fix = SV("move it, or leave it out so that it is injected");
    }
}

static void judge_image_unknown(const struct sidecar_config *c, const struct container *k, struct findings *out)
{
    struct finding *f = findings_add(out, FINDING_UNKNOWN, &k->image_at);

    f->subject = c->name;
    f->field = SV("image");
    f->found = k->image;
    f->message = findings_printf(
        out, "whether sidecar `%.*s` is the right one cannot be told: no site facts name its image", SV_ARG(c->name));
    f->fix = SV("supply the site facts that the policy names");
}

static void judge_container(const struct sidecar_config *c, const struct target *t, const struct container *k,
                            struct findings *out)
{
    struct sidecar_expected expected;

    judge_place(c, t, k, out);
    judge_native(c, k, out);
    judge_ordinary(c, k, out);
    if (!c->image.p)
        judge_image_unknown(c, k, out);
    else if (sidecar_render_for(c, t->pod, out, &expected))
        sidecar_compare(c, &expected, t->pod, k, out);
}

/* The second of two: which one other containers talk to, nobody can say. */
static void judge_second(const struct sidecar_config *c, const struct container *k, struct findings *out)
{
    struct finding *f = misplaced(c, k, out);

    f->message = findings_printf(out, "the pod has more than one container `%.*s`", SV_ARG(c->name));
    f->fix = SV("leave one of them");
}

/* What was found since `before` is about `k`, and about no other container. */
static void name_image(const struct container *k, struct finding *before, struct findings *out)
{
    for (struct finding *f = before ? before->next : out->first; f; f = f->next)
        f->image = k->image;
}

static struct sighting judge_all(const struct sidecar_config *c, const struct target *t, struct findings *out)
{
    struct sighting seen = { 0 };
    struct container_iter it = container_iter(t->pod);

    while (container_next(&it)) {
        const struct container *k = &it.now;
        struct finding *before = out->last;

        if (container_is_image_volume(k) || !sv_eq(k->name, c->name))
            continue;
        if (k->list == LIST_EPHEMERAL_CONTAINERS) {
            seen.ephemeral++;
            judge_ephemeral(c, k, out);
        } else if (seen.proper++ == 0) {
            judge_container(c, t, k, out);
        } else {
            judge_second(c, k, out);
        }
        name_image(k, before, out);
    }
    return seen;
}

static void check(const struct target *t, const void *config, struct findings *out)
{
    const struct sidecar_config *c = config;
    size_t before = out->count;
    struct sighting seen;

    if (!t->pod->spec) {
        struct finding *f = findings_add(out, FINDING_UNKNOWN, &t->pod->spec_at);

        f->subject = c->name;
        f->message = SV("there is no pod spec where this kind has one");
        return;
    }
    seen = judge_all(c, t, out);
    if (seen.proper == 0 && !t->kind->is_partial)
        sidecar_inject(c, t, seen.ephemeral == 0, out);
    if (out->count == before)
        findings_pass(out, &t->pod->spec_at, c->name);
}

const struct rule rule_sidecar = {
    .id = "sidecar",
    .layer = "service-to-service",
    .severity = SEVERITY_HIGH,
    .families = FAMILY_WORKLOAD,
    .what = "the FIPS proxy is in every pod, untouched",
    .why = "traffic between services is encrypted by the sidecar's validated module only if the sidecar is there, "
           "and only if nobody has changed what it runs or trusts",
    .fix = "remove what differs from the template, or the whole proxy: where repair is on it is put in when the pod is "
           "created",
    .repair = "injects the container, its volumes and its annotations when a pod is created",
    .repair_options = "container volumes annotations",
    .example = "name: fips-proxy\n"
               "type: sidecar\n"
               "inject: native\n"
               "container:\n"
               "  name: fips-proxy\n"
               "  image: \"@site-sidecar\"\n"
               "  ports: [{ containerPort: 8443 }]\n",
    .fields = sidecar_template_fields,
    .config_size = sizeof(struct sidecar_config),
    .compile = sidecar_template_compile,
    .check = check,
};
