/* How a transfer ended: libcurl's codes and words as a class and one line that says what to do. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <nube/error.h>

#include "../buf.h"

#include "http_int.h"

static const struct nube_peer *first_peer(const struct nube_xfer *x)
{
    return *x->proxy.host ? &x->proxy : &x->server;
}

void nube_http_where(const struct nube_xfer *x, char *out, size_t size)
{
    const struct nube_peer *p = first_peer(x);

    if (x->req->argv)
        snprintf(out, size, "run %s", x->req->argv[0]);
    else if (x->req->unix_path)
        snprintf(out, size, "connect to %s", x->req->unix_path);
    else
        snprintf(out, size, "connect to %s%s port %s", *x->proxy.host ? "proxy " : "", p->host,
                 p->port);
}

static curl_off_t info_off(CURL *easy, CURLINFO info)
{
    curl_off_t value = 0;

    curl_easy_getinfo(easy, info, &value);
    return value;
}

static long info_long(CURL *easy, CURLINFO info)
{
    long value = 0;

    curl_easy_getinfo(easy, info, &value);
    return value;
}

static void count(struct nube_xfer *x)
{
    struct nube_http_end *e = &x->end;
    curl_off_t request;

    if (!x->easy || x->state != XFER_RUNNING)
        return;
    request = info_long(x->easy, CURLINFO_REQUEST_SIZE);
    e->bytes_out = (uint64_t)(request + info_off(x->easy, CURLINFO_SIZE_UPLOAD_T));
    e->bytes_in = (uint64_t)(info_long(x->easy, CURLINFO_HEADER_SIZE) +
                             info_off(x->easy, CURLINFO_SIZE_DOWNLOAD_T));
    e->replied = x->headed;
    e->sent = request > 0 || e->replied || info_off(x->easy, CURLINFO_PRETRANSFER_TIME_T) > 0;
    e->reused = e->sent && info_long(x->easy, CURLINFO_NUM_CONNECTS) == 0;
}

bool nube_http_sent(struct nube_xfer *x)
{
    count(x);
    return x->end.sent;
}

__attribute__((format(printf, 3, 0))) static void say(struct nube_xfer *x, int code,
                                                      const char *format, va_list ap)
{
    x->end.code = code;
    vsnprintf(x->end.message, sizeof x->end.message, format, ap);
    for (char *c = x->end.message; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127)
            *c = ' ';
}

void nube_http_end_own(struct nube_xfer *x, int code, const char *format, ...)
{
    va_list ap;

    count(x);
    va_start(ap, format);
    say(x, code, format, ap);
    va_end(ap);
}

/* ---- kinds of failure -------------------------------------------------------------- */

static void no_connection(struct nube_xfer *x, CURLcode rc)
{
    char where[NUBE_HTTP_HOST + 64];
    long reason = info_long(x->easy, CURLINFO_OS_ERRNO);
    const char *advice = "";

    nube_http_where(x, where, sizeof where);
    if (x->open_errno)
        reason = x->open_errno;
    if (rc == CURLE_OPERATION_TIMEDOUT) {
        nube_http_end_own(x, NUBE_E_CONNECT, "%s: no connection within the connect timeout", where);
        return;
    }
    x->end.hopeless =
        x->req->unix_path && (reason == EACCES || reason == EPERM || reason == ENOENT);
    if (x->req->unix_path && (reason == EACCES || reason == EPERM))
        advice = "; join the group that owns the socket, or run as a user who may use it";
    else if (x->req->unix_path && (reason == ENOENT || reason == ECONNREFUSED))
        advice = "; is the service running?";
    nube_http_end_own(x, NUBE_E_CONNECT, "%s: %s%s", where,
                      reason ? strerror((int)reason) : x->error, advice);
}

