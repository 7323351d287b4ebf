/* What may take its time, on a thread that can be left alone: ssh-agent, decrypting keys. A thread
 * that is left alone is waited for when the last is closed: libcrypto must not go away under it. */
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "libssh_int.h"

enum { RUNNING = 0, DONE, ORPHANED };
enum { GRACE_MS = 500, LINGER_MS = 20000 };

/* Threads that were left alone. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t none;
    int count;
} lingering = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};

static void linger(int by)
{
    pthread_mutex_lock(&lingering.lock);
    lingering.count += by;
    if (!lingering.count)
        pthread_cond_broadcast(&lingering.none);
    pthread_mutex_unlock(&lingering.lock);
}

static struct timespec from_now(int ms)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += ms % 1000 * 1000000L;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

void nube_ssh_jobs_settle(void)
{
    struct timespec until = from_now(LINGER_MS);
    int rc = 0;

    pthread_mutex_lock(&lingering.lock);
    while (lingering.count && !rc)
        rc = pthread_cond_timedwait(&lingering.none, &lingering.lock, &until);
    pthread_mutex_unlock(&lingering.lock);
}

static void drop(struct nube_ssh_job *job)
{
    if (atomic_fetch_sub(&job->refs, 1) != 1)
        return;
    close(job->fd);
    sem_destroy(&job->over);
    nube_ssh_wipe(job->text);
    nube_ssh_wipe(job->passphrase);
    ssh_key_free(job->key);
    nube_ssh_host->free(job);
}

static void *work(void *data)
{
    static const uint64_t one = 1;
    struct nube_ssh_job *job = data;
    bool orphaned;

    job->run(job);
    orphaned = atomic_exchange(&job->state, DONE) == ORPHANED;
    sem_post(&job->over);
    if (orphaned && job->orphan) {
        nube_ssh_dispose(job->orphan);
    } else if (!orphaned) {
        ssize_t unused = write(job->fd, &one, sizeof one);
        (void)unused;
    }
    drop(job);
    if (orphaned)
        linger(-1);
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
    sem_init(&job->over, 0, 0);
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
    linger(1);
    running = atomic_exchange(&job->state, ORPHANED) == RUNNING;
    if (!running)
        linger(-1);
    drop(job);
    return running;
}

bool nube_ssh_job_wait(struct nube_ssh_job *job)
{
    struct timespec until = from_now(GRACE_MS);

    return sem_timedwait(&job->over, &until) == 0;
}
