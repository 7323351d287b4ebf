/* CloudAPI, simulated: its state, and what its operations share. */
#ifndef NUBE_SIM_JOYENT_H
#define NUBE_SIM_JOYENT_H

#include <json-c/json.h>
#include <openssl/evp.h>

#include "../map.h"
#include "../sim_int.h"

enum { JOY_UUID = 37, JOY_NETWORKS = 8, JOY_LIMIT = 1000 };

struct joy_settings {
    char versions[64], datacenter[64], reboot_state[64];
    bool old_header, page_headers, ignore_offset;
    int64_t provisioning_ms, starting_ms, stopping_ms, rebooting_ms, deleting_ms, dhcp_ms;
    int64_t image_ms, snapshot_ms, label_ms, keep_deleted_ms;
    int64_t throttle_rate, throttle_burst, throttle_status, skew_limit_s;
    int64_t machine_limit, fail_creates;
};

/* ---- State ------------------------------------------------------------------------------- */

struct joy_key {
    char *name, *print, *line; /* print: MD5 as aa:bb:... */
    const char *kind;
    EVP_PKEY *pkey;
};

struct joy_keys {
    struct joy_key **at;
    size_t n, size;
};

/* A user of an account, with keys of its own. */
struct joy_user {
    char id[JOY_UUID];
    char *login;
    struct joy_keys keys;
};

struct joy_account {
    char id[JOY_UUID];
    char *login, *password;
    bool disabled;
    struct joy_keys keys;
    struct joy_user **users;
    size_t n_users, users_size;
    char *default_network;
    struct json_object *rules; /* of the firewall, an array */
};

struct joy_image {
    char id[JOY_UUID];
    char *name, *version, *os, *type, *description; /* type: "zone-dataset", "zvol", ... */
    struct joy_account *owner;                      /* NULL: everybody's */
    const char *state, *next;                       /* next after `due`; NULL: it stays */
    int64_t published, due;
    int64_t min_memory, max_memory;
    bool password, is_default;
};

struct joy_package {
    char id[JOY_UUID];
    char *name, *brand, *group;
    int64_t memory, disk, swap, vcpus, lwps;
    bool is_default, inactive;
};

struct joy_network {
    char id[JOY_UUID];
    char *name;
    bool is_public, fabric;
    uint32_t base, used; /* a /24 */
};

struct joy_snapshot {
    char *name;
    int64_t created, due; /* "queued" until due */
};

struct joy_machine {
    char id[JOY_UUID], node[JOY_UUID], image[JOY_UUID];
    char *name, *package; /* package "": it has none any more */
    const char *brand;
    struct joy_account *owner;
    const char *state, *next; /* next after `due`; NULL: it stays */
    const char *doing;        /* what is told by audit when it is done */
    char *doing_key;
    int64_t due, created, updated, deleted;
    int64_t memory, disk;
    bool firewall, protect, docker, flexible;
    struct json_object *metadata, *tags, *audit; /* audit: oldest first */
    struct json_object *fixed_ips;               /* of a seed, as they are to be shown; NULL */
    char password[13];
    struct joy_network *networks[JOY_NETWORKS];
    uint32_t ips[JOY_NETWORKS]; /* 0 while it is made */
    size_t n_networks;
    int64_t address_due; /* "dhcp" until then */
    struct joy_snapshot *snapshots;
    size_t n_snapshots, snapshots_size;
};

/* A list of one kind, in the order of making. */
#define JOY_LIST(type)                                                                             \
    struct {                                                                                       \
        struct type **at;                                                                          \
        size_t n, size;                                                                            \
    }

struct joyent {
    struct sim *sim;
    struct joy_settings *settings;
    JOY_LIST(joy_account) accounts;
    JOY_LIST(joy_image) images;
    JOY_LIST(joy_package) packages;
    JOY_LIST(joy_network) networks;
    JOY_LIST(joy_machine) machines;
    struct sim_map machines_by_id;
    double tokens; /* of the rate limit */
    int64_t tokens_at;
};

