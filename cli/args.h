/* The command line: verbs and flags as one table, and what a person gave of them. */
#ifndef NUBE_CLI_ARGS_H
#define NUBE_CLI_ARGS_H

#include <nube/nube.h>

#include "util.h"

struct app;

/* How the value of a flag is read. */
enum flag_type {
    FLAG_BOOL, /* takes none */
    FLAG_TEXT,
    FLAG_DURATION, /* checked here: it is the command's own */
    FLAG_PAIR,     /* key=value */
    FLAG_DATA,     /* text, or @FILE (@- is standard input) */
    FLAG_ARGUMENT, /* name=value: an argument of the driver's own */
    FLAG_OPTIONAL  /* --flag or --flag=value */
};
enum flag_bit { FLAG_MANY = 1 /* may be repeated, and each counts; otherwise the last one does */ };

struct flag {
    const char *name;
    char letter; /* 0: no short form */
    unsigned char type, bits;
    const char *arg; /* argument of the operation that it sets; NULL: the command reads it itself */
    const char *value; /* how help calls the value */
    const char *help;
};

struct flag_set {
    const struct flag *at;
    size_t count;
};

/* One verb. A noun without verbs ("raw") has an empty name. */
struct verb {
    const char *noun, *name;
    const char *words; /* positional arguments, as usage shows them */
    int min, max;      /* how many; max -1: any number */
    const char *tail;  /* what may follow "--"; NULL: further words */
    enum nube_op op;   /* what it asks of a driver; NONE: nothing, or it varies */
    struct flag_set flags;
    int (*run)(struct app *app); /* gives the exit status */
    const char *help;
    const char *more; /* lines for help VERB and the man page, NULL: none */
};

/* cli/verbs.c */
extern const struct verb verbs[];
extern const size_t n_verbs;
extern const struct flag_set global_flags;
struct noun {
    const char *name, *help;
};
extern const struct noun nouns[];
extern const size_t n_nouns;

struct given {
    const struct flag *flag;
    const char *value;
};

struct args {
    const struct verb *verb; /* NULL: none was named */
    const char *noun;        /* as given, when there is no verb */
    struct given *given;
    size_t n_given;
    const char **words; /* positional, without noun and verb */
    size_t n_words;
    char **tail; /* NULL-terminated; NULL without "--" */
};

/* Reads the command line. 0, or -1 with one line in *error (owned by the caller). */
int args_parse(struct args *args, int argc, char **argv, char **error);
void args_free(struct args *args);

/* The last value of a flag; NULL: not given. A flag without a value gives "". */
const char *args_get(const struct args *args, const char *name);
/* The i-th of a repeated flag. */
const char *args_nth(const struct args *args, const char *name, size_t i);

/* cli/words.c: what a word that is no verb of the noun, or no noun, may have meant; NULL: nothing
 * near. */
const struct verb *verb_meant(const char *noun, const char *word);
const char *noun_meant(const char *word);

/* cli/help.c */
void help_overview(FILE *f);
void help_noun(FILE *f, const char *noun);
void help_verb(FILE *f, const struct verb *verb);
/* cli/schema.c */
int help_schema(struct app *app, const char *name);
/* "nube node stop NODE... [options]" */
void help_usage(FILE *f, const struct verb *verb);

#endif
