/* New key pairs in the formats that OpenSSH reads. */
#include <stdio.h>
#include <string.h>

#include "libssh_int.h"

enum { RSA_BITS = 3072 };

static int unfit(char message[256], const char *what)
{
    snprintf(message, 256, "%s", what);
    return -1;
}

/* "ssh-ed25519 AAAA... comment". NULL: out of memory. */
static char *public_line(ssh_key key, const char *comment)
{
    const char *type = ssh_key_type_to_char(ssh_key_type(key));
    char *octets = NULL, *line;
    size_t size;

    if (ssh_pki_export_pubkey_base64(key, &octets) != SSH_OK)
        return NULL;
    size = strlen(type) + strlen(octets) + strlen(comment) + 4;
    line = nube_ssh_host->alloc(size);
    if (line)
        snprintf(line, size, "%s %s %s\n", type, octets, comment);
    ssh_string_free_char(octets);
    return line;
}

int nube_ssh_generate(const char *type, const char *comment, const char *passphrase,
                      char **private_key, char **public_key, char message[256])
{
    bool rsa = strcmp(type, "rsa") == 0;
    ssh_key key = NULL;
    char *text = NULL;

    *private_key = *public_key = NULL;
    if (!rsa && strcmp(type, "ed25519") != 0)
        return unfit(message, "a key is of type ed25519 or rsa");
    if (ssh_pki_generate(rsa ? SSH_KEYTYPE_RSA : SSH_KEYTYPE_ED25519, rsa ? RSA_BITS : 0, &key) !=
        SSH_OK)
        return unfit(message, "libssh could not make the key");
    if (ssh_pki_export_privkey_base64(key, passphrase, NULL, NULL, &text) == SSH_OK) {
        *private_key = nube_ssh_strdup(text);
        explicit_bzero(text, strlen(text));
        ssh_string_free_char(text);
    }
    *public_key = public_line(key, comment);
    ssh_key_free(key);
    if (*private_key && *public_key)
        return 0;
    nube_ssh_wipe(*private_key);
    nube_ssh_host->free(*public_key);
    *private_key = *public_key = NULL;
    return unfit(message, "the key could not be written as text, or out of memory");
}
