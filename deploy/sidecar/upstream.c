/* SPDX-License-Identifier: Apache-2.0 */
/* Name servers may be slow or gone, and certificates have to be read anew all
 * the same: getaddrinfo_a() asks them from threads of its own. */
#include "sidecar/upstream.h"
#include "base/text.h"
#include <arpa/inet.h>

enum { FIRST_SECONDS = 5 };

static const struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG };

/* A last label of digits only: an IPv4 address, for no name may end so. */
static bool is_address(struct sv host)
{
    size_t dot = sv_find_last(host, '.'), number = 0;

    return text_to_size(sv_skip(host, dot == host.n ? 0 : dot + 1), &number);
}

bool upstream_parse(const struct settings *s, struct upstreams *all, struct err *e)
{
    struct sv rest = s->upstreams, names = s->upstream_names;

    *all = (struct upstreams){ 0 };
    while (s->upstreams.n > 0 && rest.p) {
        struct upstream *u = &all->list[all->count++];
        struct sv name = sv_cut(&names, ',');

        u->port = sv_cut(&rest, ',');
        u->host = sv_cut(&u->port, ':');
        u->name = name.n > 0 ? name : u->host;
        memcpy(u->host_text, u->host.p, u->host.n); /* 253 at most, checked */
        if (is_address(u->name))
            return err_set(e, ERR_INPUT,
                           "upstream `%.*s` of FIPS_PROXY_UPSTREAMS is an address: name it by its DNS name, or say in "
                           "FIPS_PROXY_UPSTREAM_NAMES which name its certificate has",
                           SV_ARG(u->host));
    }
    return true;
}

static void print_address(const struct addrinfo *info, char text[INET6_ADDRSTRLEN])
{
    const void *bytes = info->ai_family == AF_INET
                            ? (const void *)&((const struct sockaddr_in *)(const void *)info->ai_addr)->sin_addr
                            : (const void *)&((const struct sockaddr_in6 *)(const void *)info->ai_addr)->sin6_addr;

    if (!inet_ntop(info->ai_family, bytes, text, INET6_ADDRSTRLEN))
        text[0] = '\0';
}

static bool is_among(const struct addrinfo *answers, const char *address)
{
    char text[INET6_ADDRSTRLEN];

    for (; answers; answers = answers->ai_next) {
        print_address(answers, text);
        if (strcmp(text, address) == 0)
            return true;
    }
    return false;
}

void upstream_ask(struct upstreams *all)
{
    for (size_t i = 0; i < all->count; i++) {
        struct upstream *u = &all->list[i];
        struct gaicb *lookups[] = { &u->lookup };

        if (u->is_asked)
            continue;
        u->lookup = (struct gaicb){ .ar_name = u->host_text, .ar_request = &hints };
        u->is_asked = getaddrinfo_a(GAI_NOWAIT, lookups, 1, NULL) == 0;
    }
}

static bool take(struct upstream *u)
{
    struct addrinfo *answers = u->lookup.ar_result;
    bool changed = answers && !is_among(answers, u->address);

    if (changed)
        print_address(answers, u->address);
    if (answers)
        freeaddrinfo(answers);
    u->is_asked = false;
    return changed;
}

bool upstream_take(struct upstreams *all)
{
    bool changed = false;

    for (size_t i = 0; i < all->count; i++)
        if (all->list[i].is_asked && gai_error(&all->list[i].lookup) != EAI_INPROGRESS)
            changed = take(&all->list[i]) || changed;
    return changed;
}

void upstream_first(struct upstreams *all)
{
    const struct timespec second = { .tv_sec = 1 };

    upstream_ask(all);
    for (int waited = 0; waited < FIRST_SECONDS; waited++) {
        const struct gaicb *pending[SETTINGS_UPSTREAMS_MAX];
        int count = 0;

        for (size_t i = 0; i < all->count; i++)
            if (all->list[i].is_asked && gai_error(&all->list[i].lookup) == EAI_INPROGRESS)
                pending[count++] = &all->list[i].lookup;
        if (count == 0)
            break;
        if (gai_suspend(pending, count, &second) == 0)
            waited--; /* one is there, and it took no second */
    }
    (void)upstream_take(all);
}
