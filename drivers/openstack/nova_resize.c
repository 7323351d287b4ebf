/* Another size, and another image: changes of several steps, which are followed to their end. */
#include <string.h>
#include <strings.h>

#include "nova.h"

enum phase { BEGIN, ASKED, WAITING, LOOKED, CONFIRMED };
enum { FIRST_MS = 250, SLOWEST_MS = 2000 };

struct resize {
    int64_t pause;
};

static enum nube_step wait(nube_call *c)
{
    struct resize *s = nube_state(c, sizeof(*s));

    s->pause = !s->pause ? FIRST_MS : s->pause < SLOWEST_MS ? s->pause * 2 : SLOWEST_MS;
    nube_call_delay(c, s->pause);
    nube_set_phase(c, WAITING);
    return NUBE_WAIT;
}

static enum nube_step look(nube_call *c)
{
    nova_server(c, NUBE_GET, NOVA_READ, NULL);
    return nova_send(c, LOOKED);
}

static enum nube_step confirm(nube_call *c)
{
    nova_act(c, "confirmResize", 1);
    return nova_send(c, CONFIRMED);
}

/* Nova stops and asks: the new size is kept unless told otherwise. Whoever says confirm=no
 * confirms or reverts it with an action. */
static enum nube_step looked(nube_call *c, const nube_reply *r)
{
    const nube_doc *server = nova_member(c, r, "server", NUBE_DOC_OBJECT);
    const char *status = nova_text(server, "status"), *why;
    const char *task = nova_text(server, "OS-EXT-STS:task_state");

    if (!server)
        return NUBE_FAIL;
    if (!status)
        return nube_fail(c, NUBE_E_PROTOCOL, "the server has no status");
    if (strcasecmp(status, "VERIFY_RESIZE") == 0 && !task)
        return nube_arg_bool(c, "confirm", 1) ? confirm(c) : NUBE_DONE;
    if (strcasecmp(status, "RESIZE") == 0 || task)
        return wait(c);
    why = nova_text(server, "fault.message");
    return nube_fail(c, NUBE_E_PROVIDER, "it was not resized, and is %s now%s%s", status,
                     why ? ": " : "", why ? why : "");
}

enum nube_step nova_node_resize(nube_call *c, const nube_reply *r)
{
    switch ((enum phase)nube_phase(c)) {
    case ASKED:
        nube_created(c, nube_arg_str(c, "id"));
        return wait(c);
    case WAITING:
        return look(c);
    case LOOKED:
        return looked(c, r);
    case CONFIRMED:
        return NUBE_DONE;
    case BEGIN:
        break;
    }
    nube_json_str(nube_req_json(nova_act(c, "resize", 0)), "flavorRef", nube_arg_str(c, "size"));
    return nova_send(c, ASKED);
}

enum nube_step nova_confirm_resize(nube_call *c, const nube_reply *r)
{
    if (r)
        return NUBE_DONE;
    nova_act(c, "confirmResize", 1);
    return NUBE_SEND;
}

enum nube_step nova_revert_resize(nube_call *c, const nube_reply *r)
{
    if (r)
        return NUBE_DONE;
    nova_act(c, "revertResize", 1);
    return NUBE_SEND;
}

/* ---- Rebuild ------------------------------------------------------------------------ */

/* The reply is the server, with the password of its new system. */
static enum nube_step rebuilt(nube_call *c, const nube_reply *r)
{
    const nube_doc *server = nova_member(c, r, "server", NUBE_DOC_OBJECT);
    nube_obj *o;

    if (!server)
        return NUBE_FAIL;
    o = nube_emit(c, NUBE_KIND_NODE);
    nova_emit_server(c, o, server);
    nube_secret(c, nova_text(server, "adminPass"));
    nube_set(o, NUBE_PASSWORD, nova_text(server, "adminPass"));
    return NUBE_DONE;
}

enum nube_step nova_node_rebuild(nube_call *c, const nube_reply *r)
{
    nube_json *j;

    if (r)
        return rebuilt(c, r);
    j = nube_req_json(nova_act(c, "rebuild", 0));
    nube_json_str(j, "imageRef", nube_arg_str(c, "image"));
    nube_json_str(j, "name", nube_arg_str(c, "name"));
    nube_json_secret(j, "adminPass", nube_arg_str(c, "password"));
    nova_json_pairs(c, j, "metadata", "metadata");
    nova_json_files(c, j, "file");
    return NUBE_SEND;
}
