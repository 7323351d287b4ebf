/* The bare libcurl baseline: one GET over a unix socket, the bytes dropped: rawlist SOCKET
 * [PATH...] */
#include <curl/curl.h>
#include <stdio.h>

static size_t drop(char *data, size_t size, size_t count, void *user)
{
    (void)data;
    (void)user;
    return size * count;
}

int main(int argc, char **argv)
{
    static char *list[] = {"v1.41/containers/json?all=1", NULL};
    char **paths = argc > 2 ? argv + 2 : list;
    CURLcode rc = curl_global_init(CURL_GLOBAL_DEFAULT);
    CURL *easy = curl_easy_init();
    char url[512];

    if (argc < 2 || rc || !easy)
        return 2;
    curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, argv[1]);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    for (; *paths && !rc; paths++) {
        snprintf(url, sizeof(url), "http://docker/%s", *paths);
        curl_easy_setopt(easy, CURLOPT_URL, url);
        rc = curl_easy_perform(easy);
    }
    curl_easy_cleanup(easy);
    curl_global_cleanup();
    return rc != CURLE_OK;
}
