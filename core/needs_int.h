/* What the kinds of needs share: programs (exec.c), ssh-agent (agent.c), key texts (key_need.c),
 * and how an end is told. */
#ifndef NUBE_CORE_NEEDS_INT_H
#define NUBE_CORE_NEEDS_INT_H

#include "needs.h"

typedef void (*nube_need_fn)(void *data, const struct nube_need_end *end);

/* Fills status, code and the message, cut to its field. */
void nube_need_say(struct nube_need_end *end, int status, int code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* What a path with "~/" in front stands for; fills the end and gives false when there is no home
 * directory. full is to be freed. */
bool nube_need_path(struct nube_buf *full, const struct nube_need_req *req,
                    struct nube_need_end *end);
void nube_need_file_read(struct nube_need_end *end, const char *path, int64_t since_ms);
/* need_write.c */
void nube_need_file_write(const struct nube_need_req *req, struct nube_need_end *end);

/* Both: done is called once, from the loop, and the handle is gone when it returns; cancel only
 * before. NULL: out of memory. Strings outlive the handle. */
struct nube_exec;
struct nube_exec *nube_exec_start(struct nube_loop *loop, const char *const *argv,
                                  const char *input, nube_need_fn done, void *data);
void nube_exec_cancel(struct nube_exec *x);

struct nube_agent;
struct nube_agent *nube_agent_start(nube_lib *lib, struct nube_loop *loop,
                                    const struct nube_need_req *req, nube_need_fn done, void *data);
void nube_agent_cancel(struct nube_agent *a);

/* SIGN with a key text, and KEY: both at once, asking the person when a passphrase is missing. */
void nube_key_sign(nube_lib *lib, const struct nube_need_req *q, struct nube_need_end *end);
void nube_key_open(nube_lib *lib, const struct nube_need_req *q, struct nube_need_end *end);
/* MD5 of a public key in SSH's form, as "aa:bb:..."; "" when the service fails. */
void nube_key_fingerprint(char out[48], const struct nube_crypto_ops *ops, const void *blob,
                          size_t len);

#endif
