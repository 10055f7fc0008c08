"""One grammar of times for every command: what it reads, and what it refuses."""

from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tui.domain.time_grammar import FORMS, past_time, planned_end

NOW = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
"""A Monday."""
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe"]).map(
    ZoneInfo
)
DAY = timedelta(days=1)
CLOCKS = st.times().map(lambda one: one.replace(microsecond=0))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("now", NOW),
        (" Now ", NOW),
        ("30m", NOW - timedelta(minutes=30)),
        ("2h ago", NOW - timedelta(hours=2)),
        ("1h 30m", NOW - timedelta(minutes=90)),
        ("3d", NOW - timedelta(days=3)),
        ("01:00", datetime(2026, 11, 30, 1, 0, tzinfo=UTC)),
        ("1:00", datetime(2026, 11, 30, 1, 0, tzinfo=UTC)),
        ("03:00", NOW),
        ("03:00:01", datetime(2026, 11, 29, 3, 0, 1, tzinfo=UTC)),
        ("yesterday", datetime(2026, 11, 29, 0, 0, tzinfo=UTC)),
        ("yesterday 14:30", datetime(2026, 11, 29, 14, 30, tzinfo=UTC)),
        ("today 12:00", datetime(2026, 11, 30, 12, 0, tzinfo=UTC)),
        ("mon 01:00", datetime(2026, 11, 30, 1, 0, tzinfo=UTC)),
        ("Monday 04:00", datetime(2026, 11, 23, 4, 0, tzinfo=UTC)),
        ("sun 01:00", datetime(2026, 11, 29, 1, 0, tzinfo=UTC)),
        ("2026-11-28", datetime(2026, 11, 28, 0, tzinfo=UTC)),
        ("2026-11-28 02:00", datetime(2026, 11, 28, 2, tzinfo=UTC)),
        ("2026-11-28T02:00:07Z", datetime(2026, 11, 28, 2, 0, 7, tzinfo=UTC)),
        ("2026-11-28T02:00+01:00", datetime(2026, 11, 28, 1, tzinfo=UTC)),
    ],
)
def test_something_that_was(text: str, at: datetime) -> None:
    assert past_time(text, NOW) == at


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2h", NOW + timedelta(hours=2)),
        ("01:00", datetime(2026, 12, 1, 1, 0, tzinfo=UTC)),
        ("03:00", datetime(2026, 12, 1, 3, 0, tzinfo=UTC)),
        ("mon 01:00", datetime(2026, 12, 7, 1, 0, tzinfo=UTC)),
        ("tue", datetime(2026, 12, 1, 0, 0, tzinfo=UTC)),
        ("tomorrow 06:00", datetime(2026, 12, 1, 6, 0, tzinfo=UTC)),
        ("2026-11-30T04:00", datetime(2026, 11, 30, 4, tzinfo=UTC)),
    ],
)
def test_a_planned_end(text: str, at: datetime) -> None:
    assert planned_end(text, NOW) == at


@pytest.mark.parametrize("text", ["now", "0m", "2h ago", "yesterday 14:30", "2026-11-30", "today 03:00"])
def test_an_end_that_has_passed_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="has already passed: write 2h, 03:00"):
        planned_end(text, NOW)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "2", "h", "2 h", "2w", "-2h", "2hago", "ago", "24:00", "12:60", "1:2", "01:00 mon"),
        *("yesterday 25:00", "mond 01:00", "2026-13-01", "01:00\x1b[2J", "٢h", "nowish"),
    ],
)
def test_what_names_no_time_is_refused_with_the_right_forms(text: str) -> None:
    for read in (past_time, planned_end):
        with pytest.raises(ValueError, match="is not a time: write ") as refused:
            read(text, NOW)
        assert str(refused.value).endswith(FORMS) is (read is past_time)
        assert str(refused.value).isprintable()


@pytest.mark.parametrize("text", ["soon", "2h ago", "yesterday 14:30"])
def test_the_ends_that_a_refusal_suggests_are_accepted(text: str) -> None:
    with pytest.raises(ValueError, match=": write ") as refused:
        planned_end(text, NOW)
    suggested = str(refused.value).rpartition(": write ")[2].replace(" or ", ", ").split(", ")
    assert len(suggested) == 5
    assert all(planned_end(one, NOW) > NOW for one in suggested)


def test_what_lies_before_all_time_is_refused() -> None:
    with pytest.raises(ValueError, match="is not a time"):
        past_time("999999d", NOW)
    for early in ("0001-01-01", "0001-01-02T00:00Z", "1999-12-31T23:59:59Z", "30000d"):
        with pytest.raises(ValueError, match=r"is before the year 2000|is not a time"):
            past_time(early, NOW)
    assert past_time("2000-01-01", NOW).year == 2000


@given(INSTANTS, CLOCKS)
def test_a_clock_time_is_the_last_or_the_next_one_and_reads_the_same_there(
    now: datetime, clock: time
) -> None:
    before, after = past_time(f"{clock}", now), planned_end(f"{clock}", now)
    assert now - DAY < before <= now < after <= now + DAY
    assert before.time() == after.time() == clock
    assert before.tzinfo is after.tzinfo is UTC


@given(INSTANTS, CLOCKS, st.sampled_from(["mon", "tuesday", "wed", "thu", "fri", "sat", "SUN"]))
def test_a_weekday_is_the_last_or_the_next_one(now: datetime, clock: time, day: str) -> None:
    before, after = past_time(f"{day} {clock}", now), planned_end(f"{day} {clock}", now)
    assert now - 7 * DAY < before <= now < after <= now + 7 * DAY
    assert all(f"{at:%a}".casefold() == day[:3].casefold() for at in (before, after))


@given(INSTANTS, st.integers(1, 99_999), st.sampled_from("smhd"))
def test_a_duration_counts_back_and_forward_by_the_same(now: datetime, count: int, unit: str) -> None:
    assume(unit != "d" or count < 7_305)
    text = f"{count}{unit}"
    assert now - past_time(text, now) == planned_end(text, now) - now
    assert past_time(f"{text} ago", now) == past_time(text, now)


@given(INSTANTS, ZONES)
def test_iso_is_read_back_as_it_was_written(at: datetime, zone: ZoneInfo) -> None:
    assert past_time(at.astimezone(zone).isoformat(), NOW) == at
    assert past_time(at.replace(tzinfo=None).isoformat(), NOW) == at


@given(st.text(max_size=20))
def test_no_text_leads_to_anything_but_a_time_or_a_sentence(text: str) -> None:
    for read in (past_time, planned_end):
        with suppress(ValueError):
            assert read(text, NOW).tzinfo is UTC
