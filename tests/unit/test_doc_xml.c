/* Documents from XML: the tree, the items, and what is refused, however the text is cut. */
#include "doc_help.h"

static void check_xml(const char *path, const char *text, const char *expect)
{
    check((struct nube_reader_conf){.items_path = path, .xml = true}, text, strlen(text), expect);
}

static void elements_become_members(void **state)
{
    (void)state;
    check_xml(NULL, "<a/>", "|a=\"0:\"");
    check_xml(NULL,
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<r xmlns=\"urn:x\">\n <id>i-1</id>\n"
              " <set>\n  <item>1</item>\n  <item> 2 </item>\n </set>\n <empty></empty>\n</r>\n",
              "|r={id=\"3:i-1\",set={item=\"1:1\",item=\"3: 2 \"},empty=\"0:\"}");
    check_xml(NULL, "<p:r xmlns:p=\"urn:p\"><p:a>1</p:a><u:b>2</u:b></p:r>",
              "|r={a=\"1:1\",b=\"1:2\"}");
}

static void text_is_decoded(void **state)
{
    (void)state;
    check_xml(NULL, "<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x20AC;<![CDATA[<b>&]]></a>",
              "|a=\"13:<&>\"'A\xe2\x82\xac<b>&\"");
    check_xml(NULL, "<a>x<!-- no -->y<?pi no?>z</a>", "|a=\"3:xyz\"");
    check_xml(NULL, "<a>a\r\nb\rc\r\r\nd&#13;</a>", "|a=\"9:a\nb\nc\n\nd\r\"");
    check_xml(NULL, "<a><![CDATA[x]]]]><![CDATA[>\r\n\xc3\xa9]]></a>", "|a=\"7:x]]>\n\xc3\xa9\"");
    check_xml(NULL, "<a>]]&amp;>]]<b/>></a>", "|a={#text=\"6:]]&>]]\",b=\"0:\",#text=\"1:>\"}");
    check_xml(NULL, "<a b='1&#x9;\r\n\t&gt;'>]]&gt;] ]></a>",
              "|a={@b=\"5:1\t  >\",#text=\"7:]]>] ]>\"}");
    check_xml(NULL, "\xef\xbb\xbf<?xml version='1.0' encoding='utf-8' standalone=\"yes\" ?> <a/>",
              "|a=\"0:\"");
}

static void attributes_are_members_with_a_mark(void **state)
{
    (void)state;
    check_xml(NULL, "<s xmlns=\"urn:x\" id=\"1\" name=\"a &amp; b\"/>",
              "|s={@id=\"1:1\",@name=\"5:a & b\"}");
    check_xml(NULL, "<s id=\"1\"><k>v</k></s>", "|s={@id=\"1:1\",k=\"1:v\"}");
}

static void text_beside_elements_is_kept_unless_it_is_white(void **state)
{
    (void)state;
    check_xml(NULL, "<s unit=\"GB\"> 5 </s>", "|s={@unit=\"2:GB\",#text=\"3: 5 \"}");
    check_xml(NULL, "<p>one <b>two</b>\n<i>three</i> four</p>",
              "|p={#text=\"4:one \",b=\"3:two\",i=\"5:three\",#text=\"5: four\"}");
}

static void items_are_cut_out(void **state)
{
    (void)state;
    check_xml("R.set",
              "<R><id>1</id><set>\n<item><a>1</a></item>\n<item/>\n<other>t</other></set><next>n</"
              "next></R>",
              "item={a=\"1:1\"};item=\"0:\";other=\"1:t\";|R={id=\"1:1\",set={},next=\"1:n\"}");
    check_xml("R.set", "<R><set/></R>", "|R={set={}}");
    check_xml("R.set", "<R><set n=\"0\"/></R>", "|R={set={@n=\"1:0\"}}");
    check_xml("R.set", "<R><x><set><item>1</item></set></x></R>", "|R={x={set={item=\"1:1\"}}}");
    check_xml("", "<R z=\"1\"><item>1</item><item><b>2</b></item></R>",
              "item=\"1:1\";item={b=\"1:2\"};|R={@z=\"1:1\"}");
    check_xml("R.a.b", "<R><a><b><i>1</i></b></a><b><i>2</i></b><a><b><i>3</i></b></a></R>",
              "i=\"1:1\";i=\"1:3\";|R={a={b={}},b={i=\"1:2\"},a={b={}}}");
    check_xml("R.set", "<Response><Errors><Error><Code>X</Code></Error></Errors></Response>",
              "|Response={Errors={Error={Code=\"1:X\"}}}");
}

