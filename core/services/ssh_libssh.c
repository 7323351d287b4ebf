/* The ssh module: commands on other machines over libssh, any number at once on one loop. */
#include "libssh_int.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* GREETINGS: so many connections to one server that are not logged in: sshd begins to drop at ten,
 * and is slow to count them down.
 */
enum { TURNS = 256, GREETINGS = 6 };

const struct nube_host *_Atomic nube_ssh_host;

/* ---- Small things ------------------------------------------------------------------------- */

void *nube_ssh_zalloc(size_t size)
{
    void *p = nube_ssh_host->alloc(size ? size : 1);

    if (p)
        memset(p, 0, size);
    return p;
}

char *nube_ssh_strdup(const char *text)
{
    size_t len = text ? strlen(text) + 1 : 0;
    char *copy = text ? nube_ssh_host->alloc(len) : NULL;

    return copy ? memcpy(copy, text, len) : NULL;
}

void nube_ssh_wipe(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    nube_ssh_host->free(text);
}

int64_t nube_ssh_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

enum nube_ssh_turn nube_ssh_fail(struct nube_ssh_xfer *x, int code, const char *format, ...)
{
    va_list ap;

    if (!x->code) {
        x->code = code;
        va_start(ap, format);
        vsnprintf(x->message, sizeof(x->message), format, ap);
        va_end(ap);
    }
    return NUBE_SSH_FAILED;
}

void nube_ssh_kick(struct nube_ssh_xfer *x)
{
    nube_ssh_host->loop->timer_set(x->ssh->loop, &x->kick, 0);
}

static void turn(struct nube_ssh_xfer *x);

static void on_ready(void *data, int fd, unsigned events)
{
    (void)fd;
    (void)events;
    turn(data);
}

void nube_ssh_watch(struct nube_ssh_xfer *x, int fd, unsigned *watched, unsigned events)
{
    if (fd < 0 || *watched == events)
        return;
    if (nube_ssh_host->loop->watch(x->ssh->loop, fd, events, on_ready, x) < 0 && events)
        nube_ssh_fail(x, NUBE_E_SYSTEM, "the connection cannot be watched");
    *watched = events;
}

/* ---- The end ----------------------------------------------------------------------------------
 */

static void free_link(struct nube_ssh_link *l)
{
    nube_ssh_auth_free(&l->auth);
    if (l->session) {
        if (ssh_is_connected(l->session))
            ssh_disconnect(l->session); /* frees its channels too */
        ssh_free(l->session);
    }
    if (l->fd >= 0)
        close(l->fd);
    if (l->near >= 0)
        close(l->near);
    nube_ssh_host->free(l->in.data);
    nube_ssh_host->free(l->out.data);
}

void nube_ssh_dispose(struct nube_ssh_xfer *x)
{
    for (size_t i = x->n_links; i-- > 0;)
        free_link(&x->links[i]);
    nube_ssh_host->free(x->links);
    if (x->input)
        explicit_bzero(x->input, NUBE_SSH_CHUNK);
    nube_ssh_host->free(x->input);
    nube_ssh_host->free(x);
}

/* One place is free. */
static void next_in_queue(const struct nube_ssh *s)
{
    for (struct nube_ssh_xfer *y = s->live.next; y != &s->live; y = y->next)
        if (y->queued)
            nube_ssh_kick(y);
}

/* Nothing will call it any more. */
static void let_go(struct nube_ssh_xfer *x)
{
    const struct nube_loop_ops *loop = nube_ssh_host->loop;

    for (size_t i = 0; i < x->n_links; i++) {
        struct nube_ssh_link *l = &x->links[i];

        nube_resolver_forget(&l->lookup);
        nube_ssh_watch(x, l->fd, &l->watched, 0);
        nube_ssh_watch(x, l->near, &l->near_watched, 0);
    }
    loop->timer_stop(x->ssh->loop, &x->kick);
    loop->timer_stop(x->ssh->loop, &x->limit);
    loop->timer_stop(x->ssh->loop, &x->address_limit);
    x->prev->next = x->next;
    x->next->prev = x->prev;
    if (x->links[0].state != LINK_UP)
        next_in_queue(x->ssh);
    if (x->ssh->live.next == &x->ssh->live)
        nube_ssh_answers_forget(x->ssh);
}

