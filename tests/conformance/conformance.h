/* Conformance: the scenarios of a driver as a table, run as written and with every kind of broken
 * body. */
#ifndef NUBE_TESTS_CONFORMANCE_H
#define NUBE_TESTS_CONFORMANCE_H

#include <nube/nube.h>

/* One request and its reply. In url, body and sent, ' stands for ". */
struct exchange {
    const char *method, *url; /* path and query as the driver sends them; FILE: a path */
    int status;
    const char *type;   /* Content-Type; NULL: application/json, "": none */
    const char *body;   /* NULL: none */
    size_t len;         /* of a body that may hold NUL and whose ' stay; 0: text */
    unsigned flags;     /* enum exchange_flag */
    const char *header; /* one more, whole: "Api-Version: 1.24"; NULL: none */
    const char *sent;   /* what the request must hold, "|" between parts; "!" in front: must not */
};
enum exchange_flag {
    UNREAD = 1, /* the driver needs nothing of this body: anything will do */
    BYTES = 2   /* a stream of octets: any whole piece of it is good */
};

/* The exchanges of a scenario, in order. */
#define AT(...)                                                                                    \
    (const struct exchange[])                                                                      \
    {                                                                                              \
        __VA_ARGS__,                                                                               \
        {                                                                                          \
            .method = NULL                                                                         \
        }                                                                                          \
    }

/* What must come out; NULL and 0 are not looked at, count -1 means none. */
struct scenario {
    const char *name; /* what it shows; traps by number */
    enum nube_op op;
    const char *args[24];             /* name, value, ..., NULL */
    const struct exchange *exchanges; /* ended by one without a method */
    int code;                         /* enum nube_code */
    int count;                        /* objects */
    const char *id, *label, *raw;     /* of the first: id, name, raw state */
    int state;                        /* enum nube_state of the first, when raw is given */
    const char *extra, *value;        /* an extra value of the first, as text */
    const char *out, *err;            /* output on the two streams */
    int status;                       /* of a run, when out or err is given */
    const char *message, *resource;   /* parts of the error */
    const char *provider_code;        /* of the error */
    int retryable;                    /* enum nube_tristate + 2 of the error; 0: not looked at */
    const char *const *options;       /* instead of the table's: name, value, ..., NULL */
    const char *const *env;           /* the environment: name, value, ..., NULL */
    const char *answer;               /* to what a person is asked */
};

struct conformance {
    const char *driver, *provider;
    const char *const *options; /* name, value, ..., NULL */
    const char *endpoint;       /* the option that says where the provider is: a URL */
    const char *const *direct;  /* options with which an operation's own request is the first */
    const struct scenario *rows;
    size_t count;
    int part; /* 1: more scenarios of a driver whose operations another table covers */
};

/* Each driver has one, in a file of its name. */
extern const struct conformance docker_conformance;
extern const struct conformance ec2_conformance, ec2_errors_conformance, ec2_auth_conformance;
extern const struct conformance openstack_conformance, openstack_auth_conformance,
    hpcloud_conformance, baremetal_conformance;
extern const struct conformance rackspace_conformance, rackspace_auth_conformance,
    rackspace_plain_conformance, first_gen_conformance, first_gen_auth_conformance;
extern const struct conformance nephoscale_conformance;
extern const struct conformance joyent_conformance, joyent_auth_conformance;

#endif
