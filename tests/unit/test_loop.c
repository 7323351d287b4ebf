/* The event loop: timers, watches that callbacks stop, wake-ups and polling from outside. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "loop.h"

static int64_t fake_ms = 1000;

static int64_t fake_now(void *data)
{
    (void)data;
    return fake_ms;
}

struct note {
    struct nube_loop *loop;
    struct nube_timer timer, *stop;
    char name;
    int again;
    char *log;
    int pair[2], *kill;
    unsigned seen;
};

static void on_timer(void *data)
{
    struct note *n = data;

    strncat(n->log, &n->name, 1);
    if (n->stop)
        nube_loop_timer_stop(n->loop, n->stop);
    if (n->again > 0) {
        n->again--;
        nube_loop_timer_set(n->loop, &n->timer, 0);
    }
}

static void on_fd(void *data, int fd, unsigned events)
{
    struct note *n = data;

    strncat(n->log, &n->name, 1);
    n->seen = events;
    nube_loop_watch(n->loop, fd, 0, NULL, NULL);
    if (n->kill)
        nube_loop_watch(n->loop, *n->kill, 0, NULL, NULL);
}

static void note_init(struct note *n, struct nube_loop *l, char name, char *log)
{
    memset(n, 0, sizeof *n);
    n->loop = l;
    n->name = name;
    n->log = log;
    n->timer.fn = on_timer;
    n->timer.data = n;
}

static void timers_run_in_order_of_time(void **state)
{
    struct nube_loop *l;
    struct note a, b, c;
    char log[16] = "";

    (void)state;
    assert_int_equal(nube_loop_new(&l, fake_now, NULL), 0);
    note_init(&a, l, 'a', log);
    note_init(&b, l, 'b', log);
    note_init(&c, l, 'c', log);
    nube_loop_timer_set(l, &a.timer, 30);
    nube_loop_timer_set(l, &b.timer, 10);
    nube_loop_timer_set(l, &c.timer, 20);
    nube_loop_timer_set(l, &c.timer, 10); /* re-armed: after b, which has the same time */
    nube_loop_turn(l, 0);
    assert_string_equal(log, "");
    fake_ms += 15;
    nube_loop_turn(l, 0);
    assert_string_equal(log, "bc");
    assert_false(b.timer.armed);
    assert_true(a.timer.armed);
    fake_ms += 15;
    nube_loop_turn(l, -1);
    assert_string_equal(log, "bca");
    nube_loop_free(l);
}

static void a_timer_may_stop_another_that_is_due_too(void **state)
{
    struct nube_loop *l;
    struct note a, b;
    char log[16] = "";

    (void)state;
    assert_int_equal(nube_loop_new(&l, fake_now, NULL), 0);
    note_init(&a, l, 'a', log);
    note_init(&b, l, 'b', log);
    a.stop = &b.timer;
    nube_loop_timer_set(l, &a.timer, 5);
    nube_loop_timer_set(l, &b.timer, 5);
    fake_ms += 10;
    nube_loop_turn(l, 0);
    nube_loop_turn(l, 0);
    assert_string_equal(log, "a");
    nube_loop_free(l);
}

static void a_timer_set_to_zero_by_itself_does_not_starve_the_turn(void **state)
{
    struct nube_loop *l;
    struct note a;
    char log[16] = "";

    (void)state;
    assert_int_equal(nube_loop_new(&l, fake_now, NULL), 0);
    note_init(&a, l, 'a', log);
    a.again = 2;
    nube_loop_timer_set(l, &a.timer, 0);
    nube_loop_turn(l, -1);
    assert_string_equal(log, "a");
    nube_loop_turn(l, -1);
    nube_loop_turn(l, -1);
    assert_string_equal(log, "aaa");
    assert_false(a.timer.armed);
    nube_loop_free(l);
}

static void a_watch_may_stop_another_that_is_ready_too(void **state)
{
    struct nube_loop *l;
    struct note a, b;
    char log[16] = "";

    (void)state;
    assert_int_equal(nube_loop_new(&l, NULL, NULL), 0);
    note_init(&a, l, 'x', log);
    note_init(&b, l, 'x', log);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, a.pair), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, b.pair), 0);
    a.kill = &b.pair[0];
    b.kill = &a.pair[0];
    assert_int_equal(write(a.pair[1], "1", 1), 1);
    assert_int_equal(write(b.pair[1], "1", 1), 1);
    assert_int_equal(nube_loop_watch(l, a.pair[0], NUBE_LOOP_IN, on_fd, &a), 0);
    assert_int_equal(nube_loop_watch(l, b.pair[0], NUBE_LOOP_IN, on_fd, &b), 0);
    nube_loop_turn(l, -1);
    nube_loop_turn(l, 0);
    assert_string_equal(log, "x");
    for (int i = 0; i < 2; i++) {
        close(a.pair[i]);
        close(b.pair[i]);
    }
    nube_loop_free(l);
}

