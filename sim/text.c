/* Growing text and what is written into it. */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mem.h"

static char *room(struct sim_text *t, size_t more)
{
    if (t->size - t->len <= more) {
        size_t size = t->size ? t->size : 256;
        while (size - t->len <= more)
            size *= 2;
        t->data = sim_grow(t->data, size);
        t->size = size;
    }
    return t->data + t->len;
}

void sim_text_add(struct sim_text *t, const void *data, size_t len)
{
    char *at = room(t, len);
    if (len)
        memcpy(at, data, len);
    at[len] = 0;
    t->len += len;
}

void sim_text_puts(struct sim_text *t, const char *text)
{
    sim_text_add(t, text, strlen(text));
}

void sim_text_putc(struct sim_text *t, char c)
{
    sim_text_add(t, &c, 1);
}

void sim_text_int(struct sim_text *t, int64_t n)
{
    char digits[24], *p = digits + sizeof digits;
    uint64_t u = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    do
        *--p = (char)('0' + u % 10);
    while (u /= 10);
    if (n < 0)
        *--p = '-';
    sim_text_add(t, p, (size_t)(digits + sizeof digits - p));
}

void sim_text_fmt(struct sim_text *t, const char *format, ...)
{
    va_list ap, again;
    va_start(ap, format);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, format, ap);
    va_end(ap);
    if (n > 0) {
        char *at = room(t, (size_t)n);
        vsnprintf(at, (size_t)n + 1, format, again);
        t->len += (size_t)n;
    }
    va_end(again);
}

/* The length of the character that begins here; 0: what is here is not UTF-8. */
static size_t utf8(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t n = p[0] < 0x80 ? 1 : p[0] >= 0xC2 && p[0] < 0xE0 ? 2 : (p[0] & 0xF0) == 0xE0 ? 3 : 4;
    if (p[0] >= 0x80 && (p[0] < 0xC2 || p[0] > 0xF4))
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    bool low = (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xF0 && p[1] < 0x90);
    bool high = (p[0] == 0xED && p[1] > 0x9F) || (p[0] == 0xF4 && p[1] > 0x8F);
    return low || high ? 0 : n;
}

static const char replacement[] = "\xEF\xBF\xBD";

static const char *entity(unsigned char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return "";
    }
}

void sim_text_xml(struct sim_text *t, const char *text)
{
    const char *from = text;
    for (;; text++) {
        unsigned char c = (unsigned char)*text;
        bool plain = c >= 0x20 ? c != '&' && c != '<' && c != '>' && c != '"'
                               : c == '\t' || c == '\n' || c == '\r';
        size_t len = plain && c >= 0x80 ? utf8(text) : 1;
        if (plain && len) {
            text += len - 1;
            continue;
        }
        sim_text_add(t, from, (size_t)(text - from));
        if (!c)
            return;
        sim_text_puts(t, plain ? replacement : entity(c));
        from = text + 1;
    }
}

void sim_open(struct sim_text *t, const char *name)
{
    size_t n = strlen(name);
    char *at = room(t, n + 2);
    *at++ = '<';
    memcpy(at, name, n);
    at[n] = '>';
    at[n + 1] = 0;
    t->len += n + 2;
}

void sim_close(struct sim_text *t, const char *name)
{
    size_t n = strlen(name);
    char *at = room(t, n + 3);
    *at++ = '<';
    *at++ = '/';
    memcpy(at, name, n);
    at[n] = '>';
    at[n + 1] = 0;
    t->len += n + 3;
}

void sim_elem(struct sim_text *t, const char *name, const char *value)
{
    if (!value)
        return;
    sim_open(t, name);
    sim_text_xml(t, value);
    sim_close(t, name);
}

void sim_elem_int(struct sim_text *t, const char *name, int64_t value)
{
    sim_open(t, name);
    sim_text_int(t, value);
    sim_close(t, name);
}

void sim_elem_bool(struct sim_text *t, const char *name, bool value)
{
    sim_elem(t, name, value ? "true" : "false");
}

void sim_elem_time(struct sim_text *t, const char *name, int64_t ms)
{
    char buf[32];
    sim_iso_time(buf, sizeof buf, ms);
    sim_elem(t, name, buf);
}

