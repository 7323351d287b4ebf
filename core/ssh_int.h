/* Commands over SSH inside the core: the options there are, and how they become machines to log in
 * to. */
#ifndef NUBE_CORE_SSH_INT_H
#define NUBE_CORE_SSH_INT_H

#include "call_int.h"

/* By place in nube_ssh_options. */
enum nube_ssh_option {
    NUBE_SSH_PORT = 0,
    NUBE_SSH_USER,
    NUBE_SSH_KEY,
    NUBE_SSH_KEY_FILE,
    NUBE_SSH_KEY_PASSPHRASE,
    NUBE_SSH_CERTIFICATE,
    NUBE_SSH_PASSWORD,
    NUBE_SSH_AGENT,
    NUBE_SSH_TRUST,
    NUBE_SSH_KNOWN_HOSTS,
    NUBE_SSH_JUMP,
    NUBE_SSH_CONFIG,
    NUBE_SSH_CONNECT_TIMEOUT,
    NUBE_SSH_N_OPTIONS
};

/* The command part of a request. */
struct nube_ssh_run {
    const char *host, *command;
    const char *option[NUBE_SSH_N_OPTIONS]; /* as text; NULL: not set */
    const char *weak_user;                  /* when neither options nor ssh_config name one */
    bool pings;                             /* measures round trips */
    int ended;                              /* when that was asked for: 1 over, -1 who knows */
    struct nube_ssh_req wire;
    struct nube_ssh_xfer *xfer;
    const struct nube_ssh_ops *ops;
};

/* core/ssh_options.c: a driver's tables with nothing but the options of the library's own verbs
 * over SSH: those above, and each verb's. */
extern const struct nube_driver_info nube_ssh_driver;
/* The place of an option, -1: there is none. */
int nube_ssh_option_find(const char *name);

/* core/ssh_request.c: a word as a shell takes it back. */
void nube_ssh_put_quoted(struct nube_buf *out, const char *word);
/* core/authorized.c: the script that lets a public key in, or no more; it prints "changed" or
 * "same". false: that is not the line of a public key. */
extern const char nube_not_a_public_key[];
bool nube_authorized_script(struct nube_buf *out, bool add, const char *public_key);

/* core/ssh_target.c: decides everything about the machines on the way, from the options, the
 * person's ssh_config and the environment. 0, or fails the call. */
int nube_ssh_target(nube_req *q, const struct nube_ssh_hop **hops, size_t *n);

/* core/ssh_config.c */
struct nube_ssh_config {
    const char *host_name, *user, *port, *jump, *known_as, *known_hosts, *global_known_hosts;
    const char *host_key_algorithms, *trust, *agent, *connect_timeout;
    const char **key_files, **certificates; /* NULL: none */
    size_t n_key_files, n_certificates;
    bool identities_only;
};
/*
 * What an ssh_config file says of a host, first word first as ssh has it; a file that is missing
 * says nothing. All memory is the arena's. 0, or NUBE_E_USAGE for what is wrong or not supported,
 * with file and line.
 */
struct nube_ssh_config_ask {
    const char *file, *host, *user, *home, *local_user;
    struct nube_arena *arena;
};
int nube_ssh_config_read(struct nube_ssh_config *out, const struct nube_ssh_config_ask *ask,
                         struct nube_error *err);

#endif
