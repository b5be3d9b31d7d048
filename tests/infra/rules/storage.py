"""The containers and queues that the code uses are there before it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qjobs.domain.messages import Queue
from tests.infra.rules.settings import FUNCTIONS
from tools.bicep.deployed import deployed, layers_with
from tools.bicep.finding import Finding, Place
from tools.bicep.frames import Tree

_CONTAINER = re.compile(r'BlobContainer\(self\._storage, "([a-z-]+)"\)')
_ACCOUNT = "Microsoft.Storage/storageAccounts"


def check_storage(tree: Tree) -> Iterator[Finding]:
    """Yield containers and queues that no template makes."""
    code = (tree.root / "qjobs" / "azure_ports.py").read_text(encoding="utf-8")
    queues = {name for kind in Queue for name in (kind.value, f"{kind.value}-poison")}
    wanted = {
        f"{_ACCOUNT}/blobServices/containers": set(_CONTAINER.findall(code)),
        f"{_ACCOUNT}/queueServices/queues": queues,
    }
    for layer in layers_with(tree, *FUNCTIONS):
        for kind, names in wanted.items():
            what = kind.rpartition("/")[2]
            made = {
                name for each in deployed(tree, kind, layer=layer) for name in each.texts("name")
            }
            for name in sorted(names - made):
                text = f"the layer {layer} makes no {name} in {what}: the code uses it, add it"
                yield Finding(Place(tree.root / "infra" / layer), text)
