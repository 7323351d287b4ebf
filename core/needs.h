/* What the core does for drivers that do no I/O: files, programs, signatures. */
#ifndef NUBE_CORE_NEEDS_H
#define NUBE_CORE_NEEDS_H

#include "buf.h"
#include "lib_int.h"
#include "loop.h"
#include "service.h"

enum nube_need_kind {
    NUBE_NEED_FILE = 1,
    NUBE_NEED_EXEC,
    NUBE_NEED_SIGN,
    NUBE_NEED_ASK,
    NUBE_NEED_WRITE,
    NUBE_NEED_KEY
};

/* All strings outlive the need. */
struct nube_need_req {
    enum nube_need_kind kind;
    const char *path;                                  /* FILE, WRITE; KEY: how it is called */
    const char *old, *text;                            /* WRITE: what is there, and will be */
    const char *const *argv;                           /* EXEC */
    const char *input;                                 /* EXEC: standard input, NULL: empty */
    const char *key, *passphrase, *fingerprint, *hash; /* SIGN; KEY: the first two */
    const void *data;
    size_t len;
    const char *home;   /* for "~/" */
    int64_t since_ms;   /* FILE: one that was last written before that is none; 0: any */
    const char *prompt; /* ASK */
};
struct nube_need_end {
    int status;            /* 200, 404 (no such file, program or key), 409 (the file changed), 500
                              (the program failed, the file cannot be written) */
    int code;              /* 0, or enum nube_code when it could not be tried: message says why */
    struct nube_buf *body; /* the content, standard output (or error with 500), or signature */
    const char *algorithm; /* SIGN, KEY */
    const char *hash;      /* SIGN: what was used; NULL: the key has one of its own */
    char fingerprint[48];  /* SIGN by an agent, KEY: "aa:bb:..."; "" otherwise */
    char message[256];
};
struct nube_need;
/* Starts; done is called once, from the loop, never from inside start. A child process is killed
 * and reaped on cancel. NULL: out of memory. */
struct nube_need *nube_need_start(nube_lib *lib, struct nube_loop *loop,
                                  const struct nube_need_req *req,
                                  void (*done)(void *data, const struct nube_need_end *end),
                                  void *data);
void nube_need_cancel(struct nube_need *need);

/* core/needs_run.c: runs one to its end, on a loop of its own. */
struct nube_need_answer {
    int done, status, code; /* code: it could not be tried, message says why */
    struct nube_buf body;   /* freed by the caller, whatever happened */
    char message[256];
};
void nube_need_run(struct nube_need_answer *out, nube_lib *lib, const struct nube_need_req *req,
                   int64_t limit_ms);

#endif
