/* HTTP/2 with a server that speaks nothing else: one connection carries many calls. */
#include "engine_help.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SKIP = 77, CALLS = 20 };

static pid_t nghttpd = -1;

static int free_port(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&at, len), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    close(fd);
    return ntohs(at.sin_port);
}

static int answers(int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int rc = connect(fd, (struct sockaddr *)&to, sizeof(to));

    close(fd);
    return rc == 0;
}

static int start_server(void)
{
    struct timespec pause = {0, 20000000};
    int port = free_port(), i;
    char command[128];

    snprintf(command, sizeof(command), "exec nghttpd -v -a 127.0.0.1 %d key cert >sessions 2>&1",
             port);
    nghttpd = fork();
    if (nghttpd == 0) {
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    for (i = 0; i < 250 && !answers(port); i++)
        nanosleep(&pause, NULL);
    assert_true(answers(port));
    return port;
}

static int h2_setup(void **state)
{
    if (each_setup(state) || chdir(scratch))
        return -1;
    scratch_run("openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=x -days 2 -keyout key "
                "-addext subjectAltName=IP:127.0.0.1 -out cert; mkdir servers; "
                "echo '{\"token\": \"t\"}' >token; "
                "echo '{\"id\": \"1\", \"name\": \"one\"}' >servers/1");
    return 0;
}

static int h2_teardown(void **state)
{
    if (nghttpd > 0) {
        kill(nghttpd, SIGTERM);
        waitpid(nghttpd, NULL, 0);
    }
    return each_teardown(state);
}

static void connect_by_tls(int port)
{
    nube_args *args;
    char url[64];

    snprintf(url, sizeof(url), "https://127.0.0.1:%d", port);
    open_lib();
    assert_int_equal(nube_args_new(&args, &err), 0);
    nube_args_set(args, "endpoint", url);
    nube_args_set(args, "ca_file", "cert");
    nube_args_set(args, "key", "user");
    nube_args_set(args, "secret", SECRET);
    assert_int_equal(nube_connect(&conn, lib, "engine", "acc", args, &err), 0);
    nube_args_free(args);
}

/* Sessions before it are start_server()'s own looks; the login is a request too. */
static int requests_of_last_session(void)
{
    size_t len;
    const char *text = scratch_read("sessions", &len), *at, *last = text;
    char id[16] = "";
    int n = 0;

    for (at = text; (at = strstr(at, "[id=")); at++)
        last = at;
    snprintf(id, sizeof(id), "%.*s", (int)strcspn(last, "]") + 1, last);
    for (at = text; (at = strstr(at, ":path: ")); at++) {
        while (at > text && at[-1] != '\n')
            at--;
        n += !strncmp(at, id, strlen(id));
        at = strstr(at, ":path: ");
    }
    return n;
}

static void one_connection_carries_many_calls(void **state)
{
    struct nube_done done = {.size = sizeof(done)};
    nube_batch *batch;
    nube_args *args;
    int i, good = 0;

    (void)state;
    connect_by_tls(start_server());
    if (GET("1"))
        fail_msg("%s", err.message);
    assert_string_equal(nube_name(nube_result_at(result, 0)), "one");
    assert_int_equal(nube_batch_new(&batch, lib, &err), 0);
    assert_int_equal(nube_args_new(&args, &err), 0);
    nube_args_set(args, "id", "1");
    for (i = 0; i < CALLS; i++)
        assert_int_equal(nube_batch_add(batch, conn, NUBE_OP_NODE_GET, args, NULL, 0, &err), 0);
    while (nube_batch_next(&done, batch, &err) == 1) {
        good += done.code == 0;
        nube_result_free(done.result);
    }
    nube_args_free(args);
    nube_batch_free(batch);
    assert_int_equal(good, CALLS);
    assert_int_equal(seen_in("sessions", ":path: /servers/1"), CALLS + 1);
    assert_int_equal(requests_of_last_session(), CALLS + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_connection_carries_many_calls, h2_setup, h2_teardown),
    };

    if (access("/usr/sbin/nghttpd", X_OK)) {
        fprintf(stderr, "SKIP: no nghttpd; scripts/install-deps installs it\n");
        return getenv("CI") ? 1 : SKIP;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
