/* The hosts there are: from the options, from a file with a line each, and from ssh_config. */
#include <string.h>

#include "baremetal.h"

enum { AGE_MS = 360000 }; /* so long at most until the files are read again */

enum nube_step bm_send(nube_call *c, int phase)
{
    nube_set_phase(c, phase);
    return NUBE_SEND;
}

const char *bm_file(nube_call *c)
{
    const char *given = nube_opt_str(c, "hosts_file"), *xdg = nube_env(c, "XDG_CONFIG_HOME");

    if (given || nube_opt_str(c, "host"))
        return given;
    return xdg && *xdg == '/' ? nube_fmt(c, "%s/nube/hosts", xdg) : "~/.config/nube/hosts";
}

/* ---- A line ------------------------------------------------------------------------- */

static const char **field(struct bm_host *h, const char *word, size_t len)
{
    const struct {
        const char *name, **at;
    } fields[] = {{"host", &h->host},         {"port", &h->port}, {"user", &h->user},
                  {"key_file", &h->key_file}, {"jump", &h->jump}, {"host_key", &h->host_key},
                  {"location", &h->location}, {"bmc", &h->bmc}};

    for (size_t i = 0; i < BM_ROWS(fields); i++)
        if (strlen(fields[i].name) == len && memcmp(fields[i].name, word, len) == 0)
            return fields[i].at;
    return NULL;
}

int bm_parse(nube_call *c, struct bm_host *h, const char *line, const char *where, int number)
{
    const char *const *words;
    const char **at, *value;

    line += strspn(line, " \t\r");
    if (!*line || *line == '#')
        return 0;
    words = nube_words(c, line);
    if (!words)
        return nube_fail(c, NUBE_E_USAGE, "%s line %d: a quotation mark is not closed", where,
                         number),
               -1;
    *h = (struct bm_host){.name = words[0], .host = words[0]};
    while (*++words && **words != '#') {
        value = strchr(*words, '=');
        at = value ? field(h, *words, (size_t)(value - *words)) : NULL;
        if (!at) {
            nube_fail(c, NUBE_E_USAGE,
                      "%s line %d: \"%s\" is none of host=, port=, user=, key_file=, jump=, "
                      "host_key=, location= and bmc=",
                      where, number, *words);
            return -1;
        }
        *at = value + 1;
    }
    return 1;
}

/* ---- The session ---------------------------------------------------------------------- */

static const char *cut(nube_call *c, const char *from, const char *to)
{
    return nube_fmt(c, "%.*s", (int)(to - from), from);
}

/* [NAME=][USER@]HOST[:PORT], an IPv6 address with a port in brackets, as a line of the file. */
static const char *option_line(nube_call *c, const char *item)
{
    const char *name = strchr(item, '='), *where = name ? name + 1 : item,
               *at = strrchr(where, '@');
    const char *user = at ? cut(c, where, at) : NULL, *port = NULL, *end, *line;

    if (at)
        where = at + 1;
    end = *where == '[' ? strchr(where, ']') : strchr(where, ':');
    if (end && *where == '[') {
        port = end[1] == ':' ? end + 2 : NULL;
        where = cut(c, where + 1, end);
    } else if (end && !strchr(end + 1, ':')) {
        port = end + 1;
        where = cut(c, where, end);
    }
    line = nube_fmt(c, "%s host=%s", nube_ssh_quote(c, name ? cut(c, item, name) : where),
                    nube_ssh_quote(c, where));
    if (user)
        line = nube_fmt(c, "%s user=%s", line, nube_ssh_quote(c, user));
    return port ? nube_fmt(c, "%s port=%s", line, nube_ssh_quote(c, port)) : line;
}

static const char *from_options(nube_call *c)
{
    const char *list = nube_opt_str(c, "host"), *bmc = nube_opt_str(c, "bmc"), *lines = "";
    size_t len, hosts = 0;

    for (; list && *list; list += len) {
        list += strspn(list, ", \t");
        len = strcspn(list, ", \t");
        if (len)
            lines = nube_fmt(c, "%so%s\n", lines, option_line(c, cut(c, list, list + len)));
        hosts += len > 0;
    }
    if (bmc && hosts != 1)
        return nube_fail(c, NUBE_E_USAGE,
                         "bmc is for a single host: write bmc=URL in the lines of the hosts file"),
               NULL;
    return bmc ? nube_fmt(c, "%.*s bmc=%s\n", (int)strlen(lines) - 1, lines, nube_ssh_quote(c, bmc))
               : lines;
}

/* The file's own lines. NULL: one of them is wrong. */
static const char *from_file(nube_call *c, const char *lines, const char *text)
{
    struct bm_host h;
    int number = 0, rc;

    for (; text && *text; text += *text == '\n') {
        size_t len = strcspn(text, "\n");
        const char *line = cut(c, text, text + len);

        rc = bm_parse(c, &h, line, bm_file(c), ++number);
        if (rc < 0)
            return NULL;
        if (rc)
            lines = nube_fmt(c, "%sf%s\n", lines, line);
        text += len;
    }
    return lines;
}

