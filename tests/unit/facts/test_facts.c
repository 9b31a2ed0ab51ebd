/* SPDX-License-Identifier: Apache-2.0 */
/* Documents that say something else than they seem to are refused; shipped ones
 * say what the tables they were taken from say. */
#include "facts/facts.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HEAD "apiVersion: fipsgate.io/v1alpha1\nkind: FipsFacts\nmetadata: { name: a }\n"
#define SPEC HEAD "spec:\n  layer: storage\n  rows:\n"
#define ROW(value) "  - { value: " value ", verdict: allow, sure: A, source: x, asOf: 2026-11-22"

static bool add_all(struct facts *f, const char *file, struct sv text, int origin, struct arena *a, struct err *e)
{
    struct yaml_doc *doc = NULL;

    if (!yaml_read(sv_from(file), text, a, &doc, e))
        return false;
    for (; doc; doc = doc->next)
        if (!facts_add(f, doc, origin, a, e))
            return false;
    return true;
}

static const struct {
    const char *text, *why;
} refused[] = {
    { "kind: FipsFacts\n", "`apiVersion`" },
    { "apiVersion: fipsgate.io/v1\nkind: FipsFacts\nmetadata: { name: a }\nspec:\n  layer: storage\n  rows:\n" ROW(
          "v") " }",
      "f.yaml:1:13: apiVersion is `fipsgate.io/v1`, wanted `fipsgate.io/v1alpha1`" },
    { "apiVersion: fipsgate.io/v1alpha1\nkind: FipsPolicy\nmetadata: { name: a }\nspec:\n  layer: storage\n  "
      "rows:\n" ROW("v") " }",
      "f.yaml:2:7: kind is `FipsPolicy`, wanted `FipsFacts`" },
    { HEAD, "`spec`" },
    { HEAD "spec: { layer: storage }", "`rows`" },
    { HEAD "spec: { layer: storage, rows: [] }", "f.yaml:4:" },
    { HEAD "spec: { layer: disks, rows: [] }", "f.yaml:4:" },
    { HEAD "spec: { layer: storage, row: [] }", "did you mean `rows`?" },
    { SPEC ROW("''") " }", "f.yaml:7:" },
    { SPEC "  - { verdict: allow, sure: A, source: x, asOf: 2026-11-22 }", "`value`" },
    { SPEC "  - { value: v, sure: A, source: x, asOf: 2026-11-22 }", "`verdict`" },
    { SPEC "  - { value: v, verdict: allow, source: x, asOf: 2026-11-22 }", "`sure`" },
    { SPEC "  - { value: v, verdict: allow, sure: A, asOf: 2026-11-22 }", "`source`" },
    { SPEC "  - { value: v, verdict: allow, sure: A, source: x }", "`asOf`" },
    { SPEC "  - { value: v, verdict: allowed, sure: A, source: x, asOf: 2026-11-22 }", "f.yaml:7:" },
    { SPEC "  - { value: v, verdict: allow, sure: D, source: x, asOf: 2026-11-22 }", "f.yaml:7:" },
    { SPEC "  - { value: v, verdict: allow, sure: A, source: x, asOf: 2026-02-30 }", "f.yaml:7:" },
    { SPEC ROW("v") " }\n" ROW("w") " }\n" ROW("v") " }", "f.yaml:9:14: value `v` is in this set already" },
    { SPEC ROW("v") ", encryption: parameters }", "f.yaml:7:5: encryption `parameters` needs a list `parameters`" },
    { SPEC ROW("v") ", encryption: sometimes }", "f.yaml:7:" },
    { SPEC ROW("v") ", parameters: [{ name: k }] }", "`parameters` goes with encryption `parameters` only" },
    { SPEC ROW("v") ", encryption: parameters, parameters: [{ values: [x] }] }", "`name`" },
    { SPEC ROW("v") ", encryption: parameters, parameters: [{ name: k, values: [x], token: x }] }",
      "`values` and `token` exclude each other" },
    { SPEC ROW("v") ", forbidden: [{ name: k, values: [x], token: x }] }", "`values` and `token` exclude each other" },
    { SPEC ROW("v") ", standard: \"140-1\" }", "f.yaml:7:" },
    { SPEC ROW("v") ", provider: p }", "f.yaml:7:5: `provider` needs `versions`" },
    { SPEC ROW("v") ", provider: p, versions: [] }", "f.yaml:7:" },
    { SPEC ROW("v") ", ignorecase: true }", "did you mean `ignoreCase`?" },
};

