/* How the parts of the engine hand a call on: steps, exchanges, logins. */
#ifndef NUBE_CORE_RUN_H
#define NUBE_CORE_RUN_H

#include "call_int.h"

/* core/run.c: runs the step, or what the call waited for, and does what it says. */
void nube_run_step(nube_call *c, const nube_reply *r);
/* The session is there: begins, or sends again what waited for it. */
void nube_run_resume(nube_call *c);
/* The session this request was sent with is refused: logs in, unless that is done or under way;
 * then what waits for the session is sent. */
void nube_run_renew(nube_req *q);
/* Ends the call: 0, or the code of c->err, which is set. Runs undos first. */
void nube_run_end(nube_call *c, int code);
/* Fails it with a copy of an error. */
void nube_run_fail(nube_call *c, const struct nube_error *err);
/* A call of the core's own on the same engine; `after` is called when it ended. NULL: c has failed.
 */
nube_call *nube_run_child(nube_call *c, enum nube_op op, const nube_args *args, int64_t deadline,
                          void (*after)(nube_call *parent, nube_call *child));

/* core/exchange.c: sends everything in the queue as one group. */
void nube_exchange_send(nube_call *c);
/* Sends one request (again); signs it first. */
void nube_exchange_start(nube_req *q);
/* One more header of its reply; both texts are copied. */
void nube_exchange_header(nube_req *q, const char *name, const char *value);
/* Stops whatever runs; no callback follows. */
void nube_exchange_stop(nube_call *c);
/* What a need gave, done or from a record. */
void nube_exchange_answer(nube_req *q, const struct nube_need_end *end);
/* A reply is whole (or failed with code and message): judges it and goes on. In core/judge.c. */
void nube_exchange_judge(nube_req *q, int code, bool sent, const char *message);
/* A step has run: what it did to the call's state stays when others of the group are repeated. */
void nube_exchange_save(nube_call *c);
/* Makes ready for another attempt: drops what came of the last one. */
void nube_exchange_reset(nube_req *q);
/* core/record.c: answers from a cassette; writes into one. */
void nube_record_write(nube_req *q, int code, const char *message);
void nube_record_replay(nube_req *q);

/* core/login.c: 1: c->session is good; 0: nube_run_resume() or an end will follow; negative: c has
 * ended. */
int nube_login(nube_call *c);
void nube_login_forget(nube_conn *conn, const struct nube_session *refused);
/* Looks whether the login a parked call waits for is over. */
void nube_login_poll(nube_call *c);
void nube_login_unpark(nube_call *c);

/* core/engine.c */
struct nube_http *nube_engine_http(struct nube_engine *e, const struct nube_http_ops *ops);
struct nube_ssh *nube_engine_ssh(struct nube_engine *e, const struct nube_ssh_ops *ops);
void nube_engine_add(struct nube_engine *e, nube_call *c);
void nube_engine_remove(struct nube_engine *e, nube_call *c);
/* Does it belong to the process that forked this one? Then nothing of it may be touched. */
bool nube_engine_foreign(const struct nube_engine *e);
/* Does nothing go on in it while this thread waits elsewhere? It is of another process, or this
 * thread is the one that turns it. */
bool nube_engine_rests(const struct nube_engine *e);

/* core/ssh_send.c: sends a command over SSH (again). */
void nube_ssh_send(nube_req *q);
void nube_ssh_stop(nube_req *q);
/* It may not be tried again: its reply tells the step why. */
void nube_ssh_failed(nube_req *q, int code, const char *message);
/* May it have begun, as far as its transfer knows? */
bool nube_ssh_sent(const nube_req *q);
/* Ends the commands that have begun, for an abort with this code, which goes on when they have;
 * false: there is none. */
bool nube_ssh_end_all(nube_call *c, int code);
/* Fails the call whose command this is, in the words for that. */
void nube_ssh_abort(nube_call *c, const nube_req *q, int code, const char *why, double after);
/* Where it goes, for a record: "user@host:port", as far as the driver said it. */
void nube_ssh_where(const nube_req *q, struct nube_buf *out);
/* What stands as the body of its request in a record. */
const char *nube_ssh_command(const nube_req *q);
/* Answers it from q->replay. */
void nube_ssh_play(void *q);

/* core/page.c: one call, waited for on this thread. */
int nube_page_get(nube_result **out, nube_conn *conn, enum nube_op op, const nube_args *args,
                  const struct nube_call_opts *opts, const char *cursor, int64_t deadline,
                  struct nube_error *err);
/* Cursors seen in one walk. 0; -1: this one came before; -2: out of memory. */
struct nube_cursors {
    uint64_t *seen; /* a hash table of hashes */
    size_t count, size;
};
int nube_cursors_add(struct nube_cursors *k, const char *cursor);
void nube_cursors_free(struct nube_cursors *k);
struct nube_result *nube_result_new(void);

#endif
