/* Needs, and records of what was said: replayed they give the same, and they hold no secret. */
#include "engine_help.h"

#define NODES                                                                                      \
    ROUTE("GET", "/servers",                                                                       \
          "{'token': 't', 'list': {'count': 25, 'page': 10, 'key': 'servers', 'item': {'id': "     \
          "'{i}', 'name': 'n-{i}', "                                                               \
          "'state': 'ACTIVE', 'ip': '10.1.2.3'}}}")

/* ---- Needs ----------------------------------------------------------------------------- */

static const char *extra(const char *name)
{
    static struct nube_value v;

    v = (struct nube_value){.size = sizeof(v)};
    return nube_extra_get(nube_result_at(result, 0), name, &v) ? v.str : NULL;
}

static int64_t status(void)
{
    struct nube_value v = {.size = sizeof(v)};

    return nube_extra_get(nube_result_at(result, 0), "status", &v) ? v.num : -1;
}

static int probe(const char *file, const char *program, const char *word)
{
    return CALL(NODE_PROBE, NULL, "id", "1", "file", file, "program", program, "word", word);
}

static void files_and_programs_are_read_for_a_driver(void **state)
{
    (void)state;
    begin(LOGIN);
    scratch_write("note", "hello\n", 6);
    assert_int_equal(probe(scratch_path("note"), "echo", "$(id) *"), 0);
    assert_string_equal(extra("file"), "hello\n");
    assert_string_equal(extra("output"), "$(id) *\n");
    assert_int_equal(status(), 200);
}

static void what_is_not_there_is_told_as_that(void **state)
{
    (void)state;
    begin(LOGIN);
    assert_int_equal(probe(scratch_path("gone"), "nube-no-such-program", "x"), 0);
    assert_null(extra("file"));
    assert_int_equal(status(), 404);
    assert_int_equal(probe(scratch_path("gone"), "ls", scratch_path("gone")), 0);
    assert_int_equal(status(), 500);
    assert_non_null(strstr(extra("output"), "gone"));
}

static void program_that_hangs_ends_with_the_deadline(void **state)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    int64_t before = now_ms();

    (void)state;
    opts.deadline_ms = 500;
    begin(LOGIN);
    assert_int_equal(CALL(NODE_PROBE, &opts, "id", "1", "file", scratch_path("gone"), "program",
                          "sleep", "word", "60"),
                     NUBE_E_DEADLINE);
    assert_true(now_ms() - before < 20000);
}

/* ---- Records ------------------------------------------------------------------------------ */

static char texts[2][65536];

static void add(char *to, const char *text)
{
    strncat(to, text ? text : "(none)", sizeof(*texts) - strlen(to) - 1);
    strncat(to, "\n", sizeof(*texts) - strlen(to) - 1);
}

/* A session as a person has it: a list, a create, a failure, a file. */
static void session(char *to)
{
    nube_iter *iter;
    const nube_obj *o;
    char *json;

    *to = '\0';
    assert_int_equal(nube_node_list(&iter, conn, NULL, NULL, &err), 0);
    while (nube_iter_next(&o, iter, &err) == 1) {
        json = nube_obj_json(o, 0);
        add(to, json);
        nube_free(json);
    }
    nube_iter_free(iter);
    assert_int_equal(err.code, 0);
    assert_int_equal(CREATE(NULL, "password", "hunter22"), 0);
    json = nube_obj_json(nube_result_at(result, 0), 0);
    add(to, json);
    nube_free(json);
    assert_int_equal(GET("9"), NUBE_E_FORBIDDEN);
    add(to, err.message);
    assert_int_equal(probe(scratch_path("note"), "echo", "word"), 0);
    add(to, extra("file"));
    add(to, extra("output"));
    assert_int_equal(CALL(NODE_ACTION, NULL, "action", "both", "id", "7"), 0);
    assert_int_equal(CALL(NODE_CONSOLE, NULL, "id", "7"), 0);
    add(to, nube_result_output(result, NUBE_STDOUT, NULL));
}

static void record(const char *dir)
{
    hooks.record_dir = dir;
    begin(LOGIN NODES ROUTE("POST", "/servers",
                            "{'status': 201, 'json': {'id': '7', 'password': 'pass-of-7', 'echo': "
                            "'hunter22'}, 'headers': {'X-Pass': 'pass-of-7'}}")
              ROUTE("POST", "/servers/7/start", "{'status': 204}") ROUTE(
                  "GET", "/servers/7", "{'json': {'id': '7', 'name': 'n', 'state': 'ACTIVE'}}")
                  ROUTE("GET", "/servers/9",
                        "{'status': 403, 'json': {'error': {'message': 'not yours, "
                        "t-token-1'}}}")
                      ROUTE("POST", "/servers/7/reset",
                            "{'status': 204, 'headers': {'Set-Cookie': 'sid=in-a-cookie'}}")
                          ROUTE("GET", "/servers/7/console", "{'body': 'one\\ntwo'}"));
    scratch_write("note", "hello\n", 6);
    session(texts[0]);
    nube_conn_free(conn);
    nube_lib_free(lib);
    conn = NULL;
    lib = NULL;
    faultd_stop(&server);
}

static void replay(const char *dir)
{
    hooks.record_dir = NULL;
    hooks.replay_dir = dir;
    open_lib();
    conn = connect_to(1, "whatever", NULL, NULL);
    session(texts[1]);
    assert_string_equal(texts[0], texts[1]);
}

static void replayed_record_gives_the_same(void **state)
{
    const char *dir = scratch_path("tape");
    char kept[512];

    (void)state;
    snprintf(kept, sizeof(kept), "%s", dir);
    record(kept);
    assert_non_null(strstr(texts[0], "\"n-24\""));
    scratch_run("rm note");
    replay(kept);
}

static void record_holds_no_secret(void **state)
{
    static const char *const secrets[] = {SECRET,      "s%2Be",    "t-token-1",  "hunter22",
                                          "pass-of-7", "c2VjcmV0", "in-a-cookie"};
    char kept[512], command[1024];
    size_t i;

    (void)state;
    snprintf(kept, sizeof(kept), "%s", scratch_path("tape"));
    record(kept);
    scratch_run("grep -rqF n-24 tape && grep -rqF 'not yours, ***' tape");
    for (i = 0; i < sizeof(secrets) / sizeof(*secrets); i++) {
        snprintf(command, sizeof(command), "if grep -rF '%s' tape; then exit 1; fi", secrets[i]);
        scratch_run(command);
    }
}

static void replay_of_what_was_never_recorded_says_so(void **state)
{
    char kept[512];

    (void)state;
    snprintf(kept, sizeof(kept), "%s", scratch_path("tape"));
    record(kept);
    replay(kept);
    assert_int_equal(GET("404"), NUBE_E_NOT_FOUND);
    assert_non_null(strstr(err.message, "/servers/404"));
    assert_non_null(strstr(err.message, kept));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(files_and_programs_are_read_for_a_driver),
        TEST(what_is_not_there_is_told_as_that),
        TEST(program_that_hangs_ends_with_the_deadline),
        TEST(replayed_record_gives_the_same),
        TEST(record_holds_no_secret),
        TEST(replay_of_what_was_never_recorded_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
