/* Rules of the firewall: kept and shown; what they say is looked at only roughly. */
#include <string.h>

#include "joyent.h"

static size_t find(const struct joy_call *c, const char *id)
{
    size_t n = json_object_array_length(c->account->rules), i;
    for (i = 0; i < n; i++)
        if (joy_same(sim_json_text(json_object_array_get_idx(c->account->rules, i), "id"), id))
            break;
    return i;
}

static struct json_object *rule_of(struct joy_call *c)
{
    struct json_object *rule = json_object_array_get_idx(c->account->rules, find(c, c->q->seg[1]));
    if (!rule)
        joy_fail(c, "ResourceNotFound", "%s does not exist", c->q->seg[1]);
    return rule;
}

static bool check_rule(struct joy_call *c, const char *rule)
{
    const char *to = strstr(rule, " TO ");
    bool good =
        !strncmp(rule, "FROM ", 5) && to && (strstr(to, " ALLOW ") || strstr(to, " BLOCK "));
    return good || joy_fail(c, "InvalidArgument", "rule is invalid: %s", rule);
}

void joy_list_rules(struct joy_call *c)
{
    joy_json(c, 200, json_object_get(c->account->rules));
}

/* All of the account's: what they select is not looked at. */
void joy_machine_rules(struct joy_call *c)
{
    if (joy_machine_of(c))
        joy_list_rules(c);
}

void joy_get_rule(struct joy_call *c)
{
    struct json_object *rule = rule_of(c);
    if (rule)
        joy_json(c, 200, json_object_get(rule));
}

void joy_create_rule(struct joy_call *c)
{
    const char *rule = joy_param(c, "rule"), *text = joy_param(c, "description");
    struct json_object *o;
    char id[JOY_UUID];
    if (!rule) {
        joy_fail(c, "MissingParameter", "rule is a required argument");
        return;
    }
    if (!check_rule(c, rule))
        return;
    o = json_object_new_object();
    joy_uuid(c->cloud->sim, id);
    joy_put(o, "id", id);
    joy_put(o, "rule", rule);
    joy_put_bool(o, "enabled", joy_is_true(c, "enabled"));
    joy_put(o, "description", text);
    json_object_array_add(c->account->rules, o);
    joy_json(c, 201, json_object_get(o));
}

void joy_update_rule(struct joy_call *c)
{
    const char *rule = joy_param(c, "rule"), *text = joy_param(c, "description");
    struct json_object *o = rule_of(c);
    if (!o || (rule && !check_rule(c, rule)))
        return;
    joy_put(o, "rule", rule);
    joy_put(o, "description", text);
    if (joy_param(c, "enabled"))
        joy_put_bool(o, "enabled", joy_is_true(c, "enabled"));
    joy_json(c, 200, json_object_get(o));
}

static void enable(struct joy_call *c, bool yes)
{
    struct json_object *o = rule_of(c);
    if (!o)
        return;
    joy_put_bool(o, "enabled", yes);
    joy_json(c, 200, json_object_get(o));
}

void joy_enable_rule(struct joy_call *c)
{
    enable(c, true);
}

void joy_disable_rule(struct joy_call *c)
{
    enable(c, false);
}

void joy_delete_rule(struct joy_call *c)
{
    if (!rule_of(c))
        return;
    json_object_array_del_idx(c->account->rules, find(c, c->q->seg[1]), 1);
    joy_empty(c, 204);
}
