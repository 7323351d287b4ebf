/* Changes against a misbehaving server: never made twice, undone when they fail, or named. */
#include "engine_help.h"

#define POSTED                                                                                     \
    "{'status': 201, 'json': {'id': '7', 'name': 'n', 'password': 'hunter22', 'state': 'BUILD'}}"
#define POST    ROUTE("POST", "/servers", POSTED)
#define STARTED ROUTE("POST", "/servers/7/start", "{'status': 204}")
#define GOT                                                                                        \
    ROUTE("GET", "/servers/7",                                                                     \
          "{'json': {'id': '7', 'name': 'n', 'state': 'ACTIVE', 'ip': '10.0.0.7'}}")
#define DELETED ROUTE("DELETE", "/servers/7", "{'status': 204}")

static void deadline(struct nube_call_opts *opts, int64_t ms)
{
    *opts = (struct nube_call_opts)NUBE_CALL_OPTS_INIT;
    opts->deadline_ms = ms;
}

static const nube_obj *node(void)
{
    return nube_result_at(result, 0);
}

/* ---- Once, and only once ---------------------------------------------------------------- */

static void create_that_goes_well_gives_the_node_and_its_password(void **state)
{
    struct nube_address a = {.size = sizeof(a)};

    (void)state;
    begin(LOGIN POST STARTED GOT);
    assert_int_equal(CREATE(NULL, NULL), 0);
    assert_string_equal(nube_id(node()), "7");
    assert_string_equal(nube_str(node(), NUBE_PASSWORD), "hunter22");
    assert_int_equal(nube_node_state(node()), NUBE_STATE_RUNNING);
    assert_true(nube_address_at(node(), 0, &a) >= 0);
    assert_string_equal(a.value, "10.0.0.7");
    assert_string_equal(nube_str(node(), NUBE_BACKEND), "acc");
    assert_int_equal(count("requests"), 4);
}

static void T30_create_without_an_answer_is_not_repeated(void **state)
{
    (void)state;
    begin(
        LOGIN ROUTE("POST", "/servers",
                    "{'close': 'after'},"
                    "{'close': 'after', 'reset': true}, {'cut': 5, 'json': {'id': '7'}}," POSTED));
    for (int i = 1; i <= 3; i++) {
        assert_int_equal(CREATE(NULL, NULL), NUBE_E_OUTCOME_UNKNOWN);
        assert_non_null(strstr(err.message, "look before trying again"));
        assert_non_null(strstr(err.message, "POST /servers"));
        assert_int_equal(count("POST /servers"), i);
        assert_int_equal(nube_result_count(result), 0);
    }
}

/* The connection served before, so that a fresh one could be tried: it is not, since this one took
 * it. */
static void T30_destroy_over_a_warm_connection_is_not_repeated(void **state)
{
    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", NODE)
              ROUTE("DELETE", "/servers/1", "{'close': 'after'}"));
    assert_int_equal(GET("1"), 0);
    assert_int_equal(CALL(NODE_DESTROY, NULL, "id", "1"), NUBE_E_OUTCOME_UNKNOWN);
    assert_int_equal(count("DELETE /servers/1"), 1);
}

static void T30_create_with_a_token_is_repeated(void **state)
{
    (void)state;
    begin(LOGIN ROUTE("POST", "/servers",
                      "{'close': 'after'}, {'cut': 5, 'json': {'id': '7'}}," POSTED) STARTED GOT);
    assert_int_equal(CREATE(NULL, "token", "yes"), 0);
    assert_int_equal(count("POST /servers"), 3);
    assert_int_equal(seen("\\\"token\\\":\\\"once\\\""), 3);
    assert_int_equal(nube_result_count(result), 1);
}

static void T30_only_an_answer_that_says_so_lets_a_change_be_repeated(void **state)
{
    static const struct {
        const char *id, *reply;
        int code, requests;
    } rows[] = {
        {"a", "{'status': 500}", NUBE_E_PROVIDER, 1},
        {"b", "{'status': 502}", NUBE_E_PROVIDER, 1},
        {"c", "{'status': 503}", NUBE_E_PROVIDER, 1},
        {"d", "{'status': 503, 'headers': {'Retry-After': '1'}}", 0, 2},
        {"e", "{'status': 429}", 0, 2},
        {"f", "{'status': 409, 'json': {'error': {'code': 'busy', 'message': 'm'}}}", 0, 2},
        {"g", "{'status': 409}", NUBE_E_CONFLICT, 1},
        {"h", "{'status': 401}", 0, 2},
    };
    char routes[4096] = LOGIN, one[512];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        snprintf(one, sizeof(one), ROUTE("POST", "/servers/%s/stop", "%s, {'status': 204}"),
                 rows[i].id, rows[i].reply);
        strncat(routes, one, sizeof(routes) - strlen(routes) - 1);
    }
    begin(routes);
    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        snprintf(one, sizeof(one), "POST /servers/%s/stop", rows[i].id);
        assert_int_equal(CALL(NODE_STOP, NULL, "id", rows[i].id), rows[i].code);
        assert_int_equal(count(one), rows[i].requests);
    }
}

