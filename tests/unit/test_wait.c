/* Waiting for nodes and finding one, against a server that changes its mind. */
#include "engine_help.h"

#include <pthread.h>

#define STATE(id, word)                                                                            \
    "{'json': {'id': '" id "', 'name': 'n" id "', 'state': '" word "'}, 'token': 't'}"

static const char *const one[] = {"1"};

static int wait_for(const char *states, unsigned flags, int64_t deadline_ms)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    struct nube_wait wait = NUBE_WAIT_INIT;

    wait.states = states;
    wait.flags = flags;
    wait.interval_ms = 10;
    opts.deadline_ms = deadline_ms;
    return nube_node_wait(conn, one, 1, &wait, &opts, NULL, &err);
}

static void until_a_state_is_there(void **state)
{
    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", STATE("1", "BUILD") "," STATE("1", "BUILD") "," NODE));
    assert_int_equal(wait_for("running", 0, 5000), 0);
    assert_int_equal(count("GET /servers/1"), 3);
}

static void until_the_provider_s_own_word(void **state)
{
    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", STATE("1", "BUILD") "," NODE));
    assert_int_equal(wait_for("stopped, active", 0, 5000), 0);
}

static void a_word_that_is_no_state_sends_nothing(void **state)
{
    struct nube_wait wait = NUBE_WAIT_INIT;
    int code = 0;

    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", NODE));
    wait.states = "running,soon";
    assert_int_equal(nube_node_wait(conn, one, 1, &wait, NULL, &code, &err), NUBE_E_USAGE);
    assert_int_equal(code, NUBE_E_USAGE);
    assert_non_null(strstr(err.message, "soon"));
    assert_int_equal(count("GET /servers/1"), 0);
}

static void while_a_state_lasts(void **state)
{
    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", STATE("1", "BUILD") "," STATE("1", "SHUTOFF")));
    assert_int_equal(wait_for("pending", NUBE_WAIT_WHILE, 5000), 0);
    assert_int_equal(count("GET /servers/1"), 2);
}

static void until_it_is_gone(void **state)
{
    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", NODE ",{'status': 404, 'json': {}, 'token': 't'}"));
    assert_int_equal(wait_for(NULL, NUBE_WAIT_GONE, 5000), 0);
}

static void T29_a_failed_node_ends_the_wait_at_once(void **state)
{
    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", STATE("1", "ERROR")));
    assert_int_equal(wait_for("running", 0, 5000), NUBE_E_STATE);
    assert_int_equal(count("GET /servers/1"), 1);
    assert_non_null(strstr(err.message, "ERROR"));
    assert_string_equal(err.resource, "1");
}

static void a_node_that_is_not_there_ends_it(void **state)
{
    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", "{'status': 404, 'json': {}, 'token': 't'}"));
    assert_int_equal(wait_for("running", 0, 5000), NUBE_E_NOT_FOUND);
}

static int wait_after(enum nube_op op, int64_t deadline_ms)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    struct nube_wait wait = NUBE_WAIT_INIT;

    wait.after = op;
    wait.interval_ms = 10;
    opts.deadline_ms = deadline_ms;
    return nube_node_wait(conn, one, 1, &wait, &opts, NULL, &err);
}

static void what_was_started_and_has_ended_ends_the_wait_at_once(void **state)
{
    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", STATE("1", "BUILD") "," STATE("1", "SHUTOFF")));
    assert_int_equal(wait_after(NUBE_OP_NODE_CREATE, 20000), NUBE_E_STATE);
    assert_int_equal(count("GET /servers/1"), 2);
    assert_non_null(strstr(err.message, "was started and has ended, last seen as SHUTOFF"));
}

static void what_is_still_off_after_a_start_is_waited_for(void **state)
{
    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", STATE("1", "SHUTOFF") "," STATE("1", "BUILD") "," NODE));
    assert_int_equal(wait_after(NUBE_OP_NODE_START, 20000), 0);
    assert_int_equal(count("GET /servers/1"), 3);
}

static void T29_only_the_wanted_nodes_are_looked_at(void **state)
{
    const char *const ids[] = {"1", "2"};
    struct nube_wait wait = NUBE_WAIT_INIT;
    int codes[2] = {1, 1};

    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", NODE)
              ROUTE("GET", "/servers/2", STATE("2", "BUILD") "," STATE("2", "ERROR")));
    wait.interval_ms = 10;
    assert_int_equal(nube_node_wait(conn, ids, 2, &wait, NULL, codes, &err), NUBE_E_STATE);
    assert_int_equal(codes[0], 0);
    assert_int_equal(codes[1], NUBE_E_STATE);
    assert_int_equal(count("GET /servers/1"), 1); /* it had arrived */
    assert_int_equal(count("GET /servers/2"), 2);
    assert_int_equal(count("GET /servers"), 0);
}

static void T29_a_node_with_an_IPv6_address_alone_is_fine(void **state)
{
    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1",
                      "{'json': {'id': '1', 'name': 'one', 'state': 'ACTIVE', 'ip': 'fd00::1'}, "
                      "'token': 't'}"));
    assert_int_equal(wait_for("running", 0, 5000), 0);
}

static void the_deadline_names_the_last_state(void **state)
{
    int64_t begun = now_ms();

    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", STATE("1", "BUILD")));
    assert_int_equal(wait_for("running", 0, 200), NUBE_E_DEADLINE);
    assert_in_range(now_ms() - begun, 200, 3000);
    assert_non_null(strstr(err.message, "BUILD"));
}

static void *fire_soon(void *sw)
{
    struct timespec t = {0, 200000000};

    nanosleep(&t, NULL);
    nube_cancel_fire(sw);
    return NULL;
}

