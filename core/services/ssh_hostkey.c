/* The first words with a machine: keys agreed on, and the machine's own verified. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libssh_int.h"

/* ---- The session's settings ----------------------------------------------------------------- */

static bool set(struct nube_ssh_link *l, enum ssh_options_e option, const void *value)
{
    return ssh_options_set(l->session, option, value) == SSH_OK;
}

static enum nube_ssh_turn no_session(struct nube_ssh_link *l)
{
    return nube_ssh_fail(l->x, NUBE_E_USAGE, "%s: %s", l->hop->host, ssh_get_error(l->session));
}

/* libssh would wait for a FIFO. */
static bool is_other_than_file(const char *path)
{
    struct stat st;

    return path && stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

/* What is decided is set, and libssh reads no file of its own. */
static enum nube_ssh_turn make_session(struct nube_ssh_link *l)
{
    const struct nube_ssh_hop *h = l->hop;
    const char *none = "/dev/null";
    int no = 0, on = 1, fd;

    if (is_other_than_file(h->known_hosts))
        return nube_ssh_fail(l->x, NUBE_E_USAGE, "known_hosts: %s is not a regular file",
                             h->known_hosts);
    fd = fcntl(l->fd, F_DUPFD_CLOEXEC, 3);
    l->session = ssh_new();
    if (!l->session || fd < 0) {
        if (fd >= 0)
            close(fd);
        return nube_ssh_fail(l->x, NUBE_E_MEMORY, "out of memory or descriptors for a session");
    }
    ssh_set_blocking(l->session, 0);
    if (!set(l, SSH_OPTIONS_FD, &fd)) {
        close(fd);
        return no_session(l);
    }
    if (!set(l, SSH_OPTIONS_PROCESS_CONFIG, &no) || !set(l, SSH_OPTIONS_HOST, h->known_as) ||
        !set(l, SSH_OPTIONS_PORT, &h->port) || !set(l, SSH_OPTIONS_USER, h->user) ||
        !set(l, SSH_OPTIONS_NODELAY, &on) ||
        !set(l, SSH_OPTIONS_KNOWNHOSTS, h->known_hosts ? h->known_hosts : none) ||
        !set(l, SSH_OPTIONS_GLOBAL_KNOWNHOSTS,
             h->global_known_hosts ? h->global_known_hosts : none) ||
        (h->host_key_algorithms && !set(l, SSH_OPTIONS_HOSTKEYS, h->host_key_algorithms)))
        return no_session(l);
    return NUBE_SSH_ON;
}

/* ---- The machine's key
 * --------------------------------------------------------------------------- */

static bool same_print(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);

    while (n && a[n - 1] == '=')
        n--;
    while (m && b[m - 1] == '=')
        m--;
    return n == m &&
           (strncmp(a, "MD5:", 4) == 0 ? strncasecmp(a, b, n) == 0 : strncmp(a, b, n) == 0);
}

static bool print_of(ssh_key key, enum ssh_publickey_hash_type type, char *out, size_t size)
{
    unsigned char *hash = NULL;
    size_t len = 0;
    char *text;

    *out = '\0';
    if (ssh_get_publickey_hash(key, type, &hash, &len) != 0)
        return false;
    text = ssh_get_fingerprint_hash(type, hash, len);
    if (text)
        snprintf(out, size, "%s", text);
    ssh_string_free_char(text);
    ssh_clean_pubkey_hash(&hash);
    return *out != '\0';
}

static enum nube_ssh_turn untrusted(struct nube_ssh_link *l, const char *what, const char *todo)
{
    char place[NUBE_SSH_TEXT];

    nube_ssh_place(l, place, sizeof(place));
    return nube_ssh_fail(l->x, NUBE_E_TLS, "%.200s: %s (%s): %s", place, what, l->host_key, todo);
}

