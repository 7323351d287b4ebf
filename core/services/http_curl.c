/* The http service: libcurl's multi interface driven by an engine's loop. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <nube/base.h>
#include <nube/error.h>

#include "http_int.h"

enum { KEEP_CONNECTIONS = 256 };

const struct nube_host *_Atomic nube_http_host; /* set by each library that opens this */

static void settle(struct nube_http *h);

/* ---- rings of transfers ------------------------------------------------------------- */

static void ring_init(struct nube_xfer *head)
{
    head->prev = head->next = head;
}

static void ring_move(struct nube_xfer *x, struct nube_xfer *head)
{
    if (x->next) {
        x->prev->next = x->next;
        x->next->prev = x->prev;
    }
    x->prev = head->prev;
    x->next = head;
    head->prev->next = x;
    head->prev = x;
}

/* To be looked at by settle(), which runs after libcurl or in the next turn. */
static void put_aside(struct nube_xfer *x, enum nube_xfer_state state)
{
    x->state = state;
    ring_move(x, &x->http->todo);
    nube_http_host->loop->timer_set(x->http->loop, &x->http->kick, 0);
}

/* ---- the multi and the loop --------------------------------------------------------------- */

static void act(struct nube_http *h, curl_socket_t fd, int what)
{
    int running;

    h->in_curl++;
    curl_multi_socket_action(h->multi, fd, what, &running);
    h->in_curl--;
    settle(h);
}

static void on_socket(void *data, int fd, unsigned events)
{
    act(data, fd,
        (events & NUBE_LOOP_IN ? CURL_CSELECT_IN : 0) |
            (events & NUBE_LOOP_OUT ? CURL_CSELECT_OUT : 0) |
            (events & NUBE_LOOP_ERR ? CURL_CSELECT_ERR : 0));
}

static void on_multi_timer(void *data)
{
    act(data, CURL_SOCKET_TIMEOUT, 0);
}

static int watch_socket(CURL *easy, curl_socket_t fd, int what, void *data, void *unused)
{
    struct nube_http *h = data;
    unsigned events = (what & CURL_POLL_IN ? (unsigned)NUBE_LOOP_IN : 0u) |
                      (what & CURL_POLL_OUT ? (unsigned)NUBE_LOOP_OUT : 0u);

    (void)easy;
    (void)unused;
    if (what == CURL_POLL_REMOVE)
        events = 0;
    return nube_http_host->loop->watch(h->loop, fd, events, on_socket, h);
}

static int set_multi_timer(CURLM *multi, long ms, void *data)
{
    struct nube_http *h = data;

    (void)multi;
    if (ms < 0)
        nube_http_host->loop->timer_stop(h->loop, &h->timer);
    else
        nube_http_host->loop->timer_set(h->loop, &h->timer, ms);
    return 0;
}

/* ---- a transfer's life ---------------------------------------------------------------------- */

static CURL *take_easy(struct nube_http *h)
{
    CURL *easy;

    if (h->n_spare)
        return h->spare[--h->n_spare];
    easy = curl_easy_init();
    if (easy && curl_easy_setopt(easy, CURLOPT_SHARE, h->share)) {
        curl_easy_cleanup(easy);
        easy = NULL;
    }
    return easy;
}

static void give_easy(struct nube_http *h, CURL *easy)
{
    curl_easy_reset(easy);
    if (h->n_spare < NUBE_HTTP_SPARE)
        h->spare[h->n_spare++] = easy;
    else
        curl_easy_cleanup(easy);
}

/* Takes it out of libcurl and every list. The loop, libcurl and the resolver know it no longer. */
static void detach(struct nube_xfer *x, bool in_multi)
{
    struct nube_http *h = x->http;
    long opened = 0;

    x->state = XFER_DONE;
    nube_http_host->loop->timer_stop(h->loop, &x->timer);
    nube_resolver_forget(&x->wait);
    if (in_multi) {
        curl_easy_getinfo(x->easy, CURLINFO_NUM_CONNECTS, &opened);
        h->connections += (uint64_t)opened;
        h->in_curl++;
        curl_multi_remove_handle(h->multi, x->easy);
        h->in_curl--;
    }
    x->prev->next = x->next;
    x->next->prev = x->prev;
    give_easy(h, x->easy);
    nube_http_setup_free(x);
}

