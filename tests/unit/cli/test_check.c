/* SPDX-License-Identifier: Apache-2.0 */
/* What `check` makes of the two webhooks' answers; that they are the webhooks'
 * own is shown by tests/agree. */
#include "cli/check.h"
#include "cli/manifest.h"
#include "policy/policy.h"
#include "support/check.h"
#include "support/policies.h"

#define POLICY(name, rules)                                                                                            \
    "---\napiVersion: fipsgate.io/v1alpha1\nkind: FipsPolicy\nmetadata: { name: " name " }\n"                          \
    "spec:\n  mode: enforce\n  rules: [" rules "]\n"
#define REGISTRY                                                                                                       \
    POLICY("registry", "{ name: hosts, type: image-endpoints, allow: [reg.example.gov], rewrite: "                     \
                       "[{ from: docker.io/, to: reg.example.gov/hub/ }] }")
#define DIGEST POLICY("digest", "{ name: pinned, type: image-digest }")
#define NODES POLICY("nodes", "{ name: labels, type: node-selector, allow: ['x/fips=true'], set: 'x/fips=true' }")
#define MESH                                                                                                           \
    POLICY("mesh",                                                                                                     \
           "{ name: proxy, type: sidecar, inject: native, container: { name: proxy, image: 'reg.example.gov/p:1' } }")

#define POD "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: "

struct fixture {
    struct arena arena;
    struct policy_set *set;
    struct basis basis;
    struct check_question question;
    struct checked checked;
    struct err err;
};

static void forget(struct fixture *f)
{
    policy_set_free(f->set);
    arena_fini(&f->arena);
}

#define FIXTURE(policies)                                                                                              \
    CLEANUP(forget) struct fixture f = { .arena = ARENA_INIT(16 << 20) };                                              \
    begin(&f, policies)

static void begin(struct fixture *f, const char *policies)
{
    f->set = policies_from(policies);
    f->basis = (struct basis){ .policies = f->set, .today = { 2026, 11, 22 } };
    f->question.basis = &f->basis;
}

static void ask(struct fixture *f, const char *manifest)
{
    const struct manifest_context context = { .operation = OP_CREATE };
    struct yaml_doc *doc = NULL;
    struct sv review;

    if (!yaml_read(SV("m.yaml"), sv_from(manifest), &f->arena, &doc, &f->err) ||
        !manifest_review(doc, &context, &f->arena, &review, &f->err) ||
        !check_review(&f->question, review, &f->arena, &f->checked, &f->err))
        fail_msg("%s", f->err.msg);
}

static void expect(const struct fixture *f, size_t index, const char *path, enum result result)
{
    const struct checked_finding *finding = &f->checked.findings[index];

    assert_true(index < f->checked.count);
    assert_sv(finding->path, path);
    assert_string_equal(verdict_result_name(finding->result), verdict_result_name(result));
}

static void refuses_what_cannot_be_judged(void **state UNUSED)
{
    FIXTURE(REGISTRY);

    ask(&f, POD "{containers: 7}}");
    assert_true(f.checked.is_denied);
    assert_non_null(strstr(f.checked.refusal.p, "containers"));
    assert_int_equal(f.checked.count, 0);
    assert_false(check_review(&f.question, SV("{}"), &f.arena, &f.checked, &f.err));
    assert_err(f.err, ERR_INPUT, "AdmissionReview");
    assert_false(check_review(&f.question, SV("{"), &f.arena, &f.checked, &f.err));
    assert_err(f.err, ERR_SYNTAX, "byte 1");
}

static void tells_of_a_conflict_and_judges_what_stays(void **state UNUSED)
{
    FIXTURE(REGISTRY POLICY("other", "{ name: hosts, type: image-endpoints, allow: [b.example.gov], rewrite: "
                                     "[{ from: docker.io/, to: b.example.gov/ }] }"));

    ask(&f, POD "{containers: [{name: a, image: nginx}]}}");
    assert_true(f.checked.is_denied);
    assert_non_null(strstr(f.checked.refusal.p, "repair `/spec/containers/0/image` differently"));
    assert_sv(f.checked.patch, NULL);
    assert_int_equal(f.checked.count, 2);
    expect(&f, 0, "/spec/containers/0/image", RESULT_VIOLATION);
}

