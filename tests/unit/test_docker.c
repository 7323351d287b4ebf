/* The Docker driver against a scripted engine: to whom a stored login is given. */
#include "engine_help.h"

const struct nube_driver *nube_driver_v0(uint32_t core_version);

#define LOGINS                                                                                     \
    "{\"auths\": {\"docker.io\": {\"auth\": \"dXNlcjpodW50ZXIyMg==\"},"                            \
    "\"r.example:5000\": {\"auth\": \"dXNlcjpodW50ZXIyMg==\"}}}"

static const char *env(void *payload, const char *name)
{
    (void)payload;
    return strcmp(name, "DOCKER_CONFIG") == 0 ? scratch : NULL;
}

static void begin_docker(void)
{
    char host[64];
    nube_args *args;

    serve(&server,
          ROUTE("POST", "/v1.41/images/create", "{'json': {'status': 'done'}}")
              ROUTE("GET", "/v1.41/images/*", "{'json': {'Id': 'sha256:1'}}"),
          "requests");
    scratch_write("config.json", LOGINS, sizeof(LOGINS) - 1);
    hooks.env = env;
    hooks.service_path = NUBE_TEST_SERVICES;
    assert_int_equal(nube_lib_open(&lib, &hooks, &err), 0);
    assert_int_equal(nube_driver_register(lib, nube_driver_v0(0), &err), 0);
    assert_int_equal(nube_args_new(&args, &err), 0);
    snprintf(host, sizeof(host), "http://127.0.0.1:%d", server.port);
    nube_args_set(args, "host", host);
    nube_args_set(args, "api_version", "1.41");
    assert_int_equal(nube_connect(&conn, lib, "docker", "d", args, &err), 0);
    nube_args_free(args);
}

static int logins_sent_for(const char *image)
{
    int before = seen("X-Registry-Auth");

    if (CALL(IMAGE_ACTION, NULL, "action", "pull", "id", image))
        fail_msg("%s: %s", image, err.message);
    return seen("X-Registry-Auth") - before;
}

static void a_login_goes_to_its_own_registry_only(void **state)
{
    (void)state;
    begin_docker();
    assert_int_equal(logins_sent_for("busybox"), 1);
    assert_int_equal(logins_sent_for("docker.io/library/busybox"), 1);
    assert_int_equal(logins_sent_for("index.docker.io/library/busybox"), 1);
    assert_int_equal(logins_sent_for("r.example:5000/x"), 1);
    assert_int_equal(logins_sent_for("r.example/x"), 0);
    assert_int_equal(logins_sent_for("docker.io.example/x"), 0);
    assert_int_equal(logins_sent_for("index.docker.io.example/x"), 0);
    assert_int_equal(logins_sent_for("index.do/x"), 0); /* the beginning of Docker Hub's name */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_login_goes_to_its_own_registry_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
