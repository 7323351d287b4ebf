/*
 * A strict push tokenizer for JSON (RFC 8259), fed in pieces split at any octet.
 * UTF-8 must be valid; a surrogate pair is decoded and a lone surrogate becomes U+FFFD
 * (the grammar allows it, and one odd name should not cost the whole list); numbers stay
 * as written; equal names are kept in order; a BOM at the beginning is skipped.
 */
#include "doc_json.h"

#include <endian.h>
#include <stdio.h>

#include <nube/error.h>

enum state {
    VALUE,        /* a value must follow */
    VALUE_OR_END, /* after '[' */
    NAME_OR_END,  /* after '{' */
    NAME,         /* after ',' in an object */
    COLON,        /* after a name */
    COMMA_OR_END, /* after a value in a container */
    DONE          /* after the root */
};
enum token { NO_TOKEN, STRING, NUMBER, WORD };

static const char *const expected[] = {
    "a value",
    "a value or ']'",
    "a member name or '}'",
    "a member name in double quotes",
    "':' after a member name",
    "',' or the end of the container",
    "nothing after the end of the document",
};

void nube_tok_init(struct nube_tok *j, struct nube_build *b, bool values)
{
    memset(j, 0, sizeof(*j));
    j->b = b;
    j->values = values;
    nube_buf_init(&j->part, NUBE_MAX_REPLY);
}

void nube_tok_free(struct nube_tok *j)
{
    nube_buf_free(&j->part);
}

static uint64_t position(const struct nube_tok *j, const char *p)
{
    return j->base + (uint64_t)(p - j->piece);
}

/* Both give NULL, which is what the functions that advance through a piece answer when they fail.
 */
static const char *wrong(struct nube_tok *j, uint64_t at, const char *what)
{
    nube_build_fail(j->b, NUBE_E_PROTOCOL, "JSON: byte %llu: %s", (unsigned long long)at, what);
    return NULL;
}

static const char *unexpected(struct nube_tok *j, const char *p)
{
    unsigned char c = (unsigned char)*p;
    const char *want = expected[j->state], *hint = "";
    char what[120];

    if (j->state == COMMA_OR_END)
        want = j->b->open[j->b->depth - 1]->type == NUBE_DOC_ARRAY ? "',' or ']' after an element"
                                                                   : "',' or '}' after a member";
    if (c == '<' && !j->b->depth)
        hint = " (is it an HTML or XML page?)";
    if (c > ' ' && c < 0x7f)
        snprintf(what, sizeof(what), "expected %s, found '%c'%s", want, c, hint);
    else
        snprintf(what, sizeof(what), "expected %s, found octet 0x%02x", want, c);
    return wrong(j, position(j, p), what);
}

/* The builder refused a value: it said what, this says where. */
static const char *refused(struct nube_tok *j, uint64_t at)
{
    char what[sizeof(j->b->message)];

    memcpy(what, j->b->message, sizeof(what));
    snprintf(j->b->message, sizeof(j->b->message), "JSON: byte %llu: %.120s",
             (unsigned long long)at, what);
    return NULL;
}

static void value_done(struct nube_tok *j)
{
    if (j->b->depth)
        j->state = COMMA_OR_END;
    else
        j->state = j->values ? VALUE : DONE;
}

/* ---- strings ------------------------------------------------------------------- */

/* Non-zero in the lowest octet of w that ends a plain run: '"', '\\', control or not ASCII. */
static inline uint64_t special(uint64_t w)
{
    const uint64_t one = 0x0101010101010101u, top = one << 7;
    uint64_t quote = w ^ (one * '"'), back = w ^ (one * '\\');

    return (w | ((w - one * 0x20) & ~w) | ((quote - one) & ~quote) | ((back - one) & ~back)) & top;
}

/* Copies a string without escapes that is whole in this piece; its length, or -1: take the long
 * way. */
