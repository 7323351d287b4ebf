/* EC2's error codes: every one of the catalogue with its class, whether to try again, and what to
 * do. */
#include "conformance.h"

#define AT(...)                                                                                    \
    (const struct exchange[])                                                                      \
    {                                                                                              \
        __VA_ARGS__,                                                                               \
        {                                                                                          \
            .method = NULL                                                                         \
        }                                                                                          \
    }
#define BAD(status_, code_)                                                                        \
    {                                                                                              \
        .method = "POST", .url = "/", .status = status_, .type = "text/xml;charset=UTF-8",         \
        .body = "<?xml version='1.0' encoding='UTF-8'?>\n<Response><Errors><Error><Code>" code_    \
                "</Code><Message>It is so.</Message></Error></Errors><RequestID>9f-1</RequestID>"  \
                "</Response>"                                                                      \
    }
#define ROW(name_) .name = name_, .op = NUBE_OP_NODE_START, .args = {"id", "i-1"}

static const char *const options[] = {"key",    "AKIDEXAMPLE", "secret", "sEcReT",
                                      "region", "us-east-1",   NULL};

#define FAULT(code_, status_, class_, retry_, part_)                                               \
    {                                                                                              \
        ROW("error " code_), .exchanges = AT(BAD(status_, code_)), .code = NUBE_E_##class_,        \
                             .retryable = retry_ + 2, .provider_code = code_, .message = part_     \
    }
#define TWICE(code_, status_, part_)                                                               \
    {                                                                                              \
        ROW("error " code_ ", after new credentials"),                                             \
            .exchanges = AT(BAD(status_, code_), BAD(status_, code_)), .code = NUBE_E_AUTH,        \
            .provider_code = code_, .message = part_                                               \
    }