/* A proxy's answer to CONNECT. */
static bool proxy_said_no(struct nube_xfer *x)
{
    long status = x->refused_by_proxy ? 407 : info_long(x->easy, CURLINFO_HTTP_CONNECTCODE);

    if (!*x->proxy.host || status < 300)
        return false;
    nube_http_end_own(x, NUBE_E_CONNECT, "proxy %s port %s refused with status %ld%s",
                      x->proxy.host, x->proxy.port, status,
                      status == 407 ? ": give user and password in the proxy option" : "");
    x->end.sent = x->refused_by_proxy; /* what went to the proxy alone is not the request */
    return true;
}

/* The alerts with which a server turns a client's certificate, or its absence, down. */
static bool certificate_refused(const char *error)
{
    static const char *const alerts[] = {
        "alert bad certificate",         "alert certificate required",
        "alert certificate unknown",     "alert unknown ca",
        "alert certificate expired",     "alert certificate revoked",
        "alert unsupported certificate", "alert access denied"};

    for (size_t i = 0; i < sizeof alerts / sizeof *alerts; i++)
        if (strcasestr(error, alerts[i]))
            return true;
    return false;
}

static void refused_certificate(struct nube_xfer *x)
{
    const char *cert = x->req->conf->cert_file;

    if (cert && *cert)
        nube_http_end_own(
            x, NUBE_E_AUTH,
            "%s port %s refused the client certificate %s; set cert_file and key_file "
            "to one that its CA signed",
            x->server.host, x->server.port, cert);
    else
        nube_http_end_own(x, NUBE_E_AUTH,
                          "%s port %s asks for a client certificate: set cert_file and key_file",
                          x->server.host, x->server.port);
}

/* Of OpenSSL's X509_V_ERR_, what a person can tell apart. */
enum { NOT_YET_VALID = 9, EXPIRED = 10 };

static void unverified(struct nube_xfer *x)
{
    const struct nube_peer *p = &x->server;
    long result = info_long(x->easy, CURLINFO_SSL_VERIFYRESULT);

    if (strcasestr(x->error, "subject name"))
        nube_http_end_own(x, NUBE_E_TLS,
                          "certificate of %s port %s is for another name; connect by its name",
                          p->host, p->port);
    else if (result == EXPIRED || result == NOT_YET_VALID)
        nube_http_end_own(
            x, NUBE_E_TLS,
            "certificate of %s port %s %s; renew it there, or set this machine's clock", p->host,
            p->port, result == EXPIRED ? "has expired" : "is not valid yet");
    else
        nube_http_end_own(x, NUBE_E_TLS,
                          "certificate of %s port %s is not trusted (%s); set ca_file to the "
                          "certificate of its CA",
                          p->host, p->port, x->error);
}

static void handshake_failed(struct nube_xfer *x)
{
    const struct nube_peer *p = &x->server;

    if (certificate_refused(x->error))
        refused_certificate(x);
    else if (strcasestr(x->error, "wrong version number") || strcasestr(x->error, "packet length"))
        nube_http_end_own(x, NUBE_E_TLS, "%s port %s does not speak TLS; use http:// for it",
                          p->host, p->port);
    else if (strcasestr(x->error, "handshake failure"))
        nube_http_end_own(x, NUBE_E_TLS,
                          "TLS with %s port %s: %s (no common cipher, or the server wants a client "
                          "certificate: cert_file)",
                          p->host, p->port, x->error);
    else
        nube_http_end_own(x, NUBE_E_TLS, "TLS with %s port %s: %s", p->host, p->port, x->error);
}

