/* Completion: what may follow on a command line that is being typed. */
#ifndef NUBE_CLI_COMPLETE_H
#define NUBE_CLI_COMPLETE_H

#include "cmd.h"

/* One question, and where its answers go. */
struct completion {
    struct app *app;
    const char *prefix; /* what every answer begins with, untouched: "--state=", "running," */
    const char *begun;  /* the part of a word that is completed */
    const struct verb *verb;
    const char *noun;
    const char *words[64]; /* positional ones so far */
    size_t n_words, count; /* count: answers given */
    struct text out;
    const char *kind; /* "words"; "files" and "dirs" are left to the shell */
};

/* An answer, when it begins as the word does and can be typed. */
void complete_offer(struct completion *c, const char *value, const char *help);
/* cli/complete_value.c: values for a placeholder of the verb table: "NODE...", "STATES", "FILE".
 * flag: whose value it is, NULL for a positional word. */
void complete_value(struct completion *c, const char *placeholder, const struct flag *flag);
/* cli/complete_names.c: names that the chosen backends have; from a cache that is half a minute
 * old at most, unless a backend does not answer. */
void complete_names(struct completion *c, enum nube_kind kind);

/* cli/completion_scripts.c; NULL: no such shell. */
const char *completion_script(const char *shell);

#endif
