/* Bodies of requests: JSON as it is, XML turned into the same objects. */
#include <json-c/json.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <string.h>

#include "../sim_int.h"
#include "first.h"

static const char *name_of(const xmlNode *node)
{
    return (const char *)node->name;
}

static void add_text(struct json_object *to, const char *name, xmlChar *text)
{
    json_object_object_add(to, name, json_object_new_string(text ? (const char *)text : ""));
    xmlFree(text);
}

static void add_attributes(struct json_object *to, const xmlNode *node)
{
    for (const xmlAttr *a = node->properties; a; a = a->next)
        add_text(to, (const char *)a->name, xmlNodeListGetString(node->doc, a->children, 1));
}

/* <metadata><meta key="k">v</meta></metadata> */
static struct json_object *metadata(const xmlNode *node)
{
    struct json_object *made = json_object_new_object();
    for (xmlNode *meta = node->children; meta; meta = meta->next) {
        xmlChar *key = meta->type == XML_ELEMENT_NODE ? xmlGetProp(meta, BAD_CAST "key") : NULL;
        if (key)
            add_text(made, (const char *)key, xmlNodeGetContent(meta));
        xmlFree(key);
    }
    return made;
}

/* <personality><file path="/p">base64</file></personality> */
static struct json_object *personality(const xmlNode *node)
{
    struct json_object *made = json_object_new_array();
    for (xmlNode *file = node->children; file; file = file->next) {
        if (file->type != XML_ELEMENT_NODE)
            continue;
        struct json_object *one = json_object_new_object();
        add_attributes(one, file);
        add_text(one, "contents", xmlNodeGetContent(file));
        json_object_array_add(made, one);
    }
    return made;
}

/* <server id="1"/> in a group: the number. */
static struct json_object *reference(xmlNode *node)
{
    xmlChar *id = xmlGetProp(node, BAD_CAST "id");
    struct json_object *made = json_object_new_string(id ? (const char *)id : "");
    xmlFree(id);
    return made;
}

static struct json_object *convert(const xmlNode *root)
{
    struct json_object *made = json_object_new_object();
    add_attributes(made, root);
    for (xmlNode *child = root->children; child; child = child->next) {
        if (child->type != XML_ELEMENT_NODE)
            continue;
        if (!strcmp(name_of(child), "metadata"))
            json_object_object_add(made, "metadata", metadata(child));
        else if (!strcmp(name_of(child), "personality"))
            json_object_object_add(made, "personality", personality(child));
        else if (!strcmp(name_of(child), "server"))
            json_object_object_add(made, "server", reference(child));
    }
    return made;
}

static struct json_object *from_xml(const char *body, size_t len)
{
    struct json_object *made = NULL;
    xmlDoc *doc = xmlReadMemory(body, (int)len, NULL, NULL,
                                XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
    if (root) {
        made = json_object_new_object();
        json_object_object_add(made, name_of(root), convert(root));
    }
    xmlFreeDoc(doc);
    return made;
}

bool fg_read_body(struct fg_call *c)
{
    const char *type = sim_header(c->q, "Content-Type");
    struct sim_text why = {0};
    if (!c->q->body_len)
        return true;
    if (type && strstr(type, "xml"))
        c->json = from_xml(c->q->body, c->q->body_len);
    else if (!type || strstr(type, "json"))
        c->json = sim_json_parse(c->q->body, c->q->body_len, &why);
    else
        return fg_fail(c, 415, "badMediaType", "Bad media type");
    sim_text_puts(&c->r->why, why.len ? why.data : "");
    sim_text_free(&why);
    return json_object_is_type(c->json, json_type_object) ||
           fg_fail(c, 400, "badRequest", "Cannot parse the request's body.");
}
