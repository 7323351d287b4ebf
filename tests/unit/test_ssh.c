/* Commands over SSH as drivers make and read them, from records; ssh_config against ssh itself;
 * what probes read; addresses and users. */
#include "scratch.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>

#include <nube/batch.h>
#include <nube/driver/driver.h>
#include <nube/nube.h>

#include "node_ssh.h"
#include "object_int.h"
#include "registry.h"
#include "ssh_int.h"

/* ---- A driver whose nodes are machines ------------------------------------------------- */

static enum nube_step list(nube_call *c, const nube_reply *r)
{
    static const char *const hosts[] = {"alpha", "beta", "gamma"};
    const char *why;
    nube_obj *o;

    if (!r) {
        for (int i = 0; i < 3; i++) {
            nube_req *q = nube_req_ssh(c, hosts[i], "uptime");

            nube_req_ssh_set(q, "user", "ops");
            nube_req_ssh_set(q, "port", i == 2 ? "2222" : NULL);
            nube_req_ssh_set(q, "password", nube_opt_str(c, "password"));
            nube_req_flag(q, NUBE_REQ_SAFE | NUBE_REQ_TRY);
            nube_req_tag(q, i);
        }
        return NUBE_SEND;
    }
    o = nube_emit(c, NUBE_KIND_NODE);
    nube_set(o, NUBE_ID, hosts[nube_reply_tag(r)]);
    nube_set_state(o, nube_reply_status(r) ? "up" : "down");
    nube_extra_int(o, "exit", nube_reply_exit(r));
    nube_extra(o, "signal", nube_reply_signal(r));
    nube_extra(o, "out", nube_reply_body(r, NULL));
    nube_extra(o, "err", nube_reply_errors(r, NULL));
    nube_extra(o, "stage", nube_reply_header(r, "stage"));
    nube_extra_int(o, "class", nube_reply_failure(r, &why));
    nube_extra(o, "why", why);
    return NUBE_DONE;
}

static enum nube_step reboot(nube_call *c, const nube_reply *r)
{
    if (!r) {
        nube_req_ssh(c, nube_arg_str(c, "id"),
                     nube_fmt(c, "reboot %s", nube_ssh_quote(c, "it's; now")));
        return NUBE_SEND;
    }
    return nube_reply_exit(r) ? nube_fail(c, NUBE_E_PROVIDER, "no") : NUBE_DONE;
}

static const char *ssh_host(nube_call *c, nube_req *q, const char *id)
{
    nube_req_ssh_set(q, "user", "ops");
    nube_req_ssh_set(q, "password", nube_opt_str(c, "password"));
    return nube_fmt(c, "%s.example", id);
}

static const struct nube_op_row ops[] = {{NUBE_OP_NODE_LIST, 0, list},
                                         {NUBE_OP_NODE_REBOOT, 0, reboot}};
static const struct nube_option options[] = {
    {.name = "password", .flags = NUBE_OPTION_SECRET, .help = "of all"},
    {.name = "id", .op = NUBE_OP_NODE_REBOOT, .help = "which"}};
static const struct nube_state_row states[] = {{"up", NULL, NUBE_STATE_RUNNING},
                                               {"down", NULL, NUBE_STATE_UNKNOWN}};
static const struct nube_driver machines = {.size = sizeof(struct nube_driver),
                                            .services = NUBE_SERVICE_SSH,
                                            .name = "machines",
                                            .title = "Machines",
                                            .version = "1",
                                            .license = "Apache-2.0",
                                            .options = NUBE_TABLE(options),
                                            .ops = NUBE_TABLE(ops),
                                            .states = NUBE_TABLE(states),
                                            .ssh_host = ssh_host};

static nube_lib *lib;
static nube_conn *conn;
static nube_result *result;
static struct nube_error err = NUBE_ERROR_INIT;
static char logged[8192];

static void keep_log(void *payload, int level, const char *line)
{
    size_t used = strlen(logged);

    (void)payload;
    (void)level;
    snprintf(logged + used, sizeof(logged) - used, "%s\n", line);
}

static void record(const char *name, const char *text)
{
    scratch_write(name, text, strlen(text));
}

