/* SPDX-License-Identifier: Apache-2.0 */
/* A build is only what a row says it is, to the letter, and a certificate only
 * counts while it does. */
#include "facts/cmvp.h"

#include "base/file.h"
#include "support/check.h"

#define ROW(value, more) "  - { value: " value ", verdict: deny, sure: B, source: x, module: M, " more " }\n"
#define READ ", asOf: 2026-11-22"

static const char text[] =
    "apiVersion: fipsgate.io/v1alpha1\nkind: FipsFacts\nmetadata: { name: cmvp-certificates }\n"
    "spec:\n  layer: application-dependencies\n  rows:\n" ROW(
        "'1'", "provider: Up, versions: ['1.0', '1.1'], standard: '140-3', status: active, sunset: 2030-03-10" READ)
        ROW("'2'", "versions: [1.0-vendor], standard: '140-3', status: active" READ) ROW(
            "'3'", "provider: Up, versions: ['0.9'], standard: '140-2', status: historical, sunset: 2026-09-22" READ)
            ROW("'4'", "provider: Up, versions: ['2.0'], status: unknown" READ)
                ROW("'5'", "provider: Up, versions: ['2.1'], status: revoked" READ)
                    ROW("in-review/x", "provider: Up, versions: ['3.0'], status: in-review" READ)
                        ROW("none/x", "provider: Up, versions: ['3.1'], status: none, asOf: 2026-11-23")
                            ROW("'6'", "status: active" READ) "  - { value: '7', verdict: warn, sure: C, source: x, "
                                                              "module: M, versions: [guess], status: active" READ
                                                              " }\n";

static const struct {
    const char *provider, *version;
    struct date today;
    const char *number, *sentence;
    bool is_active;
} rows[] = {
    { "Up",
      "1.2",
      { 2026, 11, 22 },
      "none",
      "not a CMVP-validated build: no certificate is known for Up 1.2; facts of 2026-11-23",
      false },
    { "Up", "1.0.0", { 2026, 11, 22 }, "none", "no certificate is known for Up 1.0.0", false },
    { "Up", "1", { 2026, 11, 22 }, "none", "no certificate is known", false },
    { "Up", "", { 2026, 11, 22 }, "none", "no certificate is known", false },
    { "Other", "1.0", { 2026, 11, 22 }, "none", "no certificate is known for Other 1.0", false },
    { "up", "1.0", { 2026, 11, 22 }, "none", "no certificate is known for up 1.0", false },
    { "Up",
      "3.0",
      { 2026, 11, 22 },
      "none",
      "not a CMVP-validated build: M is in review, which is not a certificate",
      false },
    { "Up",
      "3.1",
      { 2026, 11, 22 },
      "none",
      "not a CMVP-validated build: M has no certificate; facts of 2026-11-23",
      false },
    { "Up",
      "0.9",
      { 2026, 11, 22 },
      "3",
      "not by a certificate that is known to count: certificate 3 (FIPS 140-2, historical since 2026-09-22)",
      false },
    { "Up", "2.0", { 2026, 11, 22 }, "4", "certificate 4 (whether it is active was not read)", false },
    { "Up", "2.1", { 2026, 11, 22 }, "5", "certificate 5 (revoked)", false },
    { "Up", "1.0", { 2030, 3, 10 }, "1", "certificate 1 (FIPS 140-3, historical since 2030-03-10)", false },
    { "Any",
      "guess",
      { 2026, 11, 22 },
      "7",
      "not by a certificate that is known to count: certificate 7 (active)",
      false },
    { "Up",
      "1.0",
      { 2030, 3, 9 },
      "1",
      "certificate 1 (FIPS 140-3, active, sunset 2030-03-10) is for this version",
      true },
    { "Up",
      "1.1",
      { 2026, 11, 22 },
      "1",
      "certificate 1 (FIPS 140-3, active, sunset 2030-03-10) is for this version",
      true },
    { "Vendor",
      "1.0-vendor",
      { 2026, 11, 22 },
      "2",
      "certificate 2 (FIPS 140-3, active) is for this version, if it was built and is run as its security policy says; "
      "facts of 2026-11-22",
      true },
};

