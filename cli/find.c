/* Finds what a person named, over all chosen backends: id, name, address, BACKEND/ID, unique
 * beginning. */
#include "find.h"

#include <stdlib.h>
#include <string.h>

typedef int (*ask_fn)(nube_obj **out, nube_conn *conn, const char *text, unsigned flags,
                      const struct nube_call_opts *opts, struct nube_error *err);

/* One search over the backends. */
struct search {
    struct app *app;
    const char *text; /* without "BACKEND/" */
    struct target *only;
    ask_fn fn;
    struct found *hits;
    size_t n_hits;
    struct nube_error failed; /* the first backend that could not answer */
    bool ambiguous;           /* that failure: several fit inside one backend */
};

/* By id; a name that the provider itself does not know is looked up. */
static int image_get(nube_obj **out, nube_conn *conn, const char *text, unsigned flags,
                     const struct nube_call_opts *opts, struct nube_error *err)
{
    int rc = nube_image_get(out, conn, text, opts, err);
    if (rc != NUBE_E_NOT_FOUND && rc != NUBE_E_USAGE)
        return rc;
    return nube_find(out, conn, NUBE_KIND_IMAGE, text, flags, opts, err);
}

static int size_named(nube_obj **out, nube_conn *conn, const char *text, unsigned flags,
                      const struct nube_call_opts *opts, struct nube_error *err)
{
    return nube_find(out, conn, NUBE_KIND_SIZE, text, flags, opts, err);
}

typedef int (*list_fn)(nube_iter **out, nube_conn *conn, const nube_args *filters,
                       const struct nube_call_opts *opts, struct nube_error *err);

static const char *text_or_empty(const char *text)
{
    return text ? text : "";
}

/* The one of a list that has this id or this name; an id goes before names. */
static int listed(nube_obj **out, nube_conn *conn, const char *text, unsigned flags, list_fn list,
                  const struct nube_call_opts *opts, struct nube_error *err)
{
    const nube_obj *o;
    nube_iter *all = NULL;
    int rc = list(&all, conn, NULL, opts, err), named = 0;
    bool whole = false;
    while (!rc && !whole && (rc = nube_iter_next(&o, all, err)) == 1) {
        rc = 0;
        whole = nube_id(o) && !strcmp(nube_id(o), text);
        bool fits = whole || (nube_name(o) && !strcmp(nube_name(o), text));
        bool sooner = !*out || strcmp(text_or_empty(nube_id(o)), text_or_empty(nube_id(*out))) < 0;
        if (!fits || (named++ && !whole && !sooner))
            continue;
        nube_obj_free(*out);
        rc = nube_obj_dup(out, o, err);
    }
    nube_iter_free(all);
    if (rc || *out == NULL || named < 2 || whole || flags & NUBE_FIND_FIRST)
        return rc ? rc : *out ? 0 : (err->code = NUBE_E_NOT_FOUND);
    nube_obj_free(*out);
    *out = NULL;
    snprintf(err->message, sizeof err->message, "several are called \"%s\": give the id", text);
    return err->code = NUBE_E_AMBIGUOUS;
}

static int key_named(nube_obj **out, nube_conn *conn, const char *text, unsigned flags,
                     const struct nube_call_opts *opts, struct nube_error *err)
{
    return nube_can(conn, NUBE_OP_KEY_GET)
               ? nube_key_get(out, conn, text, opts, err)
               : listed(out, conn, text, flags, nube_key_list, opts, err);
}

static int firewall_named(nube_obj **out, nube_conn *conn, const char *text, unsigned flags,
                          const struct nube_call_opts *opts, struct nube_error *err)
{
    return listed(out, conn, text, flags, nube_firewall_list, opts, err);
}

/* "web/3f2a" is split only when a chosen backend is called "web". */
static void split_backend(struct search *s)
{
    const char *slash = strchr(s->text, '/');
    size_t len = slash ? (size_t)(slash - s->text) : 0;
    for (size_t i = 0; slash && i < s->app->n_targets; i++) {
        struct target *t = &s->app->targets[i];
        if (strlen(t->name) == len && !memcmp(t->name, s->text, len)) {
            s->only = t;
            s->text = slash + 1;
            return;
        }
    }
}

