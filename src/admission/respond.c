/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a person reads when kubectl prints our answer is made here. Everything
 * that came from the object is cut and made printable first.
 */
#include "admission/respond.h"

#include "base/base64.h"
#include "base/bug.h"
#include "base/text.h"
#include "policy/exempt.h"
#include "policy/policy.h"
#include <jansson.h>

enum {
    MESSAGE_MAX = 4096,
    WARNING_MAX = 120,
    WARNING_COUNT = 10,
    ANNOTATION_MAX = 1024,
    VALUE_MAX = 256, /* one found, wanted or fix inside a message */
    HASH_SHOWN = 12,
    TAIL_ROOM = 32, /* for "and N more" */
};

/* jansson's reference counting, as a scope: what was built is always freed. */
static void json_freep(json_t **v)
{
    json_decref(*v);
}

/* Of what is UTF-8 already: written by us, made printable, or base64. */
static json_t *text_of(struct sv s)
{
    return json_stringn_nocheck(s.p ? s.p : "", s.n);
}

static int to_buf(const char *bytes, size_t n, void *out)
{
    buf_add(out, (struct sv){ bytes, n });
    return buf_ok(out) ? 0 : -1;
}

/* Takes `response`, which comes last, so that more can be put in behind it. */
static bool write_review(json_t *response, struct buf *out, struct err *e)
{
    CLEANUP(json_freep)
    json_t *review = json_pack("{s:s, s:s, s:o}", "kind", "AdmissionReview", "apiVersion", "admission.k8s.io/v1",
                               "response", response);

    if (!review || json_dump_callback(review, to_buf, out, JSON_COMPACT) != 0)
        return err_nomem(e);
    return true;
}

/* jansson reads every text character by character before it writes it: for base64,
 * which is most of such an answer and needs no escapes, that took a third of a review. */
static bool write_patch(struct sv patch, struct buf *out, struct err *e)
{
    BUG_IF(!sv_ends_with(buf_sv(out), SV("}}")));
    out->len -= 2;
    buf_add(out, SV(",\"patch\":\""));
    base64_add(out, patch);
    buf_add(out, SV("\",\"patchType\":\"JSONPatch\"}}"));
    return buf_ok(out) || err_nomem(e);
}

static json_t *status_of(int code, const char *reason, struct sv message)
{
    return json_pack("{s:s, s:s%, s:s, s:i}", "status", "Failure", "message", message.p, message.n, "reason", reason,
                     "code", code);
}

static const char *reason_of(int code)
{
    static const struct {
        int code;
        const char *reason; /* metav1.StatusReason */
    } reasons[] = {
        { 400, "BadRequest" },
        { 403, "Forbidden" },
        { 413, "RequestEntityTooLarge" },
        { 500, "InternalError" },
    };

    for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
        if (reasons[i].code == code)
            return reasons[i].reason;
    return "Forbidden";
}

bool respond_refuse(struct sv uid, int code, struct sv message, struct buf *out, struct err *e)
{
    json_t *response = json_pack("{s:s%, s:b, s:o}", "uid", uid.p, uid.n, "allowed", 0, "status",
                                 status_of(code, reason_of(code), message));

    return write_review(response, out, e);
}

/* "name: value" on a line of its own, if there is a value. */
static void add_part(struct buf *out, struct arena *a, const char *name, struct sv value)
{
    if (value.n == 0)
        return;
    buf_printf(out, "\n   %s: ", name);
    buf_add(out, text_printable(a, value, VALUE_MAX));
}

static struct sv subject_of(const struct finding *f, struct arena *a)
{
    return f->subject.n ? arena_printf(a, " (%.*s)", SV_ARG(text_printable(a, f->subject, 64))) : SV("");
}

