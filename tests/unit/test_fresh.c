/* What a connection remembers of its nodes: the states it saw lately, and what it made itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "fresh.h"

static struct nube_fresh *fresh;

static int setup(void **state)
{
    (void)state;
    return nube_fresh_init(&fresh);
}

static int teardown(void **state)
{
    (void)state;
    nube_fresh_free(fresh);
    return 0;
}

static void what_was_made_is_known_for_two_minutes(void **state)
{
    (void)state;
    assert_false(nube_fresh_made(fresh, "i-1", 1000));
    nube_fresh_make(fresh, "i-1", 1000);
    assert_true(nube_fresh_made(fresh, "i-1", 1000));
    assert_true(nube_fresh_made(fresh, "i-1", 120999));
    assert_false(nube_fresh_made(fresh, "i-1", 121000));
    assert_false(nube_fresh_made(fresh, "i-2", 1000));
}

static void making_many_forgets_the_first(void **state)
{
    char id[16];

    (void)state;
    for (int i = 0; i < 65; i++) {
        snprintf(id, sizeof(id), "i-%d", i);
        nube_fresh_make(fresh, id, 1000);
    }
    assert_false(nube_fresh_made(fresh, "i-0", 1000));
    assert_true(nube_fresh_made(fresh, "i-1", 1000));
    assert_true(nube_fresh_made(fresh, "i-64", 1000));
}

static void a_state_seen_lately_decides(void **state)
{
    static const uint16_t only_start[] = {NUBE_OP_NODE_START, 0};
    const struct nube_state_row stopped = {"stopped", only_start, NUBE_STATE_STOPPED};

    (void)state;
    nube_fresh_see(fresh, "i-1", &stopped, 1000);
    assert_int_equal(nube_fresh_check(fresh, "i-1", NUBE_OP_NODE_STOP, 1000, NULL), NUBE_E_STATE);
    assert_int_equal(nube_fresh_check(fresh, "i-1", NUBE_OP_NODE_START, 1000, NULL), 0);
    assert_int_equal(nube_fresh_check(fresh, "i-1", NUBE_OP_NODE_STOP, 11001, NULL), 0);
    nube_fresh_forget(fresh, "i-1");
    assert_int_equal(nube_fresh_check(fresh, "i-1", NUBE_OP_NODE_STOP, 1000, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_made_is_known_for_two_minutes, setup, teardown),
        cmocka_unit_test_setup_teardown(making_many_forgets_the_first, setup, teardown),
        cmocka_unit_test_setup_teardown(a_state_seen_lately_decides, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