static struct facts *read_facts(struct sv name, struct sv from, struct arena *a)
{
    struct facts *f = facts_new(a);
    struct yaml_doc *doc = NULL;
    struct err e = { 0 };

    if (!yaml_read(name, from, a, &doc, &e) || !facts_add(f, doc, 0, a, &e))
        fail_msg("%s", e.msg);
    return f;
}

static void says_of_a_version_what_its_row_says(void **state)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    const struct facts *f = read_facts(SV("f.yaml"), SV(text), &a);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct sv provider = sv_from(rows[i].provider), version = sv_from(rows[i].version);
        struct cmvp_standing s = cmvp_look_up(f, provider, version, rows[i].today);
        struct buf out = BUF_IN(&a);

        cmvp_print(&out, &s, provider, version);
        buf_add_char(&out, '\0');
        if (!strstr(out.p, rows[i].sentence))
            fail_msg("%s %s: %s", rows[i].provider, rows[i].version, out.p);
        assert_sv(cmvp_number(&s), rows[i].number);
        assert_int_equal(cmvp_is_active(&s), rows[i].is_active);
    }
}

static void nothing_is_validated_without_facts(void **state)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(1 << 10);
    struct cmvp_standing s = cmvp_look_up(NULL, SV("Up"), SV("1.0"), (struct date){ 2026, 11, 22 });

    (void)state;
    assert_false(cmvp_is_active(&s));
    assert_string_equal(cmvp_status_name(s.status), "none");
    cmvp_print(&out, &s, SV("Up"), SV("1.0"));
    assert_sv(buf_sv(&out), "not a CMVP-validated build: no certificate is known for Up 1.0");
}

/* Debian ships 3.5.7; upstream's last validated version is 3.1.2. */
static void of_the_shipped_facts_only_the_exact_build_is_validated(void **state)
{
    static const struct {
        const char *provider, *version, *number, *status;
    } builds[] = {
        { "OpenSSL FIPS Provider", "3.5.7", "none", "none" },
        { "OpenSSL FIPS Provider", "3.5.4", "none", "in-review" },
        { "OpenSSL FIPS Provider", "3.0.9", "4282", "historical" },
        { "OpenSSL FIPS Provider", "3.1.3", "none", "none" },
        { "OpenSSL FIPS Provider", "3.1.2", "4985", "active" },
        { "Chainguard FIPS Provider for OpenSSL", "3.1.2", "none", "none" },
        { "Red Hat Enterprise Linux 9 - OpenSSL FIPS Provider", "3.0.7-cda111b5812c30d4", "none", "none" },
        { "Red Hat Enterprise Linux 9 - OpenSSL FIPS Provider", "3.0.7-395c1a240fbfffd8", "4857", "active" },
    };
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 22);
    struct facts *f;
    struct err e = { 0 };
    struct sv shipped;

    (void)state;
    assert_true(file_read(SOURCE_DIR "/policies/facts/cmvp.yaml", 1 << 20, &a, &shipped, &e));
    f = read_facts(SV("cmvp.yaml"), shipped, &a);
    for (size_t i = 0; i < ARRAY_LEN(builds); i++) {
        struct cmvp_standing s =
            cmvp_look_up(f, sv_from(builds[i].provider), sv_from(builds[i].version), (struct date){ 2026, 11, 22 });

        assert_sv(cmvp_number(&s), builds[i].number);
        assert_string_equal(cmvp_status_name(s.status), builds[i].status);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_of_a_version_what_its_row_says),
        cmocka_unit_test(nothing_is_validated_without_facts),
        cmocka_unit_test(of_the_shipped_facts_only_the_exact_build_is_validated),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
