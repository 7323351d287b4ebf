/* Progress: one status line on standard error, only on a terminal, only for what takes longer than
 * half a second. */
#include "live.h"

#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* One line for the whole process: the signal handler that shows it first has no other way to it. */
static struct {
    char line[256];
    volatile sig_atomic_t on, due, shown, busy;
} state;

static void draw(void)
{
    static const char start[] = "\r\033[K";
    ssize_t ignored = write(STDERR_FILENO, start, sizeof start - 1);
    ignored = write(STDERR_FILENO, state.line, strlen(state.line));
    (void)ignored;
    state.shown = 1;
}

/* Half a second has passed. Only write() is used. */
static void on_alarm(int number)
{
    (void)number;
    state.due = 1;
    if (state.on && !state.busy)
        draw();
}

static void set_timer(int ms)
{
    struct itimerval timer = {.it_value = {ms / 1000, ms % 1000 * 1000}};
    setitimer(ITIMER_REAL, &timer, NULL);
}

static size_t width(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || size.ws_col < 20)
        return 79;
    return size.ws_col - 1u < sizeof state.line - 1 ? size.ws_col - 1u : sizeof state.line - 1;
}

/* Replaces the line; what would drive the terminal is masked, and it stays one line. */
static void set_line(const char *text)
{
    size_t n = 0, limit = width();
    state.busy = 1;
    for (; n < limit && text[n]; n++)
        state.line[n] = (unsigned char)text[n] < 0x20 || text[n] == 0x7F ? '?' : text[n];
    state.line[n] = '\0';
    state.busy = 0;
}

void progress_begin(struct app *app, const char *what)
{
    if (app->quiet || app->dry_run || !isatty(STDERR_FILENO))
        return;
    struct sigaction act = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    sigemptyset(&act.sa_mask);
    sigaction(SIGALRM, &act, NULL);
    char text[sizeof state.line];
    snprintf(text, sizeof text, "%s ...", what);
    set_line(text);
    state.due = state.shown = 0;
    state.on = 1;
    set_timer(500);
}

static void put_amount(char *out, size_t size, const struct nube_progress *p)
{
    const double mib = 1024.0 * 1024.0;
    *out = '\0';
    if (p->kind == NUBE_PROGRESS_BYTES && p->total > 0)
        snprintf(out, size, " %.1f/%.1f MiB", (double)p->current / mib, (double)p->total / mib);
    else if (p->kind == NUBE_PROGRESS_BYTES && p->current >= 0)
        snprintf(out, size, " %.1f MiB", (double)p->current / mib);
}

void progress_update(const struct app *app, const struct nube_progress *p)
{
    if (!state.on)
        return;
    char text[sizeof state.line], amount[64];
    put_amount(amount, sizeof amount, p);
    snprintf(text, sizeof text, "%s %s%s%s%s%s", p->verb ? p->verb : "",
             p->id ? app_title(app, p->id) : "", p->id && p->text ? ": " : "",
             p->text ? p->text : "", amount, p->kind == NUBE_PROGRESS_BYTES ? "" : " ...");
    set_line(text);
    if (state.due)
        draw();
}

void progress_clear(void)
{
    static const char clear[] = "\r\033[K";
    live_clear();
    if (!state.shown)
        return;
    ssize_t ignored = write(STDERR_FILENO, clear, sizeof clear - 1);
    (void)ignored;
    state.shown = 0;
}

void progress_end(void)
{
    if (!state.on)
        return;
    state.on = 0;
    set_timer(0);
    progress_clear();
}
