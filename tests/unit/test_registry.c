/* Adoption of drivers, defect by defect, and the provider catalogue over registered drivers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "error_int.h"
#include "lib_int.h"
#include "mem.h"
#include "options.h"
#include "registry.h"

/* An allocator that can be told to fail once. */
static long fail_in; /* 0: never */

static int fails_now(void)
{
    return fail_in && --fail_in == 0;
}

static void *hook_alloc(size_t size)
{
    return fails_now() ? NULL : malloc(size);
}

static void *hook_realloc(void *ptr, size_t size)
{
    return fails_now() ? NULL : realloc(ptr, size);
}

static int use_allocator(void **state)
{
    (void)state;
    return nube_mem_hooks(hook_alloc, hook_realloc, free);
}

static enum nube_step step(nube_call *c, const nube_reply *r)
{
    (void)c;
    (void)r;
    return NUBE_DONE;
}

static const struct nube_op_row ops[] = {{NUBE_OP_NODE_LIST, 0, step},
                                         {NUBE_OP_NODE_STOP, 0, step}};
static const struct nube_option options[] = {
    {.name = "user", .alias = "key", .flags = NUBE_OPTION_REQUIRED},
    {.name = "password", .alias = "secret", .flags = NUBE_OPTION_SECRET},
    {.name = "all", .op = NUBE_OP_NODE_LIST, .type = NUBE_TYPE_BOOL},
    {.name = "force", .op = NUBE_OP_NODE_ACTION, .action = "rescue", .type = NUBE_TYPE_BOOL},
};
static const struct nube_state_row states[] = {
    {"ACTIVE", NUBE_OPS(NUBE_OP_NODE_STOP), NUBE_STATE_RUNNING},
    {"Off", NULL, NUBE_STATE_STOPPED},
};
static const struct nube_action_row actions[] = {
    {"rescue", NUBE_KIND_NODE, 0, step, "Boots a rescue system."}};
static const struct nube_provider_row providers[] = {
    {"acme", "Acme", NULL, NULL, 0},
    {"acme:lon.1", "Acme London", "lon", "user=me\nregion=lon", 0},
};
static const struct nube_source_row sources[] = {{"password", NUBE_SOURCE_ENV, "ACME_PASSWORD"}};

static const struct nube_driver acme = {
    .size = sizeof(struct nube_driver),
    .services = NUBE_SERVICE_HTTP,
    .name = "acme",
    .title = "Acme Cloud",
    .version = "1.2",
    .license = "Apache-2.0",
    .providers = NUBE_TABLE(providers),
    .options = NUBE_TABLE(options),
    .ops = NUBE_TABLE(ops),
    .states = NUBE_TABLE(states),
    .actions = NUBE_TABLE(actions),
    .sources = NUBE_TABLE(sources),
};

/* The driver is refused, and the message has both words. */
static void refused(const struct nube_driver *driver, const char *file, const char *where,
                    const char *what)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_driver_info *info;

    assert_int_equal(nube_adopt(&info, driver, file, &err), NUBE_E_DRIVER);
    assert_null(info);
    if (!strstr(err.message, where) || !strstr(err.message, what))
        fail_msg("\"%s\" names neither or only one of \"%s\" and \"%s\"", err.message, where, what);
}

static struct nube_driver_info *adopted(const struct nube_driver *driver, const char *file)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_driver_info *info;

    if (nube_adopt(&info, driver, file, &err))
        fail_msg("%s", err.message);
    return info;
}

