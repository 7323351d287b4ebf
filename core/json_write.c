/* JSON text: strings quoted whatever their octets, and numbers whatever the locale. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "encode.h"
#include "object_int.h"

/* Octets that go out as they are, up to len. */
static size_t plain(const char *text, size_t len)
{
    size_t i = 0;

    while (i < len && (unsigned char)text[i] >= 0x20 && (unsigned char)text[i] < 0x7f &&
           text[i] != '"' && text[i] != '\\')
        i++;
    return i;
}

/* DEL and the controls go out as escapes, so that a terminal is never driven by a name. */
static void escape(struct nube_buf *out, unsigned c)
{
    static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
    const char *at = c ? strchr(from, (int)c) : NULL;

    if (at)
        nube_buf_add(out, (const char[]){'\\', to[at - from]}, 2);
    else
        nube_buf_fmt(out, "\\u%04x", c);
}

/* One character that plain() stopped at; gives the octets read. */
static size_t special(struct nube_buf *out, const char *text, size_t len)
{
    const unsigned char *u = (const unsigned char *)text;
    size_t n = nube_utf8_next(text, len);

    if (n == 0)
        nube_buf_puts(out, "\xef\xbf\xbd");
    else if (n == 1)
        escape(out, u[0]);
    else if (n == 2 && u[0] == 0xc2 && u[1] < 0xa0)
        escape(out, u[1]);
    else
        nube_buf_add(out, text, n);
    return n ? n : 1;
}

void nube_json_quote(struct nube_buf *out, const char *text, size_t len)
{
    nube_buf_putc(out, '"');
    while (len) {
        size_t n = plain(text, len);

        if (n)
            nube_buf_add(out, text, n);
        else
            n = special(out, text, len);
        text += n;
        len -= n;
    }
    nube_buf_putc(out, '"');
}

void nube_json_real(struct nube_buf *out, double value)
{
    char text[40], *p;

    if (!isfinite(value)) {
        nube_buf_puts(out, "null");
        return;
    }
    snprintf(text, sizeof(text), "%.15g", value);
    if (strtod(text, NULL) < value || strtod(text, NULL) > value)
        snprintf(text, sizeof(text), "%.17g", value);
    for (p = text; *p; p++)
        if (!strchr("0123456789+-e", *p))
            *p = '.';
    nube_buf_puts(out, text);
}
