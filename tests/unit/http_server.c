/* A scripted HTTP server on threads, for the tests of the http service: the path says how it
 * behaves. */
#include "http_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <openssl/ssl.h>

enum { MAX_CONNECTIONS = 64, REQUEST = 1 << 17 };

struct server {
    int fd, port, stop[2];
    SSL_CTX *ctx;
    pthread_t thread, connections[MAX_CONNECTIONS];
    int accepted;
    pthread_mutex_t lock;
    char last[REQUEST], copy[REQUEST];
};

struct peer {
    struct server *server;
    int fd;
    SSL *ssl;
};

/* Data, or the end of the server. */
static bool readable(struct peer *p)
{
    struct pollfd fds[2] = {{p->fd, POLLIN, 0}, {p->server->stop[0], POLLIN, 0}};

    if (p->ssl && SSL_pending(p->ssl))
        return true;
    return poll(fds, 2, -1) > 0 && !fds[1].revents;
}

static int get(struct peer *p, char *buf, size_t size)
{
    if (!readable(p))
        return 0;
    return p->ssl ? SSL_read(p->ssl, buf, (int)size) : (int)recv(p->fd, buf, size, 0);
}

static bool put(struct peer *p, const void *data, size_t len)
{
    const char *at = data;

    while (len) {
        int n = p->ssl ? SSL_write(p->ssl, at, (int)len) : (int)send(p->fd, at, len, MSG_NOSIGNAL);

        if (n <= 0)
            return false;
        at += n;
        len -= (size_t)n;
    }
    return true;
}

static bool says(struct peer *p, const char *text)
{
    return put(p, text, strlen(text));
}

static bool reply(struct peer *p, const char *head, const void *body, size_t len)
{
    char text[256];

    snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\n%sContent-Length: %zu\r\n\r\n", head, len);
    return says(p, text) && put(p, body, len);
}

/* Reads one request with its body into buf; its length, 0 at the end. */
static size_t request(struct peer *p, char *buf, size_t size)
{
    size_t len = 0, want = 0;
    const char *body = NULL, *field;

    while (len + 1 < size) {
        int n = get(p, buf + len, size - len - 1);

        if (n <= 0)
            return 0;
        len += (size_t)n;
        buf[len] = '\0';
        if (*buf == 0x16) { /* a TLS hello */
            says(p, "HTTP/1.0 400 Bad Request\r\n\r\n");
            return 0;
        }
        if (!body && (body = strstr(buf, "\r\n\r\n"))) {
            body += 4;
            field = strcasestr(buf, "\r\nContent-Length:");
            want = field ? strtoul(field + 17, NULL, 10) : 0;
        }
        if (!body)
            continue;
        if (strcasestr(buf, "\r\nTransfer-Encoding: chunked") ? !strstr(body, "0\r\n\r\n")
                                                              : len < want + (size_t)(body - buf))
            continue;
        return len;
    }
    return 0;
}

static bool flood(struct peer *p, size_t lines, size_t width)
{
    char *line = malloc(width + 16);
    bool ok = line && says(p, "HTTP/1.1 200 OK\r\n");

    if (line) {
        memcpy(line, "X-Flood: ", 9);
        memset(line + 9, 'x', width);
        memcpy(line + 9 + width, "\r\n", 3);
    }
    for (size_t i = 0; ok && i < lines; i++)
        ok = says(p, line);
    free(line);
    return ok && says(p, "Content-Length: 0\r\n\r\n");
}

/* "hello gzip\n" */
static const unsigned char zipped[] = {
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0xff, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x57,
    0x48, 0xaf, 0xca, 0x2c, 0xe0, 0x02, 0x00, 0x39, 0x7c, 0x63, 0x56, 0x0b, 0x00, 0x00, 0x00};

static bool silent(struct peer *p)
{
    char c;

    return get(p, &c, 1) > 0;
}

