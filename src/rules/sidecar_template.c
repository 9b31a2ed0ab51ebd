/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads and checks the sidecar's template when a policy is loaded. What can be
 * wrong with a template is found here, with its place in the file, and never
 * in a review.
 */
#include "rules/sidecar_template.h"
#include "base/bug.h"
#include "kube/shape.h"
#include "rules/sidecar_field.h"
#include "rules/sidecar_placeholder.h"
#include "rules/sidecar_render.h"
#include "rules/values.h"
#include "json/doc.h"

/* By enum sidecar_form. */
static const char *const form_names[] = { "native", "container", NULL };

const struct field sidecar_template_fields[] = {
    RULE_HEAD_FIELDS(struct sidecar_config),
    FIELD(struct sidecar_config, inject, "inject", FIELD_ENUM, .names = form_names,
          .help =
              "what is injected: native (an init container with restartPolicy Always) or container; default native"),
    FIELD(struct sidecar_config, accept, "accept", FIELD_STRINGS, .not_empty = true,
          .help = "the forms that pass; default only the injected one"),
    FIELD(struct sidecar_config, require, "require", FIELD_STRINGS, .not_empty = true,
          .help = "fields of the container that must be as in the template; default all but resources"),
    FIELD(struct sidecar_config, tolerate, "tolerate", FIELD_STRINGS,
          .help = "fields of the container that may say more than the template"),
    FIELD(struct sidecar_config, parameters, "parameters", FIELD_RECORDS, .fields = sidecar_parameter_fields,
          .item_size = sizeof(struct sidecar_parameter),
          .help = "typed values that a pod chooses by annotation, written ${NAME} in env values and ports"),
    FIELD(struct sidecar_config, container, "container", FIELD_RAW, .required = true,
          .help = "the sidecar, as a container of a pod; its image may be a site set such as \"@site-sidecar\""),
    FIELD(struct sidecar_config, volumes, "volumes", FIELD_RAW, .help = "volumes of the pod that the sidecar mounts"),
    FIELD(struct sidecar_config, annotations, "annotations", FIELD_MAP,
          .help = "annotations that injection adds to the pod"),
    FIELD_END,
};

static bool compile_forms(const struct rule_build *b, struct sidecar_config *c, struct err *e)
{
    const struct sv forms[] = { sv_from(form_names[SIDECAR_NATIVE]), sv_from(form_names[SIDECAR_CONTAINER]) };
    const struct pointer at = pointer_key(b->at, SV("accept"));

    for (size_t i = 0; i < c->accept.count; i++) {
        const struct pointer item_at = pointer_index(&at, i);
        struct sv form = c->accept.items[i];
        size_t known = 0;

        while (known < ARRAY_LEN(forms) && !sv_eq(forms[known], form))
            known++;
        if (known == ARRAY_LEN(forms)) {
            struct sv hint = record_hint(form, forms, ARRAY_LEN(forms), b->arena);

            return record_error(b->doc, &item_at, e, "unknown form `%.*s`%.*s", SV_ARG(form), SV_ARG(hint));
        }
        c->accepted |= 1u << known;
    }
    if (c->accept.count == 0)
        c->accepted = 1u << c->inject;
    if (!(c->accepted & 1u << c->inject))
        return record_error(b->doc, &at, e, "`accept` must hold `%s`, the form that is injected",
                            form_names[c->inject]);
    return true;
}

static bool unknown_field(const struct rule_build *b, const struct pointer *at, struct sv name, struct err *e)
{
    struct sv names[32], hint;

    BUG_IF(sidecar_field_count() > ARRAY_LEN(names));
    for (size_t i = 0; i < sidecar_field_count(); i++)
        names[i] = sidecar_field_at(i)->name;
    hint = record_hint(name, names, sidecar_field_count(), b->arena);
    return record_error(b->doc, at, e, "a container has no field `%.*s`%.*s", SV_ARG(name), SV_ARG(hint));
}

static bool read_fields(const struct rule_build *b, struct sv option, const struct strings *list, unsigned *bits,
                        struct err *e)
{
    const struct pointer at = pointer_key(b->at, option);

    for (size_t i = 0; i < list->count; i++) {
        const struct pointer item_at = pointer_index(&at, i);
        size_t field = sidecar_field_find(list->items[i]);

        if (field == sidecar_field_count())
            return unknown_field(b, &item_at, list->items[i], e);
        *bits |= 1u << field;
    }
    return true;
}

