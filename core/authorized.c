/* authorized_keys of a machine: read, and changed by a script for any Unix that never leaves half a
 * file. */
#include <string.h>

#include "ssh_int.h"

const char nube_not_a_public_key[] =
    "that is not a public key: it reads \"ssh-ed25519 AAAA... comment\", on one line";

/* The directory is the lock, since not every Unix has flock(1); who died in it is gone after a
 * minute. In front of it are what: add or remove, key: its octets in base64, line: the whole. */
static const char change[] =
    "umask 077; d=$HOME/.ssh; f=$d/authorized_keys; l=$d/.authorized_keys.lock\n"
    "[ -d \"$d\" ] || mkdir \"$d\" || exit 1\n"
    "f=$(readlink -f \"$f\" 2>/dev/null || echo \"$f\")\n"
    "n=0; until mkdir \"$l\" 2>/dev/null; do n=$((n+1))\n"
    "[ -w \"$d\" ] || { echo \"$d cannot be written\" >&2; exit 1; }\n"
    "[ -z \"$(find \"$l\" -prune -mmin +1 2>/dev/null)\" ] || rmdir \"$l\" 2>/dev/null\n"
    "[ $n -lt 300 ] || { echo \"$l is held by another\" >&2; exit 1; }; sleep 0.1 2>/dev/null || "
    "sleep 1; done\n"
    "t=; trap 'rm -f \"$t\"; rmdir \"$l\"' EXIT; trap 'exit 1' HUP INT TERM\n"
    "has() { case $1 in \\#*) return 1;; esac; case \" $1 \" in *\" $key \"*) return 0;; esac; "
    "return 1; }\n"
    "found=; [ ! -e \"$f\" ] || while IFS= read -r x || [ -n \"$x\" ]; do "
    "has \"$x\" && found=1; done <\"$f\"\n"
    "if [ \"$what\" = add ]; then [ -z \"$found\" ] || { echo same; exit 0; }\n"
    "else [ -n \"$found\" ] || { echo same; exit 0; }; fi\n"
    "t=$(mktemp \"$f.XXXXXX\") || exit 1\n"
    "if [ -e \"$f\" ]; then cp -p \"$f\" \"$t\" || exit 1; fi\n"
    "if [ \"$what\" = add ]; then\n"
    "[ ! -s \"$t\" ] || [ -z \"$(tail -c 1 \"$t\")\" ] || echo >>\"$t\" || exit 1\n"
    "printf '%s\\n' \"$line\" >>\"$t\" || exit 1\n"
    "else while IFS= read -r x || [ -n \"$x\" ]; do has \"$x\" || printf '%s\\n' \"$x\"; "
    "done <\"$f\" >\"$t\" || exit 1; fi\n"
    "mv -f \"$t\" \"$f\" && t= && echo changed\n";

/* "ssh-ed25519 AAAA... comment": its second word. NULL: it is not such a line. */
static const char *octets_of(const char *line, size_t *len)
{
    size_t kind = line ? strcspn(line, " \t") : 0;

    if (!kind || !line[kind] || strpbrk(line, "\r\n"))
        return NULL;
    line += kind + strspn(line + kind, " \t");
    *len = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");
    return strncmp(line, "AAAA", 4) == 0 && strchr(" \t", line[*len]) ? line : NULL;
}

bool nube_authorized_script(struct nube_buf *out, bool add, const char *public_key)
{
    size_t len;
    const char *octets = octets_of(public_key, &len);

    if (!octets)
        return false;
    nube_buf_fmt(out, "what=%s\nkey=%.*s\nline=", add ? "add" : "remove", (int)len, octets);
    nube_ssh_put_quoted(out, public_key);
    nube_buf_fmt(out, "\n%s", change);
    return true;
}

nube_req *nube_req_authorized(nube_call *c, const char *host, enum nube_authorized what,
                              const char *public_key)
{
    struct nube_buf script;
    nube_req *q;

    if (what == NUBE_AUTHORIZED_READ) {
        q = nube_req_ssh(c, host, "f=$HOME/.ssh/authorized_keys; test ! -e \"$f\" || cat \"$f\"");
        nube_req_flag(q, NUBE_REQ_SAFE);
        return q;
    }
    nube_buf_init(&script, NUBE_MAX_DATA);
    if (!nube_authorized_script(&script, what == NUBE_AUTHORIZED_ADD, public_key))
        nube_fail(c, NUBE_E_USAGE, "%s", nube_not_a_public_key);
    q = nube_req_ssh(c, host, "exec sh");
    nube_req_body(q, NULL, script.data ? script.data : "", script.len);
    nube_req_flag(q, NUBE_REQ_TOKENED);
    nube_buf_free(&script);
    return q;
}
