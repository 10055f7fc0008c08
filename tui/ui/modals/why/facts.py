"""Explanations as facts: what is so, when it was seen, the next step with its key, and how one sees that
it worked; the team's runbooks below ours."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from tui.domain.history.clock_text import clock_text
from tui.domain.runbooks import Runbook
from tui.domain.why.explanation import Certainty, Explanation, Step, Why, without_repeats
from tui.ops.operations.operation import Operation
from tui.ui.widgets.fact_list import Fact, TonedLabel

TEAM = "From your team"
_TONES = {Certainty.KNOWN: "error", Certainty.LIKELY: "warning"}


def facts_of(
    why: Why,
    runbooks: Iterable[Runbook],
    now: datetime,
    steps: Mapping[str, Operation],
    refusal: Callable[[Operation], str | None],
) -> tuple[Fact, ...]:
    """`steps`: the operations that can be run from there, by id; `refusal`: why one is not allowed now,
    or None."""

    def step(word: str, step: Step) -> Fact:
        operation = steps.get(step.operation)
        if operation is None:
            return TonedLabel(word, "step"), step.text
        reason = refusal(operation)
        label = TonedLabel(f"{word}  {operation.key}", "step")
        return label, f"{step.text} (not now: {reason})" if reason else step.text

    ours = (_explained(one, now, step) for one in without_repeats(why.explanations))
    teams = (_written(one) for one in runbooks)
    facts = [fact for part in ours for fact in (("", ""), *part)][1:]
    team = [fact for part in teams for fact in part]
    return (*facts, *([("", ""), (TEAM, ""), *team] if team else ()))


def _explained(
    explanation: Explanation, now: datetime, as_fact: Callable[[str, Step], Fact]
) -> Iterator[Fact]:
    tone = _TONES[explanation.certainty] if explanation.is_problem else ""
    yield TonedLabel(explanation.certainty.value, tone), explanation.sentence
    for one in explanation.evidence:
        yield "" if one.at is None else clock_text(one.at, now, seconds=True), one.text
    for number, step in enumerate(explanation.steps):
        yield as_fact("then" if number else "next", step)
    if explanation.worked:
        yield "worked if", explanation.worked


def _written(runbook: Runbook) -> Iterator[Fact]:
    for label, text in zip(("do", "read", "call"), runbook.item.values(), strict=True):
        if text:
            yield label, text
