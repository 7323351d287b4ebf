/* Log lines to the application: the level is tested first, and a line is one line. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib_int.h"
#include "mem.h"

int nube_lib_log_on(const nube_lib *lib, int level)
{
    return lib->hooks.log && level <= (int)lib->hooks.log_level;
}

/* Terminals obey C0, DEL and, written in UTF-8, C1 (C2 80 to C2 9F): none of them leaves here. */
static void flatten(char *line)
{
    for (unsigned char *p = (unsigned char *)line; *p; p++) {
        if (*p < 0x20 || *p == 0x7f)
            *p = ' ';
        else if (*p == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f)
            p[0] = p[1] = ' ';
    }
}

/* Out of memory: the front of the line, without the half of a character at its end. */
static char *front(char *line)
{
    size_t len = strlen(line);

    while (len && (unsigned char)line[len - 1] >= 0x80)
        len--;
    line[len] = '\0';
    return line;
}

void nube_lib_log(nube_lib *lib, int level, const char *format, ...)
{
    char small[512], *line = small;
    int kept = errno, n;
    va_list ap;

    if (!nube_lib_log_on(lib, level))
        return;
    va_start(ap, format);
    n = vsnprintf(small, sizeof(small), format, ap);
    va_end(ap);
    if (n >= (int)sizeof(small)) {
        line = nube_mem_alloc((size_t)n + 1);
        if (line) {
            va_start(ap, format);
            vsnprintf(line, (size_t)n + 1, format, ap);
            va_end(ap);
        } else {
            line = front(small);
        }
    }
    if (n >= 0) {
        flatten(line);
        lib->hooks.log(lib->hooks.payload, level, line);
    }
    if (line != small)
        nube_mem_free(line);
    errno = kept;
}
