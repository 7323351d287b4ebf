/* What a step function may ask of its call: options, memory, failure, results. */
#include <stdio.h>
#include <string.h>

#include <nube/driver/crypto.h>

#include "call_int.h"
#include "encode.h"
#include "error_int.h"
#include "mem.h"
#include "timestamp.h"
#include "words.h"

/* ---- Options and arguments ---------------------------------------------------- */

const char *nube_opt_str(nube_call *c, const char *name)
{
    const struct nube_checked *v = nube_checked_get(&c->conn->options, name);

    return v ? v->text : NULL;
}

int64_t nube_opt_int(nube_call *c, const char *name, int64_t otherwise)
{
    const struct nube_checked *v = nube_checked_get(&c->conn->options, name);

    return v ? v->num : otherwise;
}

const char *nube_arg_str(nube_call *c, const char *name)
{
    const struct nube_checked *v = nube_checked_get(&c->args, name);

    return v ? v->text : NULL;
}

int64_t nube_arg_int(nube_call *c, const char *name, int64_t otherwise)
{
    const struct nube_checked *v = nube_checked_get(&c->args, name);

    return v ? v->num : otherwise;
}

double nube_arg_number(nube_call *c, const char *name, double otherwise)
{
    const struct nube_checked *v = nube_checked_get(&c->args, name);

    return v ? v->real : otherwise;
}

int nube_arg_bool(nube_call *c, const char *name, int otherwise)
{
    return nube_arg_int(c, name, otherwise) != 0;
}

const void *nube_arg_data(nube_call *c, const char *name, size_t *len)
{
    const struct nube_checked *v = nube_checked_get(&c->args, name);

    if (len)
        *len = v ? v->len : 0;
    return v ? v->text : NULL;
}

size_t nube_arg_count(nube_call *c, const char *name)
{
    return nube_checked_count(&c->args, name);
}

const char *nube_arg_at(nube_call *c, const char *name, size_t i)
{
    const struct nube_checked *v = nube_checked_at(&c->args, name, i);

    return v ? v->text : NULL;
}

int nube_arg_pair(nube_call *c, const char *name, size_t i, const char **key, const char **value)
{
    const struct nube_checked *v = nube_checked_at(&c->args, name, i);

    if (!v)
        return 0;
    *key = v->key;
    *value = v->text;
    return 1;
}

void nube_filter_done(nube_call *c, const char *name)
{
    const char **more = nube_arena_alloc(&c->arena, (c->n_filters_done + 1) * sizeof(*more));

    if (c->arena.failed)
        return;
    if (c->n_filters_done)
        memcpy(more, c->filters_done, c->n_filters_done * sizeof(*more));
    more[c->n_filters_done++] = nube_arena_strdup(&c->arena, name);
    c->filters_done = more;
}

enum nube_op nube_call_op_id(nube_call *c)
{
    return c->op;
}

const char *nube_env(nube_call *c, const char *name)
{
    return nube_lib_env(c->lib, name);
}

const char *const *nube_words(nube_call *c, const char *line)
{
    size_t len = strlen(line);
    int max = (int)(len / 2 + 1);
    const char **argv = nube_alloc(c, ((size_t)max + 1) * sizeof(*argv));
    char *words = nube_alloc(c, len + 1);

    return c->arena.failed || nube_words_split(argv, max, words, line) < 0 ? NULL : argv;
}

int64_t nube_now(nube_call *c)
{
    return nube_lib_wall(c->lib) + atomic_load(&c->conn->skew_ms);
}

const char *nube_time_text(nube_call *c, int64_t unix_ms)
{
    char text[NUBE_TIME_SIZE];

    nube_time_print(text, unix_ms / 1000);
    return nube_strdup(c, text);
}

int64_t nube_time_of(const char *text)
{
    int64_t seconds;

    return text && nube_time_parse(text, &seconds) == 0 ? seconds * 1000 : -1;
}

/* ---- Memory and state ----------------------------------------------------------- */

void *nube_alloc(nube_call *c, size_t size)
{
    return nube_arena_alloc(&c->arena, size);
}

const char *nube_strdup(nube_call *c, const char *text)
{
    return nube_arena_strdup(&c->arena, text);
}

const char *nube_fmt(nube_call *c, const char *format, ...)
{
    va_list ap;
    char *p;

    va_start(ap, format);
    p = nube_arena_vfmt(&c->arena, format, ap);
    va_end(ap);
    return p;
}

void *nube_state(nube_call *c, size_t size)
{
    if (!c->state || c->state_size < size) {
        void *more = nube_arena_alloc(&c->arena, size);

        if (c->state)
            memcpy(more, c->state, c->state_size);
        c->state = more;
        c->state_size = size;
    }
    return c->state;
}

int nube_phase(nube_call *c)
{
    return c->phase;
}

void nube_set_phase(nube_call *c, int phase)
{
    c->phase = phase;
}

