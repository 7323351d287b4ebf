/* What may take its time, on a thread that can be left alone: ssh-agent, decrypting keys. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "libssh_int.h"

enum { RUNNING = 0, DONE, ORPHANED };

static void drop(struct nube_ssh_job *job)
{
    if (atomic_fetch_sub(&job->refs, 1) != 1)
        return;
    close(job->fd);
    nube_ssh_wipe(job->text);
    nube_ssh_wipe(job->passphrase);
    ssh_key_free(job->key);
    nube_ssh_host->free(job);
}

static void *work(void *data)
{
    static const uint64_t one = 1;
    struct nube_ssh_job *job = data;

    job->run(job);
    if (atomic_exchange(&job->state, DONE) == ORPHANED) {
        nube_ssh_dispose(job->orphan);
    } else {
        ssize_t unused = write(job->fd, &one, sizeof one);
        (void)unused;
    }
    drop(job);
    return NULL;
}

static bool start_thread(struct nube_ssh_job *job)
{
    pthread_attr_t attr;
    pthread_t thread;
    sigset_t all, before;
    int rc;

    if (pthread_attr_init(&attr))
        return false;
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attr, 1 << 20);
    sigfillset(&all); /* the application's signals are not for this thread */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    rc = pthread_create(&thread, &attr, work, job);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attr);
    return rc == 0;
}

bool nube_ssh_job_start(struct nube_ssh_xfer *x, struct nube_ssh_job *job)
{
    atomic_init(&job->refs, 2);
    atomic_init(&job->state, RUNNING);
    job->fd = fcntl(x->ssh->wake, F_DUPFD_CLOEXEC, 3);
    if (job->fd >= 0 && start_thread(job)) {
        x->job = job;
        return true;
    }
    atomic_init(&job->refs, 1);
    drop(job);
    return false;
}

bool nube_ssh_job_done(const struct nube_ssh_job *job)
{
    return atomic_load(&job->state) == DONE;
}

void nube_ssh_job_free(struct nube_ssh_job *job)
{
    drop(job);
}

bool nube_ssh_job_abandon(struct nube_ssh_job *job, struct nube_ssh_xfer *x)
{
    bool running;

    job->orphan = x;
    running = atomic_exchange(&job->state, ORPHANED) == RUNNING;
    drop(job);
    return running;
}
