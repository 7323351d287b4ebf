/* Verbs on nodes of any provider over SSH: run and probe, where the driver has no way of its own.
 */
#include <string.h>

#include "error_int.h"
#include "node_ssh.h"
#include "run.h"
#include "ssh_int.h"

enum { BEGIN = 0, NODE, IMAGE, COMMAND, AGAIN };
enum { FOREVER_MS = 1 << 30, AGAIN_MS = 300, AGAIN_MAX = 4 };

struct reach {
    const char *about[6]; /* what is known of the image, for the user's name */
    size_t n_about, tries;
    bool by_driver;
    int broken; /* connections that broke off before anything was run */
    const char *host;
    const char *name, *raw_state, *user; /* of the node that was looked at */
};

/* ---- Options ------------------------------------------------------------------------------ */

static void set_options(nube_call *c, nube_req *q)
{
    for (int i = 0; i < NUBE_SSH_N_OPTIONS; i++) {
        const char *name = nube_ssh_driver.options[i].name;

        nube_req_ssh_set(q, name, nube_arg_str(c, name));
    }
}

/* The words of the command: one is a line for the shell there, several are taken as they are. */
static const char *words(nube_call *c)
{
    size_t n = nube_arg_count(c, "command");
    const char *line = n == 1 ? nube_arg_at(c, "command", 0) : "";

    for (size_t i = 0; n > 1 && i < n; i++)
        line = nube_fmt(c, "%s%s%s", line, i ? " " : "",
                        nube_ssh_quote(c, nube_arg_at(c, "command", i)));
    return line;
}

/* A script comes as standard input, is put into a file that only this user reads, and goes with it.
 */
static const char *script_command(nube_call *c)
{
    const char *run = "f=$(mktemp) && cat >\"$f\" && chmod 700 \"$f\" && { \"$f\" \"$@\"; s=$?; "
                      "rm -f \"$f\"; exit $s; }";

    return nube_fmt(c, "exec sh -c %s sh %s", nube_ssh_quote(c, run), words(c));
}

static bool wants_argv(nube_call *c)
{
    const char *via = nube_arg_str(c, "via");

    return via && strcmp(via, "argv") == 0;
}

static nube_req *make(nube_call *c, const char *host)
{
    size_t len = 0;
    const void *script = nube_arg_data(c, "script", &len);
    nube_req *q;

    if (c->op == NUBE_OP_NODE_PROBE) {
        q = nube_req_probe(c, host);
        q->ssh->pings = true;
    } else {
        q = nube_req_ssh(c, host, script ? script_command(c) : wants_argv(c) ? "-" : words(c));
        if (script)
            nube_req_body(q, NULL, script, len);
        else if (c->opts.input)
            nube_req_body_input(q, NULL);
        nube_req_flag(q, NUBE_REQ_OUTPUT);
    }
    nube_req_flag(q, NUBE_REQ_TRY);
    return q;
}

/* ---- The command line of ssh -------------------------------------------------------------- */

static void put(nube_call *c, const char *option, const char *value)
{
    if (!value)
        return;
    if (option)
        nube_out_data(c, NUBE_STDOUT, option, strlen(option) + 1);
    nube_out_data(c, NUBE_STDOUT, value, strlen(value) + 1);
}

static void put_trust(nube_call *c, const struct nube_ssh_hop *h, const char *const *option)
{
    if (option[NUBE_SSH_KNOWN_HOSTS])
        put(c, "-o", nube_fmt(c, "UserKnownHostsFile=%s", option[NUBE_SSH_KNOWN_HOSTS]));
    if (option[NUBE_SSH_TRUST])
        put(c, "-o",
            nube_fmt(c, "StrictHostKeyChecking=%s",
                     h->trust == NUBE_SSH_ACCEPT_NEW ? "accept-new" : "yes"));
}

/* What ssh is told is what it would not find out by itself. */
static enum nube_step write_argv(nube_call *c, nube_req *q)
{
    const char *const *option = q->ssh->option;
    const struct nube_ssh_hop *hops, *h;
    size_t n;

