/* SPDX-License-Identifier: Apache-2.0 */
/* Objects are printed one by one; the edits of a text are collected until its
 * end, for a difference is one of whole texts. */
#include "cli/check_rewrite.h"
#include "cli/cmd.h"
#include "patch/apply.h"
#include "report/diff.h"
#include "yaml/print.h"
#include "json/doc.h"
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

void check_rewrite_begin(struct check_rewrite *r, const struct input *input, struct sv text, struct arena *a)
{
    r->input = input;
    r->before = text;
    r->arena = a;
    r->is_barred = false;
    r->fix = (struct fix){ .file = sv_from(input->name), .text = text };
}

/* As it is written, with the patch: what the server fills in before it asks is
 * the server's to fill in. A patch that needs it is applied to that. */
static const struct json *patched(const struct json *object, const struct checked *checked, struct arena *a)
{
    struct err ignored = { .code = ERR_NONE };
    struct sv text;

    if (!checked->patch.p)
        return object;
    if (!apply_patch(object, checked->patch, a, &text, &ignored))
        text = checked->stored;
    return doc_parse(text, a, &ignored);
}

/* At once: the report goes to stderr meanwhile, and both may be one pipe. */
static bool print(const struct buf *out, struct err *e)
{
    return (fwrite(out->p, 1, out->len, stdout) == out->len && fflush(stdout) == 0) ||
           err_set(e, ERR_IO, "write: %s", strerror(errno));
}

static bool print_object(struct check_rewrite *r, const struct json *object, const struct checked *checked,
                         struct err *e)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(r->arena->max);
    CLEANUP(buf_fini) struct buf out = BUF_INIT(SIZE_MAX);
    const struct json *stored = patched(object, checked, &a);

    if (!stored)
        return arena_error(&a, e);
    if (r->printed++)
        buf_add(&out, SV("---\n"));
    print_block(&out, stored, 0);
    if (!buf_ok(&out))
        return err_nomem(e);
    return print(&out, e);
}

bool check_rewrite_object(struct check_rewrite *r, const struct manifest_item *item, const struct checked *checked,
                          struct err *e)
{
    struct sv prefix;

    if (r->what == REWRITE_MUTATE)
        return print_object(r, item->object, checked, e);
    if (r->what == REWRITE_NOTHING || !checked->repairs)
        return true;
    r->is_barred = !r->input->is_editable;
    if (r->is_barred)
        return true;
    prefix = pointer_print(item->at, r->arena);
    if (!prefix.p)
        return arena_error(r->arena, e);
    return fix_object(&r->fix, item->doc->index, prefix, checked->repairs, r->arena, e);
}

static bool print_difference(const struct check_rewrite *r, struct err *e)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(SIZE_MAX);
    struct sv name = sv_from(r->input->name);

    while (name.n && (*name.p == '/' || sv_starts_with(name, SV("./"))))
        name = sv_skip(name, 1);
    if (!diff_unified(&out, name, r->before, r->fix.text, r->arena, e))
        return false;
    return print(&out, e);
}

/* In a container one is root, and the files are somebody's. Who may not give files away keeps the group, if he may
 * do that. */
static void keep_owner(int fd, const struct stat *was)
{
    if (fchown(fd, was->st_uid, was->st_gid) != 0 && fchown(fd, (uid_t)-1, was->st_gid) != 0)
        return;
}

/* Into a new file beside it, which then takes its place: nobody finds half a
 * text, whatever happens. A link stays one. */
static bool replace_file(const char *path, struct sv text, struct arena *a)
{
    const char *temporary = arena_printf(a, "%s.fipsgate-%ld%c", path, (long)getpid(), '\0').p;
    struct stat status;
    FILE *file;
    bool ok;

    if (!temporary || stat(path, &status) != 0 || !(file = fopen(temporary, "wx")))
        return false;
    keep_owner(fileno(file), &status);
    ok = fwrite(text.p, 1, text.n, file) == text.n && fchmod(fileno(file), status.st_mode & 07777) == 0;
    ok = fclose(file) == 0 && ok && rename(temporary, path) == 0;
    if (!ok)
        unlink(temporary);
    return ok;
}

static bool write_file(const struct check_rewrite *r, struct err *e)
{
    char *path = realpath(r->input->path, NULL);
    bool ok = path && replace_file(path, r->fix.text, r->arena);

    if (!ok)
        err_set(e, ERR_IO, "write `%s`: %s", r->input->name, strerror(errno));
    free(path);
    return ok;
}

static void say_what_is_left(const struct check_rewrite *r)
{
    if (r->is_barred)
        cmd_complain("%s: repairs are written into files only, and not through links", r->input->name);
    for (const struct fix_left *left = r->fix.left; left; left = left->next)
        cmd_complain("%s: `%.*s` is left as it is: %.*s", r->input->name, SV_ARG(left->pointer), SV_ARG(left->why));
}

bool check_rewrite_end(struct check_rewrite *r, struct err *e)
{
    if (!fix_write(&r->fix, r->arena, e))
        return false;
    say_what_is_left(r);
    if (r->what == REWRITE_NOTHING || r->what == REWRITE_MUTATE || !r->fix.done)
        return true;
    if (r->what == REWRITE_DIFF)
        return print_difference(r, e);
    if (!write_file(r, e))
        return false;
    cmd_note("fixed %s (%zu change%s)", r->input->name, r->fix.done, r->fix.done == 1 ? "" : "s");
    return true;
}
