/* Exchanges: one group of requests and needs on the wire, signed, streamed, and read into replies.
 */
#include <string.h>

#include "error_int.h"
#include "mem.h"
#include "run.h"

/* ---- Reading a reply ------------------------------------------------------------ */

static bool fine(int status)
{
    return (status >= 200 && status < 300) || status == 101;
}

static void on_head(void *data, int status)
{
    nube_req *q = data;

    q->reply.status = status;
    q->reply.n_headers = 0;
}

void nube_exchange_header(nube_req *q, const char *name, const char *value)
{
    nube_reply *r = &q->reply;

    if (r->n_headers == r->size_headers) {
        size_t size = r->size_headers ? r->size_headers * 2 : 16;
        struct nube_pair *more = nube_arena_alloc(&q->reply_arena, size * sizeof(*more));

        if (q->reply_arena.failed)
            return;
        if (r->n_headers)
            memcpy(more, r->headers, r->n_headers * sizeof(*more));
        r->headers = more;
        r->size_headers = size;
    }
    r->headers[r->n_headers].name = nube_arena_strdup(&q->reply_arena, name);
    r->headers[r->n_headers++].value = nube_arena_strdup(&q->reply_arena, value);
}

static void on_header(void *data, const char *name, const char *value)
{
    nube_exchange_header(data, name, value);
}

static bool on_item(void *data, const struct nube_doc *item)
{
    nube_req *q = data;
    nube_call *c = q->call;
    nube_req *outer = c->current;

    c->current = q;
    if (q->value) {
        q->live = true;
        q->value(c, item);
    } else {
        q->item(c, item);
    }
    c->current = outer;
    return !c->failed && !c->arena.failed && !c->result->arena.failed;
}

/* XML when it looks like it and the driver says that it reads XML; JSON otherwise. */
static struct nube_reader *reader_for(nube_req *q, const char *bytes, size_t len, bool stream)
{
    struct nube_reader_conf conf = {.item = on_item, .data = q, .arena = &q->reply_arena};
    size_t i = 0;

    while (i < len && strchr(" \t\r\n", bytes[i]))
        i++;
    if (i < len && bytes[i] == '<')
        conf.xml = q->call->conn->xml;
    if (stream) {
        conf.items_path = q->item ? q->items_path : NULL;
        conf.values = q->value != NULL;
        conf.loose = q->flags & NUBE_REQ_LOOSE;
    }
    return nube_reader_new(&conf);
}

static bool limit(nube_req *q, int code, const char *message)
{
    q->read_code = code;
    nube_error_text(q->read_message, sizeof(q->read_message), message);
    return false;
}

static bool read_items(nube_req *q, const char *bytes, size_t len)
{
    q->streamed += len;
    if (q->item && q->streamed > NUBE_MAX_STREAMED)
        return limit(q, NUBE_E_TOO_LARGE, "the list is longer than 1 GiB: ask for smaller pages");
    if (!q->reader)
        q->reader = reader_for(q, bytes, len, true);
    if (!q->reader)
        return limit(q, NUBE_E_MEMORY, "out of memory");
    q->read_code = nube_reader_push(q->reader, bytes, len, q->read_message);
    return q->read_code == 0;
}

static bool read_sink(nube_req *q, const char *bytes, size_t len)
{
    nube_call *c = q->call;
    struct nube_buf *b = &q->sink_buf;
    nube_req *outer = c->current;
    size_t used;

    q->live = true;
    nube_buf_add(b, bytes, len);
    if (b->over)
        return limit(q, NUBE_E_TOO_LARGE, "a piece of the stream is longer than 16 MiB");
    if (b->failed)
        return limit(q, NUBE_E_MEMORY, "out of memory");
    c->current = q;
    used = q->sink(c, b->data, b->len, 0);
    c->current = outer;
    nube_buf_eat(b, used);
    return !c->failed;
}

static bool read_kept(nube_req *q, const char *bytes, size_t len)
{
    struct nube_buf *b = &q->reply.body;

    if (!fine(q->reply.status) && b->len + len > NUBE_MAX_ERROR_BODY)
        len = b->len < NUBE_MAX_ERROR_BODY ? NUBE_MAX_ERROR_BODY - b->len : 0;
    nube_buf_add(b, bytes, len);
    if (b->over)
        return limit(q, NUBE_E_TOO_LARGE, "the reply is longer than 64 MiB");
    return b->failed ? limit(q, NUBE_E_MEMORY, "out of memory") : true;
}

