/* Machines over SSH: how a node of any provider is logged in to, for run, probe and ssh. */
#ifndef NUBE_SSH_H
#define NUBE_SSH_H

#include <nube/conn.h>

NUBE_BEGIN

/*
 * The arguments that nube_node_run(), nube_node_probe_with() and nube_node_ssh() take where they
 * go over SSH:
 *
 * via: "ssh" goes over SSH even where the provider has a way of its own; so does any of the
 * following that the provider's way does not know.
 *
 * address: where. An address or name, or what to look for among the node's own: public, private,
 * ipv4, ipv6, floating or a network's name, best first with commas (ipv6,public). Without it
 * public goes before private, IPv4 before IPv6.
 *
 * port, user: without them ~/.ssh/config has them; then port 22 and the usual users of the node's
 * image, one after the other; then the own name.
 *
 * key, key_file: a private key as text or file, in any format; key_passphrase: its passphrase,
 * which is asked for through the application's `ask` callback when it is missing; certificate: the
 * file of the key's certificate (KEY_FILE-cert.pub is found by itself).
 *
 * password: to log in with. agent: yes or no, ssh-agent. With key, key_file or password nothing
 * else is offered.
 *
 * host_key: "strict", it must be in known_hosts; "accept-new", an unknown one is added there;
 * "SHA256:..." or "MD5:...", it must have this fingerprint. A changed key is refused in any case.
 * known_hosts: a file instead of ~/.ssh/known_hosts.
 *
 * jump: [USER@]HOST[:PORT] to go through, several with commas, or "none". Keys are offered there
 * too, the password is not.
 *
 * ssh_config: a file instead of ~/.ssh/config and /etc/ssh/ssh_config, or "none". Read are Host,
 * Match (all, host, originalhost, user, localuser), Include, HostName, User, Port, IdentityFile,
 * IdentitiesOnly, IdentityAgent, CertificateFile, ProxyJump, HostKeyAlgorithms, HostKeyAlias,
 * UserKnownHostsFile, GlobalKnownHostsFile, StrictHostKeyChecking and ConnectTimeout.
 *
 * connect_timeout: how long logging in may take, 30s.
 *
 * Failures: NUBE_E_CONNECT (no answer, refused), NUBE_E_TLS (the host's key), NUBE_E_AUTH; the
 * message names the stage and what to do, and provider_code is "ssh STAGE".
 */

/*
 * For a person's terminal: the command line of the system's ssh for this node, NULL-terminated,
 * with host, user, port and key files; or, where the provider runs commands itself, that of its own
 * tool for the same (docker exec), and when it has none, nothing (NUBE_E_UNSUPPORTED). argv, when
 * not NULL, is the remote command. Secrets are never part of it: a key as text or a password is
 * NUBE_E_USAGE. *out is owned: nube_free().
 */
NUBE_API int nube_node_ssh(char ***out, nube_conn *conn, const char *id, const char *const *argv,
                           const nube_args *args, const struct nube_call_opts *opts,
                           struct nube_error *err);

/*
 * Creates a node (args as of nube_node_create()), waits until it runs and lets in over SSH (or can
 * be run on by the provider's own means), and then runs a script or a command on it, once. What a
 * new machine lacks at first (an address, a server that listens, its keys) is waited for; a
 * password that came with the node is used when no key or password is given. All within
 * opts->deadline_ms, or 600 s.
 */
enum nube_deploy_failure {
    NUBE_DEPLOY_KEEP = 0, /* err->resource names it */
    NUBE_DEPLOY_STOP,
    NUBE_DEPLOY_DESTROY
};
struct nube_deploy {
    uint32_t size;
    uint32_t on_failure;    /* enum nube_deploy_failure: what becomes of a node that failed */
    const nube_args *login; /* see above; host_key must be said, since nobody knows it yet */
    const void *script;     /* NULL: argv is the command; neither: only logging in is waited for */
    size_t script_len;
    const char *const *argv; /* the script's arguments, NULL-terminated; NULL: none */
};
#define NUBE_DEPLOY_INIT                                                                           \
    {                                                                                              \
        sizeof(struct nube_deploy), NUBE_DEPLOY_KEEP, NULL, NULL, 0, NULL                          \
    }
/*
 * *out is owned, and set on failure too when there was a node; *ran is what the script wrote and
 * how it ended (nube_result_free()), also when it ended with another status than 0, which is
 * NUBE_E_PROVIDER.
 */
NUBE_API int nube_node_deploy(nube_node **out, nube_result **ran, nube_conn *conn,
                              const nube_args *args, const struct nube_deploy *how,
                              const struct nube_call_opts *opts, struct nube_error *err);

NUBE_END

#endif
