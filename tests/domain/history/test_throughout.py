"""What failed all through a window has a line, though nothing changed."""

from tests.domain.history.samples import OTTO, TEMU, after, life
from tui.domain.history.grouping import Line, timeline
from tui.domain.history.notable import notable_changes, settled_before
from tui.domain.history.records import Cause, Change, Poll
from tui.domain.history.throughout import with_lasting
from tui.history.memory import MemoryHistory

UNTIL = after(60)


def lines_of(*changes: Change) -> list[Line]:
    since = after(30)
    kept = MemoryHistory()
    kept.add(changes)
    kept.add([Poll("status", after(n), True, 60.0, 0.1) for n in range(61)])
    lines = timeline(notable_changes(kept, since, UNTIL), known=settled_before(kept, since))
    return list(with_lasting(lines, kept, since, UNTIL, UNTIL))


def test_what_failed_all_through_has_one_line_that_says_since_when() -> None:
    [line] = lines_of(*life((0, "ok"), (14, "error")), *life((0, "ok"), subject=OTTO))
    assert (line.subject, line.text, line.at) == (TEMU, "still error", after(30))
    assert line.detail == "all through, since 12:14 · 401"
    assert not line.is_problem


def test_a_failing_sync_that_runs_at_the_end_failed_all_through() -> None:
    runs = ((0, "ok"), (14, "error"), (34, "running"), (35, "error"), (59.9, "running"))
    assert [one.text for one in lines_of(*life(*runs))] == ["still error"]


def test_what_the_recording_found_in_the_window_failed_as_far_as_it_was_seen() -> None:
    [line] = lines_of(*life((40, "error"), cause=Cause.KEYFRAME))
    assert (line.text, line.at, line.detail) == (
        "still error",
        after(40),
        "all through, since 12:40 or earlier · 401",
    )


def test_what_began_or_ended_in_the_window_has_its_own_lines() -> None:
    texts = [one.text for one in lines_of(*life((0, "error"), (40, "ok"), (50, "error")))]
    assert texts == ["ok → error", "error → ok"]


def test_what_is_worse_comes_first_where_all_failed_all_through() -> None:
    lines = lines_of(*life((0, "ok"), (10, "locked"), subject=OTTO), *life((0, "ok"), (14, "error")))
    assert [one.text for one in lines] == ["still error", "still locked"]
