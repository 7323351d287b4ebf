/* The steps of the driver that tests of the engine use. */
#include "engine_driver.h"

#include <ctype.h>
#include <string.h>

static const char *text_of(const nube_doc *d, const char *path)
{
    return nube_doc_str(d, path);
}

/* ---- Session --------------------------------------------------------------------- */

static enum nube_step auth(nube_call *c, const nube_reply *r)
{
    const nube_doc *doc = nube_reply_doc(r);
    nube_req *q;

    if (r) {
        if (!text_of(doc, "token"))
            return nube_fail(c, NUBE_E_PROTOCOL, "the login gave no token");
        nube_session_secret(c, "token", text_of(doc, "token"));
        if (text_of(doc, "moved"))
            nube_session_endpoint(
                c, "api", nube_fmt(c, "%s%s", nube_opt_str(c, "endpoint"), text_of(doc, "moved")));
        if (nube_doc_int(doc, "expires", 0))
            nube_session_expires(c, nube_doc_int(doc, "expires", 0));
        return NUBE_DONE;
    }
    nube_session_endpoint(c, "api", nube_opt_str(c, "endpoint"));
    if (nube_opt_str(c, "trust"))
        nube_session_transport(c, "verify", nube_opt_str(c, "trust"));
    q = nube_req_new(c, NUBE_POST, "api");
    nube_req_path(q, "token");
    nube_req_form(q, "key", nube_opt_str(c, "key"));
    nube_req_form(q, "secret", nube_opt_str(c, "secret"));
    nube_req_flag(q, NUBE_REQ_SAFE);
    return NUBE_SEND;
}

static enum nube_step sign(nube_call *c, nube_req *q, const nube_reply *r)
{
    (void)r;
    nube_req_header_secret(q, "X-Auth-Token", nube_session_str(c, "token"));
    return NUBE_DONE;
}

static void classify(nube_call *c, const nube_reply *r, struct nube_verdict *v)
{
    const nube_doc *error = nube_doc_get(nube_reply_doc(r), "error");
    const char *code = text_of(error, "code");

    (void)c;
    if (!error)
        return;
    v->message = text_of(error, "message");
    v->provider_code = code;
    if (!v->code)
        v->code = NUBE_E_PROVIDER;
    if (code && !strcmp(code, "expired")) {
        v->code = NUBE_E_AUTH;
        v->reauth = 1;
    }
    if (code && !strcmp(code, "busy"))
        v->retryable = NUBE_YES;
}

/* ---- Nodes ------------------------------------------------------------------------ */

static void fill(nube_obj *o, const nube_doc *d)
{
    static const struct nube_field_row rows[] = {
        {"id", NUBE_ID, NUBE_TYPE_STRING, NULL},
        {"name", NUBE_NAME, NUBE_TYPE_STRING, NULL},
        {"image", NUBE_IMAGE, NUBE_TYPE_STRING, NULL},
        {"password", NUBE_PASSWORD, NUBE_TYPE_STRING, NULL},
    };

    const nube_doc *tag;

    nube_set_fields(o, d, rows, sizeof(rows) / sizeof(*rows));
    for (tag = nube_doc_first(nube_doc_get(d, "tags")); tag; tag = nube_doc_next(tag))
        nube_add_pair(o, NUBE_TAGS, nube_doc_name(tag), nube_doc_text(tag));
    nube_set_state(o, text_of(d, "state"));
    nube_add_address(o, text_of(d, "ip"), NUBE_ADDRESS_FIXED, NULL, NULL);
}

static void on_node(nube_call *c, const nube_doc *d)
{
    fill(nube_emit(c, NUBE_KIND_NONE), d);
}

static enum nube_step node_list(nube_call *c, const nube_reply *r)
{
    nube_req *q;