#define NONE_YET "{'json': {'servers': []}}"
#define THERE                                                                                      \
    "{'json': {'servers': [{'id': '6', 'state': 'ACTIVE', 'tags': {'nube-client-token': "          \
    "'other'}}, {'id': '7', 'state': 'ACTIVE', 'tags': {'nube-client-token': 'k1'}}]}}"

/* node create with the caller's key; the code. */
static int create_once(const char *key, nube_node **made)
{
    nube_args *args;
    int rc;

    assert_int_equal(nube_args_new(&args, &err), 0);
    nube_args_set(args, "image", "i");
    nube_args_set(args, "client_token", key);
    rc = nube_node_create(made, conn, args, NULL, &err);
    nube_args_free(args);
    return rc;
}

static void create_with_a_key_marks_the_node_and_finds_it_again(void **state)
{
    nube_node *made;

    (void)state;
    begin(LOGIN ROUTE("GET", "/servers", NONE_YET "," THERE) POST STARTED GOT);
    assert_int_equal(create_once("k1", &made), 0);
    assert_string_equal(nube_id(made), "7");
    nube_obj_free(made);
    assert_int_equal(seen("nube-client-token"), 1);
    assert_int_equal(create_once("k1", &made), 0);
    assert_string_equal(nube_id(made), "7");
    nube_obj_free(made);
    assert_int_equal(count("POST /servers"), 1);
}

static void create_with_a_key_whose_answer_is_lost_is_found_again(void **state)
{
    nube_node *made;

    (void)state;
    begin(LOGIN ROUTE("GET", "/servers", NONE_YET "," THERE)
              ROUTE("POST", "/servers", "{'close': 'after'}"));
    assert_int_equal(create_once("k1", &made), 0);
    assert_string_equal(nube_id(made), "7");
    assert_int_equal(err.code, 0);
    nube_obj_free(made);
    assert_int_equal(count("POST /servers"), 1);
}

static void create_with_a_key_that_never_arrived_is_unknown_still(void **state)
{
    nube_node *made;

    (void)state;
    begin(LOGIN ROUTE("GET", "/servers", NONE_YET) ROUTE("POST", "/servers", "{'close': 'after'}"));
    assert_int_equal(create_once("k1", &made), NUBE_E_OUTCOME_UNKNOWN);
    assert_non_null(strstr(err.message, "look before trying again"));
    assert_null(made);
    assert_int_equal(create_once("", &made), NUBE_E_USAGE);
}

static void create_whose_token_ends_in_the_middle_is_not_repeated(void **state)
{
    (void)state;
    begin(ROUTE("POST", "/token", TOKEN("2"))
              ROUTE("POST", "/servers", "{'token': 't', 'json': {'id': '7'}}")
                  ROUTE("POST", "/servers/7/start", "{'token': 't', 'status': 204}") ROUTE(
                      "GET", "/servers/7", "{'token': 't', 'json': {'id': '7', 'name': 'late'}}"));
    assert_int_equal(CREATE(NULL, NULL), 0);
    assert_string_equal(nube_name(node()), "late");
    assert_int_equal(nube_result_count(result), 1);
    assert_int_equal(count("POST /servers"), 1);
    assert_int_equal(count("POST /servers/7/start"), 1);
    assert_int_equal(count("GET /servers/7"), 2);
    assert_int_equal(count("POST /token"), 2);
}

/* ---- Undone, or named ---------------------------------------------------------------------- */

static void nothing_is_left(void)
{
    assert_int_equal(count("DELETE /servers/7"), 1);
    assert_string_equal(err.resource, "");
    assert_int_equal(nube_result_count(result), 0);
}

static void create_whose_start_fails_is_undone(void **state)
{
    (void)state;
    begin(LOGIN POST ROUTE("POST", "/servers/7/start",
                           "{'status': 409, 'json': {'error': {'message': 'no room'}}}") DELETED);
    assert_int_equal(CREATE(NULL, NULL), NUBE_E_CONFLICT);
    assert_string_equal(err.message, "no room");
    assert_string_equal(err.verb, "node create");
    nothing_is_left();
}

static void undos_that_fail_at_once_leave_the_node_named(void **state)
{
    (void)state;
    begin(LOGIN);
    assert_int_equal(CALL(NODE_ACTION, NULL, "action", "spoil", "id", "7"), NUBE_E_PROVIDER);
    assert_string_equal(err.message, "spoilt");
    assert_string_equal(err.resource, "7");
}

