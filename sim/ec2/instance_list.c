/* Listing instances and their status: fields for filters, reservations, pages. */
#include <stdlib.h>
#include <string.h>

#include "ec2.h"

static const struct ec2_instance *of(const void *o)
{
    return o;
}

/* A getter of one text. */
#define TEXT(name, expression)                                                                     \
    static void name(const void *o, struct ec2_values *v)                                          \
    {                                                                                              \
        const struct ec2_instance *i = of(o);                                                      \
        ec2_value(v, expression);                                                                  \
    }
TEXT(get_id, i->res.id)
TEXT(get_image, i->image)
TEXT(get_type, i->type->res.id)
TEXT(get_state, ec2_state_name(i->state))
TEXT(get_zone, i->subnet->zone)
TEXT(get_key, i->key)
TEXT(get_owner, i->res.owner)
TEXT(get_reservation, i->reservation)
TEXT(get_token, i->client_token)
TEXT(get_arch, i->arch)
TEXT(get_platform, i->platform)
TEXT(get_root, i->root_device)
TEXT(get_root_type, i->instance_store ? "instance-store" : "ebs")
TEXT(get_virtualization, i->virtualization)
TEXT(get_lifecycle, i->lifecycle)
TEXT(get_tenancy, i->tenancy)
TEXT(get_monitoring, i->monitoring ? "enabled" : "disabled")
TEXT(get_hypervisor, i ? "xen" : NULL)
TEXT(get_subnet, i->private_ip ? i->subnet->res.id : NULL)
TEXT(get_vpc, i->private_ip ? i->subnet->vpc : NULL)
TEXT(get_reason, *i->reason_code ? i->reason_code : NULL)
TEXT(get_metadata_tokens, i->tokens)
TEXT(get_profile, i->profile)

static void get_code(const void *o, struct ec2_values *v)
{
    ec2_value_fmt(v, "%d", (int)of(o)->state);
}

static void get_index(const void *o, struct ec2_values *v)
{
    ec2_value_fmt(v, "%u", of(o)->index);
}

static void get_launched(const void *o, struct ec2_values *v)
{
    ec2_value_time(v, of(o)->launched);
}

static void get_private_ip(const void *o, struct ec2_values *v)
{
    char ip[16];
    ec2_ip(ip, sizeof ip, of(o)->private_ip);
    if (of(o)->private_ip)
        ec2_value_fmt(v, "%s", ip);
}

static void get_public_ip(const void *o, struct ec2_values *v)
{
    char ip[16];
    ec2_ip(ip, sizeof ip, of(o)->public_ip);
    if (of(o)->public_ip)
        ec2_value_fmt(v, "%s", ip);
}

static void get_private_dns(const void *o, struct ec2_values *v)
{
    char dns[96];
    ec2_private_dns(dns, sizeof dns, of(o));
    ec2_value_fmt(v, "%s", dns);
}

static void get_public_dns(const void *o, struct ec2_values *v)
{
    char dns[96];
    ec2_public_dns(dns, sizeof dns, of(o));
    ec2_value_fmt(v, "%s", dns);
}

static void get_group_ids(const void *o, struct ec2_values *v)
{
    for (size_t k = 0; k < of(o)->n_groups; k++)
        ec2_value(v, of(o)->groups[k]->res.id);
}

static void get_group_names(const void *o, struct ec2_values *v)
{
    for (size_t k = 0; k < of(o)->n_groups; k++)
        ec2_value(v, of(o)->groups[k]->res.name);
}

static void get_volumes(const void *o, struct ec2_values *v)
{
    for (size_t k = 0; k < of(o)->n_volumes; k++)
        ec2_value(v, of(o)->volumes[k]->res.id);
}

