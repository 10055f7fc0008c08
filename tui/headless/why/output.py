"""The answer of `why` for people and as JSON. The keys of the document are a contract."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from tui.domain.history.clock_text import clock_text
from tui.domain.history.observing import kept_text
from tui.domain.profile import suggested_command
from tui.domain.runbooks import Runbook
from tui.domain.timestamps import stamp
from tui.domain.why.explanation import Explanation, Step, Why, without_repeats
from tui.headless.output import line, masked_line
from tui.ops.operations.operation import Danger
from tui.ops.operations.registry import OPERATIONS

_INDENT = "   "
_UNTIMED = " " * 8


def document(why: Why) -> Mapping[str, object]:
    return {
        "target": line(why.subject.key),
        "level": why.verdict.level.name.lower(),
        "explanations": [_explanation(one) for one in why.explanations],
    }


def _explanation(one: Explanation) -> Mapping[str, object]:
    steps = [*one.steps, *([Step("", f"it worked when {one.worked}")] if one.worked else [])]
    return {
        "id": one.id,
        "certainty": one.certainty.value,
        "sentence": masked_line(one.sentence),
        "evidence": [{"at": stamp(it.at), "text": masked_line(it.text)} for it in one.evidence],
        "steps": [{"operation": it.operation or None, "text": line(it.text)} for it in steps],
    }


def as_text(why: Why, word: str, profile: str, now: datetime, screen: int | None) -> Iterator[str]:
    """A head, then each explanation with its evidence and steps. `word`: what names the target."""
    name = why.subject.name or why.subject.key
    yield from _wrapped(f"{masked_line(name)}: {kept_text(why.verdict.summary)}", "", screen)
    yield f"times are in UTC; now {now:%H:%M:%S}"
    for number, one in enumerate(without_repeats(why.explanations), 1):
        yield ""
        yield from _wrapped(f"{number}. {one.sentence} ({one.certainty})", "", screen)
        for it in one.evidence:
            at = clock_text(it.at, now, seconds=True) if it.at is not None else _UNTIMED
            yield from _wrapped(f"{at}  {it.text}", _INDENT, screen, len(at) + 2)
        for step in one.steps:
            yield from _wrapped(f"→ {step.text}{_how(step, word, profile)}", _INDENT, screen, 2)
        if one.worked:
            yield from _wrapped(f"✔ it worked when {one.worked}", _INDENT, screen, 2)


def team_text(runbooks: Iterable[Runbook], screen: int | None) -> Iterator[str]:
    for number, one in enumerate(runbooks):
        yield from () if number else ("", "From your team:")
        yield from _wrapped(f"→ {one.line}", _INDENT, screen, 2)


def _how(step: Step, word: str, profile: str) -> str:
    """How to run the operation of a step from here, or which key of the console does it."""
    operation = OPERATIONS.get(step.operation)
    if operation is None:
        return ""
    if operation.danger is Danger.READ:
        return f" (key {operation.key} in the console)"
    return f": {suggested_command(line(profile), 'run', operation.id, line(word))}"


def _wrapped(text: str, indent: str, screen: int | None, hang: int = 3) -> Iterator[str]:
    text = masked_line(text)
    if screen is None:
        yield f"{indent}{text}"
        return
    yield from textwrap.wrap(
        text,
        screen,
        initial_indent=indent,
        subsequent_indent=indent + " " * hang,
        break_long_words=False,
    )
