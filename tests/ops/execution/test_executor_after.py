"""What conduct makes of a write that went out: what it looks at, how often, and what it hands on."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.drivers.fake_time import START, FakeTime, LoopTime
from tests.drivers.scripted_service import down, lost
from tests.ops.execution import test_executor
from tests.ops.execution.test_executor import SHOP
from tui.api.errors import BadAnswer, ServerFailed, TimedOut
from tui.api.service import RequestPreview
from tui.domain.intervals import Interval
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import ControlAction, Worker, WorkerOption, WorkerStatus, WorkerSync
from tui.domain.profile import Environment, ProfileFacts, System
from tui.domain.result import Result
from tui.domain.superoffice.engine import Connection
from tui.domain.superoffice.plugin_response import PluginAnswer
from tui.domain.writes import ForceResync, UpdateExtension, Write
from tui.ops.audit.file_trail import MemoryTrail
from tui.ops.audit.record import Attempt, Finding
from tui.ops.execution.executor import Executor
from tui.ops.execution.guard import Guard
from tui.ops.operations.configure_worker import configure
from tui.ops.operations.control_worker import control
from tui.ops.operations.create_extension import create_extension
from tui.ops.operations.delete_extension import delete_extension
from tui.ops.operations.engine_interval import engine_interval
from tui.ops.operations.save_priorities import priorities
from tui.ops.operations.sync_all import sync_all
from tui.ops.operations.toggle_connection import toggle
from tui.ops.operations.update_extension import update_extension
from tui.ops.proposals.proposal import Proposal
from tui.ops.proposals.resync import resync

LOOK = "Refresh and check before you send it again"
COMPARE = "Compare some of the records in both systems before you send it again"
FULL = OSError(28, "No space left on device")
ACCOUNT = WorkerOption("o1", "Account", value="ours")
SYNC = WorkerSync("a1", "Temu", "Temu DE", interval=Interval.read("00:05:00"), options=(ACCOUNT,))
MAIN, SIDE = Connection(7, "Main", active=True), Connection(8, "Side", active=True)
OFF = replace(MAIN, active=False)


class Erp(test_executor.Erp):
    """One sync, one extension, two connections; `then` is what a write that arrives leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.sync = SYNC
        self.answered: Extension | None = None
        """What an update of an extension is answered with, where that is not what is there."""
        self.listed: tuple[Connection, ...] = (MAIN, SIDE)
        self.then: Callable[[], None] = lambda: None
        self.body = "no JSON"

    async def _written(self, write: Write) -> None:
        self.writes.append(write)
        self.then()
        await self._called("write")

    async def update_extension(self, write: UpdateExtension) -> Extension:
        await self._written(write)
        assert self.shop or self.answered
        return self.answered or self.shop or SHOP

    async def connections(self, *, include_deleted: bool = False) -> tuple[Connection, ...]:
        await self._called("connections")
        return self.listed

    def preview(self, write: Write) -> RequestPreview:
        return replace(super().preview(write), body=self.body)


class Trail(MemoryTrail):
    """One that cannot keep what a look showed, once it was told why."""

    failure: OSError | None = None
    noted: Callable[[], None] = staticmethod(lambda: None)
    """What happens while an attempt is being noted."""

    async def attempt(self, attempt: Attempt) -> str:
        self.noted()
        return await MemoryTrail.attempt(self, attempt)

    async def check(self, id: str, finding: Finding) -> None:
        if self.failure is not None:
            raise self.failure
        await MemoryTrail.check(self, id, finding)


class Desk(test_executor.Desk):
    """With a trail that can fail, and something happening in the pauses."""

    erp: Erp
    trail: Trail

    def __init__(self, *, read_only: bool = False) -> None:
        self.erp, self.time, self.trail = Erp(), FakeTime(), Trail()
        facts = ProfileFacts("acme", Environment.STAGING, read_only, frozenset(System))
        guard = Guard(self.erp, facts, self.trail, clock=self.time.clock)
        self.pauses: list[float] = []
        self.at_pause: dict[int, Callable[[], None]] = {}
        """What happens during the first pause, the second one …"""
        self._ticks = 0.0
        self.executor = Executor(guard, sleep=self._sleep, monotonic=self._tick)

    async def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.at_pause.get(len(self.pauses), lambda: None)()

    def _tick(self) -> float:
        """Every reading is asked for anew."""
        self._ticks += 1
        return self._ticks

    def is_cut_off(self) -> None:
        """From now on nothing can be read."""
        error = down("the line is cut")
        self.erp.failing.update(workers=error, extension=error, extensions=error, connections=error)

    def never_answers(self) -> None:
        """From now on no reading ends."""
        held = asyncio.Event()
        self.erp.held.update(workers=held, extension=held, extensions=held, connections=held)


