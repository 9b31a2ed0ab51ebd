/* SPDX-License-Identifier: Apache-2.0 */
/* The sentence, from the status of the provider and the facts of the CMVP. */
#include "cli/fips_note.h"

struct cmvp_standing fips_note_standing(const struct fips_status *fips, const struct facts *facts)
{
    if (!fips->is_active)
        return (struct cmvp_standing){ .status = CMVP_NONE };
    return cmvp_look_up(facts, sv_from(fips->name), sv_from(fips->version), date_today());
}

void fips_note_print(struct buf *out, const struct fips_status *fips, const struct facts *facts)
{
    struct cmvp_standing s = fips_note_standing(fips, facts);

    if (!fips->is_active) {
        buf_add(out, SV("FIPS is off (--fips off): for development only"));
        return;
    }
    if (!fips_is_running(fips))
        buf_add(out, SV("IN ITS ERROR STATE: nothing can be encrypted; "));
    cmvp_print(out, &s, sv_from(fips->name), sv_from(fips->version));
}
