/* The XML side of a reader: a strict push tokenizer that feeds the tree builder. */
#ifndef NUBE_CORE_DOC_XML_H
#define NUBE_CORE_DOC_XML_H

#include "doc_build.h"

enum {
    NUBE_XML_NAMES = 512,          /* places for element names that are kept for the document */
    NUBE_XML_SHORT = 64,           /* longer ones are not kept */
    NUBE_XML_MAX_NAME = 50000,     /* octets of a name */
    NUBE_XML_MAX_ATTRIBUTES = 256, /* of one element */
};

/* An element's name as it is written, and where its local part begins. */
struct nube_xml_name {
    const char *text;
    uint32_t len, hash, local, local_hash;
};

struct nube_xml {
    struct nube_build *b;
    const char *mark;     /* in what is being read: */
    uint64_t line;        /* the line there */
    struct nube_buf part; /* raw text of a token that began in an earlier piece */
    uint64_t part_line;
    size_t text_len; /* of the open element so far: written at b->room->text, not committed */
    size_t n;        /* octets of the token so far */
    uint8_t mode, token, want, run, bom;
    char quote;      /* an attribute's value is open, or a '?' came last */
    bool may_be_xml; /* so far the token is "<?xml" */
    bool cr;         /* the piece ended in a carriage return */
    bool begun;      /* something came: too late for an XML declaration */
    bool root;       /* the root element's beginning was seen */
    struct nube_xml_name open[NUBE_MAX_DEPTH];
    struct nube_xml_name names[NUBE_XML_NAMES];
};

void nube_xml_init(struct nube_xml *x, struct nube_build *b);
void nube_xml_free(struct nube_xml *x);
/* False: b->code and b->message say why, line included. */
bool nube_xml_push(struct nube_xml *x, const char *bytes, size_t len);
bool nube_xml_end(struct nube_xml *x);

/* ---- doc_xml_error.c ---------------------------------------------------------------- */

/* The line of a place in what is being read. */
uint64_t nube_xml_line(const struct nube_xml *x, const char *p);
/* These give NULL, which is what the functions that advance through a piece answer when they fail.
 */
const char *nube_xml_wrong(struct nube_xml *x, const char *p, const char *what);
const char *nube_xml_expected(struct nube_xml *x, const char *p, const char *what);
/* The builder refused: it said what, this says that it was XML. */
const char *nube_xml_refused(struct nube_xml *x);
/* The end of the name at p, which must be one. */
const char *nube_xml_name_at(struct nube_xml *x, const char *p, const char *end, const char *what);

/* ---- doc_xml_tag.c ------------------------------------------------------------------ */

/* A whole tag; p is its '<', and end is behind its '>' or the '<' that stands for it. */
bool nube_xml_start_tag(struct nube_xml *x, const char *p, const char *end);
bool nube_xml_end_tag(struct nube_xml *x, const char *p, const char *end);
/*
 * The same for tags as most are: the start of a name seen before, without attributes, and
 * the end that belongs to it. The place behind it; NULL: it is something else, or the
 * builder failed.
 */
const char *nube_xml_quick_start(struct nube_xml *x, const char *p, const char *end);
const char *nube_xml_quick_end(struct nube_xml *x, const char *p, const char *end);

/* ---- doc_xml_text.c: what tokens are made of ---------------------------------------- */

static inline bool nube_xml_white(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Octets of the character at p that XML allows, 0 when it is none or cut off. */
size_t nube_xml_char(const char *p, const char *end);
/* Octets that the first one promises; 1 for one that can begin nothing. */
size_t nube_xml_promised(char first);
/* The end of the name at p; p itself when there is none. */
const char *nube_xml_name_end(const char *p, const char *end);
/* Where the local part of a name begins; SIZE_MAX: the name has a colon too many. */
size_t nube_xml_local(const char *name, size_t len);
/* The text for a whole reference, "&" and ";" included; 0: *why says what is wrong. */
size_t nube_xml_reference(char to[4], const char *p, const char *end, char why[80]);
/* Decodes an attribute's value into `to`, which has room for it; the length. *bad is set to where
 * it is wrong, and why says how. */
size_t nube_xml_value(char *to, const char *p, const char *end, const char **bad, char why[80]);
/* A whole XML declaration: is it right, and UTF-8? */
bool nube_xml_declaration(const char *p, const char *end, char why[80]);

#endif
