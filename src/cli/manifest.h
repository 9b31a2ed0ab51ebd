/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A manifest as the API server would ask about it: one document of YAML or JSON
 * in, the bytes of an AdmissionReview out, so that a file and a request take the
 * same way through the engine from there on.
 *
 * What the server fills in before it asks is filled in here: the namespace of
 * an object that names none. Its defaulting is not imitated. Of a kind that
 * fipsgate does not know it cannot be told whether it lives in a namespace; it
 * has the one it names, else none. A list is taken apart, as kubectl does.
 */
#ifndef CLI_MANIFEST_H
#define CLI_MANIFEST_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "kube/request.h"
#include "yaml/transcode.h"
#include "json/pointer.h"

#define MANIFEST_USER "kubernetes-admin"
#define MANIFEST_NAMESPACE "default"
#define MANIFEST_UID "00000000-0000-4000-8000-000000000000"

/* Zeroed: a CREATE by MANIFEST_USER, in MANIFEST_NAMESPACE. */
struct manifest_context {
    enum operation operation;   /* DELETE: the manifest is the old object; CONNECT makes no sense */
    struct sv user, namespace;  /* absent: the defaults; the namespace of objects that name none */
    const struct yaml_doc *old; /* UPDATE: the object as it was; NULL: as it is now */
    bool is_all_new;            /* UPDATE without `old`: it had nothing but its name */
};

/* Errors read "file:line:col: message". */
MUST_CHECK bool manifest_review(const struct yaml_doc *doc, const struct manifest_context *context, struct arena *a,
                                struct sv *out, struct err *e);

/* One object of a document: the document itself, or an item of a `kind: List`,
 * PodList and the like, which may hold further lists. */
struct manifest_item {
    const struct yaml_doc *doc;
    const struct pointer *at; /* where it stands in the document */
    const struct json *object;
    struct gvk list_of; /* the items of a PodList need not say that they are Pods */
};
/* Whatever its kind: kubectl too takes what has an array of `items` apart. */
bool manifest_is_list(const struct json *object);
/* What the object says it is, or else the list around it. */
struct gvk manifest_gvk(const struct manifest_item *item);
/* The namespace that it is in, or goes to; absent: none. */
struct sv manifest_namespace(const struct manifest_item *item, const struct manifest_context *context);

/* Calls visit() for each object of the document, in its order; a list is asked
 * about by its items only. Stops where visit() says false, and says it too. */
typedef bool manifest_visit(void *context, const struct manifest_item *item, struct err *e);
MUST_CHECK bool manifest_each(const struct yaml_doc *doc, manifest_visit *visit, void *context, struct err *e);

/* manifest_review() of one object. */
MUST_CHECK bool manifest_ask(const struct manifest_item *item, const struct manifest_context *context, struct arena *a,
                             struct sv *out, struct err *e);

#endif