static void test_whole(void **state)
{
    struct nube_driver_info *info = adopted(&acme, "/x/acme.so");
    const char *raw, *name, *help;
    const uint16_t *allowed;
    int st, kind;

    (void)state;
    assert_string_equal(nube_driver_id(info), "acme");
    assert_string_equal(nube_driver_title(info), "Acme Cloud");
    assert_string_equal(nube_driver_version(info), "1.2");
    assert_string_equal(nube_driver_license(info), "Apache-2.0");
    assert_string_equal(nube_driver_file(info), "/x/acme.so");
    assert_true(nube_driver_can(info, NUBE_OP_NODE_LIST));
    assert_false(nube_driver_can(info, NUBE_OP_NODE_GET));
    assert_true(nube_driver_can(info, NUBE_OP_NODE_ACTION));
    assert_false(nube_driver_can(info, NUBE_OP_IMAGE_ACTION));
    assert_false(nube_driver_can(info, (enum nube_op)NUBE_OP_COUNT));
    assert_int_equal(nube_driver_state(info, 0, &raw, &st, &allowed), 1);
    assert_string_equal(raw, "ACTIVE");
    assert_int_equal(st, NUBE_STATE_RUNNING);
    assert_int_equal(allowed[0], NUBE_OP_NODE_STOP);
    assert_int_equal(nube_driver_state(info, 2, &raw, &st, &allowed), 0);
    assert_int_equal(nube_driver_action(info, 0, &name, &kind, &help), 1);
    assert_string_equal(name, "rescue");
    assert_int_equal(kind, NUBE_KIND_NODE);
    assert_int_equal(nube_driver_action(info, 1, &name, &kind, &help), 0);
    assert_ptr_equal(nube_driver_state_find(info, "active"), &info->states[0]);
    assert_null(nube_driver_state_find(info, "activ"));
    nube_driver_info_free(info);
}

static void test_option_lookup(void **state)
{
    struct nube_driver_info *info = adopted(&acme, NULL);

    (void)state;
    assert_string_equal(nube_driver_option_find(info, NUBE_OP_NONE, NULL, "key")->name, "user");
    assert_string_equal(nube_driver_option_find(info, NUBE_OP_NONE, NULL, "user")->name, "user");
    assert_null(nube_driver_option_find(info, NUBE_OP_NODE_LIST, NULL, "user"));
    assert_non_null(nube_driver_option_find(info, NUBE_OP_NODE_ACTION, "rescue", "force"));
    assert_null(nube_driver_option_find(info, NUBE_OP_NODE_ACTION, "lock", "force"));
    assert_null(nube_driver_option_find(info, NUBE_OP_NODE_ACTION, NULL, "force"));
    nube_driver_info_free(info);
}

/* Every HTTP driver has the core's options, but its own of that name comes first and alone. */
static void test_http_options(void **state)
{
    static const struct nube_option own[] = {{.name = "region", .help = "of the driver"}};
    struct nube_driver d = acme;
    struct nube_driver_info *info = adopted(&acme, NULL);
    size_t n = 0;

    (void)state;
    assert_int_equal(info->n_options, 4 + nube_http_option_count);
    assert_non_null(nube_driver_option_find(info, NUBE_OP_NONE, NULL, "timeout"));
    nube_driver_info_free(info);

    d.options = (struct nube_table)NUBE_TABLE(own);
    d.providers.count = d.sources.count = 0;
    info = adopted(&d, NULL);
    for (size_t i = 0; nube_driver_option(info, i); i++)
        n += strcmp(nube_driver_option(info, i)->name, "region") == 0;
    assert_int_equal(n, 1);
    assert_string_equal(nube_driver_option_find(info, NUBE_OP_NONE, NULL, "region")->help,
                        "of the driver");
    nube_driver_info_free(info);

    d.services = 0;
    info = adopted(&d, NULL);
    assert_int_equal(info->n_options, 1);
    nube_driver_info_free(info);
}

/* A driver of an older library: shorter rows and struct; of a newer one: longer rows, unknown
 * operations. */