void nube_call_delay(nube_call *c, int64_t ms)
{
    c->delay = ms;
}

/* ---- Failure, notes, secrets ------------------------------------------------------ */

enum nube_step nube_fail(nube_call *c, enum nube_code code, const char *format, ...)
{
    va_list ap;

    if (!c->failed) {
        c->failed = true;
        va_start(ap, format);
        nube_error_vset(&c->err, code, format, ap);
        va_end(ap);
    }
    return NUBE_FAIL;
}

void nube_note(nube_call *c, const char *format, ...)
{
    struct nube_buf line;
    va_list ap;
    char *text;

    if (!nube_lib_log_on(c->lib, NUBE_LOG_INFO))
        return;
    va_start(ap, format);
    text = nube_arena_vfmt(&c->arena, format, ap);
    va_end(ap);
    nube_buf_init(&line, NUBE_MAX_DATA);
    nube_redact(c, &line, text, strlen(text));
    nube_lib_log(c->lib, NUBE_LOG_INFO, "%s: %s", c->conn->name, line.data ? line.data : "");
    nube_buf_free(&line);
}

void nube_secret(nube_call *c, const char *text)
{
    struct nube_session_value *v;

    if (!text)
        return;
    v = nube_arena_alloc(&c->arena, sizeof(*v));
    v->value = nube_arena_strdup(&c->arena, text);
    v->next = c->secrets;
    c->secrets = v;
}

/* ---- Results ------------------------------------------------------------------------ */

static bool room(struct nube_result *r)
{
    size_t size = r->size ? r->size * 2 : 16;
    struct nube_emitted *more;

    if (r->count < r->size)
        return true;
    more = nube_mem_realloc(r->objs, size * sizeof(*more));
    if (!more)
        return false;
    r->objs = more;
    r->size = size;
    return true;
}

nube_obj *nube_emit(nube_call *c, enum nube_kind kind)
{
    struct nube_result *r = c->result;
    nube_obj *o;

    if (kind == NUBE_KIND_NONE)
        kind = nube_op_kind(c->op);
    o = nube_obj_new(&r->arena, kind, c->conn->driver);
    if (!o || !room(r)) {
        r->arena.failed = true;
        return NULL;
    }
    r->objs[r->count].obj = o;
    r->objs[r->count++].from = c->current;
    return o;
}

void nube_out_data(nube_call *c, enum nube_stream stream, const void *data, size_t len)
{
    struct nube_buf *kept;

    if (!len)
        return;
    if (c->opts.output) {
        if (c->opts.output(c->opts.payload, stream, data, len))
            nube_fail(c, NUBE_E_CANCELLED, "the receiver of the output ended it");
        return;
    }
    kept = &c->result->out[stream == NUBE_STDERR];
    nube_buf_add(kept, data, len);
    if (kept->over)
        nube_fail(c, NUBE_E_TOO_LARGE, "more than %d MiB of output: take it with a callback",
                  NUBE_MAX_OUTPUT >> 20);
    else if (kept->failed)
        nube_fail(c, NUBE_E_MEMORY, "out of memory for the output: take it with a callback");
}

void nube_out_status(nube_call *c, int status)
{
    c->result->status = status;
}

void nube_out_progress(nube_call *c, const char *id, const char *text, int64_t current,
                       int64_t total)
{
    struct nube_progress p = {.size = sizeof(p)};

    if (!c->opts.progress)
        return;
    p.kind = total >= 0 || current >= 0;
    p.backend = c->conn->name;
    p.verb = nube_op_name(c->op);
    p.id = id;
    p.text = text;
    p.current = current;
    p.total = total;
    p.elapsed_ms = nube_lib_mono(c->lib) - c->started;
    c->opts.progress(c->opts.payload, &p);
}

const char *nube_cursor(nube_call *c)
{
    return c->cursor;
}

void nube_next(nube_call *c, const char *cursor)
{
    c->result->next = cursor && *cursor ? nube_arena_strdup(&c->result->arena, cursor) : NULL;
}

void nube_created(nube_call *c, const char *id)
{
    c->created = nube_arena_strdup(&c->arena, id);
    if (id)
        nube_fresh_make(c->conn->fresh, id, nube_lib_mono(c->lib));
}

int nube_was_created(nube_call *c, const char *id)
{
    return id && nube_fresh_made(c->conn->fresh, id, nube_lib_mono(c->lib));
}

void nube_undo(nube_call *c, enum nube_op op, const char *id, const char *argument)
{
    struct nube_undo_item *u = nube_arena_alloc(&c->arena, sizeof(*u));

    u->op = op;
    u->id = nube_arena_strdup(&c->arena, id);
    u->argument = nube_arena_strdup(&c->arena, argument);
    u->next = c->undos;
    c->undos = u;
}

void nube_keep(nube_call *c)
{
    c->undos = NULL;
}

