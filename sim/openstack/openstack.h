/* The simulated OpenStack: its objects, a call, and what its files offer each other.
 *
 * Rackspace's next generation and HP's cloud are the same in another dress: `rackspace` and `hp`
 * say so. */
#ifndef NUBE_SIM_OPENSTACK_H
#define NUBE_SIM_OPENSTACK_H

#include <json-c/json_types.h>

#include "../dict.h"
#include "../jsonout.h"
#include "../map.h"
#include "../sim.h"

struct os_cloud;
struct os_region;
struct os_call;

struct os_settings {
    char region[64], compute_min[64], compute_max[64], retry_after[64], mfa_passcode[64],
        market[64];
    int64_t token_s, revoke_after, visible_after_requests, page_max, image_page, image_page_max;
    int64_t build_ms, stop_ms, start_ms, reboot_ms, pause_ms, resize_ms, rebuild_ms, rescue_ms;
    int64_t shelve_ms, delete_ms, image_ms, password_ms, floating_ms;
    int64_t throttle_rate, throttle_burst, throttle_status, fail_builds;
    int64_t quota_instances, quota_cores, quota_ram, quota_key_pairs, quota_metadata,
        quota_floating_ips, quota_groups, network_page_max;
    bool identity_v2, identity_v3, reuse_tokens, page_repeat_link, cached_203;
};

enum os_kind {
    OS_SERVER,
    OS_IMAGE,
    OS_FLAVOR,
    OS_KEY,
    OS_NETWORK,
    OS_SUBNET,
    OS_PORT,
    OS_FLOATING,
    OS_GROUP,
    OS_ROUTER,
    OS_KINDS
};

/* What every object begins with. */
struct os_res {
    char id[40];
    uint64_t seq; /* grows with every object made */
    char *name;
    struct os_project *project; /* NULL: the cloud's */
    int64_t created, updated;
    bool deleted; /* listed with changes-since only */
};

/* Objects in the order of their making. */
struct os_store {
    struct os_res **at;
    size_t n, size;
    struct sim_map by_id;
};

struct os_quota {
    int64_t instances, cores, ram, key_pairs, metadata, floating_ips, groups;
};

struct os_project {
    char id[40];
    char *name, *domain;
    struct os_quota quota;
    bool own_quota; /* not the settings' */
    int64_t instances, cores, ram;
};

struct os_role {
    struct os_project *project;
    const char *name; /* "admin", "member", "reader" */
};

struct os_user {
    char id[40];
    char *name, *domain, *password, *api_key, *access_key, *secret_key;
    struct os_project *initial; /* the default project, or NULL */
    struct os_role *roles;
    size_t n_roles, roles_size;
    bool enabled, admin, mfa;
};

struct os_credential { /* an application credential */
    char id[40];
    char *name, *secret, *description;
    struct os_user *user;
    struct os_project *project;
    const char *role;
    bool unrestricted;
    int64_t expires; /* 0: never */
};

struct os_token {
    char id[256], audit[28], parent[28];
    struct os_user *user;
    struct os_project *project; /* NULL: unscoped, or the system's */
    const char *role;           /* in the project */
    const char *method;
    struct os_credential *credential;
    bool system, revoked;
    int64_t issued, expires;
    struct os_token *next;
};

struct os_flavor {
    struct os_res res;
    int64_t ram, disk, vcpus, ephemeral, swap;
    double rxtx;
    struct sim_dict specs;
    char *description;
    bool is_private, disabled, impossible;
};

struct os_image {
    struct os_res res; /* project: the owner */
    const char *status, *visibility;
    int64_t size, min_disk, min_ram, due; /* size -1: no data yet; due: active from then on */
    const char *disk_format, *container_format;
    char checksum[33];
    char server[40];                     /* a snapshot's */
    struct sim_dict properties, members; /* members: project -> status */
    struct sim_dict tags;                /* keys only */
    bool is_protected, hidden;
    struct sim_text data;
};

