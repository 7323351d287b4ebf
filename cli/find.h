/* Finds what a person named, over all chosen backends. */
#ifndef NUBE_CLI_FIND_H
#define NUBE_CLI_FIND_H

#include "app.h"

struct found {
    struct target *target;
    nube_obj *obj;     /* owned */
    char *id;          /* owned; of obj, or what was given when it has none */
    const char *given; /* as the person named it, without "BACKEND/" */
};

/* How strictly a name is read. */
enum find_mode {
    FIND_PREFIX, /* a unique beginning is enough */
    FIND_EXACT,  /* for what cannot be undone: whole names only, and every backend must have
                    answered */
    FIND_GONE    /* the same, or the beginning of an id; obj is NULL when no backend has it */
};

/* The node that `text` names. 0, or an exit status with the error printed. */
int find_node(struct found *out, struct app *app, const char *text, enum find_mode mode);
/* All words as nodes, each once; nothing is given when one fails. */
int find_nodes(struct found **out, size_t *count, struct app *app, size_t n_words,
               enum find_mode mode);
/* The nodes of --search and --tag, or those of all words; usage error when neither is given. */
int find_chosen(struct found **out, size_t *count, struct app *app);
int find_image(struct found *out, struct app *app, const char *text, enum find_mode mode);
int find_size(struct found *out, struct app *app, const char *text, enum find_mode mode);
int find_key(struct found *out, struct app *app, const char *text, enum find_mode mode);
int find_firewall(struct found *out, struct app *app, const char *text, enum find_mode mode);
/* cli/gather.c: everything that a list of the chosen backends gives; a target that failed has its
 * error. */
void gather(struct found **list, size_t *count, struct app *app, enum nube_op op,
            const nube_args *args);
/* cli/select.c: the nodes that --search, --tag and --state choose; backends that failed are told,
 * none that fits is not found. */
bool select_wanted(const struct app *app);
int select_nodes(struct found **out, size_t *count, struct app *app);
void show_selected(const struct app *app, const struct found *list, size_t count);
void found_free(struct found *found, size_t count);
/* "hello (3f2a5b0c9d1e)", owned. */
char *found_title(const struct found *found);
/* What to call it in a sentence: its name, else its id. */
const char *found_name(const struct found *found);

#endif