static bool on_body(void *data, const char *bytes, size_t len)
{
    nube_req *q = data;

    if (q->call->lib->hooks.record_dir)
        nube_buf_add(&q->recorded, bytes, len);
    if (fine(q->reply.status) && q->sink)
        return read_sink(q, bytes, len);
    if (fine(q->reply.status) && (q->item || q->value))
        return read_items(q, bytes, len);
    return read_kept(q, bytes, len);
}

/* Says whether the body claims to be a document: then one that is not is an error. */
static bool says_document(const nube_reply *r)
{
    const char *type = nube_reply_header(r, "Content-Type");

    return type && (strcasestr(type, "json") || strcasestr(type, "xml")) &&
           !strcasestr(type, "html");
}

static int parse_kept(nube_req *q)
{
    nube_reply *r = &q->reply;
    bool must = says_document(r) && fine(r->status);
    int code;

    if (q->flags & NUBE_REQ_RAW || !r->body.len ||
        (!must && !strchr("{[< \r\n\t", r->body.data[0])))
        return 0;
    q->reader = reader_for(q, r->body.data, r->body.len, false);
    if (!q->reader)
        return NUBE_E_MEMORY;
    code = nube_reader_push(q->reader, r->body.data, r->body.len, q->read_message);
    if (!code)
        code = nube_reader_end(q->reader, &r->doc, q->read_message);
    return must || code == NUBE_E_MEMORY ? code : 0;
}

/* The body is over: what was streamed must be whole, what was kept is parsed. */
static int read_end(nube_req *q)
{
    nube_call *c = q->call;

    if (!fine(q->reply.status) || (!q->sink && !q->item && !q->value))
        return parse_kept(q);
    if (q->sink) {
        c->current = q;
        q->sink(c, q->sink_buf.data ? q->sink_buf.data : "", q->sink_buf.len, 1);
        c->current = NULL;
        return 0;
    }
    if (!q->reader && q->item && q->reply.status != 204) {
        limit(q, NUBE_E_PROTOCOL, "the reply is empty where a list was expected");
        return NUBE_E_PROTOCOL;
    }
    return q->reader ? nube_reader_end(q->reader, &q->reply.doc, q->read_message) : 0;
}

static void on_done(void *data, const struct nube_http_end *end)
{
    nube_req *q = data;
    nube_call *c = q->call;
    int code = end->code;
    const char *message = end->message;

    q->xfer = NULL;
    q->hopeless = end->hopeless;
    if (q->read_code) {
        code = q->read_code;
        message = q->read_message;
    } else if (!code) {
        code = read_end(q);
        message = q->read_message;
    }
    if (c->failed)
        nube_run_end(c, c->err.code);
    else
        nube_exchange_judge(q, code, end->sent, message);
}

/* ---- Sending ------------------------------------------------------------------------ */

static int64_t input(void *data, void *buf, size_t size)
{
    nube_req *q = data;

    q->live = true; /* what was read from it cannot be had again */
    return q->call->opts.input(q->call->opts.payload, buf, size);
}

static const char *either(const char *mine, const char *theirs)
{
    return mine && *mine ? mine : theirs;
}

static struct nube_http_conf *transport(nube_req *q)
{
    const struct nube_session *s = nube_call_session(q->call);
    struct nube_http_conf copy = q->call->conn->http;
    struct nube_http_conf *at = nube_arena_alloc(&q->call->arena, sizeof(*at));

    if (s && !q->foreign) {
        if (!either(copy.ca_path, NULL)) /* the account's own choice is the whole choice */
            copy.ca_file = either(copy.ca_file, s->ca_file);
        copy.cert_file = either(copy.cert_file, s->cert_file);
        copy.key_file = either(copy.key_file, s->key_file);
    }
    if (q->patience_ms)
        copy.connect_timeout_ms = copy.idle_timeout_ms = q->patience_ms;
    if (q->foreign) /* our client certificate is for our servers */
        copy.cert_file = copy.key_file = NULL;
    *at = copy;
    return at;
}