struct os_key {
    struct os_res res;
    struct os_user *user;
    char *public_key, *fingerprint;
    const char *type;
};

struct os_network {
    struct os_res res;
    bool shared, external, label_v6;
    uint32_t next_ip;
};

struct os_subnet {
    struct os_res res;
    struct os_network *network;
    char cidr[64], gateway[48];
};

struct os_port {
    struct os_res res;
    struct os_network *network;
    struct os_subnet *subnet;
    struct os_server *server; /* NULL: of none */
    struct os_floating *floating;
    uint32_t ip;
    bool v6, given; /* given: it outlives its server */
};

struct os_floating {
    struct os_res res;
    struct os_network *network;
    struct os_port *port;
    uint32_t ip;
    int64_t shown; /* from when on the server's addresses have it */
};

struct os_rule {
    char id[40], remote[48], remote_group[40];
    bool ingress, v6;
    char protocol[16]; /* "": any */
    int64_t from, to;  /* -1: any */
};

struct os_group {
    struct os_res res;
    char *description;
    struct os_rule *rules;
    size_t n_rules, rules_size;
};

struct os_router {
    struct os_res res;
    char network[40];
    struct sim_dict subnets;
};

enum os_vm {
    OS_BUILDING,
    OS_ACTIVE,
    OS_STOPPED,
    OS_PAUSED,
    OS_SUSPENDED,
    OS_RESIZED,
    OS_RESCUED,
    OS_SHELVED,
    OS_ERROR,
    OS_GONE,
    OS_SAME /* of a job: the state it began in */
};

struct os_event {
    const char *action;
    int64_t time;
    char request[44];
};

enum { OS_MAX_NICS = 8, OS_MAX_GROUPS = 8 };

struct os_server {
    struct os_res res;
    struct os_user *user;
    struct os_flavor *flavor, *other; /* other: resized from, or to be resized to */
    struct sim_dict meta, tags;
    struct os_port *ports[OS_MAX_NICS];
    struct os_group *groups[OS_MAX_GROUPS];
    struct os_event *events;
    size_t n_events, events_size;
    const char *key, *zone, *access4, *access6, *hostname, *image, *status; /* kept words */
    char *description, *lock_reason, *fault;
    int64_t due, launched, terminated, hidden;
    const struct os_job *job; /* what goes on; NULL: nothing */
    unsigned n_ports, n_groups, fault_code, host;
    enum os_vm vm, before; /* before: where rescue, resize and shelve came from */
    char reservation[12];
    bool config_drive, locked, manual_disk, fails;
};

/* Something that takes time: a row of server_job.c. */
struct os_job {
    const char *action, *task, *word; /* word: of messages and instance actions */
    unsigned from;                    /* bits of enum os_vm that allow it */
    enum os_vm to;
    size_t ms; /* the offset of its setting */
};

struct os_region {
    struct os_cloud *cloud;
    char name[64];
    struct os_store stores[OS_KINDS];
    struct os_server **moving; /* those with a job */
    size_t n_moving, moving_size;
    int64_t next_due;
};

struct os_cloud {
    struct sim *sim;
    struct os_settings *settings;
    bool rackspace, hp;
    struct os_region **regions;
    size_t n_regions, regions_size;
    struct os_project **projects;
    size_t n_projects, projects_size;
    struct os_user **users;
    size_t n_users, users_size;
    struct os_credential **credentials;
    size_t n_credentials, credentials_size;
    struct os_token *tokens;
    struct sim_map tokens_by_id, words;
    char mfa_session[33];
    struct os_user *mfa_user;
    uint64_t seq;
    int64_t bucket, bucket_at; /* thousandths of requests */
};

enum os_service { OS_IDENTITY, OS_COMPUTE, OS_IMAGES, OS_NETWORKS, OS_NOWHERE };

