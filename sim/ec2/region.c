/* Regions and zones, and the network that every account has in each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "ec2.h"

/* Those that need no opting in, then those that do. */
static const char *const open_regions[] = {
    "us-east-1",      "us-east-2",      "us-west-1",      "us-west-2",      "ca-central-1",
    "eu-west-1",      "eu-west-2",      "eu-west-3",      "eu-central-1",   "eu-north-1",
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1",     "ap-southeast-1",
    "ap-southeast-2", "sa-east-1",      "cn-north-1",     "cn-northwest-1", "us-gov-east-1",
    "us-gov-west-1"};
static const char *const opt_in_regions[] = {
    "af-south-1",     "ap-east-1",      "ap-east-2",      "ap-south-2",     "ap-southeast-3",
    "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-west-1",
    "eu-central-2",   "eu-south-1",     "eu-south-2",     "il-central-1",   "me-central-1",
    "me-south-1",     "mx-central-1"};

/* us-east-1: use1; ap-southeast-2: apse2; us-gov-west-1: usgw1. */
static void shorten(char *out, size_t size, const char *name)
{
    static const char *const parts[][2] = {
        {"northeast", "ne"}, {"northwest", "nw"}, {"southeast", "se"}, {"southwest", "sw"},
        {"north", "n"},      {"south", "s"},      {"east", "e"},       {"west", "w"},
        {"central", "c"},    {"gov", "g"}};
    size_t n = 0;
    for (const char *p = name; *p && n + 12 < size;) {
        size_t len = strcspn(p, "-");
        const char *word = NULL;
        for (size_t i = 0; i < sizeof parts / sizeof *parts && !word; i++)
            if (strlen(parts[i][0]) == len && !memcmp(p, parts[i][0], len))
                word = parts[i][1];
        n += (size_t)(word ? snprintf(out + n, size - n, "%s", word)
                           : snprintf(out + n, size - n, "%.*s", (int)(len < 8 ? len : 8), p));
        p += len;
        p += *p == '-';
    }
    out[n] = 0;
}

struct ec2_region *ec2_region_new(struct ec2 *cloud, const char *name, const char *opt_in)
{
    struct ec2_region *r = sim_alloc(sizeof *r);
    r->cloud = cloud;
    snprintf(r->name, sizeof r->name, "%s", name);
    shorten(r->short_name, sizeof r->short_name, r->name);
    r->partition = !strncmp(name, "cn-", 3)       ? "aws-cn"
                   : !strncmp(name, "us-gov-", 7) ? "aws-us-gov"
                                                  : "aws";
    r->opt_in = ec2_intern(cloud, opt_in);
    SIM_PUSH(cloud->regions, cloud->n_regions, cloud->regions_size);
    cloud->regions[cloud->n_regions++] = r;
    return r;
}

void ec2_regions_init(struct ec2 *cloud)
{
    for (size_t i = 0; i < sizeof open_regions / sizeof *open_regions; i++)
        ec2_region_new(cloud, open_regions[i], "opt-in-not-required");
    for (size_t i = 0; i < sizeof opt_in_regions / sizeof *opt_in_regions; i++)
        ec2_region_new(cloud, opt_in_regions[i], "not-opted-in");
}

static struct ec2_res *own_first(const struct ec2_region *r, enum ec2_type type,
                                 const char *account)
{
    const struct ec2_store *s = &r->stores[type];
    for (size_t i = 0; i < s->n; i++)
        if (!strcmp(s->at[i]->owner, account))
            return s->at[i];
    return NULL;
}

