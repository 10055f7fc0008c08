"""What of the audit trail holds a start or stop back, and what shows that nothing does any more."""

from pathlib import Path

import pytest

from tests.drivers.fake_time import START
from tests.ops.commands import operation_for
from tests.ops.execution.test_pending_toggles import HERE, SECOND, THERE
from tui.domain.jtl.workers import ControlAction, SyncState, WorkerStatus
from tui.domain.result import Result
from tui.domain.writes import ChangeEngineStatus, ControlWorker, SyncAll, Write
from tui.ops.audit.file_trail import AuditTrail, FileTrail, MemoryTrail
from tui.ops.audit.record import Attempt, Ending, Finding
from tui.ops.execution.pending_steps import PendingSteps
from tui.ops.targets.target import TargetRow

STARTED, STOPPED, RESTARTED = (
    ControlWorker("temu", action)
    for action in (ControlAction.START, ControlAction.STOP, ControlAction.RESTART)
)
WAITING, OFF, SUSPENDED = SyncState.FINISHED, SyncState.DEACTIVATED, SyncState.SUSPENDED


async def noted(
    trail: AuditTrail,
    write: Write = STOPPED,
    ago: float = 10.0,
    result: str | None = "unknown",
    *,
    was: SyncState | None = WAITING,
    address: str = HERE,
) -> str:
    at, operation = START - ago * SECOND, operation_for(write).id
    values = None if was is None else {"state": was.value}
    attempt = Attempt(at, "acme", "staging", operation, write, address=address, baseline=values)
    key = await trail.attempt(attempt)
    if result is not None:
        await trail.outcome(key, Ending(at, Result(result), f"it was {result}"))
    return key


def sync(state: SyncState) -> WorkerStatus:
    return WorkerStatus("temu", state.value)


AS_BEFORE = sync(WAITING)


async def held(trail: AuditTrail, write: Write = STARTED, row: TargetRow | None = AS_BEFORE) -> str:
    found = await PendingSteps(trail).hindrance(write, row, HERE, START)
    return "" if found is None else f"{found.sentence}. {found.next_step}"


@pytest.mark.parametrize("write", [STARTED, STOPPED, RESTARTED])
@pytest.mark.parametrize("result", ["unknown", None])
async def test_a_young_one_without_a_result_holds_back_every_other(
    write: Write, result: str | None
) -> None:
    trail = MemoryTrail()
    await noted(trail, ago=119.9, result=result)
    said = await held(trail, write)
    assert "a stop at " in said
    assert "may take effect yet. Try again after " in said


@pytest.mark.parametrize(
    ("ago", "result"),
    [(120.0, "unknown"), *((10.0, one) for one in ("applied", "accepted", "failed", "refused"))],
)
async def test_one_that_is_old_or_has_a_result_holds_nothing(ago: float, result: str) -> None:
    trail = MemoryTrail()
    await noted(trail, ago=ago, result=result)
    assert await held(trail) == ""


@pytest.mark.parametrize(
    "write", [ControlWorker("ebay", ControlAction.START), SyncAll(), ChangeEngineStatus(True)]
)
async def test_other_targets_and_writes_go_on(write: Write) -> None:
    trail = MemoryTrail()
    await noted(trail)
    await noted(trail, SyncAll(), was=None)
    assert await held(trail, write, None) == ""


async def test_one_that_was_just_accepted_holds_an_equal_one_until_its_effect_is_seen() -> None:
    trail = MemoryTrail()
    await noted(trail, RESTARTED, 2.9, "accepted")
    assert "accepted, and its effect was not seen yet" in await held(trail, RESTARTED)
    assert [await held(trail, write) for write in (STARTED, STOPPED)] == ["", ""]
    await noted(trail, STOPPED, 2.9, "accepted")
    assert await held(trail, STOPPED, sync(OFF)) == ""
    # The clock was set back since.
    trail = MemoryTrail()
    await noted(trail, RESTARTED, -60.0, "accepted")
    assert await held(trail, RESTARTED) == ""


async def test_one_of_another_profile_holds_on_the_same_server_alone(tmp_path: Path) -> None:
    mine, other = FileTrail(tmp_path / "acme.jsonl"), FileTrail(tmp_path / "branch.jsonl")
    await noted(other, address=THERE)
    assert await held(mine) == ""
    await noted(other)
    assert "a stop at " in await held(mine)


@pytest.mark.parametrize(
    ("write", "was", "now", "holds"),
    [
        (STOPPED, WAITING, WAITING, True),
        (STOPPED, WAITING, OFF, False),
        (STARTED, OFF, OFF, True),
        (STARTED, OFF, WAITING, False),
        (STARTED, SUSPENDED, SyncState.RUNNING, False),
        (RESTARTED, WAITING, WAITING, True),
        (STOPPED, OFF, OFF, True),
        (STOPPED, None, OFF, True),
    ],
)
async def test_a_state_that_changed_as_requested_shows_that_it_arrived(
    write: Write, was: SyncState | None, now: SyncState, holds: bool
) -> None:
    trail = MemoryTrail()
    await noted(trail, write, was=was)
    assert bool(await held(trail, row=sync(now))) is holds


async def test_the_state_before_a_later_one_counts_as_well() -> None:
    trail = MemoryTrail()
    await noted(trail, STOPPED, 30.0)
    await noted(trail, STARTED, 10.0, "applied", was=OFF)
    assert await held(trail, STOPPED) == ""


async def test_what_was_seen_to_work_holds_nothing() -> None:
    trail = MemoryTrail()
    key = await noted(trail, ChangeEngineStatus(False), was=None)
    assert "a stop at " in await held(trail, ChangeEngineStatus(True), None)
    await trail.check(key, Finding(START, Result.APPLIED, "now stopped"))
    assert await held(trail, ChangeEngineStatus(True), None) == ""


async def test_of_two_at_once_the_one_that_was_noted_first_is_sent() -> None:
    trail = MemoryTrail()
    first, second = [await noted(trail, result=None) for _ in range(2)]
    pending = PendingSteps(trail)
    assert await pending.hindrance(STOPPED, None, HERE, START, first) is None
    found = await pending.hindrance(STOPPED, None, HERE, START, second)
    assert found is not None
    assert "a stop at " in found.sentence


async def test_what_was_seen_before_it_was_noted_counts_for_the_noted_one_as_well() -> None:
    trail = MemoryTrail()
    await noted(trail, STOPPED, 30.0)
    own = await noted(trail, STARTED, 0.0, None, was=OFF)
    assert await PendingSteps(trail).hindrance(STARTED, None, HERE, START, own) is None


@pytest.mark.parametrize(
    ("write", "result", "holds"),
    [
        (SyncAll(), None, True),
        (SyncAll(forced=True), None, False),
        *((SyncAll(), one, False) for one in ("unknown", "accepted", "failed")),
    ],
)
async def test_a_write_without_a_state_waits_for_the_response_to_the_same_request(
    write: SyncAll, result: str | None, holds: bool
) -> None:
    trail = MemoryTrail()
    await noted(trail, SyncAll(), result=result, was=None)
    assert ("the same request at " in await held(trail, write, None)) is holds
