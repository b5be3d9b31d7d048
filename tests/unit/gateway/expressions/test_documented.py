"""The document says what of C# is refused here."""

from __future__ import annotations

import pytest

from tests.integration.policy_expressions.contexts import BASE
from tests.integration.policy_expressions.documented import EXAMPLES, INSTEAD
from tests.integration.policy_expressions.verdicts import outcome


@pytest.mark.parametrize(("expression", "when_read"), EXAMPLES.items())
def test_the_document_says_what_is_refused(expression: str, *, when_read: bool) -> None:
    """The examples in docs/gateway.md are refused by name, and when it says."""
    refused = outcome(expression, BASE)

    assert refused.by_name
    assert ("refused" in refused.result) is when_read


@pytest.mark.parametrize("expression", INSTEAD)
def test_what_the_document_has_instead_is_understood(expression: str) -> None:
    """What docs/gateway.md says to write instead has a value."""
    assert "text" in outcome(expression, BASE).result
