/* SPDX-License-Identifier: Apache-2.0 */
/* The grammar is two tables, of what a text begins with and of what follows a
 * name; the rest is a sorted array. */
#include "rules/off_switch.h"
#include "rules/container_env.h"

static const struct {
    struct sv prefix, begins; /* `begins`: how the name must go on */
} kinds[] = {
    [OFF_SWITCH_ENV] = { SV_INIT("env:"), SV_INIT("") },
    [OFF_SWITCH_ARG] = { SV_INIT("arg:"), SV_INIT("-") },
    [OFF_SWITCH_MOUNT] = { SV_INIT("mount:"), SV_INIT("/") },
    [OFF_SWITCH_SYSCTL] = { SV_INIT("sysctl:"), SV_INIT("") },
};

/* Cuts the name off; the operator is the first of these bytes. */
static struct sv cut_name(struct sv *rest)
{
    struct sv text = *rest;
    size_t n = 0;

    while (n < text.n && text.p[n] != '=' && text.p[n] != '!' && text.p[n] != '~')
        n++;
    *rest = sv_skip(text, n);
    return (struct sv){ text.p, n };
}

static bool parse_test(struct sv rest, struct off_switch *out)
{
    if (rest.n == 0)
        return true;
    if (rest.p[0] == '=') {
        out->test = OFF_SWITCH_IS;
        out->value = sv_skip(rest, 1);
        return true;
    }
    if (sv_starts_with(rest, SV("!="))) {
        out->test = OFF_SWITCH_IS_NOT;
        out->value = sv_skip(rest, 2);
        return true;
    }
    out->test = OFF_SWITCH_ITEM;
    out->value = sv_skip(rest, 1);
    out->key = sv_cut(&out->value, '=');
    return rest.p[0] == '~' && out->key.n > 0 && out->value.p && out->kind == OFF_SWITCH_ENV;
}

bool off_switch_parse(struct sv text, struct off_switch *out, struct err *e)
{
    size_t kind = 0;
    struct sv rest;

    *out = (struct off_switch){ .row = NULL };
    while (kind < ARRAY_LEN(kinds) && !sv_starts_with(text, kinds[kind].prefix))
        kind++;
    if (kind == ARRAY_LEN(kinds))
        return err_set(e, ERR_INPUT, "`%.*s` begins with none of env:, arg:, mount: and sysctl:", SV_ARG(text));
    rest = sv_skip(text, kinds[kind].prefix.n);
    out->kind = (enum off_switch_kind)kind;
    if (kind == OFF_SWITCH_MOUNT) {
        out->name = rest;
        rest = SV("");
    } else {
        out->name = cut_name(&rest);
    }
    if (out->name.n == 0 || !sv_starts_with(out->name, kinds[kind].begins) || !parse_test(rest, out))
        return err_set(e, ERR_INPUT, "`%.*s` is no switch: wanted env:NAME, arg:-NAME, mount:/PATH or sysctl:NAME",
                       SV_ARG(text));
    return true;
}

bool off_switch_holds(const struct off_switch *s, struct sv value)
{
    struct sv item;

    switch (s->test) {
    case OFF_SWITCH_ANY:
        return true;
    case OFF_SWITCH_IS:
        return sv_eq_nocase(s->value, value);
    case OFF_SWITCH_IS_NOT:
        return !sv_eq_nocase(s->value, value);
    case OFF_SWITCH_ITEM:
        item = container_env_item(value, s->key);
        return item.p && sv_eq_nocase(s->value, item);
    }
    return true;
}

/* Bytes that a kind takes for the same. */
static char fold(enum off_switch_kind kind, char c)
{
    if (kind == OFF_SWITCH_ARG && c == '_')
        return '-';
    if (kind == OFF_SWITCH_SYSCTL && c == '/')
        return '.';
    return c;
}

static int compare_names(enum off_switch_kind kind, struct sv a, struct sv b)
{
    size_t n = a.n < b.n ? a.n : b.n;

    for (size_t i = 0; i < n; i++) {
        unsigned char left = (unsigned char)fold(kind, a.p[i]), right = (unsigned char)fold(kind, b.p[i]);

        if (left != right)
            return left < right ? -1 : 1;
    }
    return (a.n > b.n) - (a.n < b.n);
}

static int by_name(const void *left, const void *right)
{
    const struct off_switch *a = left, *b = right;
    int order = (int)a->kind - (int)b->kind;

    return order ? order : compare_names(a->kind, a->name, b->name);
}

void off_switch_sort(struct off_switch *items, size_t count, struct off_switches *out)
{
    size_t at = 0;

    if (count)
        qsort(items, count, sizeof(*items), by_name);
    out->items = items;
    for (int kind = 0; kind < OFF_SWITCH_KINDS; kind++) {
        out->first[kind] = at;
        while (at < count && (int)items[at].kind == kind)
            at++;
    }
    out->first[OFF_SWITCH_KINDS] = count;
}

const struct off_switch *off_switch_find(const struct off_switches *all, enum off_switch_kind kind, struct sv name,
                                         size_t *count)
{
    size_t low = all->first[kind], high = all->first[kind + 1], end = high;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_names(kind, all->items[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *count = 0;
    while (low + *count < end && compare_names(kind, all->items[low + *count].name, name) == 0)
        (*count)++;
    return *count ? &all->items[low] : NULL;
}
