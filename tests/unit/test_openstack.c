/* The OpenStack driver against a server: pages, tokens that end or are refused, repetitions, waits.
 */
#include "scratch.h"

#include <nube/nube.h>
#include <time.h>

#include "faultd.h"

static struct faultd server;
static nube_lib *lib;
static nube_conn *conn;
static struct nube_error err;
static nube_result *result;
static char url[64], auth_url[96];

/* ---- A server and a connection ----------------------------------------------------------- */

#define ROUTE(method, path, replies)                                                               \
    "{'method': '" method "', 'path': '" path "', 'replies': [" replies "]}"
#define TOKEN(name, end)                                                                           \
    "{'status': 201, 'headers': {'X-Subject-Token': '" name                                        \
    "'}, 'json': {'token': {'expires_at': '" end                                                   \
    "', 'catalog': [{'type': 'none', 'endpoints': []}]}}}"
#define FAR         "2099-01-01T00:00:00.000000Z"
#define KEYSTONE(r) ROUTE("POST", "/v3/auth/tokens", r)
#define SERVERS(r)  ROUTE("GET", "/v2.1/servers/detail", r)
#define NODE(id)    "{'id': '" id "', 'name': 'n', 'status': 'ACTIVE'}"
#define LINK(marker)                                                                               \
    ", 'servers_links': [{'rel': 'next', 'href': "                                                 \
    "'http://wrong.example/v2.1/servers/detail?limit=2"                                            \
    "&marker=" marker "'}]"
#define PAGE(nodes, link) "{'json': {'servers': [" nodes "]" link "}}"
#define REFUSED                                                                                    \
    "{'status': 401, 'json': {'error': {'code': 401, 'title': 'Unauthorized', 'message': 'no'}}}"

static const char *env(void *payload, const char *name)
{
    (void)payload;
    return strcmp(name, "HOME") == 0 ? scratch : NULL;
}

static void serve(const char *routes)
{
    const char *args[] = {"--log", scratch_path("requests"), NULL};
    static char text[32768];
    char *to = text;

    to += snprintf(to, sizeof(text), "{\"routes\": [");
    for (; *routes; routes++)
        *to++ = *routes == '\'' ? '"' : *routes;
    memcpy(to, "]}", 3);
    assert_int_equal(faultd_start(&server, text, args), 0);
    snprintf(url, sizeof(url), "http://127.0.0.1:%d/v2.1", server.port);
    snprintf(auth_url, sizeof(auth_url), "http://127.0.0.1:%d/v3", server.port);
}

static nube_args *args_of(const char *const *pairs)
{
    nube_args *args;

    assert_int_equal(nube_args_new(&args, &err), 0);
    for (; *pairs; pairs += 2)
        nube_args_set(args, pairs[0], pairs[1]);
    return args;
}
#define ARGS(...) args_of((const char *const[]){__VA_ARGS__, NULL})

static const char *version = "2.46";

static void connect_now(void)
{
    struct nube_hooks hooks = NUBE_HOOKS_INIT;
    char drivers[1024];
    nube_args *options;

    options =
        ARGS("auth_url", auth_url, "endpoint", url, "username", "u", "password", "pass-word",
             "project_id", "p1", "page_size", "2", version ? "compute_api_version" : NULL, version);
    snprintf(drivers, sizeof(drivers), "%s/lib/nube/0/drivers",
             getenv("NUBE_TEST_BUILD") ? getenv("NUBE_TEST_BUILD") : ".");
    hooks.driver_path = drivers;
    hooks.service_path = NUBE_TEST_SERVICES;
    hooks.env = env;
    assert_int_equal(nube_lib_open(&lib, &hooks, &err), 0);
    if (nube_connect(&conn, lib, "openstack", "acc", options, &err))
        fail_msg("%s", err.message);
    nube_args_free(options);
}

static void begin(const char *routes)
{
    serve(routes);
    connect_now();
}

