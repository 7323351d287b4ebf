/* Signatures by ssh-agent, over its socket on the loop: find the key by fingerprint, ask, unwrap.
 */
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <nube/driver/crypto.h>

#include "encode.h"
#include "lib_int.h"
#include "mem.h"
#include "needs_int.h"
#include "ssh_wire.h"

/* draft-miller-ssh-agent */
enum {
    SSH_AGENT_FAILURE = 5,
    REQUEST_IDENTITIES = 11,
    IDENTITIES_ANSWER,
    SIGN_REQUEST,
    SIGN_RESPONSE
};
enum { SIGN_RSA_SHA256 = 2, SIGN_RSA_SHA512 = 4 };
enum { MAX_MESSAGE = 256 << 10, BUSY_MS = 20 };

struct nube_agent {
    nube_lib *lib;
    struct nube_loop *loop;
    const struct nube_need_req *req;
    nube_need_fn done;
    void *data;
    struct nube_timer timer; /* the turn that connects */
    const struct nube_crypto_ops *crypto;
    const char *path; /* of the socket */
    int fd;           /* -1: not open */
    struct nube_buf out, in, sig;
    bool signing; /* the key was found */
    struct nube_need_end end;
};

static void release(struct nube_agent *a)
{
    nube_loop_timer_stop(a->loop, &a->timer);
    if (a->fd >= 0) {
        nube_loop_watch(a->loop, a->fd, 0, NULL, NULL);
        close(a->fd);
    }
    nube_buf_free(&a->out);
    nube_buf_free(&a->in);
}

static void finish(struct nube_agent *a)
{
    release(a);
    a->end.body = &a->sig;
    a->done(a->data, &a->end);
    nube_buf_free(&a->sig);
    nube_mem_free(a);
}

/* ---- The wire: big-endian numbers, strings with a length before them ------------- */

static bool begins(struct nube_span s, const char *text)
{
    return s.len > strlen(text) && memcmp(s.at, text, strlen(text)) == 0;
}

static void put_number(struct nube_buf *b, uint32_t n)
{
    nube_buf_add(b,
                 (unsigned char[4]){(unsigned char)(n >> 24), (unsigned char)(n >> 16),
                                    (unsigned char)(n >> 8), (unsigned char)n},
                 4);
}

static void put_string(struct nube_buf *b, const void *data, size_t len)
{
    put_number(b, (uint32_t)len);
    nube_buf_add(b, data, len);
}

/* ---- Fingerprints ------------------------------------------------------------------ */

/* "SHA256:base64", with or without padding. */
static bool is_sha256(const struct nube_agent *a, struct nube_span blob, const char *text)
{
    unsigned char sum[NUBE_HASH_MAX];
    size_t n = a->crypto->digest(NUBE_SHA256, blob.at, blob.len, sum), len = strlen(text);
    struct nube_buf b;
    bool same;

    nube_buf_init(&b, NUBE_MAX_NAME);
    nube_encode_base64(&b, sum, n, false);
    while (b.len && b.data[b.len - 1] == '=')
        b.data[--b.len] = '\0';
    while (len && text[len - 1] == '=')
        len--;
    same = n && !b.failed && len == b.len && memcmp(text, b.data, len) == 0;
    nube_buf_free(&b);
    return same;
}

/* "aa:bb:..", in any case. */
static bool is_md5(const struct nube_agent *a, struct nube_span blob, const char *text)
{
    char shown[48];

    nube_key_fingerprint(shown, a->crypto, blob.at, blob.len);
    return *shown && strcasecmp(text, shown) == 0;
}

static bool fits(const struct nube_agent *a, struct nube_span blob)
{
    const char *f = a->req->fingerprint;

    if (strncmp(f, "SHA256:", 7) == 0)
        return is_sha256(a, blob, f + 7);
    return is_md5(a, blob, strncasecmp(f, "MD5:", 4) == 0 ? f + 4 : f);
}

/* ---- Signatures ---------------------------------------------------------------------- */

static void der_integer(struct nube_buf *b, struct nube_span n)
{
    nube_buf_putc(b, 2);
    nube_buf_putc(b, (char)n.len);
    nube_buf_add(b, n.at, n.len);
}

