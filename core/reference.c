/* References to secrets: env:NAME, file:PATH and command:ARGV, resolved when a connection is made.
 */
#include <string.h>

#include "backend_int.h"
#include "error_int.h"
#include "lib_int.h"
#include "mem.h"
#include "needs.h"
#include "words.h"

enum { MAX_ARGV = 64, LIMIT_MS = 60000 };

static const struct {
    const char *prefix;
    enum nube_reference kind;
} prefixes[] = {{"env:", NUBE_REF_ENV},
                {"file:", NUBE_REF_FILE},
                {"command:", NUBE_REF_COMMAND},
                {"text:", NUBE_REF_TEXT}};

/* What is resolved, for messages. */
struct reference {
    nube_lib *lib;
    const char *option, *value;
    const char *rest; /* behind the prefix */
    int missing;
    struct nube_error *err;
};

enum nube_reference nube_reference_kind(const char *value)
{
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
        if (strncmp(value, prefixes[i].prefix, strlen(prefixes[i].prefix)) == 0)
            return prefixes[i].kind;
    return NUBE_REF_NONE;
}

/* Arguments of a command may be secret, so a command is named by its program only. */
static int refuse(const struct reference *ref, int code, const char *what)
{
    int command = nube_reference_kind(ref->value) == NUBE_REF_COMMAND;
    size_t len = command ? strlen("command:") + strcspn(ref->rest + strspn(ref->rest, " "), " ") +
                               strspn(ref->rest, " ")
                         : strlen(ref->value);

    return nube_error_set(ref->err, code, "option %s: %.*s%s: %s", ref->option,
                          (int)(len < 200 ? len : 200), ref->value,
                          command && ref->value[len] ? " ..." : "", what);
}

/* One line end belongs to the file or the output, not to the secret. */
static size_t chomp(const char *data, size_t len)
{
    if (len && data[len - 1] == '\n')
        len--;
    if (len && data[len - 1] == '\r')
        len--;
    return len;
}

static int add(nube_args *args, const struct reference *ref, const char *data, size_t len)
{
    if (!len)
        return refuse(ref, ref->missing, "it is empty");
    nube_args_set_data(args, ref->option, data, len);
    return 0;
}

/* ---- What the core's own reader of files and runner of programs says --------------------- */

/* Runs a need to its end. 0, or the error. */
static int ask(struct nube_need_answer *a, const struct reference *ref,
               const struct nube_need_req *req)
{
    nube_need_run(a, ref->lib, req, LIMIT_MS);
    if (a->code)
        return refuse(ref, a->code, a->message[0] ? a->message : "it cannot be read");
    if (a->body.failed)
        return refuse(ref, NUBE_E_TOO_LARGE, "it gives more than 1 MiB");
    return 0;
}

/* The first line of a program's complaint, which tells more than its exit status. */
static int program_failed(const struct reference *ref, const struct nube_need_answer *a)
{
    char what[160] = "it failed";
    size_t len = a->body.len ? strcspn(a->body.data, "\r\n") : 0;
    struct nube_buf text;
    int rc;

    if (!len)
        return refuse(ref, NUBE_E_AUTH, what);
    nube_buf_init(&text, sizeof(what));
    nube_buf_fmt(&text, "it failed: %.*s", (int)(len < 140 ? len : 140), a->body.data);
    rc = refuse(ref, NUBE_E_AUTH, text.failed ? what : text.data);
    nube_buf_free(&text);
    return rc;
}

static int resolve_need(nube_args *args, const struct reference *ref, struct nube_need_req *req)
{
    struct nube_need_answer a;
    int rc = ask(&a, ref, req);

    if (!rc && a.status == 404)
        rc = refuse(ref, ref->missing,
                    req->kind == NUBE_NEED_FILE ? "no such file" : "no such program");
    else if (!rc && a.status != 200)
        rc = program_failed(ref, &a);
    else if (!rc)
        rc = add(args, ref, a.body.data, chomp(a.body.data, a.body.len));
    nube_buf_free(&a.body);
    return rc;
}

static int resolve_command(nube_args *args, const struct reference *ref)
{
    const char *argv[MAX_ARGV + 1];
    struct nube_need_req req = {.kind = NUBE_NEED_EXEC, .argv = argv};
    size_t size = strlen(ref->rest) + 1;
    char *words = nube_mem_alloc(size);
    int n, rc;

    if (!words)
        return nube_error_nomem(ref->err);
    n = nube_words_split(argv, MAX_ARGV, words, ref->rest);
    if (n == -1)
        rc = refuse(ref, NUBE_E_USAGE, "a quotation mark is not closed");
    else if (n < 0)
        rc = refuse(ref, NUBE_E_USAGE, "it has more than 64 words");
    else if (n == 0)
        rc = refuse(ref, NUBE_E_USAGE, "it names no program");
    else
        rc = resolve_need(args, ref, &req);
    nube_mem_free_secret(words, size);
    return rc;
}

static int resolve_file(nube_args *args, const struct reference *ref)
{
    struct nube_need_req req = {
        .kind = NUBE_NEED_FILE, .path = ref->rest, .home = nube_lib_env(ref->lib, "HOME")};

    if (ref->rest[0] != '/' && strncmp(ref->rest, "~/", 2) != 0)
        return refuse(ref, NUBE_E_USAGE, "the path must begin with / or ~/");
    return resolve_need(args, ref, &req);
}

static int resolve_env(nube_args *args, const struct reference *ref)
{
    const char *value = *ref->rest ? nube_lib_env(ref->lib, ref->rest) : NULL;

    if (!value)
        return refuse(ref, ref->missing, "this variable is not set");
    return add(args, ref, value, strlen(value));
}

int nube_reference_resolve(nube_args *args, nube_lib *lib, const char *option, const char *value,
                           int missing, struct nube_error *err)
{
    struct reference ref = {lib, option, value, strchr(value, ':'), missing, err};

    ref.rest = ref.rest ? ref.rest + 1 : value;
    switch (nube_reference_kind(value)) {
    case NUBE_REF_ENV:
        return resolve_env(args, &ref);
    case NUBE_REF_FILE:
        return resolve_file(args, &ref);
    case NUBE_REF_COMMAND:
        return resolve_command(args, &ref);
    case NUBE_REF_TEXT:
        nube_args_set(args, option, ref.rest);
        return 0;
    case NUBE_REF_NONE:
        break;
    }
    nube_args_set(args, option, value);
    return 0;
}

int nube_args_set_reference(nube_args *args, nube_lib *lib, const char *name, const char *reference,
                            struct nube_error *err)
{
    nube_error_clear(err);
    return nube_reference_resolve(args, lib, name, reference, NUBE_E_USAGE, err);
}
