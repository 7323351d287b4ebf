/* The nube command: reads the line, runs the verb, and makes sure that what was printed arrived. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "live.h"

/*
 * A descriptor below 3 that came closed would be the next file that is opened, and our words
 * would go into it. Input ends at once; output still fails, for what could not be printed is no
 * success; messages vanish, as was asked for.
 */
static void hold_standard_streams(void)
{
    static const int modes[] = {O_RDONLY, O_RDONLY, O_WRONLY};
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) != fd)
            _exit(EXIT_FAILED);
}

/* Help that nobody asked for, in one write. */
static void show_help(const struct args *a, bool asked)
{
    struct text t;
    FILE *f = stdout;
    if (!asked) {
        text_open(&t);
        f = t.file;
    }
    if (a->verb)
        help_verb(f, a->verb);
    else if (a->noun)
        help_noun(f, a->noun);
    else
        help_overview(f);
    if (!asked)
        text_tell(&t);
}

static int usage_error(struct app *app, char *message)
{
    const char *format = args_get(&app->args, "output");
    if (format && (!strcmp(format, "json") || !strcmp(format, "ndjson")))
        app->format = FORMAT_JSON;
    const struct verb *v = app->args.verb;
    bool run = v && v->op == NUBE_OP_NODE_RUN;
    int status = app_fail(app, NUBE_E_USAGE, "%s", message);
    free(message);
    return run ? EXIT_RUN : status;
}

static int run(struct app *app)
{
    const struct args *a = &app->args;
    if (args_get(a, "version")) {
        printf("nube %s\n", nube_version());
        return 0;
    }
    if (args_get(a, "help") || !a->verb) {
        bool asked = args_get(a, "help") != NULL;
        show_help(a, asked);
        return asked ? 0 : EXIT_USAGE;
    }
    int status = app_init(app);
    bool streams = a->verb->op == NUBE_OP_NODE_RUN;
    return status ? streams ? EXIT_RUN : status : a->verb->run(app);
}

/*
 * A connection that breaks must not end the process by a signal; but when it is our
 * own standard output that is closed, we end as other commands in a pipe do.
 */
static int check_output(struct app *app, int status, void (*pipe_before)(int))
{
    int failed = fflush(stdout) || ferror(stdout) || app->output_failed;
    int reason = errno;
    if (!failed)
        return status;
    if (reason == EPIPE && pipe_before != SIG_IGN) {
        signal(SIGPIPE, SIG_DFL);
        raise(SIGPIPE);
    }
    fprintf(stderr, "nube: standard output: %s\n", strerror(reason));
    return app->args.verb && app->args.verb->op == NUBE_OP_NODE_RUN ? EXIT_RUN : EXIT_FAILED;
}

/*
 * All that is ours is written, closed and zeroed by now. What forty libraries do when a process
 * ends (OpenSSL frees its tables) is a twenty-fifth of a listing; only a leak checker waits for it.
 */
static _Noreturn void finish(int status)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    exit(status);
#else
    quick_exit(status);
#endif
}

int main(int argc, char **argv)
{
    struct app app = {0};
    char *message = NULL;
    hold_standard_streams();
    void (*pipe_before)(int) = signal(SIGPIPE, SIG_IGN);
    int status =
        args_parse(&app.args, argc, argv, &message) ? usage_error(&app, message) : run(&app);
    live_end();
    progress_end();
    status = check_output(&app, status, pipe_before);
    app_free(&app);
    finish(status);
}
