/* Memory that is there or ends the process. */
#include "mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *there(void *ptr)
{
    if (!ptr) {
        fputs("nube-sim: out of memory\n", stderr);
        abort();
    }
    return ptr;
}

void *sim_alloc(size_t size)
{
    return there(calloc(1, size ? size : 1));
}

void *sim_grow(void *ptr, size_t size)
{
    return there(realloc(ptr, size ? size : 1));
}

char *sim_strdup(const char *text)
{
    return text ? there(strdup(text)) : NULL;
}

char *sim_strndup(const char *text, size_t len)
{
    char *copy = there(malloc(len + 1));
    memcpy(copy, text, len);
    copy[len] = 0;
    return copy;
}

char *sim_fmt(const char *format, ...)
{
    char *text = NULL;
    va_list ap;
    va_start(ap, format);
    int n = vasprintf(&text, format, ap);
    va_end(ap);
    return there(n < 0 ? NULL : text);
}
