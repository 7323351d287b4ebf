/* Memory regions: allocate often, free once, rewind to a mark. */
#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "mem.h"

enum { FIRST = 4 << 10, LARGEST = 64 << 10, ALIGN = alignof(max_align_t) };

struct nube_arena_block {
    struct nube_arena_block *prev;
    size_t size, used;
    alignas(max_align_t) unsigned char data[];
};

/* What an exhausted region hands out so that drivers need no checks; shared, its content means
 * nothing. */
static _Thread_local alignas(max_align_t) unsigned char scratch[64 << 10];

static struct nube_arena_block *grow(struct nube_arena *a, size_t need)
{
    size_t size = a->last ? a->last->size * 2 : FIRST;
    struct nube_arena_block *b;

    if (size > LARGEST)
        size = LARGEST;
    if (size < need)
        size = need;
    if (a->cap && a->total + size > a->cap)
        return NULL;
    b = nube_mem_alloc(sizeof(*b) + size);
    if (!b)
        return NULL;
    b->prev = a->last;
    b->size = size;
    b->used = 0;
    a->last = b;
    a->total += size;
    return b;
}

static void *take(struct nube_arena *a, size_t size, size_t align)
{
    struct nube_arena_block *b = a->last;
    size_t at = b ? (b->used + align - 1) & ~(align - 1) : 0;

    if (!b || at + size > b->size || at + size < size) {
        b = size < SIZE_MAX / 2 ? grow(a, size) : NULL;
        at = 0;
    }
    if (!b) {
        a->failed = true;
        return size <= sizeof(scratch) ? scratch : NULL;
    }
    b->used = at + size;
    return b->data + at;
}

void *nube_arena_alloc(struct nube_arena *a, size_t size)
{
    void *p = take(a, size, ALIGN);

    if (p)
        memset(p, 0, size);
    return p;
}

char *nube_arena_text(struct nube_arena *a, size_t size)
{
    return take(a, size, 1);
}

char *nube_arena_strndup(struct nube_arena *a, const char *text, size_t len)
{
    char *p = take(a, len + 1, 1);

    if (p) {
        memcpy(p, text, len);
        p[len] = '\0';
    }
    return p;
}

char *nube_arena_strdup(struct nube_arena *a, const char *text)
{
    return text ? nube_arena_strndup(a, text, strlen(text)) : NULL;
}

void *nube_arena_memdup(struct nube_arena *a, const void *data, size_t len)
{
    return nube_arena_strndup(a, data ? data : "", data ? len : 0);
}

/* Printed where there is room already; again when there was too little. */
char *nube_arena_vfmt(struct nube_arena *a, const char *format, va_list ap)
{
    struct nube_arena_block *b = a->last;
    size_t room = b ? b->size - b->used : 0;
    va_list again;
    char *p;
    int n;

    va_copy(again, ap);
    n = vsnprintf(room ? (char *)b->data + b->used : NULL, room, format, again);
    va_end(again);
    if (n < 0)
        n = 0;
    if (room && (size_t)n >= room)
        b->used = b->size; /* it holds the beginning now, to be wiped with the rest */
    p = take(a, (size_t)n + 1, 1);
    if (p && (size_t)n >= room)
        vsnprintf(p, (size_t)n + 1, format, ap);
    return p;
}

char *nube_arena_fmt(struct nube_arena *a, const char *format, ...)
{
    va_list ap;
    char *p;

    va_start(ap, format);
    p = nube_arena_vfmt(a, format, ap);
    va_end(ap);
    return p;
}

struct nube_arena_mark nube_arena_mark(const struct nube_arena *a)
{
    struct nube_arena_mark m = {a->last, a->last ? a->last->used : 0};

    return m;
}

static void drop(struct nube_arena *a, struct nube_arena_block *b)
{
    a->total -= b->size;
    if (a->secret)
        explicit_bzero(b->data,
                       b->used); /* behind it nothing was written, or it was wiped by a rewind */
    nube_mem_free(b);
}

static void drop_last(struct nube_arena *a)
{
    struct nube_arena_block *b = a->last;

    a->last = b->prev;
    drop(a, b);
}

void nube_arena_rewind(struct nube_arena *a, struct nube_arena_mark mark)
{
    while (a->last != mark.block)
        drop_last(a);
    if (!a->last)
        return;
    if (a->secret)
        explicit_bzero(a->last->data + mark.used, a->last->used - mark.used);
    a->last->used = mark.used;
}

void nube_arena_reset(struct nube_arena *a)
{
    struct nube_arena_block *b, *prev, *keep = NULL;

    for (b = a->last; b; b = prev) {
        prev = b->prev;
        if (!keep && b->size <= LARGEST)
            keep = b;
        else
            drop(a, b);
    }
    a->last = keep;
    if (!keep)
        return;
    if (a->secret)
        explicit_bzero(keep->data, keep->used);
    keep->prev = NULL;
    keep->used = 0;
}

void nube_arena_free(struct nube_arena *a)
{
    while (a->last)
        drop_last(a);
}
