"""The line in details that says why; it is read again only when what it follows from changed."""

from typing import TYPE_CHECKING

from tui.domain.health.rules import Level
from tui.domain.history.records import Subject
from tui.domain.why.explanation import Certainty
from tui.session.why.known import topics_of
from tui.session.why.of_session import why_now
from tui.ui.widgets.fact_list import Fact, TonedLabel

if TYPE_CHECKING:
    from tui.session.session import Session

_PLACE = 2
"""At most this many lines stand above it: the state and its reason."""


class WhyLine:
    def __init__(self, session: "Session", subject: Subject) -> None:
        self._session, self._subject = session, subject
        self._seen: tuple[object, ...] = ()
        self._line: tuple[Fact, ...] = ()

    def among(self, facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
        """The facts with the line below the state."""
        below = next((place for place, (label, _) in enumerate(facts[1:], 1) if label), len(facts))
        at = min(_PLACE, below)
        return (*facts[:at], *self._made(), *facts[at:])

    def _made(self) -> tuple[Fact, ...]:
        session = self._session
        minute = session.clock().replace(second=0, microsecond=0)
        snapshots = (session.snapshot(topic) for topic in topics_of(self._subject))
        seen = (*snapshots, session.trail.history, minute)
        if seen != self._seen:
            self._seen, self._line = seen, self._read()
        return self._line

    def _read(self) -> tuple[Fact, ...]:
        why = why_now(self._session, self._subject)
        first = why.explanations[0]
        is_news = why.is_wrong or why.verdict.level is Level.OFF
        if not is_news or first.sentence == why.verdict.summary:
            return ()
        likely = first.certainty is Certainty.LIKELY
        label = TonedLabel("Why", "warning" if first.is_problem else "")
        return ((label, f"probably {first.sentence}" if likely else first.sentence),)
