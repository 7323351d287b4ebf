/* Volumes: with instances and apart from them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "ec2.h"

struct ec2_volume *ec2_volume_new(struct ec2_region *region, const char *account, int64_t size_gb,
                                  const char *kind, const char *zone)
{
    struct ec2_volume *v = sim_alloc(sizeof *v);
    v->size_gb = size_gb;
    v->kind = kind;
    v->zone = zone;
    v->iops = !strcmp(kind, "gp3") ? 3000 : 100;
    v->throughput = !strcmp(kind, "gp3") ? 125 : 0;
    ec2_add(region, &v->res, EC2_VOLUME, account, NULL);
    return v;
}

void ec2_volume_attach(struct ec2_volume *v, struct ec2_instance *i, const char *device, bool keep,
                       int64_t now)
{
    v->instance = i;
    v->keep = keep;
    v->attached = now;
    snprintf(v->device, sizeof v->device, "%s", device);
    if (i->n_volumes == i->volumes_size) { /* most have one */
        i->volumes_size = i->volumes_size ? i->volumes_size * 2 : 1;
        i->volumes = sim_grow(i->volumes, i->volumes_size * sizeof *i->volumes);
    }
    i->volumes[i->n_volumes++] = v;
}

void ec2_volume_detach(struct ec2_volume *v)
{
    struct ec2_instance *i = v->instance;
    for (size_t k = 0; i && k < i->n_volumes; k++)
        if (i->volumes[k] == v) {
            memmove(i->volumes + k, i->volumes + k + 1,
                    (i->n_volumes - k - 1) * sizeof *i->volumes);
            i->n_volumes--;
            break;
        }
    v->instance = NULL;
}

static const char *status(const struct ec2_volume *v)
{
    return v->due ? "creating" : v->instance ? "in-use" : "available";
}

static void settle(struct ec2_call *c, struct ec2_res *res)
{
    struct ec2_volume *v = (struct ec2_volume *)res;
    if (v->due && c->now >= v->due)
        v->due = 0;
}

static void get_id(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct ec2_res *)o)->id);
}

static void get_status(const void *o, struct ec2_values *v)
{
    ec2_value(v, status(o));
}

static void get_zone(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct ec2_volume *)o)->zone);
}

static void get_kind(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct ec2_volume *)o)->kind);
}

static void get_instance(const void *o, struct ec2_values *v)
{
    if (((const struct ec2_volume *)o)->instance)
        ec2_value(v, ((const struct ec2_volume *)o)->instance->res.id);
}

static void get_snapshot(const void *o, struct ec2_values *v)
{
    if (*((const struct ec2_volume *)o)->snapshot)
        ec2_value(v, ((const struct ec2_volume *)o)->snapshot);
}

static const struct ec2_field fields[] = {{"volume-id", get_id},
                                          {"status", get_status},
                                          {"availability-zone", get_zone},
                                          {"volume-type", get_kind},
                                          {"attachment.instance-id", get_instance},
                                          {"snapshot-id", get_snapshot}};

const struct ec2_kind ec2_volumes = {EC2_VOLUME,
                                     "VolumeId",
                                     NULL,
                                     "InvalidVolume.NotFound",
                                     "InvalidParameterValue",
                                     "volume",
                                     fields,
                                     sizeof fields / sizeof *fields,
                                     settle,
                                     NULL,
                                     NULL,
                                     5,
                                     1000};

static void put_attachment(struct sim_text *out, const struct ec2_volume *v, const char *state)
{
    sim_elem(out, "volumeId", v->res.id);
    sim_elem(out, "instanceId", v->instance->res.id);
    sim_elem(out, "device", v->device);
    sim_elem(out, "status", state);
    sim_elem_time(out, "attachTime", v->attached);
    sim_elem_bool(out, "deleteOnTermination", !v->keep);
}

static void put_volume(struct sim_text *out, const struct ec2_volume *v)
{
    sim_elem(out, "volumeId", v->res.id);
    sim_elem_int(out, "size", v->size_gb);
    sim_elem(out, "snapshotId", v->snapshot);
    sim_elem(out, "availabilityZone", v->zone);
    sim_elem(out, "status", status(v));
    sim_elem_time(out, "createTime", v->res.created);
    SIM_LIT(out, "<attachmentSet>");
    if (v->instance) {
        SIM_LIT(out, "<item>");
        put_attachment(out, v, "attached");
        SIM_LIT(out, "</item>");
    }
    SIM_LIT(out, "</attachmentSet>");
    ec2_put_tags(out, &v->res.tags);
    sim_elem(out, "volumeType", v->kind);
    sim_elem_int(out, "iops", v->iops);
    if (v->throughput)
        sim_elem_int(out, "throughput", v->throughput);
    sim_elem_bool(out, "encrypted", v->encrypted);
    SIM_LIT(out, "<multiAttachEnabled>false</multiAttachEnabled>");
}

