/* Key pairs: made here or imported, each of its user. */
#include <json-c/json.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "../sim_int.h"
#include "../sshkey.h"
#include "openstack.h"

struct os_key *os_key_find(const struct os_region *region, const struct os_user *user,
                           const char *name)
{
    const struct os_store *s = &region->stores[OS_KEY];
    for (size_t i = 0; i < s->n; i++) {
        struct os_key *k = (struct os_key *)s->at[i];
        if (k->user == user && !strcmp(k->res.name, name))
            return k;
    }
    return NULL;
}

static struct os_key *add(struct os_region *region, struct os_user *user, const char *name,
                          const void *blob, size_t len)
{
    struct os_key *k = sim_alloc(sizeof *k);
    struct sim_text print = {0};
    sim_ssh_digest(&print, EVP_md5(), blob, len);
    k->fingerprint = sim_text_take(&print);
    k->user = user;
    k->type = "ssh";
    os_add(region, OS_KEY, &k->res, NULL, name, NULL);
    return k;
}

struct os_key *os_key_import(struct os_region *region, struct os_user *user, const char *name,
                             const char *line)
{
    size_t len = 0, left, n;
    unsigned char *blob = sim_ssh_blob(line, &len);
    const unsigned char *at = blob, *kind;
    struct os_key *k = NULL;
    left = len;
    if (blob && (kind = sim_ssh_next(&at, &left, &n)) && left && strlen(line) > n &&
        !memcmp(kind, line, n)) {
        k = add(region, user, name, blob, len);
        k->public_key = sim_strndup(line, strcspn(line, "\r\n"));
    }
    free(blob);
    return k;
}

static struct os_key *make(struct os_call *c, const char *name, struct sim_text *pem)
{
    struct sim_text blob = {0};
    EVP_PKEY *pkey = EVP_RSA_gen(2048);
    sim_ssh_rsa(&blob, pkey);
    sim_ssh_pem(pem, pkey);
    struct os_key *k = add(c->region, c->token->user, name, blob.data, blob.len);
    k->public_key = sim_ssh_line("rsa", &blob, "Generated-by-Nova");
    EVP_PKEY_free(pkey);
    sim_text_free(&blob);
    return k;
}

static void put_key(struct os_call *c, const struct os_key *k)
{
    sim_put_str(c->out, "name", k->res.name);
    sim_put_str(c->out, "public_key", k->public_key);
    sim_put_str(c->out, "fingerprint", k->fingerprint);
    if (c->micro >= 2)
        sim_put_str(c->out, "type", k->type);
}

static bool check_new(struct os_call *c, const char *name, const char *line)
{
    const struct os_store *s = &c->region->stores[OS_KEY];
    int64_t n = 0, most = os_quota_of(c->cloud, c->project).key_pairs;
    if (!name || !*name || strlen(name) > 255)
        return os_fail(c, 400, "Invalid input for field/attribute name. Value: %s. '%s' is too %s",
                       name ? name : "None", name ? name : "None",
                       name && *name ? "long" : "short");
    if (strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_ @.") !=
        strlen(name))
        return os_fail(c, 400, "Keypair data is invalid: Keypair name contains unsafe characters");
    if (!line && c->micro >= 92)
        return os_fail(c, 400,
                       "Invalid input for field/attribute keypair. 'public_key' is a "
                       "required property");
    if (os_key_find(c->region, c->token->user, name))
        return os_fail(c, 409, "Key pair '%s' already exists.", name);
    for (size_t i = 0; i < s->n; i++)
        n += ((struct os_key *)s->at[i])->user == c->token->user;
    if (most >= 0 && n >= most)
        return os_fail(c, 403, "Quota exceeded, too many key pairs.");
    return true;
}

void os_key_create(struct os_call *c)
{
    struct json_object *json = sim_json_get(c->json, "keypair");
    const char *name = sim_json_text(json, "name"), *line = sim_json_text(json, "public_key");
    struct sim_text pem = {0};
    if (!os_may_change(c, "os_compute_api:os-keypairs:create") || !check_new(c, name, line))
        return;
    struct os_key *k =
        line ? os_key_import(c->region, c->token->user, name, line) : make(c, name, &pem);
    if (!k) {
        os_fail(c, 400, "Keypair data is invalid: failed to generate fingerprint");
        return;
    }
    c->r->status = c->micro >= 2 ? 201 : 200;
    SIM_LIT(c->out, "{\"keypair\": {");
    put_key(c, k);
    sim_put_str(c->out, "user_id", k->user->id);
    if (pem.len)
        sim_put_str(c->out, "private_key", pem.data);
    SIM_LIT(c->out, "}}");
    sim_text_free(&pem);
}

static bool match(struct os_call *c, struct os_res *res, const void *how)
{
    (void)how;
    return ((struct os_key *)res)->user == c->token->user;
}

/* The marker is a name, and there are pages from 2.35 on. */
void os_keys(struct os_call *c)
{
    struct os_page page = {.limit = INT64_MAX >> 1};
    struct os_res **found = NULL;
    size_t n = 0;
    if (c->micro >= 35 && !os_page_read(c, &page, c->set->page_max, c->set->page_max))
        return;
    if (page.marker) {
        struct os_key *k = os_key_find(c->region, c->token->user, page.marker);
        page.marker = k ? k->res.id : page.marker;
    }
    if (!os_page_select(c, &c->region->stores[OS_KEY], &page, false, match, NULL, &found, &n))
        return;
    SIM_LIT(c->out, "{\"keypairs\": [");
    for (size_t i = 0; i < n; i++) {
        sim_put_sep(c->out);
        SIM_LIT(c->out, "{\"keypair\": {");
        put_key(c, (struct os_key *)found[i]);
        SIM_LIT(c->out, "}}");
    }
    sim_put_end(c->out, ']');
    if (n)
        os_page_links(c, "keypairs_links", &page, n, found[n - 1]->name);
    sim_put_end(c->out, '}');
    free(found);
}

static struct os_key *get(struct os_call *c)
{
    struct os_key *k = os_key_find(c->region, c->token->user, c->q->seg[0]);
    if (!k)
        os_fail(c, 404, "Keypair %s not found for user %s", c->q->seg[0], c->token->user->id);
    return k;
}

void os_key_show(struct os_call *c)
{
    struct os_key *k = get(c);
    if (!k)
        return;
    SIM_LIT(c->out, "{\"keypair\": {");
    put_key(c, k);
    sim_put_str(c->out, "user_id", k->user->id);
    sim_put_int(c->out, "id", (int64_t)k->res.seq);
    sim_put_bool(c->out, "deleted", false);
    sim_put_time(c->out, "created_at", k->res.created);
    SIM_LIT(c->out, ", \"updated_at\": null, \"deleted_at\": null}}");
}

void os_key_delete(struct os_call *c)
{
    struct os_key *k = get(c);
    if (!k)
        return;
    os_remove(c->region, OS_KEY, &k->res);
    c->r->status = c->micro >= 2 ? 204 : 202;
}
