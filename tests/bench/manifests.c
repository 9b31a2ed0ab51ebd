/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes a directory of manifests of about 2 KB, one object each: ten kinds in
 * turn as they come in repositories, YAML and JSON, a hundred files a directory. One in
 * five has something to be found in it. The same numbers write the same bytes.
 *
 *     bench_manifests DIR COUNT
 */
#include "base/attr.h"
#include "base/buf.h"
#include <errno.h>
#include <sys/stat.h>

enum { SIZE = 2048, FILES_IN_DIRECTORY = 100 };

#define ECR "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com"
#define DIGEST "@sha256:3f8a3f8a3f8a3f8a3f8a3f8a3f8a3f8a3f8a3f8a3f8a3f8a3f8a3f8a3f8a3f8a"
#define HEAD(version, kind, name)                                                                                      \
    "apiVersion: " version "\nkind: " kind "\nmetadata:\n  name: " name "-^\n  namespace: team-^\n"                    \
    "  labels:\n    app.kubernetes.io/name: " name "-^\n    app.kubernetes.io/part-of: shop\n"
#define POD(in, image)                                                                                                 \
    in "metadata:\n" in "  labels: { app: web-^ }\n" in "spec:\n" in "  nodeSelector:\n" in                            \
       "    node-restriction.kubernetes.io/fips: \"true\"\n" in "  containers:\n" in "    - name: main\n" in           \
       "      image: " image "\n" in "      ports:\n" in "        - containerPort: 8080\n" in                          \
       "          name: http\n" in "      resources:\n" in "        requests: { cpu: 100m, memory: 128Mi }\n" in       \
       "        limits: { cpu: \"1\", memory: 512Mi }\n" in "      livenessProbe:\n" in                                \
       "        httpGet: { path: /healthz, port: http }\n" in "      env:\n" in                                        \
       "        - name: AWS_USE_FIPS_ENDPOINT\n" in "          value: \"true\"\n"
#define ENV(in) in "        - name: SETTING_^\n" in "          value: value-of-a-setting-that-is-about-this-long-^\n"
#define ANNOTATION "    example.gov/note-^: \"a note that somebody left here for the next one, ^\"\n"

/* `^` is a number: of the file in head and tail, of the piece in a piece, of which as many are written as
 * SIZE takes. */
