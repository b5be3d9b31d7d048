"""Continuation tokens: the place where the next page begins, bound to the list that it continues.

A token is a digest with the place. The digest is of the place, the owner and the filter, so that
any other text, an edited token, and a token of another caller or another filter are refused before
storage is asked.

It takes no key, which all instances of every deployment would have to share. A caller who computes
a digest of their own gains nothing: the listing is of their own jobs whatever the marker, and a
marker is printable, which storage answers at once, at worst with a refusal.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from qjobs.domain.errors import InvalidParameterError

_DIGEST = 16
"""Bytes of the digest that a token has."""
_PLACE = re.compile(r"(0|[1-9][0-9]{0,4}) ([0-9a-f-]{0,36}) ([\x20-\x7e]{1,2000})")


class Filter(Protocol):
    """The filter of a list."""

    @property
    def key(self) -> Sequence[str | None]:
        """Its values, in an order that stays."""


@dataclass(frozen=True, slots=True)
class Place:
    """The beginning of a page: in a listing of storage that begins at a marker, after a job."""

    marker: str
    """As storage gave it out: begins a listing."""
    skip: int = 0
    """Blobs of that listing that earlier pages were made of."""
    after: str = ""
    """Id of the last job among them."""


def unknown_continuation() -> InvalidParameterError:
    """Return the error for a continuation token that no earlier call gave out."""
    detail = "Is not from an earlier page of this list; begin without it."
    return InvalidParameterError.of(detail, parameter="continuationToken")


def token_of(place: Place, owner: str, wanted: Filter) -> str:
    """Return the token for the page of a list that begins at *place*."""
    text = f"{place.skip} {place.after} {place.marker}"
    bound = json.dumps([owner, *wanted.key, text])
    digest = sha256(bound.encode()).digest()[:_DIGEST]
    return base64.urlsafe_b64encode(digest + text.encode()).decode().rstrip("=")


def place_of(token: str, owner: str, wanted: Filter) -> Place:
    """Return the place at which the page of a token begins.

    Raises:
        InvalidParameterError: the token was not given out for this list.

    """
    try:
        padded = token + "=" * (-len(token) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True)[_DIGEST:].decode()
    except ValueError as error:
        raise unknown_continuation() from error
    match = _PLACE.fullmatch(text)
    if match is None:
        raise unknown_continuation()
    place = Place(match[3], int(match[1]), match[2])
    if token_of(place, owner, wanted) != token:
        raise unknown_continuation()
    return place
