"""What a report says of a night: one sentence, and facts with what was not seen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.headless.history.recorded_night import (
    AT,
    ENGINE,
    FAILED,
    NOW,
    OK,
    OTTO,
    RUNNING,
    TEMU,
    UP,
    at,
    changed,
    night,
    polls,
)
from tests.session.reported import facts, markdown, section, sentence
from tui.domain.health.rules import Level
from tui.domain.history.records import Cause, Change, Event, EventKind, State, Subject, SubjectKind
from tui.domain.report.formats import Format, write_report
from tui.history.memory import MemoryHistory

BERLIN = timezone(timedelta(hours=1))


def syncs(count: int, kind: str = "Temu") -> list[Subject]:
    return [Subject(SubjectKind.SYNC, f"{kind}-{n}", f"{kind} · Shop {n}") for n in range(count)]


def broken(
    subjects: list[Subject], start: float, end: float | None, state: State = FAILED
) -> MemoryHistory:
    """They fail together, and recover together if there is an end; hours before `NOW`."""
    kept = MemoryHistory()
    kept.add([changed(10, one, None, OK) for one in (*subjects, AT)])
    kept.add(polls(at(10), NOW, "status"))
    kept.add([changed(start, one, OK, RUNNING) for one in subjects])
    kept.add([changed(start - 0.01, one, RUNNING, state) for one in subjects])
    if end is not None:
        kept.add([changed(end, one, state, RUNNING) for one in subjects])
        kept.add([changed(end - 0.01, one, RUNNING, OK) for one in subjects])
    return kept


def test_what_broke_together_and_recovered_is_one_sentence() -> None:
    text = markdown(broken(syncs(3), 6, 4))
    assert sentence(text) == (
        "Between 02:00 and 04:00 three Temu syncs of acme failed; 3 failed runs were seen;"
        " the message was `401 from marketplace`; ok since 04:00."
    )
    assert len(section(text, "Impact")) == 5
    assert "| `Temu · Shop 0` | error | 02:00 | 04:00 | 2h 0m" not in text
    assert "| `Temu · Shop 0` | error | 02:00 | 04:00 | 2h | 1 of 2 | `401 from marketplace` |" in text


def test_what_fails_one_after_the_other_with_the_same_words_broke_together() -> None:
    """Each at the end of its own run: within five minutes; those of another cause are counted apart."""
    subjects, kept = syncs(5), MemoryHistory()
    kept.add([changed(10, one, None, OK) for one in (*subjects, OTTO)])
    kept.add(polls(at(10), NOW, "status"))
    kept.add([changed(6 - n / 60, one, OK, FAILED) for n, one in enumerate(subjects)])
    kept.add([changed(6, OTTO, OK, replace(FAILED, text="timeout"))])
    for hours in (8, 5.9):
        said = sentence(markdown(kept, hours=hours))
        assert "five Temu syncs of acme failed" in said
        assert "Besides, 1 other target" in said


def test_who_has_not_recovered_is_counted() -> None:
    kept = broken(syncs(3), 6, None)
    first = syncs(1)[0]
    kept.add([changed(2, first, FAILED, RUNNING), changed(1.99, first, RUNNING, OK)])
    said = sentence(markdown(kept))
    assert said.startswith("From 02:00 on three Temu syncs of acme failed")
    assert said.endswith("1 of them is ok since 06:00, 2 not yet at the end of the window.")


def test_one_sync_is_named_and_others_are_counted_beside_it() -> None:
    kept = broken(syncs(1), 6, 5)
    kept.add([changed(10, OTTO, None, OK), changed(3, OTTO, OK, replace(FAILED, text="timeout"))])
    said = sentence(markdown(kept))
    assert "the sync `Temu · Shop 0` of acme failed" in said
    assert said.endswith(
        " Besides, 1 other target had a problem in the window, 1 of them still at its end."
    )


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (State("locked", Level.LOCKED, "account locked"), "were locked"),
        (State("overdue", Level.WARNING), "were overdue"),
    ],
)
def test_the_state_is_named(state: State, word: str) -> None:
    assert word in sentence(markdown(broken(syncs(2), 6, 4, state)))


def test_an_engine_that_stopped_is_no_failed_run() -> None:
    kept = night()
    kept.add([changed(3, ENGINE, UP, State("stopped", Level.ERROR))])
    said = sentence(markdown(kept, hours=4, about=(ENGINE,)))
    assert said.startswith("From 05:00 on the engine `ErpSync engine` of acme was stopped")
    assert "failed run" not in said


def test_a_quiet_window_says_so_and_only_of_what_was_seen() -> None:
    kept = MemoryHistory()
    kept.add([changed(10, AT, None, OK), *polls(at(10), NOW, "status")])
    assert sentence(markdown(kept)) == "No problem of acme was seen between 00:00 and 08:00."
    kept = MemoryHistory()
    kept.add([changed(10, AT, None, OK), *polls(at(10), at(2), "status")])
    text = markdown(kept)
    assert sentence(text).endswith("08:00 in what was seen of it.")
    assert "- Seen: 75 % of 8h; not seen 06:00 to 08:00 (2h)" in text
    assert "Not seen since 06:00: this is what was seen last." in section(text, "State now")


def test_nothing_recorded_is_never_read_as_healthy() -> None:
    text = markdown(MemoryHistory())
    assert sentence(text) == (
        "What happened between 00:00 and 08:00 is not known: nothing was recorded."
        " No change was made from here."
    )
    assert "- Seen: 0 % of 8h; nothing was recorded" in text
    assert section(text, "State now") == ["Not known: nothing was recorded."]
    assert "Nothing that syncdeck knows of" not in text


def test_a_problem_from_before_the_window_began_when_the_history_says() -> None:
    text = markdown(broken(syncs(1), 9, None))
    assert "| `Temu · Shop 0` | error | 2026-11-29 23:00 | not over | 8h 59m |" in text
    assert sentence(text).startswith("From 2026-11-29 23:00 on the sync")
    assert section(text, "Not known")[0].startswith("Nothing that syncdeck knows of")


def test_a_beginning_that_nobody_saw_is_then_or_earlier() -> None:
    kept = MemoryHistory()
    kept.add([changed(6, TEMU, None, FAILED), *polls(at(6), NOW, "status")])
    text = markdown(kept)
    assert "| `Temu · Temu DE` | error | 02:00 or earlier | not over | 6h |" in text
    assert sentence(text).startswith("From 02:00 or earlier on the sync `Temu · Temu DE` of acme failed")
    began = "- When the problem of `Temu · Temu DE` began: it was there at 02:00."
    assert began in section(text, "Not known")


def test_a_recording_that_begins_in_the_window_says_nothing_of_before() -> None:
    kept = MemoryHistory()
    locked = State("locked", Level.LOCKED, "account locked", at(5))
    kept.add([changed(2, TEMU, None, FAILED), changed(2, OTTO, None, locked)])
    kept.add(polls(at(2), NOW, "status"))
    kept.add([changed(1, TEMU, FAILED, RUNNING), changed(0.9, TEMU, RUNNING, OK)])
    moved = Change(at(1), OTTO, Cause.STATUS_MOVED, replace(locked, status_at=at(1)), locked)
    kept.add([moved])
    text = markdown(kept)
    assert "| `Temu · Temu DE` | error | 06:00 or earlier | 07:06 | 1h 6m |" in text
    assert "| `Otto · Otto DE` | locked | 06:00 or earlier | not over | 2h |" in text
    assert "- `Otto · Otto DE` locked since 06:00 or earlier (at least 2h): `account locked`" in text


def test_a_failing_sync_that_runs_again_is_not_well() -> None:
    kept = broken(syncs(1), 6, None)
    kept.add([changed(0.01, syncs(1)[0], FAILED, RUNNING)])
    state = section(markdown(kept), "State now")
    assert state[0] == "1 target needs attention:"
    assert state[1] == "- `Temu · Shop 0` error since 02:00 (5h 59m): `401 from marketplace`"


def test_rows_of_a_minute_are_folded_and_gaps_stand_in_the_timeline() -> None:
    lines = section(markdown(), "Timeline")
    assert "- 01:00:00 to 01:20:00 not seen: nothing was recording" in lines
    assert "- 02:00:00 `Temu · Temu DE`, `Otto · Otto DE` ok → error: `401 from marketplace`" in lines
    assert "- 02:30:00 note by anna: `token renewed`" in lines
    assert [line[2:10] for line in lines] == sorted(line[2:10] for line in lines)


def test_the_whole_document_has_one_zone_that_its_head_names() -> None:
    text = markdown(zone=BERLIN)
    assert "- All times: UTC+01:00" in text
    assert "- Window: 2026-11-30 01:00 to 2026-11-30 09:00, 8h" in text
    assert "- 03:00:00 `Temu · Temu DE`" in text
    assert "UTC" not in text.replace("UTC+01:00", "")
    utc = markdown(zone=UTC)
    assert "- All times: UTC\n" in utc


def test_a_window_over_days_dates_its_times() -> None:
    text = markdown(hours=40, zone=BERLIN)
    assert "- 2026-11-30 03:00:00 `Temu · Temu DE`" in text
    assert "| `Otto · Otto DE` | error | 2026-11-30 03:00 | 2026-11-30 04:00 |" in text


def test_a_report_of_one_sync_is_about_it_alone() -> None:
    text = markdown(about=(OTTO,))
    assert "- Limited to `Otto · Otto DE`." in text
    assert "Temu" not in text
    assert "ok since 03:00" in sentence(text)


def test_a_postmortem_has_empty_headings_for_what_only_people_know() -> None:
    text = markdown(is_postmortem=True)
    assert section(text, "Causes") == section(text, "Actions") == []
    assert text.index("## Not known") < text.index("## Causes") < text.index("## Actions")
    assert "## Causes" not in markdown()


def test_an_interval_is_one_row_of_what_was_done() -> None:
    kept = night()
    slow = replace(OK, interval_s=60.0)
    kept.add(
        [Event(at(4.001), EventKind.ACTION, "Configure sync · Temu · Temu DE: applied", AT, "anna")]
    )
    kept.add([changed(4, AT, OK, slow)])
    text = markdown(kept)
    assert section(text, "What was done") == [
        "- 03:59:56 anna: Configure sync `at`: interval `5m` → `1m` · applied"
    ]
    assert sum("interval" in line for line in section(text, "Timeline")) == 1


def test_anonymous_names_nobody_and_keeps_what_belongs_together() -> None:
    kept = night()
    shop = "Temu DE of Meier GmbH at shop.meier.example (order 1234567): 'Hans Meier' 10.0.0.7"
    kept.add([changed(1, TEMU, FAILED, replace(FAILED, text=shop))])
    text = markdown(kept, is_anonymous=True)
    for name in (
        "acme",
        "anna",
        "bea",
        "Temu DE",
        "Otto DE",
        "shop.meier",
        "1234567",
        "Hans",
        "10.0.0.7",
    ):
        assert name not in text
    assert "token renewed" not in text
    assert "`Temu sync 1`" in text
    assert "401 from marketplace" in text
    assert "Anonymous: names are replaced, and notes are left out." in text
    report = facts(kept, is_anonymous=True)
    names = {one.target.name for one in report.impact}
    assert {target.name for row in report.rows for target in row.targets} == names


def test_a_time_of_the_document_is_never_that_of_another_clock() -> None:
    """A gap's times and those of `since` are made of instants, not of texts in UTC."""
    assert "01:00" not in "\n".join(section(markdown(zone=timezone(timedelta(hours=9))), "Timeline"))
    assert facts().head.written_at == datetime(2026, 11, 30, 8, tzinfo=UTC)


