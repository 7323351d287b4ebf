/* Help, printed from the verb table. */
#include <stdlib.h>
#include <string.h>

#include "help.h"

/* "  -o, --output FORMAT" */
static int put_flag(FILE *f, const struct flag *flag)
{
    int n = flag->letter ? fprintf(f, "  -%c, --%s", flag->letter, flag->name)
                         : fprintf(f, "      --%s", flag->name);
    if (flag->type == FLAG_OPTIONAL)
        n += fprintf(f, "[=%s]", flag->value);
    else if (flag->type != FLAG_BOOL)
        n += fprintf(f, " %s", flag->value);
    return n;
}

static void put_flags(FILE *f, const struct flag_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        int n = put_flag(f, &set->at[i]);
        int gap = n < 28 ? 30 - n : 2;
        fprintf(f, "%*s", gap, "");
        put_wrapped(f, set->at[i].help, (size_t)n + (size_t)gap, 30);
    }
}

void help_usage(FILE *f, const struct verb *v)
{
    fprintf(f, "nube %s%s%s%s%s [options]", v->noun, *v->name ? " " : "", v->name,
            *v->words ? " " : "", v->words);
}

const struct status_text help_statuses[] = {
    {"0", "all done"},
    {"1", "failed"},
    {"2", "wrong usage"},
    {"3", "partly: some failed, the rest was done"},
    {"4", "authentication"},
    {"5", "not found"},
    {"6", "ambiguous"},
    {"7", "state or conflict"},
    {"8", "limit or quota"},
    {"9", "deadline"},
    {"10", "unsupported, refused before any request"},
    {"130", "interrupted"},
};
const size_t help_n_statuses = sizeof help_statuses / sizeof *help_statuses;
const char help_run_status[] =
    "node run: the command's own, 255 when it could not be run, as ssh has it.";

static void put_statuses(FILE *f)
{
    struct text t;
    text_open(&t);
    fputs("Exit status: ", t.file);
    for (size_t i = 0; i < help_n_statuses; i++)
        fprintf(t.file, "%s%s %s", i ? "; " : "", help_statuses[i].status, help_statuses[i].text);
    fprintf(t.file, ". %s", help_run_status);
    char *text = text_take(&t);
    put_wrapped(f, text, 0, 0);
    free(text);
}

/* Lines that begin with "Example:" stay lines of their own; the rest flows. */
void help_paragraphs(FILE *f, const struct verb *v, put_text_fn *put)
{
    const char *text = v->more, *example;
    while (text && (example = strstr(text, "\nExample:"))) {
        char *part = xasprintf("%.*s", (int)(example - text), text);
        put(f, part);
        free(part);
        text = example + 1;
    }
    if (text)
        put(f, text);
    for (size_t i = 0; (example = help_example(v, i)); i++) {
        char *line = xasprintf("Example: %s", example);
        put(f, line);
        free(line);
    }
}

static void put_paragraph(FILE *f, const char *text)
{
    put_wrapped(f, text, 0, 0);
}

/* "Columns: backend, name, ...; with -o wide also size, ..." */
void help_columns(FILE *f, const struct verb *v, put_text_fn *put)
{
    struct column_set set = columns_of_verb(v, false);
    struct text t;
    if (!set.count)
        return;
    text_open(&t);
    for (int wide = 0; wide < 2; wide++)
        for (size_t i = 0, n = 0; i < set.count; i++) {
            if ((set.at[i].bits & COLUMN_WIDE) != (wide ? COLUMN_WIDE : 0))
                continue;
            const char *before = n++ ? ", " : wide ? "; with -o wide also " : "Columns: ";
            fprintf(t.file, "%s%s", before, set.at[i].name);
        }
    fputs(set.objects ? "; and by name every other field of the object." : ".", t.file);
    char *text = text_take(&t);
    put(f, text);
    free(text);
}

void help_overview(FILE *f)
{
    fputs("nube: one way to manage nodes on any cloud, container host or server.\n\n"
          "Usage: nube NOUN VERB [arguments] [options]\n\n",
          f);
    for (size_t i = 0; i < n_nouns; i++) {
        fprintf(f, "  %-12s%s\n", nouns[i].name, nouns[i].help);
        size_t width = 0;
        for (size_t k = 0; k < n_verbs; k++)
            if (!strcmp(verbs[k].noun, nouns[i].name) && *verbs[k].name)
                width += (size_t)fprintf(f, "%s%s", width ? ", " : "              ", verbs[k].name);
        if (width)
            putc('\n', f);
    }
    fputs("\nOptions, anywhere before --:\n", f);
    put_flags(f, &global_flags);
    fputs("\nHelp on a verb: nube help NOUN VERB\n\n", f);
    put_statuses(f);
}

void help_noun(FILE *f, const char *noun)
{
    for (size_t i = 0; i < n_nouns; i++)
        if (!strcmp(nouns[i].name, noun))
            fprintf(f, "%s: %s\n\n", noun, nouns[i].help);
    for (size_t i = 0; i < n_verbs; i++)
        if (!strcmp(verbs[i].noun, noun))
            fprintf(f, "  nube %s %s %s\n      %s\n", noun, verbs[i].name, verbs[i].words,
                    verbs[i].help);
    fprintf(f, "\nHelp on a verb: nube help %s VERB\n", noun);
}

void help_verb(FILE *f, const struct verb *v)
{
    fputs("Usage: ", f);
    help_usage(f, v);
    fprintf(f, "\n\n%s\n", v->help);
    if (v->more || help_example(v, 0))
        putc('\n', f);
    help_paragraphs(f, v, put_paragraph);
    if (columns_of_verb(v, false).count)
        putc('\n', f);
    help_columns(f, v, put_paragraph);
    if (v->flags.count)
        fputs("\nOptions:\n", f);
    put_flags(f, &v->flags);
    fputs("\nOptions of every verb:\n", f);
    put_flags(f, &global_flags);
    putc('\n', f);
    put_statuses(f);
}

int cmd_help(struct app *app)
{
    const struct args *a = &app->args;
    const char *noun = a->n_words ? a->words[0] : NULL, *name = a->n_words > 1 ? a->words[1] : "";
    bool known = false;
    if (args_get(a, "man") && man_page(stdout, noun))
        return 0;
    if (args_get(a, "schema"))
        return help_schema(app, args_get(a, "schema"));
    if (!noun) {
        help_overview(stdout);
        return 0;
    }
    for (size_t i = 0; i < n_verbs; i++) {
        bool same = !strcmp(verbs[i].noun, noun);
        known = known || same;
        if (same && !strcmp(verbs[i].name, name)) {
            help_verb(stdout, &verbs[i]);
            return 0;
        }
    }
    if (known && !*name) {
        help_noun(stdout, noun);
        return 0;
    }
    const struct verb *verb = *name ? verb_meant(noun, name) : NULL;
    const char *near = verb ? verb->name : *name ? NULL : noun_meant(noun);
    return app_fail(app, NUBE_E_USAGE,
                    near ? "there is no \"%s\"; did you mean \"%s\"?"
                         : "there is no \"%s\"; see: nube --help",
                    *name ? name : noun, near);
}
