"""What `record` requests first is recorded, however long it takes to read the recording before."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator
from tui.config.file import read
from tui.domain.history.observing import DOWN, UP
from tui.domain.history.records import Change, Subject, SubjectKind
from tui.domain.profile import System
from tui.headless.exit_codes import HEALTHY, UNAUTHORISED
from tui.headless.history.record import RecordRequest, run
from tui.headless.profile_access import ProfileMaker
from tui.history.reader import FileReader
from tui.launch import RunOptions
from tui.paths import state_dir
from tui.wiring import build_core

LONG = 0.5
"""Seconds; all topics are polled in less."""


class SlowReader(FileReader):
    """It would let everything be polled first."""

    def states_at(self, at: datetime) -> Mapping[Subject, Change]:
        Event().wait(LONG)
        return super().states_at(at)


@pytest.mark.parametrize("does_respond", [True, False])
def test_a_short_recording_has_all_that_was_seen(erp: RunningSimulator, does_respond: bool) -> None:
    if not does_respond:
        erp.fault(".*=status:403")
    core = build_core(read(write_config(erp, history=True)), "sim", RunOptions())
    reader = SlowReader(state_dir() / "history" / "sim")
    assert core.history is not None
    core.history.reader = reader
    maker = ProfileMaker("sim", lambda: core, frozenset(System))
    assert run(RecordRequest(once=True), [maker]) == (HEALTHY if does_respond else UNAUTHORISED)
    known = reader.states_at(datetime.now(UTC) + timedelta(seconds=1))
    states = {one.after.state for one in known.values() if one.subject.kind is SubjectKind.SYSTEM}
    assert states == {UP if does_respond else DOWN}
