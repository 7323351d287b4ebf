/* The simulator's own parts: settings, faults, the log of requests, control, and the server. */
#ifndef NUBE_SIM_INT_H
#define NUBE_SIM_INT_H

#include "sim.h"

/* What every provider has. */
struct sim_settings {
    int64_t latency_ms, clock_offset_ms, log_size;
    bool gzip, chunked;
};

enum sim_fault_kind {
    SIM_FAULT_NONE,
    SIM_FAULT_LATENCY,      /* carried out, answered later */
    SIM_FAULT_ERROR,        /* the provider's error, by code */
    SIM_FAULT_HTML,         /* a proxy's page */
    SIM_FAULT_EMPTY,        /* a status without a body */
    SIM_FAULT_TRUNCATE,     /* the connection ends in the middle of the body */
    SIM_FAULT_RESET_BEFORE, /* not carried out */
    SIM_FAULT_RESET_AFTER,  /* carried out */
    SIM_FAULT_CLOSE         /* answered, then the connection is closed */
};

struct sim_fault {
    char action[64]; /* pattern */
    enum sim_fault_kind kind;
    int64_t skip, count, delay_ms;
    unsigned status;
    char code[64], message[256];
    bool carried_out; /* ERROR, HTML, EMPTY: the request was carried out all the same */
};

struct sim_faults {
    struct sim_fault *at;
    size_t n, size;
};

/* What to do with one request. */
struct sim_trouble {
    enum sim_fault_kind kind;
    struct sim_fault fault; /* of `kind` */
    int64_t delay_ms;
};

/* sim/settings.c */
void sim_settings_init(const struct sim_setting *rows, size_t n, void *into);
/* True when there is such a setting and the value is one of its type. */
bool sim_settings_set(const struct sim_setting *rows, size_t n, void *into, const char *name,
                      const char *value);
void sim_settings_json(const struct sim_setting *rows, size_t n, const void *from,
                       struct sim_text *json, bool *some);
extern const struct sim_setting sim_base_settings[];
extern const size_t sim_n_base_settings;

/* sim/fault.c */
bool sim_faults_add(struct sim_faults *f, struct json_object *json, struct sim_text *error);
void sim_faults_take(struct sim_faults *f, const char *action, struct sim_trouble *t);
void sim_faults_json(const struct sim_faults *f, struct sim_text *json);
const char *sim_fault_name(enum sim_fault_kind kind);

/* sim/reqlog.c: the last requests */
struct sim_log {
    char **at; /* JSON objects, oldest at `first` */
    size_t n, first, size;
    uint64_t total;
};
void sim_log_add(struct sim_log *log, size_t limit, char *json); /* takes it */
void sim_log_clear(struct sim_log *log);
void sim_log_json(const struct sim_log *log, const char *action, struct sim_text *json);
/* The line of one exchange. */
char *sim_log_line(const struct sim_request *q, const struct sim_reply *r,
                   const struct sim_trouble *t, int64_t wall_ms, uint64_t number);

struct sim {
    const struct sim_provider *provider;
    struct sim_settings settings;
    void *own; /* the provider's settings */
    void *state;
    struct sim_faults faults;
    struct sim_log log;
    int64_t advanced_ms;
    uint64_t random, requests;
    struct json_object *seed; /* what reset goes back to; NULL: nothing */
    char url[128];
    bool stop, verbose;
};

/* sim/sim.c */
bool sim_seed(struct sim *s, struct json_object *seed, struct sim_text *error);
bool sim_reset(struct sim *s, struct sim_text *error);
bool sim_set(struct sim *s, const char *name, const char *value, struct sim_text *error);
/* Carries out a request; `trouble` says what the server does with the reply. */
void sim_serve(struct sim *s, struct sim_request *q, struct sim_reply *r,
               struct sim_trouble *trouble);

/* sim/control.c */
#define SIM_CONTROL "/_nube-sim/"
void sim_control(struct sim *s, struct sim_request *q, struct sim_reply *r);

/* sim/request.c */
/* Decodes the query and the form, after path, query and body were set. */
void sim_request_decode(struct sim_request *q);
/* True when the path is one of the pattern's; fills seg. */
bool sim_route_match(const char *pattern, struct sim_request *q);
void sim_request_free(struct sim_request *q); /* what decode allocated */

/* sim/server.c: runs until it is told to stop; -1 with a line on standard error. */
struct sim_listen {
    const char *address, *tls_cert, *tls_key;
    uint16_t port;
    bool until_eof;
};
int sim_run(struct sim *s, const struct sim_listen *listen);

/* sim/json.c */
struct json_object *sim_json_parse(const char *text, size_t len, struct sim_text *error);
const char *sim_json_text(struct json_object *object, const char *name); /* NULL: absent or null */
int64_t sim_json_int(struct json_object *object, const char *name, int64_t absent);
bool sim_json_bool(struct json_object *object, const char *name, bool absent);
struct json_object *sim_json_get(struct json_object *object, const char *name);
/* The elements of an array, or the value itself as one; n 0 when it is absent. */
size_t sim_json_list(struct json_object *object, const char *name);
struct json_object *sim_json_nth(struct json_object *object, const char *name, size_t i);
/* The first member not among the space-separated words; NULL: all are known. */
const char *sim_json_unknown(struct json_object *object, const char *words);

#endif
