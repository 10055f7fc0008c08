"""Every line of the screen in ASCII, whichever widget drew it."""

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from tui.domain.ascii_fallback import in_ascii
from tui.ui.terminal.screen_buffer import cells_of


class AsciiFilter(LineFilter):
    """The last filter before a line is put in its place."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments, equally wide."""
        return [
            Segment(_cell_by_cell(text), style, control)
            if control is None and not text.isascii()
            else Segment(text, style, control)
            for text, style, control in segments
        ]


def _cell_by_cell(text: str) -> str:
    """A mark may make the character before it wider: each cell has a sign of its own."""
    return "".join(in_ascii(cell, cell_len)[:1] or "?" for cell in cells_of(text))
