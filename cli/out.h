/* Output: objects and records as a table, JSON, YAML, CSV or ids. */
#ifndef NUBE_CLI_OUT_H
#define NUBE_CLI_OUT_H

#include "app.h"

enum column_bit {
    COLUMN_WIDE = 1,  /* only with -o wide, and in csv */
    COLUMN_RIGHT = 2, /* numbers */
    COLUMN_TRUNC = 4, /* may be cut on a narrow terminal */
    COLUMN_RAW = 8,   /* of a record: the value is JSON already */
    COLUMN_LATE = 16, /* may be cut when nothing else helps */
    COLUMN_LIST = 32, /* items with commas: may be cut between them */
    COLUMN_SPARE = 64 /* may be left out of a narrow table */
};
struct column {
    const char *name; /* as in JSON; the header is the same in capitals */
    unsigned bits;
};

struct column_set {
    const struct column *at;
    size_t count;
    bool objects; /* further fields, extra.NAME, tags.NAME and metadata.NAME are columns too */
};

/* What --columns names. */
struct columns {
    struct column *at;
    size_t count;
    char *text; /* memory of names */
};

struct row {
    char *backend, *name, *id; /* what objects are sorted by */
    bool star;                 /* those come first */
    char **cells;              /* one for each column, or one line of a data format */
    size_t n_cells;
};

struct out {
    struct app *app;
    struct column_set all;        /* of records: what a caller gives values for */
    const struct column *columns; /* what is printed */
    size_t n_columns;
    struct columns own; /* memory of what is printed, where it is not all */
    struct row *rows;
    size_t n_rows;
    bool objects;
    bool keep_order; /* the rows come sorted already */
};

/* Columns of a kind of object, or of records. 0, or an exit status when --columns names an unknown
 * one (printed). */
int out_open_kind(struct out *out, struct app *app, enum nube_kind kind);
int out_open(struct out *out, struct app *app, const struct column_set *set);
/* For records of the verb that runs. */
int out_open_verb(struct out *out, struct app *app);
/* One object; with ndjson it is printed at once. Flags: enum nube_json_flag. */
void out_obj(struct out *out, const nube_obj *obj, unsigned flags);
/* One record: a value for each column that was given to out_open(), NULL for absent. */
void out_record(struct out *out, const char *const *values);
/* Prints what was collected, objects sorted by backend and name, and frees it. */
void out_close(struct out *out);
/* Frees what was collected and prints nothing; harmless after out_close(). */
void out_drop(struct out *out);

/* One object by itself: every field on a line of its own, unless a data format is asked for. */
int out_show(struct app *app, const nube_obj *obj, unsigned flags);
/* Several of them, as one array. */
int out_show_all(struct app *app, nube_obj *const *objs, size_t count, unsigned flags);
bool out_is_data(const struct app *app);

/* cli/columns.c */
struct column_set columns_of(enum nube_kind kind);
/* What --columns chooses from; empty where there is nothing. */
struct column_set columns_of_verb(const struct verb *verb, bool csv);
extern const struct column_set columns_did; /* of what was done */
const struct column *column_in(const struct column_set *set, const char *name);
/* Reads a list of names in any case, with spaces and dashes for underscores. 0, or an exit status.
 */
int columns_named(struct columns *out, struct app *app, const struct column_set *set,
                  const char *list);
void columns_free(struct columns *columns);

/* cli/cells.c: the text of a cell (owned; "" when absent). `brief` shortens digests. */
char *cell_text(const nube_obj *obj, const char *column, bool brief);

/* cli/out_table.c */
void table_print(struct out *out);

/* cli/fit.c: the width of each column, 0 where one is left out; cells are cut where the terminal is
 * narrow. */
void table_fit(struct out *out, size_t *width);
size_t terminal_width(void);
/* Text wrapped at white space, from column `at` of a line; further lines begin at column `indent`.
 * Ends the line. */
void put_wrapped(FILE *f, const char *text, size_t at, size_t indent);

/* cli/out_data.c */
void csv_cell(FILE *f, const char *text);
/* JSON text as YAML, its members at that indentation. */
void yaml_print(FILE *f, const char *json, int indent);
/* JSON text as "name: value" lines for people: nulls and empty values left out. */
void plain_print(FILE *f, const char *json);

#endif
