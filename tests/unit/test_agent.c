/* Signature needs: by a real ssh-agent with keys of every kind, and by key texts that need a
 * passphrase. */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <nube/driver/crypto.h>

#include "lib_int.h"
#include "mem.h"
#include "needs.h"
#include "scratch.h"

const struct nube_service_module *nube_service_v0(const struct nube_host *host);

static const struct nube_host host = {sizeof(host),     NUBE_SERVICE_BUILD, nube_mem_alloc,
                                      nube_mem_realloc, nube_mem_free,      &nube_loop_ops};
static const char signed_text[] = "date: Thu, 05 Jan 2012 21:31:40 GMT";
static struct nube_loop *loop;
static nube_lib *lib;
static pid_t agent;
static const char *sock; /* what SSH_AUTH_SOCK says */
static char sock_path[256];

static struct {
    int calls, status, code;
    char message[256], algorithm[32], hash[16], fingerprint[64];
    size_t len;
} got;

/* The person: what is answered, how often, and what was asked. */
static struct {
    const char *answers[4];
    int asked;
    char prompt[256];
} person;

static const char *env(void *payload, const char *name)
{
    (void)payload;
    return strcmp(name, "SSH_AUTH_SOCK") == 0 ? sock : NULL;
}

static int ask(void *payload, const char *prompt, char *buf, size_t size)
{
    const char *answer = person.answers[person.asked++];

    (void)payload;
    snprintf(person.prompt, sizeof(person.prompt), "%s", prompt);
    if (!answer)
        return -1;
    snprintf(buf, size, "%s", answer);
    return 0;
}

static void on_done(void *data, const struct nube_need_end *end)
{
    (void)data;
    got.calls++;
    got.status = end->status;
    got.code = end->code;
    got.len = end->body->len;
    snprintf(got.message, sizeof(got.message), "%s", end->message);
    snprintf(got.algorithm, sizeof(got.algorithm), "%s", end->algorithm ? end->algorithm : "");
    snprintf(got.hash, sizeof(got.hash), "%s", end->hash ? end->hash : "");
    snprintf(got.fingerprint, sizeof(got.fingerprint), "%s", end->fingerprint);
    scratch_write("sig", got.len ? end->body->data : "", got.len);
}

static void need(struct nube_need_req *req)
{
    memset(&got, 0, sizeof(got));
    if (!req->kind)
        req->kind = NUBE_NEED_SIGN;
    req->data = signed_text;
    req->len = strlen(signed_text);
    assert_non_null(nube_need_start(lib, loop, req, on_done, NULL));
    assert_int_equal(got.calls, 0);
    for (int i = 0; i < 1000 && !got.calls; i++)
        nube_loop_turn(loop, 5000);
    assert_int_equal(got.calls, 1);
}

static void need_agent(const char *fingerprint, const char *hash)
{
    need(&(struct nube_need_req){.fingerprint = fingerprint, .hash = hash});
}

static void expect(int status, int code, const char *part)
{
    if (got.status != status || got.code != code || !strstr(got.message, part))
        fail_msg("ended with %d, %d: %s", got.status, got.code, got.message);
}

/* As ssh-keygen shows it. form: "sha256" or "md5". */
static const char *fingerprint(const char *key, const char *form)
{
    static char text[128];
    char command[256];
    size_t len;

    snprintf(command, sizeof(command),
             "ssh-keygen -lf %s.pub -E %s | cut -d' ' -f2 | tr -d '\\n' >fp", key, form);
    scratch_run(command);
    snprintf(text, sizeof(text), "%.127s", scratch_read("fp", &len));
    return text;
}

static void verify(const char *key, const char *hash)
{
    char command[512];

    if (strcmp(hash, "raw") == 0)
        snprintf(command, sizeof(command),
                 "openssl pkeyutl -verify -rawin -inkey %s.public -pubin -sigfile sig -in data",
                 key);
    else
        snprintf(command, sizeof(command), "openssl dgst -%s -verify %s.public -signature sig data",
                 hash, key);
    scratch_run(command);
}