static void sets_in_items_come_whole_with_what_follows_them(void **state)
{
    (void)state;
    check_xml(
        "D.reservationSet",
        "<D "
        "xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>q</"
        "requestId><reservationSet>"
        "<item><reservationId>r-1</reservationId><instancesSet><item><id>i-1</id></item>"
        "<item><id>i-2</id></item></instancesSet><ownerId>7</ownerId></item></reservationSet>"
        "<nextToken>t</nextToken></D>",
        "item={reservationId=\"3:r-1\",instancesSet={item={id=\"3:i-1\"},item={id=\"3:i-2\"}},"
        "ownerId=\"1:7\"};|D={requestId=\"1:q\",reservationSet={},nextToken=\"1:t\"}");
}

static void getters_work_on_the_members_of_the_root(void **state)
{
    struct nube_arena arena = {0};
    struct nube_reader_conf conf = {.arena = &arena, .xml = true};
    struct nube_reader *r = nube_reader_new(&conf);
    const char *text = "<R><nextToken>t</nextToken><n>5</n><ok>true</ok><set/></R>";
    const nube_doc *root;
    char message[256];

    (void)state;
    assert_int_equal(nube_reader_push(r, text, strlen(text), message), 0);
    assert_int_equal(nube_reader_end(r, &root, message), 0);
    nube_reader_free(r);
    assert_string_equal(nube_doc_name(root), "R");
    assert_string_equal(nube_doc_str(root, "nextToken"), "t");
    assert_int_equal(nube_doc_int(root, "n", 0), 5);
    assert_int_equal(nube_doc_bool(root, "ok", 0), 1);
    assert_null(nube_doc_first(nube_doc_get(root, "set")));
    assert_null(nube_doc_get(nube_doc_get(root, "set"), "item"));
    nube_arena_free(&arena);
}

/* The code and the beginning of the message, however the body is cut. */
static void check_bad(const char *text, const char *begins)
{
    struct reading r = {0};
    size_t cut, len = strlen(text);

    for (cut = 0; cut <= len; cut++) {
        read_cut(&r, (struct nube_reader_conf){.xml = true}, text, len,
                 cut == len ? SIZE_MAX : cut);
        assert_int_equal(r.code, NUBE_E_PROTOCOL);
        if (strncmp(r.message, begins, strlen(begins)) != 0)
            fail_msg("cut at %zu: %s", cut, r.message);
        nube_buf_free(&r.seen);
    }
}

static void a_doctype_is_refused(void **state)
{
    (void)state;
    check_bad("<!DOCTYPE html>\n<html></html>", "XML: line 1: a DOCTYPE is refused");
    check_bad("<?xml version=\"1.0\"?>\n<!DOCTYPE r SYSTEM \"http://127.0.0.1:9/x.dtd\">\n<r/>",
              "XML: line 2: a DOCTYPE is refused");
    check_bad(
        "<!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">"
        "<!ENTITY c \"&b;&b;&b;&b;\"><!ENTITY d SYSTEM \"file:///etc/passwd\">]>\n<r>&c;&d;</r>",
        "XML: line 1: a DOCTYPE is refused");
    check_bad("<r>&nbsp;</r>", "XML: line 1: Entity 'nbsp' not defined");
}

