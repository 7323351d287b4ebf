/* Joyent's conformance table: bodies as CloudAPI 6.5 to 9 gives them. */
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
#define SENT .sent
#define MID  "b6979942-7d5d-4fe6-a2ec-b812e9500001"
#define IMG  "2b683a82-a066-11e3-97ab-2faa44700001"
#define M    "/my/machines/" MID
#define PAGE "limit=1000&offset=0"

#define ROW(name_, op_)         .name = name_, .op = NUBE_OP_##op_
#define ID1                     .args = {"id", MID}
#define NO_TRAFFIC              .exchanges = AT({.method = NULL})
#define ACTION(name_)           .args = {"id", MID, "action", name_}
#define DID(query_)             NOTHING("POST", M "?action=" query_, 202)
#define DID_WITH(query_, sent_) NOTHING("POST", M "?action=" query_, 202, SENT = sent_)

/* The published test key; what it signs is looked at by tests/peers. */
#define KEY                                                                                        \
    "-----BEGIN PRIVATE KEY-----\n"                                                                \
    "MC4CAQAwBQYDK2VwBCIEILpULYhtz23RgxViInKLiprR24ilmpGRd1n8lKxK9cWt\n"                           \
    "-----END PRIVATE KEY-----\n"
#define ACCOUNT                                                                                    \
    "endpoint", "http://x", "account", "demo", "key_id", "web", "private_key", KEY, "agent", "no"

#define MACHINE(id_, name_, state_, more_)                                                         \
    "{'id':'" id_ "','name':'" name_ "','type':'smartmachine','brand':'lx','state':'" state_       \
    "','image':'" IMG "','ips':['203.0.113.26','192.168.128.5'],'memory':1024,'disk':25600,"       \
    "'deletion_protection':false,'metadata':{'root_authorized_keys':'ssh-ed25519 AAAA t\\n'},"     \
    "'tags':{'role':'web','n':3,'canary':true},'created':'2026-01-04T12:55:50.539Z','updated':"    \
    "'2026-01-21T08:56:59.000Z','networks':['a9c130da-e3ba-40e9-8b18-112aba200001',null],'nics':[" \
    "{'ip':'203.0.113.26','mac':'90:b8:d0:00:00:01','primary':true,'netmask':'255.255.255.0',"     \
    "'gateway':'203.0.113.1','network':'a9c130da-e3ba-40e9-8b18-112aba200001'}],'primaryIp':"      \
    "'203.0.113.26','firewall_enabled':false,'compute_node':null,'package':'g4-highcpu-1G'," more_ \
    "'dns_names':['web.inst.cns.example.com']}"
#define ONE(state_) MACHINE(MID, "web-1", state_, "")
#define SHORT(id_)  "{'id':'" id_ "','name':'a','state':'running','ips':[],'package':''}"
#define GONE                                                                                       \
    "{'id':'" MID "','name':'web-1','state':'deleted','image':'" IMG                               \
    "','ips':[],'memory':1024,'disk':25600,'metadata':{},'tags':{},'networks':[],'package':''}"
#define IMAGE(id_, name_, version_, at_)                                                           \
    "{'id':'" id_ "','name':'" name_ "','version':'" version_                                      \
    "','os':'smartos','type':'zone-dataset','requirements':{'min_memory':256},'description':"      \
    "'A base.','files':[{'compression':'gzip','sha1':'9d','size':110742036}],'tags':{'role':"      \
    "'os'},'published_at':'" at_ "','owner':'930896af','public':true,'state':'active'}"
#define AN_IMAGE  IMAGE(IMG, "base-64", "21.4.0", "2026-01-02T03:04:05.000Z")
#define IMG2      "2b683a82-a066-11e3-97ab-2faa44700002"
#define IMG3      "2b683a82-a066-11e3-97ab-2faa44700003"
#define THE_IMAGE X("GET", "/my/images/" IMG, 200, AN_IMAGE)
#define IMAGES                                                                                     \
    "[" IMAGE(IMG2, "base-64", "20.9.0", "2025-01-02T03:04:05.000Z") "," AN_IMAGE "," IMAGE(       \
        IMG3, "debian-12", "20260101", "2026-02-02T03:04:05.000Z") "]"
#define PACKAGES                                                                                   \
    "[{'id':'p-big','name':'big','memory':8192,'disk':102400,'swap':16384,'vcpus':4,'lwps':4000,"  \
    "'version':'1.0.0','group':'g','description':'Big','default':false},{'id':'p-tiny','name':"    \
    "'tiny','memory':128,'disk':12288,'vcpus':0},{'id':'p-small','name':'small','memory':512,"     \
    "'disk':25600,'vcpus':1}]"
