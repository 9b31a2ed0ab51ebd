/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a process that found itself wrong. The kubelet starts it again,
 * and meanwhile the webhook's failurePolicy decides. */
#include "base/bug.h"

_Noreturn void bug_at(const char *file, int line, const char *condition)
{
    fprintf(stderr, "fipsgate: bug at %s:%d: %s\n", file, line, condition);
    abort();
}
