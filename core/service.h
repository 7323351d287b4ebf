/* Service modules: libcurl, libcrypto, libyaml and libssh behind versioned tables, matched to this
 * build. */
#ifndef NUBE_CORE_SERVICE_H
#define NUBE_CORE_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loop.h"

/* A module and a library of another build do not go together: this number changes with every change
 * below. */
#define NUBE_SERVICE_BUILD 7u
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
    const char *name;    /* "http", "crypto", "yaml", "ssh" */
    const char *version; /* of the library behind it, for `nube --version -v` and logs */
    const void *ops;     /* struct nube_http_ops, nube_crypto_ops, nube_yaml_ops or
                            nube_ssh_ops */
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

/* ---- ssh ------------------------------------------------------------------------ */

/* How far a command has come. */
enum nube_ssh_stage {
    NUBE_SSH_RESOLVE = 0,
    NUBE_SSH_CONNECT,
    NUBE_SSH_BANNER, /* connected; the server has not said that it is one */
    NUBE_SSH_HOST_KEY,
    NUBE_SSH_AUTH,
    NUBE_SSH_COMMAND, /* logged in */
    NUBE_SSH_DONE
};

enum nube_ssh_trust { NUBE_SSH_STRICT = 0, NUBE_SSH_ACCEPT_NEW, NUBE_SSH_PINNED };

/* One machine on the way, everything decided. NULL: not set; lists end with NULL. */
struct nube_ssh_hop {
    const char *host, *user; /* host: a name or an address, to connect to */
    int port;
    const char *known_as; /* its name in known_hosts: what the person called it */
    int trust;            /* enum nube_ssh_trust */
    const char *pin;      /* "SHA256:..." or "MD5:aa:bb:..." */
    const char *known_hosts, *global_known_hosts; /* files; the first is written to */
    const char *host_key_algorithms;
    const char *key;                 /* text */
    const char *passphrase;          /* of every key here */
    const char *const *key_files;    /* tried in this order, those that are missing only if */
    bool key_files_must;             /* false */
    const char *const *certificates; /* files */
    const char *agent;               /* path of its socket */
    const char *password;
    int64_t connect_timeout_ms; /* until the command runs */
};

/* How it ended. Strings live during the call of done. */
struct nube_ssh_end {
    int code;  /* 0, or enum nube_code: CONNECT, TLS (host key), AUTH, TRANSPORT, PROTOCOL,
                  USAGE (a key file), SYSTEM, MEMORY, CANCELLED */
    bool sent; /* the command may have begun */
    int stage; /* enum nube_ssh_stage: how far it came */
    int exit;  /* 0 to 255, 128+n; -1: none */
    const char *signal, *address, *host_key, *auth;
    int port;
    int64_t connect_us, ready_us, rtt_us[3]; /* rtt: min, mean, max; -1: not measured */
    char message[512];
};

/* One command. All memory belongs to the caller and outlives the transfer. */
struct nube_ssh_req {
    const struct nube_ssh_hop *hops; /* the last runs the command, those before are jumped over */
    size_t n_hops;
    const char *command;
    const void *input; /* standard input, or */
    size_t input_len;
    int64_t (*read)(void *data, void *buf, size_t size); /* where it comes from; <0 gives up */
    int pings; /* round trips to measure before the command */

    /* Called on the loop's thread; none after done, none after cancel. */
    bool (*output)(void *data, int stream, const char *bytes, size_t len); /* false: CANCELLED */
    int (*ask)(void *data, const char *prompt, char *buf, size_t size);    /* 0, or -1: declined */
    void (*note)(void *data, const char *text);                            /* for the log */
    void (*done)(void *data, const struct nube_ssh_end *end);
    void *data;
};

struct nube_ssh; /* one per engine */
struct nube_ssh_xfer;

struct nube_ssh_ops {
    int (*open)(struct nube_ssh **out, struct nube_loop *loop); /* 0 or enum nube_code */
    void (*close)(struct nube_ssh *);
    /* Starts; done is always called, later, from the loop. NULL: out of memory. */
    struct nube_ssh_xfer *(*start)(struct nube_ssh *, const struct nube_ssh_req *req);
    /* Ends it now; a command that runs is sent TERM. No callback follows. */
    void (*cancel)(struct nube_ssh *, struct nube_ssh_xfer *);
    /* Of one whose command has begun: ends that too, for which it has three seconds. The transfer
     * is gone when done is called; nothing else of it is called any more. ended: it is known to be
     * over. */
    void (*end)(struct nube_ssh *, struct nube_ssh_xfer *, void (*done)(void *data, bool ended),
                void *data);
    /* May the command of a running transfer have begun? */
    bool (*sent)(struct nube_ssh *, struct nube_ssh_xfer *);
    /* What it waits for, for a message: "10.0.0.1 port 22 does not answer: ...". */
    void (*waits_for)(struct nube_ssh *, struct nube_ssh_xfer *, char message[256]);
    /* A new pair of type "ed25519" or "rsa", as texts of the host's memory; the private one is
     * encrypted when passphrase is not NULL. 0, or -1 and a message. */
    int (*generate)(const char *type, const char *comment, const char *passphrase,
                    char **private_key, char **public_key, char message[256]);
};

#endif
