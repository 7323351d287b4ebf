/* HP's cloud by the ids of the original list: bodies as it gave them in February 2013, shortened.
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
#define SENT            .sent
#define ROW(name_, op_) .name = name_, .op = NUBE_OP_##op_
#define TOKENS          "/v2.0/tokens"
#define V               "/v1.1/123456fake7890"

/* One endpoint a zone; no other interface; the address of an EC2 beside; slashes escaped. */
#define ZONE(az_)                                                                                  \
    "{'tenantId':'123456fake7890','publicURL':'https:\\/\\/" az_                                   \
    ".region-a.geo-1.compute.hpcloudsvc.com\\/v1.1\\/123456fake7890','publicURL2':'https:"         \
    "\\/\\/" az_ ".region-a.geo-1.ec2-compute.hpcloudsvc.com\\/services\\/Cloud','region':'" az_   \
    ".region-a.geo-1','versionId':'1.1'}"
#define ACCESS(compute_)                                                                           \
    "{'access':{'token':{'expires':'2099-02-13T23:12:56.035Z','id':'EUAuth_01d7206e81832d1a',"     \
    "'tenant':{'id':'123456fake7890','name':'foo@fakedomain.eu-default-tenant'}},'user':{'id':"    \
    "'98765fake43210','name':'foo@fakedomain.eu','roles':[{'id':'00000000004013','serviceId':"     \
    "'130','name':'block-admin','tenantId':'123456fake7890'}]},'serviceCatalog':[{'name':"         \
    "'Object Storage','type':'object-store','endpoints':[{'tenantId':'123456fake7890',"            \
    "'publicURL':'https://region-a.geo-1.objects.hpcloudsvc.com/v1/123456fake7890','region':"      \
    "'region-a.geo-1','versionId':'1.0'}]},{'name':'Image Management','type':'image','endpoints'"  \
    ":[{'publicURL':'https://glance2.uswest.hpcloud.net:9292/v1.0','region':"                      \
    "'az-2.region-a.geo-1'}]},{'name':'Compute','type':'compute','endpoints':[" compute_ "]}]}}"
#define LOGIN(...)                                                                                 \
    X("POST", TOKENS, 200, ACCESS(ZONE("az-2") "," ZONE("az-1")), .sent = __VA_ARGS__)

#define SERVER(id_, status_, addresses_, more_)                                                    \
    "{'status':'" status_                                                                          \
    "','updated':'2013-02-13T11:13:33Z','hostId':'','user_id':'98765fake43210','name':"            \
    "'server2013-02-13 13:13:29 +0200','links':[{'href':'https://az-1.region-a.geo-1.compute."     \
    "hpcloudsvc.com/v1.1/123456fake7890/servers/" id_ "','rel':'self'}],'addresses':{" addresses_  \
    "},'tenant_id':'123456fake7890','image':{'id':'78265','links':[]},'created':"                  \
    "'2013-02-13T11:13:33Z','uuid':'8814be91-b5a9-4a29-a980-68bfd0454b4a','accessIPv4':'',"        \
    "'accessIPv6':'','key_name':null," more_ "'flavor':{'id':'100','links':[]},'config_drive':"    \
    "'','id':" id_ ",'security_groups':[{'name':'default','links':[],'id':62635}],'metadata':{}}"
#define ADDRESSES                                                                                  \
    "'private':[{'version':4,'addr':'10.4.228.247'},{'version':4,'addr':'15.185.109.171'}]"
#define IMAGE                                                                                      \
    "{'image':{'id':78265,'name':'Ubuntu 12.04','status':'ACTIVE','created':"                      \
    "'2012-10-01T00:00:00Z','metadata':{'architecture':'x86_64'},'links':[]}}"

static const char *const options[] = {"username",    "foo@fakedomain.eu",
                                      "password",    "pass-word",
                                      "tenant_name", "foo@fakedomain.eu-default-tenant",
                                      NULL};

