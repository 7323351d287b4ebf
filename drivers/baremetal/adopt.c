/* Adopting and forgetting hosts: lines of the hosts file. */
#include <string.h>

#include "baremetal.h"

enum { PROBED = 1, READ, WRITTEN };
enum { TRIES = 10 }; /* others may write at the same time */

struct edit {
    const char *old; /* the file's text; NULL: there is none */
    int tries;
};

/* The line of a host that is called so. */
static const char *line_of(nube_call *c, const char *name, const struct bm_host *h)
{
    const struct {
        const char *name, *value;
    } all[] = {{"host", strcmp(h->host, name) == 0 ? NULL : h->host},
               {"port", h->port},
               {"user", h->user},
               {"key_file", h->key_file},
               {"jump", h->jump},
               {"host_key", h->host_key},
               {"location", h->location},
               {"bmc", h->bmc}};
    const char *line = nube_ssh_quote(c, name);

    for (size_t i = 0; i < BM_ROWS(all); i++)
        if (all[i].value)
            line = nube_fmt(c, "%s %s=%s", line, all[i].name, nube_ssh_quote(c, all[i].value));
    return line;
}

/* The name of a line, "" when it has none. */
static const char *name_of(nube_call *c, const char *line, size_t len)
{
    struct bm_host h;

    return bm_parse(c, &h, nube_fmt(c, "%.*s", (int)len, line), bm_file(c), 0) == 1 ? h.name : "";
}

static enum nube_step read_file(nube_call *c)
{
    nube_need_file(c, bm_file(c), 0, 0);
    return bm_send(c, READ);
}

static enum nube_step write_file(nube_call *c, const struct edit *e, const char *text)
{
    nube_need_write(c, bm_file(c), e->old, text, 0, 0);
    return bm_send(c, WRITTEN);
}

/* Somebody else's change came in between: read again, change again. */
static enum nube_step written(nube_call *c, struct edit *e, const nube_reply *r)
{
    if (nube_reply_status(r) == 409 && e->tries++ < TRIES)
        return read_file(c);
    if (nube_reply_status(r) != 200)
        return nube_fail(c, NUBE_E_SYSTEM, "%s",
                         nube_reply_header(r, "message") ? nube_reply_header(r, "message")
                                                         : "the hosts file cannot be written");
    nube_session_forget(c);
    return NUBE_DONE;
}

/* ---- Adopting ---------------------------------------------------------------------------- */

static enum nube_step taken(nube_call *c, const char *name)
{
    return nube_fail(c, NUBE_E_CONFLICT, "there is a host %s already", name);
}

/* The host that the arguments describe. */
static struct bm_host wanted(nube_call *c)
{
    const char *name = nube_arg_str(c, "name"), *host = nube_arg_str(c, "host");

    return (struct bm_host){.name = name,
                            .host = host ? host : name,
                            .port = nube_arg_str(c, "port"),
                            .user = nube_arg_str(c, "user"),
                            .key_file = nube_arg_str(c, "key_file"),
                            .jump = nube_arg_str(c, "jump"),
                            .host_key = nube_arg_str(c, "host_key"),
                            .location = nube_arg_str(c, "location"),
                            .bmc = nube_arg_str(c, "bmc"),
                            .source = BM_FILE};
}

static enum nube_step add_line(nube_call *c, struct edit *e)
{
    const struct bm_host h = wanted(c);
    const char *old = e->old ? e->old : "", *name = nube_arg_str(c, "name");
    size_t len = strlen(old);

    for (const char *at = old; *at; at += strcspn(at, "\n"), at += *at == '\n')
        if (strcmp(name_of(c, at, strcspn(at, "\n")), name) == 0)
            return taken(c, name);
    return write_file(c, e,
                      nube_fmt(c, "%s%s%s\n", old, len && old[len - 1] != '\n' ? "\n" : "",
                               line_of(c, name, &h)));
}

static enum nube_step probe(nube_call *c)
{
    const struct bm_host h = wanted(c);
    nube_req *q = nube_req_probe(c, h.host);

    bm_login(c, q, &h);
    return bm_send(c, PROBED);
}

static enum nube_step begin(nube_call *c)
{
    const char *name = nube_arg_str(c, "name");
    size_t n;
    const struct bm_host *all = bm_hosts(c, &n);

    if (!bm_file(c))
        return nube_fail(c, NUBE_E_USAGE,
                         "this account has its hosts from the option host: add %s there, or set "
                         "hosts_file to a file for others",
                         name);
    for (size_t i = 0; i < n; i++)
        if (strcmp(all[i].name, name) == 0)
            return taken(c, name);
    return nube_arg_bool(c, "probe", 1) ? probe(c) : read_file(c);
}

enum nube_step bm_node_create(nube_call *c, const nube_reply *r)
{
    struct edit *e = nube_state(c, sizeof(*e));
    struct bm_host h;

    switch (nube_phase(c)) {
    case PROBED:
        if (nube_reply_exit(r) != 0)
            return nube_fail(c, NUBE_E_PROVIDER, "its shell does not work: it ended with %d",
                             nube_reply_exit(r));
        return read_file(c);
    case READ:
        e->old = nube_reply_status(r) == 200 ? nube_strdup(c, nube_reply_body(r, NULL)) : NULL;
        return add_line(c, e);
    case WRITTEN:
        if (nube_reply_status(r) == 200) {
            h = wanted(c);
            bm_emit(c, &h, nube_arg_bool(c, "probe", 1) ? "running" : "not asked");
        }
        return written(c, e, r);
    default:
        return begin(c);
    }
}

/* ---- Forgetting, renaming ----------------------------------------------------------------- */

/* The file's text with the line of that name replaced, or left out; NULL: it has none. */
static const char *without(nube_call *c, const char *text, const char *name, const char *instead)
{
    for (const char *at = text; *at;) {
        size_t len = strcspn(at, "\n"), whole = len + (at[len] == '\n');

        if (strcmp(name_of(c, at, len), name) == 0)
            return nube_fmt(c, "%.*s%s%s", (int)(at - text), text, instead ? instead : "",
                            at + (instead ? len : whole));
        at += whole;
    }
    return NULL;
}

static enum nube_step change(nube_call *c, const nube_reply *r, int rename)
{
    static const char *const places[] = {"", "the option host", "the hosts file", "ssh_config"};
    struct edit *e = nube_state(c, sizeof(*e));
    const struct bm_host *h;
    const char *text;

    if (nube_phase(c) == WRITTEN)
        return written(c, e, r);
    h = bm_wanted(c);
    if (!h)
        return NUBE_FAIL;
    if (h->source != BM_FILE)
        return nube_fail(c, NUBE_E_CONFLICT, "%s stands in %s: change it there", h->name,
                         places[h->source]);
    if (nube_phase(c) != READ)
        return read_file(c);
    e->old = nube_strdup(c, nube_reply_body(r, NULL));
    text = without(c, e->old, h->name, rename ? line_of(c, nube_arg_str(c, "name"), h) : NULL);
    return text ? write_file(c, e, text)
                : nube_fail(c, NUBE_E_NOT_FOUND, "%s is in %s no more", h->name, bm_file(c));
}

enum nube_step bm_node_destroy(nube_call *c, const nube_reply *r)
{
    return change(c, r, 0);
}

enum nube_step bm_node_rename(nube_call *c, const nube_reply *r)
{
    return change(c, r, 1);
}
