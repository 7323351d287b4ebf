/* Actions on servers: POST /servers/ID/action with one key. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "../sim_int.h"
#include "openstack.h"

typedef void act(struct os_call *c, struct os_server *sv, struct json_object *json);

/* What has nothing to it but the state. */
static void plain(struct os_call *c, struct os_server *sv, struct json_object *json)
{
    (void)json;
    json_object_object_foreach(c->json, name, value)
    {
        (void)value;
        if (os_job_start(c, sv, os_job_find(name)))
            c->r->status = 202;
        return;
    }
}

static void reboot(struct os_call *c, struct os_server *sv, struct json_object *json)
{
    const char *type = sim_json_text(json, "type");
    bool hard = type && !strcmp(type, "HARD");
    if (!type || (!hard && strcmp(type, "SOFT") != 0))
        os_fail(c, 400,
                "Invalid input for field/attribute type. Value: %s. '%s' is not one of "
                "['HARD', 'SOFT']",
                type ? type : "None", type ? type : "None");
    else if (os_job_start(c, sv, os_job_find(hard ? "reboot-hard" : "reboot")))
        c->r->status = 202;
}

static void resize(struct os_call *c, struct os_server *sv, struct json_object *json)
{
    const char *ref = sim_json_text(json, "flavorRef");
    struct os_flavor *f = ref ? os_flavor_ref(c, ref) : NULL;
    if (!f) {
        os_fail(c, 400, "Unable to locate requested flavor.");
        return;
    }
    if (f == sv->flavor) {
        os_fail(c, 400, "When resizing, instances must change flavor!");
        return;
    }
    struct os_flavor more = *f;
    more.vcpus -= sv->flavor->vcpus;
    more.ram -= sv->flavor->ram;
    if (!os_quota_check(c, &more, 0) || !os_job_start(c, sv, os_job_find("resize")))
        return;
    sv->other = f;
    c->r->status = 202;
}

static void confirm(struct os_call *c, struct os_server *sv, struct json_object *json)
{
    (void)json;
    if (os_job_start(c, sv, os_job_find("confirmResize")))
        c->r->status = 204;
}

static void revert(struct os_call *c, struct os_server *sv, struct json_object *json)
{
    (void)json;
    if (os_job_start(c, sv, os_job_find("revertResize")))
        c->r->status = 202;
}

static void new_password(struct os_call *c, struct json_object *json, char buf[64])
{
    const char *given = sim_json_text(json, "adminPass");
    if (given)
        snprintf(buf, 64, "%s", given);
    else
        sim_random_hex(c->cloud->sim, buf, 12);
}

static void rebuild(struct os_call *c, struct os_server *sv, struct json_object *json)
{
    const char *ref = sim_json_text(json, "imageRef"), *name = sim_json_text(json, "name");
    struct os_image *m = ref ? os_image_ref(c, ref) : NULL;
    struct sim_dict meta = {0};
    char password[64], location[400];
    if (!m) {
        os_fail(c, 400, "Cannot find image for rebuild");
        return;
    }
    if (!os_pairs_from(c, sim_json_get(json, "metadata"), &meta) ||
        !os_job_start(c, sv, os_job_find("rebuild"))) {
        sim_dict_free(&meta);
        return;
    }
    sv->image = os_word(c->cloud, m->res.id);
    if (name) {
        free(sv->res.name);
        sv->res.name = sim_strdup(name);
    }
    if (sim_json_get(json, "metadata")) {
        sim_dict_free(&sv->meta);
        sv->meta = meta;
    }
    new_password(c, json, password);
    c->r->status = 202;
    SIM_LIT(c->out, "{\"server\": ");
    os_server_put(c, sv, true);
    c->out->len--; /* the password joins the others */
    sim_put_str(c->out, "adminPass", password);
    SIM_LIT(c->out, "}}");
    snprintf(location, sizeof location, "%s/servers/%s", c->base, sv->res.id);
    sim_reply_header(c->r, "Location", location);
}

