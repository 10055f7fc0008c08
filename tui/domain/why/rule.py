"""One rule: when it applies, and what it then says."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from enum import Enum, auto
from typing import TypeAlias

from tui.domain.history.clock_text import clock_text
from tui.domain.history.observing import kept_text
from tui.domain.history.records import LONGEST_TEXT
from tui.domain.text import brief, clean
from tui.domain.why.explanation import Certainty, Evidence, Explanation, Step
from tui.domain.why.facts import Action, Facts
from tui.frozen import frozen

_LONGEST_QUOTE = 120
_NAMED = 3


class Role(Enum):
    CAUSE = auto()
    """What is behind a state; if it is known, the state needs no words of its own."""
    STATE = auto()
    """What a state itself says."""
    BESIDE = auto()
    """It is true beside the state: a row that cannot be read, a list that is old."""


@frozen
class Found:
    """What a rule says of the facts that it applies to."""

    sentence: str
    evidence: tuple[Evidence, ...] = ()
    steps: tuple[Step, ...] | None = None
    """In place of the rule's own."""
    certainty: Certainty | None = None
    """The same."""


Find: TypeAlias = Callable[[Facts], Found | None]


@frozen
class Rule:
    id: str
    certainty: Certainty
    find: Find
    """None: it does not apply."""
    steps: tuple[Step, ...] = ()
    worked: str = ""
    role: Role = Role.CAUSE
    is_problem: bool = True
    """False: it needs nobody, even where the state does."""

    def explain(self, facts: Facts) -> Explanation | None:
        found = self.find(facts)
        if found is None:
            return None
        return Explanation(
            self.id,
            found.certainty or self.certainty,
            harmless(found.sentence),
            tuple(replace(one, text=harmless(one.text)) for one in found.evidence),
            self.steps if found.steps is None else found.steps,
            self.worked,
            self.is_problem and (self.role is Role.BESIDE or facts.verdict.needs_attention),
        )


def known(id_: str, find: Find, *steps: Step, worked: str) -> Rule:
    return Rule(id_, Certainty.KNOWN, find, steps, worked)


def state(id_: str, find: Find, *steps: Step, worked: str) -> Rule:
    return Rule(id_, Certainty.KNOWN, find, steps, worked, Role.STATE)


def beside(id_: str, find: Find, *steps: Step, worked: str) -> Rule:
    return Rule(id_, Certainty.KNOWN, find, steps, worked, Role.BESIDE)


def likely(id_: str, find: Find, *steps: Step, worked: str, role: Role = Role.CAUSE) -> Rule:
    return Rule(id_, Certainty.LIKELY, find, steps, worked, role)


def calm(id_: str, find: Find, *steps: Step, role: Role = Role.STATE) -> Rule:
    """Of a state that needs nobody."""
    return Rule(id_, Certainty.KNOWN, find, steps, "", role, is_problem=False)


def by_hand(text: str) -> Step:
    return Step("", text)


def quoted(text: str) -> str:
    """A server's text: masked, on one line, shortened."""
    return brief(kept_text(text), _LONGEST_QUOTE)


def clock(at: datetime, facts: Facts) -> str:
    return clock_text(at, facts.now)


def some_of(names: Sequence[str]) -> str:
    """`Temu DE, Temu AT, Temu FR and 4 more`."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"


def harmless(text: str) -> str:
    """On one line, without a control character, shortened."""
    return brief(clean(text), LONGEST_TEXT)


def by_user(action: Action, did: str, what: str, facts: Facts) -> Found:
    """Who did it, by the audit trail; an action of which no outcome is known may have done it."""
    by, at = action.user or "a user", clock(action.at, facts)
    verb = did if action.is_sure else f"may have {did}"
    certainty = None if action.is_sure else Certainty.LIKELY
    evidence = Evidence(action.at, action.text)
    return Found(f"{by} {verb} {what} at {at} from here", (evidence,), certainty=certainty)


def row_says(facts: Facts, text: str) -> tuple[Evidence, ...]:
    """What the row said when it was last read."""
    return (Evidence(facts.read_at, text),)
