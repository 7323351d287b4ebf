/* The JSON Schema of each kind of object, made from the table that its writer reads. */
#include <string.h>

#include <nube/object.h>

#include "buf.h"
#include "object_int.h"
#include "object_members.h"
#include "object_slot.h"

enum { MAX_SCHEMA = 1 << 20 };

static const char *plain_type(int type)
{
    switch (type) {
    case NUBE_TYPE_INT:
        return "{\"type\": [\"integer\", \"null\"]}";
    case NUBE_TYPE_NUMBER:
        return "{\"type\": [\"number\", \"null\"]}";
    case NUBE_TYPE_BOOL:
        return "{\"type\": [\"boolean\", \"null\"]}";
    case NUBE_TYPE_LIST:
        return "{\"type\": \"array\", \"items\": {\"type\": \"string\"}}";
    case NUBE_TYPE_PAIR:
        return "{\"type\": \"object\", \"additionalProperties\": {\"type\": [\"string\", "
               "\"null\"]}}";
    default:
        return "{\"type\": [\"string\", \"null\"]}";
    }
}

/* One of a table's words; the first that is NULL or "" stands for none of them. */
static void choice(struct nube_buf *b, const char *(*word)(int i), int count)
{
    nube_buf_puts(b, "{\"enum\": [");
    for (int i = 0; i < count; i++)
        if (word(i) && *word(i))
            nube_buf_fmt(b, "\"%s\", ", word(i));
    nube_buf_puts(b, "null]}");
}

static const char *action_word(int op)
{
    return nube_op_action((enum nube_op)op);
}

static void actions(struct nube_buf *b)
{
    const char *comma = "";

    nube_buf_puts(b, "{\"type\": [\"array\", \"null\"], \"items\": {\"enum\": [");
    for (int op = 0; op < NUBE_OP_COUNT; op++)
        if (*action_word(op)) {
            nube_buf_fmt(b, "%s\"%s\"", comma, action_word(op));
            comma = ", ";
        }
    nube_buf_puts(b, "]}}");
}

static void addresses(struct nube_buf *b)
{
    nube_buf_puts(b, "{\"type\": \"array\", \"items\": {\"type\": \"object\", \"properties\": {"
                     "\"value\": {\"type\": \"string\"}, "
                     "\"family\": {\"enum\": [\"ipv4\", \"ipv6\", \"dns\"]}, \"scope\": ");
    choice(b, nube_scope_name, NUBE_SCOPE_LOOPBACK + 1);
    nube_buf_puts(b, ", \"kind\": ");
    choice(b, nube_address_kind_name, NUBE_ADDRESS_PUBLISHED + 1);
    nube_buf_fmt(b,
                 ", \"network\": %s, \"mac\": %s}, \"required\": [\"value\", \"family\", "
                 "\"scope\", \"kind\", \"network\", \"mac\"]}}",
                 plain_type(NUBE_TYPE_STRING), plain_type(NUBE_TYPE_STRING));
}

static void profile(struct nube_buf *b)
{
    static const enum nube_field parts[] = {NUBE_RAM, NUBE_CORES, NUBE_DISK};

    nube_buf_puts(b, "{\"type\": [\"object\", \"null\"], \"properties\": {");
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
        nube_buf_fmt(b, "%s\"%s\": %s", i ? ", " : "", nube_field_name(parts[i]),
                     plain_type(nube_field_type(parts[i])));
    nube_buf_puts(b, "}, \"required\": [\"ram\", \"cores\", \"disk\"]}");
}

static void auth(struct nube_buf *b)
{
    nube_buf_fmt(b,
                 "{\"type\": [\"object\", \"null\"], \"properties\": {\"type\": %s, \"username\": "
                 "%s, \"password\": %s}, \"required\": [\"type\", \"username\"]}",
                 plain_type(NUBE_TYPE_STRING), plain_type(NUBE_TYPE_STRING),
                 plain_type(NUBE_TYPE_STRING));
}

static void value(struct nube_buf *b, const struct nube_member *m)
{
    switch (m->form) {
    case NUBE_FORM_STATE_WORD:
        choice(b, nube_state_name, NUBE_STATE_ERROR + 1);
        break;
    case NUBE_FORM_TIME:
        nube_buf_puts(b, "{\"type\": [\"string\", \"null\"], \"format\": \"date-time\"}");
        break;
    case NUBE_FORM_FIRST:
        nube_buf_puts(b, plain_type(NUBE_TYPE_STRING));
        break;
    case NUBE_FORM_PUBLIC_IPS:
    case NUBE_FORM_PRIVATE_IPS:
        nube_buf_puts(b, plain_type(NUBE_TYPE_LIST));
        break;
    case NUBE_FORM_ADDRESSES:
        addresses(b);
        break;
    case NUBE_FORM_PROFILE:
        profile(b);
        break;
    case NUBE_FORM_AUTH:
        auth(b);
        break;
    case NUBE_FORM_ACTIONS:
        actions(b);
        break;
    case NUBE_FORM_EXTRA:
        nube_buf_puts(b, "{\"type\": \"object\", \"additionalProperties\": {\"type\": [\"string\", "
                         "\"number\", \"boolean\", \"null\"]}}");
        break;
    default:
        nube_buf_puts(b, plain_type(nube_field_type((enum nube_field)m->field)));
        break;
    }
}

static const char *name_of(const struct nube_member *m)
{
    return m->name ? m->name : nube_field_name((enum nube_field)m->field);
}

static bool is_member(const struct nube_member *m)
{
    return m->name || m->field != NUBE_FIELD_NONE;
}

char *nube_kind_schema(enum nube_kind kind)
{
    const struct nube_member *all = nube_obj_members(kind), *m;
    struct nube_buf b;

    if (!*nube_kind_name(kind))
        return NULL;
    nube_buf_init(&b, MAX_SCHEMA);
    nube_buf_fmt(&b,
                 "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
                 "  \"title\": \"%s\",\n  \"type\": \"object\",\n  \"properties\": {\n",
                 nube_kind_name(kind));
    for (m = all; is_member(m); m++) {
        nube_buf_fmt(&b, "%s    \"%s\": ", m == all ? "" : ",\n", name_of(m));
        value(&b, m);
    }
    nube_buf_puts(&b, "\n  },\n  \"required\": [");
    for (m = all; is_member(m); m++)
        if (m->form != NUBE_FORM_SECRET)
            nube_buf_fmt(&b, "%s\"%s\"", m == all ? "" : ", ", name_of(m));
    nube_buf_puts(&b, "]\n}\n");
    return nube_buf_take(&b);
}
