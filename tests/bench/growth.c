/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Does anything grow faster than its input? Each row is a shape of which more
 * and more is made: a head, so many pieces, a tail (`^` is the number of the
 * piece). Prints the CPU time of n, 2n and 4n pieces and how much longer the
 * largest took than the middle one; about 2 is linear.
 *
 *     bench_growth FACTS [N]
 */
#include "admission/handler.h"
#include "base/attr.h"
#include "policy/policy.h"
#include "yaml/transcode.h"
#include <time.h>

enum { DEFAULT_PIECES = 5000, ROUNDS = 3 };
enum reader { REVIEW, YAML };

#define POD_OF(op, before)                                                                                             \
    "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"1\",\"operation\":"   \
    "\"" op "\",\"namespace\":\"payments\",\"kind\":{\"group\":\"\",\"version\":\"v1\",\"kind\":\"Pod\"}," before      \
    "\"object\":{\"spec\":{"
#define POD POD_OF("CREATE", "")
#define OTHER(group, kind, rest)                                                                                       \
    "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"1\",\"operation\":"   \
    "\"CREATE\",\"namespace\":\"payments\",\"kind\":{\"group\":\"" group "\",\"version\":\"v1\",\"kind\":\"" kind      \
    "\"},\"object\":{" rest
#define PROXY "{\"name\":\"fips-proxy\",\"image\":\"x\",\"restartPolicy\":\"Always\","
#define END "{}]}}}}"

static const struct shape {
    const char *name;
    enum reader reader;
    const char *head, *piece, *tail;
} shapes[] = {
    { "containers to be mended", REVIEW, POD "\"containers\":[", "{\"name\":\"c^\",\"image\":\"quay.io/a/b^\"},", END },
    { "containers of one name", REVIEW, POD "\"containers\":[", "{\"name\":\"c\",\"image\":\"a.io/b\"},", END },
    { "proxies", REVIEW, POD "\"initContainers\":[", PROXY "\"ports\":[]},", END },
    { "variables of the proxy", REVIEW, POD "\"initContainers\":[" PROXY "\"env\":[",
      "{\"name\":\"E^\",\"value\":\"v\"},", "{}]}]}}}}" },
    { "mounts of the proxy", REVIEW, POD "\"initContainers\":[" PROXY "\"volumeMounts\":[",
      "{\"name\":\"v^\",\"mountPath\":\"/m^\"},", "{}]}]}}}}" },
    { "arguments", REVIEW, POD "\"containers\":[{\"name\":\"c\",\"image\":\"a\",\"args\":[",
      "\"-Dcom.redhat.fips=false\",", "\"\"]}]}}}}" },
    { "variables that are switches", REVIEW, POD "\"containers\":[{\"name\":\"c\",\"image\":\"a\",\"env\":[",
      "{\"name\":\"GODEBUG\",\"value\":\"fips140=off\"},", "{\"name\":\"X\"}]}]}}}}" },
    { "one long variable", REVIEW,
      POD "\"containers\":[{\"name\":\"c\",\"image\":\"a\",\"env\":[{\"name\":\"GODEBUG\",\"value\":\"", "fips140=,",
      "\"}]}]}}}}" },
    { "host mounts", REVIEW, POD "\"containers\":[{\"name\":\"c\",\"image\":\"a\",\"volumeMounts\":[",
      "{\"name\":\"v\",\"mountPath\":\"/etc/./crypto-policies/../x^\"},",
      "{\"name\":\"v\",\"mountPath\":\"/\"}]}]}}}}" },
    { "volumes", REVIEW, POD "\"volumes\":[", "{\"name\":\"v^\",\"nfs\":{\"server\":\"a\",\"path\":\"/\"}},",
      "{\"name\":\"v\"}]}}}}" },
    { "node terms", REVIEW,
      POD "\"affinity\":{\"nodeAffinity\":{\"requiredDuringSchedulingIgnoredDuringExecution\":{"
          "\"nodeSelectorTerms\":[",
      "{\"matchExpressions\":[{\"key\":\"k^\",\"operator\":\"Exists\"}]},", "{}]}}}}}}}" },
    { "an update that moves all", REVIEW,
      POD_OF("UPDATE", "\"oldObject\":{\"spec\":{\"containers\":[]}},") "\"containers\":[",
      "{\"name\":\"c^\",\"image\":\"a.io/b^\"},", END },
    { "annotations", REVIEW, OTHER("", "Pod", "\"metadata\":{\"annotations\":{"), "\"k^\":\"v\",", "\"k\":\"v\"}}}}}" },
    { "ports of a Service", REVIEW,
      OTHER("", "Service",
            "\"metadata\":{\"annotations\":{"
            "\"service.beta.kubernetes.io/"
            "aws-load-balancer-ssl-cert\":\"a\"}},\"spec\":{\"type\":\"LoadBalancer\",\"ports\":["),
      "{\"name\":\"p^\",\"port\":^},", END },
    { "hosts of an Ingress", REVIEW, OTHER("networking.k8s.io", "Ingress", "\"spec\":{\"tls\":["),
      "{\"hosts\":[\"h^\"]},", END },
    { "replicated jobs", REVIEW, OTHER("jobset.x-k8s.io", "JobSet", "\"spec\":{\"replicatedJobs\":["),
      "{\"template\":{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"nginx\"}]}}}}},",
      END },
    { "parameters of a StorageClass", REVIEW,
      OTHER("storage.k8s.io", "StorageClass", "\"provisioner\":\"ebs.csi.aws.com\",\"parameters\":{"), "\"k^\":\"v\",",
      "\"k\":\"v\"}}}}" },
    { "keys in YAML", YAML, "", "k^: v\n", "" },
    { "keys in flow style", YAML, "{", "k^: v, ", "}" },
    { "documents", YAML, "", "---\na: ^\n", "" },
    { "lines of a scalar", YAML, "a: >\n", "  text ^\n\n", "" },
    { "escapes", YAML, "a: \"", "\\x41\\u263a", "\"" },
    { "comments", YAML, "", "# c\n\nk^: 1\n", "" },
    { "aliases", YAML, "a: &a x\nb: [", "*a, ", "*a]\n" },
    { "merges", YAML, "a: &a {b: c, d: e}\n", "z^: {<<: *a, f: g}\n", "" },
    { "merges of one map", YAML, "a: &a {b: c}\nz: {<<: [", "*a, ", "*a]}\n" },
    { "opening brackets", YAML, "", "[", "" },
    { "directives", YAML, "", "%TAG !e^! tag:x:\n", "---\na\n" },
    { "tags", YAML, "", "- !!str a\n", "" },
};

