/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the process has done, as atomic counters, and their Prometheus text.
 * One process, one set; every label value is one of a table of ours or a name
 * of a policy, an exception or a rule, of which a tally bounds the number, so
 * that no request can grow it. Counters are relaxed: each is right, two read
 * one after the other need not fit together.
 */
#ifndef HTTP_METRICS_H
#define HTTP_METRICS_H

#include "admission/handler.h"
#include "base/buf.h"
#include "base/digest.h"
#include "policy/policy.h"
#include <stddef.h>
#include <stdint.h>

enum metrics_counter {
    METRICS_BYTES_IN, /* plaintext */
    METRICS_BYTES_OUT,
    METRICS_CONNECTIONS, /* accepted */
    METRICS_HANDSHAKES,  /* finished */
    METRICS_QUEUED,      /* requests that waited for memory */
    METRICS_PATCHES,     /* answers that carried one */
    METRICS_COUNTERS
};

/* What is going on now. */
enum metrics_gauge { METRICS_OPEN_CONNECTIONS, METRICS_REQUESTS, METRICS_GAUGES };

/* Why a connection was ended before, or instead of, HTTP. */
enum metrics_drop {
    METRICS_DROP_PROTOCOL,           /* no common version, suite, group; not TLS at all */
    METRICS_DROP_CLIENT_CERTIFICATE, /* none, not signed by --client-ca, or not one of --client-name */
    METRICS_DROP_NO_EMS,             /* TLS 1.2 without extended master secret */
    METRICS_DROP_FIPS,               /* the provider is in its error state */
    METRICS_DROP_ABORTED,            /* ended without close_notify, or reset */
    METRICS_DROP_HANDSHAKE_TIMEOUT,
    METRICS_DROP_IDLE_TIMEOUT,
    METRICS_DROP_REQUEST_TIMEOUT,
    METRICS_DROP_CONNECTION_LIMIT,
    METRICS_DROP_ADDRESS_LIMIT,
    METRICS_DROP_MADE_ROOM, /* idle, when another came and a limit was reached */
    METRICS_DROP_NO_MEMORY,
    METRICS_DROPS
};

/* What can be read again while we serve, and what came of it. */
enum metrics_reload { METRICS_RELOAD_POLICIES, METRICS_RELOAD_CERTIFICATE, METRICS_RELOADS };
enum metrics_outcome { METRICS_FAILED, METRICS_SAME, METRICS_REPLACED, METRICS_OUTCOMES };

void metrics_reloaded(enum metrics_reload what, enum metrics_outcome outcome);
void metrics_add(enum metrics_counter counter, uint64_t n);
void metrics_move(enum metrics_gauge gauge, int by);
void metrics_dropped(enum metrics_drop reason);
void metrics_response(unsigned status);

/* A review that was answered, and how long that took from the complete body on. */
void metrics_review(const struct admission_record *record, enum stage stage, uint64_t nanoseconds);

/* Before a policy set is used: what its rules find and its exceptions lift is
 * counted by name from then on, and shown as 0 until it happens. */
void metrics_learn(const struct policy_set *set);

/* What is only known outside, as it is when somebody asks. */
struct metrics_live {
    char policy_hash[DIGEST_HEX + 1];
    enum mode max_mode; /* of the policy set */
    size_t policies, rules, missing_sites;
    int64_t policies_since;        /* in use since; seconds since the epoch, as all times here */
    size_t exceptions;             /* that count today */
    int64_t exception_ends;        /* the first of them; 0: there is none */
    int64_t certificate_not_after; /* 0: unknown */
    size_t budget_used;
    bool fips_is_running;
    bool fips_is_validated;
    char fips_certificate[32]; /* its number, or "none" */
    const char *fips_certificate_status;
};

/* What stays as it is. Strings live as long as the process. */
struct metrics_facts {
    const char *version, *openssl;
    const char *fips_provider, *fips_version, *fips_build; /* "" without FIPS */
    const char *fips_self_test;
    size_t workers;
    size_t budget_max;
    void (*read)(const void *arg, struct metrics_live *out);
    const void *arg;
};

/* Everything, as text. */
void metrics_print(struct buf *out, const struct metrics_facts *facts);

#endif
