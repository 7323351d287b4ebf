/* Calls, requests, sessions and connections as the engine sees them. */
#ifndef NUBE_CORE_CALL_INT_H
#define NUBE_CORE_CALL_INT_H

#include <stdatomic.h>

#include <nube/conn.h>
#include <nube/driver/driver.h>

#include "cassette.h"
#include "doc_int.h"
#include "fresh.h"
#include "lib_int.h"
#include "loop.h"
#include "needs.h"
#include "object_int.h"
#include "options.h"
#include "service.h"

/* ---- Sessions: immutable once published, shared by reference --------------------- */

struct nube_session_value {
    struct nube_session_value *next;
    const char *name, *value;
};
struct nube_endpoint {
    struct nube_endpoint *next;
    const char *name, *url; /* url without a trailing slash */
    const char *unix_path;
    const char *const *argv;
};
struct nube_session {
    _Atomic int refs;
    struct nube_arena arena;
    struct nube_session_value *values, *secrets; /* secrets: what no log may show (name unused) */
    struct nube_endpoint *endpoints;
    const char *ca_file, *cert_file, *key_file; /* set by AUTH; NULL: not */
    int64_t expires;                            /* unix ms; 0: never */
};

/* ---- Connections ------------------------------------------------------------------- */

struct nube_conn {
    nube_lib *lib; /* immutable, as all before `lock` */
    const struct nube_driver_info *driver;
    const struct nube_provider_row *provider_row;
    const char *name, *provider;
    struct nube_arena arena;
    struct nube_checked_set options;
    struct nube_http_conf http; /* from the options */
    int retries;
    int64_t timeout_ms;
    bool xml;                 /* the driver reads replies that look like XML as such */
    struct nube_fresh *fresh; /* locks itself */
    const struct nube_http_ops *http_ops;

    _Atomic int64_t skew_ms;    /* server clock minus ours */
    _Atomic int64_t not_before; /* mono ms: the account was told to slow down */
    _Atomic int retry_tokens;   /* budget: a retry takes one, a success gives a tenth */

    pthread_mutex_t lock; /* guards what follows; held for pointers only */
    struct nube_session *session;
    bool refused; /* the server would not have the session before the next */
    int logging_in;
    struct nube_engine *login_on;  /* where the latest login runs, while logging_in */
    unsigned login_round;          /* counts finished logins, good and bad */
    struct nube_error login_error; /* of the last one */
    nube_call *waiters;            /* parked calls of any thread, linked by next_waiter */
};

/* ---- Results ------------------------------------------------------------------------ */

struct nube_emitted {
    nube_obj *obj;
    const nube_req *from; /* the request whose items made it: a retry drops them */
};
struct nube_result {
    struct nube_arena arena; /* objects; secrets zeroed */
    struct nube_emitted *objs;
    size_t count, size;
    struct nube_buf out[2];
    int status;
    const char *next; /* in the arena */
};

/* ---- Requests ------------------------------------------------------------------------ */

struct nube_header {
    const char *name, *value;
    bool secret, by_sign; /* by_sign: dropped before the request is signed again */
};

enum { NUBE_REQ_HTTP = 0, NUBE_REQ_SSH = 100 }; /* kinds between them: enum nube_need_kind */

/* The reply lives in the request's own arena until the step returns. */
struct nube_reply {
    nube_req *req;
    int status;
    const struct nube_doc *doc;
    struct nube_buf body; /* what is kept of it */
    struct nube_pair *headers;
    size_t n_headers, size_headers;
    /* Of a command over SSH. */
    struct nube_buf errors;
    int exit, failure; /* failure: enum nube_code of a reply of status 0 */
    const char *signal;
};

struct nube_req {
    nube_call *call;
    nube_req *next;
    int kind, tag;
    unsigned flags;
    enum nube_method method;
    const char *endpoint; /* name, or NULL for an absolute URL */
    const char *absolute;
    struct nube_buf path;  /* encoded segments, each with its leading '/' */
    struct nube_buf query; /* encoded, '&' between */
    struct nube_buf form;
    struct nube_header *headers;
    size_t n_headers, size_headers;
    const char *content_type;
    const void *body;
    size_t body_len;
    bool has_body, body_input;
    nube_json *json;
    int allow[8];
    size_t n_allow;
    const char *about, *upgrade;
    int64_t patience_ms; /* 0: the connection's */
    const char *items_path;
    nube_item_fn item, value;
    nube_sink_fn sink;

    /* Made by nube_req_finish(): how it will be sent. */
    const char *url, *host, *path_text, *query_text, *unix_path;
    const char *const *argv;
    bool foreign; /* the origin is of no endpoint: unsigned */

    /* A need. */
    struct nube_need_req need;
    unsigned need_flags;
    nube_req *signs; /* the request whose signature this need is for; NULL: the step's own */

