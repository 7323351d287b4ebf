/* The request that creates a server: every argument of create as its members. */
#include <string.h>
#include <strings.h>

#include "nova.h"

/* Arguments that go in as they are, and the version of the API that has them. */
static const struct {
    const char *arg, *member;
    int minor;
} plain[] = {
    {"key", "key_name", 1},
    {"location", "availability_zone", 1},
    {"address", "accessIPv4", 1},
    {"address6", "accessIPv6", 1},
    {"disk_config", "OS-DCF:diskConfig", 1},
    {"description", "description", 19},
    {"hostname", "hostname", 90},
};

static int too_old(nube_call *c, const char *arg, int minor)
{
    if (nova_minor(c, minor) >= minor)
        return 0;
    nube_fail(c, NUBE_E_UNSUPPORTED,
              "%s: this cloud's Nova takes it from version 2.%d on, and speaks at most 2.%d", arg,
              minor, nova_minor(c, minor));
    return -1;
}

static int add_plain(nube_call *c, nube_json *j)
{
    size_t i;

    for (i = 0; i < NOVA_ROWS(plain); i++) {
        if (!nube_arg_str(c, plain[i].arg))
            continue;
        if (too_old(c, plain[i].arg, plain[i].minor))
            return -1;
        nube_json_str(j, plain[i].member, nube_arg_str(c, plain[i].arg));
    }
    return 0;
}

/* ---- Where it is connected ----------------------------------------------------------- */

static int is_word(const char *text)
{
    return strcmp(text, "auto") == 0 || strcmp(text, "none") == 0;
}

const char *nova_network_id(const char *text)
{
    const struct nova_network *n = nova_dialect.networks;

    for (; n && n->name; n++)
        if (strcasecmp(n->name, text) == 0)
            return n->id;
    return text;
}

/* A network's id, or port=ID; with "@ADDRESS" behind it the address there. */
static void add_network(nube_call *c, nube_json *j, const char *text)
{
    const char *at = strchr(text, '@'), *what = "uuid";
    size_t len = at ? (size_t)(at - text) : strlen(text);

    if (strncmp(text, "port=", 5) == 0) {
        what = "port";
        text += 5;
        len -= 5;
    }
    nube_json_object(j, NULL);
    nube_json_str(j, what, nova_network_id(nube_fmt(c, "%.*s", (int)len, text)));
    nube_json_str(j, "fixed_ip", at ? at + 1 : NULL);
    nube_json_end(j);
}

/* From 2.37 on Nova wants to be told; before it, there was no word for either. */
static int add_networks(nube_call *c, nube_json *j)
{
    size_t i, n = nube_arg_count(c, "network");
    const char *first = nube_arg_at(c, "network", 0);

    if (!n && nova_minor(c, 37) < 37)
        return 0;
    if (!n || (n == 1 && is_word(first))) {
        nube_json_str(j, "networks", n ? first : "auto");
        return too_old(c, "network=auto or none", 37);
    }
    nube_json_array(j, "networks");
    for (i = 0; i < n; i++)
        add_network(c, j, nube_arg_at(c, "network", i));
    nube_json_end(j);
    return 0;
}

static void add_groups(nube_call *c, nube_json *j)
{
    size_t i, n = nube_arg_count(c, "firewall");

    if (!n)
        return;
    nube_json_array(j, "security_groups");
    for (i = 0; i < n; i++) {
        nube_json_object(j, NULL);
        nube_json_str(j, "name", nube_arg_at(c, "firewall", i));
        nube_json_end(j);
    }
    nube_json_end(j);
}

/* ---- What it starts from ------------------------------------------------------------- */

