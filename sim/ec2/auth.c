/* Who calls, whether the signature holds, and what it may do. */
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ec2.h"
#include "sigv4.h"

static const char not_valid[] = "AWS was not able to validate the provided access credentials";

/* EC2 says the same for many causes; the log says which it was. */
#define REFUSE(c, sts_code, sts_message, code, ...)                                                \
    (sim_text_fmt(&(c)->r->why, __VA_ARGS__), (c)->sts                                             \
                                                  ? ec2_fail((c), (sts_code), "%s", (sts_message)) \
                                                  : ec2_fail((c), (code), "%s", not_valid))

static bool check_signature(struct ec2_call *c, struct ec2_identity *who,
                            const struct sigv4_claim *claim)
{
    struct sim_text canonical = {0}, text = {0};
    char hash[SIGV4_HEX], signature[SIGV4_HEX], scope[sizeof who->scope];
    snprintf(scope, sizeof scope, "%s/%s/%s", claim->date, claim->region, claim->service);
    if (strcmp(scope, who->scope)) {
        sigv4_key(who->signing_key, who->secret, claim);
        memcpy(who->scope, scope, sizeof scope);
    }
    sigv4_hash(hash, c->q->body, c->q->body_len);
    sigv4_canonical(&canonical, c->q, claim, hash, NULL);
    sigv4_string_to_sign(&text, claim, &canonical);
    sigv4_signature(signature, who->signing_key, &text);
    bool same = strlen(claim->signature) == strlen(signature) &&
                !CRYPTO_memcmp(claim->signature, signature, strlen(signature));
    if (!same)
        REFUSE(c, "SignatureDoesNotMatch",
               "The request signature we calculated does not match the signature you provided. "
               "Check your AWS Secret Access Key and signing method. Consult the service "
               "documentation for details.",
               c->cloud->settings->secret_code,
               "the signature does not match; canonical request:\n%s\nstring to sign:\n%s",
               canonical.data, text.data);
    sim_text_free(&canonical);
    sim_text_free(&text);
    return same;
}

static bool check_time(struct ec2_call *c, const struct sigv4_claim *claim)
{
    int64_t at = sigv4_time(claim->timestamp), now = sim_wall_ms(c->cloud->sim);
    int64_t limit = c->cloud->settings->skew_limit_s * 1000;
    if (at < 0 || strncmp(claim->timestamp, claim->date, 8) != 0) {
        sim_text_fmt(&c->r->why, "timestamp %s, scope of %s", claim->timestamp, claim->date);
        return ec2_fail(c, "IncompleteSignature",
                        "Date in Credential scope does not match "
                        "YYYYMMDD from ISO-8601 version of date from "
                        "HTTP");
    }
    if (claim->presigned ? at - limit <= now && now <= at + claim->expires_s * 1000
                         : at - limit <= now && now <= at + limit)
        return true;
    if (claim->presigned && now > at)
        return ec2_fail(c, "RequestExpired", "Request has expired.");
    char message[160];
    snprintf(message, sizeof message, "Signature %s: %s is off by more than %lld seconds",
             at < now ? "expired" : "not yet current", claim->timestamp, (long long)(limit / 1000));
    return REFUSE(c, "SignatureDoesNotMatch", message, c->cloud->settings->skew_code,
                  "the request's clock is off by %lld s", (long long)((at - now) / 1000));
}

static bool check_scope(struct ec2_call *c, const struct sigv4_claim *claim, const char *service)
{
    char message[160];
    if (strcmp(claim->terminator, "aws4_request") != 0 || strcmp(claim->service, service) != 0) {
        snprintf(message, sizeof message, "Credential should be scoped to correct service: '%s'.",
                 service);
        return REFUSE(c, "SignatureDoesNotMatch", message, "AuthFailure",
                      "signed for the service \"%s\"", claim->service);
    }
    c->region = ec2_region_find(c->cloud, claim->region);
    if (!c->region) {
        snprintf(message, sizeof message, "Credential should be scoped to a valid region.");
        return REFUSE(c, "SignatureDoesNotMatch", message, "AuthFailure",
                      "there is no region \"%s\"", claim->region);
    }
    return true;
}