static int begin(void **state)
{
    struct nube_hooks hooks = NUBE_HOOKS_INIT;
    nube_args *args;

    memcpy(scratch, "/tmp/nube-test-XXXXXX", sizeof(scratch));
    if (scratch_make(state))
        return -1;
    *logged = '\0';
    hooks.replay_dir = scratch;
    hooks.log = keep_log;
    hooks.log_level = NUBE_LOG_WIRE;
    record("cassette.ini", "provider = machines\n");
    record("1.http", "SSH ops@alpha\n\nuptime\nHTTP/1.1 200\nexit: 0\nstderr: 4\nstage: done\n"
                     "Nube-Body: 7\n\nup\nwarn");
    record("2.http", "SSH ops@beta\n\nuptime\nHTTP/1.1 0\nstage: auth\n"
                     "Nube-End: auth beta does not let ops in\n\n");
    record("3.http", "SSH ops@gamma:2222\n\nuptime\nHTTP/1.1 200\nexit: 137\nsignal: KILL\n\n");
    record("4.http", "SSH delta\n\nreboot 'it'\\''s; now'\nHTTP/1.1 200\nexit: 1\n\n");
    record("5.http", "SSH ops@eps.example\n\nid\nHTTP/1.1 200\nexit: 3\nstderr: 2\nNube-Body: 5\n\n"
                     "me\nno");
    assert_int_equal(nube_lib_open(&lib, &hooks, &err), 0);
    assert_int_equal(nube_driver_register(lib, &machines, &err), 0);
    assert_int_equal(nube_args_new(&args, &err), 0);
    nube_args_set(args, "password", "s3cret-word");
    assert_int_equal(nube_connect(&conn, lib, "machines", "lab", args, &err), 0);
    nube_args_free(args);
    return 0;
}

static int end(void **state)
{
    nube_result_free(result);
    nube_conn_free(conn);
    nube_lib_free(lib);
    result = NULL;
    return scratch_drop(state);
}

static const char *extra(size_t i, const char *name)
{
    static struct nube_value v;

    v = (struct nube_value){.size = sizeof(v)};
    return nube_extra_get(nube_result_at(result, i), name, &v) ? v.str : NULL;
}

static int64_t number(size_t i, const char *name)
{
    struct nube_value v = {.size = sizeof(v)};

    return nube_extra_get(nube_result_at(result, i), name, &v) ? v.num : -99;
}

static size_t at(const char *id)
{
    for (size_t i = 0; i < nube_result_count(result); i++)
        if (!strcmp(nube_id(nube_result_at(result, i)), id))
            return i;
    fail_msg("no %s", id);
    return 0;
}

static void a_driver_asks_many_machines_and_one_that_is_dead_is_an_answer(void **state)
{
    (void)state;
    if (nube_call_op(&result, conn, NUBE_OP_NODE_LIST, NULL, NULL, &err))
        fail_msg("%s", err.message);
    assert_int_equal(nube_result_count(result), 3);
    assert_int_equal(number(at("alpha"), "exit"), 0);
    assert_string_equal(extra(at("alpha"), "out"), "up\n");
    assert_string_equal(extra(at("alpha"), "err"), "warn");
    assert_string_equal(extra(at("alpha"), "stage"), "done");
    assert_int_equal(nube_node_state(nube_result_at(result, at("beta"))), NUBE_STATE_UNKNOWN);
    assert_int_equal(number(at("beta"), "exit"), -1);
    assert_int_equal(number(at("beta"), "class"), NUBE_E_AUTH);
    assert_string_equal(extra(at("beta"), "why"), "beta does not let ops in");
    assert_string_equal(extra(at("beta"), "stage"), "auth");
    assert_int_equal(number(at("gamma"), "exit"), 137);
    assert_string_equal(extra(at("gamma"), "signal"), "KILL");
    assert_non_null(strstr(logged, "ssh alpha: uptime"));
    assert_null(strstr(logged, "s3cret"));
}

static void what_comes_from_elsewhere_is_quoted(void **state)
{
    (void)state;
    assert_int_equal(nube_node_reboot(conn, "delta", NULL, NULL, &err), NUBE_E_PROVIDER);
    assert_string_equal(err.message, "no");
}

static void names_that_are_options_of_ssh_are_refused(void **state)
{
    (void)state;
    assert_int_equal(nube_node_reboot(conn, "-oProxyCommand=x", NULL, NULL, &err), NUBE_E_USAGE);
    assert_non_null(strstr(err.message, "not the name or address of a machine"));
}

