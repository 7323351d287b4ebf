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

/* 1 when the text is part of its id, name or provider, case ignored. */
NUBE_API int nube_backend_matches(const nube_backend *backend, const char *text);
/* The driver of its provider; NULL when none that is installed has it. Loads every driver. */
NUBE_API const nube_driver_info *nube_backend_driver(const nube_backend *backend);

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

/*
 * Native accounts: what the providers' own tools know on this machine, found through the tables of
 * all installed drivers. Only names are read; a secret stays where it is. A file that cannot be
 * read is logged as a warning and left out.
 */
typedef struct nube_natives nube_natives;
struct nube_native {
    uint32_t size; /* set by the caller: sizeof(struct nube_native) */
    uint32_t reserved;
    const char *name;           /* how a backend of it may be called; unique among the natives */
    const char *provider;       /* provider id */
    const char *option, *value; /* the reference that stands for it: profile=prod. NULL: none is
                                   needed */
    const char *where;          /* the file or variable that has it */
};
NUBE_API int nube_natives_find(nube_natives **out, nube_lib *lib, struct nube_error *err);
NUBE_API void nube_natives_free(nube_natives *natives);
NUBE_API size_t nube_natives_count(const nube_natives *natives);
/* 1 and *out, whose strings live as long as natives; 0 past the end. */
NUBE_API int nube_natives_at(const nube_natives *natives, size_t i, struct nube_native *out);
/* The backend of the set that stands for the i-th already; NULL when none does. */
NUBE_API const nube_backend *nube_natives_known(const nube_natives *natives, size_t i,
                                                const nube_backends *set);
/* Adds the i-th as a backend, by reference; name NULL: its own. *id as of nube_backends_add(). */
NUBE_API int nube_natives_add(const nube_natives *natives, size_t i, nube_backends *set,
                              const char *name, const char **id, struct nube_error *err);
/* Connects to the i-th without a backend. */
NUBE_API int nube_natives_connect(nube_conn **out, const nube_natives *natives, size_t i,
                                  struct nube_error *err);

NUBE_END

#endif
