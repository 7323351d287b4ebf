/* OpenStack's conformance table: bodies as Nova, Glance and Neutron of 2022 give them, shortened.
 */
#include "conformance.h"

#define LIST(...)                                                                                  \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }
#define X(method_, url_, status_, ...)                                                             \
    {                                                                                              \
        .method = method_, .url = url_, .status = status_, .body = __VA_ARGS__                     \
    }
#define NOTHING(method_, url_, ...)                                                                \
    {                                                                                              \
        .method = method_, .url = url_, .type = "", .status = __VA_ARGS__                          \
    }
#define N    "/v2.1"
#define G    "/v2"
#define Q    "/v2.0"
#define SID  "6ea3e811-49e2-47c8-8f0e-7e95063076d2"
#define S    N "/servers/" SID
#define ACT_ S "/action"
#define SENT .sent

#define ROW(name_, op_) .name = name_, .op = NUBE_OP_##op_
#define ID1             .args = {"id", SID}
#define NO_TRAFFIC      .exchanges = AT({.method = NULL})

#define SERVER(id_, name_, status_, task_, more_)                                                  \
    "{'id':'" id_ "','name':'" name_ "','status':'" status_                                        \
    "','tenant_id':'p1','user_id':'u1','metadata':{'a':'b'},'hostId':'','image':{'id':'img-1',"    \
    "'links':[]},'flavor':{'id':'1','links':[]},'created':'2026-11-21T23:26:04Z','updated':"       \
    "'2026-11-21T23:26:04Z','addresses':{'private':[{'version':4,'addr':'10.20.0.7',"              \
    "'OS-EXT-IPS:type':'fixed','OS-EXT-IPS-MAC:mac_addr':'fa:16:3e:00:00:01'},{'version':4,"       \
    "'addr':'203.0.113.9','OS-EXT-IPS:type':'floating'}]},'accessIPv4':'','accessIPv6':'',"        \
    "'key_name':'ops','config_drive':'','security_groups':[{'name':'default'}],"                   \
    "'OS-EXT-STS:task_state':" task_ ",'OS-EXT-STS:vm_state':'x','OS-EXT-STS:power_state':1,"      \
    "'OS-EXT-AZ:availability_zone':'az1','OS-DCF:diskConfig':'MANUAL','progress':0,"               \
    "'OS-SRV-USG:launched_at':'2026-11-21T23:26:08.931860','tags':['role=web','plain']," more_     \
    "'os-extended-volumes:volumes_attached':[]}"
#define ONE(status_)   SERVER(SID, "web", status_, "null", "")
#define SHOWN(server_) X("GET", S, 200, "{'server':" server_ "}")

static const char *const options[] = {"endpoint", "http://x",     "auth_type",           "none",
                                      "token",    "secret-token", "compute_api_version", "2.46",
                                      NULL};
#define NEW_NOVA                                                                                   \
    .options = LIST("endpoint", "http://x", "auth_type", "none", "token", "secret-token",          \
                    "compute_api_version", "2.90")
#define OLD_NOVA                                                                                   \
    .options = LIST("endpoint", "http://x", "auth_type", "none", "token", "secret-token",          \
                    "compute_api_version", "2.1")

/* T-13, T-14: every status and every task has a state; what is under way is not yet what it will
 * be. */
#define STATUS(word_, state_)                                                                      \
    {                                                                                              \
        ROW("T-13, T-14: " word_, NODE_GET), ID1, .exchanges = AT(SHOWN(ONE(word_))), .count = 1,  \
                                                  .id = SID, .raw = word_,                         \
                                                  .state = NUBE_STATE_##state_                     \
    }
#define TASK(word_, status_, state_)                                                               \
    {                                                                                              \
        ROW("T-13, T-14: " status_ " while " word_, NODE_GET), ID1,                                \
            .exchanges = AT(SHOWN(SERVER(SID, "web", status_, "'" word_ "'", ""))), .count = 1,    \
            .id = SID, .raw = word_, .state = NUBE_STATE_##state_                                  \
    }

/* A fault in one of its forms: class, whether another try may help, part of the message. */
#define FAULT(name_, status_, header_, body_, class_, retry_, code_, part_)                        \
    {                                                                                              \
        ROW("error: " name_, NODE_START), ID1,                                                     \
            .exchanges = AT({.method = "POST",                                                     \
                             .url = ACT_,                                                          \
                             .status = status_,                                                    \
                             .header = header_,                                                    \
                             .body = body_}),                                                      \
            .code = NUBE_E_##class_, .retryable = retry_ + 2, .provider_code = code_,              \
            .message = part_                                                                       \
    }

#define REFUSED                                                                                    \
    X("POST", ACT_, 401,                                                                           \
      "{'error':{'code':401,'title':'Unauthorized','message':'The request you have made requires " \
      "authentication.'}}")

