/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is connected: how many in all, and how many from each address. Shared by
 * the workers, under one mutex; a fixed table of twice as many rows as there
 * can be connections, so that nobody can make it grow.
 */
#ifndef NET_CENSUS_H
#define NET_CENSUS_H

#include "base/attr.h"
#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

struct census;

MUST_CHECK struct census *census_new(size_t max, size_t max_per_address, struct err *e);
/* Accepts NULL. */
void census_free(struct census *c);

enum census_answer { CENSUS_FULL, CENSUS_ADDRESS_FULL, CENSUS_ENTERED };

/* Counts one more connection from `peer`, if it may come in. IPv6 addresses
 * count by their /64; IPv4 ones mapped into IPv6 as what they are. */
enum census_answer census_enter(struct census *c, const struct sockaddr_storage *peer);
/* Whether both count as one address. */
bool census_is_same(const struct sockaddr_storage *a, const struct sockaddr_storage *b);
/* After CENSUS_ENTERED, once, with the same peer. */
void census_leave(struct census *c, const struct sockaddr_storage *peer);

#endif
