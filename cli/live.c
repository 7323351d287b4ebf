/* Progress of a wait for nodes: a table on a terminal, with times, that is drawn again and again;
 * lines elsewhere. */
#include "app.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "live.h"

enum { TEXT = 160 };

struct live_row {
    char *id, title[TEXT], state[48];
    int64_t began, moved; /* ms; when the state was seen first */
    bool asked;           /* a state was seen */
};

/* One for the process: the signal handler that draws the times has no other way to it. */
static struct {
    struct live_row *rows;
    size_t count, shown;
    size_t title_width;
    volatile sig_atomic_t on, busy;
    bool lines; /* not a terminal: a line each change */
} live;

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void put(const char *text, size_t len)
{
    ssize_t ignored = write(STDERR_FILENO, text, len);
    (void)ignored;
}

static void put_text(const char *text)
{
    put(text, strlen(text));
}

/* Without stdio: also called by the signal handler. */
static void put_seconds(int64_t seconds)
{
    char digits[24];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + seconds % 10);
    while ((seconds /= 10) > 0 && at);
    put(digits + at, sizeof digits - at);
    put_text("s");
}

static void put_padded(const char *text, size_t width)
{
    static const char blanks[] = "                                                  ";
    size_t len = strlen(text);
    put(text, len);
    if (len < width)
        put(blanks, width - len < sizeof blanks - 1 ? width - len : sizeof blanks - 1);
}

static void erase(void)
{
    for (; live.shown; live.shown--)
        put_text("\033[A\r\033[K");
}

static size_t rows_of_terminal(void)
{
    struct winsize size;
    bool known = !ioctl(STDERR_FILENO, TIOCGWINSZ, &size) && size.ws_row > 4;
    return known ? size.ws_row - 2u : 22;
}

static void draw(void)
{
    size_t room = rows_of_terminal(), count = live.count < room ? live.count : room;
    int64_t now = now_ms();
    erase();
    for (size_t i = 0; i < count; i++) {
        const struct live_row *r = &live.rows[i];
        put_text("  ");
        put_padded(r->title, live.title_width);
        put_text("  ");
        put_padded(r->asked ? r->state : "...", 14);
        put_seconds((now - r->began) / 1000);
        put_text("\n");
        live.shown++;
    }
    if (count < live.count) {
        put_text("  ...\n");
        live.shown++;
    }
}

static void on_alarm(int number)
{
    (void)number;
    if (live.on && !live.busy)
        draw();
}

static void set_timer(int first_ms, int every_ms)
{
    struct itimerval timer = {.it_value = {first_ms / 1000, first_ms % 1000 * 1000},
                              .it_interval = {every_ms / 1000, every_ms % 1000 * 1000}};
    setitimer(ITIMER_REAL, &timer, NULL);
}

/* What could drive the terminal is masked; the text is cut, so that a row stays a line. */
static void keep_text(char *out, size_t size, const char *text)
{
    size_t n = 0;
    for (; n + 1 < size && text[n]; n++)
        out[n] = (unsigned char)text[n] < 0x20 || text[n] == 0x7F ? '?' : text[n];
    out[n] = '\0';
}

void live_begin(struct app *app)
{
    bool terminal = isatty(STDERR_FILENO) != 0;
    if (app->quiet || app->dry_run)
        return;
    live.lines = !terminal;
    live.title_width = 8;
    if (!terminal)
        return;
    struct sigaction act = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    sigemptyset(&act.sa_mask);
    sigaction(SIGALRM, &act, NULL);
    live.on = 1;
    set_timer(500, 1000);
}

void live_add(const struct app *app, const char *id)
{
    if (!live.on && !live.lines)
        return;
    live.busy = 1;
    live.rows = xgrow(live.rows, live.count, sizeof *live.rows);
    struct live_row *r = &live.rows[live.count++];
    *r = (struct live_row){.id = xstrdup(id), .began = now_ms()};
    keep_text(r->title, 48, app_title(app, id));
    if (strlen(r->title) > live.title_width)
        live.title_width = strlen(r->title);
    live.busy = 0;
}

static void tell_line(struct app *app, const struct live_row *r)
{
    int64_t seconds = (r->moved - r->began) / 1000;
    if (seconds)
        app_note(app, "%s: %s after %llds", r->title, r->state, (long long)seconds);
    else
        app_note(app, "%s: %s", r->title, r->state);
}

bool live_update(struct app *app, const struct nube_progress *p)
{
    struct live_row *r = NULL;
    for (size_t i = 0; p->id && i < live.count && !r; i++)
        if (!strcmp(live.rows[i].id, p->id))
            r = &live.rows[i];
    if (!r || p->kind != NUBE_PROGRESS_STATE || !p->text)
        return live.on;
    live.busy = 1;
    keep_text(r->state, sizeof r->state, p->text);
    r->asked = true;
    r->moved = now_ms();
    live.busy = 0;
    if (live.lines)
        tell_line(app, r);
    else if (live.shown)
        draw();
    return true;
}

void live_clear(void)
{
    if (!live.on || !live.shown)
        return;
    live.busy = 1;
    erase();
    live.busy = 0;
}

void live_end(void)
{
    if (live.on)
        set_timer(0, 0);
    live_clear();
    live.on = 0;
    for (size_t i = 0; i < live.count; i++)
        free(live.rows[i].id);
    free(live.rows);
    live.rows = NULL;
    live.count = 0;
    live.lines = false;
}
