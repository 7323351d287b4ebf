/* Deploying: a node is created, waited for and logged in to, and a script is run on it; on failure
 * it is kept, stopped or destroyed, as was wished. */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include <nube/node.h>
#include <nube/ssh.h>

#include "args_int.h"
#include "call_int.h"
#include "error_int.h"

enum {
    LIMIT_MS = 600000,   /* of all, when no deadline is given */
    AFTER_MS = 60000,    /* of stopping or destroying what failed */
    CONNECT_MS = 10000,  /* of one try to log in */
    PAUSE_MS = 1000,     /* between tries, at first */
    PAUSE_MAX_MS = 5000, /* and later */
    REFUSED_MS = 60000   /* so long a new machine may not know its keys */
};

struct deploying {
    nube_conn *conn;
    const struct nube_deploy *how;
    struct nube_call_opts opts;
    int64_t end, refused_since;
    nube_args *login;
    nube_node *node;
};

/* What is left of the deadline, for the next call. */
static const struct nube_call_opts *rest(struct deploying *d)
{
    int64_t left = d->end - nube_lib_mono(d->conn->lib);

    d->opts.deadline_ms = left > 0 ? left : 1;
    return &d->opts;
}

static void say(const struct deploying *d, const char *text)
{
    struct nube_progress p = {.size = sizeof(p), .current = -1, .total = -1};

    p.backend = d->conn->name;
    p.verb = "node deploy";
    p.id = nube_id(d->node);
    p.text = text;
    if (d->opts.progress)
        d->opts.progress(d->opts.payload, &p);
}

/* ---- Logging in ------------------------------------------------------------------------ */

/* A password that came with the node lets in, when nothing else was given. */
static int login_of(struct deploying *d, struct nube_error *err)
{
    const char *password = nube_str(d->node, NUBE_PASSWORD),
               *user = nube_str(d->node, NUBE_USERNAME);
    int rc = d->how->login ? nube_args_copy(&d->login, d->how->login, err)
                           : nube_args_new(&d->login, err);

    if (rc)
        return rc;
    if (user && !nube_args_get(d->login, "user"))
        nube_args_set(d->login, "user", user);
    if (password && !nube_args_get(d->login, "key") && !nube_args_get(d->login, "key_file") &&
        !nube_args_get(d->login, "password"))
        nube_args_set(d->login, "password", password);
    return 0;
}

static int run(nube_result **out, struct deploying *d, const char *const *argv, const void *script,
               struct nube_error *err)
{
    nube_args *args = NULL;
    int rc = nube_args_copy(&args, d->login, err);

    *out = NULL;
    if (rc)
        return rc;
    if (script)
        nube_args_set_data(args, "script", script, d->how->script_len);
    else if (argv && !nube_args_get(args, "connect_timeout"))
        nube_args_set_int(args, "connect_timeout", CONNECT_MS / 1000);
    rc = nube_node_run(out, d->conn, nube_id(d->node), argv, args, rest(d), err);
    nube_args_free(args);
    return rc;
}

/* May it be otherwise in a moment? A machine that starts has no address, refuses, is silent, and
 * does not know its keys yet. */
static bool passing(struct deploying *d, int code)
{
    int64_t now = nube_lib_mono(d->conn->lib);

    if (code != NUBE_E_AUTH)
        d->refused_since = 0;
    else if (!d->refused_since)
        d->refused_since = now;
    return code == NUBE_E_CONNECT || code == NUBE_E_TRANSPORT || code == NUBE_E_STATE ||
           (code == NUBE_E_AUTH && now - d->refused_since < REFUSED_MS);
}

/* 0, or the class when it is over before that. */
static int pause_for(struct deploying *d, int64_t ms, struct nube_error *err)
{
    struct pollfd p = {.fd = d->opts.cancel ? nube_cancel_fd(d->opts.cancel) : -1,
                       .events = POLLIN};
    int64_t left = d->end - nube_lib_mono(d->conn->lib);
    struct nube_error last = NUBE_ERROR_INIT;

    nube_error_copy(&last, err);
    poll(&p, 1, left < ms ? (left > 0 ? (int)left : 0) : (int)ms);
    if (d->opts.cancel && nube_cancel_fired(d->opts.cancel))
        return nube_error_set(err, NUBE_E_CANCELLED, "cancelled, waiting for SSH: %s",
                              last.message);
    if (left <= ms)
        return nube_error_set(err, NUBE_E_DEADLINE, "the deadline passed, waiting for SSH: %s",
                              last.message);
    return 0;
}

