/* SPDX-License-Identifier: Apache-2.0 */
/* Names only: what a keyword such as HIGH stands for differs from build to
 * build, so that it has no row and is denied. */
#include "rules/tls_list.h"

/* What only removes or sorts suites. */
static bool adds_nothing(struct sv item)
{
    return item.n == 0 || item.p[0] == '!' || item.p[0] == '-' || sv_eq(item, SV("@STRENGTH"));
}

/* Cuts at the separators that OpenSSL knows. */
static struct sv next_item(struct sv *rest)
{
    size_t n = 0;
    struct sv item;

    while (n < rest->n && !memchr(":, ;", rest->p[n], 4))
        n++;
    item = (struct sv){ rest->p, n };
    *rest = n < rest->n ? sv_skip(*rest, n + 1) : (struct sv){ NULL, 0 };
    return item;
}

enum opinion tls_list_judge(const struct values *allowed, enum level level, struct sv list, struct sv *item)
{
    enum opinion worst = OPINION_PASS;
    bool adds_any = false;

    *item = list;
    for (struct sv rest = list; rest.p;) {
        struct sv name = next_item(&rest);
        enum opinion opinion = adds_nothing(name) ? OPINION_PASS : values_opinion(values_find(allowed, name), level);

        adds_any = adds_any || !adds_nothing(name);
        if (opinion >= worst)
            continue;
        worst = opinion;
        *item = name;
    }
    return adds_any ? worst : OPINION_DENY;
}
