/* SPDX-License-Identifier: Apache-2.0 */
/* Three bytes in, four letters out; the rest is padded. Encoding only: the one
 * user is the patch of an admission response. */
#include "base/base64.h"
#include <stdint.h>

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void encode_group(const unsigned char *in, size_t n, char *out)
{
    uint32_t bits = (uint32_t)in[0] << 16 | (n > 1 ? (uint32_t)in[1] << 8 : 0) | (n > 2 ? in[2] : 0);

    out[0] = letters[bits >> 18];
    out[1] = letters[bits >> 12 & 63];
    out[2] = n > 1 ? letters[bits >> 6 & 63] : '=';
    out[3] = n > 2 ? letters[bits & 63] : '=';
}

void base64_add(struct buf *out, struct sv bytes)
{
    size_t groups = bytes.n / 3 + (bytes.n % 3 != 0);
    char *p = groups <= SIZE_MAX / 8 ? buf_room(out, groups * 4) : NULL;

    if (!p) {
        out->failed = true;
        return;
    }
    for (size_t i = 0; i < groups; i++) {
        size_t left = bytes.n - i * 3;

        encode_group((const unsigned char *)bytes.p + i * 3, left < 3 ? left : 3, p + i * 4);
    }
    out->len += groups * 4;
}
