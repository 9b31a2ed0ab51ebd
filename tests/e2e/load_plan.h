/* SPDX-License-Identifier: Apache-2.0 */
/* What load.c asks, and which answers to it are right. */
#ifndef E2E_LOAD_PLAN_H
#define E2E_LOAD_PLAN_H

#include "client.h"

enum { LOAD_ROWS = 64, LOAD_ANSWERS = 4, LOAD_UID = 36 };

struct load_row {
    char *request; /* head and body */
    size_t n, uid_at;
    struct {
        bool allowed;
        char *patch; /* base64; NULL: none */
    } right[LOAD_ANSWERS];
    size_t right_count;
};

struct load_plan {
    struct load_row rows[LOAD_ROWS];
    size_t count, request_max;
};

bool load_plan_read(struct load_plan *p, const char *path);
void load_plan_fini(struct load_plan *p);

/* The request, with a uid of its own. */
size_t load_request(const struct load_row *row, uint64_t number, char uid[LOAD_UID + 1], char *out);

struct load_answer {
    unsigned status;
    bool is_last; /* Connection: close */
    const char *body;
    size_t body_n;
};

/* Whether a whole answer is there; `text` ends with NUL. */
bool load_parse(const char *text, size_t n, struct load_answer *a);

/* 200, with that uid, and one of the answers that are right, patch and all. */
bool load_is_right(const struct load_row *row, const char *uid, const struct load_answer *a);

#endif
