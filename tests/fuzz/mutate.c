/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A mutator for targets that read JSON: most of the time one value of the
 * document is changed as a value, so that what comes out is JSON again; else
 * libFuzzer changes bytes.
 */
#include "base/text.h"
#include "fuzz/fuzz.h"
#include "json/doc.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

enum { TEXT_MAX = 4096 };

enum edit_kind { EDIT_COPY, EDIT_WORD, EDIT_DROP, EDIT_KEY, EDIT_ADD, EDIT_WRAP, EDIT_TEXT, EDIT_COUNT };

struct edit {
    struct buf *out;
    const struct json *root;
    unsigned long long random;
    enum edit_kind kind;
    size_t at, seen; /* the value to change, and how many were passed */
    size_t count;
};

static const char *const values[] = {
    "null",
    "true",
    "false",
    "0",
    "-1",
    "443",
    "8443",
    "1e3",
    "18446744073709551616",
    "\"\"",
    "[]",
    "{}",
    "[[]]",
    "\"*\"",
    "\"\\u0000\"",
    "\"\\ud83d\\ude00\"",
    "\"CREATE\"",
    "\"UPDATE\"",
    "\"DELETE\"",
    "\"CONNECT\"",
    "\"Always\"",
    "\"nginx\"",
    "\"docker.io/library/nginx:1\"",
    "\"registry.k8s.io/pause:3.9\"",
    "\"123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/platform/fips-proxy:3.1\"",
    "\"fips-proxy\"",
    "\"fast\"",
    "\"gp3-encrypted\"",
    "\"LoadBalancer\"",
    "\"ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04\"",
    "\"kubernetes.io/mirror\"",
    "{\"name\":\"a\",\"image\":\"quay.io/a/b\"}",
    "{\"name\":\"v\",\"image\":{\"reference\":\"ghcr.io/a/b\"}}",
    "{\"name\":\"v\",\"ephemeral\":{\"volumeClaimTemplate\":{\"spec\":{}}}}",
    "{\"name\":\"h\",\"hostPath\":{\"path\":\"/\"}}",
};
static const char *const keys[] = {
    "metadata",
    "spec",
    "template",
    "containers",
    "initContainers",
    "ephemeralContainers",
    "volumes",
    "image",
    "reference",
    "name",
    "generateName",
    "namespace",
    "labels",
    "annotations",
    "ownerReferences",
    "finalizers",
    "deletionTimestamp",
    "ports",
    "containerPort",
    "port",
    "env",
    "envFrom",
    "value",
    "valueFrom",
    "command",
    "args",
    "lifecycle",
    "securityContext",
    "restartPolicy",
    "volumeMounts",
    "mountPath",
    "subPath",
    "hostPath",
    "csi",
    "nfs",
    "ephemeral",
    "volumeClaimTemplate",
    "volumeClaimTemplates",
    "persistentVolumeClaim",
    "storageClassName",
    "parameters",
    "provisioner",
    "tls",
    "rules",
    "ingressClassName",
    "type",
    "status",
    "object",
    "oldObject",
    "operation",
    "subResource",
    "kind",
    "group",
    "version",
    "userInfo",
    "username",
    "groups",
    "dryRun",
    "a/b",
    "~",
    "",
};

static size_t draw(struct edit *ed, size_t below)
{
    ed->random ^= ed->random << 13;
    ed->random ^= ed->random >> 7;
    ed->random ^= ed->random << 17;
    return (size_t)(ed->random >> 11) % below;
}

static size_t count_values(const struct json *v)
{
    size_t n = 1;

    for (struct value_iter it = value_iter(v); value_next(&it);)
        n += count_values(it.value);
    return n;
}

static const struct json *nth_value(const struct json *v, size_t *n)
{
    const struct json *found = *n == 0 ? v : NULL;

    for (struct value_iter it = value_iter(v); !found && value_next(&it);) {
        --*n;
        found = nth_value(it.value, n);
    }
    return found;
}

static void put_word(struct edit *ed)
{
    buf_add(ed->out, sv_from(values[draw(ed, ARRAY_LEN(values))]));
}

static void put_copy(struct edit *ed)
{
    size_t n = draw(ed, ed->count);

    value_print(ed->out, nth_value(ed->root, &n));
}

