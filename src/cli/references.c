/* SPDX-License-Identifier: Apache-2.0 */
/* Walks values and tables; depth is limited by whoever read them. */
#include "cli/references.h"

static void refer(struct sv text, const struct pointer *at, references_fn *fn, void *arg)
{
    struct sv rest = sv_skip(text, 1), set = sv_cut(&rest, '/');

    if (sv_starts_with(text, SV("@")) && set.n)
        fn(arg, set, at);
}

void references_in(const struct json *v, const struct pointer *at, references_fn *fn, void *arg)
{
    refer(value_string(v), at, fn, arg);
    for (struct value_iter it = value_iter(v); value_next(&it);) {
        struct pointer item = it.in_object ? pointer_key(at, it.key) : pointer_index(at, it.index);

        references_in(it.value, &item, fn, arg);
    }
}

static void refer_field(const struct field *f, const char *config, references_fn *fn, void *arg)
{
    struct strings list = { NULL, 0 };
    struct sv text = { NULL, 0 };

    if (f->type == FIELD_STRING)
        memcpy(&text, config + f->offset, sizeof(text));
    if (f->type == FIELD_STRINGS)
        memcpy(&list, config + f->offset, sizeof(list));
    refer(text, NULL, fn, arg);
    for (size_t i = 0; i < list.count; i++)
        refer(list.items[i], NULL, fn, arg);
}

bool references_by_default(const struct rule *r, struct arena *a, references_fn *fn, void *arg)
{
    char *config = arena_zalloc(a, 1, r->config_size);

    if (!config)
        return false;
    if (r->defaults)
        r->defaults(config);
    for (const struct field *f = r->fields; f->key; f++)
        refer_field(f, config, fn, arg);
    return true;
}