/* r and s as SSH has them have the octets of ASN.1 integers; around them comes a SEQUENCE. */
static bool unwrap_ecdsa(struct nube_buf *out, struct nube_span rs)
{
    struct nube_span r, s;
    size_t len;

    if (!nube_ssh_take_string(&rs, &r) || !nube_ssh_take_string(&rs, &s) || !r.len || r.len > 67 ||
        !s.len || s.len > 67)
        return false;
    len = 4 + r.len + s.len;
    nube_buf_putc(out, 0x30);
    if (len > 127)
        nube_buf_putc(out, (char)0x81);
    nube_buf_putc(out, (char)len);
    der_integer(out, r);
    der_integer(out, s);
    return true;
}

/* The hash that an agent uses for a key of this algorithm; NULL: the algorithm is not known here.
 */
static const char *hash_of(struct nube_span alg)
{
    static const char *const known[][2] = {
        {"ssh-rsa", "sha1"},
        {"rsa-sha2-256", "sha256"},
        {"rsa-sha2-512", "sha512"},
        {"ecdsa-sha2-nistp256", "sha256"},
        {"ecdsa-sha2-nistp384", "sha384"},
        {"ecdsa-sha2-nistp521", "sha512"},
    };

    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (nube_span_is(alg, known[i][0]))
            return known[i][1];
    return NULL;
}

/* Is it one of the words with "|" between? */
static bool in_list(const char *list, const char *word)
{
    size_t n = strlen(word);

    for (; list && *list; list += strcspn(list, "|"), list += *list == '|')
        if (strcspn(list, "|") == n && memcmp(list, word, n) == 0)
            return true;
    return false;
}

/* An agent may not know the hash that was asked for, and ECDSA keys have one of their own. */
static void unwrap(struct nube_agent *a, struct nube_span blob)
{
    struct nube_need_end *end = &a->end;
    struct nube_span alg, sig;
    const char *used;

    if (!nube_ssh_take_string(&blob, &alg) || !nube_ssh_take_string(&blob, &sig)) {
        nube_need_say(end, 0, NUBE_E_PROTOCOL, "ssh-agent at %s sent a malformed signature",
                      a->path);
        return;
    }
    used = hash_of(alg);
    end->hash = used;
    end->status = 200;
    if (nube_span_is(alg, "ssh-ed25519")) {
        end->algorithm = "ed25519";
        nube_buf_add(&a->sig, sig.at, sig.len);
    } else if (!used) {
        nube_need_say(end, 0, NUBE_E_UNSUPPORTED,
                      "key %s in ssh-agent is neither RSA, ECDSA nor Ed25519", a->req->fingerprint);
    } else if (!in_list(a->req->hash, used)) {
        nube_need_say(end, 0, NUBE_E_UNSUPPORTED,
                      "ssh-agent signs with %s for key %s, and not with %s; use another key", used,
                      a->req->fingerprint, a->req->hash ? a->req->hash : "no hash");
    } else if (begins(alg, "ecdsa-")) {
        end->algorithm = "ecdsa";
        if (!unwrap_ecdsa(&a->sig, sig))
            nube_need_say(end, 0, NUBE_E_PROTOCOL, "ssh-agent at %s sent a malformed signature",
                          a->path);
    } else {
        end->algorithm = "rsa";
        nube_buf_add(&a->sig, sig.at, sig.len);
    }
    if (a->sig.failed)
        nube_need_say(end, 0, NUBE_E_MEMORY, "out of memory");
}

/* ---- The conversation ------------------------------------------------------------------ */

static void on_ready(void *data, int fd, unsigned events);