static struct sv make(const struct shape *s, size_t pieces, struct arena *a)
{
    struct buf out = BUF_IN(a);

    buf_add(&out, sv_from(s->head));
    for (size_t i = 1; i <= pieces; i++) {
        struct sv rest = sv_from(s->piece);

        buf_add(&out, sv_cut(&rest, '^'));
        while (rest.p) {
            buf_printf(&out, "%zu", i);
            buf_add(&out, sv_cut(&rest, '^'));
        }
    }
    buf_add(&out, sv_from(s->tail));
    return buf_sv(&out);
}

static double cpu_time(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Reads it, and says nothing about what came of it but whether anything did. */
static bool read_once(const struct shape *s, const struct basis *b, struct sv text, struct arena *a)
{
    struct admission_record validate = { 0 }, mutate = { 0 };
    struct buf out = BUF_IN(a);
    struct yaml_doc *docs = NULL;
    struct err e = { .code = ERR_NONE };

    if (s->reader == YAML)
        return yaml_read(SV("in.yaml"), text, a, &docs, &e);
    return admission_handle(b, STAGE_VALIDATE, text, a, &out, &validate, &e) &&
           admission_handle(b, STAGE_MUTATE, text, a, &out, &mutate, &e) && validate.problem.code == ERR_NONE;
}

static double measure(const struct shape *s, const struct basis *b, size_t pieces, bool *was_read)
{
    CLEANUP(arena_fini) struct arena texts = ARENA_INIT((size_t)1 << 30);
    struct sv text = make(s, pieces, &texts);
    double best = 1e9;

    for (int i = 0; i < ROUNDS; i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT((size_t)2 << 30);
        double begin = cpu_time(), took;

        *was_read = read_once(s, b, text, &a);
        took = cpu_time() - begin;
        best = took < best ? took : best;
    }
    return best;
}

int main(int count, char **args)
{
    static const char *const policies[] = { "builtin:aws-govcloud" };
    const struct policy_sources sources = {
        .policies = policies, .policy_count = 1, .facts = (const char *const *)&args[1], .fact_count = 1
    };
    CLEANUP(policy_set_freep) struct policy_set *set = NULL;
    struct basis basis = { .today = { 2026, 11, 22 } };
    size_t n = count > 2 ? strtoul(args[2], NULL, 10) : DEFAULT_PIECES;
    struct err e = { .code = ERR_NONE };

    set = count > 1 ? policy_set_load(&sources, &e) : NULL;
    if (!set) {
        fprintf(stderr, "usage: bench_growth FACTS [N]\n%s\n", e.msg);
        return 2;
    }
    basis.policies = set;
    printf("%-30s %10zu %10zu %10zu\n", "milliseconds for so many", n, 2 * n, 4 * n);
    for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
        bool was_read = false;
        double one = measure(&shapes[i], &basis, n, &was_read), two = measure(&shapes[i], &basis, 2 * n, &was_read),
               four = measure(&shapes[i], &basis, 4 * n, &was_read);

        printf("%-30s %10.2f %10.2f %10.2f   x %.1f%s\n", shapes[i].name, one * 1e3, two * 1e3, four * 1e3, four / two,
               was_read ? "" : "   refused");
    }
    return 0;
}
