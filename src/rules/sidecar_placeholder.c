/* SPDX-License-Identifier: Apache-2.0 */
/* Walks the template's values; its depth is what the YAML reader lets in. */
#include "rules/sidecar_placeholder.h"

struct search {
    const struct rule_build *build;
    const struct sidecar_config *config;
    bool *used; /* one a parameter */
};

static bool is_name(struct sv text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];

        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (i > 0 && c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return text.n > 0;
}

static bool check_parameter(const struct rule_build *b, const struct sidecar_config *c, size_t index, struct err *e)
{
    const struct sidecar_parameter *p = (const struct sidecar_parameter *)c->parameters.items + index;
    const struct pointer list_at = pointer_key(b->at, SV("parameters")), at = pointer_index(&list_at, index);
    const struct pointer name_at = pointer_key(&at, SV("name")), default_at = pointer_key(&at, SV("default"));

    if (!is_name(p->name))
        return record_error(b->doc, &name_at, e, "`%.*s` is no name: letters, digits and `_`, no digit first",
                            SV_ARG(p->name));
    if (sidecar_parameter_find(&c->parameters, p->name) != p)
        return record_error(b->doc, &name_at, e, "parameter `%.*s` is there twice", SV_ARG(p->name));
    if (p->fallback.p && sidecar_parameter_default_fault(p->type, p->fallback))
        return record_error(b->doc, &default_at, e, "default `%.*s` is bad: %s", SV_ARG(p->fallback),
                            sidecar_parameter_default_fault(p->type, p->fallback));
    return true;
}

/* Where a string stands: in `list`, in the member `key` of an element. */
static bool stands_in(const struct pointer *at, const struct pointer *container, struct sv list, struct sv key)
{
    const struct pointer *element = at->up, *in = element ? element->up : NULL;

    return in && in->up == container && sv_eq(in->key, list) && !element->key.p && sv_eq(at->key, key);
}

static bool undeclared(const struct search *s, const struct pointer *at, struct sv name, struct err *e)
{
    const struct sidecar_parameter *list = s->config->parameters.items;
    size_t count = s->config->parameters.count;
    struct sv *names = arena_array(s->build->arena, count, struct sv);
    struct sv hint;

    if (!names)
        return err_nomem(e);
    for (size_t i = 0; i < count; i++)
        names[i] = list[i].name;
    hint = record_hint(name, names, count, s->build->arena);
    return record_error(s->build->doc, at, e, "no parameter is called `%.*s`%.*s", SV_ARG(name), SV_ARG(hint));
}

/* `container` is NULL where no placeholder may stand at all. */
static bool check_string(const struct search *s, const struct pointer *at, const struct pointer *container,
                         struct sv text, struct err *e)
{
    const struct yaml_doc *doc = s->build->doc;
    bool in_env = container && stands_in(at, container, SV("env"), SV("value"));
    bool in_ports = container && stands_in(at, container, SV("ports"), SV("containerPort"));
    struct sv rest = text, before, name;

    while (sidecar_parameter_cut(&rest, &before, &name)) {
        const struct sidecar_parameter *p = sidecar_parameter_find(&s->config->parameters, name);

        if (!in_env && !in_ports)
            return record_error(doc, at, e, "a `${...}` may stand only in env values and in containerPort");
        if (!is_name(name))
            return record_error(doc, at, e, "`${` begins a parameter's name, and `}` must end it");
        if (!p)
            return undeclared(s, at, name, e);
        if (in_ports && (before.n > 0 || rest.n > 0 || p->type != SIDECAR_PORT))
            return record_error(doc, at, e, "containerPort takes one parameter of type port and nothing beside it");
        s->used[p - (const struct sidecar_parameter *)s->config->parameters.items] = true;
    }
    if (in_ports && sv_eq(before, text))
        return record_error(doc, at, e, "containerPort is a number or `${NAME}`");
    return true;
}

static bool check_value(const struct search *s, const struct pointer *at, const struct pointer *container,
                        const struct json *v, struct err *e)
{
    if (value_is(v, VALUE_STRING))
        return check_string(s, at, container, value_string(v), e);
    for (struct value_iter it = value_iter(v); value_next(&it);) {
        const struct pointer here = { .up = at, .key = it.key, .index = it.index };

        if (!check_value(s, &here, container, it.value, e))
            return false;
    }
    return true;
}

static bool check_annotations(const struct search *s, struct err *e)
{
    const struct pointer at = pointer_key(s->build->at, SV("annotations"));

    for (size_t i = 0; i < s->config->annotations.count; i++) {
        const struct pointer here = pointer_key(&at, s->config->annotations.items[i].key);

        if (!check_string(s, &here, NULL, s->config->annotations.items[i].value, e))
            return false;
    }
    return true;
}

static bool check_use(const struct search *s, struct err *e)
{
    const struct sidecar_parameter *list = s->config->parameters.items;
    const struct pointer list_at = pointer_key(s->build->at, SV("parameters"));

    for (size_t i = 0; i < s->config->parameters.count; i++) {
        const struct pointer at = pointer_index(&list_at, i);

        if (!s->used[i])
            return record_error(s->build->doc, &at, e, "parameter `%.*s` stands nowhere in the container",
                                SV_ARG(list[i].name));
    }
    return true;
}

bool sidecar_placeholder_check(const struct rule_build *b, const struct sidecar_config *c, struct err *e)
{
    const struct pointer container = pointer_key(b->at, SV("container")), volumes = pointer_key(b->at, SV("volumes"));
    const struct search s = { b, c, arena_array(b->arena, c->parameters.count, bool) };

    if (!s.used)
        return err_nomem(e);
    for (size_t i = 0; i < c->parameters.count; i++)
        if (!check_parameter(b, c, i, e))
            return false;
    return check_value(&s, &container, &container, c->container, e) && check_value(&s, &volumes, NULL, c->volumes, e) &&
           check_annotations(&s, e) && check_use(&s, e);
}