static void mends_first_and_judges_then(void **state UNUSED)
{
    FIXTURE(REGISTRY);

    ask(&f, POD "{containers: [{name: a, image: nginx}, {name: b, image: evil.io/x}]}}");
    assert_true(f.checked.is_denied);
    assert_int_equal(f.checked.count, 2);
    expect(&f, 0, "/spec/containers/1/image", RESULT_VIOLATION);
    assert_int_equal(f.checked.findings[0].mode, MODE_ENFORCE);
    expect(&f, 1, "/spec/containers/0/image", RESULT_WILL_MUTATE);
    assert_int_equal(f.checked.findings[1].mode, MODE_OFF);
    assert_sv(f.checked.patch, "[{\"op\":\"replace\",\"path\":\"/spec/containers/0/image\","
                               "\"value\":\"reg.example.gov/hub/library/nginx:latest\"}]");
    assert_non_null(
        strstr(f.checked.stored.p, "{\"name\":\"a\",\"image\":\"reg.example.gov/hub/library/nginx:latest\"}"));
}

static void is_clean_when_all_is_mended(void **state UNUSED)
{
    FIXTURE(REGISTRY);

    ask(&f, POD "{containers: [{name: a, image: nginx}]}}");
    assert_false(f.checked.is_denied);
    assert_int_equal(f.checked.count, 1);
    expect(&f, 0, "/spec/containers/0/image", RESULT_WILL_MUTATE);
    ask(&f, POD "{containers: [{name: a, image: reg.example.gov/a}]}}");
    assert_int_equal(f.checked.count, 0);
    assert_sv(f.checked.patch, NULL);
    assert_sv(f.checked.stored, NULL);
    assert_null(f.checked.repairs);
}

/* The patch gives it another registry, and it still has no digest. */
static void says_what_remains_in_the_words_of_the_file(void **state UNUSED)
{
    FIXTURE(REGISTRY DIGEST);

    ask(&f, POD "{containers: [{name: a, image: 'nginx:1'}]}}");
    assert_int_equal(f.checked.count, 2);
    expect(&f, 0, "/spec/containers/0/image", RESULT_VIOLATION);
    assert_sv(f.checked.findings[0].judgement->policy, "digest");
    assert_sv(f.checked.findings[0].judgement->finding->found, "nginx:1");
    expect(&f, 1, "/spec/containers/0/image", RESULT_WILL_MUTATE);
}

/* The sidecar comes first and moves the others. */
static void keeps_the_places_of_the_file(void **state UNUSED)
{
    FIXTURE(MESH DIGEST);

    ask(&f, POD "{initContainers: [{name: i, image: 'r/i:1'}, {name: j, image: 'r/j:1'}], "
                "containers: [{name: a, image: 'r/a:1'}]}}");
    assert_int_equal(f.checked.count, 5);
    for (size_t i = 0; i < 5; i++) {
        const struct finding *finding = f.checked.findings[i].judgement->finding;

        if (sv_eq(finding->found, SV("r/i:1")))
            expect(&f, i, "/spec/initContainers/0/image", RESULT_VIOLATION);
        else if (sv_eq(finding->found, SV("r/j:1")))
            expect(&f, i, "/spec/initContainers/1/image", RESULT_VIOLATION);
        else if (sv_eq(finding->found, SV("reg.example.gov/p:1")))
            expect(&f, i, "/spec/initContainers", RESULT_VIOLATION);
    }
    expect(&f, 4, "/spec/initContainers", RESULT_WILL_MUTATE);
}

static void hangs_what_the_patch_brought_on_what_was_there(void **state UNUSED)
{
    FIXTURE(MESH DIGEST);

    ask(&f, POD "{containers: [{name: a, image: 'r/a@sha256:" /* 64 digits */
                "0000000000000000000000000000000000000000000000000000000000000000'}]}}");
    assert_int_equal(f.checked.count, 2);
    expect(&f, 0, "/spec", RESULT_VIOLATION);
    assert_sv(f.checked.findings[0].judgement->finding->found, "reg.example.gov/p:1");
    assert_true(f.checked.findings[0].is_brought);
    assert_false(f.checked.findings[1].is_brought);
}

