/* Names of accounts out of the files of providers' own tools: sections, members, contexts. */
#include <glob.h>
#include <string.h>
#include <sys/stat.h>

#include "doc_int.h"
#include "mem.h"
#include "native_int.h"
#include "needs.h"

enum { LIMIT_MS = 10000 };

/* One row being read. */
struct reading {
    nube_lib *lib;
    const struct nube_native_row *row;
    nube_native_fn fn;
    void *data;
    const char *path; /* the file at hand */
};

static int found(const struct reading *r, const char *name, size_t len)
{
    char *copy;
    int rc;

    if (!len)
        return 0;
    copy = nube_mem_strndup(name, len);
    if (!copy)
        return NUBE_E_MEMORY;
    rc = r->fn(r->data, copy, r->path);
    nube_mem_free(copy);
    return rc;
}

/* ---- Where ----------------------------------------------------------------------- */

/* Text that came from outside is no pattern. */
static void add_plain(struct nube_buf *out, const char *text, size_t len, int pattern)
{
    for (size_t i = 0; i < len; i++) {
        if (pattern && strchr("*?[\\", text[i]))
            nube_buf_putc(out, '\\');
        nube_buf_putc(out, text[i]);
    }
}

static void add_home(struct nube_buf *out, nube_lib *lib, const char *text, size_t len, int pattern)
{
    const char *home = nube_lib_env(lib, "HOME");

    if (len < 2 || strncmp(text, "~/", 2) != 0) {
        nube_buf_add(out, text, len);
        return;
    }
    add_plain(out, home && *home == '/' ? home : "/nonexistent",
              home && *home == '/' ? strlen(home) : strlen("/nonexistent"), pattern);
    nube_buf_add(out, text + 1, len - 1);
}

/* "${VARIABLE:-PATH}rest" and "~/rest" as they are here. */
static void expand(struct nube_buf *out, nube_lib *lib, const char *text)
{
    int pattern = strchr(text, '*') != NULL;
    const char *colon = strncmp(text, "${", 2) == 0 ? strstr(text, ":-") : NULL,
               *end = colon ? strchr(colon, '}') : NULL, *value;
    char variable[64];
    size_t len;

    if (!end || (len = (size_t)(colon - text - 2)) >= sizeof(variable)) {
        add_home(out, lib, text, strlen(text), pattern);
        return;
    }
    memcpy(variable, text + 2, len);
    variable[len] = '\0';
    value = nube_lib_env(lib, variable);
    if (value && *value)
        add_plain(out, value, strlen(value), pattern);
    else
        add_home(out, lib, colon + 2, (size_t)(end - colon - 2), pattern);
    nube_buf_puts(out, end + 1);
}

/* ---- What a file says ------------------------------------------------------------ */

/* [default], [profile prod] and [prod]: only those that begin with `part` count where it is given,
 * and "default". */
static int read_sections(const struct reading *r, const char *text)
{
    const char *part = r->row->part, *end;
    size_t skip = part ? strlen(part) : 0, len;
    int rc = 0;

    for (; *text && !rc; text += strcspn(text, "\n"), text += *text == '\n') {
        text += strspn(text, " \t");
        len = strcspn(text, "\r\n");
        end = *text == '[' ? memchr(text, ']', len) : NULL;
        if (!end)
            continue;
        text += 1 + strspn(text + 1, " \t");
        len = end > text ? (size_t)(end - text) : 0;
        while (len && (text[len - 1] == ' ' || text[len - 1] == '\t'))
            len--;
        if (!part || (len == strlen("default") && strncmp(text, "default", len) == 0))
            rc = found(r, text, len);
        else if (len > skip && strncmp(text, part, skip) == 0)
            rc = found(r, text + skip + strspn(text + skip, " \t"),
                       len - skip - strspn(text + skip, " \t"));
    }
    return rc;
}

static int warn(const struct reading *r, const char *why)
{
    nube_lib_log(r->lib, NUBE_LOG_WARN, "%s: %s; its accounts are left out", r->path, why);
    return 0;
}

static int read_members(const struct reading *r, const struct nube_doc *root)
{
    const struct nube_doc *map = nube_doc_path(root, r->row->part), *k;
    int rc = 0;

    if (nube_doc_type(map) != NUBE_DOC_OBJECT)
        return 0;
    for (k = nube_doc_first(map); k && !rc; k = nube_doc_next(k))
        rc = found(r, nube_doc_name(k), strlen(nube_doc_name(k)));
    return rc;
}