void ec2_describe_volumes(struct ec2_call *c)
{
    struct ec2_selection s;
    if (!ec2_select(c, &ec2_volumes, &s))
        return;
    SIM_LIT(c->out, "<volumeSet>");
    for (size_t i = 0; i < s.n; i++) {
        SIM_LIT(c->out, "<item>");
        put_volume(c->out, (const struct ec2_volume *)s.at[i]);
        SIM_LIT(c->out, "</item>");
    }
    SIM_LIT(c->out, "</volumeSet>");
    ec2_put_next(c, &s);
    free(s.at);
}

static bool check_zone(struct ec2_call *c, const char *zone)
{
    if (!zone)
        return ec2_fail(c, "MissingParameter",
                        "The request must contain the parameter AvailabilityZone");
    if (!ec2_default_subnet(c->region, c->account, zone))
        return ec2_fail(c, "InvalidZone.NotFound", "The zone '%s' does not exist.", zone);
    return true;
}

void ec2_create_volume(struct ec2_call *c)
{
    const char *zone = sim_param(c->q, "AvailabilityZone"), *kind = sim_param(c->q, "VolumeType");
    const char *from = sim_param(c->q, "SnapshotId"), *done;
    const struct ec2_snapshot *s = NULL;
    struct ec2_tags tags = {0};
    struct ec2_volume *v;
    if (!ec2_token_find(c, &done) || !check_zone(c, zone))
        return;
    if (done && (v = (struct ec2_volume *)ec2_find(c, EC2_VOLUME, done))) {
        put_volume(c->out, v);
        return;
    }
    if (from && !(s = (const struct ec2_snapshot *)ec2_find(c, EC2_SNAPSHOT, from))) {
        ec2_fail(c, "InvalidSnapshot.NotFound", "The snapshot '%s' does not exist.", from);
        return;
    }
    int64_t size = ec2_int(c, "Size", s ? s->size_gb : 0);
    if (size < 1 || size > 65536) {
        ec2_fail(c, "InvalidParameterValue", "The volume size is invalid: %lld GiB",
                 (long long)size);
        return;
    }
    if (!ec2_tags_specified(c, "volume", &tags)) {
        ec2_tags_free(&tags);
        return;
    }
    v = ec2_volume_new(c->region, c->account, size, ec2_intern(c->cloud, kind ? kind : "gp2"),
                       ec2_intern(c->cloud, zone));
    v->res.tags = tags;
    v->encrypted = ec2_bool(c, "Encrypted", false);
    v->iops = ec2_int(c, "Iops", v->iops);
    v->throughput = ec2_int(c, "Throughput", v->throughput);
    snprintf(v->snapshot, sizeof v->snapshot, "%s", from ? from : "");
    v->due = c->now + c->cloud->settings->volume_ms;
    ec2_hide_fresh(&v->res);
    ec2_token_keep(c, v->res.id);
    put_volume(c->out, v);
}

static struct ec2_volume *find(struct ec2_call *c)
{
    const char *id = sim_param(c->q, "VolumeId");
    struct ec2_volume *v = (struct ec2_volume *)ec2_find(c, EC2_VOLUME, id);
    if (v)
        settle(c, &v->res);
    else
        ec2_fail(c, "InvalidVolume.NotFound", "The volume '%s' does not exist.", id);
    return v;
}

void ec2_attach_volume(struct ec2_call *c)
{
    struct ec2_volume *v = find(c);
    const char *id = sim_param(c->q, "InstanceId");
    struct ec2_instance *i = v ? (struct ec2_instance *)ec2_find(c, EC2_INSTANCE, id) : NULL;
    if (!v)
        return;
    if (!i) {
        ec2_fail(c, "InvalidInstanceID.NotFound", "The instance ID '%s' does not exist", id);
    } else if (v->instance) {
        ec2_fail(c, "VolumeInUse", "%s is already attached to an instance", v->res.id);
    } else if (v->due) {
        ec2_fail(c, "IncorrectState", "Volume '%s' is creating", v->res.id);
    } else if (strcmp(v->zone, i->subnet->zone) != 0) {
        ec2_fail(c, "InvalidVolume.ZoneMismatch",
                 "The volume '%s' is not in the same availability zone as instance '%s'", v->res.id,
                 id);
    } else {
        ec2_volume_attach(v, i, sim_param(c->q, "Device"), true, c->now);
        put_attachment(c->out, v, "attaching");
    }
}

void ec2_detach_volume(struct ec2_call *c)
{
    struct ec2_volume *v = find(c);
    if (!v)
        return;
    if (!v->instance) {
        ec2_fail(c, "IncorrectState", "Volume '%s' is in the 'available' state.", v->res.id);
        return;
    }
    put_attachment(c->out, v, "detaching");
    ec2_volume_detach(v);
}

void ec2_delete_volume(struct ec2_call *c)
{
    struct ec2_volume *v = find(c);
    if (!v)
        return;
    if (v->instance) {
        ec2_fail(c, "VolumeInUse", "Volume %s is currently attached to %s", v->res.id,
                 v->instance->res.id);
        return;
    }
    ec2_remove(&v->res);
    SIM_LIT(c->out, "<return>true</return>");
}
