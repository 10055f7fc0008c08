"""What a rule found: a sentence with its evidence, and what to do next. Frozen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from tui.domain.health.rules import Verdict
from tui.domain.history.records import Subject
from tui.frozen import frozen


class Certainty(StrEnum):
    KNOWN = "known"
    """The server or the audit trail says so."""
    LIKELY = "likely"
    """Inferred from what was seen."""


@frozen
class Evidence:
    at: datetime | None
    """When it was so, by our clock; None: it has no time of its own."""
    text: str


@frozen
class Step:
    operation: str
    """Its id in the operation table, to be run from there; empty: it is done outside syncdeck."""
    text: str


@frozen
class Explanation:
    id: str
    certainty: Certainty
    sentence: str
    """On one line, without a full stop."""
    evidence: tuple[Evidence, ...] = ()
    steps: tuple[Step, ...] = ()
    """In their order."""
    worked: str = ""
    """How one sees that the steps worked, after *it worked when*; empty: nothing is to be done."""
    is_problem: bool = True
    """False: it explains a state that needs nobody."""


@frozen
class Why:
    """The answer for one target."""

    subject: Subject
    verdict: Verdict
    explanations: tuple[Explanation, ...]
    """At most three; what is known comes before what is likely."""

    @property
    def is_wrong(self) -> bool:
        return self.verdict.needs_attention or any(one.is_problem for one in self.explanations)


def without_repeats(explanations: Sequence[Explanation]) -> tuple[Explanation, ...]:
    """For a screen: evidence that an earlier explanation already has is left out."""
    said: set[Evidence] = set()
    kept = []
    for one in explanations:
        kept.append(replace(one, evidence=tuple(it for it in one.evidence if it not in said)))
        said.update(one.evidence)
    return tuple(kept)
