/* Connections: options put together from what was given, the catalogue and the environment, and
 * checked. */
#include <string.h>

#include "error_int.h"
#include "mem.h"
#include "nearest.h"
#include "ssh_int.h"

/* Does the set name this option, by its name or its alias? */
static bool given(const nube_args *args, const struct nube_driver_info *d, const char *name)
{
    const struct nube_option *row = nube_driver_option_find(d, NUBE_OP_NONE, NULL, name);

    return nube_args_get(args, name) || (row && (nube_args_get(args, row->name) ||
                                                 (row->alias && nube_args_get(args, row->alias))));
}

static void add_presets(nube_args *all, const struct nube_driver_info *d, const char *presets)
{
    char line[512];
    size_t n;

    for (; presets && *presets; presets += n + (presets[n] == '\n')) {
        char *eq;

        n = strcspn(presets, "\n");
        if (n >= sizeof(line))
            continue;
        memcpy(line, presets, n);
        line[n] = '\0';
        eq = strchr(line, '=');
        if (!eq)
            continue;
        *eq = '\0';
        if (!given(all, d, line))
            nube_args_set(all, line, eq + 1);
    }
}

static void add_sources(nube_args *all, nube_conn *conn)
{
    const struct nube_driver_info *d = conn->driver;
    size_t i;

    for (i = 0; i < d->n_sources; i++) {
        const char *value = nube_lib_env(conn->lib, d->sources[i].name);

        if (value && *value && !given(all, d, d->sources[i].option))
            nube_args_set(all, d->sources[i].option, value);
    }
}

static int gather(nube_conn *conn, const nube_args *options, struct nube_error *err)
{
    const struct nube_provider_row *row = conn->provider_row;
    nube_args *all = NULL;
    int rc = options ? nube_args_copy(&all, options, err) : nube_args_new(&all, err);

    if (rc)
        return rc;
    if (row && row->region && *row->region && !given(all, conn->driver, "region"))
        nube_args_set(all, "region", row->region);
    if (row)
        add_presets(all, conn->driver, row->presets);
    add_sources(all, conn);
    rc = nube_options_check(&conn->options, &conn->arena, conn->driver, NUBE_OP_NONE, NULL, all, 1,
                            err);
    nube_args_free(all);
    return rc;
}

static const char *text(const nube_conn *conn, const char *name)
{
    const struct nube_checked *v = nube_checked_get(&conn->options, name);

    return v ? v->text : NULL;
}

static int64_t number(const nube_conn *conn, const char *name, int64_t otherwise)
{
    const struct nube_checked *v = nube_checked_get(&conn->options, name);

    return v ? v->num : otherwise;
}

static void settings(nube_conn *conn)
{
    conn->http.ca_file = text(conn, "ca_file");
    conn->http.ca_path = text(conn, "ca_path");
    conn->http.cert_file = text(conn, "cert_file");
    conn->http.key_file = text(conn, "key_file");
    conn->http.proxy = text(conn, "proxy");
    conn->http.no_proxy = text(conn, "no_proxy");
    conn->http.verify = number(conn, "verify", 1) != 0;
    conn->http.connect_timeout_ms = number(conn, "connect_timeout", 30000);
    conn->http.idle_timeout_ms = number(conn, "idle_timeout", 60000);
    conn->timeout_ms = number(conn, "timeout", 600000);
    conn->retries = (int)number(conn, "retries", 4);
    atomic_init(&conn->retry_tokens, 1000);
}

/* The crypto service waits for the first digest: most calls need none. */
static int open_services(nube_conn *conn, struct nube_error *err)
{
    uint32_t want = conn->driver->services;
    struct nube_error why = NUBE_ERROR_INIT;

    if (want & NUBE_SERVICE_HTTP && !conn->lib->hooks.replay_dir)
        conn->http_ops = nube_service_open(conn->lib, NUBE_SERVICE_HTTP, &why);
    conn->xml = (want & NUBE_SERVICE_XML) != 0;
    return nube_error_copy(err, &why);
}

