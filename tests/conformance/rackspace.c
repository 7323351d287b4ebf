/* Rackspace's conformance table, next generation: bodies as its API guide of 2024 gives them. */
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
/* The type says JSON, and there is none: so it does with actions. */
#define NOTHING(method_, url_, ...)                                                                \
    {                                                                                              \
        .method = method_, .url = url_, .status = __VA_ARGS__                                      \
    }
#define SID  "52415800-8b69-11e0-9b19-734f6f006e54"
#define S    "/servers/" SID
#define ACT_ S "/action"
#define IMG  "3afe97b2-26dc-49c5-a2cc-a2fc8d80c001"
#define SENT .sent

#define ROW(name_, op_) .name = name_, .op = NUBE_OP_##op_
#define ID1             .args = {"id", SID}
#define NO_TRAFFIC      .exchanges = AT({.method = NULL})

#define SERVER(id_, name_, status_, task_, more_)                                                  \
    "{'id':'" id_ "','name':'" name_ "','status':'" status_                                        \
    "','tenant_id':'123456','user_id':'5678','hostId':'e4d909','progress':100,'image':{'id':'" IMG \
    "','links':[]},'flavor':{'id':'general1-1','links':[]},'created':'2026-01-10T12:00:00Z',"      \
    "'updated':'2026-01-10T12:03:00Z','addresses':{'public':[{'version':4,'addr':'67.23.10.132'}," \
    "{'version':6,'addr':'2001:4801:7808:52::2'}],'private':[{'version':4,'addr':'10.176.42.16'}]" \
    "},'accessIPv4':'67.23.10.132','accessIPv6':'','key_name':null,'config_drive':'',"             \
    "'OS-DCF:diskConfig':'AUTO','OS-EXT-STS:vm_state':'ACTIVE','OS-EXT-STS:power_state':1,"        \
    "'OS-EXT-STS:task_state':" task_                                                               \
    ",'RAX-PUBLIC-IP-ZONE-ID:publicIPZoneId':'cb25dbe0acd98350f80300b8b58a20eb6ee938ff68c86dd6"    \
    "1a09fdf3'," more_ "'links':[]}"
#define META(name_, value_) "'metadata':{'" name_ "':'" value_ "'},"
#define ONE(status_)        SERVER(SID, "web", status_, "null", "'metadata':{},")
#define SHOWN(server_)      X("GET", S, 200, "{'server':" server_ "}")

#define IMAGE(id_, name_, type_)                                                                   \
    "{'id':'" id_ "','name':'" name_                                                               \
    "','status':'ACTIVE','created':'2026-01-10T12:00:00Z','updated':'2026-01-10T12:03:00Z',"       \
    "'minDisk':20,'minRam':512,'progress':100,'OS-EXT-IMG-SIZE:size':198846343,"                   \
    "'OS-DCF:diskConfig':'MANUAL','metadata':{'os_distro':'debian','os_type':'linux',"             \
    "'image_type':'" type_ "','com.rackspace__1__options':'0'},'links':[]}"
#define FLAVOR(id_, ram_, disk_, vcpus_)                                                           \
    "{'id':'" id_ "','name':'n','ram':" ram_ ",'disk':" disk_ ",'vcpus':" vcpus_                   \
    ",'swap':'','rxtx_factor':200.5,'OS-FLV-EXT-DATA:ephemeral':0,"                                \
    "'OS-FLV-WITH-EXT-SPECS:extra_specs':{'class':'general1','policy_class':'general_flavor'},"    \
    "'links':[]}"

static const char *const options[] = {"endpoint", "http://x", "token", "secret-token",
                                      "region",   "LON",      NULL};

/* T-13, T-14: every status and every task has a state. */
#define STATUS(word_, state_)                                                                      \
    {                                                                                              \
        ROW("T-13, T-14: " word_, NODE_GET), ID1, .exchanges = AT(SHOWN(ONE(word_))), .count = 1,  \
                                                  .id = SID, .raw = word_,                         \
                                                  .state = NUBE_STATE_##state_                     \
    }
