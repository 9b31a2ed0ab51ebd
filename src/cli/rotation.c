/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In the order in which things depend on each other: is there anything that
 * forbids it, does the CA have to be made, does the leaf, may that be signed
 * now, and what is to be published meanwhile.
 */
#include "cli/rotation.h"
#include "base/bug.h"
#include "net/issue.h"

enum { SETTLE_PART = 10 }; /* of a short leaf's life, at most this part is waited */

static bool has_ended(struct rotation_span span, int64_t now)
{
    return span.ends <= now;
}

/* When it was made: it counts since before that, for clocks that are behind. */
static int64_t made_at(struct rotation_span span)
{
    return span.begins + ISSUE_BACKDATE;
}

/* So many parts of its life are over, or of the life that it would be given today. */
static bool is_due(struct rotation_span span, int64_t wanted_life, const struct rotation_settings *o, int64_t now)
{
    int64_t own = span.ends - made_at(span), life = own < wanted_life ? own : wanted_life;

    return (now - made_at(span)) / o->renew_part >= life / o->renew_whole;
}

static int64_t apart(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

/* Made by a clock that was ahead of ours: which of the two is right? */
static bool is_of_the_future(struct rotation_span span, int64_t now)
{
    return span.begins > now;
}

static enum rotation_refusal find_refusal(const struct rotation_state *s)
{
    if (s->server_now && apart(s->now, s->server_now) > ROTATION_SKEW)
        return ROTATION_CLOCK;
    if (s->ca == ROTATION_FOREIGN)
        return ROTATION_FOREIGN_CA;
    if (s->leaf == ROTATION_FOREIGN)
        return ROTATION_FOREIGN_LEAF;
    if (s->ca == ROTATION_PAIR && is_of_the_future(s->cas[s->current].span, s->now))
        return ROTATION_CLOCK;
    if (s->leaf == ROTATION_PAIR && is_of_the_future(s->span, s->now))
        return ROTATION_CLOCK;
    return ROTATION_GO_ON;
}

/* Why a Secret without a pair in it needs one. */
static enum rotation_reason reason_of(enum rotation_content content)
{
    switch (content) {
    case ROTATION_EMPTY:
        return ROTATION_FIRST;
    case ROTATION_BROKEN:
        return ROTATION_UNREADABLE;
    case ROTATION_FOREIGN:
    case ROTATION_PAIR:
        break;
    }
    BUG_IF(content != ROTATION_PAIR);
    return ROTATION_KEEP;
}

static enum rotation_reason judge_ca(const struct rotation_state *s, const struct rotation_settings *o)
{
    if (s->ca != ROTATION_PAIR)
        return reason_of(s->ca);
    if (has_ended(s->cas[s->current].span, s->now))
        return ROTATION_ENDED;
    return is_due(s->cas[s->current].span, o->ca_life, o, s->now) ? ROTATION_DUE : ROTATION_KEEP;
}

static enum rotation_reason judge_leaf(const struct rotation_state *s, const struct rotation_settings *o)
{
    if (s->leaf != ROTATION_PAIR)
        return reason_of(s->leaf);
    if (has_ended(s->span, s->now))
        return ROTATION_ENDED;
    if (s->signer == ROTATION_NONE || has_ended(s->cas[s->signer].span, s->now))
        return ROTATION_ORPHANED;
    if (!s->has_names)
        return ROTATION_NAMES;
    return is_due(s->span, o->leaf_life, o, s->now) ? ROTATION_DUE : ROTATION_KEEP;
}

/* A leaf that still serves waits for its CA; one that does not cannot get worse. */
static bool has_to_wait(const struct rotation_state *s, const struct rotation_settings *o,
                        const struct rotation_plan *plan)
{
    int64_t settle = o->leaf_life / SETTLE_PART < ROTATION_SETTLE ? o->leaf_life / SETTLE_PART : ROTATION_SETTLE;
    const struct rotation_ca *ca;

    if (plan->leaf != ROTATION_DUE)
        return false;
    if (plan->ca != ROTATION_KEEP)
        return true;
    ca = &s->cas[s->current];
    return !ca->is_published || s->now - made_at(ca->span) < settle;
}

struct rotation_plan rotation_plan(const struct rotation_state *s, const struct rotation_settings *o)
{
    struct rotation_plan plan = { .refusal = find_refusal(s) };

    if (plan.refusal != ROTATION_GO_ON)
        return plan;
    plan.ca = judge_ca(s, o);
    plan.leaf = judge_leaf(s, o);
    if (plan.leaf != ROTATION_KEEP && has_to_wait(s, o, &plan))
        plan.leaf_waits = true;
    for (int i = 0; i < s->ca_count; i++)
        plan.keeps[i] = !has_ended(s->cas[i].span, s->now);
    return plan;
}

const char *rotation_reason_text(enum rotation_reason reason)
{
    static const char *const texts[ROTATION_REASONS] = {
        [ROTATION_KEEP] = "it counts",
        [ROTATION_FIRST] = "there was none",
        [ROTATION_DUE] = "its time had come",
        [ROTATION_ENDED] = "it had ended",
        [ROTATION_UNREADABLE] = "it could not be read",
        [ROTATION_NAMES] = "it was for other names",
        [ROTATION_ORPHANED] = "no CA that counts had signed it",
    };

    return texts[reason];
}