static void a_driver_that_says_where_nodes_are_needs_nothing_else_to_run(void **state)
{
    size_t len;

    (void)state;
    assert_true(nube_can(conn, NUBE_OP_NODE_RUN));
    assert_true(nube_can(conn, NUBE_OP_NODE_PROBE));
    if (nube_node_run(&result, conn, "eps", (const char *const[]){"id", NULL}, NULL, NULL, &err))
        fail_msg("%s", err.message);
    assert_int_equal(nube_result_status(result), 3);
    assert_string_equal(nube_result_output(result, NUBE_STDOUT, &len), "me\n");
    assert_string_equal(nube_result_output(result, NUBE_STDERR, &len), "no");
}

static void a_dry_run_shows_the_command_and_sends_nothing(void **state)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;

    (void)state;
    opts.flags = NUBE_CALL_DRY_RUN;
    assert_int_equal(nube_node_run(&result, conn, "nobody",
                                   (const char *const[]){"rm", "-rf", "x y", NULL}, NULL, &opts,
                                   &err),
                     0);
    assert_int_equal(nube_result_status(result), -1);
}

/* ---- Cancelling ---------------------------------------------------------------------------------
 */

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Takes connections and says nothing. */
static int mute_server(int *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(fd, 100), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    *port = ntohs(at.sin_port);
    return fd;
}

static void *fire(void *data)
{
    struct timespec wait = {0, 200000000};

    nanosleep(&wait, NULL);
    nube_cancel_fire(data);
    return NULL;
}

/* Many sessions at once, each in the middle of something. */
static void a_cancel_from_another_thread_ends_all_at_once(void **state)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    struct nube_hooks hooks = NUBE_HOOKS_INIT;
    struct nube_done done = NUBE_DONE_INIT;
    nube_batch *batch;
    nube_args *args;
    pthread_t thread;
    int64_t began;
    int port, fd = mute_server(&port), n = 0, greeted = 0, queued = 0;

    (void)state;
    nube_conn_free(conn);
    nube_lib_free(lib);
    hooks.service_path = NUBE_TEST_SERVICES;
    assert_int_equal(nube_lib_open(&lib, &hooks, &err), 0);
    assert_int_equal(nube_driver_register(lib, &machines, &err), 0);
    assert_int_equal(nube_connect(&conn, lib, "machines", "lab", NULL, &err), 0);
    assert_int_equal(nube_cancel_new(&opts.cancel, &err), 0);
    assert_int_equal(nube_batch_new(&batch, lib, &err), 0);
    assert_int_equal(nube_args_new(&args, &err), 0);
    nube_args_set(args, "id", "x");
    nube_args_set(args, "command", "true");
    nube_args_set(args, "address", "127.0.0.1");
    nube_args_set_int(args, "port", port);
    nube_args_set(args, "ssh_config", "none");
    for (int i = 0; i < 50; i++)
        assert_int_equal(nube_batch_add(batch, conn, NUBE_OP_NODE_RUN, args, &opts, NULL, &err), 0);
    nube_args_free(args);
    assert_int_equal(pthread_create(&thread, NULL, fire, opts.cancel), 0);
    began = now_ms();
    for (; nube_batch_next(&done, batch, &err) == 1; n++) {
        assert_int_equal(done.code, NUBE_E_CANCELLED);
        greeted += strstr(err.message, "does not speak SSH") != NULL;
        queued += strstr(err.message, "others of ours are still logging in") != NULL;
        nube_result_free(done.result);
    }
    assert_int_equal(n, 50);
    assert_int_equal(greeted, 6); /* no more bother one server at the same time */
    assert_int_equal(queued, 44);
    assert_in_range(now_ms() - began, 190, 1000);
    pthread_join(thread, NULL);
    nube_batch_free(batch);
    nube_cancel_free(opts.cancel);
    close(fd);
}

/* ---- ssh_config ------------------------------------------------------------------------------ */

