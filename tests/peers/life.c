/* The whole life of a node from C: life DRIVERS SERVICES IMAGE option=value... */
#include <nube/nube.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct nube_error err = NUBE_ERROR_INIT;

static void must(int rc, const char *what)
{
    if (!rc)
        return;
    fprintf(stderr, "%s: %s: %s\n", what, nube_code_name(rc), err.message);
    exit(1);
}

static void check(int good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "%s is not so\n", what);
    exit(1);
}

static nube_conn *connect_to(nube_lib *lib, char **options)
{
    nube_args *args;
    nube_conn *conn;

    must(nube_args_new(&args, &err), "args");
    for (; *options; options++)
        must(nube_args_parse(args, *options, &err), *options);
    must(nube_connect(&conn, lib, "docker", NULL, args, &err), "connect");
    nube_args_free(args);
    return conn;
}

/* The most octets of a total that a pull told of. */
static int64_t moved;

static void on_progress(void *payload, const struct nube_progress *p)
{
    check(payload == &moved, "the payload");
    if (p->kind != 1 || p->total <= 0)
        return;
    check(p->id && p->text, "a layer's name and what is done with it");
    check(p->current >= 0 && p->current <= p->total, "progress within its total");
    if (p->current > moved)
        moved = p->current;
}

static nube_node *create(nube_conn *conn, const char *image)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    nube_node *node;
    nube_args *args;

    must(nube_args_new(&args, &err), "args");
    nube_args_set(args, "name", "life");
    nube_args_set(args, "image", image);
    nube_args_set(args, "command", "sleep");
    nube_args_set(args, "command", "600");
    nube_args_set_int(args, "memory", 64 << 20);
    nube_args_set_pair(args, "tag", "kind", "test");
    opts.progress = on_progress;
    opts.payload = &moved;
    must(nube_node_create(&node, conn, args, &opts, &err), "create");
    nube_args_free(args);
    printf("progress: %s\n", moved ? "octets of a total" : "none");
    return node;
}

static void run(nube_conn *conn, const char *id)
{
    static const char *const argv[] = {"sh", "-c", "echo out; echo err >&2; exit 3", NULL};
    nube_result *result;

    must(nube_node_run(&result, conn, id, argv, NULL, NULL, &err), "run");
    check(!strcmp(nube_result_output(result, NUBE_STDOUT, NULL), "out\n"), "stdout");
    check(!strcmp(nube_result_output(result, NUBE_STDERR, NULL), "err\n"), "stderr");
    printf("run: status %d, out\\n on one stream, err\\n on the other\n",
           nube_result_status(result));
    nube_result_free(result);
}

static void expect(nube_conn *conn, const char *id, enum nube_state state)
{
    nube_node *node;

    must(nube_node_get(&node, conn, id, NULL, &err), "get");
    check(nube_node_state(node) == state, nube_state_name(state));
    nube_obj_free(node);
}

/* The program in it ends by a signal that it does not heed: it is not given the usual ten seconds.
 */
static void stop_and_start(nube_conn *conn, const char *id)
{
    nube_args *soon;

    must(nube_args_new(&soon, &err), "args");
    nube_args_set(soon, "timeout", "1s");
    must(nube_node_stop(conn, id, soon, NULL, &err), "stop");
    expect(conn, id, NUBE_STATE_STOPPED);
    must(nube_node_start(conn, id, NULL, &err), "start");
    must(nube_node_reboot(conn, id, soon, NULL, &err), "reboot");
    expect(conn, id, NUBE_STATE_RUNNING);
    nube_args_free(soon);
}

int main(int argc, char **argv)
{
    struct nube_hooks hooks = NUBE_HOOKS_INIT;
    struct nube_wait wait = NUBE_WAIT_INIT;
    nube_node *node;
    nube_conn *conn;
    nube_lib *lib;
    const char *id;

    check(argc > 4, "DRIVERS SERVICES IMAGE option=value...");
    hooks.driver_path = argv[1];
    hooks.service_path = argv[2];
    must(nube_lib_open(&lib, &hooks, &err), "open");
    conn = connect_to(lib, argv + 4);
    node = create(conn, argv[3]);
    id = nube_id(node);
    must(nube_node_wait(conn, &id, 1, &wait, NULL, NULL, &err), "wait");
    check(!strcmp(nube_map_get(node, NUBE_TAGS, "kind"), "test"), "the tag");
    run(conn, id);
    must(nube_node_suspend(conn, id, NULL, &err), "suspend");
    expect(conn, id, NUBE_STATE_PAUSED);
    must(nube_node_resume(conn, id, NULL, &err), "resume");
    must(nube_node_rename(conn, id, "lived", NULL, &err), "rename");
    stop_and_start(conn, id);
    must(nube_node_destroy(conn, id, NULL, NULL, &err), "destroy");
    wait.flags = NUBE_WAIT_GONE;
    must(nube_node_wait(conn, &id, 1, &wait, NULL, NULL, &err), "wait until gone");
    nube_obj_free(node);
    nube_conn_free(conn);
    nube_lib_free(lib);
    return 0;
}
