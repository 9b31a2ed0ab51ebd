/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of the format, and its three escapes. */
#include "http/exposition.h"
#include <inttypes.h>

void exposition_family(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void add_escaped(struct buf *out, struct sv value)
{
    for (size_t i = 0; i < value.n; i++) {
        char c = value.p[i];

        if (c == '\n') {
            buf_add(out, SV("\\n"));
            continue;
        }
        if (c == '\\' || c == '"')
            buf_add_char(out, '\\');
        buf_add_char(out, c);
    }
}

void exposition_sample(struct buf *out, const char *name, const struct exposition_label *labels, size_t count,
                       uint64_t value)
{
    buf_add(out, sv_from(name));
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "%c%s=\"", i ? ',' : '{', labels[i].name);
        add_escaped(out, labels[i].value);
        buf_add_char(out, '"');
    }
    buf_printf(out, "%s %" PRIu64 "\n", count ? "}" : "", value);
}

void exposition_counter(struct buf *out, const char *name, const char *help, uint64_t value)
{
    exposition_family(out, name, "counter", help);
    exposition_sample(out, name, NULL, 0, value);
}

void exposition_gauge(struct buf *out, const char *name, const char *help, int64_t value)
{
    exposition_family(out, name, "gauge", help);
    buf_printf(out, "%s %" PRId64 "\n", name, value);
}