    if (r) {
        nube_next(c, text_of(nube_reply_doc(r), "next"));
        return NUBE_DONE;
    }
    q = nube_req_new(c, NUBE_GET, "api");
    nube_req_path(q, "servers");
    nube_req_query(q, "marker", nube_cursor(c));
    nube_req_items(q, "servers", on_node);
    return NUBE_SEND;
}

/* A request about one server: its path, or one below it. */
static nube_req *ask(nube_call *c, enum nube_method method, const char *id, const char *below)
{
    nube_req *q = nube_req_new(c, method, "api");

    nube_req_path(q, "servers");
    nube_req_seg(q, id);
    if (below)
        nube_req_path(q, below);
    nube_req_about(q, nube_fmt(c, "server %s", id));
    return q;
}

static enum nube_step node_get(nube_call *c, const nube_reply *r)
{
    nube_obj *o;

    if (!r) {
        ask(c, NUBE_GET, nube_arg_str(c, "id"), NULL);
        return NUBE_SEND;
    }
    o = nube_emit(c, NUBE_KIND_NONE);
    fill(o, nube_reply_doc(r));
    nube_extra_int(o, "now", nube_now(c));
    return NUBE_DONE;
}

static enum nube_step simple(nube_call *c, const nube_reply *r, enum nube_method m,
                             const char *verb)
{
    if (r)
        return NUBE_DONE;
    ask(c, m, nube_arg_str(c, "id"), verb);
    return NUBE_SEND;
}

static enum nube_step node_destroy(nube_call *c, const nube_reply *r)
{
    return simple(c, r, NUBE_DELETE, NULL);
}

static enum nube_step node_start(nube_call *c, const nube_reply *r)
{
    return simple(c, r, NUBE_POST, "start");
}

static enum nube_step node_stop(nube_call *c, const nube_reply *r)
{
    return simple(c, r, NUBE_POST, "stop");
}

static enum nube_step node_reset(nube_call *c, const nube_reply *r)
{
    return simple(c, r, NUBE_POST, "reset");
}

static enum nube_step node_both(nube_call *c, const nube_reply *r)
{
    if (r)
        return NUBE_DONE;
    nube_req_header(ask(c, NUBE_GET, nube_arg_str(c, "id"), NULL), "X-Note",
                    nube_opt_str(c, "secret"));
    nube_req_header(ask(c, NUBE_POST, nube_arg_str(c, "id"), "reset"), "Authorization",
                    "Basic c2VjcmV0");
    return NUBE_SEND;
}

static enum nube_step node_send(nube_call *c, const nube_reply *r)
{
    if (r)
        return NUBE_DONE;
    nube_req_url(c, NUBE_POST, nube_arg_str(c, "to"));
    return NUBE_SEND;
}

/* Fails before anything is sent. */
static enum nube_step node_suspend(nube_call *c, const nube_reply *r)
{
    if (r)
        return NUBE_DONE;
    nube_req_new(c, NUBE_POST, "nowhere");
    nube_req_new(c, NUBE_POST, "nowhere");
    return NUBE_SEND;
}

static enum nube_step node_spoil(nube_call *c, const nube_reply *r)
{
    (void)r;
    nube_created(c, nube_arg_str(c, "id"));
    nube_undo(c, NUBE_OP_NODE_SUSPEND, nube_arg_str(c, "id"), NULL);
    nube_undo(c, NUBE_OP_NODE_SUSPEND, nube_arg_str(c, "id"), NULL);
    return nube_fail(c, NUBE_E_PROVIDER, "spoilt");
}

/* ---- Streams ----------------------------------------------------------------------- */

static void on_progress(nube_call *c, const nube_doc *d)
{
    if (text_of(d, "error"))
        nube_fail(c, NUBE_E_PROVIDER, "%s", text_of(d, "error"));
    else
        nube_out_progress(c, text_of(d, "id"), text_of(d, "status"), nube_doc_int(d, "current", -1),
                          nube_doc_int(d, "total", -1));
}

static enum nube_step image_pull(nube_call *c, const nube_reply *r)
{
    nube_req *q;

