/* SPDX-License-Identifier: Apache-2.0 */
/* sv_glob() against the table that any textbook fills: a line with the
 * pattern, then the text. */
#include "fuzz/fuzz.h"

enum { SIDE_MAX = 512 };

/* row[t]: what was seen of the pattern matches the first t bytes of the text. */
static bool reference(struct sv pattern, struct sv text)
{
    bool row[SIDE_MAX + 1] = { true };

    for (size_t p = 0; p < pattern.n; p++) {
        bool diagonal = row[0];

        row[0] = row[0] && pattern.p[p] == '*';
        for (size_t t = 1; t <= text.n; t++) {
            bool above = row[t];

            row[t] = pattern.p[p] == '*' ? row[t - 1] || above : diagonal && pattern.p[p] == text.p[t - 1];
            diagonal = above;
        }
    }
    return row[text.n];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sv text = fuzz_input(data, size);
    struct sv pattern = sv_cut(&text, '\n');

    if (pattern.n > SIDE_MAX || text.n > SIDE_MAX)
        return 0;
    FUZZ_CHECK(sv_glob(pattern, text) == reference(pattern, text), "`%.*s` and `%.*s`", SV_ARG(pattern), SV_ARG(text));
    return 0;
}
