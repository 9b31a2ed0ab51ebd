/* SPDX-License-Identifier: Apache-2.0 */
/* The page around its findings: what came of it all, layer by layer, and the
 * filter before them; what admission would change and the rules behind them. */
#ifndef REPORT_HTML_AROUND_H
#define REPORT_HTML_AROUND_H

#include "report/format.h"

/* "Would be refused": all of it in a few words. */
const char *html_around_verdict(const struct report_summary *s);
void html_around_top(struct writer *w, const struct report_summary *s);
void html_around_filter(struct writer *w);
void html_around_end(struct writer *w);

/* The `id` of a rule's paragraph, escaped. */
void html_around_rule_id(FILE *out, struct sv policy, struct sv rule);

#endif
