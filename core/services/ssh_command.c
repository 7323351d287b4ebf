/* The command itself: a channel, round trips, the streams both ways, and how it ended. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <nube/op.h>

#include "libssh_int.h"

static struct nube_ssh_link *last(struct nube_ssh_xfer *x)
{
    return &x->links[x->n_links - 1];
}

static enum nube_ssh_turn lost(struct nube_ssh_xfer *x, const char *when)
{
    char place[NUBE_SSH_TEXT];

    nube_ssh_place(last(x), place, sizeof(place));
    return nube_ssh_fail(x, NUBE_E_TRANSPORT, "%.200s %s: %s", place, when,
                         ssh_get_error(last(x)->session));
}

/* ---- Its output ------------------------------------------------------------------------------ */

/* Called while libssh reads, whichever call of ours made it read. */
static int on_data(ssh_session session, ssh_channel channel, void *data, uint32_t len,
                   int is_stderr, void *user)
{
    struct nube_ssh_xfer *x = user;

    (void)session;
    (void)channel;
    x->received += len;
    if (!x->code && !x->ended &&
        !x->req->output(x->req->data, is_stderr ? NUBE_STDERR : NUBE_STDOUT, data, len))
        nube_ssh_fail(x, NUBE_E_CANCELLED, "the receiver of the output ended it");
    return (int)len;
}

/* ---- How it ended -------------------------------------------------------------------------- */

static void on_exit_status(ssh_session session, ssh_channel channel, int status, void *data)
{
    struct nube_ssh_xfer *x = data;

    (void)session;
    (void)channel;
    x->exit = status & 0xff;
}

/* RFC 4254, 6.10, names them without "SIG". */
static int signal_number(const char *name)
{
    static const struct {
        const char *name;
        int number;
    } known[] = {{"ABRT", SIGABRT}, {"ALRM", SIGALRM}, {"FPE", SIGFPE},   {"HUP", SIGHUP},
                 {"ILL", SIGILL},   {"INT", SIGINT},   {"KILL", SIGKILL}, {"PIPE", SIGPIPE},
                 {"QUIT", SIGQUIT}, {"SEGV", SIGSEGV}, {"TERM", SIGTERM}, {"USR1", SIGUSR1},
                 {"USR2", SIGUSR2}};

    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (strcmp(known[i].name, name) == 0)
            return known[i].number;
    return 0;
}

static void on_exit_signal(ssh_session session, ssh_channel channel, const char *name, int core,
                           const char *message, const char *language, void *data)
{
    struct nube_ssh_xfer *x = data;
    int number = signal_number(name ? name : "");

    (void)session;
    (void)channel;
    (void)core;
    (void)message;
    (void)language;
    snprintf(x->signal, sizeof(x->signal), "%s", name ? name : "?");
    x->exit = number ? 128 + number : 255;
}

/* ---- Before it ---------------------------------------------------------------------------------
 */

static enum nube_ssh_turn open_channel(struct nube_ssh_xfer *x)
{
    int rc;

    if (!x->channel) {
        x->channel = ssh_channel_new(last(x)->session);
        if (!x->channel)
            return nube_ssh_fail(x, NUBE_E_MEMORY, "out of memory for a channel");
        x->callbacks.userdata = x;
        x->callbacks.channel_data_function = on_data;
        x->callbacks.channel_exit_status_function = on_exit_status;
        x->callbacks.channel_exit_signal_function = on_exit_signal;
        ssh_callbacks_init(&x->callbacks);
        ssh_set_channel_callbacks(x->channel, &x->callbacks);
    }
    rc = ssh_channel_open_session(x->channel);
    if (rc == SSH_AGAIN)
        return NUBE_SSH_AGAIN;
    if (rc != SSH_OK)
        return lost(x, "opens no session");
    x->run = x->req->pings ? RUN_PING : RUN_EXEC;
    return NUBE_SSH_ON;
}

/* A variable that servers do not take costs one exchange and changes nothing. */
static enum nube_ssh_turn ping(struct nube_ssh_xfer *x)
{
    int64_t took;

    if (!x->ping_began)
        x->ping_began = nube_ssh_us();
    if (ssh_channel_request_env(x->channel, "NUBE_PING", "1") == SSH_AGAIN)
        return NUBE_SSH_AGAIN;
    if (!ssh_is_connected(last(x)->session))
        return lost(x, "ended the connection");
    took = nube_ssh_us() - x->ping_began;
    x->ping_began = 0;
    x->rtt_sum += took;
    x->rtt[0] = x->rtt[0] < 0 || took < x->rtt[0] ? took : x->rtt[0];
    x->rtt[2] = took > x->rtt[2] ? took : x->rtt[2];
    x->rtt[1] = x->rtt_sum / ++x->pings;
    if (x->pings >= x->req->pings)
        x->run = RUN_EXEC;
    return NUBE_SSH_ON;
}

