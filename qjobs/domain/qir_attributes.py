"""Attributes of a QIR program's entry point and module, read from its text."""

from __future__ import annotations

import re

from qjobs.domain.target_facts import Profile

_QUBITS = re.compile(r'"required_num_qubits"="(\d+)"')
_PROFILE = re.compile(r'"qir_profiles"="(\w+)"')
_FLOATS = re.compile(r'!"float_computations"')


def required_qubits(text: str) -> int | None:
    """Return the number of qubits that a program requires; None if it does not say it."""
    found = _QUBITS.search(text)
    return int(found[1]) if found else None


def profile_of(text: str) -> Profile:
    """Return the profile of a program; Base if it names none, as in another format.

    The attribute is that of the QIR specification, the module flag that of its adaptive profile for
    computing with floating-point numbers.
    """
    said = _PROFILE.search(text)
    if said is None or not said[1].startswith("adaptive"):
        return Profile.BASE
    return Profile.ADAPTIVE_RIF if _FLOATS.search(text) else Profile.ADAPTIVE_RI