    c->queue = NULL;
    c->queue_end = &c->queue;
    if (option[NUBE_SSH_KEY] || option[NUBE_SSH_PASSWORD])
        return nube_fail(c, NUBE_E_USAGE,
                         "a key as text or a password cannot be handed to ssh: give key_file, or "
                         "add the key to ssh-agent");
    if (option[NUBE_SSH_TRUST] && strchr(option[NUBE_SSH_TRUST], ':'))
        return nube_fail(c, NUBE_E_USAGE,
                         "a fingerprint cannot be handed to ssh: give known_hosts");
    if (nube_ssh_target(q, &hops, &n))
        return NUBE_FAIL;
    h = &hops[n - 1];
    put(c, NULL, "ssh");
    put(c, "-l", h->user);
    put(c, "-p", nube_fmt(c, "%d", h->port));
    put(c, "-i", option[NUBE_SSH_KEY_FILE]);
    if (option[NUBE_SSH_KEY_FILE])
        put(c, "-o", "IdentitiesOnly=yes");
    put(c, "-F", option[NUBE_SSH_CONFIG]);
    put(c, "-J", option[NUBE_SSH_JUMP]);
    put_trust(c, h, option);
    put(c, "--", q->ssh->host);
    if (nube_arg_count(c, "command"))
        put(c, NULL, words(c));
    nube_req_free(q);
    return NUBE_DONE;
}

/* ---- The command --------------------------------------------------------------------------- */

static enum nube_step send_command(nube_call *c, struct reach *s, nube_req *q)
{
    set_options(c, q);
    q->ssh->weak_user = s->user ? s->user : nube_reach_user(s->about, s->n_about, s->tries);
    nube_set_phase(c, COMMAND);
    return wants_argv(c) ? write_argv(c, q) : NUBE_SEND;
}

/* The image's usual user was refused: another of its names may be the one. */
static bool other_user(struct reach *s, const nube_reply *r)
{
    const char *used = nube_reply_header(r, "user");
    const char *ours = nube_reach_user(s->about, s->n_about, s->tries);

    if (nube_reply_failure(r, NULL) != NUBE_E_AUTH || s->user || !used || !ours ||
        strcmp(used, ours) != 0)
        return false;
    return nube_reach_user(s->about, s->n_about, ++s->tries) != NULL;
}

static void tell(nube_obj *o, const nube_reply *r)
{
    static const char *const texts[] = {"stage", "address", "user", "auth", "host_key"};
    static const char *const as[] = {"ssh.stage", "ssh.address", "ssh.user", "ssh.auth",
                                     "ssh.host_key"};
    static const char *const times[] = {"connect_us", "ready_us", "rtt_min_us", "rtt_avg_us",
                                        "rtt_max_us"};
    static const char *const names[] = {"ssh.connect_ms", "ssh.ready_ms", "ssh.rtt_min_ms",
                                        "ssh.rtt_avg_ms", "ssh.rtt_max_ms"};
    int64_t n;

    for (size_t i = 0; i < 5; i++)
        nube_extra(o, as[i], nube_reply_header(r, texts[i]));
    if (nube_reply_header(r, "port") && !nube_parse_int(nube_reply_header(r, "port"), &n))
        nube_extra_int(o, "ssh.port", n);
    for (size_t i = 0; i < 5; i++)
        if (nube_reply_header(r, times[i]) && !nube_parse_int(nube_reply_header(r, times[i]), &n))
            nube_extra_number(o, names[i], (double)n / 1000);
}

/* The node with what was found on the way to it; of a probe also what was measured. */
static void emit_node(nube_call *c, const struct reach *s, const nube_reply *r)
{
    size_t len;
    const char *text = nube_reply_body(r, &len);
    nube_obj *o = nube_emit(c, NUBE_KIND_NODE);

    nube_set(o, NUBE_ID, nube_arg_str(c, "id"));
    nube_set(o, NUBE_NAME, s->name);
    if (s->raw_state)
        nube_set_state(o, s->raw_state);
    tell(o, r);
    if (c->op == NUBE_OP_NODE_PROBE)
        nube_probe_read(o, &c->arena, text, len);
}

