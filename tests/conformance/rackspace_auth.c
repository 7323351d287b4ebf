/* Logins at Rackspace: Identity v2.0 with its real catalogue, a second factor, regions, the
 * environment. */
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
#define SENT          .sent
#define CHECK_(name_) .name = name_, .op = NUBE_OP_CHECK
#define BY(...)       .options = LIST(__VA_ARGS__)
#define NO_TRAFFIC    .exchanges = AT({.method = NULL})
#define TOKENS        "/v2.0/tokens"

#define SERVICE(region_, host_, account_)                                                          \
    "{'region':'" region_ "','tenantId':'" account_ "','publicURL':'https://" host_                \
    ".servers.api.rackspacecloud.com/v2/" account_ "','internalURL':'https://snet-" host_          \
    ".example/v2/" account_ "','versionId':'2','versionInfo':'https://" host_                      \
    ".servers.api.rackspacecloud.com/v2','versionList':'https://" host_                            \
    ".servers.api.rackspacecloud.com/'}"
#define FIRST                                                                                      \
    "{'name':'cloudServers','type':'compute','endpoints':[{'tenantId':'123456','publicURL':"       \
    "'https://servers.api.rackspacecloud.com/v1.0/123456','versionId':'1.0','versionInfo':"        \
    "'https://servers.api.rackspacecloud.com/v1.0','versionList':"                                 \
    "'https://servers.api.rackspacecloud.com/'}]}"
#define FILES                                                                                      \
    "{'name':'cloudFiles','type':'object-store','endpoints':[{'region':'DFW','tenantId':"          \
    "'MossoCloudFS_00000000-0000-0000-0000-000000000000','publicURL':"                             \
    "'https://storage101.dfw1.clouddrive.com/v1/MossoCloudFS_00000000-0000-0000-0000-"             \
    "000000000000','internalURL':'https://snet-storage101.dfw1.clouddrive.com/v1/"                 \
    "MossoCloudFS_00000000-0000-0000-0000-000000000000'}]}"
#define ACCESS(expires_, catalog_)                                                                 \
    "{'access':{'token':{'id':'0f1e2d3c4b5a69788796a5b4c3d2e1f0','expires':'" expires_             \
    "','tenant':{'id':'123456','name':'123456'},'RAX-AUTH:authenticatedBy':['APIKEY']},"           \
    "'serviceCatalog':[" catalog_ "],'user':{'id':'10000001','name':'demo',"                       \
    "'RAX-AUTH:defaultRegion':'DFW','roles':[{'id':'3','name':'identity:user-admin',"              \
    "'description':'User Admin Role.'}]}}}"
/* The order in which a wrong one would be taken if names were not compared whole. */
#define NEXT(endpoints_)                                                                           \
    FIRST ",{'name':'cloudServersPreprod','type':'compute','endpoints':[{'region':'LON',"          \
          "'publicURL':'https://preprod.example/v2/1'},{'region':'DFW','publicURL':"               \
          "'https://preprod.example/v2/1'}]},{'name':'cloudServersOpenStack','type':'compute',"    \
          "'endpoints':[" endpoints_ "]}," FILES
#define US SERVICE("ORD", "ord", "123456") "," SERVICE("DFW", "dfw", "123456")
#define UK SERVICE("LON", "lon", "10000002")

#define LOGIN_AT(expires_, catalog_, ...)                                                          \
    X("POST", TOKENS, 200, ACCESS(expires_, catalog_), .sent = __VA_ARGS__)
#define LOGIN(catalog_, ...) LOGIN_AT("2099-11-22T12:00:00.000Z", catalog_, __VA_ARGS__)
#define LIMITS(account_, host_)                                                                    \
    X("GET", "/v2/" account_ "/limits", 200, "{'limits':{}}",                                      \
      SENT = "https://" host_ "/v2/" account_ "/limits|X-Auth-Token: ***")

#define BY_KEY                                                                                     \
    "https://identity.api.rackspacecloud.com/v2.0/"                                                \
    "tokens|{'auth':{'RAX-KSKEY:apiKeyCredentials':"                                               \
    "{'username':'demo','apiKey':'***'}}}|!secret-key"
#define CHALLENGE                                                                                  \
    {                                                                                              \
        .method = "POST", .url = TOKENS, .status = 401,                                            \
        .header = "WWW-Authenticate: OS-MF sessionId='AAAAexampleSessionId', factor='PASSCODE'",   \
        .body = "{'unauthorized':{'code':401,'message':'Additional authentication credentials "    \
                "required.'}}",                                                                    \
        .sent = "'passwordCredentials':{'username':'demo','password':'***'}|!pass-word"            \
    }
#define SECOND                                                                                     \
    X("POST", TOKENS, 200, ACCESS("2099-11-22T12:00:00.000Z", NEXT(UK)),                           \
      SENT = "X-SessionId: ***|{'auth':{'RAX-AUTH:passcodeCredentials':{'passcode':'***'}}}|"      \
             "!123456|!AAAAexample")

