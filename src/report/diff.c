/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines become numbers, equal ones the same; then Myers' search from both ends
 * ("An O(ND) Difference Algorithm and Its Variations", 1986, section 4b) splits
 * the box of what differs until nothing is left of it. Memory is linear in the
 * number of lines, and a search that has become long is cut where it is, so
 * that texts which have nothing in common cost no more than time.
 */
#include "report/diff.h"

enum {
    CONTEXT = 3,
    STEPS_MAX = 1024, /* of one search */
};

struct side {
    struct sv text;
    uint32_t *starts; /* of each line, and where the text ends */
    uint32_t *ids;
    bool *changed;
    uint32_t count;
};

/* A row of furthest points, one a diagonal (x - y); -1: none can be reached.
 * The one from the end counts x and y backwards. */
struct front {
    int32_t *points; /* index 0 is diagonal 0 */
};

struct comparison {
    struct side before, after;
    struct front front, back;
};

struct box {
    uint32_t x, y, width, height;
};

static struct sv line_at(const struct side *s, uint32_t i)
{
    return (struct sv){ s->text.p + s->starts[i], s->starts[i + 1] - s->starts[i] };
}

static bool split_lines(struct side *s, struct arena *a)
{
    uint32_t count = 0;

    for (size_t i = 0; i < s->text.n; i++)
        count += s->text.p[i] == '\n' || i + 1 == s->text.n;
    s->count = count;
    s->starts = arena_array(a, (size_t)count + 1, uint32_t);
    s->ids = arena_array(a, (size_t)count + 1, uint32_t);
    s->changed = arena_array(a, (size_t)count + 1, bool);
    if (!s->starts || !s->ids || !s->changed)
        return false;
    count = 0;
    for (size_t i = 0; i < s->text.n; i++)
        if (s->text.p[i] == '\n' || i + 1 == s->text.n)
            s->starts[++count] = (uint32_t)(i + 1);
    return true;
}

static size_t hash(struct sv line)
{
    uint64_t h = 14695981039346656037u;

    for (size_t i = 0; i < line.n; i++)
        h = (h ^ (unsigned char)line.p[i]) * 1099511628211u;
    return (size_t)(h ^ h >> 32);
}

/* The lines seen so far, each with the side and the index of its first. */
struct lines {
    uint32_t *slots; /* index of a line of both texts, one after the other, + 1 */
    size_t slot_count;
};

static void number_lines(struct lines *seen, const struct comparison *c, const struct side *s, uint32_t base)
{
    for (uint32_t i = 0; i < s->count; i++) {
        struct sv line = line_at(s, i);
        uint32_t *slot = NULL;

        for (size_t at = hash(line);; at++) {
            uint32_t first;

            slot = &seen->slots[at & (seen->slot_count - 1)];
            if (*slot == 0)
                break;
            first = *slot - 1;
            if (sv_eq(line, first < c->before.count ? line_at(&c->before, first)
                                                    : line_at(&c->after, first - c->before.count)))
                break;
        }
        if (*slot == 0)
            *slot = base + i + 1;
        s->ids[i] = *slot;
    }
}

static bool prepare(struct comparison *c, struct arena *a)
{
    struct lines seen = { .slot_count = 16 };
    size_t both;

    if (!split_lines(&c->before, a) || !split_lines(&c->after, a))
        return false;
    both = (size_t)c->before.count + c->after.count;
    while (seen.slot_count < both * 2)
        seen.slot_count *= 2;
    seen.slots = arena_array(a, seen.slot_count, uint32_t);
    c->front.points = arena_array(a, both + 3, int32_t);
    c->back.points = arena_array(a, both + 3, int32_t);
    if (!seen.slots || !c->front.points || !c->back.points)
        return false;
    /* Diagonals go from minus the lines after to the lines before, and one more at both ends. */
    c->front.points += c->after.count + 1;
    c->back.points += c->after.count + 1;
    number_lines(&seen, c, &c->before, 0);
    number_lines(&seen, c, &c->after, c->before.count);
    return true;
}

static bool is_equal(const struct comparison *c, const struct box *b, int32_t x, int32_t y, bool backwards)
{
    uint32_t left = b->x + (backwards ? b->width - 1 - (uint32_t)x : (uint32_t)x);
    uint32_t right = b->y + (backwards ? b->height - 1 - (uint32_t)y : (uint32_t)y);

    return c->before.ids[left] == c->after.ids[right];
}

