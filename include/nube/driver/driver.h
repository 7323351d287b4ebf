/* The driver ABI: tables a driver publishes, and what the core offers to its step functions. */
#ifndef NUBE_DRIVER_DRIVER_H
#define NUBE_DRIVER_DRIVER_H

#include <nube/driver/doc.h>
#include <nube/object.h>
#include <nube/option.h>

NUBE_BEGIN

typedef struct nube_call nube_call;
typedef struct nube_req nube_req;
typedef struct nube_reply nube_reply;
typedef struct nube_json nube_json;

/* ---- Steps ------------------------------------------------------------------ */

/* What the core does next. */
enum nube_step {
    NUBE_DONE = 0, /* the call is complete: what was emitted is its result */
    NUBE_SEND,     /* send what was queued, and come back with each reply */
    NUBE_WAIT,     /* come back, with NULL, after nube_call_delay() */
    NUBE_REAUTH,   /* log in again, then send the refused request again, nothing else */
    NUBE_FAIL      /* the call failed: nube_fail() said why */
};

/*
 * A verb. Called with NULL first, then with each reply, then with NULL again after
 * a WAIT. With several requests queued the replies come one by one, in any order:
 * tell them apart by nube_reply_tag(). What is returned for all but the last reply
 * of a group counts only when it is FAIL or REAUTH.
 * A step never blocks, never allocates but through the call, keeps nothing in
 * static data, and may run on any thread, but never twice at once for one call.
 * Errors never reach it, but for the statuses that nube_req_allow() names.
 */
typedef enum nube_step (*nube_step_fn)(nube_call *c, const nube_reply *r);

/* ---- The driver struct and its tables ----------------------------------------- */

/* A table: rows of row_size bytes as the driver was compiled; longer and shorter rows are
 * understood. */
struct nube_table {
    const void *rows;
    uint32_t count, row_size;
};
#define NUBE_TABLE(a)                                                                              \
    {                                                                                              \
        (a), (uint32_t)(sizeof(a) / sizeof(*(a))), (uint32_t)sizeof(*(a))                          \
    }

enum nube_op_flag {
    NUBE_OPF_SETTLED = 1 /* when the operation ends, the node is in its new state */
};
struct nube_op_row {
    uint32_t op;    /* enum nube_op */
    uint32_t flags; /* enum nube_op_flag */
    nube_step_fn step;
};

/* A named action beyond the operations; its arguments are options with op NODE_ACTION or
 * IMAGE_ACTION and its name. */
struct nube_action_row {
    const char *name;
    uint32_t kind;  /* enum nube_kind: NODE or IMAGE */
    uint32_t flags; /* enum nube_op_flag */
    nube_step_fn step;
    const char *help;
};

/* The provider's word, Nube's state, and the operations the state allows. */
struct nube_state_row {
    const char *raw;     /* compared without case */
    const uint16_t *ops; /* NUBE_OPS(...); NULL: not known */
    uint32_t state;      /* enum nube_state */
};
#define NUBE_OPS(...) ((const uint16_t[]){__VA_ARGS__, 0})

/* One entry of the provider catalogue. presets: "name=value" lines, NULL for none; they yield to
 * the backend's options. */
enum nube_provider_flag { NUBE_PROVIDER_RETIRED = 1 };
struct nube_provider_row {
    const char *id, *title, *region, *presets;
    uint32_t flags;
};

/* Where an option comes from when the backend does not set it. Read at connect, in table order. */
enum nube_source_kind { NUBE_SOURCE_ENV = 1 };
struct nube_source_row {
    const char *option;
    uint32_t kind;
    const char *name; /* the variable */
};

/*
 * Native accounts: where the provider's own tools keep theirs. The core reads the names there,
 * never a secret, for `backend import` and for a person who has no backend yet: a connection with
 * `option` set to such a name, or with nothing set, is that account. A path may begin with "~/" or
 * "${VARIABLE:-PATH}", and hold a '*'.
 */
