/* The EC2 simulator: its state, the objects in it, and what its files offer each other. */
#ifndef NUBE_SIM_EC2_H
#define NUBE_SIM_EC2_H

#include "../map.h"
#include "../sim.h"

struct ec2_settings {
    int64_t pending_ms, stopping_ms, shutting_down_ms, image_ms, volume_ms;
    int64_t status_ms, console_ms, keep_terminated_ms;
    int64_t visible_after_requests, visible_after_ms;
    int64_t page_cap, page_empty_every, page_default;
    bool page_trailing_token, page_repeat_token;
    int64_t throttle_rate, throttle_burst, skew_limit_s, vcpu_limit, instance_limit, fail_launches;
    char launch_failure[64], skew_code[64], secret_code[64], region[64];
    bool strict;
    /* The metadata service and the container endpoint. */
    bool imds_v1, imds_down;
    int64_t credentials_s;
    char role[64], container_token[64];
};

enum ec2_type {
    EC2_INSTANCE,
    EC2_IMAGE,
    EC2_INSTANCE_TYPE,
    EC2_KEY,
    EC2_GROUP,
    EC2_VOLUME,
    EC2_SNAPSHOT,
    EC2_ADDRESS,
    EC2_VPC,
    EC2_SUBNET,
    EC2_TYPES
};

struct ec2_tag {
    char *key, *value;
};

struct ec2_tags {
    struct ec2_tag *at;
    size_t n, size;
};

/* What every object has; the first member of each. */
struct ec2_res {
    char id[32];
    enum ec2_type type;
    struct ec2_region *region;
    uint64_t seq;      /* lists are in this order */
    const char *owner; /* account, interned */
    char *name;        /* of keys, groups and images */
    struct ec2_tags tags;
    int64_t created;
    int64_t hidden_requests, hidden_until; /* how long it is not found yet */
};

struct ec2_image {
    struct ec2_res res;
    char *description;
    const char *owner_alias, *arch, *platform, *root_device, *virtualization, *hypervisor, *boot;
    const char *state; /* pending, available, failed */
    int64_t due;       /* when it becomes available; 0: it is */
    bool is_public, instance_store, no_date;
    struct ec2_snapshot *snapshot;
    char source_instance[32];
    const char **shared; /* accounts that may launch it */
    size_t n_shared, shared_size;
};

struct ec2_instance_type {
    struct ec2_res res; /* the id is its name */
    const char *arch, *storage, *network, *gpu, *hypervisor;
    int64_t memory_mib, vcpus, cores, storage_gb, gpus, gpu_mib;
    bool current, free_tier, metal, burst;
};

struct ec2_key {
    struct ec2_res res;
    const char *kind; /* rsa, ed25519 */
    char *fingerprint, *public_key;
};

struct ec2_rule {
    char id[32];
    bool egress;
    char protocol[16];
    int64_t from, to; /* -1: none */
    char cidr[64];    /* IPv4 or IPv6, "" when a group or list is meant */
    bool v6;
    char group[32], group_owner[16], prefix_list[32];
    char *description;
};

struct ec2_group {
    struct ec2_res res;
    char *description;
    char vpc[32];
    struct ec2_rule *rules;
    size_t n_rules, rules_size;
};

struct ec2_snapshot {
    struct ec2_res res;
    char volume[32];
    char *description;
    int64_t size_gb, due;
    bool encrypted;
    unsigned images; /* how many are made of it */
};

struct ec2_volume {
    struct ec2_res res;
    int64_t size_gb, iops, throughput, due;
    const char *kind, *zone;
    char snapshot[32];
    bool encrypted, keep; /* keep: it outlives its instance */
    struct ec2_instance *instance;
    char device[32];
    int64_t attached;
};

struct ec2_subnet {
    struct ec2_res res;
    char vpc[32];
    const char *zone;
    char cidr[24];
    uint32_t base;
    unsigned used;
};

struct ec2_address {
    struct ec2_res res;
    char association[32];
    uint32_t ip;
    struct ec2_instance *instance;
};

enum ec2_state {
    EC2_PENDING = 0,
    EC2_RUNNING = 16,
    EC2_SHUTTING_DOWN = 32,
    EC2_TERMINATED = 48,
    EC2_STOPPING = 64,
    EC2_STOPPED = 80
};

