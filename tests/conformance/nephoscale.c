/* NephoScale's conformance table: bodies as its clients recorded them, with the names and ids of
 * mist.io's listings. */
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
#define ID1             .args = {"id", "90001"}
#define ID1_AND(...)    .args = {"id", "90001", __VA_ARGS__}
#define NO_TRAFFIC      .exchanges = AT({.method = NULL})
#define FINE            "Your request was processed successfully."
#define GOOD(count_, data_)                                                                        \
    "{'success':true,'total_count':" count_ ",'subcode':0,'response':200,'message':'" FINE         \
    "','data':" data_ "}"
#define BAD(response_, subcode_, message_)                                                         \
    "{'success':false,'response':" response_ ",'subcode':" subcode_ ",'message':'" message_        \
    "','data':[]}"
#define JOB                                                                                        \
    "{'success':true,'subcode':0,'response':202,'message':'" FINE                                  \
    "','data':{'id':141229,'resource_type':'/job','uri':"                                          \
    "'https://api.nephoscale.com/job/141229/'}}"

/* ---- Records ------------------------------------------------------------------------------ */

#define SERVER(id_, name_, power_, ips_)                                                           \
    "{'id':" id_ ",'name':'" name_ "','hostname':'" name_ "','power_status':'" power_              \
    "','ipaddresses':'" ips_ "','memory':1024,'create_time':'2014-09-01 10:00:00',"                \
    "'postinit_state':1,'is_console_enabled':true,'podzone':'P1A1','zone':{'id':86945,'name':"     \
    "'SJC-1','uri':'https://api.nephoscale.com/datacenter/zone/86945/'},'image':{'id':75,"         \
    "'friendly_name':'Linux Ubuntu Server 12.04 LTS 64-bit','architecture':'x86_64','base_type':"  \
    "'linux'},'service_type':{'id':221,'friendly_name':'CS1-SSD','sku':{'name':'CS1-SSD'},"        \
    "'billable_type':1},'server_keys':[{'id':71211,'key_type':2,'key_group':1}],'console_keys':["  \
    "{'id':71213,'key_type':1,'key_group':4}],'network_ports':[{'devname':'eth0','macaddress':"    \
    "'02:00:00:00:00:01','network_domain':{'domain_type':0,'name':'default_public_network'}}],"    \
    "'uri':'https://api.nephoscale.com/server/cloud/88241/'}"
#define WEB SERVER("90001", "web-1", "on", "203.0.113.10, 10.128.0.10")
#define DB  SERVER("90002", "db-1", "off", "")
#define METAL                                                                                      \
    "{'id':95001,'name':'metal-1','power_status':'on','ipaddresses':'203.0.113.20','memory':"      \
    "16384,'service_type':{'id':245,'friendly_name':'D1','billable_type':2},'server_keys':[]}"
#define CLOUD(count_, data_)     X("GET", "/server/cloud/", 200, GOOD(count_, data_))
#define DEDICATED(count_, data_) X("GET", "/server/dedicated/", 200, GOOD(count_, data_))
#define NOTHING(url_)            X("GET", url_, 404, BAD("404", "3", "Resource not found."))
#define SHOWN(server_)           X("GET", "/server/cloud/90001/", 200, GOOD("1", "[" server_ "]"))

#define IMAGE(id_, name_, arch_)                                                                   \
    "{'id':" id_ ",'friendly_name':'" name_ "','architecture':'" arch_ "','base_type':'linux',"    \
    "'deployable_type':'both','is_active':true,'is_default':false,'max_cpu':16,'max_memory':128,"  \
    "'create_time':'2013-01-01 00:00:00','uri':'https://api.nephoscale.com/image/server/" id_      \
    "/'}"
#define IMAGES                                                                                     \
    "[" IMAGE("3", "Linux CentOS 5.5 32-bit", "x86") "," IMAGE(                                    \
        "23", "Linux Debian Server 5.05 32-bit",                                                   \
        "x86") "," IMAGE("51", "Linux Debian Server 6.0.3 64-bit", "x86_64") "]"
#define SIZE(id_, sku_, text_, ram_, cores_, type_)                                                \
    "{'id':" id_ ",'friendly_name':'" sku_ "','sku':{'name':'" sku_ "','description':'" text_      \
    "'},'ram':" ram_ ",'storage':25,'vcpus':" cores_ ",'billable_type':" type_                     \
    ",'uri':'https://api.nephoscale.com/server/type/cloud/" id_ "/'}"
