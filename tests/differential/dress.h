/* SPDX-License-Identifier: Apache-2.0 */
/* What must not matter: claims of compliance, look-alikes, bookkeeping. */
#ifndef DIFFERENTIAL_DRESS_H
#define DIFFERENTIAL_DRESS_H

#include "differential/suspect.h"

/* Adds some of it to an object, or a pod template. */
void dress_object(struct suspect *s, struct tree *object);

#endif