static void fill_end(const struct nube_ssh_xfer *x, struct nube_ssh_end *end)
{
    const struct nube_ssh_link *l = &x->links[x->at < x->n_links ? x->at : x->n_links - 1];

    *end = (struct nube_ssh_end){.code = x->code,
                                 .sent = x->sent,
                                 .stage = l->stage,
                                 .exit = x->exit,
                                 .signal = *x->signal ? x->signal : NULL,
                                 .address = *l->address    ? l->address
                                            : l > x->links ? l->hop->host /* by a tunnel */
                                                           : NULL,
                                 .host_key = l->host_key,
                                 .auth = l->by,
                                 .port = l->hop->port,
                                 .connect_us = l->connected ? l->connected - l->began : -1,
                                 .ready_us = l->ready ? l->ready - l->began : -1};
    memcpy(end->rtt_us, x->rtt, sizeof(end->rtt_us));
    snprintf(end->message, sizeof(end->message), "%s", x->message);
}

/* A thread that has the session is told that the agent is gone, and gives it back at once; one that
 * decrypts has nothing of it. false: the thread frees it all. */
static bool take_back(struct nube_ssh_xfer *x)
{
    struct nube_ssh_job *job = x->job;

    for (size_t i = 0; i < x->n_links; i++)
        if (x->links[i].auth.agent >= 0)
            shutdown(x->links[i].auth.agent, SHUT_RDWR);
    if (job->session && !nube_ssh_job_wait(job))
        return !nube_ssh_job_abandon(job, x);
    if (job->session || nube_ssh_job_done(job))
        nube_ssh_job_free(job);
    else
        nube_ssh_job_abandon(job, NULL);
    return true;
}

/* Frees it, or leaves that to the thread that has its session. */
static void end(struct nube_ssh_xfer *x)
{
    let_go(x);
    if (!x->job) {
        nube_ssh_kill(x);
        for (size_t i = x->n_links; i-- > 0;)
            nube_ssh_tunnel_pump(&x->links[i]);
    } else if (!take_back(x)) {
        return;
    }
    nube_ssh_dispose(x);
}

static void finish(struct nube_ssh_xfer *x)
{
    const struct nube_ssh_req *req = x->req;
    struct nube_ssh_end how;

    fill_end(x, &how);
    req->done(req->data, &how);
    end(x);
}

/* Who asked for its end is told whether it came. */
static void finish_ended(struct nube_ssh_xfer *x)
{
    void (*ended)(void *, bool) = x->ended;
    void *data = x->ended_data;
    bool over = x->exit >= 0;

    end(x);
    ended(data, over);
}

static void on_limit(void *data)
{
    struct nube_ssh_xfer *x = data;
    const struct nube_ssh_link *l = &x->links[x->at < x->n_links ? x->at : x->n_links - 1];
    char what[NUBE_SSH_TEXT];

    nube_ssh_silence(l, what, sizeof(what));
    nube_ssh_fail(x, NUBE_E_CONNECT, "%.400s (waited %lld ms)", what,
                  (long long)l->hop->connect_timeout_ms);
    turn(x);
}

static void on_address_limit(void *data)
{
    struct nube_ssh_xfer *x = data;

    nube_ssh_connect_late(&x->links[x->at]);
}

/* ---- Going on ----------------------------------------------------------------------------------
 */

static void begin_link(struct nube_ssh_xfer *x)
{
    struct nube_ssh_link *l = &x->links[x->at];

    l->began = nube_ssh_us();
    nube_ssh_host->loop->timer_set(x->ssh->loop, &x->limit, l->hop->connect_timeout_ms);
}

static bool greets(const struct nube_ssh_xfer *x, const struct nube_ssh_hop *hop)
{
    const struct nube_ssh_link *l = &x->links[0];

    return l->state != LINK_UP && !x->queued && l->hop->port == hop->port &&
           strcmp(l->hop->host, hop->host) == 0;
}

/* Waits for its turn at a server that many of us talk to; false: it is there. */
static bool queue_up(struct nube_ssh_xfer *x)
{
    int others = 0;

    for (const struct nube_ssh_xfer *y = x->ssh->live.next; y != &x->ssh->live; y = y->next)
        others += y != x && greets(y, x->links[0].hop);
    if (others < GREETINGS) {
        if (x->queued)
            begin_link(x);
        x->queued = false;
        return false;
    }
    x->queued = true;
    nube_ssh_host->loop->timer_stop(x->ssh->loop, &x->limit);
    return true;
}

