/* Time against a misbehaving server: retries, rates, deadlines, cancels and clocks. */
#include "engine_help.h"

#include <arpa/inet.h>
#include <nube/batch.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>

enum { PROMPT_MS = 50, TRIES = 5 };

/* ---- Retries -------------------------------------------------------------------------- */

static void retry_after_in_seconds_is_obeyed(void **state)
{
    int64_t before;

    (void)state;
    begin(
        LOGIN ROUTE("GET", "/servers/1", "{'status': 429, 'headers': {'Retry-After': '1'}}," NODE));
    before = now_ms();
    assert_int_equal(GET("1"), 0);
    assert_true(now_ms() - before >= 1000);
    assert_int_equal(count("GET /servers/1"), 2);
}

/* Of the server's clock, which is an hour ahead: its Date says so. */
static void retry_after_as_a_date_is_obeyed(void **state)
{
    char routes[2048], date[64], later[64];
    time_t t = time(NULL) + 3600, then = t + 2;
    struct tm tm;
    int64_t before;

    (void)state;
    strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&t, &tm));
    strftime(later, sizeof(later), "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&then, &tm));
    snprintf(routes, sizeof(routes),
             LOGIN ROUTE("GET", "/servers/1",
                         "{'status': 503, 'headers': {'Date': '%s', 'Retry-After': '%s'}}," NODE),
             date, later);
    begin(routes);
    before = now_ms();
    assert_int_equal(GET("1"), 0);
    assert_in_range(now_ms() - before, 900, 4000);
}

static void retry_after_past_the_deadline_fails_at_once(void **state)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    int64_t before;

    (void)state;
    opts.deadline_ms = 20000;
    begin(LOGIN ROUTE("GET", "/servers/1", "{'status': 429, 'headers': {'Retry-After': '60'}}"));
    before = now_ms();
    assert_int_equal(CALL(NODE_GET, &opts, "id", "1"), NUBE_E_RATE);
    assert_true(now_ms() - before < 10000);
    assert_int_equal(err.retry_after_ms, 60000);
    assert_int_equal(err.attempts, 1);
}

/* What one call was told holds for the account. */
static void account_that_was_slowed_down_waits(void **state)
{
    int64_t before;

    (void)state;
    begin_with(LOGIN ROUTE("GET", "/servers/1", "{'status': 429, 'headers': {'Retry-After': '1'}}")
                   ROUTE("GET", "/servers/2", NODE),
               "retries", "0");
    assert_int_equal(GET("1"), NUBE_E_RATE);
    before = now_ms();
    assert_int_equal(GET("2"), 0);
    assert_true(now_ms() - before >= 900);
}

static void slowed_account_fails_at_once_when_waiting_is_in_vain(void **state)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    int64_t before;

    (void)state;
    opts.deadline_ms = 20000;
    begin_with(
        LOGIN ROUTE("GET", "/servers/1", "{'status': 429, 'headers': {'Retry-After': '60'}}"),
        "retries", "0");
    assert_int_equal(GET("1"), NUBE_E_RATE);
    before = now_ms();
    assert_int_equal(CALL(NODE_GET, &opts, "id", "2"), NUBE_E_RATE);
    assert_true(now_ms() - before < 10000);
    assert_in_range(err.retry_after_ms, 50000, 60000);
    assert_int_equal(err.retryable, NUBE_YES);
    assert_int_equal(count("GET /servers/2"), 0);
}

static void retries_are_as_many_as_the_option_says(void **state)
{
    (void)state;
    begin_with(LOGIN ROUTE("GET", "/servers/1", "{'status': 502}"), "retries", "2");
    assert_int_equal(GET("1"), NUBE_E_PROVIDER);
    assert_int_equal(count("GET /servers/1"), 3);
    assert_int_equal(err.attempts, 3);
}

/* A provider that is down gets a hundred retries from one connection, and then first attempts only.
 */
