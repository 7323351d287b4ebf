/* Errors: classes by name and exit status, filling of the caller's struct, the JSON form. */
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "encode.h"
#include "error_int.h"
#include "mem.h"
#include "object_int.h"

/* By -code. */
static const struct {
    const char *name;
    int exit;
} codes[] = {
    {"ok", 0},           {"usage", 2},
    {"auth", 4},         {"forbidden", 4},
    {"not_found", 5},    {"ambiguous", 6},
    {"state", 7},        {"conflict", 7},
    {"quota", 8},        {"rate", 8},
    {"deadline", 9},     {"cancelled", 1},
    {"pending", 9},      {"outcome_unknown", 1},
    {"unsupported", 10}, {"connect", 1},
    {"tls", 1},          {"transport", 1},
    {"protocol", 1},     {"too_large", 1},
    {"provider", 1},     {"memory", 1},
    {"system", 1},       {"driver", 1},
};
enum { N_CODES = sizeof(codes) / sizeof(*codes) };
_Static_assert(N_CODES == 1 - NUBE_E_DRIVER, "every class has a row");

static int known(int code)
{
    return code <= 0 && code > -N_CODES;
}

const char *nube_code_name(int code)
{
    return known(code) ? codes[-code].name : "unknown";
}

int nube_code_exit(int code)
{
    return known(code) ? codes[-code].exit : 1;
}

/* One character of text as a message may hold it; gives the octets read. */
static size_t clean(char out[4], size_t *n, const char *text, size_t len)
{
    size_t used = nube_utf8_next(text, len);
    const unsigned char *u = (const unsigned char *)text;
    char one = used ? ' ' : '?';

    if (used > 1 && !(u[0] == 0xc2 && u[1] < 0xa0)) {
        memcpy(out, text, used);
        *n = used;
        return used;
    }
    if (used == 1 && u[0] >= 0x20 && u[0] != 0x7f)
        one = *text;
    out[0] = one;
    *n = 1;
    return used ? used : 1;
}

void nube_error_text(char *field, size_t size, const char *text)
{
    size_t len = text ? strlen(text) : 0, at = 0, n;
    char c[4];

    while (len) {
        size_t used = clean(c, &n, text, len);

        if (at + n >= size)
            break;
        memcpy(field + at, c, n);
        at += n;
        text += used;
        len -= used;
    }
    if (size)
        memset(field + at, 0, size - at);
}

/* What both structs have, behind the size. */
static void cover(struct nube_error *to, const struct nube_error *from)
{
    size_t n = to->size < from->size ? to->size : from->size, skip = sizeof(to->size);

    if (n > sizeof(*to))
        n = sizeof(*to);
    if (n > skip)
        memcpy((char *)to + skip, (const char *)from + skip, n - skip);
}

int nube_error_vset(struct nube_error *err, int code, const char *format, va_list ap)
{
    struct nube_error full = NUBE_ERROR_INIT, old = NUBE_ERROR_INIT;
    char line[2 * sizeof(full.message)];

    if (!err)
        return code;
    cover(&old, err);
    memcpy(full.backend, old.backend, sizeof(full.backend));
    memcpy(full.verb, old.verb, sizeof(full.verb));
    full.code = code;
    if (vsnprintf(line, sizeof(line), format, ap) < 0)
        line[0] = '\0';
    nube_error_text(full.message, sizeof(full.message), line);
    cover(err, &full);
    return code;
}

int nube_error_set(struct nube_error *err, int code, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    nube_error_vset(err, code, format, ap);
    va_end(ap);
    return code;
}

int nube_error_nomem(struct nube_error *err)
{
    return nube_error_set(err, NUBE_E_MEMORY, "out of memory");
}

void nube_error_clear(struct nube_error *err)
{
    struct nube_error none = NUBE_ERROR_INIT;

    if (err)
        cover(err, &none);
}

int nube_error_copy(struct nube_error *to, const struct nube_error *from)
{
    if (!from)
        return NUBE_OK;
    if (to)
        cover(to, from);
    return from->code;
}

int nube_error_about(struct nube_error *err, int code, const char *backend, const char *verb)
{
    struct nube_error full = NUBE_ERROR_INIT;

    if (!err)
        return code;
    cover(&full, err);
    if (backend)
        nube_error_text(full.backend, sizeof(full.backend), backend);
    if (verb)
        nube_error_text(full.verb, sizeof(full.verb), verb);
    cover(err, &full);
    return code;
}

static void member(struct nube_buf *b, const char *name, const char *text)
{
    nube_buf_fmt(b, ",\"%s\":", name);
    if (*text)
        nube_json_quote(b, text, strlen(text));
    else
        nube_buf_puts(b, "null");
}

static void member_int(struct nube_buf *b, const char *name, int64_t value, int present)
{
    if (present)
        nube_buf_fmt(b, ",\"%s\":%lld", name, (long long)value);
    else
        nube_buf_fmt(b, ",\"%s\":null", name);
}

char *nube_error_json(const struct nube_error *err)
{
    struct nube_error e = NUBE_ERROR_INIT;
    const char *retry;
    struct nube_buf b;

    nube_error_copy(&e, err);
    retry = e.retryable == NUBE_YES ? "true" : e.retryable == NUBE_NO ? "false" : "null";
    nube_buf_init(&b, 64 << 10);
    nube_buf_fmt(&b, "{\"class\":\"%s\"", nube_code_name(e.code));
    member(&b, "message", e.message);
    member(&b, "backend", e.backend);
    member(&b, "verb", e.verb);
    member_int(&b, "http_status", e.http_status, e.http_status != 0);
    member(&b, "provider_code", e.provider_code);
    member(&b, "request_id", e.request_id);
    nube_buf_fmt(&b, ",\"retryable\":%s", retry);
    member_int(&b, "retry_after_ms", e.retry_after_ms, e.retry_after_ms != 0);
    member_int(&b, "attempts", e.attempts, 1);
    member(&b, "resource", e.resource);
    nube_buf_putc(&b, '}');
    return nube_buf_take(&b);
}
