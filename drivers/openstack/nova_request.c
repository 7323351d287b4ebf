/* Requests and replies that all verbs make alike: versions, lists by pages, members of documents.
 */
#include <string.h>

#include "nova.h"

/* ---- Requests ----------------------------------------------------------------------- */

/* Errors come as pages for people unless JSON is asked for. */
nube_req *nova_service(nube_call *c, enum nube_method method, const char *service)
{
    nube_req *q = nube_req_new(c, method, service);

    if (!nube_session_str(c, nube_fmt(c, "has.%s", service)))
        nube_fail(c, NUBE_E_UNSUPPORTED,
                  "this account's catalogue has no service \"%s\" in its region: give its address "
                  "as %s%s",
                  service, strcmp(service, "compute") == 0 ? "" : nube_fmt(c, "%s_", service),
                  "endpoint, or choose another region or interface");
    nube_req_header(q, "Accept", "application/json");
    return q;
}

/* Both headers: Nova before 2.27 reads only the second. */
static void add_version(nube_call *c, nube_req *q, int minor)
{
    const char *fixed = nube_session_str(c, "nova.fixed"), *text;

    minor = nova_minor(c, minor);
    if (minor <= NOVA_PLAIN && !fixed)
        return;
    text = fixed ? fixed : nube_fmt(c, "2.%d", minor);
    nube_req_header(q, "OpenStack-API-Version", nube_fmt(c, "compute %s", text));
    nube_req_header(q, "X-OpenStack-Nova-API-Version", text);
}

nube_req *nova_request(nube_call *c, enum nube_method method, int minor)
{
    nube_req *q = nova_service(c, method, "compute");

    add_version(c, q, minor);
    return q;
}

nube_req *nova_server(nube_call *c, enum nube_method method, int minor, const char *path)
{
    const char *id = nube_arg_str(c, "id");
    nube_req *q = nova_request(c, method, minor);

    nube_req_path(q, "servers");
    nube_req_seg(q, id ? id : nube_arg_str(c, "node"));
    if (path)
        nube_req_path(q, path);
    nube_req_about(q, nube_fmt(c, "node %s", id ? id : nube_arg_str(c, "node")));
    return q;
}

nube_req *nova_act(nube_call *c, const char *action, int null)
{
    nube_req *q = nova_server(c, NUBE_POST, NOVA_READ, "action");

    if (null)
        nube_json_null(nube_req_json(q), action);
    else
        nube_json_object(nube_req_json(q), action);
    return q;
}

enum nube_step nova_send(nube_call *c, int phase)
{
    nube_set_phase(c, phase);
    return NUBE_SEND;
}

void nova_json_pairs(nube_call *c, nube_json *j, const char *name, const char *arg)
{
    const char *key, *value;
    size_t i;

    if (!nube_arg_count(c, arg))
        return;
    nube_json_object(j, name);
    for (i = 0; nube_arg_pair(c, arg, i, &key, &value); i++)
        nube_json_str(j, key, value);
    nube_json_end(j);
}

void nova_json_file(nube_call *c, nube_json *j, const char *path, const char *content)
{
    nube_json_object(j, NULL);
    nube_json_str(j, "path", path);
    nube_json_secret(j, "contents", nube_base64(c, content, strlen(content)));
    nube_json_end(j);
}

void nova_json_files(nube_call *c, nube_json *j, const char *arg)
{
    const char *path, *content;
    size_t i;

    if (!nube_arg_count(c, arg))
        return;
    nube_json_array(j, "personality");
    for (i = 0; nube_arg_pair(c, arg, i, &path, &content); i++)
        nova_json_file(c, j, path, content);
    nube_json_end(j);
}

/* ---- Replies ------------------------------------------------------------------------ */

const nube_doc *nova_member(nube_call *c, const nube_reply *r, const char *name,
                            enum nube_doc_type type)
{
    const nube_doc *member = nube_doc_get(nube_reply_doc(r), name);

    if (nube_doc_type(member) == type)
        return member;
    nube_fail(c, NUBE_E_PROTOCOL,
              "the reply has no \"%s\" as this API has: is the endpoint that of the service?",
              name);
    return NULL;
}