static const struct scenario rows[] = {
    FAULT("RequestLimitExceeded", 503, RATE, NUBE_YES, "fewer"),
    FAULT("Throttling", 400, RATE, NUBE_YES, "fewer"),
    FAULT("ThrottlingException", 400, RATE, NUBE_YES, "fewer"),
    FAULT("ThrottledException", 400, RATE, NUBE_YES, "fewer"),
    FAULT("RequestThrottled", 400, RATE, NUBE_YES, "fewer"),
    FAULT("RequestThrottledException", 400, RATE, NUBE_YES, "fewer"),
    FAULT("EC2ThrottledException", 503, RATE, NUBE_YES, "fewer"),
    FAULT("TooManyRequestsException", 429, RATE, NUBE_YES, "fewer"),
    FAULT("SlowDown", 503, RATE, NUBE_YES, "fewer"),
    FAULT("BandwidthLimitExceeded", 509, RATE, NUBE_YES, "fewer"),
    FAULT("PriorRequestNotComplete", 400, RATE, NUBE_YES, "fewer"),
    FAULT("TransactionInProgressException", 400, RATE, NUBE_YES, "fewer"),
    FAULT("LimitExceededException", 400, RATE, NUBE_YES, "fewer"),
    FAULT("ProvisionedThroughputExceededException", 400, RATE, NUBE_YES, "fewer"),
    FAULT("RequestTimeout", 400, PROVIDER, NUBE_YES, NULL),
    FAULT("RequestTimeoutException", 400, PROVIDER, NUBE_YES, NULL),
    FAULT("InternalError", 500, PROVIDER, NUBE_YES, NULL),
    FAULT("InternalFailure", 500, PROVIDER, NUBE_YES, NULL),
    FAULT("InternalServerError", 500, PROVIDER, NUBE_YES, NULL),
    FAULT("ServerInternal", 500, PROVIDER, NUBE_YES, NULL),
    FAULT("Unavailable", 503, PROVIDER, NUBE_YES, NULL),
    FAULT("ServiceUnavailable", 503, PROVIDER, NUBE_YES, NULL),
    FAULT("InsufficientInstanceCapacity", 500, PROVIDER, NUBE_NO, "another location"),
    FAULT("InsufficientHostCapacity", 500, PROVIDER, NUBE_NO, "another location"),
    FAULT("InsufficientCapacity", 500, PROVIDER, NUBE_NO, "another location"),
    FAULT("InsufficientReservedInstanceCapacity", 500, PROVIDER, NUBE_NO, "another location"),
    FAULT("InsufficientAddressCapacity", 500, PROVIDER, NUBE_NO, "another location"),
    FAULT("InsufficientVolumeCapacity", 500, PROVIDER, NUBE_NO, "another location"),
    FAULT("SpotMaxPriceTooLow", 400, PROVIDER, NUBE_NO, "spot_price"),
    FAULT("MissingAuthenticationToken", 403, AUTH, NUBE_NO, "set key and secret"),
    FAULT("InvalidClientTokenId", 403, AUTH, NUBE_NO, "no such access key"),
    FAULT("IncompleteSignature", 400, AUTH, NUBE_NO, NULL),
    FAULT("SignatureDoesNotMatch", 403, AUTH, NUBE_NO, "the secret is not"),
    FAULT("UnrecognizedClientException", 400, AUTH, NUBE_NO, "no such access key"),
    FAULT("InvalidSignatureException", 403, AUTH, NUBE_NO, "clock"),
    FAULT("RequestTimeTooSkewed", 403, AUTH, NUBE_NO, "clock"),
    FAULT("RequestInTheFuture", 400, AUTH, NUBE_NO, "clock"),
    TWICE("RequestExpired", 400, "clock"),
    TWICE("ExpiredToken", 403, "past its end"),
    TWICE("ExpiredTokenException", 400, "past its end"),
    FAULT("UnauthorizedOperation", 403, FORBIDDEN, NUBE_NO, "right"),
    FAULT("AccessDenied", 403, FORBIDDEN, NUBE_NO, "right"),
    FAULT("OptInRequired", 401, FORBIDDEN, NUBE_NO, "enable"),
    FAULT("PendingVerification", 400, FORBIDDEN, NUBE_NO, "try later"),
    FAULT("Blocked", 400, FORBIDDEN, NUBE_NO, "support"),
    FAULT("OperationNotPermitted", 400, FORBIDDEN, NUBE_NO, "unprotect"),
    FAULT("InvalidInstanceID.NotFound", 400, NOT_FOUND, NUBE_NO, NULL),
    FAULT("InvalidAMIID.NotFound", 400, NOT_FOUND, NUBE_NO, NULL),
    FAULT("InvalidKeyPair.NotFound", 400, NOT_FOUND, NUBE_NO, NULL),
    FAULT("InvalidGroup.NotFound", 400, NOT_FOUND, NUBE_NO, NULL),
    FAULT("InvalidVolume.NotFound", 400, NOT_FOUND, NUBE_NO, NULL),
    FAULT("InvalidSnapshot.NotFound", 400, NOT_FOUND, NUBE_NO, NULL),
    FAULT("InvalidAllocationID.NotFound", 400, NOT_FOUND, NUBE_NO, NULL),
    FAULT("InvalidAssociationID.NotFound", 400, NOT_FOUND, NUBE_NO, NULL),
    FAULT("InvalidAddress.NotFound", 400, NOT_FOUND, NUBE_NO, NULL),
    FAULT("InvalidSubnetID.NotFound", 400, NOT_FOUND, NUBE_NO, NULL),
    FAULT("InvalidVpcID.NotFound", 400, NOT_FOUND, NUBE_NO, NULL),
    FAULT("InvalidAttachment.NotFound", 400, NOT_FOUND, NUBE_NO, NULL),
    FAULT("InvalidNetworkInterfaceID.NotFound", 400, NOT_FOUND, NUBE_NO, NULL),
    FAULT("InvalidPermission.NotFound", 400, NOT_FOUND, NUBE_NO, NULL),
    FAULT("InvalidZone.NotFound", 400, NOT_FOUND, NUBE_NO, NULL),
    FAULT("InvalidSecurityGroupRuleId.NotFound", 400, NOT_FOUND, NUBE_NO, NULL),
    FAULT("InvalidInstanceID.Malformed", 400, USAGE, NUBE_NO, NULL),
    FAULT("InvalidAMIID.Malformed", 400, USAGE, NUBE_NO, NULL),
    FAULT("InvalidGroupId.Malformed", 400, USAGE, NUBE_NO, NULL),
    FAULT("InvalidUserData.Malformed", 400, USAGE, NUBE_NO, NULL),
    FAULT("InvalidAMIName.Malformed", 400, USAGE, NUBE_NO, NULL),
    FAULT("InvalidParameter", 400, USAGE, NUBE_NO, NULL),
    FAULT("InvalidParameterValue", 400, USAGE, NUBE_NO, NULL),
    FAULT("InvalidParameterCombination", 400, USAGE, NUBE_NO, NULL),
    FAULT("InvalidParameterDependency", 400, USAGE, NUBE_NO, NULL),
    FAULT("MissingParameter", 400, USAGE, NUBE_NO, NULL),
    FAULT("MissingAction", 400, USAGE, NUBE_NO, NULL),
    FAULT("MissingInput", 400, USAGE, NUBE_NO, NULL),
    FAULT("UnknownParameter", 400, USAGE, NUBE_NO, NULL),
    FAULT("InvalidAction", 400, USAGE, NUBE_NO, NULL),
    FAULT("InvalidCharacter", 400, USAGE, NUBE_NO, NULL),
    FAULT("InvalidQueryParameter", 400, USAGE, NUBE_NO, NULL),
    FAULT("MalformedQueryString", 400, USAGE, NUBE_NO, NULL),
    FAULT("InvalidPaginationToken", 400, USAGE, NUBE_NO, NULL),
    FAULT("InvalidNextToken", 400, USAGE, NUBE_NO, NULL),
    FAULT("InvalidFilter", 400, USAGE, NUBE_NO, NULL),
    FAULT("InvalidInstanceType", 400, USAGE, NUBE_NO, NULL),
    FAULT("InvalidBlockDeviceMapping", 400, USAGE, NUBE_NO, NULL),
    FAULT("InvalidKeyPair.Format", 400, USAGE, NUBE_NO, "ED25519"),
    FAULT("ValidationError", 400, USAGE, NUBE_NO, NULL),
    FAULT("MalformedPolicyDocument", 400, USAGE, NUBE_NO, NULL),
    FAULT("PackedPolicyTooLarge", 400, USAGE, NUBE_NO, NULL),
    FAULT("IncorrectInstanceState", 400, STATE, NUBE_NO, NULL),
    FAULT("IncorrectState", 400, STATE, NUBE_NO, NULL),
    FAULT("InvalidState", 400, STATE, NUBE_NO, NULL),
    FAULT("UnsupportedOperation", 400, STATE, NUBE_NO, NULL),
    FAULT("UnsupportedInstanceAttribute", 400, STATE, NUBE_NO, NULL),
    FAULT("UnsupportedHibernationConfiguration", 400, STATE, NUBE_NO, NULL),
    FAULT("InvalidAMIID.Unavailable", 400, STATE, NUBE_NO, "not ready"),
    FAULT("Unsupported", 400, CONFLICT, NUBE_NO, "another location"),
    FAULT("InvalidKeyPair.Duplicate", 400, CONFLICT, NUBE_NO, NULL),
    FAULT("InvalidGroup.Duplicate", 400, CONFLICT, NUBE_NO, NULL),
    FAULT("InvalidPermission.Duplicate", 400, CONFLICT, NUBE_NO, NULL),
    FAULT("InvalidAMIName.Duplicate", 400, CONFLICT, NUBE_NO, NULL),
    FAULT("InvalidGroup.InUse", 400, CONFLICT, NUBE_NO, "still uses it"),
    FAULT("InvalidSnapshot.InUse", 400, CONFLICT, NUBE_NO, "still uses it"),
    FAULT("InvalidIPAddress.InUse", 400, CONFLICT, NUBE_NO, "still uses it"),
    FAULT("VolumeInUse", 400, CONFLICT, NUBE_NO, "still uses it"),
    FAULT("DependencyViolation", 400, CONFLICT, NUBE_NO, "still uses it"),
    FAULT("Resource.AlreadyAssociated", 400, CONFLICT, NUBE_NO, NULL),
    FAULT("DefaultVpcDoesNotExist", 400, CONFLICT, NUBE_NO, "subnet"),
    FAULT("VPCIdNotSpecified", 400, CONFLICT, NUBE_NO, "subnet"),
    FAULT("VcpuLimitExceeded", 400, QUOTA, NUBE_NO, "raise the limit"),
    FAULT("InstanceLimitExceeded", 400, QUOTA, NUBE_NO, "raise the limit"),
    FAULT("AddressLimitExceeded", 400, QUOTA, NUBE_NO, "raise the limit"),
    FAULT("VolumeLimitExceeded", 400, QUOTA, NUBE_NO, "raise the limit"),
    FAULT("SnapshotLimitExceeded", 400, QUOTA, NUBE_NO, "raise the limit"),
    FAULT("ConcurrentSnapshotLimitExceeded", 400, QUOTA, NUBE_NO, "raise the limit"),
    FAULT("AttachmentLimitExceeded", 400, QUOTA, NUBE_NO, "raise the limit"),
    FAULT("SecurityGroupLimitExceeded", 400, QUOTA, NUBE_NO, "raise the limit"),
    FAULT("RulesPerSecurityGroupLimitExceeded", 400, QUOTA, NUBE_NO, "raise the limit"),
    FAULT("SecurityGroupsPerInstanceLimitExceeded", 400, QUOTA, NUBE_NO, "raise the limit"),
    FAULT("TagLimitExceeded", 400, QUOTA, NUBE_NO, "raise the limit"),
    FAULT("MaxSpotInstanceCountExceeded", 400, QUOTA, NUBE_NO, "raise the limit"),
    FAULT("MaxIOPSLimitExceeded", 400, QUOTA, NUBE_NO, "raise the limit"),
    FAULT("ResourceLimitExceeded", 400, QUOTA, NUBE_NO, "raise the limit"),
    FAULT("SnapshotCreationPerVolumeRateExceeded", 400, QUOTA, NUBE_YES, "15 seconds"),
    FAULT("IdempotentParameterMismatch", 400, CONFLICT, NUBE_NO, "another client_token"),
    FAULT("IdempotentInstanceTerminated", 400, CONFLICT, NUBE_NO, "use another"),
    FAULT("RegionDisabledException", 403, FORBIDDEN, NUBE_NO, "enable"),
    FAULT("IDPRejectedClaim", 403, AUTH, NUBE_NO, "identity provider"),
    FAULT("IDPCommunicationError", 400, PROVIDER, NUBE_YES, NULL),
    FAULT("InvalidIdentityToken", 400, AUTH, NUBE_NO, "web identity"),
    FAULT("SomethingNew", 400, USAGE, NUBE_UNKNOWN, "It is so"),
};

const struct conformance ec2_errors_conformance = {
    .driver = "ec2",
    .provider = "ec2",
    .options = options,
    .rows = rows,
    .count = sizeof(rows) / sizeof(*rows),
    .part = 1,
};
