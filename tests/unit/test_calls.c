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

#include "calls_driver.h"
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
    nube_args_set(args, "retries", "2");
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

/* ---- Accounts ----------------------------------------------------------------------------- */

static void token_of_password(const struct asked *a, struct answer *w)
{
    if (is(a, "POST", "/token"))
        w->body = strstr(a->body, "right") ? "{\"token\":\"first\"}" : "{\"token\":\"second\"}";
    else
        w->body = NODE;
}

static void t10_two_accounts_do_not_share_headers(void **state)
{
    nube_conn *other;

    (void)state;
    begin(token_of_password);
    assert_int_equal(get("1", 0, NULL), 0);
    other = conn;
    conn = connect_as("other", "else");
    assert_int_equal(get("2", 0, NULL), 0);
    nube_conn_free(conn);
    conn = other;
    assert_int_equal(get("3", 0, NULL), 0);
    assert_true(fake_saw_token(server, "GET /nodes/1", "first"));
    assert_true(fake_saw_token(server, "GET /nodes/2", "second"));
    assert_true(fake_saw_token(server, "GET /nodes/3", "first"));
    assert_false(fake_saw_token(server, "GET /nodes/2", "first"));
    assert_false(fake_saw_token(server, "POST /token", "first"));
}

/* ---- Statuses and bodies ------------------------------------------------------------------ */

/* GET /nodes/404 answers 404. */
static void status_of_path(const struct asked *a, struct answer *w)
{
    if (login(a, w))
        return;
    w->status = atoi(strrchr(a->path, '/') + 1);
    if (w->status == 302)
        snprintf(w->headers, sizeof(w->headers), "Location: http://127.0.0.1:1/elsewhere\r\n");
}

static void t09_every_status_has_its_class(void **state)
{
    static const struct {
        const char *id;
        int code;
    } rows[] = {
        {"400", NUBE_E_USAGE},     {"401", NUBE_E_AUTH},     {"403", NUBE_E_FORBIDDEN},
        {"404", NUBE_E_NOT_FOUND}, {"409", NUBE_E_CONFLICT}, {"302", NUBE_E_PROTOCOL},
        {"422", NUBE_E_USAGE},     {"500", NUBE_E_PROVIDER}, {"501", NUBE_E_PROVIDER},
        {"503", NUBE_E_PROVIDER},  {"429", NUBE_E_RATE},
    };

    (void)state;
    begin(status_of_path);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        int rc = get(rows[i].id, 20000, NULL);

        if (rc != rows[i].code || err.http_status != atoi(rows[i].id))
            fail_msg("%s: %s: %s", rows[i].id, nube_code_name(rc), err.message);
    }
}

static void redirect_is_not_followed_and_the_message_says_so(void **state)
{
    (void)state;
    begin(status_of_path);
    assert_int_equal(get("302", 3000, NULL), NUBE_E_PROTOCOL);
    assert_non_null(strstr(err.message, "elsewhere"));
    assert_int_equal(fake_count(server, "GET /nodes/302"), 1);
}

static void html_page(const struct asked *a, struct answer *w)
{
    if (login(a, w))
        return;
    w->status = is(a, "GET", "/nodes/empty") ? 200 : 500;
    w->body = w->status == 200 ? "" : "<html><body><h1>Sorry</h1></body></html>";
    if (w->status == 500)
        snprintf(w->headers, sizeof(w->headers), "Content-Type: text/html\r\n");
}

static void page_for_people_gives_a_clear_message(void **state)
{
    (void)state;
    begin(html_page);
    assert_int_equal(get("1", 5000, NULL), NUBE_E_PROVIDER);
    assert_non_null(strstr(err.message, "page for people"));
    assert_null(strchr(err.message, '<'));
}

static void empty_body_does_no_harm(void **state)
{
    (void)state;
    begin(html_page);
    get("empty", 3000, NULL);
    assert_int_equal(fake_count(server, "GET /nodes/empty"), 1);
}

/* ---- Retries ------------------------------------------------------------------------------- */

