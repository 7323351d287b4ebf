/* Backends: named accounts, kept in a file that only their owner can read. */
#ifndef NUBE_BACKEND_H
#define NUBE_BACKEND_H

#include <nube/conn.h>

NUBE_BEGIN

typedef struct nube_backends nube_backends;
typedef struct nube_backend nube_backend;

/*
 * Reads the accounts. path NULL: $NUBE_CONFIG, else $XDG_CONFIG_HOME/nube/backends.ini,
 * else ~/.config/nube/backends.ini. No file is an empty set. NUBE_E_USAGE with
 * path and line for what cannot be read; refused when group or others may read it.
 * Not shared between threads.
 */
NUBE_API int nube_backends_open(nube_backends **out, nube_lib *lib, const char *path,
                                struct nube_error *err);
NUBE_API void nube_backends_free(nube_backends *set);
NUBE_API const char *nube_backends_path(const nube_backends *set);

NUBE_API size_t nube_backends_count(const nube_backends *set);
/* Borrowed; lives until the set is changed or freed. NULL past the end. */
NUBE_API const nube_backend *nube_backends_at(const nube_backends *set, size_t i);
/* By id or by exact name; NULL when none. */
NUBE_API const nube_backend *nube_backends_find(const nube_backends *set, const char *id_or_name);

NUBE_API const char *
nube_backend_id(const nube_backend *backend); /* generated; survives renaming */
NUBE_API const char *nube_backend_name(const nube_backend *backend); /* the title a person chose */
NUBE_API const char *nube_backend_provider(const nube_backend *backend);
NUBE_API int nube_backend_enabled(const nube_backend *backend);
/* The i-th option as written (a reference stays a reference); NULL past the end. *secret: show it
 * only as "***". */
NUBE_API const char *nube_backend_option(const nube_backend *backend, size_t i, const char **value,
                                         int *secret);

/*
 * Changes are made under a lock on the file as it is then, written to a new file
 * and renamed over the old: two processes lose nothing, a crash leaves the old
 * one. Comments and order are kept. The set is read again.
 */
NUBE_API int nube_backends_add(nube_backends *set, const char *name, const char *provider,
                               const nube_args *options, const char **id, struct nube_error *err);
NUBE_API int nube_backends_rename(nube_backends *set, const char *id_or_name, const char *name,
                                  struct nube_error *err);
NUBE_API int nube_backends_enable(nube_backends *set, const char *id_or_name, int on,
                                  struct nube_error *err);
NUBE_API int nube_backends_remove(nube_backends *set, const char *id_or_name,
                                  struct nube_error *err);

/* Adds what a reference stands for, so that a secret is on no command line: env:NAME, file:PATH,
 * command:ARGV, or the text itself. */
NUBE_API int nube_args_set_reference(nube_args *args, nube_lib *lib, const char *name,
                                     const char *reference, struct nube_error *err);

/* Connects with the backend's options, its references (env:, file:, command:) resolved. */
NUBE_API int nube_backend_connect(nube_conn **out, nube_backends *set, const nube_backend *backend,
                                  struct nube_error *err);

NUBE_END

#endif
