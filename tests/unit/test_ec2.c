/* The EC2 driver against a server: pages, repetitions, what was just made, and renewed credentials.
 */
#include "scratch.h"

#include <nube/nube.h>
#include <sys/stat.h>
#include <time.h>

#include "faultd.h"

static struct faultd server;
static nube_lib *lib;
static nube_conn *conn;
static struct nube_error err;
static nube_result *result;
static const char *environment[16]; /* name, value, ... */
static char url[64], creds_url[96];
static const char *record_dir, *region;
static int asked;
static int64_t later_ms; /* how far the clock was put forward */

/* ---- A server and a connection ----------------------------------------------------------- */

#define X(body) "{'type': 'text/xml', 'body': '" body "'}"
#define ERROR_(status, code, more)                                                                 \
    "{'status': " status ", 'type': 'text/xml', 'body': '<Response><Errors><Error><Code>" code     \
    "</Code><Message>no</Message></Error></Errors></Response>'" more "}"
#define NODE(id, state)                                                                            \
    "<item><instancesSet><item><instanceId>" id "</instanceId><instanceState><name>" state         \
    "</name></instanceState></item></instancesSet></item>"
#define PAGE(items, token)                                                                         \
    X("<DescribeInstancesResponse><reservationSet>" items "</reservationSet>" token                \
      "</DescribeInstancesResponse>")
#define TOKEN(t) "<nextToken>" t "</nextToken>"
#define MADE                                                                                       \
    X("<RunInstancesResponse><instancesSet><item><instanceId>i-1</instanceId><instanceState>"      \
      "<name>pending</name></instanceState></item></instancesSet></RunInstancesResponse>")
#define TAGGED       X("<CreateTagsResponse><return>true</return></CreateTagsResponse>")
#define STARTED      X("<StartInstancesResponse><instancesSet/></StartInstancesResponse>")
#define EC2(replies) "{'method': 'POST', 'path': '/', 'replies': [" replies "]}"
#define CREDS(end)                                                                                 \
    "{'json': {'AccessKeyId': 'AKCON', 'SecretAccessKey': 's', 'Token': 't', 'Expiration': '" end  \
    "'}}"

static const char *env(void *payload, const char *name)
{
    int i;

    (void)payload;
    for (i = 0; environment[i]; i += 2)
        if (!strcmp(environment[i], name))
            return environment[i + 1];
    return NULL;
}

