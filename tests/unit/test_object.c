/* Objects: what setters store, what getters and JSON give back, copies and filters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "error_int.h"
#include "mem.h"
#include "object_slot.h"

static enum nube_step step(nube_call *c, const nube_reply *r)
{
    (void)c;
    (void)r;
    return NUBE_DONE;
}

static const uint16_t running_ops[] = {NUBE_OP_NODE_STOP, NUBE_OP_NODE_REBOOT, NUBE_OP_IMAGE_CREATE,
                                       0};
static struct nube_state_row states[] = {{"ACTIVE", running_ops, NUBE_STATE_RUNNING},
                                         {"BUILD", NULL, NUBE_STATE_PENDING}};
static struct nube_driver_info driver = {
    .name = (char *)"acme",
    .states = states,
    .n_states = 2,
    .ops = {[NUBE_OP_NODE_STOP] = {NUBE_OP_NODE_STOP, 0, step},
            [NUBE_OP_NODE_START] = {NUBE_OP_NODE_START, 0, step},
            [NUBE_OP_IMAGE_CREATE] = {NUBE_OP_IMAGE_CREATE, 0, step}}};

static struct nube_arena arena;
static nube_obj *node;
static long blocks; /* allocated and not freed */

static void *count_alloc(size_t size)
{
    blocks++;
    return malloc(size);
}

static void *count_realloc(void *ptr, size_t size)
{
    blocks += !ptr;
    return realloc(ptr, size);
}

static void count_free(void *ptr)
{
    blocks -= ptr != NULL;
    free(ptr);
}

static int count_blocks(void **state)
{
    (void)state;
    return nube_mem_hooks(count_alloc, count_realloc, count_free);
}

static int setup(void **state)
{
    (void)state;
    memset(&arena, 0, sizeof(arena));
    node = nube_obj_new(&arena, NUBE_KIND_NODE, &driver);
    return node == NULL;
}

static int teardown(void **state)
{
    (void)state;
    nube_arena_free(&arena);
    return 0;
}

static void has(const nube_obj *obj, unsigned flags, const char *part)
{
    char *json = nube_obj_json(obj, flags);

    assert_non_null(json);
    if (!strstr(json, part))
        fail_msg("%s is not in %s", part, json);
    nube_free(json);
}

static void lacks(const nube_obj *obj, unsigned flags, const char *part)
{
    char *json = nube_obj_json(obj, flags);

    if (strstr(json, part))
        fail_msg("%s is in %s", part, json);
    nube_free(json);
}

static void absent_null_zero_and_empty_are_apart(void **state)
{
    struct nube_value v = {.size = sizeof(v)};
    int64_t n = 7;

    (void)state;
    assert_null(nube_name(node));
    assert_int_equal(nube_int(node, NUBE_RAM, &n), 0);
    assert_int_equal(n, 7);
    nube_set(node, NUBE_NAME, "");
    nube_set(node, NUBE_IMAGE, NULL);
    nube_set_int(node, NUBE_RAM, 0);
    nube_extra_null(node, "nothing");
    nube_extra_int(node, "zero", 0);
    nube_extra(node, "empty", "");
    nube_extra(node, "absent", NULL);
    assert_string_equal(nube_name(node), "");
    assert_null(nube_str(node, NUBE_IMAGE));
    assert_int_equal(nube_int(node, NUBE_RAM, &n), 1);
    assert_int_equal(n, 0);
    assert_int_equal(nube_extra_get(node, "nothing", &v), 1);
    assert_int_equal(v.type, NUBE_TYPE_NULL);
    assert_null(v.str);
    assert_int_equal(nube_extra_get(node, "absent", &v), 0);
    has(node, 0, "\"name\":\"\",");
    has(node, 0, "\"image\":null,");
    has(node, 0, "\"extra\":{\"nothing\":null,\"zero\":0,\"empty\":\"\"}");
}

