/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One text of `check`: read, taken apart into objects, each of them judged, told
 * and perhaps rewritten. What its memory held is given back with the next one.
 */
#ifndef CLI_CHECK_FILE_H
#define CLI_CHECK_FILE_H

#include "cli/check_rewrite.h"
#include "cli/check_tell.h"

struct check_files {
    struct check_question question;
    struct manifest_context context;
    struct check_teller teller;
    struct check_rewrite rewrite;
    struct arena text;   /* what belongs to one text */
    struct arena object; /* what belongs to one object; as large as the webhook's of one review */
};

/* False: the run cannot go on. What is wrong with the text is told instead. */
MUST_CHECK bool check_file(struct check_files *run, const struct input *input, struct err *e);

#endif
