/* Lists the nodes of one account: list PROVIDER [option=value]... */
#include <nube/nube.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    struct nube_error err = NUBE_ERROR_INIT;
    nube_args *options = NULL;
    const nube_node *node;
    nube_iter *nodes = NULL;
    nube_conn *conn = NULL;
    nube_lib *lib = NULL;
    int rc = argc < 2 ? NUBE_E_USAGE : nube_lib_open(&lib, NULL, &err);

    if (!rc)
        rc = nube_args_new(&options, &err);
    for (int i = 2; !rc && i < argc; i++)
        rc = nube_args_parse(options, argv[i], &err);
    if (!rc)
        rc = nube_connect(&conn, lib, argv[1], NULL, options, &err);
    if (!rc)
        rc = nube_node_list(&nodes, conn, NULL, NULL, &err);
    if (!rc)
        while ((rc = nube_iter_next(&node, nodes, &err)) == 1)
            printf("%s\t%s\t%s\n", nube_id(node), nube_name(node),
                   nube_state_name(nube_node_state(node)));
    if (rc < 0)
        fprintf(stderr, "%s: %s\n", nube_code_name(rc), err.message);
    nube_iter_free(nodes);
    nube_conn_free(conn);
    nube_args_free(options);
    nube_lib_free(lib);
    return rc < 0;
}
