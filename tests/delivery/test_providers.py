"""The resource providers that are registered before anything is provisioned."""

from __future__ import annotations

import re

from tests.delivery.workflows import ROOT

ALWAYS_THERE = {"Microsoft.Authorization", "Microsoft.Resources"}
MORE = {"Microsoft.Solutions": "a quantum provider comes as a managed application"}


def registered() -> set[str]:
    """Return what the hook registers."""
    script = (ROOT / "infra" / "hooks" / "register-providers.sh").read_text(encoding="utf-8")
    loop = script.partition("for namespace in \\\n")[2].partition("; do")[0]
    return set(re.findall(r"Microsoft\.\w+", loop))


def used() -> set[str]:
    """Return the providers of all resource types in the templates."""
    texts = [file.read_text(encoding="utf-8") for file in ROOT.glob("infra/**/*.bicep")]
    return {name for text in texts for name in re.findall(r"'(Microsoft\.\w+)/[\w/]+@", text)}


def test_every_provider_that_the_templates_use_is_registered() -> None:
    """And no other, but for those with a reason."""
    assert "Microsoft.Quantum" in used()
    assert registered() == (used() - ALWAYS_THERE) | MORE.keys()
