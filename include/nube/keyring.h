/* The person's own SSH keys by name, and which node is logged in to with which of them. */
#ifndef NUBE_KEYRING_H
#define NUBE_KEYRING_H

#include <nube/conn.h>

NUBE_BEGIN

/*
 * What the file "keys" beside backends.ini says (mode 0600; replaced in one step under a lock, so
 * that two who change it at once lose nothing). Only paths of private keys are kept in it, never a
 * key. One thread at a time; readers see what was there when it was opened or last changed here.
 */
typedef struct nube_keyring nube_keyring;

/* path: NULL, the usual file. A file that is not there is empty. *out is owned. */
NUBE_API int nube_keyring_open(nube_keyring **out, nube_lib *lib, const char *path,
                               struct nube_error *err);
NUBE_API void nube_keyring_free(nube_keyring *ring);

/* Keys in the order they were added. Strings live until the ring changes; NULL past the end. */
NUBE_API size_t nube_keyring_count(const nube_keyring *ring);
NUBE_API const char *nube_keyring_name(const nube_keyring *ring, size_t i);
/* The private key's file; the public one is beside it, with ".pub" behind. */
NUBE_API const char *nube_keyring_file(const nube_keyring *ring, size_t i);
/* The place of a name, -1: there is none. NULL: of the default key. */
NUBE_API int nube_keyring_find(const nube_keyring *ring, const char *name);
NUBE_API int nube_keyring_is_default(const nube_keyring *ring, size_t i);

/* A key that is there already, in any format. The first one is the default.
 * NUBE_E_CONFLICT: the name is taken. */
NUBE_API int nube_keyring_add(nube_keyring *ring, const char *name, const char *file,
                              struct nube_error *err);
/*
 * A new pair in files of its own, "keys.d/NAME" (mode 0600) and "keys.d/NAME.pub": type "ed25519"
 * or "rsa" (3072 bits), encrypted when passphrase is not NULL.
 */
NUBE_API int nube_keyring_generate(nube_keyring *ring, const char *name, const char *type,
                                   const char *passphrase, struct nube_error *err);
NUBE_API int nube_keyring_rename(nube_keyring *ring, const char *name, const char *to,
                                 struct nube_error *err);
NUBE_API int nube_keyring_set_default(nube_keyring *ring, const char *name, struct nube_error *err);
/* Forgets it, and where it was associated; its files stay. */
NUBE_API int nube_keyring_remove(nube_keyring *ring, const char *name, struct nube_error *err);

/*
 * Remembers that a node of a backend (its id) lets this key in, and how it is reached: args, of
 * which user, port and address are kept. An earlier memory of that node is replaced.
 */
NUBE_API int nube_keyring_associate(nube_keyring *ring, const char *backend, const char *node,
                                    const char *name, const nube_args *args,
                                    struct nube_error *err);
/* No failure when there was nothing to forget. */
NUBE_API int nube_keyring_disassociate(nube_keyring *ring, const char *backend, const char *node,
                                       struct nube_error *err);
/* Adds key_file, user, port and address as they are remembered of a node to what <nube/ssh.h> is
 * asked with, unless it says otherwise itself. 1: something is remembered, 0: nothing. */
NUBE_API int nube_keyring_login(const nube_keyring *ring, const char *backend, const char *node,
                                nube_args *args);

/*
 * authorized_keys of a node's user: lets a public key ("ssh-ed25519 AAAA... comment") log in, or no
 * more, by a command on the node (nube_node_run(), whose arguments and failures they share). Once
 * however often it is asked for, in one step, and beside others who do the same; other lines, mode
 * and owner of the file stay as they are. *changed may be NULL.
 */
NUBE_API int nube_key_associate(nube_conn *conn, const char *node, const char *public_key,
                                const nube_args *args, int *changed,
                                const struct nube_call_opts *opts, struct nube_error *err);
NUBE_API int nube_key_disassociate(nube_conn *conn, const char *node, const char *public_key,
                                   const nube_args *args, int *changed,
                                   const struct nube_call_opts *opts, struct nube_error *err);

NUBE_END

#endif
