/* Logging in: keys as text, of files and of ssh-agent, with certificates, then the password; one
 * after the other until the machine is content. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "libssh_int.h"

enum { ASK_TRIES = 3, ASK_SIZE = 1024, PARTS = 4 };

/* ---- What there is to offer ------------------------------------------------------------------ */

static void offer(struct nube_ssh_auth *a, size_t *n, enum nube_ssh_way way, const char *file,
                  const char *cert)
{
    a->offers[(*n)++] = (struct nube_ssh_offer){way, file, cert};
}

/* A key with each of its certificates, then by itself. */
static void offer_key(struct nube_ssh_link *l, size_t *n, const char *file)
{
    for (size_t i = 0; l->hop->certificates && l->hop->certificates[i]; i++)
        offer(&l->auth, n, WAY_KEY, file, l->hop->certificates[i]);
    if (file) /* KEY-cert.pub, if there is one: looked for when its turn comes */
        offer(&l->auth, n, WAY_KEY, file, "");
    offer(&l->auth, n, WAY_KEY, file, NULL);
}

static bool list_offers(struct nube_ssh_link *l)
{
    const struct nube_ssh_hop *h = l->hop;
    size_t keys = 1, certs = 2, n = 0;

    while (h->key_files && h->key_files[keys - 1])
        keys++;
    while (h->certificates && h->certificates[certs - 2])
        certs++;
    l->auth.offers = nube_ssh_zalloc((keys * certs + 4) * sizeof(*l->auth.offers));
    if (!l->auth.offers)
        return false;
    if (h->key)
        offer_key(l, &n, NULL);
    if (h->agent)
        offer(&l->auth, &n, WAY_AGENT, NULL, NULL);
    for (size_t i = 0; h->key_files && h->key_files[i]; i++)
        offer_key(l, &n, h->key_files[i]);
    if (h->password) {
        offer(&l->auth, &n, WAY_PASSWORD, NULL, NULL);
        offer(&l->auth, &n, WAY_KBDINT, NULL, NULL);
    }
    return true;
}

static void forget_key(struct nube_ssh_auth *a)
{
    ssh_key_free(a->pub);
    ssh_key_free(a->priv);
    ssh_key_free(a->cert);
    nube_ssh_wipe(a->text);
    a->pub = a->priv = a->cert = NULL;
    a->text = NULL;
    a->asked = 0;
    a->recalled = false;
}

void nube_ssh_auth_free(struct nube_ssh_auth *a)
{
    forget_key(a);
    if (a->agent >= 0)
        close(a->agent);
    a->agent = -1;
    nube_ssh_host->free(a->offers);
    a->offers = NULL;
}

static const char *name_of(const struct nube_ssh_auth *a)
{
    return a->offer->file ? a->offer->file : "(given as text)";
}

/* ---- How it went -------------------------------------------------------------------------------
 */

static void say_tried(struct nube_ssh_auth *a, const char *what, const char *which)
{
    size_t used = strlen(a->tried);

    snprintf(a->tried + used, sizeof(a->tried) - used, "%s%s%s", used ? ", " : "", what, which);
}

static void list_methods(int methods, char *out, size_t size)
{
    snprintf(out, size, "%s%s%s", methods & SSH_AUTH_METHOD_PUBLICKEY ? " public keys" : "",
             methods & SSH_AUTH_METHOD_PASSWORD ? " passwords" : "",
             methods & SSH_AUTH_METHOD_INTERACTIVE ? " questions" : "");
}

static enum nube_ssh_turn refused(struct nube_ssh_link *l)
{
    char place[NUBE_SSH_TEXT], takes[64];

