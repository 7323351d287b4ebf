/* Connections: one epoll loop that accepts, reads requests, keeps them waiting, and writes answers.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "server.h"

enum { EVENTS = 256, IN_MAX = 64 << 10, SOCKET_AGAIN = -1, SOCKET_ENDED = -2 };

enum phase { LISTENS, READS, WAITS, WRITES, ENDS };

struct peer {
    int fd;
    enum phase phase;
    bool gone; /* while it waits: to be freed when its time comes */
    const struct group *group;
    SSL *ssl;
    uint32_t events;
    char in[IN_MAX + 1];
    size_t have;
    char head[HEAD];
    struct answer answer;
    struct iovec out[PARTS + 1];
    int out_at;
    int64_t due; /* us */
    struct peer *prev, *next;
};

struct connections {
    int epoll;
    SSL_CTX *tls;
    struct peer waiting; /* head of a ring, soonest first */
};

static int64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

struct connections *connections_new(struct ssl_ctx_st *tls)
{
    struct connections *all = calloc(1, sizeof(*all));

    if (!all || (all->epoll = epoll_create1(EPOLL_CLOEXEC)) < 0) {
        perror("loadserver");
        exit(1);
    }
    all->tls = tls;
    all->waiting.prev = all->waiting.next = &all->waiting;
    return all;
}

static void watch(struct connections *all, struct peer *p, uint32_t events)
{
    struct epoll_event e = {.events = events, .data.ptr = p};

    if (p->events == events)
        return;
    epoll_ctl(all->epoll, p->events ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, p->fd, &e);
    p->events = events;
}

static struct peer *peer_new(struct connections *all, int fd, enum phase phase,
                             const struct group *group)
{
    struct peer *p = calloc(1, sizeof(*p));

    if (!p) {
        perror("loadserver");
        exit(1);
    }
    p->fd = fd;
    p->phase = phase;
    p->group = group;
    watch(all, p, EPOLLIN);
    return p;
}

void connections_listen(struct connections *all, int fd, const struct group *group)
{
    peer_new(all, fd, LISTENS, group);
}

