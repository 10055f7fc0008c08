"""The chip: nothing looks live that is not."""

from datetime import UTC, datetime, timedelta
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.drivers.scripted_service import down
from tui.api.errors import ErpError
from tui.domain.profile import System
from tui.store.freshness import Freshness, FreshnessKind, freshness, worst
from tui.store.snapshot import Snapshot, Topic
from tui.store.store import Store

NOW = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
DOWN = down("no route")


def chip(
    age: float | None,
    error: ErpError | None = None,
    *,
    every: float = 5,
    paused: bool = False,
    took: float = 0.1,
) -> Freshness:
    fetched = None if age is None else NOW - timedelta(seconds=age)
    return freshness(Snapshot((), fetched, took, error), every, NOW, paused)


@pytest.mark.parametrize(
    ("age", "error", "text"),
    [
        (None, None, "asking…"),
        (0, None, "live"),
        (9.9, None, "live"),
        (-3, None, "live"),
        (10.1, None, "no response for 10s"),  # L12
        (16, None, "no response for 15s"),
        (90, None, "no response for 1m"),
        (None, DOWN, "no data: no route"),
        (1, DOWN, "stale <15s: no route"),
        (14.9, DOWN, "stale <15s: no route"),
        (15, DOWN, "stale 15s: no route"),
        (29, DOWN, "stale 15s: no route"),
        (30, DOWN, "stale 30s: no route"),
        (60, DOWN, "stale 1m: no route"),
        (120, DOWN, "stale 2m: no route"),
        (300, DOWN, "stale 5m: no route"),
        (3_599, DOWN, "stale 30m: no route"),
        (3_600, DOWN, "stale 1h: no route"),
        (9_000, DOWN, "stale 2h: no route"),
        (86_400 * 3.5, DOWN, "stale 3d: no route"),
    ],
)
def test_the_chip_says(age: float | None, error: ErpError | None, text: str) -> None:
    assert chip(age, error).text == text


def test_a_paused_topic_says_so_and_nothing_else() -> None:
    assert chip(1, paused=True).text == "paused"
    assert chip(999, DOWN, paused=True).text == "paused"


@pytest.mark.parametrize("paused", [False, True])
@pytest.mark.parametrize(
    ("age", "error", "trusted", "step"),
    [
        (1, None, True, 0),
        (9.9, None, True, 0),
        (90, None, False, 60),
        (1, DOWN, False, 15),
        (700, DOWN, False, 600),
        (None, DOWN, False, 0),
        (None, None, False, 0),
    ],
)
def test_what_is_not_known_to_be_current_is_not_trusted_also_while_paused(
    age: float | None, error: ErpError | None, trusted: bool, step: int, paused: bool
) -> None:
    seen = chip(age, error, paused=paused)
    assert (seen.trusted, seen.step) == (trusted, step)
    assert (seen.text == "paused") == paused


def test_of_two_paused_chips_the_one_that_is_not_trusted_speaks() -> None:
    current, nothing = chip(1, paused=True), chip(None, DOWN, paused=True)
    assert worst([current, nothing]) == nothing


@pytest.mark.parametrize("paused", [False, True])
@pytest.mark.parametrize(
    ("age", "error", "text"),
    [
        (None, None, "asking…"),
        (None, DOWN, "no data: no route"),
        (-3, None, "read now"),
        (59, None, "read now"),
        (240, None, "read 4m ago"),
        (86_400 * 3.5, None, "read 3d ago"),
        (240, DOWN, "stale 2m: no route"),
    ],
)
def test_what_is_asked_for_on_demand_is_dated_and_never_live(
    age: float | None, error: ErpError | None, text: str, paused: bool
) -> None:
    seen = chip(age, error, every=inf, paused=paused)
    assert seen.text == text
    assert seen.trusted == (text.startswith("read"))


def test_a_slow_answer_is_no_stale_one() -> None:
    assert chip(15, took=8).text == "live"


def test_an_absent_system_is_not_configured_also_while_paused() -> None:
    snapshot = Store(absent=frozenset({Topic.ENGINE})).snapshot(Topic.ENGINE)
    assert freshness(snapshot, 10, NOW, paused=True).kind is FreshnessKind.ABSENT


def test_a_long_cause_is_cut_to_one_short_line() -> None:
    text = chip(60, down("the certificate of erp.example\nis not accepted: " + "x" * 200)).text
    assert len(text) < 65
    assert "\n" not in text
    assert text.endswith("…")


@given(st.none() | st.floats(-1e6, 1e7), st.floats(1, 600))
def test_while_the_last_ask_failed_it_never_says_live(age: float | None, every: float) -> None:
    assert "live" not in chip(age, DOWN, every=every).text


@given(st.floats(0, 1e6), st.floats(0, 0.9))
def test_the_text_of_a_stale_chip_changes_rarely(age: float, fraction: float) -> None:
    texts = {chip(age + n * fraction, DOWN).text for n in range(10)}
    assert len(texts) <= 2


def test_the_worst_chip_speaks_for_all() -> None:
    live, stale, older = chip(1), chip(60, DOWN), chip(600, DOWN)
    nothing = chip(None, DOWN)
    absent = Freshness(FreshnessKind.ABSENT, "not configured")
    assert worst([live, absent]) == live
    assert worst([live, stale, older]) == older
    assert worst([older, nothing, chip(None)]) == nothing
    assert worst([]).kind is FreshnessKind.ABSENT
    assert System.JTL.value == "jtl"


@pytest.mark.parametrize(
    ("every", "took", "waits"),
    [(1, 0.1, 10), (5, 0.1, 10), (10, 0.1, 20), (60, 1, 120), (5, 8, 29), (1, 2, 10)],
)
def test_l12_a_hang_is_told_after_two_intervals_ten_seconds_or_three_responses(
    every: float, took: float, waits: float
) -> None:
    assert chip(waits, every=every, took=took).text == "live"
    assert chip(waits + 0.1, every=every, took=took).text.startswith("no response for")
