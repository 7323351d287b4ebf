/* The library handle: the application's hooks with their defaults, and what is freed with it. */
#include "lib_int.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cassette.h"
#include "error_int.h"
#include "loader.h"
#include "mem.h"

static int64_t clock_ms(clockid_t id)
{
    struct timespec t;

    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t nube_lib_mono(nube_lib *lib)
{
    return lib->hooks.now_mono ? lib->hooks.now_mono(lib->hooks.payload)
                               : clock_ms(CLOCK_MONOTONIC);
}

int64_t nube_lib_wall(nube_lib *lib)
{
    return lib->hooks.now_wall ? lib->hooks.now_wall(lib->hooks.payload) : clock_ms(CLOCK_REALTIME);
}

const char *nube_lib_env(nube_lib *lib, const char *name)
{
    return lib->hooks.env ? lib->hooks.env(lib->hooks.payload, name) : secure_getenv(name);
}

/* Takes what the application's struct covers, and says which group of hooks is incomplete. */
static int read_hooks(struct nube_hooks *to, const struct nube_hooks *from, struct nube_error *err)
{
    const struct nube_hooks defaults = NUBE_HOOKS_INIT;

    *to = defaults;
    if (!from)
        return 0;
    if (from->size < offsetof(struct nube_hooks, log))
        return nube_error_set(err, NUBE_E_USAGE,
                              "nube_hooks.size is %u: start the struct as NUBE_HOOKS_INIT",
                              (unsigned)from->size);
    memcpy(to, from, from->size < sizeof(*to) ? from->size : sizeof(*to));
    to->size = sizeof(*to);
    if (!to->now_mono != !to->now_wall)
        return nube_error_set(err, NUBE_E_USAGE,
                              "nube_hooks: set both now_mono and now_wall, or neither");
    if (!to->alloc != !to->realloc || !to->alloc != !to->free)
        return nube_error_set(err, NUBE_E_USAGE,
                              "nube_hooks: set alloc, realloc and free, or none of them");
    return 0;
}

/* The handle owns its strings; a failed copy leaves the others to be freed. */
static int own_strings(struct nube_hooks *hooks)
{
    const char **text[] = {&hooks->driver_path, &hooks->service_path, &hooks->record_dir,
                           &hooks->replay_dir};
    int failed = 0;

    for (size_t i = 0; i < sizeof(text) / sizeof(*text); i++) {
        const char *given = *text[i];

        *text[i] = nube_mem_strdup(given);
        failed |= given && !*text[i];
    }
    return failed;
}

/* How long pieces of a replayed body are: for tests of readers. */
static size_t replay_chunk(nube_lib *lib)
{
    const char *text = nube_lib_env(lib, "NUBE_REPLAY_CHUNK");

    return text ? (size_t)strtoul(text, NULL, 10) : 0;
}

static int open_cassette(nube_lib *lib, struct nube_error *err)
{
    if (lib->hooks.replay_dir)
        return nube_cassette_open(&lib->cassette, lib->hooks.replay_dir, NUBE_CASSETTE_REPLAY,
                                  replay_chunk(lib), err);
    if (lib->hooks.record_dir)
        return nube_cassette_open(&lib->cassette, lib->hooks.record_dir, NUBE_CASSETTE_RECORD, 0,
                                  err);
    return 0;
}

int nube_lib_open(nube_lib **out, const struct nube_hooks *hooks, struct nube_error *err)
{
    struct nube_hooks given;
    nube_lib *lib;
    int rc = read_hooks(&given, hooks, err);

    *out = NULL;
    if (rc)
        return rc;
    if (nube_mem_hooks(given.alloc, given.realloc, given.free))
        return nube_error_set(err, NUBE_E_USAGE,
                              "nube_hooks.alloc: this process already uses another allocator; "
                              "the first nube_lib_open() decides, before any other call");
    lib = nube_mem_zalloc(sizeof(*lib));
    if (!lib)
        return nube_error_nomem(err);
    lib->hooks = given;
    pthread_mutex_init(&lib->lock, NULL);
    pthread_mutex_init(&lib->loading, NULL);
    if (own_strings(&lib->hooks))
        rc = nube_error_nomem(err);
    if (!rc)
        rc = nube_loader_new(&lib->drivers, "drivers", lib->hooks.driver_path, err);
    if (!rc)
        rc = nube_loader_new(&lib->services, "services", lib->hooks.service_path, err);
    if (!rc)
        rc = open_cassette(lib, err);
    if (rc) {
        nube_lib_free(lib);
        return rc;
    }
    *out = lib;
    return 0;
}

void nube_lib_free(nube_lib *lib)
{
    if (!lib)
        return;
    nube_engines_free(lib);
    nube_cassette_close(lib->cassette);
    nube_registry_free(lib);
    nube_loader_free(lib->drivers);
    nube_loader_free(lib->services);
    nube_mem_free((char *)lib->hooks.driver_path);
    nube_mem_free((char *)lib->hooks.service_path);
    nube_mem_free((char *)lib->hooks.record_dir);
    nube_mem_free((char *)lib->hooks.replay_dir);
    pthread_mutex_destroy(&lib->lock);
    pthread_mutex_destroy(&lib->loading);
    nube_mem_free(lib);
}
