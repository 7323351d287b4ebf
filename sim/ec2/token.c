/* Client tokens: the same request twice is carried out once. */
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "ec2.h"

enum { MAX_TOKEN = 64 };

/* Of all that is asked, whatever its order; not of what signs it. */
uint64_t ec2_params_hash(const struct sim_request *q)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < q->n_params; i++)
        if (strncmp(q->params[i].name, "X-Amz-", 6) != 0)
            sum = sum * 31 + (ec2_hash(q->params[i].name) ^ ec2_hash(q->params[i].value) * 3);
    return sum;
}

static char *key_of(const struct ec2_call *c, const char *token)
{
    return sim_fmt("%s/%s/%s", c->q->action, c->account, token);
}

bool ec2_token_find(struct ec2_call *c, const char **id)
{
    const char *token = sim_param(c->q, "ClientToken");
    *id = NULL;
    if (!token || !*token)
        return true;
    if (strlen(token) > MAX_TOKEN)
        return ec2_fail(c, "InvalidParameterValue", "The client token has more than 64 characters");
    char *key = key_of(c, token);
    const struct ec2_token *known = sim_map_get(&c->region->tokens, key);
    free(key);
    if (!known)
        return true;
    if (known->params != ec2_params_hash(c->q))
        return ec2_fail(c, "IdempotentParameterMismatch",
                        "Arguments on this idempotent request are inconsistent with arguments "
                        "used in previous request(s).");
    *id = known->id;
    return true;
}

void ec2_token_keep(struct ec2_call *c, const char *id)
{
    const char *word = sim_param(c->q, "ClientToken");
    if (!word || !*word)
        return;
    struct ec2_token *t = sim_alloc(sizeof *t);
    t->key = key_of(c, word);
    t->params = ec2_params_hash(c->q);
    memcpy(t->id, id, strlen(id) + 1);
    sim_map_put(&c->region->tokens, t->key, t);
}

void ec2_tokens_free(struct ec2_region *region)
{
    for (size_t i = 0; i < region->tokens.size; i++) {
        struct ec2_token *t = region->tokens.at[i].value;
        if (t) {
            free(t->key);
            free(t);
        }
    }
    sim_map_free(&region->tokens);
}
