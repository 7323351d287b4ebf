/* A load server: clouds in memory, so many of them, so large and so far away, until standard input
 * ends.
 *
 * loadserver BODIES [--tls CERTIFICATE KEY] GROUP...
 *   GROUP  kind=ec2|openstack|docker,nodes=N[,count=N][,delay=MS][,tls][,single][,unix=PATH]
 * Prints the addresses of each group in a line of its own when all of them answer.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "server.h"

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static enum kind kind_named(const char *name)
{
    static const char *const names[KINDS] = {"ec2", "openstack", "docker"};
    int kind = 0;

    while (kind < KINDS && strcmp(names[kind], name ? name : "") != 0)
        kind++;
    if (kind == KINDS) {
        fprintf(stderr, "loadserver: no kind \"%s\"\n", name ? name : "");
        exit(2);
    }
    return (enum kind)kind;
}

static void parse(struct group *g, char *words)
{
    enum { A_KIND, A_NODES, A_COUNT, A_DELAY, A_TLS, A_SINGLE, A_UNIX };
    char *const names[] = {"kind", "nodes", "count", "delay", "tls", "single", "unix", NULL};
    char *value;

    g->count = 1;
    while (*words) {
        switch (getsubopt(&words, names, &value)) {
        case A_KIND:
            g->kind = kind_named(value);
            break;
        case A_NODES:
            g->nodes = value ? (int)strtol(value, NULL, 10) : 0;
            break;
        case A_COUNT:
            g->count = value ? (int)strtol(value, NULL, 10) : 1;
            break;
        case A_DELAY:
            g->delay_ms = value ? (int)strtol(value, NULL, 10) : 0;
            break;
        case A_TLS:
            g->tls = true;
            break;
        case A_SINGLE:
            g->single = true;
            break;
        case A_UNIX:
            g->unix_path = value;
            break;
        default:
            fprintf(stderr, "loadserver: \"%s\"?\n", value);
            exit(2);
        }
    }
}

static int bound(struct sockaddr *address, socklen_t len)
{
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, address, len) || listen(fd, SOMAXCONN) || getsockname(fd, address, &len))
        die("loadserver: cannot listen");
    return fd;
}

static int listen_at(struct group *g)
{
    struct sockaddr_in tcp = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    int fd;

    if (g->unix_path) {
        snprintf(local.sun_path, sizeof(local.sun_path), "%s", g->unix_path);
        unlink(g->unix_path); /* of a server before this one */
        fd = bound((struct sockaddr *)&local, sizeof(local));
        snprintf(g->base, sizeof(g->base), "%s", g->unix_path);
        return fd;
    }
    fd = bound((struct sockaddr *)&tcp, sizeof(tcp));
    snprintf(g->base, sizeof(g->base), "http%s://127.0.0.1:%d", g->tls ? "s" : "",
             ntohs(tcp.sin_port));
    return fd;
}

/* Every address has a group of its own, since answers name it. */
static void listen_all(struct connections *all, const struct group *like)
{
    for (int i = 0; i < like->count; i++) {
        struct group *g = malloc(sizeof(*g));

        if (!g)
            die("loadserver");
        *g = *like;
        connections_listen(all, listen_at(g), g);
        printf("%s%s", i ? " " : "", g->base);
    }
    printf("\n");
}

static SSL_CTX *tls_new(const char *certificate, const char *key)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

    if (!ctx || SSL_CTX_use_certificate_chain_file(ctx, certificate) != 1 ||
        SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1) {
        fprintf(stderr, "loadserver: %s or %s cannot be used\n", certificate, key);
        exit(1);
    }
    SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                              SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_id_context(ctx, (const unsigned char *)"bench", 5);
    return ctx;
}

int main(int argc, char **argv)
{
    int most[KINDS] = {0}, first = argc > 4 && strcmp(argv[2], "--tls") == 0 ? 5 : 2;
    struct group *groups;
    struct connections *all;

    if (argc <= first) {
        fprintf(stderr, "loadserver BODIES [--tls CERTIFICATE KEY] GROUP...\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    groups = calloc((size_t)argc, sizeof(*groups));
    for (int i = first; groups && i < argc; i++) {
        parse(&groups[i], argv[i]);
        if (groups[i].nodes > most[groups[i].kind])
            most[groups[i].kind] = groups[i].nodes;
    }
    bodies_load(argv[1], most);
    answers_load(argv[1]);
    all = connections_new(first == 5 ? tls_new(argv[3], argv[4]) : NULL);
    for (int i = first; groups && i < argc; i++)
        listen_all(all, &groups[i]);
    fflush(stdout);
    return connections_run(all);
}
