/* Ending what runs on another machine, when nobody wants to hear of it any more: the protocol's
 * signal, which servers refuse for root, and a second command that finds the first. */
#include "libssh_int.h"

enum { END_MS = 3000 };

/*
 * Both commands are children of the server's process of this connection. That process may have
 * ended before this one begins, and its parent is another then, init perhaps: nothing is touched
 * unless the parent is an SSH server still.
 */
static const char killer[] =
    "exec sh -c 'for i in 1 2; do case $(ps -o comm= -p \"$1\") in *sshd*|*dropbear*) ;; *) exit;; "
    "esac; ps -A -o pid= -o ppid= | while read p q; do "
    "[ \"$q\" = \"$1\" ] && [ \"$p\" != \"$$\" ] || continue; "
    "kill -TERM -- -\"$p\" || kill -TERM \"$p\"; done; sleep 1; done' sh $PPID 2>/dev/null";

static void on_limit(void *data)
{
    struct nube_ssh_xfer *x = data;

    x->end_over = true;
    nube_ssh_kick(x);
}

void nube_ssh_end_begin(struct nube_ssh_xfer *x)
{
    nube_ssh_kill(x);
    x->limit.fn = on_limit;
    nube_ssh_host->loop->timer_set(x->ssh->loop, &x->limit, END_MS);
    nube_ssh_kick(x);
}

/* The second command, as far as the server lets it; whatever becomes of it, the first one's end is
 * what counts. */
static void go_on(struct nube_ssh_xfer *x)
{
    ssh_session session = x->links[x->n_links - 1].session;
    int rc = SSH_OK;

    if (x->end_state == END_NEW) {
        x->end_channel = ssh_channel_new(session);
        x->end_state = x->end_channel ? END_OPEN : END_SENT;
    }
    if (x->end_state == END_OPEN) {
        rc = ssh_channel_open_session(x->end_channel);
        if (rc == SSH_OK)
            x->end_state = END_EXEC;
    }
    if (x->end_state == END_EXEC)
        rc = ssh_channel_request_exec(x->end_channel, killer);
    if (rc != SSH_AGAIN)
        x->end_state = END_SENT;
}

/* What has been asked for and is not confirmed would begin behind our back. */
static bool begins(struct nube_ssh_xfer *x)
{
    if (x->run != RUN_EXEC)
        return false;
    if (ssh_channel_request_exec(x->channel, x->req->command) == SSH_AGAIN)
        return true;
    x->run = RUN_STREAM;
    nube_ssh_kill(x);
    return false;
}

bool nube_ssh_end_turn(struct nube_ssh_xfer *x)
{
    if (begins(x))
        return x->end_over;
    if (x->end_state != END_SENT)
        go_on(x);
    ssh_channel_poll(x->channel, 0);
    if (x->exit < 0 && !ssh_channel_is_closed(x->channel))
        ssh_channel_get_exit_status(x->channel);
    return x->end_over || x->exit >= 0 || ssh_channel_is_closed(x->channel) ||
           !ssh_is_connected(x->links[x->n_links - 1].session);
}
