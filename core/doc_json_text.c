/* Decoding of JSON strings: escapes and surrogates; text must be UTF-8. */
#include "doc_json.h"

#include "encode.h"

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
        *to += nube_utf8_put(*to, (uint32_t)c);
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
        if (c >= 0x80 && !(k = nube_utf8_next(s, (size_t)(end - s)))) {
            *why = "text that is not UTF-8";
            return 0;
        }
        memcpy(to, s, k);
        to += k;
        s += k;
    }
    return (size_t)(to - start);
}
