/* A name server that does not answer: calls end with their cancel and their deadline all the same.
 * Needs a network and files of its own (namespaces): skipped, with status 77, where that is not
 * allowed. */
#include "engine_help.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { PROMPT_MS = 500 };
#else
enum { PROMPT_MS = 50 };
#endif
enum { TRIES = 5, SKIP = 77 };

static nube_cancel *sw;
static _Atomic int64_t fired_at;

/* ---- The name server ------------------------------------------------------------------------ */

static bool write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

    if (fd >= 0)
        close(fd);
    return good;
}

static bool own_namespaces(void)
{
    char map[64];

    if (!unshare(CLONE_NEWNS | CLONE_NEWNET))
        return true;
    snprintf(map, sizeof(map), "0 %d 1", (int)getuid());
    return !unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET) &&
           write_file("/proc/self/uid_map", map);
}

static bool own_resolver(void)
{
    static const char conf[] = "/tmp/nube-test-resolv.conf";
    char target[PATH_MAX];
    bool good;

    good = realpath("/etc/resolv.conf", target) && write_file(conf, "nameserver 127.0.0.1\n") &&
           !mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) &&
           !mount(conf, target, NULL, MS_BIND, NULL);
    unlink(conf);
    return good;
}

/* On the port of name servers, and never reads. */
static bool silent_server(void)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons(53), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};

    return fd >= 0 && !ioctl(fd, SIOCSIFFLAGS, &lo) &&
           !bind(fd, (struct sockaddr *)&at, sizeof(at));
}

/* ---- Calls ----------------------------------------------------------------------------------- */

static void connect_by_name(void)
{
    nube_args *args;

    open_lib();
    assert_int_equal(nube_args_new(&args, &err), 0);
    nube_args_set(args, "endpoint", "http://cloud.example:8080");
    nube_args_set(args, "key", "user");
    nube_args_set(args, "secret", SECRET);
    assert_int_equal(nube_connect(&conn, lib, "engine", "acc", args, &err), 0);
    nube_args_free(args);
}

static void *fire_soon(void *data)
{
    struct timespec t = {0, 130000000};

    (void)data;
    nanosleep(&t, NULL);
    fired_at = now_ms();
    nube_cancel_fire(sw);
    return NULL;
}

static void a_cancel_ends_it(void **state)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    int prompt = 0, i;
    pthread_t thread;

    (void)state;
    connect_by_name();
    assert_int_equal(nube_cancel_new(&sw, &err), 0);
    opts.cancel = sw;
    for (i = 0; i < TRIES; i++) {
        nube_cancel_reset(sw);
        assert_int_equal(pthread_create(&thread, NULL, fire_soon, NULL), 0);
        assert_int_equal(CALL(NODE_GET, &opts, "id", "1"), NUBE_E_CANCELLED);
        prompt += now_ms() - fired_at <= PROMPT_MS;
        pthread_join(thread, NULL);
    }
    nube_cancel_free(sw);
    assert_in_range(prompt, TRIES / 2 + 1, TRIES);
}

static void the_deadline_ends_it_and_says_what_was_waited_for(void **state)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    int64_t before = now_ms();

    (void)state;
    connect_by_name();
    opts.deadline_ms = 300;
    assert_int_equal(CALL(NODE_GET, &opts, "id", "1"), NUBE_E_DEADLINE);
    assert_in_range(now_ms() - before, 300, 300 + 10 * PROMPT_MS);
    assert_non_null(strstr(err.message, "cloud.example"));
}

/* glibc asks for ten seconds: nobody waits for that. */
static void closing_does_not_wait_for_it(void **state)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    int64_t before;

    (void)state;
    connect_by_name();
    opts.deadline_ms = 100;
    assert_int_equal(CALL(NODE_GET, &opts, "id", "1"), NUBE_E_DEADLINE);
    before = now_ms();
    nube_conn_free(conn);
    nube_lib_free(lib);
    conn = NULL;
    lib = NULL;
    assert_in_range(now_ms() - before, 0, 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_cancel_ends_it),
        TEST(the_deadline_ends_it_and_says_what_was_waited_for),
        TEST(closing_does_not_wait_for_it),
    };

    if (!own_namespaces() || !own_resolver() || !silent_server()) {
        fprintf(stderr, "SKIP: no name server of its own: %s\n", strerror(errno));
        return getenv("CI") ? 1 : SKIP;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
