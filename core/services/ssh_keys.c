/* Files of keys and certificates: read without ever waiting, and looked at before they are used. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../ssh_wire.h"
#include "libssh_int.h"

enum { MAX_FILE = 1 << 20, MAX_ROUNDS = 1000 };

int nube_ssh_read_file(const char *path, char **text)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC), rc = 0;
    struct stat st;
    size_t got = 0;
    ssize_t n = 1;

    *text = NULL;
    if (fd < 0)
        return errno;
    if (fstat(fd, &st) < 0)
        rc = errno;
    else if (!S_ISREG(st.st_mode) || st.st_size > MAX_FILE)
        rc = EINVAL;
    else if (!(*text = nube_ssh_zalloc((size_t)st.st_size + 1)))
        rc = ENOMEM;
    while (!rc && got < (size_t)st.st_size && n > 0) {
        n = read(fd, *text + got, (size_t)st.st_size - got);
        got += n > 0 ? (size_t)n : 0;
        rc = n < 0 && errno != EINTR ? errno : 0;
    }
    close(fd);
    if (rc) {
        nube_ssh_wipe(*text);
        *text = NULL;
    }
    return rc;
}

/* "type base64 comment" in place. */
static char *second_word(char *text, enum ssh_keytypes_e *type)
{
    char *word = text + strspn(text, " \t\r\n"), *next = word + strcspn(word, " \t\r\n");

    if (!*next)
        return NULL;
    *next++ = '\0';
    *type = ssh_key_type_from_name(word);
    next += strspn(next, " \t");
    next[strcspn(next, " \t\r\n")] = '\0';
    return *type == SSH_KEYTYPE_UNKNOWN || !*next ? NULL : next;
}

static ssh_key read_public(const char *path,
                           int (*import)(const char *, enum ssh_keytypes_e, ssh_key *))
{
    enum ssh_keytypes_e type = SSH_KEYTYPE_UNKNOWN;
    char *text, *word;
    ssh_key key = NULL;

    if (nube_ssh_read_file(path, &text))
        return NULL;
    word = second_word(text, &type);
    if (!word || import(word, type, &key) != SSH_OK)
        key = NULL;
    nube_ssh_wipe(text);
    return key;
}

ssh_key nube_ssh_public_key(const char *path)
{
    return read_public(path, ssh_pki_import_pubkey_base64);
}

ssh_key nube_ssh_certificate(const char *path)
{
    return read_public(path, ssh_pki_import_cert_base64);
}

/* ---- What an OpenSSH file says in front of the key ----------------------------------------- */

static int base64_value(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c) : NULL;

    return at ? (int)(at - digits) : -1;
}

/* The first octets of the body; how many. */
static size_t decode_front(const char *text, unsigned char *out, size_t size)
{
    uint32_t bits = 0;
    size_t n = 0;
    int have = 0;

    for (; *text && n < size; text++) {
        int v = base64_value(*text);

        if (v < 0 && strchr("\r\n", *text))
            continue;
        if (v < 0)
            break;
        bits = bits << 6 | (uint32_t)v;
        have += 6;
        if (have >= 8) {
            have -= 8;
            out[n++] = (unsigned char)(bits >> have);
        }
    }
    return n;
}

struct front {
    struct nube_span cipher;
    uint32_t rounds;
};

/* PROTOCOL.key: magic, cipher, name of the KDF, its options (salt, rounds). */
static bool read_front(struct front *out, const char *text, unsigned char *room, size_t size)
{
    static const char begin[] = "-----BEGIN OPENSSH PRIVATE KEY-----", magic[] = "openssh-key-v1";
    const char *body = strstr(text, begin);
    struct nube_span all, kdf, options, salt;

    out->rounds = 0;
    if (!body)
        return false;
    all = (struct nube_span){room, decode_front(body + strlen(begin), room, size)};
    if (all.len < sizeof(magic) || memcmp(all.at, magic, sizeof(magic)) != 0)
        return false;
    all.at += sizeof(magic);
    all.len -= sizeof(magic);
    if (!nube_ssh_take_string(&all, &out->cipher) || !nube_ssh_take_string(&all, &kdf) ||
        !nube_ssh_take_string(&all, &options))
        return false;
    if (nube_ssh_take_string(&options, &salt))
        nube_ssh_take_number(&options, &out->rounds);
    return true;
}

bool nube_ssh_is_encrypted(const char *text)
{
    unsigned char room[512];
    struct front front;

    if (read_front(&front, text, room, sizeof(room)))
        return !nube_span_is(front.cipher, "none");
    return strstr(text, "ENCRYPTED") != NULL;
}

bool nube_ssh_is_too_hard(const char *text)
{
    unsigned char room[512];
    struct front front;

    return read_front(&front, text, room, sizeof(room)) && front.rounds > MAX_ROUNDS;
}

/* ---- What a person has answered ----------------------------------------------------------------
 */

const char *nube_ssh_answer_find(const struct nube_ssh *s, const char *file)
{
    for (const struct nube_ssh_answer *a = s->answers; a; a = a->next)
        if (strcmp(a->file, file) == 0)
            return a->passphrase;
    return NULL;
}

/* The newest of a file goes before older ones. */
void nube_ssh_answer_keep(struct nube_ssh *s, const char *file, const char *passphrase)
{
    size_t len = strlen(file) + 1;
    struct nube_ssh_answer *a = nube_ssh_zalloc(sizeof(*a) + len);

    if (!a)
        return;
    memcpy(a->file, file, len);
    a->passphrase = nube_ssh_strdup(passphrase);
    a->next = s->answers;
    s->answers = a;
}

void nube_ssh_answers_forget(struct nube_ssh *s)
{
    struct nube_ssh_answer *a;

    while ((a = s->answers)) {
        s->answers = a->next;
        nube_ssh_wipe(a->passphrase);
        nube_ssh_host->free(a);
    }
}
