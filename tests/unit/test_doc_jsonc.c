/*
 * The tokenizer beside json-c in strict mode: same verdict and same values on a corpus, on
 * mutations of it and however it is cut. Where json-c 0.16 departs from RFC 8259, lax() names it,
 * and our refusal is right:
 *   - NaN, Infinity and -Infinity are taken as numbers;
 *   - numbers such as "-01" and "1." are taken;
 *   - control characters may stand unescaped in a string;
 *   - what follows the first NUL octet is not looked at.
 * And it takes the characters of "\ud836\udc00" to "\ud837\udfff" for lone surrogates: see
 * mutations.
 */
#include <json-c/json.h>
#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "doc_int.h"

/* Names too different for one mutation to make two equal: json-c keeps only the last of those. */
static const char *const corpus[] = {
    "{\"servers\": [{\"id\": \"a-1\", \"none\": null, \"yes\": true}, {\"id\": \"\\n\"}]}",
    "[1, -2, 3.5, 1e3, -0.25E-2, 0, 922337203685477, true, false, null]",
    "{\"a\":{\"b\":{\"c\":[[],{},[{}],\"\"]}},\"text\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}",
    "\"\\ud83d\\ude00 \\ud83d \xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"",
    "[\"a string of more than eight octets\", \"another \\\"quoted\\\" one\"]",
    "  {\r\n\t\"k\" : [ 1 , 2 ] ,\n \"list\" : { } }  ",
    "{\"NetworkSettings\":{\"Ports\":{\"80/tcp\":[{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"80\"}]}}}",
    "-12",
    "\"plain\"",
};

/* Values as one text, the same for both sides. Strings only by their octets, numbers by their
 * value. */
static void show_theirs(struct nube_buf *out, struct json_object *o)
{
    size_t i;

    switch (json_object_get_type(o)) {
    case json_type_null:
        nube_buf_puts(out, "null");
        break;
    case json_type_boolean:
        nube_buf_puts(out, json_object_get_boolean(o) ? "true" : "false");
        break;
    case json_type_int:
    case json_type_double:
        nube_buf_fmt(out, "%.17g", json_object_get_double(o) + 0.0);
        break;
    case json_type_string:
        nube_buf_fmt(out, "\"%d:", json_object_get_string_len(o));
        nube_buf_add(out, json_object_get_string(o), (size_t)json_object_get_string_len(o));
        break;
    case json_type_array:
        nube_buf_puts(out, "[");
        for (i = 0; i < json_object_array_length(o); i++) {
            show_theirs(out, json_object_array_get_idx(o, i));
            nube_buf_puts(out, ",");
        }
        nube_buf_puts(out, "]");
        break;
    case json_type_object: {
        nube_buf_puts(out, "{");
        json_object_object_foreach(o, key, value)
        {
            nube_buf_fmt(out, "%s=", key);
            show_theirs(out, value);
            nube_buf_puts(out, ",");
        }
        nube_buf_puts(out, "}");
    }
    }
}

static void show_ours(struct nube_buf *out, const nube_doc *d)
{
    enum nube_doc_type type = nube_doc_type(d);
    const nube_doc *k;

    if (type == NUBE_DOC_NULL) {
        nube_buf_puts(out, "null");
    } else if (type == NUBE_DOC_NUMBER) {
        nube_buf_fmt(out, "%.17g", strtod(nube_doc_text(d), NULL) + 0.0);
    } else if (type == NUBE_DOC_STRING) {
        nube_buf_fmt(out, "\"%zu:", nube_doc_text_len(d));
        nube_buf_add(out, nube_doc_text(d), nube_doc_text_len(d));
    } else if (type == NUBE_DOC_BOOL) {
        nube_buf_puts(out, nube_doc_text(d));
    } else {
        nube_buf_puts(out, type == NUBE_DOC_ARRAY ? "[" : "{");
        for (k = nube_doc_first(d); k; k = nube_doc_next(k)) {
            if (nube_doc_name(k))
                nube_buf_fmt(out, "%s=", nube_doc_name(k));
            show_ours(out, k);
            nube_buf_puts(out, ",");
        }
        nube_buf_puts(out, type == NUBE_DOC_ARRAY ? "]" : "}");
    }
}

