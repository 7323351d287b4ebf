/* The envelope around every reply: its verdict, its one object or its rows; and requests. */
#include <string.h>

#include "nephoscale.h"

/* ---- Verdicts --------------------------------------------------------------------------- */

/* The class of a status, as the library has it for those of HTTP: the body repeats one. */
static enum nube_code class_of(int64_t status)
{
    static const struct {
        int status;
        enum nube_code code;
    } rows[] = {{401, NUBE_E_AUTH},       {403, NUBE_E_FORBIDDEN}, {404, NUBE_E_NOT_FOUND},
                {409, NUBE_E_CONFLICT},   {429, NUBE_E_RATE},      {405, NUBE_E_UNSUPPORTED},
                {501, NUBE_E_UNSUPPORTED}};
    size_t i;

    for (i = 0; i < NEPHO_ROWS(rows); i++)
        if (rows[i].status == status)
            return rows[i].code;
    return status >= 400 && status < 500 ? NUBE_E_USAGE : NUBE_E_PROVIDER;
}

static int is_good(int64_t status)
{
    return status >= 200 && status < 300;
}

/* What the body says of itself: 0, or the class of its failure. Any of its members may be missing,
 * but not all. */
static int body_says(const nube_doc *doc)
{
    int64_t response = nube_doc_int(doc, "response", 0);

    if (nube_doc_bool(doc, "success", 1) && (!response || is_good(response)))
        return 0;
    return class_of(is_good(response) ? 0 : response);
}

static int is_envelope(const nube_doc *doc)
{
    return nube_doc_get(doc, "success") || nube_doc_get(doc, "response") ||
           nube_doc_get(doc, "data");
}

static void judge_good(const nube_reply *r, struct nube_verdict *v)
{
    const nube_doc *doc = nube_reply_doc(r);

    if (nube_reply_status(r) == 204 && !doc)
        return;
    if (!is_envelope(doc)) {
        v->code = NUBE_E_PROTOCOL;
        v->message = "the reply is not NephoScale's: it has neither success nor response nor data; "
                     "is the endpoint right?";
        return;
    }
    v->code = body_says(doc);
}

static const char *subcode_of(nube_call *c, const nube_doc *doc)
{
    int64_t subcode = nube_doc_int(doc, "subcode", 0);

    return subcode ? nube_fmt(c, "%lld", (long long)subcode) : NULL;
}

static void explain(nube_call *c, const nube_reply *r, struct nube_verdict *v)
{
    const nube_doc *doc = nube_reply_doc(r);
    const char *text = nepho_text(doc, "message");

    v->provider_code = subcode_of(c, doc);
    if (!text && v->message)
        return;
    if (nube_reply_tag(r) == NEPHO_JOB)
        text = nube_fmt(c, "its job failed: %s", text ? text : "the provider does not say why");
    v->message = text ? text : v->message;
}

void nepho_classify(nube_call *c, const nube_reply *r, struct nube_verdict *v)
{
    int tag = nube_reply_tag(r), missing;

    v->reauth = 0; /* every request has the password: there is no session to renew */
    if (nube_call_op_id(c) == NUBE_OP_RAW)
        return;
    if (!v->code && is_good(nube_reply_status(r)))
        judge_good(r, v);
    missing = v->code == NUBE_E_NOT_FOUND || v->code == NUBE_E_UNSUPPORTED;
    if (missing && (tag == NEPHO_MAYBE || tag == NEPHO_JOB))
        v->code = 0;
    else if (v->code)
        explain(c, r, v);
}

/* ---- Requests ------------------------------------------------------------------------------ */

nube_req *nepho_request(nube_call *c, enum nube_method method, const char *path, const char *id)
{
    nube_req *q = nube_req_new(c, method, NEPHO_API);

    nube_req_path(q, path);
    if (id)
        nube_req_seg(q, id);
    nube_req_flag(q, NUBE_REQ_SLASH);
    nube_req_header(q, "Accept", "application/json");
    return q;
}

enum nube_step nepho_send(nube_call *c, int phase)
{
    nube_set_phase(c, phase);
    return NUBE_SEND;
}

