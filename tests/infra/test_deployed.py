"""What a layer deploys is what its conditions let through."""

from __future__ import annotations

import pytest

from tests.infra.bicep.deployed import deployed
from tests.infra.conftest import Write

INNER = """
    param wanted bool
    resource queue 'Microsoft.Storage/storageAccounts@2025-06-01' = if (wanted) {
      name: 'queue'
    }
    resource others 'Microsoft.Storage/storageAccounts@2025-06-01' = [
      for name in ['first', 'second']: if (wanted || name == 'first') {
        name: name
      }
    ]
"""


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("true", ["first", "queue", "second"]),
        ("false", ["first"]),
        ("!empty(region)", ["first", "queue", "second"]),
    ],
)
def test_what_is_never_deployed_is_left_out(write: Write, given: str, names: list[str]) -> None:
    """In a loop as well; what may be is there."""
    main = f"param region string\nmodule one 'inner.bicep' = {{ params: {{ wanted: {given} }} }}\n"
    tree = write(main, inner=INNER)

    assert sorted(name for each in deployed(tree) for name in each.texts("name")) == names
