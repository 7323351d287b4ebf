/* Requests and needs as drivers make them: queued on the call, everything copied into its arena. */
#include <inttypes.h>
#include <string.h>

#include "call_int.h"
#include "encode.h"

nube_req *nube_req_blank(nube_call *c, int kind)
{
    nube_req *q = nube_arena_alloc(&c->arena, sizeof(*q));

    q->call = c;
    q->kind = kind;
    nube_buf_init(&q->path, NUBE_MAX_URL);
    nube_buf_init(&q->query, NUBE_MAX_URL);
    nube_buf_init(&q->form, NUBE_MAX_DATA);
    if (c->signing)
        q->signs = c->signing;
    nube_req_queue(c, q);
    return q;
}

void nube_req_queue(nube_call *c, nube_req *q)
{
    q->next = NULL;
    if (!c->queue || !c->queue_end)
        c->queue_end = &c->queue;
    *c->queue_end = q;
    c->queue_end = &q->next;
}

nube_req *nube_req_new(nube_call *c, enum nube_method method, const char *endpoint)
{
    nube_req *q = nube_req_blank(c, NUBE_REQ_HTTP);

    q->method = method;
    q->endpoint = nube_arena_strdup(&c->arena, endpoint ? endpoint : "");
    return q;
}

nube_req *nube_req_url(nube_call *c, enum nube_method method, const char *url)
{
    nube_req *q = nube_req_blank(c, NUBE_REQ_HTTP);

    q->method = method;
    q->absolute = nube_arena_strdup(&c->arena, url ? url : "");
    return q;
}

/* ---- Path, query, form ------------------------------------------------------------- */

void nube_req_seg(nube_req *q, const char *segment)
{
    if (!segment || !*segment) {
        nube_fail(q->call, NUBE_E_USAGE, "an empty name or id cannot be part of a request");
        return;
    }
    if (!strcmp(segment, ".") || !strcmp(segment, "..")) {
        nube_fail(q->call, NUBE_E_USAGE, "\"%s\" is not a name or id", segment);
        return;
    }
    nube_buf_putc(&q->path, '/');
    nube_encode_uri(&q->path, segment, false);
}

void nube_req_path(nube_req *q, const char *path)
{
    if (*path != '/')
        nube_buf_putc(&q->path, '/');
    nube_buf_puts(&q->path, path);
}

static void add_parameter(struct nube_buf *to, const char *name, const char *value)
{
    if (!value)
        return;
    if (to->len)
        nube_buf_putc(to, '&');
    nube_encode_uri(to, name, false);
    nube_buf_putc(to, '=');
    nube_encode_uri(to, value, false);
}

void nube_req_query(nube_req *q, const char *name, const char *value)
{
    add_parameter(&q->query, name, value);
}

void nube_req_query_int(nube_req *q, const char *name, int64_t value)
{
    nube_req_query(q, name, nube_arena_fmt(&q->call->arena, "%" PRId64, value));
}

void nube_req_form(nube_req *q, const char *name, const char *value)
{
    add_parameter(&q->form, name, value);
}

/* ---- Headers ------------------------------------------------------------------------- */

static void add_header(nube_req *q, const char *name, const char *value, bool secret)
{
    struct nube_arena *arena = &q->call->arena;

    if (!value)
        return;
    if (!*name || strpbrk(name, "\r\n: ") || strpbrk(value, "\r\n")) {
        nube_fail(q->call, NUBE_E_USAGE, "a line break or a bad name in the header \"%.*s\"",
                  (int)strcspn(name, "\r\n"), name);
        return;
    }
    if (q->n_headers == q->size_headers) {
        size_t size = q->size_headers ? 2 * q->size_headers : 8;
        struct nube_header *more = nube_arena_alloc(arena, size * sizeof(*more));

        if (!more)
            return;
        if (q->n_headers)
            memcpy(more, q->headers, q->n_headers * sizeof(*more));
        q->headers = more;
        q->size_headers = size;
    }
    q->headers[q->n_headers++] =
        (struct nube_header){nube_arena_strdup(arena, name), nube_arena_strdup(arena, value),
                             secret || nube_redact_header(name), q->call->signing == q};
}

