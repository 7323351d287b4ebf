/* Hosts as nodes: listed without a word to them, or asked, all at once. */
#include <inttypes.h>
#include <string.h>

#include "baremetal.h"

nube_obj *bm_emit(nube_call *c, const struct bm_host *h, const char *state)
{
    static const char *const sources[] = {"", "option", "file", "ssh_config"};
    nube_obj *o = nube_emit(c, NUBE_KIND_NODE);

    nube_set(o, NUBE_ID, h->name);
    nube_set(o, NUBE_NAME, h->name);
    nube_set_state(o, state);
    nube_set(o, NUBE_LOCATION, h->location);
    nube_set(o, NUBE_USERNAME, h->user);
    nube_add_address(o, h->host, NUBE_ADDRESS_FIXED, NULL, NULL);
    nube_extra(o, "port", h->port);
    nube_extra(o, "bmc", h->bmc);
    nube_extra(o, "source", sources[h->source]);
    return o;
}

/* ---- Asking ---------------------------------------------------------------------------- */

static void ask(nube_call *c, const struct bm_host *h, int tag)
{
    nube_req *q = nube_req_probe(c, h->host);

    bm_login(c, q, h);
    nube_req_flag(q, NUBE_REQ_TRY);
    nube_req_tag(q, tag);
}

/* All of them; the tag is the place. */
static enum nube_step ask_all(nube_call *c, int phase)
{
    size_t n;
    const struct bm_host *h = bm_hosts(c, &n);

    for (size_t i = 0; i < n; i++)
        ask(c, &h[i], (int)i);
    return n ? bm_send(c, phase) : NUBE_DONE;
}

static const struct bm_host *asked(nube_call *c, const nube_reply *r)
{
    size_t n;
    const struct bm_host *h = bm_hosts(c, &n);

    return &h[nube_reply_tag(r)];
}

static int answers(const nube_reply *r)
{
    return nube_reply_status(r) == 200 && nube_reply_exit(r) == 0;
}

/* What it is made of: hosts alike have one size. */
static const char *size_of(nube_call *c, const nube_obj *o)
{
    struct nube_value cores = {.size = sizeof(cores)}, memory = cores, machine = cores;

    if (!nube_extra_get(o, "cores", &cores) || !nube_extra_get(o, "memory", &memory))
        return NULL;
    return nube_fmt(c, "%s-%" PRId64 "-%" PRId64,
                    nube_extra_get(o, "machine", &machine) ? machine.str : "unknown", cores.num,
                    memory.num >> 20);
}

/* Without a word on it in the file: the domain that the host says it is in. */
static const char *location_of(const struct bm_host *h, const nube_obj *o)
{
    struct nube_value name = {.size = sizeof(name)};
    const char *dot = nube_extra_get(o, "host", &name) ? strchr(name.str, '.') : NULL;

    return h->location ? h->location : dot && dot[1] ? dot + 1 : NULL;
}

static nube_obj *emit_asked(nube_call *c, const struct bm_host *h, const nube_reply *r)
{
    nube_obj *o = bm_emit(c, h, answers(r) ? "running" : "unreachable");
    const char *why;

    if (answers(r)) {
        nube_probe_fill(c, o, r);
        nube_set(o, NUBE_SIZE, size_of(c, o));
        nube_set(o, NUBE_LOCATION, location_of(h, o));
        nube_set(o, NUBE_USERNAME, nube_reply_header(r, "user"));
    } else if (nube_reply_failure(r, &why)) {
        nube_extra(o, "failure", why);
    }
    return o;
}

/* ---- Verbs ------------------------------------------------------------------------------- */

enum { ASKED = 1, SYSTEM };

/* Every host is asked, and every one has to answer. */
enum nube_step bm_check(nube_call *c, const nube_reply *r)
{
    const char *why = "its shell does not work";
    int code = r ? nube_reply_failure(r, &why) : 0;

    if (!r)
        return ask_all(c, ASKED);
    if (answers(r))
        return NUBE_DONE;
    return nube_fail(c, code ? (enum nube_code)code : NUBE_E_PROVIDER, "%s: %s", asked(c, r)->name,
                     why);
}

enum nube_step bm_node_list(nube_call *c, const nube_reply *r)
{
    size_t n;
    const struct bm_host *h;

    if (r) {
        emit_asked(c, asked(c, r), r);
        return NUBE_DONE;
    }
    if (nube_arg_bool(c, "probe", 0))
        return ask_all(c, ASKED);
    h = bm_hosts(c, &n);
    for (size_t i = 0; i < n; i++)
        bm_emit(c, &h[i], "not asked");
    return NUBE_DONE;
}

/* The system of the host and its management controller are asked beside each other: the one says
 * what it is, the other whether it is on at all. */
struct get {
    nube_obj *node;
    int left, more;
};

/* A host that does not answer may be off; its controller knows. */
static enum nube_step have_system(struct get *s, const nube_reply *r)
{
    struct nube_value failure = {.size = sizeof(failure)};
    const char *power = nube_reply_status(r) == 200 ? bm_power_state(r) : NULL;

    if (power && nube_extra_get(s->node, "failure", &failure))
        nube_set_state(s->node, strcmp(power, "Off") == 0 ? "off" : "powered on");
    nube_extra(s->node, "power", power);
    return NUBE_DONE;
}

static enum nube_step have_answer(nube_call *c, struct get *s, const struct bm_host *h,
                                  const nube_reply *r)
{
    if (nube_phase(c) == SYSTEM)
        return have_system(s, r);
    if (nube_reply_tag(r) != BM_BMC) {
        s->node = emit_asked(c, h, r);
    } else if (nube_reply_status(r) == 200) {
        nube_req *q = bm_ask_system(c, h, r);

        if (!q)
            return NUBE_FAIL;
        nube_req_flag(q, NUBE_REQ_TRY);
        s->more = 1;
    }
    return --s->left || !s->more ? NUBE_DONE : bm_send(c, SYSTEM);
}

enum nube_step bm_node_get(nube_call *c, const nube_reply *r)
{
    struct get *s = nube_state(c, sizeof(*s));
    const struct bm_host *h = bm_wanted(c);

    if (!h)
        return NUBE_FAIL;
    if (r)
        return have_answer(c, s, h, r);
    if (!nube_arg_bool(c, "probe", 1)) {
        bm_emit(c, h, "not asked");
        return NUBE_DONE;
    }
    ask(c, h, 0);
    s->left = 1;
    if (h->bmc) {
        nube_req_flag(bm_ask_systems(c, h), NUBE_REQ_TRY);
        s->left++;
    }
    return bm_send(c, ASKED);
}