static void refuses_documents_that_cannot_be_meant(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct facts *f = facts_new(&a);
        struct err e = { 0 };

        if (add_all(f, "f.yaml", sv_from(refused[i].text), 0, &a, &e))
            fail_msg("accepted:\n%s", refused[i].text);
        if (e.code != ERR_INPUT || !strstr(e.msg, refused[i].why))
            fail_msg("%s\nin:\n%s", e.msg, refused[i].text);
        assert_int_equal(facts_count(f), 0);
    }
}

static void names_both_places_of_a_set_given_twice(void **state UNUSED)
{
    for (int origin = 0; origin < 2; origin++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct facts *f = facts_new(&a);
        struct err e = { 0 };

        assert_true(add_all(f, "one.yaml", SV(SPEC ROW("v") " }"), origin, &a, &e));
        assert_false(add_all(f, "two.yaml", SV(SPEC ROW("w") " }"), origin, &a, &e));
        assert_string_equal(e.msg, "two.yaml:3:19: fact set `a` is defined already at one.yaml:3");
        assert_true(sv_eq(facts_find(f, SV("a"))->rows[0].value, SV("v")));
    }
}

static void the_operators_set_replaces_the_shipped_one(void **state UNUSED)
{
    for (int first = 0; first < 2; first++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct facts *f = facts_new(&a);
        struct err e = { 0 };
        const char *const texts[] = { SPEC ROW("shipped") " }\n" ROW("too") " }", SPEC ROW("mine") " }" };

        assert_true(add_all(f, "f.yaml", sv_from(texts[first]), first, &a, &e));
        assert_true(add_all(f, "f.yaml", sv_from(texts[!first]), !first, &a, &e));
        assert_int_equal(facts_count(f), 1);
        assert_true(sv_eq(facts_find(f, SV("a"))->rows[0].value, SV("mine")));
        assert_int_equal(facts_find(f, SV("a"))->replaced, 2);
    }
}

static void a_set_that_stands_alone_replaces_nothing(void **state UNUSED)
{
    for (int origin = 0; origin < 2; origin++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct facts *f = facts_new(&a);
        struct err e = { 0 };

        assert_true(add_all(f, "f.yaml", SV(SPEC ROW("v") " }"), origin, &a, &e));
        assert_int_equal(facts_find(f, SV("a"))->replaced, 0);
    }
}

