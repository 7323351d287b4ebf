/* Creating servers: what the body asks for, checked as Nova does, and the launch. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../mem.h"
#include "../sim_int.h"
#include "openstack.h"

enum { MAX_COUNT = 1000, MAX_FILES = 5 };

static const char known[] =
    "name imageRef flavorRef adminPass metadata key_name availability_zone user_data "
    "security_groups networks config_drive min_count max_count return_reservation_id "
    "block_device_mapping block_device_mapping_v2 OS-DCF:diskConfig accessIPv4 accessIPv6 ";

const char *os_last_segment(const char *url)
{
    const char *slash = strrchr(url, '/');
    return slash ? slash + 1 : url;
}

struct os_server *os_server_new(struct os_region *region, struct os_project *project,
                                struct os_user *user, const struct os_launch *l, const char *id,
                                int64_t now)
{
    struct os_cloud *cloud = region->cloud;
    struct os_server *sv = sim_alloc(sizeof *sv);
    sv->user = user;
    sv->flavor = l->flavor;
    sv->image = l->image;
    sv->key = l->key;
    sv->zone = l->zone;
    sv->hostname = l->hostname;
    sv->config_drive = l->config_drive;
    sv->manual_disk = l->manual_disk;
    sv->fails = l->fails;
    sv->description = sim_strdup(l->description);
    sv->res.created = sv->res.updated = now;
    char number[24];
    snprintf(number, sizeof number, "%llu", 800000 + (unsigned long long)cloud->seq);
    os_add(region, OS_SERVER, &sv->res, project, l->name, id || !cloud->hp ? id : number);
    sv->host = (unsigned)(sv->res.seq % 8);
    for (size_t i = 0; i < l->meta.n; i++)
        sim_dict_set(&sv->meta, l->meta.at[i].key, l->meta.at[i].value);
    for (size_t i = 0; i < l->tags.n; i++)
        sim_dict_set(&sv->tags, l->tags.at[i].key, "");
    for (size_t i = 0; i < l->n_ports; i++) {
        l->ports[i]->server = sv;
        sv->ports[sv->n_ports++] = l->ports[i];
    }
    for (size_t i = 0; i < l->n_networks && sv->n_ports < OS_MAX_NICS; i++)
        sv->ports[sv->n_ports++] = os_port_new(region, l->networks[i], project, sv, NULL);
    memcpy(sv->groups, l->groups, sizeof sv->groups);
    sv->n_groups = (unsigned)l->n_groups;
    sv->hidden = cloud->settings->visible_after_requests;
    project->instances++;
    project->cores += l->flavor->vcpus;
    project->ram += l->flavor->ram;
    return sv;
}

static bool read_name(struct os_call *c, struct json_object *json, struct os_launch *l)
{
    l->name = sim_json_text(json, "name");
    if (!l->name)
        return os_fail(c, 400,
                       "Invalid input for field/attribute server. Value: %s. 'name' is a "
                       "required property",
                       json_object_to_json_string(json));
    size_t len = strlen(l->name);
    if (!len || len > 255 || strspn(l->name, " ") == len)
        return os_fail(c, 400, "Invalid input for field/attribute name. Value: %s. '%s' is too %s",
                       l->name, l->name, len > 255 ? "long" : "short");
    const char *more = c->micro >= 90   ? "tags description hostname host hypervisor_hostname "
                       : c->micro >= 52 ? "tags description "
                       : c->micro >= 19 ? "description "
                                        : "";
    char words[512];
    snprintf(words, sizeof words, "%s%s%s", known, more, c->micro < 57 ? "personality" : "");
    const char *unknown = sim_json_unknown(json, words);
    if (unknown)
        return os_fail(c, 400,
                       "Invalid input for field/attribute server. Value: %s. Additional "
                       "properties are not allowed ('%s' was unexpected)",
                       json_object_to_json_string(json), unknown);
    l->description = sim_json_text(json, "description");
    l->hostname = os_word(c->cloud, sim_json_text(json, "hostname"));
    return true;
}

static bool read_image(struct os_call *c, struct json_object *json, struct os_launch *l)
{
    const char *ref = sim_json_text(json, "imageRef");
    if (!ref || !*ref) {
        if (sim_json_list(json, "block_device_mapping_v2"))
            return true;
        return os_fail(c, 400, "Invalid imageRef provided.");
    }
    struct os_image *m = os_image_ref(c, ref);
    if (!m)
        return os_fail(c, 400, "Can not find requested image");
    if (strcmp(m->status, "active") != 0)
        return os_fail(c, 400, "Image %s is not active.", m->res.id);
    if (m->min_ram > l->flavor->ram)
        return os_fail(c, 400, "Flavor's memory is too small for requested image.");
    if (m->min_disk > l->flavor->disk && l->flavor->disk)
        return os_fail(c, 400,
                       "Flavor's disk is too small for requested image. Flavor disk is %lld "
                       "bytes, image is %lld bytes.",
                       (long long)l->flavor->disk << 30, (long long)m->min_disk << 30);
    l->image = os_word(c->cloud, m->res.id);
    return true;
}

static bool read_place(struct os_call *c, struct json_object *json, struct os_launch *l)
{
    const char *key = sim_json_text(json, "key_name"), *data = sim_json_text(json, "user_data");
    const char *zone = sim_json_text(json, "availability_zone");
    size_t len;
    if (key && !os_key_find(c->region, c->token->user, key))
        return os_fail(c, 400, "Invalid key_name provided.");
    if (zone && !os_zone_known(zone))
        return os_fail(c, 400, "The requested availability zone is not available");
    unsigned char *raw = data ? sim_base64_decode(data, &len) : NULL;
    free(raw);
    if (data && !raw)
        return os_fail(c, 400,
                       "Invalid input for field/attribute user_data. Value: %s. '%s' is "
                       "not a 'base64'",
                       data, data);
    l->key = os_word(c->cloud, key);
    l->zone = os_word(c->cloud, zone);
    l->config_drive = sim_json_bool(json, "config_drive", false);
    const char *disk = sim_json_text(json, "OS-DCF:diskConfig");
    l->manual_disk = disk && !strcmp(disk, "MANUAL");
    return true;
}

static bool read_groups(struct os_call *c, struct json_object *json, struct os_launch *l)
{
    size_t n = sim_json_list(json, "security_groups");
    for (size_t i = 0; i < n && i < OS_MAX_GROUPS; i++) {
        const char *name = sim_json_text(sim_json_nth(json, "security_groups", i), "name");
        struct os_group *g = os_group_find(c->region, c->project, name ? name : "");
        if (!g)
            return os_fail(c, 400, "Unable to find security_group with name or id '%s'",
                           name ? name : "");
        l->groups[l->n_groups++] = g;
    }
    if (!n && !c->cloud->rackspace)
        l->groups[l->n_groups++] = os_default_group(c->region, c->project);
    return true;
}

static bool read_nic(struct os_call *c, struct json_object *json, struct os_launch *l)
{
    const char *port = sim_json_text(json, "port"), *uuid = sim_json_text(json, "uuid");
    if (port) {
        struct os_port *p = (struct os_port *)os_find(c->region, OS_PORT, port);
        if (!p)
            return os_fail(c, 400, "Port id %s could not be found.", port);
        if (p->server)
            return os_fail(c, 409, "Port %s is still in use.", port);
        l->ports[l->n_ports++] = p;
        return true;
    }
    struct os_network *n = (struct os_network *)os_find(c->region, OS_NETWORK, uuid);
    if (!n || !os_network_shown(c, n))
        return os_fail(c, 400, "Network %s could not be found.", uuid ? uuid : "");
    l->networks[l->n_networks++] = n;
    return true;
}

/* Without a word about networks: the only one; with Rackspace, the two of everyone. */
static bool usual_networks(struct os_call *c, struct os_launch *l)
{
    const struct os_store *s = &c->region->stores[OS_NETWORK];
    for (size_t i = 0; i < s->n; i++) {
        struct os_network *n = (struct os_network *)s->at[i];
        bool usual = c->cloud->rackspace ? !n->res.project : !n->external;
        if (!usual || !os_network_shown(c, n))
            continue;
        if (l->n_networks && !c->cloud->rackspace)
            return os_fail(c, 409,
                           "Multiple possible networks found, use a Network ID to be more "
                           "specific.");
        l->networks[l->n_networks++] = n;
    }
    return true;
}

