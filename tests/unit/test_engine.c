/* The engine against a misbehaving server: logins, classes of failures, what is sent, and secrets.
 */
#include "engine_help.h"

/* ---- Logins -------------------------------------------------------------------------- */

static void T01_wrong_password_is_auth_and_not_an_empty_list(void **state)
{
    (void)state;
    begin(
        ROUTE("POST", "/token", "{'status': 401, 'json': {'error': {'message': 'bad password'}}}"));
    assert_int_equal(list(NULL, NULL), NUBE_E_AUTH);
    assert_string_equal(err.backend, "acc");
    assert_int_equal(err.http_status, 401);
    assert_string_equal(err.message, "bad password");
    assert_int_equal(count("GET /servers"), 0);
}

static void refused_page_means_one_login_and_that_page_again(void **state)
{
    (void)state;
    begin(ROUTE("POST", "/token", TOKEN("3")) ROUTE(
        "GET", "/servers", "{'token': 't', 'list': {'count': 50, 'page': 10, 'key': 'servers'}}"));
    assert_int_equal(list(NULL, NULL), 50);
    assert_int_equal(count("GET /servers"), 6);
    assert_int_equal(count("POST /token"), 2);
    assert_int_equal(seen("?marker=30"), 2);
}

static void expired_in_a_200_means_one_login(void **state)
{
    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1",
                      "{'json': {'error': {'code': 'expired', 'message': 'm'}}}," NODE));
    assert_int_equal(GET("1"), 0);
    assert_string_equal(nube_name(nube_result_at(result, 0)), "one");
    assert_int_equal(count("POST /token"), 2);
}

static void session_refused_twice_is_auth(void **state)
{
    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", "{'status': 401}"));
    assert_int_equal(GET("1"), NUBE_E_AUTH);
    assert_int_equal(count("POST /token"), 2);
    assert_int_equal(count("GET /servers/1"), 2);
}

static void expired_session_is_renewed_before_it_is_refused(void **state)
{
    (void)state;
    begin("{'method': 'POST', 'path': '/token', 'replies': [{'gives_token': ['t', 0, 0], 'json': "
          "{'token': "
          "'{token}', 'expires': 1000}}]}" ROUTE("GET", "/servers/1", NODE));
    assert_int_equal(GET("1"), 0);
    assert_int_equal(GET("1"), 0);
    assert_int_equal(count("POST /token"), 2);
    assert_int_equal(count("GET /servers/1"), 2);
}

/* A catalogue may say something else the next time. */
static void renewed_session_has_its_own_endpoints(void **state)
{
#define TOKEN_AND(more) "{'gives_token': ['t', 0, 0], 'json': {'token': '{token}'" more "}}"
    (void)state;
    begin(ROUTE("POST", "/token", TOKEN_AND("") "," TOKEN_AND(", 'moved': '/v2'"))
              ROUTE("GET", "/servers/1", "{'status': 401}") ROUTE("GET", "/v2/servers/1", NODE));
    assert_int_equal(GET("1"), 0);
    assert_int_equal(count("GET /servers/1"), 1);
    assert_int_equal(count("GET /v2/servers/1"), 1);
}

/* Two requests at once, both refused: what the second one brings is no verdict on the new session.
 */
static void group_that_is_refused_logs_in_once(void **state)
{
#define IMAGES(wait) "{'token': 't', 'delay': " wait ", 'json': {'images': [{'id': 'a'}]}}"
    (void)state;
    begin(ROUTE("POST", "/token", TOKEN("1") "," TOKEN("0")) ROUTE("GET", "/servers/1", NODE)
              ROUTE("GET", "/images/own", "{'status': 401}," IMAGES("0"))
                  ROUTE("GET", "/images/public", "{'status': 401, 'delay': 0.4}," IMAGES("0")));
    assert_int_equal(GET("1"), 0);
    assert_int_equal(CALL(IMAGE_LIST, NULL, NULL), 0);
    assert_int_equal(nube_result_count(result), 2);
    assert_int_equal(count("POST /token"), 2);
}

/* ---- Classes ------------------------------------------------------------------------- */

