/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tells a report one of a few stories and lets it print one format:
 *
 *     story STORY FORMAT     on standard output
 *     story schema           the JSON Schema of format json
 *
 * The stories hold what no manifest could be relied on to bring about: every
 * result and effect, names that want to be commands, tables or scripts, more
 * than a comment has room for.
 */
#include "report/report.h"
#include <stdio.h>

static const struct rule rule_a = { .id = "image-endpoints",
                                    .layer = "container-registry",
                                    .severity = SEVERITY_HIGH,
                                    .what = "images come from `allow`",
                                    .why = "anybody may listen",
                                    .fix = "copy them to `allow`",
                                    .repair = "rewrites them" };
static const struct rule rule_b = { .id = "volume-classes",
                                    .layer = "storage",
                                    .severity = SEVERITY_LOW,
                                    .what = "volumes are encrypted",
                                    .why = "disks are stolen",
                                    .fix = "name a class" };

static const struct exception counts = {
    .name = SV_INIT("legacy-batch"),
    .reason = SV_INIT("POA&M 42: the vendor ships no FIPS image yet"),
    .owner = SV_INIT("platform@example.gov"),
    .expires = { 2027, 1, 31 },
};
static const struct exception ended = {
    .name = SV_INIT("last-year"),
    .reason = SV_INIT("migration"),
    .owner = SV_INIT("storage@example.gov"),
    .expires = { 2026, 6, 30 },
};

/* One thing that is told. */
struct event {
    enum { EVENT_NONE, EVENT_FINDING, EVENT_NOTE, EVENT_CHANGE } type;
    const struct rule *rule;
    enum result result;
    enum mode mode;
    bool is_known;
    const struct exception *exception;
    enum report_note_kind kind;
    struct place place;
    const char *file, *policy, *name, *path, *line, *message, *found, *wanted, *fix, *controls, *patch;
};

#define IMAGE_LINE "        image: docker.io/library/nginx:latest # the web server"

static const struct event mixed[] = {
    { EVENT_FINDING, &rule_a, RESULT_VIOLATION, MODE_ENFORCE, .file = "deploy/web.yaml", .place = { 12, 16 },
      .name = "web", .path = "/spec/containers/0/image", .line = IMAGE_LINE,
      .message = "the image is not from a FIPS endpoint", .found = "docker.io/library/nginx:latest",
      .wanted = "a host of @ecr-fips or @site-registries", .fix = "copy the image to a registry of the site",
      .controls = "SC.L2-3.13.11, SC-13" },
    { EVENT_FINDING, &rule_a, RESULT_WILL_MUTATE, MODE_OFF, .file = "deploy/web.yaml", .place = { 14, 15 },
      .name = "web", .path = "/spec/containers/0/env", .line = "      - name: \"web\"",
      .message = "a variable is missing", .found = "web", .wanted = "AWS_USE_FIPS_ENDPOINT=true", .controls = "SC-13" },
    { EVENT_CHANGE, .file = "deploy/web.yaml", .place = { 1, 1 }, .name = "web",
      .patch = "[{\"op\":\"add\",\"path\":\"/spec/containers/0/env\",\"value\":[]}]" },
    { EVENT_FINDING, &rule_b, RESULT_UNKNOWN, MODE_WARN, .file = "deploy/db.yaml", .place = { 7, 21 }, .name = "db",
      .path = "/spec/storageClassName", .line = "  storageClassName: { from: chart, name: a\tb }",
      .message = "the class is not known here", .wanted = "an encrypted class" },
    { EVENT_FINDING, &rule_b, RESULT_EXCEPTED, MODE_OFF, .exception = &counts, .file = "deploy/db.yaml",
      .place = { 9, 15 }, .name = "db", .path = "/spec/volumeName", .line = "    hostPath: /data", .found = "/data",
      .message = "a host path", .controls = "SC-28" },
    { EVENT_FINDING, &rule_b, RESULT_VIOLATION, MODE_WARN, .exception = &ended, .file = "deploy/db.yaml",
      .place = { 11, 10 }, .name = "db", .path = "/spec/nfs", .line = "    nfs: {server: 10.0.0.1, path: /x}",
      .message = "not encrypted", .found = "nfs" },
    { EVENT_FINDING, &rule_b, RESULT_VIOLATION, MODE_ENFORCE, .is_known = true, .file = "deploy/db.yaml",
      .place = { 20, 1 }, .name = "db", .path = "", .line = "kind: PersistentVolume", .message = "known for long" },
    { EVENT_FINDING, &rule_b, RESULT_VIOLATION, MODE_AUDIT, .file = "deploy/db.yaml", .name = "generated",
      .path = "/spec", .message = "no line to show", .found = "nothing" },
    { EVENT_FINDING, &rule_b, RESULT_GRANDFATHERED, MODE_AUDIT, .file = "deploy/db.yaml", .place = { 30, 2 },
      .name = "old", .path = "/spec", .line = " spec:", .message = "was there" },
    { EVENT_FINDING, &rule_a, RESULT_PASS, MODE_OFF, .file = "deploy/db.yaml", .place = { 31, 2 }, .name = "good",
      .path = "/spec", .line = " image: registry.example.gov/a" },
    { EVENT_NOTE, .kind = NOTE_REFUSED, .file = "deploy/x.yaml", .place = { 3, 7 },
      .message = "`/spec/containers` is a string, not an array" },
    { EVENT_NOTE, .kind = NOTE_ERROR, .file = "-", .place = { 2, 1 }, .message = "found a tab where none may be" },
    { EVENT_NOTE, .kind = NOTE_SKIPPED, .file = "deploy/Chart.yaml", .message = "not a Kubernetes object" },
    { 0 },
};