/* "east" of "/home/me/.triton/profiles.d/east.json". */
static int found_file(const struct reading *r)
{
    const char *slash = strrchr(r->path, '/'), *name = slash ? slash + 1 : r->path;
    const char *dot = strrchr(name, '.');

    return found(r, name, dot && dot > name ? (size_t)(dot - name) : strlen(name));
}

static int read_json(const struct reading *r, const char *text, size_t len)
{
    struct nube_arena arena = {.secret = true};
    const struct nube_doc *root = nube_doc_parse_json(&arena, text, len);
    const char *name = root && r->row->part ? nube_doc_str(root, r->row->part) : NULL;
    int rc;

    if (!root)
        rc = warn(r, "it is not JSON");
    else if (r->row->kind == NUBE_NATIVE_YAML)
        rc = read_members(r, root);
    else if (!r->row->part)
        rc = found_file(r);
    else
        rc = name ? found(r, name, strlen(name)) : 0;
    nube_arena_free(&arena);
    return rc;
}

static int read_yaml(const struct reading *r, const char *text, size_t len)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const struct nube_yaml_ops *ops = nube_service_open(r->lib, NUBE_SERVICE_YAML, &err);
    char message[256], *json;
    size_t json_len;
    int rc;

    if (!ops)
        return warn(r, err.message);
    if (ops->to_json(text, len, &json, &json_len, message))
        return warn(r, message);
    rc = read_json(r, json, json_len);
    explicit_bzero(json, json_len);
    nube_mem_free(json);
    return rc;
}

static int read_file(const struct reading *r)
{
    struct nube_need_req req = {.kind = NUBE_NEED_FILE, .path = r->path};
    struct nube_need_answer a;
    int rc = 0;

    nube_need_run(&a, r->lib, &req, LIMIT_MS);
    if (a.code)
        rc = a.code == NUBE_E_MEMORY ? NUBE_E_MEMORY : warn(r, a.message);
    else if (a.status != 200 || !a.body.len)
        rc = 0;
    else if (r->row->kind == NUBE_NATIVE_INI)
        rc = read_sections(r, a.body.data);
    else if (r->row->kind == NUBE_NATIVE_YAML)
        rc = read_yaml(r, a.body.data, a.body.len);
    else
        rc = read_json(r, a.body.data, a.body.len);
    nube_buf_free(&a.body);
    return rc;
}

static int read_pattern(struct reading *r, const char *pattern)
{
    glob_t all;
    int rc = glob(pattern, 0, NULL, &all);

    if (rc)
        return rc == GLOB_NOSPACE ? NUBE_E_MEMORY : 0;
    for (size_t i = 0; i < all.gl_pathc && !rc; i++) {
        r->path = all.gl_pathv[i];
        rc = read_file(r);
    }
    globfree(&all);
    return rc;
}

static int read_path(struct reading *r)
{
    struct nube_buf path;
    struct stat st;
    int rc = 0;

    nube_buf_init(&path, NUBE_MAX_NAME);
    expand(&path, r->lib, r->row->name);
    r->path = path.data;
    if (path.failed || !path.len)
        rc = path.over || !path.len ? 0 : NUBE_E_MEMORY;
    else if (r->row->kind == NUBE_NATIVE_FILE)
        rc = stat(path.data, &st) ? 0 : r->fn(r->data, NULL, path.data);
    else if (strchr(path.data, '*'))
        rc = read_pattern(r, path.data);
    else
        rc = read_file(r);
    nube_buf_free(&path);
    return rc;
}

int nube_native_read(nube_lib *lib, const struct nube_native_row *row, nube_native_fn fn,
                     void *data)
{
    struct reading r = {lib, row, fn, data, NULL};
    const char *value;

    switch (row->kind) {
    case NUBE_NATIVE_ENV:
        value = nube_lib_env(lib, row->name);
        return value && *value ? fn(data, NULL, row->name) : 0;
    case NUBE_NATIVE_FILE:
    case NUBE_NATIVE_INI:
    case NUBE_NATIVE_YAML:
    case NUBE_NATIVE_JSON:
        return read_path(&r);
    default:
        return 0; /* of a later library */
    }
}