/* Puts the length in front of what was written after it, and begins to send. */
static void send_message(struct nube_agent *a, struct nube_buf *payload)
{
    nube_buf_clear(&a->in);
    nube_buf_clear(&a->out);
    put_string(&a->out, payload->data, payload->len);
    if (payload->over)
        nube_need_say(&a->end, 0, NUBE_E_TOO_LARGE, "ssh-agent signs at most %d octets",
                      MAX_MESSAGE);
    else if (payload->failed || a->out.failed)
        nube_need_say(&a->end, 0, NUBE_E_MEMORY, "out of memory");
    else if (nube_loop_watch(a->loop, a->fd, NUBE_LOOP_OUT, on_ready, a) < 0)
        nube_need_say(&a->end, 0, NUBE_E_SYSTEM, "cannot watch ssh-agent at %s", a->path);
    nube_buf_free(payload);
    if (a->end.code)
        finish(a);
}

static void ask_identities(struct nube_agent *a)
{
    struct nube_buf b;

    nube_buf_init(&b, 16);
    nube_buf_putc(&b, REQUEST_IDENTITIES);
    send_message(a, &b);
}

static void ask_signature(struct nube_agent *a, struct nube_span key)
{
    const char *hash = a->req->hash ? a->req->hash : "";
    struct nube_span first = {(const unsigned char *)hash, strcspn(hash, "|")};
    struct nube_buf b;
    uint32_t flags = 0;

    if (nube_span_is(first, "sha256"))
        flags = SIGN_RSA_SHA256;
    else if (nube_span_is(first, "sha512"))
        flags = SIGN_RSA_SHA512;
    a->signing = true;
    nube_buf_init(&b, MAX_MESSAGE - 4);
    nube_buf_putc(&b, SIGN_REQUEST);
    put_string(&b, key.at, key.len);
    put_string(&b, a->req->data, a->req->len);
    put_number(&b, flags);
    send_message(a, &b);
}

/* Each answer ends the need or sends the next request. */
static void on_identities(struct nube_agent *a, struct nube_span s)
{
    struct nube_span blob, comment;
    uint32_t n;
    bool good = nube_ssh_take_number(&s, &n);

    for (; good && n; n--) {
        good = nube_ssh_take_string(&s, &blob) && nube_ssh_take_string(&s, &comment);
        if (good && fits(a, blob)) {
            nube_key_fingerprint(a->end.fingerprint, a->crypto, blob.at, blob.len);
            ask_signature(a, blob);
            return;
        }
    }
    if (good)
        nube_need_say(&a->end, 404, 0,
                      "ssh-agent has no key with fingerprint %s; add it with ssh-add",
                      a->req->fingerprint);
    else
        nube_need_say(&a->end, 0, NUBE_E_PROTOCOL, "ssh-agent at %s sent a malformed list of keys",
                      a->path);
    finish(a);
}

static void on_message(struct nube_agent *a, struct nube_span s)
{
    int type = s.len ? s.at[0] : 0;
    struct nube_span rest = {s.at + 1, s.len ? s.len - 1 : 0}, blob;

    if (!a->signing && type == IDENTITIES_ANSWER) {
        on_identities(a, rest);
        return;
    }
    if (a->signing && type == SIGN_RESPONSE && nube_ssh_take_string(&rest, &blob))
        unwrap(a, blob);
    else if (type == SSH_AGENT_FAILURE)
        nube_need_say(&a->end, 0, NUBE_E_AUTH, "ssh-agent at %s refused to %s", a->path,
                      a->signing ? "sign: the key is locked, or its use was not confirmed"
                                 : "list its keys");
    else
        nube_need_say(&a->end, 0, NUBE_E_PROTOCOL, "ssh-agent at %s sent an unexpected message",
                      a->path);
    finish(a);
}