static void a_cancel_ends_it(void **state)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    struct nube_wait wait = NUBE_WAIT_INIT;
    int64_t begun = now_ms();
    pthread_t thread;

    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", STATE("1", "BUILD")));
    wait.interval_ms = 10000; /* it would sleep, were it not for the switch */
    assert_int_equal(nube_cancel_new(&opts.cancel, &err), 0);
    assert_int_equal(pthread_create(&thread, NULL, fire_soon, opts.cancel), 0);
    assert_int_equal(nube_node_wait(conn, one, 1, &wait, &opts, NULL, &err), NUBE_E_CANCELLED);
    assert_true(now_ms() - begun < 5000);
    pthread_join(thread, NULL);
    nube_cancel_free(opts.cancel);
}

static void after_a_reboot_the_old_state_is_not_the_new_one(void **state)
{
    struct nube_wait wait = NUBE_WAIT_INIT;

    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", NODE "," NODE "," STATE("1", "REBOOT") "," NODE));
    wait.interval_ms = 10;
    wait.after = NUBE_OP_NODE_REBOOT;
    assert_int_equal(nube_node_wait(conn, one, 1, &wait, NULL, NULL, &err), 0);
    assert_int_equal(count("GET /servers/1"), 4);
}

static char heard[128];

static void hear(void *payload, const struct nube_progress *p)
{
    (void)payload;
    assert_int_equal(p->kind, 2);
    strncat(heard, p->text, sizeof(heard) - strlen(heard) - 2);
    strncat(heard, " ", 2);
}

static void each_change_is_told(void **state)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    struct nube_wait wait = NUBE_WAIT_INIT;

    (void)state;
    heard[0] = '\0';
    begin(LOGIN ROUTE("GET", "/servers/1", STATE("1", "BUILD") "," STATE("1", "BUILD") "," NODE));
    wait.interval_ms = 10;
    opts.progress = hear;
    assert_int_equal(nube_node_wait(conn, one, 1, &wait, &opts, NULL, &err), 0);
    assert_string_equal(heard, "BUILD ACTIVE ");
}

static void a_word_that_is_no_state_is_refused_before_any_request(void **state)
{
    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", NODE));
    assert_int_equal(wait_for("runing", 0, 1000), NUBE_E_USAGE);
    assert_non_null(strstr(err.message, "runing"));
    assert_int_equal(count("requests"), 0);
}

/* ---- Finding ------------------------------------------------------------------------- */

#define SERVERS                                                                                    \
    LOGIN ROUTE("GET", "/servers",                                                                 \
                "{'token': 't', 'json': {'servers': ["                                             \
                "{'id': 'a1', 'name': 'web', 'state': 'ACTIVE', 'ip': '10.0.0.1'},"                \
                "{'id': 'a2', 'name': 'web-2', 'state': 'ACTIVE', 'ip': '10.0.0.2'},"              \
                "{'id': 'b2', 'name': 'db', 'state': 'ACTIVE', 'ip': '10.0.0.4'},"                 \
                "{'id': 'b1', 'name': 'db', 'state': 'ACTIVE', 'ip': 'fd00::1'}]}}")

static void found(const char *text, unsigned flags, const char *id)
{
    nube_node *node;

    if (nube_node_find(&node, conn, text, flags, NULL, &err))
        fail_msg("%s: %s", text, err.message);
    assert_string_equal(nube_id(node), id);
    nube_obj_free(node);
}

static int not_found(const char *text, unsigned flags)
{
    nube_node *node;
    int rc = nube_node_find(&node, conn, text, flags, NULL, &err);

    assert_null(node);
    return rc;
}

static void a_node_is_found_by_id_name_and_address(void **state)
{
    (void)state;
    begin(SERVERS);
    found("a2", 0, "a2");
    found("web", NUBE_FIND_PREFIX,
          "a1"); /* the whole name is better than the beginning of another */
    found("fd00::1", 0, "b1");
    found("web-", NUBE_FIND_PREFIX, "a2");
    assert_int_equal(not_found("web-", 0), NUBE_E_NOT_FOUND);
    assert_non_null(strstr(err.message, "web-"));
}

static void T03_what_fits_several_is_refused_with_the_candidates(void **state)
{
    (void)state;
    begin(SERVERS);
    assert_int_equal(not_found("db", 0), NUBE_E_AMBIGUOUS);
    assert_non_null(strstr(err.message, "b1"));
    assert_non_null(strstr(err.message, "b2"));
    assert_int_equal(not_found("a", NUBE_FIND_PREFIX), NUBE_E_AMBIGUOUS);
    found("db", NUBE_FIND_FIRST, "b1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(until_a_state_is_there),
        TEST(until_the_provider_s_own_word),
        TEST(a_word_that_is_no_state_sends_nothing),
        TEST(while_a_state_lasts),
        TEST(until_it_is_gone),
        TEST(T29_a_failed_node_ends_the_wait_at_once),
        TEST(a_node_that_is_not_there_ends_it),
        TEST(what_was_started_and_has_ended_ends_the_wait_at_once),
        TEST(what_is_still_off_after_a_start_is_waited_for),
        TEST(T29_only_the_wanted_nodes_are_looked_at),
        TEST(T29_a_node_with_an_IPv6_address_alone_is_fine),
        TEST(the_deadline_names_the_last_state),
        TEST(a_cancel_ends_it),
        TEST(after_a_reboot_the_old_state_is_not_the_new_one),
        TEST(each_change_is_told),
        TEST(a_word_that_is_no_state_is_refused_before_any_request),
        TEST(a_node_is_found_by_id_name_and_address),
        TEST(T03_what_fits_several_is_refused_with_the_candidates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
