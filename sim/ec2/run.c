/* RunInstances: reads what is wanted, checks it, launches. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../mem.h"
#include "ec2.h"

enum { MAX_USER_DATA = 16384, MAX_LAUNCH = 10000 };

static bool read_image(struct ec2_call *c, struct ec2_launch *l)
{
    const char *id = sim_param(c->q, "ImageId");
    if (!id)
        return ec2_fail(c, "MissingParameter", "The request must contain the parameter ImageId");
    if (strncmp(id, "ami-", 4) != 0)
        return ec2_fail(c, "InvalidAMIID.Malformed", "Invalid id: \"%s\" (expecting \"ami-...\")",
                        id);
    struct ec2_image *m = (struct ec2_image *)ec2_find(c, EC2_IMAGE, id);
    if (!m)
        return ec2_fail(c, "InvalidAMIID.NotFound", "The image id '[%s]' does not exist", id);
    if (!ec2_image_shown(c, &m->res))
        return ec2_fail(c, "AuthFailure", "Not authorized for images: [%s]", id);
    if (!strcmp(m->state, "pending") && c->now < m->due)
        return ec2_fail(c, "InvalidAMIID.Unavailable",
                        "The image ID '%s' is not available: it is pending", id);
    ec2_launch_image(l, m);
    return true;
}

static bool read_type(struct ec2_call *c, struct ec2_launch *l)
{
    const char *name = sim_param(c->q, "InstanceType");
    struct ec2_instance_type *t = ec2_type_find(c->cloud, name ? name : "m1.small");
    if (!t)
        return ec2_fail(c, "InvalidParameterValue", "Invalid value '%s' for InstanceType.", name);
    if (!strstr(t->arch, l->model.arch))
        return ec2_fail(c, "InvalidParameterValue",
                        "The architecture '%s' of the specified instance type does not match the "
                        "architecture '%s' of the specified AMI. Specify an instance type and an "
                        "AMI that have matching architectures, and try again.",
                        t->arch, l->model.arch);
    l->model.type = t;
    return true;
}

static bool read_place(struct ec2_call *c, struct ec2_launch *l)
{
    const char *id = sim_param(c->q, "SubnetId"),
               *zone = sim_param(c->q, "Placement.AvailabilityZone");
    const char *tenancy = sim_param(c->q, "Placement.Tenancy");
    if (!id)
        id = sim_param(c->q, "NetworkInterface.1.SubnetId");
    l->model.subnet = id ? (struct ec2_subnet *)ec2_find(c, EC2_SUBNET, id)
                         : ec2_default_subnet(c->region, c->account, zone);
    if (!l->model.subnet)
        return id ? ec2_fail(c, "InvalidSubnetID.NotFound", "The subnet ID '%s' does not exist", id)
                  : ec2_fail(c, "InvalidParameterValue", "Invalid availability zone: [%s]", zone);
    if (zone && strcmp(zone, l->model.subnet->zone) != 0)
        return ec2_fail(c, "InvalidParameterValue",
                        "The subnet %s is not in the availability zone %s", id, zone);
    l->model.tenancy = tenancy ? ec2_intern(c->cloud, tenancy) : "default";
    l->model.placement_group = ec2_intern(c->cloud, sim_param(c->q, "Placement.GroupName"));
    return true;
}

static bool add_group(struct ec2_call *c, struct ec2_launch *l, const char *word, bool by_name)
{
    struct ec2_instance *m = &l->model;
    struct ec2_res *g = by_name ? ec2_find_name(c, EC2_GROUP, word) : ec2_find(c, EC2_GROUP, word);
    if (!g)
        return ec2_fail(c, "InvalidGroup.NotFound", "The security group '%s' does not exist", word);
    SIM_PUSH(m->groups, m->n_groups, m->groups_size);
    m->groups[m->n_groups++] = (struct ec2_group *)g;
    return true;
}

static bool read_groups(struct ec2_call *c, struct ec2_launch *l)
{
    const char *word;
    bool interface = sim_param(c->q, "NetworkInterface.1.DeviceIndex");
    for (int n = 1; (word = sim_paramf(c->q, "SecurityGroupId.%d", n)); n++)
        if (!add_group(c, l, word, false))
            return false;
    for (int n = 1; (word = sim_paramf(c->q, "SecurityGroup.%d", n)); n++)
        if (!add_group(c, l, word, true))
            return false;
    if (interface && (l->model.n_groups || sim_param(c->q, "SubnetId")))
        return ec2_fail(c, "InvalidParameterCombination",
                        "Network interfaces and an instance-level %s may not be specified on the "
                        "same request",
                        l->model.n_groups ? "security groups" : "subnet ID");
    for (int n = 1; (word = sim_paramf(c->q, "NetworkInterface.1.SecurityGroupId.%d", n)); n++)
        if (!add_group(c, l, word, false))
            return false;
    return l->model.n_groups || add_group(c, l, "default", true);
}

static bool read_user_data(struct ec2_call *c, struct ec2_launch *l)
{
    const char *text = sim_param(c->q, "UserData");
    size_t len = 0;
    if (!text)
        return true;
    unsigned char *data = sim_base64_decode(text, &len);
    free(data);
    if (!data)
        return ec2_fail(c, "InvalidUserData.Malformed", "Invalid BASE64 encoding of user data");
    if (len > MAX_USER_DATA)
        return ec2_fail(c, "InvalidParameterValue", "User data is limited to 16384 bytes");
    l->model.user_data = sim_strdup(text);
    return true;
}

/* The disk of BlockDeviceMapping.N: the root when it has its name, else one more. */
static struct ec2_disk *disk_of(struct ec2_launch *l, const char *device)
{
    for (size_t i = 0; i < l->n_disks; i++)
        if (!strcmp(l->disks[i].device, device))
            return &l->disks[i];
    if (l->n_disks == EC2_MAX_DISKS)
        return NULL;
    struct ec2_disk *d = &l->disks[l->n_disks++];
    *d = (struct ec2_disk){.gb = 0, .kind = "gp2"};
    snprintf(d->device, sizeof d->device, "%s", device);
    return d;
}

