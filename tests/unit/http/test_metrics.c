/* SPDX-License-Identifier: Apache-2.0 */
/* The text is what Prometheus reads: HELP and TYPE before each family, once,
 * buckets that only rise. */
#include "http/metrics.h"

#include "support/check.h"

static void read_live(const void *arg, struct metrics_live *out)
{
    (void)arg;
    *out = (struct metrics_live){ .policy_hash = "abc", .budget_used = 4096, .certificate_not_after = 1800000000 };
}

static const struct metrics_facts facts = {
    .version = "0.1.0",
    .fips_provider = "P",
    .fips_version = "3",
    .fips_active = true,
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

static void counts_what_it_is_told(void **state)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(1 << 20);

    (void)state;
    metrics_review(STAGE_ENFORCE, ANSWER_DENIED, 60);
    metrics_review(STAGE_ENFORCE, ANSWER_DENIED, 2000000);
    metrics_response(200);
    metrics_response(418);
    metrics_add(METRICS_FINDINGS_WARN, 3);
    metrics_add(METRICS_BYTES_IN, 77);
    metrics_dropped(METRICS_DROP_NO_EMS);
    metrics_connection_opened();
    metrics_connection_opened();
    metrics_connection_closed();
    metrics_print(&out, &facts);
    assert_true(buf_ok(&out));
    assert_line(&out, "fipsgate_reviews_total{stage=\"enforce\",answer=\"denied\"} 2");
    assert_line(&out, "fipsgate_reviews_total{stage=\"mutate\",answer=\"patched\"} 0");
    assert_line(&out, "fipsgate_review_seconds_bucket{le=\"0.00005\"} 0");
    assert_line(&out, "fipsgate_review_seconds_bucket{le=\"0.0001\"} 1");
    assert_line(&out, "fipsgate_review_seconds_bucket{le=\"1\"} 1");
    assert_line(&out, "fipsgate_review_seconds_bucket{le=\"+Inf\"} 2");
    assert_line(&out, "fipsgate_review_seconds_sum 2.000060");
    assert_line(&out, "fipsgate_review_seconds_count 2");
    assert_line(&out, "fipsgate_http_responses_total{code=\"200\"} 1");
    assert_line(&out, "fipsgate_http_responses_total{code=\"other\"} 1");
    assert_line(&out, "fipsgate_findings_total{mode=\"warn\"} 3");
    assert_line(&out, "fipsgate_received_bytes_total 77");
    assert_line(&out, "fipsgate_connections_dropped_total{reason=\"no_extended_master_secret\"} 1");
    assert_line(&out, "fipsgate_connections_total 2");
    assert_line(&out, "fipsgate_connections 1");
    assert_line(&out, "fipsgate_inflight_bytes 4096");
    assert_line(&out, "fipsgate_fips_active 1");
    assert_line(&out,
                "fipsgate_build_info{version=\"0.1.0\",fips_provider=\"P\",fips_version=\"3\",policy_set=\"abc\"} 1");
}

/* The family of a sample line: its name without label part and histogram suffix. */
static struct sv family_of(struct sv line)
{
    static const struct sv suffixes[] = { SV_INIT("_bucket"), SV_INIT("_sum"), SV_INIT("_count") };
    struct sv name = { line.p, sv_find(line, '{') };

    name.n = sv_find(name, ' ');
    for (size_t i = 0; i < ARRAY_LEN(suffixes); i++)
        if (sv_starts_with(name, SV("fipsgate_review_seconds")) && sv_ends_with(name, suffixes[i]))
            name.n -= suffixes[i].n;
    return name;
}

static void every_sample_stands_below_its_own_type(void **state)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(1 << 20);
    struct sv text, type = { NULL, 0 };
    size_t samples = 0;

    (void)state;
    metrics_print(&out, &facts);
    text = buf_sv(&out);
    while (text.n) {
        struct sv line = sv_cut(&text, '\n'), rest = line;

        if (sv_starts_with(line, SV("# TYPE "))) {
            rest = sv_skip(line, strlen("# TYPE "));
            type = sv_cut(&rest, ' ');
            assert_true(sv_eq(rest, SV("counter")) || sv_eq(rest, SV("gauge")) || sv_eq(rest, SV("histogram")));
        } else if (!sv_starts_with(line, SV("# HELP "))) {
            samples++;
            if (!sv_eq(family_of(line), type))
                fail_msg("%.*s below %.*s", (int)line.n, line.p, (int)type.n, type.p);
        }
    }
    assert_true(samples > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_what_it_is_told),
        cmocka_unit_test(every_sample_stands_below_its_own_type),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
