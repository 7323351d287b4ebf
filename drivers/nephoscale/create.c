/* Creating a server: NephoScale answers with a job and names no server, which is then the one that
 * was not there before. */
#include <string.h>

#include "nephoscale.h"

enum phase { BEGIN, LOOK, MADE, PAUSE, POLL, SHOW };
enum tag { TAG_CLOUD_SIZES = 1, TAG_DEDICATED_SIZES, TAG_KEYS, TAG_CLOUD, TAG_DEDICATED };
enum { FIRST_MS = 100, SLOWEST_MS = 10000, JOB_LIMIT_MS = 600000 };

struct id {
    const char *text;
    struct id *next;
};

struct create {
    int left; /* replies that are still to come */
    size_t rows[TAG_DEDICATED + 1];

    const char *kind, *size; /* as found; size NULL: not found */
    int64_t ram, cores, disk;
    const char *key, *console, *first_console;
    int keys, consoles; /* that the arguments' names fit */

    const char *name;
    struct id *before; /* servers that were there */
    const char *job;   /* NULL: it cannot be looked at */
    int64_t pause, begun;

    struct id *fresh; /* servers that may be ours */
    nube_obj *node;
};

static struct create *state(nube_call *c)
{
    return nube_state(c, sizeof(struct create));
}

static void add(nube_call *c, struct id **list, const char *text)
{
    struct id *id = nube_alloc(c, sizeof(*id));

    id->text = nube_strdup(c, text);
    id->next = *list;
    *list = id;
}

static int is_in(const struct id *list, const char *text)
{
    for (; list; list = list->next)
        if (strcmp(list->text, text) == 0)
            return 1;
    return 0;
}

static int same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/* ---- Sizes: the one that was asked for says the kind; else the smallest virtual one ---------- */

static void take_size(struct create *s, const char *kind, const char *id, const nube_doc *item)
{
    s->kind =
        nube_doc_int(item, "billable_type", 0) == NEPHO_BILLED_DEDICATED ? NEPHO_DEDICATED : kind;
    s->size = id;
    s->ram = nube_doc_int(item, "ram", 0);
    s->cores = nube_doc_int(item, "vcpus", 0);
    s->disk = nube_doc_int(item, "storage", 0);
}

static int is_smaller(const struct create *s, const nube_doc *item)
{
    int64_t ram = nube_doc_int(item, "ram", 0), cores = nube_doc_int(item, "vcpus", 0);

    return ram != s->ram       ? ram < s->ram
           : cores != s->cores ? cores < s->cores
                               : nube_doc_int(item, "storage", 0) < s->disk;
}

static void see_size(nube_call *c, const nube_doc *item, const char *kind)
{
    struct create *s = state(c);
    const char *id = nepho_text(item, "id"), *wanted = nube_arg_str(c, "size");

    if (id && (wanted ? strcmp(id, wanted) == 0 : !s->size || is_smaller(s, item)))
        take_size(s, kind, nube_strdup(c, id), item);
}

static void cloud_size(nube_call *c, const nube_doc *item)
{
    state(c)->rows[TAG_CLOUD_SIZES]++;
    see_size(c, item, NEPHO_CLOUD);
}

static void dedicated_size(nube_call *c, const nube_doc *item)
{
    state(c)->rows[TAG_DEDICATED_SIZES]++;
    see_size(c, item, NEPHO_DEDICATED);
}

/* ---- Keys: by id or name, each in its group ------------------------------------------------- */

static void match_key(nube_call *c, const nube_doc *item, const char *arg, const char **found,
                      int *count)
{
    const char *wanted = nube_arg_str(c, arg), *id = nepho_text(item, "id");

    if (!wanted || (!same(id, wanted) && !same(nepho_text(item, "name"), wanted)))
        return;
    ++*count;
    *found = nube_strdup(c, id);
}

static void see_key(nube_call *c, const nube_doc *item)
{
    struct create *s = state(c);
    int64_t group = nube_doc_int(item, "key_group", 0);

    s->rows[TAG_KEYS]++;
    if (group == NEPHO_SERVER)
        match_key(c, item, "key", &s->key, &s->keys);
    if (group != NEPHO_CONSOLE)
        return;
    match_key(c, item, "console_key", &s->console, &s->consoles);
    if (!s->first_console)
        s->first_console = nube_strdup(c, nepho_text(item, "id"));
}

static enum nube_step check_key(nube_call *c, const char *arg, const char *group, int count)
{
    const char *wanted = nube_arg_str(c, arg);

    if (!wanted || count == 1)
        return NUBE_DONE;
    return count ? nube_fail(c, NUBE_E_AMBIGUOUS, "%s: %d keys are called %s: use the id", arg,
                             count, wanted)
                 : nube_fail(c, NUBE_E_NOT_FOUND, "%s: there is no key %s in the group %s", arg,
                             wanted, group);
}

