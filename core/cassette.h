/* Record and replay: HTTP exchanges and needs as files of a directory, for people to read and write
 * (docs/cassettes.md). */
#ifndef NUBE_CORE_CASSETTE_H
#define NUBE_CORE_CASSETTE_H

#include <nube/error.h>

#include "buf.h"
#include "service.h"

struct nube_cassette;

/*
 * One exchange. What is written is redacted by the caller already: method, URL, headers
 * and both bodies. A need is an exchange too, with method FILE or EXEC and the path or
 * the program with its arguments as URL; secret ones and signatures are not recorded.
 */
struct nube_cassette_exchange {
    const char *method, *url;
    const struct nube_pair *headers;
    size_t n_headers;
    const void *body; /* NULL: none */
    size_t body_len;

    int status; /* 0: no reply came */
    const struct nube_pair *reply_headers;
    size_t n_reply_headers;
    const void *reply; /* decoded; terminated when it was read */
    size_t reply_len;
    int code; /* 0, or enum nube_code: how the transfer failed, after what of the reply is here */
    const char *message; /* "": none */
};

enum nube_cassette_mode { NUBE_CASSETTE_RECORD = 1, NUBE_CASSETTE_REPLAY };

/*
 * Recording makes the directory (mode 0700) when it is not there and goes on after the
 * last number in it. Replaying reads all of it at once. chunk is kept for the engine.
 * 0, or an error with the directory or the file and line. One cassette may be used by
 * several threads.
 */
int nube_cassette_open(struct nube_cassette **out, const char *dir, enum nube_cassette_mode mode,
                       size_t chunk, struct nube_error *err);
void nube_cassette_close(struct nube_cassette *cas);
/* In how many octets at a time replayed bodies are to be delivered; 0: whole. */
size_t nube_cassette_chunk(const struct nube_cassette *cas);

/* Writes the next file. */
int nube_cassette_write(struct nube_cassette *cas, const struct nube_cassette_exchange *x,
                        struct nube_error *err);

/*
 * The first exchange not used yet with this method and this path and query (the host does
 * not count); among several one with this body, as it would be recorded, is preferred. When
 * all are used, the last one again for GET, HEAD, FILE and EXEC. NULL: NUBE_E_NOT_FOUND
 * names method, URL and directory. Borrowed until the cassette is closed.
 */
const struct nube_cassette_exchange *nube_cassette_find(struct nube_cassette *cas,
                                                        const char *method, const char *url,
                                                        const void *body, size_t body_len,
                                                        struct nube_error *err);

/* Writes cassette.ini, whole: the provider and the options that are not secret. An option whose
 * value has a line break is left out. */
int nube_cassette_meta_write(struct nube_cassette *cas, const char *provider,
                             const struct nube_pair *options, size_t n, struct nube_error *err);
/* Reads it: fn is called with "provider" first and then with each option. NUBE_E_NOT_FOUND: there
 * is none. */
int nube_cassette_meta_read(const char *dir,
                            void (*fn)(void *data, const char *name, const char *value), void *data,
                            struct nube_error *err);

/* ---- The format of one file: core/cassette_file.c ------------------------------------ */

/* Appends the text of an exchange. */
void nube_cassette_print(struct nube_buf *out, const struct nube_cassette_exchange *x);
/*
 * Reads one out of text, which is changed and pointed into: text[len] must be there. *x has two
 * arrays to be freed with nube_mem_free(). 0, or NUBE_E_USAGE with file and line.
 */
int nube_cassette_parse(struct nube_cassette_exchange *x, char *text, size_t len, const char *file,
                        struct nube_error *err);

#endif
