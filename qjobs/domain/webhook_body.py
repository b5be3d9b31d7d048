"""The body of a registration of a webhook, validated strictly: all violations are named at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Any

from qjobs.domain.errors import Violation
from qjobs.domain.job import Status
from qjobs.domain.pointer import escape
from qjobs.domain.public_address import is_public
from qjobs.domain.submission import unknown_member
from qjobs.domain.times import parse_moment
from qjobs.domain.webhook import EVENTS

_LONGEST_URL = 2048
_LONGEST_DESCRIPTION = 200
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])"
    r"(?::(?P<port>[0-9]{1,5}))?(?:[/?](?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
)
"""RFC 3986 without user info and fragment; other characters have to be encoded."""
_URL_RULE = (
    "Must be an https URL of at most 2,048 characters without user info or fragment, with port 443 "
    "or one above 1023."
)
_LOWEST_PORT, _HIGHEST_PORT, _HTTPS = 1024, 65535, 443


@dataclass(frozen=True, slots=True)
class Registration:
    """A valid request for a webhook."""

    url: str
    events: tuple[Status, ...]
    description: str | None


def parse_registration(body: Mapping[str, Any]) -> Registration:
    """Return the registration in a valid *body*."""
    chosen = body.get("events", list(EVENTS))
    return Registration(
        body["url"], tuple(one for one in EVENTS if one in chosen), body.get("description")
    )


def registration_violations(
    body: Mapping[str, Any], allowed: AbstractSet[str]
) -> Iterator[Violation]:
    """Yield every member of a normalized *body* that is missing, unknown or out of range.

    Args:
        body: of the registration
        allowed: `HOST:PORT` of receivers for which the rules of URLs do not count

    """
    if "url" not in body:
        yield Violation("The member `url` is required.", pointer="")
    elif not _is_url(body["url"], allowed):
        yield Violation(_URL_RULE, pointer="/url")
    elif not _may_be_public(body["url"], allowed):
        yield Violation("Must not lead to an address that is not public.", pointer="/url")
    yield from _others(body, {"url": None, "events": _events, "description": _description})


def replay_violations(body: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield everything that is wrong with the body of a request to send events again."""
    if "since" not in body:
        yield Violation("The member `since` is required.", pointer="")
    yield from _others(body, {"since": _since})


def replay_since(body: Mapping[str, Any]) -> datetime:
    """Return the moment in a valid body of a request to send events again."""
    return parse_moment(body["since"])


type _Check = Callable[[object], Iterator[tuple[str, str]]]


def _others(body: Mapping[str, Any], checks: Mapping[str, _Check | None]) -> Iterator[Violation]:
    for member, value in body.items():
        if member not in checks:
            yield Violation(unknown_member(checks), pointer=f"/{escape(member)}")
        elif (check := checks[member]) is not None:
            for path, detail in check(value):
                yield Violation(detail, pointer=f"/{member}{path}")


def _is_url(value: object, allowed: AbstractSet[str]) -> bool:
    match = _URL.fullmatch(value) if isinstance(value, str) else None
    if match is None or len(match[0]) > _LONGEST_URL:
        return False
    if _place(match) in allowed:
        return True
    port = int(match["port"] or _HTTPS)
    return match["scheme"] == "https" and (port == _HTTPS or _LOWEST_PORT <= port <= _HIGHEST_PORT)


def _may_be_public(url: str, allowed: AbstractSet[str]) -> bool:
    """Return whether an address that is written out is public; a name is looked up when sent."""
    match = _URL.fullmatch(url)
    if match is None or _place(match) in allowed:
        return match is not None
    host = match["host"].strip("[]")
    try:
        ip_address(host)
    except ValueError:
        return "[" not in match["host"] and host.rstrip(".").lower() != "localhost"
    return is_public(host)


def _place(match: re.Match[str]) -> str:
    default = str(_HTTPS) if match["scheme"] == "https" else "80"
    return f"{match['host'].strip('[]').lower()}:{match['port'] or default}"


def _events(value: object) -> Iterator[tuple[str, str]]:
    if not isinstance(value, list) or not value:
        yield "", f"Must be a list with at least one of {', '.join(EVENTS)}."
        return
    for index, one in enumerate(value):
        if not isinstance(one, str) or one not in list(EVENTS):
            yield f"/{index}", f"Must be one of {', '.join(EVENTS)}."
        elif one in value[:index]:
            yield f"/{index}", "Must not be there more than once."


def _description(value: object) -> Iterator[tuple[str, str]]:
    if not isinstance(value, str) or not 1 <= len(value) <= _LONGEST_DESCRIPTION:
        yield "", f"Must be a string of 1 to {_LONGEST_DESCRIPTION} characters."


def _since(value: object) -> Iterator[tuple[str, str]]:
    try:
        if isinstance(value, str):
            parse_moment(value)
            return
    except ValueError:
        pass
    yield "", "Must be a time of RFC 3339, such as 2026-01-02T03:04:05Z."