static void reads_every_key_of_a_row(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct facts *f = facts_new(&a);
    struct err e = { 0 };
    const struct fact_set *set;
    const struct fact_parameter *p;

    if (!add_all(f, "f.yaml",
                 SV(HEAD "spec:\n  layer: storage\n  sources: { x: \"https://example.gov\" }\n  rows:\n" ROW(
                     "v") ", note: why, encryption: parameters, ignoreCase: true, anyPrefix: true,\n"
                          "      parameters: [{ name: p, values: [\"true\"] }, { name: q, token: luks }],\n"
                          "      forbidden: [{ name: r }], module: m, standard: \"140-3\", status: active,\n"
                          "      sunset: 2030-03-10, provider: P, versions: [\"1.0\", \"1.1\"] }\n"),
                 0, &a, &e))
        fail_msg("%s", e.msg);
    set = facts_find(f, SV("a"));
    assert_ptr_equal(set, facts_at(f, 0));
    assert_true(sv_eq(set->layer, SV("storage")) && sv_eq(set->file, SV("f.yaml")) && set->sources.count == 1);
    assert_int_equal(set->rows->verdict, FACT_ALLOW);
    assert_int_equal(set->rows->sure, SURE_A);
    assert_int_equal(date_compare(set->rows->as_of, (struct date){ 2026, 11, 22 }), 0);
    assert_true(sv_eq(set->rows->note, SV("why")) && set->rows->ignore_case && set->rows->any_prefix);
    assert_int_equal(set->rows->encryption, ENCRYPTION_BY_PARAMETERS);
    p = set->rows->parameters.items;
    assert_int_equal(set->rows->parameters.count, 2);
    assert_true(sv_eq(p[0].values.items[0], SV("true")) && sv_eq(p[1].token, SV("luks")));
    assert_int_equal(set->rows->forbidden.count, 1);
    assert_true(sv_eq(set->rows->module, SV("m")));
    assert_int_equal(set->rows->standard, CMVP_140_3);
    assert_int_equal(set->rows->status, CMVP_ACTIVE);
    assert_int_equal(set->rows->sunset.year, 2030);
    assert_true(sv_eq(set->rows->provider, SV("P")) && set->rows->versions.count == 2);
    assert_true(sv_eq(set->rows->versions.items[1], SV("1.1")));
}

static struct facts *load_shipped(struct arena *a)
{
    static const char *const suffixes[] = { ".yaml" };
    struct facts *f = facts_new(a);
    struct file_names names = { 0 };
    struct err e = { 0 };
    struct sv text;

    if (!file_list(SOURCE_DIR "/policies/facts", suffixes, 1, a, &names, &e))
        fail_msg("%s", e.msg);
    for (size_t i = 0; i < names.count; i++)
        if (!file_read(names.items[i], 1 << 20, a, &text, &e) || !add_all(f, names.items[i], text, 0, a, &e))
            fail_msg("%s", e.msg);
    return f;
}

static void shipped_sets_are_as_large_as_their_tables(void **state UNUSED)
{
    static const struct {
        const char *name;
        size_t rows;
    } sets[] = {
        { "cmvp-certificates", 43 }, { "crypto-packages", 37 }, { "ecr-fips", 22 },   { "elb-policies", 30 },
        { "node-labels", 1 },        { "off-switches", 35 },    { "registries", 9 },  { "google-registries", 3 },
        { "azure-registries", 2 },   { "storage-drivers", 32 }, { "tls-groups", 20 }, { "tls-profiles", 5 },
        { "tls-suites", 48 },        { "tls-versions", 24 },
    };
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 24);
    const struct facts *f = load_shipped(&a);

    for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
        const struct fact_set *set = facts_find(f, sv_from(sets[i].name));

        if (!set || set->count != sets[i].rows)
            fail_msg("%s has %zu rows", sets[i].name, set ? set->count : 0);
    }
    assert_int_equal(facts_count(f), ARRAY_LEN(sets));
}

/* What the set says about a source; absent: nothing. */
static struct sv source_text(const struct fact_set *set, struct sv key)
{
    for (size_t i = 0; i < set->sources.count; i++)
        if (sv_eq(set->sources.items[i].key, key))
            return set->sources.items[i].value;
    return (struct sv){ NULL, 0 };
}

static void every_shipped_row_says_where_it_is_from(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 24);
    const struct facts *f = load_shipped(&a);

    for (size_t i = 0; i < facts_count(f); i++) {
        const struct fact_set *set = facts_at(f, i);

        for (size_t k = 0; k < set->count; k++)
            if (!source_text(set, set->rows[k].source).n)
                fail_msg("%.*s: `%.*s` has no source", SV_ARG(set->name), SV_ARG(set->rows[k].value));
    }
}