struct ec2_instance {
    struct ec2_res res;
    char reservation[24];
    unsigned index;
    struct ec2_instance_type *type;
    char image[32];
    const char *key, *arch, *platform, *root_device, *virtualization, *lifecycle, *tenancy;
    const char *profile, *tokens, *endpoint, *metadata_tags, *shutdown, *client_token,
        *placement_group;
    struct ec2_subnet *subnet;
    uint32_t private_ip, public_ip; /* 0: none */
    bool elastic, had_public;
    enum ec2_state state, next;
    int64_t due; /* when it becomes `next`; 0: it stays */
    int64_t launched, ended;
    char reason[64];
    const char *reason_code, *reason_message; /* "" and "": none */
    struct ec2_group **groups;
    size_t n_groups, groups_size;
    struct ec2_volume **volumes;
    size_t n_volumes, volumes_size;
    char *user_data; /* base64 as it came */
    int64_t hop_limit;
    bool no_termination, no_stop, monitoring, ebs_optimized, source_dest_check, hibernation,
        instance_store, ipv6;
    char mac[18], eni[24];
};

struct ec2_store {
    struct ec2_res **at;
    size_t n, size;
};

struct ec2_region {
    char name[32], short_name[16];
    const char *partition;
    const char *opt_in; /* opt-in-not-required, opted-in, not-opted-in */
    bool opened;
    struct ec2_store stores[EC2_TYPES];
    struct sim_map by_id, tokens;
    uint64_t instances; /* how many there ever were */
    int64_t due;        /* when the next instance changes by itself; 0: none does */
    struct ec2 *cloud;
};

/* A client token that was used: what it made. Kept in the region's `tokens`. */
struct ec2_token {
    char *key;
    uint64_t params;
    char id[32];
};

/* A key pair that may sign, and who it is. */
struct ec2_identity {
    char key[132], secret[132];
    char *token;     /* NULL: a long-term key */
    int64_t expires; /* 0: never */
    const char *account;
    char arn[256], user_id[128];
    const char **deny, **allow; /* patterns of actions; without any allow all are */
    size_t n_deny, n_allow, deny_size, allow_size;
    /* The signing key of the scope it signed for last. */
    char scope[96];
    unsigned char signing_key[32];
};

struct ec2_role {
    char arn[256];
    const char *account;
    char external_id[128], mfa_serial[128], mfa_code[8];
    const char **deny, **allow;
    size_t n_deny, n_allow, deny_size, allow_size;
};

struct ec2 {
    struct sim *sim;
    struct ec2_settings *settings;
    struct ec2_region **regions;
    size_t n_regions, regions_size;
    struct ec2_store types; /* the same in all regions */
    struct sim_map types_by_name;
    struct ec2_identity **identities;
    size_t n_identities, identities_size;
    struct sim_map by_key;
    struct ec2_role *roles;
    size_t n_roles, roles_size;
    struct sim_map words; /* interned text */
    uint64_t seq;
    uint32_t public_ips;
    unsigned char page_key[32];
    double tokens[128]; /* of the throttle, by action */
    int64_t filled[128];
    char imds_token[41];
    int64_t imds_expires;
};

/* One call of the query API. */
struct ec2_call {
    struct ec2 *cloud;
    struct sim_request *q;
    struct sim_reply *r;
    struct sim_text *out; /* the reply's body */
    struct ec2_region *region;
    struct ec2_identity *who;
    const char *account; /* interned, as owners are */
    int64_t now;         /* life time, one for the whole call */
    bool sts, failed;
};

