/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each directory is read whole, closed and sorted before anything in it is looked
 * at, so that depth costs no descriptors. Links wait in a queue until the walk is over.
 */
#include "cli/tree.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "cli/ignore.h"
#include "cli/seen.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

struct link {
    const char *path;
    const struct ignore *rules;
    size_t depth;
    struct stat target;
};

struct walk {
    char *root; /* its real path */
    const struct tree_listener *listener;
    struct arena scratch; /* rules, links */
    struct buf links;     /* of struct link */
    struct seen directories;
};

/* A directory that is being walked. */
struct level {
    const char *path;
    const struct ignore *rules;
    bool is_linked;
    size_t depth;
};

static void fini(struct walk *w)
{
    free(w->root);
    arena_fini(&w->scratch);
    buf_fini(&w->links);
    seen_fini(&w->directories);
}

static void free_text(char **text)
{
    free(*text);
}

static void close_dir(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

/* Bytes of a name that lead to the directory: none for ".", which is not shown. */
static size_t prefix_of(const char *dir)
{
    size_t n = strlen(dir);

    if (strcmp(dir, ".") == 0)
        return 0;
    return n && dir[n - 1] == '/' ? n : n + 1;
}

static const char *join(const char *dir, const char *name, struct arena *a)
{
    size_t prefix = prefix_of(dir);

    return arena_printf(a, "%.*s%s%s", (int)prefix, dir, prefix > strlen(dir) ? "/" : "", name).p;
}

static bool has_suffix(const char *name)
{
    static const struct sv suffixes[] = { SV_INIT(".yaml"), SV_INIT(".yml"), SV_INIT(".json") };

    for (size_t i = 0; i < ARRAY_LEN(suffixes); i++)
        if (sv_ends_with(sv_from(name), suffixes[i]))
            return true;
    return false;
}

/* Is `path` the directory `dir` or below it? Both are real paths. */
static bool is_within(const char *path, const char *dir)
{
    struct sv rest = sv_skip(sv_from(path), strlen(dir));

    return strcmp(dir, "/") == 0 || (sv_starts_with(sv_from(path), sv_from(dir)) && (rest.n == 0 || *rest.p == '/'));
}

static bool skip(const struct walk *w, const char *path, const char *why, struct err *e)
{
    return w->listener->skip(w->listener->context, path, why, e);
}

static bool tell(const struct walk *w, const char *path, const struct stat *st, bool is_linked, struct err *e)
{
    return w->listener->file(w->listener->context, path, st, is_linked, e);
}

/* True: a line leaves it out, and that was said or *ok is false. */
static bool is_ignored(struct walk *w, const struct level *at, const char *path, mode_t mode, bool *ok, struct err *e)
{
    CLEANUP(arena_fini) struct arena names = ARENA_INIT(SIZE_MAX);
    struct ignore_line line;
    const char *why;

    if (!ignore_covers(at->rules, sv_from(path), S_ISDIR(mode), &line))
        return false;
    why = arena_printf(&names, "left out by `%s:%zu`", line.file, line.number).p;
    *ok = why ? skip(w, path, why, e) : arena_error(&names, e);
    return true;
}

/* Why a link to `target`, which is there, is not followed; NULL: it is. */
static const char *link_fault(const struct walk *w, const struct level *at, const char *path, mode_t target)
{
    CLEANUP(free_text) char *real = realpath(path, NULL);
    CLEANUP(free_text) char *here = realpath(at->path, NULL);

    if (!real || !here)
        return "a link that leads nowhere";
    if (!is_within(real, w->root))
        return "a link that leads out of the directory that was named";
    if (S_ISDIR(target) && is_within(here, real))
        return "a link to a directory above itself";
    return S_ISDIR(target) || S_ISREG(target) ? NULL : "a link to what is no regular file";
}

static bool visit_link(struct walk *w, const struct level *at, const char *path, struct err *e)
{
    struct link link = { .rules = at->rules, .depth = at->depth + 1 };
    bool is_there = stat(path, &link.target) == 0, ok = true;
    const char *why;

    if (!is_there && errno != ENOENT && errno != ELOOP && errno != ENOTDIR && has_suffix(path))
        return err_set(e, ERR_IO, "open `%s`: %s", path, strerror(errno));
    if (!has_suffix(path) && !(is_there && S_ISDIR(link.target.st_mode)))
        return true;
    if (is_ignored(w, at, path, is_there ? link.target.st_mode : S_IFREG, &ok, e))
        return ok;
    why = is_there ? link_fault(w, at, path, link.target.st_mode) : "a link that leads nowhere";
    if (why)
        return skip(w, path, why, e);
    link.path = arena_cstr(&w->scratch, sv_from(path));
    if (!link.path)
        return arena_error(&w->scratch, e);
    buf_add(&w->links, (struct sv){ (const char *)&link, sizeof(link) });
    return buf_ok(&w->links) || err_nomem(e);
}

static bool walk(struct walk *w, struct level at, struct err *e);

/* A directory that was walked before is only reached again through links. */
static bool enter(struct walk *w, const struct level *at, const struct stat *st, struct err *e)
{
    enum seen_result seen = seen_add(&w->directories, st->st_dev, st->st_ino);

    if (seen == SEEN_NO_MEMORY)
        return err_nomem(e);
    return seen == SEEN_BEFORE || walk(w, *at, e);
}

static bool visit(struct walk *w, const struct level *at, const char *path, struct err *e)
{
    struct level below = { path, at->rules, at->is_linked, at->depth + 1 };
    struct stat st;
    bool ok = true;

    if (lstat(path, &st) < 0)
        return err_set(e, ERR_IO, "open `%s`: %s", path, strerror(errno));
    if (S_ISLNK(st.st_mode))
        return visit_link(w, at, path, e);
    if (!S_ISDIR(st.st_mode) && !has_suffix(path))
        return true;
    if (is_ignored(w, at, path, st.st_mode, &ok, e))
        return ok;
    if (S_ISDIR(st.st_mode))
        return enter(w, &below, &st, e);
    return S_ISREG(st.st_mode) ? tell(w, path, &st, at->is_linked, e) : skip(w, path, "no regular file", e);
}

static int by_name(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static bool list(const char *dir, struct arena *a, struct buf *paths, struct err *e)
{
    CLEANUP(close_dir) DIR *d = opendir(dir);
    struct dirent *entry;

    if (!d)
        return err_set(e, ERR_IO, "open directory `%s`: %s", dir, strerror(errno));
    while (errno = 0, entry = readdir(d)) {
        const char *path;

        if (entry->d_name[0] == '.')
            continue;
        path = join(dir, entry->d_name, a);
        if (!path)
            return arena_error(a, e);
        buf_add(paths, (struct sv){ (const char *)&path, sizeof(path) });
    }
    if (errno)
        return err_set(e, ERR_IO, "read directory `%s`: %s", dir, strerror(errno));
    if (!buf_ok(paths))
        return err_nomem(e);
    if (paths->len)
        qsort(paths->p, paths->len / sizeof(char *), sizeof(char *), by_name);
    return true;
}

static bool walk(struct walk *w, struct level at, struct err *e)
{
    CLEANUP(arena_fini) struct arena names = ARENA_INIT(SIZE_MAX);
    CLEANUP(buf_fini) struct buf paths = BUF_INIT(SIZE_MAX);
    const char *rules = join(at.path, IGNORE_FILE, &w->scratch);

    if (at.depth > TREE_MAX_DEPTH)
        return err_set(e, ERR_LIMIT, "`%s` is more than %d directories deep", at.path, TREE_MAX_DEPTH);
    if (!rules)
        return arena_error(&w->scratch, e);
    if (!ignore_read(rules, prefix_of(at.path), at.rules, &w->scratch, &at.rules, e) ||
        !list(at.path, &names, &paths, e))
        return false;
    for (size_t i = 0; i < paths.len / sizeof(char *); i++)
        if (!visit(w, &at, ((const char *const *)(const void *)paths.p)[i], e))
            return false;
    return true;
}

static bool follow(struct walk *w, const struct link *link, struct err *e)
{
    struct level at = { link->path, link->rules, true, link->depth };

    if (S_ISDIR(link->target.st_mode))
        return enter(w, &at, &link->target, e);
    return tell(w, link->path, &link->target, true, e);
}

/* What is followed may bring new links. */
static bool follow_all(struct walk *w, struct err *e)
{
    for (size_t i = 0; i < w->links.len / sizeof(struct link); i++) {
        struct link link = ((const struct link *)(const void *)w->links.p)[i];

        if (!follow(w, &link, e))
            return false;
    }
    return true;
}

bool tree_find(const char *root, const struct tree_listener *listener, struct err *e)
{
    CLEANUP(fini)
    struct walk w = {
        .root = realpath(root, NULL), .listener = listener, .scratch = ARENA_INIT(SIZE_MAX), .links = BUF_INIT(SIZE_MAX)
    };
    const struct level top = { .path = root };
    struct stat st;

    if (!w.root || stat(root, &st) < 0)
        return err_set(e, ERR_IO, "open directory `%s`: %s", root, strerror(errno));
    return enter(&w, &top, &st, e) && follow_all(&w, e);
}
