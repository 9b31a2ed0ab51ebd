/* SPDX-License-Identifier: Apache-2.0 */
/* Image references: what two readers could understand differently is refused,
 * what is accepted reads as the runtimes read it. */
#include "kube/image_ref.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HEX16 "0123456789abcdef"
#define HEX64 HEX16 HEX16 HEX16 HEX16
#define SHA256 "sha256:" HEX64
#define SHA384 "sha384:" HEX64 HEX16 HEX16
#define SHA512 "sha512:" HEX64 HEX64
#define A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A128 A64 A64

static const struct {
    const char *text, *why; /* why: a part of the message */
} refused[] = {
    { "", "it is empty" },
    { "Nginx", "upper case in the repository" },
    { "docker.io/library/Nginx", "upper case in the repository" },
    { "registry.example/team/App:1", "upper case in the repository" },
    { "nginx:", "the tag is empty" },
    { "nginx:@" SHA256, "the tag is empty" },
    { "nginx:-1", "the tag holds" },
    { "nginx:.1", "the tag holds" },
    { "nginx:1:2", "the tag holds" },
    { "nginx:a/b", "the port is not" },
    { "registry.example/nginx:a/b", "the tag holds" },
    { "nginx:" A128 "a", "longer than 128" },
    { "nginx@", "the digest is not sha256" },
    { "nginx@" HEX64, "the digest is not sha256" },
    { "nginx@md5:" HEX16 HEX16, "the digest is not sha256" },
    { "nginx@SHA256:" HEX64, "the digest is not sha256" },
    { "nginx@sha256:" HEX16, "wrong length" },
    { "nginx@" SHA256 "0", "wrong length" },
    { "nginx@sha512:" HEX64, "wrong length" },
    { "nginx@sha256:0123456789ABCDEF" HEX16 HEX16 HEX16, "lower-case hexadecimal" },
    { "nginx@sha256:g123456789abcdef" HEX16 HEX16 HEX16, "lower-case hexadecimal" },
    { "nginx@" SHA256 ":tag", "wrong length" },
    { "nginx@" SHA256 "@" SHA256, "wrong length" },
    { "@" SHA256, "an empty path segment" },
    { HEX64, "64 hexadecimal digits" },
    { "/nginx", "an empty path segment" },
    { "docker.io//nginx", "an empty path segment" },
    { "docker.io/nginx/", "an empty path segment" },
    { "docker.io/", "an empty path segment" },
    { "a//b", "an empty path segment" },
    { "https://docker.io/nginx", "a scheme" },
    { "docker://docker.io/nginx", "a scheme" },
    { "user@docker.io/nginx", "user information" },
    { "user:secret@docker.io/nginx", "user information" },
    { "docker.io/nginx@evil.example/nginx", "user information" },
    { "nginx latest", "white space" },
    { " nginx", "white space" },
    { "nginx\n", "white space" },
    { "nginx\x01", "a control character" },
    { "nginx\x7f", "a control character" },
    { "d\xd0\xbe"
      "cker.io/nginx",
      "not ASCII" },
    { "docker.io/ngin\xc3\xa9", "not ASCII" },
    { "xn--dcker-jua.io/nginx", "punycode" },
    { "registry.XN--p1ai/nginx", "punycode" },
    { "-registry.example/nginx", "hyphen" },
    { "registry-.example/nginx", "hyphen" },
    { "registry..example/nginx", "an empty label" },
    { ".example/nginx", "an empty label" },
    { "registry.example../nginx", "an empty label" },
    { "./nginx", "an empty label" },
    { "../nginx", "an empty label" },
    { "registry_1.example/nginx", "the host holds" },
    { "registry.example:/nginx", "the port is not" },
    { "registry.example:0/nginx", "the port is not" },
    { "registry.example:0443/nginx", "the port is not" },
    { "registry.example:65536/nginx", "the port is not" },
    { "registry.example:99999999999999999999/nginx", "the port is not" },
    { "registry.example:80a/nginx", "the port is not" },
    { "registry.example:1:2/nginx", "the port is not" },
    { ":5000/nginx", "an empty label" },
    { "[::1/nginx", "IPv6" },
    { "[::1]5000/nginx", "IPv6" },
    { "[::g]:5000/nginx", "IPv6" },
    { "[fe80::1%eth0]:5000/nginx", "IPv6" },
    { "[]:5000/nginx", "IPv6" },
    { "::1/nginx", "the port is not" },
    { "a..b", "misplaced punctuation" },
    { "a._b", "misplaced punctuation" },
    { "a___b", "misplaced punctuation" },
    { "-a", "misplaced punctuation" },
    { "a-", "misplaced punctuation" },
    { "_a", "misplaced punctuation" },
    { "registry.example/a/../b", "misplaced punctuation" },
    { "registry.example/./b", "misplaced punctuation" },
    { "a%2fb", "repositories cannot hold" },
    { "a\\b", "repositories cannot hold" },
    { "a?b", "repositories cannot hold" },
    { "*", "repositories cannot hold" },
    { "docker.io/" A128 A128, "longer than 255" },
    { A128 A64 HEX16 HEX16 HEX16 "aaaaaaaa", "longer than 255" }, /* 248 with library/ */
};

