"""The guard's rules: who may write, what the review promised, what of the responses is noted."""

import gc
import json
import weakref
from dataclasses import replace

import pytest

from tests.drivers.fake_time import START, FakeTime
from tests.drivers.scripted_service import ScriptedService, lost
from tests.ops.commands import operation_for
from tui.api.errors import NotAuthorised, TimedOut, VersionUnknown
from tui.api.receipts import Receipt, note
from tui.api.service import MASK, RequestPreview
from tui.domain.jtl.workers import ControlAction
from tui.domain.profile import Environment, ProfileFacts, System
from tui.domain.result import Result
from tui.domain.superoffice.plugin_response import PluginAnswer
from tui.domain.writes import ConfigureWorker, ControlWorker, ForceResync, Write
from tui.ops.audit.file_trail import MemoryTrail
from tui.ops.audit.record import Attempt, Ending
from tui.ops.execution.guard import Guard
from tui.ops.execution.outcome import Outcome
from tui.ops.execution.response_comparison import Comparison
from tui.ops.proposals.proposal import Proposal

SLOWER = ConfigureWorker("a1", "00:10:00")
STOP = ControlWorker("a1", ControlAction.STOP)
ACME = ProfileFacts("acme", Environment.STAGING, read_only=False, systems=frozenset(System))
LOCKED = replace(ACME, read_only=True)
SEALED = replace(LOCKED, sealed=True)
HERE = "https://erp.example/erp/v1/workers/a1"
LOOK = "Refresh and check before you send it again"
LOGIN, TAKEN, REFUSED = (
    Receipt("POST", "/oauth2/token", 200, "r-1"),
    Receipt("POST", "/erp/v1/workers/a1", 201, "r-2"),
    Receipt("POST", "/erp/v1/workers/a1", 401, "r-3"),
)


class Erp(ScriptedService):
    """Notes what responses came to a write; address and body of the request can be laid out."""

    def __init__(self) -> None:
        super().__init__()
        self.responses: tuple[Receipt, ...] = ()
        self.url, self.body = HERE, ""
        self.unknown: VersionUnknown | None = None

    async def _written(self, write: Write) -> None:
        for receipt in self.responses:
            note(receipt)
        await super()._written(write)

    def preview(self, write: Write) -> RequestPreview:
        if self.unknown is not None:
            raise self.unknown
        return RequestPreview(System.JTL, "POST", self.url, (), self.body)


class Desk:
    """A guard between a front end and a scripted service."""

    def __init__(self, facts: ProfileFacts = ACME, trail: MemoryTrail | None = None) -> None:
        self.erp, self.trail = Erp(), trail or MemoryTrail()
        self.guard = Guard(self.erp, facts, self.trail, clock=FakeTime().clock)

    async def run(self, write: Write = SLOWER, reviewed: str = "", **more: object) -> Outcome:
        proposal = Proposal(operation_for(write), write, "", reviewed=reviewed)
        return await self.guard.run(proposal, **more)  # type: ignore[arg-type] # shape of run

    async def takes_writes(self) -> bool:
        sent = len(self.erp.writes)
        await self.run()
        return len(self.erp.writes) > sent


# Locked, unlocked, sealed.


async def test_only_its_exact_name_unlocks_a_profile_and_it_can_be_locked_again() -> None:
    desk = Desk(LOCKED)
    for wrong in ("", "acm", "ACME", "acme ", "other"):
        assert not desk.guard.unlock(wrong)
        assert (desk.guard.facts, await desk.takes_writes()) == (LOCKED, False)
    assert desk.guard.can_unlock
    assert desk.guard.unlock("acme")
    assert desk.guard.facts == replace(LOCKED, read_only=False, unlocked=True)
    assert await desk.takes_writes()
    assert not desk.guard.can_unlock
    desk.guard.lock()
    assert (desk.guard.facts, await desk.takes_writes()) == (LOCKED, False)
    assert desk.guard.can_unlock


async def test_what_the_command_line_forbade_is_not_unlocked_and_says_so() -> None:
    desk = Desk(SEALED)
    assert not desk.guard.can_unlock
    assert not desk.guard.unlock("acme")
    outcome = await desk.run()
    assert outcome.sentence == (
        "nothing was sent: profile acme is read-only: syncdeck was started with --read-only"
    )
    assert (desk.guard.facts, desk.erp.writes) == (SEALED, [])


async def test_a_profile_that_takes_writes_has_nothing_to_unlock_and_locking_leaves_it() -> None:
    desk = Desk()
    assert not desk.guard.can_unlock
    assert not desk.guard.unlock("acme")
    desk.guard.lock()
    assert (desk.guard.facts, await desk.takes_writes()) == (ACME, True)


