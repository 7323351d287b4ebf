/* The Joyent driver against a server: published signatures, keys of every format, pages,
 * throttling, clocks, waits. */
#include "scratch.h"

#include <nube/nube.h>
#include <time.h>

#include "faultd.h"

#define RSA     "23:c7:c0:a8:64:95:b0:5d:63:04:94:c4:46:85:36:db"
#define ED25519 "39:b9:be:35:94:6a:f6:ee:06:cd:9b:18:5d:da:5f:c1"

static struct faultd server;
static nube_lib *lib;
static nube_conn *conn;
static struct nube_error err;
static nube_result *result;
static char url[64];
static int64_t now; /* 0: the real one */
static const char *answer;
static int asked;

/* ---- A server and a connection ----------------------------------------------------------- */

#define ROUTE(method, path, replies)                                                               \
    "{'method': '" method "', 'path': '" path "', 'replies': [" replies "]}"
#define MACHINE(id, state) "{'id': '" id "', 'name': 'n', 'state': '" state "', 'ips': []}"
#define ONE(state)         "{'json': " MACHINE("m1", state) "}"
#define PAGE(count, nodes) "{'headers': {'x-resource-count': '" count "'}, 'json': [" nodes "]}"
#define RUNNING(id)        MACHINE(id, "running")

static const char *env(void *payload, const char *name)
{
    (void)payload;
    return strcmp(name, "HOME") == 0 ? scratch : NULL;
}

static int ask(void *payload, const char *prompt, char *buf, size_t size)
{
    (void)payload;
    (void)prompt;
    asked++;
    if (!answer)
        return -1;
    snprintf(buf, size, "%s", answer);
    return 0;
}