static int start_agent(void)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), rc = -1;

    snprintf(sock_path, sizeof(sock_path), "%s", scratch_path("sock"));
    memcpy(to.sun_path, sock_path, strlen(sock_path));
    agent = fork();
    if (agent == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (freopen("/dev/null", "w", stdout))
            execlp("ssh-agent", "ssh-agent", "-D", "-a", sock_path, (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < 1000 && rc < 0; i++) {
        rc = connect(fd, (struct sockaddr *)&to, sizeof(to));
        if (rc < 0)
            usleep(10000);
    }
    close(fd);
    return rc;
}

static int set_up(void **state)
{
    struct nube_hooks hooks = NUBE_HOOKS_INIT;

    hooks.env = env;
    hooks.ask = ask;
    if (scratch_make(state) || start_agent() || nube_lib_open(&lib, &hooks, NULL) ||
        nube_loop_new(&loop, NULL, NULL))
        return -1;
    lib->service_ops[1] = nube_service_v0(&host)->ops; /* as if it were loaded already */
    sock = sock_path;
    scratch_write("data", signed_text, strlen(signed_text));
    scratch_run(
        "for k in 'rsa 2048' 'ecdsa 256' 'ecdsa 384' 'ecdsa 521' 'ed25519 256'; do\n"
        "  set -- $k; n=$1$2; ssh-keygen -q -t $1 -b $2 -N '' -f $n\n"
        "  SSH_AUTH_SOCK=$PWD/sock ssh-add -q $n\n"
        "  [ $1 = ed25519 ] || ssh-keygen -e -m PKCS8 -f $n.pub >$n.public\n"
        "done\n"
        "{ printf '\\060\\052\\060\\005\\006\\003\\053\\145\\160\\003\\041\\000'\n"
        "  cut -d' ' -f2 ed25519256.pub | base64 -d | tail -c 32; } |\n"
        "openssl pkey -pubin -inform DER -out ed25519256.public\n"
        "ssh-keygen -q -t rsa -b 2048 -N '' -f other\n"
        "ssh-keygen -q -t rsa -b 2048 -N sesame -m PEM -f locked\n"
        "openssl rsa -in locked -passin pass:sesame -pubout -out locked.public\n"
        "for n in rsa2048 ecdsa256 ecdsa384 ecdsa521 ed25519256; do\n"
        "  cp $n $n-locked; cp $n.pub $n-locked.pub; ssh-keygen -q -p -N sesame -f $n-locked\n"
        "done\n"
        "cp rsa2048.public rsa2048-locked.public; cp ecdsa521.public ecdsa521-locked.public\n"
        "cp ed25519256.public ed25519256-locked.public\n");
    return 0;
}

static int tear_down(void **state)
{
    nube_loop_free(loop);
    nube_lib_free(lib);
    kill(agent, SIGTERM);
    waitpid(agent, NULL, 0);
    return scratch_drop(state);
}

/* ---- The agent --------------------------------------------------------------------- */

static void every_kind_of_key_signs(void **state)
{
    static const struct {
        const char *key, *hash, *algorithm, *verify;
    } cases[] = {
        {"rsa2048", "sha1", "rsa", "sha1"},         {"rsa2048", "sha256", "rsa", "sha256"},
        {"rsa2048", "sha512", "rsa", "sha512"},     {"ecdsa256", "sha256", "ecdsa", "sha256"},
        {"ecdsa384", "sha384", "ecdsa", "sha384"},  {"ecdsa521", "sha512", "ecdsa", "sha512"},
        {"ed25519256", "sha512", "ed25519", "raw"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        need_agent(fingerprint(cases[i].key, "sha256"), cases[i].hash);
        expect(200, 0, "");
        assert_string_equal(got.algorithm, cases[i].algorithm);
        assert_string_equal(got.hash, strcmp(cases[i].verify, "raw") ? cases[i].hash : "");
        assert_string_equal(got.fingerprint, fingerprint(cases[i].key, "md5") + 4);
        verify(cases[i].key, cases[i].verify);
    }
}

/* The first hash is asked for; a key with one of its own uses another of those that will do. */
static void one_of_several_hashes_will_do(void **state)
{
    (void)state;
    need_agent(fingerprint("rsa2048", "sha256"), "sha512|sha256");
    expect(200, 0, "");
    assert_string_equal(got.hash, "sha512");
    verify("rsa2048", "sha512");
    need_agent(fingerprint("ecdsa521", "sha256"), "sha256|sha512");
    expect(200, 0, "");
    assert_string_equal(got.hash, "sha512");
    verify("ecdsa521", "sha512");
    need_agent(fingerprint("ecdsa384", "sha256"), "sha256|sha512");
    expect(0, NUBE_E_UNSUPPORTED, "sha384");
}

/* r and s are a little shorter now and then: the DER around them must follow. */
static void ecdsa_signatures_of_every_length_are_good(void **state)
{
    char f[128];

    (void)state;
    snprintf(f, sizeof(f), "%s", fingerprint("ecdsa521", "sha256"));
    for (int i = 0; i < 30; i++) {
        need_agent(f, "sha512");
        expect(200, 0, "");
        verify("ecdsa521", "sha512");
    }
}

static void fingerprints_have_several_forms(void **state)
{
    char f[128];

    (void)state;
    snprintf(f, sizeof(f), "%s", fingerprint("rsa2048", "md5"));
    need_agent(f, "sha256"); /* MD5:aa:bb */
    expect(200, 0, "");
    need_agent(f + 4, "sha256");
    expect(200, 0, "");
    for (char *p = f; *p; p++)
        *p = (char)(*p >= 'a' && *p <= 'f' ? *p - 32 : *p);
    need_agent(f + 4, "sha256");
    expect(200, 0, "");
    verify("rsa2048", "sha256");
    snprintf(f, sizeof(f), "%s=", fingerprint("ecdsa256", "sha256"));
    need_agent(f, "sha256");
    expect(200, 0, "");
}

static void an_unknown_key_is_404(void **state)
{
    (void)state;
    need_agent(fingerprint("other", "sha256"), "sha256");
    expect(404, 0, "ssh-add");
    need_agent("nonsense", "sha256");
    expect(404, 0, "nonsense");
    need_agent(NULL, "sha256");
    expect(0, NUBE_E_USAGE, "fingerprint");
}

static void no_agent_is_404(void **state)
{
    (void)state;
    sock = NULL;
    need_agent("aa:bb", "sha256");
    expect(404, 0, "SSH_AUTH_SOCK is not set");
    sock = "/nowhere/agent";
    need_agent("aa:bb", "sha256");
    expect(404, 0, "/nowhere/agent");
    sock = sock_path;
}

static void a_hash_that_the_agent_does_not_use_is_refused(void **state)
{
    (void)state;
    need_agent(fingerprint("ecdsa384", "sha256"), "sha256");
    expect(0, NUBE_E_UNSUPPORTED, "sha384");
    assert_int_equal(got.len, 0);
}

static void a_locked_agent_is_told(void **state)
{
    (void)state;
    scratch_run("printf '#!/bin/sh\\necho x\\n' >askpass; chmod 700 askpass; export "
                "SSH_AUTH_SOCK=$PWD/sock SSH_ASKPASS=$PWD/askpass SSH_ASKPASS_REQUIRE=force; "
                "ssh-add -x");
    need_agent(fingerprint("rsa2048", "sha256"), "sha256");
    expect(404, 0, "no key");
    scratch_run("export SSH_AUTH_SOCK=$PWD/sock SSH_ASKPASS=$PWD/askpass "
                "SSH_ASKPASS_REQUIRE=force; ssh-add -X");
}

/* Something else listens there: it answers with octets of its own, then closes. */
static void expect_answer(const void *octets, size_t len, int code, const char *part)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    struct nube_need_req req = {.kind = NUBE_NEED_SIGN, .fingerprint = "aa", .hash = "sha256"};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), peer;

    sock = scratch_path("fake");
    unlink(sock);
    memcpy(at.sun_path, sock, strlen(sock));
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(fd, 1), 0);
    memset(&got, 0, sizeof(got));
    assert_non_null(nube_need_start(lib, loop, &req, on_done, NULL));
    nube_loop_turn(loop, 100);
    peer = accept(fd, NULL, NULL);
    assert_true(peer >= 0);
    assert_int_equal(send(peer, octets, len, MSG_NOSIGNAL), len);
    shutdown(peer, SHUT_WR);
    for (int i = 0; i < 100 && !got.calls; i++)
        nube_loop_turn(loop, 1000);
    close(peer);
    close(fd);
    sock = sock_path;
    assert_int_equal(got.calls, 1);
    expect(0, code, part);
}

