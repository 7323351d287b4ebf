/* Verbs on one server of the first generation that are one request. There is no start and no stop.
 */
#include <string.h>

#include "first.h"

/* The images that were made of it go with it. */
enum nube_step first_node_destroy(nube_call *c, const nube_reply *r)
{
    if (!r)
        nube_req_flag(first_server(c, NUBE_DELETE, NULL), NUBE_REQ_TOKENED);
    return first_send(c, r);
}

/* By a request to its system; hard is the power switch. */
enum nube_step first_node_reboot(nube_call *c, const nube_reply *r)
{
    if (!r)
        nube_json_str(first_act(c, "reboot", 0), "type",
                      nube_arg_bool(c, "hard", 0) ? "HARD" : "SOFT");
    return first_send(c, r);
}

enum nube_step first_node_rebuild(nube_call *c, const nube_reply *r)
{
    if (!r)
        first_json_id(first_act(c, "rebuild", 0), "imageId", nube_arg_str(c, "image"));
    return first_send(c, r);
}

static nube_json *put_server(nube_call *c)
{
    nube_req *q = first_server(c, NUBE_PUT, NULL);
    nube_json *j = nube_req_json(q);

    nube_req_flag(q, NUBE_REQ_TOKENED);
    nube_json_object(j, "server");
    return j;
}

enum nube_step first_node_rename(nube_call *c, const nube_reply *r)
{
    if (!r)
        nube_json_str(put_server(c), "name", nube_arg_str(c, "name"));
    return first_send(c, r);
}

enum nube_step first_set_password(nube_call *c, const nube_reply *r)
{
    if (!r)
        nube_json_secret(put_server(c), "adminPass", nube_arg_str(c, "password"));
    return first_send(c, r);
}

enum nube_step first_confirm_resize(nube_call *c, const nube_reply *r)
{
    if (!r)
        first_act(c, "confirmResize", 1);
    return first_send(c, r);
}

enum nube_step first_revert_resize(nube_call *c, const nube_reply *r)
{
    if (!r)
        first_act(c, "revertResize", 1);
    return first_send(c, r);
}
