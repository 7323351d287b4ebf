/* Faults of the OpenStack services, in every form they have, as Nube's classes. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "nova.h"

enum { MESSAGE_MAX = 400 };

/* ---- Finding the fault -------------------------------------------------------------- */

/* Services that answer people too write "<br /><br />\n\n\n" at the end of a sentence, and
 * schemas over many lines: one line is kept, without marks. */
static const char *one_line(nube_call *c, const char *text)
{
    size_t len = strlen(text), i, n = 0;
    char *out = nube_alloc(c, len + 1);

    for (i = 0; i < len && n < MESSAGE_MAX; i++) {
        if (strncmp(text + i, "<br", 3) == 0 && strchr(text + i, '>'))
            i += strcspn(text + i, ">");
        else if ((unsigned char)text[i] > ' ')
            out[n++] = text[i];
        else if (n && out[n - 1] != ' ')
            out[n++] = ' ';
    }
    while (n && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
    return nova_filled(out);
}

/* {"forbidden": {"message", "code"}}, {"error": {"message", "title"}}, {"NeutronError": {"type",
 * "message"}}, {"unauthorized": {...}} */
static const nube_doc *inner(const nube_doc *doc)
{
    const nube_doc *k;

    for (k = nube_doc_type(doc) == NUBE_DOC_OBJECT ? nube_doc_first(doc) : NULL; k;
         k = nube_doc_next(k))
        if (nova_text(k, "message"))
            return k;
    return NULL;
}

static const char *name_of(const nube_doc *fault)
{
    const char *name = nova_text(fault, "type");

    if (!name && nube_doc_name(fault) && strcmp(nube_doc_name(fault), "error") == 0)
        name = nova_text(fault, "title");
    return name ? name : nube_doc_name(fault);
}

/* {"errors": [{"detail", "title"}]}, as Placement and newer services have it. */
static const char *first_of_list(const nube_doc *doc, const char **code)
{
    const nube_doc *first = nube_doc_first(nube_doc_get(doc, "errors"));
    const char *text = nova_text(first, "detail");

    *code = nova_text(first, "title");
    return text ? text : *code;
}

const char *nova_fault(nube_call *c, const nube_doc *doc, const char **code)
{
    const nube_doc *fault = inner(doc);
    const char *text = nova_text(fault, "message"), *more = nova_text(fault, "details");

    *code = fault ? name_of(fault) : nova_text(doc, "title");
    if (text && more && nube_doc_name(fault) && strcmp(nube_doc_name(fault), "unauthorized") == 0)
        text = nube_fmt(c, "%s: %s", text, more);
    if (!text)
        text = nova_text(doc, "message");
    if (!text)
        text = nova_text(doc, "NeutronError");
    if (!text)
        text = first_of_list(doc, code);
    return text ? one_line(c, text) : NULL;
}

/* ---- Judging ------------------------------------------------------------------------ */

static int holds(const char *text, const char *part)
{
    size_t n = strlen(part);

    for (; text && *text; text++)
        if (strncasecmp(text, part, n) == 0)
            return 1;
    return n == 0;
}

/*
 * What the words say beyond the status, first match wins. status 0: any. Nova says 400 for
 * things that are not there, 403 for quotas, and 409 for states.
 */
static const struct words {
    const char *part, *advice;
    int status;
    enum nube_code code;
} words[] = {
    {"quota", "remove something, or ask for more", 0, NUBE_E_QUOTA},
    {"too many key pairs", "remove one, or ask for more", 0, NUBE_E_QUOTA},
    {"quota", NULL, 400, NUBE_E_QUOTA},
    {"could not be found", NULL, 400, NUBE_E_NOT_FOUND},
    {"an not find requested image", NULL, 400, NUBE_E_NOT_FOUND},
    {"Invalid key_name provided", NULL, 400, NUBE_E_NOT_FOUND},
    {"Unable to find", NULL, 400, NUBE_E_NOT_FOUND},
    {"requested availability zone is not available", NULL, 400, NUBE_E_NOT_FOUND},
    {"is not active", NULL, 400, NUBE_E_STATE},
    {"until reboot is complete", NULL, 400, NUBE_E_STATE},
    {"is not supported by the API",
     "set compute_api_version to one between, or leave it out and try again", 406,
     NUBE_E_UNSUPPORTED},
    {"while it is in", NULL, 409, NUBE_E_STATE},
    {"is locked", "unlock it first: nube node action NODE unlock", 409, NUBE_E_STATE},
    {"ultiple possible networks", "name one: network=ID", 409, NUBE_E_CONFLICT},
    {"", NULL, 405, NUBE_E_UNSUPPORTED},
    {"", NULL, 406, NUBE_E_UNSUPPORTED},
    {"", NULL, 501, NUBE_E_UNSUPPORTED},
};

/* Faults whose name alone says it. */
static const struct {
    const char *name;
    struct words row;
} names[] = {
    {"buildInProgress", {"", NULL, 0, NUBE_E_STATE}},
    {"backupOrResizeInProgress", {"", NULL, 0, NUBE_E_STATE}},
    {"resizeNotAllowed", {"", NULL, 0, NUBE_E_STATE}},
    {"userDisabled", {"", NULL, 0, NUBE_E_AUTH}},
};

static const struct words *judge(int status, const char *message, const char *name)
{
    size_t i;

    for (i = 0; name && i < NOVA_ROWS(names); i++)
        if (strcmp(name, names[i].name) == 0)
            return &names[i].row;
    for (i = 0; i < NOVA_ROWS(words); i++) {
        int is = words[i].status;

        if ((is ? is == status : status == 403 || status == 409 || status == 413) &&
            holds(message, words[i].part))
            return &words[i];
    }
    return NULL;
}

/* When to come back: the fault's own member, or what the first generation of Rackspace's servers
 * writes for the header. */
static const char *when(const nube_reply *r)
{
    const nube_doc *fault = inner(nube_reply_doc(r));
    const char *text = nova_text(fault, "retryAfter");

    if (!text)
        text = nova_text(fault, "retryAt");
    return text ? text : nube_reply_header(r, "Reply-After");
}

/* A number or a date. */
static int64_t pause_of(nube_call *c, const nube_reply *r)
{
    const char *text = when(r);
    int64_t at;

    if (!text)
        return 0;
    if (strspn(text, "0123456789") == strlen(text) && strlen(text) < 10)
        return strtol(text, NULL, 10) * 1000;
    at = nube_time_of(text);
    return at > nube_now(c) ? at - nube_now(c) : 0;
}

/* 413 is a limit of rate when it says when to come back; else of the account by its name, or what
 * was sent is too large. */
static void judge_size(struct nube_verdict *v, const nube_reply *r)
{
    if (nube_reply_header(r, "Retry-After") || when(r))
        return;
    v->code = v->provider_code && strcmp(v->provider_code, "overLimit") == 0 ? NUBE_E_QUOTA
                                                                             : NUBE_E_TOO_LARGE;
    v->retryable = NUBE_NO;
}

/* {"choices": [{"links": [{"href"}]}]}: an address without its version has several. */
static void explain_choices(nube_call *c, struct nube_verdict *v, const nube_doc *doc)
{
    const nube_doc *first = nube_doc_first(nube_doc_get(doc, "choices"));
    const char *url = nova_text(nube_doc_first(nube_doc_get(first, "links")), "href");

    v->code = NUBE_E_NOT_FOUND;
    if (url)
        v->message = nube_fmt(c, "the endpoint names no version of the API: use %.200s", url);
}

static const char *request_id(const nube_reply *r)
{
    const char *id = nube_reply_header(r, "X-Openstack-Request-Id");

    return id ? id : nube_reply_header(r, "X-Compute-Request-Id");
}

/* The login's one message stands for every cause. */
static const char *login_advice(nube_call *c)
{
    return nube_call_op_id(c) == NUBE_OP_AUTH ? nova_dialect.login : NULL;
}

static void explain(nube_call *c, struct nube_verdict *v, const char *message, const char *advice)
{
    size_t len = strlen(message);

    while (advice && len && strchr(". ", message[len - 1]))
        len--;
    v->message = advice ? nube_fmt(c, "%.*s; %s", (int)len, message, advice) : message;
}

void nova_classify(nube_call *c, const nube_reply *r, struct nube_verdict *v)
{
    const nube_doc *doc = nube_reply_doc(r);
    int status = nube_reply_status(r);
    const struct words *row;
    const char *message;

    v->request_id = request_id(r) ? request_id(r) : v->request_id;
    if (!v->code)
        return;
    message = nova_fault(c, doc, &v->provider_code);
    row = judge(status, message, v->provider_code);
    if (!v->retry_after_ms)
        v->retry_after_ms = pause_of(c, r);
    if (row) {
        v->code = row->code;
        v->retryable = NUBE_NO;
    } else if (status == 413) {
        judge_size(v, r);
    }
    if (status == 406)
        nova_forget_versions(c);
    if (status == 300)
        explain_choices(c, v, doc);
    /* A path that is not there has no message of its own: what was asked for says more. */
    if (message && strncmp(message, "The resource could not be found", 31) != 0)
        explain(c, v, message, row ? row->advice : status == 401 ? login_advice(c) : NULL);
    else if (status == 401 && login_advice(c))
        explain(c, v, "the login was refused", login_advice(c));
}
