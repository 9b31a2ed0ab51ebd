/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Images are pulled only from registry endpoints whose TLS is known to be
 * FIPS. Judges references as the runtime will read them, never as written, and
 * can point them at a mirror. It sees hosts, not what a node's mirror
 * configuration makes of them.
 */
#include "kube/image_ref.h"
#include "rules/image_pattern.h"
#include "rules/rules.h"
#include "rules/values.h"

struct rewrite {
    struct sv from, to;
    struct image_pattern pattern;
    struct sv prefix; /* `to` resolved, without the last slash; absent: its site set is missing */
};

struct config {
    struct rule_head head;
    struct strings allow;
    struct records rewrites; /* struct rewrite */
    struct values values;
    const struct image_pattern *patterns; /* one a row of values */
};

static const struct field rewrite_fields[] = {
    FIELD(struct rewrite, from, "from", FIELD_STRING, .required = true, .not_empty = true,
          .help = "endpoint and path that a normalised reference begins with"),
    FIELD(struct rewrite, to, "to", FIELD_STRING, .required = true, .not_empty = true,
          .help = "what stands there instead; may begin with a site set"),
    FIELD_END,
};

static const struct field fields[] = {
    RULE_HEAD_FIELDS(struct config),
    FIELD(struct config, allow, "allow", FIELD_STRINGS, .required = true, .not_empty = true,
          .help = "endpoints images may come from: HOST[:PORT][/PATH] or fact sets"),
    FIELD(struct config, rewrites, "rewrite", FIELD_RECORDS, .fields = rewrite_fields,
          .item_size = sizeof(struct rewrite), .help = "how an image is pointed at a mirror; the longest path wins"),
    FIELD_END,
};

/* A row's own item in `allow` where it is a literal, else the list. */
static bool pattern_error(const struct rule_build *b, const struct config *c, struct sv value, struct err *e)
{
    const struct pointer list_at = pointer_key(b->at, SV("allow"));
    const struct err why = *e;

    for (size_t i = 0; i < c->allow.count; i++) {
        const struct pointer item_at = pointer_index(&list_at, i);

        if (sv_eq(c->allow.items[i], value))
            return record_error(b->doc, &item_at, e, "%s", why.msg);
    }
    return record_error(b->doc, &list_at, e, "a fact set it names holds %s", why.msg);
}

static bool compile_patterns(const struct rule_build *b, struct config *c, struct err *e)
{
    struct image_pattern *patterns = arena_array(b->arena, c->values.count, struct image_pattern);

    if (!patterns)
        return err_nomem(e);
    for (size_t i = 0; i < c->values.count; i++)
        if (!image_pattern_compile(c->values.rows[i]->value, b->arena, &patterns[i], e))
            return pattern_error(b, c, c->values.rows[i]->value, e);
    c->patterns = patterns;
    return true;
}

/* A reference is built from it and read back: what cannot be is found here. */
static bool check_prefix(const struct rule_build *b, const struct pointer *at, struct sv prefix, struct err *e)
{
    struct image_ref ref = { 0 };
    struct buf sample = BUF_IN(b->arena);
    struct err why = { 0 };

    buf_add(&sample, prefix);
    buf_add(&sample, SV("/x"));
    if (!buf_ok(&sample))
        return err_nomem(e);
    if (!image_ref_parse(buf_sv(&sample), b->arena, &ref, &why))
        return record_error(b->doc, at, e, "no reference can begin so: %s", why.msg);
    if (ref.host_is_default)
        return record_error(b->doc, at, e, "`%.*s` names no host", SV_ARG(prefix));
    return true;
}

static bool compile_target(const struct rule_build *b, const struct pointer *at, struct rewrite *r, struct err *e)
{
    struct sv path = r->to;
    struct sv first = sv_cut(&path, '/');
    struct sv host = { NULL, 0 };
    struct buf prefix = BUF_IN(b->arena);

    if (!values_single(b, at, first, &host, e))
        return false;
    if (!host.p)
        return true;
    while (sv_ends_with(host, SV("/")))
        host.n--;
    if (sv_ends_with(path, SV("/")))
        path.n--;
    buf_add(&prefix, host);
    buf_add(&prefix, path.n ? SV("/") : SV(""));
    buf_add(&prefix, path);
    if (!buf_ok(&prefix))
        return err_nomem(e);
    r->prefix = buf_sv(&prefix);
    return check_prefix(b, at, r->prefix, e);
}

