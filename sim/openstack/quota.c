/* Quotas and limits, zones, extensions, and what a member may not do. */
#include <json-c/json.h>
#include <string.h>

#include "../sim_int.h"
#include "openstack.h"

struct os_quota os_quota_of(const struct os_cloud *cloud, const struct os_project *p)
{
    const struct os_settings *s = cloud->settings;
    if (p->own_quota)
        return p->quota;
    return (struct os_quota){s->quota_instances, s->quota_cores,    s->quota_ram,
                             s->quota_key_pairs, s->quota_metadata, s->quota_floating_ips,
                             s->quota_groups};
}

static bool room(struct os_call *c, const char *what, int64_t used, int64_t more, int64_t most)
{
    if (most < 0 || used + more <= most)
        return true;
    return os_fail_as(c, c->cloud->rackspace ? 413 : 403,
                      c->cloud->rackspace ? "overLimit" : "forbidden",
                      "Quota exceeded for %s: Requested %lld, but already used %lld of %lld %s",
                      what, (long long)more, (long long)used, (long long)most, what);
}

bool os_quota_check(struct os_call *c, const struct os_flavor *flavor, int64_t count)
{
    const struct os_project *p = c->project;
    struct os_quota q = os_quota_of(c->cloud, p);
    return room(c, "instances", p->instances, count, q.instances) &&
           room(c, "cores", p->cores, count * flavor->vcpus, q.cores) &&
           room(c, "ram", p->ram, count * flavor->ram, q.ram);
}

bool os_may_change(struct os_call *c, const char *what)
{
    if (c->token->role && !strcmp(c->token->role, "reader"))
        return os_fail(c, 403, "Policy doesn't allow %s to be performed.", what);
    return true;
}

void os_forbidden(struct os_call *c)
{
    os_fail(c, 403, "Policy doesn't allow os_compute_api:os-%s to be performed.", c->q->action);
}

static void put_rate(struct os_call *c)
{
    sim_put_array(c->out, "rate");
    if (c->cloud->rackspace)
        SIM_LIT(c->out,
                "{\"regex\": \"/v[^/]+/[^/]+/.*\", \"uri\": \"*\", \"limit\": [{\"verb\": "
                "\"GET\", \"value\": 1000, \"remaining\": 999, \"unit\": \"MINUTE\", "
                "\"next-available\": \"2026-01-01T00:00:00Z\"}, {\"verb\": \"POST\", \"value\": "
                "100, \"remaining\": 99, \"unit\": \"MINUTE\", \"next-available\": "
                "\"2026-01-01T00:00:00Z\"}]}");
    sim_put_end(c->out, ']');
}

void os_limits(struct os_call *c)
{
    const struct os_project *p = c->project;
    struct os_quota q = os_quota_of(c->cloud, p);
    struct sim_text *out = c->out;
    SIM_LIT(out, "{\"limits\": {");
    put_rate(c);
    sim_put_object(out, "absolute");
    sim_put_int(out, "maxTotalInstances", q.instances);
    sim_put_int(out, "maxTotalCores", q.cores);
    sim_put_int(out, "maxTotalRAMSize", q.ram);
    sim_put_int(out, "maxTotalKeypairs", q.key_pairs);
    sim_put_int(out, "maxServerMeta", q.metadata);
    sim_put_int(out, "maxImageMeta", q.metadata);
    if (c->micro < 57) {
        sim_put_int(out, "maxPersonality", 5);
        sim_put_int(out, "maxPersonalitySize", 10240);
    }
    sim_put_int(out, "maxServerGroups", 10);
    sim_put_int(out, "maxServerGroupMembers", 10);
    sim_put_int(out, "totalInstancesUsed", p->instances);
    sim_put_int(out, "totalCoresUsed", p->cores);
    sim_put_int(out, "totalRAMUsed", p->ram);
    sim_put_int(out, "totalServerGroupsUsed", 0);
    if (c->micro < 36) {
        sim_put_int(out, "maxTotalFloatingIps", q.floating_ips);
        sim_put_int(out, "totalFloatingIpsUsed", 0);
        sim_put_int(out, "maxSecurityGroups", q.groups);
        sim_put_int(out, "maxSecurityGroupRules", -1);
        sim_put_int(out, "totalSecurityGroupsUsed", 0);
    }
    SIM_LIT(out, "}}}");
}

void os_quota_set(struct os_call *c)
{
    const struct os_project *p = os_project_find(c->cloud, c->q->seg[0]);
    if (p != c->project && !c->admin) {
        os_fail(c, 403, "Policy doesn't allow os_compute_api:os-quota-sets:show to be performed.");
        return;
    }
    struct os_quota q = os_quota_of(c->cloud, p ? p : c->project);
    SIM_LIT(c->out, "{\"quota_set\": {");
    sim_put_str(c->out, "id", c->q->seg[0]);
    sim_put_int(c->out, "instances", q.instances);
    sim_put_int(c->out, "cores", q.cores);
    sim_put_int(c->out, "ram", q.ram);
    sim_put_int(c->out, "key_pairs", q.key_pairs);
    sim_put_int(c->out, "metadata_items", q.metadata);
    sim_put_int(c->out, "server_groups", 10);
    sim_put_int(c->out, "server_group_members", 10);
    if (c->micro < 36) {
        sim_put_int(c->out, "floating_ips", q.floating_ips);
        sim_put_int(c->out, "security_groups", q.groups);
        sim_put_int(c->out, "fixed_ips", -1);
    }
    SIM_LIT(c->out, "}}");
}

static const char *const zones[] = {"nova", "az1", "az2"};

bool os_zone_known(const char *name)
{
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        if (!strcmp(zones[i], name))
            return true;
    return false;
}

void os_zones(struct os_call *c)
{
    SIM_LIT(c->out, "{\"availabilityZoneInfo\": [");
    for (size_t i = 0; i < (c->cloud->rackspace ? 1 : sizeof zones / sizeof *zones); i++) {
        sim_put_object(c->out, NULL);
        sim_put_str(c->out, "zoneName", zones[i]);
        SIM_LIT(c->out, ", \"zoneState\": {\"available\": true}, \"hosts\": null}");
    }
    SIM_LIT(c->out, "]}");
}

void os_extensions(struct os_call *c)
{
    static const char *const names[] = {
        "os-keypairs",        "os-security-groups", "os-floating-ips",   "os-availability-zone",
        "os-extended-status", "os-rescue",          "os-console-output", "OS-DCF"};
    SIM_LIT(c->out, "{\"extensions\": [");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        sim_put_object(c->out, NULL);
        sim_put_str(c->out, "alias", names[i]);
        sim_put_str(c->out, "name", names[i]);
        sim_put_str(c->out, "namespace", "http://docs.openstack.org/compute/ext/fake_xml");
        SIM_LIT(c->out, ", \"updated\": \"2014-12-03T00:00:00Z\", \"description\": \"\", "
                        "\"links\": []}");
    }
    SIM_LIT(c->out, "]}");
}
