/* Hosts of the Docker driver: unix://, tcp://, http(s):// and ssh:// as the docker command reads
 * them. */
#include <string.h>

#include "docker.h"

/* Over a socket or a command nobody looks at the Host header, but there must be one. */
#define NO_HOST_URL "http://docker"

/* What stands behind "scheme://"; NULL when the text has another scheme. */
static const char *behind(const char *text, const char *scheme)
{
    size_t len = strlen(scheme);

    return strncmp(text, scheme, len) == 0 ? text + len : NULL;
}

static enum nube_step read_socket(nube_call *c, struct docker_host *h, const char *path)
{
    if (*path && *path != '/')
        return nube_fail(c, NUBE_E_USAGE,
                         "host unix://%s: the path of a socket begins with a slash", path);
    h->transport = DOCKER_SOCKET;
    h->path = *path ? nube_strdup(c, path) : DOCKER_DEFAULT_SOCKET;
    h->url = NO_HOST_URL;
    return NUBE_DONE;
}

/* The ':' in front of a port, NULL when there is none; an IPv6 address is in brackets. */
static const char *port_of(const char *authority)
{
    const char *end = *authority == '[' ? strchr(authority, ']') : authority;

    return end ? strchr(end, ':') : NULL;
}

static int port_ok(const char *port)
{
    size_t digits = port ? strspn(port + 1, "0123456789") : 0;

    return !port || (digits && !port[1 + digits]);
}

static enum nube_step read_tcp(nube_call *c, struct docker_host *h, const char *scheme,
                               const char *rest)
{
    size_t n = strcspn(rest, "/"), path_len = strlen(rest + n);
    const char *authority = nube_fmt(c, "%.*s", (int)n, rest), *port = port_of(authority);
    int64_t own = nube_opt_int(c, "port", 0);
    const char *added = "";

    if (strchr(authority, '@'))
        return nube_fail(c, NUBE_E_USAGE,
                         "host: a name and password in the address are not read; "
                         "use the options username and password");
    if (!*authority || *authority == ':' || strpbrk(rest, " ?#") || !port_ok(port) ||
        (*authority == '[' && !strchr(authority, ']')))
        return nube_fail(c, NUBE_E_USAGE, "host %s%s: expected HOST[:PORT][/PATH]", scheme, rest);
    if (!h->by_scheme && !own)
        own = h->tls ? 2376 : 2375;
    if (!port && own)
        added = nube_fmt(c, ":%lld", (long long)own);
    while (path_len && rest[n + path_len - 1] == '/')
        path_len--;
    h->transport = DOCKER_TCP;
    h->url = nube_fmt(c, "%s://%s%s%.*s", h->tls ? "https" : "http", authority, added,
                      (int)path_len, rest + n);
    return NUBE_DONE;
}

/* The far side hands the path to a shell: nothing that a shell could read is let through. */
static int plain_path(const char *path)
{
    return strspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-") ==
           strlen(path);
}

/* The command line that the docker command itself uses; BatchMode, since a library asks nobody at a
 * terminal. */
static enum nube_step read_ssh(nube_call *c, struct docker_host *h, const char *rest)
{
    const char **argv = nube_alloc(c, 20 * sizeof(*argv));
    size_t len = strcspn(rest, "/"), n = 0;
    const char *authority = nube_fmt(c, "%.*s", (int)len, rest), *path = rest + len;
    const char *at = strrchr(authority, '@'), *where = at ? at + 1 : authority;
    const char *port = port_of(where);
    const char *name = nube_fmt(c, "%.*s", (int)(port ? port - where : (long)strlen(where)), where);
    static const char *const fixed[] = {"ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=30",
                                        "-T"};

    if (!*name || *name == '-' || strpbrk(rest, " ?#") || !plain_path(path) || !port_ok(port))
        return nube_fail(c, NUBE_E_USAGE,
                         "host ssh://%s: expected ssh://[USER@]HOST[:PORT][/SOCKET]", where);
    if (at && memchr(authority, ':', (size_t)(at - authority)))
        return nube_fail(c, NUBE_E_USAGE,
                         "host: a password in an ssh:// address is not read; use keys or an agent");
    if (*name == '[')
        name = nube_fmt(c, "%.*s", (int)strcspn(name + 1, "]"), name + 1);
    while (n < DOCKER_ROWS(fixed)) {
        argv[n] = fixed[n];
        n++;
    }
    if (at) {
        argv[n++] = "-l";
        argv[n++] = nube_fmt(c, "%.*s", (int)(at - authority), authority);
    }
    if (port) {
        argv[n++] = "-p";
        argv[n++] = port + 1;
    }
    argv[n++] = "--";
    argv[n++] = name;
    argv[n++] = "docker";
    if (path[strspn(path, "/")]) {
        argv[n++] = "--host";
        argv[n++] = nube_fmt(c, "unix://%s", path);
    }
    argv[n++] = "system";
    argv[n] = "dial-stdio";
    h->transport = DOCKER_SSH;
    h->argv = argv;
    h->url = NO_HOST_URL;
    return NUBE_DONE;
}

enum nube_step docker_host_read(nube_call *c, struct docker_host *h, const char *text)
{
    const char *rest;

    if (*text == '/')
        return read_socket(c, h, text);
    if ((rest = behind(text, "unix://")))
        return read_socket(c, h, rest);
    if ((rest = behind(text, "ssh://")))
        return read_ssh(c, h, rest);
    if ((rest = behind(text, "tcp://")))
        return read_tcp(c, h, "tcp://", rest);
    if (behind(text, "http://") || behind(text, "https://")) {
        rest = strstr(text, "://") + 3;
        h->by_scheme = 1;
        h->tls = text[4] == 's';
        return read_tcp(c, h, h->tls ? "https://" : "http://", rest);
    }
    if ((rest = strstr(text, "://")))
        return nube_fail(c, NUBE_E_USAGE,
                         "host %.*s://: only unix, tcp, http, https and ssh are spoken here",
                         (int)(rest - text), text);
    return read_tcp(c, h, "", text);
}

void docker_host_use(nube_call *c, const struct docker_host *h, const char *version)
{
    const char *url = nube_fmt(c, "%s%s", h->url, version);

    switch (h->transport) {
    case DOCKER_SOCKET:
        nube_session_socket(c, DOCKER_ENGINE, h->path, url);
        break;
    case DOCKER_SSH:
        nube_session_command(c, DOCKER_ENGINE, h->argv, url);
        break;
    case DOCKER_TCP:
        nube_session_endpoint(c, DOCKER_ENGINE, url);
        break;
    }
}
