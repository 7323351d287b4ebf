/* What the files of the Joyent driver share: an account, requests to CloudAPI, its objects. */
#ifndef NUBE_DRIVER_JOYENT_H
#define NUBE_DRIVER_JOYENT_H

#include <nube/driver/crypto.h>
#include <nube/driver/driver.h>

#define JOY_ROWS(a) (sizeof(a) / sizeof(*(a)))

enum { JOY_PAGE = 1000 }; /* machines of a page: CloudAPI's default and its most */

/* ---- account.c: what an account says of itself ------------------------------------------- */

enum joy_setting {
    JOY_URL,
    JOY_ACCOUNT,
    JOY_USER,
    JOY_KEY_ID,
    JOY_KEY_FILE,
    JOY_ACT_AS,
    JOY_ROLE,
    JOY_VERSION,
    JOY_INSECURE,
    JOY_SETTINGS
};

enum { JOY_FILES = 3 }; /* private keys that are looked at, each with its public half beside it */

/* The state of a login under way. */
struct joy_auth {
    const char *value[JOY_SETTINGS]; /* NULL: not said */
    const char *profile;             /* its name */
    const char *text[2 * JOY_FILES]; /* of files: private keys, then public ones */
    size_t len[2];                   /* of a profile's or config's two places */
    int files;                       /* that were asked for and did not come yet */
    const char *name;                /* of the key, when key_id is not a fingerprint */
    const char *fingerprint;         /* MD5 or SHA256 form; NULL: not known */
    int trial;                       /* which file is being opened */
    int asked_agent;
};

/* What the backend's options say; then what the environment says of the rest. */
void joy_take_options(nube_call *c, struct joy_auth *a);
/* 1 when it said anything. */
int joy_take_env(nube_call *c, struct joy_auth *a);
/* FAIL when it is not a profile as Triton's tools write them. */
enum nube_step joy_take_profile(nube_call *c, struct joy_auth *a, const nube_doc *profile);
/* Account, user, and what names the key; FAIL when something is missing or not understood. */
enum nube_step joy_take_key_id(nube_call *c, struct joy_auth *a);
const char *joy_env(nube_call *c, const char *name); /* NULL when empty */
/* Where the datacenter of this name is, without asking. */
const char *joy_region_url(nube_call *c, const char *region);
/* Does it say where by itself: a URL or a host's name? */
int joy_is_host(const char *region);

/* ---- keyfile.c: the private key ------------------------------------------------------------ */

/* The next step of finding it; DONE: the session has it. */
enum nube_step joy_find_key(nube_call *c, struct joy_auth *a);
enum nube_step joy_key_files(nube_call *c, struct joy_auth *a, const nube_reply *r);
enum nube_step joy_key_agent(nube_call *c, struct joy_auth *a, const nube_reply *r);
enum nube_step joy_key_opened(nube_call *c, struct joy_auth *a, const nube_reply *r);

enum joy_auth_phase {
    JOY_START,
    JOY_CONFIG,
    JOY_PROFILE,
    JOY_KEY_FILES,
    JOY_KEY_AGENT,
    JOY_KEY_OPENED,
    JOY_PLACES
};

/* auth.c, sign.c */
enum nube_step joy_auth(nube_call *c, const nube_reply *r);
enum nube_step joy_sign(nube_call *c, nube_req *q, const nube_reply *r);
/* "Tue, 22 Dec 2015 12:23:12 GMT" */
const char *joy_http_date(nube_call *c, int64_t unix_ms);
/* What is signed, of method, path and query; legacy: the layout of the API's 6.x. */
const char *joy_signing_string(nube_call *c, int legacy, const char *method, const char *target,
                               const char *date);
const char *joy_authorization(nube_call *c, int legacy, const char *key_id, const char *algorithm,
                              const char *signature);

/* errors.c */
void joy_classify(nube_call *c, const nube_reply *r, struct nube_verdict *v);

/* ---- request.c ------------------------------------------------------------------------------ */