static enum nube_ssh_turn begin(struct nube_ssh_xfer *x)
{
    int rc;

    x->sent = true;
    rc = ssh_channel_request_exec(x->channel, x->req->command);
    if (rc == SSH_AGAIN)
        return NUBE_SSH_AGAIN;
    if (rc != SSH_OK && !ssh_is_connected(last(x)->session))
        return lost(x, "ended the connection as the command began");
    if (rc != SSH_OK)
        return nube_ssh_fail(x, NUBE_E_UNSUPPORTED, "%s lets %s in and runs no command for them",
                             last(x)->hop->host, last(x)->hop->user);
    nube_ssh_host->loop->timer_stop(x->ssh->loop, &x->limit);
    x->run = RUN_STREAM;
    return NUBE_SSH_ON;
}

/* ---- Its streams
 * ----------------------------------------------------------------------------------- */

/* Reads on in the application's input; false: nothing came of it. */
static bool read_input(struct nube_ssh_xfer *x)
{
    int64_t n;

    if (!x->input && !(x->input = nube_ssh_zalloc(NUBE_SSH_CHUNK))) {
        nube_ssh_fail(x, NUBE_E_MEMORY, "out of memory for the input");
        return false;
    }
    n = x->req->read(x->req->data, x->input, NUBE_SSH_CHUNK);
    if (n < 0) {
        nube_ssh_fail(x, NUBE_E_CANCELLED, "the input of the command was given up");
        return false;
    }
    x->input_at = 0;
    x->input_len = (size_t)n;
    return n > 0;
}

/* What the channel takes now; false: nothing moved. */
static bool feed(struct nube_ssh_xfer *x)
{
    size_t window = ssh_channel_window_size(x->channel), len;
    const char *from;
    int n;

    if (x->input_over || x->code || ssh_channel_is_closed(x->channel))
        return false;
    if (x->req->read) {
        if (!x->input_len && window && !read_input(x) && !x->code)
            x->input_over = true;
        from = x->input + x->input_at;
        len = x->input_len;
    } else {
        from = (const char *)x->req->input + x->fed;
        len = x->req->input_len - x->fed;
        x->input_over = !len;
    }
    if (x->input_over)
        return ssh_channel_send_eof(x->channel) == SSH_OK;
    len = len < window ? len : window;
    len = len < NUBE_SSH_CHUNK ? len : NUBE_SSH_CHUNK;
    n = len ? ssh_channel_write(x->channel, from, (uint32_t)len) : 0;
    if (n <= 0)
        return false;
    x->fed += (size_t)n;
    x->input_at += (size_t)n;
    x->input_len -= x->req->read ? (size_t)n : 0;
    return true;
}

static enum nube_ssh_turn stream(struct nube_ssh_xfer *x)
{
    bool moved = feed(x);
    uint64_t before = x->received;

    ssh_channel_poll(x->channel, 0); /* takes packets in, up to the end of the streams */
    if (ssh_channel_is_eof(x->channel) && x->exit < 0)
        ssh_channel_get_exit_status(x->channel); /* and behind it */
    if (x->code)
        return NUBE_SSH_FAILED;
    if (moved || x->received != before)
        return NUBE_SSH_ON;
    if (x->exit >= 0 && (ssh_channel_is_eof(x->channel) || ssh_channel_is_closed(x->channel))) {
        last(x)->stage = NUBE_SSH_DONE;
        return NUBE_SSH_ON;
    }
    if (ssh_channel_is_closed(x->channel))
        return lost(x, "ended the connection and did not say how the command ended");
    return NUBE_SSH_AGAIN;
}

enum nube_ssh_turn nube_ssh_command(struct nube_ssh_xfer *x)
{
    last(x)->stage = NUBE_SSH_COMMAND;
    switch (x->run) {
    case RUN_OPEN:
        return open_channel(x);
    case RUN_PING:
        return ping(x);
    case RUN_EXEC:
        return begin(x);
    default:
        return stream(x);
    }
}

void nube_ssh_kill(struct nube_ssh_xfer *x)
{
    if (x->run != RUN_STREAM || x->killed || x->exit >= 0)
        return;
    x->killed = true;
    ssh_channel_request_send_signal(x->channel, "TERM");
}
