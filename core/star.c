/* Stars of images: a small file of a person's own, a line each: "+ACCOUNT IMAGE" or "-...". */
#include <string.h>
#include <unistd.h>

#include <nube/star.h>

#include "backend_int.h"
#include "error_int.h"
#include "lib_int.h"
#include "mem.h"
#include "object_int.h"

struct nube_stars {
    nube_lib *lib;
    char *path;
    struct nube_buf text;
};

static int find_path(char **out, nube_lib *lib, struct nube_error *err)
{
    const char *state = nube_lib_env(lib, "XDG_STATE_HOME"), *home = nube_lib_env(lib, "HOME");
    struct nube_buf path;

    nube_buf_init(&path, NUBE_MAX_NAME);
    if (state && *state == '/')
        nube_buf_fmt(&path, "%s/nube/stars", state);
    else if (home && *home == '/')
        nube_buf_fmt(&path, "%s/.local/state/nube/stars", home);
    else
        return nube_error_set(err, NUBE_E_USAGE, "no place for stars: set HOME");
    *out = nube_buf_take(&path);
    return *out ? 0 : nube_error_nomem(err);
}

int nube_stars_open(nube_stars **out, nube_lib *lib, struct nube_error *err)
{
    nube_stars *stars = nube_mem_zalloc(sizeof(*stars));
    int rc;

    *out = NULL;
    nube_error_clear(err);
    if (!stars)
        return nube_error_nomem(err);
    stars->lib = lib;
    rc = find_path(&stars->path, lib, err);
    if (!rc)
        rc = nube_store_read(&stars->text, stars->path, err);
    if (rc)
        nube_stars_free(stars);
    else
        *out = stars;
    return rc;
}

void nube_stars_free(nube_stars *stars)
{
    if (!stars)
        return;
    nube_buf_free(&stars->text);
    nube_mem_free(stars->path);
    nube_mem_free(stars);
}

/* Is this the line of the image, whichever it says? "ACCOUNT IMAGE"; ids have no blanks. */
static int is_line(const char *line, size_t len, const char *account, const char *image)
{
    size_t a = strlen(account), i = strlen(image);

    return len == a + i + 2 && strncmp(line + 1, account, a) == 0 && line[a + 1] == ' ' &&
           strncmp(line + a + 2, image, i) == 0;
}

int nube_stars_get(const nube_stars *stars, const char *account, const char *image)
{
    const char *line = stars->text.len ? stars->text.data : "";
    size_t len;

    for (; *line; line += len + (line[len] == '\n')) {
        len = strcspn(line, "\n");
        if (is_line(line, len, account, image))
            return *line == '+';
    }
    return -1;
}

/* The file as it is now, with the image's line anew. */
static int edit(struct nube_buf *out, const struct nube_buf *now, const char *account,
                const char *image, int on, struct nube_error *err)
{
    const char *line = now->len ? now->data : "";
    size_t len;

    nube_buf_init(out, NUBE_MAX_CONFIG);
    for (; *line; line += len + (line[len] == '\n')) {
        len = strcspn(line, "\n");
        if (is_line(line, len, account, image))
            continue;
        nube_buf_add(out, line, len);
        nube_buf_putc(out, '\n');
    }
    nube_buf_fmt(out, "%c%s %s\n", on ? '+' : '-', account, image);
    if (!out->failed)
        return 0;
    nube_buf_free(out);
    return nube_error_nomem(err);
}

static int write_line(nube_stars *stars, const char *account, const char *image, int on,
                      struct nube_error *err)
{
    struct nube_buf now, fresh;
    int rc = nube_store_read(&now, stars->path, err);

    if (rc)
        return rc;
    rc = edit(&fresh, &now, account, image, on, err);
    nube_buf_free(&now);
    if (rc)
        return rc;
    rc = nube_store_write(stars->path, &fresh, err);
    if (rc) {
        nube_buf_free(&fresh);
        return rc;
    }
    nube_buf_free(&stars->text);
    stars->text = fresh;
    return 0;
}

int nube_stars_set(nube_stars *stars, const char *account, const char *image, int on,
                   struct nube_error *err)
{
    int lock, rc;

    nube_error_clear(err);
    if (!*account || !*image || strpbrk(account, " \n") || strpbrk(image, "\n"))
        return nube_error_set(err, NUBE_E_USAGE, "\"%s\" cannot be starred", image);
    lock = nube_store_lock(stars->path, err);
    if (lock < 0)
        return lock;
    rc = write_line(stars, account, image, on, err);
    close(lock);
    return rc;
}

int nube_stars_apply(nube_image **out, const nube_stars *stars, const char *account,
                     const nube_image *image, struct nube_error *err)
{
    struct nube_arena arena = {0};
    int on = nube_id(image) ? nube_stars_get(stars, account, nube_id(image)) : -1, rc;
    nube_obj *copy = NULL;

    if (on < 0)
        return nube_obj_dup(out, image, err);
    copy = nube_obj_copy(&arena, image);
    if (copy)
        nube_set_bool(copy, NUBE_STAR, on);
    *out = NULL;
    rc = copy && !arena.failed ? nube_obj_dup(out, copy, err) : nube_error_nomem(err);
    nube_arena_free(&arena);
    return rc;
}
