/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One rule, one file, one exported `const struct rule rule_<id>`.
 *
 * Adding a rule: 1 write src/rules/<id>.c; 2 name it in rules.h and rules.c; 3 add
 * case directories under tests/cases/<id>/ (eight at least, among them one that
 * passes, one that fails, one that cannot tell); 4 add its row to README.
 * Lints fail without 3 and 4.
 *
 * compile() runs once, when a policy is loaded: it checks the rule's options
 * and resolves the fact sets they name. check() runs in a request: it reads
 * the object through kube/ views and appends findings. It cannot fail,
 * allocate outside the findings' arena, log, block, or look anything up. What
 * it cannot tell it says is unknown; it never guesses.
 */
#ifndef RULES_RULE_H
#define RULES_RULE_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/date.h"
#include "base/err.h"
#include "facts/facts.h"
#include "kube/image_ref.h"
#include "kube/inventory.h"
#include "kube/kind.h"
#include "kube/pod.h"
#include "kube/request.h"
#include "rules/finding.h"
#include "yaml/record.h"

/* Which facts pass: standard takes strict and allow, strict only strict. */
enum level { LEVEL_STANDARD, LEVEL_STRICT };

enum severity { SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH };

/* What is judged: the object, or on UPDATE also the old one. */
struct target {
    const struct request *request;
    const struct json *object;
    const struct kind *kind;
    const struct pod *pod; /* NULL when the kind holds none */
    enum level level;
    struct date today;
    struct image_ref_cache *images;    /* of this review; NULL: parse each time */
    const struct inventory *inventory; /* kube/inventory.h; NULL: nothing is known of other objects */
};

/* Every rule's options begin with these two, read by its table. */
struct rule_head {
    struct sv name, type;
};
#define RULE_HEAD_FIELDS(config)                                                                                       \
    FIELD(config, head.name, "name", FIELD_STRING, .required = true, .not_empty = true,                                \
          .help = "name of the rule, unique in its policy"),                                                           \
        FIELD(config, head.type, "type", FIELD_STRING, .required = true, .help = "rule type")

/* Site rows (`@site-...`) that a policy names and nobody supplied. */
struct missing_sites {
    struct sv names[16];
    size_t count;
};

/* Where compile() stands and what it may use. */
struct rule_build {
    const struct yaml_doc *doc;
    const struct pointer *at; /* of the rule in the document */
    const struct json *value; /* of the rule */
    const struct facts *facts;
    struct arena *arena; /* lives as long as the policy set */
    struct missing_sites *missing;
};

struct rule {
    const char *id;
    const char *layer; /* "container-registry"; the policy's own may differ */
    enum severity severity;
    unsigned families;    /* enum kind_family bits it looks at */
    bool is_whole;        /* it judges the object as one, not each pod in it: no target->pod */
    bool repairs_updates; /* repairs may also be made on UPDATE; else on CREATE only */
    const char *what;     /* one line: what it judges */
    const char *why;      /* why that matters for FIPS */
    /* For `policy explain`, `list` and `lint` only. */
    const char *fix;            /* one line: how a person mends what it finds */
    const char *repair;         /* one line: what /mutate does about it; NULL: nothing */
    const char *repair_options; /* the options that say how, separated by spaces */
    const char *example;        /* the rule as it stands in a policy: YAML from "name:" on; must compile */
    const struct field *fields;
    size_t config_size;
    /* Sets defaults before the table is read; may be NULL. */
    void (*defaults)(void *config);
    /* After the table was read; may be NULL. */
    bool (*compile)(const struct rule_build *b, void *config, struct err *e);
    /* Whether it looks at this request's kind at all; NULL: at every kind of its
     * families. */
    bool (*concerns)(const struct request *r, const void *config);
    void (*check)(const struct target *t, const void *config, struct findings *out);
};

#endif