#define COMMAND "\n::error::owned\r\n##[error]owned ##vso[task.x] @everyone fixes #1 <script>alert(1)</script> | ` `` "

static const struct event hostile[] = {
    { EVENT_FINDING, &rule_a, RESULT_VIOLATION, MODE_ENFORCE, .file = "::stop-commands::x,y:z%0A.yaml",
      .place = { 1, 6 }, .policy = "a|b:c,d", .name = COMMAND, .path = "/metadata/annotations/a~1b`|",
      .line = "key: \033[31mred\033[0m\xe2\x80\xae ##[add-mask]x",
      .message = COMMAND "https://evil.example/ www.evil.example", .found = COMMAND,
      .wanted = COMMAND "*a* _b_ [c](d) ![e](f) $g$ ~~h~~ &lt;", .fix = COMMAND, .controls = "SC-13, </script>|@all" },
    { EVENT_FINDING, &rule_a, RESULT_VIOLATION, MODE_WARN, .file = "dir/\nfile|`\"<b>.yaml", .place = { 2, 8 },
      .name = "x", .path = "", .line = "\ta\tb: \xe4\xb8\xad\xe6\x96\x87 e\xcc\x81 \"q\\\"\"",
      .message = "quote \" backslash \\", .found = "\xe6\x96\x87" },
    { EVENT_NOTE, .kind = NOTE_ERROR, .file = "\n::error file=a", .place = { 2, 1 }, .message = COMMAND },
    { EVENT_NOTE, .kind = NOTE_SKIPPED, .file = "@team", .message = COMMAND },
    { 0 },
};

static const struct event clean[] = { { 0 } };

/* As often as a comment, or a SARIF run, has no room for; twice in each file. */
static const struct event many[] = {
    { EVENT_FINDING, &rule_a, RESULT_VIOLATION, MODE_ENFORCE, .place = { 12, 16 }, .name = "web",
      .path = "/spec/containers/0/image", .line = IMAGE_LINE, .message = "the image is not from a FIPS endpoint",
      .found = "docker.io/library/nginx:latest" },
    { EVENT_FINDING, &rule_b, RESULT_VIOLATION, MODE_AUDIT, .place = { 12, 16 }, .name = "web",
      .path = "/spec/containers/0/image", .line = IMAGE_LINE, .message = "the image is not from a FIPS endpoint",
      .found = "docker.io/library/nginx:latest" },
    { 0 },
};

static const struct {
    const char *name;
    const struct event *events;
    size_t files;
} stories[] = {
    { "clean", clean, 1 }, { "hostile", hostile, 1 }, { "limit", many, 12600 },
    { "many", many, 400 }, { "mixed", mixed, 1 },
};

/* What format sarif lists; nobody is judged by it here. */
static const struct compiled_rule listed[] = { { &rule_a, SV_INIT("fips-endpoints"), NULL },
                                               { &rule_b, SV_INIT("classes"), NULL } };
