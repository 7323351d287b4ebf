/* The nube-sim command: reads the line and the seed, then serves until it is told to stop. */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "mem.h"
#include "sim_int.h"

enum { MAX_SEED = 256 << 20, EXIT_USAGE = 2 };

static const struct sim_provider *const providers[] = {
    &sim_ec2,     &sim_openstack, &sim_rackspace, &sim_rackspace_first_gen,
    &sim_hpcloud, &sim_joyent,    &sim_nephoscale};
enum { N_PROVIDERS = sizeof providers / sizeof *providers };

struct line {
    const char *provider, *port, *listen, *seed, *random, *tls_cert, *tls_key;
    const char **set;
    size_t n_set, set_size;
    bool until_eof, verbose, help, man, version;
};

static const struct option {
    const char *name, *value; /* value NULL: it takes none */
    size_t offset;
    const char *help;
} options[] = {
#define OPT(name, value, field, help)                                                              \
    {                                                                                              \
        name, value, offsetof(struct line, field), help                                            \
    }
    OPT("provider", "NAME", provider, "whose wire API to speak; see Providers"),
    OPT("port", "N", port, "the port; 0, the default: a free one, told by the ready line"),
    OPT("listen", "ADDRESS", listen, "the address; 127.0.0.1 is the default"),
    OPT("seed", "FILE", seed,
        "JSON: accounts, objects and settings to begin with; - is standard input"),
    OPT("set", "NAME=VALUE", set, "a setting; may be repeated"),
    OPT("random", "N", random, "the same ids and tokens in every run"),
    OPT("tls-cert", "FILE", tls_cert, "serve HTTPS with this certificate chain (PEM)"),
    OPT("tls-key", "FILE", tls_key, "... and this key"),
    OPT("until-eof", NULL, until_eof, "end when standard input does: nothing outlives its test"),
    OPT("verbose", NULL, verbose, "each exchange as a line of JSON on standard error"),
    OPT("help", NULL, help, "this text"),
    OPT("version", NULL, version, "the version"),
    OPT("man", NULL, man, "the manual page"),
#undef OPT
};
enum { N_OPTIONS = sizeof options / sizeof *options };

static const char about[] =
    "nube-sim speaks a provider's wire API on this machine, for the tests of applications: a "
    "cloud\n"
    "without a network, an account or a bill. It keeps what it is told, checks signatures, pages\n"
    "and limits as the provider does, and fails on demand.\n";

static const char control[] =
    "The control endpoint takes and gives JSON:\n"
    "  GET    " SIM_CONTROL "           what there is\n"
    "  POST   " SIM_CONTROL
    "faults     {\"action\", \"kind\", \"count\", \"skip\", \"ms\", \"status\",\n"
    "                              \"code\", \"message\", \"carried_out\"} or an array of such;\n"
    "                              kinds: latency error html empty truncate reset-before\n"
    "                              reset-after close\n"
    "  DELETE " SIM_CONTROL "faults     none any more; GET tells what is left\n"
    "  GET    " SIM_CONTROL "requests   the last requests, ?action=NAME those of one action\n"
    "  POST   " SIM_CONTROL "settings   {\"NAME\": value}; GET tells all\n"
    "  POST   " SIM_CONTROL "seed       adds objects, as --seed does\n"
    "  POST   " SIM_CONTROL "clock      {\"advance_ms\": N}: what takes time takes less\n"
    "  POST   " SIM_CONTROL "reset      all as it began\n"
    "  POST   " SIM_CONTROL "stop       the end\n";

static void put_settings(FILE *f, const struct sim_setting *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        fprintf(f, "  %-24s%s%s%s%s\n", rows[i].name, rows[i].help, *rows[i].initial ? " (" : "",
                rows[i].initial, *rows[i].initial ? ")" : "");
}

static void put_help(FILE *f)
{
    fprintf(f, "%s\nUsage: nube-sim --provider NAME [options]\n\nOptions:\n", about);
    for (size_t i = 0; i < N_OPTIONS; i++) {
        int n = fprintf(f, "  --%s%s%s", options[i].name, options[i].value ? " " : "",
                        options[i].value ? options[i].value : "");
        fprintf(f, "%*s%s\n", n < 26 ? 26 - n : 2, "", options[i].help);
    }
    fprintf(f,
            "\nWhen it can be reached it prints \"ready URL\". It ends on SIGTERM and SIGINT.\n\n%s"
            "\nSettings of every provider:\n",
            control);
    put_settings(f, sim_base_settings, sim_n_base_settings);
    fprintf(f, "\nProviders:\n");
    for (size_t i = 0; i < N_PROVIDERS; i++) {
        fprintf(f, "  %-24s%s\n\n%s\nSettings of %s:\n", providers[i]->name, providers[i]->title,
                providers[i]->help, providers[i]->name);
        put_settings(f, providers[i]->settings, providers[i]->n_settings);
    }
    fprintf(f, "\nExit status: 0 told to stop; 1 failed; 2 wrong usage.\n");
}

/* The help as roff, lines kept. */
static void put_man(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);
    if (!f)
        return;
    put_help(f);
    fclose(f);
    printf(".TH NUBE-SIM 1 \"\" \"nube-sim %s\" \"User Commands\"\n.SH NAME\n"
           "nube\\-sim \\- a cloud on this machine, for tests\n.SH DESCRIPTION\n.nf\n",
           NUBE_VERSION);
    bool start = true;
    for (const char *p = text; *p; p++) {
        if (start && (*p == '.' || *p == '\''))
            fputs("\\&", stdout);
        start = *p == '\n';
        if (*p == '-' || *p == '\\')
            putchar('\\');
        putchar(*p == '\\' ? 'e' : *p);
    }
    fputs(".fi\n", stdout);
    free(text);
}