static bool compile_fields(const struct rule_build *b, struct sidecar_config *c, struct err *e)
{
    const struct pointer at = pointer_key(b->at, SV("tolerate"));

    if (!read_fields(b, SV("require"), &c->require, &c->judged, e) ||
        !read_fields(b, SV("tolerate"), &c->tolerate, &c->tolerated, e))
        return false;
    for (size_t i = 0; i < sidecar_field_count(); i++) {
        enum sidecar_judging judging = sidecar_field_at(i)->judging;

        if (judging == JUDGED_ALWAYS || (judging == JUDGED_IF_REQUIRED && c->require.count == 0))
            c->judged |= 1u << i;
        if (judging >= JUDGED_ALWAYS && c->tolerated & 1u << i)
            return record_error(b->doc, &at, e, "`%.*s` cannot be tolerated: nothing may be added to it",
                                SV_ARG(sidecar_field_at(i)->name));
    }
    return true;
}

/* What stands in the template's container must be fields we know how to judge. */
static bool check_members(const struct rule_build *b, const struct sidecar_config *c, struct err *e)
{
    const struct pointer at = pointer_key(b->at, SV("container"));

    if (!value_is(c->container, VALUE_OBJECT))
        return record_error(b->doc, &at, e, "`container` is %s, wanted an object",
                            value_type_name(value_type(c->container)));
    for (struct value_iter it = value_iter(c->container); value_next(&it);) {
        const struct pointer here = pointer_key(&at, it.key);

        if (sidecar_field_find(it.key) == sidecar_field_count())
            return unknown_field(b, &here, it.key, e);
        if (sv_eq(it.key, SV("restartPolicy")))
            return record_key_error(b->doc, &here, e, "`restartPolicy` comes with the form that `inject` names");
    }
    return true;
}

static bool compile_name(const struct rule_build *b, struct sidecar_config *c, struct err *e)
{
    const struct pointer at = pointer_key(b->at, SV("container")), name_at = pointer_key(&at, SV("name"));
    const struct pointer image_at = pointer_key(&at, SV("image"));
    struct sv image = value_string(value_get(c->container, SV("image")));

    c->name = value_string(value_get(c->container, SV("name")));
    if (!sidecar_parameter_is_label(c->name))
        return record_error(b->doc, &name_at, e, "the container needs a `name` that is a DNS label (RFC 1123)");
    if (image.n == 0)
        return record_error(b->doc, &image_at, e, "the container needs an `image`");
    return values_single(b, &image_at, image, &c->image, e);
}

/* Each list member has what tells it apart, and no two have the same. */
static bool check_members_of(const struct rule_build *b, const struct pointer *at, const struct json *list,
                             struct sv key, struct err *e)
{
    for (struct value_iter it = value_iter(list); value_next(&it);) {
        const struct pointer here = pointer_index(at, it.index);
        struct sv text = value_scalar_text(value_get(it.value, key));

        if (text.n == 0)
            return record_error(b->doc, &here, e, "wanted an object with `%.*s`", SV_ARG(key));
        for (size_t i = 0; i < it.index; i++)
            if (sv_eq(value_scalar_text(value_get(value_at(list, i), key)), text))
                return record_error(b->doc, &here, e, "`%.*s` is there twice", SV_ARG(text));
    }
    return true;
}

static bool check_lists(const struct rule_build *b, const struct sidecar_config *c, struct err *e)
{
    static const struct {
        struct sv list, key;
    } lists[] = {
        { SV_INIT("env"), SV_INIT("name") },
        { SV_INIT("ports"), SV_INIT("containerPort") },
        { SV_INIT("volumeMounts"), SV_INIT("mountPath") },
    };
    const struct pointer container_at = pointer_key(b->at, SV("container"));
    const struct pointer volumes_at = pointer_key(b->at, SV("volumes"));

    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        const struct pointer at = pointer_key(&container_at, lists[i].list);
        const struct json *list = value_get(c->container, lists[i].list);

        if (!value_is_nothing(list) && !value_is(list, VALUE_ARRAY))
            return record_error(b->doc, &at, e, "`%.*s` is %s, wanted an array", SV_ARG(lists[i].list),
                                value_type_name(value_type(list)));
        if (!check_members_of(b, &at, list, lists[i].key, e))
            return false;
    }
    if (!value_is_nothing(c->volumes) && !value_is(c->volumes, VALUE_ARRAY))
        return record_error(b->doc, &volumes_at, e, "`volumes` is %s, wanted an array",
                            value_type_name(value_type(c->volumes)));
    return check_members_of(b, &volumes_at, c->volumes, SV("name"), e);
}