static inline int64_t plain_string(const char *p, const char *end, char *to, size_t room)
{
    size_t n = (size_t)(end - p) < room ? (size_t)(end - p) : room, i = 0;
    uint64_t w, hit;

    for (; i + 8 <= n; i += 8) {
        memcpy(&w, p + i, 8);
        memcpy(to + i, &w, 8);
        hit = special(le64toh(w));
        if (hit) {
            i += (size_t)__builtin_ctzll(hit) >> 3;
            return p[i] == '"' ? (int64_t)i : -1;
        }
    }
    for (; i < n; i++) {
        unsigned char c = (unsigned char)p[i];

        if (c == '"')
            return (int64_t)i;
        if (c < 0x20 || c >= 0x80 || c == '\\')
            return -1;
        to[i] = (char)c;
    }
    return -1;
}

/* The string in the room, len octets long, is the next name or value. */
static bool string_done(struct nube_tok *j, size_t len, uint64_t at)
{
    struct nube_build *b = j->b;
    const char *text = nube_build_commit(b, len);

    if (j->state == NAME || j->state == NAME_OR_END) {
        b->name = text;
        b->name_len = (uint32_t)len;
        b->name_hash = nube_doc_hash(text, len);
        j->state = COLON;
        return true;
    }
    if (!nube_build_scalar(b, NUBE_DOC_STRING, text, len)) {
        refused(j, at);
        return false;
    }
    value_done(j);
    return true;
}

static bool string_raw(struct nube_tok *j, const char *raw, size_t n, uint64_t at)
{
    const char *bad = raw, *why = NULL;
    size_t len;

    if (!nube_build_reserve(j->b, 0, n + 1)) {
        refused(j, at);
        return false;
    }
    len = nube_tok_decode(j->b->room->text, raw, n, &bad, &why);
    if (why) {
        wrong(j, at + 1 + (uint64_t)(bad - raw), why);
        return false;
    }
    return string_done(j, len, at);
}

/* The quote that ends a string, or NULL; *escaped carries a backslash over the end of a piece. */
static const char *find_quote(const char *p, const char *end, bool *escaped)
{
    bool esc = *escaped;

    for (; p < end; p++) {
        if (esc)
            esc = false;
        else if (*p == '\\')
            esc = true;
        else if (*p == '"')
            break;
    }
    *escaped = esc;
    return p < end ? p : NULL;
}

/* Keeps the beginning of a token for the next piece. */
static const char *keep(struct nube_tok *j, enum token token, uint64_t at, const char *p,
                        const char *end)
{
    if (j->token == NO_TOKEN) {
        nube_buf_clear(&j->part);
        j->part.cap = j->b->room->limit;
        j->part_at = at;
        j->token = (uint8_t)token;
    }
    nube_buf_add(&j->part, p, (size_t)(end - p));
    if (!j->part.failed)
        return end;
    nube_build_fail(j->b, j->part.over ? NUBE_E_TOO_LARGE : NUBE_E_MEMORY,
                    j->part.over ? "a value larger than %zu MiB"
                                 : "out of memory for a value of %zu MiB",
                    j->part.cap >> 20);
    return refused(j, j->part_at);
}

/* p: the opening quote. The place after the closing one. */
static const char *string(struct nube_tok *j, const char *p, const char *end)
{
    uint64_t at = position(j, p);
    const char *quote;
    bool escaped = false;
    int64_t n;

    nube_build_pick(j->b);
    p++;
    n = plain_string(p, end, j->b->room->text, j->b->room->left);
    if (n >= 0)
        return string_done(j, (size_t)n, at) ? p + n + 1 : NULL;
    quote = find_quote(p, end, &escaped);
    if (!quote) {
        j->escaped = escaped;
        return keep(j, STRING, at, p, end);
    }
    return string_raw(j, p, (size_t)(quote - p), at) ? quote + 1 : NULL;
}

/* ---- numbers and words ----------------------------------------------------------- */

static bool in_run(enum token token, char c)
{
    if (token == WORD)
        return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
}

