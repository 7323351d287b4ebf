/* Service modules: libcurl and libcrypto behind versioned tables, matched to this build. */
#ifndef NUBE_CORE_SERVICE_H
#define NUBE_CORE_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loop.h"

/* A module and a library of another build do not go together: this number changes with every change
 * below. */
#define NUBE_SERVICE_BUILD 6u
#define NUBE_SERVICE_ENTRY "nube_service_v0"

/* What the library lends to a module; modules call nothing else of the library. */
struct nube_host {
    uint32_t size, build;
    void *(*alloc)(size_t);
    void *(*realloc)(void *, size_t);
    void (*free)(void *);
    const struct nube_loop_ops *loop;
};

/* What the module's one exported function fills in: const struct nube_service_module
 * *nube_service_v0(const struct nube_host *) */
struct nube_service_module {
    uint32_t size, build;
    const char *name;    /* "http", "crypto", "yaml" */
    const char *version; /* of the library behind it, for `nube --version -v` and logs */
    const void *ops;     /* struct nube_http_ops, nube_crypto_ops or nube_yaml_ops */
};
typedef const struct nube_service_module *(*nube_service_fn)(const struct nube_host *);

/* ---- http ------------------------------------------------------------------ */

struct nube_pair {
    const char *name, *value;
};

/* How to reach a server: taken from connection options and the session; strings outlive the
 * transfer. "" and NULL: not set. */
struct nube_http_conf {
    const char *ca_file, *ca_path, *cert_file, *key_file, *proxy, *no_proxy;
    bool verify;
    int64_t connect_timeout_ms; /* 0: 30 s */
    int64_t idle_timeout_ms;    /* silence that ends a transfer; 0: none */
};

/* Bits of nube_http_req.flags. */
enum {
    NUBE_HTTP_NO_PROXY = 1,
    NUBE_HTTP_UNBOUNDED = 2, /* no idle timeout */
    NUBE_HTTP_UPGRADE = 4    /* 101 begins the stream */
};

struct nube_xfer;
struct nube_http_end;

/* One exchange. All memory belongs to the caller and outlives the transfer. */
struct nube_http_req {
    const char *method;
    const char *url;         /* absolute http(s), already encoded: sent as it is, dots included */
    const char *unix_path;   /* carried by this socket, or */
    const char *const *argv; /* by the standard streams of this command; NULL: by TCP */
    const struct nube_pair
        *headers; /* complete but for Host, Content-Length, Accept-Encoding, User-Agent */
    size_t n_headers;
    const void *body;
    size_t body_len;
    bool has_body; /* Content-Length: 0 is sent for an empty one */
    int64_t (*input)(void *data, void *buf,
                     size_t size); /* instead of body: chunked; <0 gives up */
    void *input_data;
    unsigned flags;
    const struct nube_http_conf *conf;

    /* Called on the loop's thread, in this order; none after done, none after cancel. */
    void (*head)(
        void *data,
        int status); /* final status line (1xx and proxy replies swallowed, 101 for upgrades) */
    void (*header)(void *data, const char *name, const char *value); /* after head */
    bool (*body_in)(void *data, const char *bytes,
                    size_t len); /* decoded; false ends the transfer with NUBE_E_CANCELLED */
    void (*done)(void *data, const struct nube_http_end *end);
    void *data;
};

/* How a transfer ended. */
struct nube_http_end {
    int code;  /* 0, or enum nube_code: CONNECT, TLS, AUTH (client certificate refused), TRANSPORT,
                  TOO_LARGE, SYSTEM, MEMORY, CANCELLED */
    bool sent; /* any octet of the request may have reached the server */
    bool replied;  /* a status line came */
    bool hopeless; /* there is no such socket, or it is not ours to use: now is as good as later */
    bool reused;   /* over a connection that served before */
    uint64_t bytes_in, bytes_out;
    char message[256]; /* what failed and where: "connect to 10.0.0.1 port 443: Connection refused"
                        */
};

struct nube_http; /* one per engine: connections, name cache, TLS sessions and CA store live in it
                   */

struct nube_http_ops {
    int (*open)(struct nube_http **out, struct nube_loop *loop); /* 0 or enum nube_code */
    void (*close)(struct nube_http *);
    /* Starts; done is always called, later, from the loop. NULL: out of memory, and nothing will be
     * called. */
    struct nube_xfer *(*start)(struct nube_http *, const struct nube_http_req *req);
    /* Ends it now, in under a millisecond whatever it is doing (name lookup included); no callback
     * follows. */
    void (*cancel)(struct nube_http *, struct nube_xfer *);
    /* May any octet of the request of a running transfer have reached the server? */
    bool (*sent)(struct nube_http *, struct nube_xfer *);
    /* Connections opened since open(), for tests and benchmarks. */
    uint64_t (*connections)(struct nube_http *);
};

/* ---- crypto ------------------------------------------------------------------ */

struct nube_crypto_ops {
    /* hash: enum nube_hash. Length written, 0 on failure. */
    size_t (*digest)(int hash, const void *data, size_t len, unsigned char *out);
    size_t (*hmac)(int hash, const void *key, size_t key_len, const void *data, size_t len,
                   unsigned char *out);
    /*
     * Signs with a private key text (PEM, PKCS#8, OpenSSH, each encrypted or not).
     * passphrase NULL: none. *sig from host alloc. algorithm: "rsa", "ecdsa", "ed25519".
     * 0; 1: a passphrase is needed or wrong; -1 and message.
     */
    int (*sign)(const char *key, size_t key_len, const char *passphrase, const char *hash,
                const void *data, size_t len, unsigned char **sig, size_t *sig_len,
                const char **algorithm, char message[256]);
    int (*random)(void *out, size_t len); /* 0 or -1 */
    /* The same key as PKCS#8 text without encryption, and its public key in SSH's form, both from
     * host alloc and the text with an end, to be zeroed. Gives what sign gives. */
    int (*open_key)(const char *key, size_t key_len, const char *passphrase, char **text,
                    size_t *text_len, unsigned char **public_key, size_t *public_len,
                    const char **algorithm, char message[256]);
};

/* ---- yaml ----------------------------------------------------------------------- */

struct nube_yaml_ops {
    /*
     * The first document as JSON text, aliases and merge keys ("<<") resolved: of two members of
     * one name the first counts. *json from host alloc, without an end, to be zeroed. 0; -1 and
     * message.
     */
    int (*to_json)(const char *text, size_t len, char **json, size_t *json_len, char message[256]);
};

#endif
