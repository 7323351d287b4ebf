/* The text of one recorded exchange: printing and parsing. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cassette.h"
#include "error_int.h"
#include "mem.h"

/* Lines of the recording itself among the headers. */
#define BODY_LINE "Nube-Body"
#define END_LINE  "Nube-End"

/* ---- Printing ----------------------------------------------------------------- */

/* One line stays one line, whatever is in it. */
static void put_text(struct nube_buf *b, const char *text)
{
    for (; text && *text; text++)
        nube_buf_putc(b, (unsigned char)*text < ' ' ? ' ' : *text);
}

static void put_part(struct nube_buf *b, const struct nube_pair *headers, size_t n,
                     const void *body, size_t len)
{
    for (size_t i = 0; i < n; i++) {
        if (strncasecmp(headers[i].name, "Nube-", 5) == 0)
            continue;
        put_text(b, headers[i].name);
        nube_buf_puts(b, ": ");
        put_text(b, headers[i].value);
        nube_buf_putc(b, '\n');
    }
    if (body)
        nube_buf_fmt(b, BODY_LINE ": %zu\n", len);
    nube_buf_putc(b, '\n');
    if (body) {
        nube_buf_add(b, body, len);
        nube_buf_putc(b, '\n');
    }
}

void nube_cassette_print(struct nube_buf *out, const struct nube_cassette_exchange *x)
{
    put_text(out, x->method);
    nube_buf_putc(out, ' ');
    put_text(out, x->url);
    nube_buf_putc(out, '\n');
    put_part(out, x->headers, x->n_headers, x->body, x->body_len);
    nube_buf_fmt(out, "HTTP/1.1 %03d\n", x->status);
    if (x->code) {
        nube_buf_fmt(out, END_LINE ": %s ", nube_code_name(x->code));
        put_text(out, x->message);
        nube_buf_putc(out, '\n');
    }
    put_part(out, x->reply_headers, x->n_reply_headers, x->reply ? x->reply : "", x->reply_len);
}

/* ---- Parsing ------------------------------------------------------------------- */

struct reader {
    char *at, *end; /* *end may be written */
    const char *file;
    int line;
    struct nube_error *err;
};

static int wrong(const struct reader *r, const char *what)
{
    return nube_error_set(r->err, NUBE_E_USAGE, "%s, line %d: %s", r->file, r->line, what);
}

/* The next line, terminated, without its CR; NULL at the end. */
static char *next_line(struct reader *r)
{
    char *line = r->at, *stop;

    if (line >= r->end)
        return NULL;
    stop = memchr(line, '\n', (size_t)(r->end - line));
    r->at = stop ? stop + 1 : r->end;
    if (!stop)
        stop = r->end;
    *stop = '\0';
    if (stop > line && stop[-1] == '\r')
        stop[-1] = '\0';
    r->line++;
    return line;
}

/* What may stand among the headers beside them. */
struct part {
    struct nube_pair *headers;
    size_t n;
    bool sized;
    size_t len;
    int code;
    const char *message;
};

static bool read_length(const char *text, size_t *out)
{
    char *rest;
    unsigned long long n;

    if (*text < '0' || *text > '9')
        return false;
    n = strtoull(text, &rest, 10);
    *out = (size_t)n;
    return !*rest && n <= NUBE_MAX_REPLY;
}

/* "CLASS message" */
static bool read_end(char *text, struct part *p)
{
    size_t len = strcspn(text, " ");

    p->message = text[len] ? text + len + 1 : "";
    text[len] = '\0';
    for (int code = -1; code >= NUBE_E_DRIVER && !p->code; code--)
        if (strcmp(nube_code_name(code), text) == 0)
            p->code = code;
    return p->code != 0;
}

static int read_header(struct reader *r, struct part *p, char *line)
{
    char *value = strchr(line, ':');
    struct nube_pair *grown;

    if (!value || value == line)
        return wrong(r, "neither \"Name: value\" nor the empty line before the body");
    *value++ = '\0';
    value += strspn(value, " \t");
    if (strcasecmp(line, BODY_LINE) == 0) {
        p->sized = true;
        return read_length(value, &p->len) ? 0 : wrong(r, BODY_LINE " wants a number of octets");
    }
    if (strcasecmp(line, END_LINE) == 0)
        return read_end(value, p)
                   ? 0
                   : wrong(r, END_LINE " wants a class of error, such as \"transport\"");
    grown = nube_mem_realloc(p->headers, (p->n + 1) * sizeof(*grown));
    if (!grown)
        return nube_error_nomem(r->err);
    p->headers = grown;
    p->headers[p->n++] = (struct nube_pair){line, value};
    return 0;
}

