/* The way to the next machine: a channel through the session of the one before, behind a socketpair
 * that the next session takes for its connection. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "libssh_int.h"

static enum nube_ssh_turn cannot(struct nube_ssh_link *through, const struct nube_ssh_link *to)
{
    return nube_ssh_fail(through->x, NUBE_E_CONNECT,
                         "%s cannot reach %s port %d for us: %s; no SSH server may listen there, "
                         "or a firewall is between them",
                         through->hop->host, to->hop->host, to->hop->port,
                         ssh_get_error(through->session));
}

enum nube_ssh_turn nube_ssh_tunnel_open(struct nube_ssh_link *through, struct nube_ssh_link *to)
{
    int pair[2], rc;

    to->stage = NUBE_SSH_CONNECT;
    if (!through->tunnel)
        through->tunnel = ssh_channel_new(through->session);
    if (!through->tunnel)
        return nube_ssh_fail(through->x, NUBE_E_MEMORY, "out of memory for a channel");
    rc = ssh_channel_open_forward(through->tunnel, to->hop->host, to->hop->port, "127.0.0.1", 0);
    if (rc == SSH_AGAIN)
        return NUBE_SSH_AGAIN;
    if (rc != SSH_OK)
        return cannot(through, to);
    through->in.data = nube_ssh_zalloc(NUBE_SSH_CHUNK);
    through->out.data = nube_ssh_zalloc(NUBE_SSH_CHUNK);
    if (!through->in.data || !through->out.data ||
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) < 0)
        return nube_ssh_fail(through->x, NUBE_E_SYSTEM, "no memory or descriptors for a tunnel");
    through->near = pair[0];
    to->fd = pair[1];
    return NUBE_SSH_ON;
}

/* ---- Moving octets
 * ------------------------------------------------------------------------------- */

static bool fill_from_near(struct nube_ssh_link *l)
{
    struct nube_ssh_pipe *p = &l->out;
    ssize_t n;

    if (p->len || p->eof)
        return false;
    n = recv(l->near, p->data, NUBE_SSH_CHUNK, 0);
    if (n < 0)
        return false;
    p->at = 0;
    p->len = (size_t)n;
    p->eof = n == 0;
    return true;
}

static bool drain_to_channel(struct nube_ssh_link *l)
{
    struct nube_ssh_pipe *p = &l->out;
    size_t window = ssh_channel_window_size(l->tunnel);
    int n;

    if (!p->len) {
        if (!p->eof || p->passed)
            return false;
        ssh_channel_send_eof(l->tunnel);
        return p->passed = true;
    }
    if (!window)
        return false;
    n = ssh_channel_write(l->tunnel, p->data + p->at,
                          (uint32_t)(p->len < window ? p->len : window));
    if (n <= 0)
        return false;
    p->at += (size_t)n;
    p->len -= (size_t)n;
    return true;
}

static bool fill_from_channel(struct nube_ssh_link *l)
{
    struct nube_ssh_pipe *p = &l->in;
    int n;

    if (p->len || p->eof)
        return false;
    n = ssh_channel_read_nonblocking(l->tunnel, p->data, NUBE_SSH_CHUNK, 0);
    if (n == 0 && !ssh_channel_is_closed(l->tunnel))
        return false;
    p->at = 0;
    p->len = n > 0 ? (size_t)n : 0;
    p->eof = n <= 0;
    return true;
}

static bool drain_to_near(struct nube_ssh_link *l)
{
    struct nube_ssh_pipe *p = &l->in;
    ssize_t n;

    if (!p->len) {
        if (!p->eof || p->passed)
            return false;
        shutdown(l->near, SHUT_WR);
        return p->passed = true;
    }
    n = send(l->near, p->data + p->at, p->len, MSG_NOSIGNAL);
    if (n <= 0)
        return false;
    p->at += (size_t)n;
    p->len -= (size_t)n;
    return true;
}

bool nube_ssh_tunnel_pump(struct nube_ssh_link *l)
{
    bool moved = false;

    if (l->near < 0)
        return false;
    moved |= fill_from_near(l);
    moved |= drain_to_channel(l);
    moved |= fill_from_channel(l);
    moved |= drain_to_near(l);
    return moved;
}

void nube_ssh_tunnel_watch(struct nube_ssh_link *l)
{
    unsigned events = 0;

    if (l->near < 0)
        return;
    if (!l->out.len && !l->out.eof)
        events |= NUBE_LOOP_IN;
    if (l->in.len)
        events |= NUBE_LOOP_OUT;
    nube_ssh_watch(l->x, l->near, &l->near_watched, events);
}
