"""The line of the full screens; one widget, because every widget costs at the start."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

_HELP = "? help"
_BRIEF = {"Extensions": "Ext", "Connections": "Connect"}
"""Words for lines that are too short for all tabs."""


class Tabs(Widget):
    """The screens with their keys, the current one set off; the key of the help at the right."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"tabs--current"}

    def __init__(self, tabs: Sequence[tuple[str, str, bool]]) -> None:
        """`tabs`: (key, title, current)."""
        super().__init__()
        self._tabs = tabs

    @property
    def shown(self) -> str:
        """The screens as they are written."""
        return "".join(self._texts())

    def _texts(self) -> list[str]:
        """Closer together where they would not fit."""
        wide = [f" {key} {title} " for key, title, _ in self._tabs]
        if sum(map(cell_len, wide)) + cell_len(_HELP) < self.size.width:
            return wide
        return [f" {key} {_BRIEF.get(title, title)}" for key, title, _ in self._tabs]

    def render(self) -> RenderResult:
        """Draw the line."""
        texts = self._texts()
        help_key = f"{_HELP} " if texts[-1].endswith(" ") else _HELP
        blank = " " * (self.size.width - sum(map(cell_len, texts)) - cell_len(help_key))
        current = self.get_visual_style("tabs--current", partial=True)
        parts = (
            Content(text).stylize(current) if is_current else Content(text)
            for text, (_, _, is_current) in zip(texts, self._tabs, strict=True)
        )
        return Content.assemble(*parts, blank, help_key)
