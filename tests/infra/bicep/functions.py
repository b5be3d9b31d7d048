"""The functions and decorators of Bicep."""

from __future__ import annotations

_FUNCTIONS = """
    any array base64 base64ToJson base64ToString bool buildUri cidrHost cidrSubnet concat
    contains dataUri dataUriToString dateTimeAdd dateTimeFromEpoch dateTimeToEpoch deployer
    deployment empty endsWith environment extensionResourceId fail filter first flatten format
    groupBy guid indexOf int intersection items join json last lastIndexOf length
    loadDirectoryFileInfo loadFileAsBase64 loadJsonContent loadTextContent loadYamlContent
    managementGroup managementGroupResourceId map mapValues max min nameof newGuid objectKeys
    padLeft parseCidr parseUri pickZones providers range reduce reference replace
    resourceGroup resourceId shallowMerge skip sort split startsWith string subscription
    subscriptionResourceId substring take tenant tenantResourceId toLogicalZone toLogicalZones
    toLower toObject toPhysicalZone toPhysicalZones toUpper trim union uniqueString uri uriComponent
    uriComponentToString utcNow
"""

_DECORATORS = """
    allowed batchSize description discriminator export maxLength maxValue metadata minLength
    minValue nullIfNotFound onlyIfNotExists retryOn sealed secure
"""

FUNCTIONS = frozenset(_FUNCTIONS.split())
DECORATORS = frozenset(_DECORATORS.split())
