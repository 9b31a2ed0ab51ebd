/* SPDX-License-Identifier: Apache-2.0 */
/* What one client, and all together, may take: descriptors and time. */
#ifndef NET_LIMITS_H
#define NET_LIMITS_H

#include "http/server.h"
#include <stddef.h>
#include <stdint.h>

struct limits {
    size_t connections;             /* all workers together; 0: as many as descriptors allow */
    size_t connections_per_address; /* an IPv4 address, or an IPv6 /64; 0: half of all: API servers come from few
                                     * addresses and keep their connections; one may take half, never all */
    size_t max_head;                /* of a request, in bytes */
    uint64_t handshake_ms;          /* from accept to the end of the handshake */
    uint64_t linger_ms;             /* from our last byte to the client's */
    uint64_t phase_ms[SERVER_PHASES];
};

/* Descriptors: a connection holds its socket and both ends of a socketpair. */
enum { LIMITS_FDS_PER_CONNECTION = 3, LIMITS_FDS_RESERVED = 64 };

/* Raises the soft descriptor limit to the hard one; the limit now in force. */
size_t limits_raise_descriptors(void);

/* How many connections a process that may have so many descriptors can hold:
 * what `connections` is where nobody says less. */
size_t limits_connections(size_t descriptors);

#endif