static void accept_all(struct connections *all, const struct peer *listener)
{
    int fd, one = 1;
    struct peer *p;

    while ((fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
        p = peer_new(all, fd, READS, listener->group);
        if (listener->group->tls) {
            p->ssl = SSL_new(all->tls);
            SSL_set_fd(p->ssl, fd);
            SSL_set_accept_state(p->ssl);
        }
    }
}

static void peer_free(struct peer *p)
{
    if (p->ssl)
        SSL_free(p->ssl);
    ERR_clear_error(); /* another connection's next call would take it for its own */
    close(p->fd);
    free(p->answer.owned);
    free(p);
}

/* ---- octets ------------------------------------------------------------------------- */

static ssize_t tls_result(const struct peer *p, int n)
{
    int why = n > 0 ? 0 : SSL_get_error(p->ssl, n);

    if (n > 0)
        return n;
    ERR_clear_error();
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? SOCKET_AGAIN : SOCKET_ENDED;
}

static ssize_t socket_result(ssize_t n)
{
    if (n > 0)
        return n;
    return n < 0 && errno == EAGAIN ? SOCKET_AGAIN : SOCKET_ENDED;
}

static ssize_t receive(struct peer *p, char *to, size_t size)
{
    if (p->ssl)
        return tls_result(p, SSL_read(p->ssl, to, (int)size));
    return socket_result(read(p->fd, to, size));
}

static ssize_t send_some(struct peer *p)
{
    const struct iovec *v = &p->out[p->out_at];
    size_t len = v->iov_len < 1 << 30 ? v->iov_len : 1 << 30;

    if (p->ssl)
        return tls_result(p, SSL_write(p->ssl, v->iov_base, (int)len));
    return socket_result(writev(p->fd, v, PARTS + 1 - p->out_at));
}

static void sent(struct peer *p, size_t n)
{
    for (; p->out_at <= PARTS; p->out_at++) {
        struct iovec *v = &p->out[p->out_at];

        if (n < v->iov_len) {
            v->iov_base = (char *)v->iov_base + n;
            v->iov_len -= n;
            return;
        }
        n -= v->iov_len;
    }
}

/* ---- requests ----------------------------------------------------------------------- */

bool request_arg(const char *from, const char *name, char *out, size_t size)
{
    size_t len = strlen(name), n;

    for (; from && *from; from = *from ? from + 1 : from) {
        if (strncmp(from, name, len) == 0 && from[len] == '=') {
            from += len + 1;
            n = strcspn(from, "&");
            snprintf(out, size, "%.*s", (int)n, from);
            return true;
        }
        from += strcspn(from, "&");
    }
    return false;
}

/* Cuts what has arrived into its pieces: its length, or 0 while some of it is missing. */
static size_t cut(struct request *r, struct peer *p)
{
    char *end, *length, *line;
    size_t body = 0, head;

    p->in[p->have] = '\0';
    end = strstr(p->in, "\r\n\r\n");
    if (!end)
        return 0;
    head = (size_t)(end - p->in) + 4;
    end[2] = '\0';
    length = strcasestr(p->in, "\nContent-Length:");
    if (length)
        body = strtoul(length + 16, NULL, 10);
    end[2] = '\r';
    if (p->have < head + body)
        return 0;
    end[2] = '\0';
    line = strstr(p->in, "\r\n");
    *line = '\0';
    r->group = p->group;
    r->headers = line + 2;
    r->method = p->in;
    r->path = strchr(r->method, ' ');
    r->path = r->path ? r->path : line;
    *r->path++ = '\0';
    r->path[strcspn(r->path, " ")] = '\0';
    r->query = strchr(r->path, '?');
    if (r->query)
        *r->query++ = '\0';
    else
        r->query = r->path + strlen(r->path);
    r->body = p->in + head;
    return head + body;
}

/* When the server was started: clients learn from it how wrong their clock is. */
static const char *date(void)
{
    static char text[64];
    time_t now = time(NULL);

    if (!*text)
        strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", gmtime(&now));
    return text;
}

static void prepare(struct peer *p, const struct request *r)
{
    struct answer *a = &p->answer;
    bool bare = strcmp(r->method, "HEAD") == 0 || a->status == 204;
    size_t len = 0;
    int n;

    for (int i = 0; i < PARTS; i++)
        len += a->len[i];
    n = snprintf(p->head, sizeof(p->head),
                 "HTTP/1.1 %d OK\r\nServer: bench\r\nContent-Type: %s\r\n"
                 "Date: %s\r\n"
                 "x-amzn-RequestId: 59dbff89-35bd-4eac-99ed-be587EXAMPLE\r\n%s",
                 a->status, a->type, date(), a->headers ? a->headers : "");
    n += snprintf(p->head + n, sizeof(p->head) - (size_t)n,
                  a->status == 204 ? "\r\n" : "Content-Length: %zu\r\n\r\n", len);
    p->out[0] = (struct iovec){p->head, (size_t)n};
    for (int i = 0; i < PARTS; i++)
        p->out[i + 1] = (struct iovec){(char *)(uintptr_t)a->part[i], bare ? 0 : a->len[i]};
    p->out_at = 0;
}

static void wait_turn(struct connections *all, struct peer *p)
{
    struct peer *before = all->waiting.prev;

    p->phase = WAITS;
    p->due = now_us() + p->group->delay_ms * 1000LL;
    while (before != &all->waiting && before->due > p->due)
        before = before->prev;
    p->prev = before;
    p->next = before->next;
    p->next->prev = before->next = p;
}

/* Takes the next request from what has arrived: false while it is not whole. */
static bool take_request(struct connections *all, struct peer *p)
{
    struct request r;
    size_t len = cut(&r, p);

    if (!len)
        return false;
    answer(&p->answer, &r);
    prepare(p, &r);
    p->have -= len;
    memmove(p->in, p->in + len, p->have);
    p->phase = WRITES;
    if (p->group->delay_ms)
        wait_turn(all, p);
    return true;
}

static void write_on(struct connections *all, struct peer *p)
{
    ssize_t n;

    while (p->out_at <= PARTS) {
        n = send_some(p);
        if (n == SOCKET_AGAIN) {
            watch(all, p, EPOLLIN | EPOLLOUT);
            return;
        }
        if (n == SOCKET_ENDED) {
            p->phase = ENDS;
            return;
        }
        sent(p, (size_t)n);
    }
    free(p->answer.owned);
    p->answer.owned = NULL;
    p->phase = READS;
    watch(all, p, EPOLLIN);
}

static void read_on(struct peer *p)
{
    ssize_t n = 0;

    while (p->have < IN_MAX && (n = receive(p, p->in + p->have, IN_MAX - p->have)) > 0)
        p->have += (size_t)n;
    if (p->have == IN_MAX || n == SOCKET_ENDED)
        p->gone = true;
}

static void serve(struct connections *all, struct peer *p, bool readable)
{
    if (readable)
        read_on(p);
    do {
        if (p->phase == WRITES)
            write_on(all, p);
    } while (p->phase == READS && !p->gone && take_request(all, p) && p->phase == WRITES);
    if (p->phase == WAITS && p->gone)
        epoll_ctl(all->epoll, EPOLL_CTL_DEL, p->fd, NULL);
    else if (p->phase == ENDS || p->gone)
        peer_free(p);
}

/* ---- the loop ----------------------------------------------------------------------- */

static void run_due(struct connections *all)
{
    struct peer *p;

    while ((p = all->waiting.next) != &all->waiting && p->due <= now_us()) {
        p->prev->next = p->next;
        p->next->prev = p->prev;
        p->phase = WRITES;
        serve(all, p, false);
    }
}

static int until_due(const struct connections *all)
{
    int64_t us;

    if (all->waiting.next == &all->waiting)
        return -1;
    us = all->waiting.next->due - now_us();
    return us > 0 ? (int)((us + 999) / 1000) : 0;
}

int connections_run(struct connections *all)
{
    struct epoll_event events[EVENTS], input = {.events = EPOLLIN};
    char byte[64];

    epoll_ctl(all->epoll, EPOLL_CTL_ADD, STDIN_FILENO, &input);
    for (;;) {
        int n = epoll_wait(all->epoll, events, EVENTS, until_due(all));

        for (int i = 0; i < n; i++) {
            struct peer *p = events[i].data.ptr;

            if (!p && read(STDIN_FILENO, byte, sizeof(byte)) <= 0)
                return 0;
            if (p && p->phase == LISTENS)
                accept_all(all, p);
            else if (p)
                serve(all, p, events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR));
        }
        run_due(all);
    }
}