static const struct shape {
    const char *name, *head, *piece, *tail;
} shapes[] = {
    { "deployment.yaml",
      HEAD("apps/v1", "Deployment", "web") "spec:\n  replicas: 3\n  selector:\n    matchLabels: { app: web-^ }\n"
                                           "  template:\n" POD("    ", ECR "/shop/web:1.^" DIGEST),
      ENV("    "), "" },
    { "service.yaml", HEAD("v1", "Service", "web") "spec:\n  type: ClusterIP\n  selector: { app: web-^ }\n  ports:\n",
      "    - name: port-^\n      port: 100^\n      targetPort: http\n      protocol: TCP\n", "" },
    { "pod.json",
      "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"Pod\",\n  \"metadata\": {\n    \"name\": \"tool-^\",\n"
      "    \"namespace\": \"team-^\"\n  },\n  \"spec\": {\n    \"nodeSelector\": {\n"
      "      \"node-restriction.kubernetes.io/fips\": \"true\"\n    },\n    \"containers\": [\n      {\n"
      "        \"name\": \"tool\",\n        \"image\": \"" ECR "/shop/tool:2.^" DIGEST "\",\n        \"env\": [\n",
      "          {\n            \"name\": \"SETTING_^\",\n            \"value\": \"value-of-a-setting-^\"\n          "
      "},\n",
      "          {\n            \"name\": \"AWS_USE_FIPS_ENDPOINT\",\n            \"value\": \"true\"\n          }\n"
      "        ]\n      }\n    ]\n  }\n}\n" },
    { "configmap.yaml", HEAD("v1", "ConfigMap", "web") "data:\n  application.properties: |\n",
      "    server.setting.number-^=the value of it, which is text\n", "" },
    { "cronjob.yaml",
      HEAD("batch/v1", "CronJob", "nightly") "spec:\n  schedule: \"0 3 * * *\"\n  jobTemplate:\n    spec:\n"
                                             "      template:\n" POD("        ", ECR "/shop/job:3.^" DIGEST),
      ENV("        "), "          restartPolicy: Never\n" },
    { "claim.yaml", HEAD("v1", "PersistentVolumeClaim", "data") "  annotations:\n", ANNOTATION,
      "spec:\n  accessModes: [ReadWriteOnce]\n  storageClassName: gp3-encrypted\n"
      "  resources:\n    requests:\n      storage: 10Gi\n" },
    { "statefulset.yaml",
      HEAD("apps/v1", "StatefulSet",
           "db") "spec:\n  serviceName: db-^\n  selector:\n    matchLabels: { app: web-^ }\n"
                 "  volumeClaimTemplates:\n    - metadata: { name: data }\n      spec:\n"
                 "        accessModes: [ReadWriteOnce]\n        storageClassName: gp3-encrypted\n"
                 "        resources: { requests: { storage: 20Gi } }\n"
                 "  template:\n" POD("    ", ECR "/shop/db:4.^" DIGEST),
      ENV("    "), "" },
    { "ingress.yaml", HEAD("networking.k8s.io/v1", "Ingress", "web") "spec:\n  ingressClassName: internal\n  rules:\n",
      "    - host: shop-^.example.gov\n      http:\n        paths:\n          - path: /\n            pathType: Prefix\n"
      "            backend:\n              service: { name: web, port: { number: 80 } }\n",
      "" },
    { "public.yaml",
      HEAD("v1", "Service",
           "public") "  annotations:\n"
                     "    service.beta.kubernetes.io/aws-load-balancer-ssl-cert: arn:aws-us-gov:acm:^\n"
                     "    service.beta.kubernetes.io/aws-load-balancer-ssl-ports: \"443\"\n",
      ANNOTATION,
      "spec:\n  type: LoadBalancer\n  selector: { app: web-^ }\n  ports:\n    - { name: https, port: 443, targetPort: "
      "http }\n" },
    { "elsewhere.yaml",
      HEAD("apps/v1", "Deployment", "cache") "spec:\n  selector:\n    matchLabels: { app: web-^ }\n"
                                             "  template:\n" POD("    ", "docker.io/library/redis:7.^"),
      ENV("    "), "" },
};

static void add_filled(struct buf *out, const char *text, size_t number)
{
    struct sv rest = sv_from(text);

    buf_add(out, sv_cut(&rest, '^'));
    while (rest.p) {
        buf_printf(out, "%zu", number);
        buf_add(out, sv_cut(&rest, '^'));
    }
}

static bool write_one(const char *dir, size_t number, struct arena *a, size_t *bytes)
{
    const struct shape *s = &shapes[number % ARRAY_LEN(shapes)];
    struct buf text = BUF_IN(a);
    struct sv path = arena_printf(a, "%s/%zu-%s", dir, number, s->name);
    size_t end = SIZE - strlen(s->tail) - strlen(s->piece) / 2;
    FILE *f;

    add_filled(&text, s->head, number);
    for (size_t piece = 1; text.len < end; piece++)
        add_filled(&text, s->piece, piece);
    add_filled(&text, s->tail, number);
    if (!path.p || !buf_ok(&text))
        return false;
    *bytes += text.len;
    f = fopen(path.p, "w");
    return f && (fwrite(text.p, 1, text.len, f) == text.len) & (fclose(f) == 0);
}

int main(int argc, char **argv)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    size_t count = argc == 3 ? strtoul(argv[2], NULL, 10) : 0, bytes = 0;

    if (!count) {
        fprintf(stderr, "usage: bench_manifests DIR COUNT\n");
        return 2;
    }
    for (size_t i = 0; i < count; i++) {
        struct sv dir = arena_printf(&a, "%s/team-%04zu", argv[1], i / FILES_IN_DIRECTORY);

        if (!dir.p || (mkdir(dir.p, 0777) != 0 && errno != EEXIST) || !write_one(dir.p, i, &a, &bytes)) {
            fprintf(stderr, "%s: %s\n", argv[1], strerror(errno));
            return 1;
        }
        arena_reset(&a);
    }
    printf("%zu manifests, %zu bytes each\n", count, bytes / count);
    return 0;
}