static void trouble_once(const struct asked *a, struct answer *w)
{
    if (login(a, w))
        return;
    w->body = NODE;
    if (a->nth > 1)
        return;
    if (is(a, "GET", "/nodes/429")) {
        w->status = 429;
        snprintf(w->headers, sizeof(w->headers), "Retry-After: 1\r\n");
    } else if (is(a, "GET", "/nodes/503")) {
        w->status = 503;
    } else if (is(a, "GET", "/nodes/cut")) {
        w->close_now = true;
    } else if (is(a, "POST", "/nodes/1/stop") || is(a, "POST", "/nodes")) {
        w->close_now = true;
    } else if (is(a, "POST", "/nodes/2/stop")) {
        w->status = 500;
    }
}

static void t22_rate_limit_is_obeyed_and_then_good(void **state)
{
    int64_t began = now_ms();

    (void)state;
    begin(trouble_once);
    assert_int_equal(get("429", 10000, NULL), 0);
    assert_true(now_ms() - began >= 1000);
    assert_int_equal(fake_count(server, "GET /nodes/429"), 2);
}

static void t22_get_is_retried_after_503_and_after_a_cut(void **state)
{
    (void)state;
    begin(trouble_once);
    assert_int_equal(get("503", 10000, NULL), 0);
    assert_int_equal(get("cut", 10000, NULL), 0);
    assert_int_equal(fake_count(server, "GET /nodes/503"), 2);
    assert_int_equal(fake_count(server, "GET /nodes/cut"), 2);
}

/* The same, but no connection that served a login serves anything else. */
static void trouble_once_fresh(const struct asked *a, struct answer *w)
{
    trouble_once(a, w);
    snprintf(w->headers, sizeof(w->headers), "Connection: close\r\n");
}

static void is_unknown_and_not_repeated(fake_script script)
{
    begin(script);
    nube_node_stop(conn, "1", NULL, NULL, &err);
    assert_int_equal(fake_count(server, "POST /nodes/1/stop"), 1);
    assert_int_equal(err.code, NUBE_E_OUTCOME_UNKNOWN);
    assert_int_equal(create(NULL), NUBE_E_OUTCOME_UNKNOWN);
    assert_int_equal(fake_count(server, "POST /nodes"), 1);
}

static void t25_t30_mutation_without_answer_is_unknown_and_not_repeated(void **state)
{
    (void)state;
    is_unknown_and_not_repeated(trouble_once_fresh);
}

static void t25_t30_nor_is_one_on_a_connection_that_served_before(void **state)
{
    (void)state;
    is_unknown_and_not_repeated(trouble_once);
}

static void t25_mutation_that_failed_is_not_repeated(void **state)
{
    (void)state;
    begin(trouble_once);
    assert_int_equal(nube_node_stop(conn, "2", NULL, NULL, &err), NUBE_E_PROVIDER);
    assert_int_equal(fake_count(server, "POST /nodes/2/stop"), 1);
}

/* ---- Undo ------------------------------------------------------------------------------------ */

static void start_fails(const struct asked *a, struct answer *w)
{
    if (login(a, w))
        return;
    w->body = NODE;
    if (is(a, "POST", "/nodes/1/start"))
        w->status = 400;
}

static void start_and_undo_fail(const struct asked *a, struct answer *w)
{
    start_fails(a, w);
    if (is(a, "DELETE", "/nodes/1"))
        w->status = 403;
}

static void failed_create_is_undone(void **state)
{
    (void)state;
    begin(start_fails);
    assert_int_equal(create(NULL), NUBE_E_USAGE);
    assert_int_equal(fake_count(server, "DELETE /nodes/1"), 1);
    assert_string_equal(err.resource, "");
}

static void failed_undo_leaves_the_resource_named(void **state)
{
    (void)state;
    begin(start_and_undo_fail);
    assert_int_equal(create(NULL), NUBE_E_USAGE);
    assert_int_equal(fake_count(server, "DELETE /nodes/1"), 1);
    assert_string_equal(err.resource, "1");
}

/* ---- Deadlines and cancels ------------------------------------------------------------------- */

static void silence(const struct asked *a, struct answer *w)
{
    if (!login(a, w))
        w->silent = true;
}

