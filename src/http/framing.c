/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 9112 section 6, minus everything that two readers could read differently. */
#include "http/framing.h"
#include "base/text.h"

void framing_add(struct framing *f, struct sv name, struct sv value)
{
    if (sv_eq_nocase(name, SV("transfer-encoding"))) {
        f->codings++;
    } else if (sv_eq_nocase(name, SV("content-length"))) {
        f->lengths++;
        f->bad_length = f->bad_length || !text_to_size(value, &f->length);
    } else if (sv_eq_nocase(name, SV("content-type"))) {
        f->content_type = f->types++ ? (struct sv){ NULL, 0 } : value;
    }
}

enum refusal framing_judge(const struct framing *f)
{
    if (f->lengths > 1)
        return REFUSAL_TWO_LENGTHS;
    if (f->codings)
        return REFUSAL_CODING;
    if (!f->lengths)
        return REFUSAL_NO_LENGTH;
    return f->bad_length ? REFUSAL_BAD_LENGTH : REFUSAL_NONE;
}
