/* What every cloud of the OpenStack family shares: Nova, Glance and the catalogue, as objects that
 * several modules are made of. */
#ifndef NUBE_DRIVER_NOVA_H
#define NUBE_DRIVER_NOVA_H

#include <nube/driver/crypto.h>
#include <nube/driver/driver.h>

#define NOVA_ROWS(a) (sizeof(a) / sizeof(*(a)))

/* How a cloud differs from the others. Each module that is made of these objects has its own. */
struct nova_network {
    const char *name, *id;
};
struct nova_dialect {
    const char *login;                   /* advice when a login is refused */
    const struct nova_network *networks; /* that have names of their own; NULL: none */
    int diskless_on_volume;              /* 1: a flavor without a disk starts from volumes only */
    const char
        *key_only; /* how flavors begin whose servers have a key and no password; NULL: none */
    /* What its servers have besides; it may set another state. NULL: nothing. */
    void (*server)(nube_call *c, nube_obj *o, const nube_doc *server);
};
extern const struct nova_dialect nova_dialect;

/*
 * Versions: "2.N" of Nova's API, by N. Each request asks for the newest one whose replies are
 * understood, or for what the cloud has: 46 is the last in which a server names its flavor's id.
 */
enum { NOVA_PLAIN = 1, NOVA_READ = 46, NOVA_CREATE = 90 };

/* ---- nova_catalog.c: for AUTH, what a login's catalogue says -------------------------------- */

struct nova_place {
    const char *region, *interface; /* wanted; region NULL: the first there is */
    const char *name;               /* the service's own, whole; NULL: any of that type */
};
/* The URL of a service, from a catalogue of Identity v3 ("catalog") or v2.0 ("serviceCatalog").
 * NULL: none. *region, when not NULL, receives where it is. */
const char *nova_find_endpoint(nube_call *c, const nube_doc *catalog, const char *type,
                               const struct nova_place *place, const char **region);
/* Every region in it, once, with line breaks between; NULL for none. name: of the services of that
 * name only. */
const char *nova_regions(nube_call *c, const nube_doc *catalog, const char *name);
/* Where a service is, for the requests below. NULL: it is not offered. */
void nova_set_service(nube_call *c, const char *service, const char *url);
/* A URL without slashes at its end; and with a version behind it when it names none. */
const char *nova_trim(nube_call *c, const char *url);
const char *nova_versioned(nube_call *c, const char *url, const char *version);
/* How long the part up to the version in its path is; 0: it has none. */
size_t nova_version_end(const char *url);
/* The token, its end and its project for the session; gives the token. NULL: the call failed. */
const char *nova_keep_token(nube_call *c, const char *token, const char *end, const char *project,
                            const char *auth_url);
/* The same of a reply of Identity v2.0, and its catalogue; NULL: there is none in it. */
const char *nova_take_v2(nube_call *c, const nube_reply *r, const char *auth_url,
                         const nube_doc **catalog);

/* ---- nova_version.c: which versions of Nova's API there are -------------------------------- */

/* Finds out, for the session that is being built: NULL first, then each reply to what it asked.
 * fixed: the version that a person chose, or NULL. */
enum nube_step nova_negotiate(nube_call *c, const nube_reply *r, const char *url,
                              const char *fixed);
/* A version that was there yesterday is refused today: the next login asks anew. */
void nova_forget_versions(nube_call *c);
/* The version that a request made for 2.`wanted` uses. */
int nova_minor(nube_call *c, int wanted);

/* ---- nova_request.c ------------------------------------------------------------------------ */

/* A request to a service by its name: "compute", "image", "network". */
nube_req *nova_service(nube_call *c, enum nube_method method, const char *service);
/* A request to Nova that is written for 2.`minor`. */
nube_req *nova_request(nube_call *c, enum nube_method method, int minor);
/* servers/ID[/path], and servers/ID/action with a body whose one member is open or null. */
nube_req *nova_server(nube_call *c, enum nube_method method, int minor, const char *path);
nube_req *nova_act(nube_call *c, const char *action, int null);
enum nube_step nova_send(nube_call *c, int phase);
/* A member of the reply, of that type; NULL: the call failed, it is no answer of this API. */
const nube_doc *nova_member(nube_call *c, const nube_reply *r, const char *name,
                            enum nube_doc_type type);
/* NULL for "". */
const char *nova_filled(const char *text);
const char *nova_text(const nube_doc *doc, const char *path);
/* Members into fields and extra values; empty ones and nulls are left out. */
void nova_fields(nube_obj *o, const nube_doc *doc, const struct nube_field_row *rows, size_t n);
/* One member of each element (NULL: the element), with commas between; NULL for none. */
const char *nova_join(nube_call *c, const nube_doc *list, const char *member);
void nova_json_pairs(nube_call *c, nube_json *j, const char *name, const char *arg);
/* Files to put into a server, from an argument of pairs of path and content; none: left out. */
void nova_json_files(nube_call *c, nube_json *j, const char *arg);
/* One element of that set. */
void nova_json_file(nube_call *c, nube_json *j, const char *path, const char *content);
/* The value of a parameter in a URL, decoded; NULL: it is not there. */
const char *nova_url_value(nube_call *c, const char *url, const char *name);

struct nova_list {
    const char *service, *path, *set; /* "compute", "servers/detail", "servers" */
    nube_item_fn item;
    int minor; /* of Nova's API */
    void (*build)(nube_call *c, nube_req *q);
};
/* A list, page by page: by marker, from the link to the next page in any of the three forms. */
enum nube_step nova_list(nube_call *c, const nube_reply *r, const struct nova_list *l);

