"""The line of the full screens; one widget, because every widget costs time at the start."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

from tui.domain.health.counts import Counts

_HELP = "? help"
_FULL: Mapping[str, str] = {}
_BRIEF = {"Extensions": "Ext", "Connections": "Connect"}
_SHORT = {"Workers": "Work", "Extensions": "Ext", "Engine": "Eng", "Connections": "Conn"}
_SHORTEST = {**_SHORT, "Activity": "Act"}
"""Titles for lines that are too short for all tabs."""
_NONE = Counts()
_NEW = "*"
"""Follows the counts of a tab that has something new."""


class _TabStyle(NamedTuple):
    """One way to write the line."""

    words: Mapping[str, str]
    gap: str = ""
    between: str = " "
    """The text between a title and its counts, and between counts."""
    help: str = _HELP


_WAYS = (
    _TabStyle(_FULL, " "),
    _TabStyle(_BRIEF, " "),
    _TabStyle(_BRIEF),
    _TabStyle(_SHORT),
    _TabStyle(_SHORTEST),
    _TabStyle(_SHORTEST, between=""),
    _TabStyle(_SHORTEST, between="", help=""),
)
"""From the most readable to the shortest."""


class _Tab(NamedTuple):
    title: str
    counts: Sequence[tuple[str, str]]
    """Text, and the component class that it is drawn with."""
    end: str

    @property
    def text(self) -> str:
        return "".join((self.title, *(text for text, _ in self.counts), self.end))


class Tabs(Widget):
    """The screens with their keys and how many targets on each need attention, the current one
    highlighted; the help key at the right."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "tabs--current",
        "tabs--error",
        "tabs--warning",
        "tabs--new",
    }

    def __init__(self, tabs: Sequence[tuple[str, str, bool]]) -> None:
        """`tabs`: (key, title, current)."""
        super().__init__()
        self._tabs = tabs
        self._counts: Mapping[str, Counts] = {}

    @property
    def shown(self) -> str:
        return "".join(tab.text for tab in self._fitting()[1])

    def show(self, counts: Mapping[str, Counts]) -> None:
        if counts != self._counts:
            self._counts = counts
            self.refresh()

    def _fitting(self) -> tuple[_TabStyle, list[_Tab]]:
        """The first way that leaves room for everything."""
        for way in _WAYS:
            tabs = [self._written(key, title, way) for key, title, _ in self._tabs]
            if sum(cell_len(tab.text) for tab in tabs) + cell_len(way.help) < self.size.width:
                break
        return way, tabs

    def _written(self, key: str, title: str, way: _TabStyle) -> _Tab:
        parts = list(_parts(self._counts.get(title, _NONE), way.between))
        return _Tab(f" {key} {way.words.get(title, title)}", parts, way.gap)

    def render(self) -> RenderResult:
        way, tabs = self._fitting()
        help_key = f"{way.help}{way.gap}"
        blank = " " * (self.size.width - sum(cell_len(tab.text) for tab in tabs) - cell_len(help_key))
        return Content.assemble(*self._drawn(tabs), blank, help_key)

    def _drawn(self, tabs: Sequence[_Tab]) -> Iterator[Content]:
        for tab, (_, _, is_current) in zip(tabs, self._tabs, strict=True):
            # Where nothing follows, the blank behind a title is part of it.
            title, end = (tab.title, tab.end) if tab.counts else (tab.title + tab.end, "")
            yield self._styled(title, "tabs--current") if is_current else Content(title)
            yield from (self._styled(text, style) for text, style in tab.counts)
            yield Content(end)

    def _styled(self, text: str, style: str) -> Content:
        return Content(text).stylize(self.get_visual_style(style, partial=True))


def _parts(counts: Counts, between: str) -> Iterator[tuple[str, str]]:
    """The counts as they are written: `✖2 !1 ?*`, signs as in the lists."""
    if counts.errors:
        yield f"{between}✖{counts.errors}", "tabs--error"
    if counts.others:
        yield f"{between}!{counts.others}", "tabs--warning"
    if counts.is_unread:
        yield f"{between}?", "tabs--warning"
    if counts.is_new:
        yield _NEW, "tabs--new"
