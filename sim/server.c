/* The HTTP server: one thread serves, the first one waits for signals and for replies that are due.
 *
 * The simulator's state belongs to the serving thread; they share only what the mutex guards. */
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "mem.h"
#include "sim_int.h"

enum {
    MAX_BODY = 16 << 20,
    BLOCK = 64 << 10, /* of a chunked reply */
    LARGE = 1 << 10,  /* from here on replies are compressed and chunked */
    CONNECTION_MEMORY = 256 << 10
};

/* One exchange, from its first line to its last octet. */
struct exchange {
    struct server *server;
    char *target; /* as on the wire */
    struct sim_text body;
    struct sim_pair *headers;
    size_t n_headers, size;
    bool too_large, served, head;
    struct sim_reply reply;
    struct sim_trouble trouble;
    /* While its reply waits: */
    struct MHD_Connection *waiting;
    int64_t due;
    struct exchange *next;
};

struct server {
    struct sim *sim;
    struct MHD_Daemon *daemon;
    unsigned connections;
    bool tls;
    int wake; /* an eventfd: something below has changed */
    pthread_mutex_t lock;
    struct exchange *delayed;
    bool stop;
};

static int64_t ticks(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void wake(struct server *server)
{
    uint64_t one = 1;
    if (write(server->wake, &one, sizeof one) < 0)
        perror("nube-sim: eventfd");
}

static void *begin(void *cls, const char *uri, struct MHD_Connection *connection)
{
    (void)connection;
    struct exchange *x = sim_alloc(sizeof *x);
    x->server = cls;
    x->target = sim_strdup(uri);
    return x;
}

static void end(void *cls, struct MHD_Connection *connection, void **con_cls,
                enum MHD_RequestTerminationCode why)
{
    (void)connection, (void)why;
    struct server *server = cls;
    struct exchange *x = *con_cls;
    if (!x)
        return;
    if (server->sim->stop) { /* told by the control endpoint, whose answer is out now */
        pthread_mutex_lock(&server->lock);
        server->stop = true;
        pthread_mutex_unlock(&server->lock);
        wake(server);
    }
    free(x->target);
    free(x->headers);
    sim_text_free(&x->body);
    sim_text_free(&x->reply.body);
    sim_text_free(&x->reply.why);
    free(x);
    *con_cls = NULL;
}

static void connected(void *cls, struct MHD_Connection *connection, void **socket_context,
                      enum MHD_ConnectionNotificationCode code)
{
    (void)connection;
    struct server *server = cls;
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        *socket_context = (void *)(uintptr_t)++server->connections;
}

static enum MHD_Result take_header(void *cls, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    (void)kind;
    struct exchange *x = cls;
    SIM_PUSH(x->headers, x->n_headers, x->size);
    x->headers[x->n_headers++] = (struct sim_pair){name, value ? value : ""};
    return MHD_YES;
}

static unsigned connection_number(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? (unsigned)(uintptr_t)info->socket_context : 0;
}

/* The request is whole: carry it out. */
static void serve(struct exchange *x, struct MHD_Connection *connection, const char *method)
{
    struct sim *s = x->server->sim;
    char *question = strchr(x->target, '?');
    if (question)
        *question = 0;
    MHD_get_connection_values(connection, MHD_HEADER_KIND, take_header, x);
    struct sim_request q = {.method = method,
                            .path = x->target,
                            .query = question ? question + 1 : "",
                            .headers = x->headers,
                            .n_headers = x->n_headers,
                            .body = x->body.data ? x->body.data : "",
                            .body_len = x->body.len,
                            .connection = connection_number(connection),
                            .tls = x->server->tls,
                            .action = ""};
    x->reply.type = "text/plain";
    x->head = !strcmp(method, "HEAD");
    sim_request_decode(&q);
    if (!strncmp(q.path, SIM_CONTROL, strlen(SIM_CONTROL)))
        sim_control(s, &q, &x->reply);
    else
        sim_serve(s, &q, &x->reply, &x->trouble);
    sim_request_free(&q);
}

static ssize_t read_body(void *cls, uint64_t pos, char *buf, size_t max)
{
    struct exchange *x = cls;
    size_t len = x->reply.body.len, left = len - (size_t)pos;
    if (x->trouble.kind == SIM_FAULT_TRUNCATE) {
        left = pos >= len / 2 ? 0 : len / 2 - (size_t)pos;
        if (!left)
            return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    if (!left)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (max > left)
        max = left;
    memcpy(buf, x->reply.body.data + pos, max);
    return (ssize_t)max;
}

/* gzip, fast rather than small: the point is what the client has to do. */
static bool compress_body(struct sim_text *body)
{
    z_stream z = {0};
    if (deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    size_t room = deflateBound(&z, body->len);
    char *out = sim_alloc(room);
    z.next_in = (unsigned char *)body->data;
    z.avail_in = (unsigned)body->len;
    z.next_out = (unsigned char *)out;
    z.avail_out = (unsigned)room;
    bool ok = deflate(&z, Z_FINISH) == Z_STREAM_END;
    if (ok) {
        free(body->data);
        *body = (struct sim_text){out, room - z.avail_out, room};
    } else {
        free(out);
    }
    deflateEnd(&z);
    return ok;
}

static bool accepts_gzip(struct MHD_Connection *connection)
{
    const char *accept =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Accept-Encoding");
    return accept && strstr(accept, "gzip") && !strstr(accept, "gzip;q=0");
}

static void add_date(struct MHD_Response *response, const struct sim *s)
{
    char date[64];
    time_t now = (time_t)(sim_wall_ms(s) / 1000);
    struct tm tm;
    gmtime_r(&now, &tm);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &tm);
    MHD_add_response_header(response, "Date", date);
}

static enum MHD_Result send_reply(struct exchange *x, struct MHD_Connection *connection)
{
    struct sim *s = x->server->sim;
    struct sim_reply *r = &x->reply;
    bool large = r->body.len >= LARGE, zipped = false;
    if (large && s->settings.gzip && accepts_gzip(connection))
        zipped = compress_body(&r->body);
    /* libmicrohttpd ends the chunks of a HEAD that it did not send. */
    bool stream =
        !x->head && (x->trouble.kind == SIM_FAULT_TRUNCATE || (large && s->settings.chunked));
    struct MHD_Response *response =
        stream ? MHD_create_response_from_callback(large && s->settings.chunked ? MHD_SIZE_UNKNOWN
                                                                                : r->body.len,
                                                   BLOCK, read_body, x, NULL)
               : MHD_create_response_from_buffer(r->body.len, r->body.data, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    if (r->body.len)
        MHD_add_response_header(response, "Content-Type", r->type);
    if (zipped)
        MHD_add_response_header(response, "Content-Encoding", "gzip");
    if (x->trouble.kind == SIM_FAULT_CLOSE || x->too_large)
        MHD_add_response_header(response, "Connection", "close");
    for (size_t i = 0; i < r->n_headers; i++)
        MHD_add_response_header(response, r->headers[i].name, r->headers[i].value);
    add_date(response, s);
    enum MHD_Result result = MHD_queue_response(connection, r->status, response);
    MHD_destroy_response(response);
    return result;
}

/* Disconnects at once, so that the other side sees a reset: closing would say goodbye first. */
static enum MHD_Result reset_connection(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const struct sockaddr none = {.sa_family = AF_UNSPEC};
    if (info)
        (void)connect(info->connect_fd, &none, sizeof none);
    return MHD_NO;
}

static enum MHD_Result answer(struct exchange *x, struct MHD_Connection *connection)
{
    bool reset =
        x->trouble.kind == SIM_FAULT_RESET_BEFORE || x->trouble.kind == SIM_FAULT_RESET_AFTER;
    return reset ? reset_connection(connection) : send_reply(x, connection);
}

/* Holds the reply back; false: the end is near, answer at once. */
static bool delay(struct exchange *x, struct MHD_Connection *connection)
{
    struct server *server = x->server;
    pthread_mutex_lock(&server->lock);
    bool held = !server->stop;
    if (held) {
        x->due = ticks() + x->trouble.delay_ms;
        x->waiting = connection;
        x->next = server->delayed;
        server->delayed = x;
        MHD_suspend_connection(connection);
    }
    pthread_mutex_unlock(&server->lock);
    wake(server);
    return held;
}

static enum MHD_Result handle(void *cls, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *len, void **con_cls)
{
    (void)cls, (void)url, (void)version;
    struct exchange *x = *con_cls;
    if (!x->size) { /* the headers have come: called again for the body */
        SIM_PUSH(x->headers, x->n_headers, x->size);
        return MHD_YES;
    }
    if (*len) {
        x->too_large = x->too_large || x->body.len + *len > MAX_BODY;
        if (!x->too_large)
            sim_text_add(&x->body, data, *len);
        *len = 0;
        return MHD_YES;
    }
    if (!x->served) {
        x->served = true;
        x->head = !strcmp(method, "HEAD");
        if (x->too_large)
            x->reply.status = 413;
        else
            serve(x, connection, method);
        if (x->trouble.delay_ms > 0 && delay(x, connection))
            return MHD_YES;
    }
    return answer(x, connection);
}

/* Lets go of what is due; the milliseconds until the next, -1: none waits. */
static int64_t release(struct server *server, bool all)
{
    int64_t now = ticks(), next = -1;
    pthread_mutex_lock(&server->lock);
    server->stop = server->stop || all;
    struct exchange **link = &server->delayed;
    while (*link) {
        struct exchange *x = *link;
        if (all || x->due <= now) {
            *link = x->next;
            MHD_resume_connection(x->waiting);
            continue;
        }
        if (next < 0 || x->due - now < next)
            next = x->due - now;
        link = &x->next;
    }
    pthread_mutex_unlock(&server->lock);
    return next;
}

static char *read_pem(const char *path)
{
    struct sim_text text = {0};
    char block[4096];
    size_t n;
    FILE *f = fopen(path, "re");
    if (!f) {
        fprintf(stderr, "nube-sim: %s: %s\n", path, strerror(errno));
        return NULL;
    }
    while ((n = fread(block, 1, sizeof block, f)) > 0)
        sim_text_add(&text, block, n);
    fclose(f);
    return sim_text_take(&text);
}

/* A listening socket, and the URL that reaches it; -1 with a line on standard error. */
static int open_listener(const struct sim_listen *l, bool tls, char *url, size_t url_size)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(l->port)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(l->port)};
    bool v6 = inet_pton(AF_INET6, l->address, &in6.sin6_addr) == 1;
    void *address = v6 ? (void *)&in6 : &in;
    socklen_t size = v6 ? sizeof in6 : sizeof in;
    int one = 1;
    if (!v6 && inet_pton(AF_INET, l->address, &in.sin_addr) != 1) {
        fprintf(stderr, "nube-sim: --listen %s: not an IPv4 or IPv6 address\n", l->address);
        return -1;
    }
    int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) ||
        bind(fd, address, size) || listen(fd, SOMAXCONN) || getsockname(fd, address, &size)) {
        fprintf(stderr, "nube-sim: cannot listen on %s port %u: %s\n", l->address, l->port,
                strerror(errno));
        if (fd >= 0)
            close(fd);
        return -1;
    }
    snprintf(url, url_size, "%s://%s%s%s:%u", tls ? "https" : "http", v6 ? "[" : "", l->address,
             v6 ? "]" : "", ntohs(v6 ? in6.sin6_port : in.sin_port));
    return fd;
}