/* A volume that is there, or a new one of the image. */
static int add_root(nube_call *c, nube_json *j)
{
    const char *image = nube_arg_str(c, "image"), *volume = nube_arg_str(c, "volume");
    int64_t size = nube_arg_int(c, "volume_size", 0);

    if (!volume && !size) {
        nube_json_str(j, "imageRef", image);
        return 0;
    }
    if (volume && size) {
        nube_fail(c, NUBE_E_USAGE,
                  "volume and volume_size exclude each other: the one is there, "
                  "the other is made");
        return -1;
    }
    nube_json_array(j, "block_device_mapping_v2");
    nube_json_object(j, NULL);
    nube_json_int(j, "boot_index", 0);
    nube_json_str(j, "uuid", volume ? volume : image);
    nube_json_str(j, "source_type", volume ? "volume" : "image");
    nube_json_str(j, "destination_type", "volume");
    if (size)
        nube_json_int(j, "volume_size", size);
    nube_json_bool(j, "delete_on_termination", nube_arg_bool(c, "volume_goes", volume ? 0 : 1));
    nube_json_end(j);
    nube_json_end(j);
    return 0;
}

static void add_data(nube_call *c, nube_json *j)
{
    size_t len;
    const void *data = nube_arg_data(c, "user_data", &len);

    if (data && len)
        nube_json_secret(j, "user_data", nube_base64(c, data, len));
    nube_json_secret(j, "adminPass", nube_arg_str(c, "password"));
    if (nube_arg_str(c, "config_drive"))
        nube_json_bool(j, "config_drive", nube_arg_bool(c, "config_drive", 0));
    nova_json_pairs(c, j, "metadata", "metadata");
    nova_json_files(c, j, "file");
}

static int add_tags(nube_call *c, nube_json *j)
{
    const char *key, *value;
    size_t i;

    if (!nube_arg_count(c, "tag"))
        return 0;
    nube_json_array(j, "tags");
    for (i = 0; nube_arg_pair(c, "tag", i, &key, &value); i++)
        nube_json_str(j, NULL, *value ? nube_fmt(c, "%s=%s", key, value) : key);
    nube_json_end(j);
    return too_old(c, "tag", 52);
}

/* Several at once get numbers behind their name, and are found again by the reservation. */
static void add_count(nube_call *c, nube_json *j)
{
    int64_t most = nube_arg_int(c, "count", 1), least = nube_arg_int(c, "min_count", most);

    if (most == 1)
        return;
    nube_json_int(j, "min_count", least);
    nube_json_int(j, "max_count", most);
    nube_json_bool(j, "return_reservation_id", 1);
}

static void add_hints(nube_call *c, nube_json *j)
{
    const char *group = nube_arg_str(c, "server_group"), *key, *value;
    size_t i;

    if (!group && !nube_arg_count(c, "hint"))
        return;
    nube_json_object(j, "os:scheduler_hints");
    nube_json_str(j, "group", group);
    for (i = 0; nube_arg_pair(c, "hint", i, &key, &value); i++)
        nube_json_str(j, key, value);
    nube_json_end(j);
}

/* Nova insists on a name. */
static const char *name_of(nube_call *c)
{
    const char *name = nube_arg_str(c, "name");

    if (name)
        return name;
    name = nube_fmt(c, "node-%lld", (long long)(nube_now(c) / 1000));
    nube_note(c, "name: %s was chosen, since none was given", name);
    return name;
}

int nova_is_key_only(const char *size)
{
    const char *begin = nova_dialect.key_only;

    return begin && size && strncmp(size, begin, strlen(begin)) == 0;
}

int nova_launch(nube_call *c, const char *size)
{
    nube_req *q;
    nube_json *j;

    if (nova_is_key_only(size) && !nube_arg_str(c, "key")) {
        nube_fail(c, NUBE_E_USAGE, "name a key: a node of size %s has no password", size);
        return -1;
    }
    q = nova_request(c, NUBE_POST, NOVA_CREATE);
    j = nube_req_json(q);
    nube_req_path(q, "servers");
    nube_json_object(j, "server");
    nube_json_str(j, "name", name_of(c));
    nube_json_str(j, "flavorRef", size);
    if (add_root(c, j) || add_plain(c, j) || add_networks(c, j) || add_tags(c, j))
        return -1;
    add_groups(c, j);
    add_data(c, j);
    add_count(c, j);
    nube_json_end(j);
    add_hints(c, j);
    return 0;
}