static bool number_done(struct nube_tok *j, const char *raw, size_t n, uint64_t at)
{
    const char *text;

    if (!nube_doc_number_ok(raw, n)) {
        char what[80];

        snprintf(what, sizeof(what), "expected a number, found %.*s", n < 40 ? (int)n : 40, raw);
        wrong(j, at, what);
        return false;
    }
    if (!nube_build_reserve(j->b, 0, n + 1))
        goto refuse;
    memcpy(j->b->room->text, raw, n);
    text = nube_build_commit(j->b, n);
    if (!nube_build_scalar(j->b, NUBE_DOC_NUMBER, text, n))
        goto refuse;
    value_done(j);
    return true;
refuse:
    refused(j, at);
    return false;
}

static bool word_done(struct nube_tok *j, const char *raw, size_t n, uint64_t at)
{
    char what[80];
    bool ok;

    if (n == 4 && memcmp(raw, "true", 4) == 0) {
        ok = nube_build_scalar(j->b, NUBE_DOC_BOOL, "true", 4);
    } else if (n == 5 && memcmp(raw, "false", 5) == 0) {
        ok = nube_build_scalar(j->b, NUBE_DOC_BOOL, "false", 5);
    } else if (n == 4 && memcmp(raw, "null", 4) == 0) {
        ok = nube_build_scalar(j->b, NUBE_DOC_NULL, NULL, 0);
    } else {
        snprintf(what, sizeof(what), "expected a value, found %.*s", n < 40 ? (int)n : 40, raw);
        wrong(j, at, what);
        return false;
    }
    if (!ok)
        refused(j, at);
    else
        value_done(j);
    return ok;
}

/* A number or true, false, null: it ends where its characters end, which may be in the next piece.
 */
static const char *run(struct nube_tok *j, enum token token, const char *p, const char *end)
{
    const char *start = p;
    uint64_t at = position(j, p);
    bool ok;

    nube_build_pick(j->b);
    while (p < end && in_run(token, *p))
        p++;
    if (p == end)
        return keep(j, token, at, start, end);
    ok = token == NUMBER ? number_done(j, start, (size_t)(p - start), at)
                         : word_done(j, start, (size_t)(p - start), at);
    return ok ? p : NULL;
}

/* The kept part with what completes it. */
static bool part_done(struct nube_tok *j)
{
    enum token token = (enum token)j->token;

    j->token = NO_TOKEN;
    j->escaped = false;
    if (token == STRING)
        return string_raw(j, j->part.data, j->part.len, j->part_at);
    if (token == NUMBER)
        return number_done(j, j->part.data, j->part.len, j->part_at);
    return word_done(j, j->part.data, j->part.len, j->part_at);
}

/* Goes on with the token that the last piece broke off. */
static const char *resume(struct nube_tok *j, const char *p, const char *end)
{
    const char *start = p, *stop;

    if (j->token == STRING) {
        stop = find_quote(p, end, &j->escaped);
    } else {
        while (p < end && in_run((enum token)j->token, *p))
            p++;
        stop = p < end ? p : NULL;
    }
    if (!keep(j, (enum token)j->token, j->part_at, start, stop ? stop : end))
        return NULL;
    if (!stop)
        return end;
    p = j->token == STRING ? stop + 1 : stop;
    return part_done(j) ? p : NULL;
}

/* ---- structure --------------------------------------------------------------------- */

static const char *open_container(struct nube_tok *j, enum nube_doc_type type, const char *p)
{
    struct nube_doc *node = nube_build_add(j->b, type);

    if (!node || !nube_build_open(j->b, node))
        return refused(j, position(j, p));
    j->state = type == NUBE_DOC_ARRAY ? VALUE_OR_END : NAME_OR_END;
    return p + 1;
}

static const char *close_container(struct nube_tok *j, const char *p)
{
    if (!nube_build_close(j->b))
        return refused(j, position(j, p));
    value_done(j);
    return p + 1;
}

