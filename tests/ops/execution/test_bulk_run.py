"""A bulk run sends what its plan says, a few at a time, and nothing after it was stopped."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.drivers.fake_time import START, FakeTime
from tests.drivers.scripted_service import ScriptedService, down, lost
from tui.api.errors import ErpError, Forbidden, NotAuthorised, Rejected, ServerFailed, TimedOut
from tui.domain.intervals import Interval
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import ControlAction, Worker, WorkerOption, WorkerStatus, WorkerSync
from tui.domain.profile import Environment, ProfileFacts, System
from tui.domain.result import Result
from tui.domain.writes import ConfigureWorker, ControlWorker, UpdateExtension, target_of
from tui.ops.audit.file_trail import MemoryTrail
from tui.ops.execution.bulk_run import AT_ONCE, BulkRun, Stage
from tui.ops.execution.executor import Executor
from tui.ops.execution.guard import Guard
from tui.ops.execution.outcome import Outcome
from tui.ops.execution.state_watch import WatchVerdict
from tui.ops.operations.registry import Danger
from tui.ops.proposals.bulk import (
    BulkPlan,
    LeftOut,
    configure_all,
    control_all,
    shared_options,
    toggle_all,
)
from tui.ops.proposals.grading import grade_of
from tui.ops.proposals.proposal import Proposal

if TYPE_CHECKING:
    from collections.abc import Callable

ACCOUNT = WorkerOption("o1", "Account", value="main")
DAYS = WorkerOption("o2", "Days", type_name="int", value="14")


def sync(number: int, kind: str = "Shop", state: int = 3, every: str = "00:05:00") -> Worker:
    options = (ACCOUNT, DAYS) if kind == "Shop" else (DAYS,)
    one = WorkerSync(
        f"w{number}", kind, f"Channel {number}", interval=Interval.read(every), options=options
    )
    return Worker(one.id, one, WorkerStatus(one.id, state))


def stop(*workers: Worker) -> BulkPlan:
    plan = control_all(workers, ControlAction.STOP, lambda worker: worker.state_word)
    assert isinstance(plan, BulkPlan)
    return plan


OFF = WatchVerdict(True, "stop of Sync: now off", reached=True, sight="now off")


_UNDER_WAY = (Stage.READING, Stage.SENDING)


class Desk:
    """A plan that is carried out on a scripted service; `failing` by target."""

    def __init__(self, plan: BulkPlan, *, read_only: bool = False) -> None:
        self.service, self.trail = ScriptedService(), MemoryTrail()
        facts = ProfileFacts("acme", Environment.STAGING, read_only, frozenset(System))
        self.executor = Executor(Guard(self.service, facts, self.trail, clock=FakeTime().clock))
        self.failing: dict[str, ErpError] = {}
        self.started: list[str] = []
        self.most = 0
        self.before: Callable[[str], object] = lambda _key: None
        self.run = BulkRun(plan, self._perform)

    async def _perform(self, position: int, proposal: Proposal) -> Outcome:
        key = target_of(proposal.write)
        self.started.append(key)
        self.before(key)
        await asyncio.sleep(0)
        self.most = max(self.most, sum(one.stage in _UNDER_WAY for one in self.run.results))
        if key in self.failing:
            return Outcome(Result.FAILED, "it went wrong", "", START, self.failing[key])
        return await self.executor.perform(replace(proposal, baseline=()))

    @property
    def words(self) -> list[str]:
        return [result.word for result in self.run.results]


async def test_every_target_is_sent_once_and_noted_on_its_own() -> None:
    desk = Desk(stop(*map(sync, range(12))))
    await desk.run.run()
    assert [target_of(write) for write in desk.service.writes] == [f"w{n}" for n in range(12)]
    assert desk.words == ["accepted"] * 12
    assert desk.run.summary == "Stop sync · 12 syncs: 12 accepted"
    noted = [record["targets"] for record in desk.trail.records if record["record"] == "attempt"]
    assert noted == [[f"w{n}"] for n in range(12)]


async def test_no_more_than_a_few_are_on_their_way_at_once() -> None:
    desk = Desk(stop(*map(sync, range(20))))
    await desk.run.run()
    assert desk.most == AT_ONCE


async def test_a_failure_stays_with_its_target_and_can_be_retried_alone() -> None:
    desk = Desk(stop(*map(sync, range(6))))
    desk.failing["w2"] = lost(ServerFailed, status=500)
    desk.failing["w4"] = lost(Rejected, status=422)
    await desk.run.run()
    assert desk.words == ["accepted", "accepted", "failed", "accepted", "failed", "accepted"]
    assert desk.run.count == "6 of 6 · 2 failed"
    assert desk.run.retryable == ("w2", "w4")


async def test_what_is_unknown_is_not_offered_to_be_sent_again() -> None:
    desk = Desk(stop(sync(1), sync(2)))
    desk.service.failing["write"] = lost(TimedOut)
    await desk.run.run()
    assert desk.words == ["unknown", "unknown"]
    assert desk.run.retryable == ()


async def test_what_is_stopped_ends_what_is_under_way_and_sends_nothing_more() -> None:
    desk = Desk(stop(*map(sync, range(12))))
    desk.before = lambda key: desk.run.stop() if key == "w3" else None
    await desk.run.run()
    assert desk.started == ["w0", "w1", "w2", "w3"]
    assert desk.words == ["accepted"] * 4 + ["not sent"] * 8
    assert desk.run.summary == "Stop sync · 12 syncs: 4 accepted, 8 not sent · stopped"
    assert desk.run.retryable == tuple(f"w{n}" for n in range(4, 12))


@pytest.mark.parametrize(
    "failure", [lost(NotAuthorised, status=401), lost(Forbidden, status=403), down(sent=False)]
)
async def test_a_failure_that_would_hit_all_leaves_the_rest_unsent(failure: ErpError) -> None:
    desk = Desk(stop(*map(sync, range(12))))
    desk.failing = {f"w{n}": failure for n in range(12)}
    await desk.run.run()
    assert len(desk.started) == AT_ONCE
    assert desk.words == ["failed"] * 4 + ["not sent"] * 8
    assert desk.run.stopped == "it went wrong"


async def test_a_read_only_profile_ends_it_at_once() -> None:
    desk = Desk(stop(*map(sync, range(12))), read_only=True)
    await desk.run.run()
    assert desk.service.writes == []
    assert desk.words == ["refused"] * 4 + ["not sent"] * 8
    assert "profile acme is read-only" in desk.run.summary


def test_what_is_so_already_and_what_cannot_be_read_is_left_out_with_the_reason() -> None:
    bad = replace(sync(3), sync=WorkerSync("w3", "Shop", "Channel 3", problem="no state"))
    plan = control_all(
        (sync(1), sync(2, state=7), bad), ControlAction.STOP, lambda one: one.state_word, missing=["Old"]
    )
    assert isinstance(plan, BulkPlan)
    assert plan.keys == ("w1",)
    assert plan.title == "Stop sync · 1 sync"
    assert plan.left_out == (
        LeftOut("Shop · Channel 2", "it is already off"),
        LeftOut("Shop · Channel 3", "its row could not be read, so it cannot be changed safely"),
        LeftOut("Old", "it is no longer in the server's list"),
    )


def test_where_nothing_is_left_to_send_the_reasons_are_said() -> None:
    said = control_all((sync(1, state=7), sync(2, state=7)), ControlAction.STOP, lambda one: "off")
    assert (
        str(said) == "Stop sync: nothing to send · Shop · Channel 1, Shop · Channel 2: it is already off"
    )


@pytest.mark.parametrize(
    ("count", "environment", "wanted"),
    [
        (10, Environment.STAGING, Danger.DISRUPTIVE),
        (11, Environment.STAGING, Danger.IRREVERSIBLE),
        (2, Environment.PRODUCTION, Danger.IRREVERSIBLE),
    ],
)
def test_more_than_ten_targets_are_irreversible(
    count: int, environment: Environment, wanted: Danger
) -> None:
    assert grade_of(stop(*map(sync, range(count))).proposals, environment) is wanted


def test_the_interval_goes_to_each_and_the_option_once_after_all_others() -> None:
    workers = (sync(1), sync(2, every="00:10:00"), sync(3))
    plan = configure_all(workers, 600.0, ("o1", "other"))
    assert isinstance(plan, BulkPlan)
    assert [[one.write for one in wave] for wave in plan.waves] == [
        [ConfigureWorker("w1", "00:10:00")],
        [ConfigureWorker("w3", "00:10:00", (("o1", "other"),))],
    ]
    assert plan.left_out == (LeftOut("Shop · Channel 2", "unchanged: it already has these values"),)
    assert "sent once, with Shop · Channel 3" in plan.notes[0]


def test_an_option_alone_is_one_request() -> None:
    plan = configure_all((sync(1), sync(2)), None, ("o1", "other"))
    assert isinstance(plan, BulkPlan)
    assert [one.write for one in plan.proposals] == [ConfigureWorker("w2", None, (("o1", "other"),))]
    assert "is shared and sent with Shop · Channel 2" in plan.left_out[0].reason


async def test_the_last_wave_waits_for_the_ones_before_it() -> None:
    plan = configure_all(tuple(map(sync, range(8))), 600.0, ("o1", "other"))
    assert isinstance(plan, BulkPlan)
    desk = Desk(plan)
    others: list[list[str]] = []
    desk.before = lambda key: others.append(desk.words[:7]) if key == "w7" else None
    await desk.run.run()
    assert others == [["not applied"] * 7]


def test_options_are_shared_by_syncs_of_one_kind_alone() -> None:
    assert shared_options((sync(1), sync(2))) == (ACCOUNT, DAYS)
    assert shared_options((sync(1), sync(2, kind="Ebay"))) == ()
    hidden = replace(sync(3), sync=replace(sync(3).sync, options=(replace(ACCOUNT, altered=True), DAYS)))  # type: ignore[type-var]  # it has a sync
    assert shared_options((sync(1), hidden)) == (DAYS,)


@pytest.mark.parametrize(
    ("statuses", "sent"), [((2, 2), 0), ((0, 1), 2)], ids=["all active", "none active"]
)
def test_extensions_are_all_disabled_or_all_activated(statuses: tuple[int, int], sent: int) -> None:
    plan = toggle_all([Extension(f"e{n}", f"x{n}", status=s) for n, s in enumerate(statuses)])
    assert isinstance(plan, BulkPlan)
    assert [one.write for one in plan.proposals] == [
        UpdateExtension("e0", status=sent),
        UpdateExtension("e1", status=sent),
    ]


def test_mixed_extensions_are_not_guessed_at() -> None:
    said = toggle_all([Extension("e1", status=2), Extension("e2", status=1), Extension("e3", status=0)])
    assert str(said) == (
        "1 of the marked are active, 2 are not: narrow the marks,"
        " or use :toggle status=disabled or :toggle status=active"
    )


def test_a_control_action_goes_to_its_own_target() -> None:
    plan = stop(sync(1), sync(2))
    assert [one.write for one in plan.proposals] == [
        ControlWorker("w1", ControlAction.STOP),
        ControlWorker("w2", ControlAction.STOP),
    ]


async def test_whoever_watches_is_told_of_every_change() -> None:
    """Each target begins and ends, then all is over; what the status says is told as well."""
    told: list[tuple[list[str], bool]] = []
    desk = Desk(stop(sync(1), sync(2)))
    desk.run = BulkRun(
        desk.run.plan,
        desk._perform,
        lambda: told.append(([one.word for one in desk.run.results], desk.run.is_over)),
        at_once=1,
    )
    await desk.run.run()
    assert told == [
        (["reading again", "waiting"], False),
        (["accepted", "waiting"], False),
        (["accepted", "reading again"], False),
        (["accepted", "accepted"], False),
        (["accepted", "accepted"], True),
    ]
    desk.run.saw(1, OFF)
    assert len(told) == 6
    desk.run.stop()
    assert (len(told), desk.run.stopped) == (6, "")


async def test_a_stop_is_told_once_and_what_waits_is_not_sent() -> None:
    told: list[str] = []
    desk = Desk(stop(*map(sync, range(6))))
    desk.run = BulkRun(desk.run.plan, desk._perform, lambda: told.append(desk.run.stopped), at_once=1)
    desk.before = lambda key: desk.run.stop("enough") if key == "w1" else None
    await desk.run.run()
    desk.run.stop("again")
    assert desk.words == ["accepted"] * 2 + ["not sent"] * 4
    assert told.index("enough") == 3
    assert "again" not in told
    assert desk.run.retryable == ("w2", "w3", "w4", "w5")


async def test_a_target_is_waiting_unseen_and_unwatched_before_it_is_sent() -> None:
    desk = Desk(stop(sync(1)))
    (result,) = desk.run.results
    assert (result.word, result.seen, result.is_watched) == ("waiting", "", False)
    assert (result.succeeded, result.can_be_retried) == (False, False)
    assert not desk.run.is_watching
    assert desk.run.retryable == ()
    await desk.run.run()
    desk.run.watches(0)
    assert desk.run.is_watching
    desk.run.saw(0, OFF)
    assert not desk.run.is_watching
