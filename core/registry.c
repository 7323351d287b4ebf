/* Drivers of a library handle: found, loaded when first asked for, queried; and the provider
 * catalogue. */
#include "registry.h"

#include <stdlib.h>
#include <string.h>

#include "error_int.h"
#include "lib_int.h"
#include "loader.h"
#include "mem.h"
#include "nearest.h"

/* ---- What a driver says about itself --------------------------------------------- */

const char *nube_driver_title(const nube_driver_info *drv)
{
    return drv->title;
}

const char *nube_driver_id(const nube_driver_info *drv)
{
    return drv->name;
}

const char *nube_driver_version(const nube_driver_info *drv)
{
    return drv->version;
}

const char *nube_driver_license(const nube_driver_info *drv)
{
    return drv->license;
}

const char *nube_driver_file(const nube_driver_info *drv)
{
    return drv->file;
}

int nube_driver_can(const nube_driver_info *drv, enum nube_op op)
{
    if (op == NUBE_OP_NODE_ACTION || op == NUBE_OP_IMAGE_ACTION) {
        enum nube_kind kind = op == NUBE_OP_NODE_ACTION ? NUBE_KIND_NODE : NUBE_KIND_IMAGE;

        for (size_t i = 0; i < drv->n_actions; i++)
            if (drv->actions[i].kind == kind)
                return 1;
    }
    return (unsigned)op < NUBE_OP_COUNT && drv->ops[op].step != NULL;
}

const struct nube_option *nube_driver_option(const nube_driver_info *drv, size_t i)
{
    return i < drv->n_options ? &drv->options[i] : NULL;
}

int nube_driver_state(const nube_driver_info *drv, size_t i, const char **raw, int *state,
                      const uint16_t **ops)
{
    if (i >= drv->n_states)
        return 0;
    if (raw)
        *raw = drv->states[i].raw;
    if (state)
        *state = (int)drv->states[i].state;
    if (ops)
        *ops = drv->states[i].ops;
    return 1;
}

int nube_driver_action(const nube_driver_info *drv, size_t i, const char **name, int *kind,
                       const char **help)
{
    if (i >= drv->n_actions)
        return 0;
    if (name)
        *name = drv->actions[i].name;
    if (kind)
        *kind = (int)drv->actions[i].kind;
    if (help)
        *help = drv->actions[i].help;
    return 1;
}

const struct nube_option *nube_driver_option_find(const struct nube_driver_info *info,
                                                  enum nube_op op, const char *action,
                                                  const char *name)
{
    for (size_t i = 0; i < info->n_options; i++) {
        const struct nube_option *o = &info->options[i];

        if (o->op != (uint32_t)op || !o->action != !action ||
            (action && strcmp(o->action, action) != 0))
            continue;
        if (strcmp(o->name, name) == 0 || (o->alias && strcmp(o->alias, name) == 0))
            return o;
    }
    return NULL;
}

const struct nube_action_row *nube_driver_action_find(const struct nube_driver_info *info,
                                                      enum nube_kind kind, const char *name)
{
    for (size_t i = 0; i < info->n_actions; i++)
        if (info->actions[i].kind == (uint32_t)kind && strcmp(info->actions[i].name, name) == 0)
            return &info->actions[i];
    return NULL;
}

const struct nube_state_row *nube_driver_state_find(const struct nube_driver_info *info,
                                                    const char *raw)
{
    for (size_t i = 0; i < info->n_states; i++)
        if (strcasecmp(info->states[i].raw, raw) == 0)
            return &info->states[i];
    return NULL;
}

/* ---- Names ------------------------------------------------------------------------- */

struct name_list {
    char **names;
    size_t count, size;
    int failed;
};

static void add_name(void *data, const char *name)
{
    struct name_list *list = data;
    char *copy;

    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->names[i], name) == 0)
            return;
    if (list->count == list->size) {
        size_t size = list->size ? list->size * 2 : 16;
        char **names = nube_mem_realloc(list->names, size * sizeof(*names));

        if (!names) {
            list->failed = 1;
            return;
        }
        list->names = names;
        list->size = size;
    }
    copy = nube_mem_strdup(name);
    if (copy)
        list->names[list->count++] = copy;
    else
        list->failed = 1;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void free_names(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        nube_mem_free(names[i]);
    nube_mem_free(names);
}

