/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A line with a JSON pointer, then a document. Every value of the document is
 * found under the pointer that its place prints; the pointer of the first line,
 * taken apart and put together again, leads to the same value.
 */
#include "fuzz/fuzz.h"
#include "json/doc.h"
#include "json/pointer.h"

enum { TOKENS_MAX = 64, VISITS_MAX = 400 };

struct visit {
    const struct json *root;
    struct arena *arena;
    size_t left;
};

static void check_value(struct visit *v, const struct pointer *at, const struct json *value)
{
    struct sv text = pointer_print(at, v->arena);
    struct buf out = BUF_IN(v->arena);

    if (v->left == 0)
        return;
    v->left--;
    FUZZ_CHECK(pointer_get(v->root, text) == value, "`%.*s` is another value", SV_ARG(text));
    pointer_add(&out, at);
    FUZZ_CHECK(sv_eq(buf_sv(&out), text), "`%.*s` is printed in two ways", SV_ARG(text));
    for (struct value_iter it = value_iter(value); value_next(&it);) {
        struct pointer step = it.key.p ? pointer_key(at, it.key) : pointer_index(at, it.index);

        check_value(v, &step, it.value);
    }
}

/* Every tilde escapes something. */
static bool is_valid(struct sv pointer)
{
    for (size_t i = 0; i < pointer.n; i++)
        if (pointer.p[i] == '~' && (i + 1 == pointer.n || (pointer.p[i + 1] != '0' && pointer.p[i + 1] != '1')))
            return false;
    return pointer.n == 0 || pointer.p[0] == '/';
}

static void check_tokens(const struct json *root, struct sv pointer, struct arena *a)
{
    struct pointer steps[TOKENS_MAX + 1] = { POINTER_ROOT };
    struct sv rest = pointer, token = { NULL, 0 }, text;
    size_t count = 0;

    while (count < TOKENS_MAX && pointer_token(&rest, a, &token)) {
        FUZZ_CHECK(token.p, "no token");
        steps[count + 1] = pointer_key(&steps[count], token);
        count++;
    }
    if (count == TOKENS_MAX || !is_valid(pointer))
        return;
    text = pointer_print(&steps[count], a);
    FUZZ_CHECK(sv_eq(text, pointer), "`%.*s` becomes `%.*s`", SV_ARG(pointer), SV_ARG(text));
    FUZZ_CHECK(pointer_get(root, text) == pointer_get(root, pointer), "`%.*s` is two values", SV_ARG(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(64 << 20);
    struct sv text = fuzz_input(data, size);
    struct sv pointer = sv_cut(&text, '\n');
    struct err e = { .code = ERR_NONE };
    const struct json *root = doc_parse(text, &a, &e), *found;
    struct visit v = { .root = root, .arena = &a, .left = VISITS_MAX };
    struct pointer top = POINTER_ROOT;
    struct buf printed = BUF_IN(&a);

    found = pointer_get(root, pointer);
    FUZZ_CHECK(!found || pointer.n == 0 || pointer.p[0] == '/', "`%.*s` is no pointer", SV_ARG(pointer));
    check_tokens(root, pointer, &a);
    if (!root) {
        fuzz_check_error(&e);
        return 0;
    }
    check_value(&v, &top, root);
    value_print(&printed, root);
    FUZZ_CHECK(value_equal(root, fuzz_json(buf_sv(&printed), &a)), "printed, it is another document");
    return 0;
}
