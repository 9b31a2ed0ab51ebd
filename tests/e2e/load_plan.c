/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the plan, makes requests of it and judges answers by it. What the
 * server writes is compact JSON with each key once, so looking for text will do. */
#include "load_plan.h"
#include <inttypes.h>

enum { REQUEST_MAX = 16 << 20, HEAD_MAX = 512 };

static bool make_request(struct load_row *row, const char *path, const char *file)
{
    FILE *f = fopen(file, "rb");
    char *body = f ? malloc(REQUEST_MAX) : NULL;
    const char *uid;
    int head;

    row->request = NULL;
    if (body) {
        size_t n = fread(body, 1, REQUEST_MAX - 1, f);

        body[n] = '\0';
        row->request = malloc(n + HEAD_MAX);
        head =
            !row->request
                ? 0
                : snprintf(
                      row->request, HEAD_MAX,
                      "POST %s?timeout=10s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: kube-apiserver-admission\r\n"
                      "Content-Length: %zu\r\nAccept: application/json, */*\r\nContent-Type: application/json\r\n\r\n",
                      path, n);
        if (row->request)
            memcpy(row->request + head, body, n);
        row->n = (size_t)head + n;
        uid = strstr(body, "\"uid\":\"");
        row->uid_at = uid ? (size_t)head + (size_t)(uid - body) + 7 : 0;
    }
    free(body);
    if (f)
        fclose(f);
    return row->request && row->uid_at && row->request[row->uid_at + LOAD_UID] == '"';
}

static bool add_answer(struct load_row *row, const char *word)
{
    bool is_true = strncmp(word, "true", 4) == 0;
    const char *patch = is_true && word[4] == ':' ? word + 5 : NULL;

    if (row->right_count == LOAD_ANSWERS || (!is_true && strcmp(word, "false") != 0))
        return false;
    row->right[row->right_count].allowed = is_true;
    row->right[row->right_count].patch = patch ? strdup(patch) : NULL;
    row->right_count++;
    return true;
}

static bool add_row(struct load_plan *p, char *line)
{
    struct load_row *row = &p->rows[p->count];
    char *rest = NULL;
    const char *path = strtok_r(line, " \n", &rest), *file = strtok_r(NULL, " \n", &rest);

    if (!path || !file || p->count == LOAD_ROWS || !make_request(row, path, file))
        return false;
    p->count++;
    if (row->n > p->request_max)
        p->request_max = row->n;
    for (const char *word = strtok_r(NULL, " \n", &rest); word; word = strtok_r(NULL, " \n", &rest))
        if (!add_answer(row, word))
            return false;
    return row->right_count > 0;
}

bool load_plan_read(struct load_plan *p, const char *path)
{
    FILE *f = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    bool ok = f != NULL;

    while (ok && getline(&line, &room, f) >= 0) {
        ok = add_row(p, line);
        if (!ok)
            fprintf(stderr, "load: line %zu of the plan is none\n", p->count + 1);
    }
    free(line);
    if (f)
        fclose(f);
    return ok && p->count;
}

void load_plan_fini(struct load_plan *p)
{
    for (size_t i = 0; i < p->count; i++) {
        free(p->rows[i].request);
        for (size_t j = 0; j < p->rows[i].right_count; j++)
            free(p->rows[i].right[j].patch);
    }
}

size_t load_request(const struct load_row *row, uint64_t number, char uid[LOAD_UID + 1], char *out)
{
    snprintf(uid, LOAD_UID + 1, "%08x-0000-4000-8000-%012" PRIx64, (unsigned)(number * 2654435761U),
             number & 0xffffffffffff);
    memcpy(out, row->request, row->n);
    memcpy(out + row->uid_at, uid, LOAD_UID);
    return row->n;
}

bool load_parse(const char *text, size_t n, struct load_answer *a)
{
    const char *end = strstr(text, "\r\n\r\n"), *length = strcasestr(text, "\r\nContent-Length: "),
               *close = strcasestr(text, "\r\nConnection: close\r\n");

    if (!end || !length || length > end || strncmp(text, "HTTP/1.1 ", 9) != 0)
        return false;
    a->status = (unsigned)strtoul(text + 9, NULL, 10);
    a->is_last = close && close < end;
    a->body = end + 4;
    a->body_n = strtoul(length + 18, NULL, 10);
    return n >= (size_t)(a->body - text) + a->body_n;
}

/* The text that follows `key`, up to a quotation mark, is `want`. */
static bool says(const char *body, const char *key, const char *want)
{
    const char *at = strstr(body, key);
    size_t n = strlen(want);

    return at && strncmp(at + strlen(key), want, n) == 0 && at[strlen(key) + n] == '"';
}

bool load_is_right(const struct load_row *row, const char *uid, const struct load_answer *a)
{
    bool allowed = strstr(a->body, "\"allowed\":true") != NULL;

    if (a->status != 200 || !says(a->body, "\"uid\":\"", uid) ||
        allowed == (strstr(a->body, "\"allowed\":false") != NULL))
        return false;
    for (size_t i = 0; i < row->right_count; i++) {
        const char *patch = row->right[i].patch;

        if (allowed == row->right[i].allowed &&
            (patch ? says(a->body, "\"patch\":\"", patch) : !strstr(a->body, "\"patch\"")))
            return true;
    }
    return false;
}
