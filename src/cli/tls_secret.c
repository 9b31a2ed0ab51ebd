/* SPDX-License-Identifier: Apache-2.0 */
/* Reads three members of `data`, and writes the whole object again around them. */
#include "cli/tls_secret.h"
#include "base/base64.h"
#include "base/buf.h"

static const struct sv names[] = { SV_INIT("tls.crt"), SV_INIT("tls.key"), SV_INIT("ca.crt") };

static bool is_one_of_ours(struct sv key)
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (sv_eq(key, names[i]))
            return true;
    return false;
}

static const struct json *data_of(const struct tls_secret *s)
{
    return value_get(s->root, SV("data"));
}

static bool is_filled(const struct json *data)
{
    for (struct value_iter it = value_iter(data); value_next(&it);)
        if (value_string(it.value).n > 0)
            return true;
    return false;
}

/* Absent where it is empty, and where it is no base64, which no API server stores. */
static struct sv bytes_of(const struct tls_secret *s, struct sv key, struct arena *a)
{
    struct sv text = value_string(value_get(data_of(s), key)), out = { NULL, 0 };
    struct err ignored = { 0 };

    if (!text.n || !base64_read(text, a, &out, &ignored))
        return (struct sv){ NULL, 0 };
    return out;
}

static enum rotation_content judge(struct tls_secret *s, struct arena *a)
{
    const struct json *annotations = value_get(value_get(s->root, SV("metadata")), SV("annotations"));
    struct sv role = value_string(value_get(annotations, SV(TLS_SECRET_MARK)));
    struct err ignored = { 0 };

    if (!is_filled(data_of(s)))
        return ROTATION_EMPTY;
    if (!sv_eq(role, sv_from(s->role)))
        return ROTATION_FOREIGN;
    s->pair = (struct issued){ bytes_of(s, names[0], a), bytes_of(s, names[1], a) };
    s->ca = bytes_of(s, names[2], a);
    if (!s->pair.cert.p && !s->pair.key.p)
        return ROTATION_EMPTY;
    if (!s->pair.cert.p || !s->pair.key.p || !certificate_read(s->pair.cert, a, &s->chain, &ignored))
        return ROTATION_BROKEN;
    return certificate_has_key(&s->chain.items[0], s->pair.key) ? ROTATION_PAIR : ROTATION_BROKEN;
}

enum object_outcome tls_secret_read(struct client *c, struct tls_secret *s, struct arena *a, struct err *e)
{
    struct object_reply reply = { 0 };
    enum object_outcome outcome = object_get(c, &s->ref, a, &reply, e);

    s->root = reply.root;
    s->date = reply.date;
    s->content = ROTATION_EMPTY;
    if (outcome == OBJECT_ABSENT)
        return OBJECT_DONE;
    if (outcome == OBJECT_DONE)
        s->content = judge(s, a);
    return outcome;
}

static void add_member(struct buf *out, struct sv key, const struct json *value)
{
    value_print_string(out, key);
    buf_add_char(out, ':');
    value_print(out, value);
}

static void add_bytes(struct buf *out, struct sv key, struct sv bytes)
{
    value_print_string(out, key);
    buf_add(out, SV(":\""));
    base64_add(out, bytes);
    buf_add_char(out, '"');
}

static void print_data(struct buf *out, const struct tls_secret *s)
{
    buf_add(out, SV("\"data\":{"));
    add_bytes(out, names[0], s->pair.cert);
    buf_add_char(out, ',');
    add_bytes(out, names[1], s->pair.key);
    if (s->ca.p) {
        buf_add_char(out, ',');
        add_bytes(out, names[2], s->ca);
    }
    for (struct value_iter it = value_iter(data_of(s)); value_next(&it);) {
        if (is_one_of_ours(it.key))
            continue;
        buf_add_char(out, ',');
        add_member(out, it.key, it.value);
    }
    buf_add_char(out, '}');
}

static void print_annotations(struct buf *out, const struct tls_secret *s, const struct json *had)
{
    buf_add(out, SV("\"annotations\":{\"" TLS_SECRET_MARK "\":"));
    value_print_string(out, sv_from(s->role));
    for (struct value_iter it = value_iter(had); value_next(&it);) {
        if (sv_eq(it.key, SV(TLS_SECRET_MARK)))
            continue;
        buf_add_char(out, ',');
        add_member(out, it.key, it.value);
    }
    buf_add_char(out, '}');
}

static void print_metadata(struct buf *out, const struct tls_secret *s)
{
    const struct json *metadata = value_get(s->root, SV("metadata"));

    buf_add(out, SV("\"metadata\":{"));
    print_annotations(out, s, value_get(metadata, SV("annotations")));
    if (!s->root) {
        buf_add(out, SV(",\"name\":"));
        value_print_string(out, s->ref.name);
        buf_add(out, SV(",\"namespace\":"));
        value_print_string(out, s->ref.name_space);
        buf_add(out, SV(",\"labels\":{\"app.kubernetes.io/name\":\"fipsgate\"}"));
    }
    for (struct value_iter it = value_iter(metadata); value_next(&it);) {
        if (sv_eq(it.key, SV("annotations")) || sv_eq(it.key, SV("managedFields")))
            continue;
        buf_add_char(out, ',');
        add_member(out, it.key, it.value);
    }
    buf_add_char(out, '}');
}

static void print(struct buf *out, const struct tls_secret *s)
{
    buf_add_char(out, '{');
    print_metadata(out, s);
    buf_add_char(out, ',');
    print_data(out, s);
    if (!s->root)
        buf_add(out, SV(",\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"type\":\"kubernetes.io/tls\""));
    for (struct value_iter it = value_iter(s->root); value_next(&it);) {
        if (sv_eq(it.key, SV("metadata")) || sv_eq(it.key, SV("data")))
            continue;
        buf_add_char(out, ',');
        add_member(out, it.key, it.value);
    }
    buf_add_char(out, '}');
}

enum object_outcome tls_secret_write(struct client *c, const struct tls_secret *s, struct arena *a, struct err *e)
{
    struct buf body = BUF_IN(a);

    print(&body, s);
    if (!buf_ok(&body)) {
        arena_error(a, e);
        return OBJECT_FAILED;
    }
    return s->root ? object_replace(c, &s->ref, buf_sv(&body), a, e) : object_create(c, &s->ref, buf_sv(&body), a, e);
}
