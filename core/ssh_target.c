/* Machines on the way to a command: everything decided from options, ssh_config and environment. */
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "error_int.h"
#include "ssh_int.h"

enum { MAX_HOPS = 8, CONNECT_MS = 30000 };

/* What is put together: hops in the order they are passed. */
struct way {
    nube_req *q;
    struct nube_arena *arena;
    struct nube_ssh_hop hops[MAX_HOPS];
    size_t n, depth;
    const char *home, *local_user;
    struct nube_error err;
};

static const char *option(const struct way *w, enum nube_ssh_option which)
{
    return w->q->ssh->option[which];
}

/* A path of the person's: "~/" is the home directory, "none" and "" are no file. */
static const char *path_of(const struct way *w, const char *path)
{
    if (!path || !*path || strcasecmp(path, "none") == 0 || strcmp(path, "/dev/null") == 0)
        return NULL;
    if (strncmp(path, "~/", 2) != 0)
        return path;
    return w->home ? nube_arena_fmt(w->arena, "%s%s", w->home, path + 1) : NULL;
}

static const char *first_word(const struct way *w, const char *text)
{
    return text ? nube_arena_strndup(w->arena, text, strcspn(text, " \t")) : NULL;
}

/* ---- One machine -------------------------------------------------------------------------- */

static int read_config(struct way *w, struct nube_ssh_config *c, const char *host, const char *user)
{
    struct nube_ssh_config_ask ask = {.host = host,
                                      .user = user,
                                      .home = w->home,
                                      .local_user = w->local_user,
                                      .arena = w->arena};
    const char *file = option(w, NUBE_SSH_CONFIG);
    int rc = 0;

    ask.file = path_of(w, file ? file : "~/.ssh/config");
    if (ask.file)
        rc = nube_ssh_config_read(c, &ask, &w->err);
    ask.file = "/etc/ssh/ssh_config";
    if (!rc && !file)
        rc = nube_ssh_config_read(c, &ask, &w->err);
    return rc;
}

static const char *const *default_keys(const struct way *w)
{
    static const char *const names[] = {"id_ed25519", "id_ecdsa", "id_rsa"};
    const char **list = nube_arena_alloc(w->arena, 4 * sizeof(*list));

    for (size_t i = 0; w->home && i < 3; i++)
        list[i] = nube_arena_fmt(w->arena, "%s/.ssh/%s", w->home, names[i]);
    return list;
}

static const char *const *one_path(const struct way *w, const char *path)
{
    const char **list = nube_arena_alloc(w->arena, 2 * sizeof(*list));

    list[0] = path_of(w, path);
    return list;
}

/* What is given by an option is all that is offered; else the agent, then what ssh would try. */
static void set_keys(struct way *w, struct nube_ssh_hop *h, const struct nube_ssh_config *c)
{
    const char *key = option(w, NUBE_SSH_KEY), *file = option(w, NUBE_SSH_KEY_FILE);
    const char *agent = option(w, NUBE_SSH_AGENT);
    bool own = !key && !file && !option(w, NUBE_SSH_PASSWORD), asked = agent != NULL;
    int64_t yes = own && !c->identities_only;

    if (asked)
        nube_parse_bool(agent, &yes);
    h->key = key;
    h->passphrase = option(w, NUBE_SSH_KEY_PASSPHRASE);
    if (file) {
        h->key_files = one_path(w, file);
        h->key_files_must = true;
    } else if (own) {
        h->key_files = c->n_key_files ? (const char *const *)c->key_files : default_keys(w);
    }
    if (option(w, NUBE_SSH_CERTIFICATE))
        h->certificates = one_path(w, option(w, NUBE_SSH_CERTIFICATE));
    else if (own && c->n_certificates)
        h->certificates = (const char *const *)c->certificates;
    if (yes)
        h->agent = c->agent && strcasecmp(c->agent, "SSH_AUTH_SOCK") != 0
                       ? path_of(w, c->agent)
                       : path_of(w, nube_lib_env(w->q->call->lib, "SSH_AUTH_SOCK"));
}

static void set_trust(struct way *w, struct nube_ssh_hop *h, const struct nube_ssh_config *c,
                      bool last)
{
    const char *trust = option(w, NUBE_SSH_TRUST), *file = option(w, NUBE_SSH_KNOWN_HOSTS);
    bool pinned = trust && strchr(trust, ':');

    if (!trust || (pinned && !last)) /* a fingerprint is the target's */
        trust = c->trust ? c->trust : "strict";
    if (pinned && last) {
        h->trust = NUBE_SSH_PINNED;
        h->pin = trust;
    } else if (strcasecmp(trust, "accept-new") == 0 || strcasecmp(trust, "no") == 0 ||
               strcasecmp(trust, "off") == 0) {
        h->trust = NUBE_SSH_ACCEPT_NEW; /* "no" of ssh_config takes changed ones too: not here */
    }
    h->known_hosts = path_of(w, file             ? file
                                : c->known_hosts ? first_word(w, c->known_hosts)
                                                 : "~/.ssh/known_hosts");
    h->global_known_hosts = file ? NULL
                            : c->global_known_hosts
                                ? path_of(w, first_word(w, c->global_known_hosts))
                                : "/etc/ssh/ssh_known_hosts";
    h->host_key_algorithms = c->host_key_algorithms;
}

static int port_of(struct way *w, const char *text)
{
    int64_t port = 22;

    if (text && (nube_parse_int(text, &port) || port < 1 || port > 65535))
        return nube_error_set(&w->err, NUBE_E_USAGE, "\"%s\" is not a port", text);
    return (int)port;
}