/* Where a path leads. */
struct os_where {
    enum os_service service;
    const char *region, *version, *project, *rest; /* in the path; rest is terminated */
    size_t region_len, version_len, project_len;
};

struct os_call {
    struct os_cloud *cloud;
    struct os_region *region;
    struct sim_request *q;
    struct sim_reply *r;
    struct sim_text *out;
    struct os_where where;
    struct json_object *json;
    struct os_token *token;
    struct os_project *project;
    struct os_settings *set;
    int64_t now;
    int micro;      /* of 2.x; 1 without a header */
    bool micro_set; /* the service has microversions */
    bool admin;
    char root[160], base[320]; /* http://host and http://host/REGION/SERVICE/VERSION */
    char request[44];
};

enum { OS_PUBLIC = 1, OS_ANY = 2, OS_RAW = 4, OS_ADMIN = 8, OS_STOCK = 16, OS_RAX = 32 };

struct os_route {
    const char *method, *path;
    void (*run)(struct os_call *c);
    const char *action;
    unsigned flags;
    int from, until; /* microversions; 0: any */
};

/* route.c, and the tables */
void os_locate(const char *path, struct os_where *w);
const struct os_route *os_route(const struct os_where *w, struct sim_request *q, bool *path_known);
const char *os_action_name(const struct sim_request *q);
void os_serve(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);
struct os_table {
    const struct os_route *rows;
    size_t n;
};
extern const struct os_table os_tables[];

