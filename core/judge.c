/* Judging a reply: what it means, whether it is asked again, and when the session is renewed. */
#include <stdio.h>
#include <string.h>

#include "error_int.h"
#include "run.h"

enum { SLOW_MAX_MS = 300000, SKEW_REFUSED_MS = 240000 };

static int class_of(int status)
{
    if ((status >= 200 && status < 300) || status == 101)
        return 0;
    switch (status) {
    case 401:
        return NUBE_E_AUTH;
    case 403:
        return NUBE_E_FORBIDDEN;
    case 404:
        return NUBE_E_NOT_FOUND;
    case 409:
        return NUBE_E_CONFLICT;
    case 413:
    case 420:
    case 429:
    case 449:
        return NUBE_E_RATE;
    default:
        return status >= 500 ? NUBE_E_PROVIDER : status >= 400 ? NUBE_E_USAGE : NUBE_E_PROTOCOL;
    }
}

static bool allowed(const nube_req *q, int status)
{
    size_t i;

    for (i = 0; i < q->n_allow; i++)
        if (q->allow[i] == status)
            return true;
    return false;
}

static void first_verdict(nube_req *q, struct nube_verdict *v)
{
    const nube_reply *r = &q->reply;

    *v = (struct nube_verdict){.size = sizeof(*v), .retryable = NUBE_UNKNOWN};
    v->code = allowed(q, r->status) ? 0 : class_of(r->status);
    v->retry_after_ms = nube_retry_after(nube_reply_header(r, "Retry-After"), nube_now(q->call));
    v->request_id = nube_reply_header(r, "X-Request-Id");
    v->reauth = r->status == 401;
}

/* Something to say even when the provider said nothing that can be read. */
static const char *default_message(nube_req *q)
{
    const nube_reply *r = &q->reply;

    if (r->status >= 300 && r->status < 400)
        return nube_fmt(
            q->call, "%s %s was redirected to %s (status %d); redirects are not followed",
            nube_method_name(q->method), q->path_text,
            nube_reply_header(r, "Location") ? nube_reply_header(r, "Location") : "?", r->status);
    if (r->status == 404 && q->about)
        return nube_fmt(q->call, "there is no %s", q->about);
    if (r->body.len && !r->doc && strchr("<", r->body.data[0]))
        return nube_fmt(
            q->call,
            "%s answered %s %s with status %d and a page for people, not an answer of the API",
            q->host, nube_method_name(q->method), q->path_text, r->status);
    return nube_fmt(q->call, "%s answered %s %s with status %d", q->host,
                    nube_method_name(q->method), q->path_text, r->status);
}

static void learn_clock(nube_req *q)
{
    const char *date = nube_reply_header(&q->reply, "Date");
    int64_t server = date ? nube_http_date(date) : -1, skew;

    if (server < 0)
        return;
    skew = server - nube_lib_wall(q->call->lib);
    atomic_store(&q->call->conn->skew_ms, skew > 5000 || skew < -5000 ? skew : 0);
}

static void settle(nube_req *q, const struct nube_verdict *v, int code)
{
    struct nube_error *e = &q->call->err;

    nube_fail(q->call, (enum nube_code)code, "%s",
              v->message && *v->message ? v->message : default_message(q));
    e->http_status = q->reply.status;
    e->retryable = v->retryable;
    e->retry_after_ms = v->retry_after_ms;
    e->attempts = q->attempt;
    nube_error_text(e->provider_code, sizeof(e->provider_code), v->provider_code);
    nube_error_text(e->request_id, sizeof(e->request_id), v->request_id);
    nube_run_end(q->call, code);
}

static void again(void *data)
{
    nube_exchange_start(data);
}

/* A budget for the connection: retries may be a tenth of what succeeds, and a hundred besides. */
static bool afford(nube_conn *conn)
{
    int left = atomic_load(&conn->retry_tokens);

    while (left >= 10)
        if (atomic_compare_exchange_weak(&conn->retry_tokens, &left, left - 10))
            return true;
    return false;
}

static void earn(nube_conn *conn)
{
    if (atomic_load(&conn->retry_tokens) < 1000)
        atomic_fetch_add(&conn->retry_tokens, 1);
}

/* What one request was told holds for all of the account, within reason. */
static void slow_down(nube_call *c, int64_t ms)
{
    int64_t until = nube_lib_mono(c->lib) + (ms < SLOW_MAX_MS ? ms : SLOW_MAX_MS);
    int64_t known = atomic_load(&c->conn->not_before);

    while (until > known && !atomic_compare_exchange_weak(&c->conn->not_before, &known, until))
        ;
}

static uint32_t roll(const nube_req *q)
{
    struct timespec t;
    uint64_t x;

    clock_gettime(CLOCK_MONOTONIC, &t);
    x = (uint64_t)t.tv_nsec * 2654435761u ^ (uint64_t)(uintptr_t)q ^ (uint64_t)q->attempt << 20;
    return (uint32_t)(x >> 7 ^ x);
}

