"""What several syncs or changes have in common, and what the times say."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.domain.history.samples import NOON, OTTO, after, life
from tests.domain.why.samples import TEMU, first, ids, of_connection, of_engine, of_sync, sync
from tui.domain.health.rules import Level
from tui.domain.history.records import Cause, Change, State, Subject
from tui.domain.history.since import Since
from tui.domain.intervals import Interval
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.why.explain import explain
from tui.domain.why.explanation import Certainty, Explanation
from tui.domain.why.facts import Action, Facts
from tui.domain.why.past import Past, past_of, turned_together


def told(facts: Facts, rule: str) -> Explanation:
    return next(one for one in explain(facts) if one.id == rule)


def did(operation: str, minutes: float, **more: object) -> Action:
    """An action on the Temu sync, so many minutes before noon."""
    at = NOON - timedelta(minutes=minutes)
    known = Action(at, f"{operation}: applied", operation, TEMU, "anna", "id", targets=("temu",))
    return replace(known, **more)  # type: ignore[arg-type] # values of fields


def past(changes: Sequence[Change], since: float, *, known: bool = True) -> Past:
    begun = Since(after(since), known)
    return past_of(changes, (), begun, changes[-1].after, after(-600), NOON)


# Several syncs.


def test_all_failures_with_the_same_words_have_one_cause() -> None:
    others = [sync(4, "timeout after 31 s", id="otto"), sync(3, id="ebay")]
    facts = of_sync(sync(4, "timeout after 30 s"), *others)
    found = told(facts, "same-words")
    assert found.certainty is Certainty.LIKELY
    assert found.sentence == "all 2 failures carry the same words: one cause outside this sync"
    dated = replace(facts, past=replace(facts.past, same_since={"otto": after(-20), "temu": after(-10)}))
    assert "since 11:40" in told(dated, "same-words").sentence


def test_other_words_are_another_cause() -> None:
    assert "same-words" not in ids(of_sync(sync(4, "timeout"), sync(4, "disk full", id="otto")))


def test_all_of_a_kind_share_their_options() -> None:
    facts = of_sync(sync(4, "a"), sync(4, "b", id="t2", channel="Temu AT"), sync(3, id="o", kind="Otto"))
    found = told(facts, "one-kind")
    assert "all syncs of kind Temu fail, and no other" in found.sentence
    assert found.steps[0].operation == "worker.configure"


def test_all_of_a_channel() -> None:
    facts = of_sync(
        sync(4, "a", kind="Orders", channel="Shop"),
        sync(4, "b", id="s2", kind="Stock", channel="Shop"),
        sync(3, id="o", kind="Otto", channel="Otto"),
    )
    assert "all syncs of channel Shop fail" in told(facts, "one-channel").sentence


def test_turned_in_the_same_minute() -> None:
    turned = Past(since=Since(after(-20), True), turned=(OTTO,))
    facts = of_sync(sync(4, "a"), sync(4, "b", id="otto", kind="Otto", channel="Temu DE"), past=turned)
    found = told(facts, "together")
    assert found.sentence == "2 syncs turned in the same minute, 11:40, all of channel Temu DE"
    assert "Otto · Otto Market" in found.evidence[0].text


def test_a_run_in_between_is_not_a_turn() -> None:
    changes = [
        *life((-1, "ok"), (0, "running"), (0.2, "error"), subject=OTTO)[1:],
        *life((-1, "error"), (0, "running"), (0.3, "error"), subject=TEMU)[1:],
    ]
    known = {OTTO: State("ok", Level.OK), TEMU: State("error", Level.ERROR)}
    assert turned_together(changes, known, Subject(OTTO.kind, "x")) == (OTTO,)


def test_what_was_red_before_the_run_that_was_seen_is_no_turn() -> None:
    """Before the window it was starting: what it was before that was not seen there."""
    changes = life((-1, "running"), (0.2, "error"), subject=OTTO)[1:]
    assert turned_together(changes, {}, Subject(OTTO.kind, "x")) == ()


@pytest.mark.parametrize("key", ["otto", "temu"])
def test_one_that_failed_again_after_a_start_of_ours_did_not_turn_together(key: str) -> None:
    turned = Past(since=Since(after(-20), True), turned=(OTTO,))
    started = did("worker.restart", 22, targets=(key,))
    facts = of_sync(sync(4, "a"), sync(4, "b", id="otto"), past=turned, actions=(started,))
    assert "together" not in ids(facts)


# Changes.


def test_a_change_of_ours_shortly_before() -> None:
    failing = past(life((-300, "ok"), (-20, "error")), -20)
    facts = of_sync(sync(4, "disk full"), past=failing, actions=(did("worker.configure", 25),))
    found = told(facts, "after-change")
    assert found.sentence == "anna changed something 5m before it began"
    assert [one.operation for one in found.steps] == ["undo"]
    for other in (did("worker.configure", 80), did("worker.configure", 10)):
        assert "after-change" not in ids(replace(facts, actions=(other,)))
    failed = did("worker.configure", 25, had_effect=False)
    assert "after-change" not in ids(replace(facts, actions=(failed,)))


def test_options_of_another_sync_of_the_kind_count_too() -> None:
    failing = past(life((-300, "ok"), (-20, "error")), -20)
    other = sync(3, id="t2", channel="Temu AT")
    change = did("worker.configure", 25, targets=("t2",), subject=Subject(TEMU.kind, "t2"))
    facts = of_sync(sync(4, "disk full"), other, past=failing, actions=(change,))
    assert "after-change" in ids(facts)
    stop = replace(change, operation="worker.stop")
    assert "after-change" not in ids(replace(facts, actions=(stop,)))


def test_flapping_is_wrong_even_while_it_is_ok() -> None:
    steps = [(-50.0 + 10 * n, "ok" if n % 2 else "error") for n in range(6)]
    flapping = past(life(*steps), 0)
    facts = of_sync(sync(3), past=flapping)
    found = told(facts, "flapping")
    assert found.is_problem
    assert "5 changes between good and bad in the last hour" in found.sentence


def test_each_gets_what_the_history_knows() -> None:
    life_ = life(
        (-500, "ok"), (-400, "running"), (-399, "error"), (-350, "running"), (-349, "ok"),
        (-300, "running"), (-299, "ok"), (-20, "running"), (-19, "error"),
    )  # fmt: skip
    facts = of_sync(sync(4, "disk full"), past=past(life_, -19), actions=(did("worker.restart", 351),))
    texts = [one.text for one in first(facts).evidence]
    assert texts[1:] == [
        "error since 11:41 (19m)",
        "before that 2 good runs seen, 1 failed",
        "it happened once before: 05:21 to 06:11; it ended after: worker.restart: applied by anna",
    ]
    assert all([one.text for one in it.evidence][-3:] == texts[1:] for it in explain(facts))
    alone = replace(facts, actions=())
    assert first(alone).evidence[-1].text.endswith("it ended without an action from here")


# Who did it.


def test_off_names_who_stopped_it() -> None:
    facts = of_sync(sync(7), actions=(did("worker.stop", 30),))
    found = first(facts)
    assert (found.id, found.sentence) == ("off-from-here", "anna stopped it at 11:30 from here")
    assert not found.is_problem
    again = replace(facts, actions=(did("worker.start", 10), did("worker.stop", 30)))
    assert first(again).id == "off"
    assert first(of_sync(sync(7), maintenance="nightly, until 03:00")).id == "in-maintenance"


def test_a_stop_without_a_known_outcome_may_have_done_it() -> None:
    stop = did("worker.stop", 30, text="worker.stop: no outcome", is_sure=False)
    off, by = explain(of_sync(sync(7), actions=(stop,)))
    assert (off.id, off.certainty) == ("off", Certainty.KNOWN)
    assert "the last stop from here has no known outcome" in off.evidence[0].text
    assert (by.sentence, by.certainty) == (
        "anna may have stopped it at 11:30 from here",
        Certainty.LIKELY,
    )


def test_a_stop_of_the_engine_without_a_known_outcome_may_have_done_it() -> None:
    stop = did("engine.stop", 30, subject=None, targets=("engine",), is_sure=False)
    stopped, by = explain(of_engine(EngineStatus(False, "Stopped", Interval()), actions=(stop,)))
    assert stopped.sentence == "the engine is stopped"
    assert by.sentence == "anna may have stopped the engine at 11:30 from here"
    assert (stopped.certainty, by.certainty) == (Certainty.KNOWN, Certainty.LIKELY)


def test_a_start_in_vain_of_a_locked_sync_is_evidence() -> None:
    locked = Past(since=Since(after(-60), True))
    facts = of_sync(sync(6, "account locked"), past=locked, actions=(did("worker.start", 30),))
    assert first(facts).evidence[1].text == "worker.start: applied, while it was locked"
    before = replace(facts, actions=(did("worker.start", 90),))
    assert "while it was locked" not in [one.text for one in first(before).evidence]


def test_what_explains_a_state_by_itself_is_not_a_change_before_it() -> None:
    stop = did("engine.stop", 30, subject=None, targets=("engine",))
    since = Past(since=Since(after(-29.9), True))
    stopped = of_engine(EngineStatus(False, "", Interval()), actions=(stop,), past=since)
    assert ids(stopped) == ["engine-stopped-from-here"]


def test_the_engine_that_was_stopped_from_here() -> None:
    stop = did("engine.stop", 30, subject=None, targets=("engine",))
    stopped = of_engine(EngineStatus(False, "Stopped", Interval()), actions=(stop,))
    assert first(stopped).sentence == "anna stopped the engine at 11:30 from here"
    assert first(replace(stopped, actions=())).id == "engine-stopped"


@pytest.mark.parametrize(
    ("turned_on", "had_effect", "rule"),
    [
        (True, False, "toggle-refused"),
        (False, True, "connection-off-from-here"),
        (True, True, "inactive"),
    ],
)
def test_the_last_toggle_explains_an_inactive_connection(
    turned_on: bool, had_effect: bool, rule: str
) -> None:
    said = "not done; reasons of the server:\n· Mandatory field CUSTNO has no sync direction"
    toggle = did(
        "connection.toggle", 5, subject=None, targets=("7",), turned_on=turned_on,
        had_effect=had_effect, sentence=said,
    )  # fmt: skip
    found = first(of_connection(Connection(7, "ERP", active=False), actions=(toggle,)))
    assert found.id == rule
    assert ("CUSTNO" in found.sentence) is (rule == "toggle-refused")


# Overdue.


def late(*others: object, **more: object) -> Facts:
    facts = of_sync(sync(3, minutes=47), *others, **more)  # type: ignore[arg-type] # syncs
    assert facts.verdict.word == "overdue"
    return facts


def test_all_are_overdue_and_none_runs() -> None:
    down = late(sync(3, id="otto", minutes=50))
    assert ids(down)[:2] == ["overdue", "overdue-worker-down"]
    assert "overdue-worker-down" not in ids(late(sync(3, id="otto")))


def test_others_run_so_it_waits() -> None:
    found = told(late(sync(2, id="otto", kind="Otto", channel="Market")), "overdue-queue")
    assert found.evidence[0].text == "Otto · Market runs now"


def test_the_pause_that_had_begun_is_not_shortened() -> None:
    before, new = (State("ok", Level.OK, interval_s=seconds) for seconds in (3_600.0, 300.0))
    change = Change(after(-40), TEMU, Cause.POLL, new, before)
    found = told(late(past=Past(paced=change)), "overdue-shortened")
    assert found.evidence[0].text == "interval 1h → 5m"
    back = replace(change, before=new, after=before)
    assert "overdue-shortened" not in ids(late(past=Past(paced=back)))


def test_clocks_that_differ() -> None:
    assert "90 s behind ours" in told(late(clock_offset=-90.0), "overdue-clock").sentence
    assert "overdue-clock" not in ids(late(clock_offset=5.0))


def test_all_times_are_an_hour_behind() -> None:
    facts = of_sync(sync(3, minutes=61), sync(3, id="otto", minutes=62))
    assert "overdue-zone" in ids(facts)