static enum nube_ssh_turn accept_new(struct nube_ssh_link *l)
{
    if (l->hop->trust != NUBE_SSH_ACCEPT_NEW)
        return untrusted(l, "its host key is not known",
                         "compare it with the machine's own, then give host_key=accept-new or this "
                         "fingerprint");
    if (!l->hop->known_hosts || ssh_session_update_known_hosts(l->session) != SSH_OK)
        return untrusted(l, "its new host key cannot be kept",
                         l->hop->known_hosts ? l->hop->known_hosts
                                             : "there is no known_hosts file");
    return NUBE_SSH_ON;
}

static enum nube_ssh_turn look_up_key(struct nube_ssh_link *l)
{
    switch (ssh_session_is_known_server(l->session)) {
    case SSH_KNOWN_HOSTS_OK:
        return NUBE_SSH_ON;
    case SSH_KNOWN_HOSTS_CHANGED:
        return untrusted(l, "ITS HOST KEY HAS CHANGED",
                         "somebody may be in between, or the machine was made anew; if you know "
                         "that it was, remove the old key with ssh-keygen -R");
    case SSH_KNOWN_HOSTS_OTHER:
        return untrusted(l, "IT SHOWS ANOTHER KIND OF HOST KEY than the one that is known",
                         "somebody may be in between; if the machine was made anew, remove the old "
                         "key with ssh-keygen -R");
    case SSH_KNOWN_HOSTS_UNKNOWN:
    case SSH_KNOWN_HOSTS_NOT_FOUND:
        return accept_new(l);
    default:
        return nube_ssh_fail(l->x, NUBE_E_SYSTEM, "the host key of %s cannot be looked up: %s",
                             l->hop->host, ssh_get_error(l->session));
    }
}

static enum nube_ssh_turn verify(struct nube_ssh_link *l)
{
    char sha[80], md5[80];
    ssh_key key = NULL;
    bool good;

    if (ssh_get_server_publickey(l->session, &key) != SSH_OK)
        return nube_ssh_fail(l->x, NUBE_E_PROTOCOL, "%s has no host key", l->hop->host);
    good = print_of(key, SSH_PUBLICKEY_HASH_SHA256, sha, sizeof(sha));
    print_of(key, SSH_PUBLICKEY_HASH_MD5, md5, sizeof(md5));
    snprintf(l->host_key, sizeof(l->host_key), "%s %s", ssh_key_type_to_char(ssh_key_type(key)),
             sha);
    ssh_key_free(key);
    if (l->hop->trust != NUBE_SSH_PINNED)
        return look_up_key(l);
    if (good && (same_print(l->hop->pin, sha) || same_print(l->hop->pin, md5)))
        return NUBE_SSH_ON;
    return untrusted(l, "IT DOES NOT HAVE THE HOST KEY that was asked for",
                     "somebody may be in between, or this machine has keys of several kinds and "
                     "shows another");
}

/* ---- The first words
 * ----------------------------------------------------------------------------- */

static enum nube_ssh_turn no_hello(struct nube_ssh_link *l)
{
    char place[NUBE_SSH_TEXT];

    nube_ssh_place(l, place, sizeof(place));
    /* A server under load, or one that starts, drops connections: worth another try. */
    return nube_ssh_fail(
        l->x, NUBE_E_TRANSPORT, "%.200s ended the connection before it was known%s: %s", place,
        l->stage == NUBE_SSH_BANNER ? " (is it an SSH server?)" : "", ssh_get_error(l->session));
}

enum nube_ssh_turn nube_ssh_hello(struct nube_ssh_link *l)
{
    int rc;

    if (!l->session) {
        l->stage = NUBE_SSH_BANNER;
        l->connected = nube_ssh_us();
        if (make_session(l) == NUBE_SSH_FAILED)
            return NUBE_SSH_FAILED;
    }
    rc = ssh_connect(l->session);
    if (ssh_get_serverbanner(l->session))
        l->stage = NUBE_SSH_HOST_KEY;
    if (rc == SSH_AGAIN)
        return NUBE_SSH_AGAIN;
    return rc == SSH_OK ? verify(l) : no_hello(l);
}
