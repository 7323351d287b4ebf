/* Conformance of Rackspace's first generation: bodies are the samples of its specification. */
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
#define SID  "1234"
#define S    "/servers/" SID
#define ACT_ S "/action"
#define SENT .sent

#define ROW(name_, op_) .name = name_, .op = NUBE_OP_##op_
#define ID1             .args = {"id", SID}
#define NO_TRAFFIC      .exchanges = AT({.method = NULL})

#define FIRST_SERVER(status_)                                                                      \
    "{'id':1234,'name':'sample-server','imageId':1,'flavorId':1,'hostId':"                         \
    "'e4d909c290d0fb1ca068ffaddf22cbd0','status':'" status_                                        \
    "','progress':60,'addresses':{'public':['67.23.10.132','67.23.10.131'],'private':["            \
    "'10.176.42.16']},'metadata':{'Server Label':'Web Head 1','Image Version':'2.1'}}"
#define SECOND_SERVER                                                                              \
    "{'id':5678,'name':'sample-server2','imageId':1,'flavorId':1,'hostId':"                        \
    "'9e107d9d372bb6826bd81d3542a419d6','status':'ACTIVE','addresses':{'public':['67.23.10.133']," \
    "'private':['10.176.42.17']},'metadata':{'Server Label':'DB 1'}}"
#define SHOWN(status_) X("GET", S, 200, "{'server':" FIRST_SERVER(status_) "}")
#define CREATED                                                                                    \
    "{'server':{'id':1235,'name':'new-server-test','imageId':1,'flavorId':1,'hostId':"             \
    "'e4d909c290d0fb1ca068ffaddf22cbd0','progress':0,'status':'BUILD','adminPass':'GFf1j9aP',"     \
    "'metadata':{'My Server Name':'Apache1'},'addresses':{'public':['67.23.10.138'],'private':["   \
    "'10.176.42.19']}}}"
#define FLAVORS                                                                                    \
    "{'flavors':[{'id':2,'name':'512 MB Server','ram':512,'disk':20},{'id':1,'name':"              \
    "'256 MB Server','ram':256,'disk':10}]}"
#define IMAGES                                                                                     \
    "{'images':[{'id':1,'name':'CentOS 5.2','updated':'2010-10-10T12:00:00Z','created':"           \
    "'2010-08-10T12:00:00Z','status':'ACTIVE'},{'id':743,'name':'My Server Backup','serverId':12," \
    "'updated':'2010-10-10T12:00:00Z','created':'2010-08-10T12:00:00Z','status':'SAVING',"         \
    "'progress':80}]}"
#define IMAGE                                                                                      \
    "{'image':{'id':1,'name':'CentOS 5.2','serverId':12,'updated':'2010-10-10T12:00:00Z',"         \
    "'created':'2010-08-10T12:00:00Z','status':'SAVING','progress':80}}"
#define GROUPS                                                                                     \
    "{'sharedIpGroups':[{'id':1234,'name':'Shared IP Group 1','servers':[422,3445]},{'id':5678,"   \
    "'name':'Shared IP Group 2','servers':[23203,2456,9891]}]}"
#define LIMITS_BODY                                                                                \
    "{'limits':{'rate':[{'verb':'POST','URI':'*','regex':'.*','value':10,'remaining':2,'unit':"    \
    "'MINUTE','resetTime':1244425439}],'absolute':{'maxTotalRAMSize':51200,'maxIPGroups':50,"      \
    "'maxIPGroupMembers':25}}}"

static const char *const options[] = {"endpoint", "http://x", "token", "secret-token", NULL};

#define STATUS(word_, state_)                                                                      \
    {                                                                                              \
        ROW("T-14: " word_, NODE_GET), ID1, .exchanges = AT(SHOWN(word_)), .count = 1, .id = SID,  \
                                            .raw = word_, .state = NUBE_STATE_##state_             \
    }
#define FAULT(name_, status_, header_, body_, class_, retry_, code_, part_)                        \
    {                                                                                              \
        ROW("error: " name_, NODE_REBOOT), ID1,                                                    \
            .exchanges = AT({.method = "POST",                                                     \
                             .url = ACT_,                                                          \
                             .status = status_,                                                    \
                             .header = header_,                                                    \
                             .body = body_}),                                                      \
            .code = NUBE_E_##class_, .retryable = retry_ + 2, .provider_code = code_,              \
            .message = part_                                                                       \
    }
