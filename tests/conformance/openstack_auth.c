/* How OpenStack's accounts log in: Keystone v3 and v2.0, clouds.yaml, catalogues, versions. */
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
#define SENT .sent
#define FILE_(path_, text_)                                                                        \
    {                                                                                              \
        .method = "FILE", .url = path_, .status = 200, .body = text_                               \
    }
#define NO_FILE(path_)                                                                             \
    {                                                                                              \
        .method = "FILE", .url = path_, .status = 404                                              \
    }
#define NO_CACHE(root_) NO_FILE("~/.cache/nube/openstack-versions-" root_)

/* ---- Keystone's answers ---- */
#define EP(interface_, region_, url_)                                                              \
    "{'interface':'" interface_ "','region':'" region_ "','region_id':'" region_ "','url':'" url_  \
    "'}"
#define CATALOG                                                                                                             \
    "[{'type':'identity','endpoints':[" EP(                                                                                 \
        "public", "R1",                                                                                                     \
        "http://ks/v3") "]},"                                                                                               \
                        "{'type':'compute','endpoints':[" EP("internal", "R1", "http://in1/v2.1/") "," EP(                  \
                            "public", "R1",                                                                                 \
                            "http://pub1/v2.1") "," EP("public", "R2",                                                      \
                                                       "http://pub2/v2.1") "]},"                                            \
                                                                           "{'type':'image'"                                \
                                                                           ",'endpoints':"                                  \
                                                                           "[" EP("public", "R1", "http://glance1") "," EP( \
                                                                               "public", "R2",                              \
                                                                               "http://"                                    \
                                                                               "glance2") "]},"                             \
                                                                                          "{'"                              \
                                                                                          "type':"                          \
                                                                                          "'netwo"                          \
                                                                                          "rk','"                           \
                                                                                          "endpoi"                          \
                                                                                          "nts':"                           \
                                                                                          "[" EP(                           \
                                                                                              "pu"                          \
                                                                                              "bl"                          \
                                                                                              "i"                           \
                                                                                              "c",                          \
                                                                                              "R"                           \
                                                                                              "1",                          \
                                                                                              "ht"                          \
                                                                                              "tp"                          \
                                                                                              ":/"                          \
                                                                                              "/n"                          \
                                                                                              "eu"                          \
                                                                                              "tr"                          \
                                                                                              "on"                          \
                                                                                              "1"                           \
                                                                                              "/") "]}]"
#define TOKEN_BODY(catalog_)                                                                       \
    "{'token':{'methods':['password'],'expires_at':'2099-11-22T23:24:45.000000Z','project':{'id':" \
    "'p1','name':'demo'},'catalog':" catalog_ "}}"
#define GIVES        .header = "X-Subject-Token: gAAAA-token"
#define LOGIN(sent_) X("POST", "/v3/auth/tokens", 201, TOKEN_BODY(CATALOG), GIVES, SENT = sent_)
#define LIMITS(sent_)                                                                              \
    X("GET", "/v2.1/limits", 200, "{'limits':{}}", SENT = "X-Auth-Token: ***|!gAAAA|" sent_)
#define V2_BODY(catalog_)                                                                          \
    "{'access':{'token':{'id':'EUAuth_1','expires':'2099-02-13T23:12:56.035Z','tenant':{'id':"     \
    "'t1','name':'x'}},'serviceCatalog':" catalog_ "}}"

#define CHECK_(name_) .name = name_, .op = NUBE_OP_CHECK
#define NO_TRAFFIC    .exchanges = AT({.method = NULL})
#define PINNED        "compute_api_version", "2.46"
#define USER          "auth_url", "http://ks/v3", "username", "u", "password", "pass-word"
#define BY(...)       .options = LIST("auth_url", "http://ks/v3", PINNED, __VA_ARGS__)
#define NO_OPTIONS                                                                                 \
    .options = (const char *const[])                                                               \
    {                                                                                              \
        NULL                                                                                       \
    }

