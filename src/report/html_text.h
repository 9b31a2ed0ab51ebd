/* SPDX-License-Identifier: Apache-2.0 */
/* Text between pieces of markup. `before` and `after` are ours and written as
 * they are; `text` is anybody's and escaped (format.h). */
#ifndef REPORT_HTML_TEXT_H
#define REPORT_HTML_TEXT_H

#include "base/sv.h"
#include <stdio.h>

void html_text_put(FILE *out, const char *before, struct sv text, const char *after);

/* What our messages put into backticks is code; what stands in an odd one is not. */
void html_text_prose(FILE *out, const char *before, struct sv text, const char *after);

#endif
