/* Batches: many calls over many connections at once, each with its own outcome. */
#include "engine_help.h"

#include <nube/batch.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGES "{'token': 't', 'list': {'count': 25, 'page': 10, 'key': 'servers'}}"

static nube_batch *batch;

static void add(nube_conn *to, enum nube_op op, const char *id, void *user)
{
    nube_args *args;

    assert_int_equal(nube_args_new(&args, &err), 0);
    nube_args_set(args, "id", id);
    assert_int_equal(nube_batch_add(batch, to, op, args, NULL, user, &err), 0);
    nube_args_free(args);
}

static void one_bad_of_three_leaves_the_other_two(void **state)
{
    nube_conn *bad, *other;
    struct nube_done d = {.size = sizeof(d)};
    int good = 0, failed = 0;

    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", NODE));
    other = connect_to(server.port, SECRET, NULL, NULL);
    bad = connect_to(1, SECRET, "retries", "0"); /* nothing listens there */
    assert_int_equal(nube_batch_new(&batch, lib, &err), 0);
    add(conn, NUBE_OP_NODE_GET, "1", &good);
    add(bad, NUBE_OP_NODE_GET, "1", &failed);
    add(other, NUBE_OP_NODE_GET, "1", &good);
    while (nube_batch_next(&d, batch, &err) == 1) {
        ++*(int *)d.user;
        assert_int_equal(d.code, d.user == &failed ? NUBE_E_CONNECT : 0);
        assert_int_equal(nube_result_count(d.result), d.code ? 0 : 1);
        nube_result_free(d.result);
    }
    assert_int_equal(good, 2);
    assert_int_equal(failed, 1);
    nube_batch_free(batch);
    nube_conn_free(bad);
    nube_conn_free(other);
}

static void a_list_comes_page_by_page(void **state)
{
    struct nube_done d = {.size = sizeof(d)};
    size_t sizes[4], pages = 0;

    (void)state;
    begin(LOGIN ROUTE("GET", "/servers", PAGES));
    assert_int_equal(nube_batch_new(&batch, lib, &err), 0);
    add(conn, NUBE_OP_NODE_LIST, NULL, NULL);
    while (nube_batch_next(&d, batch, &err) == 1) {
        assert_int_equal(d.code, 0);
        assert_int_equal(d.more, pages < 2);
        sizes[pages++ % 4] = nube_result_count(d.result);
        nube_result_free(d.result);
    }
    assert_int_equal(pages, 3);
    assert_int_equal(sizes[0] + sizes[1] + sizes[2], 25);
    assert_int_equal(count("GET /servers"), 3);
    nube_batch_free(batch);
}

static void a_poll_loop_drives_it(void **state)
{
    struct nube_done d = {.size = sizeof(d)};
    struct pollfd p = {.events = POLLIN};
    int done = 0;

    (void)state;
    begin(LOGIN ROUTE("GET", "/servers", PAGES) ROUTE("GET", "/servers/1", NODE));
    assert_int_equal(nube_batch_new(&batch, lib, &err), 0);
    add(conn, NUBE_OP_NODE_LIST, NULL, NULL);
    add(conn, NUBE_OP_NODE_GET, "1", NULL);
    p.fd = nube_batch_fd(batch);
    while (nube_batch_pending(batch)) {
        assert_int_equal(poll(&p, 1, 5000), 1);
        while (nube_batch_step(&d, batch, &err) == 1) {
            assert_int_equal(d.code, 0);
            done++;
            nube_result_free(d.result);
        }
    }
    assert_int_equal(done, 4);
    nube_batch_free(batch);
}

