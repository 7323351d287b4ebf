/* One request as libcurl options: peers, headers and body, TLS, proxy. */
#include <arpa/inet.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <nube/base.h>
#include <nube/error.h>

#include "http_int.h"

/* Collects the first failure of a row of setopt calls. */
#define SET(option, value)                                                                         \
    do {                                                                                           \
        if (!rc)                                                                                   \
            rc = curl_easy_setopt(x->easy, option, value);                                         \
    } while (0)

static const char *text(const char *value)
{
    return value && *value ? value : NULL;
}

/* ---- peers ----------------------------------------------------------------------- */

static bool is_name(const char *host)
{
    unsigned char address[4];
    size_t len = strlen(host);

    if (*host == '[' || inet_pton(AF_INET, host, address) == 1)
        return false;
    return strcasecmp(host, "localhost") != 0 &&
           !(len > 10 && strcasecmp(host + len - 10, ".localhost") == 0);
}

static bool plain_ascii(const char *s)
{
    while (*s && !((unsigned char)*s & 0x80))
        s++;
    return !*s;
}

/* Reads host and port of a URL the way libcurl will. *scheme is to be freed with curl_free(). */
static int read_peer(struct nube_peer *peer, const char *url, unsigned flags, char **scheme)
{
    CURLU *u = curl_url();
    char *host = NULL, *port = NULL;
    int rc = NUBE_E_USAGE;

    *scheme = NULL;
    if (!u)
        return NUBE_E_MEMORY;
    if (curl_url_set(u, CURLUPART_URL, url, flags) == CURLUE_OK &&
        curl_url_get(u, CURLUPART_SCHEME, scheme, 0) == CURLUE_OK &&
        curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
        strlen(host) < sizeof peer->host && plain_ascii(host)) {
        curl_url_get(u, CURLUPART_PORT, &port, flags & CURLU_GUESS_SCHEME ? 0 : CURLU_DEFAULT_PORT);
        if (!port && strcmp(*scheme, "https") == 0)
            snprintf(peer->port, sizeof peer->port, "443");
        else
            snprintf(peer->port, sizeof peer->port, "%s", port ? port : "1080");
        memcpy(peer->host, host, strlen(host) + 1);
        peer->ask = is_name(host);
        rc = 0;
    }
    curl_free(host);
    curl_free(port);
    curl_url_cleanup(u);
    return rc;
}

static int set_proxy(struct nube_xfer *x, const char *proxy)
{
    const struct nube_http_conf *conf = x->req->conf;
    char *scheme = NULL;
    CURLcode rc = CURLE_OK;
    int code = 0;

    SET(CURLOPT_PROXY, proxy ? proxy : ""); /* "": the environment is not asked again */
    SET(CURLOPT_NOPROXY, "");
    if (!rc && proxy) {
        code = read_peer(&x->proxy, proxy, CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME, &scheme);
        if (code == NUBE_E_USAGE)
            nube_http_end_own(x, code, "the proxy option is not a URL like http://host:port");
        /* The far end of a tunnel is looked up by the proxy, except for the older SOCKS. */
        if (!code && strcmp(scheme, "socks5") != 0 && strcmp(scheme, "socks4") != 0)
            x->server.ask = false;
        x->tunnel = !code && (x->tls || strncmp(scheme, "socks", 5) == 0);
        if (!code && strcmp(scheme, "https") == 0) {
            SET(CURLOPT_PROXY_SSL_VERIFYPEER, conf->verify ? 1L : 0L);
            SET(CURLOPT_PROXY_SSL_VERIFYHOST, conf->verify ? 2L : 0L);
        }
    }
    curl_free(scheme);
    return rc ? NUBE_E_MEMORY : code;
}

/* ---- commands and sockets ------------------------------------------------------------- */

/*
 * A command has a socket path that no file can have. libcurl reuses a connection only
 * for the same path, so connections over one command never serve another, nor TCP.
 */
struct nube_argv_path {
    struct nube_argv_path *next;
    char path[32];
    size_t len;
    char joined[]; /* argv, each string with its terminator */
};

