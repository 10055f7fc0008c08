"""What a report and a hand-over say of actions: what became of them, and that nothing contradicts it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

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
    polls,
)
from tests.session.reported import facts, section, sentence, sources
from tui.domain.health.rules import Level
from tui.domain.history.records import Event, EventKind, Poll, State, Subject, SubjectKind
from tui.domain.maintenance.records import Maintenance, MemberKind, NotedTarget, Step
from tui.domain.report.formats import Format, write_handover, write_report
from tui.domain.result import Result
from tui.history.memory import MemoryHistory
from tui.ops.audit.entries import Entry, History, Standing
from tui.ops.audit.record import Finding
from tui.ops.maintenance.journals import Known
from tui.session.history_events import action_event
from tui.session.report.gather import gather
from tui.session.report.handover import Unfinished, gather_handover
from tui.session.report.sources import ReportRequest, Sources
from tui.ui.screens.activity.rows import listed

STOPPED = State("stopped", Level.ERROR, "Stopped", interval_s=300.0)


def recorded(*more: Any, until: datetime = NOW) -> MemoryHistory:
    kept = MemoryHistory()
    kept.add([changed(10, one, None, OK) for one in (TEMU, OTTO, AT)])
    kept.add([changed(10, ENGINE, None, UP), *polls(at(10), until, "status", "engine"), *more])
    return kept


def entry(
    hours: float,
    operation: str,
    subject: Subject = TEMU,
    result: Result | None = Result.APPLIED,
    seen: str = "",
    **more: Any,
) -> Entry:
    given: dict[str, Any] = {
        "id": f"{operation} {hours}".encode().hex().ljust(32, "0")[-32:],
        "line": 1,
        "user": "anna",
        "targets": (subject.key,),
        "target_names": (subject.name,),
        "before": {"State": "x"},
        "after": {"State": "y"},
        "ended_at": at(hours),
    }
    checks = (Finding(at(hours) + timedelta(seconds=9), Result.APPLIED, seen),) if seen else ()
    return Entry(at=at(hours), operation=operation, result=result, checks=checks, **(given | more))


def with_trail(kept: MemoryHistory, *entries: Entry, **more: Any) -> Sources:
    newest_first = tuple(sorted(entries, key=lambda one: one.at, reverse=True))
    return replace(sources(kept, History(newest_first)), **more)


def handover(given: Sources) -> str:
    return write_handover(gather_handover(given, at(8), Unfinished()), Format.MARKDOWN)


def report(given: Sources, hours: float = 8) -> str:
    return write_report(gather(given, ReportRequest(at(hours), NOW)), Format.MARKDOWN)


RUNS = "start of the ErpSync engine: now running"


def test_what_a_command_saw_is_not_contradicted_by_what_was_recorded_before() -> None:
    kept = recorded(changed(3, ENGINE, UP, STOPPED), until=at(2))
    given = with_trail(kept, entry(1, "engine.start", ENGINE, seen=RUNS))
    text = handover(given)
    assert sentence(text) == "Seen last at 06:00: Nothing is open, 2 to watch."
    assert section(text, "Open now") == ["Nothing is open."]
    assert section(text, "Watch next")[0] == (
        "- `ErpSync engine`: Start engine by anna 07:00:00: applied, now running; not seen since"
        " (seen last before that: stopped)"
    )
    now = section(report(given), "State now")
    assert "Changed from here since it was seen last:" in now
    assert not [line for line in now if line.startswith("- `ErpSync engine` stopped")]


def test_a_stop_is_told_where_it_was_well_when_it_was_seen_last() -> None:
    stop = entry(1, "worker.stop", seen="stop of Temu · Temu DE: now off")
    text = handover(with_trail(recorded(until=at(2)), stop))
    assert section(text, "Watch next")[0].startswith(
        "- `Temu · Temu DE`: Stop sync by anna 07:00:00: applied, now off; not seen since"
    )


@pytest.mark.parametrize("result", [Result.ACCEPTED, Result.UNKNOWN])
def test_what_may_have_changed_since_says_so(result: Result) -> None:
    kept = recorded(changed(3, ENGINE, UP, STOPPED), until=at(2))
    [line] = section(handover(with_trail(kept, entry(1, "engine.start", ENGINE, result))), "Open now")
    assert line.startswith("- `ErpSync engine` stopped since 05:00: `Stopped` (seen last; not seen now)")
    assert line.endswith(f" · then Start engine by anna 07:00:00: {result}; not seen since")


def test_a_restart_does_not_make_a_failing_sync_well_but_a_good_run_does() -> None:
    kept = recorded(changed(3, TEMU, OK, FAILED), until=at(2))
    restart = entry(1, "worker.restart", seen="restart of Temu · Temu DE: now running")
    [line] = section(handover(with_trail(kept, restart)), "Open now")
    assert line.endswith(" · then Restart sync by anna 07:00:00: applied, now running; not seen since")
    good = "Temu · Temu DE: restarted 07:00 · run ended 07:00:09: ok · recovered"
    text = handover(with_trail(kept, entry(1, "worker.restart", seen=good)))
    assert section(text, "Open now") == ["Nothing is open."]


def test_what_was_seen_after_the_action_counts() -> None:
    kept = recorded(changed(3, ENGINE, UP, STOPPED), changed(0.5, ENGINE, UP, STOPPED))
    text = handover(with_trail(kept, entry(1, "engine.start", ENGINE, seen=RUNS)))
    [line] = section(text, "Open now")
    assert "then" not in line


# How the first run ended.


def done(given: Sources) -> Sequence[str]:
    lines = section(report(given), "What was done")
    assert lines == section(handover(given), "Done in the shift")
    return lines


def test_a_restart_says_that_its_run_failed() -> None:
    seen = "Temu · Temu DE: restarted 07:00 · run ended 07:00:09: error 401"
    given = with_trail(recorded(), entry(1, "worker.restart", seen=seen))
    [line] = done(given)
    assert " · applied · but its run failed 07:00:09: error 401 · audit " in line
    [line] = [one for one in section(report(given), "Timeline") if "Restart sync" in one]
    assert "but its run failed 07:00:09: error 401" in line


def test_the_end_of_a_run_that_nobody_waited_for_is_that_of_the_history() -> None:
    runs = (changed(0.99, TEMU, FAILED, RUNNING), changed(0.9, TEMU, RUNNING, OK))
    given = with_trail(recorded(changed(2, TEMU, OK, FAILED), *runs), entry(1, "worker.restart"))
    assert " · applied · run ended 07:06:00: ok · audit " in done(given)[0]


def test_a_run_that_nobody_saw_to_end_was_not_watched_to_its_end() -> None:
    given = with_trail(recorded(until=at(2)), entry(1, "worker.start"), entry(0.5, "worker.stop"))
    first, second = done(given)
    assert " · applied · its first run was not watched to its end · audit " in first
    assert "run" not in second.partition("applied")[2]


# Undone changes, ids, planned stops.


def test_an_undone_change_and_its_undo_are_marked() -> None:
    first = entry(3, "worker.configure")
    undo = entry(2, "worker.configure", undoes=first.id, user="bea")
    redo = entry(1, "worker.configure", undoes=undo.id)
    lines = done(with_trail(recorded(), first, undo, redo))
    assert " · applied · undone 06:00:00 by bea · audit" in lines[0]
    assert " · undoes what was done at 05:00:00 · undone 07:00:00 by anna · audit" in lines[1]
    assert " · does again what was done at 06:00:00 · audit" in lines[2]


def test_an_undo_that_failed_undoes_nothing() -> None:
    first = entry(3, "worker.configure")
    undo = entry(2, "worker.configure", undoes=first.id, result=Result.FAILED)
    assert "undone" not in done(with_trail(recorded(), first, undo))[0]


def test_audit_ids_in_the_timeline_are_unambiguous_and_the_same_action_is_one_row() -> None:
    ids = ("abcdef0123", "abcdef0199", "bbcdef0123")
    both = [entry(2 - n / 3600, "worker.stop", one, id=ids[n]) for n, one in enumerate((TEMU, OTTO, AT))]
    rows = [one for one in section(report(with_trail(recorded(), *both)), "Timeline") if "Stop" in one]
    assert rows == [
        "- 06:00:00–06:00:02 anna: Stop sync `Temu · Temu DE`, `Otto · Otto DE`, `at` · applied"
        " · audit abcdef012, abcdef019, bbcdef012"
    ]


def maintained(end: float | None) -> Maintenance:
    start = Step(at(end), Result.APPLIED) if end is not None else None
    target = NotedTarget(
        "engine",
        ENGINE.name,
        MemberKind.ENGINE,
        "running",
        stop=Step(at(3), Result.APPLIED),
        start=start,
    )
    closed = at(end) if end is not None else None
    return Maintenance(
        "night-1", "night", "acme", "ERP", "anna", at(3), at(1), (target,), closed_at=closed
    )


def test_a_stop_of_a_maintenance_is_no_problem() -> None:
    kept = recorded(changed(2.99, ENGINE, UP, STOPPED))
    given = with_trail(kept, maintenances=(maintained(None),))
    text = report(given)
    assert section(text, "Impact") == ["No target had a problem."]
    assert "- `ErpSync engine` stopped since 05:00 (2h 59m): `Stopped`" in section(text, "State now")
    assert "Off in an open maintenance:" in section(text, "State now")
    assert section(handover(given), "Open now") == ["Nothing is open."]


def test_what_stays_stopped_after_a_maintenance_is_a_problem() -> None:
    kept = recorded(
        changed(2.99, ENGINE, UP, STOPPED),
        changed(2, ENGINE, STOPPED, UP),
        changed(1, ENGINE, UP, STOPPED),
    )
    text = report(with_trail(kept, maintenances=(maintained(2),)))
    [row] = [line for line in section(text, "Impact") if "ErpSync" in line]
    assert "| stopped | 07:00 | not over |" in row


def test_a_maintenance_has_its_whole_id() -> None:
    event = Event(
        at(3), EventKind.MAINTENANCE, "night begins: ERP", user="anna", ref="night-20261130-05"
    )
    for lines in (
        section(report(with_trail(recorded(event))), "Timeline"),
        done(with_trail(recorded(event))),
    ):
        assert any(line.endswith("`night begins: ERP` · id night-20261130-05") for line in lines)


def test_a_gap_below_a_minute_is_nothing_to_watch() -> None:
    kept = MemoryHistory()
    kept.add([changed(10, AT, None, OK), *polls(at(10), at(2), "status")])
    kept.add(polls(at(2) + timedelta(seconds=150), NOW, "status"))
    given = sources(kept)
    assert any("not seen" in line for line in section(handover(given), "Watch next"))
    short = replace(given, reader=_every_ten_seconds())
    assert section(handover(short), "Watch next") == ["Nothing stands out."]


def _every_ten_seconds() -> MemoryHistory:
    kept = MemoryHistory()
    kept.add([changed(10, AT, None, OK), *polls(at(10), at(9), "status")])
    for n in range(720 * 9):
        moment = at(9) + timedelta(seconds=5 * n)
        if not at(2) < moment < at(2) + timedelta(seconds=40):
            kept.add([Poll("status", moment, True, 5.0, 0.1)])
    return kept


# Doubtful writes.


def unfinished(given: Sources) -> Sequence[str]:
    lines = section(handover(given), "Unfinished")
    is_listed = any("took effect" in line for line in section(report(given), "Not known"))
    assert is_listed is (lines != ["Nothing is unfinished."])
    return lines


def test_a_doubtful_write_is_unfinished_until_something_shows_its_effect() -> None:
    doubtful = entry(3, "worker.stop", result=Result.UNKNOWN)
    [line] = unfinished(with_trail(recorded(until=at(3)), doubtful))
    assert line.startswith("- Write Stop sync of `Temu · Temu DE` at 05:00: its effect is unknown")
    off = State("off", Level.OFF)
    given = with_trail(recorded(changed(2.9, TEMU, OK, off)), doubtful)
    assert unfinished(given) == ["Nothing is unfinished."]
    assert " · unknown · seen off since then · audit" in done(given)[0]


def test_a_later_write_of_the_same_settles_a_doubtful_one() -> None:
    doubtful = entry(3, "worker.configure", result=Result.UNKNOWN, after={"Interval": "5m"})
    other = entry(2, "worker.configure", after={"Stock": "2"})
    same = entry(1, "worker.configure", after={"Interval": "5m"})
    assert len(unfinished(with_trail(recorded(), doubtful, other))) == 1
    assert unfinished(with_trail(recorded(), doubtful, same)) == ["Nothing is unfinished."]


def test_a_closed_maintenance_settles_its_doubtful_stops() -> None:
    doubtful = entry(3, "engine.stop", ENGINE, Result.UNKNOWN, plan="night-1")
    kept = recorded(until=at(3))
    assert len(unfinished(with_trail(kept, doubtful, maintenances=(maintained(None),)))) == 1
    given = with_trail(kept, doubtful, maintenances=(maintained(2),))
    assert unfinished(given) == ["Nothing is unfinished."]


def test_json_has_what_became_of_an_action() -> None:
    seen = "Temu · Temu DE: restarted 07:00 · run ended 07:00:09: error 401"
    given = with_trail(recorded(until=at(2)), entry(1, "worker.restart", seen=seen))
    [deed] = gather(given, ReportRequest(at(8), NOW)).deeds
    assert deed.run is not None
    assert (deed.run.words, deed.run.is_good) == ("error 401", False)
    assert facts().deeds == ()


def test_what_happened_says_that_the_run_of_a_restart_failed() -> None:
    seen = "Temu · Temu DE: restarted 07:00 · run ended 07:00:09: error 401"
    [row] = facts(recorded(), trail=History((entry(1, "worker.restart", seen=seen),))).rows
    event = action_event(entry(1, "worker.restart", result=Result.ACCEPTED, seen=seen))
    assert row.kind == "action"
    assert event.text == "Restart sync · Temu · Temu DE: applied; its run failed at 07:00:09"


def test_activity_has_no_green_sign_for_a_restart_whose_run_failed() -> None:
    bad = "Temu · Temu DE: restarted 07:00 · run ended 07:00:09: error 401"
    good = "Temu · Temu DE: restarted 07:00 · run ended 07:00:09: ok · recovered"
    signs = [
        listed(entry(1, "worker.restart", seen=seen), Standing.APPLIED, NOW).row.sign
        for seen in (bad, good)
    ]
    assert signs == ["!", "✔"]


def test_anonymous_knows_the_names_that_only_the_audit_trail_has() -> None:
    """One label for each, in the whole hand-over."""
    shop = Subject(TEMU.kind, "s-9", "Schulze Moebel")
    kept = recorded(Event(at(2), EventKind.MAINTENANCE, "night begins: x", user="bob", ref="night-1"))
    bulk = entry(
        3, "worker.stop", targets=("a1", "b1"), target_names=("Kurz KG", "Lang KG"), user="carla"
    )
    late = entry(
        1, "worker.stop", shop, Result.FAILED, sentence="Kurz KG was stopped by carla, wawi01:80"
    )
    given = with_trail(kept, bulk, late, maintenances=(maintained(None),))
    facts = gather_handover(
        given,
        at(8),
        Unfinished((), Known(given.maintenances, ("/srv/Anna X/m.json",))),
        is_anonymous=True,
    )
    for kind in Format:
        text = write_handover(facts, kind)
        for word in ("schulze", "kurz", "lang kg", "carla", "bob", "anna", "wawi", "night", "m.json"):
            assert word not in text.casefold()
    [left] = facts.maintenance
    [told] = [row for row in facts.report.rows if row.kind == "maintenance"]
    assert left.target == told.ref == "maintenance 1"
    assert left.user != told.by


def test_anonymous_does_not_name_the_connection_of_a_resync() -> None:
    """Its operation is one of the engine, whose own name is kept."""
    visma = Subject(SubjectKind.ENGINE, "2", "Visma Oslo (connection 2) → CRM")
    given = with_trail(
        recorded(), entry(3, "engine.force-resync", visma), entry(2, "engine.stop", ENGINE)
    )
    hidden = write_report(gather(given, ReportRequest(at(8), NOW, is_anonymous=True)), Format.MARKDOWN)
    assert "Visma" not in hidden
    assert "Forced resync `target 1`" in hidden
    assert f"Stop engine `{ENGINE.name}`" in hidden


def test_anonymous_names_no_server_in_the_reason_of_a_gap() -> None:
    """Its name has no dot, and no port."""
    why = "wawi01 refused the connection; no response from proxy7 within 10 s"
    kept = MemoryHistory()
    kept.add([changed(10, AT, None, OK), *polls(at(10), at(4), "status")])
    kept.add([*polls(at(4), at(2), "status", error=why), *polls(at(2), NOW, "status")])
    given = replace(sources(kept), addresses=("https://wawi01:5883/api", "http://u:p@proxy7"))
    assert "wawi01" in report(given)
    hidden = write_report(gather(given, ReportRequest(at(8), NOW, is_anonymous=True)), Format.JSON)
    assert "a server refused the connection" in hidden
    assert "wawi01" not in hidden
    assert "proxy7" not in hidden
