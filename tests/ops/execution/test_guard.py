"""The guard: what leaves, what does not, and what is said about it."""

import ast
import asyncio
from pathlib import Path

import pytest

import tui
from tests.drivers.fake_time import START, FakeTime
from tests.drivers.scripted_service import ScriptedService, lost
from tests.ops.commands import COMMANDS, operation_for
from tui.api.errors import (
    BadAnswer,
    CredentialFailed,
    ErpError,
    Forbidden,
    Moved,
    NotAuthorised,
    Rejected,
    ServerFailed,
    Throttled,
    TimedOut,
    TlsFailed,
    Unreachable,
)
from tui.domain.jtl.workers import ControlAction
from tui.domain.profile import Environment, ProfileFacts, System
from tui.domain.result import Result
from tui.domain.superoffice.plugin_response import PluginAnswer
from tui.domain.writes import (
    ChangeEngineInterval,
    ChangeEngineStatus,
    ConfigureWorker,
    ControlWorker,
    DeleteExtension,
    FieldChange,
    ForceResync,
    SavePriorities,
    SyncAll,
    ToggleConnection,
    Write,
)
from tui.ops.audit.file_trail import MemoryTrail
from tui.ops.audit.record import Attempt, Ending
from tui.ops.execution.guard import Guard
from tui.ops.execution.outcome import Outcome
from tui.ops.operations.kinds import kinds
from tui.ops.operations.registry import OPERATIONS, writes
from tui.ops.proposals.proposal import Proposal

SLOWER = ConfigureWorker("a1", "00:10:00")
CHANGES = (FieldChange("Interval", "5m", "10m"),)
each_command = pytest.mark.parametrize("command", COMMANDS, ids=lambda write: operation_for(write).id)


class FullDisk(MemoryTrail):
    """A trail that can keep `room` records."""

    room = 0

    async def attempt(self, attempt: Attempt) -> str:
        self._take()
        return await MemoryTrail.attempt(self, attempt)

    async def outcome(self, id: str, ending: Ending) -> None:
        self._take()
        await MemoryTrail.outcome(self, id, ending)

    def _take(self) -> None:
        if not self.room:
            raise OSError(28, "No space left on device")
        self.room -= 1


class Desk:
    """A guard between a front end and a scripted service."""

    def __init__(
        self,
        *,
        read_only: bool = False,
        systems: frozenset[System] = frozenset(System),
        trail: MemoryTrail | None = None,
    ) -> None:
        self.service = ScriptedService()
        self.trail = trail or MemoryTrail()
        facts = ProfileFacts("acme", Environment.STAGING, read_only, systems)
        self.guard = Guard(self.service, facts, self.trail, clock=FakeTime().clock)

    async def run(self, write: Write) -> Outcome:
        return await self.guard.run(Proposal(operation_for(write), write, "", CHANGES))

    @property
    def results(self) -> list[object]:
        """The results that the trail holds."""
        return [record["result"] for record in self.trail.records if record["record"] == "outcome"]


EFFECT_LATER = (
    *(ControlWorker, ChangeEngineStatus, ChangeEngineInterval, SyncAll),
    *(ToggleConnection, SavePriorities, DeleteExtension),
)


def _takes_effect_later(command: Write) -> bool:
    is_queued = isinstance(command, ForceResync) and command.as_batch
    return is_queued or isinstance(command, EFFECT_LATER)


@each_command
async def test_a_write_is_noted_sent_once_and_its_end_noted(command: Write) -> None:
    desk = Desk()
    outcome = await desk.run(command)
    # What takes effect later, or is answered without what is there now, is accepted at most.
    kind = Result.ACCEPTED if _takes_effect_later(command) else Result.APPLIED
    assert outcome.kind is kind
    assert desk.service.writes == [command]
    attempt, ending = desk.trail.records
    assert attempt["record"] == "attempt"
    assert attempt["id"] == ending["id"] == outcome.attempt
    assert ending["result"] == kind.value


