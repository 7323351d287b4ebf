/* Memory regions: allocate often, free once, rewind to a mark. */
#ifndef NUBE_CORE_ARENA_H
#define NUBE_CORE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct nube_arena_block;

/* Zero-initialise. Not shared between threads. */
struct nube_arena {
    struct nube_arena_block *last;
    size_t total; /* octets asked from the allocator */
    size_t cap;   /* refuse to grow past it; 0: no limit */
    bool failed;  /* sticky: an allocation failed; scratch memory was given out since */
    bool secret;  /* zero every block when it is freed or rewound */
};

struct nube_arena_mark {
    struct nube_arena_block *block;
    size_t used;
};

/* Zeroed, aligned for any type. Never NULL: on exhaustion sets failed and gives a block of at least
 * `size` when it still can, else NULL only for sizes above 64 KiB. Callers check `failed` at step
 * boundaries. */
void *nube_arena_alloc(struct nube_arena *a, size_t size);
/* The same without alignment or zeroing: for text. */
char *nube_arena_text(struct nube_arena *a, size_t size);
char *nube_arena_strdup(struct nube_arena *a, const char *text); /* NULL gives NULL */
char *nube_arena_strndup(struct nube_arena *a, const char *text, size_t len);
void *nube_arena_memdup(struct nube_arena *a, const void *data, size_t len);
char *nube_arena_vfmt(struct nube_arena *a, const char *format, va_list ap)
    __attribute__((format(printf, 2, 0)));
char *nube_arena_fmt(struct nube_arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

struct nube_arena_mark nube_arena_mark(const struct nube_arena *a);
/* Gives back everything allocated after the mark. */
void nube_arena_rewind(struct nube_arena *a, struct nube_arena_mark mark);
/* Forgets everything but keeps one block of ordinary size: for memory reused item after item. */
void nube_arena_reset(struct nube_arena *a);
void nube_arena_free(struct nube_arena *a);

#endif
