/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compiled policy set: immutable, read by every worker at once. It owns
 * one arena with the documents, the facts they were compiled against and all
 * that was derived from both.
 */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/digest.h"
#include "base/err.h"
#include "kube/label.h"
#include "policy/verdict.h"
#include "rules/rule.h"

struct match {
    struct strings include, exclude; /* namespace globs; include empty = all */
    bool skip_cluster_scoped;
    struct label_selector labels;
    struct strings user_excludes; /* user name globs */
    unsigned operations;          /* bits: 1 << enum operation */
};

struct compiled_rule {
    const struct rule *rule;
    struct sv name;
    const void *config;
};

struct policy {
    struct sv name, file;
    struct sv layer;    /* absent: each rule's own */
    struct sv controls; /* joined with ", " */
    enum mode mode, on_unknown;
    enum level level;
    bool repair;
    struct match match;
    const struct compiled_rule *rules;
    size_t rule_count;
    unsigned families; /* of all its rules */
    const struct yaml_doc *doc;
};

/* Which rules of a policy an exception lifts; none named: all of them. */
struct exception_policy {
    struct sv name;
    struct strings rules;
};

struct exception {
    struct sv name, file;
    struct records policies;   /* struct exception_policy */
    struct strings namespaces; /* literal names */
    bool cluster_scoped;       /* or: objects without a namespace */
    struct strings names;      /* globs; empty: any */
    struct label_selector labels;
    struct strings images; /* normalised references; empty: any finding */
    struct sv reason, owner;
    struct date expires; /* the last day it counts, UTC */
    const struct yaml_doc *doc;
};

struct policy_set {
    struct arena arena;
    struct facts *facts;
    struct sv name;                /* "builtin:baseline" or the paths */
    enum mode max_mode;            /* no policy's `mode` is above it */
    const struct policy *policies; /* by name */
    size_t policy_count;
    size_t rule_count;
    const struct exception *exceptions; /* by name */
    size_t exception_count;
    struct missing_sites missing;
    char hash[DIGEST_HEX + 1]; /* of everything that was read, in order; not of `max_mode` */
};

/* The hardest mode of a set: a policy that is written harder counts as this one, so
 * that a cluster can watch before it enforces. Nothing is raised; zero lowers nothing. */
enum max_mode { MAX_MODE_ENFORCE, MAX_MODE_WARN, MAX_MODE_AUDIT };
extern const char *const policy_max_modes[]; /* their names in this order; the last NULL */

/* `--policies`, `--facts` and `--max-mode` as they were given. No policy source is an error:
 * the caller supplies the default. */
struct policy_sources {
    const char *const *policies; /* paths of files or directories, or "builtin:NAME" */
    size_t policy_count;
    const char *const *facts; /* paths; the embedded facts are always there */
    size_t fact_count;
    enum max_mode max_mode;
};

/* Reads, compiles and checks everything; NULL on the first mistake, with
 * "file:line:col: message". */
MUST_CHECK struct policy_set *policy_set_load(const struct policy_sources *sources, struct err *e);

void policy_set_free(struct policy_set *set);
void policy_set_freep(struct policy_set **set); /* CLEANUP */

#endif