/* As `ssh -G` has it: the values of a keyword, with commas. */
static void by_ssh(char *out, size_t size, const char *host, const char *user, const char *keyword)
{
    char line[512];
    FILE *f;

    snprintf(line, sizeof(line),
             "ssh -G -F config %s%s %s | sed -n 's/^%s //p' | paste -sd, >answer",
             user ? "-l " : "", user ? user : "", host, keyword);
    scratch_run(line);
    f = fopen(scratch_path("answer"), "r");
    assert_non_null(f);
    *line = '\0';
    if (!fgets(line, sizeof(line), f))
        *line = '\0';
    fclose(f);
    line[strcspn(line, "\n")] = '\0';
    snprintf(out, size, "%s", line);
}

static void same(const char *ours, const char *host, const char *user, const char *keyword,
                 const char *when_silent)
{
    char theirs[512];

    by_ssh(theirs, sizeof(theirs), host, user, keyword);
    if (!ours)
        ours = when_silent;
    if (strcmp(ours, theirs) != 0)
        fail_msg("%s of %s@%s: \"%s\" here, ssh has \"%s\"", keyword, user ? user : "", host, ours,
                 theirs);
}

static void the_configuration_is_read_as_ssh_reads_it(void **state)
{
    static const char text[] = "# a comment\n"
                               "Include extra/*.conf\n"
                               "Host web*.example !web9.example\n"
                               "  HostName=%h.internal\n"
                               "  Port 2022\n"
                               "\tUser \"deploy\"\n"
                               "  IdentityFile ~/.ssh/one\n"
                               "  IdentityFile /keys/%n-%r\n"
                               "  ProxyJump gate:23\n"
                               "Host WEB2.example\n"
                               "  User other\n"
                               "Match originalhost web3.example user root\n"
                               "  HostKeyAlias third\n"
                               "Match host *.internal\n"
                               "  ConnectTimeout 7\n"
                               "  CertificateFile /certs/%h\n"
                               "Match localuser nobody\n"
                               "  Port 1\n"
                               "Match !user deploy all\n"
                               "  UserKnownHostsFile /known/some\n"
                               "Host gate\n"
                               "  ProxyJump none\n"
                               "  ProxyCommand nc %h %p\n"
                               "Host *\n"
                               "  User last # behind\n"
                               "  IdentityFile /keys/last\n"
                               "  ProxyJump far\n"
                               "  StrictHostKeyChecking accept-new\n";
    static const char *const hosts[] = {"web1.example", "web2.example", "web3.example",
                                        "web9.example", "gate",         "other",
                                        "included"};

    (void)state;
    scratch_run("mkdir -p .ssh extra");
    scratch_write("config", text, strlen(text));
    record(".ssh/in.conf", "Host included\n Port 77\n Include deeper\n");
    record(".ssh/deeper", "User deep\n");
    scratch_run("sed -i 's|^Include .*|Include in.conf|' config; sed -i \"s|^Include|Include "
                "$PWD/.ssh/in.conf #|\" config; "
                "sed -i \"s| Include deeper| Include $PWD/.ssh/deeper|\" .ssh/in.conf");
    for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
        for (int root = 0; root < 2; root++) {
            struct nube_arena arena = {0};
            struct nube_ssh_config c = {0};
            struct nube_ssh_config_ask ask = {.file = scratch_path("config"),
                                              .host = hosts[i],
                                              .user = root ? "root" : NULL,
                                              .home = scratch,
                                              .local_user = "root",
                                              .arena = &arena};

            if (nube_ssh_config_read(&c, &ask, &err))
                fail_msg("%s", err.message);
            same(c.host_name, hosts[i], ask.user, "hostname", hosts[i]);
            same(c.port, hosts[i], ask.user, "port", "22");
            if (!root)
                same(c.user, hosts[i], ask.user, "user", "?");
            same(c.jump && strcmp(c.jump, "none") ? c.jump : NULL, hosts[i], ask.user, "proxyjump",
                 "");
            same(c.known_as, hosts[i], ask.user, "hostkeyalias", "");
            same(c.connect_timeout, hosts[i], ask.user, "connecttimeout", "none");
            nube_arena_free(&arena);
        }
    }
}

static int read_text(struct nube_ssh_config *c, struct nube_arena *arena, const char *text,
                     const char *host)
{
    struct nube_ssh_config_ask ask = {
        .host = host, .home = scratch, .local_user = "me", .arena = arena};

    scratch_write("config", text, strlen(text));
    ask.file = scratch_path("config");
    return nube_ssh_config_read(c, &ask, &err);
}

