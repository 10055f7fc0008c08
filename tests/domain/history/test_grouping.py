"""Lines of several targets: never a second that is not theirs, and never before their cause."""

from dataclasses import replace

from tests.domain.history.samples import NOON, OTTO, TEMU, after, life
from tui.domain.health.rules import Level
from tui.domain.history.grouping import Line, timeline
from tui.domain.history.records import Change, Event, EventKind, State, Subject, SubjectKind
from tui.ui.modals.history.lines import all_cells, whole_of, with_also

SHOP = Subject(SubjectKind.SYNC, "shop", "B2B · Hauptshop")


def lines_of(*lives: list[Change], events: tuple[Event, ...] = ()) -> list[Line]:
    """Oldest first, without what was seen first."""
    changes = sorted((one for life in lives for one in life), key=lambda one: one.at)
    found = timeline(changes, events)[::-1]
    return [line for line in found if not line.text.startswith("first seen")]


def test_a_folded_line_says_the_minute_or_the_span() -> None:
    [line] = lines_of(
        life((0, "ok"), (4.1, "off")),
        life((0, "ok"), (4.35, "off"), subject=OTTO),
        life((0, "ok"), (4.8, "off"), subject=SHOP),
    )
    assert line.span == (after(4.1), after(4.8))
    assert all_cells(line, after(10))[0] == "12:04"
    assert whole_of(line, after(10)).startswith("12:04:06–12:04:48 · ")


def test_a_line_of_one_second_says_it() -> None:
    [line] = lines_of(life((0, "ok"), (4.1, "off")), life((0, "ok"), (4.1, "off"), subject=OTTO))
    assert (line.span, all_cells(line, after(10))[0]) == (None, "12:04:06")


def test_the_order_does_not_contradict_what_happened_to_one_of_them() -> None:
    """The last one was locked before it was started: it stands alone below that."""
    lines = lines_of(
        life((0, "ok"), (4.1, "off")),
        life((0, "locked"), (4.15, "ok"), (4.8, "off"), subject=SHOP),
        life((0, "ok"), (4.3, "off"), subject=OTTO),
    )
    assert [(one.subject, one.text, len(one.also)) for one in lines] == [
        (TEMU, "ok → off", 1),
        (SHOP, "locked → ok", 0),
        (SHOP, "ok → off", 0),
    ]
    assert [one.at for one in lines] == sorted(one.at for one in lines)


def test_a_line_does_not_stand_before_the_action_that_caused_it() -> None:
    stop = Event(after(4.5), EventKind.ACTION, "Stop sync · Otto: applied", OTTO, "bea", "a")
    lines = lines_of(
        life((0, "ok"), (4.1, "off")), life((0, "ok"), (4.8, "off"), subject=OTTO), events=(stop,)
    )
    assert [one.subject for one in lines] == [TEMU, OTTO, OTTO]


def test_a_row_s_own_line_keeps_its_second() -> None:
    own, other = life((0, "ok"), (4.8, "error")), life((0, "ok"), (4.1, "error"), subject=OTTO)
    [line] = [one for one in timeline((*own, *other)) if one.is_problem]
    first, second = with_also([line])
    assert (first.at, first.span) == (after(4.8), None)
    assert all_cells(first, after(10))[0] == "12:04:48"
    assert all_cells(second, after(10))[0] == "12:04"


def test_an_event_that_is_kept_twice_is_one_line() -> None:
    """What is being taken in may be read at both places."""
    note = Event(NOON, EventKind.NOTE, "ticket 4711", user="anna")
    assert len(timeline((), [note, note])) == 1


def test_a_stop_after_a_start_whose_run_was_not_read_is_a_line() -> None:
    """Runs that end well are routine and not read for the timeline of all targets."""
    failed = lines_of(life((0, "off"), (4, "running"), (5, "error")))
    assert [one.text for one in failed] == ["off → running", "running → error"]
    off, running, _ok, off_again = life((0, "off"), (4, "running"), (5, "ok"), (9, "off"))[0:4]
    assert [one.text for one in lines_of([off, running, off_again])] == ["off → running", "ok → off"]
    # Of `running → ok → stopping` neither is read.
    stopped = replace(off_again, before=State("stopping", Level.RUNNING))
    assert [one.text for one in lines_of([off, running, stopped])] == ["off → running", "running → off"]
