/* The query protocol: form parameters with numbers, filters, and members of XML replies. */
#include <stdio.h>
#include <string.h>

#include "ec2.h"

/* ---- Regions ------------------------------------------------------------------------ */

const char *ec2_region_name(nube_call *c, int region)
{
    return nube_session_str(c, region ? nube_fmt(c, "region.%d", region) : "region.0");
}

int ec2_region_count(nube_call *c)
{
    int n = 0;

    while (ec2_region_name(c, n))
        n++;
    return n;
}

int ec2_region_find(nube_call *c, const char *name)
{
    const char *text;
    int i;

    for (i = 0; (text = ec2_region_name(c, i)); i++)
        if (strcmp(text, name) == 0)
            return i;
    return -1;
}

int ec2_region_arg(nube_call *c)
{
    const char *name = nube_arg_str(c, "region");
    int i = name ? ec2_region_find(c, name) : 0;

    if (i < 0)
        nube_fail(c, NUBE_E_USAGE,
                  "region: this backend does not have %s; its option region may list several: "
                  "region=%s,%s",
                  name, ec2_region_name(c, 0), name);
    return i;
}

/* ---- Requests ----------------------------------------------------------------------- */

nube_req *ec2_change(nube_call *c, int region, const char *action)
{
    nube_req *q = nube_req_new(c, NUBE_POST, region ? nube_fmt(c, "ec2.%d", region) : "ec2.0");

    nube_req_tag(q, region);
    nube_req_form(q, "Action", action);
    nube_req_form(q, "Version", EC2_VERSION);
    return q;
}

nube_req *ec2_read(nube_call *c, int region, const char *action)
{
    nube_req *q = ec2_change(c, region, action);

    nube_req_flag(q, NUBE_REQ_SAFE);
    return q;
}

void ec2_param(nube_req *q, const char *prefix, int n, const char *suffix, const char *value)
{
    if (value) {
        char name[128];

        snprintf(name, sizeof(name), "%s.%d%s", prefix, n, suffix);
        nube_req_form(q, name, value);
    }
}

void ec2_param_bool(nube_req *q, const char *name, int value)
{
    nube_req_form(q, name, value ? "true" : "false");
}

void ec2_param_list(nube_call *c, nube_req *q, const char *name, const char *arg)
{
    size_t i;

    for (i = 0; i < nube_arg_count(c, arg); i++)
        ec2_param(q, name, (int)i + 1, "", nube_arg_at(c, arg, i));
}

void ec2_param_tags(nube_call *c, nube_req *q, const char *resource, const char *name)
{
    const char *key, *value;
    size_t i, n = nube_arg_count(c, "tag");
    int at = 0;

    if (!name && !n)
        return;
    nube_req_form(q, "TagSpecification.1.ResourceType", resource);
    if (name) {
        ec2_param(q, "TagSpecification.1.Tag", ++at, ".Key", "Name");
        ec2_param(q, "TagSpecification.1.Tag", at, ".Value", name);
    }
    for (i = 0; i < n; i++) {
        nube_arg_pair(c, "tag", i, &key, &value);
        if (name && strcmp(key, "Name") == 0)
            continue;
        ec2_param(q, "TagSpecification.1.Tag", ++at, ".Key", key);
        ec2_param(q, "TagSpecification.1.Tag", at, ".Value", value);
    }
}

/* ---- Filters ------------------------------------------------------------------------ */

/* A value stands for itself: the service takes * and ? for wildcards. */
static const char *literal(nube_call *c, const char *value)
{
    char *out, *to;

    if (!strpbrk(value, "*?\\"))
        return value;
    out = to = nube_alloc(c, 2 * strlen(value) + 1);
    for (; *value; value++) {
        if (strchr("*?\\", *value))
            *to++ = '\\';
        *to++ = *value;
    }
    *to = '\0';
    return out;
}

void ec2_filter_like(struct ec2_filters *f, const char *name, const char *pattern)
{
    if (!pattern)
        return;
    ec2_param(f->q, "Filter", ++f->n, ".Name", name);
    f->values = 1;
    ec2_param(f->q, "Filter", f->n, ".Value.1", pattern);
}

void ec2_filter(nube_call *c, struct ec2_filters *f, const char *name, const char *value)
{
    if (value)
        ec2_filter_like(f, name, literal(c, value));
}

void ec2_filter_also(nube_call *c, struct ec2_filters *f, const char *value)
{
    char suffix[32];

    snprintf(suffix, sizeof(suffix), ".Value.%d", ++f->values);
    ec2_param(f->q, "Filter", f->n, suffix, literal(c, value));
}

void ec2_filter_tags(nube_call *c, struct ec2_filters *f)
{
    const char *key, *value;
    size_t i;

    for (i = 0; nube_arg_pair(c, "tag", i, &key, &value); i++)
        ec2_filter(c, f, nube_fmt(c, "tag:%s", key), value);
}

/* ---- Replies ------------------------------------------------------------------------ */

static int ends_in(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);

    return n >= m && strcmp(text + n - m, end) == 0;
}

