/* Elastic addresses. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "ec2.h"

static void get_id(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct ec2_res *)o)->id);
}

static void get_ip(const void *o, struct ec2_values *v)
{
    char ip[16];
    ec2_ip(ip, sizeof ip, ((const struct ec2_address *)o)->ip);
    ec2_value_fmt(v, "%s", ip);
}

static void get_instance(const void *o, struct ec2_values *v)
{
    const struct ec2_address *a = o;
    if (a->instance)
        ec2_value(v, a->instance->res.id);
}

static void get_domain(const void *o, struct ec2_values *v)
{
    (void)o;
    ec2_value(v, "vpc");
}

static const struct ec2_field fields[] = {{"allocation-id", get_id},
                                          {"public-ip", get_ip},
                                          {"instance-id", get_instance},
                                          {"domain", get_domain}};

const struct ec2_kind ec2_addresses = {EC2_ADDRESS,
                                       "AllocationId",
                                       NULL,
                                       "InvalidAllocationID.NotFound",
                                       "InvalidAllocationID.NotFound",
                                       "allocation ID",
                                       fields,
                                       sizeof fields / sizeof *fields,
                                       NULL,
                                       NULL,
                                       NULL,
                                       0,
                                       0};

static void put_address(struct sim_text *out, const struct ec2_address *a)
{
    char ip[16];
    ec2_ip(ip, sizeof ip, a->ip);
    sim_elem(out, "publicIp", ip);
    sim_elem(out, "allocationId", a->res.id);
    sim_elem(out, "domain", "vpc");
    sim_elem(out, "networkBorderGroup", a->res.region->name);
    if (a->instance) {
        sim_elem(out, "instanceId", a->instance->res.id);
        sim_elem(out, "associationId", a->association);
        sim_elem(out, "networkInterfaceId", a->instance->eni);
        ec2_ip(ip, sizeof ip, a->instance->private_ip);
        sim_elem(out, "privateIpAddress", ip);
    }
    ec2_put_tags(out, &a->res.tags);
}

/* PublicIp.N chooses too. */
static bool chosen(struct ec2_call *c, const struct ec2_address *a)
{
    const char *want;
    char ip[16];
    int n = 1;
    ec2_ip(ip, sizeof ip, a->ip);
    for (; (want = sim_paramf(c->q, "PublicIp.%d", n)); n++)
        if (!strcmp(want, ip))
            return true;
    return n == 1;
}

void ec2_describe_addresses(struct ec2_call *c)
{
    struct ec2_selection s;
    if (!ec2_select(c, &ec2_addresses, &s))
        return;
    SIM_LIT(c->out, "<addressesSet>");
    for (size_t i = 0; i < s.n; i++) {
        const struct ec2_address *a = (const struct ec2_address *)s.at[i];
        if (!chosen(c, a))
            continue;
        SIM_LIT(c->out, "<item>");
        put_address(c->out, a);
        SIM_LIT(c->out, "</item>");
    }
    SIM_LIT(c->out, "</addressesSet>");
    free(s.at);
}

void ec2_allocate_address(struct ec2_call *c)
{
    struct ec2_tags tags = {0};
    if (!ec2_tags_specified(c, "elastic-ip", &tags)) {
        ec2_tags_free(&tags);
        return;
    }
    struct ec2_address *a = sim_alloc(sizeof *a);
    a->ip = ec2_new_public_ip(c->cloud);
    a->res.tags = tags;
    ec2_add(c->region, &a->res, EC2_ADDRESS, c->account, NULL);
    put_address(c->out, a);
}

static struct ec2_address *find(struct ec2_call *c)
{
    const char *id = sim_param(c->q, "AllocationId"), *ip = sim_param(c->q, "PublicIp");
    const char *link = sim_param(c->q, "AssociationId");
    const struct ec2_store *s = &c->region->stores[EC2_ADDRESS];
    char own[16];
    for (size_t i = 0; i < s->n; i++) {
        struct ec2_address *a = (struct ec2_address *)s->at[i];
        ec2_ip(own, sizeof own, a->ip);
        if (a->res.owner == c->account &&
            ((id && !strcmp(a->res.id, id)) || (ip && !strcmp(own, ip)) ||
             (link && a->instance && !strcmp(a->association, link))))
            return a;
    }
    if (link)
        ec2_fail(c, "InvalidAssociationID.NotFound", "The association ID '%s' does not exist",
                 link);
    else if (id)
        ec2_fail(c, "InvalidAllocationID.NotFound", "The allocation ID '%s' does not exist", id);
    else
        ec2_fail(c, ip ? "InvalidAddress.NotFound" : "MissingParameter",
                 ip ? "Address '%s' not found." : "An allocation or address is needed%s",
                 ip ? ip : "");
    return NULL;
}

static void disconnect(struct ec2_address *a)
{
    if (!a->instance)
        return;
    a->instance->elastic = false;
    a->instance->public_ip = 0;
    a->instance = NULL;
}

void ec2_address_release(struct ec2_instance *i)
{
    const struct ec2_store *s = &i->res.region->stores[EC2_ADDRESS];
    for (size_t k = 0; i->elastic && k < s->n; k++)
        if (((struct ec2_address *)s->at[k])->instance == i)
            disconnect((struct ec2_address *)s->at[k]);
}

void ec2_associate_address(struct ec2_call *c)
{
    struct ec2_address *a = find(c);
    const char *id = sim_param(c->q, "InstanceId");
    struct ec2_instance *i = a ? (struct ec2_instance *)ec2_find(c, EC2_INSTANCE, id) : NULL;
    if (!a)
        return;
    if (!i) {
        ec2_fail(c, "InvalidInstanceID.NotFound", "The instance ID '%s' does not exist",
                 id ? id : "");
        return;
    }
    if (a->instance && a->instance != i && !ec2_bool(c, "AllowReassociation", true)) {
        ec2_fail(c, "Resource.AlreadyAssociated",
                 "resource %s is already associated with associate-id %s", a->res.id,
                 a->association);
        return;
    }
    disconnect(a);
    ec2_address_release(i);
    ec2_new_id(c->cloud, a->association, sizeof a->association, "eipassoc-");
    a->instance = i;
    i->elastic = true;
    i->public_ip = a->ip;
    SIM_LIT(c->out, "<return>true</return>");
    sim_elem(c->out, "associationId", a->association);
}

void ec2_disassociate_address(struct ec2_call *c)
{
    struct ec2_address *a = find(c);
    if (!a)
        return;
    disconnect(a);
    SIM_LIT(c->out, "<return>true</return>");
}

void ec2_release_address(struct ec2_call *c)
{
    struct ec2_address *a = find(c);
    if (!a)
        return;
    if (a->instance) {
        ec2_fail(c, "InvalidIPAddress.InUse", "Address is associated with %s", a->instance->res.id);
        return;
    }
    ec2_remove(&a->res);
    SIM_LIT(c->out, "<return>true</return>");
}
