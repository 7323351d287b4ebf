/* Drivers as the library keeps them: full-size tables, whatever the driver was compiled against. */
#ifndef NUBE_CORE_REGISTRY_H
#define NUBE_CORE_REGISTRY_H

#include <nube/driver/driver.h>
#include <nube/lib.h>

/* Immutable after adoption; lives as long as the library handle. Rows are copies of full size. */
struct nube_driver_info {
    char *name, *title, *version, *license, *file;
    uint32_t services;
    struct nube_provider_row *providers;
    size_t n_providers;
    struct nube_option *options; /* the core's own options for HTTP drivers (core/options.h) come
                                    after the driver's */
    size_t n_options;
    struct nube_patterns *patterns;        /* of options: see pattern.h */
    struct nube_op_row ops[NUBE_OP_COUNT]; /* by number; step NULL: not offered */
    struct nube_state_row *states;
    size_t n_states;
    struct nube_action_row *actions;
    size_t n_actions;
    struct nube_source_row *sources;
    size_t n_sources;
    struct nube_native_row *natives;
    size_t n_natives;
    size_t n_newer; /* operation rows that this library does not know, left out */
    void (*classify)(nube_call *c, const nube_reply *r, struct nube_verdict *v);
    enum nube_step (*sign)(nube_call *c, nube_req *q, const nube_reply *r);
    const char *(*ssh_host)(nube_call *c, nube_req *q, const char *id);
    struct nube_driver_info *next;
};

/*
 * Copies and checks a driver struct: sizes, names, known operations, option rows
 * (types, ops, duplicate names, actions that exist; patterns are compiled when they are used),
 * state rows (known states and ops), provider ids. NUBE_E_DRIVER says what is wrong, with table and
 * row. file is for messages. The result belongs to the library.
 */
int nube_adopt(struct nube_driver_info **out, const struct nube_driver *driver, const char *file,
               struct nube_error *err);
void nube_driver_info_free(struct nube_driver_info *info);

/* The row of an option: by name or alias, for that op and action (NULL: none). */
const struct nube_option *nube_driver_option_find(const struct nube_driver_info *info,
                                                  enum nube_op op, const char *action,
                                                  const char *name);
const struct nube_action_row *nube_driver_action_find(const struct nube_driver_info *info,
                                                      enum nube_kind kind, const char *name);
const struct nube_state_row *nube_driver_state_find(const struct nube_driver_info *info,
                                                    const char *raw);
/* The driver (loading all when needed) and catalogue row of a provider id, or of a driver's plain
 * name (row NULL then when the catalogue has none). */
int nube_provider_find(nube_lib *lib, const char *provider, const struct nube_driver_info **driver,
                       const struct nube_provider_row **row, struct nube_error *err);

/* Registers a driver of the process itself, without a file: tests, fuzzers, static builds. */
int nube_driver_register(nube_lib *lib, const struct nube_driver *driver, struct nube_error *err);

/* Opens a service module of this build once; borrowed, lives as long as the library handle.
 * NUBE_E_DRIVER lists every path tried. */
const void *nube_service_open(nube_lib *lib, enum nube_service which, struct nube_error *err);

#endif
