/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A manifest as the API server would ask about it: one document of YAML or JSON
 * in, the bytes of an AdmissionReview out, so that a file and a request take the
 * same way through the engine from there on.
 *
 * What the server fills in before it asks is filled in here: the namespace of
 * an object that names none. Its defaulting is not imitated. Of a kind that
 * fipsgate does not know it cannot be told whether it lives in a namespace; it
 * has the one it names, else none.
 */
#ifndef CLI_MANIFEST_H
#define CLI_MANIFEST_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "kube/request.h"
#include "yaml/transcode.h"

#define MANIFEST_USER "kubernetes-admin"
#define MANIFEST_NAMESPACE "default"
#define MANIFEST_UID "00000000-0000-4000-8000-000000000000"

/* Zeroed: a CREATE by MANIFEST_USER, in MANIFEST_NAMESPACE. */
struct manifest_context {
    enum operation operation;   /* DELETE: the manifest is the old object; CONNECT makes no sense */
    struct sv user, namespace;  /* absent: the defaults; the namespace of objects that name none */
    const struct yaml_doc *old; /* UPDATE: the object as it was; NULL: as it is now */
};

/* Errors read "file:line:col: message". */
MUST_CHECK bool manifest_review(const struct yaml_doc *doc, const struct manifest_context *context, struct arena *a,
                                struct sv *out, struct err *e);

#endif
