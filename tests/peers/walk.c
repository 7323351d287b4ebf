/* Many lists at once over one connection, with a pause: walk DRIVERS SERVICES PROVIDER CALLS PAGES
 * [OPTION=VALUE]...
 * After so many pages it says "pause" and goes on at a line from standard input. At the end: how
 * many nodes each call saw, how many calls failed, how many times it logged in. */
#include <nube/nube.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct nube_error err = NUBE_ERROR_INIT;
static int logins;

static void must(int rc, const char *what)
{
    if (rc >= 0)
        return;
    fprintf(stderr, "%s: %s: %s\n", what, nube_code_name(rc), err.message);
    exit(1);
}

/* Requests on the wire: those that log in have no other path. */
static void log_line(void *payload, int level, const char *line)
{
    (void)payload;
    (void)level;
    logins += strncmp(line, "> POST ", 7) == 0 && strstr(line, "/auth/tokens") != NULL;
}

static nube_conn *connect_to(nube_lib *lib, char **argv)
{
    nube_args *args;
    nube_conn *conn;
    char **option;

    must(nube_args_new(&args, &err), "args");
    for (option = argv + 6; *option; option++)
        must(nube_args_parse(args, *option, &err), *option);
    must(nube_connect(&conn, lib, argv[3], NULL, args, &err), "connect");
    nube_args_free(args);
    return conn;
}

static void pause_here(void)
{
    char line[16];

    printf("pause\n");
    fflush(stdout);
    if (!fgets(line, sizeof(line), stdin))
        exit(1);
}

/* Counts what each call sees; gives how many failed. */
static int walk(nube_batch *batch, int pages)
{
    struct nube_done done = NUBE_DONE_INIT;
    int rc, failures = 0, n = 0;

    while ((rc = nube_batch_next(&done, batch, &err)) == 1) {
        if (done.code)
            fprintf(stderr, "a call failed: %s: %s\n", nube_code_name(done.code), err.message);
        failures += done.code != 0;
        *(size_t *)done.user += nube_result_count(done.result);
        nube_result_free(done.result);
        if (++n == pages)
            pause_here();
    }
    must(rc, "batch");

    return failures;
}

int main(int argc, char **argv)
{
    struct nube_hooks hooks = NUBE_HOOKS_INIT;
    size_t seen[64] = {0}, calls, i;
    nube_batch *batch;
    nube_conn *conn;
    nube_lib *lib;
    int failures;

    if (argc < 6 || (calls = strtoul(argv[4], NULL, 10)) > 64)
        return 2;
    hooks.driver_path = argv[1];
    hooks.service_path = argv[2];
    hooks.log = log_line;
    hooks.log_level = NUBE_LOG_WIRE;
    must(nube_lib_open(&lib, &hooks, &err), "lib");
    conn = connect_to(lib, argv);
    must(nube_batch_new(&batch, lib, &err), "batch");
    for (i = 0; i < calls; i++)
        must(nube_batch_add(batch, conn, NUBE_OP_NODE_LIST, NULL, NULL, &seen[i], &err), "add");
    failures = walk(batch, (int)strtol(argv[5], NULL, 10));
    for (i = 0; i < calls; i++)
        printf("%zu\n", seen[i]);
    printf("failures %d\nlogins %d\n", failures, logins);
    nube_batch_free(batch);
    nube_conn_free(conn);
    nube_lib_free(lib);
    return failures != 0;
}
