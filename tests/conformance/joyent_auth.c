/* Whose account, which key, which datacenter: options, variables and profiles of Joyent. */
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
#define KEY                                                                                        \
    "-----BEGIN PRIVATE KEY-----\n"                                                                \
    "MC4CAQAwBQYDK2VwBCIEILpULYhtz23RgxViInKLiprR24ilmpGRd1n8lKxK9cWt\n"                           \
    "-----END PRIVATE KEY-----\n"
#define MD5       "39:b9:be:35:94:6a:f6:ee:06:cd:9b:18:5d:da:5f:c1"
#define OTHER_MD5 "23:c7:c0:a8:64:95:b0:5d:63:04:94:c4:46:85:36:db"

#define CHECK_(name_) .name = name_, .op = NUBE_OP_CHECK
#define NO_TRAFFIC    .exchanges = AT({.method = NULL})
#define NO_OPTIONS                                                                                 \
    .options = (const char *const[])                                                               \
    {                                                                                              \
        NULL                                                                                       \
    }
#define ME(sent_)     X("GET", "/my", 200, "{'id':'1','login':'demo'}", SENT = sent_)
#define WITH(...)     .options = LIST("private_key", KEY, "agent", "no", __VA_ARGS__)
#define MINE          "account", "demo", "key_id", "web"
#define NO_CONFIG     NO_FILE("~/.triton/config.json"), NO_FILE("~/.config/triton/config.json")
#define NOT_BESIDE(n) NO_FILE("~/.config/triton/profiles.d/" n ".json")
#define PROFILE_                                                                                   \
    "{'url':'https://dc.example.com','account':'demo','keyId':'" MD5 "','user':'bob','roles':["    \
    "'ops'],'actAsAccount':'big'}"
#define DATACENTERS                                                                                \
    "{'us-east-1':'https://us-east-1.api.example.com/','us-sw-1':'http://us-sw-1.api.example.com'" \
    "}"

static const char *const options[] = {"private_key", KEY,        "agent",  "no",
                                      "account",     "demo",     "key_id", "web",
                                      "endpoint",    "http://x", NULL};