void sim_text_json(struct sim_text *t, const char *text)
{
    if (!text) {
        SIM_LIT(t, "null");
        return;
    }
    sim_text_putc(t, '"');
    for (size_t len; *text; text += len ? len : 1) {
        unsigned char c = (unsigned char)*text;
        len = utf8(text);
        if (c == '"' || c == '\\')
            sim_text_putc(t, '\\');
        if (c < 0x20)
            sim_text_fmt(t, "\\u%04x", c);
        else if (len)
            sim_text_add(t, text, len);
        else
            sim_text_puts(t, replacement);
    }
    sim_text_putc(t, '"');
}

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void sim_text_base64(struct sim_text *t, const void *data, size_t len)
{
    const unsigned char *p = data;
    for (size_t i = 0; i < len; i += 3) {
        size_t n = len - i < 3 ? len - i : 3;
        unsigned v = (unsigned)p[i] << 16 | (n > 1 ? (unsigned)p[i + 1] << 8 : 0) |
                     (n > 2 ? (unsigned)p[i + 2] : 0);
        char four[4] = {base64[v >> 18], base64[v >> 12 & 63], n > 1 ? base64[v >> 6 & 63] : '=',
                        n > 2 ? base64[v & 63] : '='};
        sim_text_add(t, four, 4);
    }
}

unsigned char *sim_base64_decode(const char *text, size_t *len)
{
    unsigned char *out = sim_alloc(strlen(text) / 4 * 3 + 4);
    size_t n = 0, seen = 0, pads = 0;
    unsigned bits = 0;
    for (; *text; text++) {
        if (strchr(" \t\r\n", *text))
            continue;
        const char *at = *text == '=' ? NULL : strchr(base64, *text);
        if (*text == '=')
            pads++;
        else if (!at || pads)
            goto bad;
        bits = bits << 6 | (at ? (unsigned)(at - base64) : 0);
        if (++seen % 4 == 0) {
            out[n++] = (unsigned char)(bits >> 16);
            out[n++] = (unsigned char)(bits >> 8);
            out[n++] = (unsigned char)bits;
            bits = 0;
        }
    }
    if (seen % 4 || pads > 2 || pads > n)
        goto bad;
    *len = n - pads;
    out[*len] = 0;
    return out;
bad:
    free(out);
    return NULL;
}

void sim_text_hex(struct sim_text *t, const unsigned char *data, size_t len, char between)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < len; i++) {
        char two[2] = {digits[data[i] >> 4], digits[data[i] & 15]};
        if (i && between)
            sim_text_putc(t, between);
        sim_text_add(t, two, 2);
    }
}

void sim_text_clear(struct sim_text *t)
{
    t->len = 0;
    if (t->data)
        *t->data = 0;
}

char *sim_text_take(struct sim_text *t)
{
    char *data = t->data ? t->data : sim_strdup("");
    *t = (struct sim_text){0};
    return data;
}

void sim_text_free(struct sim_text *t)
{
    free(t->data);
    *t = (struct sim_text){0};
}

void sim_iso_time(char *buf, size_t size, int64_t ms)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    size_t n = strftime(buf, size, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(buf + n, size - n, ".%03dZ", (int)(ms % 1000));
}

int64_t sim_iso_parse(const char *text)
{
    struct tm tm = {0};
    const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
    if (!rest)
        return -1;
    if (*rest == '.')
        rest += 1 + strspn(rest + 1, "0123456789");
    return *rest == 'Z' && !rest[1] ? (int64_t)timegm(&tm) * 1000 : -1;
}

bool sim_glob(const char *pattern, const char *text)
{
    const char *star = NULL, *again = NULL;
    for (;;) {
        if (*pattern == '*') {
            star = ++pattern;
            again = text;
            continue;
        }
        bool literal = *pattern == '\\' && pattern[1];
        const char *p = literal ? pattern + 1 : pattern;
        if (*text && (*p == *text || (!literal && *p == '?'))) {
            pattern = p + 1;
            text++;
        } else if (!*text && !*pattern) {
            return true;
        } else if (!star || !*again) {
            return false;
        } else {
            pattern = star;
            text = ++again;
        }
    }
}