/* ---- nova_errors.c ------------------------------------------------------------------------- */

void nova_classify(nube_call *c, const nube_reply *r, struct nube_verdict *v);
/* The message of a fault in any of its forms, NULL: none. *code: its name. */
const char *nova_fault(nube_call *c, const nube_doc *doc, const char **code);

/* ---- Verbs: nova_nodes.c, nova_create.c, nova_actions.c, nova_resize.c, nova_labels.c -------- */

void nova_emit_server(nube_call *c, nube_obj *o, const nube_doc *server);
enum nube_step nova_node_list(nube_call *c, const nube_reply *r);
enum nube_step nova_node_get(nube_call *c, const nube_reply *r);
enum nube_step nova_node_create(nube_call *c, const nube_reply *r);
/* nova_launch.c: the body of the request that creates. -1: the call failed. */
int nova_launch(nube_call *c, const char *size);
/* 1: a server of this size is logged in to with a key, whatever password the reply has. */
int nova_is_key_only(const char *size);
/* The id of a network that this cloud knows by name; else the text itself. */
const char *nova_network_id(const char *text);
enum nube_step nova_node_destroy(nube_call *c, const nube_reply *r);
enum nube_step nova_node_start(nube_call *c, const nube_reply *r);
enum nube_step nova_node_stop(nube_call *c, const nube_reply *r);
enum nube_step nova_node_reboot(nube_call *c, const nube_reply *r);
enum nube_step nova_node_suspend(nube_call *c, const nube_reply *r);
enum nube_step nova_node_resume(nube_call *c, const nube_reply *r);
enum nube_step nova_node_resize(nube_call *c, const nube_reply *r);
enum nube_step nova_node_rebuild(nube_call *c, const nube_reply *r);
enum nube_step nova_node_rename(nube_call *c, const nube_reply *r);
enum nube_step nova_node_tag(nube_call *c, const nube_reply *r);
enum nube_step nova_node_metadata(nube_call *c, const nube_reply *r);
enum nube_step nova_node_console(nube_call *c, const nube_reply *r);
enum nube_step nova_pause(nube_call *c, const nube_reply *r);
enum nube_step nova_unpause(nube_call *c, const nube_reply *r);
enum nube_step nova_shelve(nube_call *c, const nube_reply *r);
enum nube_step nova_unshelve(nube_call *c, const nube_reply *r);
enum nube_step nova_lock(nube_call *c, const nube_reply *r);
enum nube_step nova_unlock(nube_call *c, const nube_reply *r);
enum nube_step nova_rescue(nube_call *c, const nube_reply *r);
/* The node with a password that is shown only now; NULL: it is not told. */
void nova_emit_password(nube_call *c, const char *password);
enum nube_step nova_unrescue(nube_call *c, const nube_reply *r);
enum nube_step nova_confirm_resize(nube_call *c, const nube_reply *r);
enum nube_step nova_revert_resize(nube_call *c, const nube_reply *r);
enum nube_step nova_set_password(nube_call *c, const nube_reply *r);
enum nube_step nova_console_url(nube_call *c, const nube_reply *r);

/* nova_images.c, nova_own_images.c, nova_image_change.c: Glance's images, or Nova's own where the
 * session says images=compute (those are gone from 2.36 on, so they are asked for by the oldest
 * version). A request to one of them, and the image of its reply (NULL: the call
 * failed). */
nube_req *nova_image(nube_call *c, enum nube_method method, const char *id);
const nube_doc *nova_image_of(nube_call *c, const nube_reply *r);
int nova_has_own_images(nube_call *c);
void nova_emit_own_image(nube_call *c, nube_obj *o, const nube_doc *image);
void nova_emit_image(nube_call *c, nube_obj *o, const nube_doc *image);
enum nube_step nova_image_list(nube_call *c, const nube_reply *r);
enum nube_step nova_image_search(nube_call *c, const nube_reply *r);
enum nube_step nova_image_get(nube_call *c, const nube_reply *r);
enum nube_step nova_image_create(nube_call *c, const nube_reply *r);
enum nube_step nova_image_delete(nube_call *c, const nube_reply *r);
enum nube_step nova_image_members(nube_call *c, const nube_reply *r);
enum nube_step nova_image_share(nube_call *c, const nube_reply *r);
enum nube_step nova_image_unshare(nube_call *c, const nube_reply *r);
enum nube_step nova_image_accept(nube_call *c, const nube_reply *r);
enum nube_step nova_image_visibility(nube_call *c, const nube_reply *r);

/* nova_raw.c */
enum nube_step nova_check(nube_call *c, const nube_reply *r);
enum nube_step nova_raw(nube_call *c, const nube_reply *r);

/* nova_sizes.c, nova_places.c, nova_keys.c */
enum nube_step nova_size_list(nube_call *c, const nube_reply *r);
enum nube_step nova_location_list(nube_call *c, const nube_reply *r);
enum nube_step nova_key_list(nube_call *c, const nube_reply *r);
enum nube_step nova_key_get(nube_call *c, const nube_reply *r);
enum nube_step nova_key_create(nube_call *c, const nube_reply *r);
enum nube_step nova_key_import(nube_call *c, const nube_reply *r);
enum nube_step nova_key_delete(nube_call *c, const nube_reply *r);

#endif