static const struct scenario rows[] = {
    /* ---- Where ---- */
    {CHECK_("nothing said of where"), WITH(MINE),
     .exchanges = AT(ME("https://us-central-1.api.mnx.io/my"))},
    {CHECK_("a host for a location"), WITH(MINE, "location", "cloudapi.example.com"),
     .exchanges = AT(ME("https://cloudapi.example.com/my"))},
    {CHECK_("localhost"), WITH(MINE, "location", "localhost"),
     .exchanges = AT(ME("https://localhost/my"))},
    {CHECK_("a name, as Joyent's own cloud had them"), WITH(MINE, "location", "us-sw-1"),
     .exchanges = AT(ME("https://us-sw-1.api.joyentcloud.com/my"))},
    {CHECK_("another datacenter, with the same key"),
     WITH(MINE, "endpoint", "https://one.example.com", "location", "us-east-1"),
     .exchanges = AT(X("GET", "/my/datacenters", 200, DATACENTERS,
                       SENT = "https://one.example.com/|Authorization: ***"),
                     ME("https://us-east-1.api.example.com/my|Authorization: ***"))},
    {CHECK_("another datacenter that is not there"),
     WITH(MINE, "endpoint", "https://one.example.com", "location", "mars-1"),
     .exchanges = AT(X("GET", "/my/datacenters", 200, DATACENTERS)), .code = NUBE_E_NOT_FOUND,
     .message = "us-east-1, us-sw-1"},
    {CHECK_("another datacenter that is not encrypted"),
     WITH(MINE, "endpoint", "https://one.example.com", "location", "us-sw-1"),
     .exchanges = AT(X("GET", "/my/datacenters", 200, DATACENTERS)), .code = NUBE_E_TLS,
     .message = "not encrypted"},

    /* ---- Who ---- */
    {CHECK_("the whole key id says the account"), WITH("key_id", "/demo/keys/web"),
     .exchanges = AT(ME(""))},
    {CHECK_("a user of an account"), WITH("key_id", "/demo/users/bob/keys/web"),
     .exchanges = AT(ME(""))},
    {CHECK_("Manta's form of a key id is not CloudAPI's"), WITH("key_id", "/demo/bob/keys/web"),
     NO_TRAFFIC, .code = NUBE_E_USAGE, .message = "/ACCOUNT/users/USER/keys/NAME"},
    {CHECK_("a key id that breaks out of its quotes"), WITH("account", "demo", "key_id", "a\"b"),
     NO_TRAFFIC, .code = NUBE_E_USAGE, .message = "names"},
    {CHECK_("a fingerprint that the key has"), WITH("account", "demo", "key_id", "MD5:" MD5),
     .exchanges = AT(ME(""))},
    {CHECK_("a fingerprint that the key does not have"),
     WITH("account", "demo", "key_id", OTHER_MD5), NO_TRAFFIC, .code = NUBE_E_AUTH,
     .message = "has the fingerprint " MD5},
    {CHECK_("no account"), WITH("key_id", "web"), .exchanges = AT(NO_CONFIG), .code = NUBE_E_AUTH,
     .message = "no account"},
    {CHECK_("nothing at all"), NO_OPTIONS, .exchanges = AT(NO_CONFIG), .code = NUBE_E_AUTH,
     .message = "no key"},

    /* ---- Variables and profiles ---- */
    {CHECK_("the variables, Triton's before SDC's"), .options = LIST("private_key", KEY),
     .env = LIST("TRITON_URL", "https://t.example.com", "SDC_URL", "https://s.example.com",
                 "SDC_ACCOUNT", "demo", "SDC_KEY_ID", MD5, "SDC_API_VERSION", "~7"),
     .exchanges = AT(ME("https://t.example.com/my|Accept-Version: ~7"))},
    {CHECK_("the variables of the API's 6.5"), NO_OPTIONS,
     .env = LIST("SDC_CLI_URL", "https://s.example.com", "SDC_CLI_ACCOUNT", "demo",
                 "SDC_CLI_KEY_ID", "web", "SDC_CLI_IDENTITY", "/k/id"),
     .exchanges = AT(FILE_("/k/id", KEY), NO_FILE("/k/id.pub"), ME("https://s.example.com/my"))},
    {CHECK_("a variable does not take the check of certificates away"),
     .options = LIST("private_key", KEY),
     .env = LIST("TRITON_ACCOUNT", "demo", "TRITON_KEY_ID", "web", "TRITON_TLS_INSECURE", "1"),
     NO_TRAFFIC, .code = NUBE_E_USAGE, .message = "verify=no"},
    {CHECK_("the backend goes before the variables"),
     WITH(MINE, "endpoint", "https://b.example.com"),
     .env = LIST("TRITON_URL", "https://t.example.com", "TRITON_TLS_INSECURE", "1"),
     .exchanges = AT(ME("https://b.example.com/my"))},
    {CHECK_("a profile that is named"), .options = LIST("profile", "p", "private_key", KEY),
     .env = LIST("TRITON_URL", "https://t.example.com"),
     .exchanges =
         AT(FILE_("~/.triton/profiles.d/p.json", PROFILE_), NOT_BESIDE("p"),
            X("GET", "/big?as-role=ops", 200, "{'id':'1'}", SENT = "https://dc.example.com/big"))},
    {CHECK_("the profile in use"), .options = LIST("private_key", KEY),
     .exchanges =
         AT(FILE_("~/.triton/config.json", "{'profile':'p'}"),
            NO_FILE("~/.config/triton/config.json"), NO_FILE("~/.triton/profiles.d/p.json"),
            FILE_("~/.config/triton/profiles.d/p.json", PROFILE_),
            X("GET", "/big?as-role=ops", 200, "{'id':'1'}"))},
    {CHECK_("the profile env is the variables"), .options = LIST("private_key", KEY),
     .env = LIST("TRITON_PROFILE", "env", "TRITON_ACCOUNT", "demo", "TRITON_KEY_ID", "web"),
     .exchanges = AT(ME("https://us-central-1.api.mnx.io/my"))},
    {CHECK_("a profile that is not there"), .options = LIST("profile", "q"),
     .exchanges = AT(NO_FILE("~/.triton/profiles.d/q.json"), NOT_BESIDE("q")), .code = NUBE_E_USAGE,
     .message = "no profile q"},
    {CHECK_("a profile that lacks something"), .options = LIST("profile", "p"),
     .exchanges = AT(FILE_("~/.triton/profiles.d/p.json", "{'url':'https://x','account':'demo'}"),
                     NOT_BESIDE("p")),
     .code = NUBE_E_USAGE, .message = "keyId"},
    {CHECK_("a profile that is none"), .options = LIST("profile", "p"),
     .exchanges = AT(FILE_("~/.triton/profiles.d/p.json", "url: x"), NOT_BESIDE("p")),
     .code = NUBE_E_USAGE, .message = "not JSON"},
    {CHECK_("a profile's name is no path"), .options = LIST("profile", "../p"), NO_TRAFFIC,
     .code = NUBE_E_USAGE, .message = "../p"},

    /* ---- Which key ---- */
    {CHECK_("a name: the usual file"), .options = LIST(MINE, "agent", "no"),
     .exchanges = AT(FILE_("~/.ssh/id_rsa", KEY), NO_FILE("~/.ssh/id_rsa.pub"), ME(""))},
    {CHECK_("a fingerprint: the file that has it"),
     .options = LIST("account", "demo", "key_id", MD5, "agent", "no"),
     .exchanges = AT(FILE_("~/.ssh/id_rsa", "not looked at"),
                     FILE_("~/.ssh/id_rsa.pub", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7 other"),
                     NO_FILE("~/.ssh/id_ecdsa"), NO_FILE("~/.ssh/id_ecdsa.pub"),
                     FILE_("~/.ssh/id_ed25519", KEY), NO_FILE("~/.ssh/id_ed25519.pub"), ME(""))},
    {CHECK_("a file that is not there"),
     .options = LIST(MINE, "key_file", "/k/none", "agent", "no"),
     .exchanges = AT(NO_FILE("/k/none"), NO_FILE("/k/none.pub")), .code = NUBE_E_AUTH,
     .message = "/k/none"},
    {CHECK_("a file that is no key"), .options = LIST(MINE, "secret", "/k/x", "agent", "no"),
     .exchanges = AT(FILE_("/k/x", "hello"), NO_FILE("/k/x.pub")), .code = NUBE_E_AUTH,
     .message = "cannot be read"},
};

const struct conformance joyent_auth_conformance = {
    .driver = "joyent",
    .provider = "joyent",
    .options = options,
    .endpoint = "endpoint",
    .rows = rows,
    .count = sizeof(rows) / sizeof(*rows),
    .part = 1,
};
