/* Shared parts of the NephoScale driver: the envelope of every reply, and what several verbs do
 * alike. */
#ifndef NUBE_DRIVER_NEPHOSCALE_H
#define NUBE_DRIVER_NEPHOSCALE_H

#include <nube/driver/crypto.h>
#include <nube/driver/driver.h>

#define NEPHO_API     "api"
#define NEPHO_ROWS(a) (sizeof(a) / sizeof(*(a)))

/* Machines, and types of machines, are in two places: virtual and physical ones. */
#define NEPHO_CLOUD     "cloud"
#define NEPHO_DEDICATED "dedicated"
/* service_type.billable_type of a physical machine. */
enum { NEPHO_BILLED_DEDICATED = 2 };

/* Keys: a pair or a password, for the login (server) or for the console. */
enum { NEPHO_PASSWORD = 1, NEPHO_SSH = 2 };
enum { NEPHO_SERVER = 1, NEPHO_CONSOLE = 4 };

/* ---- auth.c ----------------------------------------------------------------------------- */

enum nube_step nepho_auth(nube_call *c, const nube_reply *r);
enum nube_step nepho_sign(nube_call *c, nube_req *q, const nube_reply *r);

/* ---- envelope.c: {"success", "response", "subcode", "message", "total_count", "data"} -------- */

/* Tags that say how a failure is taken. */
enum nepho_tag {
    NEPHO_PLAIN,
    NEPHO_MAYBE = 100, /* "not found" is an answer: nepho_first() is NULL then */
    NEPHO_JOB          /* a job that cannot be looked at is no failure of the job */
};
void nepho_classify(nube_call *c, const nube_reply *r, struct nube_verdict *v);
/* A request to a path of the driver's own and, unless NULL, an id below it. */
nube_req *nepho_request(nube_call *c, enum nube_method method, const char *path, const char *id);
enum nube_step nepho_send(nube_call *c, int phase);
/* The one object of a reply: data is it, or an array with it. NULL: there is none. */
const nube_doc *nepho_first(const nube_reply *r);
/* NULL for "" and for what is not there. */
const char *nepho_text(const nube_doc *doc, const char *path);
/* Members into fields and extra values; empty ones are left out. */
void nepho_fields(nube_obj *o, const nube_doc *doc, const struct nube_field_row *rows, size_t n);
/* Queues a list: each row goes to fn. */
nube_req *nepho_rows(nube_call *c, const char *path, nube_item_fn fn);
/* After the rows: hands over a single object that stands in place of an array, and refuses a list
 * of which the provider has more than it gave. DONE or FAIL. */
enum nube_step nepho_rows_end(nube_call *c, const nube_reply *r, nube_item_fn fn, size_t count);
/* A whole list. Its fn calls nepho_counted() for each row; the verb has no other state. */
enum nube_step nepho_list(nube_call *c, const nube_reply *r, const char *path, nube_item_fn fn,
                          void (*build)(nube_call *, nube_req *));
/* The lists of virtual and of physical ones at once, of which the argument "kind" may choose one:
 * each has its own fn. */
struct nepho_pair {
    const char *cloud, *dedicated; /* paths */
    nube_item_fn cloud_fn, dedicated_fn;
    void (*build)(nube_call *, nube_req *);
};
enum nube_step nepho_list_pair(nube_call *c, const nube_reply *r, const struct nepho_pair *p);
void nepho_counted(nube_call *c, int dedicated);
/* The kind that the argument of this name asks for; NULL: both. */
const char *nepho_kind_arg(nube_call *c);

/* ---- nodes.c ------------------------------------------------------------------------------ */

void nepho_emit_server(nube_call *c, nube_obj *o, const nube_doc *server, const char *kind);
enum nube_step nepho_node_list(nube_call *c, const nube_reply *r);
enum nube_step nepho_node_get(nube_call *c, const nube_reply *r);

/* Where the server of the argument "id" is. The first phases are its own; DONE when it is known,
 * from then on the phase is NEPHO_FOUND or later. */
enum nepho_phase { NEPHO_BEGIN, NEPHO_LOOK, NEPHO_LOOK_AGAIN, NEPHO_FOUND, NEPHO_ASKED };
struct nepho_target {
    const char *kind;
    const nube_doc *server; /* as the look showed it, until the step returns; NULL: not looked at */
};
enum nube_step nepho_find(nube_call *c, const nube_reply *r, struct nepho_target *t, int look);

/* ---- create.c, launch.c ---------------------------------------------------------------------- */

enum nube_step nepho_node_create(nube_call *c, const nube_reply *r);
struct nepho_launch {
    const char *kind, *name, *size, *key, *console_key; /* ids; NULL: left out */
};
/* Queues the request that creates. -1: the call failed. */
int nepho_launch(nube_call *c, const struct nepho_launch *l);

/* ---- actions.c, addresses.c ------------------------------------------------------------------ */

enum nube_step nepho_node_destroy(nube_call *c, const nube_reply *r);
enum nube_step nepho_node_start(nube_call *c, const nube_reply *r);
enum nube_step nepho_node_stop(nube_call *c, const nube_reply *r);
enum nube_step nepho_node_reboot(nube_call *c, const nube_reply *r);
enum nube_step nepho_node_rename(nube_call *c, const nube_reply *r);
enum nube_step nepho_assign_ip(nube_call *c, const nube_reply *r);
enum nube_step nepho_release_ip(nube_call *c, const nube_reply *r);

/* ---- images.c, places.c, keys.c ----------------------------------------------------------------
 */

enum nube_step nepho_image_list(nube_call *c, const nube_reply *r);
enum nube_step nepho_image_search(nube_call *c, const nube_reply *r);
enum nube_step nepho_image_get(nube_call *c, const nube_reply *r);
enum nube_step nepho_size_list(nube_call *c, const nube_reply *r);
enum nube_step nepho_location_list(nube_call *c, const nube_reply *r);
enum nube_step nepho_check(nube_call *c, const nube_reply *r);
enum nube_step nepho_raw(nube_call *c, const nube_reply *r);
enum nube_step nepho_key_list(nube_call *c, const nube_reply *r);
enum nube_step nepho_key_get(nube_call *c, const nube_reply *r);
enum nube_step nepho_key_create(nube_call *c, const nube_reply *r);
enum nube_step nepho_key_import(nube_call *c, const nube_reply *r);
enum nube_step nepho_key_delete(nube_call *c, const nube_reply *r);

#endif
