/* SPDX-License-Identifier: Apache-2.0 */
/* The text is what Prometheus reads: HELP and TYPE before each family, once,
 * buckets that only rise; and no request can add a label value of its own. */
#include "http/metrics.h"

#include "kube/kind.h"
#include "rules/rule.h"
#include "support/check.h"

enum { TEXT_MAX = 1 << 20, MILLISECOND = 1000000, KINDS_MAX = 63 };

static void read_live(const void *arg, struct metrics_live *out)
{
    (void)arg;
    *out = (struct metrics_live){
        .policy_hash = "abc",
        .max_mode = MODE_WARN,
        .policies = 4,
        .rules = 5,
        .policies_since = (int64_t)time(NULL) - 100,
        .budget_used = 4096,
        .certificate_not_after = 1800000000,
        .exceptions = 2,
        .exception_ends = 1801440000,
        .fips_is_running = true,
        .fips_certificate = "4985",
        .fips_certificate_status = "active",
    };
}

static const struct metrics_facts facts = {
    .version = "0.1.0",
    .openssl = "OpenSSL 3",
    .fips_provider = "P",
    .fips_version = "3",
    .fips_build = "b",
    .fips_self_test = "passed",
    .workers = 2,
    .budget_max = 8192,
    .read = read_live,
};

static bool has_line(struct sv text, const char *line)
{
    while (text.n)
        if (sv_eq(sv_cut(&text, '\n'), sv_from(line)))
            return true;
    return false;
}

#define assert_line(out, line)                                                                                         \
    do {                                                                                                               \
        if (!has_line(buf_sv(out), line))                                                                              \
            fail_msg("no line %s", line);                                                                              \
    } while (0)

static struct request request_for(const char *group, const char *kind)
{
    return (struct request){ .operation = OP_UPDATE,
                             .gvk = { .group = sv_from(group), .version = SV("v1"), .kind = sv_from(kind) } };
}

static void reviews_are_counted_by_what_they_are_about(void **state)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(TEXT_MAX);
    struct admission_record record = { .request = request_for("apps", "Deployment"), .answer = ANSWER_DENIED };

    (void)state;
    record.took = (struct admission_times){ .decode = 7000, .evaluate = 20 * MILLISECOND };
    metrics_review(&record, STAGE_ENFORCE, 60000);
    record.took = (struct admission_times){ .decode = 9000 };
    metrics_review(&record, STAGE_ENFORCE, 2000 * MILLISECOND);
    record = (struct admission_record){ .request = request_for("extensions", "Deployment"), .answer = ANSWER_PATCHED };
    metrics_review(&record, STAGE_MUTATE, 1);
    record = (struct admission_record){ .request = request_for("gadgets.io", "Gadget\"\n"), .answer = ANSWER_ALLOWED };
    metrics_review(&record, STAGE_AUDIT, 1);
    record = (struct admission_record){ .answer = ANSWER_DENIED };
    metrics_review(&record, STAGE_AUDIT, 1);
    metrics_print(&out, &facts);
    assert_true(buf_ok(&out));
    assert_line(&out,
                "fipsgate_reviews_total{stage=\"enforce\",operation=\"UPDATE\",group=\"apps\",kind=\"Deployment\","
                "answer=\"denied\"} 2");
    assert_line(&out, "fipsgate_reviews_total{stage=\"mutate\",operation=\"UPDATE\",group=\"extensions\","
                      "kind=\"Deployment\",answer=\"patched\"} 1");
    assert_line(&out, "fipsgate_reviews_total{stage=\"audit\",operation=\"UPDATE\",group=\"other\",kind=\"other\","
                      "answer=\"allowed\"} 1");
    assert_line(&out, "fipsgate_reviews_total{stage=\"audit\",operation=\"other\",group=\"other\",kind=\"other\","
                      "answer=\"denied\"} 1");
    assert_line(&out, "fipsgate_patches_total 1");
    assert_line(&out, "fipsgate_review_seconds_bucket{le=\"0.00005\"} 3");
    assert_line(&out, "fipsgate_review_seconds_bucket{le=\"0.0001\"} 4");
    assert_line(&out, "fipsgate_review_seconds_bucket{le=\"1\"} 4");
    assert_line(&out, "fipsgate_review_seconds_bucket{le=\"+Inf\"} 5");
    assert_line(&out, "fipsgate_review_seconds_sum 2.000060003");
    assert_line(&out, "fipsgate_review_seconds_count 5");
    assert_line(&out, "fipsgate_decode_seconds_count 2");
    assert_line(&out, "fipsgate_decode_seconds_sum 0.000016000");
    assert_line(&out, "fipsgate_evaluate_seconds_bucket{le=\"0.01\"} 0");
    assert_line(&out, "fipsgate_evaluate_seconds_bucket{le=\"0.025\"} 1");
    assert_line(&out, "fipsgate_evaluate_seconds_count 1");
}