static const char *const options[] = {"key", "demo", "secret", "secret-key", NULL};

static const struct scenario rows[] = {
    {CHECK_("mist's key and secret, and the region of the provider's id"),
     .exchanges =
         AT(LOGIN(NEXT(UK), BY_KEY), LIMITS("10000002", "lon.servers.api.rackspacecloud.com"))},
    {CHECK_("the names of their own"), BY("username", "demo", "api_key", "secret-key"),
     .exchanges =
         AT(LOGIN(NEXT(UK), BY_KEY), LIMITS("10000002", "lon.servers.api.rackspacecloud.com"))},
    {CHECK_("a region in other letters beats the id's"),
     BY("key", "demo", "secret", "secret-key", "region", "ord"),
     .exchanges =
         AT(LOGIN(NEXT(US), BY_KEY), LIMITS("123456", "ord.servers.api.rackspacecloud.com"))},
    {CHECK_("a password, for one account of several"),
     BY("username", "demo", "password", "pass-word", "tenant_id", "123456"),
     .exchanges = AT(LOGIN(NEXT(UK), "'passwordCredentials':{'username':'demo','password':'***'},"
                                     "'tenantId':'123456'|!pass-word"),
                     LIMITS("10000002", "lon.servers.api.rackspacecloud.com"))},
    {CHECK_("from inside, by the ServiceNet"),
     BY("key", "demo", "secret", "secret-key", "interface", "internal"),
     .exchanges = AT(LOGIN(NEXT(UK), ""), LIMITS("10000002", "snet-lon.example"))},
    {CHECK_("another place to log in, and one for the servers"),
     BY("key", "demo", "secret", "secret-key", "auth_url", "https://lon.identity.example",
        "endpoint", "https://servers.example/v2/7/"),
     .exchanges = AT(LOGIN(NEXT(US), "https://lon.identity.example/v2.0/tokens"),
                     LIMITS("7", "servers.example"))},
    {CHECK_("the end of a token with an offset and no fraction"),
     .exchanges = AT(LOGIN_AT("2099-11-22T06:00:00-06:00", NEXT(UK), ""),
                     LIMITS("10000002", "lon.servers.api.rackspacecloud.com"))},
    {CHECK_("203 of a cache"),
     .exchanges = AT(X("POST", TOKENS, 203, ACCESS("2099-11-22T12:00:00Z", NEXT(UK))),
                     LIMITS("10000002", "lon.servers.api.rackspacecloud.com"))},
    {CHECK_("an account of the other half is told its regions"),
     .exchanges = AT(LOGIN(NEXT(US), "")), .code = NUBE_E_USAGE,
     .message = "no cloudServersOpenStack in LON; its regions: ORD DFW"},
    {CHECK_("an account without servers, as after the setup of a second factor"),
     .exchanges = AT(LOGIN("", "")), .code = NUBE_E_USAGE, .message = "its regions: none"},

    {.name = "another service of the region",
     .op = NUBE_OP_RAW,
     .args = {"method", "GET", "path", "images", "service", "image"},
     .exchanges =
         AT(LOGIN(NEXT(UK) ",{'name':'cloudImages','type':'image','endpoints':[{'region':'DFW',"
                           "'publicURL':'https://dfw.images.api.rackspacecloud.com/v2'},{'region':"
                           "'LON','publicURL':'https://lon.images.api.rackspacecloud.com/v2'}]}",
                  ""),
            X("GET", "/v2/images", 200, "{'images':[]}", .flags = BYTES,
              SENT = "https://lon.images.api.rackspacecloud.com/v2/images|X-Auth-Token: ***")),
     .out = "{\"images\":[]}"},

    /* ---- The second factor ---- */
    {CHECK_("a passcode is asked for"), BY("username", "demo", "password", "pass-word"),
     .exchanges = AT(CHALLENGE, X("ASK", "Passcode of demo at Rackspace", 200, "123456"), SECOND,
                     LIMITS("10000002", "lon.servers.api.rackspacecloud.com")),
     .answer = "123456"},
    {CHECK_("a passcode that is an option"),
     BY("username", "demo", "password", "pass-word", "passcode", "123456"),
     .exchanges = AT(CHALLENGE, SECOND, LIMITS("10000002", "lon.servers.api.rackspacecloud.com"))},
    {CHECK_("nobody to ask for a passcode"), BY("username", "demo", "password", "pass-word"),
     .exchanges = AT(CHALLENGE, X("ASK", "Passcode of demo at Rackspace", 404, "")),
     .code = NUBE_E_AUTH, .message = "passcode"},
    {CHECK_("a wrong passcode"),
     BY("username", "demo", "password", "pass-word", "passcode", "123456"),
     .exchanges =
         AT(CHALLENGE, X("POST", TOKENS, 401,
                         "{'unauthorized':{'code':401,'message':'Failed to authenticate'}}")),
     .code = NUBE_E_AUTH, .message = "Failed to authenticate"},

    /* ---- Refused ---- */
    {CHECK_("T-01: a wrong key"),
     .exchanges =
         AT(X("POST", TOKENS, 401,
              "{'unauthorized':{'code':401,'message':'Username or api key is invalid.'}}")),
     .code = NUBE_E_AUTH, .provider_code = "unauthorized",
     .message = "Username or api key is invalid; check username and api_key"},
    {CHECK_("a refusal without a word"),
     .exchanges = AT({.method = "POST", .url = TOKENS, .status = 401, .type = ""}),
     .code = NUBE_E_AUTH, .message = "the login was refused; check username"},
    {CHECK_("a user who is switched off"),
     .exchanges = AT(X("POST", TOKENS, 403,
                       "{'userDisabled':{'code':403,'message':'User has been disabled'}}")),
     .code = NUBE_E_AUTH, .provider_code = "userDisabled", .message = "disabled"},
    {CHECK_("a second factor that must be set up first"),
     .exchanges = AT(X("POST", TOKENS, 403,
                       "{'forbidden':{'code':403,'message':'User must setup multi-factor'}}")),
     .code = NUBE_E_FORBIDDEN, .message = "setup multi-factor"},
    {CHECK_("both ways of naming the account"),
     .exchanges = AT(X("POST", TOKENS, 400,
                       "{'badRequest':{'code':400,'message':'Invalid request. Specify tenantId OR "
                       "tenantName, not both.'}}")),
     .code = NUBE_E_USAGE, .message = "not both"},
    {CHECK_("too many logins"),
     .exchanges = AT({.method = "POST",
                      .url = TOKENS,
                      .status = 413,
                      .header = "Retry-After: 1",
                      .body = "{'overLimit':{'code':413,'message':'OverLimit Retry...'}}"}),
     .code = NUBE_E_RATE, .message = "OverLimit"},
    {CHECK_("Identity fails"),
     .exchanges = AT(X("POST", TOKENS, 500, "{'identityFault':{'code':500,'message':'Fault'}}")),
     .code = NUBE_E_PROVIDER, .provider_code = "identityFault"},
    {CHECK_("something else answers"), .exchanges = AT(X("POST", TOKENS, 200, "{'hello':1}")),
     .code = NUBE_E_PROTOCOL, .message = "access"},
    {CHECK_("a reply without a token"),
     .exchanges = AT(X("POST", TOKENS, 200, "{'access':{'serviceCatalog':[]}}")),
     .code = NUBE_E_PROTOCOL, .message = "no token"},

    /* ---- Where the account is written ---- */
    {CHECK_("the variables of Rackspace's own tools"), BY("timeout", "60s"),
     .env =
         LIST("RS_USERNAME", "demo", "RS_API_KEY", "secret-key", "RS_AUTH_URL", "http://ks/v2.0"),
     .exchanges = AT(LOGIN(NEXT(UK), "http://ks/v2.0/tokens|'username':'demo'|!secret-key"),
                     LIMITS("10000002", "lon.servers.api.rackspacecloud.com"))},
    {CHECK_("an account that names a user takes no key of the environment"), BY("username", "demo"),
     .env = LIST("RS_USERNAME", "other", "RS_API_KEY", "secret-key"), NO_TRAFFIC,
     .code = NUBE_E_AUTH, .message = "no api_key or password"},
    {CHECK_("nobody anywhere"), BY("timeout", "60s"), NO_TRAFFIC, .code = NUBE_E_AUTH,
     .message = "no username"},
};