    nube_ssh_place(l, place, sizeof(place));
    list_methods(l->auth.methods, takes, sizeof(takes));
    if (!*l->auth.tried)
        return nube_ssh_fail(l->x, NUBE_E_AUTH,
                             "%.120s takes%s to let %.60s in, and there is nothing of that to "
                             "offer: give key_file, password, or add a key to ssh-agent",
                             place, *takes ? takes : " nothing known", l->hop->user);
    return nube_ssh_fail(l->x, NUBE_E_AUTH, "%.120s does not let %.60s in: tried %s; it takes%s",
                         place, l->hop->user, l->auth.tried, takes);
}

static enum nube_ssh_turn broke(struct nube_ssh_link *l)
{
    const char *why = ssh_get_error(l->session);
    char place[NUBE_SSH_TEXT];

    nube_ssh_place(l, place, sizeof(place));
    if (strstr(why, "Too many authentication failures"))
        return nube_ssh_fail(l->x, NUBE_E_AUTH,
                             "%.120s does not let %.60s in after so many keys (tried %s): give the "
                             "right one with key_file",
                             place, l->hop->user, l->auth.tried);
    return nube_ssh_fail(l->x, NUBE_E_TRANSPORT,
                         "%.200s ended the connection while %.60s was logging in: %s", place,
                         l->hop->user, why);
}

/* After an answer: in, on to the next, or over. */
static enum nube_ssh_turn judge(struct nube_ssh_link *l, int rc, const char *by, const char *which)
{
    struct nube_ssh_auth *a = &l->auth;

    if (rc == SSH_AUTH_AGAIN)
        return NUBE_SSH_AGAIN;
    if (rc == SSH_AUTH_SUCCESS) {
        snprintf(l->by, sizeof(l->by), "%s%s", by, which);
        forget_key(a);
        return NUBE_SSH_ON;
    }
    if (rc == SSH_AUTH_ERROR && !ssh_is_connected(l->session))
        return broke(l);
    if (rc == SSH_AUTH_PARTIAL && ++a->rounds < PARTS)
        a->next = 0; /* good, and something else beside it is wanted */
    else
        say_tried(a, by, which);
    if (rc != SSH_AUTH_ERROR)
        a->methods = ssh_userauth_list(l->session, NULL);
    forget_key(a);
    a->state = AUTH_NEXT;
    return NUBE_SSH_AGAIN;
}

static enum nube_ssh_turn unusable(struct nube_ssh_link *l, const char *why)
{
    struct nube_ssh_auth *a = &l->auth;

    if ((l->hop->key_files_must || !a->offer->file) && !a->offer->cert)
        return nube_ssh_fail(l->x, NUBE_E_USAGE, "the private key %s %s", name_of(a), why);
    forget_key(a);
    a->state = AUTH_NEXT;
    return NUBE_SSH_AGAIN;
}

/* ---- Keys
 * ------------------------------------------------------------------------------------------ */

/* The certificate that this offer is about; false: there is none, so it is no offer. */
static bool find_certificate(struct nube_ssh_auth *a)
{
    char path[4096];

    if (!a->offer->cert)
        return true;
    if (*a->offer->cert) {
        a->cert = nube_ssh_certificate(a->offer->cert);
    } else {
        snprintf(path, sizeof(path), "%s-cert.pub", a->offer->file);
        a->cert = nube_ssh_certificate(path);
    }
    return a->cert != NULL;
}

/* Asks with the public half first, where there is one: no passphrase for nothing. */
static enum nube_ssh_turn begin_key(struct nube_ssh_link *l)
{
    struct nube_ssh_auth *a = &l->auth;
    char path[4096];

    a->state = AUTH_NEXT;
    if (!(a->methods & SSH_AUTH_METHOD_PUBLICKEY) || !find_certificate(a))
        return NUBE_SSH_AGAIN;
    if (a->offer->file && !a->cert) {
        snprintf(path, sizeof(path), "%s.pub", a->offer->file);
        a->pub = nube_ssh_public_key(path);
    }
    a->state = a->pub || a->cert ? AUTH_KNOCK : AUTH_LOAD;
    return NUBE_SSH_AGAIN;
}

