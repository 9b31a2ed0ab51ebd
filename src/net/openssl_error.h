/* SPDX-License-Identifier: Apache-2.0 */
/* OpenSSL's error queue as one text. */
#ifndef NET_OPENSSL_ERROR_H
#define NET_OPENSSL_ERROR_H

/* The reason of the oldest error (the one that caused the others), and an
 * empty queue; "no reason given" when there is none. Valid for the process. */
const char *openssl_error_take(void);

#endif
