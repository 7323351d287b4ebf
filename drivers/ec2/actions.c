/* Verbs on one node: start, stop, reboot, destroy, resize, rename, tag, console, probe, protect. */
#include <string.h>

#include "ec2.h"

enum { LOOKED = EC2_ACT + 1, TAGGED };

static struct ec2_target *target(nube_call *c)
{
    return nube_state(c, sizeof(struct ec2_target));
}

/* A request about the node; asking twice for a state is asking once. */
static nube_req *act_on(nube_call *c, const char *action, const char *param)
{
    nube_req *q = ec2_change(c, target(c)->region, action);

    nube_req_form(q, param, nube_arg_str(c, "id"));
    nube_req_flag(q, NUBE_REQ_TOKENED);
    nube_req_about(q, nube_fmt(c, "node %s", nube_arg_str(c, "id")));
    return q;
}

/* Start, stop and terminate answer with the change of each instance. */
static enum nube_step changed(nube_call *c, const nube_reply *r)
{
    return ec2_reply(c, r, "instancesSet") ? NUBE_DONE : NUBE_FAIL;
}

/* ---- Start, reboot, destroy --------------------------------------------------------- */

static enum nube_step start(nube_call *c, const nube_reply *r)
{
    if (r)
        return changed(c, r);
    act_on(c, "StartInstances", "InstanceId.1");
    return NUBE_SEND;
}

enum nube_step ec2_node_start(nube_call *c, const nube_reply *r)
{
    return ec2_on_node(c, r, target(c), start);
}

/* Not repeated when its reply is lost: that would be a second reboot. */
static enum nube_step reboot(nube_call *c, const nube_reply *r)
{
    nube_req *q;

    if (r)
        return ec2_done(c, r);
    q = ec2_change(c, target(c)->region, "RebootInstances");
    nube_req_form(q, "InstanceId.1", nube_arg_str(c, "id"));
    return NUBE_SEND;
}

enum nube_step ec2_node_reboot(nube_call *c, const nube_reply *r)
{
    return ec2_on_node(c, r, target(c), reboot);
}

static enum nube_step terminate(nube_call *c, const nube_reply *r)
{
    if (r)
        return changed(c, r);
    act_on(c, "TerminateInstances", "InstanceId.1");
    return NUBE_SEND;
}

enum nube_step ec2_node_destroy(nube_call *c, const nube_reply *r)
{
    return ec2_on_node(c, r, target(c), terminate);
}

/* ---- Stop --------------------------------------------------------------------------- */

static enum nube_step send_stop(nube_call *c)
{
    nube_req *q = act_on(c, "StopInstances", "InstanceId.1");

    if (nube_arg_bool(c, "force", 0))
        nube_req_form(q, "Force", "true");
    if (nube_arg_bool(c, "hibernate", 0))
        nube_req_form(q, "Hibernate", "true");
    return ec2_send(c, LOOKED + 1);
}

/* A node whose root is on instance store does not survive a stop. */
static enum nube_step checked(nube_call *c, const nube_reply *r)
{
    const nube_doc *doc = ec2_reply(c, r, "reservationSet"), *found;
    const char *id = nube_arg_str(c, "id");

    if (!doc)
        return NUBE_FAIL;
    found = ec2_find_instance(c, doc, id, NULL);
    if (!found && !nube_was_created(c, id))
        return nube_fail(c, NUBE_E_NOT_FOUND, "there is no node %s", id);
    if (ec2_is(c, found, "rootDeviceType", "instance-store"))
        return nube_fail(c, NUBE_E_STATE,
                         "%s has its root on instance store: stopping it would destroy it; "
                         "allow_destroy=yes stops it all the same",
                         id);
    return send_stop(c);
}

static enum nube_step stop(nube_call *c, const nube_reply *r)
{
    struct ec2_filters f = {NULL, 0, 0};

    if (nube_phase(c) == LOOKED)
        return checked(c, r);
    if (r)
        return changed(c, r);
    if (nube_arg_bool(c, "allow_destroy", 0))
        return send_stop(c);
    f.q = ec2_read(c, target(c)->region, "DescribeInstances");
    ec2_filter(c, &f, "instance-id", nube_arg_str(c, "id"));
    return ec2_send(c, LOOKED);
}

enum nube_step ec2_node_stop(nube_call *c, const nube_reply *r)
{
    return ec2_on_node(c, r, target(c), stop);
}

/* ---- Attributes --------------------------------------------------------------------- */

static enum nube_step modify(nube_call *c, const nube_reply *r, const char *param,
                             const char *value)
{
    if (r)
        return ec2_done(c, r);
    nube_req_form(act_on(c, "ModifyInstanceAttribute", "InstanceId"), param, value);
    return NUBE_SEND;
}

static enum nube_step resize(nube_call *c, const nube_reply *r)
{
    return modify(c, r, "InstanceType.Value", nube_arg_str(c, "size"));
}

enum nube_step ec2_node_resize(nube_call *c, const nube_reply *r)
{
    return ec2_on_node(c, r, target(c), resize);
}

static enum nube_step protect(nube_call *c, const nube_reply *r)
{
    return modify(c, r, "DisableApiTermination.Value", "true");
}

enum nube_step ec2_node_protect(nube_call *c, const nube_reply *r)
{
    return ec2_on_node(c, r, target(c), protect);
}