static void an_empty_node_has_every_member(void **state)
{
    (void)state;
    has(node, 0,
        "{\"id\":null,\"name\":null,\"state\":null,\"raw_state\":null,\"public_ips\":[],"
        "\"private_ips\":[],\"addresses\":[],\"image\":null,\"size\":null,\"location\":null,"
        "\"keys\":[],\"owner_id\":null,\"firewalls\":[],\"profile\":null,\"auth\":null,"
        "\"created\":null,\"tags\":{},\"metadata\":{},\"actions\":null,\"backend\":null,"
        "\"provider\":null,\"extra\":{}}");
}

static void fields_keep_their_type(void **state)
{
    double d;
    int64_t n;

    (void)state;
    nube_set_int(node, NUBE_ID, 42);
    nube_set(node, NUBE_RAM, "512");
    nube_set(node, NUBE_DISK, "much");
    nube_set_number(node, NUBE_CORES, 0.5);
    assert_string_equal(nube_id(node), "42");
    assert_int_equal(nube_int(node, NUBE_RAM, &n), 1);
    assert_int_equal(n, 512);
    assert_int_equal(nube_number(node, NUBE_RAM, &d), 1);
    assert_true(d == 512);
    assert_int_equal(nube_int(node, NUBE_DISK, &n), 0);
    assert_int_equal(nube_int(node, NUBE_CORES, &n), 0);
    assert_int_equal(nube_number(node, NUBE_CORES, &d), 1);
    assert_null(nube_str(node, NUBE_RAM));
    assert_null(nube_str(node, NUBE_KEYS));
    has(node, 0, "\"profile\":{\"ram\":512,\"cores\":0.5,\"disk\":null}");
    nube_set_bool(node, NUBE_PUBLIC, 5);
    assert_int_equal(nube_int(node, NUBE_PUBLIC, &n), 1);
    assert_int_equal(n, 1);
}

static void setting_again_replaces(void **state)
{
    struct nube_value v = {.size = sizeof(v)};
    const char *key, *value;

    (void)state;
    nube_set(node, NUBE_NAME, "old");
    nube_set(node, NUBE_NAME, "new");
    nube_add(node, NUBE_KEYS, "a");
    nube_add(node, NUBE_KEYS, "b");
    nube_add(node, NUBE_KEYS, "a");
    nube_add_pair(node, NUBE_TAGS, "k", "1");
    nube_add_pair(node, NUBE_TAGS, "l", "2");
    nube_add_pair(node, NUBE_TAGS, "k", "3");
    nube_extra_int(node, "x", 1);
    nube_extra_bool(node, "x", 1);
    assert_string_equal(nube_name(node), "new");
    assert_int_equal(nube_list_count(node, NUBE_KEYS), 2);
    assert_string_equal(nube_list_at(node, NUBE_KEYS, 0), "a");
    assert_string_equal(nube_list_at(node, NUBE_KEYS, 1), "b");
    assert_null(nube_list_at(node, NUBE_KEYS, 2));
    assert_int_equal(nube_map_count(node, NUBE_TAGS), 2);
    assert_string_equal(nube_map_get(node, NUBE_TAGS, "k"), "3");
    assert_int_equal(nube_map_at(node, NUBE_TAGS, 0, &key, &value), 1);
    assert_string_equal(key, "l");
    assert_int_equal(nube_extra_count(node), 1);
    assert_int_equal(nube_extra_at(node, 0, &v), 1);
    assert_int_equal(v.type, NUBE_TYPE_BOOL);
    has(node, 0, "\"tags\":{\"l\":\"2\",\"k\":\"3\"}");
    has(node, 0, "\"keys\":[\"a\",\"b\"]");
    has(node, 0, "\"extra\":{\"x\":true}");
}

static void states_follow_the_table(void **state)
{
    (void)state;
    nube_set_state(node, "active");
    assert_int_equal(nube_node_state(node), NUBE_STATE_RUNNING);
    assert_string_equal(nube_str(node, NUBE_RAW_STATE), "active");
    assert_int_equal(nube_node_allows(node, NUBE_OP_NODE_STOP), 1);
    assert_int_equal(nube_node_allows(node, NUBE_OP_NODE_START), 0);
    /* Allowed by the state, not offered by the driver. */
    assert_int_equal(nube_node_allows(node, NUBE_OP_NODE_REBOOT), 0);
    has(node, 0, "\"state\":\"running\",\"raw_state\":\"active\"");
    has(node, 0, "\"actions\":[\"stop\",\"create_image\"]");
    nube_set_state(node, "FROBNICATING");
    assert_int_equal(nube_node_state(node), NUBE_STATE_UNKNOWN);
    assert_int_equal(nube_node_allows(node, NUBE_OP_NODE_STOP), -1);
    has(node, 0, "\"state\":\"unknown\",\"raw_state\":\"FROBNICATING\"");
    has(node, 0, "\"actions\":null");
    nube_set_state(node, "BUILD");
    assert_int_equal(nube_node_allows(node, NUBE_OP_NODE_STOP), -1);
}

