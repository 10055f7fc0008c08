"""What the history adds: since when, what turned with it, and what ended the same trouble before."""

import pytest

from tests.domain.why.samples import of_sync, sync
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
    night,
)
from tui.domain.health.rules import Level, Verdict
from tui.domain.history.records import Event, EventKind, Extent, Subject, SubjectKind
from tui.domain.why.explain import explain
from tui.domain.why.facts import Action, Facts
from tui.history.memory import MemoryHistory
from tui.session.why.recorded import with_past

FAILING = Verdict(Level.ERROR, "error", "last run failed: 401 from marketplace")


def facts(subject: Subject, *actions: Action) -> Facts:
    kind, _, channel = subject.name.partition(" · ")
    worker = sync(4, "401 from marketplace", id=subject.key, kind=kind, channel=channel)
    return of_sync(worker, verdict=FAILING, actions=actions, now=NOW, read_at=NOW, judged_at=NOW)


def evidence(known: Facts, kept: MemoryHistory, rule: str = "marketplace-login") -> list[str]:
    found = next(one for one in explain(with_past(known, kept)) if one.id == rule)
    return [one.text for one in found.evidence]


def test_since_when_after_how_many_good_runs() -> None:
    said = evidence(facts(TEMU), night())
    assert said[1:3] == ["error since 02:00 (6h)", "before that 1 good run seen, none failed"]
    assert said[3] == "it was not seen before (recorded since 22:00)"


def test_what_turned_in_the_same_minute() -> None:
    [said, *_] = evidence(facts(TEMU), night(), "together")
    assert said == "also Otto · Otto DE"


def again() -> MemoryHistory:
    """Otto, which had failed from 02:00 to 03:00, fails again since 07:00."""
    kept = night()
    kept.add([changed(1.01, OTTO, OK, RUNNING), changed(1, OTTO, RUNNING, FAILED)])
    return kept


def test_what_was_noted_when_it_happened_before() -> None:
    said = evidence(facts(OTTO), again())
    assert said[1] == "error since 07:00 (1h)"
    assert said[3] == (
        "it happened once before: 02:00 to 03:00; it ended without an action from here;"
        " note by anna: token renewed"
    )


def test_the_action_that_ended_it_before() -> None:
    restart = Action(
        at(5.1), "Restart sync · Otto: applied", "worker.restart", user="bea", targets=("s-2",)
    )
    said = evidence(facts(OTTO, restart), again())
    assert said[3].endswith("it ended after: Restart sync · Otto: applied by bea")
    too_early = Action(at(5.9), "Stop sync", "worker.stop", user="bea", targets=("s-2",))
    assert "Stop sync" not in evidence(facts(OTTO, too_early), again())[3]


def test_what_only_the_history_knows_counts_as_an_action() -> None:
    kept = night()
    kept.add([Event(at(6.2), EventKind.ACTION, "Configure sync · Temu: applied", TEMU, "bea", "r1")])
    known = with_past(facts(TEMU), kept)
    assert [one.id for one in explain(known)][1] == "after-change"
    assert with_past(facts(TEMU, *known.actions), kept).actions == known.actions


def test_a_level_that_was_not_recorded_yet_has_no_since() -> None:
    """It failed just now: the last record says ok."""
    kept = MemoryHistory()
    kept.add([changed(10, TEMU, None, OK)])
    known = with_past(facts(TEMU), kept)
    assert known.past.since is None
    assert len(explain(known)[0].evidence) == 1


def test_a_beginning_before_a_gap_counts() -> None:
    """It failed at 00:30; from 01:00 to 01:20 nothing was recorded."""
    kept = night()
    kept.add([changed(7.5, AT, OK, FAILED), changed(7.49, TEMU, OK, FAILED)])
    known = with_past(facts(AT), kept)
    assert known.past.began == at(7.5)
    assert known.past.turned == (TEMU,)
    [since, *_] = [one.text for one in explain(known)[0].evidence[1:]]
    assert since == "error since 01:20 or earlier (6h 40m), before a gap since 00:30"
    action = Action(at(7.6), "Configure sync", "worker.configure", user="bea", targets=("s-3",))
    assert "after-change" in [one.id for one in explain(with_past(facts(AT, action), kept))]


@pytest.mark.parametrize("error", [OSError("gone"), ValueError("broken")])
def test_a_history_that_cannot_be_read_takes_nothing_away(error: Exception) -> None:
    class Broken(MemoryHistory):
        def extent(self) -> Extent:
            raise error

    known = facts(TEMU)
    assert with_past(known, Broken()) == known


def test_a_subject_of_another_kind() -> None:
    system = Facts(Subject(SubjectKind.SYSTEM, "jtl", "JTL-Wawi"), Verdict(Level.OK, "up", ""), NOW)
    assert with_past(system, night()).past.since is None
