/* SPDX-License-Identifier: Apache-2.0 */
/* What is made, read back by certificate.h. That others verify it: tests/e2e/certs.sh. */
#include "net/issue.h"

#include "base/attr.h"
#include "net/certificate.h"
#include "net/fips.h"
#include "support/check.h"

enum { NOW = 1795334400, DAY = 86400 }; /* 2026-11-22T08:00:00Z */

static int set_up(void **state UNUSED)
{
    struct fips_status status;
    struct err e = { 0 };

    return fips_off(&status, &e) ? 0 : -1;
}

static const struct sv fine[] = { SV_INIT("fipsgate.fipsgate-system.svc"), SV_INIT("127.0.0.1"), SV_INIT("fd00::1"),
                                  SV_INIT("*.example.gov") };

static struct issued ca_of(struct arena *a, int64_t now, int64_t life)
{
    struct issued ca = { 0 };
    struct err e = { 0 };

    assert_true(issue_ca(SV("fipsgate CA"), (struct issue_term){ now, life }, a, &ca, &e));
    return ca;
}

static bool leaf_of(struct issued ca, struct sv name, struct arena *a, struct issued *out, struct err *e)
{
    const struct issue_request r = { .names = &name, .name_count = 1, .term = { NOW, 30 * DAY }, .ca = ca };

    return issue_leaf(&r, a, out, e);
}

static const struct sv bad_names[] = {
    SV_INIT(""),
    SV_INIT("."),
    SV_INIT("a..b"),
    SV_INIT("-a"),
    SV_INIT("a-"),
    SV_INIT("A.b"),
    SV_INIT("a b"),
    SV_INIT("a_b"),
    SV_INIT("a.b."),
    SV_INIT("*"),
    SV_INIT("*.*.a"),
    SV_INIT("a.*.b"),
    SV_INIT("https://a"),
    SV_INIT("127.0.0.256/8"),
    SV_INIT("::1::"),
    SV_INIT("caf\xc3\xa9"),
    SV_INIT("a\0b"),
    SV_INIT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.b"), /* a label of 64 */
};

static void refuses_names_that_are_none(void **state UNUSED)
{
    CLEANUP(arena_wipe) struct arena a = ARENA_INIT(4 << 20);
    struct issued ca = ca_of(&a, NOW, 365 * DAY), leaf;

    for (size_t i = 0; i < ARRAY_LEN(bad_names); i++) {
        struct err e = { 0 };

        if (leaf_of(ca, bad_names[i], &a, &leaf, &e))
            fail_msg("takes `%.*s`", SV_ARG(bad_names[i]));
        assert_err(e, ERR_INPUT, "is neither a DNS name in lower case nor an address");
    }
}

static void refuses_a_certificate_without_names(void **state UNUSED)
{
    CLEANUP(arena_wipe) struct arena a = ARENA_INIT(4 << 20);
    const struct issue_request r = { .term = { NOW, DAY }, .ca = ca_of(&a, NOW, DAY) };
    struct issued leaf;
    struct err e = { 0 };

    assert_false(issue_leaf(&r, &a, &leaf, &e));
    assert_err(e, ERR_INPUT, "needs a name");
}

static void refuses_a_ca_that_cannot_sign(void **state UNUSED)
{
    CLEANUP(arena_wipe) struct arena a = ARENA_INIT(4 << 20);
    struct issued ca = ca_of(&a, NOW, DAY), other = ca_of(&a, NOW, DAY), old = ca_of(&a, NOW - 2 * DAY, DAY), leaf;
    struct err e = { 0 };

    assert_false(leaf_of((struct issued){ ca.cert, other.key }, SV("a"), &a, &leaf, &e));
    assert_err(e, ERR_INPUT, "no pair");
    assert_false(leaf_of((struct issued){ SV("x"), SV("y") }, SV("a"), &a, &leaf, &e));
    assert_err(e, ERR_INPUT, "are not PEM");
    assert_false(leaf_of(old, SV("a"), &a, &leaf, &e));
    assert_err(e, ERR_INPUT, "it has ended");
    assert_true(leaf_of(ca, SV("a"), &a, &leaf, &e));
    assert_false(leaf_of(leaf, SV("a"), &a, &other, &e));
    assert_err(e, ERR_INPUT, "not that of a CA");
}

