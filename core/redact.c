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

/* The same for a reference of XML: "&amp;", "&#38;", "&#x26;". */
static size_t unescape_xml(const char *at, size_t left, int *octet)
{
    static const struct {
        const char *text;
        int octet;
    } names[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
    int v, base = left > 2 && (at[2] | 32) == 'x' ? 16 : 10;
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (left >= strlen(names[i].text) && !memcmp(at, names[i].text, strlen(names[i].text))) {
            *octet = names[i].octet;
            return strlen(names[i].text);
        }
    if (left < 4 || at[1] != '#')
        return 0;
    *octet = 0;
    for (i = base == 16 ? 3 : 2; i < left && (v = hex(at + i, 1)) >= 0 && v < base && *octet < 128;
         i++)
        *octet = *octet * base + v;
    return i < left && at[i] == ';' && *octet < 128 ? i + 1 : 0;
}

/* The octet that an escape of JSON, XML or a URL stands for, and its length; 0: no escape. */
static size_t unescape(const char *at, size_t left, int *octet)
{
    static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
    const char *p;

    if (*at == '%' && left >= 3 && (*octet = hex(at + 1, 2)) >= 0)
        return 3;
    if (*at == '&')
        return unescape_xml(at, left, octet);
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

typedef size_t (*match_fn)(const char *secret, const char *at, size_t left);

/* Is the text from here to its end the beginning of this secret? */
static size_t match_cut(const char *secret, const char *at, size_t left)
{
    return secret && left >= SHORTEST && strlen(secret) > left && !memcmp(secret, at, left) ? left
                                                                                            : 0;
}

static size_t match_list(match_fn fn, const struct nube_session_value *v, const char *at,
                         size_t left)
{
    size_t best = 0, n;

    for (; v; v = v->next) {
        n = fn(v->value, at, left);
        if (n > best)
            best = n;
    }
    return best;
}

static size_t match_set(match_fn fn, const struct nube_checked_set *set, const char *at,
                        size_t left)
{
    size_t best = 0, n;

    for (size_t i = 0; i < set->count; i++) {
        n = set->at[i].row->flags & NUBE_OPTION_SECRET ? fn(set->at[i].text, at, left) : 0;
        if (n > best)
            best = n;
    }
    return best;
}

/* The longest secret that begins here. */
static size_t secret_at(match_fn fn, nube_call *c, const char *at, size_t left)
{
    const struct nube_session *s = nube_call_session(c);
    const size_t all[] = {
        match_list(fn, c->secrets, at, left), match_list(fn, s ? s->secrets : NULL, at, left),
        match_set(fn, &c->conn->options, at, left), match_set(fn, &c->args, at, left)};
    size_t best = 0;

    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
        if (all[i] > best)
            best = all[i];
    return best;
}

bool nube_redact_header(const char *name)
{
    static const char *const names[] = {"Authorization", "Proxy-Authorization", "Cookie",
                                        "Set-Cookie"};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (!strcasecmp(name, names[i]))
            return true;
    return false;
}

void nube_redact(nube_call *c, struct nube_buf *out, const char *text, size_t len)
{
    size_t i, n;

    for (i = 0; i < len; i += n) {
        n = secret_at(match, c, text + i, len - i);
        if (n) {
            nube_buf_puts(out, "***");
        } else {
            nube_buf_putc(out, text[i]);
            n = 1;
        }
    }
}

/* The length of the text without what may be the beginning of a secret that was cut off with it. */
static size_t without_cut_secret(nube_call *c, const char *text, size_t len)
{
    for (size_t i = 0; i + SHORTEST <= len; i++)
        if (secret_at(match_cut, c, text + i, len - i))
            return i;
    return len;
}

void nube_redact_text(nube_call *c, char *text, size_t size)
{
    size_t len = strlen(text), whole = len;
    struct nube_buf b;

    if (len + 4 >= size) /* it was cut, perhaps in front of a long character */
        whole = without_cut_secret(c, text, len);
    nube_buf_init(&b, size * 4);
    nube_redact(c, &b, text, whole);
    if (whole < len)
        nube_buf_puts(&b, "***");
    if (!b.failed && b.data) {
        size_t n = b.len < size - 1 ? b.len : size - 1;

        memcpy(text, b.data, n);
        text[n] = '\0';
    }
    nube_buf_free(&b);
}
