/* SPDX-License-Identifier: Apache-2.0 */
/* A row for each situation; and years of daily runs, in which at every moment
 * what any pod may serve fits whatever any API server may trust. */
#include "cli/rotation.h"

#include "base/attr.h"
#include "net/issue.h"
#include "support/check.h"

enum { NOW = 1795334400, HOUR = 3600, DAY = 24 * HOUR, LEAF = 30 * DAY, CA = 365 * DAY };

static const struct rotation_settings settings = { LEAF, CA, 2, 3 };

/* Made so long ago, to live so long. */
#define SPAN(ago, life)                                                                                                \
    {                                                                                                                  \
        NOW - (ago)-ISSUE_BACKDATE, NOW - (ago) + (life)                                                               \
    }
#define PUBLISHED(ago)                                                                                                 \
    {                                                                                                                  \
        SPAN(ago, CA), true                                                                                            \
    }
#define PAIRS .ca = ROTATION_PAIR, .leaf = ROTATION_PAIR, .has_names = true
#define ONE_CA(ago) .ca_count = 1, .cas = { PUBLISHED(ago) }

static const struct {
    const char *what;
    struct rotation_state state;
    enum rotation_refusal refusal;
    enum rotation_reason ca, leaf;
    bool leaf_waits;
    bool keeps[3];
} rows[] = {
    { "the clock is ahead of the server's", { .server_now = NOW - 600 }, .refusal = ROTATION_CLOCK },
    { "the clock is behind the server's", { .server_now = NOW + 600 }, .refusal = ROTATION_CLOCK },
    { "the clock fell back behind the leaf",
      { PAIRS, ONE_CA(DAY), .span = SPAN(-DAY, LEAF) },
      .refusal = ROTATION_CLOCK },
    { "the clock fell back behind the CA",
      { PAIRS, ONE_CA(-DAY), .span = SPAN(DAY, LEAF) },
      .refusal = ROTATION_CLOCK },
    { "somebody else's CA", { .ca = ROTATION_FOREIGN, .current = ROTATION_NONE }, .refusal = ROTATION_FOREIGN_CA },
    { "somebody else's certificate",
      { .ca = ROTATION_PAIR, .leaf = ROTATION_FOREIGN, ONE_CA(DAY) },
      .refusal = ROTATION_FOREIGN_LEAF },
    { "first install",
      { .current = ROTATION_NONE, .signer = ROTATION_NONE, .server_now = NOW + 200 },
      .ca = ROTATION_FIRST,
      .leaf = ROTATION_FIRST },
    { "nothing to do", { PAIRS, ONE_CA(DAY), .span = SPAN(DAY, LEAF) }, .keeps = { true } },
    { "a second before two thirds", { PAIRS, ONE_CA(DAY), .span = SPAN(20 * DAY - 1, LEAF) }, .keeps = { true } },
    { "the leaf is due",
      { PAIRS, ONE_CA(DAY), .span = SPAN(20 * DAY, LEAF) },
      .leaf = ROTATION_DUE,
      .keeps = { true } },
    { "the leaf was made for longer than is wanted today, and is young",
      { PAIRS, ONE_CA(DAY), .span = SPAN(19 * DAY, 10 * LEAF) },
      .keeps = { true } },
    { "the leaf was made for longer than is wanted today",
      { PAIRS, ONE_CA(DAY), .span = SPAN(20 * DAY, 10 * LEAF) },
      .leaf = ROTATION_DUE,
      .keeps = { true } },
    { "the CA was made for longer than is wanted today",
      { PAIRS, .ca_count = 1, .cas = { { SPAN(250 * DAY, 10 * CA), true } }, .span = SPAN(DAY, LEAF) },
      .ca = ROTATION_DUE,
      .keeps = { true } },
    { "the leaf has ended",
      { PAIRS, ONE_CA(DAY), .span = SPAN(LEAF, LEAF) },
      .leaf = ROTATION_ENDED,
      .keeps = { true } },
    { "the leaf is for other names",
      { .ca = ROTATION_PAIR, .leaf = ROTATION_PAIR, ONE_CA(DAY), .span = SPAN(DAY, LEAF) },
      .leaf = ROTATION_NAMES,
      .keeps = { true } },
    { "the leaf is broken",
      { .ca = ROTATION_PAIR, .leaf = ROTATION_BROKEN, ONE_CA(DAY), .signer = ROTATION_NONE },
      .leaf = ROTATION_UNREADABLE,
      .keeps = { true } },
    { "the leaf was taken away",
      { .ca = ROTATION_PAIR, ONE_CA(DAY), .signer = ROTATION_NONE },
      .leaf = ROTATION_FIRST,
      .keeps = { true } },
    { "nobody knows who signed the leaf",
      { PAIRS, ONE_CA(DAY), .span = SPAN(DAY, LEAF), .signer = ROTATION_NONE },
      .leaf = ROTATION_ORPHANED,
      .keeps = { true } },
    { "the CA is due", { PAIRS, ONE_CA(250 * DAY), .span = SPAN(DAY, LEAF) }, .ca = ROTATION_DUE, .keeps = { true } },
    { "CA and leaf are due",
      { PAIRS, ONE_CA(250 * DAY), .span = SPAN(25 * DAY, LEAF) },
      .ca = ROTATION_DUE,
      .leaf = ROTATION_DUE,
      .leaf_waits = true,
      .keeps = { true } },
    { "the CA is due and the leaf has ended",
      { PAIRS, ONE_CA(250 * DAY), .span = SPAN(LEAF, LEAF) },
      .ca = ROTATION_DUE,
      .leaf = ROTATION_ENDED,
      .keeps = { true } },
    { "the CA has ended",
      { PAIRS, ONE_CA(CA), .span = SPAN(DAY, LEAF) },
      .ca = ROTATION_ENDED,
      .leaf = ROTATION_ORPHANED,
      .keeps = { false } },
    { "the CA is broken, and its certificate still published",
      { .ca = ROTATION_BROKEN,
        .leaf = ROTATION_PAIR,
        .has_names = true,
        ONE_CA(DAY),
        .current = ROTATION_NONE,
        .span = SPAN(DAY, LEAF) },
      .ca = ROTATION_UNREADABLE,
      .keeps = { true } },
    { "overlap: the leaf is of the old CA",
      { PAIRS, .ca_count = 2, .cas = { PUBLISHED(DAY), PUBLISHED(250 * DAY) }, .signer = 1, .span = SPAN(DAY, LEAF) },
      .keeps = { true, true } },
    { "overlap: the leaf is due, the new CA published",
      { PAIRS, .ca_count = 2, .cas = { PUBLISHED(DAY), PUBLISHED(250 * DAY) }, .signer = 1,
        .span = SPAN(20 * DAY, LEAF) },
      .leaf = ROTATION_DUE,
      .keeps = { true, true } },
    { "overlap: the leaf is due, the new CA not everywhere",
      { PAIRS, .ca_count = 2, .cas = { { SPAN(DAY, CA), false }, PUBLISHED(250 * DAY) }, .signer = 1,
        .span = SPAN(20 * DAY, LEAF) },
      .leaf = ROTATION_DUE,
      .leaf_waits = true,
      .keeps = { true, true } },
    { "overlap: the leaf is due, the new CA published seconds ago",
      { PAIRS, .ca_count = 2, .cas = { PUBLISHED(ROTATION_SETTLE - 1), PUBLISHED(250 * DAY) }, .signer = 1,
        .span = SPAN(20 * DAY, LEAF) },
      .leaf = ROTATION_DUE,
      .leaf_waits = true,
      .keeps = { true, true } },
    { "the overlap is over",
      { PAIRS, .ca_count = 2, .cas = { PUBLISHED(100 * DAY), PUBLISHED(CA) }, .span = SPAN(DAY, LEAF) },
      .keeps = { true, false } },
};

