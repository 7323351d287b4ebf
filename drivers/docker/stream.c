/* Console and run: output as the engine frames it, split at any octet. */
#include <string.h>

#include "docker.h"

/* A frame: type, three zeros, length in network order, and so many octets. Without a terminal only.
 */
enum { HEADER = 8, OUT = 1, ERR = 2, ENGINE_ERROR = 3 };

struct stream {
    int raw;       /* a terminal: no frames */
    int kind;      /* stream of the frame at hand */
    uint32_t left; /* octets of it that are still to come */
    const char *exec;
    int looks; /* at an exec that has not ended */
};

static uint32_t frame_length(const char *head)
{
    const unsigned char *p = (const unsigned char *)head;

    return (uint32_t)p[4] << 24 | (uint32_t)p[5] << 16 | (uint32_t)p[6] << 8 | p[7];
}

/* Takes a header; 0 when it is none. Types 0 (standard input) and 1 are what a reader sees as
 * output. */
static int take_header(struct stream *s, const char *head)
{
    int type = (unsigned char)head[0];

    if (type > ENGINE_ERROR || head[1] || head[2] || head[3])
        return 0;
    s->kind = type == ERR || type == ENGINE_ERROR ? NUBE_STDERR : NUBE_STDOUT;
    s->left = frame_length(head);
    return 1;
}

/* Hands over what is there; a frame need not be whole, a header must be. */
static size_t take_frames(nube_call *c, struct stream *s, const char *data, size_t len)
{
    size_t used = 0, n;

    for (;;) {
        if (!s->left) {
            if (len - used < HEADER)
                return used;
            if (!take_header(s, data + used)) {
                nube_fail(c, NUBE_E_PROTOCOL, "the engine's output is not framed as documented");
                return len;
            }
            used += HEADER;
        }
        n = len - used < s->left ? len - used : s->left;
        if (n)
            nube_out_data(c, (enum nube_stream)s->kind, data + used, n);
        s->left -= (uint32_t)n;
        used += n;
        if (used == len)
            return used;
    }
}

static size_t sink(nube_call *c, const char *data, size_t len, int eof)
{
    struct stream *s = nube_state(c, sizeof(*s));
    size_t used;

    if (s->raw) {
        if (len)
            nube_out_data(c, NUBE_STDOUT, data, len);
        return len;
    }
    used = take_frames(c, s, data, len);
    if (eof && (used < len || s->left))
        nube_fail(c, NUBE_E_PROTOCOL, "the engine's output ends in the middle of a frame");
    return used;
}

/* ---- console -------------------------------------------------------------------- */

enum { LOOK, LOGS };

/* A time so far back, as the engine takes it: seconds since 1970. */
static const char *moment(nube_call *c, const char *arg)
{
    int64_t back = nube_arg_int(c, arg, -1), at;

    if (back < 0)
        return NULL;
    at = nube_now(c) - back;
    return nube_fmt(c, "%lld.%03d", (long long)(at / 1000), (int)(at % 1000));
}

static const char *wants(nube_call *c, const char *which)
{
    const char *only = nube_arg_str(c, "stream");

    return !only || strcmp(only, "both") == 0 || strcmp(only, which) == 0 ? "1" : "0";
}

static enum nube_step send_logs(nube_call *c)
{
    nube_req *q = docker_container(c, NUBE_GET, nube_arg_str(c, "id"), "logs");
    int64_t tail = nube_arg_int(c, "tail", -1);

    nube_req_query(q, "stdout", wants(c, "stdout"));
    nube_req_query(q, "stderr", wants(c, "stderr"));
    nube_req_query(q, "since", moment(c, "since"));
    nube_req_query(q, "until", moment(c, "until"));
    if (tail >= 0)
        nube_req_query_int(q, "tail", tail);
    if (nube_arg_bool(c, "timestamps", 0))
        nube_req_query(q, "timestamps", "1");
    if (nube_arg_bool(c, "follow", 0)) {
        nube_req_query(q, "follow", "1");
        nube_req_flag(q, NUBE_REQ_UNBOUNDED);
    }
    nube_req_sink(q, sink);
    return docker_send(c, LOGS);
}

/* Whether the output is framed is not said with it: it depends on the container. */
enum nube_step docker_node_console(nube_call *c, const nube_reply *r)
{
    struct stream *s = nube_state(c, sizeof(*s));

    if (!r) {
        docker_container(c, NUBE_GET, nube_arg_str(c, "id"), "json");
        return docker_send(c, LOOK);
    }
    if (nube_phase(c) == LOGS)
        return NUBE_DONE;
    s->raw = nube_doc_bool(nube_reply_doc(r), "Config.Tty", 0);
    return send_logs(c);
}

/* ---- run ------------------------------------------------------------------------- */

enum { MAKE, RUN, STATUS };

