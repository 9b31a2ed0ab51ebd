/* SPDX-License-Identifier: Apache-2.0 */
/* Every input is read here and once more when it is judged; keeping the texts
 * would make memory grow with their number. */
#include "cli/gather.h"

#include "cli/manifest.h"

static bool add(void *context, const struct manifest_item *item, struct err *e)
{
    const struct gvk gvk = manifest_gvk(item);

    return inventory_add(context, gvk.group, gvk.kind, item->object) ||
           err_set(e, ERR_LIMIT, "the inputs hold more classes and namespaces than can be remembered");
}

static bool add_text(struct inventory *inv, const struct input *input, struct arena *scratch, struct err *e)
{
    struct yaml_doc *docs = NULL;
    struct err ignored = { 0 };
    struct sv text;

    if (!input_read(input, scratch, &text, &ignored) || !inventory_may_be_in(text))
        return true;
    if (!yaml_read_large(sv_from(input->name), text, scratch, &docs, &ignored))
        return true;
    for (const struct yaml_doc *doc = docs; doc; doc = doc->next)
        if (!manifest_each(doc, add, inv, e))
            return false;
    return true;
}

bool gather_inventory(struct inputs *inputs, struct arena *scratch, struct arena *a, struct inventory **out,
                      struct err *e)
{
    CLEANUP(input_end) struct input_reader reader = INPUT_READER_INIT;
    struct input input;

    *out = inventory_new(a);
    if (!*out)
        return arena_error(a, e);
    if (!input_start(&reader, inputs, e))
        return false;
    while (input_next(&reader, &input, e)) {
        bool ok;

        if (!input.name)
            return true;
        ok = add_text(*out, &input, scratch, e);
        arena_reset(scratch);
        if (!ok)
            return false;
    }
    return false;
}
