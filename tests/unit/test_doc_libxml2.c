/*
 * The tokenizer beside libxml2: same verdict and same tree on a corpus, on mutations of it, on
 * generated documents and however they are cut. Where libxml2 takes what we refuse, the text has a
 * DOCTYPE or names another encoding than UTF-8, or lax() names the reason.
 */
#include "doc_help.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <stdlib.h>

#include "encode.h"

static const char *const corpus[] = {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<R xmlns=\"urn:x\"><id>i-1</id><set><item>1</item>"
    "<item> 2 </item></set><empty/></R>\n",
    "<p:r xmlns:p=\"urn:p\" p:k='v'><p:a>1</p:a>\n<b.c-d_e/></p:r >",
    "<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x20AC;<![CDATA[<b>&]] ]]]></a>",
    "<a x = 'one &#10; \"two\"' y=\"&lt;'\tz\"><!-- a - b --><?pi some ?text?>t</a><!-- end "
    "--><?p?>",
    "<d>\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80<n\xc3\xa9 \xc3\xa0='\xc2\xb7'>]] ]></n\xc3\xa9></d>",
    "\xef\xbb\xbf<a>\r\nline\r\rline\n<b>  </b> <c>x</c> tail</a>",
    "<?xml version='1.0' standalone='no' ?><!--c--><a:b:c xmlns:a='u'><x/><y></y></a:b:c>",
};

/* ---- Theirs: a SAX handler that makes the same text as show() ------------------------- */

struct frame {
    char *name, *text;
    size_t text_len;
    struct nube_buf members; /* with a comma behind each */
};
static struct frame stack[256];
static size_t depth;
static struct nube_buf *result;

static void member(const char *mark, const char *name, const char *text, size_t len)
{
    nube_buf_fmt(&stack[depth - 1].members, "%s%s=\"%zu:", mark, name, len);
    nube_buf_add(&stack[depth - 1].members, text, len);
    nube_buf_puts(&stack[depth - 1].members, "\",");
}

static void flush(void)
{
    struct frame *f = &stack[depth - 1];
    size_t i = 0;

    while (i < f->text_len && strchr(" \t\r\n", f->text[i]))
        i++;
    if (i < f->text_len)
        member("#", "text", f->text, f->text_len);
    f->text_len = 0;
}

static void start(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                  int n_ns, const xmlChar **ns, int n, int n_default, const xmlChar **at)
{
    (void)data, (void)prefix, (void)uri, (void)n_ns, (void)ns, (void)n_default;
    if (depth)
        flush();
    assert_true(depth < 256);
    memset(&stack[depth], 0, sizeof(stack[depth]));
    stack[depth].name = strdup((const char *)name);
    nube_buf_init(&stack[depth++].members, 1 << 20);
    for (; n--; at += 5)
        member("@", (const char *)at[0], (const char *)at[3], (size_t)(at[4] - at[3]));
}

static void end(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct frame *f = &stack[depth - 1];
    struct nube_buf *to = depth > 1 ? &stack[depth - 2].members : result;

    (void)data, (void)name, (void)prefix, (void)uri;
    if (f->members.len)
        flush();
    nube_buf_fmt(to, "%s=", f->name);
    if (f->members.len) {
        nube_buf_puts(to, "{");
        nube_buf_add(to, f->members.data, f->members.len - 1);
        nube_buf_puts(to, "}");
    } else {
        nube_buf_fmt(to, "\"%zu:", f->text_len);
        nube_buf_add(to, f->text, f->text_len);
        nube_buf_puts(to, "\"");
    }
    nube_buf_puts(to, depth > 1 ? "," : "");
    nube_buf_free(&f->members);
    free(f->name);
    free(f->text);
    depth--;
}

static void characters(void *data, const xmlChar *text, int len)
{
    struct frame *f;

    (void)data;
    if (!depth) /* it goes on after an error */
        return;
    f = &stack[depth - 1];
    f->text = realloc(f->text, f->text_len + (size_t)len + 1);
    memcpy(f->text + f->text_len, text, (size_t)len);
    f->text_len += (size_t)len;
}

static bool doctype;

static void on_doctype(void *data, const xmlChar *name, const xmlChar *id, const xmlChar *uri)
{
    (void)data, (void)name, (void)id, (void)uri;
    doctype = true;
}

