/* What libcurl calls during a transfer: reply and body in and out, sockets opened and closed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nube/error.h>

#include "../buf.h"
#include "http_int.h"

static void touch(struct nube_xfer *x)
{
    x->last_io = nube_http_host->loop->now(x->http->loop);
}

static size_t on_write(char *bytes, size_t size, size_t count, void *data)
{
    struct nube_xfer *x = data;
    size_t len = size * count;

    if (x->state != XFER_RUNNING)
        return 0;
    touch(x);
    x->in_head = false;
    if (x->req->body_in && !x->req->body_in(x->req->data, bytes, len)) {
        x->verdict = NUBE_E_CANCELLED;
        return 0;
    }
    return x->state == XFER_RUNNING ? len : 0;
}

/* A status line: 1xx and what a proxy says for itself stay with us. */
static bool on_status(struct nube_xfer *x, const char *line)
{
    const char *code = strchr(line, ' ');
    int status = code ? (int)strtol(code, NULL, 10) : 0;

    if (status < 200 && !(status == 101 && x->req->flags & NUBE_HTTP_UPGRADE))
        return true;
    if (status == 407 && *x->proxy.host && !x->tunnel) {
        x->refused_by_proxy = true;
        return false;
    }
    x->headed = true;
    if (x->req->head)
        x->req->head(x->req->data, status);
    return x->state == XFER_RUNNING;
}

static bool on_field(struct nube_xfer *x, char *line)
{
    char *colon = strchr(line, ':'), *value;

    if (!x->headed || !colon || *line == ' ' || *line == '\t' || !x->req->header)
        return true;
    *colon = '\0';
    value = colon + 1 + strspn(colon + 1, " \t");
    for (size_t n = strlen(value); n && strchr(" \t\r\n", value[n - 1]);)
        value[--n] = '\0';
    x->req->header(x->req->data, line, value);
    return x->state == XFER_RUNNING;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *data)
{
    struct nube_xfer *x = data;
    size_t len = size * count;
    char *line;
    bool go_on = true;

    if (x->state != XFER_RUNNING)
        return 0;
    touch(x);
    x->header_bytes += len;
    if (x->header_bytes > NUBE_MAX_HEADERS) {
        x->verdict = NUBE_E_TOO_LARGE;
        return 0;
    }
    line = nube_http_host->alloc(len + 1);
    if (!line) {
        x->verdict = NUBE_E_MEMORY;
        return 0;
    }
    memcpy(line, bytes, len);
    line[len] = '\0';
    if (len > 5 && memcmp(line, "HTTP/", 5) == 0) {
        x->in_head = true;
        go_on = on_status(x, line);
    } else if (x->in_head) { /* else a trailer */
        if (*line == '\r' || *line == '\n')
            x->in_head = !x->headed;
        else
            go_on = on_field(x, line);
    }
    explicit_bzero(line, len);
    nube_http_host->free(line);
    return go_on ? len : 0;
}

static size_t on_read(char *buf, size_t size, size_t count, void *data)
{
    struct nube_xfer *x = data;
    int64_t n;

    if (x->state != XFER_RUNNING)
        return CURL_READFUNC_ABORT;
    touch(x);
    n = x->req->input(x->req->input_data, buf, size * count);
    if (n < 0 || (size_t)n > size * count) {
        x->verdict = NUBE_E_CANCELLED;
        return CURL_READFUNC_ABORT;
    }
    return x->state == XFER_RUNNING ? (size_t)n : CURL_READFUNC_ABORT;
}

static int on_progress(void *data, curl_off_t total_in, curl_off_t in, curl_off_t total_out,
                       curl_off_t out)
{
    struct nube_xfer *x = data;

    (void)total_in;
    (void)total_out;
    if (in != x->seen_in || out != x->seen_out) {
        x->seen_in = in;
        x->seen_out = out;
        touch(x);
    }
    return x->state != XFER_RUNNING;
}

/* libcurl's own lookups cannot be abandoned: every name was looked up before. */
static int on_resolve(void *state, void *reserved, void *data)
{
    const struct nube_xfer *x = data;

    (void)state;
    (void)reserved;
    return x->state != XFER_RUNNING || (!x->literal && !x->req->unix_path && !x->req->argv);
}

/* Sends libcurl to the socket behind which the command starts. */
static int open_child(struct nube_xfer *x, struct curl_sockaddr *address)
{
    struct sockaddr_un to;
    socklen_t len;
    int fd = nube_child_socket(&x->http->children, x->req->argv, &to, &len);

    if (fd >= 0) {
        memcpy(&address->addr, &to, len); /* libcurl keeps room for any address there */
        address->addrlen = len;
    }
    return fd;
}

static curl_socket_t on_open(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct nube_xfer *x = data;
    int fd = -1;

    (void)purpose;
    if (x->state != XFER_RUNNING)
        return CURL_SOCKET_BAD;
    if (x->req->argv)
        fd = open_child(x, address);
    else
        fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    x->open_errno = fd < 0 ? errno : 0;
    x->socket = fd;
    return fd < 0 ? CURL_SOCKET_BAD : fd;
}

static int on_close(void *data, curl_socket_t fd)
{
    struct nube_http *h = data;

    nube_http_host->loop->watch(h->loop, fd, 0, NULL, NULL);
    close(fd);
    nube_child_closed(&h->children, fd);
    return 0;
}

const struct nube_http_callbacks nube_http_callbacks = {
    .write = on_write,
    .header = on_header,
    .read = on_read,
    .progress = on_progress,
    .open = on_open,
    .close = on_close,
    .resolve = on_resolve,
};
