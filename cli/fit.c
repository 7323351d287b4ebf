/* Fits a table into the terminal: cells are cut, with an ellipsis, and then columns left out, but
 * never an address or a number. */
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

#include "out.h"

enum { CUT_MIN = 8, CUT_LEAST = 5, WIDTH_WITHOUT_TERMINAL = 80 };

struct fit {
    struct out *out;
    size_t room;
    size_t *natural, *width, *least; /* of each column; least: of a list, which is cut between items
                                      */
    const char *mark;
    size_t mark_width;
};

/* Columns that the character at text takes as it will be printed, and its octets. */
static size_t char_width(const char *text, size_t *octets)
{
    mbstate_t state = {0};
    wchar_t c;
    size_t n = mbrtowc(&c, text, MB_CUR_MAX, &state);
    bool good = n != 0 && n != (size_t)-1 && n != (size_t)-2;
    *octets = good ? n : 1;
    int columns = good && iswprint((wint_t)c) ? wcwidth(c) : -1;
    return columns >= 0 ? (size_t)columns : 4 * *octets; /* masked as \xNN */
}

static size_t text_width(const char *text)
{
    size_t width = 0, octets;
    for (; *text; text += octets)
        width += char_width(text, &octets);
    return width;
}

/* The octets of text that take at most so many columns. */
static size_t octets_within(const char *text, size_t room)
{
    size_t at = 0, octets, width;
    while (text[at] && (width = char_width(text + at, &octets)) <= room) {
        room -= width;
        at += octets;
    }
    return at;
}

size_t terminal_width(void)
{
    struct winsize size;
    const char *columns = getenv("COLUMNS");
    if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
        return size.ws_col;
    long n = columns ? strtol(columns, NULL, 10) : 0;
    return n > 0 && n < 10000 ? (size_t)n : WIDTH_WITHOUT_TERMINAL;
}

/* What a list takes when only its first item is shown, and that there are more. */
static size_t list_least(const struct fit *f, const char *cell)
{
    size_t len = strcspn(cell, ",");
    char *first = xasprintf("%.*s", (int)len, cell);
    size_t width = text_width(first) + (cell[len] ? 1 + f->mark_width : 0);
    free(first);
    return width;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void measure(struct fit *f)
{
    const struct out *out = f->out;
    bool header = !args_get(&out->app->args, "no-header");
    for (size_t i = 0; i < out->n_columns; i++) {
        f->natural[i] = header ? strlen(out->columns[i].name) : 0;
        f->least[i] = f->natural[i];
        for (size_t r = 0; r < out->n_rows; r++) {
            const char *cell = out->rows[r].cells[i];
            f->natural[i] = larger(f->natural[i], text_width(cell));
            f->least[i] = larger(f->least[i], list_least(f, cell));
        }
        f->width[i] = f->natural[i];
    }
}

/* The width of the whole; a column of width 0 is left out. */
static size_t total(const struct fit *f)
{
    size_t sum = 0;
    for (size_t i = 0; i < f->out->n_columns; i++)
        sum += f->width[i] ? f->width[i] + (sum > 0) : 0;
    return sum;
}

/* Narrows the widest of the columns with any of these bits, again and again. */
static void narrow(struct fit *f, unsigned bits, size_t least)
{
    const struct column *columns = f->out->columns;
    while (total(f) > f->room) {
        size_t *widest = NULL;
        for (size_t i = 0; i < f->out->n_columns; i++) {
            size_t low = larger(least, f->natural[i] ? strlen(columns[i].name) : 0);
            if (columns[i].bits & COLUMN_LIST)
                low = f->least[i];
            if (columns[i].bits & bits && f->width[i] > low && (!widest || f->width[i] > *widest))
                widest = &f->width[i];
        }
        if (!widest)
            return;
        --*widest;
    }
}

/* Leaves out columns that can be spared, the last one first, until the rest fits. */
static void spare(struct fit *f)
{
    const struct out *out = f->out;
    struct text t;
    bool some = false;
    text_open(&t);
    for (size_t i = out->n_columns; i-- > 0 && total(f) > f->room;) {
        if (!(out->columns[i].bits & COLUMN_SPARE))
            continue;
        f->width[i] = f->natural[i] = 0;
        fprintf(t.file, "%s%s", some ? ", " : "", out->columns[i].name);
        some = true;
    }
    char *names = text_take(&t);
    if (some)
        app_note(out->app, "left out, for the terminal is narrow: %s; -o wide has all", names);
    free(names);
    for (size_t i = 0; i < out->n_columns; i++)
        f->width[i] = f->natural[i];
}

static char *cut_list(const struct fit *f, const char *cell, size_t width)
{
    size_t at = octets_within(cell, width > f->mark_width ? width - f->mark_width - 1 : 0);
    while (at && cell[at] != ',')
        at--;
    if (!at)
        at = strcspn(cell, ",");
    return cell[at] ? xasprintf("%.*s,%s", (int)at, cell, f->mark) : xstrdup(cell);
}

static char *cut_text(const struct fit *f, const char *cell, size_t width)
{
    size_t at = octets_within(cell, width > f->mark_width ? width - f->mark_width : 0);
    return xasprintf("%.*s%s", (int)at, cell, f->mark);
}

static void cut_cells(const struct fit *f)
{
    const struct out *out = f->out;
    for (size_t i = 0; i < out->n_columns; i++)
        for (size_t r = 0; f->width[i] && r < out->n_rows; r++) {
            char **cell = &out->rows[r].cells[i], *whole = *cell;
            if (text_width(whole) <= f->width[i])
                continue;
            *cell = out->columns[i].bits & COLUMN_LIST ? cut_list(f, whole, f->width[i])
                                                       : cut_text(f, whole, f->width[i]);
            free(whole);
        }
}

void put_wrapped(FILE *f, const char *text, size_t at, size_t indent)
{
    size_t room = terminal_width();
    bool first = true;
    for (text += strspn(text, " \n"); *text; text += strspn(text, " \n")) {
        size_t len = strcspn(text, " \n");
        if (!first && at + 1 + len > room) {
            fprintf(f, "\n%*s", (int)indent, "");
            at = indent;
        } else if (!first) {
            putc(' ', f);
            at++;
        }
        fwrite(text, 1, len, f);
        at += len;
        text += len;
        first = false;
    }
    putc('\n', f);
}

void table_fit(struct out *out, size_t *width)
{
    bool utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
    struct fit f = {.out = out,
                    .room = terminal_width(),
                    .natural = xcalloc(out->n_columns, sizeof *f.natural),
                    .width = width,
                    .least = xcalloc(out->n_columns, sizeof *f.least),
                    .mark = utf8 ? "\xE2\x80\xA6" : "...",
                    .mark_width = utf8 ? 1 : 3};
    measure(&f);
    if (isatty(STDOUT_FILENO) && out->app->format == FORMAT_TABLE) {
        narrow(&f, COLUMN_TRUNC | COLUMN_LIST, CUT_MIN);
        if (total(&f) > f.room && !args_get(&out->app->args, "columns")) {
            spare(&f);
            narrow(&f, COLUMN_TRUNC | COLUMN_LIST, CUT_MIN);
        }
        narrow(&f, COLUMN_TRUNC | COLUMN_LIST | COLUMN_LATE, CUT_LEAST);
        cut_cells(&f);
    }
    free(f.natural);
    free(f.least);
}
