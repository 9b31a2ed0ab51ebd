/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Puts the whole sidecar into a pod or nothing of it: container, volumes and
 * annotations are the repairs of one finding.
 */
#include "rules/sidecar_inject.h"
#include "kube/object.h"
#include "rules/sidecar_compare.h"
#include "rules/sidecar_render.h"

bool sidecar_inject_is_job(const struct target *t)
{
    const struct json *owner = object_controller(t->object);

    return t->kind->is_job || sv_eq(value_string(value_get(owner, SV("kind"))), SV("Job"));
}

static struct sv list_of(const struct sidecar_config *c)
{
    return c->inject == SIDECAR_NATIVE ? SV("initContainers") : SV("containers");
}

static struct finding *absent(const struct sidecar_config *c, const struct pointer *at, struct findings *out)
{
    struct finding *f = findings_add(out, FINDING_VIOLATION, at);

    f->subject = c->name;
    f->field = SV("name");
    f->wanted = findings_printf(out, "a container `%.*s` in `%.*s`", SV_ARG(c->name), SV_ARG(list_of(c)));
    f->message = findings_printf(out, "the pod has no sidecar `%.*s`", SV_ARG(c->name));
    return f;
}

static void repair_container(const struct sidecar_config *c, const struct sidecar_expected *expected,
                             const struct pointer *list_at, struct finding *f, struct findings *out)
{
    enum patch_class class = c->inject == SIDECAR_NATIVE ? PATCH_INSERT : PATCH_APPEND;

    findings_repair(out, f, class, list_at, sidecar_render_form(expected, c->inject, out->arena));
}

static void repair_volumes(const struct sidecar_config *c, const struct pod *pod, struct finding *f,
                           struct findings *out)
{
    const struct pointer at = pointer_key(&pod->spec_at, SV("volumes"));
    size_t index = 0;

    for (struct value_iter it = value_iter(c->volumes); value_next(&it);) {
        struct buf text = BUF_IN(out->arena);

        if (sidecar_compare_find_volume(pod, value_string(value_get(it.value, SV("name"))), &index))
            continue;
        value_print(&text, it.value);
        findings_repair(out, f, PATCH_APPEND, &at, buf_ok(&text) ? buf_sv(&text) : (struct sv){ NULL, 0 });
    }
}

static void repair_annotations(const struct sidecar_config *c, const struct pod *pod, struct finding *f,
                               struct findings *out)
{
    const struct pointer metadata = pointer_key(&pod->holder_at, SV("metadata"));
    const struct pointer annotations = pointer_key(&metadata, SV("annotations"));

    for (size_t i = 0; i < c->annotations.count; i++) {
        const struct string_pair *pair = &c->annotations.items[i];
        const struct pointer at = pointer_key(&annotations, pair->key);
        struct sv given = object_annotation(pod->holder, pair->key);

        if (!given.p)
            findings_repair_string(out, f, PATCH_MEMBER, &at, pair->value);
        else if (!sv_eq(given, pair->value))
            findings_repair_string(out, f, PATCH_REPLACE, &at, pair->value);
    }
}

static bool volume_is_taken(const struct sidecar_config *c, const struct pod *pod, struct findings *out)
{
    const struct pointer volumes_at = pointer_key(&pod->spec_at, SV("volumes"));
    struct value_iter ours = value_iter(c->volumes);
    struct sidecar_clash clash;
    struct pointer at;
    struct finding *f;

    if (!sidecar_compare_next_clash(c, pod, &ours, &clash))
        return false;
    at = pointer_index(&volumes_at, clash.index);
    f = absent(c, &at, out);
    f->field = findings_printf(out, "volumes.%.*s", SV_ARG(clash.name));
    f->found = clash.name;
    f->message = findings_printf(out, "sidecar `%.*s` cannot be injected: the pod has another volume `%.*s`",
                                 SV_ARG(c->name), SV_ARG(clash.name));
    f->fix = SV("give the pod's own volume another name");
    return true;
}

void sidecar_inject(const struct sidecar_config *c, const struct target *t, bool may_repair, struct findings *out)
{
    const struct pointer at = pointer_key(&t->pod->spec_at, list_of(c));
    struct sidecar_expected expected;
    struct finding *f;

    if (c->inject == SIDECAR_CONTAINER && sidecar_inject_is_job(t)) {
        f = absent(c, &at, out);
        f->fix = SV("a Job's pod would not finish beside an ordinary sidecar: use inject: native");
        return;
    }
    if (!c->image.p || !may_repair) {
        f = absent(c, &at, out);
        f->fix = c->image.p ? SV("give the ephemeral container another name")
                            : SV("add the sidecar, or supply the site facts that name its image");
        return;
    }
    if (!sidecar_render_for(c, t->pod, out, &expected) || volume_is_taken(c, t->pod, out))
        return;
    f = absent(c, &at, out);
    f->on_template = t->kind->is_template;
    f->fix = SV("add the sidecar, or let the webhook inject it");
    repair_container(c, &expected, &at, f, out);
    repair_volumes(c, t->pod, f, out);
    repair_annotations(c, t->pod, f, out);
}