static void does_what_each_situation_asks_for(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct rotation_state s = rows[i].state;
        struct rotation_plan p;

        s.now = NOW;
        p = rotation_plan(&s, &settings);
        if (p.refusal != rows[i].refusal || p.ca != rows[i].ca || p.leaf != rows[i].leaf ||
            p.leaf_waits != rows[i].leaf_waits || memcmp(p.keeps, rows[i].keeps, sizeof(rows[i].keeps)) != 0)
            fail_msg("%s: refusal %d, CA %d, leaf %d%s, keeps %d %d", rows[i].what, (int)p.refusal, (int)p.ca,
                     (int)p.leaf, p.leaf_waits ? " waits" : "", p.keeps[0], p.keeps[1]);
    }
}

static void every_reason_has_its_words(void **state UNUSED)
{
    for (int i = 0; i < ROTATION_REASONS; i++)
        assert_non_null(rotation_reason_text((enum rotation_reason)i));
}

/* A cluster: what is published, and what serves. `published` is the bundle of
 * the run before, in the memory of an API server that lags; `mounted` the leaf of
 * the run before, in a pod whose kubelet does. */
struct leaf {
    int64_t ends, ca_begins;
};
struct cluster {
    struct rotation_state state;
    struct leaf serving, mounted;
    int64_t published[ROTATION_CAS + 1]; /* by when they begin, which tells them apart here */
    int published_count;
    int cas_made, leaves_made;
};

