/* The NephoScale driver against a server: a create that is followed by its job, waits, what is
 * repeated and what is not. */
#include "scratch.h"

#include <nube/nube.h>
#include <time.h>

#include "faultd.h"

static struct faultd server;
static nube_lib *lib;
static nube_conn *conn;
static struct nube_error err;
static nube_result *result;

/* ---- A server and a connection ----------------------------------------------------------- */

#define ROUTE(method, path, replies)                                                               \
    ",{'method': '" method "', 'path': '" path "', 'replies': [" replies "]}"
#define DATA(data)   "{'json': {'success': true, 'response': 200, 'data': " data "}}"
#define FAILED(text) "{'json': {'success': false, 'response': 500, 'message': '" text "'}}"
#define JOB          "{'status': 202, 'json': {'success': true, 'response': 202, 'data': {'id': 77}}}"
#define NODE(id, name, power)                                                                      \
    "{'id': " id ", 'name': '" name "', 'power_status': '" power "', 'ipaddresses': '192.0.2." id  \
    "'}"
#define OLD NODE("5", "web", "on")
#define ACCOUNT                                                                                    \
    ROUTE("GET", "/server/type/cloud/", DATA("[{'id': 219, 'ram': 512}]"))                         \
    ROUTE("GET", "/key/", DATA("[{'id': 9, 'name': 'c', 'key_type': 1, 'key_group': 4}]"))
#define MAKES              ROUTE("POST", "/server/cloud/", JOB)
#define JOBS(replies)      ROUTE("GET", "/job/77/", replies)
#define LISTS(a)           ROUTE("GET", "/server/cloud/", a)
#define SHOWS(id, replies) ROUTE("GET", "/server/cloud/" id "/", replies)
#define NO_JOBS            JOBS("{'status': 404, 'json': {'success': false, 'response': 404}}")

static void begin(const char *routes)
{
    const char *args[] = {"--log", scratch_path("requests"), NULL};
    struct nube_hooks hooks = NUBE_HOOKS_INIT;
    static char text[16384], drivers[1024];
    nube_args *options;
    char *to = text, url[64];

    to += snprintf(to, sizeof(text), "{\"routes\": [");
    for (routes++; *routes; routes++)
        *to++ = *routes == '\'' ? '"' : *routes;
    memcpy(to, "]}", 3);
    assert_int_equal(faultd_start(&server, text, args), 0);
    snprintf(url, sizeof(url), "http://127.0.0.1:%d", server.port);
    snprintf(drivers, sizeof(drivers), "%s/lib/nube/0/drivers",
             getenv("NUBE_TEST_BUILD") ? getenv("NUBE_TEST_BUILD") : ".");
    hooks.driver_path = drivers;
    hooks.service_path = NUBE_TEST_SERVICES;
    assert_int_equal(nube_lib_open(&lib, &hooks, &err), 0);
    assert_int_equal(nube_args_new(&options, &err), 0);
    nube_args_set(options, "endpoint", url);
    nube_args_set(options, "username", "me");
    nube_args_set(options, "password", "geheim+9 x");
    if (nube_connect(&conn, lib, "nephoscale", "acc", options, &err))
        fail_msg("%s", err.message);
    nube_args_free(options);
}

static int call(enum nube_op op, int64_t deadline_ms, const char *const *pairs)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    nube_args *args;
    int rc;

    nube_result_free(result);
    assert_int_equal(nube_args_new(&args, &err), 0);
    for (; *pairs; pairs += 2)
        nube_args_set(args, pairs[0], pairs[1]);
    opts.deadline_ms = deadline_ms;
    rc = nube_call_op(&result, conn, op, args, &opts, &err);
    nube_args_free(args);
    return rc;
}
#define CREATE(deadline)                                                                           \
    call(NUBE_OP_NODE_CREATE, deadline, (const char *const[]){"image", "51", "name", "web", NULL})

static long count(const char *what)
{
    return faultd_stat(&server, what);
}

static int setup(void **state)
{
    err = (struct nube_error)NUBE_ERROR_INIT;
    server.pid = server.in = -1;
    memcpy(scratch, "/tmp/nube-test-XXXXXX", sizeof(scratch));
    return scratch_make(state);
}

static int teardown(void **state)
{
    nube_result_free(result);
    nube_conn_free(conn);
    nube_lib_free(lib);
    result = NULL;
    conn = NULL;
    lib = NULL;
    faultd_stop(&server);
    return scratch_drop(state);
}

/* ---- The followed job ---------------------------------------------------------------------- */

