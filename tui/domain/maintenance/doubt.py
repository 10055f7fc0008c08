"""How long a step whose effect was not seen may still have it. Pure.

Two clocks count: ours, and the server's, which nobody here sets. What may still come is young by one of
them; what has just been is young by both.
"""

from datetime import datetime, timedelta

from tui.domain.maintenance.records import MemberKind, NotedTarget, Step
from tui.domain.text import counted
from tui.frozen import frozen

SETTLED_AFTER = timedelta(minutes=10)
"""A stop that was never seen to have an effect may still take it for so long, and as long as a run is
under way. A target that waits for its next run after that was not stopped by it."""
ARRIVES_WITHIN = timedelta(minutes=2)
"""A request without a response may still arrive for so long: the longest timeout is 120 s."""
_MINUTE = timedelta(minutes=1)
"""Times in sentences have no seconds."""


@frozen
class Clocks:
    ours: datetime
    servers: datetime | None = None
    """Now, by the server's clock; None: it is not known."""

    def may_come(self, step: Step, span: timedelta) -> bool:
        """Whether it left within `span`, by one of the clocks: one of them may have been set since."""
        by_server = self._by_server(step)
        return self.ours - step.at < span or (by_server is not None and by_server < span)

    def has_just_left(self, step: Step, span: timedelta) -> bool:
        """Whether it left within `span`, by both clocks."""
        by_server = self._by_server(step)
        return abs(self.ours - step.at) < span and (by_server is None or abs(by_server) < span)

    def then(self, step: Step, span: timedelta) -> str:
        """When it left `span` ago, in words: `after 12:31 UTC`; by the server's clock `in 9 minutes`."""
        by_server = self._by_server(step)
        if self.ours - step.at < span or by_server is None:
            return f"after {step.at + span + _MINUTE:%H:%M} UTC"
        return f"in {counted((span - by_server) // _MINUTE + 1, 'minute')}"

    def _by_server(self, step: Step) -> timedelta | None:
        """How long ago it left, by the server's clock."""
        if self.servers is None or step.server_at is None:
            return None
        return self.servers - step.server_at


def arriving(target: NotedTarget, clocks: Clocks) -> Step | None:
    """Its last step, as long as the effect was not seen and the request may still arrive: nothing else
    is sent to it meanwhile, which a late one would undo. None: it has arrived, or never will."""
    step = target.last
    is_open = step is not None and step.is_pending and clocks.may_come(step, ARRIVES_WITHIN)
    return step if is_open else None


def has_gone_off(target: NotedTarget, clocks: Clocks) -> bool:
    """Whether a target that is off now went off by its stop in doubt: it was on right before that left,
    and is off so soon after it.

    A toggle that arrives late would turn it on again.
    """
    stop = target.stop
    if stop is None or not clocks.has_just_left(stop, SETTLED_AFTER):
        return False
    return target.kind is not MemberKind.CONNECTION or arriving(target, clocks) is None
