"""What is proposed to the engine tells its effect first, follows what changes, and is taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.drivers.fake_time import START, FakeTime
from tests.drivers.scripted_service import ScriptedService, down
from tests.ops.recorded_changes import RecordedChanges
from tui.api.errors import ErpError
from tui.domain.intervals import Interval
from tui.domain.profile import Environment, ProfileFacts, System
from tui.domain.result import Result
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.writes import ChangeEngineInterval, ChangeEngineStatus, SyncAll, Write
from tui.ops.audit.file_trail import MemoryTrail
from tui.ops.execution.executor import Executor
from tui.ops.execution.guard import Guard
from tui.ops.execution.live_proposal import LiveProposal
from tui.ops.execution.outcome import Outcome
from tui.ops.operations.engine_interval import engine_interval
from tui.ops.operations.engine_status import run_engine
from tui.ops.operations.sync_all import sync_all
from tui.ops.proposals.proposal import NOTHING_CHANGED, Proposal
from tui.ops.undo.applied_change import NOT_READ
from tui.ops.undo.changes import Reversal
from tui.store.snapshot import Topic
from tui.store.store import Store

RUNNING = EngineStatus(True, "Idle", Interval.read("00:15:00"))
STOPPED = replace(RUNNING, running=False, message="Stopped")
SLOW = replace(RUNNING, interval=Interval.read("01:00:00"))


def every(seconds: float, status: EngineStatus = RUNNING) -> Proposal:
    proposal = engine_interval(status, seconds)
    assert isinstance(proposal, Proposal)
    return proposal


# What the review says.


def test_a_stop_tells_what_the_engine_is_at_and_that_it_is_only_requested() -> None:
    (change,) = run_engine(RUNNING, False).changes
    assert (change.field, change.before, change.after) == ("State", "running: Idle", "stop requested")


def test_what_is_so_already_is_said() -> None:
    assert "It is already stopped." in run_engine(STOPPED, False).consequences
    assert len(run_engine(RUNNING, False).consequences) == 1


def test_an_engine_that_never_answered_can_be_started_and_is_called_unknown() -> None:
    proposal = run_engine(None, True)
    assert proposal.write == ChangeEngineStatus(run=True)
    assert proposal.changes[0].before == "unknown: no response received"
    assert proposal.baseline == ()


@pytest.mark.parametrize(
    ("seconds", "warnings"), [(300, 0), (299, 1), (60, 1), (59, 2)], ids=lambda value: str(value)
)
def test_short_intervals_are_warned_of(seconds: float, warnings: int) -> None:
    assert len(every(seconds).warnings) == warnings
    if warnings:
        assert every(seconds).warnings[-1].startswith("under five minutes: ")


@pytest.mark.parametrize("text", ["15 minutes", "every now and then", "-00:05:00"])
def test_an_interval_that_cannot_be_read_stands_before_the_new_one_as_it_came(text: str) -> None:
    (change,) = every(600, replace(RUNNING, interval=Interval.read(text))).changes
    assert change.after == "10m"
    assert change.before in (text, "-5m")


def test_the_same_interval_in_another_spelling_is_no_change() -> None:
    proposed = engine_interval(replace(RUNNING, interval=Interval.read("PT15M")), 900)
    assert proposed is NOTHING_CHANGED


def test_a_sync_of_all_names_what_is_active_and_what_is_left_out() -> None:
    listed = (
        Connection(1, "Visma", active=True),
        Connection(2, "Business Central", active=False),
        Connection(3, "Excel"),
        Connection(4, "Navision", active=True, deleted=True),
    )
    told = [(one.field, one.after) for one in sync_all(False, listed).changes]
    assert told == [
        ("Active", "1: Visma"),
        ("Inactive", "1: Business Central"),
        ("Not known", "1: Excel"),
    ]
    (unknown,) = sync_all(True, None).changes
    assert unknown.after == "the connections are currently unknown"


def test_of_many_connections_the_first_are_named() -> None:
    listed = [Connection(number, f"C{number}", active=True) for number in range(1, 12)]
    assert sync_all(True, listed).changes[0].after.startswith("11: C1, C2")
    assert sync_all(True, listed).changes[0].after.endswith("C8 and 3 more")


def test_a_sync_while_the_engine_is_stopped_is_warned_of_unless_it_is_forced() -> None:
    assert sync_all(False, (), STOPPED).warnings
    assert not sync_all(False, (), RUNNING).warnings
    assert not sync_all(True, (), STOPPED).warnings


# While it is looked at.


def store_of(status: EngineStatus, at: float = 0.0, generation: int = 1) -> Store:
    store = Store()
    store.succeed(Topic.ENGINE, generation, status, at=START + timedelta(seconds=at), took=0.0)
    return store


def test_a_review_follows_the_engine() -> None:
    store = store_of(RUNNING)
    stop = LiveProposal(run_engine(RUNNING, False, store.snapshot(Topic.ENGINE)))
    pace = LiveProposal(replace(every(600), rests_on=store.snapshot(Topic.ENGINE)))
    store.succeed(
        Topic.ENGINE,
        2,
        replace(STOPPED, interval=SLOW.interval),
        at=START + timedelta(seconds=5),
        took=0,
    )
    assert stop.look(store)
    assert stop.proposal.changes[0].before == "stopped: Stopped"
    assert pace.look(store)
    assert pace.proposal.changes[0].before == "1h"


def test_another_message_is_no_other_target() -> None:
    store = store_of(RUNNING)
    stop = LiveProposal(run_engine(RUNNING, False, store.snapshot(Topic.ENGINE)))
    store.succeed(
        Topic.ENGINE, 2, replace(RUNNING, message="Busy"), at=START + timedelta(seconds=5), took=0
    )
    assert not stop.look(store)


# Carrying it out.


class Erp(ScriptedService):
    """An engine that answers otherwise after a write, or no more."""

    def __init__(self) -> None:
        super().__init__()
        self.after: EngineStatus | ErpError | None = None

    async def _written(self, write: Write) -> None:
        await super()._written(write)
        match self.after:
            case EngineStatus():
                self.engine = self.after
            case ErpError():
                self.failing["engine"] = self.after


class Console:
    """Conduct between an operator and that engine; nothing waits."""

    def __init__(self) -> None:
        self.erp, self.time, self.trail = Erp(), FakeTime(), MemoryTrail()
        facts = ProfileFacts("acme", Environment.STAGING, False, frozenset(System))
        guard = Guard(self.erp, facts, self.trail, clock=self.time.clock)
        self.executor = Executor(guard, sleep=self._sleep, monotonic=self.time.monotonic)

    async def _sleep(self, seconds: float) -> None:
        pass

    def results(self) -> list[object]:
        return [record["result"] for record in self.trail.records if "result" in record]


async def test_after_a_new_interval_the_engine_is_read_again() -> None:
    console = Console()
    console.erp.after = replace(RUNNING, interval=Interval.read("PT10M"))
    outcome = await console.executor.perform(every(600))
    assert (outcome.kind, outcome.sentence) == (Result.APPLIED, "applied")
    assert console.erp.calls == ["engine", "write", "engine"]
    assert console.results() == ["accepted", "applied"]


async def test_t1_another_interval_than_the_requested_one_is_not_applied() -> None:
    console = Console()
    console.erp.after = replace(RUNNING, interval=Interval.read("00:12:00"))
    outcome = await console.executor.perform(every(600))
    assert outcome.kind is Result.NOT_APPLIED
    assert outcome.sentence == "Interval: requested 10m, the server has 12m"
    assert outcome.differences == ("Interval: requested 10m, the server has 12m",)
    assert outcome.next_step == "Refresh and check before you send it again"
    assert console.results() == ["accepted", "not applied"]


async def test_t1_an_interval_without_effect_is_looked_for_more_than_once() -> None:
    console = Console()
    outcome = await console.executor.perform(every(600))
    assert outcome.kind is Result.NOT_APPLIED
    assert outcome.sentence == "Interval: requested 10m, the server has 15m"
    assert console.erp.calls == ["engine", "write", "engine", "engine", "engine"]
    assert len(console.erp.writes) == 1


async def test_an_engine_that_cannot_be_read_again_leaves_it_accepted_and_says_so() -> None:
    console = Console()
    console.erp.after = down("SuperOffice cannot be reached")
    outcome = await console.executor.perform(every(600))
    assert outcome.kind is Result.ACCEPTED
    assert outcome.sentence == "accepted; it could not be read again: SuperOffice cannot be reached"


@pytest.mark.parametrize("answer", [RUNNING, STOPPED])
async def test_the_answer_to_a_stop_is_no_difference_whatever_it_shows(answer: EngineStatus) -> None:
    console = Console()
    console.erp.after = answer
    outcome = await console.executor.perform(run_engine(console.erp.engine, False))
    assert (outcome.kind, outcome.sentence) == (Result.ACCEPTED, "accepted by SuperOffice")
    assert outcome.differences == ()


async def test_nothing_is_sent_to_an_engine_that_somebody_else_stopped() -> None:
    console = Console()
    console.erp.engine = STOPPED
    outcome = await console.executor.perform(run_engine(RUNNING, False))
    assert outcome.kind is Result.CONFLICT
    assert "running → stopped" in outcome.sentence
    assert console.erp.writes == []


# Taking it back.


def undone(
    proposal: Proposal, now: EngineStatus, *, looked_at: float = 60.0, result: object = None
) -> Reversal:
    changes = RecordedChanges()
    changes.note(proposal, Outcome(Result.APPLIED, "", "", START, result=result))
    store = store_of(now, at=looked_at)
    return changes.reversals(store)[0]


def paced(before: EngineStatus = RUNNING) -> Proposal:
    return replace(every(3600, before), rests_on=store_of(before).snapshot(Topic.ENGINE))


def test_a_stop_is_taken_back_by_a_start_and_a_start_by_a_stop() -> None:
    back = undone(run_engine(RUNNING, False), STOPPED)
    assert back.proposal is not None
    assert back.proposal.write == ChangeEngineStatus(run=True)
    back = undone(run_engine(STOPPED, True), RUNNING)
    assert back.proposal is not None
    assert back.proposal.write == ChangeEngineStatus(run=False)


def test_a_state_that_was_read_before_the_change_does_not_show_that_it_is_as_before() -> None:
    for was, now in ((RUNNING, True), (STOPPED, False)):
        back = undone(run_engine(was, not now), was, looked_at=-5)
        assert back.proposal is not None
        assert back.proposal.write == ChangeEngineStatus(run=now)


@pytest.mark.parametrize(
    ("proposal", "now", "why"),
    [
        (run_engine(RUNNING, True), RUNNING, "it was running before, so there is nothing to undo"),
        (run_engine(None, False), STOPPED, "the previous state is unknown"),
        (run_engine(RUNNING, False), RUNNING, "it is already as it was before"),
        (paced(), RUNNING, "it is already as it was before"),
        (
            paced(replace(RUNNING, interval=Interval.read("15 minutes"))),
            SLOW,
            "it was 15 minutes before, which is not a valid interval",
        ),
        (
            paced(replace(RUNNING, interval=Interval.read("00:01:30.5000000"))),
            SLOW,
            "it was 00:01:30.5000000 before, which is not a valid interval",
        ),
        (
            paced(replace(RUNNING, interval=Interval.read("00:00:00"))),
            SLOW,
            "it was 00:00:00 before, which is not a valid interval",
        ),
        (
            paced(replace(RUNNING, interval=Interval.read(None))),
            SLOW,
            "the previous value is unknown",
        ),
        (every(3600, RUNNING), SLOW, "the previous value is unknown"),
        (run_engine(STOPPED, False), STOPPED, "it was stopped before, so there is nothing to undo"),
        (run_engine(STOPPED, True), STOPPED, "it is already as it was before"),
        (
            sync_all(False, ()),
            RUNNING,
            "a sync cannot be undone: the overwritten values are not kept",
        ),
    ],
)
def test_what_has_no_way_back_says_why(proposal: Proposal, now: EngineStatus, why: str) -> None:
    back = undone(proposal, now)
    assert (back.proposal, back.reason) == (None, why)


def test_an_interval_goes_back_and_what_was_changed_since_is_said() -> None:
    back = undone(paced(), SLOW)
    assert back.proposal is not None
    assert back.proposal.write == ChangeEngineInterval("00:15:00")
    assert back.reason == ""
    rounded = replace(RUNNING, interval=Interval.read("01:01:00"))
    assert undone(paced(), rounded, result=rounded).reason == ""
    back = undone(paced(), replace(RUNNING, interval=Interval.read("00:30:00")))
    assert back.reason == "changed again since: Interval is 30m, not 1h"


def test_an_interval_is_not_undone_before_the_engine_was_read_again() -> None:
    for result in (None, SLOW, "accepted"):
        back = undone(paced(), RUNNING, looked_at=-5, result=result)
        assert (back.proposal, back.reason) == (None, NOT_READ.sentence)


def test_an_answer_that_is_no_state_of_the_engine_tells_nothing_of_it() -> None:
    assert undone(paced(), SLOW, result="accepted").reason == ""


def test_an_interval_of_one_second_can_be_sent_again() -> None:
    back = undone(paced(replace(RUNNING, interval=Interval.read("00:00:01"))), SLOW)
    assert back.proposal is not None
    assert back.proposal.write == ChangeEngineInterval("00:00:01")


def test_a_stop_is_taken_back_where_the_engine_never_answered_again() -> None:
    changes = RecordedChanges()
    changes.note(run_engine(RUNNING, False), Outcome(Result.APPLIED, "", "", START))
    [back] = changes.reversals(Store())
    assert back.proposal is not None
    assert back.proposal.write == ChangeEngineStatus(run=True)


def test_a_sync_is_sent_as_it_was_meant() -> None:
    assert sync_all(True, ()).write == SyncAll(forced=True)
    assert sync_all(False, ()).write == SyncAll()
