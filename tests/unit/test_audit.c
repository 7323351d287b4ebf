/* The audit hook: what is told of a call, and when nothing is. */
#include "engine_help.h"

#define POSTED "{'status': 201, 'json': {'id': '7', 'name': 'n', 'state': 'BUILD'}}"
#define POST   ROUTE("POST", "/servers", POSTED)
#define STARTED                                                                                    \
    ROUTE("POST", "/servers/7/start", "{'status': 204, 'headers': {'X-Request-Id': 'r-start'}}")
#define GOT                                                                                        \
    ROUTE("GET", "/servers/7",                                                                     \
          "{'headers': {'X-Request-Id': 'r-get'}, 'json': {'id': '7', 'name': 'n', 'state': "      \
          "'ACTIVE'}}")
#define DELETED ROUTE("DELETE", "/servers/7", "{'status': 204}")

static char told[4][1024];
static int n_told;
static int64_t took;

static void on_audit(void *payload, const struct nube_audit *a)
{
    char *json = nube_audit_json(a);

    assert_ptr_equal(payload, told);
    assert_non_null(json);
    assert_true(n_told < 4);
    snprintf(told[n_told], sizeof(told[0]), "%s", json);
    n_told++;
    took = a->took_ms;
    nube_free(json);
}

static void listen_and_begin(const char *routes)
{
    hooks.audit = on_audit;
    hooks.payload = told;
    n_told = 0;
    begin(routes);
}

static void says(int i, const char *part)
{
    if (i >= n_told || !strstr(told[i], part))
        fail_msg("%s is not in line %d of %d: %s", part, i, n_told, i < n_told ? told[i] : "");
}

static void create_is_told_once_with_what_it_made(void **state)
{
    (void)state;
    listen_and_begin(LOGIN POST STARTED GOT);
    assert_int_equal(CREATE(NULL, NULL), 0);
    assert_int_equal(n_told, 1);
    says(0, "\"backend\":\"acc\",\"provider\":\"engine\",\"verb\":\"node create\",\"action\":null,"
            "\"id\":\"7\",\"name\":\"n\",\"request_id\":\"r-start\",\"outcome\":\"done\"");
    says(0, "\"undo\":false}");
    assert_true(took >= 0 && took < 60000);
}

static void login_and_reading_are_not_told(void **state)
{
    (void)state;
    listen_and_begin(LOGIN GOT);
    assert_int_equal(GET("7"), 0);
    assert_int_equal(n_told, 0);
}

static void clean_up_is_told_as_that_before_the_failure(void **state)
{
    (void)state;
    listen_and_begin(LOGIN POST DELETED ROUTE(
        "POST", "/servers/7/start",
        "{'status': 500, 'json': {'error': {'message': 'no s+e@c%r&t=1 x'}}}"));
    assert_int_equal(CREATE(NULL, NULL), NUBE_E_PROVIDER);
    assert_int_equal(n_told, 2);
    says(0, "\"verb\":\"node destroy\",\"action\":null,\"id\":\"7\"");
    says(0, "\"undo\":true");
    says(1, "\"outcome\":\"provider\",\"message\":\"no ***\",\"http_status\":500");
    says(1, "\"id\":null");
}

static void what_nobody_can_tell_is_called_that(void **state)
{
    (void)state;
    listen_and_begin(LOGIN ROUTE("POST", "/servers", "{'close': 'after'}"));
    assert_int_equal(CREATE(NULL, NULL), NUBE_E_OUTCOME_UNKNOWN);
    assert_int_equal(n_told, 1);
    says(0, "\"outcome\":\"outcome_unknown\"");
}

static void dry_run_and_refusals_before_the_call_are_not_told(void **state)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;

    (void)state;
    opts.flags = NUBE_CALL_DRY_RUN;
    listen_and_begin(LOGIN POST STARTED GOT);
    assert_int_equal(CREATE(&opts, NULL), 0);
    assert_int_equal(CREATE(NULL, "nonsense", "1"), NUBE_E_UNSUPPORTED);
    assert_int_equal(n_told, 0);
}

static void action_has_its_own_word(void **state)
{
    (void)state;
    listen_and_begin(LOGIN ROUTE("POST", "/servers/7/reset", "{'status': 204}"));
    assert_int_equal(CALL(NODE_ACTION, NULL, "action", "reset", "id", "7"), 0);
    says(0, "\"verb\":\"node action\",\"action\":\"reset\",\"id\":\"7\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(create_is_told_once_with_what_it_made),
        TEST(login_and_reading_are_not_told),
        TEST(clean_up_is_told_as_that_before_the_failure),
        TEST(what_nobody_can_tell_is_called_that),
        TEST(dry_run_and_refusals_before_the_call_are_not_told),
        TEST(action_has_its_own_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