static void refuses_what_two_readers_could_read_differently(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 16);
        struct image_ref r;
        struct err e = { 0 };

        if (image_ref_parse(sv_from(refused[i].text), &a, &r, &e))
            fail_msg("`%s` was accepted", refused[i].text);
        if (e.code != ERR_INPUT || !strstr(e.msg, refused[i].why) || strncmp(e.msg, "image `", 7) != 0)
            fail_msg("`%s`: %s", refused[i].text, e.msg);
    }
}

static void refuses_a_nul_byte(void **state)
{
    static const char text[] = "docker.io/nginx\0.evil.example";
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 16);
    struct image_ref r;
    struct err e = { 0 };

    (void)state;
    assert_false(image_ref_parse((struct sv){ text, sizeof(text) - 1 }, &a, &r, &e));
    assert_non_null(strstr(e.msg, "a control character"));
}

static void refuses_references_that_are_too_long(void **state)
{
    static char text[64 << 10];

    (void)state;
    memset(text, 'a', sizeof(text));
    for (size_t n = IMAGE_REF_MAX + 1; n <= sizeof(text); n += sizeof(text) - IMAGE_REF_MAX - 1) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 16);
        struct image_ref r;
        struct err e = { 0 };

        assert_false(image_ref_parse((struct sv){ text, n }, &a, &r, &e));
        assert_non_null(strstr(e.msg, "longer than 4096"));
        assert_true(strlen(e.msg) < 200);
    }
}

static void says_that_the_arena_is_full(void **state)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1);
    struct image_ref r;
    struct err e = { 0 };

    (void)state;
    assert_false(image_ref_parse(SV("nginx"), &a, &r, &e));
    assert_int_equal(e.code, ERR_NOMEM);
    e.code = ERR_NONE;
    assert_false(image_ref_parse(SV("REGISTRY.example/nginx"), &a, &r, &e));
    assert_int_equal(e.code, ERR_NOMEM);
}

static const struct {
    const char *text, *host, *port, *repository, *tag, *digest; /* NULL: absent */
} accepted[] = {
    { "nginx", "docker.io", NULL, "library/nginx", "latest", NULL },
    { "nginx:1.2", "docker.io", NULL, "library/nginx", "1.2", NULL },
    { "nginx:5000", "docker.io", NULL, "library/nginx", "5000", NULL },
    { "team/app", "docker.io", NULL, "team/app", "latest", NULL },
    { "localhost", "docker.io", NULL, "library/localhost", "latest", NULL },
    { "localhost:5000", "docker.io", NULL, "library/localhost", "5000", NULL },
    { "registry.example", "docker.io", NULL, "library/registry.example", "latest", NULL },
    { "localhost/b", "localhost", NULL, "b", "latest", NULL },
    { "localhost:5000/b", "localhost", "5000", "b", "latest", NULL },
    { "docker.io/nginx", "docker.io", NULL, "library/nginx", "latest", NULL },
    { "docker.io:443/nginx", "docker.io", NULL, "library/nginx", "latest", NULL },
    { "docker.io:5000/nginx", "docker.io", "5000", "nginx", "latest", NULL },
    { "index.docker.io/nginx", "docker.io", NULL, "library/nginx", "latest", NULL },
    { "registry-1.docker.io/team/app", "docker.io", NULL, "team/app", "latest", NULL },
    { "DOCKER.io/nginx", "docker.io", NULL, "library/nginx", "latest", NULL },
    { "docker.io./nginx", "docker.io", NULL, "library/nginx", "latest", NULL },
    { "REGISTRY.Example/a/b:V1", "registry.example", NULL, "a/b", "V1", NULL },
    { "Registry/a", "registry", NULL, "a", "latest", NULL },
    { "registry.example:443/a", "registry.example", NULL, "a", "latest", NULL },
    { "registry.example:65535/a", "registry.example", "65535", "a", "latest", NULL },
    { "registry:443/a", "registry", NULL, "a", "latest", NULL },
    { "registry:5000/a", "registry", "5000", "a", "latest", NULL },
    { "127.0.0.1:5000/a", "127.0.0.1", "5000", "a", "latest", NULL },
    { "[::1]:5000/a", "[::1]", "5000", "a", "latest", NULL },
    { "[2001:DB8::1]/a:1", "[2001:db8::1]", NULL, "a", "1", NULL },
    { "registry.example/a@" SHA256, "registry.example", NULL, "a", NULL, SHA256 },
    { "registry.example/a:1@" SHA256, "registry.example", NULL, "a", "1", SHA256 },
    { "nginx@" SHA384, "docker.io", NULL, "library/nginx", NULL, SHA384 },
    { "nginx@" SHA512, "docker.io", NULL, "library/nginx", NULL, SHA512 },
    { "registry.example/a.b/c_d/e__f/g--h/0", "registry.example", NULL, "a.b/c_d/e__f/g--h/0", "latest", NULL },
    { "a:" A128, "docker.io", NULL, "library/a", A128, NULL },
    { "nginx:_x.y-z", "docker.io", NULL, "library/nginx", "_x.y-z", NULL },
};

