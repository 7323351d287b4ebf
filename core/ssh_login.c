/* The command line with which a person's own ssh reaches a node. */
#include <string.h>

#include <nube/ssh.h>

#include "args_int.h"
#include "call_int.h"
#include "error_int.h"
#include "mem.h"

/* Words that each end with NUL, as a vector in one block. */
static char **vector(const char *words, size_t len)
{
    size_t n = 0, i;
    char **argv, *copy;

    for (i = 0; i < len; i++)
        n += !words[i];
    argv = nube_mem_zalloc((n + 1) * sizeof(*argv) + len);
    if (!argv)
        return NULL;
    copy = (char *)(argv + n + 1);
    memcpy(copy, words, len);
    for (i = 0; i < n; i++, copy += strlen(copy) + 1)
        argv[i] = copy;
    return argv;
}

int nube_node_ssh(char ***out, nube_conn *conn, const char *id, const char *const *argv,
                  const nube_args *args, const struct nube_call_opts *opts, struct nube_error *err)
{
    nube_result *result = NULL;
    nube_args *all = NULL;
    size_t len = 0;
    const char *words;
    int rc;

    *out = NULL;
    nube_error_clear(err);
    if (!nube_node_ssh_step(nube_conn_driver(conn), NUBE_OP_NODE_RUN, args) &&
        !nube_driver_option_find(nube_conn_driver(conn), NUBE_OP_NODE_RUN, NULL, "via")) {
        rc =
            nube_error_set(err, NUBE_E_UNSUPPORTED,
                           "%s runs commands on its nodes itself: nube node run; via=ssh goes over "
                           "SSH all the same",
                           nube_conn_driver(conn)->title);
        return nube_error_about(err, rc, nube_conn_name(conn), "node ssh");
    }
    rc = args ? nube_args_copy(&all, args, err) : nube_args_new(&all, err);
    if (rc)
        return rc;
    nube_args_drop(all, "via");
    nube_args_set(all, "via", "argv");
    nube_args_set(all, "id", id);
    for (; argv && *argv; argv++)
        nube_args_set(all, "command", *argv);
    rc = nube_call_op(&result, conn, NUBE_OP_NODE_RUN, all, opts, err);
    words = nube_result_output(result, NUBE_STDOUT, &len);
    if (!rc && !(*out = vector(words, len)))
        rc = nube_error_nomem(err);
    nube_result_free(result);
    nube_args_free(all);
    return rc;
}
