/* SPDX-License-Identifier: Apache-2.0 */
/* Where a mount of the pod touches one of the template, or what the proxy runs. */
#ifndef RULES_SIDECAR_MOUNT_H
#define RULES_SIDECAR_MOUNT_H

#include "base/arena.h"
#include "base/sv.h"
#include "json/value.h"

/* True when something mounted at `path` would be at, above or below one of the
 * paths of `mounts` (a volumeMounts list). True also when the arena is full. */
bool sidecar_mount_covers(const struct json *mounts, struct sv path, struct arena *a);

/* True when something mounted at `path` would be at, above or below where
 * programs, their libraries and the configuration of OpenSSL are, or a program
 * that the template's command names. True also when the arena is full. */
bool sidecar_mount_hides_programs(const struct json *template, struct sv path, struct arena *a);

/* The token that the ServiceAccount admission controller mounts everywhere. */
bool sidecar_mount_is_service_account(const struct json *mount);

#endif
