"""How a worker sync lives: waits, starts, runs, ends well or badly, is stopped, is locked.

Nothing runs in the background: `advance` moves a sync from event to event up to a given time, so
the same seed and the same questions give the same life. Source: jtl PROTOCOL §1.3, §1.4, §7.
"""

from datetime import datetime, timedelta

from tui.simulator.jtl.sample_shop import FAILURES
from tui.simulator.jtl.world import (
    DEACTIVATED,
    FAILED,
    FINISHED,
    LOCKED,
    RESTART,
    RUNNING,
    START,
    STARTING,
    STOP,
    STOPPING,
    SUSPENDED,
    JtlWorld,
    Phase,
    Sync,
)

STARTING_TAKES = timedelta(seconds=1.5)
STOPPING_TAKES = timedelta(seconds=2)
LOCK_LASTS = timedelta(minutes=12)
ABSENCE = timedelta(hours=6)
"""A world that nobody asked for longer is not lived through step by step."""


def advance(sync: Sync, now: datetime, *, still: bool) -> None:
    """Live through every event of `sync` up to `now`; in a still world only those a user caused."""
    _skip_absence(sync, now, still=still)
    while (event := _next_event(sync, still=still)) is not None and event <= now:
        if sync.pending is not None and sync.pending[1] <= event:
            action, sync.pending = sync.pending[0], None
            _take(sync, action, event)
        else:
            sync.phase = _following(sync, event)


def request(world: JtlWorld, sync: Sync, action: int, now: datetime) -> None:
    """Take a control action; the newest replaces one that still waits (one pending per sync)."""
    sync.pending = (action, now + timedelta(seconds=world.control_delay))


def process_turned(world: JtlWorld, now: datetime, *, running: bool) -> None:
    """Stop or start the JTL-Worker itself; suspended syncs start again by themselves (§1.4)."""
    if running and not world.process_running:
        for order, sync in enumerate(world.syncs.values()):
            if sync.phase.state not in (LOCKED, DEACTIVATED):
                sync.phase = Phase(STARTING, now, now + STARTING_TAKES * (1 + order % 7), driven=True)
            if sync.pending is not None:
                request(world, sync, sync.pending[0], now)
    world.process_running, world.process_since = running, now


def _skip_absence(sync: Sync, now: datetime, *, still: bool) -> None:
    until = sync.phase.until
    if not still and until is not None and now - until > ABSENCE:
        missed = (now - until) - ABSENCE / 2
        sync.phase.since += missed
        sync.phase.until = until + missed


def _next_event(sync: Sync, *, still: bool) -> datetime | None:
    end = sync.phase.until if sync.phase.driven or not still else None
    due = sync.pending[1] if sync.pending else None
    return min((at for at in (end, due) if at is not None), default=None)


def _take(sync: Sync, action: int, at: datetime) -> None:
    state = sync.phase.state
    if state in (STARTING, RUNNING) and action == START:
        return
    if state in (SUSPENDED, DEACTIVATED) and action == STOP:
        return
    if action == STOP or (action == RESTART and state in (STARTING, RUNNING)):
        then = DEACTIVATED if action == STOP else STARTING
        sync.phase = Phase(STOPPING, at, at + STOPPING_TAKES, then=then, driven=True)
    elif not sync.locked:
        sync.phase = Phase(STARTING, at, at + STARTING_TAKES, driven=True)


def _following(sync: Sync, at: datetime) -> Phase:
    state = sync.phase.state
    if state == STARTING:
        sync.ran = True
        length = timedelta(seconds=sync.chance.uniform(8, 45))
        return Phase(RUNNING, at, at + length, total=sync.chance.randrange(40, 1_500))
    if state == RUNNING:
        return _ending(sync, at)
    if state == STOPPING and sync.phase.then == DEACTIVATED:
        return Phase(DEACTIVATED, at)
    if state == LOCKED:
        sync.locked = False
    return Phase(STARTING, at, at + STARTING_TAKES, driven=sync.phase.driven)


def _ending(sync: Sync, at: datetime) -> Phase:
    luck, rest = sync.chance.random(), at + timedelta(seconds=sync.interval)
    if sync.failing is not None:
        return Phase(FAILED, at, rest, sync.failing)
    if luck < 0.01 and sync.kind.controllable:
        sync.locked = True
        return Phase(LOCKED, at, at + LOCK_LASTS, "account locked")
    if luck < 0.07:
        return Phase(FAILED, at, rest, sync.chance.choice(FAILURES))
    return Phase(FINISHED, at, rest, f"{sync.phase.total} {sync.kind.noun}" if luck > 0.6 else "")
