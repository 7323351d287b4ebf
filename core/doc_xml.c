/*
 * A strict push tokenizer for XML 1.0, fed in pieces split at any octet. UTF-8 only; no
 * DOCTYPE, so no entities but the five and no defaults; prefixes are cut off and namespaces
 * not looked at; comments and processing instructions are checked and dropped. Whatever
 * stands between '<' and '>' is read from one contiguous text, text itself as it comes.
 */
#include "doc_xml.h"

#include <endian.h>
#include <stdio.h>

#include <nube/error.h>

enum mode { CONTENT, CDATA, COMMENT, INSTRUCTION };
enum token {
    NO_TOKEN,
    LESS,        /* '<' and nothing more yet */
    START,       /* of an element */
    END,         /* of an element */
    BANG,        /* a comment's, a section's or a DOCTYPE's beginning */
    TARGET,      /* of a processing instruction, with the white space or "?>" after it */
    DECLARATION, /* all of it */
    REFERENCE,
    CHARACTER /* of several octets */
};

void nube_xml_init(struct nube_xml *x, struct nube_build *b)
{
    memset(x, 0, sizeof(*x));
    x->b = b;
    x->line = 1;
    nube_buf_init(&x->part, NUBE_MAX_REPLY);
}

void nube_xml_free(struct nube_xml *x)
{
    nube_buf_free(&x->part);
}

static const char *no_character(struct nube_xml *x, const char *p)
{
    unsigned char c = (unsigned char)*p;
    char what[80];

    snprintf(what, sizeof(what), "octet 0x%02x is %s", c,
             c < ' ' ? "a control character that XML does not allow" : "no UTF-8");
    return nube_xml_wrong(x, p, what);
}

/* ---- tokens -------------------------------------------------------------------------- */

/* Is this the last octet of the token? They are looked at one by one, in whatever piece they come.
 */
static bool last(struct nube_xml *x, char c)
{
    size_t n = x->n++;

    if (x->token == LESS)
        x->token = c == '!' ? BANG : c == '?' ? TARGET : c == '/' ? END : START;
    switch ((enum token)x->token) {
    case START:
        if (x->quote ? c == x->quote : c == '"' || c == '\'')
            x->quote = x->quote ? '\0' : c;
        return !x->quote && (c == '>' || c == '<');
    case BANG:
        if (n == 2)
            x->want = c == '-' ? 4 : c == '[' || c == 'D' ? 9 : 3;
        return n > 1 && n + 1 == x->want;
    case TARGET:
        x->may_be_xml &= n > 4 || c == "<?xml"[n];
        if (n == 5 && x->may_be_xml && !x->begun && nube_xml_white(c))
            x->token = DECLARATION;
        if (x->token != TARGET || n < 2 || x->quote)
            return x->quote;
        x->quote = c == '?' ? c : '\0';
        return nube_xml_white(c);
    case REFERENCE:
        return c == ';' || c == '<' || c == '&' || nube_xml_white(c);
    case CHARACTER:
        return n + 1 == x->want;
    default:
        return c == '>';
    }
}

/* Goes on with the token; the place behind it, or NULL: it does not end in this piece. */
static const char *find_end(struct nube_xml *x, const char *p, const char *end)
{
    while (p < end)
        if (last(x, *p++))
            return p;
    return NULL;
}

static const char *keep(struct nube_xml *x, const char *p, const char *end)
{
    nube_buf_add(&x->part, p, (size_t)(end - p));
    if (!x->part.failed)
        return end;
    nube_build_fail(x->b, x->part.over ? NUBE_E_TOO_LARGE : NUBE_E_MEMORY,
                    x->part.over ? "a tag larger than %zu MiB"
                                 : "out of memory for a tag of %zu MiB",
                    x->part.cap >> 20);
    return nube_xml_refused(x);
}

/* ---- other tokens -------------------------------------------------------------------- */