static bool start(struct server *server, const struct sim_listen *l)
{
    struct sim *s = server->sim;
    char *cert = NULL, *key = NULL;
    server->tls = l->tls_cert != NULL;
    if (server->tls && (!(cert = read_pem(l->tls_cert)) || !(key = read_pem(l->tls_key)))) {
        free(cert);
        return false;
    }
    int fd = open_listener(l, server->tls, s->url, sizeof s->url);
    struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, cert},
                                   {MHD_OPTION_HTTPS_MEM_KEY, 0, key},
                                   {MHD_OPTION_END, 0, NULL}};
    unsigned flags = MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
                     MHD_USE_SUPPRESS_DATE_NO_CLOCK | (server->tls ? MHD_USE_TLS : 0);
    if (fd >= 0)
        server->daemon = MHD_start_daemon(
            flags, 0, NULL, NULL, handle, server, MHD_OPTION_LISTEN_SOCKET, fd,
            MHD_OPTION_URI_LOG_CALLBACK, begin, server, MHD_OPTION_NOTIFY_COMPLETED, end, server,
            MHD_OPTION_NOTIFY_CONNECTION, connected, server, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
            (size_t)CONNECTION_MEMORY, MHD_OPTION_ARRAY, server->tls ? tls : tls + 2,
            MHD_OPTION_END);
    free(cert);
    free(key);
    if (fd >= 0 && !server->daemon) {
        fprintf(stderr, "nube-sim: cannot serve%s\n",
                server->tls ? ": the certificate or its key cannot be used" : "");
        close(fd);
    }
    return server->daemon != NULL;
}

