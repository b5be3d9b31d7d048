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
        "no-adding-texts",
        "no-argument-of-wrong-kind",
        "no-batch-of-none",
        "no-batch-without-loop",
        "no-computed-name-maybe-too-short",
        "no-condition-of-text",
        "no-decorator-of-variable",
        "no-default-not-allowed",
        "no-default-of-wrong-kind",
        "no-division-in-text",
        "no-file-computed",
        "no-flatten-of-flat",
        "no-format-without-text",
        "no-group-in-group",
        "no-index-maybe-too-large",
        "no-index-of-text",
        "no-index-outside",
        "no-json-to-load",
        "no-lambda-missing",
        "no-lambda-of-wrong-result",
        "no-lambda-where-none-is-taken",
        "no-length-maybe-too-long",
        "no-length-maybe-too-short",
        "no-limit-of-other-kind",
        "no-limits-crossed",
        "no-loop-in-loop",
        "no-loop-in-the-middle",
        "no-loop-with-one-name",
        "no-maybe-null-property",
        "no-member-of-array",
        "no-metadata-object",
        "no-missing-module-parameter",
        "no-missing-tuple-item",
        "no-module-loop-without-index",
        "no-module-of-wrong-scope",
        "no-module-without-its-scope",
        "no-nested-in-loop",
        "no-not-of-text",
        "no-null-for-required",
        "no-number-as-key",
        "no-number-maybe-too-small",
        "no-output-of-wrong-kind",
        "no-resource-of-group-in-subscription",
        "no-safe-member-of-known",
        "no-scope-is-a-text",
        "no-secret-outside-module",
        "no-secret-to-plain-parameter",
        "no-secure-of-number",
        "no-targetscope-late-parameter",
        "no-text-as-index",
        "no-time-outside-default",
        "no-too-few-arguments",
        "no-too-many-arguments",
        "no-unknown-target-scope",
        "no-wrong-parent",
        "no-zone-group-of-other-parent",
    }
)
"""Mistakes that we do not find: the compiler in the pipeline does."""