static bool bang(struct nube_xml *x, const char *p, const char *end)
{
    size_t n = (size_t)(end - p);

    x->run = 0;
    if (n == 4 && memcmp(p, "<!--", 4) == 0)
        x->mode = COMMENT;
    else if (n == 9 && memcmp(p, "<![CDATA[", 9) == 0 && x->b->depth)
        x->mode = CDATA;
    else if (n == 9 && memcmp(p, "<!DOCTYPE", 9) == 0)
        return nube_xml_wrong(x, p, "a DOCTYPE is refused (is it an HTML page?)");
    else
        return nube_xml_wrong(x, p, "a '<!' that begins neither a comment nor a CDATA section");
    return true;
}

static bool target(struct nube_xml *x, const char *p, const char *end)
{
    const char *stop = nube_xml_name_at(x, p + 2, end, "the name of a processing instruction");

    if (!stop)
        return false;
    if (stop + 1 != end && memcmp(stop, "?>", 2) != 0)
        return nube_xml_expected(x, stop,
                                 "white space or '?>' after a processing instruction's name");
    if (stop - p == 5 && (p[2] | 0x20) == 'x' && (p[3] | 0x20) == 'm' && (p[4] | 0x20) == 'l')
        return nube_xml_wrong(x, p, "an XML declaration that is not at the beginning");
    x->run = 0;
    if (stop + 1 == end)
        x->mode = INSTRUCTION;
    return true;
}

static bool declaration(struct nube_xml *x, const char *p, const char *end)
{
    char why[80];

    return nube_xml_declaration(p, end, why) || nube_xml_wrong(x, p, why);
}

/* Makes room for more of the open element's text. */
static bool widen(struct nube_xml *x)
{
    /* Twice, so that a long text that comes in small pieces is not copied for each. */
    return nube_build_refill(x->b, x->text_len, 2 * x->text_len + 64) || nube_xml_refused(x);
}

/* At least 4 octets fit when this is true. */
static inline bool roomy(const struct nube_xml *x)
{
    return x->b->room->left > x->text_len + 4;
}

static bool reference(struct nube_xml *x, const char *p, const char *end)
{
    char to[4], why[80];
    size_t n = nube_xml_reference(to, p, end, why);

    x->run = 0;
    if (!n)
        return nube_xml_wrong(x, p, why);
    if (!roomy(x) && !widen(x))
        return false;
    memcpy(x->b->room->text + x->text_len, to, n);
    x->text_len += n;
    return true;
}

static const char *content(struct nube_xml *x, const char *p, const char *end);

/* A token that is whole. */
static bool token(struct nube_xml *x, const char *p, const char *end)
{
    enum token is = (enum token)x->token;

    x->token = NO_TOKEN;
    switch (is) {
    case START:
        return nube_xml_start_tag(x, p, end);
    case END:
        return nube_xml_end_tag(x, p, end);
    case BANG:
        return bang(x, p, end);
    case TARGET:
        return target(x, p, end);
    case DECLARATION:
        return declaration(x, p, end);
    case REFERENCE:
        return reference(x, p, end);
    default:
        return content(x, p, end) != NULL;
    }
}

/* p: the first octet of a token; the place behind it, or the end when it is kept for later. */
static const char *begin_token(struct nube_xml *x, enum token is, const char *p, const char *end)
{
    const char *stop;

    x->token = (uint8_t)is;
    x->n = 1;
    x->quote = '\0';
    x->may_be_xml = true;
    if (is == CHARACTER)
        x->want = (uint8_t)nube_xml_promised(*p);
    stop = find_end(x, p + 1, end);
    if (stop) {
        bool ok = token(x, p, stop);

        x->begun = true;
        return ok ? stop : NULL;
    }
    nube_buf_clear(&x->part);
    x->part.cap = x->b->room->limit;
    x->part_line = nube_xml_line(x, p);
    return keep(x, p, end);
}

/* Goes on with the token that the last piece broke off. */
static const char *resume(struct nube_xml *x, const char *p, const char *end)
{
    const char *stop = find_end(x, p, end);
    uint64_t line = x->line;
    bool ok;

    if (!keep(x, p, stop ? stop : end))
        return NULL;
    if (!stop)
        return end;
    x->mark = x->part.data;
    x->line = x->part_line;
    ok = token(x, x->part.data, x->part.data + x->part.len);
    x->line = line;
    x->begun = true;
    return ok ? stop : NULL;
}