static int64_t mono(void *payload)
{
    struct timespec t;

    (void)payload;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t wall(void *payload)
{
    (void)payload;
    return now ? now : (int64_t)time(NULL) * 1000;
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
    snprintf(url, sizeof(url), "http://127.0.0.1:%d", server.port);
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

static void connect_as(nube_args *options)
{
    struct nube_hooks hooks = NUBE_HOOKS_INIT;
    char drivers[1024];

    snprintf(drivers, sizeof(drivers), "%s/lib/nube/0/drivers",
             getenv("NUBE_TEST_BUILD") ? getenv("NUBE_TEST_BUILD") : ".");
    hooks.driver_path = drivers;
    hooks.service_path = NUBE_TEST_SERVICES;
    hooks.env = env;
    hooks.ask = ask;
    hooks.now_mono = mono;
    hooks.now_wall = wall;
    nube_args_set(options, "endpoint", url);
    nube_args_set(options, "account", "demo");
    nube_args_set(options, "agent", "no");
    assert_int_equal(nube_lib_open(&lib, &hooks, &err), 0);
    if (nube_connect(&conn, lib, "joyent", "acc", options, &err))
        fail_msg("%s", err.message);
    nube_args_free(options);
}

static const char *vector_path(const char *name)
{
    static char path[1024];
    const char *source = getenv("NUBE_TEST_SOURCE");

    snprintf(path, sizeof(path), "%s/tests/unit/vectors/joyent/%s", source ? source : ".", name);
    return path;
}

static void begin(const char *routes)
{
    serve(routes);
    connect_as(
        ARGS("key_id", "web", "key_file", vector_path("ed25519.pkcs8.pem"), "page_size", "2"));
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

static const char *requests(void)
{
    size_t len;

    return scratch_read("requests", &len);
}

static int setup(void **state)
{
    (void)state;
    memcpy(scratch + strlen(scratch) - 6, "XXXXXX", 6);
    now = 0;
    asked = 0;
    answer = NULL;
    err = (struct nube_error)NUBE_ERROR_INIT;
    return scratch_make(state);
}

static void disconnect(void)
{
    nube_result_free(result);
    nube_conn_free(conn);
    nube_lib_free(lib);
    result = NULL;
    conn = NULL;
    lib = NULL;
}

static int teardown(void **state)
{
    disconnect();
    faultd_stop(&server);
    return scratch_drop(state);
}

/* ---- Published signatures ------------------------------------------------------------------ */

/* The header of the vector of this name, as JSON writes it. */
static void read_vector(char *out, size_t size, const char *name)
{
    static char text[65536], key[128];
    FILE *f = fopen(vector_path("signature-vectors.json"), "r");
    const char *at, *end;

    assert_non_null(f);
    text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
    fclose(f);
    snprintf(key, sizeof(key), "\"name\": \"%s\"", name);
    at = strstr(text, key);
    assert_non_null(at);
    at = strstr(at, "\"authorization\": \"");
    assert_non_null(at);
    at += strlen("\"authorization\": \"");
    for (end = at; *end != '"'; end += *end == '\\' ? 2 : 1)
        ;
    snprintf(out, size, "%.*s", (int)(end - at), at);
}

/* What the vectors were made of: GET /demo/machines?limit=2 at that moment. */
static void sign_as(const char *file, const char *key_id, const char *version, const char *pass)
{
    serve(ROUTE("GET", "/demo/machines", "{'json': []}"));
    now = INT64_C(1450786992000);
    connect_as(ARGS("key_id", key_id, "key_file", vector_path(file), "act_as", "demo",
                    "api_version", version, pass ? "key_passphrase" : NULL, pass));
    if (CALL(RAW, "method", "GET", "path", "machines", "query", "limit=2"))
        fail_msg("%s: %s", file, err.message);
    assert_non_null(strstr(requests(), "Tue, 22 Dec 2015 12:23:12 GMT"));
}

static void expect_vector(const char *name)
{
    static char want[2048];

    read_vector(want, sizeof(want), name);
    if (!strstr(requests(), want))
        fail_msg("%s: not %s but %s", name, want, requests());
}

static void again(void)
{
    disconnect();
    faultd_stop(&server);
}

/* One key in each of its formats, encrypted or not, makes the signature that was published. */
static void every_format_signs_as_published(void **state)
{
    static const char *const files[] = {"rsa2048.pkcs1.pem",     "rsa2048.pkcs8.pem",
                                        "rsa2048.openssh",       "rsa2048.pkcs1.enc.pem",
                                        "rsa2048.pkcs8.enc.pem", "rsa2048.openssh.enc"};

    (void)state;
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
        if (i)
            again();
        sign_as(files[i], RSA, "~9", strstr(files[i], "enc") ? "correct-horse" : NULL);
        expect_vector("modern request-target+date rsa-sha256");
    }
    assert_int_equal(asked, 0);
}

static void ed25519_signs_as_published(void **state)
{
    (void)state;
    sign_as("ed25519.pkcs8.pem", ED25519, "~9", NULL);
    expect_vector("modern request-target+date ed25519-sha512");
}

/* The first servers know the first layout only. */
static void the_first_layout_signs_as_published(void **state)
{
    (void)state;
    sign_as("rsa2048.pkcs8.pem", "MD5:" RSA, "~6.5", NULL);
    expect_vector("legacy 0.9 layout rsa-sha256");
}

/* What names the key on the wire is its name or its MD5 form, whatever form it was given in. */
static void a_key_has_several_names(void **state)
{
    (void)state;
    sign_as("rsa2048.pkcs8.pem", "/demo/users/bob/keys/web", "~9", NULL);
    assert_non_null(strstr(requests(), "keyId=\\\"/demo/users/bob/keys/web\\\",algorithm="));
    again();
    sign_as("ecdsa384.sec1.pem", "web", "~9", NULL);
    assert_non_null(strstr(requests(), "algorithm=\\\"ecdsa-sha256\\\""));
    again();
    sign_as("ed25519.openssh", "SHA256:UgtNl2l5QDzBkqkMi7EErkdYApX0VNLPWCfm58lCtmA", "~9", NULL);
    assert_non_null(
        strstr(requests(), "/demo/keys/b3:8b:31:57:d3:d5:ca:bc:33:56:76:34:54:95:35:b3\\\""));
    assert_non_null(strstr(requests(), "algorithm=\\\"ed25519-sha512\\\""));
}

/* ---- Passphrases ----------------------------------------------------------------------------- */

static void a_passphrase_is_asked_for_once(void **state)
{
    (void)state;
    serve(ROUTE("GET", "/my", "{'json': {'id': '1'}}"));
    answer = "correct-horse";
    connect_as(ARGS("key_id", "web", "key_file", vector_path("rsa2048.openssh.enc")));
    assert_int_equal(CALL(CHECK, NULL), 0);
    assert_int_equal(CALL(CHECK, NULL), 0);
    assert_int_equal(asked, 1);
}

static void a_passphrase_that_is_wrong_or_missing_is_told(void **state)
{
    (void)state;
    serve(ROUTE("GET", "/my", "{'json': {'id': '1'}}"));
    connect_as(ARGS("key_id", "web", "key_file", vector_path("rsa2048.pkcs8.enc.pem")));
    assert_int_equal(CALL(CHECK, NULL), NUBE_E_AUTH);
    assert_non_null(strstr(err.message, "rsa2048.pkcs8.enc.pem is encrypted"));
    assert_non_null(strstr(err.message, "missing"));
    disconnect();
    connect_as(ARGS("key_id", "web", "key_file", vector_path("rsa2048.pkcs8.enc.pem"),
                    "key_passphrase", "battery-staple"));
    assert_int_equal(CALL(CHECK, NULL), NUBE_E_AUTH);
    assert_non_null(strstr(err.message, "passphrase is wrong"));
    assert_null(strstr(err.message, "battery"));
    assert_int_equal(count("GET /my"), 0);
}

/* ---- Pages -------------------------------------------------------------------------------------
 */

static int walk(const char *name, int *n)
{
    nube_args *filters = ARGS("tag", "role=web", name ? "name" : NULL, name);
    const nube_node *node;
    nube_iter *it;
    int rc;

    *n = 0;
    assert_int_equal(nube_node_list(&it, conn, filters, NULL, &err), 0);
    while ((rc = nube_iter_next(&node, it, &err)) == 1)
        (*n)++;
    nube_iter_free(it);
    nube_args_free(filters);
    return rc;
}

#define TAGGED(id) "{'id': '" id "', 'state': 'running', 'tags': {'role': 'web'}}"

/* Today's servers count a page, the first ones all there are. */
static void T07_every_page_is_followed_with_its_filters(void **state)
{
    static const char *const routes[] = {
        ROUTE("GET", "/my/machines",
              PAGE("2", TAGGED("m1") "," TAGGED("m2")) "," PAGE(
                  "2", TAGGED("m3") "," TAGGED("m4")) "," PAGE("1", TAGGED("m5"))),
        ROUTE("GET", "/my/machines",
              PAGE("5", TAGGED("m1") "," TAGGED("m2")) "," PAGE(
                  "5", TAGGED("m3") "," TAGGED("m4")) "," PAGE("5", TAGGED("m5"))),
    };
    int n;

    (void)state;
    for (int i = 0; i < 2; i++) {
        if (i)
            again();
        begin(routes[i]);
        assert_int_equal(walk(NULL, &n), 0);
        assert_int_equal(n, 5);
        assert_int_equal(count("GET /my/machines"), 3);
        assert_non_null(strstr(requests(), "tag.role=web&limit=2&offset=2"));
        assert_non_null(strstr(requests(), "tag.role=web&limit=2&offset=4"));
    }
}

/* It counts all there are, and allows fewer at once than were asked for. */
static void T07_a_server_that_gives_fewer_is_asked_on(void **state)
{
    int n;

    (void)state;
    serve(ROUTE("GET", "/my/machines",
                PAGE("3", TAGGED("m1") "," TAGGED("m2")) "," PAGE("3", TAGGED("m3"))));
    connect_as(ARGS("key_id", "web", "key_file", vector_path("ed25519.pkcs8.pem")));
    assert_int_equal(walk(NULL, &n), 0);
    assert_int_equal(n, 3);
    assert_non_null(strstr(requests(), "tag.role=web&limit=1000&offset=2"));
}

/* A full last page has an empty one behind it. */
static void T07_a_full_last_page_is_the_last(void **state)
{
    int n;

    (void)state;
    begin(ROUTE("GET", "/my/machines", PAGE("2", TAGGED("m1") "," TAGGED("m2")) "," PAGE("0", "")));
    assert_int_equal(walk(NULL, &n), 0);
    assert_int_equal(n, 2);
    assert_int_equal(count("GET /my/machines"), 2);
}

static void T07_a_list_that_never_ends_is_an_error(void **state)
{
    int n;

    (void)state;
    begin(ROUTE("GET", "/my/machines", PAGE("2", TAGGED("m1") "," TAGGED("m2"))));
    assert_int_equal(walk(NULL, &n), NUBE_E_PROTOCOL);
    assert_int_equal(count("GET /my/machines"), 2);
    assert_non_null(strstr(err.message, "same page again"));
}

/* ---- What servers say
 * ---------------------------------------------------------------------------- */

static void throttled_is_asked_again_a_second_later(void **state)
{
    int64_t before;

    (void)state;
    begin(ROUTE("GET", "/my",
                "{'status': 429, 'json': {'code': 'TooManyRequestsError', 'message': 'slow'}}, "
                "{'json': {'id': '1'}}"));
    before = mono(NULL);
    assert_int_equal(CALL(CHECK, NULL), 0);
    assert_true(mono(NULL) - before >= 900);
    assert_int_equal(count("GET /my"), 2);
}

/* The server's own clock signs the second time. */
static void a_clock_that_is_off_signs_once_more(void **state)
{
    (void)state;
    now = INT64_C(1450786992000);
    begin(ROUTE("GET", "/my",
                "{'status': 400, 'headers': {'Date': 'Wed, 23 Dec 2015 12:23:12 GMT'}, 'json': "
                "{'code': 'InvalidHeader', 'message': 'clock skew of 86400s was greater than "
                "300s'}}, {'json': {'id': '1'}}"));
    if (CALL(CHECK, NULL))
        fail_msg("%s", err.message);
    assert_int_equal(count("GET /my"), 2);
    assert_non_null(strstr(requests(), "Wed, 23 Dec 2015 12:23:12 GMT"));
}

/* ---- Waits: never the endless loop of py-smartdc -------------------------------------------- */

static int wait_for(const char *states, unsigned flags, int64_t deadline_ms)
{
    struct nube_wait w = NUBE_WAIT_INIT;
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    const char *const ids[] = {"m1"};

    w.states = states;
    w.flags = flags;
    w.interval_ms = 20;
    opts.deadline_ms = deadline_ms;
    return nube_node_wait(conn, ids, 1, &w, &opts, NULL, &err);
}

static void a_wait_while_ends_with_the_state(void **state)
{
    (void)state;
    begin(ROUTE("GET", "/my/machines/m1",
                ONE("provisioning") "," ONE("provisioning") "," ONE("running")));
    assert_int_equal(wait_for("provisioning", NUBE_WAIT_WHILE, 5000), 0);
    assert_int_equal(count("GET /my/machines/m1"), 3);
}

static void a_wait_ends_at_a_failure(void **state)
{
    (void)state;
    begin(ROUTE("GET", "/my/machines/m1", ONE("provisioning") "," ONE("failed")));
    assert_int_equal(wait_for("running", 0, 5000), NUBE_E_STATE);
    assert_non_null(strstr(err.message, "failed"));
}

static void a_wait_has_a_limit(void **state)
{
    (void)state;
    begin(ROUTE("GET", "/my/machines/m1", ONE("provisioning")));
    assert_int_equal(wait_for("running", 0, 300), NUBE_E_DEADLINE);
}

static void a_tombstone_is_gone(void **state)
{
    (void)state;
    begin(ROUTE("GET", "/my/machines/m1",
                ONE("stopped") ",{'status': 410, 'json': " MACHINE("m1", "deleted") "}"));
    assert_int_equal(wait_for(NULL, NUBE_WAIT_GONE, 5000), 0);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_format_signs_as_published),
        TEST(ed25519_signs_as_published),
        TEST(the_first_layout_signs_as_published),
        TEST(a_key_has_several_names),
        TEST(a_passphrase_is_asked_for_once),
        TEST(a_passphrase_that_is_wrong_or_missing_is_told),
        TEST(T07_every_page_is_followed_with_its_filters),
        TEST(T07_a_server_that_gives_fewer_is_asked_on),
        TEST(T07_a_full_last_page_is_the_last),
        TEST(T07_a_list_that_never_ends_is_an_error),
        TEST(throttled_is_asked_again_a_second_later),
        TEST(a_clock_that_is_off_signs_once_more),
        TEST(a_wait_while_ends_with_the_state),
        TEST(a_wait_ends_at_a_failure),
        TEST(a_wait_has_a_limit),
        TEST(a_tombstone_is_gone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
