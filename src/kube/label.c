/* SPDX-License-Identifier: Apache-2.0 */
/* Label selectors: their schema, what the schema cannot say, and matching. */
#include "kube/label.h"
#include "base/bug.h"

static const char *const operators[] = {
    [LABEL_IN] = "In",
    [LABEL_NOT_IN] = "NotIn",
    [LABEL_EXISTS] = "Exists",
    [LABEL_DOES_NOT_EXIST] = "DoesNotExist",
    NULL,
};

static const struct field expression_fields[] = {
    FIELD(struct label_expression, key, "key", FIELD_STRING, .required = true, .not_empty = true,
          .help = "name of the label"),
    FIELD(struct label_expression, op, "operator", FIELD_ENUM, .required = true, .names = operators,
          .help = "how the label is compared"),
    FIELD(struct label_expression, values, "values", FIELD_STRINGS, .help = "for In and NotIn"),
    FIELD_END,
};

const struct field label_selector_fields[] = {
    FIELD(struct label_selector, match_labels, "matchLabels", FIELD_MAP, .help = "labels that must have these values"),
    FIELD(struct label_selector, match_expressions, "matchExpressions", FIELD_RECORDS, .fields = expression_fields,
          .item_size = sizeof(struct label_expression), .help = "conditions on labels; all must hold"),
    FIELD_END,
};

bool label_selector_check(const struct label_selector *s, const struct yaml_doc *doc, const struct pointer *at,
                          struct err *e)
{
    const struct label_expression *x = s->match_expressions.items;
    struct pointer list = pointer_key(at, SV("matchExpressions"));

    for (size_t i = 0; i < s->match_expressions.count; i++) {
        struct pointer item = pointer_index(&list, i);
        struct pointer values = pointer_key(&item, SV("values"));
        bool wants_values = x[i].op == LABEL_IN || x[i].op == LABEL_NOT_IN;

        if (wants_values && x[i].values.count == 0)
            return record_error(doc, &item, e, "operator `%s` needs `values`", operators[x[i].op]);
        if (!wants_values && x[i].values.count > 0)
            return record_error(doc, &values, e, "operator `%s` takes no values", operators[x[i].op]);
    }
    return true;
}

static bool is_among(struct sv value, const struct strings *values)
{
    for (size_t i = 0; i < values->count; i++) {
        if (sv_eq(value, values->items[i]))
            return true;
    }
    return false;
}

static bool holds(const struct label_expression *x, struct sv value)
{
    switch (x->op) {
    case LABEL_IN:
        return value.p && is_among(value, &x->values);
    case LABEL_NOT_IN:
        return !value.p || !is_among(value, &x->values);
    case LABEL_EXISTS:
        return value.p != NULL;
    case LABEL_DOES_NOT_EXIST:
        return value.p == NULL;
    }
    BUG_IF(true);
    return false;
}

bool label_selector_matches(const struct label_selector *s, const struct json *labels)
{
    const struct label_expression *x = s->match_expressions.items;

    for (size_t i = 0; i < s->match_labels.count; i++) {
        struct sv value = value_string(value_get(labels, s->match_labels.items[i].key));

        if (!value.p || !sv_eq(value, s->match_labels.items[i].value))
            return false;
    }
    for (size_t i = 0; i < s->match_expressions.count; i++) {
        if (!holds(&x[i], value_string(value_get(labels, x[i].key))))
            return false;
    }
    return true;
}
