/* The JSON side of a reader: a strict push tokenizer that feeds the tree builder. */
#ifndef NUBE_CORE_DOC_JSON_H
#define NUBE_CORE_DOC_JSON_H

#include "doc_build.h"

struct nube_tok {
    struct nube_build *b;
    const char *piece;    /* being read */
    uint64_t base;        /* octets before it */
    struct nube_buf part; /* raw text of a token that began in an earlier piece */
    uint64_t part_at;     /* its position */
    uint8_t state, token, bom;
    bool escaped; /* the part of a string ends in a backslash that escapes what follows */
    bool values;
};

void nube_tok_init(struct nube_tok *j, struct nube_build *b, bool values);
void nube_tok_free(struct nube_tok *j);
/* False: b->code and b->message say why, position included. */
bool nube_tok_push(struct nube_tok *j, const char *bytes, size_t len);
bool nube_tok_end(struct nube_tok *j);
/* Decodes the raw text between two quotes into `to`, which has room for n octets; the length. *why
 * is set when it is not a string, *bad to where. A backslash is always followed by something. */
size_t nube_tok_decode(char *to, const char *raw, size_t n, const char **bad, const char **why);

#endif