static size_t join(const char *const *argv, char *out)
{
    size_t len = 0;

    for (; *argv; argv++) {
        size_t n = strlen(*argv) + 1;

        if (out)
            memcpy(out + len, *argv, n);
        len += n;
    }
    return len;
}

static const char *argv_path(struct nube_http *h, const char *const *argv)
{
    size_t len = join(argv, NULL);
    struct nube_argv_path *p = nube_http_host->alloc(sizeof *p + len);

    if (!p)
        return NULL;
    join(argv, p->joined);
    p->len = len;
    for (struct nube_argv_path *q = h->argv_paths; q; q = q->next) {
        if (q->len == len && memcmp(q->joined, p->joined, len) == 0) {
            nube_http_host->free(p);
            return q->path;
        }
    }
    snprintf(p->path, sizeof p->path, "/dev/null/%zu",
             h->argv_paths ? strtoul(h->argv_paths->path + 10, NULL, 10) + 1 : (size_t)1);
    p->next = h->argv_paths;
    h->argv_paths = p;
    return p->path;
}

void nube_http_argv_paths_free(struct nube_http *h)
{
    struct nube_argv_path *p;

    while ((p = h->argv_paths)) {
        h->argv_paths = p->next;
        nube_http_host->free(p);
    }
}

static int set_peers(struct nube_xfer *x)
{
    const struct nube_http_req *q = x->req;
    const char *path = q->unix_path;
    char *scheme = NULL;
    int code = read_peer(&x->server, q->url, CURLU_DISALLOW_USER, &scheme);
    CURLcode rc = CURLE_OK;

    if (!code && strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0)
        code = NUBE_E_USAGE;
    if (code == NUBE_E_USAGE)
        nube_http_end_own(x, code,
                          "not an http or https URL with an ASCII host name and no user in it");
    if (!code) {
        x->tls = strcmp(scheme, "https") == 0;
        if (q->argv && !(path = argv_path(x->http, q->argv)))
            code = NUBE_E_MEMORY;
    }
    if (!code) {
        SET(CURLOPT_UNIX_SOCKET_PATH, path);
        code = rc ? NUBE_E_MEMORY : set_proxy(x, nube_http_proxy(q, scheme, x->server.host));
    }
    if (path)
        x->server.ask = false;
    x->literal = !path && (!is_name(x->server.host) || (*x->proxy.host && !x->proxy.ask));
    curl_free(scheme);
    return code;
}

/* ---- headers and body -------------------------------------------------------------------- */

/* A list node and its text, cut from the block that is wiped in one go. */
static void add_header(char **at, struct curl_slist ***link, const char *name, const char *rest,
                       const char *value)
{
    struct curl_slist *node = (struct curl_slist *)(void *)*at;
    size_t n = strlen(name), r = strlen(rest), v = strlen(value);
    char *data = *at + sizeof *node;

    memcpy(data, name, n);
    memcpy(data + n, rest, r);
    memcpy(data + n + r, value, v + 1);
    node->data = data;
    node->next = NULL;
    **link = node;
    *link = &node->next;
    *at += sizeof *node + (n + r + v + sizeof(void *)) / sizeof(void *) * sizeof(void *);
}

/* Headers that libcurl would add of its own accord: the caller's are complete. */
static const char *const unwanted[] = {"Expect", "Accept", "Content-Type"};
enum { N_UNWANTED = sizeof unwanted / sizeof *unwanted };

static bool given(const struct nube_http_req *q, const char *name)
{
    for (size_t i = 0; i < q->n_headers; i++)
        if (strcasecmp(q->headers[i].name, name) == 0)
            return true;
    return false;
}

