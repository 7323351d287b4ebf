/* Both generations of Rackspace's servers against a server: pages, tokens, limits of rate, what
 * happens between a create and a node that can be used. */
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
    "{'method': '" method "', 'path': '" path "', 'replies': [" replies "]}"
#define FAR "2099-01-01T00:00:00.000-06:00"
#define ACCESS(token, end)                                                                         \
    "{'json': {'access': {'token': {'id': '" token "', 'expires': '" end                           \
    "'}, 'serviceCatalog': [], 'user': {}}}}"
#define IDENTITY(replies) ROUTE("POST", "/v2.0/tokens", replies)
#define HEADERS(token)                                                                             \
    "{'status': 204, 'headers': {'X-Auth-Token': '" token                                          \
    "', 'X-Server-Management-Url': 'http://nobody.invalid/v1.0/1'}}"
#define LOGIN(replies)   ROUTE("GET", "/v1.0", replies)
#define SERVERS(replies) ROUTE("GET", "/s/servers/detail", replies)
#define PAGE(nodes)      "{'json': {'servers': [" nodes "]}}"
#define NODE(id)         "{'id': " id ", 'name': 'n', 'status': 'ACTIVE'}"
#define REFUSED          "{'status': 401, 'json': {'unauthorized': {'code': 401, 'message': 'no'}}}"

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