static void retries_have_a_budget(void **state)
{
    struct nube_done done = {.size = sizeof(done)};
    nube_batch *batch;
    nube_args *args;
    int i, n = 0;

    (void)state;
    begin_with(LOGIN ROUTE("GET", "/servers/*", "{'status': 502}"), "retries", "1");
    assert_int_equal(nube_args_new(&args, &err), 0);
    nube_args_set(args, "id", "1");
    assert_int_equal(nube_batch_new(&batch, lib, &err), 0);
    for (i = 0; i < 150; i++)
        assert_int_equal(nube_batch_add(batch, conn, NUBE_OP_NODE_GET, args, NULL, NULL, &err), 0);
    while (nube_batch_next(&done, batch, &err) == 1) {
        assert_int_equal(done.code, NUBE_E_PROVIDER);
        nube_result_free(done.result);
        n++;
    }
    assert_int_equal(n, 150);
    assert_int_equal(count("GET /servers/1"), 250);
    nube_batch_free(batch);
    nube_args_free(args);
}

static void nobody_listens(void **state)
{
    (void)state;
    begin(LOGIN);
    faultd_stop(&server);
    assert_int_equal(GET("1"), NUBE_E_CONNECT);
    assert_int_equal(err.attempts, 3);
    assert_non_null(strstr(err.message, "127.0.0.1"));
}

static void T22_status_of_an_error_whose_body_never_comes(void **state)
{
    (void)state;
    begin_with(
        LOGIN ROUTE("GET", "/servers/1",
                    "{'status': 403, 'json': {'error': {'message': 'no'}}, 'body_delay': 0.3}"),
        "idle_timeout", "5s");
    assert_int_equal(GET("1"), NUBE_E_FORBIDDEN);
    assert_string_equal(err.message, "no");
}

static void T22_silence_ends_a_transfer(void **state)
{
    int64_t before;

    (void)state;
    begin_with(LOGIN ROUTE("GET", "/servers/1", "{'never': true}," NODE)
                   ROUTE("POST", "/servers/1/stop", "{'never': true}"),
               "idle_timeout", "1s");
    before = now_ms();
    assert_int_equal(GET("1"), 0);
    assert_in_range(now_ms() - before, 900, 8000);
    assert_int_equal(count("GET /servers/1"), 2);
    assert_int_equal(CALL(NODE_STOP, NULL, "id", "1"), NUBE_E_OUTCOME_UNKNOWN);
    assert_int_equal(count("POST /servers/1/stop"), 1);
}

/* ---- Deadlines --------------------------------------------------------------------------- */

/* A server that accepts and says nothing. */
static void begin_silent(void)
{
    const char *args[] = {"--accept", "silent", NULL};

    assert_int_equal(faultd_start(&server, "{\"routes\": []}", args), 0);
    open_lib();
    conn = connect_to(server.port, SECRET, NULL, NULL);
}

static void T22_deadline_against_silence_is_kept_and_says_what_was_waited_for(void **state)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    int64_t took, best = INT64_MAX;
    char host[32];
    int i;

    (void)state;
    opts.deadline_ms = 300;
    begin_silent();
    for (i = 0; i < TRIES && best > opts.deadline_ms + PROMPT_MS; i++) {
        took = now_ms();
        assert_int_equal(CALL(NODE_GET, &opts, "id", "1"), NUBE_E_DEADLINE);
        took = now_ms() - took;
        assert_true(took >= opts.deadline_ms - 1);
        best = took < best ? took : best;
    }
    assert_in_range(best, opts.deadline_ms - 1, opts.deadline_ms + PROMPT_MS);
    snprintf(host, sizeof(host), "127.0.0.1:%d", server.port);
    assert_non_null(strstr(err.message, host));
    assert_non_null(strstr(err.message, "POST /token"));
}

static void deadline_covers_all_pages(void **state)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    nube_iter *iter;
    const nube_obj *o;
    int rc;

    (void)state;
    opts.deadline_ms = 700;
    begin(LOGIN ROUTE("GET", "/servers",
                      "{'delay': 0.2, 'list': {'count': 100, 'page': 10, 'key': 'servers'}}"));
    assert_int_equal(nube_node_list(&iter, conn, NULL, &opts, &err), 0);
    while ((rc = nube_iter_next(&o, iter, &err)) == 1)
        ;
    assert_int_equal(rc, NUBE_E_DEADLINE);
    assert_true(count("GET /servers") < 6);
    nube_iter_free(iter);
}