/* A VPC, a subnet in each of three zones, a group: what AWS gives a new account. */
void ec2_region_open(struct ec2_region *region, const char *account)
{
    if (!region->opened) {
        region->opened = true;
        ec2_images_init(region);
    }
    if (own_first(region, EC2_VPC, account))
        return;
    struct ec2_res *vpc = sim_alloc(sizeof *vpc);
    ec2_add(region, vpc, EC2_VPC, account, NULL);
    for (unsigned i = 0; i < 3; i++) {
        struct ec2_subnet *s = sim_alloc(sizeof *s);
        char zone[40];
        snprintf(zone, sizeof zone, "%s%c", region->name, (char)('a' + i));
        snprintf(s->vpc, sizeof s->vpc, "%s", vpc->id);
        s->zone = ec2_intern(region->cloud, zone);
        s->base = 172u << 24 | 31u << 16 | i * 16 << 8;
        snprintf(s->cidr, sizeof s->cidr, "172.31.%u.0/20", i * 16);
        ec2_add(region, &s->res, EC2_SUBNET, account, NULL);
    }
    ec2_default_group(region, account, vpc->id);
}

struct ec2_subnet *ec2_default_subnet(struct ec2_region *region, const char *account,
                                      const char *zone)
{
    const struct ec2_store *s = &region->stores[EC2_SUBNET];
    for (size_t i = 0; i < s->n; i++) {
        struct ec2_subnet *subnet = (struct ec2_subnet *)s->at[i];
        if (!strcmp(subnet->res.owner, account) && (!zone || !strcmp(subnet->zone, zone)))
            return subnet;
    }
    return NULL;
}

static void region_name(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct ec2_region *)o)->name);
}

static void region_opt_in(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct ec2_region *)o)->opt_in);
}

static void put_endpoint(struct sim_text *out, const struct ec2_region *r)
{
    sim_text_fmt(out, "ec2.%s.amazonaws.com%s", r->name,
                 strcmp(r->partition, "aws-cn") != 0 ? "" : ".cn");
}

static void region_endpoint(const void *o, struct ec2_values *v)
{
    struct sim_text text = {0};
    put_endpoint(&text, o);
    ec2_value_fmt(v, "%s", text.data);
    sim_text_free(&text);
}

static const struct ec2_field region_fields[] = {
    {"region-name", region_name}, {"opt-in-status", region_opt_in}, {"endpoint", region_endpoint}};

/* Whether the name is among PARAM.1, PARAM.2 ...; or none was given. */
static bool named(struct ec2_call *c, const char *param, const char *name, bool *asked)
{
    const char *want;
    int n = 1;
    for (; (want = sim_paramf(c->q, "%s.%d", param, n)); n++)
        if (!strcmp(want, name))
            return true;
    *asked = n > 1;
    return n == 1;
}

void ec2_describe_regions(struct ec2_call *c)
{
    struct ec2_filters f = {0};
    bool all = ec2_bool(c, "AllRegions", false), asked = false;
    const char *name;
    for (int n = 1; (name = sim_paramf(c->q, "RegionName.%d", n)); n++)
        if (!ec2_region_find(c->cloud, name)) {
            ec2_fail(c, "InvalidParameterValue", "Invalid region provided: %s", name);
            return;
        }
    if (!ec2_filters_read(c, &f, region_fields, sizeof region_fields / sizeof *region_fields,
                          false))
        return;
    SIM_LIT(c->out, "<regionInfo>");
    for (size_t i = 0; i < c->cloud->n_regions; i++) {
        const struct ec2_region *r = c->cloud->regions[i];
        bool wanted = named(c, "RegionName", r->name, &asked);
        bool usable = all || asked || strcmp(r->opt_in, "not-opted-in") != 0;
        if (!wanted || !usable || strcmp(r->partition, c->region->partition) != 0 ||
            !ec2_filters_match(&f, r, NULL))
            continue;
        SIM_LIT(c->out, "<item>");
        sim_elem(c->out, "regionName", r->name);
        SIM_LIT(c->out, "<regionEndpoint>");
        put_endpoint(c->out, r);
        SIM_LIT(c->out, "</regionEndpoint>");
        sim_elem(c->out, "optInStatus", r->opt_in);
        SIM_LIT(c->out, "</item>");
    }
    SIM_LIT(c->out, "</regionInfo>");
    ec2_filters_free(&f);
}

