/* SPDX-License-Identifier: Apache-2.0 */
/* One row a watched directory. Which of its entries changed does not matter: a
 * reload that finds everything as it was changes nothing. */
#include "base/changes.h"
#include "base/arena.h"
#include "base/sv.h"
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    ROWS_MAX = 256,
    WHAT = IN_CREATE | IN_CLOSE_WRITE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF |
           IN_ONLYDIR,
    GONE = IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT,
};

struct row {
    char *dir;
    int watch; /* -1: not there */
};

struct changes {
    int fd;
    struct row rows[ROWS_MAX];
    size_t count;
};

struct changes *changes_new(struct err *e)
{
    struct changes *c = calloc(1, sizeof(*c));

    if (!c) {
        err_nomem(e);
        return NULL;
    }
    c->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (c->fd >= 0)
        return c;
    err_set(e, ERR_IO, "cannot watch for changes: %s", strerrordesc_np(errno));
    free(c);
    return NULL;
}

void changes_free(struct changes *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->count; i++)
        free(c->rows[i].dir);
    close(c->fd);
    free(c);
}

static bool watch_dir(struct changes *c, struct sv dir, struct err *e)
{
    char *copy;

    for (size_t i = 0; i < c->count; i++)
        if (sv_eq(sv_from(c->rows[i].dir), dir))
            return true;
    if (c->count == ROWS_MAX)
        return err_set(e, ERR_LIMIT, "more than %d directories to watch for changes", ROWS_MAX);
    copy = strndup(dir.p, dir.n);
    if (!copy)
        return err_nomem(e);
    c->rows[c->count++] = (struct row){ copy, inotify_add_watch(c->fd, copy, WHAT) };
    return true;
}

static struct sv above(struct sv path)
{
    size_t slash;

    while (path.n > 1 && path.p[path.n - 1] == '/')
        path.n--;
    slash = sv_find_last(path, '/');
    if (slash == path.n)
        return SV(".");
    return slash ? (struct sv){ path.p, slash } : SV("/");
}

bool changes_watch(struct changes *c, const char *path, struct err *e)
{
    struct sv text = sv_from(path);
    struct stat st;

    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode) && !watch_dir(c, text, e))
        return false;
    return watch_dir(c, above(text), e);
}

int changes_fd(const struct changes *c)
{
    return c->fd;
}

/* A link that now leads elsewhere keeps its old watch, so every watch is asked
 * for again: the same directory gives the same number. */
static bool look_again(struct changes *c)
{
    bool happened = false;

    for (size_t i = 0; i < c->count; i++) {
        int now = inotify_add_watch(c->fd, c->rows[i].dir, WHAT);

        happened = happened || now != c->rows[i].watch;
        c->rows[i].watch = now;
    }
    return happened;
}

static void forget(struct changes *c, int watch)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->rows[i].watch == watch)
            c->rows[i].watch = -1;
}

bool changes_happened(struct changes *c)
{
    char bytes[sizeof(struct inotify_event) + NAME_MAX + 1] __attribute__((aligned(8)));
    bool happened = false;
    ssize_t n;

    while ((n = read(c->fd, bytes, sizeof(bytes))) > 0) {
        for (char *at = bytes; at < bytes + n;) {
            struct inotify_event event;

            memcpy(&event, at, sizeof(event));
            at += sizeof(event) + event.len;
            happened = happened || !(event.mask & IN_IGNORED);
            if (event.mask & GONE)
                forget(c, event.wd);
        }
    }
    return look_again(c) || happened;
}
