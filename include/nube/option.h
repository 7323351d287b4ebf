/* Options and arguments: typed, described by tables that drivers publish, checked before any
 * request. */
#ifndef NUBE_OPTION_H
#define NUBE_OPTION_H

#include <nube/error.h>
#include <nube/op.h>

NUBE_BEGIN

typedef struct nube_args nube_args;
typedef struct nube_obj nube_obj;

/* How the text of an option is read. Append only. */
enum nube_type {
    NUBE_TYPE_STRING = 0,
    NUBE_TYPE_INT,    /* decimal, sign allowed */
    NUBE_TYPE_NUMBER, /* decimal fraction */
    NUBE_TYPE_BOOL,   /* yes/no, true/false, on/off, 1/0 */
    NUBE_TYPE_BYTES,  /* a quantity of bytes: 512M, 4GiB, 1000000; K, M, G, T are powers of 1024 */
    NUBE_TYPE_DURATION, /* a time: 500ms, 30s, 5m, 2h; a bare number is seconds. Read as
                           milliseconds */
    NUBE_TYPE_CHOICE,   /* one of `choices` */
    NUBE_TYPE_LIST,     /* strings; may be given again and again */
    NUBE_TYPE_PAIR,     /* name=value; may be given again and again */
    NUBE_TYPE_DATA,     /* octets, NUL allowed: user data, a key */
    NUBE_TYPE_NULL      /* extra values only: the provider said null */
};

enum nube_option_flag {
    NUBE_OPTION_REQUIRED = 1,
    NUBE_OPTION_SECRET = 2,    /* zeroed, never shown, never logged */
    NUBE_OPTION_MULTILINE = 4, /* CR and LF are allowed in the text */
    NUBE_OPTION_POSITIONAL =
        8 /* an action's argument that follows its name on a command line, in table order */
};

/*
 * One option of a connection (op NUBE_OP_NONE) or one argument of an operation.
 * A driver lists everything it honours; what is not listed is refused with
 * NUBE_E_UNSUPPORTED before any request is made.
 */
struct nube_option {
    const char *name;
    uint32_t op;         /* enum nube_op; NUBE_OP_NONE: the connection */
    uint32_t type;       /* enum nube_type */
    uint32_t flags;      /* enum nube_option_flag */
    uint32_t max_len;    /* octets of text; 0: 4096 */
    int64_t min, max;    /* for numbers, when min < max */
    const char *pattern; /* what a value must look like, for people: "[a-zA-Z0-9][a-zA-Z0-9_.-]+";
                            checked when not NULL: POSIX ERE, whole value */
    const char *choices; /* "a|b|c" for NUBE_TYPE_CHOICE */
    const char *alias;   /* another accepted name, or NULL */
    const char *deflt;   /* for people; the driver applies it */
    const char *action;  /* with NODE_ACTION or IMAGE_ACTION: the action it belongs to */
    const char *help;    /* one line */
    const char *ids; /* of an argument that names an object of the provider's and takes its id only:
                        what an id looks like, POSIX ERE, whole value. What looks otherwise is a
                        name: nube_args_resolve() */
};

/*
 * A set of name/value pairs under construction. Not shared between threads.
 * Errors (out of memory, NUL in a name) are kept and reported by the call that
 * uses the set, so a caller need not check each line.
 */
NUBE_API int nube_args_new(nube_args **out, struct nube_error *err);
NUBE_API void nube_args_free(nube_args *args); /* zeroes every value */

/* Adds text; a NULL value adds nothing. List and pair types take several of one name. */
NUBE_API void nube_args_set(nube_args *args, const char *name, const char *value);
NUBE_API void nube_args_set_int(nube_args *args, const char *name, int64_t value);
NUBE_API void nube_args_set_bool(nube_args *args, const char *name, int value);
NUBE_API void nube_args_set_pair(nube_args *args, const char *name, const char *key,
                                 const char *value);
NUBE_API void nube_args_set_data(nube_args *args, const char *name, const void *data, size_t len);
/* Names an object by one that was listed: its id is copied. */
NUBE_API void nube_args_set_obj(nube_args *args, const char *name, const nube_obj *obj);
/* Adds "name=value" text as a command line has it. NUBE_E_USAGE without '='. */
NUBE_API int nube_args_parse(nube_args *args, const char *text, struct nube_error *err);

NUBE_API size_t nube_args_count(const nube_args *args);
/* Borrowed until the set changes. Value may hold NUL: see len (may be NULL). */
NUBE_API const char *nube_args_name(const nube_args *args, size_t i);
NUBE_API const char *nube_args_value(const nube_args *args, size_t i, size_t *len);
NUBE_API const char *nube_args_get(const nube_args *args, const char *name);

NUBE_END

#endif
