/* completion: scripts for shells, and what they ask: the words that may follow. */
#include "complete.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATIENCE_MS = 3000 };

static bool can_be_typed(const char *value)
{
    for (const unsigned char *p = (const unsigned char *)value; *p; p++)
        if (*p < 0x20 || *p == 0x7F || (*p == 0xC2 && p[1] >= 0x80 && p[1] <= 0x9F))
            return false;
    return *value != '\0';
}

void complete_offer(struct completion *c, const char *value, const char *help)
{
    if (!value || strncmp(value, c->begun, strlen(c->begun)) != 0 || !can_be_typed(value))
        return;
    fprintf(c->out.file, "%s%s\t", c->prefix, value);
    put_safe(c->out.file, help ? help : "");
    putc('\n', c->out.file);
    c->count++;
}

static void offer_flags(struct completion *c, const struct flag_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        char *word = xasprintf("--%s", set->at[i].name);
        complete_offer(c, word, set->at[i].help);
        free(word);
    }
}

static void offer_nouns(struct completion *c)
{
    for (size_t i = 0; i < n_nouns; i++)
        complete_offer(c, nouns[i].name, nouns[i].help);
}

static void offer_verbs(struct completion *c, const char *noun)
{
    for (size_t i = 0; i < n_verbs; i++)
        if (!strcmp(verbs[i].noun, noun) && *verbs[i].name)
            complete_offer(c, verbs[i].name, verbs[i].help);
}

static const struct verb *verb_called(const char *noun, const char *name)
{
    for (size_t i = 0; i < n_verbs; i++)
        if (!strcmp(verbs[i].noun, noun) && !strcmp(verbs[i].name, name))
            return &verbs[i];
    return NULL;
}

static const struct flag *flag_of(const struct flag_set *set, const char *word)
{
    bool whole = word[1] == '-';
    size_t len = whole ? strcspn(word + 2, "=") : 0;
    for (size_t i = 0; i < set->count; i++) {
        const struct flag *f = &set->at[i];
        if (whole ? strlen(f->name) == len && !memcmp(f->name, word + 2, len)
                  : f->letter && f->letter == word[1])
            return f;
    }
    return NULL;
}

/* The flag that a word is; NULL: it is none. */
static const struct flag *flag_in_line(const struct completion *c, const char *word)
{
    const struct flag *f = NULL;
    if (*word != '-' || !word[1])
        return NULL;
    if (c->verb)
        f = flag_of(&c->verb->flags, word);
    return f ? f : flag_of(&global_flags, word);
}

/* What was said before of accounts and modules holds for the answer too. */
static void keep_flag(struct completion *c, const struct flag *f, const char *value)
{
    static const char *const kept[] = {"backend", "config", "driver-path", "service-path"};
    struct args *a = &c->app->args;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (!strcmp(f->name, kept[i])) {
            a->given = xgrow(a->given, a->n_given, sizeof *a->given);
            a->given[a->n_given++] = (struct given){f, value};
        }
}

static void take_word(struct completion *c, const char *word)
{
    if (!c->noun) {
        c->noun = word;
        c->verb = verb_called(word, "");
    } else if (!c->verb) {
        c->verb = verb_called(c->noun, word);
    } else if (c->n_words < sizeof c->words / sizeof *c->words) {
        c->words[c->n_words++] = word;
    }
}

/* Reads the words before the one that is completed; gives the flag whose value comes next. "--":
 * what follows is no longer ours: *ended. */
static const struct flag *read_line_so_far(struct completion *c, char **words, size_t count,
                                           bool *ended)
{
    for (size_t i = 0; i < count; i++) {
        const char *word = words[i];
        const struct flag *f = flag_in_line(c, word);
        if (!strcmp(word, "--")) {
            *ended = true;
            return NULL;
        }
        if (!f && *word == '-' && word[1])
            continue;
        if (!f) {
            take_word(c, word);
        } else if (f->type == FLAG_BOOL || f->type == FLAG_OPTIONAL) {
            continue;
        } else if (word[1] == '-' ? strchr(word, '=') != NULL : word[2] != '\0') {
            keep_flag(c, f, word[1] == '-' ? strchr(word, '=') + 1 : word + 2);
        } else if (i + 1 == count) {
            return f;
        } else {
            keep_flag(c, f, words[++i]);
        }
    }
    return NULL;
}

/* The n-th placeholder of a verb's words: the last one that has "..." stands for all that follow.
 * Owned. */
static char *placeholder(const struct verb *v, size_t n)
{
    const char *p = v->words;
    char *found = NULL;
    for (size_t i = 0; *p && *p != '|' && strncmp(p, "--", 2) != 0; i++) {
        size_t len = strcspn(p, " ");
        bool many = len >= 3 && !memcmp(p + len - 3, "...", 3);
        if (i == n || many) {
            free(found);
            found = xasprintf("%.*s", (int)len, p);
        }
        if (i == n)
            break;
        p += len;
        p += strspn(p, " ");
    }
    return found;
}

static void answer(struct completion *c, const struct flag *value_of)
{
    const char *cur = c->begun, *equal = strchr(cur, '=');
    const struct flag *f = flag_in_line(c, cur);
    if (value_of) {
        complete_value(c, value_of->value, value_of);
    } else if (!strncmp(cur, "--", 2) && equal && f && f->type != FLAG_BOOL) {
        char *prefix = xasprintf("%.*s", (int)(equal + 1 - cur), cur);
        c->prefix = prefix;
        c->begun = equal + 1;
        complete_value(c, f->value, f);
        c->prefix = "";
        free(prefix);
    } else if (*cur == '-') {
        if (c->verb)
            offer_flags(c, &c->verb->flags);
        offer_flags(c, &global_flags);
    } else if (!c->noun) {
        offer_nouns(c);
    } else if (!c->verb) {
        offer_verbs(c, c->noun);
    } else {
        char *what = placeholder(c->verb, c->n_words);
        if (what)
            complete_value(c, what, NULL);
        free(what);
    }
}

/* Nothing is asked and nothing told while a person is typing. */
static void keep_quiet(struct app *app)
{
    int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (fd >= 0)
        dup2(fd, STDERR_FILENO);
    if (fd > STDERR_FILENO)
        close(fd);
    app->unattended = app->quiet = true;
    app_patience(app, PATIENCE_MS);
}

static int complete_line(struct app *app, char **words)
{
    size_t count = 0;
    struct completion c = {.app = app, .prefix = "", .kind = "words"};
    bool ended = false;
    while (words[count])
        count++;
    if (!count)
        return 0;
    keep_quiet(app);
    text_open(&c.out);
    c.begun = words[count - 1];
    const struct flag *value_of = read_line_so_far(&c, words, count - 1, &ended);
    if (!ended)
        answer(&c, value_of);
    char *lines = text_take(&c.out);
    printf("%s\n%s", c.kind, lines);
    free(lines);
    return 0;
}

int cmd_completion(struct app *app)
{
    const char *shell = app->args.words[0], *script = completion_script(shell);
    if (!strcmp(shell, "words") && app->args.tail)
        return complete_line(app, app->args.tail);
    if (!script)
        return app_fail(app, NUBE_E_USAGE,
                        "there is completion for bash, zsh and fish, not for \"%s\"", shell);
    fputs(script, stdout);
    return 0;
}
