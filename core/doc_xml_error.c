/* What is wrong with an XML text, and on which line. */
#include "doc_xml.h"

#include <stdio.h>

#include <nube/error.h>

uint64_t nube_xml_line(const struct nube_xml *x, const char *p)
{
    uint64_t line = x->line;
    const char *s = x->mark;

    while (s < p && (s = memchr(s, '\n', (size_t)(p - s)))) {
        line++;
        s++;
    }
    return line;
}

const char *nube_xml_wrong(struct nube_xml *x, const char *p, const char *what)
{
    nube_build_fail(x->b, NUBE_E_PROTOCOL, "XML: line %llu: %s",
                    (unsigned long long)nube_xml_line(x, p), what);
    return NULL;
}

/* The builder refused: it said what, this says that it was XML. */
const char *nube_xml_refused(struct nube_xml *x)
{
    char what[sizeof(x->b->message)];

    memcpy(what, x->b->message, sizeof(what));
    snprintf(x->b->message, sizeof(x->b->message), "XML: %.140s", what);
    return NULL;
}

const char *nube_xml_expected(struct nube_xml *x, const char *p, const char *what)
{
    char text[120];
    unsigned char c = (unsigned char)*p;

    if (c > ' ' && c < 0x7f)
        snprintf(text, sizeof(text), "expected %s, found '%c'", what, c);
    else
        snprintf(text, sizeof(text), "expected %s, found octet 0x%02x", what, c);
    return nube_xml_wrong(x, p, text);
}

/* The name at p, checked; NULL: it is none. */
const char *nube_xml_name_at(struct nube_xml *x, const char *p, const char *end, const char *what)
{
    const char *stop = nube_xml_name_end(p, end);

    if (stop == p)
        return nube_xml_expected(x, p, what);
    if (stop - p > NUBE_XML_MAX_NAME) {
        nube_build_fail(x->b, NUBE_E_TOO_LARGE, "XML: line %llu: a name of more than %d octets",
                        (unsigned long long)nube_xml_line(x, p), NUBE_XML_MAX_NAME);
        return NULL;
    }
    if (nube_xml_local(p, (size_t)(stop - p)) == SIZE_MAX)
        return nube_xml_wrong(x, p, "a name with a colon too many");
    return stop;
}
