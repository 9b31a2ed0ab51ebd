/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pods that aws-govcloud with the sample site must refuse, rewritten in ways
 * that keep their meaning; every one is still refused.
 *
 *     differential [SEED [COUNT [FIRST]]]     SEED: from the clock; COUNT: 100000
 *
 * The seed is printed; `differential SEED 1 N` makes variant N of it again. A
 * pod is refused when /validate and /validate/enforce deny it for the right
 * reason; a template when they do, or when they say that its pods will be
 * repaired and the same pod by itself is denied until /mutate has repaired it.
 */
#include "admission/handler.h"
#include "base/attr.h"
#include "differential/dress.h"
#include "differential/noise.h"
#include "differential/wrap.h"
#include "patch/apply.h"
#include "policy/policy.h"
#include <inttypes.h>

enum { VARIANT_MEMORY = 64 << 20, DEFAULT_COUNT = 100000, KINDS_MAX = 128 };

struct run {
    struct basis basis;
    struct random random;
    struct arena arena;
    struct buf steps;
    struct sv body; /* the latest review */
    const char *problem;
    size_t denied, mended, unreadable;
    bool met[KINDS_MAX]; /* kinds that had a variant */
};

struct answer {
    bool answered; /* else it was an HTTP error, which admits nothing */
    bool admitted;
    struct admission_record record;
};

static struct answer ask(struct run *r, enum stage stage, struct sv body)
{
    struct buf bytes = BUF_IN(&r->arena);
    struct answer answer = { .admitted = false };
    struct err e = { .code = ERR_NONE };

    answer.answered = admission_handle(&r->basis, stage, body, &r->arena, &bytes, &answer.record, &e);
    answer.admitted =
        answer.answered && (answer.record.answer == ANSWER_ALLOWED || answer.record.answer == ANSWER_PATCHED);
    return answer;
}

static bool is_at_place(const struct suspect *s, struct sv path, struct arena *a)
{
    struct sv place =
        s->offence->list ? arena_printf(a, "/%s/%zu/%s", s->offence->list, s->index, s->offence->part) : SV("/");

    return memmem(path.p, path.n, place.p, place.n);
}

/* However it is written, an image is mended to the same one. */
static bool is_mended_right(const struct suspect *s, const struct finding *f, struct arena *a)
{
    const struct patch_op *op = f->repairs;

    if (!s->mirrored.p || !op)
        return !s->mirrored.p && (!op || !s->offence->list);
    return !op->next && sv_eq(op->value, arena_printf(a, "\"%.*s\"", (int)s->mirrored.n, s->mirrored.p));
}

/* The policy that must object does, at the right place, and its word counts. */
static bool is_blamed(struct run *r, const struct suspect *s, const struct verdict *v, bool *will_mutate)
{
    for (size_t i = 0; i < v->judgement_count; i++) {
        const struct judgement *j = &v->judgements[i];

        if (!sv_eq(j->policy, sv_from(s->offence->policy)) || !is_at_place(s, j->finding->path, &r->arena))
            continue;
        if (!is_mended_right(s, j->finding, &r->arena))
            return false;
        *will_mutate = j->result == RESULT_WILL_MUTATE;
        if (*will_mutate || (j->result == RESULT_VIOLATION && j->mode == MODE_ENFORCE))
            return true;
    }
    return false;
}

static bool fail(struct run *r, struct sv body, const char *problem)
{
    r->body = body;
    r->problem = problem;
    return false;
}

static struct sv write_review(struct run *r, struct suspect *s, struct tree *review)
{
    struct noise noise = noise_choose(s->random, s->steps);
    struct buf text = BUF_IN(&r->arena);

    noise_write(&text, review, &noise, s->random);
    return buf_sv(&text);
}

/* As the API server goes on with what /mutate sent. */
static struct sv patched_body(struct run *r, const struct answer *mutate)
{
    struct buf body = BUF_IN(&r->arena);
    struct err e = { .code = ERR_NONE };
    struct sv object = { NULL, 0 };

    if (!apply_patch(mutate->record.request.object, mutate->record.verdict.patch, &r->arena, &object, &e))
        return object;
    buf_printf(&body, "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"1\","
                      "\"kind\":{\"group\":\"\",\"version\":\"v1\",\"kind\":\"Pod\"},\"operation\":\"CREATE\","
                      "\"namespace\":\"payments\",\"object\":");
    buf_add(&body, object);
    buf_add(&body, SV("}}"));
    return buf_sv(&body);
}

