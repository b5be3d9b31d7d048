"""Tell which settings of a deployment are wrong, have no effect, or do not go together.

Only the standard library: it runs on whichever Python 3 the machine has that deploys.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

RAREST = 10 * 60
"""Seconds between two heartbeats, which the timer for lost jobs sends: an alert misses them."""
OF_OTHER_TIERS = {
    "QJOBS_GATEWAY_UNITS": "1",
    "QJOBS_SUBMITS_PER_MINUTE": "",
    "QJOBS_POLLS_PER_MINUTE": "",
    "QJOBS_REQUESTS_PER_MINUTE_OF_ADDRESS": "",
    "QJOBS_SHOTS_PER_FIVE_MINUTES": "",
}
"""What a Consumption gateway has not, and what is as good as unset."""
KEPT_BY_HOOKS = {"QJOBS_BUDGET_START", "QJOBS_QUANTUM_BUDGET_START"}
Setting = Callable[..., str]
"""Returns the value of a setting, or what is given for none."""
_VARIABLE = re.compile(r"\$\{(\w+)(?:=([^}]*))?\}")


def faults(settings: Mapping[str, str], root: Path) -> Iterator[str]:
    """Yield what is wrong with the *settings* of the project at *root*, and what to set."""

    def setting(name: str, otherwise: str = "") -> str:
        return settings.get(name) or otherwise

    if not setting("AZURE_LOCATION"):
        yield "no region: run azd env set AZURE_LOCATION westeurope, or another."
    yield from _without_effect(settings, root)
    yield from _combination_faults(setting)
    yield from _gateway_faults(setting)
    yield from _schedule_faults(setting("QJOBS_RECONCILE_SCHEDULE"))


def _combination_faults(setting: Setting) -> Iterator[str]:
    """Yield what does not go together, or has no effect without something else."""
    private = setting("QJOBS_PRIVATE_NETWORKING") == "true"
    if setting("QJOBS_SECONDARY_LOCATION"):
        if setting("QJOBS_SECONDARY_LOCATION") == setting("AZURE_LOCATION"):
            yield (
                "QJOBS_SECONDARY_LOCATION is the first region: "
                'name another, or azd env set QJOBS_SECONDARY_LOCATION "".'
            )
        if private:
            yield (
                "QJOBS_SECONDARY_LOCATION does not go with QJOBS_PRIVATE_NETWORKING: the second "
                'region has no network. Unset one: azd env set QJOBS_SECONDARY_LOCATION "".'
            )
        if _tier(setting) == "Consumption":
            yield (
                "QJOBS_SECONDARY_LOCATION takes a gateway with a cache: "
                "run azd env set QJOBS_GATEWAY_TIER BasicV2."
            )
    if setting("QJOBS_SYNTHETIC_PRINCIPAL_ID"):
        alerting = setting("QJOBS_ALERTING") or str(setting("QJOBS_SIZE") == "prod").lower()
        if alerting != "true":
            yield (
                "QJOBS_SYNTHETIC_PRINCIPAL_ID has no effect without alerts: "
                "run azd env set QJOBS_ALERTING true."
            )
        if setting("QJOBS_CLOSED_LOGS") == "true":
            yield (
                "QJOBS_SYNTHETIC_PRINCIPAL_ID does not go with QJOBS_CLOSED_LOGS: outcomes of jobs "
                "from outside are not taken. Run azd env set QJOBS_CLOSED_LOGS false."
            )
    if private and setting("QJOBS_CHANNEL") == "Free":
        yield (
            "QJOBS_CHANNEL Free does not go with QJOBS_PRIVATE_NETWORKING: it has no private "
            "endpoint. Run azd env set QJOBS_CHANNEL Standard."
        )
    if setting("QJOBS_CLOSED_LOGS") == "true" and not private:
        yield (
            "QJOBS_CLOSED_LOGS has no effect without QJOBS_PRIVATE_NETWORKING: "
            "run azd env set QJOBS_CLOSED_LOGS false."
        )


def _tier(setting: Setting) -> str:
    """Return the gateway's tier; by size, that of dev."""
    tier = setting("QJOBS_GATEWAY_TIER", "bySize")
    dev = setting("QJOBS_SIZE", "dev") == "dev"
    return "Consumption" if tier == "bySize" and dev else tier


