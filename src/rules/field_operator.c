/* SPDX-License-Identifier: Apache-2.0 */
/* One row an operator: what it takes, how it reads to a person, and whether a
 * value and one of the policy's values satisfy it. */
#include "rules/field_operator.h"
#include "base/attr.h"
#include "kube/decimal.h"

const char *const field_operator_names[] = { "Equals",         "In",           "NotIn",
                                             "Exists",         "DoesNotExist", "Matches",
                                             "GreaterOrEqual", "LessOrEqual",  NULL };

static bool is_scalar(const struct json *v)
{
    return value_scalar_text(v).p != NULL;
}

static bool is_string(const struct json *v)
{
    return value_is(v, VALUE_STRING);
}

static bool is_number(const struct json *v)
{
    return decimal_is_number(value_scalar_text(v));
}

static bool is_same(const struct json *value, const struct json *wanted)
{
    int order = 0;

    if (value_type(value) != value_type(wanted) || !is_scalar(value))
        return false;
    if (value_is(value, VALUE_NUMBER) && decimal_compare(value_number(value), value_number(wanted), &order))
        return order == 0;
    return sv_eq(value_scalar_text(value), value_scalar_text(wanted));
}

static bool is_alike(const struct json *value, const struct json *wanted)
{
    return is_string(value) && sv_glob(value_string(wanted), value_string(value));
}

static bool is_at_least(const struct json *value, const struct json *wanted)
{
    int order = 0;

    return is_number(value) && decimal_compare(value_scalar_text(value), value_scalar_text(wanted), &order) &&
           order >= 0;
}

static bool is_at_most(const struct json *value, const struct json *wanted)
{
    int order = 0;

    return is_number(value) && decimal_compare(value_scalar_text(value), value_scalar_text(wanted), &order) &&
           order <= 0;
}

static const struct {
    size_t least, most; /* values it takes */
    bool (*takes)(const struct json *value);
    const char *taken;
    /* Holds if `fits` says this of any value; NULL: at once. */
    bool (*fits)(const struct json *value, const struct json *wanted);
    bool any;
    const char *before; /* the values, for a person */
    const char *fix;
} operators[] = {
    [OPERATOR_EQUALS] = { 1, 1, is_scalar, "a string, a number or a boolean", is_same, true, "",
                          "set it to that value" },
    [OPERATOR_IN] = { 1, SIZE_MAX, is_scalar, "a string, a number or a boolean", is_same, true, "one of ",
                      "set it to one of these values" },
    [OPERATOR_NOT_IN] = { 1, SIZE_MAX, is_scalar, "a string, a number or a boolean", is_same, false, "none of ",
                          "set it to another value" },
    [OPERATOR_EXISTS] = { 0, 0, NULL, NULL, NULL, true, "a value", "set it" },
    [OPERATOR_DOES_NOT_EXIST] = { 0, 0, NULL, NULL, NULL, false, "no value", "remove it" },
    [OPERATOR_MATCHES] = { 1, SIZE_MAX, is_string, "a string", is_alike, true, "a string like ",
                           "set it to such a string" },
    [OPERATOR_GREATER_OR_EQUAL] = { 1, 1, is_number, "a number or a quantity", is_at_least, true, "at least ",
                                    "raise it" },
    [OPERATOR_LESS_OR_EQUAL] = { 1, 1, is_number, "a number or a quantity", is_at_most, true, "at most ", "lower it" },
};

bool field_operator_check(enum field_operator op, const struct json *values, size_t *index, struct err *e)
{
    size_t count = value_size(values);
    const char *name = field_operator_names[op];

    *index = count;
    if (operators[op].most == 0)
        return !values || err_set(e, ERR_INPUT, "%s takes no `values`", name);
    if (!value_is(values, VALUE_ARRAY) || count < operators[op].least || count > operators[op].most)
        return err_set(e, ERR_INPUT, "%s needs `values`, a list of %s", name,
                       operators[op].most == 1 ? "exactly one" : "one or more");
    for (struct value_iter it = value_iter(values); value_next(&it);) {
        *index = it.index;
        if (!operators[op].takes(it.value))
            return err_set(e, ERR_INPUT, "%s takes %s, this is %s", name, operators[op].taken,
                           value_type_name(value_type(it.value)));
    }
    return true;
}

bool field_operator_holds(enum field_operator op, const struct json *value, const struct json *values)
{
    for (struct value_iter it = value_iter(values); value_next(&it);)
        if (operators[op].fits(value, it.value))
            return operators[op].any;
    return operators[op].fits ? !operators[op].any : operators[op].any;
}

/* Lists are for a person, and a person reads a few. */
enum { A_FEW = 4 };

struct sv field_operator_describe(enum field_operator op, const struct json *values, struct arena *a)
{
    struct buf text = BUF_IN(a);
    size_t count = value_size(values);

    buf_printf(&text, "%s", operators[op].before);
    for (struct value_iter it = value_iter(values); value_next(&it);) {
        if (it.index == A_FEW)
            break;
        buf_add(&text, it.index ? SV(", ") : SV(""));
        value_print(&text, it.value);
    }
    if (count > A_FEW)
        buf_printf(&text, " and %zu more", count - A_FEW);
    return buf_ok(&text) ? buf_sv(&text) : (struct sv){ NULL, 0 };
}

const char *field_operator_fix(enum field_operator op)
{
    return operators[op].fix;
}
