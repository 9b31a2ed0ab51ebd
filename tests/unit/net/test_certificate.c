/* SPDX-License-Identifier: Apache-2.0 */
/* Texts that are no certificates, or not only. */
#include "net/certificate.h"

#include "base/attr.h"
#include "base/buf.h"
#include "net/fips.h"
#include "net/issue.h"
#include "support/check.h"

enum { NOW = 1795334400, DAY = 86400 };

struct world {
    struct arena arena;
    struct issued ca, leaf;
};

static int set_up(void **state)
{
    static const struct sv names[] = { SV_INIT("a.b.svc"), SV_INIT("127.0.0.1") };
    struct world *w = calloc(1, sizeof(*w));
    struct issue_request r = { .names = names, .name_count = 2, .term = { NOW, DAY } };
    struct fips_status status;
    struct err e = { 0 };

    w->arena.max = 16 << 20;
    *state = w;
    if (!fips_off(&status, &e) || !issue_ca(SV("x"), (struct issue_term){ NOW, DAY }, &w->arena, &w->ca, &e))
        return -1;
    r.ca = w->ca;
    return issue_leaf(&r, &w->arena, &w->leaf, &e) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct world *w = *state;

    arena_wipe(&w->arena);
    free(w);
    return 0;
}

static const struct {
    const char *before, *after;
    size_t cut; /* bytes taken off the certificate's end */
    const char *says;
} wrong[] = {
    { "", "", SIZE_MAX, "no PEM certificate" },
    { "nothing of the kind", "", SIZE_MAX, "no PEM certificate" },
    { "-----BEGIN CERTIFICATE-----\n", "", SIZE_MAX, "no PEM certificate" },
    { "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "", SIZE_MAX, "no PEM certificate" },
    { "", "", 40, "no PEM certificate" },
    { "", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\nmore\n", 0,
      "one of the certificates cannot be read" },
};

static void refuses_what_is_no_certificate(void **state)
{
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct sv cert = w->ca.cert;
        struct buf text = BUF_IN(&w->arena);
        struct certificates all;
        struct err e = { 0 };

        cert.n = wrong[i].cut > cert.n ? 0 : cert.n - wrong[i].cut;
        buf_add(&text, sv_from(wrong[i].before));
        buf_add(&text, cert);
        buf_add(&text, sv_from(wrong[i].after));
        if (certificate_read(buf_sv(&text), &w->arena, &all, &e))
            fail_msg("takes row %zu", i);
        assert_err(e, ERR_INPUT, wrong[i].says);
    }
}

static void reads_all_in_their_order(void **state)
{
    struct world *w = *state;
    struct buf text = BUF_IN(&w->arena);
    struct certificates all;
    struct err e = { 0 };

    buf_add(&text, SV("the leaf\n"));
    buf_add(&text, w->leaf.cert);
    buf_add(&text, SV("the CA\n"));
    buf_add(&text, w->ca.cert);
    assert_true(certificate_read(buf_sv(&text), &w->arena, &all, &e));
    assert_int_equal(all.count, 2);
    assert_false(all.items[0].is_ca);
    assert_true(all.items[1].is_ca);
    assert_true(sv_eq(all.items[0].pem, w->leaf.cert));
    assert_true(sv_eq(all.items[1].pem, w->ca.cert));
    assert_int_equal(strlen(all.items[0].id), CERTIFICATE_ID);
    assert_sv(all.items[0].names[0], "a.b.svc");
    assert_sv(all.items[0].names[1], "127.0.0.1");
}

static const struct {
    struct sv names[3];
    size_t count;
    bool is_for;
} rows[] = {
    { { SV_INIT("a.b.svc") }, 1, false },
    { { SV_INIT("a.b.svc"), SV_INIT("127.0.0.1"), SV_INIT("c") }, 3, false },
    { { SV_INIT("a.b.svc"), SV_INIT("127.0.0.2") }, 2, false },
    { { SV_INIT("127.0.0.1"), SV_INIT("A.b.svc") }, 2, true },
};

static void is_for_its_names_and_no_others(void **state)
{
    struct world *w = *state;
    struct certificates all;
    struct err e = { 0 };

    assert_true(certificate_read(w->leaf.cert, &w->arena, &all, &e));
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (certificate_is_for(all.items, rows[i].names, rows[i].count) != rows[i].is_for)
            fail_msg("row %zu", i);
}

static void a_key_that_is_none_is_nobodys(void **state)
{
    struct world *w = *state;
    struct certificates all;
    struct err e = { 0 };

    assert_true(certificate_read(w->leaf.cert, &w->arena, &all, &e));
    assert_false(certificate_has_key(all.items, SV("")));
    assert_false(certificate_has_key(all.items, SV("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")));
    assert_false(certificate_has_key(all.items, w->ca.key));
    assert_true(certificate_has_key(all.items, w->leaf.key));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_no_certificate),
        cmocka_unit_test(reads_all_in_their_order),
        cmocka_unit_test(is_for_its_names_and_no_others),
        cmocka_unit_test(a_key_that_is_none_is_nobodys),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
