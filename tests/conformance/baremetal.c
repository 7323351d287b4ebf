/* The bare-metal driver's conformance table: commands over SSH, the hosts file, and Redfish as the
 * DMTF's mockups have it. */
#include "conformance.h"

#define LIST(...)                                                                                  \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }
#define ROW(name_, op_) .name = name_, .op = NUBE_OP_##op_
#define SSH(host_, exit_, ...)                                                                     \
    {                                                                                              \
        .method = "SSH", .url = host_, .status = 200, .type = "", .header = "exit: " exit_,        \
        .flags = BYTES, .body = __VA_ARGS__                                                        \
    }
#define SILENT(host_)                                                                              \
    {                                                                                              \
        .method = "SSH", .url = host_, .status = 0, .type = "",                                    \
        .header = "Nube-End: connect " host_ " port 22 refused the connection"                     \
    }
#define FILE_(path_, text_)                                                                        \
    {                                                                                              \
        .method = "FILE", .url = path_, .status = 200, .type = "", .body = text_, .flags = BYTES   \
    }
#define NO_FILE(path_)                                                                             \
    {                                                                                              \
        .method = "FILE", .url = path_, .status = 404, .type = ""                                  \
    }
#define WRITE_(status_, sent_)                                                                     \
    {                                                                                              \
        .method = "WRITE", .url = HOSTS, .status = status_, .type = "", .sent = sent_              \
    }
#define GET(url_, ...)                                                                             \
    {                                                                                              \
        .method = "GET", .url = url_, .status = 200, .body = __VA_ARGS__                           \
    }
#define HOSTS "~/.config/nube/hosts"
#define FACTS                                                                                      \
    "os=Linux\nkernel=6.1.0\nmachine=x86_64\nhost=web.dc1.example.com\nuptime= 13:29:28 up 3 "     \
    "days,  4:05,  2 users,  load average: 0.10, 0.20, 0.30\ncores=8\nmemory_kib=16777216\n"       \
    "distribution=debian\nrelease=12\ndisk=1000 10 /\ndone=yes\n"
#define SYSTEMS                                                                                    \
    GET("/redfish/v1/Systems",                                                                     \
        "{'Members':[{'@odata.id':'/redfish/v1/Systems/437XR'}],'Members@odata.count':1}")
#define SYSTEM(power_, more_)                                                                      \
    GET("/redfish/v1/Systems/437XR",                                                               \
        "{'@odata.id':'/redfish/v1/Systems/437XR','PowerState':'" power_                           \
        "','Actions':{'#ComputerSystem.Reset':{'target':'/redfish/v1/Systems/437XR/Actions/"       \
        "ComputerSystem.Reset'" more_ "}}}")
#define RESET(status_, sent_, ...)                                                                 \
    {                                                                                              \
        .method = "POST", .url = "/redfish/v1/Systems/437XR/Actions/ComputerSystem.Reset",         \
        .status = status_, .sent = sent_, __VA_ARGS__                                              \
    }
#define WITH_FILE                                                                                  \
    .options = LIST("hosts_file", HOSTS, "ssh_hosts", "no", "bmc_user", "u", "bmc_password", "p")
#define TWO "# ours\nweb host=10.0.0.1 user=ops location=rack7\ndb host=10.0.0.2\n"

static const char *const options[] = {
    "host",         "web=ops@10.0.0.1", "bmc", "http://bmc.example", "bmc_user", "admin",
    "bmc_password", "secret-of-bmc",    NULL};
#define PLAIN .options = LIST("host", "web=ops@10.0.0.1:2222")
#define W     "ops@10.0.0.1"

