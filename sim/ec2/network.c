/* VPCs, subnets and account attributes, as far as launching needs them. */
#include <stdlib.h>
#include <string.h>

#include "ec2.h"

static void get_owner(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct ec2_res *)o)->owner);
}

static void get_id(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct ec2_res *)o)->id);
}

static void get_yes(const void *o, struct ec2_values *v)
{
    (void)o;
    ec2_value_bool(v, true);
}

static void get_available(const void *o, struct ec2_values *v)
{
    (void)o;
    ec2_value(v, "available");
}

static void get_vpc(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct ec2_subnet *)o)->vpc);
}

static void get_zone(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct ec2_subnet *)o)->zone);
}

static const struct ec2_field vpc_fields[] = {{"vpc-id", get_id},
                                              {"owner-id", get_owner},
                                              {"is-default", get_yes},
                                              {"isDefault", get_yes},
                                              {"state", get_available}};
static const struct ec2_field subnet_fields[] = {
    {"subnet-id", get_id},      {"owner-id", get_owner},         {"vpc-id", get_vpc},
    {"state", get_available},   {"availability-zone", get_zone}, {"availabilityZone", get_zone},
    {"default-for-az", get_yes}};

#define FIELDS(table) table, sizeof table / sizeof *table

const struct ec2_kind ec2_vpcs = {EC2_VPC,
                                  "VpcId",
                                  NULL,
                                  "InvalidVpcID.NotFound",
                                  "InvalidVpcId.Malformed",
                                  "vpc ID",
                                  FIELDS(vpc_fields),
                                  NULL,
                                  NULL,
                                  NULL,
                                  5,
                                  1000};
const struct ec2_kind ec2_subnets = {EC2_SUBNET,
                                     "SubnetId",
                                     NULL,
                                     "InvalidSubnetID.NotFound",
                                     "InvalidSubnetID.Malformed",
                                     "subnet ID",
                                     FIELDS(subnet_fields),
                                     NULL,
                                     NULL,
                                     NULL,
                                     5,
                                     1000};

void ec2_describe_vpcs(struct ec2_call *c)
{
    struct ec2_selection s;
    if (!ec2_select(c, &ec2_vpcs, &s))
        return;
    SIM_LIT(c->out, "<vpcSet>");
    for (size_t i = 0; i < s.n; i++) {
        SIM_LIT(c->out, "<item>");
        sim_elem(c->out, "vpcId", s.at[i]->id);
        sim_elem(c->out, "ownerId", s.at[i]->owner);
        SIM_LIT(c->out, "<state>available</state><cidrBlock>172.31.0.0/16</cidrBlock>"
                        "<dhcpOptionsId>default</dhcpOptionsId>"
                        "<instanceTenancy>default</instanceTenancy><isDefault>true</isDefault>");
        ec2_put_tags(c->out, &s.at[i]->tags);
        SIM_LIT(c->out, "</item>");
    }
    SIM_LIT(c->out, "</vpcSet>");
    ec2_put_next(c, &s);
    free(s.at);
}

void ec2_describe_subnets(struct ec2_call *c)
{
    struct ec2_selection s;
    if (!ec2_select(c, &ec2_subnets, &s))
        return;
    SIM_LIT(c->out, "<subnetSet>");
    for (size_t i = 0; i < s.n; i++) {
        const struct ec2_subnet *n = (const struct ec2_subnet *)s.at[i];
        SIM_LIT(c->out, "<item>");
        sim_elem(c->out, "subnetId", n->res.id);
        SIM_LIT(c->out, "<state>available</state>");
        sim_elem(c->out, "ownerId", n->res.owner);
        sim_elem(c->out, "vpcId", n->vpc);
        sim_elem(c->out, "cidrBlock", n->cidr);
        sim_elem_int(c->out, "availableIpAddressCount", n->used < 4091 ? 4091 - n->used : 0);
        sim_elem(c->out, "availabilityZone", n->zone);
        SIM_LIT(c->out, "<defaultForAz>true</defaultForAz>"
                        "<mapPublicIpOnLaunch>true</mapPublicIpOnLaunch>");
        ec2_put_tags(c->out, &n->res.tags);
        SIM_LIT(c->out, "</item>");
    }
    SIM_LIT(c->out, "</subnetSet>");
    ec2_put_next(c, &s);
    free(s.at);
}

static void put_attribute(struct sim_text *out, const char *name, const char *value)
{
    sim_text_fmt(out,
                 "<item><attributeName>%s</attributeName><attributeValueSet><item>"
                 "<attributeValue>%s</attributeValue></item></attributeValueSet></item>",
                 name, value);
}

void ec2_describe_account_attributes(struct ec2_call *c)
{
    const struct ec2_res *vpc = NULL;
    const struct ec2_store *vpcs = &c->region->stores[EC2_VPC];
    for (size_t i = 0; i < vpcs->n && !vpc; i++)
        if (vpcs->at[i]->owner == c->account)
            vpc = vpcs->at[i];
    SIM_LIT(c->out, "<accountAttributeSet>");
    put_attribute(c->out, "supported-platforms", "VPC");
    put_attribute(c->out, "default-vpc", vpc ? vpc->id : "none");
    put_attribute(c->out, "max-instances", "20");
    put_attribute(c->out, "max-elastic-ips", "5");
    SIM_LIT(c->out, "</accountAttributeSet>");
}
