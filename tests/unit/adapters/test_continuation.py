from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjobs.adapters.continuation import Place, place_of, token_of
from qjobs.domain.errors import InvalidParameterError
from qjobs.domain.job import Status
from qjobs.ports import JobFilter

EVERYTHING = JobFilter()
AZURE = "2!92!MDAwMDIyIW93bmVyL2pvYi1pZCEwMDAwMjghOTk5OS0xMi0zMVQyMzo1OTo1OS45OTk5OTk5WiE-"
PRINTABLE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1)


@given(PRINTABLE | st.just(AZURE), st.integers(0, 5000), st.just("") | st.uuids().map(str))
def test_a_token_gives_its_place_back(marker: str, skip: int, after: str) -> None:
    """Whatever storage calls its marker, it is sent back as it was."""
    place = Place(marker, skip, after)
    token = token_of(place, "owner", EVERYTHING)

    assert place_of(token, "owner", EVERYTHING) == place
    assert token.isascii()
    assert "=" not in token


@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode().rstrip("=")))
def test_no_other_text_is_a_token(text: str) -> None:
    """Any text, and the base64 form of any bytes, is refused."""
    with pytest.raises(InvalidParameterError):
        place_of(text, "owner", EVERYTHING)


@pytest.mark.parametrize("marker", ["\0", "a\nb", "\x7f", "ä", "a" * 2001, ""])
def test_a_marker_that_storage_may_not_answer_is_refused(marker: str) -> None:
    """A caller who computes the digest gets no further than with printable text."""
    with pytest.raises(InvalidParameterError):
        place_of(token_of(Place(marker), "owner", EVERYTHING), "owner", EVERYTHING)


@pytest.mark.parametrize("skip", [-1, 10**5])
def test_a_token_that_skips_more_than_a_listing_has_is_refused(skip: int) -> None:
    """No page is made of more blobs than storage lists at once."""
    with pytest.raises(InvalidParameterError):
        place_of(token_of(Place(AZURE, skip), "owner", EVERYTHING), "owner", EVERYTHING)


@pytest.mark.parametrize(
    ("owner", "wanted"),
    [
        ("another", EVERYTHING),
        ("owner", JobFilter(status=Status.QUEUED)),
        ("owner", JobFilter(algorithm="ghz")),
        ("owner", JobFilter(tag="ghz")),
    ],
)
def test_a_token_is_of_one_list(owner: str, wanted: JobFilter) -> None:
    """Owner and filter are part of the digest, and which of the filters it is."""
    token = token_of(Place(AZURE), "owner", JobFilter(algorithm=None, tag=None))
    tagged = token_of(Place(AZURE), "owner", JobFilter(tag="x"))

    with pytest.raises(InvalidParameterError):
        place_of(token, owner, wanted)
    with pytest.raises(InvalidParameterError):
        place_of(tagged, owner, wanted)


@given(st.integers(min_value=0), st.characters(codec="ascii"))
def test_a_token_with_another_character_is_none(place: int, character: str) -> None:
    """Each character of a token counts, the last one as well."""
    token = token_of(Place(AZURE), "owner", EVERYTHING)
    place %= len(token)
    edited = token[:place] + character + token[place + 1 :]

    if edited != token:
        with pytest.raises(InvalidParameterError):
            place_of(edited, "owner", EVERYTHING)
