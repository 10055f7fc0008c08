"""The list: draws what is visible, repaints the lines that changed, keeps cursor and marks by key.

Invariant: the target is a key. If a refresh removes the row under the cursor, there is no target until
the cursor moves. Rows are requested one by one, only those on screen.
"""

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.errors import NoWidget
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.frozen import frozen
from tui.presentation.columns import Column
from tui.ui.widgets.columns import PlacedColumn, arrange
from tui.ui.widgets.differing import around_difference

TONES = ("error", "warning", "running", "ok", "off", "plain")
GUTTER = 3
"""Cursor bar, sign, mark: each has its cell, so that a row may show all three."""
_MOST_MEASURED = 300
"""Rows of a list whose columns follow their content."""
_MOST_LENGTH = 400
"""Characters of a text that are measured."""
_MOST_IN_CELL = 8
"""Characters, marks above a letter included, that are read for one cell of the terminal."""


class Cause(Enum):
    """Why the rows differ from before."""

    REFRESH = "refresh"
    """The server's data changed: if the cursor's row is removed, there is no target."""
    ARRANGE = "arrange"
    """The operator filtered or sorted: a hidden cursor row gives way to the first match."""


@frozen
class Row:
    key: str
    sign: str
    tone: str
    """One of `TONES`; colours the sign and the first column."""
    cells: tuple[str, ...]
    """One text per column, in column order."""