static bool check_token(struct ec2_call *c, const struct ec2_identity *who,
                        const struct sigv4_claim *claim)
{
    static const char message[] = "The security token included in the request is invalid.";
    const char *sent = claim->token ? claim->token : "", *own = who->token ? who->token : "";
    if (strcmp(sent, own) != 0)
        return REFUSE(c, "InvalidClientTokenId", message, "AuthFailure",
                      *sent ? "the session token is not this key's" : "no session token was sent");
    return true;
}

/* What only matters once it is clear who calls. */
static bool check_standing(struct ec2_call *c)
{
    if (c->who->expires && sim_life_ms(c->cloud->sim) >= c->who->expires) {
        SIM_LIT(&c->r->why, "the session has expired");
        return c->sts ? ec2_fail(c, "ExpiredToken",
                                 "The security token included in the request is expired")
                      : ec2_fail(c, "RequestExpired", "Request has expired.");
    }
    if (!strcmp(c->region->opt_in, "not-opted-in"))
        return REFUSE(c, "RegionDisabledException",
                      "STS is not activated in this region for this account.", "AuthFailure",
                      "the region %s is not opted in", c->region->name);
    return true;
}

bool ec2_authenticate(struct ec2_call *c, const char *service)
{
    struct sigv4_claim claim;
    struct sim_text *why = &c->r->why;
    enum sigv4_found found = sigv4_claim(&claim, c->q, why);
    const char *missed;
    bool ok = false;
    if (found == SIGV4_NONE) {
        SIM_LIT(why, "not signed");
        ec2_fail(c, "MissingAuthenticationToken", "Request is missing Authentication Token");
    } else if (found == SIGV4_INCOMPLETE) {
        ec2_fail(c, "IncompleteSignature", "%s", why->data);
    } else if ((missed = sigv4_unsigned_header(c->q, &claim))) {
        REFUSE(c, "SignatureDoesNotMatch",
               "There were headers present in the request which were not signed.", "AuthFailure",
               "the header %s is not signed", missed);
    } else if (!(c->who = sim_map_get(&c->cloud->by_key, claim.key_id))) {
        REFUSE(c, "InvalidClientTokenId", "The security token included in the request is invalid.",
               "AuthFailure", "there is no access key %s", claim.key_id);
    } else {
        c->account = c->who->account;
        snprintf(c->r->who, sizeof c->r->who, "%.63s", c->who->key);
        ok = check_token(c, c->who, &claim) && check_scope(c, &claim, service) &&
             check_time(c, &claim) && check_signature(c, c->who, &claim) && check_standing(c);
    }
    free(claim.store);
    return ok;
}

static bool listed(const char *const *patterns, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (sim_glob(patterns[i], name) || sim_glob(patterns[i], strchr(name, ':') + 1))
            return true;
    return false;
}

bool ec2_permitted(struct ec2_call *c, const char *service)
{
    char name[96], hex[161];
    const struct ec2_identity *who = c->who;
    snprintf(name, sizeof name, "%s:%s", service, c->q->action);
    if (!listed(who->deny, who->n_deny, name) &&
        (!who->n_allow || listed(who->allow, who->n_allow, name)))
        return true;
    sim_text_fmt(&c->r->why, "%s may not %s", who->arn, name);
    if (c->sts)
        return ec2_fail(c, "AccessDenied", "User: %s is not authorized to perform: %s", who->arn,
                        name);
    sim_random_hex(c->cloud->sim, hex, 160);
    return ec2_fail(c, "UnauthorizedOperation",
                    "You are not authorized to perform this operation. User: %s is not authorized "
                    "to perform: %s because no identity-based policy allows the %s action. Encoded "
                    "authorization failure message: %s",
                    who->arn, name, name, hex);
}