static bool compile_rewrites(const struct rule_build *b, struct config *c, struct err *e)
{
    const struct pointer list_at = pointer_key(b->at, SV("rewrite"));
    struct rewrite *rewrites = c->rewrites.items;

    for (size_t i = 0; i < c->rewrites.count; i++) {
        const struct pointer item_at = pointer_index(&list_at, i);
        const struct pointer from_at = pointer_key(&item_at, SV("from"));
        const struct pointer to_at = pointer_key(&item_at, SV("to"));
        struct err why = { 0 };

        if (!image_pattern_compile(rewrites[i].from, b->arena, &rewrites[i].pattern, &why))
            return record_error(b->doc, &from_at, e, "%s", why.msg);
        if (!compile_target(b, &to_at, &rewrites[i], e))
            return false;
    }
    return true;
}

static bool compile(const struct rule_build *b, void *config, struct err *e)
{
    const struct pointer allow_at = pointer_key(b->at, SV("allow"));
    struct config *c = config;

    return values_compile(b, &allow_at, &c->allow, &c->values, e) && compile_patterns(b, c, e) &&
           compile_rewrites(b, c, e);
}

/* The best of the rows that match; *row is NULL when none does. */
static enum opinion judge(const struct config *c, const struct image_ref *ref, enum level level,
                          const struct fact **row)
{
    enum opinion best = OPINION_DENY;

    *row = NULL;
    for (size_t i = 0; best != OPINION_PASS && i < c->values.count; i++) {
        enum opinion opinion;

        if (!image_pattern_matches(&c->patterns[i], ref))
            continue;
        opinion = values_opinion(c->values.rows[i], level);
        if (!*row || opinion > best)
            *row = c->values.rows[i];
        best = opinion > best ? opinion : best;
    }
    return best;
}

static const struct rewrite *find_rewrite(const struct config *c, const struct image_ref *ref)
{
    const struct rewrite *rewrites = c->rewrites.items, *best = NULL;

    for (size_t i = 0; i < c->rewrites.count; i++) {
        const struct rewrite *r = &rewrites[i];
        bool is_longer = !best || r->pattern.segment_count > best->pattern.segment_count;

        if (is_longer && image_pattern_matches(&r->pattern, ref))
            best = r;
    }
    return best;
}

/* The reference at the mirror, with its tag and digest; absent when there is
 * none, or when it would not pass either. */
static struct sv rewritten(const struct config *c, const struct image_ref *ref, enum level level, struct findings *out)
{
    const struct sv none = { NULL, 0 };
    const struct rewrite *r = find_rewrite(c, ref);
    const struct fact *row = NULL;
    struct image_ref target = { 0 };
    struct buf text = BUF_IN(out->arena);
    struct err why = { 0 };
    struct sv rest;

    if (!r || !r->prefix.p)
        return none;
    rest = image_pattern_rest(&r->pattern, ref);
    buf_add(&text, r->prefix);
    buf_add(&text, rest.n ? SV("/") : SV(""));
    buf_add(&text, rest);
    buf_add(&text, ref->tag.n ? SV(":") : SV(""));
    buf_add(&text, ref->tag);
    buf_add(&text, ref->digest.n ? SV("@") : SV(""));
    buf_add(&text, ref->digest);
    out->failed = out->failed || !buf_ok(&text);
    if (!buf_ok(&text) || !image_ref_parse(buf_sv(&text), out->arena, &target, &why))
        return none;
    return judge(c, &target, level, &row) == OPINION_PASS ? buf_sv(&text) : none;
}

/* One container or volume, and where it was found. */
struct subject {
    const struct target *target;
    const struct container *container;
};

static struct finding *add(struct findings *out, enum finding_kind kind, const struct subject *s)
{
    return findings_add_image(out, kind, s->target->pod, s->container);
}

static struct sv describe_problem(struct findings *out, const struct image_ref *ref, struct sv written,
                                  const struct fact *row, bool warn_only)
{
    const char *what = "is not from an allowed registry endpoint";
    struct sv normal = image_ref_print(ref, out->arena);
    struct sv note = row ? findings_text(out, row->note, 160) : (struct sv){ NULL, 0 };

    if (row)
        what = warn_only ? "is from a registry endpoint that passes only with a warning"
                         : "is from a registry endpoint that does not pass";
    if (sv_eq(normal, written))
        normal.n = 0;
    return findings_printf(out, "image%s%.*s%s %s%s%.*s", normal.n ? " (pulled as `" : "", SV_ARG(normal),
                           normal.n ? "`)" : "", what, note.n ? ": " : "", SV_ARG(note));
}

