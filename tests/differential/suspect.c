/* SPDX-License-Identifier: Apache-2.0 */
/* The pod and its offences. What only dresses it up is in dress.c. */
#include "differential/suspect.h"
#include "base/attr.h"
#include "base/bug.h"
#include "differential/spelling.h"

#define HOST "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com"

static const char innocent_pod[] =
    "{\"metadata\":{\"name\":\"web\",\"labels\":{\"app\":\"web\"},\"annotations\":{\"team\":\"pay\"}},"
    "\"spec\":{\"initContainers\":[{\"name\":\"fips-proxy\",\"image\":\"" HOST "/platform/fips-proxy:3.1\","
    "\"restartPolicy\":\"Always\",\"ports\":[{\"containerPort\":8443}]},"
    "{\"name\":\"migrate\",\"image\":\"" HOST "/pay/migrate:1.4.2\"}],"
    "\"containers\":[{\"name\":\"web\",\"image\":\"" HOST "/pay/web:2\",\"ports\":[{\"containerPort\":8080}],"
    "\"env\":[{\"name\":\"LEVEL\",\"value\":\"info\"}]},{\"name\":\"log\",\"image\":\"" HOST "/pay/log:2\"}],"
    "\"volumes\":[{\"name\":\"tmp\",\"emptyDir\":{}},{\"name\":\"data\",\"ephemeral\":{\"volumeClaimTemplate\":"
    "{\"spec\":{\"accessModes\":[\"ReadWriteOnce\"],\"storageClassName\":\"gp3-encrypted\"}}}}],"
    "\"nodeSelector\":{\"node-restriction.kubernetes.io/fips\":\"true\"},"
    "\"restartPolicy\":\"Always\",\"terminationGracePeriodSeconds\":30,\"priority\":0}}";

static struct tree *spec_of(struct suspect *s)
{
    return tree_get(s->guilty, SV("spec"));
}

static struct tree *member(struct suspect *s, const char *list, size_t index)
{
    return tree_at(tree_get(spec_of(s), sv_from(list)), index);
}

static struct tree *proxy(struct suspect *s)
{
    return member(s, "initContainers", 0);
}

static void set_text(struct suspect *s, struct tree *object, struct sv key, const char *text)
{
    tree_set(object, key, tree_string(s->arena, sv_from(text)));
}

static struct tree *bad_image(struct suspect *s)
{
    struct spelling image = spelling_of_bad_image(s->random, s->arena, s->steps);

    s->mirrored = image.mirrored;
    return tree_string(s->arena, image.written);
}

/* Anywhere in the list, but not in front of the proxy. */
static void add_image(struct suspect *s)
{
    struct sv list = sv_from(s->offence->list);
    struct tree *items = tree_need(s->arena, spec_of(s), list, TREE_ARRAY);
    struct tree *image = bad_image(s);
    struct tree *item = tree_new(s->arena, TREE_OBJECT, (struct sv){ NULL, 0 });
    size_t first = sv_eq(list, SV("initContainers"));

    set_text(s, item, SV("name"), "guest");
    if (sv_eq(list, SV("volumes"))) {
        struct tree *source = tree_new(s->arena, TREE_OBJECT, (struct sv){ NULL, 0 });

        tree_set(source, SV("reference"), image);
        image = source;
    }
    tree_set(item, SV("image"), image);
    s->index = first + random_below(s->random, items->count + 1 - first);
    tree_insert(items, s->index, item);
}

/* Instead of an image that was right. */
static void replace_image(struct suspect *s)
{
    struct tree *items = tree_get(spec_of(s), sv_from(s->offence->list));
    size_t first = sv_eq(sv_from(s->offence->list), SV("initContainers"));

    s->index = first + random_below(s->random, items->count - first);
    tree_set(tree_at(items, s->index), SV("image"), bad_image(s));
}

static void remove_proxy(struct suspect *s)
{
    struct tree *list = tree_get(spec_of(s), SV("initContainers"));

    list->first = list->first->next;
    list->count--;
    if (random_one_in(s->random, 2))
        tree_remove(spec_of(s), SV("initContainers"));
}

static void rename_proxy(struct suspect *s)
{
    static const char *const names[] = { "Fips-proxy", "fips-proxy-2", "fips_proxy", "fips-prox", "fips-proxy " };

    set_text(s, proxy(s), SV("name"), names[random_below(s->random, ARRAY_LEN(names))]);
}

static void change_proxy_image(struct suspect *s)
{
    static const char *const images[] = {
        HOST "/platform/fips-proxy:3.0",  HOST "/platform/fips-proxy",      HOST "/pay/fips-proxy:3.1",
        HOST "/platform/fips-proxy2:3.1", HOST "/platform/fips-proxy:3.10",
    };

    set_text(s, proxy(s), SV("image"), images[random_below(s->random, ARRAY_LEN(images))]);
}

