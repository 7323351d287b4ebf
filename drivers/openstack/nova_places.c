/* Where nodes can be: availability zones and regions. */
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