/* ---- Replies ------------------------------------------------------------------------- */

int nube_reply_status(const nube_reply *r)
{
    return r ? r->status : 0;
}

int nube_reply_tag(const nube_reply *r)
{
    return r ? r->req->tag : 0;
}

const char *nube_reply_header(const nube_reply *r, const char *name)
{
    size_t i;

    for (i = 0; r && i < r->n_headers; i++)
        if (!strcasecmp(r->headers[i].name, name))
            return r->headers[i].value;
    return NULL;
}

const nube_doc *nube_reply_doc(const nube_reply *r)
{
    return r ? r->doc : NULL;
}

const char *nube_reply_body(const nube_reply *r, size_t *len)
{
    if (len)
        *len = r ? r->body.len : 0;
    return r && r->body.data ? r->body.data : "";
}

/* ---- Digests and encodings ---------------------------------------------------------------- */

static const void *service(nube_call *c, enum nube_service which)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const void *ops;

    if (!(c->conn->driver->services & which)) {
        nube_fail(c, NUBE_E_DRIVER, "the driver does not declare the service it uses");
        return NULL;
    }
    ops = nube_service_open(c->lib, which, &err);
    if (!ops)
        nube_fail(c, (enum nube_code)err.code, "%s", err.message);
    return ops;
}

size_t nube_digest(nube_call *c, enum nube_hash hash, const void *data, size_t len,
                   unsigned char out[NUBE_HASH_MAX])
{
    const struct nube_crypto_ops *ops = service(c, NUBE_SERVICE_CRYPTO);
    size_t n = ops ? ops->digest(hash, data, len, out) : 0;

    if (!n)
        nube_fail(c, NUBE_E_SYSTEM, "the crypto library cannot make this digest");
    return n;
}

size_t nube_hmac(nube_call *c, enum nube_hash hash, const void *key, size_t key_len,
                 const void *data, size_t len, unsigned char out[NUBE_HASH_MAX])
{
    const struct nube_crypto_ops *ops = service(c, NUBE_SERVICE_CRYPTO);
    size_t n = ops ? ops->hmac(hash, key, key_len, data, len, out) : 0;

    if (!n)
        nube_fail(c, NUBE_E_SYSTEM, "the crypto library cannot make this HMAC");
    return n;
}

/* Moves a finished text into the call. */
static const char *keep(nube_call *c, struct nube_buf *b)
{
    const char *p;

    if (b->failed)
        c->arena.failed = true;
    p = nube_arena_strndup(&c->arena, b->data ? b->data : "", b->len);
    nube_buf_free(b);
    return p;
}

const char *nube_hex(nube_call *c, const void *data, size_t len)
{
    struct nube_buf b;

    nube_buf_init(&b, NUBE_MAX_DATA * 4);
    nube_encode_hex(&b, data, len);
    return keep(c, &b);
}

static const char *base64(nube_call *c, const void *data, size_t len, bool url)
{
    struct nube_buf b;

    nube_buf_init(&b, NUBE_MAX_DATA * 4);
    nube_encode_base64(&b, data, len, url);
    return keep(c, &b);
}

const char *nube_base64(nube_call *c, const void *data, size_t len)
{
    return base64(c, data, len, false);
}

const char *nube_base64_url(nube_call *c, const void *data, size_t len)
{
    return base64(c, data, len, true);
}

const char *nube_base64_decode(nube_call *c, const char *text, size_t *len)
{
    struct nube_buf b;

    nube_buf_init(&b, NUBE_MAX_DATA * 4);
    if (!text || !nube_decode_base64(&b, text)) {
        nube_buf_free(&b);
        return NULL;
    }
    if (len)
        *len = b.len;
    return keep(c, &b);
}

const char *nube_uri_encode(nube_call *c, const char *text, int slash)
{
    struct nube_buf b;

    nube_buf_init(&b, NUBE_MAX_DATA * 4);
    nube_encode_uri(&b, text, slash != 0);
    return keep(c, &b);
}

const nube_doc *nube_doc_parse(nube_call *c, const char *text, size_t len)
{
    return nube_doc_parse_json(&c->arena, text, len);
}

const nube_doc *nube_doc_parse_yaml(nube_call *c, const char *name, const char *text, size_t len)
{
    const struct nube_yaml_ops *ops = service(c, NUBE_SERVICE_YAML);
    const nube_doc *doc;
    char message[256], *json;
    size_t json_len;

    if (!ops)
        return NULL;
    if (ops->to_json(text, len, &json, &json_len, message)) {
        nube_fail(c, NUBE_E_USAGE, "%s: %s", name, message);
        return NULL;
    }
    doc = nube_doc_parse(c, json, json_len);
    explicit_bzero(json, json_len);
    nube_mem_free(json);
    if (!doc)
        nube_fail(c, NUBE_E_USAGE, "%s: it is not text that can be read", name);
    return doc;
}
