/* Objects filled from documents: tables of members, extra values of every type. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <nube/driver/driver.h>

#include "doc_int.h"
#include "object_int.h"

static struct nube_arena arena;

static int teardown(void **state)
{
    (void)state;
    nube_arena_free(&arena);
    return 0;
}

static const nube_doc *parse(const char *text)
{
    const nube_doc *doc = nube_doc_parse_json(&arena, text, strlen(text));

    assert_non_null(doc);
    return doc;
}

static void has(const nube_obj *obj, const char *part)
{
    char *json = nube_obj_json(obj, 0);

    if (!strstr(json, part))
        fail_msg("%s is not in %s", part, json);
    nube_free(json);
}

static void members_become_fields(void **state)
{
    static const struct nube_field_row rows[] = {
        {"id", NUBE_ID, NUBE_TYPE_INT, NULL},
        {"meta.name", NUBE_NAME, NUBE_TYPE_STRING, NULL},
        {"status", NUBE_STATE, NUBE_TYPE_STRING, NULL},
        {"made", NUBE_CREATED, NUBE_TYPE_STRING, NULL},
        {"ram", NUBE_RAM, NUBE_TYPE_INT, NULL},
        {"cpus", NUBE_CORES, NUBE_TYPE_NUMBER, NULL},
        {"keys", NUBE_KEYS, NUBE_TYPE_LIST, NULL},
        {"tags", NUBE_TAGS, NUBE_TYPE_PAIR, NULL},
        {"absent", NUBE_IMAGE, NUBE_TYPE_STRING, NULL},
    };
    nube_obj *o = nube_obj_new(&arena, NUBE_KIND_NODE, NULL);

    (void)state;
    nube_set_fields(o,
                    parse("{\"id\":7,\"meta\":{\"name\":\"web\"},\"status\":\"UP\","
                          "\"made\":\"2013-06-12T10:00:00Z\",\"ram\":\"512\",\"cpus\":0.5,"
                          "\"keys\":[\"a\",\"b\"],\"tags\":{\"k\":\"v\"}}"),
                    rows, sizeof(rows) / sizeof(*rows));
    has(o, "\"id\":\"7\",\"name\":\"web\",\"state\":\"unknown\",\"raw_state\":\"UP\"");
    has(o, "\"image\":null");
    has(o, "\"keys\":[\"a\",\"b\"]");
    has(o, "\"profile\":{\"ram\":512,\"cores\":0.5,\"disk\":null}");
    has(o, "\"created\":\"2013-06-12T10:00:00Z\",\"tags\":{\"k\":\"v\"}");
}

static void extra_values_take_the_type_of_the_row(void **state)
{
    static const struct nube_field_row rows[] = {
        {"count", NUBE_FIELD_NONE, NUBE_TYPE_INT, NULL},
        {"flag", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "renamed.flag"},
        {"real", NUBE_FIELD_NONE, NUBE_TYPE_NUMBER, NULL},
        {"num", NUBE_FIELD_NONE, NUBE_TYPE_STRING, NULL},
        {"word", NUBE_FIELD_NONE, NUBE_TYPE_INT, NULL},
        {"nothing", NUBE_FIELD_NONE, NUBE_TYPE_STRING, NULL},
        {"list", NUBE_FIELD_NONE, NUBE_TYPE_STRING, NULL},
        {"absent", NUBE_FIELD_NONE, NUBE_TYPE_STRING, NULL},
    };
    nube_obj *o = nube_obj_new(&arena, NUBE_KIND_SIZE, NULL);

    (void)state;
    nube_set_fields(o,
                    parse("{\"count\":\"5\",\"flag\":\"true\",\"real\":\"0.25\",\"num\":8,"
                          "\"word\":\"many\",\"nothing\":null,\"list\":[1]}"),
                    rows, sizeof(rows) / sizeof(*rows));
    has(o, "\"extra\":{\"count\":5,\"renamed.flag\":true,\"real\":0.25,\"num\":\"8\","
           "\"word\":\"many\",\"nothing\":null}");
}

/* More rows than are looked for at once, names that share the bits they are sorted by. */
static void rows_of_any_number_find_the_first_of_a_name(void **state)
{
    struct nube_field_row rows[200];
    const nube_doc *values[200];
    char text[8000] = "{", names[200][16];
    size_t i, n = 1;

    (void)state;
    for (i = 0; i < 200; i++) {
        snprintf(names[i], sizeof(names[i]), i % 3 ? "m%zu" : "m%zu.in", i);
        rows[i] = (struct nube_field_row){names[i], NUBE_FIELD_NONE, NUBE_TYPE_INT, NULL};
        if (i % 5 && i % 3)
            n += (size_t)snprintf(text + n, sizeof(text) - n, "\"m%zu\":%zu,\"m%zu\":0,", i, i, i);
        else if (i % 5)
            n += (size_t)snprintf(text + n, sizeof(text) - n, "\"m%zu\":{\"in\":%zu},", i, i);
    }
    snprintf(text + n - 1, sizeof(text) - n, "}");
    nube_doc_find(values, parse(text), rows, 200);
    for (i = 0; i < 200; i++) {
        int64_t v = -1;

        assert_int_equal(nube_doc_as_int(values[i], &v), i % 5 != 0);
        assert_int_equal(v, i % 5 ? (int64_t)i : -1);
    }
    nube_doc_find(values, parse("[1, 2]"), rows, 2);
    assert_null(values[0]);
    nube_doc_find(values, NULL, rows, 2);
    assert_null(values[1]);
}

static void rows_with_a_common_beginning_are_all_found(void **state)
{
    static const struct nube_field_row rows[] = {{"a.x", 0, NUBE_TYPE_INT, NULL},
                                                 {"a", 0, NUBE_TYPE_INT, NULL},
                                                 {"a.y.z", 0, NUBE_TYPE_INT, NULL},
                                                 {"a.w", 0, NUBE_TYPE_INT, NULL}};
    const nube_doc *doc = parse("{\"b\":1,\"a\":{\"x\":1,\"y\":{\"z\":2}}}"), *values[4];

    (void)state;
    nube_doc_find(values, doc, rows, 4);
    assert_string_equal(nube_doc_text(values[0]), "1");
    assert_ptr_equal(values[1], nube_doc_get(doc, "a"));
    assert_string_equal(nube_doc_text(values[2]), "2");
    assert_null(values[3]);
}

static void extra_values_keep_the_type_of_the_document(void **state)
{
    const nube_doc *doc = parse("{\"i\":-3,\"r\":1.5,\"b\":false,\"s\":\"x\",\"n\":null,\"o\":{}}"),
                   *k;
    nube_obj *o = nube_obj_new(&arena, NUBE_KIND_IMAGE, NULL);

    (void)state;
    for (k = nube_doc_first(doc); k; k = nube_doc_next(k))
        nube_extra_doc(o, nube_doc_name(k), k);
    nube_extra_doc(o, "absent", NULL);
    has(o, "\"extra\":{\"i\":-3,\"r\":1.5,\"b\":false,\"s\":\"x\",\"n\":null}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(members_become_fields, teardown),
        cmocka_unit_test_teardown(extra_values_take_the_type_of_the_row, teardown),
        cmocka_unit_test_teardown(rows_of_any_number_find_the_first_of_a_name, teardown),
        cmocka_unit_test_teardown(rows_with_a_common_beginning_are_all_found, teardown),
        cmocka_unit_test_teardown(extra_values_keep_the_type_of_the_document, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
