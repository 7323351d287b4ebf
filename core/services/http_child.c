/* Commands whose standard streams carry a connection: started, listened to, ended and reaped. */
#include "http_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { SAID = 1024, LOOK_AGAIN_MS = 20, GRACE_MS = 2000, REMEMBER_MS = 5000 };

struct nube_child {
    struct nube_child *next;
    struct nube_children *all;
    pid_t pid; /* 0: not started, or reaped */
    bool ran;
    int socket;
    int listener;                                        /* until it is connected; -1 */
    char dir[sizeof((struct sockaddr_un *)0)->sun_path]; /* with the listener's name in it; "" */
    bool closed; /* the socket is no longer ours, the number may be another's */
    int err;     /* its standard error; -1: ended */
    struct nube_timer timer;
    int64_t closed_at;
    size_t said_len;
    char said[SAID];
    char *argv[]; /* a copy: the transfer may be gone when the command starts */
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

static void stop_accepting(struct nube_child *c)
{
    char path[sizeof c->dir + 2];

    if (c->listener >= 0) {
        c->all->host->loop->watch(c->all->loop, c->listener, 0, NULL, NULL);
        close(c->listener);
        c->listener = -1;
    }
    if (*c->dir) {
        snprintf(path, sizeof path, "%s/s", c->dir);
        unlink(path);
        rmdir(c->dir);
        *c->dir = '\0';
    }
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
    stop_accepting(c);
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

static int spawn(pid_t *pid, char *const *argv, int in_out, int err)
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
    sigemptyset(&set);
    posix_spawnattr_setsigmask(&attr, &set);
    sigaddset(&set, SIGPIPE);
    sigaddset(&set, SIGCHLD);
    posix_spawnattr_setsigdefault(&attr, &set);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    rc = posix_spawn_file_actions_adddup2(&actions, in_out, STDIN_FILENO);
    if (!rc)
        rc = posix_spawn_file_actions_adddup2(&actions, in_out, STDOUT_FILENO);
    if (!rc)
        rc = posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
    if (!rc)
        rc = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    if (!rc)
        rc = posix_spawnp(pid, argv[0], &actions, &attr, argv, environ);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&actions);
    return rc;
}

/* 0 or errno. */
static int run(struct nube_child *c, int socket)
{
    int err[2], rc;

    if (pipe2(err, O_CLOEXEC) < 0)
        return errno;
    err[0] = above_standard(err[0]);
    err[1] = above_standard(err[1]);
    rc = err[0] < 0 || err[1] < 0 || fcntl(err[0], F_SETFL, O_NONBLOCK) < 0 ? errno : 0;
    if (!rc)
        rc = spawn(&c->pid, c->argv, socket, err[1]);
    if (err[1] >= 0)
        close(err[1]);
    if (rc) {
        if (err[0] >= 0)
            close(err[0]);
        return rc;
    }
    c->ran = true;
    c->err = err[0];
    c->all->host->loop->watch(c->all->loop, c->err, NUBE_LOOP_IN, on_err, c);
    return 0;
}

/* Somebody connected. It is to be this process, whoever else may enter the directory. */
static void on_connected(void *data, int fd, unsigned events)
{
    struct nube_child *c = data;
    struct ucred who = {0};
    socklen_t len = sizeof who;
    int rc, socket = above_standard(accept4(fd, NULL, NULL, SOCK_CLOEXEC));

    (void)events;
    if (socket < 0)
        return;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0 && who.pid == getpid()) {
        stop_accepting(c);
        rc = run(c, socket);
        if (rc)
            keep(c, strerror(rc), strlen(strerror(rc)));
    }
    close(socket);
}

static struct nube_child *child_new(struct nube_children *all, const char *const *argv)
{
    size_t n = 0, text = 0;
    struct nube_child *c;
    char *at;

    for (; argv[n]; n++)
        text += strlen(argv[n]) + 1;
    c = all->host->alloc(sizeof *c + (n + 1) * sizeof *c->argv + text);
    if (!c)
        return NULL;
    memset(c, 0, sizeof *c);
    at = (char *)(c->argv + n + 1);
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(argv[i]) + 1;

        c->argv[i] = memcpy(at, argv[i], len);
        at += len;
    }
    c->argv[n] = NULL;
    c->all = all;
    c->err = c->listener = c->socket = -1;
    c->timer.fn = on_timer;
    c->timer.data = c;
    return c;
}

/* Listens in a directory of our own: an abstract address looks to libcurl like one not yet known.
 */
static bool listen_for(struct nube_child *c, struct sockaddr_un *to, socklen_t *to_len)
{
    const char *tmp = secure_getenv("XDG_RUNTIME_DIR");

    if (!tmp || *tmp != '/' || strlen(tmp) + sizeof "/nube-XXXXXX/s" > sizeof to->sun_path ||
        access(tmp, W_OK) < 0)
        tmp = "/tmp";
    memset(to, 0, sizeof *to);
    to->sun_family = AF_UNIX;
    *to_len = sizeof *to;
    snprintf(c->dir, sizeof c->dir, "%s/nube-XXXXXX", tmp);
    if (!mkdtemp(c->dir)) {
        c->dir[0] = '\0';
        return false;
    }
    snprintf(to->sun_path, sizeof to->sun_path, "%.*s/s", (int)sizeof to->sun_path - 3, c->dir);
    c->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return c->listener >= 0 && bind(c->listener, (struct sockaddr *)to, sizeof *to) == 0 &&
           listen(c->listener, 4) == 0 &&
           c->all->host->loop->watch(c->all->loop, c->listener, NUBE_LOOP_IN, on_connected, c) == 0;
}

/*
 * Not a socketpair: libcurl 7.88 connects a socket even if told that it is connected
 * (CURL_SOCKOPT_ALREADY_CONNECTED), so there has to be somebody to connect to.
 */
int nube_child_socket(struct nube_children *all, const char *const *argv, struct sockaddr_un *to,
                      socklen_t *to_len)
{
    struct nube_child *c = child_new(all, argv);

    if (!c) {
        errno = ENOMEM;
        return -1;
    }
    c->next = all->first;
    all->first = c;
    if (listen_for(c, to, to_len))
        c->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (c->socket < 0) {
        int saved = errno;

        forget(c);
        errno = saved;
        return -1;
    }
    return c->socket;
}

void nube_child_closed(struct nube_children *all, int socket)
{
    for (struct nube_child *c = all->first; c; c = c->next) {
        if (c->closed || c->socket != socket)
            continue;
        c->closed = true;
        stop_accepting(c);
        c->closed_at = all->host->loop->now(all->loop);
        all->host->loop->timer_set(all->loop, &c->timer, 0);
        return;
    }
}

bool nube_child_said(struct nube_children *all, int socket, char *out, size_t size)
{
    struct nube_child *c = all->first; /* newest first */
    size_t begin, end;

    *out = '\0';
    while (c && c->socket != socket)
        c = c->next;
    if (!c)
        return true;
    listen_to(c);
    for (end = c->said_len; end && strchr(" \r\n\t", c->said[end - 1]);)
        end--;
    for (begin = end; begin && c->said[begin - 1] != '\n';)
        begin--;
    snprintf(out, size, "%.*s", (int)(end - begin), c->said + begin);
    return c->ran;
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