static void test_older_and_newer(void **state)
{
    struct old_action {
        const char *name;
        uint32_t kind, flags;
        nube_step_fn step;
    } old_actions[] = {{"rescue", NUBE_KIND_NODE, 0, step}, {"lock", NUBE_KIND_NODE, 0, step}};
    struct new_op {
        struct nube_op_row row;
        uint64_t more[3];
    } new_ops[] = {{{NUBE_OP_NODE_LIST, 0, step}, {~0ull, ~0ull, ~0ull}},
                   {{NUBE_OP_COUNT + 5, 0, step}, {~0ull, ~0ull, ~0ull}},
                   {{NUBE_OP_NODE_GET, NUBE_OPF_SETTLED, step}, {~0ull, ~0ull, ~0ull}}};
    struct nube_driver d = acme;
    struct nube_driver_info *info;

    (void)state;
    d.actions = (struct nube_table)NUBE_TABLE(old_actions);
    d.ops = (struct nube_table)NUBE_TABLE(new_ops);
    info = adopted(&d, NULL);
    assert_int_equal(info->n_actions, 2);
    assert_string_equal(info->actions[1].name, "lock");
    assert_null(info->actions[1].help);
    assert_true(nube_driver_can(info, NUBE_OP_NODE_LIST));
    assert_true(nube_driver_can(info, NUBE_OP_NODE_GET));
    assert_int_equal(info->ops[NUBE_OP_NODE_GET].flags, NUBE_OPF_SETTLED);
    assert_int_equal(info->n_newer, 1);
    nube_driver_info_free(info);

    d = acme;
    d.size = offsetof(struct nube_driver, states); /* nothing behind the operations counts */
    d.options.count = 3;
    info = adopted(&d, NULL);
    assert_int_equal(info->n_states, 0);
    assert_int_equal(info->n_actions, 0);
    nube_driver_info_free(info);
}

static void test_struct_defects(void **state)
{
    struct nube_driver d = acme;

    (void)state;
    d.size = 16;
    refused(&d, "/x/acme.so", "/x/acme.so", "16 octets");
    d = acme;
    d.name = NULL;
    refused(&d, NULL, "without a name", "name must be");
    d.name = "Acme";
    refused(&d, NULL, "", "name must be");
    d = acme;
    d.title = NULL;
    refused(&d, NULL, "acme", "title");
    refused(&acme, "/x/acne.so", "acne.so", "must be called acme.so");
    refused(&acme, "/x/acme2.so", "acme2.so", "must be called acme.so");
    d = acme;
    d.ops.row_size = 4;
    refused(&d, NULL, "table ops", "rows are 4 octets");
    d = acme;
    d.states.rows = NULL;
    refused(&d, NULL, "table states", "no address");
}

static void test_op_defects(void **state)
{
    struct nube_op_row twice[] = {{NUBE_OP_NODE_LIST, 0, step}, {NUBE_OP_NODE_LIST, 0, step}};
    struct nube_op_row none[] = {{NUBE_OP_NODE_LIST, 0, step}, {NUBE_OP_NODE_GET, 0, NULL}};
    struct nube_driver d = acme;

    (void)state;
    d.ops = (struct nube_table)NUBE_TABLE(twice);
    refused(&d, NULL, "table ops, row 2", "\"node list\" is there twice");
    d.ops = (struct nube_table)NUBE_TABLE(none);
    refused(&d, NULL, "table ops, row 2", "no step");
    none[1].op = NUBE_OP_NONE;
    refused(&d, NULL, "table ops, row 2", "no operation");
}

/* Adopts acme with one option more. */
static void option_refused(struct nube_option more, const char *what)
{
    struct nube_option rows[5];
    struct nube_driver d = acme;

    memcpy(rows, options, sizeof(options));
    rows[4] = more;
    d.options = (struct nube_table)NUBE_TABLE(rows);
    refused(&d, NULL, "table options, row 5", what);
}

