"""What became of a step by what is seen at the end. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from tui.api.errors import ServerFailed, Throttled
from tui.domain.jtl.workers import Worker, WorkerStatus
from tui.domain.maintenance.doubt import ARRIVES_WITHIN, SETTLED_AFTER, Clocks, arriving, has_gone_off
from tui.domain.maintenance.records import MemberKind, NotedTarget, Step
from tui.domain.maintenance.rules import Act, Decision, Seen, Target, is_busy, seen_of
from tui.domain.result import Result
from tui.ops.execution.outcome import Outcome
from tui.ops.targets.target import TargetRow
from tui.paths import reason_of

_UP = (Seen.ON, Seen.IDLE)
DOWN = (Seen.OFF, Seen.STOPPING)
_SETTLES_WITHIN = timedelta(minutes=1)
"""As long as an accepted stop is watched at other times."""


def result_of_stop(outcome: Outcome) -> Result:
    """A server that failed may have done the work, or may still do it: as uncertain as a lost response.
    It did not where it refused the request, as for its rate limit (429)."""
    error = outcome.error
    is_failed = isinstance(error, ServerFailed) or (isinstance(error, Throttled) and error.status == 503)
    is_open = is_failed and outcome.kind is Result.FAILED
    return Result.UNKNOWN if is_open else outcome.kind


def is_settling(target: NotedTarget, row: Target | None, now: datetime) -> bool:
    """Whether its stop was accepted just now, and has its time to take effect."""
    step = target.stop
    return (
        step is not None
        and step.result is Result.ACCEPTED
        and abs(now - step.at) < _SETTLES_WITHIN
        and seen_of(row) is Seen.ON
    )


def gone_on_with(target: NotedTarget, row: Target | None, clocks: Clocks) -> tuple[NotedTarget, bool]:
    """What is noted of a target whose opening is gone on with, and whether a stop is sent to it."""
    noted = resumed(target, seen_of(row), clocks)
    if noted is not None:
        return noted, False
    noted = without_old_doubt(target, row, clocks)
    late = arriving(noted, clocks)
    if late is None:
        return noted, True
    then = f"go on {clocks.then(late, ARRIVES_WITHIN)}"
    return noted.with_stop(Step(clocks.ours, Result.NOT_SENT, "", then)), False


def resumed(target: NotedTarget, seen: Seen, clocks: Clocks) -> NotedTarget | None:
    """What is noted of a target whose opening was interrupted; None: it is stopped, or once more."""
    step = target.stop
    if step is None or not step.may_have_effect or seen is Seen.ON:
        return None
    if seen in DOWN and not step.is_doubtful:
        return gone_off(target, seen)
    if not step.is_doubtful:
        return target
    if seen is Seen.OFF and has_gone_off(target, clocks):
        return gone_off(target, seen)
    sentence = "it does not run, and whether our stop did that is unknown"
    if (late := arriving(target, clocks)) is not None:
        sentence += f"; go on {clocks.then(late, ARRIVES_WITHIN)}"
    return replace(target, stop=replace(step, result=Result.UNKNOWN, sentence=sentence))


def without_old_doubt(target: NotedTarget, row: Target | None, clocks: Clocks) -> NotedTarget:
    """A stop that is too old to take effect any more had none, if the target is on."""
    step = target.stop
    if step is None or not step.is_pending or seen_of(row) is not Seen.ON or is_busy(row):
        return target
    may_come = clocks.may_come(step, SETTLED_AFTER)
    return target if may_come else replace(target, stop=None, earlier=None)


def gone_off(target: NotedTarget, seen: Seen = Seen.OFF) -> NotedTarget:
    """Its stop had its effect, by what is seen now."""
    if target.stop is None:
        return target
    stop = replace(target.stop, result=Result.APPLIED, sentence=f"now {seen.name.lower()}")
    return replace(target, stop=stop, earlier=None)


def looked_at(target: NotedTarget, seen: Seen, clocks: Clocks, *, opening: bool) -> Step | None:
    """Its step by what is seen at the end; None: nothing new."""
    step = target.stop if opening else target.start
    if step is None or step.result not in (Result.APPLIED, Result.ACCEPTED, Result.UNKNOWN):
        return None
    result = (
        _stop_result(target, step, seen, clocks)
        if opening
        else _start_result(target, step, seen, clocks)
    )
    if result is step.result:
        return None
    words = "; ".join(filter(None, (step.sentence, f"at the end {seen.name.lower()}")))
    return replace(step, at=clocks.ours, result=result, sentence=words)


def _stop_result(target: NotedTarget, step: Step, seen: Seen, clocks: Clocks) -> Result | None:
    if step.result is Result.ACCEPTED:
        return Result.APPLIED if seen is Seen.OFF else step.result
    is_gone = step.result is Result.UNKNOWN and seen is Seen.OFF and has_gone_off(target, clocks)
    return Result.APPLIED if is_gone else step.result


def _start_result(target: NotedTarget, step: Step, seen: Seen, clocks: Clocks) -> Result | None:
    if seen in _UP:
        # A toggle that arrives late would turn it off again.
        flips = target.kind is MemberKind.CONNECTION and step.is_doubtful
        return step.result if flips and arriving(target, clocks) else Result.APPLIED
    if seen is Seen.LOCKED and _has_arrived(target, step, clocks):
        return Result.NOT_APPLIED
    return Result.NOT_APPLIED if step.result is Result.APPLIED else step.result


def of_not_started(one: Decision, earlier: Step | None, clocks: Clocks) -> Step:
    """What is noted of a target that closing does not start, and why; `earlier`: its start before."""
    text = ". ".join(filter(None, (one.sentence, one.step)))
    if earlier is not None and one.target.is_start_in_doubt:
        if one.shows_start:
            return replace(earlier, result=Result.APPLIED, sentence=text)
        if one.seen is Seen.LOCKED and _has_arrived(one.target, earlier, clocks):
            return replace(earlier, result=Result.NOT_APPLIED, sentence=text)
    result = Result.UNCHANGED if one.act is Act.LEAVE else Result.NOT_SENT
    return Step(clocks.ours, result, "", text)


def _has_arrived(target: NotedTarget, start: Step, clocks: Clocks) -> bool:
    """Whether a start whose effect was not seen can have none any more while its target is locked."""
    return start.result is Result.ACCEPTED or arriving(target, clocks) is None


def lock_words(seen: Iterable[Seen]) -> str:
    """What has to be done before the rest can be closed; empty: nothing is locked."""
    count = sum(one is Seen.LOCKED for one in seen)
    return f"{count} locked: unlock the account{'s' * (count > 1)} first" if count else ""


def row_now(row: Target, now: TargetRow | None) -> Target | None:
    if isinstance(row, Worker):
        return replace(row, status=now) if isinstance(now, WorkerStatus | None) else row
    return now if isinstance(now, type(row)) else None


def unwritten(failure: OSError) -> str:
    return f"the journal cannot be written: {reason_of(failure)}"
