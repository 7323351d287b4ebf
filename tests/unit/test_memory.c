/* The application's allocator: when it may be set, and what its failures lead to. */
#include "engine_help.h"

static size_t largest = SIZE_MAX; /* what the allocator still gives */

static void *give(size_t size)
{
    return size > largest ? NULL : malloc(size);
}

static void *give_again(void *p, size_t size)
{
    return size > largest ? NULL : realloc(p, size);
}

static int open_with_allocator(void)
{
    hooks.service_path = NUBE_TEST_SERVICES;
    hooks.alloc = give;
    hooks.realloc = give_again;
    hooks.free = free;
    return nube_lib_open(&lib, &hooks, &err);
}

/* What malloc() gave would be handed to the application's free(). */
static void an_allocator_that_comes_too_late_is_refused(void **state)
{
    nube_args *args;
    int status;
    pid_t child = fork();

    (void)state;
    if (!child)
        _exit(nube_args_new(&args, &err) == 0 && open_with_allocator() == NUBE_E_USAGE ? 0 : 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void output_that_does_not_fit_in_memory_is_no_whole_output(void **state)
{
    (void)state;
    assert_int_equal(open_with_allocator(), 0);
    assert_int_equal(nube_driver_register(lib, &engine_driver, &err), 0);
    serve(&server,
          LOGIN ROUTE("GET", "/servers/1/console", "{'fill': 3000000, 'fill_text': 'abc\\n'}"),
          "requests");
    conn = connect_to(server.port, SECRET, NULL, NULL);
    assert_int_equal(CALL(NODE_CONSOLE, NULL, "id", "1"), 0);
    largest = 1000000;
    assert_int_equal(CALL(NODE_CONSOLE, NULL, "id", "1"), NUBE_E_MEMORY);
    largest = SIZE_MAX;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_allocator_that_comes_too_late_is_refused),
        TEST(output_that_does_not_fit_in_memory_is_no_whole_output),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
