/* Decoding of JSON strings: escapes, surrogates, and the check that text is UTF-8. */
#include "doc_json.h"

/* Octets of the UTF-8 character at p, 0 when it is not one (overlong, surrogate, past U+10FFFF,
 * cut). */
static size_t utf8_char(const unsigned char *p, size_t left)
{
    unsigned char low = 0x80, high = 0xbf;
    size_t n, i;

    if (p[0] < 0xc2 || p[0] > 0xf4)
        return 0;
    n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    if (left < n)
        return 0;
    if (p[0] == 0xe0)
        low = 0xa0;
    else if (p[0] == 0xed)
        high = 0x9f;
    else if (p[0] == 0xf0)
        low = 0x90;
    else if (p[0] == 0xf4)
        high = 0x8f;
    if (p[1] < low || p[1] > high)
        return 0;
    for (i = 2; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return n;
}

static char *put_utf8(char *to, uint32_t c)
{
    if (c < 0x80) {
        *to++ = (char)c;
        return to;
    }
    if (c < 0x800) {
        *to++ = (char)(0xc0 | c >> 6);
    } else {
        if (c < 0x10000) {
            *to++ = (char)(0xe0 | c >> 12);
        } else {
            *to++ = (char)(0xf0 | c >> 18);
            *to++ = (char)(0x80 | (c >> 12 & 0x3f));
        }
        *to++ = (char)(0x80 | (c >> 6 & 0x3f));
    }
    *to++ = (char)(0x80 | (c & 0x3f));
    return to;
}

/* Four hexadecimal digits, or -1. */
static int32_t hex4(const char *s, const char *end)
{
    int32_t v = 0;
    int i;

    if (end - s < 4)
        return -1;
    for (i = 0; i < 4; i++) {
        char c = s[i];

        if (c >= '0' && c <= '9')
            v = v * 16 + (c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            v = v * 16 + ((c | 0x20) - 'a' + 10);
        else
            return -1;
    }
    return v;
}

/* What "\u" at *s stands for, *s moved past it (and past the second half of a pair); -1: not
 * hexadecimal. */
static int32_t unicode_escape(const char **s, const char *end)
{
    int32_t c = hex4(*s + 2, end), low;

    if (c < 0)
        return -1;
    *s += 6;
    if (c < 0xd800 || c > 0xdfff)
        return c;
    if (c < 0xdc00 && end - *s >= 6 && (*s)[0] == '\\' && (*s)[1] == 'u') {
        low = hex4(*s + 2, end);
        if (low >= 0xdc00 && low <= 0xdfff) {
            *s += 6;
            return 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        }
    }
    return 0xfffd;
}

/* Decodes the escape at s into *to; NULL: there is no such escape. */
static const char *escape(const char *s, const char *end, char **to)
{
    static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
    const char *hit;
    int32_t c;

    if (s[1] == 'u') {
        c = unicode_escape(&s, end);
        if (c < 0)
            return NULL;
        *to = put_utf8(*to, (uint32_t)c);
        return s;
    }
    hit = memchr(from, s[1], sizeof(from) - 1);
    if (!hit)
        return NULL;
    *(*to)++ = into[hit - from];
    return s + 2;
}

size_t nube_tok_decode(char *to, const char *raw, size_t n, const char **bad, const char **why)
{
    const char *s = raw, *end = raw + n;
    char *start = to;

    while (s < end) {
        unsigned char c = (unsigned char)*s;
        size_t k = 1;

        *bad = s;
        if (c == '\\') {
            s = escape(s, end, &to);
            if (!s) {
                *why = "no such escape in a string";
                return 0;
            }
            continue;
        }
        if (c < 0x20) {
            *why = "a control character in a string must be escaped";
            return 0;
        }
        if (c >= 0x80 && !(k = utf8_char((const unsigned char *)s, (size_t)(end - s)))) {
            *why = "text that is not UTF-8";
            return 0;
        }
        memcpy(to, s, k);
        to += k;
        s += k;
    }
    return (size_t)(to - start);
}