static void T09_each_status_has_its_class(void **state)
{
    static const struct {
        const char *id;
        int status, code;
    } rows[] = {
        {"a", 400, NUBE_E_USAGE},    {"b", 403, NUBE_E_FORBIDDEN}, {"c", 404, NUBE_E_NOT_FOUND},
        {"d", 409, NUBE_E_CONFLICT}, {"e", 413, NUBE_E_RATE},      {"f", 429, NUBE_E_RATE},
        {"g", 500, NUBE_E_PROVIDER}, {"h", 502, NUBE_E_PROVIDER},  {"i", 503, NUBE_E_PROVIDER},
        {"j", 418, NUBE_E_USAGE},    {"k", 302, NUBE_E_PROTOCOL},  {"l", 304, NUBE_E_PROTOCOL},
        {"m", 401, NUBE_E_AUTH},
    };
    char routes[8192] = LOGIN, one[256];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        snprintf(one, sizeof(one),
                 ROUTE("GET", "/servers/%s",
                       "{'status': %d, 'json': {'error': {'message': 'm', 'code': 'word'}}}"),
                 rows[i].id, rows[i].status);
        strncat(routes, one, sizeof(routes) - strlen(routes) - 1);
    }
    begin_with(routes, "retries", "0");
    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        assert_int_equal(GET(rows[i].id), rows[i].code);
        assert_int_equal(err.code, rows[i].code);
        assert_int_equal(err.http_status, rows[i].status);
        if (rows[i].status != 304) {
            assert_string_equal(err.message, "m");
            assert_string_equal(err.provider_code, "word");
        }
        assert_null(nube_result_at(result, 0));
    }
}

static void missing_thing_is_named(void **state)
{
    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/*", "{'status': 404}"));
    assert_int_equal(GET("abc"), NUBE_E_NOT_FOUND);
    assert_string_equal(err.message, "there is no server abc");
}

static void page_for_people_is_told_as_one(void **state)
{
    (void)state;
    begin_with(LOGIN ROUTE("GET", "/servers/1",
                           "{'status': 500, 'type': 'text/html', 'body': '<html>\\nOops</html>'}"),
               "retries", "0");
    assert_int_equal(GET("1"), NUBE_E_PROVIDER);
    assert_non_null(strstr(err.message, "status 500"));
    assert_non_null(strstr(err.message, "page for people"));
    assert_null(strchr(err.message, '\n'));
}

static void page_for_people_in_a_200_is_a_protocol_error(void **state)
{
    (void)state;
    begin(LOGIN ROUTE("GET", "/servers",
                      "{'type': 'text/html', 'body': '<html>Log in, please</html>'}"));
    assert_int_equal(list(NULL, NULL), NUBE_E_PROTOCOL);
}

static void document_that_is_none_is_a_protocol_error(void **state)
{
    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", "{'type': 'application/json', 'body': 'nonsense'}"));
    assert_int_equal(GET("1"), NUBE_E_PROTOCOL);
    assert_int_equal(count("GET /servers/1"), 1);
}

static void empty_body_is_not_a_crash(void **state)
{
    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", "{'status': 200}")
              ROUTE("POST", "/servers/1/stop", "{'status': 204}"));
    assert_int_equal(GET("1"), NUBE_E_PROTOCOL);
    assert_non_null(strstr(err.message, "a node without an id"));
    assert_int_equal(CALL(NODE_STOP, NULL, "id", "1"), 0);
}

static void empty_body_of_a_list_is_no_whole_list(void **state)
{
    (void)state;
    begin(LOGIN ROUTE("GET", "/servers", "{'status': 200}"));
    assert_int_equal(list(NULL, NULL), NUBE_E_PROTOCOL);
}

static void T17_a_driver_cannot_switch_verification_off(void **state)
{
    (void)state;
    begin_with(LOGIN ROUTE("GET", "/servers/1", NODE), "trust", "no");
    assert_int_equal(GET("1"), NUBE_E_DRIVER);
    assert_non_null(strstr(err.message, "\"verify\""));
    assert_int_equal(count("requests"), 0);
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
    begin(LOGIN ROUTE("GET", "/servers/1", "{'json': {'id': '1', 'state': 'LOCKED'}}")
              ROUTE("POST", "/servers/1/stop", "{'status': 204}"));
    assert_int_equal(stop_one(0), 0); /* nothing is known of it yet: the provider decides */
    assert_int_equal(GET("1"), 0);
    assert_int_equal(stop_one(0), NUBE_E_STATE);
    assert_non_null(strstr(err.message, "LOCKED"));
    assert_non_null(strstr(err.message, "probe"));
    assert_int_equal(count("POST /servers/1/stop"), 1);
    assert_int_equal(stop_one(NUBE_CALL_FORCE_STATE), 0);
    assert_int_equal(count("POST /servers/1/stop"), 2);
    assert_int_equal(stop_one(0), 0); /* something was done to it: what was seen is old */
}

/* ---- What is sent --------------------------------------------------------------------- */

