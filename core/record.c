/* Recording exchanges, redacted, and answering from a record instead of the network. */
#include <string.h>

#include "error_int.h"
#include "run.h"

static const char *method(const nube_req *q)
{
    return q->kind == NUBE_NEED_FILE    ? "FILE"
           : q->kind == NUBE_NEED_WRITE ? "WRITE"
           : q->kind == NUBE_NEED_EXEC  ? "EXEC"
           : q->kind == NUBE_NEED_ASK   ? "ASK"
           : q->ssh                     ? "SSH"
                                        : nube_method_name(q->method);
}

/* The URL of a request, the path of a file, the words of a command. */
static void url_of(nube_req *q, struct nube_buf *out)
{
    size_t i;

    if (q->kind == NUBE_NEED_FILE || q->kind == NUBE_NEED_WRITE) {
        nube_buf_puts(out, q->need.path);
    } else if (q->kind == NUBE_NEED_ASK) {
        nube_buf_puts(out, q->need.prompt);
    } else if (q->kind == NUBE_NEED_EXEC) {
        for (i = 0; q->need.argv[i]; i++)
            nube_buf_fmt(out, "%s%s", i ? " " : "", q->need.argv[i]);
    } else if (q->ssh) {
        nube_ssh_where(q, out);
    } else {
        nube_redact(q->call, out, q->url, strlen(q->url));
    }
}

/* Tokens come in headers too. */
static const char *header_text(nube_call *c, const char *name, const char *value)
{
    struct nube_buf text;
    const char *kept;

    if (nube_redact_header(name))
        return "***";
    nube_buf_init(&text, NUBE_MAX_HEADERS * 4);
    nube_redact(c, &text, value, strlen(value));
    kept = nube_arena_strdup(&c->arena, text.data ? text.data : "");
    nube_buf_free(&text);
    return kept;
}

static const struct nube_pair *request_headers(nube_req *q)
{
    nube_call *c = q->call;
    struct nube_pair *h = nube_arena_alloc(&c->arena, (q->n_headers + 1) * sizeof(*h));
    size_t i;

    for (i = 0; i < q->n_headers && !c->arena.failed; i++) {
        h[i].name = q->headers[i].name;
        h[i].value = q->headers[i].secret ? "***" : header_text(c, h[i].name, q->headers[i].value);
    }
    return c->arena.failed ? NULL : h;
}

static const struct nube_pair *reply_headers(nube_req *q)
{
    nube_call *c = q->call;
    struct nube_pair *h = nube_arena_alloc(&c->arena, (q->reply.n_headers + 1) * sizeof(*h));
    size_t i;

    for (i = 0; i < q->reply.n_headers && !c->arena.failed; i++) {
        h[i].name = q->reply.headers[i].name;
        h[i].value = header_text(c, h[i].name, q->reply.headers[i].value);
    }
    return c->arena.failed ? NULL : h;
}

/* Of a command over SSH its text: what it reads may be a secret, and says less. */
static const char *body_of(const nube_req *q, size_t *len)
{
    const char *body = q->ssh ? nube_ssh_command(q) : q->body ? q->body : "";

    *len = q->ssh ? strlen(body) : q->body_len;
    return body;
}

void nube_record_write(nube_req *q, int code, const char *message)
{
    nube_call *c = q->call;
    struct nube_cassette_exchange x = {.method = method(q), .status = q->reply.status};
    struct nube_buf url, body, reply;
    const char *text;
    size_t len;

    if (!c->lib->hooks.record_dir || !c->lib->cassette || q->kind == NUBE_NEED_SIGN ||
        q->need_flags & NUBE_NEED_SECRET)
        return;
    nube_buf_init(&url, NUBE_MAX_URL * 4);
    nube_buf_init(&body, NUBE_MAX_REPLY);
    nube_buf_init(&reply, NUBE_MAX_REPLY);
    url_of(q, &url);
    text = body_of(q, &len);
    nube_redact(c, &body, text, len);
    nube_redact(c, &reply, q->recorded.data ? q->recorded.data : "", q->recorded.len);
    x.url = url.data ? url.data : "";
    x.headers = request_headers(q);
    x.n_headers = x.headers ? q->n_headers : 0;
    x.body = q->has_body || q->ssh ? (body.data ? body.data : "") : NULL;
    x.body_len = body.len;
    x.reply_headers = reply_headers(q);
    x.n_reply_headers = x.reply_headers ? q->reply.n_headers : 0;
    x.reply = reply.data ? reply.data : "";
    x.reply_len = reply.len;
    x.code = code;
    x.message = message ? message : "";
    if (nube_cassette_write(c->lib->cassette, &x, NULL))
        nube_lib_log(c->lib, NUBE_LOG_WARN, "an exchange could not be recorded");
    nube_buf_free(&url);
    nube_buf_free(&body);
    nube_buf_free(&reply);
}

static void play_body(nube_req *q, const struct nube_cassette_exchange *x)
{
    size_t chunk = nube_cassette_chunk(q->call->lib->cassette), at = 0, n;
    const char *bytes = x->reply;

    for (; at < x->reply_len; at += n) {
        n = chunk && chunk < x->reply_len - at ? chunk : x->reply_len - at;
        if (!q->wire.body_in(q, bytes + at, n))
            break;
    }
}

static void play(void *data)
{
    nube_req *q = data;
    const struct nube_cassette_exchange *x = q->replay;
    struct nube_http_end end = {.code = x->code, .sent = true, .replied = x->status != 0};
    size_t i;

    if (x->status)
        q->wire.head(q, x->status);
    for (i = 0; i < x->n_reply_headers; i++)
        q->wire.header(q, x->reply_headers[i].name, x->reply_headers[i].value);
    play_body(q, x);
    nube_error_text(end.message, sizeof(end.message), x->message);
    q->wire.done(q, &end);
}

static void play_need(void *data)
{
    nube_req *q = data;
    struct nube_need_end end = {.status = q->replay ? q->replay->status : 404};
    struct nube_buf body;

    nube_buf_init(&body, NUBE_MAX_DATA);
    end.body = &body;
    if (q->replay)
        nube_buf_add(&body, q->replay->reply, q->replay->reply_len);
    if (q->kind == NUBE_NEED_SIGN) {
        /* No record holds one, and nobody checks it: any agent signs what is replayed. */
        end.status = 200;
        end.algorithm = "rsa";
        end.hash = "sha256";
        nube_buf_puts(&body, "replayed");
    }
    nube_exchange_answer(q, &end);
    nube_buf_free(&body);
}

void nube_record_replay(nube_req *q)
{
    nube_call *c = q->call;
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_buf url;
    const char *body;
    size_t len;

    nube_buf_init(&url, NUBE_MAX_URL * 4);
    url_of(q, &url);
    body = body_of(q, &len);
    q->replay = c->lib->cassette ? nube_cassette_find(c->lib->cassette, method(q),
                                                      url.data ? url.data : "", body, len, &err)
                                 : NULL;
    nube_buf_free(&url);
    q->timer = (struct nube_timer){.fn = q->kind == NUBE_REQ_HTTP ? play
                                         : q->ssh                 ? nube_ssh_play
                                                                  : play_need,
                                   .data = q};
    if (!q->replay && (q->kind == NUBE_REQ_HTTP || q->ssh)) {
        nube_fail(c, (enum nube_code)(err.code ? err.code : NUBE_E_UNSUPPORTED), "%s",
                  err.code ? err.message : "the record has no answer");
        nube_run_end(c, c->err.code);
        return;
    }
    nube_loop_timer_set(nube_engine_loop(c->engine), &q->timer, 0);
}
