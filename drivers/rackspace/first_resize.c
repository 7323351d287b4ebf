/* Another size for a server of the first generation: it is moved, then asks, and is confirmed. */
#include <string.h>
#include <strings.h>

#include "first.h"

enum phase { BEGIN, ASKED, WAITING, LOOKED, CONFIRMED };
enum { FIRST_MS = 200, SLOWEST_MS = 4000, MOST_OLD = 4 };

struct resize {
    int64_t pause;
    int old; /* how often it was seen as before */
};

static enum nube_step wait(nube_call *c)
{
    struct resize *s = nube_state(c, sizeof(*s));

    s->pause = !s->pause ? FIRST_MS : s->pause < SLOWEST_MS ? s->pause * 2 : SLOWEST_MS;
    nube_call_delay(c, s->pause);
    nube_set_phase(c, WAITING);
    return NUBE_WAIT;
}

static int under_way(const char *status)
{
    static const char *const words[] = {"QUEUE_RESIZE", "PREP_RESIZE", "RESIZE"};
    size_t i;

    for (i = 0; i < NOVA_ROWS(words); i++)
        if (strcasecmp(status, words[i]) == 0)
            return 1;
    return 0;
}

/* What failed is ACTIVE again, as what was not begun and what a cache shows are still. */
static enum nube_step looked(nube_call *c, const nube_reply *r)
{
    struct resize *s = nube_state(c, sizeof(*s));
    const nube_doc *server = nova_member(c, r, "server", NUBE_DOC_OBJECT);
    const char *status = nova_text(server, "status");

    if (!server)
        return NUBE_FAIL;
    if (!status)
        return nube_fail(c, NUBE_E_PROTOCOL, "the server has no status");
    if (strcasecmp(status, "VERIFY_RESIZE") == 0) {
        if (!nube_arg_bool(c, "confirm", 1))
            return NUBE_DONE;
        first_act(c, "confirmResize", 1);
        return nova_send(c, CONFIRMED);
    }
    if (under_way(status)) {
        s->old = MOST_OLD;
        return wait(c);
    }
    if (strcasecmp(status, "ACTIVE") == 0 && s->old++ < MOST_OLD)
        return wait(c);
    return nube_fail(c, NUBE_E_PROVIDER, "it was not resized, and is %s now", status);
}

enum nube_step first_node_resize(nube_call *c, const nube_reply *r)
{
    switch ((enum phase)nube_phase(c)) {
    case ASKED:
        nube_created(c, nube_arg_str(c, "id"));
        return wait(c);
    case WAITING:
        first_server(c, NUBE_GET, NULL);
        return nova_send(c, LOOKED);
    case LOOKED:
        return looked(c, r);
    case CONFIRMED:
        return NUBE_DONE;
    case BEGIN:
        break;
    }
    first_json_id(first_act(c, "resize", 0), "flavorId", nube_arg_str(c, "size"));
    return nova_send(c, ASKED);
}
