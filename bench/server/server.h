/* The load server inside: groups of listeners, bodies in memory, requests and their answers. */
#ifndef NUBE_BENCH_SERVER_H
#define NUBE_BENCH_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kind { EC2, OPENSTACK, DOCKER, KINDS };
enum { PAGE = 1000, PARTS = 3, HEAD = 1024 };

/* What one listener stands for: an endpoint with so many nodes, that far away. */
struct group {
    enum kind kind;
    int count, nodes, delay_ms;
    bool tls, single; /* single: a list is one page, whatever is asked */
    const char *unix_path;
    char base[64]; /* http://127.0.0.1:PORT */
};

/* Text that grows; memory that cannot be had ends the process. */
struct text {
    char *at;
    size_t len, size;
};
void text_put(struct text *t, const char *bytes, size_t len);
void text_format(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *text_file(const char *dir, const char *name);

/* One request, in pieces that end with NUL. */
struct request {
    const struct group *group;
    char *method, *path, *query, *headers, *body;
};
/* Copies the value of name in "a=b&c=d"; false when it is not there. */
bool request_arg(const char *from, const char *name, char *out, size_t size);

/* An answer in parts that are not copied; owned is freed when it was sent. */
struct answer {
    int status;
    const char *type, *headers; /* headers: further ones, each with CR LF */
    const char *part[PARTS];
    size_t len[PARTS];
    char *owned;
};

/* bodies.c: the nodes of each kind, one behind the other in memory. */
void bodies_load(const char *dir, const int most[KINDS]);
const char *bodies_slice(enum kind kind, int first, int end, size_t *len);
/* The number of the node with this id, whose last eight hexadecimal digits it is; 0: unknown. */
int bodies_number(enum kind kind, const char *id, size_t digits_at);

/* answers.c */
void answers_load(const char *dir);
void answer(struct answer *a, const struct request *r);

/* connection.c: accepts, reads, waits, answers. */
struct ssl_ctx_st;
struct connections;
struct connections *connections_new(struct ssl_ctx_st *tls);
void connections_listen(struct connections *all, int fd, const struct group *group);
/* Serves until standard input ends. */
int connections_run(struct connections *all);

#endif
