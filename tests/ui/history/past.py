"""A past for the console: records that a story needs, in a history in memory."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tests.drivers.console import Console
from tui.domain.health.rules import Level
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
from tui.history.history import History, InMemory
from tui.history.memory import MemoryHistory
from tui.session.events import HistoryChanged
from tui.session.history_view import HistoryView

OK, RUNNING = State("ok", Level.OK, interval_s=300.0), State("running", Level.RUNNING, interval_s=300.0)
_EVERY = 5.0
_TOPICS = ("status", "workers", "engine", "connections", "extensions")


def error(text: str) -> State:
    return State("error", Level.ERROR, text, interval_s=300.0)


class Past:
    """Records with times counted back from one moment, in minutes."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.records: list[Record] = []

    def at(self, minutes: float) -> datetime:
        return self.now - timedelta(minutes=minutes)

    def polled(self, since: float, until: float = 0.0) -> "Past":
        """Every topic was polled without a gap from `since` minutes ago to `until` minutes ago."""
        for topic in _TOPICS:
            at = self.at(since)
            while at <= self.at(until):
                self.records.append(Poll(topic, at, True, _EVERY * 12, 0.1))
                at += timedelta(seconds=_EVERY * 12)
        return self

    def was(self, subject: Subject, minutes: float, state: State, cause: Cause = Cause.POLL) -> "Past":
        self.records.append(Change(self.at(minutes), subject, cause, state))
        return self

    def acted(self, minutes: float, text: str, subject: Subject) -> "Past":
        self.records.append(Event(self.at(minutes), EventKind.ACTION, text, subject, "anna"))
        return self

    def noted(self, minutes: float, text: str, user: str) -> "Past":
        self.records.append(Event(self.at(minutes), EventKind.NOTE, text, user=user))
        return self


def sync_of(deck: Console, channel: str) -> Subject:
    """The subject of a sync that the console lists."""
    workers = deck.app.session.store.workers()
    worker = next(one for one in workers if one.sync is not None and one.sync.channel == channel)
    return Subject(SubjectKind.SYNC, worker.id, worker.name)


async def give(deck: Console, records: Sequence[Record]) -> MemoryHistory:
    """Have the console show a past that is recorded, and nothing recorded by itself."""
    session, memory = deck.app.session, MemoryHistory()
    memory.add(sorted(records, key=lambda one: one.at))
    assert session.core is not None
    history = History(memory, InMemory(memory), None, clock=session.clock)
    post = deck.app._passed_on
    session.history = HistoryView(
        session.core, history, session.trail, session.clock, lambda: post(HistoryChanged())
    )
    session.history.refresh()
    return memory


async def typed_time(deck: Console, text: str) -> None:
    """Type a time to look back at."""
    await deck.press("B")
    await deck.opens("Look back")
    await deck.press("ctrl+u")
    await deck.type(text)
    await deck.press("enter")