/* Every kind of the table fits into the counters, with room for others. */
static void no_known_kind_is_other(void **state)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(TEXT_MAX);

    (void)state;
    assert_true(kind_count() < KINDS_MAX);
    for (size_t i = 0; i < kind_count(); i++) {
        struct admission_record record = { .answer = ANSWER_ALLOWED };
        CLEANUP(buf_fini) struct buf line = BUF_INIT(1024);

        record.request.gvk.group = kind_at(i)->group;
        record.request.gvk.kind = kind_at(i)->kind;
        metrics_review(&record, STAGE_VALIDATE, 1);
        buf_reset(&out);
        metrics_print(&out, &facts);
        buf_printf(&line,
                   "fipsgate_reviews_total{stage=\"validate\",operation=\"CREATE\",group=\"%.*s\",kind=\"%.*s\","
                   "answer=\"allowed\"} 1",
                   SV_ARG(kind_at(i)->group), SV_ARG(kind_at(i)->kind));
        buf_add_char(&line, '\0');
        assert_line(&out, line.p);
    }
}

static const struct rule rule = { .id = "any", .layer = "storage" };
static const struct compiled_rule compiled[] = { { &rule, SV_INIT("r"), NULL } };
static const struct policy policies[] = {
    { .name = SV_INIT("strict"),
      .layer = SV_INIT("node-os"),
      .mode = MODE_ENFORCE,
      .rules = compiled,
      .rule_count = 1 },
    { .name = SV_INIT("mild"), .mode = MODE_AUDIT, .rules = compiled, .rule_count = 1 },
    { .name = SV_INIT("idle"), .mode = MODE_OFF, .rules = compiled, .rule_count = 1 },
};
static const struct exception exceptions[] = { { .name = SV_INIT("legacy") } };

static void findings_are_counted_by_policy_rule_layer_and_mode(void **state)
{
    static const struct judgement judgements[] = {
        { .policy = SV_INIT("strict"),
          .rule_name = SV_INIT("r"),
          .layer = SV_INIT("node-os"),
          .mode = MODE_ENFORCE,
          .result = RESULT_VIOLATION },
        { .policy = SV_INIT("mild"),
          .rule_name = SV_INIT("r"),
          .layer = SV_INIT("storage"),
          .mode = MODE_AUDIT,
          .result = RESULT_UNKNOWN,
          .exception = exceptions },
        { .policy = SV_INIT("new"),
          .rule_name = SV_INIT("r"),
          .layer = SV_INIT("storage"),
          .mode = MODE_WARN,
          .result = RESULT_VIOLATION },
        { .policy = SV_INIT("strict"),
          .rule_name = SV_INIT("r"),
          .layer = SV_INIT("node-os"),
          .mode = MODE_OFF,
          .result = RESULT_EXCEPTED,
          .exception = exceptions },
        { .policy = SV_INIT("strict"),
          .rule_name = SV_INIT("r"),
          .layer = SV_INIT("node-os"),
          .mode = MODE_WARN,
          .result = RESULT_PASS },
    };
    const struct policy_set set = {
        .policies = policies, .policy_count = 3, .exceptions = exceptions, .exception_count = 1
    };
    const struct admission_record record = {
        .verdict = { .judgements = judgements, .judgement_count = ARRAY_LEN(judgements) }, .answer = ANSWER_DENIED
    };
    CLEANUP(buf_fini) struct buf out = BUF_INIT(TEXT_MAX);

    (void)state;
    metrics_learn(&set);
    metrics_learn(&set);
    metrics_review(&record, STAGE_VALIDATE, 1);
    metrics_print(&out, &facts);
#define FINDING(policy, layer, mode)                                                                                   \
    "fipsgate_findings_total{policy=\"" policy "\",rule=\"r\",layer=\"" layer "\",mode=\"" mode "\"} "
    assert_line(&out, FINDING("strict", "node-os", "enforce") "1");
    assert_line(&out, FINDING("strict", "node-os", "warn") "0");
    assert_line(&out, FINDING("strict", "node-os", "audit") "0");
    assert_line(&out, FINDING("mild", "storage", "audit") "1");
    assert_line(&out, "fipsgate_findings_total{policy=\"other\",rule=\"other\",layer=\"other\",mode=\"other\"} 1");
    assert_line(&out, "fipsgate_exceptions_used_total{exception=\"legacy\"} 1");
    buf_add_char(&out, '\0');
    assert_null(strstr(out.p, "policy=\"idle\""));
    assert_null(strstr(out.p, "policy=\"mild\",rule=\"r\",layer=\"storage\",mode=\"warn\""));
}

