"""Label and value pairs, as the details show them; values are plain text and wrap."""

from collections.abc import Iterable
from typing import ClassVar, TypeAlias

from rich.cells import cell_len
from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from tui.ui.widgets.row_list import fit

Fact: TypeAlias = tuple[str, str]
"""(label, value); an empty label continues, an empty value makes a heading."""

_LABEL, _LONGEST_LABEL = 12, 24


class Remarked(str):
    """A value as it is shown, with a sign or a remark; `alone` is the value itself, for copying."""

    __slots__ = ("alone",)
    alone: str

    def __new__(cls, shown: str, alone: str) -> "Remarked":
        """`shown` is what the text is."""
        made = super().__new__(cls, shown)
        made.alone = alone
        return made


class Facts(Widget):
    """What is known, one fact a line; one way in: `show`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"facts--label", "facts--heading"}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._facts: tuple[Fact, ...] = ()
        self.drawn_at: float | None = None
        """When the facts that count were first drawn, by the clock of Textual's messages."""
        self._wrapped: tuple[tuple[Fact, ...], int, list[Content]] = (), 0, []

    @property
    def is_drawn(self) -> bool:
        """Whether an operator can see the facts that count."""
        return self.drawn_at is not None or not self._facts

    @property
    def plain(self) -> str:
        """What is shown, as text."""
        return plain_text(self._facts)

    def show(self, facts: Iterable[Fact], *, anew: bool = False) -> None:
        """Show these facts; nothing is repainted if they are the same.

        `anew`: they are others than before, so `drawn_at` counts from when these are drawn.
        """
        facts = tuple(facts)
        if anew:
            self.drawn_at = None
        if anew or facts != self._facts:
            self._facts = facts
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the values take at this width."""
        return len(self._lines(width))

    def render(self) -> RenderResult:
        """One fact a line, values wrapped beside their labels."""
        if self.drawn_at is None and self._facts:
            self.drawn_at = Message().time
        return Content("\n").join(self._lines(self.content_size.width))

    def _lines(self, width: int) -> list[Content]:
        if self._wrapped[:2] != (self._facts, width):
            self._wrapped = self._facts, width, self._wrap(width)
        return self._wrapped[2]

    def notify_style_update(self) -> None:
        """Forget the lines: their colours are no longer true."""
        super().notify_style_update()
        self._wrapped = (), 0, []

    def _wrap(self, width: int) -> list[Content]:
        most = max(_LABEL, min(_LONGEST_LABEL, width // 3))
        named = [cell_len(label) for label, value in self._facts if label and value]
        fitting = max((length for length in named if length <= most), default=0)
        indent = max(_LABEL, fitting) + 1 if named else 0
        room = max(8, width - indent)
        return [line for fact in self._facts for line in self._fact(*fact, indent, room)]

    def _fact(self, label: str, value: str, indent: int, room: int) -> list[Content]:
        if label and not value:
            return [Content(label).stylize(self.get_visual_style("facts--heading"))]
        style = self.get_visual_style("facts--label")
        wrapped = [line for part in value.split("\n") for line in _wrap(part, room)]
        if cell_len(label) >= indent > 0:
            # A name is never cut: it takes a line of its own.
            alone = [line.stylize(style) for line in _wrap(label, indent + room)]
            return alone + [Content(" " * indent) + line for line in wrapped]
        heads = [fit(label, indent - 1) + " " if indent else "", *[" " * indent] * (len(wrapped) - 1)]
        return [Content(head).stylize(style) + line for head, line in zip(heads, wrapped, strict=True)]


def plain_text(facts: Iterable[Fact]) -> str:
    """Facts as text, one a line."""
    return "\n".join(f"{label.ljust(_LABEL)} {value}".rstrip() for label, value in facts)


def _wrap(text: str, room: int) -> list[Content]:
    return [Content(text)] if text.isascii() and len(text) <= room else Content(text).wrap(room)
