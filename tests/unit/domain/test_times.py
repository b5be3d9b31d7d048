from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjobs.domain.times import from_text, parse_duration, to_text

moments = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    timezones=st.just(UTC),
)


@given(moments, moments)
def test_texts_sort_as_the_moments_do(one: datetime, other: datetime) -> None:
    """Comparing two texts compares the moments: queries by tag rely on it."""
    assert (to_text(one) < to_text(other)) == (one < other)


@given(moments)
def test_a_text_gives_its_moment_back(moment: datetime) -> None:
    """Nothing is lost, not even microseconds."""
    assert from_text(to_text(moment)) == moment


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("PT1S", timedelta(seconds=1)),
        ("PT90M", timedelta(minutes=90)),
        ("P1DT12H", timedelta(hours=36)),
        ("P30D", timedelta(days=30)),
        ("PT1H2M3S", timedelta(hours=1, minutes=2, seconds=3)),
    ],
)
def test_a_duration_is_read(text: str, length: timedelta) -> None:
    """Days, hours, minutes and seconds add up."""
    assert parse_duration(text) == length


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1DT", "1S", "PT1", "P1M", "PT-1S", "pt1s", " PT1S"]
)
def test_another_text_is_no_duration(text: str) -> None:
    """What ISO 8601 does not allow, or no fixed length has, is refused."""
    with pytest.raises(ValueError, match="not a duration"):
        parse_duration(text)
