"""Points in time: what is no instant is never given an age."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.timestamps import Moment, MomentKind, age_text, by_server, seen_text

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@given(st.text() | st.datetimes().map(datetime.isoformat))
def test_any_text_is_read_or_kept(text: str) -> None:
    moment = Moment.read(text)
    assert (moment.at is None) == (moment.kind is not MomentKind.INSTANT)
    assert moment.ago(NOW)
    assert moment.full(NOW)


@given(
    st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))
)
def test_an_instant_comes_back_as_the_same_instant(at: datetime) -> None:
    assert Moment.read(at.isoformat()).at == at


@pytest.mark.parametrize(
    ("text", "ago"),
    [
        ("2026-03-01T11:56:00.0000000+00:00", "4m ago"),
        ("2026-03-01T12:56:00+01:00", "4m ago"),
        ("2026-03-01T11:59:30Z", "now"),
        ("2026-03-01T12:03:00Z", "in 3m"),
        ("2026-02-26T12:00:00Z", "3d ago"),
        ("0001-01-01T00:00:00", "never"),
        ("9999-12-31T23:59:59.9999999Z", "open"),
        ("2026-03-01T11:56:00", "2026-03-01T11:56:00"),
        ("gestern", "gestern"),
        ("", "not reported"),
        (None, "not reported"),
    ],
)
def test_a_time_is_shown_by_its_age(text: str | None, ago: str) -> None:
    assert Moment.read(text).ago(NOW) == ago


def test_a_past_time_in_the_last_year_there_is_does_not_read_as_open_ended() -> None:
    last = Moment.read("9999-12-31T23:59:59+14:00")
    assert seen_text(last, NOW) == "ahead"
    assert last.text in last.full(NOW)


def test_a_time_without_offset_says_that_its_zone_is_not_known() -> None:
    local = Moment.read("2026-03-01T11:56:00")
    assert local.age(NOW) is None
    assert "no offset" in local.full(NOW)


@given(st.integers(min_value=0, max_value=10**9))
def test_an_age_never_claims_to_be_older_than_it_is(seconds: int) -> None:
    shown = age_text(seconds)
    size = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}[shown[-1]]
    assert timedelta() <= timedelta(seconds=seconds - int(shown[:-1]) * size) < timedelta(seconds=size)


def test_a_server_clock_that_is_years_off_is_ignored() -> None:

    assert by_server(NOW, None) == NOW
    assert by_server(NOW, 90.0) == NOW + timedelta(seconds=90)
    assert by_server(NOW, -259_200.0) == NOW - timedelta(days=3)
    assert by_server(NOW, -1.7e9) == NOW