static bool check_mounts(const struct rule_build *b, const struct sidecar_config *c, struct err *e)
{
    const struct pointer container_at = pointer_key(b->at, SV("container"));
    const struct pointer at = pointer_key(&container_at, SV("volumeMounts"));

    for (struct value_iter it = value_iter(value_get(c->container, SV("volumeMounts"))); value_next(&it);) {
        const struct pointer here = pointer_index(&at, it.index);
        struct sv name = value_string(value_get(it.value, SV("name")));
        bool is_there = false;

        for (struct value_iter v = value_iter(c->volumes); value_next(&v);)
            is_there = is_there || sv_eq(value_string(value_get(v.value, SV("name"))), name);
        if (!is_there)
            return record_error(b->doc, &here, e, "no volume `%.*s` among the template's `volumes`", SV_ARG(name));
    }
    return true;
}

static bool check_ports(const struct rule_build *b, const struct sidecar_config *c, struct err *e)
{
    const struct pointer container_at = pointer_key(b->at, SV("container"));
    const struct pointer at = pointer_key(&container_at, SV("ports"));

    for (struct value_iter it = value_iter(value_get(c->container, SV("ports"))); value_next(&it);) {
        const struct pointer here = pointer_index(&at, it.index);
        struct sv port = value_number(value_get(it.value, SV("containerPort")));

        if (port.p && sidecar_parameter_fault(SIDECAR_PORT, port))
            return record_error(b->doc, &here, e, "containerPort is %.*s, wanted %s", SV_ARG(port),
                                sidecar_parameter_wanted(SIDECAR_PORT));
    }
    return true;
}

/* A pod with nothing but the sidecar, to be checked as any pod is: the types
 * are then right in every pod it is injected into. */
static bool check_shape(const struct rule_build *b, const struct sidecar_config *c,
                        const struct sidecar_expected *sample, struct err *e)
{
    const struct pointer at = pointer_key(b->at, SV("container"));
    struct buf text = BUF_IN(b->arena);
    const struct json *pod;
    struct err why = { 0 };

    buf_add(&text, SV("{\"spec\":{\"containers\":["));
    buf_add(&text, sample->text);
    buf_add(&text, SV("],\"volumes\":"));
    value_print(&text, c->volumes);
    buf_add(&text, SV("}}"));
    if (!buf_ok(&text) || !(pod = doc_parse(buf_sv(&text), b->arena, &why)))
        return err_nomem(e);
    if (!shape_check(pod, kind_find(SV(""), SV("Pod")), b->arena, &why))
        return record_error(b->doc, &at, e, "in a pod, %s", why.msg);
    return true;
}

/* What most pods are compared with, those that choose nothing, and a sample for the others. */
static bool compile_sample(const struct rule_build *b, struct sidecar_config *c, struct err *e)
{
    static const struct sv samples[] = {
        [SIDECAR_PORT] = SV_INIT("1"), [SIDECAR_HOSTPORTS] = SV_INIT("a:1"), [SIDECAR_DNS_LABEL] = SV_INIT("a")
    };
    const struct sidecar_parameter *list = c->parameters.items;
    struct sv *values = arena_array(b->arena, c->parameters.count, struct sv);
    struct sidecar_expected sample = { 0 };
    bool has_defaults = true;

    if (!values)
        return err_nomem(e);
    for (size_t i = 0; i < c->parameters.count; i++) {
        values[i] = list[i].fallback.p ? list[i].fallback : samples[list[i].type];
        has_defaults = has_defaults && list[i].fallback.p;
    }
    if (!sidecar_render(c, values, b->arena, &sample))
        return err_nomem(e);
    if (has_defaults)
        c->fixed = sample;
    return check_shape(b, c, &sample, e);
}

bool sidecar_template_compile(const struct rule_build *b, void *config, struct err *e)
{
    struct sidecar_config *c = config;

    return compile_forms(b, c, e) && compile_fields(b, c, e) && check_members(b, c, e) &&
           sidecar_placeholder_check(b, c, e) && compile_name(b, c, e) && check_lists(b, c, e) &&
           check_ports(b, c, e) && check_mounts(b, c, e) && compile_sample(b, c, e);
}
