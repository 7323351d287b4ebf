/* Nodes as other tools want them: Ansible, OpenSSH, Prometheus, the hosts file. */
#ifndef NUBE_INVENTORY_H
#define NUBE_INVENTORY_H

#include <nube/object.h>

NUBE_BEGIN

typedef struct nube_inventory nube_inventory;

enum nube_inventory_format {
    NUBE_INVENTORY_ANSIBLE = 1, /* JSON of an inventory script (--list): groups and hostvars */
    NUBE_INVENTORY_SSH_CONFIG,  /* a Host block each, to be included by ssh_config */
    NUBE_INVENTORY_PROMETHEUS,  /* JSON of file_sd and http_sd: targets and __meta_nube_ labels */
    NUBE_INVENTORY_HOSTS        /* lines of a hosts file; only numeric addresses */
};

enum nube_inventory_flag { NUBE_INVENTORY_PRIVATE = 1 /* private addresses before public ones */ };

struct nube_inventory_opts {
    uint32_t size;
    uint32_t flags;   /* enum nube_inventory_flag */
    uint32_t port;    /* of Prometheus' targets; 0: 9100 */
    uint32_t format;  /* enum nube_inventory_format */
    const char *user; /* who logs in where the node does not say; NULL: nobody is named; copied */
};
#define NUBE_INVENTORY_OPTS_INIT                                                                   \
    {                                                                                              \
        sizeof(struct nube_inventory_opts), 0, 0, 0, NULL                                          \
    }

/* Starts an empty one. A user or port that the format cannot hold is NUBE_E_USAGE. */
NUBE_API int nube_inventory_new(nube_inventory **out, const struct nube_inventory_opts *opts,
                                struct nube_error *err);

/* Takes a copy of the node: 1; 0 when it has no address that the format can use, and is left out;
 * negative: an error. */
NUBE_API int nube_inventory_add(nube_inventory *inv, const nube_node *node, struct nube_error *err);

/*
 * All of it, in an order that does not depend on that of adding. Host names are those of
 * the nodes made valid (letters of ASCII in lower case, digits, '-', '.') and unique: where two
 * would be the same, or one would hide localhost or an address, the id is added to each.
 * Whatever a node is called, the text has only the lines and values that are meant: no name of a
 * provider ends a line, a string or a template. Owned: nube_free(). NULL when out of memory.
 */
NUBE_API char *nube_inventory_text(nube_inventory *inv, struct nube_error *err);

NUBE_API void nube_inventory_free(nube_inventory *inv);

NUBE_END

#endif
