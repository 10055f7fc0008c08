"""Calls of a resync follow one another; whatever ends them, every key is accounted for."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.drivers.fake_time import FakeTime
from tests.drivers.scripted_service import ScriptedService, lost
from tui.api.errors import NotAuthorised, Rejected, Throttled, TimedOut, Unreachable
from tui.domain.profile import Environment, ProfileFacts, System
from tui.domain.superoffice.engine import Connection
from tui.domain.superoffice.plugin_response import PluginAnswer
from tui.domain.superoffice.resync_keys import key_list
from tui.domain.superoffice.resync_request import ResyncRequest, Scope
from tui.domain.writes import ForceResync
from tui.ops.audit.file_trail import MemoryTrail
from tui.ops.execution.bulk_run import BulkRun
from tui.ops.execution.executor import Executor
from tui.ops.execution.guard import Guard
from tui.ops.execution.resync_remainder import RestFile, rest_text, save_rest
from tui.ops.execution.resync_report import FAILED, REST, UNKNOWN, ResyncAccount
from tui.ops.operations.registry import Danger
from tui.ops.proposals.grading import grade_of
from tui.ops.proposals.proposal import Proposal
from tui.ops.proposals.resync import in_turn, resync_calls

KEYS = tuple(range(1, 2_201))
MAIN = (Connection(7, "Main", active=True),)


def calls(keys: tuple[int, ...] = KEYS, source: int = 0) -> tuple[Proposal, ...]:
    found = resync_calls(ResyncRequest(source, keys=keys), MAIN)
    assert isinstance(found, tuple)
    return found


class Desk:
    """Runs on a scripted service that fails at the calls whose place says so."""

    def __init__(self) -> None:
        self.service, self.trail = ScriptedService(), MemoryTrail()
        facts = ProfileFacts("acme", Environment.STAGING, read_only=False, systems=frozenset(System))
        guard = Guard(self.service, facts, self.trail, clock=FakeTime().clock)
        self.executor = Executor(guard, sleep=lambda _: asyncio.sleep(0))

    async def run(self, proposals: tuple[Proposal, ...], failing: dict[int, object]) -> BulkRun:
        async def perform(place: int, proposal: Proposal) -> object:
            failure = failing.get(place)
            self.service.failing = {"write": failure} if isinstance(failure, Exception) else {}
            self.service.answer = PluginAnswer(
                failure is None, "Ok" if failure is None else "Error", "so"
            )
            return await self.executor.perform(proposal)

        run = BulkRun(in_turn(proposals), perform)  # type: ignore[arg-type] # an Outcome
        await run.run()
        return run

    @property
    def sent(self) -> list[int]:
        keys: list[int] = []
        for write in self.service.writes:
            assert isinstance(write, ForceResync)
            keys += write.keys
        return keys


def test_many_keys_are_one_plan_that_cannot_be_taken_back() -> None:
    plan = in_turn(calls())
    assert plan.title == "Forced resync · 5 calls with 2,200 keys"
    assert grade_of(plan.proposals, Environment.DEVELOPMENT) is Danger.IRREVERSIBLE
    assert plan.proposals[1].target == "call 2 of 5 · CRM → the connected ERP systems"


async def test_calls_go_one_after_the_other_each_noted_with_its_keys() -> None:
    desk = Desk()
    run = await desk.run(calls(), {})
    assert run.is_well
    assert desk.sent == list(KEYS)
    attempts = [record["sent"] for record in desk.trail.records if record["record"] == "attempt"]
    assert [key for one in attempts for key in one["keys"]] == list(KEYS)  # type: ignore[index] # a table


@pytest.mark.parametrize(
    ("failure", "word"),
    [(lost(TimedOut), UNKNOWN), (lost(Rejected, status=400), FAILED), ("IsOk false", FAILED)],
)
async def test_the_first_call_that_does_not_go_well_ends_it(failure: object, word: str) -> None:
    desk = Desk()
    account = ResyncAccount((await desk.run(calls(), {2: failure}),))
    assert desk.sent == list(KEYS[:1500])
    assert [one.word for one in account.results] == ["applied", "applied", word, REST, REST]
    assert [one.target[:11] for one in account.again(REST)] == ["call 4 of 5", "call 5 of 5"]
    assert [one.target[:11] for one in account.again(word)] == ["call 3 of 5"]
    assert account.summary == "1,000 of 2,200 keys succeeded"
    assert account.count == f"3 of 5 calls sent: 2 applied, 1 {word} · 2 not sent"
    assert f"call 3: {word}: 500 keys: 1001-1500" in account.text


async def test_the_account_goes_on_over_what_is_resumed_and_an_unknown_call_stays_unknown() -> None:
    desk = Desk()
    account = ResyncAccount((await desk.run(calls(), {1: lost(TimedOut)}),))
    account = account.resumed(await desk.run(account.again(REST), {1: lost(TimedOut)}))
    assert [one.word for one in account.results] == ["applied", UNKNOWN, "applied", UNKNOWN, REST]
    stopped = BulkRun(in_turn(account.again(UNKNOWN)), lambda *_: pytest.fail("nothing is sent"))
    stopped.stop()
    await stopped.run()
    account = account.resumed(stopped)
    assert [one.word for one in account.results] == ["applied", UNKNOWN, "applied", UNKNOWN, REST]
    assert len(desk.sent) == len(set(desk.sent)) == 2_000
    assert account.count == "4 of 5 calls sent: 2 applied, 2 unknown · 1 not sent"


async def test_the_rest_is_written_so_that_it_is_read_back_and_nothing_else_is() -> None:
    desk = Desk()
    account = ResyncAccount((await desk.run(calls(), {1: lost(TimedOut)}),))
    text = rest_text(account.text.split("\n"), account.again(REST))
    report = key_list(text, Scope.INTERNAL, in_file=False)
    assert report.keys == KEYS[1000:]
    assert not report.bad
    assert "# call 2: unknown: 500 keys: 501-1000" in text
    assert text.startswith(
        "# Forced resync · CRM → the connected ERP systems · ForceResyncNoBlankValues · 500 of 2,200"
    )


async def test_an_unknown_call_that_is_refused_when_sent_again_stays_unknown_until_one_is_applied() -> (
    None
):
    desk = Desk()
    account = ResyncAccount((await desk.run(calls(), {1: lost(TimedOut)}),))
    refused = lost(Rejected, status=400)
    account = account.resumed(await desk.run(account.again(UNKNOWN), {0: refused}))
    assert account.again(FAILED) == ()
    (again,) = account.again(UNKNOWN)
    assert "sent again: " in account.text
    account = account.resumed(await desk.run((again,), {}))
    assert account.again(UNKNOWN) == ()
    assert account.summary == "1,000 of 2,200 keys succeeded"


@pytest.mark.parametrize(
    "failure",
    [
        lost(NotAuthorised, status=401),
        lost(Throttled, status=429),
        lost(Unreachable, sent=False),
    ],
)
async def test_a_call_that_certainly_did_nothing_goes_with_the_rest(failure: Exception) -> None:
    desk = Desk()
    account = ResyncAccount((await desk.run(calls(), {2: failure}),))
    assert [key for one in account.again(REST) for key in one.write.keys] == list(KEYS[1000:])  # type: ignore[union-attr] # resyncs
    assert account.again(FAILED) == ()


async def test_a_call_that_never_went_out_does_not_count_as_sent() -> None:
    failure = lost(Unreachable, sent=False)
    account = ResyncAccount((await Desk().run(calls(), {2: failure}),))
    told = "2 of 5 calls sent: 2 applied · 1 failed before it was sent, 2 not sent"
    assert account.count == told


NOW = datetime(2026, 3, 2, 9, 0, 0, tzinfo=UTC)


async def test_the_file_of_a_resync_follows_its_account_and_goes_when_nothing_is_left(
    private_places: Path,
) -> None:
    desk, file, folder = Desk(), RestFile(NOW), private_places / "state" / "resync"
    account = ResyncAccount((await desk.run(calls(), {1: lost(TimedOut)}),))
    file.keep(account)
    (path,) = folder.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert key_list(path.read_text(), Scope.INTERNAL, in_file=False).keys == KEYS[1000:]
    assert file.summary(account.unsent).startswith("1,200 keys were not sent and are kept in ")
    account = account.resumed(await desk.run(account.again(REST), {}))
    file.keep(account)
    assert list(folder.iterdir()) == []
    assert file.summary(account.unsent) == ""


def test_two_rests_of_one_second_are_two_files(private_places: Path) -> None:
    first, second = (save_rest(["so"], calls()[:1], NOW) for _ in range(2))
    assert first != second
    assert key_list(second.read_text(), Scope.INTERNAL, in_file=False).keys == KEYS[:500]
    assert len(list((private_places / "state" / "resync").iterdir())) == 2


def test_d_one_call_is_not_said_to_be_one_of_several() -> None:
    first, *_ = calls()
    (note,) = in_turn((first,)).notes
    assert note.startswith("One call with ")
    assert "calls" not in note
