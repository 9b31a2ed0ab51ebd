/* SPDX-License-Identifier: Apache-2.0 */
/* The file system as policies, facts, certificates and manifests need it. */
#include "base/file.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_READ = 64 << 10 };

static void close_fd(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static void close_dir(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

static bool out_of_arena(const char *path, const struct arena *a, struct err *e)
{
    arena_error(a, e);
    return err_wrap(e, "`%s`", path);
}

/* `size` is a hint: the file may grow meanwhile, and those in /proc say 0. */
static bool read_all(int fd, const char *path, size_t size, size_t max, struct arena *a, struct sv *out, struct err *e)
{
    size_t cap = size + 1, n = 0;
    char *p = arena_alloc(a, cap);

    while (p) {
        ssize_t got = read(fd, p + n, cap - n);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_set(e, ERR_IO, "read `%s`: %s", path, strerror(errno));
        n += (size_t)got;
        if (n > max)
            return err_set(e, ERR_LIMIT, "`%s` is larger than %zu bytes", path, max);
        if (got == 0) {
            *out = (struct sv){ p, n };
            return true;
        }
        if (n == cap) {
            p = arena_realloc(a, p, cap, cap * 2);
            cap *= 2;
        }
    }
    return out_of_arena(path, a, e);
}

bool file_read_open(int fd, const char *name, size_t max, struct arena *a, struct sv *out, struct err *e)
{
    return read_all(fd, name, FIRST_READ, max, a, out, e);
}

/* O_NONBLOCK: opening a FIFO that nobody writes to must not hang. */
bool file_read(const char *path, size_t max, struct arena *a, struct sv *out, struct err *e)
{
    CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat st;

    if (fd < 0 || fstat(fd, &st) < 0)
        return err_set(e, ERR_IO, "open `%s`: %s", path, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return err_set(e, ERR_IO, "`%s` is %s", path, S_ISDIR(st.st_mode) ? "a directory" : "not a regular file");
    if ((size_t)st.st_size > max)
        return err_set(e, ERR_LIMIT, "`%s` is larger than %zu bytes", path, max);
    return read_all(fd, path, (size_t)st.st_size, max, a, out, e);
}

static bool is_wanted(const char *name, const char *const *suffixes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (name[0] != '.' && sv_ends_with(sv_from(name), sv_from(suffixes[i])))
            return true;
    return false;
}

static bool append(struct file_names *names, const char *path, struct arena *a)
{
    size_t n = names->count;

    /* Full at every power of two, and empty at first. */
    if ((n & (n - 1)) == 0) {
        size_t cap = n ? n * 2 : 1;
        const char **items = arena_array(a, cap, const char *);

        if (!items)
            return false;
        if (n)
            memcpy(items, names->items, n * sizeof(*items));
        names->items = items;
    }
    names->items[names->count++] = path;
    return true;
}

static bool add_entry(const char *dir, const char *name, struct arena *a, struct file_names *names, struct err *e)
{
    bool has_slash = sv_ends_with(sv_from(dir), SV("/"));
    struct sv path = arena_printf(a, "%s%s%s", dir, has_slash ? "" : "/", name);
    enum file_type type = path.p ? file_type(path.p) : FILE_PLAIN;

    if (type == FILE_DIRECTORY)
        return true;
    if (type != FILE_PLAIN)
        return err_set(e, ERR_IO, "`%s` %s", path.p, type == FILE_ABSENT ? "leads nowhere" : "is not a regular file");
    return (path.p && append(names, path.p, a)) || out_of_arena(dir, a, e);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool file_list(const char *dir, const char *const *suffixes, size_t suffix_count, struct arena *a,
               struct file_names *out, struct err *e)
{
    CLEANUP(close_dir) DIR *d = opendir(dir);
    struct file_names names = { 0 };
    struct dirent *entry;

    if (!d)
        return err_set(e, ERR_IO, "open directory `%s`: %s", dir, strerror(errno));
    while (errno = 0, entry = readdir(d))
        if (is_wanted(entry->d_name, suffixes, suffix_count) && !add_entry(dir, entry->d_name, a, &names, e))
            return false;
    if (errno)
        return err_set(e, ERR_IO, "read directory `%s`: %s", dir, strerror(errno));
    if (names.count)
        qsort(names.items, names.count, sizeof(*names.items), by_name);
    *out = names;
    return true;
}

enum file_type file_type(const char *path)
{
    struct stat st;

    if (stat(path, &st) < 0)
        return FILE_ABSENT;
    if (S_ISREG(st.st_mode))
        return FILE_PLAIN;
    return S_ISDIR(st.st_mode) ? FILE_DIRECTORY : FILE_OTHER;
}