enum nube_native_kind {
    NUBE_NATIVE_ENV = 1,  /* there is one when the variable is set; no option */
    NUBE_NATIVE_FILE = 2, /* ... when there is a file or a socket at the path; no option */
    NUBE_NATIVE_INI = 3,  /* one for each [section]; `part`: what is in front of its name there, but
                             for "default" */
    NUBE_NATIVE_YAML = 4, /* one for each member of the map `part` */
    NUBE_NATIVE_JSON = 5  /* one for each file that fits: the string at `part`, NULL: the
                             file's own name without its ending */
};
struct nube_native_row {
    const char *option;
    uint32_t kind;    /* enum nube_native_kind */
    const char *name; /* the variable, or the path */
    const char *part;
};

enum nube_service {
    NUBE_SERVICE_HTTP = 1,
    NUBE_SERVICE_CRYPTO = 2,
    NUBE_SERVICE_XML = 4, /* replies may be XML: those that look like it are read as such */
    NUBE_SERVICE_SSH = 8,
    NUBE_SERVICE_YAML = 16 /* opened when a file is parsed */
};

/*
 * What a reply means. The core fills it from the status before the driver sees it:
 * 2xx and allowed statuses are 0, 401 AUTH, 403 FORBIDDEN, 404 NOT_FOUND, 409
 * CONFLICT, 413 and 429 RATE, 503 PROVIDER retryable, other 5xx PROVIDER, other
 * 4xx USAGE, anything else PROTOCOL. The strings are copied.
 */
struct nube_verdict {
    uint32_t size;
    int32_t code;           /* 0: good, or enum nube_code */
    int32_t retryable;      /* enum nube_tristate; UNKNOWN: the core decides by class */
    int32_t reauth;         /* 1: the session is refused; log in again once */
    int64_t retry_after_ms; /* from Retry-After already */
    const char *provider_code, *message, *request_id;
};

struct nube_driver {
    uint32_t size;     /* sizeof(struct nube_driver) as compiled */
    uint32_t services; /* enum nube_service: what the core opens at connect */
    const char *name, *title, *version, *license;
    struct nube_table providers; /* struct nube_provider_row */
    struct nube_table options;   /* struct nube_option */
    struct nube_table ops;       /* struct nube_op_row */
    struct nube_table states;    /* struct nube_state_row */
    struct nube_table actions;   /* struct nube_action_row */
    struct nube_table sources;   /* struct nube_source_row */
    /* Corrects the verdict on any reply, 2xx too. NULL: the core's is right. The body is
     * nube_reply_doc() or nube_reply_body(). */
    void (*classify)(nube_call *c, const nube_reply *r, struct nube_verdict *v);
    /*
     * Signs the final request, before every attempt. Called with NULL first; may
     * queue needs and return SEND, and is then called with the answer; ends with DONE.
     * Tokens are added only here, so that they never outlive their session.
     */
    enum nube_step (*sign)(nube_call *c, nube_req *q, const nube_reply *r);
    /*
     * Where a node is reached over SSH, for the library's own verbs on nodes (run, probe, ssh). The
     * options of the connection say it, so that no request is needed: gives the host's name or
     * address and sets options of q with nube_req_ssh_set(), which the call's own arguments then
     * go before. NULL, or NULL given: the library looks at the node's addresses and image instead.
     */
    const char *(*ssh_host)(nube_call *c, nube_req *q, const char *id);
    struct nube_table natives; /* struct nube_native_row */
};

/* The one exported symbol of a module. Gives NULL to decline a core. */
typedef const struct nube_driver *(*nube_driver_v0_fn)(uint32_t core_version);
#define NUBE_DRIVER_ENTRY "nube_driver_v0"
#define NUBE_DRIVER(driver)                                                                        \
    NUBE_API const struct nube_driver *nube_driver_v0(uint32_t core_version);                      \
    const struct nube_driver *nube_driver_v0(uint32_t core_version)                                \
    {                                                                                              \
        (void)core_version;                                                                        \
        return &(driver);                                                                          \
    }