static void keep_failure(struct search *s, struct target *t, const struct nube_error *err)
{
    if (err->code == NUBE_E_NOT_FOUND || s->ambiguous)
        return;
    s->ambiguous = err->code == NUBE_E_AMBIGUOUS;
    if (!s->failed.code || s->ambiguous)
        s->failed = *err;
    if (!*s->failed.backend)
        snprintf(s->failed.backend, sizeof s->failed.backend, "%s", t->name);
}

static void ask_one(struct search *s, struct target *t, unsigned flags)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(s->app);
    nube_obj *obj = NULL;
    if (!t->conn) {
        keep_failure(s, t, &t->err);
        return;
    }
    if (s->fn(&obj, t->conn, s->text, flags, &opts, &err)) {
        keep_failure(s, t, &err);
        return;
    }
    s->hits = xgrow(s->hits, s->n_hits, sizeof *s->hits);
    s->hits[s->n_hits++] =
        (struct found){t, obj, xstrdup(nube_id(obj) ? nube_id(obj) : s->text), s->text};
}

static void ask_all(struct search *s, unsigned flags)
{
    s->failed.code = 0;
    s->ambiguous = false;
    for (size_t i = 0; i < s->app->n_targets && !signals_interrupted(); i++) {
        struct target *t = &s->app->targets[i];
        if (!s->only || s->only == t)
            ask_one(s, t, flags);
    }
}

/* "local/web (b056a2cdbd79)"; the whole id where a beginning would not do. */
static void put_hit(FILE *f, const struct found *hit, size_t i, enum find_mode mode)
{
    char *title = found_title(hit);
    fprintf(f, "%s%s/%s", i ? ", " : "", hit->target->name, mode == FIND_EXACT ? hit->id : title);
    free(title);
}

static int tell_ambiguous(struct search *s, enum find_mode mode)
{
    struct text t;
    text_open(&t);
    for (size_t i = 0; i < s->n_hits; i++)
        put_hit(t.file, &s->hits[i], i, mode);
    char *list = text_take(&t);
    int status =
        app_fail(s->app, NUBE_E_AMBIGUOUS, "\"%s\" fits %zu of them: %s", s->text, s->n_hits, list);
    free(list);
    return status;
}

/* "dead/web-3" where "dead" is a backend that was not asked; NULL: it is none. */
static const nube_backend *not_asked(const struct search *s)
{
    size_t len = strcspn(s->text, "/");
    for (size_t i = 0; s->text[len] && i < nube_backends_count(s->app->set); i++) {
        const nube_backend *b = nube_backends_at(s->app->set, i);
        const char *name = nube_backend_name(b);
        if (!s->only && strlen(name) == len && !memcmp(name, s->text, len))
            return b;
    }
    return NULL;
}

/* What is looked for. */
static enum nube_kind kind_of(const struct search *s)
{
    return s->fn == nube_node_find   ? NUBE_KIND_NODE
           : s->fn == image_get      ? NUBE_KIND_IMAGE
           : s->fn == key_named      ? NUBE_KIND_KEY
           : s->fn == firewall_named ? NUBE_KIND_FIREWALL
                                     : NUBE_KIND_NONE;
}

static int tell_not_found(struct search *s)
{
    const nube_backend *b = not_asked(s);
    /* A verb of keys looks for nodes too. */
    const char *noun = s->fn == nube_node_find ? "node" : s->app->args.verb->noun;
    if (b && !nube_backend_enabled(b))
        return app_fail(s->app, NUBE_E_NOT_FOUND,
                        "backend \"%s\" is disabled, so it was not asked for \"%s\"; ask it with "
                        "-b \"%s\", or: nube backend enable \"%s\"",
                        nube_backend_name(b), s->text, nube_backend_name(b), nube_backend_name(b));
    if (b)
        return app_fail(s->app, NUBE_E_NOT_FOUND,
                        "backend \"%s\" is not among those of -b, so it was not asked for \"%s\"",
                        nube_backend_name(b), s->text);
    char *near = name_meant(s->app, kind_of(s), s->text);
    int status = near ? app_fail(s->app, NUBE_E_NOT_FOUND,
                                 "nothing is called \"%s\"; did you mean \"%s\"?", s->text, near)
                      : 0;
    free(near);
    if (status)
        return status;
    return app_fail(s->app, NUBE_E_NOT_FOUND, "%s%s%snothing is called \"%s\"; see: nube %s list",
                    s->only ? "in " : "", s->only ? s->only->name : "", s->only ? " " : "", s->text,
                    noun);
}

