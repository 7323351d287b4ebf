/* Growable buffers with a limit that is not optional; every limit of the library is listed here. */
#ifndef NUBE_CORE_BUF_H
#define NUBE_CORE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum nube_limit {
    NUBE_MAX_NAME = 4096,    /* an option or argument, unless its row says otherwise */
    NUBE_MAX_DATA = 1 << 20, /* user data, a key, a file need */
    NUBE_MAX_URL = 64 << 10,
    NUBE_MAX_HEADERS = 256 << 10,    /* of one reply */
    NUBE_MAX_REPLY = 64 << 20,       /* a reply that is kept: document or body */
    NUBE_MAX_ITEM = 16 << 20,        /* one element of a stream */
    NUBE_MAX_STREAMED = 1 << 30,     /* all of a reply whose items are streamed */
    NUBE_MAX_OUTPUT = 16 << 20,      /* console and run output kept in a result */
    NUBE_MAX_DEPTH = 128,            /* nesting of a document */
    NUBE_MAX_ERROR_BODY = 256 << 10, /* a reply that is an error */
    NUBE_MAX_CONFIG = 4 << 20        /* a configuration file */
};

/* Start with nube_buf_init(). data is always terminated once something was added. */
struct nube_buf {
    char *data;
    size_t len, size, cap;
    bool failed; /* sticky: out of memory or past the limit; adds are ignored since */
    bool over;   /* it was the limit */
};

void nube_buf_init(struct nube_buf *b, size_t cap);
void nube_buf_add(struct nube_buf *b, const void *data, size_t len);
void nube_buf_puts(struct nube_buf *b, const char *text);
void nube_buf_putc(struct nube_buf *b, char c);
void nube_buf_fmt(struct nube_buf *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void nube_buf_vfmt(struct nube_buf *b, const char *format, va_list ap)
    __attribute__((format(printf, 2, 0)));
/* Removes n octets from the front. */
void nube_buf_eat(struct nube_buf *b, size_t n);
void nube_buf_clear(struct nube_buf *b);
/* Takes the text away: owned by the caller (nube_mem_free). NULL when it failed. */
char *nube_buf_take(struct nube_buf *b);
void nube_buf_free(struct nube_buf *b); /* zeroes */

#endif