#define NOT_OFFERED(op_, ...)                                                                      \
    {                                                                                              \
        ROW("T-34: there is no " #op_, op_), .args = {__VA_ARGS__}, NO_TRAFFIC,                    \
                                             .code = NUBE_E_UNSUPPORTED                            \
    }
#define REFUSED X("POST", ACT_, 401, "{'unauthorized':{'code':401,'message':'Token expired'}}")

static const struct scenario rows[] = {
    {ROW("check", CHECK), .exchanges = AT(X("GET", "/limits", 200, LIMITS_BODY,
                                            SENT = "X-Auth-Token: ***|!secret-token"))},
    {ROW("raw", RAW), .args = {"method", "GET", "path", "shared_ip_groups"},
     .exchanges = AT(X("GET", "/shared_ip_groups", 200, "{'sharedIpGroups':[]}", .flags = BYTES)),
     .out = "{\"sharedIpGroups\":[]}"},

    /* ---- Nodes: seen ---- */
    {ROW("nodes are listed: numbers for ids, texts for addresses", NODE_LIST),
     .exchanges = AT(X("GET", "/servers/detail?limit=1000", 200,
                       "{'servers':[" FIRST_SERVER("BUILD") "," SECOND_SERVER "]}",
                       SENT = "Cache-Control: no-cache|Accept: application/json")),
     .count = 2, .id = SID, .label = "sample-server", .raw = "BUILD", .state = NUBE_STATE_PENDING,
     .extra = "host_id", .value = "e4d909c290d0fb1ca068ffaddf22cbd0"},
    {ROW("no nodes, from a cache", NODE_LIST),
     .exchanges = AT(X("GET", "/servers/detail?limit=1000", 203, "{'servers':[]}")), .count = -1},
    {ROW("a node is found by its address", NODE_LIST), .args = {"address", "67.23.10.133"},
     .exchanges = AT(X("GET", "/servers/detail?limit=1000", 200,
                       "{'servers':[" FIRST_SERVER("ACTIVE") "," SECOND_SERVER "]}")),
     .count = 1, .id = "5678"},
    {ROW("a node", NODE_GET), ID1, .exchanges = AT(SHOWN("ACTIVE")), .count = 1, .id = SID,
     .extra = "progress", .value = "60"},
    {ROW("an id that is no number", NODE_GET), .args = {"id", "web"}, NO_TRAFFIC,
     .code = NUBE_E_USAGE},
    {ROW("a node that is not there", NODE_GET), ID1,
     .exchanges = AT(X("GET", S, 404,
                       "{'itemNotFound':{'code':404,'message':'Not Found','details':'Error "
                       "Details...'}}")),
     .code = NUBE_E_NOT_FOUND, .provider_code = "itemNotFound", .message = "Not Found"},
    STATUS("ACTIVE", RUNNING),
    STATUS("SUSPENDED", SUSPENDED),
    STATUS("DELETED", TERMINATED),
    STATUS("QUEUE_RESIZE", UPDATING),
    STATUS("PREP_RESIZE", UPDATING),
    STATUS("RESIZE", UPDATING),
    STATUS("VERIFY_RESIZE", UPDATING),
    STATUS("QUEUE_MOVE", MIGRATING),
    STATUS("PREP_MOVE", MIGRATING),
    STATUS("MOVE", MIGRATING),
    STATUS("VERIFY_MOVE", MIGRATING),
    STATUS("RESCUE", UPDATING),
    STATUS("ERROR", ERROR),
    STATUS("BUILD", PENDING),
    STATUS("RESTORING", PENDING),
    STATUS("PASSWORD", UPDATING),
    STATUS("REBUILD", UPDATING),
    STATUS("DELETE_IP", UPDATING),
    STATUS("SHARE_IP_NO_CONFIG", UPDATING),
    STATUS("SHARE_IP", UPDATING),
    STATUS("ADD_IP_NO_CONFIG", UPDATING),
    STATUS("ADD_IP", UPDATING),
    STATUS("REBOOT", REBOOTING),
    STATUS("HARD_REBOOT", REBOOTING),
    STATUS("PENDING", PENDING),
    STATUS("UNKNOWN", UNKNOWN),
    STATUS("DREAMING", UNKNOWN),

    /* ---- What it does not offer ---- */
    NOT_OFFERED(NODE_START, "id", SID),
    NOT_OFFERED(NODE_STOP, "id", SID),
    NOT_OFFERED(NODE_SUSPEND, "id", SID),
    NOT_OFFERED(NODE_METADATA, "id", SID, "metadata", "a=b"),
    NOT_OFFERED(KEY_LIST, NULL),
    NOT_OFFERED(KEY_IMPORT, "name", "ops", "public_key", "ssh-rsa AAAA"),
    {ROW("T-34: a key by name is refused too", NODE_CREATE), .args = {"image", "1", "key", "ops"},
     NO_TRAFFIC, .code = NUBE_E_UNSUPPORTED},

    /* ---- Nodes: made ---- */
    {ROW("made, with its addresses and its password at once", NODE_CREATE),
     .args = {"name", "new-server-test", "image", "1", "size", "1", "metadata",
              "My Server Name=Apache1", "file", "/etc/banner.txt=hello", "public_key",
              "ssh-rsa AAAA me", "shared_ip_group", "1234"},
     .exchanges =
         AT(X("POST", "/servers", 202, CREATED,
              SENT = "{'server':{'name':'new-server-test','imageId':1,'flavorId':1,"
                     "'sharedIpGroupId':1234,'metadata':{'My Server Name':'Apache1'},"
                     "'personality':[{'path':'/root/.ssh/authorized_keys','contents':'***'},"
                     "{'path':'/etc/banner.txt','contents':'***'}]}}")),
     .count = 1, .id = "1235", .label = "new-server-test", .raw = "BUILD",
     .state = NUBE_STATE_PENDING},
    {ROW("the smallest size is chosen", NODE_CREATE), .args = {"name", "n", "image", "1"},
     .exchanges = AT(X("GET", "/flavors/detail", 200, FLAVORS),
                     X("POST", "/servers", 202, CREATED,
                       SENT = "{'server':{'name':'n','imageId':1,'flavorId':1}}")),
     .count = 1, .id = "1235"},
    {ROW("no size at all", NODE_CREATE), .args = {"name", "n", "image", "1"},
     .exchanges = AT(X("GET", "/flavors/detail", 200, "{'flavors':[]}")), .code = NUBE_E_NOT_FOUND,
     .message = "no size"},
    {ROW("an image that is no number", NODE_CREATE), .args = {"image", "debian"}, NO_TRAFFIC,
     .code = NUBE_E_USAGE},

    /* ---- Nodes: changed ---- */
    {ROW("destroyed", NODE_DESTROY), ID1, .exchanges = AT(NOTHING("DELETE", S, 204))},
    {ROW("destroyed, with the status that libcloud saw", NODE_DESTROY), ID1,
     .exchanges = AT(NOTHING("DELETE", S, 202))},
    {ROW("T-28: a reboot is soft", NODE_REBOOT), ID1,
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'reboot':{'type':'SOFT'}}"))},
    {ROW("a reboot is hard when asked for", NODE_REBOOT), .args = {"id", SID, "hard", "yes"},
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'reboot':{'type':'HARD'}}"))},
    {ROW("renamed", NODE_RENAME), .args = {"id", SID, "name", "new-server-test"},
     .exchanges = AT(NOTHING("PUT", S, 204, SENT = "{'server':{'name':'new-server-test'}}"))},
    {ROW("rebuilt", NODE_REBUILD), .args = {"id", SID, "image", "2"},
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'rebuild':{'imageId':2}}"))},
    {ROW("resized, followed to its question, and confirmed", NODE_RESIZE),
     .args = {"id", SID, "size", "3"},
     .exchanges =
         AT(NOTHING("POST", ACT_, 202, SENT = "{'resize':{'flavorId':3}}"), SHOWN("QUEUE_RESIZE"),
            SHOWN("VERIFY_RESIZE"), NOTHING("POST", ACT_, 204, SENT = "{'confirmResize':null}"))},
    {ROW("what a cache shows is not taken for the end", NODE_RESIZE),
     .args = {"id", SID, "size", "3"},
     .exchanges = AT(NOTHING("POST", ACT_, 202),
                     X("GET", S, 203, "{'server':" FIRST_SERVER("ACTIVE") "}", .flags = UNREAD),
                     SHOWN("VERIFY_RESIZE"), NOTHING("POST", ACT_, 204))},
    {ROW("resized, and left for a decision", NODE_RESIZE),
     .args = {"id", SID, "size", "3", "confirm", "no"},
     .exchanges = AT(NOTHING("POST", ACT_, 202), SHOWN("VERIFY_RESIZE"))},
    {ROW("T-18: a resize that fails is ACTIVE again", NODE_RESIZE),
     .args = {"id", SID, "size", "3"},
     .exchanges = AT(NOTHING("POST", ACT_, 202), SHOWN("PREP_RESIZE"), SHOWN("ACTIVE")),
     .code = NUBE_E_PROVIDER, .message = "not resized, and is ACTIVE", .resource = SID},

    /* ---- Actions ---- */
    {ROW("confirmed", NODE_ACTION), .args = {"action", "confirm_resize", "id", SID},
     .exchanges = AT(NOTHING("POST", ACT_, 204, SENT = "{'confirmResize':null}"))},
    {ROW("taken back, with the status of the specification", NODE_ACTION),
     .args = {"action", "revert_resize", "id", SID},
     .exchanges = AT(NOTHING("POST", ACT_, 202, SENT = "{'revertResize':null}"))},
    {ROW("taken back, with the status that libcloud expects", NODE_ACTION),
     .args = {"action", "revert_resize", "id", SID}, .exchanges = AT(NOTHING("POST", ACT_, 204))},
    {ROW("a new password", NODE_ACTION),
     .args = {"action", "set_password", "id", SID, "password", "newPassword"},
     .exchanges = AT(NOTHING("PUT", S, 204, SENT = "{'server':{'adminPass':'***'}}|!newPassword"))},
    {ROW("when images are made", NODE_ACTION), .args = {"action", "backup_schedule", "id", SID},
     .exchanges = AT(X("GET", S "/backup_schedule", 200,
                       "{'backupSchedule':{'enabled':true,'weekly':'THURSDAY','daily':"
                       "'H_0400_0600'}}")),
     .out = "enabled, weekly THURSDAY, daily H_0400_0600\n"},
    {ROW("make images", NODE_ACTION),
     .args = {"action", "set_backup_schedule", "id", SID, "weekly", "THURSDAY", "daily",
              "H_0400_0600"},
     .exchanges = AT(NOTHING("POST", S "/backup_schedule", 204,
                             SENT = "{'backupSchedule':{'enabled':true,'weekly':'THURSDAY',"
                                    "'daily':'H_0400_0600'}}"))},
    {ROW("make images, but when?", NODE_ACTION),
     .args = {"action", "set_backup_schedule", "id", SID}, NO_TRAFFIC, .code = NUBE_E_USAGE,
     .message = "weekly"},
    {ROW("make no more images", NODE_ACTION),
     .args = {"action", "delete_backup_schedule", "id", SID},
     .exchanges = AT(NOTHING("DELETE", S "/backup_schedule", 204))},
    {ROW("the groups that it is in", NODE_ACTION), .args = {"action", "ip_groups", "id", "2456"},
     .exchanges = AT(X("GET", "/shared_ip_groups/detail", 200, GROUPS)),
     .out = "5678 23203,2456,9891 Shared IP Group 2\n"},
    {ROW("a group is made with one server, not a list", NODE_ACTION),
     .args = {"action", "create_ip_group", "id", "422", "name", "Shared IP Group 1"},
     .exchanges = AT(X("POST", "/shared_ip_groups", 201,
                       "{'sharedIpGroup':{'id':1234,'name':'Shared IP Group 1','servers':[422]}}",
                       SENT = "{'sharedIpGroup':{'name':'Shared IP Group 1','server':422}}")),
     .out = "1234\n"},
    {ROW("a group is deleted", NODE_ACTION),
     .args = {"action", "delete_ip_group", "id", SID, "group", "1234"},
     .exchanges = AT(NOTHING("DELETE", "/shared_ip_groups/1234", 204))},
    {ROW("an address is shared", NODE_ACTION),
     .args = {"action", "share_ip", "id", SID, "address", "67.23.10.132", "group", "1234"},
     .exchanges =
         AT(NOTHING("PUT", S "/ips/public/67.23.10.132", 202,
                    SENT = "{'shareIp':{'sharedIpGroupId':1234,'configureServer':true}}"))},
    {ROW("and is no longer", NODE_ACTION),
     .args = {"action", "unshare_ip", "id", SID, "address", "67.23.10.132"},
     .exchanges = AT(NOTHING("DELETE", S "/ips/public/67.23.10.132", 202))},

    /* ---- Images, sizes, the place ---- */
    {ROW("images", IMAGE_LIST), .exchanges = AT(X("GET", "/images/detail?limit=1000", 200, IMAGES)),
     .count = 2, .id = "1", .label = "CentOS 5.2", .extra = "updated",
     .value = "2010-10-10T12:00:00Z"},
    {ROW("images are searched for here", IMAGE_SEARCH), .args = {"term", "backup"},
     .exchanges = AT(X("GET", "/images/detail?limit=1000", 200, IMAGES)), .count = 1, .id = "743",
     .extra = "node", .value = "12"},
    {ROW("an image", IMAGE_GET), .args = {"id", "1"},
     .exchanges = AT(X("GET", "/images/1", 200, IMAGE)), .count = 1, .id = "1", .extra = "progress",
     .value = "80"},
    {ROW("an image of a node", IMAGE_CREATE), .args = {"node", "12", "name", "CentOS 5.2"},
     .exchanges = AT(
         X("POST", "/images", 202, IMAGE, SENT = "{'image':{'serverId':12,'name':'CentOS 5.2'}}")),
     .count = 1, .id = "1", .label = "CentOS 5.2"},
    {ROW("an image is deleted", IMAGE_DELETE), .args = {"id", "743"},
     .exchanges = AT(NOTHING("DELETE", "/images/743", 204))},
    {ROW("sizes", SIZE_LIST), .exchanges = AT(X("GET", "/flavors/detail?limit=1000", 200, FLAVORS)),
     .count = 2, .id = "2", .label = "512 MB Server"},
    {ROW("the one place", LOCATION_LIST), NO_TRAFFIC, .count = 1, .id = "us",
     .label = "United States"},

    /* ---- Faults ---- */
    FAULT("413 with a date in the body, as the specification shows it", 413, NULL,
          "{'overLimit':{'code':413,'message':'OverLimit Retry...','details':'Error Details...',"
          "'retryAfter':'2010-08-01T00:00:00Z'}}",
          RATE, NUBE_UNKNOWN, "overLimit", "OverLimit Retry..."),
    FAULT("413 with the header", 413, "Retry-After: 17",
          "{'overLimit':{'code':413,'message':'OverLimit Retry...'}}", RATE, NUBE_UNKNOWN,
          "overLimit", "OverLimit"),
    FAULT("413 with the header as the text writes it", 413, "Reply-After: 17",
          "{'overLimit':{'code':413,'message':'OverLimit Retry...'}}", RATE, NUBE_UNKNOWN,
          "overLimit", "OverLimit"),
    FAULT("413 of an absolute limit", 413, NULL,
          "{'overLimit':{'code':413,'message':'Too many metadata items'}}", QUOTA, NUBE_NO,
          "overLimit", "metadata"),
    {ROW("error: 401, and again after a new login", NODE_REBOOT), ID1,
     .exchanges = AT(REFUSED, REFUSED), .code = NUBE_E_AUTH, .provider_code = "unauthorized",
     .message = "Token expired"},
    FAULT("500", 500, NULL,
          "{'cloudServersFault':{'code':500,'message':'Fault!','details':'Error Details...'}}",
          PROVIDER, NUBE_UNKNOWN, "cloudServersFault", "Fault!"),
    FAULT("400 that wants a reboot first", 400, NULL,
          "{'cloudServersFault':{'code':400,'message':'422 Unprocessable Entity: Cannot perform "
          "requested action until reboot is complete.'}}",
          STATE, NUBE_NO, "cloudServersFault", "until reboot is complete"),
    FAULT("400", 400, NULL, "{'badRequest':{'code':400,'message':'Bad'}}", USAGE, NUBE_UNKNOWN,
          "badRequest", "Bad"),
    FAULT("403", 403, NULL, "{'resizeNotAllowed':{'code':403,'message':'Resize not allowed'}}",
          STATE, NUBE_NO, "resizeNotAllowed", "not allowed"),
    FAULT("405", 405, NULL, "{'badMethod':{'code':405,'message':'Bad method'}}", UNSUPPORTED,
          NUBE_NO, "badMethod", "Bad method"),
    FAULT("409", 409, NULL, "{'buildInProgress':{'code':409,'message':'Building'}}", STATE, NUBE_NO,
          "buildInProgress", "Building"),
    FAULT("409 of an image or a resize", 409, NULL,
          "{'backupOrResizeInProgress':{'code':409,'message':'Wait'}}", STATE, NUBE_NO,
          "backupOrResizeInProgress", "Wait"),
    FAULT("415", 415, NULL, "{'badMediaType':{'code':415,'message':'Type'}}", USAGE, NUBE_UNKNOWN,
          "badMediaType", "Type"),
    FAULT("501", 501, NULL, "{'notImplemented':{'code':501,'message':'Not here'}}", UNSUPPORTED,
          NUBE_NO, "notImplemented", "Not here"),
    FAULT("503", 503, NULL, "{'serverCapacityUnavailable':{'code':503,'message':'No room'}}",
          PROVIDER, NUBE_UNKNOWN, "serverCapacityUnavailable", "No room"),
    FAULT("503 of the service", 503, NULL, "{'serviceUnavailable':{'code':503,'message':'Later'}}",
          PROVIDER, NUBE_UNKNOWN, "serviceUnavailable", "Later"),
};

const struct conformance first_gen_conformance = {
    .driver = "rackspace_first_gen",
    .provider = "rackspace_first_gen:us",
    .options = options,
    .endpoint = "endpoint",
    .rows = rows,
    .count = sizeof(rows) / sizeof(*rows),
};

/* ---- Logins ---- */

#define CHECK_(name_) .name = name_, .op = NUBE_OP_CHECK
#define BY(...)       .options = LIST(__VA_ARGS__)
#define LIMITS(host_)                                                                              \
    X("GET", "/v1.0/35428/limits", 200, LIMITS_BODY,                                               \
      SENT = "https://" host_ "/v1.0/35428/limits|X-Auth-Token: ***")
#define LOGIN_HEADERS(status_, ...)                                                                \
    {                                                                                              \
        .method = "GET", .url = "/v1.0", .type = "", .status = status_,                            \
        .header = "X-Auth-Token: eaaafd18-0fed-4b3a-81b4-663c99ec1cbb\n"                           \
                  "X-Storage-Url: https://storage.clouddrive.com/v1/CloudFS\n"                     \
                  "X-CDN-Management-Url: https://cdn.clouddrive.com/v1/CloudFS\n"                  \
                  "X-Server-Management-Url: https://servers.api.rackspacecloud.com/v1.0/35428",    \
        .sent = __VA_ARGS__                                                                        \
    }
#define HEADERS                                                                                    \
    "https://auth.api.rackspacecloud.com/v1.0|X-Auth-User: demo|X-Auth-Key: ***|!secret-key"
#define CATALOG(url_)                                                                              \
    "{'access':{'token':{'id':'0f1e2d','expires':'2099-11-22T12:00:00.000Z','tenant':{'id':"       \
    "'35428'}},'serviceCatalog':[{'name':'cloudServersOpenStack','type':'compute','endpoints':[{"  \
    "'region':'DFW','publicURL':'https://dfw.example/v2/35428'}]},{'name':'cloudServers','type':"  \
    "'compute','endpoints':[{'tenantId':'35428','publicURL':'" url_                                \
    "','versionId':'1.0'}]}],'user':{'id':'1'}}}"
#define V2 "auth_url", "https://identity.api.rackspacecloud.com/v2.0"

static const char *const login_options[] = {"key", "demo", "secret", "secret-key", NULL};

static const struct scenario login_rows[] = {
    {CHECK_("US, with 204"),
     .exchanges = AT(LOGIN_HEADERS(204, HEADERS), LIMITS("servers.api.rackspacecloud.com"))},
    {CHECK_("with 200"),
     .exchanges = AT(LOGIN_HEADERS(200, HEADERS), LIMITS("servers.api.rackspacecloud.com"))},
    {CHECK_("UK"), BY("key", "demo", "secret", "secret-key", "region", "UK"),
     .exchanges = AT(LOGIN_HEADERS(204, "https://lon.auth.api.rackspacecloud.com/v1.0"),
                     LIMITS("servers.api.rackspacecloud.com"))},
    {CHECK_("a region that is none"), BY("key", "demo", "secret", "secret-key", "region", "DFW"),
     NO_TRAFFIC, .code = NUBE_E_USAGE, .message = "us and uk, not \"DFW\""},
    {CHECK_("another place to log in, and one for the servers"),
     BY("key", "demo", "secret", "secret-key", "auth_url", "https://auth.example", "endpoint",
        "https://servers.example/v1.0/35428/"),
     .exchanges = AT(LOGIN_HEADERS(204, "https://auth.example/v1.0"), LIMITS("servers.example"))},
    {CHECK_("T-01: a wrong key, without a word"),
     .exchanges = AT({.method = "GET", .url = "/v1.0", .status = 401, .type = ""}),
     .code = NUBE_E_AUTH, .message = "the login was refused; check username and api_key"},
    {CHECK_("T-01: a wrong key, in plain words"),
     .exchanges = AT({.method = "GET",
                      .url = "/v1.0",
                      .status = 401,
                      .type = "text/plain",
                      .body = "Bad username or password"}),
     .code = NUBE_E_AUTH, .message = "the login was refused"},
    {CHECK_("a reply without a token"),
     .exchanges = AT({.method = "GET",
                      .url = "/v1.0",
                      .status = 204,
                      .type = "",
                      .header = "X-Server-Management-Url: https://x/v1.0/1"}),
     .code = NUBE_E_PROTOCOL, .message = "X-Auth-Token"},
    {CHECK_("a reply without an address"),
     .exchanges = AT(
         {.method = "GET", .url = "/v1.0", .status = 204, .type = "", .header = "X-Auth-Token: t"}),
     .code = NUBE_E_PROTOCOL, .message = "X-Server-Management-Url"},
    {CHECK_("a password, which version 1.0 does not take"),
     BY("username", "demo", "password", "pass-word"), NO_TRAFFIC, .code = NUBE_E_AUTH,
     .message = "identity.api.rackspacecloud.com"},
    {CHECK_("Identity v2.0"), BY("username", "demo", "password", "pass-word", V2),
     .exchanges = AT(X("POST", "/v2.0/tokens", 200,
                       CATALOG("https://servers.api.rackspacecloud.com/v1.0/35428"),
                       SENT = "'passwordCredentials':{'username':'demo','password':'***'}"),
                     LIMITS("servers.api.rackspacecloud.com"))},
    {CHECK_("Identity v2.0 shows the other half: the region decides"),
     BY("key", "demo", "secret", "secret-key", "region", "uk", V2),
     .exchanges = AT(X("POST", "/v2.0/tokens", 200,
                       CATALOG("https://servers.api.rackspacecloud.com/v1.0/35428"),
                       SENT = "'RAX-KSKEY:apiKeyCredentials'"),
                     LIMITS("lon.servers.api.rackspacecloud.com"))},
    {CHECK_("and back"), BY("key", "demo", "secret", "secret-key", V2),
     .exchanges = AT(X("POST", "/v2.0/tokens", 200,
                       CATALOG("https://lon.servers.api.rackspacecloud.com/v1.0/35428")),
                     LIMITS("servers.api.rackspacecloud.com"))},
    {CHECK_("an account that was moved to the next generation"),
     BY("key", "demo", "secret", "secret-key", V2),
     .exchanges = AT(X("POST", "/v2.0/tokens", 200,
                       "{'access':{'token':{'id':'t','expires':'2099-11-22T12:00:00Z'},"
                       "'serviceCatalog':[]}}")),
     .code = NUBE_E_USAGE, .message = "provider rackspace"},
    {CHECK_("nobody"), BY("timeout", "60s"), NO_TRAFFIC, .code = NUBE_E_AUTH,
     .message = "no username"},
};

const struct conformance first_gen_auth_conformance = {
    .driver = "rackspace_first_gen",
    .provider = "rackspace_first_gen:us",
    .options = login_options,
    .rows = login_rows,
    .count = sizeof(login_rows) / sizeof(*login_rows),
    .part = 1,
};