static void deadline_covers_the_pause_before_a_retry(void **state)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    int64_t before = now_ms();

    (void)state;
    opts.deadline_ms = 500;
    begin_with(LOGIN ROUTE("GET", "/servers/1", "{'status': 502}"), "retries", "10");
    assert_int_not_equal(CALL(NODE_GET, &opts, "id", "1"), 0);
    assert_true(now_ms() - before < 5000);
}

/* A listener whose queue is full: the handshake is never answered. */
static int full_listener(int *port, int *fillers, int n)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(a);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), i;

    assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
    assert_int_equal(listen(fd, 0), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
    *port = ntohs(a.sin_port);
    for (i = 0; i < n; i++) {
        fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (connect(fillers[i], (struct sockaddr *)&a, sizeof(a)) == 0)
            continue; /* else under way, which fills it too */
    }
    return fd;
}

static void change_that_never_got_a_connection_is_known_not_to_have_happened(void **state)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    int fillers[4], port, i, fd = full_listener(&port, fillers, 4);
    char url[64];

    (void)state;
    opts.deadline_ms = 500;
    begin(LOGIN);
    snprintf(url, sizeof(url), "http://127.0.0.1:%d/x", port);
    assert_int_equal(CALL(NODE_ACTION, &opts, "action", "send", "id", "1", "to", url),
                     NUBE_E_DEADLINE);
    for (i = 0; i < 4; i++)
        close(fillers[i]);
    close(fd);
}

static void change_without_an_answer_is_unknown_at_its_deadline(void **state)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;

    (void)state;
    opts.deadline_ms = 500;
    begin(LOGIN ROUTE("POST", "/servers/1/stop", "{'never': true}"));
    assert_int_equal(CALL(NODE_STOP, &opts, "id", "1"), NUBE_E_OUTCOME_UNKNOWN);
    assert_non_null(strstr(err.message, "POST /servers/1/stop"));
    assert_int_equal(count("POST /servers/1/stop"), 1);
}

static void call_without_a_deadline_does_not_wait_a_day_for_a_retry(void **state)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;

    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", "{'status': 429, 'headers': {'Retry-After': '86400'}}"));
    opts.deadline_ms = -1;
    alarm(30);
    assert_int_equal(CALL(NODE_GET, &opts, "id", "1"), NUBE_E_RATE);
    alarm(0);
    assert_int_equal(err.retry_after_ms, 86400000);
}

/* The look at it, which hangs as well, is not what matters. */
static void change_beside_a_look_is_unknown_at_its_deadline(void **state)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;

    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", "{'never': true}")
              ROUTE("POST", "/servers/1/reset", "{'never': true}"));
    opts.deadline_ms = 500;
    assert_int_equal(CALL(NODE_ACTION, &opts, "action", "both", "id", "1"), NUBE_E_OUTCOME_UNKNOWN);
    assert_non_null(strstr(err.message, "POST /servers/1/reset"));
}

/* ---- Cancels -------------------------------------------------------------------------------- */

static nube_cancel *sw;
static _Atomic int64_t fired_at;

/* At a moment when libcurl has no timer of its own, which would wake the call as well. */
static void *fire_soon(void *data)
{
    struct timespec t = {0, 330000000};

    (void)data;
    nanosleep(&t, NULL);
    fired_at = now_ms();
    nube_cancel_fire(sw);
    return NULL;
}

static void on_alarm(int number)
{
    (void)number;
    fired_at = now_ms();
    nube_cancel_fire(sw);
}

/* Most of the calls end within the promised time of their cancel: a busy machine may delay some. */
static void ends_promptly(void (*arm)(void), void (*disarm)(void))
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    int prompt = 0, i;

    begin_silent();
    assert_int_equal(nube_cancel_new(&sw, &err), 0);
    opts.cancel = sw;
    for (i = 0; i < TRIES; i++) {
        nube_cancel_reset(sw);
        arm();
        assert_int_equal(CALL(NODE_GET, &opts, "id", "1"), NUBE_E_CANCELLED);
        prompt += now_ms() - fired_at <= PROMPT_MS;
        disarm();
    }
    nube_cancel_free(sw);
    assert_in_range(prompt, TRIES / 2 + 1, TRIES);
}

