/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where something stands, as SARIF says it: `,"locations":[...]` with a URI
 * (3.4), a region of the value, as far as it stands in one line (3.30), the
 * whole line around it, and the object as a logical location (3.33).
 */
#ifndef REPORT_SARIF_PLACE_H
#define REPORT_SARIF_PLACE_H

#include "report/report.h"
#include <stdio.h>

/* What relative URIs are relative to. */
#define SARIF_PLACE_ROOT "SRCROOT"

struct sarif_place {
    struct sv file;
    struct place place;                 /* line 0: the whole file */
    struct sv line;                     /* absent: no snippet */
    struct sv found;                    /* the value, if it is one */
    const struct report_object *object; /* NULL: none */
    struct sv path;
};

void sarif_place_print(FILE *out, const struct sarif_place *where, struct arena *a);

#endif
