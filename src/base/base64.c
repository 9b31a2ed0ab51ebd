/* SPDX-License-Identifier: Apache-2.0 */
/* Three bytes in, four letters out; the rest is padded. */
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

static uint32_t value_of(char c)
{
    const char *at = c ? strchr(letters, c) : NULL;

    return at ? (uint32_t)(at - letters) : UINT32_MAX;
}

/* Four letters of which the last `pad` are padding; the bits that padding leaves over must be zero. */
static bool decode_group(const char *in, size_t pad, char *out)
{
    uint32_t bits = 0;

    for (size_t i = 0; i < 4; i++) {
        uint32_t value = i < 4 - pad ? value_of(in[i]) : 0;

        if (value == UINT32_MAX)
            return false;
        bits = bits << 6 | value;
    }
    if (bits & ((1U << 8 * pad) - 1))
        return false;
    for (size_t i = 0; i < 3 - pad; i++)
        out[i] = (char)(bits >> (16 - 8 * i) & 255);
    return true;
}

bool base64_read(struct sv text, struct arena *a, struct sv *out, struct err *e)
{
    size_t pad = sv_ends_with(text, SV("==")) ? 2 : sv_ends_with(text, SV("="));
    char *p = arena_alloc(a, text.n / 4 * 3);

    if (!p)
        return arena_error(a, e);
    if (text.n % 4)
        return err_set(e, ERR_INPUT, "not base64: its length is no multiple of four");
    for (size_t i = 0; i < text.n / 4; i++)
        if (!decode_group(text.p + i * 4, i + 1 == text.n / 4 ? pad : 0, p + i * 3))
            return err_set(e, ERR_INPUT, "not base64 after %zu characters", i * 4);
    *out = (struct sv){ p, text.n / 4 * 3 - pad };
    return true;
}
