/* Nodes: the verbs on machines and containers, and waiting for them. */
#ifndef NUBE_NODE_H
#define NUBE_NODE_H

#include <nube/conn.h>

NUBE_BEGIN

/*
 * Every verb: NULL args and opts are fine; `id` is what nube_id() of a listed node
 * gives, or a name where the provider takes names. Filters of a list: id, name
 * (exact), search (part of id, name or address, case ignored), state, tag (k=v),
 * image, location, address; the driver sends what its provider can do and the
 * library applies the rest.
 */
NUBE_API int nube_node_list(nube_iter **out, nube_conn *conn, const nube_args *filters,
                            const struct nube_call_opts *opts, struct nube_error *err);
/* *out is owned: nube_obj_free(). */
NUBE_API int nube_node_get(nube_node **out, nube_conn *conn, const char *id,
                           const struct nube_call_opts *opts, struct nube_error *err);
/*
 * Only `image` is required. With `client_token`, a text of the caller's own, repeating the call
 * gives the node that was made before instead of another: by the provider's own means where it
 * has such a key; elsewhere by a tag (nube-client-token) that is looked for first, and again when
 * the outcome is unknown. By a tag, two calls at the same moment may still make two. On failure
 * *out may still be set: the node that exists and, where the provider gave one, its password;
 * err->resource names it.
 */
NUBE_API int nube_node_create(nube_node **out, nube_conn *conn, const nube_args *args,
                              const struct nube_call_opts *opts, struct nube_error *err);
NUBE_API int nube_node_destroy(nube_conn *conn, const char *id, const nube_args *args,
                               const struct nube_call_opts *opts, struct nube_error *err);
NUBE_API int nube_node_start(nube_conn *conn, const char *id, const struct nube_call_opts *opts,
                             struct nube_error *err);
NUBE_API int nube_node_stop(nube_conn *conn, const char *id, const nube_args *args,
                            const struct nube_call_opts *opts, struct nube_error *err);
NUBE_API int nube_node_reboot(nube_conn *conn, const char *id, const nube_args *args,
                              const struct nube_call_opts *opts, struct nube_error *err);
NUBE_API int nube_node_suspend(nube_conn *conn, const char *id, const struct nube_call_opts *opts,
                               struct nube_error *err);
NUBE_API int nube_node_resume(nube_conn *conn, const char *id, const struct nube_call_opts *opts,
                              struct nube_error *err);
NUBE_API int nube_node_rename(nube_conn *conn, const char *id, const char *name,
                              const struct nube_call_opts *opts, struct nube_error *err);
/* Argument tag (pairs) sets, remove (names) takes away; what is not named stays. */
NUBE_API int nube_node_tag(nube_conn *conn, const char *id, const nube_args *args,
                           const struct nube_call_opts *opts, struct nube_error *err);
NUBE_API int nube_node_resize(nube_conn *conn, const char *id, const nube_args *args,
                              const struct nube_call_opts *opts, struct nube_error *err);
/* From another image (argument image), with the same id and addresses. *out may be NULL; a new
 * password is in it. */
NUBE_API int nube_node_rebuild(nube_node **out, nube_conn *conn, const char *id,
                               const nube_args *args, const struct nube_call_opts *opts,
                               struct nube_error *err);
/* Argument metadata (pairs) sets, remove (names) takes away; what is not named stays. */
NUBE_API int nube_node_metadata(nube_conn *conn, const char *id, const nube_args *args,
                                const struct nube_call_opts *opts, struct nube_error *err);
/* Output goes to opts->output or the result. */
NUBE_API int nube_node_console(nube_result **out, nube_conn *conn, const char *id,
                               const nube_args *args, const struct nube_call_opts *opts,
                               struct nube_error *err);
/*
 * Runs a command; the status is nube_result_status(), the streams opts->output or the result, the
 * command's standard input opts->input. argv is NULL-terminated. Where the provider runs commands
 * itself (Docker) no shell is involved. Everywhere else, and with the argument via=ssh, it goes
 * over SSH: a single word is then a line for the login shell of that machine ("a; b"), several are
 * each taken as they are; and the result also has the node, with the ssh.* values that
 * nube_node_probe_with() tells of, on failure too. Arguments of that way: those of <nube/ssh.h>,
 * and `script`, a text that is sent over and run with argv as its arguments.
 */
NUBE_API int nube_node_run(nube_result **out, nube_conn *conn, const char *id,
                           const char *const *argv, const nube_args *args,
                           const struct nube_call_opts *opts, struct nube_error *err);
/*
 * Measures a node, by the provider's own means or, where it has none and with via=ssh, over SSH
 * (arguments: <nube/ssh.h>, NULL: none). *out is owned, and set on failure too when something is
 * known; what was measured is in its extra map: os, kernel, distribution, uptime_seconds, load_1,
 * cores, memory, disks.0.mount, ...; ssh.stage says how far it got: resolve, connect, banner,
 * host_key, auth, command, done; ssh.address, ssh.port, ssh.user, ssh.auth, ssh.host_key,
 * ssh.connect_ms, ssh.ready_ms, ssh.rtt_min_ms, ssh.rtt_avg_ms and ssh.rtt_max_ms what was found.
 */
NUBE_API int nube_node_probe_with(nube_node **out, nube_conn *conn, const char *id,
                                  const nube_args *args, const struct nube_call_opts *opts,
                                  struct nube_error *err);
/* The same without arguments. */
NUBE_API int nube_node_probe(nube_node **out, nube_conn *conn, const char *id,
                             const struct nube_call_opts *opts, struct nube_error *err);
/* A named action of the driver ("pause", "shelve"): see nube_driver_action(). */
NUBE_API int nube_node_action(nube_result **out, nube_conn *conn, const char *id,
                              const char *action, const nube_args *args,
                              const struct nube_call_opts *opts, struct nube_error *err);

/*
 * Waits until (or while) nodes are in one of a set of states.
 * `states` is a comma-separated set of Nube's words or of the provider's own.
 * Ends at once when a node reaches a state that cannot lead there (error,
 * terminated, not found; stopped, after what starts it), unless that is what is
 * waited for.
 */
enum nube_wait_flag {
    NUBE_WAIT_WHILE = 1, /* while in the set, instead of until */
    NUBE_WAIT_GONE = 2   /* until the node no longer exists; states is not read */
};
struct nube_wait {
    uint32_t size;
    uint32_t flags;      /* enum nube_wait_flag */
    const char *states;  /* "running"; "stopped,terminated" */
    int64_t interval_ms; /* first pause between looks; grows by half up to 10 s. 0: 500 ms */
    uint32_t after; /* enum nube_op that was just asked for: its old state is not taken for the new
                       one. 0: none */
    uint32_t reserved;
};
#define NUBE_WAIT_INIT                                                                             \
    {                                                                                              \
        sizeof(struct nube_wait), 0, "running", 0, 0, 0                                            \
    }

/*
 * Waits for n nodes at once on this thread. codes[i] (may be NULL) receives each
 * node's outcome; the function returns 0 when all arrived, else the worst code,
 * with err about that node. Always limited: by opts->deadline_ms, or 600 s.
 * opts->progress hears each change of state.
 */
NUBE_API int nube_node_wait(nube_conn *conn, const char *const *ids, size_t n,
                            const struct nube_wait *wait, const struct nube_call_opts *opts,
                            int *codes, struct nube_error *err);

/* nube_find() of a node. */
NUBE_API int nube_node_find(nube_node **out, nube_conn *conn, const char *text, unsigned flags,
                            const struct nube_call_opts *opts, struct nube_error *err);

NUBE_END

#endif
