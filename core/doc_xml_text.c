/* Characters, names, references, attribute values and the declaration of XML 1.0, fifth edition. */
#include "doc_xml.h"

#include <stdio.h>
#include <strings.h>

#include "encode.h"

size_t nube_xml_char(const char *p, const char *end)
{
    size_t n;

    if ((unsigned char)*p < 0x80)
        return (unsigned char)*p >= ' ' || nube_xml_white(*p);
    n = nube_utf8_next(p, (size_t)(end - p));
    /* U+FFFE and U+FFFF */
    if (n == 3 && memcmp(p, "\xef\xbf", 2) == 0 && (unsigned char)p[2] >= 0xbe)
        return 0;
    return n;
}

size_t nube_xml_promised(char first)
{
    unsigned char c = (unsigned char)first;

    return c < 0xc2 || c > 0xf4 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

/* ---- names --------------------------------------------------------------------------- */

/* Of a character that nube_xml_char() took. */
static uint32_t code_point(const char *p, size_t n)
{
    uint32_t c = (unsigned char)p[0];
    size_t i;

    if (n > 1)
        c &= 0x7fu >> n;
    for (i = 1; i < n; i++)
        c = c << 6 | ((unsigned char)p[i] & 0x3f);
    return c;
}

static bool name_start(uint32_t c)
{
    static const struct {
        uint32_t from, to;
    } ranges[] = {{0xc0, 0xd6},     {0xd8, 0xf6},     {0xf8, 0x2ff},    {0x370, 0x37d},
                  {0x37f, 0x1fff},  {0x200c, 0x200d}, {0x2070, 0x218f}, {0x2c00, 0x2fef},
                  {0x3001, 0xd7ff}, {0xf900, 0xfdcf}, {0xfdf0, 0xfffd}, {0x10000, 0xeffff}};
    size_t i;

    if (c < 0x80)
        return (c | 0x20) - 'a' < 26 || c == '_' || c == ':';
    for (i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
        if (c >= ranges[i].from && c <= ranges[i].to)
            return true;
    return false;
}

static bool name_char(uint32_t c)
{
    return name_start(c) || c - '0' < 10 || c == '-' || c == '.' || c == 0xb7 ||
           (c >= 0x300 && c <= 0x36f) || c == 0x203f || c == 0x2040;
}

const char *nube_xml_name_end(const char *p, const char *end)
{
    const char *start = p;
    size_t n;

    while (p < end && (n = nube_xml_char(p, end)) != 0) {
        uint32_t c = code_point(p, n);

        if (p == start ? !name_start(c) : !name_char(c))
            break;
        p += n;
    }
    return p;
}

/* Namespaces are not looked at, but a colon that cannot part two names parts none. */
size_t nube_xml_local(const char *name, size_t len)
{
    const char *end = name + len, *colon = memchr(name, ':', len), *again;

    if (!colon || colon == name || colon + 1 == end || colon[1] == ':' ||
        nube_xml_name_end(colon + 1, end) == colon + 1)
        return 0;
    again = memchr(colon + 1, ':', (size_t)(end - colon - 1));
    if (again && again + 1 < end && nube_xml_name_end(again + 1, end) == again + 1)
        return SIZE_MAX;
    return (size_t)(colon + 1 - name);
}

/* ---- references ---------------------------------------------------------------------- */

/* A number and ';'. */
static size_t by_number(char to[4], const char *p, const char *end, char why[80])
{
    uint32_t base = p < end && *p == 'x' ? 16 : 10, v = 0, digit;
    const char *first = p += base == 16;
    size_t n;

    for (; p < end; p++) {
        char low = (char)(*p | 0x20);

        if (*p >= '0' && *p <= '9')
            digit = (uint32_t)(*p - '0');
        else if (base == 16 && low >= 'a' && low <= 'f')
            digit = (uint32_t)(low - 'a' + 10);
        else
            break;
        v = v > 0x10ffff ? v : v * base + digit;
    }
    if (p == first || p + 1 != end || *p != ';' || v > 0x10ffff) {
        snprintf(why, 80, "a character reference that names no character");
        return 0;
    }
    n = nube_utf8_put(to, v);
    if (v && n && nube_xml_char(to, to + n) == n)
        return n;
    snprintf(why, 80, "a reference to a character that XML does not allow");
    return 0;
}

size_t nube_xml_reference(char to[4], const char *p, const char *end, char why[80])
{
    static const struct {
        const char *name;
        char c;
    } known[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
    const char *name = p + 1, *stop;
    size_t i, n;

    if (name < end && *name == '#')
        return by_number(to, name + 1, end, why);
    stop = nube_xml_name_end(name, end);
    n = (size_t)(stop - name);
    if (!n || stop + 1 != end || *stop != ';') {
        snprintf(why, 80, "'&' that begins no reference");
        return 0;
    }
    for (i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (n == strlen(known[i].name) && memcmp(name, known[i].name, n) == 0) {
            *to = known[i].c;
            return 1;
        }
    snprintf(why, 80, "Entity '%.*s' not defined", n < 40 ? (int)n : 40, name);
    return 0;
}

/* ---- attribute values ---------------------------------------------------------------- */

/* What a reference in a value stands for, *p moved past it. */
static size_t refer(char *to, const char **p, const char *end, char why[80])
{
    const char *stop = memchr(*p, ';', (size_t)(end - *p));
    char text[4];
    size_t n = nube_xml_reference(text, *p, stop ? stop + 1 : end, why);

    memcpy(to, text, n);
    *p = stop ? stop + 1 : end;
    return n;
}

size_t nube_xml_value(char *to, const char *p, const char *end, const char **bad, char why[80])
{
    char *start = to;
    size_t n;

    while (p < end) {
        const char *at = p;

        if (*p == '&') {
            n = refer(to, &p, end, why);
        } else if (nube_xml_white(*p)) { /* an end of line is one space, however it is written */
            p += 1 + (*p == '\r' && p + 1 < end && p[1] == '\n');
            *to = ' ';
            n = 1;
        } else {
            n = *p == '<' ? 0 : nube_xml_char(p, end);
            if (!n)
                snprintf(why, 80, "%s in the value of an attribute",
                         *p == '<' ? "'<'" : "an octet that is no character");
            memcpy(to, p, n);
            p += n;
        }
        if (!n) {
            *bad = at;
            return 0;
        }
        to += n;
    }
    return (size_t)(to - start);
}

/* ---- the declaration ----------------------------------------------------------------- */

static const char *skip_white(const char *p, const char *end)
{
    while (p < end && nube_xml_white(*p))
        p++;
    return p;
}

/* Takes NAME = "VALUE" with white space in front; *p moves past it. False: it is something else. */
static bool pair(const char **p, const char *end, const char *name, const char **value, size_t *len)
{
    const char *s = skip_white(*p, end), *quote;
    size_t n = strlen(name);

    if (s == *p || (size_t)(end - s) < n || memcmp(s, name, n) != 0)
        return false;
    s = skip_white(s + n, end);
    if (s == end || *s != '=')
        return false;
    s = skip_white(s + 1, end);
    if (s == end || (*s != '"' && *s != '\''))
        return false;
    quote = memchr(s + 1, *s, (size_t)(end - s - 1));
    if (!quote)
        return false;
    *value = s + 1;
    *len = (size_t)(quote - s - 1);
    *p = quote + 1;
    return true;
}

/* "1." and digits, if only none as libxml2 has it: a later 1.x is read as 1.0 where it can be. */
static bool version_ok(const char *v, size_t len)
{
    size_t i;

    if (len < 2 || memcmp(v, "1.", 2) != 0)
        return false;
    for (i = 2; i < len; i++)
        if (v[i] < '0' || v[i] > '9')
            return false;
    return true;
}

bool nube_xml_declaration(const char *p, const char *end, char why[80])
{
    const char *value;
    size_t len;

    p += strlen("<?xml");
    snprintf(why, 80, "the XML declaration is not well formed");
    if (!pair(&p, end, "version", &value, &len) || !version_ok(value, len))
        return false;
    if (pair(&p, end, "encoding", &value, &len) &&
        !(len == 5 && strncasecmp(value, "UTF-8", len) == 0)) {
        snprintf(why, 80, "the encoding is %.*s: only UTF-8 is read", len < 30 ? (int)len : 30,
                 value);
        return false;
    }
    if (pair(&p, end, "standalone", &value, &len) && !(len == 3 && memcmp(value, "yes", 3) == 0) &&
        !(len == 2 && memcmp(value, "no", 2) == 0))
        return false;
    p = skip_white(p, end);
    return end - p == 2 && memcmp(p, "?>", 2) == 0;
}
