/* Tags: of any object, given when it is made or later. */
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "ec2.h"

enum { MAX_TAGS = 50, MAX_KEY = 128, MAX_VALUE = 256 };

static struct ec2_tag *find(const struct ec2_tags *tags, const char *key)
{
    for (size_t i = 0; i < tags->n; i++)
        if (!strcmp(tags->at[i].key, key))
            return &tags->at[i];
    return NULL;
}

bool ec2_tag_set(struct ec2_tags *tags, const char *key, const char *value)
{
    struct ec2_tag *tag = find(tags, key);
    if (tag) {
        free(tag->value);
        tag->value = sim_strdup(value);
        return true;
    }
    if (tags->n == MAX_TAGS)
        return false;
    if (tags->n == tags->size) { /* most have one or two */
        tags->size = tags->size ? tags->size * 2 : 2;
        tags->at = sim_grow(tags->at, tags->size * sizeof *tags->at);
    }
    tags->at[tags->n++] = (struct ec2_tag){sim_strdup(key), sim_strdup(value)};
    return true;
}

const char *ec2_tag_get(const struct ec2_tags *tags, const char *key)
{
    const struct ec2_tag *tag = find(tags, key);
    return tag ? tag->value : NULL;
}

static void unset(struct ec2_tags *tags, struct ec2_tag *tag)
{
    free(tag->key);
    free(tag->value);
    *tag = tags->at[--tags->n];
}

void ec2_tags_free(struct ec2_tags *tags)
{
    for (size_t i = 0; i < tags->n; i++) {
        free(tags->at[i].key);
        free(tags->at[i].value);
    }
    free(tags->at);
    *tags = (struct ec2_tags){0};
}

void ec2_tags_copy(struct ec2_tags *to, const struct ec2_tags *from)
{
    for (size_t i = 0; i < from->n; i++)
        ec2_tag_set(to, from->at[i].key, from->at[i].value);
}

void ec2_put_tags(struct sim_text *out, const struct ec2_tags *tags)
{
    if (!tags->n)
        return;
    SIM_LIT(out, "<tagSet>");
    for (size_t i = 0; i < tags->n; i++) {
        SIM_LIT(out, "<item><key>");
        sim_text_xml(out, tags->at[i].key);
        SIM_LIT(out, "</key><value>");
        sim_text_xml(out, tags->at[i].value);
        SIM_LIT(out, "</value></item>");
    }
    SIM_LIT(out, "</tagSet>");
}

/* Characters of UTF-8. */
static size_t characters(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += (*text & 0xC0) != 0x80;
    return n;
}

static bool check(struct ec2_call *c, const char *key, const char *value)
{
    if (!*key || characters(key) > MAX_KEY)
        return ec2_fail(c, "InvalidParameterValue",
                        "Tag keys have 1 to 128 characters; this one does not: %.140s", key);
    if (!strncmp(key, "aws:", 4))
        return ec2_fail(c, "InvalidParameterValue",
                        "Tag keys starting with 'aws:' are reserved for internal use");
    if (value && characters(value) > MAX_VALUE)
        return ec2_fail(c, "InvalidParameterValue",
                        "Tag values have at most 256 characters; that of %s has more", key);
    return true;
}

bool ec2_tags_specified(struct ec2_call *c, const char *type, struct ec2_tags *tags)
{
    const char *word, *key;
    for (int n = 1; (word = sim_paramf(c->q, "TagSpecification.%d.ResourceType", n)); n++) {
        for (int k = 1; !strcmp(word, type) &&
                        (key = sim_paramf(c->q, "TagSpecification.%d.Tag.%d.Key", n, k));
             k++) {
            const char *value = sim_paramf(c->q, "TagSpecification.%d.Tag.%d.Value", n, k);
            if (!check(c, key, value))
                return false;
            if (ec2_tag_get(tags, key))
                return ec2_fail(c, "InvalidParameterValue", "Duplicate tag key '%s' specified.",
                                key);
            if (!ec2_tag_set(tags, key, value ? value : ""))
                return ec2_fail(c, "TagLimitExceeded", "More than 50 tags specified");
        }
    }
    return true;
}

static const char *not_found(const char *id)
{
    static const char *const codes[][2] = {{"i-", "InvalidInstanceID.NotFound"},
                                           {"ami-", "InvalidAMIID.NotFound"},
                                           {"vol-", "InvalidVolume.NotFound"},
                                           {"snap-", "InvalidSnapshot.NotFound"},
                                           {"sg-", "InvalidGroup.NotFound"},
                                           {"vpc-", "InvalidVpcID.NotFound"},
                                           {"subnet-", "InvalidSubnetID.NotFound"},
                                           {"key-", "InvalidKeyPair.NotFound"},
                                           {"eipalloc-", "InvalidAllocationID.NotFound"}};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (!strncmp(id, codes[i][0], strlen(codes[i][0])))
            return codes[i][1];
    return "InvalidID";
}

/* All ids exist and are one's own. */
static bool check_ids(struct ec2_call *c)
{
    const char *id;
    int n = 1;
    for (; (id = sim_paramf(c->q, "ResourceId.%d", n)); n++) {
        struct ec2_res *res = sim_map_get(&c->region->by_id, id);
        if (!res || ec2_hidden(c, res))
            return ec2_fail(c, not_found(id), "The ID '%s' does not exist", id);
        if (res->owner != c->account && !(res->type == EC2_IMAGE && ec2_image_shown(c, res)))
            return ec2_fail(c, not_found(id), "The ID '%s' does not exist", id);
    }
    return n > 1 ||
           ec2_fail(c, "MissingParameter", "The request must contain the parameter resourceIdSet");
}