def _gateway_faults(setting: Setting) -> Iterator[str]:
    """Yield what another gateway has than the chosen one."""
    if _tier(setting) == "Consumption":
        for name, otherwise in OF_OTHER_TIERS.items():
            if setting(name, otherwise) != otherwise:
                yield (
                    f"{name} has no effect on a Consumption gateway: run azd env set "
                    f'QJOBS_GATEWAY_TIER BasicV2, or azd env set {name}="{otherwise}".'
                )
    zones, units = setting("QJOBS_GATEWAY_ZONES"), setting("QJOBS_GATEWAY_UNITS", "1")
    for name in ("QJOBS_GATEWAY_ZONES", "QJOBS_GATEWAY_LOCATIONS"):
        if setting(name) and setting("QJOBS_GATEWAY_TIER") != "Premium":
            yield f"{name} takes another gateway: run azd env set QJOBS_GATEWAY_TIER Premium."
    needed = len(zones.split(",")) if zones else 1
    if not units.isdecimal() or int(units) < needed:
        yield (
            f"QJOBS_GATEWAY_UNITS is {units}, and the gateway takes one for each of its zones: "
            f"run azd env set QJOBS_GATEWAY_UNITS {needed}."
        )


def _without_effect(settings: Mapping[str, str], root: Path) -> Iterator[str]:
    """Yield what is set for the other form of the app layer: ignored, it would be a false promise.

    A layer takes what its parameter file names; azure.yaml says which layers there are.
    """
    project = (root / "azure.yaml").read_text("utf-8")
    layers = set(re.findall(r"^ *path: (infra/\w+)", project, re.MULTILINE))
    files = {
        str(file.parent.relative_to(root)): file for file in root.glob("infra/*/*.parameters.json")
    }
    named = {
        layer: dict(_VARIABLE.findall(file.read_text("utf-8"))) for layer, file in files.items()
    }
    taken = {name for layer in layers for name in named.get(layer, {})}
    for layer in sorted(named.keys() - layers):
        for name, default in sorted(named[layer].items()):
            value = settings.get(name, "")
            if name in taken | KEPT_BY_HOOKS or value in ("", default):
                continue
            others = " and ".join(sorted(layers))
            yield (
                f"{name} is {value}, and has an effect in {layer} alone, but azure.yaml deploys "
                f'{others}: run azd env set {name}="{default}".'
            )


def _schedule_faults(schedule: str) -> Iterator[str]:
    """Yield what is wrong with when lost jobs are looked for, as NCRONTAB; empty is right."""
    if not schedule:
        return
    remedy = 'run azd env set QJOBS_RECONCILE_SCHEDULE "0 */5 * * * *".'
    limits = ((0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
    texts = schedule.split()
    try:
        fields = [_values(text, limits[place]) for place, text in enumerate(texts)]
    except (IndexError, ValueError):
        fields = []
    if len(fields) != len(limits):
        yield f"QJOBS_RECONCILE_SCHEDULE is not six fields of NCRONTAB in numbers: {remedy}"
        return
    every_day = [set(range(low, high + 1)) for low, high in limits[3:]] == fields[3:]
    seconds, minutes, hours = fields[:3]
    times = sorted(3600 * h + 60 * m + s for h in hours for m in minutes for s in seconds)
    times.append(times[0] + 86400)
    gaps = [times[place] - times[place - 1] for place in range(1, len(times))]
    if not every_day or max(gaps) > RAREST:
        yield (
            f"QJOBS_RECONCILE_SCHEDULE is {schedule}: rarer than every {RAREST // 60} minutes, "
            f"as often as functions have to show that they run: {remedy}"
        )


def _values(field: str, limit: tuple[int, int]) -> set[int]:
    """Return the numbers that a field stands for.

    Raises:
        ValueError: it is none, or has none within the limit.

    """
    low, high = limit
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        start, stop = (low, high) if span == "*" else (int(first), int(last or first))
        if step and not last and span != "*":
            stop = high
        if not low <= start <= stop <= high:
            raise ValueError(field)
        found.update(range(start, stop + 1, int(step or 1)))
    return found


def main() -> int:
    """Check what azd gives to hooks; return the exit code."""
    found = list(faults(os.environ, Path.cwd()))
    for fault in found:
        print(f"check-settings: {fault}", file=sys.stderr)  # noqa: T201 - its output
    return 1 if found else 0


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    sys.exit(main())
