/* The session of the OpenStack driver: an account found, a login, the services of its region. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "openstack.h"

enum { MOST_NAMES = 300 };

enum nube_step os_sign(nube_call *c, nube_req *q, const nube_reply *r)
{
    (void)r;
    nube_req_header_secret(q, "X-Auth-Token", nube_session_str(c, "token"));
    return NUBE_DONE;
}

/* ---- Services ----------------------------------------------------------------------- */

static enum nube_step no_compute(nube_call *c, const struct os_auth *a, const nube_doc *catalog)
{
    const char *lines = nova_regions(c, catalog, NULL), *region = a->value[OS_REGION];
    size_t i, len = lines ? strlen(lines) : 0;
    char *text = nube_alloc(c, len + 1);

    for (i = 0; i < len; i++)
        text[i] = (char)(lines[i] == '\n' ? ' ' : lines[i]);
    return nube_fail(c, NUBE_E_USAGE,
                     "the catalogue has no compute service%s%s for interface %s; its regions: %.*s",
                     region ? " in region " : "", region ? region : "",
                     a->value[OS_INTERFACE] ? a->value[OS_INTERFACE] : "public", MOST_NAMES,
                     len ? text : "none");
}

/* A URL without its version. */
static const char *base_of(nube_call *c, const char *url)
{
    size_t end = nova_version_end(url);
    const char *slash;

    if (!end)
        return url;
    for (slash = url + end; slash > url && *slash != '/'; slash--)
        ;
    return nube_fmt(c, "%.*s", (int)(slash - url), url);
}

/* Old catalogues name the first version of Glance, beside which the second is. */
static const char *glance(nube_call *c, const char *url)
{
    const char *base = url ? base_of(c, url) : NULL;

    return url && strncmp(url + strlen(base), "/v1", 3) == 0 ? nube_fmt(c, "%s/v2", base)
                                                             : nova_versioned(c, url, "v2");
}

/* The others come from the region that Nova was found in. */
static enum nube_step use_catalog(nube_call *c, struct os_auth *a, const nube_doc *catalog)
{
    struct nova_place place = {a->value[OS_REGION], a->value[OS_INTERFACE], NULL};
    const char *region = a->value[OS_REGION], *image = a->value[OS_IMAGE_URL],
               *network = a->value[OS_NETWORK_URL];

    a->compute = a->value[OS_COMPUTE_URL];
    if (!a->compute)
        a->compute = nova_find_endpoint(c, catalog, "compute", &place, &region);
    if (!a->compute)
        return no_compute(c, a, catalog);
    a->compute = nova_trim(c, a->compute);
    place.region = region;
    if (!image)
        image = nova_find_endpoint(c, catalog, "image", &place, NULL);
    if (!network)
        network = nova_find_endpoint(c, catalog, "network", &place, NULL);
    nova_set_service(c, "image", glance(c, image));
    nova_set_service(c, "network", nova_versioned(c, network, "v2.0"));
    nube_session_set(c, "images", nube_opt_str(c, "image_service"));
    nube_session_set(c, "driver", "OpenStack");
    nube_session_set(c, "region", region);
    nube_session_set(c, "regions", nova_regions(c, catalog, NULL));
    nube_set_phase(c, OS_VERSIONS);
    return nova_negotiate(c, NULL, a->compute, a->value[OS_COMPUTE_VERSION]);
}

/* ---- Login -------------------------------------------------------------------------- */

static enum nube_step log_in(nube_call *c, struct os_auth *a, const char *url)
{
    nova_set_service(c, "identity", url);
    os_request_token(c, a);
    return nova_send(c, OS_LOGIN);
}

/* An application credential is for a project already; whoever asks for a scope has it. */
static enum nube_step logged_in(nube_call *c, struct os_auth *a, const nube_reply *r)
{
    const nube_doc *catalog = NULL;

    if (os_take_token(c, a, r, &catalog) != NUBE_DONE)
        return NUBE_FAIL;
    if (nube_doc_first(catalog) || a->value[OS_COMPUTE_URL] || nube_phase(c) == OS_RESCOPE)
        return use_catalog(c, a, catalog);
    os_request_projects(c, a);
    return nova_send(c, OS_CHOOSE);
}

/* A user who names no project has the only one there is. */
static enum nube_step choose(nube_call *c, struct os_auth *a, const nube_reply *r)
{
    const nube_doc *list =
        nova_member(c, r, a->identity == 2 ? "tenants" : "projects", NUBE_DOC_ARRAY);
    const nube_doc *only = nube_doc_first(list);

    if (!list)
        return NUBE_FAIL;
    if (!only)
        return nube_fail(c, NUBE_E_FORBIDDEN, "the user has no role in any project");
    if (nube_doc_next(only))
        return nube_fail(c, NUBE_E_USAGE,
                         "the user has several projects, choose one with project=NAME: %.*s",
                         MOST_NAMES, nova_join(c, list, "name") ? nova_join(c, list, "name") : "");
    if (!nova_text(only, "id"))
        return nube_fail(c, NUBE_E_PROTOCOL, "the user's project has no id");
    nube_note(c, "project: %s was chosen, since none was given and it is the only one",
              nova_text(only, "name") ? nova_text(only, "name") : nova_text(only, "id"));
    os_request_scoped(c, a, nova_text(only, "id"));
    return nova_send(c, OS_RESCOPE);
}