/* SIGTERM and SIGINT as a descriptor; a broken connection is no signal. */
static int take_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    signal(SIGPIPE, SIG_IGN);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static bool at_eof(int fd)
{
    char block[256];
    return read(fd, block, sizeof block) == 0;
}

static bool stopping(struct server *server)
{
    pthread_mutex_lock(&server->lock);
    bool stop = server->stop;
    pthread_mutex_unlock(&server->lock);
    return stop;
}

static void wait_for_end(struct server *server, const struct sim_listen *l, int signals)
{
    struct pollfd fds[] = {{server->wake, POLLIN, 0},
                           {signals, POLLIN, 0},
                           {l->until_eof ? STDIN_FILENO : -1, POLLIN, 0}};
    for (;;) {
        uint64_t count;
        int64_t wait = release(server, false);
        if (stopping(server))
            return;
        poll(fds, 3, (int)(wait > 60000 ? 60000 : wait));
        if (fds[1].revents || (fds[2].revents && at_eof(STDIN_FILENO)))
            return;
        if (fds[0].revents && read(server->wake, &count, sizeof count) < 0)
            return;
    }
}

int sim_run(struct sim *s, const struct sim_listen *l)
{
    struct server server = {.sim = s, .lock = PTHREAD_MUTEX_INITIALIZER};
    int signals = take_signals(), status = -1;
    server.wake = eventfd(0, EFD_CLOEXEC);
    if (signals < 0 || server.wake < 0) {
        perror("nube-sim");
    } else if (start(&server, l)) {
        printf("ready %s\n", s->url);
        fflush(stdout);
        wait_for_end(&server, l, signals);
        release(&server, true);
        MHD_stop_daemon(server.daemon);
        status = 0;
    }
    if (signals >= 0)
        close(signals);
    if (server.wake >= 0)
        close(server.wake);
    return status;
}
