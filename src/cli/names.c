/* SPDX-License-Identifier: Apache-2.0 */
/* Once there is a file, nothing is added to what is in memory: order is kept. */
#include "cli/names.h"
#include <errno.h>

static bool file_fault(const char *what, struct err *e)
{
    return err_set(e, ERR_IO, "%s a temporary file: %s", what, strerror(errno));
}

bool names_add(struct names *n, char mark, const char *text, struct err *e)
{
    struct sv all = { text, strlen(text) + 1 };

    if (!n->rest && n->first.len >= NAMES_IN_MEMORY)
        n->rest = tmpfile();
    if (n->was_read && fseek(n->rest, 0, SEEK_END) != 0)
        return file_fault("write", e);
    n->was_read = false;
    n->count++;
    if (n->rest)
        return (putc(mark, n->rest) != EOF && fwrite(all.p, 1, all.n, n->rest) == all.n) || file_fault("write", e);
    buf_add_char(&n->first, mark);
    buf_add(&n->first, all);
    return buf_ok(&n->first) || err_nomem(e);
}

bool names_start(struct names_reader *r, struct names *n, struct err *e)
{
    r->names = n;
    r->at = 0;
    if (n->rest && (fflush(n->rest) != 0 || fseek(n->rest, 0, SEEK_SET) != 0))
        return file_fault("read", e);
    n->was_read = n->rest != NULL;
    return true;
}

bool names_next(struct names_reader *r, char *mark, const char **text, struct err *e)
{
    const struct buf *first = &r->names->first;

    *text = NULL;
    if (r->at < first->len) {
        *mark = first->p[r->at];
        *text = first->p + r->at + 1;
        r->at += strlen(*text) + 2;
        return true;
    }
    if (!r->names->rest)
        return true;
    if (getdelim(&r->line, &r->size, '\0', r->names->rest) < 0)
        return feof(r->names->rest) || file_fault("read", e);
    *mark = r->line[0];
    *text = r->line + 1;
    return true;
}

void names_end(struct names_reader *r)
{
    free(r->line);
    *r = (struct names_reader){ 0 };
}

void names_fini(struct names *n)
{
    buf_fini(&n->first);
    if (n->rest)
        (void)fclose(n->rest);
    n->rest = NULL;
    n->count = 0;
}