/* The request's octets are copied: a caller who cancels may free or wipe its own at once. */
static int copy_wire(struct nube_xfer *x)
{
    const struct nube_http_req *q = x->req;
    size_t room = sizeof(struct curl_slist) + 16, body = q->has_body ? q->body_len : 0;
    size_t size = N_UNWANTED * (room + 16) + body;
    struct curl_slist **link = &x->headers;
    char *at;

    for (size_t i = 0; i < q->n_headers; i++)
        size += room + strlen(q->headers[i].name) + strlen(q->headers[i].value);
    at = x->wire = nube_http_host->alloc(size);
    if (!at)
        return NUBE_E_MEMORY;
    x->wire_size = size;
    for (size_t i = 0; i < q->n_headers; i++) {
        const char *value = q->headers[i].value;

        add_header(&at, &link, q->headers[i].name, *value ? ": " : ";", value);
    }
    for (size_t i = 0; i < N_UNWANTED; i++)
        if (!given(q, unwanted[i]))
            add_header(&at, &link, unwanted[i], ":", "");
    if (body)
        memcpy(at, q->body, body);
    x->body = at;
    return 0;
}

static CURLcode set_method(struct nube_xfer *x)
{
    const struct nube_http_req *q = x->req;
    CURLcode rc = CURLE_OK;
    const char *implied = "GET";

    if (q->input) {
        implied = "PUT";
        SET(CURLOPT_UPLOAD, 1L); /* size unknown: chunked */
        SET(CURLOPT_READFUNCTION, nube_http_callbacks.read);
        SET(CURLOPT_READDATA, x);
    } else if (q->has_body) {
        implied = "POST";
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDS, x->body);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->body_len);
    } else if (strcmp(q->method, "HEAD") == 0) {
        implied = "HEAD";
        SET(CURLOPT_NOBODY, 1L);
    }
    if (strcmp(q->method, implied) != 0)
        SET(CURLOPT_CUSTOMREQUEST, q->method);
    return rc;
}

/* ---- TLS ------------------------------------------------------------------------------------ */

static bool has_hash_links(const char *path)
{
    DIR *dir = path ? opendir(path) : NULL;
    const struct dirent *entry;
    bool found = false;

    if (!dir)
        return false;
    while (!found && (entry = readdir(dir))) {
        size_t len = strlen(entry->d_name);

        found = len == 10 && strcmp(entry->d_name + 8, ".0") == 0;
    }
    closedir(dir);
    return found;
}

/*
 * The CA store of connections that name none. A bundle of 144 certificates costs 40 ms to
 * parse, and libcurl keeps the result only as long as no directory is set besides; a
 * directory of hash links costs nothing, and only OpenSSL reads it lazily.
 */
static void find_ca(struct nube_http *h, CURL *easy)
{
    /* Not curl_version_info(): it starts OpenLDAP to ask for its version, 3 ms of a cold call. */
    bool openssl = curl_global_sslset(CURLSSLBACKEND_OPENSSL, NULL, NULL) == CURLSSLSET_OK;
    const char *file = text(secure_getenv("CURL_CA_BUNDLE")), *dir = NULL, *bundle = NULL;

    h->ca_known = true;
    h->ca_file = file ? file : text(secure_getenv("SSL_CERT_FILE"));
    if (h->ca_file)
        return;
    if (!openssl) {
        h->ca_preset = true;
        return;
    }
    curl_easy_getinfo(easy, CURLINFO_CAPATH, &dir);
    curl_easy_getinfo(easy, CURLINFO_CAINFO, &bundle);
    if (has_hash_links(dir))
        h->ca_path = dir;
    else if (has_hash_links("/etc/ssl/certs"))
        h->ca_path = "/etc/ssl/certs";
    else
        h->ca_file = bundle;
    h->ca_preset = !h->ca_path && !h->ca_file;
}

static CURLcode set_tls(struct nube_xfer *x)
{
    const struct nube_http_conf *conf = x->req->conf;
    const char *file = text(conf->ca_file), *path = text(conf->ca_path);
    CURLcode rc = CURLE_OK;

    if (!x->http->ca_known)
        find_ca(x->http, x->easy);
    if (file || path || !x->http->ca_preset) {
        if (!file && !path) {
            file = x->http->ca_file;
            path = x->http->ca_path;
        }
        SET(CURLOPT_CAINFO, file);
        SET(CURLOPT_CAPATH, path);
        if (*x->proxy.host) {
            SET(CURLOPT_PROXY_CAINFO, file);
            SET(CURLOPT_PROXY_CAPATH, path);
        }
    }
    SET(CURLOPT_SSL_VERIFYPEER, conf->verify ? 1L : 0L);
    SET(CURLOPT_SSL_VERIFYHOST, conf->verify ? 2L : 0L);
    SET(CURLOPT_SSLCERT, text(conf->cert_file));
    SET(CURLOPT_SSLKEY, text(conf->key_file));
    SET(CURLOPT_KEYPASSWD, ""); /* without one, OpenSSL asks at the terminal and waits for ever */
    if (!(x->req->flags & NUBE_HTTP_UPGRADE)) {
        SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
        SET(CURLOPT_PIPEWAIT, 1L);
    }
    return rc;
}

