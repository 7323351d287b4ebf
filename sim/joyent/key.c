/* SSH keys of accounts and of their users. */
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "../sshpub.h"
#include "joyent.h"

static char *fingerprint(const struct sim_text *blob)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    struct sim_text text = {0};
    unsigned n = 0;
    EVP_Digest(blob->data, blob->len, digest, &n, EVP_md5(), NULL);
    sim_text_hex(&text, digest, n, ':');
    return sim_text_take(&text);
}

static void free_key(struct joy_key *k)
{
    EVP_PKEY_free(k->pkey);
    free(k->name);
    free(k->print);
    free(k->line);
    free(k);
}

struct joy_key *joy_key_find(const struct joy_keys *keys, const char *name)
{
    for (size_t i = 0; i < keys->n; i++)
        if (joy_same(keys->at[i]->name, name) || joy_same(keys->at[i]->print, name))
            return keys->at[i];
    return NULL;
}

struct joy_key *joy_key_add(struct joy_keys *keys, const char *name, const char *line,
                            const char **why)
{
    struct joy_key *k = sim_alloc(sizeof *k);
    struct sim_text blob = {0};
    k->pkey = sim_ssh_key(line, &k->kind, &blob);
    k->print = fingerprint(&blob);
    k->name = sim_strdup(name ? name : k->print);
    k->line = sim_strndup(line, strcspn(line, "\r\n"));
    sim_text_free(&blob);
    *why = !k->pkey                                                      ? "key is invalid"
           : joy_key_find(keys, k->name) || joy_key_find(keys, k->print) ? "key already exists"
                                                                         : NULL;
    if (*why) {
        free_key(k);
        return NULL;
    }
    SIM_PUSH(keys->at, keys->n, keys->size);
    keys->at[keys->n++] = k;
    return k;
}

void joy_keys_free(struct joy_keys *keys)
{
    for (size_t i = 0; i < keys->n; i++)
        free_key(keys->at[i]);
    free(keys->at);
}

/* ---- Operations
 * ---------------------------------------------------------------------------------- */

static struct json_object *key_json(const struct joy_key *k)
{
    struct json_object *o = json_object_new_object();
    joy_put(o, "name", k->name);
    joy_put(o, "fingerprint", k->print);
    joy_put(o, "key", k->line);
    return o;
}

/* Whose keys the path is about: the account's, or those of /users/USER. `name`: the key's segment.
 */
static struct joy_keys *keys_of(struct joy_call *c, const char **name)
{
    bool users = strstr(c->q->action, "User") != NULL;
    struct joy_user *u = users ? joy_user_find(c->account, c->q->seg[1]) : NULL;
    *name = c->q->seg[users ? 2 : 1];
    if (users && !u) {
        joy_fail(c, "ResourceNotFound", "%s does not exist", c->q->seg[1]);
        return NULL;
    }
    return users ? &u->keys : &c->account->keys;
}

void joy_list_keys(struct joy_call *c)
{
    const char *name;
    const struct joy_keys *keys = keys_of(c, &name);
    if (!keys)
        return;
    struct json_object *all = json_object_new_array();
    for (size_t i = 0; i < keys->n; i++)
        json_object_array_add(all, key_json(keys->at[i]));
    joy_json(c, 200, all);
}

void joy_get_key(struct joy_call *c)
{
    const char *name;
    const struct joy_keys *keys = keys_of(c, &name);
    const struct joy_key *k = keys ? joy_key_find(keys, name) : NULL;
    if (k)
        joy_json(c, 200, key_json(k));
    else if (keys)
        joy_fail(c, "ResourceNotFound", "%s does not exist", name);
}

void joy_create_key(struct joy_call *c)
{
    const char *segment, *why, *line = joy_param(c, "key");
    struct joy_keys *keys = keys_of(c, &segment);
    const struct joy_key *k;
    if (!keys)
        return;
    if (!line) {
        joy_fail(c, "MissingParameter", "key is a required argument");
        return;
    }
    k = joy_key_add(keys, joy_param(c, "name"), line, &why);
    if (k)
        joy_json(c, 201, key_json(k));
    else
        joy_fail(c, "InvalidArgument", "%s", why);
}

void joy_delete_key(struct joy_call *c)
{
    const char *name;
    struct joy_keys *keys = keys_of(c, &name);
    for (size_t i = 0; keys && i < keys->n; i++)
        if (joy_same(keys->at[i]->name, name) || joy_same(keys->at[i]->print, name)) {
            free_key(keys->at[i]);
            memmove(keys->at + i, keys->at + i + 1, (keys->n - i - 1) * sizeof *keys->at);
            keys->n--;
            joy_empty(c, 204);
            return;
        }
    if (keys)
        joy_fail(c, "ResourceNotFound", "%s does not exist", name);
}