/* A connection that existed broke. */
static void broken(struct nube_xfer *x, CURLcode rc)
{
    const char *why = *x->error ? x->error : curl_easy_strerror(rc), *advice = "";
    bool greeted = x->tls && !x->headed && info_long(x->easy, CURLINFO_NUM_CONNECTS) > 0;
    char said[160] = "";
    int code = NUBE_E_TRANSPORT;

    if (x->req->argv) {
        bool ran = nube_child_said(&x->http->children, x->socket, said, sizeof said);

        nube_http_end_own(x, x->headed ? NUBE_E_TRANSPORT : NUBE_E_CONNECT, "run %s: %s",
                          x->req->argv[0], *said ? said : why);
        x->end.sent = x->end.sent && ran;
        return;
    }
    /* libcurl keeps the first of its words: a reset hides the alert that came before it. */
    if (strncmp(why, "getpeername", 11) == 0)
        why = "connection reset";
    if (greeted)
        advice = " (right after the TLS handshake: the server wants another client certificate, "
                 "see cert_file)";
    /* TLS 1.3 refuses a certificate after the handshake, and the reset behind it often arrives
     * first. */
    if (greeted && x->req->conf->cert_file && *x->req->conf->cert_file && rc != CURLE_GOT_NOTHING)
        code = NUBE_E_AUTH;
    nube_http_end_own(x, code, "%s port %s: %s%s", x->server.host, x->server.port, why, advice);
}

/* What our own callbacks ended. */
static void own_verdict(struct nube_xfer *x)
{
    if (x->verdict == NUBE_E_TRANSPORT) {
        nube_http_end_own(x, x->verdict, "%s port %s: the connection ended before the reply",
                          x->server.host, x->server.port);
        x->end.sent = true;
        return;
    }
    if (x->verdict == NUBE_E_TOO_LARGE)
        nube_http_end_own(x, x->verdict, "%s port %s: reply headers of more than %d KiB",
                          x->server.host, x->server.port, NUBE_MAX_HEADERS >> 10);
    else
        nube_http_end_own(x, x->verdict, "ended by the caller");
}

static void fail(struct nube_xfer *x, int code, CURLcode rc)
{
    nube_http_end_own(x, code, "%s port %s: %s", x->server.host, x->server.port,
                      *x->error ? x->error : curl_easy_strerror(rc));
}

static void local_file(struct nube_xfer *x, const char *option, const char *file)
{
    nube_http_end_own(x, NUBE_E_USAGE, "%s %s: %s", option, file ? file : "", x->error);
}

void nube_http_end_fill(struct nube_xfer *x, CURLcode rc)
{
    bool connected = info_off(x->easy, CURLINFO_PRETRANSFER_TIME_T) > 0;

    if (rc == CURLE_OK && !x->refused_by_proxy) {
        count(x);
        return;
    }
    if (x->verdict) {
        own_verdict(x);
        return;
    }
    if (proxy_said_no(x))
        return;
    switch (rc) {
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
        no_connection(x, rc);
        break;
    case CURLE_OPERATION_TIMEDOUT:
        if (connected)
            broken(x, rc);
        else
            no_connection(x, rc);
        break;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_ISSUER_ERROR:
        unverified(x);
        break;
    case CURLE_SSL_CERTPROBLEM:
        local_file(x, "cert_file", x->req->conf->cert_file);
        break;
    case CURLE_SSL_CACERT_BADFILE:
        local_file(x, "ca_file", x->req->conf->ca_file);
        break;
    case CURLE_SSL_CONNECT_ERROR:
        handshake_failed(x);
        break;
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
        if (certificate_refused(x->error))
            refused_certificate(x);
        else
            broken(x, rc);
        break;
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WRITE_ERROR: /* not by us: a decoder */
        fail(x, NUBE_E_PROTOCOL, rc);
        break;
    case CURLE_URL_MALFORMAT:
        fail(x, NUBE_E_USAGE, rc);
        break;
    case CURLE_OUT_OF_MEMORY:
        /* What libcurl says of one header line of more than 100 KiB. */
        if (connected && x->in_head) {
            x->verdict = NUBE_E_TOO_LARGE;
            own_verdict(x);
        } else {
            fail(x, NUBE_E_MEMORY, rc);
        }
        break;
    default:
        broken(x, rc);
    }
}
