"""What is proposed of connections, what is seen after it was sent, and what takes it back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.drivers.fake_time import START, FakeTime
from tests.drivers.scripted_service import ScriptedService, down, lost
from tests.ops.proposing import propose
from tests.ops.recorded_changes import RecordedChanges
from tui.api.errors import TimedOut
from tui.domain.profile import Environment, ProfileFacts, System
from tui.domain.result import Result
from tui.domain.superoffice.connections import priorities_of
from tui.domain.superoffice.engine import Connection
from tui.domain.writes import SavePriorities, ToggleConnection, Write
from tui.ops.audit.file_trail import MemoryTrail
from tui.ops.execution.executor import Executor
from tui.ops.execution.guard import Guard
from tui.ops.execution.outcome import Outcome
from tui.ops.operations.registry import OPERATIONS
from tui.ops.operations.save_priorities import priorities
from tui.ops.operations.toggle_connection import toggle
from tui.ops.proposals.proposal import MADE_ELSEWHERE, Proposal
from tui.ops.proposals.rebase import rebase
from tui.ops.refusal import Refusal
from tui.ops.targets.lookup import find_target
from tui.store.snapshot import Snapshot, Topic
from tui.store.store import Store

MAIN = Connection(1, "Main", active=True)
SIDE = Connection(2, "Side", active=False)
OLD = Connection(9, deleted=True)
LISTED = (MAIN, SIDE, OLD)


class Erp(ScriptedService):
    """Connections that do what they are told, unless they are `deaf`."""

    def __init__(self) -> None:
        super().__init__()
        self.listed: tuple[Connection, ...] = LISTED
        self.deaf = False
        self.flipped_at_read = 0
        """From which read on somebody else has toggled the first connection; 0: never."""

    async def connections(self, *, include_deleted: bool = False) -> tuple[Connection, ...]:
        await self._called("connections")
        if self.calls.count("connections") == self.flipped_at_read:
            self._do(ToggleConnection(MAIN.id, active=False))
        return self.listed

    async def _written(self, write: Write) -> None:
        self.writes.append(write)
        if not (self.deaf or self.reasons):
            self._do(write)
        await self._called("write")

    def _do(self, write: Write) -> None:
        match write:
            case ToggleConnection(connection_id=number):
                self.listed = tuple(
                    replace(one, active=not one.active) if one.id == number else one
                    for one in self.listed
                )
            case SavePriorities(connection_ids=ids):
                places = {number: place for place, number in enumerate(ids)}
                self.listed = tuple(sorted(self.listed, key=lambda one: places.get(one.id, len(ids))))


class Desk:
    """Conduct between an operator and connections; nothing waits."""

    def __init__(self) -> None:
        self.erp, self.time, self.trail, self.store = Erp(), FakeTime(), MemoryTrail(), Store()
        facts = ProfileFacts("acme", Environment.STAGING, False, frozenset(System))
        guard = Guard(self.erp, facts, self.trail, clock=self.time.clock)
        self.executor = Executor(guard, sleep=self._sleep, monotonic=self._tick)
        self._ticks = 0.0

    async def _sleep(self, _seconds: float) -> None:
        return None

    def _tick(self) -> float:
        self._ticks += 1
        return self._ticks

    async def does(self, proposal: Proposal | Refusal) -> Outcome:
        assert isinstance(proposal, Proposal), proposal
        return await self.executor.perform(proposal)


# Proposing.


@pytest.mark.parametrize(
    ("connection", "active", "reason"),
    [
        (OLD, None, "it is deleted"),
        (Connection(3), None, "did not report whether it is active"),
        (Connection(3, active=True, problem="Active: a list"), None, "row could not be read"),
        (MAIN, True, "it is already active"),
        (SIDE, False, "it is already inactive"),
    ],
)
def test_no_toggle_is_offered_where_it_cannot_be_told_what_it_does(
    connection: Connection, active: bool | None, reason: str
) -> None:
    proposal = toggle(connection, active=active)
    assert isinstance(proposal, Refusal)
    assert reason in proposal.sentence


def test_a_toggle_names_before_and_after_and_what_that_leads_to() -> None:
    off, on = toggle(MAIN), toggle(SIDE)
    assert isinstance(off, Proposal)
    assert isinstance(on, Proposal)
    assert (off.changes[0].before, off.changes[0].after) == ("active", "inactive")
    assert "until it is activated again" in off.consequences[0]
    assert "sync direction" in on.consequences[0]
    assert off.write == ToggleConnection(1, active=False)


@pytest.mark.parametrize(
    ("ids", "reason"),
    [
        ((1,), "missing: 2; name each of 1, 2 once"),
        ((2, 1, 2), "connection 2 is named twice"),
        ((2, 1, 9), "there is no connection 9"),
    ],
)
def test_an_order_is_of_all_connections_that_are_not_deleted(ids: tuple[int, ...], reason: str) -> None:
    proposal = priorities(ids, LISTED)
    assert isinstance(proposal, Refusal)
    assert reason in proposal.sentence


def test_an_order_is_not_offered_where_it_cannot_be_told() -> None:
    nameless = Connection(-3, problem="no usable ErpConnectionId")
    assert "order is unknown" in str(priorities((2, 1), (*LISTED, nameless)))
    assert "unknown" in str(priorities((2, 1), None))
    assert "at least two" in str(priorities((1,), (MAIN,)))


def test_settings_and_targets_by_name() -> None:
    store = Store()
    store.succeed(Topic.CONNECTIONS, 1, LISTED, at=START, took=0.0)
    toggle, order = OPERATIONS["connection.toggle"], OPERATIONS["connection.priorities"]
    assert find_target(toggle, "side", store) == SIDE
    assert "no connection '9'" in str(find_target(toggle, "9", store))
    assert "no connection 'crm'" in str(find_target(toggle, "crm", store))
    assert "write connections" in str(find_target(order, "Main", store))
    everything = find_target(order, "connections", store)
    assert not isinstance(everything, Refusal)

    def told(target: object, **given: str) -> str:
        operation = order if target is everything else toggle
        proposal = propose(operation, target, tuple(given.items()), store, START)  # type: ignore[arg-type]
        if isinstance(proposal, tuple):
            return proposal[0]
        assert isinstance(proposal, Proposal)
        return str(proposal.write)

    assert told(everything, order="2,1") == str(SavePriorities((2, 1)))
    assert "is invalid: write every number once" in told(everything, order="2;x")
    assert "order is missing" in told(everything)
    assert told(MAIN) == str(ToggleConnection(1, active=False))
    assert told(SIDE, active="true") == str(ToggleConnection(2, active=True))
    assert "already" in told(MAIN, active="true")
    assert "write true or false" in told(MAIN, active="on")


# Doing.


async def test_after_a_toggle_what_is_there_is_said() -> None:
    desk = Desk()
    outcome = await desk.does(toggle(MAIN))
    assert outcome.kind is Result.APPLIED
    assert outcome.sentence == "applied; read again: State is inactive"
    assert desk.erp.calls == ["connections", "connections", "write", "connections"]
    assert outcome.result == replace(MAIN, active=False)


async def test_d4_what_another_console_flipped_since_the_target_was_read_is_not_flipped_back() -> None:
    desk = Desk()
    desk.erp.flipped_at_read = 2
    outcome = await desk.does(toggle(MAIN))
    assert outcome.kind is Result.REFUSED
    assert "someone else made the same change meanwhile" in outcome.sentence
    assert desk.erp.writes == []


async def test_done_by_the_answer_and_not_by_the_list_is_a_difference() -> None:
    desk = Desk()
    desk.erp.deaf = True
    outcome = await desk.does(toggle(MAIN))
    assert outcome.kind is Result.NOT_APPLIED
    assert "reported success, but read again: State is active" in outcome.sentence
    assert outcome.differences
    order = await desk.does(priorities((2, 1), LISTED))
    assert "but read again: Order is 1, 2: another order" in order.sentence
    assert "is not documented" in order.sentence
    assert order.kind is Result.ACCEPTED
    assert len(desk.erp.writes) == 2


async def test_refused_by_the_answer_and_done_by_the_list_is_unknown() -> None:
    desk = Desk()
    desk.erp.reasons = ("no direction",)
    refused = await desk.does(toggle(SIDE))
    assert refused.kind is Result.FAILED
    assert "· no direction" in refused.sentence
    assert "read again" not in refused.sentence
    proposal = toggle(SIDE)
    listed = (MAIN, replace(SIDE, active=True))

    async def flips(write: Write) -> None:
        desk.erp.writes.append(write)
        desk.erp.listed = listed

    desk.erp._written = flips  # type: ignore[method-assign]
    odd = await desk.does(proposal)
    assert odd.kind is Result.UNKNOWN
    assert "but read again: State is active" in odd.sentence


async def test_a_look_that_fails_afterwards_is_said() -> None:
    desk = Desk()
    proposal = toggle(MAIN)

    async def written(write: Write) -> None:
        desk.erp.writes.append(write)
        desk.erp.failing["connections"] = down("the line is cut")

    desk.erp._written = written  # type: ignore[method-assign]
    outcome = await desk.does(proposal)
    assert outcome.kind is Result.ACCEPTED
    assert "the target could not be read: the line is cut" in outcome.sentence
    assert len(desk.erp.writes) == 1


@pytest.mark.parametrize(
    ("deaf", "kind", "told"),
    [
        (
            False,
            Result.UNKNOWN,
            "checked: State is inactive, as requested; the request itself may still take",
        ),
        (True, Result.UNKNOWN, "State is active, as before; the request may still take effect"),
    ],
)
async def test_d4_a_toggle_whose_answer_was_lost_stays_unknown_and_says_what_is_there(
    deaf: bool, kind: Result, told: str
) -> None:
    desk = Desk()
    desk.erp.deaf = deaf
    desk.erp.failing["write"] = lost(TimedOut, sent=True)
    outcome = await desk.does(toggle(MAIN))
    assert outcome.kind is kind
    assert outcome.finding is not None
    assert outcome.finding.result is kind
    assert told in outcome.sentence
    assert len(desk.erp.writes) == 1


@pytest.mark.parametrize("deaf", [False, True])
async def test_d4_no_toggle_follows_a_lost_one_while_it_is_young(deaf: bool) -> None:
    desk = Desk()
    desk.erp.deaf = deaf
    desk.erp.failing["write"] = lost(TimedOut, sent=True)
    await desk.does(toggle(MAIN))
    desk.erp.deaf, desk.erp.failing = False, {}
    now = replace(MAIN, active=deaf)
    desk.time.elapsed = 119.0
    again = await desk.does(toggle(now))
    assert again.kind is Result.REFUSED
    assert "a toggle to inactive at 03:00:00 UTC" in again.sentence
    assert "has an unknown result" in again.sentence
    assert ("--set expect=inactive" in again.next_step) is not deaf
    assert ("It is still active: the earlier toggle may yet take effect" in again.next_step) is deaf
    assert len(desk.erp.writes) == 1
    assert (await desk.does(toggle(SIDE))).kind is Result.APPLIED
    desk.time.elapsed = 120.0
    assert (await desk.does(toggle(now))).kind is Result.APPLIED
    assert len(desk.erp.writes) == 3


async def test_d4_a_toggle_may_follow_where_the_operator_knows_the_state() -> None:
    desk = Desk()
    desk.erp.failing["write"] = lost(TimedOut, sent=True)
    await desk.does(toggle(MAIN))
    desk.erp.failing = {}
    now = replace(MAIN, active=False)
    wrong = toggle(now, expect=True)
    assert str(wrong) == "expected active, but the server says inactive"
    back = toggle(now, expect=False)
    assert isinstance(back, Proposal)
    assert "stated to be inactive" in back.warnings[0]
    renamed = rebase(back, replace(now, name="Renamed"), Snapshot((now,)))
    assert isinstance(renamed, Proposal)
    assert renamed.expects == "inactive"
    assert (await desk.does(back)).kind is Result.APPLIED
    assert len(desk.erp.writes) == 2


async def test_d4_a_toggle_that_was_answered_holds_nothing_back() -> None:
    desk = Desk()
    for state, reasons in ((MAIN, ()), (replace(MAIN, active=False), ("no direction",))):
        desk.erp.reasons = reasons
        await desk.does(toggle(state))
    desk.erp.reasons = ()
    back = await desk.does(toggle(replace(MAIN, active=False)))
    assert back.kind is Result.APPLIED


@pytest.mark.parametrize(("deaf", "kind"), [(False, Result.APPLIED), (True, Result.UNKNOWN)])
async def test_an_order_whose_answer_was_lost_is_looked_for(deaf: bool, kind: Result) -> None:
    desk = Desk()
    desk.erp.deaf = deaf
    desk.erp.failing["write"] = lost(TimedOut, sent=True)
    outcome = await desk.does(priorities((2, 1), LISTED))
    assert outcome.kind is kind
    assert "; checked:" in outcome.sentence
    assert len(desk.erp.writes) == 1


async def test_the_listed_order_can_be_sent_and_its_lost_answer_stays_unknown() -> None:
    desk = Desk()
    proposal = priorities((1, 2), LISTED)
    assert isinstance(proposal, Proposal)
    assert "the same" in proposal.changes[0].note
    assert (await desk.does(proposal)).kind is Result.APPLIED
    desk.erp.failing["write"] = lost(TimedOut, sent=True)
    outcome = await desk.does(proposal)
    assert outcome.kind is Result.UNKNOWN
    assert "this proves nothing" in outcome.sentence


async def test_what_changed_elsewhere_stops_it() -> None:
    desk = Desk()
    flip, order = toggle(MAIN), priorities((2, 1), LISTED)
    desk.erp.listed = (SIDE, replace(MAIN, active=False))
    for proposal in (flip, order):
        outcome = await desk.does(proposal)
        assert outcome.kind is Result.CONFLICT
        assert "someone else made the same change" in outcome.sentence
    assert desk.erp.writes == []


# Going on, and back.


def test_on_a_target_that_moved_on_the_wish_stays() -> None:
    flip, order = toggle(MAIN), priorities((2, 1), LISTED)
    assert isinstance(flip, Proposal)
    assert isinstance(order, Proposal)
    now = Snapshot((SIDE, MAIN, Connection(3, "New", active=True)))
    assert rebase(flip, replace(MAIN, active=False), now) == MADE_ELSEWHERE
    renamed = rebase(flip, replace(MAIN, name="Renamed"), now)
    assert isinstance(renamed, Proposal)
    assert renamed.write == flip.write
    assert "missing: 3" in str(rebase(order, priorities_of(now.data or ()), now))
    assert rebase(order, priorities_of((SIDE, MAIN)), Snapshot((SIDE, MAIN))) == MADE_ELSEWHERE


def carried_out(proposal: Proposal | Refusal) -> RecordedChanges:
    assert isinstance(proposal, Proposal)
    changes = RecordedChanges()
    changes.note(proposal, Outcome(Result.APPLIED, "applied", "", START))
    return changes


def inverse_of(changes: RecordedChanges, store: Store) -> Proposal | str:
    (back,) = changes.reversals(store)
    return back.proposal or back.reason


def known(*connections: Connection, seconds: float = 10.0) -> Store:
    store = Store()
    store.succeed(Topic.CONNECTIONS, 1, connections, at=START + timedelta(seconds=seconds), took=0.0)
    return store


def test_a_toggle_is_taken_back_by_the_same_review() -> None:
    change = carried_out(toggle(MAIN))
    off = replace(MAIN, active=False)
    back = inverse_of(change, known(off, SIDE))
    assert isinstance(back, Proposal)
    assert back.write == ToggleConnection(1, active=True)
    assert inverse_of(change, known(MAIN)) == "it is already as it was before"
    assert "no longer" in str(inverse_of(change, known(SIDE)))
    assert "press r" in str(inverse_of(change, known(off, seconds=-10.0)))
    assert "deleted" in str(inverse_of(change, known(replace(off, deleted=True))))


def test_an_order_is_taken_back_to_the_one_before() -> None:
    order = priorities((2, 1), LISTED)
    assert isinstance(order, Proposal)
    change = carried_out(order)
    back = inverse_of(change, known(SIDE, MAIN))
    assert isinstance(back, Proposal)
    assert back.write == SavePriorities((1, 2))
    again = inverse_of(change, known(MAIN, SIDE))
    assert isinstance(again, Proposal)
    assert again.write == SavePriorities((1, 2))
    third = Connection(3, "New", active=True)
    assert "missing: 3" in str(inverse_of(change, known(SIDE, MAIN, third)))
    assert "press r" in str(inverse_of(change, known(SIDE, MAIN, seconds=-10.0)))
    unseen = carried_out(replace(order, baseline=()))
    assert inverse_of(unseen, known(SIDE, MAIN)) == "the previous value is unknown"


def test_what_was_changed_of_an_order_since_is_told() -> None:
    third = Connection(3, "New", active=True)
    change = carried_out(priorities((2, 1, 3), (MAIN, SIDE, third)))
    as_left = inverse_of(change, known(SIDE, MAIN, third))
    assert isinstance(as_left, Proposal)
    assert as_left.warnings == ()
    moved = inverse_of(change, known(third, SIDE, MAIN))
    assert isinstance(moved, Proposal)
    assert moved.warnings == ("changed again since: the order is 3, 2, 1",)


def test_a_toggle_is_taken_back_where_the_state_is_not_reported_or_as_it_was_left() -> None:
    change = carried_out(toggle(SIDE))
    back = inverse_of(change, known(replace(SIDE, active=True)))
    assert isinstance(back, Proposal)
    assert back.write == ToggleConnection(2, active=False)
    assert inverse_of(change, known(SIDE)) == "it is already as it was before"
    assert "did not report whether" in str(inverse_of(change, known(replace(SIDE, active=None))))
    assert inverse_of(change, known(replace(SIDE, deleted=True))) == "it is deleted"
