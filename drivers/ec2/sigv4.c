/* Signature Version 4: canonical request, string to sign, key and signature. */
#include "sigv4.h"

#include <stdlib.h>
#include <string.h>

struct pair {
    const char *name, *value;
};

static char *put(char *to, const char *text, size_t len)
{
    memcpy(to, text, len);
    return to + len;
}

static char *put_text(char *to, const char *text)
{
    return put(to, text, strlen(text));
}

static int by_name(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    int order = strcmp(x->name, y->name);

    return order ? order : strcmp(x->value, y->value);
}

const char *ec2_sigv4_hash(nube_call *c, const void *data, size_t len)
{
    unsigned char out[NUBE_HASH_MAX];

    return nube_hex(c, out, nube_digest(c, NUBE_SHA256, data, len, out));
}

/* ---- Path --------------------------------------------------------------------------- */

/* Drops the last segment that was written. */
static char *up(char *start, char *to)
{
    if (to > start)
        to--;
    while (to > start && to[-1] != '/')
        to--;
    return to;
}

/* Without dot segments and empty ones; "/" for nothing. */
static const char *normalized(nube_call *c, const char *path)
{
    char *out = nube_alloc(c, strlen(path) + 2), *start = put(out, "/", 1), *to = start;
    size_t len;

    for (; *path; path += len + (path[len] == '/')) {
        len = strcspn(path, "/");
        if (len == 2 && path[0] == '.' && path[1] == '.') {
            to = up(start, to);
        } else if (len && !(len == 1 && *path == '.')) {
            to = put(to, path, len);
            if (path[len] == '/')
                *to++ = '/';
        }
    }
    *to = '\0';
    return out;
}

/* Encoded once more than it is sent: so every service but S3 has it. */
static const char *path_of(nube_call *c, const struct ec2_sigv4 *s)
{
    if (strcmp(s->path, "/") == 0 || !*s->path)
        return "/";
    return nube_uri_encode(c, s->keep_path ? s->path : normalized(c, s->path), 1);
}

/* ---- Query -------------------------------------------------------------------------- */

static int hex(char c)
{
    const char *digits = "0123456789abcdef0123456789ABCDEF", *at = c ? strchr(digits, c) : NULL;

    return at ? (int)((at - digits) % 16) : -1;
}

/* Whatever was encoded when it was sent is encoded as the signature wants it. */
static const char *encoded(nube_call *c, const char *text, size_t len)
{
    char *plain = nube_alloc(c, len + 1), *to = plain;
    size_t i;

    for (i = 0; i < len; i++) {
        int high = text[i] == '%' && i + 2 < len ? hex(text[i + 1]) : -1;
        int low = high >= 0 ? hex(text[i + 2]) : -1;

        if (low >= 0) {
            *to++ = (char)(high << 4 | low);
            i += 2;
        } else {
            *to++ = text[i];
        }
    }
    *to = '\0';
    return nube_uri_encode(c, plain, 0);
}

static size_t split(nube_call *c, const char *query, struct pair *pairs)
{
    size_t n = 0, len, name;

    for (; *query; query += len + (query[len] == '&')) {
        len = strcspn(query, "&");
        if (!len)
            continue;
        name = strcspn(query, "=&");
        pairs[n].name = encoded(c, query, name);
        pairs[n++].value = name < len ? encoded(c, query + name + 1, len - name - 1) : "";
    }
    return n;
}

/* Sorted by name, then value: not by the text of both, since '-' comes before '='. */
static const char *query_of(nube_call *c, const char *query)
{
    size_t i, n = 1, size = 1;
    struct pair *pairs;
    char *out, *to;

    for (i = 0; query[i]; i++)
        n += query[i] == '&';
    pairs = nube_alloc(c, n * sizeof(*pairs));
    n = split(c, query, pairs);
    for (i = 0; i < n; i++)
        size += strlen(pairs[i].name) + strlen(pairs[i].value) + 2;
    if (n > 1)
        qsort(pairs, n, sizeof(*pairs), by_name);
    out = to = nube_alloc(c, size);
    for (i = 0; i < n; i++) {
        to = put(to, "&", i > 0);
        to = put_text(to, pairs[i].name);
        to = put(to, "=", 1);
        to = put_text(to, pairs[i].value);
    }
    *to = '\0';
    return out;
}

/* ---- Headers ------------------------------------------------------------------------ */

static int blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Trimmed, and every run of blanks as one: inside quotes too. */
static const char *squeezed(nube_call *c, const char *value)
{
    char *out = nube_alloc(c, strlen(value) + 1), *to = out;

    for (; *value; value++) {
        if (!blank(*value))
            *to++ = *value;
        else if (to > out && to[-1] != ' ')
            *to++ = ' ';
    }
    while (to > out && to[-1] == ' ')
        to--;
    *to = '\0';
    return out;
}

