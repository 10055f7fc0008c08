"""Changes the time between two runs of the engine."""

from collections.abc import Iterator, Mapping

from tui.api.service import ErpService
from tui.domain.baseline import Baseline, of_engine_interval
from tui.domain.intervals import Interval, short, timespan
from tui.domain.superoffice.engine import ENGINE_NAME, EngineStatus
from tui.domain.text import one_line
from tui.domain.writes import ChangeEngineInterval, FieldChange
from tui.ops.audit.json_values import Sent, given, text
from tui.ops.operations.base import EngineKind
from tui.ops.operations.registry import OPERATIONS
from tui.ops.proposals.proposal import NOTHING_CHANGED, Planned, Proposal
from tui.ops.refusal import Refusal
from tui.ops.targets.operand import TheEngine
from tui.ops.targets.target import TargetRow, baseline_of
from tui.ops.text_commands import parameter_values as values
from tui.ops.text_commands.request import Request
from tui.ops.text_commands.setting import Setting
from tui.ops.undo.applied_change import NOT_KNOWN, NOT_READ, AppliedChange, is_newer, with_notes
from tui.store.snapshot import Snapshot, Topic
from tui.store.store import Store

_SHORT_INTERVAL = 300.0
_SHORTEST_INTERVAL = 60.0
"""Seconds; the shortest documented interval, about (superoffice PROTOCOL §1)."""


class EngineIntervalKind(EngineKind[ChangeEngineInterval]):
    operations = (OPERATIONS["engine.interval"],)
    commands = (ChangeEngineInterval,)
    settings = (Setting("interval", "The time between two runs.", "interval=15m", required=True),)

    async def send(self, service: ErpService, write: ChangeEngineInterval) -> None:
        await service.superoffice.change_engine_interval(write)

    def wanted(self, write: ChangeEngineInterval) -> Mapping[str, str]:
        return {"Interval": Interval.read(write.interval).shown}

    def baseline(self, write: ChangeEngineInterval, row: TargetRow | None) -> Baseline:
        return of_engine_interval(row) if isinstance(row, EngineStatus) else baseline_of(row)

    def accepted(self, write: ChangeEngineInterval) -> str:
        return "accepted"

    def requested(self, write: ChangeEngineInterval) -> str:
        return f"interval {Interval.read(write.interval).shown}"

    def rebased(self, proposal: Proposal, write: ChangeEngineInterval, row: EngineStatus) -> Planned:
        return engine_interval(row, Interval.read(write.interval).seconds or 0.0, proposal.rests_on)

    def values(self, write: ChangeEngineInterval, row: object) -> Sent:
        """In the server's text."""
        return given(interval=row.interval.raw) if isinstance(row, EngineStatus) else {}

    def invert(self, change: AppliedChange, write: ChangeEngineInterval, store: Store) -> Planned:
        if not change.was:
            return NOT_KNOWN
        raw = text(change.was["interval"])
        was = Interval.read(raw)
        if was.seconds is None or was.seconds <= 0 or was.seconds != int(was.seconds):
            return Refusal(f"it was {one_line(raw)} before, which is not a valid interval")
        snapshot = store.snapshot(Topic.ENGINE)
        now = snapshot.data
        if now is None or not is_newer(snapshot, change):
            return NOT_READ
        left = Interval.read(text(change.left.get("interval", write.interval)))
        pace = now.interval
        drift = () if pace.seconds == left.seconds else (f"Interval is {pace.shown}, not {left.shown}",)
        return with_notes(engine_interval(now, was.seconds, snapshot), [], iter(drift))

    def propose(self, request: Request) -> Planned:
        status = request.target_as(TheEngine).status
        return engine_interval(status, values.interval(request.texts["interval"]), request.rests_on)


def engine_interval(
    status: EngineStatus | None, seconds: float, rests_on: Snapshot[object] | None = None
) -> Planned:
    if status is None:
        return Refusal("no response received, so its interval is unknown")
    if seconds == status.interval.seconds:
        return NOTHING_CHANGED
    operation = OPERATIONS["engine.interval"]
    note = "it is not documented when the engine applies it"
    return Proposal(
        operation,
        ChangeEngineInterval(timespan(seconds)),
        ENGINE_NAME,
        changes=(FieldChange("Interval", status.interval.shown, short(seconds), note),),
        consequences=(operation.consequence,),
        warnings=tuple(_interval_warnings(seconds)),
        rests_on=rests_on,
        baseline=of_engine_interval(status),
    )


def _interval_warnings(seconds: float) -> Iterator[str]:
    if seconds < _SHORTEST_INTERVAL:
        yield "under a minute: only intervals of about a minute or more are documented"
    if seconds < _SHORT_INTERVAL:
        yield (
            "under five minutes: SuperOffice advises against short intervals; a run over all"
            " connections may still be in progress when the next one is due"
        )
