"""Since when the rows of a list are as they are now, where that is recorded. Pure."""

from collections.abc import Mapping

from tui.domain.health.rules import Level
from tui.domain.history.records import Subject, SubjectKind
from tui.domain.history.since import Since
from tui.frozen import frozen


@frozen
class Lasting:
    """The level that was recorded last, and its beginning, of what was seen just now."""

    begun: Mapping[Subject, tuple[Level, Since]]

    def of(self, kind: SubjectKind, key: str | None, level: Level) -> Since | None:
        """None: not known, or the last record is of another level."""
        known = self.begun.get(Subject(kind, key or kind.value))
        return known[1] if known is not None and known[0] is level else None


NOT_RECORDED = Lasting({})
