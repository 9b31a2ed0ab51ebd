/* SPDX-License-Identifier: Apache-2.0 */
/* What must be quoted, what need not be, and that everything reads back. */
#include "differential/random.h"
#include "support/check.h"
#include "yaml/print.h"
#include "yaml/transcode.h"
#include "json/doc.h"

enum { DOCUMENTS = 4000 };

static const struct json *parse(struct sv text, struct arena *a)
{
    struct err e = { 0 };
    const struct json *v = doc_parse(text, a, &e);

    if (!v)
        fail_msg("%.*s: %s", SV_ARG(text), e.msg);
    return v;
}

static struct sv string_in(enum print_quotes quotes, const char *s, size_t n, struct arena *a)
{
    struct buf out = BUF_IN(a);

    print_string(&out, (struct sv){ s, n }, quotes);
    assert_true(buf_ok(&out));
    return buf_sv(&out);
}

static const char *const quoted_always[] = {
    "",     "null",  "~",   "Null",  "true",       "yes",      "on",       "n",      "Off",    "1",    "017",  "0x1F",
    "1e3",  "1_000", "-1",  "+1",    ".5",         "5.",       "-.5e3",    ".nan",   "-.inf",  "0o17", "0b1",  " a",
    "a ",   "- a",   "-",   "? a",   ": a",        ":",        "a:",       "a: b",   "a #b",   "#a",   "&a",   "*a",
    "!a",   "|",     ">",   "%a",    "@a",         "`a",       "[a",       "]a",     "{a",     "}a",   ",a",   "'a",
    "\"a",  "=",     "<<",  "---",   "--- a",      "...",      "... a",    "a\tb",   "a\nb",   "a\rb", "\n",   "\x7f",
    "\x01", "12:30", "1:2", "-1:30", "2026-11-22", "\xc2\x85", "\xc2\xa0", "\u2028", "\u202e", "?",    "-[a]", "\ufeff",
};

static void quotes_what_would_not_read_back_as_itself(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);

    for (size_t i = 0; i < ARRAY_LEN(quoted_always); i++) {
        struct sv got = string_in(PRINT_PLAIN, quoted_always[i], strlen(quoted_always[i]), &a);

        if (got.n < 2 || !strchr("'\"", got.p[0]) || got.p[got.n - 1] != got.p[0])
            fail_msg("%s became %.*s", quoted_always[i], SV_ARG(got));
    }
}

static const char *const plain_everywhere[] = {
    "a",   "nginx", "a b",     "1.2.3",   "v1",     "4Gi",  "500m", "-a",         "--flag=x", "/bin/sh",
    "a'b", "nope",  "nullify", "truely",  "1e3x",   "$(A)", "a=b",  "\xc3\xa4",   "~a",       "a-b_c",
    "a#b", "x|y",   "0x",      "1.2.3.4", "2026-x", "12a",  "yes!", "\U0001F600",
};

static const char *const plain_in_blocks[] = {
    "a:b", "registry.example:5000/a@sha256:00ff", "a,b", "a[0]", "a{b}", "what?", "http://x/", "--a=b:c",
};

static void leaves_plain_what_reads_back_as_itself(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);

    for (size_t i = 0; i < ARRAY_LEN(plain_everywhere); i++) {
        assert_sv(string_in(PRINT_PLAIN, plain_everywhere[i], strlen(plain_everywhere[i]), &a), plain_everywhere[i]);
        assert_sv(string_in(PRINT_FLOW, plain_everywhere[i], strlen(plain_everywhere[i]), &a), plain_everywhere[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(plain_in_blocks); i++) {
        assert_sv(string_in(PRINT_PLAIN, plain_in_blocks[i], strlen(plain_in_blocks[i]), &a), plain_in_blocks[i]);
        assert_int_equal(string_in(PRINT_FLOW, plain_in_blocks[i], strlen(plain_in_blocks[i]), &a).p[0], '"');
    }
}

static const struct {
    enum print_quotes quotes;
    struct sv s;
    const char *text;
} spellings[] = {
    { PRINT_PLAIN, SV_INIT("yes"), "\"yes\"" },
    { PRINT_PLAIN, SV_INIT("\"a\": 1"), "'\"a\": 1'" },
    { PRINT_PLAIN, SV_INIT("\\d "), "'\\d '" },
    { PRINT_PLAIN, SV_INIT("\"a\" \t"), "\"\\\"a\\\" \\t\"" },
    { PRINT_SINGLE, SV_INIT("it's"), "'it''s'" },
    { PRINT_SINGLE, SV_INIT("a\nb"), "\"a\\nb\"" },
    { PRINT_DOUBLE, SV_INIT("a"), "\"a\"" },
    { PRINT_DOUBLE, SV_INIT("\0\x1f\x7f\b\f\r\t/\\\""), "\"\\u0000\\u001f\\u007f\\b\\f\\r\\t/\\\\\\\"\"" },
    { PRINT_DOUBLE, SV_INIT("\u2028\ufeff\u20ac\U0001F600"), "\"\\u2028\\ufeff\u20ac\U0001F600\"" },
};

static void spells_strings(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);

    for (size_t i = 0; i < ARRAY_LEN(spellings); i++)
        assert_sv(string_in(spellings[i].quotes, spellings[i].s.p, spellings[i].s.n, &a), spellings[i].text);
}

