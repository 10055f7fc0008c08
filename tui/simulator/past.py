"""The night before the demo: 24 hours of records that end in the present of the simulated world.

At 00:41 nothing is recorded for six minutes; at 00:58 anna shortens an interval; at 01:14 three
marketplaces refuse the login in the same minute, and from 03:02 on all but those that fail now recover.
The same world and time give the same past.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from operator import attrgetter
from random import Random

from tui.domain.health.rules import GRACE, Level
from tui.domain.history.observing import difference
from tui.domain.history.records import (
    Cause,
    Change,
    Event,
    EventKind,
    Poll,
    Record,
    State,
    Subject,
    SubjectKind,
)
from tui.domain.profile import System
from tui.domain.superoffice.engine import ENGINE_NAME
from tui.simulator.jtl.world import DEACTIVATED, FAILED, FINISHED, LOCKED, Sync
from tui.simulator.world import World

_DAY = timedelta(hours=24)
_REFUSED = "401 from marketplace"
_MARKETPLACES = ("Temu", "Kaufland", "Otto")
"""Kinds of sync that the incident of the night hits."""
_INCIDENT, _RECOVERY = timedelta(hours=1, minutes=14), timedelta(hours=3, minutes=2)
_CHANGED_BEFORE = timedelta(minutes=16)
_LONGEST_RUN = timedelta(seconds=45)
_GAP = (timedelta(minutes=41), timedelta(minutes=47))
_TOPICS = ("status", "workers", "extensions", "engine", "connections")
_time = attrgetter("at")
_EVERY = 120.0
"""Seconds between two polls of the past: a recorder in the background is in no hurry."""


def past_of(world: World, now: datetime) -> Sequence[Record]:
    """Records from a day before `now` up to it, in their order."""
    night = _night_before(now)
    start = min(now - _DAY, night - timedelta(hours=2))
    gap = night + _GAP[0], night + _GAP[1]
    records: list[Record] = list(_polls(start, now, gap))
    for sync in world.jtl.syncs.values():
        records += _Life(sync, start, now, night).records()
    records += _still(world, start)
    records.append(Event(start, EventKind.RECORDER, "recording began"))
    note = "401 at several marketplaces: the provider renews certificates, ticket 4711"
    records.append(Event(night + timedelta(hours=1, minutes=31), EventKind.NOTE, note, user="anna"))
    records.sort(key=_time)
    return sorted(_seen(records, gap), key=_time)


def _night_before(now: datetime) -> datetime:
    """Midnight, UTC, where the incident of the night is over; else four hours before, so that it is
    always one of the last 24 hours."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    is_over = now - midnight > _RECOVERY + timedelta(minutes=30)
    return midnight if is_over else midnight - timedelta(hours=4)


def _seen(records: Sequence[Record], gap: tuple[datetime, datetime]) -> Iterator[Record]:
    """As a recorder sees it: the first poll after the gap shows what became of each subject in it."""
    known: dict[Subject, State] = {}
    unseen: dict[Subject, Change] = {}
    for one in records:
        if gap[0] < one.at < gap[1]:
            if isinstance(one, Change):
                unseen[one.subject] = one
            continue
        if isinstance(one, Change) and one.at <= gap[0]:
            known[one.subject] = one.after
        yield one
    for one in unseen.values():
        cause = difference(known.get(one.subject), one.after)
        if cause is not None:
            yield replace(one, at=gap[1], cause=cause, before=known.get(one.subject))


def _polls(start: datetime, end: datetime, gap: tuple[datetime, datetime]) -> Iterator[Record]:
    for topic in _TOPICS:
        for began, ended in ((start, gap[0]), (gap[1], end)):
            at = began
            while at < ended:
                yield Poll(topic, at, ok=True, every_s=_EVERY, took_s=0.1)
                at += timedelta(seconds=_EVERY)
            yield Poll(topic, ended, ok=True, every_s=_EVERY, took_s=0.1)


def _still(world: World, start: datetime) -> Iterator[Record]:
    """What did not change all day: the systems, the engine, its connections, the extensions."""
    for system in System:
        subject = Subject(SubjectKind.SYSTEM, system.value, system.product)
        yield Change(start, subject, Cause.KEYFRAME, State("up", Level.OK))
    engine = Subject(SubjectKind.ENGINE, "engine", ENGINE_NAME)
    running = State("running", Level.OK, interval_s=world.so.interval)
    yield Change(start, engine, Cause.KEYFRAME, running)
    for row in world.so.connections.values():
        if not row.deleted:
            connection = Subject(SubjectKind.CONNECTION, str(row.id), row.name)
            state = State("active", Level.OK) if row.active else State("inactive", Level.OFF)
            yield Change(start, connection, Cause.KEYFRAME, state)
    for one in world.jtl.extensions.values():
        extension = Subject(SubjectKind.EXTENSION, one.id, one.extension_id)
        yield Change(start, extension, Cause.KEYFRAME, _EXTENSIONS[one.status])