static const struct policy listed_policies[] = {
    { .name = SV_INIT("registry"),
      .layer = SV_INIT("container-registry"),
      .controls = SV_INIT("SC.L2-3.13.11, SC-8, SC-8(1), SC-12, SC-13, SC-28, SC-28(1), SI-7, CM-6, AC-17"),
      .mode = MODE_ENFORCE,
      .rules = listed,
      .rule_count = 1 },
    { .name = SV_INIT("volumes"), .mode = MODE_OFF, .rules = listed + 1, .rule_count = 1 },
};

static struct report_object object_of(const struct event *event)
{
    return (struct report_object){ SV("v1"), SV("Pod"), SV("payments"), sv_from(event->name) };
}

static void tell_finding(struct report *r, const struct event *event, const char *file, struct report_summary *s)
{
    struct finding about = {
        .path = sv_from(event->path),
        .found = sv_from(event->found),
        .message = sv_from(event->message),
        .wanted = sv_from(event->wanted),
        .fix = sv_from(event->fix),
    };
    struct judgement j = {
        .finding = &about,
        .policy = sv_from(event->policy ? event->policy : "registry"),
        .rule_name = SV("fips-endpoints"),
        .rule = event->rule,
        .layer = event->rule == &rule_a ? SV("container-registry") : SV("storage"),
        .controls = event->controls ? sv_from(event->controls) : SV(""),
        .result = event->result,
        .mode = event->mode,
        .exception = event->exception,
    };
    struct report_finding f = {
        .judgement = &j,
        .result = event->result,
        .mode = event->mode,
        .is_known = event->is_known,
        .object = object_of(event),
        .path = about.path,
        .file = sv_from(file),
        .place = event->place,
        .line = sv_from(event->line),
    };

    report_fingerprint(&f);
    report_count(s, &f);
    report_finding(r, &f);
}

static void tell_note(struct report *r, const struct event *event, const char *file, struct report_summary *s)
{
    s->errors += event->kind == NOTE_ERROR;
    s->denied += event->kind == NOTE_REFUSED;
    s->skipped += event->kind == NOTE_SKIPPED;
    report_note(r, &(struct report_note){ event->kind, sv_from(file), event->place, sv_from(event->message) });
}

static void tell_change(struct report *r, const struct event *event, const char *file, struct report_summary *s)
{
    s->mutations++;
    report_change(r, &(struct report_change){ object_of(event), sv_from(file), event->place, sv_from(event->patch) });
}

static void tell(struct report *r, const struct event *events, size_t files, struct report_summary *s)
{
    static void (*const tellers[])(struct report *, const struct event *, const char *, struct report_summary *) = {
        [EVENT_FINDING] = tell_finding, [EVENT_NOTE] = tell_note, [EVENT_CHANGE] = tell_change
    };

    for (size_t i = 0; i < files; i++)
        for (const struct event *event = events; event->type; event++) {
            char file[32];

            (void)snprintf(file, sizeof(file), "tree/%03zu.yaml", i);
            tellers[event->type](r, event, event->file ? event->file : file, s);
        }
    s->files = s->objects = files;
}

static int complain(const char *what)
{
    fprintf(stderr, "%s\n", what);
    return 2;
}

int main(int argc, char **argv)
{
    static struct policy_set policies = {
        .name = SV_INIT("builtin:baseline"),
        .hash = "c0ffee",
        .policies = listed_policies,
        .policy_count = ARRAY_LEN(listed_policies),
        .rule_count = ARRAY_LEN(listed),
    };
    struct report_setup setup = {
        .policies = &policies, .today = { 2026, 11, 22 }, .version = "0.1.0", .shows_skipped = true
    };
    struct report_summary s = { 0 };
    struct report *r;
    struct err e;
    bool ok;

    if (argc == 2 && strcmp(argv[1], "schema") == 0)
        return fwrite(report_schema().p, 1, report_schema().n, stdout) != report_schema().n;
    setup.is_colored = argc == 4 && strcmp(argv[3], "colored") == 0;
    for (size_t i = 0; argc >= 3 && i < ARRAY_LEN(stories); i++) {
        if (strcmp(stories[i].name, argv[1]) != 0)
            continue;
        r = report_new(&setup, (const char *const *)argv + 2, 1, &e);
        if (!r)
            return complain(e.msg);
        tell(r, stories[i].events, stories[i].files, &s);
        ok = report_finish(r, &s, &e);
        report_free(r);
        return ok ? 0 : complain(e.msg);
    }
    return complain("usage: story STORY FORMAT [colored] | schema");
}
