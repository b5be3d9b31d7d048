"""The table in docs/gateway.md of what API Management takes and the local gateway does not."""

from __future__ import annotations

from tests.markdown import code_of, table

EXAMPLES: dict[str, bool] = {}
"""Expressions, and whether each is refused already when it is read."""
INSTEAD: list[str] = []
"""What is understood in their place."""
for _, _example, _refused, _instead in table("docs/gateway.md", "On a laptop"):
    (_expression,) = code_of(_example)
    EXAMPLES[_expression] = {"when it is read": True, "when it runs": False}[_refused]
    INSTEAD.extend(code_of(_instead))
