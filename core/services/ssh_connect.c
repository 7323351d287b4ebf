/* A socket to the first machine: its name looked up, its addresses tried one after the other. */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "libssh_int.h"

enum { ADDRESS_MIN_MS = 2000 };

void nube_ssh_place(const struct nube_ssh_link *l, char *out, size_t size)
{
    if (!*l->address || strcmp(l->address, l->hop->host) == 0)
        snprintf(out, size, "%s port %d", l->hop->host, l->hop->port);
    else
        snprintf(out, size, "%s (%s) port %d", l->hop->host, l->address, l->hop->port);
}

void nube_ssh_silence(const struct nube_ssh_link *l, char *out, size_t size)
{
    char place[NUBE_SSH_TEXT];

    nube_ssh_place(l, place, sizeof(place));
    if (l->x->queued)
        snprintf(out, size, "others of ours are still logging in to %s", place);
    else if (l->stage == NUBE_SSH_RESOLVE)
        snprintf(out, size, "the address of %s is not known yet: the name servers are silent",
                 l->hop->host);
    else if (l->stage == NUBE_SSH_CONNECT)
        snprintf(out, size,
                 "%s does not answer: a firewall (security group) may drop what is sent there, or "
                 "the address is of no machine that runs",
                 place);
    else if (l->stage == NUBE_SSH_BANNER)
        snprintf(out, size,
                 "%s took the connection and does not speak SSH: is it another service, or a "
                 "machine that is still starting?",
                 place);
    else if (l->stage == NUBE_SSH_HOST_KEY)
        snprintf(out, size, "%s stopped answering while keys were agreed on", place);
    else if (l->stage == NUBE_SSH_AUTH)
        snprintf(out, size, "%s has not said whether %s may log in%s", place, l->hop->user,
                 l->x->job && l->x->job->session ? ", or ssh-agent waits for a confirmation"
                 : l->x->job                     ? ", or its key is still being decrypted"
                                                 : "");
    else
        snprintf(out, size, "the command on %s has not ended", place);
}

/* ---- One address --------------------------------------------------------------------------- */

static void say_refused(struct nube_ssh_link *l, int why)
{
    char place[NUBE_SSH_TEXT];

    nube_ssh_place(l, place, sizeof(place));
    if (why == ECONNREFUSED)
        snprintf(l->refused, sizeof(l->refused),
                 "%.300s refused the connection: no SSH server listens there, or a firewall "
                 "rejects it",
                 place);
    else
        snprintf(l->refused, sizeof(l->refused), "cannot connect to %.300s: %s", place,
                 strerror(why));
}

static int open_socket(const struct addrinfo *a)
{
    int on = 1, fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
    if (connect(fd, a->ai_addr, a->ai_addrlen) == 0 || errno == EINPROGRESS)
        return fd;
    close(fd);
    return -1;
}

/* Begins with the next address that a socket can be had for; false: there is none. */
static bool next_address(struct nube_ssh_link *l)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
    struct addrinfo *found;
    char port[8];

    snprintf(port, sizeof(port), "%d", l->hop->port);
    while (l->next_address && *l->next_address) {
        char *one = strsep(&l->next_address, ",");

        if (*one == '[') {
            one++;
            one[strcspn(one, "]")] = '\0';
        }
        snprintf(l->address, sizeof(l->address), "%s", one);
        if (getaddrinfo(one, port, &hints, &found) != 0)
            continue;
        l->fd = open_socket(found);
        if (l->fd < 0)
            say_refused(l, errno);
        freeaddrinfo(found);
        if (l->fd >= 0)
            return true;
    }
    return false;
}

static enum nube_ssh_turn begin_address(struct nube_ssh_link *l)
{
    int64_t left = l->hop->connect_timeout_ms;

    if (!next_address(l))
        return nube_ssh_fail(l->x, NUBE_E_CONNECT, "%s", l->refused);
    l->stage = NUBE_SSH_CONNECT;
    l->state = LINK_CONNECT;
    nube_ssh_watch(l->x, l->fd, &l->watched, NUBE_LOOP_OUT);
    if (l->next_address && *l->next_address) {
        left = left / 3 > ADDRESS_MIN_MS ? left / 3 : ADDRESS_MIN_MS;
        nube_ssh_host->loop->timer_set(l->x->ssh->loop, &l->x->address_limit, left);
    }
    return NUBE_SSH_AGAIN;
}

static enum nube_ssh_turn give_up_address(struct nube_ssh_link *l, int why)
{
    nube_ssh_host->loop->timer_stop(l->x->ssh->loop, &l->x->address_limit);
    nube_ssh_watch(l->x, l->fd, &l->watched, 0);
    close(l->fd);
    l->fd = -1;
    if (why)
        say_refused(l, why);
    else
        nube_ssh_silence(l, l->refused, sizeof(l->refused));
    return begin_address(l);
}

void nube_ssh_connect_late(struct nube_ssh_link *l)
{
    if (l->state == LINK_CONNECT && give_up_address(l, 0) == NUBE_SSH_FAILED)
        nube_ssh_kick(l->x);
}

static enum nube_ssh_turn check_connected(struct nube_ssh_link *l)
{
    struct sockaddr_storage peer;
    socklen_t size = sizeof(peer), len = sizeof(int);
    int why = 0;

    getsockopt(l->fd, SOL_SOCKET, SO_ERROR, &why, &len);
    if (why)
        return give_up_address(l, why);
    if (getpeername(l->fd, (struct sockaddr *)&peer, &size) < 0)
        return NUBE_SSH_AGAIN;
    nube_ssh_host->loop->timer_stop(l->x->ssh->loop, &l->x->address_limit);
    return NUBE_SSH_ON;
}

/* ---- Names ------------------------------------------------------------------------------------
 */

static void on_addresses(void *data, const char *addresses, const char *error)
{
    struct nube_ssh_link *l = data;

    if (addresses) {
        snprintf(l->addresses, sizeof(l->addresses), "%s", addresses);
        l->next_address = l->addresses;
        begin_address(l);
    } else {
        nube_ssh_fail(l->x, NUBE_E_CONNECT, "the address of %s cannot be found: %s", l->hop->host,
                      error);
    }
    nube_ssh_kick(l->x);
}

static bool is_literal(const char *host)
{
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST};
    struct addrinfo *found = NULL;
    bool yes = getaddrinfo(host, NULL, &hints, &found) == 0;

    if (yes)
        freeaddrinfo(found);
    return yes;
}

static enum nube_ssh_turn resolve(struct nube_ssh_link *l)
{
    const char *known = NULL;
    int rc;

    if (l->lookup.waiting)
        return NUBE_SSH_AGAIN;
    l->lookup.fn = on_addresses;
    l->lookup.data = l;
    rc = is_literal(l->hop->host)
             ? 2
             : nube_resolver_ask(l->x->ssh->names, l->hop->host, &l->lookup, &known);
    if (rc < 0)
        return nube_ssh_fail(l->x, rc, "the address of %s cannot be looked up here", l->hop->host);
    if (rc == 0)
        return NUBE_SSH_AGAIN;
    snprintf(l->addresses, sizeof(l->addresses), "%s", rc == 2 ? l->hop->host : known);
    l->next_address = l->addresses;
    return begin_address(l);
}

enum nube_ssh_turn nube_ssh_connect(struct nube_ssh_link *l)
{
    return l->state == LINK_RESOLVE ? resolve(l) : check_connected(l);
}
