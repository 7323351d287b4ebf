/* The need to write a file: only over what was read, so that of two who change it at once neither
 * is lost. */
#include <string.h>
#include <unistd.h>

#include "backend_int.h"
#include "error_int.h"
#include "needs_int.h"

/* Is the file what the driver takes it for? It is locked meanwhile. */
static bool unchanged(const struct nube_need_req *req, const char *path, struct nube_need_end *end)
{
    struct nube_need_end now = {0};
    struct nube_buf text;
    bool same;

    nube_buf_init(&text, NUBE_MAX_DATA);
    now.body = &text;
    nube_need_file_read(&now, path, 0);
    if (now.status == 200)
        same = req->old && text.len == strlen(req->old) && !memcmp(text.data, req->old, text.len);
    else
        same = now.status == 404 && !req->old;
    if (now.code)
        nube_need_say(end, 500, 0, "%s", now.message);
    else if (!same)
        nube_need_say(end, 409, 0, "%s was changed by somebody else", path);
    nube_buf_free(&text);
    return same && !now.code;
}

void nube_need_file_write(const struct nube_need_req *req, struct nube_need_end *end)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_buf full, text;
    int lock;

    nube_buf_init(&text, NUBE_MAX_DATA);
    nube_buf_puts(&text, req->text);
    if (!nube_need_path(&full, req, end)) {
        if (end->status == 404)
            end->status = 500;
    } else if (text.failed) {
        nube_need_say(end, 0, NUBE_E_TOO_LARGE, "%s would be too large", req->path);
    } else if ((lock = nube_store_lock(full.data, &err)) < 0) {
        nube_need_say(end, 500, 0, "%s", err.message);
    } else {
        if (unchanged(req, full.data, end)) {
            end->status = 200;
            if (nube_store_write(full.data, &text, &err))
                nube_need_say(end, 500, 0, "%s", err.message);
        }
        close(lock);
    }
    nube_buf_free(&text);
    nube_buf_free(&full);
}
