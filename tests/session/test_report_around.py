"""What lies outside a window and belongs to its problems: beginnings, notes and ends; and since."""

from dataclasses import replace
from datetime import datetime, timedelta

from tests.headless.history.recorded_night import (
    AT,
    FAILED,
    NOW,
    OK,
    OTTO,
    RUNNING,
    TEMU,
    at,
    changed,
    polls,
)
from tests.session.reported import facts, markdown, section, sentence, sources
from tui.domain.history.records import Event, EventKind
from tui.domain.history.since import since_words
from tui.domain.report.formats import Format, write_handover
from tui.history.memory import MemoryHistory
from tui.session.levels_begun import since_of_all
from tui.session.report.handover import Unfinished, gather_handover


def handover(kept: MemoryHistory, hours: float = 4) -> str:
    return write_handover(gather_handover(sources(kept), at(hours), Unfinished()), Format.MARKDOWN)


def failing(start: float, *notes: float, end: float | None = None) -> MemoryHistory:
    kept = MemoryHistory()
    kept.add([changed(20, one, None, OK) for one in (TEMU, OTTO, AT)])
    kept.add([*polls(at(20), NOW, "status"), changed(start, TEMU, OK, FAILED)])
    kept.add([Event(at(one), EventKind.NOTE, f"ticket of {one}", user="anna") for one in notes])
    if end is not None:
        kept.add([changed(end, TEMU, FAILED, RUNNING), changed(end - 0.01, TEMU, RUNNING, OK)])
    return kept


def test_what_belongs_to_an_open_problem_is_told_though_it_is_older_than_the_window() -> None:
    kept = failing(6, 7, 5)
    assert section(handover(kept), "Notes") == ["- 2026-11-30 03:00 anna: `ticket of 5`"]
    timeline = section(markdown(kept, hours=4), "Timeline")
    assert timeline == [
        "- 2026-11-30 02:00:00 `Temu · Temu DE` ok → error: `401 from marketplace`",
        "- 2026-11-30 03:00:00 note by anna: `ticket of 5`",
    ]
    assert len(facts(kept, hours=4).earlier) == 2


def test_a_note_of_a_problem_that_is_over_is_none_of_this_shift() -> None:
    assert section(handover(failing(6, 5, end=1)), "Notes") == ["No note was written."]


def test_a_struck_note_from_before_stays_struck() -> None:
    from tui.domain.history.notes import all_events, strike_of

    kept = failing(6, 5)
    [note] = all_events(kept)
    kept.add([strike_of(note, at(1), "bea")])
    assert section(handover(kept), "Notes") == [
        "- 2026-11-30 03:00 anna: ~~`ticket of 5`~~ · struck through by bea"
    ]


def test_a_past_window_says_what_is_known_after_it() -> None:
    kept = failing(6, end=2)
    text = markdown(kept, hours=3, until=at(4))
    assert sentence(text).endswith("; not over at the end of the window, ended by 2026-11-30 06:00.")
    assert "| not over, ended 2026-11-30 06:00 |" in text
    still = markdown(failing(6), hours=3, until=at(4))
    assert sentence(still).endswith("; not over at the end of the window, nor at 2026-11-30 08:00.")


def test_of_several_it_is_said_how_many_ended() -> None:
    kept = failing(6, end=2)
    kept.add([changed(6, OTTO, OK, FAILED)])
    said = sentence(markdown(kept, hours=3, until=at(4)))
    assert said.endswith("; not over at the end of the window, 1 of them ended by 2026-11-30 06:00.")


def with_a_gap() -> MemoryHistory:
    kept = MemoryHistory()
    kept.add([changed(7, TEMU, None, FAILED), *polls(at(7), at(5), "status")])
    kept.add(polls(at(3), NOW, "status"))
    return kept


def test_since_is_said_by_one_rule() -> None:
    kept = with_a_gap()
    words = since_words(since_of_all(kept, NOW)[TEMU], NOW)
    assert words == "since 05:00 or earlier, before a gap since 01:00 or earlier"
    lasting = "since 05:00 or earlier (at least 3h), before a gap since 01:00 or earlier"
    for line in (section(handover(kept, 8), "Open now")[0], section(markdown(kept), "State now")[1]):
        assert line == f"- `Temu · Temu DE` error {lasting}: `401 from marketplace`"


def test_a_level_that_may_have_begun_in_a_gap_is_not_known_though_nothing_older_is() -> None:
    """Nothing else tells how far back the gaps have to be read."""
    kept = MemoryHistory()
    kept.add([changed(20, TEMU, None, OK), *polls(at(20), at(10), "status")])
    kept.add([*polls(at(4), NOW, "status"), changed(4, TEMU, OK, FAILED)])
    assert since_words(since_of_all(kept, NOW)[TEMU], NOW) == "since 04:00 or earlier"
    [line] = section(handover(kept, 2), "Open now")
    assert "error since 2026-11-30 04:00 or earlier (at least 4h)" in line


def test_an_impact_goes_back_over_a_gap_as_it_does_in_the_window() -> None:
    [row] = [line for line in section(markdown(with_a_gap(), hours=2), "Impact") if "Temu" in line]
    assert "| 2026-11-30 01:00 or earlier | not over | 7h (2h not seen) |" in row


def test_a_folded_row_says_its_span() -> None:
    kept = MemoryHistory()
    kept.add([changed(20, one, None, OK) for one in (TEMU, OTTO)])
    kept.add(polls(at(20), NOW, "status"))
    moment = at(2)
    for subject, seconds in ((TEMU, 6), (OTTO, 49)):
        when: datetime = moment + timedelta(seconds=seconds)
        kept.add([replace(changed(2, subject, OK, FAILED), at=when)])
    [line] = section(markdown(kept), "Timeline")
    assert line.startswith("- 06:00:06–06:00:49 `Temu · Temu DE`, `Otto · Otto DE` ok → error")
