/* The text of the accounts file: parsed with inih, quoted, and edited line by line. */
#include <ctype.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>

#include "backend_int.h"
#include "error_int.h"
#include "mem.h"
#include "options.h"

enum { MAX_ID = 48 }; /* inih keeps 50 octets of a section or name */

/*
 * inih finds sections, names and bad lines. It would cut a value at " ;" and a line at
 * 200 octets, so it is handed lines whose value is left out, and the value is taken
 * from the line itself.
 */
struct parser {
    struct nube_accounts *out;
    const char *next;  /* the line after the current one */
    const char *value; /* of the current line, with its length; blanks around it are off */
    size_t value_len;
    size_t line;
    char why[192]; /* what is wrong with line `bad`; the first one stays */
    size_t bad;
    int nomem;
};

static void complain(struct parser *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void complain(struct parser *p, const char *format, ...)
{
    va_list ap;

    if (p->bad)
        return;
    p->bad = p->line;
    va_start(ap, format);
    vsnprintf(p->why, sizeof(p->why), format, ap);
    va_end(ap);
}

static void exhausted(struct parser *p)
{
    p->nomem = 1;
    complain(p, "out of memory");
}

static int blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

int nube_account_id_ok(const char *id)
{
    size_t n = 0;

    while (isalnum((unsigned char)id[n]) || (n && id[n] && strchr("_.-", id[n])))
        n++;
    return n && n <= MAX_ID && !id[n];
}

static int name_ok(const char *name, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!isalnum((unsigned char)name[i]) && name[i] != '_')
            return 0;
    return len && len <= MAX_ID;
}

int nube_account_reserved(const char *option)
{
    return strcmp(option, "name") == 0 || strcmp(option, "provider") == 0 ||
           strcmp(option, "enabled") == 0;
}

/* ---- Quoting -------------------------------------------------------------------- */

static int plain(const char *value)
{
    size_t len = strlen(value);

    if (!len || value[0] == '"' || blank(value[0]) || blank(value[len - 1]))
        return 0;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)value[i] < 0x20 || value[i] == 0x7f || value[i] == ';' ||
            value[i] == '#')
            return 0;
    return 1;
}

static void quote(struct nube_buf *out, const char *value)
{
    nube_buf_putc(out, '"');
    for (; *value; value++) {
        unsigned char c = (unsigned char)*value;

        if (c == '"' || c == '\\')
            nube_buf_fmt(out, "\\%c", c);
        else if (c == '\n')
            nube_buf_puts(out, "\\n");
        else if (c == '\r')
            nube_buf_puts(out, "\\r");
        else if (c == '\t')
            nube_buf_puts(out, "\\t");
        else if (c < 0x20 || c == 0x7f)
            nube_buf_fmt(out, "\\x%02x", c);
        else
            nube_buf_putc(out, (char)c);
    }
    nube_buf_putc(out, '"');
}

void nube_accounts_line(struct nube_buf *out, const char *name, const char *value)
{
    nube_buf_fmt(out, "%s = ", name);
    if (plain(value))
        nube_buf_puts(out, value);
    else
        quote(out, value);
    nube_buf_putc(out, '\n');
}

static int hex(char c)
{
    const char *digits = "0123456789abcdef",
               *at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

    return at ? (int)(at - digits) : -1;
}

/* One escape at text[0] == '\\'; the octets it took, 0 when it is none. */
static size_t unescape(const char *text, size_t len, char *out)
{
    static const char from[] = "\"\\nrt", to[] = "\"\\\n\r\t";
    const char *at = len > 1 && text[1] ? strchr(from, text[1]) : NULL;

    if (at) {
        *out = to[at - from];
        return 2;
    }
    if (len > 3 && text[1] == 'x' && hex(text[2]) >= 0 && hex(text[3]) >= 0) {
        *out = (char)(hex(text[2]) * 16 + hex(text[3]));
        return *out ? 4 : 0;
    }
    return 0;
}

/* A quoted value into out; NULL, or what is wrong with it. */
static const char *unquote(char *out, const char *text, size_t len)
{
    size_t i = 1, n = 0;

    while (i < len && text[i] != '"') {
        size_t took = 1;

        out[n] = text[i];
        if (text[i] == '\\' && !(took = unescape(text + i, len - i, &out[n])))
            return "a backslash must be followed by \", \\, n, r, t or xHH (not x00)";
        n++;
        i += took;
    }
    explicit_bzero(out + n, len + 1 - n); /* the copy of the quoted form ends here */
    if (i >= len)
        return "the closing quotation mark is missing";
    for (i++; i < len && blank(text[i]); i++)
        ;
    return i == len || text[i] == ';' || text[i] == '#'
               ? NULL
               : "something follows the closing quotation mark";
}

