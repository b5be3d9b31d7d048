"""Cases of the compiler's that we know to differ in, each until it does not."""

from __future__ import annotations

from collections.abc import Mapping

NOT_EVALUATED: Mapping[str, set[str]] = {
    # A number with a fraction.
    "ok-container-app-private": {
        "Microsoft.App/containerApps.properties.template.containers[0].resources.cpu"
    },
    # What a resource's body sets, read back from the resource.
    "ok-conditional-resource": {"outputs.retention", "outputs.state"},
    "ok-dates": {f"outputs.{name}" for name in ("back", "end", "epoch", "month", "year")},
}
"""Values that the compiler knows, and that only a deployment knows for us."""

FOUND_BESIDES: Mapping[str, str] = {
    "ok-parents-and-children-by-index": "the service takes no container of one letter",
    "no-wrong-literal": "a value of an enumeration that is open",
    "no-wrong-case-of-open-enum": "likewise",
    "no-firewall-mode": "likewise",
    "no-mistake-behind-ternary": "a wrong value in one of two branches",
    "no-mistake-in-loop": "a wrong value in a list that is looped over",
}
"""What we find and the compiler does not, and why that is right."""

LEFT: frozenset[str] = frozenset(
    {
        "no-index-maybe-too-large",
    }
)
"""Mistakes that we do not find: the compiler in the pipeline does."""
