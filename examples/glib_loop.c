/* Nube inside a GLib main loop: glib_loop PROVIDER [option=value]... */
#include <glib-unix.h>
#include <nube/nube.h>
#include <stdio.h>

struct app {
    GMainLoop *loop;
    nube_batch *batch;
};

static gboolean on_ready(gint fd, GIOCondition condition, gpointer data)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_done done = {.size = sizeof(done)};
    struct app *app = data;

    (void)fd;
    (void)condition;
    while (nube_batch_step(&done, app->batch, &err) == 1) {
        if (done.code)
            fprintf(stderr, "%s: %s\n", err.backend, err.message);
        for (size_t i = 0; i < nube_result_count(done.result); i++)
            puts(nube_id(nube_result_at(done.result, i)));
        nube_result_free(done.result);
    }
    if (nube_batch_pending(app->batch))
        return G_SOURCE_CONTINUE;
    g_main_loop_quit(app->loop);
    return G_SOURCE_REMOVE;
}

int main(int argc, char **argv)
{
    struct nube_error err = NUBE_ERROR_INIT;
    nube_args *options = NULL;
    nube_conn *conn = NULL;
    nube_lib *lib = NULL;
    struct app app = {NULL, NULL};
    int rc = argc < 2 ? NUBE_E_USAGE : nube_lib_open(&lib, NULL, &err);

    if (!rc)
        rc = nube_args_new(&options, &err);
    for (int i = 2; !rc && i < argc; i++)
        rc = nube_args_parse(options, argv[i], &err);
    if (!rc)
        rc = nube_connect(&conn, lib, argv[1], NULL, options, &err);
    if (!rc)
        rc = nube_batch_new(&app.batch, lib, &err);
    if (!rc)
        rc = nube_batch_add(app.batch, conn, NUBE_OP_NODE_LIST, NULL, NULL, NULL, &err);
    if (rc) {
        fprintf(stderr, "%s: %s\n", nube_code_name(rc), err.message);
    } else {
        app.loop = g_main_loop_new(NULL, FALSE);
        g_unix_fd_add(nube_batch_fd(app.batch), G_IO_IN, on_ready, &app);
        g_main_loop_run(app.loop);
        g_main_loop_unref(app.loop);
    }
    nube_batch_free(app.batch);
    nube_conn_free(conn);
    nube_args_free(options);
    nube_lib_free(lib);
    return rc != 0;
}
