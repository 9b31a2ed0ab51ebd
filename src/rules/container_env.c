/* SPDX-License-Identifier: Apache-2.0 */
/* Environments are the bulk of a large pod, so names are told apart by their
 * first byte before anything is searched. */
#include "rules/container_env.h"

static const struct sv *find_name(const struct sv *names, size_t count, struct sv name)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (sv_cmp(names[middle], name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && sv_eq(names[low], name) ? &names[low] : NULL;
}

void container_env_find(const struct json *env, const struct sv *names, size_t count, struct env_entry *entries)
{
    bool begins[256] = { false };

    for (size_t i = 0; i < count; i++) {
        entries[i] = (struct env_entry){ .value = NULL };
        begins[names[i].n ? (unsigned char)names[i].p[0] : 0] = true;
    }
    for (struct value_iter it = value_iter(env); value_next(&it);) {
        struct sv name = value_string(value_get(it.value, SV("name")));
        const struct sv *found;

        if (name.n == 0 || !begins[(unsigned char)name.p[0]])
            continue;
        found = find_name(names, count, name);
        if (found)
            entries[found - names] = (struct env_entry){ .value = it.value, .index = it.index };
    }
}

/* `$(NAME)` is replaced; `$$` stands for a dollar and hides what follows. */
static bool has_reference(struct sv text)
{
    size_t last = sv_find_last(text, ')');

    for (size_t i = 0; last < text.n && i < last; i++) {
        if (text.p[i] != '$')
            continue;
        if (text.p[i + 1] == '(')
            return true;
        if (text.p[i + 1] == '$')
            i++;
    }
    return false;
}

struct sv container_env_literal(const struct json *entry)
{
    const struct sv none = { NULL, 0 };
    struct sv value = value_string(value_get(entry, SV("value")));

    if (!value_is_nothing(value_get(entry, SV("valueFrom"))))
        return none;
    if (!value.p)
        return value_is_nothing(value_get(entry, SV("value"))) ? SV("") : none;
    return has_reference(value) ? none : value;
}

bool container_env_imports(const struct json *container, struct sv name)
{
    for (struct value_iter it = value_iter(value_get(container, SV("envFrom"))); value_next(&it);)
        if (sv_starts_with(name, value_string(value_get(it.value, SV("prefix")))))
            return true;
    return false;
}

struct sv container_env_item(struct sv list, struct sv key)
{
    struct sv last = { NULL, 0 };

    for (struct sv rest = list; rest.p;) {
        struct sv value = sv_cut(&rest, ',');

        if (sv_eq(sv_cut(&value, '='), key) && value.p)
            last = sv_cut(&value, '#');
    }
    return last;
}
