/* Docker's conformance table: bodies as an engine of version 20.10 sends them, shortened. */
#include "conformance.h"

#define GET(url_, body_)                                                                           \
    {                                                                                              \
        .method = "GET", .url = "/v1.41/" url_, .status = 200, .body = body_                       \
    }
#define POST(url_, status_, body_)                                                                 \
    {                                                                                              \
        .method = "POST", .url = "/v1.41/" url_, .status = status_, .body = body_                  \
    }
#define DONE(url_) POST(url_, 204, NULL)
#define VERSION(v)                                                                                 \
    {                                                                                              \
        .method = "GET", .url = "/_ping", .status = 200, .type = "text/plain", .body = "OK",       \
        .flags = UNREAD, .header = "Api-Version: " v                                               \
    }
#define PING          VERSION("1.41")
#define MESSAGE(text) "{'message':'" text "'}\n"
#define BAD(method_, url_, status_, text)                                                          \
    {                                                                                              \
        .method = method_, .url = "/v1.41/" url_, .status = status_, .body = MESSAGE(text)         \
    }

#define ID  "31e78a3931083417feee676355a0db083d3b889e90a2d5c085776e7229b79be9"
#define ID2 "9f2b8a3931083417feee676355a0db083d3b889e90a2d5c085776e7229b79b00"
#define IMG "sha256:96e433ab07d5e5c3a7d9f34cd3c0e5f8ac1f6ffa36b4d85f30b4e3a2bd5cbf6a"
#define CONTAINER(id_, name_, state_, ports_)                                                      \
    "{'Id':'" id_ "','Names':['/" name_ "'],'Image':'busybox:1.35','ImageID':'" IMG                \
    "','Command':'sleep 600','Created':1764061175,'Ports':" ports_                                 \
    ",'Labels':{'a':'b'},'State':'" state_                                                         \
    "','Status':'Up 2 seconds','HostConfig':{'NetworkMode':'default'},"                            \
    "'NetworkSettings':{'Networks':{'bridge':{'IPAddress':'172.29.0.2','Gateway':'172.29.0.1',"    \
    "'MacAddress':'02:42:ac:1d:00:02','GlobalIPv6Address':''}}},'Mounts':[]}"
#define INSPECT(state_, more_, tty_)                                                               \
    "{'Id':'" ID "','Created':'2026-11-25T08:59:35.123456789Z','Name':'/one','Image':'" IMG        \
    "','RestartCount':0,'State':{'Status':'" state_ "'" more_                                      \
    ",'OOMKilled':false,'Dead':false,'Pid':4711,'ExitCode':0,'Error':'',"                          \
    "'StartedAt':'2026-11-25T08:59:36.1Z','FinishedAt':'0001-01-01T00:00:00Z'},"                   \
    "'Config':{'Hostname':'31e78a393108','Tty':" tty_                                              \
    ",'Env':['SECRET=hidden','PATH=/bin'],'Cmd':['sleep','600'],'Image':'busybox:1.35',"           \
    "'Labels':{'a':'b'}},'HostConfig':{'Memory':67108864,'NanoCpus':500000000,"                    \
    "'RestartPolicy':{'Name':'no','MaximumRetryCount':0},'NetworkMode':'default'},"                \
    "'NetworkSettings':{'Networks':{'bridge':{'IPAddress':'172.29.0.2',"                           \
    "'MacAddress':'02:42:ac:1d:00:02'}},'Ports':{'80/tcp':[{'HostIp':'0.0.0.0',"                   \
    "'HostPort':'8080'}],'53/udp':null}}}\n"
#define RUNNING INSPECT("running", ",'Running':true,'Paused':false", "false")
#define INFO                                                                                       \
    "{'ID':'AAAA:BBBB','Name':'engine-host','NCPU':2,'MemTotal':4294967296,"                       \
    "'Architecture':'x86_64','OSType':'linux','OperatingSystem':'Debian','ServerVersion':"         \
    "'20.10.24','Driver':'overlay2','Containers':1,'Images':2,'Warnings':null}\n"
