/* SPDX-License-Identifier: Apache-2.0 */
/* The tables. Paths are keys joined by `/`, `*` standing for any run of
 * characters; defaults are those of k8s.io/kubernetes/pkg/apis/core/v1. */
#include "rules/sidecar_field.h"
#include "base/attr.h"

static const struct sidecar_field container_fields[] = {
    { SV_INIT("args"), JUDGED_ALWAYS },
    { SV_INIT("command"), JUDGED_ALWAYS },
    { SV_INIT("env"), JUDGED_IF_REQUIRED },
    { SV_INIT("envFrom"), JUDGED_ALWAYS },
    { SV_INIT("image"), JUDGED_ALWAYS },
    { SV_INIT("imagePullPolicy"), JUDGED_IF_REQUIRED },
    { SV_INIT("lifecycle"), JUDGED_ALWAYS },
    { SV_INIT("livenessProbe"), JUDGED_IF_REQUIRED },
    { SV_INIT("name"), JUDGED_APART },
    { SV_INIT("ports"), JUDGED_IF_REQUIRED },
    { SV_INIT("readinessProbe"), JUDGED_IF_REQUIRED },
    { SV_INIT("resizePolicy"), JUDGED_IF_NAMED },
    { SV_INIT("resources"), JUDGED_IF_NAMED },
    { SV_INIT("restartPolicy"), JUDGED_APART },
    { SV_INIT("restartPolicyRules"), JUDGED_IF_REQUIRED },
    { SV_INIT("securityContext"), JUDGED_IF_REQUIRED },
    { SV_INIT("startupProbe"), JUDGED_IF_REQUIRED },
    { SV_INIT("stdin"), JUDGED_IF_REQUIRED },
    { SV_INIT("stdinOnce"), JUDGED_IF_REQUIRED },
    { SV_INIT("terminationMessagePath"), JUDGED_IF_REQUIRED },
    { SV_INIT("terminationMessagePolicy"), JUDGED_IF_REQUIRED },
    { SV_INIT("tty"), JUDGED_IF_REQUIRED },
    { SV_INIT("volumeDevices"), JUDGED_IF_REQUIRED },
    { SV_INIT("volumeMounts"), JUDGED_IF_REQUIRED },
    { SV_INIT("workingDir"), JUDGED_IF_REQUIRED },
};

/* How members are told apart; no key: by themselves. */
static const struct {
    struct sv list, key, second, second_default;
} keyed_lists[] = {
    { SV_INIT("env"), SV_INIT("name"), { NULL, 0 }, { NULL, 0 } },
    { SV_INIT("ports"), SV_INIT("containerPort"), SV_INIT("protocol"), SV_INIT("TCP") },
    { SV_INIT("volumeMounts"), SV_INIT("mountPath"), { NULL, 0 }, { NULL, 0 } },
    { SV_INIT("volumeDevices"), SV_INIT("devicePath"), { NULL, 0 }, { NULL, 0 } },
    { SV_INIT("securityContext/capabilities/add"), { NULL, 0 }, { NULL, 0 }, { NULL, 0 } },
    { SV_INIT("securityContext/capabilities/drop"), { NULL, 0 }, { NULL, 0 }, { NULL, 0 } },
};

