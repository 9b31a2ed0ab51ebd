/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For our own mistakes only, and on in release builds. No input may ever reach
 * one: bad input is an error (err.h), and so is a failed allocation.
 */
#ifndef BASE_BUG_H
#define BASE_BUG_H

#define BUG_IF(condition) ((condition) ? bug_at(__FILE__, __LINE__, #condition) : (void)0)

/* Writes one line to stderr and aborts. */
_Noreturn void bug_at(const char *file, int line, const char *condition);

#endif
