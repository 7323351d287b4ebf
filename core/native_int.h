/* Native accounts inside the core: names out of the files of providers' own tools. */
#ifndef NUBE_CORE_NATIVE_INT_H
#define NUBE_CORE_NATIVE_INT_H

#include "lib_int.h"

/* Hears of each account: value NULL for one without an option. 0 to go on; what else it gives ends
 * the reading and is its result. */
typedef int (*nube_native_fn)(void *data, const char *value, const char *where);

/* Reads what one row of a driver's table names. What is not there gives nothing; what cannot be
 * read is logged. */
int nube_native_read(nube_lib *lib, const struct nube_native_row *row, nube_native_fn fn,
                     void *data);

#endif