static void record_meta(nube_conn *conn)
{
    size_t n = conn->options.count, used = 0, i;
    struct nube_pair *p = nube_arena_alloc(&conn->arena, (n + 1) * sizeof(*p));

    if (!conn->lib->cassette || !conn->lib->hooks.record_dir || conn->arena.failed)
        return;
    for (i = 0; i < n; i++) {
        if (conn->options.at[i].row->flags & NUBE_OPTION_SECRET)
            continue;
        p[used].name = conn->options.at[i].row->name;
        p[used++].value = conn->options.at[i].text;
    }
    if (nube_cassette_meta_write(conn->lib->cassette, conn->provider, p, used, NULL))
        nube_lib_log(conn->lib, NUBE_LOG_WARN, "the options of the record could not be written");
}

static int fill(nube_conn *conn, const nube_args *options, struct nube_error *err)
{
    int rc = nube_provider_find(conn->lib, conn->provider, &conn->driver, &conn->provider_row, err);

    if (!rc)
        rc = gather(conn, options, err);
    if (rc)
        return rc;
    settings(conn);
    rc = open_services(conn, err);
    if (rc)
        return rc;
    record_meta(conn);
    return conn->arena.failed ? nube_error_nomem(err) : 0;
}

int nube_connect(nube_conn **out, nube_lib *lib, const char *provider, const char *name,
                 const nube_args *options, struct nube_error *err)
{
    nube_conn *conn = nube_mem_zalloc(sizeof(*conn));
    int rc;

    *out = NULL;
    nube_error_clear(err);
    if (!conn)
        return nube_error_nomem(err);
    conn->lib = lib;
    conn->arena.secret = true;
    pthread_mutex_init(&conn->lock, NULL);
    conn->provider = nube_arena_strdup(&conn->arena, provider);
    conn->name = nube_arena_strdup(&conn->arena, name ? name : provider);
    conn->login_error = (struct nube_error)NUBE_ERROR_INIT;
    rc = nube_fresh_init(&conn->fresh) ? nube_error_nomem(err) : fill(conn, options, err);
    if (rc) {
        nube_conn_free(conn);
        return nube_error_about(err, rc, name ? name : provider, NULL);
    }
    *out = conn;
    return 0;
}

void nube_conn_free(nube_conn *conn)
{
    if (!conn)
        return;
    nube_session_unref(conn->session);
    nube_fresh_free(conn->fresh);
    pthread_mutex_destroy(&conn->lock);
    nube_arena_free(&conn->arena);
    nube_mem_free(conn);
}

const char *nube_conn_name(const nube_conn *conn)
{
    return conn->name;
}

const char *nube_conn_provider(const nube_conn *conn)
{
    return conn->provider;
}

const nube_driver_info *nube_conn_driver(const nube_conn *conn)
{
    return conn->driver;
}

int nube_can(const nube_conn *conn, enum nube_op op)
{
    return nube_driver_can(conn->driver, op) || nube_node_ssh_step(conn->driver, op, NULL) != NULL;
}

const struct nube_option *nube_accepts(const nube_conn *conn, enum nube_op op, const char *argument)
{
    const struct nube_option *row = nube_driver_option_find(conn->driver, op, NULL, argument);

    if (!row)
        row = nube_filter_row(op, argument);
    if (!row && nube_can(conn, op))
        row = nube_driver_option_find(&nube_ssh_driver, op, NULL, argument);
    return row;
}

int nube_conn_state_check(const nube_conn *conn, const char *word, struct nube_error *err)
{
    struct nube_nearest near;
    int i;

    if (nube_state_find(word) >= 0 || nube_driver_state_find(conn->driver, word))
        return 0;
    nube_nearest_init(&near, word);
    for (i = 0; i <= NUBE_STATE_ERROR; i++)
        nube_nearest_try(&near, nube_state_name(i));
    for (i = 0; i < (int)conn->driver->n_states; i++)
        nube_nearest_try(&near, conn->driver->states[i].raw);
    return nube_error_set(err, NUBE_E_USAGE, "\"%s\" is no state of a node at %s%s%s%s", word,
                          conn->driver->title, near.best ? "; did you mean \"" : "",
                          near.best ? near.best : ": see its list of states",
                          near.best ? "\"?" : "");
}
