/* The library handle inside the core: hooks, clock, log, driver list, engines. */
#ifndef NUBE_CORE_LIB_INT_H
#define NUBE_CORE_LIB_INT_H

#include <pthread.h>
#include <stdarg.h>

#include <nube/lib.h>

#include "registry.h"

struct nube_engine;
struct nube_loader;
struct nube_cassette;

/* A line of the provider catalogue. */
struct nube_catalogue_entry {
    const struct nube_provider_row *row;
    const struct nube_driver_info *driver;
};

struct nube_lib {
    struct nube_hooks hooks; /* immutable; strings are copies */
    struct nube_loader *drivers, *services;
    pthread_mutex_t
        loading; /* one module is loaded at a time; taken before `lock`, never during a callback */
    pthread_mutex_t lock; /* guards what follows; never held during a callback or a wait */
    struct nube_driver_info *adopted;
    char **names; /* sorted driver names; NULL: the directories were not read yet */
    size_t n_names;
    struct nube_catalogue_entry *catalogue; /* sorted by id; NULL: not all drivers are loaded */
    size_t n_catalogue;
    const void *service_ops[5];     /* by bit of enum nube_service */
    struct nube_cassette *cassette; /* recording or replaying; NULL: neither */
    struct nube_engine *idle;       /* engines that no call uses: core/engine.c */
};

int64_t nube_lib_mono(nube_lib *lib); /* monotonic ms, through the hook */
int64_t nube_lib_wall(nube_lib *lib); /* ms since 1970, through the hook */
const char *nube_lib_env(nube_lib *lib, const char *name);
int nube_lib_log_on(const nube_lib *lib, int level);
void nube_lib_log(nube_lib *lib, int level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Frees what core/registry.c keeps in the handle. */
void nube_registry_free(nube_lib *lib);
/* Frees the idle engines; called by nube_lib_free(). In core/engine.c. */
void nube_engines_free(nube_lib *lib);

#endif
