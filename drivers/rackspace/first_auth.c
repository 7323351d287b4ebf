/* The session of the first generation: a login of version 1.0, or by Identity v2.0. */
#include <string.h>
#include <strings.h>

#include "first.h"

#define US "https://servers.api"
#define UK "https://lon.servers.api"

/* Where each half of the accounts logs in. */
static const struct {
    const char *region, *url;
} logins[] = {
    {"us", "https://auth.api.rackspacecloud.com/v1.0"},
    {"uk", "https://lon.auth.api.rackspacecloud.com/v1.0"},
};

static const char *region_of(nube_call *c)
{
    const char *region = nube_opt_str(c, "region");

    return region ? region : "us";
}

static void use(nube_call *c, const char *url)
{
    if (nube_opt_str(c, "endpoint"))
        url = nube_opt_str(c, "endpoint");
    nova_set_service(c, "compute", nova_trim(c, url));
    nube_session_set(c, "driver", "Rackspace");
    nube_session_set(c, "region", region_of(c));
}

static const char *login_url(nube_call *c, const struct rack_account *a)
{
    size_t i;

    for (i = 0; i < NOVA_ROWS(logins) && !a->auth_url; i++)
        if (strcasecmp(logins[i].region, region_of(c)) == 0)
            return logins[i].url;
    if (!a->auth_url)
        nube_fail(c, NUBE_E_USAGE,
                  "region: the first generation has us and uk, not \"%s\"; or give auth_url",
                  region_of(c));
    return a->auth_url ? nova_versioned(c, a->auth_url, "v1.0") : NULL;
}

/* ---- Version 1.0: two headers for two headers ----------------------------------------- */

static enum nube_step ask(nube_call *c, const struct rack_account *a, const char *url)
{
    nube_req *q;

    if (!a->api_key)
        return nube_fail(c, NUBE_E_AUTH,
                         "no api_key: a login of version 1.0 takes no password; give one, or "
                         "auth_url=https://identity.api.rackspacecloud.com/v2.0");
    nova_set_service(c, "identity", nova_trim(c, url));
    q = nube_req_new(c, NUBE_GET, "identity");
    nube_req_header(q, "X-Auth-User", a->username);
    nube_req_header_secret(q, "X-Auth-Key", a->api_key);
    return nova_send(c, RACK_LOGIN);
}

static enum nube_step answered(nube_call *c, const nube_reply *r)
{
    const char *token = nube_reply_header(r, "X-Auth-Token");
    const char *url = nube_reply_header(r, "X-Server-Management-Url");

    if (!nova_filled(token) || !nova_filled(url))
        return nube_fail(c, NUBE_E_PROTOCOL,
                         "the login gives no %s: is auth_url that of Rackspace's version 1.0?",
                         nova_filled(token) ? "X-Server-Management-Url" : "X-Auth-Token");
    nube_secret(c, token);
    nube_session_secret(c, "token", token);
    use(c, url);
    return NUBE_DONE;
}

/* ---- Identity v2.0 ------------------------------------------------------------------- */

/* An account sees one of the two, and may use both: the region says which is meant. */
static const char *in_region(nube_call *c, const char *url)
{
    int uk = strcasecmp(region_of(c), "uk") == 0, us = strcasecmp(region_of(c), "us") == 0;

    if (us && strncmp(url, UK, strlen(UK)) == 0)
        return nube_fmt(c, "%s%s", US, url + strlen(UK));
    if (uk && strncmp(url, US, strlen(US)) == 0)
        return nube_fmt(c, "%s%s", UK, url + strlen(US));
    return url;
}

static enum nube_step by_identity(nube_call *c, const nube_reply *r, const struct rack_account *a,
                                  const char *url)
{
    struct nova_place place = {NULL, NULL, "cloudServers"};
    const nube_doc *catalog = NULL;
    enum nube_step step = rack_identity(c, r, a, url, &catalog);
    const char *servers;

    if (step != NUBE_DONE)
        return step;
    servers = nova_find_endpoint(c, catalog, "compute", &place, NULL);
    if (!servers && !nube_opt_str(c, "endpoint"))
        return nube_fail(c, NUBE_E_USAGE,
                         "the account's catalogue has no cloudServers, the first generation: its "
                         "servers may be of the next, provider rackspace");
    use(c, servers ? in_region(c, servers) : NULL);
    return NUBE_DONE;
}

enum nube_step first_auth(nube_call *c, const nube_reply *r)
{
    struct rack_account a;
    const char *url;
    size_t end;

    if (rack_has_token(c)) {
        use(c, NULL);
        return NUBE_DONE;
    }
    if (rack_account(c, &a))
        return NUBE_FAIL;
    url = login_url(c, &a);
    if (!url)
        return NUBE_FAIL;
    end = nova_version_end(url);
    if (end > 4 && strncmp(url + end - 4, "v2.0", 4) == 0)
        return by_identity(c, r, &a, url);
    return r ? answered(c, r) : ask(c, &a, url);
}