    struct nube_ssh_run *ssh; /* a command over SSH: core/ssh_int.h */

    /* Running. */
    struct nube_http_req wire;
    struct nube_pair *wire_headers;
    struct nube_xfer *xfer;
    struct nube_need *running;
    struct nube_reader *reader;
    struct nube_arena reply_arena;
    struct nube_reply reply;
    struct nube_buf sink_buf, recorded;
    struct nube_timer timer; /* back-off, replay */
    const struct nube_cassette_exchange *replay;
    char read_message[256];
    int read_code; /* of the reader or a limit */
    uint64_t streamed;
    int attempt;
    bool live, active, reauthed, wait_session, gave_up;
    bool hopeless;    /* of the last attempt: see struct nube_http_end */
    bool reclocked;   /* signed again by the server's clock */
    int64_t skew_ms;  /* what was known of that clock when it was sent */
    unsigned session; /* which of the call's it was sent with */
    int saved_phase;
    void *saved_state;
    size_t saved_size;
};

/* ---- Calls -------------------------------------------------------------------------------- */

struct nube_undo_item {
    struct nube_undo_item *next;
    enum nube_op op;
    const char *id, *argument; /* argument: "name=value" or NULL */
};

struct nube_call {
    nube_lib *lib;
    nube_conn *conn;
    struct nube_engine *engine;
    enum nube_op op;
    const char *action; /* of NODE_ACTION and IMAGE_ACTION */
    nube_step_fn step;
    struct nube_checked_set args;
    struct nube_call_opts opts;
    int64_t started, deadline; /* mono ms; deadline INT64_MAX: none */
    const char *cursor;        /* this page's; NULL: the first */

    struct nube_arena arena;      /* requests, state, texts: lives as long as the call */
    nube_req *queue, **queue_end; /* made by the step, not sent */
    nube_req *sent;               /* of this group, all of them */
    size_t n_active;              /* of the group, without a handled reply */
    nube_req *current;            /* whose callback is running */
    nube_req *signing;            /* while the driver's sign runs */
    void *state;
    size_t state_size;
    int phase;
    int64_t delay;
    struct nube_session *session;  /* the snapshot it uses */
    unsigned refused;              /* how many it had before that one */
    struct nube_session *building; /* of AUTH */
    struct nube_session_value *secrets;
    const char **filters_done;
    size_t n_filters_done;
    const char *created;
    struct nube_undo_item *undos;
    struct nube_result *result;
    struct nube_error err;
    char request_id[96]; /* the provider's, of the last request that changed something */
    bool failed, ending, finished, begun, dry_done;
    bool over_ssh; /* the library's own step does it, not the driver's */
    int undo_failures;
    int abort_code;  /* what it is aborted for, while commands of it are being ended */
    size_t n_ending; /* so many of them */

    nube_call *child, *parent; /* a login or an undo that runs for it */
    nube_call *spent;          /* earlier children, linked by next_spent: they go with it */
    nube_call *next_spent;
    void (*after)(nube_call *parent, nube_call *child);
    struct nube_timer timer_deadline, timer_wait;
    nube_call *next_waiter; /* on conn->waiters */
    unsigned parked_round;
    bool parked;

    void (*done)(void *data, nube_call *c);
    void *done_data;
    nube_call *prev, *next; /* on the engine */
};

/* ---- core/request.c ------------------------------------------------------------------------ */

/*
 * Completes a queued HTTP request: resolves the endpoint in the session (building or
 * snapshot), joins base path, path and query into url, host, path_text and query_text,
 * form or JSON into the body. Before a repetition only the endpoint is looked up again, when the
 * session was renewed meanwhile. Gives 0 or fails the call (USAGE for a bad URL, DRIVER for
 * an endpoint the session does not have).
 */
int nube_req_finish(nube_req *q);
/* Drops the headers that sign added. */
void nube_req_unsign(nube_req *q);
/* "GET", ... */
const char *nube_method_name(enum nube_method m);
/* The request as text for people, redacted: for --dry-run and the wire log. */
void nube_req_print(nube_req *q, struct nube_buf *out);
/* What it is, for messages: "GET /servers", "the command on web1". */
const char *nube_req_title(nube_req *q);
/* Is repeating it harmless? */
bool nube_req_is_safe(const nube_req *q);
/* Frees what is not in an arena; zeroes. */
void nube_req_free(nube_req *q);
void nube_req_queue(nube_call *c, nube_req *q);   /* appends to the call's queue */
nube_req *nube_req_blank(nube_call *c, int kind); /* a new one, queued */

/* ---- core/json_build.c --------------------------------------------------------------------- */

const char *nube_json_finish(nube_json *j, size_t *len); /* closes what is open */
void nube_json_free(nube_json *j);

