/* The crypto service: known answers, and signatures of every kind of key checked by the openssl
 * command. */
#include <nube/driver/crypto.h>

#include "loop.h"
#include "mem.h"
#include "scratch.h"
#include "service.h"

const struct nube_service_module *nube_service_v0(const struct nube_host *host);

static const struct nube_host host = {sizeof(host),     NUBE_SERVICE_BUILD, nube_mem_alloc,
                                      nube_mem_realloc, nube_mem_free,      &nube_loop_ops};
static const struct nube_crypto_ops *ops;
static const char signed_text[] = "date: Thu, 05 Jan 2012 21:31:40 GMT";

static int make_keys(void **state)
{
    if (scratch_make(state))
        return -1;
    scratch_write("data", signed_text, strlen(signed_text));
    scratch_run("ssh-keygen -q -t rsa -b 2048 -N '' -f rsa");
    scratch_run("ssh-keygen -q -t ecdsa -b 256 -N '' -f p256");
    scratch_run("ssh-keygen -q -t ecdsa -b 384 -N '' -f p384");
    scratch_run("ssh-keygen -q -t ecdsa -b 521 -N '' -f p521");
    scratch_run("ssh-keygen -q -t ed25519 -N '' -f ed");
    scratch_run("ssh-keygen -q -t ed25519 -N sesame -f ed-encrypted");
    scratch_run("ssh-keygen -q -t rsa -b 2048 -N sesame -a 3 -Z aes128-cbc -f rsa-cbc");
    scratch_run(
        "ssh-keygen -q -t rsa -b 2048 -N sesame -Z chacha20-poly1305@openssh.com -f chacha");
    scratch_run("ssh-keygen -e -m PKCS8 -f rsa-cbc.pub >rsa-cbc.public");
    scratch_run("{ printf '\\060\\052\\060\\005\\006\\003\\053\\145\\160\\003\\041\\000'\n"
                "  cut -d' ' -f2 ed-encrypted.pub | base64 -d | tail -c 32; } |\n"
                "openssl pkey -pubin -inform DER -out ed-encrypted.public");
    scratch_run("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pk8");
    scratch_run("openssl pkcs8 -topk8 -in rsa.pk8 -passout pass:sesame -v2 aes256 -out rsa.pk8e");
    scratch_run("openssl rsa -in rsa.pk8 -traditional -out rsa.pem");
    scratch_run("openssl rsa -in rsa.pk8 -traditional -aes128 -passout pass:sesame -out rsa.peme");
    scratch_run("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out p256.pk8");
    scratch_run("openssl ec -in p256.pk8 -out p256.pem");
    scratch_run("openssl genpkey -algorithm ED25519 -out ed.pk8");
    scratch_run("openssl genpkey -algorithm X25519 -out x25519.pk8");
    scratch_run("openssl pkey -in rsa.pk8 -pubout -out rsa.public");
    ops = nube_service_v0(&host)->ops;
    return 0;
}

static int sign(const char *file, const char *passphrase, const char *hash, unsigned char **sig,
                size_t *sig_len, const char **algorithm, char message[256])
{
    size_t len;
    char *key = scratch_read(file, &len);

    return ops->sign(key, len, passphrase, hash, signed_text, strlen(signed_text), sig, sig_len,
                     algorithm, message);
}

/* Signs, and lets openssl check with the public key of the file `public` (PEM). */
static void check(const char *file, const char *passphrase, const char *hash, const char *want,
                  const char *public)
{
    unsigned char *sig;
    const char *algorithm;
    char message[256], command[512];
    size_t len;

    if (sign(file, passphrase, hash, &sig, &len, &algorithm, message) != 0)
        fail_msg("%s with %s: %s", file, hash, message);
    assert_string_equal(algorithm, want);
    scratch_write("sig", sig, len);
    nube_mem_free(sig);
    if (strcmp(want, "ed25519") == 0)
        snprintf(command, sizeof(command),
                 "openssl pkeyutl -verify -rawin -inkey %s -pubin -sigfile sig -in data", public);
    else
        snprintf(command, sizeof(command), "openssl dgst -%s -verify %s -signature sig data", hash,
                 public);
    scratch_run(command);
}

static void hex(char *out, const unsigned char *data, size_t len)
{
    *out = '\0';
    for (size_t i = 0; i < len; i++)
        snprintf(out + 2 * i, 3, "%02x", data[i]);
}

static void expect_digest(int hash, const char *text, const char *want)
{
    unsigned char sum[NUBE_HASH_MAX];
    char shown[2 * NUBE_HASH_MAX + 1];

    hex(shown, sum, ops->digest(hash, text, strlen(text), sum));
    assert_string_equal(shown, want);
}

