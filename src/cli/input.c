/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was named, in that order, each file once. A file of its own in a directory is
 * reached a second time only if it has a second name, if one directory that was
 * named is in another, or through a link. So no more than that is remembered,
 * and memory does not grow with the number of files.
 */
#include "cli/input.h"
#include "base/buf.h"
#include "base/file.h"
#include "cli/seen.h"
#include "cli/tree.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum mark { MARK_OWN = 'f', MARK_LINKED = 'l', MARK_TEXT = 't', MARK_SKIP = 's' };

/* A file that a link leads to. */
struct linked {
    const char *path;
    dev_t device;
    ino_t inode;
};

struct finder {
    struct arena *a;
    struct inputs *out;
    struct arena scratch;
    struct seen files; /* named ones, and those that may be reached again */
    struct seen given; /* of the named ones, those that were added */
    bool remembers_all, has_stdin;

    /* of the directory that is being walked */
    size_t files_here, skips_here;
    struct buf links; /* of struct linked */
    struct seen link_targets;
};

static void fini(struct finder *f)
{
    arena_fini(&f->scratch);
    seen_fini(&f->files);
    seen_fini(&f->given);
    buf_fini(&f->links);
    seen_fini(&f->link_targets);
}

static void close_fd(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

bool input_add(struct inputs *inputs, const struct input *text, struct arena *a, struct err *e)
{
    size_t size = inputs->text_count * sizeof(*text);
    struct input *texts = arena_realloc(a, inputs->texts, size, size + sizeof(*text));

    if (!texts)
        return arena_error(a, e);
    texts[inputs->text_count++] = *text;
    inputs->texts = texts;
    return names_add(&inputs->names, MARK_TEXT, text->name, e);
}

static bool add_stdin(struct finder *f, struct err *e)
{
    struct input item = { .name = "-", .is_piped = true };

    if (f->has_stdin)
        return err_set(e, ERR_INPUT, "`-` is given twice, but standard input can be read once only");
    f->has_stdin = true;
    return file_read_open(STDIN_FILENO, "-", INPUT_MAX_BYTES, f->a, &item.text, e) && input_add(f->out, &item, f->a, e);
}

/* A FIFO, such as <(helm template ...), which gives what it has once only. */
static bool add_stream(struct finder *f, const char *path, struct err *e)
{
    CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    struct input item = { .name = path, .is_piped = true };

    if (fd < 0)
        return err_set(e, ERR_IO, "open `%s`: %s", path, strerror(errno));
    return file_read_open(fd, path, INPUT_MAX_BYTES, f->a, &item.text, e) && input_add(f->out, &item, f->a, e);
}

/* Remembered when it may come again. */
static bool add_own(struct finder *f, const char *path, const struct stat *st, struct err *e)
{
    enum seen_result seen = SEEN_FIRST;

    if (f->remembers_all || st->st_nlink > 1)
        seen = seen_add(&f->files, st->st_dev, st->st_ino);
    else if (seen_has(&f->files, st->st_dev, st->st_ino))
        seen = SEEN_BEFORE;
    if (seen == SEEN_NO_MEMORY)
        return err_nomem(e);
    return seen == SEEN_BEFORE || names_add(&f->out->names, MARK_OWN, path, e);
}

/* Waits until it is known whether the file has a name of its own here. */
static bool add_linked(struct finder *f, const char *path, const struct stat *st, struct err *e)
{
    struct linked linked = { arena_cstr(&f->scratch, sv_from(path)), st->st_dev, st->st_ino };
    enum seen_result seen;

    if (!linked.path)
        return arena_error(&f->scratch, e);
    if (seen_has(&f->files, st->st_dev, st->st_ino))
        return true;
    seen = seen_add(&f->link_targets, st->st_dev, st->st_ino);
    if (seen == SEEN_FIRST)
        buf_add(&f->links, (struct sv){ (const char *)&linked, sizeof(linked) });
    return (seen != SEEN_NO_MEMORY && buf_ok(&f->links)) || err_nomem(e);
}

static bool on_file(void *context, const char *path, const struct stat *st, bool is_linked, struct err *e)
{
    struct finder *f = context;

    f->files_here++;
    return is_linked ? add_linked(f, path, st, e) : add_own(f, path, st, e);
}

static bool on_skip(void *context, const char *path, const char *why, struct err *e)
{
    struct finder *f = context;

    f->skips_here++;
    return names_add(&f->out->skips, MARK_SKIP, path, e) && names_add(&f->out->skips, MARK_SKIP, why, e);
}

/* Of the files that links lead to, remembers those that have been added. */
static bool look_for_links(struct finder *f, struct err *e)
{
    CLEANUP(names_end) struct names_reader r = { 0 };
    const char *path;
    char mark;

    if (!names_start(&r, &f->out->names, e))
        return false;
    while (names_next(&r, &mark, &path, e)) {
        struct stat st;

        if (!path)
            return true;
        if (mark == MARK_TEXT || stat(path, &st) < 0 || !seen_has(&f->link_targets, st.st_dev, st.st_ino))
            continue;
        if (seen_add(&f->files, st.st_dev, st.st_ino) == SEEN_NO_MEMORY)
            return err_nomem(e);
    }
    return false;
}

static bool settle_links(struct finder *f, struct err *e)
{
    const struct linked *links = (const struct linked *)(const void *)f->links.p;

    if (f->links.len && !look_for_links(f, e))
        return false;
    for (size_t i = 0; i < f->links.len / sizeof(*links); i++) {
        enum seen_result seen = seen_add(&f->files, links[i].device, links[i].inode);

        if (seen == SEEN_NO_MEMORY)
            return err_nomem(e);
        if (seen == SEEN_FIRST && !names_add(&f->out->names, MARK_LINKED, links[i].path, e))
            return false;
    }
    return true;
}

static bool add_tree(struct finder *f, const char *path, struct err *e)
{
    const struct tree_listener listener = { on_file, on_skip, f };

    f->files_here = f->skips_here = 0;
    buf_reset(&f->links);
    seen_fini(&f->link_targets);
    if (!tree_find(path, &listener, e) || !settle_links(f, e))
        return false;
    return f->files_here || err_set(e, ERR_INPUT, "`%s` holds no file to read: none ends in .yaml, .yml or .json%s",
                                    path, f->skips_here ? " and is neither left out nor a link that leads away" : "");
}

/* "./web.yaml" is shown as "web.yaml"; "./-" stays what it is. */
static const char *tidy(const char *path)
{
    while (path[0] == '.' && path[1] == '/' && path[2] != '-' && path[2] != '\0' && path[2] != '/')
        path += 2;
    return strcmp(path, "./") == 0 ? "." : path;
}

static bool add_file(struct finder *f, const char *path, const struct stat *st, struct err *e)
{
    enum seen_result seen = seen_add(&f->given, st->st_dev, st->st_ino);
    struct stat own;

    if (seen == SEEN_NO_MEMORY)
        return err_nomem(e);
    if (lstat(path, &own) < 0)
        return err_set(e, ERR_IO, "open `%s`: %s", path, strerror(errno));
    return seen == SEEN_BEFORE || names_add(&f->out->names, S_ISLNK(own.st_mode) ? MARK_LINKED : MARK_OWN, path, e);
}

static bool add_path(struct finder *f, const char *given, struct err *e)
{
    const char *path = tidy(given);
    struct stat st;

    if (strcmp(given, "-") == 0)
        return add_stdin(f, e);
    if (stat(path, &st) < 0)
        return err_set(e, ERR_IO, "open `%s`: %s", path, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return add_tree(f, path, e);
    return S_ISREG(st.st_mode) ? add_file(f, path, &st, e) : add_stream(f, path, e);
}

static int by_text(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Real paths that end in a slash, in order: what is inside of one comes right after it. */
static bool are_nested(const char **dirs, size_t count)
{
    if (count)
        qsort(dirs, count, sizeof(*dirs), by_text);
    for (size_t i = 1; i < count; i++)
        if (sv_starts_with(sv_from(dirs[i]), sv_from(dirs[i - 1])))
            return true;
    return false;
}

/* A named file is read where it is named, not in a directory that is named too. What
 * cannot be looked at is complained about later. */
static bool look_ahead(struct finder *f, const char *const *paths, size_t count, struct err *e)
{
    const char **dirs = arena_array(&f->scratch, count, const char *);
    size_t dir_count = 0;

    if (!dirs)
        return arena_error(&f->scratch, e);
    for (size_t i = 0; i < count; i++) {
        struct stat st;

        if (stat(paths[i], &st) < 0)
            continue;
        if (S_ISREG(st.st_mode) && seen_add(&f->files, st.st_dev, st.st_ino) == SEEN_NO_MEMORY)
            return err_nomem(e);
        if (S_ISDIR(st.st_mode)) {
            char *real = realpath(paths[i], NULL);

            dirs[dir_count] = arena_printf(&f->scratch, "%s/", real ? real : "").p;
            free(real);
            if (!dirs[dir_count++])
                return arena_error(&f->scratch, e);
        }
    }
    f->remembers_all = are_nested(dirs, dir_count);
    return true;
}

bool input_find(const char *const *paths, size_t count, struct arena *a, struct inputs *out, struct err *e)
{
    CLEANUP(fini)
    struct finder f = { .a = a, .out = out, .scratch = ARENA_INIT(SIZE_MAX), .links = BUF_INIT(SIZE_MAX) };

    if (!look_ahead(&f, paths, count, e))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!add_path(&f, paths[i], e))
            return false;
    return true;
}

bool input_start(struct input_reader *r, struct inputs *inputs, struct err *e)
{
    r->inputs = inputs;
    r->text_count = 0;
    return names_start(&r->names, &inputs->names, e);
}

bool input_next(struct input_reader *r, struct input *out, struct err *e)
{
    const char *name;
    char mark;

    if (!names_next(&r->names, &mark, &name, e))
        return false;
    if (name && mark == MARK_TEXT)
        *out = r->inputs->texts[r->text_count++];
    else
        *out = (struct input){ .name = name, .path = name, .is_editable = name && mark == MARK_OWN };
    return true;
}

bool input_start_skips(struct input_reader *r, struct inputs *inputs, struct err *e)
{
    r->inputs = inputs;
    return names_start(&r->names, &inputs->skips, e);
}

bool input_next_skip(struct input_reader *r, struct input_skip *out, struct err *e)
{
    char mark;

    *out = (struct input_skip){ 0 };
    if (!names_next(&r->names, &mark, &out->name, e))
        return false;
    if (!out->name)
        return true;
    buf_reset(&r->name);
    buf_add(&r->name, (struct sv){ out->name, strlen(out->name) + 1 });
    if (!buf_ok(&r->name))
        return err_nomem(e);
    out->name = r->name.p;
    return names_next(&r->names, &mark, &out->why, e);
}

bool input_read(const struct input *input, struct arena *a, struct sv *text, struct err *e)
{
    if (input->path)
        return file_read(input->path, INPUT_MAX_BYTES, a, text, e);
    *text = input->text;
    return true;
}

void input_end(struct input_reader *r)
{
    names_end(&r->names);
    buf_fini(&r->name);
}

void input_fini(struct inputs *inputs)
{
    names_fini(&inputs->names);
    names_fini(&inputs->skips);
}
