/* Needs of drivers: starting and cancelling them; files and questions. */
#include "needs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error_int.h"
#include "mem.h"
#include "needs_int.h"

struct nube_need {
    nube_lib *lib;
    struct nube_loop *loop;
    struct nube_need_req req;
    nube_need_fn done;
    void *data;
    struct nube_timer
        timer;              /* FILE, WRITE, ASK, KEY, SIGN with a key text: the turn that does it */
    struct nube_exec *exec; /* EXEC */
    struct nube_agent *agent; /* SIGN by ssh-agent */
};

enum { ASK_SIZE = 1024 };

void nube_need_say(struct nube_need_end *end, int status, int code, const char *format, ...)
{
    char text[1024];
    va_list ap;

    va_start(ap, format);
    vsnprintf(text, sizeof(text), format, ap);
    va_end(ap);
    end->status = status;
    end->code = code;
    nube_error_text(end->message, sizeof(end->message), text);
}

/* ---- Files ------------------------------------------------------------------- */

static void read_all(struct nube_need_end *end, int fd, const char *path)
{
    char part[16384];
    ssize_t n;

    do {
        n = read(fd, part, sizeof(part));
        if (n > 0)
            nube_buf_add(end->body, part, (size_t)n);
    } while ((n > 0 && !end->body->failed) || (n < 0 && errno == EINTR));
    if (n < 0)
        nube_need_say(end, 0, NUBE_E_SYSTEM, "cannot read %s: %s", path, strerror(errno));
    else if (end->body->over)
        nube_need_say(end, 0, NUBE_E_TOO_LARGE, "%s is larger than %d octets", path, NUBE_MAX_DATA);
    else if (end->body->failed)
        nube_need_say(end, 0, NUBE_E_MEMORY, "out of memory reading %s", path);
    else
        end->status = 200;
    explicit_bzero(part, sizeof(part));
}

/* Never waits: a FIFO without a writer opens at once, and nothing but a regular file is read. */
void nube_need_file_read(struct nube_need_end *end, const char *path, int64_t since_ms)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

    if (fd < 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            nube_need_say(end, 404, 0, "there is no file %s", path);
        else
            nube_need_say(end, 0, NUBE_E_SYSTEM, "cannot open %s: %s", path, strerror(errno));
        return;
    }
    if (fstat(fd, &st) < 0)
        nube_need_say(end, 0, NUBE_E_SYSTEM, "cannot read %s: %s", path, strerror(errno));
    else if (!S_ISREG(st.st_mode))
        nube_need_say(end, 0, NUBE_E_SYSTEM, "%s is not a regular file", path);
    else if (since_ms && (int64_t)st.st_mtime * 1000 < since_ms)
        nube_need_say(end, 404, 0, "%s is too old", path);
    else
        read_all(end, fd, path);
    close(fd);
}

bool nube_need_path(struct nube_buf *full, const struct nube_need_req *req,
                    struct nube_need_end *end)
{
    const char *path = req->path, *home = req->home;
    bool at_home = path && strncmp(path, "~/", 2) == 0;

    nube_buf_init(full, NUBE_MAX_NAME);
    if (!path || !*path) {
        nube_need_say(end, 0, NUBE_E_USAGE, "a file was asked for without its path");
        return false;
    }
    if (at_home && (!home || !*home)) {
        nube_need_say(end, 404, 0, "there is no file %s: no home directory is known", path);
        return false;
    }
    nube_buf_fmt(full, "%s%s", at_home ? home : "", at_home ? path + 1 : path);
    if (full->failed)
        nube_need_say(end, 0, NUBE_E_USAGE, "the path %s is too long", path);
    return !full->failed;
}

static void do_file(struct nube_need *need, struct nube_need_end *end)
{
    struct nube_buf full;

    if (nube_need_path(&full, &need->req, end))
        nube_need_file_read(end, full.data, need->req.since_ms);
    nube_buf_free(&full);
}

/* ---- Questions -------------------------------------------------------------------- */

static void do_ask(struct nube_need *need, struct nube_need_end *end)
{
    const struct nube_hooks *hooks = &need->lib->hooks;
    char answer[ASK_SIZE];

    if (!hooks->ask || hooks->ask(hooks->payload, need->req.prompt, answer, sizeof(answer)) != 0) {
        nube_need_say(end, 404, 0, "nobody answered: %s", need->req.prompt);
        return;
    }
    answer[sizeof(answer) - 1] = '\0';
    nube_buf_puts(end->body, answer);
    explicit_bzero(answer, sizeof(answer));
    if (end->body->failed)
        nube_need_say(end, 0, NUBE_E_MEMORY, "out of memory");
    else
        end->status = 200;
}

/* ---- Start, end, cancel ---------------------------------------------------------- */

static void on_turn(void *data)
{
    struct nube_need *need = data;
    struct nube_need_end end = {0};
    struct nube_buf body;

    nube_buf_init(&body, NUBE_MAX_DATA);
    end.body = &body;
    if (need->req.kind == NUBE_NEED_FILE)
        do_file(need, &end);
    else if (need->req.kind == NUBE_NEED_WRITE)
        nube_need_file_write(&need->req, &end);
    else if (need->req.kind == NUBE_NEED_SIGN)
        nube_key_sign(need->lib, &need->req, &end);
    else if (need->req.kind == NUBE_NEED_KEY)
        nube_key_open(need->lib, &need->req, &end);
    else if (need->req.kind == NUBE_NEED_ASK)
        do_ask(need, &end);
    else
        nube_need_say(&end, 0, NUBE_E_USAGE, "a program was asked for without its name");
    if (end.status != 200)
        nube_buf_clear(&body);
    need->done(need->data, &end);
    nube_buf_free(&body);
    nube_mem_free(need);
}

static void on_done(void *data, const struct nube_need_end *end)
{
    struct nube_need *need = data;

    need->done(need->data, end);
    nube_mem_free(need);
}

/* false: out of memory. */
static bool begin(struct nube_need *need)
{
    const struct nube_need_req *q = &need->req;

    if (q->kind == NUBE_NEED_EXEC && q->argv && q->argv[0]) {
        need->exec = nube_exec_start(need->loop, q->argv, q->input, on_done, need);
        return need->exec != NULL;
    }
    if (q->kind == NUBE_NEED_SIGN && !q->key) {
        need->agent = nube_agent_start(need->lib, need->loop, q, on_done, need);
        return need->agent != NULL;
    }
    need->timer.fn = on_turn;
    need->timer.data = need;
    nube_loop_timer_set(need->loop, &need->timer, 0);
    return true;
}

struct nube_need *nube_need_start(nube_lib *lib, struct nube_loop *loop,
                                  const struct nube_need_req *req, nube_need_fn done, void *data)
{
    struct nube_need *need = nube_mem_zalloc(sizeof(*need));

    if (!need)
        return NULL;
    need->lib = lib;
    need->loop = loop;
    need->req = *req;
    need->done = done;
    need->data = data;
    if (begin(need))
        return need;
    nube_mem_free(need);
    return NULL;
}

void nube_need_cancel(struct nube_need *need)
{
    if (!need)
        return;
    if (need->exec)
        nube_exec_cancel(need->exec);
    else if (need->agent)
        nube_agent_cancel(need->agent);
    else
        nube_loop_timer_stop(need->loop, &need->timer);
    nube_mem_free(need);
}