static enum nube_ssh_turn knock(struct nube_ssh_link *l)
{
    struct nube_ssh_auth *a = &l->auth;
    int rc = ssh_userauth_try_publickey(l->session, NULL, a->cert ? a->cert : a->pub);

    if (rc != SSH_AUTH_SUCCESS)
        return judge(l, rc, a->cert ? "the certificate of key " : "key ", name_of(a));
    a->state = AUTH_LOAD;
    return NUBE_SSH_AGAIN;
}

static void decrypt(struct nube_ssh_job *job)
{
    job->rc = ssh_pki_import_privkey_base64(job->text, job->passphrase, NULL, NULL, &job->key);
}

static enum nube_ssh_turn start_decrypt(struct nube_ssh_link *l, const char *passphrase)
{
    struct nube_ssh_job *job = nube_ssh_zalloc(sizeof(*job));

    if (job) {
        job->run = decrypt;
        job->fd = -1;
        job->text = nube_ssh_strdup(l->auth.text);
        job->passphrase = nube_ssh_strdup(passphrase);
    }
    if (!job || !job->text || !job->passphrase || !nube_ssh_job_start(l->x, job))
        return nube_ssh_fail(l->x, NUBE_E_MEMORY, "no memory or thread to decrypt a key");
    l->auth.state = AUTH_DECRYPT;
    return NUBE_SSH_AGAIN;
}

static enum nube_ssh_turn locked(struct nube_ssh_link *l)
{
    struct nube_ssh_auth *a = &l->auth;

    if (l->hop->key_files_must || !a->offer->file)
        return nube_ssh_fail(l->x, NUBE_E_AUTH,
                             "the private key %s is encrypted and its passphrase is %s; give the "
                             "right one or add the key to ssh-agent",
                             name_of(a), l->hop->passphrase || a->asked > 1 ? "wrong" : "missing");
    return judge(l, SSH_AUTH_DENIED, "key (locked) ", name_of(a));
}

/* The person's own time does not count. */
static int ask(struct nube_ssh_link *l, char *answer, size_t size)
{
    char prompt[256];
    int rc;

    snprintf(prompt, sizeof(prompt), "Passphrase of private key %s: ", name_of(&l->auth));
    rc = l->x->req->ask(l->x->req->data, prompt, answer, size);
    answer[size - 1] = '\0';
    nube_ssh_host->loop->timer_set(l->x->ssh->loop, &l->x->limit, l->hop->connect_timeout_ms);
    return rc;
}

/* What is given, what was answered for another machine, then the person. */
static enum nube_ssh_turn ask_passphrase(struct nube_ssh_link *l)
{
    struct nube_ssh_auth *a = &l->auth;
    const char *known = nube_ssh_answer_find(l->x->ssh, name_of(a));
    char answer[ASK_SIZE];
    enum nube_ssh_turn turn;

    if (l->hop->passphrase)
        return a->asked++ ? locked(l) : start_decrypt(l, l->hop->passphrase);
    if (known && !a->recalled) {
        a->recalled = true;
        return start_decrypt(l, known);
    }
    if (a->asked++ >= ASK_TRIES || ask(l, answer, sizeof(answer)) != 0)
        return locked(l);
    a->recalled = true;
    nube_ssh_answer_keep(l->x->ssh, name_of(a), answer);
    turn = start_decrypt(l, answer);
    explicit_bzero(answer, sizeof(answer));
    return turn;
}

static enum nube_ssh_turn loaded(struct nube_ssh_link *l)
{
    struct nube_ssh_auth *a = &l->auth;

    if (a->cert && ssh_pki_copy_cert_to_privkey(a->cert, a->priv) != SSH_OK)
        return judge(l, SSH_AUTH_DENIED, "the certificate (of another key) of ", name_of(a));
    a->state = AUTH_SIGN;
    return NUBE_SSH_AGAIN;
}

