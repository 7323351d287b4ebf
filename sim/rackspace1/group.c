/* Shared IP groups, limits and versions of the first generation. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "../jsonout.h"
#include "../mem.h"
#include "../sim_int.h"
#include "first.h"

struct fg_group *fg_group_find(struct fg_cloud *cloud, int64_t account, int64_t id)
{
    for (size_t i = 0; i < cloud->n_groups; i++)
        if (cloud->groups[i]->id == id && cloud->groups[i]->account == account)
            return cloud->groups[i];
    return NULL;
}

void fg_group_forget(struct fg_cloud *cloud, int64_t server)
{
    for (size_t i = 0; i < cloud->n_groups; i++) {
        struct fg_group *g = cloud->groups[i];
        for (size_t k = 0; k < g->n; k++)
            if (g->servers[k] == server)
                g->servers[k--] = g->servers[--g->n];
    }
}

static void put(struct fg_call *c, const struct fg_group *g, bool detail)
{
    fg_int(c, "id", g->id);
    fg_str(c, "name", g->name);
    fg_children(c);
    if (detail || c->xml) /* the schema asks for them */
        fg_list(c, "servers");
    for (size_t i = 0; detail && i < g->n; i++) {
        if (c->xml)
            sim_text_fmt(c->out, "<server id=\"%lld\"/>", (long long)g->servers[i]);
        else
            sim_put_int(c->out, NULL, g->servers[i]);
    }
    if (detail || c->xml)
        fg_list_end(c, "servers");
    fg_end(c, "sharedIpGroup", true);
}

static void list(struct fg_call *c, bool detail)
{
    size_t offset, limit, seen = 0, n = 0;
    if (!fg_page(c, &offset, &limit))
        return;
    fg_list(c, "sharedIpGroups");
    for (size_t i = 0; i < c->cloud->n_groups && n < limit; i++) {
        if (c->cloud->groups[i]->account != c->account || seen++ < offset)
            continue;
        fg_item(c, "sharedIpGroup");
        put(c, c->cloud->groups[i], detail);
        n++;
    }
    fg_list_end(c, "sharedIpGroups");
    fg_finish(c);
}

void fg_groups(struct fg_call *c)
{
    list(c, false);
}

void fg_groups_detail(struct fg_call *c)
{
    list(c, true);
}

static void put_one(struct fg_call *c, const struct fg_group *g)
{
    fg_begin(c, "sharedIpGroup");
    put(c, g, true);
    fg_finish(c);
}

static struct fg_group *get(struct fg_call *c)
{
    struct fg_group *g = fg_group_find(c->cloud, c->account, c->id);
    if (!g)
        fg_fail(c, 404, "itemNotFound", "Not Found");
    return g;
}

void fg_group_show(struct fg_call *c)
{
    struct fg_group *g = get(c);
    if (g)
        put_one(c, g);
}

void fg_group_create(struct fg_call *c)
{
    struct json_object *json = sim_json_get(c->json, "sharedIpGroup");
    struct json_object *first = sim_json_get(json, "server");
    const char *name = sim_json_text(json, "name");
    struct fg_server *sv =
        first ? fg_server_find(c->cloud, c->account, json_object_get_int64(first)) : NULL;
    if (!name || (first && !sv) || json_object_is_type(first, json_type_array)) {
        fg_fail(c, 400, "badRequest", "A group has a name and at most one server to begin with");
        return;
    }
    struct fg_group *g = sim_alloc(sizeof *g);
    g->id = ++c->cloud->last_group;
    g->account = c->account;
    g->name = sim_strdup(name);
    if (sv) {
        g->servers[g->n++] = sv->id;
        sv->group = g->id;
    }
    SIM_PUSH(c->cloud->groups, c->cloud->n_groups, c->cloud->groups_size);
    c->cloud->groups[c->cloud->n_groups++] = g;
    c->r->status = 201;
    put_one(c, g);
}

void fg_group_delete(struct fg_call *c)
{
    struct fg_group *g = get(c);
    struct fg_cloud *cloud = c->cloud;
    if (!g)
        return;
    for (size_t i = 0; i < cloud->n_servers; i++)
        if (cloud->servers[i]->group == g->id)
            cloud->servers[i]->group = 0;
    for (size_t i = 0; i < cloud->n_groups; i++)
        if (cloud->groups[i] == g) {
            cloud->groups[i] = cloud->groups[--cloud->n_groups];
            break;
        }
    free(g->name);
    free(g);
    c->r->status = 204;
}

static void put_limit(struct fg_call *c, const char *name, int64_t value)
{
    if (!c->xml) {
        sim_put_int(c->out, name, value);
        return;
    }
    fg_item(c, "limit");
    fg_str(c, "name", name);
    fg_int(c, "value", value);
    fg_end(c, "limit", false);
}

void fg_limits(struct fg_call *c)
{
    static const struct {
        const char *verb, *uri, *regex, *unit;
        int value;
    } rates[] = {{"POST", "*", ".*", "MINUTE", 10},
                 {"POST", "*/servers", "^/servers", "DAY", 50},
                 {"PUT", "*", ".*", "MINUTE", 10},
                 {"GET", "*changes-since*", "changes-since", "MINUTE", 3},
                 {"DELETE", "*", ".*", "MINUTE", 100}};
    fg_begin(c, "limits");
    fg_children(c);
    fg_list(c, "rate");
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        fg_item(c, "limit");
        fg_str(c, "verb", rates[i].verb);
        fg_str(c, "URI", rates[i].uri);
        fg_str(c, "regex", rates[i].regex);
        fg_int(c, "value", rates[i].value);
        fg_int(c, "remaining", rates[i].value);
        fg_str(c, "unit", rates[i].unit);
        fg_int(c, "resetTime", sim_wall_ms(c->cloud->sim) / 1000 + 60);
        fg_end(c, "limit", false);
    }
    fg_list_end(c, "rate");
    fg_begin(c, "absolute");
    fg_children(c);
    put_limit(c, "maxTotalRAMSize", c->cloud->settings->ram_limit);
    put_limit(c, "maxIPGroups", 50);
    put_limit(c, "maxIPGroupMembers", FG_MAX_GROUP);
    fg_end(c, "absolute", true);
    fg_end(c, "limits", true);
    fg_finish(c);
}

/* The schema has no element of several versions: always JSON. */
void fg_versions(struct fg_call *c)
{
    c->r->type = "application/json";
    SIM_LIT(c->out, "{\"versions\": [{\"status\": \"CURRENT\", \"id\": \"v1.0\"}]}");
}

void fg_version(struct fg_call *c)
{
    fg_begin(c, "version");
    fg_str(c, "id", "v1.0");
    fg_str(c, "status", "CURRENT");
    fg_str(c, "docURL", "http://docs.rackspacecloud.com/servers/api/v1.0/cs-devguide.pdf");
    fg_str(c, "wadl", "http://docs.rackspacecloud.com/servers/api/v1.0/application.wadl");
    fg_end(c, "version", false);
    fg_finish(c);
}
