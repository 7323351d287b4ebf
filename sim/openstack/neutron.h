/* What Neutron's files share: its collections, and how one object is found and put. */
#ifndef NUBE_SIM_OPENSTACK_NEUTRON_H
#define NUBE_SIM_OPENSTACK_NEUTRON_H

#include <strings.h>

#include "openstack.h"

struct os_collection {
    const char *path, *word, *title;
    enum os_kind kind;
    void (*put)(struct os_call *c, const struct os_res *res);
    bool (*shown)(struct os_call *c, const struct os_res *res);
};

/* That of the path; put NULL: the rules', which live in their groups. */
const struct os_collection *os_collection_of(const struct os_call *c);
/* The object of the path; NULL: answered. */
struct os_res *os_neutron_get(struct os_call *c, bool change);
/* {"network": {...}} */
void os_neutron_put(struct os_call *c, const struct os_res *res);
void os_neutron_delete(struct os_call *c, struct os_res *res);
/* The body's object of this name, all of whose members are known; NULL: answered. */
struct json_object *os_neutron_body(struct os_call *c, const char *word, const char *known);

void os_put_network(struct os_call *c, const struct os_res *res);
void os_put_subnet(struct os_call *c, const struct os_res *res);
void os_put_port(struct os_call *c, const struct os_res *res);
void os_put_floating(struct os_call *c, const struct os_res *res);
void os_put_group(struct os_call *c, const struct os_res *res);
void os_put_router(struct os_call *c, const struct os_res *res);
void os_rules_list(struct os_call *c);
void os_rule_show(struct os_call *c);

#endif