void nube_req_header(nube_req *q, const char *name, const char *value)
{
    add_header(q, name, value, false);
}

void nube_req_header_secret(nube_req *q, const char *name, const char *value)
{
    add_header(q, name, value, true);
}

void nube_req_unsign(nube_req *q)
{
    size_t kept = 0;

    for (size_t i = 0; i < q->n_headers; i++)
        if (!q->headers[i].by_sign)
            q->headers[kept++] = q->headers[i];
    q->n_headers = kept;
}

/* ---- Body ------------------------------------------------------------------------------ */

void nube_req_body(nube_req *q, const char *content_type, const void *data, size_t len)
{
    q->content_type = nube_arena_strdup(&q->call->arena, content_type);
    q->body = len ? nube_arena_memdup(&q->call->arena, data, len) : NULL;
    q->body_len = q->body ? len : 0;
    q->has_body = true;
}

void nube_req_body_input(nube_req *q, const char *content_type)
{
    if (!q->call->opts.input)
        nube_fail(q->call, NUBE_E_USAGE, "the call has no input: give it a file to read");
    q->content_type = nube_arena_strdup(&q->call->arena, content_type);
    q->body_input = true;
}

nube_json *nube_req_json(nube_req *q)
{
    if (!q->json)
        q->json = nube_json_new(q->call);
    return q->json;
}

/* ---- How it is sent and its reply taken -------------------------------------------------- */

void nube_req_flag(nube_req *q, unsigned flags)
{
    q->flags |= flags;
}

void nube_req_tag(nube_req *q, int tag)
{
    q->tag = tag;
}

void nube_req_allow(nube_req *q, int status)
{
    if (q->n_allow < sizeof(q->allow) / sizeof(*q->allow))
        q->allow[q->n_allow++] = status;
    else
        nube_fail(q->call, NUBE_E_DRIVER, "a request allows more than eight statuses");
}

void nube_req_patience(nube_req *q, int64_t ms)
{
    q->patience_ms = ms;
}

void nube_req_about(nube_req *q, const char *what)
{
    q->about = nube_arena_strdup(&q->call->arena, what);
}

void nube_req_upgrade(nube_req *q, const char *protocol)
{
    q->upgrade = nube_arena_strdup(&q->call->arena, protocol);
}

void nube_req_items(nube_req *q, const char *path, nube_item_fn fn)
{
    q->items_path = nube_arena_strdup(&q->call->arena, path ? path : "");
    q->item = fn;
}

void nube_req_values(nube_req *q, nube_item_fn fn)
{
    q->value = fn;
}

void nube_req_sink(nube_req *q, nube_sink_fn fn)
{
    q->sink = fn;
}

/* ---- What sign sees ------------------------------------------------------------------------ */

const char *nube_req_method_str(const nube_req *q)
{
    return nube_method_name(q->method);
}

const char *nube_req_host(const nube_req *q)
{
    return q->host;
}

const char *nube_req_path_str(const nube_req *q)
{
    return q->path_text;
}

const char *nube_req_query_str(const nube_req *q)
{
    return q->query_text;
}

const void *nube_req_body_data(const nube_req *q, size_t *len)
{
    if (len)
        *len = q->body_len;
    return q->body ? q->body : "";
}

int nube_req_tag_of(const nube_req *q)
{
    return q->tag;
}

size_t nube_req_header_count(const nube_req *q)
{
    return q->n_headers + (q->content_type != NULL);
}

int nube_req_header_at(const nube_req *q, size_t i, const char **name, const char **value)
{
    if (i >= nube_req_header_count(q))
        return NUBE_E_USAGE;
    if (i == q->n_headers) {
        *name = "Content-Type";
        *value = q->content_type;
        return 0;
    }
    *name = q->headers[i].name;
    *value = q->headers[i].value;
    return 0;
}