# What the review shows, and what it promised.


SECRET = ConfigureWorker("a1", None, (("o1", "hunter2"), ("o2", "plain")), secret=("o1",))


def test_the_review_masks_the_value_of_a_secret_option_and_no_other() -> None:
    desk = Desk()
    fields = {
        "interval": None,
        "configs": [{"id": "o1", "value": "hunter2"}, {"id": "o2", "value": "plain"}],
        "twice": [{"id": "o2", "value": "hunter2"}],
        "names": ["hunter2", "o1"],
        "größe": [[{"id": "o1", "value": "hunter2", "more": {"place": 1}}]],
    }
    desk.erp.body = json.dumps(fields)
    shown = desk.guard.preview(SECRET)
    masked = {
        **fields,
        "configs": [{"id": "o1", "value": MASK}, {"id": "o2", "value": "plain"}],
        "größe": [[{"id": "o1", "value": MASK, "more": {"place": 1}}]],
    }
    assert shown.body == json.dumps(masked, ensure_ascii=False, indent=2)
    assert replace(shown, body="") == replace(desk.erp.preview(SECRET), body="")


@pytest.mark.parametrize("write", [STOP, replace(SECRET, secret=())])
def test_a_request_without_secrets_is_shown_as_it_is(write: Write) -> None:
    desk = Desk()
    desk.erp.body = '{"id": "o1", "value": "hunter2"}'
    assert desk.guard.preview(write) == desk.erp.preview(write)


async def test_the_request_that_was_reviewed_is_sent_and_no_other() -> None:
    desk = Desk()
    assert (await desk.run(reviewed=f"POST {HERE}")).kind is Result.APPLIED
    outcome = await desk.run(reviewed="POST https://erp.example/erp/v2/workers/a1")
    assert outcome.kind is Result.REFUSED
    assert outcome.sentence == (
        "nothing was sent: the request now goes to https://erp.example/erp/v1,"
        " not to https://erp.example/erp/v2 as reviewed"
    )
    assert outcome.next_step == "Review it again: it shows the new address"
    assert desk.erp.writes == [SLOWER]
    assert [record["record"] for record in desk.trail.records] == ["attempt", "outcome"]


async def test_a_request_that_cannot_be_named_any_more_is_not_sent() -> None:
    desk = Desk()
    desk.erp.unknown = VersionUnknown(system=System.JTL, sentence="no version is known")
    outcome = await desk.run(reviewed=f"POST {HERE}")
    assert outcome.kind is Result.REFUSED
    assert outcome.sentence == "nothing was sent: no version is known"
    assert (desk.erp.writes, desk.trail.records) == ([], [])


async def test_an_address_that_moves_while_the_attempt_is_noted_gets_nothing() -> None:
    class Slow(MemoryTrail):
        async def attempt(self, attempt: Attempt) -> str:
            desk.erp.url = "https://elsewhere.example/erp/v1/workers/a1"
            return await MemoryTrail.attempt(self, attempt)

    desk = Desk(trail=Slow())
    outcome = await desk.run(reviewed=f"POST {HERE}")
    assert outcome.kind is Result.REFUSED
    assert "the request now goes to https://elsewhere.example, not to" in outcome.sentence
    assert desk.erp.writes == []
    assert [record.get("result") for record in desk.trail.records] == [None, "refused"]


async def test_what_is_barred_once_it_is_noted_is_not_sent_nor_begun() -> None:
    desk = Desk()
    asked: list[str] = []
    begun: list[str] = []

    async def barred(key: str) -> str:
        asked.append(key)
        return "another one is under way" if len(asked) == 1 else ""

    outcome = await desk.run(barred=barred, begun=lambda: begun.append("begun"))
    assert (outcome.kind, outcome.sentence) == (
        Result.REFUSED,
        "nothing was sent: another one is under way",
    )
    assert asked == [outcome.attempt]
    assert (desk.erp.writes, begun) == ([], [])
    assert (await desk.run(barred=barred, begun=lambda: begun.append("begun"))).attempt == asked[1]
    assert (desk.erp.writes, begun) == ([SLOWER], ["begun"])


# What the response says beside what was asked.


