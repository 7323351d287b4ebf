/* The query API: which action, whether it may run, and the reply's envelope. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ec2.h"

static const struct action {
    const char *name;
    EC2_ACTION((*run));
    bool sts;
} actions[] = {
    {"DescribeInstances", ec2_describe_instances, false},
    {"DescribeInstanceStatus", ec2_describe_instance_status, false},
    {"RunInstances", ec2_run_instances, false},
    {"StartInstances", ec2_start_instances, false},
    {"StopInstances", ec2_stop_instances, false},
    {"RebootInstances", ec2_reboot_instances, false},
    {"TerminateInstances", ec2_terminate_instances, false},
    {"MonitorInstances", ec2_monitor_instances, false},
    {"UnmonitorInstances", ec2_unmonitor_instances, false},
    {"ModifyInstanceAttribute", ec2_modify_instance_attribute, false},
    {"DescribeInstanceAttribute", ec2_describe_instance_attribute, false},
    {"GetConsoleOutput", ec2_get_console_output, false},
    {"GetPasswordData", ec2_get_password_data, false},
    {"DescribeImages", ec2_describe_images, false},
    {"CreateImage", ec2_create_image, false},
    {"CopyImage", ec2_copy_image, false},
    {"RegisterImage", ec2_register_image, false},
    {"DeregisterImage", ec2_deregister_image, false},
    {"ModifyImageAttribute", ec2_modify_image_attribute, false},
    {"DescribeInstanceTypes", ec2_describe_instance_types, false},
    {"DescribeInstanceTypeOfferings", ec2_describe_instance_type_offerings, false},
    {"DescribeRegions", ec2_describe_regions, false},
    {"DescribeAvailabilityZones", ec2_describe_availability_zones, false},
    {"DescribeVpcs", ec2_describe_vpcs, false},
    {"DescribeSubnets", ec2_describe_subnets, false},
    {"DescribeAccountAttributes", ec2_describe_account_attributes, false},
    {"DescribeKeyPairs", ec2_describe_key_pairs, false},
    {"CreateKeyPair", ec2_create_key_pair, false},
    {"ImportKeyPair", ec2_import_key_pair, false},
    {"DeleteKeyPair", ec2_delete_key_pair, false},
    {"CreateTags", ec2_create_tags, false},
    {"DeleteTags", ec2_delete_tags, false},
    {"DescribeTags", ec2_describe_tags, false},
    {"DescribeSecurityGroups", ec2_describe_security_groups, false},
    {"CreateSecurityGroup", ec2_create_security_group, false},
    {"DeleteSecurityGroup", ec2_delete_security_group, false},
    {"AuthorizeSecurityGroupIngress", ec2_authorize_ingress, false},
    {"AuthorizeSecurityGroupEgress", ec2_authorize_egress, false},
    {"RevokeSecurityGroupIngress", ec2_revoke_ingress, false},
    {"RevokeSecurityGroupEgress", ec2_revoke_egress, false},
    {"DescribeVolumes", ec2_describe_volumes, false},
    {"CreateVolume", ec2_create_volume, false},
    {"AttachVolume", ec2_attach_volume, false},
    {"DetachVolume", ec2_detach_volume, false},
    {"DeleteVolume", ec2_delete_volume, false},
    {"DescribeSnapshots", ec2_describe_snapshots, false},
    {"CreateSnapshot", ec2_create_snapshot, false},
    {"DeleteSnapshot", ec2_delete_snapshot, false},
    {"DescribeAddresses", ec2_describe_addresses, false},
    {"AllocateAddress", ec2_allocate_address, false},
    {"AssociateAddress", ec2_associate_address, false},
    {"DisassociateAddress", ec2_disassociate_address, false},
    {"ReleaseAddress", ec2_release_address, false},
    {"AssumeRole", ec2_sts_assume_role, true},
    {"AssumeRoleWithWebIdentity", ec2_sts_web_identity, true},
    {"GetCallerIdentity", ec2_sts_caller, true},
    {"GetSessionToken", ec2_sts_session, true},
};

const char *ec2_action_name(const struct sim_request *q)
{
    const char *name = sim_param(q, "Action");
    return name ? name : "";
}

static const struct action *find_action(const char *name)
{
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (!strcmp(actions[i].name, name))
            return &actions[i];
    return NULL;
}

/* A bucket an action, as today's EC2 has them. */
static bool throttled(struct ec2_call *c, size_t action)
{
    struct ec2 *cloud = c->cloud;
    double rate = (double)cloud->settings->throttle_rate;
    double burst = (double)cloud->settings->throttle_burst;
    if (rate <= 0)
        return false;
    double *tokens = &cloud->tokens[action];
    int64_t *filled = &cloud->filled[action];
    *tokens = *filled ? *tokens + (double)(c->now - *filled) * rate / 1000 : burst;
    if (*tokens > burst)
        *tokens = burst;
    *filled = c->now;
    if (*tokens < 1) {
        ec2_fail(c, "RequestLimitExceeded", "Request limit exceeded.");
        return true;
    }
    *tokens -= 1;
    return false;
}

