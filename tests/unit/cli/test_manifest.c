/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attr.h"
#include "cli/manifest.h"
#include "support/check.h"
#include "json/doc.h"

struct fixture {
    struct arena arena;
    struct manifest_context context;
    struct err err;
};

static void forget(struct fixture *f)
{
    arena_fini(&f->arena);
}

#define FIXTURE CLEANUP(forget) struct fixture f = { .arena = ARENA_INIT(1 << 20) }

static const struct yaml_doc *document(struct fixture *f, const char *text)
{
    struct yaml_doc *doc = NULL;

    if (!yaml_read(SV("m.yaml"), sv_from(text), &f->arena, &doc, &f->err))
        fail_msg("%s", f->err.msg);
    return doc;
}

/* The `request` of the review. */
static const struct json *ask(struct fixture *f, const char *text)
{
    const struct json *review;
    struct sv body;

    if (!manifest_review(document(f, text), &f->context, &f->arena, &body, &f->err))
        fail_msg("%s", f->err.msg);
    review = doc_parse(body, &f->arena, &f->err);
    if (!review)
        fail_msg("%.*s: %s", (int)body.n, body.p, f->err.msg);
    assert_sv(value_string(value_get(review, SV("kind"))), "AdmissionReview");
    assert_sv(value_string(value_get(review, SV("apiVersion"))), "admission.k8s.io/v1");
    return value_get(review, SV("request"));
}

static struct sv at(const struct json *v, const char *pointer)
{
    return value_string(pointer_get(v, sv_from(pointer)));
}

static void asks_as_the_server_does_on_create(void **state UNUSED)
{
    FIXTURE;
    const struct json *r = ask(&f, "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}}");

    assert_sv(at(r, "/uid"), MANIFEST_UID);
    assert_sv(at(r, "/kind/group"), "apps");
    assert_sv(at(r, "/kind/version"), "v1");
    assert_sv(at(r, "/kind/kind"), "Deployment");
    assert_sv(at(r, "/resource/group"), "apps");
    assert_sv(at(r, "/resource/version"), "v1");
    assert_sv(at(r, "/resource/resource"), "deployments");
    assert_sv(at(r, "/name"), "web");
    assert_sv(at(r, "/namespace"), "default");
    assert_sv(at(r, "/operation"), "CREATE");
    assert_sv(at(r, "/userInfo/username"), "kubernetes-admin");
    assert_sv(at(r, "/object/metadata/namespace"), "default");
    assert_sv(at(r, "/object/metadata/name"), "web");
    assert_null(value_get(r, SV("oldObject")));
    assert_true(value_is(value_get(r, SV("dryRun")), VALUE_BOOL));
    assert_false(value_is_true(value_get(r, SV("dryRun"))));
}

static void takes_what_the_context_says(void **state UNUSED)
{
    FIXTURE;
    const struct json *r;

    f.context = (struct manifest_context){ .user = SV("al\"ice"), .namespace = SV("team") };
    r = ask(&f, "{apiVersion: v1, kind: Pod, metadata: {generateName: web-}}");
    assert_sv(at(r, "/userInfo/username"), "al\"ice");
    assert_sv(at(r, "/namespace"), "team");
    assert_sv(at(r, "/object/metadata/namespace"), "team");
    assert_sv(at(r, "/object/metadata/generateName"), "web-");
    assert_null(value_get(r, SV("name")));
}

static void fills_in_a_namespace_only_where_there_is_one(void **state UNUSED)
{
    static const struct {
        const char *text, *request, *object;
    } rows[] = {
        { "{apiVersion: v1, kind: Pod}", "default", "default" },
        { "{apiVersion: v1, kind: Pod, metadata: null}", "default", "default" },
        { "{apiVersion: v1, kind: Pod, metadata: {namespace: ''}}", "default", "default" },
        { "{apiVersion: v1, kind: Pod, metadata: {namespace: own, name: x}}", "own", "own" },
        { "{apiVersion: v1, kind: PersistentVolume, metadata: {name: x}}", NULL, NULL },
        { "{apiVersion: v1, kind: PersistentVolume, metadata: {name: x, namespace: own}}", NULL, "own" },
        { "{apiVersion: example.gov/v1, kind: Thing, metadata: {name: x}}", NULL, NULL },
        { "{apiVersion: example.gov/v1, kind: Thing, metadata: {name: x, namespace: own}}", "own", "own" },
        { "{apiVersion: v1, kind: Pod, metadata: text}", "default", NULL },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        FIXTURE;
        const struct json *r = ask(&f, rows[i].text);

        assert_sv(at(r, "/namespace"), rows[i].request);
        assert_sv(at(r, "/object/metadata/namespace"), rows[i].object);
    }
}