static void what_is_not_well_formed_says_the_line(void **state)
{
    (void)state;
    check_bad("<a>\n<b></a>", "XML: line 2: expected the end tag </b>, found </a");
    check_bad("<a/>\n<b/>", "XML: line 2: content after the root element");
    check_bad("<a/>\nx", "XML: line 2: content after the root element");
    check_bad("<a x=1/>", "XML: line 1: expected the quoted value of an attribute, found '1'");
    check_bad("<a\nx='1' y='2' x='1'/>", "XML: line 2: an attribute is there twice");
    check_bad("<a x='\n<'/>", "XML: line 2: '<' in the value of an attribute");
    check_bad("<a x='1'y='2'/>", "XML: line 1: expected white space, '>' or '/>' in a tag");
    check_bad("<a>\xff\xfe</a>", "XML: line 1: octet 0xff is no UTF-8");
    check_bad("<a>\n\xc3</a>", "XML: line 2: octet 0xc3 is no UTF-8");
    check_bad("<a>\xef\xbf\xbe</a>", "XML: line 1: octet 0xef is no UTF-8");
    check_bad("<a>\b</a>", "XML: line 1: octet 0x08 is a control character");
    check_bad("<a>]]></a>", "XML: line 1: ']]>' in text");
    check_bad("<a>&#0;</a>", "XML: line 1: a reference to a character that XML does not allow");
    check_bad("<a>& b</a>", "XML: line 1: '&' that begins no reference");
    check_bad("<a><!-- \n -- --></a>", "XML: line 2: '--' in a comment");
    check_bad("<a:b:1c/>", "XML: line 1: a name with a colon too many");
    check_bad("{\"a\":1}", "XML: line 1: expected '<' of the root element, found '{'");
}

static void a_declaration_stands_at_the_beginning_and_says_utf_8(void **state)
{
    (void)state;
    check_bad("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xe9</a>",
              "XML: line 1: the encoding is ISO-8859-1: only UTF-8 is read");
    check_bad("\n<?xml version=\"1.0\"?><a/>",
              "XML: line 2: an XML declaration that is not at the beginning");
    check_bad("<?xml version=\"2.0\"?><a/>", "XML: line 1: the XML declaration is not well formed");
    check_bad("<?xml encoding=\"UTF-8\"?><a/>", "XML: line 1: the XML declaration is not");
    check_bad("<?xml version=\"1.0\" standalone=\"maybe\"?><a/>", "XML: line 1: the XML decl");
}

static void what_is_cut_off_is_said_so(void **state)
{
    (void)state;
    check_bad("<a>\n<b>tex", "XML ends inside an element at line 2: the reply was cut off");
    check_bad("<a><b></b>", "XML ends inside an element at line 1: the reply was cut off");
    check_bad("<a><b></", "XML ends inside an element at line 1: the reply was cut off");
    check_bad("<abcdef", "XML ends before the root element at line 1: the reply was cut off");
    check_bad("<?xml version=\"1.0\"?>", "XML ends before the root element at line 1");
    check_xml(NULL, "", "|absent");
}

static void depth_has_a_limit(void **state)
{
    struct nube_buf text;
    struct reading r = {0};
    int i, extra;

    (void)state;
    for (extra = 0; extra < 2; extra++) {
        nube_buf_init(&text, 1 << 20);
        for (i = 0; i < NUBE_MAX_DEPTH + extra; i++)
            nube_buf_puts(&text, "<a>");
        for (i = 0; i < NUBE_MAX_DEPTH + extra; i++)
            nube_buf_puts(&text, "</a>");
        read_cut(&r, (struct nube_reader_conf){.xml = true}, text.data, text.len, 0);
        assert_int_equal(r.code, extra ? NUBE_E_TOO_LARGE : 0);
        assert_string_equal(r.message, extra ? "XML: nested deeper than 128" : "");
        nube_buf_free(&r.seen);
        nube_buf_free(&text);
    }
}

/* Names are kept for the document only up to a point; past it they are still right. */
static void many_names_and_attributes_have_limits(void **state)
{
    struct nube_buf text;
    struct reading r = {0};
    int i, extra;

    (void)state;
    nube_buf_init(&text, 1 << 20);
    nube_buf_puts(&text, "<r>");
    for (i = 0; i < 6000; i++)
        nube_buf_fmt(&text, "<p%d:n%d>%d</p%d:n%d>", i % 3, i % 2000, i, i % 3, i % 2000);
    nube_buf_puts(&text, "</r>");
    read_cut(&r, (struct nube_reader_conf){.xml = true}, text.data, text.len, 0);
    assert_non_null(strstr(r.seen.data, ",n1999=\"4:5999\"}"));
    nube_buf_free(&r.seen);
    nube_buf_free(&text);
    for (extra = 0; extra < 2; extra++) {
        nube_buf_init(&text, 1 << 20);
        nube_buf_puts(&text, "<r");
        for (i = 0; i < 256 + extra; i++)
            nube_buf_fmt(&text, " a%d='%d'", i, i);
        nube_buf_puts(&text, "/>");
        read_cut(&r, (struct nube_reader_conf){.xml = true}, text.data, text.len, 0);
        assert_int_equal(r.code, extra ? NUBE_E_TOO_LARGE : 0);
        assert_string_equal(r.message, extra ? "XML: more than 256 attributes of an element" : "");
        nube_buf_free(&r.seen);
        nube_buf_free(&text);
    }
}

