/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A context names a cluster and a user; each is looked for by name in a list.
 * Read as a value, not by a table of keys (yaml/record): kubectl passes over
 * keys that it does not know, and so do the tools that write these files.
 */
#include "api/kubeconfig.h"
#include "base/base64.h"
#include "base/file.h"
#include "yaml/record.h"
#include "yaml/transcode.h"

enum { KUBECONFIG_MAX = 1 << 20, FILE_MAX = 1 << 20 };

/* A kubeconfig that is being read. */
struct reader {
    const struct yaml_doc *doc;
    const char *path;
    struct arena *arena;
    struct err *err;
};

/* A value, and where it stands. */
struct spot {
    const struct json *value;
    struct pointer at;
};

static const struct {
    struct sv key;
    const char *why;
} refused[] = {
    { SV_INIT("exec"), "runs a program, which fipsgate never does; give a token, a tokenFile or a client certificate" },
    { SV_INIT("auth-provider"),
      "asks an identity provider, which fipsgate never does; give a token, a tokenFile or a client certificate" },
    { SV_INIT("username"), "names and passwords are sent nowhere; give a token, a tokenFile or a client certificate" },
    { SV_INIT("password"), "names and passwords are sent nowhere; give a token, a tokenFile or a client certificate" },
    { SV_INIT("as"), "fipsgate impersonates nobody; give the credentials of the account itself" },
};

static bool is_empty(const struct json *v)
{
    return value_is_nothing(v) || (value_is(v, VALUE_STRING) && value_string(v).n == 0);
}

static bool complain(const struct reader *r, const struct spot *s, const char *key, const char *what)
{
    struct pointer at = pointer_key(&s->at, sv_from(key));

    return record_error(r->doc, value_is_nothing(value_get(s->value, sv_from(key))) ? &s->at : &at, r->err, "`%s` %s",
                        key, what);
}

/* A string, absent where there is none or an empty one. */
static bool text_of(const struct reader *r, const struct spot *s, const char *key, struct sv *out)
{
    const struct json *v = value_get(s->value, sv_from(key));

    *out = (struct sv){ NULL, 0 };
    if (is_empty(v))
        return true;
    *out = value_string(v);
    return out->p || complain(r, s, key, "must be a string");
}

static bool need_text(const struct reader *r, const struct spot *s, const char *key, struct sv *out)
{
    return text_of(r, s, key, out) && (out->p || complain(r, s, key, "is missing"));
}

/* Relative to the kubeconfig, as everywhere in it. */
static const char *path_of(const struct reader *r, struct sv name)
{
    struct sv dir = sv_from(r->path);
    struct buf path = BUF_IN(r->arena);
    size_t slash = sv_find_last(dir, '/');

    if (name.p[0] != '/' && slash != dir.n)
        buf_add(&path, (struct sv){ dir.p, slash + 1 });
    buf_add(&path, name);
    buf_add_char(&path, '\0');
    return buf_ok(&path) ? path.p : NULL;
}

static bool read_file(const struct reader *r, const struct spot *s, const char *key, struct sv name, struct sv *out)
{
    const char *path = path_of(r, name);
    struct err inner = { 0 };

    if (!path)
        return arena_error(r->arena, r->err);
    return file_read(path, FILE_MAX, r->arena, out, &inner) || complain(r, s, key, inner.msg);
}

/* `key`-data in base64, or the file that `key` names; data wins, as for kubectl. */
static bool bytes_of(const struct reader *r, const struct spot *s, const char *key, struct sv *out)
{
    const char *data_key = arena_printf(r->arena, "%s-data", key).p;
    struct sv data, file;
    struct err inner = { 0 };

    if (!data_key)
        return arena_error(r->arena, r->err);
    if (!text_of(r, s, data_key, &data) || !text_of(r, s, key, &file))
        return false;
    if (data.p)
        return base64_read(data, r->arena, out, &inner) || complain(r, s, data_key, inner.msg);
    return !file.p || read_file(r, s, key, file, out);
}

/* The one of `list` with that name: its member `inner`. */
static bool find(const struct reader *r, const char *list, struct sv name, const char *inner, struct spot *out)
{
    const struct json *all = value_get(r->doc->root, sv_from(list));
    const struct pointer root = POINTER_ROOT, at = pointer_key(&root, sv_from(list));

    for (struct value_iter it = value_iter(all); value_is(all, VALUE_ARRAY) && value_next(&it);) {
        struct sv text;

        if (!sv_eq(value_string(value_get(it.value, SV("name"))), name))
            continue;
        text = arena_printf(r->arena, "/%s/%zu/%s", list, it.index, inner);
        if (!text.p)
            return arena_error(r->arena, r->err);
        out->value = value_get(it.value, sv_from(inner));
        out->at = pointer_text(NULL, text);
        return value_is(out->value, VALUE_OBJECT) || record_error(r->doc, &out->at, r->err, "`%s` is missing", inner);
    }
    return record_error(r->doc, &at, r->err, "`%s` has no `%.*s`", list, SV_ARG(name));
}

