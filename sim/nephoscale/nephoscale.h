/* NephoScale's API as a simulator: the objects of one account, and what its handlers share. */
#ifndef NUBE_SIM_NEPHOSCALE_H
#define NUBE_SIM_NEPHOSCALE_H

#include "../sim.h"

enum { NEPH_CLOUD = 1, NEPH_DEDICATED = 2 };                  /* billable_type */
enum { NEPH_PASSWORD = 1, NEPH_SSH = 2 };                     /* key_type */
enum { NEPH_SERVER_KEYS = 1, NEPH_CONSOLE_KEYS = 4 };         /* key_group */
enum { NEPH_PUBLIC = 0, NEPH_PRIVATE = 1, NEPH_DOMAINS = 2 }; /* domain_type, ip_type */

struct neph_settings {
    char username[64], password[64];
    int64_t create_ms, action_ms, delete_ms, fail_creates, server_limit;
    bool errors_in_200, single_object, omit_empty, need_console_key;
};

struct neph_zone {
    int64_t id, datacenter;
    char *name;
    int activated; /* -1: the record does not say */
};
struct neph_image {
    int64_t id;
    char *name, *architecture, *base_type, *deployable;
    bool active;
};
struct neph_type {
    int64_t id, ram, storage, vcpus;
    int billable;
    char *sku, *description;
};
struct neph_key {
    int64_t id, created_ms;
    int type, group;
    char *name, *text; /* the public key, or the password */
};
struct neph_server {
    int64_t id, zone, image, type, server_key, console_key, created_ms;
    bool dedicated;
    char *name, *hostname;
    const char *power;                   /* on, off, unknown */
    const char *power_next;              /* NULL: nothing is under way */
    int64_t shown_ms, power_ms, gone_ms; /* when; gone_ms 0: it stays */
};
struct neph_address {
    char text[16];
    int type;       /* NEPH_PUBLIC or NEPH_PRIVATE */
    int64_t server; /* 0: nobody's */
    bool reserved;
};
struct neph_job {
    int64_t id, done_ms;
    bool failed;
};

#define NEPH_LIST(type)                                                                            \
    struct {                                                                                       \
        struct type *at;                                                                           \
        size_t n, size;                                                                            \
    }
struct neph {
    struct sim *sim;
    const struct neph_settings *settings;
    NEPH_LIST(neph_zone) zones;
    NEPH_LIST(neph_image) images;
    NEPH_LIST(neph_type) types;
    NEPH_LIST(neph_key) keys;
    NEPH_LIST(neph_server) servers;
    NEPH_LIST(neph_address) addresses;
    NEPH_LIST(neph_job) jobs;
    int64_t next_server, next_key, next_job, launches;
};

/* ---- reply.c: the envelope, and members of JSON objects ------------------------------------ */

/* False: the request is refused, and the reply says so. Lets time pass for what is under way. */
bool neph_enter(struct neph *n, const struct sim_request *q, struct sim_reply *r);
void neph_fail(const struct neph *n, struct sim_reply *r, unsigned status, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* A list: begin, a record after the other, end. */
void neph_begin(struct sim_reply *r);
void neph_end(const struct neph *n, struct sim_reply *r, size_t count);
/* One record, which is a list of one. */
void neph_end_single(const struct neph *n, struct sim_reply *r);
/* The answer to what is carried out later. done_ms 0: at once. */
void neph_job(struct neph *n, struct sim_reply *r, int64_t done_ms, bool failed);
void neph_created(const struct neph *n, struct sim_reply *r, int64_t id);

void neph_open(struct sim_text *t, const char *name, char bracket); /* name NULL: none */
void neph_close(struct sim_text *t, char bracket);
void neph_str(struct sim_text *t, const char *name, const char *value);
void neph_int(struct sim_text *t, const char *name, int64_t value);
void neph_bool(struct sim_text *t, const char *name, bool value);
void neph_time(struct sim_text *t, const char *name, int64_t ms);
void neph_uri(struct sim_text *t, const char *path, int64_t id);
/* A number of the request: a parameter, or a segment of its path. -1: absent, "None" or no number.
 */
int64_t neph_number(const char *text);

/* ---- catalog.c ------------------------------------------------------------------------------- */

void neph_catalog_init(struct neph *n); /* the images, sizes and zones of mist's documentation */
struct neph_zone *neph_zone(const struct neph *n, int64_t id);
struct neph_image *neph_image(const struct neph *n, int64_t id);
struct neph_type *neph_type(const struct neph *n, int64_t id);
struct neph_type *neph_add_type(struct neph *n, int64_t id, int billable, const char *sku,
                                const char *description);
void neph_image_record(struct sim_text *t, const struct neph_image *image);
void neph_zone_record(struct sim_text *t, const struct neph_zone *zone, bool whole);
void neph_type_record(struct sim_text *t, const struct neph_type *type, bool whole);
void neph_images(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);
void neph_image_one(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);
void neph_zones(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);
void neph_types(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);
void neph_type_one(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);

/* ---- server.c, launch.c ------------------------------------------------------------------------
 */

/* One that is there now; NULL: none. */
struct neph_server *neph_server(const struct neph *n, int64_t id);
void neph_settle(struct neph *n);
void neph_servers(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);
void neph_server_one(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);
void neph_server_rename(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);
void neph_server_post(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);
void neph_server_delete(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);
void neph_server_act(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);
void neph_job_one(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);
void neph_launch(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);
/* What is wrong with a name or a hostname; NULL: nothing. */
const char *neph_bad_name(const char *name, size_t most, bool underscore);

/* ---- key.c
 * ---------------------------------------------------------------------------------------- */

struct neph_key *neph_key(const struct neph *n, int64_t id);
/* id 0: the next. */
struct neph_key *neph_add_key(struct neph *n, int64_t id, int type, int group, const char *name,
                              const char *text);
void neph_key_record(struct sim_text *t, const struct neph_key *key, bool whole, bool text);
void neph_keys(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);
void neph_key_make(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);
void neph_key_delete(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);

/* ---- network.c
 * ------------------------------------------------------------------------------------- */

void neph_network_init(struct neph *n);
int64_t neph_domain_id(int type);
struct neph_address *neph_address(const struct neph *n, const char *text);
struct neph_address *neph_free_address(const struct neph *n, int type); /* NULL: all are taken */
/* "a.b.c.d, e.f.g.h" */
void neph_addresses_of(const struct neph *n, int64_t server, struct sim_text *t);
void neph_domains(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);
void neph_cidrs(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);
void neph_cidr_change(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);

/* seed.c */
bool neph_seed(void *state, struct json_object *seed, struct sim_text *error);

#endif