static void what_is_wrong_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"User\n", "config line 1: the keyword has no value"},
        {"\n\nUser \"x\n", "config line 3: a quote is not closed"},
        {"HostName %z\n", "config line 1: only %%"},
        {"ProxyCommand nc\n", "ProxyCommand is not run here"},
        {"Match host a exec b\n", "Match is understood with"},
        {"Match host\n", "a criterion of Match has no value"},
        {"Include config\n", "include each other"},
    };

    (void)state;
    scratch_run("mkdir -p .ssh; ln -sf ../config .ssh/config");
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct nube_arena arena = {0};
        struct nube_ssh_config c = {0};

        assert_int_equal(read_text(&c, &arena, bad[i].text, "a"), NUBE_E_USAGE);
        if (!strstr(err.message, bad[i].says))
            fail_msg("\"%s\" is not in \"%s\"", bad[i].says, err.message);
        nube_arena_free(&arena);
    }
}

static void every_key_of_the_configuration_counts(void **state)
{
    struct nube_arena arena = {0};
    struct nube_ssh_config c = {0};

    (void)state;
    assert_int_equal(
        read_text(&c, &arena,
                  "IdentityFile ~/a\nHost b\nIdentityFile %d/%h.%r\nIdentitiesOnly yes\n", "b"),
        0);
    assert_int_equal(c.n_key_files, 2);
    assert_string_equal(c.key_files[0], scratch_path("a"));
    assert_string_equal(c.key_files[1], scratch_path("b.me"));
    assert_true(c.identities_only);
    nube_arena_free(&arena);
}

/* ---- Probes --------------------------------------------------------------------------------- */

