/* The http module inside: its handle, a transfer, and the only inclusion of libcurl's header. */
#ifndef NUBE_SERVICES_HTTP_INT_H
#define NUBE_SERVICES_HTTP_INT_H

#include <curl/curl.h>

#include "../service.h"
#include "http_child.h"
#include "http_resolve.h"

enum { NUBE_HTTP_HOST = 256, NUBE_HTTP_SPARE = 32, NUBE_HTTP_CONNECT_MS = 30000 };

enum nube_xfer_state {
    XFER_NEW,
    XFER_LOOKUP,    /* waits for a name */
    XFER_QUEUED,    /* to be given to libcurl when libcurl is not running */
    XFER_RUNNING,   /* libcurl has it */
    XFER_ENDED,     /* failed before libcurl; done is still to be called */
    XFER_CANCELLED, /* libcurl has it and is running; to be taken away after that */
    XFER_DONE
};

/* Somebody whom a transfer connects to. */
struct nube_peer {
    char host[NUBE_HTTP_HOST]; /* IPv6 in brackets */
    char port[8];
    bool ask; /* a name, to be looked up */
};

struct nube_xfer {
    struct nube_xfer *prev, *next;
    enum nube_xfer_state state;
    struct nube_http *http;
    const struct nube_http_req *req; /* not touched once cancelled */
    CURL *easy;
    struct nube_timer timer;
    struct nube_lookup_wait wait;

    struct nube_peer server, proxy; /* proxy.host "": none */
    bool tls, tunnel, literal;      /* literal: some peer needs no lookup */
    int asked;                      /* peers whose lookup is behind us */
    struct curl_slist *resolve;

    void *wire; /* header list and body, wiped afterwards */
    size_t wire_size;
    struct curl_slist *headers;
    const char *body;

    int64_t started, last_io; /* loop time */
    curl_off_t seen_in, seen_out;
    size_t header_bytes;
    bool in_head, headed, refused_by_proxy;
    bool asked_once; /* libcurl has had a connection to send it on */
    int socket;      /* of the connection this transfer opened; -1 */
    int open_errno;  /* why there is none */
    int verdict;     /* enum nube_code given by a callback of ours */
    struct nube_http_end end;
    char error[CURL_ERROR_SIZE];
};

struct nube_http {
    struct nube_loop *loop;
    CURLM *multi;
    CURLSH *share; /* TLS sessions */
    struct nube_timer timer, kick;
    struct nube_resolver *names;
    struct nube_children children;
    struct nube_xfer live, todo; /* heads of rings */
    CURL *spare[NUBE_HTTP_SPARE];
    int n_spare;
    int in_curl;
    uint64_t connections;
    struct nube_argv_path *argv_paths;
    bool ca_known, ca_preset; /* ca_preset: libcurl's own choice stays */
    const char *ca_file;
    const char *ca_path;
};

extern const struct nube_host *_Atomic nube_http_host;

/* http_io.c: what libcurl calls; http_setup.c installs it. */
struct nube_http_callbacks {
    curl_write_callback write, header;
    curl_read_callback read;
    curl_xferinfo_callback progress;
    curl_opensocket_callback open;
    curl_closesocket_callback close;
    curl_resolver_start_callback resolve;
};
extern const struct nube_http_callbacks nube_http_callbacks;

/* http_setup.c: turns the request into options; 0, or a code with end.message filled in. */
int nube_http_setup(struct nube_xfer *);
/* Wipes and frees what setup allocated. */
void nube_http_setup_free(struct nube_xfer *);
void nube_http_argv_paths_free(struct nube_http *);

/* http_proxy.c: the proxy for a URL, NULL for none. */
const char *nube_http_proxy(const struct nube_http_req *, const char *scheme, const char *host);

/* http_end.c: fills x->end from what libcurl says. */
void nube_http_end_fill(struct nube_xfer *, CURLcode);
/* May any octet of its request have reached the server by now? */
bool nube_http_sent(struct nube_xfer *x);
/* Fills x->end with a failure of our own; counts and sent are taken from libcurl where it was
 * asked. */
void nube_http_end_own(struct nube_xfer *, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* "connect to HOST port N", the way this transfer goes first: the proxy if there is one. */
void nube_http_where(const struct nube_xfer *, char *out, size_t size);

#endif