static void nonsense_from_the_socket_is_an_error(void **state)
{
    (void)state;
    expect_answer("", 0, NUBE_E_SYSTEM, "fake");
    expect_answer("\377\377\377\377abc", 7, NUBE_E_SYSTEM, "too long");
    expect_answer("\0\0\0\0", 4, NUBE_E_PROTOCOL, "unexpected");
    expect_answer("\0\0\0\1\5", 5, NUBE_E_AUTH, "refused");
    expect_answer("\0\0\0\5\14\0\0\0\1", 9, NUBE_E_PROTOCOL, "malformed");
    expect_answer("\0\0\0\11\14\0\0\0\1\0\0\1\0", 13, NUBE_E_PROTOCOL, "malformed");
    expect_answer("\0\0\0\3ab", 6, NUBE_E_SYSTEM, "fake"); /* cut off */
}

/* ---- Key texts ------------------------------------------------------------------------ */

static void need_key(const char *file, const char *passphrase)
{
    size_t len;

    memset(person.prompt, 0, sizeof(person.prompt));
    person.asked = 0;
    need(&(struct nube_need_req){.key = scratch_read(file, &len),
                                 .passphrase = passphrase,
                                 .fingerprint = "aa:bb:cc",
                                 .hash = "sha256"});
}

static void a_key_text_signs(void **state)
{
    (void)state;
    need_key("rsa2048", NULL);
    expect(200, 0, "");
    assert_string_equal(got.algorithm, "rsa");
    verify("rsa2048", "sha256");
    need_key("locked", "sesame");
    expect(200, 0, "");
    verify("locked", "sha256");
    assert_int_equal(person.asked, 0);
    need_key("rsa2048.pub", NULL);
    expect(0, NUBE_E_AUTH, "public key");
}

