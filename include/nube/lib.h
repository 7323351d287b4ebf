/* The library handle: application hooks, drivers and services. */
#ifndef NUBE_LIB_H
#define NUBE_LIB_H

#include <nube/audit.h>
#include <nube/option.h>

NUBE_BEGIN

typedef struct nube_lib nube_lib;

enum nube_log_level {
    NUBE_LOG_ERROR = 0,
    NUBE_LOG_WARN,
    NUBE_LOG_INFO,
    NUBE_LOG_DEBUG,
    NUBE_LOG_WIRE
};

/*
 * What the application brings. All optional. Callbacks are made on the thread
 * that is inside a nube function, never with a lock held, and may be made from
 * several threads at once when several threads make calls.
 */
struct nube_hooks {
    uint32_t size;      /* sizeof(struct nube_hooks) */
    uint32_t log_level; /* enum nube_log_level: what `log` wants to hear */
    void *payload;      /* handed to each callback */

    /* One line of text, without a newline, secrets already removed. */
    void (*log)(void *payload, int level, const char *line);

    /* Milliseconds: monotonic, and since 1970. Both or neither; for tests and simulations. */
    int64_t (*now_mono)(void *payload);
    int64_t (*now_wall)(void *payload);

    /*
     * Asks a person for a secret (a passphrase, an MFA code). Fill buf with at most
     * size-1 octets and NUL, return 0; return -1 to decline. The library zeroes buf.
     */
    int (*ask)(void *payload, const char *prompt, char *buf, size_t size);

    /* Looks an environment variable up; NULL result: not set. Default: secure_getenv. */
    const char *(*env)(void *payload, const char *name);

    /*
     * Memory. All three or none. Process-wide: the first nube_lib_open() of a
     * process decides, and a later one with other functions is refused; so is the
     * first when something was made before it (nube_args_new(), nube_cancel_new()).
     * Called from any thread, those of name lookups too, even after nube_lib_free().
     */
    void *(*alloc)(size_t size);
    void *(*realloc)(void *ptr, size_t size);
    void (*free)(void *ptr);

    const char *driver_path;  /* further directories, ':' between, searched first */
    const char *service_path; /* the same for services; only builds in place need it */
    const char *record_dir;   /* write every exchange there, redacted */
    const char *replay_dir;   /* answer from there; no network */

    /* Hears of every call that changed something, or tried to, when it has ended: see nube/audit.h.
     * May not make calls. */
    void (*audit)(void *payload, const struct nube_audit *record);
};

#define NUBE_HOOKS_INIT                                                                            \
    {                                                                                              \
        sizeof(struct nube_hooks), NUBE_LOG_WARN, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,  \
            NULL, NULL, NULL, NULL, NULL, NULL                                                     \
    }

/*
 * Opens the library. Cheap: loads no driver and no service. hooks may be NULL;
 * its strings are copied. Several handles may exist at once; a handle may be
 * shared by threads.
 */
NUBE_API int nube_lib_open(nube_lib **out, const struct nube_hooks *hooks, struct nube_error *err);

/* Closes it. Connections, iterators and batches must be freed before. NULL is fine. */
NUBE_API void nube_lib_free(nube_lib *lib);

/* A driver file that was found, loaded or not. */
typedef struct nube_driver_info nube_driver_info;

/* How many drivers the search path has; reads directories, loads nothing. Negative: an error. */
NUBE_API int nube_driver_count(nube_lib *lib, struct nube_error *err);
/* The name of the i-th, in alphabetical order; lives as long as the handle. NULL past the end. */
NUBE_API const char *nube_driver_name(nube_lib *lib, int i);

/* Loads a driver by name. Borrowed; lives as long as the handle. */
NUBE_API int nube_driver_load(const nube_driver_info **out, nube_lib *lib, const char *name,
                              struct nube_error *err);
NUBE_API const char *nube_driver_title(const nube_driver_info *drv);
NUBE_API const char *nube_driver_id(const nube_driver_info *drv);
NUBE_API const char *nube_driver_version(const nube_driver_info *drv);
NUBE_API const char *nube_driver_license(const nube_driver_info *drv);
NUBE_API const char *nube_driver_file(const nube_driver_info *drv);
NUBE_API int nube_driver_can(const nube_driver_info *drv, enum nube_op op);
/* The tables, row by row; NULL past the end. */
NUBE_API const struct nube_option *nube_driver_option(const nube_driver_info *drv, size_t i);
/* The i-th state: the provider's word, Nube's, and the operations it allows, 0 at the end of ops.
 */
NUBE_API int nube_driver_state(const nube_driver_info *drv, size_t i, const char **raw, int *state,
                               const uint16_t **ops);
/* The i-th named action: its name, the kind it works on, one line of help. 0 past the end. */
NUBE_API int nube_driver_action(const nube_driver_info *drv, size_t i, const char **name, int *kind,
                                const char **help);

/*
 * The provider catalogue over all installed drivers, sorted by id. Loads every
 * driver (a fraction of a millisecond each) and no service; a driver that cannot
 * be loaded is left out and logged as a warning. nube_provider_at() gives 1, or 0 past the end.
 */
NUBE_API int nube_provider_count(nube_lib *lib, struct nube_error *err);
NUBE_API int nube_provider_at(nube_lib *lib, int i, const char **id, const char **title,
                              const char **driver);

NUBE_END

#endif