/* A server that is busy or starts drops connections: nothing was run, so it is tried again. */
static bool broke_off(struct reach *s, const nube_reply *r)
{
    const char *stage = nube_reply_header(r, "stage");

    return nube_reply_failure(r, NULL) == NUBE_E_TRANSPORT && stage &&
           strcmp(stage, "command") != 0 && ++s->broken < AGAIN_MAX;
}

static enum nube_step answered(nube_call *c, struct reach *s, const nube_reply *r)
{
    const char *why;
    int code = nube_reply_failure(r, &why);

    if (code && other_user(s, r))
        return send_command(c, s, make(c, s->host));
    if (code && broke_off(s, r)) {
        nube_set_phase(c, AGAIN);
        nube_call_delay(c, AGAIN_MS * s->broken + nube_lib_mono(c->lib) % AGAIN_MS);
        return NUBE_WAIT;
    }
    emit_node(c, s, r);
    if (code) {
        nube_fail(c, (enum nube_code)code, "%s", why);
        nube_error_text(c->err.provider_code, sizeof(c->err.provider_code),
                        nube_fmt(c, "ssh %s", nube_reply_header(r, "stage")));
        return NUBE_FAIL;
    }
    if (c->op == NUBE_OP_NODE_PROBE && nube_reply_exit(r) != 0)
        return nube_fail(c, NUBE_E_PROVIDER,
                         "%s lets in, but has no shell to ask: it ended with %d", s->host,
                         nube_reply_exit(r));
    return NUBE_DONE;
}

/* ---- Where it is ------------------------------------------------------------------------------
 */

/* A child has ended: the step goes on, on a turn of its own. */
static void on_child(nube_call *c, nube_call *child)
{
    if (child->failed && child->op == NUBE_OP_NODE_GET)
        nube_run_fail(c, &child->err);
    else if (!c->ending)
        nube_loop_timer_set(nube_engine_loop(c->engine), &c->timer_wait, 0);
}

static enum nube_step ask(nube_call *c, enum nube_op op, const char *id, int phase)
{
    struct nube_error err = NUBE_ERROR_INIT;
    nube_args *args = NULL;
    nube_call *child;

    if (nube_args_new(&args, &err))
        return nube_fail(c, NUBE_E_MEMORY, "out of memory");
    nube_args_set(args, "id", id);
    child = nube_run_child(c, op, args, c->deadline, on_child);
    nube_args_free(args);
    if (!child)
        return NUBE_FAIL;
    nube_set_phase(c, phase);
    nube_call_delay(c, FOREVER_MS);
    return NUBE_WAIT;
}

static enum nube_step choose(nube_call *c, struct reach *s, const nube_obj *node)
{
    const char *wanted = nube_arg_str(c, "address");
    const char *address = nube_reach_address(node, wanted), *image = nube_str(node, NUBE_IMAGE);

    if (!address && wanted)
        return nube_fail(c, NUBE_E_NOT_FOUND, "%s has no address that is %s", nube_id(node),
                         wanted);
    if (!address)
        return nube_fail(c, NUBE_E_STATE, "%s has no address: it is %s", nube_id(node),
                         nube_str(node, NUBE_RAW_STATE) ? nube_str(node, NUBE_RAW_STATE)
                                                        : "in no known state");
    s->host = nube_strdup(c, address);
    s->name = nube_strdup(c, nube_name(node));
    s->raw_state = nube_strdup(c, nube_str(node, NUBE_RAW_STATE));
    s->user = nube_strdup(c, nube_str(node, NUBE_USERNAME));
    s->about[s->n_about++] = nube_strdup(c, nube_str(node, NUBE_DISTRIBUTION));
    s->about[s->n_about++] = nube_strdup(c, image);
    if (image && !nube_arg_str(c, "user") && !nube_reach_user(s->about, s->n_about, 0) &&
        c->conn->driver->ops[NUBE_OP_IMAGE_GET].step)
        return ask(c, NUBE_OP_IMAGE_GET, image, IMAGE);
    return send_command(c, s, make(c, s->host));
}