/* The pod of a template that was let through, by itself. */
static bool check_bare(struct run *r, struct suspect *s)
{
    const struct kind *pod = kind_find(SV(""), SV("Pod"));
    struct sv body = write_review(r, s, wrap_review(s, pod, tree_copy(&r->arena, s->guilty), NULL));
    struct answer validate = ask(r, STAGE_VALIDATE, body), mutate = ask(r, STAGE_MUTATE, body);
    bool will_mutate = false;

    if (validate.admitted || !is_blamed(r, s, &validate.record.verdict, &will_mutate))
        return fail(r, body, "its pod is not denied at /validate");
    if (!mutate.admitted || !mutate.record.verdict.patch.p)
        return true;
    body = patched_body(r, &mutate);
    validate = ask(r, STAGE_VALIDATE, body);
    if (!validate.answered || validate.record.problem.code != ERR_NONE)
        return fail(r, body, "its pod cannot be judged after /mutate");
    if (is_blamed(r, s, &validate.record.verdict, &will_mutate) && validate.admitted)
        return fail(r, body, "its pod is admitted with the offence after /mutate");
    return true;
}

static bool check_refused(struct run *r, struct suspect *s, const struct kind *k, struct sv body)
{
    struct answer validate = ask(r, STAGE_VALIDATE, body), enforce = ask(r, STAGE_ENFORCE, body);
    bool will_mutate = false;

    if (!validate.answered || validate.record.problem.code != ERR_NONE)
        return fail(r, body, "the review cannot be judged");
    if (!is_blamed(r, s, &validate.record.verdict, &will_mutate))
        return fail(r, body, "/validate does not see it");
    if (!is_blamed(r, s, &enforce.record.verdict, &will_mutate))
        return fail(r, body, "/validate/enforce does not see it");
    if (validate.admitted != enforce.admitted)
        return fail(r, body, "/validate and /validate/enforce do not agree");
    if (!validate.admitted) {
        r->denied++;
        return true;
    }
    if (!k->is_template || !will_mutate)
        return fail(r, body, "it is admitted");
    r->mended++;
    return check_bare(r, s);
}

/* A second `image` that a careless reader would take: nobody may be asked. */
static bool check_twin(struct run *r, struct suspect *s, struct tree *review, struct tree *list)
{
    struct tree *item = tree_at(list, s->index);
    struct sv body;

    buf_printf(s->steps, "  with a second image\n");
    tree_add(item, SV("image"), tree_string(&r->arena, SV("example.com/app")));
    body = write_review(r, s, review);
    r->unreadable++;
    if (ask(r, STAGE_VALIDATE, body).admitted || ask(r, STAGE_ENFORCE, body).admitted ||
        ask(r, STAGE_MUTATE, body).admitted)
        return fail(r, body, "a review with two images is admitted");
    return true;
}

/* A kind and an offence that it can hold. */
static const struct kind *choose(struct run *r, const struct offence **offence)
{
    const struct kind *k;
    size_t index;

    do {
        index = random_below(&r->random, kind_count());
        k = kind_at(index);
        *offence = suspect_offence(random_below(&r->random, suspect_offence_count()));
    } while (!wrap_can_hold(k, *offence));
    r->met[index] = true;
    return k;
}

/* What was there before an UPDATE; it never had the offence. */
static struct tree *make_old(struct suspect *s, const struct kind *k)
{
    struct tree *old = NULL;

    if ((random_one_in(s->random, 2) && !k->is_partial) || (s->offence->on_create && !k->is_template))
        return NULL;
    old = wrap_pod(s, k, s->innocent);
    if (random_one_in(s->random, 4)) {
        buf_printf(s->steps, "  the old object is being deleted\n");
        tree_set(tree_get(old, SV("metadata")), SV("deletionTimestamp"),
                 tree_string(s->arena, SV("2026-11-22T00:00:00Z")));
    }
    return old;
}