static void counts_what_it_is_told(void **state)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(TEXT_MAX);

    (void)state;
    metrics_response(200);
    metrics_response(418);
    metrics_add(METRICS_BYTES_IN, 77);
    metrics_dropped(METRICS_DROP_NO_EMS);
    metrics_dropped(METRICS_DROP_FIPS);
    metrics_reloaded(METRICS_RELOAD_CERTIFICATE, METRICS_FAILED);
    metrics_move(METRICS_OPEN_CONNECTIONS, 1);
    metrics_move(METRICS_OPEN_CONNECTIONS, 1);
    metrics_move(METRICS_OPEN_CONNECTIONS, -1);
    metrics_move(METRICS_REQUESTS, 1);
    metrics_print(&out, &facts);
    assert_line(&out, "fipsgate_http_responses_total{code=\"200\"} 1");
    assert_line(&out, "fipsgate_http_responses_total{code=\"413\"} 0");
    assert_line(&out, "fipsgate_http_responses_total{code=\"other\"} 1");
    assert_line(&out, "fipsgate_received_bytes_total 77");
    assert_line(&out, "fipsgate_connections_dropped_total{reason=\"no_extended_master_secret\"} 1");
    assert_line(&out, "fipsgate_connections_dropped_total{reason=\"fips_error\"} 1");
    assert_line(&out, "fipsgate_reloads_total{what=\"certificate\",outcome=\"failed\"} 1");
    assert_line(&out, "fipsgate_reload_failures_total{what=\"certificate\"} 1");
    assert_line(&out, "fipsgate_connections 1");
    assert_line(&out, "fipsgate_inflight_requests 1");
}

static void tells_what_it_reads_elsewhere(void **state)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(TEXT_MAX);

    (void)state;
    metrics_print(&out, &facts);
    assert_line(&out, "fipsgate_inflight_bytes 4096");
    assert_line(&out, "fipsgate_inflight_limit_bytes 8192");
    assert_line(&out, "fipsgate_fips_active 1");
    assert_line(&out, "fipsgate_fips_validated 0");
    assert_line(&out, "fipsgate_fips_info{provider=\"P\",version=\"3\",build=\"b\",self_test=\"passed\","
                      "certificate=\"4985\",certificate_status=\"active\"} 1");
    assert_line(&out, "fipsgate_build_info{version=\"0.1.0\",openssl=\"OpenSSL 3\"} 1");
    assert_line(&out, "fipsgate_policy_set_info{hash=\"abc\",max_mode=\"warn\"} 1");
    assert_true(has_line(buf_sv(&out), "fipsgate_policy_set_age_seconds 100") ||
                has_line(buf_sv(&out), "fipsgate_policy_set_age_seconds 101"));
    assert_line(&out, "fipsgate_exceptions 2");
    assert_line(&out, "fipsgate_exception_end_seconds 1801440000");
    assert_line(&out, "fipsgate_certificate_not_after_seconds 1800000000");
}

/* The family of a sample line: its name without label part and histogram suffix. */
static struct sv family_of(struct sv line, struct sv type)
{
    struct sv name = { line.p, sv_find(line, '{') };

    name.n = sv_find(name, ' ');
    return sv_starts_with(name, type) && sv_ends_with(type, SV("_seconds")) &&
                   (sv_eq(sv_skip(name, type.n), SV("_bucket")) || sv_eq(sv_skip(name, type.n), SV("_sum")) ||
                    sv_eq(sv_skip(name, type.n), SV("_count")))
               ? type
               : name;
}

static void every_sample_stands_below_its_own_type(void **state)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(TEXT_MAX);
    struct sv text, type = { NULL, 0 }, help = { NULL, 0 };
    size_t samples = 0;

    (void)state;
    metrics_print(&out, &facts);
    text = buf_sv(&out);
    while (text.n) {
        struct sv line = sv_cut(&text, '\n'), rest = line;

        if (sv_starts_with(line, SV("# HELP "))) {
            rest = sv_skip(line, strlen("# HELP "));
            help = sv_cut(&rest, ' ');
            assert_true(rest.n > 0);
        } else if (sv_starts_with(line, SV("# TYPE "))) {
            rest = sv_skip(line, strlen("# TYPE "));
            type = sv_cut(&rest, ' ');
            assert_true(sv_eq(help, type));
            assert_true(sv_eq(rest, SV("counter")) || sv_eq(rest, SV("gauge")) || sv_eq(rest, SV("histogram")));
            assert_int_equal(sv_eq(rest, SV("counter")), sv_ends_with(type, SV("_total")));
        } else {
            samples++;
            if (!sv_eq(family_of(line, type), type))
                fail_msg("%.*s below %.*s", (int)line.n, line.p, (int)type.n, type.p);
        }
    }
    assert_true(samples > 100);
}

static void no_family_comes_twice(void **state)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(TEXT_MAX);
    size_t families = 0;

    (void)state;
    metrics_print(&out, &facts);
    buf_add_char(&out, '\0');
    for (const char *at = out.p; (at = strstr(at, "# TYPE ")); families++) {
        size_t n = strcspn(at + 7, " ") + 8;
        CLEANUP(buf_fini) struct buf line = BUF_INIT(256);

        buf_add(&line, (struct sv){ at, n });
        buf_add_char(&line, '\0');
        if (strstr(at + n, line.p))
            fail_msg("twice: %s", line.p);
        at += n;
    }
    assert_true(families > 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reviews_are_counted_by_what_they_are_about),
        cmocka_unit_test(no_known_kind_is_other),
        cmocka_unit_test(findings_are_counted_by_policy_rule_layer_and_mode),
        cmocka_unit_test(counts_what_it_is_told),
        cmocka_unit_test(tells_what_it_reads_elsewhere),
        cmocka_unit_test(every_sample_stands_below_its_own_type),
        cmocka_unit_test(no_family_comes_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
