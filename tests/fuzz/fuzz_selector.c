/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A YAML document with `selector` and `labels`: what label.c says of them is
 * what the document says, read again without it.
 */
#include "fuzz/fuzz.h"
#include "kube/label.h"
#include "yaml/transcode.h"

static bool has_value(const struct json *values, struct sv value)
{
    for (struct value_iter it = value_iter(values); value_next(&it);)
        if (sv_eq(value_string(it.value), value))
            return true;
    return false;
}

/* As metav1.LabelSelector is documented. */
static bool holds(const struct json *x, const struct json *labels)
{
    struct sv op = value_string(value_get(x, SV("operator")));
    struct sv value = value_string(value_get(labels, value_string(value_get(x, SV("key")))));
    bool among = value.p && has_value(value_get(x, SV("values")), value);

    if (sv_eq(op, SV("In")))
        return among;
    if (sv_eq(op, SV("NotIn")))
        return !among;
    return sv_eq(op, SV("Exists")) == (value.p != NULL);
}

static bool reference(const struct json *selector, const struct json *labels)
{
    for (struct value_iter it = value_iter(value_get(selector, SV("matchLabels"))); value_next(&it);) {
        struct sv value = value_string(value_get(labels, it.key));

        if (!value.p || !sv_eq(value, value_string(it.value)))
            return false;
    }
    for (struct value_iter it = value_iter(value_get(selector, SV("matchExpressions"))); value_next(&it);)
        if (!holds(it.value, labels))
            return false;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(32 << 20);
    struct pointer root = POINTER_ROOT, at = pointer_key(&root, SV("selector"));
    struct label_selector s = { 0 };
    struct yaml_doc *doc = NULL;
    struct err e = { .code = ERR_NONE };
    const struct json *selector, *labels;

    if (!yaml_read(SV("in.yaml"), fuzz_input(data, size), &a, &doc, &e) || !doc)
        return 0;
    selector = value_get(doc->root, SV("selector"));
    labels = value_get(doc->root, SV("labels"));
    if (!record_read(doc, &at, selector, label_selector_fields, &a, &s, &e) ||
        !label_selector_check(&s, doc, &at, &e)) {
        fuzz_check_place(&e, "in.yaml", &a);
        return 0;
    }
    FUZZ_CHECK(label_selector_matches(&s, labels) == reference(selector, labels), "matches: %d",
               (int)label_selector_matches(&s, labels));
    return 0;
}
