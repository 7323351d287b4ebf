/* Verbs on one server that are one request: power, console, and the actions of Nova's own. */
#include <string.h>

#include "nova.h"

/*
 * An action without arguments. Asking again for a state is refused when it is reached already,
 * so none of them is repeated by itself.
 */
static enum nube_step act(nube_call *c, const nube_reply *r, const char *action)
{
    if (r)
        return NUBE_DONE;
    nova_act(c, action, 1);
    return NUBE_SEND;
}

/* ---- Power -------------------------------------------------------------------------- */

enum nube_step nova_node_start(nube_call *c, const nube_reply *r)
{
    return act(c, r, "os-start");
}

enum nube_step nova_node_stop(nube_call *c, const nube_reply *r)
{
    return act(c, r, "os-stop");
}

enum nube_step nova_node_suspend(nube_call *c, const nube_reply *r)
{
    return act(c, r, "suspend");
}

enum nube_step nova_node_resume(nube_call *c, const nube_reply *r)
{
    return act(c, r, "resume");
}

/* By a request to its system; hard is the power switch. */
enum nube_step nova_node_reboot(nube_call *c, const nube_reply *r)
{
    if (r)
        return NUBE_DONE;
    nube_json_str(nube_req_json(nova_act(c, "reboot", 0)), "type",
                  nube_arg_bool(c, "hard", 0) ? "HARD" : "SOFT");
    return NUBE_SEND;
}

/* force: also what a cloud keeps for a while to give it back. */
enum nube_step nova_node_destroy(nube_call *c, const nube_reply *r)
{
    nube_req *q;

    if (r)
        return NUBE_DONE;
    q = nube_arg_bool(c, "force", 0) ? nova_act(c, "forceDelete", 1)
                                     : nova_server(c, NUBE_DELETE, NOVA_READ, NULL);
    nube_req_flag(q, NUBE_REQ_TOKENED);
    return NUBE_SEND;
}

/* ---- Nova's own --------------------------------------------------------------------- */

enum nube_step nova_pause(nube_call *c, const nube_reply *r)
{
    return act(c, r, "pause");
}

enum nube_step nova_unpause(nube_call *c, const nube_reply *r)
{
    return act(c, r, "unpause");
}

enum nube_step nova_shelve(nube_call *c, const nube_reply *r)
{
    return act(c, r, "shelve");
}

enum nube_step nova_unshelve(nube_call *c, const nube_reply *r)
{
    return act(c, r, "unshelve");
}

enum nube_step nova_lock(nube_call *c, const nube_reply *r)
{
    return act(c, r, "lock");
}

enum nube_step nova_unlock(nube_call *c, const nube_reply *r)
{
    return act(c, r, "unlock");
}

enum nube_step nova_unrescue(nube_call *c, const nube_reply *r)
{
    return act(c, r, "unrescue");
}

void nova_emit_password(nube_call *c, const char *password)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_NODE);

    nube_secret(c, password);
    nube_set(o, NUBE_ID, nube_arg_str(c, "id"));
    nube_set(o, NUBE_AUTH_TYPE, password ? "password" : NULL);
    nube_set(o, NUBE_PASSWORD, password);
}

enum nube_step nova_rescue(nube_call *c, const nube_reply *r)
{
    const char *image = nube_arg_str(c, "image"), *password = nube_arg_str(c, "password");
    nube_json *j;

    if (r) {
        nova_emit_password(c, nova_text(nube_reply_doc(r), "adminPass"));
        return NUBE_DONE;
    }
    j = nube_req_json(nova_act(c, "rescue", !image && !password));
    nube_json_str(j, "rescue_image_ref", image);
    nube_json_secret(j, "adminPass", password);
    return NUBE_SEND;
}

enum nube_step nova_set_password(nube_call *c, const nube_reply *r)
{
    if (r)
        return NUBE_DONE;
    nube_json_secret(nube_req_json(nova_act(c, "changePassword", 0)), "adminPass",
                     nube_arg_str(c, "password"));
    return NUBE_SEND;
}

