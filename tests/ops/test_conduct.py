"""Before a write the target is read again; after it the answer is compared, or looked for."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.drivers.fake_time import FakeTime
from tests.drivers.scripted_service import ScriptedService, down, lost
from tui.api.errors import (
    BadAnswer,
    ErpError,
    NotAuthorised,
    NotFound,
    NotOffered,
    Rejected,
    ServerFailed,
    TimedOut,
)
from tui.domain.changes import (
    ConfigureWorker,
    CreateExtension,
    DeleteExtension,
    ForceResync,
    ToggleConnection,
    UpdateExtension,
    Write,
)
from tui.domain.engine import Connection
from tui.domain.extensions import Extension, ExtensionPage, ExtensionStatus
from tui.domain.intervals import Interval
from tui.domain.result import Result
from tui.domain.systems import Environment, ProfileFacts, System
from tui.domain.workers import ControlAction, Worker, WorkerOption, WorkerStatus, WorkerSync
from tui.ops import plans, plans_connections
from tui.ops.audit import MemoryTrail
from tui.ops.conduct import Conduct
from tui.ops.guard import Guard
from tui.ops.outcome import Outcome, OutcomeKind
from tui.ops.plans_superoffice import resync
from tui.ops.proposal import Proposal

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
        self.conduct = Conduct(guard, sleep=self._sleep, monotonic=self.time.monotonic)

    async def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)

    async def perform(self, proposal: Proposal | str) -> Outcome:
        assert isinstance(proposal, Proposal)
        return await self.conduct.perform(proposal)

    def kept(self, record: str) -> list[object]:
        """What the trail holds of a kind: (result, sentence)."""
        return [(r["result"], r["sentence"]) for r in self.trail.records if r["record"] == record]


def slower(**more: object) -> Proposal:
    proposal = plans.configure(SYNC, 600.0, {}, sharing=("Temu · Temu FR",), **more)  # type: ignore[arg-type] # shape of plans
    assert isinstance(proposal, Proposal)
    return proposal


def other_account() -> Proposal:
    proposal = plans.configure(SYNC, None, {"o1": "theirs"}, sharing=("Temu · Temu FR",))
    assert isinstance(proposal, Proposal)
    return proposal


def stop(state: int | None = 3) -> Proposal:
    worker = Worker("a1", SYNC, None if state is None else WorkerStatus("a1", state))
    return plans.control(worker, ControlAction.STOP, worker.state_word)


def with_interval(text: str) -> WorkerSync:
    return replace(SYNC, interval=Interval.read(text))


# Before.


async def test_a_target_that_is_as_it_was_is_written_to() -> None:
    desk = Desk()
    desk.erp.after = with_interval("00:10:00")
    outcome = await desk.perform(slower())
    assert (outcome.kind, outcome.sentence, outcome.differences) == (OutcomeKind.APPLIED, "applied", ())
    assert desk.erp.calls == ["workers", "write"]


async def test_a_sync_that_was_changed_elsewhere_is_not_written_to() -> None:
    desk = Desk()
    desk.erp.sync = replace(with_interval("00:07:00"), options=(replace(ACCOUNT, value="b"), RESERVE))
    outcome = await desk.perform(slower())
    assert outcome.kind is OutcomeKind.CONFLICT
    assert outcome.sentence == (
        "nothing was sent: changed elsewhere meanwhile: Interval 5m → 7m, Account ours → b"
    )
    assert outcome.conflict is not None
    assert outcome.conflict.thing == desk.erp.sync
    assert (desk.erp.writes, desk.trail.records) == ([], [])


async def test_the_same_change_made_elsewhere_is_called_so() -> None:
    desk = Desk()
    desk.erp.sync = with_interval("00:10:00")
    outcome = await desk.perform(slower())
    assert outcome.kind is OutcomeKind.CONFLICT
    assert "the same change was made elsewhere" in outcome.sentence
    assert desk.erp.writes == []


@pytest.mark.parametrize("gone", ["sync", "extension"])
async def test_a_target_that_is_gone_is_not_written_to(gone: str) -> None:
    desk = Desk()
    desk.erp.sync, desk.erp.shop = replace(SYNC, id="b2"), None
    proposal = slower() if gone == "sync" else plans.delete_extension(SHOP)
    outcome = await desk.perform(proposal)
    assert outcome.kind is OutcomeKind.CONFLICT
    assert outcome.conflict is not None
    assert outcome.conflict.thing is None
    assert "no longer in the server's list" in outcome.sentence
    assert desk.erp.writes == []


async def test_a_target_that_cannot_be_read_again_is_not_written_to() -> None:
    desk = Desk()
    desk.erp.failing["workers"] = down()
    outcome = await desk.perform(slower())
    assert outcome.kind is OutcomeKind.REFUSED
    assert outcome.sentence == (
        "nothing was sent: the target could not be read again: JTL-Wawi cannot be reached"
    )
    assert outcome.next_step == "check the network"
    assert (desk.erp.writes, desk.trail.records) == ([], [])


async def test_a_row_that_cannot_be_read_now_is_not_written_to() -> None:
    desk = Desk()
    desk.erp.sync = replace(SYNC, problem="Interval is a list")
    outcome = await desk.perform(slower())
    assert outcome.kind is OutcomeKind.CONFLICT
    assert "its row cannot be read now (Interval is a list)" in outcome.sentence
    assert desk.erp.writes == []


async def test_of_a_sync_that_is_stopped_only_the_state_counts() -> None:
    desk = Desk()
    desk.erp.status = WorkerStatus("A1", 3, "another text", 40.0)
    assert (await desk.perform(stop())).kind is OutcomeKind.ACCEPTED
    desk.erp.status = WorkerStatus("a1", 2)
    outcome = await desk.perform(stop())
    assert outcome.kind is OutcomeKind.CONFLICT
    assert outcome.sentence.endswith("State ok → running")
    assert len(desk.erp.writes) == 1


async def test_a_sync_without_a_status_may_still_be_started() -> None:
    desk = Desk()
    desk.erp.failing["status"] = lost(NotFound)
    assert (await desk.perform(stop(None))).kind is OutcomeKind.ACCEPTED
    assert (await desk.perform(stop(3))).kind is OutcomeKind.CONFLICT


async def test_a_server_without_the_single_call_is_asked_for_its_list() -> None:
    desk = Desk()
    desk.erp.failing["extension"] = lost(NotOffered)
    desk.erp.deletes = True
    assert (await desk.perform(plans.delete_extension(SHOP))).kind is OutcomeKind.APPLIED
    assert desk.erp.calls == ["extension", "extensions", "write", "extension", "extensions"]


async def test_a_connection_is_read_again_and_crm_is_not() -> None:
    desk = Desk()
    known = (Connection(7, "Main", active=True),)
    desk.erp.connection = replace(known[0], active=False)
    assert (await desk.perform(resync(ForceResync(7, (1,)), known))).kind is OutcomeKind.CONFLICT
    assert (await desk.perform(resync(ForceResync(0, (1,)), known))).kind is OutcomeKind.APPLIED
    assert desk.erp.calls == ["connections", "write"]


async def test_on_a_read_only_profile_nothing_is_even_read() -> None:
    desk = Desk(read_only=True)
    outcome = await desk.perform(slower())
    assert outcome.kind is OutcomeKind.REFUSED
    assert desk.erp.calls == []


async def test_those_who_confirm_at_once_share_one_reading_that_began_after_it() -> None:
    desk = Desk()
    desk.erp.answers_as_requested()
    await asyncio.gather(*(desk.perform(slower()) for _ in range(5)))
    assert desk.erp.calls.count("workers") == 1
    desk.time.elapsed = 0.5
    await desk.perform(slower())
    assert desk.erp.calls.count("workers") == 2


async def test_who_waited_for_a_turn_since_the_confirmation_shares_what_was_read_a_moment_ago() -> None:
    desk = Desk()
    desk.erp.answers_as_requested()
    confirmed = desk.time.monotonic()
    for elapsed, asked in ((0.1, 1), (0.9, 1), (2.5, 2)):
        desk.time.elapsed = elapsed
        await desk.conduct.perform(slower(), confirmed_at=confirmed)
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
    sending = asyncio.ensure_future(desk.conduct.perform(slower(), withdrawn=lambda: reasons[0]))
    await desk.time.settle()
    reasons[0] = "stopped"
    held.set()
    outcome = await sending
    assert (outcome.kind, outcome.sentence) == (OutcomeKind.NOT_SENT, "nothing was sent: stopped")
    assert (desk.erp.writes, desk.trail.records) == ([], [])


# After.


async def test_t1_a_rounded_interval_is_not_applied_and_noted_so() -> None:
    desk = Desk()
    desk.erp.after = with_interval("00:15:00")
    outcome = await desk.perform(slower())
    assert outcome.kind is OutcomeKind.NOT_APPLIED
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
    assert (outcome.kind, outcome.sentence) == (OutcomeKind.APPLIED, "applied")
    assert (outcome.differences, outcome.next_step) == ((), "")
    assert outcome.result == with_interval("00:10:00")
    assert desk.kept("check") == [("applied", "as requested")]


async def test_t1_what_was_taken_in_part_is_not_applied_and_says_which_part() -> None:
    desk = Desk()
    desk.erp.after = with_interval("00:10:00")
    both = plans.configure(SYNC, 600.0, {"o1": "theirs"})
    outcome = await desk.perform(both)
    assert outcome.kind is OutcomeKind.NOT_APPLIED
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
    outcome = await desk.perform(plans.create_extension("shop2", "1.0.0", "ab" * 64))
    assert outcome.kind is OutcomeKind.NOT_APPLIED
    assert "Version: requested 1.0.0, the server has 0.9" in outcome.sentence
    desk.erp.shop = None
    outcome = await desk.perform(plans.create_extension("shop3", "0.9", "ab" * 64))
    assert outcome.kind is OutcomeKind.NOT_APPLIED
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
    outcome = await desk.perform(plans.update_extension(SHOP, manifest_hash="cd" * 64))
    assert outcome.differences == ()
    desk.erp.after = Extension("e1", "shop")
    outcome = await desk.perform(plans.update_extension(desk.erp.shop or SHOP, version="2.0.0"))
    assert (outcome.kind, outcome.differences) == (OutcomeKind.ACCEPTED, ())
    assert outcome.sentence == "the server does not report Version"


async def test_t1_an_update_that_was_ignored_is_not_applied() -> None:
    desk = Desk()
    outcome = await desk.perform(plans.toggle_extension(SHOP, status=ExtensionStatus.ACTIVE))
    assert outcome.kind is OutcomeKind.NOT_APPLIED
    assert outcome.differences == ("Status: requested active, the server has pending",)


# Answer lost.


async def test_a_lost_answer_whose_change_is_there_is_applied() -> None:
    desk = Desk()
    desk.erp.failing["write"] = lost(TimedOut)
    desk.erp.after = with_interval("00:10:00")
    outcome = await desk.perform(slower())
    assert outcome.kind is OutcomeKind.APPLIED
    assert outcome.sentence == "answer lost; looked again: applied, Interval is 10m"
    assert outcome.result == desk.erp.sync
    assert outcome.finding is not None
    assert (outcome.finding.result, outcome.next_step) == (Result.APPLIED, "")
    assert desk.kept("outcome")[0][0] == "unknown"  # type: ignore[index] # a pair
    assert desk.kept("check") == [("applied", "Interval is 10m")]
    assert len(desk.erp.writes) == 1


async def test_a_lost_answer_whose_change_is_not_there_may_still_take_effect() -> None:
    desk = Desk()
    desk.erp.failing["write"] = lost(TimedOut)
    outcome = await desk.perform(slower())
    assert outcome.kind is OutcomeKind.UNKNOWN
    assert outcome.finding is not None
    assert outcome.finding.result is Result.UNKNOWN
    found = "Interval is 5m, as before; the request may still take effect"
    assert outcome.sentence.endswith(f"looked again: {found}")
    assert outcome.next_step == "Refresh and look before you send it again"
    assert desk.kept("check") == [("unknown", found)]
    assert len(desk.erp.writes) == 1
    assert desk.pauses == [0.0, 1.0, 2.0]


async def test_an_interval_that_may_have_been_rounded_to_what_it_was_stays_unknown() -> None:
    desk = Desk()
    desk.erp.failing["write"] = lost(TimedOut)
    outcome = await desk.perform(plans.configure(SYNC, 310.0, {}))
    assert outcome.kind is OutcomeKind.UNKNOWN
    assert desk.kept("check") == [
        ("unknown", "Interval is 5m as before, but it may have been rounded to that")
    ]


async def test_one_that_was_listed_before_is_not_taken_for_the_new_one() -> None:
    desk = Desk()
    desk.erp.failing["write"] = lost(TimedOut)
    new = plans.create_extension("shop", "1.0.0", "ab" * 64, known=("shop",))
    outcome = await desk.perform(new)
    assert outcome.kind is OutcomeKind.UNKNOWN
    assert outcome.result is None
    assert desk.kept("check") == [("unknown", "one of that name was listed before")]


async def test_a_value_that_is_neither_stays_unknown() -> None:
    desk = Desk()
    desk.erp.failing["write"] = lost(TimedOut)
    desk.erp.after = with_interval("00:20:00")
    outcome = await desk.perform(slower())
    assert outcome.kind is OutcomeKind.UNKNOWN
    assert outcome.sentence.endswith("looked again: Interval is 20m")


async def test_a_target_that_cannot_be_looked_at_stays_unknown() -> None:
    desk = Desk()
    proposal = plans.create_extension("new", "1", "ab" * 64)
    desk.erp.failing.update(write=lost(TimedOut), extensions=down())
    outcome = await desk.perform(proposal)
    assert outcome.kind is OutcomeKind.UNKNOWN
    assert "it could not be looked at: JTL-Wawi cannot be reached" in outcome.sentence


async def test_a_created_extension_is_looked_for_in_the_list() -> None:
    desk = Desk()
    desk.erp.failing["write"] = lost(TimedOut)
    missing = await desk.perform(plans.create_extension("new", "1", "ab" * 64))
    assert missing.kind is OutcomeKind.UNKNOWN
    desk.erp.after = Extension("e9", "new", "1", 1, "AB" * 64)
    outcome = await desk.perform(plans.create_extension("new", "1", "ab" * 64))
    assert outcome.kind is OutcomeKind.APPLIED
    assert outcome.result == desk.erp.after


async def test_a_deleted_extension_is_gone_and_a_resync_cannot_be_seen() -> None:
    desk = Desk()
    desk.erp.failing["write"] = lost(TimedOut)
    assert (await desk.perform(plans.delete_extension(SHOP))).kind is OutcomeKind.UNKNOWN
    outcome = await desk.perform(resync(ForceResync(0, ()), None))
    assert outcome.kind is OutcomeKind.UNKNOWN
    assert outcome.sentence.endswith("unknown; a resync leaves nothing behind that could be looked at")
    assert outcome.next_step == "Compare some of the records in both systems before you send it again"


async def test_a_deletion_that_is_answered_and_has_no_effect_is_not_applied() -> None:
    desk = Desk()
    outcome = await desk.perform(plans.delete_extension(SHOP))
    assert outcome.kind is OutcomeKind.NOT_APPLIED
    assert "it is still listed" in outcome.sentence
    assert len(desk.erp.writes) == 1


MAIN, SIDE = Connection(7, "Main", active=True), Connection(8, "Side", active=True)


@pytest.mark.parametrize(
    ("proposal", "read_first"),
    [
        (slower(), "workers"),
        (plans.delete_extension(SHOP), "extension"),
        (plans_connections.toggle(MAIN), "connections"),
        (plans_connections.priorities((8, 7), (MAIN, SIDE)), "connections"),
    ],
    ids=["configure", "delete", "toggle", "priorities"],
)
async def test_a_refusal_is_not_looked_after(proposal: Proposal, read_first: str) -> None:
    desk = Desk()
    desk.erp.others = (SIDE,)
    desk.erp.failing["write"] = lost(Rejected, status=400)
    outcome = await desk.perform(proposal)
    assert (outcome.kind, outcome.finding) == (OutcomeKind.FAILED, None)
    # A toggle is read once more after it was noted: another one may have ended meanwhile.
    again = [read_first] if isinstance(proposal.write, ToggleConnection) else []
    assert desk.erp.calls == [read_first, *again, "write"]
    assert desk.kept("check") == []


async def test_t2_a_response_that_came_is_never_called_lost() -> None:
    desk = Desk()
    came = "JTL-Wawi gave no proper answer: Wartung; whether it took effect is unknown"
    desk.erp.failing["write"] = BadAnswer(system=System.JTL, sentence=came, status=200)
    desk.erp.after = with_interval("00:10:00")
    outcome = await desk.perform(slower())
    assert (outcome.kind, outcome.sentence) == (
        OutcomeKind.APPLIED,
        "JTL-Wawi gave no proper answer: Wartung; looked again: applied, Interval is 10m",
    )
    desk.erp.sync, desk.erp.after = SYNC, None
    outcome = await desk.perform(slower())
    assert (outcome.kind, outcome.sentence) == (
        OutcomeKind.NOT_APPLIED,
        "JTL-Wawi gave no proper answer: Wartung; looked again: not applied, Interval is 5m",
    )


async def test_a_look_while_the_request_may_be_under_way_settles_only_what_is_there() -> None:
    desk = Desk()
    just_now = desk.conduct.guard.clock() - timedelta(seconds=119)
    write = ConfigureWorker("a1", "00:10:00")
    finding = await desk.conduct.look(write, {"Interval": "5m"}, just_now)
    assert (finding.result, finding.sentence) == (
        Result.UNKNOWN,
        "Interval is 5m, as before; the request may still take effect",
    )
    desk.erp.sync = with_interval("00:10:00")
    finding = await desk.conduct.look(write, {"Interval": "5m"}, just_now)
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
        "it broke\nyet read again: Interval is 10m",
    )
    desk.erp.sync, desk.erp.after = SYNC, None
    outcome = await desk.perform(slower())
    assert (outcome.kind, outcome.sentence) == (Result.FAILED, "it broke")
    assert [result for result, _ in desk.kept("check")] == ["applied", "not applied"]


async def test_an_attempt_of_an_earlier_run_can_be_looked_at() -> None:
    desk = Desk()
    long_ago = desk.conduct.guard.clock() - timedelta(minutes=2)
    write = ConfigureWorker("a1", "00:10:00", (("o1", "theirs"),))
    before = {"Interval": "5m", "Account": "ours"}
    finding = await desk.conduct.look(write, before, long_ago)
    assert finding.result is Result.NOT_APPLIED
    assert finding.sentence.endswith("as before; others may have changed it since")
    desk.erp.sync = replace(with_interval("00:10:00"), options=(replace(ACCOUNT, value="theirs"),))
    finding = await desk.conduct.look(write, before, long_ago)
    assert finding.result is Result.APPLIED
    assert finding.sentence.startswith(
        "Interval is 10m, Account is theirs, as requested; who made it so is not known"
    )
    finding = await desk.conduct.look(CreateExtension("x", "1", "a"), {}, long_ago)
    assert finding.result is Result.NOT_APPLIED
    finding = await desk.conduct.look(stop().write, {}, long_ago)
    assert (finding.result, finding.sentence[:18]) == ("unknown", "its state is now o")
    assert desk.erp.writes == []
