/* Commands whose standard streams carry a connection: started, listened to, ended and reaped. */
#include "http_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { SAID = 1024, LOOK_AGAIN_MS = 20, GRACE_MS = 2000, REMEMBER_MS = 5000 };

struct nube_child {
    struct nube_child *next;
    struct nube_children *all;
    pid_t pid; /* 0: reaped */
    int socket;
    bool closed; /* the socket is no longer ours, the number may be another's */
    int err;     /* its standard error; -1: ended */
    struct nube_timer timer;
    int64_t closed_at;
    size_t said_len;
    char said[SAID];
};

/* Keeps the tail of what it says. */
static void keep(struct nube_child *c, const char *text, size_t len)
{
    if (len >= SAID) {
        text += len - SAID;
        len = SAID;
    }
    if (c->said_len + len > SAID) {
        size_t drop = c->said_len + len - SAID;

        memmove(c->said, c->said + drop, c->said_len - drop);
        c->said_len -= drop;
    }
    memcpy(c->said + c->said_len, text, len);
    c->said_len += len;
}

static void stop_listening(struct nube_child *c)
{
    if (c->err < 0)
        return;
    c->all->host->loop->watch(c->all->loop, c->err, 0, NULL, NULL);
    close(c->err);
    c->err = -1;
}

static void listen_to(struct nube_child *c)
{
    char text[SAID];
    ssize_t n = -1;

    while (c->err >= 0 && (n = read(c->err, text, sizeof text)) > 0)
        keep(c, text, (size_t)n);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        stop_listening(c);
}

static void on_err(void *data, int fd, unsigned events)
{
    (void)fd;
    (void)events;
    listen_to(data);
}

static bool reaped(struct nube_child *c, int flags)
{
    pid_t rc;

    if (!c->pid)
        return true;
    do
        rc = waitpid(c->pid, NULL, flags);
    while (rc < 0 && errno == EINTR);
    if (rc == 0)
        return false;
    c->pid = 0; /* reaped, or by the application's own wait() */
    return true;
}

static void forget(struct nube_child *c)
{
    struct nube_child **at = &c->all->first;

    while (*at != c)
        at = &(*at)->next;
    *at = c->next;
    c->all->host->loop->timer_stop(c->all->loop, &c->timer);
    stop_listening(c);
    c->all->host->free(c);
}

/* After its socket was closed: reap it, insist after a while; what it said is kept for the error
 * message. */
static void on_timer(void *data)
{
    struct nube_child *c = data;
    const struct nube_loop_ops *loop = c->all->host->loop;
    int64_t since = loop->now(c->all->loop) - c->closed_at;

    if (!reaped(c, WNOHANG)) {
        if (since >= GRACE_MS)
            kill(c->pid, SIGKILL);
        loop->timer_set(c->all->loop, &c->timer, LOOK_AGAIN_MS);
    } else if (since < REMEMBER_MS) {
        loop->timer_set(c->all->loop, &c->timer, REMEMBER_MS - since);
    } else {
        forget(c);
    }
}

/* A descriptor that redirecting the standard streams cannot overwrite. */
static int above_standard(int fd)
{
    int high = fd;

    if (fd >= 0 && fd <= STDERR_FILENO) {
        high = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        close(fd);
    }
    return high;
}

static int spawn(pid_t *pid, const char *const *argv, int in_out, int err)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    sigset_t set;
    int rc = posix_spawn_file_actions_init(&actions);

    if (rc)
        return rc;
    rc = posix_spawnattr_init(&attr);
    if (rc) {
        posix_spawn_file_actions_destroy(&actions);
        return rc;
    }
    posix_spawn_file_actions_adddup2(&actions, in_out, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, in_out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
    sigemptyset(&set);
    posix_spawnattr_setsigmask(&attr, &set);
    sigaddset(&set, SIGPIPE);
    posix_spawnattr_setsigdefault(&attr, &set);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    /* posix_spawnp does not write to the strings: its prototype is older than const. */
    rc = posix_spawnp(pid, argv[0], &actions, &attr, (char *const *)(uintptr_t)argv, environ);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&actions);
    return rc;
}

static void close_pair(const int pair[2])
{
    for (int i = 0; i < 2; i++)
        if (pair[i] >= 0)
            close(pair[i]);
}

/* Sockets and the pipe for one command; false and errno. */
static bool make_pairs(int sock[2], int err[2])
{
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sock) < 0)
        return false;
    if (pipe2(err, O_CLOEXEC) < 0) {
        close_pair(sock);
        return false;
    }
    for (int i = 0; i < 2; i++) {
        sock[i] = above_standard(sock[i]);
        err[i] = above_standard(err[i]);
    }
    if (sock[0] < 0 || sock[1] < 0 || err[0] < 0 || err[1] < 0 ||
        fcntl(sock[0], F_SETFL, O_NONBLOCK) < 0 || fcntl(err[0], F_SETFL, O_NONBLOCK) < 0) {
        close_pair(sock);
        close_pair(err);
        return false;
    }
    return true;
}

int nube_child_start(struct nube_children *all, const char *const *argv)
{
    int sock[2], err[2], rc;
    struct nube_child *c = all->host->alloc(sizeof *c);

    if (!c) {
        errno = ENOMEM;
        return -1;
    }
    memset(c, 0, sizeof *c);
    if (!make_pairs(sock, err)) {
        all->host->free(c);
        return -1;
    }
    rc = spawn(&c->pid, argv, sock[1], err[1]);
    close(sock[1]);
    close(err[1]);
    if (rc) {
        close(sock[0]);
        close(err[0]);
        all->host->free(c);
        errno = rc;
        return -1;
    }
    c->all = all;
    c->socket = sock[0];
    c->err = err[0];
    c->timer.fn = on_timer;
    c->timer.data = c;
    c->next = all->first;
    all->first = c;
    all->host->loop->watch(all->loop, c->err, NUBE_LOOP_IN, on_err, c);
    return c->socket;
}

void nube_child_closed(struct nube_children *all, int socket)
{
    for (struct nube_child *c = all->first; c; c = c->next) {
        if (c->closed || c->socket != socket)
            continue;
        c->closed = true;
        c->closed_at = all->host->loop->now(all->loop);
        all->host->loop->timer_set(all->loop, &c->timer, 0);
        return;
    }
}

void nube_child_said(struct nube_children *all, int socket, char *out, size_t size)
{
    struct nube_child *c = all->first; /* newest first */
    size_t begin, end;

    *out = '\0';
    while (c && c->socket != socket)
        c = c->next;
    if (!c)
        return;
    listen_to(c);
    for (end = c->said_len; end && strchr(" \r\n\t", c->said[end - 1]);)
        end--;
    for (begin = end; begin && c->said[begin - 1] != '\n';)
        begin--;
    snprintf(out, size, "%.*s", (int)(end - begin), c->said + begin);
    for (; *out; out++)
        if ((unsigned char)*out < ' ' || *out == 127)
            *out = ' ';
}

void nube_children_end(struct nube_children *all)
{
    while (all->first) {
        struct nube_child *c = all->first;

        if (!reaped(c, WNOHANG)) {
            kill(c->pid, SIGKILL);
            reaped(c, 0);
        }
        forget(c);
    }
}
