/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walks the template and the pod's container side by side. What is special
 * about a field stands in the tables of sidecar_field; here is only the walk
 * and the words for what it finds.
 */
#include "rules/sidecar_compare.h"
#include "base/text.h"
#include "kube/image_ref.h"
#include "rules/sidecar_field.h"
#include "rules/sidecar_mount.h"

enum { SHOWN_MAX = 200 }; /* bytes of a value in a finding */

struct walk {
    const struct sidecar_config *config;
    const struct json *template;
    struct findings *out;
    bool host_network;
    bool is_judged;    /* every difference counts, not only weaker values */
    bool is_tolerated; /* what the template does not say passes */
    size_t differences;
};

static void compare(struct walk *w, const struct sidecar_spot *at, const struct json *want, const struct json *got);

static struct sidecar_spot inside(const struct sidecar_spot *up, struct sv key, const struct json *got)
{
    return (struct sidecar_spot){ .up = up, .name = key, .value = got, .at = pointer_key(&up->at, key) };
}

static struct sidecar_spot member(const struct sidecar_spot *up, struct sv name, size_t index, const struct json *got)
{
    return (struct sidecar_spot){
        .up = up, .name = name, .index = index, .value = got, .at = got ? pointer_index(&up->at, index) : up->at
    };
}

static struct sv shown(struct findings *out, const struct json *v)
{
    struct buf text = BUF_IN(out->arena);

    if (value_is_nothing(v))
        return (struct sv){ NULL, 0 };
    if (value_scalar_text(v).p)
        return value_scalar_text(v);
    value_print(&text, v);
    out->failed = out->failed || !buf_ok(&text);
    return buf_sv(&text);
}

static void describe(struct walk *w, struct finding *f, const struct json *want, const struct json *got)
{
    struct findings *out = w->out;
    struct sv wanted = text_printable(out->arena, shown(out, want), SHOWN_MAX);

    f->wanted = wanted.p ? wanted : SV("nothing there");
    f->fix = SV("write what the template says, or leave the sidecar out so that it is injected");
    if (value_is_nothing(got)) {
        f->message = findings_printf(out, "the sidecar lacks `%.*s` of the template", SV_ARG(f->field));
    } else if (value_is_nothing(want)) {
        f->message = findings_printf(out, "the sidecar has `%.*s`, which the template does not", SV_ARG(f->field));
        f->fix = SV("remove it from the sidecar");
    } else {
        f->message = findings_printf(out, "the sidecar's `%.*s` is not what the template says", SV_ARG(f->field));
    }
}

/* The API server copies container ports of a pod on the host's network. */
static bool is_host_port(const struct walk *w, const struct sidecar_spot *at, const struct json *got)
{
    return w->host_network && sv_eq(at->name, SV("hostPort")) &&
           value_equal(got, value_get(at->up->value, SV("containerPort")));
}

static bool is_mount(const struct sidecar_spot *at)
{
    return at->up && at->up->up && !at->up->up->up && sv_eq(at->up->name, SV("volumeMounts"));
}

static bool is_weaker(const struct walk *w, const struct sidecar_spot *at, const struct json *want,
                      const struct json *got)
{
    struct sv path = value_string(value_get(got, SV("mountPath")));

    if (!is_mount(at) || !value_is_nothing(want))
        return sidecar_field_is_weaker(at, want, got);
    return sidecar_mount_covers(value_get(w->template, SV("volumeMounts")), path, w->out->arena) ||
           sidecar_mount_hides_programs(w->template, path, w->out->arena);
}

static void report(struct walk *w, const struct sidecar_spot *at, const struct json *want, const struct json *got)
{
    bool is_extra = value_is_nothing(want);
    struct finding *f;

    if (is_extra && (is_host_port(w, at, got) || (is_mount(at) && sidecar_mount_is_service_account(got))))
        return;
    if (!is_weaker(w, at, want, got) && (!w->is_judged || (is_extra && w->is_tolerated)))
        return;
    w->differences++;
    if (!w->out)
        return;
    f = findings_add(w->out, FINDING_VIOLATION, &at->at);
    f->subject = w->config->name;
    f->field = sidecar_field_print(at, w->out->arena);
    f->found = shown(w->out, got);
    describe(w, f, want, got);
}

static void compare_members(struct walk *w, const struct sidecar_spot *at, const struct json *want,
                            const struct json *got)
{
    for (struct value_iter it = value_iter(want); value_next(&it);) {
        const struct json *theirs = value_get(got, it.key);
        const struct sidecar_spot here = inside(at, it.key, theirs);

        compare(w, &here, it.value, theirs);
    }
    for (struct value_iter it = value_iter(got); value_next(&it);) {
        const struct sidecar_spot here = inside(at, it.key, it.value);

        if (!value_get(want, it.key))
            compare(w, &here, NULL, it.value);
    }
}