static bool trusts(const struct cluster *c, int64_t ca_begins)
{
    for (int i = 0; i < c->published_count; i++)
        if (c->published[i] == ca_begins)
            return true;
    return false;
}

static void carry_out(struct cluster *c, const struct rotation_plan *p, const struct rotation_settings *o)
{
    struct rotation_state *s = &c->state, next = *s;

    next.ca_count = 0;
    if (p->ca != ROTATION_KEEP) {
        c->cas_made++;
        next.cas[next.ca_count++] = (struct rotation_ca){ { s->now - ISSUE_BACKDATE, s->now + o->ca_life }, true };
    } else {
        next.cas[next.ca_count++] = s->cas[s->current];
    }
    for (int i = 0; i < s->ca_count && next.ca_count < ROTATION_CAS; i++)
        if (p->keeps[i] && !(p->ca == ROTATION_KEEP && i == s->current))
            next.cas[next.ca_count++] = s->cas[i];
    next.ca = ROTATION_PAIR;
    next.current = 0;
    c->mounted = c->serving;
    if (p->leaf != ROTATION_KEEP && !p->leaf_waits) {
        int64_t ends = s->now + o->leaf_life;

        c->leaves_made++;
        next.leaf = ROTATION_PAIR;
        next.has_names = true;
        next.span = (struct rotation_span){ s->now - ISSUE_BACKDATE,
                                            ends < next.cas[0].span.ends ? ends : next.cas[0].span.ends };
        c->serving = (struct leaf){ next.span.ends, next.cas[0].span.begins };
    }
    next.signer = ROTATION_NONE;
    for (int i = 0; i < next.ca_count; i++)
        if (next.cas[i].span.begins == c->serving.ca_begins)
            next.signer = i;
    *s = next;
}

/* Old pods and new ones, by an API server that has heard and one that has not. */
static void check_fit(struct cluster *c, const char *what, int run)
{
    const struct leaf served[] = { c->mounted, c->serving };

    for (size_t i = 0; run > 0 && i < ARRAY_LEN(served); i++) {
        if (served[i].ends <= c->state.now)
            fail_msg("%s: run %d: a leaf that has ended is served", what, run);
        if (!trusts(c, served[i].ca_begins))
            fail_msg("%s: run %d: a leaf is served that an API server which lags does not trust", what, run);
    }
    c->published_count = c->state.ca_count;
    for (int i = 0; i < c->state.ca_count; i++)
        c->published[i] = c->state.cas[i].span.begins;
    for (size_t i = 0; run > 0 && i < ARRAY_LEN(served); i++)
        if (!trusts(c, served[i].ca_begins))
            fail_msg("%s: run %d: a leaf is served that nobody trusts any more", what, run);
}

static const struct {
    const char *what;
    int64_t every;
    int runs;
    struct rotation_settings settings;
    int least_cas, most_cas, least_leaves;
} lives[] = {
    { "daily, for ten years", DAY, 3650, { LEAF, CA, 2, 3 }, 14, 17, 180 },
    { "daily, renewed at half of a short life", DAY, 365, { 4 * DAY, 30 * DAY, 1, 2 }, 23, 26, 150 },
    { "every 30 s, for lives of minutes", 30, 2000, { 180, 1800, 2, 3 }, 45, 55, 450 },
    { "hourly, where the leaf lives nearly as long as its CA", HOUR, 2000, { 8 * DAY, 9 * DAY, 2, 3 }, 12, 15, 14 },
};

static void whatever_is_served_is_trusted_over_the_years(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(lives); i++) {
        struct cluster c = { .state = { .now = NOW, .current = ROTATION_NONE, .signer = ROTATION_NONE } };

        for (int run = 0; run < lives[i].runs; run++) {
            struct rotation_plan p = rotation_plan(&c.state, &lives[i].settings);

            if (p.refusal != ROTATION_GO_ON)
                fail_msg("%s: run %d is refused", lives[i].what, run);
            carry_out(&c, &p, &lives[i].settings);
            check_fit(&c, lives[i].what, run);
            c.state.now += lives[i].every;
        }
        if (c.cas_made < lives[i].least_cas || c.cas_made > lives[i].most_cas || c.leaves_made < lives[i].least_leaves)
            fail_msg("%s: %d CAs, %d leaves", lives[i].what, c.cas_made, c.leaves_made);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_what_each_situation_asks_for),
        cmocka_unit_test(every_reason_has_its_words),
        cmocka_unit_test(whatever_is_served_is_trusted_over_the_years),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
