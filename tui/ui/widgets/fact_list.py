"""Label and value pairs, as the details show them; values are plain text and wrap."""

from collections.abc import Container, Iterable
from typing import ClassVar, TypeAlias

from rich.cells import cell_len
from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

from tui.ui.widgets.row_list import fit

Fact: TypeAlias = tuple[str, str]
"""(label, value); an empty label continues, an empty value makes a heading."""

_LABEL, _LONGEST_LABEL = 12, 24
_DRAWN_WHOLE = 200
"""Lines up to which all are drawn together; of more, each when it comes in sight."""

_MOST_WIDTHS = 4
"""Widths whose lines are kept: with and without a scrollbar, before and after a label grew."""
_Text: TypeAlias = str | Content
_Line: TypeAlias = tuple[_Text, str, _Text]
"""The text in front, its component class if any, the text after it."""


_Drawn: TypeAlias = tuple[str, str, str]
"""Label, its tone, value."""


class RemarkedText(str):
    """A value as it is shown, with a sign or a remark; `alone` is the value itself, for copying."""

    __slots__ = ("alone",)
    alone: str

    def __new__(cls, shown: str, alone: str) -> "RemarkedText":
        made = super().__new__(cls, shown)
        made.alone = alone
        return made


class TonedLabel(str):
    """A label drawn in a tone of its own: `error`, `warning`, `step`; empty: as every label."""

    __slots__ = ("tone",)
    tone: str

    def __new__(cls, label: str, tone: str) -> "TonedLabel":
        made = super().__new__(cls, label)
        made.tone = tone
        return made


class Facts(Widget):
    """One fact a line; one way in: `show`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "facts--label",
        "facts--heading",
        "facts--error",
        "facts--warning",
        "facts--step",
    }

    class Drawn(Message):
        """The facts that count were drawn for the first time."""

    def __init__(self, facts: Iterable[Fact] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._facts: tuple[Fact, ...] = tuple(facts)
        self._is_drawn = False
        self._wrapped: dict[int, list[_Line]] = {}
        """The lines by width: a layout asks for several."""
        self._lines_of: dict[tuple[int, int], dict[_Drawn, list[_Line]]] = {}
        """By indent and room, the lines of each fact: of thousands, only those that changed are wrapped
        again."""

    @property
    def is_drawn(self) -> bool:
        """Whether an operator can see the facts that count."""
        return self._is_drawn or not self._facts

    @property
    def shown(self) -> tuple[Fact, ...]:
        return self._facts

    @property
    def plain(self) -> str:
        return plain_text(self._facts)

    def show(self, facts: Iterable[Fact], *, is_new: bool = False) -> None:
        """Show these facts; nothing is repainted if they are the same.

        `is_new`: they differ from before, so `Drawn` is posted once these are drawn.
        """
        facts = tuple(facts)
        if is_new:
            self._is_drawn = False
        if is_new or facts != self._facts:
            self._facts, self._wrapped = facts, {}
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> RenderResult:
        self._note_drawn()
        return Content("\n").join(map(self._drawn, self._lines(self.content_size.width)))

    def render_line(self, y: int) -> Strip:
        """One line; of thousands only those in sight are drawn."""
        lines = self._lines(self.content_size.width)
        if len(lines) <= _DRAWN_WHOLE:
            return super().render_line(y)
        self._note_drawn()
        text = self._drawn(lines[y]) if y < len(lines) else Content()
        return Visual.to_strips(self, text, self.content_size.width, 1, self.visual_style)[0]

    def _note_drawn(self) -> None:
        if not self._is_drawn and self._facts:
            self._is_drawn = True
            self.post_message(self.Drawn())

    def _drawn(self, line: _Line) -> Content:
        head, component, rest = line
        front = head if isinstance(head, Content) else Content(head)
        return (front.stylize(self.get_visual_style(component)) if component else front) + rest

    def _lines(self, width: int) -> list[_Line]:
        if width not in self._wrapped:
            self._wrapped[width] = self._wrap(width)
        return self._wrapped[width]

    def top_of(self, place: int) -> int:
        """The first line of the fact at a place."""
        columns = self._columns(self.content_size.width)
        return sum(len(self._fact(*fact, *columns)) for fact in self._facts[:place])

    def _wrap(self, width: int) -> list[_Line]:
        indent, room = self._columns(width)
        known = self._lines_of.pop((indent, room), {})
        fresh: dict[_Drawn, list[_Line]] = {}
        lines: list[_Line] = []
        for label, value in self._facts:
            key = label, getattr(label, "tone", ""), value
            fresh[key] = known.get(key) or self._fact(label, value, indent, room)
            lines += fresh[key]
        self._lines_of[indent, room] = fresh
        if len(self._lines_of) > _MOST_WIDTHS:
            del self._lines_of[next(iter(self._lines_of))]
        return lines

    def _columns(self, width: int) -> tuple[int, int]:
        """How wide labels and values are."""
        most = max(_LABEL, min(_LONGEST_LABEL, width // 3))
        named = [cell_len(label) for label, value in self._facts if label and value]
        fitting = max((length for length in named if length <= most), default=0)
        indent = max(_LABEL, fitting) + 1 if named else 0
        return indent, max(8, width - indent)

    def _fact(self, label: str, value: str, indent: int, room: int) -> list[_Line]:
        if label and not value:
            return [(label, "facts--heading", "")]
        wrapped = [line for part in value.split("\n") for line in _wrap(part, room)]
        named = f"facts--{getattr(label, 'tone', '') or 'label'}"
        if cell_len(label) >= indent > 0:
            # A name is never cut: it takes a line of its own.
            alone: list[_Line] = [(line, named, "") for line in _wrap(label, indent + room)]
            return alone + [(" " * indent, "", line) for line in wrapped]
        heads = [fit(label, indent - 1) + " " if indent else "", *[" " * indent] * (len(wrapped) - 1)]
        return [(head, named, line) for head, line in zip(heads, wrapped, strict=True)]


def besides(facts: Iterable[Fact], known: Container[str]) -> tuple[Fact, ...]:
    """The facts that say more than the known texts; what continues a known value takes its label."""
    more: list[Fact] = []
    left_out = ""
    for label, value in facts:
        if value and value in known:
            left_out = label or left_out
        else:
            more.append((label or left_out, value) if value else (label, value))
            left_out = ""
    return tuple(more)


def plain_text(facts: Iterable[Fact]) -> str:
    """Facts as text, one a line."""
    return "\n".join(f"{label.ljust(_LABEL)} {value}".rstrip() for label, value in facts)


def _wrap(text: str, room: int) -> list[_Text]:
    fits = cell_len(text) <= room
    return [text] if fits else [*Content(text).wrap(room)]