/* The last one counts, as it does for a repeated env name. */
static const struct json *find_member(const struct sidecar_spot *list, const struct json *in, const struct json *like,
                                      size_t *index)
{
    const struct json *found = NULL;

    for (struct value_iter it = value_iter(in); value_next(&it);) {
        if (!sidecar_field_same_member(list, it.value, like))
            continue;
        found = it.value;
        *index = it.index;
    }
    return found;
}

static void compare_keyed(struct walk *w, const struct sidecar_spot *at, const struct json *want,
                          const struct json *got)
{
    size_t index = 0;

    for (struct value_iter it = value_iter(want); value_next(&it);) {
        const struct json *theirs = find_member(at, got, it.value, &index);
        const struct sidecar_spot here = member(at, sidecar_field_key(at, it.value), index, theirs);

        compare(w, &here, it.value, theirs);
    }
    for (struct value_iter it = value_iter(got); value_next(&it);) {
        const struct sidecar_spot here = member(at, sidecar_field_key(at, it.value), it.index, it.value);

        if (!find_member(at, want, it.value, &index))
            compare(w, &here, NULL, it.value);
    }
}

/* Where order tells: an object each is compared deeply, anything else (a
 * command line) is one thing. */
static void compare_ordered(struct walk *w, const struct sidecar_spot *at, const struct json *want,
                            const struct json *got)
{
    if (value_size(want) != value_size(got) || !value_is(value_at(want, 0), VALUE_OBJECT)) {
        report(w, at, want, got);
        return;
    }
    for (struct value_iter it = value_iter(want), theirs = value_iter(got); value_next(&it) && value_next(&theirs);) {
        const struct sidecar_spot here = member(at, (struct sv){ NULL, 0 }, it.index, theirs.value);

        compare(w, &here, it.value, theirs.value);
    }
}

static bool has_members(const struct sidecar_spot *at, const struct json *want, const struct json *got)
{
    if (!value_is(got, VALUE_OBJECT))
        return false;
    return value_is(want, VALUE_OBJECT) || (value_is_nothing(want) && sidecar_field_is_split(at));
}

/* Recursion goes as deep as the template: beyond it everything is extra. */
static void compare(struct walk *w, const struct sidecar_spot *at, const struct json *want, const struct json *got)
{
    bool may_be_keyed = (value_is_nothing(want) || value_is(want, VALUE_ARRAY)) && value_is(got, VALUE_ARRAY);

    if (value_equal(want, got) || (sidecar_field_is_default(at, want) && sidecar_field_is_default(at, got)))
        return;
    if (has_members(at, want, got))
        compare_members(w, at, want, got);
    else if (may_be_keyed && sidecar_field_is_keyed(at))
        compare_keyed(w, at, want, got);
    else if (value_is(want, VALUE_ARRAY) && value_is(got, VALUE_ARRAY))
        compare_ordered(w, at, want, got);
    else
        report(w, at, want, got);
}

/* One image in two spellings: what the runtime pulls is the same. */
static bool is_same_image(const struct json *a, const struct json *b, struct arena *arena)
{
    struct image_ref left, right;
    struct err why = { .code = ERR_NONE };

    if (value_equal(a, b))
        return true;
    if (!value_is(b, VALUE_STRING) || !image_ref_parse(value_string(a), arena, &left, &why) ||
        !image_ref_parse(value_string(b), arena, &right, &why))
        return false;
    return sv_eq(left.host, right.host) && sv_eq(left.port, right.port) && sv_eq(left.repository, right.repository) &&
           sv_eq(left.digest, right.digest) && (left.digest.n > 0 || sv_eq(left.tag, right.tag));
}

static void compare_field(struct walk *w, const struct sidecar_spot *root, const struct json *want, size_t row)
{
    struct sv key = sidecar_field_at(row)->name;
    const struct json *theirs = value_get(root->value, key);
    const struct sidecar_spot here = inside(root, key, theirs);

    if (sidecar_field_at(row)->judging == JUDGED_APART)
        return;
    if (sv_eq(key, SV("image")) && is_same_image(value_get(want, key), theirs, w->out->arena))
        return;
    w->is_judged = w->config->judged & 1u << row;
    w->is_tolerated = w->config->tolerated & 1u << row;
    compare(w, &here, value_get(want, key), theirs);
}

/* Fields that are newer than our table: nobody can have asked for them. */
static void compare_unknown_fields(struct walk *w, const struct sidecar_spot *root)
{
    w->is_judged = w->config->require.count == 0;
    w->is_tolerated = false;
    for (struct value_iter it = value_iter(root->value); value_next(&it);) {
        const struct sidecar_spot here = inside(root, it.key, it.value);

        if (sidecar_field_find(it.key) == sidecar_field_count())
            compare(w, &here, NULL, it.value);
    }
}