static int wait_for_login(struct deploying *d, struct nube_error *err)
{
    int64_t pause = PAUSE_MS;
    int rc, over = 0;

    for (;;) {
        nube_result *result;

        say(d, "waiting for SSH");
        rc = run(&result, d, (const char *const[]){"true", NULL}, NULL, err);
        nube_result_free(result);
        if (!rc || !passing(d, rc))
            return rc;
        over = pause_for(d, pause, err);
        if (over)
            return over;
        pause = pause * 3 / 2 < PAUSE_MAX_MS ? pause * 3 / 2 : PAUSE_MAX_MS;
    }
}

static int run_script(nube_result **ran, struct deploying *d, struct nube_error *err)
{
    const struct nube_deploy *how = d->how;
    int rc;

    if (!how->script && !how->argv)
        return 0;
    say(d, "running the script");
    rc = run(ran, d, how->argv, how->script, err);
    if (!rc && nube_result_status(*ran) != 0)
        rc = nube_error_set(err, NUBE_E_PROVIDER, "the script on %s ended with status %d",
                            nube_id(d->node), nube_result_status(*ran));
    return rc;
}

/* ---- All of it --------------------------------------------------------------------------- */

static int steps(nube_result **ran, struct deploying *d, const nube_args *args,
                 struct nube_error *err)
{
    struct nube_wait wait = NUBE_WAIT_INIT;
    const char *id;
    int rc = nube_node_create(&d->node, d->conn, args, rest(d), err);

    if (rc || !d->node)
        return rc;
    id = nube_id(d->node);
    wait.after = NUBE_OP_NODE_CREATE;
    rc = login_of(d, err);
    if (!rc)
        rc = nube_node_wait(d->conn, &id, 1, &wait, rest(d), NULL, err);
    if (!rc)
        rc = wait_for_login(d, err);
    return rc ? rc : run_script(ran, d, err);
}

/* What failed is dealt with, with a time of its own; what could not be is said. */
static void clean_up(struct deploying *d, struct nube_error *err)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    struct nube_error own = NUBE_ERROR_INIT;
    const char *id = nube_id(d->node), *did = "kept";
    char text[512];
    int rc = 0;

    opts.deadline_ms = AFTER_MS;
    if (d->how->on_failure == NUBE_DEPLOY_STOP) {
        did = "stopped";
        rc = nube_node_stop(d->conn, id, NULL, &opts, &own);
    } else if (d->how->on_failure == NUBE_DEPLOY_DESTROY) {
        did = "destroyed";
        rc = nube_node_destroy(d->conn, id, NULL, &opts, &own);
    }
    if (!err)
        return;
    if (rc)
        snprintf(text, sizeof(text), "%.300s; it could not be %s: %.150s", err->message, did,
                 own.message);
    else
        snprintf(text, sizeof(text), "%.480s; it was %s", err->message, did);
    nube_error_text(err->message, sizeof(err->message), text);
    nube_error_text(err->resource, sizeof(err->resource),
                    !rc && d->how->on_failure == NUBE_DEPLOY_DESTROY ? "" : id);
}

/* The key of a machine that does not exist yet cannot be known: found out before it is paid for. */
static int check(const nube_conn *conn, const struct nube_deploy *how, struct nube_error *err)
{
    const char *trust = how->login ? nube_args_get(how->login, "host_key") : NULL;

    if (how->size < sizeof(*how))
        return nube_error_set(err, NUBE_E_USAGE, "start struct nube_deploy as NUBE_DEPLOY_INIT");
    if (!nube_can(conn, NUBE_OP_NODE_RUN))
        return nube_error_set(err, NUBE_E_UNSUPPORTED, "%s: nothing can be run on its nodes",
                              nube_conn_name(conn));
    if (!conn->driver->ops[NUBE_OP_NODE_RUN].step && (!trust || strcmp(trust, "strict") == 0))
        return nube_error_set(err, NUBE_E_USAGE,
                              "the host key of a new machine is not known to anybody: say "
                              "host_key=accept-new, or the fingerprint that it will have");
    return 0;
}

int nube_node_deploy(nube_node **out, nube_result **ran, nube_conn *conn, const nube_args *args,
                     const struct nube_deploy *how, const struct nube_call_opts *opts,
                     struct nube_error *err)
{
    struct deploying d = {.conn = conn, .how = how};
    struct nube_error own = NUBE_ERROR_INIT;
    int64_t now = nube_lib_mono(conn->lib);
    int rc;

    *out = NULL;
    *ran = NULL;
    nube_call_opts_copy(&d.opts, opts);
    d.end = nube_time_after(now, d.opts.deadline_ms > 0 ? d.opts.deadline_ms : LIMIT_MS);
    rc = check(conn, how, &own);
    if (!rc)
        rc = steps(ran, &d, args, &own);
    if (rc && d.node && nube_id(d.node))
        clean_up(&d, &own);
    nube_error_about(&own, rc, conn->name, "node deploy");
    nube_args_free(d.login);
    nube_error_clear(err);
    if (rc)
        nube_error_copy(err, &own);
    *out = d.node;
    return rc;
}
