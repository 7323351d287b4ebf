/* Growable buffers with a limit that is not optional. */
#include "buf.h"

#include <stdio.h>
#include <string.h>

#include "mem.h"

void nube_buf_init(struct nube_buf *b, size_t cap)
{
    memset(b, 0, sizeof(*b));
    b->cap = cap;
}

/* Old memory may hold a secret, so growing copies and zeroes instead of realloc. */
static bool reserve(struct nube_buf *b, size_t more)
{
    size_t need = b->len + more + 1, size = b->size ? b->size : 256;
    char *p;

    if (b->failed)
        return false;
    if (more > b->cap || need > b->cap + 1) {
        b->failed = b->over = true;
        return false;
    }
    if (need <= b->size)
        return true;
    while (size < need)
        size *= 2;
    if (size > b->cap + 1)
        size = b->cap + 1;
    p = nube_mem_alloc(size);
    if (!p) {
        b->failed = true;
        return false;
    }
    if (b->data)
        memcpy(p, b->data, b->len);
    nube_mem_free_secret(b->data, b->size);
    b->data = p;
    b->size = size;
    return true;
}

void nube_buf_add(struct nube_buf *b, const void *data, size_t len)
{
    if (!reserve(b, len))
        return;
    if (len)
        memcpy(b->data + b->len, data, len);
    b->len += len;
    b->data[b->len] = '\0';
}

void nube_buf_puts(struct nube_buf *b, const char *text)
{
    nube_buf_add(b, text, strlen(text));
}

void nube_buf_putc(struct nube_buf *b, char c)
{
    nube_buf_add(b, &c, 1);
}

void nube_buf_vfmt(struct nube_buf *b, const char *format, va_list ap)
{
    va_list again;
    int n;

    va_copy(again, ap);
    n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (n < 0 || !reserve(b, (size_t)n))
        return;
    vsnprintf(b->data + b->len, (size_t)n + 1, format, ap);
    b->len += (size_t)n;
}

void nube_buf_fmt(struct nube_buf *b, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    nube_buf_vfmt(b, format, ap);
    va_end(ap);
}

void nube_buf_eat(struct nube_buf *b, size_t n)
{
    if (n >= b->len) {
        nube_buf_clear(b);
        return;
    }
    memmove(b->data, b->data + n, b->len - n + 1);
    b->len -= n;
}

void nube_buf_clear(struct nube_buf *b)
{
    b->len = 0;
    if (b->data)
        b->data[0] = '\0';
}

char *nube_buf_take(struct nube_buf *b)
{
    char *p;

    nube_buf_add(b, "", 0);
    if (b->failed) {
        nube_buf_free(b);
        return NULL;
    }
    p = b->data;
    nube_buf_init(b, b->cap);
    return p;
}

void nube_buf_free(struct nube_buf *b)
{
    nube_mem_free_secret(b->data, b->size);
    nube_buf_init(b, b->cap);
}