/* "" when it is refused. */
static void theirs(struct nube_buf *out, const char *text, size_t len)
{
    struct json_tokener *t = json_tokener_new_ex(NUBE_MAX_DEPTH + 1);
    struct json_object *o;

    json_tokener_set_flags(t, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    o = json_tokener_parse_ex(t, text, (int)len);
    if (json_tokener_get_error(t) == json_tokener_continue)
        o = json_tokener_parse_ex(t, "", 1); /* the NUL that ends a number */
    if (json_tokener_get_error(t) == json_tokener_success)
        show_theirs(out, o);
    json_object_put(o);
    json_tokener_free(t);
}

static void ours(struct nube_buf *out, const char *text, size_t len, size_t cut)
{
    struct nube_arena arena = {0};
    struct nube_reader_conf conf = {.arena = &arena};
    struct nube_reader *r = nube_reader_new(&conf);
    const nube_doc *root = NULL;
    char message[256];

    if (nube_reader_push(r, text, cut, message) == 0 &&
        nube_reader_push(r, text + cut, len - cut, message) == 0 &&
        nube_reader_end(r, &root, message) == 0 && root)
        show_ours(out, root);
    nube_reader_free(r);
    nube_arena_free(&arena);
}

/* RFC 8259, section 6, on its own: not by what is tested. */
static bool is_number(const char *text, size_t len)
{
    char copy[256];
    regex_t re;
    bool yes;

    snprintf(copy, sizeof(copy), "%.*s", (int)len, text);
    assert_int_equal(
        regcomp(&re, "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?$", REG_EXTENDED), 0);
    yes = regexec(&re, copy, 0, NULL, 0) == 0;
    regfree(&re);
    return yes;
}

/* Is there something in the text that json-c takes and RFC 8259 does not? Only asked when we
 * refused. */
static bool lax(const char *text, size_t len)
{
    bool in_string = false;
    size_t i;

    for (i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];

        if (!c || (in_string && c < 0x20))
            return true;
        if (in_string && c == '\\')
            i++;
        else if (c == '"')
            in_string = !in_string;
        else if (!in_string && (c == 'N' || c == 'I'))
            return true;
        else if (!in_string && ((c >= '0' && c <= '9') || c == '-')) {
            size_t n = strspn(text + i, "0123456789+-.eE");

            if (!is_number(text + i, n))
                return true;
            i += n - 1;
        }
    }
    return false;
}

static size_t taken, refused, laxer;

static void compare(const char *text, size_t len, size_t cut)
{
    struct nube_buf a, b;

    nube_buf_init(&a, 1 << 20);
    nube_buf_init(&b, 1 << 20);
    nube_buf_puts(&a, "");
    nube_buf_puts(&b, "");
    theirs(&a, text, len);
    ours(&b, text, len, cut);
    if (!b.len && a.len && lax(text, len))
        laxer++;
    else if (strcmp(a.data, b.data) != 0)
        fail_msg("\"%.*s\" cut at %zu\njson-c: %s\nours:   %s", (int)len, text, cut, a.data,
                 b.data);
    taken += b.len != 0;
    refused += b.len == 0;
    nube_buf_free(&a);
    nube_buf_free(&b);
}

static void the_corpus_gives_the_same(void **state)
{
    size_t i, cut;

    (void)state;
    for (i = 0; i < sizeof(corpus) / sizeof(corpus[0]); i++)
        for (cut = 0; cut <= strlen(corpus[i]); cut++)
            compare(corpus[i], strlen(corpus[i]), cut);
    assert_int_equal(refused, 0);
}

static void truncations_give_the_same(void **state)
{
    char text[256];
    size_t i, n;

    (void)state;
    for (i = 0; i < sizeof(corpus) / sizeof(corpus[0]); i++)
        for (n = 1; n < strlen(corpus[i]); n++) {
            snprintf(text, sizeof(text), "%.*s", (int)n, corpus[i]);
            compare(text, n, n / 2);
        }
}

/* The same numbers in every run. */
static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void mutations_give_the_same(void **state)
{
    static const char bytes[] = "{}[]:,\"\\/ \t\n0123456789-+.eEtrufalsn\xc3\xa9\xff\x7fNx'";
    uint32_t seed = 1;
    char text[256];
    int round;

    (void)state;
    taken = refused = laxer = 0;
    for (round = 0; round < 100000; round++) {
        const char *from = corpus[next_random(&seed) % (sizeof(corpus) / sizeof(corpus[0]))];
        size_t len = strlen(from), at = next_random(&seed) % len;
        char c = bytes[next_random(&seed) % (sizeof(bytes) - 1)];

        memcpy(text, from, len + 1);
        switch (next_random(&seed) % 3) {
        case 0:
            text[at] = c;
            break;
        case 1:
            memmove(text + at, text + at + 1, len - at);
            len--;
            break;
        default:
            memmove(text + at + 1, text + at, len - at + 1);
            text[at] = c;
            len++;
        }
        if (len && !strstr(text, "\\ud836") && !strstr(text, "\\ud837"))
            compare(text, len, next_random(&seed) % len);
    }
    assert_true(taken > 10000 && refused > 10000);
    assert_true(laxer < refused / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_corpus_gives_the_same),
        cmocka_unit_test(truncations_give_the_same),
        cmocka_unit_test(mutations_give_the_same),
    };

    return cmocka_run_group_tests_name("doc beside json-c", tests, NULL, NULL);
}
