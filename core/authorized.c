/* authorized_keys of a machine: read, and changed by a script for any Unix that never leaves half a
 * file. */
#include <string.h>

#include "call_int.h"

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
static const char *octets_of(nube_call *c, const char *line)
{
    size_t kind = line ? strcspn(line, " \t") : 0, len;

    if (!kind || !line[kind] || strpbrk(line, "\r\n"))
        return NULL;
    line += kind + strspn(line + kind, " \t");
    len = strcspn(line, " \t");
    return strncmp(line, "AAAA", 4) == 0 ? nube_fmt(c, "%.*s", (int)len, line) : NULL;
}

nube_req *nube_req_authorized(nube_call *c, const char *host, enum nube_authorized what,
                              const char *public_key)
{
    nube_req *q;
    const char *octets, *script;

    if (what == NUBE_AUTHORIZED_READ) {
        q = nube_req_ssh(c, host, "f=$HOME/.ssh/authorized_keys; test ! -e \"$f\" || cat \"$f\"");
        nube_req_flag(q, NUBE_REQ_SAFE);
        return q;
    }
    octets = octets_of(c, public_key);
    if (!octets)
        nube_fail(
            c, NUBE_E_USAGE,
            "that is not a public key: it reads \"ssh-ed25519 AAAA... comment\", on one line");
    script =
        nube_fmt(c, "what=%s\nkey=%s\nline=%s\n%s", what == NUBE_AUTHORIZED_ADD ? "add" : "remove",
                 nube_ssh_quote(c, octets ? octets : ""),
                 nube_ssh_quote(c, public_key ? public_key : ""), change);
    q = nube_req_ssh(c, host, "exec sh");
    nube_req_body(q, NULL, script, strlen(script));
    nube_req_flag(q, NUBE_REQ_TOKENED);
    return q;
}