static void wire_headers(nube_req *q)
{
    struct nube_pair *h = nube_arena_alloc(&q->call->arena, (q->n_headers + 1) * sizeof(*h));
    size_t i;

    if (q->call->arena.failed)
        return;
    for (i = 0; i < q->n_headers; i++) {
        h[i].name = q->headers[i].name;
        h[i].value = q->headers[i].value;
    }
    if (q->content_type) {
        h[i].name = "Content-Type";
        h[i++].value = q->content_type;
    }
    q->wire_headers = h;
    q->wire.headers = h;
    q->wire.n_headers = i;
}

static void log_wire(nube_req *q)
{
    struct nube_buf b;

    if (!nube_lib_log_on(q->call->lib, NUBE_LOG_WIRE))
        return;
    nube_buf_init(&b, NUBE_MAX_REPLY);
    nube_req_print(q, &b);
    nube_lib_log(q->call->lib, NUBE_LOG_WIRE, "> %s", b.data ? b.data : "");
    nube_buf_free(&b);
}

static void transmit(nube_req *q)
{
    nube_call *c = q->call;
    const struct nube_http_ops *ops = c->conn->http_ops;
    struct nube_http *http;

    wire_headers(q);
    q->wire.method = nube_method_name(q->method);
    q->wire.url = q->url;
    q->wire.unix_path = q->unix_path;
    q->wire.argv = q->argv;
    q->wire.body = q->body;
    q->wire.body_len = q->body_len;
    q->wire.has_body = q->has_body;
    q->wire.input = q->body_input ? input : NULL;
    q->wire.input_data = q;
    q->wire.flags = (q->flags & NUBE_REQ_NO_PROXY ? NUBE_HTTP_NO_PROXY : 0u) |
                    (q->flags & NUBE_REQ_UNBOUNDED ? NUBE_HTTP_UNBOUNDED : 0u) |
                    (q->upgrade ? NUBE_HTTP_UPGRADE : 0u);
    q->wire.conf = transport(q);
    q->wire.head = on_head;
    q->wire.header = on_header;
    q->wire.body_in = on_body;
    q->wire.done = on_done;
    q->wire.data = q;
    log_wire(q);
    if (c->lib->hooks.replay_dir) {
        nube_record_replay(q);
        return;
    }
    http = ops ? nube_engine_http(c->engine, ops) : NULL;
    q->xfer = http ? ops->start(http, &q->wire) : NULL;
    if (!q->xfer || c->arena.failed) {
        if (!ops)
            nube_fail(c, NUBE_E_DRIVER, "the driver does not declare the http service it uses");
        nube_fail(c, NUBE_E_MEMORY, "out of memory");
        nube_run_end(c, c->err.code);
    }
}

/* ---- Dry runs ----------------------------------------------------------------------- */

static bool dry(nube_req *q)
{
    nube_call *c = q->call;
    struct nube_buf b;

    if (!(c->opts.flags & NUBE_CALL_DRY_RUN) || nube_req_is_safe(q) || c->op == NUBE_OP_AUTH)
        return false;
    nube_buf_init(&b, NUBE_MAX_REPLY);
    nube_req_print(q, &b);
    if (c->opts.dry_run)
        c->opts.dry_run(c->opts.payload, b.data ? b.data : "");
    nube_buf_free(&b);
    c->undos = NULL;
    nube_run_end(c, 0);
    return true;
}

/* ---- Needs -------------------------------------------------------------------------- */

static void start_need(nube_req *q);

static void signed_by(nube_req *q, const nube_reply *r)
{
    nube_call *c = q->call;
    nube_req *need, *next;
    enum nube_step s;

    c->signing = q;
    s = c->conn->driver->sign(c, q, r);
    c->signing = NULL;
    if (c->failed || c->arena.failed || s == NUBE_FAIL) {
        nube_fail(c, NUBE_E_MEMORY, "out of memory, or the driver could not sign");
        nube_run_end(c, c->err.code);
        return;
    }
    if (s != NUBE_SEND) {
        transmit(q);
        return;
    }
    need = c->queue;
    c->queue = NULL;
    c->queue_end = &c->queue;
    for (; need && !c->ending; need = next) {
        next = need->next;
        need->next = q->call->sent->next; /* kept with the group, so that it is stopped and freed */
        q->call->sent->next = need;
        need->active = true;
        start_need(need);
    }
}

