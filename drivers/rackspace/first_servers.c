/* Servers of the first generation as nodes, and the requests and lists that all its verbs make. */
#include <stdlib.h>
#include <string.h>

#include "first.h"

enum { PAGE = 1000 }; /* the most it gives at once */

/* ---- Requests ----------------------------------------------------------------------- */

nube_req *first_request(nube_call *c, enum nube_method method, const char *path)
{
    nube_req *q = nova_request(c, method, NOVA_PLAIN);

    nube_req_path(q, path);
    if (method == NUBE_GET)
        nube_req_header(q, "Cache-Control", "no-cache");
    return q;
}

nube_req *first_server(nube_call *c, enum nube_method method, const char *path)
{
    nube_req *q = first_request(c, method, "servers");
    const char *id = nube_arg_str(c, "id");

    nube_req_seg(q, id);
    if (path)
        nube_req_path(q, path);
    nube_req_about(q, nube_fmt(c, "node %s", id));
    return q;
}

nube_json *first_act(nube_call *c, const char *action, int null)
{
    nube_json *j = nube_req_json(first_server(c, NUBE_POST, "action"));

    if (null)
        nube_json_null(j, action);
    else
        nube_json_object(j, action);
    return j;
}

void first_json_id(nube_json *j, const char *name, const char *text)
{
    nube_json_int(j, name, strtoll(text, NULL, 10));
}

enum nube_step first_send(nube_call *c, const nube_reply *r)
{
    (void)c;
    return r ? NUBE_DONE : NUBE_SEND;
}

/* ---- Lists -------------------------------------------------------------------------- */

struct page {
    int64_t count;
};

void first_count(nube_call *c)
{
    struct page *page = nube_state(c, sizeof(*page));

    page->count++;
}

/* Past its end a list is empty, so that a full last page costs one request more. */
enum nube_step first_list(nube_call *c, const nube_reply *r, const struct first_list *l)
{
    int64_t size = nube_opt_int(c, "page_size", PAGE), from;
    const struct page *page = nube_state(c, sizeof(*page));
    nube_req *q;

    from = nube_cursor(c) ? strtoll(nube_cursor(c), NULL, 10) : 0;
    if (!r) {
        q = first_request(c, NUBE_GET, l->path);
        nube_req_query_int(q, "limit", size);
        if (from)
            nube_req_query_int(q, "offset", from);
        nube_req_items(q, l->set, l->item);
        return NUBE_SEND;
    }
    if (!nova_member(c, r, l->set, NUBE_DOC_ARRAY))
        return NUBE_FAIL;
    from += page->count;
    if (page->count >= size)
        nube_next(c, nube_fmt(c, "%lld", (long long)from));
    return NUBE_DONE;
}

/* ---- One server --------------------------------------------------------------------- */

static const struct nube_field_row rows[] = {
    {"id", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"name", NUBE_NAME, NUBE_TYPE_STRING, NULL},
    {"imageId", NUBE_IMAGE, NUBE_TYPE_STRING, NULL},
    {"flavorId", NUBE_SIZE, NUBE_TYPE_STRING, NULL},
    {"hostId", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "host_id"},
    {"progress", NUBE_FIELD_NONE, NUBE_TYPE_INT, "progress"},
    {"sharedIpGroupId", NUBE_FIELD_NONE, NUBE_TYPE_INT, "shared_ip_group"},
};

void first_emit_server(nube_call *c, nube_obj *o, const nube_doc *server)
{
    const nube_doc *net = nube_doc_first(nube_doc_get(server, "addresses")), *k;

    nova_fields(o, server, rows, NOVA_ROWS(rows));
    nube_set_state(o, nova_text(server, "status"));
    nube_set(o, NUBE_LOCATION, nube_session_str(c, "region"));
    for (; net; net = nube_doc_next(net))
        for (k = nube_doc_first(net); k; k = nube_doc_next(k))
            nube_add_address(o, nube_doc_text(k), NUBE_ADDRESS_FIXED, nube_doc_name(net), NULL);
    for (k = nube_doc_first(nube_doc_get(server, "metadata")); k; k = nube_doc_next(k))
        nube_add_pair(o, NUBE_METADATA, nube_doc_name(k), nube_doc_text(k));
}

static void listed(nube_call *c, const nube_doc *item)
{
    first_count(c);
    first_emit_server(c, nube_emit(c, NUBE_KIND_NODE), item);
}

enum nube_step first_node_list(nube_call *c, const nube_reply *r)
{
    static const struct first_list l = {"servers/detail", "servers", listed};

    return first_list(c, r, &l);
}

enum nube_step first_node_get(nube_call *c, const nube_reply *r)
{
    const nube_doc *server;

    if (!r) {
        first_server(c, NUBE_GET, NULL);
        return NUBE_SEND;
    }
    server = nova_member(c, r, "server", NUBE_DOC_OBJECT);
    if (!server)
        return NUBE_FAIL;
    first_emit_server(c, nube_emit(c, NUBE_KIND_NODE), server);
    return NUBE_DONE;
}