/* ---- Console ------------------------------------------------------------------------ */

/* Nova counts the empty line behind the last one: one more is asked for, and what is too much cut
 * off. */
static const char *last_lines(const char *text, size_t len, int64_t lines)
{
    const char *p = text + len;

    if (!lines)
        return text;
    if (p > text && p[-1] == '\n')
        p--;
    for (; p > text; p--)
        if (p[-1] == '\n' && --lines == 0)
            return p;
    return text;
}

enum nube_step nova_node_console(nube_call *c, const nube_reply *r)
{
    int64_t lines = nube_arg_int(c, "tail", 0);
    const nube_doc *output;
    const char *text, *from;
    nube_json *j;
    nube_req *q;

    if (r) {
        output = nova_member(c, r, "output", NUBE_DOC_STRING);
        if (!output)
            return NUBE_FAIL;
        text = nube_doc_text(output);
        from = last_lines(text, nube_doc_text_len(output), lines);
        nube_out_data(c, NUBE_STDOUT, from, nube_doc_text_len(output) - (size_t)(from - text));
        return NUBE_DONE;
    }
    q = nova_act(c, "os-getConsoleOutput", 0);
    j = nube_req_json(q);
    if (lines)
        nube_json_int(j, "length", lines + 1);
    nube_req_flag(q, NUBE_REQ_SAFE);
    return NUBE_SEND;
}

/* Kinds of consoles: how the remote console of 2.6 asks for them, and how Nova before it did. */
static const struct {
    const char *kind, *protocol, *type, *action;
} consoles[] = {
    {"novnc", "vnc", "novnc", "os-getVNCConsole"},
    {"xvpvnc", "vnc", "xvpvnc", "os-getVNCConsole"},
    {"spice", "spice", "spice-html5", "os-getSPICEConsole"},
    {"serial", "serial", "serial", "os-getSerialConsole"},
    {"mks", "mks", "webmks", NULL},
};
enum { REMOTE_CONSOLE = 6 };

static enum nube_step ask_console(nube_call *c)
{
    const char *kind = nube_arg_str(c, "type");
    nube_json *j;
    size_t i = 0;

    while (kind && i + 1 < NOVA_ROWS(consoles) && strcmp(consoles[i].kind, kind) != 0)
        i++;
    if (nova_minor(c, REMOTE_CONSOLE) >= REMOTE_CONSOLE) {
        j = nube_req_json(nova_server(c, NUBE_POST, REMOTE_CONSOLE, "remote-consoles"));
        nube_json_object(j, "remote_console");
        nube_json_str(j, "protocol", consoles[i].protocol);
    } else if (consoles[i].action) {
        j = nube_req_json(nova_act(c, consoles[i].action, 0));
    } else {
        return nube_fail(c, NUBE_E_UNSUPPORTED, "type: this cloud's Nova has no %s console", kind);
    }
    nube_json_str(j, "type", consoles[i].type);
    return NUBE_SEND;
}

/* A URL with a token in it, for a browser; it is the answer, so it is shown. */
enum nube_step nova_console_url(nube_call *c, const nube_reply *r)
{
    int old = nova_minor(c, REMOTE_CONSOLE) < REMOTE_CONSOLE;
    const nube_doc *console;
    const char *url;

    if (!r)
        return ask_console(c);
    console = nova_member(c, r, old ? "console" : "remote_console", NUBE_DOC_OBJECT);
    url = nova_text(console, "url");
    if (!console)
        return NUBE_FAIL;
    if (!url)
        return nube_fail(c, NUBE_E_PROTOCOL, "the reply has no address of a console");
    url = nube_fmt(c, "%s\n", url);
    nube_out_data(c, NUBE_STDOUT, url, strlen(url));
    return NUBE_DONE;
}
