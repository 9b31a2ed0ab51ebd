/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a storage driver makes of the parameters it is given: data encrypted,
 * not encrypted, or nothing to be seen. Which parameter means what to which
 * driver is data (the set `storage-drivers`), not code.
 */
#ifndef RULES_STORAGE_DRIVER_H
#define RULES_STORAGE_DRIVER_H

#include "rules/values.h"
#include "json/value.h"

/* What the option `drivers` is when nobody gives it: @storage-drivers. */
extern const struct strings storage_driver_default;

enum storage_state {
    STORAGE_UNKNOWN_DRIVER, /* it has no row */
    STORAGE_NOT_VISIBLE,    /* nothing the object says tells */
    STORAGE_ENCRYPTED,
    STORAGE_NOT_ASKED,    /* a parameter that encryption needs is absent, or says otherwise */
    STORAGE_SWITCHED_OFF, /* a parameter rules encryption out */
    STORAGE_NEVER,        /* whatever it is asked */
};

struct storage_judgement {
    enum storage_state state;
    const struct fact *row;                 /* NULL: STORAGE_UNKNOWN_DRIVER */
    const struct fact_parameter *parameter; /* NOT_ASKED, SWITCHED_OFF: the one it is about */
    struct sv key, value;                   /* of it, as the object has them; absent: it is not there */
};

/* An absent `driver` is an unknown one. `is_change`: the object changes volumes
 * that exist, so a parameter it does not name stays as it is, and where nothing
 * it says is bad it is STORAGE_ENCRYPTED. */
struct storage_judgement storage_driver_judge(const struct values *drivers, struct sv driver,
                                              const struct json *parameters, bool is_change);

/* It is known that data will lie there in the clear. */
bool storage_driver_is_plain(const struct storage_judgement *j);

/* What the parameter should be, for a person: `encrypted: "true"`. */
struct sv storage_driver_describe(const struct fact_parameter *p, struct findings *out);

#endif
