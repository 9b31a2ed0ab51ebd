/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose certificate a client's is. RFC 6125, section 6.4.4: the subject alternative names
 * if it has any of the kinds below, else the common name. Compared whole: DNS
 * names and e-mail hosts without case, the rest exactly; no wildcards.
 */
#ifndef NET_CLIENT_NAME_H
#define NET_CLIENT_NAME_H

#include "base/attr.h"
#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>

bool client_name_is_among(const X509 *cert, const char *const *names, size_t count);

#endif
