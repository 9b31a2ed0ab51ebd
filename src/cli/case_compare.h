/* SPDX-License-Identifier: Apache-2.0 */
/*
 * want.json against the answers: a line for each difference, that a person can
 * read without opening anything else. And the other way round: want.json
 * written from the answers, for a person to read and to agree with.
 */
#ifndef CLI_CASE_COMPARE_H
#define CLI_CASE_COMPARE_H

#include "cli/case_answer.h"

/* `want` is the member "validate" or "mutate" of want.json. */
void case_compare_answer(const struct json *want, const struct case_answer *got, struct arena *a, struct buf *problems);

/* The text of want.json. */
void case_compare_record(const struct case_answer *validate, const struct case_answer *mutate, struct buf *out);

#endif
