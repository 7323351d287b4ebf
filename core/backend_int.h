/* Accounts inside the core: the file as text and as records, and references to secrets. */
#ifndef NUBE_CORE_BACKEND_INT_H
#define NUBE_CORE_BACKEND_INT_H

#include <nube/backend.h>

#include "buf.h"

struct nube_setting {
    char *name, *value; /* decoded; zeroed when freed */
};

/* One section. Lines count from 1. */
struct nube_backend {
    struct nube_backends *set;
    char *id, *name, *provider;
    int enabled;
    struct nube_setting *settings;
    size_t n_settings;
    size_t head_line, last_line;    /* [id], and the last line of the section that says something */
    size_t name_line, enabled_line; /* 0: the file does not say it */
};

/* The file as it was read: its text, and what the text says. */
struct nube_accounts {
    struct nube_buf text;
    struct nube_backend *at;
    size_t count;
};

/* ---- core/backend_file.c: text and records ------------------------------------- */

/*
 * Parses text (taken over) into out. Format: [id] sections of name=value lines; comments are
 * lines that begin with ; or #. A value runs to the end of its line, without the blanks around
 * it; one that begins with '"' is quoted, with the escapes \" \\ \n \r \t \xHH.
 * NUBE_E_USAGE names path and line.
 */
int nube_accounts_parse(struct nube_accounts *out, struct nube_buf *text, const char *path,
                        struct nube_error *err);
void nube_accounts_free(struct nube_accounts *accounts);
/* Appends "name = value\n", quoted when that is needed to read the same value again. */
void nube_accounts_line(struct nube_buf *out, const char *name, const char *value);
/* Appends text with the lines first to last replaced; last < first: inserted in front of first. */
void nube_accounts_splice(struct nube_buf *out, const struct nube_buf *text, size_t first,
                          size_t last, const char *replacement);
int nube_account_id_ok(const char *id);
int nube_account_reserved(
    const char *option); /* name, provider, enabled: not names of options in the file */

/* ---- core/backend_store.c: the file on disk -------------------------------------- */

/* Where the accounts are: given path, or as nube_backends_open() says. Owned. */
int nube_store_path(char **out, nube_lib *lib, const char *given, struct nube_error *err);
/* Reads it; "" when there is none. Refused when group or others have any access. */
int nube_store_read(struct nube_buf *out, const char *path, struct nube_error *err);
/* Makes the directories (0700) and takes the lock beside the file; the descriptor, or a negative
 * code. close() unlocks. */
int nube_store_lock(const char *path, struct nube_error *err);
/* Replaces the file in one step, 0600, on disk when it returns. A symbolic link keeps pointing to
 * it. */
int nube_store_write(const char *path, const struct nube_buf *text, struct nube_error *err);

/* ---- core/reference.c: env:NAME, file:PATH, command:ARGV ------------------------- */

enum nube_reference { NUBE_REF_NONE, NUBE_REF_ENV, NUBE_REF_FILE, NUBE_REF_COMMAND, NUBE_REF_TEXT };
/* What a value refers to. TEXT: "text:" escapes a value that looks like a reference. */
enum nube_reference nube_reference_kind(const char *value);
/* Adds what the value stands for to args. The error names option and reference; missing: the class
 * it gets then. */
int nube_reference_resolve(nube_args *args, nube_lib *lib, const char *option, const char *value,
                           int missing, struct nube_error *err);

#endif