static void give_proxy_a_command(struct suspect *s)
{
    tree_set(proxy(s), random_one_in(s->random, 2) ? SV("command") : SV("args"),
             tree_read(s->arena, "[\"sleep\",\"1\"]"));
}

static void end_proxy(struct suspect *s)
{
    if (random_one_in(s->random, 2))
        tree_remove(proxy(s), SV("restartPolicy"));
    else
        set_text(s, proxy(s), SV("restartPolicy"), "OnFailure");
}

static void close_proxy(struct suspect *s)
{
    if (random_one_in(s->random, 2))
        tree_remove(proxy(s), SV("ports"));
    else
        tree_set(proxy(s), SV("ports"), tree_read(s->arena, "[{\"containerPort\":8444}]"));
}

static void add_proxy_namesake(struct suspect *s)
{
    struct tree *list = tree_need(s->arena, spec_of(s), SV("ephemeralContainers"), TREE_ARRAY);

    tree_add(list, (struct sv){ NULL, 0 },
             tree_read(s->arena, "{\"name\":\"fips-proxy\",\"image\":\"" HOST "/pay/x:1\"}"));
}

static const char *const other_classes[] = { "fast", "GP3-encrypted", "gp3-encrypted-2", "gp3-encrypte",
                                             "gp3_encrypted" };

static void change_class(struct suspect *s)
{
    struct tree *ephemeral = tree_get(member(s, "volumes", 1), SV("ephemeral"));
    struct tree *claim = tree_get(ephemeral, SV("volumeClaimTemplate"));

    set_text(s, tree_get(claim, SV("spec")), SV("storageClassName"),
             other_classes[random_below(s->random, ARRAY_LEN(other_classes))]);
}

/* The annotation wins over the field. */
static void annotate_class(struct suspect *s)
{
    struct tree *ephemeral = tree_get(member(s, "volumes", 1), SV("ephemeral"));
    struct tree *claim = tree_get(ephemeral, SV("volumeClaimTemplate"));
    struct tree *metadata = tree_need(s->arena, claim, SV("metadata"), TREE_OBJECT);
    struct tree *annotations = tree_need(s->arena, metadata, SV("annotations"), TREE_OBJECT);

    set_text(s, annotations, SV("volume.beta.kubernetes.io/storage-class"),
             other_classes[random_below(s->random, ARRAY_LEN(other_classes))]);
}

static void mount_nfs(struct suspect *s)
{
    tree_insert(tree_get(spec_of(s), SV("volumes")), random_below(s->random, 3),
                tree_read(s->arena, "{\"name\":\"share\",\"nfs\":{\"server\":\"10.0.0.9\",\"path\":\"/\"}}"));
}

/* Members of a container that switch FIPS off. */
static const struct {
    const char *key, *json;
} switches[] = {
    { "env", "[{\"name\":\"GODEBUG\",\"value\":\"fips140=off\"}]" },
    { "env", "[{\"name\":\"GODEBUG\",\"value\":\"gotypesalias=1,fips140=off\"}]" },
    { "env", "[{\"name\":\"GODEBUG\",\"value\":\"fips140=on\"},{\"name\":\"GODEBUG\",\"value\":\"fips140=off\"}]" },
    { "env", "[{\"name\":\"OPENSSL_CONF\",\"value\":\"/tmp/openssl.cnf\"}]" },
    { "env", "[{\"name\":\"OPENSSL_MODULES\",\"valueFrom\":{\"configMapKeyRef\":{\"name\":\"a\",\"key\":\"b\"}}}]" },
    { "env", "[{\"name\":\"OPENSSL_FORCE_FIPS_MODE\",\"value\":\"0\"}]" },
    { "env", "[{\"name\":\"JAVA_TOOL_OPTIONS\",\"value\":\"-Xmx1g -Dcom.redhat.fips=false\"}]" },
    { "env", "[{\"name\":\"NODE_OPTIONS\",\"value\":\"--openssl-legacy-provider\"}]" },
    { "args", "[\"-Dcom.redhat.fips=false\",\"-jar\",\"app.jar\"]" },
    { "command", "[\"sh\",\"-c\",\"exec java -Dcom.redhat.fips=false -jar app.jar\"]" },
    { "command", "[\"env\",\"GODEBUG=fips140=off\",\"/app\"]" },
    { "volumeMounts", "[{\"name\":\"tmp\",\"mountPath\":\"/etc/crypto-policies\"}]" },
    { "volumeMounts", "[{\"name\":\"tmp\",\"mountPath\":\"/etc//crypto-policies/./back-ends/\"}]" },
    { "volumeMounts", "[{\"name\":\"tmp\",\"mountPath\":\"/etc\"}]" },
    { "volumeMounts", "[{\"name\":\"tmp\",\"mountPath\":\"/usr/lib64/ossl-modules\"}]" },
};