/* An exception that does not count today is worth knowing of where it would have. */
static void add_expired(struct buf *out, struct arena *a, const struct judgement *j, struct date today)
{
    const struct exception *x = j->exception;

    if (!x || j->result == RESULT_EXCEPTED)
        return;
    buf_printf(out, "\n   exception: `%.*s` of %.*s does not count ", SV_ARG(x->name),
               SV_ARG(text_printable(a, x->owner, 64)));
    if (date_compare(x->expires, today) < 0)
        buf_printf(out, "any more: its last day was %04d-%02d-%02d", x->expires.year, x->expires.month, x->expires.day);
    else
        buf_printf(out, "yet: its last day, %04d-%02d-%02d, is more than %d days away", x->expires.year,
                   x->expires.month, x->expires.day, EXEMPT_MAX_DAYS);
}

static struct sv describe(const struct judgement *j, size_t number, struct date today, struct arena *a)
{
    const struct finding *f = j->finding;
    struct buf out = BUF_IN(a);

    buf_printf(&out, "\n%zu. %.*s/%.*s [%.*s]: ", number, SV_ARG(j->policy), SV_ARG(j->rule_name), SV_ARG(j->layer));
    buf_add(&out, text_printable(a, f->message, VALUE_MAX));
    buf_add(&out, SV("\n   at: "));
    buf_add(&out, text_printable(a, f->path, VALUE_MAX));
    buf_add(&out, subject_of(f, a));
    add_part(&out, a, "found", f->found.p ? f->found : SV("nothing"));
    add_part(&out, a, "wanted", f->wanted);
    add_part(&out, a, "fix", f->fix);
    add_part(&out, a, "controls", j->controls);
    add_expired(&out, a, j, today);
    return buf_sv(&out);
}

static struct sv denial_message(const struct basis *b, const struct request *r, const struct verdict *v,
                                struct arena *a)
{
    struct buf out = BUF_IN(a);
    size_t told = 0;

    if (v->conflict.p)
        return text_printable(
            a, arena_printf(a, "fipsgate cannot repair this %.*s: %.*s", SV_ARG(r->gvk.kind), SV_ARG(v->conflict)),
            MESSAGE_MAX);
    buf_printf(&out, "fipsgate denied this %.*s: %zu FIPS violation%s", SV_ARG(text_printable(a, r->gvk.kind, 64)),
               v->denied, v->denied == 1 ? "" : "s");
    for (; told < v->denied; told++) {
        struct sv one = describe(&v->judgements[told], told + 1, b->today, a);

        if (out.len + one.n > MESSAGE_MAX - TAIL_ROOM)
            break;
        buf_add(&out, one);
    }
    if (told < v->denied)
        buf_printf(&out, "\nand %zu more", v->denied - told);
    return buf_sv(&out);
}

static struct sv warning_text(const struct judgement *j, struct arena *a)
{
    const struct finding *f = j->finding;
    struct sv text = arena_printf(a, "%.*s/%.*s: %.*s (%.*s)", SV_ARG(j->policy), SV_ARG(j->rule_name),
                                  SV_ARG(f->message), SV_ARG(f->subject.n ? f->subject : f->path));

    return text_printable(a, text, WARNING_MAX);
}

static json_t *warnings_of(const struct verdict *v, struct arena *a)
{
    json_t *list = json_array();
    size_t shown = v->warned > WARNING_COUNT ? WARNING_COUNT - 1 : v->warned;

    for (size_t i = 0; i < shown; i++)
        json_array_append_new(list, text_of(warning_text(&v->judgements[v->denied + i], a)));
    if (shown < v->warned)
        json_array_append_new(list, text_of(arena_printf(a, "and %zu more FIPS findings", v->warned - shown)));
    return list;
}

/* A list of an annotation: as many items as fit, then how many more there are. */
struct listing {
    struct buf text;
    size_t shown, left_out;
};

static void list_item(struct listing *l, struct sv item)
{
    if (l->left_out || l->text.len + item.n > ANNOTATION_MAX - TAIL_ROOM) {
        l->left_out++;
        return;
    }
    buf_add(&l->text, l->shown++ ? SV("; ") : SV(""));
    buf_add(&l->text, item);
}