static void the_state_of_an_image_is_the_providers_word(void **state)
{
    nube_obj *image = nube_obj_new(&arena, NUBE_KIND_IMAGE, &driver);

    (void)state;
    nube_set_state(image, "available");
    has(image, 0, "\"state\":\"available\"");
    has(image, 0, "\"star\":null");
    nube_set_bool(image, NUBE_STAR, 0);
    has(image, 0, "\"star\":false");
}

static void addresses_are_classified(void **state)
{
    static const struct {
        const char *value;
        int family, scope;
    } want[] = {
        {"10.1.2.3", NUBE_IPV4, NUBE_SCOPE_PRIVATE},
        {"172.31.0.1", NUBE_IPV4, NUBE_SCOPE_PRIVATE},
        {"172.32.0.1", NUBE_IPV4, NUBE_SCOPE_PUBLIC},
        {"192.168.1.1", NUBE_IPV4, NUBE_SCOPE_PRIVATE},
        {"100.64.0.1", NUBE_IPV4, NUBE_SCOPE_SHARED},
        {"100.128.0.1", NUBE_IPV4, NUBE_SCOPE_PUBLIC},
        {"169.254.1.1", NUBE_IPV4, NUBE_SCOPE_LINK_LOCAL},
        {"127.0.0.1", NUBE_IPV4, NUBE_SCOPE_LOOPBACK},
        {"50.56.12.206", NUBE_IPV4, NUBE_SCOPE_PUBLIC},
        {"2001:4802::1", NUBE_IPV6, NUBE_SCOPE_PUBLIC},
        {"fd00::1", NUBE_IPV6, NUBE_SCOPE_PRIVATE},
        {"fe80::1%eth0", NUBE_IPV6, NUBE_SCOPE_LINK_LOCAL},
        {"::1", NUBE_IPV6, NUBE_SCOPE_LOOPBACK},
        {"::ffff:10.0.0.1", NUBE_IPV6, NUBE_SCOPE_PRIVATE},
        {"ec2-1-2-3-4.compute.amazonaws.com", NUBE_DNS, 0},
    };
    struct nube_address a = {.size = sizeof(a)};
    size_t i, n = sizeof(want) / sizeof(*want);

    (void)state;
    for (i = 0; i < n; i++) {
        nube_add_address(node, want[i].value, 0, "net", i ? NULL : "aa:bb");
        assert_int_equal(nube_address_at(node, i, &a), 1);
        assert_string_equal(a.value, want[i].value);
        assert_int_equal(a.family, want[i].family);
        assert_int_equal(a.scope, want[i].scope);
        assert_int_equal(a.kind,
                         want[i].family == NUBE_DNS ? NUBE_ADDRESS_DNS : NUBE_ADDRESS_FIXED);
        assert_string_equal(a.network, "net");
    }
    assert_null(a.mac);
    nube_add_address(node, "2001:4802:0::1", 0, NULL, NULL);
    assert_int_equal(nube_address_count(node), n);
    assert_int_equal(nube_address_at(node, n, &a), 0);
    has(node, 0,
        "\"private_ips\":[\"10.1.2.3\",\"172.31.0.1\",\"192.168.1.1\",\"100.64.0.1\","
        "\"fd00::1\",\"::ffff:10.0.0.1\"]");
    has(node, 0,
        "{\"value\":\"10.1.2.3\",\"family\":\"ipv4\",\"scope\":\"private\","
        "\"kind\":\"fixed\",\"network\":\"net\",\"mac\":\"aa:bb\"}");
    has(node, 0, "\"family\":\"dns\",\"scope\":null,\"kind\":\"dns\"");
}

