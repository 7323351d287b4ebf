/* The order in which credentials are looked for, and what a profile leads to. */
#include <string.h>

#include "auth.h"

const char *ec2_env(nube_call *c, const char *name)
{
    const char *text = nube_env(c, name);

    return text && *text ? text : NULL;
}

int ec2_env_true(nube_call *c, const char *name)
{
    const char *text = ec2_env(c, name);

    return text && (strcmp(text, "true") == 0 || strcmp(text, "1") == 0);
}

/* Half a key pair is a mistake, not a reason to go on to somebody else's. */
static enum nube_step use_keys(nube_call *c, struct ec2_auth *a, const char *key,
                               const char *secret, const char *token, const char *where)
{
    if (!key || !secret)
        return nube_fail(c, NUBE_E_AUTH, "%s: the %s is missing", where,
                         key ? "secret of the access key" : "access key");
    a->key = nube_strdup(c, key);
    a->secret = nube_strdup(c, secret);
    a->token = nube_strdup(c, token);
    nube_secret(c, a->secret);
    nube_secret(c, a->token);
    a->source = EC2_KEYS;
    return NUBE_DONE;
}

static enum nube_step from_env(nube_call *c, struct ec2_auth *a)
{
    const char *token = ec2_env(c, "AWS_SESSION_TOKEN");

    ec2_take_end(a, ec2_env(c, "AWS_CREDENTIAL_EXPIRATION"));
    return use_keys(c, a, ec2_env(c, "AWS_ACCESS_KEY_ID"), ec2_env(c, "AWS_SECRET_ACCESS_KEY"),
                    token ? token : ec2_env(c, "AWS_SECURITY_TOKEN"),
                    "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
}

/* ---- Profiles ----------------------------------------------------------------------- */

static enum nube_step push_role(nube_call *c, struct ec2_auth *a, const struct ec2_role *role)
{
    if (a->n_roles == EC2_ROLES)
        return nube_fail(c, NUBE_E_USAGE,
                         "profile %s: more than %d roles follow each other: is "
                         "source_profile a loop?",
                         a->profile, EC2_ROLES);
    a->roles[a->n_roles++] = *role;
    return NUBE_DONE;
}

static enum nube_step role_of(nube_call *c, struct ec2_auth *a, const char *p, const char *arn)
{
    struct ec2_role role = {
        .arn = arn,
        .external_id = ec2_profile_get(c, a, p, "external_id"),
        .mfa_serial = ec2_profile_get(c, a, p, "mfa_serial"),
        .session = ec2_profile_get(c, a, p, "role_session_name"),
        .duration = ec2_profile_get(c, a, p, "duration_seconds"),
    };

    return push_role(c, a, &role);
}

static enum nube_step named_source(nube_call *c, struct ec2_auth *a, const char *p,
                                   const char *word)
{
    if (strcmp(word, "Environment") == 0)
        return from_env(c, a);
    if (strcmp(word, "Ec2InstanceMetadata") == 0)
        a->source = EC2_IMDS;
    else if (strcmp(word, "EcsContainer") == 0)
        a->source = EC2_CONTAINER;
    else
        return nube_fail(c, NUBE_E_USAGE,
                         "profile %s: credential_source %s is none of Environment, "
                         "Ec2InstanceMetadata, EcsContainer",
                         p, word);
    return NUBE_DONE;
}

static int has_sso(nube_call *c, struct ec2_auth *a, const char *p)
{
    unsigned char hash[NUBE_HASH_MAX];
    const char *session = ec2_profile_get(c, a, p, "sso_session");
    const char *url = ec2_profile_get(c, a, p, "sso_start_url"), *named = session ? session : url;

    a->sso.account = ec2_profile_get(c, a, p, "sso_account_id");
    a->sso.role = ec2_profile_get(c, a, p, "sso_role_name");
    if (!a->sso.account || !a->sso.role || !named)
        return 0;
    a->sso.region = session ? ec2_section_get(c, a, "sso-session", session, NULL, "sso_region")
                            : ec2_profile_get(c, a, p, "sso_region");
    a->sso.cache =
        nube_fmt(c, "~/.aws/sso/cache/%s.json",
                 nube_hex(c, hash, nube_digest(c, NUBE_SHA1, named, strlen(named), hash)));
    a->sso.renewable = session != NULL;
    a->source = EC2_SSO;
    return 1;
}

/* Keys in the credentials file come before credential_process, those in the config file after. */
static enum nube_step own_keys(nube_call *c, struct ec2_auth *a, const char *p)
{
    const char *process = ec2_profile_get(c, a, p, "credential_process");
    const char *key = ec2_credentials_get(c, a, p, "aws_access_key_id");

