/* Loading of modules through libltdl: absolute paths, eager binding, checked files, never unloaded.
 */
#ifndef NUBE_CORE_LOADER_H
#define NUBE_CORE_LOADER_H

#include <nube/lib.h>

struct nube_loader; /* one per library handle; safe for threads (one process-wide mutex around
                       libltdl) */

/* subdir: "drivers" or "services". path: further directories of the application, ':' between, or
 * NULL. */
int nube_loader_new(struct nube_loader **out, const char *subdir, const char *path,
                    struct nube_error *err);
void nube_loader_free(struct nube_loader *loader); /* closes handles; modules stay mapped */
/* Finds NAME.so, checks file and directory, loads, gives the entry symbol. NUBE_E_DRIVER with path,
 * reason, every path tried. */
int nube_loader_open(void **entry, const char **file, struct nube_loader *loader, const char *name,
                     const char *symbol, struct nube_error *err);
/* Calls fn for each name there is, once each, in no order. Reads directories only. */
int nube_loader_scan(struct nube_loader *loader, void (*fn)(void *data, const char *name),
                     void *data, struct nube_error *err);

#endif