static void report(const struct config *c, const struct subject *s, const struct image_ref *ref, const struct fact *row,
                   struct findings *out)
{
    struct finding *f = add(out, FINDING_VIOLATION, s);
    struct sv better = { NULL, 0 };

    f->warn_only = values_opinion(row, s->target->level) == OPINION_WARN;
    f->message = describe_problem(out, ref, s->container->image, row, f->warn_only);
    f->wanted = c->values.wanted;
    if (!f->warn_only)
        better = rewritten(c, ref, s->target->level, out);
    if (better.p) {
        f->fix = findings_printf(out, "use `%.*s`", SV_ARG(better));
        findings_repair_string(out, f, PATCH_REPLACE, &s->container->image_at, better);
    } else if (!row && c->values.missing.n) {
        f->fix = findings_printf(out, "supply the site facts %.*s, or push the image to an allowed endpoint",
                                 SV_ARG(c->values.missing));
    } else {
        f->fix = SV("push the image to an allowed endpoint and name it there");
    }
}

/* Nobody knows what a runtime makes of it, so it is not allowed to find out. */
static void report_unreadable(const struct config *c, const struct subject *s, const struct err *why,
                              struct findings *out)
{
    struct finding *f;

    if (why->code == ERR_NOMEM) {
        out->failed = true;
        return;
    }
    f = add(out, FINDING_VIOLATION, s);
    f->found = findings_text(out, s->container->image, 200);
    f->message = findings_text(out, arena_copy(out->arena, sv_from(why->msg)), sizeof(why->msg));
    f->wanted = c->values.wanted;
    f->fix = SV("write the image as HOST/REPOSITORY:TAG or HOST/REPOSITORY@DIGEST");
}

static void report_absent(const struct config *c, const struct subject *s, struct findings *out)
{
    bool is_volume = container_is_image_volume(s->container);
    struct finding *f = add(out, is_volume ? FINDING_UNKNOWN : FINDING_VIOLATION, s);

    f->message = is_volume ? SV("image volume names no reference") : SV("container names no image");
    f->wanted = c->values.wanted;
    f->fix = SV("name an image from an allowed endpoint");
}

static void check_container(const struct config *c, const struct subject *s, struct findings *out)
{
    const struct fact *row = NULL;
    struct image_ref ref = { 0 };
    struct err why = { 0 };

    if (!s->container->image.p)
        report_absent(c, s, out);
    else if (!image_ref_cached(s->target->images, s->container->image, out->arena, &ref, &why))
        report_unreadable(c, s, &why, out);
    else if (judge(c, &ref, s->target->level, &row) != OPINION_PASS)
        report(c, s, &ref, row, out);
    else
        findings_pass(out, &s->container->image_at, s->container->name);
}

static void check(const struct target *t, const void *config, struct findings *out)
{
    struct container_iter it;

    for (it = container_iter(t->pod); container_next(&it);)
        check_container(config, &(struct subject){ .target = t, .container = &it.now }, out);
}

const struct rule rule_image_endpoints = {
    .id = "image-endpoints",
    .layer = "container-registry",
    .severity = SEVERITY_HIGH,
    .families = FAMILY_WORKLOAD,
    .repairs_updates = true,
    .what = "images come from registry endpoints that are allowed",
    .why = "code reaches the node over the registry's TLS, and most endpoints negotiate algorithms outside FIPS 140",
    .fix = "push the image to an allowed endpoint and name it there, or let `rewrite` point it at a mirror that holds "
           "a copy",
    .repair = "replaces the registry and path of an image by what `rewrite` says, keeping tag and digest",
    .repair_options = "rewrite",
    .example = "name: fips-endpoints\n"
               "type: image-endpoints\n"
               "allow: [\"@ecr-fips\", \"@site-registries\"]\n"
               "rewrite:\n"
               "  - { from: docker.io/, to: \"@site-mirror/docker-hub/\" }\n",
    .fields = fields,
    .config_size = sizeof(struct config),
    .compile = compile,
    .check = check,
};
