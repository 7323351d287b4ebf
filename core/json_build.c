/* JSON bodies and texts that drivers build piece by piece. */
#include <inttypes.h>
#include <string.h>

#include "call_int.h"

enum { DEPTH = 32 };

struct nube_json {
    nube_call *call;
    struct nube_buf buf;
    size_t depth;
    char close[DEPTH]; /* what ends each open level */
    bool comma;        /* the level has a member already */
};

static void open_level(nube_json *j, char open, char close)
{
    if (j->depth == DEPTH) {
        nube_fail(j->call, NUBE_E_DRIVER, "a JSON text is nested deeper than %d levels", DEPTH);
        return;
    }
    nube_buf_putc(&j->buf, open);
    j->close[j->depth++] = close;
    j->comma = false;
}

static void close_level(nube_json *j)
{
    nube_buf_putc(&j->buf, j->close[--j->depth]);
    j->comma = true;
}

nube_json *nube_json_new(nube_call *c)
{
    nube_json *j = nube_arena_alloc(&c->arena, sizeof(*j));

    j->call = c;
    nube_buf_init(&j->buf, NUBE_MAX_ITEM);
    open_level(j, '{', '}');
    return j;
}

/* Writes what stands before a value; false when no value can stand here. */
static bool member(nube_json *j, const char *name)
{
    bool object;

    if (!j->depth) {
        nube_fail(j->call, NUBE_E_DRIVER, "a JSON member was added after the end of its text");
        return false;
    }
    object = j->close[j->depth - 1] == '}';
    if (object != (name != NULL)) {
        nube_fail(j->call, NUBE_E_DRIVER,
                  object ? "a JSON object got a member without a name"
                         : "a JSON array got a member with a name");
        return false;
    }
    if (j->comma)
        nube_buf_putc(&j->buf, ',');
    j->comma = true;
    if (name) {
        nube_json_quote(&j->buf, name, strlen(name));
        nube_buf_putc(&j->buf, ':');
    }
    return true;
}

void nube_json_str(nube_json *j, const char *name, const char *value)
{
    if (value && member(j, name))
        nube_json_quote(&j->buf, value, strlen(value));
}

void nube_json_secret(nube_json *j, const char *name, const char *value)
{
    if (!value)
        return;
    nube_secret(j->call, value);
    nube_json_str(j, name, value);
}

void nube_json_int(nube_json *j, const char *name, int64_t value)
{
    if (member(j, name))
        nube_buf_fmt(&j->buf, "%" PRId64, value);
}

void nube_json_number(nube_json *j, const char *name, double value)
{
    if (member(j, name))
        nube_json_real(&j->buf, value);
}

void nube_json_bool(nube_json *j, const char *name, int value)
{
    if (member(j, name))
        nube_buf_puts(&j->buf, value ? "true" : "false");
}

void nube_json_null(nube_json *j, const char *name)
{
    if (member(j, name))
        nube_buf_puts(&j->buf, "null");
}

void nube_json_object(nube_json *j, const char *name)
{
    if (member(j, name))
        open_level(j, '{', '}');
}

void nube_json_array(nube_json *j, const char *name)
{
    if (member(j, name))
        open_level(j, '[', ']');
}

void nube_json_end(nube_json *j)
{
    if (j->depth)
        close_level(j);
    else
        nube_fail(j->call, NUBE_E_DRIVER, "a JSON text was ended more often than begun");
}

const char *nube_json_finish(nube_json *j, size_t *len)
{
    while (j->depth)
        close_level(j);
    if (j->buf.failed)
        nube_fail(j->call, j->buf.over ? NUBE_E_TOO_LARGE : NUBE_E_MEMORY,
                  j->buf.over ? "the JSON text of the request is too large" : "out of memory");
    *len = j->buf.failed ? 0 : j->buf.len;
    return j->buf.failed ? "" : j->buf.data;
}

const char *nube_json_text(nube_json *j)
{
    size_t len;
    const char *text = nube_json_finish(j, &len);
    const char *copy = nube_arena_strndup(&j->call->arena, text, len);

    nube_json_free(j);
    return copy ? copy : "";
}

void nube_json_free(nube_json *j)
{
    if (j)
        nube_buf_free(&j->buf);
}