def stop() -> Proposal:
    worker = Worker("a1", SYNC, WorkerStatus("a1", 3))
    return control(worker, ControlAction.STOP, worker.state_word)


def account(value: str = "theirs") -> Proposal:
    proposal = configure(SYNC, None, {"o1": value})
    assert isinstance(proposal, Proposal)
    return proposal


def slower() -> Proposal:
    proposal = configure(SYNC, 600.0, {})
    assert isinstance(proposal, Proposal)
    return proposal


def newer() -> Proposal:
    proposal = update_extension(SHOP, version="2.0.0")
    assert isinstance(proposal, Proposal)
    return proposal


# What is read, and what is not.


@pytest.mark.parametrize(
    ("proposal", "calls"),
    [
        (create_extension("new", "1.0.0", "ab" * 64), ["write"]),
        (sync_all(False, None), ["write"]),
        (resync(ForceResync(0, (1,)), None), ["write"]),
        (stop(), ["status", "workers", "write"]),
    ],
    ids=["create", "sync all", "resync", "stop"],
)
async def test_what_rests_on_nothing_or_is_watched_is_not_read_for_it(
    proposal: Proposal, calls: list[str]
) -> None:
    desk = Desk()
    outcome = await desk.perform(proposal)
    assert outcome.kind.is_success or outcome.kind is Result.NOT_APPLIED
    assert desk.erp.calls[: len(calls)] == calls
    assert [call for call in desk.erp.calls if call == "write"] == ["write"]


@pytest.mark.parametrize("failing", [False, True])
async def test_the_state_after_a_stop_is_not_read_here_also_where_its_answer_was_lost(
    failing: bool,
) -> None:
    desk = Desk()
    if failing:
        desk.erp.failing["write"] = lost(TimedOut)
    outcome = await desk.perform(stop())
    assert outcome.kind is (Result.UNKNOWN if failing else Result.ACCEPTED)
    assert (outcome.finding, outcome.next_step) == (None, LOOK if failing else "")
    assert desk.erp.calls == ["status", "workers", "write"]
    assert (desk.kept("check"), desk.pauses) == ([], [])


@pytest.mark.parametrize("proposal", [slower(), toggle(MAIN)])
async def test_on_a_read_only_profile_nothing_is_read_before_or_after(proposal: Proposal) -> None:
    desk = Desk(read_only=True)
    assert (await desk.perform(proposal)).kind is Result.REFUSED
    assert (desk.erp.calls, desk.trail.records) == ([], [])


async def test_a_conflict_is_told_before_a_toggle_that_is_still_open() -> None:
    desk = Desk()
    desk.erp.failing["write"] = lost(TimedOut)
    await desk.perform(toggle(MAIN))
    desk.erp.listed = (OFF, SIDE)
    outcome = await desk.perform(toggle(MAIN))
    assert outcome.kind is Result.CONFLICT
    assert outcome.conflict is not None
    assert len(desk.erp.writes) == 1


async def test_d4_a_toggle_whose_target_cannot_be_read_once_more_is_not_sent() -> None:
    desk = Desk()
    desk.trail.noted = desk.is_cut_off
    outcome = await desk.perform(toggle(MAIN))
    assert outcome.kind is Result.REFUSED
    assert outcome.sentence == ("nothing was sent: the target could not be read again: the line is cut")
    assert desk.erp.writes == []
    assert desk.kept("outcome") == [("refused", outcome.sentence)]


# Read again, because the response alone is not the last word.


async def test_an_answer_that_leaves_the_value_out_is_looked_after_once() -> None:
    desk = Desk()
    desk.erp.answered = Extension("e1", "shop")
    desk.erp.then = lambda: setattr(desk.erp, "shop", replace(SHOP, version="2.0.0"))
    outcome = await desk.perform(newer())
    assert (outcome.kind, outcome.sentence, outcome.next_step) == (Result.APPLIED, "applied", "")
    assert outcome.result == desk.erp.shop
    assert desk.pauses == [0.0]
    assert desk.erp.calls == ["extension", "write", "extension"]
    assert outcome.finding == Finding(
        desk.time.clock(), Result.APPLIED, "as requested", {"version": "2.0.0"}
    )