static enum nube_ssh_turn load_key(struct nube_ssh_link *l)
{
    struct nube_ssh_auth *a = &l->auth;
    int rc = 0;

    if (!a->text && !a->offer->file)
        a->text = nube_ssh_strdup(l->hop->key);
    else if (!a->text)
        rc = nube_ssh_read_file(a->offer->file, &a->text);
    if (!a->text)
        return unusable(l, rc ? strerror(rc) : "needs more memory than there is");
    if (nube_ssh_is_too_hard(a->text))
        return unusable(l, "would take minutes to decrypt: make it anew with fewer rounds");
    if (nube_ssh_is_encrypted(a->text))
        return ask_passphrase(l);
    if (ssh_pki_import_privkey_base64(a->text, NULL, NULL, NULL, &a->priv) != SSH_OK)
        return unusable(l, "is in no format of private keys that is known here");
    return loaded(l);
}

/* The job is over; a wrong passphrase is asked for again. */
static enum nube_ssh_turn decrypted(struct nube_ssh_link *l)
{
    struct nube_ssh_job *job = l->x->job;
    int rc = job->rc;

    l->auth.priv = job->key;
    job->key = NULL;
    l->x->job = NULL;
    nube_ssh_job_free(job);
    return rc == SSH_OK ? loaded(l) : ask_passphrase(l);
}

/* ---- ssh-agent
 * ----------------------------------------------------------------------------------- */

static int connect_agent(const char *path)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int fd;

    if (strlen(path) >= sizeof(to.sun_path))
        return -1;
    memcpy(to.sun_path, path, strlen(path));
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static void ask_agent(struct nube_ssh_job *job)
{
    job->rc = ssh_userauth_agent(job->session, NULL);
}

static enum nube_ssh_turn begin_agent(struct nube_ssh_link *l)
{
    struct nube_ssh_auth *a = &l->auth;
    int fd;

    a->state = AUTH_NEXT;
    if (!(a->methods & SSH_AUTH_METHOD_PUBLICKEY) || a->agent >= 0)
        return NUBE_SSH_AGAIN;
    a->agent = connect_agent(l->hop->agent);
    if (a->agent < 0) {
        say_tried(a, "ssh-agent (does not answer)", "");
        return NUBE_SSH_AGAIN;
    }
    fd = fcntl(a->agent, F_DUPFD_CLOEXEC, 3); /* libssh closes its own */
    if (fd < 0 || ssh_set_agent_socket(l->session, fd) != SSH_OK)
        return nube_ssh_fail(l->x, NUBE_E_SYSTEM,
                             "ssh-agent cannot be used: no descriptor is left");
    a->state = AUTH_AGENT;
    return NUBE_SSH_AGAIN;
}

/* Each turn of it is a job: libssh waits for the agent inside. */
static enum nube_ssh_turn agent_turn(struct nube_ssh_link *l)
{
    struct nube_ssh_job *job = l->x->job;
    int rc;

    if (!job) {
        job = nube_ssh_zalloc(sizeof(*job));
        if (job) {
            job->fd = -1;
            job->run = ask_agent;
            job->session = l->session;
        }
        if (!job || !nube_ssh_job_start(l->x, job))
            return nube_ssh_fail(l->x, NUBE_E_MEMORY, "no memory or thread for ssh-agent");
        return NUBE_SSH_AGAIN;
    }
    rc = job->rc;
    l->x->job = NULL;
    nube_ssh_job_free(job);
    return judge(l, rc, "ssh-agent", "");
}

/* ---- Passwords
 * ------------------------------------------------------------------------------------- */

static enum nube_ssh_turn password(struct nube_ssh_link *l)
{
    int rc;

    if (!(l->auth.methods & SSH_AUTH_METHOD_PASSWORD)) {
        l->auth.state = AUTH_NEXT;
        return NUBE_SSH_AGAIN;
    }
    rc = ssh_userauth_password(l->session, NULL, l->hop->password);
    return judge(l, rc, "the password", "");
}