/* ---- The call: options, arguments, memory -------------------------------------- */

/* Connection options and arguments of the operation, already checked against the tables. NULL or
 * `otherwise`: not given. */
NUBE_API const char *nube_opt_str(nube_call *c, const char *name);
NUBE_API int64_t nube_opt_int(nube_call *c, const char *name,
                              int64_t otherwise); /* INT, BYTES, DURATION, BOOL */
NUBE_API const char *nube_arg_str(nube_call *c, const char *name);
NUBE_API int64_t nube_arg_int(nube_call *c, const char *name, int64_t otherwise);
NUBE_API double nube_arg_number(nube_call *c, const char *name, double otherwise);
NUBE_API int nube_arg_bool(nube_call *c, const char *name, int otherwise);
NUBE_API const void *nube_arg_data(nube_call *c, const char *name, size_t *len);
NUBE_API size_t nube_arg_count(nube_call *c, const char *name); /* LIST and PAIR */
NUBE_API const char *nube_arg_at(nube_call *c, const char *name, size_t i);
NUBE_API int nube_arg_pair(nube_call *c, const char *name, size_t i, const char **key,
                           const char **value);

/* Filters of a list are arguments; say which ones the server applies, and the core does the others.
 */
NUBE_API void nube_filter_done(nube_call *c, const char *name);

NUBE_API enum nube_op nube_call_op_id(nube_call *c);
/* An environment variable, through the application's hook; NULL in set-id programs. */
NUBE_API const char *nube_env(nube_call *c, const char *name);
/* Wall clock in milliseconds since 1970, corrected by what the server's Date showed. */
NUBE_API int64_t nube_now(nube_call *c);
/* Such a time as UTC, "2026-01-15T08:09:10Z"; and one of that form, with or without fraction and
 * zone, read (-1: none). */
NUBE_API const char *nube_time_text(nube_call *c, int64_t unix_ms);
NUBE_API int64_t nube_time_of(const char *text);

/* Memory of the call, zeroed; never freed by the driver. Never NULL: on exhaustion the call fails
 * at the next return and a scratch block is given. */
NUBE_API void *nube_alloc(nube_call *c, size_t size);
NUBE_API const char *nube_strdup(nube_call *c, const char *text); /* NULL gives NULL */
NUBE_API const char *nube_fmt(nube_call *c, const char *format, ...) NUBE_PRINTF(2, 3);
/* The call's own state: zeroed at first, the same block each time, restored when a request is
 * retried. */
NUBE_API void *nube_state(nube_call *c, size_t size);
/* A number for a switch; 0 at first; restored when a request is retried. */
NUBE_API int nube_phase(nube_call *c);
NUBE_API void nube_set_phase(nube_call *c, int phase);
/* How long WAIT waits. */
NUBE_API void nube_call_delay(nube_call *c, int64_t ms);

/* Fails the call; gives NUBE_FAIL, so that a step can return it. The first failure stays. */
NUBE_API enum nube_step nube_fail(nube_call *c, enum nube_code code, const char *format, ...)
    NUBE_PRINTF(3, 4);
/* A notice for the application's log. */
NUBE_API void nube_note(nube_call *c, const char *format, ...) NUBE_PRINTF(2, 3);
/* Text that no log, record or error may show: a token out of a reply, a generated password. */
NUBE_API void nube_secret(nube_call *c, const char *text);

/* ---- The session --------------------------------------------------------------- */

/* Written by AUTH, read by everything else; an immutable snapshot that one login replaces whole. */
NUBE_API void nube_session_set(nube_call *c, const char *name, const char *value);
NUBE_API void nube_session_secret(nube_call *c, const char *name, const char *value);
/* After a change to what the session was made of: the next call makes a new one. */
NUBE_API void nube_session_forget(nube_call *c);
NUBE_API void nube_session_expires(nube_call *c, int64_t unix_ms); /* renewed a little before */
NUBE_API const char *nube_session_str(nube_call *c, const char *name);
/*
 * Where a named endpoint is: "https://host:port/base", or over a unix socket, or
 * over the standard streams of a command (argv, NULL-terminated); with these two,
 * `url` gives scheme, Host and base path ("http://docker/v1.41").
 */
