/* What a provider's simulator is written against: requests, replies, settings, the clock, its
 * table. */
#ifndef NUBE_SIM_SIM_H
#define NUBE_SIM_SIM_H

#include <json-c/json_types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

struct sim;

struct sim_pair {
    const char *name, *value; /* value "" when there is none */
};

/* One request as it came, and decoded. */
struct sim_request {
    const char *method;
    const char *path, *query;       /* raw, as on the wire; query without "?", "" for none */
    const struct sim_pair *headers; /* in arrival order, names as sent */
    size_t n_headers;
    const char *body; /* terminated */
    size_t body_len;
    struct sim_pair *params; /* of the query and of a form body, decoded, sorted by name */
    size_t n_params;
    const char *seg[8];  /* what the {} of the route's path matched, decoded */
    const char *action;  /* the route's, or the provider's name for it; for faults and the log */
    unsigned connection; /* the number of its connection */
    bool tls;
    char *store, *next, *path_at; /* where decoded text is kept; that of the path comes last */
};

/* A header, whatever its case; NULL: there is none. */
const char *sim_header(const struct sim_request *q, const char *name);
/* A parameter; NULL: there is none. */
const char *sim_param(const struct sim_request *q, const char *name);
const char *sim_paramf(const struct sim_request *q, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

enum { SIM_MAX_REPLY_HEADERS = 12 };

struct sim_reply {
    unsigned status;  /* 200 to begin with */
    const char *type; /* static text: Content-Type */
    struct sim_text body;
    struct {
        const char *name; /* static text */
        char value[320];  /* room for a token and for a URL */
    } headers[SIM_MAX_REPLY_HEADERS];
    size_t n_headers;
    /* For the log: the provider's error code, request id and key, and why it was refused. */
    char code[64], id[64], who[64];
    struct sim_text why;
};

void sim_reply_header(struct sim_reply *r, const char *name, const char *value);

/* A path is matched segment by segment; {} matches any one, a * at the end whatever is left. */
struct sim_route {
    const char *method; /* "" for any */
    const char *path;
    void (*run)(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r);
    const char *action; /* NULL: the provider tells */
};

enum sim_setting_type { SIM_INT, SIM_BOOL, SIM_WORD };

/* A setting lives at `offset` of the settings' struct: int64_t, bool, or char[64]. */
struct sim_setting {
    const char *name;
    enum sim_setting_type type;
    size_t offset;
    const char *initial;
    const char *help;
};

/* What a provider is. Its state is one value; reset is free, create and seed again. */
struct sim_provider {
    const char *name, *title;
    const struct sim_route *routes;
    size_t n_routes;
    const struct sim_setting *settings; /* offsets into what settings_of() gives */
    size_t n_settings;
    size_t settings_size;
    void *(*create)(struct sim *s, void *settings);
    void (*free)(void *state);
    /* Adds the objects of a seed; false with one line in `error`. */
    bool (*seed)(void *state, struct json_object *seed, struct sim_text *error);
    /* Names the operation before it is carried out. */
    const char *(*action)(const struct sim_request *q);
    /* Writes an error of the provider's form: what a fault asks for. status 0: the code's own. */
    void (*error)(struct sim *s, const struct sim_request *q, struct sim_reply *r, unsigned status,
                  const char *code, const char *message);
    /* Members of a JSON object, without its braces: how much there is of what. */
    void (*status)(void *state, struct sim_text *json);
    /* Controls of its own; false: there is none of that name. NULL: none at all. */
    bool (*control)(void *state, const char *name, struct json_object *json, struct sim_text *out);
    const char *help; /* lines for --help */
};

extern const struct sim_provider sim_ec2, sim_openstack, sim_rackspace, sim_rackspace_first_gen,
    sim_hpcloud, sim_joyent, sim_nephoscale;

/* Milliseconds since 1970 as the provider's clock has them: with the clock_offset_ms setting. */
int64_t sim_wall_ms(const struct sim *s);
/* ... and with what the control endpoint advanced: what takes time and what expires go by it. */
int64_t sim_life_ms(const struct sim *s);
/* Numbers that look random and, with --random, are the same in every run. */
uint64_t sim_random(struct sim *s);
/* n lower-case hex digits, terminated. */
void sim_random_hex(struct sim *s, char *buf, size_t n);

#endif