static int call(enum nube_op op, nube_args *args)
{
    int rc;

    nube_result_free(result);
    rc = nube_call_op(&result, conn, op, args, NULL, &err);
    nube_args_free(args);
    return rc;
}
#define CALL(op, ...) call(NUBE_OP_##op, ARGS(__VA_ARGS__))

static long count(const char *what)
{
    return faultd_stat(&server, what);
}

static int seen(const char *text)
{
    size_t len;
    const char *at = scratch_read("requests", &len);
    int n = 0;

    for (; (at = strstr(at, text)); at += strlen(text))
        n++;
    return n;
}

/* All pages; the number of nodes or the error. */
static int list(nube_args *filters)
{
    const nube_obj *o;
    nube_iter *iter;
    int n = 0, rc;

    rc = nube_node_list(&iter, conn, filters, NULL, &err);
    nube_args_free(filters);
    if (rc)
        return rc;
    while ((rc = nube_iter_next(&o, iter, &err)) == 1)
        n++;
    nube_iter_free(iter);
    return rc < 0 ? rc : n;
}

static int setup(void **state)
{
    err = (struct nube_error)NUBE_ERROR_INIT;
    version = "2.46";
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

/* ---- Pages --------------------------------------------------------------------------------- */

/* The link's own host is nobody's: only its marker counts, and the filters are asked again. */
static void T07_every_page_is_followed_with_its_filters(void **state)
{
    (void)state;
    begin(KEYSTONE(TOKEN("t1", FAR)) "," SERVERS(
        PAGE(NODE("a") "," NODE("b"), LINK("b%20+c")) "," PAGE(NODE("c") "," NODE("d"),
                                                               LINK("d")) "," PAGE("", "")));
    assert_int_equal(list(ARGS("name", "n")), 4);
    assert_int_equal(count("GET /v2.1/servers/detail"), 3);
    assert_int_equal(count("POST /v3/auth/tokens"), 1);
    assert_int_equal(seen("name=%5En%24"), 3);
    assert_int_equal(seen("limit=2"), 3);
    assert_int_equal(seen("marker=b%20%20c"), 1);
}

static void T07_list_that_never_ends_is_an_error(void **state)
{
    (void)state;
    begin(KEYSTONE(TOKEN("t1", FAR)) "," SERVERS(PAGE(NODE("a"), LINK("a"))));
    assert_int_equal(list(NULL), NUBE_E_PROTOCOL);
}

/* ---- Tokens -------------------------------------------------------------------------------- */

static void a_token_is_used_until_its_end(void **state)
{
    (void)state;
    begin(KEYSTONE(TOKEN("t1", FAR)) "," SERVERS(PAGE(NODE("a"), "")));
    assert_int_equal(list(NULL), 1);
    assert_int_equal(list(NULL), 1);
    assert_int_equal(count("POST /v3/auth/tokens"), 1);
    assert_int_equal(seen("\"t1\""), 2);
}

static void a_token_that_is_about_to_end_is_renewed(void **state)
{
    (void)state;
    begin(KEYSTONE(TOKEN("t1", "2020-01-01T00:00:00.000000Z") "," TOKEN("t2", FAR)) "," SERVERS(
        PAGE(NODE("a"), "")));
    assert_int_equal(list(NULL), 1);
    assert_int_equal(list(NULL), 1);
    assert_int_equal(count("POST /v3/auth/tokens"), 2);
    assert_int_equal(seen("\"t2\""), 1);
}

static void a_refused_token_is_renewed_and_the_page_asked_again(void **state)
{
    (void)state;
    begin(KEYSTONE(TOKEN("t1", FAR) "," TOKEN("t2", FAR)) "," SERVERS(
        PAGE(NODE("a") "," NODE("b"), LINK("b")) "," REFUSED "," PAGE(NODE("c"), "")));
    assert_int_equal(list(NULL), 3);
    assert_int_equal(count("POST /v3/auth/tokens"), 2);
    assert_int_equal(seen("marker=b"), 2);
}

static void a_create_whose_token_was_refused_is_sent_once_more_only(void **state)
{
    (void)state;
    begin(KEYSTONE(TOKEN("t1", FAR) "," TOKEN("t2", FAR)) "," ROUTE(
        "POST", "/v2.1/servers",
        REFUSED ",{'status': 202, 'json': {'server': {'id': 's1', 'adminPass': "
                "'geheim-9'}}}") "," ROUTE("GET", "/v2.1/servers/s1",
                                           "{'json': {'server': " NODE("s1") "}}"));
    assert_int_equal(CALL(NODE_CREATE, "image", "i", "size", "1", "name", "n"), 0);
    assert_int_equal(count("POST /v2.1/servers"), 2);
    assert_string_equal(nube_str(nube_result_at(result, 0), NUBE_PASSWORD), "geheim-9");
}

/* ---- Versions ------------------------------------------------------------------------------ */

static void again(void)
{
    nube_result_free(result);
    nube_conn_free(conn);
    nube_lib_free(lib);
    result = NULL;
    connect_now();
}

/* Kept for other processes, until the cloud no longer takes it. */
static void a_version_is_kept_until_it_is_refused(void **state)
{
    (void)state;
    version = NULL;
    begin(KEYSTONE(TOKEN("t1", FAR)) "," ROUTE(
        "GET", "/v2.1/",
        "{'json': {'version': {'id': 'v2.1', 'version': "
        "'2.93'}}},"
        "{'json': {'version': {'id': 'v2.1', 'version': "
        "'2.30'}}}") "," SERVERS(PAGE("", "") "," PAGE("", "") ",{'"
                                                               "status"
                                                               "': "
                                                               "406, "
                                                               "'json'"
                                                               ": "
                                                               "{'"
                                                               "comput"
                                                               "eFault"
                                                               "': "
                                                               "{'"
                                                               "code':"
                                                               " 406, "
                                                               "'messa"
                                                               "ge': "
                                                               "'Versi"
                                                               "on "
                                                               "2.46 "
                                                               "is "
                                                               "not "
                                                               "suppor"
                                                               "ted "
                                                               "by "
                                                               "the "
                                                               "API.'}"
                                                               "}}"
                                                               "," PAGE("", "")));
    assert_int_equal(list(NULL), 0);
    again();
    assert_int_equal(list(NULL), 0);
    assert_int_equal(count("GET /v2.1/"), 1);
    again();
    assert_int_equal(list(NULL), NUBE_E_UNSUPPORTED);
    again();
    assert_int_equal(list(NULL), 0);
    assert_int_equal(count("GET /v2.1/"), 2);
    assert_int_equal(seen("compute 2.46"), 3);
    assert_int_equal(seen("compute 2.30"), 1);
}

/* ---- Repetitions --------------------------------------------------------------------------- */

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void a_limit_of_rate_is_waited_out_for_a_change_too(void **state)
{
    int64_t before;

    (void)state;
    begin(KEYSTONE(TOKEN("t1", FAR)) "," ROUTE("POST", "/v2.1/servers/s1/action",
                                               "{'status': 413, 'json': {'overLimit': {'code': "
                                               "413, 'message': 'slow', 'retryAfter': '2'}}},"
                                               "{'status': 202}"));
    before = now_ms();
    assert_int_equal(CALL(NODE_START, "id", "s1"), 0);
    assert_true(now_ms() - before >= 1900);
    assert_int_equal(count("POST /v2.1/servers/s1/action"), 2);
}

static void a_lost_action_is_not_sent_again(void **state)
{
    (void)state;
    begin(KEYSTONE(TOKEN("t1", FAR)) "," ROUTE("POST", "/v2.1/servers/s1/action",
                                               "{'close': 'after'}, {'status': 202}"));
    assert_int_equal(CALL(NODE_REBOOT, "id", "s1"), NUBE_E_OUTCOME_UNKNOWN);
    assert_int_equal(count("POST /v2.1/servers/s1/action"), 1);
}

/* ---- Waits --------------------------------------------------------------------------------- */

#define STATE(status, task)                                                                        \
    "{'json': {'server': {'id': 's1', 'status': '" status "', 'OS-EXT-STS:task_state': " task "}}" \
    "}"

static int wait_for(const char *states, enum nube_op after)
{
    struct nube_wait wait = NUBE_WAIT_INIT;
    const char *id = "s1";

    wait.states = states;
    wait.after = after;
    wait.interval_ms = 10;
    return nube_node_wait(conn, &id, 1, &wait, NULL, NULL, &err);
}

/* The status says ACTIVE while the node is being stopped, and before it was. */
static void a_wait_is_over_when_the_task_is(void **state)
{
    (void)state;
    begin(KEYSTONE(TOKEN("t1", FAR)) "," ROUTE(
        "GET", "/v2.1/servers/s1",
        STATE("ACTIVE", "'powering-off'") "," STATE("SHUTOFF", "'powering-off'") "," STATE(
            "SHUTOFF", "null")));
    if (wait_for("stopped", NUBE_OP_NODE_STOP))
        fail_msg("%s", err.message);
    assert_int_equal(count("GET /v2.1/servers/s1"), 3);
}

static void T18_a_wait_that_ends_at_a_fault_tells_it(void **state)
{
    (void)state;
    begin(KEYSTONE(TOKEN("t1", FAR)) "," ROUTE(
        "GET", "/v2.1/servers/s1",
        STATE("BUILD",
              "'spawning'") ",{'json': {'server': {'id': 's1', 'status': 'ERROR', 'fault': "
                            "{'code': 500, 'message': 'No valid host was found.'}}}}"));
    assert_int_equal(wait_for("running", NUBE_OP_NODE_CREATE), NUBE_E_STATE);
    assert_non_null(strstr(err.message, "last seen as ERROR: No valid host was found."));
    assert_string_equal(err.resource, "s1");
}

/* ---- Changes of several steps --------------------------------------------------------------- */

static void resize_to(const char *confirm)
{
    begin(KEYSTONE(TOKEN("t1", FAR)) "," ROUTE(
        "POST", "/v2.1/servers/s1/action",
        "{'status': 202}, {'status': 204}") "," ROUTE("GET", "/v2.1/servers/s1",
                                                      STATE("RESIZE", "'resize_prep'") "," STATE(
                                                          "VERIFY_RESIZE", "null")));
    assert_int_equal(CALL(NODE_RESIZE, "id", "s1", "size", "2", "confirm", confirm), 0);
    assert_int_equal(count("GET /v2.1/servers/s1"), 2);
}

static void a_resize_is_confirmed(void **state)
{
    (void)state;
    resize_to("yes");
    assert_int_equal(count("POST /v2.1/servers/s1/action"), 2);
}

static void a_resize_may_be_left_unconfirmed(void **state)
{
    (void)state;
    resize_to("no");
    assert_int_equal(count("POST /v2.1/servers/s1/action"), 1);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(T07_every_page_is_followed_with_its_filters),
        TEST(T07_list_that_never_ends_is_an_error),
        TEST(a_token_is_used_until_its_end),
        TEST(a_token_that_is_about_to_end_is_renewed),
        TEST(a_refused_token_is_renewed_and_the_page_asked_again),
        TEST(a_create_whose_token_was_refused_is_sent_once_more_only),
        TEST(a_version_is_kept_until_it_is_refused),
        TEST(a_limit_of_rate_is_waited_out_for_a_change_too),
        TEST(a_lost_action_is_not_sent_again),
        TEST(a_wait_is_over_when_the_task_is),
        TEST(a_resize_is_confirmed),
        TEST(a_resize_may_be_left_unconfirmed),
        TEST(T18_a_wait_that_ends_at_a_fault_tells_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