static struct sv list_text(struct listing *l)
{
    if (l->left_out)
        buf_printf(&l->text, "; and %zu more", l->left_out);
    return buf_sv(&l->text);
}

/* "enforce registry/fips-endpoints violation /spec/containers/0/image; ..." */
static struct sv findings_annotation(const struct verdict *v, struct arena *a)
{
    struct listing l = { .text = BUF_IN(a) };

    for (size_t i = 0; i < v->denied + v->warned + v->recorded; i++) {
        const struct judgement *j = &v->judgements[i];

        list_item(&l, arena_printf(a, "%s %.*s/%.*s %s %.*s", verdict_mode_name(j->mode), SV_ARG(j->policy),
                                   SV_ARG(j->rule_name), verdict_result_name(j->result),
                                   SV_ARG(text_printable(a, j->finding->path, VALUE_MAX))));
    }
    return list_text(&l);
}

/* "legacy-batch registry/fips-endpoints /spec/containers/0/image until 2027-01-31; ...":
 * every use of an exception leaves a trace. */
static struct sv exceptions_annotation(const struct verdict *v, struct arena *a)
{
    struct listing l = { .text = BUF_IN(a) };

    for (size_t i = 0; i < v->judgement_count; i++) {
        const struct judgement *j = &v->judgements[i];
        struct date until = j->exception ? j->exception->expires : (struct date){ 0 };

        if (j->result != RESULT_EXCEPTED)
            continue;
        list_item(&l, arena_printf(a, "%.*s %.*s/%.*s %.*s until %04d-%02d-%02d", SV_ARG(j->exception->name),
                                   SV_ARG(j->policy), SV_ARG(j->rule_name),
                                   SV_ARG(text_printable(a, j->finding->path, VALUE_MAX)), until.year, until.month,
                                   until.day));
    }
    return list_text(&l);
}

static json_t *annotations_of(const struct basis *b, const struct verdict *v, struct arena *a)
{
    const struct policy_set *set = b->policies;
    bool is_lowered = set->max_mode != MODE_ENFORCE;
    struct sv used = arena_printf(a, "%.*s@%.*s%s%s", SV_ARG(set->name), HASH_SHOWN, set->hash,
                                  is_lowered ? ", at most " : "", is_lowered ? verdict_mode_name(set->max_mode) : "");
    struct sv exceptions = exceptions_annotation(v, a);
    json_t *annotations = json_object();

    if (v->denied + v->warned + v->recorded)
        json_object_set_new(annotations, "findings", text_of(findings_annotation(v, a)));
    if (exceptions.n)
        json_object_set_new(annotations, "exceptions", text_of(exceptions));
    json_object_set_new(annotations, "policy-set", text_of(text_printable(a, used, ANNOTATION_MAX)));
    return annotations;
}

bool respond_encode(const struct basis *b, const struct request *r, const struct verdict *v, struct arena *a,
                    struct buf *out, struct err *e)
{
    CLEANUP(json_freep)
    json_t *response = json_pack("{s:s%, s:b}", "uid", r->uid.p, r->uid.n, "allowed", v->allowed);

    if (!response)
        return err_nomem(e);
    if (!v->allowed &&
        json_object_set_new(response, "status", status_of(403, reason_of(403), denial_message(b, r, v, a))) != 0)
        return err_nomem(e);
    if (v->warned && json_object_set_new(response, "warnings", warnings_of(v, a)) != 0)
        return err_nomem(e);
    if (json_object_set_new(response, "auditAnnotations", annotations_of(b, v, a)) != 0)
        return err_nomem(e);
    if (a->is_full)
        return err_set(e, ERR_LIMIT, "the answer needs more memory than one review may use");
    if (!write_review(json_incref(response), out, e))
        return false;
    return !v->allowed || !v->patch.p || write_patch(v->patch, out, e);
}