static enum nube_step unprotect(nube_call *c, const nube_reply *r)
{
    return modify(c, r, "DisableApiTermination.Value", "false");
}

enum nube_step ec2_node_unprotect(nube_call *c, const nube_reply *r)
{
    return ec2_on_node(c, r, target(c), unprotect);
}

/* ---- Tags --------------------------------------------------------------------------- */

static enum nube_step rename_node(nube_call *c, const nube_reply *r)
{
    nube_req *q;

    if (r)
        return ec2_done(c, r);
    q = act_on(c, "CreateTags", "ResourceId.1");
    nube_req_form(q, "Tag.1.Key", "Name");
    nube_req_form(q, "Tag.1.Value", nube_arg_str(c, "name"));
    return NUBE_SEND;
}

enum nube_step ec2_node_rename(nube_call *c, const nube_reply *r)
{
    return ec2_on_node(c, r, target(c), rename_node);
}

static enum nube_step remove_tags(nube_call *c)
{
    nube_req *q = act_on(c, "DeleteTags", "ResourceId.1");
    size_t i;

    for (i = 0; i < nube_arg_count(c, "remove"); i++)
        ec2_param(q, "Tag", (int)i + 1, ".Key", nube_arg_at(c, "remove", i));
    return ec2_send(c, TAGGED);
}

static enum nube_step tag(nube_call *c, const nube_reply *r)
{
    const char *key, *value;
    nube_req *q;
    size_t i;

    if (r && ec2_done(c, r) != NUBE_DONE)
        return NUBE_FAIL;
    if (r)
        return nube_phase(c) == EC2_ACT && nube_arg_count(c, "remove") ? remove_tags(c) : NUBE_DONE;
    if (!nube_arg_count(c, "tag") && !nube_arg_count(c, "remove"))
        return nube_fail(c, NUBE_E_USAGE, "give a tag to set (tag) or the name of one to remove");
    if (!nube_arg_count(c, "tag"))
        return remove_tags(c);
    q = act_on(c, "CreateTags", "ResourceId.1");
    for (i = 0; nube_arg_pair(c, "tag", i, &key, &value); i++) {
        ec2_param(q, "Tag", (int)i + 1, ".Key", key);
        ec2_param(q, "Tag", (int)i + 1, ".Value", value);
    }
    return NUBE_SEND;
}

enum nube_step ec2_node_tag(nube_call *c, const nube_reply *r)
{
    return ec2_on_node(c, r, target(c), tag);
}

/* ---- Looking at it ------------------------------------------------------------------ */

/* There is no output for some minutes after a start. */
static enum nube_step console(nube_call *c, const nube_reply *r)
{
    const char *text, *plain;
    size_t len = 0;
    nube_req *q;

    if (!r) {
        q = ec2_read(c, target(c)->region, "GetConsoleOutput");
        nube_req_form(q, "InstanceId", nube_arg_str(c, "id"));
        if (nube_arg_bool(c, "latest", 0))
            nube_req_form(q, "Latest", "true");
        return NUBE_SEND;
    }
    text = ec2_text(c, ec2_reply(c, r, "instanceId"), "output");
    if (!text)
        return NUBE_DONE;
    plain = nube_base64_decode(c, text, &len);
    if (!plain)
        return nube_fail(c, NUBE_E_PROTOCOL, "the console output is not base64");
    nube_out_data(c, NUBE_STDOUT, plain, len);
    return NUBE_DONE;
}

enum nube_step ec2_node_console(nube_call *c, const nube_reply *r)
{
    return ec2_on_node(c, r, target(c), console);
}

static const struct nube_field_row status_rows[] = {
    {"instanceId", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"availabilityZone", NUBE_LOCATION, NUBE_TYPE_STRING, NULL},
    {"systemStatus.status", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "system_status"},
    {"instanceStatus.status", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "instance_status"},
    {"attachedEbsStatus.status", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "ebs_status"},
};

/* Running is not reachable: both checks must have passed too. */
static enum nube_step probe(nube_call *c, const nube_reply *r)
{
    const nube_doc *doc, *status;
    nube_req *q;
    nube_obj *o;

    if (!r) {
        q = ec2_read(c, target(c)->region, "DescribeInstanceStatus");
        nube_req_form(q, "InstanceId.1", nube_arg_str(c, "id"));
        nube_req_form(q, "IncludeAllInstances", "true");
        return NUBE_SEND;
    }
    doc = ec2_reply(c, r, "instanceStatusSet");
    status = nube_doc_first(nube_doc_get(doc, "instanceStatusSet"));
    if (doc && !status)
        nube_fail(c, NUBE_E_NOT_FOUND, "there is no node %s", nube_arg_str(c, "id"));
    if (!status)
        return NUBE_FAIL;
    o = nube_emit(c, NUBE_KIND_NODE);
    ec2_fields(c, o, status, status_rows, EC2_ROWS(status_rows));
    nube_set_state(o, ec2_text(c, status, "instanceState.name"));
    nube_extra_bool(o, "reachable",
                    ec2_is(c, status, "systemStatus.status", "ok") &&
                        ec2_is(c, status, "instanceStatus.status", "ok"));
    nube_extra(o, "events", ec2_join(c, nube_doc_get(status, "eventsSet"), "description"));
    return NUBE_DONE;
}

enum nube_step ec2_node_probe(nube_call *c, const nube_reply *r)
{
    return ec2_on_node(c, r, target(c), probe);
}
