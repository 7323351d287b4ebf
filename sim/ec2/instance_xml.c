/* The XML of instances and reservations: written straight into the reply. */
#include <stdio.h>
#include <string.h>

#include "ec2.h"

static void put_groups(struct sim_text *out, const struct ec2_instance *i)
{
    SIM_LIT(out, "<groupSet>");
    for (size_t k = 0; k < i->n_groups; k++) {
        SIM_LIT(out, "<item>");
        sim_elem(out, "groupId", i->groups[k]->res.id);
        sim_elem(out, "groupName", i->groups[k]->res.name);
        SIM_LIT(out, "</item>");
    }
    SIM_LIT(out, "</groupSet>");
}

static void put_disks(struct sim_text *out, const struct ec2_instance *i)
{
    SIM_LIT(out, "<blockDeviceMapping>");
    for (size_t k = 0; k < i->n_volumes; k++) {
        const struct ec2_volume *v = i->volumes[k];
        SIM_LIT(out, "<item>");
        sim_elem(out, "deviceName", v->device);
        SIM_LIT(out, "<ebs>");
        sim_elem(out, "volumeId", v->res.id);
        SIM_LIT(out, "<status>attached</status>");
        sim_elem_time(out, "attachTime", v->attached);
        sim_elem_bool(out, "deleteOnTermination", !v->keep);
        SIM_LIT(out, "</ebs></item>");
    }
    SIM_LIT(out, "</blockDeviceMapping>");
}

/* What an instance's addresses are called. */
struct names {
    char private_ip[16], public_ip[16], private_dns[96], public_dns[96];
};

static void put_association(struct sim_text *out, const struct ec2_instance *i,
                            const struct names *n)
{
    if (!i->public_ip)
        return;
    SIM_LIT(out, "<association>");
    sim_elem(out, "publicIp", n->public_ip);
    sim_elem(out, "publicDnsName", n->public_dns);
    sim_elem(out, "ipOwnerId", i->elastic ? i->res.owner : "amazon");
    SIM_LIT(out, "</association>");
}

static void put_interface(struct sim_text *out, const struct ec2_instance *i, const struct names *n)
{
    SIM_LIT(out, "<networkInterfaceSet>");
    if (i->private_ip) {
        SIM_LIT(out, "<item>");
        sim_elem(out, "networkInterfaceId", i->eni);
        sim_elem(out, "subnetId", i->subnet->res.id);
        sim_elem(out, "vpcId", i->subnet->vpc);
        SIM_LIT(out, "<description/>");
        sim_elem(out, "ownerId", i->res.owner);
        SIM_LIT(out, "<status>in-use</status>");
        sim_elem(out, "macAddress", i->mac);
        sim_elem(out, "privateIpAddress", n->private_ip);
        sim_elem(out, "privateDnsName", n->private_dns);
        sim_elem_bool(out, "sourceDestCheck", i->source_dest_check);
        put_groups(out, i);
        SIM_LIT(out, "<attachment>");
        sim_text_fmt(out, "<attachmentId>eni-attach-%s</attachmentId>", i->eni + 4);
        SIM_LIT(out, "<deviceIndex>0</deviceIndex><status>attached</status>");
        sim_elem_time(out, "attachTime", i->launched);
        SIM_LIT(out, "<deleteOnTermination>true</deleteOnTermination></attachment>");
        put_association(out, i, n);
        SIM_LIT(out, "<privateIpAddressesSet><item>");
        sim_elem(out, "privateIpAddress", n->private_ip);
        sim_elem(out, "privateDnsName", n->private_dns);
        SIM_LIT(out, "<primary>true</primary>");
        put_association(out, i, n);
        SIM_LIT(out, "</item></privateIpAddressesSet><ipv6AddressesSet>");
        if (i->ipv6)
            sim_text_fmt(out, "<item><ipv6Address>2600:1f18::%x</ipv6Address></item>",
                         i->private_ip);
        SIM_LIT(out, "</ipv6AddressesSet><interfaceType>interface</interfaceType></item>");
    }
    SIM_LIT(out, "</networkInterfaceSet>");
}

static void put_state(struct sim_text *out, const struct ec2_instance *i, const struct names *n)
{
    SIM_LIT(out, "<instanceState>");
    sim_elem_int(out, "code", (int64_t)i->state);
    sim_elem(out, "name", ec2_state_name(i->state));
    SIM_LIT(out, "</instanceState>");
    sim_elem(out, "privateDnsName", n->private_dns);
    sim_elem(out, "dnsName", n->public_dns);
    sim_elem(out, "reason", i->reason);
    sim_elem(out, "keyName", i->key);
    sim_elem_int(out, "amiLaunchIndex", i->index);
    SIM_LIT(out, "<productCodes/>");
    sim_elem(out, "instanceType", i->type->res.id);
    sim_elem_time(out, "launchTime", i->launched);
}