/* ---- all of it ----------------------------------------------------------------------------------
 */

/*
 * A reused connection that ends before the reply makes libcurl send the request
 * again by itself, a POST too. Whether to repeat is the core's decision.
 */
static int before_request(void *data, char *ip, char *local_ip, int port, int local_port)
{
    struct nube_xfer *x = data;
    bool again = x->asked_once;

    (void)ip;
    (void)local_ip;
    (void)port;
    (void)local_port;
    x->asked_once = true;
    if (!again)
        return CURL_PREREQFUNC_OK;
    x->verdict = NUBE_E_TRANSPORT;
    return CURL_PREREQFUNC_ABORT;
}

static CURLcode set_callbacks(struct nube_xfer *x)
{
    CURLcode rc = CURLE_OK;

    SET(CURLOPT_PRIVATE, x);
    if (strcmp(x->req->method, "GET") != 0 && strcmp(x->req->method, "HEAD") != 0) {
        SET(CURLOPT_PREREQFUNCTION, before_request);
        SET(CURLOPT_PREREQDATA, x);
    }
    SET(CURLOPT_ERRORBUFFER, x->error);
    SET(CURLOPT_WRITEFUNCTION, nube_http_callbacks.write);
    SET(CURLOPT_WRITEDATA, x);
    SET(CURLOPT_HEADERFUNCTION, nube_http_callbacks.header);
    SET(CURLOPT_HEADERDATA, x);
    SET(CURLOPT_XFERINFOFUNCTION, nube_http_callbacks.progress);
    SET(CURLOPT_XFERINFODATA, x);
    SET(CURLOPT_NOPROGRESS, 0L);
    SET(CURLOPT_OPENSOCKETFUNCTION, nube_http_callbacks.open);
    SET(CURLOPT_OPENSOCKETDATA, x);
    SET(CURLOPT_CLOSESOCKETFUNCTION, nube_http_callbacks.close);
    SET(CURLOPT_CLOSESOCKETDATA, x->http); /* outlives the transfer, as connections do */
    SET(CURLOPT_RESOLVER_START_FUNCTION, nube_http_callbacks.resolve);
    SET(CURLOPT_RESOLVER_START_DATA, x);
    return rc;
}

static CURLcode set_common(struct nube_xfer *x)
{
    CURLcode rc = CURLE_OK;

    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    SET(CURLOPT_PATH_AS_IS, 1L);
    SET(CURLOPT_URL, x->req->url);
    SET(CURLOPT_USERAGENT, "nube/" NUBE_VERSION);
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    SET(CURLOPT_HTTPHEADER, x->headers);
    SET(CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE); /* the proxy does not get them */
    if (x->req->flags & NUBE_HTTP_UPGRADE)
        SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    else
        SET(CURLOPT_ACCEPT_ENCODING, "");
    return rc;
}

int nube_http_setup(struct nube_xfer *x)
{
    CURLcode rc;
    int code = set_peers(x);

    if (!code)
        code = copy_wire(x);
    if (code)
        return code;
    rc = set_common(x);
    if (!rc)
        rc = set_callbacks(x);
    if (!rc)
        rc = set_method(x);
    if (!rc && (x->tls || *x->proxy.host))
        rc = set_tls(x);
    return rc ? NUBE_E_MEMORY : 0;
}

void nube_http_setup_free(struct nube_xfer *x)
{
    if (x->wire) {
        explicit_bzero(x->wire, x->wire_size);
        nube_http_host->free(x->wire);
    }
    curl_slist_free_all(x->resolve);
}
