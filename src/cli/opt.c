/* SPDX-License-Identifier: Apache-2.0 */
/* The command line first; then, for what it did not say, the environment and
 * the defaults, all through the same parsers. */
#include "cli/opt.h"
#include "base/text.h"
#include "kube/quantity.h"
#include <ctype.h>
#include <stdint.h>

struct parse {
    const struct opt *options;
    struct arena *arena;
    char *out;
    bool *given; /* by row */
};

static size_t count_options(const struct opt *options)
{
    size_t n = 0;

    while (options[n].name)
        n++;
    return n;
}

static bool to_milliseconds(struct sv text, uint64_t *out)
{
    static const struct {
        struct sv suffix;
        size_t factor;
    } units[] = {
        { SV_INIT("ms"), 1 },
        { SV_INIT("s"), 1000 },
        { SV_INIT("m"), 60000 },
        { SV_INIT("h"), 3600000 },
    };
    size_t digits = 0, number;

    while (digits < text.n && text.p[digits] >= '0' && text.p[digits] <= '9')
        digits++;
    if (!text_to_size((struct sv){ text.p, digits }, &number))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(units); i++)
        if (sv_eq(sv_skip(text, digits), units[i].suffix))
            return !__builtin_mul_overflow(number, units[i].factor, out);
    return false;
}

static bool to_enum(struct sv text, const char *const *names, int *out)
{
    for (int i = 0; names[i]; i++) {
        if (!sv_eq(text, sv_from(names[i])))
            continue;
        *out = i;
        return true;
    }
    return false;
}

static bool append(struct opt_values *list, const char *value, struct arena *a)
{
    size_t size = list->count * sizeof(*list->items);
    const char **items = arena_realloc(a, list->items, size, size + sizeof(*items));

    if (!items)
        return false;
    items[list->count++] = value;
    list->items = items;
    return true;
}

/* Empty elements are nothing: a trailing comma does no harm. */
static bool append_all(struct opt_values *list, struct sv text, struct arena *a)
{
    while (text.p) {
        struct sv one = sv_trim(sv_cut(&text, ','));
        const char *value = one.n ? arena_cstr(a, one) : NULL;

        if (one.n && (!value || !append(list, value, a)))
            return false;
    }
    return true;
}

/* A DNS label, as namespaces are named. */
static bool is_name(struct sv text)
{
    enum { LABEL_MAX = 63 };

    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool is_inside = i > 0 && i + 1 < text.n;

        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && !(c == '-' && is_inside))
            return false;
    }
    return text.n > 0 && text.n <= LABEL_MAX;
}

/* The first element that is no name; absent: all are. */
static struct sv find_bad_name(struct sv list)
{
    while (list.n > 0) {
        bool is_last = sv_find(list, ',') == list.n;
        struct sv one = sv_trim(sv_cut(&list, ','));

        if (!is_name(one))
            return one;
        if (!is_last && list.n == 0)
            return SV("");
    }
    return (struct sv){ NULL, 0 };
}

static struct sv enum_names(const struct opt *o, struct arena *a)
{
    struct buf all = BUF_IN(a);

    for (size_t i = 0; o->names[i]; i++)
        buf_printf(&all, "%s%s", i ? "|" : "", o->names[i]);
    return buf_ok(&all) ? buf_sv(&all) : SV("");
}

/* What the value should have been. */
static const char *expectation(const struct opt *o, struct arena *a)
{
    switch (o->type) {
    case OPT_COUNT:
        return "a number";
    case OPT_SIZE:
        return "a size, such as 512Ki, 16Mi or 1Gi";
    case OPT_DURATION:
        return "a duration, such as 500ms, 10s or 2m";
    case OPT_ENUM: {
        const char *names = arena_cstr(a, enum_names(o, a));

        return names ? names : "one of its values";
    }
    case OPT_TEXT:
    case OPT_TEXTS:
    case OPT_LIST:
    case OPT_NAMES:
    case OPT_FLAG:
        break;
    }
    return "text";
}

static bool store(const struct parse *p, const struct opt *o, const char *value, bool is_list)
{
    void *field = p->out + o->offset;
    struct sv text = sv_from(value);

    switch (o->type) {
    case OPT_TEXT:
        *(const char **)field = value;
        return true;
    case OPT_TEXTS:
        return is_list ? append_all(field, text, p->arena) : append(field, value, p->arena);
    case OPT_NAMES:
        if (find_bad_name(text).p)
            return false;
        return append_all(field, text, p->arena);
    case OPT_LIST:
        return append_all(field, text, p->arena);
    case OPT_COUNT:
        return text_to_size(text, field);
    case OPT_SIZE:
        return quantity_parse(text, field);
    case OPT_DURATION:
        return to_milliseconds(text, field);
    case OPT_ENUM:
        return to_enum(text, o->names, field);
    case OPT_FLAG:
        *(bool *)field = !sv_eq(text, SV("")) && !sv_eq(text, SV("false")) && !sv_eq(text, SV("0"));
        return true;
    }
    return false;
}

/* `dashes` is "--" where `name` is an option, "" where it is a variable. */
static bool refuse(const struct parse *p, const struct opt *o, const char *value, const char *dashes, const char *name,
                   struct err *e)
{
    struct sv text = sv_from(value), bad = o->type == OPT_NAMES ? find_bad_name(text) : (struct sv){ NULL, 0 };