static void expect(const char *what, const char *wanted, struct sv found)
{
    if ((wanted == NULL) != (found.p == NULL) || !sv_eq(sv_from(wanted), found))
        fail_msg("%s: `%.*s` instead of `%s`", what, SV_ARG(found), wanted ? wanted : "(absent)");
}

static void reads_references_as_the_runtimes_do(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(accepted); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 16);
        struct image_ref r;
        struct err e = { 0 };

        if (!image_ref_parse(sv_from(accepted[i].text), &a, &r, &e))
            fail_msg("%s", e.msg);
        expect(accepted[i].text, accepted[i].host, r.host);
        expect(accepted[i].text, accepted[i].port, r.port);
        expect(accepted[i].text, accepted[i].repository, r.repository);
        expect(accepted[i].text, accepted[i].tag, r.tag);
        expect(accepted[i].text, accepted[i].digest, r.digest);
    }
}

static void says_what_was_not_written(void **state)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 16);
    struct image_ref r;
    struct err e = { 0 };

    (void)state;
    assert_true(image_ref_parse(SV("nginx"), &a, &r, &e));
    assert_true(r.host_is_default && r.tag_is_default);
    assert_true(image_ref_parse(SV("docker.io/nginx:latest"), &a, &r, &e));
    assert_false(r.host_is_default || r.tag_is_default);
    assert_true(image_ref_parse(SV("nginx@" SHA256), &a, &r, &e));
    assert_false(r.tag_is_default);
}

static void prints_what_parses_to_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(accepted); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 16);
        struct image_ref r, again;
        struct err e = { 0 };
        struct sv once;

        assert_true(image_ref_parse(sv_from(accepted[i].text), &a, &r, &e));
        once = image_ref_print(&r, &a);
        if (!image_ref_parse(once, &a, &again, &e))
            fail_msg("%s", e.msg);
        if (!sv_eq(once, image_ref_print(&again, &a)))
            fail_msg("%s: `%.*s` changes when it is read again", accepted[i].text, SV_ARG(once));
    }
}

static void prints_every_part(void **state)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 16);
    struct image_ref r;
    struct err e = { 0 };

    (void)state;
    assert_true(image_ref_parse(SV("Registry.example:5000/a/b:1@" SHA256), &a, &r, &e));
    assert_true(sv_eq(image_ref_print(&r, &a), SV("registry.example:5000/a/b:1@" SHA256)));
    assert_true(image_ref_parse(SV("nginx"), &a, &r, &e));
    assert_true(sv_eq(image_ref_print(&r, &a), SV("docker.io/library/nginx:latest")));
    assert_true(image_ref_parse(SV("Registry/a"), &a, &r, &e));
    assert_true(sv_eq(image_ref_print(&r, &a), SV("registry:443/a:latest")));
}

static void remembers_only_what_it_read_at_that_address(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    static struct image_ref_cache cache;
    static char text[] = "nginx:1";
    struct err e = { 0 };
    struct image_ref r;

    assert_true(image_ref_cached(&cache, sv_from(text), &a, &r, &e));
    text[5] = '/';
    assert_true(image_ref_cached(&cache, sv_from(text), &a, &r, &e));
    assert_true(sv_eq(r.tag, SV("1")));
    assert_true(image_ref_cached(&cache, (struct sv){ text, 5 }, &a, &r, &e));
    assert_true(sv_eq(r.tag, SV("latest")));
    assert_true(image_ref_cached(NULL, sv_from(text), &a, &r, &e));
    assert_true(sv_eq(r.repository, SV("nginx/1")));
    assert_false(image_ref_cached(&cache, SV("Nginx:"), &a, &r, &e));
    assert_false(image_ref_cached(&cache, (struct sv){ NULL, 0 }, &a, &r, &e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_two_readers_could_read_differently),
        cmocka_unit_test(refuses_a_nul_byte),
        cmocka_unit_test(refuses_references_that_are_too_long),
        cmocka_unit_test(says_that_the_arena_is_full),
        cmocka_unit_test(reads_references_as_the_runtimes_do),
        cmocka_unit_test(says_what_was_not_written),
        cmocka_unit_test(prints_what_parses_to_the_same),
        cmocka_unit_test(prints_every_part),
        cmocka_unit_test(remembers_only_what_it_read_at_that_address),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