def test_anonymous_gives_a_maintenance_a_label() -> None:
    """Its name, its reason and its id are what persons wrote."""
    ref_of, kept = "nightly-mueller-20261130-050000", night()
    for hours, text in (
        (3, "nightly-mueller begins: Umzug Mueller GmbH, Anna fragen · until 03:00 UTC"),
        (2.9, "nightly-mueller: 12 stopped, 1 left as they were, 1 not stopped · stopped"),
        (2.8, "nightly-mueller was told by Anna"),
        (2.7, "m goes on: db up · until 02:00 UTC"),
    ):
        ref = ref_of if text.startswith("nightly") else "m-20261130-051800"
        kept.add([Event(at(hours), EventKind.MAINTENANCE, text, user="anna", ref=ref)])
    for kind in Format:
        text = write_report(facts(kept, is_anonymous=True), kind)
        for word in ("mueller", "umzug", "fragen", "told", "db up", "m-2026", "nightly"):
            assert word not in text.casefold()
    rows = [line for line in section(markdown(kept, is_anonymous=True), "Timeline") if "m" in line]
    told = [line.partition(": ")[2] for line in rows if "maintenance: " in line]
    assert told == [
        "user 1: `maintenance 1 begins · until 03:00 UTC` · id maintenance 1",
        "user 1: `maintenance 1: 12 stopped, 1 left as they were, 1 not stopped · stopped`"
        " · id maintenance 1",
        "user 1: `maintenance 1: (left out)` · id maintenance 1",
        "user 1: `maintenance 2 goes on · until 02:00 UTC` · id maintenance 2",
    ]
    assert "Umzug Mueller GmbH" in markdown(kept)


def test_the_same_time_of_two_days_carries_its_date() -> None:
    kept = MemoryHistory()
    kept.add([changed(30, AT, None, OK), *polls(at(30), NOW, "status")])
    said = sentence(markdown(kept, hours=24))
    assert said == "No problem of acme was seen between 2026-11-29 08:00 and 2026-11-30 08:00."
    assert sentence(markdown(kept, hours=23)).endswith("between 09:00 and 08:00.")


def test_anonymous_replaces_short_names_and_users_in_texts() -> None:
    kept, shop = night(), Subject(SubjectKind.SYNC, "s-9", "EU")
    stopped = State("stopped", Level.ERROR, "Stopped by carla for EU at 10, eu too")
    kept.add([changed(6, shop, None, OK), changed(3, ENGINE, UP, stopped)])
    kept.add([Event(at(2), EventKind.NOTE, "x", user="carla")])
    text = markdown(kept, is_anonymous=True)
    assert "carla" not in text
    assert "EU" not in text
    assert "at 10, eu too" in text
