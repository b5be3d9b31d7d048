from __future__ import annotations

from qjobs import bootstrap
from qjobs.bootstrap import AzurePorts, Services


def test_routes_and_services_share_one_catalogue(services: Services) -> None:
    """The files of an algorithm are read and its schemas compiled once in a process."""
    assert AzurePorts(services.settings).catalogue is bootstrap.catalogue()
