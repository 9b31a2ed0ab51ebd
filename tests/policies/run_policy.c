/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loads the policies and facts of a directory that must not load: the error is
 * exactly the text in want-error. policy.yaml, a directory policy.d/ or a file
 * `policies` with one source a line are the policies (default:
 * builtin:baseline); facts.yaml and more.yaml are --facts arguments.
 */
#include "base/file.h"
#include "policy/policy.h"
#include <unistd.h>

enum { FILE_MAX = 1 << 20 };

struct inputs {
    const char *policies[4], *facts[2];
    size_t policy_count, fact_count;
};

static void find_inputs(struct inputs *in)
{
    if (file_type("policy.yaml") == FILE_PLAIN)
        in->policies[in->policy_count++] = "policy.yaml";
    if (file_type("policy.d") == FILE_DIRECTORY)
        in->policies[in->policy_count++] = "policy.d";
    if (in->policy_count == 0)
        in->policies[in->policy_count++] = "builtin:baseline";
    if (file_type("facts.yaml") == FILE_PLAIN)
        in->facts[in->fact_count++] = "facts.yaml";
    if (file_type("more.yaml") == FILE_PLAIN)
        in->facts[in->fact_count++] = "more.yaml";
}

/* A file `policies` names one source, as on the command line. */
static bool find_named(struct inputs *in, struct arena *a, struct err *e)
{
    struct sv text;

    if (file_type("policies") != FILE_PLAIN)
        return true;
    if (!file_read("policies", FILE_MAX, a, &text, e))
        return false;
    in->policies[0] = arena_cstr(a, sv_cut(&text, '\n'));
    in->policy_count = 1;
    return true;
}

static bool run(const char *dir, struct arena *a, struct err *e)
{
    struct inputs in = { .policy_count = 0 };
    struct err got = { .code = ERR_NONE };
    struct policy_set *set;
    struct sv want;

    if (chdir(dir) != 0)
        return err_set(e, ERR_IO, "cannot enter %s", dir);
    find_inputs(&in);
    if (!find_named(&in, a, e) || !file_read("want-error", FILE_MAX, a, &want, e))
        return false;
    set = policy_set_load(
        &(struct policy_sources){
            .policies = in.policies, .policy_count = in.policy_count, .facts = in.facts, .fact_count = in.fact_count },
        &got);
    if (set) {
        policy_set_free(set);
        return err_set(e, ERR_INPUT, "it loads");
    }
    want = sv_cut(&want, '\n');
    return sv_eq(want, sv_from(got.msg)) ||
           err_set(e, ERR_INPUT, "\n  wanted: %.*s\n  got:    %.*s", SV_ARG(want), SV_ARG(sv_from(got.msg)));
}

int main(int count, char **args)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(FILE_MAX * 4);
    struct err e = { .code = ERR_NONE };

    if (count != 2) {
        fprintf(stderr, "usage: run_policy DIR\n");
        return 2;
    }
    if (run(args[1], &a, &e))
        return 0;
    printf("FAIL %s: %s\n", args[1], e.msg);
    return 1;
}