/* end is filled in. */
static void finish(struct nube_xfer *x)
{
    detach(x, x->state == XFER_RUNNING);
    if (x->req->done)
        x->req->done(x->req->data, &x->end);
    nube_http_host->free(x);
}

/* Failed before libcurl had it; done is called by the loop. */
static void end_early(struct nube_xfer *x, int code)
{
    x->end.code = code;
    if (!*x->end.message)
        snprintf(x->end.message, sizeof x->end.message, "%s",
                 code == NUBE_E_MEMORY ? "out of memory" : "cannot start a name lookup here");
    put_aside(x, XFER_ENDED);
}

static void hand_over(struct nube_xfer *x)
{
    struct nube_http *h = x->http;
    CURLMcode rc;

    if (h->in_curl) {
        put_aside(x, XFER_QUEUED);
        return;
    }
    x->state = XFER_RUNNING;
    h->in_curl++;
    rc = curl_multi_add_handle(h->multi, x->easy);
    h->in_curl--;
    if (rc)
        end_early(x, NUBE_E_MEMORY);
}

static int64_t connect_ms(const struct nube_xfer *x)
{
    int64_t ms = x->req->conf->connect_timeout_ms;

    return ms > 0 ? ms : NUBE_HTTP_CONNECT_MS;
}

/* All names are known: what is left of the connect timeout is libcurl's. */
static void launch(struct nube_xfer *x)
{
    const struct nube_loop_ops *loop = nube_http_host->loop;
    int64_t now = loop->now(x->http->loop), left = connect_ms(x) - (now - x->started);
    int64_t idle = x->req->flags & NUBE_HTTP_UNBOUNDED ? 0 : x->req->conf->idle_timeout_ms;

    loop->timer_stop(x->http->loop, &x->timer);
    if (curl_easy_setopt(x->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)(left > 0 ? left : 1)) ||
        (x->resolve && curl_easy_setopt(x->easy, CURLOPT_RESOLVE, x->resolve))) {
        end_early(x, NUBE_E_MEMORY);
        return;
    }
    x->last_io = now;
    if (idle > 0)
        loop->timer_set(x->http->loop, &x->timer, idle);
    hand_over(x);
}

static bool add_addresses(struct nube_xfer *x, const struct nube_peer *p, const char *addresses)
{
    char line[NUBE_HTTP_HOST + 1024];
    struct curl_slist *list;

    snprintf(line, sizeof line, "%s:%s:%s", p->host, p->port, addresses);
    list = curl_slist_append(x->resolve, line);
    if (list)
        x->resolve = list;
    return list;
}

/* Looks up what is still unknown, then lets it go; called again for every answer. */
static void proceed(struct nube_xfer *x)
{
    const struct nube_loop_ops *loop = nube_http_host->loop;
    const struct nube_peer *peers[] = {&x->proxy, &x->server};
    const char *addresses;

    for (; x->asked < 2; x->asked++) {
        const struct nube_peer *p = peers[x->asked];
        int rc = p->ask ? nube_resolver_ask(x->http->names, p->host, &x->wait, &addresses) : 1;

        if (rc == 0) {
            if (!x->timer.armed)
                loop->timer_set(x->http->loop, &x->timer, connect_ms(x));
            x->state = XFER_LOOKUP;
            return;
        }
        if (rc < 0 || (p->ask && !add_addresses(x, p, addresses))) {
            end_early(x, rc < 0 ? rc : NUBE_E_MEMORY);
            return;
        }
    }
    launch(x);
}

