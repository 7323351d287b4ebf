/* Errors and operations: names, exit statuses, short structs, clean text, the JSON form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <nube/op.h>

#include "error_int.h"

static void exit_status_follows_the_class(void **state)
{
    static const struct {
        int code, exit;
        const char *name;
    } want[] = {
        {NUBE_OK, 0, "ok"},
        {NUBE_E_USAGE, 2, "usage"},
        {NUBE_E_AUTH, 4, "auth"},
        {NUBE_E_FORBIDDEN, 4, "forbidden"},
        {NUBE_E_NOT_FOUND, 5, "not_found"},
        {NUBE_E_AMBIGUOUS, 6, "ambiguous"},
        {NUBE_E_STATE, 7, "state"},
        {NUBE_E_CONFLICT, 7, "conflict"},
        {NUBE_E_QUOTA, 8, "quota"},
        {NUBE_E_RATE, 8, "rate"},
        {NUBE_E_DEADLINE, 9, "deadline"},
        {NUBE_E_CANCELLED, 1, "cancelled"},
        {NUBE_E_PENDING, 9, "pending"},
        {NUBE_E_OUTCOME_UNKNOWN, 1, "outcome_unknown"},
        {NUBE_E_UNSUPPORTED, 10, "unsupported"},
        {NUBE_E_TLS, 1, "tls"},
        {NUBE_E_DRIVER, 1, "driver"},
        {-1000, 1, "unknown"},
        {7, 1, "unknown"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(want) / sizeof(*want); i++) {
        assert_string_equal(nube_code_name(want[i].code), want[i].name);
        assert_int_equal(nube_code_exit(want[i].code), want[i].exit);
    }
}

static void setting_keeps_backend_and_verb_only(void **state)
{
    struct nube_error err = NUBE_ERROR_INIT;

    (void)state;
    nube_error_text(err.backend, sizeof(err.backend), "rack");
    nube_error_text(err.verb, sizeof(err.verb), "node list");
    nube_error_text(err.resource, sizeof(err.resource), "old");
    err.http_status = 500;
    assert_int_equal(nube_error_set(&err, NUBE_E_AUTH, "no %s", "key"), NUBE_E_AUTH);
    assert_string_equal(err.message, "no key");
    assert_string_equal(err.backend, "rack");
    assert_string_equal(err.verb, "node list");
    assert_string_equal(err.resource, "");
    assert_int_equal(err.http_status, 0);
    assert_int_equal(err.retryable, NUBE_UNKNOWN);
    assert_int_equal(nube_error_set(&err, NUBE_E_RATE, "again: %s", err.message), NUBE_E_RATE);
    assert_string_equal(err.message, "again: no key");
    assert_int_equal(nube_error_set(NULL, NUBE_E_AUTH, "nobody hears"), NUBE_E_AUTH);
}

static void an_older_struct_is_not_overrun(void **state)
{
    struct nube_error err, from = NUBE_ERROR_INIT;
    const unsigned char *octets = (const unsigned char *)&err;
    size_t i;

    (void)state;
    memset(&err, 0xaa, sizeof(err));
    err.size = offsetof(struct nube_error, resource);
    nube_error_set(&err, NUBE_E_QUOTA, "limit");
    nube_error_text(from.resource, sizeof(from.resource), "srv-1");
    from.code = NUBE_E_PENDING;
    assert_int_equal(nube_error_copy(&err, &from), NUBE_E_PENDING);
    assert_int_equal(err.code, NUBE_E_PENDING);
    assert_int_equal(err.size, offsetof(struct nube_error, resource));
    nube_error_clear(&err);
    assert_int_equal(err.code, 0);
    for (i = err.size; i < sizeof(err); i++)
        assert_int_equal(octets[i], 0xaa);
}

static void text_is_one_line_cut_at_a_character(void **state)
{
    char field[8];

    (void)state;
    nube_error_text(field, sizeof(field), "abcde\xc3\xa9g");
    assert_string_equal(field, "abcde\xc3\xa9");
    nube_error_text(field, sizeof(field), "abcdef\xc3\xa9");
    assert_string_equal(field, "abcdef");
    nube_error_text(field, sizeof(field),
                    "a\r\n\x1b\x7f"
                    "b");
    assert_string_equal(field, "a    b");
    nube_error_text(field, sizeof(field),
                    "\xc2\x9b"
                    "a\xff");
    assert_string_equal(field, " a?");
    nube_error_text(field, sizeof(field), NULL);
    assert_string_equal(field, "");
}

static void a_long_message_ends_inside_the_field(void **state)
{
    struct nube_error err = NUBE_ERROR_INIT;
    static char huge[1 << 20];
    size_t i;

    (void)state;
    for (i = 0; i + 3 < sizeof(huge); i += 3)
        memcpy(huge + i, "\xe2\x82\xac", 3);
    nube_error_set(&err, NUBE_E_PROVIDER, "%s", huge);
    assert_int_equal(strlen(err.message), 510);
    assert_memory_equal(err.message + 507, "\xe2\x82\xac", 4);
}

static void json_has_every_member(void **state)
{
    struct nube_error err = NUBE_ERROR_INIT;
    char *text = nube_error_json(&err);

    (void)state;
    assert_string_equal(text, "{\"class\":\"ok\",\"message\":null,\"backend\":null,\"verb\":null,"
                              "\"http_status\":null,\"provider_code\":null,\"request_id\":null,"
                              "\"retryable\":null,\"retry_after_ms\":null,\"attempts\":0,"
                              "\"resource\":null}");
    nube_free(text);
    nube_error_set(&err, NUBE_E_RATE, "slow \"down\"\\");
    err.http_status = 429;
    err.retryable = NUBE_YES;
    err.retry_after_ms = 1500;
    err.attempts = 5;
    nube_error_text(err.resource, sizeof(err.resource), "srv-1");
    text = nube_error_json(&err);
    assert_string_equal(
        text, "{\"class\":\"rate\",\"message\":\"slow \\\"down\\\"\\\\\",\"backend\":null,"
              "\"verb\":null,\"http_status\":429,\"provider_code\":null,\"request_id\":null,"
              "\"retryable\":true,\"retry_after_ms\":1500,\"attempts\":5,\"resource\":\"srv-1\"}");
    nube_free(text);
    err.retryable = NUBE_NO;
    text = nube_error_json(&err);
    assert_non_null(strstr(text, "\"retryable\":false"));
    nube_free(text);
}

static void every_operation_has_a_name_of_its_own(void **state)
{
    unsigned op;

    (void)state;
    for (op = 1; op < NUBE_OP_COUNT; op++) {
        assert_true(*nube_op_name((enum nube_op)op));
        assert_int_equal(nube_op_find(nube_op_name((enum nube_op)op)), op);
    }
    assert_int_equal(nube_op_find(""), NUBE_OP_NONE);
    assert_int_equal(nube_op_find(NULL), NUBE_OP_NONE);
    assert_int_equal(nube_op_find("node frobnicate"), NUBE_OP_NONE);
    assert_string_equal(nube_op_name((enum nube_op)9999), "");
}

static void operations_know_kind_action_and_effect(void **state)
{
    (void)state;
    assert_string_equal(nube_op_action(NUBE_OP_NODE_START), "start");
    assert_string_equal(nube_op_action(NUBE_OP_IMAGE_CREATE), "create_image");
    assert_string_equal(nube_op_action(NUBE_OP_NODE_LIST), "");
    assert_int_equal(nube_op_mutates(NUBE_OP_NODE_LIST), 0);
    assert_int_equal(nube_op_mutates(NUBE_OP_NODE_DESTROY), 1);
    assert_int_equal(nube_op_mutates(NUBE_OP_AUTH), 0);
    assert_int_equal(nube_op_kind(NUBE_OP_SIZE_LIST), NUBE_KIND_SIZE);
    assert_int_equal(nube_op_kind(NUBE_OP_CHECK), NUBE_KIND_NONE);
    assert_string_equal(nube_kind_name(NUBE_KIND_FIREWALL), "firewall");
    assert_string_equal(nube_kind_name((enum nube_kind)99), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exit_status_follows_the_class),
        cmocka_unit_test(setting_keeps_backend_and_verb_only),
        cmocka_unit_test(an_older_struct_is_not_overrun),
        cmocka_unit_test(text_is_one_line_cut_at_a_character),
        cmocka_unit_test(a_long_message_ends_inside_the_field),
        cmocka_unit_test(json_has_every_member),
        cmocka_unit_test(every_operation_has_a_name_of_its_own),
        cmocka_unit_test(operations_know_kind_action_and_effect),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