static void test_option_defects(void **state)
{
    (void)state;
    option_refused((struct nube_option){.name = NULL}, "does not match");
    option_refused((struct nube_option){.name = "Big"}, "does not match");
    option_refused((struct nube_option){.name = "a-b"}, "does not match");
    option_refused((struct nube_option){.name = "1st"}, "does not match");
    option_refused((struct nube_option){.name = "user"}, "row 1");
    option_refused((struct nube_option){.name = "secret"}, "row 2");
    option_refused((struct nube_option){.name = "x", .alias = "key"}, "row 1");
    option_refused((struct nube_option){.name = "x", .type = 99}, "unknown type 99");
    option_refused((struct nube_option){.name = "x", .type = NUBE_TYPE_NULL}, "unknown type");
    option_refused((struct nube_option){.name = "x", .type = NUBE_TYPE_CHOICE}, "without choices");
    option_refused((struct nube_option){.name = "x", .op = NUBE_OP_NODE_ACTION}, "names no action");
    option_refused((struct nube_option){.name = "x", .action = "rescue"}, "names an action");
}

static void T15_features_that_the_driver_does_not_define_are_refused(void **state)
{
    (void)state;
    option_refused((struct nube_option){.name = "x", .op = NUBE_OP_NODE_ACTION, .action = "lock"},
                   "action that the driver does not have");
    option_refused(
        (struct nube_option){.name = "x", .op = NUBE_OP_IMAGE_ACTION, .action = "rescue"},
        "action that the driver does not have");
    option_refused((struct nube_option){.name = "x", .op = NUBE_OP_NODE_CREATE}, "does not offer");
}

/* One name may stand for the connection, an operation and an action at once. */
static void test_option_same_name(void **state)
{
    struct nube_option rows[] = {
        {.name = "force"},
        {.name = "force", .op = NUBE_OP_NODE_LIST},
        {.name = "force", .op = NUBE_OP_NODE_ACTION, .action = "rescue"},
        {.name = "force", .op = NUBE_OP_COUNT + 3}, /* of a newer library: left out */
    };
    struct nube_driver d = acme;
    struct nube_driver_info *info;

    (void)state;
    d.options = (struct nube_table)NUBE_TABLE(rows);
    d.services = 0;
    d.providers.count = d.sources.count = 0;
    info = adopted(&d, NULL);
    assert_int_equal(info->n_options, 3);
    nube_driver_info_free(info);
}

static void test_state_defects(void **state)
{
    uint16_t endless[200];
    struct nube_state_row rows[2];
    struct nube_driver d = acme;

    (void)state;
    memcpy(rows, states, sizeof(rows));
    d.states = (struct nube_table)NUBE_TABLE(rows);
    rows[1].state = NUBE_STATE_ERROR + 1;
    refused(&d, NULL, "table states, row 2", "unknown state");
    rows[1] = (struct nube_state_row){"active", NULL, NUBE_STATE_RUNNING};
    refused(&d, NULL, "table states, row 2", "twice");
    rows[1] = (struct nube_state_row){"", NULL, NUBE_STATE_RUNNING};
    refused(&d, NULL, "table states, row 2", "word");
    rows[1] = (struct nube_state_row){"off", NUBE_OPS(60000), NUBE_STATE_STOPPED};
    refused(&d, NULL, "table states, row 2", "60000 is no operation");
    for (size_t i = 0; i < 200; i++)
        endless[i] = NUBE_OP_NODE_STOP;
    rows[1].ops = endless;
    refused(&d, NULL, "table states, row 2", "end the list");
}