/* login: where the generation logs in. */
static void begin(const char *provider, const char *login, const char *routes)
{
    struct nube_hooks hooks = NUBE_HOOKS_INIT;
    char drivers[1024], auth[64], url[64];
    nube_args *options;

    serve(routes);
    snprintf(auth, sizeof(auth), "http://127.0.0.1:%d%s", server.port, login);
    snprintf(url, sizeof(url), "http://127.0.0.1:%d/s", server.port);
    options = ARGS("auth_url", auth, "endpoint", url, "key", "demo", "secret", "secret-key",
                   "page_size", "2");
    snprintf(drivers, sizeof(drivers), "%s/lib/nube/0/drivers",
             getenv("NUBE_TEST_BUILD") ? getenv("NUBE_TEST_BUILD") : ".");
    hooks.driver_path = drivers;
    hooks.service_path = NUBE_TEST_SERVICES;
    hooks.env = env;
    assert_int_equal(nube_lib_open(&lib, &hooks, &err), 0);
    if (nube_connect(&conn, lib, provider, "acc", options, &err))
        fail_msg("%s", err.message);
    nube_args_free(options);
}
#define NEXT(routes)  begin("rackspace:lon", "/v2.0", routes)
#define FIRST(routes) begin("rackspace_first_gen:us", "/v1.0", routes)

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
static int list(void)
{
    const nube_obj *o;
    nube_iter *iter;
    int n = 0, rc;

    rc = nube_node_list(&iter, conn, NULL, NULL, &err);
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

/* The first generation names no next page: one that is not full is the last. */
static void T07_pages_go_by_offset_until_one_is_not_full(void **state)
{
    (void)state;
    FIRST(LOGIN(HEADERS("t1")) "," SERVERS(
        PAGE(NODE("1") "," NODE("2")) "," PAGE(NODE("3") "," NODE("4")) "," PAGE(NODE("5"))));
    assert_int_equal(list(), 5);
    assert_int_equal(count("GET /s/servers/detail"), 3);
    assert_int_equal(seen("limit=2"), 3);
    assert_int_equal(seen("offset=2"), 1);
    assert_int_equal(seen("offset=4"), 1);
}

static void T07_a_full_last_page_costs_one_request_more(void **state)
{
    (void)state;
    FIRST(LOGIN(HEADERS("t1")) "," SERVERS(PAGE(NODE("1") "," NODE("2")) "," PAGE("")));
    assert_int_equal(list(), 2);
    assert_int_equal(count("GET /s/servers/detail"), 2);
}

/* What a search leaves out counts all the same, or the pages after it were never asked for. */
static void T07_a_page_of_which_nothing_fits_is_not_the_last(void **state)
{
    const nube_obj *o;
    nube_iter *iter;

    (void)state;
    FIRST(LOGIN(HEADERS("t1")) "," ROUTE(
        "GET", "/s/images/detail",
        "{'json': {'images': [{'id': 1, 'name': 'a'}, {'id': 2, 'name': 'b'}]}},"
        "{'json': {'images': [{'id': 3, 'name': 'Debian'}]}}"));
    assert_int_equal(nube_image_search(&iter, conn, "debian", NULL, &err), 0);
    assert_int_equal(nube_iter_next(&o, iter, &err), 1);
    assert_string_equal(nube_id(o), "3");
    nube_iter_free(iter);
}

static void T07_pages_of_the_next_generation_go_by_marker(void **state)
{
    (void)state;
    NEXT(IDENTITY(ACCESS("t1", FAR)) "," SERVERS("{'json': {'servers': [" NODE("'a'") "," NODE(
        "'b'") "], 'servers_links': [{'rel': 'next',"
               " 'href': 'http://nobody.invalid/v2/1/servers/detail?limit=2&marker=b'}]}}," PAGE(
                   NODE("'c'"))));
    assert_int_equal(list(), 3);
    assert_int_equal(seen("marker=b"), 1);
}

/* ---- Tokens -------------------------------------------------------------------------------- */

static void a_refused_token_is_renewed_once_in_both(void **state)
{
    (void)state;
    FIRST(LOGIN(HEADERS("t1") "," HEADERS("t2")) "," SERVERS(REFUSED "," PAGE(NODE("1"))));
    assert_int_equal(list(), 1);
    assert_int_equal(count("GET /v1.0"), 2);
    assert_int_equal(seen("\"t2\""), 1);
    teardown(state);
    setup(state);
    NEXT(IDENTITY(ACCESS("t1", FAR) "," ACCESS("t2", FAR)) "," SERVERS(REFUSED
                                                                       "," PAGE(NODE("'a'"))));
    assert_int_equal(list(), 1);
    assert_int_equal(count("POST /v2.0/tokens"), 2);
    assert_int_equal(seen("\"t2\""), 1);
}

/* Its end is given with an offset: 23:00 at -06:00 is the next day's 05:00, long past all the same.
 */
static void a_token_past_its_end_is_not_used_again(void **state)
{
    (void)state;
    NEXT(IDENTITY(ACCESS("t1", "2020-01-01T23:00:00-06:00") "," ACCESS("t2", FAR)) "," SERVERS(
        PAGE(NODE("'a'"))));
    assert_int_equal(list(), 1);
    assert_int_equal(list(), 1);
    assert_int_equal(count("POST /v2.0/tokens"), 2);
    assert_int_equal(seen("\"t2\""), 1);
}

/* ---- Creating ------------------------------------------------------------------------------ */

#define MADE                                                                                       \
    ROUTE("POST", "/s/servers",                                                                    \
          "{'status': 202, 'json': {'server': {'id': 's1', 'adminPass': 'geheim-9'}}}")
#define CREATE CALL(NODE_CREATE, "image", "i", "size", "2", "name", "n")

static void the_password_and_what_is_looked_up_then_are_one_node(void **state)
{
    const nube_obj *o;

    (void)state;
    NEXT(IDENTITY(ACCESS("t1", FAR)) "," MADE "," ROUTE(
        "GET", "/s/servers/s1",
        "{'json': {'server': {'id': 's1', 'name': 'n', 'status': 'BUILD', 'addresses': {'public': "
        "[{'addr': '67.23.10.132', 'version': 4}], 'private': [{'addr': '10.176.42.16', 'version': "
        "4}]}}}}"));
    assert_int_equal(CREATE, 0);
    assert_int_equal(nube_result_count(result), 1);
    o = nube_result_at(result, 0);
    assert_string_equal(nube_str(o, NUBE_PASSWORD), "geheim-9");
    assert_int_equal(nube_address_count(o), 2);
    assert_string_equal(nube_str(o, NUBE_LOCATION), "LON");
}

static void T39_the_password_survives_that_the_node_cannot_be_looked_at(void **state)
{
    (void)state;
    NEXT(IDENTITY(ACCESS("t1", FAR)) "," MADE "," ROUTE(
        "GET", "/s/servers/s1", "{'status': 403, 'json': {'forbidden': {'message': 'no'}}}"));
    assert_int_equal(CREATE, NUBE_E_FORBIDDEN);
    assert_string_equal(err.resource, "s1");
    assert_string_equal(nube_str(nube_result_at(result, 0), NUBE_PASSWORD), "geheim-9");
}

/* It has none, whatever the reply says. */
static void no_password_is_told_of_a_machine_of_metal(void **state)
{
    (void)state;
    NEXT(IDENTITY(ACCESS("t1", FAR)) "," MADE "," ROUTE(
        "GET", "/s/servers/s1", "{'json': {'server': {'id': 's1', 'status': 'BUILD'}}}"));
    assert_int_equal(CALL(NODE_CREATE, "image", "i", "size", "onmetal-io1", "key", "ops"), 0);
    assert_null(nube_str(nube_result_at(result, 0), NUBE_PASSWORD));
    assert_string_equal(nube_str(nube_result_at(result, 0), NUBE_AUTH_TYPE), "key");
}

static void a_file_goes_in_base64(void **state)
{
    const nube_obj *o;

    (void)state;
    FIRST(LOGIN(HEADERS("t1")) "," ROUTE(
        "POST", "/s/servers",
        "{'status': 202, 'json': {'server': {'id': 1235, 'name': 'n', 'status': 'BUILD', "
        "'adminPass': 'GFf1j9aP', 'addresses': {'public': ['67.23.10.138'], 'private': "
        "['10.176.42.19']}}}}"));
    assert_int_equal(CALL(NODE_CREATE, "image", "1", "size", "1", "name", "n", "file",
                          "/etc/motd=hello\n", "public_key", "ssh-rsa AAAA me"),
                     0);
    assert_int_equal(seen("aGVsbG8K"), 1);                 /* hello */
    assert_int_equal(seen("c3NoLXJzYSBBQUFBIG1lCg=="), 1); /* ssh-rsa AAAA me */
    assert_int_equal(seen("/root/.ssh/authorized_keys"), 1);
    o = nube_result_at(result, 0);
    assert_string_equal(nube_id(o), "1235");
    assert_string_equal(nube_str(o, NUBE_PASSWORD), "GFf1j9aP");
    assert_int_equal(nube_address_count(o), 2);
}

static void a_lost_create_is_not_sent_again(void **state)
{
    (void)state;
    NEXT(IDENTITY(ACCESS("t1", FAR)) "," ROUTE("POST", "/s/servers",
                                               "{'close': 'after'}, {'status': 202}"));
    assert_int_equal(CREATE, NUBE_E_OUTCOME_UNKNOWN);
    assert_int_equal(count("POST /s/servers"), 1);
}

/* ---- Waiting ------------------------------------------------------------------------------- */

static int wait_for(const char *states, enum nube_op after)
{
    struct nube_wait wait = NUBE_WAIT_INIT;
    const char *id = "7";

    wait.states = states;
    wait.after = after;
    wait.interval_ms = 10;
    return nube_node_wait(conn, &id, 1, &wait, NULL, NULL, &err);
}

#define STATE(status, more) "{'json': {'server': {'id': '7', 'status': '" status "'" more "}}}"
#define CONNECT(word)       ", 'metadata': {'rackconnect_automation_status': '" word "'}"

/* Nova is done long before RackConnect is. */
static void a_wait_goes_on_until_RackConnect_is_done(void **state)
{
    (void)state;
    NEXT(IDENTITY(ACCESS("t1", FAR)) "," ROUTE(
        "GET", "/s/servers/7",
        STATE("BUILD", "") "," STATE("ACTIVE", CONNECT("DEPLOYING")) "," STATE(
            "ACTIVE", CONNECT("DEPLOYED"))));
    if (wait_for("running", NUBE_OP_NODE_CREATE))
        fail_msg("%s", err.message);
    assert_int_equal(count("GET /s/servers/7"), 3);
}

static void T18_a_build_that_failed_tells_why(void **state)
{
    (void)state;
    NEXT(IDENTITY(ACCESS("t1", FAR)) "," ROUTE(
        "GET", "/s/servers/7",
        STATE("BUILD", "") "," STATE("ERROR", ", 'fault': {'code': 404, 'message': "
                                              "'Could not find image'}")));
    assert_int_equal(wait_for("running", NUBE_OP_NODE_CREATE), NUBE_E_STATE);
    assert_non_null(strstr(err.message, "Could not find image"));
}

static void T18_a_build_of_the_first_generation_that_failed_ends_the_wait(void **state)
{
    (void)state;
    FIRST(LOGIN(HEADERS("t1")) "," ROUTE("GET", "/s/servers/7",
                                         STATE("BUILD", "") "," STATE("ERROR", "")));
    assert_int_equal(wait_for("running", NUBE_OP_NODE_CREATE), NUBE_E_STATE);
}

/* ACTIVE before it began is a cache's, ACTIVE after is the end: nobody waits for another. */
static void T18_a_resize_that_failed_is_told_at_once(void **state)
{
    (void)state;
    FIRST(
        LOGIN(HEADERS("t1")) "," ROUTE("POST", "/s/servers/7/action", "{'status': 202}") "," ROUTE(
            "GET", "/s/servers/7",
            STATE("ACTIVE", "") "," STATE("PREP_RESIZE", "") "," STATE("ACTIVE", "")));
    assert_int_equal(CALL(NODE_RESIZE, "id", "7", "size", "3"), NUBE_E_PROVIDER);
    assert_int_equal(count("GET /s/servers/7"), 3);
}

/* ---- Limits of rate ------------------------------------------------------------------------ */

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void a_limit_of_rate_is_waited_out_by_either_header(void **state)
{
    int64_t before;

    (void)state;
    FIRST(LOGIN(HEADERS("t1")) "," ROUTE(
        "POST", "/s/servers/7/action",
        "{'status': 413, 'headers': {'Reply-After': '1'}, 'json': {'overLimit': {'code': 413, "
        "'message': 'slow'}}}, {'status': 413, 'headers': {'Retry-After': '1'}, 'json': "
        "{'overLimit': {'code': 413, 'message': 'slow'}}}, {'status': 202}"));
    before = now_ms();
    assert_int_equal(CALL(NODE_REBOOT, "id", "7"), 0);
    assert_true(now_ms() - before >= 1900);
    assert_int_equal(count("POST /s/servers/7/action"), 3);
}

/* ---- What there is ------------------------------------------------------------------------- */

/* A program asks, and a call that is made all the same says no to nobody but its caller. */
static void T34_what_the_first_generation_lacks_is_refused_without_a_word(void **state)
{
    static const enum nube_op lacking[] = {NUBE_OP_NODE_START, NUBE_OP_NODE_STOP, NUBE_OP_KEY_LIST,
                                           NUBE_OP_KEY_CREATE, NUBE_OP_KEY_IMPORT};
    size_t i;

    (void)state;
    FIRST(LOGIN(HEADERS("t1")));
    for (i = 0; i < sizeof(lacking) / sizeof(*lacking); i++) {
        assert_int_equal(nube_can(conn, lacking[i]), 0);
        assert_int_equal(call(lacking[i], ARGS("id", "7")), NUBE_E_UNSUPPORTED);
        assert_int_equal(nube_code_exit(err.code), 10);
    }
    assert_int_equal(nube_can(conn, NUBE_OP_NODE_REBOOT), 1);
    assert_int_equal(count("GET /v1.0"), 0);
    teardown(state);
    setup(state);
    NEXT(IDENTITY(ACCESS("t1", FAR)));
    for (i = 0; i < sizeof(lacking) / sizeof(*lacking); i++)
        assert_int_equal(nube_can(conn, lacking[i]), 1);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(T07_pages_go_by_offset_until_one_is_not_full),
        TEST(T07_a_full_last_page_costs_one_request_more),
        TEST(T07_a_page_of_which_nothing_fits_is_not_the_last),
        TEST(T07_pages_of_the_next_generation_go_by_marker),
        TEST(a_refused_token_is_renewed_once_in_both),
        TEST(a_token_past_its_end_is_not_used_again),
        TEST(the_password_and_what_is_looked_up_then_are_one_node),
        TEST(T39_the_password_survives_that_the_node_cannot_be_looked_at),
        TEST(no_password_is_told_of_a_machine_of_metal),
        TEST(a_file_goes_in_base64),
        TEST(a_lost_create_is_not_sent_again),
        TEST(a_wait_goes_on_until_RackConnect_is_done),
        TEST(T18_a_build_that_failed_tells_why),
        TEST(T18_a_build_of_the_first_generation_that_failed_ends_the_wait),
        TEST(T18_a_resize_that_failed_is_told_at_once),
        TEST(a_limit_of_rate_is_waited_out_by_either_header),
        TEST(T34_what_the_first_generation_lacks_is_refused_without_a_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