static void put_word(nube_call *c, const char *option, const char *value)
{
    if (value && option)
        nube_out_data(c, NUBE_STDOUT, option, strlen(option) + 1);
    if (value)
        nube_out_data(c, NUBE_STDOUT, value, strlen(value) + 1);
}

/* For a person's terminal: the docker command is the one that passes it on, both ways. A shell when
 * nothing is said. */
static enum nube_step tell_argv(nube_call *c)
{
    size_t n = nube_arg_count(c, "command");

    put_word(c, "docker", nube_session_str(c, "cli.host") ? "-H" : NULL);
    put_word(c, NULL, nube_session_str(c, "cli.host"));
    put_word(c, NULL, nube_session_str(c, "cli.tls"));
    put_word(c, "--tlscacert", nube_session_str(c, "cli.ca"));
    put_word(c, "--tlscert", nube_session_str(c, "cli.cert"));
    put_word(c, "--tlskey", nube_session_str(c, "cli.key"));
    put_word(c, "exec", n ? "-i" : "-it");
    put_word(c, "-u", nube_arg_str(c, "user"));
    put_word(c, "-w", nube_arg_str(c, "workdir"));
    put_word(c, NULL, nube_arg_str(c, "id"));
    for (size_t i = 0; i < n; i++)
        put_word(c, NULL, nube_arg_at(c, "command", i));
    put_word(c, NULL, n ? NULL : "sh");
    return NUBE_DONE;
}

static enum nube_step make_exec(nube_call *c)
{
    nube_json *j;

    if (!nube_arg_count(c, "command"))
        return nube_fail(c, NUBE_E_USAGE, "there is no command to run");
    j = nube_req_json(docker_container(c, NUBE_POST, nube_arg_str(c, "id"), "exec"));

    docker_json_list(c, j, "Cmd", "command");
    docker_json_env(c, j);
    nube_json_str(j, "User", nube_arg_str(c, "user"));
    nube_json_str(j, "WorkingDir", nube_arg_str(c, "workdir"));
    nube_json_bool(j, "Tty", nube_arg_bool(c, "tty", 0));
    nube_json_bool(j, "Privileged", nube_arg_bool(c, "privileged", 0));
    nube_json_bool(j, "AttachStdout", 1);
    nube_json_bool(j, "AttachStderr", 1);
    return docker_send(c, MAKE);
}

static nube_req *exec_request(nube_call *c, enum nube_method method, const struct stream *s,
                              const char *verb)
{
    nube_req *q = nube_req_new(c, method, DOCKER_ENGINE);

    nube_req_path(q, "exec");
    nube_req_seg(q, s->exec);
    nube_req_path(q, verb);
    return q;
}

static enum nube_step run_exec(nube_call *c, struct stream *s, const nube_reply *r)
{
    nube_req *q;
    nube_json *j;

    s->exec = nube_strdup(c, nube_doc_str(nube_reply_doc(r), "Id"));
    s->raw = nube_arg_bool(c, "tty", 0);
    q = exec_request(c, NUBE_POST, s, "start");
    j = nube_req_json(q);
    nube_json_bool(j, "Detach", 0);
    nube_json_bool(j, "Tty", s->raw);
    nube_req_sink(q, sink);
    nube_req_flag(q, NUBE_REQ_UNBOUNDED);
    return docker_send(c, RUN);
}

static enum nube_step ask_status(nube_call *c, const struct stream *s)
{
    exec_request(c, NUBE_GET, s, "json");
    return docker_send(c, STATUS);
}

/* The stream may end a moment before the engine has the status; a program that closed its output
 * may go on for long. */
static enum nube_step status_reply(nube_call *c, struct stream *s, const nube_reply *r)
{
    int64_t status;
    int running;

    if (!r)
        return ask_status(c, s);
    if (!nube_doc_as_bool(nube_doc_get(nube_reply_doc(r), "Running"), &running))
        return nube_fail(c, NUBE_E_PROTOCOL,
                         "the engine's reply does not say whether the command has ended");
    if (!running && nube_doc_as_int(nube_doc_get(nube_reply_doc(r), "ExitCode"), &status)) {
        nube_out_status(c, (int)status);
        return NUBE_DONE;
    }
    nube_call_delay(c, s->looks++ < 10 ? 20 : 500);
    return NUBE_WAIT;
}

enum nube_step docker_node_run(nube_call *c, const nube_reply *r)
{
    struct stream *s = nube_state(c, sizeof(*s));
    const char *via = nube_arg_str(c, "via");

    if (!r && !s->exec && via && strcmp(via, "argv") == 0)
        return tell_argv(c);
    if (!r && !s->exec)
        return make_exec(c);
    switch (nube_phase(c)) {
    case MAKE:
        return run_exec(c, s, r);
    case RUN:
        return ask_status(c, s);
    default:
        return status_reply(c, s, r);
    }
}