static void test_other_defects(void **state)
{
    struct nube_action_row act[] = {actions[0], actions[0]};
    struct nube_provider_row prov[] = {providers[0], providers[1]};
    struct nube_source_row src[] = {sources[0]};
    struct nube_driver d = acme;

    (void)state;
    d.actions = (struct nube_table)NUBE_TABLE(act);
    refused(&d, NULL, "table actions, row 2", "twice");
    act[1] = (struct nube_action_row){"lock", NUBE_KIND_SIZE, 0, step, NULL};
    refused(&d, NULL, "table actions, row 2", "kind");
    act[1] = (struct nube_action_row){"lock", NUBE_KIND_NODE, 0, NULL, NULL};
    refused(&d, NULL, "table actions, row 2", "no step");
    act[1] = (struct nube_action_row){"Lock", NUBE_KIND_NODE, 0, step, NULL};
    refused(&d, NULL, "table actions, row 2", "name");

    d = acme;
    d.providers = (struct nube_table)NUBE_TABLE(prov);
    prov[1].id = "acme";
    refused(&d, NULL, "table providers, row 2", "twice");
    prov[1].id = "a b";
    refused(&d, NULL, "table providers, row 2", "id");
    prov[1].id = "acme_2";
    prov[1].presets = "user=me\nzone=3";
    refused(&d, NULL, "table providers, row 2", "\"zone\"");
    prov[1].presets = "user";
    refused(&d, NULL, "table providers, row 2", "\"user\"");
    prov[1].presets = NULL;
    prov[1].title = NULL;
    refused(&d, NULL, "table providers, row 2", "title");

    d = acme;
    d.sources = (struct nube_table)NUBE_TABLE(src);
    src[0].option = "pass";
    refused(&d, NULL, "table sources, row 1", "\"pass\"");
}

static void test_native_defects(void **state)
{
    struct nube_native_row row[] = {{"user", NUBE_NATIVE_YAML, "~/acme.yaml", NULL}};
    struct nube_driver d = acme;

    (void)state;
    d.natives = (struct nube_table)NUBE_TABLE(row);
    refused(&d, NULL, "table natives, row 1", "part is missing");
    row[0] = (struct nube_native_row){"pass", NUBE_NATIVE_INI, "~/.acme", NULL};
    refused(&d, NULL, "table natives, row 1", "\"pass\"");
    row[0] = (struct nube_native_row){"user", NUBE_NATIVE_ENV, "ACME", NULL};
    refused(&d, NULL, "table natives, row 1", "\"user\"");
}

/* ---- Registered drivers and the catalogue ----------------------------------------- */

static const struct nube_provider_row zeta_rows[] = {{"aardvark", "First", NULL, NULL, 0},
                                                     {"zeta:1", "Zeta 1", NULL, NULL, 0}};
static const struct nube_driver zeta = {
    .size = sizeof(struct nube_driver),
    .name = "zeta",
    .title = "Zeta",
    .providers = NUBE_TABLE(zeta_rows),
    .ops = NUBE_TABLE(ops),
};

static const char *no_env(void *payload, const char *name)
{
    (void)payload;
    (void)name;
    return NULL;
}

static nube_lib *open_lib(void)
{
    struct nube_hooks hooks = NUBE_HOOKS_INIT;
    struct nube_error err = NUBE_ERROR_INIT;
    nube_lib *lib;

    hooks.env = no_env;
    assert_int_equal(nube_lib_open(&lib, &hooks, &err), 0);
    return lib;
}

static void test_catalogue(void **state)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const char *id, *title, *driver, *seen[2] = {NULL, NULL};
    nube_lib *lib = open_lib();
    int n, acme_at = -1, aardvark_at = -1;

    (void)state;
    assert_int_equal(nube_driver_register(lib, &acme, &err), 0);
    n = nube_provider_count(lib, &err);
    assert_int_equal(nube_driver_register(lib, &zeta, &err), 0);
    assert_int_equal(nube_provider_count(lib, &err), n + 2);
    for (int i = 0; nube_provider_at(lib, i, &id, &title, &driver); i++) {
        seen[0] = seen[1];
        seen[1] = id;
        assert_true(!seen[0] || strcmp(seen[0], seen[1]) < 0);
        if (strcmp(id, "acme:lon.1") == 0) {
            acme_at = i;
            assert_string_equal(driver, "acme");
            assert_string_equal(title, "Acme London");
        }
        if (strcmp(id, "aardvark") == 0)
            aardvark_at = i;
    }
    assert_true(acme_at > aardvark_at && aardvark_at >= 0);
    assert_int_equal(nube_provider_at(lib, n + 2, &id, &title, &driver), 0);
    assert_int_equal(nube_driver_register(lib, &acme, &err), NUBE_E_CONFLICT);
    nube_lib_free(lib);
}

