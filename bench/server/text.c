/* Text that grows, and files read whole. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server.h"

static void grow(struct text *t, size_t more)
{
    if (t->len + more <= t->size)
        return;
    t->size = (t->len + more) * 2;
    t->at = realloc(t->at, t->size);
    if (!t->at) {
        perror("loadserver");
        exit(1);
    }
}

void text_put(struct text *t, const char *bytes, size_t len)
{
    grow(t, len + 1);
    memcpy(t->at + t->len, bytes, len);
    t->len += len;
    t->at[t->len] = '\0';
}

void text_format(struct text *t, const char *format, ...)
{
    char line[1024];
    va_list ap;
    int n;

    va_start(ap, format);
    n = vsnprintf(line, sizeof(line), format, ap);
    va_end(ap);
    text_put(t, line, n < (int)sizeof(line) ? (size_t)n : sizeof(line) - 1);
}

char *text_file(const char *dir, const char *name)
{
    struct text path = {0}, all = {0};
    char block[4096];
    size_t n;
    FILE *f;

    text_format(&path, "%s/%s", dir, name);
    f = fopen(path.at, "r");
    if (!f) {
        perror(path.at);
        exit(1);
    }
    while ((n = fread(block, 1, sizeof(block), f)) > 0)
        text_put(&all, block, n);
    fclose(f);
    free(path.at);
    return all.at;
}
