/* SPDX-License-Identifier: Apache-2.0 */
/* Walks directories, each read whole and sorted before it is entered. */
#include "cli/case_find.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DEPTH_MAX = 32 };

static void close_dir(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

static bool append(struct file_names *names, const char *name, struct arena *a, struct err *e)
{
    size_t size = names->count * sizeof(*names->items);
    const char **items = arena_realloc(a, names->items, size, size + sizeof(*items));

    if (!items || !name)
        return arena_error(a, e);
    items[names->count++] = name;
    names->items = items;
    return true;
}

static int by_name(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static const char *join(const char *dir, const char *name, struct arena *a)
{
    struct sv path = sv_from(dir);

    while (path.n > 1 && sv_ends_with(path, SV("/")))
        path.n--;
    return arena_printf(a, "%.*s/%s%c", (int)path.n, path.p, name, '\0').p;
}

static bool is_directory(const char *path)
{
    struct stat st;

    return path && lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool list(const char *dir, struct arena *a, struct file_names *out, struct err *e)
{
    CLEANUP(close_dir) DIR *d = opendir(dir);
    struct dirent *entry;

    if (!d)
        return err_set(e, ERR_IO, "open directory `%s`: %s", dir, strerror(errno));
    while (errno = 0, entry = readdir(d)) {
        const char *path = entry->d_name[0] == '.' ? "" : join(dir, entry->d_name, a);

        if (is_directory(path) && !append(out, path, a, e))
            return false;
    }
    if (errno)
        return err_set(e, ERR_IO, "read directory `%s`: %s", dir, strerror(errno));
    if (out->count)
        qsort(out->items, out->count, sizeof(*out->items), by_name);
    return true;
}

static bool walk(const char *dir, int depth, struct arena *a, struct file_names *out, struct err *e)
{
    struct file_names below = { NULL, 0 };
    const char *today = join(dir, "today", a);

    if (!today)
        return arena_error(a, e);
    if (file_type(today) == FILE_PLAIN)
        return append(out, dir, a, e);
    if (depth == DEPTH_MAX)
        return err_set(e, ERR_LIMIT, "`%s` is more than %d directories deep", dir, DEPTH_MAX);
    if (!list(dir, a, &below, e))
        return false;
    for (size_t i = 0; i < below.count; i++)
        if (!walk(below.items[i], depth + 1, a, out, e))
            return false;
    return true;
}

bool case_find(const char *path, struct arena *a, struct file_names *out, struct err *e)
{
    return walk(path, 0, a, out, e);
}