NUBE_API void nube_session_endpoint(nube_call *c, const char *name, const char *url);
NUBE_API void nube_session_socket(nube_call *c, const char *name, const char *path,
                                  const char *url);
NUBE_API void nube_session_command(nube_call *c, const char *name, const char *const *argv,
                                   const char *url);
/* Sets ca_file, cert_file or key_file for the connection's transport when the backend did not.
 * Verification cannot be switched off here. */
/* Inside AUTH: 1 when the server refused the session before this one, 0 when there was none or it
 * ended by its time. */
NUBE_API int nube_session_refused(nube_call *c);
NUBE_API void nube_session_transport(nube_call *c, const char *option, const char *value);

/* ---- Requests -------------------------------------------------------------------- */

enum nube_method { NUBE_GET = 1, NUBE_HEAD, NUBE_POST, NUBE_PUT, NUBE_DELETE, NUBE_PATCH };

enum nube_req_flag {
    NUBE_REQ_SAFE = 1,     /* may be repeated; GET and HEAD are by themselves, unless UNSAFE */
    NUBE_REQ_UNSAFE = 2,   /* a GET that changes something */
    NUBE_REQ_TOKENED = 4,  /* carries an idempotency token, or asks for a state: twice is once */
    NUBE_REQ_UNSIGNED = 8, /* sign is not called */
    NUBE_REQ_NO_PROXY = 16,
    NUBE_REQ_SLASH = 32, /* the path ends in a slash */
    NUBE_REQ_UNBOUNDED =
        64, /* may be silent for long (follow, wait, stop): no idle timeout, only the deadline */
    NUBE_REQ_RAW = 128, /* the reply is not parsed, whatever its type */
    NUBE_REQ_SIGNED =
        256, /* inside AUTH, where requests are not signed by themselves: sign this one */
    NUBE_REQ_TRY =
        512, /* tried once; when nothing answers, the step sees a reply of status 0 instead */
    NUBE_REQ_OUTPUT = 1024, /* of a command over SSH: its streams are the call's output, as they
                              come, and its exit the call's status */
    NUBE_REQ_LOOSE = 2048   /* an object where nube_req_items() expects its array is no error: it
                               stays in the document */
};

/* A request to a named endpoint of the session; queued in order. */
NUBE_API nube_req *nube_req_new(nube_call *c, enum nube_method method, const char *endpoint);
/* To an absolute URL. Unsigned and without credentials unless its origin belongs to an endpoint. */
NUBE_API nube_req *nube_req_url(nube_call *c, enum nube_method method, const char *url);
/* One path segment, percent-encoded. NULL, "", "." and ".." fail the call. */
NUBE_API void nube_req_seg(nube_req *q, const char *segment);
/* A constant path of the driver's own, as it is: "containers/json". */
NUBE_API void nube_req_path(nube_req *q, const char *path);
/* Query parameters are encoded. A NULL value: left out. */
NUBE_API void nube_req_query(nube_req *q, const char *name, const char *value);
NUBE_API void nube_req_query_int(nube_req *q, const char *name, int64_t value);
/* A form field (application/x-www-form-urlencoded); makes the body. NULL: left out. */
NUBE_API void nube_req_form(nube_req *q, const char *name, const char *value);
/* CR, LF and NUL in a header fail the call. A NULL value: left out. The secret form is never
 * logged. */
NUBE_API void nube_req_header(nube_req *q, const char *name, const char *value);
NUBE_API void nube_req_header_secret(nube_req *q, const char *name, const char *value);
/* A body; copied. */
NUBE_API void nube_req_body(nube_req *q, const char *content_type, const void *data, size_t len);
/* The body is what opts->input gives, chunked; such a request is never repeated after its first
 * byte. A call without an input fails: nothing is not taken for an empty body. */