static void what_is_no_address_is_left_out_and_noted(void **state)
{
    static const char *const bad[] = {"dhcp",        "DHCP", "300.1.2.3",  "1.2.3",
                                      "0.0.0.0",     "::",   "a b.c",      "-x.org",
                                      "10.0.0.1/24", "x..y", "a\r\nb.com", "none"};
    struct nube_value v = {.size = sizeof(v)};
    size_t i;

    (void)state;
    nube_add_address(node, "", 0, NULL, NULL);
    assert_int_equal(nube_extra_count(node), 0);
    for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        nube_add_address(node, bad[i], 0, NULL, NULL);
        assert_int_equal(nube_address_count(node), 0);
        assert_int_equal(nube_extra_get(node, "address_note", &v), 1);
        assert_string_equal(v.str, bad[i]);
    }
    nube_add_address(node, "dhcp", NUBE_ADDRESS_DNS, NULL, NULL);
    assert_int_equal(nube_address_count(node), 0);
    nube_add_address(node, "myserver", NUBE_ADDRESS_DNS, NULL, NULL);
    assert_int_equal(nube_address_count(node), 1);
}

static void times_are_read_and_printed_in_utc(void **state)
{
    static const struct {
        const char *text, *json;
    } want[] = {
        {"2013-06-12T10:00:00Z", "2013-06-12T10:00:00Z"},
        {"2013-06-12T10:00:00.123456789Z", "2013-06-12T10:00:00Z"},
        {"2013-06-12T12:30:00+02:30", "2013-06-12T10:00:00Z"},
        {"2013-06-12T05:00:00-0500", "2013-06-12T10:00:00Z"},
        {"2013-06-12t10:00:00z", "2013-06-12T10:00:00Z"},
        {"2013-06-12 10:00:00", "2013-06-12T10:00:00Z"},
        {"2013-06-12T10:00", "2013-06-12T10:00:00Z"},
        {"2013-06-12", "2013-06-12T00:00:00Z"},
        {"2000-02-29T23:59:60Z", "2000-03-01T00:00:00Z"},
        {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
        {"1969-12-31T23:00:00-01:00", "1970-01-01T00:00:00Z"},
        {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
    };
    char part[64];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(want) / sizeof(*want); i++) {
        nube_obj *o = nube_obj_new(&arena, NUBE_KIND_NODE, NULL);

        nube_set_time(o, NUBE_CREATED, want[i].text);
        snprintf(part, sizeof(part), "\"created\":\"%s\"", want[i].json);
        has(o, 0, part);
    }
}

static void times_that_are_none_are_left_out(void **state)
{
    static const char *const bad[] = {"",
                                      "0001-01-01T00:00:00Z",
                                      "1969-12-31T23:59:59Z",
                                      "2013-02-29",
                                      "2013-13-01",
                                      "yesterday",
                                      "2013-06-12T25:00:00Z",
                                      "2013-06-12T10:00:00.Z",
                                      "2013-06-12T10:00:00X",
                                      "2013-06-12T10:00:00+2",
                                      "9999-12-31T23:59:59-01:00",
                                      "1371031200",
                                      "2013-06-12T",
                                      "2013-06-12T10:00:00Zx"};
    int64_t v;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        nube_set_time(node, NUBE_CREATED, bad[i]);
        if (nube_int(node, NUBE_CREATED, &v))
            fail_msg("\"%s\" was read as %lld", bad[i], (long long)v);
    }
    has(node, 0, "\"created\":null");
}

