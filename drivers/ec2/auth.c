/* The session of the EC2 driver: credentials by the AWS chain, regions, and their endpoints. */
#include <string.h>

#include "auth.h"

enum { EARLY_MS = 240000, SHORT_MS = 600000, MOST_REGIONS = 64 };

/* ---- Where ------------------------------------------------------------------------- */

static const char *profile_endpoint(nube_call *c, const struct ec2_auth *a, const char *service)
{
    const char *services = ec2_profile_get(c, a, a->profile, "services");
    const char *url = ec2_section_get(c, a, "services", services, service, "endpoint_url");

    return url ? url : ec2_profile_get(c, a, a->profile, "endpoint_url");
}

const char *ec2_override(nube_call *c, const struct ec2_auth *a, const char *service,
                         const char *option, const char *env)
{
    const char *url = option ? nube_opt_str(c, option) : NULL;

    if (url || ec2_env_true(c, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"))
        return url;
    url = ec2_env(c, env);
    if (!url)
        url = ec2_env(c, "AWS_ENDPOINT_URL");
    return url ? url : profile_endpoint(c, a, service);
}

static int flag(nube_call *c, const struct ec2_auth *a, const char *option, const char *env,
                const char *key)
{
    const char *text = ec2_profile_get(c, a, a->profile, key);

    if (nube_opt_str(c, option))
        return nube_opt_int(c, option, 0) != 0;
    return ec2_env_true(c, env) || (text && strcmp(text, "true") == 0);
}

/* own: EC2 is somewhere else than AWS, whose token service then knows nothing of its keys. */
static void add_sts(nube_call *c, const struct ec2_auth *a, const struct ec2_places *p,
                    const char *region, int own)
{
    const char *url = ec2_override(c, a, "sts", "sts_endpoint", "AWS_ENDPOINT_URL_STS");

    nube_session_endpoint(c, "sts", url ? url : ec2_service_url(c, p, "sts", region));
    nube_session_set(c, "sts_region",
                     url && strstr(url, "//sts.amazonaws.com") ? "us-east-1" : region);
    if (url || !own)
        nube_session_set(c, "sts_knows", "1");
}

/* Names and endpoints of every region of the list. */
static enum nube_step add_places(nube_call *c, const struct ec2_auth *a)
{
    struct ec2_places p = {
        flag(c, a, "fips", "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
        flag(c, a, "dualstack", "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")};
    const char *url = ec2_override(c, a, "ec2", "endpoint", "AWS_ENDPOINT_URL_EC2"), *name, *where;
    int i;

    if (url && (p.fips || p.dualstack))
        return nube_fail(c, NUBE_E_USAGE,
                         "endpoint: an own endpoint excludes fips and dualstack: set one of them");
    for (i = 0; i < MOST_REGIONS && (name = ec2_word(c, a->regions, i)); i++) {
        struct ec2_places own = p;

        name = ec2_signing_region(c, name, &own.fips);
        nube_session_set(c, nube_fmt(c, "region.%d", i), name);
        where = url ? url : ec2_service_url(c, &own, "ec2", name);
        nube_session_endpoint(c, nube_fmt(c, "ec2.%d", i), where);
        nube_session_set(c, nube_fmt(c, "url.%d", i), where);
        if (i == 0)
            add_sts(c, a, &own, name, url != NULL);
    }
    nube_session_transport(c, "ca_file", ec2_env(c, "AWS_CA_BUNDLE"));
    return NUBE_DONE;
}

/* ---- The end ----------------------------------------------------------------------- */

/* Renewed five minutes before they end; those that are short-lived anyway, one minute before. */
static void set_end(nube_call *c, const struct ec2_auth *a)
{
    if (a->expires)
        nube_session_expires(c, a->expires - nube_now(c) > SHORT_MS ? a->expires - EARLY_MS
                                                                    : a->expires);
}

static enum nube_step finish(nube_call *c, const struct ec2_auth *a)
{
    const char *name;
    int i;

    ec2_use(c, a);
    set_end(c, a);
    for (i = 0; (name = ec2_region_name(c, i)); i++)
        ec2_keep_signing_key(c, i, name, a->secret);
    return NUBE_DONE;
}

/* "all": the regions that the account may use, asked of one. */
static enum nube_step ask_regions(nube_call *c, struct ec2_auth *a)
{
    nube_req *q;

    ec2_use(c, a);
    q = ec2_read(c, 0, "DescribeRegions");
    nube_req_flag(q, NUBE_REQ_SIGNED);
    return ec2_send(c, EC2_REGIONS);
}

static enum nube_step all_regions(nube_call *c, struct ec2_auth *a, const nube_reply *r)
{
    const nube_doc *doc = ec2_reply(c, r, "regionInfo");

    if (!doc)
        return NUBE_FAIL;
    a->regions = nube_strdup(c, ec2_join(c, nube_doc_get(doc, "regionInfo"), "regionName"));
    if (!a->regions)
        return nube_fail(c, NUBE_E_PROTOCOL, "DescribeRegions names no region");
    return add_places(c, a) == NUBE_DONE ? finish(c, a) : NUBE_FAIL;
}

static int wants_all(nube_call *c)
{
    const char *region = nube_opt_str(c, "region");

    return region && strcmp(region, "all") == 0;
}

static enum nube_step have_identity(nube_call *c, const struct ec2_auth *a, const nube_reply *r)
{
    nube_session_set(c, "identity", nube_doc_str(nube_reply_doc(r), "GetCallerIdentityResult.Arn"));
    return finish(c, a);
}

/* Keys that were refused and are all there is are looked at, where there is a token service that
 * knows them. */
static enum nube_step last_look(nube_call *c, const struct ec2_auth *a)
{
    return nube_session_refused(c) && a->source == EC2_KEYS && nube_session_str(c, "sts_knows")
               ? ec2_ask_identity(c, a)
               : finish(c, a);
}

/* The keys of the source are there: roles are assumed with them, if any. */
static enum nube_step have_keys(nube_call *c, struct ec2_auth *a)
{
    if (a->n_roles)
        return ec2_assume(c, a, NULL);
    return wants_all(c) ? ask_regions(c, a) : last_look(c, a);
}

static enum nube_step after(nube_call *c, struct ec2_auth *a, enum nube_step step)
{
    return step == NUBE_DONE ? have_keys(c, a) : step;
}

/* ---- The beginning ------------------------------------------------------------------ */

static enum nube_step ask_source(nube_call *c, struct ec2_auth *a)
{
    switch (a->source) {
    case EC2_PROCESS:
        return ec2_process(c, a, NULL);
    case EC2_SSO:
        return ec2_sso(c, a, NULL);
    case EC2_WEB:
        return ec2_web(c, a, NULL);
    case EC2_CONTAINER:
        return ec2_container(c, a, NULL);
    case EC2_IMDS:
        return ec2_imds(c, a, NULL);
    default:
        return have_keys(c, a);
    }
}

static enum nube_step go_to_places(nube_call *c, struct ec2_auth *a)
{
    if (!a->regions && ec2_override(c, a, "ec2", "endpoint", "AWS_ENDPOINT_URL_EC2"))
        a->regions = "us-east-1";
    if (!a->regions)
        return nube_fail(c, NUBE_E_USAGE,
                         "no region: set region=us-east-1 (or another), AWS_REGION, or region in "
                         "profile %s of ~/.aws/config",
                         a->profile);
    return add_places(c, a) == NUBE_DONE ? ask_source(c, a) : NUBE_FAIL;
}

static enum nube_step with_files(nube_call *c, struct ec2_auth *a)
{
    if (ec2_choose_source(c, a) != NUBE_DONE)
        return NUBE_FAIL;
    if (!a->regions)
        a->regions = ec2_profile_get(c, a, a->profile, "region");
    if (!a->regions && a->source == EC2_IMDS)
        return ec2_imds_region(c, a, NULL);
    return go_to_places(c, a);
}

static enum nube_step file_reply(nube_call *c, struct ec2_auth *a, const nube_reply *r)
{
    const char *text =
        nube_reply_status(r) == 200 ? nube_strdup(c, nube_reply_body(r, NULL)) : NULL;

    if (nube_reply_tag(r) == 0)
        a->config = text;
    else
        a->credentials = text;
    return ++a->files < 2 ? NUBE_SEND : with_files(c, a);
}

/* A profile from the environment yields to keys from there; one that was chosen does not. */
static void choose_profile(nube_call *c, struct ec2_auth *a)
{
    const char *chosen = nube_opt_str(c, "profile"), *env = ec2_env(c, "AWS_PROFILE");

    if (!env)
        env = ec2_env(c, "AWS_DEFAULT_PROFILE");
    a->named = chosen && (!env || strcmp(chosen, env) != 0);
    a->given = chosen || env;
    a->profile = chosen ? chosen : env ? env : "default";
}

static int keys_at_hand(nube_call *c, const struct ec2_auth *a)
{
    return nube_opt_str(c, "key") || nube_opt_str(c, "secret") ||
           (!a->named && ec2_env(c, "AWS_ACCESS_KEY_ID"));
}

/* Files are read only when something is missing, so that a cold call does no more than it must. */
static enum nube_step begin(nube_call *c, struct ec2_auth *a)
{
    const char *config = ec2_env(c, "AWS_CONFIG_FILE");
    const char *credentials = ec2_env(c, "AWS_SHARED_CREDENTIALS_FILE");

    choose_profile(c, a);
    a->regions = wants_all(c) ? "us-east-1" : nube_opt_str(c, "region");
    if (keys_at_hand(c, a) && (a->regions || nube_opt_str(c, "endpoint")))
        return ec2_choose_source(c, a) == NUBE_DONE ? go_to_places(c, a) : NUBE_FAIL;
    nube_need_file(c, config ? config : "~/.aws/config", NUBE_NEED_SECRET, 0);
    nube_need_file(c, credentials ? credentials : "~/.aws/credentials", NUBE_NEED_SECRET, 1);
    return ec2_send(c, EC2_FILES);
}

enum nube_step ec2_auth(nube_call *c, const nube_reply *r)
{
    struct ec2_auth *a = nube_state(c, sizeof(*a));

    switch ((enum ec2_auth_phase)nube_phase(c)) {
    case EC2_FILES:
        return file_reply(c, a, r);
    case EC2_RUN_PROCESS:
        return after(c, a, ec2_process(c, a, r));
    case EC2_SSO_TOKEN:
    case EC2_SSO_RENEW:
    case EC2_SSO_ROLE:
        return after(c, a, ec2_sso(c, a, r));
    case EC2_WEB_TOKEN:
    case EC2_WEB_ROLE:
        return after(c, a, ec2_web(c, a, r));
    case EC2_CONTAINER_TOKEN:
    case EC2_CONTAINER_KEYS:
        return after(c, a, ec2_container(c, a, r));
    case EC2_IMDS_TOKEN:
    case EC2_IMDS_NAME:
    case EC2_IMDS_KEYS:
        return after(c, a, ec2_imds(c, a, r));
    case EC2_IMDS_REGION:
        ec2_imds_region(c, a, r);
        return go_to_places(c, a);
    case EC2_MFA:
    case EC2_ASSUME:
        return after(c, a, ec2_assume(c, a, r));
    case EC2_REGIONS:
        return all_regions(c, a, r);
    case EC2_IDENTITY:
        return have_identity(c, a, r);
    case EC2_START:
        break;
    }
    return begin(c, a);
}
