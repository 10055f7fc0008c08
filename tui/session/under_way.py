"""What was confirmed and has not ended, for the line that says so on every screen."""

from collections.abc import Callable, Sequence


class Confirmed:
    """One write, or a bulk."""

    def __init__(
        self, title: str, begun: Callable[[], object] = lambda: None, *, is_sent: bool = False
    ) -> None:
        """`begun` is called when it is sent: until then its target is read again."""
        self.title, self._begun, self.is_sent = title, begun, is_sent

    def sent(self) -> None:
        self.is_sent = True
        self._begun()


def under_way(confirmed: Sequence[Confirmed]) -> str:
    """What is sent, and what is not sent yet; empty: nothing was confirmed."""
    sent = ", ".join(one.title for one in confirmed if one.is_sent)
    unsent = ", ".join(one.title for one in confirmed if not one.is_sent)
    parts = (f"sending: {sent}…" * bool(sent), f"not sent yet, reading again: {unsent}…" * bool(unsent))
    return " · ".join(filter(None, parts))