#define TASK(word_, status_, state_)                                                               \
    {                                                                                              \
        ROW("T-13, T-14: " status_ " while " word_, NODE_GET), ID1,                                \
            .exchanges = AT(SHOWN(SERVER(SID, "web", status_, "'" word_ "'", "'metadata':{},"))),  \
            .count = 1, .id = SID, .raw = word_, .state = NUBE_STATE_##state_                      \
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
#define REFUSED X("POST", ACT_, 401, "{'unauthorized':{'code':401,'message':'No valid token'}}")

static const struct scenario rows[] = {
    {ROW("check", CHECK), .exchanges = AT(X("GET", "/limits", 200, "{'limits':{'rate':[]}}",
                                            SENT = "X-Auth-Token: ***|Accept: application/json|"
                                                   "!secret-token|!OpenStack-API-Version"))},
    {ROW("raw", RAW), .args = {"method", "GET", "path", "os-networksv2"},
     .exchanges = AT(X("GET", "/os-networksv2", 200, "{'networks':[]}", .flags = BYTES)),
     .out = "{\"networks\":[]}"},

    /* ---- Nodes: seen ---- */
    {ROW("nodes are listed, from a cache too", NODE_LIST),
     .exchanges =
         AT(X("GET", "/servers/detail", 203,
              "{'servers':[" ONE("ACTIVE") "," SERVER("s-2", "db", "SHUTOFF", "null", "") "]}")),
     .count = 2, .id = SID, .label = "web", .raw = "ACTIVE", .state = NUBE_STATE_RUNNING,
     .extra = "public_ip_zone",
     .value = "cb25dbe0acd98350f80300b8b58a20eb6ee938ff68c86dd61a09fdf3"},
    {ROW("filters are the server's, several words here", NODE_LIST),
     .args = {"name", "web", "state", "stopped", "image", IMG, "size", "2"},
     .exchanges = AT(
         X("GET", "/servers/detail?name=%5Eweb%24&image=" IMG "&flavor=2", 200, "{'servers':[]}")),
     .count = -1},
    {ROW("one word of the provider's is asked for", NODE_LIST), .args = {"state", "SHUTOFF"},
     .exchanges = AT(X("GET", "/servers/detail?status=SHUTOFF", 200, "{'servers':[]}")),
     .count = -1},
    {ROW("the real body of a server that failed: no image of it is there", NODE_GET), ID1,
     .exchanges = AT(
         X("GET", S, 200,
           "{'server':{'id':'52415800-8b69-11e0-9b19-734f0000ffff','tenant_id':'123456','user_id':"
           "'5678','name':'broken','created':'2026-01-10T12:00:00Z','updated':'2026-01-10T12:03:"
           "00Z','hostId':'','status':'ERROR','progress':0,'image':{'id':'00000000-0000-0000-0000-"
           "00000000beef'},'flavor':{'id':'general1-1'},'addresses':{},'metadata':{},"
           "'OS-EXT-STS:vm_state':'error','OS-EXT-STS:task_state':null,'OS-EXT-STS:power_state':0,"
           "'fault':{'code':404,'created':'2026-01-10T12:02:59Z','message':'Could not find image',"
           "'details':'Fault details'},'links':[]}}")),
     .count = 1, .label = "broken", .raw = "ERROR", .state = NUBE_STATE_ERROR,
     .extra = "fault.message", .value = "Could not find image"},
    {ROW("an image that is an empty text, and the other name of the account", NODE_GET), ID1,
     .exchanges = AT(X("GET", S, 200,
                       "{'server':{'id':'" SID "','status':'ERROR','image':'','tenantId':'7'}}")),
     .count = 1, .id = SID},
    {ROW("the schedule of a server's images", NODE_GET), ID1,
     .exchanges = AT(SHOWN(SERVER(SID, "web", "ACTIVE", "null",
                                  "'RAX-SI:image_schedule':{'retention':3,'day_of_week':"
                                  "'FRIDAY'},"))),
     .count = 1, .extra = "image_schedule.retention", .value = "3"},
    {ROW("RackConnect is at work on a server that Nova calls ACTIVE", NODE_GET), ID1,
     .exchanges = AT(SHOWN(
         SERVER(SID, "web", "ACTIVE", "null", META("rackconnect_automation_status", "DEPLOYING")))),
     .count = 1, .raw = "DEPLOYING", .state = NUBE_STATE_PENDING},
    {ROW("RackConnect is done", NODE_GET), ID1,
     .exchanges = AT(SHOWN(
         SERVER(SID, "web", "ACTIVE", "null", META("rackconnect_automation_status", "DEPLOYED")))),
     .count = 1, .raw = "ACTIVE", .state = NUBE_STATE_RUNNING, .extra = "rackconnect_status",
     .value = "DEPLOYED"},
    {ROW("RackConnect failed: it runs, and that is told", NODE_GET), ID1,
     .exchanges = AT(SHOWN(
         SERVER(SID, "web", "ACTIVE", "null", META("rackconnect_automation_status", "FAILED")))),
     .count = 1, .raw = "ACTIVE", .state = NUBE_STATE_RUNNING, .extra = "rackconnect_status",
     .value = "FAILED"},
    {ROW("an account with RackConnect waits for its word", NODE_GET), ID1,
     .options = LIST("endpoint", "http://x", "token", "secret-token", "rackconnect", "yes"),
     .exchanges = AT(SHOWN(ONE("ACTIVE"))), .count = 1, .raw = "DEPLOYING",
     .state = NUBE_STATE_PENDING},
    {ROW("what is not ACTIVE yet is not RackConnect's", NODE_GET), ID1,
     .exchanges = AT(SHOWN(SERVER(SID, "web", "BUILD", "'spawning'",
                                  META("rackconnect_automation_status", "DEPLOYING")))),
     .count = 1, .raw = "spawning", .state = NUBE_STATE_PENDING},
    {ROW("a managed account's automation", NODE_GET), ID1,
     .exchanges = AT(SHOWN(SERVER(SID, "web", "ACTIVE", "null",
                                  META("rax_service_level_automation", "In Progress")))),
     .count = 1, .raw = "In Progress", .state = NUBE_STATE_PENDING},
    {ROW("a managed account's automation is done", NODE_GET), ID1,
     .exchanges = AT(SHOWN(
         SERVER(SID, "web", "ACTIVE", "null", META("rax_service_level_automation", "Complete")))),
     .count = 1, .raw = "ACTIVE", .state = NUBE_STATE_RUNNING},
    STATUS("ACTIVE", RUNNING),
    STATUS("SHUTOFF", STOPPED),
    STATUS("PAUSED", PAUSED),
    STATUS("SUSPENDED", SUSPENDED),
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
    STATUS("UNKNOWN", UNKNOWN),
    TASK("powering_off", "ACTIVE", STOPPING),
    TASK("powering_on", "SHUTOFF", PENDING),
    TASK("powering-off", "ACTIVE", STOPPING),
    TASK("starting", "SHUTOFF", PENDING),
    TASK("stopping", "ACTIVE", STOPPING),
    TASK("scheduling", "BUILD", PENDING),
    TASK("rescuing", "ACTIVE", UPDATING),
    TASK("unrescuing", "RESCUE", UPDATING),
    TASK("rebooting", "REBOOT", REBOOTING),
    TASK("rebooting_hard", "HARD_REBOOT", REBOOTING),
    TASK("migrating", "MIGRATING", MIGRATING),
    TASK("resize_migrated", "RESIZE", UPDATING),
    TASK("deleting", "ACTIVE", STOPPING),
    {ROW("making an image changes no state", NODE_GET), ID1,
     .exchanges = AT(SHOWN(SERVER(SID, "web", "ACTIVE", "'image_snapshot'", "'metadata':{},"))),
     .count = 1, .raw = "ACTIVE", .state = NUBE_STATE_RUNNING},

    /* ---- Nodes: made ---- */
    {ROW("the password of the reply is with the server that was looked at then", NODE_CREATE),
     .args = {"name",        "web",        "image",    IMG,   "size",    "general1-1",
              "key",         "ops",        "metadata", "a=b", "network", "PublicNet",
              "network",     "servicenet", "network",  "n-3", "file",    "/etc/motd=hello",
              "disk_config", "MANUAL"},
     .exchanges = AT(
         X("POST", "/servers", 202,
           "{'server':{'OS-DCF:diskConfig':'MANUAL','id':'" SID
           "','links':[],'adminPass':'LMoheHauXt8w'}}",
           SENT = "{'server':{'name':'web','flavorRef':'general1-1','imageRef':'" IMG
                  "','key_name':'ops','OS-DCF:diskConfig':'MANUAL','networks':["
                  "{'uuid':'00000000-0000-0000-0000-000000000000'},"
                  "{'uuid':'11111111-1111-1111-1111-111111111111'},{'uuid':'n-3'}],"
                  "'metadata':{'a':'b'},'personality':[{'path':'/etc/motd','contents':'***'}]}}"),
         SHOWN(ONE("BUILD"))),
     .count = 1, .id = SID, .label = "web", .raw = "BUILD", .state = NUBE_STATE_PENDING},
    {ROW("the smallest size that has a disk is chosen", NODE_CREATE),
     .args = {"name", "web", "image", IMG},
     .exchanges =
         AT(X("GET", "/images/" IMG, 200, "{'image':" IMAGE(IMG, "Debian", "base") "}"),
            X("GET", "/flavors/detail?sort_key=memory_mb", 200,
              "{'flavors':[" FLAVOR("tiny", "256", "20", "1") "," FLAVOR(
                  "compute1-4", "512", "0",
                  "2") "," FLAVOR("small-disk", "512", "10",
                                  "1") "," FLAVOR("general1-2", "2048", "40",
                                                  "2") "," FLAVOR("general1-1", "1024", "20",
                                                                  "1") "]}"),
            X("POST", "/servers", 202, "{'server':{'id':'" SID "','adminPass':'LMoheHauXt8w'}}",
              SENT = "'flavorRef':'general1-1'|!networks"),
            SHOWN(ONE("BUILD"))),
     .count = 1, .id = SID},
    {ROW("one without a disk, with a volume to start from", NODE_CREATE),
     .args = {"name", "web", "image", IMG, "volume_size", "100"},
     .exchanges =
         AT(X("GET", "/images/" IMG, 200, "{'image':" IMAGE(IMG, "Debian", "base") "}"),
            X("GET", "/flavors/detail?sort_key=memory_mb", 200,
              "{'flavors':[" FLAVOR("compute1-4", "512", "0", "2") "]}"),
            X("POST", "/servers", 202, "{'server':{'id':'" SID "','adminPass':'LMoheHauXt8w'}}",
              SENT = "'flavorRef':'compute1-4'|'block_device_mapping_v2':[{'boot_index':0|"
                     "'volume_size':100"),
            SHOWN(ONE("BUILD"))),
     .count = 1, .id = SID},
    {ROW("T-39: the server and its password reach the caller though it cannot be looked at",
         NODE_CREATE),
     .args = {"name", "web", "image", IMG, "size", "2"},
     .exchanges =
         AT(X("POST", "/servers", 202, "{'server':{'id':'" SID "','adminPass':'LMoheHauXt8w'}}"),
            X("GET", S, 403, "{'forbidden':{'code':403,'message':'No'}}")),
     .code = NUBE_E_FORBIDDEN, .count = 1, .id = SID, .resource = SID},
    {ROW("a machine of metal without a key", NODE_CREATE),
     .args = {"name", "web", "image", IMG, "size", "onmetal-io1"}, NO_TRAFFIC, .code = NUBE_E_USAGE,
     .message = "name a key"},
    {ROW("a place for a node is refused: it is the account's region", NODE_CREATE),
     .args = {"image", IMG, "location", "ORD"}, NO_TRAFFIC, .code = NUBE_E_UNSUPPORTED},
    {ROW("tags are refused: there are none", NODE_TAG), .args = {"id", SID, "tag", "a=b"},
     NO_TRAFFIC, .code = NUBE_E_UNSUPPORTED},

    /* ---- Nodes: changed ---- */
    {ROW("destroyed, with the status of the examples", NODE_DESTROY), ID1,
     .exchanges = AT(NOTHING("DELETE", S, 204))},
    {ROW("destroyed, with the status of the text", NODE_DESTROY), ID1,
     .exchanges = AT(NOTHING("DELETE", S, 202))},
    {ROW("started", NODE_START), ID1,
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'os-start':null}"))},
    {ROW("T-11: stopped, not deleted", NODE_STOP), ID1,
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'os-stop':null}"))},
    {ROW("T-28: a reboot is soft", NODE_REBOOT), ID1,
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'reboot':{'type':'SOFT'}}"))},
    {ROW("T-28: a reboot is hard when asked for", NODE_REBOOT), .args = {"id", SID, "hard", "yes"},
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'reboot':{'type':'HARD'}}"))},
    {ROW("renamed", NODE_RENAME), .args = {"id", SID, "name", "web-2"},
     .exchanges = AT(
         X("PUT", S, 200, "{'server':" ONE("ACTIVE") "}", SENT = "{'server':{'name':'web-2'}}"))},
    {ROW("resized and confirmed, with the status of the guide", NODE_RESIZE),
     .args = {"id", SID, "size", "2"},
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'resize':{'flavorRef':'2'}}"),
                     SHOWN(ONE("RESIZE")), SHOWN(ONE("VERIFY_RESIZE")),
                     NOTHING("POST", ACT_, 202, SENT = "{'confirmResize':null}"))},
    {ROW("resized and confirmed, with Nova's status", NODE_RESIZE),
     .args = {"id", SID, "size", "2"},
     .exchanges =
         AT(NOTHING("POST", ACT_, 202), SHOWN(ONE("VERIFY_RESIZE")), NOTHING("POST", ACT_, 204))},
    {ROW("resized, and left for a decision", NODE_RESIZE),
     .args = {"id", SID, "size", "2", "confirm", "no"},
     .exchanges = AT(NOTHING("POST", ACT_, 202), SHOWN(ONE("VERIFY_RESIZE")))},
    {ROW("rebuilt, with a new password", NODE_REBUILD), .args = {"id", SID, "image", "i-2"},
     .exchanges =
         AT(X("POST", ACT_, 202,
              "{'server':" SERVER(SID, "web", "REBUILD", "null", "'adminPass':'GFf1j9aP',") "}",
              SENT = "{'rebuild':{'imageRef':'i-2'}}")),
     .count = 1, .id = SID, .raw = "REBUILD", .state = NUBE_STATE_UPDATING},
    {ROW("metadata", NODE_METADATA), .args = {"id", SID, "metadata", "a=b", "remove", "c"},
     .exchanges = AT(X("POST", S "/metadata", 200, "{'metadata':{'a':'b'}}"),
                     NOTHING("DELETE", S "/metadata/c", 204))},
    {ROW("too many of them: a limit of the account", NODE_METADATA),
     .args = {"id", SID, "metadata", "a=b"},
     .exchanges = AT(X("POST", S "/metadata", 413,
                       "{'overLimit':{'code':413,'message':'Maximum number of metadata items "
                       "exceeds 40','details':''}}")),
     .code = NUBE_E_QUOTA, .retryable = NUBE_NO + 2, .provider_code = "overLimit",
     .message = "exceeds 40"},

    /* ---- Actions ---- */
    {ROW("rescued from its own image, as Rackspace writes it", NODE_ACTION),
     .args = {"action", "rescue", "id", SID},
     .exchanges =
         AT(X("POST", ACT_, 202, "{'adminPass':'m7UKdGiKFpqM'}", SENT = "{'rescue':'none'}")),
     .count = 1, .id = SID},
    {ROW("rescued from another", NODE_ACTION),
     .args = {"action", "rescue", "id", SID, "image", IMG},
     .exchanges = AT(X("POST", ACT_, 200, "{'adminPass':'m7UKdGiKFpqM'}",
                       SENT = "{'rescue':{'rescue_image_ref':'" IMG "'}}")),
     .count = 1, .id = SID},
    {ROW("as it was", NODE_ACTION), .args = {"action", "unrescue", "id", SID},
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'unrescue':null}"))},
    {ROW("locked", NODE_ACTION), .args = {"action", "lock", "id", SID},
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'lock':null}"))},
    {ROW("unlocked", NODE_ACTION), .args = {"action", "unlock", "id", SID},
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'unlock':null}"))},
    {ROW("confirmed", NODE_ACTION), .args = {"action", "confirm_resize", "id", SID},
     .exchanges = AT(NOTHING("POST", ACT_, 204, SENT = "{'confirmResize':null}"))},
    {ROW("taken back", NODE_ACTION), .args = {"action", "revert_resize", "id", SID},
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'revertResize':null}"))},
    {ROW("a new password", NODE_ACTION),
     .args = {"action", "set_password", "id", SID, "password", "pass-word"},
     .exchanges = AT(
         NOTHING("POST", ACT_, 202, SENT = "{'changePassword':{'adminPass':'***'}}|!pass-word"))},
    {ROW("the address of a console, as Nova had it before versions", NODE_ACTION),
     .args = {"action", "console_url", "id", SID, "type", "xvpvnc"},
     .exchanges = AT(X("POST", ACT_, 200,
                       "{'console':{'type':'xvpvnc','url':'https://v.example/console?t=1'}}",
                       SENT = "{'os-getVNCConsole':{'type':'xvpvnc'}}")),
     .out = "https://v.example/console?t=1\n"},
    {ROW("when images are made: every week", NODE_ACTION),
     .args = {"action", "image_schedule", "id", SID},
     .exchanges = AT(X("GET", S "/rax-si-image-schedule", 200,
                       "{'image_schedule':{'day_of_week':'SATURDAY','retention':5}}")),
     .code = 0, .out = "SATURDAY, 5 are kept\n"},
    {ROW("when images are made: never", NODE_ACTION),
     .args = {"action", "image_schedule", "id", SID},
     .exchanges = AT(X("GET", S "/rax-si-image-schedule", 404,
                       "{'itemNotFound':{'code':404,'message':'Image schedule not found'}}")),
     .out = "none\n"},
    {ROW("an image every day", NODE_ACTION),
     .args = {"action", "set_image_schedule", "id", SID, "retention", "7"},
     .exchanges =
         AT(X("POST", S "/rax-si-image-schedule", 200, "{'image_schedule':{'retention':7}}",
              SENT = "{'image_schedule':{'retention':7}}")),
     .out = "daily, 7 are kept\n"},
    {ROW("an image every Saturday", NODE_ACTION),
     .args = {"action", "set_image_schedule", "id", SID, "retention", "5", "day_of_week",
              "SATURDAY"},
     .exchanges = AT(X("POST", S "/rax-si-image-schedule", 200,
                       "{'image_schedule':{'day_of_week':'SATURDAY','retention':5}}",
                       SENT = "{'image_schedule':{'retention':5,'day_of_week':'SATURDAY'}}")),
     .out = "SATURDAY, 5 are kept\n"},
    {ROW("no more images", NODE_ACTION), .args = {"action", "delete_image_schedule", "id", SID},
     .exchanges = AT(NOTHING("DELETE", S "/rax-si-image-schedule", 202))},
    {ROW("no more images, where none are made", NODE_ACTION),
     .args = {"action", "delete_image_schedule", "id", SID},
     .exchanges =
         AT(X("DELETE", S "/rax-si-image-schedule", 404,
              "{'itemNotFound':{'code':404,'message':'The resource could not be found.'}}")),
     .code = NUBE_E_NOT_FOUND, .message = "there is no image schedule of node " SID},
    {ROW("in which networks it is", NODE_ACTION), .args = {"action", "interfaces", "id", SID},
     .exchanges =
         AT(X("GET", S "/os-virtual-interfacesv2", 200,
              "{'virtual_interfaces':[{'id':'v-1','mac_address':'FE:ED:FA:00:08:93',"
              "'ip_addresses':[{'address':'67.23.10.132','network_id':'00000000-0000-0000-0000-"
              "000000000000','network_label':'public'},{'address':'2001:4801::1','network_label':"
              "'public'}]},{'id':'v-2','ip_addresses':[]}]}")),
     .out = "v-1 FE:ED:FA:00:08:93 67.23.10.132@public,2001:4801::1@public\nv-2 ? -\n"},
    {ROW("into a network by its name", NODE_ACTION),
     .args = {"action", "attach_network", "id", SID, "network", "ServiceNet"},
     .exchanges = AT(
         X("POST", S "/os-virtual-interfacesv2", 200,
           "{'virtual_interfaces':[{'id':'v-3','mac_address':'FE:ED:FA:00:08:94','ip_addresses'"
           ":[{'address':'10.1.2.3','network_label':'private'}]}]}",
           SENT = "{'virtual_interface':{'network_id':'11111111-1111-1111-1111-111111111111'}}")),
     .out = "v-3 FE:ED:FA:00:08:94 10.1.2.3@private\n"},
    {ROW("out of a network", NODE_ACTION),
     .args = {"action", "detach_network", "id", SID, "interface", "v-3"},
     .exchanges = AT(NOTHING("DELETE", S "/os-virtual-interfacesv2/v-3", 200))},

    /* ---- Images, sizes, places, keys ---- */
    {ROW("images are Nova's", IMAGE_LIST),
     .args = {"name", "Debian", "type", "BASE", "status", "ACTIVE", "node", SID},
     .exchanges = AT(
         X("GET", "/images/detail?name=Debian&status=ACTIVE&server=" SID "&type=BASE", 200,
           "{'images':[" IMAGE(IMG, "Debian", "base") "," IMAGE("i-2", "other", "snapshot") "]}")),
     .count = 1, .id = IMG, .label = "Debian", .extra = "size", .value = "198846343"},
    {ROW("images are searched for here", IMAGE_SEARCH), .args = {"term", "deb"},
     .exchanges =
         AT(X("GET", "/images/detail?status=ACTIVE", 200,
              "{'images':[" IMAGE(IMG, "Debian", "base") "," IMAGE("i-2", "CentOS", "base") "]}")),
     .count = 1, .id = IMG},
    {ROW("an image", IMAGE_GET), .args = {"id", IMG},
     .exchanges = AT(X("GET", "/images/" IMG, 200, "{'image':" IMAGE(IMG, "Debian", "base") "}")),
     .count = 1, .id = IMG, .extra = "metadata.com.rackspace__1__options", .value = "0"},
    {ROW("an image of a node: its address names it", IMAGE_CREATE),
     .args = {"node", SID, "name", "gold", "metadata", "a=b"},
     .exchanges =
         AT(NOTHING("POST", ACT_, 202,
                    .header = "Location: https://lon.servers.api.rackspacecloud.com/v2/123456/"
                              "images/" IMG,
                    SENT = "{'createImage':{'name':'gold','metadata':{'a':'b'}}}"),
            X("GET", "/images/" IMG, 200, "{'image':" IMAGE(IMG, "gold", "snapshot") "}")),
     .count = 1, .id = IMG, .label = "gold"},
    {ROW("an image is deleted", IMAGE_DELETE), .args = {"id", IMG},
     .exchanges = AT(NOTHING("DELETE", "/images/" IMG, 204))},
    {ROW("sizes, with their classes", SIZE_LIST), .args = {"min_ram", "1024", "min_disk", "20"},
     .exchanges = AT(X("GET", "/flavors/detail?minRam=1024&minDisk=20", 200,
                       "{'flavors':[" FLAVOR("general1-1", "1024", "20", "1") "]}")),
     .count = 1, .id = "general1-1", .extra = "extra_specs.class", .value = "general1"},
    {ROW("the one place is the region", LOCATION_LIST), NO_TRAFFIC, .count = 1, .id = "LON",
     .label = "London"},
    {ROW("keys", KEY_LIST),
     .exchanges = AT(X("GET", "/os-keypairs", 200,
                       "{'keypairs':[{'keypair':{'name':'ops','public_key':'ssh-rsa AAAA x',"
                       "'fingerprint':'15:b0'}}]}")),
     .count = 1, .id = "ops"},
    {ROW("a key, by a name with a blank", KEY_GET), .args = {"id", "my key"},
     .exchanges = AT(X("GET", "/os-keypairs/my%20key", 200,
                       "{'keypair':{'name':'my key','public_key':'ssh-rsa AAAA x'}}")),
     .count = 1, .id = "my key"},
    {ROW("a key is made", KEY_CREATE), .args = {"name", "ops"},
     .exchanges = AT(X("POST", "/os-keypairs", 200,
                       "{'keypair':{'name':'ops','public_key':'ssh-rsa AAAA x','private_key':"
                       "'-----BEGIN RSA PRIVATE KEY-----','user_id':'u'}}",
                       SENT = "{'keypair':{'name':'ops'}}|!'type'")),
     .count = 1, .id = "ops"},
    {ROW("a key is imported", KEY_IMPORT), .args = {"name", "ops", "public_key", "ssh-rsa AAAA x"},
     .exchanges = AT(X("POST", "/os-keypairs", 200,
                       "{'keypair':{'name':'ops','public_key':'ssh-rsa AAAA x'}}")),
     .count = 1, .id = "ops"},
    {ROW("a key of a name that is taken", KEY_IMPORT),
     .args = {"name", "ops", "public_key", "ssh-rsa AAAA x"},
     .exchanges = AT(X("POST", "/os-keypairs", 409,
                       "{'conflictingRequest':{'code':409,'message':'Key pair \\'ops\\' already "
                       "exists.'}}")),
     .code = NUBE_E_CONFLICT, .message = "already exists"},
    {ROW("a key is deleted", KEY_DELETE), .args = {"id", "ops"},
     .exchanges = AT(NOTHING("DELETE", "/os-keypairs/ops", 202))},

    /* ---- Faults ---- */
    FAULT("413 of Repose: too fast, with the time to come back", 413, "Retry-After: 17",
          "{'overLimit':{'code':413,'message':'OverLimit Retry...','details':'Error Details...',"
          "'retryAt':'2026-11-21T23:30:00Z'}}",
          RATE, NUBE_UNKNOWN, "overLimit", "OverLimit Retry..."),
    FAULT("413 with the time in the body alone", 413, NULL,
          "{'overLimit':{'code':413,'message':'OverLimit Retry...','retryAt':'2010-08-01T00:00:00Z'"
          "}}",
          RATE, NUBE_UNKNOWN, "overLimit", "OverLimit"),
    FAULT("400", 400, NULL, "{'badRequest':{'code':400,'message':'Bad','details':'Details'}}",
          USAGE, NUBE_UNKNOWN, "badRequest", "Bad"),
    {ROW("error: 401, and again after a new login", NODE_START), ID1,
     .exchanges = AT(REFUSED, REFUSED), .code = NUBE_E_AUTH, .provider_code = "unauthorized",
     .message = "No valid token"},
    FAULT("403", 403, NULL, "{'forbidden':{'code':403,'message':'No'}}", FORBIDDEN, NUBE_UNKNOWN,
          "forbidden", "No"),
    FAULT("403 of a size that it cannot have", 403, NULL,
          "{'resizeNotAllowed':{'code':403,'message':'Resize not allowed'}}", STATE, NUBE_NO,
          "resizeNotAllowed", "not allowed"),
    FAULT("404", 404, NULL,
          "{'itemNotFound':{'code':404,'message':'The resource could not be found.'}}", NOT_FOUND,
          NUBE_UNKNOWN, "itemNotFound", "there is no node " SID),
    FAULT("405", 405, NULL, "{'badMethod':{'code':405,'message':'Bad method'}}", UNSUPPORTED,
          NUBE_NO, "badMethod", "Bad method"),
    FAULT("409 while it is built", 409, NULL,
          "{'buildInProgress':{'code':409,'message':'Instance is building'}}", STATE, NUBE_NO,
          "buildInProgress", "building"),
    FAULT("409 while it is copied or resized", 409, NULL,
          "{'backupOrResizeInProgress':{'code':409,'message':'Wait'}}", STATE, NUBE_NO,
          "backupOrResizeInProgress", "Wait"),
    FAULT("409 of a state, as Nova has it", 409, NULL,
          "{'conflictingRequest':{'code':409,'message':'Cannot \\'os-start\\' while it is in "
          "vm_state active'}}",
          STATE, NUBE_NO, "conflictingRequest", "vm_state"),
    FAULT("415", 415, NULL, "{'badMediaType':{'code':415,'message':'Unsupported'}}", USAGE,
          NUBE_UNKNOWN, "badMediaType", "Unsupported"),
    FAULT("501", 501, NULL, "{'notImplemented':{'code':501,'message':'Not here'}}", UNSUPPORTED,
          NUBE_NO, "notImplemented", "Not here"),
    FAULT("500", 500, NULL, "{'computeFault':{'code':500,'message':'Fault!'}}", PROVIDER,
          NUBE_UNKNOWN, "computeFault", "Fault!"),
    FAULT("503", 503, NULL, "{'serverCapacityUnavailable':{'code':503,'message':'No room'}}",
          PROVIDER, NUBE_UNKNOWN, "serverCapacityUnavailable", "No room"),
    FAULT("a fault without a message", 400, NULL, "{'badRequest':{'code':400}}", USAGE,
          NUBE_UNKNOWN, NULL, "status 400"),
    FAULT("an address without a version", 300, NULL,
          "{'choices':[{'id':'v2.0','status':'CURRENT','links':[{'href':"
          "'https://lon.servers.api.rackspacecloud.com/v2/','rel':'self'}]}]}",
          NOT_FOUND, NUBE_UNKNOWN, NULL, "use https://lon.servers.api.rackspacecloud.com/v2/"),
};

const struct conformance rackspace_conformance = {
    .driver = "rackspace",
    .provider = "rackspace",
    .options = options,
    .endpoint = "endpoint",
    .rows = rows,
    .count = sizeof(rows) / sizeof(*rows),
};
