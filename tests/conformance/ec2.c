/* EC2's conformance table: bodies in the form of AWS and of its imitations, shortened. */
#include "conformance.h"

#define TYPE "text/xml;charset=UTF-8"
#define XML(status_, sent_, body_)                                                                 \
    {                                                                                              \
        .method = "POST", .url = "/", .status = status_, .type = TYPE, .body = body_,              \
        .sent = sent_                                                                              \
    }
#define NS "xmlns='http://ec2.amazonaws.com/doc/2016-11-15/'"
/* A good reply of an action, asked with these parts. */
#define OK(action_, sent_, members_)                                                               \
    XML(200, "Action=" action_ "&Version=2016-11-15" sent_,                                        \
        "<?xml version='1.0' encoding='UTF-8'?>\n<" action_ "Response " NS                         \
        "><requestId>r-1</requestId>" members_ "</" action_ "Response>")
#define TRUE_REPLY "<return>true</return>"
#define BAD(status_, code_, text_)                                                                 \
    XML(status_, NULL,                                                                             \
        "<?xml version='1.0' encoding='UTF-8'?>\n<Response><Errors><Error><Code>" code_            \
        "</Code><Message>" text_                                                                   \
        "</Message></Error></Errors><RequestID>9f-1</RequestID></Response>")

#define REFUSED                                                                                    \
    BAD(401, "AuthFailure", "AWS was not able to validate the provided access credentials")

#define GROUPS                                                                                     \
    "<groupSet><item><groupId>sg-b</groupId><groupName>two</groupName></item>"                     \
    "<item><groupId>sg-a</groupId><groupName>one</groupName></item></groupSet>"
#define INSTANCE(id_, name_, state_, code_, more_)                                                 \
    "<item><instanceId>" id_ "</instanceId><imageId>ami-1</imageId><instanceState><code>" code_    \
    "</code><name>" state_ "</name></instanceState><privateDnsName>ip-10-0-0-4.ec2.internal"       \
    "</privateDnsName><dnsName/><reason/><keyName>ops</keyName><instanceType>t3.micro"             \
    "</instanceType><launchTime>2026-11-21T23:09:46.000Z</launchTime><placement>"                  \
    "<availabilityZone>us-east-1a</availabilityZone><tenancy>default</tenancy></placement>"        \
    "<subnetId>subnet-1</subnetId><vpcId>vpc-1</vpcId><privateIpAddress>10.0.0.4"                  \
    "</privateIpAddress><ipAddress>203.0.113.9</ipAddress>" GROUPS                                 \
    "<architecture>x86_64</architecture><tagSet><item><key>Name</key><value>" name_                \
    "</value></item><item><key>env</key><value/></item></tagSet>" more_ "</item>"
#define EBS                       "<rootDeviceType>ebs</rootDeviceType>"
#define STORE                     "<rootDeviceType>instance-store</rootDeviceType>"
#define ONE(state_, code_, more_) INSTANCE("i-1", "web", state_, code_, more_)
/* The fields of a reservation may come after its instances. */
#define RESERVED(instances_)                                                                       \
    "<item><instancesSet>" instances_                                                              \
    "</instancesSet><ownerId>123456789012</ownerId><reservationId>r-9</reservationId></item>"
#define RESERVATIONS(items_) "<reservationSet>" items_ "</reservationSet>"
#define CHANGED                                                                                    \
    "<instancesSet><item><instanceId>i-1</instanceId><currentState><code>64</code><name>stopping"  \
    "</name></currentState></item></instancesSet>"
#define NONE     RESERVATIONS("")
#define FILTER_1 "&Filter.1.Name=instance-id&Filter.1.Value.1=i-1"
#define IMAGE(id_, name_, more_)                                                                   \
    "<item><imageId>" id_ "</imageId><imageState>available</imageState><imageOwnerId>099720109477" \
    "</imageOwnerId><isPublic>true</isPublic><architecture>arm64</architecture><imageType>machine" \
    "</imageType><name>" name_ "</name>" more_ "</item>"
#define MADE_ON(date_) "<creationDate>" date_ "</creationDate>"
#define SIZE(id_)                                                                                  \
    "<item><instanceType>" id_                                                                     \
    "</instanceType><currentGeneration>true</currentGeneration><processorInfo>"                    \
    "<supportedArchitectures><item>i386</item><item>x86_64</item></supportedArchitectures>"        \
    "</processorInfo><vCpuInfo><defaultVCpus>2</defaultVCpus></vCpuInfo><memoryInfo><sizeInMiB>"   \
    "1024</sizeInMiB></memoryInfo></item>"
#define ZONE(name_, region_)                                                                       \
    "<item><zoneName>" name_ "</zoneName><zoneState>available</zoneState><regionName>" region_     \
    "</regionName><zoneId>use1-az1</zoneId><zoneType>availability-zone</zoneType></item>"
#define ED25519 "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"

static const char *const options[] = {"key",    "AKIDEXAMPLE", "secret",    "sEcReT/EXAMPLE",
                                      "region", "us-east-1",   "page_size", "1000",
                                      NULL};