#define DATASET(id_, urn_, version_, default_)                                                     \
    "{'id':'" id_ "','urn':'" urn_ "','name':'smartos64','os':'smartos','type':'smartmachine',"    \
    "'description':'x','default':" default_ ",'requirements':{},'version':'" version_              \
    "','created':'2012-02-13T06:30:33+00:00'}"
#define DATASETS                                                                                   \
    "[" DATASET("d-1", "sdc:sdc:smartos64:1.9.1", "1.9.1", "true") "," DATASET(                    \
        "d-2", "sdc:sdc:smartos64:1.10.0", "1.10.0",                                               \
        "false") "," DATASET("d-3", "sdc:sdc:nodejs:2.0.0", "2.0.0", "false") "]"
#define NO_IMAGES(query_)                                                                          \
    X("GET", "/my/images" query_, 404,                                                             \
      "{'code':'ResourceNotFound','message':'/my/images does not exist'}")
#define SNAP(state_)                                                                               \
    "{'name':'just-booted','state':'" state_                                                       \
    "','created':'2011-07-05T17:19:26+00:00','updated':'2011-07-05T17:19:26+00:00','size':17}"
#define A_KEY                                                                                      \
    "{'name':'web','fingerprint':'39:b9:be:35:94:6a:f6:ee:06:cd:9b:18:5d:da:5f:c1','key':"         \
    "'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGpNrrPR1ZUWlyh0e7C5GGBdoTF2wZ0cVcSSFEuGnPNq t'}"

/* An error of CloudAPI: class, whether another try may help, its code, part of the message. */
#define FAULT(name_, status_, body_, class_, retry_, code_, part_)                                 \
    {                                                                                              \
        ROW("error: " name_, NODE_STOP), ID1,                                                      \
            .exchanges = AT(X("POST", M "?action=stop", status_, body_)), .code = NUBE_E_##class_, \
            .retryable = retry_ + 2, .provider_code = code_, .message = part_                      \
    }
/* T-31: each of the provider's words has a state, and one that nobody documents is kept. */
#define STATE(word_, state_)                                                                       \
    {                                                                                              \
        ROW("T-31: " word_, NODE_GET), ID1, .exchanges = AT(X("GET", M, 200, ONE(word_))),         \
                                            .count = 1, .id = MID, .raw = word_,                   \
                                            .state = NUBE_STATE_##state_                           \
    }

static const char *const options[] = {ACCOUNT, NULL};

