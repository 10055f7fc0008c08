"""Watches the store and hands on what changed. Nothing here raises into the store.

Rows are compared one by one, a slice at a time, so that thousands of syncs do not hold up a key. Time
alone makes a sync overdue: once a minute every row is judged again by the rule of the live screen.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from tui.api.errors import Throttled
from tui.domain.health.rules import Level
from tui.domain.history.observing import GONE, difference, kept_text, state_of_system
from tui.domain.history.reader import HistorySink
from tui.domain.history.records import (
    Cause,
    Change,
    Coverage,
    Event,
    EventKind,
    Named,
    Poll,
    State,
    Subject,
    SubjectKind,
)
from tui.domain.intervals import short
from tui.domain.profile import System
from tui.history.observed_rows import KINDS_OF, Observed, rows_of
from tui.history.poll_gaps import PollGaps
from tui.store.poller import LONGEST_BACKOFF
from tui.store.snapshot import Topic
from tui.store.store import Store

if TYPE_CHECKING:
    from tui.api.errors import ErpError

_SLICE = 50
"""Rows that are judged at a time: a few milliseconds."""
_MINUTE = 60.0
_SET_BACK = timedelta(seconds=1)

Listener = Callable[[Change], None]


class Feed(NamedTuple):
    """What a recorder watches."""

    store: Store
    every: Callable[[Topic], float]
    """Seconds within which a topic is polled again."""
    now_of: Callable[[System, datetime], datetime]
    """A time of ours by a server's clock."""
    expected: Callable[[], frozenset[int]]
    """Connections that are inactive for a known reason."""
    clock: Callable[[], datetime]


@dataclass(slots=True)
class _Seen:
    """What was last seen of a subject."""

    subject: Subject
    parts: tuple[object, ...]
    """The rows that it was judged by; equal ones are not judged again."""
    state: State
    last_text: str = ""
    """The last progress text of a running sync."""


