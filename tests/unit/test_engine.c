/* The engine against a scripted server: pages, logins, retries, undo, deadlines, cancels, batches.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <nube/nube.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "engine_driver.h"
#include "registry.h"

#define NODE "{\"id\":\"1\",\"name\":\"one\",\"state\":\"ACTIVE\"}"

static nube_lib *lib;
static struct fake *server;
static nube_conn *conn;
static struct nube_error err;

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static nube_conn *connect_as(const char *name, const char *password)
{
    char url[64];
    nube_args *args;
    nube_conn *made = NULL;

    snprintf(url, sizeof(url), "http://127.0.0.1:%d", fake_port(server));
    assert_int_equal(nube_args_new(&args, &err), 0);
    nube_args_set(args, "endpoint", url);
    nube_args_set(args, "password", password);
    if (nube_connect(&made, lib, "fake", name, args, &err))
        fail_msg("%s", err.message);
    nube_args_free(args);
    return made;
}

static void begin(fake_script script)
{
    server = fake_start(script);
    conn = connect_as("acc", "right");
}

static int setup(void **state)
{
    struct nube_hooks hooks = NUBE_HOOKS_INIT;

    (void)state;
    err = (struct nube_error)NUBE_ERROR_INIT;
    hooks.service_path = NUBE_TEST_SERVICES;
    return nube_lib_open(&lib, &hooks, &err) || nube_driver_register(lib, &fake_driver, &err);
}

static int teardown(void **state)
{
    (void)state;
    nube_conn_free(conn);
    conn = NULL;
    nube_lib_free(lib);
    fake_stop(server);
    server = NULL;
    return 0;
}

static bool is(const struct asked *a, const char *method, const char *path)
{
    return !strcmp(a->method, method) && !strcmp(a->path, path);
}

/* A login answers with a token of its number: "t1", then "t2". True: it was one, and is answered.
 */
static bool login(const struct asked *a, struct answer *w)
{
    if (!is(a, "POST", "/token"))
        return false;
    if (!strstr(a->body, "right")) {
        w->status = 401;
        w->body = "{}";
    } else if (asprintf(&w->owned, "{\"token\":\"t%d\"}", a->nth) < 0) {
        abort();
    }
    return true;
}

/* Lists all nodes; the count, or the (negative) code. */
static int list(const char *filter, const char *value, uint32_t max_pages, int stop_after)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    nube_args *args;
    nube_iter *iter;
    const nube_obj *o;
    int n = 0, rc;

    opts.max_pages = max_pages;
    assert_int_equal(nube_args_new(&args, &err), 0);
    if (filter)
        nube_args_set(args, filter, value);
    rc = nube_node_list(&iter, conn, args, &opts, &err);
    nube_args_free(args);
    if (rc)
        return rc;
    while ((rc = nube_iter_next(&o, iter, &err)) == 1 && ++n != stop_after)
        ;
    nube_iter_free(iter);
    return rc < 0 ? rc : n;
}

static int get(const char *id, int64_t deadline, nube_cancel *cancel)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    nube_node *node = NULL;
    int rc;

    opts.deadline_ms = deadline;
    opts.cancel = cancel;
    rc = nube_node_get(&node, conn, id, &opts, &err);
    nube_obj_free(node);
    return rc;
}

static int create(const struct nube_call_opts *opts)
{
    nube_args *args;
    nube_node *node = NULL;
    int rc;

    assert_int_equal(nube_args_new(&args, &err), 0);
    nube_args_set(args, "name", "n");
    nube_args_set(args, "image", "i");
    rc = nube_node_create(&node, conn, args, opts, &err);
    nube_args_free(args);
    nube_obj_free(node);
    return rc;
}

/* ---- Pages ------------------------------------------------------------------------------ */

static void three_pages(const struct asked *a, struct answer *w)
{
    if (login(a, w))
        return;
    if (!*a->query)
        w->body = "{\"servers\":[" NODE
                  ",{\"id\":\"2\",\"name\":\"two\",\"state\":\"SHUTOFF\"}],\"next\":\"b\"}";
    else if (!strcmp(a->query, "cursor=b"))
        w->body =
            "{\"servers\":[{\"id\":\"3\",\"name\":\"three\",\"state\":\"ACTIVE\"}],\"next\":\"c\"}";
    else
        w->body = "{\"servers\":[{\"id\":\"4\",\"name\":\"four\",\"state\":\"ACTIVE\"}]}";
}

