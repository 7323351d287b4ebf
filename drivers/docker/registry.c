/* Logins at registries, from the docker command's configuration file and its credential helpers. */
#include <string.h>

#include "docker.h"

/* What logins at Docker Hub are filed under. */
#define HUB      "https://index.docker.io/v1/"
#define HUB_HOST "index.docker.io"

/* The registry of an image: the part in front of the first slash, when it looks like a host. */
static const char *server_of(nube_call *c, const char *image)
{
    size_t n = strcspn(image, "/");
    const char *first = nube_fmt(c, "%.*s", (int)n, image);

    if (image[n] != '/' || (!strpbrk(first, ".:") && strcmp(first, "localhost") != 0))
        return HUB;
    if (strcmp(first, "docker.io") == 0 || strcmp(first, HUB_HOST) == 0)
        return HUB;
    return first;
}

/* Entries may be filed under a URL: what counts is the host. */
static int same_server(const char *entry, const char *server)
{
    const char *mark = strstr(entry, "://"), *other = strstr(server, "://");
    size_t n, m;

    entry = mark ? mark + 3 : entry;
    server = other ? other + 3 : server;
    n = strcspn(entry, "/");
    m = strcspn(server, "/");
    if (n == m && memcmp(entry, server, n) == 0)
        return 1;
    return n == 9 && memcmp(entry, "docker.io", 9) == 0 && m == strlen(HUB_HOST) &&
           memcmp(server, HUB_HOST, m) == 0;
}

static const nube_doc *entry_for(const nube_doc *map, const char *server)
{
    const nube_doc *exact = nube_doc_get(map, server), *k;

    if (exact)
        return exact;
    for (k = nube_doc_first(map); k; k = nube_doc_next(k))
        if (nube_doc_name(k) && same_server(nube_doc_name(k), server))
            return k;
    return NULL;
}

/* The header: JSON in URL-safe base64 with padding; anything else makes the engine go anonymous
 * without a word. */
static void set_header(nube_call *c, struct docker_login *l, const char *user, const char *password,
                       const char *token)
{
    nube_json *j = nube_json_new(c);
    const char *text;

    if (!token) {
        nube_json_secret(j, "username", user);
        nube_json_secret(j, "password", password);
    }
    nube_json_secret(j, "identitytoken", token);
    nube_json_str(j, "serveraddress", l->server);
    text = nube_json_text(j);
    l->header = nube_base64_url(c, text, strlen(text));
    nube_secret(c, password);
    nube_secret(c, token);
    nube_secret(c, l->header);
}

/* A login in the file itself: base64 of NAME:PASSWORD, or a token. */
static void stored_login(nube_call *c, struct docker_login *l, const nube_doc *entry)
{
    const char *both = docker_filled(nube_doc_str(entry, "auth"));
    const char *user = docker_filled(nube_doc_str(entry, "username"));
    const char *password = docker_filled(nube_doc_str(entry, "password")), *colon;
    const char *token = docker_filled(nube_doc_str(entry, "identitytoken"));
    size_t len = 0;

    if (both && (both = nube_base64_decode(c, both, &len)) && (colon = memchr(both, ':', len))) {
        nube_secret(c, both);
        user = nube_fmt(c, "%.*s", (int)(colon - both), both);
        password = colon + 1;
    }
    if (token || (user && password))
        set_header(c, l, user, password, token);
}

static const char *helper_of(const nube_doc *config, const char *server)
{
    const char *name =
        docker_filled(nube_doc_text(entry_for(nube_doc_get(config, "credHelpers"), server)));

    return name ? name : docker_filled(nube_doc_str(config, "credsStore"));
}

/* The name becomes part of a program's: no path, no option. */
static int helper_ok(const char *name)
{
    return name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")] ==
           '\0';
}

static enum nube_step ask_helper(nube_call *c, struct docker_login *l, const char *name)
{
    const char **argv = nube_alloc(c, 3 * sizeof(*argv));

    l->helper = nube_strdup(c, name);
    argv[0] = nube_fmt(c, "docker-credential-%s", name);
    argv[1] = "get";
    nube_need_exec(c, argv, l->server, NUBE_NEED_SECRET, 0);
    return NUBE_SEND;
}

static enum nube_step config_reply(nube_call *c, struct docker_login *l, const nube_reply *r)
{
    size_t len = 0;
    const char *text = nube_reply_body(r, &len), *name;
    const nube_doc *config;

    if (nube_reply_status(r) != 200)
        return NUBE_DONE;
    config = nube_doc_parse(c, text, len);
    if (!config) {
        nube_note(c, "%s is not JSON: its logins are not used",
                  docker_config_path(c, "config.json"));
        return NUBE_DONE;
    }
    stored_login(c, l, entry_for(nube_doc_get(config, "auths"), l->server));
    name = helper_of(config, l->server);
    if (!name)
        return NUBE_DONE;
    if (!helper_ok(name))
        return nube_fail(c, NUBE_E_USAGE, "%s: \"%s\" is no name of a credential helper",
                         docker_config_path(c, "config.json"), name);
    return ask_helper(c, l, name);
}

/* A helper without a login for this registry is normal; so is a registry that needs none. */
static enum nube_step helper_reply(nube_call *c, struct docker_login *l, const nube_reply *r)
{
    size_t len = 0;
    const char *text = nube_reply_body(r, &len), *user, *secret;
    const nube_doc *doc;

    if (nube_reply_status(r) != 200) {
        if (!text || !strstr(text, "credentials not found"))
            nube_note(c, "docker-credential-%s %s; the registry is asked without it", l->helper,
                      nube_reply_status(r) == 404 ? "is not installed" : "failed");
        return NUBE_DONE;
    }
    doc = nube_doc_parse(c, text, len);
    user = nube_doc_str(doc, "Username");
    secret = docker_filled(nube_doc_str(doc, "Secret"));
    if (!user || !secret)
        return NUBE_DONE;
    if (strcmp(user, "<token>") == 0)
        set_header(c, l, NULL, NULL, secret);
    else
        set_header(c, l, user, secret, NULL);
    return NUBE_DONE;
}

enum nube_step docker_login(nube_call *c, struct docker_login *l, const char *image,
                            const nube_reply *r)
{
    if (!r) {
        l->server = server_of(c, image);
        nube_need_file(c, docker_config_path(c, "config.json"), NUBE_NEED_SECRET, 0);
        return NUBE_SEND;
    }
    return l->helper ? helper_reply(c, l, r) : config_reply(c, l, r);
}
