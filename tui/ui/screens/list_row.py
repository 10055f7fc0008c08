"""One target in a list: its row, what the filter compares, and its place in the order."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import inf
from typing import TYPE_CHECKING

from tui.frozen import frozen
from tui.ui.widgets.fact_list import RemarkedText

if TYPE_CHECKING:
    from tui.domain.filters import Record
    from tui.domain.health.rules import Verdict
    from tui.domain.timestamps import Moment
    from tui.presentation.columns import Column
    from tui.ui.widgets.row_list import Row


@frozen
class ListRow:
    """One row with all that arranging needs."""

    row: "Row"
    record: "Record"
    order: tuple[int, str, str]
    attention: bool
    sort: tuple[float | str | None, ...]
    """One value per column; None sorts last."""

    @property
    def key(self) -> str:
        return self.row.key


@frozen
class Sorting:
    """By which column, if not by the default order; `reverse` reverses either."""

    column: int | None = None
    reverse: bool = False

    def following(self, columns: Sequence["Column"]) -> "Sorting":
        """The next column, and after the last the default order again."""
        after = 0 if self.column is None else self.column + 1
        return Sorting(after if after < len(columns) else None)

    def reversed(self) -> "Sorting":
        return Sorting(self.column, not self.reverse)

    def text(self, columns: Sequence["Column"]) -> str:
        """As text, for the status line; empty for the default order."""
        if self.column is None:
            return "sorted in reverse" if self.reverse else ""
        return f"by {columns[self.column].title}{' reversed' if self.reverse else ''}"


def in_order(listed: list[ListRow], sorting: Sorting) -> list[ListRow]:
    """Rows in the default order, sorted as requested; unknown values come last."""
    turned = listed[::-1] if sorting.reverse else listed
    if sorting.column is None:
        return turned
    column = sorting.column
    known = [one for one in turned if one.sort[column] is not None]
    # Sorting is stable: equal rows keep the default order, reversed like the rest.
    known.sort(key=lambda one: one.sort[column], reverse=sorting.reverse)  # type: ignore[arg-type, return-value]
    if len(known) == len(listed):
        return known
    return known + [one for one in listed if one.sort[column] is None]


def sort_values(
    columns: Sequence["Column"], cells: Sequence[str], other: "Mapping[str, float | str | None]"
) -> tuple[float | str | None, ...]:
    """What rows are sorted by: the text of each column but for those in `other`, by the column's id.

    Raises KeyError: there is no such column.
    """
    texts = {column.id: cell.casefold() for column, cell in zip(columns, cells, strict=True)}
    values = {**texts, **other}
    if len(values) > len(texts):
        raise KeyError(*other.keys() - texts.keys())
    return tuple(values.values())


def record(
    columns: Sequence["Column"],
    cells: Sequence[str],
    more: dict[str, str],
    ages: "Mapping[str, float | None]",
    health: str = "",
) -> "Record":
    """What the filter reads: the cells under their column's name, and what `more` adds; what can be
    compared; and the words for its health, if it has one."""
    from tui.domain.filter_terms import Record

    fields = {column.id: cell for column, cell in zip(columns, cells, strict=True)}
    aside = {"health": health.lower()} if health else {}
    return Record({**fields, **more}, ages, aside)


def health_words(verdict: "Verdict") -> str:
    """How serious it is, in the list's word and in that of `--json`."""
    return f"{verdict.word} {verdict.level.name}"


def past(moment: "Moment | None", now: datetime) -> float | None:
    """Seconds since a moment, for the filter: infinite where it never was, None where it is unknown."""
    from tui.domain.timestamps import MomentKind

    if moment is None:
        return None
    return inf if moment.kind is MomentKind.NEVER else moment.age(now)


def ahead(moment: "Moment | None", now: datetime) -> float | None:
    """Seconds until a moment, for the filter."""
    age = None if moment is None else moment.age(now)
    return None if age is None else -age


def instant(moment: "Moment", now: datetime, remark: str = "") -> RemarkedText:
    """A moment as a fact: with its age and a remark; copied without either."""
    full = moment.full(now)
    return RemarkedText(full + remark, moment.plain or full)
