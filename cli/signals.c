/* Ctrl-C: the first one cancels what runs, so that it can undo and report; the second ends the
 * process. */
#include "app.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

static nube_cancel *volatile switch_off;
static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    (void)number;
    if (interrupted)
        _exit(EXIT_INTERRUPTED);
    interrupted = 1;
    if (switch_off)
        nube_cancel_fire(switch_off);
}

void signals_init(nube_cancel *cancel)
{
    struct sigaction act = {.sa_handler = on_signal};
    sigemptyset(&act.sa_mask);
    switch_off = cancel;
    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
}

/* The signals are let in only while it waits: one that came just before is not missed. */
bool signals_wait_input(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    sigset_t ours, before;
    int n = 0;
    sigemptyset(&ours);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGTERM);
    sigprocmask(SIG_BLOCK, &ours, &before);
    while (!interrupted && n <= 0) {
        n = ppoll(&p, 1, NULL, &before);
        if (n < 0 && errno != EINTR)
            break;
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    return n > 0;
}

bool signals_interrupted(void)
{
    return interrupted != 0;
}