async def test_what_is_no_longer_there_once_it_was_answered_is_said() -> None:
    desk = Desk()
    desk.erp.answered = Extension("e1", "shop")
    desk.erp.then = lambda: setattr(desk.erp, "shop", None)
    outcome = await desk.perform(newer())
    assert (outcome.kind, outcome.next_step) == (Result.ACCEPTED, LOOK)
    assert outcome.sentence == (
        "the server does not report Version; it could not be read again: it is no longer listed"
    )
    assert (outcome.finding, desk.kept("check")) == (None, [])


async def test_what_cannot_be_read_again_is_said_beside_what_was_answered() -> None:
    desk = Desk()
    desk.erp.then = desk.is_cut_off
    outcome = await desk.perform(newer())
    assert outcome.kind is Result.NOT_APPLIED
    assert outcome.sentence == (
        "Version: requested 2.0.0, the server has 1.0.0; it could not be read again: the line is cut"
    )
    assert outcome.next_step == LOOK


async def test_a_reading_that_never_ends_is_given_up_after_fifteen_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk, time = Desk(), LoopTime(monkeypatch)
    desk.erp.then = desk.never_answers
    running = asyncio.ensure_future(desk.perform(newer()))
    await time.advance(14.9)
    assert not running.done()
    await time.advance(0.2)
    assert running.done()
    outcome = running.result()
    assert outcome.kind is Result.NOT_APPLIED
    assert outcome.sentence.endswith("; it could not be read again: no response within 15s")


@pytest.mark.parametrize("cut_off", [False, True])
async def test_which_setting_may_help_stays_said_once_it_was_read_again(cut_off: bool) -> None:
    desk = Desk()
    desk.erp.body = '{"Configs": []}'
    if cut_off:
        desk.erp.then = desk.is_cut_off
    outcome = await desk.perform(account())
    assert outcome.kind is Result.NOT_APPLIED
    assert outcome.next_step.startswith("Set api_version_header in the profile")
    assert desk.pauses == [0.0]


async def test_a_silent_answer_is_looked_after_until_its_effect_is_seen() -> None:
    desk = Desk()
    now = desk.erp.engine
    faster = replace(now, interval=Interval.read("00:10:00"))
    desk.at_pause[2] = lambda: setattr(desk.erp, "engine", faster)
    outcome = await desk.perform(engine_interval(now, 600.0))
    assert (outcome.kind, outcome.sentence, outcome.next_step) == (Result.APPLIED, "applied", "")
    assert desk.pauses == [0.0, 1.0]


# Seen after a response that alone proves little.


async def test_what_a_deletion_and_a_toggle_led_to_is_handed_on() -> None:
    desk = Desk()
    desk.erp.then = lambda: setattr(desk.erp, "listed", (OFF, SIDE))
    outcome = await desk.perform(toggle(MAIN))
    assert (outcome.kind, outcome.sentence) == (
        Result.APPLIED,
        "applied; read again: State is inactive",
    )
    assert (outcome.result, outcome.next_step) == (OFF, "")
    assert outcome.finding == Finding(desk.time.clock(), Result.APPLIED, "State is inactive")
    assert desk.pauses == [0.0]
    desk.erp.then = lambda: setattr(desk.erp, "shop", None)
    outcome = await desk.perform(delete_extension(SHOP))
    assert (outcome.kind, outcome.sentence) == (
        Result.APPLIED,
        "applied; read again: it is no longer listed",
    )
    assert outcome.result is None


async def test_done_by_the_answer_and_not_there_is_looked_for_three_times_and_handed_on() -> None:
    desk = Desk()
    outcome = await desk.perform(toggle(MAIN))
    words = "read again: State is active"
    assert (outcome.kind, outcome.next_step, outcome.differences) == (
        Result.NOT_APPLIED,
        LOOK,
        (words,),
    )
    assert outcome.sentence == f"the server reported success, but {words}"
    assert outcome.result == MAIN
    assert outcome.finding == Finding(desk.time.clock(), Result.NOT_APPLIED, "State is active")
    assert desk.pauses == [0.0, 1.0, 2.0]


async def test_done_by_the_answer_and_not_to_be_looked_at_keeps_what_was_answered() -> None:
    desk = Desk()
    desk.erp.then = desk.is_cut_off
    outcome = await desk.perform(priorities((8, 7), (MAIN, SIDE)))
    words = "the target could not be read: the line is cut"
    assert (outcome.kind, outcome.next_step) == (Result.ACCEPTED, LOOK)
    assert outcome.sentence == f"the server reported success, but read again: {words}"
    assert outcome.result is True
    assert outcome.finding == Finding(desk.time.clock(), Result.UNKNOWN, words)


