/* SPDX-License-Identifier: Apache-2.0 */
/* One row a type: what it is called, what it wants, how it is checked. Strict
 * on purpose: no spaces, no leading zeros, no upper case, so that what passes
 * means the same to everything that reads it. */
#include "rules/sidecar_parameter.h"
#include "base/text.h"

enum { LABEL_MAX = 63, NAME_MAX_LENGTH = 253, PORT_MAX = 65535, HOSTPORTS_MAX = 32 };

static const char *const type_names[] = { "port", "hostports", "dnsLabel", NULL };

const struct field sidecar_parameter_fields[] = {
    FIELD(struct sidecar_parameter, name, "name", FIELD_STRING, .required = true, .not_empty = true,
          .help = "what stands between ${ and }"),
    FIELD(struct sidecar_parameter, type, "type", FIELD_ENUM, .required = true, .names = type_names,
          .help = "port, hostports (a comma-separated list of host:port) or dnsLabel"),
    FIELD(struct sidecar_parameter, annotation, "annotation", FIELD_STRING, .required = true, .not_empty = true,
          .help = "the pod's annotation that holds the value"),
    FIELD(struct sidecar_parameter, fallback, "default", FIELD_STRING,
          .help =
              "the value of pods without the annotation (of hostports it may be empty); without it the annotation is "
              "needed"),
    FIELD_END,
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_label_char(char c)
{
    return (c >= 'a' && c <= 'z') || is_digit(c);
}

bool sidecar_parameter_is_label(struct sv text)
{
    if (text.n == 0 || text.n > LABEL_MAX || !is_label_char(text.p[0]) || !is_label_char(text.p[text.n - 1]))
        return false;
    for (size_t i = 0; i < text.n; i++)
        if (!is_label_char(text.p[i]) && text.p[i] != '-')
            return false;
    return true;
}

static bool is_number_up_to(struct sv text, size_t max)
{
    size_t number = 0;

    if (text.n > 1 && text.p[0] == '0')
        return false;
    return text_to_size(text, &number) && number <= max;
}

static const char *port_fault(struct sv value)
{
    return is_number_up_to(value, PORT_MAX) && !sv_eq(value, SV("0")) ? NULL : "it is not a number from 1 to 65535";
}

static bool is_ipv4(struct sv text)
{
    size_t parts = 0;

    for (; text.p; parts++)
        if (!is_number_up_to(sv_cut(&text, '.'), 255))
            return false;
    return parts == 4;
}

/* A last label of digits only makes it an address, which then has to be one:
 * resolvers read "1.2.3" as 1.2.0.3. */
static bool is_host(struct sv text)
{
    struct sv last = sv_skip(text, sv_find_last(text, '.') == text.n ? 0 : sv_find_last(text, '.') + 1);
    bool only_digits = last.n > 0;

    for (size_t i = 0; i < last.n; i++)
        only_digits = only_digits && is_digit(last.p[i]);
    if (only_digits)
        return is_ipv4(text);
    if (text.n == 0 || text.n > NAME_MAX_LENGTH)
        return false;
    while (text.p)
        if (!sidecar_parameter_is_label(sv_cut(&text, '.')))
            return false;
    return true;
}

static const char *hostports_fault(struct sv value)
{
    size_t count = 0;

    while (value.p) {
        struct sv item = sv_cut(&value, ',');
        struct sv host = sv_cut(&item, ':');

        if (++count > HOSTPORTS_MAX)
            return "it has more than 32 entries";
        if (!is_host(host))
            return "an entry does not begin with a DNS name or an IPv4 address";
        if (port_fault(item))
            return "an entry does not end in `:` and a port from 1 to 65535";
    }
    return count ? NULL : "it is empty";
}

static const char *label_fault(struct sv value)
{
    return sidecar_parameter_is_label(value) ? NULL : "it is not a DNS label (RFC 1123)";
}

static const struct {
    const char *(*fault)(struct sv value);
    const char *wanted;
} types[] = {
    [SIDECAR_PORT] = { port_fault, "a port, 1 to 65535" },
    [SIDECAR_HOSTPORTS] = { hostports_fault, "host:port[,host:port...], 32 at most" },
    [SIDECAR_DNS_LABEL] = { label_fault, "a DNS label: a-z, 0-9, inner hyphens, 63 at most" },
};

const char *sidecar_parameter_fault(enum sidecar_type type, struct sv value)
{
    return types[type].fault(value);
}

const char *sidecar_parameter_default_fault(enum sidecar_type type, struct sv value)
{
    return type == SIDECAR_HOSTPORTS && value.n == 0 ? NULL : sidecar_parameter_fault(type, value);
}

const char *sidecar_parameter_wanted(enum sidecar_type type)
{
    return types[type].wanted;
}

const struct sidecar_parameter *sidecar_parameter_find(const struct records *parameters, struct sv name)
{
    const struct sidecar_parameter *list = parameters->items;

    for (size_t i = 0; i < parameters->count; i++)
        if (sv_eq(list[i].name, name))
            return &list[i];
    return NULL;
}

/* Only `${`: a lone `$` and `$(VAR)` are Kubernetes' own. */
static size_t find_opening(struct sv text)
{
    for (size_t i = 0; i + 1 < text.n; i++)
        if (text.p[i] == '$' && text.p[i + 1] == '{')
            return i;
    return text.n;
}

bool sidecar_parameter_cut(struct sv *rest, struct sv *before, struct sv *name)
{
    size_t at = find_opening(*rest);
    struct sv after = sv_skip(*rest, at + 2);
    size_t end = sv_find(after, '}');

    *before = (struct sv){ rest->p, at };
    if (at == rest->n)
        return false;
    *name = (struct sv){ after.p, end == after.n ? 0 : end };
    *rest = sv_skip(after, end + 1);
    return true;
}
