/* The session of the Docker driver: which engine, over what, in which version of its API. */
#include <stdlib.h>
#include <string.h>

#include "docker.h"

/*
 * The newest version whose replies this driver was written for, and the oldest
 * whose errors are JSON. Engines from 29 on speak nothing below 1.44.
 */
static const struct version {
    long major, minor;
} newest = {1, 47}, oldest = {1, 24};

enum phase { START, CONFIG, CONTEXT, TLS_FILES, PING };
enum { CA, CERT, KEY, FILES };
static const char *const tls_names[FILES] = {"ca.pem", "cert.pem", "key.pem"};
static const char *const tls_options[FILES] = {"ca_file", "cert_file", "key_file"};

struct auth {
    const char *host;    /* as written */
    const char *context; /* where it came from, NULL: not from a context */
    const char *tls_dir; /* where certificates are looked for */
    int tls_named;       /* the directory was named: one of the files must be there */
    int tls;             /* TLS on a tcp:// host even without certificates */
    int files;           /* replies that came */
    const char *file[FILES];
    struct docker_host reach;
};

static int set(const char *text)
{
    return text && *text;
}

static const char *config_dir(nube_call *c)
{
    const char *dir = nube_env(c, "DOCKER_CONFIG");

    if (set(dir))
        return nube_strdup(c, dir);
    dir = nube_env(c, "HOME");
    return nube_fmt(c, "%s/.docker", set(dir) ? dir : "~");
}

const char *docker_config_path(nube_call *c, const char *name)
{
    return nube_fmt(c, "%s/%s", config_dir(c), name);
}

enum nube_step docker_sign(nube_call *c, nube_req *q, const nube_reply *r)
{
    const char *user = nube_opt_str(c, "username"), *password = nube_opt_str(c, "password"), *both;

    (void)r;
    if (!user)
        return NUBE_DONE;
    both = nube_fmt(c, "%s:%s", user, password ? password : "");
    both = nube_base64(c, both, strlen(both));
    nube_secret(c, both);
    nube_req_header_secret(q, "Authorization", nube_fmt(c, "Basic %s", both));
    return NUBE_DONE;
}

static int own_tls(nube_call *c)
{
    return nube_opt_str(c, "ca_file") || nube_opt_str(c, "ca_path") ||
           nube_opt_str(c, "cert_file") || nube_opt_str(c, "key_file");
}

static int may_use_tls(const char *host)
{
    return strncmp(host, "tcp://", 6) == 0 || strncmp(host, "https://", 8) == 0;
}

static int read_version(const char *text, struct version *v)
{
    char *end;

    if (!text || *text < '0' || *text > '9')
        return 0;
    v->major = strtol(text, &end, 10);
    if (*end != '.' || end[1] < '0' || end[1] > '9')
        return 0;
    v->minor = strtol(end + 1, &end, 10);
    return *end == '\0';
}

static int older(const struct version *a, const struct version *b)
{
    return a->major != b->major ? a->major < b->major : a->minor < b->minor;
}

static void use_version(nube_call *c, const struct auth *a, const struct version *v)
{
    docker_host_use(c, &a->reach, nube_fmt(c, "/v%ld.%ld", v->major, v->minor));
}

/* How the docker command reaches the same engine. */
static void tell_cli(nube_call *c, const struct auth *a)
{
    static const char *const names[] = {"cli.ca", "cli.cert", "cli.key"};
    const char *scheme = strstr(a->host, "://");
    int http = scheme && strncmp(a->host, "http", 4) == 0;

    nube_session_set(c, "cli.host",
                     *a->host == '/' ? nube_fmt(c, "unix://%s", a->host)
                     : http          ? nube_fmt(c, "tcp%s", scheme)
                     : scheme        ? a->host
                                     : nube_fmt(c, "tcp://%s", a->host));
    if (!a->reach.tls)
        return;
    nube_session_set(c, "cli.tls", nube_opt_int(c, "verify", 1) ? "--tlsverify" : "--tls");
    for (int i = 0; i < FILES; i++) {
        const char *own = nube_opt_str(c, tls_options[i]);

        nube_session_set(c, names[i], own ? own : a->file[i]);
    }
}

/* A version that was asked for is not negotiated, as with the docker command. */
static enum nube_step reach(nube_call *c, struct auth *a)
{
    enum nube_step step;
    struct version v;
    nube_req *q;
    int i;