/* A server that asks for the password in its own words: every hidden question gets it. */
static enum nube_ssh_turn questions(struct nube_ssh_link *l)
{
    char echo;
    int rc, n;

    if (!(l->auth.methods & SSH_AUTH_METHOD_INTERACTIVE) || strstr(l->auth.tried, "password")) {
        l->auth.state = AUTH_NEXT;
        return NUBE_SSH_AGAIN;
    }
    while ((rc = ssh_userauth_kbdint(l->session, NULL, NULL)) == SSH_AUTH_INFO) {
        n = ssh_userauth_kbdint_getnprompts(l->session);
        if (n < 0 || n > 8 || ++l->auth.rounds > 16)
            return judge(l, SSH_AUTH_DENIED, "the password (other questions were asked)", "");
        for (int i = 0; i < n; i++) {
            ssh_userauth_kbdint_getprompt(l->session, (unsigned)i, &echo);
            ssh_userauth_kbdint_setanswer(l->session, (unsigned)i, echo ? "" : l->hop->password);
        }
    }
    return judge(l, rc, "the password", "");
}

/* ---- One after the other
 * --------------------------------------------------------------------------- */

static enum nube_ssh_turn next_offer(struct nube_ssh_link *l)
{
    struct nube_ssh_auth *a = &l->auth;

    a->offer = &a->offers[a->next];
    switch (a->offer->way) {
    case WAY_END:
        return refused(l);
    case WAY_KEY:
        a->next++;
        return begin_key(l);
    case WAY_AGENT:
        a->next++;
        return begin_agent(l);
    default:
        a->next++;
        a->state = a->offer->way == WAY_PASSWORD ? AUTH_PASSWORD : AUTH_KBDINT;
        return NUBE_SSH_AGAIN;
    }
}

static enum nube_ssh_turn begin(struct nube_ssh_link *l)
{
    int rc;

    l->stage = NUBE_SSH_AUTH;
    if (!l->auth.offers && !list_offers(l))
        return nube_ssh_fail(l->x, NUBE_E_MEMORY, "out of memory");
    rc = ssh_userauth_none(l->session, NULL);
    if (rc == SSH_AUTH_AGAIN)
        return NUBE_SSH_AGAIN;
    if (rc == SSH_AUTH_SUCCESS)
        return judge(l, rc, "nothing", "");
    if (rc == SSH_AUTH_ERROR)
        return broke(l);
    l->auth.methods = ssh_userauth_list(l->session, NULL);
    l->auth.state = AUTH_NEXT;
    return NUBE_SSH_AGAIN;
}

static enum nube_ssh_turn one(struct nube_ssh_link *l)
{
    struct nube_ssh_auth *a = &l->auth;

    switch (a->state) {
    case AUTH_NONE:
        return begin(l);
    case AUTH_NEXT:
        return next_offer(l);
    case AUTH_KNOCK:
        return knock(l);
    case AUTH_LOAD:
        return load_key(l);
    case AUTH_DECRYPT:
        return decrypted(l);
    case AUTH_SIGN:
        return judge(l, ssh_userauth_publickey(l->session, NULL, a->priv),
                     a->cert ? "the certificate of key " : "key ", name_of(a));
    case AUTH_AGENT:
        return agent_turn(l);
    case AUTH_PASSWORD:
        return password(l);
    default:
        return questions(l);
    }
}

/* A step that leads to another state is followed at once. */
enum nube_ssh_turn nube_ssh_log_in(struct nube_ssh_link *l)
{
    struct nube_ssh_auth *a = &l->auth;

    for (;;) {
        enum nube_ssh_auth_state state = a->state;
        size_t next = a->next;
        enum nube_ssh_turn turn = one(l);

        if (turn != NUBE_SSH_AGAIN || l->x->job || (a->state == state && a->next == next))
            return turn;
    }
}