static void refuses_a_life_of_nothing_and_a_name_too_long(void **state UNUSED)
{
    CLEANUP(arena_wipe) struct arena a = ARENA_INIT(4 << 20);
    struct issued out;
    struct err e = { 0 };

    assert_false(issue_ca(SV("x"), (struct issue_term){ NOW, 0 }, &a, &out, &e));
    assert_err(e, ERR_INPUT, "more than nothing");
    assert_false(issue_ca(SV("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
                          (struct issue_term){ NOW, DAY }, &a, &out, &e));
    assert_err(e, ERR_INPUT, "too long for the name of a CA");
}

static const struct certificate *read_one(struct sv pem, struct arena *a)
{
    struct certificates all;
    struct err e = { 0 };

    assert_true(certificate_read(pem, a, &all, &e));
    assert_int_equal(all.count, 1);
    return all.items;
}

static void makes_a_pair_that_fits(void **state UNUSED)
{
    CLEANUP(arena_wipe) struct arena a = ARENA_INIT(4 << 20);
    struct issued ca = ca_of(&a, NOW, 365 * DAY), leaf;
    const struct issue_request r = {
        .names = fine, .name_count = ARRAY_LEN(fine), .term = { NOW, 30 * DAY }, .ca = ca
    };
    const struct certificate *c, *of_ca = read_one(ca.cert, &a);
    struct err e = { 0 };

    assert_true(issue_leaf(&r, &a, &leaf, &e));
    c = read_one(leaf.cert, &a);
    assert_true(of_ca->is_ca);
    assert_false(c->is_ca);
    assert_true(certificate_is_signed_by(c, of_ca));
    assert_false(certificate_is_signed_by(of_ca, c));
    assert_true(certificate_has_key(c, leaf.key));
    assert_false(certificate_has_key(c, ca.key));
    assert_true(certificate_is_for(c, fine, ARRAY_LEN(fine)));
    assert_sv(c->subject, "CN=fipsgate.fipsgate-system.svc");
    assert_true(sv_eq(c->issuer, of_ca->subject));
    assert_sv(c->key, "EC prime256v1");
    assert_int_equal(c->begins, NOW - ISSUE_BACKDATE);
    assert_int_equal(c->ends, NOW + 30 * DAY);
    assert_int_equal(of_ca->ends, NOW + 365 * DAY);
}

static void no_certificate_outlives_its_ca(void **state UNUSED)
{
    CLEANUP(arena_wipe) struct arena a = ARENA_INIT(4 << 20);
    struct issued leaf;
    struct err e = { 0 };

    assert_true(leaf_of(ca_of(&a, NOW, DAY), SV("a"), &a, &leaf, &e));
    assert_int_equal(read_one(leaf.cert, &a)->ends, NOW + DAY);
}

static void a_name_longer_than_a_common_name_still_counts(void **state UNUSED)
{
    static const struct sv name =
        SV_INIT("a-service-with-quite-a-long-name.a-namespace-with-quite-a-long-name.svc.cluster.example.gov");
    CLEANUP(arena_wipe) struct arena a = ARENA_INIT(4 << 20);
    struct issued leaf;
    struct err e = { 0 };

    assert_true(leaf_of(ca_of(&a, NOW, DAY), name, &a, &leaf, &e));
    assert_true(certificate_is_for(read_one(leaf.cert, &a), &name, 1));
    assert_sv(read_one(leaf.cert, &a)->subject, "CN=fipsgate");
}

static void no_two_are_alike(void **state UNUSED)
{
    CLEANUP(arena_wipe) struct arena a = ARENA_INIT(4 << 20);
    struct issued one = ca_of(&a, NOW, DAY), two = ca_of(&a, NOW, DAY);

    assert_false(sv_eq(one.key, two.key));
    assert_string_not_equal(read_one(one.cert, &a)->id, read_one(two.cert, &a)->id);
    assert_false(certificate_is_signed_by(read_one(one.cert, &a), read_one(two.cert, &a)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_names_that_are_none),
        cmocka_unit_test(refuses_a_certificate_without_names),
        cmocka_unit_test(refuses_a_ca_that_cannot_sign),
        cmocka_unit_test(refuses_a_life_of_nothing_and_a_name_too_long),
        cmocka_unit_test(makes_a_pair_that_fits),
        cmocka_unit_test(no_certificate_outlives_its_ca),
        cmocka_unit_test(a_name_longer_than_a_common_name_still_counts),
        cmocka_unit_test(no_two_are_alike),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