static bool read_disk(struct ec2_call *c, struct ec2_disk *d, int n)
{
    const char *size = sim_paramf(c->q, "BlockDeviceMapping.%d.Ebs.VolumeSize", n);
    const char *kind = sim_paramf(c->q, "BlockDeviceMapping.%d.Ebs.VolumeType", n);
    const char *gone = sim_paramf(c->q, "BlockDeviceMapping.%d.Ebs.DeleteOnTermination", n);
    const char *locked = sim_paramf(c->q, "BlockDeviceMapping.%d.Ebs.Encrypted", n);
    const char *iops = sim_paramf(c->q, "BlockDeviceMapping.%d.Ebs.Iops", n);
    const char *snap = sim_paramf(c->q, "BlockDeviceMapping.%d.Ebs.SnapshotId", n);
    const struct ec2_snapshot *s =
        snap ? (const struct ec2_snapshot *)ec2_find(c, EC2_SNAPSHOT, snap) : NULL;
    if (snap && !s && strcmp(snap, d->snapshot) != 0)
        return ec2_fail(c, "InvalidSnapshot.NotFound", "The snapshot '%s' does not exist.", snap);
    int64_t least = s ? s->size_gb : d->gb, gb = size ? strtoll(size, NULL, 10) : least;
    if (gb < 1)
        return ec2_fail(c, "MissingParameter",
                        "The request must contain the parameter size or snapshotId");
    if (gb < least)
        return ec2_fail(
            c, "InvalidBlockDeviceMapping",
            "Volume of size %lldGB is smaller than snapshot '%s', expect size >= %lldGB",
            (long long)gb, snap ? snap : d->snapshot, (long long)least);
    d->gb = gb;
    d->kind = kind ? ec2_intern(c->cloud, kind) : d->kind;
    d->keep = gone && !strcasecmp(gone, "false");
    d->encrypted = d->encrypted || (locked && !strcasecmp(locked, "true"));
    d->iops = iops ? strtoll(iops, NULL, 10) : 0;
    if (snap)
        snprintf(d->snapshot, sizeof d->snapshot, "%s", snap);
    return true;
}

