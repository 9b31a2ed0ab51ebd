/* SPDX-License-Identifier: Apache-2.0 */
/* Operations by name, and which object a request is about. */
#include "kube/request.h"

#include "base/arena.h"
#include "base/attr.h"
#include "json/doc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void refuses_names_that_are_not_operations(void **state UNUSED)
{
    static const char *const names[] = { "", "create", "Create", "CREATE ", "PATCH", "*", "CREATEUPDATE" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        enum operation op = OP_COUNT;

        if (request_operation_parse(sv_from(names[i]), &op) || op != OP_COUNT)
            fail_msg("`%s` was read as an operation", names[i]);
    }
}

static void reads_the_names_it_writes(void **state UNUSED)
{
    for (int i = 0; i < OP_COUNT; i++) {
        enum operation op = OP_COUNT;

        assert_true(request_operation_parse(sv_from(request_operation_name((enum operation)i)), &op));
        assert_int_equal(op, i);
    }
}

static void judges_the_old_object_on_delete_only(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 16);
    struct err e = { 0 };
    struct request r = { .object = doc_parse(SV("{}"), &a, &e), .old_object = doc_parse(SV("[]"), &a, &e) };

    for (int i = 0; i < OP_COUNT; i++) {
        r.operation = (enum operation)i;
        assert_ptr_equal(request_subject(&r), i == OP_DELETE ? r.old_object : r.object);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_names_that_are_not_operations),
        cmocka_unit_test(reads_the_names_it_writes),
        cmocka_unit_test(judges_the_old_object_on_delete_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
