/* HTTP signatures as CloudAPI's servers take them: both layouts of the header. */
#ifndef NUBE_SIM_JOYENT_HTTPSIG_H
#define NUBE_SIM_JOYENT_HTTPSIG_H

#include <openssl/evp.h>

#include "../sim.h"

/* What an Authorization header claims. Text lives until httpsig_free(). */
struct httpsig {
    char *key_id, *algorithm, *headers, *signature; /* headers NULL: not said */
    bool legacy; /* the signature behind a blank; header values are signed without names */
};

/* Modern layout first, then the legacy one, as the servers try them. False with the reason. */
bool httpsig_read(const char *header, struct httpsig *out, struct sim_text *why);
void httpsig_free(struct httpsig *h);
/* What was to be signed. False with the reason: a header that is not there. */
bool httpsig_string(const struct sim_request *q, const struct httpsig *h, struct sim_text *out,
                    struct sim_text *why);
/* Is it this key's? kind: "rsa", "ecdsa", "ed25519". */
bool httpsig_verify(const struct httpsig *h, EVP_PKEY *pkey, const char *kind,
                    const struct sim_text *text, struct sim_text *why);
/* "Tue, 22 Dec 2015 12:23:12 GMT" in seconds; -1: it is not that. */
int64_t httpsig_date(const char *text);

#endif
