"""Text without markup that repaints only when it changed, and hides while it is empty.

Invariant: text that has no room ends in `…`.
"""

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip
from textual.widgets import Static

_CUT = "…"


class TextLine(Static):
    """A line (or a few) of plain text; one way in: `show`."""

    def __init__(
        self, text: str = "", tone: str = "", *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__("", id=id, classes=classes, markup=False)
        self.shown = self._tone = ""
        self.show(text, tone)

    def show(self, text: str, tone: str = "") -> None:
        """Show `text`; `tone` becomes the class `-TONE`."""
        if tone != self._tone:
            self.remove_class(f"-{self._tone}") if self._tone else None
            self.add_class(f"-{tone}") if tone else None
            self._tone = tone
        if text != self.shown:
            was, self.shown = self.shown, text
            self.update(text, layout=self._may_take_other_room(was))
            self.set_class(not text, "-empty")

    def _may_take_other_room(self, was: str) -> bool:
        """Whether a text in place of that one may need another place on the screen."""
        width, height = self.styles.width, self.styles.height
        is_fixed = height is not None and not height.is_auto
        return not is_fixed or width is None or (width.is_auto and cell_len(was) != cell_len(self.shown))

    def render_line(self, y: int) -> Strip:
        """A line of the text; the last one that has room says that there is more."""
        line, size = super().render_line(y), self.content_size
        if y + 1 != size.height or self._lines_in(size.width) <= size.height:
            return line
        end = min(cell_len(line.text.rstrip()), size.width - 1)
        style = next((one.style for one in reversed(list(line)) if one.text), None)
        return Strip([*line.crop(0, end), Segment(_CUT, style), *line.crop(end + 1, size.width)])

    def _lines_in(self, width: int) -> int:
        return self.get_content_height(self.container_size, self.app.size, width)