/* ---- Which Keystone ------------------------------------------------------------------ */

/* A version that cannot be spoken is better refused by name than by a page that is not there. */
static enum nube_step discovered(nube_call *c, struct os_auth *a, const nube_reply *r)
{
    const nube_doc *doc = nube_reply_doc(r), *k = nube_doc_path(doc, "versions.values");
    const char *url = nova_trim(c, a->value[OS_AUTH_URL]);
    int v2 = 0, v3 = 0;

    for (k = nube_doc_first(k ? k : nube_doc_get(doc, "versions")); k; k = nube_doc_next(k)) {
        const char *id = nova_text(k, "id");

        v3 |= id && strncmp(id, "v3", 2) == 0;
        v2 |= id && strncmp(id, "v2", 2) == 0;
    }
    a->identity = v2 && !v3 ? 2 : 3;
    return log_in(c, a, nube_fmt(c, "%s/%s", url, a->identity == 2 ? "v2.0" : "v3"));
}

static enum nube_step discover(nube_call *c, const char *url)
{
    static const int fine[] = {300, 401, 403, 404};
    nube_req *q;
    size_t i;

    nova_set_service(c, "identity", url);
    q = nube_req_new(c, NUBE_GET, "identity");
    nube_req_header(q, "Accept", "application/json");
    nube_req_flag(q, NUBE_REQ_SLASH);
    for (i = 0; i < NOVA_ROWS(fine); i++)
        nube_req_allow(q, fine[i]);
    return nova_send(c, OS_DISCOVER);
}

/* By the kind of login, by what the account says, by the address, else by asking. */
static enum nube_step find_keystone(nube_call *c, struct os_auth *a)
{
    const char *url = nova_trim(c, a->value[OS_AUTH_URL]), *said = a->value[OS_IDENTITY_VERSION];
    size_t end = nova_version_end(url);

    if (!a->identity && said)
        a->identity = *said == '2' ? 2 : *said == '3' ? 3 : 0;
    if (end && !a->identity)
        a->identity = strncmp(url + end - 2, "v3", 2) == 0 ? 3 : 2;
    if (end && (a->identity == 3) == (strncmp(url + end - 2, "v3", 2) == 0))
        return log_in(c, a, nube_fmt(c, "%.*s", (int)end, url));
    if (a->identity)
        return log_in(c, a,
                      nube_fmt(c, "%s/%s", base_of(c, url), a->identity == 2 ? "v2.0" : "v3"));
    return discover(c, url);
}

/* An endpoint without Keystone: everything is there, and the token, if any, as it was given. */
static enum nube_step without_keystone(nube_call *c, struct os_auth *a)
{
    const char *url = a->value[OS_COMPUTE_URL];

    nube_session_secret(c, "token", a->value[OS_TOKEN]);
    if (!a->value[OS_IMAGE_URL])
        a->value[OS_IMAGE_URL] = url;
    if (!a->value[OS_NETWORK_URL])
        a->value[OS_NETWORK_URL] = url;
    return use_catalog(c, a, NULL);
}

static enum nube_step found(nube_call *c, struct os_auth *a)
{
    if (os_choose_kind(c, a) != NUBE_DONE || os_take_transport(c, a) != NUBE_DONE)
        return NUBE_FAIL;
    return a->kind == OS_BY_NOTHING ? without_keystone(c, a) : find_keystone(c, a);
}

/* ---- The beginning ------------------------------------------------------------------ */

/*
 * An account that says where it is says everything: what the environment has may be of another
 * cloud. Else a cloud that is named, then the environment, then the only cloud of a file.
 */
static enum nube_step begin(nube_call *c, struct os_auth *a)
{
    const char *cloud = nube_opt_str(c, "cloud");
    int complete;

    os_take_options(c, a);
    complete = a->value[OS_AUTH_URL] || a->value[OS_COMPUTE_URL];
    if (!cloud && complete)
        return found(c, a);
    if (!cloud)
        cloud = os_env(c, "OS_CLOUD");
    if (cloud ? strcmp(cloud, "envvars") == 0 : os_env(c, "OS_AUTH_URL") != NULL) {
        os_take_env(c, a);
        return found(c, a);
    }
    a->cloud = nube_strdup(c, cloud);
    return os_ask_files(c, a);
}

enum nube_step os_auth(nube_call *c, const nube_reply *r)
{
    struct os_auth *a = nube_state(c, sizeof(*a));
    enum nube_step step;

    switch ((enum os_phase)nube_phase(c)) {
    case OS_FILES:
        step = os_file_reply(c, a, r);
        return step == NUBE_DONE ? found(c, a) : step;
    case OS_DISCOVER:
        return discovered(c, a, r);
    case OS_LOGIN:
    case OS_RESCOPE:
        return logged_in(c, a, r);
    case OS_CHOOSE:
        return choose(c, a, r);
    case OS_VERSIONS:
        return nova_negotiate(c, r, a->compute, a->value[OS_COMPUTE_VERSION]);
    case OS_START:
        break;
    }
    return begin(c, a);
}
