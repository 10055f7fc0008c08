"""What the answer to a write says of it, before anything is compared. Pure.

A success by status may still be a refusal: a resync answers 200 also where it failed, a toggle with
the reasons why it did not happen (superoffice-erpsync §5, §11).
"""

from datetime import datetime

from tui.domain.changes import (
    ChangeEngineStatus,
    ControlWorker,
    ForceResync,
    SavePriorities,
    ToggleConnection,
    UpdateConnectionFields,
    Write,
)
from tui.domain.resync import PluginAnswer
from tui.domain.text import one_line
from tui.ops.findings import before_again
from tui.ops.outcome import Outcome, OutcomeKind
from tui.ops.trail import Accepted


def outcome_of(write: Write, result: object, at: datetime) -> Outcome:
    """What became of `write`, whose answer is `result`."""
    match write, result:
        case _, PluginAnswer():
            return _of_plugin(write, result, at)
        case ToggleConnection(), (_, *_):
            return _refused_toggle(tuple(map(str, result)), at)
        case UpdateConnectionFields() | SavePriorities(), False:
            sentence = "the server answered false: it was not done, without a reason"
            return Outcome(OutcomeKind.FAILED, sentence, "Look at its log", at)
        case _:
            said, accepted = _ACCEPTED.get(type(write), ("applied", None))
            return Outcome(OutcomeKind.APPLIED, said, "", at, result=result, accepted_as=accepted)


_ACCEPTED: dict[type[Write], tuple[str, Accepted]] = {
    ControlWorker: ("handed over to the JTL-Worker", Accepted.HANDED_OVER),
    ChangeEngineStatus: ("requested", Accepted.REQUESTED),
    ForceResync: ("queued as a batch task; its number is not told", Accepted.QUEUED),
}


def _refused_toggle(reasons: tuple[str, ...], at: datetime) -> Outcome:
    """Every reason in full, each on a line of its own."""
    told = "\n".join(f"· {one_line(reason)}" for reason in reasons)
    sentence = f"it was not done, for these reasons:\n{told}"
    return Outcome(OutcomeKind.FAILED, sentence, "Set this right in SuperOffice, then try again", at)


def _of_plugin(write: Write, answer: PluginAnswer, at: datetime) -> Outcome:
    said = one_line(answer.explanation) or answer.status or "no explanation"
    if answer.doubtful:
        sentence = f"the answer is doubtful ({answer.doubtful}): {said}"
        return Outcome(OutcomeKind.UNKNOWN, sentence, before_again(write), at, result=answer)
    if answer.ok:
        return Outcome(OutcomeKind.APPLIED, said, "", at, result=answer)
    next_step = "Open the answer for the technical explanation"
    return Outcome(OutcomeKind.FAILED, said, next_step, at, result=answer)