static void secrets_show_only_when_asked_for(void **state)
{
    nube_obj *key = nube_obj_new(&arena, NUBE_KIND_KEY, NULL);

    (void)state;
    assert_false(arena.secret);
    nube_set(node, NUBE_AUTH_TYPE, "password");
    nube_set(node, NUBE_USERNAME, "root");
    nube_set(node, NUBE_PASSWORD, "hunter2");
    assert_true(arena.secret);
    nube_set(key, NUBE_PRIVATE_KEY, "-----BEGIN");
    nube_add(key, NUBE_FINGERPRINTS, "aa:bb");
    nube_add(key, NUBE_FINGERPRINTS, "SHA256:x");
    has(node, 0, "\"auth\":{\"type\":\"password\",\"username\":\"root\"}");
    lacks(node, 0, "hunter2");
    has(node, NUBE_JSON_SECRETS,
        "\"auth\":{\"type\":\"password\",\"username\":\"root\",\"password\":\"hunter2\"}");
    lacks(key, 0, "private_key");
    has(key, NUBE_JSON_SECRETS, "\"private_key\":\"-----BEGIN\"");
    has(key, 0, "\"fingerprint\":\"aa:bb\",\"fingerprints\":[\"aa:bb\",\"SHA256:x\"]");
}

static void fill(nube_obj *o)
{
    char name[32];
    int i;

    nube_set(o, NUBE_ID, "52415800-8b69-11e0-9b19-734f6f006e54");
    nube_set(o, NUBE_NAME, "web-0001");
    nube_set_state(o, "ACTIVE");
    nube_set(o, NUBE_IMAGE, "52415800-8b69-11e0-9b19-734f565bc83b");
    nube_set(o, NUBE_SIZE, "52415800-8b69-11e0-9b19-734f216543fd");
    nube_set(o, NUBE_LOCATION, "region-a");
    nube_set(o, NUBE_OWNER, "5f705771ddb34adb95a3f9cc6b28b3ba");
    nube_set_time(o, NUBE_CREATED, "2010-11-11T11:11:11Z");
    nube_add(o, NUBE_KEYS, "name");
    nube_add_address(o, "67.23.10.132", 0, "public", NULL);
    nube_add_address(o, "10.176.42.16", NUBE_ADDRESS_FLOATING, "private", "02:00:00:00:00:01");
    nube_add_pair(o, NUBE_TAGS, "Server Label", "Web Head 1");
    nube_add_pair(o, NUBE_TAGS, "Image Version", "2.1");
    for (i = 0; i < 10; i++) {
        snprintf(name, sizeof(name), "provider.member_%d", i);
        if (i % 2)
            nube_extra_int(o, name, i);
        else
            nube_extra(o, name, "some value");
    }
    nube_set(o, NUBE_BACKEND, "backend-1");
    nube_set(o, NUBE_PROVIDER, "openstack");
}

static void a_typical_node_stays_in_its_budget(void **state)
{
    struct nube_arena many = {0};
    size_t i, octets;

    (void)state;
    for (i = 0; i < 10000; i++)
        fill(nube_obj_new(&many, NUBE_KIND_NODE, &driver));
    octets = many.total / 10000;
    nube_arena_free(&many);
    if (octets > 900)
        fail_msg("%zu octets a node", octets);
}

static void copies_live_on_their_own(void **state)
{
    struct nube_arena other = {0};
    struct nube_error err = NUBE_ERROR_INIT;
    nube_obj *copy, *dup;
    char *want, *got, big[3000];

    (void)state;
    memset(big, 'b', sizeof(big));
    big[sizeof(big) - 1] = '\0';
    nube_extra(node, "first", big);
    fill(node);
    nube_add_pair(node, NUBE_METADATA, "big", big);
    nube_set(node, NUBE_PASSWORD, "hunter2");
    nube_extra_number(node, "load", 0.25);
    nube_extra_null(node, "nil");
    nube_extra_bool(node, "flag", 1);
    want = nube_obj_json(node, NUBE_JSON_SECRETS);
    copy = nube_obj_copy(&other, node);
    assert_int_equal(nube_obj_dup(&dup, node, &err), 0);
    assert_true(other.secret);
    teardown(NULL);
    memset(&arena, 0, sizeof(arena));
    got = nube_obj_json(copy, NUBE_JSON_SECRETS);
    assert_string_equal(got, want);
    nube_free(got);
    nube_set(copy, NUBE_NAME, "renamed");
    assert_string_equal(nube_name(copy), "renamed");
    got = nube_obj_json(dup, NUBE_JSON_SECRETS);
    assert_string_equal(got, want);
    nube_free(got);
    nube_obj_free(copy); /* not a duplicate: nothing happens */
    nube_obj_free(dup);
    nube_obj_free(NULL);
    nube_free(want);
    nube_arena_free(&other);
    assert_int_equal(nube_obj_dup(&dup, NULL, &err), NUBE_E_USAGE);
    assert_null(dup);
}

