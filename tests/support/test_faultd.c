/* The C side of the fault server: started, asked, stopped. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "faultd.h"

static const char scenario[] =
    "{\"routes\": [{\"path\": \"/a\", \"replies\": [{\"status\": 204}]}]}";

static void starts_counts_and_stops(void **state)
{
    struct faultd f;
    pid_t pid;

    (void)state;
    assert_int_equal(faultd_start(&f, scenario, NULL), 0);
    pid = f.pid;
    assert_true(f.port > 0);
    assert_int_equal(faultd_stat(&f, "connections"), 1);
    assert_int_equal(faultd_stat(&f, "connections"), 2);
    assert_int_equal(faultd_stat(&f, "GET /a"), 0);
    faultd_stop(&f);
    assert_int_equal(kill(pid, 0), -1);
    assert_int_equal(faultd_stat(&f, "connections"), -1);
}

static void a_bad_scenario_is_a_failed_start(void **state)
{
    struct faultd f;

    (void)state;
    assert_int_equal(faultd_start(&f, "/nonexistent", NULL), -1);
    assert_int_equal(f.pid, -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts_counts_and_stops),
        cmocka_unit_test(a_bad_scenario_is_a_failed_start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
