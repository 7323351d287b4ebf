/* The ssh module inside: a command on its way through machines, and the only inclusion of libssh's
 * headers. */
#ifndef NUBE_SERVICES_LIBSSH_INT_H
#define NUBE_SERVICES_LIBSSH_INT_H

#include <semaphore.h>

#include <libssh/callbacks.h>
#include <libssh/libssh.h>

#include <nube/error.h>

#include "../service.h"
#include "http_resolve.h"

enum { NUBE_SSH_TEXT = 512, NUBE_SSH_ADDRESSES = 16, NUBE_SSH_CHUNK = 32768 };

/* What a step of a link or a command says. */
enum nube_ssh_turn {
    NUBE_SSH_AGAIN = 0, /* waits for the network, or for a job */
    NUBE_SSH_ON,        /* done; the next stage follows */
    NUBE_SSH_FAILED     /* nube_ssh_fail() said why */
};

/* ---- Jobs: what may take its time, on a thread ------------------------------------- */

/* Shared by the loop and the thread; the last one frees it. */
struct nube_ssh_job {
    _Atomic int refs;
    _Atomic int state; /* see ssh_job.c */
    sem_t over;
    int fd; /* its own copy of the wake-up descriptor */
    void (*run)(struct nube_ssh_job *);
    struct nube_ssh_xfer *orphan; /* abandoned: disposed of by the thread */
    /* An agent. */
    ssh_session session;
    /* A key. */
    char *text, *passphrase;
    ssh_key key;
    int rc;
};

/* ---- Keys ---------------------------------------------------------------------------- */

enum nube_ssh_way { WAY_END = 0, WAY_KEY, WAY_AGENT, WAY_PASSWORD, WAY_KBDINT };

/* One thing to offer. */
struct nube_ssh_offer {
    enum nube_ssh_way way;
    const char *file; /* WAY_KEY; NULL: the text of the hop */
    const char *cert; /* file of a certificate that goes with it; NULL: none */
};

enum nube_ssh_auth_state {
    AUTH_NONE = 0,
    AUTH_NEXT,
    AUTH_KNOCK, /* would this public key do? */
    AUTH_LOAD,  /* the private half */
    AUTH_DECRYPT,
    AUTH_SIGN,
    AUTH_AGENT,
    AUTH_PASSWORD,
    AUTH_KBDINT
};

struct nube_ssh_auth {
    enum nube_ssh_auth_state state;
    struct nube_ssh_offer *offers; /* ends with WAY_END */
    size_t next, rounds;
    const struct nube_ssh_offer *offer;
    ssh_key pub, priv, cert;
    char *text;    /* of the private key */
    int asked;     /* tries at its passphrase */
    bool recalled; /* what was answered to another was one of them */
    int methods;   /* that the server takes */
    int agent;     /* our copy of the agent's socket, -1 */
    char tried[256];
};

/* ---- A machine on the way ---------------------------------------------------------------- */

enum nube_ssh_link_state {
    LINK_RESOLVE = 0,
    LINK_CONNECT,
    LINK_TUNNEL,
    LINK_HELLO,
    LINK_AUTH,
    LINK_UP
};

/* Octets on their way from one side of a tunnel to the other. */
struct nube_ssh_pipe {
    char *data;
    size_t at, len;
    bool eof, passed; /* passed: the other side knows of the end */
};

struct nube_ssh_link {
    struct nube_ssh_xfer *x;
    const struct nube_ssh_hop *hop;
    enum nube_ssh_link_state state;
    int stage; /* enum nube_ssh_stage */
    struct nube_lookup_wait lookup;
    char addresses[NUBE_SSH_ADDRESSES * 64];
    char *next_address;          /* in it */
    char address[64];            /* the one at hand */
    char refused[NUBE_SSH_TEXT]; /* what the last address said */
    sem_t over;
    int fd; /* ours; libssh has a copy, which it may close */
    unsigned watched;
    ssh_session session;
    struct nube_ssh_auth auth;
    char host_key[128], by[160];
    int64_t began, connected, ready; /* us */
    /* The tunnel to the next machine through this one. */
    ssh_channel tunnel;
    int near; /* our end of the socketpair, -1 */
    unsigned near_watched;
    struct nube_ssh_pipe out, in; /* to the far machine, and back */
};

enum nube_ssh_end_state { END_NEW = 0, END_OPEN, END_EXEC, END_SENT };

enum nube_ssh_run_state { RUN_OPEN = 0, RUN_PING, RUN_EXEC, RUN_STREAM };

struct nube_ssh_xfer {
    struct nube_ssh_xfer *prev, *next;
    struct nube_ssh *ssh;
    const struct nube_ssh_req *req; /* not touched once cancelled */
    struct nube_ssh_link *links;
    size_t n_links, at; /* at: the one that is being reached */
    struct nube_timer kick, limit, address_limit;
    bool queued;              /* too many others greet the first machine */
    struct nube_ssh_job *job; /* while it runs, the session is the thread's */
    /* The command. */
    enum nube_ssh_run_state run;
    ssh_channel channel;
    struct ssh_channel_callbacks_struct callbacks;
    bool sent, input_over, killed;
    size_t fed;
    uint64_t received;
    char *input; /* read and not yet taken by the channel */
    size_t input_at, input_len;
    int pings;
    int64_t ping_began, rtt_sum, rtt[3];
    int exit;
    char signal[32];
    /* Its end, when somebody asks for that. */
    void (*ended)(void *data, bool ended); /* NULL: nobody did */
    void *ended_data;
    enum nube_ssh_end_state end_state;
    ssh_channel end_channel;
    bool end_over; /* the time for it is over */
    /* The end. */
    int code;
    char message[NUBE_SSH_TEXT];
};