static void t22_deadline_against_silence(void **state)
{
    int64_t began;

    (void)state;
    begin(silence);
    began = now_ms();
    assert_int_equal(get("1", 300, NULL), NUBE_E_DEADLINE);
    assert_in_range(now_ms() - began, 299, 350);
}

static nube_cancel *cancel;
static int64_t fired;

static void fire(int sig)
{
    (void)sig;
    fired = now_ms();
    nube_cancel_fire(cancel);
}

static void *fire_later(void *data)
{
    poll(NULL, 0, 200);
    if (data)
        pthread_kill(*(pthread_t *)data, SIGUSR1);
    else
        fire(0);
    return NULL;
}

static void cancelled_in_time(pthread_t *self)
{
    pthread_t thread;

    begin(silence);
    assert_int_equal(nube_cancel_new(&cancel, &err), 0);
    signal(SIGUSR1, fire);
    pthread_create(&thread, NULL, fire_later, self);
    assert_int_equal(get("1", 5000, cancel), NUBE_E_CANCELLED);
    assert_in_range(now_ms() - fired, 0, 50);
    pthread_join(thread, NULL);
    nube_cancel_free(cancel);
}

static void cancel_from_another_thread(void **state)
{
    (void)state;
    cancelled_in_time(NULL);
}

static void cancel_from_a_signal_handler(void **state)
{
    pthread_t self = pthread_self();

    (void)state;
    cancelled_in_time(&self);
}

/* ---- Nothing is sent ---------------------------------------------------------------------------
 */

static char dry[2048];

static void keep_dry(void *payload, const char *text)
{
    (void)payload;
    snprintf(dry, sizeof(dry), "%s", text);
}

static void dry_run_prints_and_changes_nothing(void **state)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;

    (void)state;
    begin(three_pages);
    opts.flags = NUBE_CALL_DRY_RUN;
    opts.dry_run = keep_dry;
    dry[0] = '\0';
    assert_int_equal(create(&opts), 0);
    assert_non_null(strstr(dry, "POST"));
    assert_non_null(strstr(dry, "/nodes"));
    assert_null(strstr(dry, "t1"));
    assert_int_equal(fake_count(server, "POST /nodes"), 0);
}

static void line_break_in_an_argument_is_refused_before_any_request(void **state)
{
    (void)state;
    begin(three_pages);
    assert_int_equal(get("1\r\nX-Evil: yes", 0, NULL), NUBE_E_USAGE);
    assert_int_equal(fake_count(server, NULL), 0);
}

static void id_of_dots_is_refused(void **state)
{
    (void)state;
    begin(three_pages);
    assert_int_equal(get("..", 0, NULL), NUBE_E_USAGE);
    assert_int_equal(nube_node_stop(conn, "..", NULL, NULL, &err), NUBE_E_USAGE);
    assert_int_equal(fake_count(server, NULL), fake_count(server, "POST /token"));
}

/* ---- Many at once -------------------------------------------------------------------------------
 */

