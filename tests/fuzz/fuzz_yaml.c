/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any YAML: what is read becomes JSON that says the same, and each of its
 * values stands at a place that the text has; what is refused is refused at a
 * place. What is JSON already says the same to both readers.
 */
#include "fuzz/fuzz.h"
#include "yaml/transcode.h"
#include "json/doc.h"
#include "json/pointer.h"

enum { MEMORY = 32 << 20, VISITS_MAX = 300 };

struct visit {
    const struct yaml_doc *doc;
    struct arena *arena;
    uint32_t lines;
    size_t left;
};

/* As YAML 1.1 counts them: CR, LF, CRLF, NEL, LS and PS end a line. */
static uint32_t count_lines(struct sv text)
{
    uint32_t n = 1;

    for (size_t i = 0; i < text.n; i++) {
        struct sv rest = sv_skip(text, i);

        n += text.p[i] == '\n' || text.p[i] == '\r' || sv_starts_with(rest, SV("\xc2\x85")) ||
             sv_starts_with(rest, SV("\xe2\x80\xa8")) || sv_starts_with(rest, SV("\xe2\x80\xa9"));
    }
    return n;
}

static void check_place(const struct visit *v, struct place place, struct sv at)
{
    FUZZ_CHECK(place.line >= 1 && place.line <= v->lines && place.column >= 1, "%.*s stands at %u:%u of %u lines",
               SV_ARG(at), place.line, place.column, v->lines);
}

static void check_value(struct visit *v, const struct pointer *at, const struct json *value)
{
    struct sv text = pointer_print(at, v->arena);

    if (v->left == 0)
        return;
    v->left--;
    check_place(v, positions_value(v->doc->positions, text), text);
    check_place(v, positions_key(v->doc->positions, text), text);
    for (struct value_iter it = value_iter(value); value_next(&it);) {
        struct pointer step = it.key.p ? pointer_key(at, it.key) : pointer_index(at, it.index);

        check_value(v, &step, it.value);
    }
}

/* But for how numbers are spelled. */
static bool say_the_same(const struct json *a, const struct json *b)
{
    struct value_iter left = value_iter(a), right = value_iter(b);

    if (value_type(a) != value_type(b) || value_size(a) != value_size(b))
        return false;
    if (!value_is(a, VALUE_NUMBER) && !sv_eq(value_scalar_text(a), value_scalar_text(b)))
        return false;
    while (value_next(&left) && value_next(&right))
        if (!sv_eq(left.key, right.key) || !say_the_same(left.value, right.value))
            return false;
    return true;
}

/* NEL, LS and PS end a line in YAML, which folds it; in JSON they are text. */
static bool has_breaks_of_yaml(struct sv text)
{
    return memmem(text.p, text.n, "\xc2\x85", 2) || memmem(text.p, text.n, "\xe2\x80\xa8", 3) ||
           memmem(text.p, text.n, "\xe2\x80\xa9", 3);
}

static void check_json(const struct yaml_doc *doc, struct sv text, struct arena *a)
{
    struct err e = { .code = ERR_NONE };
    const struct json *root = has_breaks_of_yaml(text) ? NULL : doc_parse(text, a, &e);

    if (value_type(root) >= VALUE_ARRAY)
        FUZZ_CHECK(doc && !doc->next && say_the_same(root, doc->root), "two readers of one JSON: %.*s and %.*s",
                   SV_ARG(text), SV_ARG(doc ? doc->json_text : SV("")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(MEMORY);
    struct sv text = fuzz_input(data, size);
    struct yaml_doc *docs = NULL;
    struct err e = { .code = ERR_NONE };
    struct pointer root = POINTER_ROOT;
    size_t index = 0;

    if (!yaml_read(SV("in.yaml"), text, &a, &docs, &e)) {
        fuzz_check_place(&e, "in.yaml", &a);
        FUZZ_CHECK(!docs, "documents of a stream that was refused");
        return 0;
    }
    check_json(docs, text, &a);
    for (const struct yaml_doc *doc = docs; doc; doc = doc->next) {
        struct visit v = { .doc = doc, .arena = &a, .lines = count_lines(text), .left = VISITS_MAX };

        FUZZ_CHECK(value_equal(doc->root, fuzz_json(doc->json_text, &a)), "its JSON says something else");
        FUZZ_CHECK(doc->index >= index, "documents out of order");
        index = doc->index + 1;
        check_value(&v, &root, doc->root);
    }
    return 0;
}