static const struct {
    const char *json;
    size_t indent;
    const char *text;
} blocks[] = {
    { "1", 0, "1\n" },
    { "\"yes\"", 0, "\"yes\"\n" },
    { "{}", 2, "  {}\n" },
    { "[]", 0, "[]\n" },
    { "{\"b\":1,\"a\":null}", 0, "b: 1\na: null\n" },
    { "{\"a\":{\"b\":{\"c\":true}}}", 2, "  a:\n    b:\n      c: true\n" },
    { "{\"a\":[1,\"2\"],\"b\":[],\"c\":{}}", 0, "a:\n- 1\n- \"2\"\nb: []\nc: {}\n" },
    { "{\"a\":[{\"b\":1,\"c\":[2]},[3,[4]]]}", 0, "a:\n- b: 1\n  c:\n  - 2\n- - 3\n  - - 4\n" },
    { "[{\"a\":1}]", 4, "    - a: 1\n" },
    { "{\"a\":\"x\\n  y\\n\\nz\\n\"}", 0, "a: |\n  x\n    y\n\n  z\n" },
    { "{\"a\":\"x\\ny\"}", 2, "  a: |-\n    x\n    y\n" },
    { "[\"x\\ny\"]", 0, "- |-\n  x\n  y\n" },
    { "\"x\\n#y\\n---\\n\"", 0, "|\n  x\n  #y\n  ---\n" },
    { "{\"a\":\"x\\n\\n\",\"b\":\" x\\ny\",\"c\":\"x \\ny\",\"d\":\"\\n\"}", 0,
      "a: \"x\\n\\n\"\nb: \" x\\ny\"\nc: \"x \\ny\"\nd: \"\\n\"\n" },
    { "{\"no\":1,\"a b\":2,\"c: d\":3,\"\":4,\"<<\":5}", 0, "\"no\": 1\na b: 2\n\"c: d\": 3\n\"\": 4\n\"<<\": 5\n" },
};

static void prints_blocks(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(blocks); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct buf out = BUF_IN(&a);

        print_block(&out, parse(sv_from(blocks[i].json), &a), blocks[i].indent);
        assert_sv(buf_sv(&out), blocks[i].text);
    }
}

static const struct {
    const char *json;
    bool is_json;
    const char *text;
} flows[] = {
    { "[\"a\",\"no\",{\"b\":1}]", false, "[a, \"no\", {b: 1}]" },
    { "[\"a\",\"no\",{\"b\":1}]", true, "[\"a\", \"no\", {\"b\": 1}]" },
    { "{\"a\":{},\"b\":[],\"c\":null}", false, "{a: {}, b: [], c: null}" },
    { "\"a:b\"", false, "\"a:b\"" },
    { "\"a\\nb\"", false, "\"a\\nb\"" },
    { "2.5", true, "2.5" },
};

static void prints_on_one_line(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(flows); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct buf out = BUF_IN(&a);

        print_flow(&out, parse(sv_from(flows[i].json), &a), flows[i].is_json);
        assert_sv(buf_sv(&out), flows[i].text);
    }
}

/* Random strings of what YAML gives a meaning, of any character, of words. */
static void add_text(struct buf *out, struct random *r)
{
    static const char *const parts[] = {
        "a",  "b",      " ",      ":",        "#",      "-",  "\n",   "\t",   "'",      "\"",     "\\",         ",",
        "[",  "]",      "{",      "}",        "&",      "*",  "!",    "|",    ">",      "%",      "@",          "`",
        "?",  "=",      "<<",     "---",      "...",    "~",  "no",   "0",    "1",      ".",      "e",          "_",
        "+",  "x",      "\r",     "\b",       ": ",     " #", "\n  ", "\n\n", "null",   "/",      "$(",         "\x7f",
        "..", "\u00e4", "\u2028", "\xc2\x85", "\ufeff", "12", ":3",   "- ",   "\u00a0", "\uffff", "\U0001F600",
    };

    for (size_t n = random_below(r, 9); n > 0; n--)
        buf_add(out, sv_from(parts[random_below(r, ARRAY_LEN(parts))]));
}