class Recorder:
    def __init__(
        self,
        feed: Feed,
        sink: HistorySink,
        messages: Literal["masked", "none"] = "masked",
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store, self._every, self._now_of, self._expected, self._clock = feed
        self._sink, self._sleep = sink, sleep
        self._keeps_text = messages == "masked"
        self._seen: dict[SubjectKind, dict[str, _Seen]] = {}
        self._errors: dict[System, dict[str, str]] = {}
        self._listeners: list[Listener] = []
        self._gap_listeners: list[Callable[[], object]] = []
        self._waiting: dict[SubjectKind, Iterator[None]] = {}
        self._working: asyncio.Task[None] | None = None
        self._ticking: asyncio.Task[None] | None = None
        self._last_at: datetime | None = None
        self.gaps = PollGaps()
        """In which subjects were not seen."""
        self._is_on = False

    def on_change(self, listener: Listener) -> None:
        """Call `listener` with every change that is recorded."""
        self._listeners.append(listener)

    def on_gap_ended(self, listener: Callable[[], object]) -> None:
        """Call `listener` when a topic is polled again after a time in which it was not seen."""
        self._gap_listeners.append(listener)

    def start(
        self, known: Mapping[Subject, Change] | None = None, recorded: Iterable[Coverage] = ()
    ) -> None:
        """Record from now on, what the store already has included. `known`: the last recorded states:
        what differs from them changed while nothing was recording; `recorded`: when that was. Needs a
        running event loop."""
        if self._is_on:
            return
        self._is_on = True
        self.gaps = PollGaps(recorded)
        for subject, change in (known or {}).items():
            of_kind = self._seen.setdefault(subject.kind, {})
            if change.after.state != GONE.state:
                of_kind[subject.key] = _Seen(subject, (), change.after)
        polled = [
            (topic, snapshot.fetched_at, snapshot.took or 0.0)
            for topic in Topic
            if (snapshot := self._store.snapshot(topic)).fetched_at is not None and snapshot.complete
        ]
        # A sync is made of two topics: the gaps of both are known before it is compared.
        for topic, at, took in polled:
            self.gaps.polled(Poll(topic.value, at, True, self._pace(topic, True, took), took))
        for topic, at, took in polled:
            self._on_polled(topic, True, at, took, None)
        self._store.on_polled(self._on_polled)
        self._ticking = asyncio.ensure_future(self._tick())

    async def aclose(self) -> None:
        """Take in what waits, and stop."""
        self._is_on = False
        if self._ticking is not None:
            self._ticking.cancel()
        if self._working is not None:
            self._working.cancel()
        for steps in self._waiting.values():
            with self._undisturbing():
                for _ in steps:
                    pass
        self._waiting.clear()

    def _on_polled(
        self, topic: Topic, ok: bool, at: datetime, took: float, error: "ErpError | None"
    ) -> None:
        if not self._is_on or topic.on_demand or topic in self._store.absent:
            return
        with self._undisturbing():
            self._take_in(topic, ok, at, took, error)

    def _take_in(
        self, topic: Topic, ok: bool, at: datetime, took: float, error: "ErpError | None"
    ) -> None:
        if self._last_at is not None and at < self._last_at - _SET_BACK:
            back = short(round((self._last_at - at).total_seconds()))
            self._sink.add([Event(at, EventKind.CLOCK, f"the clock was set back by {back}")])
        self._last_at = at
        sentence = self._sentence(error)
        pace = self._pace(topic, ok, took)
        if isinstance(error, Throttled):
            pace = max(pace, error.retry_after or 0.0)
        poll = Poll(topic.value, at, ok, pace, took, sentence)
        self._sink.add([poll])
        has_gap_ended = self.gaps.polled(poll)
        self._follow_system(topic, at, sentence)
        if ok and (kind := KINDS_OF.get(topic)):
            self._plan(kind, at, timed=False)
        for listener in self._gap_listeners if has_gap_ended else ():
            listener()

    def _pace(self, topic: Topic, ok: bool, took: float) -> float:
        """Seconds within which the next poll is expected: a slow response is not a gap, and failed polls
        back off. In steps, so that equal polls stay one row."""
        every = self._every(topic)
        steps = 1 + int(took / max(every, 1.0) * 2)
        return max(every, LONGEST_BACKOFF) if not ok else every * steps

    def _sentence(self, error: "ErpError | None") -> str:
        if error is None:
            return ""
        return (kept_text(error.sentence) if self._keeps_text else "") or "the request failed"

    def _follow_system(self, topic: Topic, at: datetime, sentence: str) -> None:
        system = topic.system
        errors = self._errors.setdefault(system, {})
        errors[topic.value] = sentence
        subject = Subject(SubjectKind.SYSTEM, system.value, system.product)
        self._compare(Observed(subject, (), lambda _text: state_of_system(errors)), at, timed=False)

    def _plan(self, kind: SubjectKind, at: datetime, *, timed: bool) -> None:
        """Compare all rows of a kind: the first slice now, the rest while nothing else is to be done."""
        steps = self._pass(kind, at, timed=timed)
        if kind in self._waiting:
            # Rows of an older response are still being compared: they come first.
            older = self._waiting[kind]
            for _ in older:
                pass
        if next(steps, self) is self:
            self._waiting.pop(kind, None)
            return
        self._waiting[kind] = steps
        if self._working is None or self._working.done():
            self._working = asyncio.ensure_future(self._work())

    async def _work(self) -> None:
        while self._waiting:
            kind, steps = next(iter(self._waiting.items()))
            await asyncio.sleep(0)
            is_over = True
            with self._undisturbing():
                is_over = next(steps, self) is self
            if is_over and self._waiting.get(kind) is steps:
                del self._waiting[kind]

    async def settled(self) -> None:
        """Wait until everything that was seen is handed on."""
        if self._working is not None:
            await self._working

    def _pass(self, kind: SubjectKind, at: datetime, *, timed: bool) -> Iterator[None]:
        """Compare every row of a kind with what was last seen of it."""
        rows = rows_of(kind, self._store, self._expected(), lambda system: self._now_of(system, at))
        if rows is None:
            return
        is_first = kind not in self._seen
        known = self._seen.setdefault(kind, {})
        present: set[str] = set()
        for number, row in enumerate(rows):
            present.add(row.subject.key)
            self._compare(row, at, timed=timed, is_first=is_first)
            if number % _SLICE == _SLICE - 1:
                yield
        for key in known.keys() - present:
            seen = known.pop(key)
            self._hand_on(Change(at, seen.subject, Cause.DISAPPEARED, GONE, seen.state))

    def _compare(self, row: Observed, at: datetime, *, timed: bool, is_first: bool = False) -> None:
        of_kind = self._seen.setdefault(row.subject.kind, {})
        seen = of_kind.get(row.subject.key)
        is_same = seen is not None and bool(row.parts) and seen.parts == row.parts
        if seen is not None and is_same and not timed:
            seen.parts = row.parts
            return
        state = row.judge(seen.last_text if seen is not None else "")
        if not self._keeps_text:
            state = replace(state, text="")
        cause = difference(seen.state if seen is not None else None, state)
        if cause is Cause.APPEARED and (is_first or row.subject.kind is SubjectKind.SYSTEM):
            cause = Cause.KEYFRAME
        elif cause is Cause.POLL and is_same:
            cause = Cause.TIME
        before, subject = (
            (seen.state, _named(row.subject, seen)) if seen is not None else (None, row.subject)
        )
        last_text = row.progress or (seen.last_text if seen and state.level is Level.RUNNING else "")
        # What made no row stays as it was recorded: the next look is compared with that.
        kept = state if cause is not None or before is None else before
        of_kind[row.subject.key] = _Seen(subject, row.parts, kept, last_text)
        if cause is not None:
            self._hand_on(Change(at, subject, cause, state, before))
        elif seen is not None and subject.name != seen.subject.name:
            self._sink.add([Named(at, subject)])

    def _hand_on(self, change: Change) -> None:
        self._sink.add([change])
        for listener in self._listeners:
            listener(change)

    async def _tick(self) -> None:
        while self._is_on:
            await self._sleep(_MINUTE)
            self.judge_again()

    def judge_again(self) -> None:
        """Judge every sync by the time alone; while its status cannot be read, nothing is judged."""
        if self._errors.get(System.JTL, {}).get(Topic.STATUS.value):
            return
        with self._undisturbing():
            self._plan(SubjectKind.SYNC, self._clock(), timed=True)

    @contextmanager
    def _undisturbing(self) -> Iterator[None]:
        """Report a fault instead of raising it: polling goes on."""
        try:
            yield
        except Exception as fault:  # noqa: BLE001 - a named place, see tests/test_structure.py
            asyncio.get_running_loop().call_exception_handler(
                {"message": "the recorder failed on a response", "exception": fault}
            )


def _named(subject: Subject, seen: _Seen) -> Subject:
    """A name that was not received does not replace the one that was."""
    return subject if subject.name else seen.subject
