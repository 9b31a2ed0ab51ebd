/* SPDX-License-Identifier: Apache-2.0 */
/* Every text of the page goes through here or is ours. */
#include "report/html_text.h"
#include "report/format.h"

void html_text_put(FILE *out, const char *before, struct sv text, const char *after)
{
    fputs(before, out);
    format_escape(out, text);
    fputs(after, out);
}

void html_text_prose(FILE *out, const char *before, struct sv text, const char *after)
{
    fputs(before, out);
    while (text.n > 0) {
        size_t open = sv_find(text, '`');
        struct sv rest = sv_skip(text, open + 1);
        size_t close = sv_find(rest, '`');

        if (close == rest.n || close == 0) {
            format_escape(out, text);
            break;
        }
        html_text_put(out, "", (struct sv){ text.p, open }, "<code>");
        html_text_put(out, "", (struct sv){ rest.p, close }, "</code>");
        text = sv_skip(rest, close + 1);
    }
    fputs(after, out);
}
