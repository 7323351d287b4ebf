/* Completion of values: what each placeholder of the verb table stands for. */
#include <stdlib.h>
#include <string.h>

#include "complete.h"

/* After the last comma of a list what is before it stays. */
static void offer_list(struct completion *c, void (*each)(struct completion *c))
{
    const char *comma = strrchr(c->begun, ',');
    char *prefix =
        xasprintf("%s%.*s", c->prefix, comma ? (int)(comma + 1 - c->begun) : 0, c->begun);
    const char *before = c->prefix;
    c->prefix = prefix;
    c->begun = comma ? comma + 1 : c->begun;
    each(c);
    c->prefix = before;
    free(prefix);
}

static void offer_states(struct completion *c)
{
    for (int state = NUBE_STATE_UNKNOWN; state <= NUBE_STATE_ERROR; state++)
        complete_offer(c, nube_state_name(state), NULL);
}

static void offer_columns(struct completion *c)
{
    struct column_set set = {NULL, 0, false};
    if (c->verb)
        set = columns_of_verb(c->verb, true);
    for (size_t i = 0; i < set.count; i++)
        complete_offer(c, set.at[i].name, NULL);
}

static void offer_formats(struct completion *c)
{
    static const char *const names[] = {"table", "wide", "json", "ndjson", "yaml", "csv", "id"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        complete_offer(c, names[i], NULL);
}

static void offer_backends(struct completion *c)
{
    if (app_backends(c->app))
        return;
    for (size_t i = 0; i < nube_backends_count(c->app->set); i++) {
        const nube_backend *b = nube_backends_at(c->app->set, i);
        complete_offer(c, nube_backend_name(b), nube_backend_provider(b));
    }
}

static void offer_drivers(struct completion *c)
{
    if (app_open(c->app) || nube_driver_count(c->app->lib, NULL) < 0)
        return;
    for (int i = 0; nube_driver_name(c->app->lib, i); i++)
        complete_offer(c, nube_driver_name(c->app->lib, i), NULL);
}

static void offer_providers(struct completion *c)
{
    const char *id, *title, *driver;
    int count = app_open(c->app) ? 0 : nube_provider_count(c->app->lib, NULL);
    for (int i = 0; i < count; i++)
        if (nube_provider_at(c->app->lib, i, &id, &title, &driver))
            complete_offer(c, id, title);
}

/* "a|b|c" */
static void offer_choices(struct completion *c, const char *choices)
{
    char *copy = xstrdup(choices), *rest = copy, *word;
    while ((word = strsep(&rest, "|")))
        complete_offer(c, word, NULL);
    free(copy);
}

/* The names of a driver's rows for an operation (NONE: of an account), with "="; behind that, the
 * choices. */
static void offer_rows(struct completion *c, const nube_driver_info *drv, enum nube_op op)
{
    const struct nube_option *row;
    const char *equal = strchr(c->begun, '=');
    for (size_t i = 0; (row = nube_driver_option(drv, i)); i++) {
        size_t len = strlen(row->name);
        if (row->op != (uint32_t)op)
            continue;
        if (!equal) {
            char *word = xasprintf("%s=", row->name);
            complete_offer(c, word, row->help);
            free(word);
        } else if (len == (size_t)(equal - c->begun) && !memcmp(row->name, c->begun, len) &&
                   row->choices) {
            char *prefix = xasprintf("%s%s=", c->prefix, row->name);
            const char *before = c->prefix, *begun = c->begun;
            c->prefix = prefix;
            c->begun = equal + 1;
            offer_choices(c, row->choices);
            c->prefix = before;
            c->begun = begun;
            free(prefix);
        }
    }
}

/* Of every driver that a chosen backend has, once. */
static void each_driver(struct completion *c,
                        void (*each)(struct completion *c, const nube_driver_info *drv))
{
    struct app *app = c->app;
    if (app_targets(app))
        return;
    for (size_t i = 0; i < app->n_targets; i++) {
        const nube_driver_info *drv =
            app->targets[i].conn ? nube_conn_driver(app->targets[i].conn) : NULL;
        bool before = false;
        for (size_t k = 0; k < i; k++)
            before =
                before || (app->targets[k].conn && nube_conn_driver(app->targets[k].conn) == drv);
        if (drv && !before)
            each(c, drv);
    }
}

static void rows_of_verb(struct completion *c, const nube_driver_info *drv)
{
    if (c->verb && c->verb->op != NUBE_OP_NONE)
        offer_rows(c, drv, c->verb->op);
}

static void actions_of(struct completion *c, const nube_driver_info *drv)
{
    const char *name, *help;
    int kind;
    for (size_t i = 0; nube_driver_action(drv, i, &name, &kind, &help); i++)
        if (kind == NUBE_KIND_NODE)
            complete_offer(c, name, help);
}

/* Options of the provider that backend add named. */
static void offer_account(struct completion *c)
{
    const char *id, *title, *driver;
    const nube_driver_info *drv = NULL;
    int count = app_open(c->app) ? 0 : nube_provider_count(c->app->lib, NULL);
    for (int i = 0; i < count && c->n_words > 1; i++)
        if (nube_provider_at(c->app->lib, i, &id, &title, &driver) && !strcmp(id, c->words[1]) &&
            !nube_driver_load(&drv, c->app->lib, driver, NULL))
            offer_rows(c, drv, NUBE_OP_NONE);
}

static void offer_arguments(struct completion *c)
{
    each_driver(c, rows_of_verb);
}

/* What every list takes, whatever the driver. */
static void offer_filters(struct completion *c)
{
    for (size_t i = 0; c->verb && i < c->verb->flags.count; i++) {
        const struct flag *f = &c->verb->flags.at[i];
        char *word = f->arg ? xasprintf("%s=", f->arg) : NULL;
        complete_offer(c, word, f->help);
        free(word);
    }
    offer_arguments(c);
}

static void offer_actions(struct completion *c)
{
    each_driver(c, actions_of);
}

static void offer_states_list(struct completion *c)
{
    offer_list(c, offer_states);
}

static void offer_columns_list(struct completion *c)
{
    offer_list(c, offer_columns);
}

static void leave_files(struct completion *c)
{
    c->kind = "files";
}

static void leave_dirs(struct completion *c)
{
    c->kind = "dirs";
}

static void offer_topics(struct completion *c)
{
    for (size_t i = 0; i < n_nouns; i++)
        complete_offer(c, nouns[i].name, nouns[i].help);
}

static void offer_topic_verbs(struct completion *c)
{
    for (size_t i = 0; i < n_verbs && c->n_words; i++)
        if (!strcmp(verbs[i].noun, c->words[0]) && *verbs[i].name)
            complete_offer(c, verbs[i].name, verbs[i].help);
}

static const struct {
    const char *word;
    void (*offer)(struct completion *c);
    enum nube_kind kind; /* of names, where there is no function */
} meanings[] = {
    {"NODE", NULL, NUBE_KIND_NODE},
    {"IMAGE", NULL, NUBE_KIND_IMAGE},
    {"SIZE", NULL, NUBE_KIND_SIZE},
    {"LOCATION", NULL, NUBE_KIND_LOCATION},
    {"KEY", NULL, NUBE_KIND_KEY},
    {"FIREWALL", NULL, NUBE_KIND_FIREWALL},
    {"SNAPSHOT", NULL, NUBE_KIND_SNAPSHOT},
    {"BACKEND", offer_backends, NUBE_KIND_NONE},
    {"DRIVER", offer_drivers, NUBE_KIND_NONE},
    {"PROVIDER", offer_providers, NUBE_KIND_NONE},
    {"FORMAT", offer_formats, NUBE_KIND_NONE},
    {"STATE", offer_states, NUBE_KIND_NONE},
    {"STATES", offer_states_list, NUBE_KIND_NONE},
    {"A,B,", offer_columns_list, NUBE_KIND_NONE},
    {"ACTION", offer_actions, NUBE_KIND_NONE},
    {"FILE", leave_files, NUBE_KIND_NONE},
    {"DIR", leave_dirs, NUBE_KIND_NONE},
    {"NOUN", offer_topics, NUBE_KIND_NONE},
    {"VERB", offer_topic_verbs, NUBE_KIND_NONE},
};

/* "[BACKEND]..." is BACKEND. Owned. */
static char *bare(const char *placeholder)
{
    const char *from = placeholder + strspn(placeholder, "[");
    return xasprintf("%.*s", (int)strcspn(from, "].\""), from);
}

static void offer_meaning(struct completion *c, const char *word)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        if (strcmp(meanings[i].word, word) != 0)
            continue;
        if (meanings[i].offer)
            meanings[i].offer(c);
        else
            complete_names(c, meanings[i].kind);
        return;
    }
    if (strchr(word, '|') && !strpbrk(word, "@ "))
        offer_choices(c, word);
}

void complete_value(struct completion *c, const char *placeholder, const struct flag *flag)
{
    char *word = bare(placeholder);
    if (flag && !strcmp(flag->name, "backend"))
        offer_backends(c);
    else if (flag && !strcmp(flag->name, "filter"))
        offer_filters(c);
    else if (flag && flag->type == FLAG_ARGUMENT)
        offer_arguments(c);
    else if (flag && !strcmp(flag->name, "remove"))
        ; /* the keys of tags are the node's */
    else if (!flag && !strcmp(word, "OPTION=VALUE"))
        offer_account(c);
    else
        offer_meaning(c, word);
    free(word);
}
