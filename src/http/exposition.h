/* SPDX-License-Identifier: Apache-2.0 */
/* Prometheus text exposition format 0.0.4: a family is its HELP and TYPE, and
 * below them its samples, of which there may be none. */
#ifndef HTTP_EXPOSITION_H
#define HTTP_EXPOSITION_H

#include "base/buf.h"
#include <stdint.h>

/* Names and help are ours, whole and without anything to escape. `type`:
 * "counter", "gauge" or "histogram". */
void exposition_family(struct buf *out, const char *name, const char *type, const char *help);

struct exposition_label {
    const char *name;
    struct sv value; /* valid UTF-8 */
};

/* One sample with these labels. */
void exposition_sample(struct buf *out, const char *name, const struct exposition_label *labels, size_t count,
                       uint64_t value);

/* A family of one sample without labels. */
void exposition_counter(struct buf *out, const char *name, const char *help, uint64_t value);
void exposition_gauge(struct buf *out, const char *name, const char *help, int64_t value);

#endif