/* Up to the empty line, or the end. p->headers is the caller's, also after an error. */
static int read_headers(struct reader *r, struct part *p)
{
    char *line;
    int rc = 0;

    while (!rc && (line = next_line(r)) != NULL && *line)
        rc = read_header(r, p, line);
    return rc;
}

static void count_lines(struct reader *r, const char *from, const char *to)
{
    while (from < to && (from = memchr(from, '\n', (size_t)(to - from))) != NULL) {
        r->line++;
        from++;
    }
}

/* Where the status line begins: after a counted body, or at the first line that looks like it. */
static char *find_reply(struct reader *r)
{
    for (char *p = r->at; p < r->end; p++) {
        if (r->end - p > 5 && memcmp(p, "HTTP/", 5) == 0)
            return p;
        p = memchr(p, '\n', (size_t)(r->end - p));
        if (!p)
            break;
    }
    return NULL;
}

static bool is_break(char c)
{
    return c == '\r' || c == '\n';
}

static int request_body(struct reader *r, const struct part *p, struct nube_cassette_exchange *x)
{
    char *body = r->at, *stop;

    if (p->sized) {
        if (p->len > (size_t)(r->end - body))
            return wrong(r, BODY_LINE " of the request counts more octets than the file has");
        count_lines(r, body, body + p->len);
        r->at = body + p->len;
        stop = find_reply(r);
        if (stop && strspn(r->at, "\r\n") != (size_t)(stop - r->at))
            return wrong(r, BODY_LINE " of the request counts less than the body has");
    } else {
        stop = find_reply(r);
    }
    if (!stop)
        return wrong(r, "no line of the reply (\"HTTP/1.1 200\") follows the request");
    count_lines(r, r->at, stop);
    r->at = stop;
    x->body_len = p->sized ? p->len : (size_t)(stop - body);
    while (!p->sized && x->body_len && is_break(body[x->body_len - 1]))
        x->body_len--;
    x->body = x->body_len || p->sized ? body : NULL;
    return 0;
}

static int status_line(struct reader *r, struct nube_cassette_exchange *x)
{
    char *line = next_line(r), *digits = strchr(line, ' '), *rest;
    long status;

    if (!digits)
        return wrong(r, "the line of the reply has no status");
    status = strtol(digits + 1, &rest, 10);
    if (rest == digits + 1 || (*rest && *rest != ' ') || status < 0 || status > 999)
        return wrong(r, "the status of the reply is not a number up to 999");
    x->status = (int)status;
    return 0;
}

static int reply_part(struct reader *r, struct part *p, struct nube_cassette_exchange *x)
{
    int rc = status_line(r, x);

    if (!rc)
        rc = read_headers(r, p);
    x->reply_headers = p->headers;
    x->n_reply_headers = p->n;
    if (rc)
        return rc;
    x->code = p->code;
    x->message = p->message ? p->message : "";
    x->reply = r->at;
    x->reply_len = (size_t)(r->end - r->at);
    if (p->sized && p->len > x->reply_len)
        return wrong(r, BODY_LINE " of the reply counts more octets than the file has");
    if (p->sized)
        x->reply_len = p->len;
    r->at[x->reply_len] = '\0';
    return 0;
}

/* "GET /path HTTP/1.1", as other tools show it. */
static void drop_version(char *url)
{
    size_t len = strlen(url);

    if (len > 9 && strncmp(url + len - 9, " HTTP/1.", 8) == 0)
        url[len - 9] = '\0';
}

int nube_cassette_parse(struct nube_cassette_exchange *x, char *text, size_t len, const char *file,
                        struct nube_error *err)
{
    struct reader r = {text, text + len, file, 0, err};
    struct part request = {0}, reply = {0};
    char *line, *url;
    int rc;

    memset(x, 0, sizeof(*x));
    do /* notes of a person before the request */
        line = next_line(&r);
    while (line && (*line == '#' || !*line));
    url = line ? strchr(line, ' ') : NULL;
    if (!url || url == line || !url[1])
        return wrong(&r, "the request (\"GET http://host/path\") is missing");
    *url++ = '\0';
    drop_version(url);
    x->method = line;
    x->url = url;
    rc = read_headers(&r, &request);
    x->headers = request.headers;
    x->n_headers = request.n;
    if (!rc)
        rc = request_body(&r, &request, x);
    if (!rc)
        rc = reply_part(&r, &reply, x);
    return rc;
}