static int usage(const char *format, const char *what)
{
    fputs("nube-sim: ", stderr);
    fprintf(stderr, "%s: %s; see: nube-sim --help\n", what, format);
    return EXIT_USAGE;
}

static const struct option *find_option(const char *word, size_t len)
{
    for (size_t i = 0; i < N_OPTIONS; i++)
        if (strlen(options[i].name) == len && !memcmp(options[i].name, word, len))
            return &options[i];
    return NULL;
}

static int read_line(struct line *line, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (!strcmp(word, "-h"))
            word = "--help";
        size_t len = strcspn(word, "=");
        const struct option *o = !strncmp(word, "--", 2) ? find_option(word + 2, len - 2) : NULL;
        if (!o)
            return usage("there is no such option", word);
        const char *value = word[len] ? word + len + 1 : NULL;
        char *at = (char *)line + o->offset;
        if (!o->value) {
            if (value)
                return usage("it takes no value", word);
            *(bool *)(void *)at = true;
            continue;
        }
        if (!value && ++i == argc)
            return usage("it needs a value", word);
        value = value ? value : argv[i];
        if (o->offset == offsetof(struct line, set)) {
            SIM_PUSH(line->set, line->n_set, line->set_size);
            line->set[line->n_set++] = value;
        } else {
            *(const char **)(void *)at = value;
        }
    }
    return 0;
}

static struct json_object *read_seed(const char *path)
{
    struct sim_text text = {0}, error = {0};
    char block[65536];
    size_t n;
    FILE *f = strcmp(path, "-") ? fopen(path, "re") : stdin;
    if (!f) {
        fprintf(stderr, "nube-sim: %s: %s\n", path, strerror(errno));
        return NULL;
    }
    while (text.len <= MAX_SEED && (n = fread(block, 1, sizeof block, f)) > 0)
        sim_text_add(&text, block, n);
    if (f != stdin)
        fclose(f);
    struct json_object *seed =
        text.len <= MAX_SEED ? sim_json_parse(text.data ? text.data : "", text.len, &error) : NULL;
    if (!seed)
        fprintf(stderr, "nube-sim: %s: %s\n", path, error.len ? error.data : "it is too large");
    sim_text_free(&text);
    sim_text_free(&error);
    return seed;
}

static bool read_number(const char *text, uint64_t max, uint64_t *out)
{
    char *end;
    errno = 0;
    *out = strtoull(text, &end, 10);
    return !errno && end != text && !*end && *text != '-' && *out <= max;
}

static int set_all(struct sim *s, const struct line *line)
{
    struct sim_text error = {0};
    int status = 0;
    for (size_t i = 0; i < line->n_set && !status; i++) {
        const char *equals = strchr(line->set[i], '=');
        char *name = equals ? sim_strndup(line->set[i], (size_t)(equals - line->set[i])) : NULL;
        if (!name || !sim_set(s, name, equals + 1, &error))
            status = usage(error.len ? error.data : "--set takes NAME=VALUE", line->set[i]);
        free(name);
    }
    sim_text_free(&error);
    return status;
}

/* Makes state, settings and seed, then serves. */
static int run(struct sim *s, const struct line *line)
{
    struct sim_listen listen = {line->listen ? line->listen : "127.0.0.1", line->tls_cert,
                                line->tls_key, 0, line->until_eof};
    struct sim_text error = {0};
    uint64_t port = 0;
    if (line->port && !read_number(line->port, 65535, &port))
        return usage("--port takes a number up to 65535", line->port);
    if (line->random ? !read_number(line->random, UINT64_MAX, &s->random)
                     : getrandom(&s->random, sizeof s->random, 0) != sizeof s->random)
        return usage("--random takes a number", line->random ? line->random : "random");
    if (!line->tls_cert != !line->tls_key)
        return usage("--tls-cert and --tls-key go together", "TLS");
    listen.port = (uint16_t)port;
    s->own = sim_alloc(s->provider->settings_size);
    sim_settings_init(sim_base_settings, sim_n_base_settings, &s->settings);
    sim_settings_init(s->provider->settings, s->provider->n_settings, s->own);
    int status = set_all(s, line);
    if (!status && line->seed && !(s->seed = read_seed(line->seed)))
        status = EXIT_FAILURE;
    if (!status && !sim_reset(s, &error)) {
        fprintf(stderr, "nube-sim: %s: %s\n", line->seed ? line->seed : "seed", error.data);
        status = EXIT_FAILURE;
    }
    sim_text_free(&error);
    if (!status && sim_run(s, &listen) < 0)
        status = EXIT_FAILURE;
    return status;
}

static void free_all(struct sim *s, struct line *line)
{
    if (s->state)
        s->provider->free(s->state);
    sim_log_clear(&s->log);
    free(s->log.at);
    free(s->faults.at);
    free(s->own);
    json_object_put(s->seed);
    free(line->set);
}

int main(int argc, char **argv)
{
    struct line line = {0};
    struct sim s = {0};
    int status = read_line(&line, argc, argv);
    if (!status && (line.help || line.man || line.version)) {
        if (line.man)
            put_man();
        else if (line.help)
            put_help(stdout);
        else
            printf("nube-sim %s\n", NUBE_VERSION);
        free(line.set);
        return fflush(stdout) ? EXIT_FAILURE : 0;
    }
    for (size_t i = 0; !status && line.provider && i < N_PROVIDERS; i++)
        if (!strcmp(providers[i]->name, line.provider))
            s.provider = providers[i];
    if (!status && !s.provider)
        status = line.provider ? usage("there is no such provider", line.provider)
                               : usage("which provider?", "--provider");
    s.verbose = line.verbose;
    if (!status)
        status = run(&s, &line);
    free_all(&s, &line);
    return status;
}