const nube_doc *ec2_reply(nube_call *c, const nube_reply *r, const char *member)
{
    const nube_doc *doc = nube_reply_doc(r);
    const char *root = nube_doc_name(doc);

    if (root && ends_in(root, "Response") && (!member || nube_doc_get(doc, member)))
        return doc;
    nube_fail(c, NUBE_E_PROTOCOL, "the reply is not one of EC2's API%s%s%s: is the endpoint right?",
              member ? " (it has no " : "", member ? member : "", member ? ")" : "");
    return NULL;
}

enum nube_step ec2_done(nube_call *c, const nube_reply *r)
{
    const nube_doc *doc = ec2_reply(c, r, NULL);

    if (!doc)
        return NUBE_FAIL;
    if (!nube_doc_bool(doc, "return", 1))
        return nube_fail(c, NUBE_E_PROVIDER, "EC2 answered that it was not done, and not why");
    return NUBE_DONE;
}

enum nube_step ec2_send(nube_call *c, int phase)
{
    nube_set_phase(c, phase);
    return NUBE_SEND;
}

/* ---- Members ------------------------------------------------------------------------ */

static int blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Some write a value on a line of its own. */
static const char *trimmed(nube_call *c, const char *text)
{
    size_t len;

    if (!text || !*text)
        return NULL;
    len = strlen(text);
    if (!blank(*text) && !blank(text[len - 1]))
        return text;
    while (blank(*text)) {
        text++;
        len--;
    }
    while (len && blank(text[len - 1]))
        len--;
    return len ? nube_fmt(c, "%.*s", (int)len, text) : NULL;
}

const char *ec2_text(nube_call *c, const nube_doc *doc, const char *path)
{
    return trimmed(c, nube_doc_str(doc, path));
}

int ec2_is(nube_call *c, const nube_doc *doc, const char *path, const char *text)
{
    const char *is = ec2_text(c, doc, path);

    return is && strcmp(is, text) == 0;
}

void ec2_set(nube_call *c, nube_obj *o, enum nube_field field, const nube_doc *doc,
             const char *path)
{
    nube_set(o, field, ec2_text(c, doc, path));
}

void ec2_extra(nube_call *c, nube_obj *o, const char *name, const nube_doc *doc, const char *path)
{
    nube_extra(o, name, ec2_text(c, doc, path));
}

static void typed_extra(nube_obj *o, const struct nube_field_row *row, const nube_doc *value,
                        const char *text)
{
    int64_t whole;
    int flag;

    if (row->type == NUBE_TYPE_INT && nube_doc_as_int(value, &whole))
        nube_extra_int(o, row->extra, whole);
    else if (row->type == NUBE_TYPE_BOOL && nube_doc_as_bool(value, &flag))
        nube_extra_bool(o, row->extra, flag);
    else
        nube_extra(o, row->extra, text);
}

static void set_row(nube_call *c, nube_obj *o, const struct nube_field_row *row,
                    const nube_doc *value)
{
    const char *text = trimmed(c, nube_doc_text(value));

    if (!text)
        return;
    if (row->field == NUBE_CREATED)
        nube_set_time(o, NUBE_CREATED, text);
    else if (row->field != NUBE_FIELD_NONE)
        nube_set(o, (enum nube_field)row->field, text);
    else
        typed_extra(o, row, value, text);
}

void ec2_fields_but(nube_call *c, nube_obj *o, const nube_doc *doc,
                    const struct nube_field_row *rows, const char *const *usual, size_t count)
{
    const nube_doc *values[32];
    size_t at, i, n;

    for (at = 0; at < count; at += n) {
        n = count - at < EC2_ROWS(values) ? count - at : EC2_ROWS(values);
        nube_doc_find(values, doc, rows + at, n);
        for (i = 0; i < n; i++) {
            const char *text = usual ? nube_doc_text(values[i]) : NULL;

            if (!text || strcmp(text, usual[at + i]) != 0)
                set_row(c, o, &rows[at + i], values[i]);
        }
    }
}

void ec2_fields(nube_call *c, nube_obj *o, const nube_doc *doc, const struct nube_field_row *rows,
                size_t count)
{
    ec2_fields_but(c, o, doc, rows, NULL, count);
}

void ec2_tags(nube_obj *o, const nube_doc *doc, int name)
{
    const nube_doc *k;

    for (k = nube_doc_first(nube_doc_get(doc, "tagSet")); k; k = nube_doc_next(k)) {
        const char *key = nube_doc_str(k, "key"), *value = nube_doc_str(k, "value");

        nube_add_pair(o, NUBE_TAGS, key, value ? value : "");
        if (name && key && value && *value && strcmp(key, "Name") == 0)
            nube_set(o, NUBE_NAME, value);
    }
}

const char *ec2_join(nube_call *c, const nube_doc *set, const char *path)
{
    const char *all = NULL, *text;
    const nube_doc *k;

    for (k = nube_doc_first(set); k; k = nube_doc_next(k)) {
        text = path ? nube_doc_str(k, path) : nube_doc_text(k);
        if (text && *text)
            all = all ? nube_fmt(c, "%s,%s", all, text) : text;
    }
    return all;
}
