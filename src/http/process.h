/* SPDX-License-Identifier: Apache-2.0 */
/* What every Prometheus client tells of its process, under the names they all
 * use. What the system does not tell is left out. */
#ifndef HTTP_PROCESS_H
#define HTTP_PROCESS_H

#include "base/buf.h"

/* Any thread. */
void process_print(struct buf *out);

#endif