@each_command
async def test_a_read_only_profile_sends_nothing_and_notes_nothing(command: Write) -> None:
    desk = Desk(read_only=True)
    outcome = await desk.run(command)
    assert outcome.kind is Result.REFUSED
    assert "acme is read-only" in outcome.sentence
    assert "read_only = false" in outcome.sentence
    assert (desk.service.writes, desk.trail.records) == ([], [])


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda one: one.id)
def test_read_only_refuses_exactly_what_writes(operation: object) -> None:
    refusal = Desk(read_only=True).guard.refusal(operation)  # type: ignore[arg-type] # parametrised
    assert (refusal is not None) == (operation in writes())


async def test_a_system_that_is_not_configured_is_not_written_to() -> None:
    desk = Desk(systems=frozenset({System.JTL}))
    outcome = await desk.run(ForceResync(7))
    assert outcome.kind is Result.REFUSED
    assert "SuperOffice" in outcome.sentence
    assert desk.service.writes == []


@each_command
async def test_what_cannot_be_noted_is_not_sent(command: Write) -> None:
    desk = Desk(trail=FullDisk())
    outcome = await desk.run(command)
    assert outcome.kind is Result.REFUSED
    assert "nothing was sent" in outcome.sentence
    assert "No space left on device" in outcome.sentence
    assert (
        outcome.next_step
        == "Free disk space or fix the permissions of the state directory, then try again"
    )
    assert outcome.at == START
    assert desk.service.writes == []


async def test_an_outcome_that_cannot_be_noted_is_still_told_with_a_word_about_it() -> None:
    trail = FullDisk()
    trail.room = 1
    outcome = await Desk(trail=trail).run(SLOWER)
    assert outcome.kind is Result.APPLIED
    assert "could not record this outcome" in outcome.next_step
    assert outcome.unrecorded == "No space left on device"


async def test_t3_what_to_do_about_an_unknown_one_is_said_also_where_it_cannot_be_noted() -> None:
    trail = FullDisk()
    trail.room = 1
    desk = Desk(trail=trail)
    desk.service.failing["write"] = lost(TimedOut)
    outcome = await desk.run(SLOWER)
    assert outcome.kind is Result.UNKNOWN
    assert outcome.next_step == (
        "Refresh and check before you send it again; the audit trail could not record this outcome"
        " (No space left on device)"
    )
    assert outcome.unrecorded == "No space left on device"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (lost(TimedOut), Result.UNKNOWN),
        (lost(Unreachable), Result.UNKNOWN),
        (lost(Unreachable, sent=False), Result.FAILED),
        (lost(TimedOut, sent=False), Result.FAILED),
        (lost(BadAnswer, status=200), Result.UNKNOWN),
        (lost(BadAnswer), Result.UNKNOWN),
        (lost(BadAnswer, status=299), Result.UNKNOWN),
        (lost(BadAnswer, status=300), Result.FAILED),
        (lost(BadAnswer, status=302), Result.FAILED),
        (lost(BadAnswer, status=303), Result.UNKNOWN),
        (lost(BadAnswer, status=304), Result.FAILED),
        (lost(ServerFailed, status=502), Result.UNKNOWN),
        (lost(ServerFailed, status=504), Result.UNKNOWN),
        (lost(ServerFailed, status=520), Result.UNKNOWN),
        (lost(ServerFailed, status=524), Result.UNKNOWN),
        (lost(ServerFailed, status=598), Result.UNKNOWN),
        (lost(ServerFailed, status=599), Result.UNKNOWN),
        (lost(ServerFailed, status=500), Result.FAILED),
        (lost(ServerFailed, status=503), Result.FAILED),
        (lost(ServerFailed, status=521), Result.FAILED),
        (lost(Throttled, status=429), Result.FAILED),
        (lost(NotAuthorised, status=401), Result.FAILED),
        (lost(Forbidden, status=403), Result.FAILED),
        (lost(Rejected, status=400, fields={"Interval": ("too short",)}), Result.FAILED),
        (lost(TlsFailed), Result.UNKNOWN),
        (lost(TlsFailed, sent=False), Result.FAILED),
        (lost(CredentialFailed), Result.FAILED),
        (lost(Moved, status=421), Result.FAILED),
        (lost(Moved, sent=False), Result.REFUSED),
    ],
    ids=lambda value: (
        f"{type(value).__name__} {value.status}" if isinstance(value, ErpError) else str(value)
    ),
)
async def test_a_lost_answer_is_unknown_and_a_refusal_is_a_failure(
    error: ErpError, kind: Result
) -> None:
    desk = Desk()
    desk.service.failing["write"] = error
    outcome = await desk.run(SLOWER)
    assert (outcome.kind, outcome.error) == (kind, error)
    is_lost = kind is Result.UNKNOWN
    doubt = "; whether it took effect is unknown" if is_lost else ""
    assert outcome.sentence == f"{'' if error.sent else 'nothing was sent: '}it went wrong{doubt}"
    assert outcome.next_step == ("Refresh and check before you send it again" if is_lost else "do this")
    assert desk.results == [kind.value]
    assert len(desk.service.writes) == 1


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (PluginAnswer(True, "Ok", "670 records"), Result.APPLIED, "670 records"),
        (PluginAnswer(True, "Warning"), Result.APPLIED, "Warning"),
        (PluginAnswer(False, "Error", "no\nmapping"), Result.FAILED, "no mapping"),
        (PluginAnswer(True, "Error", "hm"), Result.UNKNOWN, "doubtful"),
        (PluginAnswer(None, ""), Result.UNKNOWN, "doubtful"),
    ],
)
async def test_a_resync_is_judged_by_its_answer_and_not_by_200(
    answer: PluginAnswer, kind: Result, said: str
) -> None:
    desk = Desk()
    desk.service.answer = answer
    outcome = await desk.run(ForceResync(7, (1,)))
    assert outcome.kind is kind
    assert said in outcome.sentence
    assert outcome.result is answer
    assert desk.results == [kind.value]