const char *nepho_kind_arg(nube_call *c)
{
    const char *kind = nube_arg_str(c, "kind");

    return !kind ? NULL : strcmp(kind, NEPHO_CLOUD) == 0 ? NEPHO_CLOUD : NEPHO_DEDICATED;
}

/* ---- Replies ------------------------------------------------------------------------------- */

const nube_doc *nepho_first(const nube_reply *r)
{
    const nube_doc *data = nube_doc_get(nube_reply_doc(r), "data");

    if (body_says(nube_reply_doc(r)))
        return NULL;
    if (nube_doc_type(data) == NUBE_DOC_ARRAY)
        data = nube_doc_first(data);
    return nube_doc_type(data) == NUBE_DOC_OBJECT && nube_doc_first(data) ? data : NULL;
}

const char *nepho_text(const nube_doc *doc, const char *path)
{
    const char *text = nube_doc_str(doc, path);

    return text && *text ? text : NULL;
}

void nepho_fields(nube_obj *o, const nube_doc *doc, const struct nube_field_row *rows, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (nepho_text(doc, rows[i].path))
            nube_set_fields(o, doc, &rows[i], 1);
}

nube_req *nepho_rows(nube_call *c, const char *path, nube_item_fn fn)
{
    nube_req *q = nepho_request(c, NUBE_GET, path, NULL);

    nube_req_items(q, "data", fn);
    nube_req_flag(q, NUBE_REQ_LOOSE);
    return q;
}

enum nube_step nepho_rows_end(nube_call *c, const nube_reply *r, nube_item_fn fn, size_t count)
{
    const nube_doc *doc = nube_reply_doc(r), *data = nube_doc_get(doc, "data");
    int64_t total = nube_doc_int(doc, "total_count", 0);

    if (nube_doc_type(data) == NUBE_DOC_OBJECT) {
        fn(c, data);
        return NUBE_DONE;
    }
    if (total > (int64_t)count)
        return nube_fail(c, NUBE_E_PROTOCOL,
                         "the provider has %lld of them and gave %zu: the list is not whole",
                         (long long)total, count);
    return NUBE_DONE;
}

/* ---- Lists --------------------------------------------------------------------------------- */

struct count {
    size_t n[2];
    int left;
};

void nepho_counted(nube_call *c, int dedicated)
{
    struct count *s = nube_state(c, sizeof(*s));

    s->n[dedicated]++;
}

enum nube_step nepho_list(nube_call *c, const nube_reply *r, const char *path, nube_item_fn fn,
                          void (*build)(nube_call *, nube_req *))
{
    struct count *s = nube_state(c, sizeof(*s));
    nube_req *q;

    if (r)
        return nepho_rows_end(c, r, fn, s->n[0]);
    q = nepho_rows(c, path, fn);
    if (build)
        build(c, q);
    return NUBE_SEND;
}

/* Who has no physical machines may have no place for them either. */
static void ask(nube_call *c, const struct nepho_pair *p, int dedicated)
{
    nube_req *q = nepho_rows(c, dedicated ? p->dedicated : p->cloud,
                             dedicated ? p->dedicated_fn : p->cloud_fn);
    struct count *s = nube_state(c, sizeof(*s));

    if (dedicated) {
        nube_req_tag(q, NEPHO_MAYBE);
        nube_req_allow(q, 404);
    }
    if (p->build)
        p->build(c, q);
    s->left++;
}

enum nube_step nepho_list_pair(nube_call *c, const nube_reply *r, const struct nepho_pair *p)
{
    struct count *s = nube_state(c, sizeof(*s));
    const char *kind = nepho_kind_arg(c);
    int dedicated = nube_reply_tag(r) == NEPHO_MAYBE;

    if (!r) {
        if (!kind || strcmp(kind, NEPHO_CLOUD) == 0)
            ask(c, p, 0);
        if (!kind || strcmp(kind, NEPHO_DEDICATED) == 0)
            ask(c, p, 1);
        return NUBE_SEND;
    }
    if (nepho_rows_end(c, r, dedicated ? p->dedicated_fn : p->cloud_fn, s->n[dedicated]) ==
        NUBE_FAIL)
        return NUBE_FAIL;
    return --s->left ? NUBE_SEND : NUBE_DONE;
}
