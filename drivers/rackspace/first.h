/* The first generation of Rackspace's servers, API 1.0: a wire of its own, with integers for ids.
 */
#ifndef NUBE_DRIVER_RACK_FIRST_H
#define NUBE_DRIVER_RACK_FIRST_H

#include "identity.h"

/* first_auth.c */
enum nube_step first_auth(nube_call *c, const nube_reply *r);

/* first_servers.c */
/* Replies may come from a cache, with status 203: nobody wants them from there. */
nube_req *first_request(nube_call *c, enum nube_method method, const char *path);
/* servers/ID[/path] of the call's node. */
nube_req *first_server(nube_call *c, enum nube_method method, const char *path);
/* An action on it; null: without arguments, else its object is open. */
nube_json *first_act(nube_call *c, const char *action, int null);
/* A number, from an argument that is one by its pattern. */
void first_json_id(nube_json *j, const char *name, const char *text);
/* A step without a result: the reply says by its status that it was done. */
enum nube_step first_send(nube_call *c, const nube_reply *r);

struct first_list {
    const char *path, *set;
    nube_item_fn item; /* counts itself by first_count() */
};
/* A list, page by page: by offset, until a page is not full. */
enum nube_step first_list(nube_call *c, const nube_reply *r, const struct first_list *l);
void first_count(nube_call *c);

void first_emit_server(nube_call *c, nube_obj *o, const nube_doc *server);
enum nube_step first_node_list(nube_call *c, const nube_reply *r);
enum nube_step first_node_get(nube_call *c, const nube_reply *r);

/* first_create.c */
enum nube_step first_node_create(nube_call *c, const nube_reply *r);

/* first_actions.c, first_resize.c */
enum nube_step first_node_destroy(nube_call *c, const nube_reply *r);
enum nube_step first_node_reboot(nube_call *c, const nube_reply *r);
enum nube_step first_node_rename(nube_call *c, const nube_reply *r);
enum nube_step first_node_rebuild(nube_call *c, const nube_reply *r);
enum nube_step first_set_password(nube_call *c, const nube_reply *r);
enum nube_step first_node_resize(nube_call *c, const nube_reply *r);
enum nube_step first_confirm_resize(nube_call *c, const nube_reply *r);
enum nube_step first_revert_resize(nube_call *c, const nube_reply *r);

/* first_images.c: images, sizes, the one place, the check. */
enum nube_step first_image_list(nube_call *c, const nube_reply *r);
enum nube_step first_image_search(nube_call *c, const nube_reply *r);
enum nube_step first_image_get(nube_call *c, const nube_reply *r);
enum nube_step first_image_create(nube_call *c, const nube_reply *r);
enum nube_step first_image_delete(nube_call *c, const nube_reply *r);
enum nube_step first_size_list(nube_call *c, const nube_reply *r);
enum nube_step first_location_list(nube_call *c, const nube_reply *r);

/* first_extras.c: backup schedules and addresses that servers share. */
enum nube_step first_backup_schedule(nube_call *c, const nube_reply *r);
enum nube_step first_set_backup_schedule(nube_call *c, const nube_reply *r);
enum nube_step first_delete_backup_schedule(nube_call *c, const nube_reply *r);
enum nube_step first_ip_groups(nube_call *c, const nube_reply *r);
enum nube_step first_create_ip_group(nube_call *c, const nube_reply *r);
enum nube_step first_delete_ip_group(nube_call *c, const nube_reply *r);
enum nube_step first_share_ip(nube_call *c, const nube_reply *r);
enum nube_step first_unshare_ip(nube_call *c, const nube_reply *r);

#endif
