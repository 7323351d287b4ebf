/* The next generation of Rackspace's servers: what they have beyond Nova. */
#ifndef NUBE_DRIVER_RACKSPACE_H
#define NUBE_DRIVER_RACKSPACE_H

#include "identity.h"

/* auth.c */
enum nube_step rack_auth(nube_call *c, const nube_reply *r);

/* servers.c */
extern const struct nova_network rack_networks[];
void rack_server(nube_call *c, nube_obj *o, const nube_doc *server);
enum nube_step rack_rescue(nube_call *c, const nube_reply *r);
enum nube_step rack_location_list(nube_call *c, const nube_reply *r);

/* schedule.c: images made every day or week. */
enum nube_step rack_image_schedule(nube_call *c, const nube_reply *r);
enum nube_step rack_set_image_schedule(nube_call *c, const nube_reply *r);
enum nube_step rack_delete_image_schedule(nube_call *c, const nube_reply *r);

/* interfaces.c: the networks that a server is in. */
enum nube_step rack_interfaces(nube_call *c, const nube_reply *r);
enum nube_step rack_attach_network(nube_call *c, const nube_reply *r);
enum nube_step rack_detach_network(nube_call *c, const nube_reply *r);

#endif