static void T10_accounts_do_not_share_headers_or_sessions(void **state)
{
    struct faultd other;
    nube_conn *first;

    (void)state;
    serve(&other,
          "{'path': '/token', 'replies': [{'json': {'token': 'other-token-99'}}]}" ROUTE(
              "GET", "/servers/1", "{'json': {'id': '1'}}"),
          "others");
    begin(LOGIN ROUTE("GET", "/servers/1", NODE));
    assert_int_equal(GET("1"), 0);
    first = conn;
    conn = connect_to(other.port, "another", NULL, NULL);
    assert_int_equal(GET("1"), 0);
    nube_conn_free(conn);
    conn = first;
    assert_int_equal(GET("1"), 0);
    assert_int_equal(seen("other-token-99") + seen("another"), 0);
    assert_int_equal(seen_in("others", "t-token-1") + seen_in("others", "s%2Be"), 0);
    assert_int_equal(seen_in("others", "other-token-99"), 1);
    faultd_stop(&other);
}

static void T19_odd_ids_are_one_segment_each(void **state)
{
    static const char *const rows[][2] = {
        {"a/b", "/servers/a%2Fb"},       {"../x", "/servers/..%2Fx"},
        {"a?b#c", "/servers/a%3Fb%23c"}, {"50%", "/servers/50%25"},
        {"a b+c", "/servers/a%20b%2Bc"}, {"i;j:k@l", "/servers/i%3Bj%3Ak%40l"},
        {"\xc3\xa9", "/servers/%C3%A9"}, {"%2e%2e", "/servers/%252e%252e"},
    };
    char want[128];
    size_t i;

    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/*", NODE));
    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        assert_int_equal(GET(rows[i][0]), 0);
        snprintf(want, sizeof(want), "\"target\": \"%s\"", rows[i][1]);
        assert_int_equal(seen(want), 1);
    }
    assert_int_equal(GET(".."), NUBE_E_USAGE);
    assert_int_equal(GET("."), NUBE_E_USAGE);
    assert_int_equal(GET(""), NUBE_E_USAGE);
    assert_int_equal(count("requests"), 1 + (long)(sizeof(rows) / sizeof(*rows)));
}

static void T20_plus_and_at_in_a_password_arrive(void **state)
{
    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1", NODE));
    assert_int_equal(GET("1"), 0);
    assert_int_equal(seen("key=user&secret=s%2Be%40c%25r%26t%3D1%20x"), 1);
}

static void redirect_takes_no_credential_anywhere(void **state)
{
    struct faultd other;
    char routes[1024];

    (void)state;
    serve(&other, ROUTE("GET", "/*", NODE), "others");
    snprintf(routes, sizeof(routes),
             LOGIN ROUTE("GET", "/servers/1",
                         "{'status': 302, 'headers': {'Location': 'http://127.0.0.1:%d/x'}}"),
             other.port);
    begin(routes);
    assert_int_equal(GET("1"), NUBE_E_PROTOCOL);
    assert_non_null(strstr(err.message, "/x"));
    assert_non_null(strstr(err.message, "redirects are not followed"));
    assert_int_equal(faultd_stat(&other, "requests"), 0);
    faultd_stop(&other);
}

static void address_of_another_origin_gets_no_token(void **state)
{
    struct faultd other;
    char url[128];

    (void)state;
    serve(&other, ROUTE("POST", "/take", "{'status': 204}"), "others");
    begin(LOGIN ROUTE("POST", "/take", "{'status': 204, 'token': 't'}"));
    snprintf(url, sizeof(url), "http://127.0.0.1:%d/take", other.port);
    assert_int_equal(CALL(NODE_ACTION, NULL, "action", "send", "id", "1", "to", url), 0);
    assert_int_equal(seen_in("others", "POST"), 1);
    assert_int_equal(seen_in("others", "token"), 0);
    snprintf(url, sizeof(url), "http://127.0.0.1:%d/take", server.port);
    assert_int_equal(CALL(NODE_ACTION, NULL, "action", "send", "id", "1", "to", url), 0);
    faultd_stop(&other);
}

/* ---- Secrets ---------------------------------------------------------------------------- */

static char shown[65536];

static void keep_line(void *payload, int level, const char *line)
{
    (void)payload;
    (void)level;
    strncat(shown, line, sizeof(shown) - strlen(shown) - 1);
    strncat(shown, "\n", sizeof(shown) - strlen(shown) - 1);
}

static void keep_text(void *payload, const char *text)
{
    keep_line(payload, 0, text);
}

static void no_secret(const char *text)
{
    assert_null(strstr(text, SECRET));
    assert_null(strstr(text, "s%2Be%40c"));
    assert_null(strstr(text, "t-token-1"));
    assert_null(strstr(text, "hunter22"));
}

static void dry_run_sends_no_change_and_shows_no_secret(void **state)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;

    (void)state;
    shown[0] = '\0';
    opts.flags = NUBE_CALL_DRY_RUN;
    opts.dry_run = keep_text;
    begin(LOGIN);
    assert_int_equal(CREATE(&opts, "password", "hunter22"), 0);
    assert_int_equal(nube_result_count(result), 0);
    assert_int_equal(count("POST /servers"), 0);
    assert_non_null(strstr(shown, "POST http://127.0.0.1:"));
    assert_non_null(strstr(shown, "\"name\":\"n\""));
    assert_non_null(strstr(shown, "\"password\":\"***\""));
    no_secret(shown);
    assert_int_equal(CALL(NODE_DESTROY, &opts, "id", "1"), 0);
    assert_int_equal(count("DELETE /servers/1"), 0);
}

