/* SPDX-License-Identifier: Apache-2.0 */
/* The template's mounts are few, a pod's may be many: nothing is looked up
 * where the template has none. */
#include "rules/sidecar_mount.h"
#include "rules/mount_path.h"

bool sidecar_mount_covers(const struct json *mounts, struct sv path, struct arena *a)
{
    struct sv theirs;

    if (value_size(mounts) == 0)
        return false;
    theirs = mount_path_clean(path, a);
    for (struct value_iter it = value_iter(mounts); value_next(&it);) {
        struct sv ours = mount_path_clean(value_string(value_get(it.value, SV("mountPath"))), a);

        if (!ours.p || !theirs.p || mount_path_touches(ours, theirs))
            return true;
    }
    return false;
}

bool sidecar_mount_is_service_account(const struct json *mount)
{
    return sv_eq(value_string(value_get(mount, SV("mountPath"))), SV("/var/run/secrets/kubernetes.io/serviceaccount"));
}