static void undo_that_fails_leaves_the_node_named_and_handed_over(void **state)
{
    (void)state;
    begin_with(LOGIN POST ROUTE("POST", "/servers/7/start",
                                "{'status': 409, 'json': {'error': {'message': 'no room'}}}")
                   ROUTE("DELETE", "/servers/7", "{'status': 500}"),
               "retries", "0");
    assert_int_equal(CREATE(NULL, NULL), NUBE_E_CONFLICT);
    assert_string_equal(err.message, "no room");
    assert_string_equal(err.resource, "7");
    assert_int_equal(nube_result_count(result), 1);
    assert_string_equal(nube_str(node(), NUBE_PASSWORD), "hunter22");
}

static void undo_does_not_wait_for_a_slowed_account(void **state)
{
    (void)state;
    begin_with(LOGIN POST ROUTE("POST", "/servers/7/start",
                                "{'status': 429, 'headers': {'Retry-After': '60'}}") DELETED,
               "retries", "0");
    assert_int_equal(CREATE(NULL, NULL), NUBE_E_RATE);
    nothing_is_left();
}

/* The provider decides whether it is possible. */
static void undo_is_tried_whatever_state_was_seen(void **state)
{
    (void)state;
    begin(LOGIN POST ROUTE("GET", "/servers/7", "{'json': {'id': '7', 'state': 'LOCKED'}}")
              ROUTE("POST", "/servers/7/start", "{'status': 409}") DELETED);
    assert_int_equal(GET("7"), 0);
    assert_int_equal(CALL(NODE_DESTROY, NULL, "id", "7"), NUBE_E_STATE);
    assert_int_equal(CREATE(NULL, NULL), NUBE_E_CONFLICT);
    nothing_is_left();
}

static void undo_of_what_is_gone_already_is_good(void **state)
{
    (void)state;
    begin(LOGIN POST ROUTE("POST", "/servers/7/start", "{'status': 404}")
              ROUTE("DELETE", "/servers/7", "{'status': 404}"));
    assert_int_equal(CREATE(NULL, NULL), NUBE_E_NOT_FOUND);
    nothing_is_left();
}

static void error_inside_the_stream_of_a_create_is_undone(void **state)
{
    (void)state;
    begin(LOGIN POST ROUTE("POST", "/servers/7/pull",
                           "{'body': '{`status`: `get`} {`error`: `disk full`}'}") DELETED);
    assert_int_equal(CREATE(NULL, "pull", "yes"), NUBE_E_PROVIDER);
    assert_string_equal(err.message, "disk full");
    nothing_is_left();
}

/* A stream that goes on for a minute. */
#define SLOW                                                                                       \
    ROUTE("POST", "/servers/7/pull", "{'values': 600, 'drip': [500, 0.1], 'chunked': true}")

static void deadline_of_a_long_create_undoes_it(void **state)
{
    struct nube_call_opts opts;

    (void)state;
    deadline(&opts, 600);
    begin(LOGIN POST SLOW DELETED);
    assert_int_equal(CREATE(&opts, "pull", "yes"), NUBE_E_DEADLINE);
    nothing_is_left();
    assert_int_equal(count("POST /servers/7/start"), 0);
}

static void fire(void *payload, const struct nube_progress *p)
{
    (void)p;
    nube_cancel_fire(payload);
}

static void cancel_of_a_long_create_undoes_it(void **state)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;

    (void)state;
    assert_int_equal(nube_cancel_new(&opts.cancel, &err), 0);
    opts.payload = opts.cancel;
    opts.progress = fire;
    begin(LOGIN POST SLOW DELETED);
    assert_int_equal(CREATE(&opts, "pull", "yes"), NUBE_E_CANCELLED);
    nothing_is_left();
    nube_cancel_free(opts.cancel);
}

/* The switch stays fired, and so its descriptor readable, as long as the undo takes. */
static void undo_after_a_cancel_waits_without_spinning(void **state)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    clock_t before;

    (void)state;
    assert_int_equal(nube_cancel_new(&opts.cancel, &err), 0);
    opts.payload = opts.cancel;
    opts.progress = fire;
    begin(LOGIN POST SLOW ROUTE("DELETE", "/servers/7", "{'status': 204, 'delay': 1}"));
    before = clock();
    assert_int_equal(CREATE(&opts, "pull", "yes"), NUBE_E_CANCELLED);
    assert_in_range(clock() - before, 0, CLOCKS_PER_SEC / 2);
    nothing_is_left();
    nube_cancel_free(opts.cancel);
}

