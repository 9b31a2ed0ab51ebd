/* SPDX-License-Identifier: Apache-2.0 */
/* Parameters are asked one by one; what rules encryption out goes before what
 * it needs. */
#include "rules/storage_driver.h"

static const struct sv everything[] = { SV_INIT("@storage-drivers") };
const struct strings storage_driver_default = { everything, ARRAY_LEN(everything) };

/* Rook puts the operator's namespace, which holds no dot, before the name. */
static const struct fact *find_driver(const struct values *v, struct sv driver)
{
    const struct fact *row = driver.p ? values_find(v, driver) : NULL;
    struct sv behind = driver;

    if (row || !driver.p)
        return row;
    sv_cut(&behind, '.');
    row = behind.n ? values_find(v, behind) : NULL;
    return row && row->any_prefix ? row : NULL;
}

static bool is_name(const struct fact *row, const struct fact_parameter *p, struct sv name)
{
    return row->ignore_case ? sv_eq_nocase(p->name, name) : sv_eq(p->name, name);
}

static bool has_token(struct sv value, struct sv token)
{
    size_t start = 0;

    for (size_t i = 0; i <= value.n; i++) {
        if (i < value.n && !strchr(" ,;\t", value.p[i]))
            continue;
        if (sv_eq((struct sv){ value.p + start, i - start }, token))
            return true;
        start = i + 1;
    }
    return false;
}

static bool value_holds(const struct fact_parameter *p, struct sv value)
{
    if (p->token.n)
        return has_token(value, p->token);
    for (size_t i = 0; i < p->values.count; i++)
        if (sv_eq_nocase(p->values.items[i], value))
            return true;
    return p->values.count == 0 && value.n > 0;
}

/* What the object says of one parameter. Names that differ only in case are
 * one parameter to some drivers, and which of them wins nobody should have to know. */
struct answer {
    size_t said, held;     /* times it is there, times it is as wanted */
    struct sv name, value; /* the first that is not (is, for `held_name`) as wanted */
    struct sv held_name, held_value;
};

static struct answer ask(const struct fact *row, const struct fact_parameter *p, const struct json *parameters)
{
    struct answer answer = { 0 };

    for (struct value_iter it = value_iter(parameters); value_next(&it);) {
        struct sv value = value_scalar_text(it.value);

        if (!is_name(row, p, it.key))
            continue;
        answer.said++;
        if (value_holds(p, value)) {
            answer.held++;
            answer.held_name = answer.held_name.p ? answer.held_name : it.key;
            answer.held_value = answer.held_value.p ? answer.held_value : value;
        } else if (!answer.name.p) {
            answer.name = it.key;
            answer.value = value;
        }
    }
    return answer;
}

static bool is_switched_off(struct storage_judgement *j, const struct json *parameters)
{
    const struct fact_parameter *p = j->row->forbidden.items;

    for (size_t i = 0; i < j->row->forbidden.count; i++) {
        struct answer answer = ask(j->row, &p[i], parameters);

        if (!answer.held)
            continue;
        j->parameter = &p[i];
        j->key = answer.held_name;
        j->value = answer.held_value;
        return true;
    }
    return false;
}

static bool is_unmet(struct storage_judgement *j, const struct json *parameters, bool is_change)
{
    const struct fact_parameter *p = j->row->parameters.items;

    for (size_t i = 0; i < j->row->parameters.count; i++) {
        struct answer answer = ask(j->row, &p[i], parameters);

        if (answer.held == answer.said && (answer.said > 0 || is_change))
            continue;
        j->parameter = &p[i];
        j->key = answer.name;
        j->value = answer.value;
        return true;
    }
    return false;
}

struct storage_judgement storage_driver_judge(const struct values *drivers, struct sv driver,
                                              const struct json *parameters, bool is_change)
{
    static const enum storage_state states[] = {
        [ENCRYPTION_NOT_VISIBLE] = STORAGE_NOT_VISIBLE,
        [ENCRYPTION_BY_PARAMETERS] = STORAGE_ENCRYPTED,
        [ENCRYPTION_ALWAYS] = STORAGE_ENCRYPTED,
        [ENCRYPTION_NEVER] = STORAGE_NEVER,
    };
    struct storage_judgement j = { .state = STORAGE_UNKNOWN_DRIVER, .row = find_driver(drivers, driver) };

    if (!j.row)
        return j;
    if (is_switched_off(&j, parameters))
        j.state = STORAGE_SWITCHED_OFF;
    else if ((is_change || j.row->encryption == ENCRYPTION_BY_PARAMETERS) && is_unmet(&j, parameters, is_change))
        j.state = STORAGE_NOT_ASKED;
    else
        j.state = is_change ? STORAGE_ENCRYPTED : states[j.row->encryption];
    return j;
}

bool storage_driver_is_plain(const struct storage_judgement *j)
{
    return j->state == STORAGE_NOT_ASKED || j->state == STORAGE_SWITCHED_OFF || j->state == STORAGE_NEVER;
}

struct sv storage_driver_describe(const struct fact_parameter *p, struct findings *out)
{
    struct sv value = p->token.n ? p->token : p->values.count ? p->values.items[0] : SV("...");

    return findings_printf(out, "%.*s: %s%.*s%s", SV_ARG(p->name), p->token.n ? "[" : "\"", SV_ARG(value),
                           p->token.n ? "]" : "\"");
}