static const struct scenario rows[] = {
    /* ---- The account ---- */
    {ROW("check: the account", CHECK),
     .exchanges = AT(X("GET", "/my", 200, "{'id':'930896af','login':'demo','email':'x@y'}",
                       SENT = "Authorization: ***|Date: |Accept-Version: ~9||"))},
    {ROW("an endpoint that is not CloudAPI's", CHECK),
     .exchanges = AT(X("GET", "/my", 200, "{'hello':1}")), .code = NUBE_E_PROTOCOL,
     .message = "endpoint"},
    {ROW("raw", RAW), .args = {"method", "GET", "path", "networks", "query", "name=a b"},
     .exchanges = AT(X("GET", "/my/networks?name=a%20b", 200, "[]", .flags = BYTES)), .out = "[]"},
    {ROW("another account, roles, one version", CHECK),
     .options = LIST(ACCOUNT, "act_as", "other", "role", "a,b", "api_version", "8"),
     .exchanges = AT(X("GET", "/other?as-role=a%2Cb", 200, "{'id':'930896af'}",
                       SENT = "Accept-Version: 8|X-Api-Version: 8"))},

    /* ---- Nodes: seen ---- */
    {ROW("nodes are listed", NODE_LIST),
     .exchanges = AT(X("GET", "/my/machines?" PAGE, 200,
                       "[" ONE("running") "," MACHINE("m-2", "db", "stopped", "") "]")),
     .count = 2, .id = MID, .label = "web-1", .raw = "running", .state = NUBE_STATE_RUNNING,
     .extra = "primary_ip", .value = "203.0.113.26"},
    {ROW("no nodes", NODE_LIST), .exchanges = AT(X("GET", "/my/machines?" PAGE, 200, "[]")),
     .count = -1},
    {ROW("a page of them", NODE_LIST), .options = LIST(ACCOUNT, "page_size", "2"),
     .exchanges = AT(X("GET", "/my/machines?limit=2&offset=0", 200,
                       "[" SHORT("m-1") "," SHORT("m-2") "]", .header = "x-resource-count: 2")),
     .count = 2},
    {ROW("T-08: every filter is sent", NODE_LIST),
     .args = {"name",         "web-1", "image",       IMG,      "state",  "running", "type",
              "smartmachine", "brand", "lx",          "memory", "1024",   "docker",  "no",
              "tombstone",    "yes",   "credentials", "yes",    "offset", "7"},
     .exchanges = AT(X("GET",
                       "/my/machines?name=web-1&image=" IMG
                       "&state=running&type=smartmachine&brand=lx&memory=1024&docker=false&"
                       "tombstone=true&credentials=true&limit=1000&offset=7",
                       200, "[" ONE("running") "," MACHINE("m-2", "db", "stopped", "") "]")),
     .count = 1, .id = MID},
    {ROW("tags narrow, by name and value", NODE_LIST), .args = {"tag", "role=web"},
     .exchanges = AT(X("GET", "/my/machines?tag.role=web&" PAGE, 200, "[" ONE("running") "]")),
     .count = 1, .id = MID},
    {ROW("those that are gone are asked for by the server's word", NODE_LIST),
     .args = {"state", "terminated"},
     .exchanges = AT(X("GET", "/my/machines?state=destroyed&" PAGE, 200, "[" GONE "]")), .count = 1,
     .id = MID, .raw = "deleted", .state = NUBE_STATE_TERMINATED},
    {ROW("a state that the server takes for none is looked for here", NODE_LIST),
     .args = {"state", "error"},
     .exchanges = AT(X("GET", "/my/machines?" PAGE, 200,
                       "[" ONE("running") "," MACHINE("m-2", "db", "failed", "") "]")),
     .count = 1, .id = "m-2"},
    {ROW("T-40: dhcp is no address", NODE_LIST),
     .exchanges = AT(X("GET", "/my/machines?" PAGE, 200,
                       "[{'id':'m-1','name':'b','state':'failed','ips':['dhcp'],'memory':128,"
                       "'package':''}]")),
     .count = 1, .id = "m-1", .raw = "failed", .state = NUBE_STATE_ERROR, .extra = "address_note",
     .value = "dhcp"},
    {ROW("T-08: a count is narrowed as a list is, and lists nothing", NODE_ACTION),
     .args = {"action", "count", "name", "web-1", "tag", "role=web", "tombstone", "yes"},
     .exchanges = AT(NOTHING("HEAD", "/my/machines?name=web-1&tombstone=true&tag.role=web&" PAGE,
                             200, .header = "x-resource-count: 17")),
     .out = "17\n"},
    {ROW("more than a page are counted page by page", NODE_ACTION), .args = {"action", "count"},
     .exchanges = AT(NOTHING("HEAD", "/my/machines?" PAGE, 200, .header = "x-resource-count: 1000"),
                     NOTHING("HEAD", "/my/machines?limit=1000&offset=1000", 200,
                             .header = "x-resource-count: 3")),
     .out = "1003\n"},
    {ROW("a count that is not said is no count", NODE_ACTION), .args = {"action", "count"},
     .exchanges = AT(NOTHING("HEAD", "/my/machines?" PAGE, 200)), .code = NUBE_E_PROTOCOL},
    STATE("provisioning", PENDING),
    STATE("ready", REBOOTING),
    STATE("running", RUNNING),
    STATE("stopping", STOPPING),
    STATE("stopped", STOPPED),
    STATE("offline", UNKNOWN),
    STATE("failed", ERROR),
    STATE("deleted", TERMINATED),
    STATE("unknown", UNKNOWN),
    STATE("frobnicating", UNKNOWN),
    {ROW("one that is deleted is shown as that", NODE_GET), ID1,
     .exchanges = AT(X("GET", M, 410, GONE)), .count = 1, .id = MID, .raw = "deleted",
     .state = NUBE_STATE_TERMINATED},
    {ROW("one that is not there", NODE_GET), ID1,
     .exchanges = AT(X("GET", M, 404, "{'code':'ResourceNotFound','message':'VM not found'}")),
     .code = NUBE_E_NOT_FOUND, .provider_code = "ResourceNotFound", .message = "VM not found"},
    {ROW("one of the API's 6.5", NODE_GET), ID1,
     .exchanges = AT(X("GET", M, 200,
                       "{'id':'" MID "','name':'old','type':'smartmachine','state':'running',"
                       "'dataset':'sdc:sdc:smartos:1.3.12','ips':['10.88.88.50'],'memory':512,"
                       "'disk':1024,'metadata':{},'created':'2012-02-13T06:30:33+00:00'}")),
     .count = 1, .id = MID, .raw = "running", .state = NUBE_STATE_RUNNING},
    {ROW("with the password that the image made", NODE_GET),
     .args = {"id", MID, "credentials", "yes"},
     .exchanges = AT(X("GET", M "?credentials=true", 200,
                       "{'id':'" MID "','state':'running','metadata':{'credentials':{'root':"
                       "'s3cret','admin':'0ther'}}}")),
     .count = 1, .id = MID},

    /* ---- Nodes: made ---- */
    {ROW("create with nothing given: the newest base image, the smallest package", NODE_CREATE),
     .exchanges = AT(X("GET", "/my/images", 200, IMAGES), X("GET", "/my/packages", 200, PACKAGES),
                     X("POST", "/my/machines", 201, ONE("provisioning"),
                       SENT = "{'image':'" IMG "','package':'p-small'}")),
     .count = 1, .id = MID, .raw = "provisioning", .state = NUBE_STATE_PENDING},
    {ROW("create with nothing given, where the API has defaults", NODE_CREATE),
     .exchanges = AT(NO_IMAGES(""),
                     X("GET", "/my/packages", 200,
                       "[{'name':'s','memory':128,'disk':1024,'default':false},{'name':'d',"
                       "'memory':512,'disk':1024,'default':'true'}]"),
                     X("GET", "/my/datasets", 200, DATASETS),
                     X("POST", "/my/machines", 201, ONE("provisioning"),
                       SENT = "{'dataset':'d-1','package':'d'}")),
     .count = 1, .id = MID},
    {ROW("create with everything", NODE_CREATE),
     .args = {"name",      "t",        "image",       IMG,
              "size",      "g4",       "network",     "n-1@10.0.0.7",
              "network",   "n-2",      "metadata",    "foo=bar",
              "tag",       "role=web", "boot_script", "#!/bin/sh",
              "user_data", "d",        "affinity",    "instance!=foo*",
              "firewall",  "yes"},
     .exchanges = AT(THE_IMAGE, X("POST", "/my/machines", 201, ONE("provisioning"),
                                  SENT = "{'name':'t','image':'" IMG
                                         "','package':'g4','networks':[{'ipv4_uuid':'n-1',"
                                         "'ipv4_ips':['10.0.0.7'],'primary':true},{'ipv4_uuid':"
                                         "'n-2'}],'affinity':['instance!=foo*'],'firewall_enabled'"
                                         ":true,'metadata.foo':'bar','metadata.user-script':"
                                         "'#!/bin/sh','metadata.user-data':'d','tag.role':'web'}")),
     .count = 1, .id = MID},
    {ROW("create: the other settings", NODE_CREATE),
     .args = {"image", IMG, "size", "g4", "brand", "bhyve", "deletion_protection", "yes",
              "allow_shared_images", "yes", "delegate_dataset", "no", "encrypted", "no", "network",
              "n-1"},
     .exchanges = AT(THE_IMAGE, X("POST", "/my/machines", 201, ONE("provisioning"),
                                  SENT = "'networks':['n-1'],'brand':'bhyve','deletion_protection'"
                                         ":true,'allow_shared_images':true,'delegate_dataset':"
                                         "false,'encrypted':false}")),
     .count = 1, .id = MID},
    {ROW("a dataset by its URN, the newest: 1.10 is newer than 1.9", NODE_CREATE),
     .args = {"image", "sdc:sdc:smartos64:", "size", "s"},
     .exchanges = AT(NO_IMAGES(""), X("GET", "/my/datasets", 200, DATASETS),
                     X("POST", "/my/machines", 201, ONE("provisioning"),
                       SENT = "{'dataset':'d-2','package':'s'}")),
     .count = 1, .id = MID},
    {ROW("a URN where the API has no datasets any more: by its name", NODE_CREATE),
     .args = {"image", "sdc:sdc:base-64:", "size", "s"},
     .exchanges =
         AT(X("GET", "/my/images", 200, IMAGES),
            X("POST", "/my/machines", 201, ONE("provisioning"), SENT = "{'image':'" IMG "'")),
     .count = 1, .id = MID},
    {ROW("create: no such image", NODE_CREATE), .args = {"image", "nope@1", "size", "s"},
     .exchanges = AT(X("GET", "/my/images", 200, IMAGES)), .code = NUBE_E_NOT_FOUND,
     .message = "nope@1"},
    {ROW("create: no package fits the image", NODE_CREATE), .args = {"image", IMG},
     .exchanges = AT(THE_IMAGE, X("GET", "/my/packages", 200,
                                  "[{'id':'p','name':'tiny','memory':128,'disk':1}]")),
     .code = NUBE_E_NOT_FOUND, .message = "no package fits"},
    {ROW("create: the name is taken", NODE_CREATE),
     .args = {"name", "t", "image", IMG, "size", "s"},
     .exchanges = AT(THE_IMAGE,
                     X("POST", "/my/machines", 409,
                       "{'code':'ValidationFailed','message':'problem creating machine: Invalid VM "
                       "parameters','errors':[{'field':'alias','code':'Duplicate','message':"
                       "'Already exists for this owner_uuid'}]}")),
     .code = NUBE_E_CONFLICT, .provider_code = "ValidationFailed",
     .message = "(alias: Already exists for this owner_uuid)"},
    {ROW("create: no room", NODE_CREATE), .args = {"image", IMG, "size", "s"},
     .exchanges = AT(THE_IMAGE, X("POST", "/my/machines", 409,
                                  "{'code':'InsufficientCapacity','message':'No compute "
                                  "resources available.'}")),
     .code = NUBE_E_PROVIDER, .retryable = NUBE_YES + 2, .message = "another package"},

    /* ---- Nodes: changed ---- */
    {ROW("start", NODE_START), ID1, .exchanges = AT(DID("start"))},
    {ROW("stop", NODE_STOP), ID1, .exchanges = AT(DID("stop"))},
    {ROW("reboot", NODE_REBOOT), ID1, .exchanges = AT(DID("reboot"))},
    {ROW("rename", NODE_RENAME), .args = {"id", MID, "name", "new"},
     .exchanges = AT(DID_WITH("rename", "{'name':'new'}"))},
    {ROW("resize", NODE_RESIZE), .args = {"id", MID, "size", "Large 16GB"},
     .exchanges = AT(DID_WITH("resize", "{'package':'Large 16GB'}"))},
    {ROW("destroy", NODE_DESTROY), ID1, .exchanges = AT(NOTHING("DELETE", M, 204))},
    {ROW("destroy what is gone", NODE_DESTROY), ID1, .exchanges = AT(X("DELETE", M, 410, GONE))},
    {ROW("destroy, stopped first", NODE_DESTROY), .args = {"id", MID, "stop", "yes"},
     .exchanges = AT(DID("stop"), X("GET", M, 200, ONE("stopping")),
                     X("GET", M, 200, ONE("stopped")), NOTHING("DELETE", M, 204))},
    {ROW("destroy, stopped first, when it is stopped", NODE_DESTROY),
     .args = {"id", MID, "stop", "yes"},
     .exchanges = AT(X("POST", M "?action=stop", 409,
                       "{'code':'InvalidState','message':'the machine is stopped'}"),
                     X("GET", M, 200, ONE("stopped")), NOTHING("DELETE", M, 204))},
    {ROW("destroy, when it may not be stopped", NODE_DESTROY), .args = {"id", MID, "stop", "yes"},
     .exchanges = AT(X("POST", M "?action=stop", 409,
                       "{'code':'InvalidState','message':'not while it is provisioning'}"),
                     X("GET", M, 200, ONE("provisioning"))),
     .code = NUBE_E_STATE, .message = "not while it is provisioning"},
    {ROW("destroy what is protected", NODE_DESTROY), ID1,
     .exchanges = AT(X("DELETE", M, 409,
                       "{'code':'CannotDestroyMachineError','message':'Cannot destroy: "
                       "deletion_protection is set'}")),
     .code = NUBE_E_STATE, .message = "disable_deletion_protection"},
    {ROW("firewall on", NODE_ACTION), ACTION("enable_firewall"),
     .exchanges = AT(DID("enable_firewall"))},
    {ROW("firewall off", NODE_ACTION), ACTION("disable_firewall"),
     .exchanges = AT(DID("disable_firewall"))},
    {ROW("protection on", NODE_ACTION), ACTION("enable_deletion_protection"),
     .exchanges = AT(DID("enable_deletion_protection"))},
    {ROW("protection off", NODE_ACTION), ACTION("disable_deletion_protection"),
     .exchanges = AT(DID("disable_deletion_protection"))},
    {ROW("audit", NODE_ACTION), ACTION("audit"),
     .exchanges = AT(X("GET", M "/audit", 200,
                       "[{'success':'yes','time':'2013-04-22T22:40:31.553Z','action':'reboot',"
                       "'caller':{'type':'signature','ip':'127.0.0.1','keyId':'/demo/keys/x'}},"
                       "{'success':'no','time':'2013-04-22T22:00:00.000Z','action':'stop'}]")),
     .out = "2013-04-22T22:40:31.553Z\treboot\tyes\tsignature\t127.0.0.1\n"
            "2013-04-22T22:00:00.000Z\tstop\tno\t-\t-\n"},
    {ROW("tags are set, and one removed", NODE_TAG),
     .args = {"id", MID, "tag", "a=1", "tag", "b=2", "remove", "old one"},
     .exchanges = AT(
         X("POST", M "/tags", 200, "{'a':'1','b':'2','old one':'x'}", SENT = "{'a':'1','b':'2'}"),
         NOTHING("DELETE", M "/tags/old%20one", 204))},
    {ROW("a tag that is not there is removed", NODE_TAG), .args = {"id", MID, "remove", "x"},
     .exchanges = AT(X("DELETE", M "/tags/x", 404, "{'code':'ResourceNotFound','message':'x'}"))},
    {ROW("tags, all removed", NODE_TAG), .args = {"id", MID, "clear", "yes"},
     .exchanges = AT(NOTHING("DELETE", M "/tags", 204))},
    {ROW("tags: nothing said", NODE_TAG), ID1, NO_TRAFFIC, .code = NUBE_E_USAGE},
    {ROW("metadata is set, apart from tags", NODE_METADATA),
     .args = {"id", MID, "metadata", "foo=bar"},
     .exchanges = AT(X("POST", M "/metadata", 200, "{'foo':'bar'}", SENT = "{'foo':'bar'}"))},
    {ROW("metadata: one removed", NODE_METADATA), .args = {"id", MID, "remove", "foo"},
     .exchanges = AT(NOTHING("DELETE", M "/metadata/foo", 204))},
    {ROW("metadata: other items instead of all", NODE_METADATA),
     .args = {"id", MID, "clear", "yes", "metadata", "foo=bar"},
     .exchanges =
         AT(NOTHING("DELETE", M "/metadata", 204), X("POST", M "/metadata", 200, "{'foo':'bar'}"))},

    /* ---- Images, sizes, locations ---- */
    {ROW("images", IMAGE_LIST), .exchanges = AT(X("GET", "/my/images", 200, IMAGES)), .count = 3,
     .id = IMG2, .label = "base-64@20.9.0", .extra = "size", .value = "110742036"},
    {ROW("images by everything", IMAGE_LIST),
     .args = {"name", "base-64@21.4.0", "os", "smartos", "public", "yes", "state", "all", "owner",
              "o", "type", "zone-dataset"},
     .exchanges = AT(X("GET",
                       "/my/images?name=base-64&version=21.4.0&os=smartos&state=all&owner=o&type="
                       "zone-dataset&public=true",
                       200, IMAGES)),
     .count = 1, .id = IMG},
    {ROW("datasets, where there are no images", IMAGE_LIST), .args = {"name", "smartos64"},
     .exchanges =
         AT(NO_IMAGES("?name=smartos64"), X("GET", "/my/datasets?name=smartos64", 200, DATASETS)),
     .count = 3, .id = "d-1", .label = "smartos64@1.9.1", .extra = "urn",
     .value = "sdc:sdc:smartos64:1.9.1"},
    {ROW("an image by its id", IMAGE_GET), .args = {"id", IMG}, .exchanges = AT(THE_IMAGE),
     .count = 1, .id = IMG, .label = "base-64@21.4.0"},
    {ROW("an image by its name: the newest", IMAGE_GET), .args = {"id", "base-64"},
     .exchanges = AT(X("GET", "/my/images", 200, IMAGES), THE_IMAGE), .count = 1, .id = IMG},
    {ROW("an image by a version of it", IMAGE_GET), .args = {"id", "base-64@20.9.0"},
     .exchanges = AT(X("GET", "/my/images", 200, IMAGES),
                     X("GET", "/my/images/" IMG2, 200,
                       IMAGE(IMG2, "base-64", "20.9.0", "2025-01-02T03:04:05.000Z"))),
     .count = 1, .id = IMG2},
    {ROW("a dataset by a URN without its version", IMAGE_GET), .args = {"id", "sdc:sdc:smartos64"},
     .exchanges = AT(NO_IMAGES(""), X("GET", "/my/datasets", 200, DATASETS),
                     X("GET", "/my/datasets/d-2", 200,
                       DATASET("d-2", "sdc:sdc:smartos64:1.10.0", "1.10.0", "false"))),
     .count = 1, .id = "d-2"},
    {ROW("an image that is not there", IMAGE_GET), .args = {"id", IMG},
     .exchanges = AT(NO_IMAGES("/" IMG), X("GET", "/my/datasets/" IMG, 404,
                                           "{'code':'ResourceNotFound','message':'no'}")),
     .code = NUBE_E_NOT_FOUND},
    {ROW("an image of a node", IMAGE_CREATE),
     .args = {"node", MID, "name", "my", "version", "1.1", "description", "d", "homepage",
              "http://h", "tag", "a=b"},
     .exchanges = AT(X("POST", "/my/images", 201,
                       "{'id':'" IMG "','name':'my','version':'1.1','state':'creating'}",
                       SENT = "{'machine':'" MID "','name':'my','version':'1.1','description':'d',"
                              "'homepage':'http://h','tags':{'a':'b'}}")),
     .count = 1, .id = IMG, .label = "my@1.1"},
    {ROW("an image is deleted", IMAGE_DELETE), .args = {"id", IMG},
     .exchanges = AT(NOTHING("DELETE", "/my/images/" IMG, 204))},
    {ROW("sizes", SIZE_LIST), .exchanges = AT(X("GET", "/my/packages", 200, PACKAGES)), .count = 3,
     .id = "p-big", .label = "big", .extra = "lwps", .value = "4000"},
    {ROW("sizes by everything", SIZE_LIST),
     .args = {"name", "tiny", "memory", "128", "disk", "12288", "swap", "0", "vcpus", "0",
              "version", "1", "group", "g"},
     .exchanges = AT(X("GET",
                       "/my/packages?name=tiny&memory=128&disk=12288&swap=0&vcpus=0&version=1&"
                       "group=g",
                       200, PACKAGES)),
     .count = 1, .id = "p-tiny"},
    {ROW("sizes of the API's 6.5: the name is the id", SIZE_LIST),
     .exchanges = AT(X("GET", "/my/packages", 200,
                       "[{'name':'Small 1GB','memory':1024,'disk':30720,'swap':2048,'default':"
                       "'true'}]")),
     .count = 1, .id = "Small 1GB"},
    {ROW("datacenters", LOCATION_LIST),
     .exchanges = AT(X("GET", "/my/datacenters", 200,
                       "{'us-east-1':'https://us-east-1.api.example.com','here':'http://x'}")),
     .count = 2, .id = "us-east-1", .extra = "url", .value = "https://us-east-1.api.example.com"},

    /* ---- Keys, snapshots ---- */
    {ROW("keys", KEY_LIST), .exchanges = AT(X("GET", "/my/keys", 200, "[" A_KEY "]")), .count = 1,
     .id = "web", .label = "web"},
    {ROW("keys of a user", KEY_LIST), .args = {"user", "bob"},
     .exchanges = AT(X("GET", "/my/users/bob/keys", 200, "[" A_KEY "]")), .count = 1},
    {ROW("a key", KEY_GET), .args = {"id", "39:b9:be"},
     .exchanges = AT(X("GET", "/my/keys/39%3Ab9%3Abe", 200, A_KEY)), .count = 1, .id = "web"},
    {ROW("a key is added", KEY_IMPORT), .args = {"name", "web", "public_key", "ssh-ed25519 AAAA t"},
     .exchanges =
         AT(X("POST", "/my/keys", 201, A_KEY, SENT = "{'name':'web','key':'ssh-ed25519 AAAA t'}")),
     .count = 1, .id = "web"},
    {ROW("a key is deleted", KEY_DELETE), .args = {"id", "web"},
     .exchanges = AT(NOTHING("DELETE", "/my/keys/web", 204))},
    {ROW("snapshots", SNAPSHOT_LIST), .args = {"node", MID},
     .exchanges = AT(X("GET", M "/snapshots", 200, "[" SNAP("created") "]")), .count = 1,
     .id = MID "/just-booted", .label = "just-booted", .extra = "size", .value = "17"},
    {ROW("one snapshot", SNAPSHOT_LIST), .args = {"id", MID "/just-booted"},
     .exchanges = AT(X("GET", M "/snapshots/just-booted", 200, SNAP("created"))), .count = 1,
     .id = MID "/just-booted"},
    {ROW("snapshots of what?", SNAPSHOT_LIST), NO_TRAFFIC, .code = NUBE_E_USAGE, .message = "node"},
    {ROW("a snapshot is made", SNAPSHOT_CREATE), .args = {"node", MID, "name", "just-booted"},
     .exchanges =
         AT(X("POST", M "/snapshots", 201, SNAP("queued"), SENT = "{'name':'just-booted'}")),
     .count = 1, .id = MID "/just-booted"},
    {ROW("booted from a snapshot", SNAPSHOT_RESTORE), .args = {"id", MID "/just-booted"},
     .exchanges = AT(NOTHING("POST", M "/snapshots/just-booted", 202))},
    {ROW("a snapshot is deleted", SNAPSHOT_DELETE), .args = {"id", "just booted", "node", MID},
     .exchanges = AT(NOTHING("DELETE", M "/snapshots/just%20booted", 204))},

    /* ---- Errors ---- */
    FAULT("401", 401,
          "{'code':'InvalidCredentials','message':'Invalid authorization credentials supplied'}",
          AUTH, NUBE_NO, "InvalidCredentials", "check account, user, key_id and the key"),
    FAULT("a clock that is off", 400,
          "{'code':'InvalidHeader','message':'clock skew of 400s was greater than 300s'}", AUTH,
          NUBE_UNKNOWN, "InvalidHeader", "clock skew"),
    FAULT("a date that is old", 400, "{'code':'RequestExpired','message':'Date header is too old'}",
          AUTH, NUBE_NO, "RequestExpired", "too old"),
    FAULT("a header that is none", 400, "{'code':'InvalidHeader','message':'bad param format'}",
          USAGE, NUBE_UNKNOWN, "InvalidHeader", "bad param"),
    FAULT("403", 403, "{'code':'NotAuthorized','message':'You do not have permission'}", FORBIDDEN,
          NUBE_NO, "NotAuthorized", "permission"),
    FAULT("a quota", 403, "{'code':'QuotaExceeded','message':'Quota exceeded'}", QUOTA, NUBE_NO,
          "QuotaExceeded", "Quota"),
    FAULT("404", 404, "{'code':'ResourceNotFound','message':'VM not found'}", NOT_FOUND, NUBE_NO,
          "ResourceNotFound", "VM not found"),
    FAULT("405", 405, "{'code':'BadMethod','message':'PUT is not allowed'}", UNSUPPORTED,
          NUBE_UNKNOWN, "BadMethod", "not allowed"),
    FAULT("408 of the proxy", 408, "{'IdleClientError':'Idle timed out'}", PROVIDER, NUBE_YES,
          "IdleClientError", "Idle"),
    FAULT("409, an argument", 409, "{'code':'InvalidArgument','message':'memory is invalid'}",
          USAGE, NUBE_NO, "InvalidArgument", "memory"),
    FAULT("409, one that is missing", 409,
          "{'code':'MissingParameter','message':'action is a required argument'}", USAGE, NUBE_NO,
          "MissingParameter", "required"),
    FAULT("409, a state", 409, "{'code':'InvalidState','message':'the machine is stopped'}", STATE,
          NUBE_NO, "InvalidState", "stopped"),
    FAULT("409, in use", 409, "{'code':'InUseError','message':'image is in use'}", CONFLICT,
          NUBE_NO, "InUseError", "in use"),
    FAULT("409, not valid", 409,
          "{'code':'ValidationFailed','message':'bad','errors':[{'field':'ram','code':'Invalid'}]}",
          USAGE, NUBE_NO, "ValidationFailed", "bad (ram: Invalid)"),
    FAULT("410", 410, GONE, NOT_FOUND, NUBE_NO, NULL, "deleted"),
    FAULT("413", 413, "{'code':'RequestEntityTooLarge','message':'too large'}", TOO_LARGE, NUBE_NO,
          "RequestEntityTooLarge", "too large"),
    FAULT("420, throttled", 420, "{'code':'RequestThrottled','message':'slow down'}", RATE,
          NUBE_YES, "RequestThrottled", "slow down"),
    FAULT("429, throttled", 429,
          "{'code':'TooManyRequestsError','message':'You have exceeded your request rate of 10 "
          "r/s.'}",
          RATE, NUBE_YES, "TooManyRequestsError", "10 r/s"),
    FAULT("449, no such version", 449, "{'code':'InvalidVersion','message':'~5 is not supported'}",
          UNSUPPORTED, NUBE_NO, "InvalidVersion", "set api_version"),
    FAULT("400, no such version", 400, "{'code':'InvalidVersion','message':'~5 is not supported.'}",
          UNSUPPORTED, NUBE_NO, "InvalidVersion", "~5 is not supported; set api_version"),
    FAULT("400 of the proxy", 400, "{'BadHTTPRequest':'Request was malformed'}", USAGE,
          NUBE_UNKNOWN, "BadHTTPRequest", "malformed"),
    FAULT("500", 500, "{'code':'InternalError','message':'oops'}", PROVIDER, NUBE_UNKNOWN,
          "InternalError", "oops"),
    FAULT("503 of the proxy", 503, "{'code':'ServiceUnavailable','message':'No server'}", PROVIDER,
          NUBE_YES, "ServiceUnavailable", "No server"),
    FAULT("302 is not followed", 302,
          "{'code':'ResourceMoved','message':'us-west-1 https://us-west-1.api.example.com'}",
          PROTOCOL, NUBE_UNKNOWN, "ResourceMoved", "us-west-1"),
};

const struct conformance joyent_conformance = {
    .driver = "joyent",
    .provider = "joyent",
    .options = options,
    .endpoint = "endpoint",
    .rows = rows,
    .count = sizeof(rows) / sizeof(*rows),
};
