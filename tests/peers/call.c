/* One operation from C: call DRIVERS SERVICES PROVIDER OPERATION [OPTION=VALUE]... --
 * [ARGUMENT=VALUE]... Objects go out as lines of JSON with their secrets, output as it is, an error
 * as JSON to standard error; the status is the command's. */
#include <nube/nube.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct nube_error err = NUBE_ERROR_INIT;

static int failed(int code)
{
    char *text = nube_error_json(&err);

    fprintf(stderr, "%s\n", text ? text : err.message);
    nube_free(text);
    return nube_code_exit(code);
}

/* Up to "--"; gives what is behind it. */
static char **take(nube_args **args, char **words)
{
    if (nube_args_new(args, &err))
        exit(failed(err.code));
    for (; *words && strcmp(*words, "--"); words++)
        if (nube_args_parse(*args, *words, &err))
            exit(failed(err.code));
    return *words ? words + 1 : words;
}

static void show(const nube_obj *obj)
{
    char *text = nube_obj_json(obj, NUBE_JSON_SECRETS);

    puts(text ? text : "");
    nube_free(text);
}

static int list(nube_conn *conn, enum nube_op op, const nube_args *args)
{
    const nube_obj *obj;
    nube_iter *iter;
    int rc = nube_iter_new(&iter, conn, op, args, NULL, &err);

    while (!rc && (rc = nube_iter_next(&obj, iter, &err)) == 1) {
        show(obj);
        rc = 0;
    }
    nube_iter_free(iter);
    return rc;
}

static int one(nube_conn *conn, enum nube_op op, const nube_args *args)
{
    nube_result *result = NULL;
    int rc = nube_call_op(&result, conn, op, args, NULL, &err);
    const char *out;
    size_t i, len;

    for (i = 0; i < nube_result_count(result); i++)
        show(nube_result_at(result, i));
    out = nube_result_output(result, NUBE_STDOUT, &len);
    if (out)
        fwrite(out, 1, len, stdout);
    nube_result_free(result);
    return rc;
}

int main(int argc, char **argv)
{
    struct nube_hooks hooks = NUBE_HOOKS_INIT;
    nube_args *options, *args;
    nube_lib *lib = NULL;
    nube_conn *conn = NULL;
    enum nube_op op;
    int rc;

    if (argc < 5)
        return 2;
    hooks.driver_path = argv[1];
    hooks.service_path = argv[2];
    op = nube_op_find(argv[4]);
    take(&args, take(&options, argv + 5));
    rc = nube_lib_open(&lib, &hooks, &err);
    if (!rc)
        rc = nube_connect(&conn, lib, argv[3], NULL, options, &err);
    if (!rc)
        rc = strstr(argv[4], " list") ? list(conn, op, args) : one(conn, op, args);
    nube_args_free(args);
    nube_args_free(options);
    nube_conn_free(conn);
    nube_lib_free(lib);
    return rc < 0 ? failed(rc) : 0;
}
