/* Letting a key log in to a node, or no more: a command on the node, whatever way it has of running
 * one. */
#include <string.h>

#include <nube/keyring.h>
#include <nube/node.h>

#include "error_int.h"
#include "ssh_int.h"

/* What the script says, or why it failed. */
static int read_end(const nube_result *result, const char *node, int *changed,
                    struct nube_error *err)
{
    size_t len = 0;
    const char *text = nube_result_output(result, NUBE_STDOUT, &len);

    if (nube_result_status(result) == 0 && len && (*text == 'c' || *text == 's')) {
        if (changed)
            *changed = *text == 'c';
        return 0;
    }
    text = nube_result_output(result, NUBE_STDERR, &len);
    return nube_error_set(err, NUBE_E_FORBIDDEN, "%s: authorized_keys: %.*s", node,
                          len ? (int)strcspn(text, "\r\n") : 24,
                          len ? text : "the command was refused.");
}

static int edit(bool add, nube_conn *conn, const char *node, const char *public_key,
                const nube_args *args, int *changed, const struct nube_call_opts *opts,
                struct nube_error *err)
{
    const char *argv[] = {"sh", "-c", NULL, NULL};
    nube_result *result = NULL;
    struct nube_buf script;
    int rc;

    nube_error_clear(err);
    nube_buf_init(&script, NUBE_MAX_DATA);
    if (!nube_authorized_script(&script, add, public_key))
        rc = nube_error_set(err, NUBE_E_USAGE, "%s", nube_not_a_public_key);
    else if (script.failed)
        rc = nube_error_nomem(err);
    else {
        argv[2] = script.data;
        rc = nube_node_run(&result, conn, node, argv, args, opts, err);
        if (!rc && !(opts && opts->flags & NUBE_CALL_DRY_RUN))
            rc = read_end(result, node, changed, err);
    }
    nube_result_free(result);
    nube_buf_free(&script);
    return rc;
}

int nube_key_associate(nube_conn *conn, const char *node, const char *public_key,
                       const nube_args *args, int *changed, const struct nube_call_opts *opts,
                       struct nube_error *err)
{
    return edit(true, conn, node, public_key, args, changed, opts, err);
}

int nube_key_disassociate(nube_conn *conn, const char *node, const char *public_key,
                          const nube_args *args, int *changed, const struct nube_call_opts *opts,
                          struct nube_error *err)
{
    return edit(false, conn, node, public_key, args, changed, opts, err);
}
