"""Writers on a folder of a test, by a clock that the test sets, and what they left in the files."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from tui.domain.health.rules import Level
from tui.domain.history.records import Cause, Change, Poll, State, Subject, SubjectKind
from tui.domain.history.settings import HistorySettings
from tui.history.writer import Pace, Writer, WriterKind

NOON = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
DAY = "2026-11-29"
TEMU = Subject(SubjectKind.SYNC, "t-1", "Temu · Temu DE")
OTTO = Subject(SubjectKind.SYNC, "o-1", "Otto")
OK = State("ok", Level.OK, interval_s=300.0)
RUNNING = State("running", Level.RUNNING, interval_s=300.0)
ERROR = State("error", Level.ERROR, "401 from marketplace", interval_s=300.0)
QUICK = Pace(retry=0.02, take_over=0.02)
LONG = 20.0
"""Seconds after which a test gives up."""


@dataclass
class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Folder:
    """A profile's history."""

    place: Path
    clock: Clock = field(default_factory=Clock)

    @contextmanager
    def writer(
        self, settings: HistorySettings | None = None, pace: Pace = QUICK, **given: Any
    ) -> Iterator[Writer]:
        meta = {"profile": "test", "version": "1"}
        writer = Writer(self.place, settings or HistorySettings(), meta, self.clock, pace=pace, **given)
        try:
            yield writer
        finally:
            writer.close(LONG)

    def rows(self, sql: str, day: str = DAY) -> list[tuple[Any, ...]]:
        path = self.place / f"{day}.db"
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as file:
            return file.execute(sql).fetchall()

    def states(self, day: str = DAY) -> list[tuple[str, str, str]]:
        """Key, cause and state of all changes in their order."""
        return self.rows(
            "SELECT key, cause, state FROM change JOIN subject ON id=subject ORDER BY seq", day
        )

    def meta(self, day: str = DAY) -> Mapping[str, str | None]:
        return dict(self.rows("SELECT * FROM meta", day))

    def names(self) -> list[str]:
        return sorted(path.name for path in self.place.iterdir() if path.name != "lock")


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def change(
    state: State, moment: datetime = NOON, subject: Subject = TEMU, cause: Cause = Cause.POLL
) -> Change:
    return Change(moment, subject, cause, state)


def poll(moment: datetime = NOON, error: str = "", topic: str = "status") -> Poll:
    return Poll(topic, moment, not error, 5.0, 0.1, error)


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether it holds before the test gives up; a file without its tables is about to get them."""
    end = time.monotonic() + LONG
    while time.monotonic() <= end:
        with suppress(sqlite3.OperationalError):
            if holds():
                return True
        time.sleep(0.01)
    return False


def becomes(writer: Writer, kind: WriterKind) -> bool:
    return eventually(lambda: writer.status.kind is kind and writer.status.since is not None)


class Program:
    """Another program that records; see `recording_process`."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.history.recording_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def start(self, place: Path, uid: int | None = None) -> Self:
        if uid is not None:
            self.tell(f"become {uid}")
        self.tell(f"start {place}")
        return self

    def tell(self, command: str) -> str:
        """What it prints on a command."""
        self.send(command)
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def send(self, command: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{command}\n")
        self.process.stdin.flush()

    def becomes(self, *statuses: str) -> bool:
        return eventually(lambda: self.tell("status").startswith(statuses))

    def kill(self) -> None:
        """As by `kill -9`."""
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """Let it close; or end it if it is still there after a while."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            self.process.wait(LONG)
        finally:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