struct named {
    struct sv name;
    size_t index;
    const struct json *value;
};

static int compare_named(const void *left, const void *right)
{
    const struct named *a = left, *b = right;
    int order = sv_cmp(a->name, b->name);

    return order ? order : (a->index > b->index) - (a->index < b->index);
}

static void report_repeated(struct walk *w, const struct sidecar_spot *list, const struct named *n)
{
    const struct sidecar_spot here = member(list, n->name, n->index, n->value);
    struct finding *f = findings_add(w->out, FINDING_VIOLATION, &here.at);

    f->subject = w->config->name;
    f->field = sidecar_field_print(&here, w->out->arena);
    f->found = n->name;
    f->message =
        findings_printf(w->out, "the sidecar has `%.*s` more than once: only the last counts", SV_ARG(f->field));
    f->wanted = SV("one");
    f->fix = SV("remove all but what the template says");
}

/* By sorting: whoever writes the pod chooses how long the list is. */
static void find_repeated(struct walk *w, const struct sidecar_spot *root, struct sv list)
{
    const struct json *items = value_get(root->value, list);
    const struct sidecar_spot here = inside(root, list, items);
    size_t count = value_size(items);
    struct named *names = count > 1 ? arena_array(w->out->arena, count, struct named) : NULL;

    if (!names) {
        w->out->failed = w->out->failed || count > 1;
        return;
    }
    for (struct value_iter it = value_iter(items); value_next(&it);)
        names[it.index] = (struct named){ sidecar_field_key(&here, it.value), it.index, it.value };
    qsort(names, count, sizeof(*names), compare_named);
    for (size_t i = 1; i < count; i++)
        if (names[i].name.p && sv_eq(names[i].name, names[i - 1].name) &&
            (i + 1 == count || !sv_eq(names[i].name, names[i + 1].name)))
            report_repeated(w, &here, &names[i]);
}

const struct json *sidecar_compare_find_volume(const struct pod *pod, struct sv name, size_t *index)
{
    for (struct value_iter it = value_iter(value_get(pod->spec, SV("volumes"))); value_next(&it);) {
        *index = it.index;
        if (sv_eq(value_string(value_get(it.value, SV("name"))), name))
            return it.value;
    }
    return NULL;
}

static bool is_same_volume(const struct sidecar_config *c, const struct json *want, const struct json *got)
{
    struct walk w = { .config = c, .is_judged = true };
    const struct sidecar_spot root = { .value = got, .at = POINTER_ROOT };

    compare(&w, &root, want, got);
    return w.differences == 0;
}

bool sidecar_compare_next_clash(const struct sidecar_config *c, const struct pod *pod, struct value_iter *ours,
                                struct sidecar_clash *out)
{
    while (value_next(ours)) {
        *out = (struct sidecar_clash){ .name = value_string(value_get(ours->value, SV("name"))), .ours = ours->value };
        out->theirs = sidecar_compare_find_volume(pod, out->name, &out->index);
        if (out->theirs && !is_same_volume(c, out->ours, out->theirs))
            return true;
    }
    return false;
}

static void compare_volumes(const struct sidecar_config *c, const struct pod *pod, struct findings *out)
{
    const struct pointer volumes_at = pointer_key(&pod->spec_at, SV("volumes"));
    struct value_iter ours = value_iter(c->volumes);
    struct sidecar_clash clash;

    while (sidecar_compare_next_clash(c, pod, &ours, &clash)) {
        const struct pointer at = pointer_index(&volumes_at, clash.index);
        struct finding *f = findings_add(out, FINDING_VIOLATION, &at);

        f->subject = c->name;
        f->field = findings_printf(out, "volumes.%.*s", SV_ARG(clash.name));
        f->found = shown(out, clash.theirs);
        f->wanted = text_printable(out->arena, shown(out, clash.ours), SHOWN_MAX);
        f->message = findings_printf(out, "volume `%.*s`, which the sidecar mounts, is not what the template says",
                                     SV_ARG(clash.name));
        f->fix = SV("give the pod's own volume another name");
    }
}

void sidecar_compare(const struct sidecar_config *c, const struct sidecar_expected *expected, const struct pod *pod,
                     const struct container *found, struct findings *out)
{
    const struct sidecar_spot root = { .value = found->value, .at = found->at };
    struct walk w = {
        .config = c,
        .template = expected->container,
        .out = out,
        .host_network = value_is_true(value_get(pod->spec, SV("hostNetwork"))),
    };

    for (size_t row = 0; row < sidecar_field_count(); row++)
        compare_field(&w, &root, expected->container, row);
    compare_unknown_fields(&w, &root);
    find_repeated(&w, &root, SV("env"));
    find_repeated(&w, &root, SV("volumeMounts"));
    if (c->judged & 1u << sidecar_field_find(SV("volumeMounts")))
        compare_volumes(c, pod, out);
}
