/* The RunInstances request: every argument of create as its parameters. */
#include <stdlib.h>
#include <string.h>

#include "ec2.h"

/* Arguments that go in as they are. */
static const struct {
    const char *arg, *param;
} plain[] = {
    {"image", "ImageId"},
    {"key", "KeyName"},
    {"tenancy", "Placement.Tenancy"},
    {"placement_group", "Placement.GroupName"},
    {"shutdown", "InstanceInitiatedShutdownBehavior"},
    {"credits", "CreditSpecification.CpuCredits"},
    {"client_token", "ClientToken"},
};
static const struct {
    const char *arg, *param;
} flags[] = {
    {"monitoring", "Monitoring.Enabled"},
    {"ebs_optimized", "EbsOptimized"},
    {"protect", "DisableApiTermination"},
    {"hibernation", "HibernationOptions.Configured"},
};

static void add_plain(nube_call *c, nube_req *q)
{
    size_t i;

    for (i = 0; i < EC2_ROWS(plain); i++)
        nube_req_form(q, plain[i].param, nube_arg_str(c, plain[i].arg));
    for (i = 0; i < EC2_ROWS(flags); i++)
        if (nube_arg_str(c, flags[i].arg))
            ec2_param_bool(q, flags[i].param, nube_arg_bool(c, flags[i].arg, 0));
}

static void add_count(nube_call *c, nube_req *q)
{
    int64_t most = nube_arg_int(c, "count", 1), least = nube_arg_int(c, "min_count", most);

    nube_req_form(q, "MinCount", nube_fmt(c, "%lld", (long long)least));
    nube_req_form(q, "MaxCount", nube_fmt(c, "%lld", (long long)most));
}

/* Groups by id or by name, which may be mixed. */
static void add_groups(nube_call *c, nube_req *q, const char *by_id, const char *by_name)
{
    int ids = 0, names = 0;
    size_t i;

    for (i = 0; i < nube_arg_count(c, "firewall"); i++) {
        const char *group = nube_arg_at(c, "firewall", i);

        if (strncmp(group, "sg-", 3) == 0 || !by_name)
            ec2_param(q, by_id, ++ids, "", group);
        else
            ec2_param(q, by_name, ++names, "", group);
    }
}

/* A word on a public address can only be given with an interface, which then takes subnet and
 * groups along. */
static void add_network(nube_call *c, nube_req *q)
{
    if (!nube_arg_str(c, "public_ip")) {
        nube_req_form(q, "SubnetId", nube_arg_str(c, "subnet"));
        nube_req_form(q, "PrivateIpAddress", nube_arg_str(c, "private_ip"));
        add_groups(c, q, "SecurityGroupId", "SecurityGroup");
        return;
    }
    nube_req_form(q, "NetworkInterface.1.DeviceIndex", "0");
    ec2_param_bool(q, "NetworkInterface.1.AssociatePublicIpAddress",
                   nube_arg_bool(c, "public_ip", 0));
    nube_req_form(q, "NetworkInterface.1.SubnetId", nube_arg_str(c, "subnet"));
    nube_req_form(q, "NetworkInterface.1.PrivateIpAddress", nube_arg_str(c, "private_ip"));
    add_groups(c, q, "NetworkInterface.1.SecurityGroupId", NULL);
}

static void add_place(nube_call *c, nube_req *q)
{
    const char *location = nube_arg_str(c, "location");

    if (location && ec2_region_find(c, location) < 0)
        nube_req_form(q, "Placement.AvailabilityZone", location);
}

/* ---- Disks -------------------------------------------------------------------------- */

/* The next part of "a:b:c"; NULL for an empty one. */
static const char *part(nube_call *c, const char **at)
{
    size_t len = strcspn(*at, ":");
    const char *text = len ? nube_fmt(c, "%.*s", (int)len, *at) : NULL;

    *at += len + ((*at)[len] == ':');
    return text;
}

/* DEVICE=[SNAPSHOT]:[GB]:[DELETE]:[TYPE]:[IOPS]:[encrypted], DEVICE=none, DEVICE=ephemeral0: as
 * EC2's own tools write them. */