static bool read_networks(struct os_call *c, struct json_object *json, struct os_launch *l)
{
    struct json_object *list = sim_json_get(json, "networks");
    if (!list)
        return c->micro >= 37 ? os_fail(c, 400,
                                        "Invalid input for field/attribute server. Value: %s. "
                                        "'networks' is a required property",
                                        json_object_to_json_string(json))
                              : usual_networks(c, l);
    if (json_object_is_type(list, json_type_string)) {
        const char *word = json_object_get_string(list);
        if (c->micro < 37 || (strcmp(word, "auto") != 0 && strcmp(word, "none") != 0))
            return os_fail(c, 400, "Invalid input for field/attribute networks. Value: %s.", word);
        return strcmp(word, "none") ? usual_networks(c, l) : true;
    }
    size_t n = sim_json_list(json, "networks");
    for (size_t i = 0; i < n && i < OS_MAX_NICS; i++)
        if (!read_nic(c, sim_json_nth(json, "networks", i), l))
            return false;
    return true;
}

bool os_pairs_from(struct os_call *c, struct json_object *json, struct sim_dict *p)
{
    if (!json)
        return true;
    if (!json_object_is_type(json, json_type_object))
        return os_fail(c, 400,
                       "Invalid input for field/attribute metadata. Value: %s. it is not of "
                       "type 'object'",
                       json_object_to_json_string(json));
    json_object_object_foreach(json, key, value)
    {
        if (!json_object_is_type(value, json_type_string))
            return os_fail(c, 400,
                           "Invalid input for field/attribute %s. Value: %s. %s is not of "
                           "type 'string'",
                           key, json_object_get_string(value), json_object_get_string(value));
        const char *text = json_object_get_string(value);
        if (strlen(key) > 255 || strlen(text) > 255)
            return os_fail(c, 400,
                           "Invalid input for field/attribute %.255s. Value: %.300s. it is "
                           "too long",
                           key, text);
        sim_dict_set(p, key, text);
    }
    int64_t most = os_quota_of(c->cloud, c->project).metadata;
    if (most >= 0 && (int64_t)p->n > most)
        return os_fail_as(c, c->cloud->rackspace ? 413 : 403,
                          c->cloud->rackspace ? "overLimit" : "forbidden",
                          "Maximum number of metadata items exceeds %lld", (long long)most);
    return true;
}