/* ---- One request ------------------------------------------------------------------------- */

/* The version of the API that was agreed on. */
struct joy_version {
    int v[3];
};

struct joy_call {
    struct joyent *cloud;
    struct sim_request *q;
    struct sim_reply *r;
    struct json_object *body; /* of JSON; NULL: none */
    struct joy_account *account;
    struct joy_user *user; /* NULL: the account itself */
    const struct joy_key *key;
    struct joy_version version;
    int64_t now;
};

typedef void (*joy_fn)(struct joy_call *c);

/* At least this version? */
bool joy_is(const struct joy_call *c, int major, int minor);

/* version.c: the highest of the versions ("6.5.0 7.0.0") that is in the range. */
bool joy_version_choose(const char *versions, const char *range, struct joy_version *out);

/* auth.c: who asks; false when it was refused. */
bool joy_authenticate(struct joy_call *c);

/* reply.c */
/* Takes the object. */
void joy_json(struct joy_call *c, unsigned status, struct json_object *json);
void joy_empty(struct joy_call *c, unsigned status);
/* An error of the code's own status; gives false. */
bool joy_fail(struct joy_call *c, const char *code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void joy_error(struct sim_reply *r, unsigned status, const char *code, const char *message);
/* A parameter, of the query or of the body, as text; NULL: there is none. */
const char *joy_param(const struct joy_call *c, const char *name);
struct json_object *joy_member(const struct joy_call *c, const char *name);
bool joy_is_true(const struct joy_call *c, const char *name);
/* Members; a NULL text is left out. */
void joy_put(struct json_object *o, const char *name, const char *text);
void joy_put_int(struct json_object *o, const char *name, int64_t n);
void joy_put_bool(struct json_object *o, const char *name, bool yes);
void joy_put_time(struct json_object *o, const char *name, int64_t ms);
void joy_uuid(struct sim *s, char *buf);
bool joy_is_uuid(const char *text);
bool joy_same(const char *a, const char *b);

/* serve.c: what every request passes through; provider.c has the routes. */
void joy_serve(struct sim *s, struct joyent *cloud, struct sim_request *q, struct sim_reply *r,
               joy_fn fn);

/* seed.c */
bool joy_seed(void *state, struct json_object *seed, struct sim_text *error);
void joy_seed_defaults(struct joyent *cloud);

/* account.c */
struct joy_account *joy_account_new(struct joyent *cloud, const char *login, const char *password);
struct joy_account *joy_account_find(const struct joyent *cloud, const char *login);
struct joy_user *joy_user_new(struct joyent *cloud, struct joy_account *a, const char *login);
struct joy_user *joy_user_find(const struct joy_account *a, const char *login);
void joy_account_free(struct joy_account *a);
void joy_ping(struct joy_call *c);
void joy_get_account(struct joy_call *c);
void joy_list_datacenters(struct joy_call *c);
void joy_get_datacenter(struct joy_call *c);
void joy_list_services(struct joy_call *c);
void joy_get_config(struct joy_call *c);
void joy_put_config(struct joy_call *c);
void joy_get_limits(struct joy_call *c);
void joy_list_users(struct joy_call *c);

/* key.c */
/* NULL with the reason. name NULL: its fingerprint. */
struct joy_key *joy_key_add(struct joy_keys *keys, const char *name, const char *line,
                            const char **why);
struct joy_key *joy_key_find(const struct joy_keys *keys, const char *name);
void joy_keys_free(struct joy_keys *keys);
void joy_list_keys(struct joy_call *c);
void joy_get_key(struct joy_call *c);
void joy_create_key(struct joy_call *c);
void joy_delete_key(struct joy_call *c);

/* catalog.c: packages and networks */
struct joy_package *joy_package_find(const struct joyent *cloud, const char *word);
struct joy_network *joy_network_find(const struct joyent *cloud, const char *id);
void joy_package_free(struct joy_package *p);
void joy_list_packages(struct joy_call *c);
void joy_get_package(struct joy_call *c);
void joy_list_networks(struct joy_call *c);
void joy_get_network(struct joy_call *c);
void joy_ip_text(uint32_t ip, char buf[16]);

/* image.c */
/* By id; before 8.0 by URN too, a part of which means the newest. NULL: not there for the caller.
 */
struct joy_image *joy_image_find(const struct joy_call *c, const char *word);
struct joy_image *joy_image_by_id(const struct joyent *cloud, const char *id);
void joy_image_urn(const struct joy_image *i, struct sim_text *out);
/* "smartmachine" or "virtualmachine". */
const char *joy_image_machine_type(const struct joy_image *i);
void joy_image_free(struct joy_image *i);
void joy_list_images(struct joy_call *c);
void joy_get_image(struct joy_call *c);
void joy_list_datasets(struct joy_call *c);
void joy_get_dataset(struct joy_call *c);
void joy_create_image(struct joy_call *c);
void joy_image_action(struct joy_call *c);
void joy_delete_image(struct joy_call *c);

/* machine.c: one machine and its time */
struct joy_machine *joy_machine_new(struct joyent *cloud, struct joy_account *owner);
void joy_machine_free(struct joy_machine *m);
/* What is due happens. */
void joy_settle(struct joyent *cloud, int64_t now);
/* state now, next after ms. */
void joy_become(struct joy_call *c, struct joy_machine *m, const char *state, const char *next,
                int64_t ms, const char *doing);
void joy_audit(struct joy_machine *m, const char *action, const char *key, int64_t now);
void joy_machine_address(struct joyent *cloud, struct joy_machine *m, int64_t now);
struct json_object *joy_machine_json(const struct joy_call *c, const struct joy_machine *m,
                                     bool credentials);
/* The one of the path; NULL when it was refused: not there, or 410 with itself. */
struct joy_machine *joy_machine_of(struct joy_call *c);

/* machine_list.c, machine_create.c, machine_act.c */
void joy_list_machines(struct joy_call *c);
void joy_get_machine(struct joy_call *c);
void joy_create_machine(struct joy_call *c);
void joy_machine_action(struct joy_call *c);
void joy_delete_machine(struct joy_call *c);
/* Members called metadata.NAME or tag.NAME of what was sent, without the prefix, into `to`. */
void joy_take_prefixed(const struct joy_call *c, const char *prefix, struct json_object *to);
/* Names of metadata that CloudAPI drops without a word. */
bool joy_metadata_is_dropped(const char *name);

/* label.c: metadata and tags; snapshot.c; audit and nics */
void joy_get_metadata(struct joy_call *c);
void joy_put_metadata(struct joy_call *c);
void joy_get_metadata_key(struct joy_call *c);
void joy_delete_metadata_key(struct joy_call *c);
void joy_delete_metadata(struct joy_call *c);
void joy_get_tags(struct joy_call *c);
void joy_add_tags(struct joy_call *c);
void joy_replace_tags(struct joy_call *c);
void joy_get_tag(struct joy_call *c);
void joy_delete_tag(struct joy_call *c);
void joy_delete_tags(struct joy_call *c);
void joy_list_snapshots(struct joy_call *c);
void joy_create_snapshot(struct joy_call *c);
void joy_get_snapshot(struct joy_call *c);
void joy_start_snapshot(struct joy_call *c);
void joy_delete_snapshot(struct joy_call *c);
void joy_list_audit(struct joy_call *c);
void joy_list_nics(struct joy_call *c);

/* rule.c: rules of the firewall */
void joy_list_rules(struct joy_call *c);
void joy_create_rule(struct joy_call *c);
void joy_get_rule(struct joy_call *c);
void joy_update_rule(struct joy_call *c);
void joy_delete_rule(struct joy_call *c);
void joy_enable_rule(struct joy_call *c);
void joy_disable_rule(struct joy_call *c);
void joy_machine_rules(struct joy_call *c);

#endif