/* ---- markup -------------------------------------------------------------------------- */

static const char *markup(struct nube_xml *x, const char *p, const char *end)
{
    const char *next = NULL;

    x->run = 0;
    if (p + 1 < end)
        next = p[1] == '/' ? nube_xml_quick_end(x, p, end) : nube_xml_quick_start(x, p, end);
    if (next)
        return next;
    return x->b->code ? nube_xml_refused(x) : begin_token(x, LESS, p, end);
}

/* ---- text ---------------------------------------------------------------------------- */

/* Non-zero in the lowest octet of w that text does not take as it is: '<', '&', ']', controls and
 * what is not ASCII. */
static inline uint64_t special(uint64_t w)
{
    const uint64_t one = 0x0101010101010101u, top = one << 7;
    uint64_t less = w ^ (one * '<'), amp = w ^ (one * '&'), bracket = w ^ (one * ']');

    return (w | ((w - one * 0x20) & ~w) | ((less - one) & ~less) | ((amp - one) & ~amp) |
            ((bracket - one) & ~bracket)) &
           top;
}

static inline bool plain(unsigned char c)
{
    return (c >= ' ' && c < 0x80 && c != '<' && c != '&' && c != ']') || c == '\n' || c == '\t';
}

/* Copies what text takes as it is, n octets at most; how many there were. */
static inline size_t copy_plain(char *to, const char *p, size_t n)
{
    size_t i = 0;
    uint64_t w, hit;

    while (i + 8 <= n) {
        memcpy(&w, p + i, 8);
        memcpy(to + i, &w, 8);
        hit = special(le64toh(w));
        i += hit ? (size_t)__builtin_ctzll(hit) >> 3 : 8;
        if (!hit)
            continue;
        if (!plain((unsigned char)p[i]))
            return i;
        i++;
    }
    for (; i < n && plain((unsigned char)p[i]); i++)
        to[i] = p[i];
    return i;
}

static inline void put(struct nube_xml *x, const char *p, size_t n)
{
    memcpy(x->b->room->text + x->text_len, p, n);
    x->text_len += n;
}

/* An end of line is one '\n', however it is written and cut. */
static const char *carriage_return(struct nube_xml *x, const char *p, const char *end)
{
    put(x, "\n", 1);
    x->cr = ++p == end;
    return p + (p < end && *p == '\n');
}

/* An octet that is not plain; the place behind what it is. */
static const char *odd(struct nube_xml *x, const char *p, const char *end)
{
    size_t n;

    if (*p == '\r')
        return carriage_return(x, p, end);
    if (*p == ']')
        x->run = x->run < 2 ? x->run + 1 : 2;
    n = nube_xml_char(p, end);
    if (!n && (size_t)(end - p) < nube_xml_promised(*p))
        return begin_token(x, CHARACTER, p, end);
    if (!n)
        return no_character(x, p);
    put(x, p, n);
    return p + n;
}

static inline bool at_markup(const struct nube_xml *x, const char *p)
{
    return x->mode == CONTENT && (*p == '<' || *p == '&');
}

/* Text of the open element up to the next markup, or a CDATA section up to its end. */
static const char *text(struct nube_xml *x, const char *p, const char *end)
{
    while (p < end && !at_markup(x, p)) {
        size_t room, n;

        if (!roomy(x) && !widen(x))
            return NULL;
        if (x->run == 2 && *p == '>') { /* "]]>" */
            if (x->mode == CONTENT)
                return nube_xml_wrong(x, p, "']]>' in text");
            x->text_len -= 2;
            x->mode = CONTENT;
            x->run = 0;
            return p + 1;
        }
        if (*p != ']')
            x->run = 0;
        room = x->b->room->left - x->text_len - 4;
        n = copy_plain(x->b->room->text + x->text_len, p,
                       (size_t)(end - p) < room ? (size_t)(end - p) : room);
        x->text_len += n;
        p += n;
        if (p == end || n == room || at_markup(x, p))
            continue;
        p = odd(x, p, end);
        if (!p || x->token != NO_TOKEN)
            return p;
    }
    return p;
}

