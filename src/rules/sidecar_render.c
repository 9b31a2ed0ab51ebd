/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the container's JSON with values where placeholders stand. Only env
 * values and container ports can hold one (sidecar_template sees to it). */
#include "rules/sidecar_render.h"
#include "kube/object.h"
#include "json/doc.h"

struct rendering {
    const struct sidecar_config *config;
    const struct sv *values;
    struct arena *arena;
    struct buf out;
};

static struct sv value_of(const struct rendering *r, struct sv name)
{
    const struct sidecar_parameter *list = r->config->parameters.items;

    return r->values[sidecar_parameter_find(&r->config->parameters, name) - list];
}

static void add_env_value(struct rendering *r, const struct json *v)
{
    struct sv rest = value_string(v), before, name;
    struct buf text = BUF_IN(r->arena);

    if (!rest.p) {
        value_print(&r->out, v);
        return;
    }
    while (sidecar_parameter_cut(&rest, &before, &name)) {
        buf_add(&text, before);
        buf_add(&text, value_of(r, name));
    }
    buf_add(&text, before);
    r->out.failed = r->out.failed || !buf_ok(&text);
    value_print_string(&r->out, buf_sv(&text));
}

static void add_port(struct rendering *r, const struct json *v)
{
    struct sv rest = value_string(v), before, name;

    if (rest.p && sidecar_parameter_cut(&rest, &before, &name))
        buf_add(&r->out, value_of(r, name));
    else
        value_print(&r->out, v);
}

/* Where placeholders stand: in this member of each element of that list. */
static const struct {
    struct sv list, member;
    void (*add)(struct rendering *r, const struct json *v);
} places[] = {
    { SV_INIT("env"), SV_INIT("value"), add_env_value },
    { SV_INIT("ports"), SV_INIT("containerPort"), add_port },
};

static void add_key(struct rendering *r, const struct value_iter *it)
{
    if (it->index > 0)
        buf_add_char(&r->out, ',');
    value_print_string(&r->out, it->key);
    buf_add_char(&r->out, ':');
}

static void add_list(struct rendering *r, const struct json *list, size_t place)
{
    buf_add_char(&r->out, '[');
    for (struct value_iter items = value_iter(list); value_next(&items);) {
        buf_add(&r->out, items.index ? SV(",{") : SV("{"));
        for (struct value_iter it = value_iter(items.value); value_next(&it);) {
            add_key(r, &it);
            if (sv_eq(it.key, places[place].member))
                places[place].add(r, it.value);
            else
                value_print(&r->out, it.value);
        }
        buf_add_char(&r->out, '}');
    }
    buf_add_char(&r->out, ']');
}

static void add_member(struct rendering *r, const struct value_iter *it)
{
    add_key(r, it);
    for (size_t i = 0; i < ARRAY_LEN(places); i++)
        if (sv_eq(it->key, places[i].list)) {
            add_list(r, it->value, i);
            return;
        }
    if (sv_eq(it->key, SV("image")) && r->config->image.p)
        value_print_string(&r->out, r->config->image);
    else
        value_print(&r->out, it->value);
}

bool sidecar_render(const struct sidecar_config *c, const struct sv *values, struct arena *a,
                    struct sidecar_expected *out)
{
    struct rendering r = { .config = c, .values = values, .arena = a, .out = BUF_IN(a) };
    struct err why = { 0 };

    buf_add_char(&r.out, '{');
    for (struct value_iter it = value_iter(c->container); value_next(&it);)
        add_member(&r, &it);
    buf_add_char(&r.out, '}');
    if (!buf_ok(&r.out))
        return false;
    out->text = buf_sv(&r.out);
    out->container = doc_parse(out->text, a, &why);
    return out->container;
}

/* Where the pod says it, or should. */
static void report_parameter(const struct sidecar_config *c, const struct sidecar_parameter *p, const struct pod *pod,
                             struct sv value, struct findings *out)
{
    const struct pointer metadata = pointer_key(&pod->holder_at, SV("metadata"));
    const struct pointer annotations = pointer_key(&metadata, SV("annotations"));
    const struct pointer at = pointer_key(&annotations, p->annotation);
    struct finding *f = findings_add(out, FINDING_VIOLATION, &at);

    f->subject = c->name;
    f->field = p->annotation;
    f->found = value;
    f->wanted = sv_from(sidecar_parameter_wanted(p->type));
    f->fix = findings_printf(out, "set the annotation `%.*s`", SV_ARG(p->annotation));
    f->message = value.p ? findings_printf(out, "annotation `%.*s` of sidecar `%.*s` is bad: %s", SV_ARG(p->annotation),
                                           SV_ARG(c->name), sidecar_parameter_fault(p->type, value))
                         : findings_printf(out, "sidecar `%.*s` needs the annotation `%.*s`, which has no default",
                                           SV_ARG(c->name), SV_ARG(p->annotation));
}

static bool read_parameters(const struct sidecar_config *c, const struct pod *pod, struct findings *out,
                            struct sv *values)
{
    const struct sidecar_parameter *list = c->parameters.items;
    bool all_good = true;

    for (size_t i = 0; i < c->parameters.count; i++) {
        struct sv given = object_annotation(pod->holder, list[i].annotation);

        values[i] = given.p ? given : list[i].fallback;
        if (given.p ? !sidecar_parameter_fault(list[i].type, given) : list[i].fallback.p != NULL)
            continue;
        report_parameter(c, &list[i], pod, given, out);
        all_good = false;
    }
    return all_good;
}

/* Does the pod say anything? Most do not. */
static bool chooses(const struct sidecar_config *c, const struct pod *pod)
{
    const struct sidecar_parameter *list = c->parameters.items;

    for (size_t i = 0; i < c->parameters.count; i++)
        if (object_annotation(pod->holder, list[i].annotation).p)
            return true;
    return false;
}

bool sidecar_render_for(const struct sidecar_config *c, const struct pod *pod, struct findings *out,
                        struct sidecar_expected *expected)
{
    struct sv *values;

    *expected = c->fixed;
    if (c->fixed.container && !chooses(c, pod))
        return true;
    values = arena_array(out->arena, c->parameters.count, struct sv);
    if (!values) {
        out->failed = true;
        return false;
    }
    if (!read_parameters(c, pod, out, values))
        return false;
    if (sidecar_render(c, values, out->arena, expected))
        return true;
    out->failed = true;
    return false;
}

/* First in the object, so that nothing has to be known of its end. */
struct sv sidecar_render_form(const struct sidecar_expected *expected, enum sidecar_form form, struct arena *a)
{
    struct buf out = BUF_IN(a);

    if (form == SIDECAR_CONTAINER)
        return expected->text;
    buf_add(&out, SV("{\"restartPolicy\":\"Always\","));
    buf_add(&out, sv_skip(expected->text, 1));
    return buf_ok(&out) ? buf_sv(&out) : (struct sv){ NULL, 0 };
}
