"""Every line of the screen in ASCII, whichever widget drew it."""

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from tui.domain.ascii_fallback import in_ascii


class AsciiFilter(LineFilter):
    """The last filter before a line is put in its place."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments, equally wide."""
        return [
            Segment(_fitted(text, cell_len(text)), style, control)
            if control is None and not text.isascii()
            else Segment(text, style, control)
            for text, style, control in segments
        ]


def _fitted(text: str, width: int) -> str:
    """Some characters are wider or narrower together than one by one."""
    return in_ascii(text, cell_len).ljust(width, "?")[:width]
