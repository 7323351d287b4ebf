/* XML through libxml2: push SAX2 without DTD, entities and network, as a service module. */
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <stdio.h>
#include <string.h>

#include "service.h"

enum { SLICE = 32 << 10 }; /* pushed at once: libxml2 copies what it has not read yet */

static const struct nube_host *_Atomic host; /* set by each library that opens this */

struct nube_xml {
    xmlParserCtxtPtr parser;
    const struct nube_xml_events *events;
    void *data;
    size_t depth;
    bool root;       /* its beginning was seen */
    bool stopped;    /* by a callback or by a DOCTYPE */
    char error[200]; /* the first one, with its line; "" when a callback stopped */
};

static void note(struct nube_xml *x, int line, const char *text)
{
    char *p;

    if (x->error[0])
        return;
    snprintf(x->error, sizeof(x->error), "XML: line %d: %.160s", line, text);
    x->error[strcspn(x->error, "\n")] = '\0';
    for (p = x->error; *p; p++)
        if ((unsigned char)*p < ' ')
            *p = ' ';
}

static void stop(struct nube_xml *x)
{
    x->stopped = true;
    xmlStopParser(x->parser);
}

static void start_element(void *data, const xmlChar *name, const xmlChar *prefix,
                          const xmlChar *uri, int n_ns, const xmlChar **ns, int n_attributes,
                          int n_default, const xmlChar **attributes)
{
    struct nube_xml *x = data;
    int i;

    (void)prefix, (void)uri, (void)n_ns, (void)ns, (void)n_default;
    if (x->stopped)
        return;
    x->root = true;
    x->depth++;
    if (!x->events->begin(x->data, (const char *)name, strlen((const char *)name))) {
        stop(x);
        return;
    }
    for (i = 0; i < n_attributes; i++, attributes += 5) { /* name, prefix, URI, value, its end */
        const char *local = (const char *)attributes[0], *value = (const char *)attributes[3];

        if (!x->events->attribute(x->data, local, strlen(local), value,
                                  (size_t)((const char *)attributes[4] - value))) {
            stop(x);
            return;
        }
    }
}

static void end_element(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct nube_xml *x = data;

    (void)name, (void)prefix, (void)uri;
    if (x->stopped)
        return;
    x->depth--;
    if (!x->events->end(x->data))
        stop(x);
}

static void characters(void *data, const xmlChar *text, int len)
{
    struct nube_xml *x = data;

    if (!x->stopped && !x->events->text(x->data, (const char *)text, (size_t)len))
        stop(x);
}

static void doctype(void *data, const xmlChar *name, const xmlChar *id, const xmlChar *uri)
{
    struct nube_xml *x = data;

    (void)name, (void)id, (void)uri;
    note(x, xmlSAX2GetLineNumber(x->parser), "a DOCTYPE is refused (is it an HTML page?)");
    stop(x);
}

#if LIBXML_VERSION >= 21200
static void on_error(void *data, const xmlError *error)
#else
static void on_error(void *data, xmlErrorPtr error)
#endif
{
    struct nube_xml *x = data;

    if (!x->stopped && error->level == XML_ERR_FATAL)
        note(x, error->line, error->message ? error->message : "not well formed");
}

static void xml_close(struct nube_xml *x)
{
    if (!x)
        return;
    xmlFreeParserCtxt(x->parser);
    host->free(x);
}

static struct nube_xml *xml_open(const struct nube_xml_events *events, void *data)
{
    xmlSAXHandler sax;
    struct nube_xml *x = host->alloc(sizeof(*x));

    if (!x)
        return NULL;
    memset(x, 0, sizeof(*x));
    x->events = events;
    x->data = data;
    memset(&sax, 0, sizeof(sax));
    sax.initialized = XML_SAX2_MAGIC;
    sax.startElementNs = start_element;
    sax.endElementNs = end_element;
    sax.characters = sax.ignorableWhitespace = sax.cdataBlock = characters;
    sax.internalSubset = doctype;
    sax.serror = on_error;
    x->parser = xmlCreatePushParserCtxt(&sax, x, NULL, 0, NULL);
    if (!x->parser) {
        host->free(x);
        return NULL;
    }
    /* NOENT only so that "&amp;" in an attribute is not left as "&#38;": without a DOCTYPE nothing
     * else can be replaced, any other entity is an error. */
    xmlCtxtUseOptions(x->parser, XML_PARSE_NONET | XML_PARSE_NOENT);
    return x;
}

/* What the end of the body revealed: an element that never ended, or a rest that is no XML. */
static int at_end(struct nube_xml *x, char message[256])
{
    int line = xmlSAX2GetLineNumber(x->parser);
    size_t depth = x->depth;
    bool root = x->root;

    xmlParseChunk(x->parser, NULL, 0, 1);
    if (!x->stopped && x->parser->wellFormed) /* its result may be a mere warning */
        return 0;
    if (x->stopped || (root && !depth))
        snprintf(message, 256, "%s", x->error);
    else
        snprintf(message, 256, "XML ends %s at line %d: the reply was cut off",
                 root ? "inside an element" : "before the root element", line);
    return -1;
}

static int xml_push(struct nube_xml *x, const char *bytes, size_t len, bool last, char message[256])
{
    while (len && !x->stopped) {
        size_t n = len < SLICE ? len : SLICE;

        xmlParseChunk(x->parser, bytes, (int)n, 0);
        if (!x->parser->wellFormed)
            break;
        bytes += n;
        len -= n;
    }
    if (len || x->stopped || !x->parser->wellFormed) {
        snprintf(message, 256, "%s", x->error);
        return -1;
    }
    return last ? at_end(x, message) : 0;
}

static const struct nube_xml_ops ops = {xml_open, xml_push, xml_close};

__attribute__((visibility("default"))) const struct nube_service_module *
nube_service_v0(const struct nube_host *lent);

const struct nube_service_module *nube_service_v0(const struct nube_host *lent)
{
    static const struct nube_service_module module = {
        .size = sizeof(module),
        .build = NUBE_SERVICE_BUILD,
        .name = "xml",
        .version = LIBXML_DOTTED_VERSION,
        .ops = &ops,
    };

    if (!lent || lent->build != NUBE_SERVICE_BUILD)
        return NULL;
    host = lent;
    xmlInitParser();
    return &module;
}
