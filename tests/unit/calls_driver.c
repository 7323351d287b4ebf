/* The driver and the scripted server of the engine's tests. */
#include "calls_driver.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- The driver ---------------------------------------------------------------------- */

static enum nube_step fake_auth(nube_call *c, const nube_reply *r)
{
    nube_req *q;
    const char *token;

    if (!r) {
        nube_session_endpoint(c, "api", nube_opt_str(c, "endpoint"));
        q = nube_req_new(c, NUBE_POST, "api");
        nube_req_seg(q, "token");
        nube_json_secret(nube_req_json(q), "password", nube_opt_str(c, "password"));
        return NUBE_SEND;
    }
    token = nube_doc_str(nube_reply_doc(r), "token");
    if (!token)
        return nube_fail(c, NUBE_E_PROTOCOL, "no token in the reply");
    nube_session_secret(c, "token", token);
    return NUBE_DONE;
}

static enum nube_step fake_sign(nube_call *c, nube_req *q, const nube_reply *r)
{
    (void)r;
    nube_req_header_secret(q, "X-Auth-Token", nube_session_str(c, "token"));
    return NUBE_DONE;
}

static void fill(nube_obj *o, const nube_doc *d)
{
    nube_set(o, NUBE_ID, nube_doc_str(d, "id"));
    nube_set(o, NUBE_NAME, nube_doc_str(d, "name"));
    nube_set_state(o, nube_doc_str(d, "state"));
}

static void item(nube_call *c, const nube_doc *d)
{
    fill(nube_emit(c, NUBE_KIND_NONE), d);
}

static enum nube_step fake_list(nube_call *c, const nube_reply *r)
{
    nube_req *q;

    if (r) {
        nube_next(c, nube_doc_str(nube_reply_doc(r), "next"));
        return NUBE_DONE;
    }
    q = nube_req_new(c, NUBE_GET, "api");
    nube_req_path(q, "nodes");
    nube_req_query(q, "cursor", nube_cursor(c));
    nube_req_items(q, "servers", item);
    return NUBE_SEND;
}

static nube_req *node_req(nube_call *c, enum nube_method method, const char *id, const char *verb)
{
    nube_req *q = nube_req_new(c, method, "api");

    nube_req_path(q, "nodes");
    nube_req_seg(q, id);
    if (verb)
        nube_req_seg(q, verb);
    return q;
}

static enum nube_step fake_get(nube_call *c, const nube_reply *r)
{
    if (r) {
        fill(nube_emit(c, NUBE_KIND_NONE), nube_reply_doc(r));
        return NUBE_DONE;
    }
    node_req(c, NUBE_GET, nube_arg_str(c, "id"), NULL);
    return NUBE_SEND;
}

struct create {
    const char *id;
    nube_obj *node;
};

static enum nube_step fake_create(nube_call *c, const nube_reply *r)
{
    struct create *s = nube_state(c, sizeof(*s));
    nube_req *q;

    switch (nube_phase(c)) {
    case 0:
        q = nube_req_new(c, NUBE_POST, "api");
        nube_req_path(q, "nodes");
        nube_json_str(nube_req_json(q), "name", nube_arg_str(c, "name"));
        nube_set_phase(c, 1);
        return NUBE_SEND;
    case 1:
        s->id = nube_strdup(c, nube_doc_str(nube_reply_doc(r), "id"));
        s->node = nube_emit(c, NUBE_KIND_NONE);
        nube_set(s->node, NUBE_ID, s->id);
        nube_created(c, s->id);
        nube_undo(c, NUBE_OP_NODE_DESTROY, s->id, NULL);
        node_req(c, NUBE_POST, s->id, "start");
        nube_set_phase(c, 2);
        return NUBE_SEND;
    case 2:
        node_req(c, NUBE_GET, s->id, NULL);
        nube_set_phase(c, 3);
        return NUBE_SEND;
    default:
        fill(s->node, nube_reply_doc(r));
        return NUBE_DONE;
    }
}

static enum nube_step fake_destroy(nube_call *c, const nube_reply *r)
{
    if (r)
        return NUBE_DONE;
    node_req(c, NUBE_DELETE, nube_arg_str(c, "id"), NULL);
    return NUBE_SEND;
}

static enum nube_step fake_stop_node(nube_call *c, const nube_reply *r)
{
    if (r)
        return NUBE_DONE;
    node_req(c, NUBE_POST, nube_arg_str(c, "id"), "stop");
    return NUBE_SEND;
}

