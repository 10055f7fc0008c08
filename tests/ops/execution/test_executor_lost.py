"""What is said of a write whose response was lost, or came broken."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.drivers.scripted_service import down, lost
from tests.ops.execution.test_executor import ACCOUNT, SHOP, SYNC, Desk, slower, with_interval
from tui.api.errors import (
    BadAnswer,
    ErpError,
    NotAuthorised,
    Rejected,
    ServerFailed,
    TimedOut,
)
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import ControlAction, WorkerStatus
from tui.domain.profile import System
from tui.domain.result import Result
from tui.domain.superoffice.engine import Connection
from tui.domain.writes import (
    ChangeEngineStatus,
    ConfigureWorker,
    ControlWorker,
    CreateExtension,
    ForceResync,
    ToggleConnection,
    Write,
)
from tui.ops.execution.verification import STATE_ONLY
from tui.ops.operations.configure_worker import configure
from tui.ops.operations.create_extension import create_extension
from tui.ops.operations.delete_extension import delete_extension
from tui.ops.operations.save_priorities import priorities
from tui.ops.operations.toggle_connection import toggle
from tui.ops.proposals.proposal import Proposal
from tui.ops.proposals.resync import resync

# Answer lost.


async def test_a_lost_answer_whose_change_is_there_is_applied() -> None:
    desk = Desk()
    desk.erp.failing["write"] = lost(TimedOut)
    desk.erp.after = with_interval("00:10:00")
    outcome = await desk.perform(slower())
    assert outcome.kind is Result.APPLIED
    assert outcome.sentence == "response lost; checked: applied, Interval is 10m"
    assert outcome.result == desk.erp.sync
    assert outcome.finding is not None
    assert (outcome.finding.result, outcome.next_step) == (Result.APPLIED, "")
    assert desk.kept("outcome")[0][0] == "unknown"
    assert desk.kept("check") == [("applied", "Interval is 10m")]
    assert len(desk.erp.writes) == 1


async def test_a_lost_answer_whose_change_is_not_there_may_still_take_effect() -> None:
    desk = Desk()
    desk.erp.failing["write"] = lost(TimedOut)
    outcome = await desk.perform(slower())
    assert outcome.kind is Result.UNKNOWN
    assert outcome.finding is not None
    assert outcome.finding.result is Result.UNKNOWN
    found = "Interval is 5m, as before; the request may still take effect"
    assert outcome.sentence.endswith(f"checked: {found}")
    assert outcome.next_step == "Refresh and check before you send it again"
    assert desk.kept("check") == [("unknown", found)]
    assert len(desk.erp.writes) == 1
    assert desk.pauses == [0.0, 1.0, 2.0]


async def test_an_interval_that_may_have_been_rounded_to_what_it_was_stays_unknown() -> None:
    desk = Desk()
    desk.erp.failing["write"] = lost(TimedOut)
    outcome = await desk.perform(configure(SYNC, 310.0, {}))
    assert outcome.kind is Result.UNKNOWN
    assert desk.kept("check") == [
        ("unknown", "Interval is 5m as before, but the server may have rounded it")
    ]


async def test_one_that_was_listed_before_is_not_taken_for_the_new_one() -> None:
    desk = Desk()
    desk.erp.failing["write"] = lost(TimedOut)
    new = create_extension("shop", "1.0.0", "ab" * 64, known=("shop",))
    outcome = await desk.perform(new)
    assert outcome.kind is Result.UNKNOWN
    assert outcome.result is None
    assert desk.kept("check") == [("unknown", "an extension of that name was listed before")]


async def test_a_value_that_is_neither_stays_unknown() -> None:
    desk = Desk()
    desk.erp.failing["write"] = lost(TimedOut)
    desk.erp.after = with_interval("00:20:00")
    outcome = await desk.perform(slower())
    assert outcome.kind is Result.UNKNOWN
    assert outcome.sentence.endswith("checked: Interval is 20m")


async def test_a_target_that_cannot_be_looked_at_stays_unknown() -> None:
    desk = Desk()
    proposal = create_extension("new", "1", "ab" * 64)
    desk.erp.failing.update(write=lost(TimedOut), extensions=down())
    outcome = await desk.perform(proposal)
    assert outcome.kind is Result.UNKNOWN
    assert "the target could not be read: JTL-Wawi cannot be reached" in outcome.sentence


async def test_a_created_extension_is_looked_for_in_the_list() -> None:
    desk = Desk()
    desk.erp.failing["write"] = lost(TimedOut)
    missing = await desk.perform(create_extension("new", "1", "ab" * 64))
    assert missing.kind is Result.UNKNOWN
    desk.erp.after = Extension("e9", "new", "1", 1, "AB" * 64)
    outcome = await desk.perform(create_extension("new", "1", "ab" * 64))
    assert outcome.kind is Result.APPLIED
    assert outcome.result == desk.erp.after


async def test_a_deleted_extension_is_gone_and_a_resync_cannot_be_seen() -> None:
    desk = Desk()
    desk.erp.failing["write"] = lost(TimedOut)
    assert (await desk.perform(delete_extension(SHOP))).kind is Result.UNKNOWN
    outcome = await desk.perform(resync(ForceResync(0, ()), None))
    assert outcome.kind is Result.UNKNOWN
    assert outcome.sentence.endswith("unknown; a resync leaves no trace that could be checked")
    assert outcome.next_step == "Compare some of the records in both systems before you send it again"


async def test_a_deletion_that_is_answered_and_has_no_effect_is_not_applied() -> None:
    desk = Desk()
    outcome = await desk.perform(delete_extension(SHOP))
    assert outcome.kind is Result.NOT_APPLIED
    assert "it is still listed" in outcome.sentence
    assert len(desk.erp.writes) == 1


MAIN, SIDE = Connection(7, "Main", active=True), Connection(8, "Side", active=True)


@pytest.mark.parametrize(
    ("proposal", "read_first"),
    [
        (slower(), "workers"),
        (delete_extension(SHOP), "extension"),
        (toggle(MAIN), "connections"),
        (priorities((8, 7), (MAIN, SIDE)), "connections"),
    ],
    ids=["configure", "delete", "toggle", "priorities"],
)
async def test_a_refusal_is_not_looked_after(proposal: Proposal, read_first: str) -> None:
    desk = Desk()
    desk.erp.others = (SIDE,)
    desk.erp.failing["write"] = lost(Rejected, status=400)
    outcome = await desk.perform(proposal)
    assert (outcome.kind, outcome.finding) == (Result.FAILED, None)
    # A toggle is read once more after it was noted: another one may have ended meanwhile.
    again = [read_first] if isinstance(proposal.write, ToggleConnection) else []
    assert desk.erp.calls == [read_first, *again, "write"]
    assert desk.kept("check") == []


async def test_t2_a_response_that_came_is_never_called_lost() -> None:
    desk = Desk()
    came = "Unexpected response from JTL-Wawi: Wartung"
    desk.erp.failing["write"] = BadAnswer(system=System.JTL, sentence=came, status=200, in_doubt=True)
    desk.erp.after = with_interval("00:10:00")
    outcome = await desk.perform(slower())
    assert (outcome.kind, outcome.sentence) == (
        Result.APPLIED,
        "Unexpected response from JTL-Wawi: Wartung; checked: applied, Interval is 10m",
    )
    desk.erp.sync, desk.erp.after = SYNC, None
    outcome = await desk.perform(slower())
    assert (outcome.kind, outcome.sentence) == (
        Result.NOT_APPLIED,
        "Unexpected response from JTL-Wawi: Wartung; checked: not applied, Interval is 5m",
    )


async def test_a_look_while_the_request_may_be_under_way_settles_only_what_is_there() -> None:
    desk = Desk()
    just_now = desk.executor.guard.clock() - timedelta(seconds=119)
    write = ConfigureWorker("a1", "00:10:00")
    finding = await desk.executor.look(write, {"Interval": "5m"}, just_now)
    assert (finding.result, finding.sentence) == (
        Result.UNKNOWN,
        "Interval is 5m, as before; the request may still take effect",
    )
    desk.erp.sync = with_interval("00:10:00")
    finding = await desk.executor.look(write, {"Interval": "5m"}, just_now)
    assert finding.result is Result.APPLIED


@pytest.mark.parametrize("status", [502, 504, 520, 524, 598, 599])
async def test_a_gateway_without_a_response_may_still_see_it_applied(status: int) -> None:
    desk = Desk()
    desk.erp.failing["write"] = ServerFailed(system=System.JTL, sentence="bad gateway", status=status)
    outcome = await desk.perform(slower())
    assert (outcome.kind, outcome.finding and outcome.finding.result) == (Result.UNKNOWN,) * 2
    assert len(desk.erp.writes) == 1


@pytest.mark.parametrize(
    "error", [(ServerFailed, 500), (BadAnswer, 302), (BadAnswer, 304), (NotAuthorised, 401)]
)
async def test_a_failure_after_the_work_was_done_is_not_believed(
    error: tuple[type[ErpError], int],
) -> None:
    desk = Desk()
    failure, status = error
    desk.erp.failing["write"] = failure(system=System.JTL, sentence="it broke", status=status)
    desk.erp.after = with_interval("00:10:00")
    outcome = await desk.perform(slower())
    assert (outcome.kind, outcome.sentence) == (
        Result.UNKNOWN,
        "it broke\nbut read again: Interval is 10m",
    )
    desk.erp.sync, desk.erp.after = SYNC, None
    outcome = await desk.perform(slower())
    assert (outcome.kind, outcome.sentence) == (Result.FAILED, "it broke")
    assert [result for result, _ in desk.kept("check")] == ["applied", "not applied"]


async def test_an_attempt_of_an_earlier_run_can_be_looked_at() -> None:
    desk = Desk()
    long_ago = desk.executor.guard.clock() - timedelta(minutes=2)
    write = ConfigureWorker("a1", "00:10:00", (("o1", "theirs"),))
    before = {"Interval": "5m", "Account": "ours"}
    finding = await desk.executor.look(write, before, long_ago)
    assert finding.result is Result.NOT_APPLIED
    assert finding.sentence.endswith("as before; others may have changed it since")
    desk.erp.sync = replace(with_interval("00:10:00"), options=(replace(ACCOUNT, value="theirs"),))
    finding = await desk.executor.look(write, before, long_ago)
    assert finding.result is Result.APPLIED
    assert finding.sentence.startswith(
        "Interval is 10m, Account is theirs, as requested; it is unknown who changed it"
    )
    finding = await desk.executor.look(CreateExtension("x", "1", "a"), {}, long_ago)
    assert finding.result is Result.NOT_APPLIED
    assert desk.erp.writes == []


@pytest.mark.parametrize(
    ("write", "state", "sentence"),
    [
        (ControlWorker("a1", ControlAction.STOP), 3, "no stop was seen: its state is ok"),
        (ControlWorker("a1", ControlAction.STOP), 7, f"its state is now off; {STATE_ONLY}"),
        (ControlWorker("a1", ControlAction.STOP), 6, f"its state is now locked; {STATE_ONLY}"),
        (ControlWorker("a1", ControlAction.START), 7, "no start was seen: its state is off"),
        (ControlWorker("a1", ControlAction.RESTART), 3, f"its state is now ok; {STATE_ONLY}"),
        (ChangeEngineStatus(False), 3, "no stop was seen: its state is running"),
    ],
)
async def test_a_look_at_a_start_or_stop_says_what_was_seen_and_settles_nothing(
    write: Write, state: int, sentence: str
) -> None:
    desk = Desk()
    desk.erp.status = WorkerStatus("a1", state)
    finding = await desk.executor.look(write, {}, desk.executor.guard.clock() - timedelta(minutes=2))
    assert (finding.result, finding.sentence) == (Result.UNKNOWN, sentence)