/* Sets every field of a kind in every way. */
static void fill_all(nube_obj *o)
{
    char text[64];
    unsigned f;

    fill(o);
    for (f = 1; f < NUBE_FIELD_COUNT; f++) {
        snprintf(text, sizeof(text), "a text of its own, of field %u", f);
        nube_set(o, (enum nube_field)f, text);
        nube_set_int(o, (enum nube_field)f, 7);
        nube_add(o, (enum nube_field)f, text);
        nube_add_pair(o, (enum nube_field)f, "name", text);
    }
}

static void T23_each_kind_frees_all_that_it_holds(void **state)
{
    struct nube_error err = NUBE_ERROR_INIT;
    long before = blocks;
    nube_obj *dup;
    int kind;

    (void)state;
    for (kind = NUBE_KIND_NODE; *nube_kind_name((enum nube_kind)kind); kind++) {
        struct nube_arena own = {0};
        nube_obj *o = nube_obj_new(&own, (enum nube_kind)kind, &driver);

        fill_all(o);
        assert_int_equal(nube_obj_dup(&dup, o, &err), 0);
        nube_free(nube_obj_json(dup, NUBE_JSON_SECRETS));
        assert_true(blocks > before);
        nube_arena_free(&own);
        nube_obj_free(dup);
        assert_int_equal(blocks, before);
    }
    assert_in_range(kind, NUBE_KIND_KEY + 1, 20);
}

static void a_copy_of_the_head_is_a_checkpoint(void **state)
{
    struct nube_arena_mark mark;
    char *want, *got;
    nube_obj head;

    (void)state;
    fill(node);
    want = nube_obj_json(node, 0);
    mark = nube_arena_mark(&arena);
    head = *node;
    nube_set(node, NUBE_NAME, "other");
    nube_add_pair(node, NUBE_TAGS, "Image Version", "3");
    nube_extra(node, "late", "value");
    nube_arena_rewind(&arena, mark);
    *node = head;
    got = nube_obj_json(node, 0);
    assert_string_equal(got, want);
    nube_free(got);
    nube_free(want);
}

static void very_many_values_are_kept(void **state)
{
    enum { MANY = 100000 };
    char key[32];
    char *json;
    int i;

    (void)state;
    for (i = 0; i < MANY; i++) {
        snprintf(key, sizeof(key), "key-%d", i);
        nube_add_pair(node, NUBE_TAGS, key, "");
        nube_add(node, NUBE_KEYS, key);
    }
    assert_int_equal(nube_map_count(node, NUBE_TAGS), MANY);
    assert_int_equal(nube_list_count(node, NUBE_KEYS), MANY);
    json = nube_obj_json(node, 0);
    assert_non_null(strstr(json, "\"key-99999\":\"\"}"));
    nube_free(json);
}

static void exhaustion_is_quiet_and_sticky(void **state)
{
    struct nube_arena small = {.cap = 8 << 10};
    nube_obj *o = nube_obj_new(&small, NUBE_KIND_NODE, NULL);
    char *json;
    int i;

    (void)state;
    for (i = 0; i < 1000; i++)
        nube_extra_int(o, (char[]){(char)('a' + i % 26), (char)('a' + i / 26), '\0'}, i);
    assert_true(small.failed);
    assert_null(nube_obj_new(&small, NUBE_KIND_NODE, NULL));
    json = nube_obj_json(o, 0);
    assert_non_null(json);
    nube_free(json);
    nube_arena_free(&small);
    nube_set(NULL, NUBE_NAME, "x");
    nube_add_address(NULL, "10.0.0.1", 0, NULL, NULL);
    nube_extra_null(NULL, "x");
    assert_null(nube_name(NULL));
    assert_int_equal(nube_extra_count(NULL), 0);
    assert_int_equal(nube_address_count(NULL), 0);
    assert_int_equal(nube_obj_kind(NULL), NUBE_KIND_NONE);
}

