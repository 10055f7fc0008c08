"""What became of a step by what is seen at the end. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from tui.domain.jtl.workers import Worker, WorkerStatus
from tui.domain.maintenance.records import NotedTarget, Step
from tui.domain.maintenance.rules import Seen, Target, seen_of
from tui.domain.result import Result
from tui.ops.targets.target import TargetRow
from tui.paths import reason_of

_UP = (Seen.ON, Seen.IDLE)
_SETTLES_WITHIN = timedelta(minutes=1)
"""As long as an accepted stop is watched at other times."""


def is_settling(target: NotedTarget, row: Target | None, now: datetime) -> bool:
    """Whether its stop was accepted just now, and has its time to take effect."""
    step = target.stop
    return (
        step is not None
        and step.result is Result.ACCEPTED
        and abs(now - step.at) < _SETTLES_WITHIN
        and seen_of(row) is Seen.ON
    )


def stop_result(result: Result | None, seen: Seen) -> Result | None:
    if result is Result.ACCEPTED:
        return {Seen.OFF: Result.APPLIED, Seen.ON: Result.UNKNOWN}.get(seen, result)
    return result


def start_result(step: Step, seen: Seen) -> Result | None:
    if seen in _UP:
        return Result.APPLIED
    return Result.NOT_APPLIED if step.result is Result.APPLIED else step.result


def row_now(row: Target, now: TargetRow | None) -> Target | None:
    if isinstance(row, Worker):
        return replace(row, status=now) if isinstance(now, WorkerStatus | None) else row
    return now if isinstance(now, type(row)) else None


def unwritten(failure: OSError) -> str:
    return f"the journal cannot be written: {reason_of(failure)}"