    a->reach.tls = a->tls || own_tls(c) || a->file[CA] || a->file[CERT];
    step = docker_host_read(c, &a->reach, a->host);
    if (step != NUBE_DONE)
        return step;
    for (i = 0; i < FILES; i++)
        if (a->file[i] && a->reach.tls)
            nube_session_transport(c, tls_options[i], a->file[i]);
    tell_cli(c, a);
    if (read_version(nube_opt_str(c, "api_version"), &v)) {
        if (older(&v, &oldest))
            return nube_fail(c, NUBE_E_UNSUPPORTED,
                             "api_version: this driver speaks %ld.%ld and newer", oldest.major,
                             oldest.minor);
        use_version(c, a, &v);
        return NUBE_DONE;
    }
    docker_host_use(c, &a->reach, "");
    q = nube_req_new(c, NUBE_GET, DOCKER_ENGINE);
    nube_req_path(q, "_ping");
    nube_req_flag(q, NUBE_REQ_RAW | NUBE_REQ_SIGNED);
    nube_req_allow(q, 404);
    return docker_send(c, PING);
}

static enum nube_step ping_reply(nube_call *c, struct auth *a, const nube_reply *r)
{
    const char *text = nube_reply_header(r, "Api-Version");
    struct version v;

    if (nube_reply_status(r) == 404 || !read_version(text, &v))
        return nube_fail(
            c, NUBE_E_PROTOCOL,
            "what answers at %s is not a Docker engine: GET /_ping gave no Api-Version", a->host);
    if (older(&v, &oldest))
        return nube_fail(c, NUBE_E_UNSUPPORTED,
                         "the engine at %s speaks API %s; %ld.%ld (Docker 1.12) is the oldest that "
                         "this driver can use",
                         a->host, text, oldest.major, oldest.minor);
    use_version(c, a, older(&v, &newest) ? &v : &newest);
    return NUBE_DONE;
}

/* Reading a file is the way to know that it is there; what is read is not kept. */
static enum nube_step ask_tls_files(nube_call *c, const struct auth *a)
{
    int i;

    for (i = 0; i < FILES; i++)
        nube_need_file(c, nube_fmt(c, "%s/%s", a->tls_dir, tls_names[i]), NUBE_NEED_SECRET, i);
    return docker_send(c, TLS_FILES);
}

static enum nube_step tls_file_reply(nube_call *c, struct auth *a, const nube_reply *r)
{
    int i = nube_reply_tag(r);

    if (i >= 0 && i < FILES && nube_reply_status(r) == 200)
        a->file[i] = nube_fmt(c, "%s/%s", a->tls_dir, tls_names[i]);
    if (++a->files < FILES)
        return NUBE_SEND;
    if (a->tls_named && !a->file[CA] && !a->file[CERT])
        return nube_fail(c, NUBE_E_USAGE,
                         "DOCKER_CERT_PATH: there is neither ca.pem nor cert.pem in %s",
                         a->tls_dir);
    if (!a->file[CERT])
        a->file[KEY] = NULL;
    return reach(c, a);
}

/* A driver cannot switch verification off: that stays the backend's own, written decision. */
static enum nube_step unverified(nube_call *c, const char *who)
{
    return nube_fail(
        c, NUBE_E_USAGE,
        "%s asks for TLS without verification; set verify=no on the backend if that is "
        "meant, or give the engine's CA as ca_file",
        who);
}

/*
 * TLS by environment is for the host that the environment names: one that the
 * backend wrote down keeps to the backend's own TLS options. When both name the
 * same host there is nothing to tell them apart, and nothing to protect.
 */
static enum nube_step by_host(nube_call *c, struct auth *a, int from_env)
{
    const char *dir = nube_env(c, "DOCKER_CERT_PATH");
    int verified = set(nube_env(c, "DOCKER_TLS_VERIFY"));

    if (!from_env || own_tls(c) || !may_use_tls(a->host) ||
        !(verified || set(nube_env(c, "DOCKER_TLS"))))
        return reach(c, a);
    if (!verified && nube_opt_int(c, "verify", 1))
        return unverified(c, "DOCKER_TLS without DOCKER_TLS_VERIFY");
    a->tls = 1;
    a->tls_named = set(dir);
    a->tls_dir = set(dir) ? nube_strdup(c, dir) : config_dir(c);
    return ask_tls_files(c, a);
}