static const struct nube_op_row ops[] = {
    {NUBE_OP_AUTH, 0, fake_auth},
    {NUBE_OP_NODE_LIST, 0, fake_list},
    {NUBE_OP_NODE_GET, 0, fake_get},
    {NUBE_OP_NODE_CREATE, NUBE_OPF_SETTLED, fake_create},
    {NUBE_OP_NODE_DESTROY, NUBE_OPF_SETTLED, fake_destroy},
    {NUBE_OP_NODE_STOP, NUBE_OPF_SETTLED, fake_stop_node},
};

static const struct nube_option options[] = {
    {.name = "endpoint", .flags = NUBE_OPTION_REQUIRED, .help = "where the server is"},
    {.name = "password", .flags = NUBE_OPTION_SECRET, .help = "what it wants"},
    {.name = "id", .op = NUBE_OP_NODE_GET, .flags = NUBE_OPTION_REQUIRED, .help = "id"},
    {.name = "id", .op = NUBE_OP_NODE_DESTROY, .flags = NUBE_OPTION_REQUIRED, .help = "id"},
    {.name = "id", .op = NUBE_OP_NODE_STOP, .flags = NUBE_OPTION_REQUIRED, .help = "id"},
    {.name = "name", .op = NUBE_OP_NODE_CREATE, .help = "name"},
    {.name = "image", .op = NUBE_OP_NODE_CREATE, .help = "image"},
};

static const struct nube_state_row states[] = {
    {"ACTIVE", NULL, NUBE_STATE_RUNNING},
    {"SHUTOFF", NUBE_OPS(NUBE_OP_NODE_DESTROY), NUBE_STATE_STOPPED},
};

static const struct nube_provider_row providers[] = {{"fake", "Fake", NULL, NULL, 0}};

const struct nube_driver fake_driver = {
    .size = sizeof(struct nube_driver),
    .services = NUBE_SERVICE_HTTP,
    .name = "fake",
    .title = "Fake",
    .version = "1",
    .license = "Apache-2.0",
    .providers = NUBE_TABLE(providers),
    .options = NUBE_TABLE(options),
    .ops = NUBE_TABLE(ops),
    .states = NUBE_TABLE(states),
    .sign = fake_sign,
};

/* ---- The server ---------------------------------------------------------------------- */

enum { MAX_SEEN = 4096, MAX_PEERS = 512 };

struct fake {
    fake_script script;
    int fd, port, n_seen, n_peers, stop[2];
    pthread_mutex_t lock;
    pthread_t thread, peers[MAX_PEERS];
    struct {
        char what[160], token[64];
    } seen[MAX_SEEN];
};

struct peer {
    struct fake *f;
    int fd;
};

/* Is there something to read before the server is stopped? */
static bool ready(const struct fake *f, int fd)
{
    struct pollfd p[2] = {{.fd = fd, .events = POLLIN}, {.fd = f->stop[0], .events = POLLIN}};

    return poll(p, 2, -1) > 0 && !p[1].revents;
}

static void note(struct fake *f, struct asked *a)
{
    char what[160];

    snprintf(what, sizeof(what), "%s %s", a->method, a->path);
    pthread_mutex_lock(&f->lock);
    a->nth = 1;
    for (int i = 0; i < f->n_seen; i++)
        a->nth += !strcmp(f->seen[i].what, what);
    if (f->n_seen < MAX_SEEN) {
        memcpy(f->seen[f->n_seen].what, what, sizeof(what));
        memcpy(f->seen[f->n_seen++].token, a->token, sizeof(a->token));
    }
    pthread_mutex_unlock(&f->lock);
}

static void parse(struct asked *a, char *head)
{
    char target[256] = "", *mark, *line;

    memset(a, 0, sizeof(*a));
    sscanf(head, "%7s %255s", a->method, target);
    mark = strchr(target, '?');
    if (mark) {
        *mark++ = '\0';
        snprintf(a->query, sizeof(a->query), "%.127s", mark);
    }
    snprintf(a->path, sizeof(a->path), "%.127s", target);
    line = strcasestr(head, "\r\nX-Auth-Token: ");
    if (line)
        sscanf(line + 16, "%63[^\r\n]", a->token);
}