static const struct scenario rows[] = {
    /* ---- Connecting ---- */
    {ROW("check: the limits are the project's own", CHECK),
     .exchanges = AT(X("GET", N "/limits", 200, "{'limits':{'rate':[],'absolute':{}}}",
                       SENT = "X-Auth-Token: ***|OpenStack-API-Version: compute 2.46|"
                              "X-OpenStack-Nova-API-Version: 2.46|Accept: application/json|"
                              "!secret-token"))},
    {ROW("an endpoint that is not Nova's", CHECK),
     .exchanges = AT(X("GET", N "/limits", 200, "{'hello':1}")), .code = NUBE_E_PROTOCOL,
     .message = "endpoint"},
    {ROW("raw, to another service", RAW),
     .args = {"method", "GET", "path", "networks", "service", "network", "query", "name=a b"},
     .exchanges = AT(X("GET", Q "/networks?name=a%20b", 200, "{'networks':[]}", .flags = BYTES)),
     .out = "{\"networks\":[]}"},

    /* ---- Nodes: seen ---- */
    {ROW("nodes are listed", NODE_LIST),
     .exchanges =
         AT(X("GET", N "/servers/detail", 200,
              "{'servers':[" ONE("ACTIVE") "," SERVER("i-2", "db", "SHUTOFF", "null", "") "]}")),
     .count = 2, .id = SID, .label = "web", .raw = "ACTIVE", .state = NUBE_STATE_RUNNING,
     .extra = "launched_at", .value = "2026-11-21T23:26:08.931860"},
    {ROW("no nodes", NODE_LIST),
     .exchanges = AT(X("GET", N "/servers/detail", 200, "{'servers':[]}")), .count = -1},
    {ROW("the size that a new Nova writes into the server", NODE_GET), ID1, NEW_NOVA,
     .exchanges =
         AT(X("GET", S, 200,
              "{'server':{'id':'" SID "','name':'web','status':'ACTIVE','flavor':{'vcpus':1,"
              "'ram':512,'disk':1,'original_name':'m1.tiny','extra_specs':{}},"
              "'image':''}}",
              SENT = "compute 2.90")),
     .count = 1, .id = SID, .extra = "flavor", .value = "m1.tiny"},
    {ROW("an integer for an id, and a task behind the status, as HP had them", NODE_LIST),
     .exchanges =
         AT(X("GET", N "/servers/detail", 200,
              "{'servers':[{'id':815229,'uuid':'8d0a','name':'server2013-02-13 13:06:46 +0200',"
              "'status':'BUILD(spawning)','config_drive':'','hostId':'','addresses':{'private':[{"
              "'version':4,'addr':'10.4.228.237'},{'version':4,'addr':'15.185.100.190'}]}}]}")),
     .count = 1, .id = "815229", .raw = "spawning", .state = NUBE_STATE_PENDING, .extra = "uuid",
     .value = "8d0a"},
    {ROW("a state that nobody documents is unknown, with its word", NODE_GET), ID1,
     .exchanges = AT(SHOWN(ONE("DREAMING"))), .count = 1, .raw = "DREAMING",
     .state = NUBE_STATE_UNKNOWN},
    {ROW("filters are the server's", NODE_LIST),
     .args = {"name", "web-1", "state", "stopped", "tag", "role=web", "image", "img-1", "size",
              "1"},
     .exchanges = AT(X("GET",
                       N "/servers/detail?name=%5Eweb-1%24&status=SHUTOFF&status=SHELVED&"
                         "status=SHELVED_OFFLOADED&tags=role%3Dweb&image=img-1&flavor=1",
                       200, "{'servers':[]}")),
     .count = -1},
    {ROW("a name that is a pattern is compared here", NODE_LIST), .args = {"name", "we.*(b"},
     .exchanges = AT(X("GET", N "/servers/detail", 200, "{'servers':[" ONE("ACTIVE") "]}")),
     .count = -1},
    {ROW("the link to a page without a marker", NODE_LIST),
     .exchanges =
         AT(X("GET", N "/servers/detail", 200,
              "{'servers':[],'servers_links':[{'rel':'next','href':'http://elsewhere/'}]}")),
     .code = NUBE_E_PROTOCOL, .message = "marker"},
    {ROW("a node that is not there", NODE_GET), ID1,
     .exchanges =
         AT(X("GET", S, 404,
              "{'itemNotFound':{'code':404,'message':'Instance " SID " could not be found.'}}")),
     .code = NUBE_E_NOT_FOUND, .provider_code = "itemNotFound", .message = "could not be found"},
    {ROW("T-18: what a failed build failed of is told", NODE_GET), ID1,
     .exchanges = AT(SHOWN(SERVER(SID, "web", "ERROR", "'spawning'",
                                  "'fault':{'code':500,'created':'2026-11-21T23:26:04Z',"
                                  "'message':'No valid host was found. '},"))),
     .count = 1, .raw = "ERROR", .state = NUBE_STATE_ERROR, .extra = "fault.message",
     .value = "No valid host was found. "},
    {ROW("making an image changes no state", NODE_GET), ID1,
     .exchanges = AT(SHOWN(SERVER(SID, "web", "ACTIVE", "'image_uploading'", ""))), .count = 1,
     .raw = "ACTIVE", .state = NUBE_STATE_RUNNING, .extra = "task_state",
     .value = "image_uploading"},
    STATUS("ACTIVE", RUNNING),
    STATUS("SHUTOFF", STOPPED),
    STATUS("PAUSED", PAUSED),
    STATUS("SUSPENDED", SUSPENDED),
    STATUS("SHELVED", STOPPED),
    STATUS("SHELVED_OFFLOADED", STOPPED),
    STATUS("ERROR", ERROR),
    STATUS("BUILD", PENDING),
    STATUS("REBUILD", UPDATING),
    STATUS("PASSWORD", UPDATING),
    STATUS("REBOOT", REBOOTING),
    STATUS("HARD_REBOOT", REBOOTING),
    STATUS("RESIZE", UPDATING),
    STATUS("VERIFY_RESIZE", UPDATING),
    STATUS("REVERT_RESIZE", UPDATING),
    STATUS("RESCUE", UPDATING),
    STATUS("MIGRATING", MIGRATING),
    STATUS("DELETED", TERMINATED),
    STATUS("SOFT_DELETED", TERMINATED),
    STATUS("UNKNOWN", UNKNOWN),
    TASK("scheduling", "BUILD", PENDING),
    TASK("block_device_mapping", "BUILD", PENDING),
    TASK("networking", "BUILD", PENDING),
    TASK("spawning", "BUILD", PENDING),
    TASK("updating_password", "PASSWORD", UPDATING),
    TASK("resize_prep", "RESIZE", UPDATING),
    TASK("resize_migrating", "RESIZE", UPDATING),
    TASK("resize_migrated", "RESIZE", UPDATING),
    TASK("resize_finish", "RESIZE", UPDATING),
    TASK("resize_reverting", "REVERT_RESIZE", UPDATING),
    TASK("resize_confirming", "VERIFY_RESIZE", UPDATING),
    TASK("rebooting", "REBOOT", REBOOTING),
    TASK("reboot_pending", "REBOOT", REBOOTING),
    TASK("reboot_started", "REBOOT", REBOOTING),
    TASK("rebooting_hard", "HARD_REBOOT", REBOOTING),
    TASK("reboot_pending_hard", "HARD_REBOOT", REBOOTING),
    TASK("reboot_started_hard", "HARD_REBOOT", REBOOTING),
    TASK("pausing", "ACTIVE", UPDATING),
    TASK("unpausing", "PAUSED", UPDATING),
    TASK("suspending", "ACTIVE", UPDATING),
    TASK("resuming", "SUSPENDED", UPDATING),
    TASK("powering-off", "ACTIVE", STOPPING),
    TASK("powering-on", "SHUTOFF", PENDING),
    TASK("rescuing", "ACTIVE", UPDATING),
    TASK("unrescuing", "RESCUE", UPDATING),
    TASK("rebuilding", "ERROR", UPDATING),
    TASK("rebuild_block_device_mapping", "REBUILD", UPDATING),
    TASK("rebuild_spawning", "REBUILD", UPDATING),
    TASK("migrating", "MIGRATING", MIGRATING),
    TASK("deleting", "ACTIVE", STOPPING),
    TASK("soft-deleting", "ACTIVE", STOPPING),
    TASK("restoring", "SOFT_DELETED", PENDING),
    TASK("shelving", "ACTIVE", STOPPING),
    TASK("shelving_image_pending_upload", "ACTIVE", STOPPING),
    TASK("shelving_image_uploading", "ACTIVE", STOPPING),
    TASK("shelving_offloading", "SHELVED", STOPPING),
    TASK("unshelving", "SHELVED_OFFLOADED", PENDING),
    TASK("dreaming", "ACTIVE", UNKNOWN),

    /* ---- Nodes: made and removed ---- */
    {ROW("only the image is needed: the smallest size that fits it", NODE_CREATE),
     .args = {"image", "img-1", "name", "web"},
     .exchanges = AT(
         X("GET", G "/images/img-1", 200, "{'id':'img-1','min_ram':1024,'min_disk':5}"),
         X("GET", N "/flavors/detail?sort_key=memory_mb", 200,
           "{'flavors':[{'id':'1','ram':512,'vcpus':1,'disk':10},"
           "{'id':'9','ram':2048,'vcpus':1,'disk':1},{'id':'3','ram':2048,'vcpus':2,'disk':20},"
           "{'id':'2','ram':2048,'vcpus':1,'disk':20},"
           "{'id':'8','ram':1024,'vcpus':1,'disk':20,'OS-FLV-DISABLED:disabled':true}]}"),
         X("POST", N "/servers", 202, "{'server':{'id':'" SID "','links':[],'adminPass':'geheim'}}",
           SENT = "{'server':{'name':'web','flavorRef':'2','imageRef':'img-1','networks':'auto'}}"),
         SHOWN(SERVER(SID, "web", "BUILD", "'scheduling'", ""))),
     .count = 1, .id = SID, .raw = "scheduling", .state = NUBE_STATE_PENDING},
    {ROW("a server that cannot be seen yet is one all the same", NODE_CREATE),
     .args = {"image", "img-1", "name", "web", "size", "1"},
     .exchanges =
         AT(X("POST", N "/servers", 202, "{'server':{'id':'" SID "','adminPass':'geheim'}}"),
            X("GET", S, 404, "{'itemNotFound':{'code':404,'message':'no'}}", .flags = UNREAD)),
     .count = 1, .id = SID, .raw = "BUILD", .state = NUBE_STATE_PENDING},
    {ROW("no size fits", NODE_CREATE), .args = {"image", "img-1"},
     .exchanges = AT(X("GET", G "/images/img-1", 200, "{'id':'img-1','min_ram':1024}"),
                     X("GET", N "/flavors/detail?sort_key=memory_mb", 200,
                       "{'flavors':[{'id':'1','ram':512}]}")),
     .code = NUBE_E_NOT_FOUND, .message = "img-1"},
    {ROW("an image that is not there", NODE_CREATE), .args = {"image", "img-1", "size", "1"},
     .exchanges = AT(X("POST", N "/servers", 400,
                       "{'badRequest':{'code':400,'message':'Can not find requested image'}}")),
     .code = NUBE_E_NOT_FOUND},
    {ROW("everything that can be said", NODE_CREATE), NEW_NOVA,
     .args = {"image",    "img-1",    "size",     "1",       "name",      "web",
              "key",      "ops",      "location", "az1",     "network",   "net-1@10.0.0.5",
              "network",  "port=p-1", "firewall", "web",     "user_data", "#!/bin/sh\n",
              "metadata", "a=1",      "tag",      "role=web"},
     .exchanges =
         AT(X("POST", N "/servers", 202, "{'server':{'id':'" SID "'}}",
              SENT = "'name':'web','flavorRef':'1','imageRef':'img-1','key_name':'ops',"
                     "'availability_zone':'az1','networks':[{'uuid':'net-1','fixed_ip':'10.0.0.5'},"
                     "{'port':'p-1'}],'tags':['role=web'],'security_groups':[{'name':'web'}],"
                     "|'metadata':{'a':'1'}|!IyEvYmlu"),
            SHOWN(SERVER(SID, "web", "BUILD", "null", ""))),
     .count = 1, .id = SID},
    {ROW("from a new volume, on a drive, with hints", NODE_CREATE),
     .args = {"image", "img-1", "size", "1", "name", "web", "volume_size", "20", "config_drive",
              "yes", "server_group", "g-1", "network", "none"},
     .exchanges =
         AT(X("POST", N "/servers", 202, "{'server':{'id':'" SID "'}}",
              SENT = "'block_device_mapping_v2':[{'boot_index':0,'uuid':'img-1','source_type':"
                     "'image','destination_type':'volume','volume_size':20,"
                     "'delete_on_termination':true}],'networks':'none','config_drive':true},"
                     "'os:scheduler_hints':{'group':'g-1'}|!imageRef"),
            SHOWN(ONE("BUILD"))),
     .count = 1, .id = SID},
    {ROW("from a volume that is there", NODE_CREATE),
     .args = {"volume", "v-1", "size", "1", "description", "x"},
     .exchanges = AT(X("POST", N "/servers", 202, "{'server':{'id':'" SID "'}}",
                       SENT = "'uuid':'v-1','source_type':'volume'|'delete_on_termination':false|"
                              "'description':'x'"),
                     SHOWN(ONE("BUILD"))),
     .count = 1, .id = SID},
    {ROW("several at once are found by their reservation", NODE_CREATE),
     .args = {"image", "img-1", "size", "1", "name", "web", "count", "2"},
     .exchanges = AT(X("POST", N "/servers", 202, "{'reservation_id':'r-9'}",
                       SENT = "'min_count':2,'max_count':2,'return_reservation_id':true"),
                     X("GET", N "/servers/detail?reservation_id=r-9", 200,
                       "{'servers':[" SERVER(SID, "web-1", "BUILD", "null", "") "," SERVER(
                           "i-2", "web-2", "BUILD", "null", "") "]}")),
     .count = 2, .id = SID, .label = "web-1"},
    {ROW("what this Nova is too old for is refused", NODE_CREATE),
     .args = {"image", "img-1", "size", "1", "tag", "a=b"}, NO_TRAFFIC, .code = NUBE_E_UNSUPPORTED,
     .message = "2.52"},
    {ROW("an old Nova is not told of networks", NODE_CREATE), OLD_NOVA,
     .args = {"image", "img-1", "size", "1", "name", "web"},
     .exchanges =
         AT(X("POST", N "/servers", 202, "{'server':{'id':'" SID "'}}", SENT = "!networks"),
            SHOWN(ONE("BUILD"))),
     .count = 1},
    {ROW("an old Nova has no networks=none", NODE_CREATE), OLD_NOVA,
     .args = {"image", "img-1", "size", "1", "network", "none"}, NO_TRAFFIC,
     .code = NUBE_E_UNSUPPORTED, .message = "2.37"},
    {ROW("what was made is named when looking at it fails", NODE_CREATE),
     .args = {"image", "img-1", "size", "1"},
     .exchanges =
         AT(X("POST", N "/servers", 202, "{'server':{'id':'" SID "','adminPass':'geheim'}}"),
            X("GET", S, 500, "{'computeFault':{'code':500,'message':'Unexpected API Error.'}}")),
     .code = NUBE_E_PROVIDER, .count = 1, .id = SID, .resource = SID},
    {ROW("a lost reply to a create is not taken for a failure", NODE_CREATE),
     .args = {"image", "img-1", "size", "1"},
     .exchanges = AT({.method = "POST",
                      .url = N "/servers",
                      .status = 0,
                      .header = "Nube-End: transport the connection was reset"}),
     .code = NUBE_E_OUTCOME_UNKNOWN, .message = "look before trying again"},
    {ROW("a quota is 403", NODE_CREATE), .args = {"image", "img-1", "size", "1"},
     .exchanges =
         AT(X("POST", N "/servers", 403,
              "{'forbidden':{'code':403,'message':'Quota exceeded for instances: Requested "
              "1, but already used 1 of 1 instances'}}")),
     .code = NUBE_E_QUOTA, .provider_code = "forbidden", .message = "already used 1 of 1",
     .retryable = NUBE_NO + 2},
    {ROW("a node is destroyed", NODE_DESTROY), ID1, .exchanges = AT(NOTHING("DELETE", S, 204))},
    {ROW("by force, where it could be restored", NODE_DESTROY), .args = {"id", SID, "force", "yes"},
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'forceDelete':null}"))},

    /* ---- Nodes: life ---- */
    {ROW("start", NODE_START), ID1,
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'os-start':null}"))},
    {ROW("T-11: stop does not delete", NODE_STOP), ID1,
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'os-stop':null}"))},
    {ROW("T-28: a reboot is soft", NODE_REBOOT), ID1,
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'reboot':{'type':'SOFT'}}"))},
    {ROW("T-28: unless hard is said", NODE_REBOOT), .args = {"id", SID, "hard", "yes"},
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'reboot':{'type':'HARD'}}"))},
    {ROW("suspend", NODE_SUSPEND), ID1,
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'suspend':null}"))},
    {ROW("resume", NODE_RESUME), ID1,
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'resume':null}"))},
    {ROW("rename", NODE_RENAME), .args = {"id", SID, "name", "db 1"},
     .exchanges = AT(X("PUT", S, 200, "{'server':{'id':'" SID "','name':'db 1'}}",
                       SENT = "{'server':{'name':'db 1'}}"))},
    {ROW("a resize is followed and confirmed", NODE_RESIZE), .args = {"id", SID, "size", "2"},
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'resize':{'flavorRef':'2'}}"),
                     SHOWN(SERVER(SID, "web", "RESIZE", "'resize_migrating'", "")),
                     SHOWN(SERVER(SID, "web", "VERIFY_RESIZE", "null", "")),
                     NOTHING("POST", ACT_, 204, SENT = "{'confirmResize':null}"))},
    {ROW("or left to be confirmed", NODE_RESIZE), .args = {"id", SID, "size", "2", "confirm", "no"},
     .exchanges = AT(NOTHING("POST", ACT_, 202), SHOWN(ONE("VERIFY_RESIZE")))},
    {ROW("T-18: a resize that fails afterwards is a failure", NODE_RESIZE),
     .args = {"id", SID, "size", "2"},
     .exchanges = AT(NOTHING("POST", ACT_, 202),
                     SHOWN(SERVER(SID, "web", "ERROR", "null",
                                  "'fault':{'code':500,'message':'No valid host was found.'},"))),
     .code = NUBE_E_PROVIDER, .message = "No valid host"},
    {ROW("rebuild", NODE_REBUILD), .args = {"id", SID, "image", "img-2"},
     .exchanges = AT(X("POST", ACT_, 202, "{'server':" ONE("REBUILD") "}",
                       SENT = "{'rebuild':{'imageRef':'img-2'}}")),
     .count = 1, .id = SID, .raw = "REBUILD", .state = NUBE_STATE_UPDATING},
    {ROW("tags are set and removed, the others stay", NODE_TAG),
     .args = {"id", SID, "tag", "role=db", "tag", "new=", "remove", "old"},
     .exchanges = AT(X("GET", S "/tags", 200, "{'tags':['role=web','roles=x','plain','old=1']}"),
                     X("PUT", S "/tags", 200, "{'tags':[]}",
                       SENT = "{'tags':['roles=x','plain','role=db','new']}"))},
    {ROW("no tag at all", NODE_TAG), ID1, NO_TRAFFIC, .code = NUBE_E_USAGE},
    {ROW("an old Nova has no tags", NODE_TAG), OLD_NOVA, .args = {"id", SID, "tag", "a=b"},
     NO_TRAFFIC, .code = NUBE_E_UNSUPPORTED, .message = "metadata"},
    {ROW("metadata are set and removed", NODE_METADATA),
     .args = {"id", SID, "metadata", "a=1", "remove", "b/c"},
     .exchanges = AT(
         X("POST", S "/metadata", 200, "{'metadata':{'a':'1'}}", SENT = "{'metadata':{'a':'1'}}"),
         NOTHING("DELETE", S "/metadata/b%2Fc", 204))},
    {ROW("what is to be removed may be gone", NODE_METADATA), .args = {"id", SID, "remove", "b"},
     .exchanges = AT(X("DELETE", S "/metadata/b", 404,
                       "{'itemNotFound':{'code':404,'message':'Metadata item was not found'}}"))},
    {ROW("console", NODE_CONSOLE), ID1,
     .exchanges = AT(X("POST", ACT_, 200, "{'output':'Linux boots\\nand more'}",
                       SENT = "{'os-getConsoleOutput':{}}")),
     .out = "Linux boots\nand more"},
    {ROW("the last lines of a console", NODE_CONSOLE), .args = {"id", SID, "tail", "2"},
     .exchanges = AT(X("POST", ACT_, 200, "{'output':'one\\ntwo\\nthree\\n'}",
                       SENT = "{'os-getConsoleOutput':{'length':3}}")),
     .out = "two\nthree\n"},
    {ROW("T-19, T-21: an id is a segment of its own", NODE_GET), .args = {"id", "a/../b?c"},
     .exchanges = AT(X("GET", N "/servers/a%2F..%2Fb%3Fc", 404,
                       "{'itemNotFound':{'code':404,'message':'Instance could not be found.'}}")),
     .code = NUBE_E_NOT_FOUND},

    /* ---- Nova's own ---- */
    {ROW("pause", NODE_ACTION), .args = {"action", "pause", "id", SID},
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'pause':null}"))},
    {ROW("unpause", NODE_ACTION), .args = {"action", "unpause", "id", SID},
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'unpause':null}"))},
    {ROW("shelve", NODE_ACTION), .args = {"action", "shelve", "id", SID},
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'shelve':null}"))},
    {ROW("unshelve", NODE_ACTION), .args = {"action", "unshelve", "id", SID},
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'unshelve':null}"))},
    {ROW("lock", NODE_ACTION), .args = {"action", "lock", "id", SID},
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'lock':null}"))},
    {ROW("unlock", NODE_ACTION), .args = {"action", "unlock", "id", SID},
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'unlock':null}"))},
    {ROW("rescue gives a password", NODE_ACTION), .args = {"action", "rescue", "id", SID},
     .exchanges = AT(
         X("POST", ACT_, 200, "{'adminPass':'geheim'}", SENT = "{'rescue':null}", .flags = UNREAD)),
     .count = 1, .id = SID},
    {ROW("rescue from another image", NODE_ACTION),
     .args = {"action", "rescue", "id", SID, "image", "img-2"},
     .exchanges = AT(X("POST", ACT_, 200, "{'adminPass':'geheim'}",
                       SENT = "{'rescue':{'rescue_image_ref':'img-2'}}", .flags = UNREAD)),
     .count = 1, .id = SID},
    {ROW("unrescue", NODE_ACTION), .args = {"action", "unrescue", "id", SID},
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'unrescue':null}"))},
    {ROW("confirm a resize", NODE_ACTION), .args = {"action", "confirm_resize", "id", SID},
     .exchanges = AT(NOTHING("POST", ACT_, 204, SENT = "{'confirmResize':null}"))},
    {ROW("revert a resize", NODE_ACTION), .args = {"action", "revert_resize", "id", SID},
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'revertResize':null}"))},
    {ROW("a password is set, and shown nowhere", NODE_ACTION),
     .args = {"action", "set_password", "id", SID, "password", "hunter2hunter2"},
     .exchanges =
         AT(NOTHING("POST", ACT_, 202, SENT = "{'changePassword':{'adminPass':|!hunter2"))},
    {ROW("the address of a console", NODE_ACTION), .args = {"action", "console_url", "id", SID},
     .exchanges = AT(X("POST", S "/remote-consoles", 200,
                       "{'remote_console':{'protocol':'vnc','type':'novnc','url':'http://v/?t=1'}}",
                       SENT = "{'remote_console':{'protocol':'vnc','type':'novnc'}}")),
     .out = "http://v/?t=1\n"},
    {ROW("a new floating address", NODE_ACTION), .args = {"action", "add_floating_ip", "id", SID},
     .exchanges =
         AT(X("GET", Q "/ports?device_id=" SID, 200, "{'ports':[{'id':'p-1'}]}"),
            X("GET", Q "/networks?router%3Aexternal=True", 200, "{'networks':[{'id':'n-1'}]}"),
            X("POST", Q "/floatingips", 201,
              "{'floatingip':{'id':'f-1','floating_ip_address':'203.0.113.9'}}",
              SENT = "{'floatingip':{'floating_network_id':'n-1','port_id':'p-1'}}")),
     .out = "203.0.113.9\n"},
    {ROW("a floating address that the account has", NODE_ACTION),
     .args = {"action", "add_floating_ip", "id", SID, "address", "203.0.113.9"},
     .exchanges = AT(X("GET", Q "/ports?device_id=" SID, 200, "{'ports':[{'id':'p-1'}]}"),
                     X("GET", Q "/floatingips?floating_ip_address=203.0.113.9", 200,
                       "{'floatingips':[{'id':'f-1'}]}"),
                     X("PUT", Q "/floatingips/f-1", 200,
                       "{'floatingip':{'id':'f-1','floating_ip_address':'203.0.113.9'}}",
                       SENT = "{'floatingip':{'port_id':'p-1'}}")),
     .out = "203.0.113.9\n"},
    {ROW("a floating address that it does not have", NODE_ACTION),
     .args = {"action", "add_floating_ip", "id", SID, "address", "203.0.113.9"},
     .exchanges =
         AT(X("GET", Q "/ports?device_id=" SID, 200, "{'ports':[{'id':'p-1'}]}"),
            X("GET", Q "/floatingips?floating_ip_address=203.0.113.9", 200, "{'floatingips':[]}")),
     .code = NUBE_E_NOT_FOUND, .message = "203.0.113.9"},
    {ROW("a node without a port", NODE_ACTION), .args = {"action", "add_floating_ip", "id", SID},
     .exchanges =
         AT(X("GET", Q "/ports?device_id=" SID, 200, "{'ports':[]}"),
            X("GET", Q "/networks?router%3Aexternal=True", 200, "{'networks':[{'id':'n-1'}]}")),
     .code = NUBE_E_STATE, .message = "no port"},
    {ROW("a floating address is taken away", NODE_ACTION),
     .args = {"action", "remove_floating_ip", "id", SID, "address", "203.0.113.9"},
     .exchanges = AT(X("GET", Q "/floatingips?floating_ip_address=203.0.113.9", 200,
                       "{'floatingips':[{'id':'f-1'}]}"),
                     X("PUT", Q "/floatingips/f-1", 200, "{'floatingip':{}}",
                       SENT = "{'floatingip':{'port_id':null}}", .flags = UNREAD))},
    {ROW("a floating address is given back", NODE_ACTION),
     .args = {"action", "remove_floating_ip", "id", SID, "address", "203.0.113.9", "release",
              "yes"},
     .exchanges = AT(X("GET", Q "/floatingips?floating_ip_address=203.0.113.9", 200,
                       "{'floatingips':[{'id':'f-1'}]}"),
                     NOTHING("DELETE", Q "/floatingips/f-1", 204))},

    /* ---- Images ---- */
    {ROW("images are listed, with their own properties", IMAGE_LIST),
     .args = {"visibility", "shared", "member_status", "pending"},
     .exchanges =
         AT(X("GET", G "/images?limit=1000&visibility=shared&member_status=pending", 200,
              "{'images':[{'id':'img-1','name':'debian-13','status':'active','visibility':'public',"
              "'size':100,'min_disk':2,'min_ram':0,'os_distro':'debian','os_type':'linux',"
              "'architecture':'x86_64','owner':'p1','created_at':'2026-11-21T23:26:04Z','tags':[],"
              "'image_type':'snapshot','self':'/v2/images/img-1','protected':false}],"
              "'first':'/v2/images?limit=1000','schema':'/v2/schemas/images'}")),
     .count = 1, .id = "img-1", .label = "debian-13", .extra = "image_type", .value = "snapshot"},
    {ROW("a search looks at everything that may be used", IMAGE_SEARCH), .args = {"term", "DEB"},
     .exchanges = AT(X("GET", G "/images?limit=1000&status=active&visibility=all", 200,
                       "{'images':[{'id':'img-1','name':'my-debian'},{'id':'img-2','name':'x'}]}")),
     .count = 1, .id = "img-1"},
    {ROW("a search where Glance has no word for everything", IMAGE_SEARCH), .args = {"term", "x"},
     .exchanges = AT(X("GET", G "/images?limit=1000&status=active&visibility=all", 400,
                       "{'message':'Invalid visibility value: all','code':'400 Bad Request'}"),
                     X("GET", G "/images?limit=1000&status=active", 200,
                       "{'images':[{'id':'img-2','name':'x'}]}")),
     .count = 1, .id = "img-2"},
    {ROW("an image", IMAGE_GET), .args = {"id", "img-1"},
     .exchanges = AT(X("GET", G "/images/img-1", 200, "{'id':'img-1','name':'x','size':null}")),
     .count = 1, .id = "img-1"},
    {ROW("an image that is not there, in a page for people", IMAGE_GET), .args = {"id", "img-1"},
     .exchanges = AT(X("GET", G "/images/img-1", 404,
                       "{'message':'No image found with ID img-1<br /><br />\\n\\n\\n','code':"
                       "'404 Not Found','title':'Not Found'}")),
     .code = NUBE_E_NOT_FOUND, .message = "No image found with ID img-1",
     .provider_code = "Not Found"},
    {ROW("an image of a node", IMAGE_CREATE), .args = {"node", SID, "name", "snap"},
     .exchanges =
         AT(X("POST", ACT_, 202, "{'image_id':'img-9'}", SENT = "{'createImage':{'name':'snap'}}"),
            X("GET", G "/images/img-9", 200, "{'id':'img-9','name':'snap'}")),
     .count = 1, .id = "img-9"},
    {ROW("an old Nova names the image by an address", IMAGE_CREATE), OLD_NOVA,
     .args = {"node", SID, "name", "snap"},
     .exchanges = AT({.method = "POST",
                      .url = ACT_,
                      .status = 202,
                      .type = "",
                      .header = "Location: http://glance:9292/images/img-9"},
                     X("GET", G "/images/img-9", 200, "{'id':'img-9','name':'snap'}")),
     .count = 1, .id = "img-9"},
    {ROW("an image of a file", IMAGE_CREATE),
     .args = {"source", "input", "name", "mine", "disk_format", "raw", "visibility", "private"},
     .exchanges =
         AT(X("POST", G "/images", 201, "{'id':'img-9','status':'queued'}",
              SENT = "{'name':'mine','disk_format':'raw','container_format':'bare','visibility':"
                     "'private'}"),
            NOTHING("PUT", G "/images/img-9/file", 204, SENT = "application/octet-stream"),
            X("GET", G "/images/img-9", 200, "{'id':'img-9','status':'active'}")),
     .count = 1, .id = "img-9"},
    {ROW("an image without its data goes", IMAGE_CREATE),
     .args = {"source", "input", "name", "mine"},
     .exchanges = AT(X("POST", G "/images", 201, "{'id':'img-9','status':'queued'}"),
                     X("PUT", G "/images/img-9/file", 403,
                       "{'message':'too much','code':'403 Forbidden','title':'Forbidden'}"),
                     NOTHING("DELETE", G "/images/img-9", 204)),
     .code = NUBE_E_FORBIDDEN, .count = -1},
    {ROW("an image of nothing", IMAGE_CREATE), .args = {"name", "x"}, NO_TRAFFIC,
     .code = NUBE_E_USAGE},
    {ROW("an image is deleted", IMAGE_DELETE), .args = {"id", "img-1"},
     .exchanges = AT(NOTHING("DELETE", G "/images/img-1", 204))},
    {ROW("members of an image", IMAGE_ACTION), .args = {"action", "members", "id", "img-1"},
     .exchanges = AT(X("GET", G "/images/img-1/members", 200,
                       "{'members':[{'member_id':'p2','status':'pending'}]}")),
     .out = "p2 pending\n"},
    {ROW("an image is shared", IMAGE_ACTION),
     .args = {"action", "share", "id", "img-1", "project", "p2"},
     .exchanges = AT(X("POST", G "/images/img-1/members", 200, "{'member_id':'p2'}",
                       SENT = "{'member':'p2'}", .flags = UNREAD))},
    {ROW("an image is no longer shared", IMAGE_ACTION),
     .args = {"action", "unshare", "id", "img-1", "project", "p2"},
     .exchanges = AT(NOTHING("DELETE", G "/images/img-1/members/p2", 204))},
    {ROW("who accepts an image must know their project", IMAGE_ACTION),
     .args = {"action", "accept", "id", "img-1"}, NO_TRAFFIC, .code = NUBE_E_USAGE,
     .message = "project"},
    {ROW("an image is made public", IMAGE_ACTION),
     .args = {"action", "visibility", "id", "img-1", "visibility", "public"},
     .exchanges = AT(X("PATCH", G "/images/img-1", 200, "{'id':'img-1'}",
                       SENT = "application/openstack-images-v2.1-json-patch|"
                              "[{'op':'replace','path':'/visibility','value':'public'}]",
                       .flags = UNREAD))},

    /* ---- Sizes, locations ---- */
    {ROW("sizes", SIZE_LIST), NEW_NOVA, .args = {"min_ram", "512"},
     .exchanges =
         AT(X("GET", N "/flavors/detail?minRam=512", 200,
              "{'flavors':[{'id':'1','name':'m1.tiny','ram':512,'vcpus':1,'disk':1,'swap':'',"
              "'OS-FLV-EXT-DATA:ephemeral':0,'os-flavor-access:is_public':true,'rxtx_factor':1.0,"
              "'extra_specs':{'hw:cpu_policy':'dedicated'}}]}")),
     .count = 1, .id = "1", .label = "m1.tiny", .extra = "extra_specs.hw:cpu_policy",
     .value = "dedicated"},
    {ROW("T-28: locations are the real zones", LOCATION_LIST),
     .exchanges = AT(X("GET", N "/os-availability-zone", 200,
                       "{'availabilityZoneInfo':[{'zoneName':'az1','zoneState':{'available':true},"
                       "'hosts':null},{'zoneName':'az2','zoneState':{'available':false}}]}")),
     .count = 2, .id = "az1"},

    /* ---- Keys ---- */
    {ROW("keys are nested twice", KEY_LIST),
     .exchanges = AT(X("GET", N "/os-keypairs", 200,
                       "{'keypairs':[{'keypair':{'name':'ops','public_key':'ssh-ed25519 "
                       "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f x',"
                       "'fingerprint':'aa:bb','type':'ssh'}}]}")),
     .count = 1, .id = "ops", .extra = "key_type", .value = "ssh"},
    {ROW("a key", KEY_GET), .args = {"id", "my ops"},
     .exchanges = AT(X("GET", N "/os-keypairs/my%20ops", 200,
                       "{'keypair':{'name':'my ops','fingerprint':'aa:bb','type':'x509',"
                       "'created_at':'2026-11-21T23:26:08.931860'}}")),
     .count = 1, .id = "my ops"},
    {ROW("a key is made", KEY_CREATE), .args = {"name", "ops", "type", "ssh"},
     .exchanges = AT(X("POST", N "/os-keypairs", 201,
                       "{'keypair':{'name':'ops','private_key':'-----BEGIN','fingerprint':'aa'}}",
                       SENT = "{'keypair':{'name':'ops','type':'ssh'}}")),
     .count = 1, .id = "ops"},
    {ROW("a key is imported", KEY_IMPORT),
     .args = {"name", "ops", "public_key", "-----BEGIN CERTIFICATE-----\nx\n", "type", "x509"},
     .exchanges = AT(X("POST", N "/os-keypairs", 201, "{'keypair':{'name':'ops','type':'x509'}}",
                       SENT = "'public_key':'-----BEGIN CERTIFICATE-----\\nx\\n','type':'x509'")),
     .count = 1, .id = "ops"},
    {ROW("an old Nova has no types of keys", KEY_IMPORT), OLD_NOVA,
     .args = {"name", "ops", "public_key", "x", "type", "x509"}, NO_TRAFFIC,
     .code = NUBE_E_UNSUPPORTED, .message = "2.2"},
    {ROW("a key that exists", KEY_IMPORT), .args = {"name", "ops", "public_key", "ssh-rsa x"},
     .exchanges = AT(X("POST", N "/os-keypairs", 409,
                       "{'conflictingRequest':{'code':409,'message':'Key pair \\'ops\\' already "
                       "exists.'}}")),
     .code = NUBE_E_CONFLICT},
    {ROW("a key is deleted, whichever good status it has", KEY_DELETE), .args = {"id", "ops"},
     .exchanges = AT(NOTHING("DELETE", N "/os-keypairs/ops", 204))},

    /* ---- Firewalls ---- */
    {ROW("T-38: rules are in one order, with their ids", FIREWALL_LIST),
     .exchanges =
         AT(X("GET", Q "/security-groups", 200,
              "{'security_groups':[{'id':'g-1','name':'web','description':'','project_id':'p1',"
              "'security_group_rules':[{'id':'r-2','direction':'ingress','ethertype':'IPv4',"
              "'protocol':'tcp','port_range_min':80,'port_range_max':90,'remote_ip_prefix':"
              "'10.0.0.0/8','remote_group_id':null,'description':'http'},{'id':'r-1','direction':"
              "'egress','ethertype':'IPv6','protocol':null,'port_range_min':null}]}],"
              "'security_groups_links':[{'rel':'previous','href':'http://x/?marker=g-1'}]}")),
     .count = 1, .id = "g-1", .extra = "rule.1", .value = "in tcp 80-90 10.0.0.0/8 (http) [r-2]"},
    {ROW("a firewall is made", FIREWALL_CREATE), .args = {"name", "web"},
     .exchanges =
         AT(X("POST", Q "/security-groups", 201, "{'security_group':{'id':'g-1','name':'web'}}",
              SENT = "{'security_group':{'name':'web'}}")),
     .count = 1, .id = "g-1"},
    {ROW("a firewall is deleted", FIREWALL_DELETE), .args = {"id", "g-1"},
     .exchanges = AT(NOTHING("DELETE", Q "/security-groups/g-1", 204))},
    {ROW("a firewall in use", FIREWALL_DELETE), .args = {"id", "g-1"},
     .exchanges = AT(X("DELETE", Q "/security-groups/g-1", 409,
                       "{'NeutronError':{'type':'SecurityGroupInUse','message':'Security Group g-1 "
                       "in use.','detail':''}}")),
     .code = NUBE_E_CONFLICT, .provider_code = "SecurityGroupInUse", .message = "in use"},
    {ROW("a rule is added", FIREWALL_RULE_ADD),
     .args = {"id", "g-1", "port", "22", "peer", "203.0.113.0/24", "peer", "g-2"},
     .exchanges = AT(
         X("POST", Q "/security-group-rules", 201, "{'security_group_rule':{'id':'r-1'}}",
           SENT = "'security_group_id':'g-1','direction':'ingress','ethertype':'IPv4','protocol':"
                  "'tcp','port_range_min':'22','port_range_max':'22','remote_ip_prefix':"
                  "'203.0.113.0/24'}"),
         X("POST", Q "/security-group-rules", 201, "{'security_group_rule':{'id':'r-2'}}",
           SENT = "'remote_group_id':'g-2'}|!remote_ip_prefix"))},
    {ROW("a rule is removed by what it says", FIREWALL_RULE_REMOVE),
     .args = {"id", "g-1", "port", "22", "peer", "10.0.0.0/8"},
     .exchanges =
         AT(X("GET",
              Q "/security-group-rules?security_group_id=g-1&direction=ingress&ethertype=IPv4&"
                "protocol=tcp&port_range_min=22&port_range_max=22&remote_ip_prefix=10.0.0.0%2F8",
              200, "{'security_group_rules':[{'id':'r-1','protocol':'tcp','port_range_min':22}]}"),
            NOTHING("DELETE", Q "/security-group-rules/r-1", 204))},
    {ROW("a rule that is narrower than what is said stays", FIREWALL_RULE_REMOVE),
     .args = {"id", "g-1", "peer", "::/0"},
     .exchanges =
         AT(X("GET",
              Q "/security-group-rules?security_group_id=g-1&direction=ingress&ethertype=IPv6&"
                "protocol=tcp&remote_ip_prefix=%3A%3A%2F0",
              200, "{'security_group_rules':[{'id':'r-1','protocol':'tcp','port_range_min':22}]}")),
     .code = NUBE_E_NOT_FOUND, .message = "no such rule"},
    {ROW("T-19: a rule is removed by its id", FIREWALL_RULE_REMOVE),
     .args = {"id", "g-1", "rule", "a/b c"},
     .exchanges = AT(NOTHING("DELETE", Q "/security-group-rules/a%2Fb%20c", 204))},
    {ROW("no rule at all", FIREWALL_RULE_REMOVE), .args = {"id", "g-1"}, NO_TRAFFIC,
     .code = NUBE_E_USAGE},

    /* ---- Faults, in every form ---- */
    FAULT("400 of what was sent", 400, NULL,
          "{'badRequest':{'code':400,'message':'Invalid input for field/attribute name. Value: "
          ". \\'\\' is too short'}}",
          USAGE, NUBE_UNKNOWN, "badRequest", "too short"),
    FAULT("400 of what is not there", 400, NULL,
          "{'badRequest':{'code':400,'message':'Flavor nosuch could not be found.'}}", NOT_FOUND,
          NUBE_NO, "badRequest", "nosuch"),
    {ROW("error: 401 from the middleware, and again after a new login", NODE_START), ID1,
     .exchanges = AT(REFUSED, REFUSED), .code = NUBE_E_AUTH, .provider_code = "Unauthorized",
     .message = "requires authentication"},
    FAULT("403 by policy", 403, NULL,
          "{'forbidden':{'code':403,'message':'Policy doesn\\'t allow os_compute_api:servers:start "
          "to be performed.'}}",
          FORBIDDEN, NUBE_UNKNOWN, "forbidden", "Policy"),
    FAULT("404 of a server", 404, NULL,
          "{'itemNotFound':{'code':404,'message':'Instance x could not be found.'}}", NOT_FOUND,
          NUBE_UNKNOWN, "itemNotFound", "Instance x"),
    FAULT("404 of a path: what was asked for says more", 404, NULL,
          "{'message':'The resource could not be found.<br /><br />\\n\\n\\n','code':"
          "'404 Not Found','title':'Not Found'}",
          NOT_FOUND, NUBE_UNKNOWN, "Not Found", "there is no node " SID),
    FAULT(
        "406 of a version", 406, NULL,
        "{'computeFault':{'code':406,'message':'Version 2.999 is not supported by the API. Minimum "
        "is 2.1 and maximum is 2.93.'}}",
        UNSUPPORTED, NUBE_NO, "computeFault", "compute_api_version"),
    FAULT(
        "409 of a state", 409, NULL,
        "{'conflictingRequest':{'code':409,'message':'Cannot \\'start\\' instance x while it is in "
        "vm_state active'}}",
        STATE, NUBE_NO, "conflictingRequest", "vm_state active"),
    FAULT("409 of a lock", 409, NULL,
          "{'conflictingRequest':{'code':409,'message':'Instance x is locked'}}", STATE, NUBE_NO,
          "conflictingRequest", "unlock"),
    FAULT("409 of anything else", 409, NULL,
          "{'conflictingRequest':{'code':409,'message':'Multiple possible networks found, use a "
          "Network ID to be more specific.'}}",
          CONFLICT, NUBE_NO, "conflictingRequest", "network=ID"),
    FAULT("413 with a time is a limit of rate", 413, "Retry-After: 1",
          "{'overLimit':{'code':413,'message':'This request was rate-limited.','retryAfter':'1'}}",
          RATE, NUBE_UNKNOWN, "overLimit", "rate-limited"),
    FAULT("413 with a time in the body alone", 413, NULL,
          "{'overLimit':{'code':413,'message':'This request was rate-limited.','retryAfter':'1'}}",
          RATE, NUBE_UNKNOWN, "overLimit", "rate-limited"),
    FAULT(
        "413 without one is too large", 413, NULL,
        "{'message':'The body of your request was too large for this server.<br /><br />\\n','code'"
        ":'413 Request Entity Too Large','title':'Request Entity Too Large'}",
        TOO_LARGE, NUBE_NO, "Request Entity Too Large", "too large"),
    FAULT("413 of a quota, as old Novas had it", 413, "Retry-After: 0",
          "{'overLimit':{'code':413,'message':'Quota exceeded for ram: Requested 512, but already "
          "used 51200 of 51200 ram','retryAfter':0}}",
          QUOTA, NUBE_NO, "overLimit", "51200 of 51200"),
    FAULT("429", 429, "Retry-After: 1",
          "{'overLimit':{'code':429,'message':'Too many','retryAfter':'1'}}", RATE, NUBE_UNKNOWN,
          "overLimit", "Too many"),
    FAULT("501", 501, NULL, "{'notImplemented':{'code':501,'message':'Unable to do that'}}",
          UNSUPPORTED, NUBE_NO, "notImplemented", "Unable"),
    FAULT("500", 500, NULL, "{'computeFault':{'code':500,'message':'Unexpected API Error.'}}",
          PROVIDER, NUBE_UNKNOWN, "computeFault", "Unexpected"),
    FAULT("503", 503, "Retry-After: 1",
          "{'serviceUnavailable':{'code':503,'message':'Later','retryAfter':'1'}}", PROVIDER,
          NUBE_UNKNOWN, "serviceUnavailable", "Later"),
    FAULT("a fault of another kind of name", 400, NULL,
          "{'unauthorized':{'code':401,'message':'UNAUTHORIZED','details':'Invalid credentials'}}",
          USAGE, NUBE_UNKNOWN, "unauthorized", "Invalid credentials"),
    FAULT("a list of errors", 403, NULL,
          "{'errors':[{'status':403,'title':'Forbidden','detail':'Not for you','request_id':'r'}]}",
          FORBIDDEN, NUBE_UNKNOWN, "Forbidden", "Not for you"),
    FAULT("Neutron's old form", 409, NULL, "{'NeutronError':'Quota exceeded for floatingip'}",
          QUOTA, NUBE_NO, NULL, "floatingip"),
    FAULT("a message of many lines is one", 400, NULL,
          "{'badRequest':{'code':400,'message':'one\\n\\n   two\\n'}}", USAGE, NUBE_UNKNOWN,
          "badRequest", "one two"),
};

const struct conformance openstack_conformance = {
    .driver = "openstack",
    .provider = "openstack",
    .options = options,
    .endpoint = "endpoint",
    .rows = rows,
    .count = sizeof(rows) / sizeof(*rows),
};