static const char *lower(nube_call *c, const char *name)
{
    char *out = nube_alloc(c, strlen(name) + 1), *to = out;

    for (; *name; name++)
        *to++ = *name >= 'A' && *name <= 'Z' ? (char)(*name | 0x20) : *name;
    *to = '\0';
    return out;
}

/* Sorted; those of one name together, in the order they have. */
static size_t sorted(nube_call *c, const struct ec2_sigv4 *s, struct pair *out)
{
    size_t i, k, n = 0;

    for (i = 0; i < s->n_headers && i < EC2_SIGV4_HEADERS; i++) {
        struct pair one = {lower(c, s->headers[i].name), squeezed(c, s->headers[i].value)};

        for (k = 0; k < n && strcmp(out[k].name, one.name) < 0; k++)
            ;
        if (k < n && strcmp(out[k].name, one.name) == 0) {
            out[k].value = nube_fmt(c, "%s,%s", out[k].value, one.value);
            continue;
        }
        memmove(&out[k + 1], &out[k], (n - k) * sizeof(*out));
        out[k] = one;
        n++;
    }
    return n;
}

static const char *names_of(nube_call *c, const struct pair *headers, size_t n)
{
    size_t i, size = 1;
    char *out, *to;

    for (i = 0; i < n; i++)
        size += strlen(headers[i].name) + 1;
    out = to = nube_alloc(c, size);
    for (i = 0; i < n; i++) {
        to = put(to, ";", i > 0);
        to = put_text(to, headers[i].name);
    }
    *to = '\0';
    return out;
}

const char *ec2_sigv4_names(nube_call *c, const struct ec2_sigv4 *s)
{
    struct pair headers[EC2_SIGV4_HEADERS];
    size_t n = sorted(c, s, headers);

    return names_of(c, headers, n);
}

/* ---- The stages --------------------------------------------------------------------- */

const char *ec2_sigv4_canonical(nube_call *c, const struct ec2_sigv4 *s)
{
    struct pair headers[EC2_SIGV4_HEADERS];
    size_t i, n = sorted(c, s, headers), size = 1;
    const char *path = path_of(c, s), *query = query_of(c, s->query);
    char *lines, *to;

    for (i = 0; i < n; i++)
        size += strlen(headers[i].name) + strlen(headers[i].value) + 2;
    lines = to = nube_alloc(c, size);
    for (i = 0; i < n; i++) {
        to = put_text(to, headers[i].name);
        to = put(to, ":", 1);
        to = put_text(to, headers[i].value);
        to = put(to, "\n", 1);
    }
    *to = '\0';
    return nube_fmt(c, "%s\n%s\n%s\n%s\n%s\n%s", s->method, path, query, lines,
                    names_of(c, headers, n), s->body_hash);
}

const char *ec2_sigv4_scope(nube_call *c, const struct ec2_sigv4 *s)
{
    return nube_fmt(c, "%.8s/%s/%s/aws4_request", s->when, s->region, s->service);
}

const char *ec2_sigv4_to_sign(nube_call *c, const struct ec2_sigv4 *s, const char *canonical)
{
    return nube_fmt(c, "AWS4-HMAC-SHA256\n%s\n%s\n%s", s->when, ec2_sigv4_scope(c, s),
                    ec2_sigv4_hash(c, canonical, strlen(canonical)));
}

void ec2_sigv4_key(nube_call *c, const struct ec2_sigv4 *s, const char *secret,
                   unsigned char key[NUBE_HASH_MAX])
{
    const char *first = nube_fmt(c, "AWS4%s", secret);
    unsigned char one[NUBE_HASH_MAX], two[NUBE_HASH_MAX];

    nube_hmac(c, NUBE_SHA256, first, strlen(first), s->when, 8, one);
    nube_hmac(c, NUBE_SHA256, one, EC2_SIGV4_KEY, s->region, strlen(s->region), two);
    nube_hmac(c, NUBE_SHA256, two, EC2_SIGV4_KEY, s->service, strlen(s->service), one);
    nube_hmac(c, NUBE_SHA256, one, EC2_SIGV4_KEY, "aws4_request", 12, key);
}

const char *ec2_sigv4_signature(nube_call *c, const unsigned char *key, const char *to_sign)
{
    unsigned char out[NUBE_HASH_MAX];

    return nube_hex(c, out,
                    nube_hmac(c, NUBE_SHA256, key, EC2_SIGV4_KEY, to_sign, strlen(to_sign), out));
}