static int64_t clock_ms(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t mono(void *payload)
{
    (void)payload;
    return clock_ms(CLOCK_MONOTONIC);
}

static int64_t wall(void *payload)
{
    (void)payload;
    return clock_ms(CLOCK_REALTIME) + later_ms;
}

static int ask(void *payload, const char *prompt, char *buf, size_t size)
{
    (void)payload;
    assert_non_null(strstr(prompt, "arn:mfa"));
    asked++;
    snprintf(buf, size, "123456");
    return 0;
}

static void serve(const char *routes)
{
    const char *args[] = {"--log", scratch_path("requests"), NULL};
    static char text[32768];
    char *to = text;

    to += snprintf(to, sizeof(text), "{\"routes\": [");
    for (; *routes; routes++)
        *to++ = *routes == '\'' ? '"' : *routes;
    memcpy(to, "]}", 3);
    assert_int_equal(faultd_start(&server, text, args), 0);
    snprintf(url, sizeof(url), "http://127.0.0.1:%d", server.port);
    snprintf(creds_url, sizeof(creds_url), "%s/creds", url);
}

static nube_args *args_of(const char *const *pairs)
{
    nube_args *args;

    assert_int_equal(nube_args_new(&args, &err), 0);
    for (; *pairs; pairs += 2)
        nube_args_set(args, pairs[0], pairs[1]);
    return args;
}
#define ARGS(...) args_of((const char *const[]){__VA_ARGS__, NULL})

static void connect_with(nube_args *options)
{
    struct nube_hooks hooks = NUBE_HOOKS_INIT;
    char drivers[1024];

    snprintf(drivers, sizeof(drivers), "%s/lib/nube/0/drivers",
             getenv("NUBE_TEST_BUILD") ? getenv("NUBE_TEST_BUILD") : ".");
    hooks.driver_path = drivers;
    hooks.service_path = NUBE_TEST_SERVICES;
    hooks.env = env;
    hooks.record_dir = record_dir;
    hooks.ask = ask;
    hooks.now_mono = mono;
    hooks.now_wall = wall;
    assert_int_equal(nube_lib_open(&lib, &hooks, &err), 0);
    nube_args_set(options, "endpoint", url);
    nube_args_set(options, "sts_endpoint", url);
    nube_args_set(options, "region", region);
    if (nube_connect(&conn, lib, "ec2", "acc", options, &err))
        fail_msg("%s", err.message);
    nube_args_free(options);
}

static void begin(const char *routes)
{
    serve(routes);
    connect_with(ARGS("key", "AKIDEXAMPLE", "secret", "sEcReT"));
}

static int call(enum nube_op op, nube_args *args)
{
    int rc;

    nube_result_free(result);
    rc = nube_call_op(&result, conn, op, args, NULL, &err);
    nube_args_free(args);
    return rc;
}
#define CALL(op, ...) call(NUBE_OP_##op, ARGS(__VA_ARGS__))
#define LAUNCH(...)   CALL(NODE_CREATE, "image", "ami-1", "size", "t3.micro", __VA_ARGS__)

static long count(const char *what)
{
    return faultd_stat(&server, what);
}

static int seen(const char *text)
{
    size_t len;
    const char *at = scratch_read("requests", &len);
    int n = 0;

    for (; (at = strstr(at, text)); at += strlen(text))
        n++;
    return n;
}

/* All pages; the number of nodes or the error. */
static int list(void)
{
    const nube_obj *o;
    nube_iter *iter;
    int n = 0, rc;

    assert_int_equal(nube_node_list(&iter, conn, NULL, NULL, &err), 0);
    while ((rc = nube_iter_next(&o, iter, &err)) == 1)
        n++;
    nube_iter_free(iter);
    return rc < 0 ? rc : n;
}

static int setup(void **state)
{
    err = (struct nube_error)NUBE_ERROR_INIT;
    memset(environment, 0, sizeof(environment));
    server.pid = server.in = -1;
    asked = 0;
    record_dir = NULL;
    region = "us-east-1";
    later_ms = 0;
    memcpy(scratch, "/tmp/nube-test-XXXXXX", sizeof(scratch));
    return scratch_make(state);
}

static int teardown(void **state)
{
    nube_result_free(result);
    nube_conn_free(conn);
    nube_lib_free(lib);
    result = NULL;
    conn = NULL;
    lib = NULL;
    faultd_stop(&server);
    return scratch_drop(state);
}

/* ---- Pages --------------------------------------------------------------------------------- */

/* One request a page and no other: no address or tag is asked for behind it. */
static void T26_every_page_is_followed_the_empty_one_too(void **state)
{
    (void)state;
    begin(EC2(PAGE(NODE("i-1", "running"), TOKEN("a b/+=")) "," PAGE("", TOKEN("c")) "," PAGE(
        NODE("i-2", "stopping") NODE("i-3", "running"), "")));
    assert_int_equal(list(), 3);
    assert_int_equal(count("POST /"), 3);
    assert_int_equal(seen("NextToken=a%20b%2F%2B%3D"), 1);
    assert_int_equal(seen("NextToken=c"), 1);
}

static void T35_list_that_never_ends_is_an_error(void **state)
{
    (void)state;
    begin(EC2(PAGE(NODE("i-1", "running"), TOKEN("a"))));
    assert_int_equal(list(), NUBE_E_PROTOCOL);
    assert_in_range(count("POST /"), 2, 3);
}

/* ---- Repetitions --------------------------------------------------------------------------- */

static void create_with_a_token_is_asked_again_and_makes_one_node(void **state)
{
    (void)state;
    begin(EC2("{'close': 'after'}, " MADE));
    assert_int_equal(LAUNCH("client_token", "tok-1"), 0);
    assert_string_equal(nube_id(nube_result_at(result, 0)), "i-1");
    assert_int_equal(seen("ClientToken=tok-1"), 2);
}

static void create_without_a_token_is_not_asked_again(void **state)
{
    (void)state;
    begin(EC2("{'close': 'after'}, " MADE));
    assert_int_equal(LAUNCH("name", "x"), NUBE_E_OUTCOME_UNKNOWN);
    assert_int_equal(count("POST /"), 1);
    assert_non_null(strstr(err.message, "look before trying again"));
}

static void throttled_change_is_repeated(void **state)
{
    (void)state;
    begin(EC2(ERROR_("503", "RequestLimitExceeded", "") ", " STARTED));
    assert_int_equal(CALL(NODE_START, "id", "i-1"), 0);
    assert_int_equal(count("POST /"), 2);
}

static void missing_capacity_is_not_repeated(void **state)
{
    (void)state;
    begin(EC2(ERROR_("500", "InsufficientInstanceCapacity", "")));
    assert_int_equal(LAUNCH("client_token", "tok-1"), NUBE_E_PROVIDER);
    assert_int_equal(count("POST /"), 1);
    assert_int_equal(err.retryable, NUBE_NO);
}

static void wrong_secret_is_not_repeated(void **state)
{
    (void)state;
    begin(EC2(ERROR_("401", "AuthFailure", "")));
    assert_int_equal(list(), NUBE_E_AUTH);
    assert_int_equal(seen("Action=DescribeInstances"), 1);
    assert_int_equal(seen("Action=GetCallerIdentity"), 1);
}

/* The server's clock is decades behind: it refuses, tells its time, and gets it. */
static void skewed_clock_is_corrected_once(void **state)
{
    (void)state;
    begin(EC2(ERROR_(
        "401", "AuthFailure",
        ", 'headers': {'Date': 'Sun, 06 Nov 1994 08:49:37 GMT'}") ", " PAGE(NODE("i-1", "running"),
                                                                            "")));
    assert_int_equal(list(), 1);
    assert_int_equal(count("POST /"), 2);
    assert_true(seen("19941106T08") >= 1);
}

#define SKEWED                                                                                     \
    ERROR_("401", "AuthFailure", ", 'headers': {'Date': 'Sun, 06 Nov 1994 08:49:37 GMT'}")

/* Both were signed by the wrong clock, and each reply counts for its own request. */
static void skewed_clock_is_corrected_in_every_region(void **state)
{
    (void)state;
    serve(EC2(SKEWED ", " SKEWED ", " PAGE(NODE("i-1", "running"), "")));
    region = "us-east-1,eu-west-1";
    connect_with(ARGS("key", "AK", "secret", "s"));
    assert_int_equal(list(), 2);
    assert_int_equal(count("POST /"), 4);
    assert_true(seen("/eu-west-1/ec2/aws4_request") >= 1);
}

/* ---- What was just made -------------------------------------------------------------------- */

static void fresh_node_that_is_not_found_is_pending(void **state)
{
    const nube_obj *node;

    (void)state;
    begin(EC2(MADE ", " PAGE("", "")));
    assert_int_equal(LAUNCH("client_token", "k"), 0);
    assert_int_equal(CALL(NODE_GET, "id", "i-1"), 0);
    node = nube_result_at(result, 0);
    assert_string_equal(nube_id(node), "i-1");
    assert_int_equal(nube_node_state(node), NUBE_STATE_PENDING);
    assert_int_equal(CALL(NODE_GET, "id", "i-2"), NUBE_E_NOT_FOUND);
}

static void fresh_node_can_be_waited_for(void **state)
{
    struct nube_wait wait = NUBE_WAIT_INIT;
    const char *id = "i-1";

    (void)state;
    begin(EC2(MADE ", " PAGE("", "") "," PAGE(NODE("i-1", "pending"),
                                              "") "," PAGE(NODE("i-1", "running"), "")));
    assert_int_equal(LAUNCH("client_token", "k"), 0);
    wait.interval_ms = 10;
    if (nube_node_wait(conn, &id, 1, &wait, NULL, NULL, &err))
        fail_msg("%s", err.message);
    assert_int_equal(count("POST /"), 4);
}

static void change_of_a_fresh_node_waits_for_it(void **state)
{
    (void)state;
    begin(EC2(MADE ", " ERROR_("400", "InvalidInstanceID.NotFound", "") ", " TAGGED));
    assert_int_equal(LAUNCH("client_token", "k"), 0);
    assert_int_equal(CALL(NODE_RENAME, "id", "i-1", "name", "x"), 0);
    assert_int_equal(count("POST /"), 3);
}

static void change_of_another_node_does_not(void **state)
{
    (void)state;
    begin(EC2(ERROR_("400", "InvalidInstanceID.NotFound", "") ", " STARTED));
    assert_int_equal(CALL(NODE_START, "id", "i-1"), NUBE_E_NOT_FOUND);
    assert_int_equal(count("POST /"), 1);
}

#define KEY_MADE                                                                                   \
    X("<ImportKeyPairResponse><keyName>ops</keyName><keyFingerprint>x</keyFingerprint>"            \
      "</ImportKeyPairResponse>")
#define KEYS(items)                                                                                \
    X("<DescribeKeyPairsResponse><keySet>" items "</keySet></DescribeKeyPairsResponse>")

static void fresh_key_is_waited_for(void **state)
{
    (void)state;
    begin(EC2(KEY_MADE ", " KEYS("") "," KEYS("<item><keyName>ops</keyName></item>") "," ERROR_(
        "400", "InvalidKeyPair.NotFound", "") "," MADE));
    assert_int_equal(CALL(KEY_IMPORT, "name", "ops", "public_key", "ssh-rsa AAAA"), 0);
    assert_int_equal(CALL(KEY_GET, "id", "ops"), 0);
    assert_int_equal(LAUNCH("key", "ops"), 0);
    assert_int_equal(count("POST /"), 5);
}

/* ---- Objects as arguments, and orders ------------------------------------------------------- */

#define ZONES                                                                                      \
    X("<DescribeAvailabilityZonesResponse><availabilityZoneInfo><item><zoneName>us-east-1b"        \
      "</zoneName><regionName>us-east-1</regionName></item></availabilityZoneInfo>"                \
      "</DescribeAvailabilityZonesResponse>")

static void T06_location_is_taken_as_an_object_or_an_id(void **state)
{
    nube_args *args = ARGS("image", "ami-1", "size", "t3.micro");

    (void)state;
    begin(EC2(ZONES ", " MADE));
    assert_int_equal(call(NUBE_OP_LOCATION_LIST, NULL), 0);
    nube_args_set_obj(args, "location", nube_result_at(result, 0));
    assert_int_equal(call(NUBE_OP_NODE_CREATE, args), 0);
    assert_int_equal(seen("Placement.AvailabilityZone=us-east-1b"), 1);
}

#define GROUP(id) "<item><groupId>" id "</groupId></item>"
#define GROUPED(groups, state)                                                                     \
    PAGE("<item><instancesSet><item><instanceId>i-1</instanceId><instanceState><name>" state       \
         "</name></instanceState><groupSet>" groups "</groupSet></item></instancesSet></item>",    \
         "")

static void T38_order_of_groups_is_not_a_difference_and_actions_are_those_of_the_state(void **state)
{
    const nube_obj *node;
    char *first, *second;

    (void)state;
    begin(EC2(GROUPED(GROUP("sg-b") GROUP("sg-a"),
                      "stopped") "," GROUPED(GROUP("sg-a") GROUP("sg-b"), "stopped")));
    assert_int_equal(CALL(NODE_GET, "id", "i-1"), 0);
    first = nube_obj_json(nube_result_at(result, 0), 0);
    assert_int_equal(CALL(NODE_GET, "id", "i-1"), 0);
    node = nube_result_at(result, 0);
    second = nube_obj_json(node, 0);
    assert_string_equal(first, second);
    assert_int_equal(nube_node_allows(node, NUBE_OP_NODE_STOP), 0);
    assert_int_equal(nube_node_allows(node, NUBE_OP_NODE_START), 1);
    nube_free(first);
    nube_free(second);
}

/* ---- Secrets -------------------------------------------------------------------------------- */

#define KEY_OF_EC2                                                                                 \
    X("<CreateKeyPairResponse><keyName>ops</keyName><keyFingerprint>x</keyFingerprint>"            \
      "<keyMaterial>-----BEGIN SECRET LINES-----</keyMaterial></CreateKeyPairResponse>")

/* How many files of a record hold the text. */
static int recorded(const char *text)
{
    char command[256];
    size_t len;

    snprintf(command, sizeof(command), "{ grep -lr -- '%s' record || true; } | wc -l", text);
    scratch_run(command);
    return atoi(scratch_read("log", &len));
}

static void record_holds_no_secret(void **state)
{
    (void)state;
    record_dir = scratch_path("record");
    begin(EC2(KEY_OF_EC2 ", " MADE));
    assert_int_equal(CALL(KEY_CREATE, "name", "ops"), 0);
    assert_string_equal(nube_str(nube_result_at(result, 0), NUBE_PRIVATE_KEY),
                        "-----BEGIN SECRET LINES-----");
    assert_int_equal(LAUNCH("user_data", "#!/bin/sh\n"), 0);
    assert_int_equal(seen("UserData=IyEvYmluL3NoCg%3D%3D"), 1);
    assert_int_equal(recorded("CreateKeyPair"), 1);
    assert_int_equal(recorded("SECRET LINES"), 0);
    assert_int_equal(recorded("IyEvYmluL3NoCg"), 0);
    assert_int_equal(recorded("sEcReT"), 0);
    assert_int_equal(recorded("Signature="), 0);
}

/* ---- Sizes ---------------------------------------------------------------------------------- */

#define SIZES(name, token)                                                                         \
    X("<DescribeInstanceTypesResponse><instanceTypeSet><item><instanceType>" name                  \
      "</instanceType><memoryInfo><sizeInMiB>1024</sizeInMiB></memoryInfo><vCpuInfo>"              \
      "<defaultVCpus>2</defaultVCpus></vCpuInfo><bareMetal>false</bareMetal><processorInfo>"       \
      "<supportedArchitectures><item>i386</item><item>x86_64</item></supportedArchitectures>"      \
      "</processorInfo></item></instanceTypeSet>" token "</DescribeInstanceTypesResponse>")

static void all_sizes(char *text[2])
{
    size_t i;

    assert_int_equal(nube_result_count(result), 2);
    for (i = 0; i < 2; i++)
        text[i] = nube_obj_json(nube_result_at(result, i), 0);
}

/* A second look costs no request and says the same; whoever wants to know anew may ask. */
static void T27_sizes_are_live_and_kept_for_a_day(void **state)
{
    char *first[2], *second[2];
    struct stat st;
    size_t i;

    (void)state;
    environment[0] = "HOME";
    environment[1] = scratch;
    begin(EC2(SIZES("a.1", TOKEN("t")) "," SIZES("b.2", "")));
    assert_int_equal(call(NUBE_OP_SIZE_LIST, NULL), 0);
    all_sizes(first);
    assert_int_equal(count("POST /"), 2);
    assert_int_equal(call(NUBE_OP_SIZE_LIST, NULL), 0);
    all_sizes(second);
    assert_int_equal(count("POST /"), 2);
    for (i = 0; i < 2; i++)
        assert_string_equal(first[i], second[i]);
    assert_int_equal(CALL(SIZE_LIST, "max_age", "0"), 0);
    assert_int_equal(count("POST /"), 3);
    assert_int_equal(CALL(SIZE_LIST, "id", "a.1"), 0);
    assert_int_equal(nube_result_count(result), 0); /* the newer list has no a.1 */
    assert_int_equal(stat(scratch_path(".cache/nube"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    for (i = 0; i < 2; i++) {
        nube_free(first[i]);
        nube_free(second[i]);
    }
}

static void T27_no_sizes_at_all_are_an_error(void **state)
{
    (void)state;
    begin(EC2(X("<DescribeInstanceTypesResponse><instanceTypeSet/>"
                "</DescribeInstanceTypesResponse>")));
    assert_int_equal(call(NUBE_OP_SIZE_LIST, NULL), NUBE_E_PROTOCOL);
}

/* ---- Credentials that end ------------------------------------------------------------------ */

static void use_container(const char *replies)
{
    static char routes[4096];

    snprintf(routes, sizeof(routes), "{'path': '/creds', 'replies': [%s]}, " EC2("%s"), replies,
             ERROR_("403", "ExpiredToken", ", 'times': 1") ", " PAGE("", ""));
    serve(routes);
    environment[0] = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
    environment[1] = creds_url;
    environment[2] = "HOME";
    environment[3] = scratch;
    connect_with(ARGS("retries", "1"));
}

static void expired_token_means_new_credentials_and_the_request_again(void **state)
{
    (void)state;
    use_container(CREDS("2099-01-01T00:00:00Z"));
    assert_int_equal(list(), 0);
    assert_int_equal(count("GET /creds"), 2);
    assert_int_equal(count("POST /"), 2);
    assert_int_equal(list(), 0);
    assert_int_equal(count("GET /creds"), 2);
}

static void use_container_until(time_t end)
{
    char text[64], replies[512];
    struct tm tm;

    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&end, &tm));
    snprintf(replies, sizeof(replies), CREDS("%s"), text);
    use_container(replies);
}

/* Five minutes before they end, they are renewed before the next call, not after it was refused. */
static void credentials_are_renewed_before_they_end(void **state)
{
    (void)state;
    use_container_until(time(NULL) + 3600);
    assert_int_equal(list(), 0); /* the first reply calls them expired */
    assert_int_equal(count("GET /creds"), 2);
    later_ms = (int64_t)(3600 - 310) * 1000;
    assert_int_equal(list(), 0);
    assert_int_equal(count("GET /creds"), 2);
    later_ms = (int64_t)(3600 - 290) * 1000;
    assert_int_equal(list(), 0);
    assert_int_equal(count("GET /creds"), 3);
}

/* Short-lived ones too, or they would be renewed for every call. */
static void credentials_that_are_short_lived_are_used(void **state)
{
    (void)state;
    use_container_until(time(NULL) + 200);
    assert_int_equal(list(), 0);
    assert_int_equal(list(), 0);
    assert_int_equal(count("GET /creds"), 2);
    later_ms = (int64_t)150 * 1000;
    assert_int_equal(list(), 0);
    assert_int_equal(count("GET /creds"), 3);
}

static void silent_metadata_service_is_no_long_wait(void **state)
{
    struct timespec a, b;

    (void)state;
    serve("{'method': 'PUT', 'path': '/latest/api/token', 'replies': [{'never': true}]}");
    environment[0] = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
    environment[1] = url;
    connect_with(ARGS("retries", "4"));
    clock_gettime(CLOCK_MONOTONIC, &a);
    assert_int_equal(list(), NUBE_E_AUTH);
    clock_gettime(CLOCK_MONOTONIC, &b);
    assert_true(b.tv_sec - a.tv_sec <= 4);
    assert_non_null(strstr(err.message, "no AWS credentials were found"));
    assert_int_equal(count("PUT /latest/api/token"), 1);
}

/* ---- A stored login ---------------------------------------------------------------------- */

#define SSO_STORE ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json"

static void put(const char *name, const char *text)
{
    char path[512], *slash;
    FILE *f;

    snprintf(path, sizeof(path), "%s", scratch_path(name));
    for (slash = path + strlen(scratch) + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
        *slash = '\0';
        mkdir(path, 0700);
    }
    f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void has(const char *name, const char *text)
{
    char all[2048];
    FILE *f = fopen(scratch_path(name), "r");
    size_t n;

    assert_non_null(f);
    n = fread(all, 1, sizeof(all) - 1, f);
    all[n] = '\0';
    fclose(f);
    if (!strstr(all, text))
        fail_msg("%s has no %s: %s", name, text, all);
}

static void use_sso(const char *renewal)
{
    static char routes[4096];

    snprintf(routes, sizeof(routes),
             "{'method': 'POST', 'path': '/token', 'replies': [%s]},"
             "{'path': '/federation/credentials', 'replies': [{'json': {'roleCredentials': "
             "{'accessKeyId': 'AKSSO', 'secretAccessKey': 's', 'sessionToken': 't',"
             "'expiration': 4070908800000}}}]}, " EC2(PAGE("", "")),
             renewal);
    serve(routes);
    environment[0] = "HOME";
    environment[1] = scratch;
    environment[2] = "AWS_ENDPOINT_URL";
    environment[3] = url;
    put(".aws/config", "[default]\nregion = us-east-1\nsso_session = corp\nsso_account_id = 1\n"
                       "sso_role_name = Admin\n[sso-session corp]\nsso_region = us-east-1\n");
    put(SSO_STORE, "{\"startUrl\":\"https://corp.example\",\"accessToken\":\"old-token\","
                   "\"expiresAt\":\"2020-01-01T00:00:00Z\",\"refreshToken\":\"spent-once\","
                   "\"clientId\":\"app\",\"clientSecret\":\"of-app\","
                   "\"registrationExpiresAt\":\"2099-01-01T00:00:00Z\"}");
    connect_with(ARGS("retries", "0"));
}

/* The refresh token may be good for one time only: what came back is kept where the AWS tools look,
 * for its owner alone, with everything else as it was. */
static void stored_login_is_renewed_and_kept(void **state)
{
    struct stat st;

    (void)state;
    use_sso("{'json': {'accessToken': 'new-token', 'expiresIn': 3600, 'refreshToken': 'next'}}");
    assert_int_equal(list(), 0);
    assert_int_equal(count("POST /token"), 1);
    assert_int_equal(seen("new-token"), 1);
    assert_int_equal(seen("old-token"), 0);
    has(SSO_STORE, "\"accessToken\":\"new-token\"");
    has(SSO_STORE, "\"refreshToken\":\"next\"");
    has(SSO_STORE, "\"startUrl\":\"https://corp.example\"");
    has(SSO_STORE, "\"clientSecret\":\"of-app\"");
    assert_int_equal(stat(scratch_path(SSO_STORE), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void stored_login_that_is_not_renewed_stays(void **state)
{
    (void)state;
    use_sso("{'status': 400, 'json': {'error': 'invalid_grant'}}");
    assert_int_equal(list(), NUBE_E_AUTH);
    assert_non_null(strstr(err.message, "aws sso login"));
    has(SSO_STORE, "spent-once");
}

#define ROLE                                                                                       \
    X("<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>AKROLE</AccessKeyId>"       \
      "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>"             \
      "2099-01-01T00:00:00.123456Z</Expiration></Credentials></AssumeRoleResult>"                  \
      "</AssumeRoleResponse>")

static void role_with_an_mfa_code_asks_the_application(void **state)
{
    (void)state;
    serve(EC2(ROLE ", " PAGE("", "")));
    connect_with(ARGS("key", "AK", "secret", "s", "role_arn", "arn:role", "mfa_serial", "arn:mfa"));
    assert_int_equal(list(), 0);
    assert_int_equal(asked, 1);
    assert_int_equal(seen("TokenCode=123456"), 1);
    assert_int_equal(seen("Credential=AKROLE/"), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(T26_every_page_is_followed_the_empty_one_too),
        TEST(T35_list_that_never_ends_is_an_error),
        TEST(create_with_a_token_is_asked_again_and_makes_one_node),
        TEST(create_without_a_token_is_not_asked_again),
        TEST(throttled_change_is_repeated),
        TEST(missing_capacity_is_not_repeated),
        TEST(wrong_secret_is_not_repeated),
        TEST(skewed_clock_is_corrected_once),
        TEST(skewed_clock_is_corrected_in_every_region),
        TEST(fresh_node_that_is_not_found_is_pending),
        TEST(fresh_node_can_be_waited_for),
        TEST(change_of_a_fresh_node_waits_for_it),
        TEST(change_of_another_node_does_not),
        TEST(fresh_key_is_waited_for),
        TEST(T06_location_is_taken_as_an_object_or_an_id),
        TEST(T38_order_of_groups_is_not_a_difference_and_actions_are_those_of_the_state),
        TEST(record_holds_no_secret),
        TEST(T27_sizes_are_live_and_kept_for_a_day),
        TEST(T27_no_sizes_at_all_are_an_error),
        TEST(expired_token_means_new_credentials_and_the_request_again),
        TEST(credentials_are_renewed_before_they_end),
        TEST(credentials_that_are_short_lived_are_used),
        TEST(stored_login_is_renewed_and_kept),
        TEST(stored_login_that_is_not_renewed_stays),
        TEST(silent_metadata_service_is_no_long_wait),
        TEST(role_with_an_mfa_code_asks_the_application),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
