/* The simulated first generation of Rackspace's Cloud Servers: API v1.0, in JSON and in XML. */
#ifndef NUBE_SIM_RACKSPACE1_H
#define NUBE_SIM_RACKSPACE1_H

#include <json-c/json_types.h>

#include "../dict.h"
#include "../sim.h"

struct fg_settings {
    char retry_header[64];
    int64_t token_s, build_ms, reboot_ms, resize_ms, rebuild_ms, password_ms, share_ms, image_ms;
    int64_t throttle_rate, throttle_burst, throttle_status, retry_after_s, fail_builds, ram_limit;
    bool cached_203;
};

struct fg_user {
    char *name, *key, *password;
    int64_t account;
};

struct fg_token {
    char id[40];
    struct fg_user *user;
    int64_t expires;
    bool revoked;
};

struct fg_flavor {
    int64_t id, ram, disk;
    char *name;
};

/* Statuses one after the other, each for a while; the last one stays. */
struct fg_course {
    const char *const *words; /* NULL at the end */
    int64_t each, next;       /* ms of each, and when the next one comes */
};

struct fg_image {
    int64_t id, server, created, updated, account;
    char *name;
    struct fg_course course;
};

enum { FG_MAX_IPS = 8, FG_MAX_META = 5, FG_MAX_FILES = 5, FG_MAX_GROUP = 25 };

struct fg_server {
    int64_t id, image, flavor, other, account, updated, group; /* other: resized from or to */
    char *name;
    char host[33];
    uint32_t public[FG_MAX_IPS], private;
    size_t n_public;
    struct sim_dict meta;
    struct fg_course course;
    char daily[16], weekly[16];
    bool backup, deleted;
};

struct fg_group {
    int64_t id, account;
    char *name;
    int64_t servers[FG_MAX_GROUP];
    size_t n;
};

struct fg_cloud {
    struct sim *sim;
    struct fg_settings *settings;
    struct fg_user **users;
    struct fg_token **tokens;
    struct fg_flavor **flavors;
    struct fg_image **images;
    struct fg_server **servers;
    struct fg_group **groups; /* the last four in the order of their ids */
    size_t n_users, n_tokens, n_flavors, n_images, n_servers, n_groups;
    size_t users_size, tokens_size, flavors_size, images_size, servers_size, groups_size;
    int64_t last_server, last_image, last_group, bucket, bucket_at;
    uint32_t next_public, next_private;
};

struct fg_call {
    struct fg_cloud *cloud;
    struct sim_request *q;
    struct sim_reply *r;
    struct sim_text *out;
    struct json_object *json; /* the body, whatever it was written in */
    struct fg_user *user;
    int64_t now, account, id; /* id: of the path's first {} */
    bool xml, begun;
};

/* out.c: elements with attributes, in the form that was asked for */
void fg_begin(struct fg_call *c, const char *name); /* the root is wrapped in JSON */
void fg_item(struct fg_call *c, const char *name);  /* an element of a list */
void fg_int(struct fg_call *c, const char *name, int64_t value);
void fg_str(struct fg_call *c, const char *name, const char *value);
void fg_bool(struct fg_call *c, const char *name, bool value);
void fg_time(struct fg_call *c, const char *name, int64_t ms);
void fg_children(struct fg_call *c); /* no more attributes */
void fg_end(struct fg_call *c, const char *name, bool children);
void fg_list(struct fg_call *c, const char *name);
void fg_list_end(struct fg_call *c, const char *name);
void fg_finish(struct fg_call *c); /* the root's end */
/* Every fault gives false. */
bool fg_fail(struct fg_call *c, unsigned status, const char *name, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void fg_error(struct sim *s, const struct sim_request *q, struct sim_reply *r, unsigned status,
              const char *code, const char *message);
bool fg_wants_xml(const struct sim_request *q);

/* body.c: JSON or XML, as the same objects; false: answered */
bool fg_read_body(struct fg_call *c);

/* route.c */
void fg_serve(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);
const char *fg_action_name(const struct sim_request *q);
/* limit and offset of the query over n; false: answered. */
bool fg_page(struct fg_call *c, size_t *offset, size_t *limit);

/* auth.c */
void fg_auth_v1(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);
void fg_auth_v11(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);
void fg_auth_v2(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);
bool fg_authenticate(struct fg_call *c);
struct fg_user *fg_user_new(struct fg_cloud *cloud, const char *name, const char *key,
                            int64_t account);
bool fg_control(void *state, const char *name, struct json_object *json, struct sim_text *out);

/* server.c and friends */
const char *fg_status(struct fg_course *course, int64_t now);
void fg_course_begin(struct fg_course *course, const char *const *words, int64_t ms, int64_t now);
bool fg_course_over(const struct fg_course *course);
struct fg_server *fg_server_new(struct fg_cloud *cloud, const struct fg_user *user,
                                const char *name, int64_t image, int64_t flavor);
void fg_server_free(struct fg_server *sv);
struct fg_server *fg_server_find(struct fg_cloud *cloud, int64_t account, int64_t id);
struct fg_server *fg_server_get(struct fg_call *c); /* by the path; NULL: answered */
void fg_server_settle(struct fg_cloud *cloud, struct fg_server *sv, int64_t now);
void fg_server_put(struct fg_call *c, struct fg_server *sv, bool detail, const char *password);
void fg_addresses_put(struct fg_call *c, const struct fg_server *sv);
struct fg_image *fg_image_new(struct fg_cloud *cloud, int64_t id, const char *name, int64_t account,
                              int64_t server);
struct fg_image *fg_image_find(struct fg_cloud *cloud, int64_t account, int64_t id);
struct fg_flavor *fg_flavor_new(struct fg_cloud *cloud, int64_t id, const char *name, int64_t ram,
                                int64_t disk);
struct fg_flavor *fg_flavor_find(const struct fg_cloud *cloud, int64_t id);
void fg_images_of_server_end(struct fg_cloud *cloud, int64_t server);
void fg_group_forget(struct fg_cloud *cloud, int64_t server);
struct fg_group *fg_group_find(struct fg_cloud *cloud, int64_t account, int64_t id);
extern const char *const fg_active[];
bool fg_seed(void *state, struct json_object *seed, struct sim_text *error);

#define FG_CALL(name) void name(struct fg_call *c)
FG_CALL(fg_versions);
FG_CALL(fg_version);
FG_CALL(fg_servers);
FG_CALL(fg_servers_detail);
FG_CALL(fg_server_create);
FG_CALL(fg_server_show);
FG_CALL(fg_server_update);
FG_CALL(fg_server_delete);
FG_CALL(fg_server_action);
FG_CALL(fg_server_ips);
FG_CALL(fg_server_ips_public);
FG_CALL(fg_server_ips_private);
FG_CALL(fg_server_share);
FG_CALL(fg_server_unshare);
FG_CALL(fg_backup);
FG_CALL(fg_backup_set);
FG_CALL(fg_backup_delete);
FG_CALL(fg_flavors);
FG_CALL(fg_flavors_detail);
FG_CALL(fg_flavor_show);
FG_CALL(fg_images);
FG_CALL(fg_images_detail);
FG_CALL(fg_image_show);
FG_CALL(fg_image_create);
FG_CALL(fg_image_delete);
FG_CALL(fg_groups);
FG_CALL(fg_groups_detail);
FG_CALL(fg_group_create);
FG_CALL(fg_group_show);
FG_CALL(fg_group_delete);
FG_CALL(fg_limits);

#endif
