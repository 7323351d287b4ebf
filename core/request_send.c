/* Requests as they are sent: the URL put together, the body closed, and the text for people. */
#include <string.h>
#include <strings.h>

#include "ssh_int.h"

/* Parts of an absolute http or https URL, in place. */
struct parts {
    bool tls;
    const char *host, *path, *query; /* host: with port, without user */
    size_t host_len, path_len, query_len;
};

static bool parse(struct parts *out, const char *url)
{
    const char *at;
    size_t len;

    for (at = url; *at; at++)
        if ((unsigned char)*at <= ' ' || *at == 0x7f || *at == '\\')
            return false;
    out->tls = !strncasecmp(url, "https://", 8);
    if (!out->tls && strncasecmp(url, "http://", 7))
        return false;
    out->host = url + (out->tls ? 8 : 7);
    len = strcspn(out->host, "/?#");
    out->path = out->host + len;
    at = memrchr(out->host, '@', len);
    if (at)
        out->host = at + 1;
    out->host_len = (size_t)(out->path - out->host);
    out->path_len = strcspn(out->path, "?#");
    out->query = out->path + out->path_len;
    if (*out->query == '?')
        out->query++;
    out->query_len = strcspn(out->query, "#");
    return out->host_len && *out->host != ':';
}

/* The host's length without its port, which goes to *port. */
static size_t split_port(const struct parts *p, long *port)
{
    const char *colon = memrchr(p->host, ':', p->host_len);

    *port = p->tls ? 443 : 80;
    if (!colon || memchr(colon, ']', p->host_len - (size_t)(colon - p->host)))
        return p->host_len;
    if (colon + 1 < p->host + p->host_len) {
        *port = 0;
        for (const char *d = colon + 1; d < p->host + p->host_len; d++)
            *port = *d >= '0' && *d <= '9' && *port < 65536 ? *port * 10 + (*d - '0') : 1000000;
    }
    return (size_t)(colon - p->host);
}

static bool same_origin(const struct parts *a, const struct parts *b)
{
    long port_a, port_b;
    size_t len_a = split_port(a, &port_a), len_b = split_port(b, &port_b);

    return a->tls == b->tls && port_a == port_b && len_a == len_b &&
           !strncasecmp(a->host, b->host, len_a);
}

static const struct nube_endpoint *endpoint_of(const nube_call *c, const struct parts *p)
{
    const struct nube_session *s = nube_call_session(c);
    struct parts other;

    for (const struct nube_endpoint *e = s ? s->endpoints : NULL; e; e = e->next)
        if (parse(&other, e->url) && same_origin(p, &other))
            return e;
    return NULL;
}

static int full(nube_req *q, const struct nube_buf *b, const char *what)
{
    if (!b->failed)
        return 0;
    if (b->over)
        nube_fail(q->call, NUBE_E_USAGE, "the %s of the request is too long", what);
    else
        nube_fail(q->call, NUBE_E_MEMORY, "out of memory");
    return b->over ? NUBE_E_USAGE : NUBE_E_MEMORY;
}

/* Base path, then the request's own, without a double slash between. */
static const char *join_path(nube_req *q, const struct parts *p)
{
    size_t base = p->path_len;
    bool slash;

    if (q->path.len)
        while (base && p->path[base - 1] == '/')
            base--;
    slash = q->path.len ? q->path.data[q->path.len - 1] == '/' : base && p->path[base - 1] == '/';
    return nube_arena_fmt(
        &q->call->arena, "%.*s%s%s", (int)base, p->path, q->path.len ? q->path.data : "",
        (!base && !q->path.len) || (!slash && (q->flags & NUBE_REQ_SLASH)) ? "/" : "");
}

static const char *join_query(nube_req *q, const struct parts *p)
{
    return nube_arena_fmt(&q->call->arena, "%.*s%s%s", (int)p->query_len, p->query,
                          p->query_len && q->query.len ? "&" : "",
                          q->query.len ? q->query.data : "");
}

static int bad_url(nube_req *q)
{
    nube_fail(q->call, NUBE_E_USAGE, "the address of a request is not a good http or https URL");
    return NUBE_E_USAGE;
}

/* The session may be replaced while the request is under way. */
static const char *const *copy_argv(struct nube_arena *arena, const char *const *argv)
{
    const char **copy;
    size_t n = 0, i;

    if (!argv)
        return NULL;
    while (argv[n])
        n++;
    copy = nube_arena_alloc(arena, (n + 1) * sizeof(*copy));
    if (arena->failed)
        return NULL;
    for (i = 0; i < n; i++)
        copy[i] = nube_arena_strdup(arena, argv[i]);
    return copy;
}