static void switch_off(struct suspect *s)
{
    size_t chosen = random_below(s->random, ARRAY_LEN(switches));
    struct sv list = sv_from(s->offence->list);
    struct tree *items = tree_need(s->arena, spec_of(s), list, TREE_ARRAY);
    size_t first = sv_eq(list, SV("initContainers"));

    if (items->count == 0)
        tree_add(items, (struct sv){ NULL, 0 },
                 tree_read(s->arena, "{\"name\":\"guest\",\"image\":\"" HOST "/pay/x:1\"}"));
    s->index = first + random_below(s->random, items->count - first);
    tree_set(tree_at(items, s->index), sv_from(switches[chosen].key), tree_read(s->arena, switches[chosen].json));
    buf_printf(s->steps, "  %s %s\n", switches[chosen].key, switches[chosen].json);
}

static void set_sysctl(struct suspect *s)
{
    tree_set(spec_of(s), SV("securityContext"),
             tree_read(s->arena, "{\"sysctls\":[{\"name\":\"crypto.fips_enabled\",\"value\":\"0\"}]}"));
}

static void choose_any_node(struct suspect *s)
{
    static const char *const selectors[] = {
        "{}",
        "null",
        "{\"disk\":\"ssd\"}",
        "{\"node-restriction.kubernetes.io/fips\":\"false\"}",
        "{\"node-restriction.kubernetes.io/FIPS\":\"true\"}",
        "{\"node-restriction.kubernetes.io/fips \":\"true\"}",
    };

    tree_set(spec_of(s), SV("nodeSelector"),
             tree_read(s->arena, selectors[random_below(s->random, ARRAY_LEN(selectors))]));
}

/* One term of two is enough for the scheduler. */
static void prefer_a_node(struct suspect *s)
{
    tree_remove(spec_of(s), SV("nodeSelector"));
    tree_set(spec_of(s), SV("affinity"),
             tree_read(s->arena,
                       "{\"nodeAffinity\":{\"requiredDuringSchedulingIgnoredDuringExecution\":{\"nodeSelectorTerms\":["
                       "{\"matchExpressions\":[{\"key\":\"node-restriction.kubernetes.io/fips\",\"operator\":\"In\","
                       "\"values\":[\"true\"]}]},"
                       "{\"matchExpressions\":[{\"key\":\"disk\",\"operator\":\"Exists\"}]}]}}}"));
}

static const struct {
    struct offence offence;
    void (*commit)(struct suspect *s);
} offences[] = {
    { { "an image in containers", "registry", "containers", "image", false }, add_image },
    { { "another image in containers", "registry", "containers", "image", false }, replace_image },
    { { "an image in initContainers", "registry", "initContainers", "image", false }, add_image },
    { { "another image in initContainers", "registry", "initContainers", "image", false }, replace_image },
    { { "an image in ephemeralContainers", "registry", "ephemeralContainers", "image", false }, add_image },
    { { "an image volume", "registry", "volumes", "image/reference", false }, add_image },
    { { "no proxy", "sidecar", NULL, "", false }, remove_proxy },
    { { "a proxy of another name", "sidecar", NULL, "", false }, rename_proxy },
    { { "another proxy", "sidecar", NULL, "", false }, change_proxy_image },
    { { "a proxy with a command", "sidecar", NULL, "", false }, give_proxy_a_command },
    { { "a proxy that ends", "sidecar", NULL, "", false }, end_proxy },
    { { "a proxy on another port", "sidecar", NULL, "", false }, close_proxy },
    { { "an ephemeral container called as the proxy", "sidecar", NULL, "", false }, add_proxy_namesake },
    { { "a claim of another class", "volumes", NULL, "", false }, change_class },
    { { "a claim of another class by annotation", "volumes", NULL, "", false }, annotate_class },
    { { "an nfs volume", "volumes", NULL, "", false }, mount_nfs },
    { { "a switch in containers", "fips-mode", "containers", "", false }, switch_off },
    { { "a switch in initContainers", "fips-mode", "initContainers", "", false }, switch_off },
    { { "a switch in ephemeralContainers", "fips-mode", "ephemeralContainers", "", false }, switch_off },
    { { "a sysctl", "fips-mode", NULL, "", false }, set_sysctl },
    { { "any node", "node-os", NULL, "", true }, choose_any_node },
    { { "any node by affinity", "node-os", NULL, "", true }, prefer_a_node },
};

size_t suspect_offence_count(void)
{
    return ARRAY_LEN(offences);
}

const struct offence *suspect_offence(size_t index)
{
    return &offences[index].offence;
}

void suspect_make(struct suspect *s, const struct offence *offence)
{
    s->offence = offence;
    s->innocent = tree_read(s->arena, innocent_pod);
    s->guilty = tree_copy(s->arena, s->innocent);
    buf_printf(s->steps, "  %s\n", offence->name);
    for (size_t i = 0; i < ARRAY_LEN(offences); i++)
        if (&offences[i].offence == offence)
            offences[i].commit(s);
}
