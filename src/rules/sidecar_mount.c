/* SPDX-License-Identifier: Apache-2.0 */
/* The template's mounts are few, a pod's may be many: nothing is looked up
 * where the template has none. */
#include "rules/sidecar_mount.h"
#include "base/attr.h"
#include "rules/mount_path.h"

/* What else a program reads before it says a word: the dynamic linker's lists,
 * the configuration of OpenSSL, the policies of the distribution. */
static const struct sv program_paths[] = {
    SV_INIT("/bin"),
    SV_INIT("/sbin"),
    SV_INIT("/lib"),
    SV_INIT("/lib32"),
    SV_INIT("/lib64"),
    SV_INIT("/usr/bin"),
    SV_INIT("/usr/sbin"),
    SV_INIT("/usr/lib"),
    SV_INIT("/usr/lib32"),
    SV_INIT("/usr/lib64"),
    SV_INIT("/usr/libexec"),
    SV_INIT("/usr/local/bin"),
    SV_INIT("/usr/local/sbin"),
    SV_INIT("/usr/local/lib"),
    SV_INIT("/usr/local/lib64"),
    SV_INIT("/etc/ld.so.cache"),
    SV_INIT("/etc/ld.so.conf"),
    SV_INIT("/etc/ld.so.conf.d"),
    SV_INIT("/etc/ld.so.preload"),
    SV_INIT("/etc/ssl/openssl.cnf"),
    SV_INIT("/etc/pki/tls/openssl.cnf"),
    SV_INIT("/etc/crypto-policies"),
};

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

static bool hides_command(const struct json *template, struct sv clean, struct arena *a)
{
    for (struct value_iter it = value_iter(value_get(template, SV("command"))); value_next(&it);) {
        struct sv word = value_string(it.value);
        struct sv program = sv_starts_with(word, SV("/")) ? mount_path_clean(word, a) : SV("");

        if (!program.p || (program.n > 0 && mount_path_touches(clean, program)))
            return true;
    }
    return false;
}

bool sidecar_mount_hides_programs(const struct json *template, struct sv path, struct arena *a)
{
    struct sv clean = mount_path_clean(path, a);

    if (!clean.p)
        return true;
    for (size_t i = 0; i < ARRAY_LEN(program_paths); i++)
        if (mount_path_touches(clean, program_paths[i]))
            return true;
    return hides_command(template, clean, a);
}

bool sidecar_mount_is_service_account(const struct json *mount)
{
    return sv_eq(value_string(value_get(mount, SV("mountPath"))), SV("/var/run/secrets/kubernetes.io/serviceaccount"));
}
