/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libcurl, told everything that matters. What TLS it offers is set by net/tls
 * on the very context that libcurl made, and what was negotiated is looked at
 * before the request (and the token in it) is sent.
 */
#include "api/client.h"
#include "base/buf.h"
#include "base/text.h"
#include "net/tls.h"
#include <curl/curl.h>

enum { CONNECT_MS = 5000, CAUSE_MAX = 200 };

struct client {
    const struct client_target *target;
    CURL *curl;
    struct curl_slist *fixed; /* headers of every request */
    struct curl_slist *connect_to;
    uint64_t timeout_ms;
    char cause[CURL_ERROR_SIZE];
    struct err tls; /* why we ended the connection ourselves */
    bool is_too_large;
};

/* Where an answer goes. */
struct sink {
    struct client *client;
    struct buf body;
};

static const struct {
    CURLcode code;
    enum err_code fault;
    const char *remedy;
} failures[] = {
    { CURLE_COULDNT_RESOLVE_HOST, ERR_IO, "see the server's name, and the DNS of this machine" },
    { CURLE_COULDNT_CONNECT, ERR_IO, "nothing answers there: is the API server up, and its address right?" },
    { CURLE_OPERATION_TIMEDOUT, ERR_IO, "see whether something between drops what is sent, or raise --timeout" },
    { CURLE_PEER_FAILED_VERIFICATION, ERR_INPUT,
      "the server's certificate is not of the CA we were given, not for this name, or does not count by our clock: see "
      "certificate-authority(-data) and tls-server-name" },
    { CURLE_SSL_CACERT_BADFILE, ERR_INPUT, "certificate-authority(-data) must be PEM" },
    { CURLE_SSL_CERTPROBLEM, ERR_INPUT,
      "client-certificate(-data) and client-key(-data) must be PEM and belong together, with a key that FIPS takes" },
    { CURLE_SSL_CONNECT_ERROR, ERR_IO,
      "the server must be a TLS server with TLS 1.2 or 1.3, AES-GCM and P-256, P-384 or P-521, and take our "
      "certificate" },
    { CURLE_URL_MALFORMAT, ERR_INPUT, "server must read https://HOST:PORT" },
    { CURLE_UNSUPPORTED_PROTOCOL, ERR_INPUT, "server must read https://HOST:PORT" },
    { CURLE_GOT_NOTHING, ERR_IO, "the connection ended without an answer: try again" },
    { CURLE_PARTIAL_FILE, ERR_IO, "the connection ended in the middle of an answer: try again" },
    { CURLE_RECV_ERROR, ERR_IO, "the connection ended: try again" },
    { CURLE_SEND_ERROR, ERR_IO, "the connection ended: try again" },
    { CURLE_OUT_OF_MEMORY, ERR_NOMEM, "there is no memory" },
};

const char *client_library(void)
{
    return curl_version_info(CURLVERSION_NOW)->version;
}

const struct client_target *client_target(const struct client *c)
{
    return c->target;
}

static size_t receive(char *p, size_t size, size_t n, void *arg)
{
    struct sink *s = arg;

    if (n * size > CLIENT_ANSWER_MAX - s->body.len) {
        s->client->is_too_large = true;
        return 0;
    }
    buf_add(&s->body, (struct sv){ p, n * size });
    return buf_ok(&s->body) ? n * size : 0;
}

static CURLcode restrict_tls(CURL *curl, void *ctx, void *arg)
{
    struct client *c = arg;

    (void)curl;
    return tls_restrict_client(ctx, &c->tls) ? CURLE_OK : CURLE_SSL_CIPHER;
}

/* Connected, and nothing said yet. */
static int look_at_tls(void *arg, char *to, char *from, int to_port, int from_port)
{
    struct client *c = arg;
    struct curl_tlssessioninfo *session = NULL;

    (void)to;
    (void)from;
    (void)to_port;
    (void)from_port;
    if (curl_easy_getinfo(c->curl, CURLINFO_TLS_SSL_PTR, &session) != CURLE_OK || !session || !session->internals)
        return c->target->may_be_plain ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
    if (tls_is_approved(session->internals))
        return CURL_PREREQFUNC_OK;
    err_set(&c->tls, ERR_INPUT,
            "TLS 1.2 without extended master secret, which FIPS 140-3 does not take; let the server speak TLS 1.3");
    return CURL_PREREQFUNC_ABORT;
}

static bool set_blob(CURL *curl, CURLoption option, struct sv pem)
{
    struct curl_blob blob = { .data = (void *)(uintptr_t)pem.p, .len = pem.n, .flags = CURL_BLOB_NOCOPY };

    return !pem.p || curl_easy_setopt(curl, option, &blob) == CURLE_OK;
}

