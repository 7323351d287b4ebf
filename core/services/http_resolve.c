/* Name lookups that can be abandoned at any moment: getaddrinfo on detached threads, a cache,
 * sharing. */
#include "http_resolve.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nube/error.h>

enum { TTL_MS = 60000, MAX_ADDRESSES = 16, ADDRESS_TEXT = 48, STACK = 1 << 20 };

typedef int (*lookup_fn)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

#ifdef NUBE_TEST
static lookup_fn look_up = getaddrinfo;

void nube_resolver_test_lookup(lookup_fn fn)
{
    look_up = fn ? fn : getaddrinfo;
}
#else
static const lookup_fn look_up = getaddrinfo;
#endif

/*
 * What a thread works on. It is shared with the resolver by reference count, with a
 * wake-up descriptor of its own, so that either side may go first.
 */
struct flight {
    atomic_int refs;
    atomic_bool landed;
    int fd;
    lookup_fn fn;
    void (*free)(void *);
    char error[160];
    char addresses[MAX_ADDRESSES * ADDRESS_TEXT];
    char name[];
};

struct entry {
    struct entry *next;
    struct flight *flight;
    struct nube_lookup_wait waiters; /* head of a ring */
    int64_t expires;
    char addresses[MAX_ADDRESSES * ADDRESS_TEXT];
    char name[];
};

struct nube_resolver {
    const struct nube_host *host;
    struct nube_loop *loop;
    int fd;
    struct entry *entries;
};

/* ---- the thread ------------------------------------------------------------------- */

static void flight_drop(struct flight *f)
{
    if (atomic_fetch_sub(&f->refs, 1) != 1)
        return;
    close(f->fd);
    f->free(f);
}

static void add_address(char *out, size_t size, const struct sockaddr *sa)
{
    char text[INET6_ADDRSTRLEN];
    size_t used = strlen(out);
    const char *comma = used ? "," : "";

    if (sa->sa_family == AF_INET &&
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)sa)->sin_addr, text,
                  sizeof text))
        snprintf(out + used, size - used, "%s%s", comma, text);
    else if (sa->sa_family == AF_INET6 &&
             inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr, text,
                       sizeof text))
        snprintf(out + used, size - used, "%s[%s]", comma, text);
}

static void *fly(void *data)
{
    static const uint64_t one = 1;
    struct flight *f = data;
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM}, *found = NULL;
    int rc = f->fn(f->name, NULL, &hints, &found), n = 0;
    ssize_t unused;

    if (rc == 0) {
        for (struct addrinfo *a = found; a && n < MAX_ADDRESSES; a = a->ai_next, n++)
            add_address(f->addresses, sizeof f->addresses, a->ai_addr);
        freeaddrinfo(found);
    }
    if (rc == 0 && !*f->addresses)
        rc = EAI_NONAME;
    if (rc)
        snprintf(f->error, sizeof f->error, "%s", gai_strerror(rc));
    atomic_store(&f->landed, true);
    unused = write(f->fd, &one, sizeof one);
    (void)unused;
    flight_drop(f);
    return NULL;
}

static int start_thread(struct flight *f)
{
    pthread_attr_t attr;
    pthread_t thread;
    sigset_t all, before;
    int rc;

    if (pthread_attr_init(&attr))
        return -1;
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attr, STACK);
    sigfillset(&all); /* the application's signals are not for this thread */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    rc = pthread_create(&thread, &attr, fly, f);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attr);
    return rc ? -1 : 0;
}

static int take_off(struct nube_resolver *r, struct entry *e)
{
    size_t len = strlen(e->name) + 1;
    struct flight *f = r->host->alloc(sizeof *f + len);

    if (!f)
        return NUBE_E_MEMORY;
    memset(f, 0, sizeof *f);
    atomic_init(&f->refs, 2);
    f->fn = look_up;
    f->free = r->host->free;
    memcpy(f->name, e->name, len);
    f->fd = fcntl(r->fd, F_DUPFD_CLOEXEC, 3);
    if (f->fd < 0 || start_thread(f) < 0) {
        if (f->fd >= 0)
            close(f->fd);
        r->host->free(f);
        return NUBE_E_SYSTEM;
    }
    e->flight = f;
    return 0;
}

/* ---- the loop's side ----------------------------------------------------------------- */