/* Plays the part that the path names; false: the connection ends. */
static bool play(struct peer *p, const char *path)
{
    if (strcmp(path, "/gzip") == 0)
        return reply(p, "Content-Encoding: gzip\r\n", zipped, sizeof zipped);
    if (strcmp(path, "/badgzip") == 0)
        return reply(p, "Content-Encoding: gzip\r\n", "this is not gzip", 16);
    if (strcmp(path, "/chunked") == 0)
        return says(p, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "5\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: no\r\n\r\n");
    if (strcmp(path, "/cut") == 0)
        return says(p, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789") && false;
    if (strcmp(path, "/empty") == 0)
        return false;
    if (strcmp(path, "/silent") == 0)
        return silent(p);
    if (strcmp(path, "/stall") == 0)
        return says(p, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789") && silent(p);
    if (strcmp(path, "/flood") == 0)
        return flood(p, 5000, 100);
    if (strcmp(path, "/longline") == 0)
        return flood(p, 1, 200000);
    if (strcmp(path, "/redirect") == 0)
        return says(p, "HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n");
    if (strcmp(path, "/interim") == 0)
        return says(p, "HTTP/1.1 103 Early\r\nX-Early: 1\r\n\r\n") &&
               reply(p, "X-Late:  2 \r\n", "ok", 2);
    if (strcmp(path, "/upgrade") == 0)
        return says(p, "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n") &&
               says(p, "raw ") && says(p, "bytes") && false;
    if (strcmp(path, "/407") == 0 || strncmp(path, "http://407", 10) == 0)
        return says(p, "HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n");
    if (strcmp(path, "/garbage") == 0)
        return says(p, "SSH-2.0-OpenSSH_9\r\n") && false;
    return reply(p, "", path, strlen(path));
}

static void *connection(void *data)
{
    struct peer p = *(struct peer *)data;
    struct server *s = p.server;
    char *buf = malloc(REQUEST), method[16], path[256];
    size_t len;
    bool more = buf != NULL;

    free(data);
    setsockopt(p.fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    if (s->ctx) {
        p.ssl = SSL_new(s->ctx);
        SSL_set_fd(p.ssl, p.fd);
        more = more && SSL_accept(p.ssl) == 1;
    }
    while (more && (len = request(&p, buf, REQUEST))) {
        pthread_mutex_lock(&s->lock);
        memcpy(s->last, buf, len + 1);
        pthread_mutex_unlock(&s->lock);
        more = sscanf(buf, "%15s %255s", method, path) == 2;
        if (more && strcmp(method, "CONNECT") == 0)
            more = says(&p, "HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n") && false;
        else if (more)
            more = play(&p, path);
    }
    SSL_free(p.ssl);
    shutdown(p.fd, SHUT_WR);
    p.ssl = NULL;
    while (get(&p, buf, REQUEST) > 0)
        ; /* unread octets would turn the end into a reset, which may overtake an alert */
    close(p.fd);
    free(buf);
    return NULL;
}

static void *serve(void *data)
{
    struct server *s = data;
    struct pollfd fds[2] = {{s->fd, POLLIN, 0}, {s->stop[0], POLLIN, 0}};
    sigset_t pipes;

    sigemptyset(&pipes); /* OpenSSL's writes; the service's side is to do without */
    sigaddset(&pipes, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipes, NULL);
    while (poll(fds, 2, -1) > 0 && !fds[1].revents) {
        struct peer *p = calloc(1, sizeof *p);

        p->server = s;
        p->fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC);
        pthread_mutex_lock(&s->lock);
        if (s->accepted == MAX_CONNECTIONS)
            abort();
        pthread_create(&s->connections[s->accepted++], NULL, connection, p);
        pthread_mutex_unlock(&s->lock);
    }
    return NULL;
}

static void start_tls(struct server *s, const struct server_conf *conf)
{
    s->ctx = SSL_CTX_new(TLS_server_method());
    if (SSL_CTX_use_certificate_file(s->ctx, conf->cert_file, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_use_PrivateKey_file(s->ctx, conf->key_file, SSL_FILETYPE_PEM) != 1)
        abort();
    if (conf->tls12)
        SSL_CTX_set_max_proto_version(s->ctx, TLS1_2_VERSION);
    if (conf->client_ca) {
        if (SSL_CTX_load_verify_locations(s->ctx, conf->client_ca, NULL) != 1)
            abort();
        SSL_CTX_set_verify(s->ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
        SSL_CTX_set_session_id_context(s->ctx, (const unsigned char *)"t", 1);
    }
}

struct server *server_start(const struct server_conf *conf)
{
    struct server *s = calloc(1, sizeof *s);
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    socklen_t len = sizeof in;
    struct sockaddr *address = (struct sockaddr *)&in;

    if (conf->unix_path) {
        snprintf(un.sun_path, sizeof un.sun_path, "%s", conf->unix_path);
        address = (struct sockaddr *)&un;
        len = sizeof un;
    }
    s->fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(s->fd, address, len) < 0 || listen(s->fd, 64) < 0 || pipe2(s->stop, O_CLOEXEC) < 0)
        abort();
    if (!conf->unix_path && getsockname(s->fd, address, &len) == 0)
        s->port = ntohs(in.sin_port);
    pthread_mutex_init(&s->lock, NULL);
    if (conf->cert_file)
        start_tls(s, conf);
    pthread_create(&s->thread, NULL, serve, s);
    return s;
}

void server_stop(struct server *s)
{
    close(s->stop[1]);
    pthread_join(s->thread, NULL);
    for (int i = 0; i < s->accepted; i++)
        pthread_join(s->connections[i], NULL);
    close(s->stop[0]);
    close(s->fd);
    SSL_CTX_free(s->ctx);
    free(s);
}

int server_port(const struct server *s)
{
    return s->port;
}

int server_accepted(struct server *s)
{
    int n;

    pthread_mutex_lock(&s->lock);
    n = s->accepted;
    pthread_mutex_unlock(&s->lock);
    return n;
}

const char *server_last(struct server *s)
{
    pthread_mutex_lock(&s->lock);
    memcpy(s->copy, s->last, sizeof s->copy);
    pthread_mutex_unlock(&s->lock);
    return s->copy;
}
