"""What the answer to a write says of it, before anything is compared. Pure.

A success by status may still be a refusal: a resync answers 200 also where it failed, a toggle with
the reasons why it did not happen (superoffice-erpsync §5, §11). And it may prove nothing: what comes
without values, or takes effect later, is accepted at most.
"""

from datetime import datetime

from tui.domain.changes import (
    SEEN_AFTER,
    SILENT,
    ChangeEngineStatus,
    ControlWorker,
    ForceResync,
    SavePriorities,
    SyncAll,
    ToggleConnection,
    UpdateConnectionFields,
    Write,
)
from tui.domain.resync import PluginAnswer
from tui.domain.text import one_line
from tui.ops.findings import before_again
from tui.ops.outcome import Outcome, OutcomeKind


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
            said = _ACCEPTED.get(type(write), "")
            if said or isinstance(write, (*SEEN_AFTER, *SILENT)):
                return Outcome(OutcomeKind.ACCEPTED, said or "accepted", "", at, result=result)
            return Outcome(OutcomeKind.APPLIED, "applied", "", at, result=result)


_ACCEPTED: dict[type[Write], str] = {
    ControlWorker: "accepted by the JTL-Worker",
    ChangeEngineStatus: "accepted by SuperOffice",
    ForceResync: "accepted: queued as a batch task, whose number is not reported",
}
"""Of those that take effect later."""


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
        kind = OutcomeKind.ACCEPTED if isinstance(write, SyncAll) else OutcomeKind.APPLIED
        return Outcome(kind, said, "", at, result=answer)
    next_step = "Open the answer for the technical explanation"
    return Outcome(OutcomeKind.FAILED, said, next_step, at, result=answer)
