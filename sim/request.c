/* Requests: parameters of query and form, headers, the segments of the path. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mem.h"
#include "sim_int.h"

const char *sim_header(const struct sim_request *q, const char *name)
{
    for (size_t i = 0; i < q->n_headers; i++)
        if (!strcasecmp(q->headers[i].name, name))
            return q->headers[i].value;
    return NULL;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct sim_pair *)a)->name, ((const struct sim_pair *)b)->name);
}

const char *sim_param(const struct sim_request *q, const char *name)
{
    struct sim_pair key = {name, NULL}, *found;
    if (!q->n_params)
        return NULL;
    found = bsearch(&key, q->params, q->n_params, sizeof key, by_name);
    return found ? found->value : NULL;
}

const char *sim_paramf(const struct sim_request *q, const char *format, ...)
{
    char name[160];
    va_list ap;
    va_start(ap, format);
    vsnprintf(name, sizeof name, format, ap);
    va_end(ap);
    return sim_param(q, name);
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Copies `len` octets decoded into the store. */
static const char *decode(struct sim_request *q, const char *text, size_t len, bool plus)
{
    char *start = q->next, *to = start;
    for (size_t i = 0; i < len; i++) {
        int high = text[i] == '%' && i + 2 < len ? hex(text[i + 1]) : -1;
        int low = high >= 0 ? hex(text[i + 2]) : -1;
        if (low >= 0) {
            *to++ = (char)(high << 4 | low);
            i += 2;
        } else {
            *to++ = plus && text[i] == '+' ? ' ' : text[i];
        }
    }
    *to++ = 0;
    q->next = to;
    return start;
}

static size_t count_pairs(const char *text)
{
    size_t n = *text ? 1 : 0;
    for (; *text; text++)
        n += *text == '&';
    return n;
}

static void add_pairs(struct sim_request *q, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "&");
        const char *equals = memchr(text, '=', len);
        size_t name = equals ? (size_t)(equals - text) : len;
        if (len) {
            struct sim_pair *p = &q->params[q->n_params++];
            p->name = decode(q, text, name, true);
            p->value = equals ? decode(q, equals + 1, len - name - 1, true) : "";
        }
        text += len + (text[len] == '&');
    }
}

void sim_request_decode(struct sim_request *q)
{
    const char *type = sim_header(q, "Content-Type");
    /* Clients that send forms without saying so were understood by the services of their time. */
    bool form = !type || !strncasecmp(type, "application/x-www-form-urlencoded", 33);
    const char *body = form && q->body ? q->body : "";
    size_t n = count_pairs(q->query) + count_pairs(body);
    /* Decoded text is no longer than what it is decoded from; each piece has its terminator. */
    q->store = sim_alloc(strlen(q->query) + strlen(body) + strlen(q->path) + 2 * n + sizeof q->seg);
    q->next = q->store;
    q->params = sim_alloc(n * sizeof *q->params);
    q->n_params = 0;
    add_pairs(q, q->query);
    add_pairs(q, body);
    q->path_at = q->next;
    if (q->n_params > 1)
        qsort(q->params, q->n_params, sizeof *q->params, by_name);
}

bool sim_route_match(const char *pattern, struct sim_request *q)
{
    const char *path = q->path;
    size_t n = 0;
    memset(q->seg, 0, sizeof q->seg);
    q->next = q->path_at;
    while (*pattern) {
        if (*pattern == '*' && !pattern[1])
            return true;
        if (pattern[0] == '{' && pattern[1] == '}') {
            size_t len = strcspn(path, "/");
            if (!len || n == sizeof q->seg / sizeof *q->seg)
                return false;
            q->seg[n++] = path;
            path += len;
            pattern += 2;
        } else if (*pattern++ != *path++) {
            return false;
        }
    }
    if (*path)
        return false;
    for (size_t i = 0; i < n; i++)
        q->seg[i] = decode(q, q->seg[i], strcspn(q->seg[i], "/"), false);
    return true;
}

void sim_request_free(struct sim_request *q)
{
    free(q->store);
    free(q->params);
    q->store = q->next = NULL;
    q->params = NULL;
}