const struct conformance rackspace_auth_conformance = {
    .driver = "rackspace",
    .provider = "rackspace:lon",
    .options = options,
    .rows = rows,
    .count = sizeof(rows) / sizeof(*rows),
    .part = 1,
};

/* ---- Without a region the user's own is taken ---- */

static const struct scenario plain_rows[] = {
    {CHECK_("the user's own region"),
     .exchanges =
         AT(LOGIN(NEXT(US), BY_KEY), LIMITS("123456", "dfw.servers.api.rackspacecloud.com"))},
    {CHECK_("a user's region that the account does not have: the first it has"),
     .exchanges =
         AT(LOGIN(NEXT(UK), BY_KEY), LIMITS("10000002", "lon.servers.api.rackspacecloud.com"))},
    {CHECK_("a region of the environment"), BY("timeout", "60s"),
     .env = LIST("RS_USERNAME", "demo", "RS_API_KEY", "secret-key", "RS_REGION_NAME", "ORD"),
     .exchanges = AT(LOGIN(NEXT(US), ""), LIMITS("123456", "ord.servers.api.rackspacecloud.com"))},
};

const struct conformance rackspace_plain_conformance = {
    .driver = "rackspace",
    .provider = "rackspace",
    .options = options,
    .rows = plain_rows,
    .count = sizeof(plain_rows) / sizeof(*plain_rows),
    .part = 1,
};
