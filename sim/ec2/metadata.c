/* The instance metadata service (IMDSv2, v1 if allowed) and the container endpoint: credentials. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "ec2.h"

static const char account[] = "123456789012";

static void fail(struct sim_reply *r, unsigned status, const char *message)
{
    r->status = status;
    r->type = "text/plain";
    sim_text_clear(&r->body);
    sim_text_puts(&r->body, message);
}

static void put_time(struct sim_text *out, const char *name, int64_t ms)
{
    char when[32];
    sim_iso_time(when, sizeof when, ms);
    sim_text_fmt(out, "  \"%s\" : \"%.19sZ\"", name, when);
}

/* New keys each time: who keeps them past their end has a fault. */
static void put_keys(struct ec2 *cloud, struct sim_reply *r, bool imds)
{
    const char *role = cloud->settings->role;
    char *arn = sim_fmt("arn:aws:sts::%s:assumed-role/%s/i-00000000000000001", account, role);
    struct ec2_identity *who = ec2_identity_session(
        cloud, account, arn, "AROASIM:i-00000000000000001", cloud->settings->credentials_s);
    r->type = imds ? "text/plain" : "application/json";
    SIM_LIT(&r->body, "{\n");
    if (imds) {
        SIM_LIT(&r->body, "  \"Code\" : \"Success\",\n");
        put_time(&r->body, "LastUpdated", sim_life_ms(cloud->sim));
        SIM_LIT(&r->body, ",\n  \"Type\" : \"AWS-HMAC\",\n");
    } else {
        sim_text_fmt(&r->body, "  \"RoleArn\" : \"arn:aws:iam::%s:role/%s\",\n", account, role);
    }
    sim_text_fmt(&r->body, "  \"AccessKeyId\" : \"%s\",\n  \"SecretAccessKey\" : \"%s\",\n",
                 who->key, who->secret);
    sim_text_fmt(&r->body, "  \"Token\" : \"%s\",\n", who->token);
    put_time(&r->body, "Expiration", who->expires);
    SIM_LIT(&r->body, "\n}");
    free(arn);
}

static void give_token(struct ec2 *cloud, struct sim_request *q, struct sim_reply *r)
{
    const char *ttl = sim_header(q, "x-aws-ec2-metadata-token-ttl-seconds");
    long seconds = ttl ? strtol(ttl, NULL, 10) : 0;
    char value[24];
    if (strcmp(q->method, "PUT") != 0) {
        fail(r, 405, "");
    } else if (sim_header(q, "X-Forwarded-For")) {
        fail(r, 403, "");
    } else if (seconds < 1 || seconds > 21600) {
        fail(r, 400, "");
    } else {
        sim_random_hex(cloud->sim, cloud->imds_token, 40);
        cloud->imds_expires = sim_life_ms(cloud->sim) + seconds * 1000;
        snprintf(value, sizeof value, "%ld", seconds);
        sim_reply_header(r, "x-aws-ec2-metadata-token-ttl-seconds", value);
        sim_text_puts(&r->body, cloud->imds_token);
    }
}

static bool may_read(const struct ec2 *cloud, const struct sim_request *q)
{
    const char *token = sim_header(q, "x-aws-ec2-metadata-token");
    if (!token)
        return cloud->settings->imds_v1;
    return *cloud->imds_token && !strcmp(token, cloud->imds_token) &&
           sim_life_ms(cloud->sim) < cloud->imds_expires;
}

static void put_document(struct ec2 *cloud, struct sim_reply *r)
{
    r->type = "text/plain";
    sim_text_fmt(&r->body,
                 "{\n  \"accountId\" : \"%s\",\n  \"region\" : \"%s\",\n"
                 "  \"availabilityZone\" : \"%sa\",\n"
                 "  \"instanceId\" : \"i-00000000000000001\",\n  \"version\" : \"2017-09-30\"\n}",
                 account, cloud->settings->region, cloud->settings->region);
}

static void put_item(struct ec2 *cloud, const char *path, struct sim_reply *r)
{
    static const char keys[] = "meta-data/iam/security-credentials/";
    const char *role = cloud->settings->role, *region = cloud->settings->region;
    bool under = !strncmp(path, keys, sizeof keys - 1);
    if (under && *role && !path[sizeof keys - 1])
        sim_text_puts(&r->body, role);
    else if (!strcmp(path, "meta-data/iam/security-credentials") && *role)
        sim_text_puts(&r->body, role);
    else if (under && *role && !strcmp(path + sizeof keys - 1, role))
        put_keys(cloud, r, true);
    else if (!strcmp(path, "meta-data/placement/region"))
        sim_text_puts(&r->body, region);
    else if (!strcmp(path, "meta-data/placement/availability-zone"))
        sim_text_fmt(&r->body, "%sa", region);
    else if (!strcmp(path, "meta-data/instance-id"))
        SIM_LIT(&r->body, "i-00000000000000001");
    else if (!strcmp(path, "meta-data/") || !strcmp(path, "meta-data"))
        SIM_LIT(&r->body, "iam/\ninstance-id\nplacement/");
    else if (!strcmp(path, "dynamic/instance-identity/document"))
        put_document(cloud, r);
    else
        fail(r, 404, "Not Found");
}

void ec2_metadata(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    struct ec2 *cloud = state;
    const char *path = q->path + strlen("/latest/");
    (void)s;
    r->type = "text/plain";
    if (cloud->settings->imds_down)
        fail(r, 503, "");
    else if (!strcmp(path, "api/token"))
        give_token(cloud, q, r);
    else if (!may_read(cloud, q))
        fail(r, 401, "Unauthorized");
    else
        put_item(cloud, path, r);
}

void ec2_container(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    struct ec2 *cloud = state;
    const char *want = cloud->settings->container_token, *got = sim_header(q, "Authorization");
    (void)s;
    if (*want && (!got || strcmp(got, want) != 0))
        fail(r, 401, "{\"code\":\"AccessDenied\",\"message\":\"wrong Authorization\"}");
    else
        put_keys(cloud, r, false);
}