/* A passphrase that a person gave, for the others that run at the same time. */
struct nube_ssh_answer {
    struct nube_ssh_answer *next;
    char *passphrase;
    char file[];
};

struct nube_ssh {
    struct nube_loop *loop;
    struct nube_resolver *names;
    int wake;                        /* eventfd of the jobs */
    struct nube_ssh_xfer live;       /* head of a ring */
    struct nube_ssh_answer *answers; /* while something is live */
};

extern const struct nube_host *_Atomic nube_ssh_host;

/* ssh_libssh.c */
void *nube_ssh_zalloc(size_t size);
char *nube_ssh_strdup(const char *text); /* NULL gives NULL, as no memory does */
void nube_ssh_wipe(char *text);          /* zeroes and frees */
int64_t nube_ssh_us(void);
/* The first failure stays. */
enum nube_ssh_turn nube_ssh_fail(struct nube_ssh_xfer *x, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Goes on as soon as the loop turns. */
void nube_ssh_kick(struct nube_ssh_xfer *x);
void nube_ssh_watch(struct nube_ssh_xfer *x, int fd, unsigned *watched, unsigned events);
/* Frees all of it; any thread, nothing of it may be watched. */
void nube_ssh_dispose(struct nube_ssh_xfer *x);
/* "10.0.0.1 port 22", "web (10.0.0.1) port 22". */
void nube_ssh_place(const struct nube_ssh_link *l, char *out, size_t size);

/* ssh_connect.c: a socket to the first machine; ends with its session's. */
enum nube_ssh_turn nube_ssh_connect(struct nube_ssh_link *l);
void nube_ssh_connect_late(struct nube_ssh_link *l); /* this address took too long */
void nube_ssh_silence(const struct nube_ssh_link *l, char *out, size_t size);

/* ssh_tunnel.c */
enum nube_ssh_turn nube_ssh_tunnel_open(struct nube_ssh_link *through, struct nube_ssh_link *to);
/* Moves what there is; says whether something was. */
bool nube_ssh_tunnel_pump(struct nube_ssh_link *l);
void nube_ssh_tunnel_watch(struct nube_ssh_link *l);

/* ssh_hostkey.c */
enum nube_ssh_turn nube_ssh_hello(struct nube_ssh_link *l);

/* ssh_auth.c, ssh_keys.c */
enum nube_ssh_turn nube_ssh_log_in(struct nube_ssh_link *l);
void nube_ssh_auth_free(struct nube_ssh_auth *a);
/* NULL: nobody was asked about this file. */
const char *nube_ssh_answer_find(const struct nube_ssh *s, const char *file);
void nube_ssh_answer_keep(struct nube_ssh *s, const char *file, const char *passphrase);
void nube_ssh_answers_forget(struct nube_ssh *s);
/* A file's text: 0, or an errno. Nothing but a regular file of at most 1 MiB. */
int nube_ssh_read_file(const char *path, char **text);
/* The public half beside a private key's file, or its certificate; NULL: none. */
ssh_key nube_ssh_public_key(const char *path);
ssh_key nube_ssh_certificate(const char *path);
bool nube_ssh_is_encrypted(const char *text);
/* Would its decryption take more than a person waits for? */
bool nube_ssh_is_too_hard(const char *text);

/* ssh_job.c: starts; the loop is woken when it is done. false: no memory or thread. */
bool nube_ssh_job_start(struct nube_ssh_xfer *x, struct nube_ssh_job *job);
bool nube_ssh_job_done(const struct nube_ssh_job *job);
void nube_ssh_job_free(struct nube_ssh_job *job); /* of the loop, when it is done */
/* Waits a moment for one that has been told to end; false: it has not. */
bool nube_ssh_job_wait(struct nube_ssh_job *job);
/* Waits for those that were left alone. */
void nube_ssh_jobs_settle(void);
/* The thread disposes of x (NULL: of nothing) when it ends; false: it has ended, and x is the
 * caller's. */
bool nube_ssh_job_abandon(struct nube_ssh_job *job, struct nube_ssh_xfer *x);

/* ssh_command.c */
enum nube_ssh_turn nube_ssh_command(struct nube_ssh_xfer *x);
/* Asks the far side to end what runs. */
void nube_ssh_kill(struct nube_ssh_xfer *x);

/* ssh_generate.c: see struct nube_ssh_ops. */
int nube_ssh_generate(const char *type, const char *comment, const char *passphrase,
                      char **private_key, char **public_key, char message[256]);

/* ssh_end.c: the same in every way there is; true when it has ended or the time is over. */
void nube_ssh_end_begin(struct nube_ssh_xfer *x);
bool nube_ssh_end_turn(struct nube_ssh_xfer *x);

#endif
