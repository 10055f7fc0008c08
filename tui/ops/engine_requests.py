"""What this session asked of the engine, oldest first, and what became of each.

Invariant: at most one start or stop is awaited: the last one; the engine has one state.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from tui.domain.text import one_line

if TYPE_CHECKING:
    from tui.domain.changes import Write
    from tui.domain.resync import PluginAnswer
    from tui.ops.outcome import Outcome

ON_ITS_WAY = "on its way"
_MOST = 500
"""Requests that are kept, unless more are still open."""


@dataclass(frozen=True, slots=True)
class EngineRequest:
    """One request of this session."""

    at: datetime
    """When it was confirmed, by our own clock."""
    word: str
    """`stop requested`."""
    fate: str = ON_ITS_WAY
    """What became of it, in words."""
    awaits: bool | None = None
    """The `IsRunning` that is still to be seen; None: nothing is."""
    answer: "PluginAnswer | None" = None
    """What a sync was answered."""

    @property
    def key(self) -> str:
        """Its own among requests and observations."""
        return f"{self.at.isoformat()} {self.word}"

    @property
    def is_open(self) -> bool:
        """Whether its answer or its effect is still to come."""
        return self.awaits is not None or self.fate == ON_ITS_WAY


class EngineRequests:
    """The requests of one session with one profile."""

    def __init__(self) -> None:
        self._requests: dict[int, EngineRequest] = {}
        self._next = 0

    def all(self) -> tuple[EngineRequest, ...]:
        """Oldest first."""
        return tuple(self._requests.values())

    @property
    def awaited(self) -> bool | None:
        """The `IsRunning` that was asked for and has not been seen yet; None: nothing is awaited."""
        return next((one.awaits for one in self._requests.values() if one.awaits is not None), None)

    def sent(self, write: "Write", at: datetime) -> int | None:
        """Note a write that is about to be sent; its number, or None where it is not the engine's."""
        word = _word(write)
        if not word:
            return None
        self._next += 1
        self._requests[self._next] = EngineRequest(at, word)
        self._forget_oldest()
        return self._next

    def _forget_oldest(self) -> None:
        """Of very many, those that nothing is to come of any more."""
        ended = [number for number, one in self._requests.items() if not one.is_open]
        for number in ended[: max(0, len(self._requests) - _MOST)]:
            del self._requests[number]

    def answered(self, number: int, outcome: "Outcome", awaits: bool | None) -> None:
        """Note how one ended; `awaits` is the `IsRunning` that is still to be seen, if one is."""
        from tui.domain.resync import PluginAnswer
        from tui.ops.outcome import OutcomeKind

        match outcome.kind:
            case OutcomeKind.REFUSED | OutcomeKind.CONFLICT | OutcomeKind.NOT_SENT:
                del self._requests[number]
            case OutcomeKind.ACCEPTED if awaits is not None:
                self.became(number, "accepted, no effect seen yet", awaits)
            case _:
                self.became(number, outcome.told, awaits)
        if isinstance(outcome.result, PluginAnswer):
            self._requests[number] = replace(self._requests[number], answer=outcome.result)

    def became(self, number: int, fate: str, awaits: bool | None = None) -> None:
        """Note what became of one; a start or stop that is awaited now takes the place of another."""
        if awaits is not None:
            for other, request in self._requests.items():
                if other != number and request.awaits is not None:
                    self._requests[other] = replace(request, fate="overtaken", awaits=None)
        changed = replace(self._requests[number], fate=one_line(fate), awaits=awaits)
        self._requests[number] = changed


def _word(write: "Write") -> str:
    from tui.domain.changes import ChangeEngineInterval, ChangeEngineStatus, SyncAll
    from tui.domain.engine import requested
    from tui.domain.intervals import Interval

    match write:
        case ChangeEngineStatus(run=run):
            return requested(run)
        case ChangeEngineInterval(interval=text):
            return f"interval {Interval.read(text).shown}"
        case SyncAll(forced=forced):
            return "force sync all" if forced else "sync all"
        case _:
            return ""
