/* The event loop under an engine: epoll, a timerfd for foreign loops, an eventfd, sorted intrusive
 * timers. */
#include "loop.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <nube/error.h>

#include "mem.h"

enum { BATCH = 64 };

/* What is watched, by descriptor. stamp tells events of an earlier watch of the same number apart.
 */
struct slot {
    nube_watch_fn fn;
    void *data;
    unsigned events;
    uint32_t stamp;
};

struct nube_loop {
    int epoll, timerfd, eventfd;
    int64_t (*now)(void *);
    void *now_data;
    struct slot *slots;
    size_t n_slots;
    struct nube_timer waiting; /* heads of rings, soonest first */
    struct nube_timer due;     /* being run by this turn */
    int64_t alarm;             /* what the timerfd is set to; INT64_MAX: off */
    bool exported;             /* somebody polls the epoll descriptor: the timerfd matters */
    bool turning;
};

static int64_t monotonic(void *unused)
{
    struct timespec t;

    (void)unused;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static uint64_t pack(int fd, uint32_t stamp)
{
    return (uint64_t)stamp << 32 | (uint32_t)fd;
}

static void ring_init(struct nube_timer *head)
{
    head->prev = head->next = head;
}

static void ring_remove(struct nube_timer *t)
{
    t->prev->next = t->next;
    t->next->prev = t->prev;
    t->prev = t->next = NULL;
}

static void ring_insert_after(struct nube_timer *place, struct nube_timer *t)
{
    t->prev = place;
    t->next = place->next;
    place->next->prev = t;
    place->next = t;
}

int nube_loop_new(struct nube_loop **out, int64_t (*now)(void *), void *now_data)
{
    struct nube_loop *l = nube_mem_zalloc(sizeof *l);
    struct epoll_event ev = {.events = EPOLLIN};

    *out = NULL;
    if (!l)
        return NUBE_E_MEMORY;
    l->now = now ? now : monotonic;
    l->now_data = now_data;
    l->alarm = INT64_MAX;
    ring_init(&l->waiting);
    ring_init(&l->due);
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    l->timerfd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    l->eventfd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (l->epoll < 0 || l->timerfd < 0 || l->eventfd < 0)
        goto fail;
    ev.data.u64 = pack(l->timerfd, 0);
    if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, l->timerfd, &ev) < 0)
        goto fail;
    ev.data.u64 = pack(l->eventfd, 0);
    if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, l->eventfd, &ev) < 0)
        goto fail;
    *out = l;
    return 0;
fail:
    nube_loop_free(l);
    return NUBE_E_SYSTEM;
}

void nube_loop_free(struct nube_loop *l)
{
    if (!l)
        return;
    if (l->epoll >= 0)
        close(l->epoll);
    if (l->timerfd >= 0)
        close(l->timerfd);
    if (l->eventfd >= 0)
        close(l->eventfd);
    nube_mem_free(l->slots);
    nube_mem_free(l);
}

/* ---- descriptors ------------------------------------------------------------- */

static struct slot *slot_for(struct nube_loop *l, int fd)
{
    size_t n = l->n_slots ? l->n_slots : 64;
    struct slot *grown;

    if ((size_t)fd < l->n_slots)
        return &l->slots[fd];
    while (n <= (size_t)fd)
        n *= 2;
    grown = nube_mem_realloc(l->slots, n * sizeof *grown);
    if (!grown)
        return NULL;
    memset(grown + l->n_slots, 0, (n - l->n_slots) * sizeof *grown);
    l->slots = grown;
    l->n_slots = n;
    return &l->slots[fd];
}

/* Adds or modifies, whatever the kernel remembers of a descriptor of this number. */
static int epoll_put(struct nube_loop *l, int op, int fd, struct epoll_event *ev)
{
    if (epoll_ctl(l->epoll, op, fd, ev) == 0)
        return 0;
    if (op == EPOLL_CTL_MOD && errno == ENOENT)
        return epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, ev);
    if (op == EPOLL_CTL_ADD && errno == EEXIST)
        return epoll_ctl(l->epoll, EPOLL_CTL_MOD, fd, ev);
    return -1;
}

int nube_loop_watch(struct nube_loop *l, int fd, unsigned events, nube_watch_fn fn, void *data)
{
    struct epoll_event ev = {0};
    struct slot *s;

    if (fd < 0)
        return -1;
    if (!events) {
        if ((size_t)fd < l->n_slots && l->slots[fd].events) {
            l->slots[fd].events = 0;
            epoll_ctl(l->epoll, EPOLL_CTL_DEL, fd, &ev);
        }
        return 0;
    }
    s = slot_for(l, fd);
    if (!s)
        return -1;
    if (s->events != events) {
        uint32_t stamp = s->events ? s->stamp : s->stamp + 1;

        ev.events = (events & NUBE_LOOP_IN ? (uint32_t)EPOLLIN : 0u) |
                    (events & NUBE_LOOP_OUT ? (uint32_t)EPOLLOUT : 0u);
        ev.data.u64 = pack(fd, stamp);
        if (epoll_put(l, s->events ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &ev) < 0)
            return -1;
        s->stamp = stamp;
        s->events = events;
    }
    s->fn = fn;
    s->data = data;
    return 0;
}

static void drain(int fd)
{
    uint64_t count;
    ssize_t unused = read(fd, &count, sizeof count);

    (void)unused;
}