#define BIG    SIZE("221", "CS1-SSD", "1GB, 1Core, 25GB, 10 Gbps", "1024", "1", "1")
#define SMALL  SIZE("219", "CS05-SSD", "0.5GB, 1Core, 25GB, 10 Gbps", "512", "1", "1")
#define SMALL2 SIZE("220", "CS05.2", "0.5GB, 2Core", "512", "2", "1")
#define METALS SIZE("245", "D1", "Dedicated server", "16384", "8", "2")
#define SIZES(data_)                                                                               \
    {                                                                                              \
        .method = "GET", .url = "/server/type/cloud/", .status = 200,                              \
        .body = "{'success':true,'response':200,'data':" data_ "}"                                 \
    }
#define DEDICATED_SIZES(data_)                                                                     \
    {                                                                                              \
        .method = "GET", .url = "/server/type/dedicated/", .status = 200,                          \
        .body = "{'success':true,'response':200,'data':" data_ "}"                                 \
    }
#define PAIR "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
#define KEY(id_, name_, type_, group_, more_)                                                      \
    "{'id':" id_ ",'name':'" name_ "','key_type':" type_ ",'key_group':" group_ more_              \
    ",'create_time':'2014-01-01 00:00:00','uri':'https://api.nephoscale.com/key/x/" id_ "/'}"
#define OPS                 KEY("71211", "ops", "2", "1", "")
#define LOGIN               KEY("71212", "login", "1", "1", "")
#define CONSOLE             KEY("71213", "console", "1", "4", "")
#define KEYS(count_, data_) X("GET", "/key/", 200, GOOD(count_, data_))
#define SSH_KEYS                                                                                   \
    X("GET", "/key/sshrsa/", 200,                                                                  \
      GOOD("1", "[" KEY("71211", "ops", "2", "1", ",'public_key':'" PAIR "'") "]"))

static const char *const options[] = {"endpoint", "https://x", "username", "me",
                                      "password", "geheim-9",  NULL};

/* ---- Create ---------------------------------------------------------------------------------- */

#define BEFORE(servers_count_, servers_)                                                           \
    SIZES("[" BIG "," SMALL2 "," SMALL "]"), KEYS("3", "[" OPS "," LOGIN "," CONSOLE "]"),         \
        CLOUD(servers_count_, servers_)
#define POSTED(sent_) X("POST", "/server/cloud/", 202, JOB, SENT = sent_)
#define THE_JOB                                                                                    \
    {                                                                                              \
        .method = "GET", .url = "/job/141229/", .status = 404, .body = BAD("404", "3", "no")       \
    }
#define NEW(id_, name_)                                                                            \
    "{'id':" id_ ",'name':'" name_                                                                 \
    "','power_status':'on','ipaddresses':'203.0.113.11','image':{'id':51},'service_type':{'id':"   \
    "219}}"

/* ---- Errors ---------------------------------------------------------------------------------- */

/* A refusal, as a status of HTTP and as success:false inside a 200. */
#define REFUSAL(name_, status_, body_, class_, code_, part_)                                       \
    {                                                                                              \
        ROW("error: " name_, NODE_START), ID1_AND("kind", "cloud"),                                \
            .exchanges = AT(X("POST", "/server/cloud/90001/initiator/start/", status_, body_)),    \
            .code = NUBE_E_##class_, .provider_code = code_, .message = part_                      \
    }

