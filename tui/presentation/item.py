"""A list as the one-shot commands print it: as a table, and as the items of `--json`."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Generic, TypeAlias

from tui.domain.health.rules import Verdict
from tui.domain.text import one_line
from tui.domain.timestamps import Moment, MomentKind
from tui.frozen import frozen
from tui.presentation.columns import NOT_KNOWN, Cells, Column, Row

Value: TypeAlias = str | int | float | bool | None
Item: TypeAlias = Mapping[str, Value]
"""The keys are a contract."""


@frozen
class PrintedList(Generic[Row]):
    columns: tuple[Column, ...]
    cells: Cells[Row]
    item: Callable[[Row], Item]

    def texts(self, row: Row) -> dict[str, str]:
        """The texts that the table has of a row, by column."""
        texts = {column.id: self.cells[column.id](row) for column in self.columns if column.printed}
        return {name: "" if text == NOT_KNOWN else text for name, text in texts.items()}


def health(verdict: Verdict) -> str:
    """`unknown` where nothing was reported, else how serious it is."""
    return "unknown" if verdict.word == "unknown" else verdict.level.name.lower()


def unread(moment: Moment) -> str | None:
    """The server's text of a timestamp that is not an instant; None: it is one, or there is none."""
    return one_line(moment.text) or None if moment.at is None else None


def text_of(text: str | None) -> str | None:
    """On one line; an empty value is not the same as one that was not reported."""
    return None if text is None else one_line(text)


def time_cell(at: Moment, now: datetime, text: Callable[[Moment, datetime], str] = Moment.ago) -> str:
    """The words for what was not reported are longer than the column."""
    return NOT_KNOWN if at.kind is MomentKind.ABSENT else text(at, now)
