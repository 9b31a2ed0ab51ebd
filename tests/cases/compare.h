/* SPDX-License-Identifier: Apache-2.0 */
/*
 * want.json against the answers: a line for each difference, that a person can
 * read without opening anything else. And the other way round: want.json
 * written from the answers, for a person to read and to agree with.
 */
#ifndef CASES_COMPARE_H
#define CASES_COMPARE_H

#include "cases/answer.h"

/* `want` is the member "validate" or "mutate" of want.json. */
void compare_answer(const struct json *want, const struct answer *got, struct arena *a, struct buf *problems);

/* The text of want.json. */
void compare_record(const struct answer *validate, const struct answer *mutate, struct buf *out);

#endif