static const struct scenario rows[] = {
    /* ---- Connecting ---- */
    {ROW("check: Basic, and every path ends in a slash", CHECK),
     .exchanges = AT(X("GET", "/datacenter/zone/", 200, GOOD("0", "[]"),
                       SENT = "Authorization: ***|!geheim|!bWU6"))},
    {ROW("wrong password", CHECK),
     .exchanges = AT(X("GET", "/datacenter/zone/", 401, BAD("401", "1", "Authentication failed."))),
     .code = NUBE_E_AUTH, .provider_code = "1", .message = "Authentication failed."},
    {ROW("a password in the clear is refused", CHECK), NO_TRAFFIC,
     .options = LIST("endpoint", "http://api.example", "username", "me", "password", "geheim-9"),
     .code = NUBE_E_USAGE, .message = "plain_http"},
    {ROW("unless that is meant", CHECK),
     .options = LIST("endpoint", "http://api.example/", "plain_http", "yes", "username", "me",
                     "password", "geheim-9"),
     .exchanges = AT(X("GET", "/datacenter/zone/", 200, GOOD("0", "[]")))},
    {ROW("mist's names of the credentials", CHECK),
     .options = LIST("endpoint", "http://127.0.0.1:1", "key", "me", "secret", "geheim-9"),
     .exchanges = AT(X("GET", "/datacenter/zone/", 200, GOOD("0", "[]")))},
    {ROW("raw", RAW), .args = {"method", "GET", "path", "network/domain", "query", "a=b c"},
     .exchanges = AT(X("GET", "/network/domain/?a=b%20c", 200, "{'x':1}", .flags = BYTES)),
     .out = "{\"x\":1}"},
    {ROW("raw with a form", RAW),
     .args = {"method", "POST", "path", "network/cidr/ipv4/7/", "body", "_method=PUT&a=b", "header",
              "X-A=b"},
     .exchanges = AT(X("POST", "/network/cidr/ipv4/7/", 200, "{}", .flags = BYTES,
                       SENT = "_method=PUT&a=b|X-A: ***|x-www-form-urlencoded"))},

    /* ---- Nodes: seen ---- */
    {ROW("virtual and physical servers are one list", NODE_LIST),
     .exchanges = AT(CLOUD("2", "[" WEB "," DB "]"), DEDICATED("1", "[" METAL "]")), .count = 3,
     .id = "90001", .label = "web-1", .raw = "on", .state = NUBE_STATE_RUNNING,
     .extra = "eth0.network", .value = "default_public_network"},
    {ROW("an account without physical servers", NODE_LIST),
     .exchanges = AT(CLOUD("0", "[]"), NOTHING("/server/dedicated/")), .count = -1},
    {ROW("only one kind", NODE_LIST), .args = {"kind", "dedicated"},
     .exchanges = AT(DEDICATED("1", "[" METAL "]")), .count = 1, .id = "95001", .extra = "kind",
     .value = "dedicated"},
    {ROW("a list that is not whole is an error", NODE_LIST), .args = {"kind", "cloud"},
     .exchanges = AT(CLOUD("3", "[" WEB "]")), .code = NUBE_E_PROTOCOL, .message = "not whole"},
    {ROW("T-32: off is stopped", NODE_GET), .args = {"id", "90002"},
     .exchanges = AT(X("GET", "/server/cloud/90002/", 200, GOOD("1", "[" DB "]"))), .count = 1,
     .id = "90002", .raw = "off", .state = NUBE_STATE_STOPPED},
    {ROW("unknown is unknown", NODE_GET), ID1,
     .exchanges = AT(SHOWN(SERVER("90001", "w", "unknown", ""))), .count = 1, .raw = "unknown",
     .state = NUBE_STATE_UNKNOWN},
    {ROW("a word that nobody wrote down is unknown", NODE_GET), ID1,
     .exchanges = AT(SHOWN(SERVER("90001", "w", "dreaming", ""))), .count = 1, .raw = "dreaming",
     .state = NUBE_STATE_UNKNOWN},
    {ROW("a physical one is found where it is", NODE_GET), .args = {"id", "95001"},
     .exchanges = AT(NOTHING("/server/cloud/95001/"),
                     X("GET", "/server/dedicated/95001/", 200, GOOD("1", "[" METAL "]"))),
     .count = 1, .id = "95001", .extra = "billable_type", .value = "2"},
    {ROW("not found as success:false inside a 200", NODE_GET), .args = {"id", "95001"},
     .exchanges = AT(X("GET", "/server/cloud/95001/", 200, BAD("404", "3", "no such server")),
                     X("GET", "/server/dedicated/95001/", 200, GOOD("1", "[" METAL "]"))),
     .count = 1, .id = "95001"},
    {ROW("not found as an empty array", NODE_GET), ID1,
     .exchanges = AT(X("GET", "/server/cloud/90001/", 200, GOOD("0", "[]")),
                     NOTHING("/server/dedicated/90001/")),
     .code = NUBE_E_NOT_FOUND, .message = "90001"},

    /* ---- Envelopes ---- */
    {ROW("envelope: data of a get as an object", NODE_GET), ID1,
     .exchanges = AT(X("GET", "/server/cloud/90001/", 200, GOOD("1", WEB))), .count = 1,
     .id = "90001"},
    {ROW("envelope: data of a list as an object", NODE_LIST), .args = {"kind", "cloud"},
     .exchanges = AT(CLOUD("1", WEB)), .count = 1, .id = "90001"},
    {ROW("envelope: a list without data is empty", NODE_LIST), .args = {"kind", "cloud"},
     .exchanges = AT(X("GET", "/server/cloud/", 200, "{'success':true,'response':200}")),
     .count = -1},
    {ROW("envelope: data null is empty", NODE_LIST), .args = {"kind", "cloud"},
     .exchanges = AT(X("GET", "/server/cloud/", 200, GOOD("0", "null"))), .count = -1},
    {ROW("envelope: data before the verdict", NODE_LIST), .args = {"kind", "cloud"},
     .exchanges = AT(X("GET", "/server/cloud/", 200,
                       "{'data':[" WEB "],'success':false,'response':500,'message':'half done'}")),
     .code = NUBE_E_PROVIDER, .message = "half done"},
    {ROW("envelope: without success", NODE_LIST), .args = {"kind", "cloud"},
     .exchanges = AT(X("GET", "/server/cloud/", 200, "{'response':200,'data':[" WEB "]}")),
     .count = 1},
    {ROW("envelope: only a bad response says that it failed", NODE_LIST), .args = {"kind", "cloud"},
     .exchanges = AT(X("GET", "/server/cloud/", 200, "{'success':true,'response':403,'data':[]}")),
     .code = NUBE_E_FORBIDDEN},
    {ROW("envelope: none at all", NODE_LIST), .args = {"kind", "cloud"},
     .exchanges = AT(X("GET", "/server/cloud/", 200, "{'servers':[]}")), .code = NUBE_E_PROTOCOL,
     .message = "endpoint"},

    /* ---- Nodes: made ---- */
    {ROW("T-32: ours is the new one of that name, whatever others there are", NODE_CREATE),
     .args = {"image", "51", "name", "web-1", "key", "ops"},
     .exchanges =
         AT(BEFORE("2", "[" WEB "," DB "]"),
            POSTED("name=web-1&hostname=web-1&service_type=219&image=51&server_key=71211&"
                   "console_key=71213|!zone|!None|!ips"),
            CLOUD("2", "[" WEB "," DB "]"), THE_JOB,
            CLOUD("4", "[" WEB "," DB "," NEW("90007", "web-2") "," NEW("90009", "web-1") "]"),
            X("GET", "/server/cloud/90009/", 200, GOOD("1", "[" NEW("90009", "web-1") "]"))),
     .count = 1, .id = "90009", .label = "web-1", .raw = "on", .state = NUBE_STATE_RUNNING},
    {ROW("everything that can be said", NODE_CREATE),
     .args = {"image", "51", "name", "a_very_long_name_indeed", "size", "221", "kind", "cloud",
              "key", "71212", "console_key", "console", "location", "87729", "network",
              "59887@203.0.113.7", "network", "59889@10.0.0.7"},
     .exchanges =
         AT(BEFORE("0", "[]"),
            POSTED("name=a_very_long_name_indeed&hostname=a-very-long-nam&service_type=221&"
                   "image=51&server_key=71212&console_key=71213&zone=87729&"
                   "ips=203.0.113.7%2C10.0.0.7&networks=59887%2C59889"),
            CLOUD("1", "[{'id':90009,'name':'a_very_long_name_indeed','power_status':'on'}]"),
            X("GET", "/job/141229/", 200, GOOD("1", "{'id':141229,'anything':1}"), .flags = UNREAD),
            X("GET", "/server/cloud/90009/", 200,
              GOOD("1", "[{'id':90009,'name':'a_very_long_name_indeed','power_status':'on'}]"))),
     .count = 1, .id = "90009"},
    {ROW("a size that is a physical one's", NODE_CREATE),
     .args = {"image", "51", "name", "m", "size", "245"},
     .exchanges =
         AT(SIZES("[" BIG "]"), DEDICATED_SIZES("[" METALS "]"), KEYS("0", "[]"), CLOUD("0", "[]"),
            DEDICATED("1", "[" METAL "]"),
            X("POST", "/server/dedicated/", 202, JOB,
              SENT = "service_type=245&image=51|!console_key|!server_key"),
            DEDICATED("2", "[" METAL ",{'id':95002,'name':'m','power_status':'on'}]"), THE_JOB,
            X("GET", "/server/dedicated/95002/", 200,
              GOOD("1", "[{'id':95002,'name':'m','power_status':'on'}]"))),
     .count = 1, .id = "95002", .extra = "kind", .value = "dedicated"},
    {ROW("a reply without a job is followed by the list alone", NODE_CREATE),
     .args = {"image", "51", "name", "web-9"},
     .exchanges =
         AT(BEFORE("0", "[]"), X("POST", "/server/cloud/", 200, "{'success':true,'response':202}"),
            CLOUD("1", "[" NEW("90009", "web-9") "]"),
            X("GET", "/server/cloud/90009/", 200, GOOD("1", "[" NEW("90009", "web-9") "]"))),
     .count = 1, .id = "90009"},
    {ROW("a job that failed", NODE_CREATE), .args = {"image", "51", "name", "web-9"},
     .exchanges = AT(BEFORE("0", "[]"), POSTED("web-9"), CLOUD("0", "[]"),
                     X("GET", "/job/141229/", 200, BAD("500", "77", "No capacity in SJC-1."))),
     .code = NUBE_E_PROVIDER, .provider_code = "77",
     .message = "its job failed: No capacity in SJC-1.", .resource = "job/141229"},
    {ROW("a job that cannot be looked at says nothing of it", NODE_CREATE),
     .args = {"image", "51", "name", "web-9"},
     .exchanges =
         AT(BEFORE("0", "[]"), POSTED("web-9"), CLOUD("1", "[" NEW("90009", "web-9") "]"),
            X("GET", "/job/141229/", 500, "oops", .type = "text/plain"),
            X("GET", "/server/cloud/90009/", 200, GOOD("1", "[" NEW("90009", "web-9") "]"))),
     .count = 1, .id = "90009"},
    {ROW("two new ones of the same name cannot be told apart", NODE_CREATE),
     .args = {"image", "51", "name", "web-9"},
     .exchanges = AT(BEFORE("0", "[]"), POSTED("web-9"),
                     CLOUD("2", "[" NEW("90008", "web-9") "," NEW("90009", "web-9") "]"), THE_JOB),
     .code = NUBE_E_AMBIGUOUS, .message = "90008", .resource = "job/141229"},
    {ROW("what is found in the end is named when looking at it fails", NODE_CREATE),
     .args = {"image", "51", "name", "web-9"},
     .exchanges = AT(BEFORE("0", "[]"), POSTED("web-9"), CLOUD("1", "[" NEW("90009", "web-9") "]"),
                     THE_JOB, X("GET", "/server/cloud/90009/", 500, BAD("500", "5", "oops"))),
     .code = NUBE_E_PROVIDER, .count = 1, .id = "90009", .resource = "90009"},
    {ROW("no longer than job_timeout", NODE_CREATE),
     .args = {"image", "51", "name", "web-9", "job_timeout", "1ms"},
     .exchanges = AT(BEFORE("0", "[]"), POSTED("web-9"), CLOUD("0", "[]"), THE_JOB),
     .code = NUBE_E_PENDING, .message = "job 141229", .resource = "job/141229"},
    {ROW("the provider refuses", NODE_CREATE), .args = {"image", "51", "name", "web-9"},
     .exchanges = AT(BEFORE("0", "[]"),
                     X("POST", "/server/cloud/", 200, BAD("400", "12", "Invalid image."))),
     .code = NUBE_E_USAGE, .provider_code = "12", .message = "Invalid image."},
    {ROW("no console key", NODE_CREATE), .args = {"image", "51", "name", "web-9"},
     .exchanges = AT(SIZES("[" SMALL "]"), KEYS("1", "[" OPS "]"), CLOUD("0", "[]")),
     .code = NUBE_E_USAGE, .message = "console key"},
    {ROW("a key of the other group is none", NODE_CREATE),
     .args = {"image", "51", "name", "web-9", "key", "console"}, .exchanges = AT(BEFORE("0", "[]")),
     .code = NUBE_E_NOT_FOUND, .message = "group server"},
    {ROW("a key's name that two have", NODE_CREATE),
     .args = {"image", "51", "name", "web-9", "key", "ops"},
     .exchanges =
         AT(SIZES("[" SMALL "]"),
            KEYS("3", "[" OPS "," KEY("7", "ops", "2", "1", "") "," CONSOLE "]"), CLOUD("0", "[]")),
     .code = NUBE_E_AMBIGUOUS, .message = "use the id"},
    {ROW("a size that is not there", NODE_CREATE),
     .args = {"image", "51", "name", "web-9", "size", "7"},
     .exchanges = AT(SIZES("[" BIG "]"), DEDICATED_SIZES("[]"), KEYS("1", "[" CONSOLE "]"),
                     CLOUD("0", "[]"), DEDICATED("0", "[]")),
     .code = NUBE_E_NOT_FOUND, .message = "size 7"},
    {ROW("an address without its network", NODE_CREATE),
     .args = {"image", "51", "name", "web-9", "network", "203.0.113.7"},
     .exchanges = AT(BEFORE("0", "[]")), .code = NUBE_E_USAGE, .message = "NETWORK@ADDRESS"},
    {ROW("a name that the provider would refuse", NODE_CREATE), NO_TRAFFIC,
     .args = {"image", "51", "name", "1st"}, .code = NUBE_E_USAGE, .message = "name"},
    {ROW("a host name of more than 15 letters", NODE_CREATE), NO_TRAFFIC,
     .args = {"image", "51", "name", "a", "hostname", "abcdefghijklmnop"}, .code = NUBE_E_USAGE},

    /* ---- Nodes: changed ---- */
    {ROW("start", NODE_START), ID1,
     .exchanges = AT(SHOWN(DB), X("POST", "/server/cloud/90001/initiator/start/", 202, JOB))},
    {ROW("T-11: stop", NODE_STOP), ID1,
     .exchanges = AT(SHOWN(WEB), X("POST", "/server/cloud/90001/initiator/stop/", 202, JOB))},
    {ROW("reboot", NODE_REBOOT), ID1_AND("kind", "cloud"),
     .exchanges = AT(X("POST", "/server/cloud/90001/initiator/restart/", 202, JOB))},
    {ROW("a physical one has its own path", NODE_REBOOT), .args = {"id", "95001"},
     .exchanges = AT(NOTHING("/server/cloud/95001/"),
                     X("GET", "/server/dedicated/95001/", 200, GOOD("1", "[" METAL "]")),
                     X("POST", "/server/dedicated/95001/initiator/restart/", 202, JOB))},
    {ROW("destroy", NODE_DESTROY), ID1,
     .exchanges = AT(SHOWN(WEB), X("DELETE", "/server/cloud/90001/", 202, JOB))},
    {ROW("destroy answered by nothing", NODE_DESTROY), ID1_AND("kind", "dedicated"),
     .exchanges =
         AT({.method = "DELETE", .url = "/server/dedicated/90001/", .status = 204, .type = ""})},
    {ROW("destroy of what is not there", NODE_DESTROY), ID1,
     .exchanges = AT(NOTHING("/server/cloud/90001/"), NOTHING("/server/dedicated/90001/")),
     .code = NUBE_E_NOT_FOUND},
    {ROW("rename", NODE_RENAME), ID1_AND("name", "web-2", "hostname", "web2"),
     .exchanges = AT(SHOWN(WEB), X("PUT", "/server/cloud/90001/", 202, JOB,
                                   SENT = "name=web-2&hostname=web2"))},

    /* ---- Addresses ---- */
    {ROW("an address by itself: its subnet is the narrowest it is in", NODE_ACTION),
     ID1_AND("action", "assign_ip", "address", "198.51.100.74"),
     .exchanges =
         AT(SHOWN(WEB),
            X("GET", "/network/domain/", 200,
              GOOD("2", "[{'id':59887,'cidr':[{'id':1,'cidr_str':'198.51.0.0/16'},{'id':236649,"
                        "'cidr_str':'198.51.100.72/29'},{'id':2,'cidr_str':'198.51.100.80/29'}]},"
                        "{'id':59889,'cidr':[]}]")),
            X("POST", "/network/cidr/ipv4/236649/", 202, JOB,
              SENT = "_method=PUT&ipaddress=198.51.100.74&reserved=true&server=90001")),
     .out = "198.51.100.74\n"},
    {ROW("the first that is free", NODE_ACTION),
     ID1_AND("action", "assign_ip", "type", "private", "subnet", "7"),
     .exchanges = AT(SHOWN(WEB),
                     X("GET", "/network/cidr/ipv4/?ip_type=1&fields=ipaddress_list_unassigned", 200,
                       GOOD("2", "[{'ipaddress_list_unassigned':[]},"
                                 "{'ipaddress_list_unassigned':['10.128.0.11','10.128.0.12']}]")),
                     X("POST", "/network/cidr/ipv4/7/", 200, JOB,
                       SENT = "ipaddress=10.128.0.11&reserved=true&server=90001")),
     .out = "10.128.0.11\n"},
    {ROW("none is free", NODE_ACTION), ID1_AND("action", "assign_ip"),
     .exchanges =
         AT(SHOWN(WEB), X("GET", "/network/cidr/ipv4/?ip_type=0&fields=ipaddress_list_unassigned",
                          200, GOOD("0", "[]"))),
     .code = NUBE_E_QUOTA},
    {ROW("an address of nobody's", NODE_ACTION),
     ID1_AND("action", "assign_ip", "address", "192.0.2.1"),
     .exchanges = AT(SHOWN(WEB), X("GET", "/network/domain/", 200, GOOD("0", "[]"))),
     .code = NUBE_E_NOT_FOUND, .message = "subnet="},
    {ROW("an address given back", NODE_ACTION),
     ID1_AND("action", "release_ip", "address", "198.51.100.74", "subnet", "236649"),
     .exchanges =
         AT(SHOWN(WEB), X("POST", "/network/cidr/ipv4/236649/", 202, JOB,
                          SENT = "_method=PUT&ipaddress=198.51.100.74&reserved=false|!server=")),
     .out = "198.51.100.74\n"},

    /* ---- Images, sizes, locations ---- */
    {ROW("images", IMAGE_LIST), .args = {"region", "SJC-1"},
     .exchanges = AT(X("GET", "/image/server/?region=SJC-1", 200, GOOD("3", IMAGES))), .count = 3,
     .id = "3", .label = "Linux CentOS 5.5 32-bit", .extra = "billable_type", .value = "null"},
    {ROW("image search is by name, here", IMAGE_SEARCH), .args = {"term", "debian"},
     .exchanges = AT(X("GET", "/image/server/", 200, GOOD("3", IMAGES))), .count = 2, .id = "23"},
    {ROW("one image", IMAGE_GET), .args = {"id", "51"},
     .exchanges =
         AT(X("GET", "/image/server/51/", 200,
              GOOD("1", "[" IMAGE("51", "Linux Debian Server 6.0.3 64-bit", "x86_64") "]"))),
     .count = 1, .id = "51", .extra = "deployable_type", .value = "both"},
    {ROW("no such image", IMAGE_GET), .args = {"id", "52"},
     .exchanges = AT(X("GET", "/image/server/52/", 404, "Not found", .type = "text/plain")),
     .code = NUBE_E_NOT_FOUND, .message = "52"},
    {ROW("sizes of both kinds", SIZE_LIST),
     .exchanges = AT(SIZES("[" SMALL "," BIG "]"), DEDICATED_SIZES("[" METALS "]")), .count = 3,
     .id = "219", .label = "CS05-SSD - 0.5GB, 1Core, 25GB, 10 Gbps", .extra = "kind",
     .value = "cloud"},
    {ROW("a size without a description", SIZE_LIST), .args = {"kind", "cloud"},
     .exchanges = AT(SIZES("[{'id':5,'friendly_name':'CS05','sku':{'name':'CS05'},'ram':512}]")),
     .count = 1, .label = "CS05"},
    {ROW("locations, but for those that are not activated", LOCATION_LIST),
     .exchanges =
         AT(X("GET", "/datacenter/zone/", 200,
              GOOD("3", "[{'id':1,'name':'OLD','activated':false},{'id':86945,'name':'SJC-1','uri':"
                        "'u','datacenter':{'id':3,'name':'San Jose','airport_code':'SJC','uri':"
                        "'u'}},{'id':87729,'name':'RIC-1','activated':true}]"))),
     .count = 2, .id = "86945", .label = "SJC-1", .extra = "datacenter.airport_code",
     .value = "SJC"},

    /* ---- Keys ---- */
    {ROW("keys of both groups; passwords are never fetched", KEY_LIST),
     .exchanges = AT(KEYS("3", "[" OPS "," LOGIN "," CONSOLE "]"), SSH_KEYS), .count = 3},
    {ROW("keys of one group", KEY_LIST), .args = {"group", "console"},
     .exchanges = AT(KEYS("3", "[" OPS "," LOGIN "," CONSOLE "]"), SSH_KEYS), .count = 1,
     .id = "71213", .extra = "key_group", .value = "4"},
    {ROW("one key by name", KEY_GET), .args = {"id", "ops"},
     .exchanges = AT(KEYS("3", "[" OPS "," LOGIN "," CONSOLE "]"), SSH_KEYS), .count = 1,
     .id = "71211", .extra = "group", .value = "server"},
    {ROW("no such key", KEY_GET), .args = {"id", "nobody"},
     .exchanges = AT(KEYS("1", "[" OPS "]"), SSH_KEYS), .code = NUBE_E_NOT_FOUND},
    {ROW("a password as a key: of the console unless told otherwise", KEY_CREATE),
     .args = {"name", "console", "password", "pass-7-word"},
     .exchanges = AT(X("POST", "/key/password/", 201, GOOD("1", "{'id':71213}"),
                       SENT = "name=console&key_group=4&password=|!pass-7-word")),
     .count = 1, .id = "71213", .label = "console"},
    {ROW("T-32: the path of an SSH key", KEY_IMPORT),
     .args = {"name", "ops", "public_key", PAIR " me\n"},
     .exchanges = AT(X("POST", "/key/sshrsa/", 201, GOOD("1", "{'id':71211}"),
                       SENT = "name=ops&key_group=1&public_key=ssh-ed25519|!%0A")),
     .count = 1, .id = "71211", .label = "ops"},
    {ROW("delete an SSH key", KEY_DELETE), .args = {"id", "ops"},
     .exchanges = AT(KEYS("3", "[" OPS "," LOGIN "," CONSOLE "]"),
                     X("DELETE", "/key/sshrsa/71211/", 200, GOOD("0", "[]")))},
    {ROW("T-32: the path of a password", KEY_DELETE), .args = {"id", "71213"},
     .exchanges = AT(KEYS("3", "[" OPS "," LOGIN "," CONSOLE "]"),
                     X("DELETE", "/key/password/71213/", 200, GOOD("0", "[]")))},
    {ROW("delete a key that is not there", KEY_DELETE), .args = {"id", "7"},
     .exchanges = AT(KEYS("1", "[" OPS "]")), .code = NUBE_E_NOT_FOUND},

    /* ---- Errors: every class, by status and inside a 200 ---- */
    REFUSAL("401", 401, BAD("401", "1", "Authentication failed."), AUTH, "1", "Authentication"),
    REFUSAL("401 inside a 200", 200, BAD("401", "1", "Authentication failed."), AUTH, "1",
            "failed"),
    REFUSAL("403", 403, BAD("403", "2", "Not yours."), FORBIDDEN, "2", "Not yours."),
    REFUSAL("403 inside a 200", 200, BAD("403", "2", "Not yours."), FORBIDDEN, "2", "Not yours."),
    REFUSAL("404", 404, BAD("404", "3", "Server not found."), NOT_FOUND, "3", "not found"),
    REFUSAL("404 inside a 200", 200, BAD("404", "3", "Server not found."), NOT_FOUND, "3", "found"),
    REFUSAL("404 as a text", 404, "gone", NOT_FOUND, NULL, "90001"),
    REFUSAL("409", 409, BAD("409", "4", "Busy."), CONFLICT, "4", "Busy."),
    REFUSAL("409 inside a 200", 200, BAD("409", "4", "Busy."), CONFLICT, "4", "Busy."),
    REFUSAL("429", 429, BAD("429", "5", "Slow down."), RATE, "5", "Slow"),
    REFUSAL("400", 400, BAD("400", "6", "Bad."), USAGE, "6", "Bad."),
    REFUSAL("400 inside a 200", 200, BAD("400", "6", "Bad."), USAGE, "6", "Bad."),
    REFUSAL("500", 500, BAD("500", "7", "Oops."), PROVIDER, "7", "Oops."),
    REFUSAL("500 inside a 200", 200, BAD("500", "7", "Oops."), PROVIDER, "7", "Oops."),
    REFUSAL("503", 503, BAD("503", "8", "Later."), PROVIDER, "8", "Later."),
    REFUSAL("a failure that calls itself 200", 200, BAD("200", "9", "No."), PROVIDER, "9", "No."),
    REFUSAL("a failure with nothing else", 200, "{'success':false}", PROVIDER, NULL, NULL),
};

const struct conformance nephoscale_conformance = {
    .driver = "nephoscale",
    .provider = "nephoscale",
    .options = options,
    .endpoint = "endpoint",
    .rows = rows,
    .count = sizeof(rows) / sizeof(*rows),
};