static bool set_credentials(struct client *c)
{
    const struct client_target *t = c->target;

    return set_blob(c->curl, CURLOPT_CAINFO_BLOB, t->ca) && set_blob(c->curl, CURLOPT_SSLCERT_BLOB, t->cert) &&
           set_blob(c->curl, CURLOPT_SSLKEY_BLOB, t->key) &&
           curl_easy_setopt(c->curl, CURLOPT_SSL_CTX_FUNCTION, restrict_tls) == CURLE_OK &&
           curl_easy_setopt(c->curl, CURLOPT_SSL_CTX_DATA, c) == CURLE_OK &&
           curl_easy_setopt(c->curl, CURLOPT_PREREQFUNCTION, look_at_tls) == CURLE_OK &&
           curl_easy_setopt(c->curl, CURLOPT_PREREQDATA, c) == CURLE_OK;
}

static bool set_options(struct client *c)
{
    const struct {
        CURLoption option;
        long value;
    } numbers[] = {
        { CURLOPT_NOSIGNAL, 1 },
        { CURLOPT_SSL_VERIFYPEER, 1 },
        { CURLOPT_SSL_VERIFYHOST, 2 },
        { CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 | CURL_SSLVERSION_MAX_TLSv1_3 },
        { CURLOPT_FOLLOWLOCATION, 0 },
        { CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1 },
        { CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS },
        { CURLOPT_TIMEOUT_MS, c->timeout_ms > LONG_MAX ? LONG_MAX : (long)c->timeout_ms },
    };

    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        if (curl_easy_setopt(c->curl, numbers[i].option, numbers[i].value) != CURLE_OK)
            return false;
    return curl_easy_setopt(c->curl, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(c->curl, CURLOPT_NOPROXY, "*") == CURLE_OK &&
           curl_easy_setopt(c->curl, CURLOPT_PROTOCOLS_STR, c->target->may_be_plain ? "https,http" : "https") ==
               CURLE_OK &&
           curl_easy_setopt(c->curl, CURLOPT_ERRORBUFFER, c->cause) == CURLE_OK &&
           curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, receive) == CURLE_OK;
}

static bool add_header(struct curl_slist **list, const char *line)
{
    struct curl_slist *longer = curl_slist_append(*list, line);

    *list = longer ? longer : *list;
    return longer != NULL;
}

/* What could end the header line, or is no token at all. */
static bool is_token(struct sv s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] > '~')
            return false;
    return s.n > 0;
}

static bool add_headers(struct client *c, struct err *e)
{
    CLEANUP(arena_wipe) struct arena a = ARENA_INIT(1 << 20);
    const struct client_target *t = c->target;
    const char *bearer;

    if (!add_header(&c->fixed, "Accept: application/json") || !add_header(&c->fixed, "Expect:") ||
        !add_header(&c->fixed, "User-Agent: fipsgate"))
        return err_nomem(e);
    if (!t->token.p)
        return true;
    if (!is_token(t->token))
        return err_set(e, ERR_INPUT, "%.*s: the token is empty, or holds what no token holds", SV_ARG(t->from));
    bearer = arena_cstr(&a, (struct sv){ t->token.p, t->token.n });
    bearer = bearer ? arena_printf(&a, "Authorization: Bearer %s", bearer).p : NULL;
    return (bearer && add_header(&c->fixed, bearer)) || err_nomem(e);
}

/* "https://HOST:PORT/PATH" in parts; the port may be missing, the host be "[::1]". */
struct parts {
    struct sv host, port, path;
};

static struct parts split(struct sv server)
{
    struct sv rest = sv_skip(server, sizeof("https://") - 1), host, path = rest;
    size_t slash = sv_find(rest, '/'), colon, bracket;

    path = sv_skip(rest, slash);
    host = (struct sv){ rest.p, slash };
    bracket = sv_find_last(host, ']');
    colon = sv_find_last(host, ':');
    if (colon == host.n || (bracket != host.n && colon < bracket))
        return (struct parts){ host, SV("443"), path };
    return (struct parts){ (struct sv){ host.p, colon }, sv_skip(host, colon + 1), path };
}

/* Calls the host by the name that its certificate has, at its own address. */
static bool rename_host(struct client *c, struct err *e)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(64 << 10);
    struct parts at = split(c->target->server);
    struct sv line;

    if (!c->target->tls_name.p)
        return true;
    line = arena_printf(&a, "::%.*s:%.*s", SV_ARG(at.host), SV_ARG(at.port));
    return (line.p && add_header(&c->connect_to, line.p) &&
            curl_easy_setopt(c->curl, CURLOPT_CONNECT_TO, c->connect_to) == CURLE_OK) ||
           err_nomem(e);
}

static bool set_up(struct client *c, struct err *e)
{
    bool is_https = sv_starts_with(c->target->server, SV("https://"));

    if (!is_https && !(c->target->may_be_plain && sv_starts_with(c->target->server, SV("http://"))))
        return err_set(e, ERR_INPUT, "%.*s: the server is `%.*s`, and must read https://HOST:PORT",
                       SV_ARG(c->target->from), SV_ARG(c->target->server));
    c->curl = curl_easy_init();
    if (!c->curl)
        return err_nomem(e);
    return ((set_options(c) && set_credentials(c)) ||
            err_set(e, ERR_IO, "libcurl %s lacks an option", client_library())) &&
           add_headers(c, e) && rename_host(c, e);
}