/* White space between elements, skipped where it is sure to mean nothing; else p itself. */
static const char *skip_layout(const struct nube_xml *x, const char *p, const char *end)
{
    const char *s = p;

    if (x->text_len || x->run)
        return p;
    while (s < end && (*s == ' ' || *s == '\n'))
        s++;
    if (end - s < 2 || *s != '<' || s[1] == '!' || s[1] == '?')
        return p;
    return s[1] != '/' || x->b->open[x->b->depth - 1]->u.c.count ? s : p;
}

/* A comment or a processing instruction, up to its end. */
static const char *skip(struct nube_xml *x, const char *p, const char *end)
{
    char again = x->mode == COMMENT ? '-' : '?';

    while (p < end) {
        size_t n;

        if (*p == '>' && x->run == (x->mode == COMMENT ? 2 : 1)) {
            x->mode = CONTENT;
            x->run = 0;
            return p + 1;
        }
        if (x->run == 2)
            return nube_xml_wrong(x, p, "'--' in a comment");
        x->run = *p != again ? 0 : x->mode == COMMENT ? x->run + 1 : 1;
        n = nube_xml_char(p, end);
        if (!n && (size_t)(end - p) < nube_xml_promised(*p))
            return begin_token(x, CHARACTER, p, end);
        if (!n)
            return no_character(x, p);
        p += n;
    }
    return p;
}

/* ---- pieces -------------------------------------------------------------------------- */

/* Before and after the root element. */
static const char *outside(struct nube_xml *x, const char *p)
{
    if (!nube_xml_white(*p))
        return x->root ? nube_xml_wrong(x, p, "content after the root element")
                       : nube_xml_expected(x, p, "'<' of the root element");
    x->begun = true;
    return p + 1;
}

static const char *content(struct nube_xml *x, const char *p, const char *end)
{
    while (p && p < end) {
        if (x->mode == COMMENT || x->mode == INSTRUCTION)
            p = skip(x, p, end);
        else if (x->mode == CDATA)
            p = text(x, p, end);
        else if (*p == '<')
            p = markup(x, p, end);
        else if (!x->b->depth)
            p = outside(x, p);
        else if (*p == '&')
            p = begin_token(x, REFERENCE, p, end);
        else
            p = text(x, skip_layout(x, p, end), end);
    }
    return p;
}

static const char *skip_bom(struct nube_xml *x, const char *p, const char *end)
{
    while (p < end && x->bom < 3) {
        if (*p == "\xef\xbb\xbf"[x->bom]) {
            x->bom++;
            p++;
        } else if (x->bom) {
            return no_character(x, p);
        } else {
            x->bom = 3;
        }
    }
    return p;
}

bool nube_xml_push(struct nube_xml *x, const char *bytes, size_t len)
{
    const char *p = bytes, *end = bytes + len;

    if (!len)
        return true;
    x->mark = bytes;
    if (x->bom < 3)
        p = skip_bom(x, p, end);
    if (p && p < end && x->cr) {
        x->cr = false;
        p += *p == '\n';
    }
    if (p && x->token != NO_TOKEN) {
        p = resume(x, p, end);
        x->mark = bytes;
    }
    p = content(x, p, end);
    x->line = nube_xml_line(x, end);
    return p != NULL;
}

bool nube_xml_end(struct nube_xml *x)
{
    if (x->root && !x->b->depth && x->mode == CONTENT && x->token == NO_TOKEN)
        return true;
    return nube_build_fail(x->b, NUBE_E_PROTOCOL, "XML ends %s at line %llu: the reply was cut off",
                           !x->root      ? "before the root element"
                           : x->b->depth ? "inside an element"
                                         : "inside what follows the root element",
                           (unsigned long long)x->line);
}
