/* Snapshots of volumes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "ec2.h"

struct ec2_snapshot *ec2_snapshot_new(struct ec2_region *region, const char *account,
                                      int64_t size_gb, const char *volume)
{
    struct ec2_snapshot *s = sim_alloc(sizeof *s);
    s->size_gb = size_gb;
    s->description = sim_strdup("");
    snprintf(s->volume, sizeof s->volume, "%s", volume);
    ec2_add(region, &s->res, EC2_SNAPSHOT, account, NULL);
    return s;
}

static void settle(struct ec2_call *c, struct ec2_res *res)
{
    struct ec2_snapshot *s = (struct ec2_snapshot *)res;
    if (s->due && c->now >= s->due)
        s->due = 0;
}

/* Owner.N; without any, one's own: the public ones are not simulated. */
static bool listed(struct ec2_call *c, const struct ec2_res *res)
{
    const char *want;
    int n = 1;
    for (; (want = sim_paramf(c->q, "Owner.%d", n)); n++)
        if (!strcmp(want, "self") || !strcmp(want, res->owner))
            return true;
    return n == 1;
}

static void get_id(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct ec2_res *)o)->id);
}

static void get_owner(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct ec2_res *)o)->owner);
}

static void get_volume(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct ec2_snapshot *)o)->volume);
}

static void get_status(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct ec2_snapshot *)o)->due ? "pending" : "completed");
}

static void get_description(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct ec2_snapshot *)o)->description);
}

static const struct ec2_field fields[] = {{"snapshot-id", get_id},
                                          {"owner-id", get_owner},
                                          {"volume-id", get_volume},
                                          {"status", get_status},
                                          {"description", get_description}};

const struct ec2_kind ec2_snapshots = {EC2_SNAPSHOT,
                                       "SnapshotId",
                                       NULL,
                                       "InvalidSnapshot.NotFound",
                                       "InvalidParameterValue",
                                       "snapshot",
                                       fields,
                                       sizeof fields / sizeof *fields,
                                       settle,
                                       NULL,
                                       listed,
                                       5,
                                       1000};

static void put_snapshot(struct sim_text *out, const struct ec2_snapshot *s)
{
    sim_elem(out, "snapshotId", s->res.id);
    sim_elem(out, "volumeId", s->volume);
    sim_elem(out, "status", s->due ? "pending" : "completed");
    sim_elem_time(out, "startTime", s->res.created);
    sim_elem(out, "progress", s->due ? "0%" : "100%");
    sim_elem(out, "ownerId", s->res.owner);
    sim_elem_int(out, "volumeSize", s->size_gb);
    sim_elem(out, "description", s->description);
    sim_elem_bool(out, "encrypted", s->encrypted);
    ec2_put_tags(out, &s->res.tags);
}

void ec2_describe_snapshots(struct ec2_call *c)
{
    struct ec2_selection s;
    if (!ec2_select(c, &ec2_snapshots, &s))
        return;
    SIM_LIT(c->out, "<snapshotSet>");
    for (size_t i = 0; i < s.n; i++) {
        SIM_LIT(c->out, "<item>");
        put_snapshot(c->out, (const struct ec2_snapshot *)s.at[i]);
        SIM_LIT(c->out, "</item>");
    }
    SIM_LIT(c->out, "</snapshotSet>");
    ec2_put_next(c, &s);
    free(s.at);
}

void ec2_create_snapshot(struct ec2_call *c)
{
    const char *id = sim_param(c->q, "VolumeId"), *text = sim_param(c->q, "Description");
    const struct ec2_volume *v = (const struct ec2_volume *)ec2_find(c, EC2_VOLUME, id);
    struct ec2_tags tags = {0};
    if (!v) {
        ec2_fail(c, "InvalidVolume.NotFound", "The volume '%s' does not exist.", id);
        return;
    }
    if (!ec2_tags_specified(c, "snapshot", &tags)) {
        ec2_tags_free(&tags);
        return;
    }
    struct ec2_snapshot *s = ec2_snapshot_new(c->region, c->account, v->size_gb, id);
    free(s->description);
    s->description = sim_strdup(text ? text : "");
    s->encrypted = v->encrypted;
    s->due = c->now + c->cloud->settings->volume_ms;
    s->res.tags = tags;
    ec2_hide_fresh(&s->res);
    put_snapshot(c->out, s);
}

void ec2_delete_snapshot(struct ec2_call *c)
{
    const char *id = sim_param(c->q, "SnapshotId");
    struct ec2_snapshot *s = (struct ec2_snapshot *)ec2_find(c, EC2_SNAPSHOT, id);
    if (!s) {
        ec2_fail(c, "InvalidSnapshot.NotFound", "The snapshot '%s' does not exist.", id);
    } else if (s->images) {
        ec2_fail(c, "InvalidSnapshot.InUse", "The snapshot %s is currently in use by an image", id);
    } else {
        ec2_remove(&s->res);
        SIM_LIT(c->out, "<return>true</return>");
    }
}