static void hostile_text_stays_json(void **state)
{
    char *huge = malloc((1 << 20) + 1);

    (void)state;
    assert_non_null(huge);
    memset(huge, 'n', 1 << 20);
    huge[1 << 20] = '\0';
    nube_set(node, NUBE_NAME, huge);
    assert_int_equal(strlen(nube_name(node)), 1 << 20);
    nube_set(node, NUBE_ID, "a\"\r\n\x1b[31m\xff");
    nube_extra(node, "k\"ey", "{}");
    nube_extra_number(node, "inf", 1e308 * 10);
    has(node, 0, "\"id\":\"a\\\"\\r\\n\\u001b[31m\xef\xbf\xbd\"");
    has(node, 0, "\"extra\":{\"k\\\"ey\":\"{}\",\"inf\":null}");
    free(huge);
}

static void filters_match(void **state)
{
    (void)state;
    fill(node);
    assert_int_equal(nube_obj_matches(node, "name", NULL, "web-0001"), 1);
    assert_int_equal(nube_obj_matches(node, "name", NULL, "web"), 0);
    assert_int_equal(nube_obj_matches(node, "search", NULL, "WEB-0"), 1);
    assert_int_equal(nube_obj_matches(node, "search", NULL, "734f6f"), 1);
    assert_int_equal(nube_obj_matches(node, "search", NULL, "67.23."), 1);
    assert_int_equal(nube_obj_matches(node, "search", NULL, "nothing"), 0);
    assert_int_equal(nube_obj_matches(node, "state", NULL, "running"), 1);
    assert_int_equal(nube_obj_matches(node, "state", NULL, "active"), 1);
    assert_int_equal(nube_obj_matches(node, "state", NULL, "stopped"), 0);
    assert_int_equal(nube_obj_matches(node, "tag", "Image Version", "2.1"), 1);
    assert_int_equal(nube_obj_matches(node, "tag", "Image Version", "2"), 0);
    assert_int_equal(nube_obj_matches(node, "tag", "none", "2.1"), 0);
    assert_int_equal(nube_obj_matches(node, "location", NULL, "region-a"), 1);
    assert_int_equal(nube_obj_matches(node, "image", NULL, "region-a"), 0);
    assert_int_equal(nube_obj_matches(node, "address", NULL, "10.176.42.16"), 1);
    assert_int_equal(nube_obj_matches(node, "address", NULL, "10.176.42.1"), 0);
}

static void names_go_both_ways(void **state)
{
    unsigned i;

    (void)state;
    for (i = 1; i < NUBE_FIELD_COUNT; i++)
        assert_int_equal(nube_field_find(nube_field_name((enum nube_field)i)), i);
    assert_null(nube_field_name(NUBE_FIELD_NONE));
    assert_null(nube_field_name((enum nube_field)500));
    for (i = 0; i <= NUBE_STATE_ERROR; i++)
        assert_int_equal(nube_state_find(nube_state_name((int)i)), i);
    assert_int_equal(nube_state_find("active"), -1);
    assert_string_equal(nube_state_name(99), "unknown");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(absent_null_zero_and_empty_are_apart),
        TEST(an_empty_node_has_every_member),
        TEST(fields_keep_their_type),
        TEST(setting_again_replaces),
        TEST(states_follow_the_table),
        TEST(the_state_of_an_image_is_the_providers_word),
        TEST(addresses_are_classified),
        TEST(what_is_no_address_is_left_out_and_noted),
        TEST(times_are_read_and_printed_in_utc),
        TEST(times_that_are_none_are_left_out),
        TEST(secrets_show_only_when_asked_for),
        TEST(a_typical_node_stays_in_its_budget),
        TEST(copies_live_on_their_own),
        TEST(T23_each_kind_frees_all_that_it_holds),
        TEST(a_copy_of_the_head_is_a_checkpoint),
        TEST(very_many_values_are_kept),
        TEST(exhaustion_is_quiet_and_sticky),
        TEST(hostile_text_stays_json),
        TEST(filters_match),
        TEST(names_go_both_ways),
    };

    return cmocka_run_group_tests(tests, count_blocks, NULL);
}