/* The furthest x on diagonal `k` after one more change: a line less of the one or of the other. */
static int32_t step_to(const struct box *b, const int32_t *points, int32_t k)
{
    int32_t right = points[k - 1], down = points[k + 1], width = (int32_t)b->width, height = (int32_t)b->height;

    right = right >= 0 && right < width ? right + 1 : -1;
    if (down < 0 || down - (k + 1) >= height)
        down = -1;
    return right > down ? right : down;
}

/* All diagonals after `steps` changes. */
static void advance(const struct comparison *c, const struct box *b, struct front *f, int32_t steps, bool backwards)
{
    int32_t width = (int32_t)b->width, height = (int32_t)b->height;
    int32_t low = steps <= height ? -steps : -(2 * height - steps), high = steps <= width ? steps : 2 * width - steps;

    if (steps <= height)
        f->points[-steps - 1] = -1;
    if (steps <= width)
        f->points[steps + 1] = -1;
    for (int32_t k = low; k <= high; k += 2) {
        int32_t x = steps ? step_to(b, f->points, k) : 0;

        while (x >= 0 && x < width && x - k < height && is_equal(c, b, x, x - k, backwards))
            x++;
        f->points[k] = x;
    }
}

/* Where both fronts have met, on a diagonal that `f` has just reached. */
static bool have_met(const struct comparison *c, const struct box *b, int32_t steps, int32_t back_steps,
                     struct box *first)
{
    int32_t width = (int32_t)b->width, height = (int32_t)b->height, delta = width - height;

    for (int32_t k = -steps; k <= steps; k += 2) {
        int32_t mirrored = delta - k;

        if (k < -height || k > width || mirrored < -back_steps || mirrored > back_steps ||
            (mirrored + back_steps) % 2 != 0 || c->front.points[k] < 0 || c->back.points[mirrored] < 0)
            continue;
        if (c->front.points[k] + c->back.points[mirrored] < width)
            continue;
        *first = (struct box){ b->x, b->y, (uint32_t)c->front.points[k], (uint32_t)(c->front.points[k] - k) };
        return true;
    }
    return false;
}

/* The point that is farthest from the start. */
static struct box farthest(const struct comparison *c, const struct box *b, int32_t steps)
{
    struct box best = { b->x, b->y, 0, 0 };

    for (int32_t k = -steps; k <= steps; k += 2) {
        int32_t x = k < -(int32_t)b->height || k > (int32_t)b->width ? -1 : c->front.points[k];

        if (x >= 0 && (uint32_t)(2 * x - k) > best.width + best.height)
            best = (struct box){ b->x, b->y, (uint32_t)x, (uint32_t)(x - k) };
    }
    return best;
}

/* Of a box whose first lines differ and whose last lines differ: the part up to
 * a point on the shortest way through it, or on a good one. */
static struct box split(struct comparison *c, const struct box *b)
{
    struct box first;

    advance(c, b, &c->front, 0, false);
    advance(c, b, &c->back, 0, true);
    for (int32_t steps = 1; steps <= STEPS_MAX; steps++) {
        advance(c, b, &c->front, steps, false);
        if (have_met(c, b, steps, steps - 1, &first))
            return first;
        advance(c, b, &c->back, steps, true);
        if (have_met(c, b, steps, steps, &first))
            return first;
    }
    return farthest(c, b, STEPS_MAX);
}

static void trim(const struct comparison *c, struct box *b)
{
    while (b->width && b->height && is_equal(c, b, 0, 0, false))
        *b = (struct box){ b->x + 1, b->y + 1, b->width - 1, b->height - 1 };
    while (b->width && b->height && is_equal(c, b, 0, 0, true))
        *b = (struct box){ b->x, b->y, b->width - 1, b->height - 1 };
}

static void mark(struct comparison *c, const struct box *b)
{
    memset(c->before.changed + b->x, true, b->width);
    memset(c->after.changed + b->y, true, b->height);
}

/* Marks what differs. Recursion is for the first part, which holds half of the
 * changes at most, or STEPS_MAX of them. */
static void compare(struct comparison *c, struct box b)
{
    for (;;) {
        struct box first;

        trim(c, &b);
        if (b.width == 0 || b.height == 0)
            break;
        first = split(c, &b);
        if (first.width + first.height == 0 || first.width + first.height == b.width + b.height)
            break;
        compare(c, first);
        b = (struct box){ b.x + first.width, b.y + first.height, b.width - first.width, b.height - first.height };
    }
    mark(c, &b);
}

/* A run of changes with its surroundings: lines [x, x_end) become [y, y_end). */
struct hunk {
    uint32_t x, y, x_end, y_end;
};

static bool is_changed(const struct comparison *c, uint32_t x, uint32_t y)
{
    return (x < c->before.count && c->before.changed[x]) || (y < c->after.count && c->after.changed[y]);
}

