/* What a word that is no noun or verb here may have meant: words of other tools, then spelling. */
#include <string.h>

#include "args.h"

/* Each row is one meaning; whichever of its words a noun has is the one that is suggested. */
static const char *const verb_words[][12] = {
    {"destroy", "delete", "remove", "rm", "terminate", "del", "kill", "erase"},
    {"console", "logs", "log"},
    {"run", "exec", "attach"},
    {"list", "ls", "ps"},
    {"show", "inspect", "get", "describe", "info", "details"},
    {"create", "add", "new", "launch", "make"},
    {"reboot", "restart"},
    {"suspend", "pause", "hibernate"},
    {"resume", "unpause"},
    {"start", "up", "boot"},
    {"stop", "down", "shutdown", "halt"},
    {"probe", "stats", "top"},
    {"pull", "fetch"},
};
static const char *const noun_words[][12] = {
    {"node", "instance", "server", "machine", "container", "vm", "compute"},
    {"backend", "account", "profile"},
    {"image", "ami", "template"},
    {"size", "flavor", "flavour", "type", "plan"},
    {"location", "region", "zone", "datacenter"},
    {"key", "keypair", "ssh-key"},
    {"firewall", "security-group"},
};

typedef const char *const row[12];

static bool row_has(const row *words, const char *word, size_t len)
{
    for (size_t i = 0; i < sizeof *words / sizeof **words && (*words)[i]; i++)
        if (strlen((*words)[i]) == len && !memcmp((*words)[i], word, len))
            return true;
    return false;
}

static const struct verb *of_noun(const char *noun, const row *words)
{
    for (size_t i = 0; i < n_verbs; i++)
        if (!strcmp(verbs[i].noun, noun) && row_has(words, verbs[i].name, strlen(verbs[i].name)))
            return &verbs[i];
    return NULL;
}

const struct verb *verb_meant(const char *noun, const char *word)
{
    for (size_t i = 0; i < sizeof verb_words / sizeof *verb_words; i++)
        if (row_has(&verb_words[i], word, strlen(word))) {
            const struct verb *v = of_noun(noun, &verb_words[i]);
            if (v)
                return v;
        }
    const struct verb *best = NULL;
    struct nearest near = {word, NULL, 0};
    for (size_t i = 0; i < n_verbs; i++) {
        const char *before = near.best;
        if (!strcmp(verbs[i].noun, noun))
            nearest_feed(&near, verbs[i].name);
        if (near.best != before)
            best = &verbs[i];
    }
    return best;
}

const char *noun_meant(const char *word)
{
    size_t len = strlen(word), one = len && word[len - 1] == 's' ? len - 1 : len;
    for (size_t i = 0; i < sizeof noun_words / sizeof *noun_words; i++)
        if (row_has(&noun_words[i], word, len) || row_has(&noun_words[i], word, one))
            return noun_words[i][0];
    struct nearest near = {word, NULL, 0};
    for (size_t i = 0; i < n_nouns; i++)
        nearest_feed(&near, nouns[i].name);
    return near.best;
}
