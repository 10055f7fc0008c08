"""One thing as a list knows it: its row, what the filter sees, and where it sorts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import TYPE_CHECKING

from tui.ui.widgets.facts import Remarked

if TYPE_CHECKING:
    from tui.domain.filters import Record
    from tui.domain.health import Verdict
    from tui.domain.moments import Moment
    from tui.ui.widgets.columns import Column
    from tui.ui.widgets.row_list import Row


@dataclass(frozen=True, slots=True)
class Listed:
    """One row with all that arranging needs."""

    row: "Row"
    record: "Record"
    order: tuple[int, str, str]
    """The default order."""
    attention: bool
    sort: tuple[float | str | None, ...]
    """One value per column; None sorts last."""

    @property
    def key(self) -> str:
        """The row's key."""
        return self.row.key


@dataclass(frozen=True, slots=True)
class Sorting:
    """By which column, if not by the default order; `reverse` turns either round."""

    column: int | None = None
    reverse: bool = False

    def following(self, columns: Sequence["Column"]) -> "Sorting":
        """The next column, and after the last the default order again."""
        after = 0 if self.column is None else self.column + 1
        return Sorting(after if after < len(columns) else None)

    def reversed(self) -> "Sorting":
        """The same, turned round."""
        return Sorting(self.column, not self.reverse)

    def told(self, columns: Sequence["Column"]) -> str:
        """In words, for the status line; empty for the default order."""
        if self.column is None:
            return "sorted in reverse" if self.reverse else ""
        return f"by {columns[self.column].title}{' reversed' if self.reverse else ''}"


def in_order(listed: list[Listed], sorting: Sorting) -> list[Listed]:
    """Those that stand in the default order, in the one that is wanted; what is unknown comes last."""
    turned = listed[::-1] if sorting.reverse else listed
    if sorting.column is None:
        return turned
    column = sorting.column
    known = [one for one in turned if one.sort[column] is not None]
    # Sorting is stable: what is alike keeps the default order, turned round like the rest.
    known.sort(key=lambda one: one.sort[column], reverse=sorting.reverse)  # type: ignore[arg-type, return-value]
    if len(known) == len(listed):
        return known
    return known + [one for one in listed if one.sort[column] is None]


def record(
    columns: Sequence["Column"],
    cells: Sequence[str],
    more: dict[str, str],
    ages: "Mapping[str, float | None]",
    health: str = "",
) -> "Record":
    """What the filter sees: the cells under their column's name, and what `more` adds; what can be
    compared; and the words for its health, if it has one."""
    from tui.domain.filters import Record

    fields = {column.id: cell for column, cell in zip(columns, cells, strict=True)}
    aside = {"health": health.lower()} if health else {}
    return Record({**fields, **more}, ages, aside)


def health_words(verdict: "Verdict") -> str:
    """How serious it is, in the list's word and in that of `--json`."""
    return f"{verdict.word} {verdict.level.name}"


def past(moment: "Moment | None", now: datetime) -> float | None:
    """Seconds since a moment, for the filter: endless where it never was, None where it is not known."""
    from tui.domain.moments import MomentKind

    if moment is None:
        return None
    return inf if moment.kind is MomentKind.NEVER else moment.age(now)


def ahead(moment: "Moment | None", now: datetime) -> float | None:
    """Seconds until a moment, for the filter."""
    age = None if moment is None else moment.age(now)
    return None if age is None else -age


def instant(moment: "Moment", now: datetime, remark: str = "") -> Remarked:
    """A moment as a fact: with its age and a remark, alone without either."""
    full = moment.full(now)
    return Remarked(full + remark, moment.plain or full)
