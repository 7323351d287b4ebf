/* The event loop under an engine: one epoll with a timerfd, intrusive timers, and a wake-up
 * eventfd. */
#ifndef NUBE_CORE_LOOP_H
#define NUBE_CORE_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct nube_loop;

enum { NUBE_LOOP_IN = 1, NUBE_LOOP_OUT = 2, NUBE_LOOP_ERR = 4 };

/* Called on the loop's thread. events: what is ready. */
typedef void (*nube_watch_fn)(void *data, int fd, unsigned events);

/* Intrusive; zero-initialise, set fn and data, keep it where it is while armed. */
struct nube_timer {
    int64_t at; /* monotonic ms */
    void (*fn)(void *data);
    void *data;
    struct nube_timer *prev, *next;
    bool armed;
};

/* What a loop looks like to a service module. */
struct nube_loop_ops {
    /* Watches a descriptor; events 0 stops. Changing events or fn of a watched fd is fine.
     * Must be called with 0 before the descriptor is closed. 0 or -1. */
    int (*watch)(struct nube_loop *, int fd, unsigned events, nube_watch_fn fn, void *data);
    /* Arms or re-arms; ms from now, 0: next turn. */
    void (*timer_set)(struct nube_loop *, struct nube_timer *, int64_t ms);
    void (*timer_stop)(struct nube_loop *, struct nube_timer *);
    int64_t (*now)(struct nube_loop *); /* monotonic ms, the application's clock if it has one */
    /* Wakes the loop from any thread; what was posted runs through nothing: the loop's owner looks.
     */
    void (*wake)(struct nube_loop *);
};

int nube_loop_new(struct nube_loop **out, int64_t (*now)(void *), void *now_data);
void nube_loop_free(struct nube_loop *);
int nube_loop_watch(struct nube_loop *, int fd, unsigned events, nube_watch_fn fn, void *data);
void nube_loop_timer_set(struct nube_loop *, struct nube_timer *, int64_t ms);
void nube_loop_timer_stop(struct nube_loop *, struct nube_timer *);
int64_t nube_loop_now(struct nube_loop *);
/* One eventfd write: any thread, signal handlers too. */
void nube_loop_wake(struct nube_loop *);
/* Waits at most ms (-1: until something happens), runs what is ready. -1 only when epoll itself
 * fails. */
int nube_loop_turn(struct nube_loop *, int64_t ms);
/* The epoll descriptor, readable when a turn would do something. */
int nube_loop_fd(struct nube_loop *);
extern const struct nube_loop_ops nube_loop_ops;

#endif
