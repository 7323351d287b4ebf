/* STS: temporary keys for roles, and who one is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "ec2.h"

static void open_result(struct ec2_call *c)
{
    sim_text_fmt(c->out, "  <%sResult>\n", c->q->action);
}

static void close_result(struct ec2_call *c)
{
    sim_text_fmt(c->out, "\n  </%sResult>\n", c->q->action);
}

static void put_credentials(struct ec2_call *c, const struct ec2_identity *who)
{
    char when[32];
    sim_iso_time(when, sizeof when, who->expires);
    memmove(when + 19, "Z", 2); /* whole seconds */
    SIM_LIT(c->out, "<Credentials>");
    sim_elem(c->out, "AccessKeyId", who->key);
    sim_elem(c->out, "SecretAccessKey", who->secret);
    sim_elem(c->out, "SessionToken", who->token);
    sim_elem(c->out, "Expiration", when);
    SIM_LIT(c->out, "</Credentials>\n");
}

static bool check_session(struct ec2_call *c, const char *name, int64_t seconds)
{
    size_t len = strlen(name);
    if (len < 2 || len > 64 ||
        strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+=,.@-") !=
            len)
        return ec2_fail(c, "ValidationError",
                        "1 validation error detected: Value '%s' at 'roleSessionName' failed to "
                        "satisfy constraint: Member must satisfy regular expression pattern: "
                        "[\\w+=,.@-]*",
                        name);
    if (seconds < 900 || seconds > 43200)
        return ec2_fail(c, "ValidationError",
                        "1 validation error detected: Value '%lld' at 'durationSeconds' failed to "
                        "satisfy constraint: Member must have value greater than or equal to 900 "
                        "and at most 43200",
                        (long long)seconds);
    return true;
}

static bool denied(struct ec2_call *c, const char *arn, const char *why)
{
    sim_text_puts(&c->r->why, why);
    return ec2_fail(c, "AccessDenied",
                    "User: %s is not authorized to perform: sts:%s on resource: %s",
                    c->who ? c->who->arn : "anonymous", c->q->action, arn);
}

static bool may_assume(struct ec2_call *c, const struct ec2_role *role, const char *arn)
{
    const char *external = sim_param(c->q, "ExternalId"), *code = sim_param(c->q, "TokenCode");
    const char *serial = sim_param(c->q, "SerialNumber");
    if (!role)
        return denied(c, arn, "there is no such role");
    if (*role->external_id && (!external || strcmp(external, role->external_id) != 0))
        return denied(c, arn, "the external id is not the role's");
    if (!*role->mfa_serial)
        return true;
    if (!serial || !code)
        return denied(c, arn, "the role asks for a code of an MFA device");
    if (strcmp(serial, role->mfa_serial) != 0 || strcmp(code, role->mfa_code) != 0)
        return ec2_fail(c, "AccessDenied",
                        "MultiFactorAuthentication failed with invalid MFA one time pass code.");
    return true;
}

/* The role's session; its name is the last part of the role's. */
static void give_role(struct ec2_call *c, const struct ec2_role *role, const char *session,
                      int64_t seconds)
{
    const char *name = strrchr(role->arn, '/') ? strrchr(role->arn, '/') + 1 : role->arn;
    char *arn = sim_fmt("arn:aws:sts::%s:assumed-role/%s/%s", role->account, name, session);
    char *id = sim_fmt("AROASIM%016llX:%s", (unsigned long long)ec2_hash(role->arn), session);
    struct ec2_identity *who = ec2_identity_session(c->cloud, role->account, arn, id, seconds);
    for (size_t i = 0; i < role->n_deny; i++) {
        SIM_PUSH(who->deny, who->n_deny, who->deny_size);
        who->deny[who->n_deny++] = role->deny[i];
    }
    for (size_t i = 0; i < role->n_allow; i++) {
        SIM_PUSH(who->allow, who->n_allow, who->allow_size);
        who->allow[who->n_allow++] = role->allow[i];
    }
    SIM_LIT(c->out, "<AssumedRoleUser>");
    sim_elem(c->out, "AssumedRoleId", id);
    sim_elem(c->out, "Arn", arn);
    SIM_LIT(c->out, "</AssumedRoleUser>\n");
    put_credentials(c, who);
    free(arn);
    free(id);
}

void ec2_sts_assume_role(struct ec2_call *c)
{
    const char *arn = sim_param(c->q, "RoleArn"), *name = sim_param(c->q, "RoleSessionName");
    const struct ec2_role *role = ec2_role_find(c->cloud, arn);
    int64_t seconds = ec2_int(c, "DurationSeconds", 3600);
    if (!check_session(c, name, seconds) || !may_assume(c, role, arn))
        return;
    if (c->who->token && seconds > 3600) {
        ec2_fail(c, "ValidationError",
                 "The requested DurationSeconds exceeds the 1 hour session limit for roles "
                 "assumed by role chaining");
        return;
    }
    open_result(c);
    give_role(c, role, name, seconds);
    close_result(c);
}

/* Any token of a plausible length is believed; "expired" is one that is refused. */
void ec2_sts_web_identity(struct ec2_call *c)
{
    const char *arn = sim_param(c->q, "RoleArn"), *name = sim_param(c->q, "RoleSessionName");
    const char *token = sim_param(c->q, "WebIdentityToken");
    const struct ec2_role *role = ec2_role_find(c->cloud, arn);
    int64_t seconds = ec2_int(c, "DurationSeconds", 3600);
    if (!check_session(c, name, seconds))
        return;
    if (strlen(token) < 4 || !strcmp(token, "invalid")) {
        ec2_fail(c, "InvalidIdentityToken", "No OpenIDConnect provider found in your account");
        return;
    }
    if (!strcmp(token, "expired")) {
        ec2_fail(c, "ExpiredTokenException", "Token expired");
        return;
    }
    if (!role) {
        denied(c, arn, "there is no such role");
        return;
    }
    open_result(c);
    give_role(c, role, name, seconds);
    close_result(c);
}

void ec2_sts_session(struct ec2_call *c)
{
    int64_t seconds = ec2_int(c, "DurationSeconds", 43200);
    open_result(c);
    put_credentials(
        c, ec2_identity_session(c->cloud, c->account, c->who->arn, c->who->user_id, seconds));
    close_result(c);
}

void ec2_sts_caller(struct ec2_call *c)
{
    open_result(c);
    sim_elem(c->out, "Arn", c->who->arn);
    sim_elem(c->out, "UserId", c->who->user_id);
    sim_elem(c->out, "Account", c->who->account);
    close_result(c);
}