    if (!key && process) {
        a->process = process;
        a->source = EC2_PROCESS;
        return NUBE_DONE;
    }
    key = ec2_profile_get(c, a, p, "aws_access_key_id");
    if (!key && !ec2_profile_get(c, a, p, "aws_secret_access_key"))
        return NUBE_DONE;
    return use_keys(c, a, key, ec2_profile_get(c, a, p, "aws_secret_access_key"),
                    ec2_profile_get(c, a, p, "aws_session_token"), nube_fmt(c, "profile %s", p));
}

/* Follows source_profile to something that gives keys; a->source NONE: the profile has nothing. */
static enum nube_step follow(nube_call *c, struct ec2_auth *a, const char *p)
{
    const char *arn, *next, *word, *file;

    for (;; p = next) {
        arn = ec2_profile_get(c, a, p, "role_arn");
        next = ec2_profile_get(c, a, p, "source_profile");
        word = ec2_profile_get(c, a, p, "credential_source");
        file = ec2_profile_get(c, a, p, "web_identity_token_file");
        if (!arn || (!next && !word && !file))
            break;
        if (file && !next && !word) {
            a->web.file = file;
            a->web.arn = arn;
            a->web.session = ec2_profile_get(c, a, p, "role_session_name");
            a->source = EC2_WEB;
            return NUBE_DONE;
        }
        if (next && word)
            return nube_fail(c, NUBE_E_USAGE,
                             "profile %s: source_profile and credential_source exclude each other",
                             p);
        if (role_of(c, a, p, arn) != NUBE_DONE)
            return NUBE_FAIL;
        if (word)
            return named_source(c, a, p, word);
        if (!ec2_profile_exists(a, next))
            return nube_fail(c, NUBE_E_USAGE, "profile %s: its source_profile %s is not there", p,
                             next);
        if (strcmp(next, p) == 0)
            break;
    }
    return has_sso(c, a, p) ? NUBE_DONE : own_keys(c, a, p);
}

/* ---- The chain ---------------------------------------------------------------------- */

static int container_is_set(nube_call *c)
{
    return ec2_env(c, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") ||
           ec2_env(c, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
}

/* What surrounds the program, when no profile says anything. */
static enum nube_step around(nube_call *c, struct ec2_auth *a)
{
    a->web.file = ec2_env(c, "AWS_WEB_IDENTITY_TOKEN_FILE");
    a->web.arn = ec2_env(c, "AWS_ROLE_ARN");
    if (a->web.file && a->web.arn) {
        a->web.session = ec2_env(c, "AWS_ROLE_SESSION_NAME");
        a->source = EC2_WEB;
    } else if (container_is_set(c)) {
        a->source = EC2_CONTAINER;
    } else if (!ec2_env_true(c, "AWS_EC2_METADATA_DISABLED")) {
        a->source = EC2_IMDS;
    } else {
        return nube_fail(c, NUBE_E_AUTH,
                         "no AWS credentials were found: set key and secret, or a profile; looked "
                         "at AWS_ACCESS_KEY_ID, profile %s in ~/.aws, web identity and container",
                         a->profile);
    }
    return NUBE_DONE;
}

static enum nube_step by_profile(nube_call *c, struct ec2_auth *a)
{
    if (a->given && !ec2_profile_exists(a, a->profile))
        return nube_fail(c, NUBE_E_USAGE,
                         "profile: there is no profile %s in ~/.aws/config and ~/.aws/credentials",
                         a->profile);
    if (follow(c, a, a->profile) != NUBE_DONE)
        return NUBE_FAIL;
    if (a->source != EC2_NONE)
        return NUBE_DONE;
    if (a->n_roles)
        return nube_fail(c, NUBE_E_AUTH, "profile %s: what its role builds on has no credentials",
                         a->profile);
    return around(c, a);
}

/* The first source that is configured is the one: if it fails, that is told, and no other identity
 * taken in its place. */
enum nube_step ec2_choose_source(nube_call *c, struct ec2_auth *a)
{
    const char *key = nube_opt_str(c, "key"), *secret = nube_opt_str(c, "secret");
    struct ec2_role role = {
        .arn = nube_opt_str(c, "role_arn"),
        .external_id = nube_opt_str(c, "external_id"),
        .mfa_serial = nube_opt_str(c, "mfa_serial"),
    };

    if (role.arn && push_role(c, a, &role) != NUBE_DONE)
        return NUBE_FAIL;
    if (key || secret)
        return use_keys(c, a, key, secret, nube_opt_str(c, "token"), "key and secret");
    if (!a->named && (ec2_env(c, "AWS_ACCESS_KEY_ID") || ec2_env(c, "AWS_SECRET_ACCESS_KEY")))
        return from_env(c, a);
    return by_profile(c, a);
}