struct client *client_new(const struct client_target *target, uint64_t timeout_ms, struct err *e)
{
    struct client *c = calloc(1, sizeof(*c));

    if (!c) {
        err_nomem(e);
        return NULL;
    }
    c->target = target;
    c->timeout_ms = timeout_ms;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(c);
        err_set(e, ERR_IO, "libcurl %s does not start", client_library());
        return NULL;
    }
    if (set_up(c, e))
        return c;
    client_free(c);
    return NULL;
}

void client_free(struct client *c)
{
    if (!c)
        return;
    curl_easy_cleanup(c->curl);
    for (struct curl_slist *h = c->fixed; h; h = h->next)
        explicit_bzero(h->data, strlen(h->data));
    curl_slist_free_all(c->fixed);
    curl_slist_free_all(c->connect_to);
    curl_global_cleanup();
    free(c);
}

void client_freep(struct client **c)
{
    client_free(*c);
}

static bool explain(struct client *c, CURLcode code, struct arena *a, struct err *e)
{
    const char *cause = c->cause[0] ? c->cause : curl_easy_strerror(code);
    struct sv shown = text_printable(a, sv_from(cause), CAUSE_MAX);

    if (c->tls.code != ERR_NONE) {
        *e = c->tls;
        return false;
    }
    if (c->is_too_large)
        return err_set(e, ERR_LIMIT, "the answer is larger than %d MiB; is this an API server?",
                       CLIENT_ANSWER_MAX >> 20);
    for (size_t i = 0; i < ARRAY_LEN(failures); i++)
        if (failures[i].code == code)
            return err_set(e, failures[i].fault, "%.*s; %s", SV_ARG(shown), failures[i].remedy);
    return err_set(e, ERR_IO, "%.*s", SV_ARG(shown));
}

static const char *url_of(const struct client *c, struct sv path, struct arena *a)
{
    struct parts at = split(c->target->server);
    struct buf url = BUF_IN(a);

    if (c->target->tls_name.p) {
        buf_add(&url, SV("https://"));
        buf_add(&url, c->target->tls_name);
        buf_add_char(&url, ':');
        buf_add(&url, at.port);
        buf_add(&url, at.path);
    } else {
        buf_add(&url, c->target->server);
    }
    buf_add(&url, path);
    buf_add_char(&url, '\0');
    return buf_ok(&url) ? url.p : NULL;
}

static bool set_request(struct client *c, const struct client_request *r, struct curl_slist *headers, struct arena *a)
{
    const char *url = url_of(c, r->path, a);

    return url && curl_easy_setopt(c->curl, CURLOPT_URL, url) == CURLE_OK &&
           curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
           curl_easy_setopt(c->curl, CURLOPT_HTTPGET, 1L) == CURLE_OK &&
           (!r->body.p || (curl_easy_setopt(c->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.n) == CURLE_OK &&
                           curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS, r->body.p) == CURLE_OK)) &&
           curl_easy_setopt(c->curl, CURLOPT_CUSTOMREQUEST, r->method) == CURLE_OK;
}

static int64_t date_of(CURL *curl)
{
    struct curl_header *h = NULL;
    time_t at =
        curl_easy_header(curl, "Date", 0, CURLH_HEADER, -1, &h) == CURLHE_OK ? curl_getdate(h->value, NULL) : -1;

    return at > 0 ? (int64_t)at : 0;
}

static bool keep_answer(struct client *c, const struct sink *s, struct arena *a, struct client_answer *out,
                        struct err *e)
{
    const char *type = NULL;

    curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &out->status);
    curl_easy_getinfo(c->curl, CURLINFO_CONTENT_TYPE, &type);
    out->date = date_of(c->curl);
    out->body = buf_sv(&s->body);
    out->content_type = text_printable(a, type ? arena_copy(a, sv_from(type)) : SV(""), CAUSE_MAX);
    return out->content_type.p || arena_error(a, e);
}

bool client_send(struct client *c, const struct client_request *r, struct arena *a, struct client_answer *out,
                 struct err *e)
{
    struct sink sink = { .client = c, .body = BUF_IN(a) };
    struct curl_slist type = { .next = c->fixed };
    CURLcode code;

    *out = (struct client_answer){ 0 };
    c->cause[0] = '\0';
    c->tls = (struct err){ 0 };
    c->is_too_large = false;
    if (r->content_type) {
        struct sv line = arena_printf(a, "Content-Type: %s", r->content_type);

        type.data = arena_cstr(a, line);
        if (!type.data)
            return arena_error(a, e);
    }
    if (!set_request(c, r, type.data ? &type : c->fixed, a) ||
        curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, &sink) != CURLE_OK)
        return err_nomem(e);
    code = curl_easy_perform(c->curl);
    if (!buf_ok(&sink.body))
        return arena_error(a, e);
    return code == CURLE_OK ? keep_answer(c, &sink, a, out, e) : explain(c, code, a, e);
}
