/* Finding the region of a node: its id does not say it, so all regions of the backend are asked. */
#include "ec2.h"

enum { AGAIN_MS = 1000, TRIES = 20 };

static enum nube_step locate(nube_call *c, struct ec2_target *t, const char *id)
{
    int i, n = ec2_region_count(c);

    for (i = 0; i < n; i++) {
        struct ec2_filters f = {ec2_read(c, i, "DescribeInstances"), 0, 0};

        ec2_filter(c, &f, "instance-id", id);
    }
    t->left = n;
    t->region = -1;
    return ec2_send(c, EC2_LOCATE);
}

static enum nube_step begin(nube_call *c, struct ec2_target *t, int region, nube_step_fn act)
{
    t->region = region;
    nube_set_phase(c, EC2_ACT);
    return act(c, NULL);
}

/* What was just made may not be visible yet: a look shows it as pending, a change waits for it. */
static enum nube_step not_found(nube_call *c, struct ec2_target *t, const char *id,
                                nube_step_fn act)
{
    if (nube_was_created(c, id) && nube_call_op_id(c) == NUBE_OP_NODE_GET)
        return begin(c, t, 0, act);
    if (nube_was_created(c, id) && t->tries++ < TRIES) {
        nube_call_delay(c, AGAIN_MS);
        nube_set_phase(c, 0);
        return NUBE_WAIT;
    }
    return nube_fail(c, NUBE_E_NOT_FOUND, "there is no node %s in the %d regions of this backend",
                     id, ec2_region_count(c));
}

static const char *node_arg(nube_call *c)
{
    const char *id = nube_arg_str(c, "id");

    return id ? id : nube_arg_str(c, "node");
}

enum nube_step ec2_on_node(nube_call *c, const nube_reply *r, struct ec2_target *t,
                           nube_step_fn act)
{
    const char *id = node_arg(c);
    const nube_doc *doc;

    if (nube_phase(c) >= EC2_ACT)
        return act(c, r);
    if (nube_phase(c) == 0) {
        if (!nube_arg_str(c, "region") && ec2_region_count(c) > 1)
            return locate(c, t, id);
        t->region = ec2_region_arg(c);
        if (t->region < 0)
            return NUBE_FAIL;
        return begin(c, t, t->region, act);
    }
    doc = ec2_reply(c, r, "reservationSet");
    if (!doc)
        return NUBE_FAIL;
    if (ec2_find_instance(c, doc, id, NULL))
        t->region = nube_reply_tag(r);
    if (--t->left)
        return NUBE_SEND;
    if (t->region < 0)
        return not_found(c, t, id, act);
    return begin(c, t, t->region, act);
}
