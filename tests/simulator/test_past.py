"""The demo's night: the same for the same world, and true to what the world is now."""

from datetime import UTC, datetime, timedelta

import pytest

from tui.domain.health.rules import assess
from tui.domain.history.gaps import gaps_of
from tui.domain.history.records import Change, EventKind, SubjectKind
from tui.domain.history.replay import replayed_worker
from tui.history.memory import MemoryHistory
from tui.simulator.options import SimulateOptions
from tui.simulator.past import past_of
from tui.simulator.world import born

MORNING = datetime(2026, 11, 29, 17, 16, tzinfo=UTC)


@pytest.mark.parametrize("hours", [0, 5.5, 9, 10.1, 14, 23])
def test_whenever_it_is_shown_the_night_is_whole(hours: float) -> None:
    now = MORNING + timedelta(hours=hours)
    world = born(SimulateOptions(), lambda: now)
    records = past_of(world, now)
    assert records == past_of(born(SimulateOptions(), lambda: now), now)
    kept = MemoryHistory()
    kept.add(records)
    first = kept.extent().since
    assert first is not None
    assert first <= now - timedelta(hours=24)
    assert kept.extent().until == now
    failed = [
        one
        for one in kept.changes(first, now)
        if one.before and one.before.level.name == "RUNNING" and one.after.state == "error"
    ]
    started = {one.subject.name: one.at for one in reversed(failed)}
    begins = {f"{at:%H:%M}" for at in started.values()}
    assert begins == {"21:14" if now.hour < 4 else "01:14"}
    assert len(started) == 3
    assert min(started.values()) > now - timedelta(hours=24)
    [gap] = gaps_of(kept.coverage(first, now), "status", first, now)
    assert f"{gap.end - gap.start}" == "0:06:00"
    minute = min(started.values()).replace(second=0, microsecond=0)
    assert minute - gap.end == timedelta(minutes=27)
    users = {one.user for one in kept.events(first, now) if one.kind is EventKind.ACTION}
    assert users == {"anna"}


def test_it_ends_in_the_present_of_the_world() -> None:
    world = born(SimulateOptions(), lambda: MORNING)
    last = {
        one.subject.key: one.after.state for one in past_of(world, MORNING) if isinstance(one, Change)
    }
    states = [last[sync.id] for sync in world.jtl.syncs.values()]
    assert sorted(states) == sorted(["ok"] * 7 + ["error", "locked", "off", "overdue", "running"])
    connections = {
        one.subject.key: one.after.state
        for one in past_of(world, MORNING)
        if isinstance(one, Change) and one.subject.kind is SubjectKind.CONNECTION
    }
    assert set(connections.values()) == {"active", "inactive"}


def test_the_first_poll_after_the_gap_shows_what_became_of_each_sync() -> None:
    """Nothing runs on from before the gap, and nothing is overdue by a status from before it."""
    world = born(SimulateOptions(), lambda: MORNING)
    kept = MemoryHistory()
    kept.add(past_of(world, MORNING))
    [gap] = gaps_of(
        kept.coverage(MORNING - timedelta(hours=24), MORNING),
        "status",
        MORNING - timedelta(hours=24),
        MORNING,
    )
    for minutes in range(12):
        at = gap.end + timedelta(minutes=minutes)
        for subject, change in kept.states_at(at).items():
            if subject.kind is not SubjectKind.SYNC:
                continue
            row = replayed_worker(subject, change.after, None)
            assert assess(row, at).word == change.after.state
            if change.after.state == "running":
                assert at - change.at < timedelta(minutes=1)