static void test_provider_find(void **state)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const struct nube_driver_info *driver;
    const struct nube_provider_row *row;
    nube_lib *lib = open_lib();

    (void)state;
    assert_int_equal(nube_driver_register(lib, &acme, &err), 0);
    assert_int_equal(nube_driver_register(lib, &zeta, &err), 0);
    assert_int_equal(nube_provider_find(lib, "acme:lon.1", &driver, &row, &err), 0);
    assert_string_equal(driver->name, "acme");
    assert_string_equal(row->region, "lon");
    assert_int_equal(nube_provider_find(lib, "zeta", &driver, &row, &err), 0);
    assert_string_equal(driver->name, "zeta"); /* a plain name, without a row of its own */
    assert_null(row);
    assert_int_equal(nube_provider_find(lib, "aardvark", &driver, &row, &err), 0);
    assert_string_equal(driver->name, "zeta");
    assert_string_equal(row->id, "aardvark");
    assert_int_equal(nube_provider_find(lib, "acme:moon", &driver, &row, &err), NUBE_E_NOT_FOUND);
    assert_non_null(strstr(err.message, "acme:moon"));
    assert_null(driver);
    nube_lib_free(lib);
}

static void test_names(void **state)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const nube_driver_info *driver;
    nube_lib *lib = open_lib();
    const char *name;
    int n = nube_driver_count(lib, &err);

    (void)state;
    assert_true(n >= 0);
    assert_int_equal(nube_driver_register(lib, &zeta, &err), 0);
    assert_int_equal(nube_driver_count(lib, &err), n + 1);
    name = nube_driver_name(lib, n); /* nothing sorts behind it but itself */
    assert_string_equal(name, "zeta");
    assert_int_equal(nube_driver_register(lib, &acme, &err), 0);
    assert_int_equal(nube_driver_count(lib, &err), n + 2);
    assert_string_equal(name, "zeta"); /* given out before, good still */
    assert_null(nube_driver_name(lib, n + 2));
    assert_null(nube_driver_name(lib, -1));
    assert_int_equal(nube_driver_load(&driver, lib, "acme", &err), 0);
    assert_string_equal(nube_driver_title(driver), "Acme Cloud");
    nube_lib_free(lib);
}

/* Whichever allocation fails, the error says so and nothing is left behind or half done. */
static void test_out_of_memory(void **state)
{
    int rc = NUBE_E_MEMORY;
    long n = 0;

    (void)state;
    while (rc) {
        struct nube_error err = NUBE_ERROR_INIT;
        const struct nube_driver_info *driver;
        const struct nube_provider_row *row;
        nube_lib *lib;

        fail_in = ++n;
        rc = nube_lib_open(&lib, NULL, &err);
        if (!rc)
            rc = nube_driver_register(lib, &acme, &err);
        if (!rc)
            rc = nube_driver_count(lib, &err) < 0 ? err.code : 0;
        if (!rc)
            rc = nube_driver_register(lib, &zeta, &err);
        if (!rc)
            rc = nube_provider_find(lib, "aardvark", &driver, &row, &err);
        fail_in = 0;
        if (rc && rc != NUBE_E_MEMORY)
            fail_msg("allocation %ld: %s", n, err.message);
        nube_lib_free(lib);
    }
    assert_true(n > 20);
}

/* A second allocator in one process would free what the first one gave. */
static void test_one_allocator(void **state)
{
    struct nube_hooks hooks = NUBE_HOOKS_INIT;
    struct nube_error err = NUBE_ERROR_INIT;
    nube_lib *lib;

    (void)state;
    hooks.alloc = malloc;
    assert_int_equal(nube_lib_open(&lib, &hooks, &err), NUBE_E_USAGE);
    hooks.realloc = realloc;
    hooks.free = free;
    assert_int_equal(nube_lib_open(&lib, &hooks, &err), NUBE_E_USAGE);
    assert_non_null(strstr(err.message, "another allocator"));
    assert_null(lib);
}