/* The value of the current line; owned, NULL with a complaint. */
static char *take_value(struct parser *p)
{
    char *value = nube_mem_strndup(p->value, p->value_len);
    const char *wrong;

    if (!value) {
        exhausted(p);
        return NULL;
    }
    if (value[0] == '"' && (wrong = unquote(value, p->value, p->value_len))) {
        complain(p, "%s", wrong);
        nube_mem_free_secret(value, p->value_len + 1);
        return NULL;
    }
    return value;
}

/* ---- Parsing ---------------------------------------------------------------------- */

static struct nube_backend *begin(struct parser *p, const char *id, size_t len)
{
    struct nube_accounts *out = p->out;
    struct nube_backend *b = nube_mem_realloc(out->at, (out->count + 1) * sizeof(*b));

    if (!b) {
        exhausted(p);
        return NULL;
    }
    out->at = b;
    b += out->count++;
    memset(b, 0, sizeof(*b));
    b->enabled = 1;
    b->head_line = b->last_line = p->line;
    b->id = nube_mem_strndup(id, len);
    if (!b->id)
        exhausted(p);
    return b;
}

/* "[id]": an id once only, and nothing behind it but a comment. */
static void section(struct parser *p, const char *text, size_t len)
{
    const char *end = memchr(text, ']', len);
    struct nube_backend *b;

    if (!end || !(b = begin(p, text + 1, (size_t)(end - text - 1))) || !b->id) {
        complain(p, "the section has no ']'");
        return;
    }
    if (!nube_account_id_ok(b->id))
        complain(p, "an id is of letters, digits, _, . and -, at most %d", MAX_ID);
    for (end++; end < text + len && blank(*end); end++)
        ;
    if (end < text + len && *end != ';' && *end != '#')
        complain(p, "something follows the ']'");
    for (size_t i = 0; i + 1 < p->out->count; i++)
        if (strcmp(p->out->at[i].id, b->id) == 0)
            complain(p, "the id %s is in line %zu already", b->id, p->out->at[i].head_line);
}

/* Gives inih the next line, as fgets() would. */
static char *feed(char *str, int num, void *stream)
{
    struct parser *p = stream;
    const char *text = p->next, *end, *equals;
    size_t len, name;

    if (!*text || p->bad)
        return NULL;
    len = strcspn(text, "\n");
    p->next = text + len + (text[len] == '\n');
    p->line++;
    if (p->line == 1 && strncmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        len -= 3;
    }
    while (len && blank(*text)) {
        text++;
        len--;
    }
    while (len && blank(text[len - 1]))
        len--;
    end = text + len;
    if (!len || *text == ';' || *text == '#') {
        snprintf(str, (size_t)num, "\n");
    } else if (*text == '[') {
        section(p, text, len);
        snprintf(str, (size_t)num, "[%.*s]\n", MAX_ID,
                 p->out->count && p->out->at[p->out->count - 1].id
                     ? p->out->at[p->out->count - 1].id
                     : "");
    } else {
        equals = memchr(text, '=', len);
        name = equals ? (size_t)(equals - text) : 0;
        p->value = equals ? equals + 1 : end;
        while (p->value < end && blank(*p->value))
            p->value++;
        p->value_len = (size_t)(end - p->value);
        while (name && blank(text[name - 1]))
            name--;
        if (name_ok(text, name))
            snprintf(str, (size_t)num, "%.*s=\n", (int)name, text);
        else
            snprintf(str, (size_t)num, "!\n"); /* which inih reports as a bad line */
    }
    return str;
}

/* Takes value over. A name that is there twice would hide which of them counts. */
static void set_once(struct parser *p, char **field, size_t *line, char *value, const char *name)
{
    if (*field) {
        complain(p, "%s is in this section already", name);
        nube_mem_free(value);
        return;
    }
    *field = value;
    if (line)
        *line = p->line;
    if (!*value)
        complain(p, "%s is empty", name);
}

static void add_setting(struct parser *p, struct nube_backend *b, const char *name, char *value)
{
    struct nube_setting *s = nube_mem_realloc(b->settings, (b->n_settings + 1) * sizeof(*s));
    char *copy = nube_mem_strdup(name);

    if (s)
        b->settings = s;
    if (!s || !copy) {
        exhausted(p);
        nube_mem_free(copy);
        nube_mem_free_secret(value, strlen(value) + 1);
        return;
    }
    b->settings[b->n_settings++] = (struct nube_setting){copy, value};
}