static void on_name(void *data, const char *addresses, const char *error)
{
    struct nube_xfer *x = data;
    const struct nube_peer *p = x->asked == 0 ? &x->proxy : &x->server;

    if (!addresses) {
        nube_http_end_own(x, NUBE_E_CONNECT, "look up %s%s: %s", x->asked == 0 ? "proxy " : "",
                          p->host, error);
        finish(x);
    } else if (!add_addresses(x, p, addresses)) {
        end_early(x, NUBE_E_MEMORY);
    } else {
        x->asked++;
        proceed(x);
    }
}

/* A lookup took too long, or the line has been silent. */
static void on_xfer_timer(void *data)
{
    struct nube_xfer *x = data;
    const struct nube_loop_ops *loop = nube_http_host->loop;
    int64_t idle = x->req->conf->idle_timeout_ms, since;
    curl_off_t connected = 0;

    if (x->state == XFER_LOOKUP) {
        nube_http_end_own(x, NUBE_E_CONNECT, "look up %s: no answer within the connect timeout",
                          x->asked == 0 ? x->proxy.host : x->server.host);
        finish(x);
        return;
    }
    if (x->state != XFER_RUNNING)
        return;
    curl_easy_getinfo(x->easy, CURLINFO_PRETRANSFER_TIME_T, &connected);
    if (x->started + connected / 1000 > x->last_io)
        x->last_io = x->started + connected / 1000;
    since = loop->now(x->http->loop) - x->last_io;
    if (connected > 0 && since >= idle) {
        nube_http_end_own(x, NUBE_E_TRANSPORT, "%s port %s: no data for %g s", x->server.host,
                          x->server.port, (double)idle / 1000);
        finish(x);
        return;
    }
    /* Connecting has its own limit. */
    loop->timer_set(x->http->loop, &x->timer, connected > 0 ? idle - since : idle);
}

/* Does what could not be done while libcurl was running, and reports what libcurl finished. */
static void settle(struct nube_http *h)
{
    struct nube_xfer now, *x;
    CURLMsg *m;
    int left;

    while ((m = curl_multi_info_read(h->multi, &left))) {
        char *private = NULL;
        CURLcode rc = m->data.result;

        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &private);
        x = (struct nube_xfer *)(void *)private;
        if (x->state != XFER_RUNNING)
            continue; /* cancelled meanwhile: below */
        nube_http_end_fill(x, rc);
        finish(x);
    }
    ring_init(&now); /* what callbacks add waits for the next turn */
    while ((x = h->todo.next) != &h->todo)
        ring_move(x, &now);
    while ((x = now.next) != &now) {
        if (x->state == XFER_QUEUED) {
            ring_move(x, &h->live);
            hand_over(x);
        } else if (x->state == XFER_CANCELLED) {
            detach(x, true);
            nube_http_host->free(x);
        } else {
            finish(x);
        }
    }
}

static void on_kick(void *data)
{
    settle(data);
}

/* ---- the service's table ------------------------------------------------------------------------
 */

static void http_cancel(struct nube_http *h, struct nube_xfer *x)
{
    bool running = x->state == XFER_RUNNING;

    if (x->state == XFER_DONE || x->state == XFER_CANCELLED)
        return;
    if (running && h->in_curl) {
        nube_http_host->loop->timer_stop(h->loop, &x->timer);
        put_aside(x, XFER_CANCELLED);
        return;
    }
    detach(x, running);
    nube_http_host->free(x);
}

static struct nube_xfer *http_start(struct nube_http *h, const struct nube_http_req *req)
{
    struct nube_xfer *x = nube_http_host->alloc(sizeof *x);
    int code;

