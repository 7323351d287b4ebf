/* Allocation through the application's hooks; the process-wide state of init. */
#ifndef NUBE_CORE_MEM_H
#define NUBE_CORE_MEM_H

#include <stddef.h>
#include <stdint.h>

/* malloc family through the hooks; NULL on exhaustion. nube_mem_zalloc() zeroes. */
void *nube_mem_alloc(size_t size);
void *nube_mem_zalloc(size_t size);
void *nube_mem_realloc(void *ptr, size_t size);
void nube_mem_free(void *ptr);
char *nube_mem_strdup(const char *text);
char *nube_mem_strndup(const char *text, size_t len);
/* Zeroes, then frees. */
void nube_mem_free_secret(void *ptr, size_t size);

/* Installs hooks before the first allocation of the process; -1 when others are installed already.
 */
int nube_mem_hooks(void *(*alloc)(size_t), void *(*realloc)(void *, size_t), void (*free)(void *));

#endif