/* ---- Needs ------------------------------------------------------------------------------------
 */

static nube_req *new_need(nube_call *c, enum nube_need_kind kind, unsigned flags, int tag)
{
    nube_req *q = nube_req_blank(c, (int)kind);

    q->need.kind = kind;
    q->need_flags = flags;
    q->tag = tag;
    return q;
}

void nube_need_file(nube_call *c, const char *path, unsigned flags, int tag)
{
    nube_req *q = new_need(c, NUBE_NEED_FILE, flags, tag);

    q->need.path = nube_arena_strdup(&c->arena, path ? path : "");
}

void nube_need_write(nube_call *c, const char *path, const char *old, const char *text,
                     unsigned flags, int tag)
{
    nube_req *q = new_need(c, NUBE_NEED_WRITE, flags, tag);

    q->need.path = nube_arena_strdup(&c->arena, path ? path : "");
    q->need.old = nube_arena_strdup(&c->arena, old);
    q->need.text = nube_arena_strdup(&c->arena, text ? text : "");
    if (flags & NUBE_NEED_SECRET)
        return;
    q->body = q->need.text; /* for those who look: records and dry runs */
    q->body_len = strlen(q->need.text);
    q->has_body = true;
}

void nube_need_exec(nube_call *c, const char *const *argv, const char *input, unsigned flags,
                    int tag)
{
    nube_req *q = new_need(c, NUBE_NEED_EXEC, flags, tag);
    const char **copy;
    size_t n = 0;

    while (argv[n])
        n++;
    copy = nube_arena_alloc(&c->arena, (n + 1) * sizeof(*copy));
    if (!copy)
        return;
    for (size_t i = 0; i < n; i++)
        copy[i] = nube_arena_strdup(&c->arena, argv[i]);
    q->need.argv = copy;
    q->need.input = nube_arena_strdup(&c->arena, input);
}

void nube_need_ask(nube_call *c, const char *prompt, int tag)
{
    nube_req *q = new_need(c, NUBE_NEED_ASK, NUBE_NEED_SECRET, tag);

    q->need.prompt = nube_arena_strdup(&c->arena, prompt);
}

void nube_need_sign(nube_call *c, const char *key, const char *passphrase, const char *fingerprint,
                    const char *hash, const void *data, size_t len, int tag)
{
    nube_req *q = new_need(c, NUBE_NEED_SIGN, NUBE_NEED_SECRET, tag);

    q->need.key = nube_arena_strdup(&c->arena, key);
    q->need.passphrase = nube_arena_strdup(&c->arena, passphrase);
    q->need.fingerprint = nube_arena_strdup(&c->arena, fingerprint);
    q->need.hash = nube_arena_strdup(&c->arena, hash);
    q->need.data = len ? nube_arena_memdup(&c->arena, data, len) : NULL;
    q->need.len = q->need.data ? len : 0;
}

void nube_need_key(nube_call *c, const char *name, const char *key, const char *passphrase, int tag)
{
    nube_req *q = new_need(c, NUBE_NEED_KEY, NUBE_NEED_SECRET, tag);

    q->need.path = nube_arena_strdup(&c->arena, name);
    q->need.key = nube_arena_strdup(&c->arena, key ? key : "");
    q->need.passphrase = nube_arena_strdup(&c->arena, passphrase);
}

void nube_req_free(nube_req *q)
{
    nube_buf_free(&q->path);
    nube_buf_free(&q->query);
    nube_buf_free(&q->form);
    nube_json_free(q->json);
    q->json = NULL;
    nube_buf_free(&q->reply.body);
    nube_buf_free(&q->reply.errors);
    nube_buf_free(&q->sink_buf);
    nube_buf_free(&q->recorded);
    nube_reader_free(q->reader);
    q->reader = NULL;
    nube_arena_free(&q->reply_arena);
}