    if (r)
        return NUBE_DONE;
    q = nube_req_new(c, NUBE_POST, "api");
    nube_req_path(q, "images");
    nube_req_seg(q, nube_arg_str(c, "id"));
    nube_req_path(q, "pull");
    nube_req_values(q, on_progress);
    return NUBE_SEND;
}

static size_t on_console(nube_call *c, const char *data, size_t len, int eof)
{
    size_t n = eof ? len : 0, i;
    char *line;

    for (i = 0; i < len; i++)
        if (data[i] == '\n')
            n = eof ? len : i + 1;
    line = nube_alloc(c, n + 1);
    for (i = 0; i < n; i++)
        line[i] = (char)toupper((unsigned char)data[i]);
    nube_out_data(c, NUBE_STDOUT, line, n);
    return n;
}

static enum nube_step node_console(nube_call *c, const nube_reply *r)
{
    if (r)
        return NUBE_DONE;
    nube_req_sink(ask(c, NUBE_GET, nube_arg_str(c, "id"), "console"), on_console);
    return NUBE_SEND;
}

/* ---- Create ------------------------------------------------------------------------- */

enum create_phase { POSTED = 1, PULLED, STARTED, GOT };
struct creating {
    nube_obj *node;
    const char *id;
};

static enum nube_step create_post(nube_call *c)
{
    nube_req *q = nube_req_new(c, NUBE_POST, "api");
    nube_json *j = nube_req_json(q);
    const char *key, *value;
    size_t i;

    nube_req_path(q, "servers");
    nube_json_str(j, "name", nube_arg_str(c, "name"));
    nube_json_str(j, "image", nube_arg_str(c, "image"));
    nube_json_secret(j, "password", nube_arg_str(c, "password"));
    nube_json_object(j, "tags");
    for (i = 0; nube_arg_pair(c, "tag", i, &key, &value); i++)
        nube_json_str(j, key, value);
    nube_json_end(j);
    if (nube_arg_bool(c, "token", 0)) {
        nube_json_str(j, "token", "once");
        nube_req_flag(q, NUBE_REQ_TOKENED);
    }
    nube_set_phase(c, POSTED);
    return NUBE_SEND;
}

static enum nube_step create_start(nube_call *c, struct creating *s)
{
    ask(c, NUBE_POST, s->id, "start");
    nube_set_phase(c, STARTED);
    return NUBE_SEND;
}

static enum nube_step create_posted(nube_call *c, const nube_reply *r, struct creating *s)
{
    nube_req *q;

    s->id = nube_strdup(c, text_of(nube_reply_doc(r), "id"));
    if (!s->id)
        return nube_fail(c, NUBE_E_PROTOCOL, "the new server has no id");
    nube_secret(c, text_of(nube_reply_doc(r), "password"));
    s->node = nube_emit(c, NUBE_KIND_NONE);
    fill(s->node, nube_reply_doc(r));
    nube_created(c, s->id);
    nube_undo(c, NUBE_OP_NODE_DESTROY, s->id, NULL);
    if (!nube_arg_bool(c, "pull", 0))
        return create_start(c, s);
    q = ask(c, NUBE_POST, s->id, "pull");
    nube_req_values(q, on_progress);
    nube_set_phase(c, PULLED);
    return NUBE_SEND;
}

static enum nube_step create_get(nube_call *c, struct creating *s)
{
    ask(c, NUBE_GET, s->id, NULL);
    nube_set_phase(c, GOT);
    return NUBE_SEND;
}

static enum nube_step create_got(nube_call *c, const nube_reply *r, struct creating *s)
{
    const char *state = text_of(nube_reply_doc(r), "state");

    if (!r)
        return create_get(c, s);
    if (nube_arg_bool(c, "settle", 0) && (!state || strcmp(state, "ACTIVE") != 0)) {
        nube_call_delay(c, 50);
        return NUBE_WAIT;
    }
    fill(s->node, nube_reply_doc(r));
    return NUBE_DONE;
}

