"""The containers and queues that the code uses are there before it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qjobs.domain.messages import Kind
from tests.infra.bicep.deployed import deployed
from tests.infra.bicep.finding import Finding, Place
from tests.infra.bicep.frames import Tree

_CONTAINER = re.compile(r'BlobContainer\(self\._storage, "([a-z-]+)"\)')
_ACCOUNT = "Microsoft.Storage/storageAccounts"


def check_storage(tree: Tree) -> Iterator[Finding]:
    """Yield containers and queues that no template makes."""
    code = (tree.root / "qjobs" / "bootstrap.py").read_text(encoding="utf-8")
    queues = {name for kind in Kind for name in (kind.value, f"{kind.value}-poison")}
    wanted = {
        f"{_ACCOUNT}/blobServices/containers": set(_CONTAINER.findall(code)),
        f"{_ACCOUNT}/queueServices/queues": queues,
    }
    for kind, names in wanted.items():
        found = {name for each in deployed(tree, kind) for name in each.texts("name")}
        for name in sorted(names - found):
            what = kind.rpartition("/")[2]
            text = f"no template makes {name} in {what}: the code uses it, add it"
            yield Finding(Place(tree.root / "infra"), text)
