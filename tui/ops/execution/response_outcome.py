"""The outcome of a write by its response, before values are compared.

A success status may still be a refusal: a failed resync returns 200, a toggle returns the reasons why it
was not done (superoffice PROTOCOL §5, §11). And it may prove nothing: a response without values, or for
an effect that comes later, means accepted at most.
"""

from datetime import datetime

from tui.domain.result import Result
from tui.domain.superoffice.plugin_response import PluginAnswer
from tui.domain.text import one_line
from tui.domain.writes import Write
from tui.ops.execution.outcome import Outcome
from tui.ops.operations.kinds import kind_of


def outcome_of(write: Write, result: object, at: datetime) -> Outcome:
    if isinstance(result, PluginAnswer):
        return _of_plugin(write, result, at)
    kind = kind_of(write)
    refused = kind.refused(result)
    if refused is not None:
        return Outcome(Result.FAILED, refused.sentence, refused.next_step, at)
    said = kind.accepted(write)
    if said:
        return Outcome(Result.ACCEPTED, said, "", at, result=result)
    return Outcome(Result.APPLIED, "applied", "", at, result=result)


def _of_plugin(write: Write, answer: PluginAnswer, at: datetime) -> Outcome:
    said = one_line(answer.explanation) or answer.status or "no explanation"
    if answer.doubtful:
        sentence = f"the response is doubtful ({answer.doubtful}): {said}"
        return Outcome(Result.UNKNOWN, sentence, kind_of(write).before_again, at, result=answer)
    if answer.ok:
        kind = Result.APPLIED if kind_of(write).shows_effect(write) else Result.ACCEPTED
        return Outcome(kind, said, "", at, result=answer)
    next_step = "Open the response for the technical explanation"
    return Outcome(Result.FAILED, said, next_step, at, result=answer)
