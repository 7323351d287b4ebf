/* Making, copying, sharing and deregistering images. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "ec2.h"

/* 3 to 128 of letters, digits and ()[] ./-'@_ */
static bool check_name(struct ec2_call *c, const char *name)
{
    size_t len = strlen(name);
    if (len < 3 || len > 128 ||
        strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789()[] ./-'@_") !=
            len)
        return ec2_fail(c, "InvalidAMIName.Malformed",
                        "AMI names must be between 3 and 128 characters long, and may contain "
                        "letters, numbers, '(', ')', '.', '-', '/', '[', ']', ''', '@', '_' and "
                        "spaces");
    const struct ec2_store *s = &c->region->stores[EC2_IMAGE];
    for (size_t i = 0; i < s->n; i++)
        if (s->at[i]->owner == c->account && !strcmp(s->at[i]->name, name))
            return ec2_fail(c, "InvalidAMIName.Duplicate",
                            "AMI name %s is already in use by AMI %s", name, s->at[i]->id);
    return true;
}

/* An image of one's own that becomes available in a while. */
static struct ec2_image *make(struct ec2_call *c, const char *name)
{
    const char *description = sim_param(c->q, "Description");
    struct ec2_tags tags = {0};
    if (!check_name(c, name) || !ec2_tags_specified(c, "image", &tags)) {
        ec2_tags_free(&tags);
        return NULL;
    }
    struct ec2_image *m = ec2_image_new(c->region, c->account, NULL, name);
    m->state = "pending";
    m->due = c->now + c->cloud->settings->image_ms;
    m->res.tags = tags;
    if (description) {
        free(m->description);
        m->description = sim_strdup(description);
    }
    ec2_hide_fresh(&m->res);
    return m;
}

static struct ec2_snapshot *snapshot_for(struct ec2_image *m, int64_t gb, const char *volume)
{
    struct ec2_snapshot *s = ec2_snapshot_new(m->res.region, m->res.owner, gb, volume);
    s->images++;
    free(s->description);
    s->description = sim_fmt("Created by CreateImage(%s) for %s", m->source_instance, m->res.id);
    return s;
}

static bool instance_can(struct ec2_call *c, const char *id, const struct ec2_instance *i)
{
    if (!i)
        return ec2_fail(c, "InvalidInstanceID.NotFound", "The instance ID '%s' does not exist", id);
    if (i->instance_store)
        return ec2_fail(c, "InvalidParameterValue",
                        "The instance '%s' does not have an ebs root device", id);
    if (i->state != EC2_RUNNING && i->state != EC2_STOPPED && i->state != EC2_STOPPING)
        return ec2_fail(c, "IncorrectState",
                        "The instance '%s' is in the state '%s'; it must be running or stopped", id,
                        ec2_state_name(i->state));
    return true;
}

void ec2_create_image(struct ec2_call *c)
{
    const char *id = sim_param(c->q, "InstanceId");
    struct ec2_instance *i = (struct ec2_instance *)ec2_find(c, EC2_INSTANCE, id);
    if (!instance_can(c, id, i))
        return;
    struct ec2_image *m = make(c, sim_param(c->q, "Name"));
    if (!m)
        return;
    const struct ec2_volume *root = i->n_volumes ? i->volumes[0] : NULL;
    m->arch = i->arch;
    m->platform = i->platform;
    m->root_device = i->root_device;
    m->virtualization = i->virtualization;
    snprintf(m->source_instance, sizeof m->source_instance, "%s", i->res.id);
    m->snapshot = snapshot_for(m, root ? root->size_gb : 8, root ? root->res.id : "vol-ffffffff");
    sim_elem(c->out, "imageId", m->res.id);
}

static struct ec2_image *find(struct ec2_call *c, const char *id, bool own)
{
    struct ec2_image *m = (struct ec2_image *)ec2_find(c, EC2_IMAGE, id);
    if (!m || !ec2_image_shown(c, &m->res)) {
        bool known = !strncmp(id, "ami-", 4);
        ec2_fail(c, known ? "InvalidAMIID.NotFound" : "InvalidAMIID.Malformed",
                 known ? "The image id '[%s]' does not exist" : "Invalid id: \"%s\"", id);
        return NULL;
    }
    if (own && m->res.owner != c->account) {
        ec2_fail(c, "AuthFailure", "Not authorized for images: [%s]", id);
        return NULL;
    }
    return m;
}