static void set_timeout(struct way *w, struct nube_ssh_hop *h, const struct nube_ssh_config *c)
{
    const char *text = option(w, NUBE_SSH_CONNECT_TIMEOUT);
    int64_t ms = CONNECT_MS;

    if (w->q->patience_ms)
        ms = w->q->patience_ms;
    else if (!text || nube_parse_duration(text, &ms))
        nube_parse_duration(c->connect_timeout ? c->connect_timeout : "30s", &ms);
    h->connect_timeout_ms = ms > 0 ? ms : CONNECT_MS;
}

/* ---- The way there -------------------------------------------------------------------------- */

/* What the person or an option wrote of a machine. */
struct wish {
    const char *host, *user, *port, *jump;
    bool last;
};

static int add(struct way *w, const struct wish *wish);

/* "[user@]host[:port]", an IPv6 address with a port in brackets. */
static int add_spec(struct way *w, const char *spec, const char *before)
{
    const char *at = strrchr(spec, '@'), *host = at ? at + 1 : spec, *colon;
    struct wish wish = {.jump = before};

    if (at)
        wish.user = nube_arena_strndup(w->arena, spec, (size_t)(at - spec));
    if (strncasecmp(host, "ssh://", 6) == 0)
        host += 6;
    if (*host == '[') {
        colon = strchr(host, ']');
        if (!colon)
            return nube_error_set(&w->err, NUBE_E_USAGE, "jump: \"%s\" has no ]", spec);
        wish.host = nube_arena_strndup(w->arena, host + 1, (size_t)(colon - host - 1));
        colon = colon[1] == ':' ? colon + 1 : NULL;
    } else {
        colon = strchr(host, ':');
        if (colon && strchr(colon + 1, ':'))
            colon = NULL; /* an IPv6 address */
        wish.host =
            nube_arena_strndup(w->arena, host, colon ? (size_t)(colon - host) : strlen(host));
    }
    wish.port = colon ? colon + 1 : NULL;
    if (!*wish.host || *wish.host == '-')
        return nube_error_set(&w->err, NUBE_E_USAGE,
                              "jump: \"%s\" is not [USER@]HOST[:PORT], with commas between", spec);
    return add(w, &wish);
}

/* The last of a list is passed last; those before it are the way to it. */
static int add_jumps(struct way *w, const char *list)
{
    const char *comma = strrchr(list, ',');

    if (!comma)
        return add_spec(w, list, NULL);
    return add_spec(w, comma + 1, nube_arena_strndup(w->arena, list, (size_t)(comma - list)));
}

static int add(struct way *w, const struct wish *wish)
{
    struct nube_ssh_config c = {.jump = wish->jump};
    struct nube_ssh_hop h = {.host = wish->host, .known_as = wish->host};
    int rc = read_config(w, &c, wish->host, wish->user);

    if (!rc && c.jump && strcasecmp(c.jump, "none") != 0) {
        if (++w->depth < MAX_HOPS)
            rc = add_jumps(w, c.jump);
        else
            rc = nube_error_set(&w->err, NUBE_E_USAGE,
                                "%s is behind %d machines or more, or behind itself", wish->host,
                                MAX_HOPS);
    }
    if (rc)
        return rc;
    if (c.host_name)
        h.host = h.known_as = c.host_name;
    if (c.known_as)
        h.known_as = c.known_as;
    h.user = wish->user ? wish->user : c.user;
    if (!h.user && wish->last)
        h.user = w->q->ssh->weak_user;
    if (!h.user)
        h.user = w->local_user;
    h.port = port_of(w, wish->port ? wish->port : c.port);
    if (h.port < 0)
        return h.port;
    set_keys(w, &h, &c);
    set_trust(w, &h, &c, wish->last);
    set_timeout(w, &h, &c);
    if (wish->last)
        h.password = option(w, NUBE_SSH_PASSWORD);
    w->hops[w->n++] = h;
    return 0;
}

static const char *local_user(const struct way *w)
{
    const char *name = nube_lib_env(w->q->call->lib, "LOGNAME");
    struct passwd pw, *found = NULL;
    char room[4096];

    if (!name || !*name)
        name = nube_lib_env(w->q->call->lib, "USER");
    if (name && *name)
        return name;
    if (getpwuid_r(getuid(), &pw, room, sizeof(room), &found) != 0 || !found)
        return "root";
    return nube_arena_strdup(w->arena, found->pw_name);
}

int nube_ssh_target(nube_req *q, const struct nube_ssh_hop **hops, size_t *n)
{
    struct way w = {.q = q, .arena = &q->call->arena, .err = NUBE_ERROR_INIT};
    struct wish wish = {.host = q->ssh->host,
                        .user = q->ssh->option[NUBE_SSH_USER],
                        .port = q->ssh->option[NUBE_SSH_PORT],
                        .jump = q->ssh->option[NUBE_SSH_JUMP],
                        .last = true};
    struct nube_ssh_hop *kept;
    int rc;

    w.home = nube_lib_env(q->call->lib, "HOME");
    w.local_user = local_user(&w);
    rc = add(&w, &wish);
    if (rc) {
        nube_fail(q->call, (enum nube_code)rc, "%s", w.err.message);
        return rc;
    }
    kept = nube_arena_alloc(w.arena, w.n * sizeof(*kept));
    if (w.arena->failed) {
        nube_fail(q->call, NUBE_E_MEMORY, "out of memory");
        return NUBE_E_MEMORY;
    }
    memcpy(kept, w.hops, w.n * sizeof(*kept));
    *hops = kept;
    *n = w.n;
    return 0;
}
