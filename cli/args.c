/* Parser of the command line, driven by the verb table. */
#include "args.h"

#include <stdlib.h>
#include <string.h>

/* State of one parse. */
struct parse {
    struct args *args;
    char **argv;
    int argc, at;
    char **error;
};

static int fail(struct parse *p, char *message)
{
    *p->error = message;
    return -1;
}

static const struct flag *flag_in(const struct flag_set *set, const char *name, size_t len,
                                  char letter)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct flag *f = &set->at[i];
        if (letter ? f->letter == letter : strlen(f->name) == len && !memcmp(f->name, name, len))
            return f;
    }
    return NULL;
}

static const struct flag *flag_find(const struct args *a, const char *name, size_t len, char letter)
{
    const struct flag *f = a->verb ? flag_in(&a->verb->flags, name, len, letter) : NULL;
    return f ? f : flag_in(&global_flags, name, len, letter);
}

static int unknown_flag(struct parse *p, const char *name, size_t len)
{
    char *word = xasprintf("%.*s", (int)len, name);
    struct nearest near = {word, NULL, 0};
    const struct verb *v = p->args->verb;
    for (size_t i = 0; v && i < v->flags.count; i++)
        nearest_feed(&near, v->flags.at[i].name);
    for (size_t i = 0; i < global_flags.count; i++)
        nearest_feed(&near, global_flags.at[i].name);
    char *message =
        near.best ? xasprintf("unknown option --%s; did you mean --%s?", word, near.best)
        : v       ? xasprintf("unknown option --%s; see: nube %s %s --help", word, v->noun, v->name)
            : xasprintf("unknown option --%s before the verb; options of a verb follow it", word);
    free(word);
    return fail(p, message);
}

static int check_value(struct parse *p, const struct flag *f, const char *value)
{
    if (f->type == FLAG_DURATION && parse_duration(value) < 0)
        return fail(
            p, xasprintf("--%s takes a time (500ms, 30s, 5m, 2h), not \"%s\"", f->name, value));
    if ((f->type == FLAG_PAIR || f->type == FLAG_ARGUMENT) &&
        (!strchr(value, '=') || *value == '='))
        return fail(p, xasprintf("--%s takes %s, not \"%s\"", f->name, f->value, value));
    return 0;
}

static int take(struct parse *p, const struct flag *f, const char *value)
{
    struct args *a = p->args;
    if (check_value(p, f, value))
        return -1;
    a->given = xgrow(a->given, a->n_given, sizeof *a->given);
    a->given[a->n_given++] = (struct given){f, value};
    return 0;
}

/* The value of a flag that needs one: what is attached to it, or the next word. */
static int take_with_value(struct parse *p, const struct flag *f, const char *attached)
{
    if (!attached && p->at + 1 < p->argc)
        attached = p->argv[++p->at];
    if (!attached)
        return fail(p, xasprintf("--%s needs a value: --%s %s", f->name, f->name, f->value));
    return take(p, f, attached);
}

static int long_flag(struct parse *p, const char *text)
{
    size_t len = strcspn(text, "=");
    const char *value = text[len] ? text + len + 1 : NULL;
    const struct flag *f = flag_find(p->args, text, len, 0);
    if (!f)
        return unknown_flag(p, text, len);
    if (f->type == FLAG_BOOL && value)
        return fail(p, xasprintf("--%s takes no value", f->name));
    if (f->type == FLAG_BOOL || f->type == FLAG_OPTIONAL)
        return take(p, f, value ? value : "");
    return take_with_value(p, f, value);
}

static int short_flags(struct parse *p, const char *text)
{
    for (; *text; text++) {
        const struct flag *f = flag_find(p->args, NULL, 0, *text);
        if (!f)
            return fail(p, xasprintf("unknown option -%c; see: nube --help", *text));
        if (f->type != FLAG_BOOL)
            return take_with_value(p, f, text[1] ? text + 1 : NULL);
        if (take(p, f, ""))
            return -1;
    }
    return 0;
}

