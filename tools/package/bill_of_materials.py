"""Software bill of materials of a deployment, in CycloneDX."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseAcknowledgement, LicenseExpression
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from tools.package.licences import READINGS
from tools.package.release import Release
from tools.package.requirements import Package, Requirements

SCHEMA = SchemaVersion.V1_6


def bill_of_materials(
    release: Release, archive: bytes, requirements: Requirements, licences: Mapping[str, str]
) -> str:
    """Return the bill of one package, the same text for the same package.

    Packages are told by version, not by hash: which file is installed depends on the platform that
    installs it. The package itself has its hash, from which the bill's number is made.

    Args:
        release: what was packed
        archive: the zip
        requirements: what is installed beside it
        licences: the licence of every requirement, by its name

    """
    digest = hashlib.sha256(archive).hexdigest()
    app = Component(
        name="qjobs",
        version=release.version,
        type=ComponentType.APPLICATION,
        bom_ref="qjobs",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
    )
    components = {one.name: _component(one, licences) for one in requirements.packages}
    bom = Bom(
        serial_number=uuid.uuid5(uuid.NAMESPACE_OID, digest),
        metadata=BomMetaData(component=app, timestamp=release.moment),
        components=components.values(),
    )
    bom.register_dependency(app, [components[name] for name in requirements.wanted])
    for one in requirements.packages:
        bom.register_dependency(components[one.name], [components[name] for name in one.needs])
    return make_outputter(bom, OutputFormat.JSON, SCHEMA).output_as_string(indent=2) + "\n"


def _component(package: Package, licences: Mapping[str, str]) -> Component:
    purl = PackageURL("pypi", name=package.name, version=package.version)
    by_hand = package.name in READINGS
    return Component(
        name=package.name,
        version=package.version,
        purl=purl,
        bom_ref=str(purl),
        licenses=[
            LicenseExpression(
                licences[package.name],
                acknowledgement=LicenseAcknowledgement.CONCLUDED
                if by_hand
                else LicenseAcknowledgement.DECLARED,
            )
        ],
    )
