/* SPDX-License-Identifier: Apache-2.0 */
/* A handful of tags, looked through from the first: only warnings come here. */
#include "base/log_repeat.h"

static uint32_t hash(uint32_t h, struct sv s)
{
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 16777619u;
    return h;
}

uint32_t log_repeat_tag(struct sv msg, struct sv reason)
{
    uint32_t h = hash(hash(hash(2166136261u, msg), SV("\n")), reason);

    return h ? h : 1;
}

static struct log_repeat_tag *find(struct log_repeat *r, uint32_t tag)
{
    for (size_t i = 0; i < LOG_REPEAT_TAGS; i++)
        if (r->tags[i].tag == tag)
            return &r->tags[i];
    return NULL;
}

static bool is_over(const struct log_repeat_tag *t, uint64_t now_ms)
{
    return now_ms - t->since_ms >= LOG_REPEAT_MS;
}

static struct log_repeat_tag *enter(struct log_repeat *r, uint32_t tag, uint64_t now_ms)
{
    struct log_repeat_tag *t = find(r, tag);

    if (t || !(t = find(r, 0)))
        return t;
    t->tag = tag;
    t->since_ms = now_ms;
    t->said = t->held = 0;
    t->is_flood = false;
    r->is_open = true;
    return t;
}

bool log_repeat_admit(struct log_repeat *r, uint32_t tag, struct sv line, uint64_t now_ms)
{
    struct log_repeat_tag *t = tag ? enter(r, tag, now_ms) : NULL;

    if (!t)
        return true;
    if (!t->is_flood && t->said < LOG_REPEAT_LIMIT) {
        t->said++;
        return true;
    }
    t->held++;
    memcpy(t->last.p, line.p, line.n);
    t->last.n = line.n;
    return false;
}

/* The next second begins; it is forgotten if there is nothing to say of it. */
static void go_on(struct log_repeat_tag *t, uint64_t now_ms)
{
    t->is_flood = t->held > LOG_REPEAT_LIMIT;
    t->tag = t->is_flood ? t->tag : 0;
    t->since_ms = now_ms;
    t->said = t->held = 0;
}

bool log_repeat_due(struct log_repeat *r, uint64_t now_ms, struct log_line *line)
{
    size_t open = 0;

    for (size_t i = 0; r->is_open && i < LOG_REPEAT_TAGS; i++) {
        struct log_repeat_tag *t = &r->tags[i];
        size_t held = t->held;

        if (!t->tag || !is_over(t, now_ms)) {
            open += t->tag != 0;
            continue;
        }
        if (held) {
            memcpy(line->p, t->last.p, t->last.n);
            line->n = t->last.n;
            log_compose_repeated(line, held);
        }
        go_on(t, now_ms);
        if (held)
            return true;
    }
    r->is_open = open > 0;
    return false;
}