#define IMAGE                                                                                      \
    "{'Id':'" IMG "','RepoTags':['busybox:1.35','busybox:latest'],'RepoDigests':null,"             \
    "'Created':1764061175,'Size':2000000,'Labels':null,'Containers':-1,'ParentId':''}"
#define IMAGE_ONE                                                                                  \
    "{'Id':'" IMG "','RepoTags':['busybox:1.35'],'RepoDigests':[],'Created':"                      \
    "'2026-11-25T08:59:35.1Z','Size':2000000,'Architecture':'amd64','Os':'linux','Config':"        \
    "{'Labels':null}}\n"
#define FRAMES      "\1\0\0\0\0\0\0\4out\n\2\0\0\0\0\0\0\4err\n"
#define FRAME_BYTES (sizeof(FRAMES) - 1)

static const char *const options[] = {"host", "unix:///engine.sock", NULL};

#define ROW(name_, op_) .name = name_, .op = NUBE_OP_##op_
#define ONE             .args = {"id", "one"}

#define IN_STATE(word, state_)                                                                     \
    {                                                                                              \
        ROW("a container that is " word, NODE_LIST),                                               \
            .exchanges = AT(                                                                       \
                PING, GET("containers/json?all=1", "[" CONTAINER(ID, "one", word, "[]") "]\n")),   \
            .count = 1, .raw = word, .state = state_                                               \
    }
/* What the engine says to an operation on "one", and what class of error that is. */
#define REFUSED(op_, method_, url_, status_, text, code_)                                          \
    {                                                                                              \
        ROW(text, op_), ONE,                                                                       \
            .exchanges = AT(PING, BAD(method_, "containers/one" url_, status_, text)),             \
            .code = code_, .message = text                                                         \
    }