static void rescue(struct os_call *c, struct os_server *sv, struct json_object *json)
{
    const char *ref = sim_json_text(json, "rescue_image_ref");
    char password[64];
    if (ref && !os_image_ref(c, ref)) {
        os_fail(c, 400, "Can not find requested image");
        return;
    }
    if (!os_job_start(c, sv, os_job_find("rescue")))
        return;
    new_password(c, json, password);
    sim_put_object(c->out, NULL);
    sim_put_str(c->out, "adminPass", password);
    sim_put_end(c->out, '}');
}

static void lock(struct os_call *c, struct os_server *sv, struct json_object *json)
{
    sv->locked = true;
    free(sv->lock_reason);
    sv->lock_reason = c->micro >= 73 ? sim_strdup(sim_json_text(json, "locked_reason")) : NULL;
    os_server_event(c, sv, "lock");
    c->r->status = 202;
}

static void unlock(struct os_call *c, struct os_server *sv, struct json_object *json)
{
    (void)json;
    sv->locked = false;
    free(sv->lock_reason);
    sv->lock_reason = NULL;
    os_server_event(c, sv, "unlock");
    c->r->status = 202;
}

/* A snapshot's data has the size of the flavor's disk; nothing is kept of it. */
static struct os_image *snapshot(struct os_call *c, struct os_server *sv, const char *name)
{
    struct os_image *m = os_image_new(c->region, c->project, name, NULL);
    const struct os_image *from = (struct os_image *)os_find(c->region, OS_IMAGE, sv->image);
    m->visibility = "private";
    m->status = "queued";
    m->due = c->now + c->set->image_ms;
    m->min_disk = sv->flavor->disk;
    snprintf(m->server, sizeof m->server, "%s", sv->res.id);
    for (size_t i = 0; from && i < from->properties.n; i++)
        sim_dict_set(&m->properties, from->properties.at[i].key, from->properties.at[i].value);
    sim_dict_set(&m->properties, "image_type", "snapshot");
    sim_dict_set(&m->properties, "instance_uuid", sv->res.id);
    sim_dict_set(&m->properties, "base_image_ref", sv->image ? sv->image : "");
    return m;
}

static void create_image(struct os_call *c, struct os_server *sv, struct json_object *json)
{
    const char *name = sim_json_text(json, "name");
    char location[400];
    if (!name || !*name) {
        os_fail(c, 400, "Invalid input for field/attribute name. Value: %s.", name ? name : "None");
        return;
    }
    if (!os_job_start(c, sv, os_job_find("createImage")))
        return;
    struct os_image *m = snapshot(c, sv, name);
    sim_dict_merge(&m->properties, sim_json_get(json, "metadata"));
    c->r->status = 202;
    if (c->micro >= 45) {
        sim_put_object(c->out, NULL);
        sim_put_str(c->out, "image_id", m->res.id);
        sim_put_end(c->out, '}');
        return;
    }
    if (c->cloud->rackspace)
        snprintf(location, sizeof location, "%s/images/%s", c->base, m->res.id);
    else
        snprintf(location, sizeof location, "%s/%s/image/images/%s", c->root, c->region->name,
                 m->res.id);
    sim_reply_header(c->r, "Location", location);
}

static void console_output(struct os_call *c, struct os_server *sv, struct json_object *json)
{
    struct sim_text text = {0};
    int64_t lines = sim_json_int(json, "length", -1);
    const char *start;
    if (sv->vm == OS_BUILDING || sv->vm == OS_ERROR) {
        os_fail(c, 409, "Instance %s is not ready", sv->res.id);
        return;
    }
    sim_text_fmt(&text,
                 "[    0.000000] Linux version 6.1.0-13-cloud-amd64\n"
                 "[    1.234567] systemd[1]: Hostname set to <%s>.\n"
                 "%s login: ",
                 sv->res.name, sv->res.name);
    start = text.data + text.len;
    for (int64_t seen = 0; lines > 0 && start > text.data; start--)
        if (start[-1] == '\n' && ++seen == lines)
            break;
    sim_put_object(c->out, NULL);
    sim_put_str(c->out, "output", lines > 0 ? start : lines ? text.data : "");
    sim_put_end(c->out, '}');
    sim_text_free(&text);
}

