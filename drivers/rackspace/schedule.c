/* Scheduled images: one every day, or every week on a day, of which so many are kept. */
#include <string.h>

#include "rackspace.h"

static nube_req *schedule(nube_call *c, enum nube_method method)
{
    nube_req *q = nova_server(c, method, NOVA_READ, "rax-si-image-schedule");

    nube_req_about(q, nube_fmt(c, "image schedule of node %s", nube_arg_str(c, "id")));
    return q;
}

/* "daily, 7 are kept", "SATURDAY, 5 are kept"; "none" for a server without one. */
static enum nube_step show(nube_call *c, const nube_reply *r)
{
    const nube_doc *doc;
    const char *day, *line = "none\n";

    if (nube_reply_status(r) != 404) {
        doc = nova_member(c, r, "image_schedule", NUBE_DOC_OBJECT);
        if (!doc)
            return NUBE_FAIL;
        day = nova_text(doc, "day_of_week");
        line = nube_fmt(c, "%s, %lld are kept\n", day ? day : "daily",
                        (long long)nube_doc_int(doc, "retention", 0));
    }
    nube_out_data(c, NUBE_STDOUT, line, strlen(line));
    return NUBE_DONE;
}

enum nube_step rack_image_schedule(nube_call *c, const nube_reply *r)
{
    if (r)
        return show(c, r);
    nube_req_allow(schedule(c, NUBE_GET), 404);
    return NUBE_SEND;
}

enum nube_step rack_set_image_schedule(nube_call *c, const nube_reply *r)
{
    nube_json *j;
    nube_req *q;

    if (r)
        return show(c, r);
    q = schedule(c, NUBE_POST);
    nube_req_flag(q, NUBE_REQ_TOKENED);
    j = nube_req_json(q);
    nube_json_object(j, "image_schedule");
    nube_json_int(j, "retention", nube_arg_int(c, "retention", 0));
    nube_json_str(j, "day_of_week", nube_arg_str(c, "day_of_week"));
    return NUBE_SEND;
}

enum nube_step rack_delete_image_schedule(nube_call *c, const nube_reply *r)
{
    if (r)
        return NUBE_DONE;
    nube_req_flag(schedule(c, NUBE_DELETE), NUBE_REQ_TOKENED);
    return NUBE_SEND;
}