/* A request below the account. path NULL: the account itself. */
nube_req *joy_request(nube_call *c, enum nube_method method, const char *path);
/* About the machine of the argument id, or node; path NULL: itself. */
nube_req *joy_machine(nube_call *c, enum nube_method method, const char *path);
/* An action of that machine, which asks for a state and may be repeated. */
nube_req *joy_act(nube_call *c, const char *action);
enum nube_step joy_send(nube_call *c, int phase);
/* The reply as what it must be; NULL: the call failed. */
const nube_doc *joy_array(nube_call *c, const nube_reply *r);
const nube_doc *joy_object(nube_call *c, const nube_reply *r, const char *member);
/* A truth of the arguments: 1 or 0; -1: not given. */
int joy_flag(nube_call *c, const char *name);
const char *joy_filled(const char *text); /* NULL when empty */
const char *joy_text(const nube_doc *doc, const char *path);
void joy_fields(nube_obj *o, const nube_doc *doc, const struct nube_field_row *rows, size_t n);

/* ---- Objects --------------------------------------------------------------------------------- */

void joy_emit_machine(nube_call *c, nube_obj *o, const nube_doc *machine);

/* images.c: images, and datasets where there are none yet. */
struct joy_image {
    const char *id; /* NULL: none fits */
    const char *name, *version, *brand;
    int64_t time, min_ram, max_ram;
    int is_default;
};
/* A search by id, by name[@version], by URN, or for one to begin with: begins the state of a call.
 */
struct joy_find {
    const char *wanted; /* NULL: one to begin with */
    int datasets;       /* the API has no images */
    int failed;         /* the reply is not what this API has */
    struct joy_image best;
};
void joy_find_image(nube_call *c, struct joy_find *f, const char *wanted, int tag);
/* SEND: asked again; DONE: best is there; FAIL. */
enum nube_step joy_image_found(nube_call *c, struct joy_find *f, const nube_reply *r);

/* ---- Verbs -------------------------------------------------------------------------------------
 */

enum nube_step joy_check(nube_call *c, const nube_reply *r);
enum nube_step joy_raw(nube_call *c, const nube_reply *r);
enum nube_step joy_node_list(nube_call *c, const nube_reply *r);
enum nube_step joy_node_get(nube_call *c, const nube_reply *r);
enum nube_step joy_node_create(nube_call *c, const nube_reply *r);
enum nube_step joy_node_destroy(nube_call *c, const nube_reply *r);
enum nube_step joy_node_start(nube_call *c, const nube_reply *r);
enum nube_step joy_node_stop(nube_call *c, const nube_reply *r);
enum nube_step joy_node_reboot(nube_call *c, const nube_reply *r);
enum nube_step joy_node_rename(nube_call *c, const nube_reply *r);
enum nube_step joy_node_resize(nube_call *c, const nube_reply *r);
enum nube_step joy_node_tag(nube_call *c, const nube_reply *r);
enum nube_step joy_node_metadata(nube_call *c, const nube_reply *r);
enum nube_step joy_count(nube_call *c, const nube_reply *r);
enum nube_step joy_audit(nube_call *c, const nube_reply *r);
enum nube_step joy_enable_firewall(nube_call *c, const nube_reply *r);
enum nube_step joy_disable_firewall(nube_call *c, const nube_reply *r);
enum nube_step joy_enable_protection(nube_call *c, const nube_reply *r);
enum nube_step joy_disable_protection(nube_call *c, const nube_reply *r);
enum nube_step joy_image_list(nube_call *c, const nube_reply *r);
enum nube_step joy_image_get(nube_call *c, const nube_reply *r);
enum nube_step joy_image_create(nube_call *c, const nube_reply *r);
enum nube_step joy_image_delete(nube_call *c, const nube_reply *r);
enum nube_step joy_size_list(nube_call *c, const nube_reply *r);
enum nube_step joy_location_list(nube_call *c, const nube_reply *r);
enum nube_step joy_key_list(nube_call *c, const nube_reply *r);
enum nube_step joy_key_get(nube_call *c, const nube_reply *r);
enum nube_step joy_key_import(nube_call *c, const nube_reply *r);
enum nube_step joy_key_delete(nube_call *c, const nube_reply *r);
enum nube_step joy_snapshot_list(nube_call *c, const nube_reply *r);
enum nube_step joy_snapshot_create(nube_call *c, const nube_reply *r);
enum nube_step joy_snapshot_restore(nube_call *c, const nube_reply *r);
enum nube_step joy_snapshot_delete(nube_call *c, const nube_reply *r);

#endif
