"""Intervals: lenient from servers, strict from people, TimeSpan on the wire."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.intervals import Interval, IntervalInputError, parse_input, short, timespan


def typed_or_told(text: str) -> float | str:
    try:
        return float(parse_input(text))
    except IntervalInputError as refusal:
        return str(refusal)


whole_seconds = st.integers(min_value=1, max_value=10_675_199 * 86_400)


@given(whole_seconds)
def test_what_is_sent_reads_back_as_what_was_meant(seconds: int) -> None:
    sent = timespan(seconds)
    assert parse_input(sent) == seconds
    assert Interval.read(sent).seconds == seconds


@given(whole_seconds)
def test_what_is_shown_can_be_typed_back(seconds: int) -> None:
    assert parse_input(short(seconds)) == seconds


@given(st.text() | st.from_regex(r"[0-9dhmsPTW:. -]{1,24}", fullmatch=True))
def test_any_typing_gives_whole_seconds_or_a_sentence(text: str) -> None:
    answer = typed_or_told(text)
    assert answer
    if isinstance(answer, float):
        assert answer > 0
        assert answer == int(answer)
        assert parse_input(timespan(answer)) == answer


@given(st.text() | st.from_regex(r"-?P?[0-9]{0,30}[.:]?[0-9DTHMSW:.]{0,30}", fullmatch=True))
def test_any_text_of_a_server_is_read_or_kept_as_it_came(text: str) -> None:
    interval = Interval.read(text)
    if interval.raw is None:
        assert not text.strip()
        assert interval.shown == "not reported"
    elif interval.seconds is None:
        assert interval.shown == text
    else:
        assert interval.shown == short(interval.seconds)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("00:05:00", "5m"),
        ("00:05", "5m"),
        ("1.02:00:00", "1d 2h"),
        ("00:00:00.5000000", "0.5s"),
        ("00:01:30", "1m 30s"),
        ("PT15M", "15m"),
        ("P1DT2H", "1d 2h"),
        ("P2W", "14d"),
        ("-00:05:00", "-5m"),
        ("00:00:00", "0s"),
        ("15 minutes", "15 minutes"),
        ("24:00:00", "24:00:00"),
        ("00:60:00", "00:60:00"),
        ("PT" + "9" * 5_000 + "S", "PT" + "9" * 5_000 + "S"),
        ("", "not reported"),
        (None, "not reported"),
    ],
)
def test_a_server_interval_is_shown(text: str | None, shown: str) -> None:
    assert Interval.read(text).shown == shown


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("00:05:00", 300),
        ("1.00:00:00", 86_400),
        ("90s", 90),
        ("10m", 600),
        ("2h", 7_200),
        ("1d", 86_400),
        ("1h 30m", 5_400),
        ("1H30M", 5_400),
        ("PT5M", 300),
        ("  5m ", 300),
    ],
)
def test_an_interval_can_be_typed_in_several_ways(typed: str, seconds: int) -> None:
    assert parse_input(typed) == seconds


@pytest.mark.parametrize(
    ("typed", "readings"),
    [
        ("5", ("5s", "5m", "5h")),
        ("05:00", ("05:00:00", "00:05:00")),
        ("5:30", ("05:30:00", "00:05:30")),
    ],
)
def test_an_ambiguous_interval_is_refused_with_its_readings(
    typed: str, readings: tuple[str, ...]
) -> None:
    with pytest.raises(IntervalInputError) as refusal:
        parse_input(typed)
    assert all(reading in str(refusal.value) for reading in readings)


@pytest.mark.parametrize(
    "typed", ["0s", "00:00:00", "-5m", "-00:05:00", "99999999d", "00:00:00.5", "x", ""]
)
def test_an_interval_that_cannot_be_meant_is_refused(typed: str) -> None:
    with pytest.raises(IntervalInputError, match=r"write|at most"):
        parse_input(typed)
