/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Images are named by their content. A tag is whatever the registry says it is
 * on the day of the pull, so nothing that was examined (a scan, a certificate,
 * an exception) is known to be what runs. Nothing is repaired: a digest cannot
 * be made up.
 */
#include "kube/image_ref.h"
#include "rules/image_pattern.h"
#include "rules/rules.h"

struct config {
    struct rule_head head;
    struct strings except;
    const struct image_pattern *patterns; /* one an item of `except` */
};

static const struct field fields[] = {
    RULE_HEAD_FIELDS(struct config),
    FIELD(struct config, except, "except", FIELD_STRINGS, .not_empty = true,
          .help = "endpoints whose tags never move, HOST[:PORT][/PATH]: a tag is enough there"),
    FIELD_END,
};

static bool compile(const struct rule_build *b, void *config, struct err *e)
{
    const struct pointer list_at = pointer_key(b->at, SV("except"));
    struct config *c = config;
    struct image_pattern *patterns = arena_array(b->arena, c->except.count, struct image_pattern);

    if (!patterns)
        return err_nomem(e);
    for (size_t i = 0; i < c->except.count; i++) {
        const struct pointer item_at = pointer_index(&list_at, i);
        struct err why = { 0 };

        if (!image_pattern_compile(c->except.items[i], b->arena, &patterns[i], &why))
            return record_error(b->doc, &item_at, e, "%s", why.msg);
    }
    c->patterns = patterns;
    return true;
}

static bool is_excepted(const struct config *c, const struct image_ref *ref)
{
    for (size_t i = 0; i < c->except.count; i++)
        if (image_pattern_matches(&c->patterns[i], ref))
            return true;
    return false;
}

static struct finding *add(struct findings *out, enum finding_kind kind, const struct target *t,
                           const struct container *k)
{
    struct finding *f = findings_add_image(out, kind, t->pod, k);

    f->wanted = SV("a reference that ends in @sha256:DIGEST");
    return f;
}

static void report_absent(const struct target *t, const struct container *k, struct findings *out)
{
    struct finding *f = add(out, FINDING_UNKNOWN, t, k);

    f->message = container_is_image_volume(k) ? SV("image volume names no reference") : SV("container names no image");
    f->fix = SV("name an image by its digest");
}

static void report_unreadable(const struct target *t, const struct container *k, const struct err *why,
                              struct findings *out)
{
    struct finding *f;

    if (why->code == ERR_NOMEM) {
        out->failed = true;
        return;
    }
    f = add(out, FINDING_VIOLATION, t, k);
    f->found = findings_text(out, k->image, 200);
    f->message = findings_text(out, arena_copy(out->arena, sv_from(why->msg)), sizeof(why->msg));
    f->fix = SV("write the image as HOST/REPOSITORY@DIGEST");
}

static void report_tag(const struct target *t, const struct container *k, const struct image_ref *ref,
                       struct findings *out)
{
    struct finding *f = add(out, FINDING_VIOLATION, t, k);

    f->message = findings_printf(out, "image is not pinned: tag `%.*s`%s can be moved to another image",
                                 SV_ARG(ref->tag), ref->tag_is_default ? ", the default," : "");
    f->fix = SV("add the digest of the image that was examined; a tag may stay beside it");
}

static void check(const struct target *t, const void *config, struct findings *out)
{
    struct container_iter it = container_iter(t->pod);

    while (container_next(&it)) {
        struct image_ref ref = { 0 };
        struct err why = { 0 };

        if (!it.now.image.p)
            report_absent(t, &it.now, out);
        else if (!image_ref_cached(t->images, it.now.image, out->arena, &ref, &why))
            report_unreadable(t, &it.now, &why, out);
        else if (!ref.digest.p && !is_excepted(config, &ref))
            report_tag(t, &it.now, &ref, out);
        else
            findings_pass(out, &it.now.image_at, it.now.name);
    }
}

const struct rule rule_image_digest = {
    .id = "image-digest",
    .layer = "container-registry",
    .severity = SEVERITY_MEDIUM,
    .families = FAMILY_WORKLOAD,
    .what = "images are pinned by digest",
    .why = "what was examined for its cryptography is one image; a tag can name another tomorrow, a digest cannot",
    .fix = "put the digest of the image that was examined behind its name: HOST/REPOSITORY:TAG@sha256:DIGEST",
    .example = "name: pinned-images\n"
               "type: image-digest\n"
               "except: [\"registry.example.com/immutable\"]\n",
    .fields = fields,
    .config_size = sizeof(struct config),
    .compile = compile,
    .check = check,
};