/* ---- Before ---------------------------------------------------------------------------------- */

static void cloud_server(nube_call *c, const nube_doc *item)
{
    struct create *s = state(c);

    s->rows[TAG_CLOUD]++;
    if (nepho_text(item, "id"))
        add(c, &s->before, nepho_text(item, "id"));
}

static void dedicated_server(nube_call *c, const nube_doc *item)
{
    struct create *s = state(c);

    s->rows[TAG_DEDICATED]++;
    if (nepho_text(item, "id"))
        add(c, &s->before, nepho_text(item, "id"));
}

static const struct place {
    const char *path;
    nube_item_fn fn;
} places[] = {
    [TAG_CLOUD_SIZES] = {"server/type/cloud", cloud_size},
    [TAG_DEDICATED_SIZES] = {"server/type/dedicated", dedicated_size},
    [TAG_KEYS] = {"key", see_key},
    [TAG_CLOUD] = {"server/cloud", cloud_server},
    [TAG_DEDICATED] = {"server/dedicated", dedicated_server},
};

static void ask(nube_call *c, enum tag tag)
{
    nube_req *q = nepho_rows(c, places[tag].path, places[tag].fn);

    nube_req_tag(q, tag);
    if (tag == TAG_DEDICATED || tag == TAG_DEDICATED_SIZES)
        nube_req_allow(q, 404);
    state(c)->left++;
}

/* Everything that can be known beforehand, at once. Without a size it will be a virtual one. */
static enum nube_step look(nube_call *c)
{
    const char *kind = nepho_kind_arg(c);
    int any = !kind && nube_arg_str(c, "size");

    if (any || !same(kind, NEPHO_DEDICATED))
        ask(c, TAG_CLOUD_SIZES);
    if (any || same(kind, NEPHO_DEDICATED))
        ask(c, TAG_DEDICATED_SIZES);
    ask(c, TAG_KEYS);
    if (any || !same(kind, NEPHO_DEDICATED))
        ask(c, TAG_CLOUD);
    if (any || same(kind, NEPHO_DEDICATED))
        ask(c, TAG_DEDICATED);
    return nepho_send(c, LOOK);
}

/* ---- The request ------------------------------------------------------------------------------
 */

static const char *name_of(nube_call *c)
{
    const char *name = nube_arg_str(c, "name");

    if (name)
        return name;
    name = nube_fmt(c, "node-%lld", (long long)(nube_now(c) / 1000));
    nube_note(c, "name: %s was chosen, since none was given", name);
    return name;
}

/* A console key is what a virtual machine cannot be without, and a physical one does not take. */
static enum nube_step choose_console(nube_call *c, struct create *s)
{
    if (same(s->kind, NEPHO_DEDICATED)) {
        s->console = NULL;
        return NUBE_DONE;
    }
    if (s->console)
        return NUBE_DONE;
    s->console = s->first_console;
    if (!s->console)
        return nube_fail(c, NUBE_E_USAGE,
                         "a cloud server needs a console key, and the account has none: make one "
                         "(nube key create, with a password)");
    nube_note(c, "console_key: %s was chosen, since none was given", s->console);
    return NUBE_DONE;
}

static enum nube_step launch(nube_call *c, struct create *s)
{
    struct nepho_launch l;
    const char *size = nube_arg_str(c, "size");

    if (check_key(c, "key", "server", s->keys) ||
        check_key(c, "console_key", "console", s->consoles))
        return NUBE_FAIL;
    if (!s->size)
        return size ? nube_fail(c, NUBE_E_NOT_FOUND, "there is no size %s", size)
                    : nube_fail(c, NUBE_E_NOT_FOUND, "the provider offers no sizes");
    if (!size)
        nube_note(c, "size: %s was chosen, since none was given", s->size);
    if (choose_console(c, s) == NUBE_FAIL)
        return NUBE_FAIL;
    s->name = name_of(c);
    l = (struct nepho_launch){s->kind, s->name, s->size, s->key, s->console};
    return nepho_launch(c, &l) == 0 ? nepho_send(c, MADE) : NUBE_FAIL;
}

static enum nube_step looked(nube_call *c, struct create *s, const nube_reply *r)
{
    enum tag tag = (enum tag)nube_reply_tag(r);

    if (nepho_rows_end(c, r, places[tag].fn, s->rows[tag]) == NUBE_FAIL)
        return NUBE_FAIL;
    return --s->left ? NUBE_SEND : launch(c, s);
}

/* ---- The job ------------------------------------------------------------------------------------
 */