void ec2_copy_image(struct ec2_call *c)
{
    const char *done, *id = sim_param(c->q, "SourceImageId");
    struct ec2_call there = *c;
    if (!ec2_token_find(c, &done))
        return;
    if (done) {
        sim_elem(c->out, "imageId", done);
        return;
    }
    there.region = ec2_region_find(c->cloud, sim_param(c->q, "SourceRegion"));
    if (!there.region) {
        ec2_fail(c, "InvalidParameterValue", "There is no region '%s'",
                 sim_param(c->q, "SourceRegion"));
        return;
    }
    ec2_region_open(there.region, c->account);
    const struct ec2_image *from = find(&there, id, false);
    c->failed = there.failed;
    struct ec2_image *m = from ? make(c, sim_param(c->q, "Name")) : NULL;
    if (!m)
        return;
    m->arch = from->arch;
    m->platform = from->platform;
    m->root_device = from->root_device;
    m->snapshot = snapshot_for(m, from->snapshot ? from->snapshot->size_gb : 8, "vol-ffffffff");
    ec2_token_keep(c, m->res.id);
    sim_elem(c->out, "imageId", m->res.id);
}

void ec2_register_image(struct ec2_call *c)
{
    const char *arch = sim_param(c->q, "Architecture"), *root = sim_param(c->q, "RootDeviceName");
    const char *snap = sim_param(c->q, "BlockDeviceMapping.1.Ebs.SnapshotId");
    struct ec2_snapshot *s = (struct ec2_snapshot *)ec2_find(c, EC2_SNAPSHOT, snap);
    if (snap && !s) {
        ec2_fail(c, "InvalidSnapshot.NotFound", "The snapshot '%s' does not exist.", snap);
        return;
    }
    struct ec2_image *m = make(c, sim_param(c->q, "Name"));
    if (!m)
        return;
    m->arch = arch ? ec2_intern(c->cloud, arch) : m->arch;
    m->root_device = root ? ec2_intern(c->cloud, root) : m->root_device;
    m->instance_store = !snap;
    m->snapshot = s;
    if (s)
        s->images++;
    sim_elem(c->out, "imageId", m->res.id);
}

void ec2_deregister_image(struct ec2_call *c)
{
    struct ec2_image *m = find(c, sim_param(c->q, "ImageId"), true);
    if (!m)
        return;
    struct ec2_snapshot *s = m->snapshot;
    if (s)
        s->images--;
    ec2_remove(&m->res);
    SIM_LIT(c->out, "<return>true</return>");
    if (!ec2_bool(c, "DeleteAssociatedSnapshots", false))
        return;
    SIM_LIT(c->out, "<deleteSnapshotResultSet>");
    if (s) {
        SIM_LIT(c->out, "<item>");
        sim_elem(c->out, "snapshotId", s->res.id);
        sim_elem(c->out, "returnCode", s->images ? "skipped" : "success");
        SIM_LIT(c->out, "</item>");
        if (!s->images)
            ec2_remove(&s->res);
    }
    SIM_LIT(c->out, "</deleteSnapshotResultSet>");
}

static void share(struct ec2_image *m, const char *account, bool yes)
{
    for (size_t i = 0; i < m->n_shared; i++)
        if (m->shared[i] == account) {
            m->shared[i] = m->shared[--m->n_shared];
            break;
        }
    if (!yes)
        return;
    SIM_PUSH(m->shared, m->n_shared, m->shared_size);
    m->shared[m->n_shared++] = account;
}

void ec2_modify_image_attribute(struct ec2_call *c)
{
    struct ec2_image *m = find(c, sim_param(c->q, "ImageId"), true);
    const char *text = sim_param(c->q, "Description.Value");
    if (!m)
        return;
    if (text) {
        free(m->description);
        m->description = sim_strdup(text);
    }
    for (int add = 0; add < 2; add++) {
        const char *word = add ? "Add" : "Remove";
        const char *user, *group;
        for (int n = 1;; n++) {
            user = sim_paramf(c->q, "LaunchPermission.%s.%d.UserId", word, n);
            group = sim_paramf(c->q, "LaunchPermission.%s.%d.Group", word, n);
            if (!user && !group)
                break;
            if (user)
                share(m, ec2_intern(c->cloud, user), add);
            if (group)
                m->is_public = add;
        }
    }
    SIM_LIT(c->out, "<return>true</return>");
}
