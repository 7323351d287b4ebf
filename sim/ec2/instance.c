/* Instances: their life, their addresses, and how they are launched. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "ec2.h"

const char *ec2_state_name(enum ec2_state state)
{
    switch (state) {
    case EC2_PENDING:
        return "pending";
    case EC2_RUNNING:
        return "running";
    case EC2_SHUTTING_DOWN:
        return "shutting-down";
    case EC2_TERMINATED:
        return "terminated";
    case EC2_STOPPING:
        return "stopping";
    case EC2_STOPPED:
        return "stopped";
    }
    return "unknown";
}

void ec2_ip(char *buf, size_t size, uint32_t ip)
{
    snprintf(buf, size, "%u.%u.%u.%u", ip >> 24, ip >> 16 & 255, ip >> 8 & 255, ip & 255);
}

static void put_dns(char *buf, size_t size, const char *word, uint32_t ip, const char *domain)
{
    snprintf(buf, size, "%s-%u-%u-%u-%u.%s", word, ip >> 24, ip >> 16 & 255, ip >> 8 & 255,
             ip & 255, domain);
}

void ec2_private_dns(char *buf, size_t size, const struct ec2_instance *i)
{
    char domain[64];
    bool first = !strcmp(i->res.region->name, "us-east-1");
    snprintf(domain, sizeof domain, first ? "ec2.internal" : "%s.compute.internal",
             i->res.region->name);
    *buf = 0;
    if (i->private_ip)
        put_dns(buf, size, "ip", i->private_ip, domain);
}

void ec2_public_dns(char *buf, size_t size, const struct ec2_instance *i)
{
    char domain[64];
    bool first = !strcmp(i->res.region->name, "us-east-1");
    snprintf(domain, sizeof domain, first ? "compute-1.amazonaws.com" : "%s.compute.amazonaws.com",
             i->res.region->name);
    *buf = 0;
    if (i->public_ip)
        put_dns(buf, size, "ec2", i->public_ip, domain);
}

uint32_t ec2_new_public_ip(struct ec2 *cloud)
{
    return (54u << 24 | 160u << 16) + ++cloud->public_ips;
}

static uint32_t new_private_ip(struct ec2_subnet *s)
{
    enum { ROOM = 4000 };
    unsigned n = s->used++;
    /* A subnet that is full goes on elsewhere: the simulator is to hold any number. */
    return n < ROOM ? s->base + 4 + n
                    : (10u << 24) + (uint32_t)(s->zone[strlen(s->zone) - 1] - 'a') * (1u << 22) + n;
}

static void drop_volumes(struct ec2_instance *i)
{
    while (i->n_volumes) {
        struct ec2_volume *v = i->volumes[i->n_volumes - 1];
        ec2_volume_detach(v);
        if (!v->keep)
            ec2_remove(&v->res);
    }
}

static void arrive(struct ec2_instance *i, int64_t now)
{
    struct ec2 *cloud = i->res.region->cloud;
    if (i->state == EC2_STOPPED && !i->elastic)
        i->public_ip = 0;
    if (i->state != EC2_TERMINATED)
        return;
    ec2_address_release(i);
    drop_volumes(i);
    i->public_ip = i->private_ip = 0;
    i->n_groups = 0;
    i->ended = now + cloud->settings->keep_terminated_ms;
}

static void note_due(struct ec2_region *region, int64_t due)
{
    if (due && (!region->due || due < region->due))
        region->due = due;
}

void ec2_instance_enter(struct ec2_instance *i, enum ec2_state state, enum ec2_state next,
                        int64_t ms, int64_t now)
{
    i->state = state;
    i->next = next;
    i->due = state == next ? 0 : now + ms;
    arrive(i, now);
    note_due(i->res.region, i->due ? i->due : i->ended);
}

void ec2_instance_by_user(struct ec2_instance *i, int64_t now)
{
    char when[32];
    sim_iso_time(when, sizeof when, now);
    when[10] = ' ';
    snprintf(i->reason, sizeof i->reason, "User initiated (%.19s GMT)", when);
    i->reason_code = "Client.UserInitiatedShutdown";
    i->reason_message = "Client.UserInitiatedShutdown: User initiated shutdown";
}