/* ec2/error.c */
/* Fails the call: status by the code, body in the form of the service. Always false. */
bool ec2_fail(struct ec2_call *c, const char *code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
unsigned ec2_error_status(const char *code);
void ec2_error_body(struct sim_reply *r, bool sts, unsigned status, const char *code,
                    const char *message);
void ec2_request_id(struct sim *s, struct sim_reply *r);

/* ec2/auth.c */
/* Finds who calls and whether it may; sets region, who, account. */
bool ec2_authenticate(struct ec2_call *c, const char *service);
bool ec2_permitted(struct ec2_call *c, const char *service);

/* ec2/identity.c */
struct ec2_identity *ec2_identity_new(struct ec2 *cloud, const char *key, const char *secret);
/* Temporary keys for a role or a user. */
struct ec2_identity *ec2_identity_session(struct ec2 *cloud, const char *account, const char *arn,
                                          const char *user_id, int64_t seconds);
bool ec2_identity_seed(struct ec2 *cloud, struct json_object *json, struct sim_text *error);
bool ec2_role_seed(struct ec2 *cloud, struct json_object *json, struct sim_text *error);
struct ec2_role *ec2_role_find(struct ec2 *cloud, const char *arn);
void ec2_identities_free(struct ec2 *cloud);

/* ec2/parameters.c */
/* What an action takes, word by word; NULL: there is no such action. */
const char *ec2_parameters(const char *action);
/* ec2/index.c: lists that count from 0 are made to count from 1. */
void ec2_count_from_one(struct ec2 *cloud, struct sim_request *q);
/* ec2/check.c: refuses unknown, missing and ill-formed parameters. */
bool ec2_check(struct ec2_call *c, const char *words);
/* Typed parameters, checked before. */
bool ec2_bool(const struct ec2_call *c, const char *name, bool absent);
int64_t ec2_int(const struct ec2_call *c, const char *name, int64_t absent);

/* ec2/state.c */
const char *ec2_intern(struct ec2 *cloud, const char *text); /* NULL gives NULL */
struct ec2_region *ec2_region_find(struct ec2 *cloud, const char *name);
/* Makes what an account has from the beginning: a network, a group. */
void ec2_region_open(struct ec2_region *region, const char *account);
/* Fills in id, order and owner, and puts it into the region. `id` NULL: a new one. */
void ec2_add(struct ec2_region *region, struct ec2_res *res, enum ec2_type type,
             const char *account, const char *id);
/* Where an object of this order is or would be. */
size_t ec2_store_at(const struct ec2_store *s, uint64_t seq);
void ec2_hide_fresh(struct ec2_res *res); /* by the settings */
void ec2_remove(struct ec2_res *res);     /* and frees it */
/* By id, of the type and visible to the account; NULL: there is none, or not yet. */
struct ec2_res *ec2_find(struct ec2_call *c, enum ec2_type type, const char *id);
struct ec2_res *ec2_find_name(struct ec2_call *c, enum ec2_type type, const char *name);
bool ec2_hidden(struct ec2_call *c, struct ec2_res *res);
const char *ec2_prefix(enum ec2_type type);
void ec2_region_free(struct ec2_region *region);
void ec2_new_id(struct ec2 *cloud, char *buf, size_t size, const char *prefix);
struct ec2_region *ec2_region_new(struct ec2 *cloud, const char *name, const char *opt_in);
void ec2_regions_init(struct ec2 *cloud);

/* ec2/tag.c */
bool ec2_tag_set(struct ec2_tags *tags, const char *key, const char *value);
const char *ec2_tag_get(const struct ec2_tags *tags, const char *key);
void ec2_tags_free(struct ec2_tags *tags);
void ec2_put_tags(struct sim_text *out, const struct ec2_tags *tags);
/* The tags that TagSpecification.N gives a resource of this type. */
bool ec2_tags_specified(struct ec2_call *c, const char *type, struct ec2_tags *tags);
void ec2_tags_copy(struct ec2_tags *to, const struct ec2_tags *from);
void ec2_create_tags(struct ec2_call *c);
void ec2_delete_tags(struct ec2_call *c);
void ec2_describe_tags(struct ec2_call *c);
const char *ec2_type_word(enum ec2_type type);

/* ec2/select.c: which objects a Describe call means */
struct ec2_values {
    const char *at[96];
    size_t n, used;
    char scratch[2048];
};
void ec2_value(struct ec2_values *v, const char *text); /* NULL: none */
void ec2_value_fmt(struct ec2_values *v, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void ec2_value_bool(struct ec2_values *v, bool yes);
void ec2_value_time(struct ec2_values *v, int64_t ms);

struct ec2_field {
    const char *name;
    void (*get)(const void *object, struct ec2_values *v);
};

struct ec2_kind {
    enum ec2_type type;
    const char *id_param, *name_param; /* NULL: there is none */
    const char *not_found, *malformed; /* codes */
    const char *word;                  /* "instance ID" */
    const struct ec2_field *fields;
    size_t n_fields;
    void (*settle)(struct ec2_call *c, struct ec2_res *res);
    bool (*shown)(struct ec2_call *c, const struct ec2_res *res);  /* NULL: the owner's */
    bool (*listed)(struct ec2_call *c, const struct ec2_res *res); /* without ids; NULL: all */
    int64_t page_min, page_max;                                    /* 0: no pages */
};

struct ec2_selection {
    struct ec2_res **at;
    size_t n, size;
    char next[128]; /* "": no more */
};
/* False when it failed. Free `at`. */
bool ec2_select(struct ec2_call *c, const struct ec2_kind *kind, struct ec2_selection *s);
void ec2_put_next(struct ec2_call *c, const struct ec2_selection *s);

/* ec2/filter.c */
struct ec2_filter {
    const struct ec2_field *field; /* NULL: tags */
    const char *tag;               /* the key of tag:KEY; NULL: tag-key or tag-value */
    bool tag_value;
    const char **values;
    size_t n_values;
};
struct ec2_filters {
    struct ec2_filter *at;
    size_t n, size;
    uint64_t hash; /* of what was asked */
};
bool ec2_filters_read(struct ec2_call *c, struct ec2_filters *f, const struct ec2_field *fields,
                      size_t n, bool tags);
bool ec2_filters_match(const struct ec2_filters *f, const void *object,
                       const struct ec2_tags *tags);
void ec2_filters_free(struct ec2_filters *f);

/* ec2/page.c */
struct ec2_page {
    uint64_t from; /* the order of the first */
    int64_t number, size;
};
/* Opaque, and only good for the same question. */
void ec2_page_token(struct ec2 *cloud, char *buf, size_t size, const struct ec2_page *page,
                    uint64_t question);
bool ec2_page_read(struct ec2 *cloud, const char *token, struct ec2_page *page, uint64_t question);

/* ec2/token.c: client tokens */
/* False with the call failed: other parameters. *id: what the token made before, or NULL. */
bool ec2_token_find(struct ec2_call *c, const char **id);
void ec2_token_keep(struct ec2_call *c, const char *id);
void ec2_tokens_free(struct ec2_region *region);
uint64_t ec2_params_hash(const struct sim_request *q);
uint64_t ec2_hash(const char *text);

/* The objects: ec2/instance.c and friends */
extern const struct ec2_kind ec2_instances, ec2_images, ec2_instance_types, ec2_keys, ec2_groups,
    ec2_volumes, ec2_snapshots, ec2_addresses, ec2_vpcs, ec2_subnets;
void ec2_free_res(struct ec2_res *res);
void ec2_instance_free(struct ec2_instance *i);
/* Brings the region's instances to where they are by now; ended ones leave after a while. */
void ec2_region_settle(struct ec2_region *region, int64_t now);
/* From here on in `state`, and in `ms` in `next`. */
void ec2_instance_enter(struct ec2_instance *i, enum ec2_state state, enum ec2_state next,
                        int64_t ms, int64_t now);
/* By InstanceId; NULL: the call failed. */
struct ec2_instance *ec2_instance_find(struct ec2_call *c);
/* Why it stops or ends, as a person's doing. */
void ec2_instance_by_user(struct ec2_instance *i, int64_t now);
const char *ec2_state_name(enum ec2_state state);
/* The members of a reservation: these instances are all of one. */
void ec2_put_reservation(struct sim_text *out, struct ec2_instance *const *at, size_t n);
void ec2_ip(char *buf, size_t size, uint32_t ip);
void ec2_private_dns(char *buf, size_t size, const struct ec2_instance *i);
void ec2_public_dns(char *buf, size_t size, const struct ec2_instance *i);
uint32_t ec2_new_public_ip(struct ec2 *cloud);
struct ec2_subnet *ec2_default_subnet(struct ec2_region *region, const char *account,
                                      const char *zone);
struct ec2_group *ec2_default_group(struct ec2_region *region, const char *account,
                                    const char *vpc);
/* A current x86_64 type of no size yet. */
struct ec2_instance_type *ec2_type_add(struct ec2 *cloud, const char *name);
struct ec2_instance_type *ec2_type_find(struct ec2 *cloud, const char *name);
struct ec2_volume *ec2_volume_new(struct ec2_region *region, const char *account, int64_t size_gb,
                                  const char *kind, const char *zone);
void ec2_volume_attach(struct ec2_volume *v, struct ec2_instance *i, const char *device, bool keep,
                       int64_t now);
void ec2_volume_detach(struct ec2_volume *v);
struct ec2_snapshot *ec2_snapshot_new(struct ec2_region *region, const char *account,
                                      int64_t size_gb, const char *volume);
struct ec2_image *ec2_image_new(struct ec2_region *region, const char *account, const char *id,
                                const char *name);
bool ec2_image_shown(struct ec2_call *c, const struct ec2_res *res);
void ec2_images_init(struct ec2_region *region);
void ec2_types_init(struct ec2 *cloud);
void ec2_address_release(struct ec2_instance *i); /* whatever elastic address it has */
bool ec2_seed(void *state, struct json_object *seed, struct sim_text *error);
struct ec2_disk {
    char device[32], snapshot[32];
    int64_t gb, iops;
    const char *kind;
    bool keep, encrypted;
};
enum { EC2_MAX_DISKS = 16 };
/* Instances of one launch: what RunInstances and seeds share. */
struct ec2_launch {
    struct ec2_instance model; /* texts, flags and groups; copied */
    struct ec2_tags tags, volume_tags;
    struct ec2_disk disks[EC2_MAX_DISKS]; /* the root first */
    size_t n_disks;
    bool public_ip;
};
/* What an image gives: architecture, platform, root disk. */
void ec2_launch_image(struct ec2_launch *l, const struct ec2_image *image);
void ec2_launch_free(struct ec2_launch *l);
void ec2_launch(struct ec2_region *region, const char *account, const struct ec2_launch *l,
                size_t count, const char *id, int64_t now, struct ec2_instance **made);
/* A key pair from a line of OpenSSH; NULL with the reason. */
struct ec2_key *ec2_key_import(struct ec2_region *region, const char *account, const char *name,
                               const char *line, const char **why);
/* Adds a group to one's own; NULL for the description and network: the usual. */
struct ec2_group *ec2_group_new(struct ec2_region *region, const char *account, const char *name,
                                const char *description, const char *vpc);
/* By GroupId or GroupName; NULL: the call failed. */
struct ec2_group *ec2_group_find(struct ec2_call *c);
struct ec2_rule *ec2_rule_append(struct ec2_group *g, const struct ec2_rule *rule);
void ec2_group_allow(struct ec2_group *g, const char *protocol, int64_t from, int64_t to,
                     const char *cidr);

void ec2_metadata(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);
void ec2_container(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);
void ec2_query(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);
const char *ec2_action_name(const struct sim_request *q);

#define EC2_ACTION(name) void name(struct ec2_call *c)
EC2_ACTION(ec2_describe_instances);
EC2_ACTION(ec2_describe_instance_status);
EC2_ACTION(ec2_run_instances);
EC2_ACTION(ec2_start_instances);
EC2_ACTION(ec2_stop_instances);
EC2_ACTION(ec2_reboot_instances);
EC2_ACTION(ec2_terminate_instances);
EC2_ACTION(ec2_monitor_instances);
EC2_ACTION(ec2_unmonitor_instances);
EC2_ACTION(ec2_modify_instance_attribute);
EC2_ACTION(ec2_describe_instance_attribute);
EC2_ACTION(ec2_get_console_output);
EC2_ACTION(ec2_get_password_data);
EC2_ACTION(ec2_describe_images);
EC2_ACTION(ec2_create_image);
EC2_ACTION(ec2_copy_image);
EC2_ACTION(ec2_register_image);
EC2_ACTION(ec2_deregister_image);
EC2_ACTION(ec2_modify_image_attribute);
EC2_ACTION(ec2_describe_instance_types);
EC2_ACTION(ec2_describe_instance_type_offerings);
EC2_ACTION(ec2_describe_regions);
EC2_ACTION(ec2_describe_availability_zones);
EC2_ACTION(ec2_describe_vpcs);
EC2_ACTION(ec2_describe_subnets);
EC2_ACTION(ec2_describe_account_attributes);
EC2_ACTION(ec2_describe_key_pairs);
EC2_ACTION(ec2_create_key_pair);
EC2_ACTION(ec2_import_key_pair);
EC2_ACTION(ec2_delete_key_pair);
EC2_ACTION(ec2_describe_security_groups);
EC2_ACTION(ec2_create_security_group);
EC2_ACTION(ec2_delete_security_group);
EC2_ACTION(ec2_authorize_ingress);
EC2_ACTION(ec2_authorize_egress);
EC2_ACTION(ec2_revoke_ingress);
EC2_ACTION(ec2_revoke_egress);
EC2_ACTION(ec2_describe_volumes);
EC2_ACTION(ec2_create_volume);
EC2_ACTION(ec2_attach_volume);
EC2_ACTION(ec2_detach_volume);
EC2_ACTION(ec2_delete_volume);
EC2_ACTION(ec2_describe_snapshots);
EC2_ACTION(ec2_create_snapshot);
EC2_ACTION(ec2_delete_snapshot);
EC2_ACTION(ec2_describe_addresses);
EC2_ACTION(ec2_allocate_address);
EC2_ACTION(ec2_associate_address);
EC2_ACTION(ec2_disassociate_address);
EC2_ACTION(ec2_release_address);
EC2_ACTION(ec2_sts_assume_role);
EC2_ACTION(ec2_sts_web_identity);
EC2_ACTION(ec2_sts_caller);
EC2_ACTION(ec2_sts_session);

#endif