static enum nube_step node_create(nube_call *c, const nube_reply *r)
{
    struct creating *s = nube_state(c, sizeof(*s));

    switch (nube_phase(c)) {
    case POSTED:
        return create_posted(c, r, s);
    case PULLED:
        return create_start(c, s);
    case STARTED:
        nube_keep(c);
        return create_get(c, s);
    case GOT:
        return create_got(c, r, s);
    default:
        return create_post(c);
    }
}

/* ---- Needs and groups ------------------------------------------------------------------ */

enum { FILE_TAG = 1, PROGRAM_TAG };

static enum nube_step node_probe(nube_call *c, const nube_reply *r)
{
    nube_obj **o = nube_state(c, sizeof(*o));

    if (!r) {
        *o = nube_emit(c, NUBE_KIND_NONE);
        nube_set(*o, NUBE_ID, nube_arg_str(c, "id"));
        nube_need_file(c, nube_arg_str(c, "file"), 0, FILE_TAG);
        nube_need_exec(
            c, (const char *const[]){nube_arg_str(c, "program"), nube_arg_str(c, "word"), NULL},
            NULL, 0, PROGRAM_TAG);
        return NUBE_SEND;
    }
    if (nube_reply_tag(r) == FILE_TAG) {
        nube_extra(*o, "file", nube_reply_status(r) == 200 ? nube_reply_body(r, NULL) : NULL);
    } else {
        nube_extra(*o, "output", nube_reply_body(r, NULL));
        nube_extra_int(*o, "status", nube_reply_status(r));
    }
    return NUBE_DONE;
}

struct listing {
    int images, replies;
};

static void on_image(nube_call *c, const nube_doc *d)
{
    struct listing *s = nube_state(c, sizeof(*s));
    nube_obj *o = nube_emit(c, NUBE_KIND_NONE);

    fill(o, d);
    nube_extra_int(o, "nth", ++s->images);
}

static enum nube_step image_list(nube_call *c, const nube_reply *r)
{
    struct listing *s = nube_state(c, sizeof(*s));
    static const char *const paths[] = {"images/own", "images/public"};
    size_t i;

    for (i = 0; !r && i < 2; i++) {
        nube_req *q = nube_req_new(c, NUBE_GET, "api");

        nube_req_path(q, paths[i]);
        nube_req_items(q, "images", on_image);
    }
    if (!r)
        return NUBE_SEND;
    nube_out_status(c, ++s->replies);
    return s->replies < 2 ? NUBE_SEND : NUBE_DONE; /* as one who waits for the other reply may */
}

/* ---- Tables ---------------------------------------------------------------------------- */

#define ARG(op_, name_, type_, ...)                                                                \
    {                                                                                              \
        .name = name_, .op = NUBE_OP_##op_, .type = NUBE_TYPE_##type_, __VA_ARGS__                 \
    }
#define ID(op_) ARG(op_, "id", STRING, .flags = NUBE_OPTION_REQUIRED)

