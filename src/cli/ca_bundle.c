/* SPDX-License-Identifier: Apache-2.0 */
/* One patch a configuration, with the version that was read as its test. */
#include "cli/ca_bundle.h"
#include "base/base64.h"
#include "base/buf.h"

static const struct object_kind *const kinds[CA_BUNDLE_CONFIGURATIONS] = { &object_validating_webhooks,
                                                                           &object_mutating_webhooks };

enum object_outcome ca_bundle_read(struct client *c, struct sv name, struct arena *a, struct ca_bundle *out,
                                   struct err *e)
{
    *out = (struct ca_bundle){ 0 };
    for (size_t i = 0; i < CA_BUNDLE_CONFIGURATIONS; i++) {
        struct object_reply reply = { 0 };
        enum object_outcome outcome;

        out->refs[i] = (struct object_ref){ .kind = kinds[i], .name = name };
        outcome = object_get(c, &out->refs[i], a, &reply, e);
        if (outcome != OBJECT_DONE && outcome != OBJECT_ABSENT)
            return outcome;
        out->roots[i] = reply.root;
    }
    return OBJECT_DONE;
}

static const struct json *webhooks_of(const struct json *root)
{
    return value_get(root, SV("webhooks"));
}

static const struct json *bundle_of(const struct json *webhook)
{
    return value_get(value_get(webhook, SV("clientConfig")), SV("caBundle"));
}

bool ca_bundle_next(struct ca_bundle_iter *it, struct arena *a)
{
    const struct json *all;
    struct err ignored = { 0 };
    struct sv text;

    while (it->configuration < CA_BUNDLE_CONFIGURATIONS &&
           it->webhook >= value_size(webhooks_of(it->bundle->roots[it->configuration]))) {
        it->configuration++;
        it->webhook = 0;
    }
    if (it->configuration >= CA_BUNDLE_CONFIGURATIONS)
        return false;
    all = webhooks_of(it->bundle->roots[it->configuration]);
    text = value_string(bundle_of(value_at(all, it->webhook++)));
    if (!text.n || !base64_read(text, a, &it->pem, &ignored))
        it->pem = (struct sv){ NULL, 0 };
    return true;
}

static void add_test(struct buf *out, const char *path, const struct json *value)
{
    buf_printf(out, "%s{\"op\":\"test\",\"path\":\"%s\",\"value\":", out->len > 1 ? "," : "", path);
    value_print(out, value);
    buf_add_char(out, '}');
}

/* How many webhooks it changes. */
static size_t print_patch(struct buf *out, const struct json *root, struct sv text)
{
    size_t changed = 0;

    buf_add_char(out, '[');
    add_test(out, "/metadata/resourceVersion", value_get(value_get(root, SV("metadata")), SV("resourceVersion")));
    for (struct value_iter it = value_iter(webhooks_of(root)); value_next(&it);) {
        const struct json *old = bundle_of(it.value);
        CLEANUP(buf_fini) struct buf path = BUF_INIT(256);

        if (sv_eq(value_string(old), text))
            continue;
        buf_printf(&path, "/webhooks/%zu/name%c", it.index, '\0');
        add_test(out, path.p, value_get(it.value, SV("name")));
        buf_printf(out, ",{\"op\":\"%s\",\"path\":\"/webhooks/%zu/clientConfig/caBundle\",\"value\":\"",
                   value_is(old, VALUE_ABSENT) ? "add" : "replace", it.index);
        buf_add(out, text);
        buf_add(out, SV("\"}"));
        changed++;
    }
    buf_add_char(out, ']');
    return changed;
}

enum object_outcome ca_bundle_write(struct client *c, struct ca_bundle *b, struct sv pem, struct arena *a,
                                    struct err *e)
{
    struct buf text = BUF_IN(a);

    base64_add(&text, pem);
    for (size_t i = 0; i < CA_BUNDLE_CONFIGURATIONS; i++) {
        struct buf body = BUF_IN(a);
        size_t changed = print_patch(&body, b->roots[i], buf_sv(&text));
        enum object_outcome outcome;

        if (!buf_ok(&body) || !buf_ok(&text)) {
            arena_error(a, e);
            return OBJECT_FAILED;
        }
        if (!changed)
            continue;
        outcome = object_patch(c, &b->refs[i], buf_sv(&body), a, e);
        if (outcome != OBJECT_DONE)
            return outcome;
        b->written += changed;
    }
    return OBJECT_DONE;
}

enum object_outcome ca_bundle_delete(struct client *c, struct sv name, struct arena *a, size_t *deleted, struct err *e)
{
    for (size_t i = 0; i < CA_BUNDLE_CONFIGURATIONS; i++) {
        const struct object_ref ref = { .kind = kinds[i], .name = name };
        enum object_outcome outcome = object_delete(c, &ref, a, e);

        if (outcome != OBJECT_DONE && outcome != OBJECT_ABSENT)
            return outcome;
        *deleted += outcome == OBJECT_DONE;
    }
    return OBJECT_DONE;
}
