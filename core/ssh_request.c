/* Commands over SSH as drivers make them, and their replies as drivers read them. */
#include <string.h>

#include "error_int.h"
#include "ssh_int.h"

/* Neither a line break, which no name has, nor what could be taken for an option of ssh. */
static int bad_name(const char *text)
{
    return !*text || *text == '-' || strpbrk(text, "\r\n\t ") != NULL;
}

nube_req *nube_req_ssh(nube_call *c, const char *host, const char *command)
{
    nube_req *q = nube_req_blank(c, NUBE_REQ_SSH);

    q->ssh = nube_arena_alloc(&c->arena, sizeof(*q->ssh));
    q->method = NUBE_POST; /* a command changes something, unless the driver says SAFE */
    q->ssh->host = nube_arena_strdup(&c->arena, host ? host : "");
    q->ssh->command = nube_arena_strdup(&c->arena, command ? command : "");
    if (bad_name(q->ssh->host))
        nube_fail(c, NUBE_E_USAGE, "\"%s\" is not the name or address of a machine", q->ssh->host);
    if (!*q->ssh->command)
        nube_fail(c, NUBE_E_USAGE, "there is no command to run on %s", q->ssh->host);
    return q;
}

void nube_req_ssh_set(nube_req *q, const char *option, const char *value)
{
    int i = nube_ssh_option_find(option);

    if (!value)
        return;
    if (!q->ssh || i < 0) {
        nube_fail(q->call, NUBE_E_DRIVER, "commands over SSH have no option \"%s\"", option);
        return;
    }
    if (i == NUBE_SSH_USER && bad_name(value))
        nube_fail(q->call, NUBE_E_USAGE, "\"%s\" is not a user to log in as", value);
    if (i == NUBE_SSH_KEY || i == NUBE_SSH_KEY_PASSPHRASE || i == NUBE_SSH_PASSWORD)
        nube_secret(q->call, value);
    q->ssh->option[i] = nube_arena_strdup(&q->call->arena, value);
}

void nube_ssh_put_quoted(struct nube_buf *out, const char *word)
{
    if (*word && !word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                    "0123456789_-./:,+@%")]) {
        nube_buf_puts(out, word);
        return;
    }
    nube_buf_putc(out, '\'');
    for (; *word; word++)
        if (*word == '\'')
            nube_buf_puts(out, "'\\''");
        else
            nube_buf_putc(out, *word);
    nube_buf_putc(out, '\'');
}

const char *nube_ssh_quote(nube_call *c, const char *word)
{
    struct nube_buf b;
    const char *kept;

    if (!word)
        return NULL;
    nube_buf_init(&b, NUBE_MAX_DATA * 4);
    nube_ssh_put_quoted(&b, word);
    if (b.failed)
        c->arena.failed = true;
    kept = nube_arena_strndup(&c->arena, b.data ? b.data : "", b.len);
    nube_buf_free(&b);
    return kept;
}

int nube_reply_exit(const nube_reply *r)
{
    return r && r->req->ssh && r->status ? r->exit : -1;
}

const char *nube_reply_signal(const nube_reply *r)
{
    return r ? r->signal : NULL;
}

const char *nube_reply_errors(const nube_reply *r, size_t *len)
{
    if (len)
        *len = r ? r->errors.len : 0;
    return r && r->errors.data ? r->errors.data : "";
}

int nube_reply_failure(const nube_reply *r, const char **message)
{
    if (message)
        *message = r && r->failure ? r->req->read_message : "";
    return r ? r->failure : 0;
}
