/* The parser of the XML baseline: libxml2's push SAX, elements are counted and nothing else. */
#include <libxml/parser.h>
#include <stdlib.h>

#include "base.h"

struct parser {
    xmlParserCtxtPtr xml;
    long elements;
};

static void start(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                  int n_ns, const xmlChar **ns, int n, int n_default, const xmlChar **attributes)
{
    struct parser *p = data;

    (void)name, (void)prefix, (void)uri, (void)n_ns, (void)ns, (void)n, (void)n_default;
    (void)attributes;
    p->elements++;
}

struct parser *parser_new(void)
{
    static xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC, .startElementNs = start};
    struct parser *p = calloc(1, sizeof(*p));

    if (!p)
        return NULL;
    p->xml = xmlCreatePushParserCtxt(&sax, p, NULL, 0, NULL);
    xmlCtxtUseOptions(p->xml, XML_PARSE_NONET);
    return p;
}

bool parser_feed(struct parser *p, const char *bytes, size_t len)
{
    return xmlParseChunk(p->xml, bytes, (int)len, 0) == 0;
}

long parser_end(struct parser *p)
{
    long elements = xmlParseChunk(p->xml, NULL, 0, 1) ? -1 : p->elements;

    xmlFreeParserCtxt(p->xml);
    free(p);
    return elements;
}