static void undo_has_ten_seconds_of_its_own(void **state)
{
    struct nube_call_opts opts;

    (void)state;
    deadline(&opts, 500);
    begin(LOGIN POST SLOW ROUTE("DELETE", "/servers/7", "{'status': 204, 'delay': 1}"));
    assert_int_equal(CREATE(&opts, "pull", "yes"), NUBE_E_DEADLINE);
    nothing_is_left();
}

/* The change that hung may have been made: undoing the rest does not make it known. */
static void start_without_an_answer_is_unknown_and_the_node_is_undone(void **state)
{
    struct nube_call_opts opts;

    (void)state;
    deadline(&opts, 500);
    begin(LOGIN POST ROUTE("POST", "/servers/7/start", "{'never': true}") DELETED);
    assert_int_equal(CREATE(&opts, NULL), NUBE_E_OUTCOME_UNKNOWN);
    nothing_is_left();
}

static void kept_node_that_is_not_ready_in_time_is_pending(void **state)
{
    struct nube_call_opts opts;

    (void)state;
    deadline(&opts, 500);
    begin(LOGIN POST STARTED ROUTE("GET", "/servers/7", "{'json': {'id': '7', 'state': 'BUILD'}}")
              DELETED);
    assert_int_equal(CREATE(&opts, "settle", "yes"), NUBE_E_PENDING);
    assert_string_equal(err.resource, "7");
    assert_non_null(strstr(err.message, "7 exists and is not ready yet"));
    assert_string_equal(nube_str(node(), NUBE_PASSWORD), "hunter22");
    assert_int_equal(count("DELETE /servers/7"), 0);
    assert_true(count("GET /servers/7") > 1);
}

static void kept_node_is_named_when_a_later_step_fails(void **state)
{
    (void)state;
    begin(LOGIN POST STARTED ROUTE("GET", "/servers/7", "{'status': 403}") DELETED);
    assert_int_equal(CREATE(NULL, NULL), NUBE_E_FORBIDDEN);
    assert_string_equal(err.resource, "7");
    assert_string_equal(nube_str(node(), NUBE_PASSWORD), "hunter22");
    assert_int_equal(count("DELETE /servers/7"), 0);
}

/* ---- Refused before anything is sent --------------------------------------------------------- */

static void bad_arguments_send_nothing(void **state)
{
    (void)state;
    begin(LOGIN);
    assert_int_equal(CALL(NODE_CREATE, NULL, "name", "n"), NUBE_E_USAGE);
    assert_int_equal(CREATE(NULL, "size", "huge"), NUBE_E_UNSUPPORTED);
    assert_int_equal(CREATE(NULL, "pull", "maybe"), NUBE_E_USAGE);
    assert_int_equal(CALL(NODE_CREATE, NULL, "image", "a\r\nX-Evil: 1"), NUBE_E_USAGE);
    assert_int_equal(CALL(NODE_REBOOT, NULL, "id", "1"), NUBE_E_UNSUPPORTED);
    assert_int_equal(CALL(NODE_ACTION, NULL, "id", "1", "action", "explode"), NUBE_E_UNSUPPORTED);
    assert_int_equal(count("requests"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(create_that_goes_well_gives_the_node_and_its_password),
        TEST(T30_create_without_an_answer_is_not_repeated),
        TEST(T30_destroy_over_a_warm_connection_is_not_repeated),
        TEST(T30_create_with_a_token_is_repeated),
        TEST(T30_only_an_answer_that_says_so_lets_a_change_be_repeated),
        TEST(create_with_a_key_marks_the_node_and_finds_it_again),
        TEST(create_with_a_key_whose_answer_is_lost_is_found_again),
        TEST(create_with_a_key_that_never_arrived_is_unknown_still),
        TEST(create_whose_token_ends_in_the_middle_is_not_repeated),
        TEST(create_whose_start_fails_is_undone),
        TEST(undos_that_fail_at_once_leave_the_node_named),
        TEST(undo_that_fails_leaves_the_node_named_and_handed_over),
        TEST(undo_does_not_wait_for_a_slowed_account),
        TEST(undo_is_tried_whatever_state_was_seen),
        TEST(undo_of_what_is_gone_already_is_good),
        TEST(error_inside_the_stream_of_a_create_is_undone),
        TEST(deadline_of_a_long_create_undoes_it),
        TEST(cancel_of_a_long_create_undoes_it),
        TEST(undo_after_a_cancel_waits_without_spinning),
        TEST(undo_has_ten_seconds_of_its_own),
        TEST(start_without_an_answer_is_unknown_and_the_node_is_undone),
        TEST(kept_node_that_is_not_ready_in_time_is_pending),
        TEST(kept_node_is_named_when_a_later_step_fails),
        TEST(bad_arguments_send_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
