/* Nova's versions: what the cloud offers is looked at once a day, and each request asks for its
 * own. */
#include <stdlib.h>
#include <string.h>

#include "nova.h"

enum { DAY_MS = 86400000, TAG_CACHE = 900, TAG_VERSION, NOT_FOUND = 404, UNBOUND = 99999 };

/* "2.46" -> 46; -1: something else. */
static int minor_of(const char *text)
{
    char *end;
    long minor;

    if (!text || strncmp(text, "2.", 2) != 0 || text[2] < '0' || text[2] > '9')
        return -1;
    minor = strtol(text + 2, &end, 10);
    return *end == '\0' && minor >= 0 && minor < 10000 ? (int)minor : -1;
}

int nova_minor(nube_call *c, int wanted)
{
    const char *fixed = nube_session_str(c, "nova.fixed"), *most = nube_session_str(c, "nova.most");
    int minor = most ? (int)strtol(most, NULL, 10) : NOVA_PLAIN;

    if (fixed)
        return strcmp(fixed, "latest") == 0 ? UNBOUND : minor_of(fixed);
    return minor < wanted ? minor : wanted;
}

static const char *cache_name(nube_call *c, const char *root)
{
    return nube_fmt(c, "versions-%s", nube_uri_encode(c, root, 0));
}

/* The URL up to its version: project ids behind it belong to nobody's cache. */
static const char *root_of(nube_call *c, const char *url)
{
    size_t end = nova_version_end(url);

    return end ? nube_fmt(c, "%.*s", (int)end, url) : url;
}

/* "VERSION MINOR": what is put behind an address without a version, and the newest minor. */
static enum nube_step settle(nube_call *c, const char *url, const char *line)
{
    const char *space = strchr(line, ' ');
    int most = space ? (int)strtol(space + 1, NULL, 10) : 0;

    if (!nova_version_end(url) && space)
        nova_set_service(c, "compute", nube_fmt(c, "%s/%.*s", url, (int)(space - line), line));
    nube_session_set(c, "nova.most", nube_fmt(c, "%d", most < NOVA_PLAIN ? NOVA_PLAIN : most));
    return NUBE_DONE;
}

/* ---- The document of versions -------------------------------------------------------- */

static const char *line_of(nube_call *c, const nube_doc *version)
{
    const char *id = nova_text(version, "id"), *newest = nova_text(version, "version");

    if (!newest)
        newest = nova_text(version, "max_version");
    return id && *id == 'v' && !strchr(id, ' ')
               ? nube_fmt(c, "%s %d", id, minor_of(newest) < 0 ? NOVA_PLAIN : minor_of(newest))
               : NULL;
}

static const char *best_line(nube_call *c, const nube_doc *doc)
{
    const nube_doc *k, *best = nube_doc_get(doc, "version");
    const char *id;

    for (k = nube_doc_first(nube_doc_get(doc, "versions")); k; k = nube_doc_next(k)) {
        id = nova_text(k, "id");
        if (id && (!best || strcmp(id, nova_text(best, "id")) > 0))
            best = k;
    }
    return line_of(c, best);
}

/* An address whose versions cannot be read is taken as it is, with the oldest of them. */
static enum nube_step read_versions(nube_call *c, const nube_reply *r, const char *url)
{
    const char *line = best_line(c, nube_reply_doc(r)), *root = root_of(c, url);

    if (!line) {
        nube_note(c, "%s does not tell its versions: the oldest is used", root);
        return settle(c, url, "v2.1 1");
    }
    nube_cache_put(c, cache_name(c, root), line, strlen(line));
    return settle(c, url, line);
}

static enum nube_step ask(nube_call *c, const char *url)
{
    static const int fine[] = {300, 401, 403, NOT_FOUND, 405};
    nube_req *q;
    size_t i;

    nube_session_endpoint(c, "compute.root", root_of(c, url));
    q = nube_req_new(c, NUBE_GET, "compute.root");
    nube_req_header(q, "Accept", "application/json");
    nube_req_flag(q, NUBE_REQ_SLASH);
    nube_req_tag(q, TAG_VERSION);
    for (i = 0; i < NOVA_ROWS(fine); i++)
        nube_req_allow(q, fine[i]);
    return NUBE_SEND;
}

/* Of Nova's two generations only the second has versions within: "/v2/" and "/v1.1/" have none. */
static int is_old(const char *url)
{
    size_t end = nova_version_end(url);

    return end && strncmp(url + end - 3, "/v2", 3) == 0 ? 1
           : end                                        ? strncmp(url + end - 5, "/v1.1", 5) == 0
                                                        : 0;
}

static int good_version(const char *text)
{
    return strcmp(text, "latest") == 0 || minor_of(text) >= 0;
}

/* What is kept; NULL: nothing, or it was forgotten. */
static const char *kept(const nube_reply *r)
{
    return nube_reply_status(r) == 200 ? nova_filled(nube_reply_body(r, NULL)) : NULL;
}

void nova_forget_versions(nube_call *c)
{
    const char *root = nube_session_str(c, "nova.root");

    if (root)
        nube_cache_put(c, cache_name(c, root), "", 0);
}

enum nube_step nova_negotiate(nube_call *c, const nube_reply *r, const char *url, const char *fixed)
{
    if (r && nube_reply_tag(r) == TAG_CACHE)
        return kept(r) ? settle(c, url, kept(r)) : ask(c, url);
    if (r)
        return read_versions(c, r, url);
    nova_set_service(c, "compute", url);
    if (fixed && strcmp(fixed, "2") != 0) {
        if (!good_version(fixed))
            return nube_fail(c, NUBE_E_USAGE,
                             "compute_api_version: \"%s\" is not a version of Nova: write 2.46, "
                             "or latest",
                             fixed);
        nube_session_set(c, "nova.fixed", fixed);
        if (!nova_version_end(url))
            nova_set_service(c, "compute", nube_fmt(c, "%s/v2.1", url));
        return NUBE_DONE;
    }
    if (is_old(url))
        return settle(c, url, "v2 1");
    nube_session_set(c, "nova.root", root_of(c, url));
    nube_need_cache(c, cache_name(c, root_of(c, url)), DAY_MS, TAG_CACHE);
    return NUBE_SEND;
}
