/* Data formats: CSV cells, and JSON text rewritten as YAML or as lines for people. */
#include <stdlib.h>
#include <string.h>

#include "out.h"

void csv_cell(FILE *f, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, f);
        return;
    }
    putc('"', f);
    for (; *text; text++) {
        if (*text == '"')
            putc('"', f);
        putc(*text, f);
    }
    putc('"', f);
}

/* A walk over JSON that the library or this command made: it is well-formed. */
struct walk {
    FILE *f;
    const char *p;
    bool plain; /* for people: strings without quotes, empty values left out */
};

static void skip_space(struct walk *w)
{
    w->p += strspn(w->p, " \t\r\n");
}

/* The end of the string, number or word at p. */
static const char *token_end(const char *p)
{
    if (*p != '"')
        return p + strcspn(p, ",]} \t\r\n");
    for (p++; *p && *p != '"'; p++)
        if (*p == '\\' && p[1])
            p++;
    return *p ? p + 1 : p;
}

/* Where the value at p ends, whatever it holds. */
static const char *value_end(const char *p)
{
    int depth = 0;
    do {
        if (*p == '{' || *p == '[')
            depth++, p++;
        else if (*p == '}' || *p == ']')
            depth--, p++;
        else if (*p == '"')
            p = token_end(p);
        else
            p += depth ? 1 : strcspn(p, ",]} \t\r\n");
    } while (depth && *p);
    return p;
}

static bool is_empty(const char *p)
{
    size_t len = (size_t)(value_end(p) - p);
    return (len == 4 && !memcmp(p, "null", 4)) ||
           (len == 2 && (*p == '"' || *p == '[' || *p == '{'));
}

/* A JSON string without its quotes; escapes that hide controls stay escapes. */
static void put_plain(FILE *f, const char *p, const char *end)
{
    for (p++; p < end - 1; p++) {
        if (*p == '\\' && (p[1] == '"' || p[1] == '\\' || p[1] == '/'))
            p++;
        putc(*p, f);
    }
}

/* A measurement for people: four digits, or the whole number; a whole one stays as it is. */
static void put_number(FILE *f, const char *p, const char *end)
{
    char *text = xasprintf("%.*s", (int)(end - p), p);
    double n = strpbrk(text, ".eE") ? strtod(text, NULL) : 0;
    if (n == 0)
        fputs(text, f);
    else
        fprintf(f, n >= 1000 || n <= -1000 ? "%.0f" : "%.4g", n);
    free(text);
}

static void put_scalar(struct walk *w)
{
    const char *end = token_end(w->p);
    if (w->plain && (*w->p == '-' || (*w->p >= '0' && *w->p <= '9')))
        put_number(w->f, w->p, end);
    else if (w->plain && *w->p == '"')
        put_plain(w->f, w->p, end);
    else
        fwrite(w->p, 1, (size_t)(end - w->p), w->f);
    w->p = end;
}

/* Words that YAML reads as something else than text must keep their quotes. */
static bool bare_key(const char *p, size_t len)
{
    static const char *const taken[] = {"y",   "n",    "yes",   "no",  "on",
                                        "off", "true", "false", "null"};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (strlen(taken[i]) == len && !strncasecmp(taken[i], p, len))
            return false;
    for (size_t i = 0; i < len; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", p[i]) &&
            !(i && strchr("0123456789.-", p[i])))
            return false;
    return len > 0;
}

static void put_key(struct walk *w)
{
    const char *end = token_end(w->p);
    size_t len = (size_t)(end - w->p) - 2;
    if (w->plain || bare_key(w->p + 1, len))
        put_plain(w->f, w->p, end);
    else
        fwrite(w->p, 1, len + 2, w->f);
    putc(':', w->f);
    w->p = end;
}

static void put_value(struct walk *w, int indent, bool item);

static void put_members(struct walk *w, int indent, bool item)
{
    bool first = true;
    if (!item)
        putc('\n', w->f);
    for (w->p++;; w->p++) {
        skip_space(w);
        if (*w->p == '}')
            break;
        const char *colon = token_end(w->p), *value = colon + strspn(colon, " \t:");
        if (w->plain && is_empty(value)) {
            w->p = value_end(value);
        } else {
            fprintf(w->f, "%*s", first && item ? indent ? 1 : 0 : indent, "");
            put_key(w);
            w->p = value;
            put_value(w, indent + 2, false);
            first = false;
        }
        skip_space(w);
        if (*w->p != ',')
            break;
    }
    w->p += *w->p == '}';
}

static void put_items(struct walk *w, int indent)
{
    putc('\n', w->f);
    for (w->p++;; w->p++) {
        skip_space(w);
        if (*w->p == ']' || !*w->p)
            break;
        fprintf(w->f, "%*s-", indent, "");
        put_value(w, indent + 2, true);
        skip_space(w);
        if (*w->p != ',')
            break;
    }
    w->p += *w->p == ']';
}

/* What follows "key:" or "-", up to and with the newline. */
static void put_value(struct walk *w, int indent, bool item)
{
    skip_space(w);
    bool set = *w->p == '{' || *w->p == '[';
    if (set && w->p[1 + strspn(w->p + 1, " ")] == (*w->p == '{' ? '}' : ']')) {
        fprintf(w->f, " %s\n", *w->p == '{' ? "{}" : "[]");
        w->p = value_end(w->p);
    } else if (*w->p == '{') {
        put_members(w, indent, item);
    } else if (*w->p == '[') {
        put_items(w, indent);
    } else {
        putc(' ', w->f);
        put_scalar(w);
        putc('\n', w->f);
    }
}

void yaml_print(FILE *f, const char *json, int indent)
{
    struct walk w = {f, json, false};
    put_value(&w, indent, true);
}

void plain_print(FILE *f, const char *json)
{
    struct walk w = {f, json, true};
    put_value(&w, 0, true);
}
