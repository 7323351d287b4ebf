/* An account at Rackspace, and its login at Identity v2.0: of both generations of servers. */
#ifndef NUBE_DRIVER_RACK_IDENTITY_H
#define NUBE_DRIVER_RACK_IDENTITY_H

#include "../openstack/nova.h"

/* The backend's options; where it names nobody, the variables of Rackspace's own tools. */
struct rack_account {
    const char *username, *api_key, *password, *region;
    const char *auth_url; /* NULL: the driver's own */
};
/* -1: the call failed, since something is missing. */
int rack_account(nube_call *c, struct rack_account *a);

/* Phases of a login, for AUTH: those of a driver follow. */
enum rack_phase { RACK_BEGIN, RACK_LOGIN, RACK_ASKED, RACK_SECOND, RACK_PHASES };

/* Logs in at url: first with the reply NULL, then with each. DONE: the token is in the session, and
 * *catalog, good while the reply is, names the services. */
enum nube_step rack_identity(nube_call *c, const nube_reply *r, const struct rack_account *a,
                             const char *url, const nube_doc **catalog);
/* Faults, and the question for a second factor, which is none. */
void rack_classify(nube_call *c, const nube_reply *r, struct nube_verdict *v);
/* For an account that has its token already; 1: it has, and the session is made. */
int rack_has_token(nube_call *c);
enum nube_step rack_sign(nube_call *c, nube_req *q, const nube_reply *r);

/* Options that both have. */
#define RACK_CONNECTION_ROWS(auth_url_)                                                            \
    CONN("username", STRING, .alias = "key", .deflt = "RS_USERNAME", .help = "the user's name"),   \
        CONN("api_key", STRING, .alias = "secret", .flags = NUBE_OPTION_SECRET,                    \
             .deflt = "RS_API_KEY", .help = "the user's API key"),                                 \
        CONN("password", STRING, .flags = NUBE_OPTION_SECRET,                                      \
             .help = "the user's password, instead of the API key"),                               \
        CONN("passcode", STRING, .flags = NUBE_OPTION_SECRET,                                      \
             .help = "a one-time code, where a password alone is not enough"),                     \
        CONN("tenant_id", STRING, .help = "the account's number, when the user has several"),      \
        CONN("token", STRING, .max_len = 16384, .flags = NUBE_OPTION_SECRET,                       \
             .help = "a token that is there already; with endpoint"),                              \
        CONN("auth_url", STRING, .max_len = 2048, .deflt = auth_url_, .help = "where to log in")

#endif
