/* SPDX-License-Identifier: Apache-2.0 */
/* Paths come from kube/kind.c alone, so a new row is tested at once. */
#include "differential/wrap.h"
#include "base/attr.h"
#include "base/bug.h"
#include "differential/dress.h"

static const struct sv none = { NULL, 0 };

bool wrap_can_hold(const struct kind *k, const struct offence *offence)
{
    if (k->family != FAMILY_WORKLOAD)
        return false;
    return !k->is_partial || (offence->list && strcmp(offence->list, "ephemeralContainers") == 0);
}

/* In a list or a map, between others that are innocent. */
static struct tree *make_members(struct suspect *s, struct sv path, const struct tree *pod);

/* What stands at `path` below it: {"spec":{"template":POD}} for /spec/template. */
static struct tree *make_path(struct suspect *s, struct sv path, const struct tree *pod)
{
    struct tree *object;
    struct sv rest = path, token;

    if (path.n == 0)
        return tree_copy(s->arena, pod);
    rest = sv_skip(rest, 1);
    token = (struct sv){ rest.p, sv_find(rest, '/') };
    rest = sv_skip(rest, token.n);
    if (sv_eq(token, SV("*")))
        return make_members(s, rest, pod);
    object = tree_new(s->arena, TREE_OBJECT, none);
    tree_set(object, token, make_path(s, rest, pod));
    return object;
}

static struct tree *make_members(struct suspect *s, struct sv path, const struct tree *pod)
{
    static const struct sv names[] = { SV_INIT("Worker"), SV_INIT("Master"), SV_INIT("PS"), SV_INIT("a/b~c") };
    struct tree *list = tree_new(s->arena, random_one_in(s->random, 2) ? TREE_ARRAY : TREE_OBJECT, none);
    size_t count = 1 + random_below(s->random, ARRAY_LEN(names)), guilty = random_below(s->random, count);

    for (size_t i = 0; i < count; i++)
        tree_add(list, names[i], make_path(s, path, i == guilty ? pod : s->innocent));
    return list;
}

static struct sv version_of(struct suspect *s, const struct kind *k)
{
    struct sv rest = k->versions, version = { NULL, 0 };

    if (random_one_in(s->random, 6)) {
        buf_printf(s->steps, "  a version nobody knows\n");
        return random_one_in(s->random, 2) ? SV("v7") : SV("v1alpha9");
    }
    do {
        version = sv_cut(&rest, ' ');
    } while (rest.p && random_one_in(s->random, 2));
    return version;
}

struct tree *wrap_pod(struct suspect *s, const struct kind *k, const struct tree *pod)
{
    struct tree *object;

    if (k->is_partial) {
        object = tree_copy(s->arena, pod);
        tree_set(object, SV("ephemeralContainers"),
                 tree_need(s->arena, tree_get(object, SV("spec")), SV("ephemeralContainers"), TREE_ARRAY));
        tree_remove(object, SV("spec"));
    } else {
        object = make_path(s, k->pod, pod);
    }
    if (!tree_get(object, SV("metadata")))
        tree_set(object, SV("metadata"), tree_read(s->arena, "{\"name\":\"web\"}"));
    return object;
}

static struct tree *text(struct suspect *s, struct sv value)
{
    return tree_string(s->arena, value);
}

static struct tree *kind_object(struct suspect *s, struct sv group, struct sv version, struct sv kind, const char *what)
{
    struct tree *t = tree_new(s->arena, TREE_OBJECT, none);

    tree_set(t, SV("group"), text(s, group));
    tree_set(t, SV("version"), text(s, version));
    tree_set(t, sv_from(what), text(s, kind));
    return t;
}

static void set_type(struct suspect *s, const struct kind *k, struct sv version, struct tree *object)
{
    struct buf api = BUF_IN(s->arena);

    if (!object)
        return;
    if (k->group.n)
        buf_printf(&api, "%.*s/", (int)k->group.n, k->group.p);
    buf_add(&api, version);
    tree_set(object, SV("kind"), text(s, k->kind));
    tree_set(object, SV("apiVersion"), text(s, buf_sv(&api)));
}