static bool read_disks(struct ec2_call *c, struct ec2_launch *l)
{
    const char *device;
    for (int n = 1; (device = sim_paramf(c->q, "BlockDeviceMapping.%d.DeviceName", n)); n++) {
        if (sim_paramf(c->q, "BlockDeviceMapping.%d.NoDevice", n) ||
            sim_paramf(c->q, "BlockDeviceMapping.%d.VirtualName", n))
            continue;
        struct ec2_disk *d = disk_of(l, device);
        if (!d)
            return ec2_fail(c, "InvalidBlockDeviceMapping", "There are too many block devices");
        if (!read_disk(c, d, n))
            return false;
    }
    return true;
}

static const char *word(struct ec2_call *c, const char *name, const char *absent)
{
    const char *value = sim_param(c->q, name);
    return value ? ec2_intern(c->cloud, value) : absent;
}

static bool read_options(struct ec2_call *c, struct ec2_launch *l)
{
    struct ec2_instance *m = &l->model;
    const char *key = sim_param(c->q, "KeyName"),
               *role = sim_param(c->q, "IamInstanceProfile.Name");
    if (key && !ec2_find_name(c, EC2_KEY, key))
        return ec2_fail(c, "InvalidKeyPair.NotFound", "The key pair '%s' does not exist", key);
    m->key = ec2_intern(c->cloud, key);
    m->client_token = ec2_intern(c->cloud, sim_param(c->q, "ClientToken"));
    m->lifecycle = word(c, "InstanceMarketOptions.MarketType", NULL);
    m->profile = word(c, "IamInstanceProfile.Arn", NULL);
    if (role) {
        char *arn = sim_fmt("arn:aws:iam::%s:instance-profile/%s", c->account, role);
        m->profile = ec2_intern(c->cloud, arn);
        free(arn);
    }
    m->tokens = word(c, "MetadataOptions.HttpTokens", m->tokens);
    m->endpoint = word(c, "MetadataOptions.HttpEndpoint", m->endpoint);
    m->metadata_tags = word(c, "MetadataOptions.InstanceMetadataTags", m->metadata_tags);
    m->hop_limit = ec2_int(c, "MetadataOptions.HttpPutResponseHopLimit", m->hop_limit);
    m->shutdown = word(c, "InstanceInitiatedShutdownBehavior", m->shutdown);
    m->no_termination = ec2_bool(c, "DisableApiTermination", false);
    m->no_stop = ec2_bool(c, "DisableApiStop", false);
    m->monitoring = ec2_bool(c, "Monitoring.Enabled", false);
    m->ebs_optimized = ec2_bool(c, "EbsOptimized", false);
    m->hibernation = ec2_bool(c, "HibernationOptions.Configured", false);
    m->ipv6 = ec2_int(c, "Ipv6AddressCount", 0) > 0;
    l->public_ip = ec2_bool(c, "NetworkInterface.1.AssociatePublicIpAddress", true);
    return ec2_tags_specified(c, "instance", &l->tags) &&
           ec2_tags_specified(c, "volume", &l->volume_tags);
}

/* How many of one's own use what is limited. */
static int64_t in_use(const struct ec2_call *c, bool vcpus)
{
    const struct ec2_store *s = &c->region->stores[EC2_INSTANCE];
    int64_t n = 0;
    for (size_t k = 0; k < s->n; k++) {
        const struct ec2_instance *i = (const struct ec2_instance *)s->at[k];
        if (i->res.owner == c->account && (i->state == EC2_PENDING || i->state == EC2_RUNNING))
            n += vcpus ? i->type->vcpus : 1;
    }
    return n;
}

