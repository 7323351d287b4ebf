/* Where EC2's credentials come from: each source of the AWS chain, and what is wrong with it. */
#include "conformance.h"

#define LIST(...)                                                                                  \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }
#define FILE_(path_, text_)                                                                        \
    {                                                                                              \
        .method = "FILE", .url = path_, .status = 200, .body = text_                               \
    }
#define NO_FILE(path_)                                                                             \
    {                                                                                              \
        .method = "FILE", .url = path_, .status = 404                                              \
    }
#define CONFIG(text_)      FILE_("~/.aws/config", text_)
#define CREDENTIALS(text_) FILE_("~/.aws/credentials", text_)
#define NO_FILES           NO_FILE("~/.aws/config"), NO_FILE("~/.aws/credentials")
/* The call itself, signed with this key for this region. */
#define CALL(key_, region_)                                                                        \
    {                                                                                              \
        .method = "POST", .url = "/", .status = 200, .type = "text/xml",                           \
        .body = "<DescribeAvailabilityZonesResponse><availabilityZoneInfo/>"                       \
                "</DescribeAvailabilityZonesResponse>",                                            \
        .sent = "Action=DescribeAvailabilityZones|" key_ "|" region_                               \
    }
#define KEYS_JSON(key_)                                                                            \
    "{'Code':'Success','AccessKeyId':'" key_ "','SecretAccessKey':'secret-of-" key_                \
    "','Token':'token-of-" key_ "','Expiration':'2099-01-01T00:00:00Z'}"
#define JSON(method_, url_, status_, body_, sent_)                                                 \
    {                                                                                              \
        .method = method_, .url = url_, .status = status_, .type = "application/json",             \
        .body = body_, .sent = sent_                                                               \
    }
#define TEXT(method_, url_, status_, body_, sent_)                                                 \
    {                                                                                              \
        .method = method_, .url = url_, .status = status_, .type = "text/plain", .body = body_,    \
        .sent = sent_, .flags = BYTES                                                              \
    }
#define STS(action_, key_, sent_)                                                                  \
    {                                                                                              \
        .method = "POST", .url = "/", .status = 200, .type = "text/xml",                           \
        .body = "<" action_ "Response xmlns='https://sts.amazonaws.com/doc/2011-06-15/'><" action_ \
                "Result><Credentials><AccessKeyId>" key_                                           \
                "</AccessKeyId><SecretAccessKey>secret-of-" key_                                   \
                "</SecretAccessKey><SessionToken>token-of-" key_                                   \
                "</SessionToken><Expiration>2099-01-01T00:00:00.123456Z</Expiration></Credentials" \
                "></" action_ "Result></" action_ "Response>",                                     \
        .sent = "https://sts.|Action=" action_ "&Version=2011-06-15|" sent_                        \
    }
#define GONE          .status = 0, .header = "Nube-End: connect no route to host"
#define CHECK_(name_) .name = name_, .op = NUBE_OP_CHECK
#define REGION_ONLY   .options = LIST("region", "eu-west-1")
#define NO_OPTIONS                                                                                 \
    .options = (const char *const[])                                                               \
    {                                                                                              \
        NULL                                                                                       \
    }
#define ENV_KEYS   "AWS_ACCESS_KEY_ID", "AKENV", "AWS_SECRET_ACCESS_KEY", "s"
#define IMDS       "/latest/api/token"
#define IMDS_ROLES "/latest/meta-data/iam/security-credentials/"

#define SSO_FILE "~/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json"
#define SSO_CONFIG                                                                                 \
    CONFIG("[profile s]\nregion = us-east-1\nsso_session = corp\nsso_account_id = 111\n"           \
           "sso_role_name = Admin\n[sso-session corp]\nsso_region = eu-central-1\n")
#define SSO_SPENT                                                                                  \
    "{'accessToken':'tok','expiresAt':'2020-01-01T00:00:00Z','refreshToken':'r1','clientId':"      \
    "'app','clientSecret':'secret-of-app','registrationExpiresAt':'2099-01-01T00:00:00Z'}"