static nube_batch *three_lists(nube_conn *bad, nube_conn *more)
{
    nube_conn *const conns[] = {conn, bad, more};
    nube_batch *b;

    assert_int_equal(nube_batch_new(&b, lib, &err), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(nube_batch_add(b, conns[i], NUBE_OP_NODE_LIST, NULL, NULL, conns[i], &err),
                         0);
    return b;
}

struct tally {
    int nodes, bad, ends;
};

static void count_done(struct tally *t, struct nube_done *d, const nube_conn *bad)
{
    assert_ptr_equal(d->user, d->conn);
    if (d->conn == bad) {
        assert_int_equal(d->code, NUBE_E_AUTH);
        t->bad++;
    } else {
        assert_int_equal(d->code, 0);
        t->nodes += (int)nube_result_count(d->result);
    }
    t->ends += !d->more;
    nube_result_free(d->result);
}

static void check_tally(const struct tally *t, nube_batch *b, nube_conn *bad, nube_conn *more)
{
    assert_int_equal(nube_batch_pending(b), 0);
    nube_batch_free(b);
    nube_conn_free(bad);
    nube_conn_free(more);
    assert_int_equal(t->nodes, 8);
    assert_int_equal(t->bad, 1);
    assert_int_equal(t->ends, 3);
}

static void batch_of_three_gives_two_and_one_error(void **state)
{
    struct nube_done d = {.size = sizeof(d)};
    struct tally t = {0};
    nube_conn *bad, *more;
    nube_batch *b;
    int rc;

    (void)state;
    begin(three_pages);
    bad = connect_as("bad", "wrong");
    more = connect_as("more", "right");
    b = three_lists(bad, more);
    while ((rc = nube_batch_next(&d, b, &err)) == 1)
        count_done(&t, &d, bad);
    assert_int_equal(rc, 0);
    check_tally(&t, b, bad, more);
}

static void batch_is_driven_by_a_poll_loop(void **state)
{
    struct nube_done d = {.size = sizeof(d)};
    struct tally t = {0};
    struct pollfd p = {.events = POLLIN};
    nube_conn *bad, *more;
    nube_batch *b;
    int64_t end = now_ms() + 10000;

    (void)state;
    begin(three_pages);
    bad = connect_as("bad", "wrong");
    more = connect_as("more", "right");
    b = three_lists(bad, more);
    p.fd = nube_batch_fd(b);
    while (nube_batch_pending(b) && now_ms() < end) {
        while (nube_batch_step(&d, b, &err) == 1)
            count_done(&t, &d, bad);
        if (nube_batch_pending(b))
            poll(&p, 1, 2000);
    }
    check_tally(&t, b, bad, more);
}

static void *get_many(void *data)
{
    struct nube_error e = NUBE_ERROR_INIT;
    int *failed = data;

    for (int i = 0; i < 5; i++) {
        nube_node *node = NULL;

        *failed += nube_node_get(&node, conn, "1", NULL, &e) != 0;
        nube_obj_free(node);
    }
    return NULL;
}

static void T25_threads_with_a_dying_token_log_in_once(void **state)
{
    pthread_t threads[32];
    int failed[32] = {0};

    (void)state;
    begin(first_token_dies);
    for (int i = 0; i < 32; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, get_many, &failed[i]), 0);
    for (int i = 0; i < 32; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < 32; i++)
        assert_int_equal(failed[i], 0);
    assert_int_equal(fake_count(server, "POST /token"), 2);
}

static void *open_and_get(void *data)
{
    struct nube_hooks hooks = NUBE_HOOKS_INIT;
    struct nube_error e = NUBE_ERROR_INIT;
    nube_lib *own = NULL;
    nube_node *node = NULL;
    nube_conn *to = NULL;
    nube_args *args;
    char url[64];
    int *failed = data;

    snprintf(url, sizeof(url), "http://127.0.0.1:%d", fake_port(server));
    hooks.service_path = NUBE_TEST_SERVICES;
    nube_args_new(&args, &e);
    nube_args_set(args, "endpoint", url);
    nube_args_set(args, "password", "right");
    *failed = nube_lib_open(&own, &hooks, &e) || nube_driver_register(own, &fake_driver, &e) ||
              nube_connect(&to, own, "fake", "own", args, &e) ||
              nube_node_get(&node, to, "1", NULL, &e);
    nube_args_free(args);
    nube_obj_free(node);
    nube_conn_free(to);
    nube_lib_free(own);
    return NULL;
}

static void T25_many_libraries_are_opened_at_once(void **state)
{
    pthread_t threads[16];
    int failed[16] = {0};

    (void)state;
    begin(token_of_password);
    for (int i = 0; i < 16; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, open_and_get, &failed[i]), 0);
    for (int i = 0; i < 16; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < 16; i++)
        assert_int_equal(failed[i], 0);
}

enum { PAGES = 100, PAGE = 1000 };

static void big_pages(const struct asked *a, struct answer *w)
{
    int page = *a->query ? atoi(a->query + 7) : 0;
    char *at;

    if (login(a, w))
        return;
    w->owned = at = malloc(PAGE * 80 + 100);
    at += sprintf(at, "{\"servers\":[");
    for (int i = 0; i < PAGE; i++)
        at += sprintf(at, "%s{\"id\":\"%d\",\"name\":\"node-%d\",\"state\":\"ACTIVE\"}",
                      i ? "," : "", page * PAGE + i, i);
    if (page + 1 < PAGES)
        sprintf(at, "],\"next\":\"%d\"}", page + 1);
    else
        sprintf(at, "]}");
}