static const struct nube_option options[] = {
    ARG(NONE, "key", STRING, .flags = NUBE_OPTION_REQUIRED),
    ARG(NONE, "secret", STRING, .flags = NUBE_OPTION_REQUIRED | NUBE_OPTION_SECRET),
    ARG(NONE, "trust", STRING, .help = NULL), /* the login tries to set verify to it */
    ID(NODE_GET),
    ID(NODE_DESTROY),
    ID(NODE_START),
    ID(NODE_STOP),
    ID(NODE_SUSPEND),
    ID(NODE_CONSOLE),
    ID(NODE_PROBE),
    ARG(NODE_PROBE, "file", STRING, .help = NULL),
    ARG(NODE_PROBE, "program", STRING, .help = NULL),
    ARG(NODE_PROBE, "word", STRING, .help = NULL),
    ARG(NODE_CREATE, "name", STRING, .help = NULL),
    ARG(NODE_CREATE, "image", STRING, .flags = NUBE_OPTION_REQUIRED),
    ARG(NODE_CREATE, "password", STRING, .flags = NUBE_OPTION_SECRET),
    ARG(NODE_CREATE, "tag", PAIR, .help = NULL),
    ARG(NODE_CREATE, "token", BOOL, .help = NULL),
    ARG(NODE_CREATE, "pull", BOOL, .help = NULL),
    ARG(NODE_CREATE, "settle", BOOL, .help = NULL),
    ARG(NODE_ACTION, "id", STRING, .flags = NUBE_OPTION_REQUIRED, .action = "reset"),
    ARG(NODE_ACTION, "id", STRING, .flags = NUBE_OPTION_REQUIRED, .action = "both"),
    ARG(NODE_ACTION, "id", STRING, .flags = NUBE_OPTION_REQUIRED, .action = "send"),
    ARG(NODE_ACTION, "id", STRING, .flags = NUBE_OPTION_REQUIRED, .action = "spoil"),
    ARG(NODE_ACTION, "to", STRING, .flags = NUBE_OPTION_REQUIRED, .action = "send"),
    ARG(IMAGE_ACTION, "id", STRING, .flags = NUBE_OPTION_REQUIRED, .action = "pull"),
};
static const struct nube_op_row ops[] = {
    {NUBE_OP_AUTH, 0, auth},
    {NUBE_OP_NODE_LIST, 0, node_list},
    {NUBE_OP_NODE_GET, 0, node_get},
    {NUBE_OP_NODE_CREATE, 0, node_create},
    {NUBE_OP_NODE_DESTROY, 0, node_destroy},
    {NUBE_OP_NODE_START, 0, node_start},
    {NUBE_OP_NODE_STOP, 0, node_stop},
    {NUBE_OP_NODE_SUSPEND, 0, node_suspend},
    {NUBE_OP_NODE_CONSOLE, 0, node_console},
    {NUBE_OP_NODE_PROBE, 0, node_probe},
    {NUBE_OP_IMAGE_LIST, 0, image_list},
};
static const struct nube_state_row states[] = {
    {"ACTIVE",
     NUBE_OPS(NUBE_OP_NODE_STOP, NUBE_OP_NODE_DESTROY, NUBE_OP_NODE_CONSOLE, NUBE_OP_NODE_PROBE),
     NUBE_STATE_RUNNING},
    {"BUILD", NULL, NUBE_STATE_PENDING},
    {"LOCKED", NUBE_OPS(NUBE_OP_NODE_PROBE), NUBE_STATE_PENDING},
    {"SHUTOFF", NULL, NUBE_STATE_STOPPED},
    {"ERROR", NULL, NUBE_STATE_ERROR},
};
static const struct nube_action_row actions[] = {
    {"reset", NUBE_KIND_NODE, 0, node_reset, "Resets it."},
    {"both", NUBE_KIND_NODE, 0, node_both, "Looks at it and resets it at once."},
    {"send", NUBE_KIND_NODE, 0, node_send, "Sends a request to another address."},
    {"spoil", NUBE_KIND_NODE, 0, node_spoil, "Fails, and so do its two undos."},
    {"pull", NUBE_KIND_IMAGE, 0, image_pull, "Fetches it."},
};
static const struct nube_provider_row providers[] = {{"engine", "Engine", NULL, NULL, 0}};

const struct nube_driver engine_driver = {
    .size = sizeof(struct nube_driver),
    .services = NUBE_SERVICE_HTTP,
    .name = "engine",
    .title = "Engine",
    .version = "1",
    .license = "Apache-2.0",
    .providers = NUBE_TABLE(providers),
    .options = NUBE_TABLE(options),
    .ops = NUBE_TABLE(ops),
    .states = NUBE_TABLE(states),
    .actions = NUBE_TABLE(actions),
    .classify = classify,
    .sign = sign,
};
