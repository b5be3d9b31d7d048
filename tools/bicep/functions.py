"""Signatures of the functions and decorators of Bicep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_SIGNATURES = """
    any *
    array *
    base64 string
    base64ToJson string
    base64ToString string
    bool *
    buildUri *
    cidrHost string int
    cidrSubnet string int int
    concat * *...
    contains string|array|object *
    dataUri *
    dataUriToString string
    dateTimeAdd string string string?
    dateTimeFromEpoch int
    dateTimeToEpoch string
    deployer
    deployment
    empty string|array|object|null
    endsWith string string
    environment
    extensionResourceId string string string...
    fail string
    filter array =>2:bool
    first string|array
    flatten array
    format string *...
    groupBy array =>2:string
    guid string string...
    indexOf string|array *
    int string|int
    intersection array|object array|object...
    items object
    join array string
    json string
    last string|array
    lastIndexOf string|array *
    length string|array|object
    loadDirectoryFileInfo string string?
    loadFileAsBase64 string
    loadJsonContent string string? string?
    loadTextContent string string?
    loadYamlContent string string? string?
    managementGroup *...
    managementGroupResourceId string string...
    map array =>2
    mapValues object =>1
    max * *...
    min * *...
    nameof *
    newGuid
    objectKeys object
    padLeft string|int int string?
    parseCidr string
    parseUri string
    pickZones string string string int? int?
    providers string string?
    range int int
    reduce array * =>3
    reference string string? string?
    replace string string string
    resourceGroup string? string?
    resourceId string string...
    shallowMerge array
    skip string|array int
    sort array =>2:bool
    split string string|array
    startsWith string string
    string *
    subscription string?
    subscriptionResourceId string string...
    substring string int int?
    take string|array int
    tenant
    tenantResourceId string string...
    toLogicalZone string string string
    toLogicalZones string string array
    toLower string
    toObject array =>1:string =>1?
    toPhysicalZone string string string
    toPhysicalZones string string array
    toUpper string
    trim string
    union array|object array|object...
    uniqueString string string...
    uri string string
    uriComponent string
    uriComponentToString string
    utcNow string?
"""

ANYTHING = "*"


@dataclass(frozen=True, slots=True)
class Argument:
    """A parameter of a function."""

    kinds: frozenset[str]
    """`*` for anything; of a lambda, what it has to return."""
    names: int = 0
    """How many names a lambda has at most; 0 where no lambda is taken."""
    optional: bool = False
    repeated: bool = False
    """Whether any number of these may follow, also none."""


def _argument(text: str) -> Argument:
    optional, repeated = text.endswith("?"), text.endswith("...")
    plain = text.removesuffix("...").removesuffix("?")
    if plain.startswith("=>"):
        count, _, kind = plain[2:].partition(":")
        return Argument(frozenset({kind or ANYTHING}), int(count), optional, repeated)
    return Argument(frozenset(plain.split("|")), 0, optional, repeated)


FUNCTIONS: Mapping[str, tuple[Argument, ...]] = {
    name: tuple(map(_argument, arguments))
    for name, *arguments in (line.split() for line in _SIGNATURES.strip().splitlines())
}
"""What each function takes, by its name."""

DECORATORS: Mapping[str, frozenset[str]] = {
    name: frozenset(places.split())
    for name, places in {
        "allowed": "param",
        "batchSize": "resource module",
        "description": "param var output resource module metadata",
        "discriminator": "param output",
        "export": "var",
        "maxLength": "param output",
        "maxValue": "param output",
        "metadata": "param output",
        "minLength": "param output",
        "minValue": "param output",
        "nullIfNotFound": "resource",
        "onlyIfNotExists": "resource",
        "retryOn": "resource",
        "sealed": "param output",
        "secure": "param output",
    }.items()
}
"""What each decorator may stand before."""

LIMITED: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("minLength", "maxLength"), frozenset({"string", "array"})),
    **dict.fromkeys(("minValue", "maxValue"), frozenset({"int"})),
    "secure": frozenset({"string", "object"}),
}
"""The kinds that some decorators are for."""
