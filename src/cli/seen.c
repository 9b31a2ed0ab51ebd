/* SPDX-License-Identifier: Apache-2.0 */
/* A hash table that is never more than half full. No file system in use gives
 * a file the inode 0; one that does has its files read as often as they are reached. */
#include "cli/seen.h"
#include <stdint.h>
#include <stdlib.h>

enum { SMALLEST = 64 };

static struct seen_file *slot_of(const struct seen *s, const struct seen_file *file)
{
    uint64_t hash = ((uint64_t)file->inode + (uint64_t)file->device * 0x9e3779b97f4a7c15U) * 0x9e3779b97f4a7c15U;
    size_t i = (size_t)(hash >> 32) & (s->size - 1);

    while (s->slots[i].inode && (s->slots[i].inode != file->inode || s->slots[i].device != file->device))
        i = (i + 1) & (s->size - 1);
    return &s->slots[i];
}

static bool grow(struct seen *s)
{
    struct seen larger = { .size = s->size ? s->size * 2 : SMALLEST, .count = s->count };

    larger.slots = calloc(larger.size, sizeof(*larger.slots));
    if (!larger.slots)
        return false;
    for (size_t i = 0; i < s->size; i++)
        if (s->slots[i].inode)
            *slot_of(&larger, &s->slots[i]) = s->slots[i];
    free(s->slots);
    *s = larger;
    return true;
}

enum seen_result seen_add(struct seen *s, dev_t device, ino_t inode)
{
    struct seen_file file = { device, inode }, *slot;

    if (s->count * 2 >= s->size && !grow(s))
        return SEEN_NO_MEMORY;
    slot = slot_of(s, &file);
    if (slot->inode)
        return SEEN_BEFORE;
    *slot = file;
    s->count += inode ? 1 : 0;
    return SEEN_FIRST;
}

bool seen_has(const struct seen *s, dev_t device, ino_t inode)
{
    struct seen_file file = { device, inode };

    return s->count && inode && slot_of(s, &file)->inode;
}

void seen_fini(struct seen *s)
{
    free(s->slots);
    *s = (struct seen){ 0 };
}
