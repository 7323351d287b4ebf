/* Engines: a loop with its HTTP handle, used by one thread at a time and kept for the next. */
#include <string.h>
#include <unistd.h>

#include "error_int.h"
#include "mem.h"
#include "run.h"

struct watch {
    nube_cancel *cancel;
    size_t calls;
    struct watch *next;
};

struct nube_engine {
    nube_lib *lib;
    struct nube_loop *loop;
    struct nube_http *http;
    const struct nube_http_ops *ops;
    struct nube_ssh *ssh;
    const struct nube_ssh_ops *ssh_ops;
    nube_call *calls;
    struct watch *watches;
    const nube_conn *last;       /* only compared: whose connections are warm here */
    pid_t pid;                   /* a fork leaves the parent's engines alone */
    _Atomic uintptr_t turned_by; /* the thread of the last turn; 0: none yet */
    struct nube_engine *next;
};

static void engine_free(struct nube_engine *e)
{
    if (e->http)
        e->ops->close(e->http);
    if (e->ssh)
        e->ssh_ops->close(e->ssh);
    nube_loop_free(e->loop);
    nube_mem_free(e);
}

static int64_t clock_of(void *lib)
{
    return nube_lib_mono(lib);
}

static struct nube_engine *engine_new(nube_lib *lib)
{
    struct nube_engine *e = nube_mem_zalloc(sizeof(*e));

    if (!e)
        return NULL;
    e->lib = lib;
    e->pid = getpid();
    if (nube_loop_new(&e->loop, clock_of, lib)) {
        nube_mem_free(e);
        return NULL;
    }
    return e;
}

/* The one this connection used last, else any; those of a parent process are left to it. */
static struct nube_engine *pick(nube_lib *lib, const nube_conn *prefer)
{
    struct nube_engine **at, **found = NULL, *e;
    pid_t pid = getpid();

    for (at = &lib->idle; *at; at = &(*at)->next) {
        if ((*at)->pid != pid)
            continue;
        if (!found || (*at)->last == prefer)
            found = at;
        if ((*at)->last == prefer)
            break;
    }
    if (!found)
        return NULL;
    e = *found;
    *found = e->next;
    return e;
}

int nube_engine_take(struct nube_engine **out, nube_lib *lib, const nube_conn *prefer,
                     struct nube_error *err)
{
    struct nube_engine *e;

    pthread_mutex_lock(&lib->lock);
    e = pick(lib, prefer);
    pthread_mutex_unlock(&lib->lock);
    if (!e)
        e = engine_new(lib);
    *out = e;
    if (!e)
        return nube_error_set(err, NUBE_E_SYSTEM,
                              "no event loop: out of memory or of file descriptors");
    e->next = NULL;
    if (prefer)
        e->last = prefer;
    return 0;
}

void nube_engine_give(struct nube_engine *e)
{
    nube_lib *lib = e->lib;

    pthread_mutex_lock(&lib->lock);
    e->next = lib->idle;
    lib->idle = e;
    pthread_mutex_unlock(&lib->lock);
}

void nube_engines_free(nube_lib *lib)
{
    struct nube_engine *e = lib->idle, *next;
    pid_t pid = getpid();

    for (; e; e = next) {
        next = e->next;
        if (e->pid == pid)
            engine_free(e);
    }
    lib->idle = NULL;
}

struct nube_loop *nube_engine_loop(struct nube_engine *e)
{
    return e->loop;
}

bool nube_engine_foreign(const struct nube_engine *e)
{
    return e->pid != getpid();
}

bool nube_engine_rests(const struct nube_engine *e)
{
    return nube_engine_foreign(e) || atomic_load(&e->turned_by) == (uintptr_t)pthread_self();
}

struct nube_http *nube_engine_http(struct nube_engine *e, const struct nube_http_ops *ops)
{
    if (!e->http && ops->open(&e->http, e->loop) == 0)
        e->ops = ops;
    return e->http;
}

struct nube_ssh *nube_engine_ssh(struct nube_engine *e, const struct nube_ssh_ops *ops)
{
    if (!e->ssh && ops->open(&e->ssh, e->loop) == 0)
        e->ssh_ops = ops;
    return e->ssh;
}

/* The loop only has to wake: the turn looks at the switch itself. */
static void on_cancel(void *data, int fd, unsigned events)
{
    (void)data;
    (void)fd;
    (void)events;
}

static void watch(struct nube_engine *e, nube_cancel *cancel)
{
    struct watch *w;

    for (w = e->watches; w && w->cancel != cancel; w = w->next)
        ;
    if (!w) {
        w = nube_mem_zalloc(sizeof(*w));
        if (!w)
            return;
        w->cancel = cancel;
        w->next = e->watches;
        e->watches = w;
        nube_loop_watch(e->loop, nube_cancel_fd(cancel), NUBE_LOOP_IN, on_cancel, e);
    }
    w->calls++;
}

static void unwatch(struct nube_engine *e, nube_cancel *cancel)
{
    struct watch **at = &e->watches, *w;

    while (*at && (*at)->cancel != cancel)
        at = &(*at)->next;
    w = *at;
    if (!w || --w->calls)
        return;
    *at = w->next;
    nube_loop_watch(e->loop, nube_cancel_fd(cancel), 0, NULL, NULL);
    nube_mem_free(w);
}

void nube_engine_add(struct nube_engine *e, nube_call *c)
{
    c->next = e->calls;
    if (e->calls)
        e->calls->prev = c;
    e->calls = c;
    if (c->opts.cancel)
        watch(e, c->opts.cancel);
}

void nube_engine_remove(struct nube_engine *e, nube_call *c)
{
    if (c != e->calls && !c->prev)
        return;
    if (c->opts.cancel)
        unwatch(e, c->opts.cancel);
    if (c->prev)
        c->prev->next = c->next;
    else
        e->calls = c->next;
    if (c->next)
        c->next->prev = c->prev;
    c->prev = c->next = NULL;
}

/* The switch says no more to this call, and would wake the loop all the time that undos take. */
static void let_go(struct nube_engine *e, nube_call *c)
{
    unwatch(e, c->opts.cancel);
    c->opts.cancel = NULL;
}

/* Calls are only freed by their owners, outside a turn; but an end begins others, so begin again
 * after each. */
static bool look(struct nube_engine *e)
{
    nube_call *c;

    for (c = e->calls; c; c = c->next) {
        if (c->opts.cancel && nube_cancel_fired(c->opts.cancel)) {
            let_go(e, c);
            nube_call_abort(c, NUBE_E_CANCELLED);
            return true;
        }
        if (c->parked && !c->ending) {
            nube_login_poll(c);
            if (!c->parked)
                return true;
        }
    }
    return false;
}

int nube_engine_turn(struct nube_engine *e, int64_t ms)
{
    int rc;

    atomic_store(&e->turned_by, (uintptr_t)pthread_self());
    if (look(e))
        ms = 0;
    rc = nube_loop_turn(e->loop, ms);
    while (look(e))
        ;
    return rc;
}
