/* Streaming readers of one body: the JSON or the XML tokenizer in front of the tree builder.
 */
#include <stdio.h>

#include "doc_json.h"
#include "doc_xml.h"
#include "mem.h"

struct nube_reader {
    struct nube_build b;
    struct nube_tok json;
    struct nube_xml *xml; /* NULL: JSON */
    bool any;             /* a piece that was not empty came */
};

struct nube_reader *nube_reader_new(const struct nube_reader_conf *conf)
{
    struct nube_reader *r = nube_mem_alloc(sizeof(*r));

    if (!r)
        return NULL;
    memset(r, 0, sizeof(*r));
    if (!nube_build_init(&r->b, conf)) {
        nube_mem_free(r);
        return NULL;
    }
    nube_tok_init(&r->json, &r->b, conf->values);
    if (!conf->xml)
        return r;
    r->xml = nube_mem_alloc(sizeof(*r->xml));
    if (!r->xml) {
        nube_reader_free(r);
        return NULL;
    }
    nube_xml_init(r->xml, &r->b);
    return r;
}

void nube_reader_free(struct nube_reader *r)
{
    if (!r)
        return;
    if (r->xml)
        nube_xml_free(r->xml);
    nube_mem_free(r->xml);
    nube_tok_free(&r->json);
    nube_build_free(&r->b);
    nube_mem_free(r);
}

static int failed(const struct nube_reader *r, char message[256])
{
    snprintf(message, 256, "%s", r->b.message);
    return r->b.code;
}

int nube_reader_push(struct nube_reader *r, const char *bytes, size_t len, char message[256])
{
    bool ok;

    if (r->b.code)
        return failed(r, message);
    if (!len)
        return 0;
    r->any = true;
    if (r->xml)
        ok = nube_xml_push(r->xml, bytes, len);
    else
        ok = nube_tok_push(&r->json, bytes, len);
    return ok ? 0 : failed(r, message);
}

int nube_reader_end(struct nube_reader *r, const struct nube_doc **root, char message[256])
{
    bool ok = true;

    *root = NULL;
    if (r->b.code)
        return failed(r, message);
    if (!r->any)
        return 0;
    if (r->xml)
        ok = nube_xml_end(r->xml);
    else
        ok = nube_tok_end(&r->json);
    if (!ok)
        return failed(r, message);
    *root = r->b.root;
    return 0;
}

const struct nube_doc *nube_doc_parse_json(struct nube_arena *arena, const char *text, size_t len)
{
    struct nube_reader_conf conf = {.arena = arena};
    struct nube_reader *r = nube_reader_new(&conf);
    const struct nube_doc *root = NULL;
    char message[256];

    if (r && nube_reader_push(r, text, len, message) == 0)
        nube_reader_end(r, &root, message);
    nube_reader_free(r);
    return root;
}