static bool known_noun(const char *word)
{
    for (size_t i = 0; i < n_nouns; i++)
        if (!strcmp(nouns[i].name, word))
            return true;
    return false;
}

static const struct verb *verb_find(const char *noun, const char *name)
{
    for (size_t i = 0; i < n_verbs; i++)
        if (!strcmp(verbs[i].noun, noun) && !strcmp(verbs[i].name, name))
            return &verbs[i];
    return NULL;
}

/* A verb without its noun is one of nodes: they are what most commands are about. */
static int unknown_noun(struct parse *p, const char *word)
{
    const char *noun = noun_meant(word);
    const struct verb *verb = noun ? NULL : verb_meant("node", word);
    if (verb)
        return fail(p,
                    xasprintf("unknown noun \"%s\"; did you mean \"node %s\"?", word, verb->name));
    return fail(p, noun ? xasprintf("unknown noun \"%s\"; did you mean \"%s\"?", word, noun)
                        : xasprintf("unknown noun \"%s\"; see: nube --help", word));
}

static int unknown_verb(struct parse *p, const char *noun, const char *word)
{
    const struct verb *verb = verb_meant(noun, word);
    return fail(p, verb ? xasprintf("unknown verb \"%s %s\"; did you mean \"%s %s\"?", noun, word,
                                    noun, verb->name)
                        : xasprintf("unknown verb \"%s %s\"; see: nube help %s", noun, word, noun));
}

static int take_word(struct parse *p, const char *word)
{
    struct args *a = p->args;
    if (a->verb) {
        a->words = xgrow(a->words, a->n_words, sizeof *a->words);
        a->words[a->n_words++] = word;
        return 0;
    }
    if (!a->noun) {
        if (!known_noun(word))
            return unknown_noun(p, word);
        a->noun = word;
        a->verb = verb_find(word, "");
        return 0;
    }
    a->verb = verb_find(a->noun, word);
    return a->verb ? 0 : unknown_verb(p, a->noun, word);
}

static int take_rest(struct parse *p)
{
    struct args *a = p->args;
    if (a->verb && a->verb->tail) {
        a->tail = p->argv + p->at + 1;
        return 0;
    }
    for (int i = p->at + 1; i < p->argc; i++)
        if (take_word(p, p->argv[i]))
            return -1;
    return 0;
}

static int check_words(struct parse *p)
{
    const struct args *a = p->args;
    const struct verb *v = a->verb;
    if (!v || args_get(a, "help") || args_get(a, "version"))
        return 0;
    bool few = a->n_words < (size_t)v->min, many = v->max >= 0 && a->n_words > (size_t)v->max;
    if (!few && !many)
        return 0;
    struct text t;
    text_open(&t);
    if (few)
        fputs("an argument is missing: ", t.file);
    else
        fprintf(t.file, "unexpected argument \"%s\": ", a->words[v->max]);
    help_usage(t.file, v);
    return fail(p, text_take(&t));
}

int args_parse(struct args *args, int argc, char **argv, char **error)
{
    struct parse p = {args, argv, argc, 1, error};
    *args = (struct args){0};
    for (; p.at < argc; p.at++) {
        const char *word = argv[p.at];
        if (!strcmp(word, "--")) {
            if (take_rest(&p))
                return -1;
            break;
        }
        int rc = !strncmp(word, "--", 2)           ? long_flag(&p, word + 2)
                 : *word == '-' && word[1] != '\0' ? short_flags(&p, word + 1)
                                                   : take_word(&p, word);
        if (rc)
            return -1;
    }
    return check_words(&p);
}

void args_free(struct args *args)
{
    free(args->given);
    free(args->words);
}

const char *args_get(const struct args *args, const char *name)
{
    for (size_t i = args->n_given; i-- > 0;)
        if (!strcmp(args->given[i].flag->name, name))
            return args->given[i].value;
    return NULL;
}

const char *args_nth(const struct args *args, const char *name, size_t n)
{
    for (size_t i = 0; i < args->n_given; i++)
        if (!strcmp(args->given[i].flag->name, name) && !n--)
            return args->given[i].value;
    return NULL;
}
