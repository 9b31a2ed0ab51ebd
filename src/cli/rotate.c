/* SPDX-License-Identifier: Apache-2.0 */
/* What was found becomes a struct rotation_state; the plan becomes requests. */
#include "cli/rotate.h"
#include "base/buf.h"
#include "cli/ca_bundle.h"
#include "cli/tls_secret.h"
#include "net/certificate.h"
#include "net/issue.h"

/* All that one run reads and makes. */
struct run {
    const struct rotate_config *config;
    struct arena *arena;
    struct tls_secret ca, leaf;
    struct ca_bundle bundle;
    const struct certificate *cas[ROTATION_CAS]; /* as state.cas */
    struct rotation_state state;
    struct rotation_plan plan;
    struct issued new_ca;
    struct sv published; /* what ca.crt and caBundle are to say */
    struct rotate_result *result;
};

static enum object_outcome read_all(struct run *r, struct err *e)
{
    const struct rotate_config *c = r->config;
    enum object_outcome outcome;

    r->ca = (struct tls_secret){ .ref = { &object_secret, c->name_space, c->ca_secret }, .role = "ca" };
    r->leaf = (struct tls_secret){ .ref = { &object_secret, c->name_space, c->secret }, .role = "serving" };
    outcome = tls_secret_read(c->client, &r->ca, r->arena, e);
    if (outcome == OBJECT_DONE)
        outcome = tls_secret_read(c->client, &r->leaf, r->arena, e);
    if (outcome == OBJECT_DONE)
        outcome = ca_bundle_read(c->client, c->webhooks, r->arena, &r->bundle, e);
    return outcome;
}

static int find_ca(const struct run *r, const struct certificate *ca)
{
    for (int i = 0; i < r->state.ca_count; i++)
        if (strcmp(r->cas[i]->id, ca->id) == 0)
            return i;
    return ROTATION_NONE;
}

/* Only what is a CA's; each once; those beyond ROTATION_CAS are forgotten, which are the oldest ones. */
static int add_ca(struct run *r, const struct certificate *ca)
{
    int at = find_ca(r, ca);

    if (at != ROTATION_NONE || !ca->is_ca || r->state.ca_count == ROTATION_CAS)
        return at;
    at = r->state.ca_count++;
    r->cas[at] = ca;
    r->state.cas[at] = (struct rotation_ca){ .span = { ca->begins, ca->ends } };
    return at;
}

/* What cannot be read holds no CA. */
static struct certificates parse(const struct run *r, struct sv pem)
{
    struct certificates all = { 0 };
    struct err ignored = { 0 };

    if (!pem.p || !certificate_read(pem, r->arena, &all, &ignored))
        return (struct certificates){ NULL, 0 };
    return all;
}

static void add_cas(struct run *r, struct sv pem)
{
    struct certificates all = parse(r, pem);

    for (size_t i = 0; i < all.count; i++)
        add_ca(r, &all.items[i]);
}

static bool holds(const struct certificates *all, const struct certificate *ca)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->items[i].id, ca->id) == 0)
            return true;
    return false;
}

/* In every bundle there is: before there is any, nobody can miss it. */
static void mark_published(struct run *r)
{
    struct ca_bundle_iter it = { .bundle = &r->bundle };

    for (int i = 0; i < r->state.ca_count; i++)
        r->state.cas[i].is_published = true;
    while (ca_bundle_next(&it, r->arena)) {
        struct certificates all = parse(r, it.pem);

        for (int i = 0; i < r->state.ca_count; i++)
            r->state.cas[i].is_published = r->state.cas[i].is_published && holds(&all, r->cas[i]);
    }
}

static int find_signer(const struct run *r)
{
    for (int i = 0; i < r->state.ca_count; i++)
        if (certificate_is_signed_by(&r->leaf.chain.items[0], r->cas[i]))
            return i;
    return ROTATION_NONE;
}

static void describe_ca(struct run *r)
{
    struct rotation_state *s = &r->state;

    s->ca = r->ca.content;
    s->current = ROTATION_NONE;
    if (s->ca != ROTATION_PAIR)
        return;
    s->current = add_ca(r, &r->ca.chain.items[0]);
    if (s->current == ROTATION_NONE)
        s->ca = ROTATION_BROKEN; /* a pair, but of no CA */
}

static void describe_leaf(struct run *r)
{
    struct rotation_state *s = &r->state;
    const struct certificate *leaf = r->leaf.content == ROTATION_PAIR ? &r->leaf.chain.items[0] : NULL;

    s->leaf = r->leaf.content;
    s->signer = ROTATION_NONE;
    if (!leaf)
        return;
    s->span = (struct rotation_span){ leaf->begins, leaf->ends };
    s->has_names = certificate_is_for(leaf, r->config->names, r->config->name_count);
    s->signer = find_signer(r);
}

static void describe(struct run *r)
{
    struct ca_bundle_iter it = { .bundle = &r->bundle };

    r->state.server_now = r->leaf.date;
    describe_ca(r);
    add_cas(r, r->leaf.ca);
    while (ca_bundle_next(&it, r->arena))
        add_cas(r, it.pem);
    mark_published(r);
    describe_leaf(r);
}