static void begin_reply(struct ec2_call *c)
{
    if (c->sts) {
        sim_text_fmt(c->out, "<%sResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n",
                     c->q->action);
        return;
    }
    sim_text_fmt(c->out,
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                 "<%sResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">",
                 c->q->action);
    sim_elem(c->out, "requestId", c->r->id);
}

static void end_reply(struct ec2_call *c)
{
    if (c->sts)
        sim_text_fmt(c->out,
                     "  <ResponseMetadata>\n    <RequestId>%s</RequestId>\n"
                     "  </ResponseMetadata>\n",
                     c->r->id);
    sim_text_fmt(c->out, "</%sResponse>", c->q->action);
}

/* What must hold before an action runs. */
static bool admit(struct ec2_call *c, const struct action *a)
{
    const char *service = a && a->sts ? "sts" : "ec2", *version = sim_param(c->q, "Version");
    bool web = a && a->run == ec2_sts_web_identity; /* what it carries is its signature */
    if (!*c->q->action)
        return ec2_fail(c, "MissingAction", "The request must contain the parameter Action");
    if (!web && !ec2_authenticate(c, service))
        return false;
    if (!a || !ec2_parameters(a->name))
        return ec2_fail(c, "InvalidAction", "The action %s is not valid for this web service.",
                        c->q->action);
    if (!version || strcmp(version, a->sts ? "2011-06-15" : "2016-11-15") != 0)
        return ec2_fail(c, version ? "InvalidAction" : "MissingParameter",
                        "The action %s needs the parameter Version of its service.", a->name);
    if (throttled(c, (size_t)(a - actions)))
        return false;
    if (!web && !ec2_permitted(c, service))
        return false;
    ec2_count_from_one(c->cloud, c->q);
    if (!ec2_check(c, ec2_parameters(a->name)))
        return false;
    if (ec2_bool(c, "DryRun", false))
        return ec2_fail(c, "DryRunOperation",
                        "Request would have succeeded, but DryRun flag is set.");
    return true;
}

void ec2_query(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    const struct action *a = find_action(q->action);
    const char *version = sim_param(q, "Version");
    bool sts = a ? a->sts : version && !strcmp(version, "2011-06-15");
    struct ec2_call c = {
        .cloud = state, .q = q, .r = r, .out = &r->body, .now = sim_life_ms(s), .sts = sts};
    r->type = "text/xml;charset=UTF-8";
    ec2_request_id(s, r);
    if (!admit(&c, a))
        return;
    if (!c.sts) {
        ec2_region_open(c.region, c.account);
        ec2_region_settle(c.region, c.now);
    }
    begin_reply(&c);
    a->run(&c);
    if (!c.failed)
        end_reply(&c);
}