    if (bad.n > 0)
        return err_set(e, ERR_INPUT, "%s%s: `%.*s` is not the name of a namespace", dashes, name, SV_ARG(bad));
    if (bad.p)
        return err_set(e, ERR_INPUT, "%s%s: an empty name in `%.*s`", dashes, name, SV_ARG(text));
    return err_set(e, ERR_INPUT, "%s%s: `%.*s` is not %s", dashes, name, SV_ARG(text), expectation(o, p->arena));
}

static bool apply(const struct parse *p, const struct opt *o, const char *value, struct err *e)
{
    return store(p, o, value, false) || refuse(p, o, value, "--", o->name, e);
}

const char *opt_environment(const struct opt *o, struct arena *a)
{
    char *name = arena_cstr(a, arena_printf(a, "FIPSGATE_%s", o->name));

    for (char *c = name; c && *c; c++)
        *c = (char)(*c == '-' ? '_' : toupper((unsigned char)*c));
    return name;
}

/* For what the command line did not say. */
static bool fill_up(const struct parse *p, const struct opt *o, struct err *e)
{
    const char *name = opt_environment(o, p->arena);
    const char *value = name ? getenv(name) : NULL;

    if (!name)
        return err_nomem(e);
    if (value && *value)
        return store(p, o, value, true) || refuse(p, o, value, "", name, e);
    return !o->standard || apply(p, o, o->standard, e);
}

static bool unknown(const struct parse *p, struct sv name, struct err *e)
{
    size_t n = count_options(p->options);
    struct sv *names = arena_array(p->arena, n, struct sv), near = { NULL, 0 };

    for (size_t i = 0; names && i < n; i++)
        names[i] = sv_from(p->options[i].name);
    if (names)
        near = text_nearest(name, names, n);
    if (near.p)
        return err_set(e, ERR_INPUT, "unknown option `--%.*s`, did you mean `--%.*s`?", SV_ARG(name), SV_ARG(near));
    return err_set(e, ERR_INPUT, "unknown option `--%.*s`; --help lists them", SV_ARG(name));
}

/* `argument` begins with "--". *next is the argument after it, or NULL. */
static bool take_option(const struct parse *p, const char *argument, char *const **next, struct err *e)
{
    struct sv rest = sv_from(argument + 2), name = sv_cut(&rest, '=');
    const char *value = rest.p;
    size_t i = 0;

    while (p->options[i].name && !sv_eq(sv_from(p->options[i].name), name))
        i++;
    if (!p->options[i].name)
        return unknown(p, name, e);
    p->given[i] = true;
    if (p->options[i].type == OPT_FLAG)
        return value ? err_set(e, ERR_INPUT, "`--%.*s` takes no value", SV_ARG(name))
                     : apply(p, &p->options[i], "true", e);
    if (!value)
        value = **next ? *(*next)++ : NULL;
    if (!value)
        return err_set(e, ERR_INPUT, "`--%.*s` needs a value: %s", SV_ARG(name), p->options[i].value);
    return apply(p, &p->options[i], value, e);
}

static bool take_operand(const struct parse *p, const char *argument, struct opt_values *operands, struct err *e)
{
    if (!operands)
        return err_set(e, ERR_INPUT, "unexpected argument `%.*s`", SV_ARG(sv_from(argument)));
    return append(operands, argument, p->arena) || err_nomem(e);
}

static bool take_arguments(const struct parse *p, char *const *next, struct opt_values *operands, struct err *e)
{
    bool options_are_over = false;

    while (*next) {
        const char *argument = *next++;
        bool ok;

        if (!options_are_over && strcmp(argument, "--") == 0) {
            options_are_over = true;
            continue;
        }
        if (!options_are_over && strncmp(argument, "--", 2) == 0)
            ok = take_option(p, argument, &next, e);
        else if (!options_are_over && argument[0] == '-' && argument[1])
            ok = err_set(e, ERR_INPUT, "unknown option `%.*s`; options begin with two dashes",
                         SV_ARG(sv_from(argument)));
        else
            ok = take_operand(p, argument, operands, e);
        if (!ok)
            return false;
    }
    return true;
}

bool opt_parse(const struct opt *options, char *const argv[], struct arena *a, void *out, struct opt_values *operands,
               struct err *e)
{
    size_t n = count_options(options);
    struct parse p = { .options = options, .arena = a, .out = out, .given = arena_array(a, n, bool) };

    if (!p.given)
        return err_nomem(e);
    if (!take_arguments(&p, argv + 1, operands, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!p.given[i] && !fill_up(&p, &options[i], e))
            return false;
    return true;
}

bool opt_asks_help(char *const argv[])
{
    for (char *const *arg = argv + 1; *arg && strcmp(*arg, "--") != 0; arg++)
        if (strcmp(*arg, "--help") == 0 || strcmp(*arg, "-h") == 0)
            return true;
    return false;
}

static void print_one(struct buf *out, const struct opt *o, struct arena *a)
{
    buf_printf(out, "  --%s", o->name);
    if (o->type == OPT_ENUM)
        buf_printf(out, " %.*s", SV_ARG(enum_names(o, a)));
    else if (o->type != OPT_FLAG)
        buf_printf(out, " %s", o->value);
    buf_printf(out, "\n      %s", o->help);
    for (size_t i = 0; o->type != OPT_ENUM && o->names && o->names[i]; i++)
        buf_printf(out, "%s%s", i ? ", " : ": ", o->names[i]);
    if (o->type == OPT_TEXTS)
        buf_add(out, SV(" (repeatable)"));
    if (o->standard)
        buf_printf(out, " [%s]", o->standard);
    buf_add_char(out, '\n');
}

void opt_print(struct buf *out, const struct opt *options)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(256 << 10);

    for (size_t i = 0; options[i].name; i++)
        print_one(out, &options[i], &a);
}