static void all_pages_are_read_with_one_request_each(void **state)
{
    (void)state;
    begin(three_pages);
    assert_int_equal(list(NULL, NULL, 0, 0), 4);
    assert_int_equal(fake_count(server, "GET /nodes"), 3);
    assert_int_equal(fake_count(server, "POST /token"), 1);
}

static void early_stop_sends_nothing_more(void **state)
{
    (void)state;
    begin(three_pages);
    assert_int_equal(list(NULL, NULL, 0, 1), 1);
    assert_int_equal(fake_count(server, "GET /nodes"), 1);
}

static void filters_are_applied_by_the_core(void **state)
{
    (void)state;
    begin(three_pages);
    assert_int_equal(list("state", "stopped", 0, 0), 1);
    assert_int_equal(list("name", "three", 0, 0), 1);
    assert_int_equal(list("name", "nobody", 0, 0), 0);
}

static void same_cursor(const struct asked *a, struct answer *w)
{
    if (!login(a, w))
        w->body = "{\"servers\":[" NODE "],\"next\":\"b\"}";
}

static void repeated_cursor_is_a_protocol_error(void **state)
{
    (void)state;
    begin(same_cursor);
    assert_int_equal(list(NULL, NULL, 0, 0), NUBE_E_PROTOCOL);
    assert_true(fake_count(server, "GET /nodes") <= 3);
}

static void cut_page(const struct asked *a, struct answer *w)
{
    if (login(a, w))
        return;
    three_pages(a, w);
    if (*a->query == '\0' && a->nth == 1)
        w->cut = (int)strlen(w->body) - 20;
}

static void page_cut_in_the_middle_is_retried_without_a_double(void **state)
{
    (void)state;
    begin(cut_page);
    assert_int_equal(list(NULL, NULL, 0, 0), 4);
    assert_int_equal(fake_count(server, "GET /nodes"), 4);
}

/* ---- Logins ----------------------------------------------------------------------------- */

static void t01_wrong_password_is_an_auth_error_not_an_empty_list(void **state)
{
    (void)state;
    begin(three_pages);
    nube_conn_free(conn);
    conn = connect_as("acc", "wrong");
    assert_int_equal(list(NULL, NULL, 0, 0), NUBE_E_AUTH);
    assert_int_equal(fake_count(server, "GET /nodes"), 0);
    assert_null(strstr(err.message, "wrong"));
}

/* The first token ends after the login: everything with it is refused. */
static void first_token_dies(const struct asked *a, struct answer *w)
{
    if (login(a, w))
        return;
    if (!strcmp(a->token, "t1") && !is(a, "POST", "/nodes")) {
        w->status = 401;
        return;
    }
    w->body = is(a, "GET", "/nodes") ? "{\"servers\":[" NODE "]}" : NODE;
}

static void refused_session_means_one_login_and_the_request_again(void **state)
{
    (void)state;
    begin(first_token_dies);
    assert_int_equal(list(NULL, NULL, 0, 0), 1);
    assert_int_equal(fake_count(server, "POST /token"), 2);
    assert_int_equal(fake_count(server, "GET /nodes"), 2);
}

static void create_is_not_repeated_when_its_start_is_refused(void **state)
{
    (void)state;
    begin(first_token_dies);
    assert_int_equal(create(NULL), 0);
    assert_int_equal(fake_count(server, "POST /token"), 2);
    assert_int_equal(fake_count(server, "POST /nodes"), 1);
    assert_int_equal(fake_count(server, "POST /nodes/1/start"), 2);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(all_pages_are_read_with_one_request_each),
        T(early_stop_sends_nothing_more),
        T(filters_are_applied_by_the_core),
        T(repeated_cursor_is_a_protocol_error),
        T(page_cut_in_the_middle_is_retried_without_a_double),
        T(t01_wrong_password_is_an_auth_error_not_an_empty_list),
        T(refused_session_means_one_login_and_the_request_again),
        T(create_is_not_repeated_when_its_start_is_refused),
        /* more */
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
