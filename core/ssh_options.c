/* The options of commands over SSH, as rows like those of a driver. */
#include <string.h>

#include "ssh_int.h"

#define ROW(o, n, t, ...)                                                                          \
    {                                                                                              \
        .name = (n), .op = NUBE_OP_NODE_##o, .type = NUBE_TYPE_##t, __VA_ARGS__                    \
    }

/* How a machine is logged in to, in the order of enum nube_ssh_option. */
#define LOGIN(o)                                                                                   \
    ROW(o, "port", INT, .min = 1, .max = 65535, .deflt = "22", .help = "port of the SSH server"),  \
        ROW(o, "user", STRING, .max_len = 255, .pattern = "[^-].*",                                \
            .help = "who to log in as; without it ssh_config, the image and the own name decide"), \
        ROW(o, "key", DATA, .max_len = 64 << 10, .flags = NUBE_OPTION_SECRET,                      \
            .help = "text of a private key"),                                                      \
        ROW(o, "key_file", STRING, .alias = "identity",                                            \
            .help = "file of a private key; no other key is offered then"),                        \
        ROW(o, "key_passphrase", STRING, .flags = NUBE_OPTION_SECRET,                              \
            .help = "passphrase of the private key; without it the person is asked"),              \
        ROW(o, "certificate", STRING, .help = "file of the key's certificate"),                    \
        ROW(o, "password", STRING, .flags = NUBE_OPTION_SECRET,                                    \
            .help = "password to log in with; no key of yours is offered then"),                   \
        ROW(o, "agent", BOOL, .help = "ask ssh-agent; yes, unless a key or password is given"),    \
        ROW(o, "host_key", STRING, .deflt = "strict",                                              \
            .pattern = "strict|accept-new|SHA256:[A-Za-z0-9+/=]+|MD5:[0-9A-Fa-f:]+",               \
            .help = "strict: must be in known_hosts; accept-new: an unknown one is added; or the " \
                    "fingerprint it must have"),                                                   \
        ROW(o, "known_hosts", STRING, .deflt = "~/.ssh/known_hosts",                               \
            .help = "file of host keys, instead of yours"),                                        \
        ROW(o, "jump", STRING,                                                                     \
            .help = "[USER@]HOST[:PORT] to go through, or none; several with commas"),             \
        ROW(o, "ssh_config", STRING, .deflt = "~/.ssh/config",                                     \
            .help = "configuration file of ssh to read, or none"),                                 \
        ROW(o, "connect_timeout", DURATION, .min = 1, .max = 86400000, .deflt = "30s",             \
            .help = "how long logging in may take")

#define REACH(o)                                                                                   \
    ROW(o, "id", STRING, .flags = NUBE_OPTION_REQUIRED, .help = "the node"),                       \
        ROW(o, "via", CHOICE, .choices = "auto|ssh|argv", .deflt = "auto",                         \
            .help = "ssh: over SSH even where the provider has a way of its own; argv: nothing "   \
                    "is run, the output is a command line of ssh, each word ended by NUL"),        \
        ROW(o, "address", STRING,                                                                  \
            .help = "where it is reached: an address or name, or what to look for among its own: " \
                    "public, private, ipv4, ipv6, floating or a network's name, best first with "  \
                    "commas")

static struct nube_option const rows[] = {
    LOGIN(RUN),
    LOGIN(PROBE),
    REACH(RUN),
    ROW(RUN, "command", LIST, .flags = NUBE_OPTION_MULTILINE, .max_len = 128 << 10,
        .help = "words of the command; a single one is a line for the shell there"),
    ROW(RUN, "script", DATA, .help = "a script to send over and run; the command's words go to it"),
    REACH(PROBE),
};

/* The tables are only read; the struct is not const inside since drivers' own are filled in. */
const struct nube_driver_info nube_ssh_driver = {
    .name = (char[]){"ssh"},
    .title = (char[]){"SSH"},
    .options = (struct nube_option *)(uintptr_t)rows,
    .n_options = sizeof(rows) / sizeof(*rows),
};

int nube_ssh_option_find(const char *name)
{
    for (int i = 0; i < NUBE_SSH_N_OPTIONS; i++)
        if (strcmp(rows[i].name, name) == 0)
            return i;
    return -1;
}