static enum object_outcome refused(const struct run *r, struct err *e)
{
    static const char *const why[ROTATION_REFUSALS] = {
        [ROTATION_CLOCK] = "the clocks differ: ours from the API server's, or from the one by which a certificate was "
                           "made; nothing is done until they agree",
        [ROTATION_FOREIGN_CA] = "the CA's Secret holds something that fipsgate did not put there; name another with "
                                "--ca-secret, or empty it",
        [ROTATION_FOREIGN_LEAF] = "the serving Secret holds something that fipsgate did not put there; name another "
                                  "with --secret, or empty it",
    };
    const struct rotate_config *c = r->config;

    err_set(e, ERR_INPUT, "%.*s, Secrets `%.*s` and `%.*s`: %s", SV_ARG(c->name_space), SV_ARG(c->secret),
            SV_ARG(c->ca_secret), why[r->plan.refusal]);
    return OBJECT_FAILED;
}

/* The CA's Secret first: if somebody else has written one meanwhile, theirs counts. */
static enum object_outcome make_ca(struct run *r, struct err *e)
{
    const struct rotate_config *c = r->config;
    struct issue_term term = { r->state.now, c->settings.ca_life };

    if (r->plan.ca == ROTATION_KEEP)
        return OBJECT_DONE;
    if (!issue_ca(SV("fipsgate webhook CA"), term, r->arena, &r->new_ca, e))
        return OBJECT_FAILED;
    r->ca.pair = r->new_ca;
    r->ca.ca = (struct sv){ NULL, 0 };
    return tls_secret_write(c->client, &r->ca, r->arena, e);
}

/* Those that sign or will sign first, so that a reader who stops early has them. */
static bool list_published(struct run *r, struct err *e)
{
    struct buf text = BUF_IN(r->arena);
    int first = r->plan.ca == ROTATION_KEEP ? r->state.current : ROTATION_NONE;

    buf_add(&text, r->new_ca.cert);
    r->result->bundle_cas = r->new_ca.cert.n > 0;
    if (first != ROTATION_NONE) {
        buf_add(&text, r->cas[first]->pem);
        r->result->bundle_cas++;
    }
    for (int i = 0; i < r->state.ca_count; i++) {
        if (!r->plan.keeps[i] || i == first)
            continue;
        buf_add(&text, r->cas[i]->pem);
        r->result->bundle_cas++;
    }
    r->published = buf_sv(&text);
    return buf_ok(&text) || arena_error(r->arena, e);
}

static enum object_outcome publish(struct run *r, struct err *e)
{
    enum object_outcome outcome;

    if (!list_published(r, e))
        return OBJECT_FAILED;
    outcome = ca_bundle_write(r->config->client, &r->bundle, r->published, r->arena, e);
    r->result->webhooks_written = r->bundle.written;
    return outcome;
}

static enum object_outcome make_leaf(struct run *r, struct err *e)
{
    const struct rotate_config *c = r->config;
    bool is_made = r->plan.leaf != ROTATION_KEEP && !r->plan.leaf_waits;
    const struct issue_request request = {
        .names = c->names,
        .name_count = c->name_count,
        .term = { r->state.now, c->settings.leaf_life },
        .ca = r->ca.pair,
    };

    if (!is_made && sv_eq(r->leaf.ca, r->published))
        return OBJECT_DONE;
    r->result->wrote_ca_list = !is_made;
    r->leaf.ca = r->published;
    if (is_made && !issue_leaf(&request, r->arena, &r->leaf.pair, e))
        return OBJECT_FAILED;
    return tls_secret_write(c->client, &r->leaf, r->arena, e);
}

static struct rotation_span span_of(const struct run *r, const struct issued *pair)
{
    struct certificates all = parse(r, pair->cert);

    return all.count ? (struct rotation_span){ all.items[0].begins, all.items[0].ends }
                     : (struct rotation_span){ 0, 0 };
}

enum object_outcome rotate(const struct rotate_config *config, int64_t now, struct arena *a, struct rotate_result *out,
                           struct err *e)
{
    struct run r = { .config = config, .arena = a, .result = out, .state = { .now = now } };
    enum object_outcome outcome = read_all(&r, e);

    *out = (struct rotate_result){ 0 };
    if (outcome != OBJECT_DONE)
        return outcome;
    describe(&r);
    r.plan = out->plan = rotation_plan(&r.state, &config->settings);
    if (r.plan.refusal != ROTATION_GO_ON)
        return refused(&r, e);
    outcome = make_ca(&r, e);
    if (outcome == OBJECT_DONE)
        outcome = publish(&r, e);
    if (outcome == OBJECT_DONE)
        outcome = make_leaf(&r, e);
    out->has_webhooks = r.bundle.roots[0] || r.bundle.roots[1];
    out->ca = span_of(&r, &r.ca.pair);
    out->leaf = span_of(&r, &r.leaf.pair);
    return outcome;
}