NUBE_API void nube_req_body_input(nube_req *q, const char *content_type);
/* A JSON body under construction, an object already open. */
NUBE_API nube_json *nube_req_json(nube_req *q);
NUBE_API void nube_req_flag(nube_req *q, unsigned flags);
NUBE_API void nube_req_tag(nube_req *q, int tag);
/* This status is not an error: the step sees it. Up to eight. */
NUBE_API void nube_req_allow(nube_req *q, int status);
/* How long it waits for a connection and for each sign of life, instead of the connection's. */
NUBE_API void nube_req_patience(nube_req *q, int64_t ms);
/* Names the thing the request is about, for a better "not found": "image busybox". */
NUBE_API void nube_req_about(nube_req *q, const char *what);
/* Asks for a connection upgrade ("tcp"): 101 and 200 both begin the stream. */
NUBE_API void nube_req_upgrade(nube_req *q, const char *protocol);

/* For sign: the request as it will be sent. */
NUBE_API const char *nube_req_method_str(const nube_req *q);
NUBE_API const char *nube_req_host(const nube_req *q);      /* host[:port], as the Host header */
NUBE_API const char *nube_req_path_str(const nube_req *q);  /* encoded, from "/" */
NUBE_API const char *nube_req_query_str(const nube_req *q); /* encoded, without "?" ; "" for none */
NUBE_API const void *nube_req_body_data(const nube_req *q, size_t *len);
NUBE_API int nube_req_tag_of(const nube_req *q);
/* The body's Content-Type is the last of them. */
NUBE_API size_t nube_req_header_count(const nube_req *q);
NUBE_API int nube_req_header_at(const nube_req *q, size_t i, const char **name, const char **value);

/* JSON bodies. name NULL inside an array. A NULL string: left out. */
NUBE_API void nube_json_str(nube_json *j, const char *name, const char *value);
NUBE_API void nube_json_secret(nube_json *j, const char *name, const char *value);
NUBE_API void nube_json_int(nube_json *j, const char *name, int64_t value);
NUBE_API void nube_json_number(nube_json *j, const char *name, double value);
NUBE_API void nube_json_bool(nube_json *j, const char *name, int value);
NUBE_API void nube_json_null(nube_json *j, const char *name);
NUBE_API void nube_json_object(nube_json *j, const char *name);
NUBE_API void nube_json_array(nube_json *j, const char *name);
NUBE_API void nube_json_end(nube_json *j);
/* A JSON text outside a request: an object already open; taken by nube_json_text(). */
NUBE_API nube_json *nube_json_new(nube_call *c);
NUBE_API const char *nube_json_text(nube_json *j);

/* ---- Streaming -------------------------------------------------------------------- */

/*
 * Hands the elements of the array at a dotted path ("servers", "" for a root array)
 * to fn one at a time while the body arrives; for XML the path names the element
 * around ("DescribeInstancesResponse.reservationSet") and each child element is an
 * item. The item's memory is reused after fn returns. Only for good statuses. What is
 * left of the document is nube_reply_doc(). A retried request starts over and
 * what its items emitted is dropped.
 */
typedef void (*nube_item_fn)(nube_call *c, const nube_doc *item);
NUBE_API void nube_req_items(nube_req *q, const char *path, nube_item_fn fn);
/* One JSON value after the other, live, as progress streams have it. Not repeated after the first.
 */
NUBE_API void nube_req_values(nube_req *q, nube_item_fn fn);
/*
 * Live bytes. fn says how many of len it consumed; the rest comes again in front of
 * what follows; at the end it is called once with eof, and what is left then is
 * dropped. No repetition after the first byte.
 */
typedef size_t (*nube_sink_fn)(nube_call *c, const char *data, size_t len, int eof);
NUBE_API void nube_req_sink(nube_req *q, nube_sink_fn fn);