const char *nova_filled(const char *text)
{
    return text && *text ? text : NULL;
}

const char *nova_text(const nube_doc *doc, const char *path)
{
    return nova_filled(nube_doc_str(doc, path));
}

void nova_fields(nube_obj *o, const nube_doc *doc, const struct nube_field_row *rows, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (nova_text(doc, rows[i].path))
            nube_set_fields(o, doc, &rows[i], 1);
}

const char *nova_join(nube_call *c, const nube_doc *list, const char *member)
{
    const nube_doc *k;
    const char *text = NULL, *one;

    for (k = nube_doc_first(list); k; k = nube_doc_next(k)) {
        one = member ? nova_text(k, member) : nova_filled(nube_doc_text(k));
        if (one)
            text = text ? nube_fmt(c, "%s,%s", text, one) : nube_strdup(c, one);
    }
    return text;
}

/* ---- Lists -------------------------------------------------------------------------- */

static int nibble(char d)
{
    return d >= '0' && d <= '9'   ? d - '0'
           : d >= 'a' && d <= 'f' ? d - 'a' + 10
           : d >= 'A' && d <= 'F' ? d - 'A' + 10
                                  : -1;
}

static const char *decoded(nube_call *c, const char *text, size_t len)
{
    char *out = nube_alloc(c, len + 1), *to = out;
    size_t i;

    for (i = 0; i < len; i++) {
        if (text[i] == '%' && i + 2 < len && nibble(text[i + 1]) >= 0 && nibble(text[i + 2]) >= 0) {
            *to++ = (char)(nibble(text[i + 1]) * 16 + nibble(text[i + 2]));
            i += 2;
        } else {
            *to++ = (char)(text[i] == '+' ? ' ' : text[i]);
        }
    }
    return out;
}

const char *nova_url_value(nube_call *c, const char *url, const char *name)
{
    const char *p = url ? strchr(url, '?') : NULL;
    size_t n = strlen(name), len;

    for (; p && *p; p += *p == '?' || *p == '&' ? 1 + strcspn(p + 1, "&#") : strlen(p)) {
        len = strcspn(p + 1, "&#");
        if (len > n && strncmp(p + 1, name, n) == 0 && p[1 + n] == '=')
            return decoded(c, p + 2 + n, len - n - 1);
    }
    return NULL;
}

/* "next" is a text in Glance, and a link in a set of links elsewhere. */
static const char *next_link(nube_call *c, const nube_doc *doc, const char *set)
{
    const nube_doc *k = nube_doc_first(nube_doc_get(doc, nube_fmt(c, "%s_links", set)));
    const char *rel;

    for (; k; k = nube_doc_next(k)) {
        rel = nova_text(k, "rel");
        if (rel && strcmp(rel, "next") == 0)
            return nova_text(k, "href");
    }
    return nova_text(doc, "next");
}

/*
 * Of the link only the marker is used: the address in it is what the service takes for its own,
 * which behind a proxy is wrong, and the rest of it is what was asked anyway.
 */
enum nube_step nova_list(nube_call *c, const nube_reply *r, const struct nova_list *l)
{
    const char *link;
    nube_req *q;

    if (!r) {
        q = strcmp(l->service, "compute") == 0 ? nova_request(c, NUBE_GET, l->minor)
                                               : nova_service(c, NUBE_GET, l->service);
        nube_req_path(q, l->path);
        if (nube_opt_str(c, "page_size"))
            nube_req_query_int(q, "limit", nube_opt_int(c, "page_size", 0));
        nube_req_query(q, "marker", nube_cursor(c));
        if (l->build)
            l->build(c, q);
        nube_req_items(q, l->set, l->item);
        return NUBE_SEND;
    }
    if (!nova_member(c, r, l->set, NUBE_DOC_ARRAY))
        return NUBE_FAIL;
    link = next_link(c, nube_reply_doc(r), l->set);
    if (link && !nova_url_value(c, link, "marker"))
        return nube_fail(c, NUBE_E_PROTOCOL, "the link to the next page has no marker: %.200s",
                         link);
    nube_next(c, nova_url_value(c, link, "marker"));
    return NUBE_DONE;
}