static void skip_changes(const struct comparison *c, uint32_t *x, uint32_t *y)
{
    while (*x < c->before.count && c->before.changed[*x])
        ++*x;
    while (*y < c->after.count && c->after.changed[*y])
        ++*y;
}

/* The next one at or after (*x, *y), which stand side by side; they are moved behind it. */
static bool next_hunk(const struct comparison *c, uint32_t *x, uint32_t *y, struct hunk *h)
{
    uint32_t equal = 0, lead;

    while (!is_changed(c, *x, *y)) {
        if (*x == c->before.count)
            return false;
        ++*x, ++*y, ++equal;
    }
    lead = equal < CONTEXT ? equal : CONTEXT;
    *h = (struct hunk){ .x = *x - lead, .y = *y - lead };
    do {
        skip_changes(c, x, y);
        h->x_end = *x;
        h->y_end = *y;
        for (equal = 0; equal <= 2 * CONTEXT && *x < c->before.count && !is_changed(c, *x, *y); equal++)
            ++*x, ++*y;
    } while (equal <= 2 * CONTEXT && is_changed(c, *x, *y));
    *x = h->x_end;
    *y = h->y_end;
    lead = c->before.count - *x < CONTEXT ? c->before.count - *x : CONTEXT;
    h->x_end += lead;
    h->y_end += lead;
    return true;
}

static void write_line(struct buf *out, char sign, struct sv line)
{
    buf_add_char(out, sign);
    buf_add(out, line);
    if (!sv_ends_with(line, SV("\n")))
        buf_add(out, SV("\n\\ No newline at end of file\n"));
}

/* Lines are counted from 1; a side without lines stands behind the line before it. */
static void write_range(struct buf *out, char sign, uint32_t first, uint32_t end)
{
    buf_printf(out, " %c%u", sign, (unsigned)(first + (first < end)));
    if (end - first != 1)
        buf_printf(out, ",%u", (unsigned)(end - first));
}

static void write_hunk(struct buf *out, const struct comparison *c, const struct hunk *h)
{
    uint32_t x = h->x, y = h->y;

    buf_add(out, SV("@@"));
    write_range(out, '-', h->x, h->x_end);
    write_range(out, '+', h->y, h->y_end);
    buf_add(out, SV(" @@\n"));
    while (x < h->x_end || y < h->y_end) {
        if (x < h->x_end && c->before.changed[x])
            write_line(out, '-', line_at(&c->before, x++));
        else if (y < h->y_end && c->after.changed[y])
            write_line(out, '+', line_at(&c->after, y++));
        else {
            write_line(out, ' ', line_at(&c->before, x++));
            y++;
        }
    }
}

/* As git does it: a name with characters that would end it is quoted, and a tab shows where one with spaces ends. */
static void write_name(struct buf *out, const char *prefix, struct sv name)
{
    bool is_quoted = false;

    for (size_t i = 0; i < name.n; i++)
        is_quoted = is_quoted || (unsigned char)name.p[i] < ' ' || strchr("\"\\\x7f", name.p[i]);
    buf_printf(out, is_quoted ? "%.4s\"%s" : "%.4s%s", prefix, prefix + 4);
    for (size_t i = 0; i < name.n; i++) {
        unsigned char ch = (unsigned char)name.p[i];

        if (ch < ' ' || ch == 0x7f)
            buf_printf(out, "\\%03o", ch);
        else if (is_quoted && strchr("\"\\", ch))
            buf_printf(out, "\\%c", ch);
        else
            buf_add_char(out, name.p[i]);
    }
    buf_add(out, is_quoted ? SV("\"\n") : sv_find(name, ' ') < name.n ? SV("\t\n") : SV("\n"));
}

bool diff_unified(struct buf *out, struct sv name, struct sv before, struct sv after, struct arena *a, struct err *e)
{
    CLEANUP(arena_fini) struct arena scratch = ARENA_INIT(a->max);
    struct comparison c = { .before.text = before, .after.text = after };
    struct hunk h;
    uint32_t x = 0, y = 0;

    if (sv_eq(before, after))
        return true;
    if (before.n > INT32_MAX / 2 || after.n > INT32_MAX / 2)
        return err_set(e, ERR_LIMIT, "too long to be compared");
    if (!prepare(&c, &scratch))
        return arena_error(&scratch, e);
    compare(&c, (struct box){ 0, 0, c.before.count, c.after.count });
    write_name(out, "--- a/", name);
    write_name(out, "+++ b/", name);
    while (next_hunk(&c, &x, &y, &h))
        write_hunk(out, &c, &h);
    return buf_ok(out) || arena_error(a, e);
}
