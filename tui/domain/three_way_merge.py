"""Three versions of a target: as it was opened, as it is now, and as the operator wants it. Pure.

Untouched values follow the server, touched ones stay; if both changed one value differently, that is a
collision.
"""

from collections.abc import Iterator, Mapping
from enum import Enum

from tui.domain.baseline import NAME, Baseline
from tui.frozen import frozen


class Side(Enum):
    """Which version wins."""

    SAME = "same"
    """Both changed it to the same value."""
    SERVER = "server's"
    YOURS = "yours"
    COLLISION = "collision"
    """The operator's value wins over a change made elsewhere."""


@frozen
class Merged:
    """One value in three versions, in words; None: it does not exist."""

    key: str
    label: str
    opened: str | None
    now: str | None
    yours: str | None
    """None: untouched."""
    secret: bool = False

    @property
    def side(self) -> Side:
        if self.yours is None:
            return Side.SERVER
        if self.yours == self.now:
            return Side.SAME
        return Side.YOURS if self.now == self.opened else Side.COLLISION


def merge(opened: Baseline, now: Baseline, yours: Mapping[str, str]) -> tuple[Merged, ...]:
    """Every value that differs anywhere, in the order of `opened`, then new ones.

    `yours`: the touched values by key, in words.
    """
    return tuple(one for one in _all(opened, now, yours) if _differs(one))


def _all(opened: Baseline, now: Baseline, yours: Mapping[str, str]) -> Iterator[Merged]:
    before = {facet.key: facet for facet in opened}
    current = {facet.key: facet for facet in now}
    if NAME not in before or NAME not in current:
        before.pop(NAME, None)
        current.pop(NAME, None)
    for key, facet in {**before, **current}.items():
        old, new = before.get(key), current.get(key)
        yield Merged(
            key,
            facet.label,
            None if old is None else old.value,
            None if new is None else new.value,
            yours.get(key),
            facet.secret,
        )


def _differs(one: Merged) -> bool:
    return one.opened != one.now or one.yours not in (None, one.now)
