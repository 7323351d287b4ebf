/* Records of calls that change something: what is told to the application's hook, and their JSON.
 */
#include <string.h>

#include <nube/audit.h>

#include "call_int.h"
#include "error_int.h"
#include "timestamp.h"

static const char *text_or_empty(const char *text)
{
    return text ? text : "";
}

/* A request of the person's own changes something by its method. */
static const char *raw_method(nube_call *c)
{
    return c->op == NUBE_OP_RAW ? text_or_empty(nube_arg_str(c, "method")) : "";
}

static bool is_change(nube_call *c)
{
    const char *method = raw_method(c);

    return nube_op_mutates(c->op) && strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0 &&
           !(c->opts.flags & NUBE_CALL_DRY_RUN);
}

/* What it was about; of a create that made something, that. */
static const char *subject(nube_call *c)
{
    const char *id = nube_arg_str(c, "id");

    if (!id)
        id = c->created;
    if (!id && c->result->count)
        id = nube_id(c->result->objs[0].obj);
    return text_or_empty(id);
}

void nube_audit_request(const nube_req *q, const char *request_id)
{
    if (!nube_req_is_safe(q) && request_id)
        nube_error_text(q->call->request_id, sizeof(q->call->request_id), request_id);
}

void nube_audit_tell(nube_call *c)
{
    const struct nube_hooks *hooks = &c->lib->hooks;
    struct nube_audit a = {.size = sizeof(a), .op = c->op, .error = &c->err};

    if (!hooks->audit || !is_change(c))
        return;
    a.took_ms = nube_lib_mono(c->lib) - c->started;
    a.begun_ms = nube_lib_wall(c->lib) - a.took_ms;
    a.action = c->action ? c->action : raw_method(c);
    a.backend = c->conn->name;
    a.provider = c->conn->provider;
    a.id = subject(c);
    a.name = text_or_empty(nube_arg_str(c, "name"));
    a.request_id = *c->err.request_id ? c->err.request_id : c->request_id;
    a.undo = c->parent != NULL;
    hooks->audit(hooks->payload, &a);
}

static void member(struct nube_buf *b, const char *name, const char *text)
{
    nube_buf_fmt(b, "%s\"%s\":", b->len > 1 ? "," : "", name);
    if (text && *text)
        nube_json_quote(b, text, strlen(text));
    else
        nube_buf_puts(b, "null");
}

static void outcome(struct nube_buf *b, const struct nube_error *err)
{
    member(b, "outcome", err->code ? nube_code_name(err->code) : "done");
    member(b, "message", err->message);
    nube_buf_fmt(b, err->http_status ? ",\"http_status\":%d" : ",\"http_status\":null",
                 err->http_status);
    member(b, "provider_code", err->provider_code);
}

char *nube_audit_json(const struct nube_audit *a)
{
    char when[NUBE_TIME_SIZE];
    struct nube_buf b;

    nube_time_print(when, a->begun_ms / 1000);
    nube_buf_init(&b, 64 << 10);
    nube_buf_putc(&b, '{');
    member(&b, "time", when);
    member(&b, "backend", a->backend);
    member(&b, "provider", a->provider);
    member(&b, "verb", nube_op_name((enum nube_op)a->op));
    member(&b, "action", a->action);
    member(&b, "id", a->id);
    member(&b, "name", a->name);
    member(&b, "request_id", a->request_id);
    outcome(&b, a->error);
    nube_buf_fmt(&b, ",\"took_ms\":%lld,\"undo\":%s}", (long long)a->took_ms,
                 a->undo ? "true" : "false");
    return nube_buf_take(&b);
}