static const struct scenario rows[] = {
    /* ---- Which hosts there are ---- */
    {ROW("hosts of the option, not asked", NODE_LIST),
     .options = LIST("host", "web=ops@10.0.0.1:2222,[2001:db8::1]:23 10.0.0.2"),
     .exchanges = AT({.method = NULL}), .count = 3, .id = "web", .raw = "not asked",
     .state = NUBE_STATE_UNKNOWN, .extra = "port", .value = "2222"},
    {ROW("hosts of the file", NODE_LIST), WITH_FILE, .exchanges = AT(FILE_(HOSTS, TWO)), .count = 2,
     .id = "web", .extra = "source", .value = "file"},
    {ROW("a line of the file that is wrong", NODE_LIST), WITH_FILE,
     .exchanges = AT(FILE_(HOSTS, "web host=a\ndb hots=10.0.0.2\n")), .code = NUBE_E_USAGE,
     .message = "line 2: \"hots=10.0.0.2\""},
    {ROW("hosts that ssh_config names, not its patterns", NODE_LIST),
     .options = LIST("jump", "none"),
     .exchanges = AT(NO_FILE(HOSTS),
                     FILE_("~/.ssh/config", "Host web db\n  User ops\nHost *.lan !x\nMatch all\n"
                                            "host=mail\n")),
     .count = 3, .id = "web", .extra = "source", .value = "ssh_config"},
    {ROW("a host that is there twice is what comes first", NODE_LIST),
     .options = LIST("host", "web=10.0.0.9", "hosts_file", HOSTS),
     .exchanges = AT(FILE_(HOSTS, TWO)), .count = 2, .id = "web", .extra = "source",
     .value = "option"},

    /* ---- What they are ---- */
    {ROW("all are asked at once, and a dead one is no end", NODE_LIST), WITH_FILE,
     .args = {"probe", "yes"},
     .exchanges = AT(FILE_(HOSTS, TWO), SSH("ops@10.0.0.1", "0", FACTS), SILENT("10.0.0.2")),
     .count = 2, .id = "web", .raw = "running", .state = NUBE_STATE_RUNNING, .extra = "cores",
     .value = "8"},
    {ROW("get asks the host", NODE_GET), PLAIN, .args = {"id", "web"},
     .exchanges = AT(SSH("ops@10.0.0.1:2222", "0", FACTS)), .count = 1, .id = "web",
     .raw = "running", .state = NUBE_STATE_RUNNING, .extra = "uptime_seconds", .value = "273900"},
    {ROW("get of a host that is switched off", NODE_GET), .args = {"id", "web"},
     .exchanges = AT(SILENT("ops@10.0.0.1"), SYSTEMS, SYSTEM("Off", "")), .count = 1, .raw = "off",
     .state = NUBE_STATE_STOPPED, .extra = "power", .value = "Off"},
    {ROW("get of a host that is on and does not answer", NODE_GET), .args = {"id", "web"},
     .exchanges = AT(SILENT("ops@10.0.0.1"), SYSTEMS, SYSTEM("On", "")), .count = 1,
     .raw = "powered on", .state = NUBE_STATE_UNKNOWN},
    {ROW("get without a word to it", NODE_GET), .args = {"id", "web", "probe", "no"},
     .exchanges = AT({.method = NULL}), .count = 1, .raw = "not asked"},
    {ROW("no such host", NODE_GET), PLAIN, .args = {"id", "db"}, .exchanges = AT({.method = NULL}),
     .code = NUBE_E_NOT_FOUND, .message = "there is no host db"},
    {ROW("check asks every host", CHECK), WITH_FILE,
     .exchanges =
         AT(FILE_(HOSTS, TWO), SSH("ops@10.0.0.1", "0", FACTS), SSH("10.0.0.2", "0", FACTS))},
    {ROW("check names the one that does not answer", CHECK), WITH_FILE,
     .exchanges = AT(FILE_(HOSTS, TWO), SSH("ops@10.0.0.1", "0", FACTS), SILENT("10.0.0.2")),
     .code = NUBE_E_CONNECT, .message = "db: 10.0.0.2"},

    /* ---- Adopted, forgotten ---- */
    {ROW("adopted when it answers, a line at the end", NODE_CREATE), WITH_FILE,
     .args = {"name", "new", "host", "10.0.0.3", "port", "2222", "user", "ops"},
     .exchanges = AT(FILE_(HOSTS, "old host=a # no end"), SSH("ops@10.0.0.3:2222", "0", FACTS),
                     FILE_(HOSTS, "old host=a # no end"),
                     WRITE_(200, "old host=a # no end\nnew host=10.0.0.3 port=2222 user=ops\n")),
     .count = 1, .id = "new", .raw = "running", .state = NUBE_STATE_RUNNING},
    {ROW("the first of a file", NODE_CREATE), WITH_FILE, .args = {"name", "new", "probe", "no"},
     .exchanges = AT(NO_FILE(HOSTS), NO_FILE(HOSTS), WRITE_(200, "\n\nnew\n")), .count = 1,
     .id = "new", .raw = "not asked"},
    {ROW("somebody else adopts at the same time", NODE_CREATE), WITH_FILE,
     .args = {"name", "new", "probe", "no"},
     .exchanges = AT(NO_FILE(HOSTS), NO_FILE(HOSTS), WRITE_(409, ""), FILE_(HOSTS, "db\n"),
                     WRITE_(200, "db\nnew\n")),
     .count = 1, .id = "new"},
    {ROW("a host that does not answer is not adopted", NODE_CREATE), WITH_FILE,
     .args = {"name", "new"}, .exchanges = AT(NO_FILE(HOSTS), SILENT("new")),
     .code = NUBE_E_CONNECT, .message = "refused"},
    {ROW("a name that is taken", NODE_CREATE), WITH_FILE, .args = {"name", "db"},
     .exchanges = AT(FILE_(HOSTS, TWO)), .code = NUBE_E_CONFLICT, .message = "a host db already"},
    {ROW("an account without a file", NODE_CREATE), PLAIN, .args = {"name", "new"},
     .exchanges = AT({.method = NULL}), .code = NUBE_E_USAGE, .message = "set hosts_file"},
    {ROW("a file that cannot be written", NODE_CREATE), WITH_FILE,
     .args = {"name", "new", "probe", "no"},
     .exchanges = AT(NO_FILE(HOSTS), NO_FILE(HOSTS),
                     {.method = "WRITE", .url = HOSTS, .status = 500, .type = ""}),
     .code = NUBE_E_SYSTEM, .message = "cannot be written"},
    {ROW("forgotten, and nothing else with it", NODE_DESTROY), WITH_FILE, .args = {"id", "web"},
     .exchanges =
         AT(FILE_(HOSTS, TWO), FILE_(HOSTS, TWO), WRITE_(200, "# ours\ndb host=10.0.0.2\n|!web"))},
    {ROW("what stands elsewhere is not forgotten", NODE_DESTROY), PLAIN, .args = {"id", "web"},
     .exchanges = AT({.method = NULL}), .code = NUBE_E_CONFLICT, .message = "the option host"},
    {ROW("renamed in its place", NODE_RENAME), WITH_FILE, .args = {"id", "web", "name", "www"},
     .exchanges = AT(FILE_(HOSTS, TWO), FILE_(HOSTS, TWO),
                     WRITE_(200, "# ours\nwww host=10.0.0.1 user=ops location=rack7\ndb "))},

    /* ---- Power ---- */
    {ROW("stopped from inside", NODE_STOP), PLAIN, .args = {"id", "web"},
     .exchanges = AT(SSH("ops@10.0.0.1:2222", "0", "", .sent = "sudo -n sh -c|shutdown -h now"))},
    {ROW("sudo with a password, which is no part of the command", NODE_REBOOT),
     .options = LIST("host", "web=10.0.0.1", "sudo_password", "hunter22"), .args = {"id", "web"},
     .exchanges = AT(SSH("10.0.0.1", "0", "", .sent = "sudo -S -p|shutdown -r now|!hunter22"))},
    {ROW("sudo that refuses", NODE_REBOOT), PLAIN, .args = {"id", "web"},
     .exchanges = AT({.method = "SSH",
                      .url = "ops@10.0.0.1:2222",
                      .status = 200,
                      .type = "",
                      .header = "exit: 1"}),
     .code = NUBE_E_FORBIDDEN, .message = "sudo_password"},
    {ROW("started by its controller", NODE_START), .args = {"id", "web"},
     .exchanges = AT(SYSTEMS, SYSTEM("Off", ""),
                     RESET(204, "'ResetType':'On'|Authorization: ***|!secret-of-bmc", .type = ""))},
    {ROW("switched off by its controller", NODE_STOP), .args = {"id", "web", "force", "yes"},
     .exchanges =
         AT(SYSTEMS, SYSTEM("On", ",'ResetType@Redfish.AllowableValues':['On','ForceOff']"),
            RESET(204, "ForceOff", .type = ""))},
    {ROW("reset by its controller", NODE_REBOOT), .args = {"id", "web", "hard", "yes"},
     .exchanges = AT(SYSTEMS, SYSTEM("On", ""), RESET(204, "ForceRestart", .type = ""))},
    {ROW("a controller that cannot do it", NODE_REBOOT), .args = {"id", "web", "hard", "yes"},
     .exchanges = AT(SYSTEMS, SYSTEM("On", ",'ResetType@Redfish.AllowableValues':['On']")),
     .code = NUBE_E_UNSUPPORTED, .message = "offers no ForceRestart"},
    {ROW("a controller that refuses", NODE_START), .args = {"id", "web"},
     .exchanges = AT(SYSTEMS, SYSTEM("Off", ""),
                     RESET(409, "",
                           .body = "{'error':{'code':'Base.1.8.GeneralError','message':'A "
                                   "general error has occurred.','@Message.ExtendedInfo':"
                                   "[{'MessageId':'Base.1.8.ResourceInUse','Message':"
                                   "'The system is being updated.'}]}}")),
     .code = NUBE_E_CONFLICT, .message = "being updated",
     .provider_code = "Base.1.8.ResourceInUse"},
    {ROW("a controller that names a system elsewhere", NODE_START), .args = {"id", "web"},
     .exchanges = AT(GET("/redfish/v1/Systems", "{'Members':[{'@odata.id':'/../admin'}]}")),
     .code = NUBE_E_PROTOCOL},
    {ROW("no controller", NODE_START), PLAIN, .args = {"id", "web"},
     .exchanges = AT({.method = NULL}), .code = NUBE_E_UNSUPPORTED, .message = "set bmc=URL"},

    /* ---- Keys ---- */
    {ROW("who may log in", KEY_LIST), PLAIN,
     .exchanges =
         AT(SSH("ops@10.0.0.1:2222", "0",
                "# mine\nssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9"
                "okWi0dh2l9GKJl me@laptop\nrestrict,command='x ssh-rsa y' ssh-rsa "
                "AAAAB3NzaC1yc2EAAAADAQABAAAAgQ== backup\n")),
     .count = 2, .label = "me@laptop"},
    {ROW("let in on every host", KEY_IMPORT), WITH_FILE,
     .args = {"name", "me", "public_key",
              "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl x"},
     .exchanges = AT(FILE_(HOSTS, TWO), SSH("ops@10.0.0.1", "0", "changed\n"),
                     SSH("10.0.0.2", "0", "same\n")),
     .count = 1, .label = "me"},
    {ROW("what is no key is not sent", KEY_IMPORT), PLAIN,
     .args = {"name", "me", "public_key", "hello world"}, .exchanges = AT({.method = NULL}),
     .code = NUBE_E_USAGE, .message = "not a public key"},
    {ROW("let in no more", KEY_DELETE), PLAIN, .args = {"id", "me"},
     .exchanges = AT(SSH("ops@10.0.0.1:2222", "0", "ssh-ed25519 AAAAC3Nz me\n"),
                     SSH("ops@10.0.0.1:2222", "0", "changed\n"))},
    {ROW("a key that nobody lets in", KEY_DELETE), PLAIN, .args = {"id", "me"},
     .exchanges = AT(SSH("ops@10.0.0.1:2222", "0", "")), .code = NUBE_E_NOT_FOUND},
};

const struct conformance baremetal_conformance = {
    .driver = "baremetal",
    .provider = "bare_metal",
    .options = options,
    .endpoint = "bmc",
    .rows = rows,
    .count = sizeof(rows) / sizeof(*rows),
};