static void put_console(struct os_call *c, const char *member, const char *protocol,
                        const char *type)
{
    char token[33];
    sim_random_hex(c->cloud->sim, token, 32);
    sim_put_object(c->out, NULL);
    sim_put_object(c->out, member);
    if (protocol)
        sim_put_str(c->out, "protocol", protocol);
    sim_put_str(c->out, "type", type);
    sim_put_name(c->out, "url");
    sim_text_fmt(c->out, "\"%s/%s/console?token=%s\"}}", c->root, c->region->name, token);
}

static void vnc_console(struct os_call *c, struct os_server *sv, struct json_object *json)
{
    const char *type = sim_json_text(json, "type");
    (void)sv;
    put_console(c, "console", NULL, type && !strcmp(type, "xvpvnc") ? "xvpvnc" : "novnc");
}

void os_server_console(struct os_call *c)
{
    struct json_object *json = sim_json_get(c->json, "remote_console");
    const char *type = sim_json_text(json, "type");
    if (!os_server_get(c))
        return;
    if (!type || !sim_json_text(json, "protocol"))
        os_fail(c, 400, "Invalid input for field/attribute remote_console.");
    else
        put_console(c, "remote_console", "vnc", "novnc");
}

static void change_group(struct os_call *c, struct os_server *sv, struct json_object *json,
                         bool add)
{
    const char *name = sim_json_text(json, "name");
    struct os_group *g = os_group_find(c->region, c->project, name ? name : "");
    unsigned i = 0;
    if (!g) {
        os_fail(c, 404, "Security group %s not found.", name ? name : "");
        return;
    }
    while (i < sv->n_groups && sv->groups[i] != g)
        i++;
    if (add && (i < sv->n_groups || sv->n_groups == OS_MAX_GROUPS)) {
        os_fail(c, 400, "Security group %s is already associated with the instance %s", g->res.id,
                sv->res.id);
        return;
    }
    if (!add && i == sv->n_groups) {
        os_fail(c, 404, "Security group %s is not associated with the instance %s", g->res.id,
                sv->res.id);
        return;
    }
    if (add)
        sv->groups[sv->n_groups++] = g;
    else
        sv->groups[i] = sv->groups[--sv->n_groups];
    c->r->status = 202;
}

static void add_group(struct os_call *c, struct os_server *sv, struct json_object *json)
{
    change_group(c, sv, json, true);
}

static void remove_group(struct os_call *c, struct os_server *sv, struct json_object *json)
{
    change_group(c, sv, json, false);
}

static struct os_floating *find_address(struct os_call *c, const char *address)
{
    const struct os_store *s = &c->region->stores[OS_FLOATING];
    char text[16];
    for (size_t i = 0; address && i < s->n; i++) {
        struct os_floating *f = (struct os_floating *)s->at[i];
        os_ip(text, f->ip);
        if (f->res.project == c->project && !strcmp(text, address))
            return f;
    }
    os_fail(c, 404, "floating IP not found");
    return NULL;
}

static void add_address(struct os_call *c, struct os_server *sv, struct json_object *json)
{
    struct os_floating *f = find_address(c, sim_json_text(json, "address"));
    if (!f)
        return;
    if (!sv->n_ports) {
        os_fail(c, 400, "No nw_info cache associated with instance");
        return;
    }
    os_floating_bind(c, f, sv->ports[0]);
    c->r->status = 202;
}

static void remove_address(struct os_call *c, struct os_server *sv, struct json_object *json)
{
    struct os_floating *f = find_address(c, sim_json_text(json, "address"));
    if (!f)
        return;
    if (!f->port || f->port->server != sv) {
        os_fail(c, 409, "Floating IP %s is not associated with instance %s.",
                sim_json_text(json, "address"), sv->res.id);
        return;
    }
    os_floating_bind(c, f, NULL);
    c->r->status = 202;
}

