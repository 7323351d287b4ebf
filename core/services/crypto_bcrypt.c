/* bcrypt_pbkdf, with which OpenSSH makes the key of its encrypted key files from a passphrase.
 *
 * bcrypt over SHA-512, as OpenBSD has it: libcrypto does not, and libssh keeps its own to itself.
 * Blowfish begins with the first 33344 bits of pi after the point, which are computed here: a
 * slip in a table of a thousand numbers would be seen by nobody.
 */
#include "crypto_bcrypt.h"

#include <pthread.h>
#include <string.h>

enum { ROUND_KEYS = 18, BOXES = 4 * 256, WORDS = 8, HASH = 4 * WORDS };

struct blowfish {
    uint32_t p[ROUND_KEYS], s[BOXES];
};

/* ---- Pi ------------------------------------------------------------------------------ */

/* Fixed point: digits of 2^32, the first before the point; two more than are used. */
enum { DIGITS = 1 + ROUND_KEYS + BOXES + 2 };

static struct blowfish pi;
static pthread_once_t computed = PTHREAD_ONCE_INIT;

/* to = from / by, from digit `first` on; gives the first digit that is not 0. */
static size_t divide(uint32_t *to, const uint32_t *from, uint32_t by, size_t first)
{
    uint64_t rest = 0;
    size_t i;

    for (i = first; i < DIGITS; i++) {
        rest = rest << 32 | from[i];
        to[i] = (uint32_t)(rest / by);
        rest %= by;
    }
    while (first < DIGITS && !to[first])
        first++;
    return first;
}

/* sum += sign * term */
static void add(uint32_t *sum, const uint32_t *term, size_t first, int negative)
{
    uint64_t carry = (uint64_t)negative;
    size_t i = DIGITS;

    while (i-- > 0) {
        uint32_t t = i < first ? 0 : term[i];

        carry += (uint64_t)sum[i] + (negative ? ~t : t);
        sum[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

/* sum += factor * arctan(1 / x) */
static void add_arctan(uint32_t *sum, uint32_t factor, uint32_t x, int negative)
{
    uint32_t power[DIGITS] = {factor}, term[DIGITS];
    size_t first = divide(power, power, x, 0);

    for (uint32_t k = 1; first < DIGITS; k += 2) {
        add(sum, term, divide(term, power, k, first), negative);
        negative = !negative;
        first = divide(power, power, x * x, first);
    }
}

/* Machin: pi = 16 arctan(1/5) - 4 arctan(1/239) */
static void compute(void)
{
    uint32_t sum[DIGITS] = {0};

    add_arctan(sum, 16, 5, 0);
    add_arctan(sum, 4, 239, 1);
    memcpy(pi.p, sum + 1, sizeof(pi.p));
    memcpy(pi.s, sum + 1 + ROUND_KEYS, sizeof(pi.s));
}

/* ---- Blowfish ------------------------------------------------------------------------ */

static uint32_t mix(const struct blowfish *b, uint32_t x)
{
    return ((b->s[x >> 24] + b->s[256 + (x >> 16 & 255)]) ^ b->s[512 + (x >> 8 & 255)]) +
           b->s[768 + (x & 255)];
}

static void encrypt(const struct blowfish *b, uint32_t *x)
{
    uint32_t l = x[0] ^ b->p[0], r = x[1];

    for (int i = 1; i <= 16; i += 2) {
        r ^= mix(b, l) ^ b->p[i];
        l ^= mix(b, r) ^ b->p[i + 1];
    }
    x[0] = r ^ b->p[17];
    x[1] = l;
}

/* Sixteen numbers from a SHA-512 sum, over and over. */
static uint32_t next(const unsigned char *sum, size_t *at)
{
    const unsigned char *p = sum + *at;

    *at = (*at + 4) % 64;
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void refill(const struct blowfish *b, uint32_t *to, size_t n, uint32_t *x,
                   const unsigned char *salt, size_t *at)
{
    for (size_t i = 0; i < n; i += 2) {
        if (salt) {
            x[0] ^= next(salt, at);
            x[1] ^= next(salt, at);
        }
        encrypt(b, x);
        to[i] = x[0];
        to[i + 1] = x[1];
    }
}

/* salt NULL: none. */
static void expand(struct blowfish *b, const unsigned char *salt, const unsigned char *key)
{
    uint32_t x[2] = {0, 0};
    size_t at = 0;

    for (int i = 0; i < ROUND_KEYS; i++)
        b->p[i] ^= next(key, &at);
    at = 0;
    refill(b, b->p, ROUND_KEYS, x, salt, &at);
    refill(b, b->s, BOXES, x, salt, &at);
}

/* ---- bcrypt and its use as a key derivation ------------------------------------------- */

static void bcrypt(unsigned char out[HASH], const unsigned char *pass, const unsigned char *salt)
{
    static const unsigned char text[HASH + 1] = "OxychromaticBlowfishSwatDynamite";
    struct blowfish b = pi;
    uint32_t x[WORDS];
    size_t at = 0;

    expand(&b, salt, pass);
    for (int i = 0; i < 64; i++) {
        expand(&b, NULL, salt);
        expand(&b, NULL, pass);
    }
    for (int i = 0; i < WORDS; i++)
        x[i] = next(text, &at);
    for (int i = 0; i < 64; i++)
        for (int k = 0; k < WORDS; k += 2)
            encrypt(&b, x + k);
    for (int i = 0; i < HASH; i++)
        out[i] = (unsigned char)(x[i / 4] >> (8 * (i % 4)));
    explicit_bzero(&b, sizeof(b));
    explicit_bzero(x, sizeof(x));
}

/* One block: of the salt with its number, then of what came out, all of them together. */
static int block(unsigned char out[HASH], nube_sha512_fn sha512, const unsigned char *pass,
                 const unsigned char *salt, size_t salt_len, uint32_t rounds)
{
    unsigned char sum[64], one[HASH];
    int good = sha512(salt, salt_len, sum) == 64;

    memset(out, 0, HASH);
    for (uint32_t i = 0; i < rounds && good; i++) {
        bcrypt(one, pass, sum);
        for (int k = 0; k < HASH; k++)
            out[k] ^= one[k];
        good = sha512(one, HASH, sum) == 64;
    }
    explicit_bzero(one, sizeof(one));
    explicit_bzero(sum, sizeof(sum));
    return good;
}

int nube_bcrypt_pbkdf(unsigned char *key, size_t key_len, nube_sha512_fn sha512, const char *pass,
                      const unsigned char *salt, size_t salt_len, uint32_t rounds)
{
    unsigned char secret[64], numbered[NUBE_BCRYPT_SALT + 4], out[HASH];
    size_t blocks = (key_len + HASH - 1) / HASH;
    int good = salt_len <= NUBE_BCRYPT_SALT && key_len <= 255 && rounds &&
               sha512(pass, strlen(pass), secret) == 64;

    pthread_once(&computed, compute);
    for (size_t n = 1; n <= blocks && good; n++) {
        memcpy(numbered, salt, salt_len);
        memcpy(numbered + salt_len, (unsigned char[4]){0, 0, 0, (unsigned char)n}, 4);
        good = block(out, sha512, secret, numbered, salt_len + 4, rounds);
        for (size_t i = 0; i < HASH && i * blocks + n - 1 < key_len; i++)
            key[i * blocks + n - 1] = out[i];
    }
    explicit_bzero(secret, sizeof(secret));
    explicit_bzero(out, sizeof(out));
    return good ? 0 : -1;
}