static bool put(int fd, const char *data, size_t len)
{
    while (len) {
        ssize_t n = send(fd, data, len, MSG_NOSIGNAL);

        if (n <= 0)
            return false;
        data += n;
        len -= (size_t)n;
    }
    return true;
}

static bool respond(const struct fake *f, int fd, const struct asked *a)
{
    struct answer w = {.status = 200, .body = "{}", .cut = -1};
    char head[512];
    const char *body;
    size_t len;
    bool ok;

    f->script(a, &w);
    if (w.silent)
        ready(f, -1);
    if (w.silent || w.close_now)
        return false;
    body = w.owned ? w.owned : w.body;
    len = strlen(body);
    snprintf(head, sizeof(head), "HTTP/1.1 %d X\r\n%sContent-Length: %zu\r\n%s\r\n", w.status,
             strcasestr(w.headers, "content-type") ? "" : "Content-Type: application/json\r\n", len,
             w.headers);
    ok = put(fd, head, strlen(head)) && put(fd, body, w.cut < 0 ? len : (size_t)w.cut);
    free(w.owned);
    return ok && w.cut < 0;
}

/* One request's head and body into buf; *used is left for what follows it. */
static bool receive(const struct fake *f, int fd, char *buf, size_t size, struct asked *a)
{
    size_t have = 0, body = 0;
    char *end = NULL, *line;

    while (!end || have < (size_t)(end + 4 - buf) + body) {
        ssize_t n;

        if (have + 1 >= size || !ready(f, fd))
            return false;
        n = recv(fd, buf + have, size - 1 - have, 0);
        if (n <= 0)
            return false;
        have += (size_t)n;
        buf[have] = '\0';
        end = strstr(buf, "\r\n\r\n");
        line = end ? strcasestr(buf, "\r\nContent-Length: ") : NULL;
        if (line && line < end)
            body = strtoul(line + 18, NULL, 10);
    }
    parse(a, buf);
    snprintf(a->body, sizeof(a->body), "%.255s", end + 4);
    return true;
}

static void *serve(void *data)
{
    struct peer p = *(struct peer *)data;
    char buf[16384];
    struct asked a;

    free(data);
    while (receive(p.f, p.fd, buf, sizeof(buf), &a)) {
        note(p.f, &a);
        if (!respond(p.f, p.fd, &a))
            break;
    }
    close(p.fd);
    return NULL;
}

static void *listen_for(void *data)
{
    struct fake *f = data;

    while (f->n_peers < MAX_PEERS && ready(f, f->fd)) {
        struct peer *p = malloc(sizeof(*p));

        p->f = f;
        p->fd = accept(f->fd, NULL, NULL);
        if (p->fd < 0 || pthread_create(&f->peers[f->n_peers], NULL, serve, p))
            free(p);
        else
            f->n_peers++;
    }
    return NULL;
}

struct fake *fake_start(fake_script script)
{
    struct fake *f = calloc(1, sizeof(*f));
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(in);

    f->script = script;
    pthread_mutex_init(&f->lock, NULL);
    f->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (pipe(f->stop) || bind(f->fd, (struct sockaddr *)&in, sizeof(in)) || listen(f->fd, 128) ||
        getsockname(f->fd, (struct sockaddr *)&in, &len))
        abort();
    f->port = ntohs(in.sin_port);
    pthread_create(&f->thread, NULL, listen_for, f);
    return f;
}

void fake_stop(struct fake *f)
{
    if (!f)
        return;
    close(f->stop[1]);
    pthread_join(f->thread, NULL);
    for (int i = 0; i < f->n_peers; i++)
        pthread_join(f->peers[i], NULL);
    close(f->stop[0]);
    close(f->fd);
    free(f);
}

int fake_port(const struct fake *f)
{
    return f->port;
}

int fake_count(struct fake *f, const char *what)
{
    int n = 0;

    pthread_mutex_lock(&f->lock);
    for (int i = 0; i < f->n_seen; i++)
        n += !what || !strcmp(f->seen[i].what, what);
    pthread_mutex_unlock(&f->lock);
    return n;
}

bool fake_saw_token(struct fake *f, const char *what, const char *token)
{
    bool saw = false;

    pthread_mutex_lock(&f->lock);
    for (int i = 0; i < f->n_seen; i++)
        saw |= !strcmp(f->seen[i].what, what) && !strcmp(f->seen[i].token, token);
    pthread_mutex_unlock(&f->lock);
    return saw;
}