async def test_refused_by_the_answer_is_looked_after_once_and_doubted_only_where_it_is_there() -> None:
    desk = Desk()
    desk.erp.reasons = ("no direction",)
    refused = await desk.perform(toggle(MAIN))
    assert refused.kind is Result.FAILED
    assert refused.sentence == "not done; reasons of the server:\n· no direction"
    assert refused.next_step == "Correct this in SuperOffice, then try again"
    assert refused.finding == Finding(desk.time.clock(), Result.NOT_APPLIED, "State is active")
    assert desk.erp.calls[3:] == ["connections"]
    assert desk.kept("check") == [("not applied", "State is active")]
    desk.erp.then = lambda: setattr(desk.erp, "listed", (OFF, SIDE))
    odd = await desk.perform(toggle(MAIN))
    assert odd.kind is Result.UNKNOWN
    assert odd.sentence == f"{refused.sentence}\nbut read again: State is inactive"
    assert odd.finding == Finding(desk.time.clock(), Result.APPLIED, "State is inactive")


# Looked for, because the response was lost.


async def test_what_leaves_nothing_behind_is_looked_for_once_and_handed_on() -> None:
    desk = Desk()
    desk.erp.failing["write"] = lost(TimedOut)
    outcome = await desk.perform(resync(ForceResync(0, (1,)), None))
    trace = "a resync leaves no trace that could be checked"
    assert (outcome.kind, outcome.next_step, outcome.result) == (Result.UNKNOWN, COMPARE, None)
    assert outcome.sentence == f"it went wrong; whether it took effect is unknown; {trace}"
    assert outcome.finding == Finding(desk.time.clock(), Result.UNKNOWN, trace)
    assert desk.kept("check") == [("unknown", trace)]
    assert (desk.pauses, desk.erp.calls) == ([0.0], ["write"])


async def test_what_is_there_at_the_first_look_is_not_looked_for_again() -> None:
    desk = Desk()
    desk.erp.failing["write"] = lost(TimedOut)
    desk.erp.then = lambda: setattr(desk.erp, "shop", replace(SHOP, version="2.0.0"))
    outcome = await desk.perform(newer())
    assert outcome.kind is Result.APPLIED
    assert outcome.sentence == "response lost; checked: applied, Version is 2.0.0"
    assert (outcome.result, outcome.next_step) == (desk.erp.shop, "")
    assert outcome.finding == Finding(desk.time.clock(), Result.APPLIED, "Version is 2.0.0")
    assert desk.pauses == [0.0]


async def test_a_look_that_never_ends_is_given_up_after_fifteen_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk, time = Desk(), LoopTime(monkeypatch)
    desk.erp.failing["write"] = lost(TimedOut)
    desk.erp.then = desk.never_answers
    running = asyncio.ensure_future(desk.perform(slower()))
    await time.advance(14.9)
    assert not running.done()
    await time.advance(0.2)
    assert running.done()
    outcome = running.result()
    assert (outcome.kind, outcome.next_step) == (Result.UNKNOWN, LOOK)
    assert outcome.finding == Finding(desk.time.clock(), Result.UNKNOWN, "no response within 15s")
    assert desk.kept("check") == [("unknown", "no response within 15s")]


async def test_what_an_earlier_look_showed_counts_where_a_later_one_never_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk, time = Desk(), LoopTime(monkeypatch)
    desk.erp.failing["write"] = lost(TimedOut)
    desk.at_pause[2] = desk.never_answers
    running = asyncio.ensure_future(desk.perform(slower()))
    await time.advance(15.1)
    assert running.done()
    outcome = running.result()
    assert outcome.finding is not None
    assert "Interval is 5m" in outcome.finding.sentence


async def test_a_hash_that_differs_in_case_alone_was_there_before_and_proves_nothing() -> None:
    desk = Desk()
    desk.erp.failing["write"] = lost(TimedOut)
    outcome = await desk.perform(update_extension(SHOP, manifest_hash="AB" * 64))
    assert outcome.kind is Result.UNKNOWN
    assert outcome.sentence.endswith(", as it was before: this proves nothing")


@pytest.mark.parametrize("state", [MAIN, OFF])
async def test_d4_a_toggle_whose_response_cannot_be_read_stays_unknown_whatever_is_seen(
    state: Connection,
) -> None:
    desk = Desk()
    desk.erp.failing["write"] = lost(BadAnswer, status=200)
    desk.erp.then = lambda: setattr(desk.erp, "listed", (state, SIDE))
    outcome = await desk.perform(toggle(MAIN))
    assert (outcome.kind, outcome.next_step, outcome.result) == (Result.UNKNOWN, LOOK, None)
    assert outcome.sentence.endswith("may still take effect")
    assert [result for result, _ in desk.kept("check")] == ["unknown"]


