/* Native accounts: what providers' own tools know here, and backends that refer to them. */
#include <stdio.h>
#include <string.h>

#include <nube/backend.h>

#include "arena.h"
#include "error_int.h"
#include "mem.h"
#include "native_int.h"
#include "options.h"

struct native {
    const struct nube_driver_info *driver;
    const char *option, *value, *where, *name;
};

struct nube_natives {
    nube_lib *lib;
    struct nube_arena arena; /* what the rows point to, but for the drivers' own words */
    struct native *at;
    size_t count;
};

/* ---- Finding ------------------------------------------------------------------------ */

/* What is being asked, while its rows are read. */
struct asked {
    nube_natives *natives;
    const struct nube_driver_info *driver;
    const struct nube_native_row *row;
};

static int same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* The value and option that stand for an account; two files may name the same one. */
static int is(const struct native *n, const struct nube_driver_info *driver, const char *option,
              const char *value)
{
    return n->driver == driver && same(n->option, option) && same(n->value, value);
}

static int add(void *data, const char *value, const char *where)
{
    const struct asked *a = data;
    nube_natives *all = a->natives;
    const char *option = value ? a->row->option : NULL;
    struct native *at;

    for (size_t i = 0; i < all->count; i++)
        if (is(&all->at[i], a->driver, option, value))
            return 0;
    at = nube_mem_realloc(all->at, (all->count + 1) * sizeof(*at));
    if (!at)
        return NUBE_E_MEMORY;
    all->at = at;
    at[all->count++] = (struct native){a->driver, option, nube_arena_strdup(&all->arena, value),
                                       nube_arena_strdup(&all->arena, where), NULL};
    return all->arena.failed ? NUBE_E_MEMORY : 0;
}

/* Is the name nobody else's? "default" says too little, whoever has it. */
static int speaks_for_itself(const nube_natives *all, size_t i)
{
    const char *value = all->at[i].value;
    int n = 0;

    for (size_t j = 0; j < all->count; j++)
        n += same(all->at[j].value, value) || same(all->at[j].driver->name, value);
    return n == 1 && strcmp(value, "default") != 0;
}

static void name_all(nube_natives *all)
{
    for (size_t i = 0; i < all->count; i++) {
        struct native *n = &all->at[i];

        if (!n->value)
            n->name = n->driver->name;
        else if (speaks_for_itself(all, i))
            n->name = n->value;
        else
            n->name = nube_arena_fmt(&all->arena, "%s-%s", n->driver->name, n->value);
    }
}

static int find_of(nube_natives *all, const struct nube_driver_info *driver)
{
    struct asked a = {all, driver, NULL};
    int rc = 0;

    for (size_t i = 0; i < driver->n_natives && driver->n_providers && !rc; i++) {
        a.row = &driver->natives[i];
        rc = nube_native_read(all->lib, a.row, add, &a);
    }
    return rc;
}

/* Loads every driver; which are then known by the catalogue, sorted. */
static int find_all(nube_natives *all, struct nube_error *err)
{
    const char *id, *title, *name;
    const nube_driver_info *last = NULL, *driver;
    int count = nube_provider_count(all->lib, err), rc = 0;

    if (count < 0)
        return count;
    for (int i = 0; i < count && !rc; i++) {
        if (!nube_provider_at(all->lib, i, &id, &title, &name) ||
            nube_driver_load(&driver, all->lib, name, NULL) || driver == last)
            continue;
        last = driver;
        rc = find_of(all, driver);
    }
    if (!rc)
        name_all(all);
    return rc || all->arena.failed ? nube_error_nomem(err) : 0;
}

int nube_natives_find(nube_natives **out, nube_lib *lib, struct nube_error *err)
{
    nube_natives *all = nube_mem_zalloc(sizeof(*all));
    int rc;

    *out = NULL;
    nube_error_clear(err);
    if (!all)
        return nube_error_nomem(err);
    all->lib = lib;
    rc = find_all(all, err);
    if (rc)
        nube_natives_free(all);
    else
        *out = all;
    return rc;
}

void nube_natives_free(nube_natives *natives)
{
    if (!natives)
        return;
    nube_arena_free(&natives->arena);
    nube_mem_free(natives->at);
    nube_mem_free(natives);
}

size_t nube_natives_count(const nube_natives *natives)
{
    return natives->count;
}

int nube_natives_at(const nube_natives *natives, size_t i, struct nube_native *out)
{
    const struct native *n = i < natives->count ? &natives->at[i] : NULL;
    struct nube_native full = {.size = out->size};

    if (!n)
        return 0;
    full.name = n->name;
    full.provider = n->driver->providers[0].id;
    full.option = n->option;
    full.value = n->value;
    full.where = n->where;
    memcpy(out, &full, out->size < sizeof(full) ? out->size : sizeof(full));
    return 1;
}

/* ---- As backends ----------------------------------------------------------------------- */

const nube_backend *nube_natives_known(const nube_natives *natives, size_t i,
                                       const nube_backends *set)
{
    const struct native *n = i < natives->count ? &natives->at[i] : NULL;
    const nube_backend *b;

    for (size_t j = 0; n && (b = nube_backends_at(set, j)); j++) {
        const char *value = NULL, *option = nube_backend_option(b, 0, &value, NULL);

        if (nube_backend_driver(b) == n->driver && !nube_backend_option(b, 1, NULL, NULL) &&
            same(option, n->option) && (!option || same(value, n->value)))
            return b;
    }
    return NULL;
}

static int reference(nube_args **out, const struct native *n, struct nube_error *err)
{
    int rc = nube_args_new(out, err);

    if (!rc && n->option)
        nube_args_set(*out, n->option, n->value);
    return rc;
}

static const struct native *at(const nube_natives *natives, size_t i, struct nube_error *err)
{
    if (i < natives->count)
        return &natives->at[i];
    nube_error_set(err, NUBE_E_USAGE, "there are %zu native accounts", natives->count);
    return NULL;
}

int nube_natives_add(const nube_natives *natives, size_t i, nube_backends *set, const char *name,
                     const char **id, struct nube_error *err)
{
    const struct native *n = at(natives, i, err);
    nube_args *args = NULL;
    int rc = n ? reference(&args, n, err) : NUBE_E_USAGE;

    if (id)
        *id = NULL;
    if (!rc)
        rc = nube_backends_add(set, name ? name : n->name, n->driver->providers[0].id, args, id,
                               err);
    nube_args_free(args);
    return rc;
}

int nube_natives_connect(nube_conn **out, const nube_natives *natives, size_t i,
                         struct nube_error *err)
{
    const struct native *n = at(natives, i, err);
    nube_args *args = NULL;
    int rc = n ? reference(&args, n, err) : NUBE_E_USAGE;

    *out = NULL;
    if (!rc)
        rc = nube_connect(out, natives->lib, n->driver->providers[0].id, n->name, args, err);
    nube_args_free(args);
    return rc;
}
