/* The session of py-smartdc's README, against Joyent's CloudAPI: smartdc DATACENTER
 * [option=value]...
 *
 * Connects, lists keys, connects to a second datacenter with the same credentials, finds the
 * default package and the newest image of a name, creates a machine, waits while it is provisioned,
 * runs a command on it over SSH and takes its output apart, stops it, waits, deletes it.
 *
 *   smartdc us-east-1 account=test key_id=/test/keys/test_key key_file=~/.ssh/id_rsa
 *
 * Options are those of the joyent driver; "nube driver show joyent" lists them.
 */
#include <nube/image.h>
#include <nube/key.h>
#include <nube/nube.h>
#include <stdio.h>
#include <string.h>

static struct nube_error err = NUBE_ERROR_INIT;

/* sdc = DataCenter(location='us-sw-1', key_id='/test/keys/test_key', secret='~/.ssh/id_rsa')
 * east = sdc.datacenter('us-east-1'): where != NULL; the endpoint knows where that is. */
static int connect_to(nube_conn **out, nube_lib *lib, const char *where, char **options)
{
    nube_args *args;
    int rc = nube_args_new(&args, &err);

    for (; !rc && *options; options++)
        rc = nube_args_parse(args, *options, &err);
    if (!rc)
        nube_args_set(args, "location", where);
    if (!rc)
        rc = nube_connect(out, lib, "joyent", where, args, &err);
    nube_args_free(args);
    return rc;
}

/* sdc.keys() */
static int show_keys(nube_conn *sdc)
{
    const nube_key *key;
    nube_iter *keys;
    int rc = nube_key_list(&keys, sdc, NULL, NULL, &err);

    if (rc)
        return rc;
    while ((rc = nube_iter_next(&key, keys, &err)) == 1)
        printf("key %s %s\n", nube_name(key), nube_list_at(key, NUBE_FINGERPRINTS, 0));
    nube_iter_free(keys);
    return rc;
}

/* east.default_package(): NULL where the datacenter has none. *out is owned. */
static int default_package(nube_size **out, nube_conn *east)
{
    const nube_size *size;
    nube_iter *sizes;
    int rc = nube_size_list(&sizes, east, NULL, NULL, &err);
    int64_t is_default;

    *out = NULL;
    if (rc)
        return rc;
    while ((rc = nube_iter_next(&size, sizes, &err)) == 1)
        if (!*out && nube_int(size, NUBE_DEFAULT, &is_default) && is_default)
            nube_obj_dup(out, size, &err);
    nube_iter_free(sizes);
    return rc;
}

/* east.create_machine(name='test-machine', dataset=latest64). Without a size the library chooses
 * one, and without an image too. */
static int create(nube_node **out, nube_conn *east, const nube_image *image, const nube_size *size)
{
    nube_args *args;
    int rc = nube_args_new(&args, &err);

    if (rc)
        return rc;
    nube_args_set(args, "name", "test-machine");
    nube_args_set_obj(args, "image", image);
    if (size)
        nube_args_set_obj(args, "size", size);
    rc = nube_node_create(out, east, args, NULL, &err);
    nube_args_free(args);
    return rc;
}

/* test_machine.poll_while('provisioning'), test_machine.poll_until('stopped'). Unlike there, it
 * ends: at a failure, at its limit, and when the machine is gone. */
static int wait_for(nube_conn *east, const char *id, const char *states, unsigned flags,
                    enum nube_op after)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    struct nube_wait wait = NUBE_WAIT_INIT;

    opts.deadline_ms = 300000;
    wait.states = states;
    wait.flags = flags;
    wait.after = (uint32_t)after;
    return nube_node_wait(east, &id, 1, &wait, &opts, NULL, &err);
}

/* dict(ln.split(None, 1) for ln in rout): "NAME-VERSION   what it is". */
static void show_packages(const char *text)
{
    while (*text) {
        size_t line = strcspn(text, "\n"), word = strcspn(text, " \t\n"),
               gap = strspn(text + word, " \t");

        if (word + gap < line)
            printf("package %.*s: %.*s\n", (int)word, text, (int)(line - word - gap),
                   text + word + gap);
        text += line + (text[line] == '\n');
    }
}

/* ssh_conn.exec_command('pkgin ls'). A machine that lets nobody in is no reason to leave it there:
 * it is said, and the session goes on. */
static void list_packages(nube_conn *east, const char *id)
{
    static const char *const command[] = {"pkgin", "ls", NULL};
    nube_result *result = NULL;

    if (nube_node_run(&result, east, id, command, NULL, NULL, &err))
        printf("no packages: %s\n", err.message);
    else
        show_packages(nube_result_output(result, NUBE_STDOUT, NULL));
    nube_result_free(result);
}

/* From its creation to its end; whatever fails, it does not stay. */
static int live(nube_conn *east, const nube_image *image, const nube_size *size)
{
    nube_node *node = NULL;
    int rc = create(&node, east, image, size), gone;

    if (!rc)
        printf("machine %s is %s\n", nube_name(node), nube_str(node, NUBE_RAW_STATE));
    if (!rc)
        rc = wait_for(east, nube_id(node), "provisioning", NUBE_WAIT_WHILE, NUBE_OP_NONE);
    if (!rc)
        list_packages(east, nube_id(node));
    if (!rc)
        rc = nube_node_stop(east, nube_id(node), NULL, NULL, &err);
    if (!rc)
        rc = wait_for(east, nube_id(node), "stopped", 0, NUBE_OP_NODE_STOP);
    if (node) {
        gone = nube_node_destroy(east, nube_id(node), NULL, NULL, rc ? NULL : &err);
        rc = rc ? rc : gone;
    }
    if (!rc)
        printf("machine %s is deleted\n", nube_name(node));
    nube_obj_free(node);
    return rc;
}

int main(int argc, char **argv)
{
    nube_conn *sdc = NULL, *east = NULL;
    nube_image *image = NULL;
    nube_size *size = NULL;
    nube_lib *lib = NULL;
    int rc;

    if (argc < 2)
        return fprintf(stderr, "usage: smartdc DATACENTER [option=value]...\n"), 2;
    rc = nube_lib_open(&lib, NULL, &err);
    if (!rc)
        rc = connect_to(&sdc, lib, NULL, argv + 2);
    if (!rc)
        rc = show_keys(sdc);
    if (!rc)
        rc = connect_to(&east, lib, argv[1], argv + 2);
    if (!rc)
        rc = default_package(&size, east);
    if (!rc)
        printf("default package: %s\n", size ? nube_name(size) : "none");
    if (!rc) /* latest64 = east.dataset('sdc:sdc:smartos64:') */
        rc = nube_image_get(&image, east, "sdc:sdc:smartos64:", NULL, &err);
    if (!rc)
        printf("newest smartos64: %s\n", nube_name(image));
    if (!rc)
        rc = live(east, image, size);
    if (rc)
        fprintf(stderr, "%s: %s\n", nube_code_name(rc), err.message);
    nube_obj_free(image);
    nube_obj_free(size);
    nube_conn_free(east);
    nube_conn_free(sdc);
    nube_lib_free(lib);
    return rc != 0;
}