    if (!x)
        return NULL;
    memset(x, 0, sizeof *x);
    x->easy = take_easy(h);
    if (!x->easy) {
        nube_http_host->free(x);
        return NULL;
    }
    x->http = h;
    x->req = req;
    x->socket = -1;
    x->timer.fn = on_xfer_timer;
    x->timer.data = x;
    x->wait.fn = on_name;
    x->wait.data = x;
    x->started = nube_http_host->loop->now(h->loop);
    ring_move(x, &h->live);
    code = nube_http_setup(x);
    if (code)
        end_early(x, code);
    else
        proceed(x);
    return x;
}

static void http_close(struct nube_http *h)
{
    if (!h)
        return;
    while (h->live.next != &h->live)
        http_cancel(h, h->live.next);
    while (h->todo.next != &h->todo)
        http_cancel(h, h->todo.next);
    while (h->n_spare)
        curl_easy_cleanup(h->spare[--h->n_spare]);
    if (h->multi)
        curl_multi_cleanup(h->multi);
    if (h->share)
        curl_share_cleanup(h->share);
    nube_children_end(&h->children);
    nube_resolver_close(h->names);
    nube_http_argv_paths_free(h);
    nube_http_host->loop->timer_stop(h->loop, &h->timer);
    nube_http_host->loop->timer_stop(h->loop, &h->kick);
    nube_http_host->free(h);
}

static bool set_up_multi(struct nube_http *h)
{
    h->multi = curl_multi_init();
    h->share = curl_share_init();
    return h->multi && h->share &&
           !curl_share_setopt(h->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION) &&
           !curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, watch_socket) &&
           !curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h) &&
           !curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, set_multi_timer) &&
           !curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h) &&
           !curl_multi_setopt(h->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX) &&
           !curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)KEEP_CONNECTIONS);
}

static CURLcode global_rc;

static void global_init(void)
{
    global_rc = curl_global_init(CURL_GLOBAL_DEFAULT);
}

static int http_open(struct nube_http **out, struct nube_loop *loop)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct nube_http *h;
    int rc;

    *out = NULL;
    pthread_once(&once, global_init);
    if (global_rc)
        return NUBE_E_SYSTEM;
    h = nube_http_host->alloc(sizeof *h);
    if (!h)
        return NUBE_E_MEMORY;
    memset(h, 0, sizeof *h);
    h->loop = loop;
    h->timer.fn = on_multi_timer;
    h->timer.data = h;
    h->kick.fn = on_kick;
    h->kick.data = h;
    h->children.host = nube_http_host;
    h->children.loop = loop;
    ring_init(&h->live);
    ring_init(&h->todo);
    rc = nube_resolver_open(&h->names, nube_http_host, loop);
    if (!rc && !set_up_multi(h))
        rc = NUBE_E_MEMORY;
    if (rc)
        http_close(h);
    else
        *out = h;
    return rc;
}

static uint64_t http_connections(struct nube_http *h)
{
    uint64_t all = h->connections;

    for (const struct nube_xfer *x = h->live.next; x != &h->live; x = x->next) {
        long opened = 0;

        if (x->state == XFER_RUNNING)
            curl_easy_getinfo(x->easy, CURLINFO_NUM_CONNECTS, &opened);
        all += (uint64_t)opened;
    }
    return all;
}

static bool http_sent(struct nube_http *h, struct nube_xfer *x)
{
    (void)h;
    return nube_http_sent(x);
}

static const struct nube_http_ops ops = {
    .open = http_open,
    .close = http_close,
    .start = http_start,
    .cancel = http_cancel,
    .sent = http_sent,
    .connections = http_connections,
};

NUBE_API const struct nube_service_module *nube_service_v0(const struct nube_host *host);

const struct nube_service_module *nube_service_v0(const struct nube_host *host)
{
    static const struct nube_service_module module = {.size = sizeof module,
                                                      .build = NUBE_SERVICE_BUILD,
                                                      .name = "http",
                                                      .version = LIBCURL_VERSION,
                                                      .ops = &ops};

    if (host->build != NUBE_SERVICE_BUILD)
        return NULL;
    nube_http_host = host;
    return &module;
}
