/* SPDX-License-Identifier: Apache-2.0 */
/* Documents are read under an empty file name, so that what is wrong with them
 * comes as ":line:column: message" whatever the file is called. */
#include "cli/check_file.h"

static const struct place whole_file = { 0, 0 };

/* Why a document is none for the API server; NULL: it is one. */
static const char *reason_to_skip(const struct json *root)
{
    struct sv version = value_string(value_get(root, SV("apiVersion")));
    struct sv kind = value_string(value_get(root, SV("kind")));

    if (!value_is(root, VALUE_OBJECT))
        return "not a Kubernetes object: it is no mapping";
    if (!version.n && !kind.n)
        return "not a Kubernetes object: it has neither `apiVersion` nor `kind`";
    if (sv_starts_with(version, SV("fipsgate.io/")))
        return "ignored: policies come from --policies, so that a change cannot excuse itself";
    if (sv_eq(kind, SV("Kustomization")) && sv_starts_with(version, SV("kustomize.config.k8s.io/")))
        return "it says how manifests are made; use --kustomize DIR";
    if ((version.n && kind.n) || value_is(value_get(root, SV("metadata")), VALUE_OBJECT))
        return NULL; /* a manifest, or one that was meant to be */
    return version.n ? "not a Kubernetes object: it has no `kind` and no `metadata`"
                     : "not a Kubernetes object: it has no `apiVersion` and no `metadata`";
}

/* Where we are in a text. */
struct visit {
    struct check_files *run;
    struct check_text *text;
};

static struct place place_of(const struct manifest_item *item, struct arena *a)
{
    struct sv at = pointer_print(item->at, a);

    return positions_value(item->doc->positions, at.p ? at : SV(""));
}

/* What cannot be asked about is the file's fault; what cannot be judged the webhook refuses. */
static bool judge(struct check_files *run, struct check_text *text, const struct manifest_item *item,
                  struct checked *out)
{
    struct err why = { .code = ERR_NONE };
    struct sv review;
    bool is_asked = manifest_ask(item, &run->context, &run->object, &review, &why);

    if (is_asked && check_review(&run->question, review, &run->object, out, &why))
        return true;
    if (run->object.is_full)
        (void)err_set(&why, ERR_LIMIT, "the object needs more memory than one review may use");
    else if (!is_asked) {
        check_tell_error(&run->teller, NOTE_ERROR, text, &why);
        return false;
    }
    run->teller.summary.objects++;
    check_tell_note(&run->teller, NOTE_REFUSED, text, place_of(item, &run->text), sv_from(why.msg));
    return false;
}

static bool check_object(void *context, const struct manifest_item *item, struct err *e)
{
    const struct visit *v = context;
    struct check_files *run = v->run;
    const char *skip = reason_to_skip(item->object);
    struct checked checked;

    /* An item of a list may leave out what the list says; a document may not. */
    if (skip && !item->list_of.kind.n) {
        check_tell_note(&run->teller, NOTE_SKIPPED, v->text, place_of(item, &run->text), sv_from(skip));
        return true;
    }
    arena_reset(&run->object);
    return !judge(run, v->text, item, &checked) ||
           (check_tell_object(&run->teller, v->text, item, &run->context, &checked, &run->object, e) &&
            check_rewrite_object(&run->rewrite, item, &checked, e));
}

static bool read_documents(struct check_files *run, struct sv text, struct yaml_doc **docs, struct err *e)
{
    return yaml_read_large(SV(""), text, &run->text, docs, e);
}

/* What a template of Helm, or one JSON object after another, looks like to a reader of YAML. */
static const char *hint_at(const struct check_text *text, const struct err *why)
{
    if (text->text.n && memmem(text->text.p, text->text.n, "{{", 2))
        return " (a Helm template? use --helm CHART)";
    if (text->text.n && text->text.p[0] == '{' && strstr(why->msg, "<document start>"))
        return " (several JSON objects? `jq -s '{apiVersion: \"v1\", kind: \"List\", items: .}'` makes one of them)";
    return "";
}

static void tell_unreadable(struct check_files *run, const struct check_text *text, const struct err *why)
{
    const char *hint = hint_at(text, why);
    struct err with_hint = *why;
    size_t n = strlen(why->msg);

    if (n + strlen(hint) < sizeof(why->msg))
        memcpy(with_hint.msg + n, hint, strlen(hint) + 1);
    check_tell_error(&run->teller, NOTE_ERROR, text, &with_hint);
}

static bool check_text(struct check_files *run, const struct input *input, struct check_text *text, struct err *e)
{
    struct visit visit = { run, text };
    struct err why = { .code = ERR_NONE };
    struct yaml_doc *docs = NULL;

    if (!read_documents(run, text->text, &docs, &why)) {
        tell_unreadable(run, text, &why);
        return true;
    }
    if (!docs && input->is_piped)
        check_tell_note(&run->teller, NOTE_ERROR, text, whole_file, SV("nothing came: did what writes here fail?"));
    else if (!docs)
        check_tell_note(&run->teller, NOTE_SKIPPED, text, whole_file, SV("there is no document in it"));
    check_rewrite_begin(&run->rewrite, input, text->text, &run->text);
    for (const struct yaml_doc *doc = docs; doc; doc = doc->next)
        if (!manifest_each(doc, check_object, &visit, e))
            return false;
    return check_rewrite_end(&run->rewrite, e);
}

bool check_file(struct check_files *run, const struct input *input, struct err *e)
{
    struct check_text text = { .file = sv_from(input->name) };
    struct err why = { .code = ERR_NONE };

    arena_reset(&run->text);
    run->teller.summary.files++;
    if (!input_read(input, &run->text, &text.text, &why)) {
        check_tell_note(&run->teller, NOTE_ERROR, &text, whole_file, sv_from(why.msg));
        return true;
    }
    text.lines = lines_of(text.text);
    return check_text(run, input, &text, e);
}
