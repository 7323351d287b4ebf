/* Creating a server of the first generation: with files, metadata, a group of shared addresses. */
#include <string.h>

#include "first.h"

enum phase { BEGIN, LOOK, MADE };

struct create {
    const char *size; /* the smallest so far */
    int64_t ram;
};

/* ---- The size when none was said ----------------------------------------------------- */

static void keep_smallest(nube_call *c, const nube_doc *item)
{
    struct create *s = nube_state(c, sizeof(*s));
    int64_t ram = nube_doc_int(item, "ram", 0);

    if (!nova_text(item, "id") || (s->size && s->ram <= ram))
        return;
    s->size = nube_strdup(c, nova_text(item, "id"));
    s->ram = ram;
}

static enum nube_step look(nube_call *c)
{
    nube_req_items(first_request(c, NUBE_GET, "flavors/detail"), "flavors", keep_smallest);
    return nova_send(c, LOOK);
}

/* ---- The request --------------------------------------------------------------------- */

/* A key is a file like others here. */
static void add_files(nube_call *c, nube_json *j)
{
    const char *key = nube_arg_str(c, "public_key"), *path, *content;
    size_t i;

    if (!key && !nube_arg_count(c, "file"))
        return;
    nube_json_array(j, "personality");
    if (key)
        nova_json_file(c, j, "/root/.ssh/authorized_keys", nube_fmt(c, "%s\n", key));
    for (i = 0; nube_arg_pair(c, "file", i, &path, &content); i++)
        nova_json_file(c, j, path, content);
    nube_json_end(j);
}

static enum nube_step create(nube_call *c, const char *size)
{
    nube_json *j = nube_req_json(first_request(c, NUBE_POST, "servers"));
    const char *name = nube_arg_str(c, "name");

    if (!name) {
        name = nube_fmt(c, "node-%lld", (long long)(nube_now(c) / 1000));
        nube_note(c, "name: %s was chosen, since none was given", name);
    }
    nube_json_object(j, "server");
    nube_json_str(j, "name", name);
    first_json_id(j, "imageId", nube_arg_str(c, "image"));
    first_json_id(j, "flavorId", size);
    if (nube_arg_str(c, "shared_ip_group"))
        first_json_id(j, "sharedIpGroupId", nube_arg_str(c, "shared_ip_group"));
    nova_json_pairs(c, j, "metadata", "metadata");
    add_files(c, j);
    return nova_send(c, MADE);
}

static enum nube_step looked(nube_call *c, const nube_reply *r)
{
    const struct create *s = nube_state(c, sizeof(*s));

    if (!nova_member(c, r, "flavors", NUBE_DOC_ARRAY))
        return NUBE_FAIL;
    if (!s->size)
        return nube_fail(c, NUBE_E_NOT_FOUND, "there is no size: see nube size list");
    nube_note(c, "size: %s was chosen, since none was given", s->size);
    return create(c, s->size);
}

/* The whole server, with its addresses already, and the password that is shown only now. */
static enum nube_step made(nube_call *c, const nube_reply *r)
{
    const nube_doc *server = nova_member(c, r, "server", NUBE_DOC_OBJECT);
    const char *password = nova_text(server, "adminPass");
    nube_obj *o;

    if (!server)
        return NUBE_FAIL;
    nube_created(c, nova_text(server, "id"));
    nube_secret(c, password);
    o = nube_emit(c, NUBE_KIND_NODE);
    first_emit_server(c, o, server);
    nube_set(o, NUBE_AUTH_TYPE, nube_arg_str(c, "public_key") ? "key" : "password");
    nube_set(o, NUBE_USERNAME, "root");
    nube_set(o, NUBE_PASSWORD, password);
    return NUBE_DONE;
}

enum nube_step first_node_create(nube_call *c, const nube_reply *r)
{
    switch ((enum phase)nube_phase(c)) {
    case LOOK:
        return looked(c, r);
    case MADE:
        return made(c, r);
    case BEGIN:
        break;
    }
    return nube_arg_str(c, "size") ? create(c, nube_arg_str(c, "size")) : look(c);
}