static enum nube_ssh_turn reached(struct nube_ssh_link *l)
{
    struct nube_ssh_xfer *x = l->x;

    l->state = LINK_UP;
    if (!x->at)
        next_in_queue(x->ssh);
    l->ready = nube_ssh_us();
    if (++x->at < x->n_links)
        begin_link(x);
    return NUBE_SSH_ON;
}

/* One stage of the machine that is being reached, or of the command. */
static enum nube_ssh_turn one(struct nube_ssh_xfer *x)
{
    struct nube_ssh_link *l = &x->links[x->at];
    enum nube_ssh_turn t;

    if (x->at == x->n_links)
        return nube_ssh_command(x);
    switch (l->state) {
    case LINK_RESOLVE:
        if (!x->at && !l->lookup.waiting && queue_up(x))
            return NUBE_SSH_AGAIN;
        if (x->at) {
            l->state = LINK_TUNNEL;
            return NUBE_SSH_ON;
        }
        return nube_ssh_connect(l);
    case LINK_CONNECT:
    case LINK_TUNNEL:
        t = x->at ? nube_ssh_tunnel_open(l - 1, l) : nube_ssh_connect(l);
        if (t == NUBE_SSH_ON)
            l->state = LINK_HELLO;
        return t;
    case LINK_HELLO:
        t = nube_ssh_hello(l);
        if (t == NUBE_SSH_ON)
            l->state = LINK_AUTH;
        return t;
    default:
        t = nube_ssh_log_in(l);
        return t == NUBE_SSH_ON ? reached(l) : t;
    }
}

static bool over(const struct nube_ssh_xfer *x)
{
    return x->code || (x->at == x->n_links && x->links[x->n_links - 1].stage == NUBE_SSH_DONE);
}

/* A thread has the session of the machine that is being reached: nothing of it is touched. */
static bool busy(const struct nube_ssh_xfer *x)
{
    return x->job && !nube_ssh_job_done(x->job);
}

/* Writes that wait, and always what comes. */
static void watch_all(struct nube_ssh_xfer *x)
{
    for (size_t i = 0; i < x->n_links; i++) {
        struct nube_ssh_link *l = &x->links[i];
        unsigned events = NUBE_LOOP_IN;

        nube_ssh_tunnel_watch(l);
        if (!l->session)
            continue;
        if (i == x->at && busy(x))
            events = 0;
        else if (ssh_get_poll_flags(l->session) & SSH_WRITE_PENDING)
            events |= NUBE_LOOP_OUT;
        nube_ssh_watch(x, l->fd, &l->watched, events);
    }
}

/* Only its end is waited for. */
static void turn_to_end(struct nube_ssh_xfer *x)
{
    bool moved = true, over = false;

    for (int left = TURNS; moved && left && !over; left--) {
        moved = false;
        for (size_t i = 0; i < x->n_links; i++)
            moved |= nube_ssh_tunnel_pump(&x->links[i]);
        over = nube_ssh_end_turn(x);
    }
    if (over)
        finish_ended(x);
    else
        watch_all(x);
}

static void turn(struct nube_ssh_xfer *x)
{
    bool moved = true;
    int left;

    if (x->ended) {
        turn_to_end(x);
        return;
    }
    for (left = TURNS; moved && left && !over(x); left--) {
        moved = false;
        for (size_t i = 0; i < x->n_links; i++)
            moved |= nube_ssh_tunnel_pump(&x->links[i]);
        moved |= !busy(x) && one(x) == NUBE_SSH_ON;
    }
    if (over(x)) {
        finish(x);
        return;
    }
    watch_all(x);
    if (!left || x->code)
        nube_ssh_kick(x);
}

static void on_kick(void *data)
{
    turn(data);
}

/* ---- The module
 * ---------------------------------------------------------------------------------- */