static void a_closed_peer_is_readable_and_an_error(void **state)
{
    struct nube_loop *l;
    struct note a;
    char log[16] = "";

    (void)state;
    assert_int_equal(nube_loop_new(&l, NULL, NULL), 0);
    note_init(&a, l, 'a', log);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, a.pair), 0);
    close(a.pair[1]);
    assert_int_equal(nube_loop_watch(l, a.pair[0], NUBE_LOOP_OUT, on_fd, &a), 0);
    assert_int_equal(nube_loop_watch(l, a.pair[0], NUBE_LOOP_IN, on_fd, &a), 0);
    nube_loop_turn(l, -1);
    assert_int_equal(a.seen, NUBE_LOOP_IN | NUBE_LOOP_ERR);
    close(a.pair[0]);
    nube_loop_free(l);
}

static void watching_nothing_is_refused(void **state)
{
    struct nube_loop *l;

    (void)state;
    assert_int_equal(nube_loop_new(&l, NULL, NULL), 0);
    assert_int_equal(nube_loop_watch(l, -1, NUBE_LOOP_IN, on_fd, NULL), -1);
    assert_int_equal(nube_loop_watch(l, 900, NUBE_LOOP_IN, on_fd, NULL), -1);
    assert_int_equal(nube_loop_watch(l, 900, 0, NULL, NULL), 0);
    nube_loop_free(l);
}

static void *waker(void *data)
{
    nube_loop_wake(data);
    return NULL;
}

static void wake_ends_a_wait_from_another_thread_and_keeps_errno(void **state)
{
    struct nube_loop *l;
    pthread_t thread;

    (void)state;
    assert_int_equal(nube_loop_new(&l, NULL, NULL), 0);
    pthread_create(&thread, NULL, waker, l);
    assert_int_equal(nube_loop_turn(l, -1), 0); /* hangs when it does not work */
    pthread_join(thread, NULL);
    errno = EDOM;
    nube_loop_wake(l);
    nube_loop_wake(l);
    assert_int_equal(errno, EDOM);
    assert_int_equal(nube_loop_turn(l, -1), 0);
    assert_int_equal(poll(&(struct pollfd){nube_loop_fd(l), POLLIN, 0}, 1, 0), 0);
    nube_loop_free(l);
}

static void the_descriptor_is_readable_when_a_timer_is_due(void **state)
{
    struct nube_loop *l;
    struct note a, b;
    char log[16] = "";
    struct pollfd p = {.events = POLLIN};

    (void)state;
    assert_int_equal(nube_loop_new(&l, NULL, NULL), 0);
    note_init(&a, l, 'a', log);
    note_init(&b, l, 'b', log);
    nube_loop_timer_set(l, &a.timer, 20); /* before the descriptor is asked for */
    p.fd = nube_loop_fd(l);
    assert_int_equal(poll(&p, 1, 0), 0);
    nube_loop_timer_set(l, &b.timer, 0);
    assert_int_equal(poll(&p, 1, 5000), 1);
    nube_loop_turn(l, 0);
    assert_string_equal(log, "b");
    while (!*log || !strchr(log, 'a')) {
        assert_int_equal(poll(&p, 1, 5000), 1);
        nube_loop_turn(l, 0);
    }
    assert_string_equal(log, "ba");
    assert_int_equal(poll(&p, 1, 0), 0);
    nube_loop_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timers_run_in_order_of_time),
        cmocka_unit_test(a_timer_may_stop_another_that_is_due_too),
        cmocka_unit_test(a_timer_set_to_zero_by_itself_does_not_starve_the_turn),
        cmocka_unit_test(a_watch_may_stop_another_that_is_ready_too),
        cmocka_unit_test(a_closed_peer_is_readable_and_an_error),
        cmocka_unit_test(watching_nothing_is_refused),
        cmocka_unit_test(wake_ends_a_wait_from_another_thread_and_keeps_errno),
        cmocka_unit_test(the_descriptor_is_readable_when_a_timer_is_due),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
