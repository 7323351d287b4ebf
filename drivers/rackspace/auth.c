/* The session of the next generation: a login, and the servers of one region. */
#include <string.h>
#include <strings.h>

#include "rackspace.h"

#define IDENTITY "https://identity.api.rackspacecloud.com/v2.0"
#define SERVERS  "cloudServersOpenStack" /* "cloudServers", of the same type, are the first's */

enum { MOST_NAMES = 200 };

static void use(nube_call *c, const char *url, const char *region)
{
    nova_set_service(c, "compute", url);
    nube_session_set(c, "images", "compute");
    nube_session_set(c, "driver", "Rackspace");
    nube_session_set(c, "region", region);
}

static enum nube_step no_servers(nube_call *c, const nube_doc *catalog, const char *region)
{
    const char *lines = nova_regions(c, catalog, SERVERS);
    size_t i, len = lines ? strlen(lines) : 0;
    char *text = nube_alloc(c, len + 1);

    for (i = 0; i < len; i++)
        text[i] = (char)(lines[i] == '\n' ? ' ' : lines[i]);
    return nube_fail(c, NUBE_E_USAGE,
                     "the account's catalogue has no %s%s%s; its regions: %.*s. Accounts of the "
                     "United Kingdom have LON alone, those of the United States the others",
                     SERVERS, region ? " in " : "", region ? region : "", MOST_NAMES,
                     len ? text : "none");
}

/* By option, else the user's own, else the first there is. */
static enum nube_step use_catalog(nube_call *c, const struct rack_account *a, const nube_reply *r,
                                  const nube_doc *catalog)
{
    const char *interface = nube_opt_str(c, "interface"), *url, *region = a->region;
    struct nova_place place = {a->region, interface, SERVERS};

    if (!a->region)
        place.region = nova_text(nube_reply_doc(r), "access.user.RAX-AUTH:defaultRegion");
    url = nova_find_endpoint(c, catalog, "compute", &place, &region);
    if (!url && !a->region) {
        place.region = NULL;
        url = nova_find_endpoint(c, catalog, "compute", &place, &region);
    }
    if (nube_opt_str(c, "endpoint"))
        url = nova_trim(c, nube_opt_str(c, "endpoint"));
    if (!url)
        return no_servers(c, catalog, a->region);
    use(c, url, region);
    place.region = region;
    place.name = NULL;
    nova_set_service(c, "image", nova_find_endpoint(c, catalog, "image", &place, NULL));
    nova_set_service(c, "network", nova_find_endpoint(c, catalog, "network", &place, NULL));
    return NUBE_DONE;
}

enum nube_step rack_auth(nube_call *c, const nube_reply *r)
{
    const nube_doc *catalog = NULL;
    struct rack_account a;
    enum nube_step step;

    if (rack_has_token(c)) {
        use(c, nova_trim(c, nube_opt_str(c, "endpoint")), nube_opt_str(c, "region"));
        return NUBE_DONE;
    }
    if (rack_account(c, &a))
        return NUBE_FAIL;
    step = rack_identity(c, r, &a, a.auth_url ? a.auth_url : IDENTITY, &catalog);
    return step == NUBE_DONE ? use_catalog(c, &a, r, catalog) : step;
}
