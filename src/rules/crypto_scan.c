/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cryptography inside an image cannot be seen from a pod, but somebody may
 * have looked: a scan's result is a fact about a digest, kept by the operator.
 * Nothing the pod says of itself counts, so there is no annotation for it, and
 * what nobody has scanned is unknown.
 */
#include "kube/image_ref.h"
#include "rules/rules.h"
#include "rules/values.h"

struct config {
    struct rule_head head;
    struct strings scans;
    struct values values;
};

static const struct field fields[] = {
    RULE_HEAD_FIELDS(struct config),
    FIELD(struct config, scans, "scans", FIELD_STRINGS, .not_empty = true,
          .help = "digests of scanned images (sha256:...): fact sets, or digests that are known to be clean"),
    FIELD_END,
};

static void set_defaults(void *config)
{
    static const struct sv scans[] = { SV_INIT("@site-scans") };

    ((struct config *)config)->scans = (struct strings){ scans, ARRAY_LEN(scans) };
}

/* A row that no image can have would never be found, and nobody would notice. */
static bool check_digest(const struct rule_build *b, struct sv value, struct err *e)
{
    const struct pointer at = pointer_key(b->at, SV("scans"));
    struct image_ref ref = { 0 };
    struct err why = { 0 };
    struct sv sample = arena_printf(b->arena, "x@%.*s", SV_ARG(value));

    if (!sample.p)
        return arena_error(b->arena, e);
    if (!image_ref_parse(sample, b->arena, &ref, &why))
        return record_error(b->doc, &at, e, "`%.*s` is no digest: wanted sha256: and 64 digits of lower-case hex",
                            SV_ARG(value));
    return true;
}

static bool compile(const struct rule_build *b, void *config, struct err *e)
{
    const struct pointer at = pointer_key(b->at, SV("scans"));
    struct config *c = config;

    if (!values_compile(b, &at, &c->scans, &c->values, e))
        return false;
    for (size_t i = 0; i < c->values.count; i++)
        if (!check_digest(b, c->values.rows[i]->value, e))
            return false;
    return true;
}

static void report_unknown(const struct config *c, const struct target *t, const struct container *k, struct sv message,
                           struct sv fix, struct findings *out)
{
    struct finding *f = findings_add_image(out, FINDING_UNKNOWN, t->pod, k);

    f->found = findings_text(out, k->image, 200);
    f->message = message;
    f->wanted = findings_printf(out, "a clean scan of this image in %.*s", SV_ARG(c->values.wanted));
    f->fix = fix;
}

static void report_no_row(const struct config *c, const struct target *t, const struct container *k,
                          struct findings *out)
{
    if (c->values.missing.n)
        report_unknown(c, t, k, SV("no scan of this image is known, and site facts are missing"),
                       findings_printf(out, "supply the site facts %.*s", SV_ARG(c->values.missing)), out);
    else
        report_unknown(c, t, k, SV("no scan of this image is known"), SV("scan the image and add a row for its digest"),
                       out);
}

static void report_unclean(const struct config *c, const struct target *t, const struct container *k,
                           const struct fact *row, struct findings *out)
{
    struct finding *f = findings_add_image(out, FINDING_VIOLATION, t->pod, k);
    struct sv note = findings_text(out, row->note, 160);

    f->warn_only = values_opinion(row, t->level) == OPINION_WARN;
    f->message = findings_printf(out, "%s%s%.*s",
                                 f->warn_only ? "the scan of this image passes only with a warning"
                                              : "the scan of this image does not pass",
                                 note.n ? ": " : "", SV_ARG(note));
    f->wanted = findings_printf(out, "a clean scan of this image in %.*s", SV_ARG(c->values.wanted));
    f->fix = SV("rebuild the image on a validated module, scan it, and name it by its new digest");
}

static void check_container(const struct config *c, const struct target *t, const struct container *k,
                            struct findings *out)
{
    struct image_ref ref = { 0 };
    struct err why = { 0 };
    const struct fact *row;

    if (!k->image.p) {
        report_unknown(c, t, k, SV("no image is named, so nothing tells what was scanned"),
                       SV("name an image by its digest"), out);
    } else if (!image_ref_cached(t->images, k->image, out->arena, &ref, &why)) {
        out->failed = out->failed || why.code == ERR_NOMEM;
        report_unknown(c, t, k, SV("the image's name cannot be read, so nothing tells what was scanned"),
                       SV("write the image as HOST/REPOSITORY@DIGEST"), out);
    } else if (!ref.digest.p) {
        report_unknown(c, t, k, SV("a tag does not tell which image was scanned"), SV("name the image by its digest"),
                       out);
    } else if (!(row = values_find(&c->values, ref.digest))) {
        report_no_row(c, t, k, out);
    } else if (values_opinion(row, t->level) == OPINION_PASS) {
        findings_pass(out, &k->image_at, k->name);
    } else {
        report_unclean(c, t, k, row, out);
    }
}

static void check(const struct target *t, const void *config, struct findings *out)
{
    struct container_iter it = container_iter(t->pod);

    while (container_next(&it))
        check_container(config, t, &it.now, out);
}

const struct rule rule_crypto_scan = {
    .id = "crypto-scan",
    .layer = "application-dependencies",
    .severity = SEVERITY_HIGH,
    .families = FAMILY_WORKLOAD,
    .what = "each image was scanned for the cryptography it brings, and found clean",
    .why = "wheels, jars, node and Rust programs carry their own OpenSSL, BoringSSL or ring past the validated module, "
           "and nothing in a pod shows it",
    .fix = "scan the image, add a row with its digest and the verdict to the site's facts, and name the image by that "
           "digest",
    .example = "name: scanned-images\n"
               "type: crypto-scan\n"
               "scans: [\"@site-scans\"]\n",
    .fields = fields,
    .config_size = sizeof(struct config),
    .defaults = set_defaults,
    .compile = compile,
    .check = check,
};
