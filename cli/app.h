/* One run of the command: its options, the library, the chosen backends, errors and the exit
 * status. */
#ifndef NUBE_CLI_APP_H
#define NUBE_CLI_APP_H

#include "args.h"

enum format {
    FORMAT_TABLE,
    FORMAT_WIDE,
    FORMAT_JSON,
    FORMAT_NDJSON,
    FORMAT_YAML,
    FORMAT_CSV,
    FORMAT_ID
};

enum { EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_PARTIAL = 3, EXIT_INTERRUPTED = 130, EXIT_RUN = 255 };

/* A backend that the verb talks to. */
struct target {
    const char *name;
    nube_conn *conn;       /* NULL: could not be connected */
    struct nube_error err; /* code 0: nothing went wrong */
};

/* An object as messages call it: "web (b056a2cdbd79)". */
struct known {
    char *id, *title;
};

struct app {
    struct args args;
    enum format format;
    bool quiet, yes, first, dry_run;
    bool unattended;     /* nobody may be asked */
    int64_t deadline_at; /* monotonic ms; 0: none was asked for */
    nube_lib *lib;
    nube_backends *set;
    nube_keyring *ring;    /* see app_ring() */
    nube_natives *natives; /* NULL: nobody looked yet */
    nube_cancel *cancel;
    nube_stars *stars; /* NULL: nobody asked yet */
    struct target *targets;
    size_t n_targets;
    struct known *known; /* objects that were found */
    size_t n_known;
    bool chosen;   /* by -b */
    bool implicit; /* no backend is configured: accounts of other tools are, or the local Docker
                      engine */
    int worked;    /* things done */
    int exit;      /* status of the first thing that failed; 0: none did */
    bool output_failed;
    bool audit_failed; /* and that was told */
};

/* Reads the global options; 0 or an exit status. */
int app_init(struct app *app);
/* From now on everything together may take so long. */
void app_patience(struct app *app, int64_t ms);
void app_free(struct app *app);

/* Open what a verb needs, once; 0 or an exit status, with the error printed. */
int app_open(struct app *app);
int app_backends(struct app *app);
int app_natives(struct app *app);
int app_stars(struct app *app);
/* What stands for a backend among stars: its id, for names change. */
const char *star_account(const struct app *app, const char *backend);
/* Connects what -b names, else every enabled backend. Those that fail carry their error. */
int app_targets(struct app *app);
/* Connects these, as if each had been given with -b; none: as app_targets(). */
int app_targets_named(struct app *app, const char *const *names, size_t count);
/* The same, but only what offers the operation; 10 when nothing does. */
int app_targets_for(struct app *app, enum nube_op op);
/* The one backend for a verb that makes something; usage error when there are several. */
int app_one_target(struct target **out, struct app *app, enum nube_op op);

/* cli/columns.c: is --columns of use here, and are its names known? 0, or an exit status. */
int columns_check(struct app *app);

/* Options for the next call: what is left of the deadline, cancel, progress, dry run. */
struct nube_call_opts app_opts(struct app *app);
/* Arguments of the operation from the flags that name one. NULL when one is wrong (printed). */
nube_args *app_args(struct app *app);

/* cli/resolve.c: the same for one backend: names become ids where it takes those only, --key
 * FILE.pub the name of that key there, imported when it is missing. What was chosen is said. */
nube_args *app_args_at(struct app *app, struct target *t, enum nube_op op);
nube_args *args_copy(struct app *app, const nube_args *args);

/* From now on messages say title where the library says id. */
void app_know(struct app *app, const char *id, const char *title);
/* The title of an id; the id itself when it is not known. */
const char *app_title(const struct app *app, const char *id);

/* Print an error, remember its exit status, and give it. */
int app_error(struct app *app, const struct nube_error *err);
int app_fail(struct app *app, enum nube_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The exit status of everything so far. */
int app_status(const struct app *app);
/* A notice on standard error, not with --quiet. */
void app_note(struct app *app, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Asks "QUESTION [y/N]" unless --yes: 0 to go on, else an exit status. */
int app_confirm_possible(struct app *app);
int app_confirm(struct app *app, const char *question);

/* cli/audit.c: from now on calls that change something are written down. */
void audit_hook(struct app *app, struct nube_hooks *hooks);

/* cli/complete_names.c: a backend may have other names of this kind now. */
void names_forget(struct app *app, const char *backend, enum nube_kind kind);
/* The name nearest to a word, of all that the targets have; NULL: none is near. Owned. */
char *name_meant(struct app *app, enum nube_kind kind, const char *word);

/* cli/signals.c: the first Ctrl-C cancels, the second ends the process. */
void signals_init(nube_cancel *cancel);
bool signals_interrupted(void);
/* Waits until there is something to read; false when it is interrupted instead. */
bool signals_wait_input(int fd);

/* cli/progress.c: one status line on a terminal, for what takes longer than half a second. */
void progress_begin(struct app *app, const char *what);
void progress_update(const struct app *app, const struct nube_progress *progress);
void progress_clear(void); /* before anything else is printed */
void progress_end(void);

#endif