static enum nube_step pause(nube_call *c, struct create *s)
{
    int64_t limit = nube_arg_int(c, "job_timeout", JOB_LIMIT_MS);

    if (nube_now(c) - s->begun >= limit)
        return nube_fail(c, NUBE_E_PENDING,
                         "%s was accepted, and in %lld s no new server %s came to be listed",
                         s->job ? nube_fmt(c, "job %s", s->job) : "the request",
                         (long long)(limit / 1000), s->name);
    s->pause = !s->pause ? FIRST_MS : s->pause * 2 < SLOWEST_MS ? s->pause * 2 : SLOWEST_MS;
    nube_call_delay(c, s->pause);
    nube_set_phase(c, PAUSE);
    return NUBE_WAIT;
}

static enum nube_step made(nube_call *c, struct create *s, const nube_reply *r)
{
    s->job = nube_strdup(c, nepho_text(nepho_first(r), "id"));
    s->begun = nube_now(c);
    nube_created(c, s->job ? nube_fmt(c, "job/%s", s->job) : s->name);
    return pause(c, s);
}

/* Ours has the name we gave it and was not there before; that others have the same name does not
 * matter, unless they are as new. */
static void see_server(nube_call *c, const nube_doc *item)
{
    struct create *s = state(c);
    const char *id = nepho_text(item, "id"), *size = nepho_text(item, "service_type.id");
    const char *image = nepho_text(item, "image.id");

    s->rows[TAG_CLOUD]++;
    if (!id || !same(nepho_text(item, "name"), s->name) || is_in(s->before, id))
        return;
    if ((size && !same(size, s->size)) || (image && !same(image, nube_arg_str(c, "image"))))
        return;
    add(c, &s->fresh, id);
}

/* What a job's own record looks like nobody wrote down: only its envelope is read, and that it
 * cannot be had is no failure. */
static enum nube_step poll(nube_call *c, struct create *s)
{
    static const int unknown[] = {400, 403, 404, 405, 410, 500, 501, 503};
    nube_req *q;
    size_t i;

    s->fresh = NULL;
    s->rows[TAG_CLOUD] = 0;
    s->left = 1;
    nepho_rows(c, nube_fmt(c, "server/%s", s->kind), see_server);
    if (s->job) {
        q = nepho_request(c, NUBE_GET, "job", s->job);
        nube_req_tag(q, NEPHO_JOB);
        for (i = 0; i < NEPHO_ROWS(unknown); i++)
            nube_req_allow(q, unknown[i]);
        s->left++;
    }
    return nepho_send(c, POLL);
}

static enum nube_step show(nube_call *c, struct create *s)
{
    const char *id = s->fresh->text;

    nube_created(c, id);
    s->node = nube_emit(c, NUBE_KIND_NODE);
    nube_set(s->node, NUBE_ID, id);
    nube_set(s->node, NUBE_NAME, s->name);
    nube_set(s->node, NUBE_IMAGE, nube_arg_str(c, "image"));
    nube_set(s->node, NUBE_SIZE, s->size);
    nube_req_about(nepho_request(c, NUBE_GET, nube_fmt(c, "server/%s", s->kind), id),
                   nube_fmt(c, "node %s", id));
    return nepho_send(c, SHOW);
}

static enum nube_step polled(nube_call *c, struct create *s, const nube_reply *r)
{
    if (nube_reply_tag(r) != NEPHO_JOB &&
        nepho_rows_end(c, r, see_server, s->rows[TAG_CLOUD]) == NUBE_FAIL)
        return NUBE_FAIL;
    if (--s->left)
        return NUBE_SEND;
    if (!s->fresh)
        return pause(c, s);
    if (s->fresh->next)
        return nube_fail(c, NUBE_E_AMBIGUOUS,
                         "several servers called %s are new, among them %s and %s: which of them "
                         "this call made cannot be told",
                         s->name, s->fresh->text, s->fresh->next->text);
    return show(c, s);
}

static enum nube_step shown(nube_call *c, struct create *s, const nube_reply *r)
{
    const nube_doc *server = nepho_first(r);

    if (!server)
        return nube_fail(c, NUBE_E_PROTOCOL, "the reply about the new server is empty");
    nepho_emit_server(c, s->node, server, s->kind);
    return NUBE_DONE;
}

enum nube_step nepho_node_create(nube_call *c, const nube_reply *r)
{
    struct create *s = state(c);

    switch ((enum phase)nube_phase(c)) {
    case LOOK:
        return looked(c, s, r);
    case MADE:
        return made(c, s, r);
    case PAUSE:
        return poll(c, s);
    case POLL:
        return polled(c, s, r);
    case SHOW:
        return shown(c, s, r);
    case BEGIN:
        break;
    }
    return look(c);
}