static void quiet(void *data, xmlErrorPtr error)
{
    (void)data, (void)error;
}

/* "" when it is refused. */
static void theirs(struct nube_buf *out, const char *text, size_t len)
{
    static xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
                                .startElementNs = start,
                                .endElementNs = end,
                                .characters = characters,
                                .ignorableWhitespace = characters,
                                .cdataBlock = characters,
                                .internalSubset = on_doctype,
                                .serror = quiet};
    xmlParserCtxtPtr p = xmlCreateMemoryParserCtxt(text, (int)len);
    xmlSAXHandlerPtr own;

    if (!p)
        return;
    own = p->sax;
    p->sax = &sax;
    xmlCtxtUseOptions(p, XML_PARSE_NONET | XML_PARSE_NOENT);
    depth = 0;
    doctype = false;
    result = out;
    xmlParseDocument(p);
    while (depth)
        end(NULL, NULL, NULL, NULL);
    if (!p->wellFormed)
        nube_buf_clear(out);
    p->sax = own;
    if (p->myDoc)
        xmlFreeDoc(p->myDoc);
    xmlFreeParserCtxt(p);
}

/* ---- Both ---------------------------------------------------------------------------- */

static size_t taken, refused, laxer;

/*
 * What libxml2 takes and XML 1.0 does not, seen in its text: it looks for an attribute's end
 * behind a declaration of an empty prefix, which it skips, and so misses the same name again.
 */
static bool lax(const char *text)
{
    return strstr(text, "xmlns:") && (strstr(text, "=''") || strstr(text, "=\"\""));
}

static bool other_encoding(const char *text)
{
    return strcasestr(text, "encoding") && !strcasestr(text, "encoding=\"UTF-8\"");
}

static void compare(const char *text, size_t len, size_t cut)
{
    struct reading r = {0};
    struct nube_buf a;

    nube_buf_init(&a, 1 << 20);
    nube_buf_puts(&a, "");
    theirs(&a, text, len);
    read_cut(&r, (struct nube_reader_conf){.xml = true}, text, len, cut);
    if (r.code && (doctype || other_encoding(text) || (a.len && lax(text))))
        laxer++;
    else if (strcmp(a.data ? a.data : "", r.code ? "" : r.seen.data + 1) != 0)
        fail_msg("\"%.*s\" cut at %zu\nlibxml2: %s\nours:    %s", (int)len, text, cut, a.data,
                 r.seen.data);
    taken += r.code == 0;
    refused += r.code != 0;
    nube_buf_free(&a);
    nube_buf_free(&r.seen);
}

enum { CORPUS = sizeof(corpus) / sizeof(corpus[0]) };

static void the_corpus_gives_the_same(void **state)
{
    size_t i, cut;

    (void)state;
    taken = refused = laxer = 0;
    for (i = 0; i < CORPUS; i++)
        for (cut = 0; cut <= strlen(corpus[i]); cut++)
            compare(corpus[i], strlen(corpus[i]), cut ? cut : SIZE_MAX);
    assert_int_equal(refused, 0);
}

static void truncations_give_the_same(void **state)
{
    size_t i, n;

    (void)state;
    for (i = 0; i < CORPUS; i++)
        for (n = 1; n < strlen(corpus[i]); n++)
            compare(corpus[i], n, n / 2);
}

/* The same numbers in every run. */
static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static size_t mutate(char *text, size_t len, uint32_t *seed)
{
    static const char bytes[] = "<>&;/!?-[]='\" \t\n\r:xml#09aA._\xc3\xa9\xef\xbf\xbe\xff\x01\x7f";
    static const char *const words[] = {
        "<!--", "-->",    "<![CDATA[", "]]>", "<?xml ",   "?>",
        "&lt;", "&#13;",  "&#x0;",     "/>",  "</a>",     "<a>",
        "&x;",  " a='1'", "xmlns:p=",  "--",  "&#xFFFF;", "<!DOCTYPE a>"};
    size_t at = next_random(seed) % len, n = 1;
    char c = bytes[next_random(seed) % (sizeof(bytes) - 1)];
    const char *in = &c;

    switch (next_random(seed) % 4) {
    case 0:
        text[at] = c;
        return len;
    case 1:
        memmove(text + at, text + at + 1, len - at);
        return len - 1;
    case 2:
        in = words[next_random(seed) % (sizeof(words) / sizeof(words[0]))];
        n = strlen(in);
        break;
    default:
        break;
    }
    memmove(text + at + n, text + at, len - at + 1);
    memcpy(text + at, in, n);
    return len + n;
}

