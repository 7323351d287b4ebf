/* Sizes of the Docker driver: presets of memory and CPUs, limits at creation, resize. */
#include <string.h>

#include "docker.h"

/* The engine has no sizes: these are Nube's. The first is a container without limits. */
const struct docker_size docker_sizes[] = {
    {"default", 0, 0},
    {"nano", 128LL * DOCKER_MIB, 250000000},
    {"micro", 256LL * DOCKER_MIB, 500000000},
    {"small", 512LL * DOCKER_MIB, 1000000000},
    {"medium", 1024LL * DOCKER_MIB, 1000000000},
    {"large", 2048LL * DOCKER_MIB, 2000000000},
    {"xlarge", 4096LL * DOCKER_MIB, 4000000000},
    {"2xlarge", 8192LL * DOCKER_MIB, 8000000000},
    {"4xlarge", 16384LL * DOCKER_MIB, 16000000000},
};
const size_t docker_size_count = DOCKER_ROWS(docker_sizes);

const struct docker_size *docker_size_of(int64_t memory, int64_t nano_cpus)
{
    size_t i;

    for (i = 0; i < docker_size_count; i++)
        if (docker_sizes[i].memory == memory && docker_sizes[i].nano_cpus == nano_cpus)
            return &docker_sizes[i];
    return NULL;
}

static const struct docker_size *size_named(const char *id)
{
    size_t i;

    for (i = 0; i < docker_size_count; i++)
        if (strcmp(docker_sizes[i].id, id) == 0)
            return &docker_sizes[i];
    return NULL;
}

static int restart_policy(nube_call *c, nube_json *j)
{
    const char *name = nube_arg_str(c, "restart");
    int64_t most = nube_arg_int(c, "restart_max", -1);

    if (most >= 0 && (!name || strcmp(name, "on-failure") != 0)) {
        nube_fail(c, NUBE_E_USAGE, "restart_max goes with restart=on-failure only");
        return -1;
    }
    if (!name)
        return 0;
    nube_json_object(j, "RestartPolicy");
    nube_json_str(j, "Name", name);
    if (most >= 0)
        nube_json_int(j, "MaximumRetryCount", most);
    nube_json_end(j);
    return 0;
}

/*
 * memory_swap is memory and swap together. A resize that names only the memory
 * moves it along, twice the memory as at creation: the engine refuses memory above it.
 */
static void write_memory(nube_call *c, nube_json *j, int64_t memory, int resize)
{
    int64_t swap = nube_arg_int(c, "memory_swap", -1);

    if (memory > 0)
        nube_json_int(j, "Memory", memory);
    if (swap >= 0)
        nube_json_int(j, "MemorySwap", swap ? swap : -1);
    else if (resize && memory > 0)
        nube_json_int(j, "MemorySwap", 2 * memory);
}

int docker_limits(nube_call *c, nube_json *j, int resize)
{
    const char *id = nube_arg_str(c, "size");
    const struct docker_size *size = id ? size_named(id) : NULL;
    int64_t memory = nube_arg_int(c, "memory", size ? size->memory : 0);
    double cpus = nube_arg_number(c, "cpus", size ? (double)size->nano_cpus / 1e9 : 0);

    if (id && !size) {
        nube_fail(c, NUBE_E_USAGE,
                  "there is no size \"%s\"; the list of sizes shows those that are", id);
        return -1;
    }
    if (resize && size && !size->memory && !(memory > 0 && cpus > 0)) {
        nube_fail(c, NUBE_E_UNSUPPORTED,
                  "the engine cannot take a limit away from a container; create it anew");
        return -1;
    }
    write_memory(c, j, memory, resize);
    if (cpus > 0)
        nube_json_int(j, "NanoCpus", (int64_t)(cpus * 1e9 + 0.5));
    return restart_policy(c, j);
}

enum nube_step docker_node_resize(nube_call *c, const nube_reply *r)
{
    static const char *const any[] = {"size", "memory", "memory_swap", "cpus", "restart"};
    size_t i = 0;

    if (r) {
        docker_warnings(c, nube_reply_doc(r));
        return NUBE_DONE;
    }
    while (i < DOCKER_ROWS(any) && !nube_arg_str(c, any[i]))
        i++;
    if (i == DOCKER_ROWS(any))
        return nube_fail(c, NUBE_E_USAGE,
                         "nothing to change: give size, memory, memory_swap, cpus or restart");
    if (docker_limits(
            c, nube_req_json(docker_container(c, NUBE_POST, nube_arg_str(c, "id"), "update")), 1))
        return NUBE_FAIL;
    return NUBE_SEND;
}

static void emit_size(nube_call *c, const struct docker_size *size)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_SIZE);

    nube_set(o, NUBE_ID, size->id);
    nube_set(o, NUBE_NAME, size->id);
    nube_set(o, NUBE_DRIVER, "Docker");
    nube_set_bool(o, NUBE_DEFAULT, !size->memory);
    if (size->memory) {
        nube_set_int(o, NUBE_RAM, size->memory / DOCKER_MIB);
        nube_set_number(o, NUBE_CORES, (double)size->nano_cpus / 1e9);
    } else {
        nube_set(o, NUBE_DESCRIPTION, "no limits: whatever the engine's host has");
    }
}

/* Those that this engine's host can give. */
enum nube_step docker_size_list(nube_call *c, const nube_reply *r)
{
    int64_t memory, cpus;
    size_t i;

    if (!r) {
        nube_req_path(nube_req_new(c, NUBE_GET, DOCKER_ENGINE), "info");
        return NUBE_SEND;
    }
    memory = nube_doc_int(nube_reply_doc(r), "MemTotal", -1);
    cpus = nube_doc_int(nube_reply_doc(r), "NCPU", -1);
    if (memory < 0 || cpus < 0)
        return nube_fail(c, NUBE_E_PROTOCOL, "the engine does not say how large it is");
    for (i = 0; i < docker_size_count; i++)
        if (docker_sizes[i].memory <= memory && docker_sizes[i].nano_cpus <= cpus * 1000000000)
            emit_size(c, &docker_sizes[i]);
    return NUBE_DONE;
}
