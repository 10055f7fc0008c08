"""Text without markup that repaints only when it changed, and hides while it is empty."""

from textual.widgets import Static


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
            self.shown = text
            self.update(text)
            self.set_class(not text, "-empty")
