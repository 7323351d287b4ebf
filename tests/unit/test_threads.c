/* Threads: many on one connection whose token expires, and many libraries at once. */
#include "engine_help.h"

#include <pthread.h>

enum { THREADS = 32, CALLS = 5 };

static pthread_t threads[THREADS];
static int failed[THREADS];

static void run_all(void *(*body)(void *))
{
    int i;

    for (i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, body, &failed[i]), 0);
    for (i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (i = 0; i < THREADS; i++)
        assert_int_equal(failed[i], 0);
}

static void *get_many(void *data)
{
    struct nube_error e = NUBE_ERROR_INIT;
    int *bad = data, i;

    for (i = 0; i < CALLS; i++) {
        nube_node *node = NULL;

        *bad += nube_node_get(&node, conn, "1", NULL, &e) != 0;
        nube_obj_free(node);
    }
    return NULL;
}

/* The first token is good for a request more than the login, and all threads meet its end. */
static void T25_an_expired_token_is_renewed_once_for_all_threads(void **state)
{
    (void)state;
    begin(ROUTE("POST", "/token", TOKEN("1") "," TOKEN("0")) ROUTE("GET", "/servers/1", NODE));
    assert_int_equal(GET("1"), 0);
    run_all(get_many);
    assert_int_equal(count("POST /token"), 2);
}

static void *open_and_get(void *data)
{
    struct nube_hooks own_hooks = NUBE_HOOKS_INIT;
    struct nube_error e = NUBE_ERROR_INIT;
    nube_lib *own = NULL;
    nube_node *node = NULL;
    nube_conn *to = NULL;
    nube_args *args;
    char url[64];

    snprintf(url, sizeof(url), "http://127.0.0.1:%d", server.port);
    own_hooks.service_path = NUBE_TEST_SERVICES;
    nube_args_new(&args, &e);
    nube_args_set(args, "endpoint", url);
    nube_args_set(args, "key", "user");
    nube_args_set(args, "secret", SECRET);
    *(int *)data = nube_lib_open(&own, &own_hooks, &e) ||
                   nube_driver_register(own, &engine_driver, &e) ||
                   nube_connect(&to, own, "engine", "own", args, &e) ||
                   nube_node_get(&node, to, "1", NULL, &e);
    nube_args_free(args);
    nube_obj_free(node);
    nube_conn_free(to);
    nube_lib_free(own);
    return NULL;
}

static void T25_many_libraries_are_opened_at_once(void **state)
{
    (void)state;
    begin(ROUTE("POST", "/token", "{'json': {'token': 'x'}}") ROUTE(
        "GET", "/servers/1", "{'json': {'id': '1', 'name': 'one', 'state': 'ACTIVE'}}"));
    run_all(open_and_get);
    assert_int_equal(count("POST /token"), THREADS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(T25_an_expired_token_is_renewed_once_for_all_threads),
        TEST(T25_many_libraries_are_opened_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
