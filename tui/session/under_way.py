"""What was confirmed and has not ended, for the line that says so on every screen."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.ops.execution.bulk_run import BulkRun


class Confirmed:
    """One write."""

    def __init__(
        self, title: str, begun: Callable[[], object] = lambda: None, *, is_sent: bool = False
    ) -> None:
        """`begun` is called when it is sent: until then its target is read again."""
        self.title, self._begun, self.is_sent = title, begun, is_sent

    def sent(self) -> None:
        self.is_sent = True
        self._begun()


def under_way(confirmed: Sequence[Confirmed], runs: "Sequence[BulkRun]") -> str:
    """What is sent, and what is not sent yet; empty: nothing was confirmed."""
    all_of_it = [(one.title, one.is_sent) for one in confirmed]
    all_of_it += [(run.plan.title, run.has_sent) for run in runs]
    sent = ", ".join(title for title, is_sent in all_of_it if is_sent)
    unsent = ", ".join(title for title, is_sent in all_of_it if not is_sent)
    parts = (f"sending: {sent}…" * bool(sent), f"not sent yet, reading again: {unsent}…" * bool(unsent))
    return " · ".join(filter(None, parts))
