/* SPDX-License-Identifier: Apache-2.0 */
/* What was named, in that order, each file once. tree.c knows directories. */
#include "cli/input.h"
#include "base/buf.h"
#include "base/file.h"
#include "cli/seen.h"
#include "cli/tree.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Lists grow outside of the arena, in which every size they once had would stay. */
struct finder {
    struct arena *a;
    struct buf items, skips;
    struct seen files;
    bool has_stdin;
};

static void fini(struct finder *f)
{
    buf_fini(&f->items);
    buf_fini(&f->skips);
    seen_fini(&f->files);
}

static void close_fd(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static bool add(struct finder *f, const struct input *item, struct err *e)
{
    buf_add(&f->items, (struct sv){ (const char *)item, sizeof(*item) });
    return buf_ok(&f->items) || err_nomem(e);
}

static bool add_file(struct finder *f, const struct tree_file *file, struct err *e)
{
    struct input item = { .name = file->path, .path = file->path, .is_editable = !file->is_linked };
    enum seen_result seen = seen_add(&f->files, file->device, file->inode);

    if (seen == SEEN_NO_MEMORY)
        return err_nomem(e);
    return seen == SEEN_BEFORE || add(f, &item, e);
}

static bool add_stdin(struct finder *f, struct err *e)
{
    struct input item = { .name = "-" };

    if (f->has_stdin)
        return err_set(e, ERR_INPUT, "`-` is given twice, but standard input can be read once only");
    f->has_stdin = true;
    return file_read_open(STDIN_FILENO, "-", INPUT_MAX_BYTES, f->a, &item.text, e) && add(f, &item, e);
}

/* A FIFO, such as <(helm template ...), which gives what it has once only. */
static bool add_stream(struct finder *f, const char *path, struct err *e)
{
    CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    struct input item = { .name = path };

    if (fd < 0)
        return err_set(e, ERR_IO, "open `%s`: %s", path, strerror(errno));
    return file_read_open(fd, path, INPUT_MAX_BYTES, f->a, &item.text, e) && add(f, &item, e);
}

static bool add_tree(struct finder *f, const char *path, struct err *e)
{
    CLEANUP(buf_fini) struct buf files = BUF_INIT(SIZE_MAX);
    size_t count, read = 0;

    if (!tree_find(path, f->a, &files, e))
        return false;
    count = files.len / sizeof(struct tree_file);
    for (size_t i = 0; i < count; i++) {
        const struct tree_file *file = &((const struct tree_file *)(const void *)files.p)[i];
        struct input_skip skip = { file->path, file->why };

        if (file->why) {
            buf_add(&f->skips, (struct sv){ (const char *)&skip, sizeof(skip) });
            continue;
        }
        if (!add_file(f, file, e))
            return false;
        read++;
    }
    if (!buf_ok(&f->skips))
        return err_nomem(e);
    return read || err_set(e, ERR_INPUT, "`%s` holds no file to read: none ends in .yaml, .yml or .json%s", path,
                           count ? " and is neither left out nor a link that leads away" : "");
}

/* "./web.yaml" is shown as "web.yaml"; "./-" stays what it is. */
static const char *tidy(const char *path)
{
    while (path[0] == '.' && path[1] == '/' && path[2] != '-' && path[2] != '\0' && path[2] != '/')
        path += 2;
    return strcmp(path, "./") == 0 ? "." : path;
}

static bool add_path(struct finder *f, const char *given, struct err *e)
{
    const char *path = tidy(given);
    struct tree_file file = { .path = path };
    struct stat st, own;

    if (strcmp(given, "-") == 0)
        return add_stdin(f, e);
    if (stat(path, &st) < 0 || lstat(path, &own) < 0)
        return err_set(e, ERR_IO, "open `%s`: %s", path, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return add_tree(f, path, e);
    if (!S_ISREG(st.st_mode))
        return add_stream(f, path, e);
    file.is_linked = S_ISLNK(own.st_mode);
    file.device = st.st_dev;
    file.inode = st.st_ino;
    return add_file(f, &file, e);
}

bool input_find(const char *const *paths, size_t count, struct arena *a, struct inputs *out, struct err *e)
{
    CLEANUP(fini) struct finder f = { .a = a, .items = BUF_INIT(SIZE_MAX), .skips = BUF_INIT(SIZE_MAX) };
    struct sv items, skips;

    for (size_t i = 0; i < count; i++)
        if (!add_path(&f, paths[i], e))
            return false;
    items = arena_copy(a, buf_sv(&f.items));
    skips = arena_copy(a, buf_sv(&f.skips));
    if (!items.p || !skips.p)
        return arena_error(a, e);
    *out = (struct inputs){ .items = (struct input *)(uintptr_t)items.p,
                            .count = items.n / sizeof(struct input),
                            .skips = (struct input_skip *)(uintptr_t)skips.p,
                            .skip_count = skips.n / sizeof(struct input_skip) };
    return true;
}

bool input_read(const struct input *input, struct arena *a, struct sv *text, struct err *e)
{
    if (input->path)
        return file_read(input->path, INPUT_MAX_BYTES, a, text, e);
    *text = input->text;
    return true;
}