static struct sv choose_namespace(struct suspect *s)
{
    static const char *const names[] = { "payments", "default", "kube-system-2", "kube-public", "fips", "a" };
    struct sv name = sv_from(names[random_below(s->random, ARRAY_LEN(names))]);

    buf_printf(s->steps, "  in namespace %.*s\n", SV_ARG(name));
    return name;
}

/* Named now or by the API server later. */
static void set_name(struct suspect *s, struct tree *request, struct tree *object, struct sv namespace)
{
    struct tree *metadata = tree_need(s->arena, object, SV("metadata"), TREE_OBJECT);

    if (random_one_in(s->random, 6)) {
        buf_printf(s->steps, "  generateName without name\n");
        tree_remove(metadata, SV("name"));
        tree_set(metadata, SV("generateName"), text(s, SV("web-")));
        if (random_one_in(s->random, 2))
            tree_set(request, SV("name"), text(s, SV("")));
    } else {
        tree_set(metadata, SV("name"), text(s, SV("web")));
        tree_set(request, SV("name"), text(s, SV("web")));
    }
    if (random_one_in(s->random, 2))
        tree_set(metadata, SV("namespace"), text(s, namespace));
}

static void set_user(struct suspect *s, struct tree *request)
{
    static const char *const users[] = {
        "{\"username\":\"admin\",\"groups\":[\"system:masters\"]}",
        "{\"username\":\"system:node:node-1\",\"groups\":[\"system:nodes\"]}",
        "{\"username\":\"system:serviceaccount:kube-system:daemon-set-controller\",\"groups\":[]}",
        "{\"username\":\"\"}",
    };
    size_t i = random_below(s->random, ARRAY_LEN(users) + 1);

    if (i < ARRAY_LEN(users))
        tree_set(request, SV("userInfo"), tree_read(s->arena, users[i]));
    if (random_one_in(s->random, 4))
        tree_set(request, SV("dryRun"), tree_new(s->arena, TREE_WORD, SV("true")));
    if (random_one_in(s->random, 4))
        tree_set(request, SV("options"), tree_read(s->arena, "{\"kind\":\"CreateOptions\",\"dryRun\":[\"All\"]}"));
}

static struct sv subresource_of(const struct suspect *s, const struct kind *k)
{
    bool by_debug = s->offence->list && strcmp(s->offence->list, "ephemeralContainers") == 0;

    return by_debug && !k->is_template ? SV("ephemeralcontainers") : none;
}

struct tree *wrap_review(struct suspect *s, const struct kind *k, struct tree *object, struct tree *old)
{
    struct tree *review = tree_read(s->arena, "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\"}");
    struct tree *request = tree_new(s->arena, TREE_OBJECT, none);
    struct sv version = version_of(s, k), namespace = choose_namespace(s), sub = subresource_of(s, k);

    buf_printf(s->steps, "  %s of a %.*s\n", old ? "UPDATE" : "CREATE", SV_ARG(k->kind));
    tree_set(request, SV("uid"), text(s, SV("0d4ad4d2-9b4b-4a3c-8a2b-6c1f0e9d8c7b")));
    tree_set(request, SV("kind"), kind_object(s, k->group, version, k->kind, "kind"));
    tree_set(request, SV("resource"), kind_object(s, k->group, version, SV("things"), "resource"));
    tree_set(request, SV("namespace"), text(s, namespace));
    tree_set(request, SV("operation"), text(s, old ? SV("UPDATE") : SV("CREATE")));
    if (old && sub.p)
        tree_set(request, SV("subResource"), text(s, sub));
    set_user(s, request);
    set_name(s, request, object, namespace);
    set_type(s, k, version, object);
    set_type(s, k, version, old);
    dress_object(s, object);
    tree_set(request, SV("object"), object);
    tree_set(request, SV("oldObject"), old ? old : tree_new(s->arena, TREE_WORD, SV("null")));
    tree_set(review, SV("request"), request);
    return review;
}