static void a_text_of_a_megabyte(void **state)
{
    struct nube_arena arena = {0};
    struct nube_reader_conf conf = {.arena = &arena, .xml = true};
    struct nube_reader *r = nube_reader_new(&conf);
    const nube_doc *root;
    char message[256];
    int i;

    (void)state;
    assert_int_equal(nube_reader_push(r, "<a><b>1</b><c>", 14, message), 0);
    for (i = 0; i < 1 << 16; i++)
        assert_int_equal(nube_reader_push(r, "0123456789abc\r\n&amp;", 20, message), 0);
    assert_int_equal(nube_reader_push(r, "</c><d>2</d></a>", 16, message), 0);
    assert_int_equal(nube_reader_end(r, &root, message), 0);
    assert_int_equal(nube_doc_text_len(nube_doc_get(root, "c")), 15 << 16);
    assert_memory_equal(nube_doc_str(root, "c"), "0123456789abc\n&0123456789", 25);
    assert_int_equal(nube_doc_int(root, "b", 0) + nube_doc_int(root, "d", 0), 3);
    nube_reader_free(r);
    nube_arena_free(&arena);
}

static void the_receiver_may_end_the_reading(void **state)
{
    struct nube_reader_conf conf = {.items_path = "r", .xml = true};
    struct reading r = {.stop_after = 2};
    const char *text = "<r><i>1</i><i>2</i><i>3</i></r>";

    (void)state;
    read_cut(&r, conf, text, strlen(text), 0);
    assert_int_equal(r.code, NUBE_E_CANCELLED);
    assert_int_equal(r.items, 2);
    nube_buf_free(&r.seen);
}

static bool count(void *data, const nube_doc *item)
{
    *(size_t *)data += nube_doc_get(item, "id") != NULL;
    return true;
}

static void the_rest_does_not_grow_with_the_items(void **state)
{
    struct nube_arena arena = {0};
    size_t seen = 0;
    struct nube_reader_conf conf = {
        .items_path = "r.set", .item = count, .data = &seen, .arena = &arena, .xml = true};
    struct nube_reader *r = nube_reader_new(&conf);
    const nube_doc *root;
    char message[256], piece[128];
    int i;

    (void)state;
    assert_int_equal(nube_reader_push(r, "<r><set>", 8, message), 0);
    for (i = 0; i < 100000; i++) {
        int n =
            snprintf(piece, sizeof(piece), "\n<item><id>i-%d</id><set><a>1</a></set></item>", i);

        assert_int_equal(nube_reader_push(r, piece, (size_t)n, message), 0);
    }
    assert_int_equal(nube_reader_push(r, "</set></r>", 10, message), 0);
    assert_int_equal(nube_reader_end(r, &root, message), 0);
    assert_int_equal(seen, 100000);
    assert_in_range(arena.total, 1, 16 << 10);
    nube_reader_free(r);
    nube_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_become_members),
        cmocka_unit_test(text_is_decoded),
        cmocka_unit_test(attributes_are_members_with_a_mark),
        cmocka_unit_test(text_beside_elements_is_kept_unless_it_is_white),
        cmocka_unit_test(items_are_cut_out),
        cmocka_unit_test(sets_in_items_come_whole_with_what_follows_them),
        cmocka_unit_test(getters_work_on_the_members_of_the_root),
        cmocka_unit_test(a_doctype_is_refused),
        cmocka_unit_test(what_is_not_well_formed_says_the_line),
        cmocka_unit_test(a_declaration_stands_at_the_beginning_and_says_utf_8),
        cmocka_unit_test(what_is_cut_off_is_said_so),
        cmocka_unit_test(many_names_and_attributes_have_limits),
        cmocka_unit_test(depth_has_a_limit),
        cmocka_unit_test(a_text_of_a_megabyte),
        cmocka_unit_test(the_receiver_may_end_the_reading),
        cmocka_unit_test(the_rest_does_not_grow_with_the_items),
    };

    return cmocka_run_group_tests_name("doc xml", tests, NULL, NULL);
}