/* Reads the directories once; drivers that were registered count too. The caller holds
 * lib->loading. */
static int read_names(nube_lib *lib, struct nube_error *err)
{
    struct name_list list = {nube_mem_alloc(sizeof(char *)), 0, 1, 0};
    int rc = list.names ? 0 : nube_error_nomem(err);

    if (!rc)
        rc = nube_loader_scan(lib->drivers, add_name, &list, err);
    for (const struct nube_driver_info *d = lib->adopted; d && !rc; d = d->next)
        add_name(&list, d->name);
    if (!rc && list.failed)
        rc = nube_error_nomem(err);
    if (rc) {
        free_names(list.names, list.count);
        return rc;
    }
    qsort(list.names, list.count, sizeof(*list.names), by_name);
    pthread_mutex_lock(&lib->lock);
    lib->names = list.names;
    lib->n_names = list.count;
    pthread_mutex_unlock(&lib->lock);
    return 0;
}

int nube_driver_count(nube_lib *lib, struct nube_error *err)
{
    int rc = 0;

    pthread_mutex_lock(&lib->loading);
    if (!lib->names)
        rc = read_names(lib, err);
    if (!rc)
        rc = (int)lib->n_names;
    pthread_mutex_unlock(&lib->loading);
    return rc;
}

const char *nube_driver_name(nube_lib *lib, int i)
{
    const char *name = NULL;

    if (nube_driver_count(lib, NULL) < 0)
        return NULL;
    pthread_mutex_lock(&lib->lock);
    if (i >= 0 && (size_t)i < lib->n_names)
        name = lib->names[i];
    pthread_mutex_unlock(&lib->lock);
    return name;
}

/* ---- Loading -------------------------------------------------------------------------- */

static struct nube_driver_info *find_adopted(nube_lib *lib, const char *name)
{
    struct nube_driver_info *d;

    pthread_mutex_lock(&lib->lock);
    d = lib->adopted;
    while (d && strcmp(d->name, name) != 0)
        d = d->next;
    pthread_mutex_unlock(&lib->lock);
    return d;
}

static void publish(nube_lib *lib, struct nube_driver_info *info)
{
    pthread_mutex_lock(&lib->lock);
    info->next = lib->adopted;
    lib->adopted = info;
    pthread_mutex_unlock(&lib->lock);
}

/* From the file; the caller holds lib->loading. */
static int load_file(struct nube_driver_info **out, nube_lib *lib, const char *name,
                     struct nube_error *err)
{
    const struct nube_driver *driver;
    nube_driver_v0_fn fn;
    const char *file;
    void *entry;
    int rc = nube_loader_open(&entry, &file, lib->drivers, name, NUBE_DRIVER_ENTRY, err);

    if (rc)
        return rc;
    memcpy(&fn, &entry, sizeof(fn)); /* ISO C has no cast from an object to a function */
    driver = fn(NUBE_VERSION_MAJOR << 16 | NUBE_VERSION_MINOR << 8 | NUBE_VERSION_PATCH);
    if (!driver)
        return nube_error_set(err, NUBE_E_DRIVER, "driver %s (%s) declines Nube %s", name, file,
                              NUBE_VERSION);
    rc = nube_adopt(out, driver, file, err);
    if (!rc)
        publish(lib, *out);
    return rc;
}

int nube_driver_load(const nube_driver_info **out, nube_lib *lib, const char *name,
                     struct nube_error *err)
{
    struct nube_driver_info *d = find_adopted(lib, name);
    int rc = 0, fresh = 0;

    *out = NULL;
    if (!d) {
        pthread_mutex_lock(&lib->loading);
        d = find_adopted(lib, name);
        if (!d) {
            rc = load_file(&d, lib, name, err);
            fresh = !rc;
        }
        pthread_mutex_unlock(&lib->loading);
    }
    if (fresh)
        nube_lib_log(lib, NUBE_LOG_DEBUG, "driver %s %s loaded from %s", d->name, d->version,
                     d->file);
    if (fresh && d->n_newer)
        nube_lib_log(lib, NUBE_LOG_DEBUG, "driver %s: %zu operations of a newer Nube left out",
                     d->name, d->n_newer);
    *out = d;
    return rc;
}

