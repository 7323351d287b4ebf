/* A fault server, a library and a connection of the driver "engine", for the tests of the engine.
 */
#ifndef NUBE_TESTS_ENGINE_HELP_H
#define NUBE_TESTS_ENGINE_HELP_H

#include "scratch.h"

#include <nube/nube.h>
#include <time.h>

#include "engine_driver.h"
#include "faultd.h"
#include "registry.h"

/* Scenarios are written with ' for " and ` for \\". */
#define ROUTE(method, path, replies)                                                               \
    ",{'method': '" method "', 'path': '" path "', 'replies': [" replies "]}"
/* A login's reply: a token that is good for so many requests, "0": for ever. */
#define TOKEN(uses) "{'gives_token': ['t', " uses ", 0], 'json': {'token': '{token}'}}"
#define LOGIN       ROUTE("POST", "/token", TOKEN("0"))
#define NODE        "{'json': {'id': '1', 'name': 'one', 'state': 'ACTIVE'}, 'token': 't'}"
#define SECRET      "s+e@c%r&t=1 x"

static struct faultd server;
static nube_lib *lib;
static nube_conn *conn;
static struct nube_error err;
static nube_result *result;
static struct nube_hooks hooks = NUBE_HOOKS_INIT; /* a test may change it before begin() */

static inline int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static inline nube_conn *connect_to(int port, const char *secret, const char *option,
                                    const char *value)
{
    char url[64];
    nube_args *args;
    nube_conn *made = NULL;

    snprintf(url, sizeof(url), "http://127.0.0.1:%d", port);
    assert_int_equal(nube_args_new(&args, &err), 0);
    nube_args_set(args, "endpoint", url);
    nube_args_set(args, "key", "user");
    nube_args_set(args, "secret", secret);
    if (option)
        nube_args_set(args, option, value);
    if (nube_connect(&made, lib, "engine", "acc", args, &err))
        fail_msg("%s", err.message);
    nube_args_free(args);
    return made;
}

static inline void open_lib(void)
{
    hooks.service_path = NUBE_TEST_SERVICES;
    assert_int_equal(nube_lib_open(&lib, &hooks, &err), 0);
    assert_int_equal(nube_driver_register(lib, &engine_driver, &err), 0);
}

/* Starts a server with these routes. */
static inline void serve(struct faultd *f, const char *routes, const char *log)
{
    const char *args[] = {"--log", scratch_path(log), NULL};
    static char text[65536];
    char *to = text + sprintf(text, "{\"routes\": [");

    for (routes += *routes == ','; *routes && to < text + sizeof(text) - 8; routes++) {
        if (*routes == '`')
            *to++ = '\\';
        *to++ = *routes == '\'' || *routes == '`' ? '"' : *routes;
    }
    memcpy(to, "]}", 3);
    assert_int_equal(faultd_start(f, text, args), 0);
}

static inline void begin_with(const char *routes, const char *option, const char *value)
{
    serve(&server, routes, "requests");
    open_lib();
    conn = connect_to(server.port, SECRET, option, value);
}

static inline void begin(const char *routes)
{
    begin_with(routes, NULL, NULL);
}

static inline int each_setup(void **state)
{
    err = (struct nube_error)NUBE_ERROR_INIT;
    hooks = (struct nube_hooks)NUBE_HOOKS_INIT;
    server.pid = server.in = -1;
    memcpy(scratch, "/tmp/nube-test-XXXXXX", sizeof(scratch)); /* mkdtemp() filled it in */
    return scratch_make(state);
}

static inline int each_teardown(void **state)
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

/* How often this text is in the log of what the server got. */
static inline int seen_in(const char *log, const char *text)
{
    size_t len;
    const char *at = scratch_read(log, &len);
    int n = 0;

    for (; (at = strstr(at, text)); at += strlen(text))
        n++;
    return n;
}

static inline int seen(const char *text)
{
    return seen_in("requests", text);
}

static inline long count(const char *what)
{
    return faultd_stat(&server, what);
}

/* One call; args: names and values by turns, NULL at the end. */
static inline int call_with(enum nube_op op, const struct nube_call_opts *opts,
                            const char *const *args)
{
    nube_args *set;
    int rc;

    nube_result_free(result);
    assert_int_equal(nube_args_new(&set, &err), 0);
    for (; args && *args; args += 2)
        nube_args_set(set, args[0], args[1]);
    rc = nube_call_op(&result, conn, op, set, opts, &err);
    nube_args_free(set);
    return rc;
}
#define CALL(op, opts, ...) call_with(NUBE_OP_##op, opts, (const char *const[]){__VA_ARGS__, NULL})
#define GET(id)             CALL(NODE_GET, NULL, "id", id)
#define CREATE(opts, ...)   CALL(NODE_CREATE, opts, "name", "n", "image", "i", __VA_ARGS__)

/* Lists all nodes; the count, or the (negative) code. */
static inline int list(const char *filter, const char *value)
{
    nube_args *args;
    nube_iter *iter;
    const nube_obj *o;
    int n = 0, rc;

    assert_int_equal(nube_args_new(&args, &err), 0);
    if (filter)
        nube_args_set(args, filter, value);
    rc = nube_node_list(&iter, conn, args, NULL, &err);
    nube_args_free(args);
    if (rc)
        return rc;
    while ((rc = nube_iter_next(&o, iter, &err)) == 1)
        n++;
    if (rc < 0) /* and never an end instead, however often it is asked */
        assert_int_equal(nube_iter_next(&o, iter, &err), rc);
    nube_iter_free(iter);
    return rc < 0 ? rc : n;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, each_setup, each_teardown)

#endif
