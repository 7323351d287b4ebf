/* The library's side of long EC2 lists: counts nodes page by page: list URL DRIVERS SERVICES */
#include <nube/nube.h>
#include <stdio.h>

#include "peak.h"

static int open_all(nube_lib **lib, nube_conn **conn, char **argv, struct nube_error *err)
{
    const char *const options[][2] = {{"endpoint", argv[1]},
                                      {"region", "us-east-1"},
                                      {"key", "AKIAIOSFODNN7EXAMPLE"},
                                      {"secret", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}};
    struct nube_hooks hooks = NUBE_HOOKS_INIT;
    nube_args *args = NULL;
    int rc;

    hooks.driver_path = argv[2];
    hooks.service_path = argv[3];
    rc = nube_lib_open(lib, &hooks, err);
    if (!rc)
        rc = nube_args_new(&args, err);
    for (size_t i = 0; !rc && i < sizeof(options) / sizeof(*options); i++)
        nube_args_set(args, options[i][0], options[i][1]);
    if (!rc)
        rc = nube_connect(conn, *lib, "ec2", NULL, args, err);
    nube_args_free(args);
    return rc;
}

int main(int argc, char **argv)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const nube_node *node;
    nube_iter *nodes = NULL;
    nube_conn *conn = NULL;
    nube_lib *lib = NULL;
    size_t count = 0;
    int rc = argc < 4 ? -1 : open_all(&lib, &conn, argv, &err);

    if (!rc)
        rc = nube_node_list(&nodes, conn, NULL, NULL, &err);
    if (!rc)
        while ((rc = nube_iter_next(&node, nodes, &err)) == 1)
            count++;
    if (rc)
        fprintf(stderr, "%s\n", err.message);
    printf("%zu %ld\n", count, peak_kib());
    nube_iter_free(nodes);
    nube_conn_free(conn);
    nube_lib_free(lib);
    return rc != 0;
}