/* Background knowledge is C and never denies; only a primary source makes an A. */
static void no_shipped_row_is_surer_than_its_source(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 24);
    const struct facts *f = load_shipped(&a);

    for (size_t i = 0; i < facts_count(f); i++) {
        const struct fact_set *set = facts_at(f, i);

        for (size_t k = 0; k < set->count; k++) {
            const struct fact *row = &set->rows[k];
            struct sv source = source_text(set, row->source);

            if (sv_glob(SV("*background knowledge*"), source)
                    ? row->sure != SURE_C
                    : sv_glob(SV("*secondary source*"), source) && row->sure == SURE_A)
                fail_msg("%.*s: `%.*s`", SV_ARG(set->name), SV_ARG(row->value));
        }
    }
}

static bool is_cited(const struct fact_set *set, struct sv key)
{
    for (size_t i = 0; i < set->count; i++)
        if (sv_eq(set->rows[i].source, key))
            return true;
    return false;
}

static void every_source_is_cited(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 24);
    const struct facts *f = load_shipped(&a);

    for (size_t i = 0; i < facts_count(f); i++) {
        const struct fact_set *set = facts_at(f, i);

        for (size_t k = 0; k < set->sources.count; k++)
            if (!is_cited(set, set->sources.items[k].key))
                fail_msg("%.*s: nothing is from `%.*s`", SV_ARG(set->name), SV_ARG(set->sources.items[k].key));
    }
}

/* Lists what a row says in one line, as tests/unit/facts/rows has it. */
static void print_parameters(struct buf *out, const char *what, const struct records *list)
{
    const struct fact_parameter *p = list->items;

    for (size_t i = 0; i < list->count; i++) {
        buf_printf(out, " %s:%.*s", what, SV_ARG(p[i].name));
        for (size_t k = 0; k < p[i].values.count; k++)
            buf_printf(out, "=%.*s", SV_ARG(p[i].values.items[k]));
        if (p[i].token.p)
            buf_printf(out, "~%.*s", SV_ARG(p[i].token));
    }
}

static void print_row(struct buf *out, const struct fact_set *set, const struct fact *row)
{
    static const char *const verdicts[] = { "deny", "warn", "allow", "strict" };
    static const char *const encryptions[] = { "", " parameters", " always", " never" };
    static const char *const standards[] = { "", " 140-2", " 140-3" };
    static const char *const statuses[] = { "", " none", " in-review", " active", " historical", " revoked" };

    buf_printf(out, "%.*s %.*s %s %c%s%s%s", SV_ARG(set->name), SV_ARG(row->value), verdicts[row->verdict],
               "CBA"[row->sure], encryptions[row->encryption], standards[row->standard], statuses[row->status]);
    if (row->sunset.year)
        buf_printf(out, " %04d-%02d-%02d", row->sunset.year, row->sunset.month, row->sunset.day);
    print_parameters(out, "needs", &row->parameters);
    print_parameters(out, "without", &row->forbidden);
    for (size_t i = 0; i < row->versions.count; i++)
        buf_printf(out, " %s`%.*s %.*s`", i ? "" : "is ", SV_ARG(row->provider), SV_ARG(row->versions.items[i]));
    buf_printf(out, "%s%s\n", row->ignore_case ? " ignoreCase" : "", row->any_prefix ? " anyPrefix" : "");
}

/* A fact that is changed is changed in two places: here somebody looks again. */
static void shipped_rows_say_what_they_said(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 24);
    const struct facts *f = load_shipped(&a);
    struct buf all = BUF_IN(&a);
    struct err e = { 0 };
    struct sv got, want;

    for (size_t i = 0; i < facts_count(f); i++)
        for (size_t k = 0; k < facts_at(f, i)->count; k++)
            print_row(&all, facts_at(f, i), &facts_at(f, i)->rows[k]);
    assert_true(buf_ok(&all) && file_read(SOURCE_DIR "/tests/unit/facts/rows", 1 << 20, &a, &want, &e));
    got = buf_sv(&all);
    for (size_t line = 1; got.n || want.n; line++) {
        struct sv is = sv_cut(&got, '\n'), was = sv_cut(&want, '\n');

        if (!sv_eq(is, was))
            fail_msg("rows:%zu: `%.*s` is now `%.*s`", line, (int)was.n, was.n ? was.p : "", (int)is.n,
                     is.n ? is.p : "");
    }
}