/* An image that is gone says nothing, which is no failure. */
static enum nube_step look_at_image(nube_call *c, struct reach *s)
{
    const nube_obj *image = c->child->failed ? NULL : nube_result_at(c->child->result, 0);

    if (image) {
        s->about[s->n_about++] = nube_strdup(c, nube_str(image, NUBE_DISTRIBUTION));
        s->about[s->n_about++] = nube_strdup(c, nube_name(image));
    }
    return send_command(c, s, make(c, s->host));
}

/* What the connection's options say of it, when the driver reads them so. */
static nube_req *by_driver(nube_call *c, struct reach *s)
{
    nube_req *q = make(c, c->conn->name);

    s->host = c->conn->driver->ssh_host(c, q, nube_arg_str(c, "id"));
    if (s->host) {
        s->by_driver = true;
        q->ssh->host = s->host;
        return q;
    }
    nube_req_free(q);
    c->queue = NULL;
    c->queue_end = &c->queue;
    return NULL;
}

static enum nube_step begin(nube_call *c, struct reach *s)
{
    const char *wanted = nube_arg_str(c, "address");
    nube_req *q = NULL;

    if (c->op == NUBE_OP_NODE_RUN && !wants_argv(c) && !nube_arg_count(c, "command") &&
        !nube_arg_str(c, "script"))
        return nube_fail(c, NUBE_E_USAGE, "there is neither a command nor a script to run");
    if (nube_reach_literal(wanted)) {
        s->host = wanted;
        q = make(c, wanted);
    } else if (c->conn->driver->ssh_host) {
        q = by_driver(c, s);
    }
    if (c->failed)
        return NUBE_FAIL;
    return q ? send_command(c, s, q) : ask(c, NUBE_OP_NODE_GET, nube_arg_str(c, "id"), NODE);
}

static enum nube_step resend(nube_call *c, struct reach *s)
{
    nube_req *q = s->by_driver ? by_driver(c, s) : make(c, s->host);

    return q ? send_command(c, s, q) : nube_fail(c, NUBE_E_DRIVER, "the driver forgot %s", s->host);
}

static enum nube_step step(nube_call *c, const nube_reply *r)
{
    struct reach *s = nube_state(c, sizeof(*s));

    if (r)
        return answered(c, s, r);
    switch (nube_phase(c)) {
    case NODE:
        return choose(c, s, nube_result_at(c->child->result, 0));
    case IMAGE:
        return look_at_image(c, s);
    case AGAIN:
        return resend(c, s);
    default:
        return begin(c, s);
    }
}

/* Is something said that only this way understands? */
static bool asked_for(const struct nube_driver_info *d, enum nube_op op, const nube_args *args)
{
    const char *via = args ? nube_args_get(args, "via") : NULL;

    if (via && strcmp(via, "argv") == 0 && nube_driver_option_find(d, op, NULL, "via"))
        return false; /* it tells a command line of its own */
    if (via)
        return strcmp(via, "auto") != 0;
    for (size_t i = 0; i < nube_args_count(args); i++) {
        const char *name = nube_args_name(args, i);

        if (!nube_driver_option_find(d, op, NULL, name) &&
            nube_driver_option_find(&nube_ssh_driver, op, NULL, name))
            return true;
    }
    return false;
}

nube_step_fn nube_node_ssh_step(const struct nube_driver_info *d, enum nube_op op,
                                const nube_args *args)
{
    if (op != NUBE_OP_NODE_RUN && op != NUBE_OP_NODE_PROBE)
        return NULL;
    if (d->ops[op].step && !asked_for(d, op, args))
        return NULL;
    return d->ssh_host || d->ops[NUBE_OP_NODE_GET].step ? step : NULL;
}
