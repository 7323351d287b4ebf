/* "Did you mean": the known name nearest to one that is not known. */
#ifndef NUBE_CORE_NEAREST_H
#define NUBE_CORE_NEAREST_H

#include <stddef.h>

struct nube_nearest {
    const char *name, *best; /* best NULL: none is near enough, a third of the length */
    size_t distance;
};

void nube_nearest_init(struct nube_nearest *n, const char *name);
void nube_nearest_try(struct nube_nearest *n, const char *candidate); /* NULL is fine */

#endif