static pthread_t thread;

static void arm_thread(void)
{
    assert_int_equal(pthread_create(&thread, NULL, fire_soon, NULL), 0);
}

/* A call may end before the write to the switch's descriptor has returned. */
static void join_thread(void)
{
    pthread_join(thread, NULL);
}

static void arm_alarm(void)
{
    struct itimerval in = {.it_value.tv_usec = 330000};

    signal(SIGALRM, on_alarm);
    assert_int_equal(setitimer(ITIMER_REAL, &in, NULL), 0);
}

static void restore_alarm(void)
{
    signal(SIGALRM, SIG_DFL);
}

static void cancel_from_another_thread_ends_a_silent_call(void **state)
{
    (void)state;
    ends_promptly(arm_thread, join_thread);
}

static void cancel_from_a_signal_handler_ends_a_silent_call(void **state)
{
    (void)state;
    ends_promptly(arm_alarm, restore_alarm);
}

static void switch_that_was_fired_before_sends_nothing(void **state)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;

    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", NODE));
    assert_int_equal(nube_cancel_new(&opts.cancel, &err), 0);
    nube_cancel_fire(opts.cancel);
    assert_int_equal(CALL(NODE_GET, &opts, "id", "1"), NUBE_E_CANCELLED);
    assert_int_equal(count("requests"), 0);
    nube_cancel_reset(opts.cancel);
    assert_int_equal(CALL(NODE_GET, &opts, "id", "1"), 0);
    nube_cancel_free(opts.cancel);
}

static void deadline_at_the_end_of_time_is_none(void **state)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    struct nube_wait wait = NUBE_WAIT_INIT;
    const char *const ids[] = {"1"};

    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", "{'json': {'id': '1', 'state': 'BUILD'}}," NODE));
    opts.deadline_ms = INT64_MAX;
    assert_int_equal(CALL(NODE_GET, &opts, "id", "1"), 0);
    assert_int_equal(nube_node_wait(conn, ids, 1, &wait, &opts, NULL, &err), 0);
}

/* ---- Clocks --------------------------------------------------------------------------------- */

static void clock_of_the_server_is_learnt_from_its_date(void **state)
{
    char routes[1024], date[64];
    time_t t = time(NULL) + 7200;
    struct nube_value v = {.size = sizeof(v)};
    struct tm tm;

    (void)state;
    strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&t, &tm));
    snprintf(routes, sizeof(routes),
             LOGIN ROUTE("GET", "/servers/1", "{'headers': {'Date': '%s'}, 'json': {'id': '1'}}"),
             date);
    begin(routes);
    assert_int_equal(GET("1"), 0);
    assert_int_equal(nube_extra_get(nube_result_at(result, 0), "now", &v), 1);
    assert_in_range(v.num / 1000, t - 1, t + 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(retry_after_in_seconds_is_obeyed),
        TEST(retry_after_as_a_date_is_obeyed),
        TEST(retry_after_past_the_deadline_fails_at_once),
        TEST(account_that_was_slowed_down_waits),
        TEST(slowed_account_fails_at_once_when_waiting_is_in_vain),
        TEST(retries_are_as_many_as_the_option_says),
        TEST(retries_have_a_budget),
        TEST(nobody_listens),
        TEST(T22_status_of_an_error_whose_body_never_comes),
        TEST(T22_silence_ends_a_transfer),
        TEST(T22_deadline_against_silence_is_kept_and_says_what_was_waited_for),
        TEST(deadline_covers_all_pages),
        TEST(deadline_covers_the_pause_before_a_retry),
        TEST(change_that_never_got_a_connection_is_known_not_to_have_happened),
        TEST(change_without_an_answer_is_unknown_at_its_deadline),
        TEST(cancel_from_another_thread_ends_a_silent_call),
        TEST(cancel_from_a_signal_handler_ends_a_silent_call),
        TEST(switch_that_was_fired_before_sends_nothing),
        TEST(change_beside_a_look_is_unknown_at_its_deadline),
        TEST(call_without_a_deadline_does_not_wait_a_day_for_a_retry),
        TEST(deadline_at_the_end_of_time_is_none),
        TEST(clock_of_the_server_is_learnt_from_its_date),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