static void the_person_is_asked_for_a_passphrase(void **state)
{
    (void)state;
    person.answers[0] = "wrong";
    person.answers[1] = "sesame";
    need_key("locked", NULL);
    expect(200, 0, "");
    verify("locked", "sha256");
    assert_int_equal(person.asked, 2);
    assert_non_null(strstr(person.prompt, "aa:bb:cc"));
    person.answers[1] = person.answers[2] = "wrong";
    need_key("locked", NULL);
    expect(0, NUBE_E_AUTH, "aa:bb:cc");
    assert_int_equal(person.asked, 3);
    person.answers[0] = NULL;
    need_key("locked", NULL);
    expect(0, NUBE_E_AUTH, "ssh-agent");
    assert_int_equal(person.asked, 1);
    need_key("locked", "given but wrong");
    expect(0, NUBE_E_AUTH, "passphrase is wrong");
    assert_int_equal(person.asked, 0);
}

/* OpenSSH's own encryption (bcrypt, AES-256) of every kind of key. */
static void locked_openssh_keys_sign(void **state)
{
    static const char *const cases[][2] = {
        {"rsa2048-locked", "sha256"}, {"ecdsa521-locked", "sha256"}, {"ed25519256-locked", "raw"}};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        need_key(cases[i][0], "sesame");
        expect(200, 0, "");
        verify(cases[i][0], cases[i][1]);
        need_key(cases[i][0], "wrong");
        expect(0, NUBE_E_AUTH, "passphrase is wrong");
    }
    person.answers[0] = "wrong";
    person.answers[1] = "sesame";
    person.answers[2] = NULL;
    need_key("ed25519256-locked", NULL);
    expect(200, 0, "");
    assert_int_equal(person.asked, 2);
    verify("ed25519256-locked", "raw");
}

