"""What the writer writes, the reader reads as the history in memory says it."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.history.recordings import LONG, Clock, Folder
from tests.history.test_reader_equals_memory import (
    _CALM,
    ALL_OF_IT,
    clipped,
    histories,
    moments,
    ordered,
)
from tui.domain.history.records import Change, Record, Subject
from tui.history.memory import MemoryHistory
from tui.history.reader import FileReader


@given(histories(), st.data())
@_CALM
def test_what_was_written_is_read(records: Sequence[Record], data: st.DataObject) -> None:
    memory = MemoryHistory()
    memory.add(records)
    with tempfile.TemporaryDirectory() as name:
        clock = Clock(records[0].at)
        with Folder(Path(name), clock).writer() as writer:
            for record in records:
                clock.now = record.at
                writer.add([record])
                assert writer.flush(LONG)
        files = FileReader(Path(name))
        since, until = sorted((data.draw(moments(records)), data.draw(moments(records))))
        for window in ((since, until), ALL_OF_IT):
            for routine in (True, False):
                found = files.changes(*window, with_routine=routine)
                assert ordered(found) == ordered(memory.changes(*window, with_routine=routine))
            rows = (files.coverage(*window), memory.coverage(*window))
            assert clipped(rows[0], *window) == clipped(rows[1], *window)
            # The writer adds its own, such as of a recording that began.
            assert set(memory.events(*window)) <= set(files.events(*window))
        assert states(files.states_at(until)) == states(memory.states_at(until))
        assert levels(files.since_at(until)) == levels(memory.since_at(until))
        assert files.strips(since, until, 5) == memory.strips(since, until, 5)
        assert files.troubles == ()


def states(last: Mapping[Subject, Change]) -> object:
    return {subject: change.after for subject, change in last.items()}


def levels(begun: Mapping[Subject, Change]) -> object:
    return {subject: (change.at, change.after.level) for subject, change in begun.items()}
