/* SPDX-License-Identifier: Apache-2.0 */
/* A block of lines for each certificate. */
#include "cli/inspection.h"
#include "cli/certs.h"

enum { MINUTE = 60, DAY = 24 * 60 * MINUTE };

static void wrong(struct inspection *i, const char *what, const char *remedy)
{
    i->wrong++;
    buf_add(i->out, SV("  wrong    "));
    buf_add(i->out, sv_from(what));
    if (remedy) {
        buf_add(i->out, SV("; "));
        buf_add(i->out, sv_from(remedy));
    }
    buf_add_char(i->out, '\n');
}

static void line(struct inspection *i, const char *name, struct sv text)
{
    buf_printf(i->out, "  %-8s ", name);
    buf_add(i->out, text);
    buf_add_char(i->out, '\n');
}

static void print_life(struct inspection *i, const struct certificate *c)
{
    buf_add(i->out, SV("  counts   "));
    certs_print_time(i->out, c->begins);
    buf_add(i->out, SV(" to "));
    certs_print_time(i->out, c->ends);
    if (c->ends > i->now + 2 * DAY)
        buf_printf(i->out, ", %lld days left", (long long)((c->ends - i->now) / DAY));
    else if (c->ends > i->now)
        buf_printf(i->out, ", %lld minutes left", (long long)((c->ends - i->now) / MINUTE));
    buf_add_char(i->out, '\n');
    if (c->ends <= i->now)
        wrong(i, "it has ended", "fipsgate certs rotate");
    if (c->begins > i->now)
        wrong(i, "it does not count yet", "compare the clocks of this machine and of the one that made it");
}

static void print_names(struct inspection *i, const struct certificate *c)
{
    if (!c->name_count)
        return;
    buf_add(i->out, SV("  names    "));
    for (size_t n = 0; n < c->name_count; n++) {
        buf_add(i->out, n ? SV(", ") : SV(""));
        buf_add(i->out, c->names[n]);
    }
    buf_add_char(i->out, '\n');
}

static void print_one(struct inspection *i, const char *from, size_t number, const struct certificate *c)
{
    buf_printf(i->out, "%s, %s%zu\n", from, c->is_ca ? "CA " : "certificate ", number);
    line(i, "subject", c->subject);
    line(i, "issuer", c->issuer);
    print_names(i, c);
    print_life(i, c);
    line(i, "key", c->key);
    line(i, "sha256", sv_from(c->id));
}

void inspection_pem(struct inspection *i, const char *from, struct sv pem)
{
    struct certificates all = { 0 };
    struct err e = { 0 };

    if (!certificate_read(pem, i->arena, &all, &e)) {
        buf_printf(i->out, "%s\n", from);
        wrong(i, e.msg, NULL);
        return;
    }
    for (size_t n = 0; n < all.count; n++)
        print_one(i, from, n + 1, &all.items[n]);
}

void inspection_call(struct inspection *i, const struct dial_config *config)
{
    struct dial_answer answer = { 0 };
    struct err e = { 0 };
    struct sv from = arena_printf(i->arena, "%s:%s", config->host, config->port);

    if (!from.p || !dial(config, i->arena, &answer, &e)) {
        buf_printf(i->out, "%s:%s\n", config->host, config->port);
        wrong(i, e.msg, NULL);
        return;
    }
    inspection_pem(i, from.p, answer.chain);
    buf_printf(i->out, "%s, called\n", from.p);
    line(i, "speaks", arena_printf(i->arena, "%.*s, %.*s", SV_ARG(answer.protocol), SV_ARG(answer.suite)));
    if (answer.why)
        wrong(i, answer.why, answer.remedy);
    else
        line(i, "trusted",
             arena_printf(i->arena, "yes, as %s, by %s", config->name,
                          config->ca.p ? "the CAs given" : "the CAs of this machine"));
}