static void wire_log_shows_no_secret(void **state)
{
    (void)state;
    shown[0] = '\0';
    hooks.log = keep_line;
    hooks.log_level = NUBE_LOG_WIRE;
    begin(LOGIN ROUTE("POST", "/servers",
                      "{'status': 201, 'json': {'id': '7', 'password': 'hunter22'}}")
              ROUTE("POST", "/servers/7/start",
                    "{'status': 500, 'json': {'error': {'message': 'no: hunter22 t-token-1 " SECRET
                    " s+e@c%r&amp;t=1&#32;x s+e@c%r&#x26;t=1 x'}}}")
                  ROUTE("DELETE", "/servers/7", "{'status': 204}"));
    assert_int_equal(CREATE(NULL, "password", "hunter22"), NUBE_E_PROVIDER);
    assert_non_null(strstr(shown, "/servers/7/start"));
    no_secret(shown);
    assert_string_equal(err.message, "no: *** *** *** *** ***");
}

/* The beginning of a secret is enough to be of use. */
static void message_that_is_cut_inside_a_secret_does_not_show_its_beginning(void **state)
{
    char routes[2048], filler[504];

    (void)state;
    memset(filler, 'x', sizeof(filler));
    filler[503] = '\0';
    snprintf(
        routes, sizeof(routes),
        LOGIN ROUTE("GET", "/servers/1", "{'status': 403, 'json': {'error': {'message': '%s%s'}}}"),
        filler, SECRET);
    begin(routes);
    assert_int_equal(GET("1"), NUBE_E_FORBIDDEN);
    assert_string_equal(err.message + 503, "***");
}

/* Of an application that was built when the struct was shorter: nothing behind it is touched. */
static void short_error_struct_is_not_written_past_its_end(void **state)
{
    struct nube_error small;
    nube_node *node;
    nube_conn *other;
    size_t i;

    (void)state;
    begin(LOGIN ROUTE("GET", "/servers", "{'json': {'servers': []}}"));
    memset(&small, 0xaa, sizeof(small));
    small.size = offsetof(struct nube_error, backend);
    assert_int_equal(nube_connect(&other, lib, "engine", "acc", NULL, &small), NUBE_E_USAGE);
    assert_int_equal(nube_node_get(&node, conn, NULL, NULL, &small), NUBE_E_USAGE);
    assert_int_equal(nube_node_find(&node, conn, "x", 0, NULL, &small), NUBE_E_NOT_FOUND);
    assert_int_equal(small.code, NUBE_E_NOT_FOUND);
    for (i = small.size; i < sizeof(small); i++)
        assert_int_equal(((unsigned char *)&small)[i], 0xaa);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(T01_wrong_password_is_auth_and_not_an_empty_list),
        TEST(refused_page_means_one_login_and_that_page_again),
        TEST(expired_in_a_200_means_one_login),
        TEST(session_refused_twice_is_auth),
        TEST(expired_session_is_renewed_before_it_is_refused),
        TEST(renewed_session_has_its_own_endpoints),
        TEST(group_that_is_refused_logs_in_once),
        TEST(T09_each_status_has_its_class),
        TEST(missing_thing_is_named),
        TEST(page_for_people_is_told_as_one),
        TEST(page_for_people_in_a_200_is_a_protocol_error),
        TEST(document_that_is_none_is_a_protocol_error),
        TEST(empty_body_is_not_a_crash),
        TEST(empty_body_of_a_list_is_no_whole_list),
        TEST(T10_accounts_do_not_share_headers_or_sessions),
        TEST(action_that_the_seen_state_forbids_is_refused_here),
        TEST(T17_a_driver_cannot_switch_verification_off),
        TEST(T19_odd_ids_are_one_segment_each),
        TEST(T20_plus_and_at_in_a_password_arrive),
        TEST(redirect_takes_no_credential_anywhere),
        TEST(address_of_another_origin_gets_no_token),
        TEST(dry_run_sends_no_change_and_shows_no_secret),
        TEST(wire_log_shows_no_secret),
        TEST(message_that_is_cut_inside_a_secret_does_not_show_its_beginning),
        TEST(short_error_struct_is_not_written_past_its_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
