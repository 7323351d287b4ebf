/* Key pairs that may sign, temporary ones, and roles. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "../sim_int.h"
#include "ec2.h"

static const char default_account[] = "123456789012";

struct ec2_identity *ec2_identity_new(struct ec2 *cloud, const char *key, const char *secret)
{
    struct ec2_identity *who = sim_map_get(&cloud->by_key, key);
    if (!who) {
        who = sim_alloc(sizeof *who);
        SIM_PUSH(cloud->identities, cloud->n_identities, cloud->identities_size);
        cloud->identities[cloud->n_identities++] = who;
    }
    snprintf(who->key, sizeof who->key, "%s", key);
    snprintf(who->secret, sizeof who->secret, "%s", secret);
    who->scope[0] = 0;
    who->account = ec2_intern(cloud, default_account);
    snprintf(who->arn, sizeof who->arn, "arn:aws:iam::%s:user/sim", who->account);
    snprintf(who->user_id, sizeof who->user_id, "AIDASIM%.9s", key + (strlen(key) > 4 ? 4 : 0));
    sim_map_put(&cloud->by_key, who->key, who);
    return who;
}

static void random_text(struct sim *s, char *buf, size_t n, const char *letters)
{
    size_t count = strlen(letters);
    for (size_t i = 0; i < n; i++)
        buf[i] = letters[sim_random(s) % count];
    buf[n] = 0;
}

struct ec2_identity *ec2_identity_session(struct ec2 *cloud, const char *account, const char *arn,
                                          const char *user_id, int64_t seconds)
{
    static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    static const char all[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char key[24] = "ASIA", secret[48], token[301] = "IQoJb3JpZ2luX2Vj";
    random_text(cloud->sim, key + 4, 16, upper);
    random_text(cloud->sim, secret, 40, all);
    random_text(cloud->sim, token + 16, 280, all);
    struct ec2_identity *who = ec2_identity_new(cloud, key, secret);
    who->token = sim_strdup(token);
    who->account = ec2_intern(cloud, account);
    who->expires = sim_life_ms(cloud->sim) / 1000 * 1000 + seconds * 1000;
    snprintf(who->arn, sizeof who->arn, "%s", arn);
    snprintf(who->user_id, sizeof who->user_id, "%s", user_id);
    return who;
}

static void read_words(struct ec2 *cloud, struct json_object *json, const char *name,
                       const char ***at, size_t *n, size_t *size)
{
    for (size_t i = 0; i < sim_json_list(json, name); i++) {
        SIM_PUSH(*at, *n, *size);
        (*at)[(*n)++] = ec2_intern(cloud, json_object_get_string(sim_json_nth(json, name, i)));
    }
}

static bool unknown(struct json_object *json, const char *what, const char *words,
                    struct sim_text *error)
{
    const char *name = sim_json_unknown(json, words);
    if (name)
        sim_text_fmt(error, "%s have no \"%s\"; they have: %s", what, name, words);
    return name != NULL;
}

bool ec2_identity_seed(struct ec2 *cloud, struct json_object *json, struct sim_text *error)
{
    const char *key = sim_json_text(json, "access_key"),
               *secret = sim_json_text(json, "secret_key");
    const char *token = sim_json_text(json, "token"), *expires = sim_json_text(json, "expires");
    const char *account = sim_json_text(json, "account"), *user = sim_json_text(json, "user");
    if (unknown(json, "credentials",
                "access_key secret_key token expires account user arn deny allow", error))
        return false;
    if (!key || !secret || strlen(key) > 128 || strlen(secret) > 128) {
        SIM_LIT(error, "credentials need access_key and secret_key of at most 128 characters");
        return false;
    }
    int64_t until = expires ? sim_iso_parse(expires) : 0;
    if (until < 0) {
        sim_text_fmt(error, "credentials: expires is not a time as 2030-01-02T03:04:05Z: %s",
                     expires);
        return false;
    }
    struct ec2_identity *who = ec2_identity_new(cloud, key, secret);
    free(who->token);
    who->token = sim_strdup(token);
    who->expires = until;
    if (account)
        who->account = ec2_intern(cloud, account);
    snprintf(who->arn, sizeof who->arn, "arn:aws:iam::%s:user/%s", who->account,
             user ? user : "sim");
    if (sim_json_text(json, "arn"))
        snprintf(who->arn, sizeof who->arn, "%s", sim_json_text(json, "arn"));
    who->n_deny = who->n_allow = 0;
    read_words(cloud, json, "deny", &who->deny, &who->n_deny, &who->deny_size);
    read_words(cloud, json, "allow", &who->allow, &who->n_allow, &who->allow_size);
    return true;
}

/* arn:aws:iam::123456789012:role/NAME: the fifth part. */
static const char *account_of(struct ec2 *cloud, const char *arn)
{
    const char *at = arn;
    for (int i = 0; i < 4 && at; i++)
        at = strchr(at, ':') ? strchr(at, ':') + 1 : NULL;
    if (!at || strcspn(at, ":") != 12)
        return NULL;
    char account[13];
    memcpy(account, at, 12);
    account[12] = 0;
    return ec2_intern(cloud, account);
}

bool ec2_role_seed(struct ec2 *cloud, struct json_object *json, struct sim_text *error)
{
    const char *arn = sim_json_text(json, "arn"), *text;
    if (unknown(json, "roles", "arn external_id mfa_serial mfa_code deny allow", error))
        return false;
    const char *account = arn ? account_of(cloud, arn) : NULL;
    if (!account || strlen(arn) >= sizeof cloud->roles->arn) {
        SIM_LIT(error, "a role needs an arn as arn:aws:iam::123456789012:role/NAME");
        return false;
    }
    SIM_PUSH(cloud->roles, cloud->n_roles, cloud->roles_size);
    struct ec2_role *role = &cloud->roles[cloud->n_roles++];
    memset(role, 0, sizeof *role);
    snprintf(role->arn, sizeof role->arn, "%s", arn);
    role->account = account;
    text = sim_json_text(json, "external_id");
    snprintf(role->external_id, sizeof role->external_id, "%s", text ? text : "");
    text = sim_json_text(json, "mfa_serial");
    snprintf(role->mfa_serial, sizeof role->mfa_serial, "%s", text ? text : "");
    text = sim_json_text(json, "mfa_code");
    snprintf(role->mfa_code, sizeof role->mfa_code, "%s", text ? text : "123456");
    read_words(cloud, json, "deny", &role->deny, &role->n_deny, &role->deny_size);
    read_words(cloud, json, "allow", &role->allow, &role->n_allow, &role->allow_size);
    return true;
}

struct ec2_role *ec2_role_find(struct ec2 *cloud, const char *arn)
{
    for (size_t i = cloud->n_roles; arn && i--;)
        if (!strcmp(cloud->roles[i].arn, arn))
            return &cloud->roles[i];
    return NULL;
}

void ec2_identities_free(struct ec2 *cloud)
{
    for (size_t i = 0; i < cloud->n_identities; i++) {
        struct ec2_identity *who = cloud->identities[i];
        free(who->token);
        free(who->deny);
        free(who->allow);
        free(who);
    }
    for (size_t i = 0; i < cloud->n_roles; i++) {
        free(cloud->roles[i].deny);
        free(cloud->roles[i].allow);
    }
    free(cloud->identities);
    free(cloud->roles);
    sim_map_free(&cloud->by_key);
}
