/* Nube inside an epoll loop of the application's own: epoll_loop PROVIDER [option=value]... */
#include <nube/nube.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <unistd.h>

/* Prints what has finished; never blocks. */
static void drain(nube_batch *batch)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_done done = {.size = sizeof(done)};

    while (nube_batch_step(&done, batch, &err) == 1) {
        if (done.code)
            fprintf(stderr, "%s: %s\n", err.backend, err.message);
        for (size_t i = 0; i < nube_result_count(done.result); i++)
            puts(nube_id(nube_result_at(done.result, i)));
        nube_result_free(done.result);
    }
}

static int loop(nube_batch *batch)
{
    struct epoll_event ev = {.events = EPOLLIN};
    int fd = epoll_create1(EPOLL_CLOEXEC), rc = 0;

    if (fd < 0 || epoll_ctl(fd, EPOLL_CTL_ADD, nube_batch_fd(batch), &ev))
        return 1;
    while (nube_batch_pending(batch) && rc >= 0) {
        rc = epoll_wait(fd, &ev, 1, -1); /* the application's own descriptors are in here too */
        drain(batch);
    }
    close(fd);
    return rc < 0;
}

int main(int argc, char **argv)
{
    struct nube_error err = NUBE_ERROR_INIT;
    nube_args *options = NULL;
    nube_batch *batch = NULL;
    nube_conn *conn = NULL;
    nube_lib *lib = NULL;
    int rc = argc < 2 ? NUBE_E_USAGE : nube_lib_open(&lib, NULL, &err);

    if (!rc)
        rc = nube_args_new(&options, &err);
    for (int i = 2; !rc && i < argc; i++)
        rc = nube_args_parse(options, argv[i], &err);
    if (!rc)
        rc = nube_connect(&conn, lib, argv[1], NULL, options, &err);
    if (!rc)
        rc = nube_batch_new(&batch, lib, &err);
    if (!rc)
        rc = nube_batch_add(batch, conn, NUBE_OP_NODE_LIST, NULL, NULL, NULL, &err);
    if (rc)
        fprintf(stderr, "%s: %s\n", nube_code_name(rc), err.message);
    else
        rc = loop(batch);
    nube_batch_free(batch);
    nube_conn_free(conn);
    nube_args_free(options);
    nube_lib_free(lib);
    return rc != 0;
}
