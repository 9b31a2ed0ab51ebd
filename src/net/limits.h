/* SPDX-License-Identifier: Apache-2.0 */
/* What one client, and all together, may take: descriptors and time. */
#ifndef NET_LIMITS_H
#define NET_LIMITS_H

#include "http/server.h"
#include <stddef.h>
#include <stdint.h>

struct limits {
    size_t connections;             /* all workers together */
    size_t connections_per_address; /* an IPv4 address, or an IPv6 /64 */
    uint64_t handshake_ms;          /* from accept to the end of the handshake */
    uint64_t linger_ms;             /* from our last byte to the client's */
    uint64_t phase_ms[SERVER_PHASES];
};

/* Descriptors: a connection holds its socket and both ends of a socketpair. */
enum { LIMITS_FDS_PER_CONNECTION = 3, LIMITS_FDS_RESERVED = 64 };

/* Raises the soft descriptor limit to the hard one; the limit now in force. */
size_t limits_raise_descriptors(void);

/* Defaults for a process that may have so many descriptors. */
struct limits limits_default(size_t descriptors);

#endif
