/* What a login gives: the token, and which endpoint of which region and interface a service has. */
#include <string.h>
#include <strings.h>

#include "nova.h"

/* ---- URLs --------------------------------------------------------------------------- */

const char *nova_trim(nube_call *c, const char *url)
{
    size_t len = url ? strlen(url) : 0;

    while (len && (url[len - 1] == '/' || url[len - 1] == ' '))
        len--;
    return len ? nube_fmt(c, "%.*s", (int)len, url) : NULL;
}

/* "/v2.1", "/v3", "/v1.1/": a part of the path that is a version. */
size_t nova_version_end(const char *url)
{
    const char *p = strstr(url, "://"), *end;

    for (p = strchr(p ? p + 3 : url, '/'); p; p = strchr(p + 1, '/')) {
        if (p[1] != 'v' || p[2] < '0' || p[2] > '9')
            continue;
        end = p + 2 + strspn(p + 2, "0123456789.");
        if (*end == '\0' || *end == '/')
            return (size_t)(end - url);
    }
    return 0;
}

const char *nova_versioned(nube_call *c, const char *url, const char *version)
{
    url = nova_trim(c, url);
    return !url || nova_version_end(url) ? url : nube_fmt(c, "%s/%s", url, version);
}

void nova_set_service(nube_call *c, const char *service, const char *url)
{
    if (!url)
        return;
    nube_session_endpoint(c, service, url);
    nube_session_set(c, nube_fmt(c, "has.%s", service), url);
}

/* ---- Choosing ----------------------------------------------------------------------- */

static const char *region_of(const nube_doc *endpoint)
{
    const char *region = nova_text(endpoint, "region");

    return region ? region : nova_text(endpoint, "region_id");
}

/* HP's older catalogues have zones for regions, "az-1.region-a.geo-1": the end decides. */
static int is_in(const nube_doc *endpoint, const char *wanted, int by_end)
{
    const char *region = region_of(endpoint), *id = nova_text(endpoint, "region_id");
    size_t n, m;

    if (!wanted)
        return 1;
    if ((region && strcasecmp(region, wanted) == 0) || (id && strcasecmp(id, wanted) == 0))
        return 1;
    n = region ? strlen(region) : 0;
    m = strlen(wanted);
    return by_end && n > m && region[n - m - 1] == '.' && strcasecmp(region + n - m, wanted) == 0;
}

/* Of v3 when it is for this interface ("public"), of v2.0 by its member for it ("publicURL"). */
static const char *url_of(nube_call *c, const nube_doc *endpoint, const char *interface)
{
    const char *is = nova_text(endpoint, "interface");

    if (is)
        return strcasecmp(is, interface) == 0 ? nova_text(endpoint, "url") : NULL;
    return nova_text(endpoint, nube_fmt(c, "%sURL", interface));
}

/* "publicURL" is what old files write for "public". */
static const char *plain_interface(nube_call *c, const char *text)
{
    size_t len = text ? strlen(text) : 0;

    if (!len)
        return "public";
    return len > 3 && strcasecmp(text + len - 3, "URL") == 0
               ? nube_fmt(c, "%.*s", (int)len - 3, text)
               : text;
}

static const char *find(nube_call *c, const nube_doc *service, const struct nova_place *place,
                        int by_end, const char **region)
{
    const char *interface = plain_interface(c, place->interface), *url;
    const nube_doc *k;

    for (k = nube_doc_first(nube_doc_get(service, "endpoints")); k; k = nube_doc_next(k)) {
        url = is_in(k, place->region, by_end) ? url_of(c, k, interface) : NULL;
        if (!url)
            continue;
        if (region)
            *region = nube_strdup(c, region_of(k));
        return nova_trim(c, url);
    }
    return NULL;
}

static int is_named(const nube_doc *service, const char *name)
{
    const char *is = nova_text(service, "name");

    return !name || (is && strcmp(is, name) == 0);
}

const char *nova_find_endpoint(nube_call *c, const nube_doc *catalog, const char *type,
                               const struct nova_place *place, const char **region)
{
    const nube_doc *k;
    const char *url = NULL, *is;
    int by_end;

    for (by_end = 0; by_end < 2 && !url; by_end++)
        for (k = nube_doc_first(catalog); k && !url; k = nube_doc_next(k)) {
            is = nova_text(k, "type");
            if (is && strcasecmp(is, type) == 0 && is_named(k, place->name))
                url = find(c, k, place, by_end, region);
        }
    return url;
}

static int has_line(const char *lines, const char *word)
{
    size_t n = strlen(word), len;

    for (; lines && *lines; lines += len + (lines[len] == '\n')) {
        len = strcspn(lines, "\n");
        if (len == n && strncmp(lines, word, n) == 0)
            return 1;
    }
    return 0;
}

const char *nova_regions(nube_call *c, const nube_doc *catalog, const char *name)
{
    const char *lines = NULL, *region;
    const nube_doc *k, *e;

    for (k = nube_doc_first(catalog); k; k = nube_doc_next(k))
        for (e = is_named(k, name) ? nube_doc_first(nube_doc_get(k, "endpoints")) : NULL; e;
             e = nube_doc_next(e)) {
            region = region_of(e);
            if (region && !strchr(region, '\n') && !has_line(lines, region))
                lines = lines ? nube_fmt(c, "%s\n%s", lines, region) : nube_strdup(c, region);
        }
    return lines;
}

/* ---- Tokens ------------------------------------------------------------------------- */

const char *nova_keep_token(nube_call *c, const char *token, const char *end, const char *project,
                            const char *auth_url)
{
    if (!nova_filled(token)) {
        nube_fail(c, NUBE_E_PROTOCOL, "the reply of %s has no token: is auth_url that of Keystone?",
                  auth_url);
        return NULL;
    }
    token = nube_strdup(c, token);
    nube_secret(c, token);
    nube_session_secret(c, "token", token);
    nube_session_set(c, "project_id", project);
    if (nube_time_of(end) > 0)
        nube_session_expires(c, nube_time_of(end));
    return token;
}

const char *nova_take_v2(nube_call *c, const nube_reply *r, const char *auth_url,
                         const nube_doc **catalog)
{
    const nube_doc *access = nova_member(c, r, "access", NUBE_DOC_OBJECT);

    if (!access)
        return NULL;
    *catalog = nube_doc_get(access, "serviceCatalog");
    return nova_keep_token(c, nova_text(access, "token.id"), nova_text(access, "token.expires"),
                           nova_text(access, "token.tenant.id"), auth_url);
}
