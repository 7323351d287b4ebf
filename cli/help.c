/* Help and the man page, printed from the verb table. */
#include <string.h>

#include "cmd.h"

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
        fprintf(f, "%*s%s\n", n < 28 ? 30 - n : 2, "", set->at[i].help);
    }
}

void help_usage(FILE *f, const struct verb *v)
{
    fprintf(f, "nube %s%s%s%s%s [options]", v->noun, *v->name ? " " : "", v->name,
            *v->words ? " " : "", v->words);
}

static const char statuses[] = "Exit status: 0 all done; 1 failed; 2 wrong usage; 3 partly: some "
                               "failed, the rest was done; 4 authentication;\n"
                               "5 not found; 6 ambiguous; 7 state or conflict; 8 limit or quota; 9 "
                               "deadline; 10 unsupported; 130 interrupted.\n"
                               "node run: the command's own, 255 when it could not be run.\n";

void help_overview(FILE *f)
{
    fputs("nube: one way to manage nodes on any cloud, container host or server.\n\n"
          "Usage: nube NOUN VERB [arguments] [options]\n\n",
          f);
    for (size_t i = 0; i < n_nouns; i++) {
        fprintf(f, "  %-10s%s\n", nouns[i].name, nouns[i].help);
        size_t width = 0;
        for (size_t k = 0; k < n_verbs; k++)
            if (!strcmp(verbs[k].noun, nouns[i].name) && *verbs[k].name)
                width += (size_t)fprintf(f, "%s%s", width ? ", " : "            ", verbs[k].name);
        if (width)
            putc('\n', f);
    }
    fputs("\nOptions, anywhere before --:\n", f);
    put_flags(f, &global_flags);
    fprintf(f, "\nHelp on a verb: nube help NOUN VERB\n\n%s", statuses);
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
    if (v->more)
        fprintf(f, "\n%s\n", v->more);
    if (v->flags.count)
        fputs("\nOptions:\n", f);
    put_flags(f, &v->flags);
    fputs("\nOptions of every verb:\n", f);
    put_flags(f, &global_flags);
    fprintf(f, "\n%s", statuses);
}

/* Text as roff: hyphens that stay hyphens, backslashes, and no line that begins a request. */
static void put_roff(FILE *f, const char *text)
{
    bool start = true;
    for (; *text; text++) {
        if (start && (*text == '.' || *text == '\''))
            fputs("\\&", f);
        start = *text == '\n';
        if (*text == '-')
            fputs("\\-", f);
        else if (*text == '\\')
            fputs("\\e", f);
        else if (start && text[1])
            fputs("\n.br\n", f);
        else
            putc(*text, f);
    }
}

static void man_flags(FILE *f, const struct flag_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct flag *flag = &set->at[i];
        fputs(".TP\n", f);
        if (flag->letter)
            fprintf(f, "\\fB\\-%c\\fR, ", flag->letter);
        fputs("\\fB\\-\\-", f);
        put_roff(f, flag->name);
        fputs("\\fR", f);
        if (flag->type != FLAG_BOOL) {
            fputs(flag->type == FLAG_OPTIONAL ? "[=\\fI" : " \\fI", f);
            put_roff(f, flag->value);
            fputs(flag->type == FLAG_OPTIONAL ? "\\fR]" : "\\fR", f);
        }
        putc('\n', f);
        put_roff(f, flag->help);
        putc('\n', f);
    }
}

static void man_verb(FILE *f, const struct verb *v)
{
    fprintf(f, ".SS %s%s%s ", v->noun, *v->name ? " " : "", v->name);
    put_roff(f, v->words);
    putc('\n', f);
    put_roff(f, v->help);
    fputs(".\n", f);
    if (v->more) {
        fputs(".PP\n", f);
        put_roff(f, v->more);
        putc('\n', f);
    }
    man_flags(f, &v->flags);
}

void help_man(FILE *f)
{
    fprintf(f,
            ".TH NUBE 1 \"\" \"nube %s\" \"User Commands\"\n.SH NAME\n"
            "nube \\- manage nodes on any cloud, container host or server\n"
            ".SH SYNOPSIS\n\\fBnube\\fR \\fINOUN VERB\\fR [arguments] [options]\n.SH OPTIONS\n"
            "Accepted anywhere before \\fB\\-\\-\\fR.\n",
            nube_version());
    man_flags(f, &global_flags);
    fputs(".SH VERBS\n", f);
    for (size_t i = 0; i < n_verbs; i++)
        man_verb(f, &verbs[i]);
    fputs(".SH EXIT STATUS\n", f);
    put_roff(f, statuses);
    fputs(".SH FILES\n.TP\n~/.config/nube/backends.ini\n"
          "the backends; \\fB\\-\\-config\\fR and \\fBNUBE_CONFIG\\fR name another file\n",
          f);
}

int cmd_help(struct app *app)
{
    const struct args *a = &app->args;
    const char *noun = a->n_words ? a->words[0] : NULL, *name = a->n_words > 1 ? a->words[1] : "";
    bool known = false;
    if (args_get(a, "man")) {
        help_man(stdout);
        return 0;
    }
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