async def test_a_doubt_that_the_error_tells_itself_is_told_once() -> None:
    desk = Desk()
    error = BadAnswer(system=System.JTL, sentence="no proper answer", status=200, in_doubt=True)
    desk.service.failing["write"] = error
    outcome = await desk.run(SLOWER)
    told = "no proper answer; whether it took effect is unknown"
    assert (outcome.kind, outcome.sentence) == (Result.UNKNOWN, told)


async def test_a_failure_keeps_the_doubt_of_its_error() -> None:
    desk = Desk()
    error = BadAnswer(system=System.JTL, sentence="no JSON", status=400, in_doubt=True)
    desk.service.failing["write"] = error
    outcome = await desk.run(SLOWER)
    told = "no JSON; whether it took effect is unknown"
    assert (outcome.kind, outcome.sentence) == (Result.FAILED, told)


async def test_a_write_cut_off_in_the_middle_is_noted_as_unknown() -> None:
    desk = Desk()
    desk.service.held["write"] = asyncio.Event()
    running = asyncio.create_task(desk.run(SLOWER))
    await desk.service.writing.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert desk.results == ["unknown"]
    assert desk.trail.records[-1]["sentence"] == (
        "interrupted before the response came; whether it took effect is unknown"
    )


async def test_a_fault_of_ours_in_the_middle_is_noted_as_unknown_and_goes_on() -> None:
    desk = Desk()
    desk.service.failing["write"] = RuntimeError("a bug")
    with pytest.raises(RuntimeError):
        await desk.run(SLOWER)
    assert desk.results == ["unknown"]
    assert (
        desk.trail.records[-1]["sentence"]
        == "internal error in syncdeck; whether it was applied is unknown"
    )


class SlowDisk(MemoryTrail):
    """A trail that keeps an attempt as soon as a test lets it."""

    def __init__(self, failure: OSError | None = None) -> None:
        super().__init__()
        self.asked, self.gate, self.failure = asyncio.Event(), asyncio.Event(), failure

    async def attempt(self, attempt: Attempt) -> str:
        self.asked.set()
        await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        return await super().attempt(attempt)


async def test_what_is_cancelled_while_it_is_being_noted_is_not_sent_and_its_end_is_noted() -> None:
    trail = SlowDisk()
    desk = Desk(trail=trail)
    running = asyncio.create_task(desk.run(SLOWER))
    await trail.asked.wait()
    running.cancel()
    trail.gate.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    attempt, ending = trail.records
    assert attempt["id"] == ending["id"]
    assert (ending["result"], ending["sentence"]) == ("not sent", "cancelled before it was sent")
    assert desk.service.writes == []