static bool read_tags(struct os_call *c, struct json_object *json, struct os_launch *l)
{
    size_t n = sim_json_list(json, "tags");
    for (size_t i = 0; i < n; i++) {
        const char *tag = json_object_get_string(sim_json_nth(json, "tags", i));
        if (!tag || !*tag || strlen(tag) > 60 || strpbrk(tag, "/,"))
            return os_fail(c, 400, "Invalid input for field/attribute tags. Value: %s.", tag);
        sim_dict_set(&l->tags, tag, "");
    }
    return true;
}

static bool read_files(struct os_call *c, struct json_object *json)
{
    size_t n = sim_json_list(json, "personality"), len;
    if (n > MAX_FILES)
        return os_fail_as(c, 403, "forbidden", "Quota exceeded, too many files.");
    for (size_t i = 0; i < n; i++) {
        struct json_object *file = sim_json_nth(json, "personality", i);
        const char *text = sim_json_text(file, "contents");
        unsigned char *raw = text ? sim_base64_decode(text, &len) : NULL;
        free(raw);
        if (!raw || !sim_json_text(file, "path"))
            return os_fail(c, 400, "Bad personality format: a path and contents in base64");
    }
    return true;
}

static bool read_launch(struct os_call *c, struct json_object *json, struct os_launch *l)
{
    const char *flavor = sim_json_text(json, "flavorRef");
    if (!json_object_is_type(json, json_type_object))
        return os_fail(c, 400,
                       "Invalid input for field/attribute server. It is a required "
                       "property");
    if (!read_name(c, json, l))
        return false;
    l->flavor = flavor ? os_flavor_ref(c, flavor) : NULL;
    if (!l->flavor)
        return os_fail(c, 400, "Flavor %s could not be found.", flavor ? flavor : "None");
    l->fails = l->flavor->impossible;
    return read_image(c, json, l) && read_place(c, json, l) && read_groups(c, json, l) &&
           read_networks(c, json, l) && read_files(c, json) &&
           os_pairs_from(c, sim_json_get(json, "metadata"), &l->meta) && read_tags(c, json, l);
}