static bool read_cluster(const struct reader *r, struct sv name, struct client_target *out)
{
    struct spot s;

    if (!find(r, "clusters", name, "cluster", &s) || !need_text(r, &s, "server", &out->server) ||
        !text_of(r, &s, "tls-server-name", &out->tls_name) || !bytes_of(r, &s, "certificate-authority", &out->ca))
        return false;
    if (!sv_starts_with(out->server, SV("https://")))
        return complain(r, &s, "server", "must read https://HOST:PORT");
    if (value_is_true(value_get(s.value, SV("insecure-skip-tls-verify"))))
        return complain(r, &s, "insecure-skip-tls-verify",
                        "is not done: give certificate-authority or certificate-authority-data");
    if (!is_empty(value_get(s.value, SV("proxy-url"))))
        return complain(r, &s, "proxy-url", "is not used: the API server must be reached without a proxy");
    while (sv_ends_with(out->server, SV("/")))
        out->server.n--;
    return true;
}

static bool refuse(const struct reader *r, const struct spot *s)
{
    for (size_t i = 0; i < ARRAY_LEN(refused); i++)
        if (!is_empty(value_get(s->value, refused[i].key)))
            return complain(r, s, refused[i].key.p, refused[i].why);
    return true;
}

static struct sv strip(struct sv s)
{
    while (s.n && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r'))
        s.n--;
    return sv_trim(s);
}

/* The file wins, as for kubectl: it is the one that is renewed. */
static bool read_token(const struct reader *r, const struct spot *s, struct client_target *out)
{
    struct sv file;

    if (!text_of(r, s, "token", &out->token) || !text_of(r, s, "tokenFile", &file))
        return false;
    if (file.p && !read_file(r, s, "tokenFile", file, &out->token))
        return false;
    if (out->token.p)
        out->token = strip(out->token);
    return true;
}

static bool read_user(const struct reader *r, struct sv name, struct client_target *out)
{
    struct spot s;

    if (!find(r, "users", name, "user", &s) || !refuse(r, &s) || !read_token(r, &s, out) ||
        !bytes_of(r, &s, "client-certificate", &out->cert) || !bytes_of(r, &s, "client-key", &out->key))
        return false;
    if (out->cert.p && !out->key.p)
        return complain(r, &s, "client-key", "is missing: a client certificate needs its key");
    if (out->key.p && !out->cert.p)
        return complain(r, &s, "client-certificate", "is missing: a client key needs its certificate");
    return out->token.p || out->cert.p ||
           record_error(r->doc, &s.at, r->err, "the user has no token, no tokenFile and no client certificate");
}

static bool read_context(const struct reader *r, const char *context, struct client_target *out)
{
    const struct spot root = { r->doc->root, POINTER_ROOT };
    struct sv name = sv_from(context), cluster, user;
    struct spot s;

    if (!name.p && !need_text(r, &root, "current-context", &name))
        return false;
    if (!find(r, "contexts", name, "context", &s) || !need_text(r, &s, "cluster", &cluster) ||
        !need_text(r, &s, "user", &user) || !text_of(r, &s, "namespace", &out->name_space))
        return false;
    out->from = arena_printf(r->arena, "%s, context `%.*s`", r->path, SV_ARG(name));
    if (!out->from.p)
        return arena_error(r->arena, r->err);
    return read_cluster(r, cluster, out) && read_user(r, user, out);
}

bool kubeconfig_read(const char *path, const char *context, struct arena *a, struct client_target *out, struct err *e)
{
    struct reader r = { .path = path, .arena = a, .err = e };
    struct yaml_doc *doc = NULL;
    struct sv text;

    *out = (struct client_target){ 0 };
    if (!file_read(path, KUBECONFIG_MAX, a, &text, e) || !yaml_read(sv_from(path), text, a, &doc, e))
        return false;
    if (!doc)
        return err_set(e, ERR_INPUT, "%s: empty: no kubeconfig", path);
    if (doc->next || !value_is(doc->root, VALUE_OBJECT))
        return err_set(e, ERR_INPUT, "%s: no kubeconfig: it must be one mapping", path);
    r.doc = doc;
    return read_context(&r, context, out);
}
