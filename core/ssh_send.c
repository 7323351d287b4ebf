/* Commands over SSH on their way: started, their streams taken, recorded and replayed, judged like
 * replies. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "error_int.h"
#include "run.h"
#include "ssh_int.h"

/* ---- The reply ------------------------------------------------------------------------ */

static void add_header(nube_req *q, const char *name, const char *value)
{
    if (value && *value)
        nube_exchange_header(q, name, value);
}

static void add_number(nube_req *q, const char *name, int64_t value)
{
    if (value >= 0)
        add_header(q, name, nube_arena_fmt(&q->reply_arena, "%" PRId64, value));
}

static void describe(nube_req *q, const struct nube_ssh_end *end)
{
    static const char *const stages[] = {"resolve", "connect", "banner", "host_key",
                                         "auth",    "command", "done"};

    add_header(q, "stage", stages[end->stage]);
    add_header(q, "address", end->address);
    add_number(q, "port", end->port ? end->port : -1);
    add_header(q, "user", q->ssh->wire.hops[q->ssh->wire.n_hops - 1].user);
    add_header(q, "host_key", end->host_key);
    add_header(q, "auth", end->auth);
    add_number(q, "connect_us", end->connect_us);
    add_number(q, "ready_us", end->ready_us);
    add_number(q, "rtt_min_us", end->rtt_us[0]);
    add_number(q, "rtt_avg_us", end->rtt_us[1]);
    add_number(q, "rtt_max_us", end->rtt_us[2]);
    add_number(q, "exit", end->exit);
    add_header(q, "signal", end->signal);
    add_number(q, "stderr", (int64_t)q->reply.errors.len);
    q->reply.exit = end->exit;
    q->reply.signal = nube_arena_strdup(&q->reply_arena, end->signal);
}

static bool keep(nube_req *q, int stream, const char *bytes, size_t len)
{
    struct nube_buf *b = stream == NUBE_STDERR ? &q->reply.errors : &q->reply.body;

    nube_buf_add(b, bytes, len);
    if (!b->failed)
        return true;
    q->read_code = b->over ? NUBE_E_TOO_LARGE : NUBE_E_MEMORY;
    snprintf(q->read_message, sizeof(q->read_message),
             b->over ? "the command on %s wrote more than %d MiB: take its output with a callback"
                     : "out of memory for the output of the command on %s",
             q->ssh->host, NUBE_MAX_OUTPUT >> 20);
    return false;
}

static bool on_output(void *data, int stream, const char *bytes, size_t len)
{
    nube_req *q = data;
    nube_call *c = q->call;

    q->live = true;
    if (!(q->flags & NUBE_REQ_OUTPUT))
        return keep(q, stream, bytes, len);
    nube_out_data(c, (enum nube_stream)stream, bytes, len);
    return !c->failed && (!c->lib->hooks.record_dir || keep(q, stream, bytes, len));
}

static void finish(nube_req *q, int code, bool sent, const char *message)
{
    nube_call *c = q->call;

    if (!code && c->lib->hooks.record_dir) {
        nube_buf_add(&q->recorded, q->reply.body.data, q->reply.body.len);
        nube_buf_add(&q->recorded, q->reply.errors.data, q->reply.errors.len);
    }
    if (!code && q->flags & NUBE_REQ_OUTPUT)
        nube_out_status(c, q->reply.exit);
    if (c->failed)
        nube_run_end(c, c->err.code);
    else
        nube_exchange_judge(q, code, sent, message);
}

static void on_done(void *data, const struct nube_ssh_end *end)
{
    nube_req *q = data;
    int code = q->read_code ? q->read_code : end->code;

    q->ssh->xfer = NULL;
    /* What answered with a no says it again; what broke off may do better. */
    q->hopeless = code != NUBE_E_TRANSPORT;
    q->reply.status = code ? 0 : 200;
    describe(q, end);
    finish(q, code, end->sent, q->read_code ? q->read_message : end->message);
}

void nube_ssh_failed(nube_req *q, int code, const char *message)
{
    q->reply.failure = code;
    nube_error_text(q->read_message, sizeof(q->read_message), message);
}

/* ---- Starting and stopping --------------------------------------------------------------- */

static int on_ask(void *data, const char *prompt, char *buf, size_t size)
{
    nube_req *q = data;
    const struct nube_hooks *hooks = &q->call->lib->hooks;

    return hooks->ask ? hooks->ask(hooks->payload, prompt, buf, size) : -1;
}

static int64_t on_read(void *data, void *buf, size_t size)
{
    nube_req *q = data;

    q->live = true; /* what was read from it cannot be had again */
    return q->call->opts.input(q->call->opts.payload, buf, size);
}

static void on_note(void *data, const char *text)
{
    nube_req *q = data;

    nube_lib_log(q->call->lib, NUBE_LOG_DEBUG, "ssh %s: %s", q->ssh->host, text);
}

static void fail(nube_req *q, int code, const char *message)
{
    nube_fail(q->call, (enum nube_code)code, "%s", message);
    nube_run_end(q->call, q->call->err.code);
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

static const struct nube_ssh_ops *service(nube_req *q)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const struct nube_ssh_ops *ops = nube_service_open(q->call->lib, NUBE_SERVICE_SSH, &err);

    if (!ops)
        fail(q, err.code, err.message);
    return ops;
}