/* A name that comes late: the list, if it was read, is made anew. Names that were given out stay
 * where they are. */
static int insert_name(nube_lib *lib, const char *name, struct nube_error *err)
{
    char **names, *copy;
    size_t i = 0;

    if (!lib->names)
        return 0;
    while (i < lib->n_names && strcmp(lib->names[i], name) < 0)
        i++;
    if (i < lib->n_names && strcmp(lib->names[i], name) == 0)
        return 0;
    names = nube_mem_alloc((lib->n_names + 1) * sizeof(*names));
    copy = nube_mem_strdup(name);
    if (!names || !copy) {
        nube_mem_free(names);
        nube_mem_free(copy);
        return nube_error_nomem(err);
    }
    memcpy(names, lib->names, i * sizeof(*names));
    names[i] = copy;
    memcpy(names + i + 1, lib->names + i, (lib->n_names - i) * sizeof(*names));
    nube_mem_free(lib->names);
    lib->names = names;
    lib->n_names++;
    return 0;
}

int nube_driver_register(nube_lib *lib, const struct nube_driver *driver, struct nube_error *err)
{
    struct nube_driver_info *info;
    int rc = nube_adopt(&info, driver, NULL, err);

    if (rc)
        return rc;
    pthread_mutex_lock(&lib->loading);
    if (find_adopted(lib, info->name))
        rc = nube_error_set(err, NUBE_E_CONFLICT, "there is a driver %s already", info->name);
    pthread_mutex_lock(&lib->lock);
    if (!rc)
        rc = insert_name(lib, info->name, err);
    if (!rc) {
        info->next = lib->adopted;
        lib->adopted = info;
        nube_mem_free(lib->catalogue);
        lib->catalogue = NULL;
    }
    pthread_mutex_unlock(&lib->lock);
    pthread_mutex_unlock(&lib->loading);
    if (rc)
        nube_driver_info_free(info);
    return rc;
}

/* ---- The provider catalogue -------------------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
    const struct nube_catalogue_entry *x = a, *y = b;
    int c = strcmp(x->row->id, y->row->id);

    return c ? c : strcmp(x->driver->name, y->driver->name);
}

/* Of all drivers that are loaded now. The caller holds lib->lock. */
static int make_catalogue(nube_lib *lib, struct nube_error *err)
{
    struct nube_catalogue_entry *all;
    size_t n = 0;

    for (const struct nube_driver_info *d = lib->adopted; d; d = d->next)
        n += d->n_providers;
    all = nube_mem_alloc((n + 1) * sizeof(*all));
    if (!all)
        return nube_error_nomem(err);
    n = 0;
    for (const struct nube_driver_info *d = lib->adopted; d; d = d->next)
        for (size_t i = 0; i < d->n_providers; i++)
            all[n++] = (struct nube_catalogue_entry){&d->providers[i], d};
    qsort(all, n, sizeof(*all), by_id);
    lib->catalogue = all;
    lib->n_catalogue = n;
    return 0;
}

/* Loads what the search path has; what cannot be loaded is a warning, once. */
static int load_all(nube_lib *lib, struct nube_error *err)
{
    int n, rc = 0;

    pthread_mutex_lock(&lib->lock);
    n = lib->catalogue ? 0 : -1;
    pthread_mutex_unlock(&lib->lock);
    if (n == 0)
        return 0;
    n = nube_driver_count(lib, err);
    for (int i = 0; i < n; i++) {
        struct nube_error why = NUBE_ERROR_INIT;
        const nube_driver_info *d;

        rc = nube_driver_load(&d, lib, nube_driver_name(lib, i), &why);
        if (rc == NUBE_E_MEMORY)
            return nube_error_nomem(err);
        if (rc)
            nube_lib_log(lib, NUBE_LOG_WARN, "left out: %s", why.message);
    }
    if (n < 0)
        return n;
    pthread_mutex_lock(&lib->lock);
    rc = lib->catalogue ? 0 : make_catalogue(lib, err);
    pthread_mutex_unlock(&lib->lock);
    return rc;
}

