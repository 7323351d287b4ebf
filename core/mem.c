/* Allocation through the application's hooks; the process-wide state of init. */
#include "mem.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <nube/base.h>

/* Written once, before the first allocation; read without a lock since. */
static struct {
    void *(*alloc)(size_t);
    void *(*realloc)(void *, size_t);
    void (*free)(void *);
    int fixed;
} hooks = {malloc, realloc, free, 0};
static pthread_mutex_t hooks_lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool used; /* something was allocated, perhaps before any init: too late to change */

int nube_mem_hooks(void *(*alloc)(size_t), void *(*re)(void *, size_t), void (*fr)(void *))
{
    int rc = 0;

    pthread_mutex_lock(&hooks_lock);
    if (!alloc) {
        alloc = hooks.alloc;
        re = hooks.realloc;
        fr = hooks.free;
    }
    if ((hooks.fixed || atomic_load(&used)) && alloc != hooks.alloc) {
        rc = -1;
    } else if (!hooks.fixed) {
        hooks.alloc = alloc;
        hooks.realloc = re;
        hooks.free = fr;
        hooks.fixed = 1;
    }
    pthread_mutex_unlock(&hooks_lock);
    return rc;
}

void *nube_mem_alloc(size_t size)
{
    if (!atomic_load_explicit(&used, memory_order_relaxed))
        atomic_store(&used, 1);
    return hooks.alloc(size ? size : 1);
}

void *nube_mem_zalloc(size_t size)
{
    void *p = nube_mem_alloc(size);

    if (p)
        memset(p, 0, size);
    return p;
}

void *nube_mem_realloc(void *ptr, size_t size)
{
    return hooks.realloc(ptr, size ? size : 1);
}

void nube_mem_free(void *ptr)
{
    if (ptr)
        hooks.free(ptr);
}

char *nube_mem_strndup(const char *text, size_t len)
{
    char *p = nube_mem_alloc(len + 1);

    if (p) {
        memcpy(p, text, len);
        p[len] = '\0';
    }
    return p;
}

char *nube_mem_strdup(const char *text)
{
    return text ? nube_mem_strndup(text, strlen(text)) : NULL;
}

void nube_mem_free_secret(void *ptr, size_t size)
{
    if (ptr)
        explicit_bzero(ptr, size);
    nube_mem_free(ptr);
}

void nube_free(void *ptr)
{
    nube_mem_free(ptr);
}

const char *nube_version(void)
{
    return NUBE_VERSION;
}
