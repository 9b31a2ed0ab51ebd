/* SPDX-License-Identifier: Apache-2.0 */
/* Label selectors (matchLabels, matchExpressions), compiled from a policy. */
#ifndef KUBE_LABEL_H
#define KUBE_LABEL_H

#include "base/attr.h"
#include "yaml/record.h"
#include "json/value.h"

/* In, NotIn, Exists, DoesNotExist: as metav1.LabelSelectorRequirement, with
 * which a label that is absent satisfies NotIn. */
enum label_operator { LABEL_IN, LABEL_NOT_IN, LABEL_EXISTS, LABEL_DOES_NOT_EXIST };

struct label_expression {
    struct sv key;
    enum label_operator op;
    struct strings values;
};
struct label_selector {
    struct string_map match_labels;
    struct records match_expressions; /* struct label_expression */
};
extern const struct field label_selector_fields[];

/* Beyond the table: In and NotIn need values, Exists and DoesNotExist none. */
MUST_CHECK bool label_selector_check(const struct label_selector *s, const struct yaml_doc *doc,
                                     const struct pointer *at, struct err *e);

/* An empty selector matches everything; `labels` may be absent. */
bool label_selector_matches(const struct label_selector *s, const struct json *labels);

#endif