/* The order of a list: backend, name, id. */
static bool comes_before(const struct found *a, const struct found *b)
{
    int order = strcmp(a->target->name, b->target->name);
    if (!order)
        order = strcmp(text_or_empty(nube_name(a->obj)), text_or_empty(nube_name(b->obj)));
    return order ? order < 0 : strcmp(a->id, b->id) < 0;
}

static void take(struct found *out, struct search *s)
{
    size_t first = 0;
    for (size_t i = 1; i < s->n_hits; i++)
        if (comes_before(&s->hits[i], &s->hits[first]))
            first = i;
    *out = s->hits[first];
    s->hits[first] = s->hits[--s->n_hits];
    char *title = found_title(out);
    app_know(s->app, out->id, title);
    free(title);
}

static int decide(struct found *out, struct search *s, enum find_mode mode)
{
    if (s->n_hits > 1 && !s->app->first)
        return tell_ambiguous(s, mode);
    if (s->ambiguous)
        return app_error(s->app, &s->failed);
    if (!s->n_hits && s->failed.code)
        return app_error(s->app, &s->failed);
    if (!s->n_hits && (mode != FIND_GONE || not_asked(s)))
        return tell_not_found(s);
    if (s->failed.code && mode != FIND_PREFIX)
        return app_fail(s->app, NUBE_E_AMBIGUOUS,
                        "backend %s could not be asked whether it has \"%s\" too; name one with -b",
                        s->failed.backend, s->text);
    if (s->n_hits)
        take(out, s);
    else
        *out = (struct found){.id = xstrdup(s->text), .given = s->text};
    return 0;
}

/* May it be an id as tables show it? */
static bool is_brief(const char *text)
{
    return strlen(text) == 12 && strspn(text, "0123456789abcdef") == 12;
}

/* Is the text the id as tables show it, or with `begins` the beginning of it? */
static bool means_id(const char *id, const char *text, bool begins)
{
    if (begins)
        return !strncmp(id, text, strlen(text));
    char *brief = short_id(id);
    bool same = !strcmp(brief, text);
    free(brief);
    return same;
}

/* Of what begins so, only ids count where something that no longer exists may be meant, or where
 * nothing can be undone. */
static void keep_ids(struct search *s, bool begins)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->n_hits; i++) {
        if (means_id(s->hits[i].id, s->text, begins)) {
            s->hits[kept++] = s->hits[i];
            continue;
        }
        nube_obj_free(s->hits[i].obj);
        free(s->hits[i].id);
    }
    s->n_hits = kept;
}

static int find(struct found *out, struct app *app, const char *text, enum find_mode mode,
                ask_fn fn)
{
    struct search s = {.app = app, .text = text, .fn = fn, .failed = NUBE_ERROR_INIT};
    unsigned flags = app->first ? NUBE_FIND_FIRST : 0;
    int status = app_targets(app);
    if (status)
        return status;
    split_backend(&s);
    /* Among several backends a whole name anywhere goes before a beginning elsewhere. */
    bool one = s.only || app->n_targets == 1,
         prefix = fn == nube_node_find && (mode != FIND_EXACT || is_brief(s.text));
    if (!one || mode != FIND_PREFIX || !prefix)
        ask_all(&s, flags);
    if (prefix && !s.n_hits && !s.ambiguous) {
        ask_all(&s, flags | NUBE_FIND_PREFIX);
        if (mode != FIND_PREFIX)
            keep_ids(&s, mode == FIND_GONE);
    }
    status = decide(out, &s, mode);
    found_free(s.hits, s.n_hits);
    return status;
}

int find_node(struct found *out, struct app *app, const char *text, enum find_mode mode)
{
    return find(out, app, text, mode, nube_node_find);
}

int find_image(struct found *out, struct app *app, const char *text, enum find_mode mode)
{
    return find(out, app, text, mode, image_get);
}

int find_size(struct found *out, struct app *app, const char *text, enum find_mode mode)
{
    return find(out, app, text, mode, size_named);
}

int find_key(struct found *out, struct app *app, const char *text, enum find_mode mode)
{
    return find(out, app, text, mode, key_named);
}

int find_firewall(struct found *out, struct app *app, const char *text, enum find_mode mode)
{
    return find(out, app, text, mode, firewall_named);
}

