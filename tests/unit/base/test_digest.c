/* SPDX-License-Identifier: Apache-2.0 */
/* Against sums computed elsewhere; and that no two lists of pieces meet. */
#include "base/digest.h"
#include "support/check.h"
#include <openssl/evp.h>
#include <openssl/provider.h>

static void fails_without_a_provider(void **state UNUSED)
{
    struct sv piece = SV("abc");
    char hex[DIGEST_HEX + 1] = "untouched";
    struct err e = { 0 };

    assert_int_equal(EVP_set_default_properties(NULL, "provider=nobody"), 1);
    assert_false(digest_hex(&piece, 1, hex, &e));
    assert_int_equal(EVP_set_default_properties(NULL, ""), 1);
    assert_err(e, ERR_TLS, "SHA-256");
    assert_string_equal(hex, "untouched");
}

static void tells_pieces_apart(void **state UNUSED)
{
    const struct sv one[] = { SV_INIT("abc") }, three[] = { SV_INIT("ab"), SV_INIT(""), SV_INIT("c") };
    char hex[DIGEST_HEX + 1];
    struct err e = { 0 };

    assert_true(digest_hex(NULL, 0, hex, &e));
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_true(digest_hex(one, ARRAY_LEN(one), hex, &e));
    assert_string_equal(hex, "c3494ca1a2cf8eeb8a11ded316fb55b83c3bbbedb6313cd50415251e5d09e12f");
    assert_true(digest_hex(three, ARRAY_LEN(three), hex, &e));
    assert_string_equal(hex, "9c24d27974bb3b173e762a999df89274e93d1e37cba113b996aa47139a011d4a");
    assert_int_equal(e.code, ERR_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fails_without_a_provider),
        cmocka_unit_test(tells_pieces_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