static const char *const two_regions[] = {"key",    "AKIDEXAMPLE",         "secret", "sEcReT",
                                          "region", "us-east-1,eu-west-1", NULL};

#define ROW(name_, op_) .name = name_, .op = NUBE_OP_##op_
#define ID1             .args = {"id", "i-1"}

static const struct scenario rows[] = {
    /* ---- Connecting ---- */
    {ROW("check", CHECK),
     .exchanges = AT(
         OK("DescribeAvailabilityZones", "",
            "<availabilityZoneInfo>" ZONE("us-east-1a", "us-east-1") "</availabilityZoneInfo>"))},
    {ROW("an endpoint that is not EC2's", CHECK),
     .exchanges = AT(XML(200, NULL, "<Hello><world/></Hello>")), .code = NUBE_E_PROTOCOL,
     .message = "endpoint"},
    {ROW("a raw action", RAW), .args = {"query", "Action=DescribeVpcs"},
     .exchanges = AT({.method = "POST",
                      .url = "/",
                      .status = 200,
                      .type = TYPE,
                      .body = "<DescribeVpcsResponse/>",
                      .flags = BYTES,
                      .sent = "Action=DescribeVpcs&Version=2016-11-15|Authorization"}),
     .out = "<DescribeVpcsResponse/>"},
    {ROW("T-16: GET is not for what changes something", RAW),
     .args = {"method", "GET", "query", "Action=TerminateInstances", "query", "InstanceId.1=i-1"},
     .exchanges = AT({.method = NULL}), .code = NUBE_E_USAGE, .message = "POST"},

    /* ---- Nodes: seen ---- */
    {ROW("nodes are listed, the fields of a reservation behind its instances", NODE_LIST),
     .exchanges = AT(OK("DescribeInstances", "&MaxResults=1000|Authorization: ***|X-Amz-Date: ",
                        RESERVATIONS(RESERVED(ONE("running", "16", EBS)
                                                  INSTANCE("i-2", "db", "stopped", "80", EBS))))),
     .count = 2, .id = "i-1", .label = "web", .raw = "running", .state = NUBE_STATE_RUNNING,
     .extra = "reservation_id", .value = "r-9"},
    {ROW("no nodes", NODE_LIST), .exchanges = AT(OK("DescribeInstances", "", NONE)), .count = -1},
    {ROW("T-26: stopping is a state that is known", NODE_LIST),
     .exchanges =
         AT(OK("DescribeInstances", "", RESERVATIONS(RESERVED(ONE("stopping", "64", EBS))))),
     .count = 1, .raw = "stopping", .state = NUBE_STATE_STOPPING},
    {ROW("T-26: shutting down is a state that is known", NODE_LIST),
     .exchanges =
         AT(OK("DescribeInstances", "", RESERVATIONS(RESERVED(ONE("shutting-down", "32", EBS))))),
     .count = 1, .raw = "shutting-down", .state = NUBE_STATE_STOPPING},
    {ROW("pending", NODE_LIST),
     .exchanges = AT(OK("DescribeInstances", "", RESERVATIONS(RESERVED(ONE("pending", "0", EBS))))),
     .count = 1, .raw = "pending", .state = NUBE_STATE_PENDING},
    {ROW("stopped", NODE_LIST),
     .exchanges =
         AT(OK("DescribeInstances", "", RESERVATIONS(RESERVED(ONE("stopped", "80", EBS))))),
     .count = 1, .raw = "stopped", .state = NUBE_STATE_STOPPED},
    {ROW("terminated", NODE_LIST),
     .exchanges =
         AT(OK("DescribeInstances", "", RESERVATIONS(RESERVED(ONE("terminated", "48", EBS))))),
     .count = 1, .raw = "terminated", .state = NUBE_STATE_TERMINATED},
    {ROW("a state that nobody documents is unknown, with its word", NODE_LIST),
     .exchanges =
         AT(OK("DescribeInstances", "", RESERVATIONS(RESERVED(ONE("dreaming", "99", EBS))))),
     .count = 1, .raw = "dreaming", .state = NUBE_STATE_UNKNOWN},
    {ROW("a state by its number alone, whose high octet means nothing", NODE_LIST),
     .exchanges =
         AT(OK("DescribeInstances", "",
               RESERVATIONS(RESERVED("<item><instanceId>i-1</instanceId><instanceState><code>272"
                                     "</code></instanceState></item>")))),
     .count = 1, .raw = "running", .state = NUBE_STATE_RUNNING},
    {ROW("another namespace, prefixes, and values on lines of their own", NODE_LIST),
     .exchanges = AT(XML(200, NULL,
                         "<euca:DescribeInstancesResponse xmlns:euca='urn:other'><euca:requestId>1"
                         "</euca:requestId><euca:reservationSet><euca:item><euca:instancesSet>"
                         "<euca:item><euca:instanceId>\n  i-1\n</euca:instanceId></euca:item>"
                         "</euca:instancesSet></euca:item></euca:reservationSet>"
                         "</euca:DescribeInstancesResponse>")),
     .count = 1, .id = "i-1"},
    {ROW("T-26, T-35: a page that is empty and has a token is not the end", NODE_LIST),
     .exchanges = AT(OK("DescribeInstances", "", NONE "<nextToken>t/2==</nextToken>")),
     .count = -1},
    {ROW("filters are the server's", NODE_LIST),
     .args = {"name", "we*b", "state", "stopping", "tag", "env=prod", "location", "us-east-1a"},
     .exchanges = AT(OK("DescribeInstances",
                        "|Filter.1.Name=tag%3AName&Filter.1.Value.1=we%5C%2Ab|"
                        "Filter.2.Name=instance-state-name&Filter.2.Value.1=stopping&"
                        "Filter.2.Value.2=shutting-down|"
                        "Filter.3.Name=tag%3Aenv&Filter.3.Value.1=prod|"
                        "Filter.4.Name=availability-zone&Filter.4.Value.1=us-east-1a",
                        NONE)),
     .count = -1},
    {ROW("T-06: a location is an id, and a region is one too", NODE_LIST),
     .args = {"location", "us-east-1"},
     .exchanges = AT(OK("DescribeInstances", "|!availability-zone",
                        RESERVATIONS(RESERVED(ONE("running", "16", EBS))))),
     .count = 1},
    {ROW("T-38: groups are in one order, whatever the reply has", NODE_GET), ID1,
     .exchanges =
         AT(OK("DescribeInstances", FILTER_1, RESERVATIONS(RESERVED(ONE("running", "16", EBS))))),
     .count = 1, .id = "i-1", .extra = "vpc_id", .value = "vpc-1"},
    {ROW("a node that is not there", NODE_GET), ID1,
     .exchanges = AT(OK("DescribeInstances", FILTER_1, NONE)), .code = NUBE_E_NOT_FOUND,
     .message = "i-1"},
    {ROW("a server that does not heed the filter is not believed", NODE_GET), ID1,
     .exchanges = AT(OK("DescribeInstances", "",
                        RESERVATIONS(RESERVED(INSTANCE("i-0", "no", "running", "16", EBS))
                                         RESERVED(ONE("stopped", "80", EBS))))),
     .count = 1, .id = "i-1"},
    {ROW("several regions are one list", NODE_LIST), .options = two_regions,
     .exchanges = AT(OK("DescribeInstances", "", RESERVATIONS(RESERVED(ONE("running", "16", EBS)))),
                     OK("DescribeInstances", "",
                        RESERVATIONS(RESERVED(INSTANCE("i-2", "db", "running", "16", EBS))))),
     .count = 2},
    {ROW("a node of several regions is looked for", NODE_START), .options = two_regions, ID1,
     .exchanges =
         AT(OK("DescribeInstances", FILTER_1, NONE),
            OK("DescribeInstances", FILTER_1, RESERVATIONS(RESERVED(ONE("stopped", "80", EBS)))),
            OK("StartInstances", "&InstanceId.1=i-1", CHANGED))},
    {ROW("a node in none of several regions", NODE_START), .options = two_regions, ID1,
     .exchanges = AT(OK("DescribeInstances", "", NONE), OK("DescribeInstances", "", NONE)),
     .code = NUBE_E_NOT_FOUND, .message = "2 regions"},
    {ROW("a region that the backend does not have", NODE_START),
     .args = {"id", "i-1", "region", "sa-east-1"}, .exchanges = AT({.method = NULL}),
     .code = NUBE_E_USAGE, .message = "sa-east-1"},

    /* ---- Nodes: made and removed ---- */
    {ROW("only the image is needed: the size fits its processor", NODE_CREATE),
     .args = {"image", "ami-1"},
     .exchanges = AT(OK("DescribeImages", "&Filter.1.Name=image-id&Filter.1.Value.1=ami-1",
                        "<imagesSet>" IMAGE("ami-1", "x", "") "</imagesSet>"),
                     OK("RunInstances",
                        "&ImageId=ami-1&InstanceType=t4g.micro&MinCount=1&MaxCount=1|"
                        "MetadataOptions.HttpTokens=required|!ClientToken",
                        "<reservationId>r-9</reservationId><ownerId>1</ownerId><instancesSet>" ONE(
                            "pending", "0", EBS) "</instancesSet>")),
     .count = 1, .id = "i-1", .raw = "pending", .state = NUBE_STATE_PENDING,
     .extra = "reservation_id", .value = "r-9"},
    {ROW("an image that is not there", NODE_CREATE), .args = {"image", "ami-1"},
     .exchanges = AT(OK("DescribeImages", "", "<imagesSet/>")), .code = NUBE_E_NOT_FOUND,
     .message = "ami-1"},
    {ROW("everything that can be said", NODE_CREATE),
     .args = {"image", "ami-1", "size", "t3.small", "name", "web", "tag", "env=prod", "key", "ops",
              "client_token", "k-1", "user_data", "#!/bin/sh\n"},
     .exchanges =
         AT(OK("RunInstances",
               "&ImageId=ami-1&KeyName=ops&ClientToken=k-1&InstanceType=t3.small|"
               "UserData=***|"
               "TagSpecification.1.ResourceType=instance&TagSpecification.1.Tag.1.Key=Name&"
               "TagSpecification.1.Tag.1.Value=web&TagSpecification.1.Tag.2.Key=env&"
               "TagSpecification.1.Tag.2.Value=prod",
               "<instancesSet>" ONE("pending", "0", EBS) "</instancesSet>")),
     .count = 1, .id = "i-1"},
    {ROW("T-06: a zone is a place, and groups go by id or name", NODE_CREATE),
     .args = {"image", "ami-1", "size", "t3.small", "location", "us-east-1c", "firewall", "sg-1",
              "firewall", "web", "count", "3", "min_count", "2"},
     .exchanges = AT(OK("RunInstances",
                        "|MinCount=2&MaxCount=3|Placement.AvailabilityZone=us-east-1c|"
                        "SecurityGroupId.1=sg-1&SecurityGroup.1=web",
                        "<instancesSet>" ONE("pending", "0", EBS)
                            INSTANCE("i-2", "web", "pending", "0", EBS) "</instancesSet>")),
     .count = 2},
    {ROW("disks and a public address", NODE_CREATE),
     .args = {"image", "ami-1", "size", "t3.small", "disk", "/dev/sda1=:20:true:gp3::encrypted",
              "disk", "/dev/sdb=none", "public_ip", "yes", "subnet", "subnet-1"},
     .exchanges = AT(OK("RunInstances",
                        "|NetworkInterface.1.DeviceIndex=0&"
                        "NetworkInterface.1.AssociatePublicIpAddress=true&"
                        "NetworkInterface.1.SubnetId=subnet-1|!&SubnetId=|"
                        "BlockDeviceMapping.1.DeviceName=%2Fdev%2Fsda1&"
                        "BlockDeviceMapping.1.Ebs.VolumeSize=20&"
                        "BlockDeviceMapping.1.Ebs.DeleteOnTermination=true&"
                        "BlockDeviceMapping.1.Ebs.VolumeType=gp3&"
                        "BlockDeviceMapping.1.Ebs.Encrypted=true|BlockDeviceMapping.2.NoDevice=",
                        "<instancesSet>" ONE("pending", "0", EBS) "</instancesSet>")),
     .count = 1},
    {ROW("a disk that makes no sense", NODE_CREATE),
     .args = {"image", "ami-1", "size", "t3.small", "disk", "20G"},
     .exchanges = AT({.method = NULL}), .code = NUBE_E_USAGE, .message = "disk"},
    {ROW("a create whose reply is lost has an outcome that is not known", NODE_CREATE),
     .args = {"image", "ami-1", "size", "t3.small"},
     .exchanges = AT({.method = "POST",
                      .url = "/",
                      .status = 0,
                      .header = "Nube-End: transport the connection was reset"}),
     .code = NUBE_E_OUTCOME_UNKNOWN, .message = "look before trying again"},
    {ROW("a create with a key of the caller's may be asked again", NODE_CREATE),
     .args = {"image", "ami-1", "size", "t3.small", "client_token", "k-1"},
     .exchanges = AT({.method = "POST",
                      .url = "/",
                      .status = 0,
                      .header = "Nube-End: transport the connection was reset"}),
     .code = NUBE_E_TRANSPORT},
    {ROW("a node is destroyed", NODE_DESTROY), ID1,
     .exchanges = AT(OK("TerminateInstances", "&InstanceId.1=i-1", CHANGED))},

    /* ---- Nodes: life ---- */
    {ROW("start", NODE_START), ID1,
     .exchanges = AT(OK("StartInstances", "&InstanceId.1=i-1", CHANGED))},
    {ROW("stop", NODE_STOP), .args = {"id", "i-1", "force", "yes", "hibernate", "yes"},
     .exchanges =
         AT(OK("DescribeInstances", FILTER_1, RESERVATIONS(RESERVED(ONE("running", "16", EBS)))),
            OK("StopInstances", "&InstanceId.1=i-1&Force=true&Hibernate=true", CHANGED))},
    {ROW("T-12: a stop that would destroy the node is refused", NODE_STOP), ID1,
     .exchanges =
         AT(OK("DescribeInstances", FILTER_1, RESERVATIONS(RESERVED(ONE("running", "16", STORE))))),
     .code = NUBE_E_STATE, .message = "allow_destroy=yes"},
    {ROW("T-12: the root that counts is the node's own", NODE_STOP), ID1,
     .exchanges = AT(OK("DescribeInstances", FILTER_1,
                        RESERVATIONS(RESERVED(INSTANCE("i-0", "no", "running", "16", EBS))
                                         RESERVED(ONE("running", "16", STORE))))),
     .code = NUBE_E_STATE},
    {ROW("T-12: unless it was meant", NODE_STOP), .args = {"id", "i-1", "allow_destroy", "yes"},
     .exchanges = AT(OK("StopInstances", "&InstanceId.1=i-1", CHANGED))},
    {ROW("a stop of what is not there", NODE_STOP), ID1,
     .exchanges = AT(OK("DescribeInstances", FILTER_1, NONE)), .code = NUBE_E_NOT_FOUND},
    {ROW("reboot", NODE_REBOOT), ID1,
     .exchanges = AT(OK("RebootInstances", "&InstanceId.1=i-1", TRUE_REPLY))},
    {ROW("a reply without <return> is good too", NODE_REBOOT), ID1,
     .exchanges = AT(OK("RebootInstances", "", ""))},
    {ROW("what was not done is an error", NODE_REBOOT), ID1,
     .exchanges = AT(OK("RebootInstances", "", "<return>false</return>")), .code = NUBE_E_PROVIDER},
    {ROW("rename is the tag Name", NODE_RENAME), .args = {"id", "i-1", "name", "db 1"},
     .exchanges =
         AT(OK("CreateTags", "&ResourceId.1=i-1&Tag.1.Key=Name&Tag.1.Value=db%201", TRUE_REPLY))},
    {ROW("resize", NODE_RESIZE), .args = {"id", "i-1", "size", "m5.large"},
     .exchanges = AT(
         OK("ModifyInstanceAttribute", "&InstanceId=i-1&InstanceType.Value=m5.large", TRUE_REPLY))},
    {ROW("resize of what runs", NODE_RESIZE), .args = {"id", "i-1", "size", "m5.large"},
     .exchanges = AT(BAD(400, "IncorrectInstanceState", "The instance is not stopped")),
     .code = NUBE_E_STATE, .message = "not stopped"},
    {ROW("tags are set and removed", NODE_TAG),
     .args = {"id", "i-1", "tag", "a=1", "tag", "b=", "remove", "c"},
     .exchanges =
         AT(OK("CreateTags",
               "&ResourceId.1=i-1&Tag.1.Key=a&Tag.1.Value=1&Tag.2.Key=b&Tag.2.Value=", TRUE_REPLY),
            OK("DeleteTags", "&ResourceId.1=i-1&Tag.1.Key=c", TRUE_REPLY))},
    {ROW("no tag at all", NODE_TAG), ID1, .exchanges = AT({.method = NULL}), .code = NUBE_E_USAGE},
    {ROW("console", NODE_CONSOLE), ID1,
     .exchanges = AT(OK("GetConsoleOutput", "&InstanceId=i-1",
                        "<instanceId>i-1</instanceId><timestamp>2026-11-21T23:09:46Z</timestamp>"
                        "<output>TGludXgg\nYm9vdHMK</output>")),
     .out = "Linux boots\n"},
    {ROW("no console output yet", NODE_CONSOLE), ID1,
     .exchanges = AT(OK("GetConsoleOutput", "", "<instanceId>i-1</instanceId><output/>")),
     .out = ""},
    {ROW("probe: running is not yet reachable", NODE_PROBE), ID1,
     .exchanges =
         AT(OK("DescribeInstanceStatus", "&InstanceId.1=i-1&IncludeAllInstances=true",
               "<instanceStatusSet><item><instanceId>i-1</instanceId><instanceState><code>16</code>"
               "<name>running</name></instanceState><systemStatus><status>ok</status>"
               "</systemStatus><instanceStatus><status>initializing</status></instanceStatus>"
               "</item></instanceStatusSet>")),
     .count = 1, .id = "i-1", .extra = "reachable", .value = "0"},
    {ROW("protect", NODE_ACTION), .args = {"action", "protect", "id", "i-1"},
     .exchanges = AT(OK("ModifyInstanceAttribute",
                        "&InstanceId=i-1&DisableApiTermination.Value=true", TRUE_REPLY))},
    {ROW("unprotect", NODE_ACTION), .args = {"action", "unprotect", "id", "i-1"},
     .exchanges = AT(OK("ModifyInstanceAttribute",
                        "&InstanceId=i-1&DisableApiTermination.Value=false", TRUE_REPLY))},

    /* ---- Images ---- */
    {ROW("images are one's own unless told otherwise", IMAGE_LIST),
     .exchanges = AT(OK("DescribeImages", "&MaxResults=1000&Owner.1=self",
                        "<imagesSet>" IMAGE("ami-1", "ubuntu-24", MADE_ON("2026-01-02T03:04:05Z"))
                            IMAGE("ami-2", "", "") "</imagesSet>")),
     .count = 2, .id = "ami-1", .label = "ubuntu-24"},
    {ROW("images of others", IMAGE_LIST), .args = {"owner", "amazon", "owner", "123456789012"},
     .exchanges = AT(OK("DescribeImages", "|Owner.1=amazon&Owner.2=123456789012", "<imagesSet/>")),
     .count = -1},
    {ROW("images are searched everywhere", IMAGE_SEARCH), .args = {"term", "debian"},
     .exchanges = AT(OK("DescribeImages",
                        "|Filter.1.Name=name&Filter.1.Value.1=%2Adebian%2A|!Owner|"
                        "Filter.2.Name=state&Filter.2.Value.1=available",
                        "<imagesSet>" IMAGE("ami-1", "debian-13", "") "</imagesSet>")),
     .count = 1, .label = "debian-13"},
    {ROW("the newest of a family, over pages and without dates", IMAGE_SEARCH),
     .args = {"term", "debian-*", "newest", "yes", "owner", "136693071363"},
     .exchanges = AT(
         OK("DescribeImages", "|Owner.1=136693071363",
            "<imagesSet>" IMAGE("ami-1", "debian-1", "")
                IMAGE("ami-2", "debian-2",
                      MADE_ON("2026-01-02T00:00:00.000Z")) "</imagesSet><nextToken>t2</nextToken>"),
         OK("DescribeImages", "|NextToken=t2",
            "<imagesSet>" IMAGE("ami-3", "debian-3", MADE_ON("2026-03-02T00:00:00.000Z"))
                IMAGE("ami-4", "debian-4", MADE_ON("2025-03-02T00:00:00.000Z")) "</imagesSet>"),
         OK("DescribeImages", "|Filter.1.Value.1=ami-3",
            "<imagesSet>" IMAGE("ami-3", "debian-3",
                                MADE_ON("2026-03-02T00:00:00.000Z")) "</imagesSet>")),
     .count = 1, .id = "ami-3"},
    {ROW("one image", IMAGE_GET), .args = {"id", "ami-1"},
     .exchanges = AT(OK("DescribeImages", "|image-id",
                        "<imagesSet>" IMAGE("ami-1", "debian-13", "") "</imagesSet>")),
     .count = 1, .id = "ami-1"},
    {ROW("an image that is not there", IMAGE_GET), .args = {"id", "ami-1"},
     .exchanges = AT(OK("DescribeImages", "", "<imagesSet/>")), .code = NUBE_E_NOT_FOUND},
    {ROW("an image of a node, without a reboot", IMAGE_CREATE),
     .args = {"node", "i-1", "name", "shot 1"},
     .exchanges = AT(OK("CreateImage", "&InstanceId=i-1&Name=shot%201&NoReboot=true",
                        "<imageId>ami-9</imageId>")),
     .count = 1, .id = "ami-9", .label = "shot 1"},
    {ROW("an image is deleted, its snapshots too", IMAGE_DELETE),
     .args = {"id", "ami-1", "snapshots", "yes"},
     .exchanges =
         AT(OK("DeregisterImage", "&ImageId=ami-1&DeleteAssociatedSnapshots=true", TRUE_REPLY))},
    {ROW("an image is copied", IMAGE_ACTION),
     .args = {"action", "copy", "id", "ami-1", "from", "eu-west-1", "name", "copy"},
     .exchanges = AT(OK("CopyImage", "&SourceImageId=ami-1&SourceRegion=eu-west-1&Name=copy",
                        "<imageId>ami-9</imageId>")),
     .count = 1, .id = "ami-9"},

    /* ---- Sizes and locations ---- */
    {ROW("T-27: sizes are those of the region, live", SIZE_LIST),
     .exchanges =
         AT(OK("DescribeInstanceTypes", "&MaxResults=100",
               "<instanceTypeSet>" SIZE("t3.micro") SIZE("t3.small") "</instanceTypeSet>")),
     .count = 2, .id = "t3.micro", .extra = "architectures", .value = "i386,x86_64"},
    {ROW("T-27: no sizes are an error where they cannot be listed", SIZE_LIST),
     .exchanges = AT(BAD(400, "InvalidAction", "The action is not valid for this web service.")),
     .code = NUBE_E_USAGE},
    {ROW("zones", LOCATION_LIST),
     .exchanges =
         AT(OK("DescribeAvailabilityZones", "|!MaxResults",
               "<availabilityZoneInfo>" ZONE("us-east-1a", "us-east-1") "</availabilityZoneInfo>")),
     .count = 1, .id = "us-east-1a", .extra = "zone_id", .value = "use1-az1"},
    {ROW("regions", LOCATION_LIST), .args = {"kind", "region", "all", "yes"},
     .exchanges = AT(OK("DescribeRegions", "|AllRegions=true",
                        "<regionInfo><item><regionName>us-east-1</regionName><regionEndpoint>"
                        "ec2.us-east-1.amazonaws.com</regionEndpoint><optInStatus>"
                        "opt-in-not-required</optInStatus></item></regionInfo>")),
     .count = 1, .id = "us-east-1", .extra = "opt_in", .value = "opt-in-not-required"},

    /* ---- Keys ---- */
    {ROW("keys", KEY_LIST),
     .exchanges =
         AT(OK("DescribeKeyPairs", "&IncludePublicKey=true",
               "<keySet><item><keyPairId>key-0123456789abcdef0</keyPairId><keyName>ops</keyName>"
               "<keyFingerprint>\n 1f:51:ae:28:bf:89:e9:d8:1f:25:5d:37:2d:7d:b8:ca:9f:f5:f1:6f\n"
               "</keyFingerprint><keyType>rsa</keyType></item></keySet>")),
     .count = 1, .label = "ops", .extra = "fingerprint_of",
     .value = "sha1 of the private key in DER"},
    {ROW("one key, whose public part has the fingerprints of ssh-keygen", KEY_GET),
     .args = {"id", "ops"},
     .exchanges = AT(OK("DescribeKeyPairs",
                        "&IncludePublicKey=true&Filter.1.Name=key-name&Filter.1.Value.1=ops",
                        "<keySet><item><keyName>ops</keyName><keyFingerprint>AAAA=</keyFingerprint>"
                        "<publicKey>" ED25519 " x</publicKey></item></keySet>")),
     .count = 1, .label = "ops", .extra = "fingerprint_of", .value = "sha256 of the public key"},
    {ROW("a key that is not there", KEY_GET), .args = {"id", "ops"},
     .exchanges = AT(OK("DescribeKeyPairs", "", "<keySet/>")), .code = NUBE_E_NOT_FOUND},
    {ROW("a key is made", KEY_CREATE), .args = {"name", "ops", "type", "ed25519"},
     .exchanges = AT(OK("CreateKeyPair", "&KeyName=ops&KeyType=ed25519",
                        "<keyName>ops</keyName><keyFingerprint>AAAA=</keyFingerprint><keyMaterial>"
                        "-----BEGIN X-----\nabc\n-----END X-----</keyMaterial>")),
     .count = 1, .label = "ops"},
    {ROW("a key is imported", KEY_IMPORT), .args = {"name", "ops", "public_key", "ssh-rsa AAAA x"},
     .exchanges = AT(OK("ImportKeyPair", "&KeyName=ops&PublicKeyMaterial=c3NoLXJzYSBBQUFBIHg%3D",
                        "<keyName>ops</keyName><keyFingerprint>00:11:22:33:44:55:66:77:88:99:aa:bb:"
                        "cc:dd:ee:ff</keyFingerprint>")),
     .count = 1, .label = "ops", .extra = "fingerprint_of",
     .value = "md5 of the public key in DER"},
    {ROW("a key is deleted", KEY_DELETE), .args = {"id", "ops"},
     .exchanges = AT(OK("DeleteKeyPair", "&KeyName=ops", TRUE_REPLY))},

    /* ---- Firewalls ---- */
    {ROW("firewalls, their rules sorted", FIREWALL_LIST),
     .exchanges =
         AT(OK("DescribeSecurityGroups", "&MaxResults=1000",
               "<securityGroupInfo><item><groupId>sg-1</groupId><groupName>web</groupName>"
               "<ipPermissions><item><ipProtocol>tcp</ipProtocol><fromPort>8000</fromPort><toPort>"
               "8080</toPort><ipRanges><item><cidrIp>0.0.0.0/0</cidrIp><description>all"
               "</description></item></ipRanges></item><item><ipProtocol>icmp</ipProtocol>"
               "<fromPort>-1</fromPort><toPort>-1</toPort><groups><item><groupId>sg-2</groupId>"
               "</item></groups></item></ipPermissions><ipPermissionsEgress><item><ipProtocol>-1"
               "</ipProtocol><ipv6Ranges><item><cidrIpv6>::/0</cidrIpv6></item></ipv6Ranges>"
               "</item></ipPermissionsEgress></item></securityGroupInfo>")),
     .count = 1, .id = "sg-1", .label = "web", .extra = "rule.2",
     .value = "in tcp 8000-8080 0.0.0.0/0 (all)"},
    {ROW("a firewall is made", FIREWALL_CREATE), .args = {"name", "web", "vpc", "vpc-1"},
     .exchanges = AT(OK("CreateSecurityGroup", "&GroupName=web&GroupDescription=web&VpcId=vpc-1",
                        "<return>true</return><groupId>sg-1</groupId>")),
     .count = 1, .id = "sg-1", .label = "web"},
    {ROW("a firewall is deleted", FIREWALL_DELETE), .args = {"id", "sg-1"},
     .exchanges = AT(OK("DeleteSecurityGroup", "&GroupId=sg-1", TRUE_REPLY))},
    {ROW("a rule is added", FIREWALL_RULE_ADD),
     .args = {"id", "sg-1", "port", "22", "peer", "10.0.0.0/8", "peer", "::/0", "peer", "sg-2"},
     .exchanges = AT(OK("AuthorizeSecurityGroupIngress",
                        "&GroupId=sg-1&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=22&"
                        "IpPermissions.1.ToPort=22&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0%2F8&"
                        "IpPermissions.1.Ipv6Ranges.1.CidrIpv6=%3A%3A%2F0&"
                        "IpPermissions.1.Groups.1.GroupId=sg-2",
                        TRUE_REPLY))},
    {ROW("a rule of a type of icmp, whatever its code, for a prefix list", FIREWALL_RULE_ADD),
     .args = {"id", "sg-1", "protocol", "icmp", "port", "8", "peer", "pl-1"},
     .exchanges = AT(OK("AuthorizeSecurityGroupIngress",
                        "|IpPermissions.1.FromPort=8&IpPermissions.1.ToPort=-1&"
                        "IpPermissions.1.PrefixListIds.1.PrefixListId=pl-1",
                        TRUE_REPLY))},
    {ROW("a rule is removed", FIREWALL_RULE_REMOVE),
     .args = {"id", "sg-1", "direction", "out", "protocol", "all", "peer", "0.0.0.0/0"},
     .exchanges = AT(OK("RevokeSecurityGroupEgress",
                        "&GroupId=sg-1&IpPermissions.1.IpProtocol=-1&"
                        "IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0%2F0",
                        TRUE_REPLY))},

    /* ---- Errors that need more than their code ---- */
    {ROW("AuthFailure names its possible causes", NODE_LIST),
     .exchanges = AT(
         REFUSED, {.method = "POST", .url = "/", .header = "Nube-End: connect no route"}, REFUSED),
     .code = NUBE_E_AUTH, .retryable = NUBE_NO + 2, .provider_code = "AuthFailure",
     .message = "region us-east-1 is not enabled"},
    {ROW("AuthFailure may be the clock", NODE_LIST),
     .exchanges = AT(
         REFUSED, {.method = "POST", .url = "/", .header = "Nube-End: connect no route"}, REFUSED),
     .code = NUBE_E_AUTH, .message = "this clock is wrong"},
    {ROW("AuthFailure to good credentials is no matter of them", NODE_LIST),
     .exchanges = AT(REFUSED,
                     XML(200, "https://sts.us-east-1.amazonaws.com/|Action=GetCallerIdentity",
                         "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:"
                         "user/me</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>"),
                     REFUSED),
     .code = NUBE_E_AUTH,
     .message = "the credentials are good (arn:aws:iam::1:user/me): region us-east-1"},
    {ROW("AuthFailure by a wrong secret", NODE_LIST),
     .exchanges = AT(REFUSED, BAD(403, "SignatureDoesNotMatch", "It does not match.")),
     .code = NUBE_E_AUTH, .message = "the secret is not that of this access key"},
    {ROW("AuthFailure by a clock that is off", NODE_LIST),
     .exchanges = AT(REFUSED, BAD(403, "SignatureDoesNotMatch",
                                  "Signature expired: 20261125T110003Z is now earlier than that")),
     .code = NUBE_E_AUTH, .message = "this machine's clock may be wrong"},
    {ROW("AuthFailure by a key that nobody has", NODE_LIST),
     .exchanges = AT(REFUSED, BAD(403, "InvalidClientTokenId", "It is invalid.")),
     .code = NUBE_E_AUTH, .message = "no such access key"},
    {ROW("AuthFailure by a region that is off", NODE_LIST),
     .exchanges = AT(REFUSED, BAD(403, "RegionDisabledException", "STS is not activated.")),
     .code = NUBE_E_FORBIDDEN, .message = "region us-east-1 is not enabled for the account"},
    {ROW("by a clock that is far off, the request is signed once more", NODE_LIST),
     .exchanges = AT({.method = "POST",
                      .url = "/",
                      .status = 401,
                      .type = TYPE,
                      .header = "Date: Sun, 06 Nov 1994 08:49:37 GMT",
                      .body = "<Response><Errors><Error><Code>AuthFailure</Code><Message>no"
                              "</Message></Error></Errors></Response>"},
                     OK("DescribeInstances", "|X-Amz-Date: 19941106T084", NONE)),
     .count = -1},
    {ROW("the sealed message of a refusal is not cut off in the error", NODE_START), ID1,
     .exchanges =
         AT(BAD(403, "UnauthorizedOperation",
                "You are not authorized. Encoded authorization failure message: "
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")),
     .code = NUBE_E_FORBIDDEN, .message = "decode-authorization-message"},
    {ROW("a dry run that would have worked is a success", RAW),
     .args = {"query", "Action=StartInstances", "query", "DryRun=true"},
     .exchanges = AT(BAD(412, "DryRunOperation", "Request would have succeeded"))},
    {ROW("the error form of the token service", RAW),
     .args = {"service", "sts", "query", "Action=GetCallerIdentity"},
     .exchanges = AT(XML(403, "Action=GetCallerIdentity&Version=2011-06-15",
                         "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidClientTokenId"
                         "</Code><Message>The security token is invalid.</Message></Error>"
                         "<RequestId>1</RequestId></ErrorResponse>")),
     .code = NUBE_E_AUTH, .provider_code = "InvalidClientTokenId", .message = "no such access key"},
    {ROW("a third form, and a code with the party at fault in front", NODE_START), ID1,
     .exchanges =
         AT(XML(400, NULL,
                "<ErrorResponse><Errors><Error><Code>Client.InvalidParameterValue</Code><Message>"
                "no</Message></Error></Errors><RequestID>1</RequestID></ErrorResponse>")),
     .code = NUBE_E_USAGE, .provider_code = "InvalidParameterValue"},
    {ROW("a server error without a word", NODE_LIST),
     .exchanges = AT({.method = "POST", .url = "/", .status = 503}), .code = NUBE_E_PROVIDER},
    {ROW("a throttle by status alone", NODE_LIST),
     .exchanges = AT({.method = "POST", .url = "/", .status = 509}), .code = NUBE_E_RATE},
};

const struct conformance ec2_conformance = {
    .driver = "ec2",
    .provider = "ec2",
    .options = options,
    .endpoint = "endpoint",
    .direct = (const char *const[]){NULL},
    .rows = rows,
    .count = sizeof(rows) / sizeof(*rows),
};