@pytest.mark.parametrize(
    ("found", "kind", "sentence", "next_step", "differences"),
    [
        (Comparison(), Result.APPLIED, "applied", "", ()),
        (
            Comparison(elsewhere=("B: 1 → 2",)),
            Result.APPLIED,
            "applied; B: 1 → 2",
            "",
            ("B: 1 → 2",),
        ),
        (Comparison(missing=("A is 1",)), Result.NOT_APPLIED, "A is 1", LOOK, ("A is 1",)),
        (
            Comparison(missing=("A is 1",), elsewhere=("B: 1 → 2",)),
            Result.NOT_APPLIED,
            "A is 1; B: 1 → 2",
            LOOK,
            ("A is 1", "B: 1 → 2"),
        ),
        (
            Comparison(unsaid=("A",)),
            Result.ACCEPTED,
            "the server does not report A",
            "",
            (),
        ),
    ],
)
async def test_what_the_response_shows_decides(
    found: Comparison, kind: Result, sentence: str, next_step: str, differences: tuple[str, ...]
) -> None:
    desk = Desk()
    outcome = await desk.run(compare=lambda _result: found)
    assert (outcome.kind, outcome.sentence, outcome.next_step, outcome.differences) == (
        kind,
        sentence,
        next_step,
        differences,
    )
    ending = desk.trail.records[-1]
    assert (ending["result"], ending["sentence"]) == (kind.value, sentence)


OPTION = ConfigureWorker("a1", None, (("o1", "x"),))
IGNORED = Comparison(missing=("A is 1",), missing_keys=frozenset({"o1"}))


@pytest.mark.parametrize(
    ("raw", "does"), [({}, "may read options"), ({"configurations": []}, "responds")]
)
async def test_where_every_option_was_ignored_the_response_tells_which_version_it_speaks(
    raw: dict[str, object], does: str
) -> None:
    desk = Desk()
    desk.erp.body = '{"Configs": []}'
    desk.erp.sync = replace(desk.erp.sync, raw=raw)
    outcome = await desk.run(OPTION, compare=lambda _result: IGNORED)
    assert outcome.next_step.startswith(f"The server {does} like version 2")


async def test_where_the_request_cannot_be_shown_what_was_ignored_is_told_all_the_same() -> None:
    desk = Desk()
    desk.erp.unknown = VersionUnknown(system=System.JTL, sentence="no version is known")
    outcome = await desk.run(OPTION, compare=lambda _result: IGNORED)
    assert (outcome.kind, outcome.next_step) == (Result.NOT_APPLIED, LOOK)


# What the trail says of the responses.


@pytest.mark.parametrize(
    ("write", "fields"),
    [(SLOWER, (201, "r-2")), (STOP, (201, "r-2")), (ForceResync(7), (201, "r-2"))],
    ids=["with a result", "without one", "doubtful"],
)
async def test_the_last_response_decided(write: Write, fields: tuple[int, str]) -> None:
    desk = Desk()
    desk.erp.responses = (LOGIN, TAKEN)
    desk.erp.answer = PluginAnswer(None, "")
    await desk.run(write)
    ending = desk.trail.records[-1]
    assert (ending["status"], ending["request_id"]) == fields
    assert [one["request_id"] for one in ending["responses"]] == ["r-1", "r-2"]  # type: ignore[attr-defined] # a list


async def test_after_a_refused_login_the_error_knows_which_response_decided() -> None:
    desk = Desk()
    desk.erp.responses = (REFUSED, LOGIN)
    desk.erp.failing["write"] = lost(NotAuthorised, status=401, request_id="r-3")
    await desk.run()
    ending = desk.trail.records[-1]
    assert (ending["status"], ending["request_id"]) == (401, "r-3")


async def test_of_a_write_that_was_cut_off_no_response_decided() -> None:
    desk = Desk()
    desk.erp.responses = (LOGIN,)
    desk.erp.failing["write"] = RuntimeError("a bug")
    with pytest.raises(RuntimeError):
        await desk.run()
    ending = desk.trail.records[-1]
    assert (ending["result"], ending["status"], ending["request_id"]) == ("unknown", None, "")
    assert len(ending["responses"]) == 1  # type: ignore[arg-type] # a list
    desk.erp.failing["write"] = lost(TimedOut)
    await desk.run()
    assert desk.trail.records[-1]["status"] is None


async def test_a_failure_of_the_disk_without_a_number_is_told_by_its_words() -> None:
    class Torn(MemoryTrail):
        async def outcome(self, id: str, ending: Ending) -> None:
            raise OSError("the record was only partly written")

    outcome = await Desk(trail=Torn()).run()
    assert outcome.unrecorded == "the record was only partly written"
    assert outcome.next_step == (
        "the audit trail could not record this outcome (the record was only partly written)"
    )
    assert outcome.at == START


class Answer(PluginAnswer):
    """One that a test can see die."""


async def test_a_console_that_runs_for_weeks_keeps_no_response() -> None:
    desk = Desk()
    desk.erp.answer = Answer(True, "Ok", "done")
    kept = weakref.ref(desk.erp.answer)
    await desk.run(ForceResync(7))
    desk.erp.answer = PluginAnswer(True, "Ok", "done")
    await FakeTime().settle()
    gc.collect()
    assert kept() is None
