/* Service modules: loaded when a connection first needs them, and only those of this very build. */
#include "service.h"

#include <string.h>

#include "error_int.h"
#include "lib_int.h"
#include "loader.h"
#include "mem.h"

static const struct nube_host host = {
    .size = sizeof(struct nube_host),
    .build = NUBE_SERVICE_BUILD,
    .alloc = nube_mem_alloc,
    .realloc = nube_mem_realloc,
    .free = nube_mem_free,
    .loop = &nube_loop_ops,
};

/* By bit; XML needs no module. */
static const char *const names[] = {"http", "crypto", NULL, "ssh", "yaml"};

/* The place of a service in lib->service_ops, -1 for a number that is none. */
static int place(enum nube_service which)
{
    for (int i = 0; i < 5; i++)
        if ((unsigned)which == 1u << i && names[i])
            return i;
    return -1;
}

/* The caller holds lib->loading. */
static int load_service(const void **ops, nube_lib *lib, const char *name, struct nube_error *err)
{
    const struct nube_service_module *m;
    nube_service_fn fn;
    const char *file;
    void *entry;
    int rc = nube_loader_open(&entry, &file, lib->services, name, NUBE_SERVICE_ENTRY, err);

    if (rc)
        return rc;
    memcpy(&fn, &entry, sizeof(fn)); /* ISO C has no cast from an object to a function */
    m = fn(&host);
    if (!m)
        return nube_error_set(err, NUBE_E_DRIVER,
                              "service %s (%s) declines this library, whose service build is %u; "
                              "install both from one version of Nube",
                              name, file, NUBE_SERVICE_BUILD);
    if (m->size < sizeof(*m) || m->build != NUBE_SERVICE_BUILD)
        return nube_error_set(err, NUBE_E_DRIVER,
                              "service %s (%s) is of service build %u, this library of build %u; "
                              "install both from one version of Nube",
                              name, file, (unsigned)m->build, NUBE_SERVICE_BUILD);
    if (!m->name || strcmp(m->name, name) != 0 || !m->ops)
        return nube_error_set(err, NUBE_E_DRIVER, "service %s (%s) is defective: it offers \"%s\"",
                              name, file, m->name ? m->name : "");
    *ops = m->ops;
    return 0;
}

const void *nube_service_open(nube_lib *lib, enum nube_service which, struct nube_error *err)
{
    int i = place(which);
    const void *ops;

    if (i < 0) {
        nube_error_set(err, NUBE_E_DRIVER, "there is no service %u", (unsigned)which);
        return NULL;
    }
    pthread_mutex_lock(&lib->lock);
    ops = lib->service_ops[i];
    pthread_mutex_unlock(&lib->lock);
    if (ops)
        return ops;
    pthread_mutex_lock(&lib->loading);
    ops = lib->service_ops[i]; /* written only with both locks held */
    if (!ops && load_service(&ops, lib, names[i], err) == 0) {
        pthread_mutex_lock(&lib->lock);
        lib->service_ops[i] = ops;
        pthread_mutex_unlock(&lib->lock);
    }
    pthread_mutex_unlock(&lib->loading);
    return ops;
}