static enum nube_step by_context(nube_call *c, struct auth *a, const char *name)
{
    unsigned char hash[NUBE_HASH_MAX];
    size_t n;
    const char *hex;

    if (strcmp(name, "default") == 0) {
        a->host = "unix://" DOCKER_DEFAULT_SOCKET;
        return reach(c, a);
    }
    n = nube_digest(c, NUBE_SHA256, name, strlen(name), hash);
    hex = nube_hex(c, hash, n);
    a->context = nube_strdup(c, name);
    a->tls_dir = docker_config_path(c, nube_fmt(c, "contexts/tls/%s/docker", hex));
    nube_need_file(c, docker_config_path(c, nube_fmt(c, "contexts/meta/%s/meta.json", hex)), 0, 0);
    return docker_send(c, CONTEXT);
}

static enum nube_step context_reply(nube_call *c, struct auth *a, const nube_reply *r)
{
    size_t len = 0;
    const char *text = nube_reply_body(r, &len);
    const nube_doc *doc, *docker;

    if (nube_reply_status(r) != 200)
        return nube_fail(
            c, NUBE_E_USAGE,
            "there is no docker context \"%s\"; `docker context ls` shows those that are",
            a->context);
    doc = nube_doc_parse(c, text, len);
    docker = nube_doc_path(doc, "Endpoints.docker");
    if (!set(nube_doc_str(docker, "Host")))
        return nube_fail(c, NUBE_E_USAGE, "docker context \"%s\" names no host", a->context);
    a->host = nube_strdup(c, nube_doc_str(docker, "Host"));
    if (nube_doc_bool(docker, "SkipTLSVerify", 0)) {
        if (nube_opt_int(c, "verify", 1))
            return unverified(c, nube_fmt(c, "docker context \"%s\"", a->context));
        a->tls = 1;
    }
    if (own_tls(c) || !may_use_tls(a->host))
        return reach(c, a);
    return ask_tls_files(c, a);
}

static enum nube_step config_reply(nube_call *c, struct auth *a, const nube_reply *r)
{
    size_t len = 0;
    const char *text = nube_reply_body(r, &len);
    const nube_doc *doc = NULL;

    if (nube_reply_status(r) == 200)
        doc = nube_doc_parse(c, text, len);
    text = nube_doc_str(doc, "currentContext");
    return by_context(c, a, set(text) ? text : "default");
}

/* Did the value come from this variable? An option gets it when the backend does not set it. */
static int from_env(nube_call *c, const char *value, const char *variable)
{
    const char *env = nube_env(c, variable);

    return value && set(env) && strcmp(value, env) == 0;
}

/*
 * As with the docker command: a context that was written down beats DOCKER_HOST,
 * which beats DOCKER_CONTEXT, which beats the context in use. Files are read only
 * when no host was given, so that a cold call does no more than it must.
 */
static enum nube_step begin(nube_call *c, struct auth *a)
{
    const char *host = nube_opt_str(c, "host"), *context = nube_opt_str(c, "context");
    int host_env = from_env(c, host, "DOCKER_HOST");
    int context_env = from_env(c, context, "DOCKER_CONTEXT");

    if (set(host) && set(context) && !host_env && !context_env)
        return nube_fail(c, NUBE_E_USAGE, "host and context exclude each other: set one of them");
    if (set(host) && (!set(context) || !host_env || context_env)) {
        a->host = host;
        return by_host(c, a, host_env);
    }
    if (set(context))
        return by_context(c, a, context);
    nube_need_file(c, docker_config_path(c, "config.json"), NUBE_NEED_SECRET, 0);
    return docker_send(c, CONFIG);
}

enum nube_step docker_auth(nube_call *c, const nube_reply *r)
{
    struct auth *a = nube_state(c, sizeof(*a));

    switch ((enum phase)nube_phase(c)) {
    case CONFIG:
        return config_reply(c, a, r);
    case CONTEXT:
        return context_reply(c, a, r);
    case TLS_FILES:
        return tls_file_reply(c, a, r);
    case PING:
        return ping_reply(c, a, r);
    case START:
        break;
    }
    return begin(c, a);
}
