"""The result of each target of `run`, as a line, as JSON, and as an exit code."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tui.api.errors import Conflict, ErpError, NotFound, PreconditionFailed, Rejected
from tui.api.service import RequestPreview
from tui.domain.result import Result
from tui.domain.superoffice.plugin_response import PluginAnswer
from tui.domain.timestamps import stamp
from tui.frozen import frozen
from tui.headless import exit_codes as exitcodes
from tui.headless.output import json_text, line, masked_line
from tui.ops.execution.outcome import Outcome
from tui.ops.execution.resync_report import did_nothing
from tui.ops.execution.state_watch import RunEnd

NOT_SENT, UNCHANGED = Result.NOT_SENT, Result.UNCHANGED
_ANSWERED_NO = (Rejected, Conflict, NotFound, PreconditionFailed)
"""Outcomes in which the server works and refuses: not a failure of the system."""


@frozen
class RunResult:
    target: str
    id: str | None = None
    """The server's identifier; None where no target matched."""
    result: Result = NOT_SENT
    sentence: str = ""
    next_step: str = ""
    request: RequestPreview | None = None
    code: int = exitcodes.HEALTHY
    """The exit code that this target alone leads to."""
    details: tuple[str, ...] = ()
    """More of the server's response, one line each."""
    did_nothing: bool = False
    """Whether it was sent, or tried, and certainly had no effect."""
    problems: tuple[str, ...] = ()
    """Everything that is wrong with the request, one sentence each."""
    attempt: str = ""
    """Its id in the audit trail; empty where nothing was recorded."""
    unrecorded: str = ""
    """Why the audit trail is incomplete; empty: it is complete."""
    run: RunEnd | None = None
    """How the first run ended; None: it was not waited for, or nothing was started."""

    def ended(self, outcome: Outcome, *, accepted_is_well: bool = False) -> "RunResult":
        """The result of an outcome; `accepted_is_well`: no effect is waited for, or none can be
        observed."""
        answer = outcome.result if isinstance(outcome.result, PluginAnswer) else None
        # A failed response has no screen of its own here: its technical explanation is printed below.
        opens = answer is not None and answer.ok is False
        return replace(
            self,
            result=outcome.kind,
            sentence=outcome.sentence,
            next_step="" if opens else outcome.next_step,
            code=_code(outcome, accepted_is_well=accepted_is_well),
            details=() if answer is None else tuple(_details(answer)),
            did_nothing=did_nothing(outcome),
        ).recorded(outcome.attempt, outcome.unrecorded)

    def recorded(self, attempt: str, why_not: str) -> "RunResult":
        """With the state of its audit record: a gap in it needs attention."""
        code = exitcodes.worst((self.code, exitcodes.ATTENTION)) if why_not else self.code
        return replace(self, attempt=attempt, unrecorded=why_not, code=code)

    @property
    def audit(self) -> str | None:
        """Whether the audit trail holds it; None where nothing was to be recorded."""
        if self.unrecorded:
            return f"not recorded: {self.unrecorded}"
        return "recorded" if self.attempt else None

    def became(self, result: Result, sentence: str, code: int, next_step: str = "") -> "RunResult":
        return replace(self, result=result, sentence=sentence, code=code, next_step=next_step)


def _details(answer: PluginAnswer) -> Iterator[str]:
    """The status if it is more than success or failure, what changed, and the technical explanation."""
    if answer.ok and answer.status != "Ok":
        yield answer.word
    yield answer.changed
    if answer.error_code:
        yield f"error code {answer.error_code}"
    yield from answer.technical.splitlines()


def _code(outcome: Outcome, *, accepted_is_well: bool) -> int:
    match outcome.kind:
        case Result.APPLIED | Result.UNCHANGED:
            return exitcodes.HEALTHY
        case Result.ACCEPTED if accepted_is_well:
            return exitcodes.HEALTHY
        case Result.FAILED | Result.REFUSED if outcome.error is not None:
            return code_of(outcome.error)
        case Result.REFUSED:
            return exitcodes.UNUSABLE
        case _:
            return exitcodes.ATTENTION


def code_of(error: ErpError) -> int:
    if isinstance(error, _ANSWERED_NO):
        return exitcodes.ATTENTION
    return exitcodes.state_of(error).code or exitcodes.ATTENTION


def as_line(result: RunResult) -> str:
    """`applied · Temu · Temu DE: now off`."""
    text = ". ".join(masked_line(text) for text in (result.sentence, result.next_step) if text)
    return f"{result.result} · {line(result.target)}: {text}"


def as_lines(result: RunResult) -> str:
    """The same, followed by the details of the response, one line each."""
    return "\n".join(
        (as_line(result), *(f"    {masked_line(text)}" for text in result.details if text.strip()))
    )


def as_json(profile: str, operation: str, results: Sequence[RunResult]) -> str:
    """The document; its keys are a contract."""
    return json_text(
        {
            "profile": profile,
            "operation": operation,
            "results": [_item(result) for result in results],
        }
    )


def _item(result: RunResult) -> Mapping[str, object]:
    request = result.request
    return {
        "target": line(result.target),
        "id": result.id,
        "result": result.result.value,
        "sentence": masked_line(result.sentence) or None,
        "next_step": masked_line(result.next_step) or None,
        "audit": result.audit and line(result.audit),
        **({"run": _run(result.run)} if result.run else {}),
        "request": None
        if request is None
        else {"method": request.method, "url": request.url, "body": _body(request.body)},
    }


def _run(run: RunEnd) -> Mapping[str, object]:
    return {
        "result": "unknown" if run.is_good is None else "ok" if run.is_good else "failed",
        "state": line(run.state),
        "message": masked_line(run.text) or None,
        "seen_at": stamp(run.at),
        "recovered": run.has_recovered,
    }


def _body(text: str) -> object:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text
