"""Which changes the audit trail holds, what was done together, and what was undone or redone of it."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.drivers.fake_time import START
from tests.ops.recorded_changes import RecordedChanges
from tui.domain.intervals import Interval
from tui.domain.jtl.workers import WorkerOption, WorkerSync
from tui.domain.result import Result
from tui.ops.audit.file_trail import user_name
from tui.ops.audit.plan import Plan
from tui.ops.execution.outcome import Outcome
from tui.ops.operations.configure_worker import configure
from tui.ops.proposals.proposal import Proposal
from tui.ops.refusal import Refusal
from tui.ops.undo.changes import Change, plan_of, reversal
from tui.session.unsent_rest import UnsentRest, unsent_rests
from tui.store.snapshot import Snapshot, Topic
from tui.store.store import Store

KEY = WorkerOption("o1", "API key", value="hush")
ONE, TWO, THREE = (WorkerSync(f"w{n}", "Shop", f"S{n}", Interval.read("00:05:00")) for n in (1, 2, 3))
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SLOW = Interval.read("00:10:00")


class Trail(RecordedChanges):
    def configured(
        self,
        sync: WorkerSync,
        minutes: float = 10,
        *,
        at: timedelta = MINUTE,
        result: Result = Result.APPLIED,
        plan: str = "",
        undoes: str = "",
        **options: str,
    ) -> str:
        proposal = configure(sync, minutes * 60, options, Snapshot((sync,), START))
        assert isinstance(proposal, Proposal)
        outcome = Outcome(result, "", "", START + at)
        return self.note(replace(proposal, plan=plan, undoes=undoes), outcome)

    def edit(self, edit: Callable[[dict[str, Any]], object]) -> None:
        for record in self.trail.records:
            edit(record)  # type: ignore[arg-type] # it is a dict

    def words(self, *, after: timedelta = HOUR) -> list[tuple[str, ...]]:
        """Of each row the targets, each with a mark: undone, doubtful, or under way."""
        return [tuple(map(_word, one.changes)) for one in self.sets(START + after)]

    def reason(self, sync: WorkerSync, *, after: timedelta = HOUR) -> str:
        """Of the newest change, once the list was read again."""
        store = Store()
        store.succeed(Topic.WORKERS, 1, (sync,), at=START + after, took=0.1)
        back = reversal(self.sets(START + after)[0].changes[0], store)
        return back.reason if back.proposal is None else f"sends {back.proposal.write}: {back.reason}"


def _word(change: Change) -> str:
    marks = (
        (change.is_undone, "undone"),
        (change.is_doubtful, "doubtful"),
        (change.is_under_way, "under way"),
    )
    return " ".join((change.first.target[-2:], *(word for holds, word in marks if holds)))


def test_what_is_of_one_plan_is_one_row_and_the_newest_is_first() -> None:
    trail = Trail()
    trail.configured(ONE, plan="p")
    trail.configured(THREE, plan="p")
    trail.configured(TWO, at=2 * MINUTE)
    assert trail.words() == [("S2",), ("S1", "S3")]


def test_a_failure_is_not_listed_and_an_unknown_result_is() -> None:
    trail = Trail()
    trail.configured(ONE, plan="p")
    trail.configured(TWO, plan="p", result=Result.FAILED)
    trail.configured(THREE, plan="p", result=Result.UNKNOWN)
    assert trail.words() == [("S1", "S3")]


def test_after_24_hours_a_change_is_not_listed_nor_is_the_undo_of_it() -> None:
    trail = Trail()
    key = trail.configured(ONE)
    trail.configured(ONE, 5.5, at=23 * HOUR, undoes=key)
    assert trail.words(after=23 * HOUR) == [("S1 undone",)]
    assert trail.words(after=25 * HOUR) == []


def test_an_undo_of_what_the_trail_no_longer_holds_is_no_change_that_can_be_undone() -> None:
    trail = Trail()
    trail.configured(ONE, undoes="forgotten")
    assert trail.words() == []


def test_an_undo_keeps_the_place_of_what_it_undid_and_a_redo_as_well() -> None:
    trail = Trail()
    first = trail.configured(ONE)
    trail.configured(TWO, at=2 * MINUTE)
    undo = trail.configured(ONE, 7, at=3 * MINUTE, undoes=first)
    assert trail.words() == [("S2",), ("S1 undone",)]
    trail.configured(ONE, at=4 * MINUTE, undoes=undo)
    assert trail.words() == [("S2",), ("S1",)]


def test_what_two_operators_undo_at_once_is_undone_and_not_redone() -> None:
    trail = Trail()
    key = trail.configured(ONE)
    trail.configured(ONE, 7, at=2 * MINUTE, undoes=key)
    trail.configured(ONE, 7, at=3 * MINUTE, undoes=key)
    assert trail.words() == [("S1 undone",)]


@pytest.mark.parametrize(
    ("result", "word"), [(Result.UNKNOWN, "S1 doubtful"), (Result.FAILED, "S1"), (Result.REFUSED, "S1")]
)
def test_an_undo_without_effect_leaves_the_change_to_be_undone(result: Result, word: str) -> None:
    trail = Trail()
    key = trail.configured(ONE)
    trail.configured(ONE, 7, at=2 * MINUTE, undoes=key, result=result)
    assert trail.words() == [(word,)]
    sent = "sends ConfigureWorker(sync_id='w1', interval='00:05:00', options=(), secret=()): "
    doubt = "check first: this was already sent, with an unknown result" if "doubt" in word else ""
    assert trail.reason(replace(ONE, interval=SLOW)) == sent + doubt


def test_an_undo_that_still_waits_for_its_response_is_not_sent_a_second_time() -> None:
    trail = Trail()
    key = trail.configured(ONE)
    proposal = configure(ONE, 420.0, {}, Snapshot((ONE,), START))
    assert isinstance(proposal, Proposal)
    trail.note(replace(proposal, undoes=key), None, at=START + HOUR - MINUTE)
    assert trail.words() == [("S1 under way",)]
    assert trail.reason(replace(ONE, interval=SLOW)) == "its response has not arrived yet"
    trail.edit(lambda record: record.update(pid=os.getpid() + 1_000_000))
    assert trail.words() == [("S1 doubtful",)]


def test_what_an_older_version_recorded_is_listed_but_its_exact_values_are_not_known() -> None:
    trail = Trail()
    trail.configured(ONE)
    trail.edit(
        lambda record: [record.pop(name, None) for name in ("baseline", "left", "undoes")] and None
    )
    assert trail.words() == [("S1",)]
    assert trail.reason(replace(ONE, interval=SLOW)) == "the previous value is unknown"


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("baseline", {"interval": 5}, "the previous value is unknown"),
        ("baseline", {"interval": "?"}, "not reported before, so it cannot be restored: Interval"),
        ("sent", {"interval": 5}, "this version cannot read what was sent"),
        ("operation", "worker.dance", "this version cannot read what was sent"),
    ],
)
def test_what_cannot_be_read_of_a_record_is_not_undone(field: str, value: object, why: str) -> None:
    trail = Trail()
    trail.configured(ONE)
    trail.edit(lambda record: record.update({field: value} if record["record"] == "attempt" else {}))
    assert trail.reason(replace(ONE, interval=SLOW)) == why


def test_a_secret_is_not_recorded_so_only_the_rest_is_restored() -> None:
    trail = Trail()
    sync = replace(ONE, options=(KEY,))
    trail.configured(sync, o1="more")
    assert not any(word in str(trail.trail.records) for word in ("hush", "more"))
    now = replace(sync, interval=SLOW, options=(replace(KEY, value="more"),))
    sent = "sends ConfigureWorker(sync_id='w1', interval='00:05:00', options=(), secret=()): "
    lost = "may be a secret, which the audit trail does not hold, so it cannot be restored: API key"
    assert trail.reason(now) == sent + lost


def test_an_option_that_others_share_is_undone_after_all_others() -> None:
    """It changes what their proposals rest on."""
    option = WorkerOption("o2", "Footer", value="old")
    syncs = [replace(one, options=(option,)) for one in (ONE, TWO, THREE)]
    trail = Trail()
    trail.configured(syncs[0], plan="p", o2="new")
    for sync in syncs[1:]:
        trail.configured(sync, plan="p")
    store, now = (
        Store(),
        [replace(s, interval=SLOW, options=(replace(option, value="new"),)) for s in syncs],
    )
    store.succeed(Topic.WORKERS, 1, tuple(now), at=START + HOUR, took=0.1)
    [together] = trail.sets()
    plan = plan_of([reversal(one, store) for one in together.changes], "Undo")
    assert not isinstance(plan, Refusal)
    assert [[one.target[-2:] for one in wave] for wave in plan.waves] == [["S2", "S3"], ["S1"]]
    assert plan.title == "Undo configure sync · 3 syncs"


def test_the_rest_of_an_interrupted_undo_is_told_but_not_offered_as_a_bulk() -> None:
    """Each of its targets gets values of its own, which the plan does not hold."""
    trail = Trail()
    history = asyncio.run(trail.trail.entries(1))
    plan = Plan("p", START, "worker.configure", 1, user_name(), targets=("w1",), host="-", undoes=True)
    [rest] = unsent_rests(replace(history, plans=(plan,)), None, START + MINUTE)
    assert isinstance(rest, UnsentRest)
    assert rest.obstacle == "it undoes changes; press u in the console to undo the rest"