static void dispatch(struct nube_loop *l, const struct epoll_event *ev)
{
    int fd = (int)(uint32_t)ev->data.u64;
    unsigned ready = 0;
    struct slot *s;

    if (fd == l->eventfd || fd == l->timerfd) {
        drain(fd);
        if (fd == l->timerfd)
            l->alarm = INT64_MAX;
        return;
    }
    s = &l->slots[fd];
    if (!s->events || s->stamp != (uint32_t)(ev->data.u64 >> 32))
        return; /* a callback before us in this turn stopped it */
    if (ev->events & (EPOLLIN | EPOLLHUP))
        ready |= s->events & NUBE_LOOP_IN;
    if (ev->events & EPOLLOUT)
        ready |= s->events & NUBE_LOOP_OUT;
    if (ev->events & (EPOLLERR | EPOLLHUP))
        ready |= NUBE_LOOP_ERR;
    if (ready)
        s->fn(s->data, fd, ready);
}

/* ---- timers -------------------------------------------------------------------- */

/* Foreign loops learn of timers by the timerfd. It may ring early, never late: most changes cost
 * nothing. */
static void set_alarm(struct nube_loop *l)
{
    struct itimerspec spec = {0};
    int64_t at, left;

    if (!l->exported || l->turning || l->waiting.next == &l->waiting)
        return;
    at = l->waiting.next->at;
    if (at >= l->alarm)
        return;
    left = at - nube_loop_now(l);
    if (left > 0) {
        spec.it_value.tv_sec = (time_t)(left / 1000);
        spec.it_value.tv_nsec = (long)(left % 1000) * 1000000;
    } else {
        spec.it_value.tv_nsec = 1;
    }
    if (timerfd_settime(l->timerfd, 0, &spec, NULL) == 0)
        l->alarm = at;
}

/* The timer that one of this time goes behind: looked for from the end that it is nearer to, since
 * most are due at once or when everything is late. */
static struct nube_timer *place_for(struct nube_timer *head, int64_t at)
{
    struct nube_timer *place = head->prev;

    if (head->next == head || at - head->next->at > head->prev->at - at) {
        while (place != head && place->at > at)
            place = place->prev;
        return place;
    }
    for (place = head; place->next != head && place->next->at <= at;)
        place = place->next;
    return place;
}

void nube_loop_timer_set(struct nube_loop *l, struct nube_timer *t, int64_t ms)
{
    int64_t now = nube_loop_now(l);

    if (t->armed)
        ring_remove(t);
    if (ms < 0)
        ms = 0;
    t->at = ms < INT64_MAX - now ? now + ms : INT64_MAX;
    t->armed = true;
    ring_insert_after(place_for(&l->waiting, t->at), t);
    set_alarm(l);
}

void nube_loop_timer_stop(struct nube_loop *l, struct nube_timer *t)
{
    (void)l;
    if (!t->armed)
        return;
    ring_remove(t);
    t->armed = false;
}

int64_t nube_loop_now(struct nube_loop *l)
{
    return l->now(l->now_data);
}

/* Moves what is due aside, so that a timer set by a callback runs in the next turn, not this one.
 */
static void collect_due(struct nube_loop *l)
{
    int64_t now;
    struct nube_timer *t;

    if (l->waiting.next == &l->waiting)
        return;
    now = nube_loop_now(l);
    while ((t = l->waiting.next) != &l->waiting && t->at <= now) {
        ring_remove(t);
        ring_insert_after(l->due.prev, t);
    }
}

static void run_due(struct nube_loop *l)
{
    struct nube_timer *t;

    while ((t = l->due.next) != &l->due) {
        ring_remove(t);
        t->armed = false;
        t->fn(t->data);
    }
}

/* ---- turns ---------------------------------------------------------------------- */

void nube_loop_wake(struct nube_loop *l)
{
    static const uint64_t one = 1;
    int saved = errno; /* for signal handlers */
    ssize_t unused = write(l->eventfd, &one, sizeof one);

    (void)unused; /* full means that a wake-up is pending already */
    errno = saved;
}

static int wait_ms(struct nube_loop *l, int64_t ms)
{
    if (l->waiting.next != &l->waiting) {
        int64_t left = l->waiting.next->at - nube_loop_now(l);

        if (left < 0)
            left = 0;
        if (ms < 0 || left < ms)
            ms = left;
    }
    if (ms < 0)
        return -1;
    return ms > INT_MAX ? INT_MAX : (int)ms;
}

int nube_loop_turn(struct nube_loop *l, int64_t ms)
{
    struct epoll_event events[BATCH];
    int n = epoll_wait(l->epoll, events, BATCH, wait_ms(l, ms));

    if (n < 0 && errno != EINTR)
        return -1;
    l->turning = true;
    collect_due(l);
    for (int i = 0; i < n; i++)
        dispatch(l, &events[i]);
    run_due(l);
    l->turning = false;
    set_alarm(l);
    return 0;
}

int nube_loop_fd(struct nube_loop *l)
{
    l->exported = true;
    set_alarm(l);
    return l->epoll;
}

const struct nube_loop_ops nube_loop_ops = {
    .watch = nube_loop_watch,
    .timer_set = nube_loop_timer_set,
    .timer_stop = nube_loop_timer_stop,
    .now = nube_loop_now,
    .wake = nube_loop_wake,
};