static bool check_variant(struct run *r, uint64_t seed, uint64_t index)
{
    struct suspect s = { .random = &r->random, .arena = &r->arena, .steps = &r->steps };
    const struct offence *offence;
    const struct kind *k;
    struct tree *object, *review, *list;

    r->random = random_from(seed, index);
    r->problem = NULL;
    arena_reset(&r->arena);
    buf_reset(&r->steps);
    k = choose(r, &offence);
    suspect_make(&s, offence);
    dress_object(&s, s.guilty);
    list = offence->list ? tree_get(tree_get(s.guilty, SV("spec")), sv_from(offence->list)) : NULL;
    object = wrap_pod(&s, k, s.guilty);
    review = wrap_review(&s, k, object, make_old(&s, k));
    if (list && strcmp(offence->part, "image") == 0 && k->pod.n == 0 && !k->is_partial && random_one_in(&r->random, 4))
        return check_twin(r, &s, review, tree_get(tree_get(object, SV("spec")), sv_from(offence->list)));
    return check_refused(r, &s, k, write_review(r, &s, review));
}

/* Without an offence nobody objects, else the variants would show nothing. */
static bool innocents_pass(struct run *r)
{
    const struct noise plain = { .spaces = 0 };

    for (size_t i = 0; i < kind_count(); i++) {
        struct suspect s = { .random = &r->random, .arena = &r->arena, .steps = &r->steps };
        struct buf text = BUF_IN(&r->arena);
        const struct kind *k = kind_at(i);

        if (k->family != FAMILY_WORKLOAD)
            continue;
        suspect_make(&s, suspect_offence(0));
        noise_write(&text, wrap_review(&s, k, wrap_pod(&s, k, s.innocent), NULL), &plain, s.random);
        if (!ask(r, STAGE_VALIDATE, buf_sv(&text)).admitted)
            return fail(r, buf_sv(&text), "an innocent pod is refused");
    }
    return true;
}

static bool report(const struct run *r, uint64_t seed, uint64_t index)
{
    printf("FAIL seed %" PRIu64 " variant %" PRIu64 ": %s\n%.*s%.*s\n", seed, index, r->problem, (int)r->steps.len,
           r->steps.p ? r->steps.p : "", (int)r->body.n, r->body.p);
    printf("again: differential %" PRIu64 " 1 %" PRIu64 "\n", seed, index);
    return false;
}

static size_t count_met(const struct run *r, size_t *all)
{
    size_t met = 0;

    *all = 0;
    for (size_t i = 0; i < kind_count() && i < KINDS_MAX; i++) {
        *all += kind_at(i)->family == FAMILY_WORKLOAD;
        met += r->met[i];
    }
    return met;
}

static bool run(struct run *r, uint64_t seed, uint64_t count, uint64_t first)
{
    size_t kinds = 0, met;

    r->random = random_from(seed, 0);
    if (!innocents_pass(r))
        return report(r, seed, 0);
    for (uint64_t i = first; i < first + count; i++)
        if (!check_variant(r, seed, i))
            return report(r, seed, i);
    met = count_met(r, &kinds);
    printf("%" PRIu64 " variants, %zu of %zu workload kinds, %zu offences: %zu denied, %zu repaired as pods, "
           "%zu not readable, 0 admitted\n",
           count, met, kinds, suspect_offence_count(), r->denied, r->mended, r->unreadable);
    return count < DEFAULT_COUNT || met == kinds;
}

static struct policy_set *load(struct err *e)
{
    static const char *const policies[] = { "builtin:aws-govcloud" };
    static const char *const facts[] = { SOURCE_DIR "/policies/sample-site.yaml" };
    const struct policy_sources sources = { .policies = policies, .policy_count = 1, .facts = facts, .fact_count = 1 };

    return policy_set_load(&sources, e);
}

int main(int count, char **args)
{
    CLEANUP(policy_set_freep) struct policy_set *set = NULL;
    struct run r = { .arena = ARENA_INIT(VARIANT_MEMORY), .steps = BUF_INIT(1 << 16) };
    uint64_t seed = count > 1 ? strtoull(args[1], NULL, 0) : (uint64_t)time(NULL);
    uint64_t variants = count > 2 ? strtoull(args[2], NULL, 0) : DEFAULT_COUNT;
    struct err e = { .code = ERR_NONE };
    bool ok;

    set = load(&e);
    if (!set) {
        printf("%s\n", e.msg);
        return 2;
    }
    printf("seed %" PRIu64 "\n", seed);
    r.basis = (struct basis){ .policies = set, .today = { 2026, 11, 22 } };
    ok = run(&r, seed, variants, count > 3 ? strtoull(args[3], NULL, 0) : 0);
    arena_fini(&r.arena);
    buf_fini(&r.steps);
    return ok ? 0 : 1;
}