/* What is filled in, or left out because Go does not write empty values. */
static const struct {
    struct sv path, value;
} defaults[] = {
    { SV_INIT("imagePullPolicy"), SV_INIT("*") },
    { SV_INIT("terminationMessagePath"), SV_INIT("/dev/termination-log") },
    { SV_INIT("terminationMessagePolicy"), SV_INIT("File") },
    { SV_INIT("stdin"), SV_INIT("false") },
    { SV_INIT("stdinOnce"), SV_INIT("false") },
    { SV_INIT("tty"), SV_INIT("false") },
    { SV_INIT("workingDir"), SV_INIT("") },
    { SV_INIT("env/*/value"), SV_INIT("") },
    { SV_INIT("env/*/valueFrom/fieldRef/apiVersion"), SV_INIT("v1") },
    { SV_INIT("ports/*/protocol"), SV_INIT("TCP") },
    { SV_INIT("ports/*/name"), SV_INIT("") },
    { SV_INIT("ports/*/hostPort"), SV_INIT("0") },
    { SV_INIT("ports/*/hostIP"), SV_INIT("") },
    { SV_INIT("volumeMounts/*/readOnly"), SV_INIT("false") },
    { SV_INIT("volumeMounts/*/subPath"), SV_INIT("") },
    { SV_INIT("volumeMounts/*/subPathExpr"), SV_INIT("") },
    { SV_INIT("*Probe/initialDelaySeconds"), SV_INIT("0") },
    { SV_INIT("*Probe/timeoutSeconds"), SV_INIT("1") },
    { SV_INIT("*Probe/periodSeconds"), SV_INIT("10") },
    { SV_INIT("*Probe/successThreshold"), SV_INIT("1") },
    { SV_INIT("*Probe/failureThreshold"), SV_INIT("3") },
    { SV_INIT("*Probe/httpGet/path"), SV_INIT("/") },
    { SV_INIT("*Probe/httpGet/scheme"), SV_INIT("HTTP") },
    { SV_INIT("*Probe/*/host"), SV_INIT("") },
    { SV_INIT("*Probe/grpc/service"), SV_INIT("") },
    { SV_INIT("lifecycle/*/httpGet/path"), SV_INIT("/") },
    { SV_INIT("lifecycle/*/httpGet/scheme"), SV_INIT("HTTP") },
    { SV_INIT("lifecycle/*/*/host"), SV_INIT("") },
    { SV_INIT("securityContext/privileged"), SV_INIT("false") },
    { SV_INIT("securityContext/readOnlyRootFilesystem"), SV_INIT("false") },
    { SV_INIT("securityContext/procMount"), SV_INIT("Default") },
    /* of the volumes */
    { SV_INIT("secret/defaultMode"), SV_INIT("420") },
    { SV_INIT("configMap/defaultMode"), SV_INIT("420") },
    { SV_INIT("projected/defaultMode"), SV_INIT("420") },
    { SV_INIT("downwardAPI/defaultMode"), SV_INIT("420") },
    { SV_INIT("downwardAPI/items/*/fieldRef/apiVersion"), SV_INIT("v1") },
    { SV_INIT("projected/sources/*/downwardAPI/items/*/fieldRef/apiVersion"), SV_INIT("v1") },
    { SV_INIT("projected/sources/*/serviceAccountToken/expirationSeconds"), SV_INIT("3600") },
    { SV_INIT("hostPath/type"), SV_INIT("") },
    { SV_INIT("emptyDir/medium"), SV_INIT("") },
};

enum weakness {
    WEAK_BY_ITSELF,   /* this value */
    WEAK_BY_CONTRAST, /* this value where the template says another */
    WEAK_BY_ABSENCE,  /* the template's value is missing */
};

static const struct {
    struct sv path, value;
    enum weakness weakness;
} weaknesses[] = {
    { SV_INIT("securityContext/privileged"), SV_INIT("true"), WEAK_BY_ITSELF },
    { SV_INIT("securityContext/allowPrivilegeEscalation"), SV_INIT("true"), WEAK_BY_ITSELF },
    { SV_INIT("securityContext/runAsNonRoot"), SV_INIT("false"), WEAK_BY_ITSELF },
    { SV_INIT("securityContext/runAsUser"), SV_INIT("0"), WEAK_BY_ITSELF },
    { SV_INIT("securityContext/capabilities/add/*"), SV_INIT("*"), WEAK_BY_ITSELF },
    { SV_INIT("securityContext/capabilities/drop/*"), { NULL, 0 }, WEAK_BY_ABSENCE },
    { SV_INIT("securityContext/seccompProfile/type"), SV_INIT("Unconfined"), WEAK_BY_ITSELF },
    { SV_INIT("securityContext/appArmorProfile/type"), SV_INIT("Unconfined"), WEAK_BY_ITSELF },
    { SV_INIT("securityContext/procMount"), SV_INIT("Unmasked"), WEAK_BY_ITSELF },
    { SV_INIT("securityContext/windowsOptions/hostProcess"), SV_INIT("true"), WEAK_BY_ITSELF },
    { SV_INIT("securityContext/readOnlyRootFilesystem"), SV_INIT("false"), WEAK_BY_CONTRAST },
    /* a library or a configuration of the caller's choice */
    { SV_INIT("env/LD_*"), SV_INIT("*"), WEAK_BY_ITSELF },
    { SV_INIT("env/LD_*/*"), SV_INIT("*"), WEAK_BY_ITSELF },
    { SV_INIT("env/OPENSSL_*"), SV_INIT("*"), WEAK_BY_ITSELF },
    { SV_INIT("env/OPENSSL_*/*"), SV_INIT("*"), WEAK_BY_ITSELF },
    /* a probe that runs a command inside the proxy */
    { SV_INIT("*Probe/exec"), SV_INIT("*"), WEAK_BY_ITSELF },
    { SV_INIT("*Probe/exec/*"), SV_INIT("*"), WEAK_BY_ITSELF },
    /* another volume, sub-path or mode where the template mounts something */
    { SV_INIT("volumeMounts/*/*"), SV_INIT("*"), WEAK_BY_ITSELF },
    { SV_INIT("volumeMounts/*/*"), { NULL, 0 }, WEAK_BY_ABSENCE },
};