/* error.c; every os_fail gives false */
bool os_fail(struct os_call *c, unsigned status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* With a name other than the status's: Neutron's types, Nova's keys. */
bool os_fail_as(struct os_call *c, unsigned status, const char *name, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void os_unauthorized(struct os_call *c, const char *why, ...) __attribute__((format(printf, 2, 3)));
void os_no_such_path(struct os_call *c);
/* WebOb's own, without the service's key. */
void os_fail_plain(struct os_call *c, unsigned status, const char *message);
void os_error(struct sim *s, const struct sim_request *q, struct sim_reply *r, unsigned status,
              const char *code, const char *message);
/* Retry-After as the setting has it. */
void os_retry_after(struct os_cloud *cloud, struct sim_reply *r);

/* state.c */
const char *os_word(struct os_cloud *cloud, const char *text); /* kept for good; NULL gives NULL */
void os_uuid(struct os_cloud *cloud, char id[40]);
void os_add(struct os_region *region, enum os_kind kind, struct os_res *res,
            struct os_project *project, const char *name, const char *id);
void os_remove(struct os_region *region, enum os_kind kind, struct os_res *res); /* and frees */
struct os_res *os_find(const struct os_region *region, enum os_kind kind, const char *id);
/* The index of the first whose seq is not less. */
size_t os_store_at(const struct os_store *s, uint64_t seq);
void os_region_free(struct os_region *region);
struct os_region *os_region_find(const struct os_cloud *cloud, const char *name, size_t len);
void os_server_free(struct os_server *sv);

/* cloud.c: what there is to begin with */
void os_cloud_init(struct os_cloud *cloud);
struct os_region *os_region_new(struct os_cloud *cloud, const char *name);
struct os_project *os_project_new(struct os_cloud *cloud, const char *name, const char *id);
struct os_user *os_user_new(struct os_cloud *cloud, const char *name, const char *password);
void os_user_role(struct os_user *u, struct os_project *p, const char *role);
struct os_project *os_project_find(const struct os_cloud *cloud, const char *name_or_id);
struct os_user *os_user_find(const struct os_cloud *cloud, const char *name_or_id);
const char *os_role_in(const struct os_user *u, const struct os_project *p); /* NULL: none */
struct os_credential *os_credential_new(struct os_cloud *cloud, struct os_user *u,
                                        struct os_project *p, const char *name, const char *id,
                                        const char *secret);
struct os_flavor *os_flavor_new(struct os_region *region, const char *id, const char *name,
                                int64_t ram, int64_t disk, int64_t vcpus);
struct os_image *os_image_new(struct os_region *region, struct os_project *owner, const char *name,
                              const char *id);
struct os_network *os_network_new(struct os_region *region, struct os_project *project,
                                  const char *name, const char *id, const char *cidr);
struct os_group *os_default_group(struct os_region *region, struct os_project *project);

/* token.c */
struct os_token *os_token_new(struct os_cloud *cloud, struct os_user *user,
                              struct os_project *project, const char *method);
struct os_token *os_token_find(struct os_call *c, const char *id); /* NULL: not valid */
/* False: refused, and answered. */
bool os_authenticate(struct os_call *c, bool any);
void os_tokens_free(struct os_cloud *cloud);
/* For the control endpoint: those whose id or user matches. */
bool os_control(void *state, const char *name, struct json_object *json, struct sim_text *out);
void os_expires_text(char *buf, size_t size, int64_t ms); /* 2026-11-22T23:24:45.000000Z */

/* catalog.c */
void os_catalog_v3(struct os_call *c, const struct os_project *project);
void os_catalog_v2(struct os_call *c, const struct os_project *project);

/* version.c */
bool os_microversion(struct os_call *c);
int os_minor(const char *version);

/* page.c */
struct os_page {
    int64_t limit; /* what the page holds */
    bool given;    /* by the client */
    const char *marker;
};
bool os_page_read(struct os_call *c, struct os_page *p, int64_t usual, int64_t most);
typedef bool os_match(struct os_call *c, struct os_res *res, const void *how);
/* A page of a store; false: answered already. *found is freed by the caller. */
bool os_page_select(struct os_call *c, const struct os_store *store, const struct os_page *p,
                    bool newest_first, os_match *match, const void *how, struct os_res ***found,
                    size_t *n);
/* "NAME_links": [{next}] when the page is full. */
void os_page_links(struct os_call *c, const char *name, const struct os_page *p, size_t n,
                   const char *last);
/* The query without the marker, and with this one. */
void os_page_query(struct os_call *c, struct sim_text *url, const char *marker);

/* server.c and friends */
void os_server_put(struct os_call *c, struct os_server *sv, bool detail);
void os_server_put_id(struct os_call *c, const struct os_server *sv); /* HP's are numbers */
const char *os_server_status(const struct os_server *sv);
const char *os_vm_name(enum os_vm vm);
int os_vm_power(enum os_vm vm);
/* By the path's first segment; NULL: answered. */
struct os_server *os_server_get(struct os_call *c);
void os_settle(struct os_region *region, int64_t now);
extern const struct os_job os_job_build, os_job_delete;
const struct os_job *os_job_find(const char *action);
/* Begins a job; false: the state forbids it, and that is answered. */
bool os_job_start(struct os_call *c, struct os_server *sv, const struct os_job *job);
void os_job_begin(struct os_region *region, struct os_server *sv, const struct os_job *job,
                  int64_t now);
void os_server_event(struct os_call *c, struct os_server *sv, const char *action);
struct os_launch {
    const char *name, *key, *zone, *image, *hostname, *description;
    struct os_flavor *flavor;
    struct sim_dict meta, tags;
    struct os_port *ports[OS_MAX_NICS];       /* of one's own */
    struct os_network *networks[OS_MAX_NICS]; /* ports are made in these */
    struct os_group *groups[OS_MAX_GROUPS];
    size_t n_ports, n_networks, n_groups;
    bool config_drive, manual_disk, fails;
};
struct os_server *os_server_new(struct os_region *region, struct os_project *project,
                                struct os_user *user, const struct os_launch *l, const char *id,
                                int64_t now);
bool os_quota_check(struct os_call *c, const struct os_flavor *flavor, int64_t count);
/* False when the role is for reading only: answered. */
bool os_may_change(struct os_call *c, const char *what);
bool os_zone_known(const char *name);
struct os_quota os_quota_of(const struct os_cloud *cloud, const struct os_project *p);
struct os_flavor *os_flavor_ref(struct os_call *c, const char *ref); /* an id, or a URL of one */
struct os_image *os_image_ref(struct os_call *c, const char *ref);
const char *os_last_segment(const char *url);
bool os_image_shown(const struct os_call *c, const struct os_image *m);
/* By the path; NULL: answered. */
struct os_image *os_glance_get(struct os_call *c, bool change);
void os_image_settle(struct os_image *m, int64_t now);
const char *os_image_status(const struct os_image *m); /* Nova's word */
void os_flavor_put(struct os_call *c, const struct os_flavor *f, bool detail);
/* The flavor as a server of a late microversion has it. */
void os_flavor_inside(struct os_call *c, const struct os_flavor *f);
void os_self_links(struct os_call *c, const char *kind, const char *id);
struct os_key *os_key_import(struct os_region *region, struct os_user *user, const char *name,
                             const char *line);
struct os_key *os_key_find(const struct os_region *region, const struct os_user *user,
                           const char *name);
const char *os_server_action(const char *body); /* the action's name for faults and the log */
bool os_pairs_from(struct os_call *c, struct json_object *json, struct sim_dict *p);

/* network.c and friends */
struct os_port *os_port_new(struct os_region *region, struct os_network *n,
                            struct os_project *project, struct os_server *sv, const char *id);
void os_port_remove(struct os_region *region, struct os_port *port);
void os_ip(char buf[16], uint32_t ip);
void os_ip6(char buf[48], const struct os_port *port);
void os_mac(char buf[20], const struct os_port *port);
/* port NULL: it is of none any more. */
void os_floating_bind(struct os_call *c, struct os_floating *f, struct os_port *port);
struct os_floating *os_floating_new(struct os_region *region, struct os_network *n,
                                    struct os_project *project);
struct os_group *os_group_new(struct os_region *region, struct os_project *project,
                              const char *name, const char *description);
struct os_group *os_group_find(const struct os_region *region, const struct os_project *project,
                               const char *name_or_id);
void os_group_free(struct os_group *g);
bool os_network_shown(const struct os_call *c, const struct os_network *n);

/* seed.c */
bool os_seed(void *state, struct json_object *seed, struct sim_text *error);

#define OS_CALL(name) void name(struct os_call *c)
/* identity */
OS_CALL(os_identity_root);
OS_CALL(os_identity_version);
OS_CALL(os_v3_login);
OS_CALL(os_v3_token);
OS_CALL(os_v3_revoke);
OS_CALL(os_v3_catalog);
OS_CALL(os_v3_projects);
OS_CALL(os_v3_all_projects);
OS_CALL(os_v3_project);
OS_CALL(os_v3_users);
OS_CALL(os_v3_user);
OS_CALL(os_v3_user_projects);
OS_CALL(os_v3_domains);
OS_CALL(os_v3_domain);
OS_CALL(os_v3_credentials);
OS_CALL(os_v3_credential_create);
OS_CALL(os_v3_credential);
OS_CALL(os_v3_credential_delete);
OS_CALL(os_v2_login);
OS_CALL(os_v2_tenants);
OS_CALL(os_v2_token);
OS_CALL(os_v2_revoke);
OS_CALL(os_v2_api_key);
/* compute */
OS_CALL(os_compute_root);
OS_CALL(os_compute_version);
OS_CALL(os_compute_choices);
OS_CALL(os_servers);
OS_CALL(os_servers_detail);
OS_CALL(os_server_create);
OS_CALL(os_server_show);
OS_CALL(os_server_update);
OS_CALL(os_server_delete);
OS_CALL(os_server_act);
OS_CALL(os_server_ips);
OS_CALL(os_server_interfaces);
OS_CALL(os_server_attach);
OS_CALL(os_server_detach);
OS_CALL(os_server_events);
OS_CALL(os_server_volumes);
OS_CALL(os_server_groups);
OS_CALL(os_server_console);
OS_CALL(os_metadata);
OS_CALL(os_metadata_merge);
OS_CALL(os_metadata_replace);
OS_CALL(os_metadata_item);
OS_CALL(os_metadata_set);
OS_CALL(os_metadata_delete);
OS_CALL(os_tags);
OS_CALL(os_tags_replace);
OS_CALL(os_tags_clear);
OS_CALL(os_tag_get);
OS_CALL(os_tag_add);
OS_CALL(os_tag_delete);
OS_CALL(os_flavors);
OS_CALL(os_flavors_detail);
OS_CALL(os_flavor_show);
OS_CALL(os_flavor_specs);
OS_CALL(os_flavor_create);
OS_CALL(os_flavor_delete);
OS_CALL(os_keys);
OS_CALL(os_key_create);
OS_CALL(os_key_show);
OS_CALL(os_key_delete);
OS_CALL(os_limits);
OS_CALL(os_quota_set);
OS_CALL(os_zones);
OS_CALL(os_extensions);
OS_CALL(os_forbidden);
OS_CALL(os_proxy_images);
OS_CALL(os_proxy_images_detail);
OS_CALL(os_proxy_image);
OS_CALL(os_proxy_image_delete);
OS_CALL(os_proxy_image_metadata);
OS_CALL(os_proxy_groups);
OS_CALL(os_proxy_group);
OS_CALL(os_proxy_group_create);
OS_CALL(os_proxy_group_delete);
OS_CALL(os_proxy_rule_create);
OS_CALL(os_proxy_rule_delete);
OS_CALL(os_proxy_floatings);
OS_CALL(os_proxy_floating);
OS_CALL(os_proxy_floating_create);
OS_CALL(os_proxy_floating_delete);
OS_CALL(os_proxy_pools);
OS_CALL(os_proxy_networks);
OS_CALL(os_rax_networks);
OS_CALL(os_rax_network);
OS_CALL(os_rax_network_create);
OS_CALL(os_rax_network_delete);
OS_CALL(os_rax_interfaces);
OS_CALL(os_rax_interface_create);
OS_CALL(os_rax_interface_delete);
/* image */
OS_CALL(os_glance_root);
OS_CALL(os_glance_images);
OS_CALL(os_glance_create);
OS_CALL(os_glance_show);
OS_CALL(os_glance_update);
OS_CALL(os_glance_delete);
OS_CALL(os_glance_upload);
OS_CALL(os_glance_download);
OS_CALL(os_glance_deactivate);
OS_CALL(os_glance_reactivate);
OS_CALL(os_glance_tag);
OS_CALL(os_glance_untag);
OS_CALL(os_glance_members);
OS_CALL(os_glance_member_add);
OS_CALL(os_glance_member);
OS_CALL(os_glance_member_update);
OS_CALL(os_glance_member_delete);
OS_CALL(os_glance_schema);
/* network */
OS_CALL(os_neutron_root);
OS_CALL(os_neutron_version);
OS_CALL(os_neutron_extensions);
OS_CALL(os_neutron_list);
OS_CALL(os_neutron_show);
OS_CALL(os_network_create);
OS_CALL(os_network_update);
OS_CALL(os_network_delete);
OS_CALL(os_subnet_create);
OS_CALL(os_subnet_delete);
OS_CALL(os_port_create);
OS_CALL(os_port_update);
OS_CALL(os_port_delete);
OS_CALL(os_floating_create);
OS_CALL(os_floating_update);
OS_CALL(os_floating_delete);
OS_CALL(os_group_create);
OS_CALL(os_group_update);
OS_CALL(os_group_delete);
OS_CALL(os_rule_create);
OS_CALL(os_rule_delete);
OS_CALL(os_router_create);
OS_CALL(os_router_delete);
OS_CALL(os_router_interface);
OS_CALL(os_neutron_quota);

#endif