static void put_place(struct sim_text *out, const struct ec2_instance *i, const struct names *n)
{
    SIM_LIT(out, "<placement>");
    sim_elem(out, "availabilityZone", i->subnet->zone);
    sim_elem(out, "groupName", i->placement_group ? i->placement_group : "");
    sim_elem(out, "tenancy", i->tenancy);
    SIM_LIT(out, "</placement>");
    if (i->platform)
        sim_elem(out, "platform", i->platform);
    sim_text_puts(out, i->monitoring ? "<monitoring><state>enabled</state></monitoring>"
                                     : "<monitoring><state>disabled</state></monitoring>");
    if (i->private_ip) { /* ended ones have no network any more */
        sim_elem(out, "subnetId", i->subnet->res.id);
        sim_elem(out, "vpcId", i->subnet->vpc);
        sim_elem(out, "privateIpAddress", n->private_ip);
    }
    if (i->public_ip)
        sim_elem(out, "ipAddress", n->public_ip);
    if (i->ipv6 && i->private_ip)
        sim_text_fmt(out, "<ipv6Address>2600:1f18::%x</ipv6Address>", i->private_ip);
    sim_elem_bool(out, "sourceDestCheck", i->source_dest_check);
}

static void put_options(struct sim_text *out, const struct ec2_instance *i)
{
    SIM_LIT(out, "<cpuOptions>");
    sim_elem_int(out, "coreCount", i->type->cores);
    sim_elem_int(out, "threadsPerCore", i->type->cores ? i->type->vcpus / i->type->cores : 1);
    SIM_LIT(out, "</cpuOptions><capacityReservationSpecification>"
                 "<capacityReservationPreference>open</capacityReservationPreference>"
                 "</capacityReservationSpecification><hibernationOptions>");
    sim_elem_bool(out, "configured", i->hibernation);
    SIM_LIT(out, "</hibernationOptions><metadataOptions><state>applied</state>");
    sim_elem(out, "httpTokens", i->tokens);
    sim_elem_int(out, "httpPutResponseHopLimit", i->hop_limit);
    sim_elem(out, "httpEndpoint", i->endpoint);
    SIM_LIT(out, "<httpProtocolIpv6>disabled</httpProtocolIpv6>");
    sim_elem(out, "instanceMetadataTags", i->metadata_tags);
    SIM_LIT(out, "</metadataOptions><enclaveOptions><enabled>false</enabled></enclaveOptions>");
    sim_elem(out, "platformDetails", i->platform ? "Windows" : "Linux/UNIX");
    sim_elem(out, "usageOperation", i->platform ? "RunInstances:0002" : "RunInstances");
}

static void put_instance(struct sim_text *out, const struct ec2_instance *i)
{
    struct names n;
    ec2_ip(n.private_ip, sizeof n.private_ip, i->private_ip);
    ec2_ip(n.public_ip, sizeof n.public_ip, i->public_ip);
    ec2_private_dns(n.private_dns, sizeof n.private_dns, i);
    ec2_public_dns(n.public_dns, sizeof n.public_dns, i);
    SIM_LIT(out, "<item>");
    sim_elem(out, "instanceId", i->res.id);
    sim_elem(out, "imageId", i->image);
    put_state(out, i, &n);
    put_place(out, i, &n);
    put_groups(out, i);
    if (*i->reason_code) {
        SIM_LIT(out, "<stateReason>");
        sim_elem(out, "code", i->reason_code);
        sim_elem(out, "message", i->reason_message);
        SIM_LIT(out, "</stateReason>");
    }
    sim_elem(out, "architecture", i->arch);
    sim_elem(out, "rootDeviceType", i->instance_store ? "instance-store" : "ebs");
    sim_elem(out, "rootDeviceName", i->root_device);
    put_disks(out, i);
    sim_elem(out, "instanceLifecycle", i->lifecycle);
    sim_elem(out, "virtualizationType", i->virtualization);
    sim_elem(out, "clientToken", i->client_token ? i->client_token : "");
    ec2_put_tags(out, &i->res.tags);
    SIM_LIT(out, "<hypervisor>xen</hypervisor>");
    put_interface(out, i, &n);
    if (i->profile)
        sim_text_fmt(out, "<iamInstanceProfile><arn>%s</arn><id>AIPASIM</id></iamInstanceProfile>",
                     i->profile);
    sim_elem_bool(out, "ebsOptimized", i->ebs_optimized);
    SIM_LIT(out, "<enaSupport>true</enaSupport>");
    put_options(out, i);
    SIM_LIT(out, "</item>");
}

void ec2_put_reservation(struct sim_text *out, struct ec2_instance *const *at, size_t n)
{
    sim_elem(out, "reservationId", at[0]->reservation);
    sim_elem(out, "ownerId", at[0]->res.owner);
    SIM_LIT(out, "<groupSet/><instancesSet>");
    for (size_t k = 0; k < n; k++)
        put_instance(out, at[k]);
    SIM_LIT(out, "</instancesSet>");
}
