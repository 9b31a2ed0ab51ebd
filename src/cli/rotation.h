/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a run of `fipsgate certs rotate` has to do: from what was found to what
 * is to be made and published. Asks nobody and changes nothing, so every
 * situation is a row of a test.
 *
 * A CA is published, in every caBundle, before it signs what serves, and an old
 * one stays published until it ends, with all that it signed. So whatever a pod
 * still serves from an earlier mount, and whatever bundle an API server still
 * has in memory, they fit.
 */
#ifndef CLI_ROTATION_H
#define CLI_ROTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* CAs that are told apart; more are not published. ROTATION_SKEW: seconds by
 * which our clock and the server's may differ: less than certificates are backdated.
 * ROTATION_SETTLE: seconds that a CA is published before it signs. */
enum { ROTATION_CAS = 8, ROTATION_SKEW = 240, ROTATION_SETTLE = 60, ROTATION_NONE = -1 };

struct rotation_span {
    int64_t begins, ends; /* seconds since the epoch */
};

/* A Secret of ours. */
enum rotation_content {
    ROTATION_EMPTY,   /* no Secret, or nothing in it */
    ROTATION_BROKEN,  /* ours, and not a pair of certificate and key */
    ROTATION_FOREIGN, /* somebody else's */
    ROTATION_PAIR,
};

/* Certificates of CAs, wherever they were found, each once. */
struct rotation_ca {
    struct rotation_span span;
    bool is_published; /* in every caBundle there is */
};

struct rotation_state {
    int64_t now, server_now; /* the API server's clock; 0: unknown */
    struct rotation_ca cas[ROTATION_CAS];
    int ca_count;

    enum rotation_content ca, leaf;
    int current;               /* the CA that the CA's Secret holds; ROTATION_NONE where it is no pair */
    int signer;                /* the CA that signed the leaf; ROTATION_NONE: none of them */
    struct rotation_span span; /* of the leaf */
    bool has_names;            /* the leaf is for the names wanted, all of them and no others */
};

struct rotation_settings {
    int64_t leaf_life, ca_life;       /* seconds */
    unsigned renew_part, renew_whole; /* 2 and 3: at two thirds of a life */
};

/* Why something is made. */
enum rotation_reason {
    ROTATION_KEEP, /* it is not */
    ROTATION_FIRST,
    ROTATION_DUE,
    ROTATION_ENDED,
    ROTATION_UNREADABLE,
    ROTATION_NAMES,    /* the leaf is for other names */
    ROTATION_ORPHANED, /* no CA that we know has signed the leaf */
    ROTATION_REASONS,
};

enum rotation_refusal {
    ROTATION_GO_ON,
    ROTATION_CLOCK,        /* ours differs from the server's, or something was made in our future */
    ROTATION_FOREIGN_CA,   /* the CA's Secret holds what is not ours */
    ROTATION_FOREIGN_LEAF, /* the serving Secret does */
    ROTATION_REFUSALS,
};

struct rotation_plan {
    enum rotation_refusal refusal; /* then nothing else is to be read */
    enum rotation_reason ca, leaf; /* whether to make a new CA, a new leaf */
    bool leaf_waits;               /* it is to be made, in a later run: its CA is not published long enough */
    bool keeps[ROTATION_CAS];      /* which CAs to publish, after the new one if there is one */
};

struct rotation_plan rotation_plan(const struct rotation_state *s, const struct rotation_settings *o);

/* "its time has come", for messages. */
const char *rotation_reason_text(enum rotation_reason reason);

#endif