/* ---- Hooks --------------------------------------------------------------------------- */

struct heard {
    int level, count;
    char line[2048];
};

static void hear(void *payload, int level, const char *line)
{
    struct heard *h = payload;

    h->level = level;
    h->count++;
    snprintf(h->line, sizeof(h->line), "%s", line);
}

static int64_t fixed_clock(void *payload)
{
    (void)payload;
    return 42;
}

static void test_hooks(void **state)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_hooks hooks = NUBE_HOOKS_INIT;
    nube_lib *lib;

    (void)state;
    hooks.now_mono = fixed_clock;
    assert_int_equal(nube_lib_open(&lib, &hooks, &err), NUBE_E_USAGE);
    assert_non_null(strstr(err.message, "now_wall"));
    hooks.now_wall = fixed_clock;
    assert_int_equal(nube_lib_open(&lib, &hooks, &err), 0);
    assert_int_equal(nube_lib_mono(lib), 42);
    nube_lib_free(lib);

    hooks.size = offsetof(struct nube_hooks, now_mono); /* an older application */
    assert_int_equal(nube_lib_open(&lib, &hooks, &err), 0);
    assert_int_not_equal(nube_lib_wall(lib), 42);
    nube_lib_free(lib);
    hooks.size = 0;
    assert_int_equal(nube_lib_open(&lib, &hooks, &err), NUBE_E_USAGE);
}

static void test_log(void **state)
{
    struct nube_hooks hooks = NUBE_HOOKS_INIT;
    struct nube_error err = NUBE_ERROR_INIT;
    struct heard heard = {0};
    char longer[1500];
    nube_lib *lib;

    (void)state;
    hooks.log = hear;
    hooks.payload = &heard;
    hooks.log_level = NUBE_LOG_INFO;
    assert_int_equal(nube_lib_open(&lib, &hooks, &err), 0);
    nube_lib_log(lib, NUBE_LOG_DEBUG, "no");
    assert_int_equal(heard.count, 0);
    nube_lib_log(lib, NUBE_LOG_INFO, "a\nb\x1b[31m\xc2\x9b\x7f%s", "\xc3\xa9");
    assert_int_equal(heard.count, 1);
    assert_string_equal(heard.line, "a b [31m   \xc3\xa9");
    memset(longer, 'x', sizeof(longer));
    longer[sizeof(longer) - 1] = '\0';
    nube_lib_log(lib, NUBE_LOG_WARN, "%s\r!", longer);
    assert_int_equal(heard.level, NUBE_LOG_WARN);
    assert_int_equal(strlen(heard.line), sizeof(longer) - 1 + 2);
    assert_null(strchr(heard.line, '\r'));
    nube_lib_free(lib);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_option_lookup),
        cmocka_unit_test(test_http_options),
        cmocka_unit_test(test_older_and_newer),
        cmocka_unit_test(test_struct_defects),
        cmocka_unit_test(test_op_defects),
        cmocka_unit_test(test_option_defects),
        cmocka_unit_test(T15_features_that_the_driver_does_not_define_are_refused),
        cmocka_unit_test(test_option_same_name),
        cmocka_unit_test(test_state_defects),
        cmocka_unit_test(test_other_defects),
        cmocka_unit_test(test_native_defects),
        cmocka_unit_test(test_catalogue),
        cmocka_unit_test(test_provider_find),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_hooks),
        cmocka_unit_test(test_log),
        cmocka_unit_test(test_out_of_memory),
        cmocka_unit_test(test_one_allocator),
    };

    return cmocka_run_group_tests(tests, use_allocator, NULL);
}