static int add_disk(nube_call *c, nube_req *q, int n, const char *text)
{
    static const char *const params[] = {".Ebs.SnapshotId", ".Ebs.VolumeSize",
                                         ".Ebs.DeleteOnTermination", ".Ebs.VolumeType",
                                         ".Ebs.Iops"};
    const char *eq = strchr(text, '='), *at, *last;
    size_t i;

    if (!eq || eq == text || !eq[1]) {
        nube_fail(c, NUBE_E_USAGE,
                  "disk: \"%s\" is not DEVICE=[SNAPSHOT]:[GB]:[true|false]:[TYPE]:[IOPS]"
                  ":[encrypted]",
                  text);
        return -1;
    }
    ec2_param(q, "BlockDeviceMapping", n, ".DeviceName",
              nube_fmt(c, "%.*s", (int)(eq - text), text));
    at = eq + 1;
    if (strcmp(at, "none") == 0) {
        ec2_param(q, "BlockDeviceMapping", n, ".NoDevice", "");
        return 0;
    }
    if (strncmp(at, "ephemeral", 9) == 0) {
        ec2_param(q, "BlockDeviceMapping", n, ".VirtualName", at);
        return 0;
    }
    for (i = 0; i < EC2_ROWS(params); i++)
        ec2_param(q, "BlockDeviceMapping", n, params[i], part(c, &at));
    last = part(c, &at);
    if (last)
        ec2_param(q, "BlockDeviceMapping", n, ".Ebs.Encrypted",
                  strcmp(last, "encrypted") == 0 ? "true" : last);
    return 0;
}

/* ---- The rest ----------------------------------------------------------------------- */

/* Tokens are asked for unless told otherwise: without them any program that can be made to fetch a
 * URL reads the node's credentials. */
static void add_metadata(nube_call *c, nube_req *q)
{
    const char *tokens = nube_arg_str(c, "metadata_tokens");

    if (!tokens)
        tokens = "required";
    if (strcmp(tokens, "default") != 0)
        nube_req_form(q, "MetadataOptions.HttpTokens", tokens);
    nube_req_form(q, "MetadataOptions.HttpPutResponseHopLimit", nube_arg_str(c, "metadata_hops"));
    if (nube_arg_str(c, "metadata"))
        nube_req_form(q, "MetadataOptions.HttpEndpoint",
                      nube_arg_bool(c, "metadata", 1) ? "enabled" : "disabled");
}

static void add_role(nube_call *c, nube_req *q)
{
    const char *role = nube_arg_str(c, "role");

    nube_req_form(q,
                  role && strncmp(role, "arn:", 4) == 0 ? "IamInstanceProfile.Arn"
                                                        : "IamInstanceProfile.Name",
                  role);
}

static void add_spot(nube_call *c, nube_req *q)
{
    const char *price = nube_arg_str(c, "spot_price");

    if (!price && !nube_arg_bool(c, "spot", 0))
        return;
    nube_req_form(q, "InstanceMarketOptions.MarketType", "spot");
    nube_req_form(q, "InstanceMarketOptions.SpotOptions.MaxPrice", price);
}

static void add_user_data(nube_call *c, nube_req *q)
{
    size_t len;
    const void *data = nube_arg_data(c, "user_data", &len);
    const char *text;

    if (!data || !len)
        return;
    text = nube_base64(c, data, len);
    nube_secret(c, text); /* scripts hold passwords */
    nube_req_form(q, "UserData", text);
}

int ec2_launch(nube_call *c, int region, const char *size)
{
    nube_req *q = ec2_change(c, region, "RunInstances");
    size_t i;

    add_plain(c, q);
    nube_req_form(q, "InstanceType", size);
    add_count(c, q);
    add_place(c, q);
    add_network(c, q);
    for (i = 0; i < nube_arg_count(c, "disk"); i++)
        if (add_disk(c, q, (int)i + 1, nube_arg_at(c, "disk", i)))
            return -1;
    add_metadata(c, q);
    add_role(c, q);
    add_spot(c, q);
    add_user_data(c, q);
    ec2_param_tags(c, q, "instance", nube_arg_str(c, "name"));
    nube_req_about(q, nube_fmt(c, "image %s", nube_arg_str(c, "image")));
    if (nube_arg_str(c, "client_token"))
        nube_req_flag(q, NUBE_REQ_TOKENED);
    return 0;
}