static void start(nube_req *q, const struct nube_ssh_ops *ops)
{
    struct nube_ssh_run *s = q->ssh;
    struct nube_ssh *engine = nube_engine_ssh(q->call->engine, ops);

    s->ops = ops;
    s->wire.command = s->command;
    s->wire.input = q->body;
    s->wire.input_len = q->body_len;
    s->wire.read = q->body_input ? on_read : NULL;
    s->wire.pings = s->pings ? 5 : 0;
    s->wire.output = on_output;
    s->wire.ask = on_ask;
    s->wire.note = on_note;
    s->wire.done = on_done;
    s->wire.data = q;
    s->xfer = engine ? ops->start(engine, &s->wire) : NULL;
    if (!s->xfer)
        fail(q, NUBE_E_MEMORY, "out of memory for a session of SSH");
}

void nube_ssh_send(nube_req *q)
{
    nube_call *c = q->call;
    const struct nube_ssh_ops *ops;

    q->reply.req = q;
    q->reply.exit = -1;
    log_wire(q);
    if (c->lib->hooks.replay_dir) {
        nube_record_replay(q);
        return;
    }
    if (nube_ssh_target(q, &q->ssh->wire.hops, &q->ssh->wire.n_hops)) {
        nube_run_end(c, c->err.code);
        return;
    }
    ops = service(q);
    if (ops)
        start(q, ops);
}

void nube_ssh_stop(nube_req *q)
{
    struct nube_ssh_run *s = q->ssh;

    if (s->xfer)
        s->ops->cancel(nube_engine_ssh(q->call->engine, s->ops), s->xfer);
    s->xfer = NULL;
}

bool nube_ssh_sent(const nube_req *q)
{
    const struct nube_ssh_run *s = q->ssh;

    return s->xfer && s->ops->sent(nube_engine_ssh(q->call->engine, s->ops), s->xfer);
}

static void on_ended(void *data, bool ended)
{
    nube_req *q = data;
    nube_call *c = q->call;

    q->ssh->xfer = NULL;
    q->ssh->ended = ended ? 1 : -1;
    if (--c->n_ending == 0)
        nube_call_abort(c, c->abort_code);
}

bool nube_ssh_end_all(nube_call *c, int code)
{
    nube_req *q;

    for (q = c->sent; q && !c->n_ending; q = q->next)
        if (q->ssh && !q->ssh->ended && nube_ssh_sent(q))
            c->n_ending++;
    if (!c->n_ending || c->abort_code)
        return c->n_ending > 0;
    c->abort_code = code;
    c->n_ending = 0;
    for (q = c->sent; q; q = q->next)
        if (q->ssh && nube_ssh_sent(q)) {
            c->n_ending++;
            q->ssh->ops->end(nube_engine_ssh(c->engine, q->ssh->ops), q->ssh->xfer, on_ended, q);
        }
    return true;
}

void nube_ssh_abort(nube_call *c, const nube_req *q, int code, const char *why, double after)
{
    const struct nube_ssh_run *s = q->ssh;
    char waits[256] = "";

    if (s->xfer)
        s->ops->waits_for(nube_engine_ssh(c->engine, s->ops), s->xfer, waits);
    if (s->ended > 0)
        nube_fail(c, (enum nube_code)code,
                  "%s after %.1f s; the command on %s had begun, and was ended", why, after,
                  s->host);
    else if (s->ended < 0)
        nube_fail(c, NUBE_E_OUTCOME_UNKNOWN,
                  "%s after %.1f s; the command on %s had begun, and was sent TERM: it goes on if "
                  "it does not heed that",
                  why, after, s->host);
    else
        nube_fail(c, (enum nube_code)code, "%s after %.1f s%s%s", why, after, *waits ? ": " : "",
                  waits);
}

/* ---- Records -------------------------------------------------------------------------------- */

void nube_ssh_where(const nube_req *q, struct nube_buf *out)
{
    const char *user = q->ssh->option[NUBE_SSH_USER], *port = q->ssh->option[NUBE_SSH_PORT];

    nube_buf_fmt(out, "%s%s%s%s%s", user ? user : "", user ? "@" : "", q->ssh->host,
                 port ? ":" : "", port ? port : "");
}

const char *nube_ssh_command(const nube_req *q)
{
    return q->ssh->command;
}

static void play_streams(nube_req *q, const struct nube_cassette_exchange *x, size_t errors)
{
    size_t chunk = nube_cassette_chunk(q->call->lib->cassette), out = x->reply_len - errors;
    size_t at = 0, n;

    for (; at < x->reply_len; at += n) {
        size_t end = at < out ? out : x->reply_len;

        n = chunk && chunk < end - at ? chunk : end - at;
        if (!on_output(q, at < out ? NUBE_STDOUT : NUBE_STDERR, (const char *)x->reply + at, n))
            return;
    }
}

/* The record's headers are those of the reply; exit, signal and stderr say the rest. */
void nube_ssh_play(void *data)
{
    nube_req *q = data;
    const struct nube_cassette_exchange *x = q->replay;
    int64_t errors = 0, code = 0;
    const char *text;

    for (size_t i = 0; i < x->n_reply_headers; i++)
        add_header(q, x->reply_headers[i].name, x->reply_headers[i].value);
    text = nube_reply_header(&q->reply, "stderr");
    if (text && (nube_parse_int(text, &errors) || errors < 0 || (size_t)errors > x->reply_len))
        errors = 0;
    if (!x->code)
        play_streams(q, x, (size_t)errors);
    text = nube_reply_header(&q->reply, "exit");
    q->reply.exit = text && !nube_parse_int(text, &code) ? (int)code : x->code ? -1 : 0;
    q->reply.signal = nube_reply_header(&q->reply, "signal");
    q->hopeless = x->code != NUBE_E_TRANSPORT;
    q->reply.status = x->code ? 0 : x->status;
    finish(q, q->read_code ? q->read_code : x->code, x->code == 0,
           q->read_code ? q->read_message : x->message);
}