static struct ec2_res *nth(struct ec2_call *c, int n)
{
    return sim_map_get(&c->region->by_id, sim_paramf(c->q, "ResourceId.%d", n));
}

void ec2_create_tags(struct ec2_call *c)
{
    const char *key;
    struct ec2_res *res;
    if (!check_ids(c))
        return;
    if (!sim_param(c->q, "Tag.1.Key")) {
        ec2_fail(c, "MissingParameter", "The request must contain the parameter tagSet");
        return;
    }
    for (int k = 1; (key = sim_paramf(c->q, "Tag.%d.Key", k)); k++)
        if (!check(c, key, sim_paramf(c->q, "Tag.%d.Value", k)))
            return;
    for (int n = 1; (res = nth(c, n)); n++)
        for (int k = 1; (key = sim_paramf(c->q, "Tag.%d.Key", k)); k++) {
            const char *value = sim_paramf(c->q, "Tag.%d.Value", k);
            if (!ec2_tag_set(&res->tags, key, value ? value : "")) {
                ec2_fail(c, "TagLimitExceeded", "The maximum number of tags is 50: %s", res->id);
                return;
            }
        }
    SIM_LIT(c->out, "<return>true</return>");
}

void ec2_delete_tags(struct ec2_call *c)
{
    const char *key;
    struct ec2_res *res;
    if (!check_ids(c))
        return;
    for (int n = 1; (res = nth(c, n)); n++) {
        if (!sim_param(c->q, "Tag.1.Key"))
            ec2_tags_free(&res->tags);
        for (int k = 1; (key = sim_paramf(c->q, "Tag.%d.Key", k)); k++) {
            const char *value = sim_paramf(c->q, "Tag.%d.Value", k);
            struct ec2_tag *tag = find(&res->tags, key);
            if (tag && (!value || !strcmp(tag->value, value)))
                unset(&res->tags, tag);
        }
    }
    SIM_LIT(c->out, "<return>true</return>");
}

struct tagged {
    const struct ec2_res *res;
    const struct ec2_tag *tag;
};

static void get_id(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct tagged *)o)->res->id);
}

static void get_type(const void *o, struct ec2_values *v)
{
    ec2_value(v, ec2_type_word(((const struct tagged *)o)->res->type));
}

static void get_key(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct tagged *)o)->tag->key);
}

static void get_value(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct tagged *)o)->tag->value);
}

static const struct ec2_field fields[] = {
    {"resource-id", get_id}, {"resource-type", get_type}, {"key", get_key}, {"value", get_value}};

/* A page of tags begins with a resource: its tags are never split. */
struct listing {
    struct ec2_page page;
    int64_t count;
    bool more;
};

static void list_tags(struct ec2_call *c, const struct ec2_filters *f, struct listing *l,
                      struct ec2_res *res)
{
    for (size_t i = 0; i < res->tags.n; i++) {
        struct tagged t = {res, &res->tags.at[i]};
        if (!ec2_filters_match(f, &t, NULL))
            continue;
        SIM_LIT(c->out, "<item>");
        sim_elem(c->out, "resourceId", res->id);
        sim_elem(c->out, "resourceType", ec2_type_word(res->type));
        sim_elem(c->out, "key", t.tag->key);
        sim_elem(c->out, "value", t.tag->value);
        SIM_LIT(c->out, "</item>");
        l->count++;
    }
}

void ec2_describe_tags(struct ec2_call *c)
{
    struct ec2_filters f = {0};
    struct listing l = {{0, 0, ec2_int(c, "MaxResults", INT64_MAX)}, 0, false};
    const char *token = sim_param(c->q, "NextToken");
    char next[128];
    if (!ec2_filters_read(c, &f, fields, sizeof fields / sizeof *fields, false))
        return;
    if (token && !ec2_page_read(c->cloud, token, &l.page, f.hash)) {
        ec2_fail(c, "InvalidNextToken", "The token '%s' is invalid", token);
        ec2_filters_free(&f);
        return;
    }
    SIM_LIT(c->out, "<tagSet>");
    for (int type = (int)(l.page.from >> 56); type < EC2_TYPES && !l.more; type++) {
        const struct ec2_store *s = &c->region->stores[type];
        uint64_t from = type == (int)(l.page.from >> 56) ? l.page.from & (UINT64_MAX >> 8) : 0;
        for (size_t i = 0; i < s->n && !l.more; i++) {
            if (s->at[i]->owner != c->account || s->at[i]->seq < from)
                continue;
            l.more = l.count >= l.page.size;
            if (l.more)
                l.page.from = (uint64_t)type << 56 | s->at[i]->seq;
            else
                list_tags(c, &f, &l, s->at[i]);
        }
    }
    SIM_LIT(c->out, "</tagSet>");
    if (l.more) {
        l.page.number++;
        ec2_page_token(c->cloud, next, sizeof next, &l.page, f.hash);
        sim_elem(c->out, "nextToken", next);
    }
    ec2_filters_free(&f);
}