static void put_key(struct edit *ed)
{
    value_print_string(ed->out, sv_from(keys[draw(ed, ARRAY_LEN(keys))]));
}

/* The text with some of its bytes changed, if it is still text. */
static void put_text(struct edit *ed, const struct json *v)
{
    char text[TEXT_MAX];
    struct sv old = value_scalar_text(v), changed;

    if (!old.p || old.n > TEXT_MAX / 2) {
        put_word(ed);
        return;
    }
    if (old.n)
        memcpy(text, old.p, old.n);
    changed = (struct sv){ text, LLVMFuzzerMutate((uint8_t *)text, old.n, sizeof(text)) };
    value_print_string(ed->out, text_is_utf8(changed) ? changed : SV("x"));
}

static void put_edited(struct edit *ed, const struct json *v)
{
    switch (ed->kind) {
    case EDIT_COPY:
        put_copy(ed);
        break;
    case EDIT_TEXT:
        put_text(ed, v);
        break;
    case EDIT_WRAP:
        buf_add_char(ed->out, '[');
        value_print(ed->out, v);
        buf_add_char(ed->out, ']');
        break;
    default:
        put_word(ed);
        break;
    }
}

static void put_value(struct edit *ed, const struct json *v);

static void put_member(struct edit *ed, const struct value_iter *it, bool *first)
{
    bool here = ed->seen + 1 == ed->at;

    if (here && ed->kind == EDIT_DROP) {
        ed->seen += count_values(it->value);
        return;
    }
    buf_add(ed->out, *first ? SV("") : SV(","));
    *first = false;
    if (it->in_object && here && ed->kind == EDIT_KEY)
        put_key(ed);
    else if (it->in_object)
        value_print_string(ed->out, it->key);
    if (it->in_object)
        buf_add_char(ed->out, ':');
    put_value(ed, it->value);
}

static void put_container(struct edit *ed, const struct json *v, bool add)
{
    bool is_object = value_is(v, VALUE_OBJECT), first = true;

    buf_add_char(ed->out, is_object ? '{' : '[');
    for (struct value_iter it = value_iter(v); value_next(&it);) {
        put_member(ed, &it, &first);
    }
    if (add) {
        buf_add(ed->out, first ? SV("") : SV(","));
        if (is_object) {
            put_key(ed);
            buf_add_char(ed->out, ':');
        }
        if (draw(ed, 2))
            put_word(ed);
        else
            put_copy(ed);
    }
    buf_add_char(ed->out, is_object ? '}' : ']');
}

static void put_value(struct edit *ed, const struct json *v)
{
    bool here = ++ed->seen == ed->at;
    bool is_container = value_type(v) >= VALUE_ARRAY;

    if (here && !(is_container && ed->kind == EDIT_ADD) && ed->kind != EDIT_KEY && ed->kind != EDIT_DROP)
        put_edited(ed, v);
    else if (is_container)
        put_container(ed, v, here && ed->kind == EDIT_ADD);
    else
        value_print(ed->out, v);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(64 << 20);
    struct buf out = BUF_IN(&a);
    struct err e = { .code = ERR_NONE };
    struct edit ed = { .out = &out, .random = seed * 0x9E3779B97F4A7C15ull + 1 };
    size_t edits = 1 + draw(&ed, 3);
    struct sv text = fuzz_input(data, size);

    if (draw(&ed, 16) == 0)
        return LLVMFuzzerMutate(data, size, max_size);
    for (size_t i = 0; i < edits; i++) {
        ed.root = doc_parse(text, &a, &e);
        if (!ed.root)
            break;
        out = (struct buf)BUF_IN(&a);
        ed.count = count_values(ed.root);
        ed.at = 1 + draw(&ed, ed.count);
        ed.seen = 0;
        ed.kind = (enum edit_kind)draw(&ed, EDIT_COUNT);
        put_value(&ed, ed.root);
        text = buf_sv(&out);
    }
    if (!out.p || !buf_ok(&out) || out.len == 0 || out.len > max_size)
        return LLVMFuzzerMutate(data, size, max_size);
    memcpy(data, out.p, out.len);
    return out.len;
}