static int finish_url(nube_req *q, const char *base, const struct nube_endpoint *e)
{
    struct nube_arena *arena = &q->call->arena;
    struct parts p, whole;

    if (!parse(&p, base))
        return bad_url(q);
    if (!e)
        e = endpoint_of(q->call, &p);
    q->foreign = !e;
    if (e) {
        q->unix_path = nube_arena_strdup(arena, e->unix_path);
        q->argv = copy_argv(arena, e->argv);
    }
    q->host = nube_arena_strndup(arena, p.host, p.host_len);
    q->path_text = join_path(q, &p);
    q->query_text = join_query(q, &p);
    q->url = nube_arena_fmt(arena, "%s://%s%s%s%s", p.tls ? "https" : "http", q->host, q->path_text,
                            *q->query_text ? "?" : "", q->query_text);
    /* Once more, since a driver's constant path goes in as it is. */
    return parse(&whole, q->url) && !strchr(q->url, '#') ? 0 : bad_url(q);
}

static int finish_body(nube_req *q)
{
    if (full(q, &q->form, "form"))
        return q->form.over ? NUBE_E_USAGE : NUBE_E_MEMORY;
    if (q->json) {
        q->body = nube_json_finish(q->json, &q->body_len);
        q->has_body = true;
        q->content_type = "application/json";
    } else if (q->form.len) {
        q->body = q->form.data;
        q->body_len = q->form.len;
        q->has_body = true;
        q->content_type = "application/x-www-form-urlencoded";
    }
    if (!q->body_input &&
        (q->method == NUBE_POST || q->method == NUBE_PUT || q->method == NUBE_PATCH))
        q->has_body = true;
    return 0;
}

static int aim(nube_req *q)
{
    const struct nube_endpoint *e = NULL;

    if (!q->absolute) {
        e = nube_session_find(q->call, q->endpoint);
        if (!e) {
            nube_fail(q->call, NUBE_E_DRIVER, "the session has no endpoint \"%s\"", q->endpoint);
            return NUBE_E_DRIVER;
        }
    }
    return finish_url(q, e ? e->url : q->absolute, e);
}

/* A session that was renewed may have its endpoints elsewhere. */
static bool stale(const nube_req *q)
{
    return !q->absolute && q->session != q->call->refused;
}

int nube_req_finish(nube_req *q)
{
    bool first = !q->url;
    int rc = 0;

    if (!first && !stale(q))
        return 0;
    if (first)
        rc = full(q, &q->path, "path");
    if (first && !rc)
        rc = full(q, &q->query, "query");
    if (!rc)
        rc = aim(q);
    if (first && !rc)
        rc = finish_body(q);
    if (!rc && q->call->failed)
        rc = q->call->err.code;
    return rc;
}

const char *nube_method_name(enum nube_method m)
{
    static const char *const names[] = {"", "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"};

    return m >= NUBE_GET && m <= NUBE_PATCH ? names[m] : "";
}

const char *nube_req_title(nube_req *q)
{
    if (q->ssh)
        return nube_fmt(q->call, "the command on %s", q->ssh->host);
    return nube_fmt(q->call, "%s %s", nube_method_name(q->method), q->path_text);
}

bool nube_req_is_safe(const nube_req *q)
{
    if (q->flags & NUBE_REQ_UNSAFE)
        return false;
    return (q->flags & NUBE_REQ_SAFE) || q->method == NUBE_GET || q->method == NUBE_HEAD;
}

void nube_req_print(nube_req *q, struct nube_buf *out)
{
    struct nube_buf text;

    nube_buf_init(&text, NUBE_MAX_REPLY);
    if (q->ssh)
        nube_buf_fmt(&text, "ssh %s: %s\n", q->ssh->host, q->ssh->command);
    else if (q->kind == NUBE_NEED_WRITE)
        nube_buf_fmt(&text, "WRITE %s\n", q->need.path);
    else
        nube_buf_fmt(&text, "%s %s\n", nube_method_name(q->method), q->url ? q->url : "");
    if (q->content_type)
        nube_buf_fmt(&text, "Content-Type: %s\n", q->content_type);
    for (size_t i = 0; i < q->n_headers; i++)
        nube_buf_fmt(&text, "%s: %s\n", q->headers[i].name,
                     q->headers[i].secret ? "***" : q->headers[i].value);
    if (q->body_len) {
        nube_buf_putc(&text, '\n');
        nube_buf_add(&text, q->body, q->body_len);
        nube_buf_putc(&text, '\n');
    }
    if (!text.failed)
        nube_redact(q->call, out, text.data, text.len);
    nube_buf_free(&text);
}