static void guesses_the_resource_as_kubectl_does(void **state UNUSED)
{
    static const char *const rows[][2] = {
        { "Pod", "pods" },
        { "Ingress", "ingresses" },
        { "StorageClass", "storageclasses" },
        { "NetworkPolicy", "networkpolicies" },
        { "Gateway", "gateways" },
        { "Y", "ys" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        FIXTURE;
        char text[100];

        assert_true(snprintf(text, sizeof(text), "{apiVersion: v1, kind: \"%s\"}", rows[i][0]) > 0);
        assert_sv(at(ask(&f, text), "/resource/resource"), rows[i][1]);
    }
}

static void knows_the_object_as_it_was(void **state UNUSED)
{
    FIXTURE;
    const struct json *r;

    f.context.operation = OP_UPDATE;
    r = ask(&f, "{apiVersion: v1, kind: Pod, metadata: {name: now}}");
    assert_sv(at(r, "/object/metadata/name"), "now");
    assert_sv(at(r, "/oldObject/metadata/name"), "now");
    f.context.old = document(&f, "{apiVersion: v1, kind: Pod, metadata: {name: before}}");
    r = ask(&f, "{apiVersion: v1, kind: Pod, metadata: {name: now}}");
    assert_sv(at(r, "/oldObject/metadata/name"), "before");
    assert_sv(at(r, "/oldObject/metadata/namespace"), "default");
    f.context = (struct manifest_context){ .operation = OP_DELETE };
    r = ask(&f, "{apiVersion: v1, kind: Pod, metadata: {name: gone}}");
    assert_null(value_get(r, SV("object")));
    assert_sv(at(r, "/oldObject/metadata/name"), "gone");
    assert_sv(at(r, "/operation"), "DELETE");
}

static void keeps_every_value(void **state UNUSED)
{
    FIXTURE;
    const struct json *r = ask(&f, "apiVersion: v1\nkind: Pod\nspec: {a: [1, 2.50, true, null, \"x\\n\\\"\"], b: {}}\n"
                                   "metadata: {a: 1, namespace: own, b: 2}\nstatus: {}\n");
    const struct json *want =
        doc_parse(SV("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"a\":[1,2.5,true,null,"
                     "\"x\\n\\\"\"],\"b\":{}},\"metadata\":{\"a\":1,\"namespace\":\"own\",\"b\":2},"
                     "\"status\":{}}"),
                  &f.arena, &f.err);

    assert_true(value_equal(value_get(r, SV("object")), want));
}

static void refuses_what_is_no_object(void **state UNUSED)
{
    static const char *const rows[][2] = {
        { "[a]", "m.yaml:1:1: a manifest is a mapping, not an array" },
        { "text", "m.yaml:1:1: a manifest is a mapping, not a string" },
        { "kind: Pod", "m.yaml:1:1: a manifest says what it is: `apiVersion` is missing" },
        { "apiVersion: v1", "m.yaml:1:1: a manifest says what it is: `kind` is missing" },
        { "{apiVersion: v1, kind: ''}", "`kind` is missing" },
        { "{apiVersion: v1, kind: List, items: []}", "m.yaml:1:1: a List holds several objects, one is wanted" },
        { "apiVersion: v1\nkind: Pod\nmetadata:\n  namespace: n\n",
          "m.yaml:4:14: `namespace` is a boolean, not a string; put it in quotes" },
        { "{apiVersion: v1, kind: PodList, items: []}", "a PodList holds several objects" },
        { "{apiVersion: v1, kind: List, items: {}}", "m.yaml:1:37: the `items` of a List are an object, wanted" },
        { "{apiVersion: 1, kind: Pod}", "m.yaml:1:14: a manifest says what it is: `apiVersion` is a number" },
        { "{apiVersion: v1, kind: [Pod]}", "m.yaml:1:24: a manifest says what it is: `kind` is an array" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        FIXTURE;
        struct sv body;

        if (manifest_review(document(&f, rows[i][0]), &f.context, &f.arena, &body, &f.err))
            fail_msg("%s", rows[i][0]);
        assert_err(f.err, ERR_INPUT, rows[i][1]);
    }
}

static void refuses_an_old_object_that_is_none(void **state UNUSED)
{
    FIXTURE;
    struct sv body;

    f.context = (struct manifest_context){ .operation = OP_UPDATE, .old = document(&f, "kind: Pod") };
    assert_false(manifest_review(document(&f, "{apiVersion: v1, kind: Pod}"), &f.context, &f.arena, &body, &f.err));
    assert_err(f.err, ERR_INPUT, "`apiVersion` is missing");
}

struct seen {
    struct buf text;
    struct fixture *fixture;
    size_t left; /* then it says false */
};

/* "PREFIX GROUP/VERSION/KIND NAMESPACE;" */
static bool see(void *context, const struct manifest_item *item, struct err *e)
{
    struct seen *s = context;
    struct gvk gvk = manifest_gvk(item);
    struct sv namespace = manifest_namespace(item, &s->fixture->context), review;

    if (s->left-- == 0)
        return err_set(e, ERR_INPUT, "enough");
    pointer_add(&s->text, item->at);
    buf_printf(&s->text, " %.*s/%.*s/%.*s %.*s;", SV_ARG(gvk.group), SV_ARG(gvk.version), SV_ARG(gvk.kind),
               SV_ARG(namespace));
    return manifest_ask(item, &s->fixture->context, &s->fixture->arena, &review, e);
}

static bool see_all(struct fixture *f, const char *text, size_t left, struct sv *out)
{
    struct seen s = { .text = BUF_IN(&f->arena), .fixture = f, .left = left };
    bool ok = manifest_each(document(f, text), see, &s, &f->err);

    *out = buf_sv(&s.text);
    return ok;
}

static void takes_lists_apart(void **state UNUSED)
{
    static const char *const rows[][2] = {
        { "{apiVersion: v1, kind: Pod}", " /v1/Pod default;" },
        { "{apiVersion: v1, kind: List, items: []}", "" },
        { "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Pod}, {apiVersion: apps/v1, kind: Deployment, "
          "metadata: {namespace: own}}]}",
          "/items/0 /v1/Pod default;/items/1 apps/v1/Deployment own;" },
        { "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Node}]}]}",
          "/items/0/items/0 /v1/Node ;" },
        { "{apiVersion: v1, kind: PodList, items: [{metadata: {name: a}}, {apiVersion: v1, kind: Pod}]}",
          "/items/0 /v1/Pod default;/items/1 /v1/Pod default;" },
        { "{apiVersion: apps/v1, kind: DeploymentList, items: [{}]}", "/items/0 apps/v1/Deployment default;" },
        { "{apiVersion: v1, kind: ConfigMap, items: [{apiVersion: v1, kind: Pod}]}", "/items/0 /v1/Pod default;" },
        { "{apiVersion: example.gov/v1, kind: AllowList, items: text}", " example.gov/v1/AllowList ;" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        FIXTURE;
        struct sv seen;

        if (!see_all(&f, rows[i][0], SIZE_MAX, &seen))
            fail_msg("%s: %s", rows[i][0], f.err.msg);
        assert_sv(seen, rows[i][1]);
    }
}

static void says_where_an_item_is_none(void **state UNUSED)
{
    static const char *const rows[][2] = {
        { "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1}", "m.yaml:4:3: a manifest says what it is: `kind`" },
        { "apiVersion: v1\nkind: List\nitems:\n- {kind: Pod}", "m.yaml:4:3: a manifest says what it is: `apiVersion`" },
        { "apiVersion: v1\nkind: List\nitems:\n- {}", "m.yaml:4:3: a manifest says what it is: `apiVersion`" },
        { "apiVersion: v1\nkind: PodList\nitems:\n- {}\n- 7", "m.yaml:5:3: a manifest is a mapping, not a number" },
        { "apiVersion: v1\nkind: PodList\nitems:\n- metadata:\n    namespace: 7",
          "m.yaml:5:16: `namespace` is a number" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        FIXTURE;
        struct sv seen;

        if (see_all(&f, rows[i][0], SIZE_MAX, &seen))
            fail_msg("%s", rows[i][0]);
        assert_err(f.err, ERR_INPUT, rows[i][1]);
    }
}

static void stops_where_it_is_told_to(void **state UNUSED)
{
    FIXTURE;
    struct sv seen;

    assert_false(see_all(&f, "{apiVersion: v1, kind: PodList, items: [{}, {}, {}]}", 2, &seen));
    assert_sv(seen, "/items/0 /v1/Pod default;/items/1 /v1/Pod default;");
    assert_err(f.err, ERR_INPUT, "enough");
}

static void knows_nothing_of_an_object_that_is_all_new(void **state UNUSED)
{
    FIXTURE;
    const struct json *r;

    f.context = (struct manifest_context){ .operation = OP_UPDATE, .is_all_new = true };
    r = ask(&f, "{apiVersion: v1, kind: Pod, metadata: {name: x, labels: {a: b}}, spec: {}}");
    assert_sv(at(r, "/object/metadata/labels/a"), "b");
    assert_sv(at(r, "/oldObject/metadata/name"), "x");
    assert_sv(at(r, "/oldObject/metadata/namespace"), "default");
    assert_null(pointer_get(r, SV("/oldObject/spec")));
    assert_null(pointer_get(r, SV("/oldObject/metadata/labels")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_as_the_server_does_on_create),
        cmocka_unit_test(takes_what_the_context_says),
        cmocka_unit_test(fills_in_a_namespace_only_where_there_is_one),
        cmocka_unit_test(guesses_the_resource_as_kubectl_does),
        cmocka_unit_test(knows_the_object_as_it_was),
        cmocka_unit_test(keeps_every_value),
        cmocka_unit_test(refuses_what_is_no_object),
        cmocka_unit_test(refuses_an_old_object_that_is_none),
        cmocka_unit_test(takes_lists_apart),
        cmocka_unit_test(says_where_an_item_is_none),
        cmocka_unit_test(stops_where_it_is_told_to),
        cmocka_unit_test(knows_nothing_of_an_object_that_is_all_new),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
