/* The library's side of each row, over its public headers: the same work as the bare baselines do.
 *
 * nube list PROVIDER URL             every page of nodes
 * nube keep PROVIDER URL             the same, and every node is kept
 * nube warm PROVIDER URL COUNT       one node again and again
 * nube fan PROVIDER URL...           a list from each, all at once on one thread
 * nube start PROVIDER URL COUNT       a start again and again, all in one batch
 * BENCH_MODULES names the build whose modules are loaded, BENCH_CAPATH the directory of trusted
 * certificates.
 */
#include <nube/nube.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/measure.h"

static nube_lib *lib;
static struct nube_error err = NUBE_ERROR_INIT;

struct option {
    const char *name, *value;
};

static const struct option ec2[] = {{"region", "us-west-2"},
                                    {"key", "AKIAIOSFODNN7EXAMPLE"},
                                    {"secret", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"},
                                    {NULL, NULL}};
static const struct option openstack[] = {
    {"username", "admin"},      {"password", "a long secret"}, {"project", "demo"},
    {"user_domain", "Default"}, {"project_domain", "Default"}, {NULL, NULL}};
static const struct option docker[] = {{NULL, NULL}};

static const struct {
    const char *name, *address; /* the option that takes the address */
    const char *scheme, *below; /* put around it */
    const struct option *options;
    const char *id;
} providers[] = {
    {"ec2", "endpoint", "", "", ec2, "i-01234567800000005"},
    {"openstack", "auth_url", "", "/v3", openstack, "00000000-0000-4000-a000-000000000005"},
    {"docker", "host", "unix://", "", docker, "00000005"}};
static size_t provider;

static nube_conn *connect_to(const char *address)
{
    const char *ca_path = getenv("BENCH_CAPATH");
    const struct option *o = providers[provider].options;
    char url[512];
    nube_conn *conn = NULL;
    nube_args *args;

    if (nube_args_new(&args, &err))
        return NULL;
    snprintf(url, sizeof(url), "%s%s%s", providers[provider].scheme, address,
             providers[provider].below);
    nube_args_set(args, providers[provider].address, url);
    if (ca_path)
        nube_args_set(args, "ca_path", ca_path);
    for (; o->name; o++)
        nube_args_set(args, o->name, o->value);
    nube_connect(&conn, lib, providers[provider].name, NULL, args, &err);
    nube_args_free(args);
    return conn;
}

static void open_lib(void)
{
    struct nube_hooks hooks = NUBE_HOOKS_INIT;
    const char *build = getenv("BENCH_MODULES");
    char drivers[512], services[512];

    if (build) {
        snprintf(drivers, sizeof(drivers), "%s/drivers", build);
        snprintf(services, sizeof(services), "%s/services", build);
        hooks.driver_path = drivers;
        hooks.service_path = services;
    }
    nube_lib_open(&lib, &hooks, &err);
}

/* ---- one connection ----------------------------------------------------------------- */

static size_t list(nube_conn *conn, bool keep)
{
    const nube_node *node;
    nube_node *copy = NULL;
    nube_iter *nodes = NULL;
    size_t count = 0;

    if (nube_node_list(&nodes, conn, NULL, NULL, &err))
        return 0;
    while (nube_iter_next(&node, nodes, &err) == 1) {
        if (keep && nube_obj_dup(&copy, node, &err))
            break;
        count++;
    }
    nube_iter_free(nodes);
    return count;
}

static size_t warm(nube_conn *conn, size_t count, struct measure *from)
{
    nube_node *node;
    size_t i = 0;

    for (; i <= count && !err.code; i++) {
        if (i == 1)
            *from = measure_begin();
        nube_node_get(&node, conn, providers[provider].id, NULL, &err);
        nube_obj_free(node);
    }
    return i ? i - 1 : 0;
}

/* ---- many at once ------------------------------------------------------------------- */

static size_t deliver(nube_batch *batch)
{
    struct nube_done done = NUBE_DONE_INIT;
    size_t count = 0;

    while (nube_batch_next(&done, batch, &err) == 1) {
        count += done.code == 0 && !done.more;
        nube_result_free(done.result);
        if (done.code)
            fprintf(stderr, "%s\n", err.message);
    }
    return count;
}

static size_t fan(char **addresses, size_t n)
{
    nube_conn **conns = calloc(n, sizeof(*conns));
    nube_batch *batch = NULL;
    size_t count = 0;

    if (!conns || nube_batch_new(&batch, lib, &err))
        return 0;
    for (size_t i = 0; i < n && !err.code; i++) {
        conns[i] = connect_to(addresses[i]);
        if (conns[i])
            nube_batch_add(batch, conns[i], NUBE_OP_NODE_LIST, NULL, NULL, NULL, &err);
    }
    if (!err.code)
        count = deliver(batch);
    nube_batch_free(batch);
    for (size_t i = 0; i < n; i++)
        nube_conn_free(conns[i]);
    free(conns);
    return count;
}

static size_t start(nube_conn *conn, size_t n)
{
    nube_batch *batch = NULL;
    nube_args *args = NULL;
    size_t count = 0;

    if (nube_args_new(&args, &err) || nube_batch_new(&batch, lib, &err))
        return 0;
    nube_args_set(args, "id", providers[provider].id);
    for (size_t i = 0; i < n && !err.code; i++)
        nube_batch_add(batch, conn, NUBE_OP_NODE_START, args, NULL, NULL, &err);
    if (!err.code)
        count = deliver(batch);
    nube_batch_free(batch);
    nube_args_free(args);
    return count;
}

static bool is(const char *verb, const char *name)
{
    return strcmp(verb, name) == 0;
}

int main(int argc, char **argv)
{
    struct measure from = measure_begin();
    const char *verb = argc > 3 ? argv[1] : "";
    size_t n = argc > 4 ? strtoul(argv[4], NULL, 10) : 0, count = 0;
    nube_conn *conn = NULL;

    while (argc > 3 && provider < 3 && strcmp(argv[2], providers[provider].name) != 0)
        provider++;
    if (argc < 4 || provider == 3)
        return 2;
    open_lib();
    if (!err.code && !is(verb, "fan"))
        conn = connect_to(argv[3]);
    if (is(verb, "fan") && !err.code)
        count = fan(argv + 3, (size_t)argc - 3);
    else if (conn && (is(verb, "list") || is(verb, "keep")))
        count = list(conn, is(verb, "keep"));
    else if (conn && is(verb, "warm"))
        count = warm(conn, n, &from);
    else if (conn && is(verb, "start"))
        count = start(conn, n);
    if (err.code)
        fprintf(stderr, "%s\n", err.message);
    measure_end(from, count);
    nube_conn_free(conn);
    nube_lib_free(lib);
    return err.code != 0;
}