/* Two findings alike, of which the patch mends one: one remains. */
static void counts_what_is_alike(void **state UNUSED)
{
    FIXTURE(REGISTRY);
    size_t mended = 0;

    ask(&f, POD "{containers: [{name: a, image: nginx}, {name: a, image: nginx}]}}");
    assert_int_equal(f.checked.count, 2);
    for (size_t i = 0; i < 2; i++)
        mended += f.checked.findings[i].result == RESULT_WILL_MUTATE;
    assert_int_equal(mended, 2);
}

static void lists_passes_only_when_asked(void **state UNUSED)
{
    FIXTURE(REGISTRY);
    size_t passes = 0;

    f.question.keep_passes = true;
    ask(&f, POD "{containers: [{name: a, image: nginx}, {name: b, image: reg.example.gov/b}]}}");
    for (size_t i = 0; i < f.checked.count; i++)
        passes += f.checked.findings[i].result == RESULT_PASS;
    assert_int_equal(f.checked.count, 2);
    assert_int_equal(passes, 1);
}

static void expect_repair(const struct patch_op **op, enum patch_class class, const char *pointer)
{
    assert_non_null(*op);
    assert_int_equal((*op)->class, class);
    assert_sv((*op)->pointer, pointer);
    *op = (*op)->next;
}

/* Nothing is mended in a template by the webhook, and all but the sidecar in the file. */
static void repairs_templates_but_injects_nothing(void **state UNUSED)
{
    const struct patch_op *op;
    FIXTURE(MESH NODES REGISTRY);

    ask(&f, "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {template: {spec: "
            "{containers: [{name: a, image: nginx}]}}}}");
    assert_sv(f.checked.patch, NULL);
    assert_int_equal(f.checked.count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(f.checked.findings[i].result, RESULT_WILL_MUTATE);
    op = f.checked.repairs;
    expect_repair(&op, PATCH_REPLACE, "/spec/template/spec/containers/0/image");
    expect_repair(&op, PATCH_MEMBER, "/spec/template/spec/nodeSelector");
    expect_repair(&op, PATCH_MEMBER, "/spec/template/spec/nodeSelector/x~1fips");
    assert_null(op);
}

static void repairs_what_the_patch_repairs_but_injects_nothing(void **state UNUSED)
{
    const struct patch_op *op;
    FIXTURE(MESH NODES REGISTRY);

    ask(&f, POD "{containers: [{name: a, image: nginx}, {name: b, image: evil.io/x}]}}");
    assert_non_null(strstr(f.checked.patch.p, "/spec/initContainers/0"));
    op = f.checked.repairs;
    expect_repair(&op, PATCH_REPLACE, "/spec/containers/0/image");
    expect_repair(&op, PATCH_MEMBER, "/spec/nodeSelector");
    expect_repair(&op, PATCH_MEMBER, "/spec/nodeSelector/x~1fips");
    assert_null(op);
}

/* Where nothing may be changed nothing is to be written either. */
static void repairs_nothing_that_the_webhook_would_not(void **state UNUSED)
{
    static const struct sv kept[] = { SV_INIT("default") };
    FIXTURE(REGISTRY);

    f.basis.never_deny = (struct strings){ kept, 1 };
    ask(&f, POD "{containers: [{name: a, image: nginx}]}}");
    assert_int_equal(f.checked.count, 1);
    expect(&f, 0, "/spec/containers/0/image", RESULT_VIOLATION);
    assert_int_equal(f.checked.findings[0].mode, MODE_WARN);
    assert_null(f.checked.repairs);
    assert_false(f.checked.is_denied);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_cannot_be_judged),
        cmocka_unit_test(tells_of_a_conflict_and_judges_what_stays),
        cmocka_unit_test(mends_first_and_judges_then),
        cmocka_unit_test(is_clean_when_all_is_mended),
        cmocka_unit_test(says_what_remains_in_the_words_of_the_file),
        cmocka_unit_test(keeps_the_places_of_the_file),
        cmocka_unit_test(hangs_what_the_patch_brought_on_what_was_there),
        cmocka_unit_test(counts_what_is_alike),
        cmocka_unit_test(lists_passes_only_when_asked),
        cmocka_unit_test(repairs_templates_but_injects_nothing),
        cmocka_unit_test(repairs_what_the_patch_repairs_but_injects_nothing),
        cmocka_unit_test(repairs_nothing_that_the_webhook_would_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
