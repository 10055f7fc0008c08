"""How many things need attention, for those that only show it: they load no rules."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """How many things of one kind need attention."""

    errors: int = 0
    others: int = 0
    """Those that need it for another reason than an error."""
    is_new: bool = False
    """Whether something came since somebody looked."""
    is_unread: bool = False
    """Whether the last request failed, so that the figures are those of earlier."""

    @property
    def total(self) -> int:
        """All of them."""
        return self.errors + self.others
