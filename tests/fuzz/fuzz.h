/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every fuzz target has: libFuzzer's entry point, a way to say that a
 * property does not hold, and the properties that many share.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "json/value.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Called by libFuzzer, or by replay.c. Always 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Prints what is wrong and aborts: that is a finding. */
#define FUZZ_CHECK(condition, ...) ((condition) ? (void)0 : fuzz_fail(__FILE__, __LINE__, __VA_ARGS__))
_Noreturn void fuzz_fail(const char *file, int line, const char *fmt, ...) PRINTF(3, 4);

/* The input; never absent. */
struct sv fuzz_input(const uint8_t *data, size_t size);

/* A failure says why, printably, and fits its buffer. */
void fuzz_check_error(const struct err *e);
/* And where: "<file>:<line>:<col>: ", unless it was `a` that ran out. */
void fuzz_check_place(const struct err *e, const char *file, const struct arena *a);

/* What is obviously UTF-8. */
bool fuzz_is_utf8(struct sv s);
/* The text as JSON; a finding when it is none. */
const struct json *fuzz_json(struct sv text, struct arena *a);

#endif