/* ---- Files ---- */
#define NAMED(...) .env = LIST("OS_CLIENT_CONFIG_FILE", "/c/clouds.yaml", __VA_ARGS__)
#define CLOUDS(text_)                                                                              \
    FILE_("/c/clouds.yaml", text_), NO_FILE("/c/secure.yaml"), NO_FILE("/c/clouds-public.yaml")
#define AUTH_LINES                                                                                 \
    "    auth_type: v3password\n"                                                                  \
    "    compute_api_version: '2.46'\n"                                                            \
    "    auth:\n"                                                                                  \
    "      auth_url: http://ks/v3\n"                                                               \
    "      username: u\n"                                                                          \
    "      project_name: demo\n"                                                                   \
    "      user_domain_name: D1\n"                                                                 \
    "      project_domain_id: d2\n"

static const char *const options[] = {USER, "project", "demo", PINNED, NULL};

static const struct scenario rows[] = {
    /* ---- Identity v3 ---- */
    {CHECK_("password, by names, in the domain every cloud has"),
     .exchanges = AT(LOGIN("{'auth':{'identity':{'methods':['password'],'password':{'user':{'name':"
                           "'u','domain':{'id':'default'},'password':'***'}}},'scope':{'project':{"
                           "'name':'demo','domain':{'id':'default'}}}}}|http://ks/v3/|!pass-word|"
                           "!X-Auth-Token"),
                     LIMITS("http://pub1/v2.1/limits"))},
    {CHECK_("password, by ids"),
     BY("user_id", "u1", "password", "pass-word", "project_id", "p1", "user_domain", "ignored"),
     .exchanges = AT(LOGIN("'user':{'id':'u1','password':'***'}|'scope':{'project':{'id':'p1'}}"),
                     LIMITS(""))},
    {CHECK_("domains by name and id"),
     BY("username", "u", "password", "pass-word", "project", "demo", "user_domain", "D1",
        "project_domain_id", "d2"),
     .exchanges = AT(LOGIN("'domain':{'name':'D1'}|'project':{'name':'demo','domain':{'id':'d2'}}"),
                     LIMITS(""))},
    {CHECK_("one domain for both"),
     BY("username", "u", "password", "pass-word", "project", "demo", "domain", "D1"),
     .exchanges = AT(LOGIN("'user':{'name':'u','domain':{'name':'D1'},|'project':{'name':'demo',"
                           "'domain':{'name':'D1'}}"),
                     LIMITS(""))},
    {CHECK_("for a domain"), BY("username", "u", "password", "pass-word", "domain_id", "d1"),
     .exchanges = AT(LOGIN("'scope':{'domain':{'id':'d1'}}"), LIMITS(""))},
    {CHECK_("for the system"), BY("username", "u", "password", "pass-word", "system_scope", "all"),
     .exchanges = AT(LOGIN("'scope':{'system':{'all':true}}"), LIMITS(""))},
    {CHECK_("by a trust"), BY("username", "u", "password", "pass-word", "trust_id", "t1"),
     .exchanges = AT(LOGIN("'scope':{'OS-TRUST:trust':{'id':'t1'}}"), LIMITS(""))},
    {CHECK_("a password and a code"),
     BY("username", "u", "password", "pass-word", "passcode", "123456", "project_id", "p1"),
     .exchanges = AT(LOGIN("'methods':['password','totp'],'password':{|'totp':{'user':{'name':'u',"
                           "'domain':{'id':'default'},'passcode':'***'}}"),
                     LIMITS(""))},
    {CHECK_("T-20: a plus and an at in a user's name are its own"),
     BY("username", "a+b@c", "password", "pass-word", "project", "x+y"),
     .exchanges = AT(LOGIN("'name':'a+b@c'|'name':'x+y'"), LIMITS(""))},
    {CHECK_("mist's words for user, password and project"),
     BY("key", "u", "secret", "pass-word", "tenant_name", "demo"),
     .exchanges = AT(LOGIN("'name':'u'|'name':'demo'|!pass-word"), LIMITS(""))},
    {CHECK_("an application credential by id asks for no scope"),
     BY("application_credential_id", "k1", "application_credential_secret", "top-secret", "project",
        "demo"),
     .exchanges = AT(LOGIN("{'auth':{'identity':{'methods':['application_credential'],"
                           "'application_credential':{'id':'k1','secret':'***'}}}}|!scope"),
                     LIMITS(""))},
    {CHECK_("an application credential by name"),
     BY("application_credential_name", "k", "username", "u", "application_credential_secret",
        "top-secret"),
     .exchanges = AT(LOGIN("'application_credential':{'name':'k','user':{'name':'u','domain':{'id':"
                           "'default'}},'secret':'***'}|!scope"),
                     LIMITS(""))},
    {CHECK_("a credential without its secret"), BY("application_credential_id", "k1"), NO_TRAFFIC,
     .code = NUBE_E_AUTH, .message = "application_credential_secret"},
    {CHECK_("a credential's name without its user"),
     BY("application_credential_name", "k1", "application_credential_secret", "top-secret"),
     NO_TRAFFIC, .code = NUBE_E_AUTH, .message = "username"},
    {CHECK_("a token is asked what it is for"), BY("token", "gAAAA-given"),
     .exchanges = AT(X("GET", "/v3/auth/tokens", 200, TOKEN_BODY(CATALOG), GIVES,
                       SENT = "X-Auth-Token: ***|X-Subject-Token: ***|!gAAAA"),
                     LIMITS(""))},
    {CHECK_("a token for a project of one's choice"),
     BY("token", "gAAAA-given", "project_id", "p1"),
     .exchanges = AT(LOGIN("'identity':{'methods':['token'],'token':{'id':'***'}},'scope':{"
                           "'project':{'id':'p1'}}"),
                     LIMITS(""))},
    {CHECK_("a token that is past its end"), BY("token", "gAAAA-given"),
     .exchanges = AT(X("GET", "/v3/auth/tokens", 404,
                       "{'error':{'code':404,'message':'Could not recognize Fernet token',"
                       "'title':'Not Found'}}")),
     .code = NUBE_E_AUTH, .message = "past its end"},
    {CHECK_("without a project: the only one there is"),
     BY("username", "u", "password", "pass-word"),
     .exchanges =
         AT(X("POST", "/v3/auth/tokens", 201,
              "{'token':{'expires_at':'2099-11-22T23:24:45.000000Z','user':{'id':'u1'}}}", GIVES,
              SENT = "!scope"),
            X("GET", "/v3/auth/projects", 200, "{'projects':[{'id':'p9','name':'nine'}]}",
              SENT = "X-Auth-Token: ***"),
            X("POST", "/v3/auth/tokens", 201, TOKEN_BODY(CATALOG), GIVES,
              SENT = "'methods':['token'],'token':{'id':'***'}},'scope':{'project':{'id':'p9'}}"),
            LIMITS(""))},
    {CHECK_("without a project: several to choose from"),
     BY("username", "u", "password", "pass-word"),
     .exchanges = AT(X("POST", "/v3/auth/tokens", 201, "{'token':{}}", GIVES),
                     X("GET", "/v3/auth/projects", 200,
                       "{'projects':[{'id':'1','name':'one'},{'id':'2','name':'two'}]}")),
     .code = NUBE_E_USAGE, .message = "one,two"},
    {CHECK_("without a project: none"), BY("username", "u", "password", "pass-word"),
     .exchanges = AT(X("POST", "/v3/auth/tokens", 201, "{'token':{}}", GIVES),
                     X("GET", "/v3/auth/projects", 200, "{'projects':[]}")),
     .code = NUBE_E_FORBIDDEN, .message = "no role"},
    {CHECK_("a wrong password"),
     .exchanges = AT(X("POST", "/v3/auth/tokens", 401,
                       "{'error':{'code':401,'message':'The request you have made requires "
                       "authentication.','title':'Unauthorized'}}")),
     .code = NUBE_E_AUTH, .message = "check user, password and domain",
     .provider_code = "Unauthorized"},
    {CHECK_("no password"), BY("username", "u"), NO_TRAFFIC, .code = NUBE_E_AUTH,
     .message = "OS_PASSWORD"},
    {CHECK_("a reply without a token"),
     .exchanges = AT(X("POST", "/v3/auth/tokens", 201, TOKEN_BODY(CATALOG))),
     .code = NUBE_E_PROTOCOL, .message = "no token"},

    /* ---- Which Keystone ---- */
    {CHECK_("an address without a version is asked for them"),
     .options = LIST("auth_url", "http://ks/identity/", "username", "u", "password", "pass-word",
                     "project_id", "p1", PINNED),
     .exchanges =
         AT(X("GET", "/identity/", 300,
              "{'versions':{'values':[{'id':'v3.14','status':'stable'},{'id':'v2.0','status':"
              "'deprecated'}]}}",
              .flags = UNREAD),
            X("POST", "/identity/v3/auth/tokens", 201, TOKEN_BODY(CATALOG), GIVES), LIMITS(""))},
    {CHECK_("a Keystone that has only v2.0"),
     .options = LIST("auth_url", "http://ks", "username", "u", "password", "pass-word", "project",
                     "x", PINNED),
     .exchanges = AT(X("GET", "/", 300, "{'versions':{'values':[{'id':'v2.0','status':'stable'}]}}",
                       .flags = UNREAD),
                     X("POST", "/v2.0/tokens", 200,
                       V2_BODY("[{'type':'compute','endpoints':[{'region':'R1','publicURL':"
                               "'http://pub1/v2.1'}]}]"),
                       SENT = "{'auth':{'passwordCredentials':{'username':'u','password':'***'},"
                              "'tenantName':'x'}}"),
                     LIMITS(""))},
    {CHECK_("an address without a version, and a version that is said"),
     .options = LIST("auth_url", "http://ks", "username", "u", "password", "pass-word",
                     "project_id", "p1", "identity_api_version", "3", PINNED),
     .exchanges = AT(LOGIN("http://ks/v3/auth/tokens"), LIMITS(""))},
    {CHECK_("what answers is no Keystone"),
     .options = LIST("auth_url", "http://ks", "username", "u", "password", "pass-word", PINNED),
     .exchanges = AT(X("GET", "/", 200, "{}"),
                     X("POST", "/v3/auth/tokens", 404, "<html>no</html>", .type = "text/html")),
     .code = NUBE_E_NOT_FOUND, .message = "404"},

    /* ---- v2.0 ---- */
    {.name = "HP: a catalogue of zones, and no versions",
     .op = NUBE_OP_NODE_LIST,
     .options = LIST("auth_url", "https://hp:35357/v2.0/", "username", "foo@fakedomain.eu",
                     "password", "pass-word", "tenant_name", "foo@fakedomain.eu-default-tenant",
                     "region", "region-a.geo-1"),
     .exchanges = AT(
         X("POST", "/v2.0/tokens", 200,
           V2_BODY("[{'name':'Image Management','type':'image','endpoints':[{'publicURL':"
                   "'https:\\/\\/glance2\\/v1.0','region':'az-2.region-a.geo-1'}]},{'name':"
                   "'Compute','type':'compute','endpoints':[{'tenantId':'t1','publicURL':"
                   "'https:\\/\\/az-1.region-b.geo-1\\/v1.1\\/t1','region':'az-1.region-b.geo-1'},"
                   "{'tenantId':'t1','publicURL':'https:\\/\\/az-2.region-a.geo-1\\/v1.1\\/t1',"
                   "'publicURL2':'https:\\/\\/ec2','region':'az-2.region-a.geo-1'}]}]"),
           SENT = "'tenantName':'foo@fakedomain.eu-default-tenant'"),
         X("GET", "/v1.1/t1/servers/detail", 200,
           "{'servers':[{'id':815229,'name':'x','status':'BUILD(spawning)'}]}",
           SENT = "https://az-2.region-a.geo-1/v1.1/t1/|!OpenStack-API-Version")),
     .count = 1,
     .id = "815229",
     .raw = "spawning",
     .state = NUBE_STATE_PENDING},
    {CHECK_("HP's refusal"),
     .options = LIST("auth_url", "https://hp:35357/v2.0", "username", "u", "password", "pass-word",
                     "project", "x"),
     .exchanges = AT(X("POST", "/v2.0/tokens", 401,
                       "{'unauthorized':{'code':401,'message':'UNAUTHORIZED','details':'Invalid "
                       "credentials','otherAttributes':{}}}")),
     .code = NUBE_E_AUTH, .provider_code = "unauthorized", .message = "Invalid credentials"},
    {CHECK_("v2.0 without a project"),
     .options =
         LIST("auth_url", "http://ks/v2.0", "username", "u", "password", "pass-word", PINNED),
     .exchanges = AT(X("POST", "/v2.0/tokens", 200, V2_BODY("[]"), SENT = "!tenant"),
                     X("GET", "/v2.0/tenants", 200, "{'tenants':[{'id':'t1','name':'x'}]}"),
                     X("POST", "/v2.0/tokens", 200,
                       V2_BODY("[{'type':'compute','endpoints':[{'region':'R1','publicURL':"
                               "'http://pub1/v2.1'}]}]"),
                       SENT = "{'auth':{'token':{'id':'***'},'tenantId':'t1'}}"),
                     LIMITS(""))},

    /* ---- The catalogue ---- */
    {CHECK_("the region that is wanted"),
     .options = LIST(USER, "project", "demo", PINNED, "region", "r2"),
     .exchanges = AT(LOGIN(""), LIMITS("http://pub2/v2.1/limits"))},
    {CHECK_("the interface that is wanted, in the old spelling"),
     .options = LIST(USER, "project", "demo", PINNED, "interface", "internalURL"),
     .exchanges = AT(LOGIN(""), LIMITS("http://in1/v2.1/limits"))},
    {CHECK_("a region that is not there: those that are"),
     .options = LIST(USER, "project", "demo", "region", "R9"), .exchanges = AT(LOGIN("")),
     .code = NUBE_E_USAGE, .message = "R1 R2"},
    {CHECK_("T-05: an endpoint of one's own, the token still Keystone's"),
     .options = LIST(USER, "project", "demo", PINNED, "endpoint", "http://own/v2.1"),
     .exchanges = AT(LOGIN(""), LIMITS("http://own/v2.1/limits"))},
    {.name = "images come from the same region, by the version that is understood",
     .op = NUBE_OP_IMAGE_LIST,
     .options = LIST(USER, "project", "demo", PINNED, "region", "R2"),
     .exchanges = AT(LOGIN(""), X("GET", "/v2/images?limit=1000", 200, "{'images':[]}",
                                  SENT = "http://glance2/v2/images")),
     .count = -1},
    {.name = "the second version of Glance beside the first, which an old catalogue names",
     .op = NUBE_OP_IMAGE_GET,
     .options = LIST(USER, "project", "demo", PINNED),
     .args = {"id", "i"},
     .exchanges =
         AT(X("POST", "/v3/auth/tokens", 201,
              TOKEN_BODY("[{'type':'compute','endpoints':[" EP(
                  "public", "R1", "http://n/v2.1") "]},"
                                                   "{'type':'image','endpoints':[" EP(
                                                       "public", "R1", "http://g/x/v1.0/") "]}]"),
              GIVES),
            X("GET", "/x/v2/images/i", 200, "{'id':'i'}", SENT = "http://g/x/v2/images/i")),
     .count = 1,
     .id = "i"},
    {.name = "a service that the region does not have",
     .op = NUBE_OP_FIREWALL_LIST,
     .options = LIST(USER, "project", "demo", PINNED, "region", "R2"),
     .exchanges = AT(LOGIN("")),
     .code = NUBE_E_UNSUPPORTED,
     .message = "network_endpoint"},
    {.name = "the regions are locations too",
     .op = NUBE_OP_LOCATION_LIST,
     .args = {"kind", "region"},
     .exchanges = AT(LOGIN("")),
     .count = 2,
     .id = "R1"},
    {.name = "a private image is accepted by the project one is in",
     .op = NUBE_OP_IMAGE_ACTION,
     .args = {"action", "accept", "id", "img-1"},
     .exchanges = AT(LOGIN(""), X("PUT", "/v2/images/img-1/members/p1", 200, "{}", .flags = UNREAD,
                                  SENT = "{'status':'accepted'}"))},

    /* ---- Versions of Nova ---- */
    {.name = "the newest version that is understood, of those there are",
     .op = NUBE_OP_NODE_LIST,
     .options = LIST(USER, "project", "demo"),
     .exchanges =
         AT(LOGIN(""), NO_CACHE("http_3A_2F_2Fpub1_2Fv2.1"),
            X("GET", "/v2.1/", 200,
              "{'version':{'id':'v2.1','version':'2.93','min_version':'2.1'}}", .flags = UNREAD),
            X("GET", "/v2.1/servers/detail", 200, "{'servers':[]}",
              SENT = "OpenStack-API-Version: compute 2.46")),
     .count = -1},
    {.name = "no newer one than the cloud has",
     .op = NUBE_OP_NODE_LIST,
     .options = LIST(USER, "project", "demo"),
     .exchanges =
         AT(LOGIN(""), NO_CACHE("http_3A_2F_2Fpub1_2Fv2.1"),
            X("GET", "/v2.1/", 200,
              "{'version':{'id':'v2.1','version':'2.12','min_version':'2.1'}}", .flags = UNREAD),
            X("GET", "/v2.1/servers/detail", 200, "{'servers':[]}",
              SENT = "OpenStack-API-Version: compute 2.12")),
     .count = -1},
    {.name = "what was found out yesterday is not asked again",
     .op = NUBE_OP_NODE_LIST,
     .options = LIST(USER, "project", "demo"),
     .exchanges = AT(LOGIN(""),
                     FILE_("~/.cache/nube/openstack-versions-http_3A_2F_2Fpub1_2Fv2.1", "v2.1 30"),
                     X("GET", "/v2.1/servers/detail", 200, "{'servers':[]}",
                       SENT = "OpenStack-API-Version: compute 2.30")),
     .count = -1},
    {.name = "a request that needs more asks for more",
     .op = NUBE_OP_NODE_CREATE,
     .options = LIST(USER, "project", "demo"),
     .args = {"image", "i", "size", "1", "name", "n", "tag", "a=b"},
     .exchanges = AT(LOGIN(""),
                     FILE_("~/.cache/nube/openstack-versions-http_3A_2F_2Fpub1_2Fv2.1", "v2.1 60"),
                     X("POST", "/v2.1/servers", 202, "{'server':{'id':'s1'}}",
                       SENT = "OpenStack-API-Version: compute 2.60|'tags':['a=b']"),
                     X("GET", "/v2.1/servers/s1", 200, "{'server':{'id':'s1','status':'BUILD'}}",
                       SENT = "OpenStack-API-Version: compute 2.46")),
     .count = 1,
     .id = "s1"},
    {.name = "an address of Nova without a version",
     .op = NUBE_OP_NODE_LIST,
     .options = LIST(USER, "project", "demo", "endpoint", "http://own/compute"),
     .exchanges =
         AT(LOGIN(""), NO_CACHE("http_3A_2F_2Fown_2Fcompute"),
            X("GET", "/compute/", 300,
              "{'versions':[{'id':'v2.0','version':''},{'id':'v2.1','version':'2.93'}]}",
              .flags = UNREAD),
            X("GET", "/compute/v2.1/servers/detail", 200, "{'servers':[]}", SENT = "compute 2.46")),
     .count = -1},
    {.name = "a Nova that does not tell its versions",
     .op = NUBE_OP_NODE_LIST,
     .options = LIST(USER, "project", "demo"),
     .exchanges = AT(
         LOGIN(""), NO_CACHE("http_3A_2F_2Fpub1_2Fv2.1"),
         X("GET", "/v2.1/", 401, "{}", .flags = UNREAD),
         X("GET", "/v2.1/servers/detail", 200, "{'servers':[]}", SENT = "!OpenStack-API-Version")),
     .count = -1},
    {CHECK_("a version that is none"), NAMED("OS_CLOUD", "c"), NO_OPTIONS,
     .exchanges = AT(CLOUDS("clouds:\n  c:\n    compute_api_version: '3.1'\n    auth: {auth_url: "
                            "'http://ks/v3', username: u, password: p, project_id: p1}\n"),
                     LOGIN("")),
     .code = NUBE_E_USAGE, .message = "3.1"},

    /* ---- Where the account is written ---- */
    {CHECK_("the environment"), NO_OPTIONS,
     .env = LIST("OS_AUTH_URL", "http://ks/v3", "OS_USERNAME", "u", "OS_PASSWORD", "pass-word",
                 "OS_TENANT_NAME", "demo", "OS_USER_DOMAIN_NAME", "D1", "OS_REGION_NAME", "R2",
                 "OS_COMPUTE_API_VERSION", "2.46"),
     .exchanges =
         AT(LOGIN("'domain':{'name':'D1'}|'name':'demo'|!pass-word"), LIMITS("http://pub2/"))},
    {CHECK_("an account that says where it is takes nothing of the environment"),
     BY("username", "u", "project_id", "p1"),
     .env = LIST("OS_AUTH_URL", "http://other/v3", "OS_PASSWORD", "of-another-cloud"), NO_TRAFFIC,
     .code = NUBE_E_AUTH, .message = "no password"},
    {CHECK_("a cloud that is named beats the environment"), .options = LIST("cloud", "c"),
     NAMED("OS_AUTH_URL", "http://other/v3", "OS_PASSWORD", "x"),
     .exchanges = AT(CLOUDS("clouds:\n  c:\n" AUTH_LINES "      password: pass-word\n"),
                     LOGIN("'domain':{'name':'D1'}|'domain':{'id':'d2'}|!pass-word"), LIMITS(""))},
    {CHECK_("the backend's options beat the cloud's"),
     .options = LIST("cloud", "c", "project", "other", "region", "R2"), NAMED("X", "y"),
     .exchanges =
         AT(CLOUDS("clouds:\n  c:\n" AUTH_LINES "      password: p\n    region_name: R1\n"),
            LOGIN("'project':{'name':'other'"), LIMITS("http://pub2/"))},
    {CHECK_("OS_CLOUD"), NO_OPTIONS, NAMED("OS_CLOUD", "b"),
     .exchanges = AT(CLOUDS("clouds:\n  a: {}\n  b:\n" AUTH_LINES "      password: p\n"), LOGIN(""),
                     LIMITS(""))},
    {CHECK_("the only cloud of a file"), NO_OPTIONS, NAMED("X", "y"),
     .exchanges =
         AT(CLOUDS("clouds:\n  b:\n" AUTH_LINES "      password: p\n"), LOGIN(""), LIMITS(""))},
    {CHECK_("secrets in a file of their own"), NO_OPTIONS, NAMED("OS_CLOUD", "b"),
     .exchanges =
         AT(FILE_("/c/clouds.yaml", "clouds:\n  b:\n" AUTH_LINES "      password: not-this-one\n"),
            FILE_("/c/secure.yaml", "clouds:\n  b:\n    auth:\n      password: 012\n"),
            NO_FILE("/c/clouds-public.yaml"), LOGIN(""), LIMITS(""))},
    {CHECK_("a profile, merged keys, a list of regions"), NO_OPTIONS, NAMED("OS_CLOUD", "b"),
     .exchanges =
         AT(FILE_("/c/clouds.yaml",
                  "x: &common\n  auth: &a {username: u, password: p, project_id: p1}\n"
                  "clouds:\n  b:\n    <<: *common\n    profile: acme\n    regions:\n"
                  "    - name: R2\n      values: {compute_api_version: '2.40'}\n    - R1\n"),
            NO_FILE("/c/secure.yaml"),
            FILE_("/c/clouds-public.yaml",
                  "public-clouds:\n  acme:\n    auth: {auth_url: 'http://ks/v3'}\n"),
            LOGIN("'project':{'id':'p1'}"), LIMITS("http://pub2/|compute 2.40"))},
    {CHECK_("a profile that nobody has"), NO_OPTIONS, NAMED("OS_CLOUD", "b"),
     .exchanges = AT(CLOUDS("clouds:\n  b: {profile: acme}\n")), .code = NUBE_E_USAGE,
     .message = "acme"},
    {CHECK_("a cloud that is not there"), .options = LIST("cloud", "zz"), NAMED("X", "y"),
     .exchanges = AT(CLOUDS("clouds:\n  b: {}\n")), .code = NUBE_E_USAGE,
     .message = "no cloud zz in clouds.yaml"},
    {CHECK_("a file that is not YAML"), .options = LIST("cloud", "zz"), NAMED("X", "y"),
     .exchanges = AT(CLOUDS("clouds:\n  b: [\n")), .code = NUBE_E_USAGE,
     .message = "clouds.yaml: line"},
    {CHECK_("a way to log in that is not known"), NO_OPTIONS, NAMED("OS_CLOUD", "b"),
     .exchanges = AT(CLOUDS("clouds:\n  b: {auth_type: v3oidcpassword}\n")),
     .code = NUBE_E_UNSUPPORTED, .message = "v3oidcpassword"},
    {CHECK_("T-17: a file does not switch verification off"), NO_OPTIONS, NAMED("OS_CLOUD", "b"),
     .exchanges = AT(CLOUDS("clouds:\n  b:\n    verify: no\n" AUTH_LINES "      password: p\n")),
     .code = NUBE_E_USAGE, .message = "verify=no"},
    {CHECK_("T-17: unless the backend says so"), .options = LIST("verify", "no"),
     NAMED("OS_CLOUD", "b"),
     .exchanges = AT(CLOUDS("clouds:\n  b:\n    verify: no\n" AUTH_LINES "      password: p\n"),
                     LOGIN(""), LIMITS(""))},
    {CHECK_("nothing anywhere"), NO_OPTIONS,
     .exchanges = AT(
         NO_FILE("./clouds.yaml"), NO_FILE("./clouds.yml"),
         NO_FILE("~/.config/openstack/clouds.yaml"), NO_FILE("~/.config/openstack/clouds.yml"),
         NO_FILE("/etc/openstack/clouds.yaml"), NO_FILE("/etc/openstack/clouds.yml"),
         NO_FILE("./secure.yaml"), NO_FILE("./secure.yml"),
         NO_FILE("~/.config/openstack/secure.yaml"), NO_FILE("~/.config/openstack/secure.yml"),
         NO_FILE("/etc/openstack/secure.yaml"), NO_FILE("/etc/openstack/secure.yml"),
         NO_FILE("./clouds-public.yaml"), NO_FILE("./clouds-public.yml"),
         NO_FILE("~/.config/openstack/clouds-public.yaml"),
         NO_FILE("~/.config/openstack/clouds-public.yml"),
         NO_FILE("/etc/openstack/clouds-public.yaml"), NO_FILE("/etc/openstack/clouds-public.yml")),
     .code = NUBE_E_AUTH, .message = "no auth_url: set it, or OS_AUTH_URL"},
};

const struct conformance openstack_auth_conformance = {
    .driver = "openstack",
    .provider = "openstack",
    .options = options,
    .rows = rows,
    .count = sizeof(rows) / sizeof(*rows),
    .part = 1,
};