void nube_exchange_answer(nube_req *q, const struct nube_need_end *end)
{
    nube_call *c = q->call;

    q->running = NULL;
    q->reply.status = end->status;
    if (end->body)
        nube_buf_add(&q->reply.body, end->body->data ? end->body->data : "", end->body->len);
    if (q->reply.body.failed)
        nube_fail(c, NUBE_E_MEMORY, "out of memory for a file or the output of a program");
    if (end->body && !(q->need_flags & NUBE_NEED_SECRET))
        nube_buf_add(&q->recorded, q->reply.body.data, q->reply.body.len);
    if (end->algorithm)
        nube_exchange_header(q, "algorithm", end->algorithm);
    if (end->hash)
        nube_exchange_header(q, "hash", end->hash);
    if (*end->fingerprint)
        nube_exchange_header(q, "fingerprint", end->fingerprint);
    if (end->code || (end->status == 500 && *end->message))
        nube_exchange_header(q, "message", end->message);
    if (end->code)
        nube_fail(c, (enum nube_code)end->code, "%s", end->message);
    if (c->failed) {
        nube_run_end(c, c->err.code);
        return;
    }
    q->active = false;
    if (q->signs) {
        signed_by(q->signs, &q->reply);
        return;
    }
    c->n_active--;
    nube_run_step(c, &q->reply);
}

static void on_need(void *data, const struct nube_need_end *end)
{
    nube_exchange_answer(data, end);
}

static void start_need(nube_req *q)
{
    nube_call *c = q->call;

    q->reply.req = q;
    nube_buf_init(&q->reply.body, NUBE_MAX_DATA * 2);
    q->need.kind = (enum nube_need_kind)q->kind;
    q->need.home = nube_lib_env(c->lib, "HOME");
    if (q->kind == NUBE_NEED_WRITE && dry(q))
        return;
    /* A key text that is given is there in a replay too. */
    if (c->lib->hooks.replay_dir && !q->need.key) {
        nube_record_replay(q);
        return;
    }
    q->running = nube_need_start(c->lib, nube_engine_loop(c->engine), &q->need, on_need, q);
    if (!q->running) {
        nube_fail(c, NUBE_E_MEMORY, "out of memory");
        nube_run_end(c, NUBE_E_MEMORY);
    }
}

/* ---- Groups ---------------------------------------------------------------------------- */

static void on_timer(void *data)
{
    nube_exchange_start(data);
}

/* It has ten seconds, and leaves something behind when it is late. */
static bool is_undo(const nube_call *c)
{
    return c->parent && c->op != NUBE_OP_AUTH;
}

/* The account was told to slow down: waits, unless that is in vain. */
static void slowed(nube_req *q, int64_t wait)
{
    nube_call *c = q->call;

    if (c->deadline - nube_lib_mono(c->lib) <= wait) {
        nube_fail(c, NUBE_E_RATE,
                  "the provider asked to slow down for %.1f s more, which is past the deadline",
                  (double)wait / 1000);
        c->err.retryable = NUBE_YES;
        c->err.retry_after_ms = wait;
        nube_run_end(c, NUBE_E_RATE);
        return;
    }
    q->timer = (struct nube_timer){.fn = on_timer, .data = q};
    nube_loop_timer_set(nube_engine_loop(c->engine), &q->timer, wait);
}

