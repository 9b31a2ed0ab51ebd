/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is asked: one admission request, whoever asks it (the API server through
 * admission/review, `check` from a manifest). A view; everything borrows from
 * the request's arena.
 */
#ifndef KUBE_REQUEST_H
#define KUBE_REQUEST_H

#include "base/sv.h"
#include "kube/gvk.h"
#include "json/value.h"
#include <stdbool.h>

enum operation { OP_CREATE, OP_UPDATE, OP_DELETE, OP_CONNECT, OP_COUNT };

/* "CREATE", ... */
const char *request_operation_name(enum operation op);
bool request_operation_parse(struct sv text, enum operation *out);

struct request {
    struct sv uid;
    struct gvk gvk;        /* of the object as sent: matchPolicy Equivalent has converted it */
    struct sv resource;    /* "pods" */
    struct sv subresource; /* "ephemeralcontainers", or absent */
    struct sv name;        /* absent with generateName */
    struct sv namespace;   /* absent for cluster-scoped objects */
    enum operation operation;
    struct sv user;
    const struct json *groups;     /* userInfo.groups: an array of strings, or absent */
    const struct json *object;     /* absent on DELETE */
    const struct json *old_object; /* absent on CREATE and CONNECT */
    bool dry_run;
};

/* The object to judge: `object`, on DELETE `old_object`. */
const struct json *request_subject(const struct request *r);

#endif