/* Hosts that are named, not patterns; what else is said of them ssh_config says again later. */
static const char *from_ssh(nube_call *c, const char *lines, const char *text)
{
    for (; text && *text; text += strcspn(text, "\n"), text += *text == '\n') {
        const char *const *words;
        size_t len;

        text += strspn(text, " \t\r");
        len = strcspn(text, "\r\n");
        if (strncasecmp(text, "host", 4) != 0 || !strchr(" \t=\"", text[4]))
            continue;
        words = nube_words(c, cut(c, text + 5, text + len));
        for (; words && *words; words++)
            if (!strpbrk(*words, "*?!="))
                lines = nube_fmt(c, "%ss%s\n", lines, nube_ssh_quote(c, *words));
    }
    return lines;
}

static void add_controllers(nube_call *c)
{
    size_t n;
    const struct bm_host *h = bm_hosts(c, &n);

    for (size_t i = 0; i < n; i++)
        if (h[i].bmc)
            nube_session_endpoint(c, nube_fmt(c, "bmc.%s", h[i].name), h[i].bmc);
}

enum { FILES = 1 };
struct auth {
    const char *file, *ssh;
    int left;
};

static enum nube_step have_files(nube_call *c, const struct auth *a)
{
    const char *own = from_options(c), *lines = own ? from_file(c, own, a->file) : NULL;

    if (!lines)
        return NUBE_FAIL;
    nube_session_set(c, "hosts", from_ssh(c, lines, a->ssh));
    nube_session_expires(c, nube_now(c) + AGE_MS);
    add_controllers(c);
    return NUBE_DONE;
}

static void need_file(nube_call *c, struct auth *a, const char *path, int tag)
{
    nube_need_file(c, path, 0, tag);
    a->left++;
}

static enum nube_step begin(nube_call *c, struct auth *a)
{
    const char *file = bm_file(c), *config = nube_opt_str(c, "ssh_config");
    int only = !nube_opt_str(c, "host") && !nube_opt_str(c, "hosts_file");

    if (file)
        need_file(c, a, file, BM_FILE);
    if (nube_opt_int(c, "ssh_hosts", only) && !(config && strcmp(config, "none") == 0))
        need_file(c, a, config ? config : "~/.ssh/config", BM_SSH_CONFIG);
    return a->left ? bm_send(c, FILES) : have_files(c, a);
}

enum nube_step bm_auth(nube_call *c, const nube_reply *r)
{
    struct auth *a = nube_state(c, sizeof(*a));

    if (!r)
        return begin(c, a);
    if (nube_reply_status(r) == 200)
        *(nube_reply_tag(r) == BM_FILE ? &a->file : &a->ssh) =
            nube_strdup(c, nube_reply_body(r, NULL));
    return --a->left ? NUBE_SEND : have_files(c, a);
}

/* ---- Looking one up ---------------------------------------------------------------------- */

static const struct bm_host *named(const struct bm_host *all, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(all[i].name, name) == 0)
            return &all[i];
    return NULL;
}

/* Of several with one name the first counts: options before the file before ssh_config. */
const struct bm_host *bm_hosts(nube_call *c, size_t *count)
{
    const char *text = nube_session_str(c, "hosts"), *end;
    struct bm_host *all, *h;
    size_t n = 0, most = 0;

    for (end = text; end && (end = strchr(end, '\n')); end++)
        most++;
    all = nube_alloc(c, (most + 1) * sizeof(*all));
    for (; text && *text; text = end + 1) {
        end = strchr(text, '\n');
        h = &all[n];
        if (bm_parse(c, h, cut(c, text + 1, end), "hosts", 0) != 1 || named(all, n, h->name))
            continue;
        h->source = *text == 'o' ? BM_OPTION : *text == 'f' ? BM_FILE : BM_SSH_CONFIG;
        n++;
    }
    *count = n;
    return all;
}

static const struct bm_host *find(nube_call *c, const char *id)
{
    size_t n;
    const struct bm_host *all = bm_hosts(c, &n);

    return named(all, n, id);
}

const struct bm_host *bm_wanted(nube_call *c)
{
    const char *id = nube_arg_str(c, "id");
    const struct bm_host *h = find(c, id);

    if (!h)
        nube_fail(c, NUBE_E_NOT_FOUND, "there is no host %s; adopt it: nube node create --name %s",
                  id, id);
    return h;
}

void bm_login(nube_call *c, nube_req *q, const struct bm_host *h)
{
    static const char *const all[] = {"port",           "user",        "key",      "key_file",
                                      "key_passphrase", "certificate", "password", "agent",
                                      "host_key",       "known_hosts", "jump",     "ssh_config",
                                      "connect_timeout"};

    for (size_t i = 0; i < BM_ROWS(all); i++)
        nube_req_ssh_set(q, all[i], nube_opt_str(c, all[i]));
    nube_req_ssh_set(q, "port", h->port);
    nube_req_ssh_set(q, "user", h->user);
    nube_req_ssh_set(q, "key_file", h->key_file);
    nube_req_ssh_set(q, "jump", h->jump);
    nube_req_ssh_set(q, "host_key", h->host_key);
    nube_req_about(q, nube_fmt(c, "host %s", h->name));
}

const char *bm_ssh_host(nube_call *c, nube_req *q, const char *id)
{
    const struct bm_host *h = find(c, id);

    if (!h)
        return NULL;
    bm_login(c, q, h);
    return h->host;
}