static void open_key(const char *file, const char *passphrase)
{
    size_t len;

    person.asked = 0;
    need(&(struct nube_need_req){.kind = NUBE_NEED_KEY,
                                 .path = "~/.ssh/id",
                                 .key = scratch_read(file, &len),
                                 .passphrase = passphrase});
}

/* What was opened is the same key, by its fingerprint, and asks no more. */
static void an_opened_key_is_kept_open(void **state)
{
    static const char *const files[] = {"rsa2048",         "rsa2048-locked",  "ecdsa256-locked",
                                        "ecdsa384-locked", "ecdsa521-locked", "ed25519256-locked"};
    char command[256];

    (void)state;
    memset(person.answers, 0, sizeof(person.answers));
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
        open_key(files[i], "sesame");
        expect(200, 0, "");
        assert_string_equal(got.fingerprint, fingerprint(files[i], "md5") + 4);
        snprintf(command, sizeof(command),
                 "mv sig opened; grep -q 'BEGIN PRIVATE KEY' opened; chmod 600 opened; "
                 "[ \"$(ssh-keygen -yf opened)\" = \"$(cut -d' ' -f1,2 %s.pub)\" ]",
                 files[i]);
        if (strncmp(files[i], "ed", 2) != 0) /* ssh-keygen reads no Ed25519 key of PKCS#8 */
            scratch_run(command);
    }
    open_key("locked", NULL);
    expect(0, NUBE_E_AUTH, "~/.ssh/id");
    open_key("ed25519256-locked", NULL);
    expect(0, NUBE_E_AUTH, "missing or wrong");
    assert_int_equal(person.asked, 1);
    open_key("ed25519256.pub", NULL);
    expect(0, NUBE_E_AUTH, "public key");
}

static void a_cancelled_signature_is_never_told(void **state)
{
    struct nube_need_req req = {.kind = NUBE_NEED_SIGN,
                                .fingerprint = fingerprint("rsa2048", "sha256"),
                                .hash = "sha256",
                                .data = "x",
                                .len = 1};

    (void)state;
    for (int turns = 0; turns < 3; turns++) {
        struct nube_need *n = nube_need_start(lib, loop, &req, on_done, NULL);

        memset(&got, 0, sizeof(got));
        for (int i = 0; i < turns; i++)
            nube_loop_turn(loop, 1000);
        nube_need_cancel(n);
        nube_loop_turn(loop, 0);
        assert_int_equal(got.calls, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_key_signs),
        cmocka_unit_test(one_of_several_hashes_will_do),
        cmocka_unit_test(ecdsa_signatures_of_every_length_are_good),
        cmocka_unit_test(fingerprints_have_several_forms),
        cmocka_unit_test(an_unknown_key_is_404),
        cmocka_unit_test(no_agent_is_404),
        cmocka_unit_test(a_hash_that_the_agent_does_not_use_is_refused),
        cmocka_unit_test(a_locked_agent_is_told),
        cmocka_unit_test(nonsense_from_the_socket_is_an_error),
        cmocka_unit_test(a_key_text_signs),
        cmocka_unit_test(the_person_is_asked_for_a_passphrase),
        cmocka_unit_test(locked_openssh_keys_sign),
        cmocka_unit_test(an_opened_key_is_kept_open),
        cmocka_unit_test(a_cancelled_signature_is_never_told),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
