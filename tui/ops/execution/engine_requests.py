"""The requests of this session to the engine, oldest first, with their results.

Invariant: at most one start or stop is awaited, the last one, because the engine has one state.
"""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from tui.domain.text import one_line
from tui.frozen import frozen

if TYPE_CHECKING:
    from tui.domain.superoffice.plugin_response import PluginAnswer
    from tui.domain.writes import Write
    from tui.ops.execution.outcome import Outcome

ON_ITS_WAY = "in progress"
_MOST = 500
"""Maximum of kept requests; more only while they are open."""


@frozen
class EngineRequest:
    at: datetime
    """Time of the confirmation, by our clock."""
    word: str
    """`stop requested`."""
    fate: str = ON_ITS_WAY
    """The result in words."""
    awaits: bool | None = None
    """The awaited `IsRunning`; None if none is awaited."""
    answer: "PluginAnswer | None" = None
    """The response to a sync."""

    @property
    def key(self) -> str:
        """Unique among requests and observations."""
        return f"{self.at.isoformat()} {self.word}"

    @property
    def is_open(self) -> bool:
        """Whether its response or its effect is still awaited."""
        return self.awaits is not None or self.fate == ON_ITS_WAY


class EngineRequests:
    def __init__(self) -> None:
        self._requests: dict[int, EngineRequest] = {}
        self._next = 0

    def all(self) -> tuple[EngineRequest, ...]:
        """Oldest first."""
        return tuple(self._requests.values())

    @property
    def awaited(self) -> bool | None:
        """The requested `IsRunning` that was not observed yet; None if none is awaited."""
        return next((one.awaits for one in self._requests.values() if one.awaits is not None), None)

    def sent(self, write: "Write", at: datetime) -> int | None:
        """Note a write before it is sent; its number, or None if it is not for the engine."""
        from tui.ops.operations.kinds import kind_of

        word = kind_of(write).requested(write)
        if not word:
            return None
        self._next += 1
        self._requests[self._next] = EngineRequest(at, word)
        self._forget_oldest()
        return self._next

    def _forget_oldest(self) -> None:
        """Drop the oldest closed requests beyond the maximum."""
        ended = [number for number, one in self._requests.items() if not one.is_open]
        for number in ended[: max(0, len(self._requests) - _MOST)]:
            del self._requests[number]

    def answered(self, number: int, outcome: "Outcome", awaits: bool | None) -> None:
        """Note the outcome of one; `awaits`: the `IsRunning` still to be observed, if any."""
        from tui.domain.result import Result
        from tui.domain.superoffice.plugin_response import PluginAnswer

        match outcome.kind:
            case Result.REFUSED | Result.CONFLICT | Result.NOT_SENT:
                del self._requests[number]
            case Result.ACCEPTED if awaits is not None:
                self.became(number, "accepted, no effect seen yet", awaits)
            case _:
                self.became(number, outcome.text, awaits)
        if isinstance(outcome.result, PluginAnswer):
            self._requests[number] = replace(self._requests[number], answer=outcome.result)

    def became(self, number: int, fate: str, awaits: bool | None = None) -> None:
        """Note the result of one; a newly awaited start or stop replaces the one awaited before."""
        if awaits is not None:
            for other, request in self._requests.items():
                if other != number and request.awaits is not None:
                    self._requests[other] = replace(request, fate="overtaken", awaits=None)
        changed = replace(self._requests[number], fate=one_line(fate), awaits=awaits)
        self._requests[number] = changed