static void calls_run_at_once(void **state)
{
    struct nube_done d = {.size = sizeof(d)};
    int64_t begun;
    int i;

    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1",
                      "{'delay': 0.1, 'json': {'id': '1', 'state': 'ACTIVE'}, 'token': 't'}"));
    assert_int_equal(nube_batch_new(&batch, lib, &err), 0);
    begun = now_ms();
    for (i = 0; i < 64; i++)
        add(conn, NUBE_OP_NODE_GET, "1", NULL);
    for (i = 0; nube_batch_next(&d, batch, &err) == 1; i++) {
        assert_int_equal(d.code, 0);
        nube_result_free(d.result);
    }
    assert_int_equal(i, 64);
    assert_true(now_ms() - begun < 3200); /* one after the other they would take 6.4 s */
    assert_int_equal(count("POST /token"), 1);
    nube_batch_free(batch);
}

/* Without a limit of its own, the batch would want a descriptor for every call. */
static void a_batch_of_any_size_needs_few_descriptors(void **state)
{
    struct nube_done d = {.size = sizeof(d)};
    struct rlimit all, few;
    int i;

    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1",
                      "{'delay': 0.1, 'json': {'id': '1', 'state': 'ACTIVE'}, 'token': 't'}"));
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &all), 0);
    few = all;
    few.rlim_cur = 300;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    assert_int_equal(nube_batch_new(&batch, lib, &err), 0);
    for (i = 0; i < 600; i++)
        add(conn, NUBE_OP_NODE_GET, "1", NULL);
    assert_int_equal(nube_batch_pending(batch), 600);
    for (i = 0; nube_batch_next(&d, batch, &err) == 1; i++) {
        if (d.code)
            fail_msg("call %d: %s", i, err.message);
        nube_result_free(d.result);
    }
    assert_int_equal(i, 600);
    nube_batch_free(batch);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &all), 0);
}

static void what_was_not_begun_is_freed_too(void **state)
{
    struct nube_done d = {.size = sizeof(d)};
    int i;

    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", "{'never': true}"));
    assert_int_equal(nube_batch_new(&batch, lib, &err), 0);
    for (i = 0; i < 300; i++)
        add(conn, NUBE_OP_NODE_GET, "1", NULL);
    assert_int_equal(nube_batch_step(&d, batch, &err), 0);
    nube_batch_free(batch); /* ASan looks for the rest */
}

static void freed_in_the_middle_it_undoes_what_it_made(void **state)
{
    nube_args *args;
    struct nube_done d = {.size = sizeof(d)};
    int64_t begun;

    (void)state;
    begin(LOGIN ROUTE("POST", "/servers", "{'json': {'id': '7'}, 'token': 't'}")
              ROUTE("POST", "/servers/7/start", "{'never': true}")
                  ROUTE("DELETE", "/servers/7", "{'status': 204, 'token': 't'}"));
    assert_int_equal(nube_batch_new(&batch, lib, &err), 0);
    assert_int_equal(nube_args_new(&args, &err), 0);
    nube_args_set(args, "name", "n");
    nube_args_set(args, "image", "i");
    assert_int_equal(nube_batch_add(batch, conn, NUBE_OP_NODE_CREATE, args, NULL, NULL, &err), 0);
    nube_args_free(args);
    begun = now_ms();
    while (count("POST /servers/7/start") < 1 && now_ms() - begun < 5000)
        assert_int_equal(nube_batch_step(&d, batch, &err), 0);
    nube_batch_free(batch);
    assert_int_equal(count("DELETE /servers/7"), 1);
}

static void bad_arguments_are_told_when_added(void **state)
{
    nube_args *args;

    (void)state;
    begin(LOGIN);
    assert_int_equal(nube_batch_new(&batch, lib, &err), 0);
    assert_int_equal(nube_args_new(&args, &err), 0);
    nube_args_set(args, "nosuch", "1");
    assert_int_equal(nube_batch_add(batch, conn, NUBE_OP_NODE_LIST, args, NULL, NULL, &err),
                     NUBE_E_UNSUPPORTED);
    nube_args_free(args);
    assert_int_equal(nube_batch_pending(batch), 0);
    nube_batch_free(batch);
}

