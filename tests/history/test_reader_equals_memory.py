"""The files answer every query as the history in memory does, which is short enough to be read."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.history.written import with_keyframes, write
from tui.domain.health.rules import Level
from tui.domain.history.records import (
    Cause,
    Change,
    Coverage,
    Event,
    EventKind,
    Poll,
    Record,
    State,
    Subject,
    SubjectKind,
)
from tui.history.memory import MemoryHistory
from tui.history.reader import FileReader

START = datetime(2026, 11, 26, 13, 0, tzinfo=UTC)
SUBJECTS = (
    *(Subject(SubjectKind.SYNC, f"t-{number}", f"Temu {number}") for number in range(2)),
    Subject(SubjectKind.ENGINE, "engine"),
)
STATES = (
    State("ok", Level.OK, interval_s=300.0),
    State("ok", Level.OK, interval_s=60.0),
    State("running", Level.RUNNING, interval_s=300.0, status_at=START),
    State("error", Level.ERROR, "401 from marketplace", interval_s=300.0, next_at=START),
    State("overdue", Level.WARNING, "no status for 2h"),
    State("off", Level.OFF),
)
ALL_OF_IT = START - timedelta(days=1), START + timedelta(days=20)


@st.composite
def histories(draw: st.DrawFn, *, back: bool = False) -> Sequence[Record]:
    """Some days of records; `back`: within one day, on which our clock is set back once."""
    now = START
    known: set[Subject] = set()
    records: list[Record] = []
    longest = 5 if back else 400
    steps = draw(st.lists(st.integers(0, longest), min_size=1, max_size=40))
    for number, minutes in enumerate(steps, 1):
        # The odd millisecond keeps the times of a subject apart, also after the clock was set back.
        now = (now + timedelta(minutes=minutes)).replace(microsecond=number * 1000)
        what = draw(st.sampled_from(("change", "change", "change", "poll", "event")))
        if what == "poll":
            error = draw(st.sampled_from(("", "", "timed out")))
            topic = draw(st.sampled_from(("status", "engine")))
            every = draw(st.sampled_from((5.0, 30_000.0)))
            records.append(Poll(topic, now, not error, every, number / 1000, error))
        elif what == "event":
            about = draw(st.sampled_from((None, *known)))
            records.append(Event(now, EventKind.NOTE, f"note {number}", about, "anna"))
        else:
            subject = draw(st.sampled_from(SUBJECTS))
            causes = (*[Cause.POLL] * 5, Cause.TIME, Cause.STATUS_MOVED, Cause.DISAPPEARED)
            cause = draw(st.sampled_from(causes)) if subject in known else Cause.APPEARED
            (known.discard if cause is Cause.DISAPPEARED else known.add)(subject)
            records.append(Change(now, subject, cause, draw(st.sampled_from(STATES))))
        if back and number == 15:
            now -= timedelta(minutes=draw(st.integers(1, 120)))
            records.append(Event(now, EventKind.CLOCK, "set back"))
    return records


def both(folder: str, records: Iterable[Record]) -> tuple[FileReader, MemoryHistory]:
    kept, memory = tuple(with_keyframes(records)), MemoryHistory()
    write(Path(folder), kept)
    memory.add(kept)
    return FileReader(Path(folder)), memory


def moments(records: Sequence[Record]) -> st.SearchStrategy[datetime]:
    """In between, and exactly at a record."""
    span = int((max(record.at for record in records) - START).total_seconds()) + 3_600
    between = st.integers(-60, span).map(lambda seconds: START + timedelta(seconds=seconds))
    return between | st.sampled_from([record.at for record in records])


def ordered(changes: Iterable[Change]) -> Sequence[Change]:
    """At the same time in any order: memory has no order between subjects."""
    return sorted(changes, key=lambda change: (change.at, change.subject.kind, change.subject.key))


def clipped(rows: Iterable[Coverage], since: datetime, until: datetime) -> object:
    return sorted((row.topic, max(row.start, since), min(row.end, until), row.error) for row in rows)


def same_window(files: FileReader, memory: MemoryHistory, since: datetime, until: datetime) -> None:
    for routine in (True, False):
        found = files.changes(since, until, with_routine=routine)
        wanted = memory.changes(since, until, with_routine=routine)
        assert ordered(found) == ordered(wanted)
        for subject in SUBJECTS:
            found = files.changes(since, until, subject, with_routine=routine)
            wanted = memory.changes(since, until, subject, with_routine=routine)
            assert ordered(found) == ordered(wanted)
    rows = (files.coverage(since, until), memory.coverage(since, until))
    assert clipped(rows[0], since, until) == clipped(rows[1], since, until)
    assert files.events(since, until) == memory.events(since, until)


_CALM = settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))


@given(histories(), st.data())
@_CALM
def test_files_answer_as_memory_does(records: Sequence[Record], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files, memory = both(folder, records)
        first, last = memory.extent().since, memory.extent().until
        assert (files.extent().since, files.extent().until) == (first, last)
        assert files.extent().days == memory.extent().days
        assert set(files.subjects()) == set(memory.subjects())
        since, until = sorted((data.draw(moments(records)), data.draw(moments(records))))
        same_window(files, memory, since, until)
        same_window(files, memory, *ALL_OF_IT)
        rows = (files.coverage(*ALL_OF_IT), memory.coverage(*ALL_OF_IT))
        assert sorted(rows[0], key=repr) == sorted(rows[1], key=repr)
        for at in (since, until):
            assert files.states_at(at) == memory.states_at(at)
            assert files.since_at(at) == memory.since_at(at)
        cells = data.draw(st.integers(1, 24))
        assert files.strips(since, until, cells) == memory.strips(since, until, cells)
        assert files.troubles == ()


@given(histories(back=True), st.data())
@_CALM
def test_so_they_do_where_our_clock_was_set_back(records: Sequence[Record], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files, memory = both(folder, records)
        since, until = sorted((data.draw(moments(records)), data.draw(moments(records))))
        same_window(files, memory, since, until)
        same_window(files, memory, *ALL_OF_IT)
        assert files.states_at(until) == memory.states_at(until)
        assert files.since_at(until) == memory.since_at(until)
        assert files.troubles == ()