/* RFC 1321, FIPS 180. */
static void digests(void **state)
{
    unsigned char sum[NUBE_HASH_MAX];

    (void)state;
    expect_digest(NUBE_MD5, "abc", "900150983cd24fb0d6963f7d28e17f72");
    expect_digest(NUBE_MD5, "", "d41d8cd98f00b204e9800998ecf8427e");
    expect_digest(NUBE_SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d");
    expect_digest(NUBE_SHA256, "abc",
                  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect_digest(NUBE_SHA512, "abc",
                  "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                  "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    assert_int_equal(ops->digest(0, "abc", 3, sum), 0);
    assert_int_equal(ops->digest(99, "abc", 3, sum), 0);
    assert_int_equal(ops->hmac(-1, "k", 1, "abc", 3, sum), 0);
}

static void expect_hmac(int hash, const char *key, const char *text, const char *want)
{
    unsigned char sum[NUBE_HASH_MAX];
    char shown[2 * NUBE_HASH_MAX + 1];

    hex(shown, sum, ops->hmac(hash, key, key ? strlen(key) : 0, text, strlen(text), sum));
    assert_string_equal(shown, want);
}

/* RFC 2202 and RFC 4231, case 2; a key of no length; and a key longer than a block. */
static void hmacs(void **state)
{
    char key[132] = "";
    const char *text = "what do ya want for nothing?";

    (void)state;
    expect_hmac(NUBE_MD5, "Jefe", text, "750c783e6ab0b503eaa86e310a5db738");
    expect_hmac(NUBE_SHA1, "Jefe", text, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    expect_hmac(NUBE_SHA256, "Jefe", text,
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    expect_hmac(NUBE_SHA512, "Jefe", text,
                "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
    expect_hmac(NUBE_SHA256, NULL, "",
                "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    memset(key, 0xaa, 131);
    expect_hmac(NUBE_SHA256, key, "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void pem_keys_sign(void **state)
{
    (void)state;
    scratch_run("openssl pkey -in p256.pk8 -pubout -out p256.public");
    scratch_run("openssl pkey -in ed.pk8 -pubout -out ed.public");
    check("rsa.pk8", NULL, "sha256", "rsa", "rsa.public");
    check("rsa.pk8", NULL, "sha1", "rsa", "rsa.public");
    check("rsa.pk8", NULL, "sha512", "rsa", "rsa.public");
    check("rsa.pem", NULL, "sha256", "rsa", "rsa.public");
    check("p256.pk8", NULL, "sha256", "ecdsa", "p256.public");
    check("p256.pem", NULL, "sha512", "ecdsa", "p256.public");
    check("ed.pk8", NULL, "sha512", "ed25519", "ed.public");
}

/* The public halves come from ssh-keygen; for Ed25519, whose PKCS#8 it does not write, from its
 * last 32 octets. */
static void openssh_keys_sign(void **state)
{
    (void)state;
    scratch_run(
        "for k in rsa p256 p384 p521; do ssh-keygen -e -m PKCS8 -f $k.pub >$k.sshpub; done");
    scratch_run("{ printf '\\060\\052\\060\\005\\006\\003\\053\\145\\160\\003\\041\\000'; "
                "cut -d' ' -f2 ed.pub | base64 -d | tail -c 32; } | "
                "openssl pkey -pubin -inform DER -out ed.sshpub");
    check("rsa", NULL, "sha256", "rsa", "rsa.sshpub");
    check("rsa", NULL, "sha1", "rsa", "rsa.sshpub");
    check("p256", NULL, "sha256", "ecdsa", "p256.sshpub");
    check("p384", NULL, "sha384", "ecdsa", "p384.sshpub");
    check("p521", NULL, "sha512", "ecdsa", "p521.sshpub");
    check("ed", NULL, "sha512", "ed25519", "ed.sshpub");
}

static void encrypted_keys_need_their_passphrase(void **state)
{
    static const char *const files[] = {"rsa.pk8e", "rsa.peme"};
    unsigned char *sig;
    const char *algorithm;
    char message[256];
    size_t len;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        check(files[i], "sesame", "sha256", "rsa", "rsa.public");
        assert_int_equal(sign(files[i], NULL, "sha256", &sig, &len, &algorithm, message), 1);
        assert_null(sig);
        assert_int_equal(sign(files[i], "wrong", "sha256", &sig, &len, &algorithm, message), 1);
        assert_null(sig);
        assert_int_equal(sign(files[i], "", "sha256", &sig, &len, &algorithm, message), 1);
    }
    check("rsa-cbc", "sesame", "sha256", "rsa", "rsa-cbc.public");
    check("ed-encrypted", "sesame", NULL, "ed25519", "ed-encrypted.public");
    assert_int_equal(sign("ed-encrypted", NULL, NULL, &sig, &len, &algorithm, message), 1);
    assert_int_equal(sign("ed-encrypted", "wrong", NULL, &sig, &len, &algorithm, message), 1);
    assert_int_equal(sign("ed-encrypted", "", NULL, &sig, &len, &algorithm, message), 1);
    assert_null(sig);
}

static void expect_refused(const char *file, const char *hash, const char *word)
{
    unsigned char *sig;
    const char *algorithm;
    char message[256] = "";
    size_t len;

    assert_int_equal(sign(file, NULL, hash, &sig, &len, &algorithm, message), -1);
    assert_null(sig);
    if (!strstr(message, word))
        fail_msg("%s: \"%s\" does not say \"%s\"", file, message, word);
}

static void bad_keys_are_refused_with_a_reason(void **state)
{
    (void)state;
    expect_refused("chacha", "sha256", "ssh-keygen -p -f FILE");
    scratch_write("garbage", "not a key", 9);
    scratch_write("empty", "", 0);
    expect_refused("garbage", "sha256", "cannot be read");
    expect_refused("empty", "sha256", "cannot be read");
    expect_refused("rsa.public", "sha256", "public key");
    expect_refused("rsa.pub", "sha256", "public key");
    expect_refused("x25519.pk8", "sha256", "neither RSA");
    expect_refused("rsa.pk8", "sha3", "another hash");
    scratch_run("sed '2d' rsa >broken1; sed '20,$d' rsa.pk8 >broken2");
    expect_refused("broken1", "sha256", "malformed");
    expect_refused("broken2", "sha256", "cannot be read");
}

/* Wherever an OpenSSH key is cut off before its last lines, nothing is read past its end. */
static void cut_openssh_keys_are_refused(void **state)
{
    static const char *const files[] = {"ed", "p256", "rsa"};
    static const char end[] = "\n-----END OPENSSH PRIVATE KEY-----\n";
    unsigned char *sig;
    const char *algorithm;
    char message[256], *text;
    size_t len, sig_len;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        scratch_read(files[i], &len);
        for (size_t cut = 36; cut + 100 < len; cut += 5) {
            text = malloc(cut + sizeof(end) - 1);
            memcpy(text, scratch_read(files[i], &len), cut);
            memcpy(text + cut, end, sizeof(end) - 1);
            assert_int_equal(ops->sign(text, cut + sizeof(end) - 1, NULL, "sha256", "x", 1, &sig,
                                       &sig_len, &algorithm, message),
                             -1);
            free(text);
        }
    }
}

/* Nor past that of an encrypted one, nor past what is decrypted of it. */
static void cut_encrypted_keys_are_refused(void **state)
{
    static const char end[] = "\n-----END OPENSSH PRIVATE KEY-----\n";
    unsigned char *sig;
    const char *algorithm;
    char message[256], *text;
    size_t len, sig_len;
    int rc;

    (void)state;
    scratch_run("ssh-keygen -q -t ed25519 -a 1 -N sesame -f quick");
    scratch_read("quick", &len);
    for (size_t cut = 36; cut + 60 < len; cut += 7) {
        text = malloc(cut + sizeof(end) - 1);
        memcpy(text, scratch_read("quick", &len), cut);
        memcpy(text + cut, end, sizeof(end) - 1);
        rc = ops->sign(text, cut + sizeof(end) - 1, "sesame", "sha256", "x", 1, &sig, &sig_len,
                       &algorithm, message);
        assert_true(rc == -1 || rc == 1);
        assert_null(sig);
        free(text);
    }
}

static void random_octets_differ(void **state)
{
    unsigned char a[32], b[32];

    (void)state;
    assert_int_equal(ops->random(a, sizeof(a)), 0);
    assert_int_equal(ops->random(b, sizeof(b)), 0);
    assert_memory_not_equal(a, b, sizeof(a));
    assert_int_equal(ops->random(NULL, 0), 0);
}

static void a_library_of_another_build_is_refused(void **state)
{
    struct nube_host other = host;

    (void)state;
    other.build++;
    assert_null(nube_service_v0(&other));
    assert_null(nube_service_v0(NULL));
    assert_string_equal(nube_service_v0(&host)->name, "crypto");
    assert_true(strlen(nube_service_v0(&host)->version) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests),
        cmocka_unit_test(hmacs),
        cmocka_unit_test(pem_keys_sign),
        cmocka_unit_test(openssh_keys_sign),
        cmocka_unit_test(encrypted_keys_need_their_passphrase),
        cmocka_unit_test(bad_keys_are_refused_with_a_reason),
        cmocka_unit_test(cut_openssh_keys_are_refused),
        cmocka_unit_test(cut_encrypted_keys_are_refused),
        cmocka_unit_test(random_octets_differ),
        cmocka_unit_test(a_library_of_another_build_is_refused),
    };

    return cmocka_run_group_tests(tests, make_keys, scratch_drop);
}
