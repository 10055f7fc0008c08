"""Where a window begins: a run that is under way there makes no news by its end."""

from dataclasses import replace

from tests.domain.history.samples import TEMU, after, life
from tui.domain.history.grouping import timeline
from tui.domain.history.notable import settled_before
from tui.domain.history.records import Cause
from tui.history.memory import MemoryHistory


def test_a_good_run_that_began_before_the_window_is_no_line() -> None:
    changes = life((0, "running"), (1, "ok"), (5, "running"), (6, "ok"))
    assert timeline(changes[1:]) == ()


def test_a_run_that_fails_as_before_is_no_line_at_the_edge_either() -> None:
    memory = MemoryHistory()
    memory.add(life((0, "ok"), (4, "error"), (9, "running"), (10, "error"), (15, "off")))
    known = settled_before(memory, after(9.5))
    assert known[TEMU].state == "error"
    lines = timeline(memory.changes(after(9.5), after(20)), known=known)
    assert [line.text for line in lines] == ["error → off"]


def test_what_a_run_across_the_edge_changed_is_still_said() -> None:
    memory = MemoryHistory()
    memory.add(life((0, "ok"), (9, "running"), (10, "error")))
    known = settled_before(memory, after(9.5))
    [line] = timeline(memory.changes(after(9.5), after(20)), known=known)
    assert (line.text, line.is_problem) == ("ok → error", True)


def test_what_nobody_saw_before_the_run_is_not_made_up() -> None:
    memory = MemoryHistory()
    running, failed = life((0, "running"), (1, "error"))
    memory.add([replace(running, cause=Cause.KEYFRAME), failed])
    known = settled_before(memory, after(0.5))
    [line] = timeline(memory.changes(after(0.5), after(20)), known=known)
    assert (known, line.text) == ({}, "first seen: error")