/* Output of a console or a run, to the application or into the result. */
NUBE_API void nube_out_data(nube_call *c, enum nube_stream stream, const void *data, size_t len);
NUBE_API void nube_out_status(nube_call *c, int status); /* of a run */
/* Progress; NULL and -1 for what is not known. */
NUBE_API void nube_out_progress(nube_call *c, const char *id, const char *text, int64_t current,
                                int64_t total);

/* ---- Needs: what a driver may not do itself ------------------------------------------ */

/* Queued like requests; the answer is a reply with status 200 and the content as body, or 404 when
 * it is not there (always allowed). */
enum nube_need_flag { NUBE_NEED_SECRET = 1 /* neither logged nor recorded */ };
/* A file's content, at most 1 MiB. "~/" is the home directory. */
NUBE_API void nube_need_file(nube_call *c, const char *path, unsigned flags, int tag);
/*
 * A file's new content, in one step, for its owner alone, if it still is what was read: old (NULL:
 * there is no such file yet; its directory is made). 200; 409: it is something else by now; 500: it
 * cannot be written, and the header "message" says why.
 */
NUBE_API void nube_need_write(nube_call *c, const char *path, const char *old, const char *text,
                              unsigned flags, int tag);
/* A program's standard output; no shell; status 200 for exit 0, else 500 with its standard error.
 * 404: no such program. */
NUBE_API void nube_need_exec(nube_call *c, const char *const *argv, const char *input,
                             unsigned flags, int tag);
/* The words of a command line as a shell would read it, without expansions, NULL behind the last;
 * NULL when a quotation mark is not closed. */
NUBE_API const char *const *nube_words(nube_call *c, const char *line);
/*
 * Something kept from an earlier call, of any process of this person: a long list that
 * hardly changes. 404 when it is not there or older than that. put is best effort, at most
 * 1 MiB; never put a secret. Names are the driver's own and say what they depend on.
 */
NUBE_API void nube_need_cache(nube_call *c, const char *name, int64_t max_age_ms, int tag);
NUBE_API void nube_cache_put(nube_call *c, const char *name, const void *data, size_t len);
/*
 * A signature with a private key over data: by an ssh-agent key of this fingerprint
 * (MD5 or SHA256 form) when key is NULL, else by the key text given (PEM, PKCS#8, OpenSSH; an
 * encrypted one asks for its passphrase). hash: "sha1", "sha256", "sha384", "sha512"; behind it,
 * with "|" between, others that will do where a key in the agent has one of its own. The body is
 * the raw signature; nube_reply_header(r, "algorithm") is "rsa", "ecdsa" or "ed25519", "hash" what
 * was used (none for ed25519), and "fingerprint", of a key in the agent, its MD5 form.
 */
NUBE_API void nube_need_sign(nube_call *c, const char *key, const char *passphrase,
                             const char *fingerprint, const char *hash, const void *data,
                             size_t len, int tag);
/*
 * Opens a private key text, encrypted or not, so that it need not be asked for again: the body is
 * the same key as PKCS#8 text without encryption, "algorithm" as above, "fingerprint" its MD5 form.
 * name is how a prompt and a message call it.
 */
NUBE_API void nube_need_key(nube_call *c, const char *name, const char *key, const char *passphrase,
                            int tag);

/* Asks the person at the application for a secret: an MFA code. 404: nobody to ask, or declined. */
NUBE_API void nube_need_ask(nube_call *c, const char *prompt, int tag);

/* ---- Commands over SSH ------------------------------------------------------------------- */