static const struct scenario rows[] = {
    {ROW("a zone of the region, and integers for ids", NODE_LIST),
     .exchanges =
         AT(LOGIN("https://region-a.geo-1.identity.hpcloudsvc.com:35357/v2.0/tokens|"
                  "{'auth':{'passwordCredentials':{'username':'foo@fakedomain.eu','password':"
                  "'***'},'tenantName':'foo@fakedomain.eu-default-tenant'}}"),
            X("GET", V "/servers/detail", 200,
              "{'servers':[" SERVER("815215", "ACTIVE", ADDRESSES, "'progress':100,") "]}",
              SENT = "https://az-2.region-a.geo-1.compute.hpcloudsvc.com/v1.1/|X-Auth-Token: ***|"
                     "!OpenStack-API-Version")),
     .count = 1, .id = "815215", .label = "server2013-02-13 13:13:29 +0200", .raw = "ACTIVE",
     .state = NUBE_STATE_RUNNING, .extra = "uuid", .value = "8814be91-b5a9-4a29-a980-68bfd0454b4a"},
    {ROW("another zone, by its name", NODE_LIST),
     .options = LIST("username", "u", "password", "pass-word", "tenant_name", "t", "region",
                     "az-1.region-a.geo-1"),
     .exchanges = AT(LOGIN(""), X("GET", V "/servers/detail", 200, "{'servers':[]}",
                                  SENT = "https://az-1.region-a.geo-1.compute.hpcloudsvc.com/")),
     .count = -1},
    {ROW("the later catalogue, with regions", CHECK),
     .exchanges =
         AT(X("POST", TOKENS, 200,
              ACCESS("{'publicURL':'https://region-b.geo-1.x/v2/t1','region':'region-b.geo-1'},"
                     "{'publicURL':'https://region-a.geo-1.x/v2/t1','region':'region-a.geo-1'}")),
            X("GET", "/v2/t1/limits", 200, "{'limits':{}}",
              SENT = "https://region-a.geo-1.x/v2/t1/"))},
    {ROW("another address for it", CHECK),
     .options = LIST("username", "u", "password", "pass-word", "tenant_name", "t", "auth_url",
                     "http://ks/v2.0"),
     .exchanges = AT(X("POST", TOKENS, 200,
                       ACCESS("{'publicURL':'http://a/v2/t1','region':'region-a.geo-1'}"),
                       SENT = "http://ks/v2.0/tokens"),
                     X("GET", "/v2/t1/limits", 200, "{'limits':{}}", SENT = "http://a/v2/t1/"))},
    {ROW("a refused login", CHECK),
     .exchanges = AT(X("POST", TOKENS, 401,
                       "{'unauthorized':{'code':401,'details':'Invalid credentials','message':"
                       "'UNAUTHORIZED','otherAttributes':{}}}")),
     .code = NUBE_E_AUTH, .provider_code = "unauthorized",
     .message = "UNAUTHORIZED: Invalid credentials; check user"},
    {ROW("BUILD(spawning)", NODE_GET), .args = {"id", "815229"},
     .exchanges =
         AT(LOGIN(""), X("GET", V "/servers/815229", 200,
                         "{'server':" SERVER("815229", "BUILD(spawning)", ADDRESSES, "") "}")),
     .count = 1, .id = "815229", .raw = "spawning", .state = NUBE_STATE_PENDING},
    {ROW("a word of theirs in brackets that nobody knows", NODE_GET), .args = {"id", "815229"},
     .exchanges =
         AT(LOGIN(""), X("GET", V "/servers/815229", 200,
                         "{'server':" SERVER("815229", "ACTIVE(dreaming)", ADDRESSES, "") "}")),
     .count = 1, .id = "815229", .raw = "dreaming", .state = NUBE_STATE_UNKNOWN},
    {ROW("made, and looked at", NODE_CREATE),
     .args = {"name", "server2013-02-13 13:13:29 +0200", "image", "78265", "size", "100"},
     .exchanges =
         AT(LOGIN(""),
            X("POST", V "/servers", 202,
              "{'server':" SERVER("815229", "BUILD(scheduling)", "",
                                  "'adminPass':'2TqUPP7K4tMEm43M',") "}",
              SENT = "{'server':{'name':'server2013-02-13 13:13:29 +0200','flavorRef':'100',"
                     "'imageRef':'78265'}}|!networks"),
            X("GET", V "/servers/815229", 200,
              "{'server':" SERVER("815229", "BUILD(spawning)", ADDRESSES, "") "}")),
     .count = 1, .id = "815229", .raw = "spawning", .state = NUBE_STATE_PENDING},
    {ROW("destroyed", NODE_DESTROY), .args = {"id", "815229"},
     .exchanges = AT(LOGIN(""), {.method = "DELETE", .url = V "/servers/815229", .status = 204})},
    {ROW("a node that is not there", NODE_GET), .args = {"id", "unknown"},
     .exchanges = AT(LOGIN(""), X("GET", V "/servers/unknown", 404,
                                  "{'itemNotFound':{'message':'The resource could not be found.',"
                                  "'code':404}}")),
     .code = NUBE_E_NOT_FOUND, .message = "there is no node unknown"},
    {ROW("images are Nova's: the Glance in its catalogue is of version 1", IMAGE_LIST),
     .exchanges =
         AT(LOGIN(""), X("GET", V "/images/detail", 200,
                         "{'images':[{'id':78265,'name':'Ubuntu 12.04','status':'ACTIVE'}]}")),
     .count = 1, .id = "78265"},
    {ROW("an image", IMAGE_GET), .args = {"id", "78265"},
     .exchanges = AT(LOGIN(""), X("GET", V "/images/78265", 200, IMAGE)), .count = 1, .id = "78265",
     .label = "Ubuntu 12.04"},
    {ROW("an image of a node", IMAGE_CREATE), .args = {"node", "815229", "name", "gold"},
     .exchanges = AT(LOGIN(""),
                     {.method = "POST",
                      .url = V "/servers/815229/action",
                      .status = 202,
                      .header = "Location: https://az-2.region-a.geo-1.compute.hpcloudsvc.com/v1.1/"
                                "123456fake7890/images/78265"},
                     X("GET", V "/images/78265", 200, IMAGE)),
     .count = 1, .id = "78265"},
    {ROW("a console of the old kind", NODE_ACTION),
     .args = {"action", "console_url", "id", "815229"},
     .exchanges = AT(LOGIN(""), X("POST", V "/servers/815229/action", 200,
                                  "{'console':{'type':'novnc','url':'http://v/?t=1'}}",
                                  SENT = "{'os-getVNCConsole':{'type':'novnc'}}")),
     .out = "http://v/?t=1\n"},
    {ROW("a console that came later", NODE_ACTION),
     .args = {"action", "console_url", "id", "815229", "type", "mks"}, .exchanges = AT(LOGIN("")),
     .code = NUBE_E_UNSUPPORTED, .message = "mks"},
};

const struct conformance hpcloud_conformance = {
    .driver = "openstack",
    .provider = "hpcloud:region-a.geo-1",
    .options = options,
    .rows = rows,
    .count = sizeof(rows) / sizeof(*rows),
    .part = 1,
};
