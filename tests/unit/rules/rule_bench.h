/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rule on the bench: facts, options and objects as text, no policy and no
 * engine around it. Everything lives in one arena; bench_end() frees it.
 */
#ifndef TESTS_RULE_BENCH_H
#define TESTS_RULE_BENCH_H

/* cmocka wants these first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/rules.h"
#include "yaml/transcode.h"
#include "json/doc.h"
#include <cmocka.h>

struct bench {
    struct arena arena;
    struct facts *facts;
    struct missing_sites missing;
    const struct rule *rule;
    void *config;
    struct inventory *inventory; /* NULL until bench_beside() */
    struct findings out;
    struct err e;
};

static inline void bench_begin(struct bench *b, const struct rule *rule)
{
    *b = (struct bench){ .arena = ARENA_INIT(8 << 20), .rule = rule };
    b->facts = facts_new(&b->arena);
    assert_non_null(b->facts);
}

static inline void bench_end(struct bench *b)
{
    arena_fini(&b->arena);
}

static inline const struct yaml_doc *bench_yaml(struct bench *b, const char *text)
{
    struct yaml_doc *doc = NULL;
    struct err e = { 0 };

    if (!yaml_read(SV("test.yaml"), sv_from(text), &b->arena, &doc, &e) || !doc)
        fail_msg("%s\nin: %s", e.msg, text);
    return doc;
}

/* A set of one layer; `rows` as they stand in a FipsFacts document. */
static inline void bench_facts(struct bench *b, const char *name, const char *rows)
{
    struct sv text = arena_printf(&b->arena,
                                  "{apiVersion: fipsgate.io/v1alpha1, kind: FipsFacts, metadata: {name: %s},"
                                  " spec: {layer: storage, rows: [%s]}}",
                                  name, rows);
    struct err e = { 0 };

    if (!facts_add(b->facts, bench_yaml(b, text.p), 1, &b->arena, &e))
        fail_msg("%s\nin: %s", e.msg, text.p);
}

/* Options as a policy reads them, below `name: r` and the rule's type. */
static inline bool bench_compile(struct bench *b, const char *options)
{
    static const struct pointer root = { .up = NULL };
    struct sv text = arena_printf(&b->arena, "{name: r, type: %s, %s}", b->rule->id, options);
    const struct yaml_doc *doc = bench_yaml(b, text.p);
    struct rule_build build = { doc, &root, doc->root, b->facts, &b->arena, &b->missing };

    b->config = arena_zalloc(&b->arena, 1, b->rule->config_size);
    b->e = (struct err){ 0 };
    assert_non_null(b->config);
    if (b->rule->defaults)
        b->rule->defaults(b->config);
    return record_read(doc, &root, doc->root, b->rule->fields, &b->arena, b->config, &b->e) &&
           (!b->rule->compile || b->rule->compile(&build, b->config, &b->e));
}

static inline void bench_must_compile(struct bench *b, const char *options)
{
    if (!bench_compile(b, options))
        fail_msg("%s\nin: %s", b->e.msg, options);
}

/* An object that stands beside those that are judged. */
static inline void bench_beside(struct bench *b, const char *object)
{
    const struct json *value = bench_yaml(b, object)->root;
    struct gvk gvk =
        gvk_from(value_string(value_get(value, SV("apiVersion"))), value_string(value_get(value, SV("kind"))));

    b->inventory = b->inventory ? b->inventory : inventory_new(&b->arena);
    assert_non_null(b->inventory);
    assert_true(inventory_wants(gvk.group, gvk.kind));
    assert_true(inventory_add(b->inventory, gvk.group, gvk.kind, value));
}

/* Judges `object` (JSON or YAML), passes kept; the findings are in b->out. */
static inline const struct finding *bench_check(struct bench *b, const char *object, enum level level)
{
    const struct json *value = bench_yaml(b, object)->root;
    struct gvk gvk =
        gvk_from(value_string(value_get(value, SV("apiVersion"))), value_string(value_get(value, SV("kind"))));
    struct request request = { .gvk = gvk, .operation = OP_CREATE, .object = value };
    struct target t = { .request = &request,
                        .object = value,
                        .kind = kind_find(gvk.group, gvk.kind),
                        .level = level,
                        .today = { 2026, 11, 22 },
                        .inventory = b->inventory };
    struct pod_iter it;

    t.kind = t.kind ? t.kind : &kind_unlisted;
    assert_true(b->rule->families & t.kind->family);
    if (t.kind->family == FAMILY_WORKLOAD && !b->rule->is_whole) {
        pod_iter_init(&it, t.kind, value);
        assert_true(pod_next(&it));
        t.pod = &it.pod;
    }
    findings_init(&b->out, &b->arena, true);
    b->rule->check(&t, b->config, &b->out);
    assert_false(b->out.failed);
    return b->out.first;
}

/* One word a finding, as tests compare them: "violation /spec/x", " repaired"
 * or " warns" or " template" behind it; findings are separated by "; ". */
static inline const char *bench_summary(struct bench *b)
{
    static const char *const kinds[] = {
        [FINDING_UNKNOWN] = "unknown", [FINDING_VIOLATION] = "violation", [FINDING_PASS] = "pass"
    };
    struct buf text = BUF_IN(&b->arena);

    for (const struct finding *f = b->out.first; f; f = f->next)
        buf_printf(&text, "%s%s %.*s%s%s%s", f == b->out.first ? "" : "; ", kinds[f->kind], SV_ARG(f->path),
                   f->warn_only ? " warns" : "", f->on_template ? " template" : "", f->repairs ? " repaired" : "");
    buf_add_char(&text, '\0');
    assert_true(buf_ok(&text));
    return text.p;
}

static inline bool bench_has(struct sv text, const char *part)
{
    return text.p && memmem(text.p, text.n, part, strlen(part));
}

/* The finding says `part` somewhere a person reads. */
static inline void bench_says(const struct finding *f, const char *part)
{
    if (!bench_has(f->message, part) && !bench_has(f->wanted, part) && !bench_has(f->fix, part))
        fail_msg("nothing of `%s` in: %.*s / %.*s / %.*s", part, SV_ARG(f->message), SV_ARG(f->wanted), SV_ARG(f->fix));
}

#endif