/* From the end of both: a spot knows only what is above it. */
static bool matches(const struct sidecar_spot *at, struct sv path)
{
    for (; at->up; at = at->up) {
        size_t slash = sv_find_last(path, '/');
        struct sv last = slash == path.n ? path : sv_skip(path, slash + 1);

        if (!path.p || !sv_glob(last, at->name))
            return false;
        path = slash == path.n ? (struct sv){ NULL, 0 } : (struct sv){ path.p, slash };
    }
    return !path.p;
}

size_t sidecar_field_count(void)
{
    return ARRAY_LEN(container_fields);
}

const struct sidecar_field *sidecar_field_at(size_t index)
{
    return &container_fields[index];
}

size_t sidecar_field_find(struct sv name)
{
    size_t i = 0;

    while (i < ARRAY_LEN(container_fields) && !sv_eq(container_fields[i].name, name))
        i++;
    return i;
}

static size_t find_list(const struct sidecar_spot *list)
{
    size_t i = 0;

    while (i < ARRAY_LEN(keyed_lists) && !matches(list, keyed_lists[i].list))
        i++;
    return i;
}

bool sidecar_field_is_keyed(const struct sidecar_spot *list)
{
    return find_list(list) < ARRAY_LEN(keyed_lists);
}

static struct sv key_in(size_t row, const struct json *member)
{
    struct sv key = keyed_lists[row].key;

    return value_scalar_text(key.p ? value_get(member, key) : member);
}

static struct sv second_in(size_t row, const struct json *member)
{
    struct sv text = value_scalar_text(value_get(member, keyed_lists[row].second));

    return text.p ? text : keyed_lists[row].second_default;
}

struct sv sidecar_field_key(const struct sidecar_spot *list, const struct json *member)
{
    size_t row = find_list(list);

    return row < ARRAY_LEN(keyed_lists) ? key_in(row, member) : (struct sv){ NULL, 0 };
}

bool sidecar_field_same_member(const struct sidecar_spot *list, const struct json *a, const struct json *b)
{
    size_t row = find_list(list);

    if (row == ARRAY_LEN(keyed_lists) || !key_in(row, a).p || !sv_eq(key_in(row, a), key_in(row, b)))
        return false;
    return !keyed_lists[row].second.p || sv_eq(second_in(row, a), second_in(row, b));
}

static bool is_container(const struct json *v)
{
    return value_is(v, VALUE_ARRAY) || value_is(v, VALUE_OBJECT);
}

bool sidecar_field_is_default(const struct sidecar_spot *at, const struct json *v)
{
    struct sv text = value_scalar_text(v);

    if (value_is_nothing(v))
        return true;
    if (is_container(v))
        return value_size(v) == 0;
    for (size_t i = 0; i < ARRAY_LEN(defaults); i++)
        if (sv_glob(defaults[i].value, text) && matches(at, defaults[i].path))
            return true;
    return false;
}

static bool is_weak_by(size_t row, const struct json *want, const struct json *got)
{
    if (weaknesses[row].weakness == WEAK_BY_ABSENCE)
        return value_is_nothing(got) && !value_is_nothing(want);
    if (weaknesses[row].weakness == WEAK_BY_CONTRAST && value_is_nothing(want))
        return false;
    return !value_is_nothing(got) && sv_glob(weaknesses[row].value, value_scalar_text(got));
}

bool sidecar_field_is_weaker(const struct sidecar_spot *at, const struct json *want, const struct json *got)
{
    for (size_t i = 0; i < ARRAY_LEN(weaknesses); i++)
        if (is_weak_by(i, want, got) && matches(at, weaknesses[i].path))
            return true;
    return false;
}

static bool is_security(const struct sidecar_spot *at)
{
    while (at->up && at->up->up)
        at = at->up;
    return at->up && sv_eq(at->name, SV("securityContext"));
}

bool sidecar_field_is_split(const struct sidecar_spot *at)
{
    bool runs_command = !value_is_nothing(value_get(at->value, SV("exec")));

    return is_security(at) || (runs_command && matches(at, SV("*Probe")));
}

static void print_spot(struct buf *out, const struct sidecar_spot *at)
{
    if (!at->up)
        return;
    print_spot(out, at->up);
    if (at->up->up)
        buf_add_char(out, '.');
    if (at->name.p)
        buf_add(out, at->name);
    else
        buf_printf(out, "%zu", at->index);
}

struct sv sidecar_field_print(const struct sidecar_spot *at, struct arena *a)
{
    struct buf out = BUF_IN(a);

    print_spot(&out, at);
    return buf_ok(&out) ? buf_sv(&out) : (struct sv){ NULL, 0 };
}
