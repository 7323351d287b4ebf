/* A login of the EC2 driver under way: where credentials come from and what they lead to. */
#ifndef NUBE_DRIVER_EC2_AUTH_H
#define NUBE_DRIVER_EC2_AUTH_H

#include "ec2.h"

enum ec2_source {
    EC2_NONE,
    EC2_KEYS, /* at hand */
    EC2_PROCESS,
    EC2_SSO,
    EC2_WEB,
    EC2_CONTAINER,
    EC2_IMDS
};
enum ec2_auth_phase {
    EC2_START,
    EC2_FILES,
    EC2_RUN_PROCESS,
    EC2_SSO_TOKEN,
    EC2_SSO_RENEW,
    EC2_SSO_ROLE,
    EC2_WEB_TOKEN,
    EC2_WEB_ROLE,
    EC2_CONTAINER_TOKEN,
    EC2_CONTAINER_KEYS,
    EC2_IMDS_TOKEN,
    EC2_IMDS_NAME,
    EC2_IMDS_KEYS,
    EC2_IMDS_REGION,
    EC2_MFA,
    EC2_ASSUME,
    EC2_REGIONS,
    EC2_IDENTITY
};

struct ec2_role {
    const char *arn, *external_id, *mfa_serial, *session, *duration;
};
enum { EC2_ROLES = 6 };

struct ec2_auth {
    const char *profile;
    int named;                        /* the backend names the profile: it beats keys around */
    int given;                        /* backend or environment name it: it must be there */
    const char *config, *credentials; /* the files' text; NULL: not read or not there */
    enum ec2_source source;
    const char *key, *secret, *token;
    int64_t expires; /* unix ms; 0: never */
    const char *process;
    struct {
        const char *cache, *region, *account, *role;
        int renewable;              /* through a session: by the client registered with it */
        const char *stored, *token; /* the file's text; the login in use */
    } sso;
    struct {
        const char *file, *arn, *session;
    } web;
    const char *bearer; /* of the container's or the metadata service */
    const char *instance_role;
    struct ec2_role roles[EC2_ROLES]; /* the last is assumed first */
    int n_roles;
    const char *regions; /* with commas between */
    int files;
};

/* profile.c: the files of the AWS tools. */
/* A key of [profile NAME] in the config file or of [NAME] in the credentials file, which wins. */
const char *ec2_profile_get(nube_call *c, const struct ec2_auth *a, const char *profile,
                            const char *key);
int ec2_profile_exists(const struct ec2_auth *a, const char *profile);
/* KEY in [KIND NAME] of the config file; with inside, of the lines indented under that word. */
const char *ec2_section_get(nube_call *c, const struct ec2_auth *a, const char *kind,
                            const char *name, const char *inside, const char *key);
/* Only what the credentials file says. */
const char *ec2_credentials_get(nube_call *c, const struct ec2_auth *a, const char *profile,
                                const char *key);

/* chain.c: which source is configured. DONE: a->source says it; FAIL. */
enum nube_step ec2_choose_source(nube_call *c, struct ec2_auth *a);
const char *ec2_env(nube_call *c, const char *name); /* NULL when empty */
int ec2_env_true(nube_call *c, const char *name);

/* auth.c: what replaces the rule for a service's endpoint, in the order of the AWS tools; NULL:
 * nothing does. option (may be NULL): the backend's own word. */
const char *ec2_override(nube_call *c, const struct ec2_auth *a, const char *service,
                         const char *option, const char *env);

/* source.c */
void ec2_use(nube_call *c, const struct ec2_auth *a); /* sign with these keys from here on */
enum nube_step ec2_ask_identity(nube_call *c, const struct ec2_auth *a);

/* source.c, sso.c, remote.c: one source each. Called with NULL first; SEND, DONE (keys are there)
 * or FAIL.
 */
enum nube_step ec2_process(nube_call *c, struct ec2_auth *a, const nube_reply *r);
enum nube_step ec2_sso(nube_call *c, struct ec2_auth *a, const nube_reply *r);
enum nube_step ec2_web(nube_call *c, struct ec2_auth *a, const nube_reply *r);
enum nube_step ec2_container(nube_call *c, struct ec2_auth *a, const nube_reply *r);
enum nube_step ec2_imds(nube_call *c, struct ec2_auth *a, const nube_reply *r);
enum nube_step ec2_imds_region(nube_call *c, struct ec2_auth *a, const nube_reply *r);
/* Assumes the roles, one after the other. */
enum nube_step ec2_assume(nube_call *c, struct ec2_auth *a, const nube_reply *r);
/* Keys out of a reply, under these names; 0 when they are not all there. */
int ec2_take_keys(nube_call *c, struct ec2_auth *a, const nube_doc *doc,
                  const char *const names[3]);
void ec2_take_end(struct ec2_auth *a, const char *text);

#endif