/* How many can be launched; 0: the call failed. */
static int64_t read_count(struct ec2_call *c, const struct ec2_launch *l)
{
    const struct ec2_settings *set = c->cloud->settings;
    int64_t min = ec2_int(c, "MinCount", 1), max = ec2_int(c, "MaxCount", 1), room = max;
    if (min < 1 || max < min || max > MAX_LAUNCH) {
        ec2_fail(c, "InvalidParameterValue",
                 "Value for maxCount must be at least minCount, and minCount at least 1");
        return 0;
    }
    if (set->instance_limit > 0 && set->instance_limit - in_use(c, false) < room)
        room = set->instance_limit - in_use(c, false);
    if (room < min) {
        ec2_fail(c, "InstanceLimitExceeded",
                 "You have requested more instances (%lld) than your current instance limit of "
                 "%lld allows for the specified instance type.",
                 (long long)in_use(c, false) + (long long)min, (long long)set->instance_limit);
        return 0;
    }
    int64_t vcpus = set->vcpu_limit > 0 ? set->vcpu_limit - in_use(c, true) : INT64_MAX;
    if (vcpus / l->model.type->vcpus < room)
        room = vcpus / l->model.type->vcpus;
    if (room < min) {
        ec2_fail(c, "VcpuLimitExceeded",
                 "You have requested more vCPU capacity than your current vCPU limit of %lld "
                 "allows for the instance bucket that the specified instance type belongs to.",
                 (long long)set->vcpu_limit);
        return 0;
    }
    return room;
}

/* The token was used before: the same answer, by how things are now. */
static void replay(struct ec2_call *c, const char *first)
{
    struct ec2_instance *i = sim_map_get(&c->region->by_id, first);
    if (!i || i->state == EC2_TERMINATED || i->state == EC2_SHUTTING_DOWN) {
        ec2_fail(c, "IdempotentInstanceTerminated",
                 "The request cannot be completed because the instance of this client token, %s, "
                 "is terminated.",
                 first);
        return;
    }
    const struct ec2_store *s = &c->region->stores[EC2_INSTANCE];
    size_t at = ec2_store_at(s, i->res.seq), n = 0;
    struct ec2_instance **all = sim_alloc((s->n - at) * sizeof(struct ec2_instance *));
    for (; at < s->n; at++) {
        struct ec2_instance *k = (struct ec2_instance *)s->at[at];
        if (strcmp(k->reservation, i->reservation) != 0)
            break;
        all[n++] = k;
    }
    ec2_put_reservation(c->out, all, n);
    free(all);
}

static void begin_life(struct ec2_call *c, struct ec2_instance *i)
{
    struct ec2_settings *set = c->cloud->settings;
    bool fails = set->fail_launches > 0;
    ec2_hide_fresh(&i->res);
    ec2_instance_enter(i, EC2_PENDING, fails ? EC2_TERMINATED : EC2_RUNNING, set->pending_ms,
                       c->now);
    if (fails) {
        set->fail_launches--;
        i->reason_code = ec2_intern(c->cloud, set->launch_failure);
        i->reason_message = i->reason_code;
    }
}

void ec2_run_instances(struct ec2_call *c)
{
    struct ec2_launch l = {0};
    const char *done;
    int64_t n = 0;
    if (!ec2_token_find(c, &done))
        return;
    if (done) {
        replay(c, done);
        return;
    }
    if (read_image(c, &l) && read_type(c, &l) && read_place(c, &l) && read_groups(c, &l) &&
        read_user_data(c, &l) && read_disks(c, &l) && read_options(c, &l))
        n = read_count(c, &l);
    if (n > 0) {
        struct ec2_instance **made = sim_alloc((size_t)n * sizeof(struct ec2_instance *));
        ec2_launch(c->region, c->account, &l, (size_t)n, NULL, c->now, made);
        for (int64_t k = 0; k < n; k++)
            begin_life(c, made[k]);
        ec2_token_keep(c, made[0]->res.id);
        ec2_put_reservation(c->out, made, (size_t)n);
        free(made);
    }
    ec2_launch_free(&l);
}