/* Another server has the name already, and somebody else's comes to be meanwhile. */
static void T32_the_job_is_followed_until_its_own_server_is_there(void **state)
{
    (void)state;
    begin(ACCOUNT MAKES NO_JOBS LISTS(DATA("[" OLD "]") "," DATA("[" OLD "]") "," DATA(
        "[" OLD "," NODE("6", "other", "on") "]") "," DATA("[" NODE("7", "web", "off") "," OLD "]"))
              SHOWS("7", DATA("[" NODE("7", "web", "off") "]")));
    assert_int_equal(CREATE(0), 0);
    assert_int_equal(nube_result_count(result), 1);
    assert_string_equal(nube_id(nube_result_at(result, 0)), "7");
    assert_int_equal(nube_node_state(nube_result_at(result, 0)), NUBE_STATE_STOPPED);
    assert_int_equal(count("POST /server/cloud/"), 1);
    assert_int_equal(count("GET /server/cloud/"), 4);
    assert_int_equal(count("GET /job/77/"), 3);
}

static void T18_a_job_that_fails_later_ends_it_with_its_reason(void **state)
{
    (void)state;
    begin(ACCOUNT MAKES JOBS(DATA("[]") "," FAILED("no room in SJC-1")) LISTS(DATA("[" OLD "]")));
    assert_int_equal(CREATE(0), NUBE_E_PROVIDER);
    assert_non_null(strstr(err.message, "no room in SJC-1"));
    assert_string_equal(err.resource, "job/77");
    assert_int_equal(nube_result_count(result), 0);
    assert_int_equal(count("POST /server/cloud/"), 1);
}

static void a_deadline_leaves_it_pending_with_the_job(void **state)
{
    (void)state;
    begin(ACCOUNT MAKES NO_JOBS LISTS(DATA("[" OLD "]")));
    assert_int_equal(CREATE(1500), NUBE_E_PENDING);
    assert_string_equal(err.resource, "job/77");
    assert_int_equal(count("POST /server/cloud/"), 1);
}

/* The list is asked again when it fails for a moment; the create is not. */
static void a_look_that_fails_is_repeated(void **state)
{
    (void)state;
    begin(ACCOUNT MAKES NO_JOBS LISTS(DATA("[]") ",{'status': 503}," DATA(
        "[" NODE("7", "web", "on") "]")) SHOWS("7", DATA("[" NODE("7", "web", "on") "]")));
    assert_int_equal(CREATE(0), 0);
    assert_string_equal(nube_id(nube_result_at(result, 0)), "7");
    assert_int_equal(count("POST /server/cloud/"), 1);
}

static void a_create_whose_answer_was_lost_is_not_repeated(void **state)
{
    (void)state;
    begin(ACCOUNT ROUTE("POST", "/server/cloud/", "{'close': 'after'}," JOB) LISTS(DATA("[]")));
    assert_int_equal(CREATE(0), NUBE_E_OUTCOME_UNKNOWN);
    assert_int_equal(count("POST /server/cloud/"), 1);
}

/* ---- Waits: there is no word for what is under way ------------------------------------------- */

static void the_old_state_is_not_taken_for_the_new(void **state)
{
    const char *const ids[] = {"5"};
    struct nube_wait wait = NUBE_WAIT_INIT;

    (void)state;
    begin(ROUTE("POST", "/server/cloud/5/initiator/start/", JOB)
              SHOWS("5", DATA("[" NODE("5", "web", "off") "]") "," DATA(
                             "[" NODE("5", "web", "off") "]") "," DATA("[" OLD "]")));
    assert_int_equal(call(NUBE_OP_NODE_START, 0, (const char *const[]){"id", "5", NULL}), 0);
    wait.states = "running";
    wait.after = NUBE_OP_NODE_START;
    assert_int_equal(nube_node_wait(conn, ids, 1, &wait, NULL, NULL, &err), 0);
    assert_int_equal(count("GET /server/cloud/5/"), 3);
}

/* ---- Credentials -------------------------------------------------------------------------------
 */

static void the_password_goes_as_it_is_and_only_in_its_header(void **state)
{
    size_t len;
    const char *log;

    (void)state;
    begin(ROUTE("GET", "/datacenter/zone/", DATA("[]")));
    assert_int_equal(call(NUBE_OP_CHECK, 0, (const char *const[]){NULL}), 0);
    log = scratch_read("requests", &len);
    assert_non_null(strstr(log, "Basic bWU6Z2VoZWltKzkgeA=="));
    assert_null(strstr(log, "geheim"));
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(T32_the_job_is_followed_until_its_own_server_is_there),
        TEST(T18_a_job_that_fails_later_ends_it_with_its_reason),
        TEST(a_deadline_leaves_it_pending_with_the_job),
        TEST(a_look_that_fails_is_repeated),
        TEST(a_create_whose_answer_was_lost_is_not_repeated),
        TEST(the_old_state_is_not_taken_for_the_new),
        TEST(the_password_goes_as_it_is_and_only_in_its_header),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