/* An administrator's: the state as told. */
static void reset_state(struct os_call *c, struct os_server *sv, struct json_object *json)
{
    const char *state = sim_json_text(json, "state");
    if (!c->admin) {
        os_fail(c, 403,
                "Policy doesn't allow os_compute_api:os-admin-actions:reset_state to be "
                "performed.");
        return;
    }
    sv->vm = state && !strcmp(state, "error") ? OS_ERROR : OS_ACTIVE;
    c->r->status = 202;
}

static void forbid(struct os_call *c, struct os_server *sv, struct json_object *json)
{
    (void)sv, (void)json;
    os_forbidden(c);
}

static const struct action {
    const char *key, *name; /* the name for faults and the log */
    act *run;
    int until; /* microversion */
    bool reads;
} actions[] = {
    {"os-start", "servers.start", plain, 0, false},
    {"os-stop", "servers.stop", plain, 0, false},
    {"reboot", "servers.reboot", reboot, 0, false},
    {"pause", "servers.pause", plain, 0, false},
    {"unpause", "servers.unpause", plain, 0, false},
    {"suspend", "servers.suspend", plain, 0, false},
    {"resume", "servers.resume", plain, 0, false},
    {"resize", "servers.resize", resize, 0, false},
    {"confirmResize", "servers.confirm_resize", confirm, 0, false},
    {"revertResize", "servers.revert_resize", revert, 0, false},
    {"rebuild", "servers.rebuild", rebuild, 0, false},
    {"rescue", "servers.rescue", rescue, 0, false},
    {"unrescue", "servers.unrescue", plain, 0, false},
    {"shelve", "servers.shelve", plain, 0, false},
    {"shelveOffload", "servers.shelve_offload", plain, 0, false},
    {"unshelve", "servers.unshelve", plain, 0, false},
    {"changePassword", "servers.password", plain, 0, false},
    {"lock", "servers.lock", lock, 0, false},
    {"unlock", "servers.unlock", unlock, 0, false},
    {"createImage", "servers.create_image", create_image, 0, false},
    {"os-getConsoleOutput", "servers.console_output", console_output, 0, true},
    {"os-getVNCConsole", "servers.console", vnc_console, 5, true},
    {"addSecurityGroup", "servers.add_group", add_group, 0, false},
    {"removeSecurityGroup", "servers.remove_group", remove_group, 0, false},
    {"addFloatingIp", "servers.add_address", add_address, 43, false},
    {"removeFloatingIp", "servers.remove_address", remove_address, 43, false},
    {"os-resetState", "servers.reset_state", reset_state, 0, false},
    {"migrate", "servers.migrate", forbid, 0, false},
    {"os-migrateLive", "servers.migrate_live", forbid, 0, false},
};
enum { N_ACTIONS = sizeof actions / sizeof *actions };

/* The first key, before the body is parsed. */
const char *os_server_action(const char *body)
{
    const char *key = strchr(body, '"');
    for (size_t i = 0; key && i < N_ACTIONS; i++) {
        size_t len = strlen(actions[i].key);
        if (!strncmp(key + 1, actions[i].key, len) && key[1 + len] == '"')
            return actions[i].name;
    }
    return "servers.action";
}

void os_server_act(struct os_call *c)
{
    const char *key = NULL;
    struct json_object *args = NULL;
    size_t i = 0;
    if (json_object_is_type(c->json, json_type_object)) {
        json_object_object_foreach(c->json, name, value)
        {
            key = name;
            args = value;
        }
    }
    if (!key || json_object_object_length(c->json) != 1) {
        os_fail(c, 400, "Malformed request body");
        return;
    }
    struct os_server *sv = os_server_get(c);
    while (i < N_ACTIONS && strcmp(actions[i].key, key) != 0)
        i++;
    if (!sv)
        return;
    if (i == N_ACTIONS || (actions[i].until && c->micro > actions[i].until))
        os_fail(c, 400, "There is no such action: %s", key);
    else if (actions[i].reads || os_may_change(c, actions[i].name))
        actions[i].run(c, sv, args);
}
