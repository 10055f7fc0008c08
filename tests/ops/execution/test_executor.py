"""Before a write the target is read again; after it the answer is compared, or looked for."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from tests.drivers.fake_time import FakeTime
from tests.drivers.scripted_service import ScriptedService, down, lost
from tui.api.errors import (
    NotFound,
    NotOffered,
)
from tui.domain.intervals import Interval
from tui.domain.jtl.extensions import Extension, ExtensionPage, ExtensionStatus
from tui.domain.jtl.workers import ControlAction, Worker, WorkerOption, WorkerStatus, WorkerSync
from tui.domain.profile import Environment, ProfileFacts, System
from tui.domain.result import Result
from tui.domain.superoffice.engine import Connection
from tui.domain.writes import (
    ConfigureWorker,
    CreateExtension,
    DeleteExtension,
    ForceResync,
    UpdateExtension,
    Write,
)
from tui.ops.audit.file_trail import MemoryTrail
from tui.ops.execution.executor import Executor
from tui.ops.execution.guard import Guard
from tui.ops.execution.outcome import Outcome
from tui.ops.operations.configure_worker import configure
from tui.ops.operations.control_worker import control
from tui.ops.operations.create_extension import create_extension
from tui.ops.operations.delete_extension import delete_extension
from tui.ops.operations.update_extension import toggle_extension, update_extension
from tui.ops.proposals.proposal import Proposal
from tui.ops.proposals.resync import resync
from tui.ops.refusal import Refusal

ACCOUNT = WorkerOption("o1", "Account", value="ours")
RESERVE = WorkerOption("o2", "Stock reserve", type_name="int", value="2")
SYNC = WorkerSync(
    "a1", "Temu", "Temu DE", interval=Interval.read("00:05:00"), options=(ACCOUNT, RESERVE)
)
SHOP = Extension("e1", "shop", "1.0.0", 1, "ab" * 64)


class Erp(ScriptedService):
    """One sync, one extension, one connection; a write answers with what is there."""

    def __init__(self) -> None:
        super().__init__()
        self.sync = SYNC
        self.shop: Extension | None = SHOP
        self.after: WorkerSync | Extension | None = None
        """What a write that arrives leads to, whatever becomes of its answer."""
        self.connection = Connection(7, "Main", active=True)
        self.others: tuple[Connection, ...] = ()
        self.deletes = False
        """Whether a deletion that arrives has an effect."""

    async def _written(self, write: Write) -> None:
        self.writes.append(write)
        if self.deletes and isinstance(write, DeleteExtension):
            self.shop = None
        match self.after:
            case WorkerSync():
                self.sync = self.after
            case Extension():
                self.shop = self.after
        await self._called("write")

    def answers_as_requested(self) -> None:
        """Answer with the new interval, and list the old one all the same: every review stays true."""

        async def configured(write: ConfigureWorker) -> WorkerSync:
            await self._written(write)
            return replace(self.sync, interval=Interval.read(write.interval))

        self.configure_worker = configured  # type: ignore[method-assign]

    async def extension(self, id: str) -> Extension:
        await self._called("extension")
        if self.shop is None or self.shop.id != id:
            raise lost(NotFound)
        return self.shop

    async def extensions(self) -> AsyncIterator[ExtensionPage]:
        await self._called("extensions")
        yield ExtensionPage((self.shop,) if self.shop else (), 1, None, last=True)

    async def update_extension(self, write: UpdateExtension) -> Extension:
        await self._written(write)
        assert self.shop is not None
        return self.shop

    async def connections(self, *, include_deleted: bool = False) -> tuple[Connection, ...]:
        await self._called("connections")
        return (self.connection, *self.others)


class Desk:
    """Conduct between an operator and a scripted service; nothing waits."""

    def __init__(self, *, read_only: bool = False) -> None:
        self.erp, self.time, self.trail = Erp(), FakeTime(), MemoryTrail()
        facts = ProfileFacts("acme", Environment.STAGING, read_only, frozenset(System))
        guard = Guard(self.erp, facts, self.trail, clock=self.time.clock)
        self.pauses: list[float] = []
        self.executor = Executor(guard, sleep=self._sleep, monotonic=self.time.monotonic)

    async def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)

    async def perform(self, proposal: Proposal | Refusal) -> Outcome:
        assert isinstance(proposal, Proposal)
        return await self.executor.perform(proposal)

    def kept(self, record: str) -> list[tuple[object, object]]:
        """What the trail holds of a kind: (result, sentence)."""
        return [(r["result"], r["sentence"]) for r in self.trail.records if r["record"] == record]


def slower(**more: object) -> Proposal:
    proposal = configure(SYNC, 600.0, {}, sharing=("Temu · Temu FR",), **more)  # type: ignore[arg-type] # shape of plans
    assert isinstance(proposal, Proposal)
    return proposal


def other_account() -> Proposal:
    proposal = configure(SYNC, None, {"o1": "theirs"}, sharing=("Temu · Temu FR",))
    assert isinstance(proposal, Proposal)
    return proposal


def stop(state: int | None = 3) -> Proposal:
    worker = Worker("a1", SYNC, None if state is None else WorkerStatus("a1", state))
    return control(worker, ControlAction.STOP, worker.state_word)


def with_interval(text: str) -> WorkerSync:
    return replace(SYNC, interval=Interval.read(text))


# Before.


async def test_a_target_that_is_as_it_was_is_written_to() -> None:
    desk = Desk()
    desk.erp.after = with_interval("00:10:00")
    outcome = await desk.perform(slower())
    assert (outcome.kind, outcome.sentence, outcome.differences) == (Result.APPLIED, "applied", ())
    assert desk.erp.calls == ["workers", "write"]


async def test_a_sync_that_was_changed_elsewhere_is_not_written_to() -> None:
    desk = Desk()
    desk.erp.sync = replace(with_interval("00:07:00"), options=(replace(ACCOUNT, value="b"), RESERVE))
    outcome = await desk.perform(slower())
    assert outcome.kind is Result.CONFLICT
    assert outcome.sentence == (
        "nothing was sent: changed elsewhere meanwhile: Interval 5m → 7m, Account ours → b"
    )
    assert outcome.conflict is not None
    assert outcome.conflict.row == desk.erp.sync
    assert (desk.erp.writes, desk.trail.records) == ([], [])


async def test_the_same_change_made_elsewhere_is_called_so() -> None:
    desk = Desk()
    desk.erp.sync = with_interval("00:10:00")
    outcome = await desk.perform(slower())
    assert outcome.kind is Result.CONFLICT
    assert "someone else made the same change" in outcome.sentence
    assert desk.erp.writes == []


@pytest.mark.parametrize("gone", ["sync", "extension"])
async def test_a_target_that_is_gone_is_not_written_to(gone: str) -> None:
    desk = Desk()
    desk.erp.sync, desk.erp.shop = replace(SYNC, id="b2"), None
    proposal = slower() if gone == "sync" else delete_extension(SHOP)
    outcome = await desk.perform(proposal)
    assert outcome.kind is Result.CONFLICT
    assert outcome.conflict is not None
    assert outcome.conflict.row is None
    assert "no longer in the server's list" in outcome.sentence
    assert desk.erp.writes == []


async def test_a_target_that_cannot_be_read_again_is_not_written_to() -> None:
    desk = Desk()
    desk.erp.failing["workers"] = down()
    outcome = await desk.perform(slower())
    assert outcome.kind is Result.REFUSED
    assert outcome.sentence == (
        "nothing was sent: the target could not be read again: JTL-Wawi cannot be reached"
    )
    assert outcome.next_step == "check the network"
    assert (desk.erp.writes, desk.trail.records) == ([], [])


async def test_a_row_that_cannot_be_read_now_is_not_written_to() -> None:
    desk = Desk()
    desk.erp.sync = replace(SYNC, problem="Interval is a list")
    outcome = await desk.perform(slower())
    assert outcome.kind is Result.CONFLICT
    assert "its row is currently unreadable (Interval is a list)" in outcome.sentence
    assert desk.erp.writes == []


async def test_of_a_sync_that_is_stopped_only_the_state_counts() -> None:
    desk = Desk()
    desk.erp.status = WorkerStatus("A1", 3, "another text", 40.0)
    assert (await desk.perform(stop())).kind is Result.ACCEPTED
    desk.erp.status = WorkerStatus("a1", 2)
    outcome = await desk.perform(stop())
    assert outcome.kind is Result.CONFLICT
    assert outcome.sentence.endswith("State ok → running")
    assert len(desk.erp.writes) == 1


async def test_a_sync_without_a_status_may_still_be_started() -> None:
    desk = Desk()
    desk.erp.failing["status"] = lost(NotFound)
    assert (await desk.perform(stop(None))).kind is Result.ACCEPTED
    assert (await desk.perform(stop(3))).kind is Result.CONFLICT


async def test_a_server_without_the_single_call_is_asked_for_its_list() -> None:
    desk = Desk()
    desk.erp.failing["extension"] = lost(NotOffered)
    desk.erp.deletes = True
    assert (await desk.perform(delete_extension(SHOP))).kind is Result.APPLIED
    assert desk.erp.calls == ["extension", "extensions", "write", "extension", "extensions"]


async def test_a_connection_is_read_again_and_crm_is_not() -> None:
    desk = Desk()
    known = (Connection(7, "Main", active=True),)
    desk.erp.connection = replace(known[0], active=False)
    assert (await desk.perform(resync(ForceResync(7, (1,)), known))).kind is Result.CONFLICT
    assert (await desk.perform(resync(ForceResync(0, (1,)), known))).kind is Result.APPLIED
    assert desk.erp.calls == ["connections", "write"]


async def test_on_a_read_only_profile_nothing_is_even_read() -> None:
    desk = Desk(read_only=True)
    outcome = await desk.perform(slower())
    assert outcome.kind is Result.REFUSED
    assert desk.erp.calls == []


async def test_those_who_confirm_at_once_share_one_reading_that_began_after_it() -> None:
    desk = Desk()
    desk.erp.answers_as_requested()
    await asyncio.gather(*(desk.perform(slower()) for _ in range(5)))
    assert desk.erp.calls.count("workers") == 1
    desk.time.elapsed = 0.5
    await desk.perform(slower())
    assert desk.erp.calls.count("workers") == 2


async def test_of_two_stops_that_read_their_target_at_once_one_is_sent() -> None:
    desk = Desk()
    held = desk.erp.held["write"] = asyncio.Event()
    both = [asyncio.ensure_future(desk.perform(stop())) for _ in range(2)]
    await desk.time.settle()
    held.set()
    outcomes = await asyncio.gather(*both)
    assert len(desk.erp.writes) == 1
    (refused,) = [one for one in outcomes if one.kind is Result.REFUSED]
    assert "has no response yet" in refused.sentence
    assert refused.next_step
    assert refused.is_of_target


async def test_who_waited_for_a_turn_since_the_confirmation_shares_what_was_read_a_moment_ago() -> None:
    desk = Desk()
    desk.erp.answers_as_requested()
    confirmed = desk.time.monotonic()
    for elapsed, asked in ((0.1, 1), (0.9, 1), (2.5, 2)):
        desk.time.elapsed = elapsed
        await desk.executor.perform(slower(), confirmed_at=confirmed)
        assert desk.erp.calls.count("workers") == asked


async def test_an_answer_that_was_asked_for_before_the_confirmation_does_not_count() -> None:
    desk = Desk()
    desk.erp.answers_as_requested()
    held = desk.erp.held["workers"] = asyncio.Event()
    early = asyncio.ensure_future(desk.perform(slower()))
    await desk.time.settle()
    desk.time.elapsed = 0.1
    late = asyncio.ensure_future(desk.perform(slower()))
    await desk.time.settle()
    held.set()
    await asyncio.gather(early, late)
    assert desk.erp.calls.count("workers") == 2


async def test_what_is_withdrawn_while_its_target_is_read_is_not_sent() -> None:
    desk = Desk()
    held, reasons = asyncio.Event(), [""]
    desk.erp.held["workers"] = held
    sending = asyncio.ensure_future(desk.executor.perform(slower(), withdrawn=lambda: reasons[0]))
    await desk.time.settle()
    reasons[0] = "stopped"
    held.set()
    outcome = await sending
    assert (outcome.kind, outcome.sentence) == (Result.NOT_SENT, "nothing was sent: stopped")
    assert (desk.erp.writes, desk.trail.records) == ([], [])


# After.


async def test_t1_a_rounded_interval_is_not_applied_and_noted_so() -> None:
    desk = Desk()
    desk.erp.after = with_interval("00:15:00")
    outcome = await desk.perform(slower())
    assert outcome.kind is Result.NOT_APPLIED
    assert outcome.differences == ("Interval: requested 10m, the server has 15m",)
    assert outcome.sentence == "Interval: requested 10m, the server has 15m"
    assert outcome.result == desk.erp.sync
    assert outcome.finding is not None
    assert outcome.finding.result is Result.NOT_APPLIED
    assert desk.kept("outcome") == desk.kept("check") == [("not applied", outcome.sentence)]
    assert len(desk.erp.writes) == 1


async def test_t1_an_answer_with_old_values_is_not_believed_before_the_target_was_read_again() -> None:
    desk = Desk()

    async def late(write: ConfigureWorker) -> WorkerSync:
        old = desk.erp.sync
        desk.erp.after = with_interval("00:10:00")
        await desk.erp._written(write)
        return old

    desk.erp.configure_worker = late  # type: ignore[method-assign]
    outcome = await desk.perform(slower())
    assert (outcome.kind, outcome.sentence) == (Result.APPLIED, "applied")
    assert (outcome.differences, outcome.next_step) == ((), "")
    assert outcome.result == with_interval("00:10:00")
    assert desk.kept("check") == [("applied", "as requested")]


async def test_t1_what_was_taken_in_part_is_not_applied_and_says_which_part() -> None:
    desk = Desk()
    desk.erp.after = with_interval("00:10:00")
    both = configure(SYNC, 600.0, {"o1": "theirs"})
    outcome = await desk.perform(both)
    assert outcome.kind is Result.NOT_APPLIED
    assert outcome.sentence == (
        "Account: requested theirs, the server has ours; applied in part: Interval is 10m"
    )


async def test_t1_a_new_extension_with_other_values_is_not_applied() -> None:
    desk = Desk()
    made = Extension("e9", "shop2", "0.9", 1, "ab" * 64)

    async def created(write: CreateExtension) -> Extension:
        desk.erp.writes.append(write)
        desk.erp.shop = made
        return made

    desk.erp.create_extension = created  # type: ignore[method-assign]
    desk.erp.shop = None
    outcome = await desk.perform(create_extension("shop2", "1.0.0", "ab" * 64))
    assert outcome.kind is Result.NOT_APPLIED
    assert "Version: requested 1.0.0, the server has 0.9" in outcome.sentence
    desk.erp.shop = None
    outcome = await desk.perform(create_extension("shop3", "0.9", "ab" * 64))
    assert outcome.kind is Result.NOT_APPLIED
    assert "ExtensionId: requested shop3, the server has shop2" in outcome.sentence


async def test_a_shared_option_that_changed_elsewhere_is_told_with_the_syncs_that_share_it() -> None:
    desk = Desk()
    desk.erp.after = replace(with_interval("00:10:00"), options=(ACCOUNT, replace(RESERVE, value="9")))
    outcome = await desk.perform(slower())
    assert outcome.differences == (
        "Stock reserve: changed elsewhere meanwhile, 2 → 9, also for Temu · Temu FR",
    )


async def test_a_hash_in_other_case_is_the_same_and_an_answer_that_is_silent_says_nothing() -> None:
    desk = Desk()
    desk.erp.after = replace(SHOP, manifest_hash="CD" * 64)
    outcome = await desk.perform(update_extension(SHOP, manifest_hash="cd" * 64))
    assert outcome.differences == ()
    desk.erp.after = Extension("e1", "shop")
    outcome = await desk.perform(update_extension(desk.erp.shop or SHOP, version="2.0.0"))
    assert (outcome.kind, outcome.differences) == (Result.ACCEPTED, ())
    assert outcome.sentence == "the server does not report Version"


async def test_t1_an_update_that_was_ignored_is_not_applied() -> None:
    desk = Desk()
    outcome = await desk.perform(toggle_extension(SHOP, status=ExtensionStatus.ACTIVE))
    assert outcome.kind is Result.NOT_APPLIED
    assert outcome.differences == ("Status: requested active, the server has pending",)