struct zone {
    const struct ec2_region *region;
    char name[48], id[40], group[48];
    const char *type, *opt_in;
};

static void zone_name(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct zone *)o)->name);
}

static void zone_id(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct zone *)o)->id);
}

static void zone_region(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct zone *)o)->region->name);
}

static void zone_type(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct zone *)o)->type);
}

static void zone_state(const void *o, struct ec2_values *v)
{
    (void)o;
    ec2_value(v, "available");
}

static void zone_opt_in(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct zone *)o)->opt_in);
}

static const struct ec2_field zone_fields[] = {
    {"zone-name", zone_name},      {"zone-id", zone_id},  {"region-name", zone_region},
    {"zone-type", zone_type},      {"state", zone_state}, {"zone-state", zone_state},
    {"opt-in-status", zone_opt_in}};

static void put_zone(struct sim_text *out, const struct zone *z)
{
    SIM_LIT(out, "<item>");
    sim_elem(out, "zoneName", z->name);
    SIM_LIT(out, "<zoneState>available</zoneState>");
    sim_elem(out, "regionName", z->region->name);
    sim_elem(out, "zoneId", z->id);
    sim_elem(out, "groupName", z->group);
    sim_elem(out, "networkBorderGroup", z->group);
    sim_elem(out, "zoneType", z->type);
    sim_elem(out, "optInStatus", z->opt_in);
    if (strcmp(z->type, "local-zone") == 0)
        sim_text_fmt(out, "<parentZoneName>%sa</parentZoneName>", z->region->name);
    SIM_LIT(out, "<messageSet/></item>");
}

/* Three of the ordinary kind, and one local zone that nobody opted in to. */
static void make_zone(struct zone *z, const struct ec2_region *r, unsigned i)
{
    *z = (struct zone){.region = r, .type = "availability-zone", .opt_in = "opt-in-not-required"};
    snprintf(z->group, sizeof z->group, "%s", r->name);
    snprintf(z->name, sizeof z->name, "%s%c", r->name, (char)('a' + i));
    snprintf(z->id, sizeof z->id, "%s-az%u", r->short_name, i + 1);
    if (i < 3)
        return;
    z->type = "local-zone";
    z->opt_in = "not-opted-in";
    snprintf(z->group, sizeof z->group, "%s-sim-1", r->name);
    snprintf(z->name, sizeof z->name, "%s-sim-1a", r->name);
    snprintf(z->id, sizeof z->id, "%s-sim1-az1", r->short_name);
}

void ec2_describe_availability_zones(struct ec2_call *c)
{
    struct ec2_filters f = {0};
    bool all = ec2_bool(c, "AllAvailabilityZones", false), asked = false;
    struct zone z;
    const char *name;
    if (!ec2_filters_read(c, &f, zone_fields, sizeof zone_fields / sizeof *zone_fields, false))
        return;
    SIM_LIT(c->out, "<availabilityZoneInfo>");
    int found = 0, wanted = 0;
    for (unsigned i = 0; i < 4; i++) {
        make_zone(&z, c->region, i);
        bool yes = named(c, "ZoneName", z.name, &asked) && named(c, "ZoneId", z.id, &asked);
        found += yes;
        if (yes && (all || i < 3) && ec2_filters_match(&f, &z, NULL))
            put_zone(c->out, &z);
    }
    SIM_LIT(c->out, "</availabilityZoneInfo>");
    while ((name = sim_paramf(c->q, "ZoneName.%d", wanted + 1)))
        wanted++;
    if (found < wanted)
        ec2_fail(c, "InvalidParameterValue", "Invalid availability zone among: %s",
                 sim_param(c->q, "ZoneName.1"));
    (void)name;
    ec2_filters_free(&f);
}
