/* Starts tests/support/faultd.py from a C test, and asks it what it saw. */
#include "faultd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_ARGS = 16 };

static void child(int in, int out, const char *scenario, const char *const *args)
{
    const char *source = getenv("NUBE_TEST_SOURCE");
    const char *argv[MAX_ARGS] = {"python3", NULL, scenario};
    char script[4096];
    int n = 3;

    snprintf(script, sizeof script, "%s/tests/support/faultd.py", source ? source : ".");
    argv[1] = script;
    for (; args && *args && n < MAX_ARGS - 1; args++)
        argv[n++] = *args;
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    execvp(argv[0], (char *const *)argv);
    _exit(127);
}

/* Reads the line "ready PORT"; -1 when there is none. */
static int ready(int fd)
{
    char line[64];
    size_t n = 0;
    int port = -1;

    while (n < sizeof line - 1 && read(fd, line + n, 1) == 1 && line[n] != '\n')
        n++;
    line[n] = 0;
    return sscanf(line, "ready %d", &port) == 1 ? port : -1;
}

int faultd_start(struct faultd *f, const char *scenario, const char *const *args)
{
    int in[2] = {-1, -1}, out[2] = {-1, -1};

    *f = (struct faultd){-1, -1, -1};
    if (pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0) {
        f->pid = fork();
        if (f->pid == 0)
            child(in[0], out[1], scenario, args);
    }
    close(in[0]);
    close(out[1]);
    f->in = in[1];
    if (f->pid > 0)
        f->port = ready(out[0]);
    close(out[0]);
    if (f->port >= 0)
        return 0;
    fprintf(stderr, "faultd: cannot start tests/support/faultd.py: %s\n",
            f->pid > 0 ? "it ended" : strerror(errno));
    faultd_stop(f);
    return -1;
}

void faultd_stop(struct faultd *f)
{
    if (f->in >= 0)
        close(f->in);
    if (f->pid > 0)
        while (waitpid(f->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    *f = (struct faultd){-1, -1, -1};
}

/* The reply to GET /_stats, head included; its length, -1 on failure. */
static ssize_t ask(int port, char *buf, size_t size)
{
    static const char request[] = "GET /_stats HTTP/1.1\r\nConnection: close\r\n\r\n";
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ssize_t got, n = -1;

    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0 &&
        send(fd, request, sizeof request - 1, MSG_NOSIGNAL) == (ssize_t)sizeof request - 1) {
        for (n = 0; (size_t)n < size - 1; n += got)
            if ((got = recv(fd, buf + n, size - 1 - (size_t)n, 0)) <= 0)
                break;
        buf[n] = 0;
    }
    if (fd >= 0)
        close(fd);
    return n;
}

long faultd_stat(const struct faultd *f, const char *name)
{
    char reply[16384], key[256];
    const char *at;

    if (ask(f->port, reply, sizeof reply) <= 0)
        return -1;
    snprintf(key, sizeof key, "\"%s\": ", name);
    at = strstr(reply, key);
    return at ? strtol(at + strlen(key), NULL, 10) : 0;
}