int nube_provider_count(nube_lib *lib, struct nube_error *err)
{
    int rc = load_all(lib, err);

    if (rc)
        return rc;
    pthread_mutex_lock(&lib->lock);
    rc = (int)lib->n_catalogue;
    pthread_mutex_unlock(&lib->lock);
    return rc;
}

int nube_provider_at(nube_lib *lib, int i, const char **id, const char **title, const char **driver)
{
    struct nube_catalogue_entry found = {NULL, NULL};

    if (load_all(lib, NULL))
        return 0;
    pthread_mutex_lock(&lib->lock);
    if (lib->catalogue && i >= 0 && (size_t)i < lib->n_catalogue)
        found = lib->catalogue[i];
    pthread_mutex_unlock(&lib->lock);
    if (!found.row)
        return 0;
    if (id)
        *id = found.row->id;
    if (title)
        *title = found.row->title;
    if (driver)
        *driver = found.driver->name;
    return 1;
}

static const struct nube_provider_row *find_row(const nube_driver_info *d, const char *provider)
{
    for (size_t i = 0; i < d->n_providers; i++)
        if (strcmp(d->providers[i].id, provider) == 0)
            return &d->providers[i];
    return NULL;
}

/*
 * Most ids begin with their driver's name: that driver alone is loaded then. A driver of
 * exactly this name that cannot be loaded is the error to report.
 */
static int find_near(nube_lib *lib, const char *provider, const nube_driver_info **driver,
                     const struct nube_provider_row **row, struct nube_error *err)
{
    int n = nube_driver_count(lib, err);

    for (int i = n - 1; i >= 0; i--) { /* the longer of two names comes first */
        const char *name = nube_driver_name(lib, i);
        size_t len = strlen(name);
        const nube_driver_info *d;
        int rc;

        if (strncmp(name, provider, len) != 0)
            continue;
        rc = nube_driver_load(&d, lib, name, provider[len] ? NULL : err);
        if (rc && !provider[len])
            return rc;
        if (rc)
            continue;
        *row = find_row(d, provider);
        if (*row || !provider[len]) {
            *driver = d;
            return 0;
        }
    }
    return n < 0 ? n : 0;
}

static int unknown_provider(const char *provider, const char *near, struct nube_error *err)
{
    if (near)
        return nube_error_set(err, NUBE_E_NOT_FOUND,
                              "no installed driver has the provider \"%.100s\"; did you mean "
                              "\"%.60s\"?",
                              provider, near);
    return nube_error_set(err, NUBE_E_NOT_FOUND,
                          "no installed driver has the provider \"%.100s\"; nube provider list "
                          "shows those there are",
                          provider);
}

int nube_provider_find(nube_lib *lib, const char *provider, const struct nube_driver_info **driver,
                       const struct nube_provider_row **row, struct nube_error *err)
{
    struct nube_nearest near;
    int rc;

    *driver = NULL;
    *row = NULL;
    rc = find_near(lib, provider, driver, row, err);
    if (rc || *driver)
        return rc;
    rc = load_all(lib, err);
    if (rc)
        return rc;
    nube_nearest_init(&near, provider);
    pthread_mutex_lock(&lib->lock);
    for (size_t i = 0; lib->catalogue && i < lib->n_catalogue && !*row; i++) {
        nube_nearest_try(&near, lib->catalogue[i].row->id);
        if (strcmp(lib->catalogue[i].row->id, provider) == 0) {
            *row = lib->catalogue[i].row;
            *driver = lib->catalogue[i].driver;
        }
    }
    pthread_mutex_unlock(&lib->lock);
    if (*driver)
        return 0;
    return unknown_provider(provider, near.best, err);
}

void nube_registry_free(nube_lib *lib)
{
    while (lib->adopted) {
        struct nube_driver_info *d = lib->adopted;

        lib->adopted = d->next;
        nube_driver_info_free(d);
    }
    free_names(lib->names, lib->n_names);
    nube_mem_free(lib->catalogue);
}