static const struct scenario rows[] = {
    /* ---- Connecting ---- */
    {ROW("check", CHECK), .exchanges = AT(PING, GET("version", "{'ApiVersion':'1.41'}\n"))},
    {ROW("T-33: 1.9 is older than 1.24, as numbers not as a fraction", NODE_LIST),
     .exchanges = AT(VERSION("1.9")), .code = NUBE_E_UNSUPPORTED, .message = "1.9"},
    {ROW("an older engine is spoken to in its version", NODE_LIST),
     .exchanges = AT(
         VERSION("1.24"),
         {.method = "GET", .url = "/v1.24/containers/json?all=1", .status = 200, .body = "[]\n"}),
     .count = -1},
    {ROW("a newer engine is spoken to in ours", NODE_LIST),
     .exchanges = AT(
         VERSION("1.99"),
         {.method = "GET", .url = "/v1.47/containers/json?all=1", .status = 200, .body = "[]\n"}),
     .count = -1},
    {ROW("a proxy's page is no engine", NODE_LIST),
     .exchanges = AT({.method = "GET",
                      .url = "/_ping",
                      .status = 502,
                      .type = "text/html",
                      .body = "<html>no</html>"}),
     .code = NUBE_E_PROVIDER},

    /* ---- Nodes: seen ---- */
    {ROW("nodes are listed", NODE_LIST),
     .exchanges =
         AT(PING, GET("containers/json?all=1",
                      "[" CONTAINER(ID, "one", "running",
                                    "[{'IP':'0.0.0.0','PrivatePort':80,'PublicPort':8080,'Type':'"
                                    "tcp'}]") "," CONTAINER(ID2, "two", "exited", "[]") "]\n")),
     .count = 2, .id = ID, .label = "one", .raw = "running", .state = NUBE_STATE_RUNNING,
     .extra = "ports", .value = "0.0.0.0:8080->80/tcp"},
    {ROW("T-33: the filter by image is the engine's", NODE_LIST), .args = {"image", "busybox:1.35"},
     .exchanges =
         AT(PING,
            GET("containers/json?all=1&filters=%7B%22ancestor%22%3A%5B%22busybox%3A1.35%22%5D%7D",
                "[" CONTAINER(ID, "one", "running", "[]") "]\n")),
     .count = 1, .id = ID},
    {ROW("T-33: the state is the state, not the prose beside it", NODE_LIST),
     .exchanges =
         AT(PING, GET("containers/json?all=1", "[" CONTAINER(ID, "one", "paused", "[]") "]\n")),
     .count = 1, .raw = "paused", .state = NUBE_STATE_PAUSED},
    IN_STATE("created", NUBE_STATE_STOPPED),
    IN_STATE("exited", NUBE_STATE_STOPPED),
    IN_STATE("removing", NUBE_STATE_STOPPING),
    IN_STATE("dead", NUBE_STATE_ERROR),
    IN_STATE("configured", NUBE_STATE_STOPPED), /* this and the next three are Podman's */
    IN_STATE("initialized", NUBE_STATE_STOPPED),
    IN_STATE("stopped", NUBE_STATE_STOPPED),
    IN_STATE("stopping", NUBE_STATE_STOPPING),
    {ROW("a state that nobody documents is unknown, with its word", NODE_LIST),
     .exchanges = AT(PING, GET("containers/json?all=1",
                               "[" CONTAINER(ID, "one", "frobnicating", "null") "]\n")),
     .count = 1, .raw = "frobnicating", .state = NUBE_STATE_UNKNOWN},
    {ROW("an engine without a part of the API is no missing node", NODE_RESIZE),
     .args = {"id", "one", "memory", "64MiB"},
     .exchanges = AT(PING, {.method = "POST",
                            .url = "/v1.41/containers/one/update",
                            .status = 404,
                            .type = "text/plain; charset=utf-8",
                            .body = "Not Found\n"}),
     .code = NUBE_E_UNSUPPORTED, .message = "no such part", .count = -1},
    {ROW("a port that speaks TLS says so without a type", NODE_LIST),
     .exchanges = AT({.method = "GET",
                      .url = "/_ping",
                      .status = 400,
                      .type = "",
                      .body = "Client sent an HTTP request to an HTTPS server.\n"}),
     .code = NUBE_E_TLS, .message = "speaks TLS", .count = -1},
    {ROW("an error of the engine is no empty list", NODE_LIST),
     .exchanges = AT(PING, BAD("GET", "containers/json?all=1", 500, "database is locked")),
     .code = NUBE_E_PROVIDER, .message = "database is locked"},
    {ROW("one node", NODE_GET), ONE, .exchanges = AT(PING, GET("containers/one/json", RUNNING)),
     .count = 1, .id = ID, .label = "one", .raw = "running", .state = NUBE_STATE_RUNNING,
     .extra = "env_names", .value = "SECRET, PATH"},
    {ROW("running and paused at once is paused", NODE_GET), ONE,
     .exchanges = AT(PING, GET("containers/one/json",
                               INSPECT("paused", ",'Running':true,'Paused':true", "false"))),
     .count = 1, .raw = "paused", .state = NUBE_STATE_PAUSED},
    {ROW("restarting is rebooting", NODE_GET), ONE,
     .exchanges =
         AT(PING, GET("containers/one/json",
                      INSPECT("restarting", ",'Running':true,'Restarting':true", "false"))),
     .count = 1, .raw = "restarting", .state = NUBE_STATE_REBOOTING},
    {ROW("a node that is not there", NODE_GET), ONE,
     .exchanges = AT(PING, BAD("GET", "containers/one/json", 404, "No such container: one")),
     .code = NUBE_E_NOT_FOUND, .message = "No such container: one"},
    {ROW("the beginning of several ids is ambiguous, though the engine says 500", NODE_GET),
     .args = {"id", "f"},
     .exchanges = AT(
         PING, BAD("GET", "containers/f/json", 500, "Multiple IDs found with provided prefix: f")),
     .code = NUBE_E_AMBIGUOUS},
    {ROW("errors of old versions are bare text", NODE_GET), ONE,
     .exchanges = AT(PING, {.method = "GET",
                            .url = "/v1.41/containers/one/json",
                            .status = 404,
                            .type = "text/plain",
                            .body = "No such container: one\n"}),
     .code = NUBE_E_NOT_FOUND, .message = "No such container: one"},
    {ROW("Podman's errors have a cause", NODE_GET), ONE,
     .exchanges = AT(PING, {.method = "GET",
                            .url = "/v1.41/containers/one/json",
                            .status = 404,
                            .body = "{'cause':'no such container','message':'no container with "
                                    "name one','response':404}\n"}),
     .code = NUBE_E_NOT_FOUND, .message = "no container with name one"},

    /* ---- Nodes: made and removed ---- */
    {ROW("a node is created", NODE_CREATE),
     .args = {"name", "one", "image", "busybox:1.35", "command", "sleep", "command", "600"},
     .exchanges =
         AT(PING, POST("containers/create?name=one", 201, "{'Id':'" ID "','Warnings':[]}\n"),
            DONE("containers/" ID "/start"), GET("containers/" ID "/json", RUNNING)),
     .count = 1, .id = ID, .label = "one"},
    {ROW("T-33: without a command none is sent", NODE_CREATE),
     .args = {"image", "busybox:1.35", "start", "no"},
     .exchanges = AT(PING, POST("containers/create", 201, "{'Id':'" ID "','Warnings':[]}\n"),
                     GET("containers/" ID "/json", INSPECT("created", "", "false"))),
     .count = 1, .id = ID},
    {ROW("a missing image is pulled", NODE_CREATE),
     .args = {"name", "one", "image", "busybox:1.35"},
     .exchanges =
         AT(PING, BAD("POST", "containers/create?name=one", 404, "No such image: busybox:1.35"),
            {.method = "FILE", .url = "~/.docker/config.json", .status = 404},
            POST("images/create?fromImage=busybox&tag=1.35", 200,
                 "{'status':'Pulling from library/busybox','id':'1.35'}\r\n{'status':'Status: "
                 "Downloaded newer image'}\r\n"),
            POST("containers/create?name=one", 201, "{'Id':'" ID "','Warnings':[]}\n"),
            DONE("containers/" ID "/start"), GET("containers/" ID "/json", RUNNING)),
     .count = 1, .id = ID},
    {ROW("an error inside the stream of a pull is an error", NODE_CREATE),
     .args = {"name", "one", "image", "busybox:1.35"},
     .exchanges =
         AT(PING, BAD("POST", "containers/create?name=one", 404, "No such image: busybox:1.35"),
            POST("images/create?fromImage=busybox&tag=1.35", 200,
                 "{'status':'Pulling'}\r\n{'errorDetail':{'message':'unexpected "
                 "EOF'},'error':'unexpected EOF'}\r\n")),
     .code = NUBE_E_PROVIDER, .message = "unexpected EOF", .count = -1},
    {ROW("what did not start is removed again", NODE_CREATE),
     .args = {"name", "one", "image", "busybox:1.35"},
     .exchanges =
         AT(PING, POST("containers/create?name=one", 201, "{'Id':'" ID "','Warnings':[]}\n"),
            BAD("POST", "containers/" ID "/start", 400, "exec: no such file or directory"),
            {.method = "DELETE", .url = "/v1.41/containers/" ID "?force=1&v=1", .status = 204}),
     .code = NUBE_E_USAGE, .message = "no such file", .count = -1},
    {ROW("what could not be removed again is named", NODE_CREATE),
     .args = {"name", "one", "image", "busybox:1.35"},
     .exchanges =
         AT(PING, POST("containers/create?name=one", 201, "{'Id':'" ID "','Warnings':[]}\n"),
            BAD("POST", "containers/" ID "/start", 400, "exec: no such file or directory"),
            BAD("DELETE", "containers/" ID "?force=1&v=1", 500, "device is busy")),
     .code = NUBE_E_USAGE, .resource = ID},
    {ROW("a name that is taken", NODE_CREATE), .args = {"name", "one", "image", "busybox:1.35"},
     .exchanges = AT(PING, BAD("POST", "containers/create?name=one", 409,
                               "Conflict. The container name is already in use")),
     .code = NUBE_E_CONFLICT},
    {ROW("a node is destroyed", NODE_DESTROY), ONE,
     .exchanges =
         AT(PING, {.method = "DELETE", .url = "/v1.41/containers/one?force=1&v=0", .status = 204})},

    /* ---- Nodes: life ---- */
    {ROW("start", NODE_START), ONE, .exchanges = AT(PING, DONE("containers/one/start"))},
    {ROW("T-33: a start of what runs is good", NODE_START), ONE,
     .exchanges = AT(PING, POST("containers/one/start", 304, NULL))},
    {ROW("stop", NODE_STOP), .args = {"id", "one", "timeout", "3s"},
     .exchanges = AT(PING, DONE("containers/one/stop?t=3"))},
    {ROW("a stop of what is stopped is good", NODE_STOP), ONE,
     .exchanges = AT(PING, POST("containers/one/stop", 304, NULL))},
    {ROW("reboot", NODE_REBOOT), ONE, .exchanges = AT(PING, DONE("containers/one/restart"))},
    {ROW("suspend", NODE_SUSPEND), ONE, .exchanges = AT(PING, DONE("containers/one/pause"))},
    {ROW("suspend of what is not running", NODE_SUSPEND), ONE,
     .exchanges =
         AT(PING, BAD("POST", "containers/one/pause", 409, "Container one is not running")),
     .code = NUBE_E_STATE},
    {ROW("resume", NODE_RESUME), ONE, .exchanges = AT(PING, DONE("containers/one/unpause"))},
    {ROW("resume of what is not paused, though the engine says 500", NODE_RESUME), ONE,
     .exchanges =
         AT(PING, BAD("POST", "containers/one/unpause", 500, "Container one is not paused")),
     .code = NUBE_E_STATE},
    {ROW("rename", NODE_RENAME), .args = {"id", "one", "name", "two"},
     .exchanges = AT(PING, DONE("containers/one/rename?name=two"))},
    REFUSED(NODE_START, "POST", "/start", 409,
            "cannot start a paused container, try unpause instead", NUBE_E_STATE),
    REFUSED(NODE_START, "POST", "/start", 400,
            "failed to create shim: exec: no such file or directory: unknown", NUBE_E_USAGE),
    REFUSED(NODE_START, "POST", "/start", 500,
            "driver failed programming external connectivity: Bind for 0.0.0.0:80 failed: port is "
            "already allocated",
            NUBE_E_CONFLICT),
    REFUSED(NODE_START, "POST", "/start", 404, "network nosuch not found", NUBE_E_NOT_FOUND),
    REFUSED(NODE_START, "POST", "/start", 400,
            "client version 1.42 is too new. Maximum supported API version is 1.41",
            NUBE_E_UNSUPPORTED),
    REFUSED(NODE_START, "POST", "/start", 500, "container is marked for removal", NUBE_E_STATE),
    REFUSED(NODE_SUSPEND, "POST", "/pause", 409, "Container one is already paused", NUBE_E_STATE),
    REFUSED(NODE_SUSPEND, "POST", "/pause", 500,
            "container state improper: can only pause running containers", NUBE_E_STATE),
    REFUSED(NODE_REBOOT, "POST", "/restart", 500, "unexpected EOF", NUBE_E_PROVIDER),
    {ROW("a running container is not destroyed without force", NODE_DESTROY),
     .args = {"id", "one", "force", "no"},
     .exchanges = AT(PING, BAD("DELETE", "containers/one?force=0&v=0", 409,
                               "You cannot remove a running container one. Stop the container "
                               "before attempting removal or force remove")),
     .code = NUBE_E_STATE, .message = "force remove"},
    {ROW("a name that is taken, to rename", NODE_RENAME), .args = {"id", "one", "name", "two"},
     .exchanges = AT(PING, BAD("POST", "containers/one/rename?name=two", 409,
                               "Conflict. The container name two is already in use")),
     .code = NUBE_E_CONFLICT},
    {ROW("too little memory", NODE_RESIZE), .args = {"id", "one", "memory", "7M"},
     .exchanges =
         AT(PING, BAD("POST", "containers/one/update", 400, "Minimum memory limit allowed is 6MB")),
     .code = NUBE_E_USAGE},
    {ROW("plain HTTP to a port that speaks TLS", NODE_LIST),
     .exchanges = AT({.method = "GET",
                      .url = "/_ping",
                      .status = 400,
                      .type = "text/plain",
                      .body = "Client sent an HTTP request to an HTTPS server.\n"}),
     .code = NUBE_E_TLS, .message = "https://"},
    {ROW("resize", NODE_RESIZE), .args = {"id", "one", "memory", "64M"},
     .exchanges = AT(PING, {.method = "POST",
                            .url = "/v1.41/containers/one/update",
                            .status = 200,
                            .body = "{'Warnings':null}\n",
                            .flags = UNREAD})},
    {ROW("wait", NODE_WAIT), .args = {"id", "one", "until", "stopped"},
     .exchanges = AT(PING, {.method = "POST",
                            .url = "/v1.41/containers/one/wait?condition=not-running",
                            .status = 200,
                            .body = "{'Error':null,'StatusCode':0}\n",
                            .flags = UNREAD})},
    {ROW("kill", NODE_ACTION), .args = {"action", "kill", "id", "one"},
     .exchanges = AT(PING, DONE("containers/one/kill"))},

    /* ---- Nodes: output ---- */
    {ROW("T-33: frames of logs are taken apart", NODE_CONSOLE), ONE,
     .exchanges = AT(PING, GET("containers/one/json", RUNNING),
                     {.method = "GET",
                      .url = "/v1.41/containers/one/logs?stdout=1&stderr=1",
                      .status = 200,
                      .type = "",
                      .body = FRAMES,
                      .len = FRAME_BYTES,
                      .flags = BYTES}),
     .out = "out\n", .err = "err\n"},
    {ROW("logs of a terminal have no frames", NODE_CONSOLE), ONE,
     .exchanges = AT(PING, GET("containers/one/json", INSPECT("running", "", "true")),
                     {.method = "GET",
                      .url = "/v1.41/containers/one/logs?stdout=1&stderr=1",
                      .status = 200,
                      .type = "",
                      .body = "\1\0\0\0x\r\n",
                      .len = 7,
                      .flags = BYTES})},
    {ROW("a command with both streams and its status", NODE_RUN),
     .args = {"id", "one", "command", "sh"},
     .exchanges = AT(PING, POST("containers/one/exec", 201, "{'Id':'e1'}\n"),
                     {.method = "POST",
                      .url = "/v1.41/exec/e1/start",
                      .status = 200,
                      .type = "application/vnd.docker.raw-stream",
                      .body = FRAMES,
                      .len = FRAME_BYTES,
                      .flags = BYTES},
                     GET("exec/e1/json", "{'ID':'e1','Running':false,'ExitCode':3,'Pid':1}\n")),
     .out = "out\n", .err = "err\n", .status = 3},
    {ROW("a command that could not be started has the status 126", NODE_RUN),
     .args = {"id", "one", "command", "nosuch"},
     .exchanges = AT(PING, POST("containers/one/exec", 201, "{'Id':'e1'}\n"),
                     {.method = "POST",
                      .url = "/v1.41/exec/e1/start",
                      .status = 200,
                      .type = "application/vnd.docker.raw-stream",
                      .body = FRAMES,
                      .len = FRAME_BYTES,
                      .flags = BYTES},
                     GET("exec/e1/json", "{'ID':'e1','Running':false,'ExitCode':126,'Pid':0}\n")),
     .out = "out\n", .err = "err\n", .status = 126},
    {ROW("a command in what is not running", NODE_RUN), .args = {"id", "one", "command", "sh"},
     .exchanges = AT(PING, BAD("POST", "containers/one/exec", 409, "Container one is not running")),
     .code = NUBE_E_STATE},
    {ROW("probe", NODE_PROBE), ONE,
     .exchanges =
         AT(PING, GET("containers/one/json", RUNNING),
            GET("containers/one/stats?stream=0",
                "{'read':'2026-11-25T08:59:40Z','pids_stats':{'current':2},'cpu_stats':{'cpu_usage'"
                ":{'total_usage':200},'system_cpu_usage':2000,'online_cpus':2},'precpu_stats':{'"
                "cpu_usage':{'total_usage':100},'system_cpu_usage':1000},'memory_stats':{'usage':"
                "1048576,'limit':67108864},'networks':{'eth0':{'rx_bytes':10,'tx_bytes':20}}}\n")),
     .count = 1, .id = ID, .extra = "pids", .value = "2"},

    /* ---- Images ---- */
    {ROW("images are listed, several tags as one", IMAGE_LIST),
     .exchanges =
         AT(PING, GET("images/json", "[" IMAGE ",{'Id':'sha256:00','RepoTags':null,'RepoDigests':"
                                     "null,'Created':1,'Size':1,'Labels':null}]\n")),
     .count = 2, .id = IMG, .label = "busybox:1.35"},
    {ROW("T-33: the filter of a list of images is the engine's", IMAGE_LIST),
     .args = {"name", "busybox:1.35"},
     .exchanges =
         AT(PING, GET("images/json?filters=%7B%22reference%22%3A%5B%22busybox%3A1.35%22%5D%7D",
                      "[" IMAGE "]\n")),
     .count = 1, .id = IMG},
    {ROW("images are searched", IMAGE_SEARCH), .args = {"term", "busybox"},
     .exchanges =
         AT(PING,
            GET("images/search?term=busybox&limit=25",
                "[{'name':'busybox','description':'small','is_official':true,'star_count':3}]\n")),
     .count = 1, .label = "busybox"},
    {ROW("one image", IMAGE_GET), .args = {"id", "busybox:1.35"},
     .exchanges = AT(PING, GET("images/busybox%3A1.35/json", IMAGE_ONE)), .count = 1, .id = IMG},
    {ROW("an image of a node", IMAGE_CREATE), .args = {"node", "one", "name", "shot:1"},
     .exchanges =
         AT(PING, POST("commit?container=one&repo=shot&tag=1&pause=1", 201, "{'Id':'" IMG "'}\n"),
            GET("images/"
                "sha256%3A96e433ab07d5e5c3a7d9f34cd3c0e5f8ac1f6ffa36b4d85f30b4e3a2bd5cbf6a"
                "/json",
                IMAGE_ONE)),
     .count = 1, .id = IMG},
    {ROW("an image of an archive", IMAGE_CREATE), .args = {"source", "input", "name", "made:1"},
     .exchanges =
         AT(PING, POST("images/create?fromSrc=-&repo=made%3A1", 200, "{'status':'" IMG "'}\r\n"),
            GET("images/"
                "sha256%3A96e433ab07d5e5c3a7d9f34cd3c0e5f8ac1f6ffa36b4d85f30b4e3a2bd5cbf6a"
                "/json",
                IMAGE_ONE)),
     .count = 1, .id = IMG},
    {ROW("an image is deleted", IMAGE_DELETE), .args = {"id", "busybox:1.35"},
     .exchanges = AT(PING, {.method = "DELETE",
                            .url = "/v1.41/images/busybox%3A1.35?force=0&noprune=0",
                            .status = 200,
                            .body = "[{'Untagged':'busybox:1.35'}]\n",
                            .flags = UNREAD})},
    {ROW("an image in use", IMAGE_DELETE), .args = {"id", "busybox:1.35"},
     .exchanges = AT(PING, BAD("DELETE", "images/busybox%3A1.35?force=0&noprune=0", 409,
                               "conflict: unable to remove repository reference")),
     .code = NUBE_E_CONFLICT},
    {ROW("a pull", IMAGE_ACTION), .args = {"action", "pull", "id", "busybox:1.35"},
     .exchanges = AT(PING,
                     POST("images/create?fromImage=busybox&tag=1.35", 200,
                          "{'status':'Pulling from library/busybox'}\r\n{'status':'Status: "
                          "Image is up to date'}\r\n"),
                     GET("images/busybox%3A1.35/json", IMAGE_ONE))},
    {ROW("an image that the registry does not have", IMAGE_ACTION),
     .args = {"action", "pull", "id", "busybox:0"},
     .exchanges = AT(PING, BAD("POST", "images/create?fromImage=busybox&tag=0", 404,
                               "manifest for busybox:0 not found: manifest unknown")),
     .code = NUBE_E_NOT_FOUND},
    {ROW("a registry that has had enough", IMAGE_ACTION),
     .args = {"action", "pull", "id", "busybox:1.35"},
     .exchanges = AT(PING, BAD("POST", "images/create?fromImage=busybox&tag=1.35", 500,
                               "toomanyrequests: You have reached your pull rate limit")),
     .code = NUBE_E_RATE},
    {ROW("a registry that refuses the login, though the engine says 500", IMAGE_ACTION),
     .args = {"action", "pull", "id", "r.example/x:1"},
     .exchanges =
         AT(PING,
            BAD("POST", "images/create?fromImage=r.example%2Fx&tag=1", 500,
                "Head https://r.example/v2/x/manifests/1: unauthorized: authentication required")),
     .code = NUBE_E_AUTH},
    {ROW("a push that is refused inside its stream", IMAGE_ACTION),
     .args = {"action", "push", "id", "r.example/x:1"},
     .exchanges =
         AT(PING, POST("images/r.example%2Fx/push?tag=1", 200,
                       "{'status':'The push refers to "
                       "repository'}\r\n{'errorDetail':{'message':'unauthorized: authentication "
                       "required'},'error':'unauthorized: authentication required'}\r\n")),
     .code = NUBE_E_AUTH},
    {ROW("a tag", IMAGE_ACTION), .args = {"action", "tag", "id", "busybox:1.35", "name", "x:2"},
     .exchanges = AT(PING, POST("images/busybox%3A1.35/tag?repo=x&tag=2", 201, NULL))},

    /* ---- The engine ---- */
    {ROW("Podman's ID of itself is another in every reply", LOCATION_LIST),
     .exchanges = AT(PING, {.method = "GET",
                            .url = "/v1.41/info",
                            .status = 200,
                            .body = INFO,
                            .header = "Libpod-Api-Version: 4.3.1"}),
     .count = 1, .id = "engine-host"},
    {ROW("sizes", SIZE_LIST), .exchanges = AT(PING, GET("info", INFO)), .id = "default"},
    {ROW("the engine is the location", LOCATION_LIST),
     .exchanges = AT(PING, GET("info", INFO),
                     {.method = "GET",
                      .url = "/v1.41/version",
                      .status = 200,
                      .body = "{'Version':'20.10.24','ApiVersion':'1.41'}\n",
                      .flags = UNREAD}),
     .count = 1, .id = "AAAA:BBBB", .label = "engine-host"},
    {ROW("a raw request", RAW), .args = {"method", "GET", "path", "containers/json"},
     .exchanges = AT(PING, {.method = "GET",
                            .url = "/v1.41/containers/json",
                            .status = 200,
                            .body = "[]\n",
                            .flags = BYTES}),
     .out = "[]\n"},
    {ROW("an unknown path", RAW), .args = {"method", "GET", "path", "nosuch"},
     .exchanges = AT(PING, BAD("GET", "nosuch", 404, "page not found")), .code = NUBE_E_NOT_FOUND},
};

const struct conformance docker_conformance = {
    .driver = "docker",
    .provider = "docker",
    .options = options,
    .endpoint = "host",
    .direct = (const char *const[]){"api_version", "1.41", NULL},
    .rows = rows,
    .count = sizeof(rows) / sizeof(*rows),
};
