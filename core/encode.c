/* Text encodings: UTF-8 checked character by character, hex, base64, percent. */
#include "encode.h"

#include <string.h>

size_t nube_utf8_next(const char *text, size_t len)
{
    const unsigned char *u = (const unsigned char *)text;
    size_t n, i;

    if (!len)
        return 0;
    if (u[0] < 0x80)
        return 1;
    n = u[0] >= 0xc2 && u[0] < 0xe0 ? 2 : (u[0] & 0xf0) == 0xe0 ? 3 : (u[0] & 0xf8) == 0xf0 ? 4 : 0;
    if (!n || n > len || u[0] > 0xf4)
        return 0;
    for (i = 1; i < n; i++)
        if ((u[i] & 0xc0) != 0x80)
            return 0;
    /* Overlong forms, surrogates, and what is past U+10FFFF. */
    if ((u[0] == 0xe0 && u[1] < 0xa0) || (u[0] == 0xed && u[1] > 0x9f) ||
        (u[0] == 0xf0 && u[1] < 0x90) || (u[0] == 0xf4 && u[1] > 0x8f))
        return 0;
    return n;
}

size_t nube_utf8_put(char to[4], uint32_t c)
{
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4, i;

    if (n == 1) {
        *to = (char)c;
        return 1;
    }
    for (i = n; i-- > 1; c >>= 6)
        to[i] = (char)(0x80 | (c & 0x3f));
    to[0] = (char)(0xf00u >> n | c);
    return n;
}

void nube_encode_hex(struct nube_buf *out, const void *data, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *u = data;
    size_t i;

    for (i = 0; i < len; i++)
        nube_buf_add(out, (const char[]){digits[u[i] >> 4], digits[u[i] & 15]}, 2);
}

static const char std[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char web[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* The URL alphabet goes without padding, as tokens have it. */
void nube_encode_base64(struct nube_buf *out, const void *data, size_t len, bool url)
{
    const char *alphabet = url ? web : std;
    const unsigned char *u = data;

    for (; len; len -= len < 3 ? len : 3, u += 3) {
        uint32_t v =
            (uint32_t)u[0] << 16 | (len > 1 ? (uint32_t)u[1] << 8 : 0) | (len > 2 ? u[2] : 0);
        char quad[4] = {alphabet[v >> 18], alphabet[v >> 12 & 63],
                        len > 1 ? alphabet[v >> 6 & 63] : '=', len > 2 ? alphabet[v & 63] : '='};

        nube_buf_add(out, quad, 4);
    }
}

static int digit64(char c)
{
    const char *at = c ? strchr(std, c) : NULL;

    if (!at && (c == '-' || c == '_'))
        return c == '-' ? 62 : 63;
    return at ? (int)(at - std) : -1;
}

bool nube_decode_base64(struct nube_buf *out, const char *text)
{
    uint32_t v = 0;
    unsigned n = 0, pad = 0;

    for (; *text; text++) {
        int d = digit64(*text);

        if (strchr(" \t\r\n", *text))
            continue;
        if (*text == '=' && n % 4 + pad++ >= 2 && n % 4 + pad <= 4)
            continue;
        if (d < 0 || pad)
            return false;
        v = v << 6 | (uint32_t)d;
        n++;
        if (n % 4 == 0)
            nube_buf_add(out, (const char[]){(char)(v >> 16), (char)(v >> 8), (char)v}, 3);
    }
    if (n % 4 == 2)
        nube_buf_putc(out, (char)(v >> 4));
    else if (n % 4 == 3)
        nube_buf_add(out, (const char[]){(char)(v >> 10), (char)(v >> 2)}, 2);
    return n % 4 != 1 && !out->failed;
}

static bool unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void nube_encode_uri(struct nube_buf *out, const char *text, bool slash)
{
    static const char digits[] = "0123456789ABCDEF";
    unsigned char c;
    size_t n;

    for (;;) {
        for (n = 0; unreserved(text[n]) || (slash && text[n] == '/'); n++)
            ;
        if (n)
            nube_buf_add(out, text, n);
        if (!text[n])
            return;
        c = (unsigned char)text[n];
        nube_buf_add(out, (const char[]){'%', digits[c >> 4], digits[c & 15]}, 3);
        text += n + 1;
    }
}