static long resident_kib(void)
{
    FILE *f = fopen("/proc/self/statm", "r");
    long all = 0, rss = 0;

    if (!f || fscanf(f, "%ld %ld", &all, &rss) != 2)
        rss = 0;
    if (f)
        fclose(f);
    return rss * (sysconf(_SC_PAGESIZE) / 1024);
}

static void t24_100000_objects_take_the_memory_of_a_page(void **state)
{
    const nube_obj *o;
    nube_iter *iter;
    long n = 0, early = 0, late = 0;
    int rc;

    (void)state;
    begin(big_pages);
    assert_int_equal(nube_node_list(&iter, conn, NULL, NULL, &err), 0);
    while ((rc = nube_iter_next(&o, iter, &err)) == 1) {
        assert_int_equal(atol(nube_id(o)), n);
        if (++n == PAGE * 20)
            early = resident_kib();
    }
    late = resident_kib();
    nube_iter_free(iter);
    assert_int_equal(rc, 0);
    assert_int_equal(n, PAGES * PAGE);
    assert_int_equal(fake_count(server, "GET /nodes"), PAGES);
#ifndef __SANITIZE_ADDRESS__ /* which keeps what is freed */
    assert_true(late - early < 8192);
#else
    (void)(late - early);
#endif
}

static void one_is_off(const struct asked *a, struct answer *w)
{
    if (!login(a, w))
        w->body = is(a, "GET", "/nodes")
                      ? "{\"servers\":[{\"id\":\"1\",\"name\":\"one\",\"state\":\"SHUTOFF\"}]}"
                      : "{}";
}

static int stop_one(unsigned flags)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;

    opts.flags = flags;
    return nube_node_stop(conn, "1", NULL, &opts, &err);
}

static void action_that_the_seen_state_forbids_is_refused_here(void **state)
{
    (void)state;
    begin(one_is_off);
    assert_int_equal(stop_one(0), 0); /* nothing is known of it yet: the provider decides */
    assert_int_equal(list(NULL, NULL, 0, 0), 1);
    assert_int_equal(stop_one(0), NUBE_E_STATE);
    assert_non_null(strstr(err.message, "SHUTOFF"));
    assert_non_null(strstr(err.message, "destroy"));
    assert_int_equal(fake_count(server, "POST /nodes/1/stop"), 1);
    assert_int_equal(stop_one(NUBE_CALL_FORCE_STATE), 0);
    assert_int_equal(fake_count(server, "POST /nodes/1/stop"), 2);
    assert_int_equal(stop_one(0), 0); /* something was done to it: what was seen is old */
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
        T(t10_two_accounts_do_not_share_headers),
        T(t09_every_status_has_its_class),
        T(redirect_is_not_followed_and_the_message_says_so),
        T(page_for_people_gives_a_clear_message),
        T(empty_body_does_no_harm),
        T(t22_rate_limit_is_obeyed_and_then_good),
        T(t22_get_is_retried_after_503_and_after_a_cut),
        T(t25_t30_mutation_without_answer_is_unknown_and_not_repeated),
        T(t25_t30_nor_is_one_on_a_connection_that_served_before),
        T(t25_mutation_that_failed_is_not_repeated),
        T(failed_create_is_undone),
        T(failed_undo_leaves_the_resource_named),
        T(t22_deadline_against_silence),
        T(cancel_from_another_thread),
        T(cancel_from_a_signal_handler),
        T(dry_run_prints_and_changes_nothing),
        T(line_break_in_an_argument_is_refused_before_any_request),
        T(id_of_dots_is_refused),
        T(batch_of_three_gives_two_and_one_error),
        T(batch_is_driven_by_a_poll_loop),
        T(T25_many_libraries_are_opened_at_once),
        T(T25_threads_with_a_dying_token_log_in_once),
        T(action_that_the_seen_state_forbids_is_refused_here),
        T(t24_100000_objects_take_the_memory_of_a_page),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
