"""A terminal's screen as it is and as it should be, and the shortest text from one to the other.

`take` follows what Textual draws; `diff` returns the text to send for it. Invariant: once the text of
`diff` has been written, the terminal shows what it would show had it been sent everything; of a blank,
only the background shows. Characters that a terminal may draw in another width than we assume (wide,
combining and zero-width ones) are not relied on: a row with any of them is sent whole, a wide one is
drawn on blanks, and the cursor is set again after each.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from rich.cells import cell_len

from tui.ui.terminal.sgr import PLAIN, Pen, pen_of

_TOKEN = re.compile(
    r"\x1b\[(?P<line>\d+);(?P<column>\d+)H"
    r"|\x1b\[(?P<sgr>[\d;:]*)m"
    r"|\x1b\]8;(?P<params>[^;\x1b\x07]*);(?P<link>[^\x1b\x07]*)(?:\x1b\\|\x07)"
    r"|(?P<other>\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x1b\x07]*(?:\x1b\\|\x07)|\x1b.?"
    r"|[\x00-\x09\x0b\x0c\x0e-\x1a])"
    r"|(?P<newline>[\r\n]+)"
    r"|(?P<text>[^\x00-\x1f]+)"
)
_SURE = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2039\u203a\u2190-\u22ff\u2500-\u25fc\u2713-\u2718]*"
)
"""Characters that every terminal draws one cell wide, outside of East Asian settings."""
_GAP = 4
"""Cells that are cheaper to draw again than to jump over."""
_LONG = 12
"""Blanks that are cheaper to erase and jump over than to draw."""

Cell = tuple[str, Pen]
"""A character with its marks, empty for the right half of a wide one; and its pen."""
_UNKNOWN: Cell = ("\0", PLAIN)
"""A value that no cell can have."""


@dataclass(slots=True)
class ScreenBuffer:
    wide_ambiguous: bool = False
    """Whether the terminal may draw box characters and the like two cells wide."""
    erases_in_colour: bool = False
    """Whether erasing to the end of a line fills it with the pen's background."""
    _wanted: list[list[Cell]] = field(default_factory=list)
    _shown: list[list[Cell]] = field(default_factory=list)
    _dirty: set[int] = field(default_factory=set)
    _columns: int = 0
    _cursor: tuple[int, int] = (0, 0)
    """Where Textual wants the cursor: (line, column)."""
    _at: tuple[int, int] | None = None
    """Where the terminal's cursor is; None: unknown."""
    _pen: Pen | None = None
    """The terminal's pen; None: unknown."""

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines."""
        return self._columns, len(self._wanted)

    def resize(self, columns: int, lines: int) -> None:
        """The terminal has this size, and nothing is known of what it shows."""
        self._columns = columns
        self._wanted = [[_UNKNOWN] * columns for _ in range(lines)]
        self._dirty = set()
        self.forget()

    def forget(self) -> None:
        """Another program may have drawn on the terminal: everything is sent again."""
        self._shown = [[_UNKNOWN] * self._columns for _ in self._wanted]
        self._dirty.update(range(len(self._wanted)))
        self._at = self._pen = None

    def take(self, drawn: str) -> str:
        """Follow moves, pens, links and text; returns the rest, to be passed on."""
        line = column = 0
        pen, link = PLAIN, ""
        aside: list[str] = []
        for token in _TOKEN.finditer(drawn):
            match token.lastgroup:
                case "column":
                    line, column = int(token["line"]) - 1, int(token["column"]) - 1
                    self._cursor = (line, column)
                case "sgr":
                    pen = pen_of(token["sgr"], link)
                case "link":
                    link = f"{token['params']};{token['link']}" if token["link"] else ""
                    pen = pen._replace(link=link)
                case "text":
                    column = self._put(line, column, token["text"], pen)
                case "newline":
                    column = 0
                case _:
                    aside.append(token[0])
        return "".join(aside)

    def _put(self, line: int, column: int, text: str, pen: Pen) -> int:
        if line >= len(self._wanted):
            return column
        # Most of a screen is blank: one object for all of it.
        blank: Cell = (" ", pen)
        cells = [blank if text_ == " " else (text_, pen) for text_ in cells_of(text)]
        row, room = self._wanted[line], max(0, self._columns - column)
        end = column + len(cells[:room])
        if row[column:end] != cells[:room]:
            row[column:end] = cells[:room]
            self._dirty.add(line)
            _blank_halves(row, column, end)
        return column + len(cells)

    def diff(self) -> str:
        """The text after which the terminal shows what is wanted."""
        sent = "".join(part for line in sorted(self._dirty) for part in self._line(line))
        self._dirty.clear()
        home = self._cursor == (0, 0)
        return sent if home or not self._columns else f"{sent}{self._move(*self._cursor)}"

    def _line(self, line: int) -> Iterator[str]:
        wanted, shown = self._wanted[line], self._shown[line]
        if wanted == shown:
            return
        unsure = self._is_unsure(wanted) or self._is_unsure(shown)
        is_new = shown.count(_UNKNOWN) == self._columns
        runs = [(0, self._columns)] if unsure or is_new else _changed(wanted, shown)
        for start, end in runs:
            yield from self._run(line, start, end, unsure=unsure)
        self._shown[line] = list(wanted)

    def _is_unsure(self, row: list[Cell]) -> bool:
        return not all(map(self._is_sure, {text for text, _ in row}))

    def _is_sure(self, text: str) -> bool:
        return text.isascii() or (not self.wide_ambiguous and _SURE.fullmatch(text) is not None)

    def _run(self, line: int, start: int, end: int, *, unsure: bool) -> Iterator[str]:
        row = self._wanted[line]
        blank = self._blank_from(row, start, end)
        column = start
        while column < end:
            text, pen = row[column]
            if text == "\0":
                # Never drawn by Textual: there is nothing to show yet.
                column += 1
                continue
            yield self._move(line, column)
            if text == " " and self._pen is not None and self._pen.draws_blank_of(pen):
                pen = self._pen
            yield self._take_up(pen)
            if column == blank:
                yield "\x1b[K"
                return
            last = column if unsure else self._erasable_to(row, column, end)
            if last - column >= _LONG:
                yield f"\x1b[{last - column}X"
                column = last
                continue
            if unsure and not self._is_sure(text):
                ahead = _end_of(row, column)
                yield from self._unsure(line, column, ahead)
                column = ahead
                continue
            last = column
            while last < end and _suits(row[last], pen) and last != blank:
                if unsure and not self._is_sure(row[last][0]):
                    break
                if last > column and not unsure and self._erasable_to(row, last, end) - last >= _LONG:
                    break
                last += 1
            yield "".join(text for text, _ in row[column:last])
            self._passed(line, last)
            column = last

    def _unsure(self, line: int, column: int, end: int) -> Iterator[str]:
        """A character at the cursor; a wide one on blanks, which show beside it where it is narrow."""
        if end - column > 1:
            yield " " * (end - column)
            self._passed(line, end)
            yield self._move(line, column)
        yield self._wanted[line][column][0]
        self._at = None

    def _passed(self, line: int, column: int) -> None:
        """The cursor was left there by what was drawn."""
        # At the right margin terminals differ in where it is.
        self._at = (line, column) if column < self._columns else None

    def _blank_from(self, row: list[Cell], start: int, end: int) -> int:
        """Where erasing to the end of the line does as well; -1: nowhere."""
        last = row[-1]
        plain = last[1].erasable(in_colour=self.erases_in_colour)
        if end < self._columns or last[0] != " " or not plain:
            return -1
        blank = end
        while blank > start and row[blank - 1] == last:
            blank -= 1
        return blank if end - blank > len("\x1b[K") else -1

    def _erasable_to(self, row: list[Cell], column: int, end: int) -> int:
        """Where blanks end that erasing draws as well; `column`: there are none."""
        text, pen = row[column]
        if text == " " and self.erases_in_colour and pen.erasable(in_colour=True):
            while column < end and row[column][0] == " " and pen.draws_blank_of(row[column][1]):
                column += 1
        return column

    def _move(self, line: int, column: int) -> str:
        if self._at == (line, column):
            return ""
        ways = [
            f"\x1b[{line + 1};{column + 1}H" if column else f"\x1b[{line + 1}H" if line else "\x1b[H"
        ]
        if self._at is not None:
            ways.extend(_relative(self._at, (line, column), len(self._wanted)))
        self._at = (line, column)
        return min(ways, key=len)

    def _take_up(self, pen: Pen) -> str:
        before, self._pen = self._pen, pen
        return pen.after(before)


def _blank_halves(row: list[Cell], start: int, end: int) -> None:
    """Replace the rest of a half-overwritten wide character by a blank."""
    if 0 < start < len(row) and cell_len(row[start - 1][0]) == 2 and row[start][0]:
        row[start - 1] = (" ", row[start - 1][1])
    if end < len(row) and row[end][0] == "":
        row[end] = (" ", row[end][1])


def _end_of(row: list[Cell], column: int) -> int:
    """The column after the character that begins at `column`."""
    end = column + 1
    while end < len(row) and row[end][0] == "":
        end += 1
    return end


def _relative(at: tuple[int, int], to: tuple[int, int], lines: int) -> Iterator[str]:
    (line, column), (to_line, to_column) = at, to
    if line == to_line:
        far = to_column - column
        if to_column == 0:
            yield "\r"
        if far > 0:
            yield f"\x1b[{far}C" if far > 1 else "\x1b[C"
        elif far < 0:
            yield "\b" * -far
            yield f"\x1b[{-far}D"
        yield f"\x1b[{to_column + 1}G"
    elif column == to_column:
        yield f"\x1b[{to_line - line}B" if to_line > line else f"\x1b[{line - to_line}A"
    elif to_column == 0 and to_line == line + 1 < lines:
        yield "\r\n"


def _changed(wanted: list[Cell], shown: list[Cell]) -> list[tuple[int, int]]:
    """Where the two differ, as (start, end); neighbouring ranges are joined."""
    runs: list[tuple[int, int]] = []
    for column, (one, other) in enumerate(zip(wanted, shown, strict=True)):
        if one == other or (one[0] == other[0] == " " and one[1].draws_blank_of(other[1])):
            continue
        if runs and column - runs[-1][1] <= _GAP and _same_pen(wanted, runs[-1][1] - 1, column):
            runs[-1] = (runs[-1][0], column + 1)
        else:
            runs.append((column, column + 1))
    return runs


def _same_pen(row: list[Cell], start: int, end: int) -> bool:
    cells = row[start : end + 1]
    pen = next((pen for text, pen in cells if text != " "), cells[0][1])
    return all(_suits(cell, pen) for cell in cells)


def _suits(cell: Cell, pen: Pen) -> bool:
    text, own = cell
    return text != "\0" and (own == pen or (text == " " and pen.draws_blank_of(own)))


@lru_cache(8_192)
def cells_of(text: str) -> tuple[str, ...]:
    """The text cell by cell, as Textual measures it: a mark may make the letter before it wider."""
    if _SURE.fullmatch(text):
        return tuple(text)
    cells: list[str] = []
    lead = 0
    # Only these make the sum of the letters' widths wrong.
    joined = "\u200d" in text or "\ufe0f" in text
    for end, character in enumerate(text, 1):
        width = cell_len(character)
        added = cell_len(text[:end]) - len(cells) if joined else width
        if added > 0 and width:
            lead = len(cells)
            cells.append(character)
            added -= 1
        elif cells:
            cells[lead] += character
        cells.extend([""] * added)
    return tuple(cells)