async def test_an_attempt_that_is_cancelled_and_cannot_be_noted_leaves_nothing() -> None:
    trail = SlowDisk(OSError(28, "No space left on device"))
    desk = Desk(trail=trail)
    running = asyncio.create_task(desk.run(SLOWER))
    await trail.asked.wait()
    running.cancel()
    trail.gate.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert (trail.records, desk.service.writes) == ([], [])


async def test_who_cancels_twice_still_leaves_an_outcome() -> None:
    trail = SlowDisk()
    desk = Desk(trail=trail)
    running = asyncio.create_task(desk.run(SLOWER))
    await trail.asked.wait()
    running.cancel()
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    trail.gate.set()
    for _ in range(9):
        await asyncio.sleep(0)
    assert desk.results == ["not sent"]


async def test_an_operation_sends_nothing_but_its_own_command() -> None:
    desk = Desk()
    stop = ControlWorker("a1", ControlAction.STOP)
    for operation_id in ("worker.start", "worker.configure", "refresh"):
        with pytest.raises(ValueError, match=operation_id):
            await desk.guard.run(Proposal(OPERATIONS[operation_id], stop, ""))
    assert (desk.service.writes, desk.trail.records) == ([], [])


async def test_the_trail_says_who_what_where_before_and_after() -> None:
    desk = Desk()
    await desk.run(SLOWER)
    attempt = desk.trail.records[0]
    assert attempt["time"] == START.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert attempt["user"]
    assert attempt["host"]
    told = {
        name: attempt[name]
        for name in ("profile", "environment", "operation", "targets", "before", "after")
    }
    assert told == {
        "profile": "acme",
        "environment": "staging",
        "operation": "worker.configure",
        "targets": ["a1"],
        "before": {"Interval": "5m"},
        "after": {"Interval": "10m"},
    }
    assert attempt["sent"] == {"interval": "00:10:00"}


def test_a_preview_sends_nothing() -> None:
    desk = Desk()
    assert desk.guard.preview(SLOWER).url == "https://erp.example"
    assert desk.service.writes == []


WRITING = frozenset(
    {
        "configure_worker",
        "control_worker",
        "create_extension",
        "update_extension",
        "delete_extension",
        "push_manifest",
        "force_resync",
        "change_engine_status",
        "change_engine_interval",
        "sync_all",
        "toggle_connection",
        "update_connection_fields",
        "save_priorities",
    }
)


def test_writes_leave_through_their_kinds_alone_and_these_send_in_the_guard_alone() -> None:
    root = Path(tui.__file__).parent
    senders, runners = set(), set()
    for path in root.rglob("*.py"):
        if path.relative_to(root).parts[0] in ("api", "simulator"):
            continue
        text = path.read_text()
        if ".send" not in text and not any(name in text for name in WRITING):
            continue
        nodes = [*ast.walk(ast.parse(text))]
        used = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        sends = any(
            isinstance(node, ast.Call) and node.args and getattr(node.func, "attr", "") == "send"
            for node in nodes
        )
        name = path.relative_to(root).as_posix()
        senders |= {name} if used & WRITING else set()
        runners |= {name} if sends else set()
    modules = {type(kind).__module__.replace(".", "/").removeprefix("tui/") for kind in kinds()}
    assert senders == {f"{module}.py" for module in modules}
    assert runners == {"ops/execution/guard.py"}


async def test_a_profile_that_is_locked_while_the_attempt_is_noted_is_not_written_to() -> None:
    class Slow(MemoryTrail):
        async def attempt(self, attempt: Attempt) -> str:
            desk.guard.lock()
            return await MemoryTrail.attempt(self, attempt)

    desk = Desk(read_only=True, trail=Slow())
    assert desk.guard.unlock("acme")
    outcome = await desk.guard.run(Proposal(OPERATIONS["worker.configure"], SLOWER, "", CHANGES))
    assert outcome.kind is Result.REFUSED
    assert outcome.sentence.startswith("nothing was sent: profile acme is read-only: ")
    assert desk.service.writes == []
    assert [record.get("result") for record in desk.trail.records] == [None, "refused"]
    assert {record["id"] for record in desk.trail.records} == {outcome.attempt}
