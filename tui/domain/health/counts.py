"""How many rows need attention, for code that only shows it: importing this loads no rules."""

from tui.frozen import frozen


@frozen
class Counts:
    """How many rows of one kind need attention."""

    errors: int = 0
    others: int = 0
    """Those that need it for a reason other than an error."""
    is_new: bool = False
    """Whether there is a problem that nobody has viewed yet."""
    is_unread: bool = False
    """Whether the last request failed, so that the counts are older."""

    @property
    def total(self) -> int:
        return self.errors + self.others
