/* A login of the OpenStack driver: what an account says, where it says it, and Keystone. */
#ifndef NUBE_DRIVER_OPENSTACK_H
#define NUBE_DRIVER_OPENSTACK_H

#include "nova.h"

/* Everything that an account can say. The rows are in account.c. */
enum os_setting {
    OS_AUTH_URL,
    OS_AUTH_TYPE,
    OS_TOKEN,
    OS_USERNAME,
    OS_USER_ID,
    OS_PASSWORD,
    OS_PASSCODE,
    OS_PROJECT,
    OS_PROJECT_ID,
    OS_USER_DOMAIN,
    OS_USER_DOMAIN_ID,
    OS_PROJECT_DOMAIN,
    OS_PROJECT_DOMAIN_ID,
    OS_DOMAIN,
    OS_DOMAIN_ID,
    OS_DEFAULT_DOMAIN,
    OS_SYSTEM_SCOPE,
    OS_TRUST_ID,
    OS_CREDENTIAL_ID,
    OS_CREDENTIAL_NAME,
    OS_CREDENTIAL_SECRET,
    OS_REGION,
    OS_INTERFACE,
    OS_IDENTITY_VERSION,
    OS_COMPUTE_VERSION,
    OS_COMPUTE_URL,
    OS_IMAGE_URL,
    OS_NETWORK_URL,
    OS_CACERT,
    OS_CERT,
    OS_KEY,
    OS_VERIFY,
    OS_INSECURE,
    OS_SETTINGS
};

enum os_kind { OS_BY_PASSWORD, OS_BY_TOKEN, OS_BY_CREDENTIAL, OS_BY_NOTHING };

enum os_phase {
    OS_START,
    OS_FILES,
    OS_DISCOVER,
    OS_LOGIN,   /* the login that was asked for */
    OS_CHOOSE,  /* the projects of a user who names none */
    OS_RESCOPE, /* the login once more, for the one project there is */
    OS_VERSIONS
};

enum { OS_FILE_COUNT = 18 };

/* The state of a login under way. */
struct os_auth {
    const char *value[OS_SETTINGS]; /* NULL: not said */
    const char *cloud;              /* a name in clouds.yaml; NULL: none is used */
    const char *text[OS_FILE_COUNT];
    size_t len[OS_FILE_COUNT];
    int files; /* that were asked for and did not come yet */
    enum os_kind kind;
    int identity; /* 2 or 3 */
    const char *token;
    const char *compute; /* the URL that the catalogue gives */
};

/* account.c */
/* What the backend's options say; then what the environment says of the rest. */
void os_take_options(nube_call *c, struct os_auth *a);
void os_take_env(nube_call *c, struct os_auth *a);
/* The value of a setting in one cloud of a file, as its tools read it. */
const char *os_in_cloud(nube_call *c, const nube_doc *cloud, enum os_setting s);
/* The kind of login, from what was said; FAIL when something is missing or not understood. */
enum nube_step os_choose_kind(nube_call *c, struct os_auth *a);
/* Certificates and verification; FAIL when it asks for none. */
enum nube_step os_take_transport(nube_call *c, const struct os_auth *a);
const char *os_env(nube_call *c, const char *name); /* NULL when empty */

/* clouds.c: clouds.yaml and what is beside it. */
enum nube_step os_ask_files(nube_call *c, struct os_auth *a);
/* DONE when all came and the cloud's settings are taken; else SEND or FAIL. */
enum nube_step os_file_reply(nube_call *c, struct os_auth *a, const nube_reply *r);

/* keystone.c: the requests that log in, and what they give. */
void os_request_token(nube_call *c, const struct os_auth *a);
/* The same user for a project of this id, by the token there is. */
void os_request_scoped(nube_call *c, const struct os_auth *a, const char *project_id);
void os_request_projects(nube_call *c, const struct os_auth *a);
/* The token, its end and its project; gives the catalogue, NULL: there is none in it. DONE or FAIL.
 */
enum nube_step os_take_token(nube_call *c, struct os_auth *a, const nube_reply *r,
                             const nube_doc **catalog);

/* auth.c */
enum nube_step os_auth(nube_call *c, const nube_reply *r);
enum nube_step os_sign(nube_call *c, nube_req *q, const nube_reply *r);

/* firewalls.c, floating.c: Neutron's security groups and floating addresses. */
enum nube_step os_firewall_list(nube_call *c, const nube_reply *r);
enum nube_step os_firewall_create(nube_call *c, const nube_reply *r);
enum nube_step os_firewall_delete(nube_call *c, const nube_reply *r);
enum nube_step os_rule_add(nube_call *c, const nube_reply *r);
enum nube_step os_rule_remove(nube_call *c, const nube_reply *r);
enum nube_step os_add_floating(nube_call *c, const nube_reply *r);
enum nube_step os_remove_floating(nube_call *c, const nube_reply *r);

#endif