/* inih's handler: the line is good, and belongs to the last section. */
static int take(void *data, const char *section_name, const char *name, const char *unused)
{
    struct parser *p = data;
    struct nube_backend *b = p->out->count ? &p->out->at[p->out->count - 1] : NULL;
    int64_t on = 1;
    char *value;

    (void)unused;
    if (p->bad)
        return 0;
    if (!b || !*section_name) {
        complain(p, "%s stands before the first [id]", name);
        return 0;
    }
    value = take_value(p);
    if (!value)
        return 0;
    b->last_line = p->line;
    if (strcmp(name, "name") == 0) {
        set_once(p, &b->name, &b->name_line, value, name);
    } else if (strcmp(name, "provider") == 0) {
        set_once(p, &b->provider, NULL, value, name);
    } else if (strcmp(name, "enabled") == 0) {
        if (b->enabled_line)
            complain(p, "enabled is in this section already");
        if (nube_parse_bool(value, &on))
            complain(p, "enabled must be yes or no");
        b->enabled = on != 0;
        b->enabled_line = p->line;
        nube_mem_free(value);
    } else {
        add_setting(p, b, name, value);
    }
    return !p->bad;
}

/* What can be said only when all is read: each has a provider, names are unique. */
static void check_whole(struct parser *p)
{
    struct nube_accounts *out = p->out;

    for (size_t i = 0; i < out->count && !p->bad; i++) {
        struct nube_backend *b = &out->at[i];

        p->line = b->name_line ? b->name_line : b->head_line;
        if (!b->name && !(b->name = nube_mem_strdup(b->id)))
            exhausted(p);
        if (!b->provider)
            complain(p, "the section has no provider = line");
        for (size_t j = 0; j < i && !p->bad; j++)
            if (strcmp(out->at[j].name, b->name) == 0)
                complain(p, "the backend of line %zu has the same name", out->at[j].head_line);
    }
}

int nube_accounts_parse(struct nube_accounts *out, struct nube_buf *text, const char *path,
                        struct nube_error *err)
{
    struct parser p = {.out = out};
    int bad_line;

    memset(out, 0, sizeof(*out));
    out->text = *text;
    nube_buf_init(text, text->cap);
    p.next = out->text.len ? out->text.data : "";
    if (strlen(p.next) != out->text.len) {
        nube_accounts_free(out);
        return nube_error_set(err, NUBE_E_USAGE, "%s: a NUL octet is in it; this is no text file",
                              path);
    }
    bad_line = ini_parse_stream(feed, &p, take, &p);
    if (bad_line && (!p.bad || (size_t)bad_line < p.bad)) {
        p.bad = bad_line > 0 ? (size_t)bad_line : p.line;
        snprintf(p.why, sizeof(p.why), "expected name = value, [id] or a comment");
    }
    if (!p.bad)
        check_whole(&p);
    if (!p.bad)
        return 0;
    nube_accounts_free(out);
    if (p.nomem)
        return nube_error_nomem(err);
    return nube_error_set(err, NUBE_E_USAGE, "%s: line %zu: %s", path, p.bad, p.why);
}

void nube_accounts_free(struct nube_accounts *accounts)
{
    for (size_t i = 0; i < accounts->count; i++) {
        struct nube_backend *b = &accounts->at[i];

        for (size_t j = 0; j < b->n_settings; j++) {
            nube_mem_free(b->settings[j].name);
            nube_mem_free_secret(b->settings[j].value, strlen(b->settings[j].value) + 1);
        }
        nube_mem_free(b->settings);
        nube_mem_free(b->id);
        nube_mem_free(b->name);
        nube_mem_free(b->provider);
    }
    nube_mem_free(accounts->at);
    nube_buf_free(&accounts->text);
    accounts->at = NULL;
    accounts->count = 0;
}

/* ---- Editing ----------------------------------------------------------------------- */

void nube_accounts_splice(struct nube_buf *out, const struct nube_buf *text, size_t first,
                          size_t last, const char *replacement)
{
    const char *p = text->len ? text->data : "";
    size_t line = 1;

    for (; *p; line++) {
        size_t len = strcspn(p, "\n");

        if (line == first)
            nube_buf_puts(out, replacement);
        if (line < first || line > last) {
            nube_buf_add(out, p, len);
            nube_buf_putc(out, '\n');
        }
        p += len + (p[len] == '\n');
    }
    if (line <= first)
        nube_buf_puts(out, replacement);
}