static inline const char *value(struct nube_tok *j, const char *p, const char *end)
{
    char c = *p;

    if (c == '"')
        return string(j, p, end);
    if (c == '{')
        return open_container(j, NUBE_DOC_OBJECT, p);
    if (c == '[')
        return open_container(j, NUBE_DOC_ARRAY, p);
    if (c == '-' || (c >= '0' && c <= '9'))
        return run(j, NUMBER, p, end);
    if (in_run(WORD, c))
        return run(j, WORD, p, end);
    return unexpected(j, p);
}

static const char *comma_or_end(struct nube_tok *j, const char *p)
{
    bool array = j->b->open[j->b->depth - 1]->type == NUBE_DOC_ARRAY;

    if (*p == ',') {
        j->state = array ? VALUE : NAME;
        return p + 1;
    }
    return *p == (array ? ']' : '}') ? close_container(j, p) : unexpected(j, p);
}

static const char *step(struct nube_tok *j, const char *p, const char *end)
{
    switch ((enum state)j->state) {
    case VALUE_OR_END:
        if (*p == ']')
            return close_container(j, p);
        return value(j, p, end);
    case VALUE:
        return value(j, p, end);
    case NAME_OR_END:
        if (*p == '}')
            return close_container(j, p);
        return *p == '"' ? string(j, p, end) : unexpected(j, p);
    case NAME:
        return *p == '"' ? string(j, p, end) : unexpected(j, p);
    case COLON:
        if (*p != ':')
            return unexpected(j, p);
        j->state = VALUE;
        return p + 1;
    case COMMA_OR_END:
        return comma_or_end(j, p);
    case DONE:
        break;
    }
    return unexpected(j, p);
}

static const char *skip_bom(struct nube_tok *j, const char *p, const char *end)
{
    while (p < end && j->bom < 3) {
        if (*p == "\xef\xbb\xbf"[j->bom]) {
            j->bom++;
            p++;
        } else if (j->bom) {
            return unexpected(j, p);
        } else {
            j->bom = 3;
        }
    }
    return p;
}

bool nube_tok_push(struct nube_tok *j, const char *bytes, size_t len)
{
    const char *p = bytes, *end = bytes + len;

    if (!len)
        return true;
    j->piece = bytes;
    if (j->bom < 3)
        p = skip_bom(j, p, end);
    if (p && j->token != NO_TOKEN)
        p = resume(j, p, end);
    while (p && p < end) {
        if (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')
            p++;
        else
            p = step(j, p, end);
    }
    j->base += len;
    return p != NULL;
}

static bool cut_off(struct nube_tok *j, const char *where)
{
    return nube_build_fail(j->b, NUBE_E_PROTOCOL,
                           "JSON ends inside %s at byte %llu: the reply was cut off", where,
                           (unsigned long long)j->base);
}

/* Does the kept word or number stand as it is? What is not whole at the end was cut off. */
static bool part_is_whole(const struct nube_tok *j)
{
    const char *s = j->part.data;
    size_t n = j->part.len;

    if (j->token == NUMBER)
        return nube_doc_number_ok(s, n);
    return (n >= 4 || memcmp("true", s, n) != 0) && (n >= 5 || memcmp("false", s, n) != 0) &&
           (n >= 4 || memcmp("null", s, n) != 0);
}

bool nube_tok_end(struct nube_tok *j)
{
    if (j->token == STRING)
        return cut_off(j, "a string");
    if (j->bom == 1 || j->bom == 2)
        return cut_off(j, "a byte order mark");
    /* Before the kept token: a number in a container may have lost digits. */
    if (j->b->depth)
        return cut_off(j, j->b->open[j->b->depth - 1]->type == NUBE_DOC_ARRAY ? "an array"
                                                                              : "an object");
    if (j->token == NO_TOKEN)
        return true;
    if (!part_is_whole(j))
        return cut_off(j, j->token == NUMBER ? "a number" : "a word");
    return part_done(j);
}
