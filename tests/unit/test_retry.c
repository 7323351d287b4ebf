/* The retry policy: what is sent again, after how long, and what a lost change is called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "call_int.h"

#define FACTS(...)                                                                                 \
    {                                                                                              \
        .attempt = 1, .max_attempts = 4, .retryable = NUBE_UNKNOWN, __VA_ARGS__                    \
    }

static const struct {
    struct nube_retry_facts facts;
    bool again;
} policy[] = {
    {FACTS(.safe = true, .sent = true, .code = NUBE_E_TRANSPORT), true},
    {FACTS(.mutation = true, .sent = true, .code = NUBE_E_TRANSPORT), false},
    {FACTS(.mutation = true, .tokened = true, .sent = true, .code = NUBE_E_TRANSPORT), true},
    {FACTS(.mutation = true, .code = NUBE_E_TRANSPORT), true},
    {FACTS(.safe = true, .live = true, .sent = true, .code = NUBE_E_TRANSPORT), false},
    {FACTS(.mutation = true, .sent = true, .code = NUBE_E_RATE, .status = 429), true},
    {FACTS(.mutation = true, .sent = true, .code = NUBE_E_PROVIDER, .status = 503), false},
    {FACTS(.mutation = true, .sent = true, .code = NUBE_E_PROVIDER, .status = 503,
           .retry_after_ms = 1000),
     true},
    {FACTS(.mutation = true, .sent = true, .code = NUBE_E_PROVIDER, .status = 500), false},
    {FACTS(.safe = true, .sent = true, .code = NUBE_E_PROVIDER, .status = 500), true},
    {FACTS(.safe = true, .sent = true, .code = NUBE_E_NOT_FOUND, .status = 404), false},
    {FACTS(.safe = true, .sent = true, .code = NUBE_E_PROTOCOL, .status = 200), false},
    {FACTS(.safe = true, .code = NUBE_E_TLS), false},
    {{.attempt = 2, .max_attempts = 9, .retryable = NUBE_UNKNOWN, .code = NUBE_E_CONNECT}, true},
    {{.attempt = 3, .max_attempts = 9, .retryable = NUBE_UNKNOWN, .code = NUBE_E_CONNECT}, false},
    {{.attempt = 4, .max_attempts = 4, .retryable = NUBE_YES, .safe = true, .code = NUBE_E_RATE},
     false},
    {{.attempt = 1, .max_attempts = 4, .retryable = NUBE_NO, .safe = true, .code = NUBE_E_RATE},
     false},
    {{.attempt = 1,
      .max_attempts = 4,
      .retryable = NUBE_YES,
      .code = NUBE_E_CONFLICT,
      .status = 409,
      .sent = true,
      .mutation = true},
     true},
};

static void test_policy(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(policy) / sizeof(*policy); i++)
        if ((nube_retry_delay(&policy[i].facts) >= 0) != policy[i].again)
            fail_msg("case %zu", i);
}

static void test_delay(void **state)
{
    struct nube_retry_facts f = FACTS(.safe = true, .code = NUBE_E_RATE, .status = 429);

    (void)state;
    assert_int_equal(nube_retry_delay(&f), 0);
    f.random = UINT32_MAX;
    assert_int_equal(nube_retry_delay(&f), 999);
    f.code = NUBE_E_PROVIDER;
    assert_int_equal(nube_retry_delay(&f), 399);
    f.retry_after_ms = 5000;
    assert_int_equal(nube_retry_delay(&f), 5000);
    f.attempt = 50;
    f.max_attempts = 100;
    assert_int_equal(nube_retry_delay(&f), 19999);
}

static void test_code(void **state)
{
    struct nube_retry_facts f = FACTS(.mutation = true, .sent = true, .code = NUBE_E_DEADLINE);

    (void)state;
    assert_int_equal(nube_retry_code(&f), NUBE_E_OUTCOME_UNKNOWN);
    f.sent = false;
    assert_int_equal(nube_retry_code(&f), NUBE_E_DEADLINE);
    f.sent = true;
    f.status = 500;
    assert_int_equal(nube_retry_code(&f), NUBE_E_DEADLINE);
    f.status = 0;
    f.tokened = true;
    assert_int_equal(nube_retry_code(&f), NUBE_E_DEADLINE);
}

static void test_dates(void **state)
{
    const int64_t when = 784111777000;

    (void)state;
    assert_int_equal(nube_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), when);
    assert_int_equal(nube_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), when);
    assert_int_equal(nube_http_date("Sun Nov  6 08:49:37 1994"), when);
    assert_int_equal(nube_http_date("Thu, 29 Feb 2024 00:00:00 GMT"), 1709164800000);
    assert_int_equal(nube_http_date("Wed, 29 Feb 2023 00:00:00 GMT"), -1);
    assert_int_equal(nube_http_date("Sun, 06 Nov 1994 08:49:37 GMT+1"), -1);
    assert_int_equal(nube_http_date("soon"), -1);
    assert_int_equal(nube_http_date(NULL), -1);
    assert_int_equal(nube_retry_after("120", 0), 120000);
    assert_int_equal(nube_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", when - 7000), 7000);
    assert_int_equal(nube_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", when + 7000), 0);
    assert_int_equal(nube_retry_after("99999999999999999999999", 0), 999999999000);
    assert_int_equal(nube_retry_after("later", 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_policy),
        cmocka_unit_test(test_delay),
        cmocka_unit_test(test_code),
        cmocka_unit_test(test_dates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