/*
 * A command on a machine, queued like a request, by itself or beside others; the core connects,
 * verifies the host's key, authenticates and runs it, all of them at once on the calling thread,
 * within deadline and cancel. host is a name or an address; command is a line for the login shell
 * there (what comes from elsewhere goes through nube_ssh_quote()). nube_req_tag(),
 * nube_req_patience() (until the command is running), nube_req_about() and the flags SAFE (the
 * command may run twice), TOKENED, TRY, UNBOUNDED and OUTPUT are as for requests; nube_req_body()
 * is its standard input, without a content type, and nube_req_body_input() the application's.
 *
 * The reply has status 200 whatever the command's exit, which is nube_reply_exit(); its body is
 * the standard output, at most 16 MiB (more fails the call), and never parsed. A machine that
 * cannot be reached, verified or logged in to fails the call (CONNECT, TLS, AUTH), unless the
 * request says TRY: then the reply has status 0 and nube_reply_failure() tells why.
 * nube_reply_header() has, as far as it got: "stage" (resolve, connect, banner, host_key, auth,
 * command, done), "address" and "port" (where it was reached), "host_key" ("ED25519 SHA256:..."),
 * "user", "auth" (what let it in), and in microseconds "connect_us" and "ready_us".
 */
NUBE_API nube_req *nube_req_ssh(nube_call *c, const char *host, const char *command);
/*
 * How: an option by its name, NULL: left out. port, user, key (text of a private key, any format),
 * key_file, key_passphrase, certificate (a file), password, agent (yes or no), host_key (strict,
 * accept-new, or the fingerprint that it must have), known_hosts (a file), jump
 * ([USER@]HOST[:PORT], with commas), ssh_config (a file, or none), connect_timeout. What is not
 * set comes from the person's ~/.ssh/config, then from what ssh does by itself; with a key,
 * key_file or password set, nothing else of the person's is offered to the machine. A passphrase
 * that is needed and not set is asked for through the application.
 */
NUBE_API void nube_req_ssh_set(nube_req *q, const char *option, const char *value);
/* Asks what the machine is and does: such a command for any Unix, SAFE. Its reply's facts go into
 * the extra map of a node, the sizes into its fields. */
NUBE_API nube_req *nube_req_probe(nube_call *c, const char *host);
NUBE_API void nube_probe_fill(nube_call *c, nube_obj *node, const nube_reply *r);
/*
 * The keys that may log in as the user this logs in as: reads authorized_keys (its text is the
 * reply's body), adds a public key or takes it out. Safe to repeat; a change is made once however
 * often it is asked for, in one step, beside others that change the file in the same way, and
 * leaves the other lines, mode and owner as they are. The body then is "changed" or "same".
 */
enum nube_authorized { NUBE_AUTHORIZED_READ = 1, NUBE_AUTHORIZED_ADD, NUBE_AUTHORIZED_REMOVE };
NUBE_API nube_req *nube_req_authorized(nube_call *c, const char *host, enum nube_authorized what,
                                       const char *public_key);
/* A word as a shell of that machine takes it back. */
NUBE_API const char *nube_ssh_quote(nube_call *c, const char *word);

/* The command's exit status, 0 to 255; 128+n when signal n ended it; -1: it did not end. */
NUBE_API int nube_reply_exit(const nube_reply *r);
/* The signal that ended it, "KILL"; NULL: none. */
NUBE_API const char *nube_reply_signal(const nube_reply *r);
/* What it wrote to its standard error. Terminated. */
NUBE_API const char *nube_reply_errors(const nube_reply *r, size_t *len);
/* Of a reply with status 0 (TRY): the class of the failure, 0: none, and one line of text. */
NUBE_API int nube_reply_failure(const nube_reply *r, const char **message);

/* ---- Replies --------------------------------------------------------------------------- */

/* A NULL reply, as a step is first called with, has nothing: 0, NULL or "". */

NUBE_API int nube_reply_status(const nube_reply *r);
NUBE_API int nube_reply_tag(const nube_reply *r);
NUBE_API const char *nube_reply_header(const nube_reply *r,
                                       const char *name); /* any case; NULL: none */
/* Parsed by content type or by look; without its items. NULL when it is neither JSON nor XML, or
 * empty. */
NUBE_API const nube_doc *nube_reply_doc(const nube_reply *r);
/* What was not parsed or streamed away: error pages, raw replies, files. Terminated. */
NUBE_API const char *nube_reply_body(const nube_reply *r, size_t *len);

/* ---- Results ------------------------------------------------------------------------------ */