void nube_exchange_start(nube_req *q)
{
    nube_call *c = q->call;
    int64_t wait = atomic_load(&c->conn->not_before) - nube_lib_mono(c->lib);
    bool sign = q->kind == NUBE_REQ_HTTP && c->conn->driver->sign &&
                !(q->flags & NUBE_REQ_UNSIGNED) &&
                (c->op != NUBE_OP_AUTH || q->flags & NUBE_REQ_SIGNED);

    if (wait > 0 && q->attempt == 0 && !is_undo(c)) {
        slowed(q, wait);
        return;
    }
    if (q->kind == NUBE_REQ_HTTP && nube_req_finish(q)) {
        nube_run_end(c, c->err.code);
        return;
    }
    if (dry(q))
        return;
    q->attempt++;
    if (q->kind == NUBE_REQ_SSH) {
        nube_ssh_send(q);
        return;
    }
    q->session = c->refused;
    q->skew_ms = atomic_load(&c->conn->skew_ms);
    q->reply.req = q;
    nube_req_unsign(q);
    if (sign && !q->foreign)
        signed_by(q, NULL);
    else
        transmit(q);
}

/* What the call knows before anything of this request's reply. */
static void save(nube_req *q)
{
    nube_call *c = q->call;

    q->saved_phase = c->phase;
    if (!c->state)
        return;
    if (q->saved_size != c->state_size)
        q->saved_state = nube_arena_alloc(&c->arena, c->state_size);
    q->saved_size = c->state_size;
    memcpy(q->saved_state, c->state, c->state_size);
}

static void restore(nube_req *q)
{
    nube_call *c = q->call;

    c->phase = q->saved_phase;
    if (c->state)
        memset(c->state, 0, c->state_size);
    if (q->saved_size)
        memcpy(c->state, q->saved_state, q->saved_size);
}

static void prepare(nube_req *q)
{
    q->active = true;
    q->reply.req = q;
    nube_buf_init(&q->reply.body, q->ssh ? NUBE_MAX_OUTPUT : NUBE_MAX_REPLY);
    nube_buf_init(&q->reply.errors, NUBE_MAX_OUTPUT);
    nube_buf_init(&q->sink_buf, NUBE_MAX_ITEM);
    nube_buf_init(&q->recorded, NUBE_MAX_REPLY);
    q->reply_arena.secret = true;
    save(q);
}

void nube_exchange_save(nube_call *c)
{
    nube_req *q;

    for (q = c->sent; q; q = q->next)
        if (q->active && !q->streamed && !q->live)
            save(q);
}

void nube_exchange_send(nube_call *c)
{
    nube_req *q, *old = c->sent, *next;

    c->sent = c->queue;
    c->queue = NULL;
    c->queue_end = &c->queue;
    for (; old; old = next) {
        next = old->next;
        nube_req_free(old);
    }
    for (q = c->sent; q; q = q->next) {
        prepare(q);
        c->n_active++;
    }
    for (q = c->sent; q && !c->ending; q = next) {
        next = q->next;
        if (q->kind == NUBE_REQ_HTTP || q->kind == NUBE_REQ_SSH)
            nube_exchange_start(q);
        else
            start_need(q);
    }
}

void nube_exchange_reset(nube_req *q)
{
    struct nube_result *r = q->call->result;
    size_t i, n = 0;

    nube_reader_free(q->reader);
    q->reader = NULL;
    nube_buf_clear(&q->reply.body);
    nube_buf_clear(&q->reply.errors);
    nube_buf_clear(&q->sink_buf);
    nube_buf_clear(&q->recorded);
    nube_arena_reset(&q->reply_arena);
    q->reply.doc = NULL;
    q->reply.headers = NULL;
    q->reply.n_headers = q->reply.size_headers = 0;
    q->reply.status = q->reply.failure = 0;
    q->reply.signal = NULL;
    q->read_code = 0;
    q->read_message[0] = '\0';
    q->streamed = 0;
    if (!q->active) /* its step has run: what it emitted stays */
        return;
    for (i = 0; i < r->count; i++)
        if (r->objs[i].from != q)
            r->objs[n++] = r->objs[i];
    r->count = n;
    restore(q);
}

void nube_exchange_stop(nube_call *c)
{
    nube_req *q;

    for (q = c->sent; q; q = q->next) {
        if (q->xfer)
            c->conn->http_ops->cancel(nube_engine_http(c->engine, c->conn->http_ops), q->xfer);
        if (q->running)
            nube_need_cancel(q->running);
        if (q->ssh)
            nube_ssh_stop(q);
        q->xfer = NULL;
        q->running = NULL;
        nube_loop_timer_stop(nube_engine_loop(c->engine), &q->timer);
    }
}
