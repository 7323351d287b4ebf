/* Logins: one at a time for a connection, whichever thread begins it; the others park on their
 * engines. */
#include "error_int.h"
#include "run.h"

enum { EARLY_MS = 60000 }; /* renew this long before a session ends */

static bool good(nube_conn *conn, int64_t now)
{
    const struct nube_session *s = conn->session;

    return s && (!s->expires || now < s->expires - EARLY_MS);
}

static void unlink_waiter(nube_call *c)
{
    nube_call **at = &c->conn->waiters;

    while (*at && *at != c)
        at = &(*at)->next_waiter;
    if (*at)
        *at = c->next_waiter;
    c->parked = false;
}

void nube_login_unpark(nube_call *c)
{
    if (!c->parked)
        return;
    pthread_mutex_lock(&c->conn->lock);
    unlink_waiter(c);
    pthread_mutex_unlock(&c->conn->lock);
}

static void wake_waiters(nube_conn *conn)
{
    nube_call *w;

    for (w = conn->waiters; w; w = w->next_waiter)
        nube_loop_wake(nube_engine_loop(w->engine));
}

/* Publishes what a login gave: under the lock only pointers move. */
static void finish(nube_conn *conn, struct nube_session *fresh, const struct nube_error *err)
{
    struct nube_session *old = NULL;

    pthread_mutex_lock(&conn->lock);
    conn->logging_in = 0;
    conn->login_round++;
    conn->login_error = *err;
    if (fresh) {
        old = conn->session;
        conn->session = fresh;
        conn->refused = false;
    }
    wake_waiters(conn);
    pthread_mutex_unlock(&conn->lock);
    nube_session_unref(old);
}

static void login_after(nube_call *c, nube_call *child)
{
    struct nube_session *fresh = NULL;

    if (!child->failed) {
        fresh = child->building;
        child->building = NULL;
    }
    if (fresh && !c->ending)
        c->session = nube_session_ref(fresh);
    finish(c->conn, fresh, &child->err);
    if (c->ending)
        return;
    if (child->failed)
        nube_run_fail(c, &child->err);
    else
        nube_run_resume(c);
}

/* A driver without AUTH has a session all the same: an empty one. */
static int plain(nube_call *c)
{
    c->session = nube_session_new();
    if (c->session)
        return 1;
    nube_fail(c, NUBE_E_MEMORY, "out of memory");
    nube_run_end(c, NUBE_E_MEMORY);
    return -1;
}

/*
 * Is a login under way that will end while this call waits? Not one of the process that
 * forked this one, nor of a batch that this very thread has to turn.
 */
static bool under_way(const nube_call *c)
{
    const nube_conn *conn = c->conn;

    return conn->logging_in && (conn->login_on == c->engine || !nube_engine_rests(conn->login_on));
}

int nube_login(nube_call *c)
{
    nube_conn *conn = c->conn;
    struct nube_error none = NUBE_ERROR_INIT;
    bool mine = false;

    if (!conn->driver->ops[NUBE_OP_AUTH].step)
        return plain(c);
    pthread_mutex_lock(&conn->lock);
    if (good(conn, nube_now(c))) {
        c->session = nube_session_ref(conn->session);
    } else if (under_way(c)) {
        c->parked = true;
        c->parked_round = conn->login_round;
        c->next_waiter = conn->waiters;
        conn->waiters = c;
    } else {
        conn->logging_in = 1;
        conn->login_on = c->engine;
        mine = true;
    }
    pthread_mutex_unlock(&conn->lock);
    if (!mine)
        return c->session != NULL;
    if (nube_run_child(c, NUBE_OP_AUTH, NULL, c->deadline, login_after))
        return 0;
    none.code = NUBE_E_CANCELLED; /* not a verdict on the credentials: the next one tries */
    finish(conn, NULL, &none);
    return -1;
}

static void forget(nube_conn *conn, const struct nube_session *which, bool refused)
{
    struct nube_session *old = NULL;

    pthread_mutex_lock(&conn->lock);
    if (conn->session == which) {
        old = conn->session;
        conn->session = NULL;
        conn->refused = refused;
    }
    pthread_mutex_unlock(&conn->lock);
    nube_session_unref(old);
}

void nube_login_forget(nube_conn *conn, const struct nube_session *refused)
{
    forget(conn, refused, true);
}

void nube_session_forget(nube_call *c)
{
    forget(c->conn, c->session, false);
}

int nube_session_refused(nube_call *c)
{
    nube_conn *conn = c->conn;
    bool refused;

    pthread_mutex_lock(&conn->lock);
    refused = c->building && conn->refused;
    pthread_mutex_unlock(&conn->lock);
    return refused;
}

void nube_login_poll(nube_call *c)
{
    struct nube_error err = NUBE_ERROR_INIT;
    bool over;

    pthread_mutex_lock(&c->conn->lock);
    over = c->parked && c->parked_round != c->conn->login_round;
    if (over) {
        unlink_waiter(c);
        err = c->conn->login_error;
    }
    pthread_mutex_unlock(&c->conn->lock);
    if (!over)
        return;
    if (err.code && err.code != NUBE_E_CANCELLED && err.code != NUBE_E_DEADLINE)
        nube_run_fail(c, &err);
    else if (nube_login(c) == 1)
        nube_run_resume(c);
}