_EXTENSIONS = (State("disabled", Level.OFF), State("pending", Level.RUNNING), State("active", Level.OK))


class _Life:
    """One sync's day; its runs end in the phase that it is in now."""

    def __init__(self, sync: Sync, start: datetime, now: datetime, night: datetime) -> None:
        self._sync, self._phase = sync, sync.phase
        self._start, self._now = start, now
        self._fails_at, self._ends_at = night + _INCIDENT, night + _RECOVERY
        self._subject = Subject(SubjectKind.SYNC, sync.id, f"{sync.kind.name} · {sync.channel}")
        self._chance = Random(f"past {sync.id}")
        self._is_hit = sync.kind.name in _MARKETPLACES and sync.phase.state != LOCKED
        self._interval = float(sync.interval)
        self._before: State | None = None
        self._records: list[Record] = []

    def records(self) -> Sequence[Record]:
        if not self._sync.ran or self._phase.state == DEACTIVATED:
            since = self._phase.since if self._sync.ran else None
            off = State("off", Level.OFF, self._phase.text, since, None, self._interval)
            self._add(self._start, off, Cause.KEYFRAME)
            return self._records
        began = self._start - timedelta(seconds=self._chance.uniform(0, self._interval))
        self._add(self._start, self._ok(began), Cause.KEYFRAME)
        at = began + timedelta(seconds=self._interval)
        if self._sync.kind.name == _MARKETPLACES[0]:
            changed = self._fails_at - _CHANGED_BEFORE
            at = max(self._run(at, changed), changed + _LONGEST_RUN)
            self._configure(changed, 60.0)
            at = max(self._run(at, self._ends_at), self._ends_at + _LONGEST_RUN)
            self._configure(self._ends_at, float(self._sync.interval))
        self._run(at, self._phase.since - _LONGEST_RUN)
        self._present()
        return self._records

    def _run(self, at: datetime, end: datetime) -> datetime:
        """Runs at the sync's pace until `end`, in the night of the incident with its errors; when the
        next one is due."""
        while at + _LONGEST_RUN < end:
            pace = timedelta(seconds=self._interval)
            if self._is_hit and at < self._fails_at <= at + pace:
                # All of them in the same minute.
                at = self._fails_at + timedelta(seconds=self._chance.uniform(2, 15))
            took = timedelta(seconds=self._chance.uniform(8, 30))
            self._add(at, self._running(at))
            at += took
            self._add(at, self._failed(at) if self._is_failing(at) else self._ok(at))
            at += pace
        return at

    def _configure(self, at: datetime, seconds: float) -> None:
        before = self._before
        self._interval = seconds
        if before is not None:
            self._add(at, replace(before, interval_s=seconds))
        text = f"Configure sync · {self._subject.name}: applied"
        self._records.append(Event(at, EventKind.ACTION, text, self._subject, "anna"))

    def _is_failing(self, at: datetime) -> bool:
        if not self._is_hit or at < self._fails_at:
            return False
        return at < self._ends_at or self._sync.failing is not None

    def _present(self) -> None:
        """The phase that the sync is in, and what time alone made of it."""
        since, text = self._phase.since, self._phase.text
        if self._phase.state == LOCKED:
            self._add(since, State("locked", Level.LOCKED, text, since, None, self._interval))
            return
        if self._phase.state not in (FAILED, FINISHED):
            self._add(since, self._running(since))
            return
        self._add(since - _LONGEST_RUN / 2, self._running(since - _LONGEST_RUN / 2))
        if self._phase.state == FAILED:
            self._add(since, self._failed(since, text))
            return
        self._add(since, self._ok(since, text))
        late = since + timedelta(seconds=self._interval + max(self._interval, GRACE))
        if late < self._now:
            overdue = replace(self._ok(since, text), state="overdue", level=Level.WARNING)
            self._add(late + timedelta(seconds=20), overdue, Cause.TIME)

    def _running(self, at: datetime) -> State:
        return State("running", Level.RUNNING, "", at, None, self._interval)

    def _ok(self, at: datetime, text: str = "") -> State:
        return State("ok", Level.OK, text, at, at + timedelta(seconds=self._interval), self._interval)

    def _failed(self, at: datetime, text: str = _REFUSED) -> State:
        following = at + timedelta(seconds=self._interval)
        return State("error", Level.ERROR, text, at, following, self._interval)

    def _add(self, at: datetime, state: State, cause: Cause = Cause.POLL) -> None:
        if self._start <= at <= self._now:
            self._records.append(Change(at, self._subject, cause, state, self._before))
            self._before = state