async def test_what_was_answered_in_words_that_cannot_be_read_and_is_not_there_is_not_applied() -> None:
    desk = Desk()
    desk.erp.failing["write"] = lost(BadAnswer, status=200)
    outcome = await desk.perform(newer())
    assert outcome.kind is Result.NOT_APPLIED
    assert outcome.sentence == "it went wrong; checked: not applied, Version is 1.0.0"
    assert (outcome.result, outcome.next_step) == (None, LOOK)


async def test_a_doubtful_answer_came_and_is_not_looked_after() -> None:
    desk = Desk()
    desk.erp.answer = PluginAnswer(None, "")
    outcome = await desk.perform(resync(ForceResync(0, (1,)), None))
    assert (outcome.kind, outcome.next_step) == (Result.UNKNOWN, COMPARE)
    assert (outcome.result, outcome.finding) == (desk.erp.answer, None)
    assert (desk.erp.calls, desk.kept("check")) == (["write"], [])


@pytest.mark.parametrize(
    ("proposal", "calls"),
    [(resync(ForceResync(0, (1,)), None), ["write"]), (stop(), ["status", "workers", "write"])],
    ids=["resync", "stop"],
)
async def test_a_server_that_broke_is_not_looked_at_where_no_look_could_tell(
    proposal: Proposal, calls: list[str]
) -> None:
    desk = Desk()
    desk.erp.failing["write"] = lost(ServerFailed, status=500)
    outcome = await desk.perform(proposal)
    assert (outcome.kind, outcome.finding) == (Result.FAILED, None)
    assert (desk.erp.calls, desk.kept("check")) == (calls, [])


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (241.0, "Interval is 5m as before, but the server may have rounded it"),
        (359.0, "Interval is 5m as before, but the server may have rounded it"),
        (360.0, "Interval is 5m, as before; the request may still take effect"),
    ],
)
async def test_less_than_a_minute_apart_an_interval_may_have_been_rounded(
    seconds: float, said: str
) -> None:
    desk = Desk()
    desk.erp.failing["write"] = lost(TimedOut)
    await desk.perform(configure(SYNC, seconds, {}))
    assert desk.kept("check") == [("unknown", said)]


async def test_of_what_no_longer_shows_its_value_nothing_is_concluded() -> None:
    desk = Desk()
    desk.erp.failing["write"] = lost(TimedOut)
    desk.erp.then = lambda: setattr(
        desk.erp, "sync", replace(SYNC, interval=Interval.read(None), options=())
    )
    assert (await desk.perform(account())).kind is Result.UNKNOWN
    desk.erp.sync = SYNC
    assert (await desk.perform(slower())).kind is Result.UNKNOWN
    assert desk.kept("check") == [
        ("unknown", "its values are not listed"),
        ("unknown", "Interval is not reported"),
    ]


async def test_where_it_is_not_known_what_was_before_another_value_says_nothing() -> None:
    desk = Desk()
    write = UpdateExtension("e1", manifest_hash="cd" * 64)
    found = await desk.executor.look(write, {}, START - timedelta(hours=1))
    assert found.result is Result.UNKNOWN


# A trail that cannot keep what was seen.


@pytest.mark.parametrize(
    ("failure", "why"),
    [
        (FULL, "No space left on device"),
        (OSError("the record was only partly written"), "the record was only partly written"),
    ],
)
async def test_a_look_that_cannot_be_noted_is_said_beside_the_next_step(
    failure: OSError, why: str
) -> None:
    desk = Desk()
    desk.trail.failure = failure
    note = f"the audit trail could not record this check ({why})"
    outcome = await desk.perform(newer())
    assert (outcome.kind, outcome.unrecorded) == (Result.NOT_APPLIED, why)
    assert outcome.next_step == f"{LOOK}. {note}"
    desk.erp.answered = Extension("e1", "shop")
    desk.erp.then = lambda: setattr(desk.erp, "shop", replace(SHOP, version="2.0.0"))
    outcome = await desk.perform(newer())
    assert (outcome.kind, outcome.next_step, outcome.unrecorded) == (Result.APPLIED, note, why)
    desk.erp.shop, desk.erp.failing["write"] = SHOP, lost(TimedOut)
    outcome = await desk.perform(newer())
    assert (outcome.kind, outcome.next_step, outcome.unrecorded) == (Result.APPLIED, note, why)
    desk.erp.failing = {}
    outcome = await desk.perform(toggle(MAIN))
    assert (outcome.kind, outcome.unrecorded) == (Result.NOT_APPLIED, why)
    assert outcome.next_step == f"{LOOK}. {note}"