static void ring_init(struct nube_lookup_wait *head)
{
    head->prev = head->next = head;
}

/* Hands the answer of one lookup that is over to those who wait; false when none is. */
static bool land_one(struct nube_resolver *r)
{
    struct nube_lookup_wait due, *w;
    struct entry *e = r->entries;
    struct flight *f;

    while (e && !(e->flight && atomic_load(&e->flight->landed)))
        e = e->next;
    if (!e)
        return false;
    f = e->flight;
    e->flight = NULL;
    if (*f->addresses) {
        memcpy(e->addresses, f->addresses, sizeof e->addresses);
        e->expires = r->host->loop->now(r->loop) + TTL_MS;
    }
    ring_init(&due); /* the entry may go while callbacks run */
    if (e->waiters.next != &e->waiters) {
        due = e->waiters;
        due.next->prev = due.prev->next = &due;
        ring_init(&e->waiters);
    }
    while ((w = due.next) != &due) {
        nube_resolver_forget(w);
        w->fn(w->data, *f->addresses ? f->addresses : NULL, f->error);
    }
    flight_drop(f);
    return true;
}

static void on_wake(void *data, int fd, unsigned events)
{
    uint64_t count;
    ssize_t unused = read(fd, &count, sizeof count);

    (void)unused;
    (void)events;
    while (land_one(data))
        ;
}

int nube_resolver_open(struct nube_resolver **out, const struct nube_host *host,
                       struct nube_loop *loop)
{
    struct nube_resolver *r = host->alloc(sizeof *r);

    if (!r)
        return NUBE_E_MEMORY;
    memset(r, 0, sizeof *r);
    r->host = host;
    r->loop = loop;
    r->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (r->fd < 0 || host->loop->watch(loop, r->fd, NUBE_LOOP_IN, on_wake, r) < 0) {
        if (r->fd >= 0)
            close(r->fd);
        host->free(r);
        return NUBE_E_SYSTEM;
    }
    *out = r;
    return 0;
}

static void entry_free(struct nube_resolver *r, struct entry *e)
{
    if (e->flight)
        flight_drop(e->flight);
    r->host->free(e);
}

void nube_resolver_close(struct nube_resolver *r)
{
    struct entry *e;

    if (!r)
        return;
    while ((e = r->entries)) {
        r->entries = e->next;
        entry_free(r, e);
    }
    r->host->loop->watch(r->loop, r->fd, 0, NULL, NULL);
    close(r->fd);
    r->host->free(r);
}

/* Finds the entry of a name; what has expired on the way and is of no use goes. */
static struct entry *find(struct nube_resolver *r, const char *name, int64_t now)
{
    struct entry **at = &r->entries, *e, *found = NULL;

    while ((e = *at)) {
        if (strcasecmp(e->name, name) == 0) {
            found = e;
        } else if (!e->flight && e->expires <= now) {
            *at = e->next;
            entry_free(r, e);
            continue;
        }
        at = &e->next;
    }
    return found;
}

static struct entry *add(struct nube_resolver *r, const char *name)
{
    size_t len = strlen(name) + 1;
    struct entry *e = r->host->alloc(sizeof *e + len);

    if (!e)
        return NULL;
    memset(e, 0, sizeof *e);
    memcpy(e->name, name, len);
    ring_init(&e->waiters);
    e->next = r->entries;
    r->entries = e;
    return e;
}

int nube_resolver_ask(struct nube_resolver *r, const char *name, struct nube_lookup_wait *w,
                      const char **addresses)
{
    int64_t now = r->host->loop->now(r->loop);
    struct entry *e = find(r, name, now);

    if (e && e->expires > now) {
        *addresses = e->addresses;
        return 1;
    }
    if (!e && !(e = add(r, name)))
        return NUBE_E_MEMORY;
    if (!e->flight) {
        int rc = take_off(r, e);

        if (rc)
            return rc;
    }
    w->prev = e->waiters.prev;
    w->next = &e->waiters;
    w->prev->next = w->next->prev = w;
    w->waiting = true;
    return 0;
}

void nube_resolver_forget(struct nube_lookup_wait *w)
{
    if (!w->waiting)
        return;
    w->prev->next = w->next;
    w->next->prev = w->prev;
    w->waiting = false;
}
