/* SPDX-License-Identifier: Apache-2.0 */
/* A small libmicrohttpd daemon with a thread of its own. */
#include "http/probe.h"
#include "base/attr.h"
#include <microhttpd.h>

enum { PROBE_CONNECTIONS = 64, PROBE_TIMEOUT_S = 10, PROBE_POOL = 8 << 10, PAGE_MAX = 4 << 20 };

struct probe {
    struct probe_config config;
    struct MHD_Daemon *daemon;
};

struct page {
    struct buf text;
    unsigned status;
    const char *content_type;
};

/* Every check is asked, so that ?verbose tells all; `only_live` leaves out the others. */
static void run_checks(const struct probe *p, struct page *page, const char *name, bool only_live, bool verbose)
{
    bool well = true;

    for (size_t i = 0; i < p->config.check_count; i++) {
        const struct probe_check *c = &p->config.checks[i];
        CLEANUP(buf_fini) struct buf text = BUF_INIT(PAGE_MAX);
        bool ok;

        if (only_live && !c->for_live)
            continue;
        ok = c->ok(c->arg, &text);
        well = well && ok;
        if (verbose || !ok)
            buf_printf(&page->text, "[%c]%s %s: %.*s\n", ok ? '+' : '-', c->name, ok ? "ok" : "failed",
                       (int)buf_sv(&text).n, buf_sv(&text).p);
    }
    page->status = well ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE;
    if (verbose || !well)
        buf_printf(&page->text, "%s check %s\n", name, well ? "passed" : "failed");
    else
        buf_add(&page->text, SV("ok\n"));
}

static void page_livez(const struct probe *p, struct page *page, bool verbose)
{
    run_checks(p, page, "livez", true, verbose);
}

static void page_readyz(const struct probe *p, struct page *page, bool verbose)
{
    run_checks(p, page, "readyz", false, verbose);
}

static void page_metrics(const struct probe *p, struct page *page, bool verbose UNUSED)
{
    page->content_type = "text/plain; version=0.0.4; charset=utf-8";
    metrics_print(&page->text, p->config.facts);
}

static void page_version(const struct probe *p, struct page *page, bool verbose UNUSED)
{
    page->content_type = "application/json";
    p->config.version(p->config.version_arg, &page->text);
    buf_add_char(&page->text, '\n');
}

static const struct {
    struct sv path;
    void (*fill)(const struct probe *p, struct page *page, bool verbose);
} pages[] = {
    { SV_INIT("/livez"), page_livez },
    { SV_INIT("/metrics"), page_metrics },
    { SV_INIT("/readyz"), page_readyz },
    { SV_INIT("/version"), page_version },
};

static void fill(const struct probe *p, struct page *page, struct sv path, bool verbose)
{
    for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
        if (!sv_eq(pages[i].path, path))
            continue;
        pages[i].fill(p, page, verbose);
        return;
    }
    page->status = MHD_HTTP_NOT_FOUND;
    buf_add(&page->text, SV("no such path; here are /livez, /readyz, /metrics and /version (the webhook is on the "
                            "other port)\n"));
}

static enum MHD_Result send_page(struct MHD_Connection *connection, const struct page *page)
{
    struct sv body = buf_sv(&page->text);
    void *bytes = (void *)(uintptr_t)body.p; /* copied */
    struct MHD_Response *response = MHD_create_response_from_buffer(body.n, bytes, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result result = MHD_NO;

    if (!response)
        return MHD_NO;
    if (MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, page->content_type) == MHD_YES &&
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD") == MHD_YES)
        result = MHD_queue_response(connection, page->status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version UNUSED, const char *data UNUSED, size_t *data_size UNUSED,
                                  void **con_cls UNUSED)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(PAGE_MAX);
    struct page page = { .text = text, .status = MHD_HTTP_OK, .content_type = "text/plain; charset=utf-8" };
    bool reads = sv_eq(sv_from(method), SV("GET")) || sv_eq(sv_from(method), SV("HEAD"));
    bool verbose = MHD_lookup_connection_value_n(connection, MHD_GET_ARGUMENT_KIND, "verbose", strlen("verbose"), NULL,
                                                 NULL) == MHD_YES;
    enum MHD_Result result;

    if (reads) {
        fill(cls, &page, sv_from(url), verbose);
    } else {
        page.status = MHD_HTTP_METHOD_NOT_ALLOWED;
        buf_add(&page.text, SV("this port takes GET and HEAD only\n"));
    }
    result = buf_ok(&page.text) ? send_page(connection, &page) : MHD_NO;
    text = page.text;
    return result;
}

struct probe *probe_start(const struct probe_config *config, struct err *e)
{
    struct probe *p = malloc(sizeof(*p));

    if (!p) {
        err_nomem(e);
        return NULL;
    }
    p->config = *config;
    p->daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, on_request, p, MHD_OPTION_LISTEN_SOCKET,
                                 config->fd, MHD_OPTION_CONNECTION_LIMIT, (unsigned)PROBE_CONNECTIONS,
                                 MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)PROBE_TIMEOUT_S,
                                 MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)PROBE_POOL, MHD_OPTION_END);
    if (p->daemon)
        return p;
    err_set(e, ERR_IO, "cannot start the probe listener: out of memory or descriptors");
    free(p);
    return NULL;
}

void probe_stop(struct probe *p)
{
    if (!p)
        return;
    MHD_stop_daemon(p->daemon);
    free(p);
}