/* ---- core/redact.c -------------------------------------------------------------------------- */

/* Appends text with every secret of the connection, session and call replaced by "***". */
void nube_redact(nube_call *c, struct nube_buf *out, const char *text, size_t len);
/* Is what this header carries a credential, whoever set it? */
bool nube_redact_header(const char *name);
/* Fixed-size form for error messages: in place; a secret that was cut off with the text is one too.
 */
void nube_redact_text(nube_call *c, char *text, size_t size);

/* ---- core/session.c ------------------------------------------------------------------------- */

struct nube_session *nube_session_new(void);
struct nube_session *nube_session_ref(struct nube_session *s);
void nube_session_unref(struct nube_session *s);
/* The session a call reads: the one it builds, else its snapshot. May be NULL. */
const struct nube_session *nube_call_session(const nube_call *c);
const struct nube_endpoint *nube_session_find(const nube_call *c, const char *name);

/* ---- core/node_ssh.c ------------------------------------------------------------------------ */

/* The library's own step for a verb on any node, over SSH; NULL: it has none, or the driver's goes
 * before. */
nube_step_fn nube_node_ssh_step(const struct nube_driver_info *d, enum nube_op op,
                                const nube_args *args);

/* ---- core/conn.c ---------------------------------------------------------------------------- */

/* 0, or USAGE when it is no state of a node there, neither Nube's word nor the provider's. */
int nube_conn_state_check(const nube_conn *conn, const char *word, struct nube_error *err);

/* ---- core/audit.c --------------------------------------------------------------------------- */

/* A request was carried out, and the provider calls it so; NULL: it does not say. */
void nube_audit_request(const nube_req *q, const char *request_id);
/* The call has ended: tells the application, when it was one that changes something. */
void nube_audit_tell(nube_call *c);

/* ---- core/retry.c --------------------------------------------------------------------------- */

struct nube_retry_facts {
    bool safe, tokened, sent, live, mutation;
    int code;      /* of the attempt */
    int retryable; /* enum nube_tristate from the verdict */
    int status;    /* 0: no reply */
    int attempt;   /* counts from 1 */
    int max_attempts;
    int64_t retry_after_ms;
    uint32_t random;
};
/* Pure. -1: do not; else the delay in ms. Full jitter: a random part of min(20 s, 200 ms *
 * 2^attempt), 500 ms * 2^attempt for RATE, at least Retry-After. */
int64_t nube_retry_delay(const struct nube_retry_facts *f);
/* The code a failed attempt is reported as: a mutation without a reply after sending is
 * OUTCOME_UNKNOWN. */
int nube_retry_code(const struct nube_retry_facts *f);
/* Retry-After: seconds or an HTTP date; 0 when it says nothing. now: unix ms. */
int64_t nube_retry_after(const char *text, int64_t now);
/* An HTTP date (RFC 9110, 5.6.7) in unix ms; -1. */
int64_t nube_http_date(const char *text);

/* ---- core/engine.c -------------------------------------------------------------------------- */

struct nube_engine; /* a loop with its HTTP handle; used by one thread at a time */
int nube_engine_take(struct nube_engine **out, nube_lib *lib, const nube_conn *prefer,
                     struct nube_error *err);
void nube_engine_give(struct nube_engine *e);
struct nube_loop *nube_engine_loop(struct nube_engine *e);
/* Starts calls that are ready, looks after cancels and parked calls; then one turn of the loop. */
int nube_engine_turn(struct nube_engine *e, int64_t ms);
/*
 * Makes a call; once it is started, done is called once, from a turn. cursor: the page, NULL the
 * first. The call is freed by its owner with nube_call_free(): before it is started or after done.
 */
int nube_call_new(nube_call **out, struct nube_engine *e, nube_conn *conn, enum nube_op op,
                  const nube_args *args, const struct nube_call_opts *opts, const char *cursor,
                  void (*done)(void *data, nube_call *c), void *data, struct nube_error *err);
/* It begins in the next turn. deadline: mono ms. */
void nube_call_start(nube_call *c, int64_t deadline);
/* Fails it now with code, whatever it does; undo still runs. */
void nube_call_abort(nube_call *c, int code);
/* Ends without undo and callback when it is still running. */
void nube_call_free(nube_call *c);
/* So long after now; what is past the end of time is its end, INT64_MAX. now >= 0. */
int64_t nube_time_after(int64_t now, int64_t ms);
/* The deadline of a call on this connection that begins now. */
int64_t nube_call_deadline(nube_conn *conn, const struct nube_call_opts *opts);
/* Copies what both sizes cover; NULL: defaults. */
void nube_call_opts_copy(struct nube_call_opts *to, const struct nube_call_opts *from);

int nube_cancel_fd(const nube_cancel *c);

#endif