static void mutations_give_the_same(void **state)
{
    uint32_t seed = 1;
    char text[512];
    int round;

    (void)state;
    taken = refused = laxer = 0;
    for (round = 0; round < 60000; round++) {
        const char *from = corpus[next_random(&seed) % CORPUS];
        size_t len = strlen(from), times = 1 + next_random(&seed) % 3;

        memcpy(text, from, len + 1);
        while (times-- && len)
            len = mutate(text, len, &seed);
        if (len)
            compare(text, len, 1 + next_random(&seed) % len);
    }
    assert_true(taken > 5000 && refused > 5000);
    assert_true(laxer < refused / 10);
}

/* ---- Generated documents --------------------------------------------------------------- */

static void some_text(struct nube_buf *out, uint32_t *seed)
{
    static const char *const words[] = {"word",       " ",        "\n  ",
                                        "&amp;",      "&#x41;",   "]]",
                                        "\r\n",       "\xc3\xa9", "<![CDATA[<&]]>",
                                        "<!-- c -->", "<?p?>",    "longer than eight",
                                        "\t",         "'\"",      "\r"};
    size_t n = next_random(seed) % 4;

    while (n--)
        nube_buf_puts(out, words[next_random(seed) % (sizeof(words) / sizeof(words[0]))]);
}

static void some_element(struct nube_buf *out, uint32_t *seed, int level)
{
    static const char *const names[] = {"item", "a", "p:name", "some-longer.name", "n\xc3\xa9"};
    const char *name = names[next_random(seed) % (sizeof(names) / sizeof(names[0]))];
    size_t n = level < 5 ? next_random(seed) % 4 : 0;

    nube_buf_fmt(out, "<%s%s%s", name, next_random(seed) % 4 ? "" : " k=\"v &lt;\n\"",
                 next_random(seed) % 4 ? "" : " xmlns:p='u' p:k='\xc3\xa9'");
    if (next_random(seed) % 4 == 0) {
        nube_buf_puts(out, "/>");
        return;
    }
    nube_buf_puts(out, ">");
    some_text(out, seed);
    while (n--) {
        some_element(out, seed, level + 1);
        some_text(out, seed);
    }
    nube_buf_fmt(out, "</%s%s>", name, next_random(seed) % 4 ? "" : " ");
}

static void generated_documents_give_the_same(void **state)
{
    uint32_t seed = 7;
    int round;

    (void)state;
    taken = refused = laxer = 0;
    for (round = 0; round < 20000; round++) {
        struct nube_buf text;

        nube_buf_init(&text, 1 << 20);
        some_element(&text, &seed, 0);
        compare(text.data, text.len, 1 + next_random(&seed) % text.len);
        nube_buf_free(&text);
    }
    assert_int_equal(refused, 0);
}

/* As the beginning of a name, within one, and as text: all that are near a limit, and most others.
 */
static void every_kind_of_character_gives_the_same(void **state)
{
    static const struct {
        const char *before, *behind;
    } forms[] = {{"<", "/>"}, {"<a", "/>"}, {"<a>", "</a>"}, {"<a b='", "'/>"}};
    uint32_t c;
    size_t i, n;

    (void)state;
    for (c = 1; c < 0x110000; c += c < 0x3100 || (c & 0xfff) < 3 || (c & 0xff) > 0xce ? 1 : 0x31)
        for (i = 0; i < 4; i++) {
            char text[64], at[8] = "";

            n = nube_utf8_put(at, c);
            at[n] = '\0';
            snprintf(text, sizeof(text), "%s%s%s", forms[i].before, at, forms[i].behind);
            compare(text, strlen(text), SIZE_MAX);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_corpus_gives_the_same),
        cmocka_unit_test(every_kind_of_character_gives_the_same),
        cmocka_unit_test(truncations_give_the_same),
        cmocka_unit_test(mutations_give_the_same),
        cmocka_unit_test(generated_documents_give_the_same),
    };

    xmlSetStructuredErrorFunc(NULL, quiet);
    return cmocka_run_group_tests_name("doc beside libxml2", tests, NULL, NULL);
}
