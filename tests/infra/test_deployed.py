"""What a layer deploys is what its conditions let through."""

from __future__ import annotations

import pytest

from tests.infra.conftest import Write
from tools.bicep.deployed import deployed

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


@pytest.mark.parametrize(("given", "names"), [("true", {"one", "two"}), ("false", {"two"})])
def test_nor_is_what_is_in_a_module_that_never_is(
    write: Write, given: str, names: set[str]
) -> None:
    """The condition may be that of a module, and of one round of its loop."""
    main = f"""
        var wanted = {given}
        module inner 'inner.bicep' = [
          for name in ['one', 'two']: if (wanted || name == 'two') {{
            params: {{ name: name }}
          }}
        ]
        module never 'inner.bicep' = if (false) {{ params: {{ name: 'never' }} }}
    """
    inner = """
        param name string
        resource queue 'Microsoft.Storage/storageAccounts@2025-06-01' = { name: name }
    """

    assert {
        name for each in deployed(write(main, inner=inner)) for name in each.texts("name")
    } == names


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