static bool have(const struct found *list, size_t count, const struct found *f)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].target == f->target && !strcmp(list[i].id, f->id))
            return true;
    return false;
}

int find_nodes(struct found **out, size_t *count, struct app *app, size_t n_words,
               enum find_mode mode)
{
    struct found *list = xcalloc(n_words, sizeof *list);
    size_t n = 0;
    int status = 0;
    for (size_t i = 0; i < n_words && !signals_interrupted(); i++) {
        struct found f = {0};
        int one = find_node(&f, app, app->args.words[i], mode);
        if (one) {
            status = status ? status : one;
        } else if (have(list, n, &f)) {
            nube_obj_free(f.obj);
            free(f.id);
        } else {
            list[n++] = f;
        }
    }
    if (status) {
        found_free(list, n);
        return status;
    }
    *out = list;
    *count = n;
    return 0;
}

/* ---- By filters ------------------------------------------------------------------------------ */

struct chosen {
    struct app *app;
    struct found *list;
    size_t count;
};

static void keep_node(struct chosen *c, struct target *t, const nube_obj *node)
{
    struct found f = {.target = t, .id = xstrdup(nube_id(node)), .given = nube_id(node)};
    struct nube_error err = NUBE_ERROR_INIT;
    if (nube_obj_dup(&f.obj, node, &err)) {
        app_error(c->app, &err);
        free(f.id);
        return;
    }
    f.given = nube_id(f.obj);
    c->list = xgrow(c->list, c->count, sizeof *c->list);
    c->list[c->count++] = f;
}

static void list_target(struct chosen *c, struct target *t, const nube_args *filters)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(c->app);
    const nube_obj *node;
    nube_iter *nodes = NULL;
    opts.flags &= ~(unsigned)NUBE_CALL_DRY_RUN;
    if (!t->conn || nube_node_list(&nodes, t->conn, filters, &opts, &err)) {
        app_error(c->app, t->conn ? &err : &t->err);
        return;
    }
    while (nube_iter_next(&node, nodes, &err) == 1)
        keep_node(c, t, node);
    if (err.code)
        app_error(c->app, &err);
    nube_iter_free(nodes);
}

/* NULL: there is no filter, or it is wrong (printed). */
static nube_args *node_filters(struct app *app)
{
    nube_args *filters = NULL;
    struct nube_error err = NUBE_ERROR_INIT;
    const char *text;
    if (nube_args_new(&filters, &err)) {
        app_error(app, &err);
        return NULL;
    }
    nube_args_set(filters, "search", args_get(&app->args, "search"));
    for (size_t i = 0; (text = args_nth(&app->args, "tag", i)); i++) {
        char *key = xasprintf("%.*s", (int)strcspn(text, "="), text);
        nube_args_set_pair(filters, "tag", key, text + strlen(key) + 1);
        free(key);
    }
    return filters;
}

int find_chosen(struct found **out, size_t *count, struct app *app)
{
    struct chosen c = {.app = app};
    bool filtered = args_get(&app->args, "search") || args_get(&app->args, "tag");
    if (filtered == (app->args.n_words > 0))
        return app_fail(app, NUBE_E_USAGE, "name nodes, or choose them with --search or --tag");
    if (!filtered)
        return find_nodes(out, count, app, app->args.n_words, FIND_PREFIX);
    int status = app_targets_for(app, app->args.verb->op);
    nube_args *filters = status ? NULL : node_filters(app);
    for (size_t i = 0; filters && i < app->n_targets; i++)
        list_target(&c, &app->targets[i], filters);
    nube_args_free(filters);
    *out = c.list;
    *count = c.count;
    if (!app->exit && !c.count)
        app_fail(app, NUBE_E_NOT_FOUND, "no node fits");
    if (!app->exit)
        return 0;
    found_free(c.list, c.count);
    return app->exit;
}

void found_free(struct found *found, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        nube_obj_free(found[i].obj);
        free(found[i].id);
    }
    free(found);
}

char *found_title(const struct found *f)
{
    const char *name = f->obj ? nube_name(f->obj) : NULL;
    char *id = short_id(f->id), *title;
    if (!name || !strcmp(name, f->id))
        return id;
    title = xasprintf("%s (%s)", name, id);
    free(id);
    return title;
}

const char *found_name(const struct found *f)
{
    const char *name = f->obj ? nube_name(f->obj) : NULL;
    return name ? name : f->id;
}