/* What a create answers: an id and a password, no state. */
static void put_created(struct os_call *c, struct os_server *sv, const char *password)
{
    char location[400];
    if (c->cloud->hp) { /* which gave all of it */
        SIM_LIT(c->out, "{\"server\": ");
        os_server_put(c, sv, true);
        c->out->len--; /* the password joins the others */
        sim_put_str(c->out, "adminPass", password);
        SIM_LIT(c->out, "}}");
        return;
    }
    SIM_LIT(c->out, "{\"server\": {");
    os_server_put_id(c, sv);
    os_self_links(c, "servers", sv->res.id);
    sim_put_str(c->out, "OS-DCF:diskConfig", sv->manual_disk ? "MANUAL" : "AUTO");
    if (!c->cloud->rackspace) {
        sim_put_array(c->out, "security_groups");
        for (unsigned i = 0; i < sv->n_groups; i++) {
            sim_put_object(c->out, NULL);
            sim_put_str(c->out, "name", sv->groups[i]->res.name);
            sim_put_end(c->out, '}');
        }
        sim_put_end(c->out, ']');
    }
    sim_put_str(c->out, "adminPass", password);
    SIM_LIT(c->out, "}}");
    snprintf(location, sizeof location, "%s/servers/%s", c->base, sv->res.id);
    sim_reply_header(c->r, "Location", location);
}

static void launch(struct os_call *c, struct json_object *json, struct os_launch *l, int64_t count)
{
    char reservation[12] = "r-", password[13];
    const char *given = sim_json_text(json, "adminPass"), *name = l->name;
    struct os_server *first = NULL;
    sim_random_hex(c->cloud->sim, reservation + 2, 8);
    sim_random_hex(c->cloud->sim, password, 12);
    for (int64_t i = 0; i < count; i++) {
        char *numbered = sim_fmt("%s-%lld", name, (long long)i + 1);
        bool fails = l->fails;
        l->name = count > 1 ? numbered : name;
        if (c->set->fail_builds > 0) {
            c->set->fail_builds--;
            l->fails = true;
        }
        struct os_server *sv =
            os_server_new(c->region, c->project, c->token->user, l, NULL, c->now);
        l->fails = fails;
        free(numbered);
        memcpy(sv->reservation, reservation, sizeof reservation);
        os_job_begin(c->region, sv, &os_job_build, c->now);
        os_server_event(c, sv, "create");
        first = first ? first : sv;
    }
    c->r->status = 202;
    if (sim_json_bool(json, "return_reservation_id", false)) {
        sim_put_object(c->out, NULL);
        sim_put_str(c->out, "reservation_id", reservation);
        sim_put_end(c->out, '}');
    } else if (first) {
        put_created(c, first, given ? given : password);
    }
}

void os_server_create(struct os_call *c)
{
    struct json_object *json = sim_json_get(c->json, "server");
    struct os_launch l = {0};
    int64_t most = sim_json_int(json, "max_count", 0), least = sim_json_int(json, "min_count", 1);
    if (!os_may_change(c, "os_compute_api:servers:create"))
        return;
    if (!most)
        most = least;
    if (least < 1 || most < least || most > MAX_COUNT)
        os_fail(c, 400, "min_count must be <= max_count");
    else if (read_launch(c, json, &l) && os_quota_check(c, l.flavor, least))
        launch(c, json, &l, os_quota_check(c, l.flavor, most) ? most : least);
    sim_dict_free(&l.meta);
    sim_dict_free(&l.tags);
}
