/* Redaction: no secret of an account leaves through a log, a record or an error. */
#include <ctype.h>
#include <string.h>

#include "call_int.h"

/* Shorter ones would blot out ordinary text, and guard nothing. */
enum { SHORTEST = 4 };

static int hex(const char *at, size_t n)
{
    int v = 0;

    for (; n; n--, at++) {
        if (!isxdigit((unsigned char)*at))
            return -1;
        v = v * 16 + (isdigit((unsigned char)*at) ? *at - '0' : (*at | 32) - 'a' + 10);
    }
    return v;
}

/* The octet that an escape of JSON or of a URL stands for, and its length; 0: no escape. */
static size_t unescape(const char *at, size_t left, int *octet)
{
    static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
    const char *p;

    if (*at == '%' && left >= 3 && (*octet = hex(at + 1, 2)) >= 0)
        return 3;
    if (*at != '\\' || left < 2)
        return 0;
    if (at[1] == 'u')
        return left >= 6 && (*octet = hex(at + 2, 4)) >= 0 && *octet < 128 ? 6 : 0;
    p = strchr(from, at[1]);
    *octet = p && *p ? to[p - from] : (unsigned char)at[1];
    return 2;
}

/* The same for one way of writing it: an octet that begins escapes stands for itself, or not. */
static size_t match_as(const char *secret, const char *at, size_t left, bool plain)
{
    size_t i = 0, n;
    int octet = 0;

    for (; *secret; secret++, i += n) {
        if (i >= left)
            return 0;
        n = plain ? 0 : unescape(at + i, left - i, &octet);
        if (n && octet == (unsigned char)*secret)
            continue;
        n = 1;
        if (at[i] == *secret)
            continue;
        n = unescape(at + i, left - i, &octet);
        if (!n || octet != (unsigned char)*secret)
            return 0;
    }
    return i;
}

/* How much of the text is this secret, written plainly or with escapes; 0: it does not begin here.
 */
static size_t match(const char *secret, const char *at, size_t left)
{
    size_t plain;

    if (!secret || strlen(secret) < SHORTEST)
        return 0;
    plain = match_as(secret, at, left, true);
    return plain ? plain : match_as(secret, at, left, false);
}

static size_t match_list(const struct nube_session_value *v, const char *at, size_t left)
{
    size_t best = 0, n;

    for (; v; v = v->next) {
        n = match(v->value, at, left);
        if (n > best)
            best = n;
    }
    return best;
}

/* The longest secret that begins here. */
static size_t secret_at(nube_call *c, const char *at, size_t left)
{
    const struct nube_session *s = nube_call_session(c);
    size_t best = match_list(c->secrets, at, left), n, i;

    n = s ? match_list(s->secrets, at, left) : 0;
    if (n > best)
        best = n;
    for (i = 0; i < c->conn->options.count; i++) {
        const struct nube_checked *o = &c->conn->options.at[i];

        n = o->row->flags & NUBE_OPTION_SECRET ? match(o->text, at, left) : 0;
        if (n > best)
            best = n;
    }
    for (i = 0; i < c->args.count; i++) {
        n = c->args.at[i].row->flags & NUBE_OPTION_SECRET ? match(c->args.at[i].text, at, left) : 0;
        if (n > best)
            best = n;
    }
    return best;
}

void nube_redact(nube_call *c, struct nube_buf *out, const char *text, size_t len)
{
    size_t i, n;

    for (i = 0; i < len; i += n) {
        n = secret_at(c, text + i, len - i);
        if (n) {
            nube_buf_puts(out, "***");
        } else {
            nube_buf_putc(out, text[i]);
            n = 1;
        }
    }
}

void nube_redact_text(nube_call *c, char *text, size_t size)
{
    struct nube_buf b;

    nube_buf_init(&b, size * 4);
    nube_redact(c, &b, text, strlen(text));
    if (!b.failed && b.data) {
        size_t n = b.len < size - 1 ? b.len : size - 1;

        memcpy(text, b.data, n);
        text[n] = '\0';
    }
    nube_buf_free(&b);
}
