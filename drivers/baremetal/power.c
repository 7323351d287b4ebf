/* Power: shut down and started again from inside, over SSH; switched from outside by the management
 * controller. */
#include <string.h>

#include "baremetal.h"

/* From another process, so that the answer is here before the machine is gone. */
#define LATER(command) "(trap '' HUP; sleep 1; " command ") </dev/null >/dev/null 2>&1 &"
static const char stop[] = LATER("case $(uname) in *BSD) shutdown -p now;; SunOS) shutdown -y -g0 "
                                 "-i5;; *) shutdown -h now || poweroff;; esac");
static const char reboot[] = LATER("case $(uname) in SunOS) shutdown -y -g0 -i6;; *) shutdown -r "
                                   "now || reboot;; esac");

enum { COMMAND = 1, SYSTEMS, SYSTEM, RESET };

/* root does it; others by sudo, with a password when there is one. */
static enum nube_step over_ssh(nube_call *c, const struct bm_host *h, const char *what)
{
    const char *password = nube_opt_str(c, "sudo_password");
    const char *sudo = password ? "sudo -S -p ''" : "sudo -n";
    const char *line = nube_fmt(c, "PATH=$PATH:/usr/sbin:/sbin; %s", what);
    const char *quoted = nube_ssh_quote(c, line);
    nube_req *q;

    if (!nube_opt_int(c, "sudo", 1))
        sudo = "";
    q = nube_req_ssh(c, h->host,
                     nube_fmt(c, "if [ \"$(id -u)\" = 0 ]; then sh -c %s; else %s sh -c %s; fi",
                              quoted, sudo, quoted));
    if (password)
        nube_req_body(q, NULL, nube_fmt(c, "%s\n", password), strlen(password) + 1);
    bm_login(c, q, h);
    nube_req_flag(q, NUBE_REQ_TOKENED); /* shut down twice is shut down */
    return bm_send(c, COMMAND);
}

static enum nube_step ended(nube_call *c, const struct bm_host *h, const nube_reply *r)
{
    size_t len;
    const char *text = nube_reply_errors(r, &len);

    if (nube_reply_exit(r) == 0)
        return NUBE_DONE;
    return nube_fail(c, NUBE_E_FORBIDDEN,
                     "%s: %.*s; let the user do it by sudo without a password, or set "
                     "sudo_password",
                     h->name, (int)strcspn(text, "\r\n"), text);
}

/* By the management controller: systems, the first of them, and its reset. */
static enum nube_step by_bmc(nube_call *c, const struct bm_host *h, const char *type,
                             const nube_reply *r)
{
    switch (nube_phase(c)) {
    case 0:
        if (!h->bmc)
            return nube_fail(c, NUBE_E_UNSUPPORTED,
                             "%s has no management controller to switch it with: set bmc=URL",
                             h->name);
        bm_ask_systems(c, h);
        return bm_send(c, SYSTEMS);
    case SYSTEMS:
        return bm_ask_system(c, h, r) ? bm_send(c, SYSTEM) : NUBE_FAIL;
    case SYSTEM:
        nube_set_phase(c, RESET);
        return bm_reset(c, h, r, type);
    default:
        return NUBE_DONE;
    }
}

static enum nube_step act(nube_call *c, const nube_reply *r, const char *command, const char *type)
{
    const struct bm_host *h = bm_wanted(c);

    if (!h)
        return NUBE_FAIL;
    if (type)
        return by_bmc(c, h, type, r);
    return r ? ended(c, h, r) : over_ssh(c, h, command);
}

enum nube_step bm_node_start(nube_call *c, const nube_reply *r)
{
    return act(c, r, NULL, "On");
}

enum nube_step bm_node_stop(nube_call *c, const nube_reply *r)
{
    return act(c, r, stop, nube_arg_bool(c, "force", 0) ? "ForceOff" : NULL);
}

enum nube_step bm_node_reboot(nube_call *c, const nube_reply *r)
{
    return act(c, r, reboot, nube_arg_bool(c, "hard", 0) ? "ForceRestart" : NULL);
}