static const char *const options[] = {"key", "AKOPT", "secret", "s", "region", "us-east-1", NULL};

static const struct scenario rows[] = {
    /* ---- Keys at hand ---- */
    {CHECK_("the backend's own keys come first"), .env = LIST(ENV_KEYS, "AWS_SESSION_TOKEN", "t"),
     .exchanges = AT(CALL("!X-Amz-Security-Token", "https://ec2.us-east-1.amazonaws.com/"))},
    {CHECK_("half a key pair is a mistake"), .options = LIST("key", "AK", "region", "us-east-1"),
     .env = LIST(ENV_KEYS), .exchanges = AT({.method = NULL}), .code = NUBE_E_AUTH,
     .message = "secret of the access key is missing"},
    {CHECK_("a session token goes along"),
     .options = LIST("key", "AK", "secret", "s", "token", "t", "region", "us-east-1"),
     .exchanges = AT(CALL("X-Amz-Security-Token: ***", ""))},
    {CHECK_("the environment"), REGION_ONLY,
     .env = LIST(ENV_KEYS, "AWS_SESSION_TOKEN", "t", "AWS_REGION", "sa-east-1"),
     .exchanges = AT(CALL("X-Amz-Security-Token", "https://ec2.eu-west-1."))},
    {CHECK_("the region of the environment"), NO_OPTIONS,
     .env = LIST(ENV_KEYS, "AWS_DEFAULT_REGION", "ap-south-1"),
     .exchanges = AT(CALL("!X-Amz-Security-Token", "https://ec2.ap-south-1.amazonaws.com/"))},
    {CHECK_("half a key pair in the environment"), REGION_ONLY,
     .env = LIST("AWS_ACCESS_KEY_ID", "AKENV"), .exchanges = AT({.method = NULL}),
     .code = NUBE_E_AUTH, .message = "AWS_SECRET_ACCESS_KEY"},
    {CHECK_("no region"), .options = LIST("key", "AK", "secret", "s"), .exchanges = AT(NO_FILES),
     .code = NUBE_E_USAGE, .message = "no region"},

    /* ---- Endpoints ---- */
    {CHECK_("another partition, by the form of the region's name"),
     .options = LIST("key", "AK", "secret", "s", "region", "cn-northwest-1"),
     .exchanges = AT(CALL("https://ec2.cn-northwest-1.amazonaws.com.cn/", ""))},
    {CHECK_("a region of tomorrow"),
     .options = LIST("key", "AK", "secret", "s", "region", "xx-middle-9"),
     .exchanges = AT(CALL("https://ec2.xx-middle-9.amazonaws.com/", ""))},
    {CHECK_("fips and dualstack"),
     .options =
         LIST("key", "AK", "secret", "s", "region", "us-east-2", "fips", "yes", "dualstack", "yes"),
     .exchanges = AT(CALL("https://ec2-fips.us-east-2.api.aws/", ""))},
    {CHECK_("GovCloud's plain names are fips"),
     .options = LIST("key", "AK", "secret", "s", "region", "us-gov-west-1", "fips", "yes"),
     .exchanges = AT(CALL("https://ec2.us-gov-west-1.amazonaws.com/", ""))},
    {CHECK_("an own endpoint, with port and path"),
     .options = LIST("key", "AK", "secret", "s", "endpoint", "http://cloud.example:8773/services"),
     .exchanges = AT({.method = "POST",
                      .url = "/services",
                      .status = 200,
                      .type = "text/xml",
                      .body = "<DescribeAvailabilityZonesResponse><availabilityZoneInfo/>"
                              "</DescribeAvailabilityZonesResponse>",
                      .sent = "http://cloud.example:8773/services"})},
    {CHECK_("an own endpoint excludes fips"),
     .options = LIST("key", "AK", "secret", "s", "endpoint", "http://x.example", "fips", "yes"),
     .exchanges = AT({.method = NULL}), .code = NUBE_E_USAGE, .message = "excludes fips"},
    {CHECK_("the endpoint of the environment"),
     .options = LIST("key", "AK", "secret", "s", "region", "us-east-1"),
     .env = LIST("AWS_ENDPOINT_URL_EC2", "http://one.example", "AWS_ENDPOINT_URL",
                 "http://two.example"),
     .exchanges = AT(CALL("http://one.example/", ""))},
    {CHECK_("which can be switched off"),
     .options = LIST("key", "AK", "secret", "s", "region", "us-east-1"),
     .env = LIST("AWS_ENDPOINT_URL", "http://two.example", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                 "true"),
     .exchanges = AT(CALL("https://ec2.us-east-1.amazonaws.com/", ""))},
    {CHECK_("the endpoint of a profile's services"), .options = LIST("profile", "lab"),
     .exchanges = AT(CONFIG("[profile lab]\nservices = s\nregion = us-west-2\n[services s]\nsts =\n"
                            "  endpoint_url = http://wrong.example\nec2 =\n"
                            "  endpoint_url = http://right.example:1\n"),
                     CREDENTIALS("[lab]\naws_access_key_id=AKLAB\naws_secret_access_key=s\n"),
                     CALL("http://right.example:1/", ""))},
    {.name = "all regions that the account may use",
     .op = NUBE_OP_NODE_LIST,
     .options = LIST("key", "AK", "secret", "s", "region", "all"),
     .exchanges = AT({.method = "POST",
                      .url = "/",
                      .status = 200,
                      .type = "text/xml",
                      .body = "<DescribeRegionsResponse><regionInfo><item><regionName>eu-west-1"
                              "</regionName></item><item><regionName>us-east-1</regionName></item>"
                              "</regionInfo></DescribeRegionsResponse>",
                      .sent = "https://ec2.us-east-1.|Action=DescribeRegions"},
                     {.method = "POST",
                      .url = "/",
                      .status = 200,
                      .type = "text/xml",
                      .body = "<DescribeInstancesResponse><reservationSet/>"
                              "</DescribeInstancesResponse>",
                      .sent = "https://ec2.eu-west-1."},
                     {.method = "POST",
                      .url = "/",
                      .status = 200,
                      .type = "text/xml",
                      .body = "<DescribeInstancesResponse><reservationSet/>"
                              "</DescribeInstancesResponse>",
                      .sent = "https://ec2.us-east-1."}),
     .count = -1},

    /* ---- Profiles ---- */
    {CHECK_("the default profile, its keys from one file and its region from the other"),
     NO_OPTIONS,
     .exchanges = AT(CONFIG("# a note\n[default]\nregion = us-west-2\n[profile other]\n"
                            "region = sa-east-1\n"),
                     CREDENTIALS("[default]\naws_access_key_id = AKDEF\n"
                                 "AWS_SECRET_ACCESS_KEY = s=1\n"),
                     CALL("https://ec2.us-west-2.", ""))},
    {CHECK_("a chosen profile beats the keys of the environment"),
     .options = LIST("profile", "my own"), .env = LIST(ENV_KEYS),
     .exchanges = AT(CONFIG("[profile \"my own\"]\nregion = us-west-2\n"
                            "aws_access_key_id = AKOWN\naws_secret_access_key = s\n"
                            "aws_session_token = t\n"),
                     NO_FILE("~/.aws/credentials"), CALL("X-Amz-Security-Token", "us-west-2"))},
    {CHECK_("a profile of the environment does not"), REGION_ONLY,
     .env = LIST(ENV_KEYS, "AWS_PROFILE", "lab"),
     .exchanges = AT(CALL("!X-Amz-Security-Token", ""))},
    {CHECK_("a chosen profile that is not there"),
     .options = LIST("profile", "nosuch", "region", "us-east-1"), .exchanges = AT(NO_FILES),
     .code = NUBE_E_USAGE, .message = "no profile nosuch"},
    {CHECK_("a profile of the environment that is not there"), REGION_ONLY,
     .env = LIST("AWS_PROFILE", "nosuch"), .exchanges = AT(NO_FILES), .code = NUBE_E_USAGE,
     .message = "no profile nosuch"},
    {CHECK_("files in other places"), REGION_ONLY,
     .env = LIST("AWS_CONFIG_FILE", "/etc/c", "AWS_SHARED_CREDENTIALS_FILE", "/etc/k"),
     .exchanges = AT(NO_FILE("/etc/c"),
                     FILE_("/etc/k", "[default]\naws_access_key_id=AK\naws_secret_access_key=s\n"),
                     CALL("", ""))},
    {CHECK_("half a key pair in a profile"), REGION_ONLY,
     .exchanges = AT(NO_FILE("~/.aws/config"), CREDENTIALS("[default]\naws_access_key_id=AK\n")),
     .code = NUBE_E_AUTH, .message = "profile default"},

    /* ---- Roles ---- */
    {CHECK_("a role by options"),
     .options = LIST("key", "AK", "secret", "s", "region", "us-east-1", "role_arn",
                     "arn:aws:iam::1:role/r", "external_id", "x 1"),
     .exchanges =
         AT(STS("AssumeRole", "AKROLE",
                "https://sts.us-east-1.amazonaws.com/|RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr|"
                "ExternalId=x%201|RoleSessionName=nube-|Authorization: ***"),
            CALL("X-Amz-Security-Token", ""))},
    {CHECK_("a chain of roles, the innermost first"), .options = LIST("profile", "outer"),
     .exchanges = AT(CONFIG("[profile outer]\nregion = us-east-1\nrole_arn = arn:outer\n"
                            "source_profile = inner\nduration_seconds = 900\n"
                            "[profile inner]\nrole_arn = arn:inner\nsource_profile = base\n"
                            "role_session_name = me\n"),
                     CREDENTIALS("[base]\naws_access_key_id=AK\naws_secret_access_key=s\n"),
                     STS("AssumeRole", "AKINNER", "RoleArn=arn%3Ainner&RoleSessionName=me"),
                     STS("AssumeRole", "AKOUTER",
                         "RoleArn=arn%3Aouter|DurationSeconds=900|X-Amz-Security-Token"),
                     CALL("X-Amz-Security-Token", ""))},
    {CHECK_("a profile that is its own source has keys"), .options = LIST("profile", "self"),
     .exchanges = AT(CONFIG("[profile self]\nregion = us-east-1\nrole_arn = arn:r\n"
                            "source_profile = self\n"),
                     CREDENTIALS("[self]\naws_access_key_id=AK\naws_secret_access_key=s\n"),
                     STS("AssumeRole", "AKROLE", "RoleArn=arn%3Ar"), CALL("", ""))},
    {CHECK_("roles in a circle"), .options = LIST("profile", "a"),
     .exchanges = AT(CONFIG("[profile a]\nregion = x-1\nrole_arn = arn:a\nsource_profile = b\n"
                            "[profile b]\nrole_arn = arn:b\nsource_profile = a\n"),
                     NO_FILE("~/.aws/credentials")),
     .code = NUBE_E_USAGE, .message = "loop"},
    {CHECK_("a source profile that is not there"), .options = LIST("profile", "a"),
     .exchanges = AT(CONFIG("[profile a]\nregion = x-1\nrole_arn = arn:a\nsource_profile = b\n"),
                     NO_FILE("~/.aws/credentials")),
     .code = NUBE_E_USAGE, .message = "source_profile b"},
    {CHECK_("a role with an MFA code, which a person is asked for"),
     .options = LIST("key", "AK", "secret", "s", "region", "us-east-1", "role_arn", "arn:r",
                     "mfa_serial", "arn:aws:iam::1:mfa/me"),
     .exchanges = AT({.method = "ASK",
                      .url = "MFA code of arn:aws:iam::1:mfa/me: ",
                      .status = 200,
                      .body = "123456"},
                     STS("AssumeRole", "AKROLE", "SerialNumber=arn%3Aaws%3Aiam%3A%3A1%3Amfa%2Fme"),
                     CALL("", ""))},
    {CHECK_("nobody to ask for the MFA code"),
     .options = LIST("key", "AK", "secret", "s", "region", "us-east-1", "role_arn", "arn:r",
                     "mfa_serial", "arn:mfa"),
     .exchanges = AT({.method = "ASK", .url = "MFA code of arn:mfa: ", .status = 404}),
     .code = NUBE_E_AUTH, .message = "MFA code"},
    {CHECK_("a role that is refused"),
     .options = LIST("key", "AK", "secret", "s", "region", "us-east-1", "role_arn", "arn:r"),
     .exchanges = AT({.method = "POST",
                      .url = "/",
                      .status = 403,
                      .type = "text/xml",
                      .body = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>"
                              "<Message>User may not sts:AssumeRole</Message></Error>"
                              "<RequestId>7</RequestId></ErrorResponse>"}),
     .code = NUBE_E_FORBIDDEN, .message = "sts:AssumeRole", .provider_code = "AccessDenied"},

    /* ---- Web identity, programs, single sign-on ---- */
    {CHECK_("web identity of the environment, unsigned"), REGION_ONLY,
     .env = LIST("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/token", "AWS_ROLE_ARN", "arn:r"),
     .exchanges =
         AT(NO_FILES, FILE_("/var/token", "eyJ0.x\n"),
            STS("AssumeRoleWithWebIdentity", "AKWEB", "RoleArn=arn%3Ar|!Authorization|!eyJ0"),
            CALL("X-Amz-Security-Token", ""))},
    {CHECK_("web identity of a profile"), .options = LIST("profile", "w"),
     .exchanges = AT(CONFIG("[profile w]\nregion = us-east-1\nrole_arn = arn:r\n"
                            "web_identity_token_file = /t\n"),
                     NO_FILE("~/.aws/credentials"), FILE_("/t", "eyJ0"),
                     STS("AssumeRoleWithWebIdentity", "AKWEB", ""), CALL("", ""))},
    {CHECK_("a web identity token that is not there"), REGION_ONLY,
     .env = LIST("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/token", "AWS_ROLE_ARN", "arn:r"),
     .exchanges = AT(NO_FILES, NO_FILE("/var/token")), .code = NUBE_E_AUTH,
     .message = "/var/token"},
    {CHECK_("a program, its words split without a shell"), .options = LIST("profile", "p"),
     .exchanges = AT(CONFIG("[profile p]\nregion = us-east-1\n"
                            "credential_process = /bin/keys --for \"one two\" 'a b' c\\ d\n"),
                     NO_FILE("~/.aws/credentials"),
                     {.method = "EXEC",
                      .url = "/bin/keys --for one two a b c d",
                      .status = 200,
                      .body = "{'Version':1,'AccessKeyId':'AKPROC','SecretAccessKey':'s',"
                              "'SessionToken':'t'}"},
                     CALL("X-Amz-Security-Token", ""))},
    {CHECK_("a program that fails"), .options = LIST("profile", "p"),
     .exchanges = AT(CONFIG("[profile p]\nregion = us-east-1\ncredential_process = keys\n"),
                     NO_FILE("~/.aws/credentials"),
                     {.method = "EXEC", .url = "keys", .status = 500, .body = "vault is shut\nx"}),
     .code = NUBE_E_AUTH, .message = "vault is shut"},
    {CHECK_("a program that speaks another version"), .options = LIST("profile", "p"),
     .exchanges = AT(CONFIG("[profile p]\nregion = us-east-1\ncredential_process = keys\n"),
                     NO_FILE("~/.aws/credentials"),
                     {.method = "EXEC", .url = "keys", .status = 200, .body = "{'Version':2}"}),
     .code = NUBE_E_AUTH, .message = "version 1"},
    {CHECK_("single sign-on by a stored login"), .options = LIST("profile", "s"),
     .exchanges =
         AT(CONFIG("[profile s]\nregion = us-east-1\nsso_session = corp\nsso_account_id = 111\n"
                   "sso_role_name = Admin\n[sso-session corp]\nsso_region = eu-central-1\n"
                   "sso_start_url = https://corp.example/start\n"),
            NO_FILE("~/.aws/credentials"),
            FILE_("~/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json",
                  "{'accessToken':'tok','expiresAt':'2099-01-01T00:00:00Z'}"),
            JSON("GET", "/federation/credentials?role_name=Admin&account_id=111", 200,
                 "{'roleCredentials':{'accessKeyId':'AKSSO','secretAccessKey':'s','sessionToken':"
                 "'t','expiration':4070908800000}}",
                 "https://portal.sso.eu-central-1.amazonaws.com/|x-amz-sso_bearer_token: ***|"
                 "!Authorization"),
            CALL("X-Amz-Security-Token", ""))},
    {CHECK_("a stored login that has expired and is renewed"), .options = LIST("profile", "s"),
     .exchanges =
         AT(SSO_CONFIG, NO_FILE("~/.aws/credentials"), FILE_(SSO_FILE, SSO_SPENT),
            JSON("POST", "/token", 200,
                 "{'accessToken':'tok2','expiresIn':3600,'refreshToken':'r2'}",
                 "https://oidc.eu-central-1.amazonaws.com/|\"clientId\":\"app\"|"
                 "\"grantType\":\"refresh_token\"|!secret-of-app|!Authorization"),
            JSON("GET", "/federation/credentials?role_name=Admin&account_id=111", 200,
                 "{'roleCredentials':{'accessKeyId':'AKSSO','secretAccessKey':'s','sessionToken':"
                 "'t','expiration':4070908800000}}",
                 "https://portal.sso.eu-central-1.amazonaws.com/"),
            CALL("X-Amz-Security-Token", ""))},
    {CHECK_("a stored login that has expired, and its renewal is refused"),
     .options = LIST("profile", "s"),
     .exchanges = AT(SSO_CONFIG, NO_FILE("~/.aws/credentials"), FILE_(SSO_FILE, SSO_SPENT),
                     JSON("POST", "/token", 400, "{'error':'invalid_grant'}", "")),
     .code = NUBE_E_AUTH, .message = "could not be renewed; log in: aws sso login --profile s"},
    {CHECK_("a stored login whose client is no longer registered"), .options = LIST("profile", "s"),
     .exchanges = AT(SSO_CONFIG, NO_FILE("~/.aws/credentials"),
                     FILE_(SSO_FILE, "{'accessToken':'tok','expiresAt':'2020-01-01T00:00:00Z',"
                                     "'refreshToken':'r1','clientId':'app','clientSecret':'x',"
                                     "'registrationExpiresAt':'2020-01-01T00:00:00Z'}")),
     .code = NUBE_E_AUTH, .message = "has expired; log in: aws sso login --profile s"},
    {CHECK_("a stored login that has expired"), .options = LIST("profile", "s"),
     .exchanges =
         AT(CONFIG("[profile s]\nregion = us-east-1\nsso_session = corp\nsso_account_id = 111\n"
                   "sso_role_name = Admin\n[sso-session corp]\nsso_region = eu-central-1\n"),
            NO_FILE("~/.aws/credentials"),
            FILE_("~/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json",
                  "{'accessToken':'tok','expiresAt':'2020-01-01T00:00:00Z'}")),
     .code = NUBE_E_AUTH, .message = "aws sso login --profile s"},

    /* ---- Beside the program ---- */
    {CHECK_("a container's service"), REGION_ONLY,
     .env = LIST("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/creds?id=1",
                 "AWS_CONTAINER_AUTHORIZATION_TOKEN", "Bearer b"),
     .exchanges = AT(NO_FILES,
                     JSON("GET", "/v2/creds?id=1", 200, KEYS_JSON("AKCON"),
                          "http://169.254.170.2/|Authorization: ***"),
                     CALL("X-Amz-Security-Token", ""))},
    {CHECK_("a container's service with a token file"), REGION_ONLY,
     .env = LIST("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:9/get",
                 "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/run/token"),
     .exchanges =
         AT(NO_FILES, FILE_("/run/token", "abc\n"),
            JSON("GET", "/get", 200, KEYS_JSON("AKCON"), "Authorization: ***"), CALL("", ""))},
    {CHECK_("a container's token goes to no other host without TLS"), REGION_ONLY,
     .env = LIST("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://evil.example/get"),
     .exchanges = AT(NO_FILES), .code = NUBE_E_USAGE, .message = "local address"},
    {CHECK_("the instance's role, region included"), NO_OPTIONS,
     .exchanges =
         AT(NO_FILES, TEXT("GET", "/latest/meta-data/placement/region", 200, "eu-west-3", ""),
            TEXT("PUT", IMDS, 200, "imds-token",
                 "http://169.254.169.254/|x-aws-ec2-metadata-token-ttl-seconds: 21600"),
            TEXT("GET", IMDS_ROLES, 200, "web", "x-aws-ec2-metadata-token: ***"),
            JSON("GET", IMDS_ROLES "web", 200, KEYS_JSON("AKIMDS"), ""),
            CALL("https://ec2.eu-west-3.", "X-Amz-Security-Token"))},
    {CHECK_("the first version of the metadata service"), REGION_ONLY,
     .exchanges = AT(NO_FILES, TEXT("PUT", IMDS, 404, "no", ""),
                     TEXT("GET", IMDS_ROLES, 200, "web", "!x-aws-ec2-metadata-token"),
                     JSON("GET", IMDS_ROLES "web", 200, KEYS_JSON("AKIMDS"), ""), CALL("", ""))},
    {CHECK_("which can be refused"), REGION_ONLY,
     .env = LIST("AWS_EC2_METADATA_V1_DISABLED", "true"),
     .exchanges = AT(NO_FILES, TEXT("PUT", IMDS, 404, "no", "")), .code = NUBE_E_AUTH,
     .message = "no token"},
    {CHECK_("an instance without a role"), REGION_ONLY,
     .exchanges =
         AT(NO_FILES, TEXT("PUT", IMDS, 200, "t", ""), TEXT("GET", IMDS_ROLES, 404, "no", "")),
     .code = NUBE_E_AUTH, .message = "no role"},
    {CHECK_("a role whose keys cannot be had, in a 200"), REGION_ONLY,
     .exchanges =
         AT(NO_FILES, TEXT("PUT", IMDS, 200, "t", ""), TEXT("GET", IMDS_ROLES, 200, "web", ""),
            JSON("GET", IMDS_ROLES "web", 200, "{'Code':'AssumeRoleUnauthorizedAccess'}", "")),
     .code = NUBE_E_AUTH, .message = "AssumeRoleUnauthorizedAccess"},
    {CHECK_("no credentials anywhere, and no metadata service"), REGION_ONLY,
     .exchanges = AT(NO_FILES, {.method = "PUT", .url = IMDS, GONE}), .code = NUBE_E_AUTH,
     .message = "no AWS credentials were found"},
    {CHECK_("no credentials anywhere, and not on an instance"), REGION_ONLY,
     .env = LIST("AWS_EC2_METADATA_DISABLED", "true"), .exchanges = AT(NO_FILES),
     .code = NUBE_E_AUTH, .message = "set key and secret"},
};

const struct conformance ec2_auth_conformance = {
    .driver = "ec2",
    .provider = "ec2",
    .options = options,
    .rows = rows,
    .count = sizeof(rows) / sizeof(*rows),
    .part = 1,
};
