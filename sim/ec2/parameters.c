/* What each action takes, from the service model of botocore 1.43.11 (Apache-2.0).
 *
 * A word is a name with N for an index; then * for required, # for a number, ? for a boolean,
 * @ for base64, = for one of the words after it. */
#include <stdlib.h>
#include <string.h>

#include "ec2.h"

static const struct row {
    const char *action, *words;
} rows[] = {
    {"AllocateAddress",
     "Domain=vpc|standard Address PublicIpv4Pool NetworkBorderGroup CustomerOwnedIpv4Pool "
     "TagSpecification.N.ResourceType TagSpecification.N.Tag.N.Key "
     "TagSpecification.N.Tag.N.Value IpamPoolId DryRun?"},
    {"AssociateAddress",
     "AllocationId InstanceId PublicIp DryRun? NetworkInterfaceId PrivateIpAddress "
     "AllowReassociation?"},
    {"AssumeRole",
     "RoleArn* RoleSessionName* DurationSeconds# ExternalId SerialNumber TokenCode Policy "
     "PolicyArns.member.N.arn Tags.member.N.Key Tags.member.N.Value "
     "TransitiveTagKeys.member.N SourceIdentity TransitiveTagKeys Tags PolicyArns"},
    {"AssumeRoleWithWebIdentity", "RoleArn* RoleSessionName* WebIdentityToken* ProviderId Policy "
                                  "PolicyArns.member.N.arn DurationSeconds#"},
    {"AttachVolume", "Device* InstanceId* VolumeId* EbsCardIndex# DryRun?"},
    {"AuthorizeSecurityGroupEgress",
     "TagSpecification.N.ResourceType TagSpecification.N.Tag.N.Key "
     "TagSpecification.N.Tag.N.Value DryRun? GroupId* SourceSecurityGroupName "
     "SourceSecurityGroupOwnerId IpProtocol FromPort# ToPort# CidrIp "
     "IpPermissions.N.IpProtocol IpPermissions.N.FromPort# IpPermissions.N.ToPort# "
     "IpPermissions.N.Groups.N.Description IpPermissions.N.Groups.N.UserId "
     "IpPermissions.N.Groups.N.GroupName IpPermissions.N.Groups.N.GroupId "
     "IpPermissions.N.Groups.N.VpcId IpPermissions.N.Groups.N.VpcPeeringConnectionId "
     "IpPermissions.N.Groups.N.PeeringStatus IpPermissions.N.IpRanges.N.Description "
     "IpPermissions.N.IpRanges.N.CidrIp IpPermissions.N.Ipv6Ranges.N.Description "
     "IpPermissions.N.Ipv6Ranges.N.CidrIpv6 IpPermissions.N.PrefixListIds.N.Description "
     "IpPermissions.N.PrefixListIds.N.PrefixListId"},
    {"AuthorizeSecurityGroupIngress",
     "CidrIp FromPort# GroupId GroupName IpPermissions.N.IpProtocol "
     "IpPermissions.N.FromPort# IpPermissions.N.ToPort# "
     "IpPermissions.N.Groups.N.Description IpPermissions.N.Groups.N.UserId "
     "IpPermissions.N.Groups.N.GroupName IpPermissions.N.Groups.N.GroupId "
     "IpPermissions.N.Groups.N.VpcId IpPermissions.N.Groups.N.VpcPeeringConnectionId "
     "IpPermissions.N.Groups.N.PeeringStatus IpPermissions.N.IpRanges.N.Description "
     "IpPermissions.N.IpRanges.N.CidrIp IpPermissions.N.Ipv6Ranges.N.Description "
     "IpPermissions.N.Ipv6Ranges.N.CidrIpv6 IpPermissions.N.PrefixListIds.N.Description "
     "IpPermissions.N.PrefixListIds.N.PrefixListId IpProtocol SourceSecurityGroupName "
     "SourceSecurityGroupOwnerId ToPort# TagSpecification.N.ResourceType "
     "TagSpecification.N.Tag.N.Key TagSpecification.N.Tag.N.Value DryRun?"},
    {"CopyImage", "ClientToken Description Encrypted? KmsKeyId Name* SourceImageId* SourceRegion* "
                  "DestinationOutpostArn CopyImageTags? TagSpecification.N.ResourceType "
                  "TagSpecification.N.Tag.N.Key TagSpecification.N.Tag.N.Value "
                  "SnapshotCopyCompletionDurationMinutes# DestinationAvailabilityZone "
                  "DestinationAvailabilityZoneId DryRun?"},
    {"CreateImage",
     "TagSpecification.N.ResourceType TagSpecification.N.Tag.N.Key "
     "TagSpecification.N.Tag.N.Value SnapshotLocation=regional|local DryRun? InstanceId* "
     "Name* Description NoReboot? BlockDeviceMapping.N.Ebs.DeleteOnTermination? "
     "BlockDeviceMapping.N.Ebs.Iops# BlockDeviceMapping.N.Ebs.SnapshotId "
     "BlockDeviceMapping.N.Ebs.VolumeSize# BlockDeviceMapping.N.Ebs.VolumeType "
     "BlockDeviceMapping.N.Ebs.KmsKeyId BlockDeviceMapping.N.Ebs.Throughput# "
     "BlockDeviceMapping.N.Ebs.OutpostArn BlockDeviceMapping.N.Ebs.AvailabilityZone "
     "BlockDeviceMapping.N.Ebs.Encrypted? "
     "BlockDeviceMapping.N.Ebs.VolumeInitializationRate# "
     "BlockDeviceMapping.N.Ebs.AvailabilityZoneId BlockDeviceMapping.N.Ebs.EbsCardIndex# "
     "BlockDeviceMapping.N.NoDevice BlockDeviceMapping.N.DeviceName "
     "BlockDeviceMapping.N.VirtualName"},
    {"CreateKeyPair",
     "KeyName* KeyType=rsa|ed25519 TagSpecification.N.ResourceType "
     "TagSpecification.N.Tag.N.Key TagSpecification.N.Tag.N.Value KeyFormat=pem|ppk "
     "DryRun?"},
    {"CreateSecurityGroup", "GroupDescription* GroupName* VpcId TagSpecification.N.ResourceType "
                            "TagSpecification.N.Tag.N.Key TagSpecification.N.Tag.N.Value DryRun?"},
    {"CreateSnapshot",
     "Description OutpostArn VolumeId* TagSpecification.N.ResourceType "
     "TagSpecification.N.Tag.N.Key TagSpecification.N.Tag.N.Value Location=regional|local "
     "DryRun?"},
    {"CreateTags", "DryRun? ResourceId.N Tag.N.Key Tag.N.Value"},
    {"CreateVolume",
     "AvailabilityZone AvailabilityZoneId Encrypted? Iops# KmsKeyId OutpostArn Size# "
     "SnapshotId VolumeType TagSpecification.N.ResourceType TagSpecification.N.Tag.N.Key "
     "TagSpecification.N.Tag.N.Value MultiAttachEnabled? Throughput# ClientToken "
     "VolumeInitializationRate# Operator.Principal DryRun?"},
    {"DeleteKeyPair", "KeyName KeyPairId DryRun?"},
    {"DeleteSecurityGroup", "GroupId GroupName DryRun?"},
    {"DeleteSnapshot", "SnapshotId* DryRun?"},
    {"DeleteTags", "DryRun? ResourceId.N Tag.N.Key Tag.N.Value"},
    {"DeleteVolume", "VolumeId* DryRun?"},
    {"DeregisterImage", "ImageId* DeleteAssociatedSnapshots? DryRun?"},
    {"DescribeAccountAttributes", "DryRun? AttributeName.N"},
    {"DescribeAddresses", "PublicIp.N DryRun? Filter.N.Name Filter.N.Value.N AllocationId.N"},
    {"DescribeAvailabilityZones",
     "ZoneName.N ZoneId.N AllAvailabilityZones? DryRun? Filter.N.Name Filter.N.Value.N"},
    {"DescribeImages",
     "ExecutableBy.N ImageId.N Owner.N IncludeDeprecated? IncludeDisabled? MaxResults# "
     "NextToken DryRun? Filter.N.Name Filter.N.Value.N"},
    {"DescribeInstanceAttribute", "DryRun? InstanceId* Attribute*"},
    {"DescribeInstanceStatus",
     "InstanceId.N MaxResults# NextToken IncludeManagedResources? DryRun? Filter.N.Name "
     "Filter.N.Value.N IncludeAllInstances?"},
    {"DescribeInstanceTypeOfferings",
     "DryRun? LocationType=region|availability-zone|availability-zone-id|outpost "
     "Filter.N.Name Filter.N.Value.N MaxResults# NextToken"},
    {"DescribeInstanceTypes",
     "DryRun? InstanceType.N Filter.N.Name Filter.N.Value.N MaxResults# NextToken "
     "IncludeUnsupportedInRegion?"},
    {"DescribeInstances",
     "InstanceId.N IncludeManagedResources? DryRun? Filter.N.Name Filter.N.Value.N "
     "NextToken MaxResults#"},
    {"DescribeKeyPairs",
     "KeyName.N KeyPairId.N IncludePublicKey? DryRun? Filter.N.Name Filter.N.Value.N"},
    {"DescribeRegions", "RegionName.N AllRegions? DryRun? Filter.N.Name Filter.N.Value.N"},
    {"DescribeSecurityGroups",
     "GroupId.N GroupName.N NextToken MaxResults# DryRun? Filter.N.Name Filter.N.Value.N"},
    {"DescribeSnapshots",
     "MaxResults# NextToken Owner.N RestorableBy.N SnapshotId.N DryRun? Filter.N.Name "
     "Filter.N.Value.N"},
    {"DescribeSubnets", "Filter.N.Name Filter.N.Value.N SubnetId.N NextToken MaxResults# DryRun?"},
    {"DescribeTags", "DryRun? Filter.N.Name Filter.N.Value.N MaxResults# NextToken"},
    {"DescribeVolumes",
     "VolumeId.N IncludeManagedResources? DryRun? Filter.N.Name Filter.N.Value.N NextToken "
     "MaxResults#"},
    {"DescribeVpcs", "Filter.N.Name Filter.N.Value.N VpcId.N NextToken MaxResults# DryRun?"},
    {"DetachVolume", "Device Force? InstanceId VolumeId* DryRun?"},
    {"DisassociateAddress", "AssociationId PublicIp DryRun?"},
    {"GetCallerIdentity", ""},
    {"GetConsoleOutput", "InstanceId* Latest? DryRun?"},
    {"GetPasswordData", "InstanceId* DryRun?"},
    {"GetSessionToken", "DurationSeconds# SerialNumber TokenCode"},
    {"ImportKeyPair", "TagSpecification.N.ResourceType TagSpecification.N.Tag.N.Key "
                      "TagSpecification.N.Tag.N.Value DryRun? KeyName* PublicKeyMaterial*@"},
    {"ModifyImageAttribute",
     "Attribute Description.Value ImageId* LaunchPermission.Add.N.OrganizationArn "
     "LaunchPermission.Add.N.OrganizationalUnitArn LaunchPermission.Add.N.UserId "
     "LaunchPermission.Add.N.Group=all LaunchPermission.Remove.N.OrganizationArn "
     "LaunchPermission.Remove.N.OrganizationalUnitArn LaunchPermission.Remove.N.UserId "
     "LaunchPermission.Remove.N.Group=all OperationType=add|remove ProductCode.N "
     "UserGroup.N UserId.N Value OrganizationArn.N OrganizationalUnitArn.N "
     "ImdsSupport.Value DryRun?"},
    {"ModifyInstanceAttribute",
     "SourceDestCheck.Value? DisableApiStop.Value? DryRun? InstanceId* Attribute Value "
     "BlockDeviceMapping.N.DeviceName BlockDeviceMapping.N.Ebs.VolumeId "
     "BlockDeviceMapping.N.Ebs.DeleteOnTermination? BlockDeviceMapping.N.VirtualName "
     "BlockDeviceMapping.N.NoDevice DisableApiTermination.Value? InstanceType.Value "
     "Kernel.Value Ramdisk.Value UserData.Value@ InstanceInitiatedShutdownBehavior.Value "
     "GroupId.N EbsOptimized.Value? SriovNetSupport.Value EnaSupport.Value?"},
    {"MonitorInstances", "InstanceId.N DryRun?"},
    {"RebootInstances", "InstanceId.N DryRun?"},
    {"RegisterImage",
     "ImageLocation BillingProduct.N BootMode=legacy-bios|uefi|uefi-preferred "
     "TpmSupport=v2.0 UefiData ImdsSupport=v2.0 TagSpecification.N.ResourceType "
     "TagSpecification.N.Tag.N.Key TagSpecification.N.Tag.N.Value DryRun? Name* "
     "Description Architecture=i386|x86_64|arm64|x86_64_mac|arm64_mac KernelId RamdiskId "
     "RootDeviceName BlockDeviceMapping.N.Ebs.DeleteOnTermination? "
     "BlockDeviceMapping.N.Ebs.Iops# BlockDeviceMapping.N.Ebs.SnapshotId "
     "BlockDeviceMapping.N.Ebs.VolumeSize# BlockDeviceMapping.N.Ebs.VolumeType "
     "BlockDeviceMapping.N.Ebs.KmsKeyId BlockDeviceMapping.N.Ebs.Throughput# "
     "BlockDeviceMapping.N.Ebs.OutpostArn BlockDeviceMapping.N.Ebs.AvailabilityZone "
     "BlockDeviceMapping.N.Ebs.Encrypted? "
     "BlockDeviceMapping.N.Ebs.VolumeInitializationRate# "
     "BlockDeviceMapping.N.Ebs.AvailabilityZoneId BlockDeviceMapping.N.Ebs.EbsCardIndex# "
     "BlockDeviceMapping.N.NoDevice BlockDeviceMapping.N.DeviceName "
     "BlockDeviceMapping.N.VirtualName VirtualizationType SriovNetSupport EnaSupport?"},
    {"ReleaseAddress", "AllocationId PublicIp NetworkBorderGroup DryRun?"},
    {"RevokeSecurityGroupEgress",
     "SecurityGroupRuleId.N DryRun? GroupId* SourceSecurityGroupName "
     "SourceSecurityGroupOwnerId IpProtocol FromPort# ToPort# CidrIp "
     "IpPermissions.N.IpProtocol IpPermissions.N.FromPort# IpPermissions.N.ToPort# "
     "IpPermissions.N.Groups.N.Description IpPermissions.N.Groups.N.UserId "
     "IpPermissions.N.Groups.N.GroupName IpPermissions.N.Groups.N.GroupId "
     "IpPermissions.N.Groups.N.VpcId IpPermissions.N.Groups.N.VpcPeeringConnectionId "
     "IpPermissions.N.Groups.N.PeeringStatus IpPermissions.N.IpRanges.N.Description "
     "IpPermissions.N.IpRanges.N.CidrIp IpPermissions.N.Ipv6Ranges.N.Description "
     "IpPermissions.N.Ipv6Ranges.N.CidrIpv6 IpPermissions.N.PrefixListIds.N.Description "
     "IpPermissions.N.PrefixListIds.N.PrefixListId"},
    {"RevokeSecurityGroupIngress",
     "CidrIp FromPort# GroupId GroupName IpPermissions.N.IpProtocol "
     "IpPermissions.N.FromPort# IpPermissions.N.ToPort# "
     "IpPermissions.N.Groups.N.Description IpPermissions.N.Groups.N.UserId "
     "IpPermissions.N.Groups.N.GroupName IpPermissions.N.Groups.N.GroupId "
     "IpPermissions.N.Groups.N.VpcId IpPermissions.N.Groups.N.VpcPeeringConnectionId "
     "IpPermissions.N.Groups.N.PeeringStatus IpPermissions.N.IpRanges.N.Description "
     "IpPermissions.N.IpRanges.N.CidrIp IpPermissions.N.Ipv6Ranges.N.Description "
     "IpPermissions.N.Ipv6Ranges.N.CidrIpv6 IpPermissions.N.PrefixListIds.N.Description "
     "IpPermissions.N.PrefixListIds.N.PrefixListId IpProtocol SourceSecurityGroupName "
     "SourceSecurityGroupOwnerId ToPort# SecurityGroupRuleId.N DryRun?"},
    {"RunInstances",
     "BlockDeviceMapping.N.Ebs.DeleteOnTermination? BlockDeviceMapping.N.Ebs.Iops# "
     "BlockDeviceMapping.N.Ebs.SnapshotId BlockDeviceMapping.N.Ebs.VolumeSize# "
     "BlockDeviceMapping.N.Ebs.VolumeType BlockDeviceMapping.N.Ebs.KmsKeyId "
     "BlockDeviceMapping.N.Ebs.Throughput# BlockDeviceMapping.N.Ebs.OutpostArn "
     "BlockDeviceMapping.N.Ebs.AvailabilityZone BlockDeviceMapping.N.Ebs.Encrypted? "
     "BlockDeviceMapping.N.Ebs.VolumeInitializationRate# "
     "BlockDeviceMapping.N.Ebs.AvailabilityZoneId BlockDeviceMapping.N.Ebs.EbsCardIndex# "
     "BlockDeviceMapping.N.NoDevice BlockDeviceMapping.N.DeviceName "
     "BlockDeviceMapping.N.VirtualName ImageId InstanceType Ipv6AddressCount# "
     "Ipv6Address.N.Ipv6Address Ipv6Address.N.IsPrimaryIpv6? KernelId KeyName MaxCount*# "
     "MinCount*# Monitoring.Enabled? Placement.AvailabilityZoneId Placement.Affinity "
     "Placement.GroupName Placement.PartitionNumber# Placement.HostId "
     "Placement.Tenancy=default|dedicated|host Placement.SpreadDomain "
     "Placement.HostResourceGroupArn Placement.GroupId Placement.AvailabilityZone "
     "RamdiskId SecurityGroupId.N SecurityGroup.N SubnetId UserData "
     "ElasticGpuSpecification.N.Type ElasticInferenceAccelerator.N.Type "
     "ElasticInferenceAccelerator.N.Count# TagSpecification.N.ResourceType "
     "TagSpecification.N.Tag.N.Key TagSpecification.N.Tag.N.Value "
     "LaunchTemplate.LaunchTemplateId LaunchTemplate.LaunchTemplateName "
     "LaunchTemplate.Version "
     "InstanceMarketOptions.MarketType=spot|capacity-block|interruptible-capacity-reservation "
     "InstanceMarketOptions.SpotOptions.MaxPrice "
     "InstanceMarketOptions.SpotOptions.SpotInstanceType=one-time|persistent "
     "InstanceMarketOptions.SpotOptions.BlockDurationMinutes# "
     "InstanceMarketOptions.SpotOptions.ValidUntil "
     "InstanceMarketOptions.SpotOptions.InstanceInterruptionBehavior=hibernate|stop|terminate "
     "CreditSpecification.CpuCredits CpuOptions.CoreCount# CpuOptions.ThreadsPerCore# "
     "CpuOptions.AmdSevSnp=enabled|disabled "
     "CpuOptions.NestedVirtualization=enabled|disabled "
     "CapacityReservationSpecification.CapacityReservationPreference=capacity-reservations-only|"
     "open|none "
     "CapacityReservationSpecification.CapacityReservationTarget.CapacityReservationId "
     "CapacityReservationSpecification.CapacityReservationTarget."
     "CapacityReservationResourceGroupArn "
     "HibernationOptions.Configured? LicenseSpecification.N.LicenseConfigurationArn "
     "MetadataOptions.HttpTokens=optional|required "
     "MetadataOptions.HttpPutResponseHopLimit# "
     "MetadataOptions.HttpEndpoint=disabled|enabled "
     "MetadataOptions.HttpProtocolIpv6=disabled|enabled "
     "MetadataOptions.InstanceMetadataTags=disabled|enabled EnclaveOptions.Enabled? "
     "PrivateDnsNameOptions.HostnameType=ip-name|resource-name "
     "PrivateDnsNameOptions.EnableResourceNameDnsARecord? "
     "PrivateDnsNameOptions.EnableResourceNameDnsAAAARecord? "
     "MaintenanceOptions.AutoRecovery=disabled|default DisableApiStop? EnablePrimaryIpv6? "
     "NetworkPerformanceOptions.BandwidthWeighting=default|vpc-1|ebs-1 Operator.Principal "
     "SecondaryInterface.N.DeleteOnTermination? SecondaryInterface.N.DeviceIndex# "
     "SecondaryInterface.N.PrivateIpAddress.N.PrivateIpAddress "
     "SecondaryInterface.N.PrivateIpAddressCount# SecondaryInterface.N.SecondarySubnetId "
     "SecondaryInterface.N.InterfaceType=secondary SecondaryInterface.N.NetworkCardIndex# "
     "DryRun? DisableApiTermination? InstanceInitiatedShutdownBehavior=stop|terminate "
     "PrivateIpAddress ClientToken AdditionalInfo "
     "NetworkInterface.N.AssociatePublicIpAddress? NetworkInterface.N.DeleteOnTermination? "
     "NetworkInterface.N.Description NetworkInterface.N.DeviceIndex# "
     "NetworkInterface.N.SecurityGroupId.N NetworkInterface.N.Ipv6AddressCount# "
     "NetworkInterface.N.Ipv6Addresses.N.Ipv6Address "
     "NetworkInterface.N.Ipv6Addresses.N.IsPrimaryIpv6? "
     "NetworkInterface.N.NetworkInterfaceId NetworkInterface.N.PrivateIpAddress "
     "NetworkInterface.N.PrivateIpAddresses.N.Primary? "
     "NetworkInterface.N.PrivateIpAddresses.N.PrivateIpAddress "
     "NetworkInterface.N.SecondaryPrivateIpAddressCount# NetworkInterface.N.SubnetId "
     "NetworkInterface.N.AssociateCarrierIpAddress? NetworkInterface.N.InterfaceType "
     "NetworkInterface.N.NetworkCardIndex# NetworkInterface.N.Ipv4Prefix.N.Ipv4Prefix "
     "NetworkInterface.N.Ipv4PrefixCount# NetworkInterface.N.Ipv6Prefix.N.Ipv6Prefix "
     "NetworkInterface.N.Ipv6PrefixCount# NetworkInterface.N.PrimaryIpv6? "
     "NetworkInterface.N.EnaSrdSpecification.EnaSrdEnabled? "
     "NetworkInterface.N.EnaSrdSpecification.EnaSrdUdpSpecification.EnaSrdUdpEnabled? "
     "NetworkInterface.N.ConnectionTrackingSpecification.TcpEstablishedTimeout# "
     "NetworkInterface.N.ConnectionTrackingSpecification.UdpStreamTimeout# "
     "NetworkInterface.N.ConnectionTrackingSpecification.UdpTimeout# "
     "NetworkInterface.N.EnaQueueCount# IamInstanceProfile.Arn IamInstanceProfile.Name "
     "EbsOptimized?"},
    {"StartInstances", "InstanceId.N AdditionalInfo DryRun?"},
    {"StopInstances", "InstanceId.N Hibernate? SkipOsShutdown? DryRun? Force?"},
    {"TerminateInstances", "InstanceId.N Force? SkipOsShutdown? DryRun?"},
    {"UnmonitorInstances", "InstanceId.N DryRun?"},
};

static int by_action(const void *key, const void *row)
{
    return strcmp(key, ((const struct row *)row)->action);
}

const char *ec2_parameters(const char *action)
{
    const struct row *row =
        bsearch(action, rows, sizeof rows / sizeof *rows, sizeof *rows, by_action);
    return row ? row->words : NULL;
}
