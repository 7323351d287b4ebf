/* Memory of the simulator: what cannot be had ends the process with a message. */
#ifndef NUBE_SIM_MEM_H
#define NUBE_SIM_MEM_H

#include <stddef.h>

void *sim_alloc(size_t size); /* zeroed; free() */
void *sim_grow(void *ptr, size_t size);
char *sim_strdup(const char *text); /* NULL gives NULL */
char *sim_strndup(const char *text, size_t len);
char *sim_fmt(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Room for one more in an array of `n` elements that doubles. */
#define SIM_PUSH(array, n, size)                                                                   \
    do {                                                                                           \
        if ((n) == (size)) {                                                                       \
            (size) = (size) ? (size)*2 : 8;                                                        \
            (array) = sim_grow((array), (size) * sizeof *(array));                                 \
        }                                                                                          \
    } while (0)

#endif
