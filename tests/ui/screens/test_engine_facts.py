"""The engine in words: since when, how old, and what was asked of it; times are told honestly."""

from datetime import UTC, datetime, timedelta

import pytest

from tui.api.errors import BadAnswer
from tui.domain.intervals import Interval
from tui.domain.profile import System
from tui.domain.superoffice.engine import EngineObservation, EngineStatus
from tui.ops.execution.engine_requests import EngineRequest
from tui.store.freshness import Freshness, FreshnessKind
from tui.store.snapshot import Snapshot
from tui.ui.screens.engine.facts import EngineView, facts, timeline
from tui.ui.screens.engine.header import engine_header as header

FIRST = datetime(2026, 3, 2, 10, 2, 11, tzinfo=UTC)
RUNNING = EngineStatus(True, "Idle", Interval.read("00:15:00"))
FAILED = BadAnswer(
    system=System.SUPEROFFICE, sentence="SuperOffice answered with nothing", next_step="press r"
)
LIVE = Freshness(FreshnessKind.LIVE, "live")
STALE = Freshness(FreshnessKind.STALE, "stale 15s", trusted=False)


def after(minutes: float) -> datetime:
    return FIRST + timedelta(minutes=minutes)


def seen(
    *words: str, now: float = 4, failed: bool = False, awaited: bool | None = None, first: bool = True
) -> EngineView:
    """Observations a minute apart; `first`: nothing was seen before them."""
    observations = [EngineObservation(after(place), word, "Idle") for place, word in enumerate(words)]
    snapshot = Snapshot(RUNNING, after(now), error=FAILED if failed else None)
    return EngineView(snapshot, observations, FIRST if first else after(-9), awaited, after(now))


def fact(label: str, known: EngineView) -> str:
    return dict(facts(known))[label]


def test_what_was_so_from_the_first_answer_on_may_have_been_so_before() -> None:
    assert fact("Observed since", seen("running")) == "10:02:11 UTC, 4m ago or earlier"
    assert fact("Last change", seen("running")) == "none observed"


def test_a_change_that_was_seen_is_dated() -> None:
    known = seen("running", "stopped", "running")
    assert fact("Observed since", known) == "10:04:11 UTC, 2m ago"
    assert fact("Last change", known) == "10:04:11 UTC, 2m ago: stopped → running"


def test_what_is_no_longer_remembered_is_not_called_the_first() -> None:
    assert fact("Observed since", seen("running", first=False)) == "10:02:11 UTC, 4m ago"


def test_within_a_minute_the_time_alone_is_told() -> None:
    assert fact("Observed since", seen("running", now=0.9)) == "10:02:11 UTC or earlier"


@pytest.mark.parametrize(
    ("failed", "state"),
    [
        (False, "… stop requested; last response: running"),
        (True, "… stop requested; last response: unknown now, last known: running"),
    ],
)
def test_a_state_that_was_asked_for_is_no_state_that_was_seen(failed: bool, state: str) -> None:
    assert fact("State", seen("running", failed=failed, awaited=False)) == state


def test_the_header_says_what_is_awaited_whatever_was_last_known() -> None:
    assert header(RUNNING, LIVE, False) == ("engine … stop requested", "running")
    assert header(RUNNING, STALE, True) == ("engine … start requested", "stale")
    assert header(None, STALE, True) == ("engine … start requested", "stale")
    assert header(RUNNING, LIVE) == ("engine ✔ running every 15m", "ok")


def test_a_long_text_leaves_room_and_is_told_whole_where_there_is_some() -> None:
    known = seen("running")
    long = EngineView(
        Snapshot(EngineStatus(True, "x" * 500, Interval.read("y" * 500)), FIRST),
        known.observations,
        FIRST,
        None,
        FIRST,
    )
    assert fact("Message", long).endswith("x… (500 characters, enter shows all)")
    assert fact("Interval", long).endswith("y… (500 characters, enter shows all)")
    assert dict(facts(long, whole=True))["Message"] == "x" * 500


def test_requests_stand_among_what_was_seen_newest_first() -> None:
    asked = [
        EngineRequest(after(0), "stop requested", "now stopped"),
        EngineRequest(after(2), "start requested"),
    ]
    rows = timeline(seen("running", "stopped").observations, asked)
    assert [(row.sign, row.cells[0]) for row in rows] == [
        ("…", "start requested"),
        ("!", "stopped"),
        ("→", "stop requested"),
        ("✔", "running"),
    ]
    assert rows[0].cells[2] == "you: in progress"
    assert len({row.key for row in rows}) == 4