class RowList(ScrollView, can_focus=True):
    """A list of keyed rows on the line API."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row-list--cursor",
        *(f"row-list--{tone}" for tone in TONES),
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", "Down", show=False),
        Binding("k,up", "move(-1)", "Up", show=False),
        Binding("pagedown,ctrl+f", "page(1)", "Page down", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False),
        Binding("g,home", "edge(0)", "First", show=False),
        Binding("G,end", "edge(-1)", "Last", show=False),
    ]

    class CursorMoved(Message):
        """The cursor stands on another row, or on none."""

    class Arranged(Message):
        def __init__(self, placed: tuple[PlacedColumn, ...]) -> None:
            super().__init__()
            self.placed = placed

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self._columns = columns
        self.placed: tuple[PlacedColumn, ...] = ()
        """The columns at the current width."""
        self._needs = [0] * len(columns)
        """Cells of the longest text that each column has had in sight: it never decreases."""
        self.keys: Sequence[str] = ()
        """The keys shown, in order."""
        self._row_of: Callable[[str], Row] = _no_row
        self._cursor_key: str | None = None
        self._cursor_index = 0
        self.lost = False
        """Whether a refresh removed the cursor's row and the cursor has not moved since."""
        self.is_preview = False
        """Whether the shown rows have no operations."""
        self.marks: frozenset[str] = frozenset()
        """The marked keys, shown or not."""
        self._drawn: dict[int, tuple[Row, bool, bool]] = {}
        self._beneath = Style.null()

    @property
    def target(self) -> str | None:
        """The key under the cursor; None while there is none."""
        return None if self.lost else self._cursor_key

    def mark(self, keys: Iterable[str], *, on: bool = True) -> None:
        self.marks = self.marks.union(keys) if on else self.marks.difference(keys)
        self._repaint_changed()

    def show(self, keys: Sequence[str], row_of: Callable[[str], Row], cause: Cause) -> None:
        """Show these rows in this order; only the lines that differ are repainted."""
        offset = self.scroll_offset.y
        screen_line = self._cursor_index - offset
        count_changed = len(keys) != len(self.keys)
        self.keys, self._row_of, self.is_preview = keys, row_of, False
        self._measure()
        self._follow(cause)
        if count_changed:
            self.virtual_size = Size(0, len(keys))
        if offset and not self.lost:
            self.scroll_to(y=self._cursor_index - screen_line, animate=False, force=True)
        self._keep_cursor_visible()
        self._repaint_changed()

    def preview(self, rows: Sequence[Row]) -> None:
        """Show rows without operations: there is no cursor before the first `show`, and the keys that
        would move it scroll."""
        known = {row.key: row for row in rows}
        self.keys, self._row_of = list(known), known.__getitem__
        self.is_preview = self.lost = True
        self._measure()
        self.virtual_size = Size(0, len(known))
        self._repaint_changed()

    def _follow(self, cause: Cause) -> None:
        """Find the cursor's key among the new rows, or note that it is lost."""
        was, was_lost = self._cursor_key, self.lost
        index = _index(self.keys, self._cursor_key)
        if index is not None:
            self._cursor_index, self.lost = index, False
        elif not self.keys:
            self._cursor_index = 0
            self.lost = self._cursor_key is not None
        elif self._cursor_key is None or cause is Cause.ARRANGE:
            self._cursor_key, self._cursor_index, self.lost = self.keys[0], 0, False
        else:
            self._cursor_index, self.lost = min(self._cursor_index, len(self.keys) - 1), True
        if (was, was_lost) != (self._cursor_key, self.lost):
            self.post_message(self.CursorMoved())

    def go_to(self, key: str) -> None:
        index = _index(self.keys, key)
        if index is not None:
            self._move_to(index)

    @property
    def has_cursor_in_sight(self) -> bool:
        """Whether the cursor's line is on the screen: the wheel leaves it behind, and a low window may
        have no line for it."""
        try:
            place = self.screen.find_widget(self)
        except NoWidget:
            return False
        line = place.region.y + self._cursor_index - self.scroll_offset.y
        return not self.lost and place.visible_region.y <= line < place.visible_region.bottom

    @property
    def whole_cells(self) -> frozenset[str]:
        """The texts of the cursor's row that are drawn uncut, the first also with its sign."""
        if self.target is None:
            return frozenset()
        row = self._row_of(self.target)
        whole = {row.cells[p.index] for p in self.placed if _cells(row.cells[p.index]) <= p.width}
        return frozenset((*whole, f"{row.sign} {row.cells[0]}"))

    def reveal(self) -> bool:
        """Scroll to the cursor; whether its row was out of sight."""
        hidden = not 0 <= self._cursor_index - self.scroll_offset.y < self.size.height
        if self.lost or not hidden:
            return False
        self._keep_cursor_visible()
        return True

    def action_move(self, step: int) -> None:
        if self.is_preview:
            self._scroll(step)
        self._move_to(self._cursor_index if self.lost else self._cursor_index + step)

    def action_page(self, direction: int) -> None:
        page = max(1, self.size.height - 1) * direction
        self._scroll(page)
        self._move_to(self._cursor_index + page)

    def action_edge(self, index: int) -> None:
        """Move the cursor to the first (0) or last (-1) row."""
        if self.is_preview:
            self._scroll(len(self.keys) if index else -len(self.keys))
        self._move_to(index if index >= 0 else len(self.keys) - 1)

    def on_click(self, event: events.Click) -> None:
        index = event.y + self.scroll_offset.y
        if index < len(self.keys):
            self._move_to(index)

    def _scroll(self, lines: int) -> None:
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, force=True)

    def _move_to(self, index: int) -> None:
        if not self.keys or self.is_preview:
            return
        index = max(0, min(index, len(self.keys) - 1))
        key = self.keys[index]
        moved = key != self._cursor_key or self.lost
        self._cursor_index, self._cursor_key, self.lost = index, key, False
        self._keep_cursor_visible()
        self._repaint_changed()
        if moved:
            self.post_message(self.CursorMoved())

    def _keep_cursor_visible(self) -> None:
        top, height = self.scroll_offset.y, self.size.height
        if not height:
            return
        if self._cursor_index < top:
            self.scroll_to(y=self._cursor_index, animate=False, force=True)
        elif self._cursor_index >= top + height:
            self.scroll_to(y=self._cursor_index - height + 1, animate=False, force=True)

    def on_resize(self) -> None:
        self._place()
        self._keep_cursor_visible()
        self._repaint_changed()

    def watch_show_vertical_scrollbar(self) -> None:
        """Place the columns beside the scrollbar: it would hide the end of a text that is cut."""
        self._place()

    def _measure(self) -> None:
        """Measure the texts; those of a list that is too long for that, once they are in sight."""
        if len(self.keys) <= _MOST_MEASURED:
            self._widen_for(self._row_of(key).cells for key in self.keys)

    def _widen_for(self, cells: Iterable[Sequence[str]]) -> None:
        needs = [max(map(_cells, texts)) for texts in zip(*cells, strict=True)]
        if needs and needs != self._needs:
            self._needs = list(map(max, needs, self._needs))
            self._place()

    def _place(self) -> None:
        room = max(0, self.scrollable_content_region.width - GUTTER)
        placed = arrange(self._columns, room, self._needs)
        if placed != self.placed:
            self.placed = placed
            self.post_message(self.Arranged(placed))
            self.refresh()

    def notify_style_update(self) -> None:
        """Drop the drawn lines: their colours are outdated."""
        super().notify_style_update()
        self._drawn.clear()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Drop the drawn lines: every line now shows another row."""
        if round(old_value) != round(new_value):
            self._drawn.clear()
        super().watch_scroll_y(old_value, new_value)

    def _line(self, index: int) -> tuple[Row, bool, bool] | None:
        if index >= len(self.keys):
            return None
        key = self.keys[index]
        at_cursor = index == self._cursor_index and not self.lost
        return self._row_of(key), at_cursor, key in self.marks

    def _repaint_changed(self) -> None:
        """Refresh exactly the visible lines whose content differs from what was drawn."""
        top = self.scroll_offset.y
        lines = [self._line(top + y) for y in range(self.size.height)]
        if len(self.keys) > _MOST_MEASURED:
            self._widen_for(line[0].cells for line in lines if line)
        for y, line in enumerate(lines):
            if self._drawn.get(y) != line:
                self.refresh(Region(0, y, self.size.width, 1))

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines in sight; all have one style beneath, for which Textual looks up to the screen."""
        self._beneath = self.rich_style
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        if not self.placed:
            # The first lines are drawn before any widget knows the size.
            self._place()
        line = self._line(y + self.scroll_offset.y)
        width, base = self.size.width, self._beneath
        if line is None:
            self._drawn.pop(y, None)
            return Strip.blank(width, base)
        self._drawn[y] = line
        row, at_cursor, marked = line
        tone = base + self.get_component_rich_style(f"row-list--{row.tone}", partial=True)
        if at_cursor:
            over = self.get_component_rich_style("row-list--cursor", partial=True)
            base, tone = base + over, tone + over
        gutter = f"{'▌' if at_cursor else ' '}{row.sign}{'+' if marked else ' '}"
        return self._strip(row, gutter, base, tone)

    def _strip(self, row: Row, gutter: str, base: Style, tone: Style) -> Strip:
        texts = [fit(_seen(row.cells, p), p.width, right=p.right) for p in self.placed]
        head, tail = (texts[0], texts[1:]) if texts else ("", [])
        coloured = f"{gutter}{head}"
        if row.tone == "off":
            return Strip([Segment(" ".join([coloured, *tail]), tone)]).adjust_cell_length(
                self.size.width, tone
            )
        rest = "".join(f" {text}" for text in tail)
        segments = [Segment(coloured, tone), Segment(rest, base)]
        return Strip(segments).adjust_cell_length(self.size.width, base)


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Pad or cut `text` to `width` cells; a cut text ends in `…`."""
    if len(text) > width * _MOST_IN_CELL:
        text = text[: width * _MOST_IN_CELL] + "…"
    length = len(text) if text.isascii() else cell_len(text)
    if length > width:
        return set_cell_size(text, width - 1) + "…" if width else ""
    blank = " " * (width - length)
    return blank + text if right else text + blank


def _seen(cells: Sequence[str], placed: PlacedColumn) -> str:
    text = cells[placed.index]
    return text if placed.beside is None else around_difference(text, cells[placed.beside], placed.width)


def _cells(text: str) -> int:
    return len(text) if text.isascii() else cell_len(text[:_MOST_LENGTH])


def _index(keys: Sequence[str], key: str | None) -> int | None:
    try:
        return None if key is None else keys.index(key)
    except ValueError:
        return None


def _no_row(key: str) -> Row:
    return Row(key, " ", "plain", ())
