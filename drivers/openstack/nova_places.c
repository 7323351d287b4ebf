/* Where nodes can be: availability zones and regions; the check of an account; raw requests. */
#include <string.h>

#include "nova.h"

static enum nube_step regions(nube_call *c)
{
    const char *lines = nube_session_str(c, "regions"), *mine = nube_session_str(c, "region");
    size_t len;
    nube_obj *o;

    for (; lines && *lines; lines += len + (lines[len] == '\n')) {
        const char *name;

        len = strcspn(lines, "\n");
        name = nube_fmt(c, "%.*s", (int)len, lines);
        o = nube_emit(c, NUBE_KIND_LOCATION);
        nube_set(o, NUBE_ID, name);
        nube_set(o, NUBE_NAME, name);
        nube_set(o, NUBE_LOCATION_KIND, "region");
        nube_set_bool(o, NUBE_DEFAULT, mine && strcmp(mine, name) == 0);
    }
    return NUBE_DONE;
}

static void zone(nube_call *c, const nube_doc *item)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_LOCATION);
    int available = nube_doc_bool(item, "zoneState.available", 1);

    nube_set(o, NUBE_ID, nova_text(item, "zoneName"));
    nube_set(o, NUBE_NAME, nova_text(item, "zoneName"));
    nube_set(o, NUBE_LOCATION_KIND, "zone");
    nube_set(o, NUBE_PARENT, nube_session_str(c, "region"));
    nube_set_state(o, available ? "available" : "unavailable");
}

/* Nova before its zones were an extension of every cloud says 404: then the region is the place. */
enum nube_step nova_location_list(nube_call *c, const nube_reply *r)
{
    const char *kind = nube_arg_str(c, "kind");
    nube_req *q;

    if (!r && kind && strcmp(kind, "region") == 0)
        return regions(c);
    if (!r) {
        q = nova_request(c, NUBE_GET, NOVA_READ);
        nube_req_path(q, "os-availability-zone");
        nube_req_items(q, "availabilityZoneInfo", zone);
        nube_req_allow(q, 404);
        return NUBE_SEND;
    }
    if (nube_reply_status(r) == 404)
        return regions(c);
    return nova_member(c, r, "availabilityZoneInfo", NUBE_DOC_ARRAY) ? NUBE_DONE : NUBE_FAIL;
}

/* The limits are the project's own: a login without a project does not get them. */
enum nube_step nova_check(nube_call *c, const nube_reply *r)
{
    if (!r) {
        nube_req_path(nova_request(c, NUBE_GET, NOVA_READ), "limits");
        return NUBE_SEND;
    }
    return nova_member(c, r, "limits", NUBE_DOC_OBJECT) ? NUBE_DONE : NUBE_FAIL;
}

/* ---- Raw ---------------------------------------------------------------------------- */

static enum nube_method method_of(const char *text)
{
    static const char *const names[] = {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"};
    size_t i;

    for (i = 0; i < NOVA_ROWS(names); i++)
        if (strcmp(text, names[i]) == 0)
            return (enum nube_method)(NUBE_GET + i);
    return NUBE_GET;
}

enum nube_step nova_raw(nube_call *c, const nube_reply *r)
{
    const char *service = nube_arg_str(c, "service"), *text, *key, *value;
    enum nube_method method = method_of(nube_arg_str(c, "method"));
    size_t len, i;
    nube_req *q;

    if (r) {
        text = nube_reply_body(r, &len);
        nube_out_data(c, NUBE_STDOUT, text, len);
        return NUBE_DONE;
    }
    q = !service || strcmp(service, "compute") == 0 ? nova_request(c, method, NOVA_READ)
                                                    : nova_service(c, method, service);
    nube_req_path(q, nube_arg_str(c, "path"));
    for (i = 0; nube_arg_pair(c, "query", i, &key, &value); i++)
        nube_req_query(q, key, value);
    for (i = 0; nube_arg_pair(c, "header", i, &key, &value); i++)
        nube_req_header(q, key, value);
    text = nube_arg_data(c, "body", &len);
    if (text)
        nube_req_body(q, "application/json", text, len);
    nube_req_flag(q, NUBE_REQ_RAW);
    return NUBE_SEND;
}