static bool retry(nube_req *q, const struct nube_retry_facts *f)
{
    nube_call *c = q->call;
    int64_t delay = nube_retry_delay(f), now = nube_lib_mono(c->lib);

    /* A server may ask for years: a call without a deadline waits as long as other calls would. */
    if (delay < 0 || (delay > SLOW_MAX_MS && c->deadline == INT64_MAX))
        return false;
    if ((c->deadline != INT64_MAX && now + delay >= c->deadline) || !afford(c->conn))
        return false;
    nube_lib_log(c->lib, NUBE_LOG_INFO, "%s: %s: attempt %d failed (%s), again in %lld ms",
                 c->conn->name, nube_op_name(c->op), q->attempt, nube_code_name(f->code),
                 (long long)delay);
    nube_exchange_reset(q);
    q->timer = (struct nube_timer){.fn = again, .data = q};
    nube_loop_timer_set(nube_engine_loop(c->engine), &q->timer, delay);
    return true;
}

static bool renew(nube_req *q, const struct nube_verdict *v)
{
    nube_call *c = q->call;

    if (!v->reauth || q->reauthed || q->live || c->op == NUBE_OP_AUTH ||
        !c->conn->driver->ops[NUBE_OP_AUTH].step)
        return false;
    nube_exchange_reset(q);
    q->reauthed = q->wait_session = true;
    nube_run_renew(q);
    return true;
}

/* Refused as unauthentic when it was signed by a clock that is far off: once more by the right one.
 */
static bool sign_again(nube_req *q, const struct nube_verdict *v)
{
    int64_t off = atomic_load(&q->call->conn->skew_ms) - q->skew_ms;

    if (v->code != NUBE_E_AUTH || (off < SKEW_REFUSED_MS && off > -SKEW_REFUSED_MS) ||
        q->reclocked || q->live || !q->call->conn->driver->sign)
        return false;
    nube_exchange_reset(q);
    q->reclocked = true;
    nube_exchange_start(q);
    return true;
}

static struct nube_retry_facts facts(const nube_req *q, int code, bool sent)
{
    return (struct nube_retry_facts){
        .safe = nube_req_is_safe(q),
        .tokened = q->flags & NUBE_REQ_TOKENED,
        .sent = sent,
        .live = q->live,
        .mutation = nube_op_mutates(q->call->op) != 0,
        .code = code,
        .retryable = NUBE_UNKNOWN,
        .status = q->reply.status,
        .attempt = q->attempt,
        .max_attempts = q->flags & NUBE_REQ_TRY ? 1 : q->call->conn->retries + 1,
        .random = roll(q),
    };
}

static void broken(nube_req *q, int code, bool sent, const char *message)
{
    struct nube_retry_facts f = facts(q, code, sent);
    struct nube_verdict v = {.size = sizeof(v), .retryable = NUBE_UNKNOWN, .message = message};

    if (q->hopeless)
        f.retryable = NUBE_NO;
    /* Half a reply is no reply: whether the change was made is as unknown. */
    f.status = code == NUBE_E_TRANSPORT ? 0 : f.status;
    nube_record_write(q, code, message);
    if (retry(q, &f))
        return;
    code = nube_retry_code(&f);
    if (code == NUBE_E_OUTCOME_UNKNOWN)
        v.message = nube_fmt(
            q->call, "%s; %s was sent and may have been carried out: look before trying again",
            message, nube_req_title(q));
    if (q->flags & NUBE_REQ_TRY) {
        if (q->ssh) /* its reply tells how far it came, and why not further */
            nube_ssh_failed(q, code, v.message);
        else
            nube_exchange_reset(q);
        q->active = false;
        q->call->n_active--;
        nube_run_step(q->call, &q->reply);
        return;
    }
    settle(q, &v, code);
}

void nube_exchange_judge(nube_req *q, int code, bool sent, const char *message)
{
    nube_call *c = q->call;
    struct nube_retry_facts f;
    struct nube_verdict v;

    if (nube_lib_log_on(c->lib, NUBE_LOG_WIRE))
        nube_lib_log(c->lib, NUBE_LOG_WIRE, "< %d %s (%zu octets kept) %s", q->reply.status,
                     nube_code_name(code ? code : class_of(q->reply.status)), q->reply.body.len,
                     code ? message : "");
    if (code) {
        broken(q, code, sent, message);
        return;
    }
    learn_clock(q);
    first_verdict(q, &v);
    if (c->conn->driver->classify && !q->ssh)
        c->conn->driver->classify(c, &q->reply, &v);
    if (!v.code) {
        nube_audit_request(q, v.request_id);
        earn(c->conn);
        q->active = false;
        c->n_active--;
        nube_run_step(c, &q->reply);
        return;
    }
    nube_record_write(q, 0, "");
    if (sign_again(q, &v) || renew(q, &v))
        return;
    f = facts(q, v.code, true);
    f.retryable = v.retryable;
    f.retry_after_ms = v.retry_after_ms;
    if (v.code == NUBE_E_RATE)
        slow_down(c, v.retry_after_ms);
    if (retry(q, &f))
        return;
    settle(q, &v, v.code);
}