static bool holds_fips(struct sv value)
{
    return sv_glob(SV("*FIPS*"), value);
}

/* All names of the table, and no verdict read off a name: three that carry
 * "FIPS" allow TLS 1.0 or 1.1. */
static void shipped_elb_policies_are_judged_by_name_not_by_word(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 24);
    const struct fact_set *set = facts_find(load_shipped(&a), SV("elb-policies"));
    size_t fips = 0, denied = 0;

    for (size_t i = 0; i < set->count; i++) {
        const struct fact *row = &set->rows[i];
        bool allows_old_tls = sv_glob(SV("*-TLS13-1-0-*"), row->value) || sv_glob(SV("*-TLS13-1-1-*"), row->value);

        fips += holds_fips(row->value);
        denied += holds_fips(row->value) && row->verdict == FACT_DENY;
        if ((allows_old_tls || !holds_fips(row->value)) != (row->verdict == FACT_DENY))
            fail_msg("%.*s", SV_ARG(row->value));
        if (sv_glob(SV("*RFC9151*"), row->value))
            assert_int_equal(row->sure, SURE_B);
    }
    assert_int_equal(fips, 22);
    assert_int_equal(denied, 3);
}

static void shipped_140_2_certificates_are_denied(void **state UNUSED)
{
    static const struct date end = { 2026, 9, 22 };
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 24);
    const struct fact_set *set = facts_find(load_shipped(&a), SV("cmvp-certificates"));

    for (size_t i = 0; i < set->count; i++) {
        const struct fact *row = &set->rows[i];

        if (row->standard == CMVP_140_2 &&
            (row->verdict != FACT_DENY || row->status != CMVP_HISTORICAL || date_compare(row->sunset, end) != 0))
            fail_msg("%.*s", SV_ARG(row->value));
        if (row->verdict >= FACT_ALLOW && (row->status != CMVP_ACTIVE || row->standard != CMVP_140_3))
            fail_msg("%.*s", SV_ARG(row->value));
    }
}

static void the_sample_site_names_what_policies_refer_to(void **state UNUSED)
{
    static const char *const names[] = { "site-registries", "site-mirror",      "site-sidecar",
                                         "site-classes",    "site-node-labels", "site-scans" };
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 24);
    struct facts *f = load_shipped(&a);
    size_t shipped = facts_count(f);
    struct err e = { 0 };
    struct sv text;

    assert_true(file_read(SOURCE_DIR "/policies/sample-site.yaml", 1 << 20, &a, &text, &e));
    if (!add_all(f, "sample-site.yaml", text, 1, &a, &e))
        fail_msg("%s", e.msg);
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (!facts_find(f, sv_from(names[i])))
            fail_msg("%s is missing", names[i]);
    assert_int_equal(facts_count(f), shipped + ARRAY_LEN(names));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_documents_that_cannot_be_meant),
        cmocka_unit_test(names_both_places_of_a_set_given_twice),
        cmocka_unit_test(the_operators_set_replaces_the_shipped_one),
        cmocka_unit_test(a_set_that_stands_alone_replaces_nothing),
        cmocka_unit_test(reads_every_key_of_a_row),
        cmocka_unit_test(shipped_sets_are_as_large_as_their_tables),
        cmocka_unit_test(every_shipped_row_says_where_it_is_from),
        cmocka_unit_test(no_shipped_row_is_surer_than_its_source),
        cmocka_unit_test(every_source_is_cited),
        cmocka_unit_test(shipped_rows_say_what_they_said),
        cmocka_unit_test(shipped_elb_policies_are_judged_by_name_not_by_word),
        cmocka_unit_test(shipped_140_2_certificates_are_denied),
        cmocka_unit_test(the_sample_site_names_what_policies_refer_to),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
