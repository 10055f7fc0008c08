"""Values in three versions, opened, now and yours: side by side, or stacked where it is narrow."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from rich.cells import cell_len
from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tui.domain.redaction import masked
from tui.domain.three_way_merge import Merged, Side
from tui.ui.widgets.row_list import fit

_NARROW = 56
"""Columns; below this, versions stand below each other."""
_GAP = 2
_TITLES = ("opened", "now", "yours")
_NOT_THERE, _UNTOUCHED = "missing", "not touched"
_SIGNS = {
    Side.COLLISION: ("✖ collision", "versions--collision"),
    Side.SERVER: ("→ server's", "versions--server"),
    Side.YOURS: ("● yours", "versions--yours"),
    Side.SAME: ("= the same", "versions--server"),
}


class Versions(Widget):
    """One block per value, with a sign and a word for which version wins; one way in: `show`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "versions--title",
        "versions--collision",
        "versions--server",
        "versions--yours",
    }

    def __init__(self) -> None:
        super().__init__()
        self._merged: tuple[Merged, ...] = ()

    def show(self, merged: Sequence[Merged]) -> None:
        self._merged = tuple(merged)
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> RenderResult:
        return Content("\n").join(self._lines(self.content_size.width))

    def _lines(self, width: int) -> list[Content]:
        if width < _NARROW:
            return [line for one in self._merged for line in self._stacked(one, width)]
        column = (width - 3 * _GAP) // 4
        titles = self._side_by_side([[Content(title)] for title in ("", *_TITLES)], column)
        style = self.get_visual_style("versions--title")
        blocks = [line for one in self._merged for line in self._block(one, column)]
        return [line.stylize(style) for line in titles] + blocks

    def _block(self, one: Merged, column: int) -> list[Content]:
        """Label and sign in the first column, the versions in the others."""
        sign, tone = _SIGNS[one.side]
        style = self.get_visual_style(tone)
        label = [Content(line) for line in _wrapped(one.label, column)]
        first = [*label, *(Content(line).stylize(style) for line in _wrapped(sign, column))]
        cells = [[Content(line) for line in _wrapped(value, column)] for value in _values(one)]
        return self._side_by_side([first, *cells], column)

    def _side_by_side(self, cells: Sequence[Sequence[Content]], column: int) -> list[Content]:
        height = max(len(cell) for cell in cells)
        lines = []
        for row in range(height):
            parts = [cell[row] if row < len(cell) else Content("") for cell in cells]
            padded = [part.pad_right(column + _GAP - part.cell_length) for part in parts[:-1]]
            lines.append(Content("").join([*padded, parts[-1]]))
        return lines

    def _stacked(self, one: Merged, width: int) -> list[Content]:
        sign, tone = _SIGNS[one.side]
        style = self.get_visual_style(tone)
        head = [Content(line) for line in _wrapped(one.label, width)]
        if head[-1].cell_length + _GAP + cell_len(sign) <= width:
            head[-1] = head[-1] + Content(" " * _GAP) + Content(sign).stylize(style)
        else:
            head.append(Content(sign).stylize(style))
        indent = max(map(len, _TITLES)) + 3
        for title, value in zip(_TITLES, _values(one), strict=True):
            for number, line in enumerate(_wrapped(value, max(8, width - indent))):
                head.append(Content(fit(f"  {title}" if number == 0 else "", indent)) + Content(line))
        return head


def _values(one: Merged) -> tuple[str, str, str]:
    if one.secret:
        one = replace(one, opened=masked(one.opened), now=masked(one.now), yours=masked(one.yours))
    return (
        _NOT_THERE if one.opened is None else one.opened,
        _NOT_THERE if one.now is None else one.now,
        _UNTOUCHED if one.yours is None else one.yours,
    )


def _wrapped(text: str, room: int) -> list[str]:
    """The whole text on lines of that many cells."""
    return [line.plain.rstrip() for part in text.split("\n") for line in Content(part).wrap(room)] or [
        ""
    ]
