/* Small helpers of the command: memory that cannot fail, text, files, terminals. */
#include "app.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static void *no_memory(void)
{
    fputs("nube: out of memory\n", stderr);
    exit(1);
}

void *xcalloc(size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size ? size : 1);
    return p ? p : no_memory();
}

void *xgrow(void *ptr, size_t count, size_t size)
{
    if (count && (count & (count - 1)))
        return ptr;
    void *p = reallocarray(ptr, count ? count * 2 : 1, size);
    return p ? p : no_memory();
}

char *xstrdup(const char *text)
{
    char *p = strdup(text);
    return p ? p : no_memory();
}

char *xasprintf(const char *format, ...)
{
    char *text = NULL;
    va_list ap;
    va_start(ap, format);
    int n = vasprintf(&text, format, ap);
    va_end(ap);
    return n < 0 ? no_memory() : text;
}

void text_open(struct text *t)
{
    t->data = NULL;
    t->len = 0;
    t->file = open_memstream(&t->data, &t->len);
    if (!t->file)
        no_memory();
}

char *text_take(struct text *t)
{
    int failed = ferror(t->file);
    if (fclose(t->file) || failed)
        no_memory();
    return t->data;
}

void text_tell(struct text *t)
{
    char *text = text_take(t);
    size_t len = strlen(text), at = 0;
    while (at < len) {
        ssize_t n = write(STDERR_FILENO, text + at, len - at);
        if (n < 0 && errno != EINTR)
            break;
        at += n > 0 ? (size_t)n : 0;
    }
    free(text);
}

void put_safe(FILE *f, const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        /* C1 controls are two octets in UTF-8: C2 80 to C2 9F. */
        if (*p == 0xC2 && p[1] >= 0x80 && p[1] <= 0x9F) {
            putc('?', f);
            p++;
        } else {
            putc(*p < 0x20 || *p == 0x7F ? '?' : *p, f);
        }
    }
}

/* Octets of the UTF-8 sequence at p, 0 when it is not one. */
static size_t utf8_len(const unsigned char *p, size_t left)
{
    static const unsigned char low[] = {0x80, 0xA0, 0x80, 0x90}, high[] = {0xBF, 0x9F, 0x8F};
    size_t n = *p < 0x80                  ? 1
               : *p >= 0xC2 && *p <= 0xDF ? 2
               : (*p & 0xF0) == 0xE0      ? 3
               : *p >= 0xF0 && *p <= 0xF4 ? 4
                                          : 0;
    if (!n || n > left)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    if ((*p == 0xE0 && p[1] < low[1]) || (*p == 0xF0 && p[1] < low[3]))
        return 0;
    if ((*p == 0xED && p[1] > high[1]) || (*p == 0xF4 && p[1] > high[2]))
        return 0;
    return n;
}

void put_json(FILE *f, const char *text, size_t len)
{
    if (!text) {
        fputs("null", f);
        return;
    }
    putc('"', f);
    for (size_t i = 0; i < len;) {
        const unsigned char *p = (const unsigned char *)text + i;
        size_t n = utf8_len(p, len - i);
        if (n == 1 && (*p == '"' || *p == '\\'))
            fprintf(f, "\\%c", *p);
        else if (n == 1 && *p == '\n')
            fputs("\\n", f);
        else if (n == 1 && (*p < 0x20 || *p == 0x7F))
            fprintf(f, "\\u%04x", *p);
        else if (n)
            fwrite(p, 1, n, f);
        else
            fputs("\xEF\xBF\xBD", f);
        i += n ? n : 1;
    }
    putc('"', f);
}

char *short_id(const char *text)
{
    const char *hex = strncmp(text, "sha256:", 7) ? text : text + 7;
    if (strlen(hex) == 64 && strspn(hex, "0123456789abcdef") == 64)
        return xasprintf("%.12s", hex);
    return xstrdup(text);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Letters to insert, remove, replace or swap with their neighbour; a long word is never near. */
static size_t distance(const char *a, const char *b)
{
    size_t rows[3][32], m = strlen(a), n = strlen(b);
    if (n >= 32)
        return SIZE_MAX;
    for (size_t j = 0; j <= n; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= m; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *higher = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], higher[j - 2] + 1);
        }
    }
    return rows[m % 3][n];
}

void nearest_feed(struct nearest *n, const char *candidate)
{
    size_t d = distance(n->word, candidate), len = strlen(n->word), limit = len < 6 ? 1 : len / 3;
    if (!n->best)
        n->distance = SIZE_MAX;
    if (d <= limit && d < n->distance) {
        n->best = candidate;
        n->distance = d;
    }
}

int64_t parse_duration(const char *text)
{
    static const struct {
        const char *unit;
        double ms;
    } units[] = {{"", 1e3}, {"ms", 1}, {"s", 1e3}, {"m", 60e3}, {"h", 3600e3}, {"d", 86400e3}};
    char *end;
    if (*text < '0' || *text > '9')
        return -1;
    double n = strtod(text, &end);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (!strcmp(end, units[i].unit) && n * units[i].ms < 1e15)
            return (int64_t)(n * units[i].ms);
    return -1;
}

char *read_whole(const char *path, size_t limit, size_t *len)
{
    int fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : dup(STDIN_FILENO);
    if (fd < 0)
        return NULL;
    char *data = xcalloc(1, limit + 2);
    ssize_t n = 1;
    for (*len = 0; n > 0 && *len <= limit; *len += n > 0 ? (size_t)n : 0)
        n = read(fd, data + *len, limit + 1 - *len);
    int reason = n < 0 ? errno : *len > limit ? EFBIG : 0;
    close(fd);
    if (reason) {
        wipe(data, *len);
        free(data);
        errno = reason;
        return NULL;
    }
    data[*len] = '\0';
    return data;
}

int read_line(int fd, char *buf, size_t size)
{
    size_t n = 0;
    char c = 0;
    ssize_t got;
    while ((got = read(fd, &c, 1)) == 1 && c != '\n')
        if (n + 1 < size)
            buf[n++] = c;
    buf[n] = '\0';
    if (n && buf[n - 1] == '\r')
        buf[n - 1] = '\0';
    return got == 1 || n ? 0 : -1;
}

int ask_line(const char *prompt, char *buf, size_t size, bool secret)
{
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return -1;
    struct termios before, quiet;
    bool hidden = secret && !tcgetattr(fd, &before);
    if (hidden) {
        quiet = before;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(fd, TCSAFLUSH, &quiet);
    }
    dprintf(fd, "%s", prompt);
    *buf = '\0';
    int rc = signals_wait_input(fd) ? read_line(fd, buf, size) : -1;
    if (hidden) {
        tcsetattr(fd, TCSAFLUSH, &before);
        dprintf(fd, "\n");
    }
    close(fd);
    return rc;
}

void wipe(void *data, size_t len)
{
    explicit_bzero(data, len);
}
