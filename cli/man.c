/* Man pages in roff, printed from the verb table: of the command, and of each noun. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "help.h"

/* Text as roff: hyphens that stay hyphens, backslashes, no line that begins a request; line ends of
 * ours are spaces, for the reader's terminal is what lines are for. */
static void put_roff(FILE *f, const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", f);
    for (; *text; text++) {
        if (*text == '-')
            fputs("\\-", f);
        else if (*text == '\\')
            fputs("\\e", f);
        else
            putc(*text == '\n' ? ' ' : *text, f);
    }
}

static void put_roff_paragraph(FILE *f, const char *text)
{
    static const char example[] = "Example: ";
    if (!strncmp(text, example, strlen(example))) { /* as it is typed: neither filled nor spread */
        fputs(".PP\nExample:\n.PP\n.RS\n.nf\n", f);
        put_roff(f, text + strlen(example));
        fputs("\n.fi\n.RE\n", f);
        return;
    }
    fputs(".PP\n", f);
    put_roff(f, text);
    putc('\n', f);
}

static void man_entry(FILE *f, const char *name, const char *text)
{
    fputs(".TP\n\\fB", f);
    put_roff(f, name);
    fputs("\\fR\n", f);
    put_roff(f, text);
    putc('\n', f);
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
    fprintf(f, ".SS %s%s%s", v->noun, *v->name ? " " : "", v->name);
    if (*v->words)
        putc(' ', f);
    put_roff(f, v->words);
    putc('\n', f);
    put_roff(f, v->help);
    fputs(".\n", f);
    help_paragraphs(f, v, put_roff_paragraph);
    help_columns(f, v, put_roff_paragraph);
    man_flags(f, &v->flags);
}

/* What around the command matters to it. */
static void man_surroundings(FILE *f)
{
    static const char *const variables[][2] = {
        {"NUBE_CONFIG", "the file of backends; --config goes before it"},
        {"XDG_CONFIG_HOME", "where nube/backends.ini is, instead of ~/.config"},
        {"NUBE_AUDIT", "where calls that change something are written down; off: nowhere"},
        {"HOME", "the home directory; without it the password database says where it is"},
        {"NUBE_DRIVER_PATH, NUBE_SERVICE_PATH",
         "directories, with colons between, where drivers and service modules are looked for "
         "before "
         "those that were installed; for a build that is not installed"},
        {"COLUMNS", "the width of lines where there is no terminal to ask"},
        {"LC_ALL, LC_CTYPE, LANG", "which characters the terminal shows, and how wide they are"},
        {"DOCKER_HOST, AWS_PROFILE, ...",
         "what a provider's own tools read is read as well where an option is not given: see the "
         "page of each driver, and nube driver show DRIVER"},
    };
    fputs(".SH ENVIRONMENT\n", f);
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        man_entry(f, variables[i][0], variables[i][1]);
    fputs(".SH FILES\n", f);
    man_entry(f, "~/.config/nube/backends.ini",
              "the backends, readable by their owner alone; see ENVIRONMENT");
    man_entry(f, "~/.local/state/nube/audit.log",
              "the calls that changed something, one line of JSON each; in $XDG_STATE_HOME/nube "
              "where that is set");
}

static void man_begin(FILE *f, const char *noun, const char *what)
{
    fputs(".TH NUBE", f);
    if (noun)
        putc('-', f);
    for (const char *p = noun ? noun : ""; *p; p++)
        putc(toupper((unsigned char)*p), f);
    fprintf(f, " 1 \"\" \"nube %s\" \"User Commands\"\n.SH NAME\nnube%s%s \\- ", nube_version(),
            noun ? "\\-" : "", noun ? noun : "");
    put_roff(f, what);
    putc('\n', f);
}

static void man_statuses(FILE *f)
{
    fputs(".SH EXIT STATUS\n", f);
    for (size_t i = 0; i < help_n_statuses; i++)
        man_entry(f, help_statuses[i].status, help_statuses[i].text);
    put_roff_paragraph(f, help_run_status);
}

/* The verbs of all nouns in a line each: their pages tell the rest. */
static void man_overview(FILE *f)
{
    fputs(".SH VERBS\nEach noun has a page of its own.\n", f);
    for (size_t i = 0; i < n_nouns; i++) {
        fprintf(f, ".SS %s\n", nouns[i].name);
        put_roff(f, nouns[i].help);
        fputs(".\n", f);
        for (size_t k = 0; k < n_verbs; k++)
            if (!strcmp(verbs[k].noun, nouns[i].name)) {
                char *name = xasprintf("nube %s%s%s %s", verbs[k].noun, *verbs[k].name ? " " : "",
                                       verbs[k].name, verbs[k].words);
                man_entry(f, name, verbs[k].help);
                free(name);
            }
    }
}

static void man_see_also(FILE *f, const char *self)
{
    fputs(".SH SEE ALSO\n", f);
    if (self)
        fputs(".BR nube (1),\n", f);
    for (size_t i = 0, n = 0; i < n_nouns; i++)
        if (!self || strcmp(nouns[i].name, self) != 0)
            fprintf(f, "%s.BR nube\\-%s (1)", n++ ? ",\n" : "", nouns[i].name);
    putc('\n', f);
}

static void man_command(FILE *f)
{
    man_begin(f, NULL, "manage nodes on any cloud, container host or server");
    fputs(".SH SYNOPSIS\n\\fBnube\\fR \\fINOUN VERB\\fR [arguments] [options]\n.SH OPTIONS\n"
          "Accepted anywhere before \\fB\\-\\-\\fR.\n",
          f);
    man_flags(f, &global_flags);
    man_overview(f);
    man_statuses(f);
    man_surroundings(f);
    man_see_also(f, NULL);
}

static void man_noun(FILE *f, const struct noun *noun)
{
    size_t n = 0;
    man_begin(f, noun->name, noun->help);
    fputs(".SH SYNOPSIS\n", f);
    for (size_t i = 0; i < n_verbs; i++)
        if (!strcmp(verbs[i].noun, noun->name)) {
            fprintf(f, "%s\\fBnube %s%s%s\\fR ", n++ ? ".br\n" : "", noun->name,
                    *verbs[i].name ? " " : "", verbs[i].name);
            put_roff(f, verbs[i].words);
            fputs(" [options]\n", f);
        }
    fputs(".SH VERBS\n", f);
    for (size_t i = 0; i < n_verbs; i++)
        if (!strcmp(verbs[i].noun, noun->name))
            man_verb(f, &verbs[i]);
    fputs(".SH OPTIONS OF EVERY VERB\n", f);
    man_flags(f, &global_flags);
    man_statuses(f);
    man_see_also(f, noun->name);
}

bool man_page(FILE *f, const char *noun)
{
    if (!noun)
        man_command(f);
    for (size_t i = 0; noun && i < n_nouns; i++)
        if (!strcmp(nouns[i].name, noun)) {
            man_noun(f, &nouns[i]);
            return true;
        }
    return !noun;
}
