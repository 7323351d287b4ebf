/* An inventory inside the core: its nodes with the names and addresses that were chosen for them.
 */
#ifndef NUBE_CORE_INVENTORY_INT_H
#define NUBE_CORE_INVENTORY_INT_H

#include <stdbool.h>

#include <nube/inventory.h>

#include "buf.h"

struct nube_inventory_entry {
    nube_obj *node;
    const char *address; /* of the node, valid as it is */
    bool ipv6;
    char *host;
    bool shared;   /* another one's name came out the same: the id is added */
    size_t number; /* and then this; 0: nothing */
};

struct nube_inventory {
    struct nube_inventory_entry *at;
    size_t count, size;
    enum nube_inventory_format format;
    unsigned flags, port;
    char *user;
};

/* core/inventory_name.c: gives every entry its host, and sorts by backend, name and id. -1: out of
 * memory. */
int nube_inventory_name(struct nube_inventory *inv);

/* core/inventory_text.c: one for each format. */
void nube_inventory_ansible(struct nube_buf *b, const struct nube_inventory *inv);
void nube_inventory_ssh(struct nube_buf *b, const struct nube_inventory *inv);
void nube_inventory_prometheus(struct nube_buf *b, const struct nube_inventory *inv);
void nube_inventory_hosts(struct nube_buf *b, const struct nube_inventory *inv);
/* Who logs in: of the node, else of the options; NULL when nobody is named or the name is none. */
const char *nube_inventory_user(const struct nube_inventory *inv, const nube_obj *node);

#endif
