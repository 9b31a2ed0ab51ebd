/* SPDX-License-Identifier: Apache-2.0 */
/* A look-up, and the words for what it finds. */
#include "facts/cmvp.h"

static bool has_version(const struct fact *row, struct sv version)
{
    for (size_t i = 0; i < row->versions.count; i++)
        if (sv_eq(row->versions.items[i], version))
            return true;
    return false;
}

static enum cmvp_status status_on(const struct fact *row, struct date day)
{
    if (row->status == CMVP_ACTIVE && row->sunset.year && date_compare(day, row->sunset) >= 0)
        return CMVP_HISTORICAL;
    return row->status;
}

struct cmvp_standing cmvp_look_up(const struct facts *f, struct sv provider, struct sv version, struct date today)
{
    const struct fact_set *set = f ? facts_find(f, SV("cmvp-certificates")) : NULL;
    struct cmvp_standing s = { .status = CMVP_NONE };

    for (size_t i = 0; set && i < set->count; i++) {
        const struct fact *row = &set->rows[i];

        if (has_version(row, version) && (!row->provider.p || sv_eq(row->provider, provider)))
            return (struct cmvp_standing){ row, status_on(row, today), row->as_of };
        if (date_compare(row->as_of, s.as_of) > 0)
            s.as_of = row->as_of;
    }
    return s;
}

/* A row of background knowledge proves nothing. */
bool cmvp_is_active(const struct cmvp_standing *s)
{
    return s->status == CMVP_ACTIVE && s->row->sure != SURE_C;
}

static bool has_number(const struct cmvp_standing *s)
{
    return s->row && s->status != CMVP_NONE && s->status != CMVP_IN_REVIEW;
}

struct sv cmvp_number(const struct cmvp_standing *s)
{
    return has_number(s) ? s->row->value : SV("none");
}

const char *cmvp_status_name(enum cmvp_status status)
{
    static const char *const names[] = {
        [CMVP_UNKNOWN] = "unknown",       [CMVP_NONE] = "none",
        [CMVP_IN_REVIEW] = "in-review",   [CMVP_ACTIVE] = "active",
        [CMVP_HISTORICAL] = "historical", [CMVP_REVOKED] = "revoked",
    };

    return names[status];
}

static void print_date(struct buf *out, const char *before, struct date d)
{
    if (d.year)
        buf_printf(out, "%s%04d-%02d-%02d", before, d.year, d.month, d.day);
}

static void print_absence(struct buf *out, const struct cmvp_standing *s, struct sv provider, struct sv version)
{
    buf_add(out, SV("not a CMVP-validated build: "));
    if (!s->row)
        buf_printf(out, "no certificate is known for %.*s %.*s", SV_ARG(provider), SV_ARG(version));
    else if (s->status == CMVP_IN_REVIEW)
        buf_printf(out, "%.*s is in review, which is not a certificate", SV_ARG(s->row->module));
    else
        buf_printf(out, "%.*s has no certificate", SV_ARG(s->row->module));
}

static void print_certificate(struct buf *out, const struct cmvp_standing *s)
{
    static const char *const standards[] = {
        [CMVP_NO_STANDARD] = "", [CMVP_140_2] = "FIPS 140-2, ", [CMVP_140_3] = "FIPS 140-3, "
    };
    static const char *const words[] = {
        [CMVP_UNKNOWN] = "whether it is active was not read",
        [CMVP_ACTIVE] = "active",
        [CMVP_HISTORICAL] = "historical",
        [CMVP_REVOKED] = "revoked",
    };

    if (!cmvp_is_active(s))
        buf_add(out, SV("not by a certificate that is known to count: "));
    buf_printf(out, "certificate %.*s (%s%s", SV_ARG(s->row->value), standards[s->row->standard], words[s->status]);
    print_date(out, s->status == CMVP_HISTORICAL ? " since " : ", sunset ", s->row->sunset);
    buf_add(out, SV(") is for this version, if it was built and is run as its security policy says"));
}

void cmvp_print(struct buf *out, const struct cmvp_standing *s, struct sv provider, struct sv version)
{
    if (has_number(s))
        print_certificate(out, s);
    else
        print_absence(out, s, provider, version);
    print_date(out, "; facts of ", s->as_of);
}