static const struct ec2_field fields[] = {
    {"instance-id", get_id},
    {"image-id", get_image},
    {"instance-type", get_type},
    {"instance-state-name", get_state},
    {"instance-state-code", get_code},
    {"availability-zone", get_zone},
    {"key-name", get_key},
    {"owner-id", get_owner},
    {"reservation-id", get_reservation},
    {"client-token", get_token},
    {"architecture", get_arch},
    {"platform", get_platform},
    {"root-device-name", get_root},
    {"root-device-type", get_root_type},
    {"virtualization-type", get_virtualization},
    {"hypervisor", get_hypervisor},
    {"instance-lifecycle", get_lifecycle},
    {"tenancy", get_tenancy},
    {"monitoring-state", get_monitoring},
    {"subnet-id", get_subnet},
    {"network-interface.subnet-id", get_subnet},
    {"vpc-id", get_vpc},
    {"network-interface.vpc-id", get_vpc},
    {"launch-index", get_index},
    {"launch-time", get_launched},
    {"private-ip-address", get_private_ip},
    {"network-interface.addresses.private-ip-address", get_private_ip},
    {"ip-address", get_public_ip},
    {"network-interface.addresses.association.public-ip", get_public_ip},
    {"private-dns-name", get_private_dns},
    {"dns-name", get_public_dns},
    {"group-id", get_group_ids},
    {"instance.group-id", get_group_ids},
    {"network-interface.group-id", get_group_ids},
    {"group-name", get_group_names},
    {"instance.group-name", get_group_names},
    {"block-device-mapping.volume-id", get_volumes},
    {"state-reason-code", get_reason},
    {"metadata-options.http-tokens", get_metadata_tokens},
    {"iam-instance-profile.arn", get_profile},
};

static const struct ec2_field status_fields[] = {
    {"instance-state-name", get_state},
    {"instance-state-code", get_code},
    {"availability-zone", get_zone},
};

static bool running(struct ec2_call *c, const struct ec2_res *res)
{
    return ec2_bool(c, "IncludeAllInstances", false) || of(res)->state == EC2_RUNNING;
}

#define INSTANCES(table, listed)                                                                   \
    {                                                                                              \
        EC2_INSTANCE, "InstanceId", NULL, "InvalidInstanceID.NotFound",                            \
            "InvalidInstanceID.Malformed", "instance ID", table, sizeof table / sizeof *table,     \
            NULL, NULL, listed, 5, 1000                                                            \
    }
const struct ec2_kind ec2_instances = INSTANCES(fields, NULL);
static const struct ec2_kind statuses = INSTANCES(status_fields, running);

void ec2_describe_instances(struct ec2_call *c)
{
    struct ec2_selection s;
    if (!ec2_select(c, &ec2_instances, &s))
        return;
    SIM_LIT(c->out, "<reservationSet>");
    for (size_t i = 0, n; i < s.n; i += n) {
        struct ec2_instance *const *at = (struct ec2_instance *const *)(void *)(s.at + i);
        for (n = 1; i + n < s.n && !strcmp(at[n]->reservation, at[0]->reservation);)
            n++;
        SIM_LIT(c->out, "<item>");
        ec2_put_reservation(c->out, at, n);
        SIM_LIT(c->out, "</item>");
    }
    SIM_LIT(c->out, "</reservationSet>");
    ec2_put_next(c, &s);
    free(s.at);
}

static void put_check(struct ec2_call *c, const char *name, const char *status)
{
    sim_open(c->out, name);
    sim_elem(c->out, "status", status);
    SIM_LIT(c->out, "<details><item><name>reachability</name>");
    sim_elem(c->out, "status", strcmp(status, "ok") ? status : "passed");
    SIM_LIT(c->out, "</item></details>");
    sim_close(c->out, name);
}

void ec2_describe_instance_status(struct ec2_call *c)
{
    struct ec2_selection s;
    if (!ec2_select(c, &statuses, &s))
        return;
    SIM_LIT(c->out, "<instanceStatusSet>");
    for (size_t k = 0; k < s.n; k++) {
        const struct ec2_instance *i = of(s.at[k]);
        if (!running(c, s.at[k])) /* ids of others are known, but not reported */
            continue;
        bool checked = c->now >= i->launched + c->cloud->settings->status_ms;
        const char *status = i->state != EC2_RUNNING ? "not-applicable"
                             : checked               ? "ok"
                                                     : "initializing";
        SIM_LIT(c->out, "<item>");
        sim_elem(c->out, "instanceId", i->res.id);
        sim_elem(c->out, "availabilityZone", i->subnet->zone);
        SIM_LIT(c->out, "<instanceState>");
        sim_elem_int(c->out, "code", (int64_t)i->state);
        sim_elem(c->out, "name", ec2_state_name(i->state));
        SIM_LIT(c->out, "</instanceState>");
        put_check(c, "systemStatus", status);
        put_check(c, "instanceStatus", status);
        SIM_LIT(c->out, "</item>");
    }
    SIM_LIT(c->out, "</instanceStatusSet>");
    ec2_put_next(c, &s);
    free(s.at);
}
