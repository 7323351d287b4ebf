/* Images made, copied and deleted. */
#include "ec2.h"

/* The reply has the id; the image itself takes minutes. */
static enum nube_step made(nube_call *c, const nube_reply *r)
{
    const char *id = ec2_text(c, ec2_reply(c, r, "imageId"), "imageId");
    nube_obj *o;

    if (!id)
        return nube_fail(c, NUBE_E_PROTOCOL, "the reply does not name the new image");
    nube_created(c, id);
    o = nube_emit(c, NUBE_KIND_IMAGE);
    nube_set(o, NUBE_ID, id);
    nube_set(o, NUBE_NAME, nube_arg_str(c, "name"));
    nube_set_state(o, "pending");
    return NUBE_DONE;
}

/* EC2 would restart the node for it unless told not to: here it is the other way round. */
static enum nube_step make(nube_call *c, const nube_reply *r)
{
    struct ec2_target *t = nube_state(c, sizeof(*t));
    nube_req *q;

    if (r)
        return made(c, r);
    q = ec2_change(c, t->region, "CreateImage");
    nube_req_form(q, "InstanceId", nube_arg_str(c, "node"));
    nube_req_form(q, "Name", nube_arg_str(c, "name"));
    nube_req_form(q, "Description", nube_arg_str(c, "description"));
    ec2_param_bool(q, "NoReboot", !nube_arg_bool(c, "reboot", 0));
    ec2_param_tags(c, q, "image", NULL);
    nube_req_about(q, nube_fmt(c, "node %s", nube_arg_str(c, "node")));
    return NUBE_SEND;
}

enum nube_step ec2_image_create(nube_call *c, const nube_reply *r)
{
    return ec2_on_node(c, r, nube_state(c, sizeof(struct ec2_target)), make);
}

enum nube_step ec2_image_copy(nube_call *c, const nube_reply *r)
{
    int region = ec2_region_arg(c);
    nube_req *q;

    if (r)
        return made(c, r);
    if (region < 0)
        return NUBE_FAIL;
    q = ec2_change(c, region, "CopyImage");
    nube_req_form(q, "SourceImageId", nube_arg_str(c, "id"));
    nube_req_form(q, "SourceRegion", nube_arg_str(c, "from"));
    nube_req_form(q, "Name", nube_arg_str(c, "name"));
    nube_req_form(q, "Description", nube_arg_str(c, "description"));
    nube_req_form(q, "ClientToken", nube_arg_str(c, "client_token"));
    if (nube_arg_str(c, "client_token"))
        nube_req_flag(q, NUBE_REQ_TOKENED);
    return NUBE_SEND;
}

/* Its snapshots stay, and cost, unless they are to go too. */
enum nube_step ec2_image_delete(nube_call *c, const nube_reply *r)
{
    int region = ec2_region_arg(c);
    nube_req *q;

    if (r)
        return ec2_done(c, r);
    if (region < 0)
        return NUBE_FAIL;
    q = ec2_change(c, region, "DeregisterImage");
    nube_req_form(q, "ImageId", nube_arg_str(c, "id"));
    if (nube_arg_bool(c, "snapshots", 0))
        nube_req_form(q, "DeleteAssociatedSnapshots", "true");
    nube_req_flag(q, NUBE_REQ_TOKENED);
    nube_req_about(q, nube_fmt(c, "image %s", nube_arg_str(c, "id")));
    return NUBE_SEND;
}
