/* SPDX-License-Identifier: Apache-2.0 */
/* haproxy's configuration. */
#ifndef SIDECAR_CONFIG_H
#define SIDECAR_CONFIG_H

#include "sidecar/upstream.h"

/* Writes the whole file. An upstream whose address is not known yet closes
 * what connects to it. */
void config_write(const struct settings *s, const struct upstreams *all, struct buf *out);

#endif
