/* The bare baselines inside: each program has one of the parsers, the rest is the same. */
#ifndef NUBE_BENCH_BASE_H
#define NUBE_BENCH_BASE_H

#include <stdbool.h>
#include <stddef.h>

/* drop.c, count_xml.c, elements_json.c: what is done with the octets of one answer. */
struct parser;
struct parser *parser_new(void);
bool parser_feed(struct parser *p, const char *bytes, size_t len);
/* Ends and frees it: what it counted, or -1 when the answer was not well-formed. */
long parser_end(struct parser *p);

/* One provider's requests. */
struct ask {
    const char *list, *one, *start; /* paths below the address */
    const char *list_body, *one_body, *start_body;
    const char *next_begin, *next_end; /* around the next page's cursor, near the answer's end */
    const char *next_name;             /* of the argument that carries it */
};
const struct ask *ask_named(const char *provider);

#endif
