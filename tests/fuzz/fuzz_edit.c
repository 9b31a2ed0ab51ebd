/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Four bytes that choose an edit, then any YAML: what is refused says why, and
 * what is done says what was asked for and nothing else, in a text that is
 * edited where it was read.
 */
#include "fuzz/fuzz.h"
#include "yaml/edit.h"
#include "yaml/transcode.h"
#include "json/pointer.h"

enum { MEMORY = 64 << 20, HEAD = 4 };

static const char *const values[] = {
    "\"new\"", "\"yes\"", "\"two\\nlines\\n\"", "17", "null", "{}", "[\"a: b\",{\"c\":[]}]", "{\"x\":{\"z\":\"# no\"}}",
};

/* Downwards, by the digits of a number. */
static const struct json *walk_down(const struct json *v, unsigned steps, struct buf *pointer)
{
    for (; value_size(v) > 0 && steps % 4 != 3; steps /= 4) {
        size_t left = steps % 4 == 2 ? value_size(v) - 1 : steps % 4 % value_size(v);

        for (struct value_iter it = value_iter(v); value_next(&it);) {
            if (left-- > 0)
                continue;
            buf_add_char(pointer, '/');
            if (it.key.p)
                pointer_escape(pointer, it.key);
            else
                buf_printf(pointer, "%zu", it.index);
            v = it.value;
            break;
        }
        if (steps == 0)
            break;
    }
    return v;
}

static struct edit choose(const uint8_t *head, const struct yaml_doc *docs, struct arena *a)
{
    struct buf pointer = BUF_IN(a);
    struct edit edit = { .value = sv_from(values[head[0] / 4 % ARRAY_LEN(values)]), .kind = head[0] % 4 };

    for (unsigned n = head[1] % 4; n > 0 && docs->next; n--)
        docs = docs->next;
    walk_down(docs->root, head[2] * 256u + head[3], &pointer);
    if (edit.kind == EDIT_MEMBER)
        buf_add(&pointer, head[1] & 4 ? SV("/a") : SV("/new one"));
    edit.document = docs->index;
    edit.pointer = buf_sv(&pointer);
    return edit;
}

static const struct json *root_of(const struct yaml_doc *docs, size_t index)
{
    while (docs && docs->index != index)
        docs = docs->next;
    return docs ? docs->root : NULL;
}

/* What stands now where the edit put something. */
static void check_place(const struct edit *edit, const struct json *before, const struct json *after, struct arena *a)
{
    const struct json *was = pointer_get(before, edit->pointer), *is = pointer_get(after, edit->pointer);
    size_t size = value_size(was);

    if (edit->kind >= EDIT_APPEND) {
        FUZZ_CHECK(value_size(is) == size + 1, "%zu items became %zu", size, value_size(is));
        for (size_t i = 0; i < size && i < 100; i++)
            FUZZ_CHECK(value_equal(value_at(was, i), value_at(is, i + (edit->kind == EDIT_INSERT))),
                       "item %zu is another one", i);
        is = value_at(is, edit->kind == EDIT_APPEND ? size : 0);
    }
    FUZZ_CHECK(value_equal(is, fuzz_json(edit->value, a)), "it is something else than %.*s", SV_ARG(edit->value));
}

static void check_done(const struct edit *edit, const struct yaml_doc *before, struct sv text, struct arena *a)
{
    struct yaml_doc *after = NULL;
    struct err e = { .code = ERR_NONE };

    FUZZ_CHECK(yaml_read(SV("in.yaml"), text, a, &after, &e), "the new text is refused: %s", e.msg);
    check_place(edit, root_of(before, edit->document), root_of(after, edit->document), a);
    for (; before && after; before = before->next, after = after->next)
        FUZZ_CHECK(before->index == edit->document || value_equal(before->root, after->root),
                   "another document was changed");
    FUZZ_CHECK(!before && !after, "documents came or went");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(MEMORY);
    struct sv text = fuzz_input(data + (size < HEAD ? size : HEAD), size < HEAD ? 0 : size - HEAD);
    struct sv out = { NULL, 0 }, why = { NULL, 0 };
    struct yaml_doc *docs = NULL;
    struct err e = { .code = ERR_NONE };
    struct edit edit;

    if (size < HEAD || !yaml_read(SV("in.yaml"), text, &a, &docs, &e) || !docs)
        return 0;
    edit = choose(data, docs, &a);
    switch (edit_text(SV("in.yaml"), text, &edit, &a, &out, &why, &e)) {
    case EDIT_FAILED:
        FUZZ_CHECK(a.is_full || e.code == ERR_LIMIT || e.code == ERR_NOMEM, "what was read cannot be edited: %s",
                   e.msg);
        break;
    case EDIT_REFUSED:
        FUZZ_CHECK(why.n > 0, "refused without a reason");
        break;
    case EDIT_DONE:
        check_done(&edit, docs, out, &a);
        break;
    }
    return 0;
}