/* Gives 0 or the error that ends the conversation. */
static int write_some(struct nube_agent *a)
{
    ssize_t n = send(a->fd, a->out.data, a->out.len, MSG_NOSIGNAL);

    if (n < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : errno;
    nube_buf_eat(&a->out, (size_t)n);
    if (a->out.len)
        return 0;
    return nube_loop_watch(a->loop, a->fd, NUBE_LOOP_IN, on_ready, a) < 0 ? ENOMEM : 0;
}

static int read_some(struct nube_agent *a)
{
    char part[4096];
    ssize_t n = recv(a->fd, part, sizeof(part), 0);

    if (n < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : errno;
    if (n == 0)
        return ECONNRESET;
    nube_buf_add(&a->in, part, (size_t)n);
    if (a->in.failed)
        return a->in.over ? EMSGSIZE : ENOMEM;
    return 0;
}

static void on_ready(void *data, int fd, unsigned events)
{
    struct nube_agent *a = data;
    struct nube_span all;
    int rc = a->out.len ? write_some(a) : read_some(a);

    (void)fd;
    (void)events;
    all = (struct nube_span){(const unsigned char *)a->in.data, a->in.len};
    if (!rc && all.len >= 4 && nube_ssh_number(all.at) > MAX_MESSAGE)
        rc = EMSGSIZE;
    if (rc) {
        nube_need_say(&a->end, 0, NUBE_E_SYSTEM, "ssh-agent at %s: %s", a->path, strerror(rc));
        finish(a);
    } else if (all.len >= 4 && all.len - 4 >= nube_ssh_number(all.at)) {
        on_message(a, (struct nube_span){all.at + 4, nube_ssh_number(all.at)});
    }
}

/* false: said in the end. Agents answer at once or, with many callers, are busy: then again a
 * little later. */
static bool connect_agent(struct nube_agent *a)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};

    a->path = nube_lib_env(a->lib, "SSH_AUTH_SOCK");
    if (!a->path || !*a->path) {
        nube_need_say(&a->end, 404, 0,
                      "there is no ssh-agent (SSH_AUTH_SOCK is not set) to sign with key %s",
                      a->req->fingerprint);
        return false;
    }
    if (strlen(a->path) >= sizeof(to.sun_path)) {
        nube_need_say(&a->end, 0, NUBE_E_USAGE, "SSH_AUTH_SOCK is too long: %s", a->path);
        return false;
    }
    memcpy(to.sun_path, a->path, strlen(a->path));
    a->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (a->fd >= 0 && connect(a->fd, (struct sockaddr *)&to, sizeof(to)) == 0)
        return true;
    if (a->fd >= 0 && errno == EAGAIN) {
        close(a->fd);
        a->fd = -1;
        nube_loop_timer_set(a->loop, &a->timer, BUSY_MS);
        return false;
    }
    nube_need_say(&a->end, errno == ENOENT || errno == ECONNREFUSED ? 404 : 0,
                  errno == ENOENT || errno == ECONNREFUSED ? 0 : NUBE_E_SYSTEM,
                  "no ssh-agent answers at %s (SSH_AUTH_SOCK): %s", a->path, strerror(errno));
    return false;
}

static void begin(void *data)
{
    struct nube_agent *a = data;
    struct nube_error err = NUBE_ERROR_INIT;

    a->crypto = nube_service_open(a->lib, NUBE_SERVICE_CRYPTO, &err);
    if (!a->crypto)
        nube_need_say(&a->end, 0, err.code ? err.code : NUBE_E_DRIVER, "%s", err.message);
    else if (!a->req->fingerprint || !*a->req->fingerprint)
        nube_need_say(&a->end, 0, NUBE_E_USAGE,
                      "a signature was asked for without a key or a fingerprint");
    else if (connect_agent(a)) {
        ask_identities(a);
        return;
    } else if (a->timer.armed)
        return;
    finish(a);
}

struct nube_agent *nube_agent_start(nube_lib *lib, struct nube_loop *loop,
                                    const struct nube_need_req *req, nube_need_fn done, void *data)
{
    struct nube_agent *a = nube_mem_zalloc(sizeof(*a));

    if (!a)
        return NULL;
    a->lib = lib;
    a->loop = loop;
    a->req = req;
    a->done = done;
    a->data = data;
    a->fd = -1;
    nube_buf_init(&a->out, MAX_MESSAGE + 4);
    nube_buf_init(&a->in, MAX_MESSAGE + 4 + 4096);
    nube_buf_init(&a->sig, 4096);
    a->timer.fn = begin;
    a->timer.data = a;
    nube_loop_timer_set(loop, &a->timer, 0);
    return a;
}

void nube_agent_cancel(struct nube_agent *a)
{
    release(a);
    nube_buf_free(&a->sig);
    nube_mem_free(a);
}