static void uptime_in_every_spelling(void **state)
{
    static const struct {
        const char *text;
        int64_t seconds, users;
        double load[3];
    } lines[] = {
        /* Linux: procps, and busybox */
        {" 13:06:45 up 10 days,  3:04,  2 users,  load average: 0.00, 0.01, 0.05",
         875040,
         2,
         {0, 0.01, 0.05}},
        {" 13:06:45 up 1 day, 5 min,  1 user,  load average: 2.74, 1.40, 1.26",
         86700,
         1,
         {2.74, 1.4, 1.26}},
        {" 13:06:45 up 4 min,  0 users,  load average: 12.00, 3.5, 1", 240, 0, {12, 3.5, 1}},
        {" 13:07:11 up 3 days,  1:02,  load average: 0.02, 0.03, 0.00",
         262920,
         -1,
         {0.02, 0.03, 0}},
        /* FreeBSD, NetBSD, OpenBSD */
        {" 1:06PM  up 10 days,  3:04, 2 users, load averages: 0.31, 0.25, 0.20",
         875040,
         2,
         {0.31, 0.25, 0.2}},
        {" 1:06PM  up 23 secs, 1 user, load averages: 0.31, 0.25, 0.20", 23, 1, {0.31, 0.25, 0.2}},
        {" 1:06PM  up 2 hrs, 1 user, load averages: 0.10, 0.12, 0.09", 7200, 1, {0.1, 0.12, 0.09}},
        {" 1:06PM  up 12 days, 5 mins, 3 users, load averages: 0.10, 0.12, 0.09",
         1037100,
         3,
         {0.1, 0.12, 0.09}},
        /* macOS: no commas between the loads */
        {"13:06  up 10 days,  3:04, 2 users, load averages: 1.52 1.41 1.38",
         875040,
         2,
         {1.52, 1.41, 1.38}},
        {"13:06  up 59 mins, 2 users, load averages: 1.52 1.41 1.38", 3540, 2, {1.52, 1.41, 1.38}},
        /* SmartOS, Solaris */
        {"  1:06pm  up 10 day(s),  3:04,  2 users,  load average: 0.00, 0.01, 0.05",
         875040,
         2,
         {0, 0.01, 0.05}},
        {" 13:06:45    up 3 hr(s),  0 users,  load average: 0.00, 0.01, 0.05",
         10800,
         0,
         {0, 0.01, 0.05}},
        {" 13:06:45    up 5 min(s),  1 user,  load average: 0.00, 0.01, 0.05",
         300,
         1,
         {0, 0.01, 0.05}},
        {"  1:06pm  up 45 day(s), 20 min(s),  1 user,  load average: 0.00, 0.01, 0.05",
         3889200,
         1,
         {0, 0.01, 0.05}},
        /* Nothing of the kind */
        {"sh: uptime: not found", -1, -1, {-1, -1, -1}},
        {"", -1, -1, {-1, -1, -1}},
        {"up and away", -1, -1, {-1, -1, -1}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
        struct nube_uptime u;

        nube_uptime_read(&u, lines[i].text);
        if (u.seconds != lines[i].seconds || u.users != lines[i].users)
            fail_msg("%s: %lld s, %lld users", lines[i].text, (long long)u.seconds,
                     (long long)u.users);
        for (int k = 0; k < 3; k++)
            assert_true(u.load[k] > lines[i].load[k] - 0.001 &&
                        u.load[k] < lines[i].load[k] + 0.001);
    }
}

/* Whatever /bin/sh is there: dash, bash, busybox; each is tried that is here. */
static void the_script_of_a_probe_in_every_shell(void **state)
{
    static const char *const shells[] = {"sh",   "bash", "bash --posix",    "busybox sh",
                                         "dash", "mksh", "zsh --emulate sh"};
    struct nube_arena arena = {0};
    struct nube_value v = {.size = sizeof(v)};
    char line[256];
    int ran = 0;

    (void)state;
    record("script", nube_probe_script);
    for (size_t i = 0; i < sizeof(shells) / sizeof(*shells); i++) {
        nube_obj *o = nube_obj_new(&arena, NUBE_KIND_NODE, NULL);
        size_t len;
        char *text;

        snprintf(line, sizeof(line),
                 "! command -v %s || %s <script >answer 2>errors; [ ! -s errors ]; touch answer",
                 shells[i], shells[i]);
        scratch_run(line);
        text = scratch_read("answer", &len);
        if (!len)
            continue;
        if (!strstr(text, "\ndone=yes\n"))
            fail_msg("%s: it did not come to its end:\n%s", shells[i], text);
        nube_probe_read(o, &arena, text, len);
        assert_true(nube_extra_get(o, "uptime_seconds", &v) && v.num > 0);
        assert_true(nube_extra_get(o, "cores", &v) && v.num > 0);
        assert_true(nube_extra_get(o, "memory", &v) && v.num > 1 << 20);
        scratch_run("rm answer");
        ran++;
    }
    assert_true(ran > 0);
    nube_arena_free(&arena);
}

/* ---- Where and as whom -------------------------------------------------------------------------
 */

static void users_of_images(void **state)
{
    static const struct {
        const char *image, *users;
    } known[] = {{"debian-12-amd64-20260101", "admin,debian,root,"},
                 {"ubuntu/images/hvm-ssd/ubuntu-noble-24.04", "ubuntu,root,"},
                 {"al2023-ami-2023.1", "ec2-user,"},
                 {"CentOS Stream 9", "centos,cloud-user,root,"},
                 {"base-64-lts", "root,admin,"},
                 {"something else", ""}};

    (void)state;
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
        char all[128] = "";
        const char *one, *about[] = {NULL, known[i].image};

        for (size_t k = 0; (one = nube_reach_user(about, 2, k)); k++)
            snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s,", one);
        assert_string_equal(all, known[i].users);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_driver_asks_many_machines_and_one_that_is_dead_is_an_answer, begin, end),
        cmocka_unit_test_setup_teardown(what_comes_from_elsewhere_is_quoted, begin, end),
        cmocka_unit_test_setup_teardown(names_that_are_options_of_ssh_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(
            a_driver_that_says_where_nodes_are_needs_nothing_else_to_run, begin, end),
        cmocka_unit_test_setup_teardown(a_dry_run_shows_the_command_and_sends_nothing, begin, end),
        cmocka_unit_test_setup_teardown(a_cancel_from_another_thread_ends_all_at_once, begin, end),
        cmocka_unit_test_setup_teardown(the_configuration_is_read_as_ssh_reads_it, begin, end),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_refused_with_its_line, begin, end),
        cmocka_unit_test_setup_teardown(every_key_of_the_configuration_counts, begin, end),
        cmocka_unit_test(uptime_in_every_spelling),
        cmocka_unit_test_setup_teardown(the_script_of_a_probe_in_every_shell, begin, end),
        cmocka_unit_test(users_of_images),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