static void add_string(struct buf *out, struct random *r, struct arena *a)
{
    struct buf text = BUF_IN(a);

    add_text(&text, r);
    value_print_string(out, buf_sv(&text));
}

/* The number makes it the only one of its kind; every hundredth is long. */
static void add_key(struct buf *out, struct random *r, struct arena *a, size_t number)
{
    struct buf key = BUF_IN(a);

    add_text(&key, r);
    for (size_t n = random_one_in(r, 100) ? 1500 : 0; n > 0; n--)
        buf_add_char(&key, 'k');
    if (number)
        buf_printf(&key, ";%zu", number);
    value_print_string(out, buf_sv(&key));
    buf_add_char(out, ':');
}

static void add_value(struct buf *out, struct random *r, struct arena *a, size_t depth)
{
    static const char *const words[] = { "null", "true", "false", "0", "-17", "2.5", "1e+21", "18446744073709551615" };
    size_t choice = random_below(r, depth < 5 ? 10 : 6), count = random_below(r, 5);

    if (choice == 0)
        buf_add(out, sv_from(words[random_below(r, ARRAY_LEN(words))]));
    else if (choice < 6)
        add_string(out, r, a);
    if (choice < 6)
        return;
    buf_add_char(out, choice < 8 ? '{' : '[');
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_add_char(out, ',');
        if (choice < 8)
            add_key(out, r, a, i);
        add_value(out, r, a, depth + 1);
    }
    buf_add_char(out, choice < 8 ? '}' : ']');
}

static void check_reads_back(const struct json *value, struct sv text, struct arena *a)
{
    struct yaml_doc *doc = NULL;
    struct err e = { 0 };

    if (!yaml_read(SV("f"), text, a, &doc, &e))
        fail_msg("%s in\n%.*s", e.msg, (int)text.n, text.p);
    if (!doc || doc->next || !value_equal(doc->root, value))
        fail_msg("something else reads back:\n%.*s", (int)text.n, text.p);
}

static void reads_back_everything(void **state UNUSED)
{
    for (size_t i = 0; i < DOCUMENTS; i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(4 << 20);
        struct random r = random_from(7, i);
        struct buf json = BUF_IN(&a), block = BUF_IN(&a), flow = BUF_IN(&a), strict = BUF_IN(&a);
        const struct json *value;

        add_value(&json, &r, &a, 0);
        value = parse(buf_sv(&json), &a);
        print_block(&block, value, random_below(&r, 5));
        check_reads_back(value, buf_sv(&block), &a);
        print_flow(&flow, value, false);
        check_reads_back(value, buf_sv(&flow), &a);
        print_flow(&strict, value, true);
        /* In JSON nothing says before a long key that it is one. */
        if (!memmem(strict.p, strict.len, "kkkk", 4))
            check_reads_back(value, buf_sv(&strict), &a);
        assert_true(value_equal(value, parse(buf_sv(&strict), &a)));
    }
}

static void reads_back_every_character(void **state UNUSED)
{
    for (unsigned c = 0; c < 0x11000; c += c < 0x3000 ? 1 : 13) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct buf json = BUF_IN(&a), block = BUF_IN(&a);

        if (c >= 0xD800 && c < 0xE000)
            continue;
        if (c < 0x10000)
            buf_printf(&json, "[\"\\u%04x\",\"a\\u%04xb\",\"a\\n\\u%04x\"]", c, c, c);
        else
            buf_printf(&json, "[\"\\ud800\\u%04x\"]", 0xDC00 | (c & 0x3FF));
        print_block(&block, parse(buf_sv(&json), &a), 0);
        check_reads_back(parse(buf_sv(&json), &a), buf_sv(&block), &a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_what_would_not_read_back_as_itself),
        cmocka_unit_test(leaves_plain_what_reads_back_as_itself),
        cmocka_unit_test(spells_strings),
        cmocka_unit_test(prints_blocks),
        cmocka_unit_test(prints_on_one_line),
        cmocka_unit_test(reads_back_everything),
        cmocka_unit_test(reads_back_every_character),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