/* A new object in the result. Kind is the operation's own when NONE. Setters ignore NULL objects
 * and NULL values. One that has no id at the end (a key: neither id nor name) fails the call with
 * NUBE_E_PROTOCOL: nobody could name it again. */
NUBE_API nube_obj *nube_emit(nube_call *c, enum nube_kind kind);
NUBE_API void nube_set(nube_obj *o, enum nube_field field, const char *value);
NUBE_API void nube_set_int(nube_obj *o, enum nube_field field, int64_t value);
NUBE_API void nube_set_number(nube_obj *o, enum nube_field field, double value);
NUBE_API void nube_set_bool(nube_obj *o, enum nube_field field, int value);
NUBE_API void nube_add(nube_obj *o, enum nube_field field, const char *value); /* lists */
NUBE_API void nube_add_pair(nube_obj *o, enum nube_field field, const char *key, const char *value);
/* Maps the provider's word through the state table; an unknown one is kept as unknown. */
NUBE_API void nube_set_state(nube_obj *o, const char *raw);
/* ISO 8601 with or without fraction and zone; what cannot be read is left out. */
NUBE_API void nube_set_time(nube_obj *o, enum nube_field field, const char *text);
/* Family and scope come from the value; 0 kind: fixed. What is not an address or name is left out
 * and noted. */
NUBE_API void nube_add_address(nube_obj *o, const char *value, enum nube_address_kind kind,
                               const char *network, const char *mac);
NUBE_API void nube_extra(nube_obj *o, const char *name, const char *value);
NUBE_API void nube_extra_int(nube_obj *o, const char *name, int64_t value);
NUBE_API void nube_extra_number(nube_obj *o, const char *name, double value);
NUBE_API void nube_extra_bool(nube_obj *o, const char *name, int value);
NUBE_API void nube_extra_null(nube_obj *o, const char *name);
/* A scalar of any type under that name; null is kept as null, absent is left out, others are
 * ignored. */
NUBE_API void nube_extra_doc(nube_obj *o, const char *name, const nube_doc *value);

/* Rows that copy members of a document into fields or extra values. */
struct nube_field_row {
    const char *path;  /* dotted path in the document */
    uint32_t field;    /* enum nube_field, or NUBE_FIELD_NONE: an extra value */
    uint32_t type;     /* enum nube_type of the field: STRING, INT, NUMBER, BOOL */
    const char *extra; /* name of the extra value; NULL: the path */
};
/* The values at the rows' paths, NULL where there is none: one walk over the document's members
 * instead of one a row. */
NUBE_API void nube_doc_find(const nube_doc **values, const nube_doc *doc,
                            const struct nube_field_row *rows, size_t count);
NUBE_API void nube_set_fields(nube_obj *o, const nube_doc *doc, const struct nube_field_row *rows,
                              size_t count);

/* Pages: the cursor this page was asked with (NULL: the first), and the one of the next. */
NUBE_API const char *nube_cursor(nube_call *c);
NUBE_API void nube_next(nube_call *c, const char *cursor); /* NULL or "": no more */

/*
 * Creating. An object emitted before a later step fails still reaches the caller, so
 * emit it (with its password) as soon as the reply that made it is there, and fill it
 * in afterwards. nube_created() makes every later error name what exists. nube_undo()
 * runs an operation of this driver on it (argument "id"; argument NULL, or one more as
 * "name=value"), last in first out, when the call fails, is cancelled or passes its
 * deadline, with ten seconds of its own; nube_keep() drops all undos. What could not be undone
 * stays named in the error.
 */
NUBE_API void nube_created(nube_call *c, const char *id);
/* 1 when this connection made it less than two minutes ago: "not found" may mean "not yet". */
NUBE_API int nube_was_created(nube_call *c, const char *id);
NUBE_API void nube_undo(nube_call *c, enum nube_op op, const char *id, const char *argument);
NUBE_API void nube_keep(nube_call *c);

NUBE_END

#endif