static void a_struct_without_its_size_is_refused_and_loses_nothing(void **state)
{
    struct nube_done d = {0}, good = NUBE_DONE_INIT;

    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", NODE));
    assert_int_equal(nube_batch_new(&batch, lib, &err), 0);
    add(conn, NUBE_OP_NODE_GET, "1", NULL);
    assert_int_equal(nube_batch_next(&d, batch, &err), NUBE_E_USAGE);
    assert_int_equal(nube_batch_step(&d, batch, &err), NUBE_E_USAGE);
    assert_int_equal(nube_batch_next(&good, batch, &err), 1);
    assert_string_equal(nube_id(nube_result_at(good.result, 0)), "1");
    nube_result_free(good.result);
    nube_batch_free(batch);
}

/* The parent's engine has a connection and an epoll that a child must not touch. */
static void a_fork_is_survived(void **state)
{
    pid_t child;
    int status;

    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", NODE));
    assert_int_equal(GET("1"), 0);
    child = fork();
    if (!child)
        _exit(GET("1") == 0 && GET("1") == 0 ? 0 : 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(GET("1"), 0);
    assert_int_equal(count("GET /servers/1"), 4);
}

/* A batch that begins to log in, and then is not turned for a while. */
static nube_batch *logging_in(void)
{
    struct nube_done d = {.size = sizeof(d)};
    nube_batch *b;
    nube_args *args;

    begin(ROUTE("POST", "/token",
                "{'delay': 0.3, 'gives_token': ['t', 0, 0],"
                "'json': {'token': '{token}'}}") ROUTE("GET", "/servers/1", NODE));
    assert_int_equal(nube_batch_new(&b, lib, &err), 0);
    assert_int_equal(nube_args_new(&args, &err), 0);
    nube_args_set(args, "id", "1");
    assert_int_equal(nube_batch_add(b, conn, NUBE_OP_NODE_GET, args, NULL, NULL, &err), 0);
    nube_args_free(args);
    assert_int_equal(nube_batch_step(&d, b, &err), 0);
    return b;
}

static int get_soon(void)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;

    opts.deadline_ms = 3000;
    return CALL(NODE_GET, &opts, "id", "1");
}

static void finish(nube_batch *b)
{
    struct nube_done d = {.size = sizeof(d)};

    assert_int_equal(nube_batch_next(&d, b, &err), 1);
    assert_int_equal(d.code, 0);
    nube_result_free(d.result);
    nube_batch_free(b);
}

/* The login of the batch makes no progress while its thread waits for another call. */
static void a_call_does_not_wait_for_the_login_of_a_batch_that_it_holds_up(void **state)
{
    nube_batch *b = logging_in();

    (void)state;
    assert_int_equal(get_soon(), 0);
    finish(b);
    assert_int_equal(GET("1"), 0);
}

static void a_child_leaves_the_batch_and_the_login_of_its_parent_alone(void **state)
{
    struct nube_done d = {.size = sizeof(d)};
    nube_batch *b = logging_in();
    int good, status;
    pid_t child;

    (void)state;
    child = fork();
    if (!child) {
        good = get_soon() == 0 && nube_batch_next(&d, b, &err) == NUBE_E_USAGE;
        nube_batch_free(b);
        _exit(good ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    finish(b);
    assert_int_equal(count("GET /servers/1"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_bad_of_three_leaves_the_other_two),
        TEST(a_list_comes_page_by_page),
        TEST(a_poll_loop_drives_it),
        TEST(calls_run_at_once),
        TEST(a_batch_of_any_size_needs_few_descriptors),
        TEST(what_was_not_begun_is_freed_too),
        TEST(freed_in_the_middle_it_undoes_what_it_made),
        TEST(bad_arguments_are_told_when_added),
        TEST(a_struct_without_its_size_is_refused_and_loses_nothing),
        TEST(a_fork_is_survived),
        TEST(a_call_does_not_wait_for_the_login_of_a_batch_that_it_holds_up),
        TEST(a_child_leaves_the_batch_and_the_login_of_its_parent_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