static void on_wake(void *data, int fd, unsigned events)
{
    struct nube_ssh *s = data;
    uint64_t count;
    ssize_t unused = read(fd, &count, sizeof(count));

    (void)unused;
    (void)events;
    for (struct nube_ssh_xfer *x = s->live.next; x != &s->live; x = x->next)
        if (x->job && nube_ssh_job_done(x->job))
            nube_ssh_kick(x); /* a turn may end others: not from here */
}

static void ssh_close(struct nube_ssh *s)
{
    nube_ssh_jobs_settle();
    nube_resolver_close(s->names);
    if (s->wake >= 0) {
        nube_ssh_host->loop->watch(s->loop, s->wake, 0, NULL, NULL);
        close(s->wake);
    }
    nube_ssh_host->free(s);
}

static int ssh_open(struct nube_ssh **out, struct nube_loop *loop)
{
    struct nube_ssh *s = nube_ssh_zalloc(sizeof(*s));
    int rc;

    *out = NULL;
    if (!s)
        return NUBE_E_MEMORY;
    s->loop = loop;
    s->live.prev = s->live.next = &s->live;
    s->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    rc = s->wake < 0 || nube_ssh_host->loop->watch(loop, s->wake, NUBE_LOOP_IN, on_wake, s) < 0
             ? NUBE_E_SYSTEM
             : nube_resolver_open(&s->names, nube_ssh_host, loop);
    if (rc)
        ssh_close(s);
    else
        *out = s;
    return rc;
}

static struct nube_ssh_xfer *ssh_start(struct nube_ssh *s, const struct nube_ssh_req *req)
{
    struct nube_ssh_xfer *x = nube_ssh_zalloc(sizeof(*x));

    if (!x)
        return NULL;
    x->links = nube_ssh_zalloc(req->n_hops * sizeof(*x->links));
    if (!x->links) {
        nube_ssh_host->free(x);
        return NULL;
    }
    x->ssh = s;
    x->req = req;
    x->n_links = req->n_hops;
    for (size_t i = 0; i < x->n_links; i++) {
        x->links[i].x = x;
        x->links[i].hop = &req->hops[i];
        x->links[i].fd = x->links[i].near = x->links[i].auth.agent = -1;
    }
    x->exit = -1;
    x->rtt[0] = x->rtt[1] = x->rtt[2] = -1;
    x->kick = (struct nube_timer){.fn = on_kick, .data = x};
    x->limit = (struct nube_timer){.fn = on_limit, .data = x};
    x->address_limit = (struct nube_timer){.fn = on_address_limit, .data = x};
    x->next = &s->live;
    x->prev = s->live.prev;
    x->prev->next = x->next->prev = x;
    begin_link(x);
    nube_ssh_kick(x);
    return x;
}

static void ssh_cancel(struct nube_ssh *s, struct nube_ssh_xfer *x)
{
    (void)s;
    end(x);
}

static void ssh_end(struct nube_ssh *s, struct nube_ssh_xfer *x,
                    void (*done)(void *data, bool ended), void *data)
{
    (void)s;
    x->ended = done;
    x->ended_data = data;
    nube_ssh_end_begin(x);
}

static bool ssh_was_sent(struct nube_ssh *s, struct nube_ssh_xfer *x)
{
    (void)s;
    return x->sent;
}

static void ssh_waits_for(struct nube_ssh *s, struct nube_ssh_xfer *x, char message[256])
{
    (void)s;
    nube_ssh_silence(&x->links[x->at < x->n_links ? x->at : x->n_links - 1], message, 256);
}

static const struct nube_ssh_ops ops = {
    .open = ssh_open,
    .close = ssh_close,
    .start = ssh_start,
    .cancel = ssh_cancel,
    .end = ssh_end,
    .sent = ssh_was_sent,
    .waits_for = ssh_waits_for,
    .generate = nube_ssh_generate,
};

NUBE_API const struct nube_service_module *nube_service_v0(const struct nube_host *host);

const struct nube_service_module *nube_service_v0(const struct nube_host *host)
{
    static const struct nube_service_module module = {.size = sizeof module,
                                                      .build = NUBE_SERVICE_BUILD,
                                                      .name = "ssh",
                                                      .version = SSH_STRINGIFY(LIBSSH_VERSION),
                                                      .ops = &ops};

    if (host->build != NUBE_SERVICE_BUILD)
        return NULL;
    nube_ssh_host = host;
    return &module;
}