void ec2_region_settle(struct ec2_region *region, int64_t now)
{
    struct ec2_store *s = &region->stores[EC2_INSTANCE];
    if (!region->due || now < region->due)
        return;
    size_t kept = 0, n = s->n;
    region->due = 0;
    for (size_t k = 0; k < n; k++) {
        struct ec2_instance *i = (struct ec2_instance *)s->at[k];
        if (i->due && now >= i->due)
            ec2_instance_enter(i, i->next, i->next, 0, i->due);
        if (i->ended && now >= i->ended) {
            sim_map_remove(&region->by_id, i->res.id);
            ec2_free_res(&i->res);
            continue;
        }
        note_due(region, i->due ? i->due : i->ended);
        s->at[kept++] = s->at[k];
    }
    s->n = kept;
}

void ec2_instance_free(struct ec2_instance *i)
{
    free(i->groups);
    free(i->volumes);
    free(i->user_data);
}

void ec2_launch_image(struct ec2_launch *l, const struct ec2_image *image)
{
    struct ec2_instance *m = &l->model;
    snprintf(m->image, sizeof m->image, "%s", image->res.id);
    m->arch = image->arch;
    m->platform = image->platform;
    m->root_device = image->root_device;
    m->virtualization = image->virtualization;
    m->instance_store = image->instance_store;
    m->tenancy = "default";
    m->tokens = "optional";
    m->endpoint = "enabled";
    m->metadata_tags = "disabled";
    m->shutdown = "stop";
    m->hop_limit = 1;
    m->source_dest_check = true;
    m->reason_code = m->reason_message = "";
    l->public_ip = true;
    if (image->instance_store)
        return;
    struct ec2_disk *root = &l->disks[l->n_disks++];
    *root = (struct ec2_disk){.gb = image->snapshot ? image->snapshot->size_gb : 8,
                              .kind = "gp3",
                              .encrypted = image->snapshot && image->snapshot->encrypted};
    snprintf(root->device, sizeof root->device, "%s", image->root_device);
    if (image->snapshot)
        snprintf(root->snapshot, sizeof root->snapshot, "%s", image->snapshot->res.id);
}

void ec2_launch_free(struct ec2_launch *l)
{
    free(l->model.groups);
    free(l->model.user_data);
    ec2_tags_free(&l->tags);
    ec2_tags_free(&l->volume_tags);
}

static void add_disks(struct ec2_instance *i, const struct ec2_launch *l, int64_t now)
{
    for (size_t k = 0; k < l->n_disks; k++) {
        const struct ec2_disk *d = &l->disks[k];
        struct ec2_volume *v =
            ec2_volume_new(i->res.region, i->res.owner, d->gb, d->kind, i->subnet->zone);
        v->encrypted = d->encrypted;
        v->iops = d->iops ? d->iops : v->iops;
        memcpy(v->snapshot, d->snapshot, sizeof v->snapshot);
        ec2_tags_copy(&v->res.tags, &l->volume_tags);
        ec2_volume_attach(v, i, d->device, d->keep, now);
    }
}

static struct ec2_instance *launch_one(struct ec2_region *region, const char *account,
                                       const struct ec2_launch *l, const char *id, int64_t now)
{
    struct ec2_instance *i = sim_alloc(sizeof *i);
    char hex[16];
    *i = l->model;
    i->user_data = sim_strdup(l->model.user_data);
    i->groups = sim_alloc((i->n_groups ? i->n_groups : 1) * sizeof(struct ec2_group *));
    if (i->n_groups)
        memcpy(i->groups, l->model.groups, i->n_groups * sizeof(struct ec2_group *));
    i->groups_size = i->n_groups;
    i->private_ip = new_private_ip(i->subnet);
    i->had_public = l->public_ip;
    i->public_ip = l->public_ip ? ec2_new_public_ip(region->cloud) : 0;
    i->launched = now;
    i->res.created = now;
    ec2_add(region, &i->res, EC2_INSTANCE, account, id);
    ec2_tags_copy(&i->res.tags, &l->tags);
    ec2_new_id(region->cloud, i->eni, sizeof i->eni, "eni-");
    sim_random_hex(region->cloud->sim, hex, 10);
    snprintf(i->mac, sizeof i->mac, "0a:%.2s:%.2s:%.2s:%.2s:%.2s", hex, hex + 2, hex + 4, hex + 6,
             hex + 8);
    add_disks(i, l, now);
    region->instances++;
    return i;
}

void ec2_launch(struct ec2_region *region, const char *account, const struct ec2_launch *l,
                size_t count, const char *id, int64_t now, struct ec2_instance **made)
{
    char reservation[24];
    ec2_new_id(region->cloud, reservation, sizeof reservation, "r-");
    for (size_t k = 0; k < count; k++) {
        made[k] = launch_one(region, account, l, id, now);
        made[k]->index = (unsigned)k;
        memcpy(made[k]->reservation, reservation, sizeof reservation);
    }
}
